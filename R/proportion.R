#' Intervals of percents and of their differences
#'
#' `proportion_interval()` gives the score interval of Wilson or the exact interval of
#' Clopper and Pearson; `proportion_difference()` the difference of two independent
#' proportions with Newcombe's hybrid score interval (his method 10).
#'
#' With z the normal quantile, p = n / base and m = base, Wilson's limits are
#' \deqn{\frac{2mp + z^2 \pm z\sqrt{z^2 + 4mp(1 - p)}}{2(m + z^2)}}
#' (Newcombe 1998a, method 3). With l, u the Wilson limits of both, the difference
#' d = p1 - p2 lies between \eqn{d - \sqrt{(p_1 - l_1)^2 + (u_2 - p_2)^2}} and
#' \eqn{d + \sqrt{(u_1 - p_1)^2 + (p_2 - l_2)^2}} (Newcombe 1998b, method 10). The limits of
#' Clopper and Pearson are quantiles of beta distributions, as in [stats::binom.test()].
#'
#' @param n,n1,n2 Counts, whole numbers: vectors.
#' @param base,base1,base2 The numbers that they are out of. A base of 0 gives `NA`.
#' @param conf_level The level of confidence, between 0 and 1.
#' @param method `"wilson"` or `"clopper_pearson"`.
#' @return A data frame with a row for each element: `n`, `base`, `estimate`, `lower`,
#'   `upper` (as proportions), and for the difference `estimate`, `lower`, `upper`.
#' @references
#' Newcombe, R. G. (1998a) Two-sided confidence intervals for the single proportion.
#' *Statistics in Medicine* 17, 857-872.
#'
#' Newcombe, R. G. (1998b) Interval estimation for the difference between independent
#' proportions. *Statistics in Medicine* 17, 873-890.
#'
#' Wilson, E. B. (1927) Probable inference, the law of succession, and statistical
#' inference. *Journal of the American Statistical Association* 22, 209-212.
#'
#' Clopper, C. J. and Pearson, E. S. (1934) The use of confidence or fiducial limits
#' illustrated in the case of the binomial. *Biometrika* 26, 404-413.
#' @examples
#' proportion_interval(c(9, 8), c(26, 33))
#' proportion_difference(9, 26, 6, 33)
#' @export
proportion_interval <- function(n, base, conf_level = 0.95, method = "wilson") {
  pairs <- check_proportion(n, base, "n", "base")
  conf_level <- check_conf_level(conf_level)
  method <- check_choice(method, "method", c("wilson", "clopper_pearson"))
  limits <- proportion_limits(pairs$n, pairs$base, conf_level, method)
  data.frame(n = pairs$n, base = pairs$base, estimate = share_of(pairs$n, pairs$base),
    lower = limits$lower, upper = limits$upper)
}

#' @rdname proportion_interval
#' @export
proportion_difference <- function(n1, base1, n2, base2, conf_level = 0.95) {
  one <- check_proportion(n1, base1, "n1", "base1")
  two <- check_proportion(n2, base2, "n2", "base2")
  conf_level <- check_conf_level(conf_level)
  a <- proportion_limits(one$n, one$base, conf_level, "wilson")
  b <- proportion_limits(two$n, two$base, conf_level, "wilson")
  p <- share_of(one$n, one$base)
  q <- share_of(two$n, two$base)
  data.frame(
    estimate = p - q,
    lower = p - q - sqrt((p - a$lower)^2 + (b$upper - q)^2),
    upper = p - q + sqrt((a$upper - p)^2 + (q - b$lower)^2)
  )
}

share_of <- function(n, base) ifelse(base > 0, n / base, NA_real_)

# Counts, each no more than its base; NA where either is.
check_proportion <- function(n, base, n_arg, base_arg) {
  need_argument(n, n_arg)
  need_argument(base, base_arg)
  for (arg in c(n_arg, base_arg)) {
    x <- if (arg == n_arg) n else base
    count <- function(x) is.na(x) | x >= 0 & x == floor(x)
    good <- is.numeric(x) && !is.object(x) && all(count(x))
    if (good && any(x > 2^53, na.rm = TRUE)) {
      stop_argument("`", arg, "` must be counts below 2^53, not ",
        format(max(x, na.rm = TRUE)), ".")
    }
    if (!good) {
      stop_argument("`", arg, "` must be whole numbers of at least 0, not ",
        describe_fault(x, count), ".")
    }
  }
  size <- max(length(n), length(base))
  if (!length(n) || !length(base)) size <- 0L
  if (size > 0L && (size %% length(n) != 0L || size %% length(base) != 0L)) {
    stop_argument("`", n_arg, "` and `", base_arg, "` must have as many values as one another, ",
      "or one; they have ", length(n), " and ", length(base), ".")
  }
  n <- rep_len(as.double(n), size)
  base <- rep_len(as.double(base), size)
  over <- which(n > base)
  if (length(over)) {
    stop_argument("`", n_arg, "` must be no more than `", base_arg, "`; element ", over[1L],
      " is ", n[over[1L]], " of ", base[over[1L]], ".")
  }
  list(n = n, base = base)
}

