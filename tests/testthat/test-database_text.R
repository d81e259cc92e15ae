# Texts that a database holds to be equal are told apart as they are in memory.

text_book <- function() {
  codebook(
    data.frame(variable = c("id", "risk", "post"), type = c("id", "rating", "text"),
      pattern = c("", "", "^[a-z]+$")),
    data.frame(variable = "risk", code = c("2", "1"), label = c("High", "Low"))
  )
}

said <- paste("('a', 'High', 'x'), ('A', 'high', 'X'), ('b', 'LOW', 'x'),",
  "('c', NULL, NULL), ('c', 'Low', 'y')")

fill_said <- function(tables, types, before = NULL) {
  run <- function(...) DBI::dbExecute(tables$connection, paste0(...))
  suppressWarnings(run("DROP TABLE IF EXISTS said"))
  for (statement in before) run(statement)
  run("CREATE TABLE said (id ", types[1L], ", risk ", types[2L], ", post ", types[3L], ")")
  run("INSERT INTO said VALUES ", said)
  dplyr::tbl(tables$connection, "said")
}

expect_same_texts <- function(table, at_fault) {
  memory <- collected(table)
  found <- check_coding(table, text_book())
  expect_identical(by_content(found), by_content(check_coding(memory, text_book())))
  expect_identical(paste(found$case, found$rule), at_fault)
  expect_identical(crosstab(table, risk ~ post), crosstab(memory, risk ~ post))
  expect_identical(suppressWarnings(risk_profile(table, text_book())),
    suppressWarnings(risk_profile(memory, text_book())))
  renamed <- dplyr::rename(dplyr::filter(table, !is.na(post)), said = risk)
  expect_identical(crosstab(renamed, ~said), crosstab(collected(renamed), ~said))
}

case_at_fault <- c("A code", "A pattern", "b code", "c duplicate_id", "c duplicate_id")

test_that("a column of SQLite that takes \"High\" for \"high\" hides no wrong code", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  expect_same_texts(fill_said(tables, rep("TEXT COLLATE NOCASE", 3L)), case_at_fault)
  expect_same_texts(fill_said(tables, rep("TEXT COLLATE RTRIM", 3L)), case_at_fault)
})

test_that("a column of DuckDB that takes \"High\" for \"high\" hides no wrong code", {
  tables <- duckdb_tables()
  on.exit(tables$stop())
  expect_same_texts(fill_said(tables, rep("VARCHAR COLLATE NOCASE", 3L)), case_at_fault)
})

test_that("a padded, enumerated or collated column of PostgreSQL hides no wrong code", {
  tables <- postgres_tables()
  on.exit(tables$stop())
  suppressWarnings({
    table <- fill_said(tables, c("varchar(3)", "char(6)", "text"))
    expect_identical(collected(table)$risk[1L], "High  ")
    expect_same_texts(table, c("A code", "A pattern", "a code", "b code", "c duplicate_id",
      "c duplicate_id", "c code"))
    table <- fill_said(tables, c("text", "risk", "text"),
      "CREATE TYPE risk AS ENUM ('LOW', 'Low', 'high', 'High')")
    expect_same_texts(table, case_at_fault)
  }, classes = "rlang_warning")
  made <- tryCatch(DBI::dbExecute(tables$connection, paste("CREATE COLLATION any_case",
    "(provider = icu, locale = 'und-u-ks-level2', deterministic = false)")),
    error = function(e) NULL)
  skip_if(is.null(made), "this PostgreSQL has no ICU")
  expect_same_texts(fill_said(tables, rep("text COLLATE any_case", 3L)), case_at_fault)
})
