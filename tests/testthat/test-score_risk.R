levels_book <- function(items = c("plan", "neglect", "violence"), id = "id") {
  rest <- setdiff(items, "plan")
  codebook(
    data.frame(variable = c(id, items), type = c(rep("id", length(id)), rep("rating", length(items)))),
    rbind(
      if ("plan" %in% items) data.frame(variable = "plan", code = c("3", "2", "0", "-9"),
        label = c("Currently", "Previously", "No", "Not known"), score = c(3, 2, 0, -9),
        missing = c("", "", "", "not_known"), aliases = ""),
      data.frame(variable = rep(rest, each = 7L), code = c("3", "2", "1", "0", "-9", "8", "7"),
        label = c("High", "Medium", "Low", "None", "Not known", "Does not apply", "Not submitted"),
        score = c(3, 2, 1, 0, 0, NA, 0),
        missing = c("", "", "", "", "not_known", "not_applicable", "not_recorded"),
        aliases = c("hi;severe", rep("", 6L)))
    )
  )
}

# One case at a time, the slow way. `r` holds labels or NA.
slow_score <- function(r, scale, unknown, min_rated) {
  out <- c(rated = 0, open = 0, na = 0, sum = 0, lo = 0, hi = 0, max = 0, rmax = 0)
  for (item in names(r)) {
    s <- scale[[item]]
    v <- r[[item]]
    if (identical(v, "Does not apply")) {
      out["na"] <- out["na"] + 1
    } else if (is.na(v) || !v %in% names(s)) {
      out[c("open", "lo", "hi", "max")] <- out[c("open", "lo", "hi", "max")] +
        c(1, min(s), max(s), max(s))
    } else {
      out <- out + c(1, 0, 0, s[[v]], s[[v]], s[[v]], max(s), max(s))
    }
  }
  score <- out[["sum"]]
  if (unknown == "prorate") score <- out[["sum"]] * out[["max"]] / out[["rmax"]]
  if (out[["rated"]] < min_rated) score <- NA
  if (out[["rated"]] == 0 && (unknown != "zero" || out[["open"]] == 0)) score <- NA
  c(out[c("rated", "open", "na")], score = score, out[c("lo", "hi", "max")])
}

test_that("the sums agree with one case at a time, over a grid", {
  set.seed(5)
  items <- c("plan", paste0("i", 1:8))
  book <- levels_book(items)
  four <- c(High = 3, Medium = 2, Low = 1, None = 0)
  scale <- c(list(plan = c(Currently = 3, Previously = 2, No = 0)), rep(list(four), 8L))
  names(scale) <- items
  for (n in c(0L, 1L, 40L)) for (p in c(0, 0.3, 1)) {
    d <- data.frame(id = seq_len(n))
    for (item in items) {
      known <- sample(names(scale[[item]]), n, TRUE)
      gone <- sample(c(NA, "Not known", if (item != "plan") c("Does not apply", "Not submitted")), n, TRUE)
      d[[item]] <- ifelse(stats::runif(n) < p, gone, known)
    }
    for (unknown in c("zero", "exclude", "prorate")) for (least in c(0L, 1L, 5L)) {
      got <- score_risk(d, book, unknown = unknown, min_rated = least)
      want <- vapply(seq_len(n), function(i) {
        slow_score(as.list(d[i, items]), scale, unknown, least)
      }, double(7L))
      columns <- c("n_rated", "n_unknown", "n_not_applicable", "score", "score_min",
        "score_max", "max_score")
      got <- vapply(columns, function(name) as.double(got[[name]]), double(n))
      expect_equal(as.vector(got), as.vector(t(matrix(want, 7L))))
    }
  }
})

test_that("the columns are those of the contract, and three kinds of missing stay apart", {
  d <- data.frame(id = c("a", "b"), plan = c("Currently", NA), neglect = c("None", "7"),
    violence = c("-9", "Does not apply"))
  s <- score_risk(d, levels_book())
  expect_named(s, c("id", "n_items", "n_rated", "n_unknown", "n_not_applicable", "score",
    "score_min", "score_max", "max_score", "band", "band_certain"))
  expect_s3_class(s, c("risk_scores", "data.frame"), exact = TRUE)
  expect_identical(s$n_rated, c(2L, 0L))
  expect_identical(s$n_unknown, c(1L, 2L))
  expect_identical(s$n_not_applicable, c(0L, 1L))
  expect_identical(s$max_score, c(9, 6))
  expect_named(score_risk(d, levels_book(id = NULL))[1], "case")
})

