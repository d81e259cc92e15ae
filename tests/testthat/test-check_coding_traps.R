# The traps that checks of coding sheets fall into, one test each.

trap_book <- function(...) codebook(...)

# The findings of one column called x.
trap <- function(type, values, codes = NULL, rules = NULL, ...) {
  cb <- codebook(data.frame(variable = "x", type = type, ...), codes, rules)
  check_coding(structure(list(x = values), row.names = seq_along(values), class = "data.frame"), cb)
}

coded <- function(code, label = paste("label", code), ...) {
  data.frame(variable = "x", code = code, label = label, ...)
}

test_that("trap: \"1\" %in% 1:3, a text taken for a number by coercion", {
  codes <- coded(c("1", "2", "3"))
  expect_identical(trap("nominal", c("1", "01", "1.0", "1e0", " 1", "TRUE"), codes)$value,
    c("01", "1.0", "1e0", " 1", "TRUE"))
  expect_identical(trap("nominal", c(TRUE, FALSE), codes)$value, c("TRUE", "FALSE"))
  # and back: the number 1 is the code "1", the number 1.5 is none
  expect_identical(trap("nominal", c(1, 2, 1.5), codes)$value, "1.5")
  texts <- trap("nominal", c("1", "2"), codes, data.frame(rule = "r", expression = "x == 1"))
  expect_identical(texts$rule, "rule_not_run")
  expect_match(texts$message, "compares text with number", fixed = TRUE)
})

test_that("trap: a misspelt column passes silently", {
  cb <- codebook(data.frame(variable = c("case", "neglect"), type = c("id", "text")),
    rules = data.frame(rule = "r", expression = "neglect != \"x\""))
  found <- check_coding(data.frame(case = 1, neglcet = "y"), cb)
  expect_setequal(found$rule, c("absent_variable", "unknown_variable", "rule_not_run"))
  expect_identical(found$suggestion[found$rule == "unknown_variable"], "neglect")
  misspelt <- codebook(data.frame(variable = "neglect"),
    rules = data.frame(rule = "r", expression = "neglcet != \"x\""))
  expect_identical(check_coding(data.frame(neglect = "x"), misspelt)$rule, "rule_not_run")
})

test_that("trap: factor codes read as values", {
  # the factor's own codes are 1, 2, 3; its labels are what the sheet says
  years <- factor(c("2012", "2013", "3000"))
  expect_identical(trap("year", years, max = "2020")$value, "3000")
  expect_identical(trap("nominal", factor(c("9", "8")), coded(c("1", "2")))$value, c("9", "8"))
  over <- trap("integer", factor(c("20", "5")), rules = data.frame(rule = "r", expression = "x < 10"))
  expect_identical(over$value, "20")
})

test_that("trap: a stray unused level is no fault, a used one is", {
  x <- factor(c("label 1", "label 1"), levels = c("label 1", "stray"))
  expect_identical(nrow(trap("nominal", x, coded("1"))), 0L)
  x[2] <- "stray"
  expect_identical(trap("nominal", x, coded("1"))$row, 2L)
})

test_that("trap: -9 summed as a number", {
  codes <- coded("-9", "Not known", missing = "not_known")
  rules <- data.frame(rule = c("sum", "low"), expression = c("sum(x, na.rm = TRUE) == 7", "x >= 0"))
  expect_identical(nrow(trap("integer", c(3, 4, -9), codes, rules, min = "0")), 0L)
  expect_identical(nrow(trap("integer", c("3", "4", "-9"), codes, rules, min = "0")), 0L)
  cb <- codebook(data.frame(variable = "x", type = "integer"), codes)
  expect_identical(sum(recode_coding(data.frame(x = c(3, 4, -9)), cb)$x, na.rm = TRUE), 7L)
  # without the missing code it is a number out of range
  expect_identical(trap("integer", c(3, 4, -9), min = "0")$rule, "range")
})

test_that("trap: NA in a set, where the codebook says whether an answer is required", {
  for (type in c("nominal", "integer", "date", "text", "multicode", "flag")) {
    codes <- if (type %in% c("nominal", "multicode")) coded(c("1", "2"))
    none <- rep(NA, 3)
    expect_identical(trap(type, none, codes, required = TRUE)$rule, rep("required", 3), info = type)
    expect_identical(nrow(trap(type, none, codes, required = FALSE)), 0L, info = type)
    expect_identical(nrow(trap(type, none, codes)), 0L, info = type)
  }
})

