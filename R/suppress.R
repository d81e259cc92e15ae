#' Hide small counts, and prove it
#'
#' Hides the sensitive cells of a table and as few further cells as it takes so that no
#' reader can work a sensitive count out. The result is audited before it is returned:
#' where no pattern of hidden cells protects the table, the answer is an error that names
#' the cells, the reason and the ways out, never an unsafe table.
#'
#' @details
#' **The reader** knows every number that is shown, that counts are whole and not negative,
#' that all parts add up to their totals, and the rule: where zeros are shown a hidden count
#' is at least 1. Primary and secondary cells print with one symbol, so that the reader
#' cannot tell them apart. (One who could, because the `status` column was published, or two
#' symbols, would also know that a primary count is at most the threshold, and would recover
#' more: see `marks` of [disclosure_risk()].) What the reader might infer from the way in
#' which cells are chosen is not modelled.
#'
#' **Safe** means that for every primary cell all counts from the lowest hidden one (1, or 0
#' where zeros may be hidden) up to the threshold stay possible, or as many as the rule's
#' `width` asks, and that no hidden cell has a single possible value. For tables with one
#' or two summing dimensions, of which one may be nested, intervals are exact: they are
#' maximum flows in the network of the table (Gusfield 1988), whose constraints are totally
#' unimodular. Three-way, doubly nested and linked tables go by linear programs, whose
#' intervals may be wider than the exact ones; `print()` of [disclosure_risk()] says which.
#'
#' **Secondary cells** are chosen to hide few cases: the cost of a cell is its count, zeros
#' come last. Cheapest cycles through each sensitive cell (Cox 1995; Castro 2007) give a
#' first pattern, every cell that is not needed is shown again, and a seeded local search
#' betters it; for small tables branch and bound over minimum cuts (Fischetti and Salazar
#' 1999) goes on until the pattern is proved the cheapest. The same table gives the same
#' pattern on every run.
#'
#' **What goes with a hidden count**: its base, percent and statistics, and its text
#' everywhere in the object. A percent or base of a shown cell goes too where its base is
#' hidden, or is not printed in the table and belongs to a group with a hidden cell. Where
#' the rule rounds, percents are of the rounded numbers. Statistics of fewer than
#' `min_mean_n` known values go; numbers of known and missing values are withdrawn from a
#' table with hidden cells, and small ones from any.
#'
#' **Means** with their numbers of cases are a second table of sums. The statistics of totals
#' with hidden parts stay as long as these totals are nested or apart: then cases can change
#' places among the hidden cells of each without a shown number changing, so that no mean
#' bounds a count. One that crosses another (a row's total where the columns' totals stand)
#' is withdrawn, the largest kept. Means of partly known values, and all where counts are
#' rounded, are rounded as printed, since at full length they give the number of values away;
#' beside means of rounded counts no sum is shown, for the same reason.
#'
#' **What is for release** is the value of this function and what is made of it: printed,
#' written by [write_tables()], turned, cut, put beside others or saved, no hidden number is
#' in it, nor the data frame in which it was counted. The column `status` of
#' `as.data.frame()` tells primary from secondary cells: leave it out of what readers get
#' ([write_tables()] writes both as `hidden` to .csv and neither elsewhere). **Not for
#' release** are the full table, which an audit of one's own needs, and the error of a
#' refusal, which names counts.
#'
#' **What this does not see**: the order of rows sorted by their totals, sums and extremes of
#' a value whose size tells who is meant, what the reader knows from elsewhere, and that the
#' codes of a column with several codes a case are each at most the total (they add up to
#' nothing).
#'
#' @param x A [crosstab()] of whole counts.
#' @param rule A rule as [sdc_rule()] makes it, the name of one, or a threshold.
#' @param linked `NULL`, a crosstab or a list of crosstabs of the same cases that are or
#'   will be published too, as published (hidden cells hidden). A cell with the same levels
#'   and the same count is taken for the same cell. They stay as they are.
#' @return The crosstab with a column `status` in its cells (`"safe"`, `"primary"`,
#'   `"secondary"`). Cells that are not safe have `NA` for `n`, `base`, `percent` and
#'   statistics, and the rule's symbol as `text`. The element `disclosure` holds the rule,
#'   whether the pattern is proved the cheapest (`optimal`) and whether the audit was exact
#'   (`exact`).
#'
#'   An error of class `casereview_error_disclosure` where no pattern protects, with the
#'   fields `cells` (a data frame: the variables, `n`, `reason`, last in any case) and `ways` (a data frame:
#'   `way`, `cells` and `cases` that it hides further, NA where not known).
#' @references
#' Gusfield, D. (1988) A graph theoretic approach to statistical data security. *SIAM
#' Journal on Computing* 17, 552-571.
#'
#' Cox, L. H. (1995) Network models for complementary cell suppression. *Journal of the
#' American Statistical Association* 90, 1453-1462.
#'
#' Fischetti, M. and Salazar, J. J. (1999) Models and algorithms for the 2-dimensional cell
#' suppression problem in statistical disclosure control. *Mathematical Programming* 84,
#' 283-312.
#'
#' Castro, J. (2007) A shortest-paths heuristic for statistical data protection in positive
#' tables. *INFORMS Journal on Computing* 19, 520-533.
#' @seealso [disclosure_risk()], [release_note()], [round_counts()]
#' @examples
#' cases <- data.frame(
#'   incident = rep(c("Neglect", "Physical abuse", "Suicide"), c(24, 30, 21)),
#'   sample = rep(c("2012", "2013", "2012", "2013", "2012", "2013"), c(3, 21, 14, 16, 9, 12))
#' )
#' safe <- suppress(crosstab(cases, incident ~ sample), sdc_rule(threshold = 4))
#' safe
#' disclosure_risk(safe)
#' @export
suppress <- function(x, rule, linked = NULL) {
  rule <- as_rule(rule)
  check_counts(x)
  refuse_own(table_variables(x), "status", "suppress()")
  linked <- check_linked(linked)
  x <- note_bounds(x)
  problem <- suppression_problem(x, rule, linked)
  found <- find_pattern(problem)
  if (!found$found) stop_disclosure(x, rule, linked, problem, found)
  status <- rep("safe", nrow(x$cells))
  status[found$hidden[problem$cell]] <- "secondary"
  status[problem$primary[problem$cell]] <- "primary"
  withhold(x, rule, status, list(
    rule = rule, optimal = found$optimal,
    exact = problem$system$network && !gap_in_zero(rule),
    linked = length(linked)
  ))
}

