# Tables in text formats: pipe tables of Markdown, LaTeX.

# A pipe table, with its notes under it. Indents are em spaces, which Markdown keeps; on
# the way to LaTeX they are hard spaces, since it knows no em space.
layout_markdown <- function(layout, caption = NULL, indent = "&emsp;") {
  text <- function(x) plain_markdown(gsub("[\r\n]+", " ", x))
  line <- function(x) paste0("| ", paste(x, collapse = " | "), " |")
  strong <- layout$kind %in% c("total", "stratum") & nzchar(layout$stub)
  mark <- ifelse(strong, "**", "")
  stub <- paste0(strrep(indent, layout$depth), mark, text(layout$stub), mark)
  body <- layout_cells(layout, stub, text(layout$body))
  head <- text(c(layout$stub_head, flat_header(layout)))
  rows <- vapply(seq_len(nrow(body)), function(i) line(body[i, ]), "")
  # Where lines are long, pandoc takes the widths of the columns from the rule.
  widths <- pmax(4L, apply(nchar(rbind(head, body), "width"), 2L, max))
  left <- c(TRUE, layout$left)
  rule <- paste0(ifelse(left, ":", ""), strrep("-", widths - 1L), ifelse(left, "", ":"))
  c(
    if (length(caption)) c(paste0("**", text(caption), "**"), ""),
    line(head), line(rule), rows, "",
    if (length(layout$notes)) c(text(paste(layout$notes, collapse = " ")), "")
  )
}

write_markdown <- function(tables, file) {
  lines <- Map(layout_markdown, lapply(tables, table_layout), names(tables))
  write_lines(unlist(lines), file)
}

write_lines <- function(lines, file) {
  write_text_file(paste0(enc2utf8(lines), "\n", collapse = ""), file)
}

# ---- LaTeX ----

latex_text <- function(x) {
  x <- gsub("[\r\n]+", " ", x)
  x <- gsub("\\", "\001", x, fixed = TRUE)
  x <- gsub("([&%$#_{}])", "\\\\\\1", x)
  x <- gsub("^", "\\textasciicircum{}", x, fixed = TRUE)
  x <- gsub("~", "\\textasciitilde{}", x, fixed = TRUE)
  x <- gsub("<", "\\textless{}", gsub(">", "\\textgreater{}", x, fixed = TRUE), fixed = TRUE)
  gsub("\001", "\\textbackslash{}", x, fixed = TRUE)
}

# A table environment that needs no package of LaTeX.
layout_latex <- function(layout, caption = NULL) {
  fit <- latex_fit(layout)
  end <- if (all(is.na(fit$inches))) " \\\\" else " \\tabularnewline"
  line <- function(x) paste0(paste(x, collapse = " & "), end)
  indent <- ifelse(layout$depth > 0L, paste0("\\hspace{", layout$depth, "em}"), "")
  strong <- layout$kind %in% c("total", "subtotal", "stratum")
  body <- layout_cells(layout)
  body[] <- latex_text(body)
  wraps <- !is.na(fit$inches)[col(body)] & nzchar(body)
  heavy <- strong[row(body)] & nzchar(body)
  body[heavy] <- paste0("\\textbf{", body[heavy], "}")
  body[wraps] <- paste0("\\raggedright ", body[wraps])
  body[, 1L] <- paste0(indent, body[, 1L])
  rule <- layout$kind == "total" & seq_along(layout$kind) > 1L
  rows <- vapply(seq_len(nrow(body)), function(i) {
    paste0(if (rule[i]) "\\hline ", line(body[i, ]))
  }, "")
  c(
    "\\begin{table}[htbp]", "\\centering",
    if (length(caption)) paste0("\\caption{", latex_text(caption), "}"),
    if (nzchar(fit$size)) paste0("\\", fit$size, "\\setlength{\\tabcolsep}{3pt}"),
    paste0("\\begin{tabular}{", paste(ifelse(is.na(fit$inches),
      c("l", ifelse(layout$left, "l", "r")), sprintf("p{%.2fin}", fit$inches)),
      collapse = ""), "}"),
    "\\hline", latex_head(layout), "\\hline", rows, "\\hline", "\\end{tabular}",
    if (length(layout$notes)) {
      paste0("\\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize ",
        paste(latex_text(layout$notes), collapse = " "), "\\end{minipage}")
    },
    "\\end{table}", ""
  )
}

