# A table outside memory gives what the same data gives after dplyr::collect().

inside <- function(name) get(name, envir = asNamespace("casereview"))

# ---- crosstab() ----

random_cases <- function(n, seed, types = TRUE) {
  set.seed(seed)
  draw <- function(x, p = NULL) sample(x, n, TRUE, p)
  cases <- data.frame(
    incident = draw(c("Neglect", "Suicide", "other", "\u00e9tat", "", NA)),
    sample = draw(c("9", "10", "2012")), group = draw(c("a", "b", NA), c(5, 3, 1)),
    year = draw(c(2012L, 2014L, NA)), concerns = draw(c("A; B", "A", "B;C", NA)),
    score = draw(c(0:20, NA)), rate = round(stats::rnorm(n, 100, 2), 2),
    known = draw(0:1), w = draw(0:3), p = round(stats::runif(n, 0.01, 2), 3)
  )
  if (n) cases$rate[draw(seq_len(n))[1:(n %/% 9 + 1L)]] <- NA
  if (types) {
    cases$yes <- draw(c(TRUE, FALSE, NA))
    cases$day <- as.Date("2014-01-30") + draw(0:3)
  }
  cases
}

every_stat <- c("mean", "sd", "min", "max", "sum", "n_missing")

# The options that the grid runs over, and whether sums are exact, so that texts are too.
crosstab_calls <- list(
  list(incident ~ sample, percent = "column"),
  list(~incident, value = "score", stat = every_stat),
  list(incident ~ sample | group, percent = "row", missing = "exclude", sort = "total"),
  list(group / incident ~ sample, value = c("score", "rate"), stat = c("mean", "sum")),
  list(group / year ~ sample, value = "score", weights = "w", stat = every_stat),
  list(incident + year ~ sample + group, value = "rate", stat = c("mean", "sd"), exact = FALSE),
  list(incident ~ sample, value = "rate", weights = "p", stat = every_stat, exact = FALSE),
  list(concerns ~ sample, multicode = c(concerns = ";"), percent = "column", asked = "known"),
  list(year ~ sample, complete = TRUE, asked = "known", value = "score", weights = "w",
    nets = list(sample = list(early = c("9", "10")))),
  list(incident ~ group, value = "score", percent = "total", weights = "w",
    weight_type = "probability", rounding = "sum_100", exact = FALSE)
)

typed_calls <- list(
  list(yes ~ day, value = "yes", percent = "row"),
  list(day ~ sample, asked = "known", value = c("yes", "score"), stat = c("mean", "max"))
)

# Columns of the types that a database has beside text and numbers.
typed_cases <- function(n, seed) {
  set.seed(seed)
  draw <- function(x) sample(x, n, TRUE)
  data.frame(
    risk = factor(draw(c("Low", "High", NA)), levels = c("Unused", "High", "Low")),
    law = factor(draw(c("b", "a")), levels = c("b", "a")), day = as.Date("2014-01-30") + draw(c(0:3, NA)),
    time = as.POSIXct("2014-01-30 10:00:00", tz = "UTC") + draw(c(0, 3600, 90000, NA)),
    yes = draw(c(TRUE, FALSE, NA)), count = draw(c(1:4, NA)), rate = draw(c(1.5, 2.25, NA)),
    odd = draw(c(1, 2, NaN, NA)), most = draw(c(1, 2, Inf)), w = draw(0:3),
    p = draw(c(0.5, 1.25)), known = draw(c(TRUE, FALSE))
  )
}

typed_tables <- list(
  list(risk ~ law, complete = TRUE, missing = "exclude", percent = "column"),
  list(day ~ law, value = "yes", stat = every_stat, weights = "w"),
  list(time ~ risk, percent = "row"),
  list(risk / yes ~ day, value = c("count", "rate"), stat = c("mean", "max"), asked = "known"),
  list(count ~ law, value = c("rate", "odd"), stat = every_stat, exact = FALSE),
  list(rate ~ odd, value = "odd", stat = c("mean", "sum")),
  list(law ~ risk, value = "odd", stat = every_stat, weights = "p", exact = FALSE),
  list(law ~ risk, value = "most", stat = every_stat),
  list(~law, value = "most", stat = every_stat, weights = "p")
)

