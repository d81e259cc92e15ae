# A table as lines of text: labels wrapped and indented, numbers in line on the decimal
# point, wide tables folded, and under it what a reader must know.

#' Print a cross-tabulation
#'
#' Rows that are nested are indented under their subtotal. Several statistics by column have
#' a column each. A table wider than `width` is
#' folded. The notes under it are made from the table: what is counted, the base of the
#' percents, what is missing, weights, small bases and rounding.
#'
#' @param x A `crosstab`.
#' @param ... Not used.
#' @param width The width in characters.
#' @param max_rows The number of rows shown.
#' @param small Percents on a base of fewer cases than this are pointed out in a note.
#' @return `format()`: lines of text. `print()`: `x`, invisibly.
#' @export
print.crosstab <- function(x, ..., width = min(getOption("width", 80L), 80L),
                           max_rows = 200L, small = 10) {
  writeLines(format(x, width = width, max_rows = max_rows, small = small))
  invisible(x)
}

#' @rdname print.crosstab
#' @export
format.crosstab <- function(x, ..., width = 80L, max_rows = 200L, small = 10) {
  check_crosstab(x, "x")
  width <- check_whole(width, "width", min = 20L)
  max_rows <- check_whole(max_rows, "max_rows", min = 1L)
  small <- check_number(small, "small", min = 0)
  strata <- seq_len(nrow(x$strata))
  names <- axis_variables(x, "strata")
  lines <- unlist(lapply(strata, function(s) {
    heading <- if (length(names)) paste0(axis_title(x, "strata"), ": ",
      entry_paths(x, "strata")[s])
    c(heading, panel_lines(print_matrix(x, s, max_rows, split = TRUE), width), "")
  }))
  notes <- table_note_lines(x, small)
  if (nrow(x$rows) > max_rows) {
    notes <- c(paste0(nrow(x$rows) - max_rows, " more rows are not shown."), notes)
  }
  c(lines, if (length(notes)) unlist(lapply(notes, strwrap, width = width, exdent = 2L)))
}

# Names of an axis: "a / b" for b nested in a, "a + b" for stacked blocks.
axis_title <- function(x, axis) {
  blocks <- block_titles(x, axis)
  blocks <- unique(blocks[sort(unique(x[[axis]]$block))])
  paste(blocks[!is.na(blocks)], collapse = " + ")
}

block_titles <- function(x, axis) {
  vapply(x$spec$axes[[axis]], function(variables) {
    paste(titles_of(x, variables), collapse = " / ")
  }, "", USE.NAMES = FALSE)
}

# The table of one stratum as texts: `label` (indented), `depth`, `header`, `body`,
# `rule` (rows above which a line is drawn) and the titles of both axes. Under `split` each
# of several statistics has a column of its own, those of one column of the table a `group`.
print_matrix <- function(x, stratum, max_rows = Inf, split = FALSE) {
  rows <- seq_len(min(nrow(x$rows), max_rows))
  rows <- rows[!repeats_parent(x)[rows]]
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- matrix(array(seq_len(nrow(x$cells)), n)[, , stratum], n[1L], n[2L])[, rows, drop = FALSE]
  x$rows <- name_orphans(x)
  if (!has_axis(x, "columns")) {
    return(add_headings(one_way_matrix(x, at[1L, ], rows), x, rows))
  }
  out <- list(
    label = x$rows$label[rows], depth = x$rows$depth[rows], kind = x$rows$kind[rows],
    header = with_block_name(x, "columns", x$columns$block, entry_paths(x, "columns")),
    body = matrix(x$cells$text[t(at)], length(rows), nrow(x$columns)),
    title = axis_title(x, "rows"), top = axis_title(x, "columns")
  )
  parts <- if (split) cell_quantities(x, t(at))
  fields <- length(parts$title)
  if (fields > 2L && length(out$header)) {
    out$group <- rep(seq_along(out$header), each = fields)
    column <- order(rep(seq_along(out$header), fields))
    out$header <- paste0(out$header[out$group], ": ", parts$title)
    out$body <- matrix(parts$text, length(rows), length(column))[, column, drop = FALSE]
  }
  add_headings(out, x, rows)
}

