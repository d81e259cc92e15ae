/* The cells of a cross-tabulation: cases with codes 1..k (or NA) in each of several
   variables, counted into a table with a slot for NA beside the codes. */
#ifndef CASEREVIEW_CELLS_H
#define CASEREVIEW_CELLS_H

#include <stdint.h>
#include <string.h>
#include <time.h>

#include "bits.h"
#include "casereview.h"

/* Rows are taken in blocks, so that what is made of a block stays in the first cache,
   and small ones, so that memory is read all the time. The codes of CELLS_LINE rows are
   a line of the cache. */
enum {
  CELLS_BLOCK = 128,
  CELLS_LINE = 16,
  FLUSH_BLOCKS = 1073741824 / CELLS_BLOCK,
  TICK_BLOCKS = 1048576 / CELLS_BLOCK
};

/* The first variable varies slowest. Variable v has codes 1..size[v]; NA is slot 0, so
   it takes size[v] + 1 slots. */
typedef struct {
  int n_vars;
  const int **code;
  int *size;
  R_xlen_t n_rows;
  uint32_t n_cells;
} cell_space;

/* What is known of the values of a cell: rows with a value and `lost` without, and sums
   that lose nothing to rounding between large and small terms, each sum + low. */
typedef struct {
  double n;
  double lost;
  double sum;
  double low;
  double weight;
  double weight_low;
  double min;
  double max;
} cell_moment;

/* Counts of rows, whose table need not be one row an increment. */
typedef struct {
  uint32_t n_cells;
  size_t n_slots;
  uint32_t *table;
} cell_counter;

/* A long pass over rows that a user may stop, and hears of after two seconds. */
typedef struct {
  time_t started;
  int percent; /* last shown; -1 before any, -2 where nobody watches */
} cell_progress;

/* The rows of a space, block by block: the keys of the m rows that begin at `from`. */
typedef struct {
  const cell_space *space;
  R_xlen_t from;
  R_xlen_t block; /* counted from 1 */
  int m;
  int sound; /* 0 once a code was outside its levels, which ends the walk */
  cell_progress progress;
  uint32_t key[CELLS_BLOCK];
} cell_walk;

void cells_walk(cell_walk *walk, const cell_space *space);
int cells_next(cell_walk *walk);
cell_counter cells_counter(uint32_t n_cells);
void cells_add(cell_counter *counter, const uint32_t *key, int m);
void cells_flush(cell_counter *counter, double *count);
cell_space cells_space(SEXP codes, SEXP sizes);
int cells_keys(const cell_space *space, R_xlen_t from, int m, uint32_t *key);
int cells_count(const cell_space *space, double *count);

static inline void fetch_ahead(const void *address)
{
#if defined(__GNUC__)
  __builtin_prefetch(address);
#else
  (void)address;
#endif
}

/* Asks for what the next block will read while rows i.. of this one, whose numbers
   begin at x, are worked on: or else each block would begin by waiting for memory. */
static inline void cells_ahead(const cell_walk *walk, const double *x, int i)
{
  R_xlen_t next = walk->from + CELLS_BLOCK + i;
  if (next + CELLS_LINE > walk->space->n_rows) return;
  for (int v = 0; v < walk->space->n_vars; v++)
    fetch_ahead(walk->space->code[v] + next);
  fetch_ahead(x + CELLS_BLOCK + i);
  fetch_ahead(x + CELLS_BLOCK + i + CELLS_LINE / 2);
}

static inline void two_sum(double *sum, double *low, double x)
{
  double s = *sum, t = s + x, z = t - s;
  *low += (s - (t - z)) + (x - z);
  *sum = t;
}

/* sum + low, or the plain sum where infinite terms leave no low part. */
static inline double two_sum_value(double sum, double low)
{
  return R_FINITE(sum) && R_FINITE(low) ? sum + low : sum;
}

#endif
