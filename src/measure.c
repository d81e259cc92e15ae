/* Coefficients of agreement from weighted patterns, and their derivatives by the weight
   of each pattern. All but alpha and the ICC are (pa - pe) / (1 - pe): pa is the mean
   over cases with two ratings or more of the weighted share of agreeing pairs, pe what
   chance would give. Sources: Conger (1980), Fleiss (1971), Brennan and Prediger
   (1981), Gwet (2008; 2014, Handbook of Inter-Rater Reliability, chapters 2 to 5). */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "check.h"
#include "measure.h"
#include "size.h"

/* The weight of agreement of two codes. */
static inline double weight_of(const pattern_set *set, const measure *me, int c, int k)
{
  if (me->matrix == NULL) return c == k;
  return me->matrix[(size_t)c * (size_t)set->n_codes + (size_t)k];
}

/* The distance of two codes, where it does not depend on the margins. */
static inline double distance_of(const pattern_set *set, const measure *me, int c,
                                 int k)
{
  if (me->metric == METRIC_NOMINAL) return c != k;
  if (me->metric == METRIC_MATRIX)
    return me->matrix[(size_t)c * (size_t)set->n_codes + (size_t)k];
  return (me->value[c] - me->value[k]) * (me->value[c] - me->value[k]);
}

static void measure_agree(const pattern_set *set, measure *me)
{
  int alpha = me->coefficient == COEFFICIENT_ALPHA;
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    double sum = 0;
    for (int i = set->start[p]; i < set->start[p + 1]; i++) {
      int c = set->code[i];
      for (int j = i + 1; j < set->start[p + 1]; j++) {
        int k = set->code[j];
        sum += alpha ? distance_of(set, me, c, k) : weight_of(set, me, c, k);
      }
    }
    me->agree[p] = r < 2 ? 0 : 2 * sum / (alpha ? r - 1 : (double)r * (r - 1));
  }
}

static const double *element(SEXP list, int i, R_xlen_t n, const char *name)
{
  SEXP x = VECTOR_ELT(list, i);
  if (x == R_NilValue) return NULL;
  check_type(x, REALSXP, name);
  check_length(x, n, name);
  return REAL_RO(x);
}

/* `description` is list(coefficient, metric, min_length, value, matrix). */
measure measure_new(const pattern_set *set, SEXP description)
{
  check_type(description, VECSXP, "measure");
  check_length(description, 5, "measure");
  R_xlen_t q = set->n_codes;
  size_t m = (size_t)set->n_coders + 1;
  measure me = {0};
  me.coefficient = (coefficient_kind)check_int(VECTOR_ELT(description, 0), 0,
                                               COEFFICIENT_ICC, "kind");
  me.metric =
      (metric_kind)check_int(VECTOR_ELT(description, 1), 0, METRIC_MATRIX, "metric");
  me.min_length = check_int(VECTOR_ELT(description, 2), 1, INT_MAX, "min_length");
  me.value = element(description, 3, q, "value");
  me.matrix = element(description, 4, q * q, "matrix");
  int by_coder =
      me.coefficient == COEFFICIENT_CONGER || me.coefficient == COEFFICIENT_ICC;
  if (by_coder && set->n_coders == 0) stop_internal("coders are not kept apart");
  if (me.value == NULL &&
      (me.metric == METRIC_SQUARE || me.coefficient == COEFFICIENT_ICC))
    stop_internal("a measure has no values");
  if (me.matrix == NULL && me.metric == METRIC_MATRIX)
    stop_internal("a measure has no matrix");
  me.total = (double)q;
  if (me.matrix != NULL) {
    me.total = 0;
    for (R_xlen_t i = 0; i < q * q; i++) me.total += me.matrix[i];
  }
  me.margin = (double *)R_alloc((size_t)q, sizeof(double));
  me.rank = (double *)R_alloc((size_t)q, sizeof(double));
  me.coder_n = (double *)R_alloc(m, sizeof(double));
  if (by_coder) me.by_coder = (double *)R_alloc(size_mul(m, (size_t)q), sizeof(double));
  me.agree = (double *)R_alloc((size_t)set->n_patterns + 1, sizeof(double));
  if (me.metric != METRIC_RANK && me.coefficient != COEFFICIENT_ICC)
    measure_agree(set, &me);
  return me;
}

/* pa; `n` is the number of cases with two ratings or more. */
static double observed(const pattern_set *set, const measure *me, const double *w,
                       double *n)
{
  double sum = 0, cases = 0;
  for (int p = 0; p < set->n_patterns; p++) {
    if (pattern_length(set, p) < 2) continue;
    sum += w[p] * me->agree[p];
    cases += w[p];
  }
  *n = cases;
  return sum / cases;
}

