# The page of a codebook, as a report's appendix prints it.

#' @rdname codebook
#' @param x,object A codebook.
#' @param width How many columns a line may take.
#' @param row.names,optional As in [as.data.frame()]; `row.names` is not used.
#' @param ... Not used.
#' @details `format()` gives the lines of the codebook page and `print()` writes them;
#'   in a document made with knitr the page is set as tables. `as.data.frame()` gives
#'   one row a code (and one for each variable without codes), with the columns of
#'   `variables` and then `code`, `code_label`, `score`, `missing`, `parent` and
#'   `aliases`. `summary()` counts the variables by type.
#' @export
format.codebook <- function(x, width = 80, ...) {
  check_codebook(x, "x")
  width <- check_whole(width, "width", min = 40)
  lines <- page_head(x, width)
  for (name in x$variables$variable) {
    lines <- c(lines, "",
      variable_lines(variable_of(x, name), codes_of(x, name), width))
  }
  if (nrow(x$rules)) lines <- c(lines, "", "Rules", rule_lines(x$rules, width))
  lost <- codebook_losses(x)
  if (nrow(lost)) {
    lines <- c(lines, "", wrap_words(paste0(counted_noun(nrow(lost), "part"),
      " of the file could not be carried over: see codebook_losses()."), width, 0L))
  }
  lines
}

#' @rdname codebook
#' @export
print.codebook <- function(x, width = 80, ...) {
  writeLines(format(x, width = width))
  invisible(x)
}

wrap_words <- function(text, width, indent, exdent = indent) {
  lines <- unlist(lapply(strsplit(text, "\n", fixed = TRUE), function(part) {
    strwrap(part, width + 1L, indent = indent, exdent = exdent)
  }))
  as.character(lines)
}

counted_noun <- function(n, noun) paste0(n, " ", noun, if (n != 1L) "s")

page_head <- function(x, width) {
  title <- if (is.null(x$title)) "Codebook" else x$title
  if (!is.null(x$version)) title <- paste0(title, " (version ", x$version, ")")
  title <- wrap_words(title, width, 0L)
  c(title, strrep("=", min(width, max(nchar(title, "width")))), paste0(
    counted_noun(nrow(x$variables), "variable"), ", ",
      counted_noun(nrow(x$codes), "code"), ", ",
    counted_noun(nrow(x$rules), "rule")
  ))
}

variable_lines <- function(variable, codes, width) {
  head <- variable$variable
  if (variable$label != head) head <- paste0(head, ": ", variable$label)
  c(
    wrap_words(head, width, 0L, 2L),
    wrap_words(paste(variable_facts(variable), collapse = ", "), width, 2L),
    if (nzchar(variable$relevant)) {
      wrap_words(paste("Asked where", variable$relevant), width, 2L, 4L)
    },
    if (nzchar(variable$instruction)) wrap_words(variable$instruction, width, 2L),
    code_lines(codes, width)
  )
}

# What a variable is, in words: "integer, required, 0 to 18".
variable_facts <- function(variable) {
  c(
    variable$type,
    if (variable$required) "required",
    if (variable$restricted) "restricted",
    range_fact(variable$min, variable$max),
    if (nzchar(variable$pattern)) paste("pattern", variable$pattern),
    if (variable$type == "multicode") {
      paste0("several codes, separated by \"", variable$separator, "\"")
    }
  )
}

range_fact <- function(min, max) {
  if (nzchar(min) && nzchar(max)) return(paste(min, "to", max))
  if (nzchar(min)) return(paste("at least", min))
  if (nzchar(max)) return(paste("at most", max))
  NULL
}

missing_phrases <- c(
  not_known = "not known", not_recorded = "not recorded",
    not_applicable = "not applicable"
)

# What a code is beside its label: score, missing, parent, aliases.
code_facts <- function(code) {
  c(
    if (!is.na(code$score)) paste("score", plain_number(code$score)),
    if (nzchar(code$missing)) paste0("missing (", missing_phrases[[code$missing]], ")"),
    if (nzchar(code$parent)) paste("in", code$parent),
    if (nzchar(code$aliases)) paste("also", alias_words(code$aliases))
  )
}

alias_words <- function(aliases) {
  parts <- trimws(strsplit(aliases, ";", fixed = TRUE)[[1L]])
  paste0("\"", parts[nzchar(parts)], "\"", collapse = ", ")
}

code_lines <- function(codes, width) {
  if (!nrow(codes)) return(character())
  gap <- min(max(nchar(codes$code, "width")), 20L) + 4L
  unlist(lapply(seq_len(nrow(codes)), function(i) {
    code <- as.list(codes[i, ])
    facts <- code_facts(code)
    text <- paste(c(code$label,
      if (length(facts)) paste0("[", paste(facts, collapse = "; "), "]")),
      collapse = "  ")
    lines <- wrap_words(text, width, gap + 2L)
    pad <- max(0L, gap - 4L - nchar(code$code, "width"))
    head <- paste0("    ", code$code, strrep(" ", pad))
    if (nchar(head, "width") > gap) return(c(head, lines))
    c(paste0(head, substring(lines[1L], gap + 1L)), lines[-1L])
  }))
}

rule_lines <- function(rules, width) {
  unlist(lapply(seq_len(nrow(rules)), function(i) c(
    wrap_words(paste0(rules$rule[i], " (", rules$severity[i], ")"), width, 2L, 4L),
    if (nzchar(rules$message[i])) wrap_words(rules$message[i], width, 4L),
    wrap_words(rules$expression[i], width, 4L, 6L)
  )))
}

