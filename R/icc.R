#' Intraclass correlations of coders
#'
#' The six forms of Shrout and Fleiss (1979) with their intervals, over the cases that
#' every coder of the item rated.
#'
#' `ICC(1,1)` takes the coders of each case as drawn anew, `ICC(2,1)` takes the coders as a
#' sample whose differences in level count as disagreement, `ICC(3,1)` takes them as the
#' only coders of interest and does not count such differences. `ICC(1,k)` to `ICC(3,k)`
#' are of the mean of the k coders. The mean squares are those of the two-way analysis of
#' variance without replication; formulas and intervals are on pages 423 to 426 of the
#' paper, with the two-sided form of McGraw and Wong (1996).
#'
#' @inheritParams agreement
#' @return A data frame with six rows an item: `item`, `form`, `estimate`, `lower`,
#'   `upper`, `f` (the F ratio of cases over error), `df1`, `df2`, `n_cases` (rated by all),
#'   `n_coders`, `note` (`single_coder`, `too_few_cases`, `no_variation`, or empty).
#'   `ICC(2,k)` and its lower end are those of `ICC(2,1)` stepped up (p. 426), and `NA`
#'   where these are at or below \eqn{-1/(k-1)}, as they are where the cases differ less
#'   than chance would have it.
#' @references Shrout, P. E. and Fleiss, J. L. (1979) *Psychological Bulletin* 86, 420-428.
#'   McGraw, K. O. and Wong, S. P. (1996) *Psychological Methods* 1, 30-46.
#' @export
#' @examples
#' d <- data.frame(a = c(9, 6, 8, 7, 10, 6), b = c(2, 1, 4, 1, 5, 2),
#'   c = c(5, 3, 6, 2, 6, 4), d = c(8, 2, 8, 6, 9, 7))
#' icc(d, cbind(a, b, c, d) ~ 1)
icc <- function(ratings, formula = rating ~ item, case = "case", coder = "coder",
                conf_level = 0.95, coders = NULL, scale = NULL, codebook = NULL) {
  conf_level <- check_conf_level(conf_level)
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  rows <- lapply(data$items, function(item) {
    x <- complete_ratings(item, length(data$case), length(data$coders))
    needs_values(substantive(item), "the intraclass correlation")
    c(list(item = rep(item$item, 6L)), icc_forms(x, conf_level))
  })
  if (!length(rows)) rows <- list(c(list(item = character()), lapply(
    icc_forms(matrix(0, 0L, 2L), conf_level), `[`, 0L)))
  as_measures(bind_rows(rows))
}

# The values that the coders of an item gave to the cases that all of them rated.
complete_ratings <- function(item, n_cases, n_coders) {
  item <- substantive(item)
  codes <- item_matrix(item, n_cases, n_coders)
  codes <- codes[, colSums(!is.na(codes)) > 0L, drop = FALSE]
  codes <- codes[rowSums(is.na(codes)) == 0L, , drop = FALSE]
  value <- if (is.null(item$value)) as.double(seq_along(item$labels)) else item$value
  matrix(value[codes], nrow(codes), ncol(codes))
}

# Mean squares: between cases, within cases, between coders, error.
mean_squares <- function(x) {
  n <- nrow(x)
  k <- ncol(x)
  x[] <- spread_out(x)
  rows <- k * sum(rowMeans(x)^2)
  columns <- n * sum(colMeans(x)^2)
  rest <- sum((x - outer(rowMeans(x), colMeans(x), "+"))^2)
  tiny <- 1e-14 * sum(x^2)
  zap <- function(a) if (a <= tiny) 0 else a
  list(b = zap(rows) / (n - 1), w = zap(columns + rest) / (n * (k - 1)),
    j = zap(columns) / (k - 1), e = zap(rest) / ((n - 1) * (k - 1)))
}

