# Findings in print and counted.

#' @export
format.coding_findings <- function(x, n = 10L, ...) {
  n <- check_number(n, "n", min = 0)
  if (!all(c("row", "variable", "rule", "severity", "message") %in% names(x))) {
    return(utils::capture.output(print(as.data.frame(x))))
  }
  settled <- NROW(attr(x, "settled", exact = TRUE))
  settled <- if (settled) {
    paste0("  ", counted_noun(settled, "finding"), " accepted earlier, not shown")
  }
  if (!nrow(x)) return(c("No findings.", settled))
  errors <- sum(x$severity == "error")
  head <- paste0(nrow(x), if (nrow(x) == 1L) " finding" else " findings", ": ", errors,
    if (errors == 1L) " error" else " errors", ", ", nrow(x) - errors,
    if (nrow(x) - errors == 1L) " warning" else " warnings")
  shown <- seq_len(min(nrow(x), n))
  case <- if (is.null(x$case)) NA else x$case
  row <- ifelse(is.na(x$row), "", paste0("row ", x$row))
  between <- ifelse(is.na(x$row) | is.na(case), "", ", ")
  where <- paste0(row, between, ifelse(is.na(case), "", paste0("case ", case)))
  where[!nzchar(where)] <- "sheet"
  if (!is.null(x$sample)) where <- paste0("sample ", x$sample, ", ", where)
  lines <- paste0("  [", x$severity[shown], "] ", where[shown], ", ", x$rule[shown], ": ",
    x$message[shown])
  c(head, lines, if (nrow(x) > n) paste0("  ... and ", nrow(x) - n, " more"), settled)
}

#' @export
print.coding_findings <- function(x, n = 10L, ...) {
  writeLines(break_lines(format(x, n = n), getOption("width")))
  invisible(x)
}

# Long lines go on in the next, broken at single spaces: several may be what is at fault.
break_lines <- function(lines, width) {
  unlist(lapply(lines, function(line) {
    if (!validEnc(line) || nchar(line, "width") <= width) return(line)
    start <- 1L
    at <- gregexpr("(?<=[^ ]) (?=[^ ])", line, perl = TRUE)[[1L]]
    breaks <- integer()
    for (i in seq_along(at)) {
      end <- if (i < length(at)) at[i + 1L] - 1L else nchar(line)
      room <- width - if (length(breaks)) 4L else 0L
      if (nchar(substr(line, start, end), "width") > room && at[i] > start + 3L) {
        breaks <- c(breaks, at[i])
        start <- at[i] + 1L
      }
    }
    indent <- c("", rep("    ", length(breaks)))
    paste0(indent, substring(line, c(1L, breaks + 1L), c(breaks - 1L, nchar(line))))
  }))
}

#' @export
summary.coding_findings <- function(object, ...) {
  key <- paste(object$rule, object$severity, object$variable, sep = "\r")
  first <- which(!duplicated(key))
  count <- data.frame(rule = object$rule[first], severity = object$severity[first],
    variable = object$variable[first], n = tabulate(match(key, key[first]), length(first)))
  count <- count[order(-count$n), , drop = FALSE]
  rownames(count) <- NULL
  count
}

#' @export
as.data.frame.coding_findings <- function(x, ...) {
  class(x) <- "data.frame"
  x
}
