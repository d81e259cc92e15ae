#' Score the risk items of each case
#'
#' Adds up the scores of the items of each case and says what the total rests on: how many
#' items were rated, how many are unknown, how many do not apply, and between which totals
#' the case would lie if the unknown were known.
#'
#' @section What counts as unknown:
#' A blank, a code whose `missing` word in the codebook is `not_known` or `not_recorded`,
#' and a value that is not in the codebook (told in a warning with its variable and row;
#' [check_coding()] lists them all) are *unknown*. A code marked `not_applicable` is not:
#' the item is left out of every total of that case. The missing word decides, not the
#' score: a sheet may hold "absent", "not known" and "not submitted" as three codes with
#' score 0, and only the first is a rating. A score given to a missing code is never added.
#'
#' * `unknown = "zero"`: an unknown item adds 0.
#' * `unknown = "exclude"`: the sum of what was rated. The total is the same as with
#'   `"zero"` (unless a group holds negative scores), but it is `NA` wherever nothing was
#'   rated, whatever `min_rated` says.
#' * `unknown = "prorate"`: the sum of what was rated, times the highest total of the items
#'   that apply, divided by the highest total of the items rated. Where the items have one
#'   maximum this is the mean of the rated items times the number of items that apply
#'   (person-mean imputation; Schafer and Graham 2002, p. 157-158; Mazza, Enders and
#'   Ruehlman 2015); with unlike maxima it cannot pass `max_score`. Where items have
#'   lowest scores other than 0 and unlike ranges, that product may lie outside `score_min`
#'   to `score_max`: the total is then the nearer of the two. A case in which
#'   nothing is unknown keeps its sum; one in which the highest total of the items rated is
#'   not above 0 (protective items alone) cannot be prorated and is `NA`.
#'
#' A total rests on at least `min_rated` rated items and is `NA` below; a case with nothing
#' rated has a total of 0 only with `unknown = "zero", min_rated = 0`. `min_rated` is a
#' number of items, never a proportion: half of 13 items is 7.
#'
#' @section Options for an item:
#' They are applied in this order. `scores`: a list named by items of scores named by label
#' or code, in place of the codebook's. `direction`: named by items, `-1` reverses an item
#' within its own range (low + high - score). `cap`: named by items, the most that an item
#' can add (before its weight); one number without a name caps the total. `weights`: named
#' by items, factors of at least 0. `groups`: a named list of sets of items that count
#' once, as the largest of their scores; the counts (`n_items` and so on) stay counts of
#' items.
#'
#' @param data A data frame, one row a case, whose item columns hold codes, labels or
#'   aliases of the codebook (character, factor, integer, double or labelled); or a table
#'   of a database or Arrow dataset, of which the id and the items are read (see
#'   [databases]).
#' @param codebook A [codebook()]. An item has codes with scores, or a `min` and a `max`
#'   and no codes.
#' @param items Names of the items; all variables of type `rating` by default.
#' @param unknown What an unknown item adds: `"zero"`, `"exclude"` or `"prorate"`.
#' @param min_rated The fewest rated items that make a total: a whole number.
#' @param bands Named, rising lower edges, as in `c(low = 0, medium = 10, high = 20)`. A
#'   band holds its own edge and ends below the next; a total that only the rounding of
#'   decimals keeps below an edge (by less than 1e-9) has reached it. A total below the
#'   lowest edge has no band, and a warning says so.
#' @param weights,direction,cap,groups,scores See *Options for an item*.
#' @return A data frame of class `risk_scores`, a row a case in the order of `data`: the id
#'   (named as in the codebook; without one, `case`, the number of the row), `n_items`,
#'   `n_rated`, `n_unknown`, `n_not_applicable` (integers, the last three adding up to the
#'   first), `score`, `score_min` and `score_max` (each unknown item at the lowest and the
#'   highest score of its own codes), `max_score` (the highest total of the items that
#'   apply), `band` (a factor, levels in the order of `bands`) and `band_certain` (whether
#'   `score_min` and `score_max` lie in one band; `NA` without bands, where no item
#'   applies, and where both lie below every band).
#' @section Errors:
#' `casereview_error_argument` for an argument that is not as described, an item that is
#' not in the data or the codebook, and an item whose codes have no score. A fault of the
#' data is never an error.
#' @references
#' Mazza, G. L., Enders, C. K. and Ruehlman, L. S. (2015) Addressing item-level missing
#' data: a comparison of proration and full information maximum likelihood estimation.
#' *Multivariate Behavioral Research* 50, 504-519.
#'
#' Schafer, J. L. and Graham, J. W. (2002) Missing data: our view of the state of the art.
#' *Psychological Methods* 7, 147-177.
#' @seealso [item_contributions()], [score_sensitivity()], [item_analysis()],
#'   [risk_profile()], [discrimination()]
#' @examples
#' book <- codebook(
#'   data.frame(variable = c("id", "neglect", "violence"),
#'     type = c("id", "rating", "rating")),
#'   data.frame(
#'     variable = rep(c("neglect", "violence"), each = 5),
#'     code = c("3", "2", "1", "0", "9"),
#'     label = c("High", "Medium", "Low", "None indicated", "Not known"),
#'     score = c(3, 2, 1, 0, NA), missing = c("", "", "", "", "not_known")
#'   )
#' )
#' cases <- data.frame(
#'   id = 1:4,
#'   neglect = c("High", "Low", "Not known", NA),
#'   violence = c("2", "0", "3", NA)
#' )
#' score_risk(cases, book, bands = c(low = 0, medium = 2, high = 4))
#' score_risk(cases, book, unknown = "prorate")
#' @export
score_risk <- function(data, codebook, items = NULL,
                       unknown = c("zero", "exclude", "prorate"), min_rated = 1L,
                       bands = NULL, weights = NULL, direction = NULL, cap = NULL,
                       groups = NULL, scores = NULL) {
  input <- score_input(data, codebook, items, unknown, min_rated, bands, weights,
    direction, cap, groups, scores, codes = !is.null(groups))
  cases <- score_cases(input)
  values <- unknown_values(input, cases$n_none)
  warn_unknown_values(values)
  warn_below(cases$n_below, bands)
  result <- c(input$id, finish_bands(cases[seq_along(score_names())], bands))
  structure(
    result,
    row.names = .set_row_names(input$n),
    class = c("risk_scores", "data.frame"),
    spec = list(items = input$items, unknown = input$options$unknown,
      min_rated = input$options$min_rated, bands = bands, unknown_values = values)
  )
}

