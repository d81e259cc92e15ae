# ---- published examples ----

test_that("alpha of Krippendorff (2011) is found at all levels", {
  d <- krippendorff_2011()
  found <- vapply(c("nominal", "ordinal", "interval", "ratio"),
    function(level) estimates(d, "alpha", level), 0)
  expect_equal(round(found, 3),
    c(nominal = .743, ordinal = .815, interval = .849, ratio = .797))
  r <- agreement(d, cbind(A, B, C, D) ~ 1, level = "nominal")
  expect_equal(c(r$n_cases, r$n_coders, r$n_ratings, r$n_single), c(11, 4, 40, 1))
})

test_that("alpha of Hayes and Krippendorff (2007) is found", {
  expect_equal(round(estimates(hayes_2007(), "alpha", "ordinal"), 4), .7598)
  expect_equal(round(estimates(hayes_2007(), "alpha", "interval"), 4), .7574)
  expect_equal(round(estimates(hayes_2007(), "alpha", "nominal"), 4), .4765)
})

test_that("kappa of Fleiss (1971) is found", {
  expect_equal(round(estimates(fleiss_1971(), "fleiss"), 3), .430)
})

test_that("weighted kappa of Cohen (1968) is found", {
  v <- rbind(c(0, 1, 3), c(1, 0, 6), c(3, 6, 0))
  d <- cohen_1968()
  expect_equal(nrow(d), 200)
  expect_equal(round(estimates(d, "kappa", v), 3), .348)
  expect_equal(round(estimates(d, "kappa", "nominal"), 3), .492)
  expect_equal(estimates(d, "kappa", 6 - v), estimates(d, "kappa", v))
})

test_that("the coefficients and standard errors of Gwet (2014) are found", {
  d <- gwet_2014()
  r <- agreement(d, coders = names(d), level = "nominal",
    coefficient = c("percent", "kappa", "fleiss", "alpha", "ac1", "bp"))
  expect_equal(round(r$estimate, 5), c(.81818, .76282, .76117, .74342, .77544, .77273))
  expect_equal(round(r$se_gwet, 5), c(.12561, .14917, .15302, .14548, .14295, .14472))
  # As Krippendorff prints them, the last unit is the second observer's.
  d <- krippendorff_2011()
  r <- agreement(d, coders = names(d), level = "interval",
    coefficient = c("kappa", "fleiss", "alpha", "ac2", "bp"))
  expect_equal(round(r$estimate, 5), c(.85717, .86494, .84911, .91400, .90152))
  expect_equal(round(r$se_gwet, 5), c(.14436, .14603, .12905, .10396, .11089))
  r <- agreement(d, coders = names(d), coefficient = c("kappa", "fleiss", "ac2", "bp"))
  expect_equal(round(r$estimate, 5), c(.84308, .85021, .89894, .88636))
})

test_that("Gwet's (2014) two abstractors of 100 pregnancies are found", {
  # `cont3x3abstractors` of irrCAC, with the values on its help pages; the standard errors
  # there divide by n where ours divide by n - 1.
  d <- two_coders(rbind(c(13, 0, 0), c(0, 20, 7), c(0, 4, 56)))
  r <- agreement(d, coders = names(d), level = "nominal",
    coefficient = c("percent", "kappa", "scott", "alpha", "ac1", "bp"))
  expect_equal(r$estimate, c(.89, .7964094, .7962397, .7972585, .8493305, .835),
    tolerance = 1e-7)
  expect_equal(r$se_gwet * sqrt(99 / 100),
    c(.03128898, .05891072, .05905473, .05905473, .04321747, .04693346), tolerance = 1e-6)
})

# ---- against slow versions ----

