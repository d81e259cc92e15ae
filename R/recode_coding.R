#' Bring a coding sheet to coded data
#'
#' Labels, codes and aliases become factors in the codebook's order, dates become Dates,
#' numbers integers and doubles. The sheet is checked with [check_coding()] first: while
#' an `error` finding is open nothing is recoded, unless the team's decisions settle it.
#'
#' @section The repair loop:
#' Write the findings to a file, let the team fill in a column `decision` (and, where it
#' wishes, `by` and `note`), read the file back and hand it over:
#'
#' ```
#' write_worksheet(check_coding(sheet, cb), "findings.csv")
#' coded <- recode_coding(sheet, cb, decisions = read_worksheet("findings.csv"))
#' ```
#'
#' A decision is one of
#' \describe{
#'   \item{a label, code, alias, number, date or text}{what the cell is to say. It is
#'     checked like any other cell.}
#'   \item{`(blank)`}{the cell is to be empty. A required cell left blank is still a
#'     finding.}
#'   \item{`(accept)`}{the cell stays as it is, and the finding of this rule is settled.
#'     A cell that cannot be held in the coded data (rules `code`, `type` and `date`)
#'     cannot be accepted as it is.}
#'   \item{empty or `NA`}{not decided: the finding is open.}
#' }
#' For `unknown_variable` the decision is the name of the codebook's variable that the
#' column is; for a part of a `multicode` cell it replaces that part. A finding of a rule
#' over several variables is settled by `(accept)`, or by rows that the team adds, with
#' the `case` (or `row`), the `variable`, the `value` as found and the `decision`.
#'
#' A decision finds its cell by `variable`, `value` and `case`, by `row` where there is no
#' case id or where the id stands in several rows. The value must still be the one found
#' (a reading programme may have turned "01" into 1), so the same table serves a later
#' sheet: a decision whose cell has been put right at the source, or is not there, does
#' nothing. `attr(coding_changes(x), "unused")` lists the decisions that did nothing.
#' `check_coding(sheet, cb, decisions = )` gives what the decisions taken so far leave open, so
#' that next month's list holds what is new alone:
#'
#' ```
#' taken <- read_worksheet("findings.csv")
#' write_worksheet(check_coding(new_sheet, cb, decisions = taken), "new.csv")
#' coded <- recode_coding(new_sheet, cb, decisions = rbind(taken, read_worksheet("new.csv")))
#' ```
#'
#' A restricted value is not in the table, so there the case (or row) alone decides.
#'
#' @param data A data frame, one row a case.
#' @param codebook A [codebook()].
#' @param decisions `NULL`, or the table that [check_coding()] gave, with a column
#'   `decision` filled in. Needed are `variable`, `value`, `decision` and one of `case` and
#'   `row`; `rule`, `by` and `note` are used where they are there.
#' @return A plain data frame with the columns of `data`, in their order:
#'   \item{coded variables}{factors, their levels all the labels of the codebook in its
#'     order, missing codes included.}
#'   \item{`flag` without codes}{logical.}
#'   \item{`integer`, `year`}{integer (double where a number does not fit).}
#'   \item{`number`}{double.}
#'   \item{`date`}{Date; where the codebook accepts a month or a year alone, text such as
#'     "2014-02-28", "2013-09" or "2013", so that the precision is kept.}
#'   \item{`multicode`}{text, the labels joined by the codebook's separator and a space.}
#'   \item{`text`, `id` and columns that the codebook does not have}{as they were, a factor
#'     as text; blank texts of the codebook's variables are `NA`.}
#'   A missing code of a number or date becomes `NA`, and the log says which it was. A
#'   `rating` without codes, from `min` to `max`, is a number. The record of
#'   [exclude_cases()] is kept.
#'   The log of changes is an attribute, which subsetting and merging drop: take it with
#'   [coding_changes()] first. So is the codebook, from which [crosstab()] knows the missing
#'   codes and the columns of several codes; after such a step, give it the codebook.
#'   An open `error` finding is an error of class `casereview_error_findings`, whose
#'   `findings` are all findings.
#' @examples
#' cb <- codebook(
#'   data.frame(variable = c("case", "neglect"), type = c("id", "rating")),
#'   data.frame(variable = "neglect", code = c("2", "1"), label = c("High", "Low"))
#' )
#' sheet <- data.frame(case = 1:3, neglect = c("High", "1", "lo"))
#' findings <- check_coding(sheet, cb)
#' findings$decision <- "Low"
#' coded <- recode_coding(sheet, cb, findings)
#' coded
#' coding_changes(coded)
#' @export
recode_coding <- function(data, codebook, decisions = NULL) {
  need_argument(data, "data")
  flow <- attr(data, "case_flow", exact = TRUE)
  data <- check_data(data)
  plan <- coding_plan(check_codebook(codebook))
  laid <- lay_out(data, plan)
  settled <- apply_decisions(coding_sheet(laid$data, plan), check_decisions(decisions))
  sheet <- coding_sheet(settled$data, plan)
  findings <- bind_findings(c(laid$findings, sheet_findings(sheet)), sheet)
  open <- open_findings(findings, settled$accepted)
  if (any(open)) stop_findings(findings, open)
  coded <- recode_columns(sheet)
  decided <- settled$changes[order(settled$changes$row, na.last = FALSE), , drop = FALSE]
  changes <- rbind(laid$changes, decided, coded$changes)
  rownames(changes) <- NULL
  attr(changes, "accepted") <- settled$accepted
  attr(changes, "unused") <- settled$unused
  attr(coded$data, "coding_changes") <- changes
  attr(coded$data, "coding_codebook") <- codebook
  attr(coded$data, "case_flow") <- flow
  coded$data
}

