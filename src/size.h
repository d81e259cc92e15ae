/* Sizes that cannot wrap round: products of counts before memory is asked for. */
#ifndef CASEREVIEW_SIZE_H
#define CASEREVIEW_SIZE_H

#include <stddef.h>
#include <stdint.h>

#include "casereview.h"

static inline size_t size_mul(size_t a, size_t b)
{
  if (b != 0 && a > SIZE_MAX / b) stop_internal("a size does not fit in memory");
  return a * b;
}

#endif
