/* Registration of the routines in entry.h. */
#include "entry.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#define ROUTINE(name, n_arguments) {#name, (DL_FUNC)&name, n_arguments}

static const R_CallMethodDef routines[] = {
    /* encode */
    ROUTINE(encode_match, 2),
    ROUTINE(encode_cells, 2),
    ROUTINE(encode_text, 1),
    ROUTINE(encode_numbers, 1),
    ROUTINE(encode_outside, 2),

    /* check_coding */
    ROUTINE(check_coding_cells, 8),
    ROUTINE(check_coding_levels, 3),

    /* duplicates */
    ROUTINE(duplicates_find, 1),

    /* coding_date */
    ROUTINE(coding_date_parse, 3),

    /* nearest */
    ROUTINE(nearest_word, 3),

    /* case_duration */
    ROUTINE(case_duration_cover, 4),

    /* score_risk */

    /* agreement */

    /* crosstab */

    /* disclosure */

    /* rounding */

    /* audit */

    {NULL, NULL, 0}};

void attribute_visible R_init_casereview(DllInfo *dll);

void R_init_casereview(DllInfo *dll)
{
  R_registerRoutines(dll, NULL, routines, NULL, NULL);
  R_useDynamicSymbols(dll, FALSE);
  R_forceSymbols(dll, TRUE);
}
