/* Named lists as results of entry points. */
#include "result.h"

/* A fresh list with these names, not protected; the caller fills it. */
SEXP result_list(int n, const char *const *names)
{
  SEXP list = PROTECT(Rf_allocVector(VECSXP, n));
  SEXP labels = PROTECT(Rf_allocVector(STRSXP, n));
  for (int i = 0; i < n; i++) SET_STRING_ELT(labels, i, Rf_mkChar(names[i]));
  Rf_setAttrib(list, R_NamesSymbol, labels);
  UNPROTECT(2);
  return list;
}
