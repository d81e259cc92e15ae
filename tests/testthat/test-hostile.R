# Every exported function with arguments that make no sense: the answer is a value, or an
# error of this package that a reader can act on, and never an error of R from inside.

hostile_codebook <- function() {
  codebook(
    data.frame(variable = c("case", "area", "neglect", "domestic_violence"),
      type = c("id", "nominal", "rating", "rating")),
    data.frame(variable = rep(c("area", "neglect", "domestic_violence"), c(2L, 3L, 3L)),
      code = c("N", "S", "0", "1", "2", "0", "1", "2"),
      label = c("North", "South", rep(c("No", "Low", "High"), 2L)),
      score = c(NA, NA, 0, 1, 2, 0, 1, 2))
  )
}

hostile_data <- function() {
  level <- c("No", "Low", "High")
  data.frame(
    case = 1:6, area = rep(c("North", "South"), 3L),
    neglect = factor(level[c(1, 2, 3, 3, 2, 1)], levels = level),
    domestic_violence = factor(level[c(1, 3, 3, 2, 2, 1)], levels = level),
    age = c(1, 4, 7, 2, 9, 3), fatal = rep(c(TRUE, FALSE, FALSE), 2L)
  )
}

hostile_ratings <- function() {
  data.frame(case = rep(1:4, each = 2L), coder = rep(c("A", "B"), 4L), item = "neglect",
    rating = c(0, 0, 1, 2, 2, 2, 0, 1))
}

# A call of each exported function that is right.
hostile_calls <- function(dir) {
  d <- hostile_data()
  cb <- hostile_codebook()
  r <- hostile_ratings()
  tab <- crosstab(d, neglect ~ area)
  counts <- matrix(c(12, 5, 3, 9), 2L)
  large <- crosstab(data.frame(area = rep(c("N", "S", "E"), c(31L, 22L, 27L)),
    level = rep(c("a", "b", "c", "a"), 20L)), level ~ area)
  periods <- data.frame(case = 1:2, start = "2014-01-01", end = "2014-03-01")
  samples <- combine_samples("2012" = d[1:3, 1:4], "2013" = d[4:6, 1:4], codebook = cb)
  file <- function(name) file.path(dir, name)
  write_codebook(cb, file("book"))
  write_worksheet(disagreements(r), file("discuss.csv"))
  list(
    agreement = list(ratings = r), agreement_indices = list(ratings = r),
    all_agree = list(ratings = r), as_codebook = list(data = d), as_kable = list(x = tab), as_gt = list(x = tab),
    association_test = list(table = counts), audit_bins = list(labels = c("0-1", "2-3")),
    audit_claims = list(claims = data.frame(claim = "a", printed = "6", expression = "nrow(d)"),
      data = list(d = d)),
    audit_mean = list(mean = "12.80", n = 5), audit_percent = list(percent = 17.4, n = 4, base = 23),
    audit_pooled = list(means = c(1, 2), n = c(3, 4), pooled = 1.6),
    audit_sum = list(parts = c(1, 2), total = 3),
    audit_table = list(published = data.frame(area = "North", n = 3),
      computed = data.frame(area = "North", n = 3)),
    case_duration = list(periods = periods), case_flow = list(data = exclude_cases(d, 1, "why")),
    cell = list(tab = tab, area = "North", neglect = "Low"),
    check_coding = list(data = d[1:4], codebook = cb),
    codebook = list(variables = data.frame(variable = "a", type = "text")),
    codebook_losses = list(x = cb), coding_changes = list(x = samples),
    coding_template = list(codebook = cb, file = file("template.xlsx")),
    combine_crosstabs = list(a = tab, b = tab),
    combine_samples = list(a = d[1:4], codebook = cb),
    compare_tables = list(old = tab, new = tab), consensus = list(ratings = r),
    consensus_decisions = list(x = consensus(r)), cramers_v = list(table = counts),
    create_review = list(path = file("review")), crosstab = list(data = d, formula = neglect ~ area),
    disagreements = list(ratings = r), disclosure_risk = list(x = suppress(large, 5)),
    discrimination = list(scores = d$age, outcome = d$fatal),
    event_rate = list(events = 3, time = 10),
    exclude_cases = list(data = d, cases = 1, reason = "why"),
    goodman_kruskal_gamma = list(table = counts), icc = list(ratings = r),
    individual_ratings = list(x = consensus(r)), item_analysis = list(data = d, codebook = cb),
    item_contributions = list(data = d, codebook = cb), kendall_w = list(ratings = r),
    mantel_haenszel = list(table = array(c(4, 2, 3, 5, 6, 1, 2, 7), c(2, 2, 2))),
    odds_ratio = list(table = counts),
    proportion_difference = list(n1 = 3, base1 = 10, n2 = 4, base2 = 9),
    proportion_interval = list(n = 3, base = 10), rate_ratio = list(events = 3:4, time = 5:6),
    read_codebook = list(file = file("book")), read_worksheet = list(file = file("discuss.csv")),
    recode_coding = list(data = d[1:4], codebook = cb), release_note = list(x = suppress(large, 5)),
    risk_profile = list(data = d, codebook = cb), risk_ratio = list(table = counts),
    round_counts = list(x = tab), score_risk = list(data = d, codebook = cb),
    score_sensitivity = list(data = d, codebook = cb), sdc_rule = list(threshold = 4),
    specific_agreement = list(ratings = r), suppress = list(x = large, rule = 5),
    trend_test = list(n = c(2, 4), base = c(9, 9)),
    write_codebook = list(x = cb, file = file("written")),
    write_tables = list(tables = list(a = tab), file = file("tables.md")),
    write_worksheet = list(x = disagreements(r), file = file("written.csv"))
  )
}

