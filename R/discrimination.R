#' How far a score tells two groups of cases apart
#'
#' The area under the ROC curve: the chance that a case with the outcome has a higher
#' score than one without it, a tie counting one half. 0.5 is no better than a coin.
#'
#' @section A caution:
#' This looks back at cases whose outcome is known. It is no test of prediction. The
#' review of 26 cases that is this package's example found serious and fatal harm in cases
#' with few known risks as well as in cases with many, and many of the incidents came from
#' a risk that nobody had seen in the file; its authors hold (sections 3.4 and 6) that
#' such factors help to recognise harm that has happened or is likely, and that they have
#' little or no value for telling beforehand which children will die. All cases of such a
#' review had the gravest outcome, so a comparison inside it says nothing about children in
#' general; what is not known to the file counts as absent; and where an outcome is rare,
#' most cases above any cut point will never have it, whatever the area is. Do not use this
#' figure to set a threshold for a child.
#'
#' @param scores A `risk_scores`, a numeric vector, or a data frame of numeric columns,
#'   several scores of the same cases.
#' @param outcome One value a case: logical, 0 and 1, or a factor or text with two values,
#'   of which the last (of the levels, or of the sorted texts) is the event.
#' @param conf_level The level of the interval.
#' @return A data frame of class `discrimination`, a row a score: `score` (its name),
#'   `estimate`, `se`, `lower`, `upper`, `n_event`, `n_other`, `n_missing` (cases left out
#'   because the score or the outcome is missing; with several scores, any of them),
#'   `event` (the value that counts as the event) and `note` (why something is `NA` or
#'   should be doubted: `"one_group"`, `"too_few_cases"`, `"no_overlap"`).
#'   `attr(, "covariance")` is the covariance matrix of the estimates, with which two
#'   scores can be compared. The standard error is that of DeLong, DeLong and Clarke-Pearson
#'   (1988, equation 5), the interval normal around the estimate and cut to 0 and 1. With
#'   no overlap at all the standard error is 0, which the note says.
#' @references DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988) Comparing the
#'   areas under two or more correlated receiver operating characteristic curves: a
#'   nonparametric approach. *Biometrics* 44, 837-845.
#' @examples
#' discrimination(c(3, 8, 12, 17, 25, 6), c(FALSE, FALSE, TRUE, TRUE, TRUE, TRUE))
#' @export
discrimination <- function(scores, outcome, conf_level = 0.95) {
  conf_level <- check_conf_level(conf_level)
  scores <- score_matrix(scores)
  event <- event_of(outcome, nrow(scores))
  used <- stats::complete.cases(scores) & !is.na(event$is)
  is <- event$is[used]
  area <- delong(scores[used & event$is %in% TRUE, , drop = FALSE],
    scores[used & event$is %in% FALSE, , drop = FALSE])
  se <- sqrt(diag(area$covariance))
  half <- stats::qnorm(1 - (1 - conf_level) / 2) * se
  result <- data.frame(
    score = colnames(scores), estimate = area$estimate, se = se,
    lower = pmax(0, area$estimate - half), upper = pmin(1, area$estimate + half),
    n_event = sum(is), n_other = sum(!is), n_missing = sum(!used), event = event$name,
    note = area$note, row.names = NULL
  )
  structure(result, class = c("discrimination", "data.frame"),
    covariance = area$covariance, conf_level = conf_level)
}

score_matrix <- function(scores) {
  need_argument(scores, "scores")
  if (inherits(scores, "risk_scores")) scores <- data.frame(score = as_ties(scores$score))
  if (is.numeric(scores) && !is.object(scores) && is.null(dim(scores))) {
    scores <- data.frame(score = as.double(scores))
  }
  if (!is.data.frame(scores) || !length(scores)) {
    stop_argument("`scores` must be risk scores, numbers or a data frame of numbers, not ",
      describe(scores), ".")
  }
  scores <- check_data(scores, "scores")
  plain <- vapply(scores, function(x) is.numeric(x) && !is.object(x), NA)
  if (!all(plain)) {
    stop_argument("`scores` has the column ", list_some(names(scores)[!plain]),
      ", which is not a plain number.")
  }
  as.matrix(scores)
}

# Whether each case has the event, and the name of the event.
event_of <- function(outcome, n) {
  need_argument(outcome, "outcome")
  bad <- function(...) {
    stop_argument("`outcome` must have two values (TRUE and FALSE, 1 and 0, or a factor or ",
      "text of two), ", ...)
  }
  if (!is.atomic(outcome) || !is.null(dim(outcome)) || is.null(outcome)) {
    bad("not ", describe(outcome), ".")
  }
  if (length(outcome) != n) {
    bad("one for each of the ", n, " cases, not ", length(outcome), ".")
  }
  if (is.logical(outcome)) return(list(is = outcome, name = "TRUE"))
  if (is.factor(outcome)) {
    check_factor(outcome, "`outcome`")
    values <- levels(outcome)
  } else {
    values <- as.character(sort(unique(outcome)))
    if (is.numeric(outcome) && all(outcome %in% c(0, 1, NA))) values <- c("0", "1")
  }
  if (length(values) != 2L) bad("not ", length(values), ".")
  list(is = as.character(outcome) == values[2L], name = values[2L])
}

# The areas and their covariance from placements (mid-ranks), scores in columns.
delong <- function(event, other) {
  m <- nrow(event)
  n <- nrow(other)
  p <- ncol(event)
  empty <- matrix(NA_real_, p, p, dimnames = list(colnames(event), colnames(event)))
  if (m == 0L || n == 0L) {
    return(list(estimate = rep(NA_real_, p), covariance = empty, note = "one_group"))
  }
  above <- matrix(0, m, p)
  below <- matrix(0, n, p)
  for (j in seq_len(p)) {
    ranks <- rank(c(event[, j], other[, j]))
    above[, j] <- (ranks[seq_len(m)] - rank(event[, j])) / n
    below[, j] <- 1 - (ranks[m + seq_len(n)] - rank(other[, j])) / m
  }
  estimate <- colMeans(above)
  if (m < 2L || n < 2L) {
    return(list(estimate = estimate, covariance = empty, note = "too_few_cases"))
  }
  empty[] <- stats::cov(above) / m + stats::cov(below) / n
  list(estimate = estimate, covariance = empty,
    note = ifelse(estimate %in% c(0, 1), "no_overlap", ""))
}

#' @export
format.discrimination <- function(x, ...) {
  c(
    utils::capture.output(print(as.data.frame(x), row.names = FALSE, digits = 3L)),
    "Looking back at cases with a known outcome; not a prediction (see ?discrimination)."
  )
}

#' @export
print.discrimination <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
