# Working with a table: as a data frame, a base table, a part of it, two tables side by side.

#' Methods of cross-tabulations
#'
#' @param x A `crosstab`.
#' @param kind For `as.data.frame()`: whether to add a column a variable-axis, `row_kind`,
#'   `column_kind` and `stratum_kind`, that tells levels from totals of the same name.
#' @param unweighted For `as.data.frame()` of a weighted table: whether to add the rows of
#'   data behind each cell, `n_unweighted`.
#' @param ... Other arguments of the generic; for `rbind()` and `cbind()`, tables with the
#'   same columns (rows) and strata; named, as in `rbind("2013" = a, "2014" = b)`, they are
#'   told apart by these names in print.
#' @param row.names,optional Not used.
#' @param i,j,k Rows, columns and strata to keep: labels, numbers or logical values. A label
#'   keeps every row of that name, such as a level in each group that it is nested in; one of
#'   them is `"North / Yes"`.
#'   Parts of a table keep the bases of the whole.
#' @param drop Not used.
#' @param statistic Which column of the cells `as.matrix()`, `as.table()` give: `"n"`,
#'   `"percent"`, `"text"`, a statistic. `as.table()` leaves margins, subtotals and nets out,
#'   so that tests and plots of base R take it.
#' @param n The number of rows `head()` keeps.
#' @return `as.data.frame()`: a row a cell: the variables of the formula ("Total" marks what
#'   is summed over), `n`, `base`, `percent`, the statistics, `text`. `as.matrix()`: rows by
#'   columns (by strata: an array). `as.table()`: a table of base R. The others: a
#'   `crosstab`.
#' @examples
#' tab <- crosstab(data.frame(a = c("x", "y", "x"), b = c("u", "u", "v")), a ~ b)
#' as.data.frame(tab)
#' as.matrix(tab)
#' t(tab["x", ])
#' @name crosstab-methods
NULL

#' @rdname crosstab-methods
#' @export
as.data.frame.crosstab <- function(x, row.names = NULL, optional = FALSE, ..., kind = FALSE,
                                   unweighted = FALSE) {
  check_crosstab(x, "x")
  cells <- x$cells
  helper <- c(known_column(value_tails(x$spec$value)),
    if (!check_flag(unweighted, "unweighted") && !is.null(x$spec$weights)) "n_unweighted")
  last <- c("text", if (length(cell_status(x))) "status")
  out <- cells[c(setdiff(names(cells), c(helper, last)), last)]
  if (!check_flag(kind, "kind")) return(out)
  kinds <- cell_kinds(x)
  refuse_own(x$spec$variables, names(kinds), "as.data.frame(kind = TRUE)")
  out[names(kinds)] <- kinds
  out
}

# What each cell is in either axis: a level, a total, ...
cell_kinds <- function(x) {
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  list(
    row_kind = rep(rep(x$rows$kind, each = n[1L]), n[3L]),
    column_kind = rep(x$columns$kind, n[2L] * n[3L]),
    stratum_kind = rep(x$strata$kind, each = n[1L] * n[2L])
  )
}

# What suppress() did with each cell, NULL before it; a variable may be called status too.
cell_status <- function(x) if (!"status" %in% x$spec$variables) x$cells[["status"]]

#' @rdname crosstab-methods
#' @export
as.matrix.crosstab <- function(x, statistic = "n", ...) {
  check_crosstab(x, "x")
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  out <- aperm(array(cell_column(x, statistic), n), c(2L, 1L, 3L))
  names <- list(x$rows$label, x$columns$label, x$strata$label)
  if (!has_axis(x, "strata")) {
    return(matrix(out, n[2L], n[1L], dimnames = names[1:2]))
  }
  dimnames(out) <- names
  out
}

cell_column <- function(x, statistic) {
  statistic <- check_string(statistic, "statistic")
  known <- setdiff(names(x$cells), c(x$spec$variables, known_column(value_tails(x$spec$value))))
  if (!statistic %in% known) {
    stop_argument("`statistic` must be one of ", list_some(known, most = 20L), ", not ",
      describe(statistic), ".")
  }
  x$cells[[statistic]]
}

# The variables of an axis, outermost first.
axis_variables <- function(x, axis) colnames(x[[axis]]$value)

has_axis <- function(x, axis) length(axis_variables(x, axis)) > 0L

# The entries of an axis that hold no other and overlap none: what adds up to the whole.
innermost_entries <- function(entries) {
  which(entries$kind %in% c("level", "missing") & !seq_len(nrow(entries)) %in% entries$parent &
    entries$block == entries$block[1L])
}

