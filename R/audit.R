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

# A data frame as lines within the width, long texts cut.
table_lines <- function(x) {
  wide <- c(expression = 0L, claim = 40L, note = 50L)
  x <- x[setdiff(names(x), "expression")]
  columns <- lapply(names(x), function(name) {
    number <- is.numeric(x[[name]])
    text <- if (number) vapply(x[[name]], format, "", digits = 6L) else as.character(x[[name]])
    text[is.na(x[[name]])] <- ""
    most <- if (name %in% names(wide)) wide[[name]] else 30L
    long <- nchar(text) > most
    text[long] <- paste0(substr(text[long], 1L, most - 3L), "...")
    format(c(name, text), justify = if (number) "right" else "left")
  })
  sub(" +$", "", do.call(paste, c(columns, sep = "  ")))
}

#' @rdname print.audit
#' @export
summary.audit <- function(object, ...) {
  at <- factor(object[["verdict"]], levels = verdicts)
  data.frame(verdict = verdicts, n = as.integer(table(at)))
}
