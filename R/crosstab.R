#' Cross-tabulate cases
#'
#' Counts the cases by the levels of rows, columns and strata, with margins, subtotals and
#' nets, percents of a stated base, and statistics of a number from the cases themselves.
#' A missing value is shown, left out and said, or refused: never dropped in silence.
#'
#' @details
#' **Formula.** `rows ~ columns`; `~ rows` for one variable; `rows ~ columns | strata`.
#' `a/b` nests b in a, to any depth, with a subtotal for each a. `a + b` stacks blocks.
#' Where each level of b lies in one level of a only, it stands under that one; else all
#' combinations keep a row (`nested`).
#'
#' **Missing values.** `NA`, a factor's `NA` level and blank text are missing; with a
#' codebook, so are its missing codes, under their own label. The text "NA" is a level.
#' Under `missing = "show"` they form a last row or column, only where there are any, and
#' are in the base.
#'
#' **Names.** Print calls a variable by its label in the codebook, else by the `label`
#' attribute of the column, else by its name. A column of the data may have any name but
#' those of the other columns of its table: `n`, `base`, `percent`, `text`, the statistics
#' asked for, `n_unweighted` with weights. Functions that put further columns beside the
#' variables, such as [suppress()] its `status`, refuse a variable of that name.
#'
#' **Time.** A table that would not fit in memory is refused before any is asked for. A
#' long count can be interrupted and, in an interactive session, tells how far it is after
#' two seconds.
#'
#' **Totals.** In `as.data.frame()`, "Total" marks a variable that is summed over. A level
#' of the data that is itself called "Total" or "Missing" is told apart by `kind` in the
#' axes `rows`, `columns` and `strata` of the result (`"level"` against `"total"`).
#'
#' **Numbers as printed.** `n`, `percent` and the statistics in the data frame are exact;
#' `text` is the cell as printed. Percents are rounded on the whole numbers n and base
#' (16.25 prints as 16.3 under `half_up`), never on a binary fraction. A percent of no
#' cases is a dash.
#'
#' **Means and sums** are compensated sums over the cases (Knuth 1997, section 4.2.2); the
#' standard deviation is taken about the mean, with n - 1; with probability weights it is
#' \eqn{\sqrt{\sum w (x - \bar x)^2 / W \cdot n / (n - 1)}}.
#'
#' @param data A data frame, or a table of a database or Arrow dataset (see
#'   [databases]).
#' @param formula A formula (or its text), see Details.
#' @param value The name of a numeric or logical column, or of several; their statistics
#'   are then called `mean_x`, `mean_y`.
#' @param stat Any of `"mean"`, `"sd"`, `"min"`, `"median"`, `"max"`, `"sum"` and
#'   `"n_missing"`; `"mean"` if only `value` is given.
#' @param weights The name of a column of weights, 0 or more. Published counts are
#'   tabulated by giving the column of counts.
#' @param percent `"none"`, `"row"`, `"column"` or `"total"` (of the stratum).
#' @param missing `"show"`, `"exclude"` or `"error"`.
#' @param totals `TRUE`, `FALSE`, or some of `"rows"` (a total row), `"columns"` and
#'   `"strata"`.
#' @param nets A list by variable of named sets of levels, for instance
#'   `list(sample = list("2012 and 2013" = c("2012", "2013")))`. Sets may overlap.
#' @param unit What is counted, in the plural, for the notes.
#' @param digits Decimals of percents and statistics: a whole number, or several named by
#'   column (`c(1, "2013" = 0)`; the one without a name is for the rest).
#' @param rounding `"half_up"`, `"half_even"` or `"sum_100"` (the percents of one base add
#'   to 100 as printed, by the largest remainder; nets, columns with several codes and
#'   totals of stacked blocks, which do not add up, stay at `half_up`).
#' @param style The text of a cell, with fields in braces: `"{n} ({percent}%)"`. Fields are
#'   `n`, `base`, `percent`, `n_unweighted` and the statistics asked for. `NULL` picks one.
#' @param zero The text of a cell without cases, for instance `"0"`, `"-"` or `""`; `NULL`
#'   writes it as any other cell.
#' @param trim Whether a trailing ".0" is left away in print.
#' @param sort Order of rows and columns: `"levels"` (as given), `"total"` (most first, by
#'   weight where there are weights) or `"label"`.
#' @param complete Values that keep a row without a case: `TRUE` (whole-number columns are
#'   filled from the least to the greatest), the names of such columns, or a list by
#'   column of all values (`list(year = 2005:2014)`).
#' @param nested `"auto"` (see Details), `"all"` combinations or those `"observed"`.
#' @param subtotals `"before"` or `"after"` the rows that they add up.
#' @param multicode A separator by column whose cells hold several codes,
#'   `c(concerns = ";")`. A case counts once under each of its codes. Columns that
#'   `codebook` calls `multicode`, and those that [recode_coding()] made of several codes,
#'   need not be named. Any other text is counted whole, and a message says so where its
#'   cells look like several codes.
#' @param base What the percents of a column with several codes are of: `"cases"` or
#'   `"mentions"`. Totals, subtotals and nets count cases, and are no percent of mentions.
#' @param asked The name of a logical column: the cases that were asked. The others are
#'   left out, and said.
#' @param weight_type `"auto"` (whole weights are frequencies), `"frequency"` or
#'   `"probability"`.
#' @param codebook A codebook: order and labels of levels, missing codes, columns with
#'   several codes and their groups. Without one, a data frame of [recode_coding()] or
#'   [combine_samples()] tells, as long as it keeps its attributes, which labels are missing
#'   codes and which columns hold several codes.
#' @param whole The style of the totals that the percents are of, whose percent is 100:
#'   `"n"` prints the total row of column percents as `59` instead of `59 (100.0%)`.
#'   `NULL` writes them as any other cell.
#' @return A `crosstab`: a list of
#'   * `cells`, a data frame with a row for each cell, ordered by stratum, row, column; see
#'     `as.data.frame()`: a column a variable, `n`, `base` (the n under the percent; for
#'     statistics without percents, the cases with a known value), `percent`, the
#'     statistics, `n_unweighted` (the rows of data) where there are weights, and `text`;
#'   * `rows`, `columns`, `strata`, data frames with a row for each printed row, column and
#'     stratum: `label`, `depth`, `kind` (`level`, `missing`, `subtotal`, `net`, `total`),
#'     `block`, `parent` (the row that this one adds up to) and `value`, a matrix of texts
#'     with a column for each variable;
#'   * `spec`, what was asked, and `notes`, facts for the notes under the table.
#' @references
#' Knuth, D. E. (1997) *The Art of Computer Programming*, volume 2, third edition.
#' Addison-Wesley, section 4.2.2, theorem B.
#'
#' Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983) Algorithms for computing the sample
#' variance. *The American Statistician* 37, 242-247, equation 2.1.
#' @seealso [cell()], [summary.crosstab()], [confint.crosstab()]
#' @examples
#' cases <- data.frame(
#'   incident = c("Neglect", "Suicide", "Neglect", "Other", NA, "Neglect"),
#'   sample = c("2012", "2012", "2013", "2013", "2013", "2014"),
#'   score = c(12, 22, 9, 4, 17, NA)
#' )
#' crosstab(cases, incident ~ sample, percent = "column")
#' crosstab(cases, ~ incident, value = "score", stat = c("mean", "max"))
#'
#' # from published counts
#' counts <- data.frame(sex = c("Female", "Male"), n = c(16, 14))
#' crosstab(counts, ~ sex, weights = "n", percent = "column", unit = "children")
#' @export
crosstab <- function(data, formula, value = NULL, stat = NULL, weights = NULL,
                     percent = "none", missing = "show", totals = TRUE, nets = NULL,
                     unit = "cases", digits = 1, rounding = "half_up", style = NULL,
                     zero = NULL, trim = FALSE, sort = "levels", complete = NULL,
                     nested = "auto", subtotals = "before", multicode = NULL,
                     base = "cases", asked = NULL, weight_type = "auto",
                     codebook = NULL, whole = NULL) {
  spec <- list(
    value = value, stat = stat, weights = weights, percent = percent, missing = missing,
    totals = totals, nets = nets, unit = unit, digits = digits, rounding = rounding,
    style = style, zero = zero, trim = trim, sort = sort, complete = complete,
    nested = nested, subtotals = subtotals, multicode = multicode, base = base,
    asked = asked, weight_type = weight_type, codebook = codebook,
    whole = whole
  )
  axes <- parse_crosstab(formula)
  spec <- check_spec(spec, unlist(axes))
  if (is.null(codebook) && !missing(data)) {
    spec$kept <- attr(data, "coding_codebook", exact = TRUE)
  }
  spec$formula <- check_formula(formula, "formula", "`rows ~ columns`")
  spec$axes <- axes
  data <- table_data(data, spec)
  variables <- lapply(spec$variables, function(v) column_levels(data[[v]], v, spec))
  names(variables) <- spec$variables
  tabulate_cases(variables, table_values(data, spec), spec, data)
}

