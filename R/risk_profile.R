#' Cases by item and level of risk
#'
#' Counts the cases at each level of each item, in all cases or by group, and draws them as
#' stacked bars.
#'
#' `level` is the label of the item's own code. Items whose codes have other names (a
#' child protection plan: currently, previously, no) stack with the rest by score: a level
#' is drawn with the label that most items give to the same score, the first of these where
#' several tie. `attr(, "levels")` shows for each `item` and `level` its `score`, its
#' `missing` word and where it stacks (`stack`).
#'
#' Every level of the codebook has its row, also with no case. Blanks have the level
#' "Missing", and missing codes their own label, only where there are any; a value that is
#' not in the codebook counts as "Missing" with a warning. The base is every case (of the
#' group), whatever is missing.
#'
#' @inheritParams item_contributions
#' @param items Names of the items; all variables of type `rating` by default. They need
#'   codes, or a whole `min` and `max`.
#' @return A data frame of class `risk_profile`, a row for each item, level and group:
#'   `item`, `level` (a factor: by score, highest first, then the missing), a column for
#'   each of `by` (factors, blank as "Missing"), `n`, `base` (cases in the group) and
#'   `percent` (of the base, not rounded; `NA` where the base is 0).
#' @examples
#' book <- codebook(
#'   data.frame(variable = c("plan", "neglect"), type = "rating"),
#'   data.frame(
#'     variable = rep(c("plan", "neglect"), c(3, 4)), code = c(3, 2, 0, 3, 2, 1, 0),
#'     label = c("Currently", "Previously", "No", "High", "Medium", "Low", "None"),
#'     score = c(3, 2, 0, 3, 2, 1, 0)
#'   )
#' )
#' cases <- data.frame(plan = c("No", "Currently"), neglect = c("High", "Low"),
#'   law = c("Public", "Private"))
#' profile <- risk_profile(cases, book, by = "law")
#' profile
#' plot(profile)
#' @export
risk_profile <- function(data, codebook, by = NULL, items = NULL) {
  need_argument(data, "data")
  check_codebook(codebook)
  items <- check_items(codebook, items)
  if (inherits(by, "formula")) by <- all.vars(by)
  by <- check_strings(by, "by", null = TRUE)
  parts <- profile_parts(data, by, items)
  taken <- c("item", "level", "n", "base", "percent")
  groups <- lapply(parts, case_groups, codebook, by, taken)
  grid <- group_grid(groups[[1L]])
  at <- Map(function(group, part) group_cell(group, nrow(part)), groups, parts)
  base <- count_cases(at[[1L]], nrow(grid), parts[[1L]])
  part <- rep_len(seq_along(parts), length(items))
  coded <- Map(function(item, p) profile_item(parts[[p]][[item]], codebook, item), items, part)
  names(coded) <- NULL
  warn_profile(coded, parts[part])
  levels <- stack_levels(do.call(rbind, lapply(coded, function(one) one$levels)))
  n <- Map(function(one, p) {
    count_cases(at[[p]] + (one$code - 1) * nrow(grid), nrow(grid) * nrow(one$levels), parts[[p]])
  }, coded, part)
  labels <- vapply(items, function(item) variable_of(codebook, item)$label, "")
  profile_rows(levels, grid, unlist(n), base, labels)
}

# The data of all items; or, from a database, the counts of each item by group, whose
# numbers of cases are the attribute `n_cases`.
profile_parts <- function(data, by, items) {
  if (!is_lazy(data)) return(list(check_data(data, "data", unique(c(items, by)))))
  check_columns(unique(c(items, by)), lazy_columns(data), "data")
  lapply(items, function(item) lazy_counts(data, unique(c(by, item))))
}

count_cases <- function(at, size, part) {
  n <- attr(part, "n_cases", exact = TRUE)
  if (is.null(n)) return(tabulate(at, size))
  counts <- if (length(at)) group_sums(n, at, size) else double(size)
  if (all(counts <= .Machine$integer.max)) as.integer(counts) else counts
}

