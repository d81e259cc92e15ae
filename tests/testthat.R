library(testthat)
library(casereview)

test_check("casereview")
