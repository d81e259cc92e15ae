/* A coefficient of agreement for one item: its estimate, how each pattern of ratings
   moves it, what it would be without one case, and bootstrap replicates over cases,
   drawn jointly for all items (Efron and Tibshirani 1993, chapters 6 and 14). */
#include <limits.h>
#include <string.h>

#include <R_ext/Random.h>

#include "check.h"
#include "entry.h"
#include "measure.h"
#include "result.h"
#include "size.h"

/* `patterns` is list(start, key, n_codes, n_coders). */
static pattern_set set_new(SEXP patterns)
{
  check_type(patterns, VECSXP, "patterns");
  check_length(patterns, 4, "patterns");
  SEXP start = VECTOR_ELT(patterns, 0), key = VECTOR_ELT(patterns, 1);
  check_type(start, INTSXP, "start");
  check_type(key, INTSXP, "key");
  pattern_set set;
  set.n_codes = check_int(VECTOR_ELT(patterns, 2), 1, INT_MAX, "n_codes");
  set.n_coders =
      check_int(VECTOR_ELT(patterns, 3), 0, INT_MAX / set.n_codes, "n_coders");
  R_xlen_t n = Rf_xlength(start) - 1;
  if (n < 0 || n > INT_MAX - 1) stop_internal("`start` has a wrong length");
  set.n_patterns = (int)n;
  set.start = INTEGER_RO(start);
  set.key = INTEGER_RO(key);
  if (set.start[0] != 0 || set.start[n] != Rf_xlength(key))
    stop_internal("`start` does not cover `key`");
  for (R_xlen_t i = 0; i < n; i++) {
    if (set.start[i + 1] <= set.start[i]) stop_internal("`start` does not rise");
  }
  int n_keys = set.n_codes * (set.n_coders == 0 ? 1 : set.n_coders);
  check_codes(set.key, Rf_xlength(key), n_keys, "key");
  int *code = (int *)R_alloc((size_t)Rf_xlength(key) + 1, sizeof(int));
  for (R_xlen_t i = 0; i < Rf_xlength(key); i++) {
    if (set.key[i] == NA_INTEGER) stop_internal("`key` holds NA");
    code[i] = (set.key[i] - 1) % set.n_codes;
  }
  set.code = code;
  return set;
}

static const double *check_size(const pattern_set *set, SEXP size)
{
  check_type(size, REALSXP, "size");
  check_length(size, set->n_patterns, "size");
  return REAL_RO(size);
}

/* list(estimate, influence, gwet): the two derivatives are empty where the coefficient
   is not defined; `gwet` holds the metric and the count of ratings fixed. */
SEXP agreement_estimate(SEXP patterns, SEXP size, SEXP description)
{
  static const char *const names[] = {"estimate", "influence", "gwet"};
  pattern_set set = set_new(patterns);
  const double *w = check_size(&set, size);
  measure me = measure_new(&set, description);
  SEXP result = PROTECT(result_list(3, names));
  double estimate = measure_value(&set, &me, w);
  int defined = R_FINITE(estimate);
  R_xlen_t n = defined ? set.n_patterns : 0;
  SET_VECTOR_ELT(result, 0, Rf_ScalarReal(defined ? estimate : NA_REAL));
  SET_VECTOR_ELT(result, 1, Rf_allocVector(REALSXP, n));
  SET_VECTOR_ELT(result, 2, Rf_allocVector(REALSXP, n));
  if (defined) {
    measure_influence(&set, &me, w, 0, REAL(VECTOR_ELT(result, 1)));
    measure_influence(&set, &me, w, 1, REAL(VECTOR_ELT(result, 2)));
  }
  UNPROTECT(1);
  return result;
}

/* The coefficient without one case of each pattern, NA where it is not defined. */
SEXP agreement_without(SEXP patterns, SEXP size, SEXP description)
{
  pattern_set set = set_new(patterns);
  const double *w = check_size(&set, size);
  measure me = measure_new(&set, description);
  double *rest = (double *)R_alloc((size_t)set.n_patterns + 1, sizeof(double));
  SEXP result = PROTECT(Rf_allocVector(REALSXP, set.n_patterns));
  if (set.n_patterns > 0) memcpy(rest, w, (size_t)set.n_patterns * sizeof(double));
  for (int p = 0; p < set.n_patterns; p++) {
    if (p % 1000 == 999) R_CheckUserInterrupt();
    rest[p] = w[p] - 1;
    double value = measure_value(&set, &me, rest);
    REAL(result)[p] = R_FINITE(value) ? value : NA_REAL;
    rest[p] = w[p];
  }
  UNPROTECT(1);
  return result;
}