warn_profile <- function(coded, parts) {
  unknown <- Map(function(one, part) {
    n <- attr(part, "n_cases", exact = TRUE)
    cbind(one$unknown, n = if (is.null(n)) rep(1, nrow(one$unknown)) else n[one$unknown$row],
      placed = rep(is.null(n), nrow(one$unknown)))
  }, coded, parts)
  unknown <- do.call(rbind, unknown)
  unknown$row[!unknown$placed] <- NA
  warn_unknown_values(unknown, sum(unknown$n))
}

profile_rows <- function(levels, grid, n, base, labels) {
  row <- rep(seq_len(nrow(levels)), each = nrow(grid))
  cell <- rep(seq_len(nrow(grid)), nrow(levels))
  order <- order(levels$missing != "", -levels$score, seq_len(nrow(levels)))
  result <- c(
    list(item = levels$item[row],
      level = factor(levels$level[row], unique(levels$level[order]))),
    unclass(grid[cell, , drop = FALSE]),
    list(n = n, base = base[cell])
  )
  result$percent <- ifelse(result$base > 0L, 100 * n / result$base, NA_real_)
  attributes(result) <- list(names = names(result), row.names = .set_row_names(length(n)),
    class = c("risk_profile", "data.frame"), by = names(grid), levels = levels,
    labels = labels)
  result
}

# An item's column as positions among its levels, which end with those that are missing.
profile_item <- function(x, codebook, item) {
  codes <- codes_of(codebook, item)
  if (nrow(codes)) {
    code <- encode_column(x, codebook, item)$code
  } else {
    codes <- whole_codes(codebook, item)
    number <- column_numbers(x)
    code <- match(number$value, codes$score, nomatch = 0L)
    code[number$blank] <- NA
  }
  row <- which(code == 0L)
  code[row] <- NA
  blank <- is.na(code)
  kept <- codes$missing == "" | seq_len(nrow(codes)) %in% code
  order <- order(codes$missing != "")
  keep <- order[kept[order]]
  levels <- data.frame(item = rep(item, length(keep)), level = codes$label[keep],
    score = ifelse(codes$missing[keep] == "", codes$score[keep], NA),
    missing = codes$missing[keep])
  code <- match(code, keep)
  if (any(blank)) {
    at <- match("Missing", levels$level)
    if (is.na(at)) {
      levels <- rbind(levels,
        data.frame(item = item, level = "Missing", score = NA, missing = "blank"))
      at <- nrow(levels)
    }
    code[blank] <- at
  }
  list(code = code, levels = levels,
    unknown = unknown_cells(x, row, item, restricted_in(codebook)))
}

# The whole numbers from `min` to `max` as levels of an item without codes.
whole_codes <- function(codebook, item) {
  range <- item_scales(codebook, item)[[1L]]$score
  if (range[2L] - range[1L] > 100 || range[1L] != floor(range[1L])) {
    stop_argument("The item \"", item, "\" has no codes and no whole numbers of at most 101 ",
      "between its `min` and `max`, so its levels cannot be counted.")
  }
  values <- rev(seq(range[1L], range[2L]))
  data.frame(label = as.character(values), score = values, missing = "")
}

# The label under which each level stacks: the one that most items give to its score.
stack_levels <- function(levels) {
  stack <- levels$level
  scored <- which(levels$missing == "" & !is.na(levels$score))
  for (score in unique(levels$score[scored])) {
    at <- scored[levels$score[scored] == score]
    times <- table(factor(levels$level[at], unique(levels$level[at])))
    stack[at] <- names(times)[which.max(times)]
  }
  levels$stack <- stack
  row.names(levels) <- NULL
  levels
}

