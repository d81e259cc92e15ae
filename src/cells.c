/* Counting cases by cell. NA has a slot of its own, so no row needs a branch; where the
   table is small, two rows share one increment (of a table of pairs) and rows in turn
   go to separate tables, so that equal neighbours do not wait for each other. */
#include <string.h>

#include "cells.h"
#include "check.h"
#include "size.h"

enum { PAIRS_LIMIT = 64, FOUR_LIMIT = 2048 };

/* Unpacks a list of integer vectors of one length. The number of cells fits in an int.
 */
cell_space cells_space(SEXP codes, SEXP sizes)
{
  check_type(codes, VECSXP, "codes");
  check_type(sizes, INTSXP, "sizes");
  R_xlen_t n_vars = Rf_xlength(codes);
  check_length(sizes, n_vars, "sizes");
  if (n_vars < 1 || n_vars > 1000)
    stop_internal("`codes` must name 1 to 1000 variables");
  cell_space space = {(int)n_vars, NULL, NULL, 0, 1};
  space.code = (const int **)R_alloc((size_t)n_vars, sizeof(int *));
  space.size = (int *)R_alloc((size_t)n_vars, sizeof(int));
  space.n_rows = Rf_xlength(VECTOR_ELT(codes, 0));
  for (int v = space.n_vars - 1; v >= 0; v--) {
    SEXP code = VECTOR_ELT(codes, v);
    check_type(code, INTSXP, "codes");
    check_length(code, space.n_rows, "codes");
    space.code[v] = INTEGER_RO(code);
    space.size[v] = INTEGER_RO(sizes)[v];
    if (space.size[v] < 0) stop_internal("`sizes` must be 0 or more");
    double n_cells = (double)space.n_cells * ((double)space.size[v] + 1);
    if (n_cells > 2147483647.0) stop_internal("too many cells");
    space.n_cells = (uint32_t)n_cells;
  }
  return space;
}

/* The sign bit is set where x is neither NA nor one of 1..size. */
static inline uint32_t outside(uint32_t x, uint32_t size)
{
  return (x - 1) | (size - (x & 0x7fffffffu));
}

/* The keys of a full block by one variable, by two, and extended by one more; the sign
   bit of the result is set where a code lies outside. The count is a constant, which
   lets the compiler use vectors. */
static uint32_t one_key(const int *restrict a, uint32_t size, uint32_t *restrict key)
{
  uint32_t bad = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    bad |= outside((uint32_t)a[i], size);
    key[i] = (uint32_t)a[i] & 0x7fffffffu;
  }
  return bad;
}

static uint32_t two_keys(const int *restrict a, uint32_t size_a, const int *restrict b,
                         uint32_t size_b, uint32_t *restrict key)
{
  uint32_t bad = 0, slots = size_b + 1;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    uint32_t x = (uint32_t)a[i], y = (uint32_t)b[i];
    bad |= outside(x, size_a) | outside(y, size_b);
    key[i] = (x & 0x7fffffffu) * slots + (y & 0x7fffffffu);
  }
  return bad;
}

static uint32_t more_keys(const int *restrict a, uint32_t size, uint32_t *restrict key)
{
  uint32_t bad = 0, slots = size + 1;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    bad |= outside((uint32_t)a[i], size);
    key[i] = key[i] * slots + ((uint32_t)a[i] & 0x7fffffffu);
  }
  return bad;
}

/* The codes of a block; those of the last one, which is short, padded with NA. */
static const int *block_codes(const int *code, int m, int *padded)
{
  if (m >= CELLS_BLOCK) return code;
  memcpy(padded, code, (size_t)m * sizeof(int));
  for (int i = m; i < CELLS_BLOCK; i++) padded[i] = NA_INTEGER;
  return padded;
}

/* The cell of each of rows from..from+m-1 (`key` has room for a full block); 0 if a
   code is not what its factor says, and then the keys must not be used. */
int cells_keys(const cell_space *space, R_xlen_t from, int m, uint32_t *key)
{
  int first[CELLS_BLOCK], second[CELLS_BLOCK];
  uint32_t bad;
  const int *a = block_codes(space->code[0] + from, m, first);
  if (space->n_vars == 1) {
    bad = one_key(a, (uint32_t)space->size[0], key);
  } else {
    const int *b = block_codes(space->code[1] + from, m, second);
    bad = two_keys(a, (uint32_t)space->size[0], b, (uint32_t)space->size[1], key);
  }
  for (int v = 2; v < space->n_vars; v++) {
    a = block_codes(space->code[v] + from, m, first);
    bad |= more_keys(a, (uint32_t)space->size[v], key);
  }
  return bad >> 31 == 0;
}

static int is_interactive(void)
{
  SEXP call = PROTECT(Rf_lang1(Rf_install("interactive")));
  SEXP answer = PROTECT(Rf_eval(call, R_BaseEnv));
  int is = Rf_asLogical(answer) == 1;
  UNPROTECT(2);
  return is;
}

/* To be called about every million rows. Scripts are told nothing. */
static void tick(cell_progress *progress, R_xlen_t done, R_xlen_t n_rows)
{
  R_CheckUserInterrupt();
  if (progress->percent == -2 || difftime(time(NULL), progress->started) < 2) return;
  if (progress->percent == -1 && !is_interactive()) {
    progress->percent = -2;
    return;
  }
  int percent = (int)(100.0 * (double)done / (double)n_rows);
  if (percent == progress->percent) return;
  progress->percent = percent;
  REprintf("\rTabulating: %3d%% of %.0f rows", percent, (double)n_rows);
}

