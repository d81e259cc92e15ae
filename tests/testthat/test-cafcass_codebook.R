book <- cafcass_codebook()

test_that("the codebook has the case variables and the 13 risk factors", {
  expect_s3_class(book, "codebook")
  expect_identical(id_of(book), "case")
  own <- setdiff(book$variables$variable, items_of(book))
  expect_setequal(own, names(cafcass_cases))
  expect_length(items_of(book), 13)
  expect_false(any(book$variables$restricted))
  expect_identical(book$version, "2014")
  expect_match(book$title, "Cafcass")
})

test_that("high, medium, low score 3, 2, 1 and the plan 3, 2, 0 without 1", {
  for (item in items_of(book)) {
    codes <- codes_of(book, item)
    known <- codes[codes$missing == "", ]
    wanted <- if (item == "child_protection_plan") c(3, 2, 0) else c(3, 2, 1, 0)
    expect_equal(known$score, wanted)
    expect_equal(as.numeric(known$code), wanted)
  }
  expect_identical(codes_of(book, "child_protection_plan")$label[1:3],
    c("Yes, currently", "Yes, previously", "No"))
})

test_that("the three meanings of zero are three codes with the score 0", {
  for (item in items_of(book)) {
    codes <- codes_of(book, item)
    zero <- codes[codes$score == 0, ]
    expect_identical(zero$missing, c("", "not_known", "not_recorded"))
  }
})

test_that("13 items make at most 39, the bound of the score", {
  most <- sum(vapply(items_of(book), function(i) max(codes_of(book, i)$score), 0))
  expect_equal(most, 39)
  expect_equal(as.numeric(variable_of(book, "risk_score")$max), 39)
})

test_that("other spellings of the report are aliases of one code", {
  same <- function(variable, alias, label) {
    found <- encode_column(alias, book, variable)
    expect_identical(found$how, rep("alias", length(alias)))
    expect_identical(codes_of(book, variable)$label[found$code], label)
  }
  same("incident", "Spite/vengeance killing", "Spite/revenge killing")
  same("incident", "Fatal drug overdose (not suicide)", "Drug overdose (fatal)")
  same("involvement", cafcass_tables$table_3$involvement[1:3],
    levels(cafcass_cases$involvement))
  same("law_type", cafcass_tables$table_12$law_type[c(1, 2, 4, 5, 7)],
    levels(cafcass_cases$law_type))
})

test_that("a law type under one law has its law group as parent", {
  expect_identical(codes_of(book, "law_type")$parent,
    rep(c("Public law", "Private law", ""), c(2, 2, 1)))
})

test_that("the rules hold for the cases and catch a slip", {
  holds <- function(data) {
    vapply(book$rules$expression, function(text) {
      all(eval(parse(text = text)[[1L]], data, baseenv()))
    }, NA, USE.NAMES = FALSE)
  }
  settled <- lapply(cafcass_cases, function(x) if (is.factor(x)) as.character(x) else x)
  expect_identical(holds(settled), rep(TRUE, nrow(book$rules)))
  slip <- function(variable, row, value) {
    settled[[variable]][row] <- value
    book$rules$rule[!holds(settled)]
  }
  expect_identical(slip("fatal", 9, FALSE), "fatal_incident")
  expect_identical(slip("fatal", 20, TRUE), "non_fatal_incident")
  expect_identical(slip("chart_group", 2, "Private law"), "public_side")
  expect_identical(slip("chart_group", 1, "Public law"), "private_side")
})

test_that("the codebook survives being written and read", {
  folder <- tempfile("codebook")
  write_codebook(book, folder)
  again <- read_codebook(folder)
  for (part in c("variables", "codes", "rules", "title", "version")) {
    expect_identical(again[[part]], book[[part]])
  }
})
