team_codebook <- function() {
  codebook(
    data.frame(variable = c("case", "sex", "age", "born", "weight", "who", "seen",
      "notes", "ready"),
      label = c("Case <id> & name", rep("", 8)),
      type = c("id", "nominal", "integer", "date", "number", "multicode", "flag",
        "text", "year"),
      required = c(TRUE, TRUE, rep(FALSE, 7)),
        min = c("", "", "0", "2001-02-03", "", "", "", "", ""),
      max = c("", "", "17", "", "99.5", "", "", "", "")),
    data.frame(variable = c("sex", "sex", "sex", "age", "who", "who"),
      code = c(1, 2, 9, -9, 1, 2),
      label = c("1", "=Male, \u00e9", "Not known", "Not known", "Mother", "Father"),
      missing = c("", "", "not_known", "not_known", "", "")),
    data.frame(rule = "r", expression = "age < 18")
  )
}

validations <- function(file) {
  folder <- tempfile()
  utils::unzip(file, exdir = folder)
  text <- paste(readLines(file.path(folder, "xl/worksheets/sheet1.xml"), warn = FALSE),
    collapse = "")
  regmatches(text,
    gregexpr("<(x14:)?dataValidation .*?</(x14:)?dataValidation>", text,
    perl = TRUE))[[1]]
}

test_that("a template has drop-downs of labels, limits and the codebook", {
  skip_if_not_installed("openxlsx")
  file <- tempfile(fileext = ".xlsx")
  expect_silent(expect_identical(coding_template(team_codebook(), file, cases = 7),
    file))
  expect_identical(openxlsx::getSheetNames(file),
    c("coding", "codebook", "rules", "labels"))
  labels <- openxlsx::read.xlsx(file, "labels")
  expect_identical(labels$sex, c("1", "=Male, \u00e9", "Not known"))
  expect_identical(as.character(labels$seen[1:2]), c("TRUE", "FALSE"))
  expect_identical(openxlsx::read.xlsx(file, "codebook")$code_label[2], "1")
  found <- validations(file)
  holds <- function(...) any(vapply(found,
    function(one) all(vapply(c(...), grepl, NA, one, fixed = TRUE)), NA))
  expect_true(holds("B2:B8", "'labels'!$A$2:$A$4", "showErrorMessage=\"1\""))
  expect_true(holds("C2:C8", "'labels'!$B$2:$B$2", "showErrorMessage=\"0\""))
  expect_true(holds("D2:D8", "type=\"date\"", "36925"))
  expect_true(holds("E2:E8", "type=\"decimal\"", "99.5"))
  expect_true(holds("G2:G8", "'labels'!$C$2:$C$3"))
  expect_true(holds("I2:I8", "type=\"whole\"", "9999"))
  expect_length(found, 6L)
  pages <- vapply(openxlsx::loadWorkbook(file)$worksheets[1:2], function(sheet) {
    paste(sheet$pageSetup, sheet$sheetPr, collapse = " ")
  }, "")
  expect_match(pages, "landscape", all = TRUE)
  expect_match(pages, "fitToPage", all = TRUE)
})

test_that("a template filled in and read back holds what was typed", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  file <- tempfile(fileext = ".xlsx")
  coding_template(team_codebook(), file, cases = 5)
  empty <- readxl::read_excel(file, "coding")
  expect_identical(names(empty), team_codebook()$variables$variable)
  expect_identical(nrow(empty), 0L)
  book <- openxlsx::loadWorkbook(file)
  filled <- data.frame(case = c("001", "002"), sex = c("=Male, \u00e9", "1"),
    age = c(3L, NA),
    born = as.Date(c("2010-03-04", NA)), weight = c(3.25, NA),
      who = c("Mother; Father", NA))
  openxlsx::writeData(book, "coding", filled, startRow = 2, colNames = FALSE)
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
  back <- as.data.frame(readxl::read_excel(file, "coding"))
  expect_identical(back$case, c("001", "002"))
  expect_identical(back$sex, c("=Male, \u00e9", "1"))
  expect_identical(back$age, c(3, NA))
  expect_identical(as.Date(back$born), as.Date(c("2010-03-04", NA)))
  expect_identical(back$who[1], "Mother; Father")
  findings <- check_coding(back, team_codebook())
  expect_identical(nrow(findings), 0L)
})

