#' @rdname read_codebook
#' @export
write_codebook <- function(x, file, form = NULL) {
  check_codebook(x, "x")
  file <- check_path(file, "file")
  form <- if (is.null(form)) form_of(file) else {
    check_choice(form, "form", c("csv", "xlsx", "json", "redcap", "xlsform"))
  }
  x <- codebook(x$variables, x$codes, x$rules, x$title, x$version)
  if (!dir.exists(dirname(file))) {
    stop_argument("`file` must be in a folder that exists; \"", dirname(file),
      "\" does not.")
  }
  lost <- switch(form,
    csv = write_folder(x, file), xlsx = write_workbook(x, file), json = write_json(x, file),
    redcap = write_redcap(x, file), xlsform = write_xlsform(x, file)
  )
  if (NROW(lost)) {
    message(counted_noun(nrow(lost), "part"),
      " of the codebook could not be written to this form: ",
      "codebook_losses(write_codebook(x, file)) lists them.")
  }
  invisible(with_losses(x, lost))
}

form_of <- function(file) {
  ending <- tolower(tools::file_ext(file))
  if (dir.exists(file) || !nzchar(ending)) return("csv")
  form <- c(xlsx = "xlsx", json = "json", csv = "redcap")[ending]
  if (is.na(form)) {
    stop_argument("`file` must be a folder or end in .xlsx, .json or .csv, not \"",
      file, "\".")
  }
  unname(form)
}

about_table <- function(x) {
  text <- function(value) if (is.null(value)) "" else value
  data.frame(title = text(x$title), version = text(x$version))
}

write_folder <- function(x, folder) {
  if (file.exists(folder) && !dir.exists(folder)) {
    stop_argument("`file` must be a folder; \"", folder, "\" is a file.")
  }
  dir.create(folder, showWarnings = FALSE)
  about <- file.path(folder, "codebook.csv")
  if (is.null(x$title) && is.null(x$version)) {
    unlink(about)
  } else {
    write_text_file(csv_text(about_table(x)), about)
  }
  for (part in c("variables", "codes", "rules")) {
    write_text_file(csv_text(x[[part]]), file.path(folder, paste0(part, ".csv")))
  }
  NULL
}

write_workbook <- function(x, file) {
  write_sheets(list(codebook = about_table(x), variables = x$variables,
    codes = excel_scores(x$codes), rules = x$rules), file)
  NULL
}

# Scores that a number cell gives back exactly stay numbers; the rest is written as
# text.
excel_scores <- function(codes) {
  score <- codes$score
  given <- score[!is.na(score)]
  if (any(as.double(sprintf("%.15g", given)) != given)) {
    codes$score <- ifelse(is.na(score), "", plain_number(score))
  }
  codes
}

write_json <- function(x, file) {
  need_package("jsonlite", "write json files")
  tree <- c(
    Filter(Negate(is.null), x[c("title", "version")]),
    lapply(x[c("variables", "codes", "rules")], json_rows)
  )
  write_text_file(paste0(jsonlite::toJSON(tree, auto_unbox = TRUE, pretty = TRUE), "\n"),
    file)
  NULL
}

# Rows as lists of what is given; numbers as the shortest text that gives them back.
json_rows <- function(table) {
  lapply(split_rows(table), function(row) {
    row <- row[!vapply(row, function(cell) is.na(cell) || identical(cell, "") ||
      identical(cell, FALSE), NA)]
    lapply(row, function(cell) {
      if (is.numeric(cell)) structure(plain_number(cell), class = "json") else cell
    })
  })
}