/* The mean over cases of the share of its ratings in each code; returns the cases. */
static double shares(const pattern_set *set, const measure *me, const double *w)
{
  double n = 0;
  memset(me->margin, 0, (size_t)set->n_codes * sizeof(double));
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    if (w[p] == 0 || r < me->min_length) continue;
    n += w[p];
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      me->margin[set->code[j]] += w[p] / r;
  }
  for (int c = 0; c < set->n_codes; c++) me->margin[c] /= n;
  return n;
}

/* sum over k of weight(c, k) * x[k] */
static double weighted_sum(const pattern_set *set, const measure *me, int c,
                           const double *x)
{
  if (me->matrix == NULL) return x[c];
  const double *weight = me->matrix + (size_t)c * (size_t)set->n_codes;
  double sum = 0;
  for (int k = 0; k < set->n_codes; k++) sum += weight[k] * x[k];
  return sum;
}

/* Shares of codes by coder; the number of coders with a rating. */
static int coder_shares(const pattern_set *set, const measure *me, const double *w)
{
  int q = set->n_codes, n_active = 0;
  memset(me->by_coder, 0, (size_t)set->n_coders * (size_t)q * sizeof(double));
  for (int p = 0; p < set->n_patterns; p++) {
    if (w[p] == 0 || pattern_length(set, p) < me->min_length) continue;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      me->by_coder[set->key[j] - 1] += w[p];
  }
  memset(me->margin, 0, (size_t)q * sizeof(double));
  for (int g = 0; g < set->n_coders; g++) {
    double *share = me->by_coder + (size_t)g * (size_t)q, n = 0;
    for (int c = 0; c < q; c++) n += share[c];
    me->coder_n[g] = n;
    if (n == 0) continue;
    n_active++;
    for (int c = 0; c < q; c++) me->margin[c] += share[c] /= n;
  }
  return n_active;
}

/* Chance agreement of two coders drawn without replacement. Afterwards `by_coder` holds
   the shares and `margin` their sum over coders. */
static double chance_conger(const pattern_set *set, const measure *me, const double *w,
                            int *n_active)
{
  int q = set->n_codes;
  double pe = 0;
  *n_active = coder_shares(set, me, w);
  for (int c = 0; c < q; c++)
    pe += me->margin[c] * weighted_sum(set, me, c, me->margin);
  for (int g = 0; g < set->n_coders; g++) {
    const double *share = me->by_coder + (size_t)g * (size_t)q;
    if (me->coder_n[g] == 0) continue;
    for (int c = 0; c < q; c++) {
      if (share[c] > 0) pe -= share[c] * weighted_sum(set, me, c, share);
    }
  }
  return pe / ((double)*n_active * (*n_active - 1));
}

static double chance(const pattern_set *set, const measure *me, const double *w)
{
  int q = set->n_codes, n_active;
  double pe = 0;
  switch (me->coefficient) {
  case COEFFICIENT_CONGER:
    return chance_conger(set, me, w, &n_active);
  case COEFFICIENT_FLEISS:
    shares(set, me, w);
    for (int c = 0; c < q; c++)
      pe += me->margin[c] * weighted_sum(set, me, c, me->margin);
    return pe;
  case COEFFICIENT_GWET:
    shares(set, me, w);
    for (int c = 0; c < q; c++) pe += me->margin[c] * (1 - me->margin[c]);
    return pe * me->total / ((double)q * (q - 1));
  case COEFFICIENT_BP:
    return me->total / ((double)q * q);
  default:
    return 0;
  }
}

/* NaN where the coefficient is not defined. */
double measure_value(const pattern_set *set, const measure *me, const double *w)
{
  double n;
  if (me->coefficient == COEFFICIENT_ALPHA) return alpha_value(set, me, w);
  if (me->coefficient == COEFFICIENT_ICC) return icc_value(set, me, w);
  double pa = observed(set, me, w, &n), pe = chance(set, me, w);
  if (!(n > 0) || !(1 - pe > 1e-13)) return NAN;
  return (pa - pe) / (1 - pe);
}

