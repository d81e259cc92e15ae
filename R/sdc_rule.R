# Rules of disclosure control as objects: what is hidden, what is rounded, and how far a
# reader must be left in doubt.

sdc_presets <- function() {
  list(
    dfe = list(
      threshold = 5L, zeros = "shown", symbol = "c", digits = 1L,
      source = "Department for Education, Characteristics of children in need, data guidance",
      date = "2020"
    ),
    nhs = list(
      threshold = 7L, zeros = "shown", symbol = "*", rounding = 5L, totals = TRUE,
      complementary = FALSE, width = 1L, min_mean_n = 8L,
      source = "NHS Digital, Disclosure control methodology for HES and ECDS",
      date = "September 2018"
    ),
    sdap = list(
      threshold = 9L, zeros = "spare", symbol = "c", totals = TRUE, dominance = 1,
      min_mean_n = 10L,
      source = paste("Safe Data Access Professionals, Handbook on Statistical Disclosure",
        "Control for Outputs, version 1.0; check the numbers with the data owner"),
      date = "August 2019"
    ),
    sail = list(
      threshold = 9L, zeros = "hidden", symbol = "*", totals = TRUE, difference = 10L,
      min_mean_n = 10L,
      source = "no published source was found; check the numbers with SAIL Databank",
      date = "undated"
    ),
    hesa = list(
      threshold = 0L, zeros = "shown", symbol = "*", rounding = 5L, totals = TRUE,
      complementary = FALSE, min_percent_base = 22.5, min_mean_n = 8L, digits = 0L,
      source = paste("HESA, Rounding and suppression to anonymise statistics; check the",
        "numbers with the data owner"),
      date = "8 March 2023"
    ),
    opensafely = list(
      threshold = 7L, zeros = "shown", symbol = "[REDACTED]", rounding = 5L, totals = TRUE,
      complementary = FALSE, width = 1L, min_mean_n = 8L,
      source = "OpenSAFELY, Updated disclosure control guidance",
      date = "as cited in November 2023"
    )
  )
}

