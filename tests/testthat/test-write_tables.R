# Files are read back by other means than those that wrote them: unzipped and searched as
# XML, read by openxlsx/readxl as any reader would, parsed as HTML.

nested <- function() {
  d <- data.frame(
    law = rep(c("Public", "Private"), c(7, 5)),
    type = rep(c("s31", "other", "WTFH"), c(4, 3, 5)),
    fatal = rep(c("yes", "no"), 6), score = 1:12
  )
  crosstab(d, law / type ~ fatal, percent = "row")
}

# Hidden counts with digits that stand nowhere else.
protected <- function() {
  d <- data.frame(
    incident = rep(c("Neglect", "Physical abuse", "Suicide"), c(1000, 2000, 1500)),
    sample = rep(c("old", "new", "old", "new", "old", "new"), c(3, 997, 1253, 747, 777, 723))
  )
  crosstab(d, incident ~ sample, percent = "column")
}

zip_text <- function(file) {
  folder <- tempfile()
  dir.create(folder)
  on.exit(unlink(folder, recursive = TRUE))
  utils::unzip(file, exdir = folder)
  parts <- list.files(folder, recursive = TRUE, full.names = TRUE, all.files = TRUE)
  parts <- parts[grepl("\\.(xml|rels)$", parts)]
  paste(unlist(lapply(parts, readLines, warn = FALSE)), collapse = "\n")
}

file_text <- function(file) {
  if (grepl("\\.(docx|xlsx)$", file)) return(zip_text(file))
  paste(readLines(file, warn = FALSE, encoding = "UTF-8"), collapse = "\n")
}

written <- function(tables, ending) {
  file <- tempfile(fileext = paste0(".", ending))
  expect_identical(write_tables(tables, file), file)
  file
}

needs <- c(docx = "flextable", xlsx = "openxlsx")

for (ending in c("md", "html", "tex", "csv", "xlsx", "docx")) {
  test_that(paste("nothing that is hidden is in a file:", ending), {
    if (ending %in% names(needs)) skip_if_not_installed(needs[[ending]])
    full <- protected()
    safe <- suppress(full, sdc_rule(threshold = 5, symbol = "[c]"))
    hidden <- is.na(safe$cells$n)
    expect_true(sum(hidden) >= 4L)
    secret <- setdiff(as.character(full$cells$n[hidden]), as.character(full$cells$n[!hidden]))
    secret <- c(secret[nchar(secret) >= 3L], "(0.1%)", "(0.15%)")
    secret <- c(secret, unlist(lapply(full$cells$percent[hidden], function(p) {
      c(format(p, digits = 6), format(p / 100, digits = 6))
    })))
    before <- file_text(written(list(Incident = full), ending))
    after <- file_text(written(list(Incident = safe), ending))
    seen <- function(text) vapply(secret, grepl, NA, x = text, fixed = TRUE)
    expect_true(any(seen(before)))
    strip <- gsub("[A-Za-z]+=\"[0-9]+\"|[0-9-]+T[0-9:]+Z?", "", after)
    expect_identical(secret[seen(strip)], character())
    expect_match(gsub("\\", "", after, fixed = TRUE), "[c]", fixed = TRUE)
  })

  test_that(paste("rounded counts leave only rounded:", ending), {
    if (ending %in% names(needs)) skip_if_not_installed(needs[[ending]])
    rounded <- round_counts(protected(), base = 10)
    text <- file_text(written(list(Incident = rounded), ending))
    for (count in c("997", "1253", "747", "777", "723")) {
      expect_false(grepl(paste0("\\b", count, "\\b"), text), info = count)
    }
    expect_match(text, "1250")
  })
}

