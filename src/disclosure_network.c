/* The questions of protection.h answered by flows: raising a cell's count means sending
   as much around a cycle through its arc (Gusfield 1988). The bounds are whole and the
   matrix totally unimodular, so that the answers are exact. */
#include <math.h>
#include <string.h>

#include "disclosure.h"

/* The flow that would raise the cell on arc i leaves its head and ends at its tail. */
static int source_of(const protection *p, int cell, int up)
{
  return up ? p->net.head[cell] : p->net.tail[cell];
}

static network_state start_flow(protection *p, int cell)
{
  memcpy(p->flow, p->count, (size_t)p->n * sizeof(double));
  p->lo[cell] = p->hi[cell] = p->count[cell]; /* not around through itself */
  return (network_state){p->flow, p->lo, p->hi};
}

/* The cell's own bounds let it move by at most this, whatever the others do. */
static double own_room(const protection *p, int cell, int up)
{
  double lo = p->hidden[cell] ? p->hidden_lo[cell] : p->shown_lo[cell];
  double hi = p->hidden[cell] ? p->hidden_hi[cell] : p->shown_hi[cell];
  return up ? hi - p->count[cell] : p->count[cell] - lo;
}

static void mark_moved(const protection *p, unsigned char *moved)
{
  for (int i = 0; i < p->n; i++) moved[i] = p->flow[i] != p->count[i];
}

static double reach(protection *p, int cell, int up, double need, unsigned char *moved)
{
  double room = own_room(p, cell, up);
  if (room < need) need = room;
  network_state state = start_flow(p, cell);
  double sent = network_push(&p->net, &state, source_of(p, cell, up),
                             source_of(p, cell, !up), need);
  p->steps_left -= 2.0 * p->n;
  mark_moved(p, moved);
  protection_hide(p, cell, p->hidden[cell]);
  return sent;
}

static void set_price(protection *p, int arc, double price)
{
  double *pair = p->step_price + 2 * (size_t)arc;
  pair[0] = pair[1] = price;
}

/* Opens the shown candidates to the flow at their price. */
static void open_candidates(protection *p, const double *price)
{
  for (int i = 0; i < p->n; i++) {
    int open = !p->hidden[i] && !isnan(p->cost[i]);
    set_price(p, i, open ? price[i] : 0);
    if (!open) continue;
    p->lo[i] = p->hidden_lo[i];
    p->hi[i] = p->hidden_hi[i];
  }
}

static void close_candidates(protection *p)
{
  for (int i = 0; i < p->n; i++) protection_hide(p, i, p->hidden[i]);
}

/* What the cheapest path uses is hidden from now on, and free for the next. */
static void hide_path(protection *p, int source, int sink)
{
  for (int node = sink; node != source;
       node = step_end(&p->net, p->net.via[node] ^ 1)) {
    int arc = step_arc(p->net.via[node]);
    if (p->step_price[2 * (size_t)arc] > 0) p->hidden[arc] = 1;
    set_price(p, arc, 0);
  }
}

static int extend(protection *p, int cell, int up, double need, const double *price)
{
  if (own_room(p, cell, up) < need) return 0;
  int source = source_of(p, cell, up), sink = source_of(p, cell, !up);
  network_state state = start_flow(p, cell);
  double sent = network_push(&p->net, &state, source, sink, need);
  open_candidates(p, price);
  p->lo[cell] = p->hi[cell] = p->count[cell];
  while (sent < need &&
         network_cheapest(&p->net, &state, p->step_price, source, sink)) {
    p->steps_left -= 2.0 * p->n;
    hide_path(p, source, sink);
    sent += network_follow(&p->net, &state, source, sink, need - sent);
  }
  close_candidates(p);
  return sent >= need;
}

/* Shown candidates that cross the last minimum cut and would let more through. */
static int cut(protection *p, int *cells)
{
  int n = 0;
  for (int i = 0; i < p->n; i++) {
    if (p->hidden[i] || isnan(p->cost[i])) continue;
    int from = p->net.level[p->net.tail[i]] >= 0,
        to = p->net.level[p->net.head[i]] >= 0;
    if ((from && !to && p->hidden_hi[i] > p->shown_hi[i]) ||
        (to && !from && p->hidden_lo[i] < p->shown_lo[i]))
      cells[n++] = i;
  }
  return n;
}

void protection_on_network(protection *p)
{
  p->reach = reach;
  p->extend = extend;
  p->cut = cut;
}
