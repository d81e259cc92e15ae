# Patterns of suppress() beside those of GaussSuppression and sdcTable (where they are
# installed), each proved by the same referee: the interval of every sensitive cell from
# linear programs (lpSolve) over the printed table, under the reader who knows that zeros
# are shown. Rscript bench/disclosure_peers.R [tables, 30]
library(casereview)

has <- function(p) requireNamespace(p, quietly = TRUE)
arguments <- as.integer(commandArgs(TRUE))
n_tables <- if (length(arguments)) arguments[1L] else 30L
if (!has("lpSolve")) stop("lpSolve is needed as the referee")
for (p in c("GaussSuppression", "sdcTable", "sdcHierarchies")) {
  if (!has(p)) cat(p, "is not installed here and is left out.\n")
}

counts <- function(rows, columns, share, seed) {
  set.seed(seed)
  d <- expand.grid(b = factor(seq_len(columns)), a = factor(seq_len(rows)))
  d$n <- stats::rpois(nrow(d), 20) + 5
  small <- sample(nrow(d), round(share * nrow(d)))
  d$n[small] <- sample(1:4, length(small), TRUE)
  d
}

# Width of the interval of each cell in `ask`; `hidden` a matrix with totals last. Where
# zeros are hidden too the reader cannot take a hidden count to be 1 or more.
widths <- function(n, hidden, ask) {
  size <- dim(n)
  low <- if (any(n[hidden] == 0)) 0 else 1
  at <- matrix(cumsum(hidden) * hidden, size[1L])
  line <- function(cells, sign) {
    out <- numeric(sum(hidden) + 1L)
    h <- hidden[cells]
    out[at[cells][h]] <- sign[h]
    out[length(out)] <- -sum(n[cells][!h] * sign[!h]) - low * sum(sign[h])
    out
  }
  index <- matrix(seq_along(n), size[1L])
  sums <- c(
    lapply(seq_len(size[1L]), function(i) line(index[i, ], rep(c(1, -1), c(size[2L] - 1L, 1)))),
    lapply(seq_len(size[2L]), function(j) line(index[, j], rep(c(1, -1), c(size[1L] - 1L, 1))))
  )
  sums <- do.call(rbind, sums)
  k <- sum(hidden)
  sums <- sums[rowSums(abs(sums[, seq_len(k), drop = FALSE])) > 0, , drop = FALSE]
  vapply(at[ask], function(i) {
    goal <- as.numeric(seq_len(k) == i)
    end <- function(way) lpSolve::lp(way, goal, sums[, seq_len(k), drop = FALSE],
      rep("=", nrow(sums)), sums[, k + 1L])
    most <- end("max")
    (if (most$status == 3) Inf else most$objval) - end("min")$objval
  }, 0)
}

timed <- function(f) {
  time <- system.time(out <- f())[["elapsed"]]
  list(out = out, time = time)
}

as_grid <- function(tab, value) matrix(value, nrow(tab$rows), byrow = TRUE)

judge <- function(tab, primary, hidden) {
  n <- as_grid(tab, tab$cells$n)
  primary <- as_grid(tab, primary)
  hidden <- as_grid(tab, hidden)
  w <- widths(n, hidden, primary)
  extra <- hidden & !primary
  c(secondary = sum(extra), cases = sum(n[extra]), narrowest = min(w), bare = sum(w < 0.5))
}

ours <- function(tab, rule) {
  got <- timed(function() suppress(tab, rule))
  status <- got$out$cells$status
  c(judge(tab, status == "primary", status != "safe"), time = got$time)
}

is_margin <- function(a, b) a == "Total" | b == "Total"

# Totals in print stay shown: neither sensitive nor candidates.
gauss <- function(d, tab, max_n, totals) {
  got <- timed(function() suppressMessages(GaussSuppression::SuppressSmallCounts(d,
    maxN = max_n, freqVar = "n", dimVar = c("a", "b"), protectZeros = FALSE, printInc = FALSE,
    secondaryZeros = FALSE, forced = if (totals) NULL else function(crossTable, ...) {
      is_margin(crossTable$a, crossTable$b)
    })))
  out <- got$out
  at <- match(paste(tab$cells$a, tab$cells$b), paste(out$a, out$b))
  primary <- out$primary[at] & (totals | !is_margin(tab$cells$a, tab$cells$b))
  c(judge(tab, primary, out$suppressed[at] | primary), time = got$time)
}

