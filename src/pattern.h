/* A fast matcher for plain patterns over ASCII text. */
#ifndef CASEREVIEW_PATTERN_H
#define CASEREVIEW_PATTERN_H

#include <stddef.h>
#include <stdint.h>

enum pattern_answer { PATTERN_NO = 0, PATTERN_YES = 1, PATTERN_UNSURE = 2 };

typedef struct {
  int n, at_start, at_end;
  uint64_t can_skip, can_repeat; /* by state, state 0 being the lowest bit */
  uint64_t takes[128];           /* states that take this character */
} plain_pattern;

int pattern_compile(const char *text, plain_pattern *pattern);
int pattern_match(const plain_pattern *pattern, const char *text, size_t length);

#endif
