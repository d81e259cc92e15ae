/* Cases become patterns of ratings, so that all later work on an item goes by the
   number of different patterns and not by the number of cases. */
#include <limits.h>
#include <string.h>

#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

typedef struct {
  size_t mask;
  int *slot; /* pattern + 1, or 0 */
  int n_patterns;
  int *start;
  int *key;
  double *size;
  uint64_t *hash;
  size_t patterns_room;
  size_t keys_room;
} pattern_table;

static void *grow(void *old, size_t used, size_t room, size_t width)
{
  void *fresh = R_alloc(room, (int)width);
  if (used > 0) memcpy(fresh, old, size_mul(used, width));
  return fresh;
}

static pattern_table table_new(void)
{
  pattern_table table = {0};
  table.mask = 1023;
  table.patterns_room = 512;
  table.keys_room = 4096;
  table.slot = (int *)R_alloc(1024, sizeof(int));
  memset(table.slot, 0, 1024 * sizeof(int));
  table.start = (int *)R_alloc(table.patterns_room + 1, sizeof(int));
  table.size = (double *)R_alloc(table.patterns_room, sizeof(double));
  table.hash = (uint64_t *)R_alloc(table.patterns_room, sizeof(uint64_t));
  table.key = (int *)R_alloc(table.keys_room, sizeof(int));
  table.start[0] = 0;
  return table;
}

static void table_make_room(pattern_table *table, int n_keys)
{
  size_t used = (size_t)table->n_patterns;
  size_t keys = (size_t)table->start[table->n_patterns];
  if (keys + (size_t)n_keys > INT_MAX) stop_internal("too many patterns of ratings");
  if (keys + (size_t)n_keys > table->keys_room) {
    table->keys_room = 2 * (keys + (size_t)n_keys);
    table->key = grow(table->key, keys, table->keys_room, sizeof(int));
  }
  if (used < table->patterns_room) return;
  table->patterns_room *= 2;
  table->start = grow(table->start, used + 1, table->patterns_room + 1, sizeof(int));
  table->size = grow(table->size, used, table->patterns_room, sizeof(double));
  table->hash = grow(table->hash, used, table->patterns_room, sizeof(uint64_t));
  table->mask = 2 * table->mask + 1;
  table->slot = (int *)R_alloc(table->mask + 1, sizeof(int));
  memset(table->slot, 0, (table->mask + 1) * sizeof(int));
  for (size_t p = 0; p < used; p++) {
    size_t at = (size_t)(table->hash[p] >> 20) & table->mask;
    while (table->slot[at] != 0) at = (at + 1) & table->mask;
    table->slot[at] = (int)p + 1;
  }
}

/* The number (from 1) of the pattern whose keys these are; its size grows by one. */
static int table_add(pattern_table *table, const int *keys, int n_keys)
{
  uint64_t hash = UINT64_C(0x9E3779B97F4A7C15) * (uint64_t)(n_keys + 1);
  for (int j = 0; j < n_keys; j++) {
    hash = (hash ^ (uint64_t)keys[j]) * UINT64_C(0x9E3779B97F4A7C15);
    hash ^= hash >> 29;
  }
  size_t width = (size_t)n_keys * sizeof(int);
  size_t at = (size_t)(hash >> 20) & table->mask;
  for (; table->slot[at] != 0; at = (at + 1) & table->mask) {
    int p = table->slot[at] - 1;
    if (table->hash[p] != hash || table->start[p + 1] - table->start[p] != n_keys)
      continue;
    if (memcmp(table->key + table->start[p], keys, width) != 0) continue;
    table->size[p] += 1;
    return p + 1;
  }
  int p = table->n_patterns;
  table_make_room(table, n_keys);
  at = (size_t)(hash >> 20) & table->mask;
  while (table->slot[at] != 0) at = (at + 1) & table->mask;
  table->slot[at] = p + 1;
  memcpy(table->key + table->start[p], keys, width);
  table->start[p + 1] = table->start[p] + n_keys;
  table->size[p] = 1;
  table->hash[p] = hash;
  table->n_patterns = p + 1;
  return p + 1;
}

static void sort_keys(int *keys, int n)
{
  if (n > 32) {
    R_isort(keys, n);
    return;
  }
  for (int i = 1; i < n; i++) {
    int key = keys[i], j = i;
    for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
    keys[j] = key;
  }
}

