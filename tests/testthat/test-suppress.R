incidents <- function(percent = "column") {
  # table 11 of the report
  n <- rbind(
    c(3, 4, 11), c(4, 4, 1), c(5, 1, 2), c(4, 1, 1), c(2, 0, 4), c(4, 0, 1), c(0, 0, 4),
    c(0, 0, 2), c(1, 0, 0)
  )
  names <- c("Physical abuse (fatal)", "Neglect (fatal)", "Spite/revenge killing", "Suicide",
    "Neglect (non-fatal)", "Physical abuse (non-fatal)", "Sexual abuse",
    "Fatal drug overdose (not suicide)", "Other")
  d <- data.frame(incident = factor(rep(names, 3), names),
    sample = rep(c("2012", "2013", "2014"), each = 9), n = as.vector(n))
  crosstab(d, incident ~ sample, weights = "n", percent = percent)
}

random_table <- function(rows, columns, small = 0.25, formula = a ~ b, extra = NULL) {
  d <- expand.grid(b = factor(seq_len(columns)), a = factor(seq_len(rows)))
  if (!is.null(extra)) d <- merge(d, extra)
  d$g <- factor(c("p", "q", "r"))[(as.integer(d$a) - 1L) %% 3L + 1L]
  d$n <- ifelse(runif(nrow(d)) < small, sample(0:4, nrow(d), TRUE),
    sample(5:30, nrow(d), TRUE))
  crosstab(d, formula, weights = "n")
}

attempt <- function(...) {
  tryCatch(suppress(...), casereview_error_disclosure = function(e) NULL)
}

# Whether nothing of a hidden count is left in the cells, and all small ones are hidden.
withheld <- function(s, tab, rule) {
  hidden <- s$cells$status != "safe"
  numbers <- setdiff(names(s$cells)[vapply(s$cells, is.numeric, NA)], s$spec$variables)
  small <- tab$cells$n >= lowest_sensitive(rule) & tab$cells$n <= rule$threshold
  all(is.na(unlist(s$cells[hidden, numbers]))) && all(s$cells$text[hidden] == rule$symbol) &&
    all(hidden[small]) && identical(s$cells$n[!hidden], tab$cells$n[!hidden])
}

test_that("suppressed tables are safe, audited and hold the true counts", {
  set.seed(3)
  done <- 0
  bad <- integer()
  for (k in rounds(250)) {
    tab <- random_table(sample(1:5, 1), sample(1:5, 1), formula = if (k %% 3) a ~ b else g / a ~ b)
    rule <- sdc_rule(threshold = 4, zeros = c("shown", "spare", "hidden")[k %% 3 + 1],
      totals = k %% 4 > 0, width = if (k %% 5 == 0) 1)
    s <- attempt(tab, rule)
    if (is.null(s)) next
    done <- done + 1
    risk <- disclosure_risk(s)
    n <- tab$cells$n[s$cells$status != "safe"]
    good <- withheld(s, tab, rule) && all(risk$protected) && all(risk$lower < risk$upper) &&
      all(risk$lower <= n & n <= risk$upper)
    if (!good) bad <- c(bad, k)
  }
  expect_equal(bad, integer())
  expect_gt(done, 0.45 * length(rounds(250)))
})

test_that("no secondary cell is needless", {
  set.seed(9)
  needless <- 0
  for (k in rounds(60)) {
    tab <- random_table(5, 5, 0.2)
    rule <- sdc_rule(threshold = 4, totals = TRUE)
    s <- attempt(tab, rule)
    if (is.null(s)) next
    problem <- suppression_problem(tab, rule, list())
    hidden <- s$cells$status != "safe"
    for (i in which(s$cells$status == "secondary")) {
      without <- problem
      keep <- hidden
      keep[i] <- FALSE
      without$cost[] <- NA
      without$primary <- keep
      own <- without$asks[, 1] %in% which(problem$primary)
      without$asks <- without$asks[own, , drop = FALSE]
      needless <- needless + find_pattern(without, c(0, 0, 0, 1))$found
    }
  }
  expect_equal(needless, 0)
})

test_that("a pattern that is said to be the cheapest is", {
  set.seed(14)
  proved <- 0
  for (k in rounds(25)) {
    tab <- random_table(3, 3, 0.2)
    rule <- sdc_rule(threshold = 4)
    s <- attempt(tab, rule)
    if (is.null(s) || !s$disclosure$optimal) next
    proved <- proved + 1
    problem <- suppression_problem(tab, rule, list())
    free <- which(!is.na(problem$cost))
    mine <- sum(problem$cost[s$cells$status == "secondary"])
    best <- Inf
    for (set in seq_len(2^length(free)) - 1) {
      pick <- free[bitwAnd(set, bitwShiftL(1L, seq_along(free) - 1L)) > 0]
      if (sum(problem$cost[pick]) >= best) next
      fixed <- problem
      fixed$primary[pick] <- TRUE
      fixed$cost[] <- NA
      if (find_pattern(fixed, c(0, 0, 0, 1))$found) best <- sum(problem$cost[pick])
    }
    expect_equal(mine, best)
  }
  expect_gt(proved, 0.3 * length(rounds(25)))
})

