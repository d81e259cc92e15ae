#' The team's rating of each case and item
#'
#' Brings the ratings of several coders to one, where the rule settles it, and leaves `NA`
#' where it does not. No code is averaged, and none is guessed.
#'
#' @section Rules:
#' A rule needs at least `min_ratings` ratings of the case and item; with fewer, `NA`.
#' * `unanimous`: all who rated the case gave the same code.
#' * `majority`: more than half of the ratings are the same code.
#' * `median`: the middle rating in the order of the scale. With an even number of ratings
#'   the two in the middle must be the same code. Where one of the ratings is a missing
#'   code of `codebook`, only unanimity settles it.
#' * `decided`: unanimity, and `decisions` for the rest.
#'
#' With every rule a decision in `decisions` comes before the rule, also where coders were
#' unanimous, because the team has then looked at the case.
#'
#' @inheritParams agreement
#' @param rule One of the names below.
#' @param decisions `NULL`, or a data frame such as [read_worksheet()] gives: the case and
#'   the item (named as in `ratings`), `decision` (a code of the item's scale, or blank where
#'   the team has not decided), and, if known, `decided_by` and `reason`.
#' @param min_ratings The number of ratings that a rule needs.
#' @return A `consensus`, a data frame with a row a case, in order of appearance: the case
#'   column, named as in `ratings`, then a column an item. Factors come back as factors with
#'   all levels, ratings coded by `codebook` as factors of the item's labels, numbers as
#'   numbers. [individual_ratings()] gives what each coder said and
#'   [consensus_decisions()] how each case and item was settled.
#' @section Errors:
#' `casereview_error_argument` where a decision names a case or item that was not rated,
#' or a code that is not on the item's scale, or decides one case and item twice.
#' @seealso [disagreements()].
#' @export
#' @examples
#' ratings <- data.frame(
#'   case = rep(1:3, each = 3), coder = rep(c("A", "B", "C"), 3), item = "neglect",
#'   rating = factor(c(0, 0, 3, 1, 1, 1, 2, 1, 0), levels = 0:3,
#'     labels = c("none", "low", "medium", "high"))
#' )
#' consensus(ratings, "majority")
#' agreed <- consensus(ratings, "decided", decisions = data.frame(
#'   case = c(1, 3), item = "neglect", decision = c("none", "low"), decided_by = "team",
#'   reason = "read again together"))
#' agreed
#' consensus_decisions(agreed)
consensus <- function(ratings, rule = c("unanimous", "majority", "median", "decided"),
                      decisions = NULL, formula = rating ~ item, case = "case",
                      coder = "coder", coders = NULL, scale = NULL, codebook = NULL,
                      min_ratings = 2L) {
  rule <- check_choice(rule, "rule", c("unanimous", "majority", "median", "decided"))
  min_ratings <- check_whole(min_ratings, "min_ratings", min = 1)
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  decided <- read_decisions(decisions, data)
  names <- vapply(data$items, `[[`, "", "item")
  if (data$case_name %in% names) {
    stop_argument("An item is called ", dQuote(data$case_name, FALSE),
      ", as the column of cases is.")
  }
  settled <- lapply(data$items, settle_item, data, rule, min_ratings, decided)
  result <- c(list(data$case), lapply(seq_along(settled), function(i) {
    code_back(settled[[i]]$code, data$items[[i]])
  }))
  names(result) <- c(data$case_name, names)
  structure(result, row.names = .set_row_names(length(data$case)),
    class = c("consensus", "data.frame"), rule = rule,
    ratings = rating_table(data), decisions = settled_table(settled, data, decided))
}

