#' Indices that stand beside a coefficient of agreement
#'
#' `all_agree()` counts the cases on which every coder gave the same code.
#' `specific_agreement()` gives, for each code, how often another coder of the case gave
#' that code when one coder did. `agreement_indices()` takes each code against the rest and
#' gives the prevalence and bias indices, and says in a sentence where kappa is low beside
#' high agreement, and why.
#'
#' Cases that fewer than two coders rated take no part. Specific agreement is
#' \eqn{\sum n_{ik}(n_{ik}-1) / \sum n_{ik}(n_i-1)} (Fleiss 1981; Uebersax 1982), with a
#' linearised standard error over cases and Wilson's interval. The prevalence index
#' of a code is twice its share less 1 (for two coders \eqn{(a-d)/n}), the bias index the
#' largest difference between two coders' shares of it (for two coders \eqn{|b-c|/n}), and
#' `pabak` twice the agreement less 1 (Byrt, Bishop and Carlin 1993).
#'
#' @inheritParams agreement
#' @param high,low `agreement_indices()` writes its sentence where agreement is at least
#'   `high` and kappa below `low`. They say when to look, not what is good.
#' @return Data frames, which print to 3 decimals. `all_agree()`: `item`, `n_cases`,
#'   `n_agree`, `estimate` (a share), `lower`, `upper` (Wilson), `note`.
#'   `specific_agreement()`: `item`, `category`, `estimate`, `se`, `lower`, `upper`,
#'   `n_cases` (with at least one such rating), `n_ratings`, `note` (`not_used` where
#'   nobody gave the code). `agreement_indices()`: `item`, `category`, `n_cases`,
#'   `percent`, `kappa`, `prevalence_index`, `bias_index`, `pabak`, `note`, `sentence`; an
#'   item of two codes has one row, for the second.
#' @references Byrt, T., Bishop, J. and Carlin, J. B. (1993) *Journal of Clinical
#'   Epidemiology* 46, 423-429. Uebersax, J. S. (1982) *Educational and Psychological
#'   Measurement* 42, 181-183.
#' @export
#' @examples
#' d <- data.frame(a = rep(c("no", "yes"), c(48, 2)), b = rep(c("no", "yes", "no"),
#'   c(46, 2, 2)))
#' all_agree(d, cbind(a, b) ~ 1)
#' specific_agreement(d, cbind(a, b) ~ 1)
#' agreement_indices(d, cbind(a, b) ~ 1)
all_agree <- function(ratings, formula = rating ~ item, case = "case", coder = "coder",
                      conf_level = 0.95, coders = NULL, scale = NULL, codebook = NULL) {
  conf_level <- check_conf_level(conf_level)
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  z <- stats::qnorm((1 + conf_level) / 2)
  rows <- lapply(data$items, function(item) {
    patterns <- item_patterns(substantive(item), length(data$case), FALSE)
    same <- patterns$key[patterns$start[-1L]] ==
      patterns$key[patterns$start[-length(patterns$start)] + 1L]
    pairs <- patterns$length > 1L
    n <- sum(patterns$size[pairs])
    agree <- sum(patterns$size[pairs & same])
    ends <- if (n > 0) wilson_interval(agree / n, 0, n, z) else c(NA_real_, NA_real_)
    list(item = item$item, n_cases = n, n_agree = agree,
      estimate = if (n > 0) agree / n else NA_real_, lower = ends[1L], upper = ends[2L],
      note = pairs_note(n, patterns$n_coders))
  })
  bind_or_empty(rows, c("item", "n_cases", "n_agree", "estimate", "lower", "upper", "note"))
}

pairs_note <- function(n, n_coders) {
  if (n > 0) "" else if (n_coders == 1L) "single_coder" else "too_few_cases"
}

bind_or_empty <- function(rows, names) {
  texts <- c("item", "category", "note", "sentence")
  empty <- lapply(names, function(name) if (name %in% texts) character() else double())
  names(empty) <- names
  as_measures(if (length(rows)) bind_rows(rows) else as.data.frame(empty))
}

as_measures <- function(x) {
  class(x) <- c("agreement_measures", "data.frame")
  x
}

#' @export
format.agreement_measures <- function(x, digits = 3L, ...) {
  digits <- check_whole(digits, "digits", 0L, 10L)
  plain <- as.data.frame(x)
  if (!nrow(plain)) return("No ratings.")
  whole <- c("n_cases", "n_agree", "n_ratings", "n_coders", "df", "df1", "df2")
  number <- vapply(plain, is.double, NA) & !names(plain) %in% whole
  plain[number] <- lapply(plain[number], function(v) {
    ifelse(is.na(v), "-", formatC(round(v, digits) + 0, digits = digits, format = "f"))
  })
  if (length(plain$p_value)) plain$p_value[which(x$p_value < 10^-digits)] <-
    paste0("<", format(10^-digits, scientific = FALSE))
  said <- which(nzchar(plain$sentence))
  sentence <- sprintf("%s, %s: %s", plain$item[said], plain$category[said],
    plain$sentence[said])
  plain$sentence <- NULL
  if (all(plain$note %in% "")) plain$note <- NULL
  c(folded_lines(plain, 2L), strwrap(sentence, getOption("width"), exdent = 2L))
}

#' @export
print.agreement_measures <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
as.data.frame.agreement_measures <- function(x, row.names = NULL, optional = FALSE, ...) {
  attributes(x) <- c(attributes(x)[c("names", "row.names")], list(class = "data.frame"))
  x
}