test_that("a case with nothing known has no total unless zero is asked for", {
  d <- data.frame(id = 1:4, plan = c("No", "Currently", "Previously", NA), neglect = c("0", "3", "2", "-9"),
    violence = c("1", "2", "3", NA))
  for (unknown in c("zero", "exclude", "prorate")) {
    expect_identical(score_risk(d, levels_book(), unknown = unknown)$score[4], NA_real_)
  }
  zero <- score_risk(d, levels_book(), unknown = "zero", min_rated = 0L)
  expect_identical(zero$score, c(1, 8, 7, 0))
  expect_identical(score_risk(d, levels_book(), unknown = "exclude", min_rated = 0L)$score[4], NA_real_)
  expect_identical(c(zero$score_min[4], zero$score_max[4]), c(0, 9))
})

test_that("a missing code's score and a factor's codes are never summed", {
  d <- data.frame(id = 1:2, plan = c(-9, 3), neglect = c(-9, 2), violence = c(3, 0))
  expect_identical(score_risk(d, levels_book())$score, c(3, 5))
  f <- data.frame(id = 1:2, plan = factor(c("No", "Currently")),
    neglect = factor(c("None", "Medium")), violence = factor(c("Low", "High")))
  expect_identical(score_risk(f, levels_book())$score, c(1, 8))
})

test_that("one content in any type gives one score", {
  code <- c(3L, 0L, NA, -9L, 1L)
  label <- c("High", "None", NA, "Not known", "Low")
  make <- function(x) {
    d <- data.frame(id = 1:5)
    d$neglect <- x
    d
  }
  book <- levels_book("neglect")
  want <- score_risk(make(code), book)
  labelled <- structure(as.double(code), labels = c(High = 3, None = 0), class = "haven_labelled")
  for (x in list(as.double(code), as.character(code), label, factor(label), factor(code),
    c("severe", "0", " ", "Not known", "Low"), labelled)) {
    expect_identical(score_risk(make(x), book), want)
  }
})

test_that("a value that is not in the codebook counts as unknown and is told", {
  d <- data.frame(id = 1:2, plan = c("No", "Maybe"), neglect = "High", violence = c("5", "High"))
  expect_warning(s <- score_risk(d, levels_book()),
    "2 values are not in the codebook.*plan in row 2 \\(\"Maybe\"\\).*violence in row 1 \\(\"5\"\\).*check_coding",
    class = "casereview_warning_data")
  expect_identical(s$n_unknown, c(1L, 1L))
  expect_identical(s$score, c(3, 6))
})

test_that("bands hold their own lower edge, zero included", {
  book <- codebook(data.frame(variable = "a", type = "rating", min = "0", max = "39"))
  d <- data.frame(a = c(0, 9, 10, 19, 20, 39, NA))
  s <- score_risk(d, book, bands = c(low = 0, medium = 10, high = 20))
  expect_identical(as.character(s$band), c("low", "low", "medium", "medium", "high", "high", NA))
  expect_identical(levels(s$band), c("low", "medium", "high"))
  expect_identical(s$band_certain, c(rep(TRUE, 6), FALSE))
  expect_warning(s <- score_risk(d, book, bands = c(medium = 10)), "2 scores lie below the lowest band",
    class = "casereview_warning_data")
  expect_identical(is.na(s$band), c(TRUE, TRUE, FALSE, FALSE, FALSE, FALSE, TRUE))
  expect_identical(s$band_certain, c(NA, NA, TRUE, TRUE, TRUE, TRUE, FALSE))
})

test_that("the band is certain only where both ends share it", {
  d <- data.frame(id = 1:2, plan = c("No", "Currently"), neglect = NA, violence = c("None", "High"))
  s <- score_risk(d, levels_book(), bands = c(low = 0, high = 4))
  expect_identical(as.character(s$band), c("low", "high"))
  expect_identical(s$band_certain, c(TRUE, TRUE))
  expect_identical(score_risk(d, levels_book(), bands = c(low = 0, high = 3))$band_certain, c(FALSE, TRUE))
})

test_that("min_rated is a number of items, and half of 13 is not 6", {
  items <- paste0("i", 1:13)
  book <- levels_book(items)
  d <- as.data.frame(c(list(id = 1:2), stats::setNames(rep(list(c("3", "3")), 13L), items)))
  d[1, items[7:13]] <- NA
  d[2, items[8:13]] <- NA
  expect_identical(score_risk(d, book, unknown = "prorate", min_rated = 7L)$score, c(NA, 39))
  for (bad in list(0.5, 6.5, -1, NA, "7", 14L, c(1L, 2L), NULL)) {
    expect_error(score_risk(d, book, min_rated = bad), "`min_rated` must be a whole number",
      class = "casereview_error_argument")
  }
})

