/* Sums by cell from which no rounding error takes anything. Rows of a block are cut
   into whole numbers of coarse and of fine steps, which are added exactly, in any order
   and without one row waiting for another; every few blocks they go into compensated
   sums. Cutting by adding a large power of two is that of Rump, Ogita and Oishi (2008,
   SIAM Journal on Scientific Computing 31, 189, section 3). Numbers too large, too
   small or infinite for the steps of the hour, and tables of many cells, take
   compensated sums row by row (two_sum(), Knuth).

   With `exponent` e, |x| < 2^e and coarse steps of q = 2^(e - 23), x + shift has units
   of q: its mantissa holds 2^38 + x / q rounded. So the bits of up to 2^13 such sums
   add up to rows (from bit 38) and steps (below), and what overflows bit 52 is
   exponents, known and unwanted. The rest, at most q / 2, takes fine steps of q / 2^50
   in the same way. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "cell_sums.h"
#include "size.h"

enum {
  COARSE_BITS = 23,
  LEAST_BITS = 3,
  FINE_BITS = 50,
  ROW_BIT = 38,
  MANTISSA_BITS = 52,
  CUT_BLOCKS = 8192 / CELLS_BLOCK, /* 2^13 rows */
  CUT_CELLS = 256,                 /* more take longer to empty than they save */
  N_TABLES = 2,                    /* rows take turns: neighbours are often equal */
  EXPONENT_LIMIT = 800,
  LONGEST_WAIT = 64
};

/* Where doubles are computed with more digits than they have, none can be cut. */
static const int can_cut = FLT_EVAL_METHOD == 0;

static cut_scale scale_of(int exponent)
{
  double coarse = ldexp(1, exponent - COARSE_BITS), fine = ldexp(coarse, -FINE_BITS);
  cut_scale scale = {exponent, (ldexp(1, MANTISSA_BITS) + ldexp(1, ROW_BIT)) * coarse,
                     1.5 * ldexp(fine, MANTISSA_BITS)};
  return scale;
}

cell_sums cell_sums_new(uint32_t n_cells)
{
  cell_sums sums = {n_cells, 0, 0, 0, 0, scale_of(0), NULL, NULL};
  if (can_cut && n_cells <= CUT_CELLS) {
    size_t n = (size_t)N_TABLES * n_cells;
    sums.table = (cut_number *)R_alloc(n, sizeof(cut_number));
    memset(sums.table, 0, size_mul(n, sizeof(cut_number)));
  }
  sums.cell = (cell_sum *)R_alloc(n_cells, sizeof(cell_sum));
  memset(sums.cell, 0, size_mul(n_cells, sizeof(cell_sum)));
  return sums;
}

/* Cuts a full block; 0 if a number does not fit the scale. The count is a constant and
   nothing branches, which lets the compiler use vectors. A `positive` number of at
   least 2^LEAST_BITS coarse steps has no digits below the fine ones: that it lies
   between is all there is to see. Of others it is seen that the fine steps leave
   nothing. */
static inline int cut_rows(const double *restrict x, cut_scale scale, int positive,
                           cut_number *restrict cut)
{
  const uint64_t limit = UINT64_C(1) << COARSE_BITS;
  uint64_t outside = 0, lacking = 0, least = bits_of(scale.shift);
  least = positive ? least + (1 << LEAST_BITS) : least - limit;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    double shifted = x[i] + scale.shift;
    double rest = x[i] - (shifted - scale.shift);
    double fine = rest + scale.fine_shift;
    cut[i].whole = bits_of(shifted);
    cut[i].rest = bits_of(fine);
    outside |= bits_of(shifted) - least;
    if (!positive) lacking |= bits_of(fine - scale.fine_shift) ^ bits_of(rest);
  }
  return outside < (positive ? limit : 2 * limit) && lacking == 0;
}

static int cut_positive(const double *x, cut_scale scale, cut_number *cut)
{
  return cut_rows(x, scale, 1, cut);
}

static int cut_any(const double *x, cut_scale scale, cut_number *cut)
{
  return cut_rows(x, scale, 0, cut);
}

static inline void add_cut(cut_number *to, cut_number x)
{
  to->whole += x.whole;
  to->rest += x.rest;
}

static void add_block(cell_sums *sums, const cell_walk *walk, const double *x,
                      const cut_number *restrict cut)
{
  cut_number *restrict first = sums->table, *restrict second = first + sums->n_cells;
  const uint32_t *key = walk->key;
  int i = 0;
  for (; i + CELLS_LINE <= walk->m; i += CELLS_LINE) {
    cells_ahead(walk, x, i);
    for (int j = i; j < i + CELLS_LINE; j += 2) {
      add_cut(first + key[j], cut[j]);
      add_cut(second + key[j + 1], cut[j + 1]);
    }
  }
  for (; i < walk->m; i++) add_cut(first + key[i], cut[i]);
}

