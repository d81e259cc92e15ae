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
double protection_need(const protection *p, int ask, int up)
{
  double count = p->count[p->ask_cell[ask]];
  if (!isnan(p->ask_width[ask])) return p->ask_width[ask];
  return up ? p->ask_hi[ask] - count : count - p->ask_lo[ask];
}

static unsigned char *moved_row(const protection *p, int ask, int up)
{
  return p->moved + ((size_t)ask * 2 + (size_t)up) * (size_t)p->n;
}

/* How much of a need can be met one way; the cells that it takes go to a row of
 * `moved`. */
static double ask_reach(protection *p, int ask, int up, double need)
{
  unsigned char *moved = moved_row(p, ask, up);
  if (need > 0) return p->reach(p, p->ask_cell[ask], up, need, moved);
  memset(moved, 0, (size_t)p->n);
  return 0;
}

/* Whether an ask is met as things stand; how it was met is kept in its rows of `moved`.
 */
int protection_met(protection *p, int ask)
{
  if (!isnan(p->ask_width[ask])) {
    double width = p->ask_width[ask], down = ask_reach(p, ask, 0, width);
    return down + ask_reach(p, ask, 1, width - down) >= width;
  }
  for (int up = 0; up < 2; up++) {
    double need = protection_need(p, ask, up);
    if (ask_reach(p, ask, up, need) < need) return 0;
  }
  return 1;
}

/* The shown cells of which one at least has to be hidden for an ask that is not met. */
int protection_cut(protection *p, int ask, int *cells)
{
  double width = p->ask_width[ask];
  if (!isnan(width)) {
    double down = ask_reach(p, ask, 0, width);
    int n = p->cut(p, cells);
    ask_reach(p, ask, 1, width - down);
    int all = n + p->cut(p, cells + n), kept = n;
    for (int k = n; k < all; k++) {
      int seen = 0;
      for (int i = 0; i < n && !seen; i++) seen = cells[i] == cells[k];
      if (!seen) cells[kept++] = cells[k];
    }
    return kept;
  }
  for (int up = 0; up < 2; up++) {
    double need = protection_need(p, ask, up);
    if (ask_reach(p, ask, up, need) < need) return p->cut(p, cells);
  }
  return 0;
}

/* The cost of the cells hidden beyond those that cannot be shown. */
double protection_cost(const protection *p)
{
  double sum = 0;
  for (int i = 0; i < p->n; i++)
    if (p->hidden[i] && !isnan(p->cost[i])) sum += p->cost[i];
  return sum;
}

static void copy_hidden(protection *p, const unsigned char *from)
{
  for (int i = 0; i < p->n; i++)
    if (p->hidden[i] != from[i]) protection_hide(p, i, from[i]);
}

/* The last resort where neither way alone is wide enough: everything, to be trimmed. */
static int hide_candidates(protection *p)
{
  for (int i = 0; i < p->n; i++)
    if (!isnan(p->cost[i])) protection_hide(p, i, 1);
  return 1;
}

/* An interval of a given width may grow either way: both are tried from the same state,
   and the cheaper kept. */
static int extend_width(protection *p, int ask, const double *price)
{
  unsigned char *before = p->spare, *first = p->spare + p->n;
  int cell = p->ask_cell[ask], found[2];
  double cost[2] = {INFINITY, INFINITY}, width = p->ask_width[ask];
  memcpy(before, p->hidden, (size_t)p->n);
  for (int up = 0; up < 2; up++) {
    double other = ask_reach(p, ask, !up, width);
    found[up] = p->extend(p, cell, up, width - other, price);
    if (found[up]) cost[up] = protection_cost(p);
    if (up == 0) memcpy(first, p->hidden, (size_t)p->n);
    if (up == 0) copy_hidden(p, before);
  }
  if (!found[0] && !found[1]) return 0;
  if (cost[0] <= cost[1]) copy_hidden(p, first);
  return 1;
}

/* Extends the hidden cells until every ask is met; 0 when one cannot be. */
int protect_all(protection *p, const double *price)
{
  for (int k = 0; k < p->n_asks; k++) {
    if (p->pause) p->pause();
    if (protection_met(p, k)) continue;
    if (!isnan(p->ask_width[k])) {
      for (int turn = 0; turn < 4 && !protection_met(p, k); turn++) {
        if (!extend_width(p, k, price) && !hide_candidates(p)) return 0;
      }
      continue;
    }
    for (int up = 0; up < 2; up++) {
      double need = protection_need(p, k, up);
      if (need <= 0 || ask_reach(p, k, up, need) >= need) continue;
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
    if (!moved_row(p, k, 0)[cell] && !moved_row(p, k, 1)[cell]) continue;
    if (protection_met(p, k)) continue;
    protection_hide(p, cell, 1);
    protection_met(p, k); /* writes its rows anew */
    return 0;
  }
  return 1;
}

/* Shows again, dearest first, every cell that no ask needs: afterwards none is left
   that could be shown without breaking one. */
void protect_trim(protection *p)
{
  for (int k = 0; k < p->n_asks; k++) protection_met(p, k);
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
  copy_hidden(p, p->best);
}

/* Improves a pattern that protects; `rounds` attempts at most. */
void protect_search(protection *p, int rounds)
{
  keep_best(p, protection_cost(p));
  for (int k = 0; k < rounds && p->best_cost > 0 && p->steps_left > 0; k++) attempt(p);
  copy_hidden(p, p->best);
}
