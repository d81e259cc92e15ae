# Tables as a Word document and as flextables.

write_docx <- function(tables, file) {
  need_package("officer", "write Word documents")
  need_package("flextable", "write Word documents")
  flex <- lapply(lapply(tables, table_layout), layout_flextable)
  widths <- vapply(flex, function(x) sum(flextable::dim_pretty(x)$widths), 0)
  wide <- any(widths > 7.2)
  document <- officer::read_docx()
  section <- officer::prop_section(
    page_size = officer::page_size(width = 8.27, height = 11.69,
      orient = if (wide) "landscape" else "portrait"),
    page_margins = officer::page_mar(1, 1, 1, 1, 0.5, 0.5, 0)
  )
  document <- officer::body_set_default_section(document, section)
  for (name in names(tables)) {
    number <- officer::run_autonum(seq_id = "table", pre_label = "Table ", post_label = ". ")
    caption <- officer::block_caption(name, style = "Table Caption", autonum = number)
    document <- officer::body_add_caption(document, caption)
    document <- flextable::body_add_flextable(document,
      fit_page(flex[[name]], if (wide) 9.6 else 6.2), align = "left", keepnext = FALSE)
    document <- officer::body_add_par(document, "")
  }
  document <- officer::set_doc_properties(document, title = "Tables", creator = "")
  done <- tryCatch({
    print(document, target = file)
    file.exists(file)
  }, error = function(e) FALSE)
  if (!done) stop_argument("The file \"", file, "\" cannot be written.")
}

# Columns as wide as they need; where that is too much, the widest give way and wrap.
fit_page <- function(table, room) {
  need <- flextable::dim_pretty(table)$widths + 0.05
  if (sum(need) > room) {
    low <- 0
    high <- max(need)
    for (k in 1:40) {
      cap <- (low + high) / 2
      if (sum(pmin(need, cap)) > room) high <- cap else low <- cap
    }
    need <- pmin(need, low)
  }
  flextable::set_table_properties(
    flextable::width(table, width = need), layout = "fixed", align = "left"
  )
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
  table <- layout_flextable(table_layout(x))
  flextable::autofit(table)
}

layout_flextable <- function(layout) {
  body <- as.data.frame(cbind(layout$stub, layout$body))
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
  flextable::set_table_properties(table, layout = "autofit")
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
