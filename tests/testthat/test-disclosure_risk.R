cases <- data.frame(
  incident = rep(c("Neglect", "Physical abuse", "Suicide"), c(24, 30, 21)),
  sample = rep(c("2012", "2013", "2012", "2013", "2012", "2013"), c(3, 21, 14, 16, 9, 12))
)

test_that("a lone hidden cell is worked out, and more hidden cells prevent it", {
  tab <- crosstab(cases, incident ~ sample)
  before <- disclosure_risk(tab, 4)
  expect_equal(before$lower, 3)
  expect_equal(before$upper, 3)
  expect_false(before$protected)
  after <- disclosure_risk(suppress(tab, 4))
  expect_true(all(after$protected))
  expect_named(after, c("incident", "sample", "lower", "upper", "protected"))
  # rows 24 and 21 to a column of 26 - 14 = 12: 1 to 11 by hand
  expect_equal(after$lower[after$incident == "Neglect" & after$sample == "2012"], 1)
  expect_equal(after$upper[after$incident == "Neglect" & after$sample == "2012"], 11)
})

test_that("a reader who tells the cells apart knows more", {
  s <- suppress(crosstab(cases, incident ~ sample), 4)
  plain <- disclosure_risk(s)
  marks <- disclosure_risk(s, marks = TRUE)
  expect_true(all(marks$lower >= plain$lower & marks$upper <= plain$upper))
  expect_equal(max(marks$upper[s$cells$status[s$cells$status != "safe"] == "primary"]), 4)
})

test_that("zeros shown or not change the lower end", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(3, 9, 30)))
  tab <- crosstab(d, ~ a)
  ends <- function(zeros) {
    r <- disclosure_risk(suppress(tab, sdc_rule(threshold = 4, zeros = zeros)))
    c(r$lower[1], r$upper[1])
  }
  expect_equal(ends("shown"), c(1, 11))
  expect_equal(ends("spare"), c(0, 12))
})

test_that("rounded numbers are read as all that rounds to them", {
  n <- c(w = 3, x = 22, y = 9, z = 14)
  tab <- crosstab(data.frame(a = rep(names(n), n)), ~ a)
  s <- suppress(tab, "nhs")
  expect_equal(s$cells$n, c(NA, 20, 10, 15, 50))
  # w in 1 to 7, x in 18 to 22, y in 8 to 12, z in 13 to 17, total in 48 to 52, by trial
  all <- expand.grid(w = 1:7, x = 18:22, y = 8:12, z = 13:17)
  fit <- all$w[rowSums(all) >= 48 & rowSums(all) <= 52]
  risk <- disclosure_risk(s)
  expect_equal(c(risk$lower, risk$upper), range(fit))
})

test_that("a linked table narrows an interval", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(3, 9, 30)), b = rep(c("u", "v"), c(12, 30)))
  s <- suppress(crosstab(d, ~ a, totals = FALSE), 4)
  expect_equal(disclosure_risk(s)$upper, Inf)
  # with the total in a table of its own the only hidden cell follows
  risk <- disclosure_risk(s, linked = crosstab(d, ~ b))
  expect_equal(c(risk$lower, risk$upper, risk$protected), c(3, 3, 0))
})

test_that("a damaged or foreign table is refused", {
  s <- suppress(crosstab(cases, incident ~ sample), 4)
  expect_error(disclosure_risk(data.frame()), class = "casereview_error_argument")
  expect_error(disclosure_risk(crosstab(cases, ~ sample)), class = "casereview_error_argument")
  expect_error(release_note(cases), class = "casereview_error_argument")
  odd <- s
  odd$cells$n[nrow(odd$cells)] <- 1000
  expect_error(disclosure_risk(odd), "agree", class = "casereview_error_argument")
})

test_that("the release note says what was done", {
  note <- release_note(suppress(crosstab(cases, incident ~ sample), 4))
  expect_equal(note$primary, 1)
  expect_equal(note$recoverable, 0)
  expect_gte(note$narrowest, 3)
  expect_snapshot(print(note))
  expect_snapshot(print(disclosure_risk(suppress(crosstab(cases, incident ~ sample), 4))))
  several <- release_note(list(first = suppress(crosstab(cases, incident ~ sample), 4)))
  expect_true("first" %in% format(several))
})

# The table as disclosure_risk() reads one that was not suppressed.
hide_alone <- function(tab, rule) {
  status <- sensitive_status(tab, rule)
  tab <- hide_cells(tab, rule, status != "safe")
  tab$cells$status <- status
  tab
}

test_that("intervals are those of all tables that agree with what is printed", {
  set.seed(41)
  wrong <- character()
  compared <- 0
  for (k in rounds(420)) {
    kind <- sample(c("one", "two", "two", "nested", "nested", "blocks"), 1)
    tab <- tiny_table(kind, percent = sample(c("none", "row", "column", "total"), 1))
    rule <- tiny_rule(rounding = k %% 4 == 0)
    s <- tryCatch(suppress(tab, rule), casereview_error_disclosure = function(e) NULL)
    safe <- !is.null(s)
    if (!safe) s <- hide_alone(tab, rule)
    risk <- disclosure_risk(s, rule)
    if (!nrow(risk)) next
    all <- all_tables(s, rule)
    if (is.null(all)) next
    compared <- compared + 1
    # a suppressed table prints no percent that tells more than its counts
    if (safe && is.null(rule$rounding)) all <- agree_with_percents(s, all)
    own <- all[is.na(s$cells$n), , drop = FALSE]
    bounded <- risk$upper <= 14
    same <- ncol(all) > 0 && all(risk$lower == apply(own, 1, min)) &&
      all(risk$upper[bounded] == apply(own, 1, max)[bounded]) &&
      all(apply(own, 1, max)[!bounded] >= 8) &&
      (!safe || all(apply(own, 1, function(v) length(unique(v))) > 1))
    if (!same) wrong <- c(wrong, paste(kind, k))
  }
  expect_equal(wrong, character())
  expect_gt(compared, 0.7 * length(rounds(420)))
})