test_that("weights, direction, caps, maps and groups do as they say", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "1", max = "5"))
  d <- data.frame(a = c(5, 1, NA), b = c(2, 4, 3), c = c(3, NA, 3))
  get <- function(...) score_risk(d, book, ...)
  expect_identical(get(direction = c(a = -1))$score, c(6, 9, 6))
  expect_identical(get(weights = c(b = 2))$score, c(12, 9, 9))
  expect_identical(get(weights = c(b = 2))$max_score, c(20, 20, 20))
  expect_identical(get(cap = c(a = 3))$score, c(8, 5, 6))
  expect_identical(get(cap = 6)[c("score", "score_max")], get(cap = 6)[c("score", "score_max")])
  expect_identical(get(cap = 6)$score, c(6, 5, 6))
  expect_identical(get(cap = 6)$max_score, c(6, 6, 6))
  once <- get(groups = list(ab = c("a", "b")))
  expect_identical(once$score, c(8, 4, 6))
  expect_identical(once$score_min, c(8, 5, 6))
  expect_identical(once$score_max, c(8, 9, 8))
  expect_identical(once$max_score, c(10, 10, 10))
  expect_identical(once$n_rated, c(3L, 2L, 2L))
  map <- list(neglect = c(High = 10, "2" = 5))
  m <- data.frame(id = 1:2, neglect = c("High", "Medium"))
  expect_identical(score_risk(m, levels_book("neglect"), scores = map)$score, c(10, 5))
})

test_that("whole weights are the same as repeated items, and order does not matter", {
  set.seed(8)
  book <- levels_book(c("a", "b", "b2"))
  d <- data.frame(id = 1:50, a = sample(c(0:3, NA, -9), 50, TRUE), b = sample(c(0:3, NA, 8), 50, TRUE))
  d$b2 <- d$b
  twice <- score_risk(d, book)
  weighted <- score_risk(d, book, items = c("a", "b"), weights = c(b = 2))
  for (name in c("score", "score_min", "score_max", "max_score")) {
    expect_identical(weighted[[name]], twice[[name]])
  }
  o <- sample(50)
  expect_equal(as.data.frame(score_risk(d[o, ], book)), as.data.frame(twice)[o, ], ignore_attr = TRUE)
  expect_equal(as.data.frame(score_risk(d, book, items = c("b", "b2", "a"))), as.data.frame(twice),
    ignore_attr = TRUE)
})

test_that("an item rated in numbers is held against its own range", {
  book <- codebook(data.frame(variable = c("a", "b"), type = "rating", min = "0", max = "10"))
  d <- data.frame(a = c("2.5", "11", "x", ""), b = c(1, 2, 3, NA))
  expect_warning(s <- score_risk(d, book), "2 values are not in the codebook")
  expect_identical(s$score, c(3.5, 2, 3, NA))
  expect_identical(s$score_max, c(3.5, 12, 13, 20))
  none <- codebook(data.frame(variable = "a", type = "rating"))
  expect_error(score_risk(d, none), "neither codes nor a lowest and highest", class = "casereview_error_argument")
})

test_that("what was typed wrongly is refused in words", {
  d <- data.frame(id = 1, plan = "No", neglect = "High", violence = "Low")
  b <- levels_book()
  refuse <- function(text, ...) {
    expect_error(score_risk(d, b, ...), text, class = "casereview_error_argument")
  }
  refuse("`bands` must be lower edges", bands = c(0, 10))
  refuse("`bands` must rise", bands = c(low = 10, high = 0))
  refuse("`unknown` must be one of", unknown = "mean")
  refuse("which the codebook does not have", items = "nothing")
  refuse("at least one item", items = character())
  refuse("`weights` names \"x\"", weights = c(x = 1))
  refuse("`weights` must be of at least 0", weights = c(plan = -1))
  refuse("`direction` must be 1", direction = c(plan = 2))
  refuse("`cap` must be a number", cap = Inf * NA)
  refuse("`groups` must be a list", groups = c("plan", "neglect"))
  refuse("`groups` names \"plan\" twice", groups = list(x = c("plan", "neglect"), y = "plan"))
  refuse("no label or code", scores = list(plan = c(Never = 1)))
  expect_error(score_risk(d[-2], b), "no column \"plan\"", class = "casereview_error_argument")
  b$codes$score[1] <- NA
  refuse("has no score for \"Currently\"")
})

