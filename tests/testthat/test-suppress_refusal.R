# A refusal names the cells, the reasons and the ways out, and each way out leads out.

cases_of <- function(n) {
  d <- expand.grid(b = factor(LETTERS[seq_len(ncol(n))]), a = factor(letters[seq_len(nrow(n))]))
  d$n <- as.vector(t(n))
  d
}

sparse_counts <- function() {
  rows <- sample(3:6, 1)
  columns <- sample(2:4, 1)
  matrix(sample(c(0, 0, 0, 1:4, 8, 20), rows * columns, TRUE), rows)
}

# The table and the rule after a way was followed, as a reader of the message would.
follow <- function(way, d, rule, percent = "none") {
  totals <- c("rows", "columns", "strata")
  change <- function(...) utils::modifyList(rule, list(...))
  if (grepl("zeros = \"spare\", totals = TRUE", way)) rule <- change(zeros = "spare", totals = TRUE)
  else if (grepl("zeros = \"spare\"", way)) rule <- change(zeros = "spare")
  else if (grepl("totals = TRUE", way)) rule <- change(totals = TRUE)
  else if (grepl("complementary = TRUE", way)) rule <- change(complementary = TRUE)
  else if (grepl("symbol = \"c\"", way)) rule <- change(symbol = "c")
  else if (grepl("width = 1", way)) rule <- change(width = 1L)
  else if (grepl("total row", way)) totals <- setdiff(totals, "rows")
  else if (grepl("total column", way)) totals <- setdiff(totals, "columns")
  else if (grepl("^merge the rows", way)) {
    rows <- regmatches(way, gregexpr("\"[^\"]*\"", way))[[1]]
    rows <- gsub("\"", "", rows)
    levels(d$a)[levels(d$a) %in% rows] <- rows[1]
  } else stop("a way that the test does not know: ", way)
  list(tab = crosstab(d, a ~ b, weights = "n", totals = totals), rule = as_rule(rule))
}

refusal <- function(tab, rule) {
  tryCatch({
    suppress(tab, rule)
    NULL
  }, casereview_error_disclosure = identity)
}

test_that("each way out, when followed, gives a table that is safe, at no more than its price", {
  skip_if_not_installed("lpSolve")
  set.seed(61)
  kinds <- character()
  for (k in rounds(60)) {
    d <- cases_of(sparse_counts())
    pick <- function(...) sample(list(...), 1)[[1]]
    rule <- sdc_rule(threshold = pick(2, 4), zeros = pick("shown", "shown", "spare"),
      complementary = pick(TRUE, TRUE, FALSE), symbol = pick("c", "c", "<5"),
      totals = pick(FALSE, FALSE, TRUE))
    if (rule$symbol == "<5") rule$threshold <- 4L
    e <- refusal(crosstab(d, a ~ b, weights = "n"), rule)
    if (is.null(e)) next
    expect_true(all(nzchar(e$cells$reason)))
    for (i in seq_len(nrow(e$ways))) {
      kinds <- c(kinds, sub(" [\"(].*", "", e$ways$way[i]))
      then <- follow(e$ways$way[i], d, rule)
      s <- suppress(then$tab, then$rule)
      risk <- disclosure_risk(s)
      expect_true(all(risk$protected))
      hidden <- s$cells$status != "safe"
      inner <- s$cells$a != "Total" & s$cells$b != "Total"
      spent <- sum(then$tab$cells$n[s$cells$status == "secondary" & inner])
      expect_lte(spent, e$ways$cases[i])
      if (!then$rule$complementary || then$rule$symbol != "c" || !any(hidden)) next
      # and the solver says the same
      low <- if (then$rule$zeros == "shown") 1 else 0
      sums <- solver_sums(s)
      if (is.null(sums)) next
      use <- rowSums(abs(sums[, hidden, drop = FALSE])) > 0
      left <- sums[use, hidden, drop = FALSE]
      right <- -as.vector(sums[use, !hidden, drop = FALSE] %*% s$cells$n[!hidden]) -
        low * rowSums(left)
      if (!nrow(left)) next
      for (h in which(s$cells$status[hidden] == "primary")) {
        goal <- as.numeric(seq_len(sum(hidden)) == h)
        most <- lpSolve::lp("max", goal, left, rep("=", nrow(left)), right)
        least <- lpSolve::lp("min", goal, left, rep("=", nrow(left)), right)
        expect_true(most$status == 3 || most$objval - least$objval >= 1)
      }
    }
  }
  if (length(rounds(60)) == 60) expect_gt(length(unique(kinds)), 4)
})

test_that("the cells that a refusal names cannot be protected by hiding more", {
  set.seed(62)
  named <- 0
  for (k in rounds(40)) {
    tab <- crosstab(cases_of(sparse_counts()), a ~ b, weights = "n")
    rule <- sdc_rule(threshold = 4)
    e <- refusal(tab, rule)
    if (is.null(e)) next
    # hide all that may be hidden: every inner cell that is not zero
    s <- tab
    inner <- s$cells$a != "Total" & s$cells$b != "Total"
    hide <- inner & s$cells$n > 0
    s$cells$status <- ifelse(hide, "primary", "safe")
    s$cells$n[hide] <- NA
    risk <- disclosure_risk(s, rule)
    key <- paste(e$cells$a, e$cells$b)
    own <- match(key, paste(risk$a, risk$b))
    shown <- is.na(own) # a small total, which the rule keeps in print
    expect_true(all(grepl("Total", key[shown])))
    expect_false(any(risk$protected[own[!shown]]))
    # and all cells that fail are named
    small <- tab$cells$n[hide] <= rule$threshold
    expect_true(all(paste(risk$a, risk$b)[small & !risk$protected] %in% key))
    named <- named + nrow(e$cells)
  }
  expect_gt(named, 0)
})

test_that("a count that its symbol does not mean is a reason", {
  d <- cases_of(rbind(c(20, 1, 30), c(40, 0, 0), c(15, 12, 31)))
  rule <- sdc_rule(threshold = 4, symbol = "<5", dominance = 0.9, complementary = FALSE)
  e <- refusal(crosstab(d, a ~ b, weights = "n", totals = FALSE), rule)
  expect_match(conditionMessage(e), "a count of 40, which the symbol \"<5\" does not mean")
})
