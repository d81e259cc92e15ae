# Dates in a coding sheet: what is read as a date, and how precisely.

# The words that the codebook's `pattern` may hold for a date variable.
date_reading <- function(pattern) {
  words <- strsplit(trimws(pattern), "[ ,;]+")[[1L]]
  if (!length(words) || !all(words %in% c("month", "year", "dmy", "mdy"))) return(NULL)
  order <- if ("dmy" %in% words) 1L else if ("mdy" %in% words) 2L else 0L
  c(order, if ("year" %in% words) 3L else if ("month" %in% words) 2L else 1L)
}

parse_dates <- function(text, reading = c(0L, 1L)) {
  .Call(C_coding_date_parse, as.character(text), reading[1L], reading[2L])
}

# Days since 1970 as 2014-02-28; a number of days outside the calendar as that number.
day_text <- function(days) {
  days <- as.double(days)
  text <- .Call(C_coding_date_text, days)
  odd <- is.na(text) & !is.na(days)
  if (any(odd)) text[odd] <- encode_text(days[odd])
  text
}

# ISO text of parsed dates, no more precise than they were given.
precise_text <- function(parsed) {
  substr(day_text(parsed$days), 1L, c(10L, 7L, 4L)[parsed$precision])
}

# A point in time as text: the day, and the time where it is not midnight.
time_text <- function(x) {
  time <- as.POSIXlt(x)
  text <- format(time, "%Y-%m-%d")
  late <- which(!is.na(text) & (time$hour != 0 | time$min != 0 | time$sec != 0))
  text[late] <- format(time[late], "%Y-%m-%d %H:%M:%S")
  odd <- which(is.na(text) & !is.na(unclass(x)))
  text[odd] <- encode_text(as.double(unclass(x))[odd])
  text
}

# The one date that a cell of `text` can mean, or none, and why.
suggest_date <- function(text) {
  plain <- plain_text(text)$dash
  compact <- grepl("^[12][0-9]{3}[01][0-9][0-3][0-9]$", plain)
  iso <- sub("^([0-9]{4})([0-9]{2})([0-9]{2})$", "\\1-\\2-\\3", plain)
  iso <- sub("^([0-9]{4})[/.]([0-9]+)[/.]", "\\1-\\2-", iso)
  iso <- sub("^([0-9]{4})-([0-9])-", "\\1-0\\2-", iso)
  iso <- sub("^([0-9]{4}-[0-9]{2})-([0-9])($|[ T])", "\\1-0\\2\\3", iso)
  iso <- sub("^([0-9]{4}-[0-9]{2}-[0-9]{2})[ T][0-9]{1,2}:.*$", "\\1", iso)
  first <- list(
    iso = parse_dates(iso)$days, dmy = parse_dates(plain, c(1L, 1L))$days,
    mdy = parse_dates(plain, c(2L, 1L))$days, serial = serial_days(plain)
  )
  first$serial[compact] <- NA
  coarse <- parse_dates(plain, c(0L, 3L))$precision
  reason <- rep("", length(text))
  days <- rep(NA_real_, length(text))
  both <- !is.na(first$dmy) & !is.na(first$mdy) & first$dmy != first$mdy
  why <- c(iso = "the same date in another form", dmy = "the only date it can be, day first",
    mdy = "the only date it can be, month first", serial = "an Excel serial number")
  for (kind in names(first)) {
    use <- is.na(days) & !both & !is.na(first[[kind]])
    days[use] <- first[[kind]][use]
    reason[use] <- why[[kind]]
  }
  named <- grepl("[A-Za-z]", plain) & reason %in% why[c("dmy", "mdy")]
  reason[named] <- why[["iso"]]
  reason[both] <- paste0("it could be ", day_text(first$dmy[both]), " or ",
    day_text(first$mdy[both]))
  short <- is.na(days) & coarse %in% 2:3
  reason[short] <- c("", "it gives the month alone", "it gives the year alone")[coarse[short]]
  two <- is.na(days) & !nzchar(reason) & two_digit_year(plain)
  reason[two] <- "its year has two digits"
  list(suggestion = day_text(days), reason = reason)
}

# Texts such as 5/6/14, 12 Mar 98 and Oct-13.
two_digit_year <- function(text) {
  grepl("^[0-9]{1,2}[-/. ]([0-9]{1,2}|[A-Za-z]{3,9})[-/. ]'?[0-9]{2}$", text) |
    grepl("^[A-Za-z]{3,9}[-/. ]'?[0-9]{2}$", text)
}

# Days of the serial numbers that a spreadsheet shows for dates from 1927 to 2119.
serial_days <- function(text) {
  number <- encode_numbers(text)
  number[is.na(number) | number < 10000 | number > 80000] <- NA_real_
  floor(number) - 25569
}