#' @rdname codebook
#' @export
as.data.frame.codebook <- function(x, row.names = NULL, optional = FALSE, ...) {
  check_codebook(x, "x")
  rows <- lapply(x$variables$variable, function(name) {
    at <- which(x$codes$variable == name)
    if (length(at)) at else NA_integer_
  })
  variables <- x$variables[rep(seq_along(rows), lengths(rows)), , drop = FALSE]
  codes <- x$codes[as.integer(unlist(rows)), -1L, drop = FALSE]
  names(codes)[names(codes) == "label"] <- "code_label"
  text <- vapply(codes, is.character, NA)
  codes[text] <- lapply(codes[text], function(value) {
    value[is.na(value)] <- ""
    value
  })
  out <- c(as.list(variables), as.list(codes))
  structure(out, row.names = .set_row_names(nrow(variables)), class = "data.frame")
}

#' @rdname codebook
#' @export
summary.codebook <- function(object, ...) {
  check_codebook(object, "object")
  variables <- object$variables
  structure(
    list(
      title = object$title, version = object$version,
      types = data.frame(type = variable_types,
        n = tabulate(match(variables$type, variable_types),
        length(variable_types))),
      n_variables = nrow(variables), n_codes = nrow(object$codes),
      n_missing_codes = sum(nzchar(object$codes$missing)), n_rules = nrow(object$rules),
      n_required = sum(variables$required), n_restricted = sum(variables$restricted),
      n_relevant = sum(nzchar(variables$relevant))
    ),
    class = "summary.codebook"
  )
}

#' @export
format.summary.codebook <- function(x, ...) {
  title <- if (is.null(x$title)) "Codebook" else x$title
  types <- x$types[x$types$n > 0L, , drop = FALSE]
  c(
    paste0(title, if (!is.null(x$version)) paste0(" (version ", x$version, ")")),
    wrap_words(paste0(counted_noun(x$n_variables, "variable"),
      if (nrow(types)) paste0(": ", paste(types$n, types$type, collapse = ", "))), 80L,
        0L, 2L),
    paste0(x$n_required, " required, ", x$n_restricted, " restricted, ", x$n_relevant,
      " asked only under a condition"),
    paste0(counted_noun(x$n_codes, "code"), ", ", x$n_missing_codes,
      " of them missing codes"),
    counted_noun(x$n_rules, "rule")
  )
}

#' @export
print.summary.codebook <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# ---- in a document ----

#' @exportS3Method knitr::knit_print
knit_print.codebook <- function(x, ...) {
  knitr::asis_output(paste(c("", page_markdown(x), ""), collapse = "\n"))
}

page_markdown <- function(x) {
  title <- if (is.null(x$title)) "Codebook" else x$title
  if (!is.null(x$version)) title <- paste0(title, " (version ", x$version, ")")
  rows <- lapply(split_rows(x$variables), function(variable) {
    c(variable$variable, variable$label,
      paste(variable_facts(variable), collapse = ", "),
      paste(c(if (nzchar(variable$relevant)) paste("Asked where", variable$relevant),
        if (nzchar(variable$instruction)) variable$instruction), collapse = "\n"))
  })
  codes <- lapply(split_rows(x$codes), function(code) {
    c(code$variable, code$code, code$label, paste(code_facts(code), collapse = "; "))
  })
  rules <- lapply(split_rows(x$rules), function(rule) {
    c(rule$rule, rule$severity, rule$expression, rule$message)
  })
  c(
    paste0("**", plain_markdown(title), "**"),
    markdown_rows(rows, c("Variable", "Label", "Kind", "Notes")),
    markdown_rows(codes, c("Variable", "Code", "Label", "Notes")),
    markdown_rows(rules, c("Rule", "Severity", "Expression", "Message"))
  )
}

split_rows <- function(x) lapply(seq_len(nrow(x)), function(i) lapply(x, `[[`, i))

markdown_rows <- function(rows, head) {
  if (!length(rows)) return(NULL)
  line <- function(cells) paste0("| ", paste(plain_markdown(cells), collapse = " | "),
    " |")
  rule <- paste0("|:", strrep("-", column_dashes(rbind(head, do.call(rbind, rows)))),
    collapse = "")
  c("", line(head), paste0(rule, "|"), vapply(rows, line, ""))
}

# Where lines are long, pandoc takes the widths of the columns from the rule: room for the
# longest word of each, and what is left as each needs.
column_dashes <- function(cells, room = 72) {
  longest <- function(x) max(nchar(x, "width"), 4L)
  need <- apply(cells, 2L, longest) + 3
  words <- apply(cells, 2L, function(x) longest(unlist(strsplit(x, "[ \n-]"))))
  least <- pmin(words + 3, need, 24)
  more <- need - least
  left <- max(0, room - sum(least))
  ceiling(least + more * min(1, left / max(sum(more), 1)))
}

# Text of a codebook that a document shall show as it stands.
plain_markdown <- function(x) {
  x <- gsub("&", "&amp;", x, fixed = TRUE)
  x <- gsub("<", "&lt;", x, fixed = TRUE)
  x <- gsub("([\\\\`*_{}\\[\\]#|~^$@>])", "\\\\\\1", x, perl = TRUE)
  gsub("\n", "<br>", x, fixed = TRUE)
}
