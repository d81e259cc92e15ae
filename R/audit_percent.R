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
#'   neither. `impossible`: the percent is negative, or `n` is missing and no count out of
#'   `base` gives it. `not checkable`: something is missing, is not a number,
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
    below <- known[printed$value[known] < 0 & !nzchar(printed$bound[known])]
    found$verdict[below] <- "impossible"
  }
  open <- which(!nzchar(found$note) & nzchar(n$reason) & found$verdict == "not checkable")
  if (length(open)) {
    one <- possible_percent(printed[open, ], base$value[open])
    found$verdict[open] <- one$verdict
    found$note[open] <- one$note
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

# Which counts out of `base` give the percents printed.
possible_percent <- function(printed, base) {
  found <- list(verdict = rep("not checkable", length(base)), note = character(length(base)))
  below <- printed$negative & printed$units != "0"
  found$verdict[below] <- "impossible"
  found$note <- ifelse(below, "no count gives a negative percent",
    ifelse(nzchar(printed$bound), "no count is given",
      ifelse(base != floor(base), "the base is not a whole number", "")))
  use <- which(!nzchar(found$note))
  if (!length(use)) return(found)
  one <- possible_counts(printed[use, ], base[use], rep(0, length(use)), base[use], 2L)
  words <- possible_words(one, paste0(" of ", shortest_text(base[use])), "count")
  found$verdict[use] <- words$verdict
  found$note[use] <- words$note
  found
}

possible_words <- function(found, of, word) {
  some <- !is.na(found$rounded_low)
  cut <- !some & !is.na(found$cut_low)
  verdict <- ifelse(some, "agrees", ifelse(cut, "truncated", "impossible"))
  verdict[!found$known] <- "not checkable"
  note <- ifelse(found$many & some, paste0("many ", word, "s give it"),
    ifelse(some, paste0(span_words(found$rounded_low, found$rounded_high), of),
      ifelse(cut, paste0(span_words(found$cut_low, found$cut_high), of, ", cut off"),
        paste0("no ", word, of, " gives it", found$near))))
  note[!found$known] <- "too large to be checked exactly"
  list(verdict = verdict, note = note)
}

span_words <- function(low, high) {
  more <- paste0(ifelse(high - low == 1, " or ", " to "), shortest_text(high))
  paste0(shortest_text(low), ifelse(low == high, "", more))
}

# The whole numbers k from `low` to `high` for which k / size prints as `printed` after
# moving the point `shift` places, row by row: by rounding, and by cutting off, as the
# ends of their spans (NA where there are none). Not `known` where the numbers are too
# large to be told apart.
possible_counts <- function(printed, size, low, high, shift) {
  centre <- printed$value / 10^shift * size
  reach <- 10^-(printed$decimals + shift) * size
  known <- is.finite(centre) & abs(centre) + reach < 2^52 & size <= 2^53
  from <- pmax(low, floor(centre - reach) - 1)
  to <- pmin(high, ceiling(centre + reach) + 1)
  none <- rep(NA_real_, length(centre))
  out <- data.frame(known = known, many = to - from > 1000, centre = centre,
    nearest = pmin(pmax(round(centre), low), high), rounded_low = none, rounded_high = none,
    cut_low = none, cut_high = none, near = "")
  out$many[!known] <- FALSE
  tried <- tried_counts(centre, reach, from, to, which(known & from <= to))
  cut <- cut_ratio(abs(tried$k), size[tried$row], printed$decimals[tried$row] + shift)
  tried$verdict <- judge_digits(printed[tried$row, ], cut, tried$k < 0)$verdict
  out[c("rounded_low", "rounded_high")] <- count_span(tried, "agrees", nrow(out))
  out[c("cut_low", "cut_high")] <- count_span(tried, "truncated", nrow(out))
  left <- which(known & from <= to & is.na(out$rounded_low) & is.na(out$cut_low))
  out$near[left] <- nearest_sums(centre[left], from[left], to[left], size[left], shift,
    printed$decimals[left])
  out
}

# The numbers worth a trial: all that are near, and where they are many those about the
# ends of the spans.
tried_counts <- function(centre, reach, from, to, use) {
  slack <- 1e-3 + 4 * .Machine$double.eps * abs(centre[use])
  first <- pmax(from[use], ceiling(centre[use] - reach[use] - slack))
  last <- pmin(to[use], floor(centre[use] + reach[use] + slack))
  size <- pmax(0, last - first + 1)
  few <- size <= 24
  row <- rep(use[few], size[few])
  k <- rep(first[few], size[few]) + sequence(size[few]) - 1
  wide <- use[!few]
  ends <- outer(c(-1, -0.5, 0, 0.5, 1), reach[wide]) + rep(centre[wide], each = 5L)
  ends <- rbind(floor(ends) - 1, floor(ends), floor(ends) + 1, floor(ends) + 2, first[!few],
    last[!few])
  inside <- ends >= rep(first[!few], each = nrow(ends)) &
    ends <= rep(last[!few], each = nrow(ends))
  data.frame(row = c(row, wide[col(ends)[inside]]), k = c(k, ends[inside]))
}

count_span <- function(tried, verdict, n) {
  tried <- tried[tried$verdict == verdict, ]
  tried <- tried[order(tried$row, tried$k), ]
  rows <- seq_len(n)
  back <- rev(tried$row)
  data.frame(low = tried$k[match(rows, tried$row)], high = rev(tried$k)[match(rows, back)])
}

# "; nearest 145 (5.18) and 146 (5.21)".
nearest_sums <- function(centre, low, high, size, shift, decimals) {
  a <- pmin(pmax(floor(centre), low), high)
  b <- pmin(pmax(ceiling(centre), low), high)
  swap <- abs(b - centre) < abs(a - centre)
  words <- function(k) {
    cut <- cut_ratio(abs(k), size, decimals + shift)
    paste0(shortest_text(k), " (", ifelse(k < 0, "-", ""),
      decimal_text(rounded(cut)$half_up, decimals), ")")
  }
  first <- words(ifelse(swap, b, a))
  paste0("; nearest ", first, ifelse(a == b, "", paste0(" and ", words(ifelse(swap, a, b)))))
}
