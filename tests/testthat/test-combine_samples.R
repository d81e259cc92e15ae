small_book <- function() {
  codebook(
    data.frame(variable = c("case", "neglect", "seen"), type = c("id", "rating", "date")),
    data.frame(variable = "neglect", code = c("2", "1"), label = c("High", "Low"))
  )
}

old <- data.frame(id = 1:2, neg = c("Severe", "Low"), worker = c("a", NA))
new <- data.frame(seen = as.Date("2013-05-06") + 0:1, case = c("1", "x"), neglect = c(2, NA), worker = 3:4)
maps <- list("2012" = c(id = "case", neg = "neglect"))
severe <- list("2012" = list(neglect = c(Severe = "High")))

test_that("samples with other names and labels become one coded frame", {
  all <- combine_samples("2012" = old, "2013" = new, codebook = small_book(), names = maps, labels = severe)
  expect_named(all, c("sample", "case", "neglect", "seen", "worker"))
  expect_identical(all$sample, factor(c("2012", "2012", "2013", "2013"), c("2012", "2013")))
  expect_identical(all$case, c("1", "2", "1", "x"))
  expect_identical(all$neglect, factor(c("High", "Low", "High", NA), c("High", "Low")))
  expect_identical(all$seen, as.Date(c(NA, NA, "2013-05-06", "2013-05-07")))
  expect_identical(all$worker, c("a", NA, "3", "4"))
  changes <- coding_changes(all)
  expect_identical(changes$sample, c("2012", "2013"))
  expect_identical(changes$note, c("label map", "code"))
  turned <- combine_samples("2013" = new, "2012" = old, codebook = small_book(), names = maps, labels = severe)
  expect_identical(levels(turned$sample), c("2013", "2012"))
})

test_that("the original text is kept on request", {
  all <- combine_samples("2012" = old, "2013" = new, codebook = small_book(), names = maps, labels = severe,
    sample = "year", keep_original = TRUE)
  expect_identical(all$neglect_original, c("Severe", "Low", "2", NA))
  expect_identical(names(all)[1], "year")
  expect_false("case_original" %in% names(all))
})

test_that("one label with two meanings is refused by name", {
  a <- data.frame(case = 1, neglect = "Some")
  combine <- function(one, two) {
    combine_samples(a = a, b = a, codebook = small_book(),
      labels = list(a = list(neglect = one), b = list(neglect = two)))
  }
  expect_error(combine(c(Some = "High"), c(Some = "Low")), "\"Some\" of \"neglect\" means two things: \"High\" in the sample \"a\"",
    class = "casereview_error_argument")
  expect_error(combine(c(Some = "High", Low = "High"), c(Some = "High")), "\"Low\".*codebook", class = "casereview_error_argument")
  numbered <- combine_samples(a = data.frame(case = 1, neglect = 1), b = data.frame(case = 1, neglect = 1),
    codebook = small_book(), labels = list(a = list(neglect = c("1" = "High"))))
  expect_identical(as.character(numbered$neglect), c("High", "Low"))
})

test_that("open findings of all samples come in one error, and decisions settle them", {
  bad <- data.frame(case = 1:2, neglect = c("hgih", "Low"))
  error <- tryCatch(combine_samples(a = bad, b = new, codebook = small_book()), error = identity)
  expect_s3_class(error, "casereview_error_findings")
  expect_identical(error$open$sample, "a")
  decisions <- cbind(as.data.frame(error$open), decision = "High")
  all <- combine_samples(a = bad, b = new, codebook = small_book(), decisions = list(a = decisions))
  expect_identical(as.character(all$neglect[1]), "High")
  expect_match(conditionMessage(error), "sample a, row 1, case 1, code", fixed = TRUE)
  table <- cbind(as.data.frame(error$open), decision = "High")
  expect_identical(combine_samples(a = bad, b = new, codebook = small_book(), decisions = table), all)
  table$sample <- NA
  expect_error(combine_samples(a = bad, b = new, codebook = small_book(), decisions = table),
    "`decisions` has no sample in row 1.", fixed = TRUE, class = "casereview_error_argument")
  table$sample <- "c"
  expect_error(combine_samples(a = bad, b = new, codebook = small_book(), decisions = table),
    "names the sample", class = "casereview_error_argument")
})

test_that("what cannot be joined is refused in words", {
  cb <- small_book()
  refused <- function(..., text) expect_error(combine_samples(..., codebook = cb), text, class = "casereview_error_argument")
  refused(old, text = "name of its own")
  refused(text = "at least one")
  refused(a = 1, text = "must be a data frame")
  refused(a = new, sample = "worker", text = "already")
  refused(a = new, names = list(b = c(x = "case")), text = "names the sample")
  refused(a = new, names = list(a = c(x = "case")), text = "no column of it")
  refused(a = new, names = list(a = c(worker = "nothing")), text = "no variable")
  refused(a = new, names = list(a = c(worker = "case")), text = "two columns")
  refused(a = new, labels = list(a = list(neglect = c(x = "Much"))), text = "no label")
  refused(a = new, labels = list(a = list(seen = c(x = "Much"))), text = "no coded variable")
  expect_identical(nrow(combine_samples(a = new[0, ], codebook = cb)), 0L)
})
