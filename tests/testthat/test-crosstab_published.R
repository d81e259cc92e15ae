# The 16 tables of the report printed as they were: from its cases where they are
# published, else from the published counts as weights. Cells whose print differs from
# what the numbers give are listed, each with the reason.

published <- cafcass_tables

printed_cells <- function(tab, ...) {
  out <- as.data.frame(tab)
  own <- list(...)
  for (name in names(own)) out <- out[out[[name]] %in% own[[name]], ]
  out
}

# Each printed text against ours; `slips` names those that differ, "ours -> printed".
expect_printed <- function(ours, printed, slips = character()) {
  printed <- as.character(printed)
  differ <- ours != printed
  expect_identical(sprintf("%s -> %s", ours[differ], printed[differ]), slips)
}

in_order <- function(x) factor(x, unique(x))

test_that("tables 1 to 3: studies with their time, kinds of review, involvement", {
  t1 <- published$table_1
  studies <- t1[1:3, ]
  studies$timeframe <- in_order(studies$timeframe)
  tab <- crosstab(studies, ~ study/timeframe, weights = "submissions", unit = "submissions")
  out <- as.data.frame(tab)
  out <- out[out$timeframe != "Total" | out$study == "Total", ]
  expect_printed(out$study, t1$study)
  expect_printed(sub("^Total$", "", out$timeframe), t1$timeframe)
  expect_printed(out$text, t1$submissions)
  t2 <- published$table_2
  kinds <- t2[t2$scr_type != "Total", ]
  kinds$scr_type <- in_order(kinds$scr_type)
  tab <- crosstab(kinds, ~ scr_type, weights = "number", unit = "reviews")
  expect_printed(tab$rows$label, t2$scr_type)
  expect_printed(tab$cells$text, t2$number)
  t3 <- published$table_3
  cases <- cafcass_cases
  levels(cases$involvement) <- t3$involvement[1:3]
  tab <- crosstab(cases, ~ involvement)
  expect_printed(tab$rows$label, t3$involvement)
  expect_printed(tab$cells$text, t3$frequency)
})

test_that("tables 4 to 6: years without a case keep their row", {
  for (name in c("table_4", "table_5")) {
    table <- published[[name]]
    years <- table[table$year != "Total" & table$frequency > 0, ]
    years$year <- as.integer(years$year)
    range <- as.integer(range(table$year[table$year != "Total"]))
    tab <- crosstab(years, ~ year, weights = "frequency",
      complete = list(year = seq(range[1], range[2])))
    expect_printed(tab$rows$label, table$year)
    expect_printed(tab$cells$text, table$frequency)
  }
  t6 <- published$table_6
  months <- t6[t6$months != "Total", ]
  months$months <- in_order(months$months)
  tab <- crosstab(months, ~ months, weights = "frequency")
  expect_printed(tab$rows$label, t6$months)
  expect_printed(tab$cells$text, t6$frequency)
})

test_that("table 7: law types from the cases, subtotals after their parts", {
  t7 <- published$table_7
  cases <- cafcass_cases
  cases$law_group <- factor(cases$law_group, c("Private law", "Public law", "Public and private"),
    c("Private law total", "Public law total", "Public and private"))
  cases$law_type <- factor(cases$law_type, t7$law_type[c(1, 2, 4, 5, 7)])
  tab <- crosstab(cases, ~ law_group/law_type, subtotals = "after")
  keep <- !repeats_parent(tab)
  expect_printed(tab$rows$label[keep], t7$law_type)
  expect_printed(tab$cells$text[keep], t7$frequency)
})

test_that("table 8: across the page and without a total", {
  t8 <- published$table_8
  children <- t8
  children$ethnicity <- in_order(children$ethnicity)
  tab <- t(crosstab(children, ~ ethnicity, weights = "frequency", unit = "children",
    totals = FALSE))
  expect_printed(tab$columns$label, t8$ethnicity)
  expect_printed(tab$cells$text, t8$frequency)
})

