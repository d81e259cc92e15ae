# Extracted from test-coding_template.R:139

# setup ------------------------------------------------------------------------
library(testthat)
test_env <- simulate_test_env(package = "casereview", path = "..")
attach(test_env, warn.conflicts = FALSE)

# prequel ----------------------------------------------------------------------
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

# test -------------------------------------------------------------------------
skip_if_not_installed("openxlsx")
cb <- codebook(data.frame(variable = c("born", "seen"), type = "date", min = "2000-01-01",
    pattern = c("", "month dmy")))
file <- tempfile(fileext = ".xlsx")
coding_template(cb, file, cases = 3)
expect_identical(length(validations(file)), 1L)
styles <- Filter(function(style) style$sheet == "coding", openxlsx::loadWorkbook(file)$styleObjects)
format_of <- function(column) {
    unlist(lapply(styles, function(s) if (any(s$cols == column & s$rows == 2)) s$style$numFmt$numFmtId))
  }
expect_identical(as.character(format_of(2)), "49")
