test_that("one text in two encodings is one text", {
  latin1 <- "caf\xe9"
  Encoding(latin1) <- "latin1"
  expect_identical(match_text(c(latin1, "caf\u00e9", NA, "x"), "caf\u00e9"), c(1L, 1L, NA, 0L))
})

test_that("many distinct texts give the same as match()", {
  set.seed(1)
  values <- sample(sprintf("t%d", 1:5000), 20000, replace = TRUE)
  for (k in c(0, 1, 50, 4000)) {
    table <- sprintf("t%d", seq_len(k))
    expect_identical(match_text(values, table), match(values, table, nomatch = 0L))
  }
  expect_identical(match_text(c("a", "b"), c("b", "a", "a")), 2:1)
})

test_that("cells become text one by one, blank as NA", {
  expect_identical(column_text(c(1.25, 1.5, 2, 1e5, -0, NA, NaN, Inf)), c("1.25", "1.5", "2", "100000", "0", NA, NA, "Inf"))
  expect_identical(column_text(c(TRUE, NA)), c("TRUE", NA))
  expect_identical(column_text(c("a", " ", "\u00a0", "", NA)), c("a", NA, NA, NA, NA))
  expect_identical(column_text(factor(c("b", "", NA))), c("b", NA, NA))
  expect_identical(column_text(as.Date(c("2014-02-28", NA, "0003-01-02"))), c("2014-02-28", NA, "0003-01-02"))
  expect_identical(column_text(1i), "0+1i")
  whole <- structure(c(4.94065645841247e-324, 0), class = "integer64")
  expect_identical(column_text(whole), c("1", "0"))
})

test_that("encode_column() knows labels, codes, numbers of codes and aliases", {
  cb <- codebook(data.frame(variable = "x"), data.frame(variable = "x", code = c("01", "02"), label = c("A", "B"), aliases = c("", "Bee; Be")))
  got <- encode_column(c("A", "02", "Be", "1", "z", "", NA), cb, "x")
  expect_identical(got$code, c(1L, 2L, 2L, 1L, 0L, NA, NA))
  expect_identical(got$how, c("label", "code", "alias", "code", NA, NA, NA))
  expect_identical(encode_column(c(1, 2, 3), cb, "x")$code, c(1L, 2L, 0L))
  expect_identical(encode_column(character(), cb, "x")$code, integer())
})
