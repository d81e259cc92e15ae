/* Sums of item scores over cases: the score of what is rated, the lowest and highest
   possible total, the maximum of the items that apply, and the counts of items rated,
   unknown and not applicable, in one pass over the columns as they are.

   What a code is worth stands in a table of its column. Neighbouring columns with few
   codes are joined into one table of all their combinations, so that a case needs one
   look-up for two or three columns. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "cell_codes.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

/* What a code adds; `COUNT` holds items rated + COUNT_STEP * items unknown +
   COUNT_STEP^2 * cells that are no code. */
enum { KNOWN, LOW, HIGH, MAXIMUM, MAXIMUM_RATED, COUNT, N_PARTS };
#define COUNT_STEP 65536

enum { BLOCK = CELL_BLOCK, JOINED_MOST = 512 };

typedef struct {
  cell_column cells;
  int n_rows;          /* of the table: blank, each code, no code */
  const double *table; /* N_PARTS by n_rows */
} score_column;

typedef struct {
  int first, n; /* the columns joined */
  int n_rows;
  double *table; /* N_PARTS by n_rows */
} joined_columns;

/* The sums of one block of cases. */
typedef struct {
  double part[COUNT][BLOCK];
  int n_rated[BLOCK], n_unknown[BLOCK];
} block_sums;

typedef struct {
  const score_column *column;
  joined_columns *joined;
  int n_joined, n_items;
  R_xlen_t n;
  int *rows; /* scratch: BLOCK for each joined table */
  block_sums *sums;
  double n_none; /* cells that are no code */
} score_work;

/* How many columns from `first` on are joined: as many as keep the table small. */
static joined_columns join_width(const score_column *column, int first, int n_columns)
{
  joined_columns joined = {first, 1, column[first].n_rows, NULL};
  while (first + joined.n < n_columns) {
    int more = column[first + joined.n].n_rows;
    if (more > JOINED_MOST || joined.n_rows > JOINED_MOST / more) break;
    joined.n_rows *= more;
    joined.n++;
  }
  return joined;
}

static void add_parts(const double *a, const double *b, double *sum)
{
  for (int p = 0; p < N_PARTS; p++) sum[p] = a[p] + b[p];
}

/* The sums of every combination of codes; the last column's code moves fastest. From
   the last row on, so that the table of the columns before may stand in its own place.
 */
static void fill_joined(joined_columns *joined, const score_column *column)
{
  const score_column *one = column + joined->first;
  int n_rows = one->n_rows;
  memcpy(joined->table, one->table, (size_t)n_rows * N_PARTS * sizeof(double));
  while (n_rows < joined->n_rows) {
    one++;
    for (int row = n_rows * one->n_rows - 1; row >= 0; row--)
      add_parts(joined->table + (size_t)(row / one->n_rows) * N_PARTS,
                one->table + (size_t)(row % one->n_rows) * N_PARTS,
                joined->table + (size_t)row * N_PARTS);
    n_rows *= one->n_rows;
  }
}

/* The row of each joined table for a block of cases; rows[k * BLOCK + i] for table k.
   Returns 0, or the column (from 1) that cannot be read. */
static int find_rows(const score_work *work, R_xlen_t start, int n)
{
  for (int k = 0; k < work->n_joined; k++) {
    const joined_columns *one = work->joined + k;
    int *rows = work->rows + (size_t)k * BLOCK;
    memset(rows, 0, (size_t)n * sizeof *rows);
    for (int j = one->first; j < one->first + one->n; j++) {
      const score_column *column = work->column + j;
      cell_state state =
          cell_codes(&column->cells, start, n, (unsigned)column->n_rows, rows);
      if (state != CELLS_GOOD) return j + 1;
    }
  }
  return 0;
}

/* Adds the tables' rows of one block. Six named sums, so that they stay in registers.
 */
