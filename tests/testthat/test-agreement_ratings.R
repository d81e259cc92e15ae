test_that("the scale of an item is the declared one, in the order declared", {
  columns <- list(a = c("b", "a", NA), b = c("a", "c", ""))
  found <- code_item(columns, "x", c("c", "a", "b"), NULL, NULL)
  expect_equal(found$codes, list(a = c(3L, 2L, NA), b = c(2L, 1L, NA)))
  expect_equal(code_item(columns, "x", list(x = c("c", "a", "b")), NULL, NULL), found)
  expect_false(code_item(columns, "x", NULL, NULL, NULL)$ordered)
  expect_error(code_item(columns, "x", c("a", "b"), NULL, NULL),
    class = "casereview_error_ratings", regexp = "hold \"c\"")
  expect_error(code_item(columns, "x", c("a", "a"), NULL, NULL),
    class = "casereview_error_argument")
})

test_that("numbers are sorted as numbers, small and whole or not", {
  for (x in list(c(11, 2, NA, 1), c(11L, 2L, NA, 1L), c(1e9, 2.5, NA, -40000))) {
    found <- code_numbers(list(x), "x")
    expect_equal(found$value, sort(as.double(x)))
    expect_equal(found$codes[[1]], match(x, sort(x)))
  }
  expect_equal(code_item(list(c("10", "9", "9")), "x", NULL, NULL, NULL)$labels, c("9", "10"))
  both <- code_numbers(list(c(1, NA), c(NA, 5L)), "x")
  expect_equal(both$codes, list(c(1L, NA), c(NA, 2L)))
  expect_equal(code_numbers(list(c(32767, 32768, NaN)), "x")$codes[[1]], c(1L, 2L, NA))
})

test_that("whole numbers are coded alike within and beyond the near ones", {
  pool <- list(0:3, c(-129, -128, 127, 128), c(-128, 127, NA), c(1.5, 2, NaN), NA_real_,
    c(-32768, 32767, 5), c(-32769, 0), c(1e9, 1, NA))
  for (a in pool) for (b in pool) {
    x <- list(rep_len(as.double(a), 4), rep_len(as.double(b), 4))
    whole <- lapply(x, function(v) if (any(v != floor(v), na.rm = TRUE)) v else as.integer(v))
    values <- sort(unique(unlist(x)))
    for (columns in list(x, whole)) {
      found <- code_numbers(columns, "item")
      expect_equal(found$value, values)
      expect_equal(found$codes, lapply(x, match, values, incomparables = NA))
    }
  }
})

test_that("an item of the codebook that is rated in numbers has its whole range as scale", {
  book <- codebook(data.frame(variable = "risk", type = "rating", min = "0", max = "4"))
  d <- data.frame(case = 1:4, risk = "risk", a = c(1, 2, 3, 3), b = c("1", "2", "2", "3"))
  measure <- function(d, ...) agreement(d, cbind(a, b) ~ risk, coefficient = c("ac2", "bp"), ...)
  expect_equal(measure(d, codebook = book), measure(d, scale = 0:4))
  d$b[1] <- "9"
  expect_error(measure(d, codebook = book), "\"9\", which is not on its scale|9.*not on its scale",
    class = "casereview_error_ratings")
  d$b[1] <- "1.5"
  expect_equal(measure(d, codebook = book), measure(d))
})

test_that("a blank level of a factor is no rating", {
  rate <- function(x) factor(x, c("low", " ", "high", ""))
  d <- data.frame(a = rate(c("low", " ", "high", NA)), b = rate(c("low", "high", "", "low")))
  found <- read_ratings(d, rating ~ 1, "case", "coder", c("a", "b"), rows_are_cases = TRUE)
  expect_identical(found$items[[1]]$codes[[1]], c(1L, NA, 3L, NA))
  expect_identical(found$items[[1]]$codes[[2]], c(1L, 3L, NA, 1L))
})

