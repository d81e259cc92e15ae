# Tables as a web page that needs nothing else, for screen readers, phones and paper.

escape_html <- function(x) {
  x <- gsub("&", "&amp;", x, fixed = TRUE)
  x <- gsub("<", "&lt;", x, fixed = TRUE)
  gsub("\"", "&quot;", gsub(">", "&gt;", x, fixed = TRUE), fixed = TRUE)
}

# One table as HTML, in a frame that scrolls by itself, with its caption, headers marked by
# `scope`, and its notes under it. `id` names it on a page; `inline` puts the alignment into
# the cells, for pages with a style of their own.
html_lines <- function(layout, caption = NULL, id = NULL, inline = FALSE) {
  if (is.null(layout$left)) layout$left <- rep(FALSE, ncol(layout$body))
  notes <- if (length(layout$notes)) {
    paste0("<div class=\"notes\"", if (length(id)) paste0(" id=\"", id, "-notes\""),
      if (inline) " style=\"font-size:.85em\"", ">",
      paste0("<p", if (inline) " style=\"margin:.2em 0\"", ">", escape_html(layout$notes),
        "</p>", collapse = ""), "</div>")
  }
  label <- if (length(caption)) caption else layout$stub_head
  c(
    paste0("<div class=\"casereview\"", if (inline) " style=\"margin:0 0 1.2em\"", ">"),
    paste0("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"",
      escape_html(label), "\"", if (inline) " style=\"overflow-x:auto\"", ">"),
    paste0("<table", if (inline) table_alone,
      if (length(id)) paste0(" id=\"", id, "\""),
      if (length(notes) && length(id)) paste0(" aria-describedby=\"", id, "-notes\""), ">"),
    if (length(caption)) paste0("<caption>", escape_html(caption), "</caption>"),
    paste0("<thead", if (inline) " style=\"border-bottom:1px solid #444\"", ">"),
    html_head(layout, inline), "</thead>",
    "<tbody>", html_body(layout, inline), "</tbody>", "</table>", "</div>", notes, "</div>"
  )
}

# A table on a page of others; Quarto is asked to leave its headers and rows as they are.
table_alone <- paste0(" data-quarto-disable-processing=\"true\"",
  " style=\"width:auto;border-collapse:collapse\"")

# The space about a cell on a page without the style of ours.
cell_room <- "padding:.2em .6em;"

align_style <- function(left, inline) {
  if (!inline) return(ifelse(left, " class=\"text\"", ""))
  paste0(" style=\"", cell_room, "text-align:", ifelse(left, "left", "right;white-space:nowrap"),
    "\"")
}

html_head <- function(layout, inline) {
  n_head <- length(layout$header)
  vapply(seq_len(n_head), function(i) {
    row <- layout$header[[i]]
    span <- row$to - row$from + 1L
    wide <- ifelse(span > 1L, paste0(" colspan=\"", span, "\""), "")
    centre <- if (inline) paste0(" style=\"", cell_room, "text-align:center\"") else ""
    style <- ifelse(span > 1L, centre,
      sub(";white-space:nowrap", "", align_style(layout$left[row$from], inline), fixed = TRUE))
    cells <- ifelse(nzchar(row$label),
      paste0("<th scope=\"", ifelse(span > 1L, "colgroup", "col"), "\"", wide, style, ">",
        escape_html(row$label), "</th>"),
      paste0("<td", wide, "></td>"))
    corner <- if (i == 1L) {
      paste0("<th scope=\"col\"", if (n_head > 1L) paste0(" rowspan=\"", n_head, "\""),
        if (inline) paste0(" style=\"", cell_room, "text-align:left;vertical-align:bottom\""), ">",
        escape_html(layout$stub_head), "</th>")
    }
    paste0("<tr>", corner, paste(cells, collapse = ""), "</tr>")
  }, "")
}

