# Layouts in which public bodies print such tables, from made-up cases: the numbers against
# base R, the texts against whole-number arithmetic, and what print and each file format show.

# "12 (34%)": n of base, rounded half up on whole numbers.
n_percent <- function(n, base, digits = 0) {
  part <- (200 * n * 10^digits + base) %/% (2 * base)
  sprintf("%d (%s%%)", n, formatC(part / 10^digits, format = "f", digits = digits))
}

# Every text of `rows` stands in order in one line of each way to show the table.
shows_rows <- function(tab, rows) {
  squeeze <- function(x) {
    x <- gsub("<[^>]*>|textbf\\{|\\*\\*|[}\\\\]", " ", x)
    trimws(gsub("[ &|]+", " ", x))
  }
  shown <- list(print = squeeze(format(tab, width = 400)))
  for (kind in c("md", "html", "tex")) {
    file <- tempfile(fileext = paste0(".", kind))
    write_tables(list(Table = tab), file)
    lines <- gsub("\\textbf", "textbf", readLines(file), fixed = TRUE)
    shown[[kind]] <- squeeze(gsub("\\\\([][%&])", "\\1", lines))
  }
  for (row in rows) {
    text <- squeeze(paste(row, collapse = " "))
    for (kind in names(shown)) {
      lines <- gsub("( [0-9.]+) +\\(", "\\1 (", shown[[kind]])
      expect_true(any(grepl(text, lines, fixed = TRUE)), info = paste(kind, text))
    }
  }
  file <- tempfile(fileext = ".csv")
  write_tables(list(Table = tab), file)
  back <- read.csv(file, check.names = FALSE, colClasses = "character")
  expect_true(all(tab$cells$text %in% back$text))
}

made_up <- local({
  set.seed(2031)
  n <- 487
  nature <- sample(c("Child death", "Serious harm", "Other"), n, TRUE, c(0.45, 0.5, 0.05))
  relation <- sample(c("Partner or ex-partner", "Parent", "Other family", "Acquaintance",
    "Stranger", "Not known"), n, TRUE)
  data.frame(
    nature = factor(nature, c("Child death", "Serious harm", "Other")),
    year = sample(2012:2021, n, TRUE, c(5, 5, 5, 5, 0, 5, 5, 5, 5, 5)),
    half = sample(c("April to September", "October to March"), n, TRUE),
    sex = sample(c("Female", "Male"), n, TRUE, c(0.3, 0.7)),
    relation = relation,
    domestic = ifelse(relation %in% c("Acquaintance", "Stranger"), "Not domestic",
      ifelse(relation == "Not known", "Not known", "Domestic")),
    age = factor(sample(c("Under 1", "1 to 4", "5 to 9", "10 to 14", "15 to 17"), n, TRUE,
      c(50, 20, 12, 8, 10)), c("Under 1", "1 to 4", "5 to 9", "10 to 14", "15 to 17")),
    grade = factor(sample(c("Outstanding", "Good", "Requires improvement", "Inadequate"), n,
      TRUE), c("Outstanding", "Good", "Requires improvement", "Inadequate")),
    factors = vapply(seq_len(n), function(i) {
      paste(sample(c("Neglect", "Alcohol", "Drugs", "Debt"), sample(0:3, 1)), collapse = "; ")
    }, "")
  )
})

test_that("notifications: years across, natures with what is of them, no total column", {
  tab <- crosstab(made_up, nature ~ year, complete = TRUE, zero = "z", totals = "rows")
  n <- table(made_up$nature, factor(made_up$year, 2012:2021))
  expect_equal(unname(as.matrix(tab)), unname(rbind(unclass(n), colSums(n))), ignore_attr = TRUE)
  text <- ifelse(n == 0, "z", as.character(n))
  shows_rows(tab, list(c("Child death", text[1L, ]), c("Serious harm", text[2L, ])))
  halves <- crosstab(made_up, nature ~ year/half, percent = "column", digits = 0)
  here <- made_up$year == 2013 & made_up$half == "October to March"
  expect_identical(cell(halves, nature = "Child death", year = "2013", half = "October to March"),
    n_percent(sum(here & made_up$nature == "Child death"), sum(here)))
  expect_identical(cell(halves, nature = "Child death", year = "2013"),
    n_percent(sum(made_up$year == 2013 & made_up$nature == "Child death"),
      sum(made_up$year == 2013)))
})

test_that("homicides: n (%) of each sex, a dash for nil, total first, domestic within", {
  tab <- crosstab(made_up, domestic / relation ~ sex, percent = "column", zero = "-",
    whole = "n")
  first <- tab[c("Total", "Domestic", "Other family", "Parent", "Partner or ex-partner"),
    c("Total", "Female", "Male")]
  expect_identical(first$rows$label[1L], "Total")
  by <- function(use) vapply(list(rep(TRUE, nrow(made_up)), made_up$sex == "Female",
    made_up$sex == "Male"), function(s) n_percent(sum(use & s), sum(s), 1), "")
  shows_rows(first, list(
    c("Total", nrow(made_up), table(made_up$sex)),
    c("Domestic", by(made_up$domestic == "Domestic")),
    c("Parent", by(made_up$relation == "Parent"))
  ))
  expect_equal(summary(tab)$statistic[1L],
    unname(chisq.test(table(made_up$relation, made_up$sex), correct = FALSE)$statistic))
})

