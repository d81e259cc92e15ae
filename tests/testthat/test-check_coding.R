book <- function(variables, codes = NULL, rules = NULL) codebook(variables, codes, rules)

rating_book <- function(required = FALSE, restricted = FALSE, aliases = c("", "Lo", "")) {
  book(
    data.frame(variable = c("case", "neglect"), type = c("id", "rating"),
      required = c(TRUE, required), restricted = c(FALSE, restricted)),
    data.frame(variable = "neglect", code = c("3", "1", "0"), label = c("High", "Low", "None"),
      aliases = aliases)
  )
}

one <- function(type, values, ..., codes = NULL) {
  cb <- book(data.frame(variable = "x", type = type, ...), codes)
  data <- structure(list(x = values), row.names = seq_along(values), class = "data.frame")
  check_coding(data, cb)
}

test_that("the findings have exactly the columns promised, in order of row and variable", {
  data <- data.frame(case = c(1, 2, 2), neglect = c("low", "High", NA), note = 1)
  found <- check_coding(data, rating_book(required = TRUE))
  expect_s3_class(found, c("coding_findings", "data.frame"), exact = TRUE)
  expect_named(found, c("row", "case", "variable", "value", "rule", "severity", "expected",
    "suggestion", "message"))
  expect_identical(found$row, c(NA, 1L, 2L, 3L, 3L))
  expect_identical(found$rule, c("unknown_variable", "code", "duplicate_id", "duplicate_id", "required"))
  expect_identical(found$case, c(NA, "1", "2", "2", "2"))
  expect_identical(found$suggestion[2], "Low")
  expect_match(found$message[2], "letter case")
  clean <- check_coding(data.frame(case = 1:3, neglect = c("High", "3", "None")), rating_book(TRUE))
  expect_identical(nrow(clean), 0L)
  expect_named(clean, names(found))
})

test_that("printed findings", {
  data <- data.frame(case = c(1, 2, 2), neglect = c("low", "High", NA))
  expect_snapshot(print(check_coding(data, rating_book(required = TRUE))))
})

test_that("the same content gives the same findings in every type of column", {
  latin1 <- iconv("Caf\u00e9", "UTF-8", "latin1")
  codes <- data.frame(variable = "x", code = c("1", "2", "-9"), label = c("Caf\u00e9", "B", "?"))
  values <- c(1, 2, -9, 7, NA)
  expected <- one("nominal", values, codes = codes)
  expect_identical(expected$rule, "code")
  expect_identical(expected$value, "7")
  expect_identical(one("nominal", as.integer(values), codes = codes), expected)
  expect_identical(one("nominal", as.character(values), codes = codes), expected)
  expect_identical(one("nominal", factor(values), codes = codes), expected)
  labelled <- structure(values, labels = c("Caf\u00e9" = 1, B = 2), class = c("haven_labelled", "vctrs_vctr", "double"))
  expect_identical(one("nominal", labelled, codes = codes), expected)
  expect_identical(nrow(one("nominal", c(latin1, "Caf\u00e9"), codes = codes)), 0L)
  expect_identical(nrow(one("nominal", factor(latin1), codes = codes)), 0L)
})

test_that("a labelled column that contradicts the codebook is a finding", {
  codes <- data.frame(variable = "x", code = c("1", "2"), label = c("High", "Low"))
  wrong <- structure(c(1, 2), labels = c(Low = 1, High = 2), class = "haven_labelled")
  found <- one("nominal", wrong, codes = codes)
  expect_identical(found$rule, c("code", "code"))
  expect_identical(found$row, c(NA_integer_, NA_integer_))
  other <- structure(c(7, 8), labels = c(Low = 7, High = 8), class = "haven_labelled")
  expect_identical(nrow(one("nominal", other, codes = codes)), 0L)
})

test_that("factors are read by their labels, and a stray level is no fault", {
  codes <- data.frame(variable = "x", code = c("1", "2"), label = c("High", "Low"))
  expect_identical(nrow(one("nominal", factor("Low", c("stray", "Low")), codes = codes)), 0L)
  expect_identical(one("nominal", factor("stray", c("stray", "Low")), codes = codes)$value, "stray")
})

