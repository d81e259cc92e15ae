# A table that no pattern protects: which cells, why, and what each way out costs.

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
  own <- cbind(own, reason = cells$reason)
  names(own) <- make.unique(names(own))
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
