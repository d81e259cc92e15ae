/* Rounding on whole numbers: count * 100 / base to some decimals by long division, so
   that a tie is a tie and never a binary fraction that happens to lie below it. */
#include <math.h>
#include <stdint.h>

#include "check.h"
#include "entry.h"

enum rounding_mode { HALF_UP = 1, HALF_EVEN = 2, DOWN = 3 };
enum { LONGEST = 64, MOST_DIGITS = 12 };

static int is_whole(double x)
{
  return R_FINITE(x) && x == floor(x) && fabs(x) <= 9007199254740992.0;
}

/* |count| * factor / base in units of 10^-digits; the sign is put back, so halves go
   away from zero. `rest` is the part below a unit, in parts of the base. NA where the
   result would not be exact. */
static double divide_scaled(double count, double base, int factor, int digits, int mode,
                            double *rest)
{
  *rest = NA_REAL;
  if (!is_whole(count) || !is_whole(base) || base <= 0) return NA_REAL;
  uint64_t top = (uint64_t)fabs(count), bottom = (uint64_t)base;
  uint64_t whole = top / bottom, left = top % bottom;
  int steps = digits;
  for (int f = factor; f > 1; f /= 10) steps++;
  for (int s = 0; s < steps; s++) {
    if (whole > UINT64_C(900719925474099)) return NA_REAL;
    left *= 10;
    whole = whole * 10 + left / bottom;
    left %= bottom;
  }
  *rest = (double)left / (double)bottom;
  if (mode != DOWN && (2 * left > bottom ||
                       (2 * left == bottom && (mode == HALF_UP || whole % 2 == 1))))
    whole++;
  return count < 0 ? -(double)whole : (double)whole;
}

/* The rounded quotients as whole multiples of 10^-digits, and the rests. `factor` is 1
   or 100; NA where count or base is not a whole number or base is not above 0. */
SEXP rounding_divide(SEXP count, SEXP base, SEXP factor, SEXP digits, SEXP mode)
{
  check_type(count, REALSXP, "count");
  check_type(base, REALSXP, "base");
  R_xlen_t n = Rf_xlength(count);
  check_length(base, n, "base");
  check_type(digits, INTSXP, "digits");
  check_length(digits, n, "digits");
  int by = check_int(factor, 1, 100, "factor");
  if (by != 1 && by != 100) stop_internal("`factor` must be 1 or 100");
  int how = check_int(mode, HALF_UP, DOWN, "mode");
  SEXP out = PROTECT(Rf_allocVector(VECSXP, 2));
  SET_VECTOR_ELT(out, 0, Rf_allocVector(REALSXP, n));
  SET_VECTOR_ELT(out, 1, Rf_allocVector(REALSXP, n));
  double *scaled = REAL(VECTOR_ELT(out, 0)), *rest = REAL(VECTOR_ELT(out, 1));
  for (R_xlen_t i = 0; i < n; i++) {
    int d = INTEGER_RO(digits)[i];
    if (d == NA_INTEGER || d < 0 || d > MOST_DIGITS)
      stop_internal("`digits` must lie in 0 to 12");
    scaled[i] =
        divide_scaled(REAL_RO(count)[i], REAL_RO(base)[i], by, d, how, rest + i);
  }
  UNPROTECT(1);
  return out;
}

/* Writes the digits of x, at least `least` of them, and gives their number. */
static int put_digits(uint64_t x, int least, char *text)
{
  char reversed[LONGEST];
  int n = 0;
  for (; x > 0 || n < least; x /= 10) reversed[n++] = (char)('0' + x % 10);
  for (int i = 0; i < n; i++) text[i] = reversed[n - 1 - i];
  return n;
}

/* " (17.4%)", or " (-)" where there is no base; 0 where the percent is not exact. */
static int put_percent(double count, double base, int digits, int mode, char *text)
{
  static const uint64_t unit[] = {
      1,        10,        100,        1000,        10000,        100000,       1000000,
      10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000};
  int n = 0;
  text[n++] = ' ';
  text[n++] = '(';
  if (base == 0) {
    text[n++] = '-';
  } else {
    double rest, scaled = divide_scaled(count, base, 100, digits, mode, &rest);
    if (ISNAN(scaled)) return 0;
    n += put_digits((uint64_t)scaled / unit[digits], 1, text + n);
    if (digits > 0) text[n++] = '.';
    if (digits > 0) n += put_digits((uint64_t)scaled % unit[digits], digits, text + n);
    text[n++] = '%';
  }
  text[n++] = ')';
  return n;
}

/* The usual cells as text: "4", or "4 (17.4%)" where `base` is not NULL. NA where a
   count is not whole or a percent not exact, which R then writes otherwise. */
SEXP rounding_cells(SEXP count, SEXP base, SEXP digits, SEXP mode)
{
  check_type(count, REALSXP, "count");
  R_xlen_t n = Rf_xlength(count);
  int with_percent = !Rf_isNull(base);
  if (with_percent) {
    check_type(base, REALSXP, "base");
    check_length(base, n, "base");
  }
  check_type(digits, INTSXP, "digits");
  check_length(digits, n, "digits");
  int how = check_int(mode, HALF_UP, HALF_EVEN, "mode");
  SEXP out = PROTECT(Rf_allocVector(STRSXP, n));
  for (R_xlen_t i = 0; i < n; i++) {
    char text[2 * LONGEST];
    int d = INTEGER_RO(digits)[i], length = 0;
    double x = REAL_RO(count)[i];
    if (d == NA_INTEGER || d < 0 || d > MOST_DIGITS)
      stop_internal("`digits` must lie in 0 to 12");
    if (is_whole(x) && x >= 0) length = put_digits((uint64_t)x, 1, text);
    if (length > 0 && with_percent) {
      int more = put_percent(x, REAL_RO(base)[i], d, how, text + length);
      length = more > 0 ? length + more : 0;
    }
    SET_STRING_ELT(out, i, length > 0 ? Rf_mkCharLen(text, length) : NA_STRING);
  }
  UNPROTECT(1);
  return out;
}