test_that("suggestions name the reason, and stay away where nothing is near", {
  codes <- data.frame(variable = "x", code = c("1", "2", "3"),
    label = c("Mother's partner", "Father", "Not known"), aliases = c("", "Dad;Daddy", ""))
  told <- function(value) {
    found <- one("nominal", value, codes = codes)
    c(found$rule, found$suggestion, found$message)
  }
  expect_match(told("father")[3], "letter case")
  expect_match(told(" Father")[3], "spaces")
  expect_match(told("Not\u00a0known")[3], "no-break")
  expect_match(told("Mother\u2019s partner")[3], "typographic quote")
  expect_identical(told("Mother\u2019s partner")[2], "Mother's partner")
  expect_identical(told("Dad")[1:2], c("alias", "Father"))
  expect_identical(told("dad")[1:2], c("code", "Father"))
  expect_match(told("Fahter")[3], "1 letter")
  expect_match(told("2.0")[3], "same number")
  expect_identical(told("Uncle")[2], NA_character_)
  tie <- data.frame(variable = "x", code = c("1", "2"), label = c("Public", "Publik"))
  expect_identical(one("nominal", "Publip", codes = tie)$suggestion, NA_character_)
})

test_that("blank is NA, nothing or white space, and required only where the codebook says", {
  blank <- c(NA, "", "  ", "\u00a0", "\t")
  codes <- data.frame(variable = "x", code = "1", label = "A")
  expect_identical(nrow(one("nominal", blank, codes = codes)), 0L)
  found <- one("nominal", blank, codes = codes, required = TRUE)
  expect_identical(found$rule, rep("required", 5))
  expect_identical(found$value, rep(NA_character_, 5))
  expect_identical(one("text", blank, required = TRUE)$row, 1:5)
  expect_identical(one("text", factor(blank), required = TRUE)$row, 1:5)
})

test_that("numbers: type, whole numbers, range and missing codes", {
  codes <- data.frame(variable = "x", code = "-9", label = "Not known", missing = "not_known")
  values <- c("3", "-9", "Not known", "18", "2.5", "x", " 4", "1e1", NA)
  found <- one("integer", values, min = "0", max = "17", codes = codes)
  expect_identical(found$row, c(4L, 5L, 6L, 7L))
  expect_identical(found$rule, c("range", "type", "type", "type"))
  expect_identical(found$suggestion[4], "4")
  number <- c(3, -9, 18, 2.5, Inf, NaN)
  expect_identical(one("integer", number, min = "0", max = "17", codes = codes)$row, 3:5)
  expect_identical(one("integer", factor(number[1:5]), min = "0", max = "17", codes = codes)$row, 3:5)
  expect_identical(one("number", c("1,234", "2,5", "2.5"))$suggestion, c("1234", "2.5"))
  expect_identical(one("year", c(2013, 13, 2013.5))$rule, c("range", "type"))
  expect_identical(one("integer", c(TRUE, NA))$rule, "type")
})

test_that("bit64 whole numbers are read as numbers", {
  skip_if_not_installed("bit64")
  expect_identical(one("integer", bit64::as.integer64(c(1, -5, 99, NA)), min = "0", max = "17")$row, 2:3)
})

test_that("dates are read in one way only", {
  values <- c("2014-02-28", "2014-02-30", "31/02/2014", "03/04/2010", "31/12/2013", "41698",
    "Sept 2013", "2013", "28 February 2014", "0003-04-20", "2014-02-28 00:00:00", NA)
  found <- one("date", values)
  expect_identical(found$row, 2:10)
  expect_identical(unique(found$rule), "date")
  expect_identical(found$suggestion, c(NA, NA, NA, "2013-12-31", "2014-02-28", NA, NA, "2014-02-28", NA))
  expect_match(found$message[3], "2010-04-03 or 2010-03-04")
  expect_match(found$message[5], "Excel")
  expect_identical(one("date", 41698)$suggestion, "2014-02-28")
  expect_identical(one("date", c("Sept 2013", "2013-09", "09/2013", "2013"), pattern = "month")$row, 4L)
  expect_identical(nrow(one("date", c("Sept 2013", "2013", "2014-02-28"), pattern = "year")), 0L)
  expect_identical(one("date", c("03/04/2010", "12/31/2013"), pattern = "dmy")$row, 2L)
  expect_identical(one("date", c("03/04/2010", "31/12/2013"), pattern = "mdy")$row, 2L)
})