sdc_table <- function(d, tab, max_n, totals, method) {
  flat <- function(x) sdcHierarchies::hier_create("Total", levels(x))
  d$a <- factor(paste0("r", d$a), paste0("r", levels(d$a)))
  d$b <- factor(paste0("c", d$b), paste0("c", levels(d$b)))
  got <- timed(function() {
    utils::capture.output(suppressMessages({
      p <- sdcTable::makeProblem(d, list(a = flat(d$a), b = flat(d$b)), freqVarInd = "n")
      p <- sdcTable::primarySuppression(p, type = "freq", maxN = max_n, allowZeros = FALSE)
      info <- sdcTable::getInfo(p, "sdcStatus")
      ids <- as.data.frame(sdcTable::sdcProb2df(p, dimCodes = "original"))
      fixed <- if (!totals) is_margin(ids$a, ids$b)
      if (any(fixed)) for (i in which(fixed)) {
        p <- sdcTable::change_cellstatus(p, specs = c(a = ids$a[i], b = ids$b[i]), rule = "z")
      }
      p <- sdcTable::protectTable(p, method = method, verbose = FALSE)
      out <- if (inherits(p, "sdcProblem")) sdcTable::getInfo(p, "finalData") else p
    }))
    as.data.frame(out)
  })
  out <- got$out
  key <- gsub("\\b[rc](?=[0-9])", "", paste(out$a, out$b), perl = TRUE)
  at <- match(paste(tab$cells$a, tab$cells$b), key)
  small <- tab$cells$n > 0 & tab$cells$n <= max_n
  primary <- small & (totals | !is_margin(tab$cells$a, tab$cells$b))
  c(judge(tab, primary, out$sdcStatus[at] %in% c("u", "x") | primary), time = got$time)
}

attempt <- function(f) tryCatch(f, error = function(e) {
  cat("   ", strsplit(conditionMessage(e), "\n")[[1L]][1L], "\n")
  NULL
})

show_line <- function(task, who, x) {
  if (is.null(x)) return(invisible())
  cat(sprintf("%-34s %-28s %9.3f s %6.1f %8.1f %8.1f %6.1f\n", task, who, x[["time"]],
    x[["secondary"]], x[["cases"]], x[["narrowest"]], x[["bare"]]))
}

heading <- function() cat(sprintf("%-34s %-28s %11s %6s %8s %8s %6s\n", "task", "who", "time",
  "cells", "cases", "narrow", "bare"))

peers <- function(d, tab, max_n, totals) {
  out <- list()
  if (has("GaussSuppression")) {
    out$GaussSuppression <- attempt(gauss(d, tab, max_n, totals))
  }
  if (has("sdcTable") && has("sdcHierarchies")) {
    for (method in c("SIMPLEHEURISTIC", "HYPERCUBE")) {
      out[[paste("sdcTable", method)]] <- attempt(sdc_table(d, tab, max_n, totals, method))
    }
  }
  out
}

cat("cells and cases hidden further; narrowest interval of a sensitive cell; how many are bare\n")
heading()
report_11 <- expand.grid(a = factor(1:9), b = factor(1:3))
report_11$n <- c(3, 4, 5, 4, 2, 4, 0, 0, 1, 4, 4, 1, 1, 0, 0, 0, 0, 0, 11, 1, 2, 1, 4, 1, 4, 2, 0)
tab <- crosstab(report_11, a ~ b, weights = "n")
for (totals in c(FALSE, TRUE)) {
  task <- paste("table 11,", if (totals) "totals may go" else "totals shown")
  found <- tryCatch(ours(tab, sdc_rule("dfe", totals = totals)),
    casereview_error_disclosure = function(e) nrow(e$cells))
  if (length(found) == 1L) cat(sprintf("%-34s suppress() refuses it and names %d cells\n", task, found)) else
    show_line(task, "suppress", found)
  p <- peers(report_11, tab, 5, totals)
  for (who in names(p)) show_line(task, who, p[[who]])
}

d <- counts(20, 20, 51 / 400, 1)
tab <- crosstab(d, a ~ b, weights = "n")
p <- peers(d, tab, 4, TRUE)
show_line("20 x 20, 51 sensitive", "suppress", ours(tab, sdc_rule(threshold = 4, totals = TRUE)))
for (who in names(p)) {
  show_line("20 x 20, 51 sensitive", who, p[[who]])
  w <- floor(p[[who]][["narrowest"]])
  if (w >= 1) show_line("20 x 20, 51 sensitive", paste("suppress, width", w),
    ours(tab, sdc_rule(threshold = 4, totals = TRUE, width = w)))
}

# At the width that the peer's own pattern is proved to have.
if (has("GaussSuppression")) {
  mine <- theirs <- matrix(0, 0L, 5L)
  for (seed in seq_len(n_tables)) {
    d <- counts(sample(5:12, 1L), sample(4:10, 1L), stats::runif(1, 0.05, 0.2), seed)
    tab <- crosstab(d, a ~ b, weights = "n")
    g <- attempt(gauss(d, tab, 4, TRUE))
    if (is.null(g) || g[["narrowest"]] < 1) next
    own <- ours(tab, sdc_rule(threshold = 4, totals = TRUE, width = floor(g[["narrowest"]])))
    mine <- rbind(mine, own)
    theirs <- rbind(theirs, g)
  }
  task <- paste(nrow(mine), "random tables, means")
  show_line(task, "GaussSuppression", colMeans(theirs))
  show_line(task, "suppress at its width", colMeans(mine))
  cat(sprintf("fewer cells in %d tables, as many in %d, more in %d\n",
    sum(mine[, 1L] < theirs[, 1L]), sum(mine[, 1L] == theirs[, 1L]),
    sum(mine[, 1L] > theirs[, 1L])))
}
