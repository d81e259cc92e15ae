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
    if (!safe) s <- hide_sensitive(tab, rule)
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
    if (!safe) s <- hide_sensitive(tab, rule)
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
