test_that("Agresti (2002), table 2.1 and section 3.1: aspirin and heart attacks", {
  table <- rbind(c(189, 10845), c(104, 10933))
  expect_equal(round(unlist(odds_ratio(table)), 3), c(estimate = 1.832, lower = 1.440, upper = 2.331))
  expect_equal(round(unlist(risk_ratio(table)), 2), c(estimate = 1.82, lower = 1.43, upper = 2.31))
})

test_that("Bland and Altman (2000), BMJ 320, 1468: hay fever and eczema", {
  found <- odds_ratio(rbind(c(141, 420), c(928, 13525)))
  expect_equal(round(unlist(found), 2), c(estimate = 4.89, lower = 4.00, upper = 5.99))
})

test_that("Agresti (2002), table 5.3: malformations and drinking", {
  n <- c(48, 38, 5, 1, 1)
  found <- trend_test(n, n + c(17066, 14464, 788, 126, 37), c(0, 0.5, 1.5, 4, 7))
  expect_equal(round(found$statistic, 2), 6.57)
  expect_equal(round(found$p_value, 2), 0.01)
  expect_identical(trend_test(c(0, 0), c(5, 5))$p_value, NA_real_)
})

test_that("Agresti (2002), table 2.8: job satisfaction by income", {
  table <- rbind(c(1, 3, 10, 6), c(2, 3, 10, 7), c(1, 6, 14, 12), c(0, 1, 9, 11))
  found <- goodman_kruskal_gamma(table)
  expect_equal(round(found$estimate, 3), 0.221)
  expect_equal(round(found$se, 3), 0.117)
  expect_equal(sum(table * pair_counts(table)$concordant) / 2, 1331)
  expect_equal(sum(table * pair_counts(table)$discordant) / 2, 849)
  expect_identical(goodman_kruskal_gamma(matrix(c(3, 0, 0, 0), 2))$estimate, NA_real_)
})

test_that("pairs are counted as by comparing every two cells, however many there are", {
  set.seed(61)
  for (size in list(c(1, 1), c(1, 4), c(5, 1), c(2, 2), c(4, 7))) {
    table <- matrix(sample(0:6, prod(size), TRUE), size[1])
    found <- pair_counts(table)
    for (i in seq_len(size[1])) for (j in seq_len(size[2])) {
      down <- (row(table) - i) * (col(table) - j)
      expect_identical(found$concordant[i, j], as.double(sum(table[down > 0])))
      expect_identical(found$discordant[i, j], as.double(sum(table[down < 0])))
    }
  }
  large <- goodman_kruskal_gamma(matrix(1, 300, 200))
  expect_equal(large$estimate, 0)
})

test_that("Agresti (2002), table 6.9: a treatment in eight centres", {
  table <- array(c(11, 10, 25, 27, 16, 22, 4, 10, 14, 7, 5, 12, 2, 1, 14, 16, 6, 0, 11, 12, 1, 0,
    10, 10, 1, 1, 4, 8, 4, 6, 2, 1), c(2, 2, 8))
  found <- mantel_haenszel(table)
  expect_equal(round(found$statistic, 2), 6.38)
  expect_equal(round(found$estimate, 2), 2.13)
  one <- mantel_haenszel(table[, , 1, drop = FALSE])
  expect_equal(one$estimate, odds_ratio(table[, , 1])$estimate)
})

test_that("Newcombe (1998a), table 1: intervals of a proportion", {
  n <- c(81, 15, 0, 1)
  base <- c(263, 148, 20, 29)
  wilson <- proportion_interval(n, base)
  expect_equal(round(wilson$lower, 4), c(0.2553, 0.0624, 0, 0.0061))
  expect_equal(round(wilson$upper, 4), c(0.3662, 0.1605, 0.1611, 0.1718))
  exact <- proportion_interval(n, base, method = "clopper_pearson")
  expect_equal(round(exact$lower, 4), c(0.2527, 0.0578, 0, 0.0009))
  expect_equal(round(exact$upper, 4), c(0.3676, 0.1617, 0.1684, 0.1776))
  expect_identical(proportion_interval(0, 0)$lower, NA_real_)
  expect_error(proportion_interval(3, 2), "element 1 is 3 of 2")
})

