#' Check a coding sheet against its codebook
#'
#' Every cell of every variable is held against the codebook, and every cell at fault
#' becomes one row of the result. A fault in the data is never an error: the sheet is
#' reported on as it stands, and nothing in it is changed.
#'
#' @section The rules:
#' \tabular{lll}{
#'   rule \tab severity \tab found where \cr
#'   `unknown_variable` \tab warning \tab a column is not in the codebook \cr
#'   `absent_variable` \tab error if required, else warning \tab a variable has no column (but for
#'     rating items in a sheet that holds none of them: those are kept apart) \cr
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
#'   `rule_not_run` \tab error \tab a rule, `relevant` or pattern cannot be evaluated \cr
#'   the codebook's own \tab as it says \tab the rule's expression is `FALSE`
#' }
#'
#' @section Cells:
#' A cell is blank where it is `NA`, empty or holds only white space (no-break and other
#' special spaces included). Texts are compared exactly, letter by letter, in UTF-8; a
#' number is compared as the text that it prints as. So a sheet gives the same findings
#' whether a column is character, factor, integer, double or labelled.
#'
#' A `flag` without codes takes TRUE, FALSE, yes, no, 1 and 0 in any letter case. A code
#' listed for an `integer`, `number`, `year` or `date` variable is accepted whatever the
#' range; missing codes among them count as answered. The parts of a `multicode` cell are
#' found fault with one by one. All variables of type `id` together make the key of a
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
#' @section Expressions:
#' In `relevant` and in rules a coded variable is the text of its label, a `flag` without
#' codes TRUE or FALSE, a number a number, a date a Date. Missing codes of numbers and
#' dates, dates without a day, and cells that cannot be read are `NA`. A rule that gives
#' `NA` finds nothing in that row, nor does one that reads a cell already found
#' unreadable. A rule of one value speaks of the whole sheet. A rule that reads several
#' variables gives one finding, with their names and values joined by ", ".
#'
#' @param data A data frame, one row a case; or a table of a database or Arrow dataset (see
#'   [databases]).
#' @param codebook A [codebook()].
#' @param max_findings The most findings that are given: a whole number, or `Inf` for all.
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
check_coding <- function(data, codebook, max_findings = Inf) {
  if (!identical(max_findings, Inf)) max_findings <- check_whole(max_findings, "max_findings", 1)
  plan <- coding_plan(check_codebook(codebook))
  if (is_lazy(data)) return(check_coding_lazy(data, plan, max_findings))
  sheet <- coding_sheet(check_data(data), plan)
  first_findings(bind_findings(sheet_findings(sheet), sheet), max_findings)
}

first_findings <- function(found, most) {
  if (nrow(found) > most) found[seq_len(most), , drop = FALSE] else found
}

# ---- the plan: what the codebook says of each variable, ready for C ----

coding_kinds <- c(integer = 3L, year = 3L, number = 2L, date = 4L, text = 6L, id = 6L)

# The plan of the codebook that was used last is kept: one codebook checks many sheets.
last_plan <- new.env(parent = emptyenv())

coding_plan <- function(codebook) {
  if (!identical(codebook, last_plan$codebook)) {
    last_plan$plan <- make_plan(codebook)
    last_plan$codebook <- codebook
  }
  last_plan$plan
}

make_plan <- function(codebook) {
  variables <- codebook$variables
  codes <- as.list(codebook$codes)
  at <- split(seq_along(codes$variable), factor(codes$variable, unique(variables$variable)))
  table <- as.list(variables)
  plans <- lapply(seq_along(table$variable), function(i) {
    rows <- at[[table$variable[i]]]
    variable_plan(lapply(table, `[`, i), lapply(codes, `[`, rows))
  })
  names(plans) <- table$variable
  same <- vapply(plans, function(plan) {
    paste(c(plan$kind, plan$logical, plan$codes$label, "", plan$words$word, plan$words$how,
      plan$words$position), collapse = "\r")
  }, "")
  list(variables = plans, same = match(same, same), rules = codebook$rules, parsed = new.env(parent = emptyenv()))
}

