#' Check a coding sheet against its codebook
#'
#' Every cell of every variable is held against the codebook, and every cell at fault
#' becomes one row of the result. A fault in the data is never an error: the sheet is
#' reported on as it stands, and nothing in it is changed.
#'
#' @section The rules:
#' \tabular{lll}{
#'   rule \tab severity \tab found where \cr
#'   `unknown_variable` \tab warning \tab a column is not in the codebook (an error where
#'     none of them is) \cr
#'   `absent_variable` \tab error if required, else warning \tab a variable has no column (but for
#'     several rating items in a sheet that holds none of them, nor a name like one of theirs:
#'     those are kept apart) \cr
#'   `required` \tab error \tab a required cell is blank (and asked for, see `relevant`) \cr
#'   `type` \tab error \tab a cell is not a number, or not a whole one \cr
#'   `code` \tab error \tab a cell is no label, code or alias of its variable \cr
#'   `alias` \tab warning \tab a cell is a known other spelling \cr
#'   `range` \tab error \tab a number or date lies outside `min` to `max` (a year: 1000 to
#'     9999 unless the codebook says otherwise) \cr
#'   `pattern` \tab error \tab a text does not match the codebook's regular expression \cr
#'   `date` \tab error \tab a cell is not a date that can be read in one way only \cr
#'   `duplicate_id` \tab error \tab the same case stands in several rows (each is given) \cr
#'   `not_relevant` \tab error \tab a cell is answered where the variable is not asked \cr
#'   `rule_not_run` \tab error \tab a rule, `relevant` or pattern cannot be evaluated, or a
#'     rule cannot be decided \cr
#'   the codebook's own \tab as it says \tab the rule's expression is `FALSE`
#' }
#'
#' @section Cells:
#' A cell is blank where it is `NA`, empty or holds only white space (no-break and other
#' special spaces included). Texts are compared exactly, letter by letter, in UTF-8; a
#' number is compared as the text that it prints as. So a sheet gives the same findings
#' whether a column is character, factor, integer, double or labelled.
#'
#' A `flag` without codes takes TRUE, FALSE, yes, no, 1 and 0, in small or capital letters
#' or with a capital first. A code
#' listed for an `integer`, `number`, `year` or `date` variable is accepted whatever the
#' range, whichever way the number is written (-9.0 is the code -9); missing codes among
#' them count as answered. A tagged NA that the column labels is the value `.a`. The parts
#' of a `multicode` cell are found fault with one by one; one of separators alone is blank.
#' All variables of type `id` together make the key of a
#' case; a row with a blank in its key is not compared. `pattern` is searched for as
#' [grepl()] does, so anchor it with `^` and `$` to cover the whole cell.
#'
#' Dates are read in one form, 2014-02-28 (a time of midnight after it is passed over);
#' a column of class Date or POSIXct is a date already. For a `date` variable, `pattern`
#' may hold the words `dmy` or `mdy` (28/02/2014 or 02/28/2014 is read too) and `month` or
#' `year` (the coarsest precision that is accepted: "Sept 2013", "2013-09", "09/2013";
#' "2013"). Any other pattern is a regular expression for the date's text. Where no such
#' word is given, 31/12/2013 is a finding that suggests 2013-12-31, and 03/04/2010 is one
#' that suggests nothing. A date before the year 1000 is a finding.
#'
#' @section Exports of REDCap and of XLSForm servers:
#' A variable of several codes that has no column of its own may come as one column for each
#' of its boxes: `harm___1` as REDCap names it (codes in small letters, `_` for a minus sign),
#' `harm/1`, or `Harm to the child (choice=Physical)` in an export with labels. The boxes are
#' read as one cell. 1, Checked, TRUE, yes or the label means ticked; 0, Unchecked, FALSE, no
#' and a blank mean not ticked; anything else is a `code` finding that names the box's code.
#' A cell in which no box is ticked is blank: such an export does not tell "none of these"
#' from "not asked" or "not yet filled in". Where that matters give the codebook a code for
#' none. A code without a box, where others have one, is `absent_variable`.
#'
#' In a sheet in which more columns are named by a label than by a name of the codebook, a
#' column whose name is the label of exactly one variable is read as that variable, and
#' reported as `unknown_variable`, a warning. [recode_coding()] renames and joins such
#' columns, and its log says so. The columns that REDCap adds (`redcap_event_name`,
#' `case_complete`) are `unknown_variable` unless the codebook has them; in a project with
#' events or repeated forms add them to it, as ids.
#'
#' @section Expressions:
#' In `relevant` and in rules a coded variable is the text of its label, a `flag` without
#' codes TRUE or FALSE, a number a number, a date a Date. Missing codes of numbers and
#' dates, dates without a day, and cells that cannot be read are `NA`. A rule that gives
#' `NA` in a row because a cell that it reads is blank or missing finds nothing there (say
#' `!is.na(x) & ...`, or mark the variable as required, where it should), nor does one that
#' reads a cell already found unreadable. A rule of one value, such as `sum(score) == 40`,
#' speaks of the whole sheet. Where a rule that looks at whole columns is `NA` because of one
#' cell, or a rule is `NA` in a row in which nothing is missing (0 / 0), it was not decided:
#' that is `rule_not_run`, with the severity of the rule. An expression that
#' compares a coded variable with a text that is none of its labels is `rule_not_run`, as it
#' would hold of no cell. A rule that reads several
#' variables gives one finding, with their names and values joined by ", ".
#'
#' @param data A data frame, one row a case; or a table of a database or Arrow dataset (see
#'   [databases]).
#' @param codebook A [codebook()].
#' @param max_findings The most findings that are given: a whole number, or `Inf` for all.
#' @param decisions `NULL`, or the decisions that the team has taken on earlier findings, as
#'   [recode_coding()] takes them. They are carried out first (on a copy), and the findings
#'   that they accept are left out: what remains is to be decided. A decision whose own value
#'   is at fault is found with that value. `attr(, "settled")` holds the findings accepted.
#' @return A data frame of class `coding_findings`, one row a finding, ordered by row and
#'   then by the codebook's order of variables; findings about a whole column or sheet
#'   come first. No rows when all is well. Its columns:
#'   \item{row}{Row of the data (integer), `NA` for a whole column and for a table of a
#'     database, which has no row numbers.}
#'   \item{case}{The case's id as text (several id variables joined by " / "); `NA` where
#'     there is none, or where the id is restricted.}
#'   \item{variable}{The variable or column.}
#'   \item{value}{The value as found, `NA` where blank, "(restricted)" where the variable
#'     is restricted.}
#'   \item{rule, severity}{Which rule, and `error` or `warning`.}
#'   \item{expected}{What the codebook expects.}
#'   \item{suggestion}{The value most likely meant, `NA` where none is near or two are.}
#'   \item{message}{One sentence, with the reason for the suggestion.}
#'   Only data that cannot be read at all (not a data frame, list or matrix columns, a
#'   damaged factor, two columns of one name) is an error, of class
#'   `casereview_error_argument`.
#' @references The distance behind a suggestion is the optimal string alignment distance:
#'   Navarro, G. (2001). A guided tour to approximate string matching. ACM Computing
#'   Surveys 33(1), 31-88. A word of 3 to 7 letters may differ in 1, of 8 to 11 in 2, of
#'   12 and more in 3.
#' @seealso [recode_coding()] for the repair.
#' @examples
#' cb <- codebook(
#'   data.frame(variable = c("case", "neglect"), type = c("id", "rating"), required = TRUE),
#'   data.frame(variable = "neglect", code = c("2", "1", "0"),
#'     label = c("High", "Low", "None"), aliases = c("", "Lo", ""))
#' )
#' check_coding(data.frame(case = c(1, 2, 3, 3), neglect = c("High", "low", "Lo", NA)), cb)
#' @export
check_coding <- function(data, codebook, max_findings = Inf, decisions = NULL) {
  if (!identical(max_findings, Inf)) max_findings <- check_whole(max_findings, "max_findings", 1)
  if (!missing(data) && is_lazy(data)) {
    if (!is.null(decisions)) {
      stop_argument("`decisions` are for data in memory; bring it there with dplyr::collect().")
    }
    return(check_coding_lazy(data, coding_plan(check_codebook(codebook)), max_findings))
  }
  data <- check_data(data)
  plan <- coding_plan(check_codebook(codebook))
  laid <- lay_out(data, plan)
  sheet <- coding_sheet(laid$data, plan)
  if (!is.null(decisions)) return(left_open(sheet, decisions, laid$findings, max_findings))
  first_findings(bind_findings(c(laid$findings, sheet_findings(sheet)), sheet), max_findings)
}

