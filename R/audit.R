# What every audit gives back: a data frame of printed numbers and verdicts that prints
# as a count by verdict and the rows that do not hold.

verdicts <- c("agrees", "truncated", "disagrees", "impossible", "not checkable")

new_audit <- function(printed, exact, verdict, note, keys = NULL) {
  found <- data.frame(printed = printed, exact = exact, verdict = verdict, note = note)
  if (!is.null(keys)) found <- cbind(keys, found)
  as_audit(found)
}

as_audit <- function(x) {
  class(x) <- c("audit", "data.frame")
  x
}

# Arguments of one length or of length 1, by name; the length they share.
recycle <- function(...) {
  args <- list(...)
  sizes <- lengths(args)
  size <- if (any(sizes == 0L)) 0L else max(sizes)
  bad <- which(sizes != size & sizes != 1L & size > 0L)
  if (length(bad) || (size == 0L && any(sizes > 1L))) {
    stop_argument(list_some(names(args), quote = "`"),
      " must be of one length, or of length 1; they have ", paste(sizes, collapse = ", "),
      " values.")
  }
  lapply(args, function(x) if (length(x) == size) x else rep(x, size))
}

check_printed <- function(x, arg) {
  need_argument(x, arg)
  plain <- is.atomic(x) && !is.null(x) && is.null(dim(x)) && !is.raw(x) && !is.complex(x)
  if (!plain || (is.logical(x) && !all(is.na(x)))) {
    stop_argument("`", arg, "` must be numbers, or texts as printed, not ", describe(x), ".")
  }
  if (inherits(x, "factor")) check_factor(x, paste0("`", arg, "`"))
  x
}

#' Print and summarise an audit
#'
#' @param x,object An audit: what [audit_percent()], [audit_mean()], [audit_sum()],
#'   [audit_pooled()], [audit_bins()], [audit_table()] or [audit_claims()] gives.
#' @param all TRUE prints every row; FALSE (the default) those that do not agree.
#' @param n The most rows to print.
#' @param ... Not used.
#' @return `print()` and `format()`: the audit, invisibly, and its lines. `summary()`: a
#'   data frame with a row a verdict, `verdict` and `n`, all five verdicts always there.
#' @examples
#' found <- audit_percent(c("10.2", "9.2"), 6, 59)
#' found
#' summary(found)
#' @export
print.audit <- function(x, all = FALSE, n = 20L, ...) {
  writeLines(format(x, all = all, n = n))
  invisible(x)
}

#' @rdname print.audit
#' @export
format.audit <- function(x, all = FALSE, n = 20L, ...) {
  all <- check_flag(all, "all")
  n <- check_number(n, "n", min = 0)
  if (!all(c("printed", "verdict") %in% names(x))) {
    return(utils::capture.output(print(structure(x, class = "data.frame"))))
  }
  counts <- summary(x)
  counts <- counts[counts$n > 0L, ]
  head <- paste0("Audit of ", nrow(x), if (nrow(x) == 1L) " number" else " numbers",
    if (nrow(x)) ": ", paste(counts$n, counts$verdict, collapse = ", "), ".")
  rows <- if (all) seq_len(nrow(x)) else which(is.na(x$verdict) | x$verdict != "agrees")
  if (!length(rows)) return(head)
  shown <- rows[seq_len(min(length(rows), n))]
  c(head, "", table_lines(structure(x[shown, , drop = FALSE], class = "data.frame")),
    if (length(rows) > n) paste0("... and ", length(rows) - n, " more."))
}

# A data frame as lines within the width; long texts wrap inside their columns.
table_lines <- function(x, right = names(x)[vapply(x, is.numeric, NA)]) {
  x <- x[setdiff(names(x), "expression")]
  texts <- lapply(x, shown_column)
  left <- !names(x) %in% right
  width <- audit_widths(texts, left)
  texts <- rbind(names(x), matrix(unlist(texts), nrow(x)))
  lines <- lapply(seq_len(nrow(texts)), function(i) {
    cells <- Map(wrap_cell, texts[i, ], width)
    height <- max(lengths(cells))
    padded <- Map(function(cell, width, left) {
      cell <- c(cell, rep("", height - length(cell)))
      room <- strrep(" ", pmax(width - nchar(cell, "width"), 0L))
      if (left) paste0(cell, room) else paste0(room, cell)
    }, cells, width, left)
    do.call(paste, c(unname(padded), sep = "  "))
  })
  sub(" +$", "", unlist(lines))
}

shown_column <- function(x) {
  text <- if (is.numeric(x)) vapply(x, format, "", digits = 6L) else as.character(x)
  text[is.na(x)] <- ""
  text
}

# What each column needs; where that is more than the line holds, the widest columns of
# text give way.
audit_widths <- function(texts, left) {
  wide <- function(words) max(c(nchar(unlist(words), "width"), 1L))
  head <- nchar(names(texts), "width")
  need <- pmax(vapply(texts, wide, 0L), head)
  word <- vapply(texts, function(text) wide(strsplit(text, "[ -]")), 0L)
  least <- ifelse(left, pmin(need, pmax(head, 12L, pmin(word, 24L))), need)
  room <- getOption("width") - 2L * (length(need) - 1L)
  if (!length(need) || sum(need) <= room) return(need)
  caps <- seq(max(need), 12L)
  capped <- function(cap) ifelse(left, pmax(least, pmin(need, cap)), need)
  fits <- vapply(caps, function(cap) sum(capped(cap)) <= room, NA)
  capped(if (any(fits)) caps[which(fits)[1L]] else 12L)
}

# A text in lines of at most `width`; a word that is longer is broken.
wrap_cell <- function(text, width) {
  lines <- strwrap(text, width + 1L)
  long <- nchar(lines, "width") > width
  lines <- as.list(lines)
  lines[long] <- lapply(lines[long], function(line) {
    from <- seq(1L, nchar(line), by = width)
    substring(line, from, from + width - 1L)
  })
  if (length(lines)) unlist(lines) else ""
}

#' @rdname print.audit
#' @export
summary.audit <- function(object, ...) {
  at <- factor(object[["verdict"]], levels = verdicts)
  data.frame(verdict = verdicts, n = as.integer(table(at)))
}
