ratings_abc <- function() {
  data.frame(
    case = rep(c("k1", "k2", "k3", "k4", "k5"), each = 3), coder = rep(c("A", "B", "C"), 5),
    item = "neglect",
    rating = factor(c(0, 0, 3, 1, 1, 1, 2, 1, 2, 0, 1, 2, 3, NA, 2), levels = 0:3,
      labels = c("none", "low", "medium", "high"))
  )
}

test_that("every difference is listed, the widest first, majority or not", {
  r <- disagreements(ratings_abc())
  expect_s3_class(r, "disagreements")
  expect_equal(r$case, c("k1", "k4", "k5", "k3"))
  expect_equal(r$spread, c(3, 2, 1, 1))
  expect_equal(r$wide, c(TRUE, TRUE, FALSE, FALSE))
  expect_equal(r$majority, c("none", NA, NA, "medium"))
  expect_equal(r$lone_coder, c("C", NA, NA, "B"))
  expect_equal(r$A, c("none", "none", "high", "medium"))
  expect_equal(r$B, c("none", "low", NA, "low"))
  expect_true(all(is.na(r$decision)))
})

test_that("the influence is the rise of alpha without the case", {
  d <- ratings_abc()
  r <- disagreements(d)
  all <- agreement(d)$estimate
  for (i in seq_len(nrow(r))) {
    expect_equal(r$influence[i], agreement(d[d$case != r$case[i], ])$estimate - all)
  }
})

test_that("order of worst is the same whatever the order of rows", {
  set.seed(2)
  d <- long_of(hayes_2007(), "x")
  a <- disagreements(d)
  b <- disagreements(d[sample(nrow(d)), ])
  key <- function(r) r[order(r$case), c("case", "spread", "influence")]
  expect_equal(as.list(key(as.data.frame(a))), as.list(key(as.data.frame(b))))
  expect_false(is.unsorted(-a$spread))
})

test_that("names of cases and items are the user's, and clashes are told apart", {
  d <- ratings_abc()
  names(d) <- c("id", "who", "factor", "code")
  d$who[d$who == "A"] <- "spread"
  r <- disagreements(d, code ~ factor, case = "id", coder = "who")
  expect_equal(names(r)[1:5], c("id", "factor", "coder.spread", "B", "C"))
})

test_that("numbers without a declared scale spread by their values", {
  d <- data.frame(a = c(0, 3), b = c(3, 3))
  expect_equal(disagreements(d, cbind(a, b) ~ 1)$spread, 3)
  expect_equal(disagreements(d, cbind(a, b) ~ 1, scale = c(0, 3))$spread, 1)
})

test_that("a missing code differs but has no place on the scale", {
  book <- codebook(
    data.frame(variable = "neglect", type = "rating"),
    data.frame(variable = "neglect", code = c("1", "9", "0"),
      label = c("Yes", "Not known", "No"), missing = c("", "not_known", ""))
  )
  d <- data.frame(case = c(1, 1, 2, 2), coder = c("A", "B"), item = "neglect",
    rating = c("Yes", "Not known", "No", "Yes"))
  r <- disagreements(d, codebook = book)
  expect_equal(r$case, c(2, 1))
  expect_equal(r$spread, c(1, 0))
})

test_that("no difference gives a list without a row", {
  d <- ratings_abc()
  for (x in list(d[d$case == "k2", ], d[0, ], d[1, ])) {
    r <- disagreements(x)
    expect_equal(nrow(r), 0)
    expect_true(all(c("case", "item", "decision", "decided_by", "reason") %in% names(r)))
    expect_output(print(r), "0 ratings to discuss")
  }
  d$rating[] <- NA
  expect_equal(nrow(disagreements(d)), 0)
})

test_that("the list prints", {
  expect_snapshot(disagreements(ratings_abc()))
})

test_that("a worksheet goes out and comes back", {
  d <- ratings_abc()
  levels(d$rating)[4] <- "=high \u00e9, \"quoted\""
  d$case <- sub("k", "0", d$case)
  r <- disagreements(d)
  kinds <- c(".csv", if (requireNamespace("openxlsx", quietly = TRUE)) ".xlsx")
  for (kind in kinds) {
    file <- tempfile(fileext = kind)
    write_worksheet(r, file)
    back <- read_worksheet(file)
    expect_equal(names(back), names(r))
    expect_equal(back$case, r$case)
    for (coder in c("A", "B", "C")) expect_equal(back[[coder]], r[[coder]])
    expect_true(all(is.na(back$decision)))
    back$decision[1] <- "low"
    back$decided_by[1] <- "team"
    write_worksheet(back, file)
    agreed <- consensus(d, "majority", decisions = read_worksheet(file))
    expect_equal(as.character(agreed$neglect[agreed$case == "01"]), "low")
    expect_equal(consensus_decisions(agreed)$decided_by[1], "team")
    unlink(file)
  }
  lines <- { write_worksheet(r, f <- tempfile(fileext = ".csv")); readLines(f) }
  expect_true(any(grepl("\"'=high", lines, fixed = TRUE)))
  expect_error(write_worksheet(r, "x.doc"), class = "casereview_error_argument")
  expect_error(read_worksheet(tempfile(fileext = ".csv")), class = "casereview_error_argument")
})

