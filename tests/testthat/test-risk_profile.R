profile_book <- function() {
  codebook(
    data.frame(variable = c("plan", "neglect", "other"), label = c("On a plan", "Neglect", "Other"),
      type = "rating"),
    rbind(
      data.frame(variable = "plan", code = c(3, 2, 0), label = c("Currently", "Previously", "No"),
        score = c(3, 2, 0), missing = ""),
      data.frame(variable = rep(c("neglect", "other"), each = 5), code = c(3, 2, 1, 0, 9),
        label = c("High", "Medium", "Low", "None", "Not known"), score = c(3, 2, 1, 0, 0),
        missing = c("", "", "", "", "not_known"))
    )
  )
}
profile_data <- function() {
  data.frame(plan = c(3, 0, 0, NA), neglect = c("High", "High", "Not known", "None"),
    other = 1, law = factor(c("pub", "priv", "pub", "pub"), c("pub", "priv", "both")))
}

test_that("every level has its row, and the counts of an item add up to the base", {
  p <- risk_profile(profile_data(), profile_book(), by = "law")
  expect_named(p, c("item", "level", "law", "n", "base", "percent"))
  expect_identical(nrow(p), 3L * (4L + 5L + 4L))
  expect_identical(as.vector(tapply(p$n, p[c("item", "law")], sum)), rep(c(3L, 1L, 0L), each = 3L))
  expect_identical(p$n[p$item == "plan" & p$level == "No" & p$law == "pub"], 1L)
  expect_equal(p$percent[p$item == "neglect" & p$level == "High" & p$law == "priv"], 100)
  expect_true(all(is.na(p$percent[p$law == "both"])))
  expect_identical(as.character(p$level[p$item == "plan" & p$law == "pub"]),
    c("Currently", "Previously", "No", "Missing"))
  expect_named(risk_profile(profile_data(), profile_book()), c("item", "level", "n", "base", "percent"))
})

test_that("counts agree with table() by item and group", {
  set.seed(6)
  d <- data.frame(neglect = sample(c("High", "Medium", "Low", "None", "Not known", NA), 200, TRUE),
    law = sample(c("x", "y", NA), 200, TRUE), year = sample(2012:2014, 200, TRUE))
  p <- risk_profile(d, profile_book(), by = c("law", "year"), items = "neglect")
  d$neglect[is.na(d$neglect)] <- "Missing"
  d$law[is.na(d$law)] <- "Missing"
  for (i in seq_len(nrow(p))) {
    expect_equal(p$n[i], sum(d$neglect == p$level[i] & d$law == p$law[i] & d$year == p$year[i]))
    expect_equal(p$base[i], sum(d$law == p$law[i] & d$year == p$year[i]))
  }
})

test_that("levels of other names stack by score, and the note says so", {
  p <- risk_profile(profile_data(), profile_book(), by = "law")
  levels <- attr(p, "levels")
  expect_identical(levels$stack[levels$item == "plan"], c("High", "Medium", "None", "Missing"))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  drawn <- plot(p, group = "pub")
  expect_identical(colnames(drawn$panels$pub$drawn), c("High", "Medium", "Low"))
  expect_equal(unname(drawn$panels$pub$drawn[, "High"]), c(1, 1, 0))
  expect_match(drawn$notes[1], "On a plan: High is Currently; Medium is Previously; no level Low.", fixed = TRUE)
  expect_silent(plot(p, value = "percent", zero = TRUE))
  expect_error(plot(p, group = "x"), "`group` must be among", class = "casereview_error_argument")
  expect_silent(plot(risk_profile(profile_data()[0, ], profile_book())))
})

test_that("a part of a profile keeps what its picture needs", {
  p <- risk_profile(profile_data(), profile_book(), by = "law")
  part <- p[p$law == "pub", ]
  expect_s3_class(part, "risk_profile")
  expect_match(format(part), "pub (n = 3)", fixed = TRUE, all = FALSE)
  expect_false(inherits(p["n"], "risk_profile"))
})

test_that("unknown values, numbers and wrong arguments", {
  expect_warning(p <- risk_profile(data.frame(neglect = c("High", "Huge")), profile_book(), items = "neglect"),
    "neglect in row 2", class = "casereview_warning_data")
  expect_identical(p$n[p$level == "Missing"], 1L)
  book <- codebook(data.frame(variable = "a", type = "rating", min = "1", max = "3"))
  expect_identical(risk_profile(data.frame(a = c(1, 3, 3)), book)$n, c(2L, 0L, 1L))
  d <- cbind(profile_data(), item = 1)
  expect_error(risk_profile(d, profile_book(), by = "item"), "column of the result", class = "casereview_error_argument")
  expect_error(risk_profile(d, profile_book(), by = "no"), "no column", class = "casereview_error_argument")
})

test_that("several panels fit on devices wide, narrow and small", {
  items <- c("plan", "neglect", "violence")
  book <- codebook(data.frame(variable = items, type = "rating", min = "0", max = "3"))
  d <- data.frame(id = 1:6, plan = c("3", "2", "0", "3", "0", "0"), neglect = c(3, 2, 1, 0, 3, 2),
    violence = c(1, 2, 3, 0, 1, 3), law = rep(c("Public", "Private", "Both"), 2))
  for (size in list(c(7, 7), c(7, 4), c(4, 7), c(7, 3), c(12, 5))) {
    file <- tempfile(fileext = ".pdf")
    grDevices::pdf(file, width = size[1L], height = size[2L])
    before <- graphics::par("mfrow", "cex", "mex")
    for (by in list("law", NULL)) expect_no_error(plot(risk_profile(d, book, by = by)))
    expect_identical(graphics::par("mfrow", "cex", "mex"), before)
    grDevices::dev.off()
    unlink(file)
  }
})
