# The 26 cases of the worked example: law type and risk rating.
example_cases <- function() {
  wtfh_wafh <- c(1, 4, 5, 8, 12, 14, 17)
  wtfh <- c(3, 6, 7, 20, 23)
  other <- c(11, 25, 26)
  both <- c(21, 22)
  risk <- c(4, 13, 2, 8, 10, 9, 12, 14, 22, 16, 8, 7, 18, 11, 25, 14, 11, 20, 22, 0, 17, 17, 3,
    15, 6, 12)
  type <- rep("s31 only", 26L)
  type[wtfh_wafh] <- "WTFH and WAFH"
  type[wtfh] <- "WTFH only"
  type[other] <- "Others"
  type[both] <- "Public and private"
  group <- ifelse(grepl("^WT", type), "Private law", "Public law")
  group[both] <- "Public and private"
  data.frame(
    law_group = factor(group, c("Public law", "Private law", "Public and private")),
    law_type = factor(type, c("s31 only", "Others", "WTFH only", "WTFH and WAFH",
      "Public and private")),
    risk_score = risk
  )
}

incident_counts <- function() {
  data.frame(
    incident = rep(c("Physical abuse (fatal)", "Neglect (fatal)", "Spite/revenge killing",
      "Suicide", "Neglect (non-fatal)", "Physical abuse (non-fatal)", "Sexual abuse",
      "Fatal drug overdose (not suicide)", "Other"), 3),
    sample = rep(c("2012", "2013", "2014"), each = 9),
    n_cases = c(3, 4, 5, 4, 2, 4, 0, 0, 1, 4, 4, 1, 1, 0, 0, 0, 0, 0, 11, 1, 2, 1, 4, 1, 4, 2, 0)
  )
}

test_that("published case types nest with subtotals (table 7)", {
  tab <- crosstab(example_cases(), ~ law_group/law_type, subtotals = "after")
  d <- as.data.frame(tab)
  expect_identical(names(d), c("law_group", "law_type", "n", "base", "percent", "text"))
  expect_identical(d$n[d$law_group == "Private law"], c(5, 7, 12))
  expect_identical(d$n[d$law_group == "Public law"], c(9, 3, 12))
  expect_identical(cell(tab, law_type = "Others"), "3")
  expect_identical(cell(tab, law_group = "Public and private"), "2")
  expect_identical(cell(tab), "26")
  expect_snapshot(print(tab))
})

test_that("published mean risk ratings by law type (table 12, sample of 2014)", {
  tab <- crosstab(example_cases(), ~ law_group/law_type, value = "risk_score")
  mean_of <- function(...) cell(tab, ...)
  expect_identical(mean_of(law_type = "s31 only"), "18.3 (9)")
  expect_identical(mean_of(law_type = "Others"), "8.7 (3)") # printed as 9: 26 / 3
  expect_equal(cell(tab, law_type = "Others", statistic = "mean"), 26 / 3)
  expect_identical(mean_of(law_group = "Public law"), "15.9 (12)") # printed as 16
  expect_identical(mean_of(law_type = "WTFH only"), "5.2 (5)")
  expect_identical(mean_of(law_type = "WTFH and WAFH"), "9.3 (7)")
  expect_identical(mean_of(law_group = "Private law"), "7.6 (12)")
  expect_identical(mean_of(law_group = "Public and private"), "17.0 (2)")
  expect_identical(mean_of(), "12.2 (26)")
})

test_that("a table made of published counts (table 11)", {
  tab <- crosstab(incident_counts(), incident ~ sample, weights = "n_cases", percent = "column",
    nets = list(sample = list("2012 and 2013" = c("2012", "2013"))), zero = "0")
  expect_identical(cell(tab, incident = "Suicide", sample = "2012"), "4 (17.4%)")
  expect_identical(cell(tab, incident = "Neglect (non-fatal)"), "6 (10.2%)") # printed 9.2
  expect_identical(cell(tab, incident = "Sexual abuse", sample = "2013"), "0")
  expect_identical(cell(tab, sample = "2012 and 2013", statistic = "n"), 33)
  by_column <- crosstab(incident_counts(), incident ~ sample, weights = "n_cases",
    percent = "column", style = "n (p)", digits = c(1, "2013" = 0), zero = "0")
  expect_identical(cell(by_column, incident = "Neglect (fatal)", sample = "2013"), "4 (40)")
  expect_identical(cell(by_column, incident = "Physical abuse (fatal)", sample = "2012"),
    "3 (13.0)")
  expect_snapshot(print(tab))
})

test_that("years without a case keep their row (tables 4, 5 and 14)", {
  d <- data.frame(year = c(2008, 2008, 2011, 2014))
  tab <- crosstab(d, ~ year, complete = "year")
  expect_identical(tab$rows$label, c(as.character(2008:2014), "Total"))
  expect_identical(tab$cells$n, c(2, 0, 0, 1, 0, 0, 1, 4))
  tab <- crosstab(d, ~ year, complete = list(year = 2007:2015), zero = "-")
  expect_identical(tab$cells$text[1:3], c("-", "2", "-"))
  expect_identical(crosstab(d, ~ year, complete = TRUE)$rows$label[2], "2009")
  text <- data.frame(age = c("13", "9", "Unknown"))
  expect_identical(crosstab(text[1:2, , drop = FALSE], ~ age)$rows$label, c("9", "13", "Total"))
})

# ---- against base R ----

column_kinds <- function(codes, kind) {
  switch(kind,
    factor = factor(c("b", "a", "c")[codes], c("b", "a", "c", "unused")),
    text = c("b", "a", "c")[codes],
    integer = codes * 10L - 15L,
    double = c(0.5, -0, 2.25)[codes],
    logical = c(TRUE, FALSE, TRUE)[codes]
  )
}

random_frame <- function(n, share_missing) {
  draw <- function(kind) {
    codes <- sample(3L, n, TRUE)
    codes[runif(n) < share_missing] <- NA
    column_kinds(codes, kind)
  }
  kinds <- c("factor", "text", "integer", "double", "logical")
  out <- lapply(sample(kinds, 3L), draw)
  names(out) <- c("a", "b", "s")
  out$v <- round(rnorm(n), 1L)
  out$v[runif(n) < share_missing] <- NA
  out$w <- sample(0:3, n, TRUE)
  as.data.frame(out)
}

as_level <- function(x) {
  if (is.factor(x)) return(x)
  if (is.logical(x)) return(factor(x, c(FALSE, TRUE)))
  factor(as.character(x), as.character(sort(unique(x))))
}

in_level <- function(x, label) {
  if (label == "Total") return(rep(TRUE, length(x)))
  if (label == "Missing") return(is.na(x))
  !is.na(x) & as.character(x) == label
}

