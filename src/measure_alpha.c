/* Krippendorff's alpha, 1 - (N - 1) A / B: A is the sum over cases of the distances
   between its ratings, each ordered pair divided by one less than the ratings of the
   case; B is the same over all pairs of the N pairable ratings (Krippendorff 2011,
   "Computing Krippendorff's alpha-reliability", section E). The ordinal distance is the
   squared difference of mid-ranks, so it changes with the margins. */
#include <math.h>
#include <string.h>

#include "measure.h"

typedef struct {
  double n;        /* pairable ratings */
  double within;   /* A */
  double between;  /* B */
  double mean_sum; /* sum of n * value */
  double square_sum;
  int varies;
} alpha_sums;

static const double *alpha_points(const measure *me)
{
  return me->metric == METRIC_RANK ? me->rank : me->value;
}

/* Twice the sum of squared differences of a pattern's points, over its length less 1.
 */
static double within_square(const pattern_set *set, int p, const double *point)
{
  int r = pattern_length(set, p);
  double sum = 0, square = 0;
  double centre = point[set->code[set->start[p]]];
  for (int j = set->start[p]; j < set->start[p + 1]; j++) {
    double x = point[set->code[j]] - centre;
    sum += x;
    square += x * x;
  }
  return 2 * (r * square - sum * sum) / (r - 1);
}

static void alpha_margins(const pattern_set *set, const measure *me, const double *w,
                          alpha_sums *sums)
{
  int q = set->n_codes, n_used = 0;
  memset(me->margin, 0, (size_t)q * sizeof(double));
  for (int p = 0; p < set->n_patterns; p++) {
    if (w[p] == 0 || pattern_length(set, p) < 2) continue;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      me->margin[set->code[j]] += w[p];
  }
  sums->n = 0;
  for (int c = 0; c < q; c++) {
    if (me->metric == METRIC_RANK) me->rank[c] = sums->n + me->margin[c] / 2;
    sums->n += me->margin[c];
    n_used += me->margin[c] > 0;
  }
  sums->varies = n_used > 1;
}

static void alpha_between(const pattern_set *set, const measure *me, alpha_sums *sums)
{
  int q = set->n_codes;
  const double *n = me->margin, *point = alpha_points(me);
  sums->mean_sum = sums->square_sum = sums->between = 0;
  if (me->metric == METRIC_SQUARE || me->metric == METRIC_RANK) {
    for (int c = 0; c < q; c++) {
      sums->mean_sum += n[c] * point[c];
      sums->square_sum += n[c] * point[c] * point[c];
    }
    sums->between = 2 * (sums->n * sums->square_sum - sums->mean_sum * sums->mean_sum);
  } else if (me->metric == METRIC_NOMINAL) {
    for (int c = 0; c < q; c++) sums->between += n[c] * (sums->n - n[c]);
  } else {
    for (int c = 0; c < q; c++) {
      if (n[c] == 0) continue;
      const double *distance = me->matrix + (size_t)c * (size_t)q;
      for (int k = 0; k < q; k++) sums->between += n[c] * n[k] * distance[k];
    }
  }
}

static alpha_sums alpha_add(const pattern_set *set, const measure *me, const double *w)
{
  alpha_sums sums = {0};
  alpha_margins(set, me, w, &sums);
  if (!sums.varies) return sums;
  alpha_between(set, me, &sums);
  for (int p = 0; p < set->n_patterns; p++) {
    if (w[p] == 0 || pattern_length(set, p) < 2) continue;
    sums.within += w[p] * (me->metric == METRIC_RANK ? within_square(set, p, me->rank)
                                                     : me->agree[p]);
  }
  return sums;
}

double alpha_value(const pattern_set *set, const measure *me, const double *w)
{
  alpha_sums sums = alpha_add(set, me, w);
  if (!sums.varies || !(sums.between > 0)) return NAN;
  return 1 - (sums.n - 1) * sums.within / sums.between;
}

/* How B changes with one more rating of each code, the distances held. */
static void between_slope(const pattern_set *set, const measure *me,
                          const alpha_sums *sums, double *slope)
{
  int q = set->n_codes;
  const double *n = me->margin, *point = alpha_points(me);
  for (int c = 0; c < q; c++) {
    if (me->metric == METRIC_NOMINAL) {
      slope[c] = 2 * (sums->n - n[c]);
    } else if (me->metric == METRIC_MATRIX) {
      slope[c] = 0;
      for (int k = 0; k < q; k++)
        slope[c] += 2 * n[k] * me->matrix[(size_t)c * (size_t)q + (size_t)k];
    } else {
      slope[c] = 2 * (sums->n * point[c] * point[c] - 2 * point[c] * sums->mean_sum +
                      sums->square_sum);
    }
  }
}

/* How A and B change with one more rating of each code through the mid-ranks. */
static void rank_slope(const pattern_set *set, const measure *me, const double *w,
                       const alpha_sums *sums, double *within, double *between)
{
  int q = set->n_codes;
  memset(within, 0, (size_t)q * sizeof(double));
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    double sum = 0;
    if (r < 2) continue;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      sum += me->rank[set->code[j]];
    for (int j = set->start[p]; j < set->start[p + 1]; j++) {
      int c = set->code[j];
      within[c] += w[p] * 4 * (r * me->rank[c] - sum) / (r - 1);
    }
  }
  double above_within = 0, above_between = 0;
  for (int c = q - 1; c >= 0; c--) {
    double a = within[c];
    double b = 4 * me->margin[c] * (sums->n * me->rank[c] - sums->mean_sum);
    within[c] = above_within + a / 2;
    between[c] = above_between + b / 2;
    above_within += a;
    above_between += b;
  }
}

/* The derivative of alpha by the weight of each pattern. With `metric_fixed` it is
   Gwet's: of N A / B, the distances held. */
void alpha_influence(const pattern_set *set, const measure *me, const double *w,
                     int metric_fixed, double *influence)
{
  int q = set->n_codes;
  size_t width = (size_t)q * sizeof(double);
  double *slope = (double *)R_alloc((size_t)q, sizeof(double));
  double *rank_within = (double *)R_alloc((size_t)q, sizeof(double));
  double *rank_between = (double *)R_alloc((size_t)q, sizeof(double));
  memset(rank_within, 0, width);
  memset(rank_between, 0, width);
  alpha_sums sums = alpha_add(set, me, w);
  between_slope(set, me, &sums, slope);
  if (me->metric == METRIC_RANK && !metric_fixed)
    rank_slope(set, me, w, &sums, rank_within, rank_between);
  double n = metric_fixed ? sums.n : sums.n - 1;
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    influence[p] = 0;
    if (r < 2) continue;
    double a =
        me->metric == METRIC_RANK ? within_square(set, p, me->rank) : me->agree[p];
    double b = 0;
    for (int j = set->start[p]; j < set->start[p + 1]; j++) {
      int c = set->code[j];
      a += rank_within[c];
      b += slope[c] + rank_between[c];
    }
    influence[p] =
        -(r * sums.within + n * a - n * sums.within * b / sums.between) / sums.between;
  }
}
