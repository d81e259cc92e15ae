#' Read and write a codebook
#'
#' The form follows from the file. Three forms are the package's own and lose nothing: a
#' folder of `variables.csv`, `codes.csv` and `rules.csv` (and `codebook.csv` for title
#' and version), a workbook (`.xlsx`) with sheets of these names, and a `.json` file.
#' Two are of other systems: a REDCap data dictionary (`.csv`, 18 columns) and an
#' XLSForm (`.xlsx` with the sheets `survey` and `choices`). What such a file says and a
#' codebook cannot, or the other way about, is listed by [codebook_losses()], and
#' `print()` says that there is something.
#'
#' csv files may be in UTF-8 (with or without a byte-order mark), UTF-16 or
#' Windows-1252, have any line ends, quoted line breaks, and commas, semicolons or tabs
#' between fields. All fields are read as text. Nothing in a file is run; expressions
#' are checked as [codebook()] does.
#'
#' @section REDCap:
#' The first field is the id. `radio` and `dropdown` become `nominal`, `checkbox`
#' `multicode`, `yesno` and `truefalse` `flag`; text fields follow their validation
#' (`date_*`, `integer`, `number`; `date_dmy` and `date_mdy` give the `pattern` `dmy` or
#' `mdy`, in which a date may be typed), `slider` and `calc` become `number`. Field notes are
#' instructions, an identifier is `restricted`, and branching logic becomes `relevant`,
#' an expression over the labels. Project missing data codes are not in the dictionary:
#' give them as `missing_codes`, and they become codes of every field but the id.
#'
#' @section XLSForm:
#' `select_one` becomes `nominal`, `select_multiple` `multicode` (cells separated by
#' spaces, as the servers export them), `integer`, `decimal`, `range`, `date` and `text`
#' the types of these names. `relevant` (of groups too) and `required` are carried over;
#' a `constraint` of the form `. >= 0 and . <= 9` becomes `min` and `max`, `regex(.,
#' '...')` a pattern, any other a rule. The choices' extra columns `score`, `missing`,
#' `parent` and `aliases` are read where they are there, and written. The id is the
#' first question called `case`, `id` or ending in `_id`, if there is one.
#'
#' @param file A file or folder.
#' @param missing_codes For REDCap and XLSForm: a data frame with the columns `code` and
#'   `label`, and optionally `missing` (`not_known`, `not_recorded` or `not_applicable`;
#'   `not_known` if not given). Choices with these codes are marked as missing.
#' @param x A codebook.
#' @param form For writing: `"csv"` (a folder), `"xlsx"`, `"json"`, `"redcap"` (a `.csv`
#'   file) or `"xlsform"` (an `.xlsx` file). If not given, it follows from the ending of
#'   `file`: none or a folder that exists is csv, `.csv` is REDCap.
#' @return `read_codebook()`: a `codebook`. `write_codebook()`: `x`, invisibly, with
#'   what could not be written in [codebook_losses()].
#' @section Errors:
#' Of class `casereview_error_argument`, naming the file, and the sheet, row or
#' variable.
#' @references Harris PA et al. (2009). Research electronic data capture (REDCap).
#'   *Journal of Biomedical Informatics* 42, 377-381. XLSForm specification,
#'   xlsform.org.
#' @examples
#' folder <- file.path(tempdir(), "codebook")
#' write_codebook(cafcass_codebook(), folder)
#' read_codebook(folder)$variables[1:3, 1:3]
#' @export
read_codebook <- function(file, missing_codes = NULL) {
  file <- check_path(file, "file")
  missing_codes <- check_missing_codes(missing_codes)
  if (!file.exists(file)) {
    stop_argument("`file` must be a file or folder; \"", file, "\" does not exist.")
  }
  tryCatch(read_form(file, missing_codes), casereview_error_argument = function(e) {
    stop_argument("In \"", basename(file), "\": ", conditionMessage(e))
  })
}

read_form <- function(file, missing_codes) {
  if (dir.exists(file)) return(read_folder(file))
  switch(tolower(tools::file_ext(file)),
    json = read_json(file), csv = , txt = , tsv = read_csv_form(file, missing_codes),
    xlsx = , xlsm = , xls = read_workbook(file, missing_codes),
    stop_argument("a codebook is a folder of csv files, or a file that ends in .xlsx, .json or ",
      ".csv.")
  )
}