test_that("counts, bases and statistics equal those of base R over a grid", {
  set.seed(20)
  for (round in rounds(40)) {
    n <- sample(c(0, 1, 2, 30, 300), 1)
    d <- random_frame(n, sample(c(0, 0.2, 1), 1, prob = c(4, 4, 1)))
    missing <- sample(c("show", "exclude"), 1)
    percent <- sample(c("none", "row", "column", "total"), 1)
    weighted <- sample(c(TRUE, FALSE), 1)
    strata <- sample(c(TRUE, FALSE), 1)
    formula <- if (strata) a ~ b | s else a ~ b
    tab <- crosstab(d, formula, value = "v", missing = missing, percent = percent,
      stat = c("mean", "sd", "min", "median", "max", "sum", "n_missing"),
      weights = if (weighted) "w")
    out <- as.data.frame(tab)
    used <- if (strata) c("a", "b", "s") else c("a", "b")
    levels <- lapply(d[used], as_level)
    w <- if (weighted) d$w else rep(1, n)
    kept <- if (missing == "exclude") stats::complete.cases(d[used]) else rep(TRUE, n)
    labels <- lapply(levels, function(x) {
      c(levels(x), if (anyNA(x) && missing == "show") "Missing", "Total")
    })
    expect_identical(nrow(out), as.integer(prod(lengths(labels))))
    plain <- lapply(seq_len(nrow(out)), function(i) {
      inside <- lapply(used, function(u) in_level(levels[[u]], out[[u]][i]))
      names(inside) <- used
      cell <- Reduce(`&`, inside, kept)
      over <- switch(percent, row = c("a", "s"), column = c("b", "s"), "s")
      base <- Reduce(`&`, inside[intersect(over, used)], kept)
      known <- cell & !is.na(d$v)
      x <- rep(d$v[known], w[known])
      none <- if (length(x)) 0 else NA_real_
      data.frame(
        n = sum(w[cell]), base = if (percent == "none") length(x) else sum(w[base]),
        percent = if (percent == "none" || !sum(w[base])) NA_real_ else 100 * sum(w[cell]) / sum(w[base]),
        mean = none + mean(x), sd = stats::sd(x), min = none + min(c(x, Inf)),
        median = as.double(stats::median(x)), max = none + max(c(x, -Inf)), sum = sum(x),
        n_missing = sum(w[cell & is.na(d$v)])
      )
    })
    plain <- do.call(rbind, plain)
    expect_equal(out[names(plain)], plain, ignore_attr = TRUE)
    for (exact in c("n", "base", "min", "max")) expect_equal(out[[exact]], plain[[exact]], tolerance = 0)
  }
})

test_that("two-way counts equal table() on large data of every kind", {
  set.seed(21)
  for (kind in c("factor", "text", "integer", "double", "logical")) {
    codes <- sample(c(1:3, NA), 50000, TRUE)
    d <- data.frame(a = column_kinds(codes, kind), b = sample(c(1:70, NA), 50000, TRUE))
    found <- as.matrix(crosstab(d, a ~ b, totals = FALSE))
    plain <- table(as_level(d$a), as_level(d$b), useNA = "always")
    plain <- plain[seq_len(nrow(found)), seq_len(ncol(found))]
    if (kind == "factor") plain <- table(addNA(d$a), addNA(d$b))
    expect_equal(unname(unclass(found)), unname(unclass(plain)), ignore_attr = TRUE)
  }
})

test_that("the order of rows, names of levels and replication do not matter", {
  set.seed(22)
  d <- random_frame(200, 0.1)
  tab <- crosstab(d, a ~ b, value = "v", stat = c("mean", "sd", "median"))
  again <- crosstab(d[sample(200), ], a ~ b, value = "v", stat = c("mean", "sd", "median"))
  expect_equal(as.data.frame(again), as.data.frame(tab))
  replicated <- d[rep(seq_len(200), d$w), ]
  weighted <- as.data.frame(crosstab(d, a ~ b, weights = "w", percent = "row"))
  plain <- as.data.frame(crosstab(replicated, a ~ b, percent = "row"))
  m <- merge(weighted[c("a", "b", "n", "text")], plain[c("a", "b", "n", "text")], by = c("a", "b"))
  expect_identical(m$n.x, m$n.y)
})

test_that("entries with one parent add up to it", {
  set.seed(23)
  d <- random_frame(300, 0.2)
  for (missing in c("show", "exclude")) for (nested in c("auto", "all", "observed")) {
    tab <- crosstab(d, a/s ~ b, missing = missing, nested = nested)
    n <- matrix(tab$cells$n, nrow(tab$columns))
    for (p in unique(stats::na.omit(tab$rows$parent))) {
      expect_equal(rowSums(n[, which(tab$rows$parent == p), drop = FALSE]), n[, p])
    }
    for (p in unique(stats::na.omit(tab$columns$parent))) {
      expect_equal(colSums(n[which(tab$columns$parent == p), , drop = FALSE]), n[p, ])
    }
  }
})

test_that("three levels nest, and stacked blocks share one total", {
  set.seed(24)
  d <- random_frame(300, 0.1)
  tab <- crosstab(d, ~ a/b/s, nested = "all")
  expect_identical(max(tab$rows$depth), 2L)
  deep <- tab$cells[tab$rows$depth == 2L, ]
  expect_identical(sum(deep$n), 300)
  tab <- crosstab(d, a + b ~ s)
  expect_identical(sum(tab$rows$kind == "total"), 1L)
  one <- as.matrix(crosstab(d, b ~ s))
  part <- as.matrix(tab[which(tab$rows$block == 2L), ])
  expect_identical(part, one)
  apart <- crosstab(d, a + b ~ s, missing = "exclude")
  expect_identical(sum(apart$rows$kind == "total"), 2L)
  expect_identical(parse_crosstab(~ x/(y + z))$rows, list(c("x", "y"), c("x", "z")))
})

test_that("levels stand under the outer level that holds them, the unused under each", {
  d <- data.frame(g = c("A", "A", "B"), t = factor(c("x", "y", "z"), c("x", "y", "z", "q")))
  tab <- crosstab(d, ~ g/t)
  expect_identical(tab$rows$label, c("A", "x", "y", "q", "B", "z", "q", "Total"))
  expect_identical(tab$rows$parent, c(8L, 1L, 1L, 1L, 8L, 5L, 5L, NA))
  crossed <- crosstab(d, ~ g/t, nested = "all")
  expect_identical(nrow(crossed$rows), 11L)
  d$t[3] <- "x"
  expect_identical(nrow(crosstab(d, ~ g/t)$rows), 11L)
})

# ---- several codes in one cell ----

test_that("a separator for a column that the data does not have is refused", {
  d <- data.frame(m = c("x;y", "y"), other = c("a", "b"))
  expect_error(crosstab(d, ~ m, multicode = c(mm = ";")), "no column \"mm\"",
    class = "casereview_error_argument")
  # one list of separators serves every table of a data frame
  expect_identical(crosstab(d, ~ other, multicode = c(m = ";"))$cells,
    crosstab(d, ~ other)$cells)
})