test_that("three-way intervals never leave out a possible count", {
  set.seed(42)
  wider <- compared <- 0
  for (k in rounds(40)) {
    tab <- tiny_table("strata")
    rule <- tiny_rule()
    s <- tryCatch(suppress(tab, rule), casereview_error_disclosure = function(e) NULL)
    safe <- !is.null(s)
    if (!safe) s <- hide_alone(tab, rule)
    risk <- disclosure_risk(s, rule)
    all <- if (nrow(risk)) all_tables(s, rule, most = 10, limit = 3e5)
    if (is.null(all)) next
    compared <- compared + 1
    own <- all[is.na(s$cells$n), , drop = FALSE]
    expect_true(all(risk$lower <= apply(own, 1, min)))
    expect_true(all(risk$upper >= apply(own, 1, max)))
    if (safe) expect_true(all(apply(own, 1, function(v) length(unique(v))) > 1))
  }
  expect_gt(compared, 0)
})

test_that("a percent of a printed base bounds a count, as trying all tables does", {
  set.seed(43)
  for (k in rounds(40)) {
    d <- expand.grid(b = factor(1:2), a = factor(1:3))
    d$n <- sample(0:9, 6, TRUE)
    if (any(tapply(d$n, d$b, sum) == 0)) next
    digits <- sample(0:1, 1)
    tab <- crosstab(d, a ~ b, weights = "n", percent = "column", digits = digits)
    tab$cells$percent <- round(tab$cells$percent, digits)
    gone <- sample(6, 3) # in the rows 1 to 3 of columns 1 and 2
    cell <- (as.integer(d$a[gone]) - 1) * 3 + as.integer(d$b[gone])
    tab$cells$status <- "safe"
    tab$cells$status[cell] <- "primary"
    no_rule <- sdc_rule(threshold = 0, zeros = "hidden")
    tab$cells$n[cell] <- NA
    wide <- tab
    wide$cells$percent <- NA_real_
    risk <- disclosure_risk(tab, no_rule)
    all <- all_tables(wide, no_rule, most = 30)
    base <- candidate_bases(wide, all, "column")
    off <- abs(100 * all / base - tab$cells$percent)[cell, , drop = FALSE]
    own <- all[sort(cell), colSums(off > 0.5 * 10^-digits + 1e-9) == 0, drop = FALSE]
    expect_equal(risk$lower, apply(own, 1, min))
    expect_equal(risk$upper, apply(own, 1, max))
  }
})

test_that("linked intervals never leave out a count that some case list has", {
  # every list of up to 3 cases a kind of (a, b, c), by trying all
  kinds <- expand.grid(c = factor(1:2), b = factor(1:2), a = factor(1:2))
  lists <- as.matrix(expand.grid(rep(list(0:2), 8)))
  first_of <- function(n) crosstab(cbind(kinds, n = n), a ~ b, weights = "n")
  second_of <- function(n) crosstab(cbind(kinds, n = n), a ~ c, weights = "n")
  cells <- function(of) {
    one <- of(rep(1, 8))$cells[c("a", of_var(of))]
    t(vapply(seq_len(nrow(one)), function(i) {
      use <- (one[[1]][i] == "Total" | kinds$a == one[[1]][i]) &
        (one[[2]][i] == "Total" | kinds[[names(one)[2]]] == one[[2]][i])
      rowSums(lists[, use, drop = FALSE])
    }, numeric(nrow(lists))))
  }
  of_var <- function(of) if (identical(of, first_of)) "b" else "c"
  all_first <- cells(first_of)
  all_second <- cells(second_of)
  set.seed(44)
  rule <- sdc_rule(threshold = 1, totals = TRUE)
  safe <- narrower_with <- 0
  for (k in rounds(60)) {
    n <- sample(0:2, 8, TRUE)
    attempt <- function(...) {
      tryCatch(suppress(...), casereview_error_disclosure = function(e) NULL)
    }
    second <- attempt(second_of(n), rule)
    if (is.null(second)) next
    first <- attempt(first_of(n), rule, linked = second)
    if (is.null(first) || !anyNA(first$cells$n)) next
    fits <- function(all, x) {
      hidden <- is.na(x$cells$n)
      colSums(all[!hidden, , drop = FALSE] != x$cells$n[!hidden]) == 0 &
        colSums(all[hidden, , drop = FALSE] < 1) == 0
    }
    keep <- fits(all_first, first) & fits(all_second, second)
    own <- all_first[is.na(first$cells$n), keep, drop = FALSE]
    risk <- disclosure_risk(first, linked = second)
    expect_true(all(risk$lower <= apply(own, 1, min) & risk$upper >= apply(own, 1, max)))
    safe <- safe + 1
    narrower_with <- narrower_with + any(risk$upper < disclosure_risk(first)$upper)
  }
  expect_gt(safe, 0)
})
