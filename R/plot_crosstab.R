#' Plot a cross-tabulation
#'
#' Horizontal bars (grouped by column), stacked bars (one a row) or a mosaic of the levels,
#' without margins, subtotals and nets. Numbers stand at the bars, the symbol where one is
#' hidden.
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
  check_crosstab(x, "x")
  type <- check_choice(type, "type", c("bars", "stacked", "mosaic"))
  if (nrow(x$strata) > 1L) {
    x <- x[, , which(x$strata$kind == "total")[1L]]
    if (is.na(x$strata$label[1L])) stop_argument("`x` has strata; plot one of them, x[, , 1].")
  }
  m <- plot_matrix(x, statistic)
  if (!length(m)) stop_argument("`x` has no cells to plot.")
  if (is.null(col)) col <- grDevices::gray.colors(ncol(m), 0.25, 0.85)
  if (type == "mosaic") {
    if (all(m == 0)) stop_argument("`x` has no cases, so there is no mosaic to draw.")
    draw_mosaic(m, col, chart_base(x), ...)
    return(invisible(x))
  }
  draw_levels(m, plot_words(x, statistic), type == "stacked", rep_len(col, ncol(m)),
    plot_label(x, statistic), chart_base(x), legend, ...)
  invisible(x)
}

draw_mosaic <- function(m, col, base, ...) {
  old <- graphics::par(mar = c(2.6, 0.7 * margin_for(colnames(m)),
    0.55 * margin_for(rownames(m)), 1.1))
  on.exit(graphics::par(old))
  settings <- list(x = as.table(m), main = "", color = col, las = 2)
  own <- list(...)
  settings[names(own)] <- own
  do.call(graphics::mosaicplot, settings)
  if (length(base)) graphics::mtext(base, side = 1, line = 1, adj = 0, cex = 0.75)
}

# Horizontal bars, the first row and the first column on top, the text of each cell at
# its end.
draw_levels <- function(m, words, stacked, col, label, base, legend, ...) {
  one <- ncol(m) == 1L
  rows <- rev(seq_len(nrow(m)))
  columns <- if (stacked) seq_len(ncol(m)) else rev(seq_len(ncol(m)))
  drawn <- t(m[rows, columns, drop = FALSE])
  words <- t(words[rows, columns, drop = FALSE])
  longest <- max(1e-9, if (stacked) colSums(drawn) else drawn)
  old <- graphics::par(mar = c(5.1, margin_for(rownames(m)), 2.6, 1.1))
  on.exit(graphics::par(old))
  settings <- list(if (one) drawn[1L, ] else drawn, horiz = TRUE, beside = !stacked && !one,
    col = if (one) col[1L] else col[columns], las = 1, xlab = label, xlim = c(0, longest * 1.15),
    names.arg = rownames(m)[rows])
  own <- list(...)
  settings[names(own)] <- own
  at <- do.call(graphics::barplot, settings)
  if (isTRUE(settings$horiz)) {
    if (stacked && !one) write_counts(drawn, at, col, longest) else
      graphics::text(drawn, at, words, pos = 4L, cex = 0.75, xpd = NA)
  }
  if (legend && !one) legend_above(colnames(m), col, 1)
  if (length(base)) graphics::mtext(base, side = 1, line = 4, adj = 0, cex = 0.75)
}

# Levels by levels; what is suppressed stands as 0.
plot_matrix <- function(x, statistic) {
  m <- as.matrix(x, statistic)
  if (length(dim(m)) == 3L) m <- matrix(m, dim(m)[1L], dimnames = dimnames(m)[1:2])
  if (!is.numeric(m)) stop_argument("`statistic` must name numbers, not \"", statistic, "\".")
  rows <- innermost_entries(x$rows)
  columns <- innermost_entries(x$columns)
  m <- matrix(m[rows, columns], length(rows),
    dimnames = list(nested_labels(x$rows)[rows], nested_labels(x$columns)[columns]))
  m[is.na(m)] <- 0
  m
}

# The label of each entry after those of the entries that it is nested in.
nested_labels <- function(entries) {
  label <- entries$label
  up <- entries$parent
  repeat {
    inside <- which(entries$kind[up] %in% "subtotal")
    if (!length(inside)) return(label)
    label[inside] <- paste0(entries$label[up[inside]], ": ", label[inside])
    up <- replace(entries$parent[up], -inside, NA)
  }
}

# The numbers as printed; the symbol where one is hidden.
plot_words <- function(x, statistic) {
  value <- as.matrix(x, statistic)
  text <- as.matrix(x, "text")
  if (length(dim(value)) == 3L) {
    value <- matrix(value, dim(value)[1L])
    text <- matrix(text, dim(text)[1L])
  }
  words <- if (statistic == "n") print_count(value) else print_number(round_decimal(value, 1L), 1L)
  words[is.na(value)] <- text[is.na(value)]
  matrix(words, nrow(value))[innermost_entries(x$rows), innermost_entries(x$columns), drop = FALSE]
}

plot_label <- function(x, statistic) {
  switch(statistic, n = x$spec$unit, percent = paste("% of", x$spec$unit), statistic)
}

# "Base: 26 cases." where the total of the table is shown.
chart_base <- function(x) {
  n <- whole_count(x)
  if (is.na(n)) return(NULL)
  paste0("Base: ", print_count(n), " ", x$spec$unit, ".")
}

# The count of the whole table, NA where it is hidden or no part of the table.
whole_count <- function(x) {
  whole <- function(axis) which(x[[axis]]$kind == "total" & is.na(x[[axis]]$parent))[1L]
  place <- vapply(c("columns", "rows", "strata"), function(axis) {
    if (has_axis(x, axis)) whole(axis) else 1L
  }, 1L)
  if (anyNA(place) || !nrow(x$cells)) return(NA_real_)
  array(x$cells$n, c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))[t(place)]
}

has_axis <- function(x, axis) length(axis_variables(x, axis)) > 0L
