case_book <- function(...) {
  codebook(
    data.frame(
      variable = c("case", "neglect", "who", "age", "seen", "dob", "plan", "note"),
      type = c("id", "rating", "multicode", "integer", "date", "date", "flag", "text"),
      required = c(TRUE, TRUE, rep(FALSE, 6)), max = c("", "", "", "17", "", "", "", ""),
      pattern = c("", "", "", "", "month", "", "", ""), ...
    ),
    data.frame(
      variable = c(rep("neglect", 3), "who", "who", "age"), code = c("3", "1", "9", "1", "2", "-9"),
      label = c("High", "Low", "Not known", "Mother", "Father", "Not known"),
      missing = c("", "", "not_known", "", "", "not_known"), aliases = c("", "Lo", rep("", 4))
    )
  )
}

sheet <- function() {
  data.frame(
    case = c("01", "02", "03", "04"), neglect = c("3", "Lo", "hihg", NA),
    who = c("1; Father", "Mother;Fathr", NA, "2"), age = c("12", "-9", "99", "4"),
    seen = c("Sept 2013", "2013-09-02", NA, "2014-01"),
    dob = c("2001-02-03", "31/12/2001", NA, NA), plan = c("yes", "0", "TRUE", NA),
    note = factor(c("a", "", "c", "d")), other = 1:4
  )
}

# What a team does: writes the findings, fills in decisions, reads the file again.
round_trip <- function(findings, decide) {
  file <- tempfile(fileext = ".csv")
  table <- cbind(as.data.frame(findings), decision = decide(findings), by = "AB", note = "case file seen")
  utils::write.csv(table, file, row.names = FALSE)
  utils::read.csv(file)
}

decide <- function(f) {
  out <- f$suggestion
  out[f$rule == "required"] <- "Not known"
  out[f$rule == "range"] <- "(accept)"
  out
}

test_that("a sheet with an open error is refused, with the findings", {
  error <- tryCatch(recode_coding(sheet(), case_book()), error = identity)
  expect_s3_class(error, c("casereview_error_findings", "casereview_error"))
  expect_identical(error$findings, check_coding(sheet(), case_book()))
  expect_true(all(error$open$severity == "error"))
  expect_match(conditionMessage(error), "5 error findings are open")
})

test_that("decisions settle the findings, through a csv file and back", {
  cb <- case_book()
  decisions <- round_trip(check_coding(sheet(), cb), decide)
  expect_type(decisions$case, "integer")
  coded <- recode_coding(sheet(), cb, decisions)
  expect_identical(levels(coded$neglect), c("High", "Low", "Not known"))
  expect_identical(as.character(coded$neglect), c("High", "Low", "High", "Not known"))
  expect_identical(coded$who, c("Mother; Father", "Mother; Father", NA, "Father"))
  expect_identical(coded$age, c(12L, NA, 99L, 4L))
  expect_identical(coded$seen, c("2013-09", "2013-09-02", NA, "2014-01"))
  expect_identical(coded$dob, as.Date(c("2001-02-03", "2001-12-31", NA, NA)))
  expect_identical(coded$plan, c(TRUE, FALSE, TRUE, NA))
  expect_identical(coded$note, c("a", NA, "c", "d"))
  expect_identical(coded$other, 1:4)
  changes <- coding_changes(coded)
  expect_named(changes, c("case", "row", "variable", "from", "to", "by", "note"))
  high <- changes[changes$variable == "neglect" & changes$row == 3, ]
  expect_identical(unlist(high[c("case", "from", "to", "by", "note")], use.names = FALSE),
    c("03", "hihg", "High", "AB", "case file seen"))
  expect_identical(changes$note[changes$variable == "age"], "missing code: not_known")
  expect_identical(changes$from[changes$variable == "age"], "-9")
  accepted <- attr(changes, "accepted")
  expect_identical(accepted$rule, "range")
  expect_identical(accepted$value, "99")
})

