#' Plot a cross-tabulation
#'
#' Bars (grouped by column), stacked bars (one a row) or a mosaic of the levels, without
#' margins, subtotals and nets.
#'
#' @param x A `crosstab` without strata, or one of its strata (`x[, , "2012"]`).
#' @param type `"bars"`, `"stacked"` or `"mosaic"`.
#' @param statistic What the bars show: `"n"`, `"percent"` or a statistic of the table.
#' @param col Colours of the columns; greys unless given.
#' @param legend Whether to draw the legend of the columns.
#' @param ... Further arguments of [graphics::barplot()] or [graphics::mosaicplot()].
#' @return `x`, invisibly.
#' @examples
#' plot(crosstab(data.frame(a = c("x", "y", "x"), b = c("u", "u", "v")), a ~ b))
#' @export
plot.crosstab <- function(x, type = "bars", statistic = "n", col = NULL, legend = TRUE, ...) {
  type <- check_choice(type, "type", c("bars", "stacked", "mosaic"))
  if (nrow(x$strata) > 1L) {
    x <- x[, , which(x$strata$kind == "total")[1L]]
    if (is.na(x$strata$label[1L])) stop_argument("`x` has strata; plot one of them, x[, , 1].")
  }
  m <- plot_matrix(x, statistic)
  if (!length(m)) stop_argument("`x` has no cells to plot.")
  if (is.null(col)) col <- grDevices::gray.colors(ncol(m))
  if (type == "mosaic") {
    if (all(m == 0)) stop_argument("`x` has no cases, so there is no mosaic to draw.")
    graphics::mosaicplot(as.table(m), main = "", color = col, ...)
    return(invisible(x))
  }
  one <- ncol(m) == 1L
  graphics::barplot(if (one) m[, 1L] else t(m), beside = type == "bars" && !one, col = col,
    legend.text = if (legend && !one) colnames(m), ylab = plot_label(x, statistic), ...)
  invisible(x)
}

# Levels by levels; what is suppressed stands as 0.
plot_matrix <- function(x, statistic) {
  m <- as.matrix(x, statistic)
  if (length(dim(m)) == 3L) m <- matrix(m, dim(m)[1L], dimnames = dimnames(m)[1:2])
  if (!is.numeric(m)) stop_argument("`statistic` must name numbers, not \"", statistic, "\".")
  m <- m[innermost_entries(x$rows), innermost_entries(x$columns), drop = FALSE]
  m[is.na(m)] <- 0
  m
}

plot_label <- function(x, statistic) {
  switch(statistic, n = x$spec$unit, percent = paste("% of", x$spec$unit), statistic)
}
