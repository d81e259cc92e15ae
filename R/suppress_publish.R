# A table as it may be published: nothing of a hidden cell is left in it.

# Nothing of a hidden cell is left: counts, bases, percents, statistics, texts, notes.
withhold <- function(x, rule, status, disclosure) {
  n <- x$cells$n
  hidden <- status != "safe"
  cells <- x$cells
  cells$status <- status
  printed <- publish_counts(x, rule, hidden)
  base <- publish_bases(x, printed, hidden, rule)
  with_base <- any(grepl("{base}", c(x$spec$style, x$spec$whole), fixed = TRUE))
  changed <- (!is.na(cells$percent) & is.na(base$percent)) | (!is.na(printed) & printed != n) |
    (is.na(base$base) != is.na(cells$base) & with_base) |
    (!is.na(base$base) & base$base != cells$base)
  changed[is.na(changed)] <- TRUE
  cells$n <- printed
  cells$base <- base$base
  cells$percent <- base$percent
  for (name in statistic_columns(x)) {
    value <- publish_statistic(x, name, rule)
    value[statistic_gone(x, name, hidden, rule)] <- NA
    changed <- changed | (is.na(value) != is.na(cells[[name]])) |
      (!is.na(value) & value != cells[[name]])
    cells[[name]] <- value
  }
  x$cells <- cells
  x$cells$text <- reprint(x, rule, hidden, changed)
  marked <- function(text) grepl(rule$symbol, text, fixed = TRUE)
  alone <- any(!hidden & marked(x$cells$text) & !marked(cells$text))
  x$notes <- withhold_notes(x, rule, hidden, alone)
  x$disclosure <- disclosure
  # a formula remembers where it was written, and with that place the cases themselves
  if (!is.null(x$spec$formula)) environment(x$spec$formula) <- globalenv()
  x
}

# Columns beyond the variables, the counts, the percents and the text.
statistic_columns <- function(x) {
  setdiff(names(x$cells), c(table_variables(x), "n", "base", "percent", "text", "status"))
}

# Numbers of cases with a known, missing or unweighted value: counts themselves.
counts_values <- function(name) grepl("^[.]?n_", name)

# The number of cases with a known value under a statistic.
known_cases <- function(x, name) {
  tail <- sub("^(mean|sd|min|median|max|sum|n_missing|[.]n_known)", "", name)
  known <- x$cells[[known_column(tail)]]
  if (is.null(known)) x$cells$n else known
}

is_small <- function(n, rule) !is.na(n) & n > 0 & n <= rule$threshold

statistic_gone <- function(x, name, hidden, rule) {
  known <- known_cases(x, name)
  if (counts_values(name)) {
    lost <- if (name == "n_unweighted") 0 else x$cells$n - known
    small <- is_small(x$cells[[name]], rule) | is_small(lost, rule)
    return(small | any(hidden) | (any(small) && any(margin_cells(x))))
  }
  hidden | known < rule$min_mean_n | tied_margins(x, hidden | known < rule$min_mean_n, hidden)
}

# A mean at full length gives the number of known values away where that is not printed,
# and a sum over its mean does where counts are rounded.
publish_statistic <- function(x, name, rule) {
  value <- x$cells[[name]]
  rounding <- !is.null(rule$rounding)
  if (counts_values(name) && rounding) return(round_to(value, rule$rounding))
  if (rounding && startsWith(name, "sum") && sub("^sum", "mean", name) %in% names(x$cells)) {
    return(rep(NA_real_, length(value)))
  }
  if (!grepl("^(mean|sd)", name)) return(value)
  partly <- rounding | known_cases(x, name) != x$cells$n
  partly[is.na(partly)] <- FALSE
  value[partly] <- round(value[partly], max(x$spec$digits, 0L))
  value
}

# Totals whose statistics would tie hidden counts together. As long as the totals with
# hidden parts whose statistics are shown are nested or apart, cases may change places
# among the hidden cells inside each of them without a shown number changing, so that the
# statistics bound no count; one that crosses another is withdrawn, the largest kept.
tied_margins <- function(x, unknown, hidden) {
  tied <- logical(nrow(x$cells))
  parts <- leaf_cells(x)
  inside <- lapply(parts, function(leaves) leaves[unknown[leaves]])
  touched <- which(!unknown & lengths(parts) > 1L &
    vapply(parts, function(leaves) any(hidden[leaves]), NA))
  kept <- list()
  for (i in touched[order(-x$cells$n[touched])]) {
    crosses <- vapply(kept, function(other) {
      common <- sum(inside[[i]] %in% other)
      common > 0L && common < min(length(inside[[i]]), length(other))
    }, NA)
    tied[i] <- any(crosses)
    if (!tied[i]) kept[[length(kept) + 1L]] <- inside[[i]]
  }
  tied
}

