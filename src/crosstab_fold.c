/* Sums of the leaf cells over sets of slots (levels, subtotals, nets, totals). The
   spread of a union of cells follows from the cells' own (Chan, Golub and LeVeque 1983,
   The American Statistician 37, 242). */
#include <string.h>

#include "cells.h"
#include "check.h"
#include "entry.h"
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

/* Where a cell stands; the column varies fastest. */
typedef struct {
  int stratum;
  int row;
  int column;
} grid_place;

static void next_place(const grid *g, grid_place *place)
{
  if (++place->column < g->column.n_entries) return;
  place->column = 0;
  if (++place->row < g->row.n_entries) return;
  place->row = 0;
  place->stratum++;
}

/* A walk over the leaf cells of one cell. */
typedef void (*leaf_visit)(size_t leaf, void *state);

static void visit_leaves(const grid *g, const grid_place *place, leaf_visit visit,
                         void *state)
{
  int stratum = place->stratum, row = place->row, column = place->column;
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
  grid_place place = {0, 0, 0};
  for (R_xlen_t cell = 0; cell < g.n_cells; cell++) {
    if (cell % 100000 == 99999) R_CheckUserInterrupt();
    fold_state fold = {REAL_RO(value), Rf_isNull(low) ? NULL : REAL_RO(low), start, 0};
    visit_leaves(&g, &place, visit, &fold);
    next_place(&g, &place);
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
  grid_place place = {0, 0, 0};
  for (R_xlen_t cell = 0; cell < g.n_cells; cell++) {
    spread_state spread = {REAL_RO(square), REAL_RO(weight),       REAL_RO(mean),
                           REAL_RO(rest),   REAL_RO(centre)[cell], 0};
    visit_leaves(&g, &place, spread_add, &spread);
    next_place(&g, &place);
    REAL(out)[cell] = spread.sum;
  }
  UNPROTECT(1);
  return out;
}

/* Adds the counts of all cells to those of the slots of each variable; the last
   variable varies fastest. */
static void add_margins(const double *count, const int *n_slots, int n_vars,
                        R_xlen_t n_cells, double **margin)
{
  int *slot = (int *)R_alloc((size_t)n_vars, sizeof(int));
  memset(slot, 0, (size_t)n_vars * sizeof(int));
  for (R_xlen_t cell = 0; cell < n_cells; cell++) {
    int v = n_vars - 1;
    if (count[cell] != 0)
      for (int u = 0; u < n_vars; u++) margin[u][slot[u]] += count[cell];
    while (v >= 0 && ++slot[v] == n_slots[v]) slot[v--] = 0;
  }
}

/* Cases by slot (NA first) of each variable, from the cases by leaf cell. */
SEXP crosstab_margins(SEXP count, SEXP sizes)
{
  check_type(count, REALSXP, "count");
  check_type(sizes, INTSXP, "sizes");
  R_xlen_t n_vars = Rf_xlength(sizes);
  if (n_vars < 1 || n_vars > 1000) stop_internal("`sizes` must have 1 to 1000 values");
  int *n_slots = (int *)R_alloc((size_t)n_vars, sizeof(int));
  double **margin = (double **)R_alloc((size_t)n_vars, sizeof(double *));
  double n_cells = 1;
  SEXP list = PROTECT(Rf_allocVector(VECSXP, n_vars));
  for (R_xlen_t v = 0; v < n_vars; v++) {
    int size = INTEGER_RO(sizes)[v];
    if (size < 0 || size == 2147483647) stop_internal("`sizes` must be 0 or more");
    n_slots[v] = size + 1;
    n_cells *= n_slots[v];
    if (n_cells > (double)Rf_xlength(count)) stop_internal("`count` is too short");
    SET_VECTOR_ELT(list, v, Rf_allocVector(REALSXP, n_slots[v]));
    margin[v] = REAL(VECTOR_ELT(list, v));
    memset(margin[v], 0, size_mul((size_t)n_slots[v], sizeof(double)));
  }
  if (n_cells != (double)Rf_xlength(count)) stop_internal("`count` is too long");
  add_margins(REAL_RO(count), n_slots, (int)n_vars, Rf_xlength(count), margin);
  UNPROTECT(1);
  return list;
}
