# Odd requests and odd data, each of which once gave a wrong or misleading table.

said <- function(tab, text) expect_match(format(tab), text, fixed = TRUE, all = FALSE)
unsaid <- function(tab, text) expect_false(any(grepl(text, format(tab), fixed = TRUE)))

test_that("the order by total goes by the weights, in nested rows too", {
  d <- data.frame(a = c("x", "x", "x", "y", "z"), b = c("p", "p", "q", "r", "s"),
    n = c(1, 1, 3, 9, 7))
  expect_identical(crosstab(d, ~ a, weights = "n", sort = "total")$rows$label,
    c("y", "z", "x", "Total"))
  expect_identical(crosstab(d, ~ a/b, weights = "n", sort = "total")$rows$label,
    c("y", "r", "z", "s", "x", "q", "p", "Total"))
  expect_identical(crosstab(d, b ~ a, weights = "n", sort = "total")$columns$label,
    c("y", "z", "x", "Total"))
  # 0.1 + 0.2 and 0.3 are a tie, which keeps the order given
  d <- data.frame(a = c("x", "y", "y"), w = c(0.3, 0.1, 0.2))
  expect_identical(crosstab(d, ~ a, weights = "w", sort = "total")$rows$label, c("x", "y", "Total"))
})

test_that("small bases are pointed out under weights", {
  d <- data.frame(g = c("few", "few", "many", "many"), x = c("a", "b"), n = c(3, 4, 30, 40))
  tab <- crosstab(d, x ~ g, weights = "n", percent = "column")
  said(tab, "Small base, fewer than 10 cases: few.")
  # probability weights: by the rows of data, whatever they weigh
  d <- data.frame(g = rep(c("few", "many"), c(4, 40)), x = c("a", "b"), s = c("u", "u", "v", "v"),
    w = rep(c(100.5, 0.01), c(4, 40)))
  said(crosstab(d, x ~ g, weights = "w", percent = "column"), "fewer than 10 cases: few.")
  said(crosstab(d, x ~ g, weights = "w", percent = "column", totals = FALSE), "cases: few.")
  said(crosstab(d, g ~ x, weights = "w", percent = "row"), "fewer than 10 cases: few.")
  said(crosstab(d[1:12, ], g ~ x | s, weights = "w", percent = "total"), "cases: u and v.")
  unsaid(crosstab(d, g ~ x | s, weights = "w", percent = "total"), "Small base")
})

test_that("the notes name the base: of a stratum, of a nested column", {
  d <- data.frame(a = rep(c("x", "y"), 8), s = rep(c("u", "v"), c(4, 12)), o = rep(c("k", "k", "l", "l"), 4),
    stringsAsFactors = FALSE)
  tab <- crosstab(d, ~ a | s, percent = "column")
  said(tab, "Percentages of the stratum's total (cases).")
  said(tab, "Small base, fewer than 10 cases: u.")
  tab <- crosstab(d, a ~ s/o, percent = "column", nested = "all")
  said(tab, "fewer than 10 cases: u, u / k, u / l, v / k and v / l.")
})

test_that("numbers kept as text, wide integers and times stand in the order of size", {
  labels <- function(x) crosstab(data.frame(x = x), ~ x, totals = FALSE)$rows$label
  expect_identical(labels(c("10.5", "9.25", "-1")), c("-1", "9.25", "10.5"))
  big <- c("9007199254740993", "9007199254740992", "10", "-9007199254740992", "-9007199254740993")
  order <- c("-9007199254740993", "-9007199254740992", "10", "9007199254740992", "9007199254740993")
  expect_identical(labels(big), order)
  expect_identical(labels(c("10", "9", "b")), c("10", "9", "b"))
  expect_identical(labels(as.difftime(c(1e6, 10.25, 2), units = "mins")), c("2", "10.25", "1000000"))
  skip_if_not_installed("bit64")
  expect_identical(labels(bit64::as.integer64(big)), order)
})

test_that("wide integers are values and weights", {
  skip_if_not_installed("bit64")
  d <- data.frame(a = c("x", "y", "y"), i = bit64::as.integer64(c(4, NA, 8)),
    n = bit64::as.integer64(c(1, 2, 3)))
  tab <- crosstab(d, ~ a, value = "i", weights = "n")
  expect_identical(tab$cells$n, c(1, 5, 6))
  expect_identical(tab$cells$mean, c(4, 8, 7))
})