static void sum_block(score_work *work, int n)
{
  block_sums *sums = work->sums;
  int n_joined = work->n_joined;
  for (int i = 0; i < n; i++) {
    double known = 0, low = 0, high = 0, maximum = 0, maximum_rated = 0, counts = 0;
    for (int k = 0; k < n_joined; k++) {
      int row = work->rows[(size_t)k * BLOCK + (size_t)i];
      const double *worth = work->joined[k].table + (size_t)row * N_PARTS;
      known += worth[KNOWN];
      low += worth[LOW];
      high += worth[HIGH];
      maximum += worth[MAXIMUM];
      maximum_rated += worth[MAXIMUM_RATED];
      counts += worth[COUNT];
    }
    int64_t count = (int64_t)counts;
    sums->part[KNOWN][i] = known;
    sums->part[LOW][i] = low;
    sums->part[HIGH][i] = high;
    sums->part[MAXIMUM][i] = maximum;
    sums->part[MAXIMUM_RATED][i] = maximum_rated;
    sums->n_rated[i] = (int)(count & (COUNT_STEP - 1));
    sums->n_unknown[i] = (int)(count >> 16 & (COUNT_STEP - 1));
    work->n_none += (double)(count >> 32);
  }
}

/* ---- what becomes of a block ---- */

/* Columns of sums, for what R works out of them. */
typedef struct {
  double *part[COUNT];
  int *n_rated, *n_unknown, *n_not_applicable;
} sum_columns;

static void write_sums(const score_work *work, R_xlen_t start, int n, void *to)
{
  const sum_columns *out = to;
  const block_sums *sums = work->sums;
  for (int p = 0; p < COUNT; p++)
    memcpy(out->part[p] + start, sums->part[p], (size_t)n * sizeof(double));
  memcpy(out->n_rated + start, sums->n_rated, (size_t)n * sizeof(int));
  memcpy(out->n_unknown + start, sums->n_unknown, (size_t)n * sizeof(int));
  for (int i = 0; i < n; i++)
    out->n_not_applicable[start + i] =
        work->n_items - sums->n_rated[i] - sums->n_unknown[i];
}

/* The columns that score_risk() gives, and what is asked of them. */
typedef struct {
  int prorate, least; /* the fewest rated items; 0: a case needs an item that applies */
  double cap;
  const double *edge; /* lower edges of n_bands bands, rising */
  int n_bands;
  int *n_items, *n_rated, *n_unknown, *n_not_applicable, *band, *certain;
  double *score, *low, *high, *maximum;
  double n_below; /* scores below the lowest band */
} score_columns;

/* How many edges are not above the score. */
static int band_of(const score_columns *out, double score)
{
  int band = 0;
  while (band < out->n_bands && out->edge[band] <= score) band++;
  return band;
}

static double smaller(double a, double b)
{
  return a < b ? a : b;
}

static void write_bands(score_columns *out, R_xlen_t start, int n)
{
  for (R_xlen_t i = start; i < start + n; i++) {
    int missing = ISNAN(out->score[i]),
        band = missing ? 0 : band_of(out, out->score[i]);
    int lowest = band_of(out, out->low[i]), highest = band_of(out, out->high[i]);
    int none =
        out->n_not_applicable[i] == out->n_items[i] || (lowest == 0 && highest == 0);
    out->n_below += !missing && band == 0;
    out->band[i] = band == 0 ? NA_INTEGER : band;
    out->certain[i] = none ? NA_LOGICAL : lowest == highest;
  }
}

static void write_scores(const score_work *work, R_xlen_t start, int n, void *to)
{
  score_columns *out = to;
  const block_sums *sums = work->sums;
  for (int i = 0; i < n; i++) {
    R_xlen_t at = start + i;
    int rated = sums->n_rated[i], unknown = sums->n_unknown[i];
    double score = sums->part[KNOWN][i], highest = sums->part[MAXIMUM][i];
    /* the product first: a whole total stays whole */
    if (out->prorate) score = score * highest / sums->part[MAXIMUM_RATED][i];
    int below = out->least > 0 ? rated < out->least : rated + unknown == 0;
    if (out->prorate && !(sums->part[MAXIMUM_RATED][i] > 0)) below = 1;
    out->score[at] = below ? NA_REAL : smaller(score, out->cap);
    out->low[at] = smaller(sums->part[LOW][i], out->cap);
    out->high[at] = smaller(sums->part[HIGH][i], out->cap);
    out->maximum[at] = smaller(highest, out->cap);
    out->n_items[at] = work->n_items;
    out->n_rated[at] = rated;
    out->n_unknown[at] = unknown;
    out->n_not_applicable[at] = work->n_items - rated - unknown;
    out->band[at] = NA_INTEGER;
    out->certain[at] = NA_LOGICAL;
  }
  if (out->n_bands > 0) write_bands(out, start, n);
}

