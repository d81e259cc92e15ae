test_that("a damaged column is named with its row", {
  bad <- data.frame(a = 1:3)
  bad$sex <- structure(c(1L, 9L, 2L), levels = c("f", "m"), class = "factor")
  expect_error(check_data(bad), "\"sex\".*row 2 holds the code 9, and there are 2 levels",
    class = "casereview_error_argument")
  bad$sex <- structure(1:3, levels = 1:3, class = "factor")
  expect_error(check_data(bad), "damaged factor", class = "casereview_error_argument")
  bad$sex <- matrix(1:6, 3)
  expect_error(check_data(bad), "must be a plain vector", class = "casereview_error_argument")
  bad$sex <- list(1, 2, 3)
  expect_error(check_data(bad), "\"sex\"", class = "casereview_error_argument")
  uneven <- structure(list(a = 1:3, b = 1:2), row.names = c(NA, -3L), class = "data.frame")
  expect_error(check_data(uneven), "2 values where the data has 3 rows",
    class = "casereview_error_argument")
  twice <- data.frame(a = 1, a = 2, check.names = FALSE)
  expect_error(check_data(twice), "more than one column called \"a\"",
    class = "casereview_error_argument")
})

test_that("a good frame of any kind comes back plain", {
  d <- data.frame(a = factor(c("x", NA)), b = c(1.5, NA))
  class(d) <- c("tbl_df", "tbl", "data.frame")
  expect_identical(check_data(d), data.frame(a = factor(c("x", NA)), b = c(1.5, NA)))
  expect_identical(dim(check_data(data.frame())), c(0L, 0L))
  expect_identical(check_data(d, columns = "b")$b, c(1.5, NA))
})

test_that("numbers, texts and choices are told apart in words", {
  expect_identical(check_whole(3, "n"), 3L)
  expect_error(check_whole(2.5, "n", min = 1), "`n` must be a whole number of at least 1, not 2.5.",
    fixed = TRUE)
  expect_error(check_number("1", "n", 0, 1), "`n` must be a number from 0 to 1, not \"1\".",
    fixed = TRUE)
  expect_error(check_choice("c", "x", c("a", "b")), "`x` must be one of \"a\" and \"b\", not \"c\".",
    fixed = TRUE)
  expect_error(check_flag(NA, "x"), "`x` must be TRUE or FALSE, not NA.", fixed = TRUE)
  expect_error(check_conf_level(1), "between 0 and 1", class = "casereview_error_argument")
})

test_that("texts of bytes, damaged factors and odd classes of a choice meet plain words", {
  bytes <- "a\xff"
  Encoding(bytes) <- "bytes"
  expect_error(check_choice(bytes, "x", c("a", "b")), "not a text of bytes.", fixed = TRUE)
  expect_identical(check_choice(structure("b", class = "odd"), "x", c("a", "b")), "b")
  expect_identical(check_string(c(name = "b"), "x"), "b")
  damaged <- structure(1:2, class = "factor")
  expect_error(check_strings(damaged, "x"), "`x` is a damaged factor",
    class = "casereview_error_argument")
})

test_that("bytes that are no text, and long texts, do not reach the reader", {
  bytes <- "a\xff"
  Encoding(bytes) <- "bytes"
  expect_error(check_string(bytes, "x"), "`x` holds bytes that are no text.",
    class = "casereview_error_argument")
  expect_error(check_strings(c("a", bytes), "x"), "`x` holds bytes that are no text, in place 2",
    class = "casereview_error_argument")
  expect_lt(nchar(list_some(strrep("x", 1e5))), 100L)
  expect_identical(list_some(c("a", NA)), "\"a\" and \"NA\"")
})

test_that("an argument left out is told from one of a wrong kind", {
  f <- function(data) check_data(data)
  expect_error(f(), "`data` must be a data frame, not a missing argument.",
    class = "casereview_error_argument")
  g <- function(x) need_argument(x, "x")
  expect_error(g(), "`x` must be given", class = "casereview_error_argument")
  expect_null(g(1))
})

test_that("a frame that is none, or whose columns have no names, is told in words", {
  expect_error(check_data(structure(1:3, class = "data.frame")), "not a damaged data frame",
    class = "casereview_error_argument")
  expect_error(check_data(structure(list(1:3), row.names = 1:3, class = "data.frame")),
    "without a name \\(column 1\\)", class = "casereview_error_argument")
  one <- structure(list(a = 1), row.names = 1:2, class = "data.frame")
  expect_error(check_data(one), "has 1 value where the data has 2 rows",
    class = "casereview_error_argument")
})

test_that("a path that no file system takes is refused before R writes it anywhere", {
  long <- strrep("x", 1e4)
  expect_error(create_review(long), "`path` must be a path of at most 4000 bytes, not of 10000",
    class = "casereview_error_argument")
  expect_error(read_codebook(long), "`file` must be a path", class = "casereview_error_argument")
})
