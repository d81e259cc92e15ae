form <- function(survey, choices = NULL, ...) {
  file <- tempfile(fileext = ".xlsx")
  openxlsx::write.xlsx(c(list(survey = survey),
    list(choices = choices)[!is.null(choices)], list(...)), file)
  file
}

survey <- function(relevant = "", constraint = "") {
  data.frame(
    type = c("start", "text", "select_one yn", "begin group", "integer",
      "select_multiple who", "end group", "date",
      "note", "range", "decimal", "text"),
    name = c("start", "case", "child", "g", "age", "people", "", "seen", "n1", "rate",
      "kg", "last"),
    `label::English (en)` = c("", "Case", "Child?", "", "Age", "Who", "", "Seen",
      "Hello", "", "", ""),
    hint = c(rep("", 4), "in years", rep("", 7)),
      required = c("", "yes", "", "", "", "true()", rep("", 6)),
    relevant = c("", "", "", "${child} = 'y'", "", "${age} > 3", "", "", "", "", "",
      relevant),
    constraint = c(rep("", 4), ". >= 0 and . <= 17", "", "", ". <= today()", "", "",
      ". >= -1.5", constraint),
    constraint_message = c(rep("", 7), "not in the future", rep("", 4)),
    parameters = c(rep("", 9), "start=0 end=10 step=1", "", ""),
      appearance = c("", "w1", rep("", 10)),
    check.names = FALSE
  )
}

choices <- data.frame(`list name` = c("yn", "yn", "yn", "who", "who"),
  name = c("y", "n", "88", "mo", "fa"),
  label = c("Yes", "No", "Not known", "The mother", "The father"), check.names = FALSE)

test_that("an XLSForm becomes a codebook, and comes back the same", {
  skip_if_not_installed("openxlsx")
  cb <- read_codebook(form(survey(), choices,
    settings = data.frame(form_title = "T", version = 3)),
    missing_codes = data.frame(code = "88", label = "Not known"))
  expect_identical(cb$title, "T")
  expect_identical(cb$version, "3")
  expect_identical(cb$variables$variable,
    c("case", "child", "age", "people", "seen", "rate", "kg", "last"))
  expect_identical(cb$variables$type,
    c("id", "nominal", "integer", "multicode", "date", "integer", "number", "text"))
  expect_identical(cb$variables$relevant[3:4],
    c("child == \"Yes\"", "(child == \"Yes\") & (age > 3)"))
  expect_identical(cb$variables$min, c("", "", "0", "", "", "0", "-1.5", ""))
  expect_identical(cb$variables$max, c("", "", "17", "", "", "10", "", ""))
  expect_identical(cb$variables$required,
    c(TRUE, FALSE, FALSE, TRUE, FALSE, FALSE, FALSE, FALSE))
  expect_identical(cb$codes$missing, c("", "", "not_known", "", ""))
  expect_identical(cb$rules$expression, "is.na(seen) | (seen <= Sys.Date())")
  expect_identical(cb$rules$message, "not in the future")
  expect_identical(codebook_losses(cb)[c("variable", "part")],
    data.frame(variable = c("start", "n1", "case"),
      part = c("type", "type", "appearance")))
  file <- tempfile(fileext = ".xlsx")
  expect_silent(write_codebook(cb, file, form = "xlsform"))
  attr(cb, "losses") <- NULL
  expect_identical(read_codebook(file), cb)
})

test_that("conditions are translated, or given up with a reason", {
  skip_if_not_installed("openxlsx")
  d <- expand.grid(child = c("Yes", "No", NA), age = c(NA, 3, 9),
    people = c("mo", "fa mo", NA),
    stringsAsFactors = FALSE)
  wanted <- list(
    "selected(${people}, 'fa')" = d$people %in% "fa mo",
    "not(selected(${people}, 'fa'))" = !d$people %in% "fa mo",
    "not(${child} = 'n') and ${age} >= 3" = !d$child %in% "No" & d$age %in% c(3, 9),
    "${child} != 'n' or ${age} = ''" = !d$child %in% "No" | is.na(d$age),
    "selected(${child}, 'y')" = d$child %in% "Yes",
      "(${age} * 2) div 3 > 2" = d$age %in% 9,
    "not(${age} < 5)" = !d$age %in% 3
  )
  for (text in names(wanted)) {
    first <- read_codebook(form(survey(text), choices))
    file <- tempfile(fileext = ".xlsx")
    suppressMessages(write_codebook(first, file, form = "xlsform"))
    for (cb in list(first, read_codebook(file))) {
      asked <- eval_allowed(parse_allowed(cb$variables$relevant[8], "it"), d,
        rule = TRUE) %in% TRUE
      expect_identical(asked, wanted[[text]], info = text)
    }
  }
  for (text in c("count-selected(${people}) > 1", "${nobody} = 'x'", "${child} = 'z'",
    "jr:choice-name(1)", "((")) {
    lost <- codebook_losses(read_codebook(form(survey(text), choices)))
    expect_identical(lost$value[lost$part == "relevant"], text)
  }
  cb <- read_codebook(form(survey(constraint = "regex(., '^[A-Z]{2}$')"), choices))
  expect_identical(cb$variables$pattern[8], "^[A-Z]{2}$")
  lost <- codebook_losses(
    read_codebook(form(survey(constraint = "pulldata('a', .) = 1"), choices)))
  expect_identical(lost$part[4], "constraint")
})

