# Tables as a Word document and as flextables.

write_docx <- function(tables, file) {
  need_package("officer", "write Word documents")
  need_package("flextable", "write Word documents")
  layouts <- lapply(tables, table_layout)
  wide <- any(vapply(layouts, function(layout) sum(text_inches(layout, 9.5)$need) > 6.4, NA))
  document <- page_setup(officer::read_docx(), wide)
  for (name in names(tables)) {
    document <- add_word_table(document, layouts[[name]], name, if (wide) 9.6 else 6.2)
  }
  document <- officer::set_doc_properties(document, title = "Tables", creator = "")
  # officer can bring R down where it may not write: it writes to a place of our own
  made <- tempfile(fileext = ".docx")
  on.exit(unlink(made))
  print(document, target = made)
  done <- suppressWarnings(file.copy(made, file, overwrite = TRUE))
  if (!done) stop_argument("The file \"", file, "\" cannot be written.")
}

page_setup <- function(document, wide) {
  officer::body_set_default_section(document, officer::prop_section(
    page_size = officer::page_size(width = 8.27, height = 11.69,
      orient = if (wide) "landscape" else "portrait"),
    page_margins = officer::page_mar(1, 1, 1, 1, 0.5, 0.5, 0)
  ))
}

# The caption, numbered by a field of Word, stays with its table, and a short table on one
# page.
add_word_table <- function(document, layout, caption, room) {
  bold <- officer::fp_text(bold = TRUE, font.size = 10.5, font.family = "Arial")
  number <- officer::run_autonum(seq_id = "table", pre_label = "Table ", post_label = ". ",
    prop = bold)
  line <- officer::fpar(number, officer::ftext(caption, bold),
    fp_p = officer::fp_par(text.align = "left", padding.bottom = 4, keep_with_next = TRUE))
  document <- officer::body_add_fpar(document, line)
  table <- fit_page(layout_flextable(layout), layout, room)
  document <- flextable::body_add_flextable(document, table, align = "left",
    keepnext = length(layout$stub) <= 20L)
  officer::body_add_par(document, "")
}

# For each column the inches that its texts need, and that its longest word needs.
text_inches <- function(layout, size) {
  last <- layout$header[[length(layout$header)]]$label
  inches <- function(n) n * 0.0086 * size + 0.16
  longest <- function(x) max(c(nchar(x, "width"), 1L))
  column <- function(j) {
    text <- if (j) layout$body[, j] else layout$stub
    head <- if (j) last[j] else layout$stub_head
    indent <- if (j) 0 else max(c(layout$depth, 0L)) * 0.17
    words <- unlist(strsplit(text, "[ \n-]"))
    bold <- 1.15
    words <- max(longest(words), bold * longest(unlist(strsplit(head, "[ \n-]"))))
    c(inches(max(longest(text), bold * min(longest(head), 14L), words)) + indent,
      inches(words) + indent)
  }
  both <- vapply(c(0L, seq_along(last)), column, numeric(2L))
  list(need = both[1L, ], least = both[2L, ])
}

# Columns as wide as they need; where that is too much, the widest give way and wrap, and
# where words would break the type is smaller.
fit_page <- function(table, layout, room) {
  size <- 9.5
  inches <- text_inches(layout, size)
  while (sum(inches$least) > room && size > 6.5) {
    size <- size - 0.5
    inches <- text_inches(layout, size)
  }
  if (size < 9.5) {
    table <- flextable::fontsize(table, size = size, part = "all")
    table <- flextable::padding(table, padding.left = 2, padding.right = 2, part = "header")
  }
  need <- shared_room(inches, room)
  flextable::set_table_properties(
    flextable::width(table, width = need), layout = "fixed", align = "left"
  )
}

shared_room <- function(inches, room) {
  if (sum(inches$need) <= room) return(inches$need)
  if (sum(inches$least) >= room) return(inches$least * room / sum(inches$least))
  capped <- function(cap) pmax(inches$least, pmin(inches$need, cap))
  low <- 0
  high <- max(inches$need)
  for (k in 1:40) {
    cap <- (low + high) / 2
    if (sum(capped(cap)) > room) high <- cap else low <- cap
  }
  capped(low)
}

