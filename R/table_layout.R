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
  n_rows <- nrow(x$rows)
  n_columns <- nrow(x$columns)
  n_strata <- nrow(x$strata)
  body <- matrix(x$cells$text, ncol = n_columns, byrow = TRUE)
  stub <- rep(x$rows$label, n_strata)
  depth <- rep(as.integer(x$rows$depth), n_strata)
  kind <- rep(x$rows$kind, n_strata)
  if (n_strata > 1L) {
    # each stratum opens with a row that names it
    at <- unlist(lapply(seq_len(n_strata), function(s) {
      c(NA, (s - 1L) * n_rows + seq_len(n_rows))
    }))
    opens <- is.na(at)
    body <- body[at, , drop = FALSE]
    body[opens, ] <- ""
    stub <- ifelse(opens, rep(x$strata$label, each = n_rows + 1L), stub[at])
    depth <- ifelse(opens, 0L, depth[at] + 1L)
    kind <- ifelse(opens, "stratum", kind[at])
  }
  list(
    header = crosstab_header(x), stub_head = crosstab_stub_head(x), stub = stub,
    depth = depth, kind = kind, body = body, notes = crosstab_notes(x)
  )
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