# A workbook opened and saved again by LibreOffice, without a screen.
office_copy <- function(file) {
  office <- Sys.which(c("soffice", "libreoffice"))
  office <- office[nzchar(office)]
  if (!length(office)) skip("LibreOffice is not here")
  folder <- tempfile("office")
  dir.create(folder)
  profile <- paste0("-env:UserInstallation=file://", tempfile("profile"))
  # R's own libraries are not for the office
  own <- Sys.getenv("LD_LIBRARY_PATH", NA)
  Sys.unsetenv("LD_LIBRARY_PATH")
  on.exit(if (!is.na(own)) Sys.setenv(LD_LIBRARY_PATH = own))
  suppressWarnings(system2(office[1], c(profile, "--headless", "--convert-to",
    shQuote("xlsx:Calc MS Excel 2007 XML"), "--outdir", folder, file),
  stdout = FALSE, stderr = FALSE, timeout = 180))
  copy <- file.path(folder, basename(file))
  if (!file.exists(copy)) skip("LibreOffice did not answer")
  copy
}

fill_template <- function(file, cases) {
  book <- openxlsx::loadWorkbook(file)
  for (i in seq_along(cases)) {
    openxlsx::writeData(book, "coding", cases[[i]], startCol = i, startRow = 2, colNames = FALSE)
  }
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
}

test_that("a template goes through LibreOffice and back with its sheets, drop-downs and faults", {
  skip_on_cran()
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  cb <- team_codebook()
  file <- tempfile(fileext = ".xlsx")
  coding_template(cb, file, cases = 5)
  fill_template(file, list(case = c("001", "002", "002"), sex = c("1", "=Male, \u00e9", "mail"),
    age = c(3, -9, 18), born = as.Date(c("2010-03-04", NA, "1999-01-01")), weight = c(3.25, 99.5, NA),
    who = c("Mother; Father", "Fathr", NA), seen = c(TRUE, FALSE, NA), notes = c("0012", NA, "a"),
    ready = c(2013, 2014, NA)))
  direct <- check_coding(readxl::read_excel(file, "coding"), cb)
  expect_setequal(paste(direct$row, direct$variable, direct$rule),
    c("2 case duplicate_id", "3 case duplicate_id", "3 sex code", "3 age range", "3 born range",
      "2 who code", "3 age r"))
  copy <- office_copy(file)
  expect_setequal(readxl::excel_sheets(copy), c("coding", "codebook", "rules", "labels"))
  back <- readxl::read_excel(copy, "coding")
  expect_identical(back$notes, c("0012", NA, "a"))
  expect_identical(check_coding(back, cb), direct)
  expect_identical(length(validations(copy)), length(validations(file)))
})

test_that("a date of which a month will do is a cell of text, without limits", {
  skip_if_not_installed("openxlsx")
  cb <- codebook(data.frame(variable = c("born", "seen"), type = "date", min = "2000-01-01",
    pattern = c("", "month dmy")))
  file <- tempfile(fileext = ".xlsx")
  coding_template(cb, file, cases = 3)
  expect_identical(length(validations(file)), 1L)
  styles <- Filter(function(style) style$sheet == "coding", openxlsx::loadWorkbook(file)$styleObjects)
  format_of <- function(column) {
    unlist(lapply(styles, function(s) if (any(s$cols == column & s$rows == 2)) s$style$numFmt$formatCode))
  }
  expect_identical(format_of(2), "@")
  expect_identical(format_of(1), "yyyy-mm-dd")
})

test_that("arguments are checked", {
  cb <- team_codebook()
  expect_error(coding_template(cb, "x.csv"), "must end in .xlsx",
    class = "casereview_error_argument")
  expect_error(coding_template(cb, "x.xlsx", cases = 0), "`cases`",
    class = "casereview_error_argument")
  expect_error(coding_template(cb, file.path(tempfile(), "x.xlsx")), "exists",
    class = "casereview_error_argument")
  expect_error(coding_template(1, "x.xlsx"), "`codebook` must be a codebook",
    class = "casereview_error_argument")
  none <- codebook(data.frame(variable = character()))
  expect_error(coding_template(none, "x.xlsx"), "no variables",
    class = "casereview_error_argument")
})
