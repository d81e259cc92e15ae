cases <- data.frame(
  incident = factor(rep(c("Fatal", "Not fatal"), c(17, 9)), levels = c("Fatal", "Not fatal", "Other")),
  law = rep(c("Public", "Private"), 13), score = seq_len(26)
)

# A crosstab as it might be printed: row labels and a column of texts for each column.
printed_wide <- function(tab) {
  cells <- as.data.frame(tab)
  out <- data.frame(label = unique(as.character(cells[[1L]])))
  for (name in unique(as.character(cells[[2L]]))) out[[name]] <- cells$text[cells[[2L]] == name]
  out
}

test_that("a table printed from the data agrees throughout, in every layout", {
  for (percent in c("none", "row", "column", "total")) {
    for (value in list(NULL, "score")) {
      tab <- crosstab(cases, incident ~ law, percent = percent, value = value,
        stat = if (!is.null(value)) "mean")
      wide <- printed_wide(tab)
      for (computed in list(tab, as.data.frame(tab))) {
        for (published in list(wide, wide[c(2, 1, 3, 4), c(1, 3, 2, 4)], as.data.frame(tab))) {
          found <- audit_table(published, computed)
          expect_identical(unique(found$verdict[!is.na(found$printed)]),
            "agrees", info = paste(percent, is.null(value)))
        }
      }
    }
  }
})

test_that("each planted fault is found, and nothing else", {
  tab <- crosstab(cases, incident ~ law, percent = "column")
  wide <- printed_wide(tab)
  cells <- as.data.frame(tab)
  set.seed(4)
  for (k in 1:25) {
    i <- sample(nrow(wide), 1)
    j <- sample(2:ncol(wide), 1)
    wrong <- wide
    cell <- cells[cells$incident == wide$label[i] & cells$law == names(wide)[j], ]
    wrong[i, j] <- sprintf("%.0f (%.1f%%)", cell$n, cell$percent + sample(c(-0.3, 0.1, 9), 1))
    if (startsWith(sub("^.*\\(", "", wrong[i, j]), "-")) next
    found <- audit_table(wrong, tab)
    bad <- found[found$verdict != "agrees", ]
    expect_identical(nrow(bad), 1L)
    expect_identical(c(bad$row, bad$column, bad$statistic),
      c(wide$label[i], names(wide)[j], "percent"))
  }
})

test_that("the published tables of the report agree with the cases", {
  law <- crosstab(cafcass_cases, ~ law_group / law_type)
  expect_identical(unique(audit_table(cafcass_tables$table_7, law)$verdict), "agrees")
  incident <- crosstab(cafcass_cases, ~ incident, percent = "column")
  found <- audit_table(cafcass_tables$table_11[c("incident", "sample_2014")], incident)
  expect_identical(found$statistic[found$verdict != "agrees"], "label")
  expect_match(found$note[found$statistic == "label"], "Drug overdose (fatal)", fixed = TRUE)
  scores <- crosstab(cafcass_cases, ~ law_group / law_type, value = "risk_score", stat = "mean")
  found <- audit_table(cafcass_tables$table_12[c("law_type", "sample_2014")], scores)
  expect_identical(unique(found$verdict[found$statistic != "label"]), "agrees")
  expect_identical(sum(found$statistic == "mean"), 8L)
})

test_that("cells of one side only are told, and a dash is 0", {
  tab <- crosstab(cases, incident ~ law)
  wide <- printed_wide(tab)
  found <- audit_table(wide[-1L, ], tab)
  gone <- found[is.na(found$printed), ]
  expect_identical(gone$row, "Fatal")
  expect_identical(gone$verdict, "not checkable")
  more <- rbind(wide, data.frame(label = "Entirely elsewhere", Private = "1", Public = "2", Total = "3"))
  found <- audit_table(more, tab)
  expect_identical(unique(found$verdict[found$row == "Entirely elsewhere"]), "not checkable")
  wide[wide$label == "Other", 2] <- "\u2013"
  found <- audit_table(wide, tab)
  expect_identical(found$note[found$printed == "\u2013"], "a dash for 0")
})