test_that("a workbook keeps numbers as numbers, with their digits, and the notes", {
  skip_if_not_installed("openxlsx")
  file <- written(list("Law by outcome" = nested(), Other = data.frame(id = "0012", x = 1.5)), "xlsx")
  expect_identical(openxlsx::getSheetNames(file), c("Contents", "Law by outcome", "Other"))
  sheet <- openxlsx::read.xlsx(file, "Law by outcome", startRow = 5, colNames = TRUE)
  total <- sheet[sheet[[1L]] %in% "Total", ]
  expect_identical(as.double(unlist(total[c(2, 4, 6)])), c(6, 6, 12))
  expect_equal(as.double(unlist(total[c(3, 5, 7)])), c(0.5, 0.5, 1))
  first <- openxlsx::read.xlsx(file, "Law by outcome", colNames = FALSE, skipEmptyRows = FALSE)
  expect_true(any(grepl("Percentages of the row total", first[[1L]])))
  text <- zip_text(file)
  expect_match(text, "0.0%", fixed = TRUE)
  expect_match(text, "HYPERLINK(&quot;#&apos;Law by outcome&apos;!A1&quot;", fixed = TRUE)
  other <- openxlsx::read.xlsx(file, "Other", startRow = 3)
  expect_identical(other$id, "0012")
  expect_identical(other$x, 1.5)
})

test_that("rows and notes of a workbook are as high as their texts", {
  skip_if_not_installed("openxlsx")
  d <- data.frame(id = 1:2, what = c("short", strrep("many words ", 20)), n = c(1.5, 2))
  expect_identical(body_lines(table_layout(d)), c(1, 5))
  expect_identical(body_lines(table_layout(nested())), rep(1, length(table_layout(nested())$stub)))
  expect_length(body_lines(table_layout(d[0, ])), 0L)
  text <- zip_text(written(list(One = d, Two = nested()), "xlsx"))
  expect_true(grepl("<row r=\"5\" ht=\"75\" customHeight=\"1\">", text, fixed = TRUE))
  expect_true(grepl("<mergeCell ref=\"A13:I13\"/>", text, fixed = TRUE))
})

test_that("sheets get names that Excel takes, all different", {
  long <- strrep("a", 40)
  names <- sheet_names(c("a/b:c", "A B C", long, paste0(long, "b"), "contents", "'q'", "[]*?"))
  expect_identical(anyDuplicated(tolower(names)), 0L)
  expect_true(all(nchar(names) <= 31L & nchar(names) >= 1L))
  expect_false(any(grepl("[]:*?/\\\\'[]", names)))
  expect_false("contents" %in% tolower(names))
})

test_that("a Word document has captions with a field, spans, indents and a repeated head", {
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  text <- zip_text(written(list("Law & outcome" = nested(), Second = nested()), "docx"))
  expect_identical(lengths(regmatches(text, gregexpr("SEQ table", text))), 2L)
  expect_match(text, "Law &amp; outcome", fixed = TRUE)
  expect_match(text, "w:gridSpan w:val=\"3\"", fixed = TRUE)
  expect_match(text, "w:tblHeader", fixed = TRUE)
  expect_match(text, "4 (57.1%)", fixed = TRUE)
  expect_match(text, "Percentages of the row total", fixed = TRUE)
  expect_s3_class(flextable::as_flextable(nested()), "flextable")
})

