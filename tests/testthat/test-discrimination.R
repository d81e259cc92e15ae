# 113 patients after subarachnoid haemorrhage (Turck and others 2010), as the package pROC has
# them: S100 beta in hundredths, WFNS grade, and whether the outcome was poor.
turck_2010 <- function() {
  s100b <- scan(quiet = TRUE, text = "
    13 14 10 4 13 10 47 16 18 10 12 10 44 71 4 8 49 4 7 33 9 9 7 11 7 17 7 11 13 19
    5 16 41 14 34 35 48 9 96 25 50 46 16 7 43 45 11 8 9 86 52 8 6 13 207 10 14 15 7
    6 77 5 9 30 3 9 4 23 70 9 27 71 8 26 8 16 9 13 10 8 11 33 11 28 7 10 32 22 7 5
    24 38 10 15 8 14 10 7 4 19 56 14 58 32 82 74 15 47 17 44 15 50 48")
  digits <- function(...) as.integer(strsplit(paste0(...), "")[[1L]])
  data.frame(s100b = s100b / 100,
    wfns = digits("111132541252551252252111121211342145414255112411255212512221",
      "51125214524414121421232421451154221113125225552445111"),
    poor = digits("000011010010110010111010000000001001101100000000011000100010",
      "10011101101111000110100000010000000000001111110001000"))
}

test_that("the published areas and DeLong intervals of Turck's data are found", {
  # Robin and others (2011), BMC Bioinformatics 12:77, and the help of pROC::roc.test().
  d <- turck_2010()
  got <- discrimination(d[c("wfns", "s100b")], d$poor)
  expect_equal(c(got$n_event[1], got$n_other[1]), c(41, 72))
  expect_equal(round(got$estimate, 7), c(.8236789, .7313686))
  expect_equal(round(got$lower, 4), c(.7485, .6301))
  expect_equal(round(got$upper, 4), c(.8988, .8326))
  v <- attr(got, "covariance")
  z <- diff(-got$estimate) / sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])
  expect_equal(round(z, 3), 2.209)
  expect_equal(round(2 * stats::pnorm(-z), 5), .02718)
})

test_that("the area is the share of pairs in order, and DeLong's variance that of the pairs", {
  set.seed(4)
  for (n in c(6L, 30L)) {
    y <- rep(c(TRUE, FALSE), length.out = n)
    x <- data.frame(a = sample(0:5, n, TRUE) + y, b = sample(0:9, n, TRUE))
    got <- discrimination(x, y)
    place <- function(v) outer(v[y], v[!y], function(p, q) (p > q) + (p == q) / 2)
    expect_equal(got$estimate, c(mean(place(x$a)), mean(place(x$b))))
    v10 <- sapply(x, function(v) rowMeans(place(v)))
    v01 <- sapply(x, function(v) colMeans(place(v)))
    expect_equal(attr(got, "covariance"), stats::cov(v10) / sum(y) + stats::cov(v01) / sum(!y))
    expect_equal(discrimination(-x$a, y)$estimate, 1 - got$estimate[1])
    skip_if_not_installed("pROC")
    peer <- pROC::roc(y, x$a, quiet = TRUE, direction = "<", levels = c(FALSE, TRUE))
    expect_equal(c(got$lower[1], got$estimate[1], got$upper[1]), as.vector(pROC::ci.auc(peer)))
  }
})

test_that("what is missing is counted and what is undefined has a note", {
  got <- discrimination(c(1, NA, 3, 4, 5), c(FALSE, TRUE, NA, TRUE, TRUE))
  expect_identical(got$n_missing, 2L)
  expect_identical(got$note, "too_few_cases")
  expect_identical(got$se, NA_real_)
  expect_identical(discrimination(1:3, c(TRUE, TRUE, TRUE))$note, "one_group")
  expect_identical(discrimination(1:4, c(0, 0, 1, 1))$note, "no_overlap")
  expect_identical(discrimination(numeric(), logical())$note, "one_group")
  expect_identical(discrimination(1:4, c("no", "yes", "no", "yes"))$event, "yes")
})

test_that("outcomes and scores that are none are refused", {
  refuse <- function(text, ...) expect_error(discrimination(...), text, class = "casereview_error_argument")
  refuse("`outcome` must have two values", 1:3, c("a", "b", "c"))
  refuse("one for each of the 3 cases", 1:3, TRUE)
  refuse("`scores` must be", "a", TRUE)
  refuse("not a plain number", data.frame(a = "x"), TRUE)
})

test_that("totals of thirds that are equal are ties", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "0", max = "4"))
  data <- expand.grid(a = 0:4, b = 0:4, c = 0:4)
  event <- data$a + data$b %% 3 > 2
  area <- function(weights) {
    discrimination(score_risk(data, book, weights = weights), event)[c("estimate", "se")]
  }
  expect_equal(area(c(a = 1 / 3, b = 2 / 3, c = 4 / 3)), area(c(a = 1, b = 2, c = 4)))
})