# What the user gave, checked, with the columns ready to be summed. Without `codes` the
# codes of factors are checked as they are summed.
score_input <- function(data, codebook, items, unknown, min_rated, bands, weights,
                        direction, cap, groups, scores, codes = TRUE) {
  need_argument(data, "data")
  check_codebook(codebook)
  items <- check_items(codebook, items)
  unknown <- check_choice(unknown, "unknown", c("zero", "exclude", "prorate"))
  min_rated <- check_whole(min_rated, "min_rated", min = 0, max = length(items))
  bands <- check_bands(bands)
  check_scale_options(items, weights, direction, cap, groups, scores)
  id <- id_of(codebook)
  if (is_lazy(data)) data <- lazy_read(data, items, more = id)
  if (!is.null(id) && !id %in% names(data)) id <- NULL
  data <- check_data(data, "data", c(id, items), codes = codes)
  if (!is.null(id) && is.factor(data[[id]])) check_column(data[[id]], id, nrow(data), "data")
  options <- list(unknown = unknown, min_rated = min_rated, bands = bands,
    weights = weights, direction = direction, cap = cap, groups = groups, scores = scores)
  id <- if (is.null(id)) list(case = seq_len(nrow(data))) else unclass(data)[id]
  if (names(id) %in% score_names()) {
    stop_argument("The id variable cannot be called ", list_some(names(id)),
      ", which is a column of the scores.")
  }
  c(score_units(data, codebook, items, options),
    list(data = data, items = items, options = options, id = id))
}