test_that("columns that would hide a column of the result are refused", {
  d <- data.frame(a = c("x", "y"), x = 1:2, y = 3:4)
  for (name in c("n", "base", "percent", "text")) {
    d[[name]] <- d$a
    expect_error(crosstab(d, stats::reformulate(name)), paste0("\"", name, "\", a name that the table"))
  }
  expect_error(crosstab(d, n ~ text), "the columns \"n\" and \"text\", names that the table keeps",
    class = "casereview_error_argument")
  d$mean_x <- d$mean <- d$n_unweighted <- d$.n_known <- d$a
  expect_error(crosstab(d, ~ mean_x, value = c("x", "y")), "\"mean_x\", a name that the table")
  expect_error(crosstab(d, ~ mean, value = "x"), "\"mean\", a name that the table")
  expect_error(crosstab(d, ~ .n_known, value = "x"), "\".n_known\", a name that the table")
  expect_error(crosstab(d, ~ n_unweighted, weights = "x"), "\"n_unweighted\", a name that")
  expect_identical(crosstab(d, ~ mean, value = "x", stat = "max")$cells$max, c(1, 2, 2))
  expect_identical(crosstab(d, ~ mean_x, value = "x")$cells$mean, c(1, 2, 1.5))
})

test_that("percents that cannot be made to add to 100 are owned up to", {
  d <- data.frame(m = c("a;b", "b;c", "c"), x = c("u", "u", "v"))
  tab <- crosstab(d, ~ m, multicode = c(m = ";"), base = "mentions", percent = "column",
    rounding = "sum_100", digits = 0)
  expect_identical(tab$cells$text[1:3], c("1 (20%)", "2 (40%)", "2 (40%)"))
  unsaid(tab, "may not add")
  d <- data.frame(m = c("a;b", "c"), x = "u")
  tab <- crosstab(d, ~ m, multicode = c(m = ";"), base = "mentions", percent = "column",
    rounding = "sum_100", digits = 0)
  expect_identical(tab$cells$text[1:3], c("1 (33%)", "1 (33%)", "1 (33%)"))
  said(tab, "Percentages may not add to 100 because of rounding.")
})

test_that("totals and nets count cases, and have no percent of mentions", {
  d <- data.frame(m = c("a;b", "b", "a"), x = c("u", "u", "v"))
  ask <- function(...) crosstab(d, ..., multicode = c(m = ";"), base = "mentions")
  tab <- ask(m ~ x, percent = "column", nets = list(m = list(any = c("a", "b"))))
  expect_identical(unname(as.matrix(tab, "percent")[, "u"]), c(100 / 3, 200 / 3, NA, NA))
  expect_identical(unname(as.matrix(tab, "text")[, "Total"]),
    c("2 (50.0%)", "2 (50.0%)", "3 (-)", "3 (-)"))
  tab <- ask(x ~ m, percent = "row")
  expect_identical(unname(as.matrix(tab, "percent")["Total", ]), c(50, 50, NA))
  tab <- ask(m ~ x, percent = "row")
  expect_identical(unname(as.matrix(tab, "percent")["Total", ]), c(200 / 3, 100 / 3, 100))
  tab <- ask(~ x, percent = "total")
  expect_identical(tab$cells$percent[3], 100)
  unsaid(tab, "mentions")
})

test_that("rows of a column that has no whole numbers are not filled in silence", {
  d <- data.frame(x = c("a", "b"), y = c(1.5, 2), z = c(1L, 3L), e = NA_real_)
  expect_error(crosstab(d, ~ x, complete = "x"), "can fill only whole numbers, and \"x\" holds")
  expect_error(crosstab(d, ~ y, complete = "y"), "can fill only whole numbers, and \"y\" holds")
  expect_identical(crosstab(d, ~ y, complete = TRUE)$rows$label, c("1.5", "2", "Total"))
  expect_identical(crosstab(d, ~ z, complete = "z")$rows$label, c("1", "2", "3", "Total"))
  expect_identical(crosstab(d, ~ e, complete = "e")$rows$label, c("Missing", "Total"))
})

test_that("cases without an outer level take no part in tests", {
  d <- data.frame(a = c("x", "x", "y", "y", NA, NA, NA), b = rep_len(c("p", "q"), 7),
    s = rep_len(c("u", "v"), 7))
  tab <- crosstab(d, a/b ~ s, nested = "all")
  known <- crosstab(d[1:4, ], a/b ~ s, nested = "all")
  expect_identical(known_table(tab), known_table(known))
  expect_identical(as.data.frame(summary(tab)), as.data.frame(summary(known)), ignore_attr = TRUE)
})