test_that("wide tables are held against each other by label, else by position", {
  x <- cafcass_tables$table_11
  found <- audit_table(x, x)
  expect_identical(unique(found$verdict), "agrees")
  y <- x
  y$total[5L] <- "6 (10.2)"
  y$incident[9L] <- "Others"
  found <- audit_table(x, y)
  bad <- found[found$verdict != "agrees", ]
  expect_setequal(bad$statistic, c("label", "in brackets"))
  expect_equal(bad$exact[bad$statistic == "in brackets"], 10.2)
  m <- matrix(c(1.25, 2, 3, 4), 2)
  expect_identical(audit_table(data.frame(a = c("1.3", "2"), b = c("3", "5")), as.data.frame(m))$verdict[
    -(1:2)], c("agrees", "agrees", "agrees", "disagrees"))
  expect_error(audit_table(data.frame(a = 1:3), data.frame(a = 1:2)), "cannot be matched",
    class = "casereview_error_argument")
})

test_that("a printed table is held against itself", {
  bad <- lapply(cafcass_tables, function(x) {
    found <- audit_table(x)
    found[found$verdict != "agrees", c("row", "statistic", "printed")]
  })
  expect_identical(names(bad)[vapply(bad, nrow, 1L) > 0L], c("table_6", "table_11"))
  expect_identical(bad$table_6$printed, "60 to 72")
  expect_identical(bad$table_11$statistic, c("percent", "sum of percents"))
  wrong <- cafcass_tables$table_7
  wrong$frequency[3L] <- 13L
  found <- audit_table(wrong)
  expect_true("Private law total" %in% found$row[found$verdict == "disagrees"])
  means <- cafcass_tables$table_12
  means$overall[3L] <- "17.4 (24)"
  means$sample_2014[8L] <- "12.2 (27)"
  found <- audit_table(means)
  expect_true(all(c("Total public law", "All case types") %in% found$row[found$verdict == "disagrees"]))
})

test_that("empty, one-row and odd tables give a table back", {
  expect_identical(nrow(audit_table(data.frame(a = character(), b = character()))), 0L)
  expect_identical(nrow(audit_table(data.frame())), 0L)
  expect_s3_class(audit_table(data.frame(a = "x", b = NA)), "audit")
  expect_s3_class(audit_table(data.frame(a = c("x", NA), b = c(NA, "3"))), "audit")
  tab <- crosstab(cases, incident ~ law)
  expect_error(audit_table(1:3, tab), "`published` must be a data frame",
    class = "casereview_error_argument")
  expect_error(audit_table(data.frame(label = "x"), tab), "numbers beside them",
    class = "casereview_error_argument")
})

test_that("a table that was computed raises no alarm against itself", {
  for (percent in c("none", "row", "column", "total")) {
    tab <- crosstab(cases, incident ~ law, percent = percent)
    found <- audit_table(printed_wide(tab))
    expect_identical(unique(found$verdict), "agrees", info = percent)
    turned <- printed_wide(tab)
    turned[-1L] <- lapply(turned[-1L], function(x) sub("^(.*) \\((.*)\\)$", "\\2 (\\1)", x))
    expect_identical(unique(audit_table(turned)$verdict), "agrees", info = percent)
  }
  nested <- crosstab(cafcass_cases, ~ law_group / law_type)
  label <- nested$rows$label
  published <- data.frame(label, cases = as.data.frame(nested)$n)
  expect_identical(audit_table(published)$verdict, "agrees")
  published$cases[nrow(published)] <- 27
  expect_identical(audit_table(published)$verdict, "disagrees")
})

test_that("a wrong row percent is found without the data", {
  tab <- crosstab(cases, incident ~ law, percent = "row")
  wide <- printed_wide(tab)
  wide$Private[1L] <- "8 (47.9%)"
  found <- audit_table(wide)
  expect_identical(found$printed[found$verdict == "disagrees"], "47.9%")
})

