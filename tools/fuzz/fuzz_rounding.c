/* sources: simplex.c
   Rounded quotients against whole numbers of 128 bits. */
#include "shim.h"

#include "../../src/rounding.c"

static void compare(int64_t count, int64_t base, int factor, int digits, int mode)
{
  double rest, found = divide_scaled((double)count, (double)base, factor, digits, mode, &rest);
  if (isnan(found)) return;
  __int128 top = count < 0 ? -(__int128)count : count;
  for (int f = factor; f > 1; f /= 10) top *= 10;
  for (int d = 0; d < digits; d++) top *= 10;
  __int128 whole = top / base, left = top % base;
  if (mode != DOWN && (2 * left > base || (2 * left == base && (mode == HALF_UP || whole % 2))))
    whole++;
  must((__int128)fabs(found) == whole, "the quotient is the exact one, rounded");
  must(rest >= 0 && rest <= 1, "the rest is a part of a unit");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 19) return 0;
  int64_t count, base;
  double x, y, rest;
  memcpy(&count, data, 8);
  memcpy(&base, data + 8, 8);
  memcpy(&x, data, 8);
  memcpy(&y, data + 8, 8);
  int factor = data[16] % 2 ? 100 : 1, digits = data[17] % 13, mode = 1 + data[18] % 3;
  divide_scaled(x, y, factor, digits, mode, &rest);
  int shift = data[18] / 3 % 48;
  count = count / 1024 / ((int64_t)1 << shift);
  base = base / 1024 / ((int64_t)1 << shift % 13);
  if (base > 0 && count < (int64_t)1 << 53 && count > -((int64_t)1 << 53) &&
      base < (int64_t)1 << 53)
    compare(count, base, factor, digits, mode);
  return 0;
}
