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

# The counts of hidden cells, their percents (whole, as printed and as the shares that a
# workbook holds) and every statistic that was taken away, as they would be written, where
# no shown number is the same.
secrets <- function(tab, s) {
  hidden <- s$cells$status != "safe"
  count <- function(at) sprintf("%.0f", tab$cells$n[at])
  percent <- function(at) {
    p <- tab$cells$percent[at]
    p <- p[!is.na(p) & p < 100]
    short <- sprintf("%.1f%%", p)
    unique(c(long_number(p), long_number(p / 100), short[nchar(short) == 5L]))
  }
  named <- grep("^n_", statistic_columns(tab), value = TRUE, invert = TRUE)
  statistic <- function(name) {
    value <- function(x) {
      v <- x$cells[[name]]
      v <- v[!is.na(v) & abs(v) >= 1000]
      c(long_number(v), sprintf("%.1f", v))
    }
    setdiff(value(tab), value(s))
  }
  unique(c(setdiff(count(hidden), count(!hidden)), setdiff(percent(hidden), percent(!hidden)),
    unlist(lapply(named, statistic))))
}

long_number <- function(x) {
  if (!length(x)) return(character())
  substr(vapply(x, format, "", digits = 15), 1, 10)
}

told <- function(x, secret) {
  text <- contents(x)
  secret[vapply(secret, grepl, NA, x = text, fixed = TRUE)]
}

secret_tables <- function() {
  cases <- expand.grid(b = c("u", "v", "w"), a = c("x", "y", "z"))
  cases$g <- c("p", "p", "q")[as.integer(cases$a)]
  cases$n <- c(98761, 31117, 97531, 96427, 95327, 94219, 93133, 92111, 91309)
  cases$score <- 1000 + 1:9 * 1371 / 7
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
  c(file_bytes(file), if (ending %in% c("docx", "xlsx")) unzipped(file))
}

# Every byte that is a letter, a digit or a sign, of whatever kind the file is; of UTF-16
# too, in which what Windows writes for printers is kept.
file_bytes <- function(file) {
  bytes <- readBin(file, "raw", file.size(file))
  bytes[bytes > 126 | (bytes < 32 & bytes > 0)] <- charToRaw(" ")
  rawToChar(bytes[bytes > 0])
}

# All the parts of a .docx or .xlsx: sheets, shared strings, formulas, properties, notes,
# alternative texts, styles, settings of printers.
unzipped <- function(file) {
  dir <- tempfile()
  on.exit(unlink(dir, recursive = TRUE))
  utils::unzip(file, exdir = dir)
  parts <- list.files(dir, recursive = TRUE, full.names = TRUE, all.files = TRUE)
  c(list.files(dir, recursive = TRUE, all.files = TRUE), vapply(parts, file_bytes, ""))
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
    road$knitted <- function(s) knitr::knit_print(s)
    for (form in c("latex", "html", "pipe", "simple", "rst", "jira")) local({
      form <- form
      road[[paste("kable", form)]] <<- function(s) as_kable(s, "Secret", format = form)
    })
    road$knitted_docx <- knitted_for("docx")
    road$knitted_html <- knitted_for("html")
    road$knitted_latex <- knitted_for("latex")
  }
  if (nzchar(system.file(package = "gt"))) {
    gt_form <- function(name, s) as.character(getExportedValue("gt", name)(as_gt(s)))
    road$gt <- function(s) as_gt(s)
    road$gt_html <- function(s) gt_form("as_raw_html", s)
    road$gt_rtf <- function(s) gt_form("as_rtf", s)
  }
  if (requireNamespace("ggplot2", quietly = TRUE)) {
    road$ggplot <- function(s) ggplot2::autoplot(s)$data
  }
  if (requireNamespace("flextable", quietly = TRUE)) {
    road$flextable <- function(s) flextable::as_flextable(s)
  }
  road
}

knitted_for <- function(to) {
  function(s) {
    old <- knitr::opts_knit$get("rmarkdown.pandoc.to")
    on.exit(knitr::opts_knit$set(rmarkdown.pandoc.to = old))
    knitr::opts_knit$set(rmarkdown.pandoc.to = to)
    knitr::knit_print(s)
  }
}

test_that("no road out of a suppressed table leads to a hidden number", {
  leaks <- character()
  for (name in names(tables <- secret_tables())) {
    tab <- tables[[name]]
    s <- suppress(tab, sdc_rule(threshold = 40000, totals = name == "strata"))
    secret <- secrets(tab, s)
    expect_gt(length(secret), 0)
    # the search sees them in the full table
    full <- list(tab$cells, tab$cells$percent / 100, written(tab, "html"))
    # percents stand in the full table only where its cells print them
    printed <- name != "styled" | !endsWith(secret, "%")
    expect_setequal(told(full, secret), secret[printed])
    for (road in names(out <- roads())) {
      found <- tryCatch(out[[road]](s), casereview_error = function(e) conditionMessage(e))
      found <- told(found, secret)
      if (length(found)) leaks <- c(leaks, paste(name, road, found))
    }
  }
  expect_equal(leaks, character())
})

