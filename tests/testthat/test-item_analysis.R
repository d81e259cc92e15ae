number_book <- function(items, max = 10) {
  codebook(data.frame(variable = items, type = "rating", min = "-10", max = as.character(max)))
}

test_that("alpha of identical, independent and two items is as the formula has it", {
  # The bounds that Bland and Altman (1997), BMJ 314, 572 derive from the formula.
  d <- data.frame(a = c(1, 2, 3, 4), b = c(1, 2, 3, 4), c = c(1, 2, 3, 4))
  expect_equal(attr(item_analysis(d, number_book(names(d))), "alpha"), list(estimate = 1, n_cases = 4L))
  x <- expand.grid(a = 0:1, b = 0:1)
  expect_equal(attr(item_analysis(x, number_book(names(x))), "alpha")$estimate, 0)
  # Two items of equal variance: alpha is the Spearman-Brown step-up 2r / (1 + r).
  y <- data.frame(a = c(1, 2, 3, 4, 5), b = c(2, 1, 3, 5, 4))
  r <- stats::cor(y$a, y$b)
  got <- item_analysis(y, number_book(names(y)))
  expect_equal(attr(got, "alpha")$estimate, 2 * r / (1 + r))
  expect_identical(got$alpha_if_dropped, c(NA_real_, NA_real_))
})

test_that("the attitude data give the alpha printed in the help of psych", {
  # R's own attitude data (Chatterjee and Price 1977); psych's help prints raw_alpha 0.84.
  got <- item_analysis(datasets::attitude, number_book(names(datasets::attitude), 100))
  expect_equal(round(attr(got, "alpha")$estimate, 2), 0.84)
  expect_identical(attr(got, "alpha")$n_cases, 30L)
  skip_if_not_installed("psych")
  peer <- suppressMessages(psych::alpha(datasets::attitude))
  expect_equal(attr(got, "alpha")$estimate, peer$total$raw_alpha)
  expect_equal(got$alpha_if_dropped, peer$alpha.drop$raw_alpha)
  expect_equal(got$item_rest_r, peer$item.stats$r.drop)
})

test_that("alpha goes by the variances of the items and of their sum alone", {
  set.seed(6)
  k <- 10
  covariance <- matrix(0.6, k, k)
  diag(covariance) <- 1.2
  x <- scale(matrix(stats::rnorm(249 * k), 249), scale = FALSE)
  x <- as.data.frame(x %*% solve(chol(stats::cov(x))) %*% chol(covariance))
  got <- item_analysis(x, number_book(names(x)))
  expect_equal(attr(got, "alpha")$estimate, 10 / 9 * (1 - 12 / (12 + 90 * 0.6)))
})

test_that("a slow version agrees over missing patterns", {
  set.seed(2)
  for (n in c(6L, 40L)) for (p in c(0, 0.1)) {
    d <- as.data.frame(matrix(sample(0:3, n * 4L, TRUE), n))
    d[matrix(stats::runif(n * 4L) < p, n)] <- NA
    got <- item_analysis(d, number_book(names(d)))
    full <- d[rowSums(is.na(d)) == 0, ]
    alpha <- function(x) ncol(x) / (ncol(x) - 1) * (1 - sum(apply(x, 2, stats::var)) / stats::var(rowSums(x)))
    expect_equal(attr(got, "alpha"), list(estimate = alpha(full), n_cases = nrow(full)))
    expect_equal(got$alpha_if_dropped, sapply(1:4, function(j) alpha(full[-j])))
    expect_equal(got$item_rest_r, sapply(1:4, function(j) stats::cor(full[[j]], rowSums(full[-j]))))
    expect_equal(got$mean, unname(colMeans(d, na.rm = TRUE)))
    expect_equal(got$share, unname(colSums(d, na.rm = TRUE)) / sum(d, na.rm = TRUE))
    expect_identical(got$n_rated, unname(as.integer(colSums(!is.na(d)))))
  }
})

test_that("what is undefined is NA with a reason", {
  note <- function(d, ...) attr(item_analysis(d, number_book(names(d)), ...), "note")
  expect_identical(note(data.frame(a = numeric(), b = numeric())), "too_few_cases")
  expect_identical(note(data.frame(a = c(1, NA), b = c(NA, 1))), "too_few_cases")
  expect_identical(note(data.frame(a = c(1, NA), b = c(NA, 1)), unknown = "zero"), "no_variation")
  expect_identical(note(data.frame(a = c(2, 2), b = 1)), "no_variation")
  expect_identical(note(data.frame(a = 1:3)), "single_item")
  got <- item_analysis(data.frame(a = 1:3, b = 1, c = c(0, 2, 1)), number_book(c("a", "b", "c")))
  expect_identical(is.na(got$item_rest_r), c(FALSE, TRUE, FALSE))
  expect_named(got, c("item", "n_rated", "mean", "item_rest_r", "alpha_if_dropped", "share"))
  expect_match(format(item_analysis(data.frame(a = 1:3), number_book("a")))[1], "NA \\(single item\\), from the 3 cases")
})
