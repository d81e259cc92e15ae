/* Maximum flow by shortest augmenting levels (Dinic 1970) and cheapest paths (Dijkstra
   1959) over the residual network of a table: an arc can carry more up to its upper
   bound, and give back down to its lower bound. */
#include <math.h>

#include "network.h"

/* How many ints network_build() needs for its lists. */
int network_ints(int n_nodes, int n_arcs)
{
  return 7 * n_nodes + 1 + 2 * n_arcs;
}

/* Lists of steps by node. Arcs marked in `skip` (which may be NULL) never move and are
   left out. `ints` has network_ints() places and `doubles` n_nodes. */
void network_build(network *net, int n_nodes, int n_arcs, const int *tail,
                   const int *head, const unsigned char *skip, int *ints,
                   double *doubles)
{
  *net = (network){.n_nodes = n_nodes, .n_arcs = n_arcs, .tail = tail, .head = head};
  net->first = ints;
  net->level = net->first + n_nodes + 1;
  net->current = net->level + n_nodes;
  net->queue = net->current + n_nodes;
  net->path = net->queue + n_nodes;
  net->via = net->path + n_nodes;
  net->place = net->via + n_nodes;
  net->steps = net->place + n_nodes;
  net->heap = net->queue; /* the two searches never run at once */
  net->distance = doubles;
  for (int k = 0; k <= n_nodes; k++) net->first[k] = 0;
  for (int k = 0; k < n_nodes; k++) net->level[k] = -1;
  for (int a = 0; a < n_arcs; a++) {
    if (skip && skip[a]) continue;
    net->first[tail[a] + 1]++;
    net->first[head[a] + 1]++;
  }
  for (int k = 0; k < n_nodes; k++) {
    net->first[k + 1] += net->first[k];
    net->current[k] = net->first[k];
  }
  for (int a = 0; a < n_arcs; a++) {
    if (skip && skip[a]) continue;
    net->steps[net->current[tail[a]]++] = 2 * a;
    net->steps[net->current[head[a]]++] = 2 * a + 1;
  }
}

/* Levels from the source by breadth; 1 when the sink was reached. Where it was not,
   the nodes with a level are the source's side of a minimum cut. */
static int find_levels(network *net, const network_state *state, int source, int sink)
{
  for (int k = 0; k < net->n_nodes; k++) net->level[k] = -1;
  int begin = 0, end = 0;
  net->level[source] = 0;
  net->queue[end++] = source;
  while (begin < end && net->level[sink] < 0) {
    int node = net->queue[begin++];
    for (int k = net->first[node]; k < net->first[node + 1]; k++) {
      int next = step_end(net, net->steps[k]);
      if (net->level[next] >= 0 || step_room(state, net->steps[k]) <= 0) continue;
      net->level[next] = net->level[node] + 1;
      net->queue[end++] = next;
    }
  }
  return net->level[sink] >= 0;
}

static void move_step(const network_state *state, int step, double amount)
{
  state->flow[step >> 1] += step & 1 ? -amount : amount;
}

/* Sends as much as fits along a found path; returns it and the first full step. */
static double send_along(const network *net, const network_state *state, int n_steps,
                         double limit, int *full)
{
  double amount = limit;
  *full = 0;
  for (int k = 0; k < n_steps; k++) {
    double room = step_room(state, net->path[k]);
    if (room < amount) {
      amount = room;
      *full = k;
    }
  }
  if (amount == INFINITY) return amount;
  for (int k = 0; k < n_steps; k++) move_step(state, net->path[k], amount);
  return amount;
}