test_that("a case counts once under each of its codes, nets and the total", {
  d <- data.frame(m = c("A; B", "B", NA, "C;A;A", " ", "B;C"), v = c(1, 2, 3, 4, 5, 6))
  tab <- crosstab(d, ~ m, multicode = c(m = ";"), value = "v", stat = "sum", percent = "total",
    nets = list(m = list("A or B" = c("A", "B"))))
  expect_identical(tab$rows$label, c("A", "B", "C", "A or B", "Missing", "Total"))
  expect_identical(tab$cells$n, c(2, 3, 2, 4, 2, 6))
  expect_identical(tab$cells$sum, c(5, 9, 10, 13, 8, 21))
  expect_true(all(is.na(tab$rows$parent)))
  answered <- crosstab(d, ~ m, multicode = c(m = ";"), percent = "total", missing = "exclude")
  expect_identical(cell(answered, m = "B"), "3 (75.0%)")
  mentions <- crosstab(d, ~ m, multicode = c(m = ";"), percent = "column", base = "mentions",
    missing = "exclude")
  expect_identical(mentions$cells$base[1], 7)
  d$seen <- c(TRUE, TRUE, TRUE, TRUE, FALSE, TRUE)
  asked <- crosstab(d, ~ m, multicode = c(m = ";"), asked = "seen")
  expect_identical(cell(asked, statistic = "n"), 5)
  expect_match(format(asked), "Not asked, and left out: 1.", all = FALSE, fixed = TRUE)
})

test_that("a codebook gives order, labels, missing codes and groups", {
  cb <- codebook(
    data.frame(variable = c("q", "m"), type = c("nominal", "multicode")),
    data.frame(
      variable = c("q", "q", "q", "m", "m", "m", "m"), code = c("2", "1", "9", "p", "f", "h", "u"),
      label = c("Two", "One", "Not known", "Physical", "Fists", "Harm", "Unknown"),
      missing = c("", "", "not_known", "", "", "", "not_known"),
      parent = c("", "", "", "", "p", "", "")
    )
  )
  d <- data.frame(q = c("1", "Two", "9", NA, "odd"), m = c("f", "p; h", "u", NA, "f;p"))
  tab <- crosstab(d, ~ q, codebook = cb)
  expect_identical(tab$rows$label, c("Two", "One", "odd", "Not known", "Missing", "Total"))
  expect_identical(tab$rows$kind, c(rep("level", 3), "missing", "missing", "total"))
  expect_identical(tab$cells$n, c(1, 1, 1, 1, 1, 5))
  known <- crosstab(d, ~ q, codebook = cb, missing = "exclude")
  expect_identical(known$rows$label, c("Two", "One", "odd", "Total"))
  several <- crosstab(d, ~ m, codebook = cb)
  expect_identical(several$rows$label,
    c("Physical", "Fists", "Harm", "Unknown", "Missing", "Total"))
  expect_identical(several$rows$kind[1], "subtotal")
  expect_identical(several$cells$n, c(3, 2, 1, 1, 1, 5))
})

# ---- traps ----

test_that("-0 is 0, and 0.1 + 0.2 is 0.3", {
  tab <- crosstab(data.frame(x = c(0, -0, 0.1 + 0.2, 0.3, NaN, NA)), ~ x)
  expect_identical(tab$rows$label, c("0", "0.3", "Missing", "Total"))
  expect_identical(tab$cells$n, c(2, 2, 2, 6))
})

test_that("one text in two encodings is one level", {
  latin1 <- "caf\xe9"
  Encoding(latin1) <- "latin1"
  tab <- crosstab(data.frame(x = c(latin1, "caf\u00e9", "a")), ~ x)
  expect_identical(tab$rows$label, c("a", "caf\u00e9", "Total"))
  expect_identical(tab$cells$n, c(1, 2, 3))
})

test_that("the text NA, a level NA and a missing value are told apart", {
  tab <- crosstab(data.frame(x = c("NA", NA, "b")), ~ x)
  expect_identical(tab$rows$label, c("NA", "b", "Missing", "Total"))
  tab <- crosstab(data.frame(x = factor(c("a", NA, "b"), exclude = NULL)), ~ x)
  expect_identical(tab$rows$label, c("a", "b", "Missing", "Total"))
  expect_identical(tab$rows$kind, c("level", "level", "missing", "total"))
})

test_that("a level called Total or Missing is told apart by its kind", {
  d <- data.frame(x = c("Total", "Missing", "a", NA))
  tab <- crosstab(d, ~ x)
  expect_identical(tab$rows$label, c("Missing", "Total", "a", "Missing", "Total"))
  expect_identical(tab$rows$kind, c("level", "level", "level", "missing", "total"))
  expect_identical(cell(tab, x = "Total"), "4")
  expect_identical(cell(tab, x = "Total", kind = "level"), "1")
  expect_identical(as.data.frame(tab, kind = TRUE)$row_kind, tab$rows$kind)
})

test_that("a percent of nothing is a dash, and an empty stratum stays", {
  d <- data.frame(a = c("x", "y"), s = factor(c("1", "1"), c("1", "2")))
  tab <- crosstab(d, ~ a | s, percent = "total")
  expect_identical(cell(tab, a = "x", s = "2"), "0 (-)")
  expect_identical(cell(tab, a = "x", s = "2", statistic = "percent"), NA_real_)
  expect_identical(crosstab(d, a ~ s, percent = "column", style = "p%")$cells$text[2], "-")
})

test_that("halves are decided on whole numbers", {
  d <- data.frame(x = rep(c("a", "b"), c(21, 19)))
  percent <- function(digits, rounding, d) {
    cell(crosstab(d, ~ x, percent = "total", digits = digits, rounding = rounding, style = "p"),
      x = "a")
  }
  expect_identical(percent(0, "half_up", d), "53")
  expect_identical(percent(0, "half_even", d), "52")
  d <- data.frame(x = rep(c("a", "b"), c(13, 67)))
  expect_identical(percent(1, "half_up", d), "16.3")
  expect_identical(percent(1, "half_even", d), "16.2")
})

test_that("percents of one base add to 100 where asked", {
  d <- data.frame(x = rep(c("a", "b", "c"), c(1, 1, 1)), g = "q")
  tab <- crosstab(d, x ~ g, percent = "column", rounding = "sum_100", style = "p")
  expect_identical(tab$cells$text[tab$cells$g == "q"], c("33.4", "33.3", "33.3", "100.0"))
  plain <- crosstab(d, ~ x, percent = "total")
  expect_match(format(plain), "may not add to 100", all = FALSE)
  expect_false(any(grepl("may not add", format(tab))))
  set.seed(30)
  for (i in rounds(40)) {
    d <- data.frame(a = sample(letters[1:4], 37, TRUE), b = sample(letters[1:3], 37, TRUE))
    for (percent in c("row", "column", "total")) {
      tab <- crosstab(d, a ~ b, percent = percent, rounding = "sum_100", style = "p", digits = i %% 3)
      p <- t(matrix(as.numeric(tab$cells$text), nrow(tab$columns)))
      r <- nrow(p)
      c <- ncol(p)
      inner <- p[-r, -c, drop = FALSE]
      sums <- switch(percent, row = rowSums(inner), column = colSums(inner), sum(inner))
      expect_equal(sums, rep(100, length(sums)))
    }
  }
})

