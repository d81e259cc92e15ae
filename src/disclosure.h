/* The table as the reader and the protector see it: cells with true counts, what is
   published of each when it is shown and when it is hidden, and how far the reader must
   be left in doubt. The additive structure is a network or a list of equations; both
   answer the same questions. Needs no R. */
#ifndef CASEREVIEW_DISCLOSURE_H
#define CASEREVIEW_DISCLOSURE_H

#include <stddef.h>

#include "network.h"
#include "simplex.h"

typedef struct protection protection;

struct protection {
  int n;                             /* cells */
  const double *count;               /* true counts: always a possible table */
  const double *shown_lo, *shown_hi; /* what a reader knows of a shown cell */
  const double *hidden_lo, *hidden_hi;
  const double *cost; /* of hiding a cell; NaN where it must stay shown */
  unsigned char *hidden;
  double *lo, *hi; /* the bounds that follow from `hidden` */
  int n_asks;
  const int *ask_cell;     /* cells that must stay in doubt ... */
  const double *ask_lo;    /* ... down to this */
  const double *ask_hi;    /* ... and up to this */
  const double *ask_width; /* ... or in an interval as wide as this (NaN: not asked) */

  /* How far from its count, up to `need`, a cell can go as `hidden` stands; the cells
     that moved are marked in `moved`. */
  double (*reach)(protection *p, int cell, int up, double need, unsigned char *moved);
  /* Hides further cells, cheaply by `price`, until `need` is reached: 1 when it is. */
  int (*extend)(protection *p, int cell, int up, double need, const double *price);
  /* After a reach() that fell short: the shown cells of which one at least must go. */
  int (*cut)(protection *p, int *cells);

  network net;
  double *flow;
  double *step_price;
  simplex_problem equations; /* where the structure is not a network */

  unsigned char *moved; /* 2 n_asks rows of n: how each ask was met */
  double *price;
  int *order;
  unsigned char *best;
  unsigned char *spare; /* 2 n */
  double best_cost;
  unsigned int seed;
  double steps_left; /* what the search may still spend, in visits of an arc */
  int interrupted;   /* set by `pause` */
  void (*pause)(void);
};

void protection_hide(protection *p, int cell, int hide);
double protection_need(const protection *p, int ask, int up);
int protection_met(protection *p, int ask);
int protection_cut(protection *p, int ask, int *cells);
double protection_cost(const protection *p);

int protect_all(protection *p, const double *price);
void protect_trim(protection *p);
void protect_search(protection *p, int rounds);
int protect_exact(protection *p, int *pool, int pool_size);

void protection_on_network(protection *p);
void protection_on_equations(protection *p);

#endif
