value <- function(text, data, ...) eval_allowed(parse_allowed(text, "Rule \"r\""),
  data, ...)

d <- data.frame(
  a = c(1, 2, NA), b = c(3L, NA, 5L), f = factor(c("x", "y", NA), c("y", "x")),
  t = c("u", "v; u", NA), d = as.Date(c("2010-01-01", NA, "2012-02-29")),
    T = c(TRUE, FALSE, NA)
)

test_that("what is not on the list is refused by name", {
  hostile <- c(
    "system(\"ls\")" = "`system`", "\"system\"(\"ls\")" = "`system`",
    "`sys\\x74em`(\"ls\")" = "`system`", "base::system(\"ls\")" = "`base::system`",
    "base:::get" = "`:::`", "x <- 1" = "`<-`", "x = 1" = "`=`", "x <<- 1" = "`<<-`",
    "1 -> x" = "`<-`", "function(x) x" = "`function`", "(\\(x) x)(1)" = "function(x) x",
    "get(\"x\")" = "`get`", "`if`(TRUE, 1)" = "`if`", "if (a) b" = "`if`",
    "while (TRUE) 1" = "`while`", "repeat 1" = "`repeat`", "{ 1 }" = "`{`",
      "~ x" = "`~`",
    "x$y" = "`$`", "x@y" = "`@`", "x[[1]]" = "`[[`", "quote(x)" = "`quote`",
    "eval(x)" = "`eval`", "do.call(\"c\", x)" = "`do.call`",
      "environment()" = "`environment`",
    "rep(1, 1e9)" = "`rep`", "strrep(\"a\", 1e9)" = "`strrep`",
      "sapply(a, sum)" = "`sapply`",
    "a |> system()" = "`system`", "..." = "`...`", "..1" = "`..1`", "NULL" = "`NULL`",
    "1i" = "0+1i", "a && b" = "`&&`", "?a" = "`?`", "sum(sum(get(\"x\")))" = "`get`",
    "Sys.getenv(\"HOME\")" = "`Sys.getenv`", "readLines(\"x\")" = "`readLines`"
  )
  for (text in names(hostile)) {
    error <- tryCatch(parse_allowed(text, "Rule \"r\""), error = identity)
    expect_s3_class(error, "casereview_error_argument")
    expect_match(conditionMessage(error), hostile[[text]], fixed = TRUE, info = text)
  }
})

test_that("what is not one expression, or an argument too few or too many, is refused",
  {
  bad <- c(
    "", "#", "a; b", "a +", "a b", strrep("(", 3000), strrep("-", 3000),
      strrep("a", 6000),
    paste0(strrep("(", 60), "1", strrep(")", 60)), "sum(, 1)", "x[]", "mean()",
      "max(a, b)",
    "ifelse(a, b)", "c(a, 1)", "a:3", "grepl(t, t)", "grepl(\"(a)\\\\1\", t)",
      "sum(z = 1)"
  )
  for (text in bad) {
    expect_error(parse_allowed(text, "R"), class = "casereview_error_argument",
      info = text)
  }
})

test_that("values are those of R over columns", {
  e <- list2env(as.list(transform(d, f = as.character(f))))
  same <- c("a > 1", "f == \"x\"", "f != \"x\"", "f %in% c(\"x\", \"z\")", "a + b * 2",
    "-a",
    "is.na(a) | a < b", "!T", "xor(T, a > 1)", "ifelse(a > 1, \"p\", \"q\")",
      "a %in% 1:3",
    "pmax(a, b)", "pmin(a, b, na.rm = TRUE)", "sum(a, na.rm = TRUE)", "mean(b)",
      "substr(t, 1, 2)",
    "nchar(t) > 1", "startsWith(t, \"u\")", "d >= as.Date(\"2010-01-02\")",
      "max(d, na.rm = TRUE)",
    "rowSums(cbind(a, b), na.rm = TRUE)", "a[f == \"x\"]", "round(a / 3, 1)",
      "b %% 2 == 1",
    "toupper(f)", "length(unique(f))", "duplicated(f)", "format(d, \"%Y\")",
      "T == TRUE")
  for (text in same) {
    expect_equal(value(text, d), eval(parse(text = text), e), info = text)
  }
})

