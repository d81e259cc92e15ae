/* The cheapest pattern of a small table by branch and bound. A cell that is not in
   doubt yet names a cut: of the shown cells that cross it one at least has to go, and
   the search branches on which. Disjoint cuts give the bound. */
#include <math.h>
#include <string.h>

#include "disclosure.h"

typedef struct {
  protection *p;
  int *pool; /* a cut for each open branch, one after another */
  int pool_size;
  unsigned char *out; /* cells decided to stay shown */
  unsigned char *mark;
  int complete;
} branching;

/* The smallest violated cut (in `cells`; its size, 0 when every ask is met, -1 when
   one cannot be), and a bound of what still has to be paid. */
static int violated_cut(branching *b, int *cells, int *scratch, double *bound)
{
  protection *p = b->p;
  int smallest = 0;
  *bound = 0;
  memset(b->mark, 0, (size_t)p->n);
  for (int k = 0; k < p->n_asks; k++) {
    if (protection_met(p, k)) continue;
    double least = INFINITY;
    int size = 0, apart = 1, n = protection_cut(p, k, scratch);
    for (int i = 0; i < n; i++) {
      if (b->out[scratch[i]]) continue;
      scratch[size++] = scratch[i];
      if (p->cost[scratch[i]] < least) least = p->cost[scratch[i]];
      if (b->mark[scratch[i]]) apart = 0;
    }
    if (size == 0) return -1;
    if (apart) {
      *bound += least;
      for (int i = 0; i < size; i++) b->mark[scratch[i]] = 1;
    }
    if (smallest == 0 || size < smallest) {
      memcpy(cells, scratch, (size_t)size * sizeof(int));
      smallest = size;
    }
  }
  return smallest;
}

static void sort_by_cost(const protection *p, int *cells, int n)
{
  for (int k = 1; k < n; k++) {
    int cell = cells[k], at = k;
    for (; at > 0 && p->cost[cells[at - 1]] > p->cost[cell]; at--)
      cells[at] = cells[at - 1];
    cells[at] = cell;
  }
}

static void branch(branching *b, double cost, int used)
{
  protection *p = b->p;
  double bound;
  if (p->pause) p->pause();
  if (p->steps_left <= 0 || used + 3 * p->n > b->pool_size) b->complete = 0;
  if (!b->complete) return;
  int *cells = b->pool + used;
  int n = violated_cut(b, cells, cells + p->n, &bound);
  if (n < 0 || cost + bound >= p->best_cost - 1e-9) return;
  if (n == 0) {
    memcpy(p->best, p->hidden, (size_t)p->n);
    p->best_cost = cost;
    return;
  }
  sort_by_cost(p, cells, n);
  for (int i = 0; i < n; i++) {
    protection_hide(p, cells[i], 1);
    branch(b, cost + p->cost[cells[i]], used + n);
    protection_hide(p, cells[i], 0);
    b->out[cells[i]] = 1;
  }
  for (int i = 0; i < n; i++) b->out[cells[i]] = 0;
}

/* Betters the pattern in p->best if that can be done; 1 when the search was complete,
   so that the pattern left in `hidden` is the cheapest there is. `pool` holds 2 n
   bytes' worth of marks first, then the cuts. */
int protect_exact(protection *p, int *pool, int pool_size)
{
  branching b = {.p = p, .complete = 1};
  b.out = (unsigned char *)pool;
  b.mark = b.out + p->n;
  memset(b.out, 0, 2 * (size_t)p->n);
  b.pool = pool + p->n;
  b.pool_size = pool_size - p->n;
  for (int i = 0; i < p->n; i++)
    if (!isnan(p->cost[i])) protection_hide(p, i, 0);
  branch(&b, 0, 0);
  for (int i = 0; i < p->n; i++) protection_hide(p, i, p->best[i]);
  return b.complete;
}