# Each type under each type of the codebook: the same findings, whoever judges them.
typed_books <- function(name) {
  types <- c("nominal", "rating", "integer", "number", "date", "flag", "text", "year")
  lapply(types, function(type) {
    coded <- type %in% c("nominal", "rating")
    range <- switch(type, integer = , number = c("2", "3"), year = c("2014", "2015"),
      date = c("2014-01-31", "2014-02-01"), c("", ""))
    codebook(
      data.frame(variable = c("case", name), type = c("id", type),
        required = c(FALSE, type != "number"), min = c("", range[1L]), max = c("", range[2L]),
        pattern = c("", if (type == "text") "^[0-9H]" else "")),
      if (coded) data.frame(variable = name, code = c("1", "2"), label = c("High", "2014-01-30"),
        aliases = c("a", "TRUE"))
    )
  })
}

typed_names <- c("risk", "day", "time", "yes", "count", "rate", "odd", "most")

expect_same_types <- function(put, n = 120L, names = typed_names) {
  cases <- typed_cases(n, 8L)
  cases$case <- seq_len(n)
  table <- put(cases)
  memory <- collected(table)
  for (call in typed_tables) expect_same_table(table, memory, call)
  for (name in names) {
    for (book in typed_books(name)) {
      expect_identical(by_content(check_coding(table, book)),
        by_content(check_coding(memory, book)), info = paste(name, book$variables$type[2L]))
    }
  }
}

expect_same_table <- function(table, memory, call) {
  exact <- !identical(call$exact, FALSE)
  call$exact <- NULL
  here <- do.call(crosstab, c(list(memory), call))
  there <- do.call(crosstab, c(list(table), call))
  if (!exact) here$cells$text <- there$cells$text <- NULL
  expect_equal(there, here, tolerance = 1e-12)
  expect_identical(unclass(there)[c("rows", "columns", "strata", "spec")],
    unclass(here)[c("rows", "columns", "strata", "spec")])
  counts <- c("n", if (exact) "text", "n_unweighted")
  counts <- intersect(counts, names(here$cells))
  if (exact) expect_identical(there$cells[counts], here$cells[counts])
}

expect_same_tables <- function(tables, types = TRUE, sizes = c(0L, 200L)) {
  for (n in sizes) {
    table <- tables$put(random_cases(n, n + 1L, types))
    memory <- collected(table)
    calls <- c(crosstab_calls, if (types) typed_calls)
    if (!n) calls <- calls[1:2]
    for (call in calls) expect_same_table(table, memory, call)
  }
}

# ---- scores ----

rated_cases <- function() {
  cases <- merge(cafcass_ratings, cafcass_cases[c("case", "law_group", "incident")])
  cases[] <- lapply(cases, function(x) if (is.factor(x)) as.character(x) else x)
  cases$neglect[3:4] <- "unheard of"
  cases$other[5] <- NA
  cases$law_group[c(2, 7)] <- c(NA, "odd")
  cases$unused <- "x"
  cases
}

# A value and its warnings.
with_warnings <- function(code) {
  said <- character()
  value <- withCallingHandlers(code, casereview_warning_data = function(w) {
    said <<- c(said, conditionMessage(w))
    invokeRestart("muffleWarning")
  })
  list(value = value, said = gsub(" in row [0-9]+", "", said))
}

expect_same_scores <- function(tables) {
  book <- cafcass_codebook()
  table <- dplyr::arrange(tables$put(rated_cases()), case)
  memory <- collected(table)
  bands <- c(low = 0, high = 12)
  expect_identical(
    with_warnings(score_risk(table, book, unknown = "prorate", bands = bands)),
    with_warnings(score_risk(memory, book, unknown = "prorate", bands = bands))
  )
  for (by in list(NULL, "law_group", c("incident", "neglect"))) {
    there <- with_warnings(risk_profile(table, book, by = by))
    here <- with_warnings(risk_profile(memory, book, by = by))
    expect_identical(there$value, here$value)
    expect_match(there$said, "2 values are not in the codebook", fixed = TRUE)
  }
}

