#' What a reader can work out of a suppressed table
#'
#' For every hidden cell the exact interval of whole counts that agree with everything that
#' is published: shown counts (or what rounds to them), totals and subtotals, zeros, linked
#' tables and the rule itself.
#'
#' @details
#' The interval's ends are maximum flows in the network of the table (Gusfield 1988): raising
#' one cell by one means lowering and raising others around a cycle. They are exact for
#' tables with one or two summing dimensions of which one may be nested, and attained: some
#' table that agrees with all that is published has the count `lower`, some the count
#' `upper`, and some each count between. Three-way, doubly nested and linked tables go by
#' linear programs whose ends are brought inwards to whole numbers; the true interval may
#' then be narrower. `attr(, "exact")` and `print()` say which it was.
#'
#' Where a case may have several codes, a group of codes, a net or the total is at least as
#' large as each code in it and at most as large as all of them together; the reader is
#' taken to know that.
#'
#' Counts that are hidden while their percent and its base stand in the table (or in a linked
#' one) are bounded by what rounds to the percent at the table's `digits`.
#'
#' A table that was not suppressed yet is read as if its sensitive cells alone were hidden:
#' what a reader could have worked out before further cells were.
#'
#' @param x A crosstab as [suppress()] returns it.
#' @param rule The rule it was suppressed by; `NULL` takes it from `x`.
#' @param linked `NULL`, or crosstabs of the same cases that the reader has as well.
#' @param marks Whether the reader can tell primary from secondary cells (which one symbol
#'   for both prevents), and so knows that a primary count is at most the threshold and a
#'   secondary one above it.
#' @return A `disclosure_risk`, a data frame with a row for each hidden cell: the variables
#'   of the formula, `lower` and `upper` (`Inf` where nothing bounds it), and `protected`: for
#'   a primary cell whether the interval holds every count from the lowest hidden one to the
#'   threshold (for a total from its lower end, since it is at least the number of its parts
#'   that are not zero), or is as wide as the rule's `width`, or as wide as that above the
#'   threshold (a cell hidden as nearly all of its group or for a difference); for a
#'   secondary one whether it has more than one value.
#' @references
#' Gusfield, D. (1988) A graph theoretic approach to statistical data security. *SIAM
#' Journal on Computing* 17, 552-571.
#'
#' Castro, J. (2007) A shortest-paths heuristic for statistical data protection in positive
#' tables. *INFORMS Journal on Computing* 19, 520-533.
#' @seealso [suppress()]
#' @examples
#' cases <- data.frame(
#'   incident = rep(c("Neglect", "Physical abuse", "Suicide"), c(24, 30, 21)),
#'   sample = rep(c("2012", "2013", "2012", "2013", "2012", "2013"), c(3, 21, 14, 16, 9, 12))
#' )
#' tab <- crosstab(cases, incident ~ sample)
#' disclosure_risk(tab, sdc_rule(threshold = 4))
#' disclosure_risk(suppress(tab, sdc_rule(threshold = 4)))
#' @export
disclosure_risk <- function(x, rule = NULL, linked = NULL, marks = FALSE) {
  check_crosstab(x, "x")
  if (is.null(rule)) rule <- x$disclosure$rule
  if (is.null(rule)) {
    stop_argument("`rule` must be given for a table that suppress() did not make.")
  }
  rule <- as_rule(rule)
  marks <- check_flag(marks, "marks")
  linked <- check_linked(linked)
  refuse_own(table_variables(x), c("lower", "upper", "protected"), "disclosure_risk()")
  status <- cell_status(x)
  if (is.null(status)) {
    status <- sensitive_status(x, rule)
    x <- note_bounds(x)
    x <- hide_cells(x, rule, status != "safe")
  }
  found <- hidden_intervals(x, status, rule, linked, marks)
  out <- cbind(x$cells[found$at, table_variables(x), drop = FALSE], found$intervals)
  rownames(out) <- NULL
  structure(out, exact = found$exact, marks = marks, rule = rule,
    class = c("disclosure_risk", "data.frame"))
}

# Of a table that was not suppressed the sensitive cells and no others.
sensitive_status <- function(x, rule) {
  check_counts(x)
  small <- x$cells$n >= lowest_sensitive(rule) & x$cells$n <= rule$threshold
  if (!rule$totals) small <- small & !margin_cells(x)
  ifelse(small, "primary", "safe")
}

hide_cells <- function(x, rule, hidden) {
  x$cells$n <- publish_counts(x, rule, hidden)
  x$cells$base[hidden] <- NA
  x$cells$percent[hidden] <- NA
  x
}

