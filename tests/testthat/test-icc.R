test_that("the six forms of Shrout and Fleiss (1979) are found", {
  r <- icc(shrout_1979(), cbind(a, b, c, d) ~ 1)
  expect_equal(round(r$estimate, 2), c(.17, .29, .71, .44, .62, .91))
  expect_equal(r$form, c("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)"))
  # The mean squares of their table 3 give the F ratios.
  expect_equal(r$f[1:2], c(11.24 / 6.26, 11.24 / 1.02), tolerance = .005)
  expect_true(all(r$lower < r$estimate & r$estimate < r$upper))
})

test_that("intervals of the one-way and the fixed form hold exactly at their ends", {
  # At the limit rho of the interval, F / (1 + k rho / (1 - rho)) is a quantile of F.
  r <- icc(shrout_1979(), cbind(a, b, c, d) ~ 1, conf_level = .9)
  for (i in c(1, 3)) {
    ratio <- function(rho) r$f[i] / (1 + 4 * rho / (1 - rho))
    expect_equal(pf(ratio(r$lower[i]), r$df1[i], r$df2[i]), .95)
    expect_equal(pf(ratio(r$upper[i]), r$df1[i], r$df2[i]), .05)
  }
})

test_that("agreement() gives ICC(2,1) and its interval", {
  d <- shrout_1979()
  r <- agreement(d, coders = names(d), coefficient = "icc")
  six <- icc(d, coders = names(d))
  expect_equal(c(r$estimate, r$lower, r$upper), c(six$estimate[2], six$lower[2], six$upper[2]))
})

test_that("only cases rated by all take part; the undefined is NA with a reason", {
  d <- shrout_1979()
  more <- rbind(d, c(1, NA, 2, 3))
  expect_equal(icc(more, coders = names(d)), icc(d, coders = names(d)))
  expect_equal(unique(icc(d["a"], coders = "a")$note), "single_coder")
  expect_equal(unique(icc(d[1, ], coders = names(d))$note), "too_few_cases")
  expect_equal(unique(icc(d * 0 + 2, coders = names(d))$note), "no_variation")
  expect_equal(unique(icc(d[0, ], coders = names(d))$n_cases), 0)
  expect_error(icc(data.frame(a = "x", b = "y"), coders = c("a", "b")),
    class = "casereview_error_argument", regexp = "text")
})

test_that("the mean of coders has no reliability above 1 where cases hardly differ", {
  d <- data.frame(a = c(1, 2, 3), b = c(3, 2, 1.1))
  found <- icc(d, coders = c("a", "b"))[5, ]
  expect_true(is.na(found$estimate) && is.na(found$lower) && is.na(found$upper))
  expect_identical(found$note, "no_variation")
  set.seed(11)
  for (i in 1:200) {
    n <- sample(2:6, 1)
    k <- sample(2:5, 1)
    d <- as.data.frame(matrix(sample(4, n * k, TRUE), n))
    expect_no_warning(found <- icc(d, coders = names(d)))
    expect_false(any(found$estimate > 1 + 1e-12, na.rm = TRUE))
    expect_false(any(found$lower > found$estimate + 1e-9, na.rm = TRUE))
    expect_false(any(found$upper < found$estimate - 1e-9, na.rm = TRUE))
  }
})