test_that("alpha and its standard error equal the slow ones", {
  set.seed(11)
  for (m in 2:4) for (q in c(2, 5)) for (missing in c(0, .3)) {
    x <- random_ratings(12, m, q, missing)
    x[1, ] <- seq_len(m) %% q + 1L
    d <- as.data.frame(x)
    value <- as.double(seq_len(q))
    used <- sort(unique(as.vector(x[rowSums(!is.na(x)) > 1, ])))
    x[] <- match(x, used)
    value <- used
    deltas <- list(nominal = 1 - diag(length(used)), ordinal = ordinal_delta,
      interval = outer(value, value, "-")^2,
      ratio = (outer(value, value, "-") / outer(value, value, "+"))^2)
    for (level in names(deltas)) {
      r <- agreement(d, coders = names(d), level = level)
      slow <- function(x, w) slow_alpha(x, deltas[[level]], w)
      expect_equal(r$estimate, slow(x, rep(1, 12)), tolerance = 1e-10)
      expect_equal(r$se, slow_se(slow, x, rowSums(!is.na(x)) > 1), tolerance = 1e-6)
    }
  }
})

test_that("the other coefficients and their standard errors equal the slow ones", {
  set.seed(12)
  kinds <- c(percent = "percent", kappa = "kappa", fleiss = "fleiss", ac2 = "ac2", bp = "bp")
  for (m in c(2, 3, 5)) for (missing in c(0, .25)) for (level in
    c("nominal", "ordinal", "linear", "quadratic", "interval", "ratio")) {
    scale <- c(0, 1, 3, 7)
    x <- random_ratings(15, m, 4, missing)
    d <- as.data.frame(matrix(scale[x], nrow(x)))
    weight <- named_weights(level, scale)
    for (kind in names(kinds)) {
      y <- x
      if (kind == "kappa" && m == 2) y[rowSums(is.na(x)) > 0, ] <- NA
      wt <- if (kind == "percent") diag(4) else weight
      slow <- function(x, w) slow_coefficient(x, kind, wt, w)
      r <- agreement(d, coders = names(d), coefficient = kind, level = level, scale = scale)
      expect_equal(r$estimate, slow(y, rep(1, 15)), tolerance = 1e-10)
      least <- if (kind %in% c("percent", "bp") || (kind == "kappa" && m == 2)) 2 else 1
      expect_equal(r$se, slow_se(slow, y, rowSums(!is.na(y)) >= least), tolerance = 1e-6)
      if (missing == 0) expect_equal(r$se_gwet, r$se)
    }
  }
})

test_that("the intraclass correlation equals that of the analysis of variance", {
  set.seed(13)
  x <- random_ratings(20, 3, 5, .1)
  d <- as.data.frame(x)
  full <- stats::na.omit(d)
  slow <- function(x, w) {
    y <- as.vector(as.matrix(x))
    case <- factor(rep(seq_len(nrow(x)), 3))
    coder <- factor(rep(1:3, each = nrow(x)))
    ms <- summary(stats::aov(y ~ case + coder))[[1]]$"Mean Sq"
    n <- nrow(x)
    (ms[1] - ms[3]) / (ms[1] + 2 * ms[3] + 3 * (ms[2] - ms[3]) / n)
  }
  r <- agreement(d, coders = names(d), coefficient = "icc")
  expect_equal(r$estimate, slow(full))
  expect_equal(r$n_cases, nrow(full))
  # The standard error against a jackknife, which it approaches as cases grow.
  x <- random_ratings(300, 3, 5, 0)
  leave <- vapply(1:300, function(i) slow(x[-i, ]), 0)
  jack <- sqrt(299 / 300 * sum((leave - mean(leave))^2))
  r <- agreement(as.data.frame(x), coders = paste0("V", 1:3), coefficient = "icc")
  expect_equal(r$se, jack, tolerance = .02)
})

test_that("the closed-form intervals are those documented", {
  d <- hayes_2007()
  r <- agreement(d, coders = names(d), conf_level = .9, coefficient = c("alpha", "percent"))
  z <- qnorm(.95)
  a <- r$estimate[1]
  expect_equal(c(r$lower[1], r$upper[1]),
    tanh(atanh(a) + c(-1, 1) * z * r$se[1] / (1 - a^2)))
  p <- r$estimate[2]
  n <- p * (1 - p) / r$se[2]^2
  ends <- prop.test(p * n, n, correct = FALSE, conf.level = .9)$conf.int
  expect_equal(c(r$lower[2], r$upper[2]), as.double(ends))
})

# ---- known faults of other packages, done right ----

