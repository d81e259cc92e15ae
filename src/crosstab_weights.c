/* Weights by leaf cell: rows and sums in one pass, and whether the weights are fit to
   be weights. Weights that are small whole numbers, as most are, take one addition a
   row: a count and a sum share a word of 64 bits. Other weights go into compensated
   sums. */
#include <math.h>
#include <string.h>

#include "cells.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

/* A sum of 2^20 weights below 2^20 fits under a count in bits 40 and above. */
#define ONE_ROW (UINT64_C(1) << 40)
enum { SHARED_BLOCKS = 512, TWO_TABLES = 4096 };
static const double whole_shift = 4503599627370496.0; /* 2^52 */
static const double small_weight = 1048576;           /* 2^20 */
static const double greatest = 1.7976931348623157e308;

typedef struct {
  double n;
  double sum;
  double low;
} weight_cell;

typedef struct {
  double unknown;
  double first_unknown;
  double negative;
  double first_negative;
  double zero;
  int whole;
} weight_facts;

/* `word` holds one table or two, of which rows take turns. */
typedef struct {
  uint32_t n_cells;
  int n_tables;
  int n_blocks;
  uint64_t *word;
  weight_cell *cell;
} weight_sums;

static inline uint64_t bits_of(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* Whether all weights of a full block are whole, below `small_weight` and not below 0;
   `add` is then what each adds to a word, and `zero` says that some are 0. Among
   positive doubles the greater has the greater bits; the top bit of `large` and `none`
   is set by any weight that is too large or negative, and by any that is 0. */
static int whole_words(const double *restrict weight, uint64_t *restrict add, int *zero)
{
  uint64_t most = bits_of(small_weight) - 1, shift = bits_of(whole_shift);
  uint64_t part = 0, large = 0, none = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    double shifted = weight[i] + whole_shift;
    uint64_t bits = bits_of(weight[i]);
    part |= bits_of(shifted - whole_shift) ^ bits;
    large |= (most - bits) | bits;
    none |= bits - 1;
    add[i] = bits_of(shifted) - shift + ONE_ROW;
  }
  *zero = none >> 63 != 0;
  return part == 0 && large >> 63 == 0;
}

/* Whether all weights of a full block are finite and above 0. */
static int positive(const double *weight)
{
  uint64_t most = bits_of(greatest), bad = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    uint64_t bits = bits_of(weight[i]);
    bad |= (most - bits) | (bits - 1);
  }
  return bad >> 63 == 0;
}

static double count_zero(const double *weight, int m)
{
  int zero = 0;
  for (int i = 0; i < m; i++) zero += weight[i] == 0;
  return zero;
}

static int all_whole(const double *weight, int m)
{
  for (int i = 0; i < m; i++)
    if (weight[i] != floor(weight[i])) return 0;
  return 1;
}

static void any_facts(const double *weight, int m, R_xlen_t from, weight_facts *facts)
{
  for (int i = 0; i < m; i++) {
    if (!R_FINITE(weight[i])) {
      if (facts->unknown++ == 0) facts->first_unknown = (double)(from + i + 1);
    } else if (weight[i] < 0) {
      if (facts->negative++ == 0) facts->first_negative = (double)(from + i + 1);
    } else {
      facts->zero += weight[i] == 0;
    }
  }
}

static void add_words(const uint32_t *restrict key, const uint64_t *restrict add, int m,
                      const weight_sums *sums)
{
  uint64_t *first = sums->word, *second = first;
  if (sums->n_tables == 2) second += sums->n_cells;
  int i = 0;
  for (; i + 1 < m; i += 2) {
    first[key[i]] += add[i];
    second[key[i + 1]] += add[i + 1];
  }
  if (i < m) first[key[i]] += add[i];
}

static void add_weights(const uint32_t *key, const double *weight, int m,
                        weight_cell *cell)
{
  for (int i = 0; i < m; i++) {
    weight_cell *c = cell + key[i];
    c->n += 1;
    two_sum(&c->sum, &c->low, weight[i]);
  }
}