#' @export
`[.risk_profile` <- function(x, ...) {
  result <- NextMethod()
  if (!is.data.frame(result) || !all(c("item", "level", "n") %in% names(result))) {
    if (is.data.frame(result)) class(result) <- "data.frame"
    return(result)
  }
  for (name in c("by", "levels", "labels")) attr(result, name) <- attr(x, name)
  attr(result, "by") <- intersect(attr(x, "by"), names(result))
  result
}

# ---- in print and as a picture ----

# The counts as a matrix of items by stacks, one for each group.
profile_panels <- function(x) {
  levels <- attr(x, "levels")
  key <- paste(x$item, x$level, sep = "\r")
  at <- match(key, paste(levels$item, levels$level, sep = "\r"))
  order <- order(levels$missing != "", -levels$score, seq_len(nrow(levels)))
  stacks <- unique(levels$stack[order])
  by <- attr(x, "by")
  group <- factor(rep("All cases", nrow(x)))
  if (length(by)) {
    group <- interaction(unclass(x)[by], sep = ", ", lex.order = TRUE, drop = TRUE)
  }
  lapply(split(seq_len(nrow(x)), group), function(rows) {
    items <- unique(x$item)
    n <- matrix(0, length(items), length(stacks), dimnames = list(items, stacks))
    place <- cbind(match(x$item[rows], items), match(levels$stack[at[rows]], stacks))
    # One level at a time: an item may stack two of its levels in one place.
    for (k in seq_along(rows)) {
      here <- place[k, , drop = FALSE]
      n[here] <- n[here] + x$n[rows[k]]
    }
    list(n = n, base = if (length(rows)) x$base[rows[1L]] else 0L)
  })
}

#' @export
format.risk_profile <- function(x, ...) {
  panels <- profile_panels(x)
  lines <- lapply(names(panels), function(name) {
    panel <- panels[[name]]
    c(paste0(name, " (n = ", panel$base, ")"),
      utils::capture.output(print(panel$n)))
  })
  c(unlist(lines), profile_notes(x))
}

#' @export
print.risk_profile <- function(x, ...) {
  if (!all(c("item", "level", "n", "base") %in% names(x))) {
    print(as.data.frame(unclass(x)))
    return(invisible(x))
  }
  writeLines(format(x))
  invisible(x)
}

# What the reader must know of items whose levels are named otherwise or are fewer.
profile_notes <- function(x, stacks = NULL) {
  levels <- attr(x, "levels")
  levels <- levels[levels$missing == "" & levels$item %in% x$item, ]
  order <- order(-levels$score, seq_len(nrow(levels)))
  if (is.null(stacks)) stacks <- unique(levels$stack[order])
  notes <- lapply(unique(levels$item), function(item) {
    own <- levels[levels$item == item & levels$stack %in% stacks, ]
    other <- own[own$stack != own$level, ]
    absent <- setdiff(stacks, own$stack)
    if (!nrow(other) && !length(absent)) return(NULL)
    words <- c(if (nrow(other)) paste0(other$stack, " is ", other$level),
      if (length(absent)) paste("no level", absent))
    paste0(attr(x, "labels")[[item]], ": ", paste(words, collapse = "; "), ".")
  })
  as.character(unlist(notes))
}

