#' Agreement of coders
#'
#' Measures how far coders who rated the same cases agree, item by item, with an interval
#' for each coefficient.
#'
#' @section Coefficients:
#' * `percent`: the share of agreeing pairs of ratings within a case, averaged over cases;
#'   exact agreement, unless `level` is a matrix of weights.
#' * `kappa`: Cohen's kappa (1960, weighted 1968) for two coders, over the cases that both
#'   rated; Conger's (1980) for more, where each coder's ratings, of cases rated once too,
#'   make up that coder's part of the expected agreement (Gwet 2014, section 2.4).
#' * `fleiss`: Fleiss (1971) with Gwet's extension to unequal numbers of coders: a case
#'   rated once counts in the expected agreement.
#' * `scott`: Scott's pi (1955) for two coders, over the cases that both rated; for more
#'   it is `fleiss`.
#' * `alpha`: Krippendorff's alpha (2011); a case rated once takes no part.
#' * `ac1` (never weighted), `ac2` (weighted by `level`): Gwet (2008; 2014, chapter 4). A
#'   case rated once counts in the expected agreement.
#' * `bp`: Brennan and Prediger (1981), weighted by `level`. A case rated once takes no
#'   part.
#' * `icc`: ICC(2,1) of Shrout and Fleiss (1979), over the cases that every coder of the
#'   item rated. It needs numbers and does not go by `level`. See [icc()] for all six.
#'
#' @section Level:
#' `nominal`: codes agree or they do not. `ordinal`: for alpha Krippendorff's rank
#' differences, for all others Gwet's ordinal weights,
#' \eqn{1 - {|k-l|+1 \choose 2} / {q \choose 2}}. `interval`: squared differences of the
#' values. `ratio`: squared \eqn{(x-y)/(x+y)}, zero where both are zero. `linear` and
#' `quadratic`: (squared) differences of the positions on the scale (Cohen 1968). `jaccard`
#' and `masi`: for cells that hold several codes ("Mother; Father"), the distance of two
#' sets (Passonneau 2006); cells are split at `separator`. A matrix: weights of agreement
#' (the diagonal is the largest) or of disagreement (the diagonal is zero), symmetric, a
#' row and a column for each code of the declared scale.
#'
#' @section Scale:
#' What counts is the scale that was declared: `scale`, else the codes of the item in
#' `codebook` (its missing codes are no rating; its scores are the values) or the whole
#' numbers from its `min` to its `max` (a `rating` without codes), else the levels of a
#' factor, whether they occur or not. Numbers without a declared scale have the codes that
#' occur in the item, in the order of numbers. Texts have no order: an ordinal level needs
#' a factor or `scale`. Texts are refused where `level` needs values; a factor whose
#' labels are all numbers is taken by these. Labels are compared as they are: "High" and
#' "high" are two codes. Blank texts are missing ratings.
#'
#' @section Intervals:
#' `se` is the linearised standard error (infinitesimal jackknife): with \eqn{U_i} the
#' derivative of the coefficient by the weight of case i,
#' \eqn{n/(n-1) \sum (U_i - \bar U)^2}. It counts the cases as drawn from a large population
#' and lets the expected disagreement, and the ordinal distances of alpha, move with the
#' cases. Gwet's (2014) stands in `se_gwet` for comparison. It is the same where every
#' case was rated at least twice, but for alpha, where Gwet holds the distances fixed and
#' leaves out the correction for a small number of ratings. With cases rated once, Gwet
#' holds the number of the others fixed, and `se_gwet` is larger. The interval is on
#' Fisher's z: \eqn{\tanh(\mathrm{artanh}(a) \pm z\, se/(1-a^2))}. That of `percent` is
#' Wilson's, with the number of cases that would give a binomial share this standard
#' error, and that of `icc` is by the F distribution (Shrout and Fleiss 1979, p. 424).
#'
#' With `replicates`, cases are drawn with replacement, the same draw for every item, all
#' expected values are estimated again in each, `se` is the standard deviation of the
#' replicates and the interval is BCa (Efron 1987). Draws come from R's generator: call
#' `set.seed()` first. Replicates in which a coefficient is not defined are left out; their
#' number is `attr(, "undefined")`, and the replicates are `attr(, "replicates")`.
#'
#' @param ratings A data frame. Long: a row a case, coder and item. Wide: a row a case (and
#'   item) and a column a coder.
#' @param formula `rating ~ item` names the column of ratings and that of items;
#'   `rating ~ 1` where there is one item. Wide: `cbind(coder1, coder2) ~ item`, or give
#'   `coders`.
#' @param case,coder The names of the columns of cases and coders. Wide ratings need no
#'   `coder`, and no `case` where there is one item and each row is a case.
#' @param coefficient One or more of the names below.
#' @param level One of the names below, or a matrix.
#' @param conf_level A number between 0 and 1.
#' @param replicates A whole number: 0 for the closed form, else bootstrap replicates.
#' @param coders Wide ratings: the names of the coders' columns, instead of the left side
#'   of `formula`.
#' @param scale The codes in order, as a vector; or a list of these named by item.
#' @param codebook A [codebook()] whose variables include the items.
#' @param separator What stands between codes in one cell, for `jaccard` and `masi`.
#' @return An `agreement`, a data frame with a row for each item and coefficient: `item`
#'   (`"all"` where the formula has none), `coefficient`, `estimate`, `se`, `lower`,
#'   `upper`, `n_cases` (that take part in the estimate), `n_coders` (who rated the item),
#'   `n_ratings` (that take part), `note`; then `percent` (exact agreement of pairs as a
#'   share), `se_gwet`, `n_single` (cases rated once) and `method` (of the
#'   interval). `note` is empty, or says why something is `NA`:
#'   `single_coder`, `too_few_cases` (fewer than two cases that two coders rated),
#'   `no_variation` (one code alone was used, so agreement beyond chance has no meaning),
#'   and, where only the interval is `NA`, `no_disagreement` (the estimate is 1) or
#'   `zero_se` (every case bears on the estimate alike).
#' @references
#' Krippendorff, K. (2011) *Computing Krippendorff's alpha-reliability*. University of
#' Pennsylvania. Gwet, K. L. (2014) *Handbook of Inter-Rater Reliability*, 4th ed.
#' Conger, A. J. (1980) *Psychological Bulletin* 88, 322-328. Fleiss, J. L. (1971)
#' *Psychological Bulletin* 76, 378-382. Cohen, J. (1968) *Psychological Bulletin* 70,
#' 213-220. Brennan, R. L. and Prediger, D. J. (1981) *Educational and Psychological
#' Measurement* 41, 687-699. Efron, B. (1987) *JASA* 82, 171-185.
#' @seealso [disagreements()] for the cases to discuss, [icc()], [kendall_w()],
#'   [all_agree()], [specific_agreement()], [agreement_indices()].
#' @export
#' @examples
#' ratings <- data.frame(
#'   case = rep(1:6, each = 3), coder = rep(c("A", "B", "C"), 6),
#'   item = "neglect",
#'   rating = factor(c(1, 1, 1, 2, 3, 3, 1, 1, 2, 3, 3, 3, 1, 1, 1, 2, 2, NA),
#'     levels = 0:3, labels = c("none", "low", "medium", "high"))
#' )
#' agreement(ratings, coefficient = c("percent", "alpha", "ac2"))
#' agreement(data.frame(a = c(1, 2, 3, 3), b = c(1, 2, 2, 3)), cbind(a, b) ~ 1,
#'   coefficient = "kappa", level = "nominal")
agreement <- function(ratings, formula = rating ~ item, case = "case", coder = "coder",
                      coefficient = "alpha", level = "ordinal", conf_level = 0.95,
                      replicates = 0, coders = NULL, scale = NULL, codebook = NULL,
                      separator = ";") {
  coefficient <- check_coefficients(coefficient)
  level <- check_metric(level, coefficient)
  conf_level <- check_conf_level(conf_level)
  replicates <- check_whole(replicates, "replicates", min = 0, max = 1e7)
  if (is_set_level(level)) separator <- check_string(separator, "separator")
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    if (is_set_level(level)) separator, rows_are_cases = missing(case))
  n_cases <- length(data$case)
  fits <- lapply(data$items, fit_item, coefficient, level, n_cases, conf_level)
  rows <- lapply(fits, `[[`, "rows")
  result <- if (length(rows)) bind_rows(rows) else empty_agreement()
  result <- structure(result, conf_level = conf_level, level = level,
    coders = length(data$coders), cases = n_cases, replicate_count = replicates)
  if (replicates > 0L && n_cases > 0L && nrow(result)) {
    result <- add_bootstrap(result, fits, n_cases, replicates, conf_level)
  }
  class(result) <- c("agreement", "data.frame")
  result
}