test_that("table 9: percents without a trailing .0, the total without a percent", {
  t9 <- published$table_9
  n <- function(x) as.integer(sub(" .*", "", x))
  age <- in_order(t9$age[1:5])
  children <- data.frame(age = rep(age, 2),
    sample = rep(in_order(c("2012 and 2013", "2014")), each = 5),
    n = c(n(t9$samples_2012_2013[1:5]), n(t9$sample_2014[1:5])))
  tab <- crosstab(children, age ~ sample, weights = "n", percent = "column", unit = "children",
    totals = "rows", trim = TRUE, whole = "n")
  expect_printed(tab$rows$label, t9$age)
  expect_printed(as.matrix(tab, "text")[, "2012 and 2013"], t9$samples_2012_2013)
  # one cell is printed without its percent sign
  expect_printed(as.matrix(tab, "text")[, "2014"], t9$sample_2014, "11 (36.7%) -> 11 (36.7)")
})

test_that("table 10: a row a case, and its rating", {
  t10 <- published$table_10
  tab <- crosstab(cafcass_cases, ~ case/law_type/incident/involvement/perpetrator,
    value = "risk_score", stat = "sum", style = "{sum}", nested = "observed")
  out <- as.data.frame(tab)
  out <- out[out$perpetrator != "Total", ]
  expect_printed(out$case, t10$case)
  expect_printed(out$law_type, t10$law_type)
  # one label is spelt as nowhere else in the report
  expect_printed(out$incident, t10$incident, "Spite/revenge killing -> Spite/vengeance killing")
  expect_printed(out$involvement, t10$involvement)
  expect_printed(out$perpetrator, t10$perpetrator)
  expect_printed(out$text, t10$risk_score)
})

test_that("table 11: whole percents in one column, 0 for no case, the total without a percent", {
  t11 <- published$table_11
  n <- function(x) as.integer(sub("[ (].*", "", x))
  samples <- t11[1:9, c("sample_2012", "sample_2013", "sample_2014")]
  incidents <- data.frame(incident = rep(in_order(t11$incident[1:9]), 3),
    sample = rep(c("2012", "2013", "2014"), each = 9), n = n(unlist(samples)))
  tab <- crosstab(incidents, incident ~ sample, weights = "n", percent = "column",
    style = "n (p)", digits = c(1, "2013" = 0), zero = "0", whole = "n")
  text <- as.matrix(tab, "text")
  expect_printed(tab$rows$label, t11$incident)
  expect_printed(text[, "2012"], t11$sample_2012, "1 (4.3) -> 1(4.3)")
  expect_printed(text[, "2013"], t11$sample_2013)
  expect_printed(text[, "2014"], t11$sample_2014)
  # 6 of 59 are 10.2 per cent, as in the row above it
  expect_printed(text[, "Total"], t11$total, "6 (10.2) -> 6 (9.2)")
  cases <- cafcass_cases
  levels(cases$incident) <- t11$incident[1:9]
  own <- crosstab(cases, ~ incident, percent = "column", style = "n (p)", zero = "0", whole = "n")
  expect_printed(own$cells$text, t11$sample_2014)
})

test_that("table 12: means with their cases, from cases and published means", {
  t12 <- published$table_12
  n <- function(x) as.integer(sub(".*\\((.*)\\)", "\\1", x))
  group <- c("Total public law", "Total private law", "Public and private law")
  type <- t12$law_type[c(1, 2, 4, 5, 7)]
  cell <- t12$samples_2012_2013[c(1, 2, 4, 5, 7)]
  earlier <- data.frame(group = group[c(1, 1, 2, 2, 3)], type = type, sample = "2012 and 2013",
    rating = as.numeric(sub(" .*", "", cell)), cases = n(cell))
  at <- as.integer(factor(cafcass_cases$law_type, c("Public law \u2013 s31 only",
    "Public law \u2013 others specify", "Private law \u2013 WTFH only",
    "Private law \u2013 WTFH & WAFH", "Public and private")))
  now <- data.frame(group = group[c(1, 1, 2, 2, 3)][at], type = type[at], sample = "2014",
    rating = cafcass_cases$risk_score, cases = 1L)
  both <- rbind(earlier, now)
  both$group <- factor(both$group, group)
  both$type <- factor(both$type, type)
  tab <- crosstab(both, group/type ~ sample, value = "rating", weights = "cases",
    style = "{mean} ({n})", trim = TRUE, subtotals = "after")
  keep <- !repeats_parent(tab)
  text <- as.matrix(tab, "text")[keep, ]
  expect_printed(sub("^Total$", "All case types", tab$rows$label[keep]), t12$law_type)
  expect_printed(unname(text[, "2012 and 2013"]), t12$samples_2012_2013)
  # 26 / 3 and 191 / 12 are printed as whole numbers
  expect_printed(unname(text[, "2014"]), t12$sample_2014,
    c("8.7 (3) -> 9 (3)", "15.9 (12) -> 16 (12)"))
  # and the first of them went into the overall mean
  expect_printed(unname(text[, "Total"]), t12$overall, "12.7 (6) -> 12.8 (6)")
})

