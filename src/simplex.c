/* The bounded primal simplex on a dense tableau (Dantzig 1963, chapter 18): a column
   out of the basis stands at its lower or upper bound, phase one drives artificial
   columns to zero, and Bland's rule (1977) takes over when progress stalls. Meant for
   the few hundred cells of a linked or three-way table. */
#include <math.h>

#include "simplex.h"

static const double tiny = 1e-9;

size_t simplex_doubles(int m, int n)
{
  size_t rows = (size_t)m, columns = (size_t)n;
  return rows * columns + rows + 2 * (columns + rows) + columns;
}

size_t simplex_ints(int m, int n)
{
  return 2 * (size_t)m + (size_t)n;
}

/* Lays the arrays of a program of m equations and n columns out; all cells of the
   tableau are 0. */
void simplex_place(simplex *s, int m, int n, double *doubles, int *ints)
{
  size_t rows = (size_t)m, columns = (size_t)n;
  s->m = m;
  s->n = n;
  s->a = doubles;
  s->right = s->a + rows * columns;
  s->lo = s->right + rows;
  s->hi = s->lo + columns + rows;
  s->reduced = s->hi + columns + rows;
  s->basis = ints;
  s->state = ints + rows;
  for (size_t k = 0; k < rows * columns; k++) s->a[k] = 0;
}

double simplex_value(const simplex *s, int column)
{
  if (s->state[column] == AT_LOWER) return s->lo[column];
  if (s->state[column] == AT_UPPER) return s->hi[column];
  for (int i = 0; i < s->m; i++)
    if (s->basis[i] == column) return s->right[i];
  return NAN;
}

/* The column to bring in: the steepest, or the first when `first` asks for it. */
static int choose_column(const simplex *s, int first)
{
  int best = -1;
  double slope = tiny;
  for (int j = 0; j < s->n; j++) {
    if (s->state[j] == BASIC || s->hi[j] - s->lo[j] <= 0) continue;
    double gain = s->state[j] == AT_LOWER ? -s->reduced[j] : s->reduced[j];
    if (gain <= slope) continue;
    best = j;
    if (first) break;
    slope = gain;
  }
  return best;
}

/* How far column j may move (sign +1 up, -1 down), and the row that stops it (-1: its
   own other bound). Of rows that stop it together the lowest basic column leaves. */
static double choose_row(const simplex *s, int j, double sign, int *row)
{
  double most = s->hi[j] - s->lo[j];
  *row = -1;
  for (int i = 0; i < s->m; i++) {
    double rate = -sign * s->a[(size_t)i * (size_t)s->n + (size_t)j];
    if (fabs(rate) <= tiny) continue;
    int b = s->basis[i];
    double room =
        rate < 0 ? (s->right[i] - s->lo[b]) / -rate : (s->hi[b] - s->right[i]) / rate;
    if (room < 0) room = 0;
    if (room < most - tiny || (room < most + tiny && *row >= 0 && b < s->basis[*row])) {
      if (room < most) most = room;
      *row = i;
    }
  }
  return most;
}

static void clear_column(simplex *s, int row, int j)
{
  size_t n = (size_t)s->n;
  double *pivot = s->a + (size_t)row * n;
  double scale = pivot[j];
  for (size_t k = 0; k < n; k++) pivot[k] /= scale;
  for (int i = 0; i < s->m; i++) {
    double factor = s->a[(size_t)i * n + (size_t)j];
    if (i == row || factor == 0) continue;
    double *line = s->a + (size_t)i * n;
    for (size_t k = 0; k < n; k++) line[k] -= factor * pivot[k];
    line[j] = 0;
  }
  double factor = s->reduced[j];
  for (size_t k = 0; k < n; k++) s->reduced[k] -= factor * pivot[k];
  s->reduced[j] = 0;
}

static void move_column(simplex *s, int j, double sign, double amount, int row)
{
  size_t n = (size_t)s->n;
  double value = (s->state[j] == AT_LOWER ? s->lo[j] : s->hi[j]) + sign * amount;
  for (int i = 0; i < s->m; i++)
    s->right[i] -= sign * amount * s->a[(size_t)i * n + (size_t)j];
  if (row < 0) {
    s->state[j] = s->state[j] == AT_LOWER ? AT_UPPER : AT_LOWER;
    return;
  }
  int leaves = s->basis[row];
  double rate = -sign * s->a[(size_t)row * n + (size_t)j];
  s->state[leaves] = rate < 0 ? AT_LOWER : AT_UPPER;
  s->basis[row] = j;
  s->state[j] = BASIC;
  s->right[row] = value;
  clear_column(s, row, j);
}

static int iterate(simplex *s)
{
  long limit = 200L + 50L * ((long)s->m + s->n), stalled = 0;
  for (long turn = 0; turn < limit; turn++) {
    int j = choose_column(s, stalled > 20), row;
    if (j < 0) return SIMPLEX_OPTIMAL;
    double sign = s->state[j] == AT_LOWER ? 1 : -1;
    double amount = choose_row(s, j, sign, &row);
    if (amount == INFINITY) return SIMPLEX_UNBOUNDED;
    stalled = amount > tiny ? 0 : stalled + 1;
    move_column(s, j, sign, amount, row);
  }
  return SIMPLEX_STUCK;
}

/* Phase one. The tableau holds the equations, `right` their right sides, lo and hi the
   bounds of the n columns (lo finite). */
int simplex_start(simplex *s, const double *right)
{
  size_t n = (size_t)s->n;
  for (int j = 0; j < s->n; j++) {
    s->state[j] = AT_LOWER;
    s->reduced[j] = 0;
  }
  for (int i = 0; i < s->m; i++) {
    double *line = s->a + (size_t)i * n, rest = right[i];
    for (size_t k = 0; k < n; k++) rest -= line[k] * s->lo[k];
    if (rest < 0) {
      rest = -rest;
      for (size_t k = 0; k < n; k++) line[k] = -line[k];
    }
    for (size_t k = 0; k < n; k++) s->reduced[k] -= line[k];
    s->right[i] = rest;
    s->basis[i] = s->n + i;
    s->state[s->n + i] = BASIC;
    s->lo[s->n + i] = 0;
    s->hi[s->n + i] = INFINITY;
  }
  int end = iterate(s);
  if (end != SIMPLEX_OPTIMAL) return SIMPLEX_STUCK;
  double left = 0;
  for (int i = 0; i < s->m; i++)
    if (s->basis[i] >= s->n) left += s->right[i];
  for (int i = 0; i < s->m; i++) s->hi[s->n + i] = 0;
  return left > 1e-6 ? SIMPLEX_INFEASIBLE : SIMPLEX_OPTIMAL;
}

/* Minimises the sum of cost over the columns from a possible basis. */
int simplex_minimise(simplex *s, const double *cost)
{
  size_t n = (size_t)s->n;
  for (size_t k = 0; k < n; k++) s->reduced[k] = cost[k];
  for (int i = 0; i < s->m; i++) {
    double price = s->basis[i] < s->n ? cost[s->basis[i]] : 0;
    if (price == 0) continue;
    const double *line = s->a + (size_t)i * n;
    for (size_t k = 0; k < n; k++) s->reduced[k] -= price * line[k];
  }
  return iterate(s);
}