variable_plan <- function(variable, codes) {
  plan <- c(variable, list(codes = codes, words = code_words(codes)))
  type <- variable$type
  if (type == "flag" && !length(codes$code)) plan <- flag_plan(plan)
  plan$kind <- coding_kinds[type]
  if (is.na(plan$kind)) plan$kind <- if (length(plan$words$word)) 1L else 6L
  plan$kind <- unname(plan$kind)
  plan$words$plain <- plain_text(plan$words$word)
  plan$logical <- type == "flag" && !length(codes$code)
  plan$verdict <- 2L * (plan$words$how == "alias")
  plan$reading <- c(0L, 1L)
  if (type == "date") {
    reading <- date_reading(variable$pattern)
    if (!is.null(reading)) {
      plan$reading <- reading
      plan$pattern <- ""
    }
  }
  plan$range <- plan_range(plan)
  plan$separator <- if (type != "multicode") NA_character_ else
    if (nzchar(variable$separator)) variable$separator else ";"
  plan
}

flag_plan <- function(plan) {
  no <- c("FALSE", "False", "false", "no", "No", "NO", "0")
  yes <- c("TRUE", "True", "true", "yes", "Yes", "YES", "1")
  plan$words <- list(word = c(no, yes), position = rep(1:2, each = 7L), how = rep("code", 14L))
  plan$codes <- list(label = c("FALSE", "TRUE"), code = c("0", "1"), missing = c("", ""))
  plan
}

# Lowest and highest value as doubles (days for dates); NaN where they cannot be read.
plan_range <- function(plan) {
  limits <- c(plan$min, plan$max)
  given <- nzchar(limits)
  range <- c(-Inf, Inf)
  if (plan$type == "year") range <- c(1000, 9999)
  if (any(given)) {
    range[given] <- if (plan$kind == 4L) parse_dates(limits[given])$days else
      encode_numbers(limits[given])
    range[is.na(range)] <- NaN
  }
  range
}

# ---- the sheet: data and plan side by side, and what has been worked out so far ----

coding_sheet <- function(data, plan) {
  sheet <- list2env(list(data = data, plan = plan, n = nrow(data), faults = list(),
    asked = list(), decoded = list(), home = NULL), parent = emptyenv())
  ids <- id_variables(plan)
  sheet$ids <- ids[ids %in% names(data)]
  sheet
}

id_variables <- function(plan) {
  names(plan$variables)[vapply(plan$variables, function(p) p$type == "id", NA)]
}

sheet_findings <- function(sheet) {
  present <- names(sheet$plan$variables)
  present <- present[present %in% names(sheet$data)]
  long <- interactive() && as.double(sheet$n) * length(present) > 5e7
  bar <- if (long) utils::txtProgressBar(max = length(present), style = 3)
  cells <- list()
  for (name in present) {
    cells[[name]] <- scan_variable(sheet, name, sheet$plan$variables[[name]])
    if (long) utils::setTxtProgressBar(bar, match(name, present))
  }
  if (long) close(bar)
  told <- cell_findings(sheet, cells)
  parts <- lapply(present, function(name) {
    variable_findings(sheet, name, sheet$plan$variables[[name]], cells[[name]])
  })
  c(column_findings(sheet), told, unlist(parts, recursive = FALSE), duplicate_findings(sheet),
    rule_findings(sheet))
}

# ---- one variable ----

# Rows and verdicts of the cells at fault, as src/check_coding.c numbers them.
scan_variable <- function(sheet, name, plan) {
  x <- .subset2(sheet$data, name)
  blank <- as.integer(isTRUE(plan$required))
  hits <- scan_cells(x, plan, blank, NA_character_)
  if (nzchar(plan$pattern) && plan$kind != 1L) {
    hits <- add_pattern_hits(sheet, hits, x, plan)
  }
  unread <- hits$verdict %in% c(3L, 4L, 5L, 7L)
  if (any(unread)) sheet$faults[[name]] <- hits$row[unread]
  hits
}