test_that("the C entry refuses what R would never send", {
  table <- matrix(c(0, 0, 3, 3, 0, 65536, 1, 1, 1, 3, 3, 1, 0, 0, 3, 3, 0, 65536 + 2^32), 6L)
  words <- list(c("x", "1"), c(1L, 1L))
  inside <- asNamespace("casereview")
  call <- function(cells = list(1L), tables = list(table), n = 1, items = 1L,
                   words = list(NULL), rule = c(0, 1, Inf, 1), edges = 0) {
    columns <- list(cells, words, tables)
    tryCatch(.Call(inside$C_score_cases, columns, n, items, rule, edges),
      error = conditionMessage)
  }
  expect_identical(call()$score, 1)
  expect_identical(call(list(NA_integer_))$n_unknown, 1L)
  expect_identical(call(list(0L))$n_none, 1)
  for (x in list("x", 1L, 1)) {
    expect_identical(call(list(x), words = list(words))$score, 1)
  }
  low <- -.Machine$integer.max
  for (bad in list(2L, -1L, .Machine$integer.max, low, low + 1L)) {
    expect_identical(call(list(bad)), 1L)
  }
  refuse <- function(text, ...) expect_match(call(...), text)
  refuse("type integer", list(1))
  refuse("type integer", list("x"))
  refuse("type integer", list("x"), words = list(c(1L, 1L)))
  refuse("length 1", list(1:2))
  refuse("type list", 1L)
  refuse("6 rows", tables = list(table[-1]))
  refuse("6 rows", tables = list(double()))
  refuse("length 1", tables = list())
  refuse("length 1", words = list())
  refuse("names no code", words = list(list("x", 2L)), cells = list("x"))
  refuse("type integer", words = list(list("x", 1)), cells = list("x"))
  refuse("length 2", words = list(list("x")), cells = list("x"))
  refuse("a number for each code", words = list(c(1L, 2L)))
  refuse("size", n = NaN)
  refuse("size", n = -1)
  refuse("more columns", items = 0L)
  many <- table
  many[6, 2] <- 1e4
  refuse("more than 1 items", tables = list(many))
  many[6, 2] <- NaN
  refuse("count", tables = list(many))
  refuse("length 4", rule = 1)
  refuse("number of items", rule = c(0, NaN, 1, 1))
  refuse("type double", edges = 1L)
  for (bad in c(-1, NaN, 1e10)) refuse("`divisor` must be", rule = c(0, 1, Inf, bad))
})

test_that("a damaged factor is refused by its column and row", {
  book <- levels_book("neglect")
  for (code in c(7L, -1L, 0L, -.Machine$integer.max, -.Machine$integer.max + 2L)) {
    for (levels in list(c("High", "Medium"), c("Medium", "High"), character())) {
      x <- structure(c(rep(NA, 3000), code), levels = levels, class = "factor")
      d <- data.frame(id = 1:3001)
      d$neglect <- x
      expect_error(score_risk(d, book), "damaged factor: row 3001 holds the code",
        class = "casereview_error_argument")
      expect_error(item_analysis(d, book), "row 3001", class = "casereview_error_argument")
    }
  }
})

test_that("cells of any kind are worth what encode_column() says they are", {
  set.seed(12)
  book <- codebook(
    data.frame(variable = c("a", "b"), type = "rating"),
    data.frame(variable = rep(c("a", "b"), each = 6L),
      code = c("01", "2", "-9", "2.5", "x", "70000", "0", "1", "2", "3", "4", "99"),
      label = c("caf\u00e9", "Two", "Gone", "Half", "3", "Far", "None", "1 low", "2 mid",
        "3 high", "4 top", "Not known"),
      score = c(1, 2, NA, 4, 8, 16, 0:4, NA),
      missing = c("", "", "not_known", "", "", "", "", "", "", "", "", "not_known"),
      aliases = c("one;eins", rep("", 11L)))
  )
  latin <- iconv("caf\u00e9", "UTF-8", "latin1")
  number <- c(1, 2, -9, 2.5, 3, 70000, NA, NaN, 1.5, 1e300, -Inf, -0, 0.1 + 0.2, 2.9999999999999996,
    5, -2147483647, 2147483648)
  text <- c("caf\u00e9", latin, "01", "1", " ", "", NA, "\u00a0", "eins", "Two", "two", "2", "2.50",
    "Far", "70000", "x", "3", "Half")
  whole <- c(1L, 2L, -9L, 3L, 70000L, NA, 0L, 5L, .Machine$integer.max, -.Machine$integer.max)
  draw <- function(x) sample(x, 5000, TRUE)
  columns <- list(draw(number), draw(text), draw(whole), factor(draw(text)),
    factor(draw(text), c("Two", "Far", "3")), as.character(draw(number)),
    structure(draw(whole), labels = c("Two" = 5L), class = "haven_labelled"),
    structure(draw(number), class = "units"), draw(c(TRUE, FALSE, NA)),
    factor(draw(c("None", "1 low", NA)), c("None", "1 low", "2 mid", "3 high", "4 top", "Not known")))
  for (item in c("a", "b")) for (x in columns) {
    d <- data.frame(row = seq_along(x))
    d[[item]] <- x
    code <- encode_column(x, book, item)$code
    codes <- book$codes[book$codes$variable == item, ]
    at <- ifelse(code %in% 0L, NA, code)
    worth <- ifelse(is.na(at) | codes$missing[at] != "", NA, codes$score[at])
    got <- suppressWarnings(score_risk(d, book, items = item))
    expect_identical(got$score, as.double(worth))
    expect_identical(got$n_rated, as.integer(!is.na(worth)))
    expect_identical(attr(got, "spec")$unknown_values$row, which(code == 0L))
  }
})