# The findings that are left when the decisions are carried out; `settled` those accepted.
left_open <- function(sheet, decisions, findings, most) {
  decided <- apply_decisions(sheet, check_decisions(decisions))
  sheet <- coding_sheet(decided$data, sheet$plan)
  found <- bind_findings(c(findings, sheet_findings(sheet)), sheet)
  settled <- is_accepted(found, decided$accepted)
  left <- first_findings(found[!settled, , drop = FALSE], most)
  rownames(left) <- NULL
  attr(left, "settled") <- as.data.frame(found[settled, , drop = FALSE])
  left
}

first_findings <- function(found, most) {
  if (nrow(found) > most) found[seq_len(most), , drop = FALSE] else found
}

# ---- the sheet: data and plan side by side, and what has been worked out so far ----

coding_sheet <- function(data, plan) {
  ids <- plan$ids[plan$ids %in% names(data)]
  list2env(list(data = data, plan = plan, n = .row_names_info(data, 2L), asked = list(),
    decoded = list(), ids = ids, hidden_ids = any(plan$restricted[ids])), parent = emptyenv())
}

sheet_findings <- function(sheet) {
  present <- names(sheet$plan$variables)
  present <- present[present %in% names(sheet$data)]
  plans <- sheet$plan$variables[present]
  cells <- scan_variables(sheet, plans)
  sheet$cells <- cells
  told <- cell_findings(sheet, cells)
  sheet$blank <- blank_rows(sheet, plans, cells)
  parts <- lapply(sheet$look, function(name) {
    variable_findings(sheet, plans[[name]], cells[[name]])
  })
  c(column_findings(sheet), told, unlist(parts, recursive = FALSE), duplicate_findings(sheet),
    rule_findings(sheet))
}