scan_cells <- function(x, plan, blank, pattern) {
  words <- plan$words
  verdict <- plan$verdict
  if (!is.null(attr(x, "labels", exact = TRUE)) && plan$kind == 1L) {
    words <- add_value_labels(words, x)
    verdict <- c(verdict, integer(length(words$word) - length(verdict)))
  }
  kind <- plan$kind
  if (is.factor(x)) {
    levels <- levels(x)
    hits <- scan_plain(levels, words$word, verdict, kind, plan, pattern, 1L)
    if (is.null(hits)) return(NULL)
    judged <- integer(length(levels))
    judged[hits$row] <- hits$verdict
    return(.Call(C_check_coding_levels, x, judged, blank))
  }
  if (kind == 4L && inherits(x, "Date")) {
    kind <- 5L
  } else {
    x <- plain_cells(x)
  }
  scan_plain(x, words$word, verdict, kind, plan, pattern, blank)
}

scan_plain <- function(x, words, verdict, kind, plan, pattern, blank) {
  .Call(C_check_coding_cells, x, words, verdict, kind, plan$range, plan$reading,
    c(plan$separator, pattern), blank)
}

# Cells that do not match the pattern, of those that are not at fault already. What the
# fast matcher cannot tell goes to R's regular expressions, each distinct text once.
add_pattern_hits <- function(sheet, hits, x, plan) {
  text_plan <- plan
  text_plan$kind <- 6L
  if (inherits(x, "Date")) x <- column_text(x)
  found <- scan_cells(x, text_plan, 0L, plan$pattern)
  if (is.null(found)) found <- list(row = seq_len(sheet$n), verdict = rep(9L, sheet$n))
  text <- column_text(x[found$row])
  bad <- found$verdict == 8L
  unsure <- found$verdict == 9L & !is.na(text)
  if (any(unsure)) {
    distinct <- unique(text[unsure])
    matched <- tryCatch(grepl(plan$pattern, distinct), error = function(e) NULL,
      warning = function(w) NULL)
    if (is.null(matched)) {
      sheet$pattern_fault <- c(sheet$pattern_fault, plan$variable)
      return(hits)
    }
    bad[unsure] <- !matched[match(text[unsure], distinct)]
  }
  rows <- found$row[bad & !is.na(text) & !text %in% plan$words$word]
  rows <- rows[!rows %in% hits$row]
  list(row = c(hits$row, rows), verdict = c(hits$verdict, rep(8L, length(rows))))
}

variable_findings <- function(sheet, name, plan, hits) {
  asked <- asked_rows(sheet, name, plan)
  parts <- c(setup_findings(sheet, name, plan), label_findings(sheet, name, plan))
  if (length(hits$row)) {
    rows <- hits$row[hits$verdict == 1L]
    if (!is.null(asked)) rows <- rows[asked[rows] %in% TRUE]
    if (length(rows)) parts <- c(parts, list(finding(plan, rows, "required", NA_character_,
      "an answer", NA_character_, quoted(plan, " is blank, and the codebook requires it."))))
  }
  if (!is.null(asked)) {
    parts <- c(parts, relevance_findings(sheet, name, plan, which(!asked), hits))
  }
  parts
}

quoted <- function(plan, ...) paste0("\"", plan$variable, "\"", ...)

# One or more findings of one rule; texts are recycled.
finding <- function(plan, row, rule, value, expected, suggestion, message,
                    severity = "error", variable = plan$variable) {
  n <- length(row)
  full <- function(x) if (length(x) == n) x else rep_len(x, n)
  list(row = as.integer(row), variable = rep_len(variable, n), value = full(value),
    rule = full(rule), severity = full(severity), expected = full(expected),
    suggestion = full(suggestion), message = full(message))
}

rule_of_verdict <- c(NA, "alias", "code", "type", "type", "range", "date", "pattern")

