/* Guards that entry points use before a loop may trust a vector. */
#ifndef CASEREVIEW_CHECK_H
#define CASEREVIEW_CHECK_H

#include "casereview.h"

void check_type(SEXP x, SEXPTYPE type, const char *name);
void check_length(SEXP x, R_xlen_t n, const char *name);
void check_codes(const int *codes, R_xlen_t n, int n_codes, const char *name);
int check_int(SEXP x, int lowest, int highest, const char *name);
double check_double(SEXP x, const char *name);

#endif
