# Cross-tabulation beside base R, collapse, data.table, dplyr and janitor (those that are
# installed). The whole call is timed: formula in, margins, percents and printed texts out;
# the peers make bare counts. "floor" is one pass in C over the rows, with a slot for NA
# and no check of the codes; "kernel" the package's own count in C.
#
#   BENCH_N=1e4,1e6 Rscript bench/crosstab.R       (1e7 takes 1 GB)
#   BENCH_N=1e8 BENCH_WAYS=casereview,floor,kernel,qtab Rscript bench/crosstab.R
# Above 2e7 rows two factors only are counted (1e8 takes 2 GB).
suppressPackageStartupMessages(library(casereview))
source(if (file.exists("bench/interleave.R")) "bench/interleave.R" else "interleave.R")

floor_c <- compile_floor(c(
  "SEXP floor_count(SEXP codes, SEXP sizes) {",
  "  int k = Rf_length(codes), cells = 1; R_xlen_t n = Rf_xlength(VECTOR_ELT(codes, 0));",
  "  for (int v = 0; v < k; v++) cells *= INTEGER(sizes)[v] + 1;",
  "  SEXP out = PROTECT(Rf_allocVector(REALSXP, cells)); double *t = REAL(out);",
  "  memset(t, 0, sizeof(double) * (size_t)cells);",
  "  const int *x = INTEGER(VECTOR_ELT(codes, 0)), *y = k > 1 ? INTEGER(VECTOR_ELT(codes, 1)) : x;",
  "  const int *z = k > 2 ? INTEGER(VECTOR_ELT(codes, 2)) : x;",
  "  int b = k > 1 ? INTEGER(sizes)[1] + 1 : 1, c = k > 2 ? INTEGER(sizes)[2] + 1 : 1;",
  "  for (R_xlen_t i = 0; i < n; i++) {",
  "    int cell = x[i] & INT_MAX;",
  "    if (k > 1) cell = cell * b + (y[i] & INT_MAX);",
  "    if (k > 2) cell = cell * c + (z[i] & INT_MAX);",
  "    t[cell]++;",
  "  }",
  "  UNPROTECT(1); return out; }",
  "SEXP floor_sum(SEXP codes, SEXP sizes, SEXP value) {",
  "  R_xlen_t n = Rf_xlength(value); int b = INTEGER(sizes)[1] + 1;",
  "  int cells = (INTEGER(sizes)[0] + 1) * b;",
  "  SEXP out = PROTECT(Rf_allocVector(REALSXP, 2 * cells)); double *t = REAL(out);",
  "  memset(t, 0, 2 * sizeof(double) * (size_t)cells);",
  "  const int *x = INTEGER(VECTOR_ELT(codes, 0)), *y = INTEGER(VECTOR_ELT(codes, 1));",
  "  const double *v = REAL(value);",
  "  for (R_xlen_t i = 0; i < n; i++) {",
  "    int cell = (x[i] & INT_MAX) * b + (y[i] & INT_MAX);",
  "    t[2 * cell] += v[i]; t[2 * cell + 1]++;",
  "  }",
  "  UNPROTECT(1); return out; }"
))
inside <- asNamespace("casereview")

make_cases <- function(n) {
  draw <- function(k, missing = 0) {
    code <- sample.int(k, n, TRUE)
    if (missing > 0) code[sample.int(n, n * missing)] <- NA
    structure(code, levels = sprintf("L%03d", seq_len(k)), class = "factor")
  }
  set.seed(1)
  if (n > 2e7) return(data.frame(a = draw(5), b = draw(3)))
  cases <- data.frame(a = draw(5), b = draw(3), c = draw(100), d = draw(50),
    am = draw(5, 0.05), bm = draw(3, 0.05), e = draw(4))
  cases$word <- as.character(cases$a)
  cases$whole <- as.integer(cases$b)
  cases$number <- as.double(cases$b)
  cases$w <- as.double(sample.int(3L, n, TRUE))
  cases$p <- stats::runif(n)
  cases$v <- stats::rnorm(n)
  cases
}