# ---- check_coding() ----

sheet_book <- function() {
  variable <- function(variable, type, required = FALSE, min = "", max = "", pattern = "",
                       relevant = "", restricted = FALSE) {
    data.frame(variable, type, required, min, max, pattern, relevant, restricted)
  }
  variables <- rbind(
    variable("case", "id", TRUE), variable("sex", "nominal", TRUE),
    variable("law", "nominal"), variable("risk", "rating"),
    variable("age", "integer", TRUE, "0", "17"), variable("len", "number", FALSE, "0.5", "10"),
    variable("from", "date", FALSE, "2010-01-01", "2014-12-31"), variable("to", "date"),
    variable("concern", "multicode"), variable("note", "text", TRUE),
    variable("post", "text", pattern = "^[A-Z]{2}[0-9]+$", restricted = TRUE),
    variable("plan", "flag", TRUE, relevant = "sex == 'Female'"),
    variable("kids", "integer", FALSE, "0", relevant = "len > 5"), variable("yr", "year"),
    variable("absent", "text", TRUE)
  )
  codes <- data.frame(
    variable = rep(c("sex", "law", "risk", "concern", "age"), c(2, 3, 3, 2, 1)),
    code = c("F", "M", "1", "2", "9", "3", "1", "0", "A", "B", "99"),
    label = c("Female", "Male", "Public", "Private", "Not known", "High", "Low", "None",
      "Mother", "Father", "Not known"),
    missing = replace(rep("", 11), c(5, 11), "not_known"),
    aliases = c("Girl", "Boy", rep("", 3), "hi", rep("", 5))
  )
  rules <- data.frame(
    rule = c("order", "length", "law", "few", "lost"),
    expression = c("to >= from", "!(len + 1 > yr) & (kids < 5 | is.na(kids))",
      "!(sex == 'Male' & law == 'Public')", "ifelse(age <= 9, kids < 4, TRUE)", "gone > 1"),
    severity = "error", message = ""
  )
  codebook(variables, codes, rules)
}

random_sheet <- function(n, seed) {
  set.seed(seed)
  draw <- function(x, p = NULL) sample(x, n, TRUE, p)
  sheet <- data.frame(
    case = sprintf("c%d", draw(seq_len(4 * n + 1))),
    sex = draw(c("Female", "Male", "F", "Girl", "female", NA, ""), c(9, 9, 3, .2, .2, .2, .2)),
    law = draw(c("1", "2", "Public", "Not known", "x", NA), c(9, 9, 1, 9, .2, 1)),
    risk = draw(c(3L, 1L, 0L, 2L, NA), c(9, 9, 9, .2, 1)),
    age = draw(c(0:17, 99L, 18L, -1L, NA), c(rep(5, 18), 1, .2, .2, .2)),
    len = round(stats::runif(n, 0.4, 10.2), 1),
    from = as.Date("2009-12-25") + draw(0:1840), to = as.Date("2014-10-01") + draw(0:2000),
    concern = draw(c("A;B", "Mother", "Father; A", "A;Q", NA), c(9, 9, 9, .2, 1)),
    note = draw(c("ok", "  ", "\u00c9t\u00e9", NA), c(9, .2, 1, .2)),
    post = draw(c("AB12", "CD7", "x9", NA), c(9, 9, .2, 1)),
    plan = draw(c("TRUE", "no", "maybe"), c(9, 9, .2)), kids = draw(c(0:5, NA)),
    yr = draw(c(2010, 2012, 2011.5, 999, NA), c(9, 9, .2, .2, 1)), spare = rep(1, n)
  )
  sheet$plan[sheet$sex %in% c("Male", "M") & stats::runif(n) < 0.95] <- NA
  sheet$kids[sheet$len <= 5 & stats::runif(n) < 0.95] <- NA
  sheet
}

