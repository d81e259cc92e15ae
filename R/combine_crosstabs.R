#' Add tables of parts of the data
#'
#' A file larger than memory is tabulated in pieces: `combine_crosstabs()` and `+` add the
#' counts, take bases and percents anew, and join means, standard deviations, sums, least
#' and greatest values. Levels that one part lacks count 0 there; levels whose texts are in
#' order in both parts stay in order. A median cannot be had from
#' the medians of parts, and is refused; a standard deviation needs the mean beside it.
#'
#' @param ... Tables (`crosstab`) made by the same call on parts of the data, or one list
#'   of them.
#' @param e1,e2 Two such tables.
#' @return A `crosstab`, the same as that of all the data (means and standard deviations
#'   to rounding error); of nested variables, without the combinations that no part shows.
#' @references Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983) Algorithms for computing
#'   the sample variance. *The American Statistician* 37, 242-247, equation 2.1.
#' @examples
#' d <- data.frame(a = c("x", "y", "x", "z"), score = c(1, 2, 3, 9))
#' one <- crosstab(d[1:2, ], ~ a, value = "score")
#' two <- crosstab(d[3:4, ], ~ a, value = "score")
#' one + two
#' @export
combine_crosstabs <- function(...) {
  tables <- list(...)
  if (length(tables) == 1L && is.list(tables[[1L]]) && !inherits(tables[[1L]], "crosstab")) {
    tables <- tables[[1L]]
  }
  if (!length(tables)) stop_argument("`...` must hold at least one cross-tabulation.")
  for (tab in tables) check_crosstab(tab, "...")
  Reduce(add_tables, tables)
}

#' @rdname combine_crosstabs
#' @export
`+.crosstab` <- function(e1, e2) {
  if (missing(e2)) return(e1)
  combine_crosstabs(e1, e2)
}

add_tables <- function(a, b) {
  check_addable(a, b)
  axes <- c("strata", "rows", "columns")
  merged <- lapply(axes, function(axis) merge_axis(a[[axis]], b[[axis]], a$spec))
  names(merged) <- axes
  out <- a
  for (axis in axes) out[[axis]] <- merged[[axis]]$entries
  first <- spread_cells_over(a, merged, "a")
  second <- spread_cells_over(b, merged, "b")
  out$notes <- add_notes(a$notes, b$notes)
  out$spec["weight_kind"] <- list(out$notes$weight_kind)
  out$cells <- add_cells(first, second, out)
  for (v in a$spec$variables) out$cells[[v]] <- axis_cell_labels(out, v)
  out$cells <- reset_rows(out$cells[intersect(names(a$cells), names(out$cells))])
  out$cells <- finish_cells(out)
  out
}

check_addable <- function(a, b) {
  fields <- setdiff(intersect(names(a$spec), names(b$spec)), c("weight_kind", "formula", "unit"))
  differ <- fields[!vapply(fields, function(f) identical(a$spec[[f]], b$spec[[f]]), NA)]
  if (length(differ)) {
    stop_argument("The tables were asked for differently: ", list_some(differ, quote = "`"), ".")
  }
  if (length(cell_status(a)) || length(cell_status(b))) {
    stop_argument("A table with suppressed cells cannot be added; suppress the sum.")
  }
  stat <- a$spec$stat
  if ("median" %in% stat) {
    stop_argument("A median cannot be had from the medians of parts; leave it out of `stat`.")
  }
  if ("sd" %in% stat && !"mean" %in% stat) {
    stop_argument("To add standard deviations the means are needed too; put \"mean\" into `stat`.")
  }
  kinds <- c(a$spec$weight_kind, b$spec$weight_kind)
  if ("sd" %in% stat && "probability" %in% kinds) {
    stop_argument("Standard deviations under probability weights cannot be added.")
  }
  if (a$spec$sort == "total" || a$spec$base == "mentions") {
    stop_argument("Tables with `sort = \"total\"` or `base = \"mentions\"` cannot be added.")
  }
}

