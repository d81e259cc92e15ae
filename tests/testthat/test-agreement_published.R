# Published examples beyond those of test-agreement.R, with their data.

two_by_two <- function(...) two_coders(matrix(c(...), 2L, byrow = TRUE))

test_that("the paradoxes of Feinstein and Cicchetti (1990) are found", {
  # J. Clin. Epidemiol. 43, 543-549: high agreement with high and low kappa, and the reverse.
  tables <- list(c(40, 9, 6, 45), c(80, 10, 5, 5), c(45, 15, 25, 15), c(25, 35, 5, 35))
  percent <- c(.85, .85, .60, .60)
  kappa <- c(.70, .32, .13, .26)
  for (i in 1:4) {
    d <- do.call(two_by_two, as.list(tables[[i]]))
    expect_equal(estimates(d, "percent"), percent[i])
    expect_equal(round(estimates(d, "kappa"), 2), kappa[i])
  }
  said <- agreement_indices(do.call(two_by_two, as.list(tables[[2]])), cbind(a, b) ~ 1)$sentence
  expect_match(said, "agree on 85.0% of pairs, and kappa is 0.32")
})

test_that("kappa below 0 beside an AC1 of .94 is found", {
  # Gwet (2002), "Kappa statistic is not satisfactory for assessing the extent of agreement".
  d <- two_by_two(118, 5, 2, 0)
  expect_equal(round(estimates(d, c("percent", "kappa", "ac1")), 4), c(.944, -.0234, .9408))
})

test_that("kappa of the pathologists of Landis and Koch (1977) is found", {
  # 118 slides; as printed with its standard error by Agresti (2002), section 10.5.4.
  d <- two_coders(rbind(c(22, 2, 2, 0), c(5, 7, 14, 0), c(0, 2, 36, 0), c(0, 1, 17, 10)))
  found <- agreement(d, coders = names(d), coefficient = "kappa", level = "nominal")
  expect_equal(round(c(found$estimate, found$se), 3), c(.493, .057))
})

test_that("weighted kappa of the mammograms of Boyd and others (1982) is found", {
  # 85 cases; kappa .4728 and linearly weighted .5684 in the manual of Stata.
  d <- two_coders(rbind(c(21, 12, 0, 0), c(4, 17, 1, 0), c(3, 9, 15, 2), c(0, 0, 0, 1)))
  expect_equal(round(estimates(d, "kappa"), 4), .4728)
  expect_equal(round(estimates(d, "kappa", "linear"), 4), .5684)
})

test_that("kappa of Fleiss, Cohen and Everitt (1969) is found", {
  d <- two_coders(round(200 * rbind(c(.53, .05, .02), c(.11, .14, .05), c(.01, .06, .03))))
  expect_equal(round(estimates(d, "kappa"), 3), .429)
})

test_that("alpha of three coders of whom each misses cases is found", {
  # The worked example of the encyclopaedia article "Krippendorff's alpha": .691 and .811.
  d <- wide_of(".....34121133.3", "1.213343.......", "..21344.21133.4")
  expect_equal(round(estimates(d, "alpha"), 3), .691)
  expect_equal(round(estimates(d, "alpha", "interval"), 3), .811)
})

test_that("Kendall's W of three executives and six applicants is found", {
  # Siegel (1956), Nonparametric Statistics, p. 230.
  d <- data.frame(x = c(1, 6, 3, 2, 5, 4), y = c(1, 5, 6, 4, 2, 3), z = c(6, 3, 2, 5, 4, 1))
  expect_equal(round(kendall_w(d, cbind(x, y, z) ~ 1)$w, 2), .16)
})

test_that("quadratic kappa is the concordance correlation, and for 2 codes any weights are one", {
  # Fleiss and Cohen (1973); Lin (1989); Warrens (2012).
  set.seed(77)
  for (i in 1:5) {
    d <- data.frame(a = sample(1:5, 30, TRUE))
    d$b <- pmin(5, pmax(1, d$a + sample(-1:2, 30, TRUE)))
    n <- nrow(d)
    v <- function(x, y) mean((x - mean(x)) * (y - mean(y)))
    lin <- 2 * v(d$a, d$b) / (v(d$a, d$a) + v(d$b, d$b) + (mean(d$a) - mean(d$b))^2)
    expect_equal(estimates(d, "kappa", "quadratic", scale = 1:5), lin)
    two <- data.frame(a = d$a > 2, b = d$b > 2)
    kappa <- vapply(c("nominal", "linear", "quadratic", "ordinal"), function(level) {
      estimates(two, "kappa", level)
    }, 0)
    expect_equal(unname(kappa), rep(unname(kappa[1]), 4))
  }
})
