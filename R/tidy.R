# Results for those who work with the generics of broom.

#' Tidy and glance
#'
#' Methods for `tidy()` and `glance()` of the package generics (broom and others pass them
#' on). `tidy()` of a [crosstab()] gives its cells with the columns `row_kind`,
#' `column_kind` and `stratum_kind` in addition; of an [agreement()], its rows under the
#' names that broom uses. `glance()` gives one row about the whole.
#'
#' @param x A [crosstab()], [agreement()] or [score_risk()] result.
#' @param ... Not used.
#' @return A tibble where that package is installed, else a data frame. `glance()` of a
#'   crosstab: `n` (`NA` where it is hidden or not in the table), `rows`, `columns`,
#'   `strata`, `hidden` (cells without a count), and of the test of the whole table
#'   `method`, `statistic`, `df`, `p.value` and `cramers_v` (`NA` where `summary()` gives
#'   none, and for stacked blocks or strata). Of an agreement: `cases`, `coders`, `items`,
#'   `conf.level`. Of risk scores: the row that `summary()` gives.
#' @name tidy
#' @examples
#' cases <- data.frame(law = c("public", "private", "public"), fatal = c("yes", "no", "no"))
#' if (requireNamespace("generics", quietly = TRUE)) {
#'   generics::tidy(crosstab(cases, law ~ fatal))
#' }
NULL

as_tidy <- function(x) {
  if (requireNamespace("tibble", quietly = TRUE)) tibble::as_tibble(x) else x
}

#' @rdname tidy
#' @exportS3Method generics::tidy
tidy.crosstab <- function(x, ...) as_tidy(as.data.frame(x, kind = TRUE))

#' @rdname tidy
#' @exportS3Method generics::tidy
tidy.agreement <- function(x, ...) {
  rows <- as.data.frame(x)
  to <- c(se = "std.error", lower = "conf.low", upper = "conf.high")
  at <- match(names(to), names(rows), nomatch = 0L)
  names(rows)[at] <- to[at > 0L]
  as_tidy(rows)
}

#' @rdname tidy
#' @exportS3Method generics::glance
glance.crosstab <- function(x, ...) {
  tests <- as.data.frame(summary(x))
  one <- length(unique(paste(tests$rows, tests$columns, tests$stratum))) == 1L
  test <- tests[tests$measure != "Cramer's V", , drop = FALSE][1L, ]
  told <- one && !is.na(test$p_value)
  v <- tests$estimate[tests$measure == "Cramer's V"]
  as_tidy(data.frame(
    n = whole_count(x), rows = nrow(x$rows), columns = nrow(x$columns),
    strata = nrow(x$strata), hidden = sum(is.na(x$cells$n)),
    method = if (told) test$measure else NA_character_,
    statistic = if (told) test$statistic else NA_real_, df = if (told) test$df else NA_real_,
    p.value = if (told) test$p_value else NA_real_,
    cramers_v = if (told && length(v)) v[1L] else NA_real_
  ))
}

#' @rdname tidy
#' @exportS3Method generics::glance
glance.agreement <- function(x, ...) {
  one <- function(name) {
    value <- attr(x, name)
    if (length(value) == 1L) value else NA
  }
  as_tidy(data.frame(cases = one("cases"), coders = one("coders"),
    items = length(unique(x$item)), conf.level = one("conf_level")))
}

#' @rdname tidy
#' @exportS3Method generics::glance
glance.risk_scores <- function(x, ...) {
  row <- as.data.frame(summary(x))
  class(row) <- "data.frame"
  as_tidy(row[names(row) != "group"])
}