test_that("what an XLSForm cannot hold is told, scores and aliases are kept", {
  skip_if_not_installed("openxlsx")
  file <- tempfile(fileext = ".xlsx")
  expect_message(out <- write_codebook(cafcass_codebook(), file, form = "xlsform"))
  expect_setequal(codebook_losses(out)$part, c("type", "rule"))
  back <- read_codebook(file)
  expect_identical(back$codes, cafcass_codebook()$codes)
  expect_identical(back$variables$label, cafcass_codebook()$variables$label)
})

test_that("a form without its lists or columns is refused", {
  skip_if_not_installed("openxlsx")
  expect_error(read_codebook(form(survey(), choices[1:3, ])), "no list \"who\"",
    class = "casereview_error_argument")
  expect_error(read_codebook(form(survey()["type"], choices)), "no column \"name\"",
    class = "casereview_error_argument")
  expect_identical(nrow(read_codebook(form(survey()[0, ], choices))$variables), 0L)
})

test_that("how precise a date may be is no pattern of a question", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  file <- tempfile(fileext = ".xlsx")
  cb <- codebook(data.frame(variable = c("seen", "born", "post"), type = c("date", "date", "text"),
    pattern = c("month dmy", "^20", "^[A-Z]+$")))
  written <- suppressMessages(write_codebook(cb, file, form = "xlsform"))
  survey <- readxl::read_excel(file, "survey")
  expect_identical(survey$constraint, c(NA, "regex(., '^20')", "regex(., '^[A-Z]+$')"))
  lost <- codebook_losses(written)
  expect_identical(lost$variable[lost$part == "pattern"], "seen")
  expect_match(lost$reason[lost$part == "pattern"], "whole dates", fixed = TRUE)
})

test_that("a condition that orders texts is given up", {
  book <- list(variables = data.frame(variable = "a", type = "text"),
    codes = data.frame(variable = character(), code = character(), label = character()))
  expect_identical(logic_to_r("${a} > 1", book, "xlsform"), list(reason = "it orders texts"))
  expect_identical(logic_to_r("[a] <> '1'", book, "redcap"), "(is.na(a) | a != \"1\")")
})

test_that("forms as they are found: older types, other, names and codes that stand twice", {
  skip_if_not_installed("openxlsx")
  survey <- data.frame(
    type = c("text", "select one from yn", "select all that apply from who", "select1 yn",
      "select_one yn or_other", "begin group", "integer", "end group", "begin_group", "integer",
      "end_group", "text"),
    name = c("case", "a", "b", "c", "d", "mother", "age", "", "father", "age", "", "last"),
    label = "x", relevant = c(rep("", 11), "${a} = 'y'"), constraint = c(rep("", 11), ". != 'x'"))
  options <- data.frame(list_name = c("yn", "yn", "yn", "who", "who", "who"),
    value = c("y ", "n", "y", "m", "o", "p"), label = c("Yes", "No", "Again", "Mother", "Else", "Else"))
  file <- tempfile(fileext = ".xlsx")
  book <- openxlsx::createWorkbook()
  for (name in c("survey", "choices")) openxlsx::addWorksheet(book, name)
  openxlsx::writeData(book, "survey", survey)
  openxlsx::writeData(book, "survey", "a comment", startCol = 8, startRow = 2)
  openxlsx::writeData(book, "choices", options)
  openxlsx::saveWorkbook(book, file)
  cb <- read_codebook(file)
  expect_identical(cb$variables$variable, c("case", "a", "b", "c", "d", "mother/age", "father/age", "last"))
  expect_identical(cb$variables$type[2:5], c("nominal", "multicode", "nominal", "nominal"))
  expect_identical(cb$codes$code[cb$codes$variable == "d"], c("y", "n", "other"))
  expect_identical(cb$codes$label[cb$codes$variable == "b"], c("Mother", "Else (o)", "Else (p)"))
  expect_identical(cb$variables$relevant[8], "a == \"Yes\"")
  lost <- codebook_losses(cb)
  expect_true(all(c("a comment", "y, Again", "Else", "mother/age", "or_other") %in% lost$value))
  # Only texts, and a condition: there are no codes to look at.
  plain <- data.frame(type = "integer", name = c("case", "n"), label = "", constraint = c("", ". > 15"))
  openxlsx::write.xlsx(list(survey = plain), file, overwrite = TRUE)
  expect_identical(read_codebook(file)$rules$expression, "is.na(n) | (n > 15)")
})

test_that("what choices, settings, groups and parameters say besides is in the table of losses", {
  skip_if_not_installed("openxlsx")
  file <- tempfile(fileext = ".xlsx")
  openxlsx::write.xlsx(list(
    survey = data.frame(type = c("text", "begin group", "select_one yn", "range", "end group"),
      name = c("case_id", "g", "dv", "score", ""), label = c("Case", "Home", "DV?", "Score", ""),
      parameters = c("", "", "randomize=true", "start=0 end=10 step=2", "")),
    choices = data.frame(list_name = c("yn", "yn", "spare"), name = c("y", "n", "x"),
      label = c("Yes", "No", "X"), `label::Welsh` = c("Ydw", "", ""), check.names = FALSE),
    settings = data.frame(form_title = "T", form_id = "f", default_language = "English")), file)
  lost <- codebook_losses(read_codebook(file))
  expect_identical(lost[c("variable", "part", "value")], data.frame(
    variable = c("g", "dv", "score", "", "", ""),
    part = c("label", "parameters", "parameters", "choices, label::welsh", "choices",
      "settings, default_language"),
    value = c("Home", "randomize=true", "step=2", "yn y: Ydw", "spare", "English")))
})
