#' Check a printed table against a computed one
#'
#' Holds every number of a table as printed against the table computed from the data,
#' cell by cell. A cell such as `"3 (13.0)"` is two numbers and gives two rows. Percents
#' are held against the computed count and base by exact arithmetic, other numbers
#' against the computed number at the digits printed.
#'
#' **Matching.** With a cross-tabulation, or a data frame in its long form (a column for
#' each variable and `n`, `percent`, `mean`, ...), rows and columns are matched by
#' label. `published` is then either long itself, with the same variables as columns, or
#' as printed: row labels in the first column, or, of nested rows and strata, in the first
#' columns (a blank outer label is the one above it), and a column for each column of the table
#' (of a table with one column of numbers the heading does not matter; of a one-way
#' table with several, `n`, `Number`, `Percent`, `%`, `Mean` and their like are known).
#' Letter case, spaces, dashes, "&" for "and", "(n=27)", `[note 1]` and the word "total" of a
#' subtotal make no difference. What is left over is matched to the nearest label, or by
#' position where as many are left on either side; the labels are then reported as
#' differing. Two wide tables are matched in the same way, row labels from the first
#' column where it is text, else by position.
#'
#' **Without `computed`** the table is held against itself: totals and subtotals against
#' their parts, percents against the counts beside them, percents that should add to 100
#' within what rounding explains, totals across, means of totals against the means of
#' their parts, and bins that overlap.
#'
#' @param published The table as printed, texts or numbers: a data frame, or a matrix or table
#'   (its row names are the labels; so are those of a data frame that starts with numbers).
#' @param computed A `crosstab`, its `as.data.frame()`, a wide data frame or table of
#'   numbers or texts of the same shape, or `NULL`.
#' @return A data frame of class `audit`, a row a number: `row` and `column` (the labels
#'   as printed; `" / "` between nested ones), `statistic` (`n`, `percent`, `mean`, ...,
#'   `value`, or `label` for two labels of one thing), `printed` (text), `exact`,
#'   `verdict` and `note` as in [audit_percent()]. A cell on one side only is `not
#'   checkable`, and the note says on which; `printed` is `NA` where only a computed
#'   cell is there. A dash agrees with 0.
#' @seealso [audit_claims()], [compare_tables()]
#' @examples
#' computed <- data.frame(incident = c("Suicide", "Neglect"), n = c(6, 9), base = 59,
#'   percent = 100 * c(6, 9) / 59)
#' published <- data.frame(
#'   incident = c("Suicide", "Neglect"), all = c("6 (9.2)", "9 (15.3)")
#' )
#' audit_table(published, computed)
#' audit_table(data.frame(
#'   months = c("0 to 12", "12 to 24", "Total"), cases = c(9, 8, 18)
#' ))
#' @export
audit_table <- function(published, computed = NULL) {
  need_argument(published, "published")
  published <- check_data(printed_frame(published), "published")
  if (inherits(computed, "crosstab")) check_crosstab(computed, "computed")
  if (is.null(computed)) return(audit_published(published))
  computed <- plain_frame(computed)
  cells <- long_cells(computed)
  if (is.null(cells)) return(audit_wide(published, check_data(computed, "computed")))
  if (all(cells$keys %in% names(published))) return(audit_long(fill_keys(published, cells), cells))
  audit_printed(published, cells)
}

# A printed table as a data frame whose first column holds the labels: from a matrix or
# table, and from a data frame whose labels are its row names or stand under no heading.
printed_frame <- function(x) {
  if (is.table(x) && length(dim(x)) == 1L) x <- as.matrix(x)
  if (is.matrix(x)) return(matrix_frame(x))
  if (!is.data.frame(x) || !length(x)) return(x)
  if (is.character(attr(x, "row.names")) && is.numeric(x[[1L]])) {
    return(cbind(data.frame(row = row.names(x)), x))
  }
  bare <- which(is.na(names(x)) | !nzchar(names(x)))
  names(x)[bare] <- ifelse(bare == 1L, "row", paste("column", bare))
  x
}

# A computed table as a data frame: of a table a row a cell, of a matrix as it is laid out.
plain_frame <- function(x) {
  if (is.table(x)) return(as.data.frame(x, responseName = "n"))
  if (is.matrix(x)) matrix_frame(x) else x
}

matrix_frame <- function(x) {
  labels <- if (is.null(rownames(x))) seq_len(nrow(x)) else rownames(x)
  cbind(data.frame(row = as.character(labels)), as.data.frame(unclass(x)))
}

statistic_names <- c("n", "percent", "mean", "median", "sd", "sum", "min", "max", "n_missing",
  "share", "rate")
side_names <- c("base", "text", "status", "lower", "upper")

# The columns of counts, percents and statistics, those of several values ("mean_age") too.
value_columns <- function(x) {
  several <- grepl(paste0("^(", paste(statistics_known(), collapse = "|"), ")_."), names(x)) &
    vapply(x, is.numeric, NA)
  c(intersect(statistic_names, names(x)), names(x)[several])
}

