# Extracted from test-check_coding_traps.R:219

# setup ------------------------------------------------------------------------
library(testthat)
test_env <- simulate_test_env(package = "casereview", path = "..")
attach(test_env, warn.conflicts = FALSE)

# prequel ----------------------------------------------------------------------
trap_book <- function(...) codebook(...)
trap <- function(type, values, codes = NULL, rules = NULL, ...) {
  cb <- codebook(data.frame(variable = "x", type = type, ...), codes, rules)
  check_coding(structure(list(x = values), row.names = seq_along(values), class = "data.frame"), cb)
}
coded <- function(code, label = paste("label", code), ...) {
  data.frame(variable = "x", code = code, label = label, ...)
}

# test -------------------------------------------------------------------------
codes <- coded("1", "Mother's partner", aliases = "Step-father; Stepdad")
reason <- c(
    "mother's partner" = "letter case", "Mother's  partner " = "spaces",
    "Mother's\u00a0partner" = "a no-break or other special space",
    "Mother\u2019s partner" = "a typographic quote or dash", "Stepdad" = "a known alias",
    "stepdad" = "another spelling of it; differs in letter case",
    "Mothers partner" = "differs in 1 letter", "Motherspartner" = "differs in 2 letters"
  )
found <- trap("nominal", names(reason), codes)
expect_identical(found$suggestion, rep("Mother's partner", 8))