typedef void (*block_writer)(const score_work *, R_xlen_t, int, void *);

/* Returns as find_rows(). */
static int each_block(score_work *work, block_writer write, void *to)
{
  for (R_xlen_t start = 0; start < work->n; start += BLOCK) {
    int n = work->n - start < BLOCK ? (int)(work->n - start) : BLOCK;
    if ((start / BLOCK) % 512 == 511) R_CheckUserInterrupt();
    int bad = find_rows(work, start, n);
    if (bad) return bad;
    sum_block(work, n);
    write(work, start, n, to);
  }
  return 0;
}

/* ---- entry points ---- */

/* The largest number of items that a row of the table counts. */
static double largest_count(const double *table, int n_rows)
{
  double largest = 0;
  for (int row = 0; row < n_rows; row++) {
    double count = table[(size_t)row * N_PARTS + COUNT];
    if (!(count >= 0 && count < 32768.0 * COUNT_STEP * COUNT_STEP))
      stop_internal("`tables` holds a count that is none");
    int64_t whole = (int64_t)count;
    double items =
        (double)((whole & (COUNT_STEP - 1)) + (whole >> 16 & (COUNT_STEP - 1)));
    if ((double)(whole >> 32) > items) items = (double)(whole >> 32);
    if (items > largest) largest = items;
  }
  return largest;
}

static score_column take_column(SEXP cells, SEXP words, SEXP table, R_xlen_t n)
{
  score_column column;
  check_length(cells, n, "columns");
  check_type(table, REALSXP, "tables");
  R_xlen_t size = Rf_xlength(table);
  if (size < 2 * N_PARTS || size % N_PARTS != 0 || size / N_PARTS > INT_MAX)
    stop_internal("`tables` must have %d rows each", (int)N_PARTS);
  column.n_rows = (int)(size / N_PARTS);
  column.table = REAL_RO(table);
  column.cells = cell_column_new(cells, words, column.n_rows - 2);
  return column;
}

/* `columns` is list(columns, words, tables): see score_sum(). */
static score_work work_new(SEXP columns, SEXP n, SEXP n_items)
{
  check_type(columns, VECSXP, "columns");
  check_length(columns, 3, "columns");
  for (int i = 0; i < 3; i++) check_type(VECTOR_ELT(columns, i), VECSXP, "columns");
  SEXP cells = VECTOR_ELT(columns, 0), words = VECTOR_ELT(columns, 1);
  SEXP tables = VECTOR_ELT(columns, 2);
  check_length(words, Rf_xlength(cells), "words");
  check_length(tables, Rf_xlength(cells), "tables");
  double size = check_double(n, "n"), most = 0;
  score_work work = {0};
  work.n_items = check_int(n_items, 0, 32767, "n_items");
  if (!(size >= 0 && size <= (double)R_XLEN_T_MAX)) stop_internal("`n` must be a size");
  if (Rf_xlength(cells) > work.n_items)
    stop_internal("there are more columns than items");
  work.n = (R_xlen_t)size;
  int n_columns = (int)Rf_xlength(cells);
  score_column *column =
      (score_column *)R_alloc((size_t)n_columns + 1, sizeof(score_column));
  for (int j = 0; j < n_columns; j++) {
    column[j] = take_column(VECTOR_ELT(cells, j), VECTOR_ELT(words, j),
                            VECTOR_ELT(tables, j), work.n);
    most += largest_count(column[j].table, column[j].n_rows);
  }
  if (most > work.n_items)
    stop_internal("`tables` count more than %d items", work.n_items);
  work.column = column;
  work.joined =
      (joined_columns *)R_alloc((size_t)n_columns + 1, sizeof(joined_columns));
  for (int j = 0; j < n_columns; j += work.joined[work.n_joined - 1].n) {
    joined_columns *one = work.joined + work.n_joined++;
    *one = join_width(column, j, n_columns);
    one->table =
        (double *)R_alloc(size_mul((size_t)one->n_rows, N_PARTS), sizeof(double));
    fill_joined(one, column);
  }
  work.rows = (int *)R_alloc(size_mul((size_t)work.n_joined + 1, BLOCK), sizeof(int));
  work.sums = (block_sums *)R_alloc(1, sizeof(block_sums));
  return work;
}