bind_rows <- function(rows) {
  columns <- unclass(rows[[1L]])
  if (length(rows) > 1L) columns[] <- lapply(names(columns), function(name) {
    unlist(lapply(rows, `[[`, name), use.names = FALSE)
  })
  attributes(columns) <- list(names = names(columns),
    row.names = .set_row_names(length(columns[[1L]])), class = "data.frame")
  columns
}

empty_agreement <- function() {
  data.frame(
    item = character(), coefficient = character(), estimate = double(), se = double(),
    lower = double(), upper = double(), n_cases = double(), n_coders = integer(),
    n_ratings = double(), note = character(), percent = double(), se_gwet = double(),
    n_single = double(), method = character()
  )
}

# ---- what was asked ----

coefficient_names <- function() {
  c("percent", "kappa", "fleiss", "scott", "alpha", "ac1", "ac2", "bp", "icc")
}

level_names <- function() {
  c("nominal", "ordinal", "interval", "ratio", "linear", "quadratic", "jaccard", "masi")
}

check_coefficients <- function(x) {
  x <- check_strings(x, "coefficient")
  unknown <- setdiff(x, coefficient_names())
  if (length(unknown) || !length(x)) {
    stop_argument("`coefficient` must be among ",
      list_some(coefficient_names(), most = 20L), ", not ",
      if (length(unknown)) list_some(unknown) else "empty", ".")
  }
  unique(x)
}

