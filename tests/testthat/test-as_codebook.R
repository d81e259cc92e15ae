labelled <- function(x, values, ...) structure(x, labels = values,
  class = c("haven_labelled", "vctrs_vctr"), ...)

test_that("labelled columns give codes, labels and missing codes", {
  d <- data.frame(id = 1:4)
  d$a <- labelled(c(1, 2, -9, -7), c(Yes = 1, No = 2, "Don't know" = -9),
    na_range = c(-9, -1), label = "Asked?")
  d$b <- labelled(c("m", "f", "x", NA), c(Male = "m", Female = "f"), na_values = "z")
  d$k <- labelled(c(0, 5, 10, NA), c(None = 0, All = 10))
  cb <- as_codebook(d, id = "id", title = "Survey")
  expect_s3_class(cb, "codebook")
  expect_identical(cb$variables$type, c("id", "nominal", "nominal", "integer"))
  expect_identical(cb$variables$label, c("id", "Asked?", "b", "k"))
  a <- cb$codes[cb$codes$variable == "a", ]
  expect_identical(a$code, c("1", "2", "-9", "-7"))
  expect_identical(a$label, c("Yes", "No", "Don't know", "-7"))
  expect_identical(a$missing, c("", "", "not_known", "not_recorded"))
  expect_identical(cb$codes$code[cb$codes$variable == "b"], c("m", "f", "z"))
  expect_identical(cb$title, "Survey")
})

test_that("columns that haven makes are read as it means them", {
  skip_if_not_installed("haven")
  d <- data.frame(x = 1:3)
  d$tagged <- haven::labelled(c(1, haven::tagged_na("a"), NA),
    c(One = 1, Refused = haven::tagged_na("z"),
      "Not applicable" = haven::tagged_na("a")))
  d$spss <- haven::labelled_spss(c(1, 8, 9), c(One = 1, Unknown = 8),
    na_values = c(8, 9))
  cb <- as_codebook(d)
  expect_identical(cb$codes$code, c("1", ".z", ".a", "1", "8", "9"))
  expect_identical(cb$codes$missing,
    c("", "not_recorded", "not_applicable", "", "not_known", "not_recorded"))
  file <- tempfile(fileext = ".sav")
  haven::write_sav(d["spss"], file)
  back <- as_codebook(as.data.frame(haven::read_sav(file, user_na = TRUE)))
  expect_identical(back$codes, as_codebook(d["spss"])$codes)
})

test_that("factors, dates, numbers, logicals and texts are what they are", {
  d <- data.frame(
    f = factor(c("2", "1", NA), c("2", "1", "unused")),
      o = factor(c("lo", "hi", "na"), c("lo", "hi", "na"), ordered = TRUE),
    d = as.Date("2010-01-01") + 0:2, p = as.POSIXct("2010-01-01", tz = "UTC") + 0:2,
      i = c(1, 2, NA), n = c(1.5, 2, NA),
    l = c(TRUE, NA, FALSE), t = c("a", "b", NA), none = NA
  )
  cb <- as_codebook(d, missing = c(na = "not_known"))
  expect_identical(cb$variables$type,
    c("nominal", "ordinal", "date", "date", "integer", "number", "flag", "text",
    "text"))
  expect_identical(cb$codes$code, c("2", "1", "unused", "lo", "hi", "na"))
  expect_identical(cb$codes$label, cb$codes$code)
  expect_identical(cb$codes$missing, c("", "", "", "", "", "not_known"))
  expect_identical(as_codebook(d[0, ])$variables$variable, names(d))
  expect_identical(as_codebook(cb), cb)
  expect_identical(nrow(as_codebook(data.frame())$variables), 0L)
})

test_that("what is no data frame, no column or no missing word is refused", {
  refused <- "casereview_error_argument"
  expect_error(as_codebook(1:3), "`data` must be a data frame", class = refused)
  expect_error(as_codebook(data.frame(a = I(list(1)))), "Column \"a\"", class = refused)
  expect_error(as_codebook(data.frame(a = 1), id = "b"), "no column \"b\"",
    class = refused)
  expect_error(as_codebook(data.frame(a = 1), missing = c(x = "gone")),
    "`missing` must hold", class = refused)
  expect_error(as_codebook(data.frame(a = 1), missing = "not_known"),
    "labels as names", class = refused)
  twice <- data.frame(a = 1:2)
  twice$a <- labelled(c(1, 2), c(Other = 1, Other = 2))
  expect_error(as_codebook(twice), "label \"Other\" twice",
    class = refused)
})

test_that("a tagged NA without a label of its own is a missing code beside the others", {
  skip_if_not_installed("haven")
  x <- haven::labelled(c(1, 2, haven::tagged_na("a", "z"), NA),
    c(Low = 1, High = 2, Refused = haven::tagged_na("a")))
  data <- data.frame(case = 1:5)
  data$x <- x
  cb <- as_codebook(data, id = "case")
  expect_identical(cb$codes$code, c("1", "2", ".a", ".z"))
  expect_identical(cb$codes$missing, c("", "", "not_recorded", "not_recorded"))
  expect_identical(nrow(check_coding(data, cb)), 0L)
  expect_identical(as.character(recode_coding(data, cb)$x), c("Low", "High", "Refused", ".z", NA))
})
