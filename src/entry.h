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

/* agreement */

/* crosstab */
SEXP levels_text(SEXP x);
SEXP levels_integer(SEXP x);
SEXP levels_double(SEXP x);
SEXP crosstab_count(SEXP codes, SEXP sizes);
SEXP crosstab_moments(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP squares);
SEXP crosstab_fold(SEXP value, SEXP low, SEXP axes, SEXP how);
SEXP crosstab_spread(SEXP square, SEXP weight, SEXP mean, SEXP rest, SEXP centre,
                     SEXP axes);
SEXP crosstab_medians(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP start,
                      SEXP at);

/* disclosure */

/* rounding */
SEXP rounding_divide(SEXP count, SEXP base, SEXP factor, SEXP digits, SEXP mode);

/* audit */

#endif
