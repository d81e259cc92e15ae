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
