#' Write tables to Word, Excel, a web page, Markdown or csv
#'
#' Writes only what a table shows: the printed text of each cell, its labels and its
#' notes. What [suppress()] has hidden is in none of the files.
#'
#' @param tables A named list of cross-tabulations (see [crosstab()]) or data frames, or
#'   one of them. The names are the captions, and in a workbook the names of the sheets.
#' @param file Path of the file to write; its ending decides the form: `.docx` (needs the
#'   packages flextable and officer; captions are numbered by Word), `.xlsx` (needs
#'   openxlsx; one sheet a table and a sheet of contents, numbers stay numbers), `.html`
#'   (one page that needs nothing else, with captions and row and column headers marked
#'   for screen readers), `.md` (pipe tables) or `.csv` (long form: one row a cell, with
#'   the columns of `as.data.frame()` and `table` in front). A file that is there is
#'   replaced.
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
  file <- check_string(file, "file")
  tables <- check_tables(tables)
  writers <- list(
    docx = write_docx, xlsx = write_xlsx, html = write_html, htm = write_html,
    md = write_markdown, csv = write_long
  )
  ending <- tolower(tools::file_ext(file))
  if (!ending %in% names(writers)) {
    stop_argument("`file` must end in .docx, .xlsx, .html, .md or .csv, not ",
      describe(file), ".")
  }
  if (!dir.exists(dirname(file))) {
    stop_argument("`file` names a folder that is not there: ", describe(dirname(file)), ".")
  }
  writers[[ending]](tables, file)
  invisible(file)
}

check_tables <- function(tables) {
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
    stop_argument("`tables` has more than one table called ", list_some(names[duplicated(names)]), ".")
  }
  tables
}

# ---- csv: long form ----

write_long <- function(tables, file) {
  frames <- lapply(names(tables), function(name) {
    frame <- as.data.frame(tables[[name]])
    frame[] <- lapply(frame, function(x) if (is.factor(x)) as.character(x) else x)
    cbind(table = rep(name, nrow(frame)), frame)
  })
  columns <- unique(unlist(lapply(frames, names)))
  frames <- lapply(frames, function(frame) {
    for (name in setdiff(columns, names(frame))) frame[[name]] <- rep(NA, nrow(frame))
    frame[columns]
  })
  utils::write.csv(do.call(rbind, frames), file, row.names = FALSE, na = "", fileEncoding = "UTF-8")
}

# ---- Markdown ----

layout_markdown <- function(layout, caption) {
  head <- c(layout$stub_head, flat_header(layout))
  body <- cbind(indented(layout, "\u2003"), layout$body)
  escape <- function(x) gsub("\n", " ", gsub("|", "\\|", x, fixed = TRUE), fixed = TRUE)
  line <- function(x) paste0("| ", paste(escape(x), collapse = " | "), " |")
  rule <- c(":---", rep("---:", length(head) - 1L))
  rows <- vapply(seq_len(nrow(body)), function(i) line(body[i, ]), character(1L))
  notes <- if (length(layout$notes)) c("", layout$notes)
  c(paste0("**", caption, "**"), "", line(head), line(rule), rows, notes, "")
}

# Header rows as one: "2014 / Fatal".
flat_header <- function(layout) {
  n <- ncol(layout$body)
  rows <- lapply(layout$header, function(row) {
    label <- character(n)
    for (i in seq_len(nrow(row))) label[row$from[i]:row$to[i]] <- row$label[i]
    label
  })
  apply(matrix(unlist(rows), nrow = n), 1L, function(x) paste(unique(x[nzchar(x)]), collapse = " / "))
}

indented <- function(layout, space) {
  paste0(strrep(space, layout$depth), layout$stub)
}

write_markdown <- function(tables, file) {
  lines <- unlist(Map(function(x, name) layout_markdown(table_layout(x), name), tables, names(tables)))
  write_lines(lines, file)
}

write_lines <- function(lines, file) {
  connection <- file(file, "wb")
  on.exit(close(connection))
  writeLines(enc2utf8(lines), connection, sep = "\n", useBytes = TRUE)
}

# ---- a web page ----

escape_html <- function(x) {
  x <- gsub("&", "&amp;", x, fixed = TRUE)
  x <- gsub("<", "&lt;", x, fixed = TRUE)
  gsub("\"", "&quot;", gsub(">", "&gt;", x, fixed = TRUE), fixed = TRUE)
}

# One table as HTML, with its caption, headers marked by `scope`, and its notes.
html_lines <- function(layout, caption) {
  c(
    "<table class=\"casereview\">",
    paste0("<caption>", escape_html(caption), "</caption>"),
    "<thead>", html_head(layout), "</thead>", "<tbody>", html_body(layout), "</tbody>",
    html_notes(layout), "</table>"
  )
}

