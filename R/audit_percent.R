#' Check printed percents against their counts
#'
#' Holds each printed percent against `100 * n / base` at the digits printed. The
#' arithmetic is on whole numbers, so that a tie is decided as a tie: 13 of 80 is 16.25,
#' which is 16.3 rounded half up and 16.2 rounded half to even, and either agrees.
#'
#' Numbers may be given as numbers or as printed. In print a thousands comma or space
#' (`"1,234"`: a comma before exactly three digits), a decimal comma (`"38,5"`), a
#' percent sign, any minus sign, a footnote mark and a cell such as `"4 (17.4%)"` are
#' read; in the last the percent is the number in brackets, and the count before it
#' serves where `n` is missing. `"<1"` is held to its word. The digits of a number that
#' is not text are those of its shortest decimal form: give `"12.80"` as text to have
#' its last zero counted.
#'
#' @param percent The percents as printed: texts or numbers.
#' @param n The counts: numbers or texts, whole or not; `NA` where none is printed.
#' @param base What the percent is of: numbers or texts. Arguments of length 1 serve for
#'   all.
#' @return A data frame of class `audit`, a row a percent:
#' \describe{
#' \item{printed}{the percent as given, as text.}
#' \item{exact}{`100 * n / base`; `NA` where it is not known.}
#' \item{verdict}{`agrees`: equal to the digits printed when rounded half up or half to
#'   even. `truncated`: equal only when further digits are cut off. `disagrees`:
#'   neither. `impossible`: `n` is missing and no count out of `base` gives the percent,
#'   or the percent is negative. `not checkable`: something is missing, is not a number,
#'   is negative, or `base` is 0. Where `n` is missing and a count gives the percent, it
#'   `agrees`, and the note says which.}
#' \item{note}{which custom of rounding holds where only one does; what it should be;
#'   which counts are possible; why it cannot be checked.}
#' }
#' Faults in the numbers are verdicts. Arguments that are no vectors, or whose lengths do
#' not fit, are errors of class `casereview_error_argument`.
#' @references Goldberg, D. (1991). What every computer scientist should know about
#'   floating-point arithmetic. *ACM Computing Surveys*, 23(1), 5-48 (why ties are not
#'   left to binary fractions).
#' @seealso [audit_mean()], [audit_sum()], [audit_table()], [audit_claims()]
#' @examples
#' audit_percent(c("10.2", "9.2", "16.2", "18.1"), c(6, 6, 13, 6), c(59, 59, 80, 33))
#' # Without counts: is there a count out of 26 that gives this?
#' audit_percent(c("46.2", "46.3"), NA, 26)
#' @export
audit_percent <- function(percent, n, base) {
  check_printed(percent, "percent")
  check_printed(n, "n")
  check_printed(base, "base")
  args <- recycle(percent = percent, n = n, base = base)
  cell <- printed_cell(args$percent)
  # "17.4% (4)": the other way round.
  turned <- cell$outer$percent & !cell$inner$percent & !nzchar(cell$inner$reason)
  cell[c("outer", "inner")] <- list(
    pick_rows(turned, cell$inner, cell$outer), pick_rows(turned, cell$outer, cell$inner)
  )
  in_brackets <- !nzchar(cell$inner$reason)
  printed <- cell$outer
  printed[in_brackets, ] <- cell$inner[in_brackets, ]
  n <- printed_number(args$n)
  use <- nzchar(n$reason) & in_brackets & (is.na(n$text) | !nzchar(trimws(n$text)))
  n[use, ] <- cell$outer[use, ]
  found <- judge_ratio(printed, n, printed_number(args$base))
  apart <- in_brackets & !use & !is.na(n$value) & !is.na(cell$outer$value) &
    n$value != cell$outer$value
  found$note[apart] <- paste_note(found$note[apart],
    paste0("the cell prints the count ", cell$outer$text[apart]))
  new_audit(cell$text, found$exact, found$verdict, found$note)
}

# The rows of `yes` where `test` holds and those of `no` elsewhere.
pick_rows <- function(test, yes, no) {
  no[test, ] <- yes[test, ]
  no
}

# Percents against counts: verdict, exact and note for each.
judge_ratio <- function(printed, n, base) {
  size <- nrow(printed)
  found <- list(exact = rep(NA_real_, size), verdict = rep("not checkable", size),
    note = ratio_reason(printed, n, base))
  known <- which(!nzchar(found$note) & !nzchar(n$reason))
  if (length(known)) {
    part <- whole_pair(n[known, ], base[known, ])
    cut <- cut_ratio(part$n, part$base, printed$decimals[known] + 2L)
    one <- judge_digits(printed[known, ], cut)
    found$exact[known] <- 100 * part$n / part$base
    found$verdict[known] <- one$verdict
    found$note[known] <- ifelse(n$value[known] > base$value[known],
      paste_note(one$note, "the count exceeds its base"), one$note)
  }
  for (i in which(!nzchar(found$note) & nzchar(n$reason) & found$verdict == "not checkable")) {
    one <- possible_percent(printed[i, ], base$value[i])
    found$verdict[i] <- one$verdict
    found$note[i] <- one$note
  }
  found
}

