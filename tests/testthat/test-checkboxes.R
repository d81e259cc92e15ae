harm_book <- function(required = FALSE, separator = ";", restricted = FALSE) {
  codebook(
    data.frame(variable = c("record_id", "case_type", "harm", "seen"),
      label = c("Record ID", "<b>Type of case</b>", "Harm to the child\n (tick all)", "Child seen?"),
      type = c("id", "nominal", "multicode", "flag"), required = c(TRUE, FALSE, required, FALSE),
      separator = c("", "", separator, ""), restricted = c(FALSE, FALSE, restricted, FALSE),
      relevant = c("", "", "case_type == \"Public law\"", "")),
    data.frame(variable = rep(c("case_type", "harm"), c(2, 4)),
      code = c("1", "2", "1", "2", "NK", "-9"),
      label = c("Public law", "Private law", "Physical", "Emotional", "Not known", "Other"),
      missing = c("", "", "", "", "not_known", ""))
  )
}

raw_export <- function(...) {
  data.frame(record_id = 1:4, redcap_event_name = "e1", case_type = c(1, 1, 2, 1),
    harm___1 = c(1, 0, 0, 0), harm___2 = c(1, 0, 0, 0), harm___nk = 0, harm____9 = c(0, 1, 0, 0),
    seen = c(1, 0, NA, 1), case_complete = 2, ...)
}

label_export <- function() {
  box <- c("Unchecked", "Checked")
  raw <- raw_export()
  data <- data.frame(1:4, "Event 1", c("Public law", "Public law", "Private law", "Public law"),
    box[1 + raw$harm___1], box[1 + raw$harm___2], "Unchecked", box[1 + raw$harm____9],
    c("Yes", "No", NA, "Yes"), "Complete")
  names(data) <- c("Record ID", "Event Name", "Type of case",
    paste0("Harm to the child (tick all) (choice=", c("Physical", "Emotional", "Not known", "Other"), ")"),
    "Child seen?", "Complete?")
  data
}

harm <- c("Physical; Emotional", "Other", NA, NA)

test_that("an export of REDCap is checked and recoded, raw and with labels", {
  found <- check_coding(raw_export(), harm_book())
  expect_identical(found$variable, c("redcap_event_name", "case_complete"))
  expect_identical(found$rule, rep("unknown_variable", 2))
  found <- check_coding(raw_export(), harm_book(required = TRUE))
  expect_identical(found$row, c(NA, NA, 4L))
  expect_identical(found$rule[3], "required")
  found <- check_coding(label_export(), harm_book())
  expect_identical(found$variable, c("Record ID", "Type of case", "Child seen?", "Event Name", "Complete?"))
  expect_identical(found$suggestion, c("record_id", "case_type", "seen", NA, NA))
  expect_identical(found$severity, rep("warning", 5))
  raw <- recode_coding(raw_export(), harm_book())
  labelled <- recode_coding(label_export(), harm_book())
  expect_named(raw, c("record_id", "redcap_event_name", "case_type", "harm", "seen", "case_complete"))
  expect_identical(raw$harm, harm)
  for (name in c("record_id", "case_type", "harm", "seen")) expect_identical(labelled[[name]], raw[[name]])
  log <- coding_changes(labelled)
  expect_identical(log$to[is.na(log$row)], c("record_id", "case_type", "seen", "harm"))
  expect_identical(log$from[1], "Record ID")
  expect_identical(coding_changes(raw)$from[1], "harm___1, harm___2, harm___nk, harm____9")
  expect_no_match(format(log)[1], "[1-9][0-9]* decided")
  both <- combine_samples("2012" = raw_export(), "2013" = label_export(), codebook = harm_book(),
    keep_original = TRUE)
  expect_identical(both$harm, rep(harm, 2))
  expect_identical(both$harm_original, rep(harm, 2))
  expect_identical(sum(coding_changes(both)$note == "boxes joined"), 2L)
})

test_that("boxes are read whatever their type and order, as a slow version reads them", {
  set.seed(12)
  cb <- harm_book()
  cb$variables$relevant <- ""
  labels <- c("Physical", "Emotional", "Not known", "Other")
  for (i in rounds(40)) {
    n <- sample(0:6, 1)
    ticks <- matrix(sample(c(TRUE, FALSE, NA), 4 * n, TRUE), n, 4)
    slow <- vapply(seq_len(n), function(r) {
      on <- labels[which(ticks[r, ])]
      if (length(on)) paste(on, collapse = "; ") else NA_character_
    }, "")
    as <- switch(sample(5, 1), identity, as.integer, as.double,
      function(x) c("Unchecked", "Checked")[x + 1], function(x) factor(c("0", "1")[x + 1]))
    data <- lapply(1:4, function(j) as(ticks[, j]))
    forms <- list(c("harm___1", "harm___2", "harm___nk", "harm____9"),
      c("harm/1", "harm/2", "harm/NK", "harm/-9"))
    names(data) <- forms[[sample(2, 1)]]
    data <- as.data.frame(c(list(record_id = seq_len(n)), data), optional = TRUE)
    data <- data[c(1, 1 + sample(4))]
    expect_identical(recode_coding(data, cb)$harm, slow)
  }
})

