# Every table of whole counts that agrees with what is printed, by trying them all: shares
# no code with the package's audit. Cells are sums of the innermost cells.

entry_sums <- function(axis) {
  leaf <- which(!seq_len(nrow(axis)) %in% axis$parent & axis$kind %in% c("level", "missing"))
  sums <- matrix(0, nrow(axis), length(leaf))
  sums[cbind(leaf, seq_along(leaf))] <- 1
  same <- NULL
  open <- setdiff(seq_len(nrow(axis)), leaf)
  while (length(open)) {
    for (p in open) {
      child <- which(axis$parent %in% p)
      if (any(child %in% open)) next
      blocks <- lapply(split(child, axis$block[child]), function(k) {
        colSums(sums[k, , drop = FALSE])
      })
      sums[p, ] <- blocks[[1]]
      for (other in blocks[-1]) same <- rbind(same, blocks[[1]] - other)
      open <- setdiff(open, p)
    }
  }
  # without a printed total stacked blocks still count the same cases
  top <- which(is.na(axis$parent) & axis$kind %in% c("level", "missing", "subtotal"))
  blocks <- lapply(split(top, axis$block[top]), function(k) colSums(sums[k, , drop = FALSE]))
  for (other in blocks[-1]) same <- rbind(same, blocks[[1]] - other)
  list(sums = sums, same = same)
}

# What one printed table says of each cell: the least and the greatest count, and whether
# a matrix of cells by candidates is possible.
printed_counts <- function(x, rule) {
  n <- x$cells$n
  hidden <- is.na(n)
  low <- if (rule$zeros == "shown") 1 else 0
  small_only <- (grepl("<|-", rule$symbol) || !rule$complementary) && is.null(rule$dominance)
  lo <- ifelse(hidden, low, n)
  hi <- ifelse(hidden, if (small_only) max(rule$threshold, low) else Inf, n)
  base <- rule$rounding
  if (!is.null(base)) {
    lo[!hidden] <- pmax(0, n[!hidden] - base %/% 2)
    hi[!hidden] <- n[!hidden] + base - 1 - base %/% 2
  }
  sensitive <- function(t) t >= (if (rule$zeros == "hidden") 0 else 1) & t <= rule$threshold
  sum_of <- function(axis) seq_len(nrow(axis)) %in% axis$parent
  total <- rowSums(expand.grid(sum_of(x$columns), sum_of(x$rows), sum_of(x$strata))) > 0
  large <- !hidden & !is.null(base) & (rule$totals | !total | !is.null(x$disclosure))
  list(lo = lo, hi = hi, hidden = hidden, fits = function(t) {
    good <- t >= lo & t <= hi
    good[large, ] <- good[large, ] & !sensitive(t[large, , drop = FALSE])
    colSums(!good) == 0
  })
}

# All candidates, cells by tables; NULL where there are too many.
all_tables <- function(x, rule, most = 14, limit = 4e5) {
  axes <- lapply(list(x$strata, x$rows, x$columns), entry_sums)
  sums <- axes[[1]]$sums %x% axes[[2]]$sums %x% axes[[3]]$sums
  printed <- printed_counts(x, rule)
  inner <- matrix(0, 0, 1)
  cells <- matrix(0, nrow(sums), 1)
  for (j in seq_len(ncol(sums))) {
    own <- rowSums(sums) == 1 & sums[, j] == 1
    values <- max(0, printed$lo[own]):min(most, printed$hi[sums[, j] > 0])
    if (ncol(inner) * length(values) > limit) return(NULL)
    again <- rep(seq_len(ncol(inner)), each = length(values))
    inner <- rbind(inner[, again, drop = FALSE], values)
    cells <- cells[, again, drop = FALSE] + outer(sums[, j], inner[j, ])
    done <- if (j < ncol(sums)) rowSums(sums[, -seq_len(j), drop = FALSE]) == 0 else TRUE
    keep <- colSums(cells > printed$hi) == 0 &
      colSums(cells[done, , drop = FALSE] < printed$lo[done]) == 0
    inner <- inner[, keep, drop = FALSE]
    cells <- cells[, keep, drop = FALSE]
  }
  same <- axes[[2]]$same
  if (!is.null(same)) {
    same <- axes[[1]]$sums %x% same %x% axes[[3]]$sums
    cells <- cells[, colSums(abs(same %*% inner)) == 0, drop = FALSE]
  }
  cells[, printed$fits(cells), drop = FALSE]
}

