test_that("numbers are read as printed", {
  x <- printed_number(c("12.80", "38,5", "1,234", "1,234.50", "1.234,5", "1 234", "12.5%",
    "\u22123.2", "(13.0)", "<5", "\u2264 2", ".5", "0,123", "1.5e-3", "12 per cent", "11 \u00b9",
    "\u00a31,000", "7*", "1'234", "-0.0"))
  expect_identical(x$reason, rep("", 20L))
  expect_equal(x$value, c(12.8, 38.5, 1234, 1234.5, 1234.5, 1234, 12.5, -3.2, 13, 5, 2, 0.5,
    0.123, 0.0015, 12, 11, 1000, 7, 1234, 0))
  expect_identical(x$decimals,
    c(2L, 1L, 0L, 2L, 1L, 0L, 1L, 1L, 1L, 0L, 0L, 1L, 3L, 4L, 0L, 0L, 0L, 0L, 0L, 1L))
  expect_identical(which(x$percent), c(7L, 15L))
  expect_identical(x$bound[10:11], c("<", "<="))
})

test_that("what is no number says so", {
  x <- printed_number(c(NA, "", "  ", "-", "..", "n/a", "twelve", "1.2.3", "1-2", "12a", "."))
  expect_true(all(is.na(x$value)))
  expect_identical(x$reason[1:3], rep("nothing is printed", 3L))
  expect_identical(x$reason[4L], "\"-\" is not a number")
  latin <- "12\xb2"
  Encoding(latin) <- "latin1"
  expect_identical(printed_number(latin)$value, 12)
  bytes <- "\xff12"
  Encoding(bytes) <- "bytes"
  expect_true(is.na(printed_number(bytes)$value))
})

test_that("numbers that are not text have the digits of their shortest form", {
  x <- printed_number(c(12.80, 0.1 + 0.2, 2^53, 100 / 3, 1e-20, NA, 1e5, 2L))
  expect_identical(x$text[c(1, 2, 3, 6, 7)], c("12.8", "0.3", "9007199254740992", NA, "100000"))
  expect_identical(x$decimals[c(1, 2, 3, 4)], c(1L, 1L, 0L, 13L))
  expect_identical(printed_number(factor(c("3.10", "4")))$decimals, c(2L, 0L))
  expect_identical(nrow(printed_number(character())), 0L)
})

test_that("cells are taken apart at their brackets", {
  x <- printed_cell(c("3 (13.0)", "1(4.3)", "11 (42.3%)", "0", "4 [17]", "-"))
  expect_equal(x$outer$value, c(3, 1, 11, 0, 4, NA))
  expect_equal(x$inner$value, c(13, 4.3, 42.3, NA, 17, NA))
})

test_that("long division gives the digits of whole-number arithmetic", {
  set.seed(1)
  n <- c(0, 1, sample(0:500, 300, TRUE))
  base <- c(1, 7, sample(1:500, 300, TRUE))
  for (d in 0:4) {
    got <- cut_ratio(n, base, rep(d, length(n)))
    expect_equal(as.numeric(got$cut), (n * 10^d) %/% base)
    rest <- (n * 10^d) %% base
    expect_equal(got$tail, sign(2 * rest - base))
    expect_equal(got$whole, rest == 0)
  }
  # 2^53 - 1 over 2^53 is 0.99999999999999988897769753748...: a double would give 1.
  big <- cut_ratio(2^53 - 1, 2^53, 20L)
  expect_identical(big$cut, "99999999999999988897")
})
