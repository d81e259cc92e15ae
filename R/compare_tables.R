#' Which cells of a table moved when the analysis was run again
#'
#' @param old,new Two cross-tabulations, or two data frames of the same layout: long (a
#'   column for each variable, then numbers) or wide (row labels, then numbers or texts
#'   as printed).
#' @param by The columns that name a row: texts. `NULL` (the default) takes the
#'   variables of a cross-tabulation, and of a data frame the columns of texts and
#'   factors without numbers in them; where there are none, rows are compared by
#'   position, as `row`.
#' @param tolerance The relative difference below which two numbers are the same.
#' @return A data frame of class `table_changes`, a row for each number that moved: the
#'   `by` columns; `statistic`, the column it stands in (of a cell such as `"3 (13.0)"`
#'   also `"<column> (in brackets)"`); `old` and `new`, numbers, `NA` where there is
#'   none; `difference`, new less old; and `note`: `moved`, `only in old`, `only in
#'   new`, `now missing`, `was missing`, or what words became what. Where labels repeat,
#'   rows are matched in their order. The attribute `compared` is the number of numbers
#'   and words compared.
#' @seealso [audit_table()]
#' @examples
#' old <- data.frame(law = c("Public", "Private"), n = c(12, 12))
#' new <- data.frame(law = c("Public", "Private", "Both"), n = c(12, 11, 2))
#' compare_tables(old, new)
#' @export
compare_tables <- function(old, new, by = NULL, tolerance = 1e-9) {
  if (inherits(by, "factor")) check_factor(by, "`by`")
  by <- check_strings(by, "by", null = TRUE)
  tolerance <- check_number(tolerance, "tolerance", min = 0)
  old <- comparable(old, "old", by)
  new <- comparable(new, "new", by)
  if (!setequal(old$by, new$by)) {
    stop_argument("`old` and `new` must name their rows by the same columns; `old` has ",
      list_some(old$by), ", and `new` has ", list_some(new$by), ".")
  }
  key <- list(old = row_key(old$frame, old$by), new = row_key(new$frame, old$by))
  keys <- rbind(key_frame(old$frame, old$by), key_frame(new$frame, old$by))
  all <- unique(c(key$old, key$new))
  keys <- keys[match(all, c(key$old, key$new)), , drop = FALSE]
  at <- list(old = match(all, key$old), new = match(all, key$new))
  columns <- unique(c(old$values, new$values))
  empty <- function(x) !is.null(x) && all(is.na(x))
  unused <- vapply(columns, function(name) {
    empty(old$frame[[name]]) && empty(new$frame[[name]])
  }, NA)
  columns <- columns[!unused]
  rows <- lapply(columns, function(name) {
    compare_column(old$frame[[name]], new$frame[[name]], name, at, keys, tolerance)
  })
  found <- do.call(rbind, c(list(no_moves(keys)), rows))
  row.names(found) <- NULL
  structure(found, class = c("table_changes", "data.frame"),
    compared = length(all) * length(columns))
}

moved_columns <- c("statistic", "old", "new", "difference", "note")

no_moves <- function(keys) {
  cbind(keys[0L, , drop = FALSE], data.frame(statistic = character(), old = numeric(),
    new = numeric(), difference = numeric(), note = character()))
}

# A table as a data frame with the columns that name its rows and those that hold
# values.
comparable <- function(x, arg, by) {
  need_argument(x, arg)
  is_tab <- inherits(x, "crosstab")
  if (is_tab) x <- as.data.frame(check_crosstab(x, arg), unweighted = TRUE)
  x <- check_data(plain_frame(x), arg)
  if (is.null(by)) {
    by <- key_columns(x)
    if (is_tab) {
      refuse_own(by, moved_columns, "compare_tables()")
    } else {
      by <- by[vapply(x[by], is_label, NA)]
    }
  } else {
    check_columns(by, names(x), arg)
  }
  if (!length(by)) {
    x <- cbind(data.frame(row = row_numbers(x)), x)
    by <- "row"
  }
  values <- setdiff(names(x), c(by, if (is_tab) "status"))
  if (any(c("n", "percent") %in% values)) values <- setdiff(values, "text")
  list(frame = x, by = by, values = values)
}

# A column of words: texts or a factor, most of which are no numbers.
is_label <- function(x) {
  if (is.numeric(x) || is.logical(x) || inherits(x, "Date")) return(FALSE)
  if (!length(x)) return(TRUE)
  mean(nzchar(printed_cell(x)$outer$reason)) > 0.5
}

key_frame <- function(x, by) {
  out <- lapply(x[by], function(column) {
    column <- printed_text(column)
    column[is.na(column)] <- ""
    column
  })
  structure(out, names = by, row.names = .set_row_names(.row_names_info(x, 2L)),
    class = "data.frame")
}