/* `of` holds each case's pattern, 0 where nobody rated it. */
static SEXP table_result(const pattern_table *table, SEXP of, double duplicate)
{
  static const char *const names[] = {"start", "key", "size", "of", "duplicate"};
  SEXP result = PROTECT(result_list(5, names));
  size_t n = (size_t)table->n_patterns;
  SEXP start = Rf_allocVector(INTSXP, (R_xlen_t)n + 1);
  SET_VECTOR_ELT(result, 0, start);
  memcpy(INTEGER(start), table->start, (n + 1) * sizeof(int));
  size_t n_keys = (size_t)table->start[n];
  SEXP key = Rf_allocVector(INTSXP, (R_xlen_t)n_keys);
  SET_VECTOR_ELT(result, 1, key);
  if (n_keys > 0) memcpy(INTEGER(key), table->key, n_keys * sizeof(int));
  SEXP size = Rf_allocVector(REALSXP, (R_xlen_t)n);
  SET_VECTOR_ELT(result, 2, size);
  if (n > 0) memcpy(REAL(size), table->size, n * sizeof(double));
  SET_VECTOR_ELT(result, 3, of);
  SET_VECTOR_ELT(result, 4, Rf_ScalarReal(duplicate));
  UNPROTECT(1);
  return result;
}

typedef struct {
  const int **code; /* a column for each of the n_coders */
  int n_coders;
  int n_codes;
  int keep_coders;
  int *keys; /* scratch: n_coders */
} wide_ratings;

/* The pattern of row i, a new one where it was not met before; 0 where nobody rated. */
static int wide_add(const wide_ratings *ratings, R_xlen_t i, pattern_table *table)
{
  int r = 0;
  for (int j = 0; j < ratings->n_coders; j++) {
    int code = ratings->code[j][i];
    if (code == NA_INTEGER) continue;
    ratings->keys[r++] = (ratings->keep_coders ? j * ratings->n_codes : 0) + code;
  }
  if (!ratings->keep_coders) sort_keys(ratings->keys, r);
  return r == 0 ? 0 : table_add(table, ratings->keys, r);
}

/* The number of ways in which a row may be rated, or 0 where these are too many to
   number. */
static int wide_ways(const wide_ratings *ratings)
{
  int ways = 1;
  for (int j = 0; j < ratings->n_coders; j++) {
    if (ways > (1 << 16) / (ratings->n_codes + 1)) return 0;
    ways *= ratings->n_codes + 1;
  }
  return ways;
}

/* As wide_add for every row, but each way to rate a row is looked up by its number. */
static void wide_number(const wide_ratings *ratings, R_xlen_t n, int ways,
                        pattern_table *table, int *of)
{
  int *known = (int *)R_alloc((size_t)ways, sizeof(int));
  for (int i = 0; i < ways; i++) known[i] = -1;
  for (R_xlen_t i = 0; i < n; i++) {
    int way = 0;
    for (int j = 0; j < ratings->n_coders; j++) {
      int code = ratings->code[j][i];
      way = way * (ratings->n_codes + 1) + (code == NA_INTEGER ? 0 : code);
    }
    if (known[way] < 0) {
      of[i] = known[way] = wide_add(ratings, i, table);
    } else {
      of[i] = known[way];
      if (of[i] > 0) table->size[of[i] - 1] += 1;
    }
  }
}

/* One row a case: `codes` is a list with the codes of each coder. */
SEXP agreement_patterns_wide(SEXP codes, SEXP n_codes, SEXP keep_coders)
{
  check_type(codes, VECSXP, "codes");
  wide_ratings ratings;
  ratings.n_codes = check_int(n_codes, 1, INT_MAX - 1, "n_codes");
  ratings.keep_coders = check_int(keep_coders, 0, 1, "keep_coders");
  R_xlen_t m = Rf_xlength(codes);
  if (m < 1 || m > INT_MAX / ratings.n_codes) stop_internal("too many coders");
  R_xlen_t n = Rf_xlength(VECTOR_ELT(codes, 0));
  ratings.n_coders = (int)m;
  ratings.code = (const int **)R_alloc((size_t)m, sizeof(int *));
  ratings.keys = (int *)R_alloc((size_t)m, sizeof(int));
  for (int j = 0; j < ratings.n_coders; j++) {
    SEXP column = VECTOR_ELT(codes, j);
    check_type(column, INTSXP, "codes");
    check_length(column, n, "codes");
    ratings.code[j] = INTEGER_RO(column);
    check_codes(ratings.code[j], n, ratings.n_codes, "codes");
  }
  pattern_table table = table_new();
  SEXP of = PROTECT(Rf_allocVector(INTSXP, n));
  int ways = wide_ways(&ratings);
  if (ways > 0 && n > 256) {
    wide_number(&ratings, n, ways, &table, INTEGER(of));
  } else {
    for (R_xlen_t i = 0; i < n; i++) {
      if (i % 1000000 == 999999) R_CheckUserInterrupt();
      INTEGER(of)[i] = wide_add(&ratings, i, &table);
    }
  }
  SEXP result = table_result(&table, of, 0);
  UNPROTECT(1);
  return result;
}

