slow_distance <- function(a, b) {
  a <- utf8ToInt(a)
  b <- utf8ToInt(b)
  d <- matrix(0, length(a) + 1, length(b) + 1)
  d[, 1] <- 0:length(a)
  d[1, ] <- 0:length(b)
  for (i in seq_along(a)) for (j in seq_along(b)) {
    d[i + 1, j + 1] <- min(d[i, j + 1] + 1, d[i + 1, j] + 1, d[i, j] + (a[i] != b[j]))
    if (i > 1 && j > 1 && a[i] == b[j - 1] && a[i - 1] == b[j]) {
      d[i + 1, j + 1] <- min(d[i + 1, j + 1], d[i - 1, j - 1] + 1)
    }
  }
  d[length(a) + 1, length(b) + 1]
}

test_that("the nearest word is that of a slow search, and a tie is none", {
  set.seed(4)
  near <- function(n) if (n < 3) 0 else if (n < 8) 1 else if (n < 12) 2 else 3
  for (i in rounds(150)) {
    words <- replicate(8, paste(sample(letters[1:4], sample(2:13, 1), TRUE), collapse = ""))
    value <- paste(sample(letters[1:4], sample(2:13, 1), TRUE), collapse = "")
    if (i %% 2) value <- sub(".", sample(letters[1:4], 1), words[1])
    d <- vapply(words, slow_distance, 0, a = value)
    allowed <- d <= pmin(near(nchar(value)), vapply(nchar(words), near, 0)) & d > 0
    expected <- NA_integer_
    if (any(allowed)) {
      best <- which(allowed & d == min(d[allowed]))
      if (length(unique(words[best])) == 1 && length(best) == 1) expected <- best
    }
    if (any(d == 0)) next
    got <- .Call(casereview:::C_nearest_word, list(utf8ToInt(value)), lapply(words, utf8ToInt), seq_along(words))
    expect_identical(got$group, unname(expected))
  }
})

test_that("Damerau's four kinds of slip are one step each", {
  words <- list(utf8ToInt("neglect"))
  for (slip in c("negelct", "neglct", "neglectt", "neglekt")) {
    got <- .Call(casereview:::C_nearest_word, list(utf8ToInt(slip)), words, 1L)
    expect_identical(got, list(group = 1L, distance = 1L))
  }
})

test_that("letter case and accents are told alike in a C locale", {
  skip_on_os("windows")
  skip_if_not(nzchar(Sys.which("env")))
  script <- tempfile(fileext = ".R")
  on.exit(unlink(script))
  writeLines(c(
    "library(casereview)",
    "label <- c('P\\u00e8re', '\\u00c9l\\u00e8ve en \\u00e9t\\u00e9', '\\u017d\\u00e1k')",
    "cb <- codebook(data.frame(variable = 'x', type = 'nominal'),",
    "  data.frame(variable = 'x', code = 1:3, label = label))",
    "x <- c('Pere', 'p\\u00e8re', 'Pe\\u0300re', '\\u00e9L\\u00c8VE EN \\u00c9T\\u00c9', '\\u017e\\u00c1K')",
    "found <- check_coding(data.frame(x = x), cb)",
    "cat(match(found$suggestion, label), sub('.*\\\\((.*)\\\\).*', '\\\\1', found$message), sep = '\\n')"
  ), script)
  libraries <- paste0("R_LIBS=", paste(.libPaths(), collapse = .Platform$path.sep))
  told <- system2("env", c("LC_ALL=C", shQuote(libraries),
    shQuote(file.path(R.home("bin"), "Rscript")), "--vanilla", shQuote(script)), stdout = TRUE)
  case <- "differs in letter case"
  expect_identical(told, c("1", "1", "1", "2", "3", "differs in 1 letter", case,
    "differs in an accent written as a mark of its own", case, case))
})
