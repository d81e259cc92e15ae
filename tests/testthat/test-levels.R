# The levels of text, integers and doubles against unique() and match().

expect_levels <- function(x, found, distinct) {
  seen <- !is.na(x)
  expect_identical(length(found$code), length(x))
  expect_identical(is.na(found$code), !seen)
  expect_equal(as.vector(found$level[found$code[seen]]), as.vector(x[seen]))
  expect_setequal(found$level[sort(unique(found$code[seen]))], distinct)
}

test_that("integers, dense or far apart, come back by their codes", {
  set.seed(4)
  for (values in list(1:5, c(-9L, 1:3), c(-.Machine$integer.max, 0L, .Machine$integer.max), 1:5000)) {
    for (n in c(0L, 1L, 7L, 3000L)) {
      x <- sample(c(values, NA), n, replace = TRUE)
      expect_levels(x, .Call(C_levels_integer, x), unique(x[!is.na(x)]))
    }
  }
})

test_that("doubles: 0 and -0 are one, NaN is missing, fractions and large numbers are kept", {
  set.seed(5)
  for (values in list(c(0, -0), c(0.5, 1.25, -3), c(1e300, -1e-300), 2^53 - 0:3, c(NaN, 2))) {
    x <- sample(c(values, NA), 500, replace = TRUE)
    expect_levels(x, .Call(C_levels_double, x), unique(x[!is.na(x)]))
  }
  expect_identical(length(unique(.Call(C_levels_double, c(0, -0, 0))$code)), 1L)
})

test_that("text: as it stands in memory; the two encodings of one text meet in the table", {
  latin1 <- "caf\xe9"
  Encoding(latin1) <- "latin1"
  x <- c("b", latin1, NA, "caf\u00e9", "b")
  found <- .Call(C_levels_text, x)
  expect_identical(found$code[1L], found$code[5L])
  expect_true(is.na(found$code[3L]))
  tab <- crosstab(data.frame(x = x), ~ x)
  expect_identical(tab$rows$label, c("b", "caf\u00e9", "Missing", "Total"))
  expect_equal(tab$cells$n, c(2, 2, 1, 5))
  x <- sprintf("t%d", sample(3000, 20000, replace = TRUE))
  expect_levels(x, .Call(C_levels_text, x), unique(x))
})

test_that("a wrong type is a fault of the package, said so", {
  expect_error(.Call(C_levels_integer, 1.5), "Internal error in casereview")
  expect_error(.Call(C_levels_double, 1L), "Internal error in casereview")
  expect_error(.Call(C_levels_text, 1L), "Internal error in casereview")
})