test_that("Dates of any type and points in time are dates already", {
  day <- as.Date(c("2014-02-28", "2015-01-01", NA))
  whole <- structure(as.integer(day), class = "Date")
  time <- as.POSIXct(c("2014-02-28", "2015-01-01", NA), tz = "Europe/London")
  for (x in list(day, whole, time, as.character(day), factor(as.character(day)))) {
    expect_identical(one("date", x, max = "2014-12-31")$row, 2L)
    expect_identical(one("date", x, max = "2014-12-31")$rule, "range")
    expect_identical(one("date", x, max = "2014-12-31")$value, "2015-01-01")
  }
  expect_identical(one("date", as.Date("0010-03-04"))$rule, "date")
  expect_identical(one("date", as.POSIXct("2014-02-28 13:45", tz = "UTC"))$suggestion, "2014-02-28")
})

test_that("all rows of a duplicated key are found, and keys are never pasted together", {
  cb <- book(data.frame(variable = c("a", "b"), type = "id"))
  data <- data.frame(a = c("A_B", "A", "A", "A", NA, NA), b = c("C", "B_C", "X", "X", "Y", "Y"))
  found <- check_coding(data, cb)
  expect_identical(found$row, 3:4)
  expect_identical(found$case, c("A / X", "A / X"))
  latin1 <- iconv("\u00e9", "UTF-8", "latin1")
  expect_identical(one("id", c("x", "\u00e9", latin1))$row, 2:3)
  expect_identical(one("id", c(0, -0, 1, NA, NA))$row, 1:2)
  expect_identical(one("id", factor(c("a", "b", "a")))$row, c(1L, 3L))
})

test_that("patterns agree with grepl(), plain or not", {
  set.seed(8)
  patterns <- c("^[A-Z]{2}[0-9]+$", "^C", "9$", "a.c", "^a?b*c+$", "[^0-9]", "^(AB|CD)[0-9]$",
    "^\\d{3}$", "x{2,3}y", "^[[:alpha:]]+-[[:digit:]]{2}$", "^a{0,2}$", "b+", "^.{3}$", "[a-c]*d", "^$")
  letters_used <- c("a", "b", "c", "d", "x", "y", "A", "B", "C", "D", "1", "9", "-")
  texts <- replicate(400, paste(sample(letters_used, sample(1:6, 1), TRUE), collapse = ""))
  texts <- c(texts, "AB12", "C9", "aac", "123", "xxy", "ab-12", "\u00e9bc", "caf\u00e9")
  for (pattern in patterns) {
    expect_identical(one("text", texts, pattern = pattern)$row, which(!grepl(pattern, texts)))
    expect_identical(one("text", factor(texts), pattern = pattern)$row, which(!grepl(pattern, texts)))
  }
  expect_identical(one("id", c(12, 345), pattern = "^[0-9]{3}$")$row, 1L)
})

test_that("the parts of a multicode cell are found fault with one by one", {
  codes <- data.frame(variable = "x", code = c("1", "2"), label = c("Mother", "Father"),
    aliases = c("Mum", ""))
  found <- one("multicode", c("Mother; Father", "1;2", "Mum;Fathr", "x ; y; x", "", NA, ";"), codes = codes)
  expect_identical(found$row, c(3L, 3L, 4L, 4L))
  expect_identical(found$value, c("Mum", "Fathr", "x", "y"))
  expect_identical(found$rule, c("alias", "code", "code", "code"))
  expect_identical(nrow(one("multicode", "Mother|Father", separator = "|", codes = codes)), 0L)
})

test_that("flags take their codes or, without codes, yes and no in any letter case", {
  expect_identical(one("flag", c("yes", "No", "TRUE", "0", "1", "maybe"))$row, 6L)
  expect_identical(nrow(one("flag", c(TRUE, FALSE, NA))), 0L)
  expect_identical(one("flag", c(0, 1, 2))$row, 3L)
  codes <- data.frame(variable = "x", code = c("Y", "N"), label = c("Yes", "No"))
  found <- one("flag", c(TRUE, FALSE), codes = codes)
  expect_identical(found$rule, c("code", "code"))
  expect_identical(found$suggestion, c("Yes", "No"))
})

