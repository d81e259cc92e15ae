#' Rates of events in periods of time
#'
#' `event_rate()` gives events per unit of time with the exact interval of a Poisson count;
#' `rate_ratio()` compares two rates, exactly, given the number of events of both.
#'
#' The limits of a count are half the quantiles of chi-squared distributions (Garwood 1936);
#' the ratio follows from the share of the first period in all events, which is binomial
#' (Przyborowski and Wilenski 1940). Both are those of [stats::poisson.test()].
#'
#' @param events Numbers of events, whole numbers of at least 0. For `rate_ratio()` two.
#' @param time The lengths of the periods, above 0 and in one unit.
#' @param conf_level The level of confidence.
#' @return `event_rate()`: a data frame with a row a period: `events`, `time`, `rate`,
#'   `lower`, `upper`. `rate_ratio()`: one row: `ratio` (first over second), `lower`,
#'   `upper`, `p_value`.
#' @references
#' Garwood, F. (1936) Fiducial limits for the Poisson distribution. *Biometrika* 28,
#' 437-442.
#'
#' Przyborowski, J. and Wilenski, H. (1940) Homogeneity of results in testing samples from
#' Poisson series. *Biometrika* 31, 313-323.
#' @examples
#' # 28 submissions in 14 months against 12 in 16
#' event_rate(c(28, 12), c(14, 16))
#' rate_ratio(c(28, 12), c(14, 16))
#' @export
event_rate <- function(events, time, conf_level = 0.95) {
  pair <- check_rate(events, time)
  tail <- (1 - check_conf_level(conf_level)) / 2
  events <- pair$events
  time <- pair$time
  data.frame(
    events = events, time = time, rate = events / time,
    lower = ifelse(events == 0, 0, stats::qgamma(tail, events)) / time,
    upper = stats::qgamma(tail, events + 1, lower.tail = FALSE) / time
  )
}

#' @rdname event_rate
#' @export
rate_ratio <- function(events, time, conf_level = 0.95) {
  pair <- check_rate(events, time)
  conf_level <- check_conf_level(conf_level)
  if (length(pair$events) != 2L) {
    stop_argument("`events` must be two numbers, not ", describe(events), ".")
  }
  if (sum(pair$events) == 0) {
    return(data.frame(ratio = NA_real_, lower = 0, upper = Inf, p_value = 1))
  }
  test <- stats::poisson.test(pair$events, pair$time, conf.level = conf_level)
  rate <- pair$events / pair$time
  data.frame(ratio = rate[1L] / rate[2L], lower = test$conf.int[1L],
    upper = test$conf.int[2L], p_value = test$p.value)
}

check_rate <- function(events, time) {
  need_argument(events, "events")
  need_argument(time, "time")
  count <- function(x) is.finite(x) & x >= 0 & x == floor(x)
  length_of_time <- function(x) is.finite(x) & x > 0
  if (!is.numeric(events) || is.object(events) || !all(count(events))) {
    stop_argument("`events` must be whole numbers of at least 0, not ",
      describe_fault(events, count), ".")
  }
  if (!is.numeric(time) || is.object(time) || !all(length_of_time(time))) {
    stop_argument("`time` must be numbers above 0, not ", describe_fault(time, length_of_time),
      ".")
  }
  if (length(time) == 1L) time <- rep(time, length(events))
  if (length(time) != length(events)) {
    stop_argument("`time` must have as many values as `events`, ", length(events), ", or one; ",
      "it has ", length(time), ".")
  }
  list(events = as.double(events), time = as.double(time))
}