# Smaller type, and columns of words that wrap, where a table is wider than a page: `size`
# ("" for that of the text) and for each column its width in inches, NA where it does not
# wrap.
latex_fit <- function(layout, room = 4.7) {
  sizes <- c(10, small = 9, footnotesize = 8, scriptsize = 7, tiny = 5)
  head <- lapply(layout$header, function(row) ifelse(row$to == row$from, row$label, "")[
    rep(seq_len(nrow(row)), row$to - row$from + 1L)])
  cells <- rbind(c(layout$stub_head, do.call(pmax, lapply(head, format))),
    layout_cells(layout, paste0(strrep("  ", layout$depth), layout$stub)))
  bold <- c(1.1, ifelse(layout$kind %in% c("total", "subtotal", "stratum"), 1.1, 1))
  longest <- function(x, bold) max(bold * nchar(x, "width"), 1)
  all <- apply(trimws(cells, "right"), 2L, longest, bold)
  words <- apply(cells, 2L, function(x) longest(unlist(strsplit(x, "[ \n]")), 1.1))
  fits <- function(k, wrap) {
    inches <- function(n) n * 0.0072 * sizes[k] + if (k > 1L) 0.09 else 0.17
    need <- inches(all)
    list(k = k, wrap = wrap, need = need,
      least = ifelse(wrap, pmin(need, inches(pmax(words, 12))), need))
  }
  for (k in seq_along(sizes)) {
    found <- fits(k, c(TRUE, layout$left))
    if (sum(found$least) <= room) break
  }
  # where even that is too wide, all columns wrap
  if (sum(found$least) > room) found <- fits(4L, rep(TRUE, length(all)))
  width <- shared_room(found[c("need", "least")], max(room, sum(found$least)))
  k <- found$k
  list(size = names(sizes)[k], inches = ifelse(found$wrap & width < found$need - 1e-9, width, NA))
}

latex_head <- function(layout) {
  n_head <- length(layout$header)
  vapply(seq_len(n_head), function(i) {
    row <- layout$header[[i]]
    span <- row$to - row$from + 1L
    label <- latex_text(row$label)
    cells <- ifelse(span > 1L, paste0("\\multicolumn{", span, "}{c}{", label, "}"), label)
    stub <- if (i == n_head) latex_text(layout$stub_head) else ""
    paste0(paste(c(stub, cells), collapse = " & "), " \\\\")
  }, "")
}

write_latex <- function(tables, file) {
  lines <- Map(layout_latex, lapply(tables, table_layout), names(tables))
  write_lines(unlist(lines), file)
}

# ---- in a document ----

#' Tables in a document
#'
#' In a document made with knitr a [crosstab()] prints as a table of that document: HTML with
#' headers marked for screen readers in a web page, LaTeX in a `.Rnw` file, and else a pipe
#' table, which Word and PDF documents take too. `as_kable()` gives a table of [knitr::kable()]
#' for those who style on from there.
#'
#' @param x A [crosstab()] or a data frame.
#' @param caption The caption, one text.
#' @param format As in [knitr::kable()]: `"pipe"`, `"html"`, `"latex"`; by default what fits
#'   the document.
#' @param ... For `as_kable()`, passed on to [knitr::kable()].
#' @return `as_kable()`: a `knitr_kable`. Nested rows are indented; the notes are in
#'   `attr(, "notes")`, since a kable has no place for them. Needs the package knitr.
#' @examples
#' if (requireNamespace("knitr", quietly = TRUE)) {
#'   cases <- data.frame(law = c("public", "private", "public"), fatal = c("yes", "no", "no"))
#'   as_kable(crosstab(cases, law ~ fatal), caption = "Cases by law")
#' }
#' @export
as_kable <- function(x, caption = NULL, format = NULL, ...) {
  need_argument(x, "x")
  caption <- check_string(caption, "caption", null = TRUE)
  if (!is.null(format)) {
    formats <- c("pipe", "simple", "html", "latex", "rst", "jira", "markdown")
    format <- check_choice(format, "format", formats)
  }
  need_package("knitr", "make a kable")
  layout <- table_layout(if (inherits(x, "crosstab")) x else check_data(x, "x"))
  stub <- paste0(strrep("\u00a0", 3L * layout$depth), layout$stub)
  frame <- as.data.frame(layout_cells(layout, stub))
  out <- knitr::kable(frame, format = format, caption = kable_caption(caption, format),
    row.names = FALSE,
    col.names = c(layout$stub_head, flat_header(layout)),
    align = c("l", ifelse(layout$left, "l", "r")), ...)
  attr(out, "notes") <- layout$notes
  out
}

# kable() takes a caption as it is: as text of its own in LaTeX and HTML.
kable_caption <- function(caption, format) {
  if (!length(caption)) return(NULL)
  raw <- is.null(format) && !knits_pandoc()
  latex <- identical(format, "latex") || (raw && knitr::is_latex_output())
  html <- identical(format, "html") || (raw && knitr::is_html_output())
  if (latex) latex_text(caption) else if (html) escape_html(caption) else caption
}

#' @exportS3Method knitr::knit_print
knit_print.crosstab <- function(x, ...) {
  layout <- table_layout(x)
  lines <- if (knits_pandoc() && knitr::is_html_output()) {
    c("```{=html}", html_lines(layout, inline = TRUE), "```")
  } else if (!knits_pandoc() && knitr::is_latex_output()) {
    layout_latex(layout)
  } else {
    layout_markdown(layout,
      indent = if (knitr::is_latex_output()) "&nbsp;&nbsp;&nbsp;" else "&emsp;")
  }
  knitr::asis_output(paste0("\n\n", paste(lines, collapse = "\n"), "\n\n"))
}

knits_pandoc <- function() !is.null(knitr::opts_knit$get("rmarkdown.pandoc.to"))