expect_same_findings <- function(tables, book = sheet_book(), sizes = c(0L, 1L, 250L)) {
  for (n in sizes) {
    table <- tables$put(random_sheet(n, n + 5L))
    memory <- collected(table)
    there <- check_coding(table, book)
    expect_s3_class(there, "coding_findings")
    expect_identical(by_content(there), by_content(check_coding(memory, book)))
    expect_true(all(is.na(there$row)))
  }
  some <- check_coding(table, book, max_findings = 9)
  expect_identical(nrow(some), min(9L, nrow(there)))
  lines <- function(x) do.call(paste, c(by_content(x), sep = "\r"))
  expect_true(all(lines(some) %in% lines(there)))
}

# ---- each kind of table ----

test_that("a table of SQLite gives the cross-tabulations that memory gives", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  expect_same_tables(tables, types = FALSE)
})

test_that("a table of SQLite gives the scores and findings that memory gives", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  expect_same_scores(tables)
  plain <- tables$put
  tables$put <- function(data) {
    dates <- vapply(data, inherits, NA, "Date")
    data[dates] <- lapply(data[dates], as.character)
    plain(data)
  }
  expect_same_findings(tables)
})

test_that("a table of a PostgreSQL server gives what memory gives", {
  tables <- postgres_tables()
  on.exit(tables$stop())
  suppressWarnings({
    expect_same_tables(tables, sizes = 200L)
    expect_same_scores(tables)
    expect_same_findings(tables, sizes = 250L)
  }, classes = "rlang_warning")
})

test_that("a table of DuckDB gives what memory gives", {
  tables <- duckdb_tables()
  on.exit(tables$stop())
  expect_same_tables(tables)
  expect_same_scores(tables)
  expect_same_findings(tables)
})

test_that("every type of column that DuckDB has gives what it gives in memory", {
  tables <- duckdb_tables()
  on.exit(tables$stop())
  expect_same_types(tables$put)
  expect_same_types(function(cases) {
    DBI::dbExecute(tables$connection, paste("CREATE TABLE narrow AS SELECT * REPLACE",
      "(CAST(rate AS DECIMAL(9, 2)) AS rate, CAST(count AS BIGINT) AS count) FROM cases_1"))
    dplyr::tbl(tables$connection, "narrow")
  }, names = c("rate", "count"))
})

test_that("an Arrow table, query and dataset give what memory gives", {
  need("dplyr", "arrow")
  tables <- list(put = function(data) from("arrow", "arrow_table")(data))
  expect_same_tables(tables)
  expect_same_scores(tables)
  expect_same_findings(tables)
  folder <- tempfile("dataset")
  on.exit(unlink(folder, recursive = TRUE))
  cases <- random_cases(90L, 3L)
  from("arrow", "write_dataset")(cases, folder, format = "csv")
  kept <- dplyr::filter(from("arrow", "open_dataset")(folder, format = "csv"), known == 1)
  for (call in crosstab_calls[c(1, 4)]) expect_same_table(kept, collected(kept), call)
})

test_that("every type of column that Arrow has gives what it gives in memory", {
  need("dplyr", "arrow")
  expect_same_types(from("arrow", "arrow_table"), n = 60L, names = typed_names[1:5])
  cases <- typed_cases(90L, 9L)
  cases$case <- seq_len(90L)
  cases$count <- bit64::as.integer64(cases$count)
  book <- typed_books("risk")[[2L]]
  decimal <- from("arrow", "arrow_table")(cases)
  decimal$rate <- decimal$rate$cast(from("arrow", "decimal128")(9L, 2L))
  folder <- tempfile("dataset")
  on.exit(unlink(folder, recursive = TRUE))
  dir.create(folder)
  for (i in 1:3) {
    rows <- 30L * (i - 1L) + 1:30
    from("arrow", "write_ipc_file")(decimal[rows, ], file.path(folder, paste0(i, ".arrow")),
      compression = "uncompressed")
  }
  files <- from("arrow", "open_dataset")(folder, format = "arrow")
  later <- dplyr::mutate(dplyr::filter(files, w >= 1 | is.na(count)), rate = rate * 2)
  for (table in list(from("arrow", "record_batch")(cases), decimal, files, later)) {
    memory <- collected(table)
    for (call in typed_tables[c(1, 4, 7)]) expect_same_table(table, memory, call)
    expect_identical(by_content(check_coding(table, book)),
      by_content(check_coding(memory, book)))
    expect_identical(suppressWarnings(risk_profile(table, book)),
      suppressWarnings(risk_profile(memory, book)))
  }
  expect_error(crosstab(files, ~day, value = "risk"), "must be numeric or logical",
    class = "casereview_error_argument")
})

