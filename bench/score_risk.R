# Speed of scoring 13 items beside a measured floor and the packages that sum rows.
#   BENCH_N=1e4,1e6 Rscript bench/score_risk.R       (1e7 takes 5 GB)
#
# "floor": the same table look-ups as plain C loops over the columns would need at least,
#   here one C pass that reads every code and writes every column of the result.
# "kernel": the sums from integer codes; "score_risk": all of it, from integer codes,
#   or from factors. The peers sum a double matrix that is already scored and missing-free
#   in meaning (NA left out), which is less than what score_risk() does.
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
  inside <- asNamespace("casereview")
  input <- inside$option_input(factor_data, book, NULL, NULL)
  floor <- floor_pass()
  codes <- unname(lapply(input$units, function(u) u$code))
  list(
    floor = if (!is.null(floor)) function() .Call(floor, codes),
    kernel = function() inside$sum_units(input$units, input$n, input$n_items),
    encode_factor = function() for (i in items) inside$encode_column(factor_data[[i]], book, i),
    score_risk_factor = function() score_risk(factor_data, book),
    score_risk_integer = function() score_risk(integer_data, book),
    rowSums = function() rowSums(scored, na.rm = TRUE),
    matrixStats = if (has("matrixStats")) function() matrixStats::rowSums2(scored, na.rm = TRUE),
    kit = if (has("kit")) function() do.call(kit::psum, c(scored_frame, na.rm = TRUE)),
    psych = if (has("psych") && n <= 1e5) {
      function() psych::scoreFast(list(total = items), scored_frame, totals = TRUE, impute = "none")
    },
    sjmisc = if (has("sjmisc")) function() sjmisc::row_sums(scored_frame, n = 1, var = "s")
  )
}

# One pass in C that reads the codes, sums them and writes eight columns as the kernel
# does: what any implementation has to pay. NULL without a compiler.
floor_pass <- function() {
  if (is.null(compile_floor(c(
    "SEXP score_floor(SEXP codes) {",
    "  R_xlen_t n = Rf_xlength(VECTOR_ELT(codes, 0)); int k = Rf_length(codes);",
    "  SEXP out = PROTECT(Rf_allocVector(VECSXP, 8)); int sum[2048]; double *d[5]; int *c[3];",
    "  for (int p = 0; p < 8; p++)",
    "    SET_VECTOR_ELT(out, p, Rf_allocVector(p < 5 ? REALSXP : INTSXP, n));",
    "  for (int p = 0; p < 5; p++) d[p] = REAL(VECTOR_ELT(out, p));",
    "  for (int p = 0; p < 3; p++) c[p] = INTEGER(VECTOR_ELT(out, 5 + p));",
    "  for (R_xlen_t s = 0; s < n; s += 2048) {",
    "    int m = n - s < 2048 ? (int)(n - s) : 2048;",
    "    for (int i = 0; i < m; i++) sum[i] = 0;",
    "    for (int j = 0; j < k; j++) {",
    "      const int *x = INTEGER_RO(VECTOR_ELT(codes, j)) + s;",
    "      for (int i = 0; i < m; i++) sum[i] += x[i] & INT_MAX;",
    "    }",
    "    for (int i = 0; i < m; i++) {",
    "      for (int p = 0; p < 5; p++) d[p][s + i] = sum[i];",
    "      for (int p = 0; p < 3; p++) c[p][s + i] = sum[i];",
    "    }",
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