typedef struct {
  pattern_set set;
  const int *of;
  double *w;
  int n_measures;
  measure *measures;
} boot_item;

/* `item` is list(patterns, of, list of measures). */
static boot_item boot_item_new(SEXP item, int n_cases)
{
  check_type(item, VECSXP, "item");
  check_length(item, 3, "item");
  boot_item boot;
  boot.set = set_new(VECTOR_ELT(item, 0));
  SEXP of = VECTOR_ELT(item, 1), measures = VECTOR_ELT(item, 2);
  check_type(of, INTSXP, "of");
  check_length(of, n_cases, "of");
  boot.of = INTEGER_RO(of);
  for (int i = 0; i < n_cases; i++) {
    if (boot.of[i] < 0 || boot.of[i] > boot.set.n_patterns)
      stop_internal("`of` names no pattern in place %d", i + 1);
  }
  check_type(measures, VECSXP, "measures");
  boot.n_measures = (int)Rf_xlength(measures);
  boot.measures = (measure *)R_alloc((size_t)boot.n_measures + 1, sizeof(measure));
  for (int j = 0; j < boot.n_measures; j++)
    boot.measures[j] = measure_new(&boot.set, VECTOR_ELT(measures, j));
  boot.w = (double *)R_alloc((size_t)boot.set.n_patterns + 1, sizeof(double));
  return boot;
}

static void draw_cases(int n_cases, int *times)
{
  memset(times, 0, (size_t)n_cases * sizeof(int));
  for (int i = 0; i < n_cases; i++) times[(int)R_unif_index(n_cases)]++;
}

/* How often each pattern occurs in the drawn cases; `w` has a place 0 for no rating. */
static void weigh_patterns(const boot_item *item, const int *times, int n_cases)
{
  memset(item->w, 0, ((size_t)item->set.n_patterns + 1) * sizeof(double));
  for (int i = 0; i < n_cases; i++) item->w[item->of[i]] += times[i];
}

/* A matrix with a row a replicate and a column for each measure of each item, NA where
   the measure is not defined in that replicate. */
SEXP agreement_bootstrap(SEXP items, SEXP n_cases, SEXP replicates)
{
  check_type(items, VECSXP, "items");
  int n_items = (int)Rf_xlength(items), n_columns = 0;
  int n = check_int(n_cases, 1, INT_MAX - 1, "n_cases");
  int n_rows = check_int(replicates, 0, INT_MAX - 1, "replicates");
  boot_item *item = (boot_item *)R_alloc((size_t)n_items + 1, sizeof(boot_item));
  for (int k = 0; k < n_items; k++) {
    item[k] = boot_item_new(VECTOR_ELT(items, k), n);
    n_columns += item[k].n_measures;
  }
  int *times = (int *)R_alloc((size_t)n, sizeof(int));
  SEXP result = PROTECT(Rf_allocMatrix(REALSXP, n_rows, n_columns));
  double *value = REAL(result);
  GetRNGstate();
  double steps = 0, steps_each = (double)n * (n_items + 1) + 1000;
  for (int b = 0; b < n_rows; b++) {
    steps += steps_each;
    if (steps > 1e6) {
      steps = 0;
      PutRNGstate();
      R_CheckUserInterrupt();
      GetRNGstate();
    }
    size_t at = (size_t)b;
    draw_cases(n, times);
    for (int k = 0; k < n_items; k++) {
      weigh_patterns(&item[k], times, n);
      for (int j = 0; j < item[k].n_measures; j++, at += (size_t)n_rows) {
        double x = measure_value(&item[k].set, &item[k].measures[j], item[k].w + 1);
        value[at] = R_FINITE(x) ? x : NA_REAL;
      }
    }
  }
  PutRNGstate();
  UNPROTECT(1);
  return result;
}