statistics_known <- function() c("mean", "sd", "min", "median", "max", "sum", "n_missing")

check_spec <- function(spec, variables) {
  spec$variables <- unique(variables)
  spec$value <- check_strings(spec$value, "value", null = TRUE)
  if (!length(spec$value)) spec["value"] <- list(NULL)
  spec["stat"] <- list(check_stat(spec$stat, spec$value))
  spec["weights"] <- list(check_string(spec$weights, "weights", null = TRUE))
  refuse_own(variables, cell_columns(spec))
  spec$percent <- check_choice(spec$percent, "percent", c("none", "row", "column", "total"))
  spec$missing <- check_choice(spec$missing, "missing", c("show", "exclude", "error"))
  spec$totals <- check_totals(spec$totals)
  spec["nets"] <- list(check_nets(spec$nets, variables))
  spec$unit <- check_string(spec$unit, "unit")
  spec$digits <- check_digits(spec$digits)
  spec$rounding <- check_choice(spec$rounding, "rounding", rounding_modes)
  spec["style"] <- list(check_style(spec$style, "style", spec))
  spec["whole"] <- list(check_style(spec$whole, "whole", spec))
  spec["zero"] <- list(check_zero(spec$zero))
  spec$trim <- check_flag(spec$trim, "trim")
  spec$sort <- check_choice(spec$sort, "sort", c("levels", "total", "label"))
  spec["complete"] <- list(check_complete(spec$complete, variables))
  spec$nested <- check_choice(spec$nested, "nested", c("auto", "all", "observed"))
  spec$subtotals <- check_choice(spec$subtotals, "subtotals", c("before", "after"))
  spec["multicode"] <- list(check_multicode(spec$multicode))
  spec$base <- check_choice(spec$base, "base", c("cases", "mentions"))
  spec["asked"] <- list(check_string(spec$asked, "asked", null = TRUE))
  spec$weight_type <- check_choice(spec$weight_type, "weight_type",
    c("auto", "frequency", "probability"))
  if (!is.null(spec$codebook)) check_codebook(spec$codebook)
  spec
}

