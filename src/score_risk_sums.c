/* Sums of item scores over cases: the score of what is rated, the lowest and highest
   possible total, the maximum of the items that apply, and the counts of items rated,
   unknown and not applicable, in one pass over the columns as they are.

   What a code is worth stands in a table of its column. Neighbouring columns with few
   rows are joined into one table of all their combinations, so that a case needs one
   look-up for two or three columns. Worths that are decimals come as whole numbers of a
   tenth, a hundredth and so on, whose sums are exact, and are divided at the end. */
#include "score_risk_sums.h"

#include <float.h>
#include <limits.h>
#include <math.h>

#include "check.h"
#include "size.h"

enum { JOINED_MOST = 512, PLACES_MOST = 32 };

/* ---- tables ---- */

/* How many columns from `first` on are joined: as many as keep the table small. */
static joined_columns join_width(const score_column *column, int first, int n_columns)
{
  joined_columns joined = {first, 1, column[first].rows.n_rows, NULL};
  while (first + joined.n < n_columns) {
    int more = column[first + joined.n].rows.n_rows;
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

/* The sums of every combination of rows; the last column's row moves fastest. From the
   last row on, so that the table of the columns before may stand in its own place. */
static void fill_joined(joined_columns *joined, const score_column *column)
{
  const score_column *one = column + joined->first;
  int n_rows = one->rows.n_rows;
  memcpy(joined->worth, one->worth, (size_t)n_rows * N_PARTS * sizeof(double));
  while (n_rows < joined->n_rows) {
    one++;
    int more = one->rows.n_rows;
    for (int row = n_rows * more - 1; row >= 0; row--)
      add_parts(joined->worth + (size_t)(row / more) * N_PARTS,
                one->worth + (size_t)(row % more) * N_PARTS,
                joined->worth + (size_t)row * N_PARTS);
    n_rows *= more;
  }
}

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

static double largest_worth(const double *table, int n_rows)
{
  double largest = 0;
  for (int i = 0; i < n_rows * N_PARTS; i++) {
    if (i % N_PARTS != COUNT && fabs(table[i]) > largest) largest = fabs(table[i]);
  }
  return largest;
}

/* A table by code as one by row. */
static const double *worth_by_row(const double *table, const cell_rows *rows)
{
  if (!rows->by_place) return table;
  double *worth =
      (double *)R_alloc(size_mul((size_t)rows->n_rows, N_PARTS), sizeof(double));
  for (int row = 0; row < rows->n_rows; row++)
    memcpy(worth + (size_t)row * N_PARTS, table + (size_t)rows->code[row] * N_PARTS,
           N_PARTS * sizeof(double));
  return worth;
}

static score_column take_column(SEXP cells, SEXP words, SEXP table, score_work *work,
                                double *most)
{
  score_column column;
  check_length(cells, work->n, "columns");
  check_type(table, REALSXP, "tables");
  R_xlen_t size = Rf_xlength(table);
  if (size < 2 * N_PARTS || size % N_PARTS != 0 || size / N_PARTS > INT_MAX / N_PARTS)
    stop_internal("`tables` must have %d rows each", (int)N_PARTS);
  int n_rows = (int)(size / N_PARTS);
  *most += largest_count(REAL_RO(table), n_rows);
  work->tiny += largest_worth(REAL_RO(table), n_rows);
  column.cells = cell_column_new(cells, words, n_rows - 2);
  column.rows = cell_rows_new(&column.cells, PLACES_MOST);
  column.worth = worth_by_row(REAL_RO(table), &column.rows);
  return column;
}

/* Items on one scale make one table, which then stays near. */
static void share_table(const score_work *work, joined_columns *last)
{
  size_t size = (size_t)last->n_rows * N_PARTS * sizeof(double);
  for (const joined_columns *one = work->joined; one < last; one++) {
    if (one->n_rows != last->n_rows || memcmp(one->worth, last->worth, size) != 0)
      continue;
    last->worth = one->worth;
    return;
  }
}

static void join_columns(score_work *work)
{
  size_t room = (size_t)work->n_columns + 1;
  work->joined = (joined_columns *)R_alloc(room, sizeof(joined_columns));
  for (int j = 0; j < work->n_columns; j += work->joined[work->n_joined - 1].n) {
    joined_columns *one = work->joined + work->n_joined++;
    *one = join_width(work->column, j, work->n_columns);
    one->worth =
        (double *)R_alloc(size_mul((size_t)one->n_rows, N_PARTS), sizeof(double));
    fill_joined(one, work->column);
    share_table(work, one);
  }
  work->rows =
      (int *)R_alloc(size_mul((size_t)work->n_joined + 1, CELL_BLOCK), sizeof(int));
}

/* ---- what came from R ---- */

/* A divisor of 0 stands for worths that are not whole numbers of any. */
static void take_divisor(double divisor, score_work *work)
{
  work->divisor = divisor;
  if (!(work->divisor >= 0 && work->divisor <= 1e9))
    stop_internal("`divisor` must be 0 or 1 to 1e9");
  work->tiny = work->divisor == 0 ? 4 * DBL_EPSILON * work->tiny : 0;
  if (work->divisor == 0) work->divisor = 1;
}

score_work score_work_new(SEXP columns, SEXP n, SEXP n_items, double divisor)
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
  work.n_columns = (int)Rf_xlength(cells);
  work.column =
      (score_column *)R_alloc((size_t)work.n_columns + 1, sizeof(score_column));
  for (int j = 0; j < work.n_columns; j++)
    work.column[j] = take_column(VECTOR_ELT(cells, j), VECTOR_ELT(words, j),
                                 VECTOR_ELT(tables, j), &work, &most);
  if (most > work.n_items)
    stop_internal("`tables` count more than %d items", work.n_items);
  take_divisor(divisor, &work);
  join_columns(&work);
  return work;
}

/* ---- a block of cases ---- */

/* The row of each joined table; rows[k * CELL_BLOCK + i] for table k. */
static int find_rows(const score_work *work, R_xlen_t start, int n)
{
  for (int k = 0; k < work->n_joined; k++) {
    const joined_columns *one = work->joined + k;
    int *rows = work->rows + (size_t)k * CELL_BLOCK;
    memset(rows, 0, (size_t)n * sizeof *rows);
    for (int j = one->first; j < one->first + one->n; j++) {
      const score_column *column = work->column + j;
      unsigned times = (unsigned)column->rows.n_rows;
      if (cell_codes(&column->cells, &column->rows, start, n, times, rows) !=
          CELLS_GOOD)
        return j + 1;
    }
  }
  return 0;
}

/* Adds the tables' rows. Six named sums, so that they stay in registers. */
static void add_rows(score_work *work, int n, const score_place *place)
{
  int n_joined = work->n_joined;
  double n_none = 0;
  for (int i = 0; i < n; i++) {
    double known = 0, low = 0, high = 0, maximum = 0, maximum_rated = 0, counts = 0;
    for (int k = 0; k < n_joined; k++) {
      int row = work->rows[(size_t)k * CELL_BLOCK + (size_t)i];
      const double *worth = work->joined[k].worth + (size_t)row * N_PARTS;
      known += worth[KNOWN];
      low += worth[LOW];
      high += worth[HIGH];
      maximum += worth[MAXIMUM];
      maximum_rated += worth[MAXIMUM_RATED];
      counts += worth[COUNT];
    }
    int64_t count = (int64_t)counts;
    place->part[KNOWN][i] = known;
    place->part[LOW][i] = low;
    place->part[HIGH][i] = high;
    place->part[MAXIMUM][i] = maximum;
    place->part[MAXIMUM_RATED][i] = maximum_rated;
    place->n_rated[i] = (int)(count & (COUNT_STEP - 1));
    place->n_unknown[i] = (int)(count >> 16 & (COUNT_STEP - 1));
    n_none += (double)(count >> 32);
  }
  work->n_none += n_none;
}

static void round_zero(double *sum, int n, double tiny)
{
  for (int i = 0; i < n; i++) sum[i] = fabs(sum[i]) <= tiny ? 0 : sum[i];
}

int score_block(score_work *work, R_xlen_t start, int n, const score_place *place)
{
  int bad = find_rows(work, start, n);
  if (bad) return bad;
  add_rows(work, n, place);
  for (int p = 0; work->tiny > 0 && p < COUNT; p++)
    round_zero(place->part[p], n, work->tiny);
  return 0;
}
