#' How far the scores depend on what is unknown and on each item
#'
#' Scores the same cases again with the unknown items at zero, at the lowest and at the
#' highest score of their own codes and left out (prorated), and with each item left out
#' in turn, and says how far the ranks and the bands of the cases move.
#'
#' @inheritParams item_contributions
#' @param bands As in [score_risk()]; without them `n_band_changed` is `NA`. The edges stay
#'   as they are when an item is left out.
#' @return A data frame of class `score_sensitivity`, a row a variant, the scores as asked
#'   for first: `variant` (`"as asked"`, `"unknown at zero"`, `"unknown at lowest"`,
#'   `"unknown at highest"`, `"unknown left out"`, `"without "` and the item), `n` (cases
#'   with a score both ways), `mean` (of the variant), `mean_change`, `rank_correlation`
#'   (Spearman's, with the scores as asked for; `NA` where either does not vary),
#'   `n_rank_changed` and `largest_rank_change` (mid-ranks among those cases) and
#'   `n_band_changed`. `attr(, "scores")` is a data frame of the id and a column a variant.
#'   Every variant keeps to `min_rated` by the items of the full scale; with an item left
#'   out it is lowered to the number of items that remain if it is above it.
#' @examples
#' book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "0",
#'   max = "3"))
#' cases <- data.frame(a = c(0, 1, 3, 2), b = c(1, NA, 3, 0), c = c(0, 1, NA, 3))
#' score_sensitivity(cases, book, bands = c(low = 0, high = 4))
#' @export
score_sensitivity <- function(data, codebook, items = NULL, bands = NULL, ...) {
  input <- option_input(data, codebook, items, bands, ...)
  input$options["bands"] <- list(NULL)
  cases <- score_cases(input)
  warn_unknown_values(unknown_values(input, cases$n_none))
  variants <- c(unknown_variants(input, cases), left_out_variants(input))
  rows <- lapply(variants, compare_scores, base = variants[[1L]], bands = bands)
  result <- cbind(data.frame(variant = names(variants)), do.call(rbind, rows))
  row.names(result) <- NULL
  scores <- c(input$id, variants)
  attributes(scores) <- list(names = names(scores), row.names = .set_row_names(input$n),
    class = "data.frame")
  structure(result, class = c("score_sensitivity", "data.frame"), scores = scores)
}

# The totals with the unknown at zero, lowest, highest and left out.
unknown_variants <- function(input, cases) {
  as <- function(unknown) {
    options <- input$options
    if (unknown == options$unknown) return(cases$score)
    options$unknown <- unknown
    # an unknown member of a group is worth what the rule says
    if (length(options$groups)) input$units <- units_of(input$scales, options)$units
    score_cases(input, options)$score
  }
  at_end <- function(end) replace(end, is.na(cases$score), NA)
  list(
    "as asked" = cases$score, "unknown at zero" = as("zero"),
    "unknown at lowest" = at_end(cases$score_min),
    "unknown at highest" = at_end(cases$score_max), "unknown left out" = as("prorate")
  )
}

# The totals without each item in turn.
left_out_variants <- function(input) {
  if (input$n_items < 2L) return(list())
  options <- input$options
  options$min_rated <- min(options$min_rated, input$n_items - 1L)
  variants <- lapply(input$items, function(item) {
    score_cases(input, options, units_without(input, item), input$n_items - 1L)$score
  })
  names(variants) <- paste("without", input$items)
  variants
}

units_without <- function(input, item) {
  home <- vapply(input$units, function(unit) item %in% unit$items, NA)
  unit <- input$units[home][[1L]]
  rest <- setdiff(unit$items, item)
  if (!length(rest)) return(input$units[!home])
  input$units[[names(input$units)[home]]] <-
    group_unit(input$scales[rest], input$options$unknown)
  input$units
}

compare_scores <- function(score, base, bands) {
  both <- !is.na(score) & !is.na(base)
  score <- score[both]
  base <- base[both]
  rank <- rank(as_ties(score))
  base_rank <- rank(as_ties(base))
  moved <- abs(rank - base_rank)
  edges <- reached_edges(bands)
  varies <- length(score) > 1L && min(score) < max(score) && min(base) < max(base)
  data.frame(
    n = length(score),
    mean = if (length(score)) mean(score) else NA_real_,
    mean_change = if (length(score)) mean_difference(score, base) else NA_real_,
    rank_correlation = if (varies) stats::cor(rank, base_rank) else NA_real_,
    n_rank_changed = sum(moved > 0), largest_rank_change = max(0, moved),
    n_band_changed = if (is.null(bands)) NA_integer_ else
      sum(findInterval(score, edges) != findInterval(base, edges))
  )
}

# Sums of thirds that are equal may differ in a last digit, and are ties.
as_ties <- function(x) if (any(x != floor(x), na.rm = TRUE)) signif(x, 12L) else x

# Differences of decimals may leave a last digit where they cancel out.
mean_difference <- function(a, b) {
  difference <- mean(a - b)
  if (abs(difference) < 1e-12 * max(abs(a), abs(b))) 0 else difference
}

#' @export
format.score_sensitivity <- function(x, ...) {
  folded_lines(as.data.frame(x), 1L, digits = 3L)
}

#' @export
print.score_sensitivity <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}