test_that("tables without a known row or column have no test", {
  d <- data.frame(a = c(NA, NA), b = c("u", "v"), c = NA_character_)
  for (formula in list(a ~ c, b ~ c, c ~ b, a ~ b)) {
    expect_identical(summary(crosstab(d, formula))$measure, "none")
  }
  expect_identical(dim(known_table(crosstab(d, c ~ b))), c(0L, 2L))
})

test_that("a nested row without its outer row carries its name", {
  d <- data.frame(a = c("x", "y"), b = c("p", "p"), c = c("u", "v"))
  tab <- crosstab(d, a/b ~ c, nested = "all")
  expect_match(format(tab[tab$rows$kind == "level", ])[4:5], "^(x|y) / p ")
  expect_match(format(tab["x", ])[4], "^x ")
  expect_match(format(tab)[5], "^  p ")
})

test_that("several statistics by column stand in columns of their own, in line", {
  lines <- format(crosstab(warpbreaks, wool ~ tension, value = "breaks",
    stat = c("mean", "sd", "median", "max")))
  expect_true(all(nchar(lines) <= 80))
  expect_identical(sum(grepl("^A ", lines)), 4L)
  expect_match(lines, "^A         9     44.6   18.1    51        70$", all = FALSE)
  said(crosstab(warpbreaks, wool ~ tension, value = "breaks"),
    "In each cell: mean of breaks (cases).")
  said(crosstab(warpbreaks, ~ wool, value = "breaks"), "Statistics of breaks.")
  named <- warpbreaks
  attr(named$breaks, "label") <- "Breaks in a loom"
  said(crosstab(named, ~ wool, value = "breaks"), "Statistics of Breaks in a loom.")
  expect_match(format(crosstab(warpbreaks, wool ~ tension, value = "breaks", percent = "row")),
    "L: n  L: %  L: mean", all = FALSE)
})

test_that("a part of a summary prints", {
  found <- summary(crosstab(warpbreaks, wool ~ tension))
  expect_output(print(found[c("measure", "p_value")]), "measure +p_value")
  expect_output(print(found[0, ]), NA)
})

test_that("tables without rows or columns print and are written", {
  d <- data.frame(a = c("x", "y"), b = NA_character_, v = 1:2)
  none <- function(formula, ...) crosstab(d, formula, missing = "exclude", totals = "rows", ...)
  tab <- none(a ~ b)
  expect_identical(format(tab)[1:5], c("a", "-----", "x", "y", "-----"))
  expect_match(format(t(tab)), "^ +x  y  Total$", all = FALSE)
  stat <- none(a ~ b, value = "v", stat = c("mean", "sd"))
  expect_identical(format(stat)[1:5], format(tab)[1:5])
  expect_match(format(t(stat)), "x: mean", all = FALSE)
  skip_if_not_installed("flextable")
  file <- tempfile(fileext = ".docx")
  on.exit(unlink(file))
  expect_true(file.exists(write_tables(list(rows = t(tab), columns = tab), file)))
})

test_that("the axis of a chart reaches the end of its longest bar", {
  for (most in c(1, 1.4, 7, 59, 250, 286, 673, 1e6 + 1)) {
    expect_gte(max(count_ticks(most)), most)
    expect_true(all(count_ticks(most) == floor(count_ticks(most))))
  }
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  reach <- function(tab, ...) {
    plot(tab, ...)
    graphics::par("usr")[1:2]
  }
  eyes <- as.data.frame(HairEyeColor)
  expect_gte(reach(crosstab(eyes, Hair ~ Eye, weights = "Freq"), type = "stacked")[2], 300)
  d <- data.frame(a = c("x", "y"), v = c(-8, 2))
  expect_lte(reach(crosstab(d, ~ a, value = "v"), statistic = "mean")[1], -8)
  d$v[2] <- NA
  tab <- crosstab(d, ~ a, value = "v", stat = c("mean", "sd"))
  expect_identical(as.vector(plot_words(tab, "mean")), c("-8.0", "-"))
})

test_that("added tables keep nested rows under their own, and levels in order", {
  d <- data.frame(o = c("X", "Z", "X", "Y", "A"), i = c("p", "r", "q", "s", "t"),
    y = c(2010, 2012, 2011, 2012, 2009), m = c("k", "l", NA, "k", "k"))
  one <- 1:2
  for (subtotals in c("before", "after")) {
    ask <- function(rows) crosstab(d[rows, ], o/i ~ y, subtotals = subtotals)
    expect_identical(as.data.frame(ask(one) + ask(-one)), as.data.frame(ask(1:5)))
    expect_identical((ask(-one) + ask(one))$rows, ask(1:5)$rows)
  }
  ask <- function(rows, ...) crosstab(d[rows, ], m + y ~ o, ...)
  expect_identical(as.data.frame(ask(3:4) + ask(c(1, 2, 5))), as.data.frame(ask(1:5)))
  ask <- function(rows) crosstab(d[rows, ], ~ y | o/i, missing = "exclude")
  expect_identical((ask(c(5, 1)) + ask(2:4))$strata$label, ask(1:5)$strata$label)
  # levels that have no order of their own stay as they came
  f <- data.frame(x = factor(c("low", "high"), c("low", "high")))
  expect_identical((crosstab(f, ~ x) + crosstab(droplevels(f[2, , drop = FALSE]), ~ x))$rows$label,
    c("low", "high", "Total"))
})