test_that("numbers without codes are worth themselves, whole or not", {
  book <- codebook(data.frame(variable = "a", type = "rating", min = "-2", max = "5"))
  x <- c(-3, -2, 0, 5, 6, NA, NaN, 2, 1e18, -1e18)
  for (more in list(NULL, 2.25, 4.999)) for (type in c("double", "integer", "character")) {
    y <- c(x, more)
    if (type == "integer") y <- as.integer(x[abs(x) < 10])
    if (type == "character") y <- as.character(y)
    value <- as.double(y)
    good <- !is.na(value) & value >= -2 & value <= 5
    got <- suppressWarnings(score_risk(data.frame(a = y), book))
    expect_identical(got$score, ifelse(good, value, NA))
    expect_identical(nrow(attr(got, "spec")$unknown_values),
      sum(!good & !is.na(value)) + (type == "character"))
    reversed <- suppressWarnings(score_risk(data.frame(a = y), book, direction = c(a = -1)))
    expect_equal(reversed$score, ifelse(good, 3 - value, NA), tolerance = 1e-15)
  }
})

test_that("many cases over several blocks and wide tables sum as rowSums does", {
  set.seed(9)
  items <- paste0("i", 1:20)
  book <- codebook(data.frame(variable = items, type = "rating", min = "0", max = "1000"))
  d <- as.data.frame(stats::setNames(lapply(1:20, function(i) sample(0:(i * 40), 5000, TRUE)), items))
  expect_identical(score_risk(d, book)$score, as.double(rowSums(d)))
})

test_that("summary, contributions and sensitivity add up", {
  set.seed(3)
  book <- levels_book()
  d <- data.frame(id = 1:30, plan = sample(c("3", "2", "0", NA), 30, TRUE),
    neglect = sample(c(0:3, NA), 30, TRUE), violence = sample(c(0:3, 8), 30, TRUE),
    law = sample(c("x", "y"), 30, TRUE))
  bands <- c(low = 0, high = 5)
  for (unknown in c("zero", "exclude", "prorate")) {
    s <- score_risk(d, book, unknown = unknown, bands = bands)
    contribution <- item_contributions(d, book, by = "law", unknown = unknown)
    want <- tapply(s$score, d$law, mean, na.rm = TRUE)
    expect_equal(tapply(contribution$mean, contribution$law, sum), want)
    expect_equal(as.vector(tapply(contribution$share, contribution$law, sum)), c(1, 1))
    expect_equal(summary(s, by = d$law)$mean, as.vector(want))
  }
  sensitivity <- score_sensitivity(d, book, bands = bands)
  all <- attr(sensitivity, "scores")
  expect_identical(all[["as asked"]], score_risk(d, book)$score)
  expect_identical(all[["without plan"]], score_risk(d, book, items = c("neglect", "violence"))$score)
  expect_identical(all[["unknown left out"]], score_risk(d, book, unknown = "prorate")$score)
  s <- score_risk(d, book)
  expect_equal(all[["unknown at highest"]], ifelse(is.na(s$score), NA, s$score_max))
  both <- !is.na(s$score)
  expect_equal(sensitivity$rank_correlation[4],
    stats::cor(s$score[both], s$score_max[both], method = "spearman"))
  expect_equal(sensitivity$n_band_changed[4], sum((s$score >= 5) != (s$score_max >= 5), na.rm = TRUE))
})

test_that("a group of one item is the item", {
  d <- data.frame(id = 1:3, plan = c("3", "2", NA), neglect = c(3, 0, 8), violence = c(1, 2, 9))
  one <- suppressWarnings(item_contributions(d, levels_book(), groups = list(g = "neglect")))
  all <- suppressWarnings(item_contributions(d, levels_book()))
  expect_equal(one$total, all$total)
  expect_identical(one$item, c("plan", "g", "violence"))
  s <- suppressWarnings(score_sensitivity(d, levels_book(), groups = list(g = "neglect")))
  expect_equal(s$mean, suppressWarnings(score_sensitivity(d, levels_book()))$mean)
})

test_that("the plot draws every case and returns what it drew", {
  d <- data.frame(id = 1:5, plan = c("3", "0", "0", NA, NA), neglect = c("1", "1", "1", NA, "2"), violence = "0")
  s <- score_risk(d, levels_book())
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  drawn <- plot(s, by = c("x", "y", "y", "y", "x"))
  expect_identical(drawn$n, c(2L, 3L))
  expect_equal(drawn$mean, c(3, 2 / 3))
  expect_silent(plot(s[0, ]))
  expect_error(plot(s, by = 1:2), "one value for each", class = "casereview_error_argument")
})