test_that("a web page marks its headers and is well formed", {
  skip_if_not_installed("xml2")
  d <- data.frame(a = c("x<y", "\"z\" & co"), b = c("u", "v"), s = c("1", "2"))
  tables <- list("One <caption>" = crosstab(d, a ~ b | s), Two = nested(), Three = d)
  file <- written(tables, "html")
  page <- xml2::read_html(file)
  all_of <- function(path) xml2::xml_find_all(page, path)
  expect_identical(xml2::xml_text(all_of("//caption")), names(tables))
  expect_length(all_of("//th[not(@scope)]"), 0L)
  expect_length(all_of("//thead//th[normalize-space()='']"), 0L)
  expect_identical(xml2::xml_attr(all_of("//html"), "lang"), "en")
  expect_true("x<y" %in% xml2::xml_text(all_of("//th[@scope='row']")))
  links <- xml2::xml_attr(all_of("//nav//a"), "href")
  expect_setequal(sub("#", "", links), xml2::xml_attr(all_of("//table"), "id"))
  notes <- xml2::xml_attr(all_of("//table[@aria-describedby]"), "aria-describedby")
  expect_true(all(notes %in% xml2::xml_attr(all_of("//div[@class='notes']"), "id")))
  expect_length(all_of("//*[@src] | //link | //script"), 0L)
  for (table in seq_along(tables)) {
    rows <- xml2::xml_find_all(all_of("//table")[[table]], ".//tbody/tr")
    width <- vapply(rows, function(row) {
      span <- xml2::xml_attr(xml2::xml_children(row), "colspan")
      sum(ifelse(is.na(span), 1L, as.integer(span)))
    }, 0)
    expect_length(unique(width), 1L)
  }
})

test_that("Markdown and LaTeX hold the cells as printed and escape the rest", {
  d <- data.frame(a = c("x|y", "50%_of & #1"), b = c("u", "v"))
  tab <- crosstab(d, a ~ b, percent = "column")
  md <- readLines(written(list("A *caption*" = tab), "md"))
  pipes <- lengths(regmatches(md, gregexpr("(?<!\\\\)\\|", md, perl = TRUE)))
  expect_identical(unique(pipes[pipes > 0]), 5L)
  expect_true(any(grepl("x\\|y", md, fixed = TRUE)))
  expect_true(any(grepl("1 (100.0%)", md, fixed = TRUE)))
  tex <- readLines(written(list("50% & more" = nested(), b = tab), "tex"))
  expect_true(any(grepl("50\\%\\_of \\& \\#1", tex, fixed = TRUE)))
  expect_true("\\caption{50\\% \\& more}" %in% tex)
  body <- grep(" \\\\\\\\$", tex, value = TRUE)
  expect_true(all(lengths(regmatches(body, gregexpr("(?<!\\\\)&", body, perl = TRUE))) %in% c(1L, 3L)))
})

test_that("the long csv is the contract, under the name of its table", {
  tab <- nested()
  d <- data.frame(when = as.Date("2014-02-28"), n = 100000, ok = NA, x = 1 / 3)
  back <- read.csv(written(list(one = tab, two = d), "csv"), check.names = FALSE)
  frame <- as.data.frame(tab)
  own <- back[back$table == "one", names(frame)]
  expect_equal(own$n[own$type == "Total"], frame$n[frame$type == "Total"])
  expect_identical(own$text, frame$text)
  two <- back[back$table == "two", ]
  expect_identical(two$when, "2014-02-28")
  expect_equal(two$n, 100000)
  expect_identical(two$x, 1 / 3)
  expect_identical(two$ok, NA)
})

test_that("a table without rows keeps its columns", {
  empty <- data.frame(a = character(), b = character(), c = numeric())
  lines <- expect_silent(layout_markdown(table_layout(empty)))
  expect_identical(lines[1L], "| a | b | c |")
  expect_identical(dim(layout_cells(table_layout(empty))), c(0L, 3L))
})