# One code a case, NA where not settled, and how it came about.
settle_item <- function(item, data, rule, min_ratings, decided) {
  n <- length(data$case)
  x <- item_matrix(item, n, length(data$coders))
  n_ratings <- rowSums(!is.na(x))
  first <- x[cbind(seq_len(n), max.col(!is.na(x), "first"))]
  same <- n_ratings > 0L & rowSums(x != first, na.rm = TRUE) == 0L
  code <- ifelse(same, first, NA_integer_)
  open <- which(!same & n_ratings > 0L)
  if (length(open) && rule == "majority") {
    code[open] <- apply_rows(x[open, , drop = FALSE], majority_code)
  }
  if (length(open) && rule == "median") {
    needs_order(item, "the rule \"median\"")
    code[open] <- apply_rows(x[open, , drop = FALSE], median_code, item$missing)
  }
  code[n_ratings < min_ratings] <- NA
  by <- ifelse(is.na(code), "open", ifelse(same, "unanimous", rule))
  mine <- which(decided$item == item$item)
  if (length(mine)) {
    at <- decided$at[mine]
    code[at] <- decision_codes(decided$decision[mine], item)
    by[at] <- "decided"
  }
  list(item = item$item, code = as.integer(code), by = by, n_ratings = n_ratings)
}

# The middle code; NA where the two in the middle differ.
median_code <- function(r, missing) {
  r <- sort(r[!is.na(r)])
  if (any(missing[r])) return(NA_integer_)
  n <- length(r)
  middle <- r[c((n + 1L) %/% 2L, n %/% 2L + 1L)]
  if (middle[1L] == middle[2L]) middle[1L] else NA_integer_
}

# Codes as the user gave them.
code_back <- function(code, item) {
  switch(item$kind,
    factor = structure(code, levels = item$labels, class = "factor"),
    number = item$value[code],
    logical = c(FALSE, TRUE)[code],
    text = item$labels[code]
  )
}

# Decisions as list(at, item, decision, decided_by, reason): those that were taken.
read_decisions <- function(decisions, data) {
  none <- list(at = integer(), item = character(), decision = character(),
    decided_by = character(), reason = character())
  if (is.null(decisions)) return(none)
  names <- vapply(data$items, `[[`, "", "item")
  needed <- c(data$case_name, if (!identical(names, "all")) data$item_name, "decision")
  x <- check_data(decisions, "decisions")
  check_columns(needed, names(x), "decisions")
  text <- function(name) {
    if (is.null(x[[name]])) rep(NA_character_, nrow(x)) else column_text(x[[name]])
  }
  decision <- text("decision")
  item <- if (data$item_name %in% names(x)) text(data$item_name) else rep("all", nrow(x))
  id <- text(data$case_name)
  at <- match(id, column_text(data$case))
  use <- !is.na(decision)
  check_decided(id, at, item, use, names, data)
  list(at = at[use], item = item[use], decision = decision[use],
    decided_by = text("decided_by")[use], reason = text("reason")[use])
}

check_decided <- function(id, at, item, use, names, data) {
  lost <- which(use & is.na(at))
  if (length(lost)) {
    stop_argument("`decisions` decides on the case ", list_some(id[lost]),
      ", which nobody rated.")
  }
  lost <- which(use & !item %in% names)
  if (length(lost)) {
    stop_argument("`decisions` decides on the item ", list_some(item[lost]),
      ", which nobody rated.")
  }
  key <- paste(at, match(item, names))
  twice <- which(use)[duplicated(key[use])]
  if (length(twice)) {
    stop_argument("`decisions` decides twice on ",
      list_some(paste0("case ", id[twice], ", item ", item[twice])), ".")
  }
}

decision_codes <- function(decision, item) {
  code <- match_text(decision, item$labels)
  if (item$kind == "number") {
    number <- suppressWarnings(as.double(decision))
    code <- match(number, item$value, nomatch = 0L)
  }
  if (any(code == 0L)) {
    stop_argument("`decisions` holds ", list_some(decision[code == 0L]),
      " for the item ", dQuote(item$item, FALSE), ", whose codes are ",
      list_some(item$labels, most = 12L), ".")
  }
  code
}

