#' The cases that coders should discuss
#'
#' Lists each case and item on which coders differ, the worst first, with every coder's
#' rating side by side and empty columns for what the team decides. All differences are
#' listed, those with a majority too: a range of two levels or more is a difference of
#' reading that a vote does not settle.
#'
#' @inheritParams agreement
#' @param level `ordinal` or `nominal`: whether the scale has an order. Text ratings without
#'   a declared scale have none and are taken as nominal.
#' @return A `disagreements`, a data frame with a row for each case and item on which at
#'   least two ratings differ. Columns: the case and the item, named as in `ratings`; one
#'   text column for each coder, in their order (a coder whose name would clash with
#'   another column gets `coder.` before it); `n_ratings`; `spread` (levels between the
#'   lowest and the highest rating; for numbers without a declared scale their difference;
#'   for nominal scales the number of different codes less 1); `wide` (TRUE where the spread
#'   is two levels or more); `majority` (the code of more than half of the ratings, or
#'   `NA`); `lone_coder` (the one coder who differs where all the others, two or more,
#'   agree); `influence` (by how much the item's alpha would rise
#'   without this case); `decision`, `decided_by` and `reason`, empty, to be filled in.
#'   Order: `spread`, then the distances between all ratings of the case, then `influence`,
#'   largest first. A rating by a missing code of `codebook` is shown and counts as a
#'   difference; it has no place in `spread` and none in alpha.
#' @seealso [write_worksheet()] to hand the list to the team, [consensus()].
#' @export
#' @examples
#' ratings <- data.frame(
#'   case = rep(1:4, each = 3), coder = rep(c("A", "B", "C"), 4), item = "neglect",
#'   rating = factor(c(0, 0, 3, 1, 1, 1, 2, 1, 2, 0, 0, 0), levels = 0:3,
#'     labels = c("none", "low", "medium", "high"))
#' )
#' disagreements(ratings)
disagreements <- function(ratings, formula = rating ~ item, case = "case", coder = "coder",
                          level = c("ordinal", "nominal"), coders = NULL, scale = NULL,
                          codebook = NULL) {
  level <- check_choice(level, "level", c("ordinal", "nominal"))
  formula <- item_formula(formula, !missing(formula), coders, ratings)
  data <- read_ratings(ratings, formula, case, coder, coders, scale, codebook,
    rows_are_cases = missing(case))
  rows <- lapply(data$items, disagree_item, data, level)
  rows <- rows[vapply(rows, function(x) length(x$case) > 0L, TRUE)]
  result <- disagreement_frame(rows, data)
  order <- order(-result$spread, -result$distance, -result$influence)
  result <- result[order, names(result) != "distance", drop = FALSE]
  attr(result, "row.names") <- .set_row_names(nrow(result))
  structure(result, class = c("disagreements", "data.frame"),
    coders = coder_columns(data), cases = length(data$case), items = length(data$items),
    case_name = data$case_name, item_name = data$item_name)
}

# Coders as column names that clash with no other column.
coder_columns <- function(data) {
  own <- c(data$case_name, data$item_name, "n_ratings", "spread", "wide", "majority",
    "lone_coder", "influence", "decision", "decided_by", "reason", "distance")
  name <- data$coders
  clash <- name %in% own
  name[clash] <- paste0("coder.", name[clash])
  make.unique(name)
}

disagree_item <- function(item, data, level) {
  x <- item_matrix(item, length(data$case), length(data$coders))
  ordered <- level == "ordinal" && item$ordered
  first <- x[cbind(seq_len(nrow(x)), max.col(!is.na(x), "first"))]
  at <- which(rowSums(x != first, na.rm = TRUE) > 0L)
  x <- x[at, , drop = FALSE]
  place <- places_of(x, item)
  spread <- apply_rows(place, function(r) {
    r <- r[!is.na(r)]
    if (!length(r)) return(0)
    if (ordered) max(r) - min(r) else length(unique(r)) - 1
  })
  list(case = data$case[at], item = rep(item$item, length(at)),
    rating = matrix(item$labels[x], nrow(x), ncol(x)),
    n_ratings = rowSums(!is.na(x)), spread = spread,
    majority = item$labels[apply_rows(x, majority_code)],
    lone_coder = data$coders[apply_rows(x, lone_coder)],
    influence = alpha_influence_of(item, at, data, if (ordered) "ordinal" else "nominal"),
    distance = apply_rows(place, case_distance, ordered))
}

apply_rows <- function(x, f, ...) {
  vapply(seq_len(nrow(x)), function(i) as.double(f(x[i, ], ...)), 0)
}

# Where ratings stand on the scale: numbers without a declared scale by their values, as
# codes between them may not have occurred; NA for a missing code.
places_of <- function(x, item) {
  if (item$kind == "number" && is.null(item$declared)) {
    x[] <- item$value[x]
    return(x)
  }
  if (!any(item$missing)) return(x)
  x[] <- cumsum(!item$missing)[x] * ifelse(item$missing, NA, 1L)[x]
  x
}

