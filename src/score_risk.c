/* Scores by case from the sums of score_risk_sums.c: the columns that score_risk()
   gives. */
#include <limits.h>
#include <math.h>

#include "check.h"
#include "entry.h"
#include "result.h"
#include "score_risk_sums.h"

/* The columns that score_risk() gives, and what is asked of them. */
typedef struct {
  int prorate, least; /* the fewest rated items; 0: a case needs an item that applies */
  double cap;
  const double *edge; /* lower edges of n_bands bands, rising */
  int n_bands;
  int *n_items, *n_rated, *n_unknown, *n_not_applicable, *band, *certain;
  double *score, *low, *high, *maximum;
  double *max_rated; /* scratch: CELL_BLOCK, */
  int *band_at;      /* and three times that for bands */
  double n_below;    /* scores below the lowest band */
} score_columns;

static void divide(double *sum, int n, double divisor)
{
  if (divisor == 1) return;
  for (int i = 0; i < n; i++) sum[i] /= divisor;
}

static void count_left(const int *restrict n_rated, const int *restrict n_unknown,
                       int n_items, int n, int *restrict left)
{
  for (int i = 0; i < n; i++) left[i] = n_items - n_rated[i] - n_unknown[i];
}

static void fill(int *x, int n, int value)
{
  for (int i = 0; i < n; i++) x[i] = value;
}

/* ---- scores ---- */

/* The score of each case, NA where too few items are rated. */
static void finish_score(const score_columns *out, const score_place *place, int n,
                         double divisor)
{
  double *score = place->part[KNOWN];
  const double *highest = place->part[MAXIMUM], *max_rated = place->part[MAXIMUM_RATED];
  const int *rated = place->n_rated, *unknown = place->n_unknown;
  if (out->prorate) {
    /* The product first, and one division: a whole total stays whole. Where all is
       rated the total stands as it is, also where the highest is not above 0. */
    for (int i = 0; i < n; i++) {
      double to = unknown[i] == 0 ? 1 : highest[i];
      double from = unknown[i] == 0 ? 1 : max_rated[i];
      score[i] = from > 0 ? score[i] * to / (from * divisor) : NA_REAL;
    }
  } else {
    divide(score, n, divisor);
  }
  if (out->least > 0) {
    for (int i = 0; i < n; i++) score[i] = rated[i] < out->least ? NA_REAL : score[i];
  } else {
    for (int i = 0; i < n; i++)
      score[i] = rated[i] + unknown[i] == 0 ? NA_REAL : score[i];
  }
}

/* With lowest scores other than 0, what is prorated may pass what is possible. */
static void hold_possible(const score_place *place, int n)
{
  double *score = place->part[KNOWN];
  const double *low = place->part[LOW], *high = place->part[HIGH];
  for (int i = 0; i < n; i++) {
    if (score[i] < low[i]) score[i] = low[i];
    if (score[i] > high[i]) score[i] = high[i];
  }
}

/* A missing score stays missing. */
static void cut_to(double *sum, int n, double cap)
{
  if (cap == R_PosInf) return;
  for (int i = 0; i < n; i++) sum[i] = sum[i] > cap ? cap : sum[i];
}

/* How many edges are not above each sum; 0 where it is missing. Edge by edge, as no
   branch could foresee in which band a case lies. */
static void find_bands(const score_columns *out, const double *restrict sum, int n,
                       int *restrict band)
{
  fill(band, n, 0);
  for (int b = 0; b < out->n_bands; b++) {
    double edge = out->edge[b];
    for (int i = 0; i < n; i++) band[i] += sum[i] >= edge;
  }
}

