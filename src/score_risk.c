/* Sums of item scores over cases: the score of what is rated, the lowest and highest
   possible total, the maximum of the items that apply, and the counts of items rated,
   unknown and not applicable, in one pass over the columns of codes.

   What a code is worth stands in a table of its column. Neighbouring columns with few
   codes are joined into one table of all their combinations, so that a case needs one
   look-up for two or three columns. */
#include <limits.h>
#include <string.h>

#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

/* What a code adds; `COUNT` holds items rated + COUNT_UNKNOWN * items unknown. */
enum { KNOWN, LOW, HIGH, MAXIMUM, MAXIMUM_RATED, COUNT, N_PARTS };
#define COUNT_UNKNOWN 65536

enum { BLOCK = 2048, JOINED_MOST = 512 };

typedef struct {
  const int *code; /* 1..n_codes, 0 not in the codebook, NA_INTEGER blank */
  int n_codes;
  const double *table; /* N_PARTS by n_codes + 1, the first for blank and 0 */
} score_column;

typedef struct {
  int first, n; /* the columns joined */
  int n_rows;
  double *table; /* N_PARTS by n_rows */
} joined_columns;

typedef struct {
  double *part[COUNT];
  int *n_rated, *n_unknown, *n_not_applicable;
} score_sums;

/* How many columns from `first` on are joined: as many as keep the table small. */
static joined_columns join_width(const score_column *column, int first, int n_columns)
{
  joined_columns joined = {first, 1, column[first].n_codes + 1, NULL};
  while (first + joined.n < n_columns) {
    int more = column[first + joined.n].n_codes + 1;
    if (more > JOINED_MOST || joined.n_rows > JOINED_MOST / more) break;
    joined.n_rows *= more;
    joined.n++;
  }
  return joined;
}

/* The sums of every combination of codes; the last column's code moves fastest. */
static void fill_joined(joined_columns *joined, const score_column *column)
{
  memset(joined->table, 0,
         size_mul((size_t)joined->n_rows, N_PARTS * sizeof *joined->table));
  for (int row = 0; row < joined->n_rows; row++) {
    double *sums = joined->table + (size_t)row * N_PARTS;
    int rest = row;
    for (int j = joined->n - 1; j >= 0; j--) {
      const score_column *one = column + joined->first + j;
      const double *worth = one->table + (size_t)(rest % (one->n_codes + 1)) * N_PARTS;
      for (int p = 0; p < N_PARTS; p++) sums[p] += worth[p];
      rest /= one->n_codes + 1;
    }
  }
}

/* The row of the joined table for each of `n` cases from `start` on. A blank (INT_MIN)
   becomes 0 by its lowest bits. Returns 0 where a code lies outside its range: then
   the rows are not to be used. */
static int joined_rows(const joined_columns *joined, const score_column *column,
                       R_xlen_t start, int n, int *rows, double *n_zero)
{
  int good = 1;
  memset(rows, 0, (size_t)n * sizeof *rows);
  for (int j = 0; j < joined->n; j++) {
    const score_column *one = column + joined->first + j;
    const int *code = one->code + start;
    int n_codes = one->n_codes, zeros = 0, largest = 0, below = 0;
    unsigned times = j == 0 ? 0 : (unsigned)n_codes + 1;
    for (int i = 0; i < n; i++) {
      int at = code[i] & INT_MAX;
      largest = at > largest ? at : largest;
      below |= (code[i] < 0) & (code[i] != NA_INTEGER);
      zeros += code[i] == 0;
      rows[i] = (int)((unsigned)rows[i] * times + (unsigned)at);
    }
    int outside = below || largest > n_codes;
    n_zero[joined->first + j] += zeros;
    good = good && !outside;
  }
  return good;
}

/* Adds the tables' rows of one block of cases; rows[k * BLOCK + i] for table k. Six
   named sums, so that they stay in registers. */
static void sum_block(const joined_columns *joined, int n_joined, const int *rows,
                      int n, int n_items, R_xlen_t start, const score_sums *out)
{
  for (int i = 0; i < n; i++) {
    double known = 0, low = 0, high = 0, maximum = 0, maximum_rated = 0, counts = 0;
    for (int k = 0; k < n_joined; k++) {
      int row = rows[(size_t)k * BLOCK + (size_t)i];
      const double *worth = joined[k].table + (size_t)row * N_PARTS;
      known += worth[KNOWN];
      low += worth[LOW];
      high += worth[HIGH];
      maximum += worth[MAXIMUM];
      maximum_rated += worth[MAXIMUM_RATED];
      counts += worth[COUNT];
    }
    int count = (int)counts;
    int rated = count % COUNT_UNKNOWN, unknown = count / COUNT_UNKNOWN;
    out->part[KNOWN][start + i] = known;
    out->part[LOW][start + i] = low;
    out->part[HIGH][start + i] = high;
    out->part[MAXIMUM][start + i] = maximum;
    out->part[MAXIMUM_RATED][start + i] = maximum_rated;
    out->n_rated[start + i] = rated;
    out->n_unknown[start + i] = unknown;
    out->n_not_applicable[start + i] = n_items - rated - unknown;
  }
}

