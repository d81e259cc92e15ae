#' The codebook of the 2014 report
#'
#' The case variables and the 13 risk factors of a published study of 26 submissions to
#' serious case reviews, as a codebook. It is read from `extdata/cafcass-codebook` of
#' this package, a folder of csv files that can be copied and changed.
#'
#' **Case variables.** `case` (the id, the row of table 10), `law_group`, `law_type`
#' (the `parent` of a law type under one law is its law group), `incident`, `fatal`,
#' `involvement`, `perpetrator`, `risk_score` (0 to 39), `children`, `chart_group` and
#' `description`. Labels are those of the report's table 10; what other tables print for
#' the same thing is an alias, so that "Spite/vengeance killing" is known as
#' "Spite/revenge killing" and "Prior to incident" as "Yes previously".
#'
#' **Risk factors.** The 13 items of the report's appendix A, in its order and of type
#' `rating`: high, medium and low score 3, 2 and 1, nothing indicated scores 0. For
#' `child_protection_plan` "Yes, currently" scores 3 and "Yes, previously" 2, "No"
#' scores 0 and nothing scores 1; "High" and "Medium", as charts 2 to 4 call the first
#' two, are aliases.
#'
#' **The three meanings of zero.** In the report a zero says that a risk was absent, or
#' that it was there and not known while the service was involved, or that it was known
#' and left out of the submission. The published ratings cannot tell these apart. Here
#' they are three codes, each with the score 0: `0` (nothing indicated, a substantive
#' code), `NK` (not known at the time, missing code `not_known`) and `NR` (not in the
#' submission, missing code `not_recorded`). A team that uses all three can say how much
#' of a low score is lack of knowledge; a sum with unknown ratings as zero is the
#' report's own.
#'
#' **Rules.** A fatal incident needs a death and a non-fatal one must not have any
#' (spite killings, suicides and overdoses are fatal; sexual abuse may be either); a
#' case under one law counts on the side of that law.
#'
#' @return A `codebook`: see [codebook()] for its columns. 24 variables, of which the 13
#'   of type `rating` are the risk factors.
#' @references Green R, Rodger H, Cappleman S, Dale R (2014). *Learning from Cafcass
#'   Submissions to SCRs*. Cafcass. Section 3.4 for the scores, table 10 for the labels,
#'   appendix A for the risk factors.
#' @seealso [cafcass_cases], [cafcass_ratings]
#' @examples
#' book <- cafcass_codebook()
#' book$variables[, c("variable", "label", "type")]
#' subset(book$codes, variable %in% c("child_protection_plan", "neglect"))
#' @export
cafcass_codebook <- function() {
  read_codebook(system.file("extdata", "cafcass-codebook", package = "casereview",
    mustWork = TRUE))
}