# The ways to count some columns, and the floor where these are factors.
counters <- function(cases, wide, by) {
  x <- cases[by]
  formula <- switch(length(by), stats::as.formula(paste("~", by)),
    stats::as.formula(paste(by[1L], "~", by[2L])),
    stats::as.formula(paste(by[1L], "~", by[2L], "|", by[3L])))
  factors <- all(vapply(x, is.factor, NA))
  codes <- unname(as.list(x))
  sizes <- vapply(x, nlevels, 0L)
  list(
    casereview = function() crosstab(cases, formula, percent = "column"),
    floor = if (factors && !is.null(floor_c)) function() .Call("floor_count", codes, sizes),
    kernel = if (factors) function() .Call(inside$C_crosstab_count, codes, sizes),
    table = function() table(x, useNA = "ifany"),
    qtab = if (has("collapse")) function() {
      switch(length(by), collapse::qtab(x[[1L]], na.exclude = FALSE),
        collapse::qtab(x[[1L]], x[[2L]], na.exclude = FALSE),
        collapse::qtab(x[[1L]], x[[2L]], x[[3L]], na.exclude = FALSE))
    },
    data.table = if (has("data.table")) function() wide[, .N, by = by],
    dplyr = if (has("dplyr")) function() dplyr::count(cases, dplyr::across(dplyr::all_of(by))),
    janitor = if (has("janitor") && length(by) == 2L) {
      function() janitor::tabyl(cases, !!as.name(by[1L]), !!as.name(by[2L]))
    }
  )
}

weighers <- function(cases, wide, w) {
  weight <- cases[[w]]
  codes <- list(cases$a, cases$b)
  list(
    casereview = function() crosstab(cases, a ~ b, weights = w, percent = "column"),
    floor = if (!is.null(floor_c)) function() .Call("floor_sum", codes, c(5L, 3L), weight),
    kernel = function() .Call(inside$C_crosstab_weights, codes, c(5L, 3L), weight),
    xtabs = function() stats::xtabs(weight ~ a + b, cases),
    qtab = if (has("collapse")) function() collapse::qtab(cases$a, cases$b, w = weight),
    data.table = if (has("data.table")) function() wide[, sum(.SD[[1L]]), by = c("a", "b"), .SDcols = w],
    dplyr = if (has("dplyr")) function() dplyr::count(cases, a, b, wt = .data[[w]])
  )
}

averagers <- function(cases, wide) {
  codes <- list(cases$a, cases$b)
  list(
    casereview = function() crosstab(cases, a ~ b, value = "v"),
    floor = if (!is.null(floor_c)) function() .Call("floor_sum", codes, c(5L, 3L), cases$v),
    kernel = function() .Call(inside$C_crosstab_moments, codes, c(5L, 3L), cases$v, NULL, 0L),
    tapply = function() list(tapply(cases$v, cases[c("a", "b")], mean), table(cases$a, cases$b)),
    fmean = if (has("collapse")) function() {
      g <- collapse::GRP(cases[c("a", "b")], sort = FALSE)
      list(collapse::fmean(cases$v, g), g$group.sizes)
    },
    data.table = if (has("data.table")) function() wide[, list(mean(v), .N), by = c("a", "b")],
    dplyr = if (has("dplyr")) {
      function() dplyr::summarise(cases, mean(v), dplyr::n(), .by = c("a", "b"))
    }
  )
}

tasks <- function(n) {
  cases <- make_cases(n)
  wide <- if (has("data.table")) data.table::as.data.table(cases)
  if (n > 2e7) return(list("5 x 3" = counters(cases, wide, c("a", "b"))))
  c(
    lapply(list("5 x 3" = c("a", "b"), "100 x 50" = c("c", "d"), "5 x 3, 5 % NA" = c("am", "bm"),
      "three-way 5 x 3 x 4" = c("a", "b", "e"), "text x factor" = c("word", "b"),
      "integer x factor" = c("whole", "a"), "double x factor" = c("number", "a")),
    function(by) counters(cases, wide, by)),
    list("whole weights" = weighers(cases, wide, "w"), "weights" = weighers(cases, wide, "p"),
      "mean and n by 5 x 3" = averagers(cases, wide))
  )
}

# BENCH_WAYS=casereview,qtab names the ways to time.
only_wanted <- function(ways) {
  given <- strsplit(Sys.getenv("BENCH_WAYS"), ",", fixed = TRUE)[[1L]]
  if (length(given)) ways[names(ways) %in% given] else ways
}

if (has("data.table")) data.table::setDTthreads(1L)
own <- c("casereview", "floor", "kernel")
for (n in bench_sizes(c(1e4, 1e6))) {
  cat(sprintf("\n%s rows, ms of processor time (medians); ratio = fastest peer / casereview\n",
    format(n, big.mark = ",", scientific = FALSE)))
  all <- tasks(n)
  for (task in names(all)) {
    ms <- interleave(only_wanted(all[[task]]), runs = if (n > 1e6) 5L else 9L)
    peers <- ms[!names(ms) %in% own]
    of_floor <- if ("floor" %in% names(ms)) sprintf(", kernel / floor %.2f", ms[["kernel"]] / ms[["floor"]])
    cat(sprintf("%-20s %s; ratio %.2f%s\n", task,
      paste(names(ms), formatC(ms, digits = 3L, format = "fg"), collapse = ", "),
      min(peers) / ms[["casereview"]], paste0(of_floor, "")))
  }
}