score_names <- function() {
  c("n_items", "n_rated", "n_unknown", "n_not_applicable", "score", "score_min",
    "score_max", "max_score", "band", "band_certain")
}

check_items <- function(codebook, items) {
  items <- items_of(codebook, items)
  if (!length(items)) stop_argument("`items` must name at least one item.")
  items
}

check_bands <- function(bands) {
  if (is.null(bands)) return(NULL)
  names <- names(bands)
  good <- is.numeric(bands) && length(bands) && all(is.finite(bands)) && !is.null(names) &&
    !anyNA(names) && all(nzchar(names)) && !anyDuplicated(names)
  if (!good) {
    stop_argument("`bands` must be lower edges with a name for each band, as in ",
      "c(low = 0, medium = 10, high = 20), not ", describe(bands), ".")
  }
  if (is.unsorted(bands, strictly = TRUE)) {
    stop_argument("`bands` must rise from each edge to the next, not ",
      paste(format(bands), collapse = ", "), ".")
  }
  bands
}

# From where a total counts as at the edge: 0.7 + 0.2 + 0.1 adds up to a little below 1.
reached_edges <- function(bands) {
  edges <- as.double(bands)
  edges - 1e-9 - 8 * .Machine$double.eps * abs(edges)
}

warn_below <- function(below, bands) {
  if (below == 0) return(invisible(NULL))
  warn_data(below, if (below == 1) " score lies" else " scores lie",
    " below the lowest band (", names(bands)[1L], ", from ", format(bands[[1L]]),
    ") and ", if (below == 1) "has" else "have", " no band.")
}

finish_bands <- function(columns, bands) {
  levels <- if (is.null(bands)) character() else names(bands)
  attributes(columns$band) <- list(levels = levels, class = "factor")
  columns
}

# ---- in print ----

#' @rdname score_risk
#' @param x,object A `risk_scores`.
#' @param n The most cases to show.
#' @param by For `summary()`, the name of a column of `object`, or a vector of one value a case.
#' @param ... Not used.
#' @export
format.risk_scores <- function(x, n = 10L, ...) {
  n <- check_number(n, "n", min = 0)
  shown <- as.data.frame(x)[seq_len(min(n, nrow(x))), , drop = FALSE]
  lines <- paste0("Risk scores of ", how_many(nrow(x), "case"), score_rule(x))
  left_out <- character()
  if (length(shown) && nrow(shown)) {
    text <- fit_columns(shown)
    left_out <- setdiff(names(shown), attr(text, "columns"))
    lines <- c(lines, text)
  }
  if (nrow(x) > n) lines <- c(lines, paste0("... and ", nrow(x) - n, " more"))
  if (!length(left_out)) return(lines)
  c(lines, strwrap(paste0("Not shown: ", paste(left_out, collapse = ", "),
    "; as.data.frame() gives all columns."), getOption("width")))
}

# The table in lines no wider than the page. What says nothing goes first, then what can be
# read from the rest.
fit_columns <- function(shown, width = getOption("width")) {
  empty <- names(shown)[vapply(shown, function(v) all(is.na(v)), NA)]
  dull <- c("n_items", intersect(empty, c("band", "band_certain")),
    if (all(shown$n_not_applicable %in% 0L)) "n_not_applicable")
  columns <- setdiff(names(shown), dull)
  spare <- c("n_not_applicable", "max_score", "band_certain", "n_rated", "score_min",
    "score_max")
  repeat {
    lines <- utils::capture.output(
      print(shown[columns], row.names = FALSE, digits = 4L, max = .Machine$integer.max))
    go <- intersect(spare, columns)
    if (length(lines) == nrow(shown) + 1L || !length(go)) break
    columns <- setdiff(columns, go[1L])
  }
  structure(lines, columns = columns)
}

score_rule <- function(x) {
  spec <- attr(x, "spec")
  if (is.null(spec)) return("")
  words <- c(zero = "unknown counts 0", exclude = "the rated items alone",
    prorate = "prorated to the items that apply")
  paste0(" (", how_many(length(spec$items), "item"), ", ", words[[spec$unknown]],
    ", at least ", spec$min_rated, " rated)")
}

