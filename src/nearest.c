/* The nearest of a list of words, by the optimal string alignment distance: the fewest
   insertions, deletions, substitutions and swaps of neighbours that turn one word into
   the other (Damerau, 1964; Navarro, 2001, ACM Computing Surveys 33, 36-37). Words that
   cannot be near by their length or letters are passed over without a comparison. */
#include <string.h>

#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

enum { LONGEST_WORD = 128 };

typedef struct {
  int n;
  const int *letter;
  uint64_t letters; /* which letters occur, six bits of each */
} word;

static int smaller(int a, int b)
{
  return a < b ? a : b;
}

/* The distance, or most + 1 where it is greater than `most`. */
static int distance(const word *a, const word *b, int most)
{
  int rows[3][LONGEST_WORD + 1];
  int *before = rows[0], *last = rows[1], *now = rows[2];
  for (int j = 0; j <= b->n; j++) last[j] = j;
  for (int i = 1; i <= a->n; i++) {
    int best = now[0] = i;
    for (int j = 1; j <= b->n; j++) {
      int differs = a->letter[i - 1] != b->letter[j - 1];
      int cost = smaller(smaller(last[j], now[j - 1]) + 1, last[j - 1] + differs);
      if (i > 1 && j > 1 && a->letter[i - 1] == b->letter[j - 2] &&
          a->letter[i - 2] == b->letter[j - 1])
        cost = smaller(cost, before[j - 2] + 1);
      now[j] = cost;
      best = smaller(best, cost);
    }
    if (best > most) return most + 1;
    int *spare = before;
    before = last;
    last = now;
    now = spare;
  }
  return last[b->n] > most ? most + 1 : last[b->n];
}

static int bits(uint64_t x)
{
  int n = 0;
  for (; x != 0; x &= x - 1) n++;
  return n;
}

static int cannot_be_near(const word *a, const word *b, int most)
{
  int longer = a->n > b->n ? a->n - b->n : b->n - a->n;
  if (longer > most) return 1;
  return bits(a->letters & ~b->letters) > most || bits(b->letters & ~a->letters) > most;
}

static word *words_of(SEXP list, const char *name)
{
  check_type(list, VECSXP, name);
  R_xlen_t n = Rf_xlength(list);
  word *words = (word *)R_alloc((size_t)n + 1, sizeof(word));
  for (R_xlen_t i = 0; i < n; i++) {
    SEXP letters = VECTOR_ELT(list, i);
    check_type(letters, INTSXP, name);
    R_xlen_t length = Rf_xlength(letters);
    words[i].n = length > LONGEST_WORD ? LONGEST_WORD + 1 : (int)length;
    words[i].letter = INTEGER_RO(letters);
    words[i].letters = 0;
    for (int j = 0; j < words[i].n; j++)
      words[i].letters |= UINT64_C(1) << (words[i].letter[j] & 63);
  }
  return words;
}

/* How far two words may differ and still be called near. */
static int near_enough(int n)
{
  if (n < 3) return 0;
  return n < 8 ? 1 : n < 12 ? 2 : 3;
}

/* For each of `values` (code points), the group of the nearest of `words`, NA where
   none is near or two groups are equally near, and the distance. */
SEXP nearest_word(SEXP values, SEXP words, SEXP groups)
{
  static const char *const names[] = {"group", "distance"};
  word *value = words_of(values, "values"), *known = words_of(words, "words");
  int n = (int)Rf_xlength(values), n_known = (int)Rf_xlength(words);
  check_type(groups, INTSXP, "groups");
  check_length(groups, n_known, "groups");
  SEXP result = PROTECT(result_list(2, names));
  SEXP nearest = Rf_allocVector(INTSXP, n);
  SET_VECTOR_ELT(result, 0, nearest);
  SEXP distances = Rf_allocVector(INTSXP, n);
  SET_VECTOR_ELT(result, 1, distances);
  for (int i = 0; i < n; i++) {
    int most = near_enough(value[i].n), best = most + 1, group = NA_INTEGER;
    if (value[i].n > LONGEST_WORD) best = 0;
    if (i % 1024 == 1023) R_CheckUserInterrupt();
    for (int j = 0; j < n_known && best > 0; j++) {
      int bound = smaller(best, smaller(most, near_enough(known[j].n)));
      if (known[j].n > LONGEST_WORD || bound < 1) continue;
      if (cannot_be_near(value + i, known + j, bound)) continue;
      int d = distance(value + i, known + j, bound);
      if (d > bound) continue;
      if (d < best)
        group = INTEGER_RO(groups)[j];
      else if (group != INTEGER_RO(groups)[j])
        group = NA_INTEGER;
      best = d;
    }
    INTEGER(nearest)[i] = group;
    INTEGER(distances)[i] = group == NA_INTEGER ? NA_INTEGER : best;
  }
  UNPROTECT(1);
  return result;
}