test_that("a printed table may be a matrix or table, its labels row names or unheaded", {
  computed <- crosstab(as.data.frame(UCBAdmissions), Gender ~ Admit, weights = "Freq")
  printed <- data.frame(Gender = c("Male", "Female", "Total"), Admitted = c(1198, 557, 1755),
    Rejected = c(1493, 1279, 2771), Total = c(2691, 1835, 4526))
  by_frame <- audit_table(printed, computed)
  expect_identical(sum(by_frame$verdict == "disagrees"), 1L)
  named <- data.frame(printed[-1L], row.names = printed$Gender)
  unheaded <- stats::setNames(printed, c("", names(printed)[-1L]))
  count <- as.matrix(named)
  for (way in list(named, unheaded, count, as.table(count))) {
    expect_identical(audit_table(way, computed), by_frame)
  }
  expect_identical(audit_table(named)$verdict, audit_table(printed)$verdict)
  one_way <- crosstab(as.data.frame(UCBAdmissions), ~ Gender, weights = "Freq")
  margin <- as.table(c(Male = 2691, Female = 1835, Total = 4526))
  expect_true(all(audit_table(margin, one_way)$verdict == "agrees"))
  expect_error(audit_table(UCBAdmissions, computed), class = "casereview_error_argument")
})

# Nested rows as a publisher prints them: a column a variable, the outer label in each row,
# in the first of its group only ("blank"), shuffled or with subtotals called "Total".
printed_nested <- function(tab, blank = FALSE, total = "", columns = tab$columns$label) {
  value <- tab$rows$value
  inner <- ifelse(value[, 2L] == "Total", total, value[, 2L])
  inner[value[, 1L] == "Total"] <- ""
  outer <- value[, 1L]
  if (blank) outer[duplicated(outer)] <- ""
  out <- data.frame(Region = outer, Kind = inner,
    matrix(t(matrix(tab$cells$text, ncol = nrow(tab$rows))), nrow(tab$rows)))
  names(out)[-(1:2)] <- columns
  out
}

nested_cases <- local({
  set.seed(71)
  data.frame(
    region = sample(c("North", "South", "East Mids"), 240, TRUE),
    kind = sample(c("Neglect", "Suicide", "All other", "Not known"), 240, TRUE),
    age = sample(c(0, 1, 2, 10), 240, TRUE), year = sample(c("2019", "2020"), 240, TRUE),
    stage = sample(c("Pre-birth", "After birth"), 240, TRUE)
  )
})

test_that("two label columns are held against nested rows", {
  tab <- crosstab(nested_cases, region / kind ~ year, percent = "column")
  for (computed in list(tab, as.data.frame(tab))) {
    for (blank in c(FALSE, TRUE)) for (total in c("", "Total", "All", "Sub-total")) {
      printed <- printed_nested(tab, blank, total)
      found <- audit_table(printed, computed)
      expect_identical(unique(found$verdict), "agrees")
      expect_identical(nrow(found), 2L * nrow(tab$cells))
      if (!blank) {
        set.seed(5)
        found <- audit_table(printed[sample(nrow(printed)), ], computed)
        expect_identical(unique(found$verdict), "agrees")
      }
    }
    printed <- printed_nested(tab)
    names(printed)[1:2] <- c("", "Category of incident")
    printed$Region <- NULL
    expect_identical(unique(audit_table(printed, computed)$verdict), "agrees")
  }
  own <- printed_nested(tab)
  own$Kind[own$Kind == "" & own$Region != "Total"] <-
    paste("Total", own$Region[own$Kind == "" & own$Region != "Total"])
  expect_identical(unique(audit_table(own, tab)$verdict), "agrees")
  one <- crosstab(nested_cases, ~ region / kind, percent = "column")
  printed <- data.frame(region = one$rows$value[, 1L], kind = one$rows$value[, 2L],
    Number = one$cells$n, Percent = sprintf("%.1f", one$cells$percent))
  expect_identical(unique(audit_table(printed, one)$verdict), "agrees")
})