# The cells at fault of all variables, worked out once for each distinct value.
cell_findings <- function(sheet, cells) {
  plans <- sheet$plan$variables
  at <- match(names(cells), names(plans))
  found <- lapply(seq_along(cells), function(i) {
    use <- which(cells[[i]]$verdict > 1L)
    if (length(use)) fault_texts(sheet, at[i], cells[[i]]$row[use], cells[[i]]$verdict[use])
  })
  take <- function(field) unlist(lapply(found, `[[`, field), use.names = FALSE)
  row <- take("row")
  if (!length(row)) return(NULL)
  of <- take("of")
  text <- take("text")
  verdict <- take("verdict")
  key <- paste(of, verdict, text)
  first <- which(!duplicated(key))
  told <- tell_values(sheet$plan, of[first], text[first], verdict[first])
  told_at <- match(key, key[first])
  hidden <- vapply(plans, function(plan) isTRUE(plan$restricted), NA)
  text[hidden[of]] <- "(restricted)"
  severity <- rep("error", length(row))
  severity[verdict == 2L] <- "warning"
  list(finding(NULL, row, rule_of_verdict[verdict], text, told$expected[told_at],
    told$suggestion[told_at], told$message[told_at], severity = severity,
    variable = names(plans)[of]))
}

# Row, verdict and text of the cells at fault of variable `of`; the parts of cells with
# several codes each for itself.
fault_texts <- function(sheet, of, row, verdict) {
  plan <- sheet$plan$variables[[of]]
  text <- column_text(.subset2(sheet$data, plan$variable)[row])
  if (!is.na(plan$separator)) {
    parts <- split_parts(text, plan$separator)
    row <- rep(row, lengths(parts))
    text <- as.character(unlist(parts, use.names = FALSE))
    verdict <- c(3L, plan$verdict)[match_text(text, plan$words$word) + 1L]
    bad <- verdict > 0L & !duplicated(data.frame(row, text))
    row <- row[bad]
    text <- text[bad]
    verdict <- verdict[bad]
  }
  list(of = rep(of, length(row)), row = row, verdict = verdict, text = text)
}

split_parts <- function(text, separator) {
  lapply(strsplit(text, separator, fixed = TRUE), function(part) {
    part <- gsub("^ +| +$", "", part)
    part[!is.na(column_text(part))]
  })
}

# What is expected, suggested and said of distinct values, each of variable `of`.
tell_values <- function(plan, of, text, verdict) {
  plans <- plan$variables
  hidden <- vapply(plans, function(p) isTRUE(p$restricted), NA)[of]
  suggestion <- rep(NA_character_, length(text))
  reason <- rep("", length(text))
  same <- plan$same[of]
  for (list in unique(same[!hidden])) {
    use <- which(same == list & !hidden)
    suggested <- suggest_values(plans[[list]], text[use], verdict[use])
    suggestion[use] <- suggested$suggestion
    reason[use] <- suggested$reason
  }
  what <- said_of_verdict[verdict]
  what[verdict == 7L & !nzchar(reason)] <- "is not a date, as asked for by"
  shown <- paste0("\"", text, "\"")
  shown[hidden] <- "The value"
  near <- !is.na(suggestion)
  alone <- nzchar(reason) & !near
  ending <- rep("", length(text))
  ending[alone] <- paste0(": ", reason[alone])
  ending[near] <- paste0("; nearest is \"", suggestion[near], "\" (", reason[near], ")")
  each <- of * 10 + verdict
  first <- which(!duplicated(each))
  expected <- vapply(first, function(i) expected_of(plans[[of[i]]], verdict[i]), "")
  list(expected = expected[match(each, each[first])], suggestion = suggestion,
    message = paste0(shown, " ", what, " \"", names(plans)[of], "\"", ending, "."))
}

said_of_verdict <- c(NA, "is another spelling of a label of", "is no label, code or alias of",
  "is not a number, as asked for by", "is not a whole number, as asked for by",
  "is outside the range of", "is not a date that can be read in one way, for",
  "does not match the pattern of")