# The cells at fault of each variable; with a bar where a team at the screen would wait.
scan_variables <- function(sheet, plans) {
  long <- interactive() && as.double(sheet$n) * length(plans) > 5e7
  bar <- if (long) utils::txtProgressBar(max = length(plans), style = 3)
  cells <- lapply(plans, function(plan) {
    hits <- scan_variable(sheet, plan)
    if (long) utils::setTxtProgressBar(bar, utils::getTxtProgressBar(bar) + 1)
    hits
  })
  if (long) close(bar)
  cells
}

# ---- one variable ----

# Rows and verdicts of the cells at fault, as src/check_coding.c numbers them.
scan_variable <- function(sheet, plan) {
  x <- .subset2(sheet$data, plan$variable)
  blank <- as.integer(plan$required)
  hits <- if (plan$patterned) scan_patterned(sheet, x, plan, blank) else
    scan_cells(x, plan, blank, NA_character_)
  if (plan$conditional || any(hits$verdict == 1L) || !is.null(attr(x, "labels", exact = TRUE))) {
    sheet$look <- c(sheet$look, plan$variable)
  }
  hits
}

scan_cells <- function(x, plan, blank, pattern) {
  words <- plan$words
  verdict <- plan$verdict
  kind <- plan$kind
  if (kind == 1L && !is.null(attr(x, "labels", exact = TRUE))) {
    words <- add_value_labels(words, x)
    verdict <- c(verdict, integer(length(words$word) - length(verdict)))
  }
  if (is.object(x)) {
    if (is.factor(x)) return(scan_factor(x, words$word, verdict, plan, blank, pattern))
    if (kind == 4L && inherits(x, "Date")) kind <- 5L
  }
  if (kind != 5L) x <- plain_cells(x)
  scan_plain(x, words$word, verdict, kind, plan, pattern, blank)
}

