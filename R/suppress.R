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
#' `min_mean_n` cases go; numbers of known and missing values are withdrawn from a table
#' with hidden cells.
#'
#' **What this does not see**: the order of rows sorted by their totals, sums and extremes of
#' a value, what the reader knows from elsewhere, and that the codes of a column with
#' several codes a case are each at most the total (they add up to nothing).
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
#'   fields `cells` (a data frame: the variables, `n`, `reason`) and `ways` (a data frame:
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
  linked <- check_linked(linked)
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
  if (!is.null(x$cells$status)) {
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
  linked
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
  n <- complete_counts(system, rule, linked)
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
  asks <- count_asks(n, sensitive, least_possible(x, n, cell, rule), rule)
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
complete_counts <- function(system, rule, linked) {
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
count_asks <- function(n, sensitive, least, rule) {
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

# A cell that holds all or nearly all of its row or column: fewer must stay possible.
class_asks <- function(x, n, cell, sensitive, rule) {
  none <- matrix(0, 0L, 5L)
  if (is.null(rule$dominance)) return(none)
  at <- array(cell, c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  groups <- c(
    line_groups(x$columns, x$rows, x$strata, function(p, r, s) at[p, r, s]),
    line_groups(x$rows, x$columns, x$strata, function(p, c, s) at[c, p, s])
  )
  out <- lapply(groups, function(group) {
    total <- sum(n[group])
    top <- group[which.max(n[group])]
    if (total == 0 || n[top] < rule$dominance * total || sensitive[top]) return(NULL)
    c(top, max(lowest_hidden(rule), ceiling(rule$dominance * total) - 1), n[top], 1, NA)
  })
  out <- do.call(rbind, out)
  if (is.null(out)) none else out
}

# The cells of every group of parts of one axis, at each level of the two others.
line_groups <- function(axis, across, strata, pick) {
  out <- list()
  line <- which(across$kind %in% c("level", "missing"))
  for (sum in axis_sums(axis, NULL)) {
    if (length(sum$parts) < 2L) next
    for (s in seq_len(nrow(strata))) for (r in line) {
      out[[length(out) + 1L]] <- pick(sum$parts, r, s)
    }
  }
  out
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
    cell <- system$cell[[t + 1L]][linked[[t]]$cells$status %in% "primary"]
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

find_pattern <- function(problem, effort = search_effort()) {
  if (length(problem$fixed)) {
    return(list(found = FALSE, stuck = integer(), hidden = logical(length(problem$n))))
  }
  if (nrow(problem$asks) && problem$system$network == FALSE) {
    check_linear_size(problem$system, 2L * length(problem$n))
  }
  check_search_size(problem)
  own <- problem$asks
  hidden <- problem$primary
  own[, 2L] <- pmin(own[, 2L], problem$n[own[, 1L]])
  own[is.na(own[, 5L]), 5L] <- NaN
  cells <- cbind(problem$n, problem$shown, problem$hidden, problem$cost, hidden)
  cells[is.na(cells[, 6L]), 6L] <- NaN
  storage.mode(cells) <- storage.mode(own) <- "double"
  dimnames(cells) <- dimnames(own) <- NULL
  .Call(C_suppress_cells, problem$system$structure, as.integer(problem$system$size),
    as.integer(problem$system$network), cells, own[, c(1:3, 5L), drop = FALSE], effort)
}

check_search_size <- function(problem) {
  if (2 * as.double(nrow(problem$asks)) * length(problem$n) > 1e9) {
    stop_casereview("casereview_error",
      "The table is too large to be protected in one go (", length(problem$n), " cells, ",
      nrow(problem$asks), " of them sensitive): split it by one of its variables.")
  }
}

# ---- no pattern --------------------------------------------------------------------

stop_disclosure <- function(x, rule, linked, problem, found) {
  cells <- stuck_cells(x, problem, found, rule)
  ways <- ways_out(x, rule, linked, unique(cells$at))
  shown <- utils::head(cells, 5L)
  lines <- paste0("* ", cell_labels(x, shown$at), ": ", shown$reason)
  more <- nrow(cells) - nrow(shown)
  text <- paste0(
    "No pattern of hidden cells protects this table: ", nrow(cells),
    if (nrow(cells) == 1L) " sensitive cell" else " sensitive cells",
    " could be worked out.\n", paste(lines, collapse = "\n"),
    if (more > 0L) paste0("\n* and ", more, " more"),
    if (nrow(ways)) paste0("\nWays out:\n", paste0("* ", ways$way, price_words(ways),
      collapse = "\n")) else "\nNo single way out was found: use coarser rows or columns."
  )
  at <- cells$at
  own <- x$cells[at, c(table_variables(x), "n"), drop = FALSE]
  own$reason <- cells$reason
  rownames(own) <- NULL
  stop_casereview("casereview_error_disclosure", text,
    fields = list(cells = own, ways = ways, rule = rule))
}

price_words <- function(ways) {
  words <- paste0(" (hides ", ways$cells, " more ", ifelse(ways$cells == 1, "cell", "cells"),
    ", ", ways$cases, " ", ifelse(ways$cases == 1, "case", "cases"), ")")
  ifelse(is.na(ways$cells), "", words)
}

# The cells of x that could not be protected, and why.
stuck_cells <- function(x, problem, found, rule) {
  stuck <- c(problem$fixed, problem$asks[found$stuck, 1L])
  if (length(problem$fixed)) stuck <- c(stuck, stuck_beside(problem))
  at <- which(problem$cell %in% stuck)
  at <- at[!duplicated(problem$cell[at])]
  if (!length(at)) at <- which(problem$primary[problem$cell])
  reason <- vapply(at, function(i) stuck_reason(x, problem, i, rule), "")
  worst <- order(match(substr(reason, 1L, 6L), c("stands", "is sho", "follow", "is its"), 5L))
  data.frame(at = at, reason = reason)[worst, ]
}

# With fixed cells shown, what else cannot be protected.
stuck_beside <- function(problem) {
  problem$primary[problem$fixed] <- FALSE
  problem$cost[problem$fixed] <- NA
  problem$shown[problem$fixed, ] <- problem$n[problem$fixed]
  problem$fixed <- integer()
  found <- find_pattern(problem, c(0, 0, 0, 1))
  problem$asks[found$stuck, 1L]
}

stuck_reason <- function(x, problem, i, rule) {
  v <- problem$cell[i]
  n <- problem$n[v]
  if (problem$linked_shown[v]) return("is shown in a linked table.")
  if (tells_range(rule) && n > rule$threshold) {
    return(paste0("is a count of ", n, ", which the symbol \"", rule$symbol,
      "\" does not mean."))
  }
  if (v %in% problem$fixed) {
    return(paste0("is itself a count of ", n, " and a total, and totals must stay shown."))
  }
  alone <- lone_in(x, problem, i)
  if (length(alone)) {
    return(paste0("stands alone in its ", paste(alone, collapse = " and its "),
      ", whose total ", if (rule$zeros == "shown") "and zeros are" else "is", " shown."))
  }
  if (!rule$complementary) {
    return("follows from what is shown, and no further cell may be hidden.")
  }
  asked <- if (is.null(rule$width)) range_words_of(rule) else paste(rule$width, "wide")
  paste0("stays in a narrower interval than asked (", asked, ") whatever else is hidden.")
}

# Whether no other cell of its row or column, in the group that adds up, may be hidden.
lone_in <- function(x, problem, i) {
  size <- c(nrow(x$columns), nrow(x$rows))
  at <- c((i - 1L) %% size[1L] + 1L, ((i - 1L) %/% size[1L]) %% size[2L] + 1L,
    (i - 1L) %/% prod(size) + 1L)
  open <- (problem$primary | !is.na(problem$cost)) & !seq_along(problem$n) %in% problem$fixed
  open <- open[problem$cell]
  open <- array(open, c(size, nrow(x$strata)))
  lone <- function(axis, k, line) {
    same <- which(axis$parent %in% axis$parent[k] & axis$block == axis$block[k])
    !is.na(axis$parent[k]) && sum(line[same]) == 1L && !line[axis$parent[k]]
  }
  c(
    if (lone(x$columns, at[1L], open[, at[2L], at[3L]])) "row",
    if (lone(x$rows, at[2L], open[at[1L], , at[3L]])) "column"
  )
}

# Changes of rule or table that would do, each with its price.
ways_out <- function(x, rule, linked, at) {
  tries <- list(
    list(if (rule$zeros == "shown") list(zeros = "spare"),
      "let zeros be hidden: zeros = \"spare\""),
    list(if (!rule$totals) list(totals = TRUE), "let totals be hidden: totals = TRUE"),
    list(if (!rule$totals && rule$zeros == "shown") list(totals = TRUE, zeros = "spare"),
      "let zeros and totals be hidden: zeros = \"spare\", totals = TRUE"),
    list(if (!rule$complementary) list(complementary = TRUE),
      "let further cells be hidden: complementary = TRUE"),
    list(if (tells_range(rule)) list(symbol = "c"),
      "use a symbol that tells no range: symbol = \"c\""),
    list(if (asked_width(rule) > 1L) list(width = 1L),
      "be content that no hidden count is certain: width = 1")
  )
  ways <- lapply(tries, function(try) {
    if (is.null(try[[1L]])) return(NULL)
    price_way(x, utils::modifyList(rule, try[[1L]]), linked, try[[2L]])
  })
  ways <- c(ways, list(drop_totals_way(x, rule, linked), merge_way(x, rule, linked, at)))
  out <- do.call(rbind, ways)
  if (!is.null(out)) return(out)
  data.frame(way = character(), cells = numeric(), cases = numeric())
}

price_way <- function(x, rule, linked, way, count = TRUE) {
  problem <- suppression_problem(x, rule, linked)
  found <- find_pattern(problem, c(5, 1e6, 0, 1))
  if (!found$found) return(NULL)
  extra <- found$hidden & !problem$primary
  extra <- extra | (problem$primary & problem$margin)
  inner <- extra & !problem$margin
  data.frame(way = way, cells = if (count) sum(extra) else NA_real_,
    cases = if (count) sum(problem$n[inner]) else NA_real_)
}

drop_totals_way <- function(x, rule, linked) {
  out <- NULL
  for (axis in c("rows", "columns")) {
    table <- without_totals(x, axis)
    if (is.null(table)) next
    word <- if (axis == "rows") "the total row" else "the total column"
    out <- rbind(out, price_way(table, rule, linked,
      paste0("leave ", word, " out of the table"), TRUE))
  }
  out
}

# The table without the grand total of an axis (NULL where it has none).
without_totals <- function(x, axis) {
  entries <- x[[axis]]
  out <- which(entries$kind == "total")
  if (!length(out) || length(out) == nrow(entries)) return(NULL)
  keep_part(x, axis, setdiff(seq_len(nrow(entries)), out))
}

keep_part <- function(x, axis, keep) {
  entries <- x[[axis]]
  size <- list(columns = nrow(x$columns), rows = nrow(x$rows), strata = nrow(x$strata))
  at <- array(seq_len(nrow(x$cells)), unlist(size))
  at <- switch(axis, columns = at[keep, , , drop = FALSE], rows = at[, keep, , drop = FALSE],
    strata = at[, , keep, drop = FALSE])
  entries <- entries[keep, , drop = FALSE]
  entries$parent <- match(entries$parent, keep)
  x[[axis]] <- entries
  x$cells <- x$cells[as.vector(at), , drop = FALSE]
  x
}

# Merging the rows of the stuck cells with each other, or with the smallest row beside
# them: tried on the counts, and offered where it works.
merge_way <- function(x, rule, linked, at) {
  if (length(linked) || nrow(x$strata) != 1L) return(NULL)
  size <- nrow(x$columns)
  row <- unique(((at - 1L) %/% size) %% nrow(x$rows) + 1L)
  row <- row[!is.na(x$rows$parent[row]) & !row %in% x$rows$parent]
  if (!length(row)) return(NULL)
  n <- rowSums(matrix(x$cells$n, ncol = size, byrow = TRUE))
  group <- row[x$rows$parent[row] == x$rows$parent[row[1L]]]
  beside <- setdiff(which(x$rows$parent %in% x$rows$parent[row[1L]] &
    x$rows$block == x$rows$block[row[1L]]), c(group, x$rows$parent))
  beside <- utils::head(beside[order(n[beside])], 6L)
  last <- all(which(x$rows$parent %in% x$rows$parent[row[1L]]) %in% c(group, beside))
  for (extra in seq(0L, length(beside))) {
    merged <- c(group, beside[seq_len(extra)])
    if (length(merged) < 2L) next
    if (length(beside) == extra && last) return(NULL)
    way <- price_way(merge_rows(x, merged), rule, linked, paste0("merge the rows ",
      list_some(x$rows$label[merged], most = 10L)), TRUE)
    if (!is.null(way)) return(way)
  }
  NULL
}

merge_rows <- function(x, merged) {
  merged <- sort(merged)
  size <- nrow(x$columns)
  n <- matrix(x$cells$n, ncol = size, byrow = TRUE)
  n[merged[1L], ] <- colSums(n[merged, , drop = FALSE])
  x$cells$n <- as.vector(t(n))
  keep_part(x, "rows", setdiff(seq_len(nrow(x$rows)), merged[-1L]))
}

# ---- the table without what is hidden ------------------------------------------------

# Nothing of a hidden cell is left: counts, bases, percents, statistics, texts, notes.
withhold <- function(x, rule, status, disclosure) {
  n <- x$cells$n
  hidden <- status != "safe"
  cells <- x$cells
  cells$status <- status
  printed <- publish_counts(x, rule, hidden)
  base <- publish_bases(x, printed, hidden, rule)
  with_base <- any(grepl("{base}", x$spec$style, fixed = TRUE))
  changed <- (!is.na(cells$percent) & is.na(base$percent)) | (!is.na(printed) & printed != n) |
    (is.na(base$base) != is.na(cells$base) & with_base) |
    (!is.na(base$base) & base$base != cells$base)
  changed[is.na(changed)] <- TRUE
  cells$n <- printed
  cells$base <- base$base
  cells$percent <- base$percent
  stats <- statistic_columns(x)
  for (name in stats) {
    gone <- hidden | (n < rule$min_mean_n)
    if (counts_values(name)) {
      gone <- gone | any(hidden) | (cells[[name]] > 0 & cells[[name]] <= rule$threshold)
    }
    changed <- changed | (gone & !is.na(cells[[name]]))
    cells[[name]][gone] <- NA
  }
  x$cells <- cells
  x$cells$text <- reprint(x, rule, hidden, changed)
  marked <- function(text) grepl(rule$symbol, text, fixed = TRUE)
  alone <- any(!hidden & marked(x$cells$text) & !marked(cells$text))
  x$notes <- withhold_notes(x, rule, hidden, alone)
  x$disclosure <- disclosure
  x
}

# Columns beyond the variables, the counts, the percents and the text.
statistic_columns <- function(x) {
  setdiff(names(x$cells), c(table_variables(x), "n", "base", "percent", "text", "status"))
}

# Numbers of cases with a known, missing or unweighted value: counts themselves.
counts_values <- function(name) grepl("^n_", name)

publish_counts <- function(x, rule, hidden) {
  n <- x$cells$n
  if (!is.null(rule$rounding)) {
    n <- round_to(n, rule$rounding)
    if (rule$round_totals == "summed") n <- sum_shown(x, n, hidden)
  }
  n[hidden] <- NA
  n
}

# Totals as sums of their shown, rounded parts, from the innermost out.
sum_shown <- function(x, n, hidden) {
  n[hidden] <- 0
  at <- array(n, c(nrow(x$columns), nrow(x$rows), nrow(x$strata)))
  for (p in summing_order(x$columns)) at[p, , ] <- sum_parts(at, x$columns, p, 1L)
  for (p in summing_order(x$rows)) at[, p, ] <- sum_parts(at, x$rows, p, 2L)
  for (p in summing_order(x$strata)) at[, , p] <- sum_parts(at, x$strata, p, 3L)
  as.vector(at)
}

# The parts of entry p of one dimension added up, over the two others.
sum_parts <- function(at, axis, p, dimension) {
  parts <- which(axis$parent %in% p & first_block(axis, p))
  take <- switch(dimension, at[parts, , , drop = FALSE], at[, parts, , drop = FALSE],
    at[, , parts, drop = FALSE])
  apply(take, setdiff(1:3, dimension), sum)
}

summing_order <- function(axis) {
  p <- unique(axis$parent[!is.na(axis$parent)])
  p[order(-axis$depth[p], axis$kind[p] == "total")]
}

first_block <- function(axis, p) axis$block == axis$block[which(axis$parent %in% p)[1L]]

# A base and the percent of it are published where the base is the count of a cell that
# is shown, or belongs to a group of which no cell is hidden.
publish_bases <- function(x, printed, hidden, rule) {
  cells <- x$cells
  kind <- x$spec$percent
  if (is.null(kind) || identical(kind, "none")) {
    base <- cells$base
    same <- !is.na(base) & base == cells$n
    if (any(hidden)) base[] <- NA
    if (!any(hidden) && !is.null(rule$rounding)) base <- round_to(base, rule$rounding)
    if (!is.null(x$spec$stat) || !any(same)) return(list(base = base, percent = cells$percent))
    kind <- "total"
  }
  home <- base_cells_of(x, kind)
  own <- home$cell > 0L & (cells$n[pmax(home$cell, 1L)] == cells$base) %in% TRUE
  free <- own & !hidden[pmax(home$cell, 1L)]
  touched <- home$group %in% home$group[hidden]
  keep <- !hidden & !is.na(cells$base) & (free | !touched)
  base <- cells$base
  if (!is.null(rule$rounding)) {
    base <- ifelse(free, printed[pmax(home$cell, 1L)], round_to(base, rule$rounding))
  }
  keep <- keep & cells$base >= rule$min_percent_base
  percent <- if (is.null(rule$rounding)) cells$percent else
    ifelse(base > 0, 100 * printed / base, NA_real_)
  percent[!keep | is.na(cells$percent)] <- NA
  base[!keep] <- NA
  list(base = base, percent = percent)
}

# For each cell the cell whose count is its base (0: none in the table) and its group.
base_cells_of <- function(x, kind) {
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- arrayInd(seq_len(prod(size)), size)
  if (!prod(size)) at <- matrix(0L, 0L, 3L)
  column <- if (kind %in% c("row", "total")) own_total(x$columns)[at[, 1L]] else at[, 1L]
  row <- if (kind %in% c("column", "total")) own_total(x$rows)[at[, 2L]] else at[, 2L]
  cell <- ifelse(column > 0L & row > 0L, column + (row - 1L) * size[1L] +
    (at[, 3L] - 1L) * size[1L] * size[2L], 0L)
  group <- switch(kind, row = at[, 2L], column = at[, 1L], total = rep(0L, nrow(at)))
  list(cell = as.integer(cell), group = paste(group, at[, 3L]))
}

# The total of each entry's block; an axis of a single entry is its own total.
own_total <- function(axis) {
  if (nrow(axis) == 1L) return(1L)
  total <- which(axis$kind == "total")
  if (!length(total)) return(integer(nrow(axis)))
  own <- total[match(axis$block, axis$block[total])]
  own[is.na(own)] <- total[length(total)]
  own
}

# Texts anew where something changed; a number that is gone prints as the symbol.
reprint <- function(x, rule, hidden, changed) {
  text <- x$cells$text
  x$spec$style <- withhold_fields(x, hidden)
  finer <- !is.null(rule$digits) && any(x$spec$digits > rule$digits)
  if (finer && any(!is.na(x$cells$percent))) {
    x$spec$digits <- pmin(x$spec$digits, rule$digits)
    changed <- changed | !is.na(x$cells$percent)
  }
  if (identical(x$spec$rounding, "sum_100") && any(hidden)) {
    x$spec$rounding <- "half_up"
    changed <- changed | !is.na(x$cells$percent)
  }
  changed <- changed & !hidden
  if (any(changed)) text[changed] <- table_text(x, rule)[changed]
  text[hidden] <- rule$symbol
  text
}

# Counts of values print as the symbol in the cells that are shown.
withhold_fields <- function(x, hidden) {
  counts <- statistic_columns(x)
  counts <- counts[counts_values(counts)]
  if (!any(hidden) || !length(counts)) return(x$spec$style)
  style <- if (is.null(x$spec$style)) default_style(x$spec) else x$spec$style
  for (field in counts) {
    style <- gsub(paste0("{", field, "}"), "withheld", style, fixed = TRUE)
  }
  style
}

table_text <- function(x, rule) {
  if (!is.null(x$spec$style) || !is.null(x$spec$formula)) {
    text <- finish_cells(x)$text
    gone <- is.na(x$cells$percent) & grepl("(-)", text, fixed = TRUE)
    text[gone] <- sub("(-)", paste0("(", rule$symbol, ")"), text[gone], fixed = TRUE)
    text[text == "-"] <- rule$symbol
    return(sub("^- ", paste0(rule$symbol, " "), text))
  }
  percent <- x$cells$percent
  n <- format(x$cells$n, trim = TRUE, scientific = FALSE)
  ifelse(is.na(percent), n, sprintf("%s (%.1f%%)", n, percent))
}

# Counts in the notes are counts as well: small ones, and all from which a hidden total
# would follow, are left unsaid.
withhold_notes <- function(x, rule, hidden, alone = FALSE) {
  notes <- x$notes
  notes$parts <- NULL
  total <- any(hidden & margin_cells(x)) || !is.null(rule$rounding)
  small <- function(value) {
    any(total, !is.na(value) & value >= lowest_sensitive(rule) & value <= rule$threshold)
  }
  said <- character()
  if (any(hidden)) {
    said <- paste0(rule$symbol, ": hidden to protect small counts.")
  } else if (alone) {
    said <- paste0(rule$symbol, ": not shown, since it would rest on too few cases.")
  }
  if (!is.null(rule$rounding)) {
    said <- c(said, paste0("Counts are rounded to the nearest ", rule$rounding, "."))
  }
  if (any(notes$left_out > 0) && small(c(notes$left_out, notes$missing))) {
    said <- c(said, "Left out: where a value is missing.")
    notes$left_out[] <- 0
    notes$n_rows <- NA_real_
  }
  if (length(notes$not_asked) && small(notes$not_asked)) {
    said <- c(said, "Left out: those not asked.")
    notes["not_asked"] <- NULL
  }
  if (any(notes$value_missing > 0) && (any(hidden) || small(notes$value_missing))) {
    said <- c(said, "The statistics are of known values; some are missing.")
    notes$value_missing <- numeric()
  }
  if (any(hidden) || total) {
    if (!is.null(notes$weight_kind)) {
      said <- c(said, paste0("Weighted by ", x$spec$weights, " (", notes$weight_kind,
        " weights)."))
    }
    for (field in c("weight_kind", "weight_sum", "weight_zero")) notes[field] <- NULL
    if (total) notes["n_rows"] <- NULL
  }
  notes$extra <- c(notes$extra, said)
  notes
}
