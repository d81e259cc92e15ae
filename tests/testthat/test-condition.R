test_that("an error carries the user's call, a class and one sentence", {
  error <- tryCatch(codebook(1), error = identity)
  expect_s3_class(error, "casereview_error_argument")
  expect_identical(conditionCall(error), quote(codebook(1)))
  expect_identical(conditionMessage(error), "`variables` must be a data frame, not 1.")
})

test_that("sentences read well: an or a, whole limits, one or several columns", {
  said <- function(expr) conditionMessage(tryCatch(expr, error = identity))
  expect_match(said(round_counts(1:3)), "not 3 numbers.", fixed = TRUE)
  expect_match(said(sdc_rule(threshold = -2)), "from 0 to 1000000, not -2.", fixed = TRUE)
  expect_match(said(recode_coding(data.frame(a = 1), codebook(data.frame(variable = "a")),
    data.frame(a = 1))), "has no columns \"variable\", \"value\" and \"decision\"",
    fixed = TRUE)
  expect_match(said(exclude_cases(data.frame(), 1, "x")), "no column \"case\"; it has none.",
    fixed = TRUE)
  expect_match(said(codebook(data.frame(variable = "a", b = 1, c = 2))),
    "has unknown columns \"b\" and \"c\";", fixed = TRUE)
  expect_match(said(codebook(data.frame(variable = "a"), title = character())),
    "not an empty vector of texts.", fixed = TRUE)
  lost <- data.frame(case = c(NA, NA, 1), coder = "A", item = "x", rating = 1)
  expect_match(said(agreement(lost)), "no `case` in rows 1 and 2 of `ratings`.", fixed = TRUE)
})
