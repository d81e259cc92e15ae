# What the benchmarks share: sizes from the environment, contenders called in turn, so that
# whatever slows the machine slows all of them, and medians of processor time.

# BENCH_N=1e4,1e6 sets the sizes.
bench_sizes <- function(default) {
  given <- Sys.getenv("BENCH_N")
  if (!nzchar(given)) return(default)
  sizes <- suppressWarnings(as.numeric(strsplit(given, ",", fixed = TRUE)[[1L]]))
  if (anyNA(sizes)) stop("BENCH_N must be numbers separated by commas, such as 1e4,1e6")
  sizes
}

has <- function(package) requireNamespace(package, quietly = TRUE)

# Median milliseconds of processor time of each way. A short way is repeated until it takes
# `least` seconds; one that takes more than `limit` seconds is run twice only.
interleave <- function(ways, runs = 9L, least = 0.02, limit = 20) {
  ways <- Filter(Negate(is.null), ways)
  first <- vapply(ways, function(way) {
    way()
    spent(way, 1L)
  }, 0)
  repeats <- pmin(pmax(ceiling(least / pmax(first, 1e-5)), 1), 1000)
  time <- matrix(rep(first, each = runs), runs, dimnames = list(NULL, names(ways)))
  for (i in seq_len(runs)) {
    for (name in sample(names(ways)[first <= limit])) {
      time[i, name] <- spent(ways[[name]], repeats[[name]])
    }
  }
  1000 * apply(time, 2L, stats::median)
}

spent <- function(way, repeats) {
  gc(FALSE)
  start <- proc.time()
  for (i in seq_len(repeats)) way()
  sum((proc.time() - start)[c("user.self", "sys.self")]) / repeats
}

# C source as routines for .Call(), compiled here and now; NULL without a compiler.
compile_floor <- function(source) {
  folder <- tempfile("floor")
  dir.create(folder)
  home <- setwd(folder)
  on.exit(setwd(home))
  writeLines(c("#include <limits.h>", "#include <string.h>", "#include <Rinternals.h>", source),
    "floor.c")
  built <- system2(file.path(R.home("bin"), "R"), c("CMD", "SHLIB", "floor.c"),
    stdout = FALSE, stderr = FALSE)
  if (built != 0L) return(NULL)
  dyn.load(paste0("floor", .Platform$dynlib.ext))
}