test_that("a variable is asked only where it is relevant", {
  cb <- book(
    data.frame(variable = c("died", "cause"), type = "nominal", required = c(FALSE, TRUE),
      relevant = c("", "died == \"Yes\"")),
    data.frame(variable = c("died", "died", "cause", "cause"), code = c("1", "0", "1", "8"),
      label = c("Yes", "No", "Illness", "Not applicable"), missing = c("", "", "", "not_applicable"))
  )
  data <- data.frame(died = c("1", "0", "0", NA, "Yes", "No"),
    cause = c(NA, NA, "Illness", NA, "1", "8"))
  found <- check_coding(data, cb)
  expect_identical(found$row, c(1L, 3L))
  expect_identical(found$rule, c("required", "not_relevant"))
})

test_that("a rule that cannot run is a finding, and NA in a row finds nothing there", {
  cb <- book(data.frame(variable = c("a", "b"), type = "integer"), rules = data.frame(
    rule = c("order", "lost", "words", "sheet"), expression = c("a <= b", "a < lost", "nchar(\"a\")", "all(a > 0)"),
    severity = c("warning", "error", "error", "error"), message = c("a after b", "", "", "")))
  found <- check_coding(data.frame(a = c(1, 5, NA, 4), b = c(2, 3, 1, NA)), cb)
  expect_identical(found$rule[is.na(found$row)], rep("rule_not_run", 3))
  order <- found[found$rule == "order", ]
  expect_identical(order$row, 2L)
  expect_identical(order$severity, "warning")
  expect_identical(order$variable, "a, b")
  expect_identical(order$value, "5, 3")
  expect_identical(order$message, "a after b")
})

test_that("a rule of the whole sheet, or over whole columns, that is NA is no pass", {
  variables <- data.frame(variable = c("case", "a", "b"), type = c("id", "integer", "number"))
  told <- function(expression, data, severity = "error") {
    found <- check_coding(data, book(variables, rules = data.frame(rule = "r", expression,
      severity = severity)))
    found[found$rule %in% c("r", "rule_not_run"), ]
  }
  data <- data.frame(case = 1:4, a = c("1", NA, "x", "4"), b = c(0, 2, 3, 0))
  for (n in c(4, 2)) {
    found <- told("sum(a) == 40", data[seq_len(n), ], "warning")
    expect_identical(found[c("row", "case", "variable", "value", "rule", "severity")],
      structure(data.frame(row = NA_integer_, case = NA_character_, variable = "a",
        value = NA_character_, rule = "rule_not_run", severity = "warning"),
        class = c("coding_findings", "data.frame")), ignore_attr = TRUE)
    expect_match(found$message, paste0("\"a\" is blank, missing or unreadable in ",
      c("1 row;", "2 rows;")[1 + (n > 2)]), fixed = TRUE)
  }
  expect_identical(told("sum(a) == 40", data[2, ])$rule, "rule_not_run")
  expect_identical(told("sum(a) == 40", data[1, ])[["row"]], NA_integer_)
  expect_identical(told("sum(a, na.rm = TRUE) == 5", data)$rule, character())
  expect_identical(told("sum(a, na.rm = TRUE) == 6", data)$rule, "r")
  expect_identical(told("length(unique(case)) == 4", data)$rule, character())
  expect_identical(told("all(b > 2 | a > 0)", data)$rule, "rule_not_run")
  expect_identical(told("any(a > 3)", data)$rule, character())
  expect_identical(told("mean(a) > 1", data[0, ])$rule, "rule_not_run")
  # One blank makes the mean NA, and so the rule in rows that are filled in.
  found <- told("a < 3 * mean(a)", data)
  expect_identical(found[["row"]], NA_integer_)
  expect_identical(found$rule, "rule_not_run")
  expect_identical(told("a < 3 * mean(a, na.rm = TRUE)", data)$rule, character())
  # NA where nothing is missing.
  found <- told("b / b <= 1", data)
  expect_identical(found$row, c(1L, 4L))
  expect_identical(found$rule, rep("rule_not_run", 2))
  expect_identical(found$value, c("0", "0"))
  expect_identical(told("a / b > 0", data)$rule, character())
})

test_that("rules see labels, numbers and Dates, and a cell at fault is found once", {
  cb <- book(
    data.frame(variable = c("n", "who", "start", "end"), type = c("integer", "nominal", "date", "date")),
    data.frame(variable = c("n", "who"), code = c("-9", "1"), label = c("Not known", "Mother"),
      missing = c("not_known", "")),
    data.frame(rule = c("sum", "who", "order"), expression = c("n >= 0", "who == \"Mother\"", "start <= end"))
  )
  data <- data.frame(n = c("-9", "1"), who = c("1", "Mother"), start = c("2014-01-01", "2014-01-01"),
    end = as.Date(c("2014-01-02", "2013-12-31")))
  found <- check_coding(data, cb)
  expect_identical(found$rule, "order")
  expect_identical(found$value, "2014-01-01, 2013-12-31")
  data$start[2] <- "01/13/2014"
  expect_identical(check_coding(data, cb)$rule, "date")
})

