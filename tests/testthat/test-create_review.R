test_that("a review is laid out, and its own sheets are without errors", {
  folder <- file.path(tempfile(), "deep", "review")
  on.exit(unlink(folder, recursive = TRUE))
  expect_identical(create_review(folder), folder)
  expect_true(all(c("README.md", "codebook", "coding.csv", "ratings.csv", "decisions.csv",
    "report.Rmd") %in% list.files(folder)))
  book <- read_codebook(file.path(folder, "codebook"))
  expect_equal(book$variables, cafcass_codebook()$variables)
  sheet <- read.csv(file.path(folder, "coding.csv"), colClasses = "character")
  expect_identical(sum(check_coding(sheet, book)$severity == "error"), 0L)
  ratings <- read.csv(file.path(folder, "ratings.csv"))
  decisions <- read.csv(file.path(folder, "decisions.csv"))
  agreed <- consensus(ratings, "decided", decisions = decisions, codebook = book)
  expect_false(anyNA(agreed))
  scores <- score_risk(agreed, book)
  expect_equal(scores$score, cafcass_cases$risk_score[match(scores$case, cafcass_cases$case)])
  expect_identical(nrow(disagreements(ratings, codebook = book)), nrow(decisions))
  expect_identical(file.exists(file.path(folder, "coding-template.xlsx")),
    requireNamespace("openxlsx", quietly = TRUE))
})

test_that("nothing is replaced", {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  writeLines("mine", file.path(folder, ".hidden"))
  expect_error(create_review(folder), "new or empty folder", class = "casereview_error_argument")
  expect_identical(list.files(folder, all.files = TRUE, no.. = TRUE), ".hidden")
  expect_error(create_review(file.path(folder, ".hidden")), "is a file",
    class = "casereview_error_argument")
  expect_error(create_review(tempfile(), codebook = 1), class = "casereview_error_argument")
})

test_that("a codebook of one's own comes with empty sheets of its columns", {
  folder <- tempfile()
  on.exit(unlink(folder, recursive = TRUE))
  book <- codebook(data.frame(variable = c("id", "age", "harm"), type = c("id", "integer", "rating")),
    data.frame(variable = "harm", code = c("1", "0"), label = c("Yes", "No"), score = c(1, 0)))
  create_review(folder, book, format = "quarto")
  expect_identical(readLines(file.path(folder, "coding.csv")), "id,age")
  expect_identical(readLines(file.path(folder, "ratings.csv")), "case,coder,item,rating")
  report <- readLines(file.path(folder, "report.qmd"))
  expect_identical(sum(report == "---"), 2L)
  expect_true(any(grepl("embed-resources", report)))
  expect_match(readLines(file.path(folder, "README.md")), "quarto render report.qmd", all = FALSE)
})

test_that("the report renders and its audit agrees", {
  skip_on_cran()
  skip_if_not_installed("rmarkdown")
  skip_if_not(rmarkdown::pandoc_available("2.0"))
  folder <- tempfile()
  on.exit(unlink(folder, recursive = TRUE))
  create_review(folder)
  out <- rmarkdown::render(file.path(folder, "report.Rmd"), quiet = TRUE, envir = new.env())
  # without the pictures, which are long texts
  page <- gsub("src=\"data:[^\"]*\"", "", readLines(out, warn = FALSE))
  page <- paste(page, collapse = "\n")
  expect_true(grepl("17 (65.4%) of the 26 cases", page, fixed = TRUE))
  expect_false(grepl("disagrees|impossible|not checkable", sub("^.*id=\"audit\"", "", page)))
  expect_true(grepl("illustrative", page, fixed = TRUE))
  draft <- rmarkdown::draft(file.path(folder, "second.Rmd"), template = "case-review",
    package = "casereview", edit = FALSE)
  expect_true(file.exists(draft))
})
