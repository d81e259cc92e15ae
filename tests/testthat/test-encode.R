test_that("one text in two encodings is one text", {
  latin1 <- "caf\xe9"
  Encoding(latin1) <- "latin1"
  expect_identical(match_text(c(latin1, "caf\u00e9", NA, "x"), "caf\u00e9"), c(1L, 1L, NA, 0L))
})

test_that("many distinct texts give the same as match()", {
  set.seed(1)
  values <- sample(sprintf("t%d", 1:5000), 20000, replace = TRUE)
  table <- sprintf("t%d", 1:50)
  expect_identical(match_text(values, table), match(values, table, nomatch = 0L))
})