# What the cells `at` show, a column for each quantity with its `title`; NULL where a text is
# not made of quantities. What suppress() has printed is taken apart as it stands.
cell_quantities <- function(x, at) {
  fields <- cell_fields(x)
  if (length(fields)) {
    return(list(title = field_titles(fields),
      text = matrix(field_texts(x, fields, at), ncol = length(fields))))
  }
  symbol <- x$disclosure$rule$symbol
  if (is.null(cell_status(x)) || length(c(x$spec$style, x$spec$whole)) ||
    !length(symbol) || grepl(" ", symbol, fixed = TRUE)) return(NULL)
  parts <- text_quantities(matrix(x$cells$text, ncol = 1L), default_style(x$spec))
  if (is.null(parts)) return(NULL)
  text <- matrix(unlist(parts$texts), ncol = length(parts$field))
  text[, parts$field == "%"] <- sub("%$", "", text[, parts$field == "%"])
  alone <- rowSums(text[, -1L, drop = FALSE] != "") == 0
  text[alone, ] <- text[alone, 1L]
  whole <- text[alone, 1L] %in% c(symbol, x$spec$zero)
  if (all(whole)) list(title = parts$field, text = text[as.vector(at), , drop = FALSE])
}

# The quantities that a cell shows, NULL where it has a text of its own.
cell_fields <- function(x) {
  stat <- stat_columns(x$spec)
  plain <- is.null(x$spec$style) && is.null(x$spec$whole) && is.null(cell_status(x))
  if (plain && (length(stat) || x$spec$percent != "none")) {
    c("n", if (x$spec$percent != "none") "percent", stat)
  }
}

field_titles <- function(fields) gsub("_", " ", sub("^percent$", "%", fields), fixed = TRUE)

# Each quantity of the cells `at` as text, one after the other.
field_texts <- function(x, fields, at) {
  unlist(lapply(fields, function(field) {
    x$spec$style <- paste0("{", field, "}")
    finish_cells(x)$text[at]
  }))
}

# A nested row whose outer row is not in the table carries its name.
name_orphans <- function(x) {
  rows <- x$rows
  if (ncol(rows$value) < 2L || !any(rows$depth > 0L)) return(rows)
  outer <- outer_path(rows)
  orphan <- outer != "\r\r" & !paste(rows$block, outer) %in% paste(rows$block, entry_path(rows))
  rows$label[orphan] <- entry_paths(x, "rows")[orphan]
  rows$depth[orphan] <- 0L
  rows
}

# Over each of several stacked blocks a line with its name, its rows indented; the total
# that they share stands for itself.
add_headings <- function(m, x, rows) {
  block <- x$rows$block[rows]
  titles <- block_titles(x, "rows")
  if (length(unique(block)) < 2L || max(block) > length(titles)) return(m)
  shared <- m$kind == "total" & sum(m$kind == "total") == 1L &
    is.null(names(x$spec$axes$rows))
  m$depth <- m$depth + !shared
  first <- which(!duplicated(block) & !shared)
  order <- order(c(seq_along(block), first - 0.5))
  n <- length(first)
  heading <- with_block_name(x, "rows", block[first], titles[block[first]])
  m$label <- c(m$label, heading)[order]
  m$depth <- c(m$depth, integer(n))[order]
  m$kind <- c(m$kind, rep("heading", n))[order]
  m$body <- rbind(m$body, matrix("", n, ncol(m$body)))[order, , drop = FALSE]
  m$title <- ""
  m
}

# A nested row with the label of its subtotal and alone under it says nothing new.
repeats_parent <- function(x) {
  up <- x$rows$parent
  alone <- !is.na(up) & !duplicated(up) & !duplicated(up, fromLast = TRUE)
  out <- rep(FALSE, length(up))
  out[alone] <- x$rows$label[alone] == x$rows$label[up[alone]] &
    x$rows$kind[up[alone]] == "subtotal"
  out
}

