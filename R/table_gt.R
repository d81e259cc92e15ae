# Tables for the package gt.

#' A table for the package gt
#'
#' Makes a `gt::gt()` table: levels of the columns under spanners, nested rows indented,
#' totals bold, the notes under the table. From there it is styled with gt.
#'
#' @param x A [crosstab()] or a data frame.
#' @param caption The caption, one text.
#' @param ... Passed on to `gt::gt()`.
#' @return A `gt_tbl`. Needs the package gt (0.9.0 or later).
#' @section Errors: Of class `casereview_error_package` where gt is not installed.
#' @examples
#' if (nzchar(system.file(package = "gt"))) {
#'   cases <- data.frame(law = c("public", "private", "public"), fatal = c("yes", "no", "no"))
#'   as_gt(crosstab(cases, law ~ fatal), caption = "Cases by law")
#' }
#' @export
as_gt <- function(x, caption = NULL, ...) {
  need_argument(x, "x")
  caption <- check_string(caption, "caption", null = TRUE)
  x <- if (inherits(x, "crosstab")) x else check_data(x, "x")
  need_package("gt", "make a gt table")
  layout <- table_layout(x)
  frame <- as.data.frame(layout_cells(layout))
  names(frame) <- paste0("c", seq_along(frame))
  table <- gt_call("gt", frame, rowname_col = "c1", caption = caption, ...)
  if (nzchar(layout$stub_head)) table <- gt_call("tab_stubhead", table, layout$stub_head)
  table <- gt_columns(table, layout)
  table <- gt_rows(table, layout)
  for (note in layout$notes) table <- gt_call("tab_source_note", table, note)
  table
}

# Labels of the columns, with a row of spanners for each header row above them.
gt_columns <- function(table, layout) {
  n_head <- length(layout$header)
  n <- ncol(layout$body)
  if (!n) return(table)
  columns <- paste0("c", seq_len(n) + 1L)
  labels <- as.list(layout$header[[n_head]]$label)
  table <- gt_call("cols_label", table, .list = stats::setNames(labels, columns))
  for (i in rev(seq_len(n_head - 1L))) {
    row <- layout$header[[i]]
    for (k in which(nzchar(row$label))) {
      table <- gt_call("tab_spanner", table, row$label[k], columns = columns[row$from[k]:row$to[k]],
        level = n_head - i, id = paste0("s", i, ".", k))
    }
  }
  table <- gt_call("cols_align", table, "right", columns = columns[!layout$left])
  gt_call("cols_align", table, "left", columns = columns[layout$left])
}

gt_rows <- function(table, layout) {
  for (depth in setdiff(layout$depth, 0L)) {
    table <- gt_call("tab_stub_indent", table, rows = which(layout$depth == depth),
      indent = min(2L * depth, 5L))
  }
  strong <- which(layout$kind %in% c("total", "subtotal", "stratum"))
  if (!length(strong)) return(table)
  gt_call("tab_style", table, gt_call("cell_text", weight = "bold"),
    list(gt_call("cells_stub", rows = strong), gt_call("cells_body", rows = strong)))
}

# gt is found by name and not among the Suggests: it asks for an engine of JavaScript that
# few machines have, and a check of the package would stop where it cannot be installed.
gt_call <- function(name, ...) getExportedValue("gt", name)(...)