test_that("alpha of complete ratings by three coders needs no special case", {
  set.seed(5)
  x <- random_ratings(10, 3, 4, 0)
  d <- as.data.frame(x)
  expect_equal(estimates(d, "alpha"), slow_alpha(x, 1 - diag(4)))
  expect_equal(estimates(d, "alpha", "ordinal"), slow_alpha(x, ordinal_delta))
  # One further case with one rating is not pairable and changes nothing.
  expect_equal(estimates(rbind(d, c(1, NA, NA)), "alpha"), estimates(d, "alpha"))
})

test_that("ordered factors keep their order", {
  set.seed(6)
  x <- random_ratings(30, 2, 4, 0)
  label <- c("none", "low", "medium", "high")
  d <- as.data.frame(x)
  f <- as.data.frame(lapply(d, function(v) factor(label[v], levels = label)))
  o <- as.data.frame(lapply(d, function(v) factor(label[v], levels = label, ordered = TRUE)))
  for (k in c("alpha", "kappa", "ac2")) {
    expect_equal(estimates(f, k, "ordinal"), estimates(d, k, "ordinal"))
    expect_equal(estimates(o, k, "ordinal"), estimates(d, k, "ordinal"))
  }
  text <- as.data.frame(lapply(d, function(v) label[v]))
  expect_error(estimates(text, "alpha", "ordinal"), class = "casereview_error_argument",
    regexp = "order is not known")
  expect_equal(estimates(text, "alpha", "ordinal", scale = label),
    estimates(d, "alpha", "ordinal"))
})

test_that("a scale from 1 to 11 is in the order of numbers", {
  set.seed(7)
  d <- as.data.frame(random_ratings(40, 3, 11, .1))
  text <- as.data.frame(lapply(d, as.character))
  big <- as.data.frame(lapply(d, function(v) v * 1e6 + .5))
  expect_equal(estimates(text, "alpha", "ordinal"), estimates(d, "alpha", "ordinal"))
  expect_equal(estimates(big, "alpha", "ordinal"), estimates(d, "alpha", "ordinal"))
  expect_equal(estimates(d, "alpha", "ordinal"), slow_alpha(as.matrix(d), ordinal_delta))
})

test_that("agreement never passes 1, nor does an interval", {
  d <- data.frame(a = c(1, 2, 3, 1), b = c(1, 2, 3, 1))
  r <- agreement(d, coders = c("a", "b"),
    coefficient = c("percent", "kappa", "fleiss", "alpha", "ac1", "bp"))
  expect_equal(r$estimate, rep(1, 6))
  expect_true(all(r$upper <= 1))
  expect_equal(r$note, c("", rep("no_disagreement", 5)))
  d$b[4] <- 2
  r <- agreement(d, coders = c("a", "b"), level = "nominal",
    coefficient = c("percent", "kappa", "fleiss", "alpha", "ac1", "bp"))
  expect_true(all(r$upper <= 1 & r$lower >= -1 & r$lower <= r$estimate))
})

test_that("pairs of many coders do not overflow", {
  m <- 300
  d <- as.data.frame(matrix(rep(c(1L, 2L), c(m * 200, m * 200)), 400, m, byrow = TRUE))
  d[1, 1] <- 2L
  d <- d[rep(1:400, 5), ]
  x <- as.matrix(d)
  n1 <- sum(x == 1)
  n2 <- sum(x == 2)
  n <- n1 + n2
  observed <- 5 * 2 * (m - 1) / (m - 1)
  expect_equal(estimates(d, "alpha"), 1 - (n - 1) * observed / (2 * n1 * n2))
})

test_that("a code of the declared scale counts though nobody used it", {
  d <- data.frame(a = c(1, 2, 1, 1, 2), b = c(1, 2, 1, 2, 2))
  wide <- as.data.frame(lapply(d, factor, levels = 1:4))
  expect_equal(estimates(wide, "bp"), (.8 - .25) / .75)
  expect_equal(estimates(d, "bp"), (.8 - .5) / .5)
  expect_equal(estimates(d, "bp", scale = 1:4), estimates(wide, "bp"))
  expect_equal(estimates(wide, "alpha"), estimates(d, "alpha"))
  expect_lt(estimates(d, "ac1"), estimates(wide, "ac1"))
})

