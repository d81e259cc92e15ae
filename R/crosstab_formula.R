# The grammar of a cross-tabulation: rows ~ columns | strata, where a/b nests b in a and
# a + b stacks blocks. Each axis comes back as a list of blocks, each block the names of
# its variables from the outermost in.

parse_crosstab <- function(formula) {
  formula <- check_formula(formula, "formula", "`rows ~ columns`")
  right <- formula[[length(formula)]]
  strata <- list()
  if (is.call(right) && identical(right[[1L]], quote(`|`))) {
    strata <- parse_axis(right[[3L]])
    right <- right[[2L]]
  }
  if (length(formula) == 2L) {
    out <- list(rows = parse_axis(right), columns = list(), strata = strata)
  } else {
    columns <- if (identical(right, 1)) list() else parse_axis(right)
    out <- list(rows = parse_axis(formula[[2L]]), columns = columns, strata = strata)
  }
  check_axes(out)
}

parse_axis <- function(x) {
  if (is.name(x)) return(list(axis_name(x)))
  if (is.character(x) && length(x) == 1L) return(list(x))
  if (!is.call(x)) {
    stop_argument("`formula` must be made of column names, not ", describe(x), ".")
  }
  what <- if (is.name(x[[1L]])) as.character(x[[1L]]) else ""
  if (what == "(") return(parse_axis(x[[2L]]))
  if (what == "+" && length(x) == 3L) return(c(parse_axis(x[[2L]]), parse_axis(x[[3L]])))
  if (what == "/" && length(x) == 3L) return(nest_blocks(x[[2L]], x[[3L]]))
  stop_argument("`formula` uses `", paste(deparse(x[[1L]]), collapse = " "),
    "`; it may use `~`, `|`, `/` (nested) and `+` (stacked) between column names.")
}

axis_name <- function(x) {
  name <- as.character(x)
  if (name == ".") stop_argument("`formula` must name its columns; `.` names none.")
  name
}

nest_blocks <- function(outer, inner) {
  outer <- parse_axis(outer)
  inner <- parse_axis(inner)
  unlist(lapply(outer, function(a) lapply(inner, function(b) c(a, b))), recursive = FALSE)
}

own_columns <- c("n", "base", "percent", "text", "status", "n_unweighted", "n_known",
  "mean", "sd", "min", "median", "max", "sum", "n_missing", "label", "depth", "kind", "block",
  "parent", "row_kind", "column_kind", "stratum_kind")

check_axes <- function(axes) {
  all <- unlist(axes, use.names = FALSE)
  if (anyDuplicated(all)) refuse_twice(axes)
  refuse_own(all, own_columns)
  axes
}

refuse_own <- function(variables, own) {
  clash <- variables[variables %in% own]
  if (length(clash)) {
    stop_argument("`formula` uses the column ", list_some(clash),
      ", a name that the table keeps for itself; give it another name in `data`.")
  }
}

# A variable may stand in several blocks of one axis, nowhere else twice.
refuse_twice <- function(axes) {
  all <- lapply(axes, function(blocks) unique(unlist(blocks)))
  twice <- unlist(all, use.names = FALSE)
  twice <- twice[duplicated(twice)]
  for (block in unlist(axes, recursive = FALSE)) twice <- c(twice, block[duplicated(block)])
  for (blocks in axes) twice <- c(twice, unlist(blocks[duplicated(blocks)]))
  if (length(twice)) {
    stop_argument("`formula` uses ", list_some(twice), " more than once.")
  }
}