check_stat <- function(stat, value) {
  if (is.null(stat)) return(if (!is.null(value)) "mean")
  stat <- check_strings(stat, "stat")
  if (is.null(value)) {
    stop_argument("`stat` needs `value`, the name of the numeric column.")
  }
  unknown <- setdiff(stat, statistics_known())
  if (length(unknown) || !length(stat)) {
    stop_argument("`stat` must be some of ", list_some(statistics_known(), most = 10L),
      ", not ", if (length(unknown)) list_some(unknown) else describe(stat), ".")
  }
  unique(stat)
}

check_totals <- function(totals) {
  all <- c("rows", "columns", "strata")
  if (is.logical(totals)) return(if (check_flag(totals, "totals")) all else character())
  totals <- check_strings(totals, "totals")
  unknown <- setdiff(totals, all)
  if (length(unknown)) {
    stop_argument("`totals` must be TRUE, FALSE or some of ", list_some(all), ", not ",
      list_some(unknown), ".")
  }
  totals
}

check_nets <- function(nets, variables) {
  if (is.null(nets)) return(NULL)
  good <- is.list(nets) && !is.data.frame(nets) && named_fully(nets) &&
    all(vapply(nets, function(x) is.list(x) && named_fully(x), NA))
  if (!good) {
    stop_argument("`nets` must be a list by variable of named sets of levels, such as ",
      "list(sample = list(\"2012 and 2013\" = c(\"2012\", \"2013\"))).")
  }
  absent <- setdiff(names(nets), variables)
  if (length(absent)) {
    stop_argument("`nets` names ", list_some(absent), ", which the formula does not use.")
  }
  nets
}

