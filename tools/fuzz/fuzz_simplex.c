/* sources: simplex.c
   Small linear programs with whole numbers: an answer that is called optimal keeps the
   equations and the bounds, and is no worse than the point that the program was made of. */
#include "shim.h"

#include "../../src/simplex.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  bytes b = {data, size, 0};
  int m = take_below(&b, 6), n = 1 + take_below(&b, 7);
  size_t rows = (size_t)m, columns = (size_t)n;
  simplex s;
  simplex_place(&s, m, n, R_alloc(simplex_doubles(m, n), sizeof(double)),
                R_alloc(simplex_ints(m, n), sizeof(int)));
  double *a = R_alloc(rows * columns, sizeof(double)), *x = R_alloc(columns, sizeof(double));
  double *right = R_alloc(rows, sizeof(double)), *cost = R_alloc(columns, sizeof(double));
  double known = 0, size_of = 1;
  for (int j = 0; j < n; j++) {
    int low = take(&b) % 8, room = take(&b);
    s.lo[j] = low;
    s.hi[j] = room % 5 == 0 ? INFINITY : low + room % 9;
    x[j] = room % 5 == 0 ? low + room : low + room % 9 / 2;
    cost[j] = take(&b) % 7 - 3;
    known += cost[j] * x[j];
    size_of += fabs(x[j]);
  }
  for (int i = 0; i < m; i++) {
    right[i] = 0;
    for (int j = 0; j < n; j++) {
      a[i * n + j] = s.a[i * n + j] = take(&b) % 5 - 2;
      right[i] += a[i * n + j] * x[j];
    }
  }
  int start = simplex_start(&s, right);
  must(start != SIMPLEX_INFEASIBLE, "a program made of a point has one");
  if (start == SIMPLEX_OPTIMAL && simplex_minimise(&s, cost) == SIMPLEX_OPTIMAL) {
    double value = 0;
    for (int j = 0; j < n; j++) {
      double y = simplex_value(&s, j);
      must(y >= s.lo[j] - 1e-6 && y <= s.hi[j] + 1e-6, "bounds are kept");
      value += cost[j] * y;
    }
    must(value <= known + 1e-6 * size_of, "no worse than the point");
    for (int i = 0; i < m; i++) {
      double sum = 0;
      for (int j = 0; j < n; j++) sum += a[i * n + j] * simplex_value(&s, j);
      must(fabs(sum - right[i]) < 1e-6 * size_of, "equations are kept");
    }
  }
  shim_free();
  return 0;
}
