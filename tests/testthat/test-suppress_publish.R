# What leaves: nothing that comes out of a suppressed table, by any road, holds a hidden
# number.

# Everything in an object as text: numbers at full length, names, attributes, calls, and
# what functions and formulas carry in their environments.
contents <- function(x) {
  seen <- list()
  out <- character()
  walk <- function(x) {
    if (is.environment(x)) return(walk_environment(x))
    if (is.function(x)) return(walk(environment(x)))
    if (is.numeric(x)) {
      out <<- c(out, format(unclass(as.vector(x)), digits = 15, trim = TRUE, scientific = FALSE))
    }
    if (is.character(x)) out <<- c(out, x)
    if (is.language(x)) out <<- c(out, deparse(x))
    if (is.list(x)) for (part in unclass(x)) walk(part)
    for (part in attributes(x)) walk(part)
  }
  walk_environment <- function(x) {
    known <- identical(x, globalenv()) || isNamespace(x) || nzchar(environmentName(x)) ||
      any(vapply(seen, identical, NA, x))
    if (known) return()
    seen[[length(seen) + 1L]] <<- x
    for (name in ls(x, all.names = TRUE)) walk(get(name, x))
    walk(parent.env(x))
  }
  walk(x)
  paste(gsub("([0-9]),(?=[0-9]{3})", "\\1", out, perl = TRUE), collapse = " | ")
}

# The counts and percents of hidden cells, as they would be written, where no shown number
# is the same.
secrets <- function(tab, s) {
  hidden <- s$cells$status != "safe"
  texts <- function(x) {
    percent <- x$percent[!is.na(x$percent) & x$percent < 100]
    unique(c(sprintf("%.0f", x$n), substr(format(percent, digits = 15, trim = TRUE), 1, 10)))
  }
  setdiff(texts(tab$cells[hidden, ]), texts(tab$cells[!hidden, ]))
}

told <- function(x, secret) {
  text <- contents(x)
  secret[vapply(secret, grepl, NA, x = text, fixed = TRUE)]
}

secret_tables <- function() {
  cases <- expand.grid(b = c("u", "v", "w"), a = c("x", "y", "z"))
  cases$g <- c("p", "p", "q")[as.integer(cases$a)]
  cases$n <- c(98761, 31117, 97531, 96427, 95327, 94219, 93133, 92111, 91309)
  cases$score <- 1:9 / 7
  tab <- function(formula, ...) crosstab(cases, formula, weights = "n", ...)
  list(
    row = tab(a ~ b, percent = "row"),
    means = tab(a ~ b, percent = "column", value = "score", stat = c("mean", "sd", "n_missing")),
    open = tab(a ~ b, percent = "total", totals = FALSE),
    styled = tab(a ~ b, style = "{n} of {base}", percent = "row"),
    nested = tab(g / a ~ b, nets = list(b = list("u or v" = c("u", "v")))),
    strata = tab(b ~ g | a, percent = "column")
  )
}

written <- function(s, ending) {
  file <- tempfile(fileext = paste0(".", ending))
  on.exit(unlink(file))
  write_tables(list(table = s), file)
  if (!ending %in% c("docx", "xlsx")) return(readLines(file, warn = FALSE))
  dir <- tempfile()
  utils::unzip(file, exdir = dir)
  unlist(lapply(list.files(dir, recursive = TRUE, full.names = TRUE, all.files = TRUE),
    readLines, warn = FALSE))
}

drawn <- function(s) {
  file <- tempfile(fileext = ".svg")
  on.exit(unlink(file))
  grDevices::svg(file)
  plot(s)
  grDevices::dev.off()
  readLines(file, warn = FALSE)
}

roads <- function() {
  road <- list(
    object = function(s) s,
    saved = function(s) unserialize(serialize(s, NULL)),
    dput = function(s) utils::capture.output(dput(unclass(s))),
    data_frame = function(s) as.data.frame(s, kind = TRUE),
    matrices = function(s) {
      lapply(setdiff(names(s$cells), s$spec$variables), function(v) as.matrix(s, statistic = v))
    },
    base_table = as.table, turned = t,
    part = function(s) s[seq_len(nrow(s$rows) - 1L), ],
    head = function(s) utils::head(s, 2),
    below = function(s) rbind(s, s), beside = function(s) cbind(s, s),
    lines = function(s) c(format(s), format(s, width = 200)),
    summary = function(s) list(summary(s), utils::capture.output(print(summary(s)))),
    bounds = function(s) confint(s), picture = drawn,
    note = release_note, risk = disclosure_risk, compared = function(s) compare_tables(s, s)
  )
  for (ending in c("html", "md", "tex", "docx", "xlsx", "csv")) local({
    ending <- ending
    road[[ending]] <<- function(s) written(s, ending)
  })
  if (requireNamespace("generics", quietly = TRUE)) {
    road$tidy <- function(s) generics::tidy(s)
    road$glance <- function(s) generics::glance(s)
  }
  if (requireNamespace("knitr", quietly = TRUE)) {
    road$knitted <- function(s) as.character(knitr::knit_print(s))
  }
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    road$ggplot <- function(s) ggplot2::autoplot(s)$data
  }
  if (requireNamespace("flextable", quietly = TRUE)) {
    road$flextable <- function(s) flextable::as_flextable(s)
  }
  road
}

