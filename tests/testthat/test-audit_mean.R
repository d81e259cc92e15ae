test_that("the example of Brown and Heathers (2017) is impossible", {
  found <- audit_mean(c("5.18", "5.19", "5.21", "5.17"), 28)
  expect_identical(found$verdict, c("agrees", "impossible", "agrees", "truncated"))
  expect_equal(found$exact[c(1, 3)], c(145, 146) / 28)
  expect_match(found$note[2L], "145 \\(5.18\\) and 146 \\(5.21\\)")
})

test_that("means agree with trying every sum", {
  for (n in c(1, 3, 8, 13, 40)) {
    for (d in 1:2) {
      units <- seq(0, 5 * 10^d, by = 3)
      sums <- 0:(6 * n)
      top <- sums * 10^d
      cut <- top %/% n
      rest <- top %% n
      up <- cut + (2 * rest >= n)
      even <- cut + (2 * rest > n | (2 * rest == n & cut %% 2 == 1))
      want <- ifelse(units %in% c(up, even), "agrees",
        ifelse(units %in% cut, "truncated", "impossible"))
      found <- audit_mean(sprintf("%.*f", d, units / 10^d), n)
      expect_identical(found$verdict, want)
    }
  }
})

test_that("the range of the scale counts", {
  found <- audit_mean(c("7.0", "7.2", "0.9", "1.0", "6.8"), 5, min = 1, max = 7)
  expect_identical(found$verdict, c("agrees", "impossible", "impossible", "agrees", "agrees"))
  expect_match(found$note[2L], "outside 1 to 7")
  expect_identical(audit_mean("-0.3", 3, min = -1)$verdict, "agrees")
  # With four items a mean of 2.25 is possible for one case, without them it is not.
  expect_identical(audit_mean("2.25", 1)$verdict, "impossible")
  expect_identical(audit_mean("2.25", 1, items = 4)$verdict, "agrees")
})

test_that("table 16 of the report passes, and cells carry their own n", {
  found <- audit_mean(c("5", "6", "4", "1.3", "1.5"), c(11, 9, 6, 11, 13), min = c(1, 2, 2, 0, 0),
    max = c(9, 17, 6, 3, 6))
  expect_identical(found$verdict, rep("agrees", 5L))
  expect_identical(audit_mean(c("18.3 (9)", "18.30 (9)"), NA)$verdict, c("agrees", "impossible"))
})

test_that("what cannot be checked says why", {
  found <- audit_mean(c("5", "5", "-", "5", "<5"), c(0, NA, 3, 2.5, 3))
  expect_identical(found$verdict, rep("not checkable", 5L))
  expect_true(all(nzchar(found$note)))
  expect_identical(audit_mean("12345678901.5", 2^50)$verdict, "not checkable")
  expect_error(audit_mean("5", 3, min = "a"), class = "casereview_error_argument")
  expect_error(audit_mean("5", 3, items = 0), class = "casereview_error_argument")
  expect_identical(nrow(audit_mean(character(), integer())), 0L)
})

test_that("pooled means are weighted by their cases", {
  found <- audit_pooled(list(c("18.0", "16.7"), c("18.0", "16.7"), c("16.67", "8.67")),
    list(c(9, 3), c(9, 3), c(3, 3)), c("17.7", "17.4", "12.8"))
  expect_identical(found$verdict, c("agrees", "disagrees", "disagrees"))
  expect_equal(found$exact, c((162 + 50.1) / 12, (162 + 50.1) / 12, 12.67))
  expect_identical(audit_pooled(c(1, NA), c(2, 3), "1.5")$verdict, "not checkable")
  expect_error(audit_pooled(c(1, 2), 3, 1.5), "as many parts", class = "casereview_error_argument")
})

test_that("many means at once give what each gives alone", {
  set.seed(8)
  mean <- sample(c(sprintf("%.2f", runif(60, -3, 9)), "5", "0.0", "-0.04", "x", "4.125"), 300, TRUE)
  n <- sample(c(1:60, 1e3, 5e4, 1e15, 0, NA), 300, TRUE)
  for (limits in list(c(-Inf, Inf), c(1, 7))) {
    all <- audit_mean(mean, n, limits[1], limits[2])
    one <- do.call(rbind, Map(function(m, k) {
      as.data.frame(audit_mean(m, k, limits[1], limits[2]))
    }, mean, n))
    expect_equal(unclass(all), unclass(one), ignore_attr = TRUE)
  }
  # every sum near each mean, tried one by one
  few <- which(all$verdict %in% c("agrees", "impossible") & n <= 60)
  possible <- vapply(few, function(i) {
    k <- ceiling(n[i]):floor(7 * n[i])
    digits <- nchar(sub("^[^.]*[.]?", "", mean[i]))
    scaled <- k / n[i] * 10^digits
    up <- floor(scaled + 0.5 + 1e-9)
    even <- ifelse(abs(scaled %% 1 - 0.5) < 1e-9, 2 * round(scaled / 2), up)
    any(abs(c(up, even) - as.numeric(mean[i]) * 10^digits) < 1e-6)
  }, NA)
  expect_equal(all$verdict[few] == "agrees", possible)
})