# Each level is judged once. NULL where the pattern is not for the fast matcher.
scan_factor <- function(x, words, verdict, plan, blank, pattern) {
  levels <- levels(x)
  hits <- scan_plain(levels, words, verdict, plan$kind, plan, pattern, 1L)
  if (is.null(hits)) return(NULL)
  judged <- integer(length(levels))
  judged[hits$row] <- hits$verdict
  .Call(C_check_coding_levels, x, judged, blank)
}

scan_plain <- function(x, words, verdict, kind, plan, pattern, blank) {
  .Call(C_check_coding_cells, x, words, verdict, kind, plan$range, plan$reading,
    c(plan$separator, pattern), blank)
}

# A text is held against the pattern as it is read; a number or date, and whatever the
# fast matcher cannot tell, in a pass of its own.
scan_patterned <- function(sheet, x, plan, blank) {
  hits <- if (plan$kind == 6L) scan_cells(x, plan, blank, plan$pattern)
  if (is.null(hits)) {
    hits <- scan_cells(x, plan, blank, NA_character_)
    unlike <- pattern_cells(sheet, x, plan)
  } else {
    is_pattern <- hits$verdict > 7L
    unlike <- lapply(hits, `[`, is_pattern)
    hits <- lapply(hits, `[`, !is_pattern)
  }
  rows <- unlike_rows(sheet, x, plan, unlike)
  rows <- rows[!rows %in% hits$row]
  list(row = c(hits$row, rows), verdict = c(hits$verdict, rep(8L, length(rows))))
}

# The cells as texts against the pattern: 8 does not match, 9 cannot be told here.
pattern_cells <- function(sheet, x, plan) {
  plan$kind <- 6L
  if (inherits(x, "Date")) x <- column_text(x)
  found <- scan_cells(x, plan, 0L, plan$pattern)
  if (is.null(found)) list(row = seq_len(sheet$n), verdict = rep(9L, sheet$n)) else found
}

# The rows that do not match. What is not certain goes to R's regular expressions, each
# distinct text once.
unlike_rows <- function(sheet, x, plan, unlike) {
  text <- column_text(x[unlike$row])
  bad <- unlike$verdict == 8L
  unsure <- unlike$verdict == 9L & !is.na(text)
  if (any(unsure)) {
    distinct <- unique(text[unsure])
    matched <- tryCatch(grepl(plan$pattern, distinct), error = function(e) NULL,
      warning = function(w) NULL)
    if (is.null(matched)) {
      sheet$pattern_fault <- c(sheet$pattern_fault, plan$variable)
      return(integer())
    }
    bad[unsure] <- !matched[match(text[unsure], distinct)]
  }
  unlike$row[bad & !is.na(text) & !text %in% plan$words$word]
}

# Rows in which nothing stands, of those in which all that is required of every case is blank.
blank_rows <- function(sheet, plans, cells) {
  asked <- vapply(plans, function(plan) plan$required && !nzchar(plan$relevant), NA)
  if (!any(asked)) return(integer())
  rows <- Reduce(intersect, lapply(cells[asked], function(x) x$row[x$verdict == 1L]))
  for (x in sheet$data) if (length(rows)) rows <- rows[is.na(column_text(x[rows]))]
  rows
}

required_findings <- function(sheet, plan, rows) {
  ending <- rep(", and the codebook requires it.", length(rows))
  ending[rows %in% sheet$blank] <- ", as is the whole row: leave the row out if it is no case."
  list(finding(plan, rows, "required", NA_character_, "an answer", NA_character_,
    quoted(plan, " is blank", ending)))
}

