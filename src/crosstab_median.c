/* Medians by cell: values are put in order of their leaf cell once; each cell gathers
   those of its leaves. With weights, the value at which half of the weight is reached,
   or the mean of two where it is reached exactly between them. */
#include <string.h>

#include <R_ext/Utils.h>

#include "cells.h"
#include "check.h"
#include "entry.h"
#include "size.h"

enum { MILLION = 1048576 };

/* Values in order of leaf: those of leaf l are value[start[l]] .. value[start[l+1]-1].
 */
typedef struct {
  R_xlen_t *start;
  double *value;
  double *weight;
} leaf_values;

static int known(double value, const double *weight, R_xlen_t i)
{
  return !ISNAN(value) && (weight == NULL || weight[i] != 0);
}

/* The leaf of every row, or NULL for a bad code. */
static uint32_t *all_keys(const cell_space *space)
{
  uint32_t *key =
      (uint32_t *)R_alloc((size_t)space->n_rows + CELLS_BLOCK, sizeof(uint32_t));
  for (R_xlen_t from = 0; from < space->n_rows; from += CELLS_BLOCK) {
    R_xlen_t rest = space->n_rows - from;
    int m = rest < CELLS_BLOCK ? (int)rest : CELLS_BLOCK;
    if (!cells_keys(space, from, m, key + from)) return NULL;
    if (from % MILLION == 0) R_CheckUserInterrupt();
  }
  return key;
}

static leaf_values order_values(const cell_space *space, const uint32_t *key,
                                const double *value, const double *weight)
{
  leaf_values leaf;
  size_t n_cells = space->n_cells;
  leaf.start = (R_xlen_t *)R_alloc(n_cells + 2, sizeof(R_xlen_t));
  leaf.value = (double *)R_alloc((size_t)space->n_rows + 1, sizeof(double));
  leaf.weight = weight == NULL
                    ? NULL
                    : (double *)R_alloc((size_t)space->n_rows + 1, sizeof(double));
  memset(leaf.start, 0, size_mul(n_cells + 2, sizeof(R_xlen_t)));
  for (R_xlen_t i = 0; i < space->n_rows; i++) {
    if (i % MILLION == MILLION - 1) R_CheckUserInterrupt();
    if (known(value[i], weight, i)) leaf.start[key[i] + 2]++;
  }
  for (size_t l = 2; l < n_cells + 2; l++) leaf.start[l] += leaf.start[l - 1];
  for (R_xlen_t i = 0; i < space->n_rows; i++) {
    if (i % MILLION == MILLION - 1) R_CheckUserInterrupt();
    if (!known(value[i], weight, i)) continue;
    R_xlen_t to = leaf.start[key[i] + 1]++;
    leaf.value[to] = value[i];
    if (weight != NULL) leaf.weight[to] = weight[i];
  }
  return leaf;
}

static void exchange(double *x, R_xlen_t i, R_xlen_t j)
{
  double old = x[i];
  x[i] = x[j];
  x[j] = old;
}

/* Brings the element of rank k to its place, none greater before it and none less after
   it (Hoare 1961, Communications of the ACM 4, 321, algorithm 65). */
static void place_rank(double *x, R_xlen_t n, R_xlen_t k)
{
  R_xlen_t left = 0, right = n - 1;
  while (left < right) {
    R_xlen_t i = left, j = right;
    double pivot = x[k];
    do {
      while (x[i] < pivot) i++;
      while (pivot < x[j]) j--;
      if (i <= j) exchange(x, i++, j--);
    } while (i <= j);
    if (j < k) left = i;
    if (k < i) right = j;
    if (right - left > MILLION) R_CheckUserInterrupt();
  }
}

static double plain_median(double *x, R_xlen_t n)
{
  R_xlen_t half = n / 2;
  if (n == 0) return NA_REAL;
  place_rank(x, n, half);
  if (n % 2 == 1) return x[half];
  double below = x[0];
  for (R_xlen_t i = 1; i < half; i++) below = x[i] > below ? x[i] : below;
  return below / 2 + x[half] / 2;
}

/* `place` is scratch for the order of x. */
static double weighted_median(double *x, const double *w, int *place, int n)
{
  double total = 0, below = 0;
  if (n == 0) return NA_REAL;
  for (int i = 0; i < n; i++) {
    place[i] = i;
    total += w[i];
  }
  R_qsort_I(x, place, 1, n);
  for (int i = 0; i < n; i++) {
    below += w[place[i]];
    if (2 * below == total && i + 1 < n) return x[i] / 2 + x[i + 1] / 2;
    if (2 * below >= total) return x[i];
  }
  return x[n - 1];
}

/* `leaves` lists, for each cell of the result, the leaves that it unites: those of cell
   c stand at at[start[c]] .. at[start[c + 1] - 1]. NULL for a bad code. */
SEXP crosstab_medians(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP start,
                      SEXP at)
{
  cell_space space = cells_space(codes, sizes);
  R_xlen_t n = space.n_rows;
  check_type(value, REALSXP, "value");
  check_length(value, n, "value");
  const double *weight = NULL;
  if (!Rf_isNull(weights)) {
    check_type(weights, REALSXP, "weights");
    check_length(weights, n, "weights");
    weight = REAL_RO(weights);
    if (n > 2147483647) stop_internal("too many rows for a weighted median");
  }
  check_type(start, REALSXP, "start");
  check_type(at, INTSXP, "at");
  R_xlen_t n_out = Rf_xlength(start) - 1;
  if (n_out < 0) stop_internal("`start` is empty");
  const uint32_t *key = all_keys(&space);
  if (key == NULL) return R_NilValue;
  leaf_values leaf = order_values(&space, key, REAL_RO(value), weight);
  double *x = (double *)R_alloc((size_t)n + 1, sizeof(double));
  double *w = weight == NULL ? NULL : (double *)R_alloc((size_t)n + 1, sizeof(double));
  int *place = weight == NULL ? NULL : (int *)R_alloc((size_t)n + 1, sizeof(int));
  SEXP out = PROTECT(Rf_allocVector(REALSXP, n_out));
  for (R_xlen_t c = 0; c < n_out; c++) {
    double from = REAL_RO(start)[c], to = REAL_RO(start)[c + 1];
    if (!(from >= 0 && from <= to && to <= (double)Rf_xlength(at)))
      stop_internal("`start` does not span `at`");
    R_xlen_t m = 0;
    for (R_xlen_t k = (R_xlen_t)from; k < (R_xlen_t)to; k++) {
      int l = INTEGER_RO(at)[k];
      if (l < 0 || (uint32_t)l >= space.n_cells) stop_internal("`at` is no leaf");
      R_xlen_t many = leaf.start[l + 1] - leaf.start[l];
      if (many > n - m) stop_internal("`at` repeats a leaf");
      if (many == 0) continue;
      memcpy(x + m, leaf.value + leaf.start[l], (size_t)many * sizeof(double));
      if (w != NULL)
        memcpy(w + m, leaf.weight + leaf.start[l], (size_t)many * sizeof(double));
      m += many;
    }
    REAL(out)
    [c] = w == NULL ? plain_median(x, m) : weighted_median(x, w, place, (int)m);
    R_CheckUserInterrupt();
  }
  UNPROTECT(1);
  return out;
}
