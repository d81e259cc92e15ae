test_that("an error carries the user's call, a class and one sentence", {
  error <- tryCatch(codebook(1), error = identity)
  expect_s3_class(error, "casereview_error_argument")
  expect_identical(conditionCall(error), quote(codebook(1)))
  expect_identical(conditionMessage(error), "`variables` must be a data frame, not 1.")
})
