# Random hostile ratings through scoring, agreement and consensus: a value or an error of
# this package is a pass where what must hold of the value holds. Anything else stops the
# run with the seed that does it again.
#
#   Rscript tools/fuzz-scoring.R [count = 2000] [seed = 1]

library(casereview)

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
count <- if (length(arguments) >= 1) arguments[1] else 2000
first <- if (length(arguments) >= 2) arguments[2] else 1

marked <- function(x, encoding) {
  Encoding(x) <- encoding
  x
}
labels <- c("High", "Medium", "low", "None", "Not known", "Does not apply", "caf\u00e9", "1", "x")
words <- c(labels, NA, "", " ", "high ", "-9", "0", "2", "3", "2.5", "1e9", "Inf", "NaN", marked("caf\xe9", "latin1"),
  marked("a\xff", "bytes"), marked("b\xff", "UTF-8"), "High; low", ";", strrep("long ", 200))
numbers <- c(0:3, 0:3, -9, 2.5, NA, NaN, Inf, -Inf, 1e300, 2^31, -2^31, 99, -0, 0.1 + 0.2, 2.9999999999999996)
whole <- c(0:3, 0:3, -9L, 99L, NA, .Machine$integer.max, -.Machine$integer.max)

random_column <- function(n, tame = runif(1) < 0.7) {
  if (tame) {
    return(switch(sample(5, 1), sample(labels[1:6], n, TRUE), factor(sample(labels[c(1:6, NA)], n, TRUE), labels[1:6]),
      sample(c(0:3, NA), n, TRUE), sample(c(0, 1, 2, 3, NA, -9), n, TRUE), sample(c("0", "1", "2", "3", NA), n, TRUE)))
  }
  text <- sample(words, n, TRUE)
  number <- sample(numbers, n, TRUE)
  int <- sample(whole, n, TRUE)
  switch(sample(16, 1), text, number, int, factor(text, unique(text[!is.na(text)])),
    structure(sample(c(1L, 5L, -1L, 0L, NA), n, TRUE), levels = c("High", "low"), class = "factor"),
    structure(int, levels = character(), class = "factor"), structure(number, class = "factor"),
    structure(rep(1L, n), levels = c("High", "High"), class = "factor"),
    structure(number, labels = c(High = 1, low = 2), class = c("haven_labelled", "vctrs_vctr", "double")),
    structure(int, labels = c(High = 99L), class = "haven_labelled"), structure(number, class = "Date"),
    structure(number, class = "integer64"), sample(c(TRUE, FALSE, NA), n, TRUE), complex(real = number, imaginary = 1),
    if (n) as.raw(rep_len(0:255, n)) else raw(), rep(NA, n))
}

random_frame <- function(names) {
  n <- sample(c(0, 1, 2, 7, 40, 2049), 1, prob = c(1, 1, 1, 3, 6, 1))
  x <- lapply(names, function(name) random_column(n))
  names(x) <- names
  x$id <- seq_len(n)
  if (runif(1) < 0.03) x[[1]] <- list(as.list(seq_len(n)), matrix(0, n, 2), seq_len(n + 1))[[sample(3, 1)]]
  structure(x, row.names = .set_row_names(n), class = "data.frame")
}

random_book <- function(items) {
  codes <- lapply(items[runif(length(items)) < 0.8], function(item) {
    k <- sample(1:6, 1)
    missing <- c("", "", "", "", "not_known", "not_applicable")[seq_len(k)]
    data.frame(variable = item, code = c("3", "2", "1", "0", sample(c("-9", "2.5", "88888"), 1), "8")[seq_len(k)],
      label = labels[seq_len(k)], missing = missing, aliases = c(sample(c("", "severe;hi"), 1), rep("", k - 1)),
      score = ifelse(missing == "", sample(c(3:0, -2, 0.1, 1e15, -1e300), k, TRUE, c(9, 9, 9, 9, 1, 1, .2, .1)), NA))
  })
  codebook(data.frame(variable = c("id", items), type = c("id", rep("rating", length(items))),
    min = c("", rep(sample(c("0", "-1", "0.5"), 1), length(items))), max = c("", rep(sample(c("3", "10", "1e9"), 1), length(items)))),
    do.call(rbind, codes))
}

tried <- function(call) tryCatch(suppressWarnings(call), casereview_error = function(e) NULL)
near <- function(a, b) a <= b + 1e-9 * (1 + abs(a) + abs(b))

check_scores <- function(s, n_items, unknown, plain) {
  stopifnot(s$n_rated + s$n_unknown + s$n_not_applicable == s$n_items, s$n_items == n_items,
    is.na(s$score) | s$n_rated + s$n_unknown > 0, near(s$score_min, s$score_max), near(s$score_max, s$max_score))
  ok <- !is.na(s$score)
  if (unknown == "prorate") return(invisible())
  if (plain) stopifnot(near(s$score[ok], s$score_max[ok]))
  none <- ok & s$n_unknown == 0
  stopifnot(near(s$score_min[none], s$score[none]), near(s$score[none], s$score_max[none]))
  certain <- s$band_certain %in% TRUE & none
  stopifnot(!is.na(s$band[certain]))
}

