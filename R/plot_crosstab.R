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
#' @param ... Further arguments of [graphics::barplot()], such as `horiz = FALSE` for upright bars;
#'   of a mosaic, those of [graphics::title()].
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
    draw_mosaic(m, rep_len(col, ncol(m)), chart_base(x), legend, ...)
    return(invisible(x))
  }
  draw_levels(m, plot_words(x, statistic), type == "stacked", rep_len(col, ncol(m)),
    chart_axis(x, statistic), chart_base(x), legend, statistic == "n", ...)
  invisible(x)
}

# Rows side by side, as wide as their share; within each the columns, the first on top.
draw_mosaic <- function(m, col, base, legend, ...) {
  rows <- factor(seq_len(nrow(m)))
  columns <- factor(seq_len(ncol(m)))
  tiles <- mosaic_tiles(data.frame(row = rep(rows, ncol(m)),
    column = rep(columns, each = nrow(m)), value = as.vector(m)))
  labels <- wrap_text(rownames(m), 22)
  below <- max(nchar(unlist(strsplit(labels, "\n")), "width")) * 0.3 + 2.6
  one <- ncol(m) == 1L
  top <- if (legend && !one) 1.7 + max(legend_rows(colnames(m), graphics::par("fin")[1L])) else 1
  old <- graphics::par(mar = fit_margins(c(below, 4.1, top, 1.1)))
  on.exit(graphics::par(old))
  graphics::plot.new()
  graphics::plot.window(c(0, 1), c(0, 1), xaxs = "i", yaxs = "i")
  graphics::axis(2L, seq(0, 1, 0.25), paste0(seq(0, 100, 25), "%"), las = 1L)
  graphics::title(...)
  at <- as.integer(tiles$column)
  graphics::rect(tiles$left, tiles$bottom, tiles$right, tiles$top, col = col[at], border = "white")
  big <- tiles$right - tiles$left > 0.03 & tiles$top - tiles$bottom > 0.05 & tiles$value > 0
  graphics::text((tiles$left + tiles$right)[big] / 2, (tiles$bottom + tiles$top)[big] / 2,
    shortest_text(round_decimal(tiles$value[big], 1L)), col = ink_on_grey(col)[at[big]], cex = 0.8)
  own <- tiles[at == 1L & tiles$right > tiles$left, ]
  graphics::text((own$left + own$right) / 2, below_axis(), labels[as.integer(own$row)], srt = 40,
    adj = c(1, 0.5), xpd = NA, cex = 0.8)
  if (legend && !one) legend_above(colnames(m), col, 1.3)
  notes_below(base, graphics::par("mar")[1L] - 1.2)
}

# Horizontal bars, the first row and the first column on top, or upright ones from left to
# right, the text of each cell at its end.
draw_levels <- function(m, words, stacked, col, label, base, legend, whole, ...) {
  one <- ncol(m) == 1L
  own <- list(...)
  upright <- identical(own$horiz, FALSE)
  rows <- seq_len(nrow(m))
  columns <- seq_len(ncol(m))
  if (!upright) rows <- rev(rows)
  if (!upright && !stacked) columns <- rev(columns)
  drawn <- t(m[rows, columns, drop = FALSE])
  words <- t(words[rows, columns, drop = FALSE])
  longest <- max(1e-9, if (stacked) colSums(drawn) else drawn)
  ticks <- if (whole) count_ticks(longest) else pretty(c(0, drawn, longest), 5L)
  labels <- fit_labels(rownames(m)[rows],
    graphics::par("fin")[1L] * if (upright) 1.6 / max(nrow(m), 1L) else 1)
  key <- legend && !one
  top <- if (key) 1.2 + max(legend_rows(colnames(m), graphics::par("fin")[1L])) else 1.2
  sides <- if (upright) c(2.6 + text_lines(labels), 4.1) else c(5.1, margin_for(labels))
  old <- graphics::par(mar = fit_margins(c(sides, top, 1.1)))
  on.exit(graphics::par(old))
  settings <- list(if (one) drawn[1L, ] else drawn, horiz = TRUE, beside = !stacked && !one,
    col = if (one) col[1L] else col[columns], las = 1, axes = FALSE,
    names.arg = if (upright) rep("", nrow(m)) else labels, cex.names = crowded(nrow(m)))
  room <- if (stacked && !one) 0 else 1.15 * longest
  across <- list(label, range(0, ticks, room))
  settings[if (upright) c("ylab", "ylim") else c("xlab", "xlim")] <- across
  settings[names(own)] <- own
  at <- do.call(graphics::barplot, settings)
  if (!identical(own$axes, FALSE)) graphics::axis(if (upright) 2L else 1L, ticks, las = 1L)
  if (upright && is.null(own$names.arg)) {
    labels_below(labels, colMeans(matrix(at, ncol = nrow(m))))
  }
  if (stacked && !one) {
    write_counts(drawn, at, col, longest, upright)
  } else {
    side <- ifelse(drawn < 0, 2L, 4L) - upright
    cex <- if (upright) 0.75 * crowded(length(drawn) / 2) else bar_cex(at)
    if (cex > 0) {
      graphics::text(if (upright) at else drawn, if (upright) drawn else at, words, pos = side,
        cex = cex, xpd = NA)
    }
  }
  if (key) legend_above(colnames(m), col, 0.8)
  notes_below(base, sides[1L] - 1.1)
}

# The type of numbers at the ends of bars at heights `at`: no higher than the bars are apart;
# 0, none, where it could not be read.
bar_cex <- function(at) {
  if (length(at) < 2L) return(0.75)
  apart <- diff(graphics::grconvertY(sort(as.vector(at)), "user", "inches"))
  line <- graphics::strheight("8", "inches", cex = 1)
  cex <- min(0.75, 0.9 * min(apart) / line)
  if (cex * graphics::par("ps") < 4) 0 else cex
}

# Smaller type for more rows than the height of the figure has room for.
crowded <- function(rows) {
  lines <- 0.7 * graphics::par("fin")[2L] / 0.21
  max(0.5, min(1, lines / max(rows, 1)))
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
  hidden <- is.na(as.vector(as.matrix(x, "n")))
  words[is.na(value)] <- ifelse(hidden, text, "-")[is.na(value)]
  matrix(words, nrow(value))[innermost_entries(x$rows), innermost_entries(x$columns), drop = FALSE]
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

