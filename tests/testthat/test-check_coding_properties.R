# Properties of check_coding() over random codebooks of any shape and clean sheets for them.

property_types <- c("nominal", "ordinal", "rating", "flag", "integer", "number", "date", "year",
  "text", "multicode")

words <- c("Mother", "Father", "Step-father", "Caf\u00e9", "=none", "\u4e2d\u6587", "Don't know", "TRUE",
  "no", "2010", "a b c", "x|y", "\u00d8rsted", "NA", "None indicated")

property_book <- function() {
  k <- sample(1:8, 1)
  variable <- c("case", sample(c(letters, "caf\u00e9", "two words", "if"), k))
  type <- c("id", sample(property_types, k, TRUE))
  coded <- type %in% c("nominal", "ordinal", "rating", "multicode")
  counted <- type %in% c("integer", "number", "year")
  own <- function(i) {
    m <- sample(2:6, 1)
    data.frame(variable = variable[i], code = as.character(sample(90, m)), label = sample(words, m),
      missing = sample(c("", "", "not_known"), m, TRUE), aliases = sprintf("alias %d", seq_len(m)))
  }
  missing <- function(i) {
    data.frame(variable = variable[i], code = "-9", label = "Not known", missing = "not_known", aliases = "")
  }
  codes <- do.call(rbind, c(lapply(which(coded), own), lapply(which(counted & runif(k + 1) < 0.5), missing)))
  codebook(
    data.frame(variable = variable, type = type, required = c(TRUE, runif(k) < 0.5),
      min = ifelse(counted, "1000", ifelse(type == "date", "2010-01-01", "")),
      max = ifelse(counted, "2000", ifelse(type == "date", "2015-12-31", "")),
      pattern = ifelse(type == "text", sample(c("^[a-z]{3}$", "^(abc|[d-z]+|[a-z]{3})$"), k + 1, TRUE), ""),
      separator = ifelse(type == "multicode", ";", "")),
    codes)
}

clean_values <- function(cb, i, n) {
  variable <- cb$variables$variable[i]
  codes <- cb$codes[cb$codes$variable == variable, ]
  pick <- function(x) x[sample.int(length(x), n, TRUE)]
  value <- switch(cb$variables$type[i],
    id = sprintf("C%03d", sample(999, n)), flag = pick(c("yes", "No", "TRUE", "0")),
    integer = , year = as.character(sample(1000:2000, n, TRUE)),
    number = format(round(runif(n, 1000, 2000), 2), trim = TRUE),
    date = format(as.Date("2010-01-01") + sample(0:2000, n, TRUE)),
    text = replicate(n, paste(sample(letters, 3), collapse = "")),
    multicode = replicate(n, paste(sample(c(codes$label, codes$code), sample(1:2, 1)), collapse = "; ")),
    pick(c(codes$label, codes$code)))
  if (cb$variables$type[i] %in% c("integer", "year", "number") && nrow(codes)) {
    value <- ifelse(runif(n) < 0.2, "-9", value)
  }
  if (!cb$variables$required[i]) value[runif(n) < 0.2] <- sample(c(NA, "", " ", "\u00a0"), 1)
  value
}

clean_sheet <- function(cb, n) {
  columns <- lapply(seq_len(nrow(cb$variables)), function(i) clean_values(cb, i, n))
  structure(columns, names = cb$variables$variable, row.names = .set_row_names(n), class = "data.frame")
}

# One fault in a random cell: its row, variable and rule.
plant_fault <- function(data, cb) {
  i <- sample(nrow(cb$variables), 1)
  row <- sample(nrow(data), 1)
  type <- cb$variables$type[i]
  coded <- c(code = "no such label 77")
  fault <- switch(type,
    id = c(required = NA), flag = c(code = "perhaps"),
    integer = c(range = "2001", type = "12.5", type = "twelve", range = "-8"),
    number = c(range = "2000.5", type = "1,5", type = "1e", range = "999"),
    year = c(range = "999", range = "2001", type = "2000.5"),
    date = c(range = "2009-12-31", date = "03/04/2012", date = "2012-02-30", date = "41698"),
    text = c(pattern = "ABCD"), multicode = c(coded, alias = "alias 1"), c(coded, alias = "alias 2"))
  if (cb$variables$required[i] && type != "id") fault <- c(fault, required = " ")
  at <- sample(length(fault), 1)
  data[[i]][row] <- fault[[at]]
  list(data = data, row = row, variable = cb$variables$variable[i], rule = names(fault)[at])
}