# The number of ratings in each code (columns) of each pattern (rows).
pattern_counts <- function(patterns, q) {
  row <- rep(seq_along(patterns$length), patterns$length)
  at <- (patterns$key - 1L) * as.double(length(patterns$length)) + row
  matrix(tabulate(at, length(patterns$length) * q), length(patterns$length), q)
}

#' @rdname all_agree
#' @export
specific_agreement <- function(ratings, formula = rating ~ item, case = "case",
                               coder = "coder", conf_level = 0.95, coders = NULL,
                               scale = NULL, codebook = NULL) {
  conf_level <- check_conf_level(conf_level)
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  z <- stats::qnorm((1 + conf_level) / 2)
  rows <- lapply(data$items, function(item) {
    item <- substantive(item)
    specific_item(item, item_patterns(item, length(data$case), FALSE), z)
  })
  rows <- rows[lengths(lapply(rows, `[[`, "item")) > 0L]
  bind_or_empty(rows, c("item", "category", "estimate", "se", "lower", "upper", "n_cases",
    "n_ratings", "note"))
}

specific_item <- function(item, patterns, z) {
  q <- length(item$labels)
  if (q) check_code_limit(q, item$item)
  pairs <- patterns$length > 1L
  counts <- pattern_counts(patterns, max(q, 1L))[pairs, seq_len(q), drop = FALSE]
  w <- patterns$size[pairs]
  n <- sum(w)
  fits <- vapply(seq_len(q), function(k) {
    both <- counts[, k] * (counts[, k] - 1)
    any <- counts[, k] * (patterns$length[pairs] - 1)
    total <- sum(w * any)
    p <- sum(w * both) / total
    if (!is.finite(p)) return(c(rep(NA_real_, 4L), 0, 0))
    se <- if (n > 1) sqrt(n / (n - 1) * sum(w * (both - p * any)^2)) / total else NA_real_
    used <- sum(w[counts[, k] > 0L])
    ends <- if (is.na(se)) c(NA, NA) else wilson_interval(p, if (se < 1e-12) 0 else se, used, z)
    c(p, se, ends, used, sum(w * counts[, k]))
  }, double(6L))
  list(item = rep(item$item, q), category = item$labels, estimate = fits[1L, ],
    se = fits[2L, ], lower = fits[3L, ], upper = fits[4L, ], n_cases = fits[5L, ],
    n_ratings = fits[6L, ],
    note = ifelse(!is.na(fits[1L, ]), "",
      if (n > 0) "not_used" else pairs_note(n, patterns$n_coders)))
}

#' @rdname all_agree
#' @export
agreement_indices <- function(ratings, formula = rating ~ item, case = "case",
                              coder = "coder", high = 0.8, low = 0.4, coders = NULL,
                              scale = NULL, codebook = NULL) {
  high <- check_number(high, "high", 0, 1)
  low <- check_number(low, "low", -1, 1)
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  rows <- unlist(lapply(data$items, function(item) {
    item <- substantive(item)
    q <- length(item$labels)
    lapply(if (q == 2L) 2L else seq_len(q), function(k) {
      index_row(item, k, length(data$case), high, low)
    })
  }), recursive = FALSE)
  bind_or_empty(rows, c("item", "category", "n_cases", "percent", "kappa",
    "prevalence_index", "bias_index", "pabak", "note", "sentence"))
}

# One code against the rest.
index_row <- function(item, k, n_cases, high, low) {
  label <- item$labels[k]
  item$codes <- lapply(item$codes, function(x) (x == k) + 1L)
  item$labels <- c("rest", label)
  patterns <- item_patterns(item, n_cases, TRUE)
  use <- patterns$length > 1L
  w <- patterns$size
  n <- sum(w[use])
  value <- function(name) {
    fit_coefficient(name, describe_measure(name, "nominal", item, patterns$n_coders), item,
      patterns, 0.95, NA_real_, 0)$row
  }
  kappa <- value("kappa")
  percent <- value("percent")$estimate
  coder <- (patterns$key - 1L) %/% 2L + 1L
  yes <- (patterns$key - 1L) %% 2L == 1L
  row <- rep(seq_along(patterns$length), patterns$length)
  share_of_case <- as.double(tapply(yes, factor(row, seq_along(patterns$length)), mean))
  share <- if (n > 0) sum((w * share_of_case)[use]) / n else NA_real_
  ones <- tapply((w[row] * yes)[use[row]], coder[use[row]], sum)
  all <- tapply(w[row][use[row]], coder[use[row]], sum)
  spread <- if (n > 0) max(ones / all) - min(ones / all) else NA_real_
  list(item = item$item, category = label, n_cases = n, percent = percent,
    kappa = kappa$estimate, prevalence_index = 2 * share - 1, bias_index = spread,
    pabak = 2 * percent - 1, note = kappa$note,
    sentence = index_sentence(percent, kappa$estimate, share, label, high, low))
}

index_sentence <- function(percent, kappa, share, label, high, low) {
  if (is.na(percent) || percent < high || (!is.na(kappa) && kappa >= low)) return("")
  most <- max(share, 1 - share)
  side <- if (share > 0.5) paste0("are \"", label, "\"") else
    paste0("are not \"", label, "\"")
  paste0(
    "Coders agree on ", format_percent(percent), " of pairs, and kappa is ",
    if (is.na(kappa)) "not defined" else format(round(kappa, 2L), nsmall = 2L), ": ",
    format_percent(most), " of ratings ", side, ", so most of this agreement would come by ",
    "chance and a few disagreements weigh heavily. Report both."
  )
}

format_percent <- function(x) paste0(formatC(100 * x, digits = 1L, format = "f"), "%")