# What is not told by a cell alone, for the variables that scan_variable() set aside.
variable_findings <- function(sheet, plan, hits) {
  parts <- c(
    setup_findings(sheet, plan),
    if (plan$kind == 1L) label_findings(sheet, plan)
  )
  asked <- if (nzchar(plan$relevant)) asked_rows(sheet, plan)
  rows <- if (plan$required) hits$row[hits$verdict == 1L]
  if (!is.null(asked)) rows <- rows[asked[rows] %in% TRUE]
  if (length(rows)) parts <- c(parts, required_findings(sheet, plan, rows))
  if (is.null(asked)) return(parts)
  c(parts, relevance_findings(sheet, plan, which(!asked), hits))
}

quoted <- function(plan, ...) paste0("\"", plan$variable, "\"", ...)

# One or more findings of one rule; texts are recycled.
finding <- function(plan, row, rule, value, expected, suggestion, message,
                    severity = "error", variable = plan$variable) {
  n <- length(row)
  list(row = as.integer(row), variable = rep_len(variable, n), value = rep_len(value, n),
    rule = rep_len(rule, n), severity = rep_len(severity, n), expected = rep_len(expected, n),
    suggestion = rep_len(suggestion, n), message = rep_len(message, n))
}

# A limit or pattern of the codebook that cannot be used.
setup_findings <- function(sheet, plan) {
  parts <- NULL
  if (plan$odd_range) {
    parts <- list(finding(plan, NA, "rule_not_run", NA_character_, range_words_text(plan),
      NA_character_, quoted(plan, " has a `min` or `max` that cannot be read, so the range",
        " was not checked.")))
  }
  if (plan$variable %in% sheet$pattern_fault) {
    parts <- c(parts, list(finding(plan, NA, "rule_not_run", NA_character_, plan$pattern,
      NA_character_, quoted(plan, " has a pattern that is no regular expression, so it was",
        " not checked."))))
  }
  parts
}

# A labelled column whose own value labels contradict the codebook.
label_findings <- function(sheet, plan) {
  x <- .subset2(sheet$data, plan$variable)
  if (is.null(attr(x, "labels", exact = TRUE))) return(NULL)
  labels <- value_labels(x)
  if (is.null(labels)) return(NULL)
  position <- c(NA, plan$words$position)
  by_value <- position[match_text(labels$value, plan$words$word) + 1L]
  by_label <- position[match_text(labels$label, plan$words$word) + 1L]
  bad <- which(!is.na(by_value) & !is.na(by_label) & by_value != by_label)
  if (!length(bad)) return(NULL)
  list(finding(plan, rep(NA, length(bad)), "code", labels$value[bad],
    plan$codes$label[by_value[bad]], NA_character_,
    paste0("The column labels ", labels$value[bad], " of \"", plan$variable, "\" as \"",
      labels$label[bad], "\"; in the codebook it is \"", plan$codes$label[by_value[bad]],
      "\".")))
}

# ---- columns ----

column_findings <- function(sheet) {
  plan <- sheet$plan
  columns <- names(sheet$data)
  unknown <- columns[!columns %in% names(plan$variables)]
  apart <- kept_apart(plan, columns, unknown)
  absent <- absent_variables(plan, columns, apart)
  c(if (length(columns) && length(unknown) == length(columns)) list(strange_sheet(sheet)),
    lapply(plan$variables[absent], absent_finding, apart), unknown_findings(unknown, absent))
}

# A sheet none of whose columns is known, with the row that looks like its header.
strange_sheet <- function(sheet) {
  known <- names(sheet$plan$variables)
  top <- lapply(sheet$data, function(x) column_text(utils::head(x, 20L)))
  hits <- Reduce(`+`, lapply(top, `%in%`, known))
  row <- if (any(hits > 0L)) which.max(hits)
  finding(NULL, NA, "unknown_variable", NA_character_, "variables of the codebook",
    NA_character_, paste0("None of the columns is in the codebook", if (length(row)) paste0(
      "; row ", row, " holds ", list_some(intersect(known, unlist(lapply(top, `[`, row)))),
      ", so that the header seems to stand there"), "."),
    variable = list_some(names(sheet$data), quote = "", joined = ", "))
}