as_factors <- function(data) {
  data[] <- lapply(data, function(x) factor(x, sample(unique(c(x[!is.na(x)], "stray level")))))
  data
}

# Coded columns as labelled ones: numbers where all cells are numbers of codes, or texts.
as_labelled <- function(data, cb) {
  for (name in names(data)) {
    codes <- cb$codes[cb$codes$variable == name, ]
    if (!nrow(codes)) next
    labels <- stats::setNames(codes$code, codes$label)
    data[[name]] <- structure(data[[name]], labels = labels, class = c("haven_labelled", "vctrs_vctr", "character"))
  }
  data
}

as_latin1 <- function(data) {
  data[] <- lapply(data, function(x) {
    latin <- iconv(x, "UTF-8", "latin1")
    ifelse(is.na(latin), x, latin)
  })
  data
}

test_that("a clean sheet has no finding, one planted fault exactly one, over random codebooks", {
  set.seed(41)
  planted <- character()
  for (i in rounds(150)) {
    cb <- property_book()
    data <- clean_sheet(cb, sample(c(1, 2, 25), 1))
    expect_identical(nrow(check_coding(data, cb)), 0L)
    fault <- plant_fault(data, cb)
    found <- check_coding(fault$data, cb)
    expect_identical(list(found$row, found$variable, found$rule),
      list(fault$row, fault$variable, fault$rule))
    planted <- c(planted, paste(cb$variables$type[cb$variables$variable == fault$variable], fault$rule))
  }
  expect_gt(length(unique(planted)), if (length(rounds(150)) < 150) 1L else 20L)
})

test_that("findings are the same in any order of rows and columns and in any kind of column", {
  set.seed(42)
  # what a finding says, but for its row
  said <- function(f) sort(do.call(paste, c(unclass(f)[-1L], sep = "|")))
  for (i in rounds(80)) {
    cb <- property_book()
    data <- clean_sheet(cb, 20)
    for (k in 1:5) data <- plant_fault(data, cb)$data
    data$case[!is.na(data$case)][1] <- data$case[!is.na(data$case)][2]
    found <- check_coding(data, cb)
    expect_gt(nrow(found), 1L)
    order <- sample(20)
    turned <- check_coding(data[order, , drop = FALSE], cb)
    of_cells <- found$rule != "duplicate_id"
    expect_identical(said(turned[turned$rule != "duplicate_id", ]), said(found[of_cells, ]))
    expect_identical(sort(order[turned$row]), sort(found$row))
    expect_identical(check_coding(data[sample(ncol(data))], cb), found)
    expect_identical(check_coding(as_factors(data), cb), found)
    expect_identical(check_coding(as_labelled(data, cb), cb), found)
    expect_identical(check_coding(as_latin1(data), cb), found)
    listed <- list2env(as.list(data))
    expect_identical(check_coding(structure(data, class = c("tbl_df", "tbl", "data.frame"),
      note = listed), cb), found)
  }
})

test_that("a sheet's findings are those of its rows, one by one", {
  set.seed(43)
  for (i in rounds(20)) {
    cb <- property_book()
    data <- clean_sheet(cb, 8)
    for (k in 1:4) data <- plant_fault(data, cb)$data
    found <- check_coding(data, cb)
    rows <- lapply(1:8, function(row) {
      one <- check_coding(data[row, , drop = FALSE], cb)
      one$row <- rep(row, nrow(one))
      as.data.frame(one)
    })
    rows <- do.call(rbind, rows)
    whole <- as.data.frame(found[found$rule != "duplicate_id", ])
    rownames(whole) <- NULL
    expect_identical(whole, rows)
  }
})