is_set_level <- function(level) is.character(level) && level %in% c("jaccard", "masi")

check_metric <- function(level, coefficient) {
  if (is.data.frame(level)) level <- as.matrix(check_data(level, "level"))
  if (is.matrix(level)) return(check_weights(level))
  if (!is.character(level) || length(level) != 1L || is.na(level)) {
    stop_argument("`level` must be one of ", list_some(level_names(), most = 20L),
      ", or a matrix of weights, not ", describe(level), ".")
  }
  level <- check_choice(level, "level", level_names())
  if (is_set_level(level) && any(coefficient %in% c("ac1", "ac2", "bp", "icc"))) {
    stop_argument("`level` \"", level, "\" has no fixed number of codes, which the ",
      "coefficients \"ac1\", \"ac2\", \"bp\" and \"icc\" go by; use \"alpha\", \"kappa\", ",
      "\"fleiss\" or \"percent\".")
  }
  level
}

# Weights of agreement, 1 on the diagonal, from either kind of matrix.
check_weights <- function(x) {
  x <- unclass(as.matrix(x))
  attributes(x) <- attributes(x)["dim"]
  good <- is.numeric(x) && nrow(x) == ncol(x) && nrow(x) > 0L && all(is.finite(x)) &&
    all(x >= 0) && isSymmetric(x)
  if (!good) {
    stop_argument("`level` as a matrix must be square and symmetric, of numbers of at ",
      "least 0.")
  }
  on <- diag(x)
  storage.mode(x) <- "double"
  if (all(on == 0) && any(x > 0)) return(1 - x / max(x))
  if (on[1L] > 0 && all(on == on[1L]) && all(x <= on[1L])) return(x / on[1L])
  stop_argument("`level` as a matrix must hold weights of agreement, the largest on the ",
    "diagonal, or of disagreement, zero on the diagonal.")
}

# ---- what the C code is told of one coefficient ----

code_limit <- function() 3000L

check_code_limit <- function(q, item) {
  if (q > code_limit()) {
    stop_argument("The item ", dQuote(item, FALSE), " has ", q, " different codes; this ",
      "coefficient and level can take at most ", code_limit(), ".")
  }
}

