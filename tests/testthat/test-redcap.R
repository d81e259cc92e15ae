# Column names of a REDCap data dictionary as the screen exports them.
dictionary <- function(field, type, label = field, choices = "", note = "", check = "",
  min = "", max = "",
                       identifier = "", logic = "", required = "", form = "form",
                         annotation = "") {
  out <- data.frame(field, form, "", type, label, choices, note, check, min, max,
    identifier, logic, required,
    "", "", "", "", annotation)
  names(out) <- c("Variable / Field Name", "Form Name", "Section Header", "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels", "Field Note",
      "Text Validation Type OR Show Slider Number",
    "Text Validation Min", "Text Validation Max", "Identifier?",
    "Branching Logic (Show field only if...)", "Required Field?", "Custom Alignment",
    "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
      "Field Annotation")
  out
}

read_dictionary <- function(x, ...) {
  file <- tempfile(fileext = ".csv")
  write.csv(x, file, row.names = FALSE)
  read_codebook(file, ...)
}

fields <- c("record_id", "sex", "risk", "who", "seen", "age", "born", "name", "score")
study <- function(logic = "", ...) {
  dictionary(
    fields, c("text", "radio", "dropdown", "checkbox", "yesno", "text", "text",
      "notes", "calc"),
    choices = c("", "1, Female | 2, Male, or boy", "0, None|1, Some|2, Severe",
      "m, Mother | f, Father", rep("", 5)),
    check = c("", "", "", "", "", "integer", "date_dmy", "", ""),
      min = c(rep("", 5), "0", "2001-01-01", "", ""),
    max = c(rep("", 5), "17", "", "", ""), identifier = c(rep("", 7), "y", ""),
    required = c("y", rep("", 8)), logic = c(rep("", 7), logic, ""), ...
  )
}

test_that("a data dictionary becomes a codebook", {
  cb <- read_dictionary(study(note = "a note"))
  expect_identical(cb$variables$type,
    c("id", "nominal", "nominal", "multicode", "flag", "integer", "date",
    "text", "number"))
  expect_identical(cb$variables$min, c(rep("", 5), "0", "2001-01-01", "", ""))
  expect_identical(cb$variables$restricted, fields == "name")
  expect_identical(cb$variables$required, fields == "record_id")
  expect_identical(cb$variables$instruction[1], "a note")
  expect_identical(cb$codes$label[cb$codes$variable == "sex"],
    c("Female", "Male, or boy"))
  expect_identical(cb$codes$code[cb$codes$variable == "seen"], c("1", "0"))
  expect_identical(nrow(codebook_losses(cb)), 0L)
})

test_that("branching logic becomes an expression over labels", {
  logic <- c(
    "[sex] = '1'" = "sex == \"Female\"", "[sex] = 1" = "sex == \"Female\"",
      "'1' = [sex]" = "sex == \"Female\"",
    "[sex] <> '1'" = "(is.na(sex) | sex != \"Female\")", "[sex] = ''" = "is.na(sex)",
    "[sex] != \"\"" = "!is.na(sex)",
      "[risk] >= 1" = "risk %in% c(\"Some\", \"Severe\")",
    "[who(m)] = '1'" = "selected(who, \"Mother\")",
    "[who(m)] = '0'" = "(is.na(who) | !selected(who, \"Mother\"))",
      "[age] > 3" = "age > 3",
    "[age]>'3' AND [sex]='2'" = "age > 3 & sex == \"Male, or boy\"",
      "[born] < '2010-01-01'" = "born < \"2010-01-01\"",
    "([sex]='1' or [sex]='2') and [age] >= 10" =
      "(sex == \"Female\" | sex == \"Male, or boy\") & age >= 10",
    "[seen] = '1' or [age] + 1 > 5 and [sex] = '1'" = "seen == \"Yes\" | age + 1 > 5 & sex == \"Female\""
  )
  for (text in names(logic)) {
    cb <- read_dictionary(study(text))
    expect_identical(cb$variables$relevant[fields == "name"], logic[[text]],
      info = text)
    file <- tempfile(fileext = ".csv")
    suppressMessages(write_codebook(cb, file))
    again <- read_codebook(file)
    expect_identical(again$variables$variable, fields)
  }
})

