/* Guards of memory: type, length and range of what R code hands to an entry point.
   A failure here is a fault of this package; users are spoken to in R. */
#include <stdarg.h>
#include <stdio.h>

#include "check.h"

void stop_internal(const char *format, ...)
{
  char text[256];
  va_list values;
  va_start(values, format);
  (void)vsnprintf(text, sizeof text, format, values); /* cut off at 255 is enough */
  va_end(values);
  Rf_error("Internal error in casereview: %s. Please report it.", text);
}

void check_type(SEXP x, SEXPTYPE type, const char *name)
{
  if ((SEXPTYPE)TYPEOF(x) != type)
    stop_internal("`%s` must be of type %s, not %s", name, Rf_type2char(type),
                  Rf_type2char((SEXPTYPE)TYPEOF(x)));
}

void check_length(SEXP x, R_xlen_t n, const char *name)
{
  if (Rf_xlength(x) != n)
    stop_internal("`%s` must have length %.0f, not %.0f", name, (double)n,
                  (double)Rf_xlength(x));
}

/* Every code is NA_INTEGER or in 1..n_codes. */
void check_codes(const int *codes, R_xlen_t n, int n_codes, const char *name)
{
  for (R_xlen_t i = 0; i < n; i++) {
    if (codes[i] != NA_INTEGER && (codes[i] < 1 || codes[i] > n_codes))
      stop_internal("`%s` holds the code %d outside 1 to %d in row %.0f", name,
                    codes[i], n_codes, (double)i + 1);
  }
}

int check_int(SEXP x, int lowest, int highest, const char *name)
{
  check_type(x, INTSXP, name);
  check_length(x, 1, name);
  int value = INTEGER_RO(x)[0];
  if (value == NA_INTEGER || value < lowest || value > highest)
    stop_internal("`%s` must lie in %d to %d", name, lowest, highest);
  return value;
}

double check_double(SEXP x, const char *name)
{
  check_type(x, REALSXP, name);
  check_length(x, 1, name);
  return REAL_RO(x)[0];
}
