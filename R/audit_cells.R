# The numbers of printed cells, each told apart (count, percent, mean) and held against
# the computed one.

# The numbers of each cell: before the brackets, inside them, after them.
cell_parts <- function(x) {
  text <- printed_text(x)
  after <- "^(.*[])]) *[,;] *([^()]+)$"
  third <- grepl(after, text)
  tail <- ifelse(third, sub(after, "\\2", text), NA)
  cell <- printed_cell(ifelse(third, sub(after, "\\1", text), text))
  list(outer = cell$outer, inner = cell$inner, tail = printed_number(tail), text = text)
}

# One printed column against the computed cells at `at`. `statistic`: what the column
# holds, NA where the cells themselves must tell.
audit_cells <- function(x, row, column, computed, at, values, statistic = NA_character_) {
  if (!length(x)) return(NULL)
  parts <- cell_parts(x)
  column <- rep(column, length.out = length(x))
  asked <- asked_statistics(computed, values)
  outer_as <- if (is.na(statistic)) outer_statistic(parts, computed, at, asked) else
    rep(statistic, length(x))
  other <- setdiff(asked, c("n", "percent"))
  beside_n <- if (length(other) && !"percent" %in% asked && !any(parts$inner$percent)) {
    other[1L]
  } else {
    "percent"
  }
  beside_other <- if ("sd" %in% asked) "sd" else "n"
  inner_as <- ifelse(outer_as == "n", beside_n,
    ifelse(outer_as == "percent", "n", beside_other))
  tail_as <- rep(c(other, "value")[1L], length(x))
  out <- list(judge_cells(parts$outer, outer_as, row, column, computed, at))
  for (side in c("inner", "tail")) {
    use <- which(!is.na(parts[[side]]$text))
    as <- if (side == "inner") inner_as else tail_as
    if (length(use)) {
      out <- c(out, list(judge_cells(parts[[side]][use, ], as[use], row[use], column[use],
        computed, at[use])))
    }
  }
  do.call(rbind, out)
}

# Which statistics the computed table was asked for: those that hold a number anywhere.
asked_statistics <- function(computed, values) {
  values[vapply(values, function(name) any(!is.na(computed[[name]])), NA)]
}

# What stands before the brackets. With a bracket beside it: the count where percents
# were asked for, else the first statistic. Alone: what most of the column agrees with.
outer_statistic <- function(parts, computed, at, asked) {
  size <- length(parts$text)
  paired <- !is.na(parts$inner$text)
  other <- setdiff(asked, c("n", "percent"))
  counts_first <- "percent" %in% asked || !length(other) || any(parts$inner$percent)
  pair_as <- if (counts_first) "n" else other[1L]
  alone <- which(!paired & !nzchar(parts$outer$reason) & !is.na(at))
  choices <- unique(c(if (any(parts$outer$percent[alone])) "percent", other, "n",
    if ("percent" %in% asked || "base" %in% names(computed)) "percent"))
  choices <- intersect(choices, c(names(computed), "percent"))
  best <- if (length(choices)) choices[1L] else "n"
  if (any(paired)) {
    best <- pair_as
  } else if (length(alone) && length(choices) > 1L) {
    score <- vapply(choices, function(name) {
      sum(judge_statistic(parts$outer[alone, ], name, computed, at[alone])$verdict == "agrees")
    }, 0)
    best <- choices[which.max(score)]
  }
  as <- rep(best, size)
  as[paired] <- pair_as
  as[parts$outer$percent] <- "percent"
  as
}

judge_cells <- function(printed, as, row, column, computed, at) {
  out <- found_rows(row, column, as, printed$text, NA_real_, "not checkable",
    ifelse(is.na(at), "the cell is not in the computed table", ""))
  for (name in unique(as)) {
    use <- which(as == name & !is.na(at))
    if (!length(use)) next
    one <- judge_statistic(printed[use, ], name, computed, at[use])
    out$exact[use] <- one$exact
    out$verdict[use] <- one$verdict
    out$note[use] <- one$note
  }
  out
}

judge_statistic <- function(printed, name, computed, at) {
  has_counts <- all(c("n", "base") %in% names(computed))
  if (name == "percent" && has_counts) {
    n <- computed$n[at]
    base <- computed$base[at]
    found <- judge_ratio(printed, printed_number(as.double(n)), printed_number(as.double(base)))
    same <- same_double(printed, computed$percent, at)
    found$verdict[same] <- "agrees"
    found$note[same] <- ""
    found$verdict[is.na(n)] <- "not checkable"
    found$note[is.na(n)] <- "nothing was computed"
    return(dash_for_zero(printed, found))
  }
  exact <- if (name %in% names(computed)) as.double(computed[[name]][at]) else
    rep(NA_real_, length(at))
  found <- c(list(exact = exact), judge_value(printed, exact))
  dash_for_zero(printed, found)
}

