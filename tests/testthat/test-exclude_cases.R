test_that("28 submissions become 26 cases, with the reasons", {
  reviews <- exclude_cases(data.frame(case = 1:28), c(9, 17), c("not a review", "a second review of case 3"))
  expect_identical(reviews$case, setdiff(1:28, c(9L, 17L)))
  flow <- case_flow(reviews)
  expect_s3_class(flow, c("case_flow", "data.frame"), exact = TRUE)
  expect_named(flow, c("step", "reason", "excluded", "remaining", "cases"))
  expect_identical(flow$remaining, c(28L, 27L, 26L))
  expect_identical(flow$cases, c("", "9", "17"))
  expect_snapshot(print(flow))
})

test_that("exclusions chain, by id or by row, and one reason is one step", {
  data <- data.frame(id = letters[1:6], n = 1:6, stringsAsFactors = TRUE)
  out <- data |>
    exclude_cases(c("a", "b"), "no consent", case = "id") |>
    exclude_cases(c(FALSE, FALSE, TRUE, FALSE), "withdrawn", case = "id")
  expect_identical(as.character(out$id), c("c", "d", "f"))
  expect_identical(case_flow(out)$excluded, c(0L, 2L, 1L))
  expect_identical(case_flow(out)$cases, c("", "a, b", "e"))
  none <- exclude_cases(data, character(), "none", case = "id")
  expect_identical(nrow(none), 6L)
})

test_that("rows that go without a reason are said, a lost record is an error", {
  out <- exclude_cases(data.frame(case = 1:5, n = 1), 1, "why")
  kept <- attr(out, "case_flow")
  out <- out[1:2, ]
  attr(out, "case_flow") <- kept
  flow <- case_flow(out)
  expect_identical(flow$reason[3], "no reason recorded")
  expect_identical(flow$excluded[3], 2L)
  expect_error(case_flow(data.frame(case = 1)), "no record", class = "casereview_error_argument")
})

test_that("arguments are refused in words, and the picture is drawn", {
  data <- data.frame(case = c(1, 2, 2))
  refused <- function(..., text) expect_error(exclude_cases(...), text, class = "casereview_error_argument")
  refused(data, 7, "x", text = "does not hold")
  refused(data, c(1, 1), "x", text = "twice")
  refused(data, NA, "x", text = "without NA")
  refused(data, c(TRUE, FALSE), "x", text = "3 rows")
  refused(data, 1, c("x", "y"), text = "one text or one for each")
  refused(data, 1, " ", text = "say why")
  refused(data, 1, "x", case = "id", text = "no column")
  expect_identical(nrow(exclude_cases(data, 2, "both rows")), 1L)
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  flow <- case_flow(exclude_cases(data, 2, "both rows"))
  expect_identical(plot(flow), flow)
  grDevices::dev.off()
  expect_gt(file.size(file), 1000)
})

test_that("one case is one case", {
  left <- case_flow(exclude_cases(data.frame(case = 1:2), 1, "late"))
  expect_identical(format(left)[3], "1 case")
  expect_identical(format(left, unit = "children")[3], "1 children")
})

test_that("recoding keeps the record of excluded cases", {
  cb <- codebook(data.frame(variable = "case", type = "id"))
  left <- exclude_cases(data.frame(case = 1:3), 2, "not a review")
  expect_identical(case_flow(recode_coding(left, cb)), case_flow(left))
  expect_null(attr(recode_coding(data.frame(case = 1:3), cb), "case_flow"))
})

test_that("a condition that no case meets is a step that leaves out none", {
  data <- data.frame(case = 1:4, year = 2009:2012)
  none <- exclude_cases(data, data$year > 2050, "after the period")
  expect_identical(none$case, 1:4)
  flow <- as.data.frame(case_flow(exclude_cases(none, none$year == 2009, "before it")))
  expect_identical(tail(flow$reason, 2L), c("after the period", "before it"))
  expect_equal(tail(flow$excluded, 2L), c(0, 1))
  expect_equal(tail(flow$remaining, 2L), c(4, 3))
})
