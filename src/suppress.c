/* Entry point of suppression: which cells to hide so that what is published is not
   enough to work a sensitive count out. Structures come as in disclosure.c. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "disclosure.h"
#include "disclosure_read.h"
#include "entry.h"
#include "result.h"
#include "size.h"

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

/* One cheapest pattern from scratch, bettered for as long as `effort` (attempts, steps
   of the search, steps of the exact search, seed) allows: a few attempts, the exact
   search, and where that was cut short the other attempts. 1 where it is the best there
   is, 0 where that is not known, -1 where there is none. */
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
SEXP suppress_cells(SEXP structure, SEXP size, SEXP is_network, SEXP cells, SEXP asks,
                    SEXP effort)
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
