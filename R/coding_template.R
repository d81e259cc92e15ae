#' A workbook for data entry
#'
#' Writes an Excel workbook in which a team can code its cases: one column a variable,
#' one row a case, with drop-downs of the labels, limits on numbers and dates, and the
#' codebook beside it. What is filled in is read back as any sheet is and goes through
#' `check_coding()`.
#'
#' @param codebook A codebook.
#' @param file The workbook to write, ending in `.xlsx`; one that exists is replaced.
#' @param cases How many rows are prepared, from 1 to 100,000.
#' @return `file`, invisibly. The workbook has the sheets
#'   \describe{
#'     \item{coding}{The names of the variables in the first row and `cases` prepared
#'       rows. A comment on each name says what to enter. Coded variables have a
#'       drop-down of their labels, missing codes included. Integers, numbers, years and
#'       dates are held to their kind and limits (a date of which a month or year will
#'       do is a cell of text, so that it stays as typed); where such a variable has missing
#'       codes too, the drop-down offers their labels and limits are left to the check.
#'       Cells of several codes take labels with the separator between them. Texts, ids
#'       and labels are cells of text, so that "0012" stays. Required columns are
#'       tinted.}
#'     \item{codebook}{The variables with their codes; `rules` on a sheet of its own if
#'     any.}
#'     \item{labels}{The labels behind the drop-downs, one column a variable.}
#'   }
#' @section Errors:
#' Of class `casereview_error_argument`; `casereview_error_package` without openxlsx.
#' @examples
#' if (requireNamespace("openxlsx", quietly = TRUE)) {
#'   file <- tempfile(fileext = ".xlsx")
#'   coding_template(cafcass_codebook(), file, cases = 10)
#' }
#' @export
coding_template <- function(codebook, file, cases = 50) {
  check_codebook(codebook)
  file <- check_path(file, "file")
  cases <- check_whole(cases, "cases", min = 1, max = 100000)
  if (tolower(tools::file_ext(file)) != "xlsx") {
    stop_argument("`file` must end in .xlsx, not \"", file, "\".")
  }
  if (!nrow(codebook$variables)) stop_argument("`codebook` has no variables.")
  if (!dir.exists(dirname(file))) {
    stop_argument("`file` must be in a folder that exists; \"", dirname(file),
      "\" does not.")
  }
  need_package("openxlsx", "write Excel workbooks")
  book <- openxlsx::createWorkbook()
  openxlsx::addWorksheet(book, "coding")
  add_sheet(book, "codebook", as.data.frame(codebook))
  if (nrow(codebook$rules)) add_sheet(book, "rules", codebook$rules)
  fill_coding_sheet(book, codebook, cases)
  save_workbook(book, file)
}

fill_coding_sheet <- function(book, codebook, cases) {
  names <- codebook$variables$variable
  openxlsx::writeData(book, "coding", t(names), colNames = FALSE)
  openxlsx::addStyle(book, "coding", head_style(), rows = 1L, cols = seq_along(names))
  openxlsx::freezePane(book, "coding", firstRow = TRUE, firstCol = TRUE)
  print_wide(book, "coding")
  openxlsx::setColWidths(book, "coding", seq_along(names),
    pmin(40, pmax(12, nchar(names, "width") + 2)))
  lists <- label_lists(codebook)
  write_label_sheet(book, lists)
  for (i in seq_along(names)) {
    variable <- variable_of(codebook, names[i])
    prepare_column(book, variable, i, cases)
    limit_column(book, variable, i, cases, lists)
    openxlsx::writeComment(book, "coding", i, 1L, openxlsx::createComment(
      excel_words(template_comment(variable, codes_of(codebook, names[i]))),
        author = "codebook",
      visible = FALSE, width = 4, height = 8
    ))
  }
}

# The labels that each variable's drop-down offers.
label_lists <- function(codebook) {
  names <- codebook$variables$variable
  lists <- lapply(names, function(name) {
    variable <- variable_of(codebook, name)
    labels <- codes_of(codebook, name)$label
    if (!length(labels) && variable$type == "flag") labels <- c("TRUE", "FALSE")
    if (variable$type == "multicode") character() else labels
  })
  structure(lists, names = names)
}

