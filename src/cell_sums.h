/* Rows and sums of a number by cell of a cross-tabulation. */
#ifndef CASEREVIEW_CELL_SUMS_H
#define CASEREVIEW_CELL_SUMS_H

#include "cells.h"

/* `n` rows, `lost` of them without a number; the sum of the others is sum + low. */
typedef struct {
  double n;
  double lost;
  double sum;
  double low;
} cell_sum;

/* How a number becomes two whole ones: see cell_sums.c. */
typedef struct {
  int exponent;
  double shift;
  double fine_shift;
} cut_scale;

typedef struct {
  uint64_t whole;
  uint64_t rest;
} cut_number;

typedef struct {
  uint32_t n_cells;
  int n_blocks; /* since `table` was last emptied into `cell` */
  int gaps;     /* a number was NaN: rows go one by one from there */
  int wait;     /* blocks to go before one is cut again, */
  int patience; /* and how many these were after the last that could not be */
  cut_scale scale;
  cut_number *table; /* NULL where the cells are too many */
  cell_sum *cell;
} cell_sums;

cell_sums cell_sums_new(uint32_t n_cells);
int cell_sums_add(cell_sums *sums, const cell_walk *walk, const double *x,
                  int positive);
void cell_sums_end(cell_sums *sums);

#endif
