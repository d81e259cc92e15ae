/* Cross-tabulation: counts and moments by cell of the full table with its slots for NA
   (the leaf cells), and their sums over sets of slots (levels, subtotals, nets,
   totals). Sums are compensated (Knuth, The Art of Computer Programming 2, 4.2.2,
   theorem B), so that they do not depend on the order of size; the spread of a union of
   cells follows from the cells' own (Chan, Golub and LeVeque 1983, The American
   Statistician 37, 242). */
#include <math.h>
#include <string.h>

#include "cells.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

/* An axis: entry e is the union of leaf slots at[start[e]] .. at[start[e + 1] - 1]. */
typedef struct {
  int n_entries;
  int n_leaves;
  const int *start;
  const int *at;
} axis;

static axis axis_unpack(SEXP x)
{
  check_type(x, VECSXP, "axis");
  check_length(x, 3, "axis");
  SEXP start = VECTOR_ELT(x, 0), at = VECTOR_ELT(x, 1);
  check_type(start, INTSXP, "start");
  check_type(at, INTSXP, "at");
  axis out = {(int)Rf_xlength(start) - 1,
              check_int(VECTOR_ELT(x, 2), 1, 2147483647, "n_leaves"), NULL, NULL};
  if (out.n_entries < 0) stop_internal("`start` is empty");
  out.start = INTEGER_RO(start);
  out.at = INTEGER_RO(at);
  if (out.start[0] != 0 || out.start[out.n_entries] != Rf_xlength(at))
    stop_internal("`start` does not span `at`");
  for (int e = 0; e < out.n_entries; e++)
    if (out.start[e + 1] < out.start[e]) stop_internal("`start` must not fall");
  for (R_xlen_t i = 0; i < Rf_xlength(at); i++)
    if (INTEGER_RO(at)[i] < 0 || INTEGER_RO(at)[i] >= out.n_leaves)
      stop_internal("`at` lies outside the leaves");
  return out;
}

typedef struct {
  axis stratum;
  axis row;
  axis column;
  double n_leaves;
  R_xlen_t n_cells;
} grid;

static grid grid_unpack(SEXP axes)
{
  check_type(axes, VECSXP, "axes");
  check_length(axes, 3, "axes");
  grid g;
  g.stratum = axis_unpack(VECTOR_ELT(axes, 0));
  g.row = axis_unpack(VECTOR_ELT(axes, 1));
  g.column = axis_unpack(VECTOR_ELT(axes, 2));
  g.n_leaves = (double)g.stratum.n_leaves * g.row.n_leaves * g.column.n_leaves;
  size_t n = size_mul((size_t)g.stratum.n_entries, (size_t)g.row.n_entries);
  n = size_mul(n, (size_t)g.column.n_entries);
  if (n > 2147483647u) stop_internal("too many cells");
  g.n_cells = (R_xlen_t)n;
  return g;
}

/* A walk over the leaf cells of one cell. */
typedef void (*leaf_visit)(size_t leaf, void *state);

static void visit_leaves(const grid *g, R_xlen_t cell, leaf_visit visit, void *state)
{
  int column = (int)(cell % g->column.n_entries);
  R_xlen_t rest = cell / g->column.n_entries;
  int row = (int)(rest % g->row.n_entries), stratum = (int)(rest / g->row.n_entries);
  for (int i = g->stratum.start[stratum]; i < g->stratum.start[stratum + 1]; i++) {
    for (int j = g->row.start[row]; j < g->row.start[row + 1]; j++) {
      size_t base =
          ((size_t)g->stratum.at[i] * (size_t)g->row.n_leaves + (size_t)g->row.at[j]) *
          (size_t)g->column.n_leaves;
      for (int k = g->column.start[column]; k < g->column.start[column + 1]; k++)
        visit(base + (size_t)g->column.at[k], state);
    }
  }
}

/* The number of cases in each leaf cell, or NULL where a column holds a code that its
   levels do not have (R then says which). */
