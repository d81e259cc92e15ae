/* Ratings that are small whole numbers as codes 1, 2, ... in their order. */
#include <string.h>

#include "check.h"
#include "entry.h"
#include "result.h"

enum { WHOLE_LOW = -32768, WHOLE_HIGH = 32767, NEAR_LOW = -128, NEAR_WIDTH = 256 };

typedef struct {
  int low, high; /* the lowest and highest number; low > high where there is none */
  int *code_of;  /* for each from low to high: 1 where it occurs, then its code */
  int n_codes;
} whole_scale;

/* Marks in `seen` the numbers of a column; 0 where one is not whole or not within the
   range from NEAR_LOW, in which ratings mostly lie. */
static int whole_near(SEXP column, unsigned char *seen)
{
  R_xlen_t n = Rf_xlength(column);
  if (TYPEOF(column) == INTSXP) {
    const int *x = INTEGER_RO(column);
    for (R_xlen_t i = 0; i < n; i++) {
      unsigned at = (unsigned)x[i] - (unsigned)NEAR_LOW;
      if (at < NEAR_WIDTH)
        seen[at] = 1;
      else if (x[i] != NA_INTEGER)
        return 0;
    }
    return 1;
  }
  const double *x = REAL_RO(column);
  for (R_xlen_t i = 0; i < n; i++) {
    if (ISNAN(x[i])) continue;
    if (!(x[i] >= NEAR_LOW && x[i] < NEAR_LOW + NEAR_WIDTH) || x[i] != (int)x[i])
      return 0;
    seen[(int)x[i] - NEAR_LOW] = 1;
  }
  return 1;
}

static void scale_from(const unsigned char *seen, whole_scale *scale)
{
  int first = 0;
  while (!seen[first]) first++;
  scale->low = NEAR_LOW + first;
  scale->code_of = (int *)R_alloc(NEAR_WIDTH, sizeof(int));
  for (int i = first; i < NEAR_WIDTH; i++) {
    scale->code_of[i - first] = seen[i];
    if (seen[i]) scale->high = NEAR_LOW + i;
  }
}

/* Widens the range by a column; 0 where some number is not whole or not small. */
static int whole_range(SEXP column, whole_scale *scale)
{
  R_xlen_t n = Rf_xlength(column);
  int low = scale->low, high = scale->high;
  if (TYPEOF(column) == INTSXP) {
    const int *x = INTEGER_RO(column);
    for (R_xlen_t i = 0; i < n; i++) {
      int below = x[i] == NA_INTEGER ? WHOLE_HIGH : x[i];
      low = below < low ? below : low;
      high = x[i] > high ? x[i] : high; /* NA is the least of all */
    }
  } else {
    const double *x = REAL_RO(column);
    for (R_xlen_t i = 0; i < n; i++) {
      if (ISNAN(x[i])) continue;
      if (!(x[i] >= WHOLE_LOW && x[i] <= WHOLE_HIGH) || x[i] != (int)x[i]) return 0;
      low = x[i] < low ? (int)x[i] : low;
      high = x[i] > high ? (int)x[i] : high;
    }
  }
  scale->low = low;
  scale->high = high;
  return low >= WHOLE_LOW && high <= WHOLE_HIGH;
}

static void whole_mark(SEXP column, const whole_scale *scale)
{
  R_xlen_t n = Rf_xlength(column);
  int low = scale->low, *seen = scale->code_of;
  const int *whole = TYPEOF(column) == INTSXP ? INTEGER_RO(column) : NULL;
  const double *number = whole == NULL ? REAL_RO(column) : NULL;
  for (R_xlen_t i = 0; i < n; i++) {
    if (whole != NULL ? whole[i] != NA_INTEGER : !ISNAN(number[i]))
      seen[(whole != NULL ? whole[i] : (int)number[i]) - low] = 1;
  }
}

/* A column that holds the codes already comes back as it is. */
static SEXP whole_codes(SEXP column, const whole_scale *scale)
{
  R_xlen_t n = Rf_xlength(column);
  int low = scale->low;
  const int *code_of = scale->code_of;
  const int *whole = TYPEOF(column) == INTSXP ? INTEGER_RO(column) : NULL;
  const double *number = whole == NULL ? REAL_RO(column) : NULL;
  if (whole != NULL && low == 1 && scale->high == scale->n_codes) return column;
  SEXP codes = PROTECT(Rf_allocVector(INTSXP, n));
  int *code = INTEGER(codes);
  for (R_xlen_t i = 0; i < n; i++) {
    if (whole != NULL)
      code[i] = whole[i] == NA_INTEGER ? NA_INTEGER : code_of[whole[i] - low];
    else
      code[i] = ISNAN(number[i]) ? NA_INTEGER : code_of[(int)number[i] - low];
  }
  UNPROTECT(1);
  return codes;
}

/* The numbers of all columns; 0 where one is not whole or not small. */
static int scale_new(SEXP columns, whole_scale *scale)
{
  int m = (int)Rf_xlength(columns), near = 1;
  unsigned char seen[NEAR_WIDTH + 1] = {0};
  for (int j = 0; j < m; j++) {
    SEXP column = VECTOR_ELT(columns, j);
    if (TYPEOF(column) != INTSXP) check_type(column, REALSXP, "columns");
    near = near && whole_near(column, seen);
  }
  if (near && memchr(seen, 1, NEAR_WIDTH) != NULL) {
    scale_from(seen, scale);
    return 1;
  }
  for (int j = 0; j < m; j++) {
    if (!whole_range(VECTOR_ELT(columns, j), scale)) return 0;
  }
  size_t width = scale->low > scale->high ? 0 : (size_t)(scale->high - scale->low) + 1;
  scale->code_of = (int *)R_alloc(width + 1, sizeof(int));
  memset(scale->code_of, 0, (width + 1) * sizeof(int));
  for (int j = 0; j < m; j++) whole_mark(VECTOR_ELT(columns, j), scale);
  return 1;
}

/* Columns of small whole numbers as codes: list(values, codes), the values in order and
   a vector of codes for each column; NULL where some number is not whole or not small.
 */
SEXP agreement_whole(SEXP columns)
{
  static const char *const names[] = {"values", "codes"};
  check_type(columns, VECSXP, "columns");
  int m = (int)Rf_xlength(columns);
  whole_scale scale = {WHOLE_HIGH, WHOLE_LOW, NULL, 0};
  if (!scale_new(columns, &scale)) return R_NilValue;
  for (int x = scale.low; x <= scale.high; x++) {
    int *code = &scale.code_of[x - scale.low];
    if (*code) *code = ++scale.n_codes;
  }
  SEXP result = PROTECT(result_list(2, names));
  SEXP values = Rf_allocVector(REALSXP, scale.n_codes);
  SET_VECTOR_ELT(result, 0, values);
  for (int x = scale.low; x <= scale.high; x++) {
    int code = scale.code_of[x - scale.low];
    if (code) REAL(values)[code - 1] = x;
  }
  SEXP codes = Rf_allocVector(VECSXP, m);
  SET_VECTOR_ELT(result, 1, codes);
  for (int j = 0; j < m; j++)
    SET_VECTOR_ELT(codes, j, whole_codes(VECTOR_ELT(columns, j), &scale));
  UNPROTECT(1);
  return result;
}