html_head <- function(layout) {
  n_head <- length(layout$header)
  vapply(seq_len(n_head), function(i) {
    row <- layout$header[[i]]
    span <- row$to - row$from + 1L
    scope <- ifelse(span > 1L, "colgroup", "col")
    cells <- paste0("<th scope=\"", scope, "\" colspan=\"", span, "\">", escape_html(row$label), "</th>")
    corner <- if (i == 1L) {
      paste0("<th scope=\"col\" rowspan=\"", n_head, "\">", escape_html(layout$stub_head), "</th>")
    }
    paste0("<tr>", corner, paste(cells, collapse = ""), "</tr>")
  }, character(1L))
}

html_body <- function(layout) {
  vapply(seq_len(nrow(layout$body)), function(i) {
    paste0(
      "<tr class=\"", layout$kind[i], "\"><th scope=\"row\" class=\"depth", layout$depth[i], "\">",
      escape_html(layout$stub[i]), "</th>",
      paste0("<td>", escape_html(layout$body[i, ]), "</td>", collapse = ""), "</tr>"
    )
  }, character(1L))
}

html_notes <- function(layout) {
  if (!length(layout$notes)) return(NULL)
  paste0(
    "<tfoot><tr><td colspan=\"", ncol(layout$body) + 1L, "\">",
    paste(escape_html(layout$notes), collapse = "<br>"), "</td></tr></tfoot>"
  )
}

html_style <- function() {
  c(
    "body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem;color:#222}",
    "table.casereview{border-collapse:collapse;margin:1.5rem 0;display:block;overflow-x:auto}",
    "table.casereview caption{text-align:left;font-weight:600;padding:.3rem 0}",
    "table.casereview th,table.casereview td{padding:.25rem .7rem;vertical-align:top}",
    "table.casereview thead th{border-bottom:1px solid #444;text-align:right}",
    "table.casereview thead th:first-child,table.casereview tbody th{text-align:left;font-weight:400}",
    "table.casereview thead th[scope=colgroup]{text-align:center}",
    "table.casereview td{text-align:right;font-variant-numeric:tabular-nums}",
    "table.casereview th.depth1{padding-left:1.6rem}table.casereview th.depth2{padding-left:2.6rem}",
    "table.casereview th.depth3{padding-left:3.6rem}",
    "table.casereview tr.subtotal>*,table.casereview tr.total>*,table.casereview tr.stratum>*{font-weight:600}",
    "table.casereview tr.total>*{border-top:1px solid #999}",
    "table.casereview tfoot td{text-align:left;font-size:.85em;color:#444;border-top:1px solid #444}",
    "@media print{body{margin:0;max-width:none}table.casereview{break-inside:avoid}}"
  )
}

write_html <- function(tables, file) {
  bodies <- Map(function(x, name) html_lines(table_layout(x), name), tables, names(tables))
  write_lines(c(
    "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    "<title>Tables</title>", "<style>", html_style(), "</style>", "</head>", "<body>",
    unlist(bodies), "</body>", "</html>"
  ), file)
}

# ---- Excel ----

write_xlsx <- function(tables, file) {
  need_package("openxlsx", "write Excel workbooks")
  book <- openxlsx::createWorkbook()
  sheets <- sheet_names(names(tables))
  openxlsx::addWorksheet(book, "Contents")
  openxlsx::writeData(book, "Contents", data.frame(Sheet = sheets, Table = names(tables)))
  openxlsx::setColWidths(book, "Contents", 1:2, c(32, 80))
  for (i in seq_along(tables)) {
    openxlsx::addWorksheet(book, sheets[i])
    fill_sheet(book, sheets[i], table_layout(tables[[i]]), names(tables)[i])
  }
  openxlsx::saveWorkbook(book, file, overwrite = TRUE)
}

# Excel allows 31 characters, none of these, no two names alike but for case, and
# "Contents" is taken.
sheet_names <- function(names) {
  clean <- strtrim(gsub("[]:*?/\\'[]", " ", names), 28L)
  clean[!nzchar(trimws(clean))] <- "Table"
  taken <- "contents"
  for (i in seq_along(clean)) {
    name <- clean[i]
    k <- 1L
    while (tolower(name) %in% taken) {
      k <- k + 1L
      name <- paste0(strtrim(clean[i], 31L - nchar(k) - 1L), " ", k)
    }
    clean[i] <- name
    taken <- c(taken, tolower(name))
  }
  clean
}