test_that("interval coefficients do not go by the unit, however large or small", {
  d <- data.frame(a = c(1, 2, 3, 4, 4), b = c(1, 2, 3, 3, 2))
  kinds <- c("alpha", "kappa", "fleiss", "ac2", "bp", "icc")
  plain <- agreement(d, coders = c("a", "b"), coefficient = kinds, level = "interval")
  for (unit in c(1e-200, 1e-12, 1e12, 1e200)) {
    same <- agreement(d * unit, coders = c("a", "b"), coefficient = kinds,
      level = "interval")
    expect_equal(same, plain)
    expect_equal(icc(d * unit, coders = c("a", "b")), icc(d, coders = c("a", "b")))
  }
})

test_that("print does not say that one code was used where several were", {
  crossed <- agreement(data.frame(a = c(1, 2), b = c(2, 1)), coders = c("a", "b"),
    coefficient = c("icc", "alpha"))
  expect_identical(crossed$note[1], "no_variation")
  expect_match(paste(format(crossed), collapse = " "), "all icc: the ratings do not vary")
  alike <- agreement(data.frame(a = c(1, 1), b = c(1, 1)), coders = c("a", "b"))
  expect_match(paste(format(alike), collapse = " "), "all alpha: everybody used one")
})

test_that("labels are not case-folded and codes may start at 0", {
  d <- data.frame(a = c("High", "high", "High"), b = c("High", "High", "high"))
  expect_equal(estimates(d, "percent"), 1 / 3)
  zero <- data.frame(a = c(0, 1, 2, 0), b = c(0, 1, 1, 0))
  expect_equal(estimates(zero, "alpha", "ordinal"), estimates(zero + 1, "alpha", "ordinal"))
  expect_equal(estimates(zero, "alpha", "ratio"),
    slow_alpha(as.matrix(zero) + 1, rbind(c(0, 1, 1), c(1, 0, 1 / 9), c(1, 1 / 9, 0))))
})

# ---- what is not defined ----

test_that("what is undefined is NA with its reason, at every n", {
  all_names <- c("percent", "kappa", "fleiss", "scott", "alpha", "ac1", "ac2", "bp", "icc")
  for (n in c(1, 2, 30)) {
    one <- data.frame(a = rep(1, n), b = rep(NA_real_, n))
    r <- agreement(one, coders = c("a", "b"), coefficient = all_names)
    expect_true(all(is.na(r$estimate)))
    expect_equal(unique(r$note), "single_coder")
  }
  for (n in c(2, 30)) {
    same <- data.frame(a = rep(1, n), b = rep(1, n))
    r <- agreement(same, coders = c("a", "b"), coefficient = all_names)
    expect_equal(r$estimate, c(1, rep(NA, 8)))
    expect_equal(r$note, c("", rep("no_variation", 8)))
    expect_equal(r$percent, rep(1, 9))
    r <- agreement(same, coders = c("a", "b"), coefficient = c("ac1", "bp"), scale = 1:3)
    expect_equal(r$estimate, c(1, 1))
  }
  r <- agreement(data.frame(a = 1, b = 2), coders = c("a", "b"), coefficient = all_names)
  expect_equal(r$estimate, c(0, rep(NA, 8)))
  expect_equal(unique(r$note), "too_few_cases")
  apart <- data.frame(a = c(1, NA, 2), b = c(NA, 1, NA))
  r <- agreement(apart, coders = c("a", "b"), coefficient = all_names)
  expect_true(all(is.na(r$estimate)))
  expect_equal(unique(r$note), "too_few_cases")
  r <- agreement(apart[0, ], coders = c("a", "b"), replicates = 10)
  expect_equal(r$note, "too_few_cases")
  r <- agreement(data.frame(a = NA, b = NA), coders = c("a", "b"))
  expect_equal(c(r$n_cases, r$n_coders, r$n_ratings), c(0, 0, 0))
})

