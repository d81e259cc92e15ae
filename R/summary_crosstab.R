#' Tests and measures of a table
#'
#' For each pair of blocks and each stratum: a test of association (see
#' [association_test()]) and Cramer's V; for 2 x 2 tables the odds ratio, the risk ratio and
#' the difference of the two percents; the Cochran-Armitage trend where the rows are ordered
#' and there are two columns, or the columns are and there are two rows; Goodman and
#' Kruskal's gamma where both are ordered; over strata of 2 x 2 tables the Mantel-Haenszel
#' odds ratio. Sums of probability weights are no counts and are not tested. Margins, nets
#' and what is missing take no part, and the notes say so.
#'
#' @param object A `crosstab`.
#' @param conf_level The level of confidence.
#' @param x A `summary.crosstab`.
#' @param ... Not used.
#' @return A `summary.crosstab`: a data frame with a row a test or measure: `rows`,
#'   `columns`, `stratum`, `measure`, `estimate`, `lower`, `upper`, `statistic`, `df`,
#'   `p_value`, `note`.
#' @examples
#' d <- data.frame(law = rep(c("public", "private"), each = 12),
#'   fatal = rep(c("yes", "no"), c(7, 17)))
#' summary(crosstab(d, law ~ fatal))
#' @export
summary.crosstab <- function(object, conf_level = 0.95, ...) {
  check_crosstab(object, "object")
  conf_level <- check_conf_level(conf_level)
  blocks <- object$spec$axes
  out <- list()
  hidden <- anyNA(object$cells$n)
  for (r in seq_along(blocks$rows)) for (c in seq_along(blocks$columns)) {
    out <- c(out, block_summary(object, r, c, conf_level))
  }
  frame <- if (length(out)) do.call(rbind, out) else measure_row("", "", "", "none",
    note = if (hidden) "cells are suppressed" else "one variable: no association to test")
  rownames(frame) <- NULL
  structure(frame, class = c("summary.crosstab", "data.frame"),
    unit = object$spec$unit, missing = any(object$rows$kind == "missing",
      object$columns$kind == "missing"))
}

block_summary <- function(x, r, c, conf_level) {
  rows <- with_block_name(x, "rows", r, paste(x$spec$axes$rows[[r]], collapse = "/"))
  columns <- with_block_name(x, "columns", c,
    paste(x$spec$axes$columns[[c]], collapse = "/"))
  several <- intersect(c(x$spec$axes$rows[[r]], x$spec$axes$columns[[c]]), x$notes$multicode)
  if (length(several)) {
    return(list(measure_row(rows, columns, "", "none",
      note = paste0("a case may count under several levels of ", several[1L]))))
  }
  if (identical(x$notes$weight_kind, "probability")) {
    return(list(measure_row(rows, columns, "", "none",
      note = "the counts are sums of probability weights")))
  }
  strata <- which(x$strata$kind %in% c("level", "total"))
  ordered <- c(last(x$spec$axes$rows[[r]]) %in% x$notes$ordered,
    last(x$spec$axes$columns[[c]]) %in% x$notes$ordered)
  out <- lapply(strata, function(s) {
    label <- if (has_axis(x, "strata")) entry_paths(x, "strata")[s] else ""
    table <- known_table(x, r, c, s)
    if (anyNA(table)) {
      return(measure_row(rows, columns, label, "none", note = "cells are suppressed"))
    }
    table_summary(table, rows, columns, label, ordered, conf_level)
  })
  pooled <- known_table(x, r, c)
  if (length(dim(pooled)) == 3L && all(dim(pooled)[1:2] == 2L) && !anyNA(pooled)) {
    test <- mantel_haenszel(pooled, conf_level)
    out <- c(out, list(measure_row(rows, columns, "all strata", "Mantel-Haenszel odds ratio",
      test$estimate, test$lower, test$upper, test$statistic, test$df, test$p_value)))
  }
  out
}

last <- function(x) x[length(x)]

measure_row <- function(rows, columns, stratum, measure, estimate = NA_real_,
                        lower = NA_real_, upper = NA_real_, statistic = NA_real_,
                        df = NA_real_, p_value = NA_real_, note = "") {
  data.frame(rows, columns, stratum, measure, estimate, lower, upper, statistic, df,
    p_value, note)
}