how_many <- function(n, word) {
  paste0(format(n, big.mark = ",", scientific = FALSE), " ", word, if (n != 1) "s")
}

#' @export
print.risk_scores <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @rdname score_risk
#' @return `summary()`: a data frame of class `summary.risk_scores`, a row a group of `by`
#'   (one row without): `group`, `n` (cases), `n_scored`, `mean`, `sd`, `median`, `min` and
#'   `max` of the scores, `mean_min` and `mean_max` (the means of `score_min` and
#'   `score_max` over all cases with an item that applies), `n_complete` (nothing unknown),
#'   `n_band_open` (`band_certain` is FALSE) and one count a band, named `band_` and the
#'   band.
#' @export
summary.risk_scores <- function(object, by = NULL, ...) {
  group <- plot_group(object, by)
  parts <- split(seq_len(nrow(object)), group)
  rows <- lapply(parts, function(at) score_summary_row(object[at, , drop = FALSE]))
  result <- do.call(rbind, rows)
  result <- cbind(data.frame(group = names(parts)), result)
  row.names(result) <- NULL
  structure(result, class = c("summary.risk_scores", "data.frame"))
}

score_summary_row <- function(x) {
  score <- x$score[!is.na(x$score)]
  none <- length(score) == 0L
  applies <- x$n_items > x$n_not_applicable
  row <- data.frame(
    n = nrow(x), n_scored = length(score),
    mean = if (none) NA_real_ else mean(score), sd = stats::sd(score),
    median = if (none) NA_real_ else stats::median(score),
    min = if (none) NA_real_ else min(score), max = if (none) NA_real_ else max(score),
    mean_min = if (any(applies)) mean(x$score_min[applies]) else NA_real_,
    mean_max = if (any(applies)) mean(x$score_max[applies]) else NA_real_,
    n_complete = sum(x$n_unknown == 0L), n_band_open = sum(!x$band_certain, na.rm = TRUE)
  )
  bands <- table(x$band)
  row[paste0("band_", names(bands))] <- as.list(as.integer(bands))
  row
}

#' @export
format.summary.risk_scores <- function(x, ...) {
  folded_lines(as.data.frame(x), 1L, digits = 4L)
}

#' @export
print.summary.risk_scores <- function(x, ...) {
  writeLines(format(x))
  invisible(x)
}

# The group of each case, from a column of the scores or a vector of one value a case.
plot_group <- function(x, by) {
  if (is.null(by)) return(factor(rep("All cases", nrow(x)), "All cases"))
  if (is.character(by) && length(by) == 1L && by %in% names(x)) by <- x[[by]]
  if (!is.atomic(by) || length(by) != nrow(x)) {
    stop_argument("`by` must be a column of the scores or one value for each of the ",
      nrow(x), " cases, not ", describe(by), ".")
  }
  if (is.factor(by)) return(with_missing(by))
  text <- column_text(by)
  levels <- if (is.numeric(by)) unique(column_text(sort(unique(by)))) else sort(unique(text))
  with_missing(factor(text, levels))
}