test_that("Newcombe (1998b), table 2: differences by method 10", {
  found <- proportion_difference(c(56, 9, 5, 0), c(70, 10, 56, 10), c(48, 3, 0, 0), c(80, 10, 29, 10))
  expect_equal(round(found$lower, 4), c(0.0524, 0.1705, -0.0381, -0.2775))
  expect_equal(round(found$upper, 4), c(0.3339, 0.8090, 0.1926, 0.2775))
})

test_that("chi-squared, Fisher or Monte Carlo, said so, and never NaN", {
  large <- rbind(c(30, 20, 0), c(10, 40, 0))
  found <- association_test(large)
  expect_identical(found$method, "Pearson chi-squared")
  expect_equal(found$statistic, unname(suppressWarnings(chisq.test(large[, 1:2], correct = FALSE)$statistic)))
  expect_match(found$note, "without a case left out")
  # the tea tasting of Fisher (1935)
  tea <- association_test(matrix(c(3, 1, 1, 3), 2))
  expect_identical(tea$method, "Fisher exact")
  expect_equal(round(tea$p_value, 4), 0.4857)
  set.seed(4)
  hard <- matrix(rpois(35, 12), 5)
  hard[1, ] <- c(1, 0, 0, 0, 1, 0, 0)
  hard[2, ] <- c(0, 1, 0, 1, 0, 0, 0)
  before <- get0(".Random.seed", globalenv())
  found <- association_test(hard)
  expect_identical(found$method, "Monte Carlo chi-squared")
  expect_identical(get0(".Random.seed", globalenv()), before)
  # 142 cases in 6 x 9: Fisher's test of stats stops there and, asked again, ends R
  hard <- matrix(c(1, 0, 4, 11, 0, 0, 0, 7, 7, 2, 0, 0, 5, 2, 0, 6, 0, 4, 1, 0, 3, 3, 0, 4, 0, 0, 0,
    0, 0, 7, 2, 6, 2, 3, 0, 3, 0, 4, 4, 3, 17, 5, 2, 2, 2, 0, 0, 7, 3, 2, 0, 5, 3, 0), 6)
  expect_false(exact_fits(hard))
  expect_identical(association_test(hard)$method, "Monte Carlo chi-squared")
  expect_true(exact_fits(matrix(1, 5, 6)) && exact_fits(matrix(1, 20, 3)))
  # keys of 300^4 pass 2^31
  expect_false(exact_fits(matrix(c(300, rep(1, 15)), 4)))
  # more cases than can be simulated
  rare <- association_test(matrix(c(2e9, 1, 1, 0), 2))
  expect_identical(rare$method, "Fisher exact")
  expect_equal(rare$p_value, 1)
  found <- association_test(matrix(c(2e9, 1, 1, 0, 5, 2), 2))
  expect_identical(found$method, "Pearson chi-squared")
  expect_match(found$note, "too many cases to simulate")
  expect_identical(association_test(matrix(c(3, 0, 2, 0), 2))$method, "none")
  expect_identical(cramers_v(matrix(c(5, 0, 0, 5), 2)), 1)
})

test_that("the summary and the intervals of a table", {
  d <- data.frame(
    law = rep(c("public", "private"), c(20, 20)), fatal = rep(c("yes", "no", "yes", "no"), c(15, 5, 8, 12)),
    age = ordered(rep(c("low", "mid", "high", "mid"), 10), c("low", "mid", "high"))
  )
  d$law[3] <- NA
  found <- summary(crosstab(d, law ~ fatal))
  table <- table(d$law, d$fatal)
  expect_equal(found$p_value[1], chisq.test(table, correct = FALSE)$p.value)
  expect_equal(found$estimate[found$measure == "odds ratio"], odds_ratio(unclass(table))$estimate)
  trend <- summary(crosstab(d, age ~ fatal))
  expect_equal(trend$p_value[trend$measure == "Cochran-Armitage trend"],
    unname(prop.trend.test(table(d$age, d$fatal)[, 1], rowSums(table(d$age, d$fatal)))$p.value))
  expect_true("Mantel-Haenszel odds ratio" %in% summary(crosstab(d, law ~ fatal | age))$measure)
  expect_output(print(found), "missing takes no part")
  tab <- crosstab(d, ~ fatal, percent = "total")
  expect_equal(confint(tab)$lower[1], 100 * proportion_interval(17, 40)$lower)
  expect_identical(summary(tab)$measure, "none")
})