#' @rdname crosstab-methods
#' @export
as.table.crosstab <- function(x, statistic = "n", ...) {
  check_crosstab(x, "x")
  values <- aperm(array(cell_column(x, statistic),
    c(nrow(x$columns), nrow(x$rows), nrow(x$strata))), c(2L, 1L, 3L))
  axes <- c("rows", "columns", "strata")
  use <- lapply(axes, function(a) innermost_entries(x[[a]]))
  values <- values[use[[1L]], use[[2L]], use[[3L]], drop = FALSE]
  labels <- Map(function(a, u) entry_paths(x, a)[u], axes, use)
  names(labels) <- vapply(axes, function(a) paste(axis_variables(x, a), collapse = "/"), "")
  used <- nzchar(names(labels))
  as.table(array(values, lengths(labels)[used], labels[used]))
}

# Labels with the levels they stand under: "Private law / WTFH only".
entry_paths <- function(x, axis) {
  entries <- x[[axis]]
  if (ncol(entries$value) < 2L || !any(entries$depth > 0L)) return(entries$label)
  out <- apply(entries$value, 1L, function(p) paste(p[p != "Total"], collapse = " / "))
  ifelse(nzchar(out), out, entries$label)
}

#' @rdname crosstab-methods
#' @export
`[.crosstab` <- function(x, i, j, k, ..., drop = FALSE) {
  check_crosstab(x, "x")
  use <- list(
    columns = if (missing(j)) seq_len(nrow(x$columns)) else pick_entry(x, "columns", j),
    rows = if (missing(i)) seq_len(nrow(x$rows)) else pick_entry(x, "rows", i),
    strata = if (missing(k)) seq_len(nrow(x$strata)) else pick_entry(x, "strata", k)
  )
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- array(seq_len(nrow(x$cells)), n)[use$columns, use$rows, use$strata]
  x$cells <- reset_rows(x$cells[as.vector(at), , drop = FALSE])
  for (axis in names(use)) x[[axis]] <- keep_entries(x[[axis]], use[[axis]])
  x
}

reset_rows <- function(x) {
  attr(x, "row.names") <- .set_row_names(length(x[[1L]]))
  x
}

# A part of an axis, parents renumbered; an entry whose parent is gone adds up to nothing.
keep_entries <- function(entries, use) {
  out <- entries[use, , drop = FALSE]
  out$parent <- match(out$parent, use)
  out$parent[is.na(entries$parent[use])] <- NA_integer_
  reset_rows(out)
}

# The outermost entries of a label, several where it stands in several groups or blocks; else
# the one of that path.
entries_called <- function(label, entries, paths) {
  at <- which(entries$label == label)
  if (!length(at)) return(which(paths == label))
  at[entries$depth[at] == min(entries$depth[at])]
}

pick_entry <- function(x, axis, i) {
  entries <- x[[axis]]
  singular <- c(rows = "row", columns = "column", strata = "stratum")[[axis]]
  if (is.factor(i)) {
    check_factor(i, paste0("The choice of ", axis))
    i <- as.character(i)
  }
  if (is.character(i)) {
    paths <- entry_paths(x, axis)
    at <- lapply(i, entries_called, entries, paths)
    none <- lengths(at) == 0L
    if (any(none)) {
      stop_argument("The table has no ", singular, " ", list_some(i[none]), "; it has ",
        list_some(entries$label, most = 12L), ".")
    }
    return(as.integer(unlist(at)))
  }
  out <- if (is.logical(i) || is.numeric(i)) seq_len(nrow(entries))[i]
  if (is.null(out) || anyNA(out)) {
    stop_argument("The table has ", nrow(entries), " ", singular,
      if (nrow(entries) != 1L && axis != "strata") "s", "; ", describe(i), " picks none of them.")
  }
  out
}

#' @rdname crosstab-methods
#' @export
t.crosstab <- function(x) {
  check_crosstab(x, "x")
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- aperm(array(seq_len(nrow(x$cells)), n), c(2L, 1L, 3L))
  x$cells <- reset_rows(x$cells[as.vector(at), , drop = FALSE])
  rows <- x$rows
  x$rows <- x$columns
  x$columns <- rows
  axes <- x$spec$axes
  x$spec$axes <- list(rows = axes$columns, columns = axes$rows, strata = axes$strata)
  x$spec$percent <- switch(x$spec$percent, row = "column", column = "row", x$spec$percent)
  x$spec$variables <- intersect(unlist(x$spec$axes), x$spec$variables)
  x$cells <- x$cells[union(x$spec$variables, names(x$cells))]
  x
}

#' @rdname crosstab-methods
#' @importFrom utils head
#' @export
head.crosstab <- function(x, n = 6L, ...) {
  n <- check_whole(n, "n", min = 0L)
  x[seq_len(min(n, nrow(x$rows))), ]
}

#' @export
dim.crosstab <- function(x) {
  out <- c(nrow(x$rows), nrow(x$columns))
  if (has_axis(x, "strata")) c(out, nrow(x$strata)) else out
}

# ---- tables beside and under each other ----

#' @rdname crosstab-methods
#' @export
rbind.crosstab <- function(...) bind_named(list(...), "rows")

#' @rdname crosstab-methods
#' @export
cbind.crosstab <- function(...) bind_named(list(...), "columns")