# A draw of options, tame or not.
random_options <- function(items) {
  part <- function() sample(items, sample(length(items), 1))
  named <- function(values, on = part()) structure(sample(values, length(on), TRUE), names = on)
  some <- function(p, x) if (runif(1) < p) x
  list(unknown = sample(c("zero", "exclude", "prorate"), 1), min_rated = sample(0:2, 1),
    weights = some(.3, named(c(0, 1, 2, 0.5, 1e12, -1, NA))), direction = some(.3, named(c(1, -1))),
    cap = some(.3, if (runif(1) < .5) named(c(0, 1, 2)) else sample(c(0, 5, Inf, NA), 1)),
    groups = some(.3, list(g = part())), scores = some(.1, structure(list(c(High = 7)), names = items[1])))
}

fuzz_scores <- function() {
  items <- sample(c("a", "b", "c", "d e", "caf\u00e9"), sample(5, 1))
  book <- tried(random_book(items))
  if (is.null(book)) return(0L)
  data <- random_frame(items)
  options <- random_options(items)
  bands <- list(NULL, c(low = 0, high = 4), c(only = -1e9))[[sample(3, 1)]]
  plain <- all(book$codes$score >= 0, na.rm = TRUE) && all(as.numeric(book$variables$min[-1]) >= 0)
  s <- tried(do.call(score_risk, c(list(data, book, bands = bands), options)))
  if (is.null(s)) return(0L)
  huge <- any(abs(book$codes$score) > 1e12, na.rm = TRUE)
  if (!huge) check_scores(s, length(items), options$unknown, plain && is.null(options$direction))
  format(s)
  summary(s)
  all <- tried(do.call(score_sensitivity, c(list(data, book, bands = bands), options)))
  stopifnot(identical(attr(all, "scores")[["as asked"]], s$score))
  if (nrow(data)) tried(do.call(item_contributions, c(list(data, book, by = sample(items, 1)), options)))
  found <- tried(item_analysis(data, book))
  if (!is.null(found) && !huge) stopifnot(is.na(attr(found, "alpha")$estimate) || near(attr(found, "alpha")$estimate, 1))
  profile <- tried(risk_profile(data, book))
  if (!is.null(profile)) stopifnot(tapply(profile$n, profile$item, sum) == nrow(data), is.na(profile$percent) |
    profile$percent >= 0 & profile$percent <= 100)
  tried(discrimination(s, rep_len(c(TRUE, FALSE, NA), nrow(s))))
  1L
}

levels_known <- c("nominal", "ordinal", "interval", "ratio", "linear", "quadratic", "jaccard", "masi")
weights_odd <- list(diag(4), 1 - diag(3), diag(2) * 1e300, matrix(-1, 3, 3), matrix(NA, 3, 3), diag(3) + 1e-320, list(1), 3)

random_ratings <- function(coders) {
  x <- random_frame(coders)
  x$id <- NULL
  if (runif(1) < .5) return(x)
  kind <- random_column(nrow(x))
  x[] <- lapply(x, function(y) kind[sample.int(length(kind))])
  x
}

fuzz_agreement <- function() {
  coders <- LETTERS[seq_len(sample(4, 1))]
  x <- random_ratings(coders)
  coefficient <- sample(c("percent", "kappa", "fleiss", "scott", "alpha", "ac1", "ac2", "bp", "icc"), sample(3, 1))
  level <- if (runif(1) < .1) sample(weights_odd, 1)[[1]] else sample(levels_known, 1)
  scale <- if (runif(1) < .2) sample(list(0:3, labels[1:6], c(1, 1), NA, character()), 1)[[1]]
  replicates <- if (nrow(x) < 100) sample(c(0, 0, 20), 1) else 0
  r <- tried(agreement(x, coders = coders, coefficient = coefficient, level = level, scale = scale, replicates = replicates))
  others <- list(tried(all_agree(x, coders = coders, scale = scale)), tried(specific_agreement(x, coders = coders, scale = scale)))
  tried(agreement_indices(x, coders = coders, scale = scale))
  tried(icc(x, coders = coders, scale = scale))
  tried(kendall_w(x, coders = coders, scale = scale))
  for (o in others) if (!is.null(o)) stopifnot(is.na(o$estimate) | o$estimate >= 0 & near(o$estimate, 1))
  listed <- tried(disagreements(x, coders = coders, scale = scale))
  if (!is.null(listed)) stopifnot(listed$n_ratings >= 2, nrow(listed) <= nrow(x), !is.unsorted(-listed$spread))
  rule <- sample(c("unanimous", "majority", "median"), 1)
  agreed <- tried(consensus(x, rule, coders = coders, scale = scale))
  if (!is.null(agreed)) {
    how <- consensus_decisions(agreed)
    stopifnot(nrow(agreed) == nrow(x), is.na(agreed[[2]]) == (how$settled_by == "open"))
    format(agreed)
  }
  if (is.null(r)) return(0L)
  format(r)
  stopifnot(is.na(r$estimate) | near(r$estimate, 1), !is.nan(r$estimate), !is.nan(r$se), is.na(r$percent) | r$percent >= 0 & near(r$percent, 1),
    nzchar(r$note) | !is.na(r$estimate), is.na(r$lower) | near(r$lower, r$upper), is.na(r$se) | r$se >= 0)
  1L
}

used <- c(scores = 0L, agreement = 0L)
for (seed in first + seq_len(count) - 1) {
  set.seed(seed)
  part <- 1 + seed %% 2
  used[part] <- used[part] + tryCatch(if (part == 1) fuzz_scores() else fuzz_agreement(), error = function(e) {
    cat("seed", seed, ":", conditionMessage(e), "\n")
    print(conditionCall(e))
    quit(status = 1)
  })
}
cat(count, "random sheets:", used[1], "scored,", used[2], "with an agreement, all others refused in words\n")
