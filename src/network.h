/* Flows in a network whose arcs are the cells of a table and whose nodes are its
   sums. Every arc has a flow between its lower and its upper bound; what leaves a node
   equals what enters it. Amounts are whole numbers held in doubles, exact to 2^53, and
   an upper bound may be infinite. Needs no R: memory is handed in by the caller. */
#ifndef CASEREVIEW_NETWORK_H
#define CASEREVIEW_NETWORK_H

typedef struct {
  int n_nodes, n_arcs;
  const int *tail, *head; /* nodes from 0 */
  int *first;             /* n_nodes + 1: where a node's entries start in `steps` */
  int *steps;             /* 2 n_arcs: arc * 2 to leave by the tail, + 1 by the head */
  int *level; /* n_nodes: distance from the source in the last search, or -1 */
  int *current, *queue; /* n_nodes */
  int *path;            /* n_nodes */
  double *distance;     /* n_nodes */
  int *via;             /* n_nodes: the step that reached a node most cheaply */
  int *heap, *place;    /* n_nodes */
} network;

typedef struct {
  double *flow;
  const double *lo, *hi;
} network_state;

int network_ints(int n_nodes, int n_arcs);
void network_build(network *net, int n_nodes, int n_arcs, const int *tail,
                   const int *head, const unsigned char *skip, int *ints,
                   double *doubles);
double network_push(network *net, const network_state *state, int source, int sink,
                    double limit);
int network_cheapest(network *net, const network_state *state, const double *price,
                     int source, int sink);
double network_follow(network *net, const network_state *state, int source, int sink,
                      double limit);

static inline int step_arc(int step)
{
  return step >> 1;
}

static inline int step_end(const network *net, int step)
{
  return step & 1 ? net->tail[step >> 1] : net->head[step >> 1];
}

static inline double step_room(const network_state *state, int step)
{
  int arc = step >> 1;
  return step & 1 ? state->flow[arc] - state->lo[arc]
                  : state->hi[arc] - state->flow[arc];
}

#endif