test_that("what is neither ticked nor not is a finding that a decision settles", {
  data <- raw_export()
  data$harm___2 <- c("x", "0", "0", "Emotional")
  found <- check_coding(data, harm_book())
  found <- found[found$rule == "code", ]
  expect_identical(found$row, 1L)
  expect_identical(found$variable, "harm")
  expect_identical(found$value, "2:x")
  found$decision <- "Emotional"
  expect_identical(recode_coding(data, harm_book(), found)$harm, c(harm[1:3], "Emotional"))
  expect_false(any(grepl("x", unlist(check_coding(data, harm_book(restricted = TRUE))$value))))
  spaced <- harm_book(separator = " ")
  spaced$variables$relevant <- ""
  expect_identical(recode_coding(raw_export(), spaced)$harm, c("1 2", "-9", NA, NA))
})

test_that("a box that is not there is told, and what is not certain is left alone", {
  found <- check_coding(raw_export()[-5], harm_book())
  expect_identical(found$rule[1], "absent_variable")
  expect_match(found$message[1], "no box for \"Emotional\"", fixed = TRUE)
  expect_identical(nrow(check_coding(raw_export()[-6], harm_book())), 2L)
  # A variable with a column of its own, or two codes of one box.
  found <- check_coding(cbind(raw_export(), harm = NA), harm_book())
  expect_identical(sum(found$rule == "unknown_variable"), 6L)
  cb <- harm_book()
  cb$codes$code[cb$codes$code == "NK"] <- "_9"
  found <- check_coding(raw_export(), cb)
  expect_true("harm____9" %in% found$variable)
  # A label that two variables have.
  cb <- harm_book()
  cb$variables$label[c(2, 4)] <- "Child seen?"
  found <- check_coding(label_export(), cb)
  expect_identical(found$variable[found$rule == "absent_variable"], c("case_type", "seen"))
  # A sheet without boxes is as it was.
  plain <- data.frame(record_id = 1:2, case_type = 1, harm = c("1;2", NA), seen = NA)
  expect_identical(nrow(check_coding(plain, harm_book())), 0L)
  expect_identical(nrow(check_coding(raw_export()[0, ], harm_book())), 2L)
})

test_that("boxes in a table of a database are read too", {
  skip_if_not_installed("RSQLite")
  tables <- sqlite_tables()
  on.exit(tables$stop())
  data <- raw_export()
  data$harm___2 <- c("x", "0", "0", "1")
  there <- check_coding(tables$put(data), harm_book(required = TRUE))
  here <- check_coding(data, harm_book(required = TRUE))
  here$row <- NA_integer_
  expect_identical(there, here, ignore_attr = TRUE)
})

test_that("a column named by its group too is told, and named by a decision", {
  data <- data.frame(record_id = 1:2, `g/case_type` = 1:2, `g-seen` = 1, harm = NA, check.names = FALSE)
  found <- check_coding(data, harm_book())
  found <- found[found$rule == "unknown_variable", ]
  expect_identical(found$suggestion, c("case_type", "seen"))
  found$decision <- found$suggestion
  expect_named(recode_coding(data, harm_book(), found), c("record_id", "case_type", "seen", "harm"))
})

test_that("column names in any encoding are read, and those that are no text refused in words", {
  cb <- codebook(data.frame(variable = c("case", "harm"), type = c("id", "multicode"),
    label = c("Case", "Harm \u00e9")), data.frame(variable = "harm", code = 1:2, label = c("P\u00e8re", "x")))
  named <- function(name) structure(list(1:2, c("Checked", "0")), names = c("case", name),
    row.names = 1:2, class = "data.frame")
  latin1 <- iconv("Harm \u00e9 (choice=P\u00e8re)", "UTF-8", "latin1")
  for (name in c(latin1, enc2utf8(latin1), "harm___1", "Harm\u00a0\u00e9  (choice=P\u00e8re)")) {
    expect_identical(recode_coding(named(name), cb)$harm, c("P\u00e8re", NA))
  }
  expect_identical(check_coding(named("  "), cb)$variable, c("harm", "  "))
  bytes <- "caf\xe9"
  Encoding(bytes) <- "bytes"
  expect_error(check_coding(named(bytes), cb), "no text (column 2)", fixed = TRUE,
    class = "casereview_error_argument")
})
