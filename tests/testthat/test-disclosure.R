# The kernels: what a reader can work out, against enumeration, closed forms and an
# independent linear programming solver.

count_table <- function(n, nest = NULL) {
  d <- expand.grid(b = factor(seq_len(ncol(n))), a = factor(seq_len(nrow(n))))
  d$n <- as.vector(t(n))
  if (is.null(nest)) return(crosstab(d, a ~ b, weights = "n"))
  d$g <- factor(nest[as.integer(d$a)])
  crosstab(d, g / a ~ b, weights = "n")
}

# Equations of a two-way table written out plainly: every row to its total, every parent
# row to its children.
plain_equations <- function(tab) {
  size <- c(nrow(tab$rows), nrow(tab$columns))
  id <- matrix(seq_len(prod(size)), size[1], size[2], byrow = TRUE)
  out <- list()
  add <- function(total, parts) {
    v <- numeric(prod(size))
    v[parts] <- 1
    v[total] <- -1
    out[[length(out) + 1]] <<- v
  }
  for (r in seq_len(size[1])) add(id[r, size[2]], id[r, -size[2]])
  for (p in unique(stats::na.omit(tab$rows$parent))) {
    for (c in seq_len(size[2])) add(id[p, c], id[which(tab$rows$parent == p), c])
  }
  do.call(rbind, out)
}

# Random counts in the inner cells of a table, added up to its margins.
fill_table <- function(tab) {
  at <- matrix(0, nrow(tab$rows), nrow(tab$columns))
  rows <- which(!seq_len(nrow(at)) %in% tab$rows$parent)
  columns <- which(!seq_len(ncol(at)) %in% tab$columns$parent)
  at[rows, columns] <- rpois(length(rows) * length(columns), 4)
  for (p in order(-tab$rows$depth, tab$rows$kind == "total")) {
    parts <- which(tab$rows$parent %in% p)
    if (length(parts)) at[p, ] <- colSums(at[parts, , drop = FALSE])
  }
  at[, -columns] <- rowSums(at[, columns, drop = FALSE])
  as.vector(t(at))
}

lp_intervals <- function(equations, n, hidden, low) {
  a <- equations[, hidden, drop = FALSE]
  b <- -as.vector(equations[, !hidden, drop = FALSE] %*% n[!hidden]) -
    low * rowSums(a)
  use <- rowSums(abs(a)) > 0
  k <- sum(hidden)
  one <- function(i, direction) {
    goal <- as.numeric(seq_len(k) == i)
    found <- lpSolve::lp(direction, goal, a[use, , drop = FALSE], rep("=", sum(use)), b[use])
    if (found$status == 3) Inf else found$objval + low
  }
  cbind(
    vapply(seq_len(k), one, 0, direction = "min"),
    vapply(seq_len(k), one, 0, direction = "max")
  )
}

kernel_intervals <- function(tab, hidden, low) {
  system <- table_system(list(tab))
  expect_true(system$network)
  n <- tab$cells$n
  bounds <- cbind(ifelse(hidden, low, n), ifelse(hidden, Inf, n))
  audit_system(system, bounds, which(hidden))
}

test_that("intervals of a table with open margins are the Frechet bounds", {
  # Dobra and Fienberg (2000), PNAS 97, 11885-11892: max(0, r + c - N) to min(r, c)
  set.seed(11)
  for (k in rounds(30)) {
    n <- matrix(sample(0:12, 12, TRUE), 3, 4)
    tab <- count_table(n)
    inner <- as.vector(t(outer(1:4 <= 3, 1:5 <= 4, `&`)))
    r <- rep(rowSums(n), each = 4)
    c <- rep(colSums(n), 3)
    expect_equal(
      kernel_intervals(tab, inner, 0),
      cbind(pmax(0, r + c - sum(n)), pmin(r, c))
    )
  }
})

test_that("intervals equal those of enumeration", {
  set.seed(5)
  for (k in rounds(60)) {
    n <- matrix(sample(0:3, 4, TRUE), 2, 2)
    tab <- count_table(n)
    hidden <- runif(9) < 0.6
    low <- 0
    # all 2 x 2 tables with entries up to 12 that agree with what is shown
    inner <- as.matrix(expand.grid(rep(list(0:12), 4)))
    full <- cbind(inner[, 1], inner[, 2], inner[, 1] + inner[, 2], inner[, 3], inner[, 4],
      inner[, 3] + inner[, 4], inner[, 1] + inner[, 3], inner[, 2] + inner[, 4],
      rowSums(inner))
    fit <- full[colSums(t(full[, !hidden, drop = FALSE]) != tab$cells$n[!hidden]) == 0, ,
      drop = FALSE]
    found <- kernel_intervals(tab, hidden, low)
    bounded <- is.finite(found[, 2])
    expect_equal(found[, 1], unname(apply(fit[, hidden, drop = FALSE], 2, min)))
    expect_equal(found[bounded, 2],
      unname(apply(fit[, hidden, drop = FALSE], 2, max))[bounded])
  }
})

