test_that("days agree with R's own calendar over nine centuries", {
  days <- seq(-354285, 2932896, by = 97)
  text <- format(as.Date(days, origin = "1970-01-01"), "%Y-%m-%d")
  expect_identical(casereview:::parse_dates(text)$days, days)
})

test_that("every form is read as documented", {
  read <- function(text, order = 0L, lowest = 1L) {
    parsed <- casereview:::parse_dates(text, c(order, lowest))
    casereview:::precise_text(parsed)
  }
  none <- NA_character_
  expect_identical(read(c("2014-2-28", "14-02-28", "2014/02/28", "2014-02-28x", "")), rep(none, 5))
  expect_identical(read("2000-02-29"), "2000-02-29")
  expect_identical(read(c("1900-02-29", "2014-13-01", "2014-00-10", "2014-04-31")), rep(none, 4))
  expect_identical(read(c("1/2/2014", "01.02.2014", "1 Feb 2014", "February 1, 2014"), 1L), rep("2014-02-01", 4))
  expect_identical(read(c("2/1/2014", "Feb 1 2014"), 2L), rep("2014-02-01", 2))
  expect_identical(read(c("Sept 2013", "Sep. 2013", "SEPTEMBER 2013", "9/2013", "2013-09"), 0L, 2L), rep("2013-09", 5))
  expect_identical(read(c("2013", "20133", "213"), 0L, 3L), c("2013", none, none))
  expect_identical(read(c("2014-02-28T00:00:00Z", "2014-02-28 13:00:00")), c("2014-02-28", none))
})

test_that("days become texts as R's own format() has them, and back", {
  days <- c(-354285, -1, 0, 1, 16129.75, 2932896, seq(-300000, 2900000, by = 997))
  text <- format(as.Date(floor(days), origin = "1970-01-01"), "%Y-%m-%d")
  expect_identical(casereview:::day_text(days), text)
  expect_identical(casereview:::parse_dates(text)$days, floor(days))
  expect_identical(casereview:::day_text(c(-719528, -719162, -354286)),
    c("0000-01-01", "0001-01-01", "0999-12-31"))
  odd <- c(NA, NaN, Inf, -Inf, 1e300, 2932897, -719529)
  expect_identical(casereview:::day_text(odd),
    c(NA, NA, "Inf", "-Inf", "1e+300", "2932897", "-719529"))
  expect_identical(casereview:::day_text(double()), character())
  expect_error(.Call(casereview:::C_coding_date_text, 1L), "Internal error")
})

test_that("a year of two digits is told, and nothing else is taken for one", {
  book <- codebook(data.frame(variable = "day", type = "date"))
  told <- function(text) check_coding(data.frame(day = text), book)
  two <- told(c("5/6/14", "31.12.98", "12 Mar 98", "Oct-13", "May '14"))
  expect_true(all(grepl(": its year has two digits.", two$message, fixed = TRUE)))
  expect_true(all(is.na(two$suggestion)))
  other <- told(c("31/02/2014", "1-2", "12", "n/a", "03/2014", "Ward 12 14"))
  expect_false(any(grepl("two digits", other$message)))
})
