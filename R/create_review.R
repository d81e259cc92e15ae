#' Start a review of one's own
#'
#' Lays out a folder for a review: codebook, workbook for data entry, coding sheet, ratings,
#' decisions and a report that renders at once on the example of the package and is then
#' given one's own cases.
#'
#' The same report is an R Markdown template of the package (in RStudio: New File, R
#' Markdown, From Template; else `rmarkdown::draft("report.Rmd", template = "case-review",
#' package = "casereview")`).
#'
#' @param path The folder to make. It must not exist, or be empty.
#' @param codebook The [codebook()] to begin with; by default that of the example. With
#'   another the sheets of the example are left out, and the names in the report's second
#'   chunk must be changed before it renders.
#' @param format `"rmarkdown"` (`report.Rmd`) or `"quarto"` (`report.qmd`).
#' @return `path`, invisibly. The folder holds `README.md`, `codebook/`,
#'   `coding-template.xlsx` (where the package openxlsx is installed), `coding.csv`,
#'   `ratings.csv`, `decisions.csv` and the report. With a codebook of one's own the three
#'   sheets have their headers and no rows.
#' @section Errors: Of class `casereview_error_argument` where `path` is a file, or a folder
#'   that holds anything, or cannot be made. Nothing is ever replaced.
#' @examples
#' folder <- file.path(tempdir(), "my-review")
#' create_review(folder)
#' list.files(folder)
#' unlink(folder, recursive = TRUE)
#' @export
create_review <- function(path, codebook = NULL, format = c("rmarkdown", "quarto")) {
  path <- check_path(path, "path")
  format <- check_choice(format, "format", c("rmarkdown", "quarto"))
  if (!is.null(codebook)) check_codebook(codebook)
  check_new_folder(path)
  if (!dir.exists(path) && !dir.create(path, recursive = TRUE, showWarnings = FALSE)) {
    stop_argument("The folder ", describe(path), " cannot be made.")
  }
  book <- if (is.null(codebook)) cafcass_codebook() else codebook
  write_codebook(book, file.path(path, "codebook"))
  if (requireNamespace("openxlsx", quietly = TRUE)) {
    coding_template(book, file.path(path, "coding-template.xlsx"))
  }
  if (is.null(codebook)) copy_example(path) else empty_sheets(path, codebook)
  write_report(path, format)
  invisible(path)
}

check_new_folder <- function(path) {
  if (file.exists(path) && !dir.exists(path)) {
    stop_argument("`path` is a file: ", describe(path), ".")
  }
  held <- list.files(path, all.files = TRUE, no.. = TRUE)
  if (length(held)) {
    stop_argument("`path` must be a new or empty folder; ", describe(path), " holds ",
      list_some(held), ".")
  }
}

package_file <- function(...) system.file(..., package = "casereview", mustWork = TRUE)

copy_example <- function(path) {
  from <- c(
    coding.csv = package_file("extdata", "cafcass-2014-coding.csv"),
    ratings.csv = package_file("extdata", "case-review", "ratings.csv"),
    decisions.csv = package_file("extdata", "case-review", "decisions.csv")
  )
  file.copy(from, file.path(path, names(from)))
}

# Headers alone: what a sheet of this codebook must have.
empty_sheets <- function(path, codebook) {
  header <- function(names) paste0(csv_text(text_columns(names)))
  items <- codebook$variables$variable[codebook$variables$type == "rating"]
  sheets <- list(
    coding.csv = setdiff(codebook$variables$variable, items),
    ratings.csv = c("case", "coder", "item", "rating"),
    decisions.csv = c("case", "item", "decision", "decided_by", "reason")
  )
  for (name in names(sheets)) write_text_file(header(sheets[[name]]), file.path(path, name))
}

text_columns <- function(names) {
  columns <- rep(list(character()), length(names))
  structure(columns, names = names, row.names = integer(), class = "data.frame")
}

# The report is written once, as R Markdown; for Quarto it has another heading.
write_report <- function(path, format) {
  lines <- readLines(package_file("rmarkdown", "templates", "case-review", "skeleton",
    "skeleton.Rmd"), encoding = "UTF-8")
  name <- "report.Rmd"
  render <- "`rmarkdown::render(\"report.Rmd\")`"
  if (format == "quarto") {
    heading <- readLines(package_file("templates", "quarto.yml"), encoding = "UTF-8")
    lines <- c(heading, lines[-seq_len(which(lines == "---")[2L])])
    name <- "report.qmd"
    render <- "`quarto render report.qmd`"
  }
  write_lines(lines, file.path(path, name))
  about <- readLines(package_file("templates", "project.md"), encoding = "UTF-8")
  about <- sub("REPORT", paste0("`", name, "`"), about, fixed = TRUE)
  write_lines(sub("RENDER", render, about, fixed = TRUE), file.path(path, "README.md"))
}