# A sheet that holds none of several rating items, nor a column that one of them may be
# misspelt as, is one of two: the ratings are kept in a sheet of their own.
kept_apart <- function(plan, columns, unknown) {
  rating <- names(plan$variables)[plan$rating]
  if (length(rating) < 2L || any(rating %in% columns)) return(FALSE)
  !length(unknown) || all(is.na(nearest_names(unknown, rating)$suggestion))
}

nearest_names <- function(name, known) {
  words <- list(word = known, position = seq_along(known), how = rep("label", length(known)))
  suggest_label(encode_text(name), words, known)
}

# The variables without a column. Of ratings kept apart only required ones are missed.
absent_variables <- function(plan, columns, apart) {
  missed <- !names(plan$variables) %in% columns
  if (apart) missed <- missed & (plan$required | !plan$rating)
  names(plan$variables)[missed]
}

# `apart`: none of the ratings is in this sheet.
absent_finding <- function(plan, apart) {
  finding(plan, NA, "absent_variable", NA_character_, "a column of this name", NA_character_,
    quoted(plan, " is in the codebook, and the data has no such column", if (apart &&
      plan$type == "rating") paste0(": where the ratings are kept in a sheet of their own,",
      " this sheet needs a codebook in which they are not required"), "."),
    severity = if (plan$required) "error" else "warning")
}

unknown_findings <- function(unknown, absent) {
  if (!length(unknown)) return(NULL)
  near <- rep(NA_character_, length(unknown))
  ending <- rep("", length(unknown))
  if (length(absent)) {
    found <- nearest_names(unknown, absent)
    within <- absent[match(sub("^.*[/-]", "", unknown), absent)]
    found$reason[is.na(found$suggestion)] <- "its name within a group"
    near <- ifelse(is.na(found$suggestion), within, found$suggestion)
    use <- !is.na(near)
    ending[use] <- paste0("; nearest is \"", near[use], "\" (", found$reason[use], ")")
  }
  list(finding(NULL, rep(NA, length(unknown)), "unknown_variable", NA_character_,
    "a variable of the codebook", near,
    paste0("The column \"", unknown, "\" is not in the codebook", ending, "."),
    severity = "warning", variable = unknown))
}

# ---- the result ----

finding_columns <- c("row", "case", "variable", "value", "rule", "severity", "expected",
  "suggestion", "message")

bind_findings <- function(parts, sheet) {
  parts <- parts[lengths(parts) > 0L]
  take <- function(name, none) {
    if (length(parts)) unlist(lapply(parts, `[[`, name), use.names = FALSE) else none
  }
  found <- lapply(c(row = "row", variable = "variable", value = "value", rule = "rule",
    severity = "severity", expected = "expected", suggestion = "suggestion",
    message = "message"), take, none = character())
  found$row <- as.integer(found$row)
  at <- match(found$variable, names(sheet$plan$variables))
  several <- which(is.na(at))
  at[several] <- match(sub(", .*", "", found$variable[several]), names(sheet$plan$variables))
  at[is.na(at)] <- length(sheet$plan$variables) + 1L
  at[found$rule == "unknown_variable" & found$severity == "error"] <- 0L
  order <- order(found$row, at, na.last = FALSE, method = "radix")
  found <- lapply(found, `[`, order)
  found$case <- rep(NA_character_, length(order))
  known <- !is.na(found$row)
  if (!sheet$hidden_ids && any(known)) found$case[known] <- case_text(sheet, found$row[known])
  new_findings(found[finding_columns])
}

new_findings <- function(x) {
  structure(x, row.names = .set_row_names(length(x$row)),
    class = c("coding_findings", "data.frame"))
}