test_that("trap: latin1 against UTF-8", {
  utf8 <- "Caf\u00e9"
  latin1 <- iconv(utf8, "UTF-8", "latin1")
  expect_identical(Encoding(latin1), "latin1")
  expect_identical(nrow(trap("nominal", c(utf8, latin1), coded("1", utf8))), 0L)
  expect_identical(nrow(trap("nominal", c(utf8, latin1), coded("1", latin1))), 0L)
  expect_identical(nrow(trap("nominal", factor(latin1), coded("1", utf8))), 0L)
  cb <- codebook(data.frame(variable = c("id", "x"), type = c("id", "text")))
  twice <- data.frame(id = c(utf8, latin1), x = "a")
  expect_identical(check_coding(twice, cb)$rule, rep("duplicate_id", 2))
})

test_that("trap: an accent written as a mark of its own", {
  found <- trap("nominal", c("Cafe\u0301", "CAFE\u0301", "Cafe"), coded("1", "Caf\u00e9"))
  expect_identical(found$suggestion, rep("Caf\u00e9", 3))
  expect_match(found$message[1], "differs in an accent written as a mark of its own)", fixed = TRUE)
  expect_match(found$message[2], "an accent written as a mark of its own and letter case", fixed = TRUE)
  expect_match(found$message[3], "differs in 1 letter", fixed = TRUE)
  other <- trap("nominal", "Caf\u00e9", coded("1", "Cafe\u0301"))
  expect_match(other$message, "an accent written as a mark of its own", fixed = TRUE)
})

test_that("every letter and mark of the table is one letter afterwards", {
  for (one in casereview:::accented) {
    plain <- strsplit(one$plain, "")[[1]]
    letter <- strsplit(one$letter, "")[[1]]
    expect_length(letter, length(plain))
    expect_identical(casereview:::compose_accents(paste0("x", plain, one$mark, "y")),
      paste0("x", letter, "y"))
    # the letter without its mark, as the C library's own table has it
    bare <- iconv(letter, "UTF-8", "ASCII//TRANSLIT")
    told <- !is.na(bare) & grepl("^[A-Za-z]$", bare)
    expect_identical(bare[told], plain[told])
  }
})

test_that("trap: only the later of two duplicate ids is flagged", {
  cb <- codebook(data.frame(variable = "id", type = "id"))
  expect_identical(check_coding(data.frame(id = c("a", "b", "a", "c", "a")), cb)$row, c(1L, 3L, 5L))
})

test_that("trap: the keys (\"A_B\", \"C\") and (\"A\", \"B_C\") pasted into one", {
  cb <- codebook(data.frame(variable = c("i", "j"), type = "id"))
  for (sep in c("_", " ", "", "/", " / ", "\r", "\x1f", ".")) {
    data <- data.frame(i = c(paste0("A", sep, "B"), "A"), j = c("C", paste0("B", sep, "C")))
    expect_identical(sum(check_coding(data, cb)$rule == "duplicate_id"), 0L)
  }
  same <- data.frame(i = c("A", "A"), j = c("B", "B"))
  expect_identical(check_coding(same, cb)$row, 1:2)
})

test_that("trap: as.Date(\"03/04/2010\") read as the year 3", {
  found <- trap("date", c("03/04/2010", "0003-04-20", "3-4-2010", "13/04/2010"))
  expect_identical(found$rule, rep("date", 4))
  expect_match(found$message[1], "it could be 2010-04-03 or 2010-03-04", fixed = TRUE)
  expect_identical(found$suggestion, c(NA, NA, NA, "2010-04-13"))
  expect_identical(nrow(trap("date", "03/04/2010", pattern = "dmy")), 0L)
  cb <- function(order) codebook(data.frame(variable = "x", type = "date", pattern = order))
  read <- function(order) recode_coding(data.frame(x = "03/04/2010"), cb(order))$x
  expect_identical(read("dmy"), as.Date("2010-04-03"))
  expect_identical(read("mdy"), as.Date("2010-03-04"))
})

test_that("trap: 30 February and other days that the calendar does not have", {
  never <- c("2014-02-30", "30/02/2014", "2013-02-29", "2014-04-31", "2014-13-01", "2014-00-10")
  for (pattern in c("", "dmy", "mdy", "year dmy")) {
    found <- trap("date", never, pattern = pattern)
    expect_identical(found$row, 1:6)
    expect_identical(found$suggestion, rep(NA_character_, 6))
  }
  expect_identical(nrow(trap("date", c("2012-02-29", "2000-02-29"))), 0L)
})

test_that("trap: an Excel serial number for a date", {
  found <- trap("date", c("41698", "41698.5", "9", "4169800"))
  expect_identical(found$rule, rep("date", 4))
  expect_identical(found$suggestion, c("2014-02-28", "2014-02-28", NA, NA))
  expect_match(found$message[1], "an Excel serial number", fixed = TRUE)
  expect_identical(trap("date", c(41698, 9))$suggestion, c("2014-02-28", NA))
})

