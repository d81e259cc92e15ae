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
  check_codebook(codebook)
  items <- check_items(codebook, items)
  if (inherits(by, "formula")) by <- all.vars(by)
  data <- check_data(data, "data", unique(c(items, check_strings(by, "by", null = TRUE))))
  groups <- case_groups(data, codebook, by, c("item", "level", "n", "base", "percent"))
  grid <- group_grid(groups)
  at <- group_cell(groups, nrow(data))
  base <- tabulate(at, nrow(grid))
  coded <- lapply(items, function(item) profile_item(data[[item]], codebook, item))
  warn_unknown_values(do.call(rbind, lapply(coded, function(one) one$unknown)))
  levels <- stack_levels(do.call(rbind, lapply(coded, function(one) one$levels)))
  n <- lapply(coded, function(one) {
    tabulate(at + (one$code - 1) * nrow(grid), nrow(grid) * nrow(one$levels))
  })
  labels <- vapply(items, function(item) variable_of(codebook, item)$label, "")
  profile_rows(levels, grid, unlist(n), base, labels)
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
  list(code = code, levels = levels, unknown = data.frame(row = row,
    variable = rep(item, length(row)), value = column_text(x[row])))
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

draw_panels <- function(panels, labels, value, main, notes, most, ...) {
  n <- length(panels)
  if (!n) return(invisible(NULL))
  old <- graphics::par("mfrow", "cex", "mex")
  if (n > 1L) graphics::par(panel_grid(n, length(notes), margin_for(labels)))
  on.exit(graphics::par(old))
  for (k in seq_len(n)) {
    panel <- panels[[k]]
    heading <- if (is.null(main)) {
      paste0(names(panels)[k], " (number of cases = ", panel$base, ")")
    } else {
      rep_len(main, n)[k]
    }
    draw_bars(panel$drawn, labels, value, heading, notes, most, ...)
  }
}

# Rows and columns of panels that leave the bars most room on this device, and, where that
# is little, smaller lines and letters.
panel_grid <- function(n, n_notes, left) {
  size <- graphics::par("din")
  columns <- seq_len(n)
  rows <- ceiling(n / columns)
  line <- 0.2
  wide <- size[1L] / columns - (left + 1.1) * line
  high <- size[2L] / rows - (8.7 + n_notes) * line
  best <- which.max(pmin(wide / 3, high / 2))
  needed <- c((left + 1.1) * line / (size[1L] / columns[best] - 1.2),
    (8.7 + n_notes) * line / (size[2L] / rows[best] - 1))
  small <- if (all(needed > 0)) max(1, needed) else 3
  list(mfrow = c(rows[best], columns[best]), cex = 1 / min(small, 3), mex = 1 / min(small, 3))
}

# A legend in the upper margin, so many lines above the bars, whatever the device's size.
legend_above <- function(labels, fill, line) {
  frame <- graphics::par("usr", "mai", "mar", "pin")
  height <- frame$mai[3L] / frame$mar[3L] * diff(frame$usr[3:4]) / frame$pin[2L]
  graphics::legend(mean(frame$usr[1:2]), frame$usr[4L] + line * height, labels, fill = fill,
    horiz = TRUE, bty = "n", xjust = 0.5, yjust = 0.5, xpd = NA, cex = 0.85)
}

draw_bars <- function(drawn, labels, value, heading, notes, most, ...) {
  items <- rev(rownames(drawn))
  shades <- grDevices::grey(seq(0.2, 0.9, length.out = max(2L, ncol(drawn))))
  shades <- shades[seq_len(ncol(drawn))]
  old <- graphics::par(mar = c(4.6 + length(notes), margin_for(labels[items]), 4.1, 1.1))
  on.exit(graphics::par(old))
  bars <- t(drawn[items, , drop = FALSE])
  y <- graphics::barplot(bars, horiz = TRUE, col = shades, names.arg = labels[items],
    las = 1, xlim = c(0, max(pretty(c(0, most)))),
    xlab = if (value == "n") "Cases" else "Percent of cases",
    main = heading, ...)
  write_counts(bars, y, shades, most)
  if (ncol(drawn)) legend_above(colnames(drawn), shades, 0.7)
  for (k in seq_along(notes)) {
    left <- graphics::grconvertX(0.01, "nfc", "user")
    graphics::mtext(notes[k], side = 1, line = 3 + k, at = left, adj = 0, cex = 0.7)
  }
}

# Each count in its part of the bar, where the part is wide enough to hold it.
write_counts <- function(bars, y, shades, most) {
  show <- bars > most / 40
  if (!any(show)) return(invisible(NULL))
  ends <- apply(bars, 2L, cumsum)
  ends <- matrix(ends, nrow(bars))
  middle <- ends - bars / 2
  ink <- ifelse(seq_along(shades) <= length(shades) / 2, "white", "black")
  place <- matrix(y, nrow(bars), ncol(bars), byrow = TRUE)
  graphics::text(middle[show], place[show], format_count(bars[show]),
    col = matrix(ink, nrow(bars), ncol(bars))[show], cex = 0.8)
}

format_count <- function(x) as.character(round(x))