# The columns that name the cells of a long table. In the data frame of a cross-tabulation
# the variables, whatever their names, stand before the counts, and its numbers after.
key_columns <- function(x) {
  known <- names(x) %in% c(statistic_names, side_names)
  at <- match("n", names(x))
  if (identical(names(x)[at + 0:2], c("n", "base", "percent"))) {
    known <- seq_along(x) >= at & (known | vapply(x, is.numeric, NA))
  }
  names(x)[!known]
}

# A computed table as cells: their keys, row and column labels, and numbers. NULL where
# the data frame is not in long form.
long_cells <- function(computed) {
  if (inherits(computed, "crosstab")) return(crosstab_cells(computed))
  computed <- check_data(computed, "computed")
  keys <- key_columns(computed)
  values <- setdiff(value_columns(computed), keys)
  is_key <- vapply(computed[keys], function(x) !is.numeric(x) || length(keys) == 1L, NA)
  if (!length(values) || !length(keys) || !all(is_key)) return(NULL)
  for (name in values) computed[[name]] <- as.double(computed[[name]])
  labels <- lapply(computed[keys], function(x) ifelse(is.na(x), "", printed_text(x)))
  last <- length(keys)
  if (last == 1L) {
    return(list(cells = computed, keys = keys, values = values, row = labels[[1L]],
      column = rep("", nrow(computed)), one_way = TRUE, at = seq_len(nrow(computed)),
      paths = matrix(labels[[1L]], ncol = 1L), titles = keys,
      variables = keys))
  }
  row <- join_labels(labels[-last])
  at <- match_rows(row, labels[[last]])
  first <- !duplicated(at)
  list(cells = computed, keys = keys, values = values, row = row, column = labels[[last]],
    one_way = FALSE, at = at, paths = drop_totals(do.call(cbind, labels[-last])[first, ,
      drop = FALSE]), titles = keys[-last], variables = keys[-last])
}

# The printed row that each cell belongs to: nested labels may repeat.
match_rows <- function(row, column) {
  per_row <- length(unique(column))
  if (length(row) && length(row) %% per_row == 0L &&
    !anyDuplicated(column[seq_len(per_row)])) {
    return((seq_along(row) - 1L) %/% per_row + 1L)
  }
  match(row, unique(row))
}

# Nested labels as one: "Public law / s31 only"; "Total" for an inner variable summed
# over is left out.
join_labels <- function(labels) {
  if (length(labels) == 1L) return(labels[[1L]])
  vapply(seq_along(labels[[1L]]), function(i) {
    parts <- vapply(labels, `[`, "", i)
    shown <- parts[seq_along(parts) == 1L | parts != "Total"]
    paste(shown, collapse = " / ")
  }, "")
}

crosstab_cells <- function(x) {
  cells <- as.data.frame(x)
  keys <- key_columns(cells)
  values <- setdiff(value_columns(cells), keys)
  size <- c(nrow(x$rows), nrow(x$columns))
  if (prod(size) == 0L || nrow(cells) %% prod(size) != 0L) {
    return(long_cells(as.data.frame(x)))
  }
  times <- nrow(cells) / prod(size)
  stratum <- rep(if (is.null(x$strata$label)) rep("", times) else x$strata$label,
    each = prod(size), length.out = nrow(cells))
  row <- rep(rep(x$rows$label, each = size[2L]), times)
  if (times > 1L) row <- paste0(stratum, " / ", row)
  list(cells = cells, keys = keys, values = values, row = row,
    column = rep(column_headings(x), times * size[1L]), one_way = size[2L] == 1L,
    at = rep(seq_len(times * size[1L]), each = size[2L]), paths = row_paths(x),
    titles = row_titles(x), variables = row_variables(x))
}

# The labels of the columns; those of nested ones with the label they stand under.
column_headings <- function(x) {
  if (!anyDuplicated(x$columns$label)) return(x$columns$label)
  with_block_name(x, "columns", x$columns$block, entry_paths(x, "columns"))
}

# ---- as printed against cells ----

audit_printed <- function(published, cells) {
  if (length(published) < 2L) {
    stop_argument("`published` must have row labels in its first column and numbers beside them.")
  }
  n_labels <- label_columns(published, cells)
  rows <- match_printed_rows(published[seq_len(n_labels)], cells)
  published <- published[-seq_len(n_labels)]
  columns <- match_columns(names(published), cells)
  out <- list(
    rows$found,
    label_rows("", columns$name[columns$differ], columns$name[columns$differ],
      columns$label[columns$differ])
  )
  for (j in seq_along(columns$name)) {
    out <- c(out, list(audit_column(published[[j]], columns, j, rows, cells)))
  }
  bind_found(c(out, list(absent_cells(rows, columns, cells))))
}