test_that("tables 13 to 15: a total row alone, a dash for no case", {
  t13 <- published$table_13
  kind <- in_order(t13$application[1:5])
  girls <- data.frame(application = rep(kind, 2),
    role = rep(in_order(c("subject", "respondent")), each = 5),
    n = c(t13$subject[1:5], t13$respondent[1:5]))
  tab <- crosstab(girls, application ~ role, weights = "n", totals = "rows", unit = "girls")
  expect_printed(tab$rows$label, t13$application, "Total -> Total (n=27)")
  expect_printed(as.matrix(tab, "text")[, "subject"], t13$subject)
  expect_printed(as.matrix(tab, "text")[, "respondent"], t13$respondent)
  for (name in c("table_14", "table_15")) {
    table <- published[[name]]
    ages <- table[table$age != "Total", ]
    ages$age <- in_order(ages$age)
    ages$n <- as.integer(sub("-", "0", ages$victims))
    tab <- crosstab(ages, ~ age, weights = "n", zero = "-", unit = "girls")
    expect_printed(tab$rows$label, table$age)
    expect_printed(tab$cells$text, table$victims)
  }
})

test_that("table 16: means and ranges (numbers of the same count, mean and range)", {
  t16 <- published$table_16
  found <- list(c(1, 9, rep(5, 9)), c(2, 17, rep(5, 7)), c(2, 6, rep(4, 4)),
    c(0, 3, rep(1, 7), 2, 2), c(0, 6, rep(1, 9), 2, 2))
  reviews <- data.frame(year = rep(t16$year, lengths(found)), advice = unlist(found))
  print <- function(style) {
    crosstab(reviews, ~ year, value = "advice", stat = c("mean", "min", "max"), style = style,
      trim = TRUE, totals = FALSE, unit = "reviews")
  }
  expect_printed(print("{n}")$rows$label, t16$year)
  expect_printed(print("{n}")$cells$text, t16$imrs)
  expect_printed(print("{mean}")$cells$text, t16$mean)
  expect_printed(print("{min} - {max}")$cells$text, t16$range)
})

test_that("the totals that percents are of have a style of their own", {
  d <- data.frame(a = c("x", "y", "y"), b = c("u", "u", "v"), v = c(1, NA, 2))
  text <- function(percent, formula = a ~ b, ...) {
    as.matrix(crosstab(d, formula, percent = percent, whole = "n", digits = 0, ...), "text")
  }
  expect_identical(unname(text("column")["Total", ]), c("2", "1", "3"))
  expect_identical(unname(text("column")["y", ]), c("1 (50%)", "1 (100%)", "2 (67%)"))
  expect_identical(unname(text("row")[, "Total"]), c("1", "2", "3"))
  expect_identical(unname(text("total")["Total", ]), c("2 (67%)", "1 (33%)", "3"))
  expect_identical(unname(text("none")["Total", ]), c("2", "1", "3"))
  expect_identical(unname(text("total", ~ a)[, 1]), c("1 (33%)", "2 (67%)", "3"))
  expect_error(crosstab(d, ~ a, whole = "{p}"), "`whole` uses the field \"p\"")
  tab <- crosstab(d, ~ a, percent = "total", whole = "n", digits = 0)
  expect_identical(format(tab)[1:5], c("a        n (%)", "--------------", "x      1 (33%)",
    "y      2 (67%)", "--------------"))
})