suggest_values <- function(plan, text, verdict) {
  suggestion <- rep(NA_character_, length(text))
  reason <- rep("", length(text))
  use <- verdict == 2L
  if (any(use)) {
    at <- plan$words$position[match_text(text[use], plan$words$word)]
    suggestion[use] <- plan$codes$label[at]
    reason[use] <- "a known alias"
  }
  use <- verdict %in% c(3L, 4L, 7L)
  if (any(use) && length(plan$words$word)) {
    found <- suggest_label(text[use], plan$words, plan$codes$label, plan$type == "flag")
    suggestion[use] <- found$suggestion
    reason[use] <- found$reason
  }
  use <- is.na(suggestion) & verdict %in% c(4L, 7L)
  if (any(use)) {
    found <- if (plan$kind == 4L) suggest_date(text[use]) else suggest_number(text[use])
    suggestion[use] <- found$suggestion
    reason[use] <- found$reason
  }
  list(suggestion = suggestion, reason = reason)
}

# What the codebook expects, in words, of cells with this verdict.
expected_of <- function(plan, verdict) {
  switch(verdict, "an answer", expected_labels(plan), expected_labels(plan),
    if (plan$kind == 2L) "a number" else if (plan$kind == 3L) "a whole number" else "text",
    "a whole number",
    paste0(c(number = "a number", integer = "a whole number", year = "a year",
      date = "a date")[[plan$type]], range_words_text(plan)),
    expected_date(plan), paste0("a match of ", plan$pattern))
}

expected_labels <- function(plan) {
  label <- unique(plan$codes$label)
  labels <- paste(label[seq_len(min(length(label), 20L))], collapse = ", ")
  if (length(label) > 20L) paste0(labels, " and ", length(label) - 20L, " more") else labels
}

expected_date <- function(plan) {
  order <- c("", " or 28/02/2014", " or 02/28/2014")[plan$reading[1L] + 1L]
  coarse <- c("", ", or a month such as 2013-09",
    ", or a month or year such as 2013-09 or 2013")[plan$reading[2L]]
  paste0("a date such as 2014-02-28", order, coarse)
}

range_words_text <- function(plan) {
  if (nzchar(plan$min) && nzchar(plan$max)) return(paste0(" from ", plan$min, " to ", plan$max))
  if (nzchar(plan$min)) return(paste0(" of at least ", plan$min))
  if (nzchar(plan$max)) return(paste0(" of at most ", plan$max))
  if (plan$type == "year") " from 1000 to 9999" else ""
}

# A limit or pattern of the codebook that cannot be used.
setup_findings <- function(sheet, name, plan) {
  parts <- list()
  if (anyNA(plan$range) && plan$kind %in% 2:4) {
    parts <- list(finding(plan, NA, "rule_not_run", NA_character_, range_words_text(plan),
      NA_character_, quoted(plan, " has a `min` or `max` that cannot be read, so the range was not checked.")))
  }
  if (name %in% sheet$pattern_fault) {
    parts <- c(parts, list(finding(plan, NA, "rule_not_run", NA_character_, plan$pattern,
      NA_character_, quoted(plan, " has a pattern that is no regular expression, so it was not checked."))))
  }
  parts
}

# A labelled column whose own value labels contradict the codebook.
label_findings <- function(sheet, name, plan) {
  if (plan$kind != 1L) return(NULL)
  x <- .subset2(sheet$data, name)
  if (is.null(attr(x, "labels", exact = TRUE))) return(NULL)
  labels <- value_labels(x)
  if (is.null(labels)) return(NULL)
  position <- c(NA, plan$words$position)
  by_value <- position[match_text(labels$value, plan$words$word) + 1L]
  by_label <- position[match_text(labels$label, plan$words$word) + 1L]
  bad <- which(!is.na(by_value) & !is.na(by_label) & by_value != by_label)
  if (!length(bad)) return(NULL)
  list(finding(plan, rep(NA, length(bad)), "code", labels$value[bad], plan$codes$label[by_value[bad]],
    NA_character_, paste0("The column labels ", labels$value[bad], " of \"", plan$variable,
      "\" as \"", labels$label[bad], "\"; in the codebook it is \"",
      plan$codes$label[by_value[bad]], "\".")))
}

