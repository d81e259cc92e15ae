# The cell as printed: a template with fields in braces, each field rounded by rule.

named_styles <- c(
  "n" = "{n}", "p" = "{percent}", "p%" = "{percent}%", "n (p%)" = "{n} ({percent}%)",
  "n (p)" = "{n} ({percent})", "p% (n)" = "{percent}% ({n})", "n/base" = "{n}/{base}",
  "n/base (p%)" = "{n}/{base} ({percent}%)"
)

check_style <- function(style, arg, spec) {
  style <- check_string(style, arg, null = TRUE)
  if (is.null(style)) return(NULL)
  if (style %in% names(named_styles)) style <- named_styles[[style]]
  known <- c("n", "base", "percent", if (!is.null(spec$weights)) "n_unweighted",
    stat_columns(spec))
  unknown <- setdiff(style_parts(style)$field, c("", known))
  if (length(unknown)) {
    stop_argument("`", arg, "` uses the field ", list_some(unknown), "; the fields are ",
      list_some(known, most = 20L), ".")
  }
  style
}

stat_columns <- function(spec) {
  if (length(spec$value) < 2L) return(spec$stat)
  as.vector(outer(spec$stat, value_tails(spec$value), paste0))
}

# The columns of the cells beyond the variables.
cell_columns <- function(spec) {
  c("n", "base", "percent", "text", stat_columns(spec), known_column(value_tails(spec$value)),
    if (!is.null(spec$weights)) "n_unweighted")
}

# What the names of the columns of each value end in.
value_tails <- function(value) {
  if (length(value) > 1L) paste0("_", value) else rep("", length(value))
}

# The cases with a known value, kept beside the statistics and not printed.
known_column <- function(tail) paste0(".n_known", tail, recycle0 = TRUE)

# A template as alternating plain texts and fields.
style_parts <- function(style) {
  hit <- gregexpr("\\{[^{}]*\\}", style)[[1L]]
  if (hit[1L] < 0L) return(list(plain = style, field = ""))
  width <- attr(hit, "match.length")
  plain <- substring(style, c(1L, hit + width), c(hit - 1L, nchar(style)))
  list(plain = plain, field = c(substring(style, hit + 1L, hit + width - 2L), ""))
}

default_style <- function(spec) {
  stat <- stat_columns(spec)
  with_n <- if (spec$percent == "none") "{n}" else "{n} ({percent}%)"
  if (!length(stat)) return(with_n)
  if (length(stat) == 1L) {
    return(if (spec$percent == "none") paste0("{", stat, "} ({n})")
      else paste0(with_n, ", {", stat, "}"))
  }
  words <- gsub("_", " ", stat, fixed = TRUE)
  paste0(with_n, ", ", paste0(words, " {", stat, "}", collapse = ", "))
}

# The percents as printed and the text of every cell. `parts` are sums of whole numbers,
# which decide the rounding of means.
finish_cells <- function(tab, parts = NULL) {
  cells <- unclass(tab$cells)
  spec <- tab$spec
  digits <- rep_len(column_digits(spec$digits, tab$columns$label), length(cells$n))
  style <- if (is.null(spec$style)) default_style(spec) else spec$style
  text <- usual_text(cells, style, digits, spec)
  if (is.null(text)) text <- styled_text(tab, style, digits, parts)
  if (!is.null(spec$whole)) {
    at <- whole_cells(tab)
    text[at] <- styled_text(tab, spec$whole, digits, parts)[at]
  }
  if (!is.null(spec$zero)) text[cells$n %in% 0] <- spec$zero
  cells$text <- text
  class(cells) <- "data.frame"
  cells
}

# The totals that the percents are of.
whole_cells <- function(tab) {
  n <- c(nrow(tab$columns), nrow(tab$rows), nrow(tab$strata))
  row <- rep(rep(tab$rows$kind == "total", each = n[1L]), n[3L])
  column <- rep(tab$columns$kind == "total", n[2L] * n[3L])
  if (!has_axis(tab, "columns")) column <- TRUE
  which(switch(tab$spec$percent, row = column, column = row, total = row & column, FALSE))
}

# The text of tables of whole counts in the usual styles, NULL for any other.
usual_text <- function(cells, style, digits, spec) {
  percent <- style == "{n} ({percent}%)"
  if (!percent && style != "{n}" || percent && spec$percent == "none") return(NULL)
  if (percent && (spec$trim || spec$rounding == "sum_100" || spec$base == "mentions")) {
    return(NULL)
  }
  text <- rounded_text(cells$n, if (percent) cells$base, digits, spec$rounding)
  if (!anyNA(text)) text
}

styled_text <- function(tab, style, digits, parts) {
  pieces <- style_parts(style)
  parts_of <- list()
  for (i in seq_along(pieces$plain)) {
    field <- pieces$field[i]
    plain <- pieces$plain[i]
    if (nzchar(plain)) parts_of <- c(parts_of, list(plain))
    if (!nzchar(field)) next
    sign <- field == "percent" && startsWith(pieces$plain[i + 1L], "%")
    if (sign) pieces$plain[i + 1L] <- substring(pieces$plain[i + 1L], 2L)
    parts_of <- c(parts_of, list(field_text(field, tab, digits, parts, if (sign) "%" else "")))
  }
  rep_len(do.call(paste0, c(parts_of, list(character()))), length(digits))
}