test_that("columns absent and unknown are findings, with the name most like", {
  cb <- book(data.frame(variable = c("case", "neglect", "age"), type = c("id", "text", "integer"),
    required = c(TRUE, TRUE, FALSE)))
  found <- check_coding(data.frame(case = 1, negelct = "x", extra = 2), cb)
  expect_identical(found$rule, c("absent_variable", "absent_variable", "unknown_variable", "unknown_variable"))
  expect_identical(found$severity, c("error", "warning", "warning", "warning"))
  expect_identical(found$suggestion[found$variable == "negelct"], "neglect")
  expect_identical(check_coding(data.frame(), cb)$rule, rep("absent_variable", 3))
  none <- data.frame(case = character(), neglect = character(), age = integer())
  expect_identical(nrow(check_coding(none, cb)), 0L)
})

test_that("a sheet none of whose columns is known is an error that points to its header", {
  cb <- rating_book()
  data <- data.frame("Coding sheet" = c(NA, "case", "1"), X2 = c("2014", "neglect", "High"),
    X3 = factor(c("x", "other", "y")), check.names = FALSE)
  found <- check_coding(data, cb)
  expect_identical(found$severity[found$rule == "unknown_variable"], c("error", rep("warning", 3)))
  expect_identical(found$rule[1], "unknown_variable")
  expect_match(found$message, "row 2 holds \"case\" and \"neglect\", so that the header", fixed = TRUE, all = FALSE)
  expect_error(recode_coding(data, cb), class = "casereview_error_findings")
  found <- check_coding(data.frame(a = 1:2, b = NA), cb)
  expect_identical(sum(found$message == "None of the columns is in the codebook."), 1L)
  expect_identical(sum(check_coding(data.frame(a = 1)[0, , drop = FALSE], cb)$severity == "error"), 2L)
  expect_false("unknown_variable" %in% check_coding(data.frame(), cb)$rule)
})

test_that("a blank row is told as such", {
  blank <- ", as is the whole row: leave the row out if it is no case."
  data <- data.frame(case = c("1", NA, " ", NA), neglect = c(NA, NA, "", "Low"), note = c("", NA, "", ""))
  found <- check_coding(data, rating_book(required = TRUE))
  found <- found[found$rule == "required", ]
  expect_identical(found$row, c(1L, 2L, 2L, 3L, 3L, 4L))
  expect_identical(endsWith(found$message, blank), found$row %in% 2:3)
  data$note[2] <- "see file"
  found <- check_coding(data, rating_book(required = TRUE))
  expect_identical(unique(found$row[endsWith(found$message, blank)]), 3L)
})

test_that("what is outside the limits is told with the limits", {
  expect_identical(one("integer", 420, min = "16", max = "110")$message,
    "\"420\" is outside the range of \"x\", which asks for a whole number from 16 to 110.")
  expect_identical(one("text", "a", pattern = "^b$")$message,
    "\"a\" does not match the pattern of \"x\", which asks for a match of ^b$.")
})

test_that("printed findings keep to the width and to the spaces of values", {
  data <- data.frame(case = 1:2, neglect = c("High   and very high indeed, said twice over in one cell", "lo"))
  found <- check_coding(data, rating_book())
  for (width in c(40, 80)) {
    old <- options(width = width)
    lines <- utils::capture.output(print(found))
    options(old)
    expect_lte(max(nchar(lines)), width)
    expect_identical(gsub("\n +", " ", paste(lines, collapse = "\n")),
      gsub("\n +", " ", paste(format(found), collapse = "\n")))
  }
  expect_length(format(found), 3L)
  odd <- structure(found, class = class(found))
  odd$message[1] <- paste(rep("x\xe9", 60), collapse = " ")
  # not expect_output(): some versions of testthat cannot show text of damaged bytes
  expect_match(utils::capture.output(print(odd))[1L], "2 findings")
})