check_missing_codes <- function(x) {
  if (is.null(x)) return(NULL)
  x <- check_data(x, "missing_codes")
  check_columns(c("code", "label"), names(x), "missing_codes")
  out <- data.frame(code = text_column(x$code, "Column \"code\" of `missing_codes`"),
    label = text_column(x$label, "Column \"label\" of `missing_codes`"))
  out$missing <- rep("", nrow(x))
  if (!is.null(x$missing)) {
    out$missing <- text_column(x$missing, "Column \"missing\" of `missing_codes`")
  }
  out$missing[!nzchar(out$missing)] <- "not_known"
  bad <- setdiff(out$missing, missing_words)
  if (length(bad)) {
    stop_argument("Column \"missing\" of `missing_codes` must hold ",
      list_some(missing_words), ", not ", list_some(bad), ".")
  }
  out
}

# ---- the package's own forms ----

form_parts <- c(codebook = "codebook", variables = "variables", codes = "codes",
  rules = "rules")

# A codebook from its tables, and the table of title and version.
codebook_from <- function(parts) {
  codebook(parts$variables, parts$codes, parts$rules, first_field(parts$codebook, "title"),
    first_field(parts$codebook, "version"))
}

# The first value of a column; NULL where there is none or it is blank.
first_field <- function(table, name) {
  value <- if (NROW(table)) table[[name]][1L]
  if (length(value) && nzchar(trimws(value))) value
}

read_folder <- function(folder) {
  files <- vapply(form_parts, function(part) file.path(folder, paste0(part, ".csv")), "")
  if (!file.exists(files[["variables"]])) {
    stop_argument("the folder has no file variables.csv.")
  }
  parts <- lapply(files[file.exists(files)], function(file) {
    tryCatch(csv_table(file), casereview_error_argument = function(e) {
      stop_argument(basename(file), ": ", conditionMessage(e))
    })
  })
  codebook_from(parts)
}

read_workbook <- function(file, missing_codes) {
  sheets <- workbook_sheets(file)
  key <- tolower(trimws(sheets))
  if (!"variables" %in% key && "survey" %in% key) {
    return(read_xlsform(file, sheets, missing_codes))
  }
  if (!"variables" %in% key) {
    stop_argument("the workbook has no sheet \"variables\" (nor \"survey\"); its sheets are ",
      list_some(sheets), ".")
  }
  parts <- lapply(form_parts, function(name) {
    if (name %in% key) sheet_table(file, sheets[match(name, key)])
  })
  if (is.null(parts$variables)) stop_argument("the sheet \"variables\" is empty.")
  codebook_from(parts)
}

read_json <- function(file) {
  need_package("jsonlite", "read json files")
  tree <- tryCatch(jsonlite::parse_json(file_text(file)), error = function(e) NULL)
  if (!is.list(tree) || is.null(names(tree)) || is.null(tree$variables)) {
    stop_argument("the file is not a codebook: a json object with \"variables\".")
  }
  known <- c("title", "version", "variables", "codes", "rules")
  unknown <- setdiff(names(tree), known)
  if (length(unknown)) stop_argument("the file has the unknown part ", list_some(unknown), ".")
  one <- function(name) if (!is.null(tree[[name]])) json_cell(tree[[name]], name)
  codebook(json_table(tree$variables, "variables"), json_table(tree$codes, "codes"),
    json_table(tree$rules, "rules"), one("title"), one("version"))
}

json_table <- function(rows, name) {
  if (!length(rows)) {
    needs <- codebook_needs[[name]]
    return(as.data.frame(stats::setNames(rep(list(character()), length(needs)), needs)))
  }
  objects <- vapply(rows, function(row) is.list(row) && !is.null(names(row)), NA)
  if (!is.null(names(rows)) || !all(objects)) {
    stop_argument("\"", name, "\" must be a list of objects, one a row.")
  }
  columns <- unique(unlist(lapply(rows, names)))
  cells <- lapply(columns, function(column) {
    vapply(rows, function(row) json_cell(row[[column]], column), "")
  })
  structure(cells, names = columns, row.names = .set_row_names(length(rows)),
    class = "data.frame")
}

json_cell <- function(cell, name) {
  if (is.null(cell)) return("")
  if (is.list(cell) || length(cell) != 1L) {
    stop_argument("\"", name, "\" must be one text or number.")
  }
  if (is.numeric(cell)) plain_number(cell) else as.character(cell)
}

read_csv_form <- function(file, missing_codes) {
  table <- csv_table(file)
  if (is_redcap(names(table))) return(read_redcap(table, missing_codes))
  if ("variable" %in% names(table)) {
    stop_argument("this is one table of a codebook; give the folder that holds variables.csv.")
  }
  stop_argument("the columns are not those of a REDCap data dictionary; they are ",
    list_some(names(table)), ".")
}
