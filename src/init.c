/* Registration of the routines in entry.h. */
#include "entry.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#define ROUTINE(name, n_arguments)                                                     \
  {                                                                                    \
#name, (DL_FUNC)&name, n_arguments                                                 \
  }

static const R_CallMethodDef routines[] = {
    /* encode */
    ROUTINE(encode_match, 2),

    /* check_coding */

    /* case_duration */

    /* score_risk */

    /* agreement */

    /* crosstab */
    ROUTINE(levels_text, 1),
    ROUTINE(levels_integer, 1),
    ROUTINE(levels_double, 1),
    ROUTINE(crosstab_count, 2),
    ROUTINE(crosstab_moments, 5),
    ROUTINE(crosstab_fold, 4),
    ROUTINE(crosstab_spread, 6),
    ROUTINE(crosstab_medians, 6),

    /* disclosure */

    /* rounding */
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
