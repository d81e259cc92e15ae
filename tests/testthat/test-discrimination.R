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
