# Rows with one key, against a plain comparison of every pair.

pairs_oracle <- function(columns) {
  n <- length(columns[[1L]])
  blank <- Reduce(`|`, lapply(columns, is.na))
  vapply(seq_len(n), function(i) {
    if (blank[i]) return(FALSE)
    any(vapply(setdiff(seq_len(n), i), function(j) {
      !blank[j] && all(vapply(columns, function(x) x[i] == x[j], NA))
    }, NA))
  }, NA)
}

found_rows <- function(columns) {
  found <- .Call(C_duplicates_find, unname(columns))
  seq_along(columns[[1L]]) %in% c(found$row, found$verdict)
}

test_that("every row of a group is found, over one key or several", {
  set.seed(6)
  for (k in rounds(60)) {
    n <- sample(0:25, 1)
    text <- sample(c("A", "A_B", "B_C", "C", NA), n, replace = TRUE)
    number <- sample(c(1L, 2L, NA), n, replace = TRUE)
    double <- sample(c(0, -0, 1.5), n, replace = TRUE)
    for (columns in list(list(text), list(text, number), list(text, number, double))) {
      expect_identical(found_rows(columns), pairs_oracle(columns))
    }
  }
})

test_that("keys are never pasted together", {
  expect_false(any(found_rows(list(c("A_B", "A"), c("C", "B_C")))))
  expect_true(all(found_rows(list(c("A_B", "A_B"), c("C", "C")))))
})

test_that("a wrong list is a fault of the package, said so", {
  expect_error(.Call(C_duplicates_find, 1:3), "Internal error in casereview")
  expect_error(.Call(C_duplicates_find, list(1:3, 1:2)), "Internal error in casereview")
})