# The code of more than half of the ratings, or NA.
majority_code <- function(r) {
  r <- r[!is.na(r)]
  if (!length(r)) return(NA_integer_)
  n <- tabulate(r)
  if (2 * max(n) > length(r)) which.max(n) else NA_integer_
}

# The coder who alone differs from two or more others who agree.
lone_coder <- function(r) {
  rated <- which(!is.na(r))
  if (length(rated) < 3L) return(NA_integer_)
  n <- tabulate(r[rated])
  if (sum(n > 0L) != 2L || min(n[n > 0L]) != 1L) return(NA_integer_)
  rated[n[r[rated]] == 1L]
}

# The mean distance of the pairs of a case's ratings, in positions.
case_distance <- function(r, ordered) {
  r <- r[!is.na(r)]
  if (length(r) < 2L) return(0)
  if (ordered) mean(stats::dist(r)) else mean(outer(r, r, "!="))
}

# By how much alpha would rise without each of these cases.
alpha_influence_of <- function(item, at, data, level) {
  item <- substantive(item)
  n_cases <- length(data$case)
  if (!length(at)) return(double())
  patterns <- item_patterns(item, n_cases, FALSE)
  measure <- describe_measure("alpha", level, item, patterns$n_coders)
  now <- estimate_patterns(patterns$set, patterns$size, measure)$estimate
  without <- estimate_without(patterns$set, patterns$size, measure)
  of <- patterns$of[at]
  of[of == 0L] <- NA
  without[of] - now
}

disagreement_frame <- function(rows, data) {
  take <- function(name, none) {
    if (!length(rows)) return(none)
    unlist(lapply(rows, `[[`, name), use.names = FALSE)
  }
  n <- sum(vapply(rows, function(x) length(x$case), 0L))
  at <- unlist(lapply(rows, function(x) match(x$case, data$case)))
  result <- list(data$case[as.integer(at)], take("item", character()))
  names(result) <- c(data$case_name, data$item_name)
  ratings <- do.call(rbind, c(lapply(rows, `[[`, "rating"),
    list(matrix(character(), 0L, length(data$coders)))))
  for (j in seq_along(data$coders)) result[[coder_columns(data)[j]]] <- ratings[, j]
  result$n_ratings <- as.integer(take("n_ratings", integer()))
  result$spread <- take("spread", double())
  result$wide <- result$spread >= 2L
  result$majority <- take("majority", character())
  result$lone_coder <- take("lone_coder", character())
  result$influence <- take("influence", double())
  result$decision <- result$decided_by <- result$reason <- rep(NA_character_, n)
  result$distance <- take("distance", double())
  last <- c("decision", "decided_by", "reason", "distance")
  result <- result[c(setdiff(names(result), last), last)]
  structure(result, row.names = .set_row_names(n), class = "data.frame")
}

#' @export
format.disagreements <- function(x, n = 20L, ...) {
  n <- check_number(n, "n", min = 0)
  n_all <- nrow(x)
  head <- paste0(n_all, if (n_all == 1L) " rating" else " ratings", " to discuss")
  if (!is.null(attr(x, "cases"))) {
    head <- paste0(head, ", of ", counted_noun(attr(x, "cases"), "case"), " and ",
      counted_noun(attr(x, "items"), "item"))
  }
  if (!n_all) return(paste0(head, "."))
  plain <- as.data.frame(x)[seq_len(min(n_all, n)), , drop = FALSE]
  plain <- plain[!names(plain) %in% c("decision", "decided_by", "reason", "wide")]
  if ("influence" %in% names(plain)) plain$influence <- round(plain$influence, 3L)
  text <- !vapply(plain, is.numeric, NA)
  plain[] <- lapply(plain, function(v) {
    v <- format(v)
    ifelse(trimws(v) == "NA", "", v)
  })
  width <- vapply(plain, function(v) max(nchar(v, "width")), 0L)
  space <- strrep(" ", pmax(0L, width - nchar(names(plain), "width")))
  names(plain)[text] <- paste0(names(plain), space)[text]
  lines <- folded_lines(plain, 2L)
  if (n_all > n) lines <- c(lines, paste0("... and ", n_all - n, " more"))
  c(paste0(head, ", worst first"), "", lines)
}

# A data frame as lines; where it is wider than the page it is folded, and each part
# begins with the first `keys` columns.
folded_lines <- function(x, keys, width = getOption("width"), digits = NULL) {
  force(width)
  old <- options(width = 10000L)
  on.exit(options(old))
  write <- function(columns) {
    utils::capture.output(print(x[columns], row.names = FALSE, digits = digits,
      max = .Machine$integer.max))
  }
  size <- vapply(seq_along(x), function(j) max(nchar(write(j), "width")), 0L)
  key <- seq_len(min(keys, length(x)))
  rest <- setdiff(seq_along(x), key)
  parts <- lapply(fold_columns(size[rest], width - sum(size[key])), function(j) c(key, rest[j]))
  if (!length(rest)) parts <- list(key)
  lines <- lapply(parts, function(columns) c("", sub(" +$", "", write(columns))))
  unlist(lines, use.names = FALSE)[-1L]
}