# Each stratum is a group of rows under a header of its own.
html_body <- function(layout, inline) {
  strong <- layout$kind %in% c("total", "subtotal", "stratum")
  style <- paste0(if (inline) cell_room,
    ifelse(layout$depth > 0L, paste0("padding-left:", 0.7 + 1.3 * layout$depth, "em;"), ""),
    if (inline) ifelse(strong, "text-align:left;font-weight:600",
      "text-align:left;font-weight:400"))
  style <- ifelse(nzchar(style), paste0(" style=\"", style, "\""), "")
  align <- align_style(layout$left, inline)
  vapply(seq_along(layout$stub), function(i) {
    if (layout$kind[i] == "stratum") return(html_stratum(layout, i, style[i]))
    strong <- inline && layout$kind[i] %in% c("total", "subtotal")
    style_of <- if (strong) sub("\"$", ";font-weight:600\"", align) else align
    cells <- paste0("<td", style_of, ">", escape_html(layout$body[i, ]), "</td>",
      recycle0 = TRUE)
    paste0("<tr class=\"", layout$kind[i], "\"><th scope=\"row\"", style[i], ">",
      escape_html(layout$stub[i]), "</th>", paste(cells, collapse = ""), "</tr>")
  }, "")
}

html_stratum <- function(layout, i, style) {
  paste0(if (i > 1L) "</tbody>\n<tbody>\n", "<tr class=\"stratum\"><th scope=\"rowgroup\"",
    " colspan=\"", ncol(layout$body) + 1L, "\"", style, ">", escape_html(layout$stub[i]),
    "</th></tr>")
}

html_style <- function() {
  c(
    "body{font:16px/1.45 system-ui,-apple-system,\"Segoe UI\",Arial,sans-serif;margin:2rem auto;",
    "max-width:64rem;padding:0 1rem;color:#1a1a1a;background:#fff}",
    "h1{font-size:1.5rem}nav{margin-bottom:2rem}a{color:#0b4f8a}",
    ".casereview{margin:0 0 2.5rem}",
    ".casereview .scroll{overflow-x:auto}",
    ".casereview .scroll:focus-visible{outline:2px solid #0b4f8a;outline-offset:2px}",
    ".casereview table{border-collapse:collapse;border-bottom:1px solid #444}",
    ".casereview caption{text-align:left;font-weight:600;padding:.3rem 0}",
    ".casereview th,.casereview td{padding:.25rem .7rem;vertical-align:top}",
    ".casereview thead th{text-align:right;vertical-align:bottom;border-bottom:1px solid #444}",
    ".casereview thead tr:first-child>*{border-top:1px solid #444}",
    ".casereview thead th[scope=colgroup]{text-align:center}",
    ".casereview thead th:first-child[rowspan],.casereview thead tr:only-child th:first-child,",
    ".casereview tbody th,.casereview .text.text{text-align:left}",
    ".casereview tbody th{font-weight:400;background:#fff;min-width:7rem}",
    ".casereview td{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}",
    ".casereview td.text{white-space:normal;min-width:8rem}",
    ".casereview tr.subtotal>*,.casereview tr.total>*,",
    ".casereview tbody tr.stratum>*{font-weight:600}",
    ".casereview tr.total>*{border-top:1px solid #888}",
    ".casereview tr.stratum>*{border-top:1px solid #888;padding-top:.5rem}",
    ".casereview .notes{font-size:.875rem;color:#444;max-width:45rem}",
    ".casereview .notes p{margin:.3rem 0}",
    "@media(max-width:40rem){body{margin:1rem auto}",
    ".casereview th,.casereview td{padding:.25rem .45rem}",
    ".casereview tbody th[scope=row]{position:sticky;left:0;max-width:9.5rem;",
    "overflow-wrap:break-word;box-shadow:1px 0 0 #ccc}}",
    "@media print{body{margin:0;max-width:none;font-size:10pt}nav{display:none}",
    ".casereview .scroll{overflow:visible}.casereview tr,.casereview .notes{break-inside:avoid}",
    ".casereview caption,.casereview thead{break-after:avoid}a{color:inherit}}"
  )
}

write_html <- function(tables, file) {
  ids <- paste0("table-", seq_along(tables))
  bodies <- Map(html_lines, lapply(tables, table_layout), names(tables), ids)
  contents <- if (length(tables) > 1L) {
    c("<nav aria-label=\"Tables\">", "<ol>",
      paste0("<li><a href=\"#", ids, "\">", escape_html(names(tables)), "</a></li>"),
      "</ol>", "</nav>")
  }
  title <- if (length(tables) > 1L) "Tables" else names(tables)
  write_lines(c(
    "<!DOCTYPE html>", "<html lang=\"en\">", "<head>", "<meta charset=\"utf-8\">",
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
    paste0("<title>", escape_html(title), "</title>"), "<style>", html_style(), "</style>",
    "</head>", "<body>", "<main>", if (length(tables) > 1L) "<h1>Tables</h1>", contents,
    unlist(bodies), "</main>", "</body>", "</html>"
  ), file)
}
