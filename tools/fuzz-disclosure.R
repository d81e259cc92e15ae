# Random tables under random rules: each is refused in the package's own words, or comes
# back with every hidden count inside its interval and no interval of a single count.
#   Rscript tools/fuzz-disclosure.R [count] [seed]
library(casereview)
arguments <- as.numeric(commandArgs(TRUE))
count <- if (length(arguments)) arguments[1L] else 1000
set.seed(if (length(arguments) > 1L) arguments[2L] else 1)

random_table <- function() {
  n_rows <- sample(1:6, 1)
  n_columns <- sample(1:5, 1)
  cells <- expand.grid(row = letters[seq_len(n_rows)], column = LETTERS[seq_len(n_columns)])
  cells$group <- c("x", "y")[1L + (as.integer(cells$row) > n_rows / 2)]
  cells$n <- sample(c(0, 0, 1:6, 10, 40, 1000), nrow(cells), replace = TRUE)
  formula <- sample(c("row ~ column", "group/row ~ column", "~ row"), 1)
  crosstab(cells, formula, weights = "n", percent = sample(c("none", "row", "column"), 1))
}

random_rule <- function() {
  sdc_rule(threshold = sample(c(1, 2, 4, 9), 1), totals = sample(c(TRUE, FALSE), 1),
    zeros = sample(c("shown", "spare", "hidden"), 1))
}

found <- c(safe = 0, refused = 0)
for (i in seq_len(count)) {
  tab <- random_table()
  safe <- tryCatch(suppress(tab, random_rule()), casereview_error = identity)
  if (inherits(safe, "casereview_error")) {
    found["refused"] <- found["refused"] + 1
  } else {
    risk <- disclosure_risk(safe)
    n <- tab$cells$n[safe$cells$status != "safe"]
    stopifnot(risk$protected, risk$lower <= n, n <= risk$upper, risk$lower < risk$upper,
      is.na(safe$cells$n[safe$cells$status != "safe"]))
    found["safe"] <- found["safe"] + 1
  }
  rounded <- round_counts(tab, base = sample(c(2, 3, 5, 10), 1))
  stopifnot(abs(rounded$cells$n - tab$cells$n) < 10)
}
cat(sprintf("%d tables: %d protected, %d refused, none unsafe\n", count, found["safe"], found["refused"]))