test_that("intervals of 2,000 tables equal those of a linear programming solver", {
  skip_if_not_installed("lpSolve")
  set.seed(20)
  forms <- list()
  for (rows in 1:3) for (columns in 1:4) for (nested in c(FALSE, TRUE)) {
    tab <- count_table(matrix(1, rows, columns), if (nested) c("p", "q", "p")[seq_len(rows)])
    forms[[length(forms) + 1]] <- list(sums = plain_equations(tab), system = table_system(list(tab)),
      tab = tab)
  }
  wrong <- 0
  for (k in rounds(2000)) {
    form <- forms[[sample(length(forms), 1)]]
    n <- fill_table(form$tab)
    low <- k %% 2
    hidden <- runif(length(n)) < 0.35 & n >= low
    if (!any(hidden)) next
    bounds <- cbind(ifelse(hidden, low, n), ifelse(hidden, Inf, n))
    found <- audit_system(form$system, bounds, which(hidden))
    wrong <- wrong + !identical(round(lp_intervals(form$sums, n, hidden, low), 6), found)
  }
  expect_equal(wrong, 0)
})

test_that("the simplex gives the network's intervals", {
  set.seed(8)
  for (k in rounds(60)) {
    tab <- count_table(matrix(rpois(20, 3), 5), rep(c("p", "q"), c(2, 3)))
    system <- table_system(list(tab))
    n <- tab$cells$n
    hidden <- runif(length(n)) < 0.5
    bounds <- cbind(ifelse(hidden, 0, n), ifelse(hidden, Inf, n))
    entries <- table_sums(tab)
    linear <- list(network = FALSE, structure = entries$entries, size = entries$n_equations)
    expect_equal(audit_system(linear, bounds, which(hidden)),
      audit_system(system, bounds, which(hidden)))
  }
})

test_that("three-way intervals are those of the linear program, brought to whole numbers", {
  skip_if_not_installed("lpSolve")
  set.seed(31)
  d <- expand.grid(b = 1:3, a = 1:2, c = 1:2)
  tab <- crosstab(d, a ~ b | c)
  size <- c(3, 4, 3) # rows, columns, strata with their totals
  at <- function(r, c, s) ((s - 1) * size[1] + r - 1) * size[2] + c
  sums <- list()
  add <- function(total, parts) {
    v <- numeric(prod(size))
    v[parts] <- 1
    v[total] <- v[total] - 1
    sums[[length(sums) + 1]] <<- v
  }
  for (r in 1:3) for (s in 1:3) add(at(r, 4, s), at(r, 1:3, s))
  for (c in 1:4) for (s in 1:3) add(at(3, c, s), at(1:2, c, s))
  for (r in 1:3) for (c in 1:4) add(at(r, c, 3), at(r, c, 1:2))
  sums <- do.call(rbind, sums)
  system <- table_system(list(tab))
  for (k in rounds(60)) {
    inner <- array(rpois(12, 4), c(3, 2, 2))
    whole <- array(0, c(4, 3, 3))
    whole[1:3, 1:2, 1:2] <- inner
    whole[4, , ] <- colSums(whole[1:3, , ])
    whole[, 3, ] <- whole[, 1, ] + whole[, 2, ]
    whole[, , 3] <- whole[, , 1] + whole[, , 2]
    n <- as.vector(whole)
    hidden <- runif(36) < 0.45
    bounds <- cbind(ifelse(hidden, 0, n), ifelse(hidden, Inf, n))
    found <- audit_system(system, bounds, which(hidden))
    lp <- lp_intervals(sums, n, hidden, 0)
    expect_equal(found, cbind(ceiling(lp[, 1] - 1e-6), floor(lp[, 2] + 1e-6)))
  }
})

test_that("a table that no counts fit is told", {
  tab <- count_table(matrix(1:4, 2))
  system <- table_system(list(tab))
  bounds <- cbind(tab$cells$n, tab$cells$n)
  bounds[1, ] <- 50
  expect_null(audit_system(system, bounds, 1L))
  linear <- list(network = FALSE, structure = table_sums(tab)$entries,
    size = table_sums(tab)$n_equations)
  expect_null(audit_system(linear, bounds, 1L))
})

test_that("three-way tables are no network and two blocks are", {
  d <- expand.grid(a = 1:2, b = 1:2, c = 1:2)
  expect_false(table_system(list(crosstab(d, a ~ b | c)))$network)
  expect_true(table_system(list(crosstab(d, a + c ~ b)))$network)
  expect_true(table_system(list(crosstab(d, a / c ~ b)))$network)
  expect_true(table_system(list(crosstab(d, ~ a)))$network)
})