#' @export
print.disagreements <- function(x, ...) {
  writeLines(format(x, ...))
  invisible(x)
}

#' @export
as.data.frame.disagreements <- function(x, row.names = NULL, optional = FALSE, ...) {
  attributes(x) <- c(attributes(x)[c("names", "row.names")], list(class = "data.frame"))
  x
}

#' A worksheet for the team's discussion
#'
#' `write_worksheet()` writes the list of [disagreements()] to a file in which the team
#' fills in `decision`, `decided_by` and `reason`; `read_worksheet()` brings it back for
#' [consensus()]. The findings of [check_coding()] go out with empty columns `decision`,
#' `by` and `note`, and come back for [recode_coding()].
#'
#' All cells are written and read as text, so codes such as `01` stay as they are. Texts
#' that a spreadsheet would take for a formula (they begin with `=`, `+`, `-` or `@`) get
#' an apostrophe before them in csv, which `read_worksheet()` takes away.
#'
#' @param x A `disagreements`, a `coding_findings` or any data frame.
#' @param file The name of a file that ends in `.csv` or `.xlsx` (needs openxlsx).
#' @return `write_worksheet()` its `x`, invisibly. `read_worksheet()` a data frame of texts,
#'   blank cells `NA`; it must have the column `decision`.
#' @export
#' @examples
#' ratings <- data.frame(case = c(1, 1), coder = c("A", "B"), item = "neglect",
#'   rating = c(0, 3))
#' file <- tempfile(fileext = ".csv")
#' write_worksheet(disagreements(ratings), file)
#' read_worksheet(file)
write_worksheet <- function(x, file) {
  need_argument(x, "x")
  if (!is.data.frame(x)) stop_argument("`x` must be a data frame, not ", describe(x), ".")
  plain <- check_data(structure(x, class = "data.frame"), "x")
  if (inherits(x, "coding_findings")) {
    for (name in setdiff(c("decision", "by", "note"), names(plain))) {
      plain[[name]] <- rep(NA_character_, nrow(plain))
    }
  }
  file <- check_path(file, "file")
  kind <- worksheet_kind(file)
  plain[] <- lapply(plain, worksheet_cells, kind)
  if (!dir.exists(dirname(file))) {
    stop_argument("`file` names a folder that is not there: ", describe(dirname(file)), ".")
  }
  if (kind == "xlsx") {
    need_package("openxlsx", "write Excel workbooks")
    openxlsx::write.xlsx(list(discuss = plain), file, overwrite = TRUE, firstRow = TRUE,
      colWidths = "auto", keepNA = FALSE)
  } else {
    plain[] <- lapply(plain, guard_text)
    names(plain) <- guard_text(names(plain))
    utils::write.csv(plain, file, row.names = FALSE, na = "", fileEncoding = "UTF-8")
  }
  invisible(x)
}

worksheet_kind <- function(file) {
  kind <- tolower(tools::file_ext(file))
  if (kind %in% c("csv", "xlsx")) return(kind)
  stop_argument("`file` must end in .csv or .xlsx, not ", describe(file), ".")
}

# Dates as texts in either file, and in csv numbers too: 100000, not 1e+05.
worksheet_cells <- function(x, kind) {
  if (is.character(x) || is.factor(x) || is.logical(x)) return(x)
  if (is.object(x) || kind == "csv") column_text(x) else x
}

guard_text <- function(x) {
  if (is.factor(x)) x <- as.character(x)
  if (!is.character(x)) return(x)
  at <- !is.na(x) & grepl("^['=+@-]", x)
  x[at] <- paste0("'", x[at])
  x
}

#' @rdname write_worksheet
#' @export
read_worksheet <- function(file) {
  file <- check_path(file, "file")
  kind <- worksheet_kind(file)
  if (!file.exists(file)) stop_argument("There is no file ", describe(file), ".")
  x <- tryCatch(if (kind == "xlsx") read_worksheet_xlsx(file) else read_worksheet_csv(file),
    casereview_error_argument = function(e) {
      stop_argument("In \"", basename(file), "\": ", conditionMessage(e))
    })
  check_columns("decision", names(x), "file")
  x
}

read_worksheet_csv <- function(file) {
  x <- csv_table(file)
  plain <- function(v) sub("^'(?=['=+@-])", "", column_text(v), perl = TRUE)
  names(x) <- plain(names(x))
  x[] <- lapply(x, plain)
  x
}

read_worksheet_xlsx <- function(file) {
  x <- sheet_table(file, workbook_sheets(file)[1L])
  if (is.null(x)) stop_argument("the first sheet is empty.")
  x[] <- lapply(x, column_text)
  x
}
