# Speed of scoring 13 items beside a measured floor and the packages that sum rows.
#   BENCH_N=1e4,1e6 Rscript bench/score_risk.R       (1e7 takes 5 GB)
#
# "floor": one C pass that reads every cell of the 13 factors, adds and writes ten columns:
#   what any way to the same result has to pay. "floor_read" writes the sum alone,
#   "floor_double" reads doubles, which are twice the memory.
# "score_risk ...": all of it, from factors, integers, doubles or texts.
# The peers sum a double matrix (or frame) that is scored already and has NA for all that is
# missing; "... from factors" scores the same factors first, by one look-up a column, which
# is what a user of these packages has to do. Neither counts the unknown, nor knows the
# lowest and highest possible total.
library(casereview)

source(if (file.exists("bench/interleave.R")) "bench/interleave.R" else "interleave.R")

n_items <- 13L
items <- paste0("item_", seq_len(n_items))

book <- codebook(
  data.frame(variable = c("id", items), type = c("id", rep("rating", n_items))),
  data.frame(
    variable = rep(items, each = 6L), code = as.character(c(3, 2, 1, 0, 8, 9)),
    label = c("High", "Medium", "Low", "None", "Not applicable", "Not known"),
    score = c(3, 2, 1, 0, NA, NA),
    missing = c("", "", "", "", "not_applicable", "not_known")
  )
)

make_data <- function(n) {
  set.seed(13)
  code <- replicate(n_items, sample(c(3L, 2L, 1L, 0L, 8L, 9L, NA), n, TRUE), FALSE)
  names(code) <- items
  as.data.frame(c(list(id = seq_len(n)), code))
}

contenders <- function(n) {
  integer_data <- make_data(n)
  as_factor <- function(x) factor(x, c(3, 2, 1, 0, 8, 9),
    c("High", "Medium", "Low", "None", "Not applicable", "Not known"))
  factor_data <- integer_data
  factor_data[items] <- lapply(factor_data[items], as_factor)
  scored <- as.matrix(integer_data[items])
  scored[scored > 3L] <- NA
  storage.mode(scored) <- "double"
  scored_frame <- as.data.frame(scored)
  double_data <- text_data <- integer_data
  double_data[items] <- lapply(integer_data[items], as.double)
  text_data[items] <- lapply(factor_data[items], as.character)
  floor <- floor_pass()
  codes <- unname(as.list(factor_data[items]))
  numbers <- unname(as.list(double_data[items]))
  worth <- c(3, 2, 1, 0, NA, NA)
  from_factors <- function(sum) {
    function() sum(lapply(factor_data[items], function(x) worth[x]))
  }
  list(
    floor = if (!is.null(floor)) function() .Call(floor, codes, 10L),
    floor_read = if (!is.null(floor)) function() .Call(floor, codes, 1L),
    floor_double = if (!is.null(floor)) function() .Call(floor, numbers, 10L),
    score_risk_factor = function() score_risk(factor_data, book),
    score_risk_integer = function() score_risk(integer_data, book),
    score_risk_double = function() score_risk(double_data, book),
    score_risk_text = function() score_risk(text_data, book),
    rowSums = function() rowSums(scored, na.rm = TRUE),
    matrixStats = if (has("matrixStats")) function() matrixStats::rowSums2(scored, na.rm = TRUE),
    kit = if (has("kit")) function() do.call(kit::psum, c(scored_frame, na.rm = TRUE)),
    "kit from factors" = if (has("kit")) {
      from_factors(function(x) do.call(kit::psum, c(x, na.rm = TRUE)))
    },
    "rowSums from factors" = from_factors(function(x) rowSums(do.call(cbind, x), na.rm = TRUE)),
    psych = if (has("psych") && n <= 1e5) {
      function() psych::scoreFast(list(total = items), scored_frame, totals = TRUE, impute = "none")
    },
    sjmisc = if (has("sjmisc") && n <= 1e5) {
      function() sjmisc::row_sums(scored_frame, n = 1, var = "s")
    }
  )
}

# One pass in C that reads the codes (or doubles), sums them without a branch and writes one
# column or ten, each in one go a block. NULL without a compiler.
floor_pass <- function() {
  if (is.null(compile_floor(c(
    "enum { B = 2048 };",
    "static void add_whole(const int *restrict x, int *restrict sum, int r) {",
    "  if (r == B) for (int i = 0; i < B; i++) sum[i] += x[i] & INT_MAX;",
    "  else for (int i = 0; i < r; i++) sum[i] += x[i] & INT_MAX; }",
    "static void add_double(const double *restrict x, double *restrict sum, int r) {",
    "  if (r == B) for (int i = 0; i < B; i++) sum[i] += x[i] > 0 ? x[i] : 0;",
    "  else for (int i = 0; i < r; i++) sum[i] += x[i] > 0 ? x[i] : 0; }",
    "SEXP score_floor(SEXP codes, SEXP columns) {",
    "  R_xlen_t n = Rf_xlength(VECTOR_ELT(codes, 0)); int k = Rf_length(codes);",
    "  int m = INTEGER(columns)[0], n_double = m > 1 ? 4 : 1;",
    "  SEXP out = PROTECT(Rf_allocVector(VECSXP, m));",
    "  int sum[B]; double total[B]; double *d[4]; int *c[6];",
    "  for (int p = 0; p < m; p++)",
    "    SET_VECTOR_ELT(out, p, Rf_allocVector(p < n_double ? REALSXP : INTSXP, n));",
    "  for (int p = 0; p < n_double; p++) d[p] = REAL(VECTOR_ELT(out, p));",
    "  for (int p = n_double; p < m; p++) c[p - n_double] = INTEGER(VECTOR_ELT(out, p));",
    "  for (R_xlen_t s = 0; s < n; s += B) {",
    "    int r = n - s < B ? (int)(n - s) : B;",
    "    memset(sum, 0, sizeof sum); memset(total, 0, sizeof total);",
    "    for (int j = 0; j < k; j++) {",
    "      SEXP x = VECTOR_ELT(codes, j);",
    "      if (TYPEOF(x) == REALSXP) add_double(REAL_RO(x) + s, total, r);",
    "      else add_whole(INTEGER_RO(x) + s, sum, r);",
    "    }",
    "    for (int i = 0; i < r; i++) total[i] += sum[i];",
    "    for (int p = 0; p < n_double; p++) memcpy(d[p] + s, total, r * sizeof(double));",
    "    for (int p = n_double; p < m; p++) memcpy(c[p - n_double] + s, sum, r * sizeof(int));",
    "  }",
    "  UNPROTECT(1); return out; }"
  )))) return(NULL)
  "score_floor"
}

for (n in bench_sizes(c(1e4, 1e6))) {
  runs <- lapply(Filter(Negate(is.null), contenders(n)), function(run) {
    function() suppressWarnings(run())
  })
  ms <- interleave(runs, runs = if (n >= 1e6) 5L else 15L)
  print(data.frame(cases = n, what = names(ms), ms = round(ms, 3),
    to_floor = round(ms / ms[["floor"]], 1), row.names = NULL), row.names = FALSE)
}