test_that("sums lose nothing between large and small terms", {
  d <- data.frame(g = c("a", "b", "a", "b"), x = c(1e16, 1, -1e16, 1))
  tab <- crosstab(d, ~ g, value = "x", stat = c("sum", "mean"))
  expect_identical(tab$cells$sum, c(0, 2, 2))
  expect_identical(tab$cells$mean[3], 0.5)
  d$g <- "a"
  expect_identical(crosstab(d, ~ g, value = "x", stat = "sum")$cells$sum, c(2, 2))
  set.seed(31)
  x <- 1e9 + rnorm(1e6)
  tab <- crosstab(data.frame(g = rep(1:2, 5e5), x = x), ~ g, value = "x", stat = c("mean", "sd"))
  expect_equal(tab$cells$sd[3], sd(x), tolerance = 1e-10)
  expect_lt(abs(tab$cells$mean[3] - 1e9 - mean(x - 1e9)), 2e-7)
  big <- data.frame(g = 1, x = rep(.Machine$integer.max, 5))
  expect_identical(crosstab(big, ~ g, value = "x", stat = "sum")$cells$sum[1], 5 * 2147483647)
})

test_that("empty cells have no least, greatest or mean, and the median of integers may be half", {
  d <- data.frame(g = factor(c("a", "a"), c("a", "b")), x = 1:2)
  out <- crosstab(d, ~ g, value = "x", stat = c("min", "max", "mean", "median", "sum"))$cells
  expect_identical(out$max[2], NA_real_)
  expect_identical(out$mean[2], NA_real_)
  expect_identical(out$sum[2], 0)
  expect_identical(out$median[1], 1.5)
  d$x <- c(Inf, 1)
  expect_identical(crosstab(d, ~ g, value = "x", stat = c("max", "sum"))$cells$sum[1], Inf)
})

test_that("missing values are never left out without a word", {
  d <- data.frame(a = c("x", NA, "y"), b = c("u", "u", NA))
  expect_match(format(crosstab(d, a ~ b, missing = "exclude")), "Left out because.*: 2 of 3 cases",
    all = FALSE)
  expect_error(crosstab(d, a ~ b, missing = "error"), "1 of \"a\", 1 of \"b\"",
    class = "casereview_error_missing")
  shown <- crosstab(d, a ~ b, percent = "total")
  expect_identical(unique(shown$cells$base), 3)
  expect_false("Missing" %in% crosstab(d[1, ], a ~ b)$rows$label)
})

test_that("totals come from the counts, not from what is printed of the parts", {
  d <- data.frame(x = rep(c("a", "b", "c"), each = 7), g = c("u", "v", "v"))
  tab <- crosstab(d, x ~ g, percent = "total", digits = 0, style = "p")
  expect_identical(unname(as.matrix(tab, "text")[, "Total"]), c("33", "33", "33", "100"))
  expect_identical(unname(as.matrix(tab, "text")["Total", ]), c("33", "67", "100"))
})

test_that("a subtotal is marked Total, never missing", {
  d <- data.frame(a = c("x", "x", NA), b = c("u", NA, "v"))
  out <- as.data.frame(crosstab(d, ~ a/b), kind = TRUE)
  expect_false(anyNA(out[c("a", "b")]))
  expect_identical(out$b[out$row_kind == "subtotal"], "Total")
  expect_identical(out$n[out$a == "x" & out$b == "Missing"], 1)
})

test_that("three bases of a question with several answers are each named", {
  d <- data.frame(m = c("A;B", "B", NA, NA, NA), asked = c(TRUE, TRUE, TRUE, FALSE, FALSE))
  ask <- function(...) crosstab(d, ~ m, multicode = c(m = ";"), percent = "total", style = "n/base", ...)
  expect_identical(cell(ask(), m = "B"), "2/5")
  expect_identical(cell(ask(asked = "asked"), m = "B"), "2/3")
  expect_identical(cell(ask(missing = "exclude"), m = "B"), "2/2")
  said <- function(tab, text) expect_match(format(tab), text, fixed = TRUE, all = FALSE)
  said(ask(), "Percentages of all (cases).")
  said(ask(asked = "asked"), "Not asked, and left out: 2.")
  said(ask(missing = "exclude"), "Left out because a value is missing: 3 of 5 cases")
  said(ask(base = "mentions", missing = "exclude"), "the base is mentions, not cases.")
})

test_that("counts beyond 2^31 are exact, and print in full", {
  d <- data.frame(x = c("a", "a", "b"), w = c(2^31, 2^31 + 1, 2^52))
  tab <- crosstab(d, ~ x, weights = "w", percent = "total")
  expect_identical(tab$cells$n, c(2^32 + 1, 2^52, 2^52 + 2^32 + 1))
  expect_identical(cell(tab, x = "a"), "4294967297 (0.0%)")
})

test_that("print calls a column by its label, the data frame by its name", {
  d <- data.frame(sex = c("f", "m"), law = c("x", "y"))
  attr(d$sex, "label") <- "Sex of the child"
  attr(d$law, "label") <- c("not", "one text")
  tab <- crosstab(d, sex ~ law)
  expect_match(format(tab)[2], "^Sex of the")
  expect_match(format(tab)[1], "law$")
  expect_identical(names(as.data.frame(tab))[1:2], c("sex", "law"))
  expect_identical(cell(tab, sex = "f"), "1")
})

test_that("percents of few cases are pointed out", {
  d <- data.frame(x = rep(c("a", "b"), 6), g = rep(c("few", "many"), c(3, 9)))
  expect_match(format(crosstab(d, x ~ g, percent = "column")),
    "Small base, fewer than 10 cases: few and many.", fixed = TRUE, all = FALSE)
  expect_match(format(crosstab(d, x ~ g, percent = "column"), small = 5),
    "Small base, fewer than 5 cases: few.", fixed = TRUE, all = FALSE)
  expect_false(any(grepl("Small base", format(crosstab(d, ~ x, percent = "total")))))
})

test_that("weights are refused or stated", {
  d <- data.frame(a = c("x", "y"), w = c(1, NA))
  expect_error(crosstab(d, ~ a, weights = "w"), "is NA in row 2", class = "casereview_error_argument")
  d$w <- c(1, -1)
  expect_error(crosstab(d, ~ a, weights = "w"), "is -1 in row 2", class = "casereview_error_argument")
  d$w <- c(0, 2)
  tab <- crosstab(d, ~ a, weights = "w")
  expect_match(paste(format(tab), collapse = " "), "1 row has a weight +of 0")
  expect_identical(tab$cells$n_unweighted, c(1, 1, 2))
  d$w <- c(0.1, 0.2)
  tab <- crosstab(d, ~ a, weights = "w")
  expect_identical(cell(tab), "0.3")
  expect_identical(tab$spec$weight_kind, "probability")
})

