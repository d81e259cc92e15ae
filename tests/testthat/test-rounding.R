test_that("quotients round as decimals do", {
  set.seed(1)
  base <- sample(1:4000, 4000, TRUE)
  n <- vapply(base, function(b) sample(0:b, 1L), 0L)
  for (digits in 0:3) {
    # the same decided on whole numbers, in a plainer way
    twice <- 200 * n * 10^digits
    half_up <- (twice + base) %/% (2 * base) / 10^digits
    expect_identical(round_quotient(n, base, digits), half_up)
    low <- (twice / 2) %/% base
    left <- twice - 2 * base * low
    even <- (low + (left > base | (left == base & low %% 2 == 1))) / 10^digits
    expect_identical(round_quotient(n, base, digits, "half_even"), even)
  }
  expect_identical(round_quotient(c(1, 0, NA, 1), c(0, 0, 1, NA), 1), rep(NA_real_, 4))
  expect_identical(round_quotient(2^52, 2^53, 1), 50)
})

test_that("decimals that print as ties are ties", {
  expect_identical(round_decimal(c(2.675, 0.285, 1.005, -2.5, 8.65), c(2, 2, 2, 0, 1)),
    c(2.68, 0.29, 1.01, -3, 8.7))
  expect_identical(round_decimal(c(0.5, 1.5, 2.5), 0, "half_even"), c(0, 2, 2))
  expect_identical(round_decimal(c(NA, Inf, -Inf), 1), c(NA, Inf, -Inf))
})

test_that("shares add to 100 and none is off by a unit or more", {
  set.seed(2)
  for (i in rounds(200)) {
    n <- sample(0:30, sample(1:9, 1), TRUE)
    if (sum(n) == 0) next
    p <- round_sum_100(n, sum(n), 1L)
    expect_equal(sum(p), 100)
    expect_true(all(abs(p - 100 * n / sum(n)) < 0.1))
  }
})

test_that("numbers print in full", {
  expect_identical(print_number(c(17.4, 40, NA, -0.04), 1), c("17.4", "40.0", "-", "0.0"))
  expect_identical(print_number(c(17.4, 40), 1, trim = TRUE), c("17.4", "40"))
  expect_identical(print_count(c(3e9, 2^53, 1.25)), c("3000000000", "9007199254740992", "1.3"))
})

test_that("the usual cells are written as field by field", {
  set.seed(9)
  base <- c(sample(1:3000, 400, TRUE), 0, 0, 2^40)
  n <- c(vapply(base[1:400], function(b) sample(0:b, 1L), 0L), 0, 3, 12345678901)
  for (digits in 0:3) for (mode in 1:2) {
    d <- rep(digits, length(n))
    rounding <- c("half_up", "half_even")[mode]
    percent <- round_quotient(n, base, d, rounding)
    expected <- paste0(print_count(n, d), " (", print_number(percent, d, sign = "%"), ")")
    expect_identical(.Call(C_rounding_cells, n, base, d, mode), expected)
    expect_identical(.Call(C_rounding_cells, n, NULL, d, mode), print_count(n, d))
  }
  odd <- c(0.5, NA, Inf, -1, 2^54, 3)
  expect_identical(.Call(C_rounding_cells, odd, NULL, rep(1L, 6), 1L), c(rep(NA, 5), "3"))
  expect_identical(.Call(C_rounding_cells, c(1, 1, 2^53), c(0.5, NA, 1), rep(10L, 3), 1L),
    rep(NA_character_, 3))
  expect_error(.Call(C_rounding_cells, 1L, NULL, 1L, 1L), "Internal error")
  expect_error(.Call(C_rounding_cells, 1, 1:2 + 0, 1L, 1L), "Internal error")
  expect_error(.Call(C_rounding_cells, 1, 1, 13L, 1L), "digits")
  expect_error(.Call(C_rounding_cells, 1, 1, 1L, 3L), "Internal error")
})