check_counts <- function(x, arg = "x") {
  check_crosstab(x, arg)
  if (!is.null(cell_status(x))) {
    stop_argument("`", arg, "` has hidden cells already: go back to the full table.")
  }
  if (!is.null(x$rounded)) {
    stop_argument("`", arg, "` is rounded already: go back to the full table.")
  }
  n <- x$cells$n
  lost <- which(is.na(n))
  if (length(lost)) {
    stop_argument("`", arg, "` has cells without a count, which cannot be protected: ",
      list_some(cell_labels(x, lost), quote = ""), ".")
  }
  if (any(n < 0) || any(n != floor(n)) || any(n > 2^53)) {
    stop_argument("`", arg, "` must hold whole counts; it is weighted, and weighted sums ",
      "have no count to protect: give the table of unweighted counts.")
  }
  invisible(x)
}

check_linked <- function(linked) {
  if (is.null(linked)) return(list())
  if (inherits(linked, "crosstab")) linked <- list(linked)
  if (!is.list(linked) || is.data.frame(linked)) {
    stop_argument("`linked` must be a crosstab or a list of them, not ", describe(linked), ".")
  }
  for (table in linked) {
    if (!inherits(table, "crosstab") || !is.data.frame(table$cells)) {
      stop_argument("`linked` must hold crosstabs only, not ", describe(table), ".")
    }
    n <- table$cells$n
    if (any(n != floor(n), na.rm = TRUE) || any(n < 0, na.rm = TRUE)) {
      stop_argument("`linked` holds a weighted table; only whole counts can be audited.")
    }
    if (!is.null(table$rounded) || !is.null(table$disclosure$rule$rounding)) {
      stop_argument("`linked` holds a rounded table; only exact counts can be linked.")
    }
  }
  lapply(linked, note_bounds)
}