# The hidden cells `at` and the `intervals` that a reader finds for them.
hidden_intervals <- function(x, status, rule, linked, marks) {
  system <- table_system(c(list(x), linked), true = FALSE, loose = !is.null(rule$rounding))
  cell <- system$cell[[1L]]
  bounds <- published_bounds(x, system, rule, linked, if (marks) status)
  at <- which(status != "safe" & is.na(x$cells$n))
  found <- audit_system(system, bounds, cell[at])
  if (is.null(found)) {
    stop_argument("`x` holds numbers that no table has: its shown counts and totals do not ",
      "agree with each other under this rule.")
  }
  out <- data.frame(lower = found[, 1L], upper = found[, 2L])
  out$protected <- is_protected(out, status[at], margin_cells(x)[at], rule)
  list(at = at, intervals = out, exact = system$network && !gap_in_zero(rule))
}

# A sensitive count must stay possible from the lowest hidden one (a total from the number
# of its parts, which its lower end tells) to the threshold, or in as wide an interval as
# asked; so must one that is hidden as all of its group or for a difference.
is_protected <- function(risk, status, total, rule) {
  wide <- risk$upper - risk$lower
  enough <- wide >= asked_width(rule)
  if (is.null(rule$width)) {
    full <- (risk$lower <= lowest_hidden(rule) | total) & risk$upper >= highest_asked(rule)
    enough <- full | (enough & (risk$lower > rule$threshold | !is.null(rule$dominance)))
  }
  wide > 0 & (enough | status != "primary")
}

# Lower and upper bound of every variable from what x and the linked tables print of it;
# `marks` is the status of the cells of x where the reader can tell it.
published_bounds <- function(x, system, rule, linked, marks) {
  m <- length(system$n)
  lo <- rep(0, m)
  hi <- rep(Inf, m)
  tighten <- function(cell, low, high) {
    lo[cell] <<- pmax(lo[cell], low)
    hi[cell] <<- pmin(hi[cell], high)
  }
  tables <- c(list(x), linked)
  for (t in seq_along(tables)) {
    own <- if (t == 1L) rule else c(list(tables[[t]]$disclosure$rule), list(NULL))[[1L]]
    b <- table_bounds(tables[[t]], own, if (t == 1L) marks)
    tighten(system$cell[[t]], b[, 1L], b[, 2L])
  }
  cbind(lo, pmax(lo, hi))
}

table_bounds <- function(x, rule, marks) {
  n <- as.double(x$cells$n)
  out <- cbind(ifelse(is.na(n), 0, n), ifelse(is.na(n), Inf, n))
  told <- percent_bounds(x)
  if (is.null(rule)) return(narrower(out, told))
  hidden <- is.na(n)
  out[hidden, ] <- rep(hidden_bounds(rule, isTRUE(x$disclosure$linked > 0L)),
    each = sum(hidden))
  if (!is.null(rule$rounding)) {
    margin <- margin_cells(x)
    open <- margin & !rule$totals & is.null(x$disclosure)
    out[!hidden, ] <- shown_bounds(n[!hidden], rule, open[!hidden])
    if (rule$round_totals == "summed") {
      margin <- margin & !hidden
      out[margin, ] <- rep(c(0, Inf), each = sum(margin))
    }
  }
  if (!is.null(marks)) {
    out[hidden & marks == "primary", 2L] <- rule$threshold
    beyond <- hidden & marks == "secondary" & rule$zeros == "shown"
    out[beyond, 1L] <- rule$threshold + 1
  }
  narrower(out, told)
}

# A count that is not printed but stands as a percent of a base that is: what rounds to it.
percent_bounds <- function(x) {
  out <- cbind(rep(0, nrow(x$cells)), Inf)
  base <- x$cells$base
  percent <- x$cells$percent
  told <- which(is.na(x$cells$n) & !is.na(base) & !is.na(percent))
  if (!length(told) || !is.null(x$disclosure$rule$rounding)) return(out)
  digits <- max(x$spec$digits, 0L)
  rounded <- all(abs(percent[told] - round(percent[told], digits)) < 1e-9)
  half <- if (rounded) 0.5 * 10^-digits else 0
  out[told, 1L] <- ceiling((percent[told] - half) * base[told] / 100 - 1e-7)
  out[told, 2L] <- floor((percent[told] + half) * base[told] / 100 + 1e-7)
  out[, 1L] <- pmax(out[, 1L], 0)
  out
}

narrower <- function(a, b) cbind(pmax(a[, 1L], b[, 1L]), pmin(a[, 2L], b[, 2L]))