test_that("the coded data passes the check and recodes to itself", {
  cb <- case_book()
  decisions <- round_trip(check_coding(sheet(), cb), decide)
  coded <- recode_coding(sheet(), cb, decisions)
  again <- check_coding(coded, cb)
  expect_identical(again$rule, c("unknown_variable", "range"))
  accept <- cbind(again, decision = "(accept)")
  twice <- recode_coding(coded, cb, accept)
  expect_identical(nrow(coding_changes(twice)), 0L)
  attr(coded, "coding_changes") <- attr(twice, "coding_changes") <- NULL
  expect_identical(twice, coded)
})

test_that("the same table serves a later sheet: by case, and only while the value stands", {
  cb <- case_book()
  decisions <- round_trip(check_coding(sheet(), cb), decide)
  later <- sheet()[c(4, 3, 1, 2), ]
  later$neglect[later$case == "03"] <- "Low"
  coded <- recode_coding(later, cb, decisions)
  expect_identical(as.character(coded$neglect[coded$case == "03"]), "Low")
  expect_identical(as.character(coded$neglect[coded$case == "04"]), "Not known")
  unused <- attr(coding_changes(coded), "unused")
  expect_identical(unused$value, "hihg")
})

test_that("a decision is checked like any other cell", {
  cb <- case_book()
  found <- check_coding(sheet(), cb)
  decisions <- cbind(found, decision = decide(found))
  decisions$decision[decisions$variable == "neglect" & decisions$rule == "code"] <- "accept"
  error <- tryCatch(recode_coding(sheet(), cb, decisions), error = identity)
  expect_identical(error$open$value, "accept")
  decisions$decision[decisions$value %in% "hihg"] <- "(accept)"
  error <- tryCatch(recode_coding(sheet(), cb, decisions), error = identity)
  expect_identical(error$open$value, "hihg")
  decisions$decision[decisions$value %in% "hihg"] <- "(blank)"
  error <- tryCatch(recode_coding(sheet(), cb, decisions), error = identity)
  expect_identical(error$open$rule, "required")
  decisions$decision[decisions$value %in% "hihg"] <- ""
  expect_error(recode_coding(sheet(), cb, decisions), class = "casereview_error_findings")
})

test_that("a column may be named, a rule accepted, a part taken out, a duplicate given its id", {
  cb <- codebook(
    data.frame(variable = c("case", "who", "a", "b"), type = c("id", "multicode", "integer", "integer"), required = c(TRUE, FALSE, TRUE, FALSE)),
    data.frame(variable = "who", code = c("1", "2"), label = c("Mother", "Father")),
    data.frame(rule = c("order", "sheet"), expression = c("a <= b", "all(a < 9)"))
  )
  data <- data.frame(case = c("x", "x"), who = c("1; zz", NA), aa = c(9, 1), b = c(3, 2))
  names(data)[3] <- "a_a"
  found <- check_coding(data, cb)
  expect_identical(found$suggestion[found$rule == "unknown_variable"], NA_character_)
  first <- data.frame(row = NA, variable = "a_a", value = NA, decision = "a")
  error <- tryCatch(recode_coding(data, cb, first), error = identity)
  decisions <- as.data.frame(error$findings)
  decisions$decision <- c(sheet = "(accept)", order = "(accept)", code = "(blank)", duplicate_id = "")[decisions$rule]
  decisions$decision[decisions$rule == "duplicate_id"][2] <- "y"
  decisions <- rbind(decisions[c(names(first), "case", "rule")], cbind(first, case = NA, rule = NA))
  coded <- recode_coding(data, cb, decisions)
  expect_named(coded, c("case", "who", "a", "b"))
  expect_identical(coded$case, c("x", "y"))
  expect_identical(coded$who, c("Mother", NA))
  changes <- coding_changes(coded)
  expect_identical(changes$note[1], "column renamed")
  expect_setequal(attr(changes, "accepted")$rule, c("sheet", "order"))
})