#' Draw a risk profile as stacked bars
#'
#' One horizontal bar an item, its levels from the highest on the left, a panel for each
#' group. Shades of grey from dark to light with the counts written in.
#'
#' @param x A `risk_profile`.
#' @param group The group to draw, by its name as in the panel's heading; all by default.
#' @param value `"n"` or `"percent"`.
#' @param zero Draw the levels with a score of 0 and those that are missing too.
#' @param main A heading for each panel; by default the group and its base.
#' @param ... Passed on to [graphics::barplot()].
#' @return Invisibly, a list of `panels` (for each group the matrix that was drawn and its
#'   base) and `notes` (the lines under the chart).
#' @export
plot.risk_profile <- function(x, group = NULL, value = c("n", "percent"), zero = FALSE,
                              main = NULL, ...) {
  value <- check_choice(value, "value", c("n", "percent"))
  zero <- check_flag(zero, "zero")
  panels <- profile_panels(x)
  stacks <- drawn_stacks(x, zero)
  # one scale for all groups, so that charts of single groups can be laid side by side
  most <- max(1, vapply(panels, function(panel) {
    sums <- rowSums(panel$n[, stacks, drop = FALSE])
    max(0, if (value == "n") sums else 100 * sums / max(panel$base, 1))
  }, 0))
  if (!is.null(group)) {
    group <- check_strings(group, "group")
    if (!all(group %in% names(panels))) {
      stop_argument("`group` must be among ", list_some(names(panels), most = 10L), ", not ",
        list_some(setdiff(group, names(panels))), ".")
    }
    panels <- panels[group]
  }
  notes <- profile_notes(x, setdiff(stacks, missing_stacks(x)))
  if (!zero) notes <- c(notes, "Cases with a score of 0 or an unknown level are not drawn.")
  panels <- lapply(panels, function(panel) {
    n <- panel$n[, stacks, drop = FALSE]
    panel$drawn <- if (value == "n") n else 100 * n / max(panel$base, 1)
    panel
  })
  draw_panels(panels, attr(x, "labels"), value, main, notes, most, ...)
  invisible(list(panels = panels, notes = notes))
}

missing_stacks <- function(x) {
  levels <- attr(x, "levels")
  unique(levels$stack[levels$missing != ""])
}

drawn_stacks <- function(x, zero) {
  levels <- attr(x, "levels")
  levels <- levels[order(levels$missing != "", -levels$score, seq_len(nrow(levels))), ]
  if (!zero) levels <- levels[levels$missing == "" & !levels$score %in% 0, ]
  unique(levels$stack)
}

# The panels share the labels of the items, the legend and the notes.
draw_panels <- function(panels, labels, value, main, notes, most, ...) {
  n <- length(panels)
  if (!n) return(invisible(NULL))
  drawn <- panels[[1L]]$drawn
  shades <- grDevices::grey(seq(0.2, 0.9, length.out = max(2L, ncol(drawn))))[seq_len(ncol(drawn))]
  items <- rev(rownames(drawn))
  labels <- fit_labels(labels[items], graphics::par("din")[1L])
  shape <- if (n <= 3L) c(1L, n) else grDevices::n2mfrow(n)
  notes <- unlist(lapply(notes, strwrap, graphics::par("din")[1L] / 0.067))
  around <- profile_margins(labels, colnames(drawn), notes)
  inches <- (graphics::par("din")[1L] - 0.2 * around[2L]) / shape[2L] - 0.25
  if (is.null(main)) main <- panel_headings(panels)
  main <- wrap_text(rep_len(main, n), max(8, inches / 0.083))
  top <- 1.1 + max(lengths(strsplit(main, "\n")), 0L)
  old <- graphics::par(mfrow = shape, oma = around, mar = c(3.3, 0.3, top, 1.2),
    mgp = c(2.1, 0.6, 0), cex = 0.9)
  on.exit(graphics::par(old))
  for (k in seq_len(n)) {
    first <- k %% shape[2L] == 1L || shape[2L] == 1L
    draw_bars(panels[[k]]$drawn[items, , drop = FALSE], shades, value, main[k], most,
      if (first) labels, ...)
    if (k == 1L && ncol(drawn)) legend_above(colnames(drawn), shades, top + 0.1, "ndc")
  }
  bottom <- 0.06 + (length(notes) - seq_along(notes)) * 0.16
  graphics::text(graphics::grconvertX(0.01, "ndc", "user"), graphics::grconvertY(
    bottom / graphics::par("din")[2L], "ndc", "user"), notes, adj = c(0, 0), cex = 0.72 / 0.9,
    xpd = NA)
}

panel_headings <- function(panels) {
  paste0(names(panels), " (base: ", vapply(panels, function(panel) panel$base + 0, 0), ")")
}

