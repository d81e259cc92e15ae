/* Entry points of disclosure control: what a reader can work out of a published table.
   The additive structure comes as an integer matrix: (tail, head) of each cell's arc
   where it is a network, else entries (equation, cell, sign). */
#include <math.h>
#include <string.h>

#include "check.h"
#include "disclosure_read.h"
#include "entry.h"
#include "network.h"
#include "simplex.h"
#include "size.h"

typedef struct {
  network net;
  network_state state;
  int n, n_nodes, n_all;
  int *tail, *head;
  double *flow, *lo, *hi, *saved;
} reading;

/* The cells' arcs, then one from an extra source to each node and one from each node to
   an extra sink, through which a first possible table is found. */
static void lay_reading(reading *r, const int *ends, const double *lo, const double *hi)
{
  int n = r->n, nodes = r->n_nodes, all = r->n_all = n + 2 * nodes;
  r->tail = alloc_ints((size_t)all);
  r->head = alloc_ints((size_t)all);
  r->flow = alloc_doubles((size_t)all);
  r->lo = alloc_doubles((size_t)all);
  r->hi = alloc_doubles((size_t)all);
  r->saved = alloc_doubles((size_t)all);
  for (int i = 0; i < n; i++) {
    r->tail[i] = ends[i];
    r->head[i] = ends[i + n];
    r->flow[i] = r->lo[i] = lo[i];
    r->hi[i] = hi[i];
  }
  for (int k = 0; k < nodes; k++) {
    int in = n + 2 * k, out = in + 1;
    r->tail[in] = nodes;
    r->head[in] = r->tail[out] = k;
    r->head[out] = nodes + 1;
    r->flow[in] = r->lo[in] = r->hi[in] = r->flow[out] = r->lo[out] = r->hi[out] = 0;
  }
}

/* A table that agrees with all that is published; 0 when there is none. */
static int first_table(reading *r)
{
  double *excess = r->saved, sum = 0;
  for (int k = 0; k < r->n_nodes; k++) excess[k] = 0;
  for (int i = 0; i < r->n; i++) {
    excess[r->head[i]] += r->flow[i];
    excess[r->tail[i]] -= r->flow[i];
  }
  for (int k = 0; k < r->n_nodes; k++) {
    if (excess[k] > 0) r->hi[r->n + 2 * k] = excess[k];
    if (excess[k] < 0) r->hi[r->n + 2 * k + 1] = -excess[k];
    if (excess[k] > 0) sum += excess[k];
  }
  unsigned char *skip = (unsigned char *)R_alloc((size_t)r->n_all + 1, 1);
  for (int i = 0; i < r->n_all; i++) skip[i] = r->lo[i] >= r->hi[i];
  int nodes = r->n_nodes + 2;
  network_build(&r->net, nodes, r->n_all, r->tail, r->head, skip,
                alloc_ints((size_t)network_ints(nodes, r->n_all)),
                alloc_doubles((size_t)nodes));
  r->state = (network_state){r->flow, r->lo, r->hi};
  double sent = network_push(&r->net, &r->state, nodes - 2, nodes - 1, sum);
  for (int i = r->n; i < r->n_all; i++) r->lo[i] = r->hi[i] = r->flow[i];
  return sent >= sum;
}

/* One end of a cell's interval; the flow at hand stays a possible table. */
static double extreme(reading *r, int cell, int up)
{
  double lo = r->lo[cell], hi = r->hi[cell];
  double room = up ? hi - r->flow[cell] : r->flow[cell] - lo;
  memcpy(r->saved, r->flow, (size_t)r->n_all * sizeof(double));
  r->lo[cell] = r->hi[cell] = r->flow[cell];
  int from = up ? r->head[cell] : r->tail[cell],
      to = up ? r->tail[cell] : r->head[cell];
  double sent = network_push(&r->net, &r->state, from, to, room);
  r->lo[cell] = lo;
  r->hi[cell] = hi;
  if (sent == INFINITY) {
    memcpy(r->flow, r->saved, (size_t)r->n_all * sizeof(double));
    return up ? INFINITY : -INFINITY;
  }
  r->flow[cell] += up ? sent : -sent;
  return r->flow[cell];
}

/* The exact intervals of the cells in `ask`, as (lower, upper) columns, from bounds
   (lo, hi columns); NULL when no table agrees with them. */