test_that("numbers in a column of numbers give what their texts give", {
  set.seed(44)
  for (i in rounds(40)) {
    type <- sample(c("integer", "number", "year", "nominal", "text", "id"), 1)
    codes <- data.frame(variable = "x", code = c("1", "02", "-9"), label = c("a", "b", "c"))
    cb <- codebook(data.frame(variable = "x", type = type, max = if (type %in% c("integer", "number", "year")) "50" else "",
      pattern = if (type == "text") "^[0-9]$" else ""), if (type != "id") codes)
    x <- sample(c(-9, 0:5, 1.5, 99, 1e15, NA), 30, TRUE)
    number <- check_coding(data.frame(x = x), cb)
    expect_identical(check_coding(data.frame(x = casereview:::column_text(x)), cb), number)
    whole <- ifelse(x == floor(x) & abs(x) < 1e9, x, NA)
    expect_identical(check_coding(data.frame(x = as.integer(whole)), cb), check_coding(data.frame(x = whole), cb))
    labelled <- structure(x, labels = c(a = 1, b = 2, c = -9), class = c("haven_labelled", "vctrs_vctr", "double"))
    expect_identical(check_coding(structure(list(x = labelled), row.names = 1:30, class = "data.frame"), cb), number)
  }
})

test_that("one planted fault gives one finding, and its suggestion mends it", {
  quote <- "O\u2019Neill\u2019s"
  cb <- codebook(
    data.frame(
      variable = c("case", "sub", "area", "risk", "fatal", "kids", "income", "seen", "heard",
        "yr", "note", "harm", "why", "nhs", "police"),
      type = c("id", "id", "nominal", "ordinal", "flag", "integer", "number", "date", "date",
        "year", "text", "multicode", "text", "text", "flag"),
      required = c(TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, FALSE, TRUE, FALSE, FALSE, FALSE, TRUE,
        TRUE, FALSE, FALSE),
      min = c(rep("", 5), "0", "0.5", "2010-01-01", "", "2008", rep("", 5)),
      max = c(rep("", 5), "12", "9.5", "2014-12-31", "", "2014", rep("", 5)),
      pattern = c(rep("", 8), "dmy month", "", "^ok", "", "", "^[0-9]{10}$", ""),
      relevant = c(rep("", 12), "fatal == TRUE", "", "selected(harm, \"Neglect\")"),
      restricted = rep(c(FALSE, TRUE, FALSE), c(13, 1, 1))),
    data.frame(
      variable = rep(c("area", "risk", "kids", "seen", "harm"), c(4, 3, 1, 1, 3)),
      code = c("01", "02", "NA", "9", "H", "M", "L", "-9", "-9", "1", "2", "3"),
      label = c("North End", "South", quote, "Not known", "High", "Medium", "Low",
        "Not recorded", "Not recorded", "Neglect", "Domestic violence", "Substance misuse"),
      missing = c("", "", "", "not_known", "", "", "", "not_recorded", "not_recorded", "", "", ""),
      aliases = c("N", "", "", "?", rep("", 6), "DV; dom viol", "")),
    data.frame(rule = c("many", "late"), severity = c("warning", "error"),
      expression = c("kids < 10 | note != \"ok\"",
        "is.na(yr) | is.na(seen) | seen >= \"2010-06-01\" | yr < 2012"))
  )
  clean <- data.frame(
    case = c("A_B", "A", "C", "d"), sub = c("C", "B_C", "C", "C"),
    area = c("North End", "02", quote, "Not known"), risk = c("High", "Medium", "L", "Low"),
    fatal = c("TRUE", "no", "yes", "0"), kids = c("1", "3", "-9", "12"),
    income = c("1.5", "9.5", NA, "0.5"), yr = c("2008", "2014", NA, "2010"),
    seen = c("2013-02-28", "2012-02-29", "-9", "2014-12-31"),
    heard = c("28/02/2013", "2013-09", "Sept 2013", NA), note = c("ok", NA, "ok ", "ok fine"),
    harm = c("Neglect; Domestic violence", "Neglect", "Domestic violence", "3"),
    why = c("w", NA, "w", NA), nhs = c("1234567890", NA, NA, "0000000000"),
    police = c("yes", "no", NA, NA))
  expect_identical(nrow(check_coding(clean, cb)), 0L)
  plant <- function(row, var, to, rule, severity = "error", near = NA, value = to,
                    expected = NULL, vars = var) {
    sheet <- clean
    sheet[row, var] <- to
    for (form in list(identity, factor)) {
      sheet[] <- lapply(sheet, form)
      found <- check_coding(sheet, cb)
      told <- as.list(found[c("row", "variable", "value", "rule", "severity", "suggestion")])
      expect_identical(unname(told), list(as.integer(row), vars, as.character(value), rule,
        severity, as.character(near)), label = paste(var, to))
      if (!is.null(expected)) expect_identical(found$expected, expected)
      if (is.na(near) || nrow(found) != 1L || to %in% "Y") next
      found$decision <- near
      changes <- coding_changes(recode_coding(sheet, cb, found))
      mended <- changes$row == row & changes$variable == var & changes$note == "decision"
      expect_identical(sum(mended), 1L)
      expect_identical(nrow(check_coding(sheet, cb, decisions = found)), 0L)
    }
  }
  plant(1, "area", "north end", "code", near = "North End")
  plant(1, "area", "North End ", "code", near = "North End")
  plant(1, "area", " North End", "code", near = "North End")
  plant(1, "area", "North  End", "code", near = "North End")
  plant(1, "area", "North\u00a0End", "code", near = "North End")
  plant(3, "area", "O'Neill's", "code", near = "O\u2019Neill\u2019s")
  plant(1, "area", "N", "alias", "warning", near = "North End",
    expected = "North End, South, O\u2019Neill\u2019s, Not known")
  plant(4, "area", "?", "alias", "warning", near = "Not known")
  plant(2, "area", "Souht", "code", near = "South")
  plant(1, "area", "Noth Emd", "code", near = "North End")
  plant(1, "area", "Elsewhere", "code")
  plant(1, "area", "7", "code")
  plant(1, "area", "-99", "code")
  plant(1, "area", NA, "required", expected = "an answer")
  plant(1, "area", "", "required", value = NA)
  plant(1, "area", " ", "required", value = NA)
  plant(1, "area", "\u00a0", "required", value = NA)
  plant(1, "area", "\t", "required", value = NA)
  plant(2, "area", iconv("S\u00f6uth", "UTF-8", "latin1"), "code", near = "South",
    value = "S\u00f6uth")
  plant(2, "risk", "medium", "code", near = "Medium")
  plant(2, "risk", "2", "code")
  plant(2, "fatal", "Y", "code", near = "TRUE")
  plant(2, "fatal", "2", "code")
  plant(1, "kids", "two", "type", expected = "a whole number")
  plant(1, "kids", "2.5", "type")
  plant(2, "kids", "13", "range", expected = "a whole number from 0 to 12")
  plant(2, "kids", "-99", "range")
  plant(2, "kids", "Not recorded ", "type", near = "Not recorded")
  plant(1, "income", "1,5", "type", near = "1.5", expected = "a number")
  plant(1, "income", "0.49", "range")
  plant(1, "income", "Inf", "type")
  plant(1, "income", "1 000", "type")
  plant(2, "seen", "03/04/2010", "date")
  plant(2, "seen", "31/12/2013", "date", near = "2013-12-31")
  plant(2, "seen", "2012-02-30", "date")
  plant(2, "seen", "2013-02-29", "date")
  plant(2, "seen", "41234", "date", near = "2012-11-21")
  plant(2, "seen", "Sept 2013", "date")
  plant(2, "seen", "2013", "date")
  plant(2, "seen", "2015-01-01", "range", expected = "a date from 2010-01-01 to 2014-12-31")
  plant(2, "seen", "0003-04-20", "date")
  plant(2, "seen", "2013/04/05", "date", near = "2013-04-05")
  plant(2, "heard", "2013", "date")
  plant(2, "yr", "2013.5", "type")
  plant(2, "yr", "2007", "range")
  plant(2, "yr", "'13", "type")
  plant(2, "note", "no", "pattern", expected = "a match of ^ok")
  plant(2, "harm", "Neglect; DVV", "code", value = "DVV")
  plant(2, "harm", "Neglect; DV", "alias", "warning", near = "Domestic violence", value = "DV")
  plant(1, "harm", "Neglect, Domestic violence", "code", near = "Neglect; Domestic violence")
  plant(1, "harm", "Neglect; domestic violence", "code", near = "Domestic violence",
    value = "domestic violence")
  plant(4, "harm", ";", "required", value = NA)
  plant(1, "harm", "Neglet; Domestic violence", "code", near = "Neglect", value = "Neglet")
  plant(1, "nhs", "12345", "pattern", value = "(restricted)")
  plant(2, "why", "w", "not_relevant", expected = "blank unless fatal == TRUE")
  plant(3, "police", "yes", "not_relevant")
  plant(1, "why", NA, "required")
  plant(1, "fatal", "YEs", "code", near = "TRUE")
  plant(1, "kids", "10", "many", "warning", value = "10, ok", vars = "kids, note")
  plant(1, "sub", NA, "required")
})