# The bases that percents are of, from the candidates' own cells.
candidate_bases <- function(x, cells, kind) {
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  at <- arrayInd(seq_len(prod(size)), size)
  leaf <- function(axis) {
    which(!seq_len(nrow(axis)) %in% axis$parent & axis$kind == "level" & axis$block == 1)
  }
  inside <- at[, 1] %in% leaf(x$columns) & at[, 2] %in% leaf(x$rows)
  out <- cells
  for (i in seq_len(nrow(at))) {
    use <- inside & at[, 3] == at[i, 3]
    same <- at[, 3] == at[i, 3]
    if (kind == "row") use <- same & at[, 1] %in% leaf(x$columns) & at[, 2] == at[i, 2]
    if (kind == "column") use <- same & at[, 2] %in% leaf(x$rows) & at[, 1] == at[i, 1]
    out[i, ] <- colSums(cells[use, , drop = FALSE])
  }
  out
}

# Candidates that agree with the printed bases and percents too.
agree_with_percents <- function(x, cells) {
  kind <- x$spec$percent
  if (kind == "none") return(cells)
  base <- candidate_bases(x, cells, kind)
  told <- !is.na(x$cells$base)
  keep <- colSums(base[told, , drop = FALSE] != x$cells$base[told]) == 0
  told <- !is.na(x$cells$percent)
  off <- abs(100 * cells[told, , drop = FALSE] / base[told, , drop = FALSE] -
    x$cells$percent[told])
  cells[, keep & colSums(is.na(off) | off > 1e-9) == 0, drop = FALSE]
}

tiny_table <- function(kind, ...) {
  rows <- if (kind == "strata") 2 else sample(3, 1)
  columns <- if (kind == "one") 1 else sample(3, 1)
  d <- expand.grid(b = factor(seq_len(columns)), a = factor(seq_len(rows)))
  if (kind == "strata") d <- merge(d, data.frame(c = factor(1:2)))
  if (kind == "blocks") d <- merge(d, data.frame(e = factor(1:2)))
  d$g <- factor(c("p", "q")[(as.integer(d$a) > 1) + 1])
  d$n <- sample(c(0, 0:4), nrow(d), TRUE)
  d$n[1] <- max(d$n[1], 1)
  formula <- switch(kind, one = ~a, two = a ~ b, nested = g / a ~ b, strata = a ~ b | c,
    blocks = a + e ~ b)
  totals <- sample(list(TRUE, TRUE, FALSE, "rows", "columns"), 1)[[1]]
  crosstab(d, formula, weights = "n", totals = totals, ...)
}

tiny_rule <- function(rounding = FALSE) {
  pick <- function(...) sample(list(...), 1)[[1]]
  sdc_rule(threshold = if (rounding) 3 else sample(3, 1),
    zeros = pick("shown", "spare", "hidden"), totals = pick(TRUE, FALSE),
    rounding = if (rounding) pick(3, 5), width = pick(NULL, 1, 2),
    dominance = pick(NULL, NULL, 1, 0.9), complementary = pick(TRUE, TRUE, FALSE))
}

# The solver's view: sums read from the axes, the ends of hidden cells by lpSolve.
solver_sums <- function(x) {
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  cell <- array(seq_len(prod(size)), size)
  out <- list()
  for (a in 1:3) {
    axis <- list(x$columns, x$rows, x$strata)[[a]]
    lines <- aperm(cell, c(a, setdiff(1:3, a)))
    dim(lines) <- c(size[a], prod(size[-a]))
    for (total in unique(stats::na.omit(axis$parent))) {
      for (block in unique(axis$block[axis$parent %in% total])) {
        parts <- which(axis$parent %in% total & axis$block == block)
        for (k in seq_len(ncol(lines))) {
          line <- numeric(prod(size))
          line[lines[parts, k]] <- 1
          line[lines[total, k]] <- -1
          out[[length(out) + 1]] <- line
        }
      }
    }
  }
  do.call(rbind, out)
}
