vars <- function(...) data.frame(variable = c("case", "sex"),
  type = c("id", "nominal"), ...)
sexes <- function(...) {
  data.frame(variable = "sex", code = c("1", "2", "9"),
    label = c("Female", "Male", "Not known"), ...)
}

refuses <- function(expr, text) {
  error <- tryCatch(expr, error = identity)
  expect_s3_class(error, "casereview_error_argument")
  expect_match(conditionMessage(error), text, fixed = TRUE)
  expect_match(conditionMessage(error), "\\.$")
}

test_that("a codebook has exactly the columns of each table, in their kinds", {
  cb <- codebook(data.frame(variable = c("a", "b")),
    data.frame(variable = "b", code = 1:2))
  expect_identical(names(cb$variables),
    c("variable", "label", "type", "required", "min", "max",
    "pattern", "relevant", "separator", "restricted", "instruction"))
  expect_identical(names(cb$codes),
    c("variable", "code", "label", "score", "missing", "parent",
    "aliases"))
  expect_identical(names(cb$rules), c("rule", "expression", "severity", "message"))
  expect_identical(cb$variables$type, c("text", "nominal"))
  expect_identical(cb$variables$label, c("a", "b"))
  expect_identical(cb$codes$label, c("1", "2"))
  expect_identical(cb$codes$score, c(NA_real_, NA_real_))
  expect_identical(cb$variables$required, c(FALSE, FALSE))
  expect_null(cb$title)
  expect_identical(nrow(cb$rules), 0L)
})

test_that("numbers, factors, dates, logicals and tibble-like frames give the same codebook", {
  plain <- codebook(
    data.frame(variable = c("x", "d"), type = c("number", "date"),
      min = c("0.5", "2010-01-01"),
      required = c("yes", "no")),
    data.frame(variable = "x", code = c("-9", "1000000"),
      label = c("Not known", "Million"),
      score = c("", "2"))
  )
  other <- codebook(
    structure(data.frame(variable = factor(c("x", "d")),
      type = factor(c("number", "date")),
      min = c("0.5", "2010-01-01"), required = c(1, 0)),
        class = c("tbl_df", "tbl", "data.frame")),
    data.frame(variable = factor("x"), code = c(-9, 1e6),
      label = c("Not known", "Million"),
      score = c(NA, 2L))
  )
  expect_identical(other, plain)
  expect_identical(
    codebook(data.frame(variable = "d", type = "date",
      min = as.Date("2010-01-01")))$variables$min,
    "2010-01-01"
  )
  expect_identical(
    codebook(data.frame(variable = "v"),
      data.frame(variable = "v", code = c(1.5, 2.25, 3)))$codes$code,
    c("1.5", "2.25", "3")
  )
})

test_that("latin1 and UTF-8 are one text, line ends are one, bytes are refused", {
  latin1 <- "Andr\xe9"
  Encoding(latin1) <- "latin1"
  cb <- codebook(data.frame(variable = "v", label = latin1, instruction = "a\r\nb"))
  expect_identical(cb$variables$label, "Andr\u00e9")
  expect_identical(Encoding(cb$variables$label), "UTF-8")
  expect_identical(cb$variables$instruction, "a\nb")
  bytes <- "Andr\xe9"
  Encoding(bytes) <- "bytes"
  refuses(codebook(data.frame(variable = c("v", "w"), label = c("", bytes))), "row 2")
  refuses(codebook(data.frame(variable = "v\001")), "control character in row 1")
})

test_that("each fault of `variables` is one sentence that names the place", {
  refuses(codebook(NULL), "`variables` must be a data frame, not NULL.")
  refuses(codebook(data.frame(label = "a")), "no column \"variable\"")
  refuses(codebook(data.frame(variable = "a", colour = 1)), "unknown column \"colour\"")
  refuses(codebook(data.frame(variable = c("a", NA))),
    "Row 2 of `variables` has no `variable`.")
  refuses(codebook(data.frame(variable = c("a", "b", "a"))), "(rows 1, 3)")
  refuses(codebook(vars(min = I(list(1, 2)))), "Column \"min\" of `variables`")
  refuses(codebook(setNames(data.frame(1, 2), c("variable", "variable"))),
    "more than one column")
  refuses(codebook(data.frame(variable = "a", type = "Number")),
    "unknown type \"Number\"")
  refuses(codebook(data.frame(variable = "a", required = "maybe")),
    "yes or no, not \"maybe\"")
  refuses(codebook(data.frame(variable = "a", type = "number", min = "low")),
    "not a number")
  refuses(codebook(data.frame(variable = "a", type = "integer", max = 1.5)),
    "not a whole number")
  refuses(codebook(data.frame(variable = "a", type = "number", min = 10, max = 9)),
    "min 10 above the max 9")
  refuses(codebook(data.frame(variable = "a", type = "date", min = "01/02/2010")),
    "year-month-day")
  refuses(codebook(data.frame(variable = "a", type = "date", max = "2010-02-30")),
    "year-month-day")
  refuses(codebook(data.frame(variable = "a", pattern = "(")),
    "not a valid regular expression")
  refuses(codebook(data.frame(variable = "a", pattern = "((a{1,99}){1,99})")),
    "repeats too much")
  refuses(codebook(data.frame(variable = "a", relevant = "system('x')")),
    "`relevant` of variable \"a\" uses `system`")
})

