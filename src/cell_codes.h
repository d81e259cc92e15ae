/* The cells of a column, whatever its type, as codes, a block of rows at a time. */
#ifndef CASEREVIEW_CELL_CODES_H
#define CASEREVIEW_CELL_CODES_H

#include "encode.h"

typedef enum { CELLS_CODED, CELLS_LOOKED_UP, CELLS_NUMBERS, CELLS_TEXTS } cell_kind;

typedef enum {
  CELLS_GOOD,
  CELLS_OUTSIDE /* an integer that is no code or no level */
} cell_state;

/* A cell has the code 0 where blank, 1..n_codes, or n_codes + 1 where it is none. */
typedef struct {
  cell_kind kind;
  int n_codes;
  int strict;       /* levels: none may lie outside */
  const int *whole; /* CELLS_CODED, CELLS_LOOKED_UP */
  const double *number;
  const SEXP *text;
  int lowest, n_known; /* the whole numbers whose code stands in `known` */
  const int *known;    /* n_known codes and a 0 */
  dictionary words;    /* all else that a cell may hold */
  const int *position; /* the code of each word; NULL where there are no words */
  cell_memory *seen;
} cell_column;

/* Most cells of a block. */
enum { CELL_BLOCK = 2048 };

/* `words` is NULL (the column holds codes), the lowest and highest whole number that
   has a code, as integers, or list(word, position). */
cell_column cell_column_new(SEXP column, SEXP words, int n_codes);

/* For up to CELL_BLOCK rows: at[i] becomes times * at[i] + the code of row start + i */
cell_state cell_codes(const cell_column *column, R_xlen_t start, int n, unsigned times,
                      int *at);

#endif
