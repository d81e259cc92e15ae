# Cross-tabulation against base R, collapse, data.table, dplyr and janitor (those that are
# installed), calls interleaved so that all see the same machine. The whole call is timed:
# formula in, margins, percents and printed texts out; the peers make bare counts.
#
#   Rscript bench/crosstab.R [rows] [repeats]

suppressPackageStartupMessages(library(casereview))
arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
n_rows <- if (length(arguments) >= 1L) arguments[1L] else 1e6
repeats <- if (length(arguments) >= 2L) arguments[2L] else 7
has <- function(package) requireNamespace(package, quietly = TRUE)

draw_factor <- function(k, missing = 0) {
  code <- sample.int(k, n_rows, TRUE)
  if (missing > 0) code[sample.int(n_rows, n_rows * missing)] <- NA
  structure(code, levels = sprintf("L%03d", seq_len(k)), class = "factor")
}

set.seed(1)
cases <- data.frame(
  a = draw_factor(5), b = draw_factor(3), c = draw_factor(100), d = draw_factor(50),
  am = draw_factor(5, 0.05), bm = draw_factor(3, 0.05), e = draw_factor(4)
)
cases$word <- as.character(cases$a)
cases$whole <- as.integer(cases$b)
cases$number <- as.double(cases$b)
cases$w <- as.double(sample.int(3L, n_rows, TRUE))
cases$v <- rnorm(n_rows)
wide <- if (has("data.table")) data.table::as.data.table(cases)

# The peers' ways to count two columns.
counters <- function(a, b) {
  x <- cases[[a]]
  y <- cases[[b]]
  formula <- stats::as.formula(paste(a, "~", b))
  out <- list(
    casereview = function() crosstab(cases, formula, percent = "column"),
    table = function() table(x, y, useNA = "ifany")
  )
  if (has("collapse")) out$qtab <- function() collapse::qtab(x, y, na.exclude = FALSE)
  if (has("data.table")) {
    by <- c(a, b)
    out$data.table <- function() wide[, .N, by = by]
  }
  if (has("dplyr")) {
    out$dplyr <- function() dplyr::count(cases, .data[[a]], .data[[b]])
  }
  if (has("janitor")) {
    out$janitor <- function() janitor::tabyl(cases, !!as.name(a), !!as.name(b))
  }
  out
}

tasks <- list(
  "factors 5 x 3" = counters("a", "b"),
  "factors 100 x 50" = counters("c", "d"),
  "factors 5 x 3, 5 % NA" = counters("am", "bm"),
  "text x factor" = counters("word", "b"),
  "integer x factor" = counters("whole", "a"),
  "double x factor" = counters("number", "a")
)
tasks[["weighted 5 x 3"]] <- list(
  casereview = function() crosstab(cases, a ~ b, weights = "w", percent = "column"),
  xtabs = function() stats::xtabs(w ~ a + b, cases)
)
if (has("collapse")) {
  tasks[["weighted 5 x 3"]]$qtab <- function() collapse::qtab(cases$a, cases$b, w = cases$w)
}
tasks[["three-way 5 x 3 x 4"]] <- list(
  casereview = function() crosstab(cases, a ~ b | e, percent = "column"),
  table = function() table(cases$a, cases$b, cases$e)
)
if (has("collapse")) {
  tasks[["three-way 5 x 3 x 4"]]$qtab <- function() collapse::qtab(cases$a, cases$b, cases$e)
}
tasks[["mean and n by 5 x 3"]] <- list(
  casereview = function() crosstab(cases, a ~ b, value = "v"),
  tapply = function() list(tapply(cases$v, cases[c("a", "b")], mean), table(cases$a, cases$b))
)
if (has("collapse")) {
  tasks[["mean and n by 5 x 3"]]$fmean <- function() {
    g <- collapse::GRP(cases[c("a", "b")], sort = FALSE)
    list(collapse::fmean(cases$v, g), g$group.sizes)
  }
}
if (has("data.table")) {
  tasks[["mean and n by 5 x 3"]]$data.table <- function() {
    wide[, list(mean(v), .N), by = c("a", "b")]
  }
}

time_task <- function(ways) {
  for (way in ways) way()
  seconds <- matrix(0, repeats, length(ways), dimnames = list(NULL, names(ways)))
  for (i in seq_len(repeats)) for (name in sample(names(ways))) {
    seconds[i, name] <- system.time(ways[[name]](), gcFirst = FALSE)[["elapsed"]]
  }
  apply(seconds, 2L, stats::median)
}

cat(sprintf("%s rows, medians of %d, ns a row; ratio = fastest peer / casereview\n",
  format(n_rows, big.mark = ","), repeats))
for (task in names(tasks)) {
  median <- time_task(tasks[[task]])
  peers <- median[names(median) != "casereview"]
  cat(sprintf("%-22s %s  ratio %.2f\n", task,
    paste(sprintf("%s %.2f", names(median), median / n_rows * 1e9), collapse = ", "),
    min(peers) / median[["casereview"]]))
}
small <- cases[seq_len(min(n_rows, 1e4)), ]
many <- 100L
cat(sprintf("n = 1e4, 5 x 3: %.3f ms a call\n",
  system.time(for (i in seq_len(many)) crosstab(small, a ~ b, percent = "column"))[["elapsed"]] /
    many * 1000))