column_digits <- function(digits, labels) {
  if (is.null(names(digits))) return(rep(digits[1L], length(labels)))
  other <- digits[names(digits) == ""]
  out <- digits[match(labels, names(digits))]
  out[is.na(out)] <- if (length(other)) other[1L] else 1L
  unname(out)
}

field_text <- function(field, tab, digits, parts, sign = "") {
  cells <- unclass(tab$cells)
  spec <- tab$spec
  x <- cells[[field]]
  if (field %in% c("n", "base", "n_unweighted")) return(print_count(x, digits))
  if (field == "percent") {
    shown <- shown_percents(tab, digits)
    shown[is.na(x)] <- NA
    return(print_number(shown, digits, spec$trim, sign))
  }
  if (startsWith(field, "n_missing")) return(print_count(x, digits))
  rounding <- if (spec$rounding == "half_even") "half_even" else "half_up"
  mean <- startsWith(field, "mean")
  tail <- if (mean) substring(field, 5L)
  known <- if (mean) cells[[known_column(tail)]]
  sum <- if (mean) parts[[paste0("sum", tail)]]
  if (!is.null(known) && !is.null(sum)) {
    shown <- round_quotient(sum, known, digits, rounding, 1L)
    shown[is.na(x)] <- NA
  } else {
    shown <- round_decimal(x, digits, rounding)
  }
  if (any(startsWith(field, c("min", "max", "median", "sum")))) {
    digits <- ifelse(is.na(x) | x == floor(x), 0L, digits)
  }
  print_number(shown, digits, spec$trim)
}

shown_percents <- function(tab, digits) {
  if (tab$spec$rounding == "sum_100") return(percents_100(tab, digits))
  round_quotient(tab$cells$n, tab$cells$base, digits, tab$spec$rounding)
}

# ---- percents that add to 100 ----

percents_100 <- function(tab, digits) {
  cells <- tab$cells
  n <- c(nrow(tab$columns), nrow(tab$rows), nrow(tab$strata))
  at <- array(seq_len(nrow(cells)), n)
  out <- round_quotient(cells$n, cells$base, digits, "half_up")
  for (s in seq_len(n[3L])) {
    if (tab$spec$percent == "column") {
      for (c in seq_len(n[1L])) {
        out[at[c, , s]] <- shares_100(tab$rows, cells, at[c, , s], out, digits)
      }
    } else if (tab$spec$percent == "row") {
      for (r in seq_len(n[2L])) {
        out[at[, r, s]] <- shares_100(tab$columns, cells, at[, r, s], out, digits)
      }
    } else {
      out[at[, , s]] <- shares_total_100(tab, cells, matrix(at[, , s], n[1L]), out, digits)
    }
  }
  out
}

# The entries of one column: those that add up take the largest remainders; subtotals and
# totals are the sums of what is printed.
shares_100 <- function(entries, cells, at, out, digits) {
  for (b in unique(entries$block)) {
    leaf <- additive_leaves(entries, b)
    base <- cells$base[at[leaf]]
    if (!length(leaf) || is.na(base[1L]) || base[1L] == 0) next
    if (abs(sum(cells$n[at[leaf]]) - base[1L]) > 1e-9 * base[1L]) next
    out[at[leaf]] <- round_sum_100(cells$n[at[leaf]], base[1L], digits[at[leaf[1L]]])
    out[at] <- add_up(entries, out[at], leaf)
  }
  out[at]
}

additive_leaves <- function(entries, block) {
  which(entries$block == block & entries$kind %in% c("level", "missing") &
    (!is.na(entries$parent) | !any(entries$kind == "total")) &
    !seq_len(nrow(entries)) %in% entries$parent)
}

# Sums of parts for every entry that lies above the leaves.
add_up <- function(entries, x, leaf) {
  sums <- rep(0, length(x))
  above <- rep(FALSE, length(x))
  for (i in leaf) {
    up <- entries$parent[i]
    while (!is.na(up)) {
      sums[up] <- sums[up] + x[i]
      above[up] <- TRUE
      up <- entries$parent[up]
    }
  }
  x[above] <- round(sums[above], 10L)
  x
}

shares_total_100 <- function(tab, cells, at, out, digits) {
  row <- additive_leaves(tab$rows, tab$rows$block[1L])
  column <- additive_leaves(tab$columns, tab$columns$block[1L])
  stacked <- length(unique(tab$rows$block)) > 1L || length(unique(tab$columns$block)) > 1L
  leaf <- as.vector(at[column, row])
  base <- cells$base[leaf]
  fits <- !stacked && length(leaf) && !is.na(base[1L]) && base[1L] > 0 &&
    abs(sum(cells$n[leaf]) - base[1L]) <= 1e-9 * base[1L]
  if (!fits) return(out[at])
  out[leaf] <- round_sum_100(cells$n[leaf], base[1L], digits[leaf[1L]])
  x <- matrix(out[at], nrow(at))
  for (r in row) x[, r] <- add_up(tab$columns, x[, r], column)
  for (c in seq_len(nrow(at))) x[c, ] <- add_up(tab$rows, x[c, ], row)
  as.vector(x)
}
