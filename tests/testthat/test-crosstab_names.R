# A variable may have any name that no column of the table has: each of these gives the
# table that a plain name of the same width gives.

any_names <- c("kind", "label", "parent", "block", "depth", "row_kind", "column_kind",
  "stratum_kind", "status", "mean", "sd", "min", "median", "max", "sum", "n_missing",
  "n_known", "n_unweighted", "status_then", "value", "rows", "n_known_x")

# Three columns of levels, one of several codes, a value and a weight.
named_cases <- function(names) {
  set.seed(71)
  n <- 240L
  d <- data.frame(sample(c("r", "s", "t", NA), n, TRUE, c(4, 4, 4, 1)),
    sample(c("u", "v"), n, TRUE), sample(c("e", "f", "g"), n, TRUE, c(5, 3, 1)),
    sample(c("h", "i", "h;i"), n, TRUE))
  names(d) <- c(names, "m")
  d$x <- round(stats::rnorm(n), 2)
  d$w <- sample(1:3, n, TRUE)
  d
}

formula_of <- function(text, names) {
  for (k in 1:3) text <- gsub(LETTERS[k], paste0("`", names[k], "`"), text, fixed = TRUE)
  stats::as.formula(text)
}

# Tables of many kinds as functions of the names; `columns` are those beyond the variables.
named_tables <- list(
  one = list(make = function(d, v) crosstab(d, formula_of("~ A", v), percent = "total")),
  two = list(make = function(d, v) crosstab(d, formula_of("A ~ B", v), percent = "column")),
  strata = list(make = function(d, v) crosstab(d, formula_of("A ~ B | C", v))),
  nested = list(make = function(d, v) crosstab(d, formula_of("A / B ~ C", v), percent = "row")),
  spanned = list(make = function(d, v) crosstab(d, formula_of("A ~ B / C", v))),
  stacked = list(make = function(d, v) crosstab(d, formula_of("A + B ~ C", v))),
  several = list(make = function(d, v) {
    crosstab(d, formula_of("m + A ~ B", v), multicode = c(m = ";"))
  }),
  nets = list(make = function(d, v) {
    nets <- structure(list(list("r or s" = c("r", "s"))), names = v[1])
    crosstab(d, formula_of("A ~ B", v), nets = nets, missing = "exclude")
  }),
  weighted = list(columns = "n_unweighted", make = function(d, v) {
    crosstab(d, formula_of("A ~ B", v), weights = "w", percent = "row")
  }),
  mean = list(columns = "mean", make = function(d, v) crosstab(d, formula_of("A ~ B", v), "x")),
  spread = list(columns = c("sd", "min", "median", "max", "sum", "n_missing"),
    make = function(d, v) {
      crosstab(d, formula_of("~ A / B", v), "x",
        c("sd", "min", "median", "max", "sum", "n_missing"))
    }),
  values = list(columns = c("max_x", "max_w"), make = function(d, v) {
    crosstab(d, formula_of("A ~ C", v), c("x", "w"), "max")
  }),
  hidden = list(columns = "status", make = function(d, v) {
    suppress(crosstab(d, formula_of("A ~ B / C", v), percent = "row"),
      sdc_rule(threshold = 4, zeros = "spare", totals = TRUE))
  }),
  hidden_means = list(columns = c("status", "mean", "n_missing"), make = function(d, v) {
    suppress(crosstab(d[1:60, ], formula_of("A ~ C", v), "x", c("mean", "n_missing")),
      sdc_rule(threshold = 3, zeros = "spare", totals = TRUE))
  }),
  rounded = list(make = function(d, v) round_counts(crosstab(d, formula_of("A ~ B", v)))),
  rounded_means = list(columns = c("mean", "n_missing"), make = function(d, v) {
    round_counts(crosstab(d, formula_of("A ~ B", v), "x", c("mean", "n_missing")))
  }),
  combined = list(columns = c("mean", "sd"), make = function(d, v) {
    part <- function(rows) crosstab(d[rows, ], formula_of("A / B ~ C", v), "x", c("mean", "sd"))
    part(1:90) + part(91:240)
  }),
  bound = list(make = function(d, v) {
    rbind(one = crosstab(d, formula_of("A ~ C", v)), two = crosstab(d, formula_of("B ~ C", v)))
  }),
  beside = list(make = function(d, v) {
    cbind(crosstab(d, formula_of("A ~ B", v)), crosstab(d, formula_of("A ~ C", v)))
  }),
  turned = list(make = function(d, v) t(crosstab(d, formula_of("A ~ B | C", v))["r", , "e"]))
)

written <- function(tab, ending) {
  file <- tempfile(fileext = ending)
  on.exit(unlink(file))
  write_tables(list(one = tab), file)
  gsub("\\_", "_", readLines(file), fixed = TRUE)
}

