/* Registration of the routines in entry.h. */
#include "entry.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

/* By way of a function of no type: gcc warns of a cast from one type to another. */
#define ROUTINE(name, n_arguments)                                                     \
  {                                                                                    \
#name, (DL_FUNC)(void (*)(void))name, n_arguments                                  \
  }

static const R_CallMethodDef routines[] = {
    /* encode */
    ROUTINE(encode_match, 2),
    ROUTINE(encode_cells, 2),
    ROUTINE(encode_text, 1),
    ROUTINE(encode_numbers, 1),
    ROUTINE(encode_whole, 1),
    ROUTINE(encode_outside, 2),

    /* check_coding */
    ROUTINE(check_coding_cells, 8),
    ROUTINE(check_coding_levels, 3),

    /* duplicates */
    ROUTINE(duplicates_find, 1),

    /* coding_date */
    ROUTINE(coding_date_parse, 3),
    ROUTINE(coding_date_text, 1),

    /* nearest */
    ROUTINE(nearest_word, 3),

    /* case_duration */
    ROUTINE(case_duration_cover, 4),

    /* score_risk */
    ROUTINE(score_cases, 5),

    /* agreement */
    ROUTINE(agreement_patterns_wide, 3),
    ROUTINE(agreement_patterns_long, 7),
    ROUTINE(agreement_estimate, 3),
    ROUTINE(agreement_without, 3),
    ROUTINE(agreement_bootstrap, 3),
    ROUTINE(agreement_whole, 1),

    /* crosstab */
    ROUTINE(levels_text, 1),
    ROUTINE(levels_integer, 1),
    ROUTINE(levels_double, 1),
    ROUTINE(crosstab_count, 2),
    ROUTINE(crosstab_moments, 5),
    ROUTINE(crosstab_weights, 3),
    ROUTINE(crosstab_fold, 4),
    ROUTINE(crosstab_margins, 2),
    ROUTINE(crosstab_spread, 6),
    ROUTINE(crosstab_medians, 6),

    /* disclosure */
    ROUTINE(disclosure_audit, 4),
    ROUTINE(disclosure_audit_linear, 4),
    ROUTINE(suppress_cells, 6),
    ROUTINE(round_controlled, 5),

    /* rounding */
    ROUTINE(rounding_cells, 4),
    ROUTINE(rounding_divide, 5),

    /* audit */

    {NULL, NULL, 0}};

void attribute_visible R_init_casereview(DllInfo *dll);

void R_init_casereview(DllInfo *dll)
{
  R_registerRoutines(dll, NULL, routines, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
}
