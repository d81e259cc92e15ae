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
