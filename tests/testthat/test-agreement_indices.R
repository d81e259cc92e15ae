test_that("all-agree is a share of cases, never more than 1", {
  d <- hayes_2007()
  r <- all_agree(d, coders = names(d))
  x <- as.matrix(d)
  same <- apply(x, 1, function(v) length(unique(v[!is.na(v)])) == 1)
  expect_equal(c(r$n_cases, r$n_agree), c(40, sum(same)))
  ends <- prop.test(sum(same), 40, correct = FALSE)$conf.int
  expect_equal(c(r$lower, r$upper), as.double(ends))
  r <- all_agree(data.frame(a = c(1, 1), b = c(1, NA)), cbind(a, b) ~ 1)
  expect_equal(c(r$n_cases, r$estimate), c(1, 1))
  r <- all_agree(data.frame(a = c(1, 1), b = c(NA, NA)), cbind(a, b) ~ 1)
  expect_equal(r$note, "single_coder")
})

test_that("specific agreement of two coders is that of the two-by-two table", {
  d <- data.frame(a = rep(c("no", "no", "yes", "yes"), c(40, 6, 4, 10)),
    b = rep(c("no", "yes", "no", "yes"), c(40, 6, 4, 10)))
  r <- specific_agreement(d, cbind(a, b) ~ 1)
  expect_equal(r$estimate, c(2 * 40 / (2 * 40 + 10), 2 * 10 / (2 * 10 + 10)))
  expect_equal(r$n_ratings, c(90, 30))
  r <- specific_agreement(d, cbind(a, b) ~ 1, scale = c("no", "yes", "never"))
  expect_equal(r$note, c("", "", "not_used"))
})

test_that("specific agreement of many coders counts pairs", {
  x <- as.matrix(hayes_2007())
  r <- specific_agreement(as.data.frame(x), coders = LETTERS[1:5])
  slow <- vapply(0:3, function(k) {
    n <- rowSums(x == k, na.rm = TRUE)
    all <- rowSums(!is.na(x))
    sum(n * (n - 1)) / sum(n * (all - 1))
  }, 0)
  expect_equal(r$estimate, slow)
})

test_that("prevalence and bias indices are those of Byrt, Bishop and Carlin (1993)", {
  d <- data.frame(a = rep(c("no", "no", "yes", "yes"), c(80, 10, 5, 5)),
    b = rep(c("no", "yes", "no", "yes"), c(80, 10, 5, 5)))
  r <- agreement_indices(d, cbind(a, b) ~ 1)
  expect_equal(r$category, "yes")
  expect_equal(c(r$prevalence_index, r$bias_index), c((5 - 80) / 100, (10 - 5) / 100))
  expect_equal(c(r$percent, r$pabak), c(.85, .7))
  # kappa = (PABAK - PI^2 + BI^2) / (1 - PI^2 + BI^2), their equation
  pi2 <- r$prevalence_index^2
  bi2 <- r$bias_index^2
  expect_equal(r$kappa, (r$pabak - pi2 + bi2) / (1 - pi2 + bi2))
  expect_match(r$sentence, "agree on 85.0% of pairs, and kappa is 0.32")
  expect_equal(agreement_indices(d, cbind(a, b) ~ 1, low = .1)$sentence, "")
})

test_that("each code of several is set against the rest", {
  d <- hayes_2007()
  r <- agreement_indices(d, coders = names(d))
  expect_equal(r$category, c("0", "1", "2", "3"))
  two <- as.data.frame(lapply(d, function(v) v == 2))
  expect_equal(r$kappa[3], agreement(two, coders = names(d), coefficient = "kappa",
    level = "nominal")$estimate)
  one <- agreement_indices(data.frame(a = c(1, 1), b = c(NA, NA)), cbind(a, b) ~ 1)
  expect_equal(one$note, "single_coder")
})

test_that("indices print rounded, their sentence under the table", {
  d <- data.frame(a = rep(c("no", "yes"), c(48, 2)), b = rep(c("no", "yes", "no"), c(46, 2, 2)))
  lines <- format(agreement_indices(d, cbind(a, b) ~ 1))
  expect_match(lines[2], "^ +all +yes +50 +0.920 +-0.042 +-0.920 +0.000 +0.840$")
  expect_match(paste(lines[-(1:2)], collapse = " "), "all, yes: Coders agree on 92.0% of pairs")
  expect_true(all(nchar(lines) <= 80))
  expect_output(print(all_agree(d, cbind(a, b) ~ 1)), "all +50 +46 +0.920 +0.812 +0.968")
  expect_output(print(all_agree(d[0, ], a ~ b, case = "a", coder = "b")), "No ratings")
  expect_output(print(icc(data.frame(a = c(1, 2, 3), b = c(1, 2, 4)), cbind(a, b) ~ 1)), "ICC\\(3,k\\)")
  same <- data.frame(a = 1:30, b = 1:30, c = 1:30)
  expect_output(print(kendall_w(same, cbind(a, b, c) ~ 1)), "all +1.000 +87.000 +29 +<0.001 +30 +3$")
  expect_identical(class(as.data.frame(all_agree(d, cbind(a, b) ~ 1))), "data.frame")
})