test_that("the style of totals gives no hidden count of values away", {
  d <- data.frame(a = rep(c("x", "y", "z"), c(30, 33, 3)), b = rep(c("u", "v", "w"), 22),
    v = c(NA, 1))
  tab <- crosstab(d, a ~ b, value = "v", stat = "n_missing", percent = "column",
    whole = "{n}: {n_missing}")
  expect_match(as.matrix(tab, "text")["Total", "u"], "^[0-9]+: [0-9]+$")
  hidden <- suppress(tab, sdc_rule(threshold = 4, totals = TRUE))
  expect_false(any(grepl(": [0-9]", hidden$cells$text)))
})

# ---- tables of other publishers: counts as weights, percents and tests as printed ----

test_that("Dawson (1995), table 1: survival on the Titanic by class", {
  tab <- crosstab(as.data.frame(Titanic), Class ~ Survived, weights = "Freq", percent = "row",
    style = "n (p)")
  expect_printed(unname(as.matrix(tab, "text")[, "Yes"]),
    c("203 (62.5)", "118 (41.4)", "178 (25.2)", "212 (24.0)", "711 (32.3)"))
  nested <- crosstab(as.data.frame(Titanic), Class/Sex ~ Survived | Age, weights = "Freq")
  expect_identical(as.vector(as.table(nested)),
    as.vector(aperm(Titanic, c(2, 1, 4, 3))))
})

test_that("Bickel, Hammel and O'Connell (1975); Freedman, Pisani and Purves: admissions", {
  admissions <- as.data.frame(UCBAdmissions)
  tab <- crosstab(admissions, Dept ~ Admit | Gender, weights = "Freq", percent = "row",
    digits = 0, style = "p")
  text <- as.matrix(tab, "text")[1:6, "Admitted", ]
  expect_printed(unname(text[, "Male"]), c(62, 63, 37, 33, 28, 6))
  expect_printed(unname(text[, "Female"]), c(82, 68, 34, 35, 24, 7))
  all <- crosstab(admissions, Gender ~ Admit, weights = "Freq", percent = "row")
  expect_printed(cell(all, Gender = "Male", Admit = "Admitted"), "1198 (44.5%)")
  expect_printed(cell(all, Gender = "Female", Admit = "Admitted"), "557 (30.4%)")
  by_dept <- summary(crosstab(admissions, Gender ~ Admit | Dept, weights = "Freq"))
  pooled <- by_dept[by_dept$measure == "Mantel-Haenszel odds ratio", ]
  test <- mantelhaen.test(aperm(UCBAdmissions, c(2, 1, 3)), correct = FALSE)
  expect_equal(c(pooled$estimate, pooled$lower, pooled$upper, pooled$statistic),
    unname(c(test$estimate, test$conf.int, test$statistic)))
})

test_that("Snee (1974): hair and eye colour of 592 students", {
  found <- summary(crosstab(as.data.frame(HairEyeColor), Hair ~ Eye, weights = "Freq"))
  expect_equal(round(found$statistic[1], 2), 138.29)
  expect_identical(found$df[1], 9)
  expect_equal(round(found$estimate[2], 3), 0.279)
})

test_that("Breslow and Day (1980), chapter 4: alcohol and oesophageal cancer by age", {
  n <- c(1, 0, 9, 106, 4, 5, 26, 164, 25, 21, 29, 138, 42, 34, 27, 139, 19, 36, 18, 88, 5, 8, 0, 31)
  men <- data.frame(group = in_order(c("case", "case", "control", "control")),
    alcohol = in_order(c("80+ g", "0-79 g")), age = rep(seq(25, 75, 10), each = 4), n = n)
  tab <- crosstab(men, alcohol ~ group | age, weights = "n")
  expect_identical(cell(tab, alcohol = "80+ g", group = "case"), "96")
  expect_identical(cell(tab, alcohol = "80+ g", group = "control"), "109")
  pooled <- mantel_haenszel(tab)
  expect_equal(round(unlist(pooled[1:4]), 3),
    c(estimate = 5.158, lower = 3.562, upper = 7.468, statistic = 85.009))
  crude <- odds_ratio(crosstab(men, alcohol ~ group, weights = "n"))
  expect_equal(round(unlist(crude), 2), c(estimate = 5.64, lower = 4, upper = 7.95))
})