#' A rule of disclosure control
#'
#' What a data owner asks of a table of small counts, as an object that [suppress()],
#' [disclosure_risk()] and [release_note()] work by. **The data owner's own rule decides**:
#' the named rules are starting points as last read on the dates given, and a data sharing
#' agreement may ask for more.
#'
#' @details
#' | name | hidden | beyond that | source, date |
#' | --- | --- | --- | --- |
#' | `dfe` | 1 to 5 | zeros shown, percents to one decimal, further cells hidden where needed, symbol `c` | Department for Education, *Characteristics of children in need*, data guidance of the 2020 release, "Confidentiality" and "Rounding" |
#' | `nhs` | 1 to 7 | all other counts to the nearest 5, totals rounded apart; means on 1 to 7 hidden | NHS Digital, *Disclosure control methodology for Hospital Episode Statistics (HES) and Emergency Care Data Set (ECDS)*, in force from September 2018, for figures below national level |
#' | `sdap` | 1 to 9 | zeros may be hidden to protect others; a row or column of which one cell holds all is hidden too | Safe Data Access Professionals (Secure Data Group), *Handbook on Statistical Disclosure Control for Outputs*, version 1.0, August 2019; see below |
#' | `sail` | 0 to 9 | differences between linked tables under 10 as well | none was found; see below |
#' | `hesa` | none | 0, 1 and 2 become 0, the rest the nearest 5; percents on a base under 22.5 and means on 7 or fewer hidden | HESA, *Rounding and suppression to anonymise statistics*, copy of 8 March 2023; see below |
#' | `opensafely` | 1 to 7 | all other counts to the nearest 5 | OpenSAFELY, *Updated disclosure control guidance*, as cited in November 2023 |
#'
#' **How far the sources were read.** The numbers of `dfe`, `nhs` and `opensafely` stand in
#' the texts named. (The DfE also rounds totals of England and its regions to the nearest
#' 10, which `dfe` does not do; OpenSAFELY also offers rounding to midpoints of 6.) Of
#' `sdap` and `hesa` the documents were found but not their wording: the handbook leaves the
#' threshold to each safe setting, of which many ask for 10, and a later edition is dated
#' July 2024. For `sail` no published rule was found at all. **Check the numbers of `sdap`,
#' `hesa` and `sail` with the data owner before you rely on them.**
#'
#' `threshold` is the largest count that is hidden: "fewer than 5" is `threshold = 4`.
#'
#' A margin (a total or a subtotal) that is itself small can only be hidden if totals are in
#' scope. By default they are not: a table in which such a margin stands is refused by
#' [suppress()], with the ways out.
#'
#' @param name One of `"dfe"`, `"nhs"`, `"sdap"`, `"sail"`, `"hesa"`, `"opensafely"`, or
#'   `NULL` for a rule of one's own.
#' @param threshold The largest count hidden, a whole number of at least 0. Needed where
#'   `name` is `NULL`.
#' @param zeros `"shown"` (a shown table has all its zeros, so that a hidden count is at
#'   least 1), `"spare"` (zeros may be hidden to protect others) or `"hidden"` (zeros are as
#'   sensitive as small counts).
#' @param symbol The text of a hidden cell. A symbol that gives a range, such as `"<5"`, may
#'   stand for small counts only, and tells the reader so.
#' @param totals Whether totals and subtotals are in scope: `TRUE` where they may be hidden,
#'   `FALSE` where they are promised to be shown.
#' @param complementary Whether further (secondary) cells may be hidden.
#' @param width `NULL`: for a sensitive cell every hidden count, from the lowest to the
#'   threshold, must stay possible to the reader. A whole number asks for less: an interval
#'   that is at least as wide, wherever it lies (`1`: no count is certain).
#' @param dominance `NULL`, or the share of a row or column (from over 0.5 to 1) from which
#'   a single cell gives the whole group away: `1` for all, `0.9` for nine in ten.
#' @param rounding `NULL`, or the base to which shown counts are rounded.
#' @param round_totals `"apart"` (totals are rounded themselves) or `"summed"` (totals are
#'   the sums of the shown, rounded counts).
#' @param min_percent_base The smallest base of a percent that may be shown.
#' @param min_mean_n The smallest n of a mean or another statistic; `NULL`: one more than
#'   the threshold.
#' @param difference The smallest difference that may stand between the counts of the same
#'   group in linked tables; `NULL`: one more than the threshold.
#' @param digits Decimals of percents at most; `NULL` leaves them.
#' @return An `sdc_rule`: a list with the arguments above, `source` and `date`.
#' @seealso [suppress()]
#' @examples
#' sdc_rule("dfe")
#' sdc_rule(threshold = 4, zeros = "spare", symbol = "-")
#' sdc_rule("dfe", totals = TRUE)
#' @export
sdc_rule <- function(name = NULL, threshold = NULL, zeros = NULL, symbol = NULL,
                     totals = NULL, complementary = NULL, width = NULL, dominance = NULL,
                     rounding = NULL, round_totals = NULL, min_percent_base = NULL,
                     min_mean_n = NULL, difference = NULL, digits = NULL) {
  if (inherits(name, "sdc_rule")) return(check_rule(name))
  given <- list(
    threshold = threshold, zeros = zeros, symbol = symbol, totals = totals,
    complementary = complementary, width = width, dominance = dominance,
    rounding = rounding, round_totals = round_totals, min_percent_base = min_percent_base,
    min_mean_n = min_mean_n, difference = difference, digits = digits
  )
  rule <- list(
    name = NULL, zeros = "shown", symbol = "c", totals = FALSE, complementary = TRUE,
    round_totals = "apart", min_percent_base = 0, source = "own", date = ""
  )
  if (!is.null(name)) {
    presets <- sdc_presets()
    name <- check_choice(name, "name", names(presets))
    rule[names(presets[[name]])] <- presets[[name]]
    rule$name <- name
  } else if (is.null(threshold)) {
    stop_argument("`threshold` must be given, the largest count that is hidden, where ",
      "`name` is NULL.")
  }
  set <- !vapply(given, is.null, NA)
  rule[names(given)[set]] <- given[set]
  finish_rule(rule)
}

finish_rule <- function(rule) {
  whole <- function(field, min, max = .Machine$integer.max) {
    check_whole(rule[[field]], field, min = min, max = max, null = TRUE)
  }
  threshold <- check_whole(rule$threshold, "threshold", min = 0, max = 1e6)
  zeros <- check_choice(rule$zeros, "zeros", c("shown", "spare", "hidden"))
  width <- whole("width", 1L)
  dominance <- check_number(rule$dominance, "dominance", min = 0.5, max = 1, null = TRUE)
  structure(list(
    name = rule$name, threshold = threshold, zeros = zeros,
    symbol = check_string(rule$symbol, "symbol"),
    totals = check_flag(rule$totals, "totals"),
    complementary = check_flag(rule$complementary, "complementary"),
    width = width, dominance = dominance, rounding = whole("rounding", 1L),
    round_totals = check_choice(rule$round_totals, "round_totals", c("apart", "summed")),
    min_percent_base = check_number(rule$min_percent_base, "min_percent_base", min = 0),
    min_mean_n = c(whole("min_mean_n", 0L), threshold + 1L)[1L],
    difference = c(whole("difference", 0L), threshold + 1L)[1L],
    digits = whole("digits", 0L, 10L), source = rule$source, date = rule$date
  ), class = "sdc_rule")
}

