test_that("W without ties is the mean rank correlation, rescaled", {
  set.seed(8)
  x <- replicate(4, sample(9))
  r <- kendall_w(as.data.frame(x), coders = paste0("V", 1:4))
  rho <- cor(x, method = "spearman")
  mean_rho <- mean(rho[upper.tri(rho)])
  expect_equal(r$w, (mean_rho * 3 + 1) / 4)
})

test_that("with ties chi-squared is Friedman's", {
  set.seed(9)
  x <- replicate(5, sample(4, 12, TRUE))
  r <- kendall_w(as.data.frame(x), coders = paste0("V", 1:5))
  f <- stats::friedman.test(t(x))
  expect_equal(r$chi_squared, unname(f$statistic))
  expect_equal(r$p_value, f$p.value)
  expect_equal(r$df, 11)
})

test_that("ordered labels rank by their order, and ties of all are undefined", {
  x <- data.frame(a = c("none", "low", "high"), b = c("none", "high", "high"))
  f <- as.data.frame(lapply(x, factor, levels = c("none", "low", "high")))
  n <- data.frame(a = c(0, 1, 2), b = c(0, 2, 2))
  expect_equal(kendall_w(f, cbind(a, b) ~ 1), kendall_w(n, cbind(a, b) ~ 1))
  expect_error(kendall_w(x, cbind(a, b) ~ 1), regexp = "order is not known")
  same <- data.frame(a = c(1, 1), b = c(2, 2))
  expect_equal(kendall_w(same, cbind(a, b) ~ 1)$note, "no_variation")
  expect_equal(kendall_w(n[1, ], cbind(a, b) ~ 1)$note, "too_few_cases")
  expect_equal(kendall_w(n["a"], coders = "a")$note, "single_coder")
})

test_that("texts without an order are refused by what the function can be given", {
  d <- data.frame(a = c("x", "y", "z"), b = c("y", "x", "z"))
  for (ask in list(function() kendall_w(d, coders = c("a", "b")),
    function() consensus(d, "median", coders = c("a", "b")))) {
    said <- expect_error(ask(), "(Kendall's W|rule \"median\") needs one: give a factor or")
    expect_no_match(conditionMessage(said), "level")
  }
})
