#' Check printed means against the number of cases
#'
#' The GRIM test: a mean of `n` whole numbers is a whole sum over `n`, so that with few
#' cases only some means can be printed. Each printed mean is tried against every sum
#' near it, and with `min` and `max` also against what the scale allows.
#'
#' @param mean The means as printed: texts or numbers, as in [audit_percent()]. In
#'   `"18.3 (9)"` the mean stands before the brackets, and the number in them serves
#'   where `n` is missing.
#' @param n The number of cases behind each mean: whole numbers.
#' @param min,max The least and the greatest value that one case can have.
#' @param items How many whole-numbered items each case's value is the mean of; 1 where
#'   the value itself is a whole number.
#' @return A data frame of class `audit`, a row a mean: `printed` (text), `exact` (the
#'   nearest mean that whole numbers can give), `verdict` and `note`. `agrees`: a whole
#'   sum gives the digits printed under half up or half to even (the note says which
#'   sums). `truncated`: one gives it only with the further digits cut off.
#'   `impossible`: none does, or it lies outside `min` to `max`. `not checkable`:
#'   something is missing or not a number, or `n` is 0 or not whole.
#' @references Brown, N. J. L. and Heathers, J. A. J. (2017). The GRIM test: a simple
#'   technique detects numerous anomalies in the reporting of results in psychology.
#'   *Social Psychological and Personality Science*, 8(4), 363-369.
#' @seealso [audit_pooled()] for a mean of several groups.
#' @examples
#' # The example of Brown and Heathers: 5.19 cannot be the mean of 28 whole numbers.
#' audit_mean(c("5.18", "5.19", "5.21"), 28)
#' audit_mean("7.2", 5, min = 1, max = 7)
#' @export
audit_mean <- function(mean, n, min = -Inf, max = Inf, items = 1L) {
  check_printed(mean, "mean")
  check_printed(n, "n")
  check_mean_limits(min, "min")
  check_mean_limits(max, "max")
  items <- check_whole(items, "items", min = 1)
  args <- recycle(mean = mean, n = n, min = min, max = max)
  cell <- printed_cell(args$mean)
  n <- printed_number(args$n)
  blank <- is.na(n$text) | !nzchar(trimws(n$text))
  n[blank, ] <- cell$inner[blank, ]
  printed <- cell$outer
  found <- list(exact = rep(NA_real_, nrow(n)), verdict = rep("not checkable", nrow(n)),
    note = mean_reason(printed, n, args$min, args$max))
  use <- which(!nzchar(found$note))
  if (length(use)) {
    one <- possible_mean(printed[use, ], n$value[use] * items, args$min[use], args$max[use])
    for (name in names(one)) found[[name]][use] <- one[[name]]
  }
  new_audit(cell$text, found$exact, found$verdict, found$note)
}

check_mean_limits <- function(x, arg) {
  if (!is.numeric(x) || is.object(x) || anyNA(x) || !is.null(dim(x))) {
    stop_argument("`", arg, "` must be numbers without NA, not ", describe(x), ".")
  }
}

mean_reason <- function(printed, n, min, max) {
  first_reason(
    printed$reason,
    ifelse(nzchar(n$reason), paste0("n: ", n$reason), ""),
    ifelse(nzchar(printed$bound) | nzchar(n$bound), "a bound is no mean", ""),
    ifelse(!is.na(n$value) & n$value <= 0, "n is not positive", ""),
    ifelse(!is.na(n$value) & n$value != floor(n$value), "n is not a whole number", ""),
    ifelse(min > max, "min is above max", "")
  )
}

# Whether `n` whole numbers, each from `min` to `max`, can have the printed means.
possible_mean <- function(printed, n, min, max) {
  found <- possible_counts(printed, n, ceiling(n * min), floor(n * max), 0L)
  words <- possible_words(found, paste0(" over ", shortest_text(n)), "sum")
  impossible <- words$verdict == "impossible"
  words$note <- ifelse(impossible, words$note, sub("^([0-9-])", "sum \\1", words$note))
  outside <- impossible & (printed$value < min | printed$value > max)
  words$note[outside] <- paste0("outside ", shortest_text(min), " to ",
    shortest_text(max))[outside]
  c(list(exact = ifelse(found$known, nearest_mean(found, n, printed$value), NA_real_)), words)
}

# Of the sums that give the mean and the one next to it, that which comes nearest.
nearest_mean <- function(found, n, value) {
  within <- function(low, high) pmin(pmax(found$nearest, low), high)
  sums <- cbind(within(found$rounded_low, found$rounded_high),
    within(found$cut_low, found$cut_high), found$nearest)
  far <- abs(sums / n - value)
  far[is.na(far)] <- Inf
  sums[cbind(seq_along(n), max.col(-far, "first"))] / n
}

#' Check a combined mean against the means of its parts
#'
#' The mean of several groups is the mean of the groups' means weighted by the number of
#' cases, never the plain mean of means. The printed means of the parts are rounded, so
#' the combined mean is known only within what their digits leave open.
#'
#' @param means,n For each combined mean, the means of its parts and their numbers of
#'   cases: lists of vectors, matrices with a row a combined mean, or vectors for one.
#' @param pooled The combined means as printed.
#' @return A data frame of class `audit`: `printed`, `exact` (the weighted mean of the
#'   parts as printed), `verdict` and `note` as in [audit_sum()].
#' @examples
#' audit_pooled(list(c("18.0", "16.7"), c("16.7", "9.0")), list(c(9, 3), c(3, 3)),
#'   c("17.7", "12.8"))
#' @export
audit_pooled <- function(means, n, pooled) {
  means <- sum_sets(means, "means")
  n <- sum_sets(n, "n")
  check_printed(pooled, "pooled")
  args <- recycle(means = means, n = n, pooled = pooled)
  if (any(lengths(args$means) != lengths(args$n))) {
    stop_argument("`means` and `n` must have as many parts as each other.")
  }
  printed <- printed_cell(args$pooled)
  rows <- lapply(seq_along(args$pooled), function(i) {
    judge_pooled(printed_cell(args$means[[i]])$outer, printed_number(args$n[[i]]),
      printed$outer[i, ])
  })
  bind_audit(printed$text, rows)
}

judge_pooled <- function(part, n, printed) {
  reason <- c(printed$reason, part$reason, n$reason,
    if (sum(n$value, na.rm = TRUE) <= 0) "there are no cases")
  reason <- reason[nzchar(reason)]
  if (length(reason)) {
    return(list(exact = NA_real_, verdict = "not checkable", note = reason[1L]))
  }
  share <- n$value / sum(n$value)
  exact <- sum(part$value * share)
  slack <- sum(0.5 * 10^-part$decimals * share)
  within_slack(printed, exact, slack)
}

# A printed number against one that is known only within `slack` either side. `finest`:
# the decimals of the parts. A total of "100" under parts with one decimal means 100.0.
within_slack <- function(printed, exact, slack, finest = 0L) {
  one <- judge_value(printed, exact)
  own <- 0.5 * 10^-pmax(printed$decimals, finest)
  apart <- abs(printed$value - exact)
  near <- which(one$verdict != "agrees" & slack > 0 & apart <= (slack + own) * (1 + 1e-9))
  one$verdict[near] <- "agrees"
  one$note[near] <- "within what the rounding of the parts leaves open"
  list(exact = exact, verdict = one$verdict, note = one$note)
}

bind_audit <- function(printed, rows) {
  pick <- function(name, empty) vapply(rows, `[[`, empty, name)
  new_audit(printed, pick("exact", 0), pick("verdict", ""), pick("note", ""))
}