# What is made of a table; `columns` are those that the function adds to the variables.
named_results <- list(
  table = list(make = function(tab) unclass(tab)),
  frame = list(make = function(tab) as.data.frame(tab)),
  kinds = list(columns = c("row_kind", "column_kind", "stratum_kind"),
    make = function(tab) as.data.frame(tab, kind = TRUE)),
  matrix = list(make = function(tab) as.matrix(tab, "text")),
  table_of_base = list(make = function(tab) as.table(tab)),
  print = list(make = function(tab) format(tab)),
  turned = list(make = function(tab) unclass(t(tab))),
  part = list(make = function(tab) format(head(tab, 2L))),
  layout = list(make = function(tab) table_layout(tab)),
  summary = list(make = function(tab) summary(tab)),
  association = list(make = function(tab) known_table(tab)),
  intervals = list(make = function(tab) {
    if (tab$spec$percent != "none") list(confint(tab), format(confint(tab)))
  }),
  csv = list(make = function(tab) written(tab, ".csv")),
  markdown = list(make = function(tab) written(tab, ".md")),
  chart = list(make = function(tab) chart_cells(tab, "n")),
  compared = list(make = function(tab) {
    if (nrow(tab$cells) > 20L) return(NULL)
    other <- tab
    other$cells$n <- other$cells$n + 1
    list(compare_tables(tab, other), compare_tables(tab, as.data.frame(other)))
  }),
  audited = list(make = function(tab) {
    frame <- as.data.frame(tab)
    if (nrow(frame) > 12L) return(NULL)
    list(audit_table(frame, tab), audit_table(frame, frame))
  }),
  claims = list(make = function(tab) audit_claims(data.frame(id = 1, printed = 2,
    expression = "nrow(data)"), tab)),
  cells = list(make = function(tab) {
    lapply(tab$spec$variables, function(v) {
      block <- Filter(function(b) v %in% b, unlist(unname(tab$spec$axes), recursive = FALSE))[[1]]
      here <- tab$cells[[v]] != "Total"
      for (o in setdiff(tab$spec$variables, block)) here <- here & tab$cells[[o]] == "Total"
      i <- which(here)[1]
      if (is.na(i)) return(NULL)
      do.call(cell, c(list(tab), tab$cells[i, block, drop = FALSE]))
    })
  }),
  risk = list(make = function(tab) {
    rounded <- !is.null(tab$rounded) || !is.null(tab$spec$weights)
    if (!rounded) disclosure_risk(tab, sdc_rule(threshold = 4, zeros = "spare", totals = TRUE))
  }),
  release = list(make = function(tab) if (!is.null(tab$disclosure)) format(release_note(tab)))
)

# The strings of a result, and its names, with other names of the variables.
renamed <- function(x, from, to) {
  if (is.language(x)) x <- paste(deparse(x), collapse = "")
  if (is.environment(x) || is.function(x)) return(NULL)
  kept <- attributes(x)
  if (is.list(x)) x <- lapply(unclass(x), renamed, from, to)
  if (is.character(x)) {
    for (k in seq_along(from)) x <- gsub(from[k], to[k], x, fixed = TRUE)
  }
  if (!is.null(kept)) attributes(x) <- lapply(kept, renamed, from, to)
  x
}

# Of the same width, since print depends on it.
plain_names <- function(names) {
  vapply(1:3, function(k) gsub("[a-z]", c("z", "y", "q")[k], names[k]), "")
}

# What a call gives, or that it is refused for a name of `clash`.
result_of <- function(make, clash) {
  if (!length(clash)) return(make())
  error <- tryCatch(make(), casereview_error_argument = conditionMessage)
  if (grepl(paste0("\"", clash[1L], "\".*; give (it|them) (an)?other name"), error)) "refused" else error
}

test_that("a table of variables of any name is the table of plain names", {
  wrong <- character()
  for (i in rounds(ceiling(length(any_names) / 3))) {
    own <- any_names[(3L * i + 0:2) %% length(any_names) + 1L]
    plain <- plain_names(own)
    for (kind in names(named_tables)) {
      make <- named_tables[[kind]]$make
      same <- make(named_cases(plain), plain)
      used <- own[plain %in% same$spec$variables]
      clash <- intersect(used, named_tables[[kind]]$columns)
      tab <- result_of(function() make(named_cases(own), own), clash)
      if (length(clash)) {
        if (!identical(tab, "refused")) wrong <- c(wrong, paste(c(kind, own), collapse = " "))
        next
      }
      for (result in names(named_results)) {
        of <- named_results[[result]]$make
        clash <- intersect(used, named_results[[result]]$columns)
        mine <- result_of(function() of(tab), clash)
        good <- if (length(clash)) identical(mine, "refused") else
          identical(renamed(mine, own, own), renamed(of(same), plain, own))
        if (!good) wrong <- c(wrong, paste(c(kind, result, own), collapse = " "))
      }
    }
  }
  expect_identical(wrong, character())
})

