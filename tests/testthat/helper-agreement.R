# Published ratings, and slow versions that share no code with the package.

wide_of <- function(..., na = ".") {
  rows <- strsplit(c(...), "")
  d <- as.data.frame(lapply(rows, function(x) as.integer(ifelse(x == na, NA, x))))
  names(d) <- LETTERS[seq_along(rows)]
  d
}

# Krippendorff (2011), section B to E: 12 units, 4 observers.
krippendorff_2011 <- function() {
  wide_of("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
}

# The same as Gwet (2014), table 2.10 has them, with the last unit rated by the third rater
# (`cac.raw4raters` of the package irrCAC).
gwet_2014 <- function() {
  d <- krippendorff_2011()
  d[12, ] <- list(NA, NA, 3L, NA)
  d
}

# A square table of two coders' counts as a row a case.
two_coders <- function(n) {
  at <- which(n > 0, arr.ind = TRUE)
  at <- at[rep(seq_len(nrow(at)), n[at]), ]
  data.frame(a = at[, 1], b = at[, 2])
}

# Hayes and Krippendorff (2007), table 1: 40 news articles, 5 observers, 0 to 3.
hayes_2007 <- function() {
  wide_of(
    "112.001122.01311211000201001111223222221",
    "1130000.21102311121000302102111122222221",
    "203000222100221123001.30.1012202.2232.21",
    ".13....0.10022...31.103021122..122...12.",
    "2..0001.2....3112..0.0..2.0..20.2.2222.1"
  )
}

# Fleiss (1971), table 1: 30 patients, 6 psychiatrists, 5 diagnoses, as counts.
fleiss_1971 <- function() {
  counts <- strsplit(c("00060", "03003", "01401", "00006", "03030", "20400", "00402",
    "20310", "20040", "00006", "10050", "11040", "03300", "10050", "02031", "00501",
    "30012", "51000", "02040", "10203", "00006", "01050", "02013", "20040", "10041",
    "05010", "40002", "02040", "10500", "00006"), "")
  as.data.frame(t(vapply(counts, function(n) rep(1:5, as.integer(n)), integer(6))))
}

# Shrout and Fleiss (1979), table 2.
shrout_1979 <- function() {
  data.frame(a = c(9, 6, 8, 7, 10, 6), b = c(2, 1, 4, 1, 5, 2), c = c(5, 3, 6, 2, 6, 4),
    d = c(8, 2, 8, 6, 9, 7))
}

# Cohen (1968), table 1: proportions of 200 cases, and disagreement weights.
cohen_1968 <- function() {
  two_coders(round(200 * rbind(c(.44, .07, .09), c(.05, .20, .05), c(.01, .03, .06))))
}

long_of <- function(d, item = NULL) {
  r <- data.frame(case = rep(seq_len(nrow(d)), ncol(d)),
    coder = rep(names(d), each = nrow(d)), rating = unlist(d, use.names = FALSE))
  if (!is.null(item)) r$item <- item
  r
}

estimates <- function(d, coefficient, level = "nominal", ...) {
  agreement(d, coders = names(d), coefficient = coefficient, level = level, ...)$estimate
}

# ---- oracles: `x` a matrix of codes 1..q, a row a case; `w` a weight a case ----

slow_alpha <- function(x, delta, w = rep(1, nrow(x))) {
  q <- max(x, na.rm = TRUE)
  o <- matrix(0, q, q)
  for (i in seq_len(nrow(x))) {
    r <- x[i, !is.na(x[i, ])]
    if (length(r) < 2) next
    for (a in seq_along(r)) for (b in seq_along(r)) {
      if (a != b) o[r[a], r[b]] <- o[r[a], r[b]] + w[i] / (length(r) - 1)
    }
  }
  n <- rowSums(o)
  d <- if (is.function(delta)) delta(n) else delta
  total <- sum(n)
  expected <- sum(outer(n, n) * d)
  1 - (total - 1) * sum(o * d) / expected
}

ordinal_delta <- function(n) {
  q <- length(n)
  d <- matrix(0, q, q)
  for (a in seq_len(q)) for (b in seq_len(q)) {
    s <- seq(min(a, b), max(a, b))
    d[a, b] <- if (a == b) 0 else (sum(n[s]) - (n[a] + n[b]) / 2)^2
  }
  d
}

slow_pa <- function(x, weight, w = rep(1, nrow(x))) {
  top <- bottom <- 0
  for (i in seq_len(nrow(x))) {
    r <- x[i, !is.na(x[i, ])]
    if (length(r) < 2) next
    pairs <- 0
    for (a in seq_along(r)) for (b in seq_along(r)) {
      if (a != b) pairs <- pairs + weight[r[a], r[b]]
    }
    top <- top + w[i] * pairs / (length(r) * (length(r) - 1))
    bottom <- bottom + w[i]
  }
  top / bottom
}

slow_shares <- function(x, q, w = rep(1, nrow(x))) {
  p <- numeric(q)
  for (i in seq_len(nrow(x))) {
    r <- x[i, !is.na(x[i, ])]
    for (k in r) p[k] <- p[k] + w[i] / length(r)
  }
  p / sum(w[rowSums(!is.na(x)) > 0])
}

slow_chance <- function(x, kind, weight, w = rep(1, nrow(x))) {
  q <- nrow(weight)
  if (kind == "bp") return(sum(weight) / q^2)
  if (kind == "kappa") {
    total <- pairs <- 0
    share <- lapply(seq_len(ncol(x)), function(g) {
      vapply(seq_len(q), function(k) sum(w[which(x[, g] == k)]), 0) /
        sum(w[!is.na(x[, g])])
    })
    for (g in seq_len(ncol(x))) for (h in seq_len(ncol(x))) {
      if (g == h) next
      total <- total + sum(outer(share[[g]], share[[h]]) * weight)
      pairs <- pairs + 1
    }
    return(total / pairs)
  }
  p <- slow_shares(x, q, w)
  if (kind == "fleiss") sum(outer(p, p) * weight) else
    sum(weight) / (q * (q - 1)) * sum(p * (1 - p))
}

slow_coefficient <- function(x, kind, weight, w = rep(1, nrow(x))) {
  pa <- slow_pa(x, weight, w)
  if (kind == "percent") return(pa)
  pe <- slow_chance(x, kind, weight, w)
  (pa - pe) / (1 - pe)
}

# The linearised standard error from numerical derivatives by the weight of each case.
slow_se <- function(f, x, use) {
  h <- 1e-5
  u <- vapply(which(use), function(i) {
    up <- down <- rep(1, nrow(x))
    up[i] <- 1 + h
    down[i] <- 1 - h
    (f(x, up) - f(x, down)) / (2 * h)
  }, 0)
  n <- length(u)
  sqrt(n / (n - 1) * sum((u - mean(u))^2))
}

named_weights <- function(level, value) {
  q <- length(value)
  i <- seq_len(q)
  d <- switch(level,
    nominal = outer(i, i, "!=") + 0,
    ordinal = outer(i, i, function(a, b) choose(abs(a - b) + 1, 2)),
    linear = outer(i, i, function(a, b) abs(a - b)),
    quadratic = outer(i, i, function(a, b) (a - b)^2),
    interval = outer(value, value, function(a, b) (a - b)^2),
    ratio = outer(value, value, function(a, b) ifelse(a + b == 0, 0, ((a - b) / (a + b))^2)))
  1 - d / max(d)
}

random_ratings <- function(n, m, q, missing = 0.2) {
  truth <- sample(q, n, TRUE)
  x <- matrix(ifelse(runif(n * m) < 0.6, rep(truth, m), sample(q, n * m, TRUE)), n, m)
  x[runif(n * m) < missing] <- NA
  x
}