stop_findings <- function(findings, open) {
  shown <- findings[open, , drop = FALSE]
  lines <- format.coding_findings(shown, n = 5L)[-1L]
  stop_casereview(
    "casereview_error_findings",
    sum(open), if (sum(open) == 1L) " error finding is" else " error findings are",
    " open; see check_coding(), and settle ", if (sum(open) == 1L) "it" else "them",
    " in `decisions`.\n",
    paste(lines, collapse = "\n"),
    fields = list(findings = findings, open = shown)
  )
}

# ---- decisions ----

check_decisions <- function(x) {
  if (is.null(x)) return(NULL)
  x <- check_data(x, "decisions")
  check_columns(c("variable", "value", "decision"), names(x), "decisions")
  if (!any(c("case", "row") %in% names(x))) {
    stop_argument("`decisions` must have a column \"case\" or \"row\".")
  }
  none <- rep(NA_character_, nrow(x))
  text <- lapply(c(case = "case", row = "row", variable = "variable", value = "value",
    rule = "rule", decision = "decision", by = "by", note = "note",
    expected = "expected"), function(name) {
    if (is.null(x[[name]])) none else column_text(x[[name]])
  })
  text <- as.data.frame(text)[!is.na(text$decision), , drop = FALSE]
  text$row <- suppressWarnings(as.integer(text$row))
  text$variable[is.na(text$variable)] <- ""
  rownames(text) <- NULL
  text
}

# A text with what reading and writing files may change taken away.
loose_text <- function(text) {
  text <- plain_text(text)$blank
  number <- encode_text(encode_numbers(text))
  text <- ifelse(is.na(number), text, number)
  truth <- match(text, c("T", "F", "true", "false"))
  text <- ifelse(is.na(truth), text, c("TRUE", "FALSE", "TRUE", "FALSE")[truth])
  ifelse(is.na(text), "", text)
}

# The data with the decisions carried out, what was changed and accepted, and the
# decisions that found no cell.
apply_decisions <- function(sheet, decisions) {
  state <- list2env(list(data = sheet$data, changes = list(), accepted = list()),
    parent = emptyenv())
  if (is.null(decisions)) {
    return(list(data = sheet$data, changes = no_changes(), accepted = NULL, unused = NULL))
  }
  decisions <- rename_columns(state, sheet, decisions)
  sheet <- coding_sheet(state$data, sheet$plan)
  cases <- case_text(sheet, seq_len(sheet$n))
  used <- logical(nrow(decisions))
  groups <- split(seq_len(nrow(decisions)),
    factor(decisions$variable, unique(decisions$variable)))
  for (name in names(groups)) {
    at <- groups[[name]]
    used[at] <- decide_variable(state, sheet, name, decisions[at, , drop = FALSE], cases)
  }
  renamed <- attr(decisions, "renamed")
  attr(decisions, "renamed") <- NULL
  list(
    data = state$data, changes = do.call(rbind, c(list(no_changes()), state$changes)),
    accepted = do.call(rbind, state$accepted),
    unused = shown_decisions(sheet, decisions[!used & !renamed, , drop = FALSE])
  )
}

no_changes <- function() {
  none <- character()
  data.frame(case = none, row = integer(), variable = none, from = none, to = none,
    by = none, note = none)
}