test_that("a restricted value is settled by its case and stands nowhere in the log", {
  cb <- codebook(
    data.frame(variable = c("case", "who"), type = c("id", "nominal"), restricted = c(FALSE, TRUE)),
    data.frame(variable = "who", code = "1", label = "Mother")
  )
  data <- data.frame(case = 1:2, who = c("1", "grandmother Jane"))
  found <- cbind(check_coding(data, cb), decision = "Mother")
  coded <- recode_coding(data, cb, found)
  expect_identical(as.character(coded$who), c("Mother", "Mother"))
  expect_no_match(paste(unlist(coding_changes(coded)), collapse = " "), "Jane")
})

test_that("every type of column gives the same coded data", {
  cb <- codebook(
    data.frame(variable = c("r", "n", "d"), type = c("ordinal", "number", "date")),
    data.frame(variable = c("r", "r", "n"), code = c("1", "2", "-1"), label = c("A", "B", "none"), missing = c("", "", "not_known"))
  )
  base <- data.frame(r = c(1, 2, NA), n = c(2.5, -1, NA), d = as.Date(c("2014-01-02", NA, "2014-03-04")))
  expected <- recode_coding(base, cb)
  expect_identical(expected$n, c(2.5, NA, NA))
  for (change in list(as.character, function(x) factor(as.character(x)))) {
    other <- base
    other[] <- lapply(base, change)
    expect_identical(recode_coding(other, cb), expected)
  }
  labelled <- base
  labelled$r <- structure(c(1, 2, NA), labels = c(A = 1, B = 2), class = "haven_labelled")
  expect_identical(recode_coding(labelled, cb), expected)
})

test_that("no rows, all missing, and arguments that cannot be used", {
  cb <- case_book()
  empty <- recode_coding(sheet()[0, ], cb)
  expect_identical(nrow(empty), 0L)
  expect_s3_class(empty$neglect, "factor")
  expect_identical(nrow(coding_changes(empty)), 0L)
  expect_error(recode_coding(sheet(), cb, 1), class = "casereview_error_argument")
  expect_error(recode_coding(sheet(), cb, data.frame(variable = "a")), "no column", class = "casereview_error_argument")
  expect_error(recode_coding(sheet(), cb, data.frame(variable = "a", value = 1, decision = 1)), "case", class = "casereview_error_argument")
  expect_error(coding_changes(sheet()), "no log", class = "casereview_error_argument")
})

test_that("the part at fault of a restricted multicode cell can be decided", {
  cb <- codebook(
    data.frame(variable = c("id", "who"), type = c("id", "multicode"),
      restricted = c(FALSE, TRUE)),
    data.frame(variable = "who", code = 1:2, label = c("Mother", "Father"))
  )
  sheet <- data.frame(id = 1:3, who = c("Father; mum", "mum; dad", "Father"))
  decisions <- check_coding(sheet, cb)
  expect_identical(unique(decisions$value), "(restricted)")
  decisions$decision <- c("Mother", "Mother", "Father")
  coded <- recode_coding(sheet, cb, decisions)
  expect_identical(coded$who, c("Father; Mother", "Mother; Father", "Father"))
  expect_identical(unique(unlist(coding_changes(coded)[c("from", "to")])), "(restricted)")
})

# The findings as a workbook with empty columns for the team, the team's entries typed into
# their cells, and the workbook read back as any sheet is.
workbook_trip <- function(findings, decide, col_types = NULL) {
  file <- tempfile(fileext = ".xlsx")
  table <- cbind(as.data.frame(findings), decision = "", by = "", note = "")
  openxlsx::write.xlsx(table, file)
  book <- openxlsx::loadWorkbook(file)
  entries <- data.frame(decision = decide(findings), by = "CD", note = "file p. 3")
  openxlsx::writeData(book, 1, entries, startCol = ncol(findings) + 1L, startRow = 2L,
    colNames = FALSE, keepNA = FALSE)
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
  readxl::read_excel(file, col_types = col_types)
}

