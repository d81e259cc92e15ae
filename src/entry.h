/* Every routine that R may call, by concept. init.c registers them and each
   concept's file includes this, so a changed signature fails to compile. */
#ifndef CASEREVIEW_ENTRY_H
#define CASEREVIEW_ENTRY_H

#include "casereview.h"

/* encode */
SEXP encode_match(SEXP values, SEXP table);

/* check_coding */

/* case_duration */

/* score_risk */
SEXP score_sum(SEXP codes, SEXP tables, SEXP n, SEXP n_items);

/* agreement */

/* crosstab */

/* disclosure */

/* rounding */

/* audit */

#endif
