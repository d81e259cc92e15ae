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
SEXP agreement_patterns_wide(SEXP codes, SEXP n_codes, SEXP keep_coders);
SEXP agreement_patterns_long(SEXP case_, SEXP coder, SEXP code, SEXP n_cases,
                             SEXP n_coders, SEXP n_codes, SEXP keep_coders);
SEXP agreement_estimate(SEXP patterns, SEXP size, SEXP description);
SEXP agreement_without(SEXP patterns, SEXP size, SEXP description);
SEXP agreement_bootstrap(SEXP items, SEXP n_cases, SEXP replicates);
SEXP agreement_whole(SEXP x);

/* crosstab */

/* disclosure */

/* rounding */

/* audit */

#endif