test_that("decisions settle the findings through a workbook, whatever Excel made of the cells", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  cb <- case_book()
  findings <- check_coding(sheet(), cb)
  for (types in list(NULL, "text")) {
    decisions <- workbook_trip(findings, decide, types)
    expect_identical(nrow(decisions), nrow(findings))
    coded <- recode_coding(sheet(), cb, decisions)
    expect_identical(as.character(coded$neglect), c("High", "Low", "High", "Not known"))
    expect_identical(coded$dob, as.Date(c("2001-02-03", "2001-12-31", NA, NA)))
    expect_identical(coded$age, c(12L, NA, 99L, 4L))
    expect_identical(nrow(check_coding(coded, cb)[check_coding(coded, cb)$severity == "error" &
      check_coding(coded, cb)$rule != "range", ]), 0L)
    changes <- coding_changes(coded)
    own <- changes[changes$by %in% "CD", ]
    expect_identical(unique(own$note), "file p. 3")
    expect_identical(own$to[own$variable == "dob"], "2001-12-31")
    expect_identical(own$from[own$variable == "dob"], "31/12/2001")
    expect_identical(attr(changes, "accepted")$rule, "range")
    expect_identical(nrow(attr(changes, "unused")), 0L)
    # the same workbook serves next month's sheet, in another order and with new cases
    later <- rbind(sheet()[4:1, ], within(sheet()[1, ], case <- "05"))
    again <- recode_coding(later, cb, decisions)
    expect_identical(as.character(again$neglect), c("Not known", "High", "Low", "High", "High"))
  }
})

test_that("the cells of a workbook's own kinds, numbers and dates, are decisions too", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  cb <- codebook(data.frame(variable = c("id", "age", "day"), type = c("id", "integer", "date"),
    max = c("", "17", "")))
  data <- data.frame(id = c("007", "008"), age = c("12", "twelve"), day = c("03/04/2010", "2010-05-06"))
  findings <- check_coding(data, cb)
  file <- tempfile(fileext = ".xlsx")
  table <- as.data.frame(findings)
  openxlsx::write.xlsx(table, file)
  book <- openxlsx::loadWorkbook(file)
  openxlsx::writeData(book, 1, data.frame(decision = "x"), startCol = 10L)
  at <- match(c("age", "day"), findings$variable) + 1L
  openxlsx::writeData(book, 1, 12, startCol = 10L, startRow = at[1], colNames = FALSE)
  openxlsx::writeData(book, 1, as.Date("2010-04-03"), startCol = 10L, startRow = at[2], colNames = FALSE)
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
  # read cell by cell, so that a number stays a number and a date a date
  read <- readxl::read_excel(file, col_types = c(rep("text", 9), "list"))
  expect_s3_class(read$decision[[at[2] - 1L]], "POSIXct")
  read$decision <- vapply(read$decision, function(x) {
    if (inherits(x, "POSIXct")) format(x, "%Y-%m-%d") else as.character(x)
  }, "")
  coded <- recode_coding(data, cb, read)
  expect_identical(coded$age, c(12L, 12L))
  expect_identical(coded$day, as.Date(c("2010-04-03", "2010-05-06")))
  # a column of dates alone comes back as points in time
  findings$decision <- as.POSIXct(c("2010-04-03", "2010-04-03"), tz = "UTC")
  only <- findings[findings$variable == "day", ]
  expect_error(recode_coding(data, cb, only), class = "casereview_error_findings")
  expect_identical(recode_coding(data[1, ], cb, only)$day, as.Date("2010-04-03"))
})

