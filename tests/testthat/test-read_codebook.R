write_bytes <- function(text, ending = ".csv", to = "UTF-8", bom = NULL) {
  file <- tempfile(fileext = ending)
  bytes <- iconv(text, "UTF-8", to, toRaw = TRUE)[[1]]
  writeBin(c(as.raw(bom), bytes), file)
  file
}

folder_with <- function(variables, ...) {
  folder <- tempfile()
  dir.create(folder)
  file.copy(write_bytes(variables, ...), file.path(folder, "variables.csv"))
  folder
}

refuses <- function(expr, text) {
  error <- tryCatch(expr, error = identity)
  expect_s3_class(error, "casereview_error_argument")
  expect_match(conditionMessage(error), text, fixed = TRUE)
}

test_that("random codebooks come back identical from every form", {
  endings <- c("", if (requireNamespace("jsonlite", quietly = TRUE)) ".json",
    if (requireNamespace("openxlsx", quietly = TRUE) &&
      requireNamespace("readxl", quietly = TRUE)) ".xlsx")
  for (seed in rounds(25)) {
    x <- random_codebook(seed)
    for (ending in endings) {
      file <- paste0(tempfile(), ending)
      expect_identical(write_codebook(x, file), x)
      expect_identical(read_codebook(file), x, info = paste(seed, ending))
    }
  }
})

test_that("the report's codebook comes back identical, written twice over", {
  x <- cafcass_codebook()
  folder <- tempfile()
  write_codebook(codebook(data.frame(variable = "a"), title = "old"), folder)
  write_codebook(x, folder)
  expect_identical(read_codebook(folder), x)
})

test_that("csv files are read whatever wrote them", {
  plain <- "variable,label,type,instruction\nage,\u00c2ge,integer,\"Two\nlines, \"\"quoted\"\"\"\n"
  want <- codebook(data.frame(variable = "age", label = "\u00c2ge", type = "integer",
    instruction = "Two\nlines, \"quoted\""))
  expect_identical(read_codebook(folder_with(plain)), want)
  expect_identical(read_codebook(folder_with(plain, bom = c(0xef, 0xbb, 0xbf))), want)
  expect_identical(read_codebook(folder_with(plain, to = "latin1")), want)
  expect_identical(read_codebook(folder_with(plain, to = "UTF-16LE",
    bom = c(0xff, 0xfe))), want)
  expect_identical(read_codebook(folder_with(gsub("\n", "\r\n", plain))), want)
  expect_identical(read_codebook(folder_with(gsub("\n", "\r", plain))), want)
  expect_identical(read_codebook(folder_with(sub("\n$", "", plain))), want)
  expect_identical(read_codebook(folder_with(paste0(plain, ",,,\n\n"))), want)
  semicolons <- "variable;label;type;instruction\nage;\u00c2ge;integer;\"Two\nlines, \"\"quoted\"\"\"\n"
  expect_identical(read_codebook(folder_with(semicolons)), want)
  expect_identical(read_codebook(folder_with(gsub(";", "\t", semicolons))), want)
})

test_that("each fault of a file is one sentence that names the file", {
  refuses(read_codebook("no/such/file.xlsx"), "\"no/such/file.xlsx\" does not exist")
  refuses(read_codebook(1), "`file` must be one text")
  refuses(read_codebook(folder_with("")), "variables.csv: the file is empty")
  refuses(read_codebook(folder_with("variable\n\"a\n")),
    "a quotation mark is not closed")
  refuses(read_codebook(folder_with("variable,label\na,b,c\n")),
    "row 1 has 3 fields where the header has 2")
  refuses(read_codebook(folder_with("variable,,type\na,b,id\n")),
    "column 2 has values and no name")
  refuses(read_codebook(folder_with("label\na\n")), "has no column \"variable\"")
  refuses(read_codebook(folder_with("variable,required\na,perhaps\n")),
    "yes or no, not \"perhaps\"")
  refuses(read_codebook(folder_with("variable,relevant\na,system('x')\n")),
    "uses `system`")
  refuses(read_codebook(write_bytes("variable\na\n")),
    "give the folder that holds variables.csv")
  refuses(read_codebook(write_bytes("a,b\n1,2\n")),
    "not those of a REDCap data dictionary")
  refuses(read_codebook(write_bytes("x", ".doc")), "ends in .xlsx, .json or .csv")
  empty <- tempfile()
  dir.create(empty)
  refuses(read_codebook(empty), "has no file variables.csv")
  null <- tempfile(fileext = ".csv")
  writeBin(as.raw(c(97, 0, 98)), null)
  refuses(read_codebook(null), "null byte")
})