write_label_sheet <- function(book, lists) {
  lists <- lists[lengths(lists) > 0L]
  openxlsx::addWorksheet(book, "labels")
  for (i in seq_along(lists)) {
    openxlsx::writeData(book, "labels", c(names(lists)[i], excel_text(lists[[i]])),
      startCol = i,
      colNames = FALSE)
  }
  if (!length(lists)) return(invisible())
  openxlsx::addStyle(book, "labels", openxlsx::createStyle(numFmt = "@"),
    cols = seq_along(lists),
    rows = seq_len(max(lengths(lists)) + 1L), gridExpand = TRUE)
  openxlsx::addStyle(book, "labels", head_style(), rows = 1L, cols = seq_along(lists))
  openxlsx::setColWidths(book, "labels", seq_along(lists), 30)
}

# The cells' own format and the tint of what is required.
prepare_column <- function(book, variable, column, cases) {
  format <- switch(variable$type,
    date = if (takes_months(variable)) "@" else "yyyy-mm-dd",
    integer = "0", year = "0", number = "GENERAL", "@")
  tint <- if (variable$required) "#FFF2CC"
  openxlsx::addStyle(book, "coding",
    openxlsx::createStyle(numFmt = format, fgFill = tint,
    border = if (variable$required) "TopBottomLeftRight", borderColour = "#D9D9D9"),
    rows = seq_len(cases) + 1L, cols = column)
}

limit_column <- function(book, variable, column, cases, lists) {
  own <- lists[lengths(lists) > 0L]
  at <- match(variable$variable, names(own))
  limit <- if (is.na(at)) number_limit(variable) else list(
    type = "list", operator = "between", value = label_range(at, lengths(own)[[at]])
  )
  if (is.null(limit)) return(invisible())
  strict <- is.na(at) || !variable$type %in% c("id", "integer", "number", "year",
    "date", "text")
  # openxlsx warns of a spare argument in a format of its own.
  suppressWarnings(openxlsx::dataValidation(book, "coding", cols = column,
    rows = seq_len(cases) + 1L, type = limit$type, operator = limit$operator,
    value = limit$value, showErrorMsg = strict))
}

# A month or year typed into a cell for dates would become a day of it.
takes_months <- function(variable) {
  reading <- date_reading(variable$pattern)
  variable$type == "date" && !is.null(reading) && reading[2L] > 1L
}

label_range <- function(column, n) {
  letters <- openxlsx::int2col(column)
  paste0("'labels'!$", letters, "$2:$", letters, "$", n + 1L)
}

# What a number or date may be, or NULL for texts.
number_limit <- function(variable) {
  if (takes_months(variable)) return(NULL)
  ends <- function(low, high, as) {
    c(if (nzchar(variable$min)) as(trimws(variable$min)) else low,
      if (nzchar(variable$max)) as(trimws(variable$max)) else high)
  }
  range <- switch(variable$type,
    integer = list(type = "whole", value = ends(-2147483647, 2147483647, as.numeric)),
    year = list(type = "whole", value = ends(1000, 9999, as.numeric)),
    number = list(type = "decimal", value = ends(-1e300, 1e300, as.numeric)),
    date = list(type = "date", value = pmax(as.Date("1900-01-01"),
      ends(as.Date("1900-01-01"), as.Date("9999-12-31"), as.Date)))
  )
  if (!is.null(range)) range$operator <- "between"
  range
}

# What to enter, for the comment on a column's name.
template_comment <- function(variable, codes) {
  lines <- c(
    variable$label,
    paste(variable_facts(variable), collapse = ", "),
    if (nzchar(variable$relevant)) paste("Asked where", variable$relevant),
    if (nzchar(variable$instruction)) variable$instruction,
    if (variable$type == "multicode" && nrow(codes)) {
      paste("Any of:", paste(codes$label, collapse = paste0(variable$separator, " ")))
    }
  )
  strtrim(paste(lines, collapse = "\n"), 2000L)
}

# Comments are written into the file as they are.
excel_words <- function(x) {
  x <- gsub("&", "&amp;", x, fixed = TRUE)
  gsub(">", "&gt;", gsub("<", "&lt;", x, fixed = TRUE), fixed = TRUE)
}