test_that("the report's table 11 is refused, with the cells and the ways out", {
  e <- expect_error(suppress(incidents(), "dfe"), class = "casereview_error_disclosure")
  for (row in c("Sexual abuse", "Fatal drug overdose", "Other")) {
    expect_match(conditionMessage(e), paste0(row, ".*stands alone in its row"))
  }
  expect_true(all(c("incident", "sample", "n", "reason") %in% names(e$cells)))
  expect_true(all(c("way", "cells", "cases") %in% names(e$ways)))
  expect_true(any(grepl("totals = TRUE", e$ways$way)))
  expect_true(any(grepl("merge the rows", e$ways$way)))
  expect_match(conditionMessage(e), "Ways out")
})

test_that("the ways out work", {
  s <- suppress(incidents(), sdc_rule("dfe", totals = TRUE))
  expect_true(all(disclosure_risk(s)$protected))
  expect_equal(s$cells$n[s$cells$incident == "Total"], c(23, 10, 26, 59))
  expect_true(all(is.na(s$cells$n[s$cells$incident == "Other" & s$cells$sample != "2013" &
    s$cells$sample != "2014"])))
})

test_that("the same table gives the same pattern, whatever the generator's state", {
  tab <- incidents()
  rule <- sdc_rule("dfe", totals = TRUE)
  set.seed(1)
  a <- suppress(tab, rule)
  state <- .Random.seed
  b <- suppress(tab, rule)
  expect_identical(a, b)
  expect_identical(.Random.seed, state)
})

test_that("a hidden number is nowhere in the object", {
  d <- data.frame(
    a = rep(c("x", "y", "x", "y", "x", "y"), c(98761, 3, 97531, 96421, 95327, 94213)),
    b = rep(c("u", "u", "v", "v", "w", "w"), c(98761, 3, 97531, 96421, 95327, 94213))
  )
  d$score <- seq_len(nrow(d)) %% 37
  for (percent in c("none", "row", "column", "total")) {
    tab <- crosstab(d, a ~ b, percent = percent, value = "score", stat = c("mean", "n_missing"))
    s <- suppress(tab, 4)
    gone <- tab$cells$n[s$cells$status != "safe"]
    expect_gt(length(gone), 3)
    text <- paste(c(utils::capture.output(dput(unclass(s))), format(s)), collapse = " ")
    for (n in gone[gone > 10]) expect_false(grepl(n, text, fixed = TRUE))
  }
})

test_that("percents go where their base is not in the table", {
  d <- data.frame(a = rep(c("x", "y"), c(30, 40)), b = rep(c("u", "v", "u", "v"), c(27, 3, 20, 20)))
  s <- suppress(crosstab(d, a ~ b, percent = "row", totals = FALSE), 4)
  row <- s$cells$a == "x"
  expect_true(all(is.na(s$cells$base[row])) && all(is.na(s$cells$percent[row])))
  expect_equal(s$cells$percent[!row], c(50, 50))
  # with the total in the table the base tells nothing new
  s <- suppress(crosstab(d, a ~ b, percent = "row"), 4)
  expect_equal(s$cells$percent[s$cells$a == "x" & s$cells$b == "Total"], 100)
})

test_that("small bases and small means are withheld", {
  d <- data.frame(a = rep(c("x", "y"), c(12, 40)), b = rep(c("u", "v", "u", "v"), c(6, 6, 20, 20)),
    score = seq_len(52))
  tab <- crosstab(d, a ~ b, percent = "row", value = "score", stat = "mean")
  s <- suppress(tab, sdc_rule(threshold = 4, min_percent_base = 22.5, min_mean_n = 8))
  expect_true(all(s$cells$status == "safe"))
  expect_equal(is.na(s$cells$percent), s$cells$a == "x")
  expect_equal(is.na(s$cells$mean), tab$cells$n < 8)
})

test_that("rounding rules round, and percents are of rounded numbers", {
  set.seed(6)
  tab <- random_table(4, 4, 0.1)
  s <- suppress(tab, "opensafely")
  shown <- s$cells$status == "safe"
  expect_true(all(s$cells$n[shown] %% 5 == 0))
  expect_true(all(abs(s$cells$n - tab$cells$n)[shown] <= 2))
  expect_true(all(disclosure_risk(s)$protected))
  h <- suppress(incidents(), "hesa")
  expect_true(all(h$cells$status == "safe") && all(h$cells$n %% 5 == 0))
  expect_true(all(is.na(h$cells$percent[h$cells$sample == "2013"])))
  summed <- suppress(tab, sdc_rule(threshold = 0, rounding = 5, round_totals = "summed"))
  inner <- summed$cells$a != "Total" & summed$cells$b != "Total"
  expect_equal(summed$cells$n[summed$cells$a == "Total" & summed$cells$b == "Total"],
    sum(summed$cells$n[inner]))
})

