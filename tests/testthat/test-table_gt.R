gt_case <- function() {
  data.frame(law = rep(c("Public <1>", "Private"), c(7, 5)), year = rep(c("2013", "2014"), 6),
    type = rep(c("s31", "other", "contact"), c(4, 3, 5)), fatal = rep(c("yes", "no"), c(5, 7)))
}

test_that("a gt table has spanners, indents, bold totals, notes and its caption", {
  skip_if_not_installed("gt", "0.9.0")
  skip_if_not_installed("xml2")
  tab <- crosstab(gt_case(), law / type ~ year / fatal, percent = "row")
  made <- as_gt(tab, caption = "Law & outcome")
  expect_s3_class(made, "gt_tbl")
  page <- xml2::read_html(getExportedValue("gt", "as_raw_html")(made, inline_css = FALSE))
  texts <- function(path) trimws(xml2::xml_text(xml2::xml_find_all(page, path)))
  expect_identical(texts("//caption"), "Law & outcome")
  spanners <- xml2::xml_find_all(page, "//th[number(@colspan) > 1]")
  expect_identical(trimws(xml2::xml_text(spanners)), c("2013", "2014"))
  expect_identical(xml2::xml_attr(spanners, "colspan"), c("3", "3"))
  layout <- table_layout(tab)
  expect_identical(texts("//tbody//tr/*[1]"), layout$stub)
  expect_identical(texts("//tbody//tr/td[position() = last()]"), layout$body[, ncol(layout$body)])
  indented <- grepl("indent", xml2::xml_attr(xml2::xml_find_all(page, "//tbody//tr/*[1]"), "class"))
  expect_identical(indented, layout$depth > 0L)
  expect_true(all(layout$notes %in% texts("//tfoot//td")))
})

test_that("data frames and tables without rows become gt tables, and what is hidden stays so", {
  skip_if_not_installed("gt", "0.9.0")
  expect_s3_class(as_gt(data.frame(x = 1:2, y = c("a", NA))), "gt_tbl")
  expect_s3_class(as_gt(crosstab(gt_case()[0, ], law ~ fatal)), "gt_tbl")
  d <- data.frame(a = rep(c("x", "y"), c(1000, 2000)), b = rep(c("u", "v", "u", "v"), c(3, 997, 1253, 747)))
  safe <- as_gt(suppress(crosstab(d, a ~ b), sdc_rule(threshold = 5)))
  kept <- paste(unlist(lapply(safe, function(part) rapply(list(part), as.character, "ANY", how = "unlist"))),
    collapse = " ")
  expect_match(kept, "3000")
  expect_false(grepl("\\b(997|1253|747)\\b", kept))
})

test_that("what gt cannot do is refused in words", {
  argument <- "casereview_error_argument"
  expect_error(as_gt(1:3), "must be a data frame", class = argument)
  expect_error(as_gt(crosstab(gt_case(), ~ law), caption = 1), "`caption`", class = argument)
  skip_if(nzchar(system.file(package = "gt")))
  expect_error(as_gt(crosstab(gt_case(), ~ law)), "\"gt\" is needed", class = "casereview_error_package")
})