test_that("a database gives the same table of variables of any name", {
  tables <- sqlite_tables()
  on.exit(tables$stop())
  for (i in rounds(ceiling(length(any_names) / 3))) {
    own <- any_names[(3L * i + 0:2) %% length(any_names) + 1L]
    d <- named_cases(own)
    d$x <- round(100 * d$x)
    lazy <- tables$put(d)
    ask <- function(data, text, ...) unclass(as.data.frame(crosstab(data, formula_of(text, own), ...)))
    expect_identical(ask(lazy, "A ~ B | C"), ask(d, "A ~ B | C"))
    if ("sum" %in% own || "n_unweighted" %in% own) next
    expect_equal(ask(lazy, "A / B ~ C", value = "x", stat = "sum", weights = "w"),
      ask(d, "A / B ~ C", value = "x", stat = "sum", weights = "w"))
  }
})

test_that("a function that adds a column refuses a variable of its name", {
  d <- data.frame(a = rep(c("x", "y"), c(6, 9)), b = rep(c("u", "v"), length.out = 15), x = 1:15)
  called <- function(name, formula = ~ a, ...) {
    names(d)[names(d) == "a"] <- name
    crosstab(d, do.call(substitute, list(formula, list(a = as.name(name)))), ...)
  }
  refused <- function(code, name, by) {
    expect_error(code, paste0("The table has the variable \"", name, "\", a name that ", by,
      " keeps for columns of its own; give it another name in `data`."),
      class = "casereview_error_argument", fixed = TRUE)
  }
  refused(suppress(called("status"), 4), "status", "suppress()")
  refused(as.data.frame(called("row_kind"), kind = TRUE), "row_kind", "as.data.frame(kind = TRUE)")
  for (name in c("lower", "upper")) {
    refused(confint(called(name, percent = "total")), name, "confint()")
  }
  for (name in c("lower", "upper", "protected")) {
    refused(disclosure_risk(called(name), 4), name, "disclosure_risk()")
  }
  for (name in c("statistic", "old", "new", "difference", "note")) {
    refused(compare_tables(called(name), called(name)), name, "compare_tables()")
  }
  file <- tempfile(fileext = ".csv")
  refused(write_tables(called("table"), file), "table", "the .csv of write_tables()")
  expect_false(file.exists(file))
  hidden <- suppress(called("a"), 4)
  refused(rbind(hidden, called("status")), "status", "the table beside it")
  refused(rbind(called("status"), hidden), "status", "the table beside it")
})

test_that("names that a result once lost or confused keep their values", {
  d <- data.frame(lower = rep(c("x", "y"), c(2, 30)), reason = rep(c("u", "v"), 16))
  d$interval <- d$kind <- d$lower
  # hidden for their small counts, without the table of intervals
  safe <- suppress(crosstab(d, lower ~ reason), sdc_rule(threshold = 4, totals = TRUE,
    zeros = "spare"))
  expect_s3_class(release_note(safe), "release_note")
  error <- tryCatch(suppress(crosstab(d, lower ~ reason), 4), error = identity)
  expect_identical(names(error$cells), c("lower", "reason", "n", "reason.1"))
  expect_identical(unique(error$cells$lower), "x")
  shown <- format(confint(crosstab(d, ~ interval, percent = "total")))
  expect_identical(names(shown), c("interval", "n", "base", "percent", "95% interval"))
  expect_identical(shown$interval, c("x", "y", "Total"))
  tab <- crosstab(d, kind ~ reason)
  expect_identical(cell(tab, kind = "x", reason = "u", statistic = "n"), 1)
  expect_identical(cell(tab, reason = "u", statistic = "n"), 16)
  expect_error(cell(tab, kind = "z"), "\"kind\" has no level \"z\"")
})

test_that("weights and several values are numbers of a compared table, not labels", {
  d <- data.frame(a = c("x", "y", "y"), w = 1:3, v = c(2, 4, 9))
  old <- crosstab(d, ~ a, value = c("w", "v"), stat = "max", weights = "w")
  d$w[3] <- 4L
  new <- crosstab(d, ~ a, value = c("w", "v"), stat = "max", weights = "w")
  moved <- compare_tables(old, new)
  expect_identical(names(moved)[1:2], c("a", "statistic"))
  expect_setequal(moved$statistic, c("n", "base", "max_w"))
})

test_that("groups of a risk profile may have any name that its columns have not", {
  book <- codebook(data.frame(variable = "harm", type = "rating"), data.frame(variable = "harm",
    code = 1:0, label = c("High", "Low"), score = 1:0))
  set.seed(72)
  d <- data.frame(harm = sample(c("High", "Low", NA), 40, TRUE), zzzz = sample(c("a", "b"), 40, TRUE))
  plain <- risk_profile(d, book, by = "zzzz")
  for (name in c(any_names, "stack", "missing", "score")) {
    names(d)[2] <- name
    mine <- risk_profile(d, book, by = name)
    expect_identical(renamed(mine, name, name), renamed(plain, "zzzz", name))
    expect_identical(format(mine), format(plain))
  }
  names(d)[2] <- "level"
  expect_error(risk_profile(d, book, by = "level"), "is a column of the result: rename it")
})
