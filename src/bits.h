/* The bits of a double as a whole number, and back. */
#ifndef CASEREVIEW_BITS_H
#define CASEREVIEW_BITS_H

#include <stdint.h>
#include <string.h>

static inline uint64_t bits_of(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static inline double double_of(uint64_t bits)
{
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

#endif