/* Rows in the order of case and, within it, of coder: two stable counting sorts. */
static R_xlen_t *sort_rows(const int *case_, const int *coder, R_xlen_t n, int n_cases,
                           int n_coders, R_xlen_t *first)
{
  R_xlen_t *by_coder = (R_xlen_t *)R_alloc((size_t)n + 1, sizeof(R_xlen_t));
  R_xlen_t *sorted = (R_xlen_t *)R_alloc((size_t)n + 1, sizeof(R_xlen_t));
  R_xlen_t *next = (R_xlen_t *)R_alloc((size_t)n_coders + 1, sizeof(R_xlen_t));
  memset(next, 0, ((size_t)n_coders + 1) * sizeof(R_xlen_t));
  for (R_xlen_t i = 0; i < n; i++) next[coder[i]]++;
  for (int j = 0; j < n_coders; j++) next[j + 1] += next[j];
  for (R_xlen_t i = n - 1; i >= 0; i--) by_coder[--next[coder[i]]] = i;
  memset(first, 0, ((size_t)n_cases + 1) * sizeof(R_xlen_t));
  for (R_xlen_t i = 0; i < n; i++) first[case_[i]]++;
  for (int c = 0; c < n_cases; c++) first[c + 1] += first[c];
  for (R_xlen_t i = n - 1; i >= 0; i--)
    sorted[--first[case_[by_coder[i]]]] = by_coder[i];
  return sorted;
}

static int no_missing(const int *x, R_xlen_t n)
{
  for (R_xlen_t i = 0; i < n; i++) {
    if (x[i] == NA_INTEGER) return 0;
  }
  return 1;
}

/* One row a rating, in any order. `duplicate` is the row (from 1) of a rating whose
   case and coder an earlier row has already, or 0. Rows without a code make no pattern.
 */
SEXP agreement_patterns_long(SEXP case_, SEXP coder, SEXP code, SEXP n_cases,
                             SEXP n_coders, SEXP n_codes, SEXP keep_coders)
{
  int n_case = check_int(n_cases, 0, INT_MAX - 1, "n_cases");
  int q = check_int(n_codes, 1, INT_MAX, "n_codes");
  int m = check_int(n_coders, 0, INT_MAX / q, "n_coders");
  int keep = check_int(keep_coders, 0, 1, "keep_coders");
  R_xlen_t n = Rf_xlength(case_);
  check_type(case_, INTSXP, "case");
  check_type(coder, INTSXP, "coder");
  check_type(code, INTSXP, "code");
  check_length(coder, n, "coder");
  check_length(code, n, "code");
  const int *c = INTEGER_RO(case_), *g = INTEGER_RO(coder), *k = INTEGER_RO(code);
  check_codes(c, n, n_case, "case");
  check_codes(g, n, m, "coder");
  check_codes(k, n, q, "code");
  if (!no_missing(c, n) || !no_missing(g, n)) stop_internal("a rating has no case");
  R_xlen_t *first = (R_xlen_t *)R_alloc((size_t)n_case + 2, sizeof(R_xlen_t));
  R_xlen_t *row = sort_rows(c, g, n, n_case, m, first);
  int *keys = (int *)R_alloc((size_t)m + 1, sizeof(int));
  pattern_table table = table_new();
  double duplicate = 0;
  SEXP of = PROTECT(Rf_allocVector(INTSXP, n_case));
  int *pattern = INTEGER(of);
  for (int i = 0; i < n_case; i++) {
    int r = 0;
    R_xlen_t from = first[i + 1], to = i + 1 < n_case ? first[i + 2] : n;
    for (R_xlen_t j = from; j < to; j++) {
      R_xlen_t at = row[j];
      if (j > from && g[at] == g[row[j - 1]]) {
        if (duplicate == 0) duplicate = (double)at + 1;
        continue;
      }
      if (k[at] != NA_INTEGER) keys[r++] = (keep ? (g[at] - 1) * q : 0) + k[at];
    }
    if (!keep) sort_keys(keys, r);
    pattern[i] = r == 0 ? 0 : table_add(&table, keys, r);
  }
  SEXP result = table_result(&table, of, duplicate);
  UNPROTECT(1);
  return result;
}
