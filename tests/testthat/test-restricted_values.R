# A value of a restricted variable stands in nothing that is printed, reported or logged:
# every variable is restricted here, and every value can be told by its mark.

secret_book <- function() {
  variable <- c("case", "name", "sex", "who", "age", "weight", "born", "year", "seen", "post", "why")
  codebook(
    data.frame(variable = variable,
      type = c("id", "text", "nominal", "multicode", "integer", "number", "date", "year", "flag",
        "text", "text"),
      required = variable == "name", restricted = TRUE,
      max = c("", "", "", "", "17", "5", "2015-01-01", "", "", "", ""),
      pattern = c("", "", "", "", "", "", "", "", "", "^[A-Z]{2}$", ""),
      relevant = c(rep("", 10), "sex == \"Female\"")),
    data.frame(variable = c("sex", "sex", "who", "who"), code = c("1", "2", "1", "2"),
      label = c("Female", "Male", "Mother", "Father"), aliases = c("SECRETalias", "", "", "")),
    data.frame(rule = c("r1", "r2", "r3", "r4"), expression = c("age < weight", "nchar(name) > 90",
      "born > post", "year > name"), message = c("", "", "a", ""))
  )
}

secret_sheet <- function(n = 6) {
  data.frame(case = c("SECRET1", "SECRET1", "SECRET3", "SECRET4", "SECRET5", "SECRET6"),
    name = c("SECRETname", "", "SECRET2", "SECRET3", "SECRET4", NA),
    sex = c("SECRETalias", "SECRETsex", "female", "Femalle", "1", "2"),
    who = c("SECRETwho;Mother", "Mother; Fathr", "1", "", NA, "x7777"),
    age = c("7777", "SECRETage", "77777.5", "7,777", "-9", "3"),
    weight = c(77777, 1, NA, Inf, 2, 3),
    born = c("2077-07-07", "SECRETborn", "07/07/1977", "47777", "1977", "2010-01-01"),
    year = c("7777x", "17777", "1977", "77", "", "2010"),
    seen = c("SECRETseen", "YES", "y", "nein7777", NA, "0"),
    post = c("SECRETpost", "AB", "xx7777", "", NA, "CD"),
    why = c("SECRETwhy", "SECRETwhy2", "SECRETwhy3", NA, "a7777", "b7777"))
}

secrets <- "SECRET|7777|1977|07/07|2077|fathr|femalle|Femalle|Fathr"

# Everything an object prints and holds, names and attributes of every depth included.
everything <- function(x) {
  width <- options(width = 500)
  on.exit(options(width))
  c(utils::capture.output(print(x), print(unclass(x)), utils::str(x, vec.len = 1000)),
    utils::capture.output(dput(x)), utils::capture.output(print(summary(x))),
    as.character(unlist(format(x))))
}

expect_no_secret <- function(x) {
  text <- if (is.character(x)) x else everything(x)
  expect_identical(unname(grep(secrets, text, value = TRUE)), character())
}

test_that("the sheet of this test is full of secrets, and a book without restriction tells them", {
  open <- secret_book()
  open$variables$restricted <- FALSE
  expect_gt(length(grep(secrets, everything(check_coding(secret_sheet(), open)))), 10L)
})

test_that("no finding tells a restricted value, in print, as a table, in a file", {
  found <- check_coding(secret_sheet(), secret_book())
  expect_true(all(c("required", "type", "code", "alias", "range", "pattern", "date", "duplicate_id",
    "rule_not_run", "r1", "r2") %in% found$rule))
  expect_true(all(is.na(found$case)))
  expect_true(all(found$value %in% c(NA, "(restricted)", "(restricted), (restricted)")))
  expect_no_secret(found)
  expect_no_secret(as.data.frame(found))
  file <- tempfile(fileext = ".csv")
  utils::write.csv(found, file)
  expect_no_secret(readLines(file))
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("readxl")
  file <- tempfile(fileext = ".xlsx")
  openxlsx::write.xlsx(as.data.frame(found), file)
  expect_no_secret(as.data.frame(readxl::read_excel(file)))
})

test_that("factors, latin1 and labelled columns tell as little", {
  factors <- secret_sheet()
  factors[] <- lapply(factors, function(x) factor(as.character(x)))
  expect_no_secret(check_coding(factors, secret_book()))
  labelled <- secret_sheet()["sex"]
  labelled$sex <- structure(c(7777, 1, 2, NA, 1, 2), labels = c(SECRETlabel = 7777, Male = 2),
    class = "haven_labelled")
  expect_no_secret(check_coding(labelled, secret_book()))
  damaged <- secret_sheet()["name"]
  damaged$name <- structure(c(1L, 2L, 1L, 1L, 1L, 1L), levels = c("SECRET", "SECRET"), class = "factor")
  error <- tryCatch(check_coding(damaged, secret_book()), error = identity)
  expect_match(conditionMessage(error), "damaged factor")
  expect_no_secret(conditionMessage(error))
})

test_that("no refusal and no log of changes tells a restricted value", {
  cb <- secret_book()
  error <- tryCatch(recode_coding(secret_sheet(), cb), casereview_error_findings = identity)
  expect_no_secret(conditionMessage(error))
  expect_no_secret(error$findings)
  expect_no_secret(error$open)
  decisions <- as.data.frame(check_coding(secret_sheet(), cb))
  decisions$decision <- "(accept)"
  decisions$decision[decisions$rule %in% c("code", "type", "date")] <- "(blank)"
  decisions$decision[decisions$variable == "who" & decisions$rule == "code"] <- "Father"
  # rules that cannot run cannot be settled
  cb$rules <- cb$rules[1:2, ]
  coded <- recode_coding(secret_sheet(), cb, decisions)
  changes <- coding_changes(coded)
  expect_gt(nrow(changes), 5L)
  expect_no_secret(changes)
  expect_no_secret(attributes(changes)$accepted)
  late <- decisions
  late$value <- "SECRETvalue"
  late$decision <- "SECRETdecision"
  late$case <- "SECRETcase"
  late$row <- 7777L
  late <- rbind(decisions, late)
  unused <- attr(coding_changes(recode_coding(secret_sheet(), cb, late)), "unused")
  expect_identical(nrow(unused), nrow(decisions))
  unused$row <- NULL
  expect_no_secret(unused)
  both <- tryCatch(combine_samples(a = secret_sheet(), b = secret_sheet(), codebook = cb),
    casereview_error_findings = identity)
  expect_no_secret(conditionMessage(both))
  expect_no_secret(both$findings)
  joined <- combine_samples(a = secret_sheet(), b = secret_sheet(), codebook = cb,
    decisions = list(a = decisions, b = decisions))
  expect_no_secret(coding_changes(joined))
})