test_that("intervals of a table print rounded and compute in full", {
  tab <- crosstab(data.frame(ward = c("A", "B", "B")), ~ ward, percent = "column")
  limits <- confint(tab)
  expect_s3_class(limits, "data.frame")
  third <- proportion_interval(1, 3)
  expect_identical(limits$lower[1], 100 * third$lower)
  expect_output(print(limits), "ward n base percent +95% interval\n +A 1 +3 +33.3 +6.1 to 79.2\n")
  expect_output(print(limits, digits = 0), " 33 +6 to 79\n")
  expect_output(print(limits[limits$n > 5, ]), "No cells")
  expect_output(print(limits["n"]), "n\n")
  none <- crosstab(data.frame(ward = factor(character(), "A")), ~ ward, percent = "column")
  expect_output(print(confint(none)), "A 0 +0 +- +-\n")
  expect_identical(class(as.data.frame(limits)), "data.frame")
})

test_that("a refusal names the cell at fault, or the shape that came", {
  expect_error(odds_ratio(matrix(c(1, -1, 2, 3), 2)), "not -1 in row 2, column 1.", fixed = TRUE,
    class = "casereview_error_argument")
  expect_error(mantel_haenszel(matrix(1:4, 2)), "not an array of 2 x 2")
  expect_error(trend_test(1:3, 1:2), "as many values as one another, or one; they have 3 and 2.",
    fixed = TRUE)
})

test_that("confint() names its own argument", {
  tab <- crosstab(data.frame(a = c("x", "y")), ~ a, percent = "column")
  expect_error(confint(tab, level = 95), "`level` must be a number from 0 to 1, not 95.",
    fixed = TRUE, class = "casereview_error_argument")
})

test_that("sums of probability weights are not tested as counts, whole or not", {
  d <- data.frame(a = rep(c("x", "y"), each = 20), b = rep(c("u", "v", "u"), c(15, 15, 10)),
    whole = rep(c(2, 3), 20), half = 0.5, s = rep(c("p", "q"), 20))
  given <- summary(crosstab(d, a ~ b, weights = "whole", weight_type = "probability"))
  expect_identical(given$measure, "none")
  expect_match(given$note, "probability weights")
  even <- rbind(d, d)
  expect_identical(summary(crosstab(even, a ~ b | s, weights = "half"))$measure, "none")
  counted <- summary(crosstab(d, a ~ b, weights = "whole"))
  expect_equal(counted$statistic[1L], unname(chisq.test(xtabs(whole ~ a + b, d),
    correct = FALSE)$statistic))
})

test_that("a trend over ordered columns is tested as one over ordered rows", {
  # Fleiss (1981), Statistical Methods for Rates and Proportions, as in prop.trend.test()
  smokers <- c(83, 90, 129, 70)
  patients <- c(86, 93, 136, 82)
  d <- data.frame(year = rep(2018:2021, 2), smoker = rep(c("yes", "no"), each = 4),
    n = c(smokers, patients - smokers))
  want <- prop.trend.test(smokers, patients)
  for (formula in c("smoker ~ year", "year ~ smoker")) {
    found <- summary(crosstab(d, formula, weights = "n"))
    found <- found[found$measure == "Cochran-Armitage trend", ]
    expect_equal(c(found$statistic, found$p_value), unname(c(want$statistic, want$p.value)))
  }
})

test_that("limits that cannot be had are NA, not NaN", {
  found <- mantel_haenszel(array(c(5, 0, 2, 6, 3, 0, 1, 2), c(2, 2, 2)))
  expect_identical(c(found$estimate, found$lower, found$upper), c(Inf, NA, NA))
  expect_false(any(is.nan(unlist(found))))
})
