# A table as it is to be shown, for every writer: labels, text and notes, and nothing else.
# What suppress() hid is not in it, so it cannot leave through a file.
#
# A layout is a list of `header` (a list of header rows, each a data frame of `label`,
# `from`, `to` over the columns of `body`), `stub_head`, `stub` (row labels), `depth`,
# `kind` (of each row), `body` (a character matrix) and `notes`.

table_layout <- function(x, ...) UseMethod("table_layout")

#' @export
table_layout.default <- function(x, ...) {
  if (!is.data.frame(x)) {
    stop_argument("`tables` must hold cross-tabulations or data frames, not ", describe(x), ".")
  }
  x <- check_data(x, "tables")
  body <- vapply(x, shown_text, character(nrow(x)))
  body <- matrix(body, nrow(x), length(x))
  list(
    header = list(header_row(names(x)[-1L])), stub_head = names(x)[1L],
    stub = if (length(x)) body[, 1L] else character(),
    depth = rep(0L, nrow(x)), kind = rep("level", nrow(x)),
    body = body[, -1L, drop = FALSE], notes = character()
  )
}

#' @export
table_layout.crosstab <- function(x, ...) {
  parts <- lapply(seq_len(nrow(x$strata)), function(s) print_matrix(x, s))
  if (length(axis_variables(x, "strata"))) parts <- Map(open_stratum, parts, entry_paths(x, "strata"))
  of <- function(what) unlist(lapply(parts, `[[`, what), use.names = FALSE)
  list(
    header = crosstab_header(x, parts), stub_head = axis_title(x, "rows"),
    stub = of("label"), depth = as.integer(of("depth")), kind = of("kind"),
    body = do.call(rbind, lapply(parts, `[[`, "body")), notes = table_note_lines(x)
  )
}

# A stratum opens with a row that names it, and its rows stand under it.
open_stratum <- function(part, label) {
  part$label <- c(label, part$label)
  part$depth <- c(0L, part$depth + 1L)
  part$kind <- c("stratum", part$kind)
  part$body <- rbind(rep("", ncol(part$body)), part$body)
  part
}

# A row of headers for each column variable, outer levels spanning their own; over the
# levels of a single variable, its name.
crosstab_header <- function(x, parts) {
  variables <- axis_variables(x, "columns")
  if (!length(variables)) return(list(header_row(parts[[1L]]$header)))
  inner <- header_row(x$columns$label)
  if (length(variables) == 1L) return(list(span_row(rep(axis_title(x, "columns"), nrow(inner))), inner))
  outer <- lapply(variables[-length(variables)], function(v) {
    span_row(ifelse(x$columns[[v]] == "Total" & x$columns$kind != "level", "", x$columns[[v]]))
  })
  c(outer, list(inner))
}

# Neighbours with one label become one header that spans them.
span_row <- function(labels) {
  runs <- rle(labels)
  to <- cumsum(runs$lengths)
  data.frame(label = runs$values, from = to - runs$lengths + 1L, to = to)
}

header_row <- function(labels) {
  data.frame(label = labels, from = seq_along(labels), to = seq_along(labels))
}

# One value of a data frame's column as a reader expects it.
shown_text <- function(x) {
  text <- if (is.numeric(x) && !is.object(x)) {
    vapply(x, format, character(1L), digits = 15L, trim = TRUE)
  } else {
    as.character(x)
  }
  text[is.na(x)] <- ""
  text
}

# The number that a text shows, or NA where it shows more or less than one number.
shown_number <- function(text) {
  plain <- grepl("^-?[0-9]{1,15}([.][0-9]+)?$", text)
  number <- rep(NA_real_, length(text))
  number[plain] <- as.double(text[plain])
  number
}

# Digits after the point in a text.
shown_digits <- function(text) {
  ifelse(grepl("[.]", text), nchar(sub("^.*[.]", "", text)), 0L)
}
