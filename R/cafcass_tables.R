#' The 16 tables of the 2014 report, as printed
#'
#' The tables of a published study of submissions to serious case reviews, typed as they
#' are printed, errors included: they are what an audit is held against. A percent that
#' is wrong, a bracket without its space ("1(4.3)") or a percent sign that is missing
#' stands here as it stands there.
#'
#' A column in which every cell is a whole number is integer; any other is text, so that
#' the digits, brackets and dashes are kept ("3 (13.0)", "1.3", "-", "1 - 9"). The
#' totals are rows, as printed. Marks of footnotes are taken out of the cells.
#'
#' @format A list of 16 data frames, `table_1` to `table_16`. Each has the attributes
#'   `title` (a few words of our own), `section` (where it stands), `headings` (a short
#'   heading for each column) and `notes` (footnotes, in our words; may be empty).
#' \describe{
#'   \item{table_1}{Submissions by study: `study` (text), `timeframe` (text; blank for
#'     the total), `submissions` (integer).}
#'   \item{table_2}{Kind of review: `scr_type` (text), `number` (integer).}
#'   \item{table_3}{Index child in proceedings: `involvement` (text), `frequency`
#'     (integer).}
#'   \item{table_4}{Year in which involvement began: `year` (text), `frequency`
#'     (integer).}
#'   \item{table_5}{Year in which involvement ended: `year` (text), `frequency`
#'     (integer).}
#'   \item{table_6}{Length of involvement: `months` (text), `frequency` (integer).}
#'   \item{table_7}{Cases by law type: `law_type` (text), `frequency` (integer).}
#'   \item{table_8}{Ethnicity of the children: `ethnicity` (text), `frequency`
#'     (integer). The report prints this table across the page and without a total.}
#'   \item{table_9}{Age of the children: `age`, `samples_2012_2013`, `sample_2014`
#'     (texts: count and percent).}
#'   \item{table_10}{The index incidents: `case` (integer), `law_type`, `incident`,
#'     `involvement`, `perpetrator` (texts), `risk_score` (integer). The column of
#'     descriptions is left out; [cafcass_cases] has a few words of our own instead.}
#'   \item{table_11}{Incidents by sample: `incident`, `sample_2012`, `sample_2013`,
#'     `sample_2014`, `total` (texts: count and percent).}
#'   \item{table_12}{Mean risk rating: `law_type`, `samples_2012_2013`, `sample_2014`,
#'     `overall` (texts: mean and number of cases).}
#'   \item{table_13}{Most recent application: `application` (text), `subject`,
#'     `respondent` (integers).}
#'   \item{table_14}{Age when first known: `age`, `victims` (texts; "-" for none).}
#'   \item{table_15}{Age at the most recent application: `age` (text), `victims`
#'     (integer).}
#'   \item{table_16}{Recommendations: `year`, `imrs` (integers), `mean`, `range`
#'     (texts).}
#' }
#' @source Green R, Rodger H, Cappleman S, Dale R (2014). *Learning from Cafcass
#'   Submissions to SCRs*. Cafcass.
#' @seealso [cafcass_cases]
#' @examples
#' cafcass_tables$table_11
#' attr(cafcass_tables$table_11, "title")
#' # The total of table 4 against its parts
#' total <- cafcass_tables$table_4$year == "Total"
#' tapply(cafcass_tables$table_4$frequency, ifelse(total, "total", "parts"), sum)
#' @name cafcass_tables
#' @docType data
#' @usage cafcass_tables
#' @keywords datasets
NULL