# One variable: a column for each quantity instead of one text.
one_way_matrix <- function(x, at, rows) {
  out <- list(label = x$rows$label[rows], depth = x$rows$depth[rows],
    kind = x$rows$kind[rows], title = axis_title(x, "rows"), top = "")
  parts <- cell_quantities(x, at)
  if (is.null(parts)) {
    out$header <- style_heading(if (is.null(x$spec$style)) default_style(x$spec) else x$spec$style)
    out$body <- matrix(x$cells$text[at], length(rows), 1L)
    return(out)
  }
  out$header <- parts$title
  out$body <- parts$text
  out
}

style_heading <- function(style) gsub("percent%", "%", gsub("[{}]", "", style), fixed = TRUE)

# ---- layout ----

text_width <- function(x) nchar(x, type = "width", allowNA = FALSE, keepNA = FALSE)

pad_text <- function(x, width, side = "right") {
  space <- strrep(" ", pmax(width - text_width(x), 0L))
  if (side == "right") paste0(x, space) else paste0(space, x)
}

# strwrap() that also cuts a word which is wider than the line.
wrap_label <- function(x, width) {
  lines <- strwrap(x, width = width + 1L)
  if (!length(lines)) return("")
  unlist(lapply(lines, cut_word, width = width))
}

# A word too long for a line is parted after its last hyphen or stroke, else where it must.
cut_word <- function(x, width) {
  out <- character()
  while (text_width(x) > width) {
    head <- strtrim(x, width)
    if (!nzchar(head)) break
    at <- regexpr("[-/][^-/]*$", head)
    if (at > nchar(head) / 3) head <- substring(head, 1L, at)
    out <- c(out, head)
    x <- substring(x, nchar(head) + 1L)
  }
  c(out, x)
}

panel_lines <- function(m, width) {
  limit <- max(12L, min(max(c(text_width(m$label) + 2L * m$depth, text_width(m$title), 0L)),
    (2L * width) %/% 5L))
  stub <- Map(function(label, depth) {
    indent <- strrep(" ", 2L * depth)
    lines <- wrap_label(printable(label), max(limit - 2L * depth, 4L))
    paste0(indent, c(lines[1L], if (length(lines) > 1L) paste0("  ", lines[-1L])))
  }, m$label, m$depth)
  body <- lapply(seq_along(m$header), function(j) align_numbers(m$body[, j]))
  header <- lapply(printable(m$header), function(h) h)
  columns <- Map(function(h, b) {
    wide <- max(c(text_width(b), 0L))
    lines <- wrap_label(h, max(wide, min(text_width(h), heading_width(h, length(m$group) > 0L))))
    list(head = lines, body = b, width = max(c(wide, text_width(lines))))
  }, header, body)
  stub_width <- max(c(unlist(lapply(stub, text_width)), text_width(wrap_label(m$title, limit)), 1L))
  folds <- fold_columns(vapply(columns, `[[`, 0L, "width") + 2L, width - stub_width, m$group)
  if (!length(folds)) folds <- list(integer())
  unlist(lapply(seq_along(folds), function(f) {
    c(if (f > 1L) "", fold_lines(m, stub, stub_width, columns[folds[[f]]], limit))
  }))
}

# Headings are 14 wide, 8 where columns are many, long ones up to 30 for few lines.
heading_width <- function(h, narrow = FALSE) {
  max(if (narrow) 8L else 14L, min(30L, text_width(h) %/% 4L + 5L))
}

# Control characters as escapes, so that a label cannot break the layout.
printable <- function(x) {
  bad <- grepl("[[:cntrl:]]", x)
  x[bad] <- gsub("[[:cntrl:]]+", " ", x[bad])
  x
}

