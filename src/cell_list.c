/* Rows that a pass over the data picks out, each with a number that says why. Memory is
   in proportion to what is noted. */
#include <limits.h>
#include <string.h>

#include "cell_list.h"
#include "result.h"
#include "size.h"

static int *grown(const int *old, R_xlen_t n_old, R_xlen_t n_new)
{
  int *bigger = (int *)R_alloc((size_t)n_new, sizeof(int));
  if (n_old > 0) memcpy(bigger, old, size_mul((size_t)n_old, sizeof(int)));
  return bigger;
}

void note_cell(cell_list *list, R_xlen_t i, int verdict)
{
  if (verdict == CELL_BLANK && !list->with_blank) return;
  if (list->n == list->size) {
    R_xlen_t size = list->size == 0 ? 64 : list->size * 2;
    list->row = grown(list->row, list->n, size);
    list->verdict = grown(list->verdict, list->n, size);
    list->size = size;
  }
  list->row[list->n] = (int)(i + 1);
  list->verdict[list->n++] = verdict;
}

/* A fresh list of rows and verdicts, not protected. */
SEXP cell_list_result(const cell_list *list)
{
  static const char *const names[] = {"row", "verdict"};
  SEXP result = PROTECT(result_list(2, names));
  SEXP rows = Rf_allocVector(INTSXP, list->n);
  SET_VECTOR_ELT(result, 0, rows);
  SEXP verdicts = Rf_allocVector(INTSXP, list->n);
  SET_VECTOR_ELT(result, 1, verdicts);
  if (list->n > 0) {
    memcpy(INTEGER(rows), list->row, size_mul((size_t)list->n, sizeof(int)));
    memcpy(INTEGER(verdicts), list->verdict, size_mul((size_t)list->n, sizeof(int)));
  }
  UNPROTECT(1);
  return result;
}

void check_rows(SEXP cells)
{
  if (Rf_xlength(cells) > INT_MAX) stop_internal("a column is longer than rows can be");
}
