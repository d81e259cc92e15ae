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

check_axes <- function(axes) {
  if (anyDuplicated(unlist(axes, use.names = FALSE))) refuse_twice(axes)
  axes
}

# A variable cannot have the name of another column of the table, or of one that a
# function (`by`) puts beside the variables.
refuse_own <- function(variables, own, by = NULL) {
  clash <- intersect(variables, own)
  if (!length(clash)) return(invisible())
  one <- length(clash) == 1L
  stop_argument(if (is.null(by)) "`formula` uses the column" else "The table has the variable",
    if (one) " " else "s ", list_some(clash), if (one) ", a name that " else ", names that ",
    if (is.null(by)) "the table keeps for itself" else paste(by, "keeps for columns of its own"),
    "; give ", if (one) "it another name" else "them other names", " in `data`.")
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
