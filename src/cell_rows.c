/* In which row of a table the cells of a column stand: the row of their code, or, for
   whole numbers that lie close together, that of the number itself. */
#include "cell_codes.h"

/* Rows by place: the known whole numbers, blank, and the codes that have no place. */
static void rows_by_place(const cell_column *column, cell_rows *rows, int *code,
                          int *row)
{
  int n = column->n_known;
  rows->by_place = 1;
  for (int c = 0; c <= column->n_codes + 1; c++) row[c] = -1;
  row[0] = n;
  code[n] = 0;
  for (int i = 0; i < n; i++) {
    code[i] = column->known[i];
    row[code[i]] = i;
  }
  rows->n_rows = n + 1;
  if (column->strict) return;
  for (int c = 0; c <= column->n_codes + 1; c++) {
    if (row[c] >= 0) continue;
    row[c] = rows->n_rows;
    code[rows->n_rows++] = c;
  }
}

cell_rows cell_rows_new(const cell_column *column, int most)
{
  cell_rows rows = {0, column->n_codes + 2, NULL, NULL};
  int n = column->n_known, widest = n + 1 + rows.n_rows;
  int *code = (int *)R_alloc((size_t)widest, sizeof(int));
  int *row = (int *)R_alloc((size_t)rows.n_rows, sizeof(int));
  for (int i = 0; i < rows.n_rows; i++) code[i] = row[i] = i;
  if (column->kind == CELLS_LOOKED_UP && n > 0 && n < most && most - n > rows.n_rows)
    rows_by_place(column, &rows, code, row);
  rows.code = code;
  rows.row = row;
  return rows;
}
