#' Summaries of agreement, disagreements and consensus
#'
#' `summary()` of an [agreement()] says for each coefficient between which values the items
#' lie and why any has none; of [disagreements()], how much there is to discuss by item and
#' who stands alone how often; of a [consensus()], how each item was settled. They count and
#' order; they do not say what is good.
#'
#' @param object An `agreement`, `disagreements` or `consensus`.
#' @param x What `summary()` gave.
#' @param digits Decimal places of coefficients in print.
#' @param ... Not used.
#' @return Data frames, which print in sentences and a table.
#'
#'   Of an agreement a row a coefficient: `coefficient`, `n_items`, `n_defined` (items with
#'   an estimate), `lowest`, `lowest_item`, `median`, `highest`, `highest_item` (of several
#'   with the same estimate the first), `n_no_interval` (an estimate without an interval),
#'   and the items without an estimate by reason: `single_coder`, `too_few_cases`,
#'   `no_variation`.
#'
#'   Of disagreements a row an item with any: `item`, `n` (cases to discuss), `n_wide` (with
#'   a spread of two levels or more), `widest` (the largest spread), `n_majority` (in which
#'   more than half of the ratings agree), `n_lone` (in which one coder differs from all
#'   others, who agree), `n_decided` (with a decision filled in). `attr(, "coders")` has a
#'   row a coder: `coder`, `n` (ratings of what is to be discussed) and `n_lone`.
#'
#'   Of a consensus a row an item: `item`, `n` (cases with a rating or a decision),
#'   `n_settled`, then how: `unanimous`, `majority`, `median`, `decided`, and `open`. Cases
#'   that were taken out of the consensus are not counted.
#' @name summary.agreement
#' @examples
#' ratings <- data.frame(
#'   case = rep(1:4, each = 3), coder = rep(c("A", "B", "C"), 8),
#'   item = rep(c("neglect", "violence"), each = 12),
#'   rating = c(0, 0, 3, 1, 1, 1, 2, 1, 2, 0, 0, 0, 1, 1, 1, 2, 2, 2, 0, 0, 1, 3, 3, 2)
#' )
#' summary(agreement(ratings, coefficient = c("alpha", "percent")))
#' summary(disagreements(ratings))
#' summary(consensus(ratings, "majority"))
NULL

summary_frame <- function(x, class, ...) {
  structure(x, class = c(class, "data.frame"), ...)
}

# Prints what format() gives, or what is left of a frame that lost some of `columns`.
print_with <- function(x, columns, ..., digits = NULL) {
  if (!all(columns %in% names(x))) {
    print(structure(x, class = "data.frame"), ...)
  } else {
    writeLines(if (is.null(digits)) format(x) else format(x, digits = digits))
  }
  invisible(x)
}

need_columns <- function(x, columns, what) {
  lost <- setdiff(columns, names(x))
  if (length(lost)) {
    stop_argument("`object` must be what ", what, " gave; it has no column ",
      list_some(lost), " any more.")
  }
}

# ---- agreement ----

#' @rdname summary.agreement
#' @export
summary.agreement <- function(object, ...) {
  need_columns(object, c("item", "coefficient", "estimate", "lower", "upper", "note"),
    "agreement()")
  x <- as.data.frame(object)
  kinds <- unique(x$coefficient)
  rows <- lapply(kinds, function(kind) coefficient_summary(x[x$coefficient == kind, ]))
  none <- coefficient_summary(x[0L, ])[0L, ]
  result <- do.call(rbind, c(list(none), rows))
  summary_frame(result, "summary.agreement", cases = attr(object, "cases"),
    coders = attr(object, "coders"), level = attr(object, "level"))
}

coefficient_summary <- function(x) {
  at <- which(!is.na(x$estimate))
  value <- x$estimate[at]
  end <- function(which, what) if (length(at)) what[at[which(value)]] else NA
  data.frame(
    coefficient = x$coefficient[1L], n_items = nrow(x), n_defined = length(at),
    lowest = as.double(end(which.min, x$estimate)),
    lowest_item = as.character(end(which.min, x$item)),
    median = if (length(at)) stats::median(value) else NA_real_,
    highest = as.double(end(which.max, x$estimate)),
    highest_item = as.character(end(which.max, x$item)),
    n_no_interval = sum(is.na(x$lower[at]) | is.na(x$upper[at])),
    single_coder = sum(x$note[is.na(x$estimate)] == "single_coder"),
    too_few_cases = sum(x$note[is.na(x$estimate)] == "too_few_cases"),
    no_variation = sum(x$note[is.na(x$estimate)] == "no_variation")
  )
}

#' @rdname summary.agreement
#' @export
format.summary.agreement <- function(x, digits = 2L, ...) {
  digits <- check_whole(digits, "digits", 0, 10)
  title <- agreement_title(x)
  if (!nrow(x)) return(c(title, "", "No ratings."))
  number <- function(v) {
    ifelse(is.na(v), "-", formatC(round(v, digits) + 0, digits = digits, format = "f"))
  }
  one <- all(x$n_items == 1L)
  table <- data.frame(coefficient = x$coefficient, items = x$n_items, defined = x$n_defined)
  if (one) {
    table$estimate <- number(x$median)
  } else {
    table <- cbind(table, lowest = number(x$lowest), median = number(x$median),
      highest = number(x$highest))
  }
  c(title, "", folded_lines(table, 1L), summary_notes(x, one))
}