test_that("logic there and back asks for the same cases", {
  d <- expand.grid(sex = c("Female", "Male, or boy", NA),
    risk = c("None", "Some", "Severe", NA),
    age = c(NA, 3, 10), who = c("Mother", "Father; Mother", NA), seen = c("Yes", NA),
      stringsAsFactors = FALSE)
  set.seed(3)
  leaf <- c("[sex] = '1'", "[sex] <> '2'", "[risk] >= 1", "[risk] = ''", "[age] > 5",
    "[who(f)] = '1'",
    "[who(m)] = '0'", "[seen] <> ''")
  for (i in rounds(20)) {
    text <- paste0("(", sample(leaf, 1), " ", sample(c("and", "or"), 1), " ",
      sample(leaf, 1), ") ",
      sample(c("and", "or"), 1), " ", sample(leaf, 1))
    first <- read_dictionary(study(text))
    file <- tempfile(fileext = ".csv")
    suppressMessages(write_codebook(first, file))
    second <- read_codebook(file)
    asked <- function(cb) {
      expression <- parse_allowed(cb$variables$relevant[fields == "name"], "it")
      eval_allowed(expression, d, rule = TRUE) %in% TRUE
    }
    expect_identical(asked(second), asked(first), info = text)
  }
})

test_that("what cannot be carried over stands in the table of losses", {
  lost <- function(text) codebook_losses(read_dictionary(study(text)))
  for (text in c("[event_1][sex] = '1'", "sum([age], 2) > 3", "[sex] = '7'",
    "[colour] = '1'", "[age] >", "(((",
    "[age] = 'old'", "[who(m)] = '2'", "${age} > 3", "[sex]", "[age] > 3 [sex]",
      "[sex] = 'It''s'", "%%", "[",
    strrep("(", 500))) {
    out <- lost(text)
    expect_identical(out$part, "Branching Logic", info = text)
    expect_identical(out$value, text)
    expect_true(nzchar(out$reason))
  }
  x <- rbind(study(annotation = "@HIDDEN"), dictionary("pic", "file", form = "other"))
  x[["Text Validation Max"]][7] <- "today"
  out <- codebook_losses(read_dictionary(x))
  expect_setequal(out$part,
    c("Field Type", "Form Name", "Field Annotation", "Text Validation Max")[c(1, 3, 4)])
  expect_output(print(read_dictionary(x)),
    "could not be carried over: see codebook_losses()", fixed = TRUE)
})

test_that("project missing data codes are given apart and join every field but the id",
  {
  cb <- read_dictionary(study(),
    missing_codes = data.frame(code = c(-9, -8), label = c("Not known", "Not asked"),
    missing = c("not_known", "not_applicable")))
  expect_identical(sum(cb$codes$code == "-9"), 8L)
  expect_identical(unique(cb$codes$missing[cb$codes$code == "-8"]), "not_applicable")
  expect_false("record_id" %in% cb$codes$variable)
  error <- tryCatch(read_dictionary(study(),
    missing_codes = data.frame(code = 1, label = "x", missing = "gone")),
    error = identity)
  expect_s3_class(error, "casereview_error_argument")
})

test_that("a codebook is written as 18 columns that REDCap takes", {
  file <- tempfile(fileext = ".csv")
  expect_message(out <- write_codebook(cafcass_codebook(), file),
    "could not be written")
  x <- read.csv(file, check.names = FALSE, colClasses = "character", encoding = "UTF-8")
  expect_identical(names(x), names(study()))
  expect_true(all(grepl("^[a-z][a-z0-9_]*$", x[[1]])))
  expect_setequal(unique(codebook_losses(out)$part),
    c("aliases", "missing", "parent", "rule", "score", "title", "type", "version"))
  back <- read_codebook(file)
  expect_identical(back$variables$label, cafcass_codebook()$variables$label)
  odd <- codebook(data.frame(variable = c("Case No", "Caf\u00e9", "caf_"),
    type = c("nominal", "id", "text"),
    relevant = c("", "", "`Case No` == \"A|B\"")),
      data.frame(variable = "Case No", code = "1,2", label = "A|B"))
  expect_message(out <- write_codebook(odd, file))
  x <- read.csv(file, colClasses = "character")
  expect_identical(x[[1]], c("caf__", "case_no", "caf_"))
  expect_identical(x[[6]][2], "1/2, A/B")
  expect_true(all(c("variable", "order", "label") %in% codebook_losses(out)$part))
})

test_that("a choice without a comma and a field that stands twice are refused", {
  x <- study()
  x[[6]][2] <- "1 Female"
  expect_error(read_dictionary(x), "the choice \"1 Female\"",
    class = "casereview_error_argument")
  expect_error(read_dictionary(study()[c(1, 1), ]), "stands more than once",
    class = "casereview_error_argument")
})

