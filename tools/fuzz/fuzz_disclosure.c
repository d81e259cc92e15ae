/* sources: network.c simplex.c disclosure_network.c disclosure_protect.c disclosure_exact.c disclosure_linear.c
   Small tables with hidden cells: flows and linear programs tell the same intervals; a
   pattern that is found meets every ask and has no needless cell; none is missed; and
   the exact search is never dearer than the heuristic. */
#include "shim.h"

#include "../../src/disclosure.h"

enum { MOST = 4 };

typedef struct {
  int rows, columns, n, nodes;
  int *tail, *head, *ask_cell;
  double *cells[6], *asks[3];
  protection p;
} fuzz_table;

static double *doubles(size_t n)
{
  return R_alloc(n, sizeof(double));
}

/* Rows and columns with their totals as last; every row and column is a node. */
static void lay_table(fuzz_table *t, bytes *b)
{
  t->rows = 1 + take_below(b, MOST - 1);
  t->columns = 1 + take_below(b, MOST - 1);
  int r = t->rows, c = t->columns, wide = c + 1;
  t->n = (r + 1) * wide;
  t->nodes = r + c + 2;
  t->tail = R_alloc((size_t)t->n, sizeof(int));
  t->head = R_alloc((size_t)t->n, sizeof(int));
  for (int k = 0; k < 6; k++) t->cells[k] = doubles((size_t)t->n);
  double *count = t->cells[0];
  for (int i = 0; i < t->n; i++) count[i] = 0;
  for (int i = 0; i <= r; i++) {
    for (int j = 0; j <= c; j++) {
      int cell = i * wide + j, forth = (i < r) == (j < c);
      t->tail[cell] = forth ? i : r + 1 + j;
      t->head[cell] = forth ? r + 1 + j : i;
      if (i == r || j == c) continue;
      int x = take(b), value = x % 4 ? x % 7 : x;
      count[cell] = value;
      count[i * wide + c] += value;
      count[r * wide + j] += value;
      count[r * wide + c] += value;
    }
  }
}

static void lay_rule(fuzz_table *t, bytes *b)
{
  int flags = take(b), lowest = flags & 1, totals = flags >> 1 & 1, threshold = 1 + take(b) % 6;
  int wide = t->columns + 1, n_asks = 0;
  protection *p = &t->p;
  *p = (protection){.n = t->n};
  p->hidden = R_alloc((size_t)t->n, 1);
  p->lo = doubles((size_t)t->n);
  p->hi = doubles((size_t)t->n);
  for (int i = 0; i < t->n; i++) {
    double x = t->cells[0][i];
    int margin = i / wide == t->rows || i % wide == t->columns;
    int primary = x >= lowest && x <= threshold && (totals || !margin);
    t->cells[1][i] = t->cells[2][i] = x;
    t->cells[3][i] = x < lowest ? x : lowest;
    t->cells[4][i] = INFINITY;
    t->cells[5][i] = primary || x < lowest || (margin && !totals) ? NAN : x + 1;
    p->hidden[i] = (unsigned char)primary;
    n_asks += primary;
  }
  p->count = t->cells[0];
  p->shown_lo = t->cells[1];
  p->shown_hi = t->cells[2];
  p->hidden_lo = t->cells[3];
  p->hidden_hi = t->cells[4];
  p->cost = t->cells[5];
  t->ask_cell = R_alloc((size_t)n_asks, sizeof(int));
  for (int k = 0; k < 3; k++) t->asks[k] = doubles((size_t)n_asks);
  for (int i = 0, k = 0; i < t->n; i++) {
    if (!p->hidden[i]) continue;
    t->ask_cell[k] = i;
    t->asks[0][k] = lowest;
    t->asks[1][k] = threshold;
    t->asks[2][k++] = flags & 4 ? 1 + (flags >> 3) % 3 : NAN;
  }
  p->n_asks = n_asks;
  p->ask_cell = t->ask_cell;
  p->ask_lo = t->asks[0];
  p->ask_hi = t->asks[1];
  p->ask_width = t->asks[2];
  for (int i = 0; i < t->n; i++) protection_hide(p, i, p->hidden[i]);
}