# Arrow takes the verbs of dplyr with their meaning in memory. A stand-in: a data frame
# that is taken for such a query shows that the verbs used here mean what they should.
test_that("the verbs that Arrow is asked with give what memory gives", {
  need("dplyr")
  skip_if(nzchar(system.file(package = "arrow")), "Arrow itself is asked here")
  tables <- list(put = function(data) {
    structure(data, class = c("arrow_dplyr_query", "data.frame"))
  })
  registerS3method("collect", "arrow_dplyr_query", function(x, ...) {
    structure(x, class = setdiff(class(x), "arrow_dplyr_query"))
  }, envir = asNamespace("dplyr"))
  if (!"package:dplyr" %in% search()) {
    suppressPackageStartupMessages(attachNamespace("dplyr"))
    on.exit(detach("package:dplyr"))
  }
  suppressWarnings(expect_same_tables(tables, sizes = 60L))
  expect_same_scores(tables)
  expect_same_findings(tables, sizes = 80L)
})

test_that("a table without a case has scores and a profile without one", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  table <- tables$put(rated_cases()[0L, ])
  memory <- collected(table)
  expect_identical(score_risk(table, cafcass_codebook()), score_risk(memory, cafcass_codebook()))
  expect_identical(risk_profile(table, cafcass_codebook()),
    risk_profile(memory, cafcass_codebook()))
})

test_that("no column of the data is taken for one of the query", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  set.seed(2L)
  names <- c("w", "g_1", "g_2", "x_1", "y_1", "v_1", "n", "n_1")
  cases <- as.data.frame(lapply(stats::setNames(names, names), function(name) {
    sample(0:2, 60L, TRUE)
  }))
  table <- tables$put(cases)
  for (call in list(list(g_2 ~ g_1, value = "w", weights = "x_1", stat = every_stat),
    list(v_1 ~ n_1, value = c("g_1", "y_1"), weights = "g_2"), list(~w, value = "n"))) {
    expect_same_table(table, cases, call)
  }
  book <- codebook(
    data.frame(variable = c("n", "g_1", "g_2"), type = c("id", "rating", "rating")),
    data.frame(variable = rep(c("g_1", "g_2"), each = 3), code = rep(2:0, 2),
      label = c("High", "Low", "None"))
  )
  expect_identical(risk_profile(table, book, by = "v_1"), risk_profile(cases, book, by = "v_1"))
  expect_identical(by_content(check_coding(table, book)), by_content(check_coding(cases, book)))
})

test_that("dates of SQLite, which it keeps as text or as numbers, are judged in memory", {
  need("RSQLite", "DBI", "dbplyr", "dplyr")
  tables <- database_tables(DBI::dbConnect(RSQLite::SQLite(), ":memory:", extended_types = TRUE))
  on.exit(tables$stop())
  table <- tables$put(data.frame(case = 1:3, day = as.Date("2014-01-30") + c(0, 1, NA)))
  expect_s3_class(collected(table)$day, "Date")
  for (book in typed_books("day")) {
    expect_identical(by_content(check_coding(table, book)),
      by_content(check_coding(collected(table), book)))
  }
})