# Columns that a decision names as a variable of the codebook.
rename_columns <- function(state, sheet, decisions) {
  known <- names(sheet$plan$variables)
  is_name <- !decisions$variable %in% known & decisions$variable %in% names(sheet$data) &
    decisions$decision %in% known
  for (i in which(is_name)) {
    to <- decisions$decision[i]
    if (to %in% names(state$data)) {
      stop_argument("`decisions` names the column \"", decisions$variable[i], "\" as \"", to,
        "\", and `data` has a column of that name already.")
    }
    names(state$data)[names(state$data) == decisions$variable[i]] <- to
    state$changes <- c(state$changes, list(data.frame(case = NA_character_, row = NA_integer_,
      variable = to, from = decisions$variable[i], to = to, by = decisions$by[i],
      note = decision_note(decisions$note[i], "column renamed"))))
  }
  attr(decisions, "renamed") <- is_name
  decisions
}

decision_note <- function(note, otherwise = "decision") ifelse(is.na(note), otherwise, note)

# Carries out the decisions on one variable; TRUE for those that found a cell.
decide_variable <- function(state, sheet, name, decisions, cases) {
  accept <- tolower(decisions$decision) == "(accept)"
  whole <- is.na(decisions$case) & is.na(decisions$row)
  used <- accept & whole
  for (i in which(used)) {
    state$accepted <- c(state$accepted, list(data.frame(case = NA_character_, row = NA_integer_,
      variable = name, value = NA_character_, rule = decisions$rule[i], by = decisions$by[i],
      note = decisions$note[i], expected = decisions$expected[i])))
  }
  names <- strsplit(name, ", ", fixed = TRUE)[[1L]]
  names <- if (name %in% names(sheet$data)) name else names
  if (!all(names %in% names(sheet$data))) return(used)
  cells <- which(!whole & (accept | length(names) == 1L))
  if (!length(cells)) return(used)
  target <- decision_rows(sheet, names, decisions[cells, , drop = FALSE], cases)
  found <- lengths(target$rows) > 0L
  used[cells[found]] <- TRUE
  pick <- rep(seq_along(cells), lengths(target$rows))
  rows <- unlist(target$rows)
  chosen <- decisions[cells, , drop = FALSE][pick, , drop = FALSE]
  if (length(rows)) settle_cells(state, sheet, name, chosen, rows, cases)
  used
}

# The rows that each decision speaks of: those of its case (or its row) whose value is
# still the one found.
decision_rows <- function(sheet, names, decisions, cases) {
  plans <- sheet$plan$variables[names]
  hidden <- any(vapply(plans, function(p) isTRUE(p$restricted), NA))
  rows <- rows_of_case(decisions, cases, sheet$n)
  text <- lapply(names, function(name) column_text(sheet$data[[name]]))
  shown <- if (length(text) == 1L) text[[1L]] else
    do.call(paste, c(lapply(text, function(x) ifelse(is.na(x), "", x)), sep = ", "))
  if (length(names) > 1L && all(vapply(plans, function(p) p$type == "id", NA))) shown <- cases
  separator <- if (length(names) == 1L && !is.null(plans[[1L]])) plans[[1L]]$separator else NA
  if (!hidden) rows <- rows_with_value(rows, shown, loose_text(decisions$value), separator)
  list(rows = Map(one_row, rows, decisions$row))
}

# Of each decision's rows those in which its value stands, in cells of several codes as a part.
rows_with_value <- function(rows, shown, value, separator) {
  of <- rep(seq_along(rows), lengths(rows))
  at <- as.integer(unlist(rows))
  cells <- as.list(shown[at])
  if (!is.na(separator)) cells <- split_parts(shown[at], separator)
  cell <- rep(seq_along(cells), lengths(cells))
  same <- loose_text(as.character(unlist(cells))) == value[of[cell]]
  good <- tabulate(cell[same], length(cells)) > 0L | (!lengths(cells) & value[of] == "")
  unname(split(at[good], factor(of[good], seq_along(rows))))
}

# Rows by case; where the id stands in several rows, the row that the table names.
rows_of_case <- function(decisions, cases, n) {
  if (all(is.na(cases))) {
    by_row <- decisions$row
    by_row[is.na(by_row) | by_row < 1L | by_row > n] <- NA
    return(lapply(by_row, function(row) row[!is.na(row)]))
  }
  wanted <- decisions$case
  rows <- rows_named(cases, wanted)
  loose <- which(!lengths(rows) & !is.na(wanted))
  if (length(loose)) rows[loose] <- rows_named(loose_text(cases), loose_text(wanted[loose]))
  rows[is.na(wanted)] <- rows_of_case(decisions[is.na(wanted), ], NA, n)
  rows
}

