# Tibbles, data.tables, labelled columns and sheets of a workbook give what data frames give.

plain <- function() {
  data.frame(case = 1:8, law = rep(c("Public", "Private"), 4),
    harm = c(3L, 2L, 1L, 0L, 0L, 1L, 2L, 3L), plan = c(0L, 3L, 2L, 0L, 0L, 3L, 0L, 2L))
}

book <- function() {
  codebook(
    data.frame(variable = c("case", "law", "harm", "plan"),
      type = c("id", "nominal", "rating", "rating")),
    data.frame(
      variable = rep(c("law", "harm", "plan"), c(2, 4, 3)),
      code = c("1", "2", 3:0, "3", "2", "0"),
      label = c("Public", "Private", "High", "Medium", "Low", "None", "Now", "Before", "No"),
      score = c(NA, NA, 3:0, 3, 2, 0)
    )
  )
}

long <- function(d) {
  data.frame(case = rep(d$case, 2), coder = rep(c("A", "B"), each = nrow(d)), item = "harm",
    rating = c(d$harm, d$plan))
}

# The results of the steps, as bare data frames.
results <- function(data, ratings = long(plain())) {
  bare <- function(x) {
    x <- as.data.frame(x)
    attributes(x) <- attributes(x)[c("names", "row.names")]
    x
  }
  list(
    table = as.data.frame(crosstab(data, law ~ harm, percent = "row")),
    mean = as.data.frame(crosstab(data, ~ law, value = "harm", stat = "mean")),
    scores = bare(score_risk(data, book()))[-1L],
    findings = bare(check_coding(data, book()))[c("row", "variable", "rule")],
    agreement = bare(agreement(ratings))
  )
}

faulty <- function() {
  d <- plain()
  d$law[3] <- "Pubic"
  d$case[2] <- 1L
  d
}

same <- function(kind) {
  expect_equal(results(kind(plain()), kind(long(plain()))), results(plain()))
  expect_equal(results(kind(faulty()))$findings, results(faulty())$findings)
}

test_that("tibbles", {
  skip_if_not_installed("tibble")
  same(tibble::as_tibble)
})

test_that("data.tables, which are left as they were", {
  skip_if_not_installed("data.table")
  same(data.table::as.data.table)
  data <- data.table::as.data.table(plain())
  before <- data.table::copy(data)
  results(data)
  expect_identical(data, before)
})

test_that("labelled columns of haven count by their codes or their labels", {
  skip_if_not_installed("haven")
  data <- plain()
  data$harm <- haven::labelled(as.double(data$harm), c(None = 0, Low = 1, Medium = 2, High = 3))
  data$law <- haven::labelled(match(data$law, c("Public", "Private")), c(Public = 1L, Private = 2L))
  expected <- results(plain())
  expect_equal(results(data)$scores, expected$scores)
  expect_equal(results(data)$findings, expected$findings)
  coded <- recode_coding(data, book())
  expect_identical(levels(coded$law), c("Public", "Private"))
  expect_equal(as.data.frame(crosstab(coded, law ~ harm))$n,
    as.data.frame(crosstab(recode_coding(plain(), book()), law ~ harm))$n)
  own <- crosstab(data, ~ law, value = "harm", stat = "mean")
  expect_equal(own$cells$mean[own$rows$kind == "total"], mean(plain()$harm))
  expect_identical(sum(own$cells$n[own$rows$kind == "level"]), 8)
})

test_that("sheets that readxl reads", {
  skip_if_not_installed("readxl")
  skip_if_not_installed("openxlsx")
  same(function(data) {
    file <- tempfile(fileext = ".xlsx")
    on.exit(unlink(file))
    openxlsx::write.xlsx(data, file)
    readxl::read_excel(file)
  })
})

test_that("tables of all kinds are written alike", {
  skip_if_not_installed("tibble")
  text <- function(data) {
    file <- tempfile(fileext = ".md")
    write_tables(list(one = data), file)
    readLines(file)
  }
  expect_identical(text(tibble::as_tibble(plain())), text(plain()))
})