#' Plot risk scores
#'
#' Every case as a dot, in a row for each group, with the mean (a tick) and the range (a
#' line). Cases with one score stand above one another. Read without colour.
#'
#' @param x A `risk_scores`.
#' @param by The name of a column of `x`, or a vector of one value a case.
#' @param uncertain Draw a thin line from `score_min` to `score_max` of each case in which
#'   something is unknown.
#' @param xlab,main Texts.
#' @param ... Passed on to [graphics::plot.default()].
#' @return Invisibly, a data frame of what was drawn: `group`, `n`, `mean`, `min`, `max`.
#' @examples
#' book <- codebook(data.frame(variable = c("a", "b"), type = "rating", min = "0", max = "3"))
#' cases <- data.frame(a = c(0, 1, 3, 2), b = c(1, NA, 3, 0))
#' plot(score_risk(cases, book), by = c("Public", "Private", "Public", "Private"))
#' @export
plot.risk_scores <- function(x, by = NULL, uncertain = TRUE, xlab = "Risk score",
                             main = "", ...) {
  check_columns(c("score", "score_min", "score_max", "n_unknown"), names(x), "x")
  group <- plot_group(x, by)
  uncertain <- check_flag(uncertain, "uncertain")
  shown <- !is.na(x$score)
  ends <- c(x$score[shown], if (uncertain) c(x$score_min[shown], x$score_max[shown]))
  drawn <- score_ranges(x$score, group)
  n <- nrow(drawn)
  labels <- fit_labels(paste0(drawn$group, " (", drawn$n, ")", recycle0 = TRUE))
  old <- graphics::par(mar = fit_margins(c(5.1, margin_for(labels), 2.1, 1.1)))
  on.exit(graphics::par(old))
  graphics::plot(NULL, xlim = range(0, 1, ends[is.finite(ends)]), ylim = c(0.5, n + 0.8),
    xlab = xlab, ylab = "", yaxt = "n", main = main, bty = "n", ...)
  graphics::axis(2, n + 1 - seq_len(n), labels, las = 1, tick = FALSE)
  for (k in seq_len(n)) {
    at <- which(shown & group == drawn$group[k])
    draw_group(x[at, , drop = FALSE], n + 1 - k, drawn[k, ], uncertain)
  }
  open <- uncertain && any(x$n_unknown[shown] > 0L)
  notes_below(scores_note(sum(shown), sum(!shown), open), 4)
  invisible(drawn)
}

score_ranges <- function(score, group) {
  parts <- lapply(split(score, group), function(s) s[!is.na(s)])
  one <- function(f) vapply(parts, function(s) if (length(s)) f(s) else NA_real_, 0)
  data.frame(group = names(parts), n = lengths(parts), mean = one(mean), min = one(min),
    max = one(max), row.names = NULL)
}

draw_group <- function(x, y, drawn, uncertain) {
  if (!nrow(x)) return(invisible(NULL))
  height <- stacked_height(x$score)
  graphics::segments(drawn$min, y, drawn$max, y, col = "grey60", lwd = 2)
  if (uncertain) {
    open <- which(x$n_unknown > 0L)
    graphics::segments(x$score_min[open], y + height[open], x$score_max[open],
      y + height[open], col = "grey75")
  }
  graphics::points(x$score, y + height, pch = 21, bg = "grey30", col = "white", cex = 1.3)
  graphics::segments(drawn$mean, y - 0.16, drawn$mean, y + 0.02, lwd = 3)
  mean <- print_number(round_decimal(drawn$mean, 1L), 1L)
  graphics::text(drawn$mean, y - 0.27, paste("mean", mean), cex = 0.75)
}

scores_note <- function(shown, lost, open = FALSE) {
  c(paste0("Base: ", print_count(shown), " cases. Each dot is a case",
    if (open) ", its thin line where it could lie", "; line: range; tick: mean."),
    if (lost) paste0(print_count(lost), if (lost == 1L) " case has" else " cases have",
      " no score and ", if (lost == 1L) "is" else "are", " not drawn."))
}

# Equal scores stand above one another, within half a row.
stacked_height <- function(score) {
  place <- stats::ave(seq_along(score), score, FUN = seq_along)
  step <- min(0.12, 0.6 / max(place))
  0.08 + (place - 1) * step
}

# The finished columns by case, in C.
score_cases <- function(input, options = input$options, units = input$units,
                        n_items = input$n_items) {
  least <- if (options$unknown == "zero") options$min_rated else max(options$min_rated, 1L)
  cap <- if (is.null(options$cap) || !is.null(names(options$cap))) Inf else options$cap
  rule <- as.double(c(options$unknown == "prorate", least, cap))
  cases <- read_units(function(columns, divisor) {
    .Call(C_score_cases, columns, as.double(input$n), n_items, c(rule, divisor),
      reached_edges(options$bands))
  }, input, units)
  cases$n_none <- cases$n_none + none_in_groups(units)
  cases
}