needs_values <- function(item, what) {
  if (length(item$labels) && (is.null(item$value) || item$kind == "text")) {
    stop_argument("The ratings of ", of_item(item$item), " are text, and ", what,
      " needs numbers: give numeric ratings, or `scale` or a codebook with scores.")
  }
  item$value
}

needs_order <- function(item, what, or = "") {
  if (!item$ordered) {
    stop_argument("The ratings of ", of_item(item$item), " are text, whose order is not ",
      "known, and ", what, " needs one: give a factor or `scale`", or, ".")
  }
}

check_ratio <- function(value, item) {
  if (any(value < 0)) {
    stop_ratings("The ratings of ", of_item(item$item), " hold ",
      list_some(value[value < 0], quote = ""), ", and a ratio scale has no negative ",
      "number.")
  }
}

# Values around 0 and at most 1 from it: their squares neither overflow nor vanish.
spread_out <- function(value) {
  value <- value - mean(value)
  value / max(abs(value), .Machine$double.xmin)
}

# Distances of the codes, 0 to any size, for levels that have a matrix.
distance_matrix <- function(level, item) {
  q <- length(item$labels)
  check_code_limit(q, item$item)
  place <- as.double(seq_len(q))
  switch(level,
    linear = abs(outer(place, place, "-")),
    quadratic = outer(place, place, "-")^2,
    interval = outer(spread_out(item$value), spread_out(item$value), "-")^2,
    ratio = {
      d <- (outer(item$value, item$value, "-") / outer(item$value, item$value, "+"))^2
      d[is.nan(d)] <- 0
      d
    },
    ordinal = {
      away <- abs(outer(place, place, "-"))
      (away + 1) * away / 2
    },
    jaccard = , masi = set_distances(item$sets, level)
  )
}

# Jaccard: 1 - |A and B| / |A or B|. MASI multiplies that share by 1 for equal sets, 2/3
# where one holds the other, 1/3 where they overlap, 0 where they do not.
set_distances <- function(sets, level) {
  codes <- unique(unlist(sets))
  has <- matrix(0, length(sets), max(length(codes), 1L))
  has[cbind(rep(seq_along(sets), lengths(sets)), match(unlist(sets), codes))] <- 1
  both <- tcrossprod(has)
  size <- diag(both)
  share <- both / (outer(size, size, "+") - both)
  if (level == "masi") {
    smaller <- outer(size, size, pmin)
    equal <- both == smaller & outer(size, size, "==")
    share <- share * ifelse(equal, 1, ifelse(both == smaller, 2, both > 0) / 3)
  }
  1 - share
}

# The numbers by which src/measure.h knows the coefficients.
measure_kinds <- function() {
  c(percent = 0L, kappa = 1L, fleiss = 2L, scott = 2L, alpha = 3L, ac1 = 4L, ac2 = 4L,
    bp = 5L, icc = 6L)
}

# Kappa (Conger) and ICC need patterns that tell the coders apart.
by_coder <- function(coefficient) {
  measure_kinds()[coefficient] %in% measure_kinds()[c("kappa", "icc")]
}

# list(coefficient, metric, min_length, value, matrix) as src/measure.c takes it.
describe_measure <- function(coefficient, level, item, n_coders) {
  q <- max(length(item$labels), 1L)
  kind <- measure_kinds()[[coefficient]]
  pairs <- coefficient %in% c("percent", "alpha", "bp") ||
    (coefficient %in% c("kappa", "scott") && n_coders == 2L)
  least <- if (coefficient == "icc") max(n_coders, 1L) else if (pairs) 2L else 1L
  plain <- list(kind, 0L, least, if (coefficient == "icc") double(q), NULL)
  if (is.matrix(level)) check_weights_fit(level, item)
  if (!length(item$labels)) return(plain)
  if (coefficient == "icc") {
    value <- needs_values(item, "the intraclass correlation")
    return(list(kind, 0L, least, spread_out(value), NULL))
  }
  if (coefficient == "ac1" || identical(level, "nominal") ||
        (coefficient == "percent" && !is.matrix(level) && !is_set_level(level))) {
    return(plain)
  }
  if (is.matrix(level)) {
    m <- if (coefficient == "alpha") 1 - level else level
    return(list(kind, 3L, least, NULL, as.double(m)))
  }
  if (level %in% c("interval", "ratio")) {
    needs_values(item, paste0("level \"", level, "\""))
  }
  if (level == "ratio") check_ratio(item$value, item)
  if (level %in% c("ordinal", "linear", "quadratic")) {
    needs_order(item, paste0("level \"", level, "\""), ", or level = \"nominal\"")
  }
  if (coefficient == "alpha") return(describe_alpha(plain, level, item))
  distance <- distance_matrix(level, item)
  if (is_set_level(level)) {
    if (coefficient == "percent") return(plain)
    return(list(kind, 3L, least, NULL, as.double(1 - distance)))
  }
  list(kind, 3L, least, NULL, as.double(1 - distance / max(distance, .Machine$double.xmin)))
}

