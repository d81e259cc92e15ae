/* Registration of the routines in entry.h. */
#include "entry.h"

#include <R_ext/Rdynload.h>
#include <R_ext/Visibility.h>

#define ROUTINE(name, n_arguments) {#name, (DL_FUNC)&name, n_arguments}

static const R_CallMethodDef routines[] = {
    /* encode */
    ROUTINE(encode_match, 2),

    /* check_coding */

    /* case_duration */

    /* score_risk */
    ROUTINE(score_sum, 4),

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
