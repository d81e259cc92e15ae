#' The cells that recoding changed
#'
#' @param x A result of [recode_coding()] or [combine_samples()], as it came: the log is
#'   an attribute, which subsetting, merging and many other steps drop.
#' @return A data frame of class `coding_changes`, one row a cell whose text changed:
#'   decisions first, row by row, then each variable of the codebook. Columns:
#'   \item{case, row}{The case's id and the row of the sheet (`NA` for a column renamed).}
#'   \item{variable}{The variable.}
#'   \item{from, to}{The text before and after, `NA` for blank; "(restricted)" where the
#'     codebook restricts the variable.}
#'   \item{by}{Who decided; `NA` where the codebook did.}
#'   \item{note}{Why: the team's note or "decision"; or what the cell held: "code",
#'     "alias", "number", "date", or "missing code: " and which; or that boxes were joined or
#'     a column was named by its label.}
#'   [combine_samples()] adds `sample`. Its attributes `accepted` and `unused` are data
#'   frames of the findings accepted as they are and of decisions that found no cell.
#'   `print()` shows the decisions (`n` of them) and counts, variable by variable, what the
#'   codebook changed; `summary()` counts each change: `variable`, `from`, `to`, `note`, `n`.
#' @seealso [recode_coding()].
#' @examples
#' cb <- codebook(
#'   data.frame(variable = c("case", "neglect"), type = c("id", "rating")),
#'   data.frame(variable = "neglect", code = c("2", "1"), label = c("High", "Low"))
#' )
#' coded <- recode_coding(data.frame(case = 1:3, neglect = c(2, 1, 2)), cb)
#' coding_changes(coded)
#' summary(coding_changes(coded))
#' @export
coding_changes <- function(x) {
  need_argument(x, "x")
  changes <- attr(x, "coding_changes", exact = TRUE)
  if (!is.data.frame(changes)) {
    stop_argument("`x` has no log of changes: it must be a result of recode_coding() or ",
      "combine_samples(), before any step that drops attributes.")
  }
  structure(changes, class = c("coding_changes", "data.frame"))
}

#' @export
format.coding_changes <- function(x, n = 10L, ...) {
  n <- check_number(n, "n", min = 0)
  if (!all(c("case", "row", "variable", "from", "to", "by", "note") %in% names(x))) {
    return(utils::capture.output(print(as.data.frame(x))))
  }
  ours <- x$note %in% codebook_notes | startsWith(x$note, "missing code: ")
  ours <- ours & is.na(x$by)
  if (!nrow(x)) return("No cell was changed.")
  decided <- which(!ours)
  lines <- change_lines(x[utils::head(decided, n), ])
  c(paste0(counted_noun(nrow(x), "change"), ": ", length(decided), " decided, ",
    nrow(x) - length(decided), " by the codebook"), lines,
    if (length(decided) > n) paste0("  ... and ", length(decided) - n, " more"),
    folded_changes(x[ours, ]))
}

# What recoding says of a cell that no one decided.
codebook_notes <- c("code", "alias", "number", "date", "codes of several", "label map",
  "column named by its label", "boxes joined")

change_lines <- function(x) {
  if (!nrow(x)) return(NULL)
  text <- function(value) ifelse(is.na(value), "(blank)", paste0("\"", value, "\""))
  where <- ifelse(is.na(x$row), "sheet", paste0("row ", x$row))
  if (!is.null(x$sample)) where <- paste0("sample ", x$sample, ", ", where)
  where <- paste0(where, ifelse(is.na(x$case), "", paste0(", case ", x$case)))
  why <- paste0(ifelse(is.na(x$by), "", paste0(x$by, ": ")), x$note)
  paste0("  ", where, ", ", x$variable, ": ", text(x$from), " -> ", text(x$to), " (", why, ")")
}

# One line a variable: "  sex: 12 code, 3 alias".
folded_changes <- function(x) {
  vapply(unique(x$variable), function(name) {
    count <- table(factor(x$note[x$variable == name], unique(x$note[x$variable == name])))
    paste0("  ", name, ": ", paste(count, names(count), collapse = ", "))
  }, "", USE.NAMES = FALSE)
}

#' @export
print.coding_changes <- function(x, n = 10L, ...) {
  writeLines(format(x, n = n))
  invisible(x)
}

#' @export
summary.coding_changes <- function(object, ...) {
  key <- data.frame(variable = object$variable, from = object$from, to = object$to,
    note = object$note)
  at <- match(do.call(paste, c(key, sep = "\r")), unique(do.call(paste, c(key, sep = "\r"))))
  count <- key[!duplicated(at), , drop = FALSE]
  count$n <- tabulate(at, nrow(count))
  rownames(count) <- NULL
  count
}

#' @export
as.data.frame.coding_changes <- function(x, ...) {
  class(x) <- "data.frame"
  x
}
