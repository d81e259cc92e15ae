four_items <- function() {
  r <- expand.grid(case = 1:6, coder = c("A", "B", "C"), item = c("x", "y", "same", "one"),
    stringsAsFactors = FALSE)
  r$rating <- c(
    0, 0, 1, 2, 3, 3,  0, 1, 1, 2, 3, 3,  0, 0, 1, 2, 3, 0,
    0, 0, 1, 2, 3, 3,  3, 0, 1, 1, 3, 3,  2, 0, 2, 2, 1, 3,
    rep(1, 18), rep(2, 6), rep(NA, 12))
  r
}

test_that("summary of agreement has the ends of the items and counts the reasons", {
  rows <- agreement(four_items(), coefficient = c("alpha", "percent", "ac2"),
    scale = 0:3)
  s <- summary(rows)
  expect_s3_class(s, c("summary.agreement", "data.frame"), exact = TRUE)
  expect_identical(s$coefficient, c("alpha", "percent", "ac2"))
  expect_identical(s$n_items, rep(4L, 3))
  for (i in 1:3) {
    own <- rows[rows$coefficient == s$coefficient[i], ]
    known <- own$estimate[!is.na(own$estimate)]
    expect_identical(s$n_defined[i], length(known))
    expect_identical(c(s$lowest[i], s$highest[i]), range(known))
    expect_identical(s$median[i], stats::median(known))
    expect_identical(own$estimate[own$item == s$lowest_item[i]], s$lowest[i])
    expect_identical(own$estimate[own$item == s$highest_item[i]], s$highest[i])
    expect_identical(s$n_defined[i] + s$single_coder[i] + s$too_few_cases[i] + s$no_variation[i],
      s$n_items[i])
  }
  expect_identical(s$single_coder, c(1L, 1L, 1L))
  expect_identical(s$no_variation, c(1L, 0L, 0L))
  expect_identical(nrow(summary(rows[0, ])), 0L)
  expect_match(format(summary(rows[0, ])), "No ratings", all = FALSE)
  expect_error(summary(rows["item"]), "no column \"coefficient\"", class = "casereview_error_argument")
  expect_snapshot(s)
})

test_that("summary of disagreements counts by item and by coder", {
  d <- disagreements(four_items())
  d$decision[1] <- "2"
  s <- summary(d)
  expect_identical(sum(s$n), nrow(d))
  for (item in s$item) {
    own <- as.data.frame(d)[d$item == item, ]
    row <- s[s$item == item, ]
    expect_identical(row$n_wide, sum(own$spread >= 2))
    expect_identical(row$widest, max(own$spread))
    expect_identical(row$n_majority, sum(!is.na(own$majority)))
    expect_identical(row$n_lone, sum(!is.na(own$lone_coder)))
  }
  expect_identical(sum(s$n_decided), 1L)
  coders <- attr(s, "coders")
  expect_identical(coders$coder, c("A", "B", "C"))
  expect_identical(sum(coders$n_lone), sum(s$n_lone))
  expect_identical(coders$n_lone, vapply(c("A", "B", "C"), function(x) sum(d$lone_coder %in% x), 0L,
    USE.NAMES = FALSE))
  expect_identical(nrow(summary(d[0, ])), 0L)
  expect_snapshot(s)
})

test_that("a coder named as another column is counted", {
  r <- data.frame(case = rep(1:2, each = 3), coder = rep(c("spread", "B", "C"), 2), item = "x",
    rating = c(1, 0, 0, 2, 2, 0))
  expect_identical(attr(summary(disagreements(r)), "coders"),
    data.frame(coder = c("spread", "B", "C"), n = 2L, n_lone = c(1L, 0L, 1L)))
})

test_that("summary of a consensus counts how each item was settled", {
  k <- consensus(four_items(), "decided", decisions = data.frame(case = 1:2, item = "y",
    decision = c(0, NA)))
  s <- summary(k)
  by <- consensus_decisions(k)
  for (way in c("unanimous", "decided", "open")) {
    expect_identical(s[[way]], as.integer(table(factor(by$item, s$item), by$settled_by == way)[, "TRUE"]))
  }
  expect_identical(s$n, rep(6L, 4))
  expect_identical(s$n_settled, vapply(s$item, function(item) sum(!is.na(k[[item]])), 0L, USE.NAMES = FALSE))
  part <- summary(k[2:3, ])
  expect_identical(part$n, rep(2L, 4))
  expect_identical(part$decided, c(0L, 0L, 0L, 0L))
  expect_error(summary(k["x"]), "nothing taken out", class = "casereview_error_argument")
  expect_match(format(s)[1], "rule: decided; .* of 24 ratings settled")
})

test_that("summaries of an item analysis and a profile say what their tables hold", {
  items <- c("a", "b", "c")
  book <- codebook(data.frame(variable = items, type = "rating", min = "0", max = "3"))
  d <- data.frame(a = c(0, 1, 2, 3, 3), b = c(0, 1, 1, 3, 2), c = c(3, 2, 2, 1, NA))
  analysis <- item_analysis(d, book)
  s <- summary(analysis)
  expect_identical(s$lowest_item, "c")
  expect_identical(s$n_negative, sum(analysis$item_rest_r < 0))
  expect_identical(s$n_raising, sum(analysis$alpha_if_dropped > attr(analysis, "alpha")$estimate))
  expect_identical(s$n_cases, 4L)
  expect_match(format(s), "against the rest", all = FALSE)
  expect_match(paste(format(summary(item_analysis(d[1, ], book))), collapse = " "), "NA \\(too few +cases\\)")
  profile <- risk_profile(cbind(d, g = c("x", "x", "y", "y", "y")), book, by = "g")
  s <- summary(profile)
  own <- s[s$item == "c" & s$g == "y", ]
  expect_identical(c(own$base, own$n_rated, own$n_missing), c(3L, 2L, 1L))
  expect_identical(own$mean, 1.5)
  expect_identical(own$commonest, "2 / 1")
  expect_identical(own$n_commonest, 1L)
  expect_identical(s$mean[s$item == "a"], as.vector(tapply(d$a, c(1, 1, 2, 2, 2), mean)))
  expect_identical(nrow(summary(profile[profile$item == "a", ])), 2L)
})
