# Speed of agreement() beside irr, irrCAC, icr, krippendorffsalpha and boot, where these
# are installed. "floor" is the package's own C code on ratings that are codes already:
# what the work itself costs.
#
#   BENCH_N=1e4,1e6 Rscript bench/agreement.R

library(casereview)

source(if (file.exists("bench/interleave.R")) "bench/interleave.R" else "interleave.R")

show <- function(title, times) {
  own <- times[["casereview"]]
  cat("\n", title, "\n", sep = "")
  print(data.frame(ms = signif(times, 3), times_ours = signif(times / own, 3)))
}

set.seed(20)
rounds <- 7L

# One rater's code with noise about a truth.
rate <- function(n, m, q) {
  truth <- sample(q, n, TRUE)
  x <- matrix(ifelse(stats::runif(n * m) < .7, truth, sample(q, n * m, TRUE)), n, m)
  storage.mode(x) <- "integer"
  x
}

codes_floor <- function(x, q) {
  patterns <- getFromNamespace("C_agreement_patterns_wide", "casereview")
  estimate <- getFromNamespace("C_agreement_estimate", "casereview")
  columns <- lapply(seq_len(ncol(x)), function(j) x[, j])
  function() {
    p <- .Call(patterns, columns, q, 0L)
    .Call(estimate, list(p$start, p$key, q, 0L), p$size, list(3L, 2L, 2L, NULL, NULL))
  }
}

# ---- a point estimate ----

for (n in bench_sizes(c(1e4, 1e6))) {
  m <- if (n <= 1e4) 5 else 3
  x <- rate(n, m, 5L)
  d <- as.data.frame(x)
  calls <- list(
    casereview = function() agreement(d, coders = names(d), coefficient = "alpha"),
    floor = codes_floor(x, 5L)
  )
  small <- n <= 10000
  if (has("irr") && small) {
    calls$irr <- function() irr::kripp.alpha(t(x), "ordinal")
  }
  if (has("irrCAC")) {
    calls$irrCAC <- function() irrCAC::krippen.alpha.raw(x, weights = "ordinal")
  }
  if (has("icr")) calls$icr <- function() icr::krippalpha(t(x), metric = "ordinal")
  if (has("krippendorffsalpha") && n * m <= 2000) {
    # Nominal: the package has no ordinal distance by ranks. It holds all pairs of ratings:
    # 20 GB, and over a quarter of an hour, at 10,000 cases of 5 coders.
    calls$krippendorffsalpha <- function() {
      krippendorffsalpha::krippendorffs.alpha(x, level = "nominal", confint = FALSE)
    }
  }
  show(paste0("Ordinal alpha, ", format(n, big.mark = ","), " cases x ", m, " coders"),
    interleave(calls, rounds))
}

# ---- 13 items, 26 cases, 3 coders, 10,000 joint replicates ----

items <- lapply(1:13, function(i) rate(26, 3, 4L))
long <- do.call(rbind, lapply(1:13, function(i) {
  data.frame(case = rep(1:26, 3), coder = rep(1:3, each = 26), item = paste0("item", i),
    rating = factor(as.vector(items[[i]]), levels = 1:4))
}))
boot_floor <- function(replicates) {
  patterns <- getFromNamespace("C_agreement_patterns_wide", "casereview")
  bootstrap <- getFromNamespace("C_agreement_bootstrap", "casereview")
  ready <- lapply(items, function(x) {
    p <- .Call(patterns, lapply(1:3, function(j) x[, j]), 4L, 0L)
    list(list(p$start, p$key, 4L, 0L), p$of, list(list(3L, 2L, 2L, NULL, NULL)))
  })
  function() .Call(bootstrap, ready, 26L, replicates)
}
calls <- list(
  casereview = function() agreement(long, replicates = 10000),
  floor = boot_floor(10000L)
)
if (has("icr")) {
  calls$icr <- function() {
    for (x in items) {
      icr::krippalpha(t(x), metric = "ordinal", bootstrap = TRUE, nboot = 10000)
    }
  }
}
times <- interleave(calls, rounds)
# boot with irr would take minutes: 100 replicates of one item stand for the rest.
if (has("boot") && has("irr")) {
  one <- function() {
    boot::boot(items[[1L]], function(x, i) {
      suppressWarnings(irr::kripp.alpha(t(x[i, ]), "ordinal")$value)
    }, 100)
  }
  times["boot with irr (scaled)"] <- interleave(list(one = one), 3L) * 13 * 100
}
show("Ordinal alpha, 13 items x 26 cases x 3 coders, 10,000 joint replicates", times)
