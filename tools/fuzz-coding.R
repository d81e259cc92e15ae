# Random hostile data frames and codebooks through check_coding(), recode_coding(),
# combine_samples() and case_duration(): a value or an error of this package is a pass.
# Anything else stops the run with the seed that does it again. One seed is one codebook
# and ten data frames; every frame is checked, every third recoded, the last combined.
#
#   Rscript tools/fuzz-coding.R [data frames = 2000] [first seed = 1]

library(casereview)

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
count <- if (length(arguments) >= 1) arguments[1] else 2000
first <- if (length(arguments) >= 2) arguments[2] else 1

marked <- function(x, encoding) {
  Encoding(x) <- encoding
  x
}
words <- c("High", "low", " High", "", " ", NA, "\u00a0", "1", "01", "-9", "1e3", "1e999", "NaN", "NA", "TRUE",
  "yes", "2014-02-28", "31/02/2014", "Sept 2013", "41698", "9999999999", "A;B;;", ";", "x; y", "Mother\u2019s",
  marked("caf\xe9", "latin1"), "caf\u00e9", marked("a\xff", "bytes"), marked("b\xff", "UTF-8"), "\u4e2d\u6587",
  strrep("long ", 300), "=1+1", "\\", "\"", "a\tb", "a\nb", "(accept)", "(blank)")
types <- c("id", "nominal", "ordinal", "rating", "flag", "integer", "number", "date", "year", "text", "multicode")
numbers <- c(0, 1, -9, 1.5, NA, NaN, Inf, -Inf, 1e300, 2^31, 41698, 5e-324, -0)

random_column <- function(n) {
  text <- sample(words, n, TRUE)
  number <- sample(numbers, n, TRUE)
  whole <- sample(c(0:3, -9L, NA, .Machine$integer.max), n, TRUE)
  switch(sample(17, 1),
    text, number, whole, factor(text, unique(text[!is.na(text)])),
    structure(sample(c(1L, NA), n, TRUE), levels = "High", class = "factor"),
    structure(sample(c(1L, 5L, -1L), n, TRUE), levels = c("a", "b"), class = "factor"),
    suppressWarnings(structure(number, class = "factor")), structure(whole, class = "factor"),
    structure(number, class = "Date"), structure(whole, class = "Date"),
    structure(number, class = c("POSIXct", "POSIXt"), tzone = "UTC"),
    structure(number, labels = c(High = 1, low = 2), class = c("haven_labelled", "vctrs_vctr", "double")),
    structure(text, labels = "oops"), structure(number, class = "integer64"),
    sample(c(TRUE, FALSE, NA), n, TRUE), complex(real = number, imaginary = 1),
    if (n) as.raw(rep_len(0:255, n)) else raw())
}

random_frame <- function(names) {
  n <- sample(c(0, 1, 2, 7, 40), 1)
  x <- lapply(seq_along(names), function(i) random_column(n))
  if (length(x) && runif(1) < 0.05) x[[1]] <- list(as.list(seq_len(n)), matrix(0, n, 2), NULL, seq_len(n + 1))[[sample(4, 1)]]
  if (runif(1) < 0.05 && length(names)) names[1] <- sample(c(NA, "", "b"), 1)
  x <- structure(x[seq_along(names)], names = names[seq_along(x)], row.names = .set_row_names(n), class = "data.frame")
  if (runif(1) < 0.05) class(x) <- sample(list("list", c("tbl_df", "tbl", "data.frame"), c("coding_findings", "data.frame")), 1)[[1]]
  x
}