test_that("two parts of one cell that are decided are one change of the cell", {
  cb <- case_book()
  data <- data.frame(case = c("a", "b"), neglect = "High", who = c("Mothr; Fathr", "Mother"))
  findings <- check_coding(data, cb)
  findings <- findings[findings$variable == "who", ]
  expect_identical(findings$value, c("Mothr", "Fathr"))
  findings$decision <- findings$suggestion
  changes <- coding_changes(recode_coding(data, cb, findings))
  expect_identical(changes$from, "Mothr; Fathr")
  expect_identical(changes$to, "Mother; Father")
  expect_null(attr(attr(changes, "unused"), "renamed"))
})

test_that("a multicode cell keeps its separator, and parts without a code stay", {
  cb <- codebook(data.frame(variable = c("a", "b", "c"), type = "multicode",
    separator = c(" | ", " ", ";")),
    data.frame(variable = c("a", "a", "b", "b"), code = c("m", "f", "p", "n"),
      label = c("Mother", "Father", "Physical harm", "Neglect")))
  sheet <- data.frame(a = c("m | f", "Mother | Father"), b = c("p n", "n"), c = c("x;y", "y"))
  coded <- recode_coding(sheet, cb)
  expect_identical(coded$a, c("Mother | Father", "Mother | Father"))
  # labels may hold a space, so that codes stand where spaces separate
  expect_identical(coded$b, c("p n", "n"))
  expect_identical(coded$c, c("x; y", "y"))
  expect_identical(nrow(check_coding(coded, cb)), 0L)
  expect_identical(recode_coding(coded, cb)$b, coded$b)
  sheet$b[1] <- "p bad"
  findings <- check_coding(sheet, cb)
  findings$decision <- "Physical harm"
  expect_identical(recode_coding(sheet, cb, findings)$b[1], "p")
  findings$decision <- "n"
  expect_identical(recode_coding(sheet, cb, findings)$b[1], "p n")
})

test_that("a cell of separators alone is decided as a blank one", {
  cb <- codebook(data.frame(variable = "x", type = "multicode", required = TRUE),
    data.frame(variable = "x", code = c("1", "2"), label = c("a", "b")))
  sheet <- data.frame(x = c("a", " ; "))
  findings <- check_coding(sheet, cb)
  findings$decision <- "a; 2"
  expect_identical(recode_coding(sheet, cb, findings)$x, c("a", "a; b"))
})

test_that("next month's list leaves out what was accepted, and shows what is new", {
  cb <- codebook(
    data.frame(variable = c("case", "age", "harm", "n"), type = c("id", "integer", "nominal", "integer"),
      max = c("", "17", "", "")),
    data.frame(variable = "harm", code = 1:2, label = c("A", "B"), aliases = c("AA", "")),
    data.frame(rule = c("total", "few"), expression = c("sum(n) == 3", "n < 2"),
      severity = c("error", "warning"))
  )
  sheet <- data.frame(case = 1:3, age = c(5, 19, 3), harm = c("AA", "x", "B"), n = c(1, NA, 4), extra = 1)
  found <- check_coding(sheet, cb)
  expect_setequal(found$rule, c("rule_not_run", "unknown_variable", "alias", "range", "code", "few"))
  found$decision <- ifelse(found$rule == "code", "B", "(accept)")
  file <- tempfile(fileext = ".csv")
  on.exit(unlink(file))
  write_worksheet(found, file)
  taken <- read_worksheet(file)
  left <- check_coding(sheet, cb, decisions = taken)
  expect_identical(nrow(left), 0L)
  settled <- attr(left, "settled")
  expect_identical(settled, as.data.frame(found[found$rule != "code", names(settled)]), ignore_attr = TRUE)
  expect_identical(format(left), c("No findings.", "  5 findings accepted earlier, not shown"))
  # Next month: other rows, a value that was accepted is another now, a case is new.
  later <- rbind(sheet, data.frame(case = 4, age = 30, harm = "B", n = 1, extra = 1))[c(4, 2, 1, 3), ]
  later$age[later$case == 2] <- 21
  left <- check_coding(later, cb, decisions = taken)
  expect_identical(left$value, c("30", "21"))
  expect_identical(left$row, 1:2)
  expect_identical(nrow(check_coding(later, cb, max_findings = 1, decisions = taken)), 1L)
  left$decision <- c("3", "(accept)")
  both <- rbind(taken[names(left)], left)
  expect_identical(nrow(check_coding(later, cb, decisions = both)), 0L)
  coded <- recode_coding(later, cb, both)
  expect_identical(coded$age, c(3L, 21L, 5L, 3L))
  # What cannot be held in the coded data is not settled by accepting it.
  found$decision[found$rule == "code"] <- "(accept)"
  expect_identical(check_coding(sheet, cb, decisions = found)$rule, "code")
  # A decision at fault is found with its own value.
  found$decision[found$rule == "code"] <- "y"
  expect_identical(check_coding(sheet, cb, decisions = found)$value, "y")
  expect_error(check_coding(sheet, cb, decisions = 1), class = "casereview_error_argument")
})

