/* Controlled rounding: every count of a table goes to one of the two multiples of the
   base around it so that rows, columns and subtotals still add up. In units of the base
   the table is a flow with bounds one apart, and the closest rounding a flow of least
   cost (successive cheapest paths; Ahuja, Magnanti and Orlin 1993, chapter 9). The
   random form rounds around cycles so that each count is right on average (Cox 1987).
 */
#include <math.h>
#include <string.h>

#include "check.h"
#include "disclosure_read.h"
#include "entry.h"
#include "network.h"
#include "size.h"

typedef struct {
  network net;
  network_state state;
  int n, n_nodes, n_all;
  int *tail, *head;
  double *flow, *lo, *hi, *start, *cost, *price, *potential;
} rounding;

static void lay_rounding(rounding *r, const int *ends)
{
  size_t all = (size_t)r->n_all;
  r->tail = alloc_ints(all);
  r->head = alloc_ints(all);
  r->flow = alloc_doubles(all);
  r->lo = alloc_doubles(all);
  r->hi = alloc_doubles(all);
  r->start = alloc_doubles(all);
  r->cost = alloc_doubles(all);
  r->price = alloc_doubles(2 * all);
  r->potential = alloc_doubles((size_t)r->n_nodes + 2);
  for (int k = 0; k < r->n_nodes + 2; k++) r->potential[k] = 0;
  for (int i = 0; i < r->n; i++) {
    r->tail[i] = ends[i];
    r->head[i] = ends[i + r->n];
  }
  for (int k = 0; k < r->n_nodes; k++) {
    int in = r->n + 2 * k;
    r->tail[in] = r->n_nodes;
    r->head[in] = r->tail[in + 1] = k;
    r->head[in + 1] = r->n_nodes + 1;
  }
}

/* Every cell at its nearest multiple, and what the nodes lack at their extra arcs. */
static void start_nearest(rounding *r, const double *count, double base)
{
  double *excess = r->potential;
  for (int i = 0; i < r->n; i++) {
    double low = floor(count[i] / base), rest = count[i] - low * base;
    r->lo[i] = low;
    r->hi[i] = rest > 0 ? low + 1 : low;
    r->start[i] = r->flow[i] = 2 * rest >= base ? r->hi[i] : low;
    r->cost[i] = fabs(base - 2 * rest);
    excess[r->head[i]] += r->flow[i];
    excess[r->tail[i]] -= r->flow[i];
  }
  for (int k = 0; k < r->n_nodes; k++) {
    int in = r->n + 2 * k, out = in + 1;
    r->flow[in] = r->lo[in] = r->flow[out] = r->lo[out] = 0;
    r->hi[in] = excess[k] > 0 ? excess[k] : 0;
    r->hi[out] = excess[k] < 0 ? -excess[k] : 0;
    r->cost[in] = r->cost[out] = r->start[in] = r->start[out] = 0;
    excess[k] = 0;
  }
}

/* What a step costs at the prices of the nodes: leaving the nearest multiple costs,
   going back returns it. */
static void set_prices(rounding *r)
{
  for (int i = 0; i < r->n_all; i++) {
    double forward = r->flow[i] < r->start[i] ? -r->cost[i] : r->cost[i];
    double backward = r->flow[i] > r->start[i] ? -r->cost[i] : r->cost[i];
    double slope = r->potential[r->tail[i]] - r->potential[r->head[i]];
    double *pair = r->price + 2 * (size_t)i;
    pair[0] = fmax(0, forward + slope);
    pair[1] = fmax(0, backward - slope);
  }
}

static void round_nearest(rounding *r)
{
  int source = r->n_nodes, sink = r->n_nodes + 1;
  network_build(&r->net, r->n_nodes + 2, r->n_all, r->tail, r->head, NULL,
                alloc_ints((size_t)network_ints(r->n_nodes + 2, r->n_all)),
                alloc_doubles((size_t)r->n_nodes + 2));
  r->state = (network_state){r->flow, r->lo, r->hi};
  for (set_prices(r); network_cheapest(&r->net, &r->state, r->price, source, sink);
       set_prices(r)) {
    R_CheckUserInterrupt();
    double far = r->net.distance[sink];
    for (int k = 0; k < r->n_nodes + 2; k++)
      r->potential[k] += fmin(r->net.distance[k], far);
    network_follow(&r->net, &r->state, source, sink, 1);
  }
}

/* ---- at random ------------------------------------------------------------------- */

static double uniform(unsigned int *seed)
{
  unsigned int x = *seed;
  x ^= x << 13;
  x ^= x >> 17;
  x ^= x << 5;
  *seed = x;
  return (double)x / 4294967296.0;
}

