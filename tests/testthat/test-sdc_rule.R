test_that("presets hold the counts they are known for", {
  thresholds <- vapply(c("dfe", "nhs", "sdap", "sail", "hesa", "opensafely"),
    function(name) sdc_rule(name)$threshold, 0L)
  expect_equal(unname(thresholds), c(5L, 7L, 9L, 9L, 0L, 7L))
  expect_equal(sdc_rule("hesa")$min_percent_base, 22.5)
  expect_equal(sdc_rule("hesa")$min_mean_n, 8L)
  expect_equal(sdc_rule("nhs")$rounding, 5L)
  expect_equal(sdc_rule("opensafely")$rounding, 5L)
  expect_equal(sdc_rule("sail")$zeros, "hidden")
  expect_equal(sdc_rule("dfe")$symbol, "c")
  for (name in names(sdc_presets())) {
    expect_match(paste(format(sdc_rule(name)), collapse = " "), "data owner's own rule decides")
  }
})

test_that("arguments override a preset", {
  rule <- sdc_rule("dfe", threshold = 4, totals = TRUE, symbol = "*")
  expect_equal(rule[c("threshold", "totals", "symbol", "name")],
    list(threshold = 4L, totals = TRUE, symbol = "*", name = "dfe"))
  expect_identical(as_rule(rule), rule)
  expect_identical(as_rule("dfe"), sdc_rule("dfe"))
  expect_identical(as_rule(4), sdc_rule(threshold = 4))
})

test_that("what is no rule is refused in words", {
  bad <- function(...) expect_error(sdc_rule(...), class = "casereview_error_argument")
  bad()
  bad("unknown")
  bad(threshold = -1)
  bad(threshold = 2.5)
  bad(threshold = 4, zeros = "some")
  bad(threshold = 4, symbol = "")
  bad(threshold = 4, totals = NA)
  bad(threshold = 4, dominance = 2)
  bad(threshold = 4, width = 0)
  expect_error(as_rule(list()), class = "casereview_error_argument")
  expect_error(as_rule(structure(list(), class = "sdc_rule")), "damaged")
})

test_that("a rule prints as sentences", {
  expect_snapshot(print(sdc_rule("dfe")))
  expect_snapshot(print(sdc_rule(threshold = 9, zeros = "hidden", dominance = 0.9, rounding = 5)))
})

test_that("a symbol that gives a range is known as one", {
  range <- function(symbol) tells_range(sdc_rule(threshold = 4, symbol = symbol))
  expect_true(all(vapply(c("<5", "< 5", "1-4", "1 to 4", "fewer than 5"), range, NA)))
  expect_false(any(vapply(c("c", "*", "..", "[c]", "-"), range, NA)))
})

test_that("refusals name the argument that was given, and nothing is said of counts not hidden", {
  tab <- crosstab(data.frame(a = rep("x", 9)), ~ a)
  expect_error(suppress(tab, "nope"), "`rule` must be one of \"dfe\"",
    class = "casereview_error_argument")
  expect_error(sdc_rule(threshold = 4, symbol = ""), "`symbol` must be one text of a letter or more")
  said <- format(sdc_rule(threshold = 0))
  expect_identical(said, "Disclosure rule: no count is hidden for its size, zeros are shown.")
})
