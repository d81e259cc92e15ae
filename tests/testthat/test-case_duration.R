# One day at a time: the days that any period covers, and months by the calendar.
slow_cover <- function(start, end) {
  days <- sort(unique(unlist(Map(function(s, e) if (e > s) s:(e - 1) else integer(), start, end))))
  if (!length(days)) return(c(0, 0))
  breaks <- cumsum(c(TRUE, diff(days) != 1))
  months <- 0
  left <- 0
  for (piece in split(days, breaks)) {
    from <- as.Date(min(piece), origin = "1970-01-01")
    to <- as.Date(max(piece) + 1, origin = "1970-01-01")
    m <- 0
    while (later(from, m + 1) <= to) m <- m + 1
    months <- months + m
    left <- left + as.integer(to - later(from, m))
  }
  c(length(days), months + floor(left / 30.436875))
}

later <- function(date, months) {
  at <- as.POSIXlt(date)
  month <- at$year * 12 + at$mon + months
  first <- as.Date(sprintf("%d-%02d-01", 1900L + month %/% 12L, month %% 12L + 1L))
  next_first <- as.Date(sprintf("%d-%02d-01", 1900L + (month + 1L) %/% 12L, (month + 1L) %% 12L + 1L))
  min(first + at$mday - 1, next_first - 1)
}

test_that("a count of days one by one gives the same", {
  set.seed(12)
  for (i in rounds(60)) {
    n <- sample(1:5, 1)
    start <- sample(15000:15400, n, TRUE)
    end <- start + sample(0:200, n, TRUE)
    p <- data.frame(case = "a", start = as.Date(start, origin = "1970-01-01"), end = as.Date(end, origin = "1970-01-01"))
    expected <- slow_cover(start, end)
    expect_equal(case_duration(p, unit = "days")$duration, expected[1])
    expect_equal(case_duration(p)$duration, expected[2])
    expect_identical(case_duration(p[sample(n), ])$duration, case_duration(p)$duration)
  }
})

test_that("overlapping, nested and touching periods count once", {
  p <- data.frame(case = c(1, 1, 2, 2, 3, 3), start = c("2012-01-10", "2012-03-01", "2012-01-01", "2012-02-01", "2012-01-01", "2012-02-01"),
    end = c("2012-04-10", "2012-06-10", "2013-01-01", "2012-03-01", "2012-02-01", "2012-03-01"))
  expect_identical(case_duration(p)$duration, c(5, 12, 2))
  expect_identical(case_duration(p)$n_periods, c(2L, 2L, 2L))
})

test_that("a month ends on its own day, or on the last of a shorter month", {
  months <- function(a, b) case_duration(data.frame(case = 1, start = a, end = b))$duration
  expect_identical(months("2013-01-31", "2013-02-28"), 1)
  expect_identical(months("2013-01-31", "2013-02-27"), 0)
  expect_identical(months("2013-01-15", "2013-02-14"), 0)
  expect_identical(months("2008-06-30", "2014-03-30"), 69)
  expect_identical(months("2012-02-29", "2013-02-28"), 12)
  expect_identical(months("2013-01-01", "2013-01-01"), 0)
})

test_that("open periods run to as_of and are flagged; without it there is no guess", {
  p <- data.frame(case = c("a", "b"), start = as.Date(c("2014-01-01", "2013-01-01")), end = as.Date(c(NA, "2013-02-01")))
  d <- case_duration(p, as_of = "2014-02-28")
  expect_identical(d$open, c(TRUE, FALSE))
  expect_identical(d$duration, c(1, 1))
  expect_identical(d$end, as.Date(c("2014-02-28", "2013-02-01")))
  none <- case_duration(p)
  expect_identical(none$duration, c(NA, 1))
  expect_match(none$note[1], "as_of")
})

test_that("faults are findings, and a case with one has no duration", {
  p <- data.frame(case = c(1, 1, 2, NA, 3), start = c("2013-01-01", "2013-05-01", "x", "2013-01-01", "2013-01-01"),
    end = c("2013-02-01", "2013-04-01", "2013-01-01", "2013-02-01", "2013-02-01"))
  d <- case_duration(p)
  expect_identical(d$case, c(1, 2, 3))
  expect_identical(d$duration, c(NA, NA, 1))
  found <- attr(d, "findings")
  expect_identical(found$row, 2:4)
  expect_identical(found$rule, c("period_order", "date", "required"))
  expect_identical(found$variable, c("end", "start", "case"))
})

test_that("a start and an end that are no dates are a finding each, with the date they can be", {
  p <- data.frame(case = c(1, 2, 3, 4), start = c("41000", "03/04/2010", "soon", NA),
    end = c("31/12/2013", "2014-01-01", "01/13/2014", "2014-01-01"))
  found <- attr(case_duration(p), "findings")
  expect_identical(found$row, c(1L, 1L, 2L, 3L, 3L, 4L))
  expect_identical(found$variable, c("start", "end", "start", "start", "end", "start"))
  expect_identical(found$value, c("41000", "31/12/2013", "03/04/2010", "soon", "01/13/2014", NA))
  expect_identical(found$suggestion, c("2012-04-01", "2013-12-31", NA, NA, "2014-01-13", NA))
  expect_match(found$message[1], "Excel serial number", fixed = TRUE)
  expect_match(found$message[3], "2010-04-03 or 2010-03-04", fixed = TRUE)
  expect_identical(found$message[c(4, 6)], c("\"soon\" is not a date, for \"start\".",
    "A period has no start."))
  serial <- data.frame(case = 1, start = 41000, end = 41031)
  expect_identical(attr(case_duration(serial), "findings")$suggestion, c("2012-04-01", "2012-05-02"))
})