test_that("a note says that nets are not added to totals", {
  d <- data.frame(a = c("p", "q", "r"), b = c("u", "v", "u"))
  one <- list("p or q" = c("p", "q"))
  said(crosstab(d, a ~ b, nets = list(a = one)),
    "\"p or q\" unites other levels, and is not added to totals.")
  said(crosstab(d, b ~ a, nets = list(a = c(one, list("q or r" = c("q", "r"))))),
    "\"p or q\" and \"q or r\" unite other levels, and are not added to totals.")
  said(crosstab(d, ~ b | a, nets = list(a = one)), "\"p or q\" unites")
  unsaid(crosstab(d, a ~ b), "unites")
})

test_that("the note on small bases names the stratum, and mentions where they are the base", {
  d <- data.frame(need = rep(c("High", "Low"), c(12, 13)), sex = rep(c("F", "M"), c(4, 21)),
    m = "a;b")
  tab <- crosstab(d, need ~ m | sex, percent = "row", multicode = c(m = ";"))
  lines <- paste(format(tab), collapse = " ")
  expect_match(lines, "Small base, fewer than 10 cases: F: High, F: Total and M: High.",
    fixed = TRUE)
  unsaid(tab, "Total: High")
  tab <- crosstab(d[1:4, ], ~ m, percent = "total", multicode = c(m = ";"), base = "mentions")
  said(tab, "Small base, fewer than 10 mentions: all.")
})

test_that("parts in which an outer level has nothing under it are added", {
  d <- data.frame(c = factor(c("x", "x", "y"), levels = c("y", "x", "z")), e = c("u", NA, "v"),
    a = c("p", "q", "p"))
  for (subtotals in c("before", "after")) for (formula in c("a ~ c/e", "c/e ~ a", "~ a | c/e")) {
    ask <- function(rows) crosstab(d[rows, ], formula, subtotals = subtotals, nested = "all")
    whole <- ask(1:3)
    added <- ask(1:2) + ask(3L) + ask(0L)
    expect_identical(as.data.frame(added, kind = TRUE), as.data.frame(whole, kind = TRUE))
    expect_identical(as.data.frame(ask(0L) + whole, kind = TRUE),
      as.data.frame(whole, kind = TRUE))
  }
})

test_that("a sum of weights that is whole prints so, whatever its last bits", {
  d <- data.frame(a = "x", w = c(0.1, 0.2, 0.7, 1.1, 2.2, 3.3, 5.4))
  one <- crosstab(d, ~ a, weights = "w")
  expect_identical(cell(one, a = "x"), "13")
  parts <- lapply(7:1, function(i) crosstab(d[i, ], ~ a, weights = "w",
    weight_type = "probability"))
  expect_identical(cell(combine_crosstabs(parts), a = "x"), "13")
  expect_identical(cell(crosstab(data.frame(a = "x", w = 13.04), ~ a, weights = "w"), a = "x"),
    "13.0")
})

test_that("a label picks each entry of that name, a path the one", {
  d <- expand.grid(g = c("a", "b", "Yes"), h = c("Yes", "No"), k = c("u", "v"))
  tab <- crosstab(d, g / h ~ k)
  expect_identical(tab["No", ]$rows$value[, "g"], c("a", "b", "Yes"))
  expect_identical(tab["b / No", ]$rows$value[[1L, "g"]], "b")
  expect_identical(tab["Yes", ]$rows$value[[1L, "h"]], "Total")
  expect_identical(t(tab)[, "No"]$columns$value[, "g"], c("a", "b", "Yes"))
  expect_identical(tab[c("Total", "a"), ]$rows$label, c("Total", "a"))
  named <- crosstab(data.frame(a = c("Total", "x")), ~ a)
  expect_identical(named["Total", ]$rows$kind, c("level", "total"))
  expect_identical(nrow(tab[character(), ]$rows), 0L)
  expect_error(tab[NA_character_, ], "no row", class = "casereview_error_argument")
})
