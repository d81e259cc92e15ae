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
SEXP encode_outside(SEXP codes, SEXP n_levels);

/* check_coding */
SEXP check_coding_cells(SEXP cells, SEXP words, SEXP verdicts, SEXP kind, SEXP range,
                        SEXP reading, SEXP texts, SEXP with_blank);
SEXP check_coding_levels(SEXP codes, SEXP verdicts, SEXP with_blank);

/* duplicates */
SEXP duplicates_find(SEXP columns);

/* coding_date */
SEXP coding_date_parse(SEXP texts, SEXP order, SEXP lowest);

/* nearest */
SEXP nearest_word(SEXP values, SEXP words, SEXP groups);

/* case_duration */
SEXP case_duration_cover(SEXP group, SEXP start, SEXP end, SEXP n_cases);

/* score_risk */

/* agreement */

/* crosstab */

/* disclosure */

/* rounding */

/* audit */

#endif