test_that("stacked characteristics share the total of their column", {
  tab <- crosstab(made_up, nature + age + sex ~ half, percent = "column", digits = 0)
  expect_identical(sum(tab$rows$kind == "total"), 1L)
  for (v in c("nature", "age", "sex")) {
    n <- table(made_up[[v]], made_up$half)
    texts <- lapply(rownames(n), function(r) {
      c(r, n_percent(as.integer(n[r, ]), as.integer(table(made_up$half))),
        n_percent(sum(n[r, ]), nrow(made_up)))
    })
    shows_rows(tab, texts)
  }
})

test_that("outcomes as whole percents of a base that stands beside them add to 100", {
  tab <- crosstab(made_up, age ~ grade, percent = "row", rounding = "sum_100", digits = 0,
    style = "p", whole = "n")
  printed <- as.matrix(tab, "text")
  parts <- matrix(as.numeric(printed[, 1:4]), ncol = 4)
  expect_identical(rowSums(parts), rep(100, 6))
  expect_identical(printed[, "Total"], c(table(made_up$age), nrow(made_up)) |>
    (\(x) structure(as.character(x), names = c(levels(made_up$age), "Total")))())
  exact <- 100 * prop.table(rbind(table(made_up$age, made_up$grade), table(made_up$grade)), 1)
  expect_true(all(abs(parts - exact) < 1))
})

test_that("small numbers as 'c' are in no file, and totals rounded to 5 still add up", {
  few <- made_up[1:120, ]
  tab <- suppress(crosstab(few, age ~ nature), sdc_rule(threshold = 4, symbol = "[c]"))
  hidden <- is.na(tab$cells$n)
  expect_true(any(hidden))
  expect_true(all(tab$cells$text[hidden] == "[c]"))
  true <- as.data.frame(crosstab(few, age ~ nature))$n
  expect_true(all(hidden[true > 0 & true < 5]))
  expect_identical(tab$cells$n[!hidden], true[!hidden])
  shows_rows(tab, list(c("10 to 14", as.matrix(tab, "text")["10 to 14", ])))
  rounded <- as.matrix(round_counts(crosstab(few, age ~ nature), base = 5))
  expect_true(all(rounded %% 5 == 0))
  expect_identical(unname(rowSums(rounded[, 1:3])), unname(rounded[, 4L]))
  expect_identical(unname(colSums(rounded[1:5, ])), unname(rounded[6L, ]))
})

test_that("factors ticked: of cases, of mentions, and any of several", {
  ask <- function(...) crosstab(made_up, factors ~ sex, multicode = c(factors = ";"),
    percent = "column", ...)
  tab <- ask(nets = list(factors = list("Alcohol or drugs" = c("Alcohol", "Drugs"))))
  has <- function(what) grepl(what, made_up$factors)
  any <- has("Alcohol") | has("Drugs")
  both <- function(use) c(
    vapply(c("Female", "Male"), function(s) n_percent(sum(use & made_up$sex == s),
      sum(made_up$sex == s), 1), ""), n_percent(sum(use), nrow(made_up), 1))
  shows_rows(tab, list(c("Debt", both(has("Debt"))), c("Alcohol or drugs", both(any)),
    c("Missing", both(made_up$factors == ""))))
  mentions <- ask(base = "mentions", missing = "exclude")
  said <- unlist(strsplit(made_up$factors[made_up$sex == "Male"], "; "))
  expect_identical(cell(mentions, factors = "Drugs", sex = "Male"),
    n_percent(sum(said == "Drugs"), length(said), 1))
})

test_that("rates per million of each year, and years united beside them", {
  tab <- crosstab(made_up, ~ year, complete = TRUE,
    nets = list(year = list("2012 to 2014" = 2012:2014)))
  n <- as.matrix(tab)[as.character(2012:2021), 1L]
  expect_identical(unname(n), as.numeric(table(factor(made_up$year, 2012:2021))))
  expect_identical(cell(tab, year = "2012 to 2014", statistic = "n"), sum(n[1:3]) + 0)
  people <- seq(53.4, 56.5, length.out = 10)
  rates <- event_rate(unname(n), people)
  for (i in c(1L, 5L, 10L)) {
    expect_equal(c(rates$lower[i], rates$upper[i]),
      as.numeric(poisson.test(n[[i]], people[i])$conf.int))
  }
})

test_that("strata one under the other, as printed with two label columns, pass the audit", {
  tab <- crosstab(made_up, domestic / relation ~ nature | sex, percent = "row", digits = 0)
  at <- expand.grid(r = seq_len(nrow(tab$rows)), s = tab$strata$label)
  value <- tab$rows$value[at$r, ]
  printed <- data.frame(Sex = as.character(at$s), Domestic = value[, 1L],
    Relation = ifelse(value[, 2L] == "Total", "", value[, 2L]),
    t(matrix(tab$cells$text, nrow(tab$columns))))
  names(printed)[4:7] <- tab$columns$label
  printed$Sex[duplicated(printed$Sex)] <- ""
  printed$Domestic[duplicated(paste(at$s, printed$Domestic))] <- ""
  found <- audit_table(printed, tab)
  expect_identical(unique(found$verdict), "agrees")
  here <- made_up$sex == "Male" & made_up$relation == "Stranger"
  expect_true(n_percent(sum(here & made_up$nature == "Serious harm"), sum(here)) %in%
    printed$`Serious harm`)
})