# A percent of sums of weights, given in full: a double that differs by its last digit.
same_double <- function(printed, percent, at) {
  if (is.null(percent)) return(integer())
  close <- abs(printed$value - percent[at]) <= 1e-12 * abs(percent[at])
  digits <- nchar(gsub("^0+|[^0-9]", "", printed$text))
  which(close & digits >= 14L)
}

# A dash stands for 0, and for nothing; a blank for nothing.
dash_for_zero <- function(printed, found) {
  text <- trimws(or_blank(printed$text))
  dash <- grepl("^[-\u2010-\u2015\u2212]+$", text)
  zero <- which(dash & found$exact %in% 0)
  found$note[zero] <- "a dash for 0"
  none <- which((dash | !nzchar(text)) & is.na(found$exact))
  found$note[none] <- "nothing printed and nothing computed"
  found$verdict[c(zero, none)] <- "agrees"
  found
}

# ---- two wide tables ----

audit_wide <- function(published, computed) {
  label_column <- function(x) {
    length(x) > 1L && is.character(printed_text(x[[1L]])) && !is.numeric(x[[1L]]) &&
      isTRUE(mean(nzchar(printed_number(x[[1L]])$reason)) > 0.5)
  }
  labelled <- c(label_column(published), label_column(computed))
  n_labels <- if (all(labelled)) nested_columns(published, computed) else as.integer(labelled)
  labels <- if (labelled[1L]) folded_text(published[seq_len(n_labels[1L])]) else
    row_numbers(published)
  theirs <- if (labelled[2L]) folded_text(computed[seq_len(n_labels[2L])]) else
    row_numbers(computed)
  published <- published[seq_along(published) > n_labels[1L]]
  computed <- computed[seq_along(computed) > n_labels[2L]]
  if (!all(labelled)) {
    if (length(labels) != length(theirs)) {
      stop_argument("`published` has ", length(labels), " rows and `computed` has ",
        length(theirs), "; without row labels in both they cannot be matched.")
    }
    theirs <- labels
  }
  rows <- match_labels(labels, theirs)
  columns <- match_labels(names(published), names(computed))
  out <- list(
    label_rows(labels[rows$differ], "", labels[rows$differ], theirs[rows$at[rows$differ]]),
    label_rows("", names(published)[columns$differ], names(published)[columns$differ],
      names(computed)[columns$at[columns$differ]])
  )
  for (j in seq_along(published)) {
    exact <- if (is.na(columns$at[j])) NULL else computed[[columns$at[j]]]
    out <- c(out, list(wide_column(published[[j]], labels, names(published)[j], exact, rows$at)))
  }
  gone <- list(
    if (length(rows$extra)) found_rows(theirs[rows$extra], "", "value", NA_character_, NA_real_,
      "not checkable", "the row is computed but not printed"),
    if (length(columns$extra)) found_rows("", names(computed)[columns$extra], "value",
      NA_character_, NA_real_, "not checkable", "the column is computed but not printed")
  )
  bind_found(c(out, gone))
}

row_numbers <- function(x) as.character(seq_len(.row_names_info(x, 2L)))

wide_column <- function(x, labels, column, exact, at) {
  if (!length(x)) return(NULL)
  parts <- cell_parts(x)
  theirs <- if (is.null(exact)) NULL else cell_parts(exact)
  if (is.null(exact)) at <- rep(NA_integer_, length(x))
  out <- lapply(c("outer", "inner", "tail"), function(side) {
    use <- which(side == "outer" | !is.na(parts[[side]]$text))
    if (!length(use)) return(NULL)
    statistic <- c(outer = "value", inner = "in brackets", tail = "after brackets")[[side]]
    computed <- data.frame(value = if (is.null(theirs)) numeric() else theirs[[side]]$value)
    names(computed) <- statistic
    judge_cells(parts[[side]][use, ], rep(statistic, length(use)), labels[use],
      rep(column, length(use)), computed, at[use])
  })
  out[[1L]] <- judge_texts(out[[1L]], parts, theirs, at)
  do.call(rbind, out)
}

# Cells that hold no number on either side agree where they hold the same text.
judge_texts <- function(found, parts, theirs, at) {
  if (is.null(theirs)) return(found)
  words <- function(x) nzchar(x$outer$reason) & !is.na(x$text) & nzchar(trimws(x$text))
  both <- which(words(parts) & words(theirs)[at] %in% TRUE)
  same <- parts$text[both] == theirs$text[at[both]]
  found$verdict[both] <- ifelse(same, "agrees", "disagrees")
  found$note[both] <- ifelse(same, "", paste0("the computed table says \"",
    theirs$text[at[both]], "\""))
  found
}
