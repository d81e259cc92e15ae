#' The 26 cases of the 2014 report
#'
#' One row for each case of table 10 of a published study of submissions to serious case
#' reviews, coded by [cafcass_codebook()]. The sheet that it comes from, with the labels
#' as the report prints them, is `extdata/cafcass-2014-coding.csv` of this package; in
#' its row 22 the report writes "Spite/vengeance killing" where its table 11 writes
#' "Spite/revenge killing", and here the two are one.
#'
#' What table 10 does not print is worked out from the text:
#'
#' - `fatal`: 17 of the 26 incidents (section 6, point 2): the fatal categories and the
#'   two spite killings, the suicide and the two overdoses. No sexual abuse case was
#'   fatal.
#' - `children`: case 6 has two index children, case 15 three and case 26 two (their
#'   descriptions in table 10), every other case one; together 30. In case 18 twins are
#'   told of and one of them is the index child. This gives the 18 deaths, the 16
#'   children in public law and the 14 in private law of section 3.2.
#' - `chart_group`: cases 21 and 22 had proceedings under both laws, and charts 3 and 4
#'   count one on each side. Case 22 counts as private law: footnote 6 finds its score
#'   of 17 in the private law range and calls its care proceedings historical, and
#'   section 3.3 says that the private law proceedings were under way at the incident,
#'   as the note to chart 3 asks. Case 21 counts as public law: section 3.3 calls its
#'   private law proceedings historical, as the note to chart 4 asks. The two have the
#'   same score, so the ranges alone do not tell.
#'
#' @format A data frame with 26 rows and 11 columns. Factors have the codebook's labels
#'   as levels, in its order, whether or not a case has them.
#' \describe{
#'   \item{case}{Integer, 1 to 26: the row of table 10.}
#'   \item{law_group}{Factor: "Public law", "Private law", "Public and private".}
#'   \item{law_type}{Factor with 5 levels: the type of case as in table 10.}
#'   \item{incident}{Factor with 9 levels: the category of the index incident.}
#'   \item{fatal}{Logical: did an index child die?}
#'   \item{involvement}{Factor: was the index child in proceedings at the time of the
#'     incident, previously, or not at all?}
#'   \item{perpetrator}{Factor with 14 levels: as in table 10, where it is sometimes
#'     presumed.}
#'   \item{risk_score}{Integer, 0 to 39: the published risk rating.}
#'   \item{children}{Integer: the number of index children.}
#'   \item{chart_group}{Factor: "Public law" or "Private law", the side on which charts
#'     3 and 4 count the case.}
#'   \item{description}{Text: the incident in a few words of our own.}
#' }
#' @source Green R, Rodger H, Cappleman S, Dale R (2014). *Learning from Cafcass
#'   Submissions to SCRs*. Cafcass. Table 10, sections 3.1 to 3.5.
#' @seealso [cafcass_codebook()], [cafcass_tables], [cafcass_ratings]
#' @examples
#' table(cafcass_cases$law_type)
#' tapply(cafcass_cases$risk_score, cafcass_cases$law_type, mean)
#' with(cafcass_cases, c(incidents = sum(fatal), children = sum(children)))
#' @name cafcass_cases
#' @docType data
#' @usage cafcass_cases
#' @keywords datasets
NULL