# A group of columns that fits into a line is not parted.
fold_columns <- function(widths, room, group = NULL) {
  whole <- if (length(group)) vapply(split(widths, group), sum, 0)
  line <- if (length(group) && all(whole <= room)) line_of(whole, room)[group]
    else line_of(widths, room)
  split(seq_along(widths), line)
}

# The line that each of some things comes to stand in, where a line has so much room.
line_of <- function(widths, room) {
  line <- integer(length(widths))
  used <- 0
  number <- 1L
  for (j in seq_along(widths)) {
    if (used > 0 && used + widths[j] > room) {
      number <- number + 1L
      used <- 0
    }
    used <- used + widths[j]
    line[j] <- number
  }
  line
}

fold_lines <- function(m, stub, stub_width, columns, limit) {
  widths <- vapply(columns, `[[`, 0L, "width")
  title <- wrap_label(m$title, limit)
  n_head <- max(length(title), lengths(lapply(columns, `[[`, "head")))
  head <- vapply(columns, function(column) {
    lines <- c(rep("", n_head - length(column$head)), column$head)
    paste0("  ", pad_text(lines, column$width, "left"))
  }, rep("", n_head))
  head <- matrix(head, n_head)
  left <- pad_text(c(rep("", n_head - length(title)), title), stub_width)
  top <- if (nzchar(m$top)) paste0(pad_text("", stub_width), "  ", m$top)
  rule <- strrep("-", stub_width + sum(widths + 2L))
  rows <- unlist(lapply(seq_along(stub), function(r) {
    cells <- vapply(columns, function(column) {
      paste0("  ", pad_text(column$body[r], column$width, "left"))
    }, "")
    lines <- pad_text(stub[[r]], stub_width)
    last <- length(lines)
    lines[last] <- paste0(lines[last], paste(cells, collapse = ""))
    if (m$kind[r] == "total" && r > 1L) c(rule, lines) else lines
  }))
  head <- paste0(left, apply(head, 1L, paste, collapse = ""))
  sub(" +$", "", c(top, head, rule, rows))
}

# Numbers in line: what stands before the first space on its decimal point, the rest to
# the right.
align_numbers <- function(x) {
  if (!length(x)) return(x)
  space <- regexpr(" ", x, fixed = TRUE)
  head <- ifelse(space > 0L, substring(x, 1L, space - 1L), x)
  tail <- ifelse(space > 0L, substring(x, space), "")
  point <- regexpr(".", head, fixed = TRUE)
  number <- grepl("^-?[0-9.]+%?$", head)
  whole <- ifelse(number & point > 0L, substring(head, 1L, point - 1L), head)
  part <- ifelse(number & point > 0L, substring(head, point), "")
  percent <- part == "" & endsWith(whole, "%") & number
  part[percent] <- "%"
  whole[percent] <- sub("%$", "", whole[percent])
  head <- paste0(pad_text(whole, max(text_width(whole)), "left"),
    pad_text(part, max(text_width(part))))
  paste0(head, pad_text(tail, max(text_width(tail)), "left"))
}

# ---- notes ----

# What print calls the columns of the data.
titles_of <- function(x, names) {
  titles <- unname(x$notes$titles[names])
  if (is.null(titles)) return(names)
  ifelse(is.na(titles), names, titles)
}

# The notes under a table, each one sentence or two, from what the table knows.
table_note_lines <- function(x, small = 10) {
  c(note_base(x), note_statistics(x), note_missing(x), note_value(x), note_weights(x),
    note_multicode(x), note_nets(x),
    note_small(x, small), note_rounding(x), x$notes$extra)
}

note_base <- function(x) {
  unit <- x$spec$unit
  what <- if (shows_percents(x)) switch(percents_of(x),
    row = "Percentages of the row total",
    column = "Percentages of the column total",
    stratum = "Percentages of the stratum's total",
    all = "Percentages of all"
  )
  mentions <- x$spec$base == "mentions" && length(x$notes$multicode)
  if (!is.null(what)) {
    what <- if (mentions) paste0(what, "; the base is mentions, not ", unit, ".")
      else paste0(what, " (", unit, ").")
  }
  c(paste0("Counted: ", unit, "."), what)
}

