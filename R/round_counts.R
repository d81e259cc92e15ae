#' Round the counts of a table
#'
#' Every count goes to a multiple of the base. Under controlled rounding each moves by less
#' than the base and the margins of the rounded cells still add up; conventional rounding
#' takes every count, totals too, to its nearest multiple, and they need not.
#'
#' @details
#' `"controlled"` is the closest such table: the sum of the distances moved is least, found
#' as a flow of minimum cost (Cox and Ernst 1982). `"random"` is unbiased: each count is
#' right on average over the draws (Cox 1987), and `set.seed()` governs it. Both exist for
#' tables with one or two summing dimensions of which one may be nested; a table that is no
#' network (three-way, nested on both sides, nets) may have no controlled rounding and is
#' refused. A count that is a multiple of the base stays. What cannot be had: inner cells
#' rounded under exact totals that still add up.
#'
#' Percents are of the rounded counts, and bases are rounded with their totals. Statistics
#' are kept, and a mean at full length, or with its sum beside it, gives the count away: hide
#' small ones by [suppress()], which rounds means where its rule rounds. Rounding by
#' itself does not hide a small count: a reader who sees 0 or the base knows the count
#' within less than the base.
#'
#' @param x A [crosstab()] of whole counts.
#' @param base The base, a whole number of at least 1.
#' @param method `"controlled"`, `"conventional"` or `"random"`.
#' @return The crosstab with rounded `n` and `base`, percents of these and new texts; the
#'   element `rounded` holds `base`, `method` and whether the margins add up (`additive`).
#' @references
#' Cox, L. H. and Ernst, L. R. (1982) Controlled rounding. *INFOR* 20, 423-432.
#'
#' Cox, L. H. (1987) A constructive procedure for unbiased controlled rounding. *Journal of
#' the American Statistical Association* 82, 520-524.
#' @examples
#' cases <- data.frame(
#'   sex = rep(c("Female", "Male"), c(16, 14)),
#'   outcome = rep(c("Died", "Survived", "Died", "Survived"), c(9, 7, 9, 5))
#' )
#' round_counts(crosstab(cases, sex ~ outcome), base = 5)
#' @export
round_counts <- function(x, base = 5, method = c("controlled", "conventional", "random")) {
  check_counts(x)
  base <- check_whole(base, "base", min = 1, max = 1e6)
  method <- check_choice(method, "method", c("controlled", "conventional", "random"))
  old <- x$cells
  x$cells$n <- if (method == "conventional") round_to(old$n, base) else
    round_additive(x, base, method == "random")
  x$rounded <- list(base = base, method = method, additive = adds_up(x))
  round_bases(x, old, base)
}

round_additive <- function(x, base, random) {
  system <- table_system(list(x))
  # what unites several codes may be rounded to less than one of them
  sums <- if (is.null(system$sums)) system else system$sums
  if (!sums$network) {
    stop_casereview("casereview_error_disclosure",
      "This table has no controlled rounding that is certain to exist: it sums over three ",
      "dimensions, is nested on both sides, or has nets. Round its strata one by one, or ",
      "use method = \"conventional\".")
  }
  seed <- if (random) sample.int(.Machine$integer.max, 1L) else 0L
  .Call(C_round_controlled, sums$structure, as.integer(sums$size), sums$n,
    as.double(base), seed)[system$cell[[1L]]]
}

# Whether every total is the sum of its parts as printed.
adds_up <- function(x) {
  entries <- table_sums(x)$entries
  if (!nrow(entries)) return(TRUE)
  all(rowsum(x$cells$n[entries[, 2L]] * entries[, 3L], entries[, 1L]) == 0)
}

# Bases as the rounded counts that they are; percents and texts of the rounded numbers.
round_bases <- function(x, old, base) {
  kind <- x$spec$percent
  if (is.null(kind) || kind == "none") kind <- "total"
  home <- base_cells_of(x, kind)$cell
  own <- home > 0L & (old$n[pmax(home, 1L)] == old$base) %in% TRUE
  x$cells$base <- ifelse(own, x$cells$n[pmax(home, 1L)], round_to(old$base, base))
  some <- !is.na(old$percent)
  x$cells$percent <- ifelse(some & x$cells$base > 0, 100 * x$cells$n / x$cells$base, NA_real_)
  rule <- sdc_rule(threshold = 0, rounding = base, symbol = "-")
  x$notes <- withhold_notes(x, rule, logical(nrow(x$cells)))
  counted <- Filter(counts_values, statistic_columns(x))
  x$cells[counted] <- lapply(x$cells[counted], round_to, base = base)
  x$cells$text <- table_text(x, rule)
  x
}