test_that("Armitage (1955): carriers of streptococci by size of tonsils", {
  children <- data.frame(tonsils = factor(1:3, 1:3, c("+", "++", "+++"), ordered = TRUE),
    carrier = in_order(rep(c("yes", "no"), each = 3)), n = c(19, 29, 24, 497, 560, 269))
  tab <- crosstab(children, tonsils ~ carrier, weights = "n", percent = "row", style = "p")
  expect_printed(unname(as.matrix(tab, "text")[1:3, "yes"]), c("3.7", "4.9", "8.2"))
  found <- summary(tab)
  expect_equal(round(found$statistic[found$measure == "Pearson chi-squared"], 2), 7.88)
  expect_equal(round(found$statistic[found$measure == "Cochran-Armitage trend"], 2), 7.19)
})

test_that("Radelet (1981), Agresti (2002) table 2.6: death sentences, row by row", {
  cases <- data.frame(victim = in_order(rep(c("White", "Black"), each = 4)),
    defendant = in_order(rep(c("White", "Black"), each = 2)), sentence = in_order(c("Yes", "No")),
    n = c(53, 414, 11, 37, 0, 16, 4, 139))
  tab <- crosstab(cases, defendant ~ sentence | victim, weights = "n", percent = "row", style = "p")
  yes <- as.matrix(tab, "text")[c("White", "Black"), "Yes", ]
  expect_printed(as.vector(yes), c("11.3", "22.9", "0.0", "2.8", "11.0", "7.9"))
})

test_that("Charig et al. (1986), BMJ 292, 879: kidney stones, with the total of strata", {
  stones <- data.frame(size = rep(c("under 2 cm", "2 cm and over"), each = 4),
    treatment = rep(c("open", "PCNL"), each = 2), success = c("yes", "no"),
    n = c(81, 6, 234, 36, 192, 71, 55, 25))
  tab <- crosstab(stones, treatment ~ success | size, weights = "n", percent = "row", digits = 0)
  expect_printed(cell(tab, treatment = "open", success = "yes", size = "under 2 cm"), "81 (93%)")
  expect_printed(cell(tab, treatment = "PCNL", success = "yes", size = "2 cm and over"), "55 (69%)")
  expect_printed(cell(tab, treatment = "open", success = "yes"), "273 (78%)")
  expect_printed(cell(tab, treatment = "PCNL", success = "yes"), "289 (83%)")
})

test_that("Tippett (1950): breaks in yarn, means and deviations as tapply gives them", {
  tab <- crosstab(warpbreaks, wool ~ tension, value = "breaks", stat = c("mean", "sd", "median"),
    totals = FALSE, style = "{mean}", digits = 2)
  expect_printed(as.vector(as.matrix(tab, "text")),
    c("44.56", "28.22", "24.00", "28.78", "24.56", "18.78"))
  for (stat in c("mean", "sd", "median")) {
    expect_equal(as.matrix(tab, stat), with(warpbreaks, tapply(breaks, list(wool, tension), stat)))
  }
})

