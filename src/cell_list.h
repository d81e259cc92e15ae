/* Rows that a pass over the data picks out, each with a number that says why. */
#ifndef CASEREVIEW_CELL_LIST_H
#define CASEREVIEW_CELL_LIST_H

#include "casereview.h"

/* What a cell may be; rules in R are numbered so. */
enum verdict {
  CELL_GOOD = 0,
  CELL_BLANK = 1,
  CELL_ALIAS = 2,
  CELL_CODE = 3,
  CELL_TYPE = 4,
  CELL_WHOLE = 5,
  CELL_RANGE = 6,
  CELL_DATE = 7,
  CELL_PATTERN = 8,
  CELL_UNSURE = 9
};

/* It grows with the cells noted; start it as {0, 0, NULL, NULL, with_blank}. */
typedef struct {
  R_xlen_t n, size;
  int *row, *verdict;
  int with_blank; /* whether blank cells are wanted */
} cell_list;

void note_cell(cell_list *list, R_xlen_t i, int verdict);
SEXP cell_list_result(const cell_list *list);
void check_rows(SEXP cells);

#endif
