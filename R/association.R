#' Association of rows and columns
#'
#' * `association_test()`: Pearson's chi-squared test where at most a fifth of the expected
#'   counts are below 5 and none is below 1; else Fisher's exact test; where that asks too
#'   much, a Monte Carlo test of the chi-squared statistic (9,999 tables, seed 1; Pearson's
#'   test above ten million cases), said in `method` and `note`. No continuity correction.
#'   Rows and columns without a case are left out.
#' * `cramers_v()`: \eqn{\sqrt{X^2 / (N (\min(r, c) - 1))}}.
#' * `odds_ratio()`, `risk_ratio()`: of a 2 x 2 table with rows as groups and the first
#'   column as the event; limits on the log scale with variance
#'   \eqn{1/a + 1/b + 1/c + 1/d} and \eqn{1/a - 1/(a+b) + 1/c - 1/(c+d)}.
#' * `trend_test()`: the Cochran-Armitage test of a trend in proportions over ordered
#'   groups, as [stats::prop.trend.test()].
#' * `goodman_kruskal_gamma()`: (C - D) / (C + D) of concordant and discordant pairs, with
#'   its large-sample standard error.
#' * `mantel_haenszel()`: the common odds ratio of 2 x 2 x K tables and its test without
#'   continuity correction, as [stats::mantelhaen.test()].
#'
#' @param table A matrix or table of counts (for `mantel_haenszel()`: 2 x 2 x K), or a
#'   `crosstab`, whose levels are used without margins and without what is missing.
#' @param n,base Events and group sizes, in the order of the groups.
#' @param scores Numbers of the groups; 1, 2, ... unless given.
#' @param conf_level The level of confidence.
#' @return A data frame with one row. `association_test()`: `method`, `statistic`, `df`,
#'   `p_value`, `note`; `cramers_v()`: one number; `odds_ratio()`, `risk_ratio()`:
#'   `estimate`, `lower`, `upper` (`NA` where a count of 0 leaves none); `trend_test()`:
#'   `statistic`, `df`, `p_value`; `goodman_kruskal_gamma()`: `estimate`, `se`, `lower`,
#'   `upper`; `mantel_haenszel()`: `estimate`, `lower`, `upper`, `statistic`, `df`,
#'   `p_value`.
#' @references
#' Agresti, A. (2002) *Categorical Data Analysis*, second edition. Wiley: equations 2.16
#' and 3.1 (odds ratio), section 3.1.4 (risk ratio), 5.3.5 (trend), 2.4.4 and 3.4.3
#' (gamma), 6.3.2 and 6.3.5 (Mantel-Haenszel).
#'
#' Cochran, W. G. (1954) Some methods for strengthening the common chi-squared tests.
#' *Biometrics* 10, 417-451 (when expected counts are large enough).
#'
#' Goodman, L. A. and Kruskal, W. H. (1963) Measures of association for cross
#' classifications III. *Journal of the American Statistical Association* 58, 310-364.
#'
#' Cramer, H. (1946) *Mathematical Methods of Statistics*. Princeton, page 443.
#' @examples
#' table <- rbind(placebo = c(189, 10845), aspirin = c(104, 10933))
#' association_test(table)
#' odds_ratio(table)
#' risk_ratio(table)
#' @export
association_test <- function(table) {
  table <- check_table(table)
  note <- NULL
  empty <- c(sum(rowSums(table) == 0), sum(colSums(table) == 0))
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (any(empty > 0)) note <- "rows or columns without a case left out"
  if (any(dim(table) < 2L)) {
    return(test_row("none", NA, NA, NA, c(note, "fewer than two rows or columns with cases")))
  }
  if (any(table != floor(table))) {
    return(test_row("none", NA, NA, NA, c(note, "weighted counts that are not whole")))
  }
  expected <- outer(rowSums(table), colSums(table)) / sum(table)
  if (mean(expected < 5) <= 0.2 && all(expected >= 1)) return(pearson_test(table, note))
  small_test(table, note)
}

pearson_test <- function(table, note) {
  test <- suppressWarnings(stats::chisq.test(table, correct = FALSE))
  test_row("Pearson chi-squared", test$statistic, test$parameter, test$p.value, note)
}

test_row <- function(method, statistic, df, p_value, note) {
  data.frame(method = method, statistic = as.double(statistic), df = as.double(df),
    p_value = as.double(p_value), note = paste(c(note, character()), collapse = "; "),
    row.names = NULL)
}

# Whether Fisher's test of stats may be asked. Where the keys or the stack of its network
# overflow, it stops and leaves a state behind with which a later call ends R.
exact_fits <- function(table) {
  if (length(table) == 4L) return(max(table) < 2^31 && min(rowSums(table), colSums(table)) <= 1e5)
  short <- min(dim(table))
  most <- if (short <= 3L) 60L else 30L
  sum(table) <= 1000 && length(table) <= most &&
    (max(rowSums(table), colSums(table)) + 1)^short < 2^31
}