describe_alpha <- function(plain, level, item) {
  metric <- switch(level, ordinal = 2L, interval = , quadratic = 1L, 3L)
  plain[[2L]] <- metric
  if (level == "interval") plain[[4L]] <- spread_out(item$value)
  if (level == "quadratic") plain[[4L]] <- as.double(seq_along(item$labels))
  if (metric == 3L) plain[[5L]] <- as.double(distance_matrix(level, item))
  plain
}

check_weights_fit <- function(level, item) {
  if (nrow(level) == length(item$labels)) return(invisible())
  stop_argument("`level` has ", nrow(level), " rows and columns, and the scale of ",
    of_item(item$item), " has ", length(item$labels), " codes: ",
    list_some(item$labels, most = 12L), ".")
}

# ---- one item ----

fit_item <- function(item, coefficient, level, n_cases, conf_level) {
  item <- substantive(item)
  patterns <- item_patterns(item, n_cases, any(by_coder(coefficient)))
  percent <- estimate_patterns(patterns$set, patterns$size,
    describe_measure("percent", "nominal", item, patterns$n_coders))$estimate
  n_single <- sum(patterns$size[patterns$length == 1L])
  measures <- lapply(coefficient, describe_measure, level, item, patterns$n_coders)
  fits <- lapply(seq_along(coefficient), function(j) {
    fit_coefficient(coefficient[j], measures[[j]], item, patterns, conf_level, percent,
      n_single)
  })
  list(rows = bind_rows(lapply(fits, `[[`, "row")), patterns = patterns,
    measures = measures, acceleration = vapply(fits, `[[`, 0, "acceleration"))
}

fit_coefficient <- function(name, measure, item, patterns, conf_level, percent, n_single) {
  use <- patterns$length >= measure[[3L]]
  w <- patterns$size
  pairable <- sum(w[patterns$length >= max(2L, if (name == "icc") measure[[3L]])])
  found <- estimate_patterns(patterns$set, w, measure)
  note <- undefined_note(name, found$estimate, patterns, pairable)
  estimate <- if (note %in% c("", "one_case")) found$estimate else NA_real_
  se <- se_gwet <- c(NA_real_, NA_real_)
  if (note == "") {
    se <- influence_se(found$influence, w, use)
    if (name != "icc") {
      all <- if (name %in% c("percent", "bp")) patterns$length > 0L else use
      se_gwet <- influence_se(found$gwet, w, all)
    }
  }
  ends <- closed_interval(name, estimate, se[1L], sum(w[use]), conf_level)
  if (note == "" && name == "icc") ends <- icc_interval(item, patterns, conf_level, ends)
  if (note == "" && anyNA(ends)) note <- if (estimate > 1 - 1e-12) "no_disagreement" else "zero_se"
  if (note == "one_case") note <- "too_few_cases"
  row <- list(
    item = item$item, coefficient = name, estimate = estimate, se = se[1L],
    lower = ends[1L], upper = ends[2L], n_cases = sum(w[use]),
    n_coders = patterns$n_coders, n_ratings = sum(w[use] * patterns$length[use]),
    note = note, percent = percent, se_gwet = se_gwet[1L], n_single = n_single,
    method = interval_method(name)
  )
  list(row = row, acceleration = if (note == "") se[2L] else NA_real_)
}

interval_method <- function(name) {
  switch(name, percent = "wilson", icc = "F", "fisher z")
}

