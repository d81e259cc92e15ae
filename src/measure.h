/* One coefficient of agreement as a function of how often each pattern occurs. */
#ifndef CASEREVIEW_MEASURE_H
#define CASEREVIEW_MEASURE_H

#include "patterns.h"

typedef enum {
  COEFFICIENT_PERCENT,
  COEFFICIENT_CONGER,
  COEFFICIENT_FLEISS,
  COEFFICIENT_ALPHA,
  COEFFICIENT_GWET,
  COEFFICIENT_BP,
  COEFFICIENT_ICC
} coefficient_kind;

typedef enum { METRIC_NOMINAL, METRIC_SQUARE, METRIC_RANK, METRIC_MATRIX } metric_kind;

typedef struct {
  coefficient_kind coefficient;
  metric_kind metric;
  int min_length;       /* patterns with fewer ratings do not take part */
  const double *value;  /* a value for each code: METRIC_SQUARE and the ICC */
  const double *matrix; /* n_codes x n_codes: distances for alpha, else weights */
  double total;         /* the sum of the weights */
  double *agree;        /* for each pattern its share of agreement, or its distance */
  double *margin;       /* scratch: n_codes */
  double *rank;         /* scratch: n_codes */
  double *by_coder;     /* scratch: n_coders x n_codes */
  double *coder_n;      /* scratch: n_coders */
} measure;

measure measure_new(const pattern_set *set, SEXP description);
double measure_value(const pattern_set *set, const measure *me, const double *w);
void measure_influence(const pattern_set *set, const measure *me, const double *w,
                       int metric_fixed, double *influence);

/* alpha: measure_alpha.c */
double alpha_value(const pattern_set *set, const measure *me, const double *w);
void alpha_influence(const pattern_set *set, const measure *me, const double *w,
                     int metric_fixed, double *influence);

/* intraclass correlation: measure_icc.c */
double icc_value(const pattern_set *set, const measure *me, const double *w);
void icc_influence(const pattern_set *set, const measure *me, const double *w,
                   double *influence);

#endif