test_that("long ratings without a row give a table without a row", {
  none <- data.frame(case = 1, coder = "a", item = "x", rating = 1)[0, ]
  r <- agreement(none)
  expect_equal(nrow(r), 0)
  expect_identical(names(r)[1:10], c("item", "coefficient", "estimate", "se", "lower",
    "upper", "n_cases", "n_coders", "n_ratings", "note"))
  expect_output(print(r), "No ratings")
})

# ---- properties ----

test_that("long and wide ratings agree, whatever the order of rows", {
  set.seed(21)
  d <- hayes_2007()
  long <- rbind(long_of(d, "one"), long_of(d[5:1], "two"))
  long <- long[sample(nrow(long)), ]
  r <- agreement(long, coefficient = c("alpha", "kappa", "icc"))
  w <- agreement(d, coders = names(d), coefficient = c("alpha", "kappa", "icc"))
  one <- r[r$item == "one", ]
  expect_equal(one$estimate, w$estimate)
  expect_equal(one$se, w$se)
  expect_equal(one$n_ratings, w$n_ratings)
  expect_equal(r$estimate[r$item == "two"], w$estimate)
  wide <- cbind(case = rep(1:40, 2), item = rep(c("one", "two"), each = 40), rbind(d, d))
  expect_equal(agreement(wide, cbind(A, B, C, D, E) ~ item)$estimate,
    rep(w$estimate[1], 2))
})

test_that("columns of every type give one answer", {
  d <- krippendorff_2011()
  long <- long_of(d, "x")
  at <- agreement(long, level = "nominal")
  variants <- list(
    factor = transform(long, rating = factor(rating, levels = 1:5)),
    text = transform(long, rating = ifelse(is.na(rating), "", as.character(rating))),
    double = transform(long, rating = rating + 0),
    ids = transform(long, case = factor(case), coder = factor(coder), item = factor(item))
  )
  for (v in variants) {
    expect_equal(as.data.frame(agreement(v, level = "nominal")), as.data.frame(at))
  }
  skip_if_not_installed("tibble")
  expect_equal(agreement(tibble::as_tibble(long), level = "nominal")$estimate, at$estimate)
})

test_that("nominal coefficients do not go by the names of codes", {
  set.seed(22)
  d <- as.data.frame(random_ratings(20, 3, 4))
  e <- as.data.frame(lapply(d, function(v) c(3, 1, 4, 2)[v]))
  k <- c("percent", "kappa", "fleiss", "alpha", "ac1", "bp")
  expect_equal(estimates(d, k), estimates(e, k))
})

test_that("latin1 and UTF-8 spellings are one code and one coder", {
  u <- enc2utf8("h\u00e9")
  l <- iconv(u, "UTF-8", "latin1")
  d <- data.frame(case = c(1, 1, 2, 2), coder = c(u, "b", l, "b"), item = "x",
    rating = c(u, l, l, "b"))
  r <- agreement(d, coefficient = "percent")
  expect_equal(c(r$estimate, r$n_coders), c(.5, 2))
})

test_that("missing codes of a codebook are no rating, and its order counts", {
  book <- codebook(
    data.frame(variable = "neglect", type = "rating"),
    data.frame(variable = "neglect", code = c("3", "2", "1", "0", "9"),
      label = c("High", "Medium", "Low", "None", "Not known"), score = c(3, 2, 1, 0, NA),
      missing = c("", "", "", "", "not_known"))
  )
  d <- data.frame(case = rep(1:4, 2), coder = rep(c("a", "b"), each = 4), item = "neglect",
    rating = c("High", "Low", "2", "Not known", "High", "None", "Medium", "Low"))
  r <- agreement(d, codebook = book, coefficient = c("alpha", "bp"), level = "interval")
  bare <- data.frame(a = c(3, 1, 2), b = c(3, 0, 2))
  expect_equal(r$estimate, c(estimates(bare, "alpha", "interval"),
    estimates(bare, "bp", "interval", scale = 0:3)))
  expect_equal(c(r$n_cases[1], r$n_single[1]), c(3, 1))
  d$rating[1] <- "Highest"
  expect_error(agreement(d, codebook = book), class = "casereview_error_ratings",
    regexp = "Highest")
})