static double *new_doubles(SEXP list, int at, R_xlen_t n)
{
  SET_VECTOR_ELT(list, at, Rf_allocVector(REALSXP, n));
  return REAL(VECTOR_ELT(list, at));
}

static int *new_integers(SEXP list, int at, SEXPTYPE type, R_xlen_t n)
{
  SET_VECTOR_ELT(list, at, Rf_allocVector(type, n));
  return type == LGLSXP ? LOGICAL(VECTOR_ELT(list, at)) : INTEGER(VECTOR_ELT(list, at));
}

/* The number of the column that cannot be read, or the result. */
static SEXP result_or(SEXP result, int bad)
{
  return bad ? Rf_ScalarInteger(bad) : result;
}

/* columns: list(columns of n cells, for each of them words as cell_column_new() takes
   them, and double matrices of six rows (known, low, high, maximum, maximum where
   rated, counts) and a column for blank, for each code and for a cell that is no code);
   n: a double; n_items: the items behind the columns. */
SEXP score_sum(SEXP columns, SEXP n, SEXP n_items)
{
  static const char *const names[] = {
      "known",     "low",     "high",      "max_score",
      "max_rated", "n_rated", "n_unknown", "n_not_applicable",
      "n_none"};
  score_work work = work_new(columns, n, n_items);
  SEXP result = PROTECT(result_list(9, names));
  sum_columns out;
  for (int p = 0; p < COUNT; p++) out.part[p] = new_doubles(result, p, work.n);
  out.n_rated = new_integers(result, COUNT, INTSXP, work.n);
  out.n_unknown = new_integers(result, COUNT + 1, INTSXP, work.n);
  out.n_not_applicable = new_integers(result, COUNT + 2, INTSXP, work.n);
  int bad = each_block(&work, write_sums, &out);
  SET_VECTOR_ELT(result, 8, Rf_ScalarReal(work.n_none));
  UNPROTECT(1);
  return result_or(result, bad);
}

/* The same columns as the result of score_risk(). rule: the doubles prorate (0 or 1),
   the fewest rated items, the cap of the total; edges: lower edges of the bands. */
SEXP score_cases(SEXP columns, SEXP n, SEXP n_items, SEXP rule, SEXP edges)
{
  static const char *const names[] = {
      "n_items",   "n_rated",   "n_unknown", "n_not_applicable", "score",  "score_min",
      "score_max", "max_score", "band",      "band_certain",     "n_none", "n_below"};
  score_work work = work_new(columns, n, n_items);
  check_type(rule, REALSXP, "rule");
  check_length(rule, 3, "rule");
  check_type(edges, REALSXP, "edges");
  if (Rf_xlength(edges) > INT_MAX - 1) stop_internal("too many bands");
  if (!(REAL_RO(rule)[1] >= 0 && REAL_RO(rule)[1] <= INT_MAX))
    stop_internal("`rule` must hold a number of items");
  SEXP result = PROTECT(result_list(12, names));
  score_columns out = {.prorate = REAL_RO(rule)[0] != 0,
                       .least = (int)REAL_RO(rule)[1],
                       .cap = REAL_RO(rule)[2],
                       .edge = REAL_RO(edges),
                       .n_bands = (int)Rf_xlength(edges)};
  out.n_items = new_integers(result, 0, INTSXP, work.n);
  out.n_rated = new_integers(result, 1, INTSXP, work.n);
  out.n_unknown = new_integers(result, 2, INTSXP, work.n);
  out.n_not_applicable = new_integers(result, 3, INTSXP, work.n);
  out.score = new_doubles(result, 4, work.n);
  out.low = new_doubles(result, 5, work.n);
  out.high = new_doubles(result, 6, work.n);
  out.maximum = new_doubles(result, 7, work.n);
  out.band = new_integers(result, 8, INTSXP, work.n);
  out.certain = new_integers(result, 9, LGLSXP, work.n);
  int bad = each_block(&work, write_scores, &out);
  SET_VECTOR_ELT(result, 10, Rf_ScalarReal(work.n_none));
  SET_VECTOR_ELT(result, 11, Rf_ScalarReal(out.n_below));
  UNPROTECT(1);
  return result_or(result, bad);
}