test_that("scores print what they rest on", {
  d <- data.frame(id = 1:3, plan = c("3", "0", NA), neglect = c("1", "-9", NA), violence = c("0", "8", NA))
  expect_snapshot(print(score_risk(d, levels_book(), bands = c(low = 0, high = 4))))
})

test_that("scores print no wider than the page and say what is not shown", {
  d <- data.frame(id = 1:3, plan = c("3", "0", NA), neglect = c("1", "-9", NA), violence = c("0", "8", NA))
  s <- score_risk(d, levels_book(), bands = c(low = 0, high = 4))
  for (width in c(40L, 80L, 200L)) {
    old <- options(width = width)
    lines <- format(s)
    options(old)
    expect_true(all(nchar(lines[-1L]) <= width))
    shown <- strsplit(trimws(lines[2L]), " +")[[1L]]
    out <- sub("Not shown: (.*); as[.]data.*", "\\1", paste(lines[-(1:5)], collapse = " "))
    expect_setequal(c(shown, strsplit(out, ", ")[[1L]]), names(s))
  }
  expect_length(format(s, n = 2), 6L)
})

test_that("texts in bytes can be groups", {
  x <- "a\xff"
  Encoding(x) <- "bytes"
  d <- data.frame(id = 1:2, plan = c("3", "2"), neglect = 0, violence = 1, law = c(x, "b"))
  expect_identical(nrow(item_contributions(d, levels_book(), by = "law")), 6L)
  s <- score_risk(d, levels_book())
  expect_identical(summary(s, by = d$law)$n, c(1L, 1L))
})

test_that("summaries wider than the page repeat what each row is about", {
  old <- options(width = 60)
  on.exit(options(old))
  book <- codebook(data.frame(variable = c("a", "b"), type = "rating", min = "0", max = "3"))
  d <- data.frame(a = c(0, 1, 3, 2), b = c(1, NA, 3, 0))
  lines <- format(score_sensitivity(d, book))
  expect_true(all(nchar(lines) <= 60))
  heads <- sum(grepl("^ +variant", lines))
  expect_gt(heads, 1L)
  expect_identical(sum(grepl("without a ", lines)), heads)
  lines <- format(summary(score_risk(d, book), by = c("x", "x", "y", "y")))
  expect_identical(sum(grepl("^ +x ", lines)), sum(grepl("^ +group", lines)))
})

test_that("the variants of sensitivity are the scores under their rules, in groups too", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating",
    min = c("-3", "-2", "0"), max = c("-1", "2", "3")))
  data <- expand.grid(a = c(-3, -1, NA), b = c(-2, 2, NA), c = c(0, 3, NA))
  for (asked in c("zero", "exclude", "prorate")) {
    with_rule <- function(unknown) score_risk(data, book, unknown = unknown,
      groups = list(ab = c("a", "b")))$score
    found <- attr(score_sensitivity(data, book, unknown = asked,
      groups = list(ab = c("a", "b"))), "scores")
    expect_equal(found[["unknown at zero"]], with_rule("zero"))
    expect_equal(found[["unknown left out"]], with_rule("prorate"))
  }
})

test_that("a total that decimals bring to an edge has reached it", {
  set.seed(1)
  for (i in 1:60) {
    items <- letters[seq_len(sample(3:8, 1))]
    tenths <- sample(9, length(items), TRUE)
    book <- codebook(data.frame(variable = items, type = "rating", min = "0", max = "3"))
    data <- as.data.frame(lapply(items, function(j) sample(0:3, 20, TRUE)), col.names = items)
    scores <- score_risk(data, book, weights = structure(tenths / 10, names = items),
      bands = c(none = 0, low = 1, medium = 2.3, high = 5))
    expect_identical(as.integer(scores$band),
      findInterval(as.vector(as.matrix(data) %*% tenths), c(0, 10, 23, 50)))
  }
})

test_that("sums of decimals are the decimals, and a sum of nothing is 0", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "-3", max = "3"))
  data <- expand.grid(a = c(-3:3, NA), b = -3:3, c = c(-3, 0, 3))
  tenths <- c(a = 1, b = 2, c = 7)
  scores <- score_risk(data, book, weights = tenths / 10, bands = c(low = -3, zero = 0, high = 0.3))
  known <- replace(data, is.na(data), 0)
  total <- as.vector(as.matrix(known) %*% tenths)
  expect_identical(scores$score, total / 10)
  expect_identical(scores$score_max, (total + 3 * is.na(data$a)) / 10)
  expect_identical(scores$max_score, rep(3, nrow(data)))
  expect_identical(as.character(scores$band), c("low", "zero", "high")[1 + (total >= 0) + (total >= 3)])
  expect_true(any(total == 0) && !any(scores$score != 0 & abs(scores$score) < 0.05))
  # 0.1 * 3 is not 0.3, and half of the rated is not two thirds of the rest
  rated <- score_risk(data, book, weights = tenths / 10, unknown = "prorate")
  full <- !is.na(data$a)
  expect_identical(rated$score[full], total[full] / 10)
  expect_identical(rated$score[!full], (total * 30)[!full] / 270)
  parts <- item_contributions(data, book, weights = tenths / 10)
  expect_identical(parts$total, unname(colSums(known) * tenths) / 10)
})