/* Moves the remainders around a cycle one way or the other, as far as the first that
   becomes 0 or the base; the chances are such that no remainder moves on average. */
static void turn_cycle(const int *steps, int n_steps, double *rest, double base,
                       unsigned int *seed)
{
  double ahead = base, back = base;
  for (int k = 0; k < n_steps; k++) {
    double x = rest[steps[k] >> 1], up = steps[k] & 1 ? x : base - x;
    if (up < ahead) ahead = up;
    if (base - up < back) back = base - up;
  }
  double move = uniform(seed) * (ahead + back) < back ? ahead : -back;
  for (int k = 0; k < n_steps; k++) rest[steps[k] >> 1] += steps[k] & 1 ? -move : move;
}

/* A step out of the node along an arc that is still broken, and not the one we came by.
 */
static int broken_step(const network *net, const double *rest, double base, int node,
                       int came_by)
{
  for (; net->current[node] < net->first[node + 1]; net->current[node]++) {
    int arc = net->steps[net->current[node]] >> 1;
    if (rest[arc] > 0 && rest[arc] < base) break;
  }
  for (int k = net->current[node]; k < net->first[node + 1]; k++) {
    int arc = net->steps[k] >> 1;
    if (rest[arc] > 0 && rest[arc] < base && arc != came_by) return net->steps[k];
  }
  return -1;
}

/* Walks from a node along broken arcs until it meets its own trail, turns that cycle,
   and starts again; done when no broken arc is left at the node. */
static void round_from(network *net, double *rest, double base, int from,
                       unsigned int *seed)
{
  int *seen = net->level, depth = 0, node = from;
  seen[node] = 0;
  for (;;) {
    int step =
        broken_step(net, rest, base, node, depth ? net->path[depth - 1] >> 1 : -1);
    if (step < 0) break;
    int next = step_end(net, step);
    net->path[depth++] = step;
    if (seen[next] < 0) {
      seen[next] = depth;
      node = next;
      continue;
    }
    turn_cycle(net->path + seen[next], depth - seen[next], rest, base, seed);
    while (depth > 0) seen[step_end(net, net->path[--depth])] = -1;
    node = from;
    seen[node] = 0;
  }
  while (depth > 0) seen[step_end(net, net->path[--depth])] = -1;
  seen[from] = -1;
}

static void round_random(rounding *r, const double *count, double base,
                         unsigned int seed)
{
  double *rest = r->cost;
  network_build(
      &r->net, r->n_nodes, r->n, r->tail, r->head, NULL,
      alloc_ints((size_t)network_ints(r->n_nodes, r->n) + 2 * (size_t)r->n_nodes),
      alloc_doubles((size_t)r->n_nodes));
  for (int i = 0; i < r->n; i++) rest[i] = count[i] - base * r->lo[i];
  for (int k = 0; k < r->n_nodes; k++) {
    r->net.current[k] = r->net.first[k];
    r->net.level[k] = -1;
  }
  for (int k = 0; k < r->n_nodes; k++) {
    R_CheckUserInterrupt();
    round_from(&r->net, rest, base, k, &seed);
  }
  for (int i = 0; i < r->n; i++) r->flow[i] = r->lo[i] + (rest[i] >= base ? 1 : 0);
}

/* The counts of the cells rounded; `seed` 0 for the closest, else at random. */
SEXP round_controlled(SEXP structure, SEXP n_nodes, SEXP count, SEXP base, SEXP seed)
{
  check_type(count, REALSXP, "count");
  if (Rf_xlength(count) > 50000000) stop_internal("`count` is too long");
  int n = (int)Rf_xlength(count), nodes = check_int(n_nodes, 1, 50000000, "n_nodes");
  int random = check_int(seed, 0, 2147483647, "seed");
  double unit = check_double(base, "base");
  const double *x = REAL_RO(count);
  if (!(unit >= 1) || !R_FINITE(unit)) stop_internal("`base` must be at least 1");
  for (int i = 0; i < n; i++)
    if (!(x[i] >= 0) || !R_FINITE(x[i]))
      stop_internal("count %d is not a count", i + 1);
  int *ends = read_arcs(structure, n, nodes);
  rounding r = {.n = n, .n_nodes = nodes, .n_all = n + 2 * nodes};
  lay_rounding(&r, ends);
  start_nearest(&r, x, unit);
  if (random)
    round_random(&r, x, unit, (unsigned int)random);
  else
    round_nearest(&r);
  SEXP result = PROTECT(Rf_allocVector(REALSXP, n));
  for (int i = 0; i < n; i++) REAL(result)[i] = r.flow[i] * unit;
  UNPROTECT(1);
  return result;
}
