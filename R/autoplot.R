# Pictures with ggplot2. Shades run from dark to light in one order of lightness, so that
# they tell apart on grey paper and to colour-blind readers; numbers stand beside the bars.

#' Charts with ggplot2
#'
#' The methods for [ggplot2::autoplot()]. Each gives a ggplot that can be styled on. Numbers
#' are written beside what they measure, the base stands in the caption, and the colours
#' differ in lightness, so that they survive grey printing and colour-blindness. Cells that
#' [suppress()] hid have no bar; their symbol stands in its place.
#'
#' @param object A [crosstab()], [risk_profile()], [score_risk()] result, [agreement()],
#'   [check_coding()] result or [case_flow()].
#' @param type Of a crosstab: `"bars"` (a panel for each column), `"stacked"` (one bar a row,
#'   split by column) or `"mosaic"` (widths of rows and heights of columns in proportion).
#' @param statistic What the bars show: `"n"`, `"percent"` or a statistic of the table.
#'   Stacked bars and mosaics take counts or percents of the row.
#' @param value Of a risk profile: `"n"` or `"percent"`.
#' @param zero Of a risk profile: draw the levels with a score of 0 and those that are
#'   missing too.
#' @param by Of risk scores: the name of a column, or one value a case.
#' @param most Of findings: how many variables are drawn, those with most findings first.
#' @param unit Of a case flow: what is counted.
#' @param ... Not used.
#' @return A `ggplot`.
#' @examples
#' if (requireNamespace("ggplot2", quietly = TRUE)) {
#'   cases <- data.frame(law = c("public", "private", "public"), fatal = c("yes", "no", "no"))
#'   ggplot2::autoplot(crosstab(cases, law ~ fatal))
#' }
#' @name autoplot
NULL

# `n` fills from dark to light, and the ink that can be read on each.
chart_fills <- function(n) {
  if (n < 2L) return("#31688E")
  colours <- grDevices::hcl.colors(101L, "Cividis")
  colours[round(seq(12, 94, length.out = n))]
}

ink_on <- function(fill) {
  light <- colSums(grDevices::col2rgb(fill) * c(0.299, 0.587, 0.114))
  ifelse(light > 140, "black", "white")
}

# `rows`: how many stand under one another; many have smaller labels.
chart_theme <- function(grid = "x", rows = 1L) {
  none <- ggplot2::element_blank()
  out <- ggplot2::theme_minimal(base_size = 11)
  out <- out + ggplot2::theme(
    panel.grid.minor = none, panel.grid.major.y = none, legend.position = "top",
    legend.justification = "left", legend.title = none,
    plot.title.position = "plot", plot.caption.position = "plot",
    plot.caption = ggplot2::element_text(hjust = 0, colour = "grey30"),
    panel.spacing.x = ggplot2::unit(16, "pt"),
    strip.text = ggplot2::element_text(hjust = 0, face = "bold"),
    strip.text.y = ggplot2::element_text(angle = 0),
    axis.text = ggplot2::element_text(colour = "grey15", lineheight = 0.85),
    axis.text.y = ggplot2::element_text(size = 8.8 * max(0.6, min(1, 12 / rows)))
  )
  if (grid == "none") out <- out + ggplot2::theme(panel.grid.major.x = none)
  out
}

# Counts have no halves.
whole_breaks <- function(limits) {
  at <- pretty(limits, 4L)
  unique(at[at == floor(at)])
}

chart_scale <- function(whole, room = 0.05) {
  ggplot2::scale_x_continuous(expand = ggplot2::expansion(c(0, room)),
    breaks = if (whole) whole_breaks else ggplot2::waiver())
}

wrap_text <- function(x, width) {
  vapply(x, function(one) paste(strwrap(one, width), collapse = "\n"), "", USE.NAMES = FALSE)
}

chart_caption <- function(...) wrap_text(paste(c(...), collapse = " "), 95)

# Names of columns for aes(), so that no name of the data can be mistaken.
aes_of <- function(...) {
  names <- list(...)
  do.call(ggplot2::aes, lapply(names, as.name))
}

panel_of <- function(name) do.call(ggplot2::vars, list(as.name(name)))