test_that("a restricted value stands nowhere in the findings", {
  cb <- book(
    data.frame(variable = c("name", "dob", "who", "n"), type = c("id", "date", "nominal", "integer"),
      restricted = TRUE, pattern = c("^[A-Z]+$", "", "", ""), max = c("", "", "", "5"),
      relevant = c("", "", "n > 3", "")),
    data.frame(variable = "who", code = "1", label = "Mother"),
    data.frame(rule = c("r", "s"), expression = c("n < 2", "n + who > 2"))
  )
  data <- data.frame(name = c("secretname", "secretname"), dob = c("31/12/1977", "x"),
    who = c("mother", "Mother"), n = c(98765L, 2L))
  found <- check_coding(data, cb)
  all_text <- paste(c(unlist(found), format(found, n = 99)), collapse = " ")
  for (secret in c("secretname", "1977", "mother", "98765")) expect_no_match(all_text, secret, fixed = TRUE)
  expect_true(all(found$value %in% c("(restricted)", "(restricted), (restricted)", NA)))
  expect_setequal(found$rule, c("duplicate_id", "pattern", "date", "code", "range", "r", "rule_not_run", "not_relevant"))
})

test_that("texts that are no UTF-8 are findings and come back escaped", {
  bytes <- "a\xff"
  Encoding(bytes) <- "bytes"
  wrong <- "b\xff"
  Encoding(wrong) <- "UTF-8"
  codes <- data.frame(variable = "x", code = "1", label = "A")
  found <- one("nominal", c(bytes, wrong), codes = codes)
  expect_identical(found$value, c("a\\xff", "b\\xff"))
  expect_identical(one("text", c(bytes, wrong, "ok"))$rule, c("type", "type"))
  expect_identical(nrow(one("id", c(bytes, wrong))), 2L)
})

test_that("only data that cannot be read is an error", {
  cb <- rating_book()
  expect_error(check_coding(1:3, cb), class = "casereview_error_argument")
  expect_error(check_coding(data.frame(case = I(list(1))), cb), class = "casereview_error_argument")
  expect_error(check_coding(data.frame(a = 1), list()), class = "casereview_error_argument")
  damaged <- data.frame(case = 1, neglect = structure(9L, levels = "a", class = "factor"))
  expect_error(check_coding(damaged, cb), "row 1 holds the code 9", class = "casereview_error_argument")
  twice <- structure(list(1, 2), names = c("case", "case"), row.names = 1L, class = "data.frame")
  expect_error(check_coding(twice, cb), class = "casereview_error_argument")
})

# ---- properties over random codebooks and sheets ----

random_book <- function() {
  k <- sample(2:6, 3)
  labels <- lapply(k, function(k) paste(sample(LETTERS, k), sample(LETTERS, k), sep = ""))
  names <- c("r1", "r2", "r3")
  codes <- data.frame(variable = rep(names, k), code = unlist(lapply(k, seq_len)), label = unlist(labels))
  book(data.frame(
    variable = c("case", names, "n", "d", "t"),
    type = c("id", sample(c("rating", "nominal", "ordinal"), 3, TRUE), "integer", "date", "text"),
    required = c(TRUE, sample(c(TRUE, FALSE), 6, TRUE)),
    min = c(rep("", 4), "0", "2010-01-01", ""), max = c(rep("", 4), "50", "2015-12-31", ""),
    pattern = c(rep("", 6), "^[a-z]{3}$")
  ), codes, data.frame(rule = "adult", expression = "n < 18 | d > as.Date(\"2009-12-31\")"))
}

random_sheet <- function(cb, n) {
  pick <- function(name) {
    codes <- cb$codes[cb$codes$variable == name, ]
    sample(c(codes$code, codes$label), n, TRUE)
  }
  data.frame(case = sample(1000, n), r1 = pick("r1"), r2 = pick("r2"), r3 = pick("r3"),
    n = sample(0:50, n, TRUE), d = as.Date("2010-01-01") + sample(0:2000, n, TRUE),
    t = replicate(n, paste(sample(letters, 3), collapse = "")))
}

plant <- function(data, cb) {
  row <- sample(nrow(data), 1)
  where <- sample(c("r1", "n", "d", "t", "case"), 1)
  text <- as.character(data[[where]])
  text[row] <- switch(where, r1 = "no such label", n = "51", d = "31/12/2013", t = "ABCD", case = NA)
  data[[where]] <- text
  list(data = data, row = row, variable = where)
}