# Why a coefficient is not defined; "" where it is, "one_case" for a percent without SE.
undefined_note <- function(name, estimate, patterns, pairable) {
  if (patterns$n_coders == 1L) return("single_coder")
  if (pairable < 2) {
    return(if (name == "percent" && pairable == 1) "one_case" else "too_few_cases")
  }
  if (is.na(estimate)) "no_variation" else ""
}

# The linearised standard error and the acceleration of BCa.
influence_se <- function(u, w, use) {
  u <- u[use]
  w <- w[use]
  n <- sum(w)
  u <- u - sum(w * u) / n
  square <- sum(w * u^2)
  se <- sqrt(n / (n - 1) * square)
  if (se < 1e-12) return(c(0, 0))
  c(se, sum(w * u^3) / (6 * square^1.5))
}

closed_interval <- function(name, estimate, se, n, conf_level) {
  if (is.na(se) || is.na(estimate)) return(c(NA_real_, NA_real_))
  z <- stats::qnorm((1 + conf_level) / 2)
  if (name == "percent") return(wilson_interval(estimate, se, n, z))
  if (se == 0) return(c(NA_real_, if (estimate > 1 - 1e-12) 1 else NA_real_))
  if (abs(estimate) >= 1) {
    return(pmax(pmin(estimate + c(-z, z) * se, 1), min(estimate, -1)))
  }
  tanh(atanh(estimate) + c(-z, z) * se / (1 - estimate^2))
}

# Wilson's interval of a share, with the cases that would give a binomial share this SE.
wilson_interval <- function(p, se, n, z) {
  if (se > 0) n <- p * (1 - p) / se^2
  middle <- (p + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z / (1 + z^2 / n) * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  pmin(pmax(c(middle - half, middle + half), 0), 1)
}

# ---- the bootstrap ----

add_bootstrap <- function(result, fits, n_cases, replicates, conf_level) {
  items <- lapply(fits, function(fit) list(fit$patterns$set, fit$patterns$of, fit$measures))
  t <- .Call(C_agreement_bootstrap, items, as.integer(n_cases), replicates)
  a <- unlist(lapply(fits, `[[`, "acceleration"))
  undefined <- integer(nrow(result))
  for (j in seq_len(nrow(result))) {
    if (!result$note[j] %in% c("", "zero_se", "no_disagreement")) {
      t[, j] <- NA
      undefined[j] <- replicates
      next
    }
    x <- t[, j]
    if (anyNA(x)) x <- x[!is.na(x)]
    undefined[j] <- replicates - length(x)
    result$se[j] <- if (length(x) > 1L) stats::sd(x) else NA_real_
    if (result$note[j] != "") next
    ends <- bca_interval(x, result$estimate[j], a[j], conf_level)
    result$lower[j] <- ends[1L]
    result$upper[j] <- ends[2L]
    result$method[j] <- "bca"
  }
  colnames(t) <- paste(result$item, result$coefficient)
  structure(result, replicates = t, undefined = undefined)
}

# Efron (1987): bias correction from the share of replicates below the estimate (ties
# half), acceleration from the influence of the cases.
bca_interval <- function(x, estimate, a, conf_level) {
  n <- length(x)
  if (n < 2L) return(c(NA_real_, NA_real_))
  below <- (sum(x < estimate - 1e-12) + sum(x <= estimate + 1e-12)) / 2
  below <- min(max(below, 0.5), n - 0.5)
  z0 <- stats::qnorm(below / n)
  z <- z0 + stats::qnorm(c((1 - conf_level) / 2, (1 + conf_level) / 2))
  p <- stats::pnorm(z0 + z / (1 - a * z))
  if (anyNA(p) || any(1 - a * z <= 0)) p <- c((1 - conf_level) / 2, (1 + conf_level) / 2)
  at <- pmin(pmax(p * (n + 1), 1), n)
  low <- floor(at)
  x <- sort(x, partial = unique(c(low, pmin(low + 1, n))))
  x[low] + (at - low) * (x[pmin(low + 1, n)] - x[low])
}

# The coefficient over patterns that occur `size` times each, and without one case of each.
estimate_patterns <- function(set, size, measure) .Call(C_agreement_estimate, set, size, measure)

estimate_without <- function(set, size, measure) .Call(C_agreement_without, set, size, measure)