icc_forms <- function(x, conf_level) {
  n <- nrow(x)
  k <- ncol(x)
  form <- c("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
  none <- rep(NA_real_, 6L)
  result <- list(form = form, estimate = none, lower = none, upper = none, f = none,
    df1 = none, df2 = none, n_cases = rep(n, 6L), n_coders = rep(k, 6L),
    note = rep("", 6L))
  why <- if (k == 1L) "single_coder" else if (n < 2L) "too_few_cases" else
    if (all(x == x[1L])) "no_variation" else ""
  result$note[] <- why
  if (nzchar(why)) return(result)
  ms <- mean_squares(x)
  result$estimate <- with(ms, c(
    (b - w) / (b + (k - 1) * w),
    (b - e) / (b + (k - 1) * e + k * (j - e) / n),
    (b - e) / (b + (k - 1) * e),
    (b - w) / b, NA, (b - e) / b
  ))
  result$estimate[5L] <- step_up(result$estimate[2L], k)
  ends <- icc_ends(ms, n, k, result$estimate[2L], conf_level)
  result$estimate[!is.finite(result$estimate)] <- NA_real_
  result$lower <- ends$lower
  result$upper <- ends$upper
  result$f <- rep(c(ms$b / ms$w, ms$b / ms$e, ms$b / ms$e), 2L)
  result$df1 <- rep(n - 1, 6L)
  result$df2 <- rep(c(n * (k - 1), (n - 1) * (k - 1), (n - 1) * (k - 1)), 2L)
  result$note[is.na(result$estimate)] <- "no_variation"
  result
}

# Spearman and Brown's reliability of the mean of k, which falls without end towards a
# single reliability of -1 / (k - 1) and has no meaning below.
step_up <- function(r, k) {
  below <- 1 + (k - 1) * r
  ifelse(below > 0, k * r / below, -Inf)
}

icc_ends <- function(ms, n, k, rho, conf_level) {
  p <- (1 + conf_level) / 2
  one_way <- icc_f_ends(ms$b / ms$w, n - 1, n * (k - 1), p)
  two_way <- icc_f_ends(ms$b / ms$e, n - 1, (n - 1) * (k - 1), p)
  random <- icc_random_ends(ms, n, k, rho, p)
  single <- function(f) (f - 1) / (f + k - 1)
  mean_of <- function(f) 1 - 1 / f
  ends <- rbind(single(one_way), random, single(two_way), mean_of(one_way),
    step_up(random, k), mean_of(two_way))
  ends[!is.finite(ends)] <- NA_real_
  list(lower = unname(ends[, 1L]), upper = unname(ends[, 2L]))
}

icc_f_ends <- function(f, df1, df2, p) {
  c(f / stats::qf(p, df1, df2), f * stats::qf(p, df2, df1))
}

# Satterthwaite's degrees of freedom (Shrout and Fleiss 1979, p. 424).
icc_random_ends <- function(ms, n, k, rho, p) {
  if (!is.finite(rho) || ms$e == 0) return(c(NA_real_, NA_real_))
  fj <- ms$j / ms$e
  part <- n * (1 + (k - 1) * rho) - k * rho
  v <- (k - 1) * (n - 1) * (k * rho * fj + part)^2 /
    ((n - 1) * k^2 * rho^2 * fj^2 + part^2)
  if (!is.finite(v) || v <= 0) return(c(NA_real_, NA_real_))
  # with hardly a degree of freedom qf() warns of its last digits
  upper_f <- suppressWarnings(stats::qf(p, n - 1, v))
  lower_f <- suppressWarnings(stats::qf(p, v, n - 1))
  error <- k * ms$j + (k * n - k - n) * ms$e
  c(n * (ms$b - upper_f * ms$e) / (upper_f * error + n * ms$b),
    n * (lower_f * ms$b - ms$e) / (error + n * lower_f * ms$b))
}

# The interval of ICC(2,1) for agreement(); `ends` where the F interval is not defined.
icc_interval <- function(item, patterns, conf_level, ends) {
  n_coders <- if (is.null(item$coder)) length(item$codes) else max(patterns$rated)
  forms <- icc_forms(complete_ratings(item, length(patterns$of), n_coders), conf_level)
  f <- c(forms$lower[2L], forms$upper[2L])
  if (anyNA(f)) ends else f
}
