/* Every routine that R may call, by concept. init.c registers them and each
   concept's file includes this, so a changed signature fails to compile. */
#ifndef CASEREVIEW_ENTRY_H
#define CASEREVIEW_ENTRY_H

#include "casereview.h"

/* encode */
SEXP encode_match(SEXP values, SEXP table);
SEXP encode_cells(SEXP cells, SEXP table);
SEXP encode_text(SEXP cells);
SEXP encode_numbers(SEXP texts);
SEXP encode_whole(SEXP numbers);
SEXP encode_outside(SEXP codes, SEXP n_levels);

/* check_coding */
SEXP check_coding_cells(SEXP cells, SEXP words, SEXP verdicts, SEXP kind, SEXP range,
                        SEXP reading, SEXP texts, SEXP with_blank);
SEXP check_coding_levels(SEXP codes, SEXP verdicts, SEXP with_blank);

/* duplicates */
SEXP duplicates_find(SEXP columns);

/* coding_date */
SEXP coding_date_parse(SEXP texts, SEXP order, SEXP lowest);
SEXP coding_date_text(SEXP days);

/* nearest */
SEXP nearest_word(SEXP values, SEXP words, SEXP groups);

/* case_duration */
SEXP case_duration_cover(SEXP group, SEXP start, SEXP end, SEXP n_cases);

/* score_risk */
SEXP score_cases(SEXP columns, SEXP n, SEXP n_items, SEXP rule, SEXP edges);

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
SEXP crosstab_moments(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP want);
SEXP crosstab_weights(SEXP codes, SEXP sizes, SEXP weights);
SEXP crosstab_fold(SEXP value, SEXP low, SEXP axes, SEXP how);
SEXP crosstab_margins(SEXP count, SEXP sizes);
SEXP crosstab_spread(SEXP square, SEXP weight, SEXP mean, SEXP rest, SEXP centre,
                     SEXP axes);
SEXP crosstab_medians(SEXP codes, SEXP sizes, SEXP value, SEXP weights, SEXP start,
                      SEXP at);

/* disclosure */
SEXP disclosure_audit(SEXP structure, SEXP n_nodes, SEXP bounds, SEXP ask);
SEXP disclosure_audit_linear(SEXP structure, SEXP n_equations, SEXP bounds, SEXP ask);
SEXP suppress_cells(SEXP structure, SEXP size, SEXP is_network, SEXP cells, SEXP asks,
                    SEXP effort);
SEXP round_controlled(SEXP structure, SEXP n_nodes, SEXP count, SEXP base, SEXP seed);

/* rounding */
SEXP rounding_cells(SEXP count, SEXP base, SEXP digits, SEXP mode);
SEXP rounding_divide(SEXP count, SEXP base, SEXP factor, SEXP digits, SEXP mode);

/* audit */

#endif