rows_named <- function(cases, wanted) {
  names <- unique(wanted)
  at <- which(cases %in% names & !is.na(cases))
  rows <- split(at, factor(cases[at], names[!is.na(names)]))
  unname(rows)[match(wanted, names[!is.na(names)])]
}

one_row <- function(rows, row) {
  if (length(rows) > 1L && !is.na(row)) return(intersect(rows, row))
  if (length(rows) > 1L) integer() else rows
}

settle_cells <- function(state, sheet, name, chosen, rows, cases) {
  accept <- tolower(chosen$decision) == "(accept)"
  if (any(accept)) {
    value <- chosen$value[accept]
    if (hides_values(sheet, name)) value[!is.na(value)] <- "(restricted)"
    state$accepted <- c(state$accepted, list(data.frame(
      case = shown_case(sheet, cases[rows[accept]]), row = rows[accept], variable = name,
      value = value, rule = chosen$rule[accept], by = chosen$by[accept],
      note = chosen$note[accept], expected = chosen$expected[accept])))
  }
  rows <- rows[!accept]
  chosen <- chosen[!accept, , drop = FALSE]
  if (!length(rows)) return(invisible())
  plan <- sheet$plan$variables[[name]]
  text <- column_text(state$data[[name]])
  from <- text[rows]
  to <- ifelse(tolower(chosen$decision) == "(blank)", NA_character_, chosen$decision)
  hide <- !is.null(plan) && isTRUE(plan$restricted)
  if (!is.null(plan) && !is.na(plan$separator)) {
    text <- replace_parts(text, rows, if (!hide) chosen$value, to, plan)
    to <- text[rows]
  } else {
    text[rows] <- to
  }
  state$data[[name]] <- text
  # two parts of one cell are decided in two lines and are one change
  changes <- unique(data.frame(case = shown_case(sheet, cases[rows]), row = rows,
    variable = name, from = if (hide) "(restricted)" else from,
    to = if (hide) "(restricted)" else to, by = chosen$by, note = decision_note(chosen$note)))
  state$changes <- c(state$changes, list(changes))
}

# Whether a variable, or one of several joined by ", ", is restricted.
hides_values <- function(sheet, name) {
  restricted <- sheet$plan$restricted
  if (name %in% names(restricted)) return(restricted[[name]])
  any(restricted[strsplit(name, ", ", fixed = TRUE)[[1L]]], na.rm = TRUE)
}

# Decisions that did nothing, without what is restricted.
shown_decisions <- function(sheet, decisions) {
  decisions$case <- shown_case(sheet, decisions$case)
  hide <- vapply(decisions$variable, function(name) hides_values(sheet, name), NA)
  for (column in c("value", "decision")) {
    decisions[[column]][hide & !is.na(decisions[[column]])] <- "(restricted)"
  }
  decisions
}

shown_case <- function(sheet, case) {
  if (sheet$hidden_ids) rep(NA_character_, length(case)) else case
}

# Multicode cells with one part replaced, or taken out where the decision is blank: the
# part that the decision tells, or, where the value is restricted and so not told (`value`
# is NULL), the first that is no word of the codebook.
replace_parts <- function(text, rows, value, to, plan) {
  for (i in seq_along(rows)) {
    parts <- split_parts(text[rows[i]], plan$separator)[[1L]]
    at <- if (is.null(value)) {
      which(match_text(parts, plan$words$word) %in% c(0L, NA))[1L]
    } else if (is.na(value[i])) {
      integer()
    } else {
      which(loose_text(parts) == loose_text(value[i]))
    }
    at <- at[!is.na(at)]
    decided <- decided_parts(to[i], plan)
    text[rows[i]] <- join_parts(if (!length(parts)) decided else
      unlist(replace(as.list(parts), at, list(decided))), plan)
  }
  text
}

# A decision on a part: one word of the codebook, or several parts, or none.
decided_parts <- function(to, plan) {
  if (is.na(to)) return(character())
  if (match_text(to, plan$words$word) > 0L) return(name_parts(to, plan))
  split_parts(to, plan$separator)[[1L]]
}