test_that("a grand total without an outer label is told from the last subtotal", {
  tab <- crosstab(nested_cases, region / kind ~ year, subtotals = "after")
  printed <- printed_nested(tab, total = "Total")
  last <- nrow(printed)
  printed$Region[duplicated(printed$Region) | printed$Region == "Total"] <- ""
  printed$Kind[last] <- "Total"
  expect_identical(unique(audit_table(printed, tab)$verdict), "agrees")
  plain <- printed[printed$Kind != "Total" | seq_len(last) == last, ]
  found <- audit_table(plain, tab)
  expect_identical(unique(found$verdict[!is.na(found$printed)]), "agrees")
  expect_setequal(found$row[is.na(found$printed)], c("North", "South", "East Mids"))
})

test_that("under two label columns a planted fault is found, and nothing else", {
  tab <- crosstab(nested_cases, region / kind ~ year)
  printed <- printed_nested(tab, blank = TRUE)
  set.seed(6)
  for (k in 1:15) {
    i <- sample(nrow(printed), 1L)
    j <- sample(3:5, 1L)
    wrong <- printed
    wrong[i, j] <- as.character(as.integer(wrong[i, j]) + sample(c(1L, 10L, 100L), 1L))
    found <- audit_table(wrong, tab)
    bad <- found[found$verdict != "agrees", ]
    expect_identical(c(bad$column, bad$printed), c(names(printed)[j], wrong[i, j]))
    expect_identical(bad$row, paste(setdiff(tab$rows$value[i, ], if (i < nrow(printed)) "Total"),
      collapse = " / "))
  }
})

test_that("a misspelt label is told once, outer or inner, and its numbers still checked", {
  tab <- crosstab(nested_cases, region / kind ~ year)
  for (blank in c(FALSE, TRUE)) {
    printed <- printed_nested(tab, blank)
    printed$Region[printed$Region == "North"] <- "Nroth"
    found <- audit_table(printed, tab)
    expect_identical(found$verdict != "agrees", found$statistic == "label")
    bad <- found[found$statistic == "label", ]
    expect_identical(c(bad$printed, bad$note), c("Nroth", "the computed table says \"North\""))
    printed <- printed_nested(tab, blank)
    printed$Kind[tab$rows$value[, 1L] == "South" & printed$Kind == "Neglect"] <- "Negelct"
    bad <- subset(audit_table(printed, tab), verdict != "agrees")
    expect_identical(c(bad$statistic, bad$printed), c("label", "Negelct"))
  }
})

test_that("numbers may be labels, of a second column and of strata", {
  tab <- crosstab(nested_cases, region / age ~ year)
  printed <- printed_nested(tab)
  for (heading in c("Age", "Age in years", "")) {
    names(printed)[2L] <- heading
    expect_identical(unique(audit_table(printed, tab)$verdict), "agrees")
  }
  layered <- crosstab(nested_cases, age ~ stage | year, percent = "row")
  value <- expand.grid(age = layered$rows$label, year = layered$strata$label)
  printed <- data.frame(year = value$year, age = value$age,
    t(matrix(layered$cells$text, nrow(layered$columns))))
  names(printed)[-(1:2)] <- layered$columns$label
  expect_identical(unique(audit_table(printed, layered)$verdict), "agrees")
  printed[4L, 3L] <- "99 (1.0%)"
  bad <- subset(audit_table(printed, layered), verdict != "agrees")
  expect_identical(unique(bad$row), paste(value$year[4L], "/", value$age[4L]))
  three <- crosstab(nested_cases, region / kind ~ stage | year)
  at <- expand.grid(r = seq_len(nrow(three$rows)), s = three$strata$label)
  value <- three$rows$value[at$r, ]
  printed <- data.frame(year = at$s, region = value[, 1L],
    kind = ifelse(value[, 2L] == "Total", "", value[, 2L]),
    t(matrix(three$cells$n, nrow(three$columns))))
  names(printed)[-(1:3)] <- three$columns$label
  expect_identical(unique(audit_table(printed, three)$verdict), "agrees")
  printed[duplicated(printed$year), "year"] <- NA
  expect_identical(unique(audit_table(printed, three)$verdict), "agrees")
})