test_that("trap: \"Sept 2013\" and \"2013\", kept as precise as they are", {
  x <- c("Sept 2013", "2013", "2013-09-14", "09/2013")
  expect_identical(trap("date", x)$row, c(1L, 2L, 4L))
  expect_identical(trap("date", x, pattern = "month")$row, 2L)
  expect_identical(nrow(trap("date", x, pattern = "year")), 0L)
  cb <- codebook(data.frame(variable = "x", type = "date", pattern = "year"))
  expect_identical(recode_coding(data.frame(x = x), cb)$x, c("2013-09", "2013", "2013-09-14", "2013-09"))
  # a month is in range where any of its days is
  expect_identical(trap("date", c("2013-09", "2013-08", "2013"), pattern = "year", min = "2013-09-15")$row, 2L)
  # and no day is invented for it in a rule
  rules <- data.frame(rule = "r", expression = "x > as.Date(\"2020-01-01\")")
  expect_identical(trap("date", x, pattern = "year", rules = rules)$row, 3L)
})

test_that("trap: an integer-typed Date, and POSIXct against Date", {
  day <- as.Date("2014-02-28")
  whole <- structure(as.integer(day), class = "Date")
  midnight <- as.POSIXct("2014-02-28", tz = "UTC")
  noon <- as.POSIXct("2014-02-28 12:00:00", tz = "UTC")
  rules <- data.frame(rule = "r", expression = "x == as.Date(\"2014-02-28\")")
  for (x in list(day, whole, midnight, "2014-02-28")) {
    expect_identical(nrow(trap("date", x, rules = rules, min = "2014-02-28", max = "2014-02-28")), 0L)
    cb <- codebook(data.frame(variable = "x", type = "date"))
    expect_equal(recode_coding(data.frame(x = x), cb)$x, day)
  }
  expect_identical(trap("date", noon)$suggestion, "2014-02-28")
  # a place east of Greenwich, where midnight is still yesterday in UTC
  east <- as.POSIXct("2014-02-28", tz = "Asia/Tokyo")
  expect_identical(nrow(trap("date", east, rules = rules)), 0L)
})

test_that("trap: text compared as text where numbers are coded", {
  # "10" < "9" as texts
  rules <- data.frame(rule = "r", expression = "x < 10")
  expect_identical(trap("integer", c("9", "10", "11"), rules = rules)$value, c("10", "11"))
  expect_identical(trap("number", c("9", "10.5", "1e1"), max = "10")$value, "10.5")
  order <- trap("text", c("9", "10"), rules = data.frame(rule = "r", expression = "x < \"9\""))
  expect_identical(order$rule, "rule_not_run")
  expect_match(order$message, "texts have no order", fixed = TRUE)
})

test_that("trap: blank against \"\" against \" \"", {
  blanks <- c(NA, "", " ", "\t", "\u00a0", "\u2003 ", "\n")
  expect_identical(trap("text", blanks, required = TRUE)$row, 1:7)
  expect_identical(trap("text", blanks, required = TRUE)$value, rep(NA_character_, 7))
  expect_identical(nrow(trap("text", blanks)), 0L)
  expect_identical(nrow(trap("nominal", blanks, coded("1"))), 0L)
  rules <- data.frame(rule = "r", expression = "is.na(x)")
  expect_identical(nrow(trap("text", blanks, rules = rules)), 0L)
  cb <- codebook(data.frame(variable = "x", type = "text"))
  expect_identical(recode_coding(data.frame(x = blanks), cb)$x, rep(NA_character_, 7))
})

test_that("trap: the reason for a suggestion, by name", {
  codes <- coded("1", "Mother's partner", aliases = "Step-father; Stepdad")
  reason <- c(
    "mother's partner" = "letter case", "Mother's  partner " = "spaces",
    "Mother's\u00a0partner" = "a no-break or other special space",
    "Mother\u2019s partner" = "a typographic quote or dash", "Stepdad" = "a known alias",
    "stepdad" = "another spelling of it; differs in letter case",
    "Mothers partner" = "differs in 1 letter", "Motherspartner" = "differs in 2 letters"
  )
  found <- trap("nominal", names(reason), codes)
  expect_identical(found$suggestion, rep("Mother's partner", 8))
  for (i in seq_along(reason)) expect_match(found$message[i], reason[[i]], fixed = TRUE)
  expect_identical(trap("nominal", "Grandmother", codes)$suggestion, NA_character_)
})

