/* The cells of a column, whatever its type, as codes, a block of rows at a time. */
#ifndef CASEREVIEW_CELL_CODES_H
#define CASEREVIEW_CELL_CODES_H

#include "encode.h"
#include "number_slots.h"

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
  cell_memory seen;
  number_slots slots; /* CELLS_NUMBERS: the codes of the numbers among the words */
} cell_column;

/* A cell stands in a row of a table: by its code, or, where that spares a look-up a
   cell, by its place among the whole numbers known. */
typedef struct {
  int by_place, n_rows;
  const int *code; /* of each row */
  const int *row;  /* of a code, for a cell outside the places */
} cell_rows;

/* Most cells of a block. */
enum { CELL_BLOCK = 2048 };

/* `words` is NULL (the column holds codes), the lowest and highest whole number that
   has a code, as integers, or list(word, position). */
cell_column cell_column_new(SEXP column, SEXP words, int n_codes);

/* Tables of at most `most` rows may go by place. */
cell_rows cell_rows_new(const cell_column *column, int most);

/* For up to CELL_BLOCK cells from `start`: at[i] becomes times * at[i] + the cell's
   code; with `rows`, its row. */
cell_state cell_codes(const cell_column *column, const cell_rows *rows, R_xlen_t start,
                      int n, unsigned times, int *at);

#endif