test_that("a standard deviation under probability weights", {
  x <- c(1, 4, 6, 9)
  w <- c(0.5, 1.5, 1, 2)
  d <- data.frame(g = "a", x = x, w = w)
  mean <- sum(w * x) / sum(w)
  expect_equal(crosstab(d, ~ g, value = "x", stat = "sd", weights = "w")$cells$sd[1],
    sqrt(sum(w * (x - mean)^2) / sum(w) * 4 / 3))
})

test_that("codes in text stand in the order of numbers, texts by character", {
  expect_identical(crosstab(data.frame(x = c("10", "2", "1")), ~ x)$rows$label[1:3], c("1", "2", "10"))
  expect_identical(crosstab(data.frame(x = c("b", "B", "a")), ~ x)$rows$label[1:3], c("B", "a", "b"))
  d <- data.frame(x = c("a", "b", "b"))
  expect_identical(crosstab(d, ~ x, sort = "total")$rows$label, c("b", "a", "Total"))
})

test_that("labelled columns, dates and wide integers", {
  x <- structure(c(2, 1, 1, 7, NA), labels = c(No = 1, Yes = 2, Never = 3), class = "haven_labelled")
  tab <- crosstab(data.frame(x = I(x))[1], ~ x)
  tab <- crosstab(structure(list(x = x), row.names = 1:5, class = "data.frame"), ~ x)
  expect_identical(tab$rows$label, c("No", "Yes", "Never", "7", "Missing", "Total"))
  expect_identical(tab$cells$n, c(2, 1, 0, 1, 1, 5))
  d <- data.frame(day = as.Date(c("2014-03-01", "2013-12-31", NA)), i = c(-2147483647L, 5L, 2147483647L))
  expect_identical(crosstab(d, ~ day)$rows$label[1:2], c("2013-12-31", "2014-03-01"))
  expect_identical(crosstab(d, ~ i)$rows$label[1:3], c("-2147483647", "5", "2147483647"))
})

test_that("damaged and unfit columns are refused in one sentence", {
  bad <- structure(c(1L, 5L), levels = c("a", "b"), class = "factor")
  d <- structure(list(x = bad, y = 1:2), row.names = 1:2, class = "data.frame")
  expect_error(crosstab(d, ~ x), "row 2 holds the code 5", class = "casereview_error_argument")
  expect_error(crosstab(d, y ~ x), "row 2 holds the code 5", class = "casereview_error_argument")
  d$x <- structure(c(0L, 1L), levels = c("a", "b"), class = "factor")
  expect_error(crosstab(d, ~ x, value = "y"), "holds the code 0")
  d <- data.frame(x = 1:2)
  d$l <- list(1, 2)
  expect_error(crosstab(d, ~ l), "plain vector", class = "casereview_error_argument")
  expect_error(crosstab(d, ~ x * y), "`formula` uses `*`", fixed = TRUE)
  expect_error(crosstab(d, ~ x + x), "more than once")
  expect_error(crosstab(d, ~ absent), "no column \"absent\"")
  expect_error(crosstab(d, x ~ ., value = "x"), "names none")
  expect_error(crosstab(d, ~ x, stat = "mean"), "needs `value`")
  expect_error(crosstab(d, ~ x, value = "x", stat = "mode"), "must be some of")
  expect_error(crosstab(d, ~ x, percent = "rows"), "`percent` must be one of")
  expect_error(crosstab(d, ~ x, nets = list(x = list(low = 9))), "which is no level of \"x\"")
  expect_error(crosstab(d, ~ x, style = "{p}"), "the fields are")
  expect_error(crosstab(data.frame(n = 1), ~ n), "a name that the table keeps for itself")
})

test_that("a table too large for memory is refused in words, before any is asked for", {
  d <- data.frame(a = factor(1, 1:50000), b = factor(1, 1:50000))
  d$s <- factor(1, 1:3000)
  d$w <- 1
  large <- "casereview_error_size"
  expect_error(crosstab(d, a ~ b), "50,000 of \"a\" by 50,000 of \"b\"", class = large)
  expect_error(crosstab(d, ~ a | b), "50,000 of \"b\" by 50,000 of \"a\"", class = large)
  expect_error(crosstab(d, ~ a/b), "50,000 of \"a\" by 50,000 of \"b\"", class = large)
  expect_error(crosstab(d, s + b ~ a), "3,000 of \"s\" by 50,000 of \"a\"", class = large)
  expect_error(crosstab(d, s ~ w | b, weights = "w"), "too large", class = large)
  expect_error(crosstab(d, b ~ s, totals = FALSE), "too large", class = large)
})

test_that("empty data, one row and all missing", {
  d <- data.frame(a = factor(character(), c("x", "y")), v = numeric())
  tab <- crosstab(d, ~ a, value = "v", stat = statistics_known(), percent = "total")
  expect_identical(tab$cells$n, c(0, 0, 0))
  expect_identical(crosstab(data.frame(a = character()), ~ a)$rows$label, "Total")
  expect_identical(crosstab(data.frame(a = NA), ~ a)$rows$label, c("FALSE", "TRUE", "Missing", "Total"))
  expect_output(print(crosstab(data.frame(a = character()), ~ a, percent = "total")), "Total")
  expect_identical(nrow(crosstab(data.frame(a = character()), ~ a, totals = FALSE)$cells), 0L)
  expect_output(print(crosstab(data.frame(a = character()), ~ a, totals = FALSE)), "Counted")
})

# ---- working with it ----

test_that("cell() names the level that it does not find", {
  tab <- crosstab(example_cases(), law_group ~ law_type)
  expect_error(cell(tab, law_group = "Publik"), "\"law_group\" has no level \"Publik\"")
  expect_error(cell(tab, lawgroup = "x"), "no variable \"lawgroup\"")
  expect_error(cell(tab, "x"), "must name the variables")
  no <- crosstab(example_cases(), law_group ~ law_type, totals = FALSE)
  expect_error(cell(no, law_group = "Public law"), "no total over \"law_type\"")
  year <- crosstab(data.frame(y = c(2012, 2013)), ~ y)
  expect_identical(cell(year, y = 2012), "1")
})

