# The levels of text, integers and doubles against unique() and match().

expect_levels <- function(x, found, distinct) {
  seen <- !is.na(x)
  expect_identical(length(found$code), length(x))
  expect_identical(is.na(found$code), !seen)
  expect_equal(as.vector(found$level[found$code[seen]]), as.vector(x[seen]))
  expect_setequal(found$level[sort(unique(found$code[seen]))], distinct)
}

test_that("integers, dense or far apart, come back by their codes", {
  set.seed(4)
  for (values in list(1:5, c(-9L, 1:3), c(-.Machine$integer.max, 0L, .Machine$integer.max), 1:5000)) {
    for (n in c(0L, 1L, 7L, 3000L)) {
      x <- sample(c(values, NA), n, replace = TRUE)
      expect_levels(x, .Call(C_levels_integer, x), unique(x[!is.na(x)]))
    }
  }
})

test_that("doubles: 0 and -0 are one, NaN is missing, fractions and large numbers are kept", {
  set.seed(5)
  for (values in list(c(0, -0), c(0.5, 1.25, -3), c(1e300, -1e-300), 2^53 - 0:3, c(NaN, 2))) {
    x <- sample(c(values, NA), 500, replace = TRUE)
    expect_levels(x, .Call(C_levels_double, x), unique(x[!is.na(x)]))
  }
  expect_identical(length(unique(.Call(C_levels_double, c(0, -0, 0))$code)), 1L)
})

test_that("text: as it stands in memory; the two encodings of one text meet in the table", {
  latin1 <- "caf\xe9"
  Encoding(latin1) <- "latin1"
  x <- c("b", latin1, NA, "caf\u00e9", "b")
  found <- .Call(C_levels_text, x)
  expect_identical(found$code[1L], found$code[5L])
  expect_true(is.na(found$code[3L]))
  tab <- crosstab(data.frame(x = x), ~ x)
  expect_identical(tab$rows$label, c("b", "caf\u00e9", "Missing", "Total"))
  expect_equal(tab$cells$n, c(2, 2, 1, 5))
  x <- sprintf("t%d", sample(3000, 20000, replace = TRUE))
  expect_levels(x, .Call(C_levels_text, x), unique(x))
})

test_that("a wrong type is a fault of the package, said so", {
  expect_error(.Call(C_levels_integer, 1.5), "Internal error in casereview")
  expect_error(.Call(C_levels_double, 1L), "Internal error in casereview")
  expect_error(.Call(C_levels_text, 1L), "Internal error in casereview")
})

kept_book <- function() {
  codebook(
    data.frame(variable = c("case", "method", "agencies", "year"),
      type = c("id", "nominal", "multicode", "year"), separator = c("", "", "|", "")),
    data.frame(variable = rep(c("method", "agencies"), c(3, 5)), code = c(1, 2, 9, 1:4, 9),
      label = c("Sharp", "Blunt", "Not known", "Police", "GP", "Housing", "Schools", "Not asked"),
      parent = c("", "", "", "", "Health", "", "", ""),
      missing = c("", "", "not_known", "", "", "", "", "not_applicable"))
  )
}

test_that("a recoded data frame tells its missing codes and its columns of several codes", {
  cb <- kept_book()
  sheet <- data.frame(case = 1:6, method = c(1, 2, 9, 1, NA, 9), year = rep(2012:2013, 3),
    agencies = c("Police|GP", "2 | Housing", "Police", NA, "Not asked", "GP|Police"))
  coded <- recode_coding(sheet, cb)
  for (missing in c("show", "exclude")) {
    for (formula in c("agencies ~ year", "method ~ year", "method ~ agencies")) {
      kept <- crosstab(coded, formula, missing = missing, percent = "column")
      given <- crosstab(coded, formula, missing = missing, percent = "column", codebook = cb)
      expect_identical(as.data.frame(kept), as.data.frame(given))
      expect_identical(kept$rows, given$rows)
    }
  }
  out <- as.data.frame(crosstab(coded, ~ agencies, percent = "column"))
  expect_identical(out$agencies, c("Police", "Health", "GP", "Housing", "Schools", "Not asked",
    "Missing", "Total"))
  expect_equal(out$n, c(3, 3, 3, 1, 0, 1, 1, 6))
  expect_equal(out$base, rep(6, 8))
  expect_identical(as.data.frame(crosstab(coded, ~ method, missing = "exclude"))$n, c(2, 1, 3))
  both <- combine_samples(a = sheet, b = sheet, codebook = cb)
  expect_equal(as.data.frame(crosstab(both, agencies ~ sample))$n[1:3], c(3, 3, 6))
  # rows left out leave the knowledge; a column given other values is taken as it stands
  expect_equal(as.data.frame(crosstab(coded[1:3, ], ~ agencies))$n, c(2, 2, 2, 1, 0, 3))
  coded$agencies <- ifelse(is.na(coded$agencies), "None", "Some | Police")
  expect_message(out <- as.data.frame(crosstab(coded, ~ agencies)), NA)
  expect_identical(out$agencies, c("None", "Some | Police", "Total"))
})

test_that("text that looks like several codes is counted whole, and the user is told", {
  data <- data.frame(x = c("GP; Police", "GP", "Police", "GP; Police", NA))
  expect_message(tab <- crosstab(data, ~ x), "\"x\" such as \"GP; Police\" are counted whole")
  expect_identical(as.data.frame(tab)$x, c("GP", "GP; Police", "Police", "Missing", "Total"))
  expect_message(tab <- crosstab(data, ~ x, multicode = c(x = ";")), NA)
  expect_equal(as.data.frame(tab)$n, c(3, 3, 1, 5))
  # labels of their own that hold a semicolon, and factors, say what they mean
  expect_message(crosstab(data.frame(x = c("Falls; other", "Burns; scalds")), ~ x), NA)
  data$x <- factor(data$x)
  expect_message(crosstab(data, ~ x), NA)
})