# Fisher's test unless its network outgrows the memory that it may use.
small_test <- function(table, note) {
  exact <- if (exact_fits(table)) {
    tryCatch(stats::fisher.test(table, conf.int = FALSE)$p.value, error = function(e) NULL)
  }
  if (!is.null(exact)) {
    return(test_row("Fisher exact", NA, NA, exact, c(note, "small expected counts")))
  }
  if (sum(table) > 1e7) {
    return(pearson_test(table, c(note, "small expected counts; too many cases to simulate")))
  }
  test <- with_seed(1L, stats::chisq.test(table, simulate.p.value = TRUE, B = 9999L))
  test_row("Monte Carlo chi-squared", test$statistic, NA, test$p.value,
    c(note, "small expected counts; 9999 simulated tables"))
}

# The value of an expression under a seed, the user's random numbers left as they were.
with_seed <- function(seed, expression) {
  home <- globalenv()
  old <- get0(".Random.seed", envir = home, inherits = FALSE)
  kind <- RNGkind()
  on.exit({
    RNGkind(kind[1L], kind[2L], kind[3L])
    if (is.null(old)) {
      rm(".Random.seed", envir = home)
    } else {
      assign(".Random.seed", old, envir = home)
    }
  })
  set.seed(seed, kind = "Mersenne-Twister", normal.kind = "Inversion",
    sample.kind = "Rejection")
  expression
}

# A matrix of counts, from a matrix, a table or a cross-tabulation.
check_table <- function(table, size = NULL, depth = 2L) {
  need_argument(table, "table")
  if (inherits(table, "crosstab")) table <- known_table(table)
  if (is.data.frame(table)) table <- as.matrix(check_data(table, "table"))
  count <- function(x) is.finite(x) & x >= 0
  shaped <- is.numeric(table) && length(dim(table)) == depth
  if (!shaped || !all(count(table))) {
    stop_argument("`table` must be a ", if (depth == 2L) "matrix" else "2 x 2 x K table",
      " of counts of at least 0, not ",
      if (shaped) describe_fault(table, count) else describe_shape(table), ".")
  }
  if (!is.null(size) && !all(dim(table)[1:2] == size)) {
    stop_argument("`table` must have ", size[1L], " rows and ", size[2L], " columns, not ",
      nrow(table), " and ", ncol(table), ".")
  }
  table <- unclass(table)
  storage.mode(table) <- "double"
  table
}

describe_shape <- function(x) {
  if (is.null(dim(x)) || is.data.frame(x)) describe(x) else
    paste("an array of", paste(dim(x), collapse = " x "))
}

# The counts of the levels of a cross-tabulation: margins, subtotals, nets and what is
# missing left out.
known_table <- function(x, row_block = 1L, column_block = 1L, strata = NULL) {
  check_crosstab(x, "table")
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  use <- list(known_entries(x$columns, column_block), known_entries(x$rows, row_block),
    if (is.null(strata)) known_entries(x$strata, 1L) else strata)
  values <- array(x$cells$n, n)[use[[1L]], use[[2L]], use[[3L]], drop = FALSE]
  values <- aperm(values, c(2L, 1L, 3L))
  dimnames(values) <- list(x$rows$label[use[[2L]]], x$columns$label[use[[1L]]],
    x$strata$label[use[[3L]]])
  if (dim(values)[3L] == 1L) {
    return(array(values, dim(values)[1:2], dimnames(values)[1:2]))
  }
  values
}

known_entries <- function(entries, block) {
  lacking <- entries$kind == "missing"
  repeat {
    more <- entries$parent %in% which(lacking) & !lacking
    if (!any(more)) break
    lacking <- lacking | more
  }
  which(entries$kind == "level" & entries$block == block & !lacking &
    !seq_len(nrow(entries)) %in% entries$parent)
}

#' @rdname association_test
#' @export
cramers_v <- function(table) {
  table <- check_table(table)
  table <- table[rowSums(table) > 0, colSums(table) > 0, drop = FALSE]
  if (any(dim(table) < 2L)) return(NA_real_)
  expected <- outer(rowSums(table), colSums(table)) / sum(table)
  sqrt(sum((table - expected)^2 / expected) / (sum(table) * (min(dim(table)) - 1)))
}

#' @rdname association_test
#' @export
odds_ratio <- function(table, conf_level = 0.95) {
  table <- check_table(table, c(2L, 2L))
  conf_level <- check_conf_level(conf_level)
  estimate <- table[1L, 1L] * table[2L, 2L] / (table[1L, 2L] * table[2L, 1L])
  ratio_limits(estimate, sqrt(sum(1 / table)), conf_level)
}

#' @rdname association_test
#' @export
risk_ratio <- function(table, conf_level = 0.95) {
  table <- check_table(table, c(2L, 2L))
  conf_level <- check_conf_level(conf_level)
  total <- rowSums(table)
  risk <- table[, 1L] / total
  se <- sqrt(sum(1 / table[, 1L] - 1 / total))
  ratio_limits(unname(risk[1L] / risk[2L]), se, conf_level)
}