test_that("sets of codes go by Jaccard and MASI", {
  d <- data.frame(a = c("x; y", "x", "z", "y;z"), b = c("y;x", "x;y", "x", "z;y"))
  r <- agreement(d, coders = c("a", "b"), level = "jaccard", coefficient = c("alpha", "percent"))
  # xy: 1 2; x: 1; z: 1; yz: 2 -> codes xy, x, z, yz
  x <- rbind(c(1, 1), c(2, 1), c(3, 2), c(4, 4))
  sets <- list(c("x", "y"), "x", "z", c("y", "z"))
  jaccard <- function(a, b) 1 - length(intersect(a, b)) / length(union(a, b))
  masi <- function(a, b) {
    m <- if (setequal(a, b)) 1 else if (all(a %in% b) || all(b %in% a)) 2 / 3 else
      if (length(intersect(a, b))) 1 / 3 else 0
    1 - m * (1 - jaccard(a, b))
  }
  delta <- function(f) outer(1:4, 1:4, Vectorize(function(i, j) f(sets[[i]], sets[[j]])))
  expect_equal(r$estimate, c(slow_alpha(x, delta(jaccard)), .5))
  expect_equal(estimates(d, "alpha", "masi"), slow_alpha(x, delta(masi)))
  expect_error(estimates(d, "ac2", "masi"), class = "casereview_error_argument")
})

# ---- the bootstrap ----

test_that("replicates draw cases jointly, estimate anew, and follow set.seed", {
  set.seed(31)
  x <- random_ratings(9, 3, 3, .1)
  y <- random_ratings(9, 3, 3, .1)
  long <- rbind(long_of(as.data.frame(x), "x"), long_of(as.data.frame(y), "y"))
  set.seed(99)
  r <- agreement(long, coefficient = c("alpha", "ac1"), replicates = 40)
  set.seed(99)
  again <- agreement(long, coefficient = c("alpha", "ac1"), replicates = 40)
  expect_identical(r, again)
  # The same draws of R's generator, with slow coefficients.
  set.seed(99)
  slow <- t(vapply(1:40, function(b) {
    at <- vapply(1:9, function(i) sample.int(9, 1), 0L)
    c(slow_alpha(x[at, ], ordinal_delta), slow_coefficient(x[at, ], "ac", diag(3)),
      slow_alpha(y[at, ], ordinal_delta), slow_coefficient(y[at, ], "ac", diag(3)))
  }, double(4)))
  found <- unname(attr(r, "replicates"))
  slow[!is.finite(slow)] <- NA
  expect_equal(found[!is.na(found)], slow[!is.na(found)])
  expect_equal(r$se, apply(found, 2, sd, na.rm = TRUE))
  expect_equal(attr(r, "undefined"), colSums(is.na(found)))
})

test_that("the BCa interval is Efron's", {
  set.seed(32)
  d <- hayes_2007()
  r <- agreement(d, coders = names(d), replicates = 999)
  t <- attr(r, "replicates")[, 1]
  x <- as.matrix(d) + 1
  u <- vapply(1:40, function(i) {
    w <- rep(1, 40)
    w[i] <- 1 + 1e-5
    (slow_alpha(x, ordinal_delta, w) - r$estimate) / 1e-5
  }, 0)
  u <- u - mean(u)
  a <- sum(u^3) / (6 * sum(u^2)^1.5)
  z0 <- qnorm(mean(t < r$estimate))
  z <- z0 + qnorm(c(.025, .975))
  p <- pnorm(z0 + z / (1 - a * z))
  expect_equal(c(r$lower, r$upper), as.double(quantile(t, p, type = 6)), tolerance = 1e-4)
})

test_that("rare patterns and identical cases do not stop the bootstrap", {
  d <- data.frame(a = c(1, 1, 1, 2), b = c(1, 1, 1, 1))
  set.seed(1)
  r <- agreement(d, coders = c("a", "b"), replicates = 200,
    coefficient = c("percent", "kappa", "alpha", "ac1", "icc"))
  expect_true(all(attr(r, "undefined")[c(2, 3)] > 0))
  expect_true(all(r$lower <= r$upper, na.rm = TRUE))
})