test_that("Statistics Canada, homicide survey 2016: relationships nested, n and percent of all", {
  spouse <- c("legal husband/wife", "common-law husband/wife", "separated or divorced husband/wife",
    "separated common-law husband/wife", "same-sex spouse")
  kin <- c("father or mother", "son or daughter", "sibling", "extended family")
  tie <- c(rep("spousal relationship", 5), rep("other family relationship", 4), "not family")
  victims <- data.frame(family = rep(c("family relationship", "not family"), c(9, 1)),
    tie = in_order(tie), type = in_order(c(spouse, kin, "not family")),
    n = c(21, 22, 2, 5, 2, 17, 33, 10, 22, 404 - 134))
  print <- function(style, n = victims$n) {
    victims$n <- n
    tab <- crosstab(victims, ~ family/tie/type, weights = "n", percent = "column",
      style = style, unit = "victims")
    unname(tab$cells$text[match(c("family relationship", "spousal relationship", spouse,
      "other family relationship", kin), tab$rows$label)])
  }
  expect_printed(print("n"), c(134, 52, 21, 22, 2, 5, 2, 82, 17, 33, 10, 22))
  expect_printed(print("p"), c("33.2", "12.9", "5.2", "5.4", "0.5", "1.2", "0.5", "20.3", "4.2",
    "8.2", "2.5", "5.4"))
  revised <- c(17, 28, 3, 15, 1, 27, 28, 12, 39, 483 - 170)
  expect_printed(print("n (p)", revised), c("170 (35.2)", "64 (13.3)", "17 (3.5)", "28 (5.8)",
    "3 (0.6)", "15 (3.1)", "1 (0.2)", "106 (21.9)", "27 (5.6)", "28 (5.8)", "12 (2.5)", "39 (8.1)"))
})

test_that("Department for Education: notified incidents by gender; pupils by special needs", {
  incidents <- data.frame(n = c(153, 130, 0, 2),
    gender = in_order(c("Male", "Female", "Transgender", "Not known")))
  tab <- crosstab(incidents, ~ gender, weights = "n", percent = "column", style = "p", trim = TRUE)
  expect_printed(tab$cells$text, c("53.7", "45.6", "0", "0.7", "100"))
  pupils <- data.frame(n = c(400410, 6957780, 1139750),
    sen = in_order(c("Education, health and care plan", "No identified SEN", "SEN support")))
  tab <- crosstab(pupils, ~ sen, weights = "n", percent = "column", style = "n (p)", trim = TRUE)
  expect_printed(tab$cells$text,
    c("400410 (4.7)", "6957780 (81.9)", "1139750 (13.4)", "8497940 (100)"))
})

test_that("Home Office, domestic homicide reviews 2022 to 2023: percent before count", {
  victims <- data.frame(n = c(80, 49, 29),
    type = in_order(c("Intimate partner", "Suicide", "Familial")))
  tab <- crosstab(victims, ~ type, weights = "n", percent = "column", style = "p% (n)", digits = 0,
    whole = "n", unit = "victims")
  expect_printed(tab$cells$text, c("51% (80)", "31% (49)", "18% (29)", "158"))
})

test_that("Juvenile justice bulletin: age of victim and relationship by age of offender", {
  offenders <- c("Under 12", "12 to 17", "18 to 24", "25 to 34", "35 & older")
  n <- c(80, 156, 63, 168, 214, 42, 63, 37, 74, 90, 1, 2, 1, 2, 5, 49, 188, 43, 116, 215, 70, 94,
    31, 66, 111, 1, 4, 2, 3, 8, 2, 45, 42, 54, 156, 5, 316, 171, 69, 102, 0, 7, 9, 9, 13)
  reports <- expand.grid(offender = in_order(offenders),
    relation = in_order(c("Family member", "Acquaintance", "Stranger")),
    victim = in_order(c("Under 6", "6 to 11", "12 to 17")))
  reports$n <- n
  tab <- crosstab(reports, victim/relation ~ offender, weights = "n", subtotals = "after")
  text <- as.matrix(tab, "text")
  level <- tab$rows$kind == "level"
  expect_printed(as.vector(t(text[level, offenders])), n)
  expect_printed(unname(text[tab$rows$kind == "subtotal", "Total"]), c(998, 1001, 1000))
})

test_that("percents of coroners, inspectors and a journal stand up to an audit", {
  # Ministry of Justice, Coroners statistics 2011; Ofsted, incidents 2015 to 2016;
  # Arch Dis Child 2016, 101, A161
  expect_identical(audit_percent(c("3.6", "14", "2", "10", "65", "53"),
    c(8224, 30981, 385 - 379, 190 - 171, 126, 59), c(222371 + 8224, 222371, 385, 190, 194, 112))$verdict,
    rep("agrees", 6))
})