test_that("rules that a database is not asked for find what they find in memory", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  variables <- data.frame(variable = c("case", "a", "b", "note"),
    type = c("id", "integer", "number", "text"), pattern = c("", "", "", "^y"),
    relevant = c("", "", "startsWith(note, 1)", ""))
  rule <- function(...) {
    expression <- c(...)
    rules <- data.frame(rule = paste0("r", seq_along(expression)), expression,
      severity = "warning", message = "")
    codebook(variables[1:3, c("variable", "type")], rules = rules)
  }
  sheet <- data.frame(case = c(1:40, 40L), a = c(0:39, NA), b = c(NA, (1:40) / 10), note = "x")
  table <- tables$put(sheet)
  memory <- collected(table)
  same <- function(book) {
    expect_identical(by_content(check_coding(table, book)),
      by_content(check_coding(memory, book)))
  }
  same(rule("sum(a, na.rm = TRUE) < 0", "b < mean(b, na.rm = TRUE)"))
  same(rule("a + 2 == 11 | a %in% c(3, 4)", "!(a %in% 7:9)", "b + 0.2 != 0.3", "is.na(b)"))
  same(rule("as.Date(a) > 3", "1 > 2", "a %/% 7 < 2 & b > 1"))
  same(codebook(variables))
  # A database that may hold "High" and "high" for one is not asked.
  class(table) <- setdiff(class(table), "tbl_SQLiteConnection")
  scout <- inside("lazy_scout")(table, inside("coding_plan")(codebook(variables)))
  expect_null(inside("suspicion")(scout))
  same(codebook(variables))
})

# ---- what is asked of the database ----

sql_of <- function(connection, weights = NULL, stat = c("mean", "sd")) {
  table <- dbplyr::lazy_frame(incident = "a", sample = "b", score = 1, w = 1,
    con = connection)
  spec <- list(value = "score", stat = stat, weights = weights)
  query <- inside("group_query")(table, c("incident", "sample"), spec)
  as.character(dbplyr::sql_render(query))
}

test_that("Spark and SQL Server are asked by one grouped query", {
  need("dplyr", "dbplyr")
  # Before dbplyr 2.4 Spark is spoken to as Hive is.
  spark <- intersect(c("simulate_spark_sql", "simulate_hive"), getNamespaceExports("dbplyr"))
  spark <- get(spark[1L], envir = asNamespace("dbplyr"))()
  for (connection in list(spark, dbplyr::simulate_mssql())) {
    for (weights in list(NULL, "w")) {
      sql <- sql_of(connection, weights)
      expect_length(sql, 1L)
      expect_length(gregexpr("GROUP BY", sql, fixed = TRUE)[[1L]], 1L)
      expect_match(sql, "GROUP BY .g_1., .g_2.$")
      expect_match(sql, "COUNT(_BIG)?\\(\\*\\) AS .n.")
      expect_match(sql, "SUM(", fixed = TRUE)
    }
  }
  expect_match(sql_of(spark), "STDDEV_SAMP\\(.x_1.\\)")
  expect_match(sql_of(dbplyr::simulate_mssql()), "STDEV\\(.x_1.\\)")
})

test_that("the suspicious rows alone are read by check_coding()", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  sheet <- data.frame(case = 1:500, sex = rep(c("F", "M"), 250), age = 5L)
  sheet$sex[7] <- "X"
  sheet$age[c(7, 400)] <- c(3L, 40L)
  sheet$case[20:21] <- 20L
  book <- codebook(
    data.frame(variable = c("case", "sex", "age"), type = c("id", "nominal", "integer"),
      max = c("", "", "17")),
    data.frame(variable = "sex", code = c("F", "M"), label = c("Female", "Male"))
  )
  table <- tables$put(sheet)
  scout <- inside("lazy_scout")(table, inside("coding_plan")(book))
  read <- inside("suspicious_rows")(scout, inside("suspicion")(scout), Inf)
  expect_setequal(read$case, c(7L, 20L, 20L, 400L))
  expect_identical(nrow(read), 4L)
  found <- check_coding(table, book)
  expect_identical(found$rule, c("code", "duplicate_id", "duplicate_id", "range"))
  expect_identical(found$case, c("7", "20", "20", "400"))
})