# Names of the tables become names of their blocks.
bind_named <- function(tables, axis) {
  for (i in which(nzchar(names(tables)))) {
    check_crosstab(tables[[i]], "...")
    blocks <- tables[[i]]$spec$axes[[axis]]
    names(tables[[i]]$spec$axes[[axis]]) <- rep(names(tables)[i], length(blocks))
  }
  Reduce(function(a, b) bind_tables(a, b, axis), tables)
}

# The name that cbind() or rbind() gave to the block of each entry, before `text`.
with_block_name <- function(x, axis, block, text) {
  names <- names(x$spec$axes[[axis]])
  if (is.null(names)) return(text)
  name <- names[block]
  ifelse(is.na(name) | !nzchar(name), text, paste0(name, ": ", text))
}

bind_tables <- function(a, b, axis) {
  check_crosstab(a, "...")
  check_crosstab(b, "...")
  check_same(a, b, setdiff(c("rows", "columns", "strata"), axis))
  variables <- union(axis_variables(a, axis), axis_variables(b, axis))
  clash <- intersect(axis_variables(b, axis), unlist(lapply(
    setdiff(c("rows", "columns", "strata"), axis), function(x) axis_variables(a, x))))
  if (length(clash)) stop_argument("Both axes would use ", list_some(clash), ".")
  own <- lapply(list(a, b), function(x) setdiff(names(x$cells), x$spec$variables))
  refuse_own(c(a$spec$variables, b$spec$variables), unlist(own), "the table beside it")
  from <- list(fill_variables(a[[axis]], variables), fill_variables(b[[axis]], variables))
  n_first <- nrow(from[[1L]])
  from[[2L]]$parent <- from[[2L]]$parent + n_first
  from[[2L]]$block <- from[[2L]]$block + max(length(a$spec$axes[[axis]]), from[[1L]]$block)
  columns <- union(names(a$cells), names(b$cells))
  columns <- c(intersect(union(a$spec$variables, b$spec$variables), columns),
    setdiff(columns, c(a$spec$variables, b$spec$variables)))
  cells <- rbind(fill_cell_columns(a, columns, variables), fill_cell_columns(b, columns, variables))
  out <- a
  out[[axis]] <- reset_rows(rbind(from[[1L]], from[[2L]]))
  n <- c(nrow(out$columns), nrow(out$rows), nrow(out$strata))
  out$cells <- reset_rows(cells[bound_order(a, b, axis, n), , drop = FALSE])
  out$spec$variables <- union(a$spec$variables, b$spec$variables)
  out$spec$axes[[axis]] <- c(a$spec$axes[[axis]], b$spec$axes[[axis]])
  out$notes <- join_notes(a$notes, b$notes)
  out
}

join_notes <- function(a, b) {
  a$missing <- c(a$missing, b$missing[setdiff(names(b$missing), names(a$missing))])
  a$left_out <- c(a$left_out, b$left_out)
  a$multicode <- union(a$multicode, b$multicode)
  a$titles <- c(a$titles, b$titles[setdiff(names(b$titles), names(a$titles))])
  a
}

check_same <- function(a, b, axes) {
  if (!inherits(a, "crosstab") || !inherits(b, "crosstab")) {
    stop_argument("Only cross-tabulations can be joined, not ",
      describe(if (inherits(a, "crosstab")) b else a), ".")
  }
  for (axis in axes) {
    if (!identical(axis_key(a[[axis]]), axis_key(b[[axis]]))) {
      stop_argument("The tables have different ", axis, ": ", list_some(a[[axis]]$label),
        " against ", list_some(b[[axis]]$label), ".")
    }
  }
  if (!identical(a$spec$percent, b$spec$percent) || !identical(a$spec$stat, b$spec$stat)) {
    stop_argument("The tables show different percents or statistics.")
  }
}

# What makes an entry the same in two tables.
axis_key <- function(entries) {
  paste(entries$label, entries$kind, entries$block, entry_path(entries), sep = "\r")
}

fill_variables <- function(entries, variables) {
  value <- matrix("Total", nrow(entries), length(variables), dimnames = list(NULL, variables))
  value[, colnames(entries$value)] <- entries$value
  entries$value <- value
  entries
}

fill_cell_columns <- function(x, columns, variables) {
  cells <- x$cells
  for (column in setdiff(columns, names(cells))) {
    cells[[column]] <- rep(if (column %in% variables) "Total" else NA, nrow(cells))
  }
  cells[columns]
}

bound_order <- function(a, b, axis, n) {
  size <- function(x) c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  first <- array(seq_len(nrow(a$cells)), size(a))
  second <- array(nrow(a$cells) + seq_len(nrow(b$cells)), size(b))
  out <- array(0L, n)
  if (axis == "rows") {
    out[, seq_len(nrow(a$rows)), ] <- first
    out[, nrow(a$rows) + seq_len(nrow(b$rows)), ] <- second
  } else {
    out[seq_len(nrow(a$columns)), , ] <- first
    out[nrow(a$columns) + seq_len(nrow(b$columns)), , ] <- second
  }
  as.vector(out)
}
