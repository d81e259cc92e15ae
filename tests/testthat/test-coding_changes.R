changes_book <- function() {
  codebook(
    data.frame(variable = c("case", "neglect", "who"), type = c("id", "rating", "multicode"),
      separator = c("", "", " | ")),
    data.frame(variable = c("neglect", "neglect", "who", "who"), code = c("2", "1", "m", "f"),
      label = c("High", "Low", "Mother", "Father"))
  )
}

test_that("print shows the decisions and counts what the codebook changed", {
  sheet <- data.frame(case = 1:4, neglect = c("2", "1", "hihg", "High"),
    who = c("m | f", "Mother | Father", "x", "f"))
  findings <- check_coding(sheet, changes_book())
  findings$decision <- c("High", "Father")
  findings$by <- "Ann"
  coded <- recode_coding(sheet, changes_book(), findings)
  expect_identical(coded$who, c("Mother | Father", "Mother | Father", "Father", "Father"))
  changes <- coding_changes(coded)
  expect_s3_class(changes, "data.frame")
  expect_identical(changes$row, c(3L, 3L, 1L, 2L, 1L, 4L))
  expect_identical(format(changes), c(
    "6 changes: 2 decided, 4 by the codebook",
    "  row 3, case 3, neglect: \"hihg\" -> \"High\" (Ann: decision)",
    "  row 3, case 3, who: \"x\" -> \"Father\" (Ann: decision)",
    "  neglect: 2 code", "  who: 1 codes of several, 1 code"
  ))
  expect_identical(format(changes, n = 1)[3], "  ... and 1 more")
  counted <- summary(changes)
  expect_identical(sum(counted$n), 6L)
  expect_identical(counted$n[counted$variable == "neglect" & counted$note == "code"], c(1L, 1L))
  expect_identical(class(as.data.frame(changes)), "data.frame")
  expect_identical(format(changes[0, ]), "No cell was changed.")
  expect_output(print(changes[, 1:3]), "variable")
})

test_that("the samples of a change are told", {
  both <- combine_samples("2012" = data.frame(case = 1, neglect = "Bad"), codebook = changes_book(),
    labels = list("2012" = list(neglect = c(Bad = "High"))))
  expect_identical(format(coding_changes(both)), c("1 change: 0 decided, 1 by the codebook",
    "  neglect: 1 label map"))
})