test_that("kinds do not mix, and names find columns alone", {
  fails <- c("a == \"1\"" = "number with text",
    "a %in% c(\"1\", \"2\")" = "number with text",
    "t %in% 1:3" = "text with number", "f > \"x\"" = "texts have no order",
      "zz > 1" = "\"zz\"",
    "sum" = "\"sum\"", "F" = "\"F\"", "!a" = "needs TRUE or FALSE",
      "a + f" = "needs numbers",
    "d > \"01/02/2010\"" = "year-month-day", "1:1e9" = "apart",
      "a > c(1, 2)" = "length")
  for (text in names(fails)) {
    got <- value(text, d)
    expect_s3_class(got, "error")
    expect_match(conditionMessage(got), fails[[text]], fixed = TRUE, info = text)
  }
  expect_identical(value("sum > 1", data.frame(sum = 1:2)), c(FALSE, TRUE))
  expect_identical(value("sum(sum)", data.frame(sum = 1:2)), 3)
})

test_that("columns of other classes bring no method of their own", {
  trap <- structure(c(1, 2), class = "trap")
  assign("Ops.trap", function(e1, e2) stop("dispatched"), globalenv())
  on.exit(rm("Ops.trap", envir = globalenv()))
  expect_identical(value("x > 1", list(x = trap)), c(FALSE, TRUE))
  expect_s3_class(value("x > 1", list(x = list(1, 2))), "error")
  expect_s3_class(value("x == \"a\"",
    list(x = structure(5L, levels = "a", class = "factor"))), "error")
  expect_s3_class(value("x > 1", list(x = structure(c(1, 2), class = "integer64"))),
    "error")
  stamp <- as.POSIXct("2010-01-01 23:30:00", tz = "America/New_York")
  expect_true(value("x == \"2010-01-01\"", list(x = stamp)))
  expect_true(value("x == \"2010-01-01\"", list(x = structure(14610L, class = "Date"))))
})

test_that("a rule gives one logical a row", {
  expect_identical(value("TRUE", d, rule = TRUE), rep(TRUE, 3))
  expect_identical(value("a > 1", d, rule = TRUE), c(FALSE, TRUE, NA))
  expect_match(conditionMessage(value("a", d, rule = TRUE)), "is a number")
  expect_match(conditionMessage(value("a[1:2] > 1", d, rule = TRUE)),
    "2 values for 3 rows")
  expect_identical(value("a > 1", d[0, ], rule = TRUE), logical(0))
  expect_identical(value("x == \"a\"", data.frame(x = c(NA, NA)), rule = TRUE),
    c(NA, NA))
})

test_that("dates, ages and multicode cells are read as they are meant", {
  expect_identical(value("d - as.Date(\"2009-12-31\")", d), c(1, NA, 790))
  expect_identical(value("years(d, \"2013-02-28\")", d), c(3L, NA, 0L))
  expect_identical(value("selected(t, \"u\")", d), c(TRUE, TRUE, NA))
  expect_identical(value("selected(t, \"v\")", d), c(FALSE, TRUE, NA))
  expect_identical(value("between(a, 1, 1.5)", d), c(TRUE, FALSE, NA))
})

test_that("expressions name their variables", {
  expect_setequal(
    expression_variables(parse_allowed("a > 1 & `b c` %in% c(\"x\") | sum(T) > 1",
    "R")),
    c("a", "b c", "T"))
})

test_that("a set is asked for with %in%, whatever the number of rows", {
  refused <- function(text) refused_part(parse(text = text, keep.source = FALSE)[[1L]])
  for (text in c("x == c(1, 2, 3)", "(c(\"a\", \"b\")) != x", "x == 1:3", "x == c(c(1, 2))")) {
    expect_match(refused(text), "compares with a set by `[!=]=`; write `%in%`")
  }
  for (text in c("x == c(1)", "x == -1", "x %in% c(1, 2)", "x == (1)")) {
    expect_null(refused(text))
  }
  expect_error(codebook(data.frame(variable = "x", type = "number"),
    rules = data.frame(rule = "r", expression = "x == c(1, 2)")), "Rule \"r\" compares with a set")
})
