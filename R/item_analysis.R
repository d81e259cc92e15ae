#' How the items of a scale hang together
#'
#' Cronbach's alpha of the scale and, for each item, how it goes with the rest.
#'
#' With \eqn{k} items, the variance \eqn{v_j} of item \eqn{j} and the variance \eqn{V} of
#' the total, alpha is \eqn{k / (k - 1) (1 - \sum_j v_j / V)} (Cronbach 1951, equation 2).
#' Alpha, the item-rest correlation (Pearson's, of the item with the total of the others)
#' and alpha without the item all rest on the same cases: those in which every item is
#' rated. How many these are is part of the result; with few of them it says little.
#'
#' @inheritParams score_risk
#' @param unknown What becomes of an unknown item: `"exclude"` leaves the case out of
#'   alpha and the correlations, `"zero"` counts it as a rating of 0, as a total with
#'   `unknown = "zero"` does.
#' @param direction,scores As in [score_risk()].
#' @return A data frame of class `item_analysis`, a row an item: `item`, `n_rated` (cases
#'   in which it is rated), `mean` (of those), `item_rest_r`, `alpha_if_dropped` (`NA` with
#'   fewer than three items) and `share` (the item's part of the sum of all ratings).
#'   `attr(, "alpha")` is a list of `estimate` and `n_cases`. What has no variance to
#'   divide by is `NA`; `attr(, "note")` says why alpha is (`"too_few_cases"`,
#'   `"single_item"`, `"no_variation"`, or `""`).
#' @references Cronbach, L. J. (1951) Coefficient alpha and the internal structure of
#'   tests. *Psychometrika* 16, 297-334.
#' @examples
#' book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "0",
#'   max = "3"))
#' cases <- data.frame(a = c(0, 1, 3, 2, 2), b = c(1, 1, 3, 0, 2), c = c(0, 1, 2, 3, 2))
#' item_analysis(cases, book)
#' @export
item_analysis <- function(data, codebook, items = NULL, unknown = c("exclude", "zero"),
                          direction = NULL, scores = NULL) {
  unknown <- check_choice(unknown, "unknown", c("exclude", "zero"))
  input <- option_input(data, codebook, items, NULL, unknown = unknown, min_rated = 0L,
    direction = direction, scores = scores)
  warn_unknown_values(unknown_values(input))
  score <- vapply(input$scales, rated_scores, double(input$n), unknown = unknown)
  score <- matrix(score, input$n, input$n_items)
  n_rated <- colSums(!is.na(score))
  total <- colSums(score, na.rm = TRUE)
  complete <- score[stats::complete.cases(score), , drop = FALSE]
  alpha <- alpha_of(complete)
  result <- data.frame(
    item = input$items, n_rated = as.integer(n_rated),
    mean = ifelse(n_rated > 0, total / n_rated, NA_real_),
    item_rest_r = alpha$item_rest_r, alpha_if_dropped = alpha$alpha_if_dropped,
    share = if (isTRUE(sum(total) != 0)) total / sum(total) else NA_real_
  )
  structure(result,
    class = c("item_analysis", "data.frame"),
    alpha = list(estimate = alpha$estimate, n_cases = nrow(complete)), note = alpha$note
  )
}

# The scores of one item, NA where it is not rated. With `unknown` "zero", 0 where it is
# unknown.
rated_scores <- function(scale, unknown) {
  at <- item_codes(scale)
  at[is.na(at)] <- 0L
  score <- c(NA, scale$score)
  if (unknown == "zero") score[c("unknown", scale$kind) == "unknown"] <- 0
  score[at + 1L]
}

# Alpha and what goes with it, from a matrix without NA.
alpha_of <- function(score) {
  k <- ncol(score)
  none <- list(estimate = NA_real_, item_rest_r = rep(NA_real_, k),
    alpha_if_dropped = rep(NA_real_, k))
  if (nrow(score) < 2L) return(c(none, note = "too_few_cases"))
  covariance <- stats::cov(score)
  own <- diag(covariance)
  with_total <- rowSums(covariance)
  whole <- sum(covariance)
  # The variance of the others' total, and 0 where only rounding is left of it.
  rest <- whole - 2 * with_total + own
  rest[rest <= 1e-12 * (sum(own) + abs(whole))] <- 0
  none$item_rest_r <- ratio(with_total - own, sqrt(own * rest))
  if (k < 2L) return(c(none, note = "single_item"))
  if (k > 2L) none$alpha_if_dropped <- (k - 1) / (k - 2) * (1 - ratio(sum(own) - own, rest))
  if (whole <= 1e-12 * sum(own)) return(c(none, note = "no_variation"))
  none$estimate <- k / (k - 1) * (1 - sum(own) / whole)
  c(none, note = "")
}