test_that("trap: -9.0 or -09 in a text is the missing code -9, not a number", {
  codes <- coded("-9", "Not known", missing = "not_known")
  cb <- codebook(data.frame(variable = "x", type = "number"), codes)
  sheet <- data.frame(x = c("-9.0", "-09", "-9.00", "-9", "-9.5"))
  expect_identical(recode_coding(sheet, cb)$x, c(NA, NA, NA, NA, -9.5))
  expect_identical(trap("number", sheet$x, codes, min = "0")$value, "-9.5")
  expect_identical(nrow(trap("number", sheet$x, codes,
    data.frame(rule = "r", expression = "x > -9 | x < -9"))), 0L)
})

test_that("trap: a latin1 file read as if it were UTF-8", {
  skip_if_not(l10n_info()[["UTF-8"]])
  bytes <- c("Caf\xe9", "caf\xe9", "th\xe9")
  found <- trap("nominal", bytes, coded("1", "Caf\u00e9"))
  expect_identical(found$suggestion, c("Caf\u00e9", "Caf\u00e9", NA))
  expect_match(found$message[1], "its bytes are latin1", fixed = TRUE)
  expect_match(found$message[2], "its bytes are latin1; differs in letter case", fixed = TRUE)
  text <- trap("text", c("plain", "caf\xe9", "<e9>"))
  expect_identical(text$row, 2L)
  expect_match(text$message, "is not text in the encoding", fixed = TRUE)
})

test_that("trap: a required cell of separators alone is blank", {
  codes <- coded(c("1", "2"))
  for (x in list(c("1;2", ";", " ; ;"), factor(c("1;2", ";", " ; ;")))) {
    found <- trap("multicode", x, codes, required = TRUE)
    expect_identical(found$row, 2:3)
    expect_identical(found$rule, rep("required", 2))
    expect_identical(nrow(trap("multicode", x, codes)), 0L)
    expect_identical(nrow(trap("multicode", x, codes, relevant = "FALSE")), 1L)
  }
})

test_that("trap: a rule that names a misspelt label holds of every cell", {
  codes <- coded(c("1", "2"), c("High", "Low"), aliases = c("Severe", ""))
  rule <- function(expression, type = "nominal", x = c("1", "Low")) {
    trap(type, x, codes, data.frame(rule = "r", expression = expression))
  }
  for (bad in c("x != \"Hgih\"", "\"high\" != x", "!(x %in% c(\"Low\", \"Severe\"))", "x != \"1\"",
    "is.na(x) | (x != \"High \")")) {
    found <- rule(bad)
    expect_identical(found$rule, "rule_not_run", info = bad)
    expect_match(found$message, "which is none of its labels; nearest is \"High\"", fixed = TRUE)
  }
  expect_identical(rule("!selected(x, \"1\")", "multicode", "1;2")$rule, "rule_not_run")
  expect_identical(nrow(rule("x != \"Medium\" | x == \"Low\"")), 1L)
  expect_identical(rule("x %in% c(\"High\")")$row, 2L)
  asked <- codebook(data.frame(variable = c("x", "why"), type = c("nominal", "text"),
    relevant = c("", "x == \"1\""), required = TRUE), codes)
  expect_identical(check_coding(data.frame(x = "1", why = NA), asked)$rule, "rule_not_run")
})

test_that("trap: codes in a multicode cell are asked for by label, with the codebook's separator", {
  codes <- coded(c("m", "f"), c("Mother", "Father"), aliases = c("Mum", ""))
  rules <- data.frame(rule = "r", expression = "selected(x, \"Mother\")")
  for (separator in c(";", "|", " / ")) {
    cells <- gsub(";", separator, c("m;f", "Mum", "Mother; Father", "f"), fixed = TRUE)
    found <- trap("multicode", cells, codes, rules, separator = separator)
    expect_identical(found$row[found$rule == "r"], 4L, info = separator)
  }
  rules$expression <- "selected(x, \"m\")"
  found <- trap("multicode", c("m f", "f"), codes, rules, separator = " ")
  expect_identical(found$row, 2L)
})

test_that("a tagged NA with a label is a value of its own", {
  skip_if_not_installed("haven")
  sheet <- data.frame(x = 1:4)
  sheet$x <- haven::labelled(c(1, haven::tagged_na("a"), NA, haven::tagged_na("b")),
    c(Yes = 1, Refused = haven::tagged_na("a"), "Not applicable" = haven::tagged_na("b")))
  cb <- as_codebook(sheet)
  expect_identical(nrow(check_coding(sheet, cb)), 0L)
  expect_identical(as.character(recode_coding(sheet, cb)$x), c("Yes", "Refused", NA, "Not applicable"))
  own <- codebook(data.frame(variable = "x", type = "nominal", required = TRUE),
    data.frame(variable = "x", code = c("1", "8"), label = c("Yes", "Not applicable")))
  found <- check_coding(sheet, own)
  expect_identical(found$row, 2:3)
  expect_identical(found$rule, c("code", "required"))
})