SEXP disclosure_audit(SEXP structure, SEXP n_nodes, SEXP bounds, SEXP ask)
{
  int n = matrix_rows(bounds, REALSXP, 2, "bounds"), n_ask;
  int nodes = check_int(n_nodes, 1, 100000000, "n_nodes");
  const double *lo = REAL_RO(bounds), *hi = lo + n;
  check_bounds(lo, hi, n);
  int *cells = read_cells(ask, n, &n_ask);
  reading r = {.n = n, .n_nodes = nodes};
  lay_reading(&r, read_arcs(structure, n, nodes), lo, hi);
  if (!first_table(&r)) return R_NilValue;
  SEXP result = PROTECT(Rf_allocMatrix(REALSXP, n_ask, 2));
  double *out = REAL(result);
  for (int k = 0; k < n_ask; k++) {
    if (k % 64 == 0) R_CheckUserInterrupt();
    out[k + n_ask] = extreme(&r, cells[k], 1);
    out[k] = extreme(&r, cells[k], 0);
  }
  UNPROTECT(1);
  return result;
}

/* The cells that are not fixed become columns; the others move to the right side.
   Returns the column of each cell, or -1. */
static int *lay_program(simplex *s, simplex_problem *e, const double *lo,
                        const double *hi, int n)
{
  int *column = alloc_ints((size_t)n), m = e->n_equations, width = 0;
  for (int i = 0; i < n; i++) column[i] = lo[i] < hi[i] ? width++ : -1;
  size_mul(size_mul((size_t)m + 1, (size_t)width + 1), sizeof(double));
  simplex_place(s, m, width, alloc_doubles(simplex_doubles(m, width)),
                alloc_ints(simplex_ints(m, width)));
  e->scratch = alloc_doubles((size_t)m + (size_t)width);
  for (int i = 0; i < m; i++) e->scratch[i] = 0;
  for (int i = 0; i < n; i++) {
    if (column[i] < 0) continue;
    s->lo[column[i]] = lo[i];
    s->hi[column[i]] = hi[i];
  }
  for (int k = 0; k < e->n_entries; k++) {
    int j = column[e->cell[k]], row = e->equation[k];
    if (j < 0)
      e->scratch[row] -= e->sign[k] * lo[e->cell[k]];
    else
      s->a[(size_t)row * (size_t)width + (size_t)j] += e->sign[k];
  }
  return column;
}

/* One end of a column's interval, brought inwards to a whole number; the column's own
   bound where the program came to no end. */
static double linear_extreme(simplex *s, double *cost, int column, int up)
{
  for (int j = 0; j < s->n; j++) cost[j] = 0;
  cost[column] = up ? -1 : 1;
  int end = simplex_minimise(s, cost);
  if (end != SIMPLEX_OPTIMAL) return up ? s->hi[column] : s->lo[column];
  double value = simplex_value(s, column);
  return up ? floor(value + 1e-6) : ceil(value - 1e-6);
}

/* As disclosure_audit() for entries of equations: the ends of the linear program's
   intervals, brought inwards to whole numbers. */
SEXP disclosure_audit_linear(SEXP structure, SEXP n_equations, SEXP bounds, SEXP ask)
{
  int n = matrix_rows(bounds, REALSXP, 2, "bounds"), n_ask;
  int m = check_int(n_equations, 0, 10000000, "n_equations");
  const double *lo = REAL_RO(bounds), *hi = lo + n;
  check_bounds(lo, hi, n);
  int *cells = read_cells(ask, n, &n_ask);
  simplex_problem e;
  simplex s;
  read_equations(structure, n, m, &e);
  int *column = lay_program(&s, &e, lo, hi, n);
  if (simplex_start(&s, e.scratch) != SIMPLEX_OPTIMAL) return R_NilValue;
  SEXP result = PROTECT(Rf_allocMatrix(REALSXP, n_ask, 2));
  double *out = REAL(result), *cost = e.scratch + m;
  for (int k = 0; k < n_ask; k++) {
    R_CheckUserInterrupt();
    int j = column[cells[k]];
    out[k] = j < 0 ? lo[cells[k]] : linear_extreme(&s, cost, j, 0);
    out[k + n_ask] = j < 0 ? hi[cells[k]] : linear_extreme(&s, cost, j, 1);
  }
  UNPROTECT(1);
  return result;
}
