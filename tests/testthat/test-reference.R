# The web page of the package lists every topic once. Read from the source, so skipped
# where only the installed package is there.

test_that("each topic of the manual stands in one stage of the reference", {
  places <- c(test_path("..", ".."), test_path("..", "..", "00_pkg_src", "casereview"))
  here <- file.exists(file.path(places, "_pkgdown.yml")) & dir.exists(file.path(places, "man"))
  if (!any(here)) skip("the source of the package is not here")
  root <- places[here][1L]
  lines <- readLines(file.path(root, "_pkgdown.yml"))
  listed <- sub("^ +- ", "", grep("^ {6}- ", lines, value = TRUE))
  expect_identical(listed[duplicated(listed)], character())
  pages <- list.files(file.path(root, "man"), "\\.Rd$", full.names = TRUE)
  topics <- lapply(pages, function(page) {
    text <- readLines(page, encoding = "UTF-8")
    list(alias = gsub("^\\\\alias\\{|\\}$", "", grep("^\\\\alias\\{", text, value = TRUE)),
      internal = any(grepl("\\keyword{internal}", text, fixed = TRUE)))
  })
  expect_gt(length(topics), 20L)
  aliases <- unlist(lapply(topics, `[[`, "alias"))
  expect_identical(setdiff(listed, aliases), character())
  missing <- Filter(function(topic) !topic$internal && !any(topic$alias %in% listed), topics)
  expect_identical(vapply(missing, function(topic) topic$alias[1L], ""), character())
  twice <- Filter(function(topic) sum(topic$alias %in% listed) > 1L, topics)
  expect_identical(vapply(twice, function(topic) topic$alias[1L], ""), character())
  exports <- sub("^export\\((.*)\\)$", "\\1",
    grep("^export\\(", readLines(file.path(root, "NAMESPACE")), value = TRUE))
  expect_identical(setdiff(exports, aliases), character())
})