static void give_room(fuzz_table *t)
{
  protection *p = &t->p;
  size_t n = (size_t)t->n, asks = (size_t)p->n_asks;
  p->flow = doubles(n);
  p->step_price = doubles(2 * n);
  p->price = doubles(n);
  p->order = R_alloc(n, sizeof(int));
  p->best = R_alloc(n, 1);
  p->spare = R_alloc(2 * n, 1);
  p->moved = R_alloc(2 * n * asks, 1);
  memset(p->moved, 0, 2 * n * asks);
  p->seed = 7;
  p->steps_left = 2e5;
  network_build(&p->net, t->nodes, t->n, t->tail, t->head, NULL,
                R_alloc((size_t)network_ints(t->nodes, t->n), sizeof(int)),
                doubles((size_t)t->nodes));
  int *where = R_alloc(4 * n, sizeof(int));
  double *sign = doubles(2 * n);
  for (size_t i = 0; i < n; i++) {
    where[i] = t->head[i];
    where[n + i] = t->tail[i];
    where[2 * n + i] = where[3 * n + i] = (int)i;
    sign[i] = 1;
    sign[n + i] = -1;
  }
  simplex_problem *e = &p->equations;
  *e = (simplex_problem){t->nodes, 2 * t->n, where, where + 2 * n, sign, NULL, NULL};
  e->scratch = doubles((size_t)t->nodes + 3 * (n + 1) + simplex_doubles(t->nodes, 2 * t->n));
  e->scratch_ints = R_alloc(3 * n + simplex_ints(t->nodes, 2 * t->n), sizeof(int));
}

static void same_reach(fuzz_table *t, bytes *b)
{
  protection *p = &t->p;
  unsigned char *moved = R_alloc((size_t)t->n, 1);
  for (int i = 0; i < t->n; i++)
    protection_hide(p, i, p->hidden[i] || (!isnan(p->cost[i]) && take(b) % 3 == 0));
  for (int i = 0; i < t->n; i++) {
    for (int up = 0; up < 2; up++) {
      double need = 1 + take(b) % 9;
      protection_on_network(p);
      double flow = p->reach(p, i, up, need, moved);
      protection_on_equations(p);
      must(p->reach(p, i, up, need, moved) == flow, "flow and program reach as far");
    }
  }
  for (int i = 0; i < t->n; i++) protection_hide(p, i, isnan(p->cost[i]) && p->hidden[i]);
}

static int all_met(protection *p)
{
  for (int k = 0; k < p->n_asks; k++)
    if (!protection_met(p, k)) return 0;
  return 1;
}

static void no_needless(protection *p)
{
  for (int i = 0; i < p->n; i++) {
    if (!p->hidden[i] || isnan(p->cost[i])) continue;
    protection_hide(p, i, 0);
    must(!all_met(p), "every further cell is needed");
    protection_hide(p, i, 1);
  }
}

static void protect(fuzz_table *t)
{
  protection *p = &t->p;
  for (int i = 0; i < p->n; i++) if (!isnan(p->cost[i])) protection_hide(p, i, 1);
  int possible = all_met(p);
  for (int i = 0; i < p->n; i++) if (!isnan(p->cost[i])) protection_hide(p, i, 0);
  if (!possible) return;
  must(protect_all(p, p->cost), "a pattern is found where there is one");
  must(all_met(p), "the first pattern protects");
  protect_trim(p);
  must(all_met(p), "the trimmed pattern protects");
  no_needless(p);
  double before = protection_cost(p);
  p->steps_left = 1e5;
  protect_search(p, 3);
  must(all_met(p) && protection_cost(p) <= before, "the search betters");
  before = protection_cost(p);
  p->steps_left = 2e4;
  int room = p->n * 60 + 64, *pool = R_alloc((size_t)room, sizeof(int));
  int complete = protect_exact(p, pool, room);
  must(all_met(p), "the exact pattern protects");
  must(protection_cost(p) <= before, "and is no dearer");
  if (complete) no_needless(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  bytes b = {data, size, 0};
  fuzz_table t;
  lay_table(&t, &b);
  lay_rule(&t, &b);
  give_room(&t);
  same_reach(&t, &b);
  protection_on_network(&t.p);
  protect(&t);
  shim_free();
  return 0;
}
