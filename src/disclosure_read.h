/* Reading what R hands to the entry points of disclosure control. */
#ifndef CASEREVIEW_DISCLOSURE_READ_H
#define CASEREVIEW_DISCLOSURE_READ_H

#include "casereview.h"
#include "simplex.h"

int *alloc_ints(size_t n);
double *alloc_doubles(size_t n);
int matrix_rows(SEXP x, SEXPTYPE type, int columns, const char *name);
int *read_arcs(SEXP structure, int n, int n_nodes);
void read_equations(SEXP structure, int n, int n_equations, simplex_problem *e);
void equations_room(simplex_problem *e, int n);
void check_bounds(const double *lo, const double *hi, int n);
int *read_cells(SEXP ask, int n, int *n_ask);

#endif
