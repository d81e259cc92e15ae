# Coverage of the intervals of agreement() for ordinal alpha at 26 cases and 3 coders:
# ratings on four levels, made from a truth and coders who err by a level or more. The true
# alpha is that of a million cases.
#
#   Rscript bench/agreement_coverage.R [simulations] [replicates] [file]
#
# With a file, the table is written there as csv, with the settings of the run:
# inst/extdata/agreement-coverage.csv, which the vignette "coverage" shows, is that of
#   Rscript bench/agreement_coverage.R 1000 1000 inst/extdata/agreement-coverage.csv

library(casereview)

set.seed(26)
given <- as.integer(c(commandArgs(TRUE), rep(NA, 2))[1:2])
simulations <- if (is.na(given[1L])) 100L else given[1L]
replicates <- if (is.na(given[2L])) 1000L else given[2L]

make <- function(n, error, shares) {
  truth <- sample(4L, n, TRUE, shares)
  x <- matrix(truth + round(stats::rnorm(3 * n, 0, error)), n, 3)
  as.data.frame(pmin(pmax(x, 1), 4))
}

covered <- function(r, truth) {
  known <- !is.na(r$lower) & !is.na(r$upper)
  c(mean((r$lower <= truth & truth <= r$upper)[known]), mean((r$upper < truth)[known]),
    mean((r$lower > truth)[known]), mean((r$upper - r$lower)[known]), mean(!known))
}

cells <- expand.grid(error = c(.4, .7), skew = c("even", "rare"))
rows <- lapply(seq_len(nrow(cells)), function(i) {
  shares <- if (cells$skew[i] == "even") rep(.25, 4) else c(.7, .15, .1, .05)
  truth <- agreement(make(1e6, cells$error[i], shares), coders = paste0("V", 1:3))$estimate
  runs <- lapply(seq_len(simulations), function(b) {
    wide <- do.call(rbind, lapply(1:13, function(k) {
      cbind(case = 1:26, item = k, make(26, cells$error[i], shares))
    }))
    list(agreement(wide, cbind(V1, V2, V3) ~ item, scale = 1:4),
      agreement(wide, cbind(V1, V2, V3) ~ item, scale = 1:4, replicates = replicates))
  })
  both <- vapply(1:2, function(j) covered(do.call(rbind, lapply(runs, function(r) {
    as.data.frame(r[[j]])
  })), truth), double(5))
  data.frame(cells[i, ], alpha = truth, method = c("Fisher z", "BCa"),
    coverage = both[1, ], below = both[2, ], above = both[3, ], width = both[4, ],
    undefined = both[5, ], row.names = NULL)
})
result <- do.call(rbind, rows)
print(result, digits = 3)
cat(simulations * 13L, "items a line;", replicates, "replicates\n")
if (length(commandArgs(TRUE)) > 2L) {
  settings <- data.frame(cases = 26L, coders = 3L, conf_level = .95, seed = 26L,
    items = simulations * 13L, replicates = replicates)
  write.csv(cbind(result, settings), commandArgs(TRUE)[3L], row.names = FALSE, quote = FALSE)
}
