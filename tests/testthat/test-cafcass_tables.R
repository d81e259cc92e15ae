tables <- cafcass_tables

test_that("there are 16 tables with what stands around them", {
  expect_identical(names(tables), paste0("table_", 1:16))
  for (table in tables) {
    expect_s3_class(table, "data.frame")
    expect_length(attr(table, "headings"), ncol(table))
    expect_true(nzchar(attr(table, "title")))
    expect_match(attr(table, "section"), "^[1-6]\\.[1-5]$")
    expect_type(attr(table, "notes"), "character")
    expect_true(all(vapply(table, typeof, "") %in% c("integer", "character")))
    expect_false(anyNA(table))
  }
})

test_that("sizes are as printed", {
  expect_identical(unname(vapply(tables, nrow, 0L)),
    c(4L, 5L, 4L, 11L, 8L, 7L, 8L, 8L, 6L, 26L, 10L, 8L, 6L, 18L, 7L, 5L))
  expect_identical(unname(vapply(tables, ncol, 0L)),
    c(3L, 2L, 2L, 2L, 2L, 2L, 2L, 2L, 3L, 6L, 5L, 4L, 3L, 2L, 2L, 4L))
})

test_that("what is odd in print is kept", {
  expect_identical(tables$table_11$sample_2012[9], "1(4.3)")
  expect_identical(tables$table_11$total[5], "6 (9.2)")
  expect_identical(tables$table_11$sample_2013[5], "0")
  expect_identical(tables$table_9$sample_2014[2], "11 (36.7)")
  expect_identical(tables$table_9$sample_2014[3], "9 (30%)")
  expect_identical(tables$table_6$months[5:6], c("49 to 60", "60 to 72"))
  expect_identical(tables$table_10$incident[22], "Spite/vengeance killing")
  expect_identical(tables$table_12$sample_2014[2], "9 (3)")
  expect_identical(tables$table_14$victims[2], "-")
  expect_identical(tables$table_16$mean, c("5", "6", "4", "1.3", "1.5"))
  expect_identical(tables$table_16$range[2], "2 - 17")
  expect_identical(tables$table_1$timeframe[1], "2009 \u2013 March 2012")
})

test_that("footnote marks are apart from the cells", {
  marks <- "[\u00b9\u00b2\u00b3\u2070-\u2079]"
  for (table in tables) {
    expect_false(any(grepl(marks, unlist(lapply(table, as.character)))))
  }
  expect_identical(tables$table_5$frequency[7], 11L)
  expect_match(attr(tables$table_5, "notes"), "ten")
})

test_that("counts add up to the printed totals", {
  adds <- function(name, column, parts, total) {
    expect_equal(sum(tables[[name]][[column]][parts]), total)
    expect_equal(tables[[name]][[column]][max(parts) + 1L], total)
  }
  adds("table_1", "submissions", 1:3, 63)
  adds("table_2", "number", 1:4, 28)
  adds("table_3", "frequency", 1:3, 26)
  adds("table_4", "frequency", 1:10, 26)
  adds("table_5", "frequency", 1:7, 26)
  adds("table_6", "frequency", 1:6, 26)
  adds("table_7", "frequency", 1:2, 12)
  adds("table_7", "frequency", 4:5, 12)
  adds("table_13", "subject", 1:5, 22)
  adds("table_13", "respondent", 1:5, 5)
  adds("table_15", "victims", 1:6, 27)
  expect_equal(sum(tables$table_8$frequency), 30)
  expect_equal(sum(tables$table_10$risk_score), 316)
  expect_equal(sum(tables$table_16$imrs), 50)
})

test_that("counts printed with a percent add up", {
  n <- function(x) as.integer(sub("^([0-9]+).*", "\\1", sub("^-$", "0", x)))
  for (column in c("samples_2012_2013", "sample_2014")) {
    x <- n(tables$table_9[[column]])
    expect_equal(sum(x[1:5]), x[6])
  }
  for (column in names(tables$table_11)[-1]) {
    x <- n(tables$table_11[[column]])
    expect_equal(sum(x[1:9]), x[10])
  }
  x <- n(tables$table_14$victims)
  expect_equal(sum(x[1:17]), x[18])
})

test_that("no text is in an encoding of this machine's own", {
  text <- unlist(lapply(tables, function(t) unlist(Filter(is.character, t))))
  beyond <- grepl("[^\x01-\x7f]", text, useBytes = TRUE)
  expect_true(any(beyond))
  expect_true(all(Encoding(text[beyond]) == "UTF-8"))
})