# ---- where a variable is asked ----

# TRUE where asked, FALSE where not, NA where that is not known; NULL for always.
asked_rows <- function(sheet, name, plan) {
  if (!nzchar(plan$relevant)) return(NULL)
  value <- sheet_value(sheet, plan$relevant, paste0("`relevant` of \"", name, "\""))
  sheet$asked[[name]] <- value
  if (is.character(value)) return(rep(NA, sheet$n))
  rep_len(value, sheet$n)
}

relevance_findings <- function(sheet, name, plan, rows, hits) {
  why <- sheet$asked[[name]]
  if (is.character(why)) {
    return(list(finding(plan, NA, "rule_not_run", NA_character_, plan$relevant, NA_character_, why)))
  }
  rows <- setdiff(rows, hits$row[hits$verdict > 2L])
  text <- column_text(.subset2(sheet$data, name)[rows])
  missing <- plan$words$word[nzchar(plan$codes$missing)[plan$words$position]]
  bad <- !is.na(text) & !text %in% missing
  if (!any(bad)) return(NULL)
  list(finding(plan, rows[bad], "not_relevant",
    if (plan$restricted) "(restricted)" else text[bad],
    paste0("blank unless ", plan$relevant), NA_character_,
    quoted(plan, " is answered where it is not asked: only where ", plan$relevant, ".")))
}

# ---- columns ----

column_findings <- function(sheet) {
  variables <- sheet$plan$variables
  columns <- names(sheet$data)
  absent <- absent_variables(variables, columns)
  unknown <- setdiff(columns, names(variables))
  near <- list(suggestion = rep(NA_character_, length(unknown)), reason = character())
  if (length(unknown) && length(absent)) {
    words <- list(word = absent, position = seq_along(absent), how = rep("label", length(absent)))
    near <- suggest_label(unknown, words, absent)
  }
  c(
    lapply(absent, function(name) {
      plan <- variables[[name]]
      finding(plan, NA, "absent_variable", NA_character_, "a column of this name", NA_character_,
        quoted(plan, " is in the codebook, and the data has no such column."),
        severity = if (isTRUE(plan$required)) "error" else "warning")
    }),
    lapply(seq_along(unknown), function(i) {
      finding(NULL, NA, "unknown_variable", NA_character_, "a variable of the codebook",
        near$suggestion[i], paste0("The column \"", unknown[i], "\" is not in the codebook",
          if (!is.na(near$suggestion[i])) paste0("; nearest is \"", near$suggestion[i], "\" (",
            near$reason[i], ")"), "."),
        severity = "warning", variable = unknown[i])
    })
  )
}

# The variables without a column. A sheet that holds none of the rating items is one of
# two: the ratings are kept in a sheet of their own, so only required ones are missed.
absent_variables <- function(variables, columns) {
  absent <- setdiff(names(variables), columns)
  rating <- vapply(variables, function(plan) plan$type == "rating", NA)
  ratings <- names(variables)[rating]
  if (any(ratings %in% columns)) return(absent)
  required <- vapply(variables, function(plan) isTRUE(plan$required), NA)
  setdiff(absent, ratings[!required[rating]])
}

# ---- rules and what they read ----

rule_findings <- function(sheet) {
  rules <- as.list(sheet$plan$rules)
  parts <- lapply(seq_along(rules$rule), function(i) one_rule(sheet, lapply(rules, `[`, i)))
  unlist(parts, recursive = FALSE)
}