hostile_values <- function() {
  bytes <- "a\xff"
  Encoding(bytes) <- "bytes"
  list(
    NULL, NA, -1, NaN, 1e300, character(), "", bytes, c("a", NA), strrep("x", 1e4), list(),
    list(1, "a"), sum, as.POSIXlt("2014-02-28", tz = "UTC"), matrix(0, 0L, 3L), y ~ x,
    structure(c(1L, 99L), levels = c("a", "b"), class = "factor"),
    structure(1:2, class = "factor"), globalenv(), quote(x),
    structure(list(a = 1:3, b = 1:2), row.names = c(NA, -3L), class = "data.frame"),
    structure(1:3, row.names = c(NA, -3L), class = "data.frame"),
    structure(list(1:3), row.names = c(NA, -3L), class = "data.frame")
  )
}

# "" for a value or an error of this package, else what came.
answer_to <- function(name, args) {
  tryCatch({
    suppressMessages(suppressWarnings(do.call(name, args, quote = TRUE)))
    ""
  }, casereview_error = function(e) "", error = conditionMessage)
}

test_that("there is a right call of every exported function", {
  dir <- tempfile("hostile")
  dir.create(dir)
  on.exit(unlink(dir, recursive = TRUE))
  calls <- hostile_calls(dir)
  expect_identical(setdiff(getNamespaceExports("casereview"), c(names(calls), "cafcass_codebook")),
    character())
  for (name in setdiff(names(calls), c("as_kable", "as_gt", "coding_template"))) {
    expect_error(do.call(name, calls[[name]], quote = TRUE), NA, info = name)
  }
})

test_that("an argument left out is named in one sentence", {
  dir <- tempfile("hostile")
  dir.create(dir)
  on.exit(unlink(dir, recursive = TRUE))
  calls <- hostile_calls(dir)
  for (name in names(calls)) {
    formals <- formals(get(name, asNamespace("casereview")))
    needed <- names(formals)[vapply(formals, identical, NA, quote(expr = ))]
    for (arg in setdiff(needed, "...")) {
      args <- calls[[name]][setdiff(names(calls[[name]]), arg)]
      expect_error(do.call(name, args, quote = TRUE), paste0("`", arg, "`"),
        class = "casereview_error_argument", info = paste(name, arg))
    }
  }
})

test_that("no argument brings out an error of R from inside", {
  skip_on_cran()
  dir <- tempfile("hostile")
  dir.create(dir)
  old <- setwd(dir)
  on.exit({
    setwd(old)
    unlink(dir, recursive = TRUE)
  })
  calls <- hostile_calls(dir)
  values <- hostile_values()
  if (length(rounds(30L)) < 30L) values <- values[c(8L, 14L, 17L, 21L)]
  bad <- character()
  for (name in names(calls)) {
    formals <- names(formals(get(name, asNamespace("casereview"))))
    for (arg in union(names(calls[[name]]), setdiff(formals, "..."))) {
      for (i in seq_along(values)) {
        args <- calls[[name]]
        args[arg] <- values[i]
        came <- answer_to(name, args)
        if (nzchar(came)) bad <- c(bad, paste0(name, "(", arg, " = value ", i, "): ", came))
      }
    }
  }
  expect_identical(bad, character())
})