test_that("labelled numbers declare their labels", {
  x <- structure(c(1, 3, 3), labels = c(low = 1, medium = 2, high = 3))
  expect_equal(code_item(list(x), "x", NULL, NULL, NULL)$value, c(1, 2, 3))
})

test_that("logicals are FALSE before TRUE, used or not", {
  found <- code_item(list(c(TRUE, NA), c(TRUE, TRUE)), "x", NULL, NULL, NULL)
  expect_equal(found$labels, c("FALSE", "TRUE"))
  expect_equal(found$codes, list(c(2L, NA), c(2L, 2L)))
})

test_that("columns of dates and of different levels are refused", {
  expect_error(code_item(list(a = Sys.Date()), "x", NULL, NULL, NULL),
    class = "casereview_error_argument", regexp = "Date")
  expect_error(
    code_item(list(a = factor("x"), b = factor("y")), "x", NULL, NULL, NULL),
    class = "casereview_error_argument", regexp = "different levels"
  )
})

test_that("patterns count each case once, whatever the order of long rows", {
  set.seed(3)
  for (keep in 0:1) for (n in c(0, 1, 40, 3000)) {
    x <- matrix(sample(c(1:3, NA), n * 4, TRUE), n, 4)
    wide <- .Call(C_agreement_patterns_wide, lapply(1:4, function(j) x[, j]), 3L, keep)
    at <- which(!is.na(x), arr.ind = TRUE)
    at <- at[sample(nrow(at)), , drop = FALSE]
    long <- .Call(C_agreement_patterns_long, as.integer(at[, 1]), as.integer(at[, 2]), x[at],
      as.integer(n), 4L, 3L, keep)
    expect_identical(long, wide)
    key <- apply(x, 1, function(r) {
      r <- if (keep) (which(!is.na(r)) - 1) * 3 + r[!is.na(r)] else sort(r)
      paste(r, collapse = " ")
    })
    key <- as.character(key)
    expect_equal(wide$of, match(key, unique(key[key != ""]), nomatch = 0L))
    expect_equal(wide$size, as.double(table(factor(wide$of, seq_along(wide$size)))))
    found <- vapply(seq_along(wide$size), function(p) {
      paste(wide$key[seq(wide$start[p] + 1, wide$start[p + 1])], collapse = " ")
    }, "")
    expect_equal(found, unique(key[key != ""]))
  }
})

test_that("many different patterns keep apart", {
  set.seed(4)
  x <- lapply(1:6, function(j) sample.int(50L, 20000, TRUE))
  found <- .Call(C_agreement_patterns_wide, x, 50L, 1L)
  key <- do.call(paste, x)
  expect_equal(found$of, match(key, unique(key)))
})

test_that("a case rated twice by a coder is seen in C too", {
  found <- .Call(C_agreement_patterns_long, c(1L, 2L, 1L), c(1L, 1L, 1L), c(1L, 1L, 2L), 2L,
    1L, 2L, 0L)
  expect_equal(found$duplicate, 3)
})

test_that("wide rows of one case and item are refused", {
  d <- data.frame(case = c(1, 1), a = 1:2, b = 1:2)
  expect_error(agreement(d, cbind(a, b) ~ 1), class = "casereview_error_ratings",
    regexp = "case 1")
  expect_error(agreement(d[2:3], cbind(a, b) ~ 1, case = "id"), regexp = "no column \"id\"")
})

test_that("a formula may be written as text", {
  ratings <- data.frame(case = rep(1:4, 2), coder = rep(c("a", "b"), each = 4),
    what = "neglect", level = c(1, 2, 3, 3, 1, 2, 2, 3))
  expect_identical(agreement(ratings, "level ~ what"), agreement(ratings, level ~ what))
  expect_error(agreement(ratings, "level"),
    "`formula` must be a formula such as rating ~ item, not \"level\".", fixed = TRUE,
    class = "casereview_error_argument")
})
