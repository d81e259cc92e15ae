# Extracted from test-layout.R:77

# setup ------------------------------------------------------------------------
library(testthat)
test_env <- simulate_test_env(package = "casereview", path = "..")
attach(test_env, warn.conflicts = FALSE)

# prequel ----------------------------------------------------------------------
source_dir <- function() {
  places <- c(test_path("..", ".."), test_path("..", "..", "00_pkg_src", "casereview"))
  here <- file.exists(file.path(places, "src", "entry.h"))
  if (!any(here)) skip("the source of the package is not here")
  places[here][1L]
}
base <- function(dir, pattern) sub("\\.[A-Za-z]+$", "", list.files(dir, pattern))
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
has_entry <- function(file) {
  declared <- readLines(file.path(dirname(file), "entry.h"), warn = FALSE)
  names <- sub("^SEXP ([a-z_0-9]+)\\(.*$", "\\1", grep("^SEXP ", declared, value = TRUE))
  heads <- sub("^SEXP ([a-z_0-9]+)\\(.*$", "\\1", grep("^SEXP ", readLines(file, warn = FALSE), value = TRUE))
  any(heads %in% names)
}
concept_of <- function(name, concepts) {
  first <- concepts[name == concepts | startsWith(name, paste0(concepts, "_"))]
  if (length(first)) first[which.min(nchar(first))] else name
}

# test -------------------------------------------------------------------------
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
