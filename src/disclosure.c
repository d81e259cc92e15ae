/* Entry points of disclosure control: what a reader can work out of a published table,
   and which cells to hide so that it is not enough. The additive structure comes as an
   integer matrix: (tail, head) of each cell's arc where it is a network, else entries
   (equation, cell, sign). */
#include <math.h>
#include <string.h>

#include "check.h"
#include "disclosure.h"
#include "entry.h"
#include "result.h"
#include "size.h"

static int *alloc_ints(size_t n)
{
  return (int *)(void *)R_alloc(n + 1, sizeof(int));
}

static double *alloc_doubles(size_t n)
{
  return (double *)(void *)R_alloc(n + 1, sizeof(double));
}

/* Rows of a matrix that has `columns` columns. */
static int matrix_rows(SEXP x, SEXPTYPE type, int columns, const char *name)
{
  check_type(x, type, name);
  R_xlen_t n = Rf_xlength(x);
  if (n % columns != 0 || n / columns > 50000000)
    stop_internal("`%s` must have %d columns", name, columns);
  return (int)(n / columns);
}

/* Arc ends, counted from 0, each inside 0..n_nodes-1. */
static int *read_arcs(SEXP structure, int n, int n_nodes)
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

static void read_equations(SEXP structure, int n, int n_equations, simplex_problem *e)
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
static void equations_room(simplex_problem *e, int n)
{
  size_t cells = size_mul(3, (size_t)n + 1);
  size_mul(size_mul((size_t)e->n_equations + 1, cells), sizeof(double));
  e->scratch = alloc_doubles((size_t)e->n_equations + cells +
                             simplex_doubles(e->n_equations, 2 * n));
  e->scratch_ints = alloc_ints(3 * (size_t)n + simplex_ints(e->n_equations, 2 * n));
}

static void check_bounds(const double *lo, const double *hi, int n)
{
  for (int i = 0; i < n; i++)
    if (!R_FINITE(lo[i]) || ISNAN(hi[i]) || hi[i] < lo[i])
      stop_internal("the bounds of cell %d are not in order", i + 1);
}

static int *read_cells(SEXP ask, int n, int *n_ask)
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

/* ---- what a reader can work out -------------------------------------------------- */

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

/* ---- which cells to hide --------------------------------------------------------- */

enum { COUNT, SHOWN_LO, SHOWN_HI, HIDDEN_LO, HIDDEN_HI, COST, HIDDEN, CELL_COLUMNS };

static void read_protection(protection *p, SEXP cells, SEXP asks)
{
  int n = p->n = matrix_rows(cells, REALSXP, CELL_COLUMNS, "cells");
  int k = p->n_asks = matrix_rows(asks, REALSXP, 4, "asks");
  const double *x = REAL_RO(cells);
  p->count = x;
  p->shown_lo = x + (size_t)SHOWN_LO * (size_t)n;
  p->shown_hi = x + (size_t)SHOWN_HI * (size_t)n;
  p->hidden_lo = x + (size_t)HIDDEN_LO * (size_t)n;
  p->hidden_hi = x + (size_t)HIDDEN_HI * (size_t)n;
  p->cost = x + (size_t)COST * (size_t)n;
  check_bounds(p->shown_lo, p->shown_hi, n);
  check_bounds(p->hidden_lo, p->hidden_hi, n);
  p->hidden = (unsigned char *)R_alloc((size_t)n + 1, 1);
  p->lo = alloc_doubles((size_t)n);
  p->hi = alloc_doubles((size_t)n);
  const double *hidden = x + (size_t)HIDDEN * (size_t)n;
  for (int i = 0; i < n; i++) {
    protection_hide(p, i, hidden[i] != 0);
    if (!(p->lo[i] <= x[i] && x[i] <= p->hi[i]))
      stop_internal("the count of cell %d lies outside its bounds", i + 1);
  }
  int *cell = alloc_ints((size_t)k);
  const double *ask = REAL_RO(asks);
  for (int i = 0; i < k; i++) {
    if (!(ask[i] >= 1 && ask[i] <= n))
      stop_internal("`asks` names a cell outside the table");
    cell[i] = (int)ask[i] - 1;
  }
  p->ask_cell = cell;
  p->ask_lo = ask + k;
  p->ask_hi = ask + 2 * (size_t)k;
  p->ask_width = ask + 3 * (size_t)k;
}

static void room_for_search(protection *p)
{
  size_t n = (size_t)p->n;
  p->flow = alloc_doubles(n);
  p->step_price = alloc_doubles(2 * n);
  p->price = alloc_doubles(n);
  p->order = alloc_ints(n);
  p->best = (unsigned char *)R_alloc(n + 1, 1);
  p->spare = (unsigned char *)R_alloc(2 * n + 1, 1);
  p->moved = (unsigned char *)R_alloc(size_mul(2 * n, (size_t)p->n_asks) + 1, 1);
  memset(p->moved, 0, 2 * n * (size_t)p->n_asks);
  p->pause = R_CheckUserInterrupt;
}