# "incident Suicide, sample 2012" for some cells.
cell_labels <- function(x, which) {
  variables <- table_variables(x)
  vapply(which, function(i) {
    paste(vapply(variables, function(v) paste(v, x$cells[[v]][i]), ""), collapse = ", ")
  }, "")
}

# Margins: cells that stand for a total or a subtotal of some axis.
margin_cells <- function(x) {
  margin <- function(axis) {
    axis$kind %in% c("subtotal", "total") & seq_len(nrow(axis)) %in% axis$parent
  }
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  as.vector(outer(outer(margin(x$columns), margin(x$rows), `|`), margin(x$strata), `|`)) &
    rep(TRUE, prod(size))
}

# ---- the problem -------------------------------------------------------------------

# The variables of the system with their counts, what is published of them either way,
# and what has to stay in doubt.
suppression_problem <- function(x, rule, linked) {
  system <- table_system(c(list(x), linked))
  n <- complete_counts(system, rule)
  cell <- system$cell[[1L]]
  m <- length(n)
  other <- linked_state(system, linked, m)
  sensitive <- n >= lowest_sensitive(rule) & n <= rule$threshold & seq_len(m) %in% cell
  margin <- logical(m)
  margin[cell[margin_cells(x)]] <- TRUE
  shown <- shown_bounds(n, rule, true = TRUE)
  if (!is.null(rule$rounding) && rule$round_totals == "summed") {
    shown[margin, ] <- rep(c(0, Inf), each = sum(margin))
  }
  hidden <- matrix(hidden_bounds(rule, length(linked) > 0L), m, 2L, byrow = TRUE)
  far <- !seq_len(m) %in% cell
  shown[far, ] <- cbind(n, n)[far, ]
  unknown <- far & !other$shown
  shown[unknown, 1L] <- ifelse(other$hidden, pmin(lowest_hidden(rule), n), 0)[unknown]
  shown[unknown, 2L] <- Inf
  shown[other$shown, ] <- cbind(n, n)[other$shown, ]
  asks <- count_asks(sensitive, least_possible(x, n, cell, rule), rule)
  asks <- rbind(asks, class_asks(x, n, cell, sensitive, rule),
    difference_asks(x, n, cell, linked, rule), linked_asks(system, linked, far, n))
  primary <- sensitive
  primary[asks[asks[, 4L] > 0, 1L]] <- TRUE
  fixed <- primary & (other$shown | (margin & !rule$totals) |
    (tells_range(rule) & n > rule$threshold))
  hidden[, 1L] <- pmin(hidden[, 1L], ifelse(primary, n, Inf))
  hidden[primary, 2L] <- pmax(hidden[primary, 2L], n[primary])
  list(
    system = system, n = n, cell = cell, margin = margin, primary = primary,
    cost = secondary_cost(n, cell, primary, margin, hidden, rule, other),
    shown = shown, hidden = hidden, asks = asks[!fixed[asks[, 1L]], , drop = FALSE],
    fixed = which(fixed), linked_shown = other$shown
  )
}

# Hidden cells of linked tables get some counts that fit with all the rest: intervals do
# not depend on which.
complete_counts <- function(system, rule) {
  n <- system$n
  lost <- which(is.na(n))
  if (!length(lost)) return(n)
  in_print <- seq_along(n) %in% unlist(system$cell)
  lo <- ifelse(is.na(n), ifelse(in_print, lowest_hidden(rule), 0), n)
  hi <- ifelse(is.na(n), Inf, n)
  if (is.null(audit_system(system, cbind(lo, hi), lost[1L]))) lo[lost] <- 0
  for (i in lost) {
    interval <- audit_system(system, cbind(lo, hi), i)
    if (is.null(interval)) {
      stop_argument("`linked` does not fit `x`: no counts of its hidden cells agree with ",
        "both tables. They must count the same cases.")
    }
    lo[i] <- hi[i] <- interval[1L, 1L]
  }
  lo
}