test_that("no road out of a suppressed table leads to a hidden number", {
  leaks <- character()
  for (name in names(tables <- secret_tables())) {
    tab <- tables[[name]]
    s <- suppress(tab, sdc_rule(threshold = 40000, totals = name == "strata"))
    secret <- secrets(tab, s)
    expect_gt(length(secret), 0)
    # the search sees them in the full table
    expect_setequal(told(tab$cells, secret), secret)
    for (road in names(out <- roads())) {
      found <- tryCatch(out[[road]](s), casereview_error = function(e) conditionMessage(e))
      found <- told(found, secret)
      if (length(found)) leaks <- c(leaks, paste(name, road, found))
    }
  }
  expect_equal(leaks, character())
})

test_that("a table made inside a function does not carry the cases along", {
  make <- function() {
    cases <- data.frame(a = rep(c("x", "y", "z"), c(3, 9, 30)), name = "Kingfisher")
    crosstab(cases, ~ a)
  }
  tab <- make()
  expect_match(contents(tab), "Kingfisher")
  expect_no_match(contents(suppress(tab, 4)), "Kingfisher")
})

# ---- means ----

rated_table <- function(rows, columns) {
  d <- expand.grid(b = factor(seq_len(columns)), a = factor(seq_len(rows)))
  d <- d[rep(seq_len(nrow(d)), sample(c(1:4, 6:15), nrow(d), TRUE)), ]
  d$score <- sample(1:5, nrow(d), TRUE)
  crosstab(d, a ~ b, value = "score", stat = "mean")
}

# Intervals of hidden counts for a reader who knows the scale, 1 to 5, and uses every mean:
# a count and a sum for each cell.
intervals_with_means <- function(s, mean = s$cells$mean) {
  sums <- solver_sums(s)
  n <- s$cells$n
  hidden <- is.na(n)
  known <- !hidden & !is.na(mean)
  k <- length(n)
  fix <- function(at, value) {
    line <- matrix(0, length(at), 2 * k)
    line[cbind(seq_along(at), at)] <- 1
    list(line, value)
  }
  none <- matrix(0, nrow(sums), k)
  counts <- fix(which(!hidden), n[!hidden])
  totals <- fix(k + which(known), (n * mean)[known])
  lines <- rbind(cbind(sums, none), cbind(none, sums), counts[[1]], totals[[1]],
    cbind(-diag(k), diag(k)), cbind(-5 * diag(k), diag(k)), cbind(diag(k), 0 * diag(k)))
  right <- c(rep(0, 2 * nrow(sums)), counts[[2]], totals[[2]], rep(0, 2 * k), rep(1, k))
  way <- rep(c("=", ">=", "<=", ">="), c(length(right) - 3 * k, k, k, k))
  t(vapply(which(hidden), function(i) {
    goal <- as.numeric(seq_len(2 * k) == i)
    c(lpSolve::lp("min", goal, lines, way, right)$objval,
      lpSolve::lp("max", goal, lines, way, right)$objval)
  }, c(0, 0)))
}

test_that("the means that stay bound no hidden count, for a reader who knows the scale", {
  skip_if_not_installed("lpSolve")
  set.seed(17)
  narrowed <- protected <- 0
  for (k in rounds(40)) {
    tab <- rated_table(3, 3)
    s <- tryCatch(suppress(tab, sdc_rule(threshold = 4, min_mean_n = 1)),
      casereview_error_disclosure = function(e) NULL)
    if (is.null(s) || all(s$cells$status == "safe")) next
    protected <- protected + 1
    risk <- disclosure_risk(s)
    found <- intervals_with_means(s)
    expect_true(all(found[, 1] <= risk$lower + 1e-6 & found[, 2] >= risk$upper - 1e-6))
    every <- ifelse(is.na(s$cells$n), NA, tab$cells$mean)
    all <- intervals_with_means(s, every)
    narrowed <- narrowed + any(ceiling(all[, 1] - 1e-6) > risk$lower |
      floor(all[, 2] + 1e-6) < risk$upper)
  }
  # with every mean left in, the reader would have known more
  expect_gt(protected, 0)
  if (length(rounds(40)) == 40) expect_gt(narrowed, 0)
})

test_that("a mean rests on known values, and small numbers of missing ones are not told", {
  d <- data.frame(a = rep(c("x", "y"), c(20, 30)), score = 1)
  d$score[1:18] <- NA
  d$score[21:22] <- NA
  tab <- crosstab(d, ~ a, value = "score", stat = c("mean", "n_missing"))
  s <- suppress(tab, 4)
  expect_true(all(s$cells$status == "safe"))
  expect_equal(is.na(s$cells$mean), c(TRUE, FALSE, FALSE))
  expect_equal(is.na(s$cells$base), c(TRUE, TRUE, FALSE))
  expect_equal(is.na(s$cells$n_missing), c(FALSE, TRUE, FALSE))
})

test_that("a mean of partly known values has no more decimals than its print", {
  d <- data.frame(a = rep(c("x", "y"), c(20, 30)), score = c(seq_len(49) / 7, NA))
  s <- suppress(crosstab(d, ~ a, value = "score"), 4)
  expect_equal(s$cells$mean[2], round(mean(d$score[21:49]), 1))
  expect_equal(s$cells$mean[1], mean(d$score[1:20]))
})

test_that("counts beside rounded ones are rounded too", {
  d <- data.frame(a = rep(c("x", "y"), c(23, 31)), score = 1:54)
  s <- suppress(crosstab(d, ~ a, value = "score", stat = c("mean", "n_missing")), "hesa")
  numbers <- s$cells[c("n", "n_missing", grep("^n_known", names(s$cells), value = TRUE))]
  expect_true(all(unlist(numbers) %% 5 == 0))
})
