# Tables as a workbook: what is printed, with numbers as numbers.

write_xlsx <- function(tables, file) {
  need_package("openxlsx", "write Excel workbooks")
  book <- openxlsx::createWorkbook(creator = "", title = "Tables")
  sheets <- sheet_names(names(tables))
  write_contents(book, sheets, names(tables))
  for (i in seq_along(tables)) {
    openxlsx::addWorksheet(book, sheets[i], orientation = "landscape", gridLines = FALSE)
    openxlsx::pageSetup(book, sheets[i], orientation = "landscape", fitToWidth = TRUE,
      fitToHeight = FALSE)
    fill_sheet(book, sheets[i], numeric_layout(table_layout(tables[[i]])), names(tables)[i])
  }
  save_workbook(book, file)
}

write_contents <- function(book, sheets, names) {
  openxlsx::addWorksheet(book, "Contents", gridLines = FALSE)
  openxlsx::pageSetup(book, "Contents", fitToWidth = TRUE, fitToHeight = FALSE)
  openxlsx::writeData(book, "Contents", t(c("Sheet", "Table")), colNames = FALSE)
  openxlsx::addStyle(book, "Contents", head_style(), rows = 1L, cols = 1:2)
  target <- paste0("#'", gsub("'", "''", sheets, fixed = TRUE), "'!A1")
  quoted <- function(x) paste0("\"", gsub("\"", "\"\"", x, fixed = TRUE), "\"")
  link <- paste0("HYPERLINK(", quoted(target), ", ", quoted(sheets), ")")
  openxlsx::writeFormula(book, "Contents", link, startRow = 2L)
  openxlsx::addStyle(book, "Contents",
    openxlsx::createStyle(fontColour = "#0B4F8A", textDecoration = "underline"),
    rows = seq_along(sheets) + 1L, cols = 1L)
  openxlsx::writeData(book, "Contents", excel_text(names), startCol = 2L, startRow = 2L,
    colNames = FALSE)
  openxlsx::setColWidths(book, "Contents", 1:2, c(34, 90))
}