# Which variables stand open in a linked table, and which hidden in all that have them.
linked_state <- function(system, linked, m) {
  shown <- hidden <- logical(m)
  for (t in seq_along(linked)) {
    lost <- is.na(linked[[t]]$cells$n)
    shown[system$cell[[t + 1L]][!lost]] <- TRUE
    hidden[system$cell[[t + 1L]][lost]] <- TRUE
  }
  list(shown = shown, hidden = hidden & !shown)
}

# Asks: cell, down to, up to, whether the cell has to be hidden for it (1), and a width
# that the interval must have instead (NA: none).
count_asks <- function(sensitive, least, rule) {
  cell <- which(sensitive)
  k <- length(cell)
  width <- if (is.null(rule$width)) NA_real_ else rule$width
  cbind(cell, least[cell], rep(highest_asked(rule), k), rep(1, k), rep(width, k))
}

# The least that a hidden cell can be: where zeros are shown, 1 for each part that is not
# zero, so that a total of three such parts is at least 3 whatever is hidden.
least_possible <- function(x, n, cell, rule) {
  lowest <- rep(lowest_hidden(rule), length(n))
  if (rule$zeros != "shown") return(lowest)
  some <- array(as.numeric(x$cells$n > 0), c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  for (p in summing_order(x$columns)) some[p, , ] <- sum_parts(some, x$columns, p, 1L)
  for (p in summing_order(x$rows)) some[, p, ] <- sum_parts(some, x$rows, p, 2L)
  for (p in summing_order(x$strata)) some[, , p] <- sum_parts(some, x$strata, p, 3L)
  lowest[cell] <- pmax(lowest[cell], pmin(as.vector(some), n[cell]))
  lowest
}

# A cell that holds all or nearly all of its row or column: so many fewer must stay
# possible that it need not, and in an interval as wide as any sensitive cell's.
class_asks <- function(x, n, cell, sensitive, rule) {
  none <- matrix(0, 0L, 5L)
  if (is.null(rule$dominance)) return(none)
  at <- array(cell, c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  groups <- c(
    line_groups(x$columns, x$rows, x, function(p, r, s) at[p, r, s]),
    line_groups(x$rows, x$columns, x, function(p, c, s) at[c, p, s])
  )
  out <- lapply(groups, function(group) {
    total <- sum(n[group])
    top <- group[which.max(n[group])]
    if (total == 0 || n[top] < rule$dominance * total || sensitive[top]) return(NULL)
    down <- min(ceiling(rule$dominance * total) - 1, n[top] - asked_width(rule))
    c(top, max(lowest_hidden(rule), down), n[top], 1, NA)
  })
  out <- do.call(rbind, out)
  if (is.null(out)) none else out
}

# The cells of every group of parts of one axis, at each level of the two others.
line_groups <- function(axis, across, x, pick) {
  out <- list()
  line <- which(across$kind %in% c("level", "missing"))
  parts <- c(lapply(axis_sums(axis, NULL), `[[`, "parts"), open_groups(axis, x))
  for (part in parts[lengths(parts) > 1L]) {
    for (s in seq_len(nrow(x$strata))) for (r in line) {
      out[[length(out) + 1L]] <- pick(part, r, s)
    }
  }
  out
}

# Levels whose total is not printed are a group all the same; codes of which a case can
# have several are none.
open_groups <- function(axis, x) {
  top <- which(is.na(axis$parent) & axis$kind %in% c("level", "missing", "subtotal"))
  if (length(x$notes$multicode)) return(list())
  unname(split(top, axis$block[top]))
}

# Cells whose count differs by too little from that of the same group in a linked table.
difference_asks <- function(x, n, cell, linked, rule) {
  out <- matrix(0, 0L, 5L)
  key <- cell_keys(x)
  for (table in linked) {
    at <- match(key, cell_keys(table))
    gap <- abs(x$cells$n - table$cells$n[at])
    near <- which(!is.na(gap) & gap > 0 & gap < rule$difference)
    own <- n[cell[near]]
    out <- rbind(out, cbind(cell[near], own, own, rep(1, length(near)),
      rep(asked_width(rule), length(near))))
  }
  unname(out)
}

# What linked tables hide must stay hidden.
linked_asks <- function(system, linked, far, n) {
  out <- matrix(0, 0L, 5L)
  for (t in seq_along(linked)) {
    rule <- linked[[t]]$disclosure$rule
    if (is.null(rule)) next
    cell <- system$cell[[t + 1L]][cell_status(linked[[t]]) %in% "primary"]
    cell <- unique(cell[far[cell]])
    out <- rbind(out, cbind(cell, n[cell], n[cell], rep(0, length(cell)),
      rep(asked_width(rule), length(cell))))
  }
  unname(out)
}

# What hiding a further cell costs; NA where it must stay shown.
secondary_cost <- function(n, cell, primary, margin, hidden, rule, other) {
  cost <- pmax(n, 1)
  cost[n == 0] <- max(c(1, n[!margin])) + 1
  free <- seq_along(n) %in% cell & !primary & !other$shown & rule$complementary &
    (rule$totals | !margin) & (n > 0 | rule$zeros != "shown") & n >= hidden[, 1L] &
    n <= hidden[, 2L]
  cost[!free] <- NA
  cost
}

# ---- the search --------------------------------------------------------------------

# Attempts of the local search, its steps, steps of the exact search, seed.
search_effort <- function() c(200, 1.2e7, 5e6, 20141)

# Without the bounds of united codes the search takes far less time, and what it finds mostly
# stands with them too.
find_pattern <- function(problem, effort = search_effort()) {
  if (length(problem$fixed)) {
    return(list(found = FALSE, stuck = integer(), hidden = logical(length(problem$n))))
  }
  sums <- problem$system$sums
  if (!is.null(sums)) {
    found <- search_pattern(problem, sums, effort)
    found$hidden <- c(found$hidden, logical(length(problem$n) - length(found$hidden)))
    if (!found$found || pattern_stands(problem, found$hidden)) return(found)
  }
  search_pattern(problem, problem$system, effort)
}

# Whether every ask is met in the whole system with these cells hidden.
pattern_stands <- function(problem, hidden) {
  asks <- problem$asks
  bounds <- problem$shown
  bounds[hidden, ] <- problem$hidden[hidden, ]
  risk <- audit_system(problem$system, bounds, asks[, 1L])
  if (is.null(risk)) return(FALSE)
  spans <- risk[, 1L] <= pmin(asks[, 2L], problem$n[asks[, 1L]]) & risk[, 2L] >= asks[, 3L]
  all(ifelse(is.na(asks[, 5L]), spans, risk[, 2L] - risk[, 1L] >= asks[, 5L]))
}

search_pattern <- function(problem, system, effort) {
  m <- length(system$n)
  if (nrow(problem$asks) && system$network == FALSE) check_linear_size(system, 2L * m)
  check_search_size(problem)
  own <- problem$asks
  own[, 2L] <- pmin(own[, 2L], problem$n[own[, 1L]])
  own[is.na(own[, 5L]), 5L] <- NaN
  cells <- cbind(problem$n, problem$shown, problem$hidden, problem$cost, problem$primary)
  cells <- cells[seq_len(m), , drop = FALSE]
  cells[is.na(cells[, 6L]), 6L] <- NaN
  storage.mode(cells) <- storage.mode(own) <- "double"
  dimnames(cells) <- dimnames(own) <- NULL
  .Call(C_suppress_cells, system$structure, as.integer(system$size),
    as.integer(system$network), cells, own[, c(1:3, 5L), drop = FALSE], effort)
}

check_search_size <- function(problem) {
  if (2 * as.double(nrow(problem$asks)) * length(problem$n) > 1e9) {
    stop_casereview("casereview_error",
      "The table is too large to be protected in one go (", length(problem$n), " cells, ",
      nrow(problem$asks), " of them sensitive): split it by one of its variables.")
  }
}
