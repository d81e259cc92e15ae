# The house: one basename in R, C and tests; floors; short C functions. Read from the
# source, so skipped where only the installed package is there.

source_dir <- function() {
  places <- c(test_path("..", ".."), test_path("..", "..", "00_pkg_src", "casereview"))
  here <- file.exists(file.path(places, "src", "entry.h"))
  if (!any(here)) skip("the source of the package is not here")
  places[here][1L]
}

base <- function(dir, pattern) sub("\\.[A-Za-z]+$", "", list.files(dir, pattern))

# The lines of each C function, by name; a function starts at column 1 and ends with "}".
c_functions <- function(file) {
  lines <- readLines(file, warn = FALSE)
  open <- grep("^\\{", lines)
  close <- grep("^\\}$", lines)
  close <- close[vapply(close, function(i) any(open < i), logical(1L))]
  heads <- vapply(open, function(i) {
    j <- i
    while (j > 1L && !grepl("^[A-Za-z].*\\(", lines[j])) j <- j - 1L
    j
  }, integer(1L))
  ends <- vapply(open, function(i) close[close > i][1L], integer(1L))
  if (!length(open)) return(NULL)
  data.frame(file = basename(file), head = lines[heads], length = ends - heads + 1L)
}

test_that("the reader of C functions sees a long one", {
  file <- tempfile(fileext = ".c")
  on.exit(unlink(file))
  writeLines(c("static int f(int a)", "{", rep("  a++;", 70), "  return a;", "}"), file)
  found <- c_functions(file)
  expect_identical(nrow(found), 1L)
  expect_gt(found$length, 60L)
})

# Does this C file hold a routine that entry.h declares?
has_entry <- function(file) {
  declared <- readLines(file.path(dirname(file), "entry.h"), warn = FALSE)
  names <- sub("^SEXP ([a-z_0-9]+)\\(.*$", "\\1", grep("^SEXP ", declared, value = TRUE))
  heads <- sub("^SEXP ([a-z_0-9]+)\\(.*$", "\\1", grep("^SEXP ", readLines(file, warn = FALSE), value = TRUE))
  any(heads %in% names)
}

# crosstab for crosstab.c and crosstab_median.c, where crosstab is a concept of its own.
concept_of <- function(name, concepts) {
  first <- concepts[name == concepts | startsWith(name, paste0(concepts, "_"))]
  if (length(first)) first[which.min(nchar(first))] else name
}

test_that("every C file with an entry point has an R file and a test of its concept", {
  root <- source_dir()
  files <- list.files(file.path(root, "src"), "\\.c$", full.names = TRUE)
  names <- sub("\\.c$", "", basename(Filter(has_entry, files)))
  names <- setdiff(names, c("init", "check", "result"))
  expect_gt(length(names), 0L)
  concepts <- base(file.path(root, "R"), "\\.R$")
  of <- vapply(names, concept_of, "", concepts)
  expect_identical(setdiff(of, concepts), character())
  tests <- sub("^test-", "", base(test_path(), "^test-.*\\.R$"))
  expect_identical(setdiff(of, tests), character())
})

test_that("a routine is called from the R files of its own concept", {
  root <- source_dir()
  r_files <- list.files(file.path(root, "R"), "\\.R$", full.names = TRUE)
  concepts <- sub("\\.R$", "", basename(r_files))
  texts <- vapply(r_files, function(file) paste(readLines(file, warn = FALSE), collapse = "\n"), "")
  for (file in list.files(file.path(root, "src"), "\\.c$", full.names = TRUE)) {
    concept <- concept_of(sub("\\.c$", "", basename(file)), concepts)
    heads <- grep("^SEXP [a-z_0-9]+\\(", readLines(file, warn = FALSE), value = TRUE)
    for (routine in sub("^SEXP ([a-z_0-9]+)\\(.*$", "C_\\1", heads)) {
      if (concept %in% c("check", "result")) next
      callers <- concepts[grepl(paste0("\\b", routine, "\\b"), texts)]
      of <- unique(vapply(callers, concept_of, "", concept))
      expect_identical(setdiff(of, concept), character(), info = routine)
    }
  }
})

test_that("no C function is longer than 60 lines, no C file than 400", {
  root <- source_dir()
  files <- list.files(file.path(root, "src"), "\\.[ch]$", full.names = TRUE)
  functions <- do.call(rbind, lapply(files, c_functions))
  long <- functions[functions$length > 60L, ]
  expect_identical(paste(long$file, long$head), character())
  lengths <- vapply(files, function(file) length(readLines(file, warn = FALSE)), integer(1L))
  expect_identical(basename(files[lengths > 400L]), character())
})

test_that("C files of a concept do not include another concept", {
  root <- source_dir()
  files <- list.files(file.path(root, "src"), "\\.c$", full.names = TRUE)
  names <- sub("\\.c$", "", basename(files))
  kernels <- paste0(names[!vapply(files, has_entry, NA)], ".h")
  shared <- c("casereview.h", "size.h", "check.h", "result.h", "encode.h", "cells.h", "coding_date.h",
    "disclosure.h", "entry.h")
  concepts <- base(file.path(root, "R"), "\\.R$")
  for (i in seq_along(files)) {
    lines <- grep("^#include \"", readLines(files[i], warn = FALSE), value = TRUE)
    included <- sub("^#include \"([^\"]+)\".*$", "\\1", lines)
    foreign <- setdiff(included, c(shared, kernels))
    of <- vapply(sub("\\.h$", "", foreign), concept_of, "", concepts)
    expect_identical(setdiff(of, concept_of(names[i], concepts)), character(), info = names[i])
  }
})

test_that("no function of R is defined twice", {
  files <- list.files(file.path(source_dir(), "R"), "\\.R$", full.names = TRUE)
  names <- unlist(lapply(files, function(file) {
    lapply(parse(file, keep.source = FALSE), function(part) {
      if (is.call(part) && identical(part[[1L]], as.name("<-"))) deparse(part[[2L]])[1L]
    })
  }))
  expect_gt(length(names), 100L)
  expect_identical(unique(names[duplicated(names)]), character())
})

test_that("nothing in the source names a place on somebody's machine", {
  root <- source_dir()
  files <- list.files(root, "\\.(R|c|h|Rmd|md|sh|csv|Rd)$", recursive = TRUE, full.names = TRUE)
  files <- files[!grepl("/(build|[^/]*\\.Rcheck)/", files)]
  pattern <- paste0("(^|[^A-Za-z.])/", "(work|root|home)", "/[a-z]")
  found <- Filter(function(file) any(grepl(pattern, readLines(file, warn = FALSE))), files)
  expect_identical(basename(found), character())
})