# The innermost cells that each cell adds up, itself where it adds up none.
leaf_cells <- function(x) {
  axes <- list(x$columns, x$rows, x$strata)
  below <- lapply(axes, function(axis) {
    lapply(seq_len(nrow(axis)), leaf_entries, axis = axis, nets = net_sums(axis, summing_nets(x)))
  })
  size <- vapply(axes, nrow, 0L)
  at <- arrayInd(seq_len(prod(size)), size)
  lapply(seq_len(nrow(at)), function(i) {
    set <- lapply(1:3, function(a) below[[a]][[at[i, a]]])
    cell <- outer(set[[1L]], (set[[2L]] - 1L) * size[1L], `+`)
    as.vector(outer(as.vector(cell), (set[[3L]] - 1L) * size[1L] * size[2L], `+`))
  })
}

leaf_entries <- function(i, axis, nets) {
  parts <- which(axis$parent %in% i)
  for (net in nets) if (net$total == i) parts <- net$parts
  if (!length(parts)) return(i)
  unique(unlist(lapply(parts, leaf_entries, axis = axis, nets = nets)))
}

publish_counts <- function(x, rule, hidden) {
  n <- x$cells$n
  if (!is.null(rule$rounding)) {
    n <- round_to(n, rule$rounding)
    if (rule$round_totals == "summed") n <- sum_shown(x, n, hidden)
  }
  n[hidden] <- NA
  n
}

