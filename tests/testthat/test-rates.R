test_that("Garwood (1936): limits of a Poisson count of 10", {
  found <- event_rate(c(10, 0), 1)
  expect_equal(round(found$lower, 2), c(4.80, 0))
  expect_equal(round(found$upper, 2), c(18.39, 3.69))
})

test_that("28 in 14 months against 12 in 16", {
  found <- rate_ratio(c(28, 12), c(14, 16))
  expect_equal(found$ratio, 2 / 0.75)
  # the share of the first period in all events is binomial
  share <- binom.test(28, 40, 14 / 30)$conf.int
  expect_equal(c(found$lower, found$upper), share[1:2] / (1 - share[1:2]) * 16 / 14)
  expect_equal(found$p_value, binom.test(28, 40, 14 / 30)$p.value)
  expect_error(rate_ratio(1:3, 1), "must be two numbers")
  expect_error(event_rate(1, 0), "`time` must be numbers above 0")
  expect_error(event_rate(1.5, 1), "whole numbers")
})

test_that("a refusal names the number at fault", {
  expect_error(event_rate(c(3, -1), 5), "not -1 in element 2.", fixed = TRUE,
    class = "casereview_error_argument")
  expect_error(rate_ratio(c(1, 2), c(0, 2)), "above 0, not 0 in element 1.", fixed = TRUE)
  expect_error(rate_ratio(c(1, 2, 3), c(1, 2)), "as many values as `events`, 3, or one; it has 2.",
    fixed = TRUE)
})
