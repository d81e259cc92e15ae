#' Illustrative ratings of the 26 cases (not the authors' ratings)
#'
#' **These ratings are illustrative.** The report rated 26 cases on 13 risk factors and
#' published the totals, some counts and six examples, not the ratings; its charts 2 to
#' 4 survive as captions. This is a matrix that agrees with every statement that the
#' report makes about its ratings. A great many matrices do, and nothing may be
#' concluded from a single cell of this one about any real case. Say so wherever it, or
#' a chart of it, is shown.
#'
#' What it agrees with (`data-raw/cafcass_ratings.R` in the sources states each as a
#' constraint and solves them; the tests check each):
#'
#' - table 10: the ratings of a case add up to its published score, 0 for case 20, 25
#'   for case 15; 3.4: the child protection plan scores 3, 2 or 0; most cases have more
#'   than one risk (3.5);
#' - 3.5, with cases 21 and 22 on the sides on which charts 3 and 4 count them
#'   (`chart_group` of [cafcass_cases]): domestic violence in 10 private cases (2 high)
#'   and 8 public cases (6 high), the most common in private law and (section 6) of all;
#'   emotional abuse second in private law, with 7 cases, 3 of them high; physical abuse
#'   in 10 public cases, exceeded there by "other" alone; neglect in 8 public and 6
#'   private cases, lower in private law; parental mental health in 7 public cases, most
#'   of them medium and low; risk to self in 6 public cases and 1 private case; on a
#'   plan currently 2 public and 1 private, previously 5 and 2; many medium and high
#'   ratings of "other", more so in public law;
#' - the case examples. Each is placed by its score, law, incident and perpetrator:
#'   example 1 and the case with the rating six are case 25 (opiates; the order had been
#'   made, so the proceedings had ended), example 2 is case 2, example 3 is case 19
#'   (case 9 has the same score but was a suicide), example 4 is case 1 (mental health
#'   low and "other" high, no more), example 5 is case 8 (case 16 has the same score in
#'   public law), example 6 is case 14. The sentence that leads into example 6 says that
#'   Cafcass's work had concluded; the example itself says that the proceedings were
#'   under way, and that alone fits a case of table 10.
#'
#' Readings of words: a risk that an example names is rated at least low; "serious"
#' domestic violence is high and "significant" is medium or high; a risk without an item
#' of its own is in "other". Beyond the statements, the matrix was made even over items
#' and levels, by choices of our own.
#'
#' @format A data frame with 26 rows and 14 columns: `case`, integer, and the 13 items
#'   of [cafcass_codebook()] as factors with the codebook's labels, in its order:
#'   `child_protection_plan` ("Yes, currently", "Yes, previously", "No"), and with
#'   "High", "Medium", "Low" and "Nothing indicated" `physical_abuse`,
#'   `emotional_abuse`, `sexual_abuse`, `neglect`, `child_risk_to_self`,
#'   `domestic_violence`, `parental_mental_health`, `substance_misuse`,
#'   `parental_self_harm`, `antagonism`, `parental_abuse_history` and `other`. The
#'   labels of the codes for not known and not in the submission are levels too; no case
#'   has them, for the report does not tell them apart.
#' @source Made for this package. The statements are from Green R, Rodger H, Cappleman
#'   S, Dale R (2014). *Learning from Cafcass Submissions to SCRs*. Cafcass. Table 10,
#'   sections 3.3 to 3.5 and 6.
#' @seealso [cafcass_cases], [cafcass_codebook()]
#' @examples
#' # Illustrative: domestic violence by the side of charts 3 and 4
#' table(cafcass_ratings$domestic_violence, cafcass_cases$chart_group)
#' @name cafcass_ratings
#' @docType data
#' @usage cafcass_ratings
#' @keywords datasets
NULL