/* Returns 0, or 1 + the first column with a code outside its range. */
static int sum_scores(const score_column *column, joined_columns *joined, int n_joined,
                      R_xlen_t n, int n_items, int *rows, const score_sums *out,
                      double *n_zero)
{
  for (R_xlen_t start = 0; start < n; start += BLOCK) {
    int n_here = n - start < BLOCK ? (int)(n - start) : BLOCK;
    if ((start / BLOCK) % 512 == 511) R_CheckUserInterrupt();
    for (int k = 0; k < n_joined; k++) {
      if (!joined_rows(joined + k, column, start, n_here, rows + (size_t)k * BLOCK,
                       n_zero))
        return 1 + joined[k].first;
    }
    sum_block(joined, n_joined, rows, n_here, n_items, start, out);
  }
  return 0;
}

/* The largest count in a table; a count is a whole number of at least 0. */
static double largest_count(const double *table, int n_codes)
{
  double largest = 0;
  for (int row = 0; row <= n_codes; row++) {
    double count = table[(size_t)row * N_PARTS + COUNT];
    if (!(count >= 0 && count <= INT_MAX))
      stop_internal("`tables` holds a count that is none");
    if (count > largest) largest = count;
  }
  return largest;
}

/* The columns and their tables, as R gives them, once their types and sizes hold. */
static void take_columns(SEXP codes, SEXP tables, R_xlen_t n, int n_items,
                         score_column *column)
{
  double most = 0;
  for (int j = 0; j < (int)Rf_xlength(codes); j++) {
    SEXP code = VECTOR_ELT(codes, j), table = VECTOR_ELT(tables, j);
    check_type(code, INTSXP, "codes");
    check_length(code, n, "codes");
    check_type(table, REALSXP, "tables");
    R_xlen_t size = Rf_xlength(table);
    if (size == 0 || size % N_PARTS != 0 || size / N_PARTS > INT_MAX)
      stop_internal("`tables` must have %d rows each", (int)N_PARTS);
    column[j].n_codes = (int)(size / N_PARTS) - 1;
    column[j].code = INTEGER_RO(code);
    column[j].table = REAL_RO(table);
    most += largest_count(column[j].table, column[j].n_codes);
  }
  if (most > (double)COUNT_UNKNOWN * n_items)
    stop_internal("`tables` count more than %d items", n_items);
}

static int join_all(const score_column *column, int n_columns, joined_columns *joined)
{
  int n_joined = 0;
  for (int j = 0; j < n_columns; j += joined[n_joined - 1].n) {
    joined_columns *one = joined + n_joined++;
    *one = join_width(column, j, n_columns);
    one->table =
        (double *)R_alloc(size_mul((size_t)one->n_rows, N_PARTS), sizeof(double));
    fill_joined(one, column);
  }
  return n_joined;
}

static SEXP new_sums(R_xlen_t n, int n_columns, score_sums *out)
{
  static const char *const names[] = {
      "known",     "low",     "high",      "max_score",
      "max_rated", "n_rated", "n_unknown", "n_not_applicable",
      "n_zero"};
  SEXP result = PROTECT(result_list(9, names));
  int *counts[3];
  for (int p = 0; p < COUNT; p++) {
    SET_VECTOR_ELT(result, p, Rf_allocVector(REALSXP, n));
    out->part[p] = REAL(VECTOR_ELT(result, p));
  }
  for (int p = 0; p < 3; p++) {
    SET_VECTOR_ELT(result, COUNT + p, Rf_allocVector(INTSXP, n));
    counts[p] = INTEGER(VECTOR_ELT(result, COUNT + p));
  }
  out->n_rated = counts[0];
  out->n_unknown = counts[1];
  out->n_not_applicable = counts[2];
  SET_VECTOR_ELT(result, 8, Rf_allocVector(REALSXP, n_columns));
  UNPROTECT(1);
  return result;
}

/* codes: a list of integer vectors of length n; tables: a list of double matrices, six
   rows (known, low, high, maximum, maximum where rated, rated + 65536 * unknown) and a
   column for blank and each code; n: a double; n_items: the items behind the columns.
 */
SEXP score_sum(SEXP codes, SEXP tables, SEXP n, SEXP n_items)
{
  check_type(codes, VECSXP, "codes");
  check_type(tables, VECSXP, "tables");
  check_length(tables, Rf_xlength(codes), "tables");
  double size = check_double(n, "n");
  int items = check_int(n_items, 0, 32767, "n_items");
  if (!(size >= 0 && size <= (double)R_XLEN_T_MAX)) stop_internal("`n` must be a size");
  if (Rf_xlength(codes) > items) stop_internal("there are more columns than items");
  int n_columns = (int)Rf_xlength(codes);
  score_column *column =
      (score_column *)R_alloc((size_t)n_columns + 1, sizeof(score_column));
  joined_columns *joined =
      (joined_columns *)R_alloc((size_t)n_columns + 1, sizeof(joined_columns));
  take_columns(codes, tables, (R_xlen_t)size, items, column);
  int n_joined = join_all(column, n_columns, joined);
  int *rows = (int *)R_alloc(size_mul((size_t)n_joined + 1, BLOCK), sizeof(int));
  score_sums out;
  SEXP result = PROTECT(new_sums((R_xlen_t)size, n_columns, &out));
  double *n_zero = REAL(VECTOR_ELT(result, 8));
  for (int j = 0; j < n_columns; j++) n_zero[j] = 0;
  int bad =
      sum_scores(column, joined, n_joined, (R_xlen_t)size, items, rows, &out, n_zero);
  if (bad) stop_internal("`codes` holds a code outside its table near column %d", bad);
  UNPROTECT(1);
  return result;
}