test_that("several codes with another mark between them are told apart, and decided so", {
  cb <- codebook(data.frame(variable = c("case", "who"), type = c("id", "multicode"), separator = c("", "|")),
    data.frame(variable = "who", code = c("m", "f", "o"), label = c("Mother", "Father", "Other, or none")))
  sheet <- data.frame(case = 1:6, who = c("Mother; Father", "m, f | o", "m\nf", "Mother; Uncle",
    "Other, or none", ";"))
  found <- check_coding(sheet, cb)
  expect_identical(found$row, c(1L, 2L, 3L, 4L, 6L))
  expect_identical(found$suggestion, c("Mother| Father", "Mother| Father", "Mother| Father", NA, NA))
  expect_match(found$message[1], "separated by \"|\"", fixed = TRUE)
  found$decision <- ifelse(is.na(found$suggestion), "(blank)", found$suggestion)
  expect_identical(recode_coding(sheet, cb, found)$who, c("Mother| Father", "Mother| Father| Other, or none",
    "Mother| Father", NA, "Other, or none", NA))
})

test_that("ratings are kept apart only where several are absent and none is misspelt", {
  two <- codebook(data.frame(variable = c("id", "neglect", "violence"),
    type = c("id", "rating", "rating")),
  rbind(coded(c("0", "1"), c("No", "Yes")), coded(c("0", "1"), c("No", "Yes"))) |>
    transform(variable = rep(c("neglect", "violence"), each = 2)))
  expect_identical(nrow(check_coding(data.frame(id = 1), two)), 0L)
  found <- check_coding(data.frame(id = 1, neglct = "No", violance = "Yes"), two)
  expect_identical(found$rule, rep(c("absent_variable", "unknown_variable"), each = 2))
  expect_identical(found$suggestion, c(NA, NA, "neglect", "violence"))
  one <- codebook(data.frame(variable = c("id", "x"), type = c("id", "rating")),
    coded(c("0", "1"), c("No", "Yes")))
  expect_identical(check_coding(data.frame(id = 1), one)$rule, "absent_variable")
})

test_that("a date in another form of year, month and day suggests the date", {
  found <- trap("date", c("2014-2-8", "2014/2/08", "2014.12.8", "2014-2-8 00:00", "2014-2-30"))
  expect_identical(found$suggestion, c("2014-02-08", "2014-02-08", "2014-12-08", "2014-02-08", NA))
  expect_identical(found$message[1], paste0("\"2014-2-8\" is not a date in the form asked for by ",
    "\"x\"; nearest is \"2014-02-08\" (the same date in another form)."))
})

test_that("a rating without codes is held against its range, as it is scored", {
  for (x in list(c(0, 4, 1.5, NA), c("0", "4", "1.5", ""), factor(c("0", "4", "1.5", NA)))) {
    found <- trap("rating", x, min = "0", max = "3")
    expect_identical(found$row, 2L)
    expect_identical(found$rule, "range")
    expect_identical(found$expected, "a number from 0 to 3")
  }
  expect_identical(trap("rating", c("High", "0"), min = "0", max = "3")$rule, "type")
  expect_identical(nrow(trap("rating", c("High", "0"))), 0L)
  cb <- codebook(data.frame(variable = "x", type = "rating", min = "0", max = "3"))
  expect_identical(recode_coding(data.frame(x = c("0", NA, "3")), cb)$x, c(0, NA, 3))
})

test_that("trap: a cell that cannot be read decides where another is asked", {
  cb <- codebook(data.frame(variable = c("harm", "police", "kind"),
    type = c("multicode", "flag", "text"), required = c(FALSE, TRUE, TRUE),
    relevant = c("", "selected(harm, \"Violence\")", "!selected(harm, \"Violence\")")),
  data.frame(variable = "harm", code = c("1", "2"), label = c("Neglect", "Violence")))
  sheet <- data.frame(harm = c("Neglect; Violense", "Neglect; Violense", "Neglect", "Violence"),
    police = c("yes", NA, NA, NA), kind = c(NA, "x", NA, NA))
  found <- check_coding(sheet, cb)
  expect_identical(found$row, 1:4)
  expect_identical(found$variable, c("harm", "harm", "kind", "police"))
  expect_identical(found$rule, c("code", "code", "required", "required"))
})