ratio_limits <- function(estimate, se, conf_level) {
  z <- stats::qnorm((1 + conf_level) / 2)
  if (is.nan(estimate)) estimate <- NA_real_
  if (!is.finite(se) || is.na(estimate) || estimate == 0 || !is.finite(estimate)) se <- NA_real_
  data.frame(estimate = estimate, lower = estimate * exp(-z * se),
    upper = estimate * exp(z * se))
}

#' @rdname association_test
#' @export
trend_test <- function(n, base, scores = seq_along(n)) {
  pairs <- check_proportion(n, base, "n", "base")
  if (!is.numeric(scores) || length(scores) != length(pairs$n) || anyNA(scores)) {
    stop_argument("`scores` must be a number for each group, not ", describe(scores), ".")
  }
  use <- pairs$base > 0
  share <- sum(pairs$n) / sum(pairs$base)
  if (sum(use) < 2L || !is.finite(share) || share %in% c(0, 1)) {
    return(data.frame(statistic = NA_real_, df = 1, p_value = NA_real_))
  }
  test <- suppressWarnings(stats::prop.trend.test(pairs$n[use], pairs$base[use], scores[use]))
  data.frame(statistic = unname(test$statistic), df = 1, p_value = unname(test$p.value))
}

#' @rdname association_test
#' @export
goodman_kruskal_gamma <- function(table, conf_level = 0.95) {
  table <- check_table(table)
  conf_level <- check_conf_level(conf_level)
  pairs <- pair_counts(table)
  concordant <- sum(table * pairs$concordant)
  discordant <- sum(table * pairs$discordant)
  estimate <- (concordant - discordant) / (concordant + discordant)
  if (is.nan(estimate)) estimate <- NA_real_
  weight <- discordant * pairs$concordant - concordant * pairs$discordant
  se <- 4 / (concordant + discordant)^2 * sqrt(sum(table * weight^2))
  z <- stats::qnorm((1 + conf_level) / 2)
  data.frame(estimate = estimate, se = if (is.na(estimate)) NA_real_ else se,
    lower = max(-1, estimate - z * se), upper = min(1, estimate + z * se))
}

# For each cell the cases in cells that are concordant (below and right, above and left)
# and discordant with it.
pair_counts <- function(table) {
  r <- nrow(table)
  c <- ncol(table)
  # `upto` holds in row i + 1, column j + 1 the cases of rows 1..i in columns 1..j.
  upto <- matrix(0, r + 1L, c + 1L)
  upto[-1L, -1L] <- table
  for (i in seq_len(r)) upto[i + 1L, ] <- upto[i + 1L, ] + upto[i, ]
  for (j in seq_len(c)) upto[, j + 1L] <- upto[, j + 1L] + upto[, j]
  above_left <- upto[seq_len(r), seq_len(c), drop = FALSE]
  here_left <- upto[-1L, seq_len(c), drop = FALSE]
  above_here <- upto[seq_len(r), -1L, drop = FALSE]
  here <- upto[-1L, -1L, drop = FALSE]
  row <- upto[-1L, c + 1L]
  column <- rep(upto[r + 1L, -1L], each = r)
  list(
    concordant = above_left + sum(table) - row - column + here,
    discordant = upto[seq_len(r), c + 1L] - above_here + rep(upto[r + 1L, seq_len(c)], each = r) -
      here_left
  )
}

#' @rdname association_test
#' @export
mantel_haenszel <- function(table, conf_level = 0.95) {
  table <- check_table(table, c(2L, 2L), depth = 3L)
  conf_level <- check_conf_level(conf_level)
  table <- table[, , apply(table, 3L, sum) > 1, drop = FALSE]
  none <- data.frame(estimate = NA_real_, lower = NA_real_, upper = NA_real_,
    statistic = NA_real_, df = 1, p_value = NA_real_)
  if (!dim(table)[3L] || any(apply(table, 1L, sum) == 0) || any(apply(table, 2L, sum) == 0)) {
    return(none)
  }
  if (dim(table)[3L] == 1L) {
    table <- array(c(table, rep(0, 4L)), c(2L, 2L, 2L))
    return(one_stratum(table[, , 1L], conf_level, none))
  }
  test <- tryCatch(stats::mantelhaen.test(table, correct = FALSE, conf.level = conf_level),
    error = function(e) NULL)
  if (is.null(test)) return(none)
  limits <- ifelse(is.nan(test$conf.int), NA_real_, test$conf.int)
  data.frame(estimate = unname(test$estimate), lower = limits[1L],
    upper = limits[2L], statistic = unname(test$statistic), df = 1,
    p_value = test$p.value)
}

one_stratum <- function(table, conf_level, none) {
  ratio <- odds_ratio(table, conf_level)
  n <- sum(table)
  variance <- prod(rowSums(table), colSums(table)) / (n^2 * (n - 1))
  statistic <- (table[1L, 1L] - sum(table[1L, ]) * sum(table[, 1L]) / n)^2 / variance
  none[c("estimate", "lower", "upper")] <- ratio
  none$statistic <- statistic
  none$p_value <- stats::pchisq(statistic, 1, lower.tail = FALSE)
  none
}
