#' Check printed totals against their parts
#'
#' @param parts The parts of each total, as numbers or as printed: a list with a vector
#'   a total, a matrix or data frame with a row a total, or a vector where there is one
#'   total. Of a cell such as `"4 (17.4%)"` the number before the brackets counts.
#' @param total The totals as printed, one for each set of parts, or one for all.
#' @param rounded TRUE where the parts are rounded numbers, FALSE where they are exact.
#'   `NA` (the default) tells by the print: a part with decimals or a percent sign is
#'   rounded, a bare whole number is exact. A rounded part stands for anything within
#'   half a unit of its last digit.
#' @return A data frame of class `audit`, a row a total: `printed` (text), `exact` (the
#'   sum of the parts), `verdict` and `note`. `agrees`: equal at the digits printed, or
#'   as near as the rounding of the parts allows (the note says so). `truncated`: equal
#'   when further digits are cut off. `disagrees`: neither. `not checkable`: a part or
#'   the total is missing or hidden. A part printed as a dash is taken as 0 where that
#'   gives the total, and the note says so; a bound such as `"<5"` leaves a range, and a
#'   total outside it disagrees.
#' @seealso [audit_percent()], [audit_pooled()]
#' @examples
#' audit_sum(list(c(7, 5), c(9, 3)), c(12, 12))
#' audit_sum(c("42.3", "3.8", "7.7", "3.8", "15.4", "3.8", "15.4", "7.7"), "100")
#' audit_sum(list(c("1", "-", "3"), c("<5", "10")), c(4, 20))
#' @export
audit_sum <- function(parts, total, rounded = NA) {
  sets <- sum_sets(parts, "parts")
  check_printed(total, "total")
  if (!is.logical(rounded) || length(rounded) != 1L) {
    stop_argument("`rounded` must be TRUE, FALSE or NA, not ", describe(rounded), ".")
  }
  if (length(total) == 1L) total <- rep(total, length(sets))
  if (length(sets) != length(total)) {
    stop_argument("`total` must have one number for each set of `parts` (", length(sets),
      "), not ", length(total), ".")
  }
  printed <- printed_cell(total)
  texts <- lapply(sets, printed_text)
  part <- printed_cell(unlist(texts))$outer
  set <- rep(seq_along(sets), lengths(sets))
  whole <- !nzchar(part$reason) & !nzchar(part$bound)
  plain <- !nzchar(printed$outer$reason) & lengths(sets) > 0L &
    !seq_along(sets) %in% set[!whole]
  size <- length(sets)
  found <- data.frame(exact = numeric(size), verdict = character(size), note = character(size))
  use <- plain[set]
  found[plain, ] <- judge_plain(part[use, ], set[use], printed$outer[plain, ], rounded)
  for (i in which(!plain)) {
    found[i, ] <- judge_sum(part[set == i, ], printed$outer[i, ], rounded)
  }
  new_audit(printed$text, found$exact, found$verdict, found$note)
}

# Sets of numbers without dashes and bounds against their totals, all at once.
judge_plain <- function(part, set, printed, rounded) {
  if (!nrow(part)) return(list(numeric(), character(), character()))
  loose <- is_loose(part, rounded)
  finest <- as.vector(tapply(part$decimals, set, max))
  exact <- exact_sums(part, set, finest)
  slack <- as.vector(rowsum(ifelse(loose, 0.5 * 10^-part$decimals, 0), set))
  within_slack(printed, exact, slack, finest)
}

# Which parts are rounded numbers.
is_loose <- function(part, rounded) {
  if (is.na(rounded)) part$decimals > 0L | part$percent else rep(rounded, nrow(part))
}

# Sets of parts as a list of vectors.
sum_sets <- function(x, arg) {
  need_argument(x, arg)
  if (is.data.frame(x)) {
    x <- as.list(check_data(x, arg))
    x <- do.call(cbind, lapply(x, printed_text))
  }
  if (is.matrix(x)) x <- lapply(seq_len(nrow(x)), function(i) x[i, ])
  if (!is.list(x) || is.object(x)) x <- list(x)
  for (set in x) check_printed(set, arg)
  unname(x)
}

judge_sum <- function(part, printed, rounded) {
  if (nzchar(printed$reason)) return(no_sum(printed$reason))
  dash <- nzchar(part$reason) & !is.na(part$text) &
    grepl("^[-\u2010-\u2015\u2212]+$", trimws(part$text))
  if (any(nzchar(part$reason) & !dash)) {
    return(no_sum(paste0("a part: ", part$reason[nzchar(part$reason) & !dash][1L])))
  }
  hidden <- nzchar(part$bound)
  known <- part[!dash & !hidden, ]
  loose <- is_loose(known, rounded)
  exact <- exact_sum(known)
  slack <- sum(0.5 * 10^-known$decimals[loose])
  if (any(hidden)) return(judge_hidden(part[hidden, ], exact, slack, printed))
  one <- within_slack(printed, exact, slack, max(0L, known$decimals))
  if (!any(dash)) return(one)
  if (one$verdict == "agrees") {
    one$note <- paste_note(one$note, "a dash is taken as 0")
    return(one)
  }
  list(exact = exact, verdict = "not checkable", note = "a dash may stand for a number")
}