# ---- refusals ----

test_that("ratings given twice are refused by name", {
  d <- long_of(krippendorff_2011(), "x")
  expect_error(agreement(rbind(d, d[3, ])), class = "casereview_error_ratings",
    regexp = "case 3, coder A, item x")
  d$coder[1] <- NA
  expect_error(agreement(d), class = "casereview_error_ratings", regexp = "no `coder` in row 1")
})

test_that("what cannot be meant is refused in words", {
  d <- data.frame(a = c("x", "y", "z"), b = c("x", "y", "y"))
  refused <- function(...) {
    expect_error(agreement(d, cbind(a, b) ~ 1, ...), class = "casereview_error_argument")
  }
  refused(level = "interval")
  refused(level = "ratio")
  refused(level = "ordinal")
  refused(level = "cardinal")
  refused(coefficient = "gamma")
  refused(coefficient = "icc", level = "nominal")
  refused(conf_level = 1, level = "nominal")
  refused(replicates = -1, level = "nominal")
  refused(level = matrix(1:6, 2))
  refused(level = diag(2))
  refused(level = "nominal", scale = c("x", "y"))
  expect_error(agreement(d, rating ~ item + case), class = "casereview_error_argument")
  expect_error(agreement(1:3), class = "casereview_error_argument")
  expect_error(agreement(d, cbind(a, q) ~ 1), class = "casereview_error_argument",
    regexp = "no column \"q\"")
  expect_error(estimates(data.frame(a = c(-1, 2), b = c(1, 2)), "alpha", "ratio"),
    class = "casereview_error_ratings", regexp = "negative")
  expect_error(estimates(data.frame(a = c(Inf, 2), b = c(1, 2)), "alpha", "interval"),
    class = "casereview_error_ratings", regexp = "infinite")
  bad <- structure(list(a = structure(c(1L, 9L), levels = "x", class = "factor"),
    b = structure(c(1L, 1L), levels = "x", class = "factor")), class = "data.frame",
    row.names = 1:2)
  expect_error(agreement(bad, cbind(a, b) ~ 1), class = "casereview_error_argument",
    regexp = "damaged factor")
})

test_that("nothing rated has a reason for every coefficient", {
  all <- c("percent", "kappa", "fleiss", "scott", "alpha", "ac1", "ac2", "bp", "icc")
  for (x in list(data.frame(a = integer(), b = integer()), data.frame(a = NA, b = NA_real_))) {
    r <- agreement(x, coders = c("a", "b"), coefficient = all)
    expect_identical(r$estimate, rep(NA_real_, 9L))
    expect_identical(r$note, rep("too_few_cases", 9L))
  }
})

test_that("`level` is a name or a matrix, whatever its class, or is refused in one sentence", {
  d <- data.frame(a = c(1, 2, 3, 1), b = c(1, 2, 2, 3))
  of <- function(level) agreement(d, coders = c("a", "b"), level = level)$estimate
  own <- 1 - outer(1:3, 1:3, function(i, j) abs(i - j)) / 2
  for (same in list(structure(own, class = "weights"), as.table(own), as.data.frame(own),
    structure(own, dimnames = list(letters[1:3], letters[4:6])))) {
    expect_identical(of(same), of(own))
  }
  for (bad in list(1, NULL, list("ordinal", 2), factor("ordinal"), mean, quote(x),
    c("ordinal", "nominal"), NA_character_, array(1, c(2, 2, 2)), Sys.Date())) {
    expect_error(of(bad), "`level` must be one of .*, or a matrix of weights, not ",
      class = "casereview_error_argument")
  }
  for (bad in list(matrix(list(1, 2, 3, 4), 2), matrix("a", 3, 3), matrix(0, 0, 0), own + NA,
    own + 0i, data.frame(x = 1:2, y = c("a", "b")), own * c(1, 2, 3))) {
    expect_error(of(bad), "square and symmetric", class = "casereview_error_argument")
  }
})