# ---- cross-tabulations ----

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.crosstab <- function(object, type = "bars", statistic = "n", ...) {
  check_crosstab(object, "object")
  type <- check_choice(type, "type", c("bars", "stacked", "mosaic"))
  cells <- chart_cells(object, statistic)
  if (!nrow(cells)) stop_argument("`object` has no cells to draw.")
  notes <- table_note_lines(object)
  if (statistic == "n") notes <- notes[!grepl("^(Percent|Small base)", notes)]
  caption <- chart_caption(chart_base(object), notes)
  if (type != "bars") {
    if (!statistic %in% c("n", "percent")) {
      stop_argument("`statistic` must be \"n\" or \"percent\" for ", type, " bars, not \"",
        statistic, "\".")
    }
    if (anyNA(cells$value)) {
      stop_argument("`object` has hidden or unknown cells, and a share of a whole cannot be ",
        "drawn without all of its parts: use type = \"bars\".")
    }
  }
  draw <- switch(type, bars = crosstab_bars, stacked = crosstab_stacked, mosaic = crosstab_mosaic)
  draw(object, cells, statistic) + ggplot2::labs(caption = caption)
}

# The cells of the levels, without margins, subtotals and nets: `row`, `column`, `stratum`
# as factors in the order of the table, `value` and `label`.
chart_cells <- function(x, statistic) {
  value <- cell_column(x, statistic)
  if (!is.numeric(value)) stop_argument("`statistic` must name numbers, not \"", statistic, "\".")
  use <- lapply(c(columns = "columns", rows = "rows", strata = "strata"), function(a) {
    innermost_entries(x[[a]])
  })
  at <- array(seq_along(value), c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  at <- as.vector(at[use$columns, use$rows, use$strata, drop = FALSE])
  grid <- expand.grid(column = use$columns, row = use$rows, stratum = use$strata)
  labels <- function(axis, entry) {
    paths <- make.unique(entry_paths(x, axis))
    factor(paths[entry], paths[use[[axis]]])
  }
  hidden <- is.na(value[at])
  digits <- rep_len(column_digits(x$spec$digits, x$columns$label), length(value))[at]
  shown <- if (statistic == "n") print_count(value[at]) else
    print_number(round_decimal(value[at], digits), digits)
  if (statistic == "percent") shown <- paste0(shown, "%")
  shown[hidden] <- x$cells$text[at][hidden]
  data.frame(row = labels("rows", grid$row), column = labels("columns", grid$column),
    stratum = labels("strata", grid$stratum), value = value[at], label = shown)
}

row_first_on_top <- function(cells) {
  width <- if (nlevels(cells$row) * nlevels(cells$stratum) > 12L) 48 else 32
  cells$row <- factor(wrap_text(as.character(cells$row), width),
    rev(wrap_text(levels(cells$row), width)))
  cells
}

crosstab_bars <- function(x, cells, statistic) {
  cells <- row_first_on_top(cells)
  cells$drawn <- ifelse(is.na(cells$value), 0, cells$value)
  levels(cells$column) <- wrap_text(levels(cells$column), 24)
  levels(cells$stratum) <- wrap_text(levels(cells$stratum), 14)
  panels <- nlevels(cells$column) * has_axis(x, "columns")
  room <- 0.12 + (0.05 + 0.05 * (statistic != "n")) * max(panels, 1L)
  plot <- ggplot2::ggplot(cells, aes_of(x = "drawn", y = "row")) +
    ggplot2::geom_col(fill = chart_fills(1L), width = 0.7) +
    ggplot2::geom_text(aes_of(label = "label"), hjust = -0.2, size = 3.2) +
    chart_scale(statistic == "n", min(room, 0.6)) +
    ggplot2::labs(x = chart_axis(x, statistic), y = NULL) +
    chart_theme(rows = nlevels(cells$row) * max(1L, nlevels(cells$stratum)))
  facets <- list(
    rows = if (has_axis(x, "strata")) panel_of("stratum"),
    cols = if (has_axis(x, "columns")) panel_of("column")
  )
  if (all(lengths(facets) == 0L)) return(plot)
  if (!has_axis(x, "strata")) return(plot + ggplot2::facet_wrap(facets$cols))
  plot + ggplot2::facet_grid(facets$rows, facets$cols)
}

chart_axis <- function(x, statistic) {
  unit <- x$spec$unit
  what <- switch(x$spec$percent, row = "row", column = "column", total = "all")
  switch(statistic,
    n = paste0(toupper(substring(unit, 1L, 1L)), substring(unit, 2L)),
    percent = paste0("Percent of ", unit, if (length(what)) paste0(" (", what, ")")),
    gsub("_", " ", statistic, fixed = TRUE)
  )
}

crosstab_stacked <- function(x, cells, statistic) {
  cells <- row_first_on_top(cells)
  share <- cells$value / stats::ave(cells$value, cells$stratum, FUN = function(v) max(v, 1))
  cells$shown <- ifelse(cells$value > 0 & share > 0.08, cells$label, "")
  plot <- stacked_bars(cells, "value", "row", "column", chart_axis(x, statistic),
    statistic == "n") +
    ggplot2::theme(legend.position = if (has_axis(x, "columns")) "top" else "none")
  if (!has_axis(x, "strata")) return(plot)
  plot + ggplot2::facet_wrap(panel_of("stratum"))
}

# A bar for each level of `y`, split by the factor `fill`, with the texts of `shown` in its
# parts.
stacked_bars <- function(cells, x, y, fill, label, whole) {
  fills <- chart_fills(nlevels(cells[[fill]]))
  cells$ink <- ink_on(fills)[as.integer(cells[[fill]])]
  ggplot2::ggplot(cells, aes_of(x = x, y = y, fill = fill)) +
    ggplot2::geom_col(position = ggplot2::position_stack(reverse = TRUE), width = 0.72,
      colour = "white") +
    ggplot2::geom_text(aes_of(label = "shown", colour = "ink", group = fill), size = 3.1,
      position = ggplot2::position_stack(vjust = 0.5, reverse = TRUE)) +
    ggplot2::scale_colour_identity() +
    ggplot2::scale_fill_manual(values = fills, drop = FALSE) +
    chart_scale(whole) +
    ggplot2::labs(x = label, y = NULL) + chart_theme(rows = nlevels(cells[[y]]))
}

crosstab_mosaic <- function(x, cells, statistic) {
  tiles <- do.call(rbind, lapply(split(cells, cells$stratum), mosaic_tiles))
  if (!any(tiles$value > 0)) stop_argument("`object` has no cases, so there is no mosaic to draw.")
  fills <- chart_fills(nlevels(cells$column))
  tiles$ink <- ink_on(fills)[as.integer(tiles$column)]
  big <- (tiles$right - tiles$left) > 0.035 & (tiles$top - tiles$bottom) > 0.05
  tiles$shown <- ifelse(big & tiles$value > 0, tiles$label, "")
  tiles$x <- (tiles$left + tiles$right) / 2
  tiles$y <- (tiles$bottom + tiles$top) / 2
  names <- unique(tiles[c("row", "stratum", "x", "left", "right")])
  names <- names[names$right > names$left, ]
  names$text <- wrap_text(as.character(names$row), 22)
  plot <- ggplot2::ggplot(tiles) +
    ggplot2::geom_rect(aes_of(xmin = "left", xmax = "right", ymin = "bottom", ymax = "top",
      fill = "column"), colour = "white", linewidth = 0.6) +
    ggplot2::geom_text(aes_of(x = "x", y = "y", label = "shown", colour = "ink"), size = 3.2) +
    ggplot2::geom_text(data = names, mapping = aes_of(x = "x", label = "text"), y = -0.02,
      hjust = 1, angle = 40, size = 3, lineheight = 0.85) +
    ggplot2::scale_colour_identity() +
    ggplot2::scale_fill_manual(values = fills, drop = FALSE) +
    ggplot2::scale_x_continuous(breaks = NULL, expand = ggplot2::expansion(c(0.12, 0.01))) +
    ggplot2::scale_y_continuous(labels = function(v) paste0(100 * v, "%"),
      breaks = seq(0, 1, 0.25), limits = c(-0.36, 1), expand = ggplot2::expansion(0)) +
    ggplot2::labs(x = NULL, y = "Share of the row") + chart_theme("none")
  if (!has_axis(x, "strata")) return(plot)
  plot + ggplot2::facet_wrap(panel_of("stratum"))
}

# Rows side by side, as wide as their share; within each its columns, the first on top.
mosaic_tiles <- function(cells) {
  total <- stats::ave(cells$value, cells$row, FUN = sum)
  all <- max(sum(cells$value), 1)
  widths <- tapply(cells$value, cells$row, sum) / all
  right <- cumsum(widths)
  at <- as.integer(cells$row)
  cells$right <- as.vector(right[at])
  cells$left <- cells$right - as.vector(widths[at])
  share <- ifelse(total > 0, cells$value / total, 0)
  below <- stats::ave(share, cells$row, FUN = cumsum)
  cells$top <- 1 - (below - share)
  cells$bottom <- 1 - below
  cells
}

# ---- risk ----

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.risk_profile <- function(object, value = c("n", "percent"), zero = FALSE, ...) {
  value <- check_choice(value, "value", c("n", "percent"))
  zero <- check_flag(zero, "zero")
  stacks <- drawn_stacks(object, zero)
  cells <- profile_cells(profile_panels(object), stacks, attr(object, "labels"), value)
  if (!nrow(cells)) stop_argument("`object` has no cases or levels to draw.")
  notes <- profile_notes(object, setdiff(stacks, missing_stacks(object)))
  if (!zero) notes <- c(notes, "Cases with a score of 0 or an unknown level are not drawn.")
  label <- if (value == "n") "Cases" else "Percent of cases"
  stacked_bars(cells, "value", "item", "level", label, value == "n") +
    ggplot2::facet_wrap(panel_of("group")) + ggplot2::labs(caption = chart_caption(notes))
}

profile_cells <- function(panels, stacks, labels, value) {
  cells <- lapply(names(panels), function(name) {
    panel <- panels[[name]]
    n <- panel$n[, stacks, drop = FALSE]
    data.frame(group = rep(paste0(name, " (base: ", panel$base, ")"), length(n)),
      item = rownames(n)[row(n)], level = stacks[col(n)], n = as.vector(n),
      value = as.vector(if (value == "n") n else 100 * n / max(panel$base, 1)))
  })
  cells <- do.call(rbind, cells)
  if (is.null(cells)) return(data.frame(group = character()))
  width <- if (length(unique(cells$item)) > 10L) 42 else 34
  items <- wrap_text(labels[unique(cells$item)], width)
  cells$item <- factor(wrap_text(labels[cells$item], width), rev(unique(items)))
  cells$level <- factor(cells$level, stacks)
  cells$group <- factor(cells$group, unique(cells$group))
  number <- if (value == "n") print_count(cells$n) else
    paste0(print_number(round_decimal(cells$value, 0L), 0L), "%")
  wide <- cells$value > max(cells$value) / 20
  cells$shown <- ifelse(cells$n > 0 & wide, number, "")
  cells
}

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.risk_scores <- function(object, by = NULL, ...) {
  check_columns(c("score", "score_min", "score_max", "n_unknown"), names(object), "object")
  group <- plot_group(object, by)
  shown <- !is.na(object$score)
  if (!any(shown)) stop_argument("`object` has no score to draw.")
  drawn <- score_ranges(object$score, group)
  drawn$place <- rev(seq_len(nrow(drawn)))
  drawn$label <- ifelse(is.na(drawn$mean), "", paste("mean",
    print_number(round_decimal(drawn$mean, 1L), 1L)))
  cases <- data.frame(score = object$score[shown],
    place = drawn$place[match(as.character(group[shown]), drawn$group)])
  cases$y <- cases$place + stats::ave(cases$score, cases$place, FUN = stacked_height)
  drawn$low <- drawn$place - 0.16
  drawn$high <- drawn$place + 0.04
  drawn$below <- drawn$place - 0.26
  ranged <- drawn[!is.na(drawn$mean), ]
  ggplot2::ggplot(cases, aes_of(x = "score", y = "y")) +
    ggplot2::geom_segment(data = ranged, mapping = aes_of(x = "min", xend = "max", y = "place",
      yend = "place"), colour = "grey65", linewidth = 1) +
    ggplot2::geom_point(shape = 21, fill = chart_fills(1L), colour = "white", size = 2.8) +
    ggplot2::geom_segment(data = ranged, mapping = aes_of(x = "mean", xend = "mean", y = "low",
      yend = "high"), linewidth = 1.2) +
    ggplot2::geom_text(data = ranged, mapping = aes_of(x = "mean", y = "below", label = "label"),
      size = 3.1) +
    ggplot2::scale_y_continuous(breaks = drawn$place, limits = c(0.6, nrow(drawn) + 0.75),
      labels = wrap_text(paste0(drawn$group, " (", drawn$n, ")"), 30)) +
    ggplot2::expand_limits(x = 0) +
    ggplot2::labs(x = "Risk score", y = NULL, caption = chart_caption(
      scores_note(sum(shown), sum(!shown)))) + chart_theme()
}

# ---- agreement ----

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.agreement <- function(object, ...) {
  if (!any(!is.na(object$estimate))) {
    stop_argument("`object` has no estimate to draw; see its column `note`.")
  }
  rows <- as.data.frame(object)
  several <- length(unique(rows$coefficient)) > 1L
  rows$item <- factor(rows$item, rev(unique(rows$item)))
  titles <- coefficient_titles()[rows$coefficient]
  panels <- length(unique(titles))
  if (panels > 1L) titles <- wrap_text(titles, max(10, floor(54 / panels)))
  rows$panel <- factor(unname(titles))
  rows$shown <- ifelse(is.na(rows$estimate), "not defined",
    print_number(round_decimal(rows$estimate, 2L), 2L))
  rows$place <- ifelse(is.na(rows$estimate), 0, rows$estimate)
  known <- rows[!is.na(rows$estimate), ]
  both <- known[!is.na(known$lower) & !is.na(known$upper), ]
  conf <- attr(object, "conf_level")
  plot <- ggplot2::ggplot(rows, aes_of(x = "place", y = "item")) +
    ggplot2::geom_vline(xintercept = c(0, 1), colour = "grey60", linetype = 3) +
    ggplot2::geom_segment(data = both, mapping = aes_of(x = "lower", xend = "upper", y = "item",
      yend = "item"), colour = "grey45", linewidth = 0.8) +
    ggplot2::geom_point(data = known, size = 2.6, colour = chart_fills(1L)) +
    ggplot2::geom_text(aes_of(label = "shown"), vjust = -0.8, size = 3) +
    ggplot2::labs(x = if (several) "Agreement" else levels(rows$panel), y = NULL,
      caption = chart_caption(paste0(agreement_title(object), "."), if (nrow(both) && length(conf))
        paste0("Lines: ", 100 * conf, "% intervals."))) + chart_theme()
  if (several) plot + ggplot2::facet_wrap(panel_of("panel")) else plot
}

# ---- findings ----

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.coding_findings <- function(object, most = 20L, ...) {
  counts <- finding_counts(object, most)
  if (!nrow(counts$n)) stop_argument("`object` has no findings, so there is nothing to draw.")
  n <- counts$n
  cells <- data.frame(variable = factor(rownames(n)[row(n)], rev(rownames(n))),
    rule = factor(colnames(n)[col(n)], colnames(n)), n = as.vector(n))
  cells <- cells[cells$n > 0, ]
  cells$shown <- ifelse(cells$n > max(rowSums(n)) / 30, print_count(cells$n), "")
  stacked_bars(cells, "n", "variable", "rule", "Findings", TRUE) +
    ggplot2::labs(caption = chart_caption(counts$notes))
}

# ---- case flow ----

#' @rdname autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.case_flow <- function(object, unit = "cases", ...) {
  unit <- check_string(unit, "unit")
  boxes <- flow_boxes(object, unit)
  arrow <- ggplot2::arrow(length = ggplot2::unit(2, "mm"), type = "closed")
  arrows <- flow_arrows(nrow(object))
  ggplot2::ggplot(boxes) +
    ggplot2::geom_rect(aes_of(xmin = "left", xmax = "right", ymin = "bottom", ymax = "top"),
      fill = "white", colour = "grey25") +
    ggplot2::geom_text(aes_of(x = "x", y = "y", label = "text"), size = 3.3, lineheight = 0.95) +
    ggplot2::geom_segment(data = arrows, mapping = aes_of(x = "x", y = "y", xend = "xend",
      yend = "yend"), arrow = arrow, colour = "grey25") +
    ggplot2::theme_void()
}
