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
SEXP agreement_patterns_wide(SEXP codes, SEXP n_codes, SEXP keep_coders);
SEXP agreement_patterns_long(SEXP case_, SEXP coder, SEXP code, SEXP n_cases,
                             SEXP n_coders, SEXP n_codes, SEXP keep_coders);
SEXP agreement_estimate(SEXP patterns, SEXP size, SEXP description);
SEXP agreement_without(SEXP patterns, SEXP size, SEXP description);
SEXP agreement_bootstrap(SEXP items, SEXP n_cases, SEXP replicates);
SEXP agreement_whole(SEXP x);

/* crosstab */
SEXP levels_text(SEXP x);
SEXP levels_integer(SEXP x);
SEXP levels_double(SEXP x);
SEXP crosstab_count(SEXP codes, SEXP sizes);
SEXP crosstab_moments(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP squares);
SEXP crosstab_fold(SEXP value, SEXP low, SEXP axes, SEXP how);
SEXP crosstab_spread(SEXP square, SEXP weight, SEXP mean, SEXP centre, SEXP axes);
SEXP crosstab_medians(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP start,
                      SEXP at);

/* disclosure */
SEXP disclosure_audit(SEXP structure, SEXP n_nodes, SEXP bounds, SEXP ask);
SEXP disclosure_audit_linear(SEXP structure, SEXP n_equations, SEXP bounds, SEXP ask);
SEXP disclosure_protect(SEXP structure, SEXP size, SEXP is_network, SEXP cells, SEXP asks,
                        SEXP effort);
SEXP round_controlled(SEXP structure, SEXP n_nodes, SEXP count, SEXP base, SEXP seed);

/* rounding */
SEXP rounding_divide(SEXP count, SEXP base, SEXP factor, SEXP digits, SEXP mode);

/* audit */

#endif