test_that("a codebook gives the order of levels and the missing codes of a value", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  book <- codebook(
    data.frame(variable = c("risk", "age"), type = c("rating", "integer")),
    data.frame(variable = rep(c("risk", "age"), c(4, 1)), code = c(3:0, 99),
      label = c("High", "Medium", "Low", "None", "Not known"),
      missing = c("", "", "", "", "not_known"))
  )
  table <- tables$put(data.frame(risk = c("3", "Low", "High", NA, "odd"),
    age = c(4L, 99L, 6L, NA, 8L)))
  there <- crosstab(table, ~risk, value = "age", stat = every_stat, codebook = book)
  expect_identical(there, crosstab(collected(table), ~risk, value = "age", stat = every_stat,
    codebook = book))
  expect_identical(there$rows$label,
    c("High", "Medium", "Low", "None", "odd", "Missing", "Total"))
})

test_that("a standard deviation does not drown in a large mean", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  values <- 1e9 + c(1, 2, 3, 4)
  table <- tables$put(data.frame(a = c("x", "x", "y", "y"), v = values, p = c(0.5, 1, 1.5, 2)))
  expect_equal(crosstab(table, ~a, value = "v", stat = "sd")$cells$sd,
    c(stats::sd(1:2), stats::sd(3:4), stats::sd(1:4)))
  weighted <- function(data) crosstab(data, ~a, value = "v", stat = "sd", weights = "p")$cells$sd
  expect_equal(weighted(table), weighted(collected(table)), tolerance = 1e-7)
})

test_that("whole numbers of 64 bits are values and weights, in memory too", {
  need("bit64")
  cases <- data.frame(a = c("x", "x", "y"), v = c(1, 5e9, NA), w = c(2, 0, 1))
  whole <- cases
  whole[c("v", "w")] <- lapply(cases[c("v", "w")], bit64::as.integer64)
  for (weights in list(NULL, "w")) {
    table <- function(data) {
      crosstab(data, ~a, value = "v", stat = every_stat, weights = weights)
    }
    expect_identical(table(whole)$cells, table(cases)$cells)
  }
})

# ---- refusals ----

test_that("what cannot be asked of a database is refused in a sentence", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  table <- tables$put(data.frame(a = c("x", "y"), t = "z", v = c(1, 2), bad = c(-1, 2),
    none = c(NA, 1), half = c(0.5, 1), said = c(NA, 1L)))
  refused <- function(code, text) {
    expect_error(code, text, fixed = TRUE, class = "casereview_error_argument")
  }
  refused(crosstab(table, ~a, value = "v", stat = "median"), "dplyr::collect()")
  refused(crosstab(table, ~b), "`data` has no column \"b\"")
  refused(crosstab(table, ~a, value = "t"), "must be numeric or logical, not of type char")
  refused(crosstab(table, ~a, weights = "t"), "must be numeric, not of type character.")
  refused(crosstab(table, ~a, weights = "bad"), "is below 0 in 1 rows")
  refused(crosstab(table, ~a, weights = "none"), "is missing or not finite")
  refused(crosstab(table, ~a, weights = "half", weight_type = "frequency"), "whole numbers")
  refused(crosstab(table, ~a, asked = "said"), "must say TRUE or FALSE")
  refused(exclude_cases(table, "1", "why"), "dplyr::collect()")
  refused(check_coding(data.frame(), sheet_book(), max_findings = 0), "`max_findings`")
  refused(score_risk(table, cafcass_codebook()), "`data` has no columns")
})

test_that("missing = \"error\" counts what is missing in a database too", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  table <- tables$put(data.frame(a = c("x", NA, "")))
  expect_error(crosstab(table, ~a, missing = "error"), "2 of \"a\"",
    class = "casereview_error_missing")
})

test_that("`max_findings` gives the first findings of a data frame", {
  sheet <- random_sheet(60L, 1L)
  whole <- check_coding(sheet, sheet_book())
  first <- check_coding(sheet, sheet_book(), max_findings = 5)
  expect_identical(as.data.frame(first), as.data.frame(whole)[1:5, ])
  expect_s3_class(first, "coding_findings")
})
