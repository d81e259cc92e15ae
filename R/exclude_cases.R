#' Leave cases out, with the reason
#'
#' Takes rows out of a data frame and keeps a record of what was taken out and why, so
#' that a report can say how it came from 28 submissions to 26 cases.
#'
#' The record is an attribute of the data frame. Many steps (subsetting rows, merging)
#' drop attributes, so exclude cases first and take the record with `case_flow()` before
#' going on.
#'
#' @param data A data frame, one row a case.
#' @param cases Which to leave out: ids as they stand in the column `case`, or a logical
#'   vector with one value a row, `TRUE` for the rows to leave out. An id that stands in
#'   several rows takes all of them out. Calls can be chained.
#' @param reason One text, or one for each of `cases`.
#' @param case Name of the id column.
#' @return `exclude_cases()`: `data` without those rows. `case_flow()`: a data frame of
#'   class `case_flow`, one row a step, in order. Its columns:
#'   \item{step}{0 for what was received, then 1, 2, ...}
#'   \item{reason}{Why the cases of this step were left out; `NA` at step 0.}
#'   \item{excluded, remaining}{Rows left out in this step, and rows after it.}
#'   \item{cases}{The ids left out, joined by ", ".}
#'   Where rows have come or gone since without a reason, a last step says so. `format()`
#'   and `print()` write it in words, `plot()` draws it as boxes.
#' @examples
#' submissions <- data.frame(case = 1:28)
#' reviews <- submissions |>
#'   exclude_cases(c(9, 17), "not a serious case review")
#' case_flow(reviews)
#' @export
exclude_cases <- function(data, cases, reason, case = "case") {
  need_argument(data, "data")
  need_argument(cases, "cases")
  flow <- attr(data, "case_flow", exact = TRUE)
  plain <- check_data(data)
  case <- check_string(case, "case")
  rows <- excluded_rows(plain, cases, case)
  reason <- check_strings(reason, "reason")
  if (!length(reason) %in% c(1L, length(rows$which))) {
    stop_argument("`reason` must be one text or one for each of the ", length(rows$which),
      " cases, not ", describe(reason), ".")
  }
  if (any(!nzchar(trimws(reason)))) stop_argument("`reason` must say why, not \"\".")
  if (length(rows$which)) reason <- rep_len(reason, length(rows$which))
  flow <- add_steps(current_flow(flow, nrow(plain)), rows, reason)
  kept <- data[setdiff(seq_len(nrow(plain)), rows$row), , drop = FALSE]
  rownames(kept) <- NULL
  attr(kept, "case_flow") <- flow
  kept
}

# The rows to leave out, which of `cases` each is, and their ids.
excluded_rows <- function(data, cases, case) {
  if (inherits(cases, "factor")) check_factor(cases, "`cases`")
  if (is.logical(cases) && !all(is.na(cases) & length(cases) == 1L)) {
    if (length(cases) != nrow(data) || anyNA(cases)) {
      stop_argument("`cases` must be ids, or TRUE or FALSE for each of the ", nrow(data),
        " rows, not ", describe(cases), if (anyNA(cases)) " with NA", ".")
    }
    row <- which(cases)
    id <- if (is.null(data[[case]])) paste("row", row) else column_text(data[[case]][row])
    return(list(row = row, at = seq_along(row), id = id, which = row))
  }
  check_columns(case, names(data), "data")
  if (!is.atomic(cases) || is.null(cases) || anyNA(cases)) {
    stop_argument("`cases` must be ids without NA, not ", describe(cases), ".")
  }
  ids <- column_text(data[[case]])
  wanted <- column_text(cases)
  absent <- setdiff(wanted, ids)
  if (length(absent)) {
    stop_argument("`cases` names ", list_some(absent), ", which the column \"", case,
      "\" of `data` does not hold.")
  }
  if (anyDuplicated(wanted)) {
    stop_argument("`cases` names ", list_some(wanted[duplicated(wanted)]), " twice.")
  }
  row <- which(ids %in% wanted)
  list(row = row, at = match(ids[row], wanted), id = ids[row], which = wanted)
}

start_flow <- function(n) {
  data.frame(step = 0L, reason = NA_character_, excluded = 0L, remaining = n, cases = "")
}