# The statistic that a heading of a one-way table names, NA where none.
column_statistic <- function(name, cells) {
  known <- c(n = "n", number = "n", count = "n", frequency = "n", freq = "n", cases = "n",
    percent = "percent", "per cent" = "percent", percentage = "percent", pct = "percent",
    mean = "mean", average = "mean", median = "median", sd = "sd", sum = "sum", min = "min",
    max = "max")
  as <- unname(known[ifelse(grepl("^ *% *$", name), "percent", plain_label(name))])
  as[!as %in% cells$values] <- NA
  as
}

# The columns of print: each a column of the computed table, or a statistic of a one-way
# one.
match_columns <- function(name, cells) {
  if (cells$one_way) {
    as <- column_statistic(name, cells)
    return(list(name = name, at = rep(1L, length(name)),
      label = rep(cells$column[1L], length(name)), differ = logical(length(name)),
      statistic = as, extra = integer()))
  }
  labels <- unique(cells$column)
  found <- match_labels(name, labels)
  inside <- plain_label(labels)[found$at]
  part <- mapply(function(a, b) grepl(a, b, fixed = TRUE), inside, plain_label(name))
  same <- gsub(" ", "", inside) == gsub(" ", "", plain_label(name))
  list(name = name, at = found$at, label = labels[found$at],
    differ = found$differ & !(part %in% TRUE) & !(same %in% TRUE),
    statistic = rep(NA_character_, length(name)), extra = labels[found$extra])
}

audit_column <- function(x, columns, j, rows, cells) {
  here <- cells$one_way | cells$column == columns$label[j]
  at <- match(rows$at, replace(cells$at, !here %in% TRUE, NA), incomparables = NA)
  audit_cells(x, rows$label, columns$name[j], cells$cells, at, cells$values,
    columns$statistic[j])
}

absent_cells <- function(rows, columns, cells) {
  extra <- rows$extra[!told_twice(rows, cells)]
  out <- list()
  if (length(extra)) {
    out <- c(out, list(found_rows(rows$known[extra], "", "n", NA_character_,
      row_value(cells, extra), "not checkable", "the row is computed but not printed")))
  }
  if (length(columns$extra)) {
    out <- c(out, list(found_rows("", columns$extra, "n", NA_character_, NA_real_,
      "not checkable", "the column is computed but not printed")))
  }
  do.call(rbind, out)
}

# Rows left over that repeat one that is matched, as a subtotal with a single part does.
told_twice <- function(rows, cells) {
  used <- rows$at[!is.na(rows$at)]
  label <- plain_label(rows$inner)
  told <- paste(label[used], row_value(cells, used))
  paste(label[rows$extra], row_value(cells, rows$extra)) %in% told
}

row_value <- function(cells, rows) {
  if (!"n" %in% cells$values) return(rep(NA_real_, length(rows)))
  vapply(rows, function(row) {
    n <- cells$cells$n[cells$at == row]
    as.double(n[length(n)])
  }, 0)
}

# ---- long against long ----

audit_long <- function(published, cells) {
  keys <- long_keys(published, cells)
  at <- match(keys$printed, keys$computed)
  labels <- lapply(cells$keys, function(name) printed_text(published[[name]]))
  last <- length(labels)
  row <- if (last == 1L) labels[[1L]] else join_labels(labels[-last])
  column <- if (last == 1L) rep("", nrow(published)) else labels[[last]]
  shown <- setdiff(names(published), c(cells$keys, "base", "status"))
  if ("text" %in% shown && length(shown) > 1L) shown <- setdiff(shown, "text")
  out <- lapply(shown, function(name) {
    known <- name %in% cells$values
    if (!known && last == 1L) column <- rep(name, nrow(published))
    audit_cells(published[[name]], row, column, cells$cells, at, cells$values,
      if (known) name else NA_character_)
  })
  gone <- which(!keys$computed %in% keys$printed)
  n <- if ("n" %in% cells$values) as.double(cells$cells$n[gone]) else rep(NA_real_, length(gone))
  missing <- if (length(gone)) {
    found_rows(cells$row[gone], cells$column[gone], "n", NA_character_, n, "not checkable",
      "the cell is computed but not printed")
  }
  bind_found(c(keys$labels, out, list(missing)))
}

# The rows of two long tables as one text each, the labels of each variable matched, and
# the labels that differ.
long_keys <- function(published, cells) {
  rows <- list()
  texts <- lapply(cells$keys, function(name) {
    mine <- printed_text(published[[name]])
    theirs <- printed_text(cells$cells[[name]])
    mine[is.na(mine)] <- ""
    theirs[is.na(theirs)] <- ""
    ours <- unique(mine)
    known <- unique(theirs)
    found <- match_labels(ours, known)
    apart <- ours[found$differ]
    rows <<- c(rows, list(label_rows(apart, "", apart, known[found$at[found$differ]])))
    place <- found$at[match(mine, ours)]
    place[is.na(place)] <- -match(mine, ours)[is.na(place)]
    list(printed = place, computed = match(theirs, known))
  })
  join <- function(side) do.call(paste, lapply(texts, `[[`, side))
  list(printed = join("printed"), computed = join("computed"), labels = rows)
}
