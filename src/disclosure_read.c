/* What the entry points of disclosure control read from R: structures, bounds and cell
   numbers, each checked before a kernel may trust it. */
#include "check.h"
#include "disclosure_read.h"
#include "size.h"

int *alloc_ints(size_t n)
{
  return (int *)(void *)R_alloc(n + 1, sizeof(int));
}

double *alloc_doubles(size_t n)
{
  return (double *)(void *)R_alloc(n + 1, sizeof(double));
}

/* Rows of a matrix that has `columns` columns. */
int matrix_rows(SEXP x, SEXPTYPE type, int columns, const char *name)
{
  check_type(x, type, name);
  R_xlen_t n = Rf_xlength(x);
  if (n % columns != 0 || n / columns > 50000000)
    stop_internal("`%s` must have %d columns", name, columns);
  return (int)(n / columns);
}

/* Arc ends, counted from 0, each inside 0..n_nodes-1. */
int *read_arcs(SEXP structure, int n, int n_nodes)
{
  check_type(structure, INTSXP, "structure");
  check_length(structure, 2 * (R_xlen_t)n, "structure");
  const int *from = INTEGER_RO(structure);
  int *ends = alloc_ints(2 * (size_t)n);
  for (int i = 0; i < 2 * n; i++) {
    if (from[i] == NA_INTEGER || from[i] < 1 || from[i] > n_nodes)
      stop_internal("`structure` names the node %d of %d", from[i], n_nodes);
    ends[i] = from[i] - 1;
  }
  return ends;
}

void read_equations(SEXP structure, int n, int n_equations, simplex_problem *e)
{
  int k = matrix_rows(structure, INTSXP, 3, "structure");
  const int *from = INTEGER_RO(structure);
  int *where = alloc_ints(2 * (size_t)k);
  double *sign = alloc_doubles((size_t)k);
  for (int i = 0; i < k; i++) {
    int row = from[i], cell = from[i + k], s = from[i + 2 * k];
    if (row == NA_INTEGER || row < 1 || row > n_equations || cell == NA_INTEGER ||
        cell < 1 || cell > n || (s != 1 && s != -1))
      stop_internal("`structure` has a wrong entry in row %d", i + 1);
    where[i] = row - 1;
    where[i + k] = cell - 1;
    sign[i] = s;
  }
  *e = (simplex_problem){n_equations, k, where, where + k, sign, NULL, NULL};
}

/* Room for the widest program: two columns a cell. */
void equations_room(simplex_problem *e, int n)
{
  size_t cells = size_mul(3, (size_t)n + 1);
  size_mul(size_mul((size_t)e->n_equations + 1, cells), sizeof(double));
  e->scratch = alloc_doubles((size_t)e->n_equations + cells +
                             simplex_doubles(e->n_equations, 2 * n));
  e->scratch_ints = alloc_ints(3 * (size_t)n + simplex_ints(e->n_equations, 2 * n));
}

void check_bounds(const double *lo, const double *hi, int n)
{
  for (int i = 0; i < n; i++)
    if (!R_FINITE(lo[i]) || ISNAN(hi[i]) || hi[i] < lo[i])
      stop_internal("the bounds of cell %d are not in order", i + 1);
}

int *read_cells(SEXP ask, int n, int *n_ask)
{
  check_type(ask, INTSXP, "ask");
  *n_ask = (int)Rf_xlength(ask);
  int *cells = alloc_ints((size_t)*n_ask);
  for (int k = 0; k < *n_ask; k++) {
    int cell = INTEGER_RO(ask)[k];
    if (cell == NA_INTEGER || cell < 1 || cell > n)
      stop_internal("`ask` names the cell %d of %d", cell, n);
    cells[k] = cell - 1;
  }
  return cells;
}