fill_sheet <- function(book, sheet, layout, caption) {
  bold <- openxlsx::createStyle(textDecoration = "bold")
  openxlsx::writeData(book, sheet, caption, startRow = 1L)
  openxlsx::addStyle(book, sheet, bold, 1L, 1L)
  row <- 3L
  for (header in layout$header) {
    for (i in seq_len(nrow(header))) {
      openxlsx::writeData(book, sheet, header$label[i], startCol = header$from[i] + 1L, startRow = row)
      if (header$to[i] > header$from[i]) {
        openxlsx::mergeCells(book, sheet, cols = (header$from[i]:header$to[i]) + 1L, rows = row)
      }
    }
    row <- row + 1L
  }
  openxlsx::writeData(book, sheet, layout$stub_head, startRow = row - 1L)
  heads <- 3L:(row - 1L)
  columns <- seq_len(ncol(layout$body) + 1L)
  openxlsx::addStyle(book, sheet, openxlsx::createStyle(
    textDecoration = "bold", border = "bottom", wrapText = TRUE, valign = "top"
  ), heads, columns, gridExpand = TRUE)
  fill_body(book, sheet, layout, row)
  openxlsx::setColWidths(book, sheet, 1L, min(60, max(12, nchar(layout$stub), 0) + 2))
  if (length(layout$notes)) {
    openxlsx::writeData(book, sheet, layout$notes, startRow = row + nrow(layout$body) + 1L)
  }
}

# Text that shows one number is written as that number, with the digits that it shows.
fill_body <- function(book, sheet, layout, first) {
  for (i in seq_len(nrow(layout$body))) {
    at <- first + i - 1L
    openxlsx::writeData(book, sheet, layout$stub[i], startRow = at)
    if (layout$depth[i] > 0L) {
      openxlsx::addStyle(book, sheet, openxlsx::createStyle(indent = layout$depth[i]), at, 1L)
    }
    for (j in seq_len(ncol(layout$body))) {
      text <- layout$body[i, j]
      number <- shown_number(text)
      value <- if (is.na(number)) text else number
      openxlsx::writeData(book, sheet, value, startCol = j + 1L, startRow = at)
      digits <- shown_digits(text)
      form <- if (is.na(number)) "GENERAL" else if (digits) paste0("0.", strrep("0", digits)) else "0"
      style <- openxlsx::createStyle(numFmt = form, halign = "right")
      openxlsx::addStyle(book, sheet, style, at, j + 1L)
    }
  }
}

# ---- Word ----

write_docx <- function(tables, file) {
  need_package("officer", "write Word documents")
  need_package("flextable", "write Word documents")
  document <- officer::read_docx()
  for (name in names(tables)) {
    caption <- officer::block_caption(
      name, style = "Normal", autonum = officer::run_autonum(seq_id = "table", pre_label = "Table ")
    )
    document <- officer::body_add_caption(document, caption)
    document <- flextable::body_add_flextable(document, layout_flextable(table_layout(tables[[name]])))
    document <- officer::body_add_par(document, "")
  }
  print(document, target = file)
}

#' A cross-tabulation as a flextable
#'
#' The method for [flextable::as_flextable()]: spanning headers, indented rows, figures to
#' the right, notes under the table.
#' @param x A [crosstab()].
#' @param ... Not used.
#' @return A `flextable`.
#' @exportS3Method flextable::as_flextable
#' @keywords internal
as_flextable.crosstab <- function(x, ...) {
  need_package("flextable", "make a flextable")
  layout_flextable(table_layout(x))
}

layout_flextable <- function(layout) {
  body <- as.data.frame(cbind(layout$stub, layout$body))
  names(body) <- paste0("c", seq_along(body))
  table <- flextable::flextable(body)
  last <- layout$header[[length(layout$header)]]
  table <- flextable::set_header_labels(
    table, values = as.list(stats::setNames(c(layout$stub_head, last$label), names(body)))
  )
  for (header in rev(layout$header[-length(layout$header)])) {
    table <- flextable::add_header_row(
      table, values = c("", header$label), colwidths = c(1L, header$to - header$from + 1L)
    )
  }
  table <- flextable::align(table, j = -1L, align = "right", part = "all")
  table <- flextable::padding(table, j = 1L, padding.left = 4 + 12 * layout$depth, part = "body")
  strong <- which(layout$kind %in% c("total", "subtotal", "stratum"))
  if (length(strong)) table <- flextable::bold(table, i = strong, part = "body")
  if (length(layout$notes)) table <- flextable::add_footer_lines(table, layout$notes)
  flextable::autofit(table)
}