test_that("entry points refuse what would not be safe", {
  arcs <- matrix(c(1L, 2L, 2L, 1L), 2)
  bounds <- matrix(0, 2, 2)
  expect_error(.Call(C_disclosure_audit, arcs, 1L, bounds, 1L), "node")
  expect_error(.Call(C_disclosure_audit, arcs, 2L, bounds, 3L), "cell 3")
  expect_error(.Call(C_disclosure_audit, arcs, 2L, bounds, NA_integer_), "ask")
  expect_error(.Call(C_disclosure_audit, arcs, 2L, bounds * NA, 1L), "bounds")
  expect_error(.Call(C_disclosure_audit, arcs * 1, 2L, bounds, 1L), "type")
  expect_error(.Call(C_disclosure_audit, arcs[1, ], 2L, bounds, 1L), "length")
  expect_error(.Call(C_disclosure_audit, arcs, NA_integer_, bounds, 1L), "n_nodes")
  entries <- matrix(c(1L, 1L, 1L, 2L, 1L, -1L), 2)
  expect_error(.Call(C_disclosure_audit_linear, entries, 0L, bounds, 1L), "entry")
  expect_error(.Call(C_disclosure_audit_linear, entries * 2L, 2L, bounds, 1L), "entry")
  cells <- cbind(0, 0, 0, 0, 5, NaN, c(0, 0))
  asks <- matrix(c(1, 0, 1, NaN), 1)
  effort <- c(1, 1e3, 1e3, 1)
  expect_error(.Call(C_suppress_cells, arcs, 2L, 1L, cells, asks * 9, effort), "asks")
  expect_error(.Call(C_suppress_cells, arcs, 2L, 1L, cells, asks, -effort), "effort")
  expect_error(.Call(C_suppress_cells, arcs, 2L, 2L, cells, asks, effort), "is_network")
  outside <- cells
  outside[1, 1] <- 7
  expect_error(.Call(C_suppress_cells, arcs, 2L, 1L, outside, asks, effort), "bounds")
  expect_error(.Call(C_round_controlled, arcs, 2L, c(-1, 1), 5, 0L), "count 1")
  expect_error(.Call(C_round_controlled, arcs, 2L, c(1, 1), 0, 0L), "base")
})

test_that("what unites codes bounds the codes that it unites", {
  coded <- function(patterns, times) {
    data.frame(case = seq_len(sum(times)), harm = rep(patterns, times))
  }
  # by every whole solution: A 10, B hidden, either of them 14, all 30
  cases <- coded(c("A", "B", "C", "C;D"), c(10, 4, 8, 8))
  tab <- crosstab(cases, ~ harm, multicode = c(harm = ";"),
    nets = list(harm = list("A or B" = c("A", "B"))))
  risk <- disclosure_risk(tab, sdc_rule(threshold = 4, complementary = FALSE))
  expect_identical(risk$harm, "B")
  expect_equal(c(risk$lower, risk$upper), c(4, 4))
  expect_false(risk$protected)
  safe <- suppress(tab, sdc_rule(threshold = 4))
  after <- disclosure_risk(safe)
  expect_gt(nrow(after), 1L)
  expect_true(all(after$protected))
})

test_that("bounds of united codes are those of every count that agrees with the print", {
  set.seed(3)
  checked <- 0
  for (round in 1:40) {
    n <- sample(8:16, 1L)
    has <- cbind(A = runif(n) < runif(1, .1, .6), B = runif(n) < runif(1, .05, .5))
    has[1L, ] <- TRUE
    has[rowSums(has) == 0, 1L] <- TRUE
    cases <- data.frame(harm = apply(has, 1L, function(r) paste(colnames(has)[r], collapse = ";")))
    tab <- crosstab(cases, ~ harm, multicode = c(harm = ";"))
    risk <- disclosure_risk(tab, sdc_rule(threshold = 3))
    if (!nrow(risk)) next
    shown <- stats::setNames(as.data.frame(tab)$n, as.data.frame(tab)$harm)
    all <- expand.grid(A = 0:n, B = 0:n)
    all <- all[all$A + all$B >= n, ]
    for (code in setdiff(names(all), risk$harm)) all <- all[all[[code]] == shown[[code]], ]
    for (code in risk$harm) {
      at <- risk$harm == code
      expect_equal(c(risk$lower[at], risk$upper[at]), range(all[[code]][all[[code]] >= 1]))
      checked <- checked + 1
    }
  }
  expect_gt(checked, 5)
})

test_that("a group's own code alone is no bound", {
  cb <- codebook(
    data.frame(variable = c("case", "harm"), type = c("id", "multicode"), separator = c("", ";")),
    data.frame(variable = "harm", code = c("A", "B", "E", "F"), label = c("A", "B", "Either", "F"),
      parent = c("E", "E", "", ""))
  )
  cases <- data.frame(case = 1:30, harm = rep(c("A", "B", "Either", "F"), c(7, 4, 3, 16)))
  tab <- crosstab(recode_coding(cases, cb), ~ harm, codebook = cb)
  expect_equal(as.data.frame(tab)$n[1:3], c(14, 7, 4))
  risk <- disclosure_risk(tab, sdc_rule(threshold = 4))
  at <- risk$harm == "B"
  expect_lte(risk$lower[at], 4)
  expect_gte(risk$upper[at], 4)
  expect_s3_class(suppress(tab, sdc_rule(threshold = 4)), "crosstab")
})
