#' Kendall's coefficient of concordance
#'
#' How far coders put cases in the same order, corrected for ties, over the cases that
#' every coder of the item rated.
#'
#' With \eqn{R_i} the sum of a case's ranks over m coders, n cases and \eqn{T} the sum of
#' \eqn{t^3 - t} over each coder's groups of t tied cases,
#' \eqn{W = 12 \sum (R_i - \bar R)^2 / (m^2 (n^3 - n) - m T)}; \eqn{m (n - 1) W} is referred
#' to chi-squared with n - 1 degrees of freedom (Kendall 1948; Siegel and Castellan 1988,
#' section 9.7).
#'
#' @inheritParams agreement
#' @return A data frame with a row an item: `item`, `w`, `chi_squared`, `df`, `p_value`,
#'   `n_cases`, `n_coders`, `note` (`single_coder`, `too_few_cases`, `no_variation`: every
#'   coder ties all cases; or empty).
#' @references Kendall, M. G. (1948) *Rank Correlation Methods*. Siegel, S. and Castellan,
#'   N. J. (1988) *Nonparametric Statistics for the Behavioral Sciences*, 2nd ed.
#' @export
#' @examples
#' d <- data.frame(a = c(1, 2, 3, 4), b = c(1, 3, 2, 4), c = c(1, 2, 2, 4))
#' kendall_w(d, cbind(a, b, c) ~ 1)
kendall_w <- function(ratings, formula = rating ~ item, case = "case", coder = "coder",
                      coders = NULL, scale = NULL, codebook = NULL) {
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  rows <- lapply(data$items, function(item) {
    needs_order(substantive(item), "Kendall's W")
    item$value <- NULL
    x <- complete_ratings(item, length(data$case), length(data$coders))
    c(list(item = item$item), concordance(x))
  })
  if (!length(rows)) {
    none <- concordance(matrix(0, 0L, 2L))
    rows <- list(lapply(c(list(item = ""), none), `[`, 0L))
  }
  as_measures(bind_rows(rows))
}

concordance <- function(x) {
  n <- nrow(x)
  m <- ncol(x)
  result <- list(w = NA_real_, chi_squared = NA_real_, df = n - 1, p_value = NA_real_,
    n_cases = n, n_coders = m, note = "")
  result$note <- if (m == 1L) "single_coder" else if (n < 2L) "too_few_cases" else
    if (all(apply(x, 2L, function(y) all(y == y[1L])))) "no_variation" else ""
  if (nzchar(result$note)) {
    result$df <- NA_real_
    return(result)
  }
  sums <- rowSums(apply(x, 2L, rank))
  ties <- sum(apply(x, 2L, function(y) {
    t <- as.double(table(y))
    sum(t^3 - t)
  }))
  n <- as.double(n)
  result$w <- 12 * sum((sums - mean(sums))^2) / (m^2 * (n^3 - n) - m * ties)
  result$chi_squared <- m * (n - 1) * result$w
  result$p_value <- stats::pchisq(result$chi_squared, n - 1, lower.tail = FALSE)
  result
}
