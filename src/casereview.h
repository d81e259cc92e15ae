/* Included first by every C file: strict use of R's public API, and the one way
   in which C reports a failed guard (a fault of this package, never of the data). */
#ifndef CASEREVIEW_H
#define CASEREVIEW_H

#ifndef R_NO_REMAP
#define R_NO_REMAP
#endif
#ifndef STRICT_R_HEADERS
#define STRICT_R_HEADERS
#endif
#include <R.h>
#include <Rinternals.h>

#if defined(__GNUC__)
#define PRINTF_LIKE(format_at, values_at)                                              \
  __attribute__((format(printf, format_at, values_at)))
#define NO_RETURN __attribute__((noreturn))
#else
#define PRINTF_LIKE(format_at, values_at)
#define NO_RETURN
#endif

NO_RETURN void stop_internal(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