# One text a row; rows with the same labels are numbered.
row_key <- function(x, by) {
  key <- do.call(paste, c(unname(as.list(key_frame(x, by))), sep = "\r"))
  paste(key, stats::ave(seq_along(key), key, FUN = seq_along), sep = "\r")
}

compare_column <- function(old, new, name, at, keys, tolerance) {
  side <- function(x, place) if (is.null(x)) NULL else x[place]
  old <- cell_values(side(old, at$old))
  new <- cell_values(side(new, at$new))
  size <- nrow(keys)
  here <- list(old = !is.na(at$old) & !is.null(old), new = !is.na(at$new) & !is.null(new))
  rbind(
    moved_rows(old$outer, new$outer, old$words, new$words, here, name, keys, tolerance),
    moved_rows(old$inner, new$inner, NULL, NULL,
      list(old = here$old & !is.na(old$inner %or% rep(NA, size)),
        new = here$new & !is.na(new$inner %or% rep(NA, size))),
      paste(name, "(in brackets)"), keys, tolerance)
  )
}

`%or%` <- function(x, y) if (is.null(x)) y else x

# Cells as numbers, before and inside brackets, and the words of those that are none.
cell_values <- function(x) {
  if (is.null(x)) return(NULL)
  if (is.numeric(x) && !is.factor(x)) {
    x <- as.double(x)
    return(list(outer = x, inner = rep(NA_real_, length(x)), words = rep("", length(x))))
  }
  text <- printed_text(x)
  cell <- printed_cell(text)
  word <- nzchar(cell$outer$reason) & !is.na(text)
  list(outer = cell$outer$value, inner = cell$inner$value, words = ifelse(word, text, ""))
}

moved_rows <- function(old, new, old_words, new_words, here, name, keys, tolerance) {
  size <- nrow(keys)
  old <- old %or% rep(NA_real_, size)
  new <- new %or% rep(NA_real_, size)
  old_words <- old_words %or% rep("", size)
  new_words <- new_words %or% rep("", size)
  note <- rep("", size)
  both <- here$old & here$new
  apart <- abs(new - old) > tolerance * pmax(abs(old), abs(new), 1)
  apart[is.na(apart)] <- FALSE
  apart <- apart | (xor(is.infinite(old), is.infinite(new)) & !is.na(old) & !is.na(new))
  note[both & apart] <- "moved"
  note[both & !is.na(old) & is.na(new)] <- "now missing"
  note[both & is.na(old) & !is.na(new)] <- "was missing"
  words <- both & old_words != new_words
  note[words] <- paste0("\"", shown_cell(old, old_words), "\" became \"",
    shown_cell(new, new_words), "\"")[words]
  note[here$old & !here$new] <- "only in old"
  note[!here$old & here$new] <- "only in new"
  at <- which(nzchar(note))
  cbind(keys[at, , drop = FALSE], data.frame(statistic = rep(name, length(at)), old = old[at],
    new = new[at], difference = new[at] - old[at], note = note[at]))
}

shown_cell <- function(number, words) {
  ifelse(nzchar(words), words, ifelse(is.na(number), "", shortest_text(number)))
}

#' @param x What `compare_tables()` gives.
#' @param n The most rows to print.
#' @param ... Not used.
#' @rdname compare_tables
#' @export
print.table_changes <- function(x, n = 20L, ...) {
  writeLines(format(x, n = n))
  invisible(x)
}

#' @rdname compare_tables
#' @export
format.table_changes <- function(x, n = 20L, ...) {
  compared <- attr(x, "compared")
  head <- paste0(nrow(x), if (is.null(compared)) "" else paste(" of", compared), " numbers moved.")
  if (!nrow(x)) return(head)
  shown <- seq_len(min(nrow(x), n))
  rows <- structure(x[shown, , drop = FALSE], class = "data.frame")
  c(head, "", table_lines(shown_changes(rows), c("old", "new", "difference")),
    if (nrow(x) > n) paste0("... and ", nrow(x) - n, " more."))
}

# Old, new and difference with the digits, one at least where there are fractions, that show
# the change.
shown_changes <- function(x) {
  values <- x[c("old", "new", "difference")]
  digits <- vapply(seq_len(nrow(x)), function(i) {
    value <- unlist(values[i, ])
    value <- value[is.finite(value)]
    if (all(value == round(value))) return(0L)
    for (d in 1:6) {
      rounded <- round(value, d)
      apart <- length(unique(rounded[-3L])) == length(unique(value[-3L]))
      if (apart && all(rounded != 0 | value == 0)) return(d)
    }
    7L
  }, 0L)
  x[names(values)] <- lapply(values, function(value) {
    ifelse(is.na(value), "", mapply(function(v, d) {
      if (d > 6L || !is.finite(v)) format(v, digits = 6L) else formatC(v, digits = d, format = "f")
    }, value, digits))
  })
  x
}