table_summary <- function(table, rows, columns, label, ordered, conf_level) {
  add <- function(...) measure_row(rows, columns, label, ...)
  test <- association_test(table)
  out <- list(add(test$method, statistic = test$statistic, df = test$df,
    p_value = test$p_value, note = test$note))
  if (test$method == "none") return(out[[1L]])
  out <- c(out, list(add("Cramer's V", cramers_v(table))))
  if (all(dim(table) == 2L)) {
    difference <- proportion_difference(table[1L, 1L], sum(table[1L, ]), table[2L, 1L],
      sum(table[2L, ]), conf_level)
    parts <- list("odds ratio" = odds_ratio(table, conf_level),
      "risk ratio" = risk_ratio(table, conf_level), "difference of proportions" = difference)
    out <- c(out, Map(function(name, p) add(name, p$estimate, p$lower, p$upper), names(parts),
      parts))
  }
  add_trend <- function(table, note) {
    trend <- trend_test(table[, 1L], rowSums(table))
    list(add("Cochran-Armitage trend", statistic = trend$statistic, df = 1,
      p_value = trend$p_value, note = note))
  }
  if (ordered[1L] && ncol(table) == 2L && nrow(table) > 2L) {
    out <- c(out, add_trend(table, "scores 1, 2, ..."))
  }
  if (ordered[2L] && nrow(table) == 2L && ncol(table) > 2L) {
    out <- c(out, add_trend(t(table), "scores 1, 2, ... of the columns"))
  }
  if (all(ordered)) {
    gamma <- goodman_kruskal_gamma(table, conf_level)
    out <- c(out, list(add("Goodman-Kruskal gamma", gamma$estimate, gamma$lower, gamma$upper)))
  }
  do.call(rbind, unname(out))
}

#' @rdname summary.crosstab
#' @export
print.summary.crosstab <- function(x, ...) {
  if (!all(names(measure_row("", "", "", "")) %in% names(x))) {
    print(as.data.frame(unclass(x)), row.names = FALSE)
    return(invisible(x))
  }
  for (key in unique(paste(x$rows, x$columns, x$stratum, sep = "\r"))) {
    part <- x[paste(x$rows, x$columns, x$stratum, sep = "\r") == key, ]
    heading <- paste0(part$rows[1L], " by ", part$columns[1L],
      if (nzchar(part$stratum[1L])) paste0(", ", part$stratum[1L]))
    if (nzchar(part$rows[1L])) writeLines(heading)
    writeLines(paste0("  ", summary_lines(part)))
  }
  if (isTRUE(attr(x, "missing"))) {
    writeLines("What is missing takes no part in the tests.")
  }
  invisible(x)
}

summary_lines <- function(part) {
  number <- function(v) formatC(ifelse(abs(v) < 1e-9, 0, v), digits = 3L, format = "fg", flag = "#")
  trim <- function(v) sub("\\.$", "", number(v))
  value <- ifelse(is.na(part$estimate), "", paste0(" ", trim(part$estimate)))
  limits <- ifelse(is.na(part$lower), "", paste0(" (", trim(part$lower), " to ",
    trim(part$upper), ")"))
  statistic <- ifelse(is.na(part$statistic), "", paste0(" ", trim(part$statistic),
    ifelse(is.na(part$df), "", paste0(" on ", part$df, " df"))))
  p <- ifelse(is.na(part$p_value), "", ifelse(part$p_value < 0.001, ", p < 0.001",
    paste0(", p = ", formatC(part$p_value, digits = 3L, format = "f"))))
  note <- ifelse(nzchar(part$note), paste0(" (", part$note, ")"), "")
  label <- sub("^none$", "No test", part$measure)
  paste0(label, ifelse(nzchar(paste0(value, statistic, p)), ":", ""), value, limits,
    ifelse(nzchar(value) & nzchar(statistic), ", statistic", ""), statistic,
    ifelse(nzchar(paste0(value, statistic)), p, sub("^,", "", p)), note)
}