test_that("the C entries refuse a wrong type, length and range", {
  call <- function(name, ...) {
    expect_error(do.call(".Call", list(getFromNamespace(name, "casereview"), ...)),
      "Internal error")
  }
  call("C_agreement_patterns_wide", list(1), 2L, 0L)
  call("C_agreement_patterns_wide", list(1:2, 1L), 2L, 0L)
  call("C_agreement_patterns_wide", list(3L), 2L, 0L)
  call("C_agreement_patterns_wide", list(), 2L, 0L)
  call("C_agreement_patterns_long", 1L, 1L, 3L, 1L, 1L, 2L, 0L)
  call("C_agreement_patterns_long", 2L, 1L, 1L, 1L, 1L, 2L, 0L)
  call("C_agreement_patterns_long", NA_integer_, 1L, 1L, 1L, 1L, 2L, 0L)
  call("C_agreement_patterns_long", 1:2, 1L, 1L, 2L, 1L, 2L, 0L)
  set <- list(c(0L, 2L), c(1L, 2L), 2L, 0L)
  alpha <- list(3L, 0L, 2L, NULL, NULL)
  call("C_agreement_estimate", set, 1, list(3L, 1L, 2L, NULL, NULL))
  call("C_agreement_estimate", set, 1, list(3L, 3L, 2L, NULL, 1))
  call("C_agreement_estimate", set, 1, list(1L, 0L, 2L, NULL, NULL))
  call("C_agreement_estimate", set, c(1, 2), alpha)
  call("C_agreement_estimate", set, 1L, alpha)
  call("C_agreement_estimate", list(c(0L, 3L), 1:2, 2L, 0L), 1, alpha)
  call("C_agreement_estimate", list(c(0L, 2L), c(1L, 3L), 2L, 0L), 1, alpha)
  call("C_agreement_estimate", list(integer(), 1L, 2L, 0L), 1, alpha)
  call("C_agreement_bootstrap", list(list(set, 2L, list(alpha))), 1L, 5L)
  call("C_agreement_bootstrap", list(list(set, 1L, alpha)), 1L, 5L)
  call("C_agreement_bootstrap", list(), 0L, 5L)
  call("C_agreement_whole", list("a"))
})

test_that("agreement prints in words", {
  d <- rbind(long_of(krippendorff_2011(), "neglect"),
    data.frame(case = rep(1:3, 2), coder = rep(c("A", "B"), each = 3), rating = 1,
      item = "plan"))
  expect_snapshot(agreement(d, coefficient = c("alpha", "percent")))
})

test_that("plot draws each estimate", {
  d <- krippendorff_2011()
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit(unlink(file))
  r <- agreement(d, coders = names(d), coefficient = c("alpha", "ac1"))
  expect_identical(withVisible(plot(r))$visible, FALSE)
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
})

test_that("print says how each interval that stands there was found", {
  d <- data.frame(a = c(1, 2, 3, 3, 1, 2), b = c(1, 2, 2, 3, 1, 1))
  note <- function(...) {
    text <- format(agreement(d, coders = c("a", "b"), ...))
    text[startsWith(text, "Intervals")]
  }
  expect_identical(note(), "Intervals: linearised standard error over cases (see ?agreement).")
  expect_identical(note(coefficient = "icc"), "Intervals: the F distribution for icc (see ?agreement).")
  expect_identical(note(coefficient = "percent"), "Intervals: Wilson's for percent (see ?agreement).")
  expect_identical(note(replicates = 20), "Intervals: BCa, 20 bootstrap samples of cases.")
  # nothing is printed as minus nought
  result <- agreement(d, coders = c("a", "b"))
  result$lower <- -0.001
  expect_match(format(result), " 0.00 to ", all = FALSE)
})

test_that("ratings of 64 bits are the same ratings", {
  skip_if_not_installed("bit64")
  d <- data.frame(case = rep(1:4, 2), coder = rep(c("A", "B"), each = 4), item = "x",
    rating = c(0, 1, 2, 12, 0, 2, NA, 12))
  wide <- transform(d, rating = bit64::as.integer64(rating))
  expect_equal(agreement(wide), agreement(d))
  expect_equal(consensus(wide)$x, consensus(d)$x)
  expect_equal(agreement(wide, scale = 0:12), agreement(d, scale = 0:12))
})