# Both sets of entries in one order. `a` and `b` give the place of each in either, or NA.
merge_axis <- function(a, b, spec) {
  both <- list(as_subtotals(a, b), as_subtotals(b, a))
  a <- both[[1L]]
  b <- both[[2L]]
  key_a <- axis_key(a)
  key_b <- axis_key(b)
  all <- merge_entries(rbind(a, b), c(key_a, key_b), rep(1:2, c(nrow(a), nrow(b))), spec)
  at_a <- match(all, key_a)
  at_b <- match(all, key_b)
  entries <- rbind(a, b)[ifelse(is.na(at_a), nrow(a) + at_b, at_a), , drop = FALSE]
  up_a <- match(key_a[a$parent], all)[at_a]
  up_b <- match(key_b[b$parent], all)[at_b]
  entries$parent <- ifelse(is.na(up_a), up_b, up_a)
  list(entries = reset_rows(entries), a = at_a, b = at_b)
}

# An outer level under which a table has nothing is a subtotal where the other has something.
as_subtotals <- function(x, other) {
  place <- function(e) paste(e$block, e$depth, entry_path(e))
  x$kind[x$kind == "level" & place(x) %in% place(other)[other$kind == "subtotal"]] <- "subtotal"
  x
}

# The keys of the entries of two tables in order: outer levels with what stands under them.
merge_entries <- function(entries, key, part, spec) {
  outer <- paste(entries$block, outer_path(entries))
  path <- paste(entries$block, entry_path(entries))
  outer[!outer %in% path] <- "none"
  below <- split(seq_along(key), factor(outer, unique(outer)))
  expand <- function(at) {
    blocks <- unlist(lapply(split(at, entries$block[at]), merge_siblings, entries, key, part, spec))
    unlist(lapply(blocks, function(i) {
      inner <- if (path[i] %in% names(below) && path[i] != outer[i]) expand(below[[path[i]]])
      if (spec$subtotals == "after") c(inner, i) else c(i, inner)
    }))
  }
  key[expand(below[["none"]])]
}

# Entries under one outer level, each once: levels, nets, what is missing, the total. What
# only the second table has comes after what stood before it there; levels that both have
# in the order of their text keep to it.
merge_siblings <- function(at, entries, key, part, spec) {
  first <- at[part[at] == 1L]
  second <- at[part[at] == 2L]
  all <- first
  for (j in which(!key[second] %in% key[first])) {
    after <- if (j == 1L) 0L else match(key[second[j - 1L]], key[all])
    all <- append(all, second[j], after)
  }
  rank <- match(entries$kind[all], c("net", "missing", "total"), nomatch = 0L)
  all <- all[order(rank)]
  level <- all[sort(rank) == 0L]
  by <- function(i) if (spec$sort == "label") order(entries$label[i], method = "radix")
    else text_order(entries$label[i])
  ordered <- function(i) identical(by(i), seq_along(i))
  if (any(entries$depth[level] != entries$depth[level[1L]])) return(all)
  if (ordered(first[first %in% level]) && ordered(second[key[second] %in% key[level]])) {
    all[seq_along(level)] <- level[by(level)]
  }
  all
}

# The values of an entry in the variables of its axis as one text, and of its outer entry.
entry_path <- function(entries, up = 0L) {
  path <- entries$value
  if (!length(path)) return(rep("", nrow(entries)))
  if (up) path[cbind(seq_len(nrow(path)), max.col(path != "Total", "last"))] <- "Total"
  do.call(paste, c(lapply(seq_len(ncol(path)), function(j) path[, j]), sep = "\r"))
}

outer_path <- function(entries) {
  several <- rowSums(entries$value != "Total") > 1
  ifelse(entries$depth > 0L & several, entry_path(entries, 1L), "\r\r")
}

# The numbers of one table over the merged grid, NA where it has no such cell.
spread_cells_over <- function(x, merged, which) {
  at <- lapply(merged, `[[`, which)
  n <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  index <- array(seq_len(nrow(x$cells)), n)[at$columns, at$rows, at$strata, drop = FALSE]
  numbers <- x$cells[setdiff(names(x$cells), c(x$spec$variables, "text"))]
  out <- lapply(numbers, function(column) column[as.vector(index)])
  out$base <- fill_base(array(out$base, dim(index)), merged, x$spec$percent)
  out
}

