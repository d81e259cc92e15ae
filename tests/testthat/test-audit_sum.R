test_that("whole numbers add up exactly", {
  found <- audit_sum(list(c(7, 5), c(9, 3, 1), 2^52), c("12", "12", "4,503,599,627,370,496"))
  expect_identical(found$verdict, c("agrees", "disagrees", "agrees"))
  expect_equal(found$exact, c(12, 13, 2^52))
  m <- rbind(c(23, 12, 28), c(1, 1, 1))
  expect_identical(audit_sum(m, c(63, 4))$verdict, c("agrees", "disagrees"))
  expect_identical(audit_sum(as.data.frame(m), c(63, 4))$verdict, c("agrees", "disagrees"))
})

test_that("rounded parts leave what their rounding leaves, and no more", {
  of_2014 <- c("42.3", "3.8", "7.7", "3.8", "15.4", "3.8", "15.4", "7.7")
  of_all <- c("30.5", "15.3", "13.6", "10.2", "9.2", "8.5", "6.8", "3.4", "1.7")
  found <- audit_sum(list(of_2014, of_all), 100)
  expect_identical(found$verdict, c("agrees", "disagrees"))
  expect_identical(audit_sum(c("33%", "33%", "33%"), "100%")$verdict, "agrees")
  expect_identical(audit_sum(c(33, 33, 33), 100)$verdict, "disagrees")
  expect_identical(audit_sum(c(33, 33, 33), 100, rounded = TRUE)$verdict, "agrees")
  expect_identical(audit_sum(c("5.3", "6.4"), c("11.7"))$verdict, "agrees")
  expect_identical(audit_sum(c("5.30", "6.46"), "12.0", rounded = FALSE)$verdict, "disagrees")
})

test_that("percents of any split into whole cases add up to 100", {
  set.seed(3)
  for (k in 1:60) {
    n <- stats::rmultinom(1L, sample(20:400, 1), stats::runif(sample(2:12, 1)))[, 1L]
    percent <- sprintf("%.1f", 100 * n / sum(n))
    expect_identical(audit_sum(percent, "100.0")$verdict, "agrees")
  }
})

test_that("dashes, hidden parts and missing ones are told", {
  found <- audit_sum(list(c("1", "-", "3"), c("1", "-", "3"), c("<5", "10"), c("<5", "10"),
    c("1", NA), c("x", "1")), c(4, 6, 20, 12, 1, 2))
  expect_identical(found$verdict,
    c("agrees", "not checkable", "disagrees", "not checkable", "not checkable", "not checkable"))
  expect_match(found$note[1L], "dash is taken as 0")
  expect_match(found$note[3L], "10 to 14")
  expect_identical(audit_sum(list(1:2), NA)$verdict, "not checkable")
  expect_identical(nrow(audit_sum(list(), numeric())), 0L)
  expect_error(audit_sum(1:3, c(1, 2)), "one number for each set",
    class = "casereview_error_argument")
})

test_that("bins that share a value are found", {
  months <- c("0 to 12", "13 to 24", "25 to 36", "37 to 48", "49 to 60", "60 to 72")
  found <- audit_bins(months)
  expect_identical(which(found$verdict == "disagrees"), 6L)
  ages <- c("Under 1", "1 to 5", "6\u201310", "11-15", "16 to 17", "18+")
  expect_identical(audit_bins(ages)$verdict, rep("agrees", 6L))
  expect_match(audit_bins(c("0-4", "10-14"))$note[2L], "a gap after")
  expect_identical(audit_bins(c("Up to 20", "20 and over"))$verdict, c("agrees", "disagrees"))
  expect_identical(audit_bins(c("red", NA, "5"))$verdict,
    c("not checkable", "not checkable", "agrees"))
  expect_identical(nrow(audit_bins(character())), 0L)
})

test_that("many sets at once give what each gives alone, in time that grows with their number", {
  set.seed(7)
  texts <- c("3", "12.5", "0.30", "-", "<5", "7%", "x", NA, "-2", "1,204", "4 (10%)")
  sets <- lapply(sample(0:5, 200, TRUE), function(k) sample(texts, k, TRUE))
  total <- sample(c("7", "12.8", "25", "x", NA, "0", "15.5"), 200, TRUE)
  for (rounded in c(NA, TRUE, FALSE)) {
    all <- audit_sum(sets, total, rounded)
    one <- do.call(rbind, Map(function(s, t) as.data.frame(audit_sum(list(s), t, rounded)), sets,
      total))
    expect_equal(unclass(all), unclass(one), ignore_attr = TRUE)
  }
  labels <- paste(0:9999 * 2, "to", 0:9999 * 2 + 1)
  expect_lt(system.time(found <- audit_bins(c(labels, "7")))[[1]], 5)
  expect_equal(which(found$verdict == "disagrees"), 10001)
})
