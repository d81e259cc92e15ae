/* A small bounded simplex on a dense tableau: minimise or maximise a sum over columns
   with lower and upper bounds under equations. Needs no R. */
#ifndef CASEREVIEW_SIMPLEX_H
#define CASEREVIEW_SIMPLEX_H

#include <stddef.h>

/* Equations as entries (equation, cell, +1 or -1), all with the right side 0. */
typedef struct {
  int n_equations, n_entries;
  const int *equation, *cell;
  const double *sign;
  double *scratch; /* simplex_doubles() of the widest program */
  int *scratch_ints;
} simplex_problem;

typedef struct {
  int m, n;        /* equations, columns */
  double *a;       /* m by n tableau, row by row */
  double *right;   /* m: values of the basic columns */
  double *lo, *hi; /* n + m: the last m are artificial */
  double *reduced; /* n */
  int *basis;      /* m: column in each row */
  int *state;      /* n + m: where a column stands */
} simplex;

enum { AT_LOWER, AT_UPPER, BASIC };
enum simplex_end {
  SIMPLEX_OPTIMAL,
  SIMPLEX_UNBOUNDED,
  SIMPLEX_INFEASIBLE,
  SIMPLEX_STUCK
};

size_t simplex_doubles(int m, int n);
size_t simplex_ints(int m, int n);
void simplex_place(simplex *s, int m, int n, double *doubles, int *ints);
int simplex_start(simplex *s, const double *right);
int simplex_minimise(simplex *s, const double *cost);
double simplex_value(const simplex *s, int column);

#endif
