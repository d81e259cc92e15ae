#' How long cases were involved
#'
#' The summed length of each case's periods of involvement. Time that several periods
#' cover is counted once, whether they overlap, lie within one another or follow on the
#' same day.
#'
#' @section How time is counted:
#' `"days"`: from the first day to the last, the last not counted, as Dates subtract:
#' 1 March to 31 March is 30 days.
#'
#' `"months"`: completed months, as the worked report counts them (its classes are 0 to
#' 12, 13 to 24, ... months). A month is completed on the same day of the following
#' month, or on that month's last day where it has no such day: 31 January to 28 February
#' is one month, 15 January to 14 February none. Where a case's periods leave gaps, each
#' stretch is counted so; the days left over at the ends of the stretches are added up,
#' and make one more month for each 30.436875 of them (the mean month of the Gregorian
#' calendar, 146,097 days in 4,800 months).
#'
#' @param periods A data frame, one row a period; any number of periods a case, in any
#'   order.
#' @param case,start,end Names of its columns: the case's id, the first and the last day.
#'   Dates, POSIXct, or texts such as "2014-02-28". A period without an end is open.
#' @param as_of One date (Date or text): the day to which open periods run; `NULL` where
#'   there is none.
#' @param unit `"months"` or `"days"`.
#' @return A data frame, one row a case, in the order in which the cases first stand:
#'   \item{case}{The id (named as in `case`).}
#'   \item{n_periods}{Its periods.}
#'   \item{start, end}{The first start and the last end (or `as_of`), Dates.}
#'   \item{duration}{The time covered, in `unit`; `NA` where a period cannot be counted,
#'     never the sum of the others.}
#'   \item{open}{Whether a period is open.}
#'   \item{note}{Why `duration` is `NA`, or "".}
#'   Periods that cannot be counted are faults of the data, not errors. They are in
#'   `attr(, "findings")`, a data frame as [check_coding()] gives, with the date that a
#'   serial number of Excel or a text such as 31/12/2013 can only mean as `suggestion`: rule
#'   `date` (not a date, no start), `period_order` (the start lies after the end, or after
#'   `as_of` in an open period), `open_period` (no end and no `as_of`) and `required` (no
#'   case id).
#' @examples
#' periods <- data.frame(
#'   case = c(1, 1, 2, 3),
#'   start = c("2012-01-10", "2012-03-01", "2013-05-31", "2013-01-01"),
#'   end = c("2012-04-10", "2012-06-10", NA, "2012-01-01")
#' )
#' case_duration(periods, as_of = "2014-02-28")
#' @export
case_duration <- function(periods, case = "case", start = "start", end = "end", as_of = NULL,
                          unit = "months") {
  columns <- c(check_string(case, "case"), check_string(start, "start"), check_string(end, "end"))
  if (anyDuplicated(columns)) stop_argument("`case`, `start` and `end` must name three columns.")
  periods <- check_data(periods, "periods", columns)
  unit <- check_choice(unit, "unit", c("months", "days"))
  as_of <- check_as_of(as_of)
  table <- period_table(periods, columns, as_of)
  result <- cover_cases(table, unit)
  names(result)[1L] <- case
  attr(result, "findings") <- period_findings(table, columns)
  result
}

check_as_of <- function(x) {
  if (is.null(x)) return(NA_real_)
  days <- if (length(x) == 1L && is.atomic(x)) duration_days(x) else NA
  if (is.na(days)) {
    stop_argument("`as_of` must be one date such as \"2014-02-28\", not ", describe(x), ".")
  }
  days
}

# A column of dates as days; NA where a cell is no date.
duration_days <- function(x) {
  days <- if (inherits(x, "Date")) floor(as.double(x)) else parse_dates(column_text(x))$days
  days[is.na(days) | abs(days) > 2932896 | days < -354285] <- NA_real_
  days
}

# One row a period: days, and what is wrong with it ("" where nothing is).
period_table <- function(periods, columns, as_of) {
  id <- column_text(periods[[columns[1L]]])
  start <- duration_days(periods[[columns[2L]]])
  given <- column_text(periods[[columns[3L]]])
  end <- duration_days(periods[[columns[3L]]])
  open <- is.na(given)
  end[open] <- as_of
  fault <- rep("", length(id))
  fault[start > end] <- "a period starts after it ends"
  fault[open & start > end] <- "an open period starts after `as_of`"
  fault[open & is.na(end)] <- "an open period, and no `as_of`"
  fault[!open & is.na(end)] <- "an end that is not a date"
  fault[is.na(start)] <- "a start that is not a date"
  fault[is.na(id)] <- "a period without a case"
  group <- match(id, unique(id[!is.na(id)]))
  list(original = periods[[columns[1L]]], id = id, group = group, start = start, end = end,
    open = open, fault = fault, given = list(column_text(periods[[columns[2L]]]), given))
}

