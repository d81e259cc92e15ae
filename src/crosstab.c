/* Counts and moments by cell of the full table with its slots for NA (the leaf cells).
   Sums are compensated (Knuth, The Art of Computer Programming 2, 4.2.2, theorem B), so
   that they do not depend on the order of size. */
#include <math.h>
#include <string.h>

#include "cell_sums.h"
#include "cells.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

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

static void add_ranged(const uint32_t *key, const double *value, int m,
                       cell_moment *moment)
{
  for (int i = 0; i < m; i++) {
    double x = value[i];
    cell_moment *cell = moment + key[i];
    if (ISNAN(x)) {
      cell->lost += 1;
      continue;
    }
    cell->n += 1;
    two_sum(&cell->sum, &cell->low, x);
    cell->min = x < cell->min ? x : cell->min;
    cell->max = x > cell->max ? x : cell->max;
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

enum moments_wanted { WANT_SQUARES = 1, WANT_RANGE = 2 };

/* Sums alone, without least and greatest. */
static int sums_alone(const cell_space *space, const double *value, cell_moment *moment)
{
  cell_sums sums = cell_sums_new(space->n_cells);
  cell_walk walk;
  cells_walk(&walk, space);
  while (cells_next(&walk)) cell_sums_add(&sums, &walk, value, 0);
  cell_sums_end(&sums);
  for (uint32_t i = 0; i < space->n_cells; i++) {
    moment[i].n = sums.cell[i].n - sums.cell[i].lost;
    moment[i].lost = sums.cell[i].lost;
    moment[i].sum = sums.cell[i].sum;
    moment[i].low = sums.cell[i].low;
  }
  return walk.sound;
}

static int cells_moments(const cell_space *space, const double *value,
                         const double *weight, int wanted, cell_moment *moment)
{
  cell_walk walk;
  if (weight == NULL && !(wanted & WANT_RANGE)) return sums_alone(space, value, moment);
  cells_walk(&walk, space);
  while (cells_next(&walk)) {
    const double *x = value + walk.from;
    if (weight != NULL) {
      add_weighted(walk.key, x, weight + walk.from, walk.m, moment);
    } else {
      add_ranged(walk.key, x, walk.m, moment);
    }
  }
  return walk.sound;
}

/* The squares about the cells' means, a second pass over the rows. A mean is a rounded
   number: `rest`, the sum of the differences from it, is what it lacks. */
static void cells_squares(const cell_space *space, const double *value,
                          const double *weight, const double *mean, double *square,
                          double *rest)
{
  cell_walk walk;
  cells_walk(&walk, space);
  while (cells_next(&walk)) {
    for (int i = 0; i < walk.m; i++) {
      double x = value[walk.from + i], w = weight == NULL ? 1 : weight[walk.from + i];
      if (ISNAN(x) || w == 0) continue;
      uint32_t cell = walk.key[i];
      double d = x - mean[cell];
      square[cell] += w * d * d;
      rest[cell] += w * d;
    }
  }
}

static const double *optional_weights(SEXP weights, R_xlen_t n)
{
  if (Rf_isNull(weights)) return NULL;
  check_type(weights, REALSXP, "weights");
  check_length(weights, n, "weights");
  return REAL_RO(weights);
}

enum { N_PARTS = 9 };

/* The moments of cell i as the columns of the result. */
static void put_moment(const cell_moment *cell, int weighted, double **part, R_xlen_t i)
{
  part[0][i] = cell->n;
  part[1][i] = weighted ? two_sum_value(cell->weight, cell->weight_low) : cell->n;
  part[2][i] = cell->sum;
  part[3][i] = R_FINITE(cell->sum) && R_FINITE(cell->low) ? cell->low : 0;
  part[4][i] = cell->min;
  part[5][i] = cell->max;
  part[6][i] = 0;
  part[7][i] = 0;
  part[8][i] = cell->lost;
}

/* By leaf cell: rows with a known value, their weight, the sum (in two parts) and, if
   asked, least and greatest and the squares about the mean; without weights the rows
   without a value. NULL for a bad code. `want` is made of moments_wanted. */
SEXP crosstab_moments(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP want)
{
  static const char *const names[] = {"n",   "weight",  "sum",  "low", "min",
                                      "max", "squares", "rest", "lost"};
  cell_space space = cells_space(codes, sizes);
  check_type(value, REALSXP, "value");
  check_length(value, space.n_rows, "value");
  const double *weight = optional_weights(weights, space.n_rows);
  int wanted = check_int(want, 0, WANT_SQUARES | WANT_RANGE, "want");
  cell_moment *moment = (cell_moment *)R_alloc(space.n_cells, sizeof(cell_moment));
  moment_clear(moment, space.n_cells);
  if (!cells_moments(&space, REAL_RO(value), weight, wanted, moment)) return R_NilValue;
  SEXP list = PROTECT(result_list(N_PARTS, names));
  double *part[N_PARTS];
  for (int p = 0; p < N_PARTS; p++) {
    SET_VECTOR_ELT(list, p, Rf_allocVector(REALSXP, (R_xlen_t)space.n_cells));
    part[p] = REAL(VECTOR_ELT(list, p));
  }
  double *mean = (double *)R_alloc(space.n_cells, sizeof(double));
  for (uint32_t i = 0; i < space.n_cells; i++) {
    put_moment(moment + i, weight != NULL, part, (R_xlen_t)i);
    mean[i] = (part[2][i] + part[3][i]) / part[1][i];
  }
  if (wanted & WANT_SQUARES)
    cells_squares(&space, REAL_RO(value), weight, mean, part[6], part[7]);
  UNPROTECT(1);
  return list;
}
