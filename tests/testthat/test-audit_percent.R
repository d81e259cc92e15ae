# The oracle: percents in whole units of the last digit, by whole-number arithmetic alone.
oracle_units <- function(n, base, d) {
  top <- 100 * n * 10^d
  cut <- top %/% base
  rest <- top %% base
  up <- cut + (2 * rest >= base)
  even <- cut + (2 * rest > base | (2 * rest == base & cut %% 2 == 1))
  list(up = up, even = even, cut = cut)
}

oracle_verdict <- function(units, n, base, d) {
  by <- oracle_units(n, base, d)
  if (units == by$up || units == by$even) return("agrees")
  if (units == by$cut) return("truncated")
  "disagrees"
}

as_printed <- function(units, d) {
  if (d == 0) sprintf("%.0f", units) else sprintf("%.*f", as.integer(d), units / 10^d)
}

test_that("percents agree with whole-number arithmetic over a grid", {
  set.seed(2)
  for (d in 0:3) {
    n <- sample(0:200, 200, TRUE)
    base <- c(rep(c(8, 16, 40, 80, 160), 20), sample(1:300, 100, TRUE))
    by <- oracle_units(n, base, d)
    units <- by$cut + sample(-1:2, 200, TRUE)
    units[units < 0] <- 0
    printed <- mapply(as_printed, units, d)
    want <- mapply(oracle_verdict, units, n, base, d)
    found <- audit_percent(printed, n, base)
    expect_identical(found$verdict, unname(want))
    expect_equal(found$exact, 100 * n / base)
    expect_identical(found$printed, printed)
  }
})

test_that("ties are decided on digits, and the note names the custom", {
  found <- audit_percent(c("16.3", "16.2", "16.25", "52.5", "53", "52", "0.5", "0", "1"),
    c(13, 13, 13, 21, 21, 21, 1, 1, 1), c(80, 80, 80, 40, 40, 40, 200, 200, 200))
  expect_identical(found$verdict, rep("agrees", 9L))
  expect_match(found$note[1L], "^half up")
  expect_match(found$note[2L], "^half even")
  expect_identical(found$note[3:4], c("", ""))
  # 1.005 is a tie that binary fractions lose: 201 of 20000.
  expect_identical(audit_percent(c("1.01", "1.00", "1.02"), 201, 20000)$verdict,
    c("agrees", "agrees", "disagrees"))
})

test_that("the report's table 11 has one wrong percent and the text one cut off", {
  n <- c(18, 9, 8, 6, 6, 5, 4, 2, 1)
  printed <- c("30.5", "15.3", "13.6", "10.2", "9.2", "8.5", "6.8", "3.4", "1.7")
  found <- audit_percent(printed, n, 59)
  expect_identical(which(found$verdict != "agrees"), 5L)
  expect_identical(found$note[5L], "rounds to 10.2")
  expect_identical(audit_percent("18.1%", 6, 33)$verdict, "truncated")
})

test_that("digits count as printed", {
  expect_identical(audit_percent(c("12.80", "12.8", "13"), 16, 125)$verdict, rep("agrees", 3L))
  expect_identical(audit_percent(c("12.80", "12.8"), 128, 1003)$verdict,
    c("disagrees", "agrees"))
  expect_identical(audit_percent(c(36.7, 10, 13.3), c(11, 3, 4), 30)$verdict, rep("agrees", 3L))
  expect_identical(audit_percent("1,234.5", 24690, 2000)$verdict, "agrees")
  expect_identical(audit_percent("4 (17.4%)", NA, 23)$verdict, "agrees")
  expect_match(audit_percent("4 (17.4%)", 5, 23)$note, "the cell prints the count 4")
  expect_identical(audit_percent(c("17.4% (4)", "4/23 (17.4%)"), NA, 23)$verdict,
    rep("agrees", 2L))
})

test_that("a percent without a count says which counts are possible", {
  every <- audit_percent(sprintf("%.1f", 100 * (0:26) / 26), NA, 26)
  expect_identical(every$verdict, rep("agrees", 27L))
  expect_identical(every$note[13L], "12 of 26")
  found <- audit_percent(c("46.3", "46.1", "104", "-1"), NA, 26)
  expect_identical(found$verdict, c("impossible", "truncated", "impossible", "impossible"))
  # Against trying every count, over all bases.
  for (base in c(3, 7, 13, 27)) {
    for (units in 0:1000) {
      all <- vapply(0:base, function(n) oracle_verdict(units, n, base, 1), "")
      want <- if ("agrees" %in% all) "agrees" else if ("truncated" %in% all) "truncated" else
        "impossible"
      if (units %% 37 == base %% 37) {
        expect_identical(audit_percent(as_printed(units, 1), NA, base)$verdict, want)
      }
    }
  }
})

test_that("what cannot be checked says why", {
  found <- audit_percent(c("5", NA, "-", "5", "5", "5", "5", "5"), c(1, 1, 1, 1, NA, -1, 1, 2),
    c(0, 20, 20, NA, NA, 20, -2, "n/a"))
  expect_identical(found$verdict, rep("not checkable", 8L))
  expect_true(all(nzchar(found$note)))
  expect_match(found$note[1L], "base is 0")
})

test_that("bounds, weighted counts and very large counts are handled", {
  expect_identical(audit_percent(c("<1", "<0.5", ">99"), c(1, 1, 999), c(200, 200, 1000))$verdict,
    c("agrees", "disagrees", "agrees"))
  expect_identical(audit_percent("33.3", "12.5", "37.5")$verdict, "agrees")
  expect_identical(audit_percent(c("100.0", "99.9"), 2^53 - 1, 2^53)$verdict,
    c("agrees", "truncated"))
  expect_identical(audit_percent("50.0", 2^60, 2^61)$verdict, "not checkable")
  expect_match(audit_percent("150", 3, 2)$note, "exceeds its base")
})

test_that("lengths and types are checked, faults in the data are not errors", {
  expect_identical(nrow(audit_percent(character(), numeric(), 5)), 0L)
  expect_identical(nrow(audit_percent("5", 1, c(20, 21))), 2L)
  expect_error(audit_percent(1:2, 1:3, 5), "must be of one length",
    class = "casereview_error_argument")
  expect_error(audit_percent(list(1), 1, 5), "`percent` must be numbers",
    class = "casereview_error_argument")
  expect_error(audit_percent(TRUE, 1, 5), class = "casereview_error_argument")
})

test_that("an audit prints what does not hold", {
  found <- audit_percent(c("10.2", "9.2", "18.1"), 6, c(59, 59, 33))
  expect_identical(summary(found)$n, c(1L, 1L, 1L, 0L, 0L))
  expect_snapshot(found)
  expect_snapshot(print(found[1, ], all = TRUE))
  expect_output(print(found[c("exact", "note")]), "exact")
})

test_that("no count gives a negative percent, whether the count is known or not", {
  found <- audit_percent(c("-5.0", "-5.0", "-0.0"), c(1, NA, 0), 20)
  expect_equal(found$verdict, c("impossible", "impossible", "agrees"))
  expect_match(found$note[1], "rounds to 5.0", fixed = TRUE)
})