proportion_limits <- function(n, base, conf_level, method) {
  tail <- (1 - conf_level) / 2
  if (method == "wilson") {
    z <- stats::qnorm(tail, lower.tail = FALSE)
    p <- n / base
    half <- z * sqrt(z^2 + 4 * n * (1 - p))
    lower <- (2 * n + z^2 - half) / (2 * (base + z^2))
    upper <- (2 * n + z^2 + half) / (2 * (base + z^2))
  } else {
    lower <- stats::qbeta(tail, n, base - n + 1)
    upper <- stats::qbeta(tail, n + 1, base - n, lower.tail = FALSE)
  }
  lower[n %in% 0] <- 0
  upper[!is.na(n) & !is.na(base) & n == base] <- 1
  none <- is.na(base) | base == 0
  lower[none] <- NA
  upper[none] <- NA
  list(lower = lower, upper = upper)
}

#' Confidence intervals of the percents of a table
#'
#' @param object A `crosstab`. Where it shows no percents, they are of the table's total.
#' @param parm Not used.
#' @param level The level of confidence.
#' @param method `"wilson"` or `"clopper_pearson"`; see [proportion_interval()].
#' @param ... Not used.
#' @return A data frame, a row a cell: the variables of the formula, `n`, `base`, `percent`,
#'   `lower` and `upper`, in percents (print rounds them to `digits`, 1); `NA` where the
#'   base is 0, the cell is suppressed, or counts are weighted and not whole.
#' @examples
#' tab <- crosstab(data.frame(fatal = c(TRUE, FALSE, TRUE)), ~ fatal, percent = "total")
#' confint(tab)
#' @export
confint.crosstab <- function(object, parm, level = 0.95, method = "wilson", ...) {
  check_crosstab(object, "object")
  level <- check_conf_level(level, "level")
  method <- check_choice(method, "method", c("wilson", "clopper_pearson"))
  if (object$spec$percent == "none" && length(object$spec$value)) {
    stop_argument("The table shows no percents; ask for them with `percent`.")
  }
  refuse_own(object$spec$variables, c("lower", "upper"), "confint()")
  cells <- object$cells
  n <- cells$n
  base <- cells$base
  if (identical(object$spec$weight_kind, "probability")) n[] <- NA
  n[!is.na(n) & (n != floor(n) | n > base)] <- NA
  base[is.na(n)] <- NA
  limits <- proportion_limits(n, base, level, method)
  out <- cells[c(object$spec$variables, "n", "base")]
  out$percent <- percent_of(cells$n, cells$base)
  out$lower <- 100 * limits$lower
  out$upper <- 100 * limits$upper
  structure(out, class = c("crosstab_intervals", "data.frame"), level = level)
}

#' @export
format.crosstab_intervals <- function(x, digits = 1L, ...) {
  digits <- check_whole(digits, "digits", 0L, 10L)
  number <- function(v) {
    ifelse(is.na(v), "-", formatC(v, digits = digits, format = "f"))
  }
  out <- as.data.frame(x)
  if (!all(c("percent", "lower", "upper") %in% names(out))) return(out)
  level <- attr(x, "level")
  interval <- ifelse(is.na(out$lower), "-", paste(number(out$lower), "to", number(out$upper)))
  out$percent <- number(out$percent)
  out$lower <- out$upper <- NULL
  heading <- if (is.null(level)) "interval" else paste0(100 * level, "% interval")
  out[[heading]] <- interval
  out
}

#' @export
print.crosstab_intervals <- function(x, digits = 1L, ...) {
  if (!nrow(x)) cat("No cells.\n") else {
    print(format(x, digits = digits), row.names = FALSE, max = .Machine$integer.max)
  }
  invisible(x)
}

#' @export
as.data.frame.crosstab_intervals <- function(x, row.names = NULL, optional = FALSE, ...) {
  attributes(x) <- c(attributes(x)[c("names", "row.names")], list(class = "data.frame"))
  x
}
