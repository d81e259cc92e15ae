/* The intraclass correlation of single ratings in the two-way random model, ICC(2,1) of
   Shrout and Fleiss (1979, Psychological Bulletin 86, 420-428), over the cases that
   every coder rated. */
#include <math.h>
#include <string.h>

#include "measure.h"

typedef struct {
  double n, grand, rows, cells;     /* cases; sums of x, of squared row sums, of x^2 */
  double between, coders, residual; /* mean squares */
  double squared_columns;
} icc_sums;

static double row_sums(const pattern_set *set, const measure *me, int p, double *square)
{
  double sum = 0;
  *square = 0;
  for (int j = set->start[p]; j < set->start[p + 1]; j++) {
    double x = me->value[set->code[j]];
    sum += x;
    *square += x * x;
  }
  return sum;
}

static icc_sums icc_add(const pattern_set *set, const measure *me, const double *w)
{
  icc_sums s = {0};
  int k = set->n_coders;
  memset(me->coder_n, 0, (size_t)k * sizeof(double));
  for (int p = 0; p < set->n_patterns; p++) {
    if (w[p] == 0 || pattern_length(set, p) < k) continue;
    double square, sum = row_sums(set, me, p, &square);
    s.n += w[p];
    s.grand += w[p] * sum;
    s.rows += w[p] * sum * sum;
    s.cells += w[p] * square;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      me->coder_n[key_coder(set, set->key[j])] += w[p] * me->value[set->code[j]];
  }
  for (int j = 0; j < k; j++) s.squared_columns += me->coder_n[j] * me->coder_n[j];
  double centre = s.grand * s.grand / (s.n * k);
  double rows = s.rows / k - centre, columns = s.squared_columns / s.n - centre;
  s.between = rows / (s.n - 1);
  s.coders = columns / (k - 1);
  s.residual = (s.cells - centre - rows - columns) / ((s.n - 1) * (k - 1));
  return s;
}

double icc_value(const pattern_set *set, const measure *me, const double *w)
{
  int k = set->n_coders;
  icc_sums s = icc_add(set, me, w);
  if (k < 2 || s.n < 2) return NAN;
  double below = s.between + (k - 1) * s.residual + k * (s.coders - s.residual) / s.n;
  double scale = (s.cells - s.grand * s.grand / (s.n * k)) / (s.n * k);
  if (!(scale > 1e-14 * s.cells / (s.n * k)) || fabs(below) <= 1e-14 * scale)
    return NAN;
  return (s.between - s.residual) / below;
}

void icc_influence(const pattern_set *set, const measure *me, const double *w,
                   double *influence)
{
  int k = set->n_coders;
  icc_sums s = icc_add(set, me, w);
  double above = s.between - s.residual;
  double below = s.between + (k - 1) * s.residual + k * (s.coders - s.residual) / s.n;
  for (int p = 0; p < set->n_patterns; p++) {
    influence[p] = 0;
    if (pattern_length(set, p) < k) continue;
    double square, cross = 0, sum = row_sums(set, me, p, &square);
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      cross += me->coder_n[key_coder(set, set->key[j])] * me->value[set->code[j]];
    double d_centre =
        2 * s.grand * sum / (s.n * k) - s.grand * s.grand / (s.n * s.n * k);
    double d_rows = sum * sum / k - d_centre;
    double d_columns = 2 * cross / s.n - s.squared_columns / (s.n * s.n) - d_centre;
    double d_residual = square - d_centre - d_rows - d_columns;
    double d_between = (d_rows - s.between) / (s.n - 1);
    double d_coders = d_columns / (k - 1);
    d_residual = (d_residual / (k - 1) - s.residual) / (s.n - 1);
    double d_below = d_between + (k - 1) * d_residual +
                     k * (d_coders - d_residual) / s.n -
                     k * (s.coders - s.residual) / (s.n * s.n);
    influence[p] = (d_between - d_residual) / below - above * d_below / (below * below);
  }
}