void cells_walk(cell_walk *walk, const cell_space *space)
{
  memset(walk, 0, sizeof *walk);
  walk->space = space;
  walk->sound = 1;
  walk->progress.started = time(NULL);
  walk->progress.percent = -1;
}

/* Goes to the next block; 0 where there is none. */
int cells_next(cell_walk *walk)
{
  R_xlen_t n_rows = walk->space->n_rows;
  if (walk->block > 0 && walk->block % TICK_BLOCKS == 0)
    tick(&walk->progress, walk->from, n_rows);
  walk->from += walk->m;
  walk->block++;
  R_xlen_t left = n_rows - walk->from;
  walk->m = left < CELLS_BLOCK ? (int)left : CELLS_BLOCK;
  if (left > 0) walk->sound = cells_keys(walk->space, walk->from, walk->m, walk->key);
  if (left > 0 && walk->sound) return 1;
  if (walk->progress.percent >= 0) REprintf("\r%60s\r", "");
  return 0;
}

/* Counts pairs of neighbours into a table of n_cells x n_cells. */
static void count_pairs(const uint32_t *key, int m, uint32_t n_cells, uint32_t *table)
{
  uint32_t *other = table + (size_t)n_cells * n_cells;
  int i = 0;
  for (; i + 3 < m; i += 4) {
    table[key[i] * n_cells + key[i + 1]]++;
    other[key[i + 2] * n_cells + key[i + 3]]++;
  }
  for (; i + 1 < m; i += 2) table[key[i] * n_cells + key[i + 1]]++;
  if (i < m) other[n_cells * n_cells + key[i]]++;
}

static void count_four(const uint32_t *key, int m, uint32_t n_cells, uint32_t *table)
{
  uint32_t *t1 = table + n_cells, *t2 = t1 + n_cells, *t3 = t2 + n_cells;
  int i = 0;
  for (; i + 3 < m; i += 4) {
    table[key[i]]++;
    t1[key[i + 1]]++;
    t2[key[i + 2]]++;
    t3[key[i + 3]]++;
  }
  for (; i < m; i++) table[key[i]]++;
}

/* A table of pairs counts each pair for its first row and for its second. */
static void flush_pairs(const uint32_t *table, uint32_t n_cells, double *count)
{
  for (uint32_t i = 0; i < n_cells; i++) {
    double first = 0;
    for (uint32_t j = 0; j < n_cells; j++) {
      double n = table[i * n_cells + j];
      first += n;
      count[j] += n;
    }
    count[i] += first;
  }
}

static size_t counter_slots(uint32_t n_cells)
{
  if (n_cells <= PAIRS_LIMIT) return (size_t)2 * n_cells * n_cells + n_cells;
  return n_cells <= FOUR_LIMIT ? (size_t)4 * n_cells : (size_t)n_cells;
}

cell_counter cells_counter(uint32_t n_cells)
{
  cell_counter counter = {n_cells, counter_slots(n_cells), NULL};
  counter.table = (uint32_t *)R_alloc(counter.n_slots, sizeof(uint32_t));
  memset(counter.table, 0, size_mul(counter.n_slots, sizeof(uint32_t)));
  return counter;
}

/* Counts m rows; after 2^31 of them at the latest the counter must be flushed. */
void cells_add(cell_counter *counter, const uint32_t *key, int m)
{
  uint32_t *table = counter->table;
  if (counter->n_cells <= PAIRS_LIMIT) {
    count_pairs(key, m, counter->n_cells, table);
  } else if (counter->n_cells <= FOUR_LIMIT) {
    count_four(key, m, counter->n_cells, table);
  } else {
    for (int i = 0; i < m; i++) table[key[i]]++;
  }
}

/* Adds what was counted to `count` and starts again from 0. */
void cells_flush(cell_counter *counter, double *count)
{
  size_t from = 0;
  uint32_t n_cells = counter->n_cells;
  if (n_cells <= PAIRS_LIMIT) {
    size_t pairs = (size_t)n_cells * n_cells;
    flush_pairs(counter->table, n_cells, count);
    flush_pairs(counter->table + pairs, n_cells, count);
    from = 2 * pairs;
  }
  for (; from < counter->n_slots; from += n_cells)
    for (uint32_t i = 0; i < n_cells; i++) count[i] += counter->table[from + i];
  memset(counter->table, 0, counter->n_slots * sizeof(uint32_t));
}

/* Counts all rows into `count` (n_cells long, zeroed here); 0 if a code is bad. */
int cells_count(const cell_space *space, double *count)
{
  cell_counter counter = cells_counter(space->n_cells);
  memset(count, 0, size_mul(space->n_cells, sizeof(double)));
  cell_walk walk;
  cells_walk(&walk, space);
  while (cells_next(&walk)) {
    cells_add(&counter, walk.key, walk.m);
    if (walk.block % FLUSH_BLOCKS == 0) cells_flush(&counter, count);
  }
  cells_flush(&counter, count);
  return walk.sound;
}
