level <- c("none", "low", "medium", "high")

ratings_of <- function(...) {
  rows <- list(...)
  n <- max(lengths(rows))
  d <- do.call(rbind, lapply(seq_along(rows), function(i) {
    data.frame(case = i, coder = LETTERS[seq_along(rows[[i]])], item = "neglect",
      rating = rows[[i]])
  }))
  d$rating <- factor(level[d$rating], levels = level)
  d
}

test_that("unanimity, strict majority and median settle what they can", {
  d <- ratings_of(c(1, 1, 1), c(1, 1, 4), c(1, 2, 4), c(1, 1, 4, 4), c(2, NA, NA),
    c(3, 3, NA), c(1, 2), c(1, 2, 2, 4), c(NA, NA))
  of <- function(rule, ...) as.integer(consensus(d, rule, ...)$neglect)
  expect_equal(of("unanimous"), c(1, NA, NA, NA, NA, 3, NA, NA, NA))
  expect_equal(of("majority"), c(1, 1, NA, NA, NA, 3, NA, NA, NA))
  expect_equal(of("median"), c(1, 1, 2, NA, NA, 3, NA, 2, NA))
  expect_equal(of("decided"), of("unanimous"))
  expect_equal(of("unanimous", min_ratings = 1)[5], 2)
  expect_equal(of("majority", min_ratings = 3)[6], NA_integer_)
})

test_that("the rules equal slow ones over random ratings", {
  set.seed(41)
  x <- matrix(sample(c(1:4, NA), 400 * 5, TRUE), 400, 5)
  d <- as.data.frame(x)
  slow <- function(f) {
    vapply(1:400, function(i) {
      r <- x[i, !is.na(x[i, ])]
      if (length(r) < 2) NA_real_ else as.double(f(r))
    }, 0)
  }
  of <- function(rule) consensus(d, rule, coders = names(d))$all
  expect_equal(of("unanimous"), slow(function(r) if (length(unique(r)) == 1) r[1] else NA))
  expect_equal(of("majority"), slow(function(r) {
    t <- table(r)
    if (max(t) > length(r) / 2) as.double(names(t)[which.max(t)]) else NA
  }))
  expect_equal(of("median"), slow(function(r) {
    s <- sort(r)
    n <- length(s)
    low <- s[ceiling(n / 2)]
    if (low == s[floor(n / 2) + 1]) low else NA
  }))
})

test_that("one row a case, one column an item, levels kept, usable as data", {
  d <- rbind(ratings_of(c(1, 1), c(2, 2)), transform(ratings_of(c(3, 3)), item = "other"))
  r <- consensus(d)
  expect_s3_class(r, c("consensus", "data.frame"), exact = TRUE)
  expect_equal(names(r), c("case", "neglect", "other"))
  expect_equal(levels(r$neglect), level)
  expect_equal(as.character(r$other), c("medium", NA))
  names(d)[1] <- "id"
  expect_equal(names(consensus(d, case = "id"))[1], "id")
  plain <- as.data.frame(r)
  expect_identical(class(plain), "data.frame")
  expect_null(attr(plain, "ratings"))
})

test_that("kinds of codes come back as they came", {
  of <- function(x) consensus(data.frame(a = x, b = x), coders = c("a", "b"))$all
  expect_identical(of(c(2.5, 1)), c(2.5, 1))
  expect_identical(of(c("x", "")), c("x", NA))
  expect_identical(of(c(TRUE, NA)), c(TRUE, NA))
  expect_identical(of(factor(c("b", "a"))), factor(c("b", "a")))
})

test_that("decisions settle the rest, with who and why, and the ratings stay", {
  d <- ratings_of(c(1, 1, 1), c(1, 1, 4), c(1, 2, 4))
  list <- as.data.frame(disagreements(d))
  list$decision <- ifelse(list$case == 3, "low", NA)
  list$decided_by <- "team"
  list$reason <- "read again"
  r <- consensus(d, "majority", decisions = list)
  expect_equal(as.character(r$neglect), c("none", "none", "low"))
  how <- consensus_decisions(r)
  expect_equal(how$settled_by, c("unanimous", "majority", "decided"))
  expect_equal(how$decided_by, c(NA, NA, "team"))
  expect_equal(how$reason, c(NA, NA, "read again"))
  kept <- individual_ratings(r)
  expect_equal(nrow(kept), 9)
  expect_equal(kept$rating, as.character(d$rating))
  expect_equal(kept$coder, d$coder)
  # A decision stands also where coders were unanimous.
  r <- consensus(d, "decided",
    decisions = data.frame(case = 1, item = "neglect", decision = "high"))
  expect_equal(as.character(r$neglect), c("high", NA, NA))
})