test_that("a group of which one cell holds all is hidden or refused", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(20, 40, 30)),
    b = rep(c("u", "u", "v", "u", "v"), c(20, 20, 20, 15, 15)))
  tab <- crosstab(d, a ~ b)
  expect_error(suppress(tab, sdc_rule(threshold = 4, dominance = 1)),
    class = "casereview_error_disclosure")
  s <- suppress(tab, sdc_rule(threshold = 4, dominance = 1, zeros = "spare"))
  expect_true(all(is.na(s$cells$n[s$cells$a == "x" & s$cells$b != "Total"])))
  expect_true(all(disclosure_risk(s)$upper > disclosure_risk(s)$lower))
})

test_that("a symbol that gives a range stands for small counts only", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(20, 3, 30)))
  expect_error(suppress(crosstab(d, ~ a), sdc_rule(threshold = 4, symbol = "<5")),
    class = "casereview_error_disclosure")
  s <- suppress(crosstab(d, ~ a, totals = FALSE), sdc_rule(threshold = 4, symbol = "<5"))
  expect_equal(unname(unlist(disclosure_risk(s)[c("lower", "upper")])), c(1, 4))
})

test_that("linked tables are audited together", {
  n <- c(30, 12, 25, 3, 18, 40, 22, 16)
  d <- expand.grid(a = c("x", "y"), b = c("u", "v"), c = c("p", "q"))
  d <- d[rep(seq_len(8), n), ]
  first <- crosstab(d, a ~ b)
  # the same cells are open in a published table: nothing can hide them here
  small <- data.frame(a = rep(c("x", "y", "z"), c(3, 30, 20)), b = rep(c("u", "v"), c(33, 20)))
  open <- crosstab(small, ~ a)
  e <- expect_error(suppress(open, 4, linked = open), class = "casereview_error_disclosure")
  expect_match(conditionMessage(e), "shown in a linked table")
  # a linked table gives the total that hides nothing by itself
  alone <- suppress(crosstab(small, ~ a, totals = FALSE), 4)
  expect_equal(sum(alone$cells$status != "safe"), 1)
  total <- crosstab(small, ~ b)
  both <- suppress(crosstab(small, ~ a, totals = FALSE), 4, linked = total)
  expect_gte(sum(both$cells$status != "safe"), 1)
  expect_true(all(disclosure_risk(both, linked = total)$protected))
  # tables that share a margin
  s <- suppress(crosstab(d, a ~ c), 20, linked = suppress(first, 4))
  expect_true(all(disclosure_risk(s, linked = suppress(first, 4))$protected))
})

test_that("counts of one group that differ by little in two tables are hidden", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(20, 30, 25)))
  old <- crosstab(d[-1, , drop = FALSE], ~ a)
  s <- suppress(crosstab(d, ~ a), sdc_rule(threshold = 4, totals = TRUE), linked = old)
  expect_equal(s$cells$status[s$cells$a == "x"], "primary")
  expect_false(s$cells$status[s$cells$a == "Total"] == "safe")
})

test_that("three-way tables are protected, and said to be so by linear programs", {
  set.seed(2)
  for (k in 1:6) {
    tab <- random_table(4, 4, 0.06, a ~ b | c, data.frame(c = factor(1:3)))
    s <- attempt(tab, sdc_rule(threshold = 4))
    if (is.null(s) || all(s$cells$status == "safe")) next
    expect_false(s$disclosure$exact)
    risk <- disclosure_risk(s)
    n <- tab$cells$n[s$cells$status != "safe"]
    expect_true(all(risk$protected) && all(risk$lower <= n & n <= risk$upper))
    expect_match(format(risk)[1], "linear programs")
  }
})