#' @export
format.disclosure_risk <- function(x, ...) {
  if (!all(c("lower", "upper", "protected") %in% names(x))) return(NextMethod())
  n <- nrow(x)
  how <- if (isTRUE(attr(x, "exact"))) "exact" else
    "by linear programs; the true intervals may be narrower"
  if (n == 0L) return("No hidden cells.")
  open <- sum(!x$protected)
  c(
    paste0(n, " hidden ", if (n == 1L) "cell" else "cells", ", intervals ", how, "."),
    paste0("Not protected: ", if (open == 0L) "none" else open, "."),
    if (isTRUE(attr(x, "marks"))) "The reader is taken to tell primary from secondary cells."
  )
}

#' @export
print.disclosure_risk <- function(x, ...) {
  if (!all(c("lower", "upper", "protected") %in% names(x))) return(NextMethod())
  writeLines(format(x))
  if (nrow(x)) {
    rows <- x
    class(rows) <- "data.frame"
    print(rows, row.names = FALSE, ...)
  }
  invisible(x)
}

#' A release note for the data owner
#'
#' What was done to a table before it leaves, in the words that an output checker asks for:
#' the rule, how many cells were hidden and why, what reader was assumed, and what that
#' reader can still work out.
#'
#' @param x A crosstab as [suppress()] returns it, or a named list of them.
#' @return A `release_note`: a list with `rule`, `cells`, `primary`, `secondary`, `narrowest`
#'   (the least width of a primary cell's interval), `recoverable` (hidden cells with one
#'   possible value), `unprotected`, `exact`, `optimal`, or a list of such. `format()` gives
#'   the lines, `print()` writes them.
#' @seealso [suppress()], [disclosure_risk()]
#' @examples
#' cases <- data.frame(
#'   incident = rep(c("Neglect", "Physical abuse", "Suicide"), c(24, 30, 21)),
#'   sample = rep(c("2012", "2013", "2012", "2013", "2012", "2013"), c(3, 21, 14, 16, 9, 12))
#' )
#' release_note(suppress(crosstab(cases, incident ~ sample), 4))
#' @export
release_note <- function(x) {
  need_argument(x, "x")
  if (is.list(x) && !is.object(x) && length(x)) {
    return(structure(lapply(x, release_note), class = "release_note"))
  }
  status <- if (inherits(x, "crosstab")) cell_status(check_crosstab(x, "x"))
  if (is.null(status) || is.null(x$disclosure)) {
    stop_argument("`x` must be a table as suppress() returns it, not ", describe(x), ".")
  }
  rule <- as_rule(x$disclosure$rule)
  risk <- hidden_intervals(x, status, rule, list(), FALSE)$intervals
  primary <- status[status != "safe"] == "primary"
  width <- risk$upper - risk$lower
  structure(list(
    rule = rule, cells = length(status), primary = sum(status == "primary"),
    secondary = sum(status == "secondary"),
    narrowest = if (any(primary)) min(width[primary]) else NA_real_,
    recoverable = sum(width == 0), unprotected = sum(!risk$protected),
    exact = x$disclosure$exact, optimal = x$disclosure$optimal,
    linked = x$disclosure$linked
  ), class = "release_note")
}

#' @export
format.release_note <- function(x, ...) {
  if (!inherits(x$rule, "sdc_rule")) {
    name <- if (is.null(names(x))) paste("Table", seq_along(x)) else names(x)
    return(unlist(Map(function(note, name) c(name, format(note), ""), unclass(x), name),
      use.names = FALSE))
  }
  rule <- x$rule
  lowest <- lowest_hidden(rule)
  c(
    "Release note",
    paste0("Rule: ", paste(format(rule), collapse = " ")),
    paste0("Cells: ", x$cells, ", hidden as sensitive ", x$primary, ", hidden to protect them ",
      x$secondary, if (x$secondary > 0L && isTRUE(x$optimal)) " (proved the cheapest pattern)",
      "."),
    paste0("Reader assumed: knows all that is shown, that counts are whole and not negative",
      if (lowest == 1L) ", that zeros are shown so that hidden counts are 1 or more",
      ", that parts add up, and the rule; cannot tell the two kinds of hidden cell apart",
      if (x$linked > 0L) paste0("; has ", x$linked, " linked ",
        if (x$linked == 1L) "table" else "tables", " too"), "."),
    paste0("Narrowest interval of a sensitive cell: ",
      if (is.na(x$narrowest)) "no cell is hidden as such" else if (x$narrowest == Inf)
        "without an upper end" else paste(x$narrowest, "wide"), " (",
      if (isTRUE(x$exact)) "exact" else "by linear programs", ")."),
    paste0("Cells recoverable: ", if (x$recoverable == 0L) "none" else x$recoverable, ".")
  )
}

#' @export
print.release_note <- function(x, ...) {
  writeLines(strwrap(format(x), width = 80L, exdent = 2L))
  invisible(x)
}