# The base of a cell that a table lacks is that of its row, column or stratum, or 0.
fill_base <- function(base, merged, percent) {
  rows <- merged$rows$entries$block
  columns <- merged$columns$entries$block
  for (s in seq_len(dim(base)[3L])) for (r in unique(rows)) for (c in unique(columns)) {
    part <- base[columns == c, rows == r, s, drop = FALSE]
    size <- dim(part)[1:2]
    part <- matrix(part, size[1L])
    part <- switch(percent,
      row = matrix(apply(part, 2L, known_one), size[1L], size[2L], byrow = TRUE),
      column = matrix(apply(part, 1L, known_one), size[1L], size[2L]),
      matrix(known_one(part), size[1L], size[2L])
    )
    base[columns == c, rows == r, s] <- part
  }
  as.vector(base)
}

known_one <- function(x) {
  x <- x[!is.na(x)]
  if (length(x)) x[1L] else 0
}

or_zero <- function(x) replace(x, is.na(x), 0)

add_cells <- function(a, b, tab) {
  out <- list(n = or_zero(a$n) + or_zero(b$n), base = a$base + b$base)
  for (tail in value_tails(tab$spec$value)) {
    known <- known_column(tail)
    joined <- join_statistics(a, b, or_zero(a[[known]]), or_zero(b[[known]]), tail, tab$spec$stat)
    out[names(joined)] <- joined
  }
  if (!is.null(a$n_unweighted)) {
    out$n_unweighted <- or_zero(a$n_unweighted) + or_zero(b$n_unweighted)
  }
  none <- tab$spec$percent == "none"
  if (none && length(tab$spec$value) == 1L) out$base <- out[[known_column("")]]
  out$percent <- if (none) rep(NA_real_, length(out$n)) else percent_of(out$n, out$base)
  structure(out, class = "data.frame", row.names = .set_row_names(length(out$n)))
}

join_statistics <- function(a, b, k_a, k_b, tail, stats) {
  out <- list()
  get <- function(x, stat) x[[paste0(stat, tail)]]
  k <- k_a + k_b
  for (stat in stats) {
    x <- get(a, stat)
    y <- get(b, stat)
    out[[paste0(stat, tail)]] <- switch(stat,
      mean = ifelse(k > 0, or_zero(x) * (k_a / k) + or_zero(y) * (k_b / k), NA_real_),
      sum = or_zero(x) + or_zero(y),
      n_missing = or_zero(x) + or_zero(y),
      min = pmin(x, y, na.rm = TRUE),
      max = pmax(x, y, na.rm = TRUE),
      sd = join_sd(x, y, get(a, "mean"), get(b, "mean"), k_a, k_b)
    )
  }
  out[[known_column(tail)]] <- k
  out
}

join_sd <- function(sd_a, sd_b, mean_a, mean_b, k_a, k_b) {
  k <- k_a + k_b
  squares <- or_zero(sd_a^2 * (k_a - 1)) + or_zero(sd_b^2 * (k_b - 1)) +
    or_zero((mean_a - mean_b)^2 * k_a * k_b / k)
  ifelse(k > 1, sqrt(squares / (k - 1)), NA_real_)
}

axis_cell_labels <- function(tab, variable) {
  n <- c(columns = nrow(tab$columns), rows = nrow(tab$rows), strata = nrow(tab$strata))
  for (axis in names(n)) {
    if (!variable %in% axis_variables(tab, axis)) next
    label <- entry_values(tab[[axis]], variable)
    each <- switch(axis, columns = 1L, rows = n[["columns"]], strata = n[["columns"]] * n[["rows"]])
    return(rep_len(rep(label, each = each), prod(n)))
  }
}

add_notes <- function(a, b) {
  out <- a
  for (field in c("n_rows", "weight_sum", "weight_zero", "not_asked", "value_missing",
    "left_out")) {
    if (!is.null(a[[field]])) out[[field]] <- a[[field]] + b[[field]]
  }
  names <- union(names(a$missing), names(b$missing))
  out$missing <- or_zero(a$missing[names]) + or_zero(b$missing[names])
  names(out$missing) <- names
  if (!identical(a$weight_kind, b$weight_kind)) out$weight_kind <- "probability"
  out
}