# Excel allows 31 characters, none of these, no two names alike but for case, no quote at
# the ends; "Contents" is taken and Excel keeps "History" for itself.
sheet_names <- function(names) {
  clean <- trimws(strtrim(gsub("[]:*?/\\'[[:cntrl:]]", " ", names), 31L))
  clean[!nzchar(clean)] <- "Table"
  taken <- c("contents", "history")
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

# The layout with a column for each quantity of a cell, headed by its name.
numeric_layout <- function(layout) {
  parts <- text_quantities(layout$body, layout$style)
  if (is.null(parts)) return(layout)
  k <- length(parts$field)
  n <- ncol(layout$body)
  layout$body <- do.call(cbind, parts$texts)[, order(rep(seq_len(n), k)), drop = FALSE]
  layout$header <- lapply(layout$header, function(row) {
    row$from <- (row$from - 1L) * k + 1L
    row$to <- row$to * k
    row
  })
  layout$header <- c(layout$header, list(header_row(rep(parts$field, n))))
  layout$left <- rep(layout$left, each = k)
  layout
}

fill_sheet <- function(book, sheet, layout, caption) {
  openxlsx::writeData(book, sheet, excel_text(caption))
  bold <- openxlsx::createStyle(textDecoration = "bold", fontSize = 12)
  openxlsx::addStyle(book, sheet, bold, 1L, 1L)
  n_head <- length(layout$header)
  columns <- seq_len(ncol(layout$body) + 1L)
  head <- matrix(NA_character_, n_head, length(columns))
  for (i in seq_len(n_head)) head[i, layout$header[[i]]$from + 1L] <- layout$header[[i]]$label
  head[n_head, 1L] <- layout$stub_head
  head[] <- excel_text(head)
  openxlsx::writeData(book, sheet, as.data.frame(head), startRow = 3L, colNames = FALSE)
  style_head(book, sheet, layout)
  first <- 3L + n_head
  fill_body(book, sheet, layout, first)
  style_body(book, sheet, layout, first)
  lines <- body_lines(layout)
  long <- which(lines > 1)
  if (length(long)) openxlsx::setRowHeights(book, sheet, first + long - 1L, 15 * lines[long])
  openxlsx::freezePane(book, sheet, firstActiveRow = first, firstActiveCol = 2L)
  openxlsx::setColWidths(book, sheet, columns, sheet_widths(layout))
  notes <- first + nrow(layout$body) + 1L
  if (length(layout$notes)) fill_notes(book, sheet, layout, notes)
}

# The lines that the texts of each row take where they wrap.
body_lines <- function(layout) {
  texts <- layout_cells(layout)
  texts[, c(FALSE, !layout$left)] <- ""
  room <- sheet_widths(layout)[col(texts)]
  size <- nchar(texts, "width")
  lines <- ifelse(size + 2 > room, pmin(ceiling(size * 1.1 / room), 25), 1)
  apply(array(lines, dim(texts)), 1L, max, 1)
}

# Notes wrap in the width of their table, or of a line of text where it is narrow.
fill_notes <- function(book, sheet, layout, first) {
  widths <- sheet_widths(layout)
  beyond <- ceiling(max(0, 70 - sum(widths)) / 8.43)
  columns <- seq_len(length(widths) + beyond)
  lines <- ceiling(nchar(layout$notes, "width") / (sum(widths) + 8.43 * beyond))
  rows <- first + seq_along(layout$notes) - 1L
  openxlsx::writeData(book, sheet, excel_text(layout$notes), startRow = first)
  for (row in rows) openxlsx::mergeCells(book, sheet, columns, row)
  wrap <- openxlsx::createStyle(wrapText = TRUE, valign = "top")
  openxlsx::addStyle(book, sheet, wrap, rows, 1L)
  openxlsx::setRowHeights(book, sheet, rows, 15 * pmax(lines, 1))
}

style_head <- function(book, sheet, layout) {
  n_head <- length(layout$header)
  stub_number <- !is.null(layout$values) && !is.null(layout$values[[1L]])
  widths <- sheet_widths(layout)
  for (i in seq_len(n_head)) {
    row <- rbind(data.frame(label = "", from = 0L, to = 0L), layout$header[[i]])
    if (i == n_head) row$label[1L] <- layout$stub_head
    left <- c(!stub_number, layout$left)[row$from + 1L]
    side <- ifelse(row$to > row$from, "center", ifelse(left, "left", "right"))
    border <- c("top", "bottom")[c(i == 1L, i == n_head)]
    for (k in seq_len(nrow(row))) {
      at <- (row$from[k]:row$to[k]) + 1L
      style <- openxlsx::createStyle(textDecoration = "bold", wrapText = TRUE, valign = "bottom",
        halign = side[k], indent = if (side[k] == "left" && at[1L] > 1L) 1L,
        border = if (length(border)) border)
      openxlsx::addStyle(book, sheet, style, 2L + i, at)
      if (length(at) > 1L) openxlsx::mergeCells(book, sheet, at, 2L + i)
    }
    room <- mapply(function(from, to) sum(widths[(from:to) + 1L]), row$from, row$to)
    lines <- max(ceiling((nchar(row$label, "width") + 1L) / pmax(room - 1, 1)))
    openxlsx::setRowHeights(book, sheet, 2L + i, 15.5 * min(lines, 8L))
  }
}

# Text that shows one number is written as that number; a data frame's numbers as they are.
fill_body <- function(book, sheet, layout, first) {
  texts <- layout_cells(layout)
  for (j in seq_len(ncol(texts))) {
    number <- column_values(layout, texts[, j], j)
    if (any(!is.na(number))) write_runs(book, sheet, number, j, first)
    text <- texts[, j]
    text[!is.na(number) | !nzchar(text)] <- NA
    write_runs(book, sheet, excel_text(text), j, first)
  }
}

column_values <- function(layout, text, j) {
  if (!is.null(layout$values)) {
    value <- layout$values[[j]]
    if (is.null(value)) value <- rep(NA_real_, length(text))
    value <- as.double(value)
    value[!is.finite(value)] <- NA
    return(value)
  }
  if (j == 1L) return(rep(NA_real_, length(text)))
  percent <- endsWith(text, "%")
  shown_number(sub("%$", "", text)) / ifelse(percent, 100, 1)
}

# Each run of values between NAs as one block, so that no blank overwrites a value.
write_runs <- function(book, sheet, x, column, first) {
  runs <- rle(!is.na(x))
  to <- cumsum(runs$lengths)
  for (k in which(runs$values)) {
    from <- to[k] - runs$lengths[k] + 1L
    openxlsx::writeData(book, sheet, x[from:to[k]], startCol = column,
      startRow = first + from - 1L, colNames = FALSE)
  }
}

number_format <- function(text) {
  percent <- endsWith(text, "%")
  bare <- sub("%$", "", text)
  digits <- shown_digits(bare)
  form <- paste0("0", ifelse(digits > 0L, paste0(".", strrep("0", digits)), ""),
    ifelse(percent, "%", ""))
  ifelse(is.na(shown_number(bare)), "GENERAL", form)
}

# One style for all cells that look alike: openxlsx is slow where styles are laid over
# one another.
style_body <- function(book, sheet, layout, first) {
  n <- length(layout$stub)
  if (!n) return(invisible())
  stub_number <- !is.null(layout$values) && !is.null(layout$values[[1L]])
  form <- if (is.null(layout$values)) number_format(layout$body) else "GENERAL"
  form <- cbind(rep("GENERAL", n), array(form, dim(layout$body)))
  side <- ifelse(c(!stub_number, layout$left), "left", "right")[col(form)]
  indent <- ifelse(col(form) == 1L, layout$depth[row(form)], as.integer(side == "left"))
  strong <- (layout$kind %in% c("total", "subtotal", "stratum"))[row(form)]
  top <- (layout$kind == "total")[row(form)]
  bottom <- row(form) == n
  key <- paste(form, side, indent, strong, top, bottom)
  for (at in split(seq_along(key), key)) {
    one <- at[1L]
    border <- c("top", "bottom")[c(top[one], bottom[one])]
    style <- openxlsx::createStyle(numFmt = form[one], halign = side[one], valign = "top",
      indent = indent[one], textDecoration = if (strong[one]) "bold",
      border = if (length(border)) border, wrapText = side[one] == "left")
    openxlsx::addStyle(book, sheet, style, first + row(form)[at] - 1L, col(form)[at])
  }
}

sheet_widths <- function(layout) {
  last <- layout$header[[length(layout$header)]]$label
  wide <- function(x, least, most) min(most, max(least, nchar(x, "width") + 2L))
  body <- vapply(seq_len(ncol(layout$body)), function(j) {
    as.double(max(wide(layout$body[, j], 8L, 50L), wide(last[j], 8L, 14L)))
  }, 0)
  stub <- nchar(layout$stub, "width") + 2L * layout$depth
  c(min(60, max(12, stub + 2L, nchar(layout$stub_head, "width") + 2L)), body)
}