no_sum <- function(reason) list(exact = NA_real_, verdict = "not checkable", note = reason)

# The sum of decimals, on whole units of the finest of them.
exact_sum <- function(part) {
  if (nrow(part)) exact_sums(part, rep(1L, nrow(part)), max(part$decimals)) else 0
}

# The sums by set, whose `finest` parts have so many decimals.
exact_sums <- function(part, set, finest) {
  own <- finest[match(set, sort(unique(set)))]
  units <- as.numeric(paste0(part$units, strrep("0", own - part$decimals)))
  as.vector(rowsum(ifelse(part$negative, -units, units), set)) / 10^finest
}

# Parts printed as bounds: the total must lie within what they leave open.
judge_hidden <- function(hidden, exact, slack, printed) {
  above <- startsWith(hidden$bound, ">")
  whole <- hidden$decimals == 0L
  step <- ifelse(nchar(hidden$bound) == 1L & whole, 1, 0)
  low <- exact - slack + sum(ifelse(above, hidden$value + step, 0))
  high <- exact + slack + if (any(above)) Inf else sum(hidden$value - step)
  own <- if (slack > 0 || printed$decimals > 0L) 0.5 * 10^-printed$decimals else 0
  inside <- printed$value >= low - own && printed$value <= high + own
  range <- paste0("the parts leave ", shortest_text(low), " to ", shortest_text(high))
  list(exact = NA_real_, verdict = if (inside) "not checkable" else "disagrees", note = range)
}

#' Check that the bins of a table do not overlap
#'
#' @param labels The labels of the bins in their order, as printed: `"49 to 60"`,
#'   `"0-12"`, `"Under 1"`, `"<5"`, `"65+"`, `"85 and over"`, `"10"`.
#' @return A data frame of class `audit`, a row a label: `printed`; `exact`, the lower
#'   end of the bin; `verdict`: `disagrees` where the bin shares a value with the one
#'   before it, `not checkable` where the label is no bin, else `agrees`; and `note`,
#'   which also tells of a gap of more than one unit between a bin and the one before
#'   it.
#' @examples
#' audit_bins(c("0 to 12", "13 to 24", "49 to 60", "60 to 72"))
#' @export
audit_bins <- function(labels) {
  labels <- printed_text(check_printed(labels, "labels"))
  ends <- bin_ends(labels)
  is_bin <- !is.na(ends$low)
  verdict <- ifelse(is_bin, "agrees", "not checkable")
  note <- ifelse(is_bin, "", "the label is not a bin")
  at <- which(is_bin)
  top <- cummax(ends$high[at])
  bottom <- cummin(ends$low[at])
  for (k in seq_along(at)[-1L]) {
    i <- at[k]
    clear <- ends$low[i] > top[k - 1L] || ends$high[i] < bottom[k - 1L]
    before <- if (clear) at[k - 1L] else at[seq_len(k - 1L)]
    hit <- before[ends$low[before] <= ends$high[i] & ends$high[before] >= ends$low[i]]
    if (length(hit)) {
      verdict[i] <- "disagrees"
      note[i] <- paste0("overlaps ", list_some(labels[hit]))
    } else if (ends$low[i] - top[k - 1L] > 1) {
      note[i] <- paste0("a gap after ", list_some(labels[before[length(before)]]))
    }
  }
  new_audit(labels, ends$low, verdict, note)
}

# The least and the greatest value of each bin; NA where the label is none.
bin_ends <- function(labels) {
  t <- tolower(bare_number(labels))
  t <- trimws(gsub("\\b(years?|months?|weeks?|days?|aged?)\\b", "", t))
  number <- "([0-9]+(?:\\.[0-9]+)?)"
  low <- high <- rep(NA_real_, length(t))
  fill <- function(pattern, ends) {
    hit <- which(grepl(pattern, t, perl = TRUE) & is.na(low))
    found <- regmatches(t[hit], gregexpr(number, t[hit], perl = TRUE))
    both <- vapply(found, function(x) ends(as.numeric(x)), c(0, 0))
    low[hit] <<- both[1L, ]
    high[hit] <<- both[2L, ]
  }
  just_below <- function(x) if (x == floor(x)) x - 1 else x - 1e-9
  fill(paste0("^", number, " ?(?:-|to|and|up to) ?(?:under )?", number, "$"), function(x) x)
  fill(paste0("^(?:under|below|less than|fewer than|<) ?", number, "$"),
    function(x) c(-Inf, just_below(x)))
  fill(paste0("^(?:up to|at most|<=) ?", number, "$"), function(x) c(-Inf, x))
  fill(paste0("^(?:over|above|more than|>) ?", number, "$"),
    function(x) c(if (x == floor(x)) x + 1 else x + 1e-9, Inf))
  fill(paste0("^(?:at least|>=) ?", number, "$"), function(x) c(x, Inf))
  fill(paste0("^", number, " ?(?:\\+|(?:and|or) (?:over|above|more|older))$"),
    function(x) c(x, Inf))
  fill(paste0("^", number, " (?:and|or) (?:under|below|less|fewer|younger)$"),
    function(x) c(-Inf, x))
  fill(paste0("^", number, "$"), function(x) c(x, x))
  list(low = low, high = high)
}