# Which items are at the ends, and how many have no estimate and why.
summary_notes <- function(x, one) {
  ends <- character()
  if (!one) {
    at <- which(!is.na(x$lowest) & x$lowest < x$highest)
    ends <- paste0(x$coefficient[at], ": lowest for ", x$lowest_item[at], ", highest for ",
      x$highest_item[at], ".", recycle0 = TRUE)
  }
  reasons <- c("single_coder", "too_few_cases", "no_variation")
  why <- vapply(seq_len(nrow(x)), function(i) {
    n <- unlist(x[i, reasons])
    words <- gsub("_", " ", reasons)
    if (!sum(n)) return("")
    paste0(x$coefficient[i], ": no estimate for ", how_many(sum(n), "item"), " (",
      paste0(words[n > 0L], " ", n[n > 0L], collapse = ", "), ").")
  }, "")
  bare <- which(x$n_no_interval > 0L)
  bare <- paste0(x$coefficient[bare], ": an estimate without an interval for ",
    how_many_each(x$n_no_interval[bare], "item"), "; print() says why.", recycle0 = TRUE)
  lines <- c(ends, why[nzchar(why)], bare)
  if (length(lines)) c("", strwrap(lines, getOption("width"), exdent = 2L))
}

how_many_each <- function(n, word) vapply(n, how_many, "", word)

#' @rdname summary.agreement
#' @export
print.summary.agreement <- function(x, digits = 2L, ...) {
  print_with(x, c("coefficient", "n_items", "n_no_interval", "no_variation"), digits = digits, ...)
}

# ---- disagreements ----

#' @rdname summary.agreement
#' @export
summary.disagreements <- function(object, ...) {
  item <- attr(object, "item_name")
  if (is.null(item) || !item %in% names(object)) item <- "item"
  need_columns(object, c(item, "spread", "wide", "majority", "lone_coder", "decision"),
    "disagreements()")
  x <- as.data.frame(object)
  items <- unique(x[[item]])
  count <- function(flag) as.vector(tabulate(match(x[[item]][flag], items), length(items)))
  result <- data.frame(item = as.character(items), n = count(rep(TRUE, nrow(x))),
    n_wide = count(x$wide), widest = as.double(tapply(x$spread, factor(x[[item]], items), max)),
    n_majority = count(!is.na(x$majority)), n_lone = count(!is.na(x$lone_coder)),
    n_decided = count(!is.na(column_text(x$decision))))
  result <- result[order(-result$n_wide, -result$n), , drop = FALSE]
  row.names(result) <- NULL
  summary_frame(result, "summary.disagreements", coders = lone_coders(x, attr(object, "coders")),
    cases = attr(object, "cases"), items = attr(object, "items"))
}

# How often each coder rated what is to be discussed, and stood alone.
lone_coders <- function(x, columns) {
  columns <- intersect(columns, names(x))
  name <- sub("^coder\\.", "", columns)
  name <- ifelse(columns %in% x$lone_coder, columns, name)
  n <- vapply(columns, function(column) sum(!is.na(x[[column]])), 0L)
  alone <- tabulate(match(x$lone_coder, name), length(name))
  data.frame(coder = name, n = unname(n), n_lone = alone)
}

#' @rdname summary.agreement
#' @export
format.summary.disagreements <- function(x, ...) {
  total <- sum(x$n)
  head <- paste0(how_many(total, "rating"), " to discuss")
  if (!is.null(attr(x, "cases"))) {
    head <- paste0(head, ", of ", how_many(attr(x, "cases"), "case"), " and ",
      how_many(attr(x, "items"), "item"))
  }
  if (!total) return(paste0(head, "."))
  coders <- attr(x, "coders")
  lines <- c(paste0(head, "; ", sum(x$n_wide), " with a spread of two levels or more"), "",
    folded_lines(structure(x, class = "data.frame"), 1L))
  if (is.null(coders) || !nrow(coders) || !sum(coders$n_lone)) return(lines)
  c(lines, "", "Alone against all others, who agree (of the ratings to discuss):",
    folded_lines(coders[order(-coders$n_lone), ], 1L))
}

#' @rdname summary.agreement
#' @export
print.summary.disagreements <- function(x, ...) {
  print_with(x, c("item", "n", "n_wide"), ...)
}

# ---- consensus ----

#' @rdname summary.agreement
#' @export
summary.consensus <- function(object, ...) {
  settled <- attr(object, "decisions", exact = TRUE)
  if (!is.data.frame(settled)) {
    stop_argument("`object` must be what consensus() gave, with nothing taken out of it but ",
      "cases.")
  }
  keep <- settled[[1L]] %in% object[[names(settled)[1L]]] & settled$item %in% names(object)
  settled <- settled[keep & (settled$n_ratings > 0L | settled$settled_by != "open"), ]
  items <- intersect(names(object), attr(object, "decisions")$item)
  ways <- c("unanimous", "majority", "median", "decided", "open")
  n <- table(factor(settled$item, items), factor(settled$settled_by, ways))
  result <- data.frame(item = items, n = as.integer(rowSums(n)),
    n_settled = as.integer(rowSums(n) - n[, "open"]))
  for (way in ways) result[[way]] <- as.integer(n[, way])
  summary_frame(result, "summary.consensus", rule = attr(object, "rule"), cases = nrow(object))
}

#' @rdname summary.agreement
#' @export
format.summary.consensus <- function(x, ...) {
  ways <- intersect(c("unanimous", "majority", "median", "decided"), names(x))
  used <- vapply(x[ways], function(n) any(n > 0L), NA)
  shown <- structure(x[setdiff(names(x), ways[!used])], class = "data.frame")
  head <- paste0("Consensus, rule: ", attr(x, "rule"), "; ", sum(x$n_settled), " of ",
    sum(x$n), " ratings settled")
  if (!nrow(x)) return(head)
  c(head, "", folded_lines(shown, 1L))
}

#' @rdname summary.agreement
#' @export
print.summary.consensus <- function(x, ...) {
  print_with(x, c("item", "n", "n_settled"), ...)
}