test_that("parts, turned and joined tables keep their cells", {
  tab <- crosstab(incident_counts(), incident ~ sample, weights = "n_cases", percent = "column")
  part <- tab[c("Suicide", "Other"), c("2014", "Total")]
  expect_identical(cell(part, incident = "Suicide", sample = "2014"), "1 (3.8%)")
  expect_identical(as.matrix(t(tab)), t(as.matrix(tab)))
  expect_identical(cell(t(tab), incident = "Suicide", sample = "2012"), "4 (17.4%)")
  expect_identical(as.data.frame(rbind(tab["Other", ], tab["Suicide", ])),
    reset_rows(as.data.frame(tab[c("Other", "Suicide"), ])))
  joined <- cbind(tab[, "2012"], tab[, c("2013", "2014")])
  expect_identical(as.matrix(joined), as.matrix(tab)[, 1:3])
  expect_error(rbind(tab, t(tab)), "different columns")
  # names of the tables tell their parts apart, in print and in files
  d <- data.frame(ward = c("A", "B", "B"), harm = c("no", "yes", "no"))
  one <- crosstab(d, ward ~ harm)
  two <- crosstab(d[c(1, 2, 2), ], ward ~ harm)
  under <- rbind("2013" = one, "2014" = two)
  expect_identical(sum(format(under) %in% c("2013: ward", "2014: ward")), 2L)
  expect_identical(sum(grepl("^  Total ", format(under))), 2L)
  expect_identical(as.data.frame(under), as.data.frame(rbind(one, two)))
  expect_identical(unique(summary(under)$rows), c("2013: ward", "2014: ward"))
  beside <- cbind("2013" = one, "2014" = two)
  expect_match(format(beside), "2013: no +2013: yes +2013: Total +2014: no", all = FALSE)
  file <- tempfile(fileext = ".md")
  write_tables(list(a = beside), file)
  expect_match(readLines(file), "2013: harm / no .*2014: harm / Total", all = FALSE)
  # a part of a stacked table keeps its own heading beside another table
  stacked <- crosstab(transform(d, shift = "day"), ward + shift ~ harm)
  joined <- rbind(stacked[c("A", "B"), ], crosstab(transform(d, team = "x"), team ~ harm))
  expect_identical(intersect(c("ward", "shift", "team"), trimws(format(joined))), c("ward", "team"))
  expect_error(tab["Murder", ], "no row \"Murder\"")
  expect_identical(nrow(head(tab, 2)$rows), 2L)
  plain <- xtabs(n_cases ~ factor(incident, unique(sort(incident, method = "radix"))) + sample,
    incident_counts())
  expect_equal(unname(unclass(as.table(tab))), unname(unclass(plain)), ignore_attr = TRUE)
})

test_that("tables of parts add up to the table of all", {
  set.seed(40)
  for (i in rounds(20)) {
    d <- random_frame(80, 0.2)
    if (!is.factor(d$a)) d$a <- as.character(d$a)
    ask <- function(x) crosstab(x, a ~ b, value = "v", percent = sample(c("row"), 1),
      stat = c("mean", "sd", "min", "max", "sum", "n_missing"))
    cut <- sample(0:80, 2)
    parts <- split(seq_len(80), findInterval(seq_len(80), sort(cut)))
    sum <- combine_crosstabs(lapply(parts, function(p) ask(d[p, ])))
    whole <- ask(d)
    key <- function(x) x[order(x$a, x$b), setdiff(names(x), "text")]
    expect_equal(key(as.data.frame(sum)), key(as.data.frame(whole)), ignore_attr = TRUE)
  }
  one <- crosstab(d, ~ a, value = "v", stat = "median")
  expect_error(one + one, "median cannot be had")
  expect_error(crosstab(d, ~ a) + crosstab(d, ~ b), "asked for differently")
})

test_that("print fits 80 columns and keeps wide characters in line", {
  d <- data.frame(
    a = c("\u65e5\u672c\u8a9e", "caf\u00e9", strrep("a long label ", 8)),
    b = c("one", "two", "three")
  )
  tab <- crosstab(d[rep(1:3, 5), ], a ~ b, percent = "total", value = NULL)
  lines <- format(tab)
  expect_true(all(nchar(lines, "width") <= 80))
  rows <- lines[grepl("%)", lines)]
  expect_identical(length(unique(nchar(rows, "width"))), 1L)
  wide <- data.frame(a = rep(1:3, 20), b = sprintf("column %02d", 1:60))
  expect_true(all(nchar(format(crosstab(wide, a ~ b)), "width") <= 80))
})

test_that("a long heading takes few lines", {
  d <- data.frame(a = c("x", "y"), b = c(strrep("courts and families ", 6), "z"))
  lines <- format(crosstab(d, a ~ b))
  expect_lte(grep("^-", lines)[1], 6)
  expect_true(all(nchar(lines, "width") <= 80))
})

test_that("stacked blocks stand under their names", {
  d <- data.frame(a = c("x", "y"), b = c("u", "v"))
  lines <- format(crosstab(d, ~ a + b))
  expect_identical(lines[3:8], c("a", "  x    1", "  y    1", "b", "  u    1", "  v    1"))
  expect_false(any(grepl("may not add", format(crosstab(d[0, ], a ~ b, percent = "row")))))
})

test_that("several values have their own columns", {
  d <- data.frame(a = c("x", "y", "x"), u = 1:3, v = c(NA, 4, 8))
  out <- as.data.frame(crosstab(d, ~ a, value = c("u", "v"), stat = c("mean", "n_missing")))
  expect_identical(names(out), c("a", "n", "base", "percent", "mean_u", "n_missing_u", "mean_v",
    "n_missing_v", "text"))
  expect_identical(out$mean_v, c(8, 4, 6))
  expect_identical(out$n_missing_v, c(1, 0, 1))
  expect_error(crosstab(d, ~ u, value = "a"), "Column \"a\" of `data`, named in `value`")
})

test_that("markdown escapes what would break the table", {
  tab <- crosstab(data.frame(a = c("x|y", "*z*")), ~ a)
  expect_match(layout_markdown(table_layout(tab)), "x\\\\\\|y", all = FALSE)
  skip_if_not_installed("knitr")
  expect_s3_class(knitr::knit_print(tab), "knit_asis")
})

test_that("plots draw and refuse", {
  tab <- crosstab(example_cases(), law_group ~ law_type)
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  for (type in c("bars", "stacked", "mosaic")) expect_identical(plot(tab, type = type), tab)
  expect_identical(plot(tab[, 1])$columns$label, "s31 only")
  expect_error(plot(tab, type = "pie"), "`type` must be one of")
})

# ---- entry points ----

test_that("entry points refuse the wrong type, length and range", {
  expect_error(.Call(C_crosstab_count, 1L, 1L), "Internal error")
  expect_error(.Call(C_crosstab_count, list(1), 1L), "Internal error")
  expect_error(.Call(C_crosstab_count, list(1L, 1:2), c(1L, 2L)), "Internal error")
  expect_null(.Call(C_crosstab_count, list(3L), 2L))
  expect_null(.Call(C_crosstab_moments, list(0L), 2L, 1, NULL, 0L))
  expect_error(.Call(C_crosstab_count, list(1L, 1L), c(100000L, 100000L)), "too many cells")
  expect_error(.Call(C_crosstab_count, list(1L), -1L), "Internal error")
  one <- list(c(0L, 1L), 0L, 1L)
  expect_error(.Call(C_crosstab_fold, 1:2 + 0, NULL, list(one, one, one), 1L), "match the axes")
  expect_error(.Call(C_crosstab_fold, 1, NULL, list(one, one, list(c(0L, 1L), 5L, 1L)), 1L),
    "outside the leaves")
  expect_error(.Call(C_crosstab_fold, 1, NULL, list(one, one, list(c(0L, 2L), 0L, 1L)), 1L), "span")
  expect_error(.Call(C_crosstab_fold, 1, NULL, list(one, one, one), 9L), "Internal error")
  expect_error(.Call(C_crosstab_margins, c(1, 2, 3), 1L), "too long")
  expect_error(.Call(C_crosstab_margins, 1, 1L), "too short")
  expect_error(.Call(C_crosstab_margins, 1:2, 1L), "Internal error")
  expect_identical(.Call(C_crosstab_margins, c(1, 2, 4, 8, 16, 32), c(1L, 2L)),
    list(c(7, 56), c(9, 18, 36)))
  expect_error(.Call(C_crosstab_spread, 1, 1, 1, 1, c(1, 2), list(one, one, one)), "Internal error")
  expect_error(.Call(C_crosstab_medians, list(1L), 1L, 1, NULL, c(0, 5), 0L), "span")
  expect_error(.Call(C_crosstab_medians, list(1L), 1L, 1, NULL, c(0, 1), 7L), "no leaf")
  expect_error(.Call(C_levels_text, 1), "Internal error")
  expect_error(.Call(C_crosstab_weights, list(1L), 1L, 1L), "Internal error")
  expect_error(.Call(C_crosstab_weights, list(1L), 1L, c(1, 2)), "Internal error")
  expect_null(.Call(C_crosstab_weights, list(2L), 1L, 1))
  expect_error(.Call(C_rounding_divide, 1, 1, 7L, 1L, 1L), "factor")
})