# What each coder said, a row a rating.
rating_table <- function(data) {
  numbers <- all(vapply(data$items, `[[`, "", "kind") == "number")
  parts <- lapply(data$items, function(item) {
    x <- item_matrix(item, length(data$case), length(data$coders))
    at <- which(!is.na(x), arr.ind = TRUE)
    at <- at[order(at[, 1L], at[, 2L]), , drop = FALSE]
    list(case = at[, 1L], coder = at[, 2L], item = rep(item$item, nrow(at)),
      rating = (if (numbers) item$value else item$labels)[x[at]])
  })
  take <- function(name) unlist(lapply(parts, `[[`, name), use.names = FALSE)
  rating <- take("rating")
  if (!is.numeric(rating)) rating <- as.character(rating)
  result <- list(data$case[as.integer(take("case"))], as.character(take("item")),
    data$coders[as.integer(take("coder"))], rating)
  names(result) <- c(data$case_name, "item", "coder", "rating")
  structure(result, row.names = .set_row_names(length(result$rating)), class = "data.frame")
}

# How each case and item was settled, a row each.
settled_table <- function(settled, data, decided) {
  n <- length(data$case)
  items <- vapply(settled, `[[`, "", "item")
  labels <- unlist(lapply(seq_along(settled), function(i) {
    data$items[[i]]$labels[settled[[i]]$code]
  }))
  result <- list(rep(data$case, length(items)), rep(items, each = n),
    as.character(labels), as.character(unlist(lapply(settled, `[[`, "by"))),
    as.integer(unlist(lapply(settled, `[[`, "n_ratings"))))
  names(result) <- c(data$case_name, "item", "consensus", "settled_by", "n_ratings")
  at <- (match(decided$item, items) - 1L) * n + decided$at
  for (name in c("decided_by", "reason")) {
    result[[name]] <- rep(NA_character_, n * length(items))
    result[[name]][at] <- decided[[name]]
  }
  structure(result, row.names = .set_row_names(n * length(items)), class = "data.frame")
}

#' What lies behind a consensus
#'
#' @param x A [consensus()].
#' @return `individual_ratings()`: a data frame with a row a rating: the case, `item`,
#'   `coder`, `rating` (its label; a number where all items are rated in numbers).
#'   `consensus_decisions()`: a row a case and item: the case,
#'   `item`, `consensus` (its label, `NA` where open), `settled_by` (`unanimous`,
#'   `majority`, `median`, `decided`, `open`), `n_ratings`, `decided_by`, `reason`.
#' @export
#' @examples
#' ratings <- data.frame(case = c(1, 1), coder = c("A", "B"), item = "neglect",
#'   rating = c(0, 3))
#' individual_ratings(consensus(ratings))
individual_ratings <- function(x) consensus_part(x, "ratings")

#' @rdname individual_ratings
#' @export
consensus_decisions <- function(x) consensus_part(x, "decisions")

consensus_part <- function(x, name) {
  need_argument(x, "x")
  part <- attr(x, name, exact = TRUE)
  if (!inherits(x, "consensus") || is.null(part)) {
    stop_argument("`x` must be what consensus() gave, with nothing taken out of it, not ",
      describe(x), ".")
  }
  part
}

#' @export
format.consensus <- function(x, most = 20L, ...) {
  most <- check_number(most, "most", min = 0)
  plain <- as.data.frame(x)
  n <- nrow(plain)
  values <- plain[-1L]
  open <- sum(vapply(values, function(v) sum(is.na(v)), 0L))
  rule <- attr(x, "rule", exact = TRUE)
  settled <- attr(x, "decisions", exact = TRUE)
  all <- if (length(values) && is.data.frame(settled)) nrow(settled) / length(values) else n
  part <- if (is.null(rule)) "Part of a consensus: " else if (n < all) paste0(
    "Part of a consensus of ", format_numbers(all), " cases: ") else "Consensus of "
  head <- paste0(part, n, if (n == 1L) " case" else " cases", " on ",
    length(values), if (length(values) == 1L) " item" else " items",
    if (!is.null(rule)) paste0(", rule: ", rule), "; ", open, " of ",
    n * length(values), " not settled (NA)")
  if (!n) return(head)
  lines <- folded_lines(plain[seq_len(min(n, most)), , drop = FALSE], 1L)
  if (n > most) lines <- c(lines, paste0("... and ", n - most, " more cases"))
  c(head, "", lines)
}

#' @export
print.consensus <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
as.data.frame.consensus <- function(x, row.names = NULL, optional = FALSE, ...) {
  attributes(x) <- c(attributes(x)[c("names", "row.names")], list(class = "data.frame"))
  x
}