# Totals as sums of their shown, rounded parts, from the innermost out.
sum_shown <- function(x, n, hidden) {
  n[hidden] <- 0
  at <- array(n, c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  for (p in summing_order(x$columns)) at[p, , ] <- sum_parts(at, x$columns, p, 1L)
  for (p in summing_order(x$rows)) at[, p, ] <- sum_parts(at, x$rows, p, 2L)
  for (p in summing_order(x$strata)) at[, , p] <- sum_parts(at, x$strata, p, 3L)
  as.vector(at)
}

# The parts of entry p of one dimension added up, over the two others.
sum_parts <- function(at, axis, p, dimension) {
  parts <- which(axis$parent %in% p & first_block(axis, p))
  take <- switch(dimension, at[parts, , , drop = FALSE], at[, parts, , drop = FALSE],
    at[, , parts, drop = FALSE])
  apply(take, setdiff(1:3, dimension), sum)
}

summing_order <- function(axis) {
  p <- unique(axis$parent[!is.na(axis$parent)])
  p[order(-axis$depth[p], axis$kind[p] == "total")]
}

first_block <- function(axis, p) axis$block == axis$block[which(axis$parent %in% p)[1L]]

# A base and the percent of it are published where the base is the count of a cell that
# is shown, or belongs to a group of which no cell is hidden.
publish_bases <- function(x, printed, hidden, rule) {
  cells <- x$cells
  kind <- x$spec$percent
  if (is.null(kind) || identical(kind, "none")) {
    base <- cells$base
    same <- !is.na(base) & base == cells$n
    small <- is_small(base, rule) | is_small(cells$n - base, rule)
    base[small | any(hidden) | (any(small) && any(margin_cells(x)))] <- NA
    if (!any(hidden) && !is.null(rule$rounding)) base <- round_to(base, rule$rounding)
    if (!is.null(x$spec$stat) || !any(same)) return(list(base = base, percent = cells$percent))
    kind <- "total"
  }
  home <- base_cells_of(x, kind)
  own <- home$cell > 0L & (cells$n[pmax(home$cell, 1L)] == cells$base) %in% TRUE
  free <- own & !hidden[pmax(home$cell, 1L)]
  touched <- home$group %in% home$group[hidden]
  keep <- !hidden & !is.na(cells$base) & (free | !touched)
  base <- cells$base
  if (!is.null(rule$rounding)) {
    base <- ifelse(free, printed[pmax(home$cell, 1L)], round_to(base, rule$rounding))
  }
  keep <- keep & cells$base >= rule$min_percent_base
  percent <- if (is.null(rule$rounding)) cells$percent else
    ifelse(base > 0, 100 * printed / base, NA_real_)
  percent[!keep | is.na(cells$percent)] <- NA
  base[!keep] <- NA
  list(base = base, percent = percent)
}

# For each cell the cell whose count is its base (0: none in the table) and its group.
base_cells_of <- function(x, kind) {
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- arrayInd(seq_len(prod(size)), size)
  if (!prod(size)) at <- matrix(0L, 0L, 3L)
  column <- if (kind %in% c("row", "total")) own_total(x$columns)[at[, 1L]] else at[, 1L]
  row <- if (kind %in% c("column", "total")) own_total(x$rows)[at[, 2L]] else at[, 2L]
  cell <- ifelse(column > 0L & row > 0L, column + (row - 1L) * size[1L] +
    (at[, 3L] - 1L) * size[1L] * size[2L], 0L)
  group <- switch(kind, row = at[, 2L], column = at[, 1L], total = rep(0L, nrow(at)))
  list(cell = as.integer(cell), group = paste(group, at[, 3L]))
}

# The total of each entry's block; an axis of a single entry is its own total.
own_total <- function(axis) {
  if (nrow(axis) == 1L) return(1L)
  total <- which(axis$kind == "total")
  if (!length(total)) return(integer(nrow(axis)))
  own <- total[match(axis$block, axis$block[total])]
  own[is.na(own)] <- total[length(total)]
  own
}

# Texts anew where something changed; a number that is gone prints as the symbol.
reprint <- function(x, rule, hidden, changed) {
  text <- x$cells$text
  usual <- is.null(x$spec$style)
  if (!is.null(x$spec$whole) && any(hidden)) {
    x$spec$whole <- withhold_fields(x, hidden, x$spec$whole)
    changed[whole_cells(x)] <- TRUE
  }
  x$spec$style <- withhold_fields(x, hidden, x$spec$style)
  finer <- !is.null(rule$digits) && any(x$spec$digits > rule$digits)
  if (finer && any(!is.na(x$cells$percent))) {
    x$spec$digits <- pmin(x$spec$digits, rule$digits)
    changed <- changed | !is.na(x$cells$percent)
  }
  if (identical(x$spec$rounding, "sum_100") && any(hidden)) {
    x$spec$rounding <- "half_up"
    changed <- changed | !is.na(x$cells$percent)
  }
  changed <- changed & !hidden
  if (any(changed)) {
    again <- table_text(x, rule)
    if (usual) again <- mark_statistics(again, rule$symbol)
    text[changed] <- again[changed]
  }
  text[hidden] <- rule$symbol
  text
}

# Counts of values print as the symbol in the cells that are shown.
withhold_fields <- function(x, hidden, style) {
  counts <- statistic_columns(x)
  counts <- counts[counts_values(counts)]
  if (!any(hidden) || !length(counts)) return(style)
  if (is.null(style)) style <- default_style(x$spec)
  for (field in counts) {
    style <- gsub(paste0("{", field, "}"), "withheld", style, fixed = TRUE)
  }
  style
}

# "40 (100.0%), mean -, sd -" with the symbol where the statistics stood.
mark_statistics <- function(text, symbol) {
  plain <- gsub("\\", "\\\\", symbol, fixed = TRUE)
  gsub("(, (?:[^,]+ )?)-(?=,|$)", paste0("\\1", plain), text, perl = TRUE)
}

table_text <- function(x, rule) {
  if (!is.null(x$spec$style) || !is.null(x$spec$formula)) {
    text <- finish_cells(x)$text
    gone <- is.na(x$cells$percent) & grepl("(-)", text, fixed = TRUE)
    text[gone] <- sub("(-)", paste0("(", rule$symbol, ")"), text[gone], fixed = TRUE)
    text[text == "-"] <- rule$symbol
    return(sub("^- ", paste0(rule$symbol, " "), text))
  }
  percent <- x$cells$percent
  n <- format(x$cells$n, trim = TRUE, scientific = FALSE)
  ifelse(is.na(percent), n, sprintf("%s (%.1f%%)", n, percent))
}

# Whether the levels of an axis add up to a total that is not printed.
no_total <- function(axis) nrow(axis) > 1L && !any(axis$kind == "total")

# Counts in the notes are counts as well: small ones, and all from which a hidden total
# would follow, are left unsaid.
withhold_notes <- function(x, rule, hidden, alone = FALSE) {
  notes <- x$notes
  notes$parts <- NULL
  total <- !is.null(rule$rounding) || any(hidden & margin_cells(x)) ||
    (any(hidden) && (no_total(x$columns) || no_total(x$rows)))
  small <- function(value) {
    any(total, !is.na(value) & value >= lowest_sensitive(rule) & value <= rule$threshold)
  }
  said <- character()
  if (any(hidden)) {
    said <- paste0(rule$symbol, ": hidden to protect small counts.")
  } else if (alone) {
    said <- paste0(rule$symbol, ": not shown, since it would rest on too few cases.")
  }
  if (!is.null(rule$rounding)) {
    said <- c(said, paste0("Counts are rounded to the nearest ", rule$rounding, "."))
  }
  if (any(notes$left_out > 0) && small(c(notes$left_out, notes$missing))) {
    said <- c(said, "Left out: where a value is missing.")
    notes$left_out[] <- 0
    notes$n_rows <- NA_real_
  }
  if (length(notes$not_asked) && small(notes$not_asked)) {
    said <- c(said, "Left out: those not asked.")
    notes["not_asked"] <- NULL
  }
  if (any(notes$value_missing > 0) && (any(hidden) || small(notes$value_missing))) {
    said <- c(said, "The statistics are of known values; some are missing.")
    notes$value_missing <- numeric()
  }
  if (any(hidden) || total) {
    if (!is.null(notes$weight_kind)) {
      said <- c(said, paste0("Weighted by ", x$spec$weights, " (", notes$weight_kind,
        " weights)."))
    }
    for (field in c("weight_kind", "weight_sum", "weight_zero")) notes[field] <- NULL
    if (total) notes["n_rows"] <- NULL
  }
  notes$extra <- c(notes$extra, said)
  notes
}