test_that("parts that no decimal fits still add up to 0 where they should", {
  book <- codebook(data.frame(variable = letters[1:6], type = "rating", min = "-3", max = "3"))
  set.seed(4)
  data <- as.data.frame(matrix(sample(-3:3, 3000, TRUE), 500, dimnames = list(NULL, letters[1:6])))
  data$f <- -rowSums(data[1:5])
  data <- data[abs(data$f) <= 3, ]
  scores <- score_risk(data, book, weights = stats::setNames(rep(1 / 3, 6), letters[1:6]))
  expect_identical(scores$score, rep(0, nrow(data)))
  expect_equal(scores$max_score[1], 6)
})

test_that("a change of the mean that is none is 0", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "-1", max = "1"))
  data <- data.frame(a = c(1, -1, 1), b = c(1, -1, -1), c = c(0.1, -0.3, 0.2))
  found <- score_sensitivity(data, book)
  expect_identical(found$mean_change[found$variant == "without c"], 0)
})

test_that("a case with nothing unknown needs no proration, whatever the highest total", {
  book <- codebook(
    data.frame(variable = c("risk", "shield"), type = "rating"),
    data.frame(variable = rep(c("risk", "shield"), c(2, 3)), code = c("1", "0", "1", "0", "8"),
      label = c("Yes", "No", "Yes", "No", "Does not apply"), score = c(2, 0, -1.5, 0, NA),
      missing = c("", "", "", "", "not_applicable"))
  )
  data <- expand.grid(risk = c("Yes", "No", NA), shield = c("Yes", "No", "Does not apply", NA))
  get <- function(...) score_risk(data, book, unknown = "prorate", ...)
  full <- !is.na(data$risk) & !is.na(data$shield)
  plain <- score_risk(data, book)$score
  expect_identical(get()$score[full], plain[full])
  expect_identical(get()$score[!full], c(NA, NA, NA, 2, 0, NA))
  shield <- get(items = "shield")$score
  expect_identical(shield, rep(c(-1.5, 0, NA, NA), each = 3))
  nothing <- get(weights = c(risk = 0, shield = 0))$score
  expect_identical(nothing, ifelse(full, 0, NA))
  found <- item_contributions(data, book, items = "shield", unknown = "prorate")
  expect_identical(found$total, -4.5)
  sensitivity <- score_sensitivity(data, book, items = "shield")
  expect_identical(sensitivity$n, c(6L, 6L, 6L, 6L, 6L))
})

test_that("numbers are found at every size of data and of scale, and odd ones are none", {
  set.seed(31)
  odd <- c(NA, NaN, 0 / 0, NA_real_ + 1, -9, 5.5, 1e300, -1e300, Inf, -Inf, -0, 2^31, -2^31)
  for (high in c(3, 60)) {
    book <- codebook(data.frame(variable = "a", type = "rating", min = "-2", max = high),
      data.frame(variable = "a", code = as.character(-2:high), label = paste("Level", -2:high),
        score = -2:high))
    for (n in c(1L, 63L, 64L, 65L, 2047L, 2048L, 2049L, 4097L)) {
      for (x in list(sample(c(-2:high, odd), n, TRUE), sample(c(-2:high, NA, 99L, -9L), n, TRUE))) {
        found <- suppressWarnings(score_risk(data.frame(a = x), book))
        known <- x %in% -2:high
        expect_identical(found$score, ifelse(known, as.double(x) + 0, NA_real_))
        expect_identical(found$n_unknown, as.integer(!known))
        expect_identical(attr(found, "spec")$unknown_values$row, which(!known & !is.na(x)))
      }
    }
  }
})

test_that("a restricted value that the codebook does not know is not repeated", {
  cb <- codebook(data.frame(variable = c("id", "a", "b"), type = c("id", "rating", "rating"),
    restricted = c(FALSE, TRUE, FALSE)), data.frame(variable = rep(c("a", "b"), each = 2),
    code = c("0", "1"), label = c("No", "Yes"), score = 0:1))
  cases <- data.frame(id = 1:2, a = c("Jane Doe", "No"), b = c("Maybe", "Yes"))
  said <- function(f) {
    text <- character()
    value <- withCallingHandlers(f(cases, cb), warning = function(w) {
      text <<- conditionMessage(w)
      tryInvokeRestart("muffleWarning")
    })
    expect_identical(text, paste0("2 values are not in the codebook and count as unknown: ",
      "a in row 1 and b in row 1 (\"Maybe\"). See check_coding()."))
    expect_false(any(grepl("Jane", deparse(value), fixed = TRUE)))
  }
  said(score_risk)
  said(item_analysis)
  said(risk_profile)
  said(item_contributions)
  said(score_sensitivity)
})