static void read_structure(protection *p, SEXP structure, SEXP size, int is_network)
{
  if (!is_network) {
    read_equations(structure, p->n, check_int(size, 0, 10000000, "size"),
                   &p->equations);
    equations_room(&p->equations, p->n);
    protection_on_equations(p);
    return;
  }
  int nodes = check_int(size, 1, 100000000, "size");
  int *ends = read_arcs(structure, p->n, nodes);
  unsigned char *skip = (unsigned char *)R_alloc((size_t)p->n + 1, 1);
  for (int i = 0; i < p->n; i++)
    skip[i] = !p->hidden[i] && ISNAN(p->cost[i]) && p->shown_lo[i] >= p->shown_hi[i];
  network_build(&p->net, nodes, p->n, ends, ends + p->n, skip,
                alloc_ints((size_t)network_ints(nodes, p->n)),
                alloc_doubles((size_t)nodes));
  protection_on_network(p);
}

/* The asks that cannot be met even when everything that may be hidden is. */
static SEXP find_stuck(protection *p)
{
  int *stuck = alloc_ints((size_t)p->n_asks), n = 0;
  for (int i = 0; i < p->n; i++) {
    p->best[i] = p->hidden[i];
    if (!ISNAN(p->cost[i])) protection_hide(p, i, 1);
  }
  for (int k = 0; k < p->n_asks; k++) {
    R_CheckUserInterrupt();
    if (!protection_met(p, k)) stuck[n++] = k + 1;
  }
  for (int i = 0; i < p->n; i++) protection_hide(p, i, p->best[i]);
  SEXP result = Rf_allocVector(INTSXP, n);
  if (n) memcpy(INTEGER(result), stuck, (size_t)n * sizeof(int));
  return result;
}

/* One cheapest pattern from scratch, bettered for as long as `effort` (attempts, steps of
   the search, steps of the exact search, seed) allows: a few attempts, the exact search,
   and where that was cut short the other attempts. 1 where it is the best there is, 0
   where that is not known, -1 where there is none. */
static int find_pattern(protection *p, const double *effort, int is_network)
{
  int rounds = (int)effort[0], few = rounds < 20 ? rounds : 20;
  size_t room = size_mul((size_t)p->n, 60) + 64;
  p->seed = (unsigned int)effort[3];
  if (!protect_all(p, p->cost)) return -1;
  protect_trim(p);
  p->steps_left = effort[1];
  protect_search(p, few);
  if (p->best_cost == 0) return 1;
  if (is_network && effort[2] > 0 && room <= 20000000) {
    p->steps_left = effort[2];
    if (protect_exact(p, alloc_ints(room), (int)room)) return 1;
  }
  p->steps_left = effort[1];
  protect_search(p, rounds - few);
  return 0;
}

/* `cells` has columns count, shown_lo, shown_hi, hidden_lo, hidden_hi, cost (NaN: must
   stay as it is), hidden; `asks` has columns cell, down
   to, up to, and a width instead (NaN: none). */
SEXP disclosure_protect(SEXP structure, SEXP size, SEXP is_network, SEXP cells,
                        SEXP asks, SEXP effort)
{
  static const char *const names[] = {"hidden", "optimal", "stuck", "found"};
  protection p = {0};
  int flow = check_int(is_network, 0, 1, "is_network");
  check_type(effort, REALSXP, "effort");
  check_length(effort, 4, "effort");
  const double *e = REAL_RO(effort);
  if (!(e[0] >= 0 && e[0] <= 1e6 && e[3] >= 1 && e[3] <= 2147483647))
    stop_internal("`effort` is out of range");
  read_protection(&p, cells, asks);
  read_structure(&p, structure, size, flow);
  room_for_search(&p);
  SEXP result = PROTECT(result_list(4, names));
  SEXP stuck = PROTECT(find_stuck(&p));
  int found = Rf_xlength(stuck) == 0 ? find_pattern(&p, e, flow) : -1;
  SEXP hidden = PROTECT(Rf_allocVector(LGLSXP, p.n));
  for (int i = 0; i < p.n; i++) LOGICAL(hidden)[i] = p.hidden[i];
  SET_VECTOR_ELT(result, 0, hidden);
  SET_VECTOR_ELT(result, 1, Rf_ScalarLogical(found == 1));
  SET_VECTOR_ELT(result, 2, stuck);
  SET_VECTOR_ELT(result, 3, Rf_ScalarLogical(found >= 0));
  UNPROTECT(3);
  return result;
}