SEXP crosstab_count(SEXP codes, SEXP sizes)
{
  cell_space space = cells_space(codes, sizes);
  SEXP count = PROTECT(Rf_allocVector(REALSXP, (R_xlen_t)space.n_cells));
  int good = cells_count(&space, REAL(count));
  UNPROTECT(1);
  return good ? count : R_NilValue;
}

static void moment_clear(cell_moment *moment, uint32_t n_cells)
{
  memset(moment, 0, size_mul(n_cells, sizeof(cell_moment)));
  for (uint32_t i = 0; i < n_cells; i++) {
    moment[i].min = R_PosInf;
    moment[i].max = R_NegInf;
  }
}

static void add_plain(const uint32_t *key, const double *value, int m,
                      cell_moment *moment)
{
  for (int i = 0; i < m; i++) {
    double x = value[i];
    if (ISNAN(x)) continue;
    cell_moment *cell = moment + key[i];
    cell->n += 1;
    two_sum(&cell->sum, &cell->low, x);
    cell->min = x < cell->min ? x : cell->min;
    cell->max = x > cell->max ? x : cell->max;
  }
}

static void add_sum(const uint32_t *key, const double *value, int m,
                    cell_moment *moment)
{
  for (int i = 0; i < m; i++) {
    double x = value[i];
    if (ISNAN(x)) continue;
    cell_moment *cell = moment + key[i];
    cell->n += 1;
    two_sum(&cell->sum, &cell->low, x);
  }
}

/* Rows of weight 0 are no part of the minimum and maximum. */
static void add_weighted(const uint32_t *key, const double *value, const double *weight,
                         int m, cell_moment *moment)
{
  for (int i = 0; i < m; i++) {
    double x = value[i], w = weight[i];
    if (ISNAN(x) || w == 0) continue;
    cell_moment *cell = moment + key[i];
    cell->n += 1;
    two_sum(&cell->weight, &cell->weight_low, w);
    two_sum(&cell->sum, &cell->low, w * x);
    cell->min = x < cell->min ? x : cell->min;
    cell->max = x > cell->max ? x : cell->max;
  }
}

static int cells_moments(const cell_space *space, const double *value,
                         const double *weight, int range, cell_moment *moment)
{
  uint32_t key[CELLS_BLOCK];
  for (R_xlen_t from = 0, block = 1; from < space->n_rows;
       from += CELLS_BLOCK, block++) {
    R_xlen_t left = space->n_rows - from;
    int m = left < CELLS_BLOCK ? (int)left : CELLS_BLOCK;
    if (!cells_keys(space, from, m, key)) return 0;
    if (weight == NULL && !range) {
      add_sum(key, value + from, m, moment);
    } else if (weight == NULL) {
      add_plain(key, value + from, m, moment);
    } else {
      add_weighted(key, value + from, weight + from, m, moment);
    }
    if (block % 512 == 0) R_CheckUserInterrupt();
  }
  return 1;
}

/* The squares about the cells' means, a second pass over the rows. A mean is a rounded
   number: `rest`, the sum of the differences from it, is what it lacks. */
static void cells_squares(const cell_space *space, const double *value,
                          const double *weight, const double *mean, double *square,
                          double *rest)
{
  uint32_t key[CELLS_BLOCK];
  for (R_xlen_t from = 0, block = 1; from < space->n_rows;
       from += CELLS_BLOCK, block++) {
    R_xlen_t left = space->n_rows - from;
    int m = left < CELLS_BLOCK ? (int)left : CELLS_BLOCK;
    if (!cells_keys(space, from, m, key)) return;
    for (int i = 0; i < m; i++) {
      double x = value[from + i], w = weight == NULL ? 1 : weight[from + i];
      if (ISNAN(x) || w == 0) continue;
      double d = x - mean[key[i]];
      square[key[i]] += w * d * d;
      rest[key[i]] += w * d;
    }
    if (block % 512 == 0) R_CheckUserInterrupt();
  }
}