test_that("weights are judged in the pass that adds them up", {
  facts <- function(w) .Call(C_crosstab_weights, list(rep(1L, length(w))), 1L, w)$facts
  expect_identical(facts(c(0, -0, 2, NA, Inf, -1, -3, 0.5, 3e9)), c(2, 4, 2, 6, 2, 0))
  expect_identical(facts(c(3, 0, 1048575)), c(0, 0, 0, 0, 1, 1))
  expect_identical(facts(c(rep(1, 5000), 1048576)), c(0, 0, 0, 0, 0, 1))
  expect_identical(facts(c(rep(0, 5000), 0.5, 0)), c(0, 0, 0, 0, 5001, 0))
  odd <- c(NA, NaN, Inf, -Inf, -1, -0.5, -1048575, -1048577, -1e300, -5e-324, -0, 0, 5e-324, 0.5,
    1048575, 1048575.5, 1048576, 2^52, 2^53, 1e300)
  for (n in c(7L, 128L, 129L, 5000L)) for (x in odd) for (row in unique(c(1L, n %/% 2L, n))) {
    for (rest in c(1, 0.25)) {
      w <- replace(rep(rest, n), row, x)
      negative <- is.finite(x) && x < 0
      found <- facts(w)
      expect_identical(found[1:5], c(!is.finite(x), if (is.finite(x)) 0 else row, negative,
        if (negative) row else 0, x %in% 0) + 0)
      if (is.finite(x) && !negative) expect_identical(found[6], (rest == 1 && x == floor(x)) + 0)
    }
  }
})

test_that("a text that is no formula is named in the error", {
  expect_error(crosstab(data.frame(a = 1), "a"), "such as `rows ~ columns`, not \"a\".",
    fixed = TRUE, class = "casereview_error_argument")
})

test_that("what a labelled column declares missing is missing, and never summed", {
  skip_if_not_installed("haven")
  sex <- haven::labelled_spss(c(1, 2, 1, -9, 97, NA), c(Male = 1, Refused = -9, Female = 2),
    na_values = -9, na_range = c(90, 99))
  data <- data.frame(id = 1:6)
  data$sex <- sex
  shown <- as.data.frame(crosstab(data, ~sex))
  expect_identical(shown$sex, c("Male", "Female", "Refused", "97", "Missing", "Total"))
  expect_equal(shown$n, c(2, 1, 1, 1, 1, 6))
  left <- as.data.frame(crosstab(data, ~sex, missing = "exclude"))
  expect_identical(left$sex, c("Male", "Female", "Total"))
  expect_equal(left$n, c(2, 1, 3))
  data$all <- "x"
  expect_equal(as.data.frame(crosstab(data, ~all, value = "sex", stat = "sum"))$sum[1L], 4)
  data$tag <- haven::labelled(c(1, 2, haven::tagged_na("a"), NA, 1, 1),
    c(Yes = 1, No = 2, "Does not know" = haven::tagged_na("a")))
  tagged <- as.data.frame(crosstab(data, ~tag))
  expect_identical(tagged$tag, c("Yes", "No", "Does not know", "Missing", "Total"))
  expect_equal(tagged$n, c(3, 1, 1, 1, 6))
})

test_that("a number that the codebook declares missing is not summed", {
  cb <- codebook(data.frame(variable = "age", type = "integer"),
    data.frame(variable = "age", code = -9, label = "Not known", missing = "not_known"))
  data <- data.frame(age = c(4, -9, 6), g = "x")
  out <- as.data.frame(crosstab(data, ~g, value = "age", stat = c("mean", "n_missing"),
    codebook = cb))
  expect_equal(out$mean, c(5, 5))
  expect_equal(out$n_missing, c(1, 1))
})

test_that("groups of a codebook that are no levels of the outer variable drop no row", {
  cb <- codebook(data.frame(variable = c("site", "unit"), type = "nominal"),
    data.frame(variable = c("site", "site", "unit", "unit", "unit"),
      code = c("a", "b", "i", "w", "e"), label = c("A", "B", "ICU", "Ward", "ED"),
      parent = c("", "", "Acute", "General", "Acute")))
  data <- data.frame(site = c("A", "A", "B"), unit = c("ICU", "Ward", "ICU"))
  cells <- as.data.frame(crosstab(data, ~ site / unit, codebook = cb))
  expect_identical(cells$unit, c("Total", "ICU", "Ward", "ED", "Total", "ICU", "Ward", "ED",
    "Total"))
  expect_equal(cells$n, c(2, 1, 1, 0, 1, 1, 0, 0, 3))
})

test_that("bars of nested rows carry their outer level, and the legend is on the page", {
  data <- data.frame(sex = c("f", "m", "f"), class = c("1st", "1st", "2nd"), alive = c("no", "yes", "no"))
  tab <- crosstab(data, sex / class ~ alive)
  expect_identical(rownames(plot_matrix(tab, "n")), c("f: 1st", "f: 2nd", "m: 1st", "m: 2nd"))
  for (size in c(4, 8, 12)) {
    grDevices::pdf(NULL, width = size, height = size)
    plot(tab)
    graphics::par(mar = c(5.1, 5, 2.6, 1.1))
    graphics::plot.new()
    place <- legend_above(c("no", "yes"), c("black", "white"), 1)$rect
    expect_lte(graphics::grconvertY(place$top, "user", "ndc"), 1)
    expect_gte(place$top - place$h, graphics::par("usr")[4L])
    grDevices::dev.off()
  }
})

