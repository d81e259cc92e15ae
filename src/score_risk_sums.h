/* Sums over the items of a case, a block of cases at a time. */
#ifndef CASEREVIEW_SCORE_RISK_SUMS_H
#define CASEREVIEW_SCORE_RISK_SUMS_H

#include "cell_codes.h"

/* What a code adds; `COUNT` holds items rated + COUNT_STEP * items unknown +
   COUNT_STEP^2 * cells that are no code. */
enum { KNOWN, LOW, HIGH, MAXIMUM, MAXIMUM_RATED, COUNT, N_PARTS };
#define COUNT_STEP 65536

typedef struct {
  cell_column cells;
  cell_rows rows;
  const double *worth; /* N_PARTS by rows.n_rows */
} score_column;

typedef struct {
  int first, n; /* the columns joined */
  int n_rows;
  double *worth; /* N_PARTS by n_rows */
} joined_columns;

typedef struct {
  int n_items, n_columns, n_joined;
  R_xlen_t n;
  double divisor; /* the worths are whole numbers of 1 / divisor */
  double tiny;    /* a sum of no more than this is rounding of 0 */
  score_column *column;
  joined_columns *joined;
  int *rows;     /* scratch: CELL_BLOCK for each joined table */
  double n_none; /* cells that are no code */
} score_work;

/* Where the sums of a block go. */
typedef struct {
  double *part[COUNT];
  int *n_rated, *n_unknown;
} score_place;

/* `columns` is list(columns of n cells, words, tables): see score_cases(). */
score_work score_work_new(SEXP columns, SEXP n, SEXP n_items, double divisor);

/* The sums of up to CELL_BLOCK cases from `start`. Returns 0, or the column (from 1)
   that cannot be read. */
int score_block(score_work *work, R_xlen_t start, int n, const score_place *place);

#endif