random_book <- function() {
  names <- sample(c("a", "b", "c", "d", "caf\u00e9", "x y"), sample(1:5, 1))
  n <- length(names)
  pick <- function(choices) sample(choices, n, TRUE)
  variables <- data.frame(variable = names, type = pick(types), required = pick(c(TRUE, FALSE)),
    restricted = pick(c(FALSE, FALSE, TRUE)), min = pick(c("", "", "0", "2010-01-01", "x")),
    max = pick(c("", "", "17", "2015-01-01")), separator = pick(c("", ";", "|", " ")),
    pattern = pick(c("", "", "^[A-Z]+$", "month", "year dmy", "mdy", "(a|b)+", "[", "^.{2,3}$", "\\d")),
    relevant = pick(c("", "", "", "a == \"High\"", "b > 1", "lost == 1", "is.na(a)")))
  k <- sample(0:12, 1)
  codes <- if (k) data.frame(variable = sample(names, k, TRUE), code = sample(c(as.character(0:20), "-9", "01"), k),
    label = paste0(sample(c("High", "low", "caf\u00e9", "Mother's", "1", "x"), k, TRUE), sample(c("", "", as.character(1:9)), k, TRUE)),
    missing = sample(c("", "", "not_known", "not_applicable"), k, TRUE),
    aliases = sample(c("", "Hi; hey", "01", ";;"), k, TRUE))
  rules <- data.frame(rule = c("r1", "r2"), expression = sample(c("a == b", "a > 1", "is.na(a) | b < 3", "a + b > 2",
    "nchar(a) > 1", "all(a > 0)", "c <= as.Date(\"2014-01-01\")", "1 > 2"), 2))
  tryCatch(codebook(variables, codes, rules), casereview_error = function(e) forged(variables, codes, rules))
}

# A codebook that codebook() would refuse, as a file from a stranger might hold it.
plain_book <- codebook(data.frame(variable = "a"))

forged <- function(variables, codes, rules) {
  variables$label <- variables$variable
  variables$instruction <- ""
  book <- plain_book
  book$variables <- variables[names(book$variables)]
  if (!is.null(codes)) {
    codes$score <- NA_real_
    codes$parent <- ""
    book$codes <- codes[names(book$codes)]
  }
  rules$severity <- "error"
  rules$message <- ""
  book$rules <- rules[names(book$rules)]
  book
}

tried <- function(call) tryCatch(call, casereview_error = function(e) NULL)

sheets_a_book <- 10

run_one <- function(seed) {
  set.seed(seed)
  book <- random_book()
  for (k in seq_len(sheets_a_book)) run_sheet(book, k)
  periods <- structure(list(case = random_column(6), start = random_column(6), end = random_column(6)),
    row.names = 1:6, class = "data.frame")
  tried(case_duration(periods, as_of = "2014-01-01", unit = sample(c("months", "days"), 1)))
}

run_sheet <- function(book, k) {
  names <- sample(c(book$variables$variable, "z"), sample(0:(nrow(book$variables) + 1), 1))
  data <- random_frame(names)
  found <- tried(check_coding(data, book))
  if (is.null(found)) return(invisible())
  stopifnot(ncol(found) == 9, !is.unsorted(found$row[!is.na(found$row)]))
  if (k %% 3 != 0 && k != sheets_a_book) return(invisible())
  format(found)
  decisions <- as.data.frame(found)
  decisions$decision <- sample(c("(accept)", "(blank)", "", "High", "1", NA), nrow(found), TRUE)
  coded <- tried(recode_coding(data, book, decisions))
  if (!is.null(coded)) coding_changes(coded)
  if (!is.null(coded) && k == sheets_a_book && !"sample" %in% names) {
    tried(combine_samples(s1 = data, s2 = data[0, , drop = FALSE], codebook = book, keep_original = TRUE))
  }
}

seeds <- first + seq_len(ceiling(count / sheets_a_book)) - 1
for (seed in seeds) {
  tryCatch(run_one(seed), error = function(e) {
    cat("seed", seed, ":", conditionMessage(e), "\n")
    print(conditionCall(e))
    quit(status = 1)
  })
}
cat(sheets_a_book * length(seeds), "random data frames and", length(seeds), "codebooks: no failure\n")
