/* Ratings of one item as patterns: cases that were rated alike share one pattern, and
   a pattern is the run of its ratings. With coders kept apart a rating is the key
   (coder - 1) * n_codes + code, in the order of coders; otherwise it is the code, and
   the run is sorted. */
#ifndef CASEREVIEW_PATTERNS_H
#define CASEREVIEW_PATTERNS_H

#include "casereview.h"

typedef struct {
  int n_patterns;
  int n_codes;
  int n_coders;     /* 0 where coders are not kept apart */
  const int *start; /* n_patterns + 1 offsets into key */
  const int *key;
  const int *code; /* the code of each key, from 0 */
} pattern_set;

static inline int pattern_length(const pattern_set *set, int p)
{
  return set->start[p + 1] - set->start[p];
}

/* The coder of a key, from 0. */
static inline int key_coder(const pattern_set *set, int key)
{
  return (key - 1) / set->n_codes;
}

#endif