# Margins around all panels, in lines: at most half of the device.
profile_margins <- function(labels, stacks, notes) {
  room <- graphics::par("din") / 0.2
  rows <- max(1L, legend_rows(stacks, graphics::par("din")[1L] - 0.2))
  c(min(0.4 + 0.85 * length(notes), room[2L] / 4), min(0.95 * margin_for(labels), room[1L] / 2),
    0.4 + rows, 0)
}

draw_bars <- function(drawn, shades, value, heading, most, labels, ...) {
  y <- graphics::barplot(t(drawn), horiz = TRUE, col = shades, axisnames = FALSE,
    xlim = c(0, max(count_ticks(most))), axes = FALSE,
    xlab = if (value == "n") "Cases" else "Percent of cases", ...)
  graphics::axis(1L, count_ticks(most))
  graphics::title(main = heading, adj = 0, line = 0.3, cex.main = 0.95)
  if (length(labels)) {
    graphics::axis(2, y, labels, las = 1, tick = FALSE, line = -0.3, xpd = NA, gap.axis = -1,
      cex.axis = min(0.95, 11 / length(labels)))
  }
  write_counts(t(drawn), y, shades, most)
}

# ---- by item ----

#' @rdname risk_profile
#' @param object A `risk_profile`.
#' @param ... Not used.
#' @return `summary()`: a data frame of class `summary.risk_profile`, a row an item and group:
#'   `item`, the columns of `by`, `base`, `n_rated` (cases at a level with a score),
#'   `n_missing` (all others), `n_highest` (cases at the item's own highest level), `mean`
#'   (of the scores of the rated) and `commonest`, the level with most cases among the rated
#'   (all of them where several have most) with `n_commonest`.
#' @export
summary.risk_profile <- function(object, ...) {
  levels <- attr(object, "levels")
  if (is.null(levels) || !all(c("item", "level", "n", "base") %in% names(object))) {
    stop_argument("`object` must be what risk_profile() gave, with no column taken out of it.")
  }
  x <- structure(object, class = "data.frame")
  by <- attr(object, "by")
  at <- match(paste(x$item, x$level, sep = "\r"), paste(levels$item, levels$level, sep = "\r"))
  x$score <- levels$score[at]
  x$missing <- levels$missing[at] != ""
  key <- do.call(paste, c(list(x$item), lapply(x[by], as.integer), list(sep = "\r")))
  rows <- lapply(unname(split(seq_len(nrow(x)), factor(key, unique(key)))), function(rows) {
    profile_summary_row(x[rows, , drop = FALSE], by)
  })
  none <- profile_summary_row(x[0L, , drop = FALSE], by)[0L, , drop = FALSE]
  structure(do.call(rbind, c(list(none), rows)),
    class = c("summary.risk_profile", "data.frame"), by = by)
}

profile_summary_row <- function(x, by) {
  rated <- x[!x$missing, , drop = FALSE]
  n <- sum(rated$n)
  most <- if (n > 0) max(rated$n) else NA
  highest <- if (nrow(rated)) which(rated$score %in% max(rated$score)) else integer()
  row <- list(item = x$item[1L])
  row[by] <- lapply(x[by], `[`, 1L)
  row <- c(row, list(base = x$base[1L], n_rated = n, n_missing = sum(x$n[x$missing]),
    n_highest = sum(rated$n[highest]),
    mean = if (n > 0) sum(rated$n * rated$score) / n else NA_real_,
    commonest = if (n > 0) paste(rated$level[rated$n == most], collapse = " / ") else
      NA_character_,
    n_commonest = most))
  structure(row, row.names = 1L, class = "data.frame")
}

#' @export
format.summary.risk_profile <- function(x, ...) {
  plain <- structure(x, class = "data.frame")
  if (!nrow(plain)) return("No items.")
  if ("mean" %in% names(plain)) plain$mean <- round(plain$mean, 2L)
  folded_lines(plain, 1L + length(attr(x, "by")))
}

#' @export
print.summary.risk_profile <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
