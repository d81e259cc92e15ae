/* Weights by leaf cell: rows and sums in one pass, and whether the weights are fit to
   be weights. Weights that are small whole numbers, as most are, take one addition a
   row: a count and a sum share a word of 64 bits. Other weights go into sums that lose
   nothing (cell_sums.c). */
#include <math.h>
#include <string.h>

#include "cell_sums.h"
#include "cells.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

/* A sum of 2^20 weights below 2^20 fits under a count in bits 40 and above. */
#define ONE_ROW (UINT64_C(1) << 40)
#define SMALL_WEIGHT (UINT64_C(1) << 20)
enum { SHARED_BLOCKS = 1048576 / CELLS_BLOCK, TWO_TABLES = 4096 };
static const double whole_shift = 4503599627370496.0; /* 2^52 */
static const double greatest = 1.7976931348623157e308;

typedef struct {
  double unknown;
  double first_unknown;
  double negative;
  double first_negative;
  double zero;
  int whole;
} weight_facts;

/* `word` holds one table or two, of which rows take turns; `other` all else. */
typedef struct {
  uint32_t n_cells;
  int n_tables;
  int n_blocks;
  uint64_t *word;
  cell_sums other;
} weight_sums;

/* Whether all weights of a full block are whole, below 2^20 and not below 0; `add` is
   then what each adds to a word, and `zero` says that some are 0. What is too large or
   negative sets other bits of `all`; the top bit of `none` is set by any 0. */
static int whole_words(const double *restrict weight, uint64_t *restrict add, int *zero)
{
  uint64_t base = bits_of(whole_shift) - ONE_ROW, part = 0, all = 0, none = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    double shifted = weight[i] + whole_shift;
    part |= bits_of(shifted - whole_shift) ^ bits_of(weight[i]);
    add[i] = bits_of(shifted) - base;
    all |= add[i];
    none |= bits_of(weight[i]) - 1;
  }
  *zero = none >> 63 != 0;
  return part == 0 && (all & ~ONE_ROW) < SMALL_WEIGHT;
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

static int all_whole(const double *weight, int m)
{
  for (int i = 0; i < m; i++)
    if (weight[i] != floor(weight[i])) return 0;
  return 1;
}

static double count_zero(const double *weight)
{
  int64_t zero = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) zero += weight[i] == 0;
  return (double)zero;
}

/* Whether a weight of a full block is negative or not finite. */
static int is_unfit(const double *weight)
{
  int64_t fit = 0;
  for (int i = 0; i < CELLS_BLOCK; i++) fit += weight[i] >= 0 && weight[i] <= greatest;
  return fit < CELLS_BLOCK;
}

/* What there is to say of weights that are not all above 0. */
static void add_facts(const double *weight, int m, R_xlen_t from, weight_facts *facts)
{
  facts->zero += count_zero(weight);
  if (!is_unfit(weight)) return;
  for (int i = 0; i < m; i++) {
    if (!R_FINITE(weight[i])) {
      if (facts->unknown++ == 0) facts->first_unknown = (double)(from + i + 1);
    } else if (weight[i] < 0) {
      if (facts->negative++ == 0) facts->first_negative = (double)(from + i + 1);
    }
  }
}

static void add_words(const cell_walk *walk, const double *weight,
                      const uint64_t *restrict add, const weight_sums *sums)
{
  uint64_t *first = sums->word, *second = first;
  const uint32_t *key = walk->key;
  if (sums->n_tables == 2) second += sums->n_cells;
  int i = 0;
  for (; i + CELLS_LINE <= walk->m; i += CELLS_LINE) {
    cells_ahead(walk, weight, i);
    for (int j = i; j < i + CELLS_LINE; j += 2) {
      first[key[j]] += add[j];
      second[key[j + 1]] += add[j + 1];
    }
  }
  for (; i < walk->m; i++) first[key[i]] += add[i];
}

static void flush_words(weight_sums *sums)
{
  size_t n_words = (size_t)sums->n_tables * sums->n_cells;
  for (size_t j = 0; j < n_words; j++) {
    cell_sum *cell = sums->other.cell + j % sums->n_cells;
    cell->n += (double)(sums->word[j] / ONE_ROW);
    two_sum(&cell->sum, &cell->low, (double)(sums->word[j] % ONE_ROW));
  }
  memset(sums->word, 0, n_words * sizeof(uint64_t));
  sums->n_blocks = 0;
}

/* The block that the walk stands at; the last, short one is padded with 1. */
static void weigh_block(const cell_walk *walk, const double *weight, weight_sums *sums,
                        weight_facts *facts)
{
  uint64_t add[CELLS_BLOCK];
  double padded[CELLS_BLOCK];
  const double *block = weight + walk->from;
  int zero = 0;
  if (walk->m < CELLS_BLOCK) {
    for (int i = 0; i < CELLS_BLOCK; i++) padded[i] = i < walk->m ? block[i] : 1;
    block = padded;
  }
  if (facts->whole && whole_words(block, add, &zero)) {
    if (zero) facts->zero += count_zero(block);
    add_words(walk, weight + walk->from, add, sums);
    if (++sums->n_blocks == SHARED_BLOCKS) flush_words(sums);
    return;
  }
  if (facts->whole) facts->whole = all_whole(block, walk->m);
  if (cell_sums_add(&sums->other, walk, weight, 1) || positive(block)) return;
  add_facts(block, walk->m, walk->from, facts);
}

static weight_sums weight_sums_new(uint32_t n_cells)
{
  weight_sums sums = {n_cells, n_cells <= TWO_TABLES ? 2 : 1, 0, NULL,
                      cell_sums_new(n_cells)};
  size_t n_words = (size_t)sums.n_tables * n_cells;
  sums.word = (uint64_t *)R_alloc(n_words, sizeof(uint64_t));
  memset(sums.word, 0, size_mul(n_words, sizeof(uint64_t)));
  return sums;
}

static int weigh_rows(const cell_space *space, const double *weight, weight_sums *sums,
                      weight_facts *facts)
{
  cell_walk walk;
  cells_walk(&walk, space);
  while (cells_next(&walk)) weigh_block(&walk, weight, sums, facts);
  flush_words(sums);
  cell_sums_end(&sums->other);
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
    const cell_sum *cell = sums.other.cell + i;
    REAL(VECTOR_ELT(list, 0))[i] = cell->n;
    REAL(VECTOR_ELT(list, 1))[i] = cell->sum;
    REAL(VECTOR_ELT(list, 2))[i] = R_FINITE(cell->low) ? cell->low : 0;
  }
  double all[N_FACTS] = {facts.unknown,        facts.first_unknown, facts.negative,
                         facts.first_negative, facts.zero,          facts.whole};
  SET_VECTOR_ELT(list, N_PARTS - 1, Rf_allocVector(REALSXP, N_FACTS));
  memcpy(REAL(VECTOR_ELT(list, N_PARTS - 1)), all, sizeof all);
  UNPROTECT(1);
  return list;
}
