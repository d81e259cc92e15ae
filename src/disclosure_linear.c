/* The questions of protection.h answered by linear programs, for tables that are not
   networks: three-way, nested on both sides, linked. The bounds hold for fractions of a
   case too, so that an interval may be wider than the exact one; R says so. */
#include <math.h>
#include <string.h>

#include "disclosure.h"

/* One column of a program: a cell, and whether it counts what is added to it (+1),
   what is taken from it (-1) or is its value (0). Kept in scratch_ints as cell * 4 +
   kind. */
enum { VALUE, ADDED, TAKEN };

typedef struct {
  protection *p;
  int n_columns;
  int *columns;
  double *right, *cost;
  simplex s;
} program;

static void add_column(program *g, int cell, int kind)
{
  g->columns[g->n_columns++] = cell * 4 + kind;
}

/* Moving cells become columns, the rest stays at its count; with prices the shown
   candidates get two columns each. */
static void choose_columns(program *g, int cell, int with_prices)
{
  protection *p = g->p;
  g->n_columns = 0;
  for (int i = 0; i < p->n; i++) {
    if (i == cell || p->hidden[i] || p->lo[i] < p->hi[i]) {
      add_column(g, i, VALUE);
    } else if (with_prices && !isnan(p->cost[i])) {
      add_column(g, i, ADDED);
      add_column(g, i, TAKEN);
    }
  }
}

static void set_bounds(program *g)
{
  protection *p = g->p;
  for (int j = 0; j < g->n_columns; j++) {
    int i = g->columns[j] / 4, kind = g->columns[j] % 4;
    g->s.lo[j] = kind == VALUE ? p->lo[i] : 0;
    g->s.hi[j] = kind == VALUE   ? p->hi[i]
                 : kind == ADDED ? p->hidden_hi[i] - p->count[i]
                                 : p->count[i] - p->hidden_lo[i];
  }
}

/* The equations over the columns chosen. A cell that is no value stands at its count.
 */
static void fill_tableau(program *g)
{
  protection *p = g->p;
  simplex_problem *e = &p->equations;
  int *column_of = g->columns + 2 * (size_t)p->n;
  for (int i = 0; i < p->n; i++) column_of[i] = -1;
  for (int j = g->n_columns - 1; j >= 0; j--) column_of[g->columns[j] / 4] = j;
  for (int i = 0; i < e->n_equations; i++) g->right[i] = 0;
  for (int k = 0; k < e->n_entries; k++) {
    int i = e->cell[k], j = column_of[i];
    double *line = g->s.a + (size_t)e->equation[k] * (size_t)g->n_columns;
    int kind = j < 0 ? -1 : g->columns[j] % 4;
    if (kind != VALUE) g->right[e->equation[k]] -= e->sign[k] * p->count[i];
    if (j >= 0) line[j] += e->sign[k];
    if (kind == ADDED) line[j + 1] -= e->sign[k];
  }
}

static void place_program(program *g, protection *p, int cell, int with_prices)
{
  simplex_problem *e = &p->equations;
  g->p = p;
  g->columns = e->scratch_ints;
  choose_columns(g, cell, with_prices);
  g->right = e->scratch;
  g->cost = g->right + e->n_equations;
  simplex_place(&g->s, e->n_equations, g->n_columns, g->cost + 2 * (size_t)p->n,
                e->scratch_ints + 3 * (size_t)p->n);
  set_bounds(g);
  fill_tableau(g);
  p->steps_left -= (double)e->n_equations * g->n_columns * 10;
}

static int find_column(const program *g, int cell)
{
  for (int j = 0; j < g->n_columns; j++)
    if (g->columns[j] == cell * 4 + VALUE) return j;
  return -1;
}

static double reach(protection *p, int cell, int up, double need, unsigned char *moved)
{
  program g;
  double sign = up ? 1 : -1,
         own = up ? p->hi[cell] - p->count[cell] : p->count[cell] - p->lo[cell];
  memset(moved, 0, (size_t)p->n);
  if (own <= 0) return 0;
  place_program(&g, p, cell, 0);
  int target = find_column(&g, cell);
  double edge = p->count[cell] + sign * need;
  if (up && g.s.hi[target] > edge) g.s.hi[target] = edge;
  if (!up && g.s.lo[target] < edge) g.s.lo[target] = edge;
  if (simplex_start(&g.s, g.right) != SIMPLEX_OPTIMAL) return 0;
  for (int j = 0; j < g.n_columns; j++) g.cost[j] = 0;
  g.cost[target] = -sign;
  if (simplex_minimise(&g.s, g.cost) != SIMPLEX_OPTIMAL) return 0;
  for (int j = 0; j < g.n_columns; j++)
    moved[g.columns[j] / 4] =
        fabs(simplex_value(&g.s, j) - p->count[g.columns[j] / 4]) > 1e-7;
  return floor(sign * (simplex_value(&g.s, target) - p->count[cell]) + 1e-6);
}

/* One program moves the cell as far as asked, at the least price times amount moved in
   shown cells; those that moved are hidden. */
static int extend(protection *p, int cell, int up, double need, const double *price)
{
  program g;
  double edge = p->count[cell] + (up ? need : -need);
  if (edge > p->hi[cell] || edge < p->lo[cell]) return 0;
  place_program(&g, p, cell, 1);
  int target = find_column(&g, cell);
  g.s.lo[target] = g.s.hi[target] = edge;
  if (simplex_start(&g.s, g.right) != SIMPLEX_OPTIMAL) return 0;
  for (int j = 0; j < g.n_columns; j++)
    g.cost[j] = g.columns[j] % 4 == VALUE ? 0 : price[g.columns[j] / 4];
  if (simplex_minimise(&g.s, g.cost) != SIMPLEX_OPTIMAL) return 0;
  for (int j = 0; j < g.n_columns; j++)
    if (g.columns[j] % 4 != VALUE && simplex_value(&g.s, j) > 1e-7)
      protection_hide(p, g.columns[j] / 4, 1);
  return 1;
}

static int cut(protection *p, int *cells)
{
  (void)p;
  (void)cells;
  return 0;
}

void protection_on_equations(protection *p)
{
  p->reach = reach;
  p->extend = extend;
  p->cut = cut;
}
