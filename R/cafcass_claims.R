#' Every number of the 2014 report, as a register of claims
#'
#' The numeric statements of the report's text, footnotes and tables, each with the
#' expression that gives it from [cafcass_cases], [cafcass_tables] and
#' [cafcass_ratings], or the reason why nothing in the report gives it. The register
#' holds no verdicts: [audit_claims()] computes them.
#'
#' Expressions over [cafcass_ratings] run on **illustrative** ratings, which were made
#' to meet the report's statements: they show that those statements can hold together,
#' not that they are true of the unpublished ratings. Where one number of the text is
#' checked against another, the expression names the other claim
#' (`claimed("s11_ofsted_1314")`).
#'
#' @format A data frame with a row a claim:
#' \describe{
#' \item{id}{text; starts with the section (`s33_`) or the table (`t11_`).}
#' \item{section}{text: the section of the report, `"1.1"` to `"6"`, and `"A"`.}
#' \item{claim}{text: the statement, in a few words of our own.}
#' \item{printed}{text: the number, word or label as printed.}
#' \item{expression}{text: what gives it, in the language of [audit_claims()]; `""`
#'   where nothing does.}
#' \item{note}{text: why it cannot be checked, or how the check is to be read.}
#' }
#' @source Green, R., Rodger, H., Cappleman, S. and Dale, R. (2014). *Learning from
#'   Cafcass Submissions to SCRs*. Cafcass.
#' @examples
#' found <- audit_claims(cafcass_claims, list(cafcass_cases = cafcass_cases,
#'   cafcass_tables = cafcass_tables, cafcass_ratings = cafcass_ratings))
#' summary(found)
#' found[found$verdict == "truncated", c("claim", "printed", "exact", "verdict")]
#' @name cafcass_claims
#' @docType data
#' @usage cafcass_claims
#' @keywords datasets
NULL