# Error findings that no accepted decision settles.
open_findings <- function(findings, accepted) {
  findings$severity == "error" & !is_accepted(findings, accepted)
}

# Findings accepted as they are, which a cell that cannot be held never is.
is_accepted <- function(findings, accepted) {
  if (is.null(accepted)) return(logical(nrow(findings)))
  never <- c("code", "type", "date")
  accepted <- accepted[!accepted$rule %in% never, , drop = FALSE]
  key <- function(x, rule) paste(x$row, x$variable, rule, sep = "\r")
  given <- key(accepted, which_rule(accepted))
  settled <- key(findings, which_rule(findings)) %in% given |
    key(findings, findings$rule) %in% given | key(findings, NA) %in% given
  settled & !findings$rule %in% never
}

# Several rules on one variable may be `rule_not_run`: what each expects tells them apart,
# where the table says it.
which_rule <- function(x) {
  several <- x$rule %in% "rule_not_run" & !is.na(x$expected)
  ifelse(several, paste(x$rule, loose_text(x$expected), sep = "\r"), x$rule)
}

# ---- columns ----

recode_columns <- function(sheet) {
  data <- sheet$data
  changes <- list()
  for (name in names(sheet$plan$variables)) {
    if (is.null(data[[name]])) next
    plan <- sheet$plan$variables[[name]]
    coded <- recode_column(data[[name]], plan)
    changes <- c(changes, list(recoded_cells(sheet, name, plan, data[[name]], coded)))
    data[[name]] <- coded
  }
  list(data = data, changes = do.call(rbind, c(list(no_changes()), changes)))
}

recode_column <- function(x, plan) {
  if (!is.na(plan$separator)) return(decode_parts(x, plan))
  if (plan$kind == 1L && !plan$logical) {
    words <- add_value_labels(plan$words, x)
    levels <- unique(plan$codes$label)
    position <- c(NA, match(plan$codes$label, levels)[words$position])
    code <- position[encode_words(x, words$word) + 1L]
    return(structure(code, levels = levels, class = "factor"))
  }
  if (plan$kind == 3L) return(as_whole(decode_number(x, plan)))
  if (plan$kind == 4L && plan$reading[2L] > 1L) return(recode_coarse(x, plan))
  if (plan$kind == 6L && !is.character(x) && !is.factor(x)) return(x)
  decode_column(x, plan)
}

as_whole <- function(x) {
  if (any(abs(x) > .Machine$integer.max, na.rm = TRUE)) x else as.integer(x)
}

# Dates to the precision that they were given in, as text.
recode_coarse <- function(x, plan) {
  text <- column_text(x)
  parsed <- parse_dates(text, plan$reading)
  days <- replace_listed(parsed$days, text, plan, function(code) parse_dates(code)$days)
  parsed$precision[is.na(parsed$days) & !is.na(days)] <- 1L
  parsed$days <- days
  precise_text(parsed)
}

# The cells whose text is another after recoding, and why.
recoded_cells <- function(sheet, name, plan, before, after) {
  rows <- changed_rows(before, after)
  if (!length(rows)) return(NULL)
  from <- text_at(before, rows)
  note <- recode_notes(plan, from, before)
  hide <- isTRUE(plan$restricted)
  data.frame(
    case = shown_case(sheet, case_text(sheet, rows)), row = rows, variable = name,
    from = if (hide) "(restricted)" else from,
    to = if (hide) "(restricted)" else text_at(after, rows), by = NA_character_, note = note
  )
}

text_at <- function(x, rows) {
  if (is.factor(x)) column_text(x)[rows] else column_text(plain_cells(x)[rows])
}

# Of coded columns no text is made but that of the labels.
changed_rows <- function(before, after) {
  if (is.factor(after)) {
    from <- encode_words(before, levels(after))
    to <- as.integer(after)
    return(which(from != to | is.na(to) & !is.na(from)))
  }
  from <- column_text(before)
  to <- column_text(after)
  which(!is.na(from) & (is.na(to) | from != to))
}

recode_notes <- function(plan, text, x) {
  words <- add_value_labels(plan$words, x)
  at <- match_text(text, words$word)
  note <- c("", words$how)[at + 1L]
  other <- c(date = "date", multicode = "codes of several")[plan$type]
  note[!nzchar(note)] <- if (is.na(other)) "number" else other
  missing <- c("", plan$codes$missing[words$position])[at + 1L]
  ifelse(nzchar(missing) & plan$kind != 1L, paste0("missing code: ", missing), note)
}