static void finish_bands(score_columns *out, const score_place *place, R_xlen_t start,
                         int n)
{
  const int *rated = place->n_rated, *unknown = place->n_unknown;
  const double *score = place->part[KNOWN];
  int *band = out->band + start, *certain = out->certain + start;
  if (out->n_bands == 0) {
    fill(band, n, NA_INTEGER);
    fill(certain, n, NA_LOGICAL);
    return;
  }
  int *own = out->band_at, *lowest = own + CELL_BLOCK, *highest = lowest + CELL_BLOCK;
  find_bands(out, score, n, own);
  find_bands(out, place->part[LOW], n, lowest);
  find_bands(out, place->part[HIGH], n, highest);
  int n_below = 0;
  for (int i = 0; i < n; i++) {
    int none = (rated[i] + unknown[i] == 0) | ((lowest[i] | highest[i]) == 0);
    band[i] = own[i] == 0 ? NA_INTEGER : own[i];
    certain[i] = none ? NA_LOGICAL : lowest[i] == highest[i];
    n_below += (own[i] == 0) & (score[i] == score[i]);
  }
  out->n_below += n_below;
}

static int score_blocks(score_work *work, score_columns *out)
{
  for (R_xlen_t start = 0; start < work->n; start += CELL_BLOCK) {
    int n = work->n - start < CELL_BLOCK ? (int)(work->n - start) : CELL_BLOCK;
    if ((start / CELL_BLOCK) % 512 == 511) R_CheckUserInterrupt();
    score_place place = {
        .part = {out->score + start, out->low + start, out->high + start,
                 out->maximum + start, out->max_rated},
        .n_rated = out->n_rated + start,
        .n_unknown = out->n_unknown + start,
    };
    int bad = score_block(work, start, n, &place);
    if (bad) return bad;
    finish_score(out, &place, n, work->divisor);
    for (int p = LOW; p <= MAXIMUM; p++) divide(place.part[p], n, work->divisor);
    if (out->prorate) hold_possible(&place, n);
    for (int p = KNOWN; p <= MAXIMUM; p++) cut_to(place.part[p], n, out->cap);
    finish_bands(out, &place, start, n);
    fill(out->n_items + start, n, work->n_items);
    count_left(place.n_rated, place.n_unknown, work->n_items, n,
               out->n_not_applicable + start);
  }
  return 0;
}

/* ---- entry points ---- */

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

static score_columns take_rule(SEXP rule, SEXP edges)
{
  check_type(rule, REALSXP, "rule");
  check_length(rule, 4, "rule");
  check_type(edges, REALSXP, "edges");
  if (Rf_xlength(edges) > INT_MAX - 1) stop_internal("too many bands");
  if (!(REAL_RO(rule)[1] >= 0 && REAL_RO(rule)[1] <= INT_MAX))
    stop_internal("`rule` must hold a number of items");
  score_columns out = {.prorate = REAL_RO(rule)[0] != 0,
                       .least = (int)REAL_RO(rule)[1],
                       .cap = REAL_RO(rule)[2],
                       .edge = REAL_RO(edges),
                       .n_bands = (int)Rf_xlength(edges)};
  out.max_rated = (double *)R_alloc(CELL_BLOCK, sizeof(double));
  out.band_at = (int *)R_alloc(3 * CELL_BLOCK, sizeof(int));
  return out;
}

/* The same columns as the result of score_risk(). columns: list(columns of n cells, for
   each of them words as cell_column_new() takes them, and double matrices of six rows
   (known, low, high, maximum, maximum where rated, counts) and a column for blank, for
   each code and for a cell that is no code); n: a double; n_items: the items behind the
   columns; rule: the doubles prorate (0 or 1), the fewest rated items, the cap of the
   total, and of which part the worths in the matrices are whole numbers, 0 for none;
   edges: lower edges of the bands. */
SEXP score_cases(SEXP columns, SEXP n, SEXP n_items, SEXP rule, SEXP edges)
{
  static const char *const names[] = {
      "n_items",   "n_rated",   "n_unknown", "n_not_applicable", "score",  "score_min",
      "score_max", "max_score", "band",      "band_certain",     "n_none", "n_below"};
  score_columns out = take_rule(rule, edges);
  score_work work = score_work_new(columns, n, n_items, REAL_RO(rule)[3]);
  SEXP result = PROTECT(result_list(12, names));
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
  int bad = score_blocks(&work, &out);
  SET_VECTOR_ELT(result, 10, Rf_ScalarReal(work.n_none));
  SET_VECTOR_ELT(result, 11, Rf_ScalarReal(out.n_below));
  UNPROTECT(1);
  return result_or(result, bad);
}