/* Fills the level network with flow, at most `limit`. */
static double block_flow(network *net, const network_state *state, int source, int sink,
                         double limit)
{
  double sent = 0;
  int depth = 0, node = source;
  for (int k = 0; k < net->n_nodes; k++) net->current[k] = net->first[k];
  for (;;) {
    if (node == sink) {
      int full;
      double amount = send_along(net, state, depth, limit - sent, &full);
      sent += amount;
      if (sent >= limit || amount == INFINITY) return sent;
      depth = full;
      node = step_end(net, net->path[depth] ^ 1);
    }
    int found = 0;
    for (; net->current[node] < net->first[node + 1]; net->current[node]++) {
      int step = net->steps[net->current[node]];
      int next = step_end(net, step);
      if (net->level[next] != net->level[node] + 1 || step_room(state, step) <= 0)
        continue;
      net->path[depth++] = step;
      node = next;
      found = 1;
      break;
    }
    if (found) continue;
    if (depth == 0) return sent;
    node = step_end(net, net->path[--depth] ^ 1);
    net->current[node]++;
  }
}

/* The most, up to `limit`, that can be sent from source to sink; the flow is changed
   accordingly (not where the answer is infinite). */
double network_push(network *net, const network_state *state, int source, int sink,
                    double limit)
{
  if (source == sink) return limit;
  double sent = 0;
  while (sent < limit && find_levels(net, state, source, sink)) {
    sent += block_flow(net, state, source, sink, limit - sent);
    if (sent == INFINITY) break;
  }
  return sent;
}

/* A heap of nodes by distance, for network_cheapest(). Ties go to the lower node, so
   that the answer is the same on every run. */
static int nearer(const network *net, int a, int b)
{
  double x = net->distance[a], y = net->distance[b];
  return x < y || (x == y && a < b);
}

static void heap_up(network *net, int at)
{
  int node = net->heap[at];
  while (at > 0 && nearer(net, node, net->heap[(at - 1) / 2])) {
    net->heap[at] = net->heap[(at - 1) / 2];
    net->place[net->heap[at]] = at;
    at = (at - 1) / 2;
  }
  net->heap[at] = node;
  net->place[node] = at;
}

static int heap_take(network *net, int *n)
{
  int top = net->heap[0], node = net->heap[--*n], at = 0;
  net->place[top] = -2;
  if (*n == 0) return top;
  for (int child = 1; child < *n; child = 2 * at + 1) {
    if (child + 1 < *n && nearer(net, net->heap[child + 1], net->heap[child])) child++;
    if (!nearer(net, net->heap[child], node)) break;
    net->heap[at] = net->heap[child];
    net->place[net->heap[at]] = at;
    at = child;
  }
  net->heap[at] = node;
  net->place[node] = at;
  return top;
}

/* The cheapest path from source to sink, in `via`; 0 when there is none. `price` has
   two entries an arc, for carrying more and for giving back, none below 0. */
int network_cheapest(network *net, const network_state *state, const double *price,
                     int source, int sink)
{
  int n = 0;
  for (int k = 0; k < net->n_nodes; k++) {
    net->distance[k] = INFINITY;
    net->place[k] = -1;
  }
  net->distance[source] = 0;
  net->via[source] = -1;
  net->heap[n] = source;
  heap_up(net, n++);
  while (n > 0) {
    int node = heap_take(net, &n);
    if (node == sink) return 1;
    for (int k = net->first[node]; k < net->first[node + 1]; k++) {
      int step = net->steps[k], next = step_end(net, step);
      double distance = net->distance[node] + price[step];
      if (distance >= net->distance[next] || step_room(state, step) <= 0) continue;
      net->distance[next] = distance;
      net->via[next] = step;
      if (net->place[next] < 0) {
        net->heap[n] = next;
        heap_up(net, n++);
      } else {
        heap_up(net, net->place[next]);
      }
    }
  }
  return 0;
}

/* Sends what fits, up to `limit`, along the path that network_cheapest() found. */
double network_follow(network *net, const network_state *state, int source, int sink,
                      double limit)
{
  double amount = limit;
  for (int node = sink; node != source; node = step_end(net, net->via[node] ^ 1)) {
    double room = step_room(state, net->via[node]);
    if (room < amount) amount = room;
  }
  if (amount == INFINITY) return amount;
  for (int node = sink; node != source; node = step_end(net, net->via[node] ^ 1))
    move_step(state, net->via[node], amount);
  return amount;
}