#' A cross-tabulation as a flextable
#'
#' The method for [flextable::as_flextable()]: spanning headers, indented rows, figures to
#' the right, notes under the table.
#' @param x A [crosstab()].
#' @param caption The caption, one text.
#' @param ... Not used.
#' @return A `flextable`.
#' @exportS3Method flextable::as_flextable
#' @examples
#' if (requireNamespace("flextable", quietly = TRUE)) {
#'   cases <- data.frame(law = c("public", "private", "public"), fatal = c("yes", "no", "no"))
#'   flextable::as_flextable(crosstab(cases, law ~ fatal), caption = "Cases by law")
#' }
as_flextable.crosstab <- function(x, caption = NULL, ...) {
  caption <- check_string(caption, "caption", null = TRUE)
  need_package("flextable", "make a flextable")
  table <- flextable::autofit(layout_flextable(table_layout(x)))
  if (length(caption)) table <- flextable::set_caption(table, caption)
  table
}

layout_flextable <- function(layout) {
  # flextable cannot write a table without rows
  if (!length(layout$stub)) {
    layout[c("stub", "depth", "kind")] <- list("", 0L, "level")
    layout$body <- matrix("", 1L, ncol(layout$body))
  }
  body <- as.data.frame(layout_cells(layout))
  names(body) <- paste0("c", seq_along(body))
  table <- flextable::flextable(body)
  last <- layout$header[[length(layout$header)]]
  table <- flextable::delete_part(table, "header")
  table <- flextable::add_header_row(table, values = c(layout$stub_head, last$label),
    colwidths = c(1L, last$to - last$from + 1L))
  for (header in rev(layout$header[-length(layout$header)])) {
    table <- flextable::add_header_row(
      table, values = c("", header$label), colwidths = c(1L, header$to - header$from + 1L)
    )
  }
  if (length(layout$notes)) table <- flextable::add_footer_lines(table, layout$notes)
  style_flextable(table, layout)
}

style_flextable <- function(table, layout) {
  thin <- officer::fp_border(color = "#444444", width = 0.75)
  table <- flextable::border_remove(table)
  table <- flextable::fontsize(table, size = 9.5, part = "all")
  right <- which(!layout$left) + 1L
  if (length(right)) table <- flextable::align(table, j = right, align = "right", part = "body")
  n_head <- length(layout$header)
  if (length(right)) table <- flextable::align(table, j = right, align = "right", part = "header")
  for (i in seq_len(n_head)) {
    row <- layout$header[[i]]
    for (k in which(row$to > row$from)) {
      at <- (row$from[k]:row$to[k]) + 1L
      table <- flextable::align(table, i = i, j = at, align = "center", part = "header")
    }
  }
  table <- flextable::bold(table, part = "header")
  table <- flextable::valign(table, valign = "bottom", part = "header")
  table <- flextable::hline_top(table, border = thin, part = "header")
  table <- flextable::hline_bottom(table, border = thin, part = "header")
  rows <- length(layout$stub)
  if (rows) {
    table <- flextable::hline_bottom(table, border = thin, part = "body")
    table <- flextable::padding(table, j = 1L, padding.left = 4 + 12 * layout$depth, part = "body")
    table <- strong_rows(table, layout)
  }
  if (length(layout$notes)) {
    table <- flextable::fontsize(table, size = 8.5, part = "footer")
    table <- flextable::align(table, align = "left", part = "footer")
  }
  table <- flextable::padding(table, padding.top = 1.5, padding.bottom = 1.5, part = "all")
  flextable::font(table, fontname = "Arial", part = "all")
}

strong_rows <- function(table, layout) {
  strong <- which(layout$kind %in% c("total", "subtotal", "stratum"))
  if (length(strong)) table <- flextable::bold(table, i = strong, part = "body")
  above <- setdiff(which(layout$kind == "total") - 1L, 0L)
  if (length(above)) {
    line <- officer::fp_border(color = "#888888", width = 0.5)
    table <- flextable::hline(table, i = above, border = line, part = "body")
  }
  table
}