ratio <- function(a, b) ifelse(b > 0, a / b, NA_real_)

#' @export
format.item_analysis <- function(x, ...) {
  alpha <- attr(x, "alpha")
  lines <- character()
  if (!is.null(alpha)) {
    lines <- paste0("Cronbach's alpha: ",
      if (is.na(alpha$estimate)) paste0("NA (", gsub("_", " ", attr(x, "note")), ")")
      else formatC(alpha$estimate, digits = 3L, format = "f"),
      ", from the ", how_many(alpha$n_cases, "case"), " in which every item is rated")
  }
  c(lines, utils::capture.output(print(as.data.frame(x), row.names = FALSE, digits = 3L)))
}

#' @export
print.item_analysis <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

#' @rdname item_analysis
#' @param object An `item_analysis`.
#' @param ... Not used.
#' @return `summary()`: a data frame of class `summary.item_analysis` with one row:
#'   `n_items`, `n_cases`, `alpha`, `note`, `lowest_rest_r` and `lowest_item` (the item that
#'   goes least with the rest), `n_undefined` (items without an item-rest correlation),
#'   `n_negative` (with one below 0, which often were meant to be reversed) and
#'   `n_raising` (without which alpha is larger).
#' @export
summary.item_analysis <- function(object, ...) {
  alpha <- attr(object, "alpha")
  if (is.null(alpha) || !all(c("item", "item_rest_r", "alpha_if_dropped") %in% names(object))) {
    stop_argument("`object` must be what item_analysis() gave, with nothing taken out of it.")
  }
  r <- object$item_rest_r
  at <- which.min(r)
  result <- data.frame(
    n_items = nrow(object), n_cases = alpha$n_cases, alpha = alpha$estimate,
    note = attr(object, "note"), lowest_rest_r = if (length(at)) r[at] else NA_real_,
    lowest_item = if (length(at)) object$item[at] else NA_character_,
    n_undefined = sum(is.na(r)), n_negative = sum(r < 0, na.rm = TRUE),
    n_raising = sum(object$alpha_if_dropped > alpha$estimate + 1e-12, na.rm = TRUE)
  )
  structure(result, class = c("summary.item_analysis", "data.frame"),
    raising = object$item[which(object$alpha_if_dropped > alpha$estimate + 1e-12)],
    negative = object$item[which(r < 0)])
}

#' @export
format.summary.item_analysis <- function(x, ...) {
  number <- function(v) formatC(v, digits = 3L, format = "f")
  lines <- paste0(how_many(x$n_items, "item"), ", ", how_many(x$n_cases, "case"),
    " in which every item is rated. Cronbach's alpha: ",
    if (is.na(x$alpha)) paste0("NA (", gsub("_", " ", x$note), ")") else number(x$alpha), ".")
  if (!is.na(x$lowest_item)) {
    lines <- c(lines, paste0("Goes least with the rest: ", x$lowest_item, " (r = ",
      number(x$lowest_rest_r), ")."))
  }
  if (x$n_negative > 0L) {
    lines <- c(lines, paste0("Goes against the rest: ",
      list_some(attr(x, "negative"), quote = "", most = 8L), "."))
  }
  if (x$n_raising > 0L) {
    lines <- c(lines, paste0("Alpha is larger without: ",
      list_some(attr(x, "raising"), quote = "", most = 8L), "."))
  }
  if (x$n_undefined > 0L && !is.na(x$lowest_item)) {
    lines <- c(lines, paste0("No correlation with the rest: ", how_many(x$n_undefined, "item"),
      " (no variation)."))
  }
  strwrap(lines, getOption("width"), exdent = 2L)
}

#' @export
print.summary.item_analysis <- function(x, ...) {
  good <- c("n_items", "n_cases", "alpha", "note", "lowest_item", "n_negative", "n_raising")
  if (nrow(x) != 1L || !all(good %in% names(x))) {
    print(structure(x, class = "data.frame"), ...)
    return(invisible(x))
  }
  writeLines(format(x))
  invisible(x)
}