one_rule <- function(sheet, rule) {
  value <- sheet_value(sheet, rule$expression, paste0("The rule \"", rule$rule, "\""))
  names <- attr(value, "variables")
  variable <- paste(names, collapse = ", ")
  if (is.character(value)) {
    return(list(finding(NULL, NA, "rule_not_run", NA_character_, rule$expression, NA_character_,
      as.vector(value), variable = variable)))
  }
  message <- if (nzchar(rule$message)) rule$message else
    paste0("The rule \"", rule$rule, "\" does not hold: ", rule$expression, ".")
  if (length(value) == 1L && sheet$n != 1L) {
    if (!(value %in% FALSE)) return(NULL)
    return(list(finding(NULL, NA, rule$rule, NA_character_, rule$expression, NA_character_,
      message, severity = rule$severity, variable = variable)))
  }
  rows <- which(!value)
  for (name in names) rows <- rows[!rows %in% sheet$faults[[name]]]
  if (!length(rows)) return(NULL)
  list(finding(NULL, rows, rule$rule, rule_values(sheet, names, rows), rule$expression,
    NA_character_, message, severity = rule$severity, variable = variable))
}

rule_values <- function(sheet, names, rows) {
  if (!length(names)) return(NA_character_)
  text <- lapply(names, function(name) {
    if (sheet$plan$variables[[name]]$restricted) return(rep("(restricted)", length(rows)))
    column_text(.subset2(sheet$data, name)[rows])
  })
  if (length(text) == 1L) return(text[[1L]])
  text <- lapply(text, function(x) ifelse(is.na(x), "", x))
  do.call(paste, c(text, sep = ", "))
}

# The logical value of an expression over the sheet, one for each row or one in all; or
# one sentence that says why it could not be run. Its variables are an attribute.
sheet_value <- function(sheet, text, where) {
  known <- sheet$not_run[[where]]
  if (!is.null(known)) return(known)
  expression <- sheet$plan$parsed[[text]]
  if (is.null(expression)) {
    expression <- tryCatch(parse_allowed(text, where), error = function(e) e)
    if (inherits(expression, "error")) return(conditionMessage(expression))
    assign(text, expression, envir = sheet$plan$parsed)
  }
  names <- expression_variables(expression)
  value <- run_expression(sheet, expression, names, where)
  structure(value, variables = names)
}

run_expression <- function(sheet, expression, names, where) {
  absent <- names[!names %in% names(sheet$data) | !names %in% names(sheet$plan$variables)]
  if (length(absent)) {
    return(paste0(where, " could not be run: there is no variable ",
      list_some(absent, joined = " or "), "."))
  }
  columns <- structure(lapply(names, function(name) sheet_column(sheet, name)), names = names,
    row.names = .set_row_names(sheet$n), class = "data.frame")
  value <- suppressWarnings(eval_allowed(expression, columns))
  if (inherits(value, "error")) {
    restricted <- any(vapply(sheet$plan$variables[names], function(p) isTRUE(p$restricted), NA))
    why <- if (restricted) "it failed" else conditionMessage(value)
    return(paste0(where, " could not be run: ", sub("[.]$", "", why), "."))
  }
  if (!is.logical(value) || !length(value) %in% c(1L, sheet$n)) {
    return(paste0(where, " must give TRUE or FALSE for each row; it gives ", describe(value), "."))
  }
  as.vector(value)
}

sheet_column <- function(sheet, name) {
  if (is.null(sheet$decoded[[name]])) {
    sheet$decoded[[name]] <- decode_column(.subset2(sheet$data, name), sheet$plan$variables[[name]])
  }
  sheet$decoded[[name]]
}

# A column as expressions see it: labels, TRUE and FALSE, numbers, Dates or texts.
decode_column <- function(x, plan) {
  if (!is.na(plan$separator)) return(column_text(x))
  if (plan$kind == 1L) {
    words <- add_value_labels(plan$words, x)
    position <- c(NA, words$position)[encode_words(x, words$word) + 1L]
    if (plan$logical) return(position == 2L)
    return(plan$codes$label[position])
  }
  if (plan$kind %in% 2:3) return(decode_number(x, plan))
  if (plan$kind == 4L) return(structure(decode_days(x, plan, whole = TRUE), class = "Date"))
  if (is.numeric(x) && !is.object(x)) return(x)
  column_text(x)
}

decode_number <- function(x, plan) {
  if (is.factor(x)) return(decode_number(levels(x), plan)[as.integer(x)])
  x <- plain_cells(x)
  number <- if (is.character(x)) encode_numbers(x) else as.double(x)
  replace_listed(number, x, plan, function(code) encode_numbers(code))
}