test_that("numbers and dates of cases come back from a worksheet as they went", {
  ids <- list(c(100000, 1e6, 7.5, 3), as.Date("2020-01-31") + 0:3, c(1L, 100000L, 20L, 3L))
  for (id in ids) for (kind in c("csv", if (requireNamespace("openxlsx", quietly = TRUE)) "xlsx")) {
    ratings <- data.frame(case = id, a = c(1, 2, 3, 1), b = c(2, 3, 1, 1))
    file <- tempfile(fileext = paste0(".", kind))
    sheet <- disagreements(ratings, cbind(a, b) ~ 1, case = "case")
    sheet$decision <- "2"
    write_worksheet(sheet, file)
    agreed <- consensus(ratings, "decided", decisions = read_worksheet(file),
      formula = cbind(a, b) ~ 1, case = "case")
    expect_identical(agreed$all, c(2, 2, 2, 1))
  }
})

test_that("print() shows as many ratings as asked for, texts under their headings", {
  ratings <- data.frame(
    case = rep(1:4, each = 2), coder = c("Ada", "Ben"), item = "neglect",
    rating = factor(c("low", "high", "none", "low", "low", "none", "high", "none"),
      c("none", "low", "high"))
  )
  lines <- format(disagreements(ratings), n = 2)
  expect_length(lines, 6L)
  expect_match(lines[6L], "^... and 2 more$")
  expect_identical(regexpr("Ada", lines[3L])[1L], regexpr("high|low|none", lines[4L])[1L])
  expect_false(any(grepl(" $", lines)))
})

test_that("a worksheet with a column that is no column is refused in words", {
  x <- disagreements(data.frame(case = c(1, 1), coder = c("A", "B"), item = "neglect", rating = c(0, 3)))
  file <- tempfile(fileext = ".csv")
  argument <- "casereview_error_argument"
  odd <- x
  odd$z <- data.frame(q = 1)
  expect_error(write_worksheet(odd, file), "must be a plain vector", class = argument)
  odd$z <- list(1)
  expect_error(write_worksheet(odd, file), "must be a plain vector", class = argument)
  expect_error(write_worksheet(x, file.path(tempfile(), "x.csv")), "folder", class = argument)
  expect_false(file.exists(file))
})

test_that("a list wider than the page is folded, case and item before each part", {
  old <- options(width = 60)
  on.exit(options(old))
  lines <- format(disagreements(ratings_abc()))
  heads <- grep("^ case item", lines)
  expect_gt(length(heads), 1L)
  expect_true(all(nchar(lines) <= 60))
  expect_identical(sum(grepl("^ +k1 neglect", lines)), length(heads))
  x <- data.frame(case = "k1", wide = strrep("x", 80), b = 1)
  expect_identical(folded_lines(x, 1L, 40L)[4:5], c(" case b", "   k1 1"))
  expect_identical(folded_lines(x[1L], 2L), c(" case", "   k1"))
})

test_that("findings go out with columns to fill in, and come back as decisions", {
  book <- codebook(data.frame(variable = c("id", "level"), type = c("id", "rating")),
    data.frame(variable = "level", code = c("1", "2"), label = c("Low", "High"), score = 1:2))
  sheet <- data.frame(id = c("a", "b"), level = c("Low", "Hihg"))
  kinds <- c(".csv", if (requireNamespace("openxlsx", quietly = TRUE)) ".xlsx")
  for (kind in kinds) {
    file <- tempfile(fileext = kind)
    write_worksheet(check_coding(sheet, book), file)
    back <- read_worksheet(file)
    expect_identical(tail(names(back), 3L), c("decision", "by", "note"))
    back$decision <- back$suggestion
    back$by <- "Ana"
    write_worksheet(back, file)
    changes <- coding_changes(recode_coding(sheet, book, decisions = read_worksheet(file)))
    expect_identical(c(changes$from, changes$to, changes$by), c("Hihg", "High", "Ana"))
  }
})

test_that("a worksheet filled in with Excel keeps texts, dates and other separators as typed", {
  texts <- c("True", "true", "0012", "1e5", "NA", "=high", "Jos\u00e9; x")
  if (requireNamespace("readxl", quietly = TRUE) && requireNamespace("openxlsx", quietly = TRUE)) {
    file <- tempfile(fileext = ".xlsx")
    write_worksheet(data.frame(case = seq_along(texts), decision = texts), file)
    expect_identical(read_worksheet(file)$decision, texts)
    write_worksheet(data.frame(case = 1, decision = "x"), file)
    book <- openxlsx::loadWorkbook(file)
    openxlsx::writeData(book, 1, as.Date("2013-03-01"), startRow = 2, startCol = 2,
      colNames = FALSE)
    openxlsx::saveWorkbook(book, file, overwrite = TRUE)
    expect_identical(read_worksheet(file)$decision, "2013-03-01")
  }
  file <- tempfile(fileext = ".csv")
  lines <- "case;variable;decision;\r\n01;sex;Jos\u00e9;\r\n2;sex;;\r\n"
  writeBin(iconv(lines, "UTF-8", "CP1252", toRaw = TRUE)[[1]], file)
  expect_identical(read_worksheet(file),
    data.frame(case = c("01", "2"), variable = "sex", decision = c("Jos\u00e9", NA)))
  writeLines(c("case,decision", "1,a,stray"), file)
  expect_error(read_worksheet(file), "row 1 has 3 fields", class = "casereview_error_argument")
  writeLines("not a workbook", file <- tempfile(fileext = ".xlsx"))
  expect_error(read_worksheet(file), class = "casereview_error_argument")
})
