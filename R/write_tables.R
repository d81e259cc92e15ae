#' Write tables to Word, Excel, a web page, Markdown, LaTeX or csv
#'
#' Writes only what a table shows: the printed text of each cell, its labels and its
#' notes. What [suppress()] has hidden is in none of the files.
#'
#' @param tables A named list of cross-tabulations (see [crosstab()]) or data frames, or
#'   one of them. The names are the captions, and in a workbook the names of the sheets.
#' @param file Path of the file to write; its ending decides the form:
#'   - `.docx` (needs the packages flextable and officer): a table each, with spanning
#'     headers that are repeated on each page, nested rows indented, notes under it and a
#'     caption that Word numbers. Where a table is too wide for the page the document is
#'     landscape.
#'   - `.xlsx` (needs openxlsx): a sheet a table and a sheet of contents with links. Numbers
#'     stay numbers, with the digits that are printed; a cell such as "4 (17.4%)" takes two
#'     columns, 4 and 17.4%.
#'   - `.html`: one page that needs nothing else, with captions and with row and column
#'     headers marked for screen readers, laid out for screen, phone and paper.
#'   - `.md`: pipe tables. `.tex`: `table` environments that need no package of LaTeX.
#'   - `.csv`: long form, one row a cell, with the columns of `as.data.frame()` and `table`
#'     in front; no notes.
#'
#'   A file that is there is replaced.
#' @return The path `file`, invisibly.
#' @section Errors: Of class `casereview_error_argument` where `tables` is not a list of
#'   tables with different names or `file` has another ending; of class
#'   `casereview_error_package` where the package for that form is not installed.
#' @examples
#' cases <- data.frame(
#'   area = c("North", "North", "South"), outcome = c("Fatal", "Serious harm", "Fatal")
#' )
#' file <- tempfile(fileext = ".md")
#' write_tables(list("Cases by area" = crosstab(cases, area ~ outcome)), file)
#' writeLines(readLines(file))
#' @export
write_tables <- function(tables, file) {
  file <- check_path(file, "file")
  tables <- check_tables(tables)
  writers <- list(
    docx = write_docx, xlsx = write_xlsx, html = write_html, htm = write_html,
    md = write_markdown, tex = write_latex, csv = write_long
  )
  ending <- tolower(tools::file_ext(file))
  if (!ending %in% names(writers)) {
    stop_argument("`file` must end in .docx, .xlsx, .html, .md, .tex or .csv, not ",
      describe(file), ".")
  }
  if (!dir.exists(dirname(file))) {
    stop_argument("`file` names a folder that is not there: ", describe(dirname(file)), ".")
  }
  if (dir.exists(file)) {
    stop_argument("`file` is a folder and cannot be written: ", describe(file), ".")
  }
  writers[[ending]](tables, file)
  invisible(file)
}

check_tables <- function(tables) {
  need_argument(tables, "tables")
  if (is.data.frame(tables) || inherits(tables, "crosstab")) tables <- list("Table" = tables)
  if (!is.list(tables) || is.object(tables)) {
    stop_argument("`tables` must be a named list of tables, not ", describe(tables), ".")
  }
  if (!length(tables)) stop_argument("`tables` holds no table.")
  names <- names(tables)
  if (is.null(names) || anyNA(names) || any(!nzchar(names))) {
    stop_argument("Each table of `tables` must have a name; it becomes the caption.")
  }
  if (anyDuplicated(names)) {
    stop_argument("`tables` has more than one table called ",
      list_some(names[duplicated(names)]), ".")
  }
  lapply(tables, function(x) {
    if (inherits(x, "crosstab")) x else check_data(table_frame(x), "tables")
  })
}

# A data frame without the class under which it prints.
table_frame <- function(x) {
  if (!is.data.frame(x)) {
    stop_argument("`tables` must hold cross-tabulations or data frames, not ", describe(x), ".")
  }
  class(x) <- "data.frame"
  x
}

# ---- csv: long form ----

write_long <- function(tables, file) {
  frames <- lapply(names(tables), function(name) {
    frame <- as.data.frame(tables[[name]])
    refuse_own(names(frame), "table", "the .csv of write_tables()")
    # readers who tell the two kinds of hidden cell apart work out more
    if (inherits(tables[[name]], "crosstab") && !is.null(cell_status(tables[[name]]))) {
      frame$status[frame$status != "safe"] <- "hidden"
    }
    frame[] <- lapply(frame, function(x) {
      if (is_plain_number(x)) plain_number(x) else as.character(x)
    })
    cbind(table = rep(name, nrow(frame)), frame)
  })
  columns <- long_columns(tables, frames)
  frames <- lapply(frames, function(frame) {
    for (name in setdiff(columns, names(frame))) frame[[name]] <- rep("", nrow(frame))
    frame[columns]
  })
  write_text_file(csv_text(do.call(rbind, frames)), file)
}

# The columns of all tables: the variables of each first, the cell as printed last.
long_columns <- function(tables, frames) {
  columns <- unique(unlist(lapply(frames, names)))
  crossed <- Filter(function(x) inherits(x, "crosstab"), tables)
  first <- c("table", unique(unlist(lapply(crossed, table_variables))))
  last <- if (length(crossed)) setdiff(c("text", "status"), first)
  c(first, setdiff(columns, c(first, last)), intersect(last, columns))
}
