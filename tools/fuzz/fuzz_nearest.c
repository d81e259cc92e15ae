/* sources: simplex.c
   Distances of words against the full table of the textbook, and the short cut. */
#include "shim.h"

#include "../../src/nearest.c"

static int slow_distance(const int *a, int n, const int *b, int m)
{
  static int d[LONGEST_WORD + 1][LONGEST_WORD + 1];
  for (int i = 0; i <= n; i++) d[i][0] = i;
  for (int j = 0; j <= m; j++) d[0][j] = j;
  for (int i = 1; i <= n; i++) {
    for (int j = 1; j <= m; j++) {
      int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
      if (d[i - 1][j] + 1 < best) best = d[i - 1][j] + 1;
      if (d[i][j - 1] + 1 < best) best = d[i][j - 1] + 1;
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
          d[i - 2][j - 2] + 1 < best)
        best = d[i - 2][j - 2] + 1;
      d[i][j] = best;
    }
  }
  return d[n][m];
}

static word make_word(bytes *b, int n)
{
  int *letter = malloc((n ? (size_t)n : 1) * sizeof(int));
  word w = {n, letter, 0};
  for (int i = 0; i < n; i++) {
    letter[i] = take(b) % 12 ? take(b) % 8 : take(b) * 1000;
    w.letters |= UINT64_C(1) << (letter[i] & 63);
  }
  return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  bytes b = {data, size, 0};
  int n = take_below(&b, LONGEST_WORD + 1), m = take_below(&b, LONGEST_WORD + 1);
  int most = take_below(&b, 12);
  word x = make_word(&b, n), y = make_word(&b, m);
  int slow = slow_distance(x.letter, n, y.letter, m);
  must(distance(&x, &y, most) == (slow > most ? most + 1 : slow), "the distance");
  must(distance(&y, &x, most) == distance(&x, &y, most), "the same either way");
  if (cannot_be_near(&x, &y, most)) must(slow > most, "what is passed over is far");
  free((void *)(uintptr_t)x.letter);
  free((void *)(uintptr_t)y.letter);
  return 0;
}