test_that("prorated decimals are the same double in scores and in their sensitivity", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "0", max = "3"))
  data <- expand.grid(a = c(0:3, NA), b = c(0:3, NA), c = c(1, 3, NA))
  for (weights in list(c(a = 0.1, b = 0.7, c = 0.35), c(a = 1 / 3, b = 1, c = 0.3))) {
    scores <- score_risk(data, book, unknown = "prorate", weights = weights)
    found <- score_sensitivity(data, book, unknown = "prorate", weights = weights)
    expect_identical(attr(found, "scores")[["as asked"]], scores$score)
  }
})

test_that("a prorated total lies between the lowest and the highest possible", {
  # the Glasgow coma scale: 1 to 4, 1 to 5 and 1 to 6; of M alone, 1 x 15 / 6 would be 2.5
  book <- codebook(data.frame(variable = c("E", "V", "M"), type = "rating", min = "1",
    max = c("4", "5", "6")))
  data <- expand.grid(E = c(1:4, NA), V = c(1:5, NA), M = c(1:6, NA))
  expect_silent(scores <- score_risk(data, book, unknown = "prorate",
    bands = c(severe = 3, moderate = 9, mild = 13)))
  high <- col(data) + 3
  rated <- !is.na(data)
  product <- rowSums(data, na.rm = TRUE) * 15 / rowSums(high * rated)
  possible <- function(end) rowSums(replace(as.matrix(data), !rated, end[!rated]))
  want <- pmin(pmax(product, possible(high^0)), possible(high))
  expect_equal(scores$score, ifelse(rowSums(rated) > 0, want, NA))
  expect_identical(scores$score[is.na(data$E) & is.na(data$V) & data$M %in% 1L], 3)
  # what lowers the total is prorated too, and no further than it can go
  book <- codebook(data.frame(variable = c("a", "b", "shield"), type = "rating",
    min = c("0", "0", "-2"), max = c("2", "2", "-1")))
  data <- expand.grid(a = c(0, 2, NA), b = c(0, 2, NA), shield = c(-2, -1, NA))
  for (cap in list(NULL, 1)) {
    scores <- score_risk(data, book, unknown = "prorate", cap = cap)
    known <- !is.na(scores$score)
    expect_true(all((scores$score >= scores$score_min & scores$score <= scores$score_max)[known]))
    expect_true(any((scores$score == scores$score_min)[known & scores$n_unknown > 0L]))
  }
})

test_that("a score or a weight of many decimals is added as it is", {
  set.seed(8)
  for (part in c(1 / 3, 2 / 7, 0.123456, 1.23456789, 0.00001, pi)) {
    book <- codebook(data.frame(variable = c("a", "b"), type = "rating"),
      data.frame(variable = rep(c("a", "b"), each = 3), code = c("0", "1", "2"),
        label = c("No", "Some", "Yes"), score = c(0, part, 2, 0, 1, 2 * part)))
    worth <- list(a = c(0, part, 2), b = c(0, 1, 2 * part))
    data <- data.frame(a = sample(0:2, 40, TRUE), b = sample(0:2, 40, TRUE))
    total <- worth$a[data$a + 1] + worth$b[data$b + 1]
    expect_equal(score_risk(data, book)$score, total, tolerance = 1e-14)
    expect_equal(item_contributions(data, book)$total,
      c(sum(worth$a[data$a + 1]), sum(worth$b[data$b + 1])), tolerance = 1e-14)
    weighted <- score_risk(data, book, weights = c(a = 1, b = part), scores = list(a = c(Some = 1),
      b = c(Yes = 2)))
    expect_equal(weighted$score, data$a + part * data$b, tolerance = 1e-14)
  }
})

test_that("totals of thirds that are equal have one rank", {
  book <- codebook(data.frame(variable = c("a", "b", "c"), type = "rating", min = "0", max = "4"))
  data <- expand.grid(a = 0:4, b = 0:4, c = 0:4)
  thirds <- score_sensitivity(data, book, weights = c(a = 1 / 3, b = 2 / 3, c = 4 / 3))
  whole <- score_sensitivity(data, book, weights = c(a = 1, b = 2, c = 4))
  expect_equal(thirds[c("rank_correlation", "n_rank_changed", "largest_rank_change")],
    whole[c("rank_correlation", "n_rank_changed", "largest_rank_change")])
})