test_that("empty, one-cell and all-zero tables behave", {
  none <- data.frame(a = character(), b = character())
  expect_equal(nrow(suppress(crosstab(none, a ~ b), 4)$cells), nrow(crosstab(none, a ~ b)$cells))
  zero <- data.frame(a = factor(character(), c("x", "y")), b = factor(character(), c("u", "v")))
  s <- suppress(crosstab(zero, a ~ b), 4)
  expect_true(all(s$cells$status == "safe"))
  s <- suppress(crosstab(zero, a ~ b), sdc_rule(threshold = 4, zeros = "hidden", totals = TRUE))
  expect_true(all(is.na(s$cells$n)))
  expect_equal(disclosure_risk(s)$upper, rep(Inf, 9))
  one <- crosstab(data.frame(a = "x", b = "u"), a ~ b)
  expect_error(suppress(one, 4), class = "casereview_error_disclosure")
  s <- suppress(one, sdc_rule(threshold = 4, totals = TRUE))
  expect_true(all(disclosure_risk(s)$protected))
  plain <- crosstab(data.frame(a = rep(c("x", "y"), c(20, 30))), ~ a)
  s <- suppress(plain, 4)
  expect_equal(s$cells$n, plain$cells$n)
  expect_equal(nrow(disclosure_risk(s)), 0)
})

test_that("what cannot be protected is refused in words", {
  tab <- incidents()
  d <- data.frame(a = c("x", "y"), w = c(1.5, 2))
  expect_error(suppress(crosstab(d, ~ a, weights = "w"), 4), "weighted",
    class = "casereview_error_argument")
  expect_error(suppress(data.frame(), 4), class = "casereview_error_argument")
  expect_error(suppress(tab, "no such rule"), class = "casereview_error_argument")
  expect_error(suppress(tab, 4, linked = 1), class = "casereview_error_argument")
  expect_error(suppress(tab, 4, linked = list(1)), class = "casereview_error_argument")
  lost <- tab
  lost$cells$n[2] <- NA
  expect_error(suppress(lost, 4), "without a count", class = "casereview_error_argument")
  twice <- suppress(tab, sdc_rule("dfe", totals = TRUE))
  expect_error(suppress(twice, "dfe"), "already", class = "casereview_error_argument")
})

test_that("a suppressed table prints its symbol and says so", {
  lines <- format(suppress(incidents(), sdc_rule("dfe", totals = TRUE)))
  other <- grep("^Other ", lines, value = TRUE)
  expect_false(any(grepl("[1-9]", gsub("\\(.*?\\)", "", other))))
  expect_true(any(grepl("\\bc\\b", other)))
  expect_true("c: hidden to protect small counts." %in% lines)
  expect_false(any(grepl("sum of weights", lines)))
})

test_that("a percent withheld for its small base is told under the table", {
  cases <- data.frame(g = rep(c("a", "b"), c(12, 40)), x = rep(c("u", "v"), 26))
  out <- suppress(crosstab(cases, g ~ x, percent = "row"), sdc_rule("hesa"))
  expect_true("*: not shown, since it would rest on too few cases." %in% format(out))
})

# counts of a two-way table given row by row
counted <- function(a, b, n) {
  d <- expand.grid(b = b, a = a, stringsAsFactors = FALSE)
  d[rep(seq_len(nrow(d)), n), ]
}

test_that("a net adds up whether or not totals are printed", {
  d <- counted(c("p", "q", "r"), c("A", "B"), c(9, 6, 3, 8, 12, 14))
  for (totals in list(FALSE, "columns", TRUE)) {
    tab <- crosstab(d, a ~ b, totals = totals, nets = list(a = list("p or q" = c("p", "q"))))
    s <- suppress(tab, sdc_rule(threshold = 4, totals = TRUE))
    known <- stats::setNames(s$cells$n, paste(s$cells$a, s$cells$b))
    expect_true(anyNA(known[c("p A", "p or q A")]))
    expect_true(all(disclosure_risk(s)$protected))
  }
})

test_that("stacked blocks count the same cases whether or not totals are printed", {
  d <- data.frame(a = rep(c("p", "q"), c(5, 12)), e = rep(c("k", "l", "k"), c(2, 13, 2)))
  open <- crosstab(d, ~ a + e, totals = FALSE)
  naive <- disclosure_risk(open, sdc_rule(threshold = 4))
  expect_equal(c(naive$lower, naive$upper), c(4, 4))
  expect_error(suppress(open, sdc_rule(threshold = 4, complementary = FALSE)),
    class = "casereview_error_disclosure")
  s <- suppress(open, 4)
  expect_true(all(disclosure_risk(s)$protected))
  expect_equal(sum(is.na(s$cells$n)), 2)
})

test_that("the notes do not tell a total that the table leaves out", {
  d <- data.frame(a = rep(c("p", "q", NA), c(3, 12, 9)))
  s <- suppress(crosstab(d, ~ a, missing = "exclude", totals = FALSE), 4)
  expect_equal(s$cells$n, c(NA, 12))
  expect_false(any(grepl("[0-9]", table_note_lines(s))))
  d <- data.frame(a = rep(c("p", "q", NA), c(7, 12, 9)))
  s <- suppress(crosstab(d, ~ a, missing = "exclude", totals = FALSE), 4)
  expect_match(table_note_lines(s), "9 of 28 cases", all = FALSE)
})