cover_cases <- function(table, unit) {
  group <- table$group
  first <- which(!duplicated(group) & !is.na(group))
  n_cases <- length(first)
  good <- which(!nzchar(table$fault))
  good <- good[order(group[good], table$start[good], method = "radix")]
  covered <- .Call(C_case_duration_cover, group[good], as.integer(table$start[good]),
    as.integer(table$end[good]), n_cases)
  bad <- which(nzchar(table$fault) & !is.na(group))
  note <- rep("", n_cases)
  for (i in rev(bad)) {
    same <- note[group[i]]
    if (!grepl(table$fault[i], same, fixed = TRUE)) {
      note[group[i]] <- paste0(table$fault[i], if (nzchar(same)) "; ", same)
    }
  }
  duration <- if (unit == "months") covered$months else covered$days
  duration[nzchar(note)] <- NA_real_
  edge <- function(x, last) {
    use <- which(!is.na(x) & !is.na(group))
    use <- use[order(group[use], if (last) -x[use] else x[use], method = "radix")]
    use <- use[!duplicated(group[use])]
    value <- rep(NA_real_, n_cases)
    value[group[use]] <- x[use]
    structure(value, class = "Date")
  }
  id <- table$original[first]
  if (is.factor(id) || is.character(id)) id <- table$id[first]
  data.frame(case = id, n_periods = tabulate(group, n_cases), start = edge(table$start, FALSE),
    end = edge(table$end, TRUE), duration = duration,
    open = tabulate(group[table$open & !is.na(group)], n_cases) > 0L, note = note)
}

period_findings <- function(table, columns) {
  fault <- table$fault
  no_case <- is.na(table$id)
  rule <- rep("period_order", length(fault))
  rule[fault == "an open period, and no `as_of`"] <- "open_period"
  parts <- list(
    period_part(table, no_case, columns[1L], NA_character_, "required", "an answer", fault),
    date_part(table, !no_case & is.na(table$start), columns[2L], table$given[[1L]], "start"),
    date_part(table, !no_case & is.na(table$end) & !table$open, columns[3L],
      table$given[[2L]], "end"),
    period_part(table, !no_case & nzchar(fault) & !grepl("not a date$", fault), columns[3L],
      table$given[[2L]], rule, "an end on or after the start", fault)
  )
  found <- lapply(structure(names = finding_columns, finding_columns), function(name) {
    unlist(lapply(parts, `[[`, name), use.names = FALSE)
  })
  new_findings(lapply(found, `[`, order(found$row)))
}

# The findings of the rows that are `bad`; texts are recycled over all rows.
period_part <- function(table, bad, variable, value, rule, expected, message,
                        suggestion = NA_character_) {
  row <- which(bad)
  of <- function(x) rep_len(x, length(bad))[row]
  message <- of(message)
  substr(message, 1L, 1L) <- toupper(substr(message, 1L, 1L))
  list(row = row, case = table$id[row], variable = of(variable), value = of(value),
    rule = of(rule), severity = of("error"), expected = of(expected),
    suggestion = of(suggestion), message = sub("([^.])$", "\\1.", message))
}

# Cells that are no date, with the one that they most likely mean.
date_part <- function(table, bad, variable, value, end) {
  near <- suggest_date(value[bad])
  suggestion <- message <- rep(NA_character_, length(bad))
  suggestion[bad] <- near$suggestion
  message[bad] <- ifelse(is.na(value[bad]), paste("a period has no", end), paste0("\"",
    value[bad], "\" is not a date", ifelse(nzchar(near$reason), " that can be read in one way", ""),
    ", for \"", variable, "\"", ifelse(is.na(near$suggestion), ifelse(nzchar(near$reason),
      paste0(": ", near$reason), ""), paste0("; nearest is \"", near$suggestion, "\" (",
      near$reason, ")")), "."))
  period_part(table, bad, variable, value, "date", "a date such as 2014-02-28", message,
    suggestion)
}
