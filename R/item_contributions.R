#' What each item adds to the score
#'
#' @inheritParams score_risk
#' @param by Names of grouping columns of `data` (or a one-sided formula); all cases
#'   together by default.
#' @param ... `unknown`, `min_rated`, `weights`, `direction`, `cap`, `groups` and `scores`,
#'   as in [score_risk()].
#' @return A data frame of class `item_contributions`: a column for each of `by`, `item` (or
#'   the name of the group of items that counts once), `n` (cases with a score), `total`
#'   (what the item added to their scores), `mean` (`total / n`) and `share` (of the
#'   group's total, `NA` where that is 0). The means of a group add up to its mean score.
#'   A prorated score is shared in proportion to what was rated; what a cap
#'   on the total takes off, or what holds a prorated total within `score_min` and
#'   `score_max`, is not shared out: there the means are those before it.
#' @examples
#' book <- codebook(data.frame(variable = c("a", "b"), type = "rating", min = "0", max = "3"))
#' cases <- data.frame(a = c(0, 1, 3, 2), b = c(1, NA, 3, 0), law = c("x", "x", "y", "y"))
#' item_contributions(cases, book, by = "law")
#' @export
item_contributions <- function(data, codebook, by = NULL, items = NULL, ...) {
  input <- option_input(data, codebook, items, NULL, ...)
  taken <- c("item", "n", "total", "mean", "share")
  groups <- case_groups(check_data(data), codebook, by, taken)
  cases <- score_cases(input)
  warn_unknown_values(unknown_values(input, cases$n_none))
  grid <- group_grid(groups)
  at <- group_cell(groups, input$n)
  scored <- !is.na(cases$score)
  n <- tabulate(at[scored], nrow(grid))
  factor <- proration(input, cases$n_unknown > 0L)
  totals <- vapply(input$units, function(unit) {
    known <- unit_worths(input, unit, 1L)
    group_sums((known * factor)[scored], at[scored], nrow(grid))
  }, double(nrow(grid)))
  if (isTRUE(input$divisor > 0)) totals <- totals / input$divisor
  contribution_rows(grid, names(input$units), n, matrix(totals, nrow(grid)))
}

# A row of the table of a unit's worths, case by case.
unit_worths <- function(input, unit, row) {
  code <- if (is.null(unit$n_none)) item_codes(input$scales[[unit$items]]) else unit$cells
  code[is.na(code)] <- 0L
  matrix(tenths_table(unit$table, input$divisor), 6L)[row, code + 1L]
}

# By what the rated are multiplied to make the total of each case, where some are `open`.
proration <- function(input, open) {
  factor <- rep_len(1, input$n)
  if (input$options$unknown != "prorate") return(factor)
  sums <- function(row) {
    Reduce(`+`, lapply(input$units, unit_worths, input = input, row = row), double(input$n))
  }
  factor[open] <- (sums(4L) / sums(5L))[open]
  factor
}

contribution_rows <- function(grid, items, n, totals) {
  row <- rep(seq_len(nrow(grid)), each = length(items))
  whole <- rowSums(totals)[row]
  result <- c(
    unclass(grid[row, , drop = FALSE]),
    list(item = rep(items, nrow(grid)), n = n[row], total = as.vector(t(totals)))
  )
  result$mean <- ifelse(result$n > 0L, result$total / result$n, NA)
  result$share <- ifelse(whole != 0, result$total / whole, NA)
  attributes(result) <- list(names = names(result), row.names = .set_row_names(length(row)),
    class = c("item_contributions", "data.frame"))
  result
}

# score_input() with the options of score_risk() at their defaults unless given.
option_input <- function(data, codebook, items, bands, unknown = "zero", min_rated = 1L,
                         weights = NULL, direction = NULL, cap = NULL, groups = NULL,
                         scores = NULL) {
  score_input(data, codebook, items, unknown, min_rated, bands, weights, direction, cap,
    groups, scores)
}

# Every combination of the groups' levels, the last fastest; one row without groups.
group_grid <- function(groups) {
  if (!length(groups)) return(data.frame(row.names = 1L))
  levels <- rev(lapply(groups, function(g) factor(levels(g), levels(g))))
  grid <- expand.grid(levels, KEEP.OUT.ATTRS = FALSE, stringsAsFactors = FALSE)
  grid[rev(names(grid))]
}

# The row of the grid of each of n cases.
group_cell <- function(groups, n) {
  at <- double(n)
  for (g in groups) at <- at * nlevels(g) + as.integer(g) - 1
  at + 1
}

group_sums <- function(x, at, n) {
  sums <- double(n)
  found <- rowsum(x, at)
  sums[as.integer(rownames(found))] <- found
  sums
}

#' @export
format.item_contributions <- function(x, ...) {
  folded_lines(as.data.frame(x), match("item", names(x), nomatch = 1L), digits = 3L)
}

#' @export
print.item_contributions <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