# Why a percent cannot be checked, or "".
ratio_reason <- function(printed, n, base) {
  no_n <- nzchar(n$reason)
  blank_n <- is.na(n$text) | !nzchar(trimws(n$text))
  pair <- whole_pair(n, base)
  big <- is.na(pair$n) | is.na(pair$base) | pair$n > 2^53 | pair$base > 2^53
  first_reason(
    printed$reason,
    ifelse(nzchar(base$reason), paste0("base: ", base$reason), ""),
    ifelse(no_n & !blank_n, paste0("n: ", n$reason), ""),
    ifelse(nzchar(base$bound) | (!no_n & nzchar(n$bound)), "a bound is no count", ""),
    ifelse(!is.na(base$value) & base$value == 0, "the base is 0", ""),
    ifelse(!is.na(base$value) & base$value < 0, "the base is negative", ""),
    ifelse(!no_n & n$value < 0, "the count is negative", ""),
    ifelse(!no_n & big, "too large to be checked exactly", ""),
    ifelse(printed$decimals > 40L, "more than 40 decimals", "")
  )
}

# The first that is not "" among texts of one length.
first_reason <- function(...) {
  reasons <- list(...)
  found <- character(length(reasons[[1L]]))
  for (reason in reasons) {
    take <- !nzchar(found) & !is.na(reason)
    found[take] <- reason[take]
  }
  found
}

paste_note <- function(first, second) {
  ifelse(nzchar(first) & nzchar(second), paste0(first, "; ", second), paste0(first, second))
}

# n and base as whole numbers in the same ratio: decimals of weighted counts scaled
# away.
whole_pair <- function(n, base) {
  decimals <- pmax(0L, n$decimals, base$decimals, na.rm = TRUE)
  scale <- function(x) {
    suppressWarnings(as.numeric(paste0(x$units, strrep("0", pmax(0L, decimals - x$decimals)))))
  }
  n$decimals[is.na(n$decimals)] <- 0L
  base$decimals[is.na(base$decimals)] <- 0L
  list(n = scale(n), base = scale(base))
}

# Which counts out of `base` give the percent printed.
possible_percent <- function(printed, base) {
  if (printed$negative && printed$units != "0") {
    return(list(verdict = "impossible", note = "no count gives a negative percent"))
  }
  if (nzchar(printed$bound)) return(list(verdict = "not checkable", note = "no count is given"))
  if (base != floor(base)) {
    return(list(verdict = "not checkable", note = "the base is not a whole number"))
  }
  found <- possible_counts(printed, base, 0, base, 2L)
  if (is.null(found)) {
    return(list(verdict = "not checkable", note = "too large to be checked exactly"))
  }
  possible_words(found, paste0(" of ", shortest_text(base)), "count")
}

possible_words <- function(found, of, word) {
  if (found$many && length(found$rounded)) {
    return(list(verdict = "agrees", note = paste0("many ", word, "s give it")))
  }
  if (length(found$rounded)) {
    return(list(verdict = "agrees", note = paste0(span_words(found$rounded), of)))
  }
  if (length(found$cut)) {
    return(list(verdict = "truncated", note = paste0(span_words(found$cut), of, ", cut off")))
  }
  list(verdict = "impossible", note = paste0("no ", word, of, " gives it", found$near))
}

span_words <- function(x) {
  if (length(x) == 1L) return(shortest_text(x))
  paste0(shortest_text(min(x)), if (length(x) == 2L) " or " else " to ", shortest_text(max(x)))
}

# The whole numbers k from `low` to `high` for which k / size prints as `printed` after
# moving the point `shift` places: by rounding, and by cutting off. NULL where the
# numbers are too large to be told apart.
possible_counts <- function(printed, size, low, high, shift) {
  value <- printed$value / 10^shift
  unit <- 10^-(printed$decimals + shift)
  centre <- value * size
  reach <- unit * size
  if (!is.finite(centre) || abs(centre) + reach >= 2^52 || size > 2^53) return(NULL)
  from <- max(low, floor(centre - reach) - 1)
  to <- min(high, ceiling(centre + reach) + 1)
  out <- list(rounded = numeric(), cut = numeric(), many = FALSE, near = "",
    nearest = min(max(round(centre), low), high))
  if (from > to) return(out)
  out$many <- to - from > 1000
  k <- if (out$many) {
    some <- c(from + 0:2, to - 0:2, floor(centre + (-2:2) / 4 * reach))
    unique(some[some >= from & some <= to])
  } else {
    seq(from, to)
  }
  cut <- cut_ratio(abs(k), rep(size, length(k)), rep(printed$decimals + shift, length(k)))
  rows <- printed[rep(1L, length(k)), ]
  verdict <- judge_digits(rows, cut, k < 0)$verdict
  out$rounded <- k[verdict == "agrees"]
  out$cut <- k[verdict == "truncated"]
  out$near <- nearest_sums(centre, from, to, size, shift, printed$decimals)
  out
}

# "; the nearest are 5.18 (145) and 5.21 (146)".
nearest_sums <- function(centre, low, high, size, shift, decimals) {
  k <- unique(pmin(pmax(c(floor(centre), ceiling(centre)), low), high))
  k <- k[order(abs(k - centre))]
  cut <- cut_ratio(abs(k), rep(size, length(k)), rep(decimals + shift, length(k)))
  text <- paste0(ifelse(k < 0, "-", ""), decimal_text(rounded(cut)$half_up, decimals))
  paste0("; nearest ", paste0(shortest_text(k), " (", text, ")", collapse = " and "))
}
