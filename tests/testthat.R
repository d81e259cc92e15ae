library(testthat)
library(casereview)

# The counts of each test are kept where CASEREVIEW_COUNTS asks for them (`make test`).
counts <- Sys.getenv("CASEREVIEW_COUNTS")
listed <- ListReporter$new()
result <- tryCatch(
  test_check("casereview", reporter = MultiReporter$new(list(CheckReporter$new(), listed))),
  error = identity
)
if (nzchar(counts)) {
  columns <- c("file", "test", "nb", "failed", "skipped", "error", "warning", "passed",
    "user", "real")
  utils::write.csv(as.data.frame(listed$get_results())[columns], counts, row.names = FALSE)
}
if (inherits(result, "error")) stop(result)
