# Random tables under random rules: each is refused in the package's own words, or comes
# back with every hidden count inside its interval, no interval of a single count and
# nothing of a hidden count left in the object. Of a sample the intervals are asked of an
# independent linear programming solver (lpSolve), and every further hidden cell is shown
# again to see that it was needed.
#   Rscript tools/fuzz-disclosure.R [count] [seed] [one in how many is asked of the solver]
library(casereview)
arguments <- as.numeric(commandArgs(TRUE))
argument <- function(i, otherwise) if (length(arguments) >= i) arguments[i] else otherwise
count <- argument(1L, 1000)
set.seed(argument(2L, 1))
every <- argument(3L, 10)

random_table <- function() {
  n_rows <- sample(1:6, 1)
  n_columns <- sample(1:5, 1)
  formulas <- c("row ~ column", "row ~ column", "group/row ~ column", "~ row",
    "row + group ~ column", "row ~ column | part")
  formula <- sample(formulas, 1)
  parts <- if (grepl("part", formula)) c("k", "l") else "k"
  cells <- expand.grid(row = letters[seq_len(n_rows)], column = LETTERS[seq_len(n_columns)],
    part = parts)
  cells$group <- c("x", "y")[1L + (as.integer(cells$row) > n_rows / 2)]
  pool <- if (runif(1) < 0.5) c(0, 0, 1:6, 10, 40, 1000) else c(1:3, 20:60)
  cells$n <- sample(pool, nrow(cells), replace = TRUE)
  crosstab(cells, formula, weights = "n", percent = sample(c("none", "row", "column"), 1),
    totals = sample(list(TRUE, TRUE, TRUE, FALSE, "rows", "columns"), 1)[[1L]])
}

random_rule <- function() {
  threshold <- sample(c(1, 2, 4, 9), 1)
  pick <- function(...) sample(list(...), 1)[[1L]]
  sdc_rule(threshold = threshold, totals = pick(TRUE, FALSE),
    zeros = pick("shown", "spare", "hidden"), width = pick(NULL, NULL, 1, 2),
    rounding = pick(NULL, NULL, NULL, 3, 5), dominance = pick(NULL, NULL, NULL, 1, 0.9),
    symbol = pick("c", "c", "c", paste0("<", threshold + 1)),
    complementary = pick(TRUE, TRUE, TRUE, FALSE))
}

# ---- the referee: sums read from the axes, intervals from a linear program ----------

referee_sums <- function(x) {
  size <- c(nrow(x$columns), nrow(x$rows), nrow(x$strata))
  cell <- array(seq_len(prod(size)), size)
  out <- list()
  for (a in 1:3) {
    axis <- list(x$columns, x$rows, x$strata)[[a]]
    for (total in unique(stats::na.omit(axis$parent))) {
      for (block in unique(axis$block[axis$parent %in% total])) {
        parts <- which(axis$parent %in% total & axis$block == block)
        lines <- aperm(cell, c(a, setdiff(1:3, a)))
        dim(lines) <- c(size[a], prod(size[-a]))
        for (k in seq_len(ncol(lines))) {
          line <- numeric(prod(size))
          line[lines[parts, k]] <- 1
          line[lines[total, k]] <- -1
          out[[length(out) + 1L]] <- line
        }
      }
    }
  }
  do.call(rbind, out)
}

referee <- function(x, rule) {
  sums <- referee_sums(x)
  n <- x$cells$n
  hidden <- is.na(n)
  low <- if (rule$zeros == "shown") 1 else 0
  if (is.null(sums)) return(cbind(rep(low, sum(hidden)), Inf))
  use <- rowSums(abs(sums[, hidden, drop = FALSE])) > 0
  left <- sums[use, hidden, drop = FALSE]
  right <- -as.vector(sums[use, !hidden, drop = FALSE] %*% n[!hidden]) - low * rowSums(left)
  t(vapply(seq_len(sum(hidden)), function(i) {
    goal <- as.numeric(seq_len(sum(hidden)) == i)
    end <- function(way) lpSolve::lp(way, goal, left, rep("=", nrow(left)), right)
    most <- end("max")
    c(end("min")$objval, if (most$status == 3) Inf else most$objval) + low
  }, c(0, 0)))
}

plain_rule <- function(rule) {
  is.null(rule$rounding) && rule$complementary && !startsWith(rule$symbol, "<")
}

agrees <- function(safe, rule, risk) {
  found <- referee(safe, rule)
  lower <- ceiling(found[, 1L] - 1e-6)
  upper <- floor(found[, 2L] + 1e-6)
  identical(as.numeric(c(lower, upper)), as.numeric(c(risk$lower, risk$upper)))
}

# Whether some further hidden cell could be shown with every sensitive one still safe.
has_needless <- function(tab, safe, rule) {
  for (i in which(safe$cells$status == "secondary")) {
    shown <- safe
    shown$cells$n[i] <- tab$cells$n[i]
    shown$cells$status[i] <- "safe"
    risk <- disclosure_risk(shown, rule)
    primary <- shown$cells$status[shown$cells$status != "safe"] == "primary"
    if (all(risk$protected[primary])) return(TRUE)
  }
  FALSE
}

small_margin <- function(tab, safe) {
  total <- Reduce(`|`, lapply(safe$spec$variables, function(v) safe$cells[[v]] == "Total"))
  any((safe$cells$status == "primary") & total)
}

found <- c(safe = 0, refused = 0, solver = 0, needed = 0)
for (i in seq_len(count)) {
  tab <- random_table()
  rule <- random_rule()
  safe <- tryCatch(suppress(tab, rule), casereview_error = identity)
  if (inherits(safe, "casereview_error")) {
    stopifnot(inherits(safe, "casereview_error_disclosure"))
    found["refused"] <- found["refused"] + 1
  } else {
    hidden <- safe$cells$status != "safe"
    risk <- disclosure_risk(safe)
    n <- tab$cells$n[hidden]
    good <- all(risk$lower <= n, n <= risk$upper, risk$lower < risk$upper,
      is.na(safe$cells$n[hidden]), risk$protected)
    if (good && i %% every == 0 && plain_rule(rule) && any(hidden)) {
      good <- agrees(safe, rule, risk)
      found["solver"] <- found["solver"] + 1
      if (is.null(rule$dominance) && !small_margin(tab, safe)) {
        good <- good && !has_needless(tab, safe, rule)
        found["needed"] <- found["needed"] + 1
      }
    }
    if (!good) {
      print(unclass(rule))
      print(safe$cells)
      print(cbind(n, risk))
      stop("table ", i, " is not what it should be")
    }
    found["safe"] <- found["safe"] + 1
  }
  if (is.null(tab$spec$axes$strata)) {
    rounded <- tryCatch(round_counts(tab, base = sample(c(2, 3, 5, 10), 1)),
      casereview_error_disclosure = function(e) NULL)
    if (!is.null(rounded)) stopifnot(abs(rounded$cells$n - tab$cells$n) < 10)
  }
  if (i %% 1000 == 0) cat(i, "tables\n")
}
cat(sprintf(paste0("%d tables: %d protected, %d refused; %d equal to the solver's, %d with no ",
  "needless cell\n"), count, found["safe"], found["refused"], found["solver"], found["needed"]))