test_that("dictionaries as they are found: NA for blank, marks of layout, labels that stand twice", {
  x <- dictionary(c("id", "a", "b", "c"), c("text", "radio", "dropdown", "text"),
    label = c("ID", "<div class=\"rich\"><b>Type</b>  of\ncase</div>", "a < b and c > d", "plain"),
    choices = c(NA, "1, <i>Public</i> | 2, Other | 3, Other", "x, X | x, X again", NA),
    note = NA, check = c(NA, NA, "autocomplete", "number_1dp"), min = NA, logic = c(NA, NA, NA, "[a] = '1'"))
  cb <- read_dictionary(x)
  expect_identical(cb$variables$label, c("ID", "Type of case", "a < b and c > d", "plain"))
  expect_identical(cb$codes$label, c("Public", "Other (2)", "Other (3)", "X"))
  expect_identical(unique(cb$variables$instruction), "")
  expect_identical(cb$variables$relevant[4], "a == \"Public\"")
  lost <- codebook_losses(cb)
  expect_identical(lost$variable[lost$part == "Field Label"], "a")
  expect_identical(lost$reason[lost$value == "autocomplete"], "it is layout")
  expect_identical(lost$value[lost$part == "choice"], "x, X again")
  expect_false("NA" %in% lost$value)
})

test_that("a condition that would not run over the labels is left out with the reason", {
  left <- function(logic) codebook_losses(read_dictionary(study(logic)))$reason
  expect_identical(left("[seen]"), "it is no condition")
  expect_identical(left("[age] > 3 and [seen]"), "it takes a value for a condition")
  expect_identical(left("[age] + 1"), "it takes a value for a condition")
  expect_identical(left("[age] < [sex]"), "it compares a number with a text")
  expect_identical(left("[age] < [born]"), "it compares a number with a date")
  expect_identical(left("[age] < [score]"), left(""))
  expect_identical(left("([sex] = '1' or not([age] > 3)) and [who(m)] = '1'"), left(""))
})

test_that("a choice that holds a semicolon is read back, its cells separated by a bar", {
  cb <- codebook(
    data.frame(variable = c("case", "harm", "who"), type = c("id", "multicode", "multicode"),
      separator = c("", "|", ";")),
    data.frame(variable = c("harm", "harm", "who"), code = c("a;b", "c", "m"),
      label = c("Both", "One", "Mother"))
  )
  file <- tempfile(fileext = ".csv")
  write_codebook(cb, file, form = "redcap")
  back <- read_codebook(file)
  expect_identical(back$codes$code, cb$codes$code)
  expect_identical(back$variables$separator, c("", "|", ";"))
})

test_that("the order of day and month goes over to REDCap and back", {
  book <- codebook(data.frame(variable = c("case", "a", "b", "c", "d"),
    type = c("id", "date", "date", "date", "date"), pattern = c("", "dmy", "mdy", "", "dmy month")))
  file <- tempfile(fileext = ".csv")
  written <- suppressMessages(write_codebook(book, file))
  back <- read_codebook(file)
  expect_identical(back$variables$pattern, c("", "dmy", "mdy", "", "dmy"))
  expect_identical(codebook_losses(written)[c("variable", "part", "value")],
    data.frame(variable = "d", part = "pattern", value = "dmy month"))
  expect_identical(nrow(codebook_losses(back)), 0L)
})

test_that("labels that an export would change are told, whichever way they go", {
  labels <- c("Plain, with comma", "Line\nbreak", "two  spaces", "<b>bold</b>", "a < b", "x | y")
  book <- codebook(data.frame(variable = c("case", "v", "w"), type = c("id", "nominal", "text"),
    label = c("Case", "Kind\nof harm", "Note")),
  data.frame(variable = "v", code = 1:6, label = labels))
  file <- tempfile(fileext = ".csv")
  lost <- codebook_losses(suppressMessages(write_codebook(book, file)))
  expect_identical(lost$value[lost$part == "label"],
    c("Kind\nof harm", paste0(2:4, ", ", labels[2:4]), "6, x | y"))
  back <- read_codebook(file)
  expect_identical(back$codes$label,
    c("Plain, with comma", "Line break", "two spaces", "bold", "a < b", "x / y"))
  read <- codebook_losses(back)
  expect_identical(read[c("variable", "part", "value")],
    data.frame(variable = "v", part = "Choices", value = "4, <b>bold</b>"))
})

test_that("limits in powers of ten are written as other systems read them", {
  book <- codebook(data.frame(variable = c("case", "n"), type = c("id", "number"),
    min = c("", "-1.50"), max = c("", "1e3")))
  for (form in c("redcap", if (requireNamespace("openxlsx", quietly = TRUE)) "xlsform")) {
    file <- tempfile(fileext = c(redcap = ".csv", xlsform = ".xlsx")[[form]])
    write_codebook(book, file, form)
    back <- read_codebook(file)
    expect_identical(as.numeric(back$variables$min[2]), -1.5)
    expect_identical(back$variables$max[2], "1000")
    expect_identical(nrow(codebook_losses(back)), 0L)
  }
})
