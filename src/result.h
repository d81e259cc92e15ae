/* Named lists as results of entry points. */
#ifndef CASEREVIEW_RESULT_H
#define CASEREVIEW_RESULT_H

#include "casereview.h"

SEXP result_list(int n, const char *const *names);

#endif
