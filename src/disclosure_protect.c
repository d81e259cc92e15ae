/* Hiding further cells until every sensitive one is left in doubt: one cheapest cycle
   after another, then whatever is not needed is shown again, then parts of the pattern
   are torn up and mended in search of a cheaper one. Every pattern that is kept has
   been audited. In the spirit of Cox (1995), Fischetti and Salazar (1999) and Castro
   (2007). */
#include <math.h>
#include <string.h>

#include "disclosure.h"

void protection_hide(protection *p, int cell, int hide)
{
  p->hidden[cell] = (unsigned char)hide;
  p->lo[cell] = hide ? p->hidden_lo[cell] : p->shown_lo[cell];
  p->hi[cell] = hide ? p->hidden_hi[cell] : p->shown_hi[cell];
}

/* How far an ask reaches beyond the true count; 0 or less when there is nothing to do.
 */
double protection_ask(const protection *p, int ask, int up)
{
  double count = p->count[p->ask_cell[ask]];
  return up ? p->ask_hi[ask] - count : count - p->ask_lo[ask];
}

static unsigned char *moved_row(const protection *p, int ask, int up)
{
  return p->moved + ((size_t)ask * 2 + (size_t)up) * (size_t)p->n;
}

/* Whether an ask is met as things stand; how it was met is kept in its row of `moved`.
 */
int protection_met(protection *p, int ask, int up)
{
  double need = protection_ask(p, ask, up);
  if (need <= 0) return 1;
  return p->reach(p, p->ask_cell[ask], up, need, moved_row(p, ask, up)) >= need;
}

/* The cost of the cells hidden beyond those that cannot be shown. */
double protection_cost(const protection *p)
{
  double sum = 0;
  for (int i = 0; i < p->n; i++)
    if (p->hidden[i] && !isnan(p->cost[i])) sum += p->cost[i];
  return sum;
}

/* Extends the hidden cells until every ask is met; 0 when one cannot be. */
int protect_all(protection *p, const double *price)
{
  for (int k = 0; k < p->n_asks; k++) {
    for (int up = 0; up < 2; up++) {
      double need = protection_ask(p, k, up);
      if (p->pause) p->pause();
      if (need <= 0 || protection_met(p, k, up)) continue;
      if (!p->extend(p, p->ask_cell[k], up, need, price)) return 0;
    }
  }
  return 1;
}

/* Cells that may be shown again, dearest first (of equal cost the later one first). */
static int spare_cells(const protection *p, int *cells)
{
  int n = 0;
  for (int i = 0; i < p->n; i++) {
    if (!p->hidden[i] || isnan(p->cost[i])) continue;
    int at = n++;
    for (; at > 0 && p->cost[cells[at - 1]] <= p->cost[i]; at--)
      cells[at] = cells[at - 1];
    cells[at] = i;
  }
  return n;
}

/* Whether every ask is still met without this cell. Only those that it helped to meet
   are asked again; an answer found without it stays true should it be hidden again. */
static int dispensable(protection *p, int cell)
{
  protection_hide(p, cell, 0);
  for (int k = 0; k < p->n_asks; k++) {
    for (int up = 0; up < 2; up++) {
      unsigned char *row = moved_row(p, k, up), kept;
      if (protection_ask(p, k, up) <= 0 || !row[cell]) continue;
      kept = (unsigned char)protection_met(p, k, up);
      if (kept) continue;
      protection_hide(p, cell, 1);
      protection_met(p, k, up); /* writes the row anew */
      return 0;
    }
  }
  return 1;
}

/* Shows again, dearest first, every cell that no ask needs: afterwards none is left
   that could be shown without breaking one. */
void protect_trim(protection *p)
{
  for (int k = 0; k < p->n_asks; k++)
    for (int up = 0; up < 2; up++) protection_met(p, k, up);
  int n = spare_cells(p, p->order);
  for (int k = 0; k < n; k++) {
    if (p->pause) p->pause();
    dispensable(p, p->order[k]);
  }
}

/* A small generator of our own (Marsaglia 2003, xorshift), so that the pattern depends
   on the table and the seed alone. */
static double uniform(protection *p)
{
  unsigned int x = p->seed;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  p->seed = x;
  return (double)x / 4294967296.0;
}

static void keep_best(protection *p, double cost)
{
  memcpy(p->best, p->hidden, (size_t)p->n);
  p->best_cost = cost;
}

static void return_to_best(protection *p)
{
  for (int i = 0; i < p->n; i++)
    if (p->hidden[i] != p->best[i]) protection_hide(p, i, p->best[i]);
}

/* One attempt: some of the hidden cells are shown, the gaps mended at shaken prices,
   and what is not needed shown again. */
static void attempt(protection *p)
{
  double share = 0.2 + 0.6 * uniform(p);
  for (int i = 0; i < p->n; i++) {
    if (isnan(p->cost[i])) continue;
    p->price[i] = p->cost[i] * (0.4 + 1.2 * uniform(p));
    if (p->hidden[i] && uniform(p) < share) protection_hide(p, i, 0);
  }
  if (protect_all(p, p->price)) {
    protect_trim(p);
    double cost = protection_cost(p);
    if (cost <= p->best_cost) keep_best(p, cost);
  }
  return_to_best(p);
}

/* Improves a pattern that protects; `rounds` attempts at most. */
void protect_search(protection *p, int rounds)
{
  keep_best(p, protection_cost(p));
  for (int k = 0; k < rounds && p->best_cost > 0 && p->steps_left > 0; k++) attempt(p);
  return_to_best(p);
}
