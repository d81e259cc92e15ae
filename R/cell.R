#' The text of one cell, for prose
#'
#' @param tab A `crosstab`.
#' @param ... For each variable of the table that is not summed over, the level as printed:
#'   `cell(tab, incident = "Suicide", sample = "2012")`. A variable that is left out is the
#'   total.
#' @param statistic Which column: `"text"` (as printed), `"n"`, `"percent"`, a statistic.
#' @param kind Of two cells of one name, a level called "Total" and the total itself, the
#'   one that is meant: `"total"` or `"level"`. `NULL` means the total. Where the table has
#'   a variable called `kind`, it is its level.
#' @return One text, or one number where `statistic` names a number.
#' @examples
#' tab <- crosstab(data.frame(a = c("x", "y", "x")), ~ a, percent = "column")
#' cell(tab, a = "x")
#' cell(tab, a = "x", statistic = "percent")
#' @export
cell <- function(tab, ..., statistic = "text", kind = NULL) {
  check_crosstab(tab)
  want <- list(...)
  variables <- tab$spec$variables
  if ("kind" %in% variables) {
    want$kind <- kind
    kind <- NULL
  }
  check_cell_names(want, variables)
  free <- setdiff(free_variables(tab, names(want)), names(want))
  keep <- rep(TRUE, nrow(tab$cells))
  for (v in setdiff(variables, free)) {
    level <- if (is.null(want[[v]])) "Total" else cell_level(want[[v]], v)
    hit <- tab$cells[[v]] == level
    if (!any(hit)) stop_no_level(tab, v, level, want)
    keep <- keep & hit
  }
  at <- which(keep)
  if (!length(at)) {
    stop_argument("The table has no cell ", paste0(names(want), " = \"",
      vapply(want, as.character, ""), "\"", collapse = ", "), ".")
  }
  for (v in free) refuse_several(tab, v, at)
  cell_column(tab, statistic)[meant_cell(at, cell_kinds(tab), kind)]
}

# Outer variables of a nest need no naming where an inner one is named.
free_variables <- function(tab, named) {
  blocks <- unlist(unname(tab$spec$axes), recursive = FALSE)
  unlist(lapply(blocks, function(block) {
    inner <- which(block %in% named)
    if (length(inner)) block[seq_len(max(inner) - 1L)]
  }))
}

refuse_several <- function(tab, variable, at) {
  levels <- unique(tab$cells[[variable]][at])
  if (length(levels) < 2L) return(invisible())
  stop_argument("That level stands under several of \"", variable, "\": ", list_some(levels),
    "; name the one that is meant.")
}

check_cell_names <- function(want, variables) {
  if (length(want) && (is.null(names(want)) || !all(nzchar(names(want))))) {
    stop_argument("`...` must name the variables, such as ", variables[1L], " = \"...\".")
  }
  unknown <- setdiff(names(want), variables)
  if (length(unknown)) {
    stop_argument("The table has no variable ", list_some(unknown), "; it has ",
      list_some(variables, most = 10L), ".")
  }
}

cell_level <- function(x, variable) {
  if (is.factor(x)) {
    check_factor(x, paste0("`", variable, "`"))
    x <- as.character(x)
  }
  if (!is.atomic(x) || length(x) != 1L || is.na(x)) {
    stop_argument("`", variable, "` must be one level, not ", describe(x), ".")
  }
  number_or_text(x)
}

stop_no_level <- function(tab, variable, level, want) {
  if (is.null(want[[variable]])) {
    stop_argument("The table has no total over \"", variable, "\"; name one of its levels, ",
      list_some(tab$cells[[variable]], most = 12L), ".")
  }
  stop_argument("\"", variable, "\" has no level ", list_some(level), "; its levels are ",
    list_some(tab$cells[[variable]], most = 12L), ".")
}

# Several cells of one name: levels called "Total" beside totals, or equal totals of
# stacked blocks.
meant_cell <- function(at, kinds, kind) {
  if (length(at) == 1L) return(at)
  margin <- Reduce(`+`, lapply(kinds, function(k) k[at] == "total"))
  if (identical(kind, "level")) return(at[which.min(margin)])
  if (!is.null(kind)) check_choice(kind, "kind", c("total", "level"))
  at[which.max(margin)]
}
