/* Just enough of R's names for a C file of the package to compile without R, so that its
   kernels can be fuzzed on blocks of exactly the right size. Include this first, then the
   C file. The entry points compile too and must not be called. */
#ifndef CASEREVIEW_FUZZ_SHIM_H
#define CASEREVIEW_FUZZ_SHIM_H
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASEREVIEW_H
#define CASEREVIEW_CHECK_H
#define CASEREVIEW_RESULT_H
#define CASEREVIEW_ENTRY_H
#pragma clang diagnostic ignored "-Wunused-function"

typedef struct shim_value *SEXP;
typedef ptrdiff_t R_xlen_t;
typedef unsigned int SEXPTYPE;
enum { LGLSXP = 10, INTSXP = 13, REALSXP = 14, STRSXP = 16, VECSXP = 19 };
#define NA_INTEGER (-2147483647 - 1)
#define NA_REAL NAN
#define NA_STRING ((SEXP)0)
#define R_FINITE(x) isfinite(x)
#define ISNAN(x) isnan(x)
#define PROTECT(x) (x)
#define UNPROTECT(n) ((void)(n))

static inline void *shim_none(void)
{
  abort();
}
#define Rf_allocVector(type, n) ((SEXP)shim_none())
#define Rf_allocMatrix(type, n, m) ((SEXP)shim_none())
#define Rf_xlength(x) ((void)(x), *(R_xlen_t *)shim_none())
#define VECTOR_ELT(x, i) ((void)(x), (SEXP)shim_none())
#define STRING_ELT(x, i) ((void)(x), (SEXP)shim_none())
#define SET_VECTOR_ELT(x, i, value) ((void)(x), (void)(value), abort())
#define INTEGER(x) ((void)(x), (int *)shim_none())
#define REAL(x) ((void)(x), (double *)shim_none())
#define INTEGER_RO(x) ((void)(x), (const int *)shim_none())
#define REAL_RO(x) ((void)(x), (const double *)shim_none())
#define R_CHAR(x) ((void)(x), (const char *)shim_none())
#define Rf_translateCharUTF8(x) R_CHAR(x)
#define R_CheckUserInterrupt() ((void)0)
#define check_type(x, type, name) ((void)(x), (void)(type), (void)(name))
#define check_length(x, n, name) ((void)(x), (void)(n), (void)(name))
#define check_int(x, low, high, name) ((void)(x), (void)(low), (void)(high), 0)
#define check_double(x, name) ((void)(x), 0.0)
#define result_list(n, names) ((void)(names), (SEXP)shim_none())
#define stop_internal(...) abort()

/* R_alloc() with blocks of their own, freed after each input. */
static void *shim_blocks[4096];
static size_t shim_used;
static inline void *R_alloc(size_t n, size_t size)
{
  if (shim_used == 4096) abort();
  return shim_blocks[shim_used++] = malloc(n * size ? n * size : 1);
}
static inline void shim_free(void)
{
  while (shim_used > 0) free(shim_blocks[--shim_used]);
}

/* What must hold; a message and a stop where it does not. */
static inline void must(int holds, const char *what)
{
  if (holds) return;
  fprintf(stderr, "does not hold: %s\n", what);
  abort();
}

/* The bytes of an input, taken one by one; zeros once they are used up. */
typedef struct {
  const uint8_t *data;
  size_t size, at;
} bytes;

static inline int take(bytes *b)
{
  return b->at < b->size ? b->data[b->at++] : 0;
}

static inline int take_below(bytes *b, int n)
{
  return take(b) % n;
}
#endif