test_that("json and workbooks that are no codebook are refused", {
  skip_if_not_installed("jsonlite")
  refuses(read_codebook(write_bytes("{", ".json")), "not a codebook")
  refuses(read_codebook(write_bytes("[1]", ".json")), "not a codebook")
  refuses(read_codebook(write_bytes("{\"variables\": [1]}", ".json")),
    "list of objects")
  refuses(read_codebook(write_bytes("{\"variables\": [{\"variable\": [1, 2]}]}",
    ".json")), "one text or number")
  refuses(read_codebook(
    write_bytes("{\"variables\": [{\"variable\": \"a\"}], \"x\": 1}", ".json")),
    "unknown part \"x\"")
  skip_if_not_installed("openxlsx")
  refuses(read_codebook(write_bytes("text", ".xlsx")), "not an Excel workbook")
  file <- tempfile(fileext = ".xlsx")
  openxlsx::write.xlsx(list(first = data.frame(a = 1)), file)
  refuses(read_codebook(file),
    "no sheet \"variables\" (nor \"survey\"); its sheets are \"first\"")
})

test_that("a workbook typed by hand, with number and date cells, is read as meant", {
  skip_if_not_installed("openxlsx")
  file <- tempfile(fileext = ".xlsx")
  openxlsx::write.xlsx(list(
    Variables = data.frame(variable = c("n", "d"), type = c("rating", "date"),
      required = c(TRUE, FALSE)),
    Codes = data.frame(variable = "n", code = c(1, 2.5, 3), score = c(0.1, 2, 1 / 3))
  ), file)
  book <- openxlsx::loadWorkbook(file)
  openxlsx::writeData(book, "Variables", data.frame(min = as.Date("2010-03-04")),
    startCol = 4, startRow = 2,
    colNames = FALSE)
  openxlsx::writeData(book, "Variables", "max", startCol = 4, colNames = FALSE)
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
  error <- tryCatch(read_codebook(file), error = identity)
  expect_match(conditionMessage(error), "2010-03-04")
  openxlsx::writeData(book, "Variables", NA, startCol = 4, startRow = 2,
    colNames = FALSE, keepNA = FALSE)
  openxlsx::writeData(book, "Variables", as.Date("2010-03-04"), startCol = 4,
    startRow = 3, colNames = FALSE)
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
  x <- read_codebook(file)
  expect_identical(x$codes$code, c("1", "2.5", "3"))
  expect_equal(x$codes$score, c(0.1, 2, 1 / 3))
  expect_identical(x$variables$max, c("", "2010-03-04"))
  expect_identical(x$variables$required, c(TRUE, FALSE))
})

test_that("where a codebook cannot be written, the place is named", {
  x <- codebook(data.frame(variable = "a"))
  refuses(write_codebook(x, file.path(tempfile(), "x.json")),
    "must be in a folder that exists")
  refuses(write_codebook(x, "x.doc"), "end in .xlsx, .json or .csv")
  refuses(write_codebook(list(), tempfile()), "`x` must be a codebook")
  file <- tempfile()
  writeLines("", file)
  refuses(write_codebook(x, file), "is a file")
  refuses(write_codebook(x, file, form = "word"), "`form` must be one of")
  broken <- x
  broken$variables$type <- "colour"
  refuses(write_codebook(broken, tempfile()), "unknown type \"colour\"")
})

test_that("a separator of spaces alone survives every form", {
  skip_if_not_installed("openxlsx")
  cb <- codebook(data.frame(variable = c("case", "m", "k"), type = c("id", "multicode", "multicode"),
    separator = c("", " ", "  ")), data.frame(variable = c("m", "m", "k"), code = c("a", "b", "c")))
  for (ending in c("", ".xlsx", ".json")) {
    if (ending == ".json") skip_if_not_installed("jsonlite")
    file <- tempfile(fileext = ending)
    write_codebook(cb, file)
    expect_identical(read_codebook(file), cb)
  }
})

test_that("a csv file of separators or of nothing is empty, in words", {
  file <- tempfile(fileext = ".csv")
  for (text in c("", "\n", ",,\n", "\r\n , \t\r\n")) {
    writeBin(charToRaw(text), file)
    expect_error(read_codebook(file), "the file is empty", class = "casereview_error_argument")
    expect_error(read_worksheet(file), "the file is empty", class = "casereview_error_argument")
  }
})
