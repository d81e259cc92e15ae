cases <- data.frame(fatal = c(TRUE, TRUE, FALSE, NA), score = c(4, 13, 2, 0),
  law = factor(c("Public", "Private", "Public", "Both")))

audit_one <- function(printed, expression, data = cases) {
  audit_claims(data.frame(printed = printed, expression = expression), data)
}

test_that("numbers, truths and texts get their verdicts", {
  expect_identical(audit_one("66.7%", "100 * mean(fatal, na.rm = TRUE)")$verdict, "agrees")
  expect_identical(audit_one("66.6%", "100 * mean(fatal, na.rm = TRUE)")$verdict, "truncated")
  expect_identical(audit_one("66.5", "100 * mean(fatal, na.rm = TRUE)")$verdict, "disagrees")
  expect_identical(audit_one("more", "max(score) > 10")$verdict, "agrees")
  expect_identical(audit_one("fewer", "max(score) < 10")$verdict, "disagrees")
  expect_identical(audit_one(" public ", "law[1]")$verdict, "agrees")
  expect_identical(audit_one("public", "law[2]")$verdict, "disagrees")
  expect_equal(audit_one("4.8", "mean(score)")$exact, 4.75)
})

test_that("words are held to what they say", {
  found <- audit_one(c("Seventeen", "twenty-eight", "Twenty eight", "twice", "about double",
    "no", "n=27", "(n=27)", "9 (15.3%)", "about 5", "several"),
    c("17", "28", "28", "1.5", "2.4", "0", "27", "27", "9", "5.1", "7"))
  expect_identical(found$verdict[c(1:5, 7:10)], rep("agrees", 9L))
  expect_identical(found$verdict[c(6, 11)], rep("not checkable", 2L))
  expect_identical(audit_one("twice", "189 / 184")$verdict, "disagrees")
})

test_that("what does not give one value is not checkable", {
  found <- audit_one("1", c("", NA, "score", "NA", "nothing_here", "1 +", "1; 2", "sum('a')",
    "cases$absent", "1/0", "table(law)"))
  expect_identical(found$verdict, rep("not checkable", 11L))
  expect_true(all(nzchar(found$note)))
})

test_that("only what is on the list runs", {
  touched <- tempfile()
  bad <- c(sprintf("file.create('%s')", touched), "system('true')", "(function() 1)()",
    "base::sum(1)", "get('sum')(1)", "eval(1)", "quote(1)", "do.call('sum', 1)", "x <- 1",
    "assign('x', 1)", "if (TRUE) 1", "repeat 1", "Recall()", "environment()", "sum(..1)",
    "cases$score()", "'sum'(1)", "data$f(1)", "library(stats)", "1:1e9", "sapply(1, 'system')",
    "grepl('(a)\\\\1', 'aa')", "grepl('a{999}', 'a')", "~ 1", "sys.call()")
  found <- audit_one("1", bad, list(cases = cases, data = list(f = function(x) x)))
  expect_identical(unique(found$verdict[bad != "'sum'(1)"]), "not checkable")
  expect_false(file.exists(touched))
  deep <- paste0(strrep("(", 200), "1", strrep(")", 200))
  expect_identical(audit_one("1", c(deep, strrep("1+", 4000)))$verdict, rep("not checkable", 2L))
})

test_that("a text is not compared with a number", {
  found <- audit_one("1", "sum(law > 0)")
  expect_identical(found$verdict, "not checkable")
  expect_match(found$note, "between a text and a number")
})

test_that("data may be a frame, or a list of frames, tables and values", {
  two <- list(cases = cases, tables = list(one = data.frame(n = c("3 (13.0)", "-", "4"))), k = 2)
  found <- audit_one(c("7", "13.0", "2", "3", "4", "4"),
    c("sum(number(tables$one$n))", "inside(tables$one$n[1])", "k", "nrow(cases[cases$score > 0, ])",
      "with(cases, sum(score[law == 'Public'])) - 2", "with(subset(cases, score > 3), min(score))"),
    two)
  expect_identical(found$verdict, rep("agrees", 6L))
  tab <- crosstab(cases, ~ law)
  expect_identical(audit_one("2", "tab$n[tab$law == 'Public']", list(tab = tab))$verdict, "agrees")
  expect_identical(audit_one("4", "nrow(data)")$verdict, "agrees")
  expect_error(audit_one("1", "1", 5), "`data` must be", class = "casereview_error_argument")
  expect_error(audit_one("1", "1", list(1)), class = "casereview_error_argument")
  expect_error(audit_claims(data.frame(printed = 1), cases), "no column \"expression\"",
    class = "casereview_error_argument")
  hurt <- cases
  hurt$law <- structure(c(1L, 9L, 1L, 1L), levels = "a", class = "factor")
  expect_error(audit_one("1", "1", hurt), "damaged factor", class = "casereview_error_argument")
})

test_that("claims may lean on other claims, and verdicts that came along are replaced", {
  claims <- data.frame(id = c("a", "b", "c", "d"), printed = c("143", "93", "53%", "left"),
    expression = c("", "", "100 * (claimed('a') / claimed('b') - 1)", "claimed_text('e')"),
    note = c("not ours", "", "", ""), verdict = "agrees")
  found <- audit_claims(claims, list())
  expect_identical(found$verdict,
    c("not checkable", "not checkable", "truncated", "not checkable"))
  expect_identical(found$note[1L], "not ours")
  expect_match(found$note[4L], "no claim \"e\"")
  expect_identical(nrow(audit_claims(claims[0L, ], list())), 0L)
})

test_that("overlapping bins and texts can be asked for", {
  found <- audit_one(c("1", "2"), c("overlaps(b)", "sum(contains(b, '60'))"),
    list(b = c("37 to 48", "49 to 60", "60 to 72")))
  expect_identical(found$verdict, rep("agrees", 2L))
})

test_that("odd data are read as far as they are plain, and endless ones are refused in words", {
  claims <- data.frame(printed = "1", expression = "x")
  for (odd in list(as.POSIXlt("2014-01-01"), numeric_version("1.2"), structure(list(), class = "q"))) {
    expect_identical(audit_claims(claims, list(odd = odd, x = 1))$verdict, "agrees")
  }
  deep <- list(1)
  for (i in 1:2000) deep <- list(a = deep)
  expect_error(audit_claims(claims, list(odd = deep, x = 1)), "at most 30 levels deep",
    class = "casereview_error_argument")
  frame <- data.frame(x = 1)
  for (i in 1:60) frame <- structure(list(x = frame), row.names = 1L, class = "data.frame")
  expect_error(audit_claims(claims, list(odd = frame, x = 1)), "at most 30 levels deep",
    class = "casereview_error_argument")
})

test_that("long claims wrap inside the width, and no word of them is lost", {
  claim <- paste(rep("a claim of many words", 12), collapse = " ")
  found <- audit_claims(data.frame(id = "k", claim = claim, printed = "2", expression = "1"), list())
  old <- options(width = 70)
  on.exit(options(old))
  lines <- format(found)
  expect_true(all(nchar(lines) <= 70L))
  expect_length(gregexpr("words", paste(lines, collapse = " "))[[1L]], 12L)
  expect_false(any(grepl("...", lines, fixed = TRUE)))
  expect_identical(wrap_cell("abcdefgh ij", 4L), c("abcd", "efgh", "ij"))
})