static void flush_words(weight_sums *sums)
{
  size_t n_words = (size_t)sums->n_tables * sums->n_cells;
  for (size_t j = 0; j < n_words; j++) {
    weight_cell *cell = sums->cell + j % sums->n_cells;
    cell->n += (double)(sums->word[j] / ONE_ROW);
    two_sum(&cell->sum, &cell->low, (double)(sums->word[j] % ONE_ROW));
  }
  memset(sums->word, 0, n_words * sizeof(uint64_t));
  sums->n_blocks = 0;
}

/* A block of weights; the last, short one is padded with 1. */
static void weigh_block(const uint32_t *key, const double *weight, int m, R_xlen_t from,
                        weight_sums *sums, weight_facts *facts)
{
  uint64_t add[CELLS_BLOCK];
  double padded[CELLS_BLOCK];
  int zero = 0;
  if (m < CELLS_BLOCK) {
    for (int i = 0; i < CELLS_BLOCK; i++) padded[i] = i < m ? weight[i] : 1;
    weight = padded;
  }
  if (facts->whole && whole_words(weight, add, &zero)) {
    if (zero) facts->zero += count_zero(weight, m);
    add_words(key, add, m, sums);
    if (++sums->n_blocks == SHARED_BLOCKS) flush_words(sums);
    return;
  }
  if (!positive(weight)) any_facts(weight, m, from, facts);
  if (facts->whole) facts->whole = all_whole(weight, m);
  add_weights(key, weight, m, sums->cell);
}

static weight_sums weight_sums_new(uint32_t n_cells)
{
  weight_sums sums = {n_cells, n_cells <= TWO_TABLES ? 2 : 1, 0, NULL, NULL};
  size_t n_words = (size_t)sums.n_tables * n_cells;
  sums.word = (uint64_t *)R_alloc(n_words, sizeof(uint64_t));
  memset(sums.word, 0, size_mul(n_words, sizeof(uint64_t)));
  sums.cell = (weight_cell *)R_alloc(n_cells, sizeof(weight_cell));
  memset(sums.cell, 0, size_mul(n_cells, sizeof(weight_cell)));
  return sums;
}

static int weigh_rows(const cell_space *space, const double *weight, weight_sums *sums,
                      weight_facts *facts)
{
  cell_walk walk;
  cells_walk(&walk, space);
  while (cells_next(&walk)) {
    weigh_block(walk.key, weight + walk.from, walk.m, walk.from, sums, facts);
  }
  flush_words(sums);
  return walk.sound;
}

enum { N_PARTS = 4, N_FACTS = 6 };

/* By leaf cell: `n`, rows; `sum` and `low`, the two parts of the sum of weights. And
   `facts`: how many weights are not finite and the row of the first of them, how many
   are negative and the first, how many are 0, whether all are whole. NULL for a code
   outside its levels. */
SEXP crosstab_weights(SEXP codes, SEXP sizes, SEXP weights)
{
  static const char *const names[] = {"n", "sum", "low", "facts"};
  cell_space space = cells_space(codes, sizes);
  check_type(weights, REALSXP, "weights");
  check_length(weights, space.n_rows, "weights");
  weight_facts facts = {0, 0, 0, 0, 0, 1};
  weight_sums sums = weight_sums_new(space.n_cells);
  if (!weigh_rows(&space, REAL_RO(weights), &sums, &facts)) return R_NilValue;
  SEXP list = PROTECT(result_list(N_PARTS, names));
  for (int p = 0; p < N_PARTS - 1; p++)
    SET_VECTOR_ELT(list, p, Rf_allocVector(REALSXP, (R_xlen_t)space.n_cells));
  for (uint32_t i = 0; i < space.n_cells; i++) {
    REAL(VECTOR_ELT(list, 0))[i] = sums.cell[i].n;
    REAL(VECTOR_ELT(list, 1))[i] = sums.cell[i].sum;
    REAL(VECTOR_ELT(list, 2))[i] = R_FINITE(sums.cell[i].low) ? sums.cell[i].low : 0;
  }
  double all[N_FACTS] = {facts.unknown,        facts.first_unknown, facts.negative,
                         facts.first_negative, facts.zero,          facts.whole};
  SET_VECTOR_ELT(list, N_PARTS - 1, Rf_allocVector(REALSXP, N_FACTS));
  memcpy(REAL(VECTOR_ELT(list, N_PARTS - 1)), all, sizeof all);
  UNPROTECT(1);
  return list;
}