/* Rows one by one; a sum that is infinite loses its low part, which is then NaN. */
static void add_rows(const uint32_t *key, const double *x, int m, cell_sum *cell)
{
  for (int i = 0; i < m; i++) {
    cell_sum *c = cell + key[i];
    c->n += 1;
    if (ISNAN(x[i])) {
      c->lost += 1;
    } else {
      two_sum(&c->sum, &c->low, x[i]);
    }
  }
}

/* Adds what the table holds for one cell. */
static void add_total(cut_number total, cut_scale scale, cell_sum *cell)
{
  double coarse = ldexp(1, scale.exponent - COARSE_BITS);
  double fine = ldexp(coarse, -FINE_BITS);
  uint64_t whole = total.whole & ((UINT64_C(1) << MANTISSA_BITS) - 1);
  uint64_t half_row = UINT64_C(1) << (ROW_BIT - 1);
  uint64_t rows = (whole + half_row) >> ROW_BIT;
  int64_t steps = (int64_t)(whole + half_row - (rows << ROW_BIT)) - (int64_t)half_row;
  int64_t rest = (int64_t)(total.rest - rows * bits_of(scale.fine_shift));
  const int64_t digit = INT64_C(1) << 32; /* so that each part is a double */
  cell->n += (double)rows;
  two_sum(&cell->sum, &cell->low, (double)steps * coarse);
  two_sum(&cell->sum, &cell->low, (double)(rest / digit) * (double)digit * fine);
  two_sum(&cell->sum, &cell->low, (double)(rest % digit) * fine);
}

void cell_sums_end(cell_sums *sums)
{
  if (sums->n_blocks == 0) return;
  for (uint32_t i = 0; i < sums->n_cells; i++) {
    cut_number total = sums->table[i];
    for (uint32_t t = 1; t < N_TABLES; t++)
      add_cut(&total, sums->table[t * sums->n_cells + i]);
    if (total.whole != 0) add_total(total, sums->scale, sums->cell + i);
  }
  memset(sums->table, 0, (size_t)N_TABLES * sums->n_cells * sizeof(cut_number));
  sums->n_blocks = 0;
}

/* Takes the scale of a block that did not fit the last one; 0 if there is no better. */
static int rescale(cell_sums *sums, const double *x)
{
  const uint64_t infinite = bits_of(R_PosInf);
  uint64_t most = 0; /* among positive doubles the greater has the greater bits */
  int exponent;
  for (int i = 0; i < CELLS_BLOCK; i++) {
    uint64_t bits = bits_of(fabs(x[i]));
    if (bits > most && bits < infinite) most = bits;
  }
  frexp(double_of(most), &exponent);
  exponent++; /* blocks to come may hold somewhat larger ones */
  if (most == 0 || exponent == sums->scale.exponent) return 0;
  if (exponent > EXPONENT_LIMIT || exponent < -EXPONENT_LIMIT) return 0;
  cell_sums_end(sums);
  sums->scale = scale_of(exponent);
  return 1;
}

/* 0 where the block has to go row by row. After one that had to, some are not tried, so
   that numbers of which most do not fit cost no more than they must. */
static int cut_block(cell_sums *sums, const double *x, cut_number *cut)
{
  if (cut_any(x, sums->scale, cut) ||
      (rescale(sums, x) && cut_any(x, sums->scale, cut))) {
    sums->patience = 0;
    return 1;
  }
  sums->wait = sums->patience =
      sums->patience < LONGEST_WAIT ? 2 * sums->patience + 1 : LONGEST_WAIT;
  return 0;
}

static int any_nan(const double *x, int m)
{
  for (int i = 0; i < m; i++)
    if (ISNAN(x[i])) return 1;
  return 0;
}

/* Adds the block of x that the walk stands at; `positive` says that its numbers are
   likely to be above 0, and 1 is returned if they were seen to be, and finite. */
int cell_sums_add(cell_sums *sums, const cell_walk *walk, const double *x, int positive)
{
  double padded[CELLS_BLOCK];
  cut_number cut[CELLS_BLOCK];
  const double *block = x += walk->from;
  if (sums->table == NULL || sums->gaps || (sums->wait > 0 && sums->wait-- > 0)) {
    add_rows(walk->key, x, walk->m, sums->cell);
    return 0;
  }
  if (walk->m < CELLS_BLOCK) {
    for (int i = 0; i < CELLS_BLOCK; i++) padded[i] = x[i < walk->m ? i : 0];
    block = padded;
  }
  int above = positive && cut_positive(block, sums->scale, cut);
  if (above || cut_block(sums, block, cut)) {
    add_block(sums, walk, x, cut);
    if (++sums->n_blocks == CUT_BLOCKS) cell_sums_end(sums);
    return above;
  }
  sums->gaps = any_nan(x, walk->m);
  add_rows(walk->key, x, walk->m, sums->cell);
  return 0;
}