test_that("the search finds a number in every form of file, wherever it stands", {
  tab <- secret_tables()$row
  shown <- c("98761", "31117", "97531", "96427", "95327", "94219", "93133", "92111", "91309")
  endings <- c("html", "md", "tex", "csv")
  if (requireNamespace("openxlsx", quietly = TRUE)) endings <- c(endings, "xlsx")
  if (requireNamespace("flextable", quietly = TRUE)) endings <- c(endings, "docx")
  for (ending in endings) expect_setequal(told(written(tab, ending), shown), shown)
  skip_if_not_installed("openxlsx")
  book <- openxlsx::createWorkbook(creator = "author 98761", title = "title 31117")
  openxlsx::addWorksheet(book, "sheet 97531")
  openxlsx::writeFormula(book, 1, "96420+7&\"95327\"")
  openxlsx::writeComment(book, 1, 2, 2, openxlsx::createComment("note 94219", "c"))
  openxlsx::createNamedRegion(book, 1, "name_93133", rows = 1, cols = 1)
  file <- tempfile(fileext = ".xlsx")
  on.exit(unlink(file))
  openxlsx::saveWorkbook(book, file)
  expect_setequal(told(unzipped(file), shown), setdiff(shown, c("96427", "92111", "91309")))
})

# The names of the parts of a written file, and all that is in them as one text.
file_parts <- function(ending) {
  s <- suppress(secret_tables()$nested, sdc_rule(threshold = 40000))
  file <- tempfile(fileext = paste0(".", ending))
  on.exit(unlink(file))
  write_tables(list(One = s, Two = s), file)
  parts <- unzipped(file)
  list(names = parts[!nzchar(names(parts))], text = paste(parts, collapse = " "))
}

unseen_parts <-
  "comment|externalLink|customXml|embeddings|media|pivot|query|connections|custom\\.xml"

test_that("a workbook holds no part in which something could be kept unseen", {
  skip_if_not_installed("openxlsx")
  parts <- file_parts("xlsx")
  expect_true("xl/workbook.xml" %in% parts$names)
  expect_no_match(parts$names, unseen_parts)
  expect_no_match(parts$text, "state=\"(hidden|veryHidden)\"|hidden=\"(1|true)\"|definedName")
  formulas <- regmatches(parts$text, gregexpr("<f>[^<]*</f>", parts$text))[[1]]
  expect_length(formulas, 2)
  expect_true(all(startsWith(formulas, "<f>HYPERLINK(")))
  expect_match(parts$text, "<dc:creator></dc:creator>", fixed = TRUE)
  expect_no_match(parts$text, "<cp:lastModifiedBy>[^<]")
})

test_that("a document holds no part in which something could be kept unseen", {
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  parts <- file_parts("docx")
  expect_true("word/document.xml" %in% parts$names)
  # some versions of officer write a part for comments that holds none
  expect_no_match(setdiff(parts$names, "word/comments.xml"), unseen_parts)
  expect_no_match(parts$text, "<w:vanish|<w:del |<w:ins |<w:comment |wp:docPr|w:docVar")
  expect_match(parts$text, "<dc:creator></dc:creator>", fixed = TRUE)
  expect_no_match(parts$text, "<(cp:lastModifiedBy|dc:description|cp:keywords)>[^<]")
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
  # 18 of x and 20 of all would leave the 2 of y
  expect_true(all(is.na(s$cells$base)))
  expect_true(all(is.na(s$cells$n_missing)))
  s <- suppress(crosstab(d, ~ a, value = "score", stat = "n_missing", totals = FALSE), 4)
  expect_equal(is.na(s$cells$n_missing), c(FALSE, TRUE))
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

test_that("a .csv for readers does not tell the two kinds of hidden cell apart", {
  s <- suppress(secret_tables()$row, sdc_rule(threshold = 40000))
  text <- written(s, "csv")
  expect_no_match(text, "primary|secondary")
  expect_true(any(grepl("hidden", text)))
})

test_that("means and sums do not give the counts away that a rule rounds", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(3, 23, 17)), v = c(2, 5, 9, 1:40 %% 7))
  s <- suppress(crosstab(d, ~ a, value = "v", stat = c("mean", "sd", "sum")), "nhs")
  shown <- !is.na(s$cells$n)
  expect_equal(sum(shown), 3)
  for (name in c("mean", "sd")) {
    expect_equal(s$cells[[name]][shown], round(s$cells[[name]][shown], 1))
  }
  expect_true(all(is.na(s$cells$sum)))
  alone <- suppress(crosstab(d, ~ a, value = "v", stat = "sum"), "nhs")
  expect_equal(alone$cells$sum[2], sum(d$v[d$a == "y"]))
})