# Whether the cells print percents, or the base that these are of.
shows_percents <- function(x) {
  is.null(x$spec$style) || any(grepl("\\{(percent|base)\\}", c(x$spec$style, x$spec$whole)))
}

percents_of <- function(x) {
  of <- x$spec$percent
  if (of %in% c("none", "row") || of == "column" && has_axis(x, "columns")) return(of)
  if (has_axis(x, "strata")) "stratum" else "all"
}

note_missing <- function(x) {
  notes <- x$notes
  asked <- if (!is.null(notes$not_asked)) {
    paste0("Not asked, and left out: ", print_count(notes$not_asked), ".")
  }
  if (x$spec$missing == "exclude" && any(notes$left_out > 0)) {
    each <- paste0(print_count(notes$missing), " of ", titles_of(x, names(notes$missing)),
      collapse = ", ")
    out <- unique(notes$left_out)
    lead <- if (length(notes$left_out) == 1L) print_count(out)
      else paste0(print_count(notes$left_out), " (", combination_titles(x), ")", collapse = "; ")
    return(c(asked, paste0("Left out because a value is missing: ", lead, " of ",
      print_count(notes$n_rows), " ", row_unit(x), " (missing: ", each, ").")))
  }
  asked
}

# The columns of each pair of blocks that has rows left out.
combination_titles <- function(x) {
  names <- names(x$notes$left_out)
  vapply(seq_along(names), function(i) {
    parts <- strsplit(names[i], ", ", fixed = TRUE)[[1L]]
    if (!all(parts %in% x$spec$variables)) return(names[i])
    paste(titles_of(x, parts), collapse = ", ")
  }, "")
}

row_unit <- function(x) if (is.null(x$spec$weights)) x$spec$unit else "rows"

# What the statistics are of; a single one has no word of its own in the cell.
note_statistics <- function(x) {
  value <- x$spec$value
  if (length(value) != 1L) return(NULL)
  title <- titles_of(x, value)
  if (!is.null(x$spec$style) || length(x$spec$stat) != 1L || !has_axis(x, "columns")) {
    return(paste0("Statistics of ", title, "."))
  }
  what <- paste0(field_titles(x$spec$stat), " of ", title)
  unit <- x$spec$unit
  paste0("In each cell: ", if (x$spec$percent == "none") paste0(what, " (", unit, ").")
    else paste0(unit, " (percent), ", what, "."))
}

note_value <- function(x) {
  lost <- x$notes$value_missing
  lost <- lost[lost > 0]
  if (!length(lost)) return(NULL)
  paste0("The statistics are of known values; ", paste0(print_count(lost), " of ",
    titles_of(x, names(lost)), collapse = ", "), if (sum(lost) == 1) " is" else " are", " missing.")
}

note_weights <- function(x) {
  notes <- x$notes
  if (is.null(notes$weight_kind)) return(NULL)
  zero <- if (notes$weight_zero > 0) paste0("; ", print_count(notes$weight_zero),
    if (notes$weight_zero == 1) " row has" else " rows have", " a weight of 0")
  paste0("Weighted by ", x$spec$weights, " (", notes$weight_kind, " weights; ",
    print_count(notes$n_rows), " rows, sum of weights ", print_count(notes$weight_sum, 1L),
    zero, ").")
}

note_multicode <- function(x) {
  several <- x$notes$multicode
  if (!length(several)) return(NULL)
  unit <- x$spec$unit
  paste0(toupper(substring(unit, 1L, 1L)), substring(unit, 2L),
    " may count under several levels of ",
    paste(titles_of(x, several), collapse = ", "), ".")
}