static const double *optional_weights(SEXP weights, R_xlen_t n)
{
  if (Rf_isNull(weights)) return NULL;
  check_type(weights, REALSXP, "weights");
  check_length(weights, n, "weights");
  return REAL_RO(weights);
}

enum moments_wanted { WANT_SQUARES = 1, WANT_RANGE = 2 };

/* By leaf cell: rows with a known value, their weight, the sum (in two parts) and, if
   asked, squares about the mean, least and greatest. NULL for a bad code. */
SEXP crosstab_moments(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP want)
{
  static const char *const names[] = {"n",   "weight", "sum",     "low",
                                      "min", "max",    "squares", "rest"};
  cell_space space = cells_space(codes, sizes);
  check_type(value, REALSXP, "value");
  check_length(value, space.n_rows, "value");
  const double *weight = optional_weights(weights, space.n_rows);
  int wanted = check_int(want, 0, WANT_SQUARES | WANT_RANGE, "want");
  cell_moment *moment = (cell_moment *)R_alloc(space.n_cells, sizeof(cell_moment));
  moment_clear(moment, space.n_cells);
  if (!cells_moments(&space, REAL_RO(value), weight, wanted & WANT_RANGE, moment))
    return R_NilValue;
  SEXP list = PROTECT(result_list(8, names));
  double *part[8];
  for (int p = 0; p < 8; p++) {
    SET_VECTOR_ELT(list, p, Rf_allocVector(REALSXP, (R_xlen_t)space.n_cells));
    part[p] = REAL(VECTOR_ELT(list, p));
  }
  double *mean = (double *)R_alloc(space.n_cells, sizeof(double));
  for (uint32_t i = 0; i < space.n_cells; i++) {
    const cell_moment *cell = moment + i;
    part[0][i] = cell->n;
    part[1][i] =
        weight == NULL ? cell->n : two_sum_value(cell->weight, cell->weight_low);
    part[2][i] = cell->sum;
    part[3][i] = R_FINITE(cell->sum) && R_FINITE(cell->low) ? cell->low : 0;
    part[4][i] = cell->min;
    part[5][i] = cell->max;
    part[6][i] = 0;
    part[7][i] = 0;
    mean[i] = (part[2][i] + part[3][i]) / part[1][i];
  }
  if (wanted & WANT_SQUARES)
    cells_squares(&space, REAL_RO(value), weight, mean, part[6], part[7]);
  UNPROTECT(1);
  return list;
}

/* What must be known of weights, in one pass: how many are not finite and the first of
   them, how many are negative and the first, how many are 0, and whether all are whole.
 */
SEXP crosstab_weights(SEXP weights)
{
  check_type(weights, REALSXP, "weights");
  R_xlen_t n = Rf_xlength(weights);
  const double *w = REAL_RO(weights);
  double unknown = 0, first_unknown = 0, negative = 0, first_negative = 0, zero = 0;
  int whole = 1;
  for (R_xlen_t i = 0; i < n; i++) {
    if (w[i] > 0 && w[i] < 2147483648.0) {
      whole &= w[i] == (double)(long long)w[i];
    } else if (!R_FINITE(w[i])) {
      if (unknown++ == 0) first_unknown = (double)i + 1;
    } else if (w[i] < 0) {
      if (negative++ == 0) first_negative = (double)i + 1;
    } else {
      zero += w[i] == 0;
      whole &= w[i] == floor(w[i]);
    }
  }
  SEXP out = PROTECT(Rf_allocVector(REALSXP, 6));
  double facts[6] = {unknown, first_unknown, negative, first_negative, zero, whole};
  memcpy(REAL(out), facts, sizeof facts);
  UNPROTECT(1);
  return out;
}

enum fold_how { FOLD_ADD = 1, FOLD_MIN = 2, FOLD_MAX = 3 };