# The record so far, and a step for rows that came or went without a reason.
current_flow <- function(flow, n) {
  if (is.null(flow)) return(start_flow(n))
  left <- flow$remaining[nrow(flow)]
  if (left == n) return(flow)
  rbind(flow, data.frame(step = nrow(flow), reason = "no reason recorded",
    excluded = left - n, remaining = n, cases = ""))
}

# One step for each reason, in the order in which the reasons are given.
add_steps <- function(flow, rows, reason) {
  for (why in unique(reason)) {
    use <- reason[rows$at] == why
    flow <- rbind(flow, data.frame(step = nrow(flow), reason = why, excluded = sum(use),
      remaining = flow$remaining[nrow(flow)] - sum(use),
      cases = paste(rows$id[use], collapse = ", ")))
  }
  flow
}

#' @rdname exclude_cases
#' @export
case_flow <- function(data) {
  need_argument(data, "data")
  flow <- attr(data, "case_flow", exact = TRUE)
  if (!is.data.frame(data) || !is.data.frame(flow)) {
    stop_argument("`data` has no record of excluded cases: take case_flow() from the result ",
      "of exclude_cases(), before any step that drops attributes.")
  }
  flow <- current_flow(flow, nrow(data))
  structure(flow, class = c("case_flow", "data.frame"))
}

#' @export
format.case_flow <- function(x, unit = "cases", ...) {
  unit <- check_string(unit, "unit")
  if (!all(c("reason", "excluded", "remaining", "cases") %in% names(x)) || !nrow(x)) {
    return(utils::capture.output(print(as.data.frame(x))))
  }
  named <- nzchar(x$cases) & nchar(x$cases) <= 60L
  out <- ifelse(x$excluded < 0, paste0("+ ", -x$excluded), paste0("- ", x$excluded))
  lines <- paste0("  ", out, ": ", x$reason, ifelse(named, paste0(" (", x$cases, ")"), ""))
  left <- x$remaining[nrow(x)]
  c(paste(x$remaining[1L], "received"), lines[-1L],
    paste(left, if (left == 1L && unit == "cases") "case" else unit))
}

#' @export
print.case_flow <- function(x, unit = "cases", ...) {
  writeLines(format(x, unit = unit))
  invisible(x)
}

#' @export
as.data.frame.case_flow <- function(x, ...) {
  class(x) <- "data.frame"
  x
}

#' @export
plot.case_flow <- function(x, unit = "cases", ...) {
  unit <- check_string(unit, "unit")
  boxes <- flow_boxes(x, unit)
  old <- graphics::par(mar = c(1, 1, 1, 1))
  on.exit(graphics::par(old))
  graphics::plot.new()
  graphics::plot.window(c(0, 1), c(0, nrow(x)))
  graphics::rect(boxes$left, boxes$bottom, boxes$right, boxes$top)
  graphics::text(boxes$x, boxes$y, boxes$text)
  arrows <- flow_arrows(nrow(x))
  if (nrow(arrows)) {
    graphics::arrows(arrows$x, arrows$y, arrows$xend, arrows$yend, length = 0.08)
  }
  invisible(x)
}

# The boxes of a flow: on the left what remains, on the right, between two of these, what
# left and why.
flow_boxes <- function(x, unit) {
  n <- nrow(x)
  step <- seq_len(n)
  word <- ifelse(step == 1L, "received", ifelse(step == n, unit, "left"))
  box <- function(left, right, y, text) {
    text <- vapply(text, function(one) paste(strwrap(one, 30), collapse = "\n"), "")
    data.frame(left = rep(left, length(y)), right = rep(right, length(y)), bottom = y - 0.3,
      top = y + 0.3, x = rep((left + right) / 2, length(y)), y = y, text = unname(text))
  }
  gone <- step[-1L]
  change <- ifelse(x$excluded[gone] < 0, paste0("+", -x$excluded[gone]), x$excluded[gone])
  rbind(
    box(0.02, 0.38, n - step + 0.5, paste(x$remaining, word)),
    box(0.55, 0.98, n - gone + 1, paste0(change, ": ", x$reason[gone]))
  )
}

flow_arrows <- function(n) {
  y <- n - seq_len(n)[-1L] + 0.5
  data.frame(x = rep(0.2, 2L * length(y)), y = c(y + 0.7, y + 0.5),
    xend = rep(c(0.2, 0.54), each = length(y)), yend = c(y + 0.3, y + 0.5))
}