named_fully <- function(x) {
  length(x) > 0L && !is.null(names(x)) && !anyNA(names(x)) && all(nzchar(names(x))) &&
    !anyDuplicated(names(x))
}

check_digits <- function(digits) {
  good <- is.numeric(digits) && !is.object(digits) && length(digits) > 0L &&
    !anyNA(digits) && all(digits == floor(digits) & digits >= 0 & digits <= 10) &&
    (length(digits) == 1L || !is.null(names(digits)))
  if (!good) {
    stop_argument("`digits` must be a whole number from 0 to 10, or several named by ",
      "column, not ", describe(digits), ".")
  }
  storage.mode(digits) <- "integer"
  digits
}

check_zero <- function(zero) {
  if (is.null(zero)) return(NULL)
  if (!is.character(zero) || length(zero) != 1L || is.na(zero)) {
    stop_argument("`zero` must be one text or NULL, not ", describe(zero), ".")
  }
  zero
}

check_complete <- function(complete, variables) {
  if (is.null(complete) || identical(complete, FALSE)) return(NULL)
  if (identical(complete, TRUE)) return(list(. = TRUE))
  if (is.character(complete) && !is.object(complete) && !anyNA(complete)) {
    complete <- structure(rep(list(NA), length(complete)), names = complete)
  }
  if (!is.list(complete) || is.object(complete) || !named_fully(complete)) {
    stop_argument("`complete` must be TRUE, names of columns or a list of values by ",
      "column, not ", describe(complete), ".")
  }
  absent <- setdiff(names(complete), variables)
  if (length(absent)) {
    stop_argument("`complete` names ", list_some(absent), ", which the formula does not use.")
  }
  complete
}

check_multicode <- function(multicode) {
  if (is.null(multicode)) return(NULL)
  good <- (is.character(multicode) || is.list(multicode)) && named_fully(multicode) &&
    all(vapply(multicode, function(x) is.character(x) && length(x) == 1L && !is.na(x) &&
      nzchar(x), NA))
  if (!good) {
    stop_argument("`multicode` must give a separator by column, such as ",
      "c(concerns = \";\"), not ", describe(multicode), ".")
  }
  as.list(multicode)
}

# The columns that the table needs, checked; factor codes are checked while they are
# counted. Rows that were not asked are taken out and counted.
table_data <- function(data, spec) {
  need_argument(data, "data")
  if (is_lazy(data)) return(grouped_data(data, spec))
  used <- unique(c(spec$variables, spec$value, spec$weights, spec$asked))
  whole <- check_data(data, columns = character())
  check_columns(c(used, names(spec$multicode)), names(whole), "data")
  data <- unclass(whole)[used]
  n_rows <- length(attr(whole, "row.names"))
  for (name in used) check_shape(data[[name]], name, n_rows)
  if (is.null(spec$asked)) return(structure(data, n_rows = n_rows))
  asked <- asked_cases(data[[spec$asked]], spec$asked)
  structure(lapply(data, function(x) x[asked]), n_rows = sum(asked),
    asked = sum(!asked))
}

asked_cases <- function(asked, name) {
  if (!(is.logical(asked) || is.numeric(asked)) || anyNA(asked)) {
    stop_argument("Column \"", name, "\" of `data` must say TRUE or FALSE in every ",
      "row, since `asked` names it.")
  }
  asked != 0
}

# check_column() without the pass over a factor's codes.
check_shape <- function(x, name, n_rows) {
  if (is.factor(x) && typeof(x) == "integer" && is.null(dim(x)) && length(x) == n_rows) {
    levels <- attr(x, "levels", exact = TRUE)
    if (is.character(levels) && !anyDuplicated(levels)) return(invisible(x))
  }
  check_column(x, name, n_rows, "data")
}