test_that("accepting one rule that could not be run leaves the others on its variable open", {
  cb <- codebook(
    data.frame(variable = c("case", "n"), type = c("id", "integer")),
    rules = data.frame(rule = c("low", "high"), severity = "error",
      expression = c("sum(n) > 0", "max(n) < 9"))
  )
  sheet <- data.frame(case = 1:2, n = c(1L, NA))
  found <- check_coding(sheet, cb)
  expect_identical(found$rule, rep("rule_not_run", 2L))
  taken <- as.data.frame(found)
  taken$decision <- c("(accept)", NA)
  left <- check_coding(sheet, cb, decisions = taken)
  expect_identical(left$expected, found$expected[2L])
  expect_error(recode_coding(sheet, cb, taken), class = "casereview_error_findings")
  taken$decision <- "(accept)"
  expect_identical(nrow(check_coding(sheet, cb, decisions = taken)), 0L)
  # A table without the column says no more than the rule's name.
  taken <- taken[1L, setdiff(names(taken), "expected")]
  expect_identical(nrow(check_coding(sheet, cb, decisions = taken)), 0L)
})

test_that("two decisions on one cell are refused, and those that did nothing are told", {
  cb <- codebook(data.frame(variable = c("case", "v", "m"), type = c("id", "nominal", "multicode")),
    data.frame(variable = c("v", "v", "m", "m"), code = c(1, 2, 1, 2),
      label = c("High", "Low", "One", "Two")))
  sheet <- data.frame(case = 1:2, v = c("low", "High"), m = c("one; two", "One"))
  found <- check_coding(sheet, cb)
  found$decision <- found$suggestion
  expect_identical(recode_coding(sheet, cb, found)$m[1], "One; Two")
  # the same said twice is no matter
  expect_identical(recode_coding(sheet, cb, rbind(found, found)), recode_coding(sheet, cb, found))
  other <- found
  other$decision <- c("High", "One", "One")
  expect_error(recode_coding(sheet, cb, rbind(found, other)),
    "settles \"v\" in row 1 in two ways, as \"Low\" and as \"High\"",
    class = "casereview_error_argument")
  expect_error(recode_coding(sheet, cb, rbind(found, other)[-4, ]),
    "settles \"m\" in row 1 in two ways, as \"Two\" and as \"One\"",
    class = "casereview_error_argument")
  idle <- found
  idle$value[1] <- "lo"
  e <- tryCatch(recode_coding(sheet, cb, idle), casereview_error_findings = function(e) e)
  expect_match(conditionMessage(e), "1 decision found no cell to change")
  expect_identical(e$unused$value, "lo")
  idle$decision <- "(accept)"
  expect_error(recode_coding(sheet, cb, found[0, ]), "error findings are open")
  idle$value[1] <- "low"
  expect_error(recode_coding(sheet, cb, idle), "\"(accept)\" does not settle a cell", fixed = TRUE)
})