test_that("decisions that fit nothing are refused", {
  d <- ratings_of(c(1, 1, 1), c(1, 1, 4))
  one <- data.frame(case = 2, item = "neglect", decision = "low")
  refused <- function(x, text) {
    expect_error(consensus(d, "decided", decisions = x), class = "casereview_error_argument",
      regexp = text)
  }
  refused(transform(one, case = 9), "case \"9\"")
  refused(transform(one, item = "x"), "item \"x\"")
  refused(transform(one, decision = "Low"), "\"Low\"")
  refused(rbind(one, one), "twice")
  refused(one["case"], "no column")
  refused("low", "data frame")
  blank <- transform(one, decision = " ", case = 9)
  expect_equal(as.character(consensus(d, "decided", decisions = blank)$neglect), c("none", NA))
  expect_error(consensus(d, "mean"), class = "casereview_error_argument")
  expect_error(individual_ratings(d), class = "casereview_error_argument")
})

test_that("missing codes can be agreed on but have no median", {
  book <- codebook(
    data.frame(variable = "neglect", type = "rating"),
    data.frame(variable = "neglect", code = c("2", "1", "9", "0"),
      label = c("High", "Low", "Not known", "None"), missing = c("", "", "not_known", ""))
  )
  d <- data.frame(case = rep(1:3, each = 3), coder = c("A", "B", "C"), item = "neglect",
    rating = c("9", "Not known", "9", "2", "9", "0", "2", "1", "1"))
  r <- consensus(d, "median", codebook = book)
  expect_equal(as.character(r$neglect), c("Not known", NA, "Low"))
  expect_equal(levels(r$neglect), c("High", "Low", "Not known", "None"))
})

test_that("nothing rated gives nothing settled", {
  d <- ratings_of(c(1, 1))
  r <- consensus(d[0, ])
  expect_equal(dim(r), c(0, 1))
  expect_equal(nrow(consensus_decisions(r)), 0)
  d$rating[] <- NA
  expect_equal(is.na(consensus(d)$neglect), TRUE)
  text <- data.frame(a = c("x", "y"), b = c("y", "z"), c = c("z", "z"))
  expect_error(consensus(text, "median", coders = c("a", "b", "c")), "order is not known")
})

test_that("a consensus prints", {
  expect_snapshot(consensus(ratings_of(c(1, 1, 1), c(1, 1, 4), c(1, 2, 4)), "majority"))
})

test_that("a part of a consensus says what it is a part of", {
  d <- ratings_of(c(1, 1, 1), c(1, 1, 4), c(1, 2, 4))
  r <- consensus(d, "majority")
  expect_match(format(r)[1L], "^Consensus of 3 cases on 1 item")
  expect_match(format(utils::head(r, 2L))[1L], "^Part of a consensus of 3 cases: 2 cases")
})

test_that("a consensus of no cases prints one line", {
  none <- consensus(ratings_of(c(1, 1, 1))[0, ])
  expect_identical(format(none), "Consensus of 0 cases on 0 items, rule: unanimous; 0 of 0 not settled (NA)")
})

test_that("individual ratings given as numbers come back as numbers, ready to be compared", {
  d <- data.frame(case = rep(1:3, 2), coder = rep(c("A", "B"), each = 3), item = "x",
    rating = c(1, 2, 3.5, 1, 10, 3.5))
  kept <- individual_ratings(consensus(d))
  expect_identical(kept$rating, c(1, 1, 2, 10, 3.5, 3.5))
  expect_identical(agreement(kept)$estimate, agreement(d)$estimate)
  mixed <- rbind(transform(d, rating = as.character(rating)),
    transform(d, item = "y", rating = c("low", "high", "low")))
  expect_type(individual_ratings(consensus(mixed))$rating, "character")
})

test_that("one case to discuss is a case", {
  d <- data.frame(case = 1, coder = c("A", "B"), item = "x", rating = c(1, 1))
  expect_identical(format(disagreements(d)), "0 ratings to discuss, of 1 case and 1 item.")
})