typedef struct {
  const double *value;
  const double *low;
  double sum;
  double sum_low;
} fold_state;

static void fold_add(size_t leaf, void *state)
{
  fold_state *fold = state;
  two_sum(&fold->sum, &fold->sum_low, fold->value[leaf]);
  if (fold->low != NULL) two_sum(&fold->sum, &fold->sum_low, fold->low[leaf]);
}

static void fold_min(size_t leaf, void *state)
{
  fold_state *fold = state;
  if (fold->value[leaf] < fold->sum) fold->sum = fold->value[leaf];
}

static void fold_max(size_t leaf, void *state)
{
  fold_state *fold = state;
  if (fold->value[leaf] > fold->sum) fold->sum = fold->value[leaf];
}

/* The sum, least or greatest of a leaf quantity over each cell of the grid. `low` is
   NULL or the second part of a sum. */
SEXP crosstab_fold(SEXP value, SEXP low, SEXP axes, SEXP how)
{
  grid g = grid_unpack(axes);
  check_type(value, REALSXP, "value");
  if ((double)Rf_xlength(value) != g.n_leaves)
    stop_internal("`value` does not match the axes");
  if (!Rf_isNull(low)) {
    check_type(low, REALSXP, "low");
    check_length(low, Rf_xlength(value), "low");
  }
  int mode = check_int(how, FOLD_ADD, FOLD_MAX, "how");
  leaf_visit visit = mode == FOLD_ADD   ? fold_add
                     : mode == FOLD_MIN ? fold_min
                                        : fold_max;
  double start = mode == FOLD_ADD ? 0 : mode == FOLD_MIN ? R_PosInf : R_NegInf;
  SEXP out = PROTECT(Rf_allocVector(REALSXP, g.n_cells));
  double *result = REAL(out);
  for (R_xlen_t cell = 0; cell < g.n_cells; cell++) {
    if (cell % 100000 == 99999) R_CheckUserInterrupt();
    fold_state fold = {REAL_RO(value), Rf_isNull(low) ? NULL : REAL_RO(low), start, 0};
    visit_leaves(&g, cell, visit, &fold);
    result[cell] = mode == FOLD_ADD ? two_sum_value(fold.sum, fold.sum_low) : fold.sum;
  }
  UNPROTECT(1);
  return out;
}

typedef struct {
  const double *square;
  const double *weight;
  const double *mean;
  const double *rest;
  double centre;
  double sum;
} spread_state;

static void spread_add(size_t leaf, void *state)
{
  spread_state *spread = state;
  if (spread->weight[leaf] == 0) return;
  double d = spread->mean[leaf] - spread->centre;
  spread->sum +=
      spread->square[leaf] + 2 * d * spread->rest[leaf] + spread->weight[leaf] * d * d;
}

/* The squares about the mean of each cell, from those of its leaves. */
SEXP crosstab_spread(SEXP square, SEXP weight, SEXP mean, SEXP rest, SEXP centre,
                     SEXP axes)
{
  grid g = grid_unpack(axes);
  SEXP leaf[4] = {square, weight, mean, rest};
  for (int p = 0; p < 4; p++) {
    check_type(leaf[p], REALSXP, "leaf");
    if ((double)Rf_xlength(leaf[p]) != g.n_leaves)
      stop_internal("`leaf` does not match the axes");
  }
  check_type(centre, REALSXP, "centre");
  check_length(centre, g.n_cells, "centre");
  SEXP out = PROTECT(Rf_allocVector(REALSXP, g.n_cells));
  for (R_xlen_t cell = 0; cell < g.n_cells; cell++) {
    spread_state spread = {REAL_RO(square), REAL_RO(weight),       REAL_RO(mean),
                           REAL_RO(rest),   REAL_RO(centre)[cell], 0};
    visit_leaves(&g, cell, spread_add, &spread);
    REAL(out)[cell] = spread.sum;
  }
  UNPROTECT(1);
  return out;
}