test_that("every kind of table and result goes to every form", {
  empty <- data.frame(a = character(), b = character())
  d <- data.frame(a = factor(c("x", "y", "x")), b = c("u", "v", "u"), s = c(1, 2, 2), v = 1:3)
  tables <- list(
    none = crosstab(empty, a ~ b), empty = empty, one_way = crosstab(d, ~ a, percent = "total"),
    plain = crosstab(d, ~ a), stacked = crosstab(d, a + b ~ s), strata = crosstab(d, a ~ b | s),
    mean = crosstab(d, a ~ b, value = "v", stat = c("mean", "sd")),
    one_column = data.frame(x = 1:2), findings = check_coding(d, codebook(
      data.frame(variable = "a", type = "integer"))), dates = data.frame(
      d = as.Date("2014-01-01"), t = as.POSIXct("2014-01-01", tz = "UTC"), n = NA_real_, i = Inf)
  )
  endings <- c("md", "html", "tex", "csv")
  if (requireNamespace("openxlsx", quietly = TRUE)) endings <- c(endings, "xlsx")
  if (requireNamespace("flextable", quietly = TRUE)) endings <- c(endings, "docx")
  for (ending in endings) {
    file <- written(tables, ending)
    expect_gt(file.size(file), 200)
    text <- file_text(file)
    for (name in setdiff(names(tables), c("none", "empty", "findings"))) {
      expect_match(text, gsub("_", ".{1,2}", name), info = paste(ending, name))
    }
  }
})

test_that("cells of several quantities come apart as they were put together", {
  d <- data.frame(a = c("x", "y", "x", "x"), b = c("u", "v", "u", "v"), v = c(1, 2, 4, 9))
  tab <- crosstab(d, a ~ b, value = "v", stat = "mean", percent = "row")
  parts <- text_quantities(table_layout(tab)$body, table_layout(tab)$style)
  expect_identical(parts$field, c("n", "%", "mean"))
  n <- matrix(tab$cells$n, 3, byrow = TRUE)
  expect_identical(matrix(as.double(parts$texts[[1L]]), 3), n)
  means <- matrix(tab$cells$mean, 3, byrow = TRUE)
  expect_equal(matrix(shown_number(parts$texts[[3L]]), 3), round(means, 1))
  expect_null(text_quantities(matrix("1"), "{n}"))
  odd <- text_quantities(matrix(c("c", "4 (17.4%)", "0 (-)"), 1), "{n} ({percent}%)")
  expect_identical(odd$texts[[1L]][1L, ], c("c", "4", "0"))
  expect_identical(odd$texts[[2L]][1L, ], c("", "17.4%", "-"))
})

test_that("the header over a nested column says which is its total", {
  d <- data.frame(a = "x", law = c("Public", "Public", "Private"), type = c("p", "q", "r"))
  layout <- table_layout(crosstab(d, a ~ law / type))
  expect_identical(layout$header[[1L]]$label[seq_len(2L)], c("Private", "Public"))
  inner <- layout$header[[2L]]$label
  expect_identical(inner[layout$header[[1L]]$from[2L]], "Total")
  expect_match(flat_header(layout), "Public / Total", all = FALSE, fixed = TRUE)
})

test_that("knitr gets HTML in a web page and a pipe table elsewhere", {
  skip_if_not_installed("knitr")
  expect_match(knitr::knit_print(nested()), "| Public | 3 (42.9%) | 4 (57.1%) |", fixed = TRUE, all = FALSE)
  old <- knitr::opts_knit$get("rmarkdown.pandoc.to")
  on.exit(knitr::opts_knit$set(rmarkdown.pandoc.to = old))
  knitr::opts_knit$set(rmarkdown.pandoc.to = "html")
  html <- knitr::knit_print(nested())
  expect_match(html, "```\\{=html\\}")
  expect_match(html, "<th scope=\"row\"", fixed = TRUE)
  knitr::opts_knit$set(rmarkdown.pandoc.to = "docx")
  expect_match(knitr::knit_print(nested()), "\\| :-+ \\| -+: \\|")
})

test_that("as_kable makes a kable with the notes beside it", {
  skip_if_not_installed("knitr")
  kable <- as_kable(nested(), caption = "By law", format = "pipe")
  expect_s3_class(kable, "knitr_kable")
  expect_true(any(grepl("4 (57.1%)", kable, fixed = TRUE)))
  expect_match(attr(kable, "notes"), "Counted: cases.", fixed = TRUE, all = FALSE)
  expect_error(as_kable(1), class = "casereview_error_argument")
})