# A rule, the name of one or a threshold.
as_rule <- function(rule, arg = "rule") {
  need_argument(rule, arg)
  if (inherits(rule, "sdc_rule")) return(check_rule(rule, arg))
  if (is.character(rule) && length(rule) == 1L) {
    return(sdc_rule(check_choice(rule, arg, names(sdc_presets()))))
  }
  if (is.numeric(rule) && length(rule) == 1L) return(sdc_rule(threshold = rule))
  stop_argument("`", arg, "` must be a rule as sdc_rule() makes it, the name of one or a ",
    "threshold, not ", describe(rule), ".")
}

# A rule may have been edited by hand.
check_rule <- function(rule, arg = "rule") {
  fields <- c("threshold", "zeros", "symbol", "totals", "complementary")
  if (!is.list(rule) || !all(fields %in% names(rule))) {
    stop_argument("`", arg, "` must be a rule as sdc_rule() makes it; this one is damaged.")
  }
  finish_rule(unclass(rule))
}

# The lowest count that a hidden cell can have.
lowest_hidden <- function(rule) if (rule$zeros == "shown") 1L else 0L

# Whether the symbol says by itself that the count is small.
tells_range <- function(rule) {
  grepl("^\\s*(<|<=|\u2264|fewer than|less than|under)\\s*[0-9]+\\s*$", rule$symbol,
    ignore.case = TRUE) || grepl("^\\s*[0-9]+\\s*(-|to|\u2013)\\s*[0-9]+\\s*$", rule$symbol)
}

#' @export
format.sdc_rule <- function(x, ...) {
  none <- x$threshold < lowest_sensitive(x)
  hidden <- if (none) "no count is hidden for its size" else
    paste0("counts of ", lowest_sensitive(x), " to ", x$threshold, " are hidden (printed \"",
      x$symbol, "\")")
  zeros <- switch(x$zeros, shown = "zeros are shown",
    spare = "zeros may be hidden to protect others", hidden = "zeros are hidden too")
  c(
    paste0("Disclosure rule", if (!is.null(x$name)) paste0(" \"", x$name, "\""), ": ",
      hidden, ", ", zeros, "."),
    if (!none || !is.null(x$dominance)) paste0(
      "Totals ", if (x$totals) "may be hidden" else "stay shown", "; ",
      if (x$complementary) "further cells are hidden where needed" else
        "no further cells are hidden", "; to the reader ", if (is.null(x$width))
        paste("a sensitive cell may be any of", range_words_of(x)) else
        paste("a sensitive cell's interval is at least", x$width, "wide"), "."),
    if (!is.null(x$dominance)) paste0("A cell with ", round(100 * x$dominance),
      "% or more of its row or column is hidden."),
    if (!is.null(x$rounding)) paste0("Shown counts are rounded to the nearest ", x$rounding,
      if (x$round_totals == "apart") ", totals apart." else ", totals as sums."),
    if (x$min_percent_base > 0) paste0("No percent of a base under ", x$min_percent_base, "."),
    if (x$min_mean_n > 1) paste0("No mean of fewer than ", x$min_mean_n, " cases."),
    if (x$source != "own") paste0("Source: ", x$source, " (", x$date,
      "). The data owner's own rule decides.")
  )
}

# "1 to 5": the counts among which a sensitive one must stay hidden.
range_words_of <- function(rule) paste(lowest_hidden(rule), "to", highest_asked(rule))

highest_asked <- function(rule) max(rule$threshold, lowest_hidden(rule) + 1L)

# How wide the interval of a sensitive cell has to be.
asked_width <- function(rule) {
  if (is.null(rule$width)) highest_asked(rule) - lowest_hidden(rule) else rule$width
}

lowest_sensitive <- function(rule) if (rule$zeros == "hidden") 0L else 1L

#' @export
print.sdc_rule <- function(x, ...) {
  writeLines(strwrap(format(x), width = 80L, exdent = 2L))
  invisible(x)
}
