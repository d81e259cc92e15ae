test_that("the same table has no change, in any order of rows", {
  tab <- crosstab(cafcass_cases, incident ~ law_group, percent = "row")
  expect_identical(nrow(compare_tables(tab, tab)), 0L)
  frame <- as.data.frame(tab)
  expect_identical(nrow(compare_tables(frame, frame[rev(seq_len(nrow(frame))), ])), 0L)
  expect_identical(attr(compare_tables(tab, tab), "compared"), nrow(frame) * 3L)
})

test_that("cells that moved are found with their difference", {
  old <- crosstab(cafcass_cases, incident ~ law_group)
  new <- crosstab(cafcass_cases[-1L, ], incident ~ law_group)
  found <- compare_tables(old, new)
  found <- found[found$statistic == "n", ]
  a <- as.data.frame(old)
  b <- as.data.frame(new)
  moved <- which(a$n != b$n)
  expect_identical(found$incident, as.character(a$incident[moved]))
  expect_identical(found$law_group, as.character(a$law_group[moved]))
  expect_equal(found$difference, (b$n - a$n)[moved])
})

test_that("rows and columns of one side, words and missing numbers are told", {
  old <- data.frame(law = c("Public", "Private", "None"), n = c("12 (46.2)", "12", "-"), x = 1:3)
  new <- data.frame(law = c("Private", "Public", "Both"), n = c("12", "12 (46.0)", "2"), y = 1:3)
  found <- compare_tables(old, new)
  pick <- function(law, statistic) found[found$law == law & found$statistic == statistic, ]
  expect_equal(pick("Public", "n (in brackets)")$difference, -0.2)
  expect_identical(pick("Both", "n")$note, "only in new")
  expect_identical(pick("None", "n")$note, "only in old")
  expect_identical(sum(found$statistic == "x"), 3L)
  expect_identical(unique(found$note[found$statistic == "y"]), "only in new")
  gone <- compare_tables(data.frame(a = "p", n = 3), data.frame(a = "p", n = NA_real_))
  expect_identical(gone$note, "now missing")
  words <- compare_tables(data.frame(a = "p", n = "3"), data.frame(a = "p", n = "<5"))
  expect_identical(nrow(words), 1L)
  expect_snapshot(compare_tables(old, new))
})

test_that("repeated labels go by their order, and noise is no change", {
  old <- data.frame(a = c("x", "x"), n = c(1, 2))
  expect_equal(compare_tables(old, data.frame(a = c("x", "x"), n = c(1, 3)))$difference, 1)
  expect_identical(nrow(compare_tables(data.frame(a = "x", n = 0.3), data.frame(a = "x", n = 0.1 + 0.2))), 0L)
  expect_identical(nrow(compare_tables(data.frame(n = c(1, 2)), data.frame(n = c(1, 2)))), 0L)
  expect_identical(nrow(compare_tables(old[0L, ], old)), 2L)
})

test_that("arguments are checked", {
  expect_error(compare_tables(1, data.frame(a = 1)), class = "casereview_error_argument")
  expect_error(compare_tables(data.frame(a = "x", n = 1), data.frame(b = "x", n = 1)),
    "name their rows by the same columns", class = "casereview_error_argument")
  expect_error(compare_tables(data.frame(a = 1), data.frame(a = 1), by = "z"),
    class = "casereview_error_argument")
})

test_that("a hidden cell is one that went missing, and its status is no change of its own", {
  cases <- data.frame(g = rep(c("a", "b", "c"), c(2, 20, 9)))
  tab <- crosstab(cases, ~g)
  moved <- compare_tables(tab, suppress(tab, sdc_rule(threshold = 4)))
  expect_identical(unique(moved$note), "now missing")
  expect_identical(unique(moved$statistic), c("n", "base"))
})

test_that("numbers are shown with the digits that show the change", {
  old <- data.frame(law = c("a", "b", "c", "d"), p = c(100 / 3, 17.3913, 12, 5))
  new <- data.frame(law = c("a", "b", "c", "d"), p = c(50, 17.3921, 13, NA))
  shown <- shown_changes(structure(compare_tables(old, new), class = "data.frame"))
  expect_identical(shown$old, c("33.3", "17.391", "12", "5"))
  expect_identical(shown$new, c("50.0", "17.392", "13", ""))
  expect_identical(shown$difference, c("16.7", "0.001", "1", ""))
})

test_that("a column without a number on either side is not compared", {
  old <- crosstab(data.frame(a = c("x", "y")), ~ a)
  new <- crosstab(data.frame(a = c("x", "y", "z")), ~ a)
  expect_setequal(compare_tables(old, new)$statistic, c("n", "base"))
})
