# Excel workbooks as tables of text, and back.

# The sheets of a workbook by name, each a list of records (character vectors).
workbook_sheets <- function(file) {
  names <- tryCatch({
    if (requireNamespace("readxl", quietly = TRUE)) {
      readxl::excel_sheets(file)
    } else {
      need_package("openxlsx", "read Excel workbooks (or the package \"readxl\")")
      openxlsx::getSheetNames(file)
    }
  }, casereview_error = stop, error = function(e) NULL)
  if (is.null(
    names)) stop_argument("the file is not an Excel workbook that can be read.")
  names
}

# One sheet as a data frame of texts, by the header of its first row; NULL if the sheet
# is blank. Number cells become the shortest text of the number, dates year-month-day.
# Cells below no header are refused or, where they are to be left out, an attribute.
sheet_table <- function(file, sheet, unnamed = "refused") {
  columns <- if (requireNamespace("readxl", quietly = TRUE)) {
    sheet_by_readxl(file, sheet)
  } else {
    sheet_by_openxlsx(file, sheet)
  }
  n <- max(0L, lengths(columns))
  if (!n) return(NULL)
  records <- lapply(seq_len(n), function(i) vapply(columns, `[`, "", i))
  records <- Filter(function(record) any(nzchar(trimws(record))), records)
  if (!length(records)) return(NULL)
  named <- nzchar(trimws(records[[1L]]))
  if (unnamed == "refused" || all(named)) return(table_of_records(records))
  stray <- unlist(lapply(records, `[`, !named))
  table <- table_of_records(lapply(records, `[`, named))
  structure(table, unnamed = stray[nzchar(trimws(stray))])
}

sheet_by_readxl <- function(file, sheet) {
  table <- suppressMessages(readxl::read_excel(
    file, sheet, col_names = FALSE, col_types = "list", trim_ws = FALSE,
      na = character(),
    .name_repair = "minimal", progress = FALSE
  ))
  lapply(as.list(table), function(column) vapply(column, cell_text, ""))
}

cell_text <- function(cell) {
  if (!length(cell) || is.na(cell[1L])) return("")
  if (inherits(cell, "POSIXct")) {
    stamp <- format(cell, "%Y-%m-%d %H:%M:%S", tz = "UTC")
    return(sub(" 00:00:00$", "", stamp))
  }
  if (is.numeric(cell)) return(plain_number(cell))
  enc2utf8(as.character(cell))
}

sheet_by_openxlsx <- function(file, sheet) {
  table <- openxlsx::read.xlsx(file, sheet, colNames = FALSE, skipEmptyRows = FALSE,
    skipEmptyCols = FALSE, na.strings = "\001")
  lapply(as.list(table), function(column) {
    column <- as.character(column)
    column[is.na(column)] <- ""
    column
  })
}

# A workbook of one sheet a table; texts are written as text.
write_sheets <- function(tables, file) {
  need_package("openxlsx", "write Excel workbooks")
  book <- openxlsx::createWorkbook()
  for (name in names(tables)) add_sheet(book, name, tables[[name]])
  save_workbook(book, file)
}

add_sheet <- function(book, name, table) {
  long <- vapply(table,
    function(value) any(nchar(as.character(value)) > 32767L, na.rm = TRUE), NA)
  if (any(long)) {
    stop_argument("Column \"", names(table)[long][1L], "\" of the sheet \"", name,
      "\" holds a text of more than 32,767 characters, which Excel cannot hold.")
  }
  openxlsx::addWorksheet(book, name)
  text <- which(vapply(table, is.character, NA))
  table[text] <- lapply(table[text], excel_text)
  openxlsx::writeData(book, name, table, headerStyle = head_style(), keepNA = FALSE)
  openxlsx::addStyle(book, name, openxlsx::createStyle(numFmt = "@", wrapText = TRUE,
    valign = "top"), rows = seq_len(nrow(table)) + 1L, cols = text, gridExpand = TRUE)
  print_wide(book, name)
  openxlsx::setColWidths(book, name, seq_along(table), vapply(table, column_width, 1))
  openxlsx::freezePane(book, name, firstRow = TRUE)
}

# On paper all columns on one page, under their heading on every page.
print_wide <- function(book, sheet) {
  openxlsx::pageSetup(book, sheet, orientation = "landscape", fitToWidth = TRUE,
    fitToHeight = FALSE, printTitleRows = 1L)
}

# Text as a cell holds it: what looks like Excel's own escape, white space that it would
# strip at the ends, and a cell of spaces alone are escaped.
excel_text <- function(x) {
  x <- gsub("_(x[0-9A-Fa-f]{4}_)", "_x005F_\\1", x)
  ends <- grepl("^[\t\n]|[\t\n]$", x)
  x[ends] <- gsub("\n", "_x000A_", gsub("\t", "_x0009_", x[ends], fixed = TRUE),
    fixed = TRUE)
  spaces <- grepl("^ +$", x)
  x[spaces] <- gsub(" ", "_x0020_", x[spaces], fixed = TRUE)
  x[!nzchar(x)] <- NA
  x
}

head_style <- function() {
  openxlsx::createStyle(textDecoration = "bold", border = "bottom", fgFill = "#E7E6E6",
    numFmt = "@", wrapText = TRUE, valign = "top")
}

column_width <- function(x) {
  as.double(min(60L, max(12L, nchar(as.character(x), "width") + 2L, na.rm = TRUE)))
}

save_workbook <- function(book, file) {
  if (dir.exists(file)) {
    stop_argument("`file` is a folder and cannot be written: ", describe(file), ".")
  }
  done <- tryCatch({
    openxlsx::saveWorkbook(book, file, overwrite = TRUE)
    file.exists(file)
  }, error = function(e) FALSE, warning = function(w) FALSE)
  if (!done) stop_argument("The file \"", file, "\" cannot be written.")
  invisible(file)
}
