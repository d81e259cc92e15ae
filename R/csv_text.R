# Reading and writing csv files without losing or guessing anything: every field is
# text.

# The whole of a file as one UTF-8 text. A byte-order mark decides; without one the text
# is UTF-8 if it can be, else Windows-1252 (the usual "latin1").
file_text <- function(file) {
  bytes <- readBin(file, "raw", file.size(file))
  if (length(bytes) >= 2L && (all(bytes[1:2] == as.raw(c(0xff, 0xfe))) ||
    all(bytes[1:2] == as.raw(c(0xfe, 0xff))))) {
    return(iconv(list(bytes), "UTF-16", "UTF-8"))
  }
  if (length(bytes) >= 3L && all(bytes[1:3] == as.raw(c(0xef, 0xbb, 0xbf)))) {
    bytes <- bytes[-(1:3)]
  }
  if (any(bytes == as.raw(
    0L))) stop_argument("the file is not text: it holds a null byte.")
  text <- rawToChar(bytes)
  if (!validUTF8(text)) {
    other <- iconv(text, "CP1252", "UTF-8")
    text <- if (is.na(other)) iconv(text, "latin1", "UTF-8") else other
  }
  Encoding(text) <- "UTF-8"
  text
}

# A csv file as a data frame of texts ("" where empty), by the header of its first line.
# Separators are found among comma, semicolon and tab; fields may hold quoted line
# breaks.
csv_table <- function(file) {
  text <- file_text(file)
  if (is.na(text)) stop_argument("the file is not text in an encoding that is known.")
  if (!nzchar(trimws(text))) stop_argument("the file is empty.")
  table_of_records(csv_records(text))
}

# Every record as a character vector; records without any text are left out.
csv_records <- function(text) {
  bytes <- as.integer(charToRaw(text))
  inside <- cumsum(bytes == 34L) %% 2L == 1L
  if (length(inside) &&
    inside[length(inside)]) stop_argument("a quotation mark is not closed.")
  after <- c(bytes[-1L], 0L)
  drop <- bytes == 13L & after == 10L & !inside
  bytes <- bytes[!drop]
  inside <- inside[!drop]
  bytes[bytes == 13L & !inside] <- 10L
  line <- bytes == 10L & !inside
  separator <- csv_separator(bytes, inside, line)
  cut <- which(line | (bytes == separator & !inside))
  from <- c(1L, cut + 1L)
  to <- c(cut - 1L, length(bytes))
  record <- cumsum(c(0L, line[cut]))
  fields <- csv_fields(bytes, from, to)
  records <- unname(split(fields, record))
  Filter(function(record) any(nzchar(trimws(record))), records)
}

csv_separator <- function(bytes, inside, line) {
  end <- which(line)
  head <- bytes[seq_len(if (length(end)) end[1L] else length(bytes))]
  open <- !inside[seq_along(head)]
  candidates <- c(44L, 59L, 9L)
  candidates[which.max(vapply(candidates, function(one) sum(head[open] == one), 1))]
}

csv_fields <- function(bytes, from, to) {
  raw <- as.raw(bytes)
  fields <- vapply(seq_along(from), function(i) {
    if (to[i] < from[i]) "" else rawToChar(raw[from[i]:to[i]])
  }, "")
  Encoding(fields) <- "UTF-8"
  quoted <- nchar(fields, "bytes") >= 2L & startsWith(fields, "\"") & endsWith(fields,
    "\"")
  inner <- substr(fields[quoted], 2L, nchar(fields[quoted]) - 1L)
  fields[quoted] <- gsub("\"\"", "\"", inner, fixed = TRUE)
  fields
}

# Records under the names of the first one.
table_of_records <- function(records) {
  head <- unname(trimws(records[[1L]]))
  while (length(head) > 1L && !nzchar(head[length(head)])) head <- head[-length(head)]
  rows <- records[-1L]
  for (i in seq_along(rows)) {
    extra <- rows[[i]][-seq_along(head)]
    if (any(nzchar(trimws(extra)))) {
      stop_argument("row ", i, " has ", length(rows[[i]]),
        " fields where the header has ",
        length(head), ".")
    }
  }
  columns <- lapply(seq_along(head), function(j) {
    value <- vapply(rows, `[`, "", j)
    value <- as.character(value)
    value[is.na(value)] <- ""
    value
  })
  names_table(columns, head, length(rows))
}

# Columns under their names; a column without a name must be empty.
names_table <- function(columns, head, n) {
  unnamed <- !nzchar(head)
  filled <- vapply(columns, function(value) any(nzchar(trimws(value))), NA)
  if (any(unnamed & filled)) {
    stop_argument("column ", which(unnamed & filled)[1L], " has values and no name.")
  }
  structure(columns[!unnamed], names = head[!unnamed], row.names = .set_row_names(n),
    class = "data.frame")
}

# A data frame of texts, logicals and numbers as csv text.
csv_text <- function(x) {
  cells <- lapply(x, function(value) {
    if (is.numeric(value)) value <- plain_number(value)
    value <- as.character(value)
    value[is.na(value)] <- ""
    quote_field(value)
  })
  lines <- if (nrow(x)) do.call(paste, c(unname(cells), list(sep = ",")))
  paste0(c(paste(quote_field(names(x)), collapse = ","), lines), "\n", collapse = "")
}

quote_field <- function(x) {
  quote <- grepl("[\",;\t\n\r]|^\\s|\\s$", x)
  x[quote] <- paste0("\"", gsub("\"", "\"\"", x[quote], fixed = TRUE), "\"")
  x
}

write_text_file <- function(text, file) {
  done <- tryCatch({
    writeBin(charToRaw(enc2utf8(text)), file)
    TRUE
  }, error = function(e) FALSE, warning = function(w) FALSE)
  if (!done) stop_argument("The file \"", file, "\" cannot be written.")
  invisible(file)
}