# Days, the first of the month or year where a date says no more; NA for those if `whole`.
decode_days <- function(x, plan, whole = FALSE) {
  if (is.factor(x)) return(decode_days(levels(x), plan, whole)[as.integer(x)])
  if (inherits(x, "Date")) return(floor(as.double(x)))
  x <- column_text(x)
  parsed <- parse_dates(x, plan$reading)
  if (whole) parsed$days[parsed$precision > 1L] <- NA_real_
  replace_listed(parsed$days, x, plan, function(code) parse_dates(code)$days)
}

# Cells that hold a listed code: missing codes are NA, others the value of the code.
replace_listed <- function(value, x, plan, read) {
  if (!length(plan$words$word)) return(value)
  if (is.numeric(x)) {
    number <- encode_numbers(plan$words$word)
    at <- match(x, number, incomparables = NA)
  } else {
    at <- match_text(x, plan$words$word)
    at[at %in% 0L] <- NA_integer_
  }
  use <- which(!is.na(at))
  position <- plan$words$position[at[use]]
  code <- read(plan$codes$code)
  code[nzchar(plan$codes$missing)] <- NA
  value[use] <- code[position]
  value
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
  at <- match(sub(", .*", "", found$variable), names(sheet$plan$variables))
  at[is.na(at)] <- length(sheet$plan$variables) + 1L
  order <- order(found$row, at, na.last = FALSE, method = "radix")
  found <- lapply(found, `[`, order)
  found$case <- rep(NA_character_, length(order))
  hidden <- any(vapply(sheet$plan$variables[sheet$ids], function(p) isTRUE(p$restricted), NA))
  known <- !is.na(found$row)
  if (!hidden && any(known)) found$case[known] <- case_text(sheet, found$row[known])
  new_findings(found[finding_columns])
}

new_findings <- function(x) {
  structure(x, row.names = .set_row_names(length(x$row)),
    class = c("coding_findings", "data.frame"))
}

#' @export
format.coding_findings <- function(x, n = 10L, ...) {
  n <- check_number(n, "n", min = 0)
  if (!all(c("row", "variable", "rule", "severity", "message") %in% names(x))) {
    return(utils::capture.output(print(as.data.frame(x))))
  }
  if (!nrow(x)) return("No findings.")
  errors <- sum(x$severity == "error")
  head <- paste0(nrow(x), if (nrow(x) == 1L) " finding" else " findings", ": ", errors,
    if (errors == 1L) " error" else " errors", ", ", nrow(x) - errors,
    if (nrow(x) - errors == 1L) " warning" else " warnings")
  shown <- seq_len(min(nrow(x), n))
  case <- if (is.null(x$case)) NA else x$case
  row <- ifelse(is.na(x$row), "", paste0("row ", x$row))
  between <- ifelse(is.na(x$row) | is.na(case), "", ", ")
  where <- paste0(row, between, ifelse(is.na(case), "", paste0("case ", case)))
  where[!nzchar(where)] <- "sheet"
  lines <- paste0("  [", x$severity[shown], "] ", where[shown], ", ", x$rule[shown], ": ", x$message[shown])
  c(head, lines, if (nrow(x) > n) paste0("  ... and ", nrow(x) - n, " more"))
}

#' @export
print.coding_findings <- function(x, n = 10L, ...) {
  writeLines(format(x, n = n))
  invisible(x)
}

#' @export
summary.coding_findings <- function(object, ...) {
  key <- paste(object$rule, object$severity, object$variable, sep = "\r")
  first <- which(!duplicated(key))
  count <- data.frame(rule = object$rule[first], severity = object$severity[first],
    variable = object$variable[first], n = tabulate(match(key, key[first]), length(first)))
  count <- count[order(-count$n), , drop = FALSE]
  rownames(count) <- NULL
  count
}

#' @export
as.data.frame.coding_findings <- function(x, ...) {
  class(x) <- "data.frame"
  x
}