test_that("stacked blocks and groups of codes may have a label column of their own", {
  tab <- crosstab(nested_cases, stage + kind ~ year)
  printed <- data.frame(Characteristic = c("Stage", "", "Kind", "", "", "", "Total"),
    level = c("After birth", "Pre-birth", "All other", "Neglect", "Not known", "Suicide", ""),
    as.matrix(tab), check.names = FALSE)
  found <- audit_table(printed, tab)
  expect_identical(unique(found$verdict), "agrees")
  expect_identical(nrow(found), nrow(tab$cells))
})

test_that("nested columns are matched by both labels", {
  tab <- crosstab(nested_cases, kind ~ year / region)
  printed <- data.frame(kind = tab$rows$label, as.matrix(tab), check.names = FALSE)
  headings <- apply(tab$columns$value, 1L, function(p) paste(unique(p), collapse = " / "))
  for (heading in list(headings, gsub(" / Total", "", headings), gsub(" / ", ": ", headings))) {
    names(printed)[-1L] <- heading
    expect_identical(unique(audit_table(printed, tab)$verdict), "agrees")
    shuffled <- printed[c(1L, 9:2, 10L)]
    expect_identical(unique(audit_table(shuffled, tab)$verdict), "agrees")
  }
  printed[2L, "2020: North"] <- 0L
  bad <- subset(audit_table(printed, tab), verdict != "agrees")
  expect_identical(c(bad$row, bad$column), c("Neglect", "2020: North"))
})

test_that("two label columns are read where a table is held against itself or a wide one", {
  tab <- crosstab(nested_cases, region / kind ~ year, percent = "column")
  for (blank in c(FALSE, TRUE)) for (total in c("", "Total")) {
    printed <- printed_nested(tab, blank, total)
    expect_identical(unique(audit_table(printed)$verdict), "agrees")
    wrong <- printed
    wrong[7L, 5L] <- "99 (9.9%)"
    expect_true(any(audit_table(wrong)$verdict == "disagrees"))
    bad <- subset(audit_table(printed, wrong), verdict != "agrees")
    expect_identical(nrow(bad), 2L)
    if (!blank) expect_identical(audit_table(printed, wrong[nrow(wrong):1, ])$verdict,
      audit_table(printed, wrong)$verdict)
  }
})

test_that("statistics of several values and percents of weights agree as data frames", {
  d <- nested_cases
  set.seed(8)
  d$k <- sample(0:4, nrow(d), TRUE)
  d$w <- round(runif(nrow(d), 0.2, 3), 2)
  tab <- crosstab(d, region ~ year, value = c("age", "k"), stat = c("mean", "median"))
  for (computed in list(tab, as.data.frame(tab))) {
    printed <- as.data.frame(tab)
    expect_identical(unique(audit_table(printed, computed)$verdict), "agrees")
    printed$mean_k[2L] <- printed$mean_k[2L] + 0.01
    bad <- subset(audit_table(printed, computed), verdict != "agrees")
    expect_identical(c(bad$row, bad$statistic), c(printed$region[2L], "mean_k"))
  }
  for (percent in c("row", "column", "total")) {
    tab <- crosstab(d, region / kind ~ age | year, weights = "w", percent = percent)
    found <- audit_table(as.data.frame(tab), tab)
    expect_identical(unique(found$verdict), "agrees")
    printed <- as.data.frame(tab)
    printed$percent[7L] <- printed$percent[7L] + 1e-6
    expect_identical(sum(audit_table(printed, tab)$verdict != "agrees"), 1L)
  }
})