# Nets stand beside the levels that they unite.
note_nets <- function(x) {
  nets <- unique(unlist(lapply(unclass(x)[c("rows", "columns", "strata")], function(entries) {
    entries$label[entries$kind == "net"]
  })))
  if (!length(nets)) return(NULL)
  one <- length(nets) == 1L
  paste0(list_some(nets), if (one) " unites" else " unite",
    " other levels, and ", if (one) "is" else "are", " not added to totals.")
}

# Percents on few cases.
note_small <- function(x, small) {
  if (x$spec$percent == "none" || !shows_percents(x) || !nrow(x$cells)) return(NULL)
  base <- if (identical(x$spec$weight_kind, "probability")) unweighted_base(x) else x$cells$base
  low <- which(!is.na(x$cells$base) & base > 0 & base < small)
  if (!length(low)) return(NULL)
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  where <- arrayInd(low, n)
  labels <- switch(percents_of(x),
    row = entry_paths(x, "rows")[where[, 2L]],
    column = entry_paths(x, "columns")[where[, 1L]],
    stratum = entry_paths(x, "strata")[where[, 3L]],
    all = "all"
  )
  if (percents_of(x) %in% c("row", "column") && nrow(x$strata) > 1L) {
    labels <- paste0(entry_paths(x, "strata")[where[, 3L]], ": ", labels)
  }
  mentions <- x$spec$base == "mentions" && length(x$notes$multicode)
  unit <- if (mentions) "mentions" else x$spec$unit
  paste0("Small base, fewer than ", print_count(small), " ", unit, ": ",
    list_some(labels, quote = ""), ".")
}

# The rows of data behind each base, by the totals that the table shows, else by its parts.
unweighted_base <- function(x) {
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  count <- array(x$cells$n_unweighted, n)
  of <- percents_of(x)
  column <- if (of == "column") seq_len(n[1L]) else whole_entries(x$columns)
  row <- if (of == "row") seq_len(n[2L]) else whole_entries(x$rows)
  base <- switch(of,
    row = colSums(count[column, , , drop = FALSE])[rep(seq_len(n[2L]), each = n[1L]), ],
    column = apply(count[, row, , drop = FALSE], c(1L, 3L), sum)[,
      rep(seq_len(n[3L]), each = n[2L])],
    rep(apply(count[column, row, , drop = FALSE], 3L, sum), each = n[1L] * n[2L])
  )
  as.vector(base)
}

whole_entries <- function(entries) {
  total <- which(entries$kind == "total" & is.na(entries$parent))
  if (length(total)) total[1L] else innermost_entries(entries)
}

# Said where the percents of levels, as printed, do not add to 100.
note_rounding <- function(x) {
  if (x$spec$percent == "none" || !shows_percents(x) || !nrow(x$cells)) return(NULL)
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  digits <- rep_len(column_digits(x$spec$digits, x$columns$label), nrow(x$cells))
  shown <- array(shown_percents(x, digits), n)
  row <- innermost_entries(x$rows)
  column <- innermost_entries(x$columns)
  sums <- switch(x$spec$percent,
    row = colSums(shown[column, , , drop = FALSE]),
    column = apply(shown[, row, , drop = FALSE], c(1L, 3L), sum),
    apply(shown[column, row, , drop = FALSE], 3L, sum)
  )
  exact <- array(x$cells$n, n)
  complete <- switch(x$spec$percent,
    row = colSums(exact[column, , , drop = FALSE]),
    column = apply(exact[, row, , drop = FALSE], c(1L, 3L), sum),
    apply(exact[column, row, , drop = FALSE], 3L, sum)
  )
  base <- switch(x$spec$percent,
    row = array(x$cells$base, n)[1L, , ],
    column = array(x$cells$base, n)[, 1L, ],
    array(x$cells$base, n)[1L, 1L, ]
  )
  adds <- as.vector(base) > 0 & abs(as.vector(complete) - as.vector(base)) < 1e-6
  if (any(adds & abs(as.vector(sums) - 100) > 1e-9, na.rm = TRUE)) {
    return("Percentages may not add to 100 because of rounding.")
  }
  NULL
}