test_that("no periods, one period, other names and factors", {
  none <- case_duration(data.frame(case = character(), start = character(), end = character()))
  expect_identical(nrow(none), 0L)
  expect_named(none, c("case", "n_periods", "start", "end", "duration", "open", "note"))
  p <- data.frame(id = factor("x"), from = factor("2013-01-01"), to = as.POSIXct("2013-03-01", tz = "UTC"))
  d <- case_duration(p, "id", "from", "to", unit = "days")
  expect_identical(d$id, "x")
  expect_identical(d$duration, 59)
})

test_that("arguments are refused in words", {
  p <- data.frame(case = 1, start = "2013-01-01", end = "2013-02-01")
  expect_error(case_duration(1), class = "casereview_error_argument")
  expect_error(case_duration(p, end = "stop"), "no column", class = "casereview_error_argument")
  expect_error(case_duration(p, as_of = "31/12/2013"), "one date", class = "casereview_error_argument")
  expect_error(case_duration(p, unit = "weeks"), "months", class = "casereview_error_argument")
  expect_error(.Call(casereview:::C_case_duration_cover, 1L, 5L, 4L, 1L), "Internal error")
  expect_error(.Call(casereview:::C_case_duration_cover, 2L, 4L, 5L, 1L), "Internal error")
})

test_that("34 cases worked by hand, in months and in days", {
  hand <- utils::read.csv(header = FALSE, na.strings = "NA", strip.white = TRUE,
    col.names = c("periods", "months", "days", "open", "faults"), text = "
2012-01-10/2012-04-10, 3, 91, FALSE, 0
2012-01-10/2012-04-09, 2, 90, FALSE, 0
2012-05-05/2012-05-05, 0, 0, FALSE, 0
2012-05-05/2012-05-06, 0, 1, FALSE, 0
2012-01-10/2012-04-10 2012-03-01/2012-06-10, 5, 152, FALSE, 0
2012-01-01/2012-12-31 2012-03-01/2012-04-01, 11, 365, FALSE, 0
2012-01-01/2012-02-01 2012-02-01/2012-03-01, 2, 60, FALSE, 0
2012-01-01/2012-01-31 2012-02-01/2012-03-01, 1, 59, FALSE, 0
2013-01-31/2013-02-28, 1, 28, FALSE, 0
2012-01-31/2012-02-28, 0, 28, FALSE, 0
2012-01-31/2012-02-29, 1, 29, FALSE, 0
2012-02-29/2013-02-28, 12, 365, FALSE, 0
2012-02-29/2012-03-28, 0, 28, FALSE, 0
2012-02-29/2012-03-29, 1, 29, FALSE, 0
2013-02-28/2013-03-28, 1, 28, FALSE, 0
2013-02-28/2013-03-31, 1, 31, FALSE, 0
2013-05-31/2013-06-30, 1, 30, FALSE, 0
2012-12-31/2013-01-31, 1, 31, FALSE, 0
2013-01-30/2013-02-28, 1, 29, FALSE, 0
2013-01-29/2013-02-28, 1, 30, FALSE, 0
2013-05-31/, 9, 273, TRUE, 0
2013-01-15/2014-01-15 2013-12-01/, 13, 409, TRUE, 0
2014-02-28/, 0, 0, TRUE, 0
2013-01-01/2012-01-01, NA, NA, FALSE, 1
2012-01-01/2012-03-01 2013-01-01/2012-01-01, NA, NA, FALSE, 1
2014-03-01/, NA, NA, TRUE, 1
/2013-01-01, NA, NA, FALSE, 1
/, NA, NA, TRUE, 1
2012-01-01/2012-01-21 2012-03-01/2012-03-12, 1, 31, FALSE, 0
1900-02-28/1900-03-01, 0, 1, FALSE, 0
2008-02-29/2012-02-29, 48, 1461, FALSE, 0
2010-01-01/2010-02-16 2010-06-01/2010-07-16 2010-12-01/2010-12-05, 3, 95, FALSE, 0
2012-01-01/2012-02-01 2012-01-01/2012-02-01, 1, 31, FALSE, 0
2012-01-01/2012-06-01 2012-02-01/2012-03-01 2012-05-01/2012-07-01, 6, 182, FALSE, 0")
  ends <- strsplit(strsplit(paste(hand$periods, collapse = "\n"), "\n")[[1]], " ")
  case <- rep(seq_along(ends), lengths(ends))
  ends <- unlist(ends)
  day <- function(x) ifelse(nzchar(x), x, NA)
  periods <- data.frame(case = case, start = day(sub("/.*", "", ends)),
    end = day(sub(".*/", "", ends)))
  set.seed(34)
  for (kind in c("text", "Date", "POSIXct", "factor")) {
    mixed <- periods[sample(nrow(periods)), ]
    mixed[2:3] <- lapply(mixed[2:3], switch(kind, text = identity, Date = as.Date,
      POSIXct = function(x) as.POSIXct(x, tz = "UTC"), factor = factor))
    months <- case_duration(mixed, as_of = "2014-02-28")
    days <- case_duration(mixed, as_of = as.Date("2014-02-28"), unit = "days")
    months <- months[order(months$case), ]
    expect_equal(months$duration, as.double(hand$months))
    expect_equal(days$duration[order(days$case)], as.double(hand$days))
    expect_identical(months$open, hand$open)
    found <- attr(case_duration(mixed, as_of = "2014-02-28"), "findings")
    expect_identical(tabulate(as.integer(found$case), nrow(hand)), hand$faults)
    expect_identical(nzchar(months$note), hand$faults > 0L)
  }
})