/* Derivatives of pe for the coefficients that go by pooled shares. */
static void chance_slope_shares(const pattern_set *set, const measure *me, double n,
                                double *slope)
{
  int q = set->n_codes;
  double *by_code = (double *)R_alloc((size_t)q, sizeof(double)), mean = 0;
  for (int c = 0; c < q; c++) {
    by_code[c] = me->coefficient == COEFFICIENT_FLEISS
                     ? 2 * weighted_sum(set, me, c, me->margin)
                     : (1 - 2 * me->margin[c]) * me->total / ((double)q * (q - 1));
    mean += by_code[c] * me->margin[c];
  }
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    double sum = 0;
    if (r < me->min_length) continue;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      sum += by_code[set->code[j]];
    slope[p] = (sum / r - mean) / n;
  }
}

/* Derivatives of Conger's pe. */
static void chance_slope_conger(const pattern_set *set, const measure *me, int n_active,
                                double *slope)
{
  int q = set->n_codes;
  size_t n_cells = size_mul((size_t)set->n_coders, (size_t)q);
  double *by_cell = (double *)R_alloc(n_cells, sizeof(double));
  double *others = (double *)R_alloc((size_t)q, sizeof(double));
  for (int g = 0; g < set->n_coders; g++) {
    const double *share = me->by_coder + (size_t)g * (size_t)q;
    double *cell = by_cell + (size_t)g * (size_t)q, mean = 0;
    for (int c = 0; c < q; c++) others[c] = me->margin[c] - share[c];
    for (int c = 0; c < q; c++) {
      cell[c] = weighted_sum(set, me, c, others);
      mean += cell[c] * share[c];
    }
    for (int c = 0; c < q; c++)
      cell[c] =
          2 * (cell[c] - mean) / (me->coder_n[g] * n_active * ((double)n_active - 1));
  }
  for (int p = 0; p < set->n_patterns; p++) {
    if (pattern_length(set, p) < me->min_length) continue;
    for (int j = set->start[p]; j < set->start[p + 1]; j++)
      slope[p] += by_cell[set->key[j] - 1];
  }
}

/* Gwet's terms (2014, section 5.3.2): the number of cases rated twice is held fixed, so
   that a case rated once adds to the variance of pa. */
static void gwet_influence(const pattern_set *set, const measure *me, const double *w,
                           double pa, double pe, double n_pairs, const double *slope,
                           double *influence)
{
  int pooled =
      me->coefficient == COEFFICIENT_PERCENT || me->coefficient == COEFFICIENT_BP;
  int least = pooled ? 1 : me->min_length;
  double n = 0;
  for (int p = 0; p < set->n_patterns; p++) {
    if (pattern_length(set, p) >= least) n += w[p];
  }
  for (int p = 0; p < set->n_patterns; p++) {
    int r = pattern_length(set, p);
    double own = r < 2 ? 0 : (me->agree[p] - pe) / n_pairs;
    double d_pa = r < least ? 0 : own - (pa - pe) / n;
    influence[p] = (d_pa * (1 - pe) - (1 - pa) * slope[p]) / ((1 - pe) * (1 - pe));
  }
}

/* The derivative of the coefficient by the weight of each pattern, at weights for which
   it is defined. With `metric_fixed` it is Gwet's. */
void measure_influence(const pattern_set *set, const measure *me, const double *w,
                       int metric_fixed, double *influence)
{
  if (me->coefficient == COEFFICIENT_ALPHA) {
    alpha_influence(set, me, w, metric_fixed, influence);
    return;
  }
  if (me->coefficient == COEFFICIENT_ICC) {
    icc_influence(set, me, w, influence);
    return;
  }
  int n_active = 0;
  double n, pa = observed(set, me, w, &n);
  double pe = me->coefficient == COEFFICIENT_CONGER
                  ? chance_conger(set, me, w, &n_active)
                  : chance(set, me, w);
  double *slope = (double *)R_alloc((size_t)set->n_patterns + 1, sizeof(double));
  memset(slope, 0, ((size_t)set->n_patterns + 1) * sizeof(double));
  if (me->coefficient == COEFFICIENT_FLEISS || me->coefficient == COEFFICIENT_GWET)
    chance_slope_shares(set, me, shares(set, me, w), slope);
  if (me->coefficient == COEFFICIENT_CONGER)
    chance_slope_conger(set, me, n_active, slope);
  if (metric_fixed) {
    gwet_influence(set, me, w, pa, pe, n, slope, influence);
    return;
  }
  for (int p = 0; p < set->n_patterns; p++) {
    double d_pa = pattern_length(set, p) < 2 ? 0 : (me->agree[p] - pa) / n;
    influence[p] = (d_pa * (1 - pe) - (1 - pa) * slope[p]) / ((1 - pe) * (1 - pe));
  }
}
