printed <- function(...) paste(format(crosstab(...)), collapse = "\n")

test_that("a note says what a single statistic is, and is given once for several", {
  d <- data.frame(g = c("a", "a", "b"), h = c("u", "v", "v"), v = c(1, 2, 6))
  expect_match(printed(d, g ~ h, value = "v", stat = "mean"), "In each cell: mean of v (cases).",
    fixed = TRUE)
  expect_match(printed(d, g ~ h, value = "v", stat = "mean", percent = "row"),
    "In each cell: cases (percent), mean of v.", fixed = TRUE)
  several <- format(crosstab(d, g ~ h, value = "v", stat = c("mean", "sd", "sum")))
  expect_identical(grep("of v", several, value = TRUE), "Statistics of v.")
})

test_that("nothing is said of percents that are not printed", {
  d <- data.frame(g = c("a", "a", "b"), h = c("u", "v", "v"))
  expect_no_match(printed(d, g ~ h, percent = "column", style = "{n}"), "Percentages|Small base")
  expect_match(printed(d, g ~ h, percent = "column", style = "p%"), "Percentages of the column")
  expect_match(printed(d, g ~ h, percent = "column", style = "n/base"), "Percentages of the column")
})

test_that("the heading of a suppressed one-way table names what its cells hold", {
  d <- data.frame(g = rep(c("a", "b", "c", "d"), c(30, 40, 2, 3)), v = 1:75)
  hidden <- function(...) format(suppress(crosstab(d, ~ g, ...), sdc_rule(threshold = 4)))
  expect_match(hidden(percent = "column")[1], "^g +n +%$")
  expect_match(hidden(value = "v", stat = "mean")[1], "^g +mean +n$")
  expect_match(hidden()[1], "n$")
})

test_that("a weighted table has the columns of any other, the rows behind it when asked", {
  d <- data.frame(g = c("a", "b", "a"), h = c("p", "q", "q"), w = c(2, 3, 1), v = c(1, 5, 9))
  rows <- d[rep(1:3, d$w), ]
  ask <- function(...) as.data.frame(crosstab(..., value = "v", stat = c("mean", "sd")))
  expect_equal(ask(d, g ~ h, weights = "w", percent = "row"), ask(rows, g ~ h, percent = "row"))
  more <- as.data.frame(crosstab(d, ~ g, weights = "w"), unweighted = TRUE)
  expect_identical(more$n_unweighted, c(2, 1, 3))
})

test_that("a long word of a heading is parted after a hyphen or stroke", {
  d <- data.frame(relation = "Domestic / Partner/ex-partner", sex = c("F", "M"))
  lines <- format(crosstab(d, sex ~ relation))
  expect_true(any(grepl("Partner/ex-$|Partner/ex- ", lines)))
  expect_true(any(grepl("(^| )partner", lines)))
  long <- strrep("x", 50)
  expect_match(paste(format(crosstab(data.frame(a = long), ~ a), width = 40), collapse = ""),
    "xxxx")
})

test_that("the notes call a column as the table does", {
  d <- data.frame(need = c("High", NA, "Low"), conc = c("Debt; Drugs", "Debt", NA), k = c(1, NA, 3))
  attr(d$need, "label") <- "Level of need"
  attr(d$conc, "label") <- "Concerns"
  attr(d$k, "label") <- "Children at home"
  notes <- paste(format(crosstab(d, conc ~ need, multicode = c(conc = ";"), value = "k",
    missing = "exclude"), width = 200), collapse = " ")
  expect_match(notes, "several levels of Concerns.", fixed = TRUE)
  expect_match(notes, "(missing: 1 of Concerns, 1 of Level of need)", fixed = TRUE)
  expect_match(notes, "1 of Children at home is missing", fixed = TRUE)
  notes <- paste(format(crosstab(d, need + conc ~ k, multicode = c(conc = ";"),
    missing = "exclude"), width = 200), collapse = " ")
  expect_match(notes, "1 (Level of need, Children at home); 2 (Concerns, Children at home)",
    fixed = TRUE)
  bare <- data.frame(need = c("High", NA), sex = c("F", "M"))
  expect_match(paste(format(crosstab(bare, need ~ sex, missing = "exclude")), collapse = " "),
    "missing: 1 of need", fixed = TRUE)
})