test_that("blocks of rows are counted alike wherever a row stands", {
  set.seed(2048)
  for (n in c(0L, 1L, 127L, 128L, 129L, 2047L, 2048L, 5000L)) {
    codes <- lapply(c(3L, 2L, 4L, 30L), function(k) sample(c(seq_len(k), NA), n, TRUE))
    value <- c(NA, rnorm(max(n - 1L, 0L)))[seq_len(n)]
    for (use in list(1L, 1:2, 1:3, 1:4)) {
      sizes <- c(3L, 2L, 4L, 30L)[use]
      slot <- function(i) factor(ifelse(is.na(codes[[i]]), 0L, codes[[i]]), 0:sizes[match(i, use)])
      expected <- as.double(table(lapply(rev(use), slot)))
      expect_identical(.Call(C_crosstab_count, codes[use], sizes), expected)
      found <- .Call(C_crosstab_moments, codes[use], sizes, as.double(value), NULL, 0L)
      expect_identical(found$n + found$lost, expected)
    }
  }
})

test_that("a code outside its levels is seen in every row, block and variable", {
  good <- rep(1:2, 1500L)
  for (bad in c(0L, -1L, 3L, -2147483647L, 2147483647L)) for (row in c(1L, 128L, 129L, 3000L)) {
    x <- replace(good, row, bad)
    expect_null(.Call(C_crosstab_count, list(x), 2L))
    expect_null(.Call(C_crosstab_count, list(x, good), c(2L, 2L)))
    expect_null(.Call(C_crosstab_count, list(good, x), c(2L, 2L)))
    expect_null(.Call(C_crosstab_count, list(good, good, x), c(2L, 2L, 2L)))
  }
})

test_that("sums of whole and of other weights are those of plain addition", {
  set.seed(7)
  d <- data.frame(a = sample(letters[1:3], 5000, TRUE), whole = sample(0:1048575, 5000, TRUE))
  d$other <- d$whole + 0.25
  d$large <- d$whole * 2048
  for (w in c("whole", "other", "large")) {
    tab <- as.data.frame(crosstab(d, ~ a, weights = w), unweighted = TRUE)
    sums <- tapply(d[[w]], d$a, sum)
    expect_identical(tab$n, as.double(c(sums, sum(d[[w]]))))
    expect_identical(tab$n_unweighted, as.double(c(table(d$a), 5000)))
  }
})

# Sums of multiples of 2^-32 below 2^20, by halves that add up exactly.
exact_sums <- function(x, by) {
  whole <- x * 2^32
  upper <- floor(whole / 2^26)
  lower <- whole - upper * 2^26
  as.vector((tapply(upper, by, sum) * 2^26 + tapply(lower, by, sum)) / 2^32)
}

test_that("sums are exact, whatever the size, sign and order of the numbers", {
  set.seed(74)
  moments <- function(x, by, k) .Call(C_crosstab_moments, list(by), k, x, NULL, 0L)
  weights <- function(x, by, k) .Call(C_crosstab_weights, list(by), k, x)
  for (k in c(1L, 3L, 300L)) for (n in c(1L, 127L, 128L, 129L, 8192L, 20000L)) {
    by <- sample(k, n, TRUE)
    there <- sort(unique(by)) + 1L
    fine <- floor(runif(n) * 2^52) / 2^32
    mixed <- fine * sample(c(-1, 0, 1), n, TRUE)
    steep <- floor(2^runif(n, 0, 52)) / 2^32
    for (x in list(fine, mixed, steep, rev(sort(steep)), sort(mixed), -fine)) {
      found <- moments(x, by, k)
      expect_identical((found$sum + found$low)[there], exact_sums(x, by))
      expect_identical(found$n, as.double(tabulate(by + 1L, k + 1L)))
    }
    found <- weights(steep, by, k)
    expect_identical((found$sum + found$low)[there], exact_sums(steep, by))
    expect_identical(found$n, as.double(tabulate(by + 1L, k + 1L)))
  }
})

test_that("numbers that cancel, fade, overflow or are missing change no other sum", {
  total <- function(x, by = rep(1L, length(x)), k = 1L) {
    found <- .Call(C_crosstab_moments, list(by), k, x, NULL, 0L)
    (found$sum + found$low)[-1L]
  }
  for (times in c(1L, 32L, 33L, 5000L)) {
    expect_identical(total(rep(c(1e16, 1, -1e16, 1), times)), 2 * times)
    expect_identical(total(rep(c(1, 1e100, 1, -1e100), times)), 2 * times)
    expect_identical(total(rep(c(2^-1074, 2^-1070), times)), times * 17 * 2^-1074)
    expect_identical(total(c(rep(0, times), -0)), 0)
    by <- rep(1:3, times)
    found <- .Call(C_crosstab_moments, list(by), 3L, rep(c(1e-300, NA, 0.5), times), NULL, 0L)
    expect_equal((found$sum + found$low)[-1L], c(1e-300 * times, 0, 0.5 * times))
    expect_identical(found$lost[-1L], c(0, times, 0))
    expect_identical(found$n[-1L], c(times, 0, times))
    expect_identical(total(rep(c(Inf, 2, 3), times), by, 3L), c(Inf, 2, 3 * 1) * c(1, times, times))
  }
  blocks <- c(rep(0.1, 128), rep(1e200, 128), rep(1e-200, 128), rep(NA, 128), rep(0.1, 128))
  expect_equal(total(blocks, rep(1:5, each = 128L), 5L), 128 * c(0.1, 1e200, 1e-200, 0, 0.1),
    tolerance = 1e-15)
  near <- 1e9 + (1:1e6) / 2^20
  expect_identical(total(near), 1e15 + sum(1:1e6 + 0) / 2^20)
})

test_that("a note says in the unit's own word that several codes may count", {
  d <- data.frame(who = c("Mother; Father", "Mother"))
  tab <- crosstab(d, ~ who, multicode = c(who = ";"), unit = "children")
  expect_true("Children may count under several levels of who." %in% format(tab))
})

test_that("a table turned round is the table of the formula turned round", {
  d <- data.frame(a = c("x", "y", "y", NA), b = c("u", "u", "v", "v"), c = c("k", "l", "l", "l"),
    v = c(1, 5, 2, 8))
  same <- function(ours, theirs) expect_identical(as.data.frame(t(ours)), as.data.frame(theirs))
  same(crosstab(d, a ~ b), crosstab(d, b ~ a))
  same(crosstab(d, a ~ b | c, percent = "row"), crosstab(d, b ~ a | c, percent = "column"))
  same(crosstab(d, a/c ~ b, value = "v", stat = "mean"), crosstab(d, b ~ a/c, value = "v",
    stat = "mean"))
  tab <- crosstab(d, a + c ~ b, percent = "total")
  expect_identical(t(t(tab)), tab)
})

test_that("a net has a name that no level, total or other net has", {
  d <- data.frame(year = c("2012", "2013", "2014"))
  ask <- function(...) crosstab(d, ~ year, nets = list(year = list(...)))
  early <- c("2012", "2013")
  expect_error(ask("2012" = early), "name of its own, not \"2012\"",
    class = "casereview_error_argument")
  expect_error(ask(Total = early), "name of its own, not \"Total\"")
  expect_identical(cell(ask(early = early), year = "early"), "2")
})