test_that("tidy and glance tell of the whole", {
  skip_if_not_installed("generics")
  tab <- nested()
  expect_identical(nrow(generics::tidy(tab)), nrow(tab$cells))
  expect_identical(generics::glance(tab)$n, 12)
  safe <- suppress(protected(), sdc_rule(threshold = 5))
  expect_identical(generics::glance(safe)$hidden, sum(is.na(safe$cells$n)))
  expect_identical(generics::glance(safe)$p.value, NA_real_)
  d <- data.frame(a = c(1, 2, 3, 3, 1), b = c(1, 2, 2, 3, 1))
  agreed <- agreement(d, cbind(a, b) ~ 1)
  tidied <- generics::tidy(agreed)
  expect_equal(tidied$conf.low, agreed$lower)
  expect_identical(as.integer(generics::glance(agreed)$cases), 5L)
})

test_that("what cannot be written is refused in one sentence", {
  argument <- "casereview_error_argument"
  tab <- nested()
  file <- tempfile(fileext = ".md")
  expect_error(write_tables(list(tab), file), "must have a name", class = argument)
  expect_error(write_tables(list(a = tab, a = tab), file), "more than one table", class = argument)
  expect_error(write_tables(list(), file), "no table", class = argument)
  expect_error(write_tables(list(a = 1:3), file), "data frames, not", class = argument)
  expect_error(write_tables("x", file), "named list", class = argument)
  expect_error(write_tables(tab, "x.pdf"), "must end in", class = argument)
  expect_error(write_tables(tab, file.path(tempfile(), "x.md")), "folder", class = argument)
  expect_false(file.exists(file))
  folder <- tempfile(fileext = ".md")
  dir.create(folder)
  expect_error(write_tables(tab, folder), "cannot be written", class = argument)
})

test_that("LaTeX tables that are wider than a page have smaller type, and words that wrap", {
  narrow <- layout_latex(table_layout(nested()))
  expect_false(any(grepl("tabcolsep|raggedright", narrow)))
  wide <- data.frame(id = 1:2, what = strrep("many words ", 20), why = strrep("more words ", 20))
  lines <- layout_latex(table_layout(wide))
  expect_match(lines, "^.begin[{]tabular[}].*p[{][0-9.]+in[}]", all = FALSE)
  expect_match(lines, "\\raggedright many words", fixed = TRUE, all = FALSE)
  inches <- latex_fit(table_layout(wide))$inches
  expect_lte(sum(inches, na.rm = TRUE), 4.7)
  rows <- grep("many words", lines, value = TRUE)
  expect_true(all(endsWith(rows, " \\tabularnewline")))
  wide$n <- strrep("12 (34.5%), ", 12)
  expect_lte(sum(latex_fit(table_layout(wide))$inches, na.rm = TRUE), 4.7)
})

test_that("captions of a kable are text in LaTeX and HTML", {
  skip_if_not_installed("knitr")
  expect_match(paste(as_kable(nested(), "50% & <b>", "latex"), collapse = ""), "50\\% \\& ", fixed = TRUE)
  expect_match(paste(as_kable(nested(), "50% & <b>", "html"), collapse = ""), "50% &amp; &lt;b&gt;", fixed = TRUE)
})

test_that("a file that cannot be written is refused in words, whatever its form", {
  skip_if_not_installed("openxlsx")
  skip_if_not_installed("flextable")
  table <- list(a = data.frame(x = 1:2))
  for (ending in c("docx", "xlsx", "html", "md", "tex", "csv")) {
    folder <- tempfile(fileext = paste0(".", ending))
    dir.create(folder)
    expect_error(write_tables(table, folder), "is a folder", class = "casereview_error_argument")
    expect_length(list.files(folder), 0)
    unlink(folder, recursive = TRUE)
    long <- file.path(tempdir(), paste0(strrep("a", 300), ".", ending))
    expect_error(write_tables(table, long), "cannot be written",
      class = "casereview_error_argument")
  }
})
