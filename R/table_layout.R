# A table as it is to be shown, for every writer: labels, text and notes, and nothing else.
# What suppress() hid is not in it, so it cannot leave through a file.
#
# A layout is a list of `header` (a list of header rows, each a data frame of `label`,
# `from`, `to` over the columns of `body`), `stub_head`, `stub` (row labels), `depth`,
# `kind` (of each row), `body` (a character matrix), `left` (of each column of `body`:
# whether it holds text), `values` (`NULL`, or the numbers of a data frame: a list of the
# stub and each column, `NULL` where it holds text), `style` (how the texts of a
# cross-tabulation are made, see crosstab_text.R, or `NULL`) and `notes`.

table_layout <- function(x, ...) UseMethod("table_layout")

#' @export
table_layout.default <- function(x, ...) {
  if (!is.data.frame(x)) {
    stop_argument("`tables` must hold cross-tabulations or data frames, not ", describe(x), ".")
  }
  x <- check_data(x, "tables")
  if (!length(x)) stop_argument("`tables` holds a data frame without columns.")
  body <- matrix(vapply(x, shown_text, character(nrow(x))), nrow(x), length(x))
  number <- vapply(x, is_plain_number, NA)
  values <- lapply(seq_along(x), function(j) if (number[j]) as.vector(x[[j]]))
  list(
    header = list(header_row(names(x)[-1L])), stub_head = names(x)[1L], stub = body[, 1L],
    depth = rep(0L, nrow(x)), kind = rep("level", nrow(x)), body = body[, -1L, drop = FALSE],
    left = !number[-1L], values = values, notes = character()
  )
}

#' @export
table_layout.crosstab <- function(x, ...) {
  check_crosstab(x, "x")
  strata <- seq_len(nrow(x$strata))
  parts <- lapply(strata, function(s) print_matrix(x, s))
  named <- has_axis(x, "strata")
  if (named) parts <- Map(open_stratum, parts, entry_paths(x, "strata"))
  of <- function(what) unlist(lapply(parts, `[[`, what), use.names = FALSE)
  body <- do.call(rbind, lapply(parts, `[[`, "body"))
  if (is.null(body)) body <- matrix("", 0L, nrow(x$columns))
  list(
    header = crosstab_header(x, parts), stub_head = axis_title(x, "rows"),
    stub = as.character(of("label")), depth = as.integer(of("depth")),
    kind = as.character(of("kind")), body = body, left = rep(FALSE, ncol(body)),
    style = layout_style(x, ncol(body)), notes = table_note_lines(x)
  )
}

# The template behind each text, unless each column shows a quantity of its own.
layout_style <- function(x, n_columns) {
  if (!has_axis(x, "columns") && n_columns > 1L) return(NULL)
  if (is.null(x$spec$style)) default_style(x$spec) else x$spec$style
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
  if (!length(variables)) return(list(header_row(if (length(parts)) parts[[1L]]$header else "n")))
  inner <- header_row(x$columns$label)
  if (length(variables) == 1L) {
    title <- rep(axis_title(x, "columns"), nrow(inner))
    return(list(span_row(with_block_name(x, "columns", x$columns$block, title)), inner))
  }
  names <- names(x$spec$axes$columns)[x$columns$block]
  outer <- lapply(variables[-length(variables)], function(v) {
    value <- entry_values(x$columns, v)
    span_row(ifelse(value == "Total" & x$columns$kind != "level", "", value))
  })
  part <- x$columns$kind == "subtotal" & outer_labels(outer[[length(outer)]]) == inner$label
  inner$label[part] <- "Total"
  c(if (length(names)) list(span_row(ifelse(is.na(names), "", names))), outer, list(inner))
}

# The label over each column.
outer_labels <- function(row) rep(row$label, row$to - row$from + 1L)

# Neighbours with one label become one header that spans them.
span_row <- function(labels) {
  runs <- rle(labels)
  to <- cumsum(runs$lengths)
  data.frame(label = runs$values, from = to - runs$lengths + 1L, to = to)
}

header_row <- function(labels) {
  data.frame(label = labels, from = seq_along(labels), to = seq_along(labels))
}

# Header rows as one: "2014 / Fatal"; a name that spans all columns says nothing there.
flat_header <- function(layout) {
  n <- ncol(layout$body)
  if (!n) return(character())
  rows <- layout$header
  spans_all <- vapply(rows, function(row) nrow(row) == 1L && n > 1L, NA)
  rows <- lapply(rows[!spans_all], function(row) {
    label <- character(n)
    for (i in seq_len(nrow(row))) label[row$from[i]:row$to[i]] <- row$label[i]
    label
  })
  apply(matrix(unlist(rows), nrow = n), 1L, function(x) {
    paste(unique(x[nzchar(x)]), collapse = " / ")
  })
}

# ---- values and texts ----

is_plain_number <- function(x) is.numeric(x) && (!is.object(x) || inherits(x, "haven_labelled"))

# One column of a data frame as a reader expects it; nothing where there is no value.
shown_text <- function(x) {
  if (inherits(x, "haven_labelled")) x <- as.vector(unclass(x))
  text <- if (is.numeric(x) && !is.object(x)) {
    vapply(x, format, character(1L), digits = 7L, trim = TRUE, scientific = 9L)
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

# The quantities that a style puts into one text, each in a column of its own: a list of
# `field` (their headings) and `texts` (a matrix a quantity), or NULL where there is one.
# A text that is not made by the style (a symbol, a word) stands in the first column alone.
text_quantities <- function(body, style) {
  if (is.null(style)) return(NULL)
  pieces <- style_parts(style)
  fields <- pieces$field[nzchar(pieces$field)]
  if (length(fields) < 2L || anyDuplicated(fields)) return(NULL)
  plain <- gsub("([][{}()+*^$|\\\\?.])", "\\\\\\1", pieces$plain)
  after <- c("", pieces$field)[seq_along(plain)]
  plain <- ifelse(after == "percent", sub("^%", "%?", plain), plain)
  group <- ifelse(nzchar(pieces$field), "([^ ()]*)", "")
  pattern <- paste0("^", paste0(plain, group, collapse = ""), "$")
  made <- grepl(pattern, body)
  percent <- grepl("{percent}%", style, fixed = TRUE)
  texts <- lapply(seq_along(fields), function(k) {
    out <- if (k == 1L) body else array("", dim(body))
    out[made] <- sub(pattern, paste0("\\", k), body[made])
    sign <- made & fields[k] == "percent" & percent & !is.na(shown_number(out))
    out[sign] <- paste0(out[sign], "%")
    out
  })
  list(field = gsub("_", " ", sub("^percent$", "%", fields), fixed = TRUE), texts = texts)
}

# The stub and the body as one matrix of texts, with all its columns where there is no row.
layout_cells <- function(layout, stub = layout$stub, body = layout$body) {
  matrix(c(stub, body), nrow(layout$body), ncol(layout$body) + 1L)
}