test_that("each fault of `codes` is one sentence that names the place", {
  refuses(codebook(vars(), data.frame(variable = "colour", code = 1)),
    "\"colour\", which `variables` does not")
  refuses(codebook(vars(), data.frame(variable = c("sex", NA), code = 1:2)),
    "Row 2 of `codes` has no `variable`")
  refuses(codebook(vars(), data.frame(variable = "sex", code = c(1, NA))),
    "Row 2 of `codes` has no `code`")
  refuses(codebook(vars(), data.frame(variable = "sex", code = c(1, 1))),
    "has the code \"1\" twice")
  refuses(codebook(vars(), data.frame(variable = "sex", code = 1:2, label = "F")),
    "has the label \"F\" twice (codes \"1\" and \"2\")")
  refuses(codebook(vars(),
    data.frame(variable = "sex", code = 1:2, label = c("2", "F"))),
    "\"2\" is the label of the code \"1\" and the code of the code \"2\"")
  refuses(codebook(vars(), sexes(aliases = c("woman; Male", "", ""))),
    "\"Male\" is the label of the code \"2\" and the alias of the code \"1\"")
  refuses(codebook(vars(), sexes(aliases = c("x", "y;x", ""))),
    "\"x\" is the alias of the code \"1\"")
  refuses(codebook(vars(), sexes(missing = c("", "", "unknown"))),
    "Variable \"sex\", code \"9\": `missing` must be")
  refuses(codebook(vars(), sexes(parent = c("2", "", "7"))),
    "the parent \"7\" is no code of the variable that other parents belong to")
  refuses(codebook(vars(), sexes(parent = c("1", "", ""))), "\"1\" is its own parent")
  refuses(codebook(vars(), sexes(parent = c("2", "9", "1"))), "is its own ancestor")
  refuses(codebook(vars(), sexes(score = c("1", "two", ""))),
    "finite numbers, not \"two\" (row 2)")
  refuses(codebook(data.frame(variable = "who", type = "multicode"),
    data.frame(variable = "who", code = "a", label = "Mother; Father")),
      "holds its separator \";\"")
})

test_that("a code's own label or alias may repeat it, and parents may be labels", {
  cb <- codebook(vars(),
    sexes(parent = c("", "Female", ""), aliases = c("1;Female", "", "")))
  expect_identical(cb$codes$parent, c("", "Female", ""))
  groups <- data.frame(variable = c("case", "sex", "sex"), code = c("a", "f", "m"),
    label = c("A", "F", "M"), parent = c("", "A", "a"))
  expect_identical(codebook(vars(), groups)$codes$parent, c("", "A", "a"))
})

test_that("each fault of `rules` is one sentence that names the rule", {
  rule <- function(...) codebook(vars(), rules = data.frame(...))
  refuses(rule(rule = c("a", ""), expression = "TRUE"),
    "Row 2 of `rules` has no `rule`")
  refuses(rule(rule = "a", expression = NA), "Row 1 of `rules` has no `expression`")
  refuses(rule(rule = "a", expression = c("TRUE", "FALSE")),
    "Rule \"a\" stands more than once")
  refuses(rule(rule = "a", expression = "TRUE", severity = "fatal"),
    "severity \"fatal\"")
  refuses(rule(rule = "a", expression = "x <- 1"), "Rule \"a\" uses `<-`")
})

test_that("no rows are a codebook too", {
  cb <- codebook(data.frame(variable = character()))
  expect_identical(dim(cb$variables), c(0L, 11L))
})

test_that("print gives the page in 80 columns, summary the counts, knitr tables", {
  cb <- codebook(
    data.frame(variable = c("case", "age", "who"),
      label = c("Case number", "", "Who was <there>"),
      type = c("id", "integer", "multicode"), required = c(TRUE, FALSE, FALSE),
        min = c("", "0", ""),
      restricted = c(TRUE, FALSE, FALSE),
        relevant = c("", "", "age > 3 & !is.na(case)"),
      instruction = c("", strrep("Take the age at the time of the incident. ", 4), "")),
    data.frame(variable = c("who", "who", "age"),
      code = c("m", "a_very_long_code_that_stands_alone", "-9"),
      label = c("Mother", strrep("Somebody with a long description ", 4), "Not known"),
      score = c(1.5, NA, NA), missing = c("", "", "not_known"),
        aliases = c("mum; mam", "", "")),
    data.frame(rule = "old", expression = "age < 99", severity = "warning",
      message = "Look again."),
    title = "A study", version = 2
  )
  expect_lte(max(nchar(format(cb), "width")), 80)
  expect_snapshot(print(cb))
  expect_snapshot(print(summary(cb)))
  frame <- as.data.frame(cb)
  expect_identical(frame$code, c("", "-9", "m", "a_very_long_code_that_stands_alone"))
  expect_identical(names(frame)[1:11], names(cb$variables))
  expect_identical(frame$score, c(NA, NA, 1.5, NA))
  skip_if_not_installed("knitr")
  page <- knitr::knit_print(cb)
  expect_s3_class(page, "knit_asis")
  expect_match(page, "| who | Who was &lt;there\\> | multicode, several codes",
    fixed = TRUE)
  expect_identical(nrow(as.data.frame(codebook(data.frame(variable = character())))),
    0L)
})

test_that("parents may be plain names of groups", {
  cb <- codebook(
    data.frame(variable = c("id", "who"), type = c("id", "multicode")),
    data.frame(variable = "who", code = c("m", "f", "n"),
      label = c("Mother", "Father", "Neighbour"), parent = c("Parent", "Parent", ""))
  )
  expect_identical(cb$codes$parent, c("Parent", "Parent", ""))
  cells <- as.data.frame(crosstab(data.frame(who = c("Mother;Father", "Father", "n")),
    ~who, codebook = cb))
  expect_identical(cells$who, c("Parent", "Mother", "Father", "Neighbour", "Total"))
  expect_equal(cells$n, c(2, 1, 2, 1, 3))
})