test_that("a clean sheet has no finding, one planted fault has one", {
  set.seed(31)
  for (i in rounds(60)) {
    cb <- random_book()
    data <- random_sheet(cb, sample(1:30, 1))
    expect_identical(nrow(check_coding(data, cb)), 0L)
    fault <- plant(data, cb)
    found <- check_coding(fault$data, cb)
    expect_identical(found$row, fault$row)
    expect_identical(found$variable, fault$variable)
  }
})

test_that("findings do not hang on the order of rows or columns nor on the type of a column", {
  set.seed(32)
  key <- function(f) sort(paste(f$case, f$variable, f$value, f$rule, f$message))
  for (i in rounds(40)) {
    cb <- random_book()
    data <- random_sheet(cb, 20)
    for (k in 1:4) data <- plant(data, cb)$data
    found <- check_coding(data, cb)
    expect_gt(nrow(found), 0)
    expect_identical(key(check_coding(data[sample(20), ], cb)), key(found))
    expect_identical(check_coding(data[sample(ncol(data))], cb), found)
    factors <- data
    factors[] <- lapply(data, function(x) factor(as.character(x)))
    expect_identical(check_coding(factors, cb), found)
    texts <- data
    texts[] <- lapply(data, as.character)
    expect_identical(check_coding(texts, cb), found)
  }
})

test_that("a slow version finds the same codes", {
  set.seed(33)
  slow <- function(x, codes) {
    bad <- integer()
    for (i in seq_along(x)) {
      value <- as.character(x[i])
      if (is.na(value) || trimws(value) == "") next
      if (!any(value == codes$label) && !any(value == codes$code)) bad <- c(bad, i)
    }
    bad
  }
  for (k in c(1, 2, 10, 3000)) {
    codes <- data.frame(variable = "x", code = as.character(seq_len(k)), label = sprintf("label %d", seq_len(k)))
    for (n in c(0, 1, 500)) {
      x <- sample(c(codes$code, codes$label, "x", "", NA, "1 "), n, TRUE)
      expect_identical(one("nominal", x, codes = codes)$row, slow(x, codes))
    }
  }
})

test_that("the C entries refuse what would be out of bounds", {
  scan <- function(cells = "a", words = "a", verdicts = 0L, kind = 1L, range = c(0, 1),
                   reading = c(0L, 1L), texts = c(NA_character_, NA), blank = 0L) {
    .Call(casereview:::C_check_coding_cells, cells, words, verdicts, kind, range, reading, texts, blank)
  }
  expect_identical(scan()$row, integer())
  expect_error(scan(cells = list()), "Internal error")
  expect_error(scan(words = 1), "Internal error")
  expect_error(scan(verdicts = 0:1), "Internal error")
  expect_error(scan(kind = 9L), "Internal error")
  expect_error(scan(range = 1), "Internal error")
  expect_error(scan(reading = 1L), "Internal error")
  expect_error(scan(texts = 1L), "Internal error")
  expect_error(.Call(casereview:::C_check_coding_levels, 3L, 0L, 0L), "Internal error")
  expect_error(.Call(casereview:::C_duplicates_find, list(1:2, 1)), "Internal error")
  expect_error(.Call(casereview:::C_duplicates_find, list()), "Internal error")
  expect_error(.Call(casereview:::C_nearest_word, list("a"), list(1L), 1L), "Internal error")
  expect_error(.Call(casereview:::C_coding_date_parse, "a", 5L, 1L), "Internal error")
  expect_error(.Call(casereview:::C_encode_cells, list(), "a"), "Internal error")
})

test_that("a rule without its variables, and a date that is none, are told in plain words", {
  cb <- codebook(data.frame(variable = c("id", "day"), type = c("id", "date")),
    rules = data.frame(rule = "r", expression = "x < y"))
  found <- check_coding(data.frame(id = 1:3, day = c("31/02/2014", "03/04/2010", "soon")), cb)
  expect_match(found$message[found$rule == "rule_not_run"], "no variable \"x\" or \"y\"",
    fixed = TRUE)
  told <- found$message[found$rule == "date"]
  expect_identical(grepl("is not a date, as asked for by \"day\".", told, fixed = TRUE),
    c(TRUE, FALSE, TRUE))
  expect_identical(told[2L], paste0("\"03/04/2010\" is not a date in the form asked for by ",
    "\"day\": it could be 2010-04-03 or 2010-03-04."))
})
