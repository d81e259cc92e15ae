# Builds data/cafcass_claims.rda: the statements of the text and its footnotes, from
# data-raw/cafcass_claims.csv, and those of the tables, a row a cell, written out below.
# No verdict is stored: audit_claims() computes them.
# Run from the package's folder: Rscript data-raw/cafcass_claims.R
#
# Short forms in the csv: cases(x) is with(cafcass_cases, x), T7 is cafcass_tables$table_7, and
# RATED(item, side, level) counts the illustrative ratings of one side of charts 3 and 4.

load("data/cafcass_cases.rda")
load("data/cafcass_tables.rda")

levels_of <- list(
  high = c("High", "Yes, currently"), medium = c("Medium", "Yes, previously"), low = "Low"
)
levels_of$any <- unlist(levels_of, use.names = FALSE)
in_levels <- function(x, level) {
  sprintf("%s %%in%% c(%s)", x, paste0("'", levels_of[[level]], "'", collapse = ", "))
}
# One count of the ratings: of `item` on a side at a level.
rated <- function(item, side, level) {
  side <- c(public = "Public law", private = "Private law")[[side]]
  ratings <- sprintf("cafcass_ratings$%s[cafcass_cases$chart_group == '%s']", item, side)
  sprintf("sum(%s)", in_levels(ratings, level))
}
expand <- function(x) {
  pattern <- "RATED\\(([a-z_]+),([a-z]+),([a-z]+)\\)"
  while (grepl(pattern, x)) {
    parts <- regmatches(x, regexec(pattern, x))[[1L]]
    x <- sub(parts[1L], rated(parts[2L], parts[3L], parts[4L]), x, fixed = TRUE)
  }
  x <- gsub("\\bcases\\(", "with(cafcass_cases, ", x)
  gsub("\\bT([0-9]+)\\$", "cafcass_tables$table_\\1$", x)
}

# ---- the tables ----

claims <- list()
add <- function(id, section, claim, printed, expression = "", note = "") {
  claims[[length(claims) + 1L]] <<- data.frame(id, section, claim, printed = as.character(printed),
    expression, note)
}
entered <- "Counted by the report alone; it enters the total below it."
source_note <- "The table is the source of cafcass_cases: this checks the copy."
at_row <- function(table, column, i) sprintf("T%d$%s[%d]", table, column, i)

# Counts of a column and its total row: the counts from cases where `by` has conditions.
add_counts <- function(table, column, section, label, last, by = NULL, note = entered) {
  t <- cafcass_tables[[paste0("table_", table)]]
  for (i in seq_len(last - 1L)) {
    shown <- t[[column]][i]
    expression <- if (is.null(by)) "" else if (nzchar(by[i])) sprintf("cases(sum(%s))", by[i]) else ""
    add(sprintf("t%02d_%s_%d", table, column, i), section,
      paste0("Table ", table, ", ", label, ": ", t[[1L]][i]), shown, expression,
      if (nzchar(expression)) "" else note)
  }
  sums <- sprintf("sum(number(T%d$%s[1:%d]))", table, column, last - 1L)
  add(sprintf("t%02d_%s_total", table, column), section,
    paste0("Table ", table, ", ", label, ": total"), t[[column]][last], sums)
}

type <- function(x) sprintf("contains(law_type, '%s')", x)
add_counts(1, "submissions", "1.1", "submissions", 4L)
add_counts(2, "number", "1.1", "reviews by model", 5L)
add_counts(3, "frequency", "3.1", "cases by involvement", 4L,
  c("startsWith(involvement, 'Yes at time')", "involvement == 'Yes previously'", "involvement == 'No'"))
add_counts(4, "frequency", "3.1", "cases by first year", 11L)
add_counts(5, "frequency", "3.1", "cases by last year", 8L)
add_counts(6, "frequency", "3.1", "cases by months", 7L)

t7 <- cafcass_tables$table_7
by <- c(type("WAFH"), type("WTFH only"), "law_group == 'Private law'", type("s31 only"), type("others"),
  "law_group == 'Public law'", "law_group == 'Public and private'", "case > 0")
for (i in seq_len(nrow(t7))) {
  add(sprintf("t07_frequency_%d", i), "3.1", paste0("Table 7, cases: ", t7$law_type[i]),
    t7$frequency[i], sprintf("cases(sum(%s))", by[i]))
}
add("t07_private_sum", "3.1", "Table 7: private law parts and their total", t7$frequency[3], "sum(T7$frequency[1:2])")
add("t07_public_sum", "3.1", "Table 7: public law parts and their total", t7$frequency[6], "sum(T7$frequency[4:5])")
add("t07_sum", "3.1", "Table 7: law types and their total", t7$frequency[8], "sum(T7$frequency[c(3, 6, 7)])")

t8 <- cafcass_tables$table_8
for (i in seq_len(nrow(t8))) {
  add(sprintf("t08_frequency_%d", i), "3.2", paste0("Table 8, children: ", t8$ethnicity[i]),
    t8$frequency[i], "", "Counted by the report alone; see the sum of the table.")
}

# The number inside the brackets of a printed cell, and the one before them.
inside <- function(x) sub("^[^(]*\\((.*)\\)$", "\\1", x)
outside <- function(x) trimws(sub("\\(.*$", "", x))
# The percents of a column against its counts, and their sum against 100.
percents <- function(table, column, section, total, label) {
  t <- cafcass_tables[[paste0("table_", table)]]
  with_percent <- grepl("\\(", t[[column]])
  for (i in which(with_percent)) {
    add(sprintf("t%02d_%s_%d_percent", table, column, i), section,
      paste0("Table ", table, ", ", label, ", percent: ", t[[1L]][i]), inside(t[[column]][i]),
      sprintf("100 * number(%s) / number(%s)", at_row(table, column, i), at_row(table, column, total)))
  }
  k <- sum(with_percent)
  add(sprintf("t%02d_%s_100", table, column), section,
    paste0("Table ", table, ", ", label, ": percents as near to 100 as rounding explains"),
    "100", sprintf("abs(sum(inside(T%d$%s), na.rm = TRUE) - 100) <= %d * 0.05 + 0.001",
      table, column, k))
}
t9 <- cafcass_tables$table_9
for (column in c("samples_2012_2013", "sample_2014")) {
  label <- if (column == "sample_2014") "2014" else "2012 and 2013"
  for (i in 1:5) {
    add(sprintf("t09_%s_%d", column, i), "3.2",
      paste0("Table 9, ", label, ", children: ", t9$age[i]), outside(t9[[column]][i]), "",
      "Counted by the report alone; it enters the total below it.")
  }
  add(sprintf("t09_%s_total", column), "3.2", paste0("Table 9, ", label, ": total"),
    t9[[column]][6], sprintf("sum(number(T9$%s[1:5]))", column))
  percents(9, column, "3.2", 6L, label)
}
add("t09_sample_2014_children", "3.2", "Table 9, 2014: total against the children of the cases",
  t9$sample_2014[6], "sum(cafcass_cases$children)")

t10 <- cafcass_tables$table_10
rated_sum <- function(case) {
  ratings <- sprintf("unlist(cafcass_ratings[cafcass_ratings$case == %d, -1])", case)
  sprintf("3 * sum(%s) + 2 * sum(%s) + sum(%s)", in_levels(ratings, "high"),
    in_levels(ratings, "medium"), in_levels(ratings, "low"))
}
for (i in seq_len(nrow(t10))) {
  add(sprintf("t10_risk_%d", i), "3.3", paste0("Table 10, risk rating of case ", i),
    t10$risk_score[i], sprintf("cases(risk_score[case == %d])", i), source_note)
}
for (i in seq_len(nrow(t10))) {
  add(sprintf("t10_sum_%d", i), "3.3", paste0("Table 10, case ", i, ": its ratings add up to the score"),
    t10$risk_score[i], rated_sum(i),
    "On the illustrative ratings: it shows only that the statements can hold together.")
}

t11 <- cafcass_tables$table_11
of_incident <- c("Physical abuse (fatal)", "Neglect (fatal)", "Spite/revenge killing", "Suicide",
  "Neglect (non-fatal)", "Physical abuse (non-fatal)", "Sexual abuse", "Drug overdose (fatal)")
for (column in c("sample_2012", "sample_2013", "sample_2014", "total")) {
  label <- sub("sample_", "", column)
  for (i in 1:9) {
    expression <- if (column == "total") {
      sprintf("number(T11$sample_2012[%d]) + number(T11$sample_2013[%d]) + number(T11$sample_2014[%d])", i, i, i)
    } else if (column == "sample_2014") {
      if (i < 9) sprintf("cases(sum(incident == '%s'))", of_incident[i]) else "cases(sum(incident == 'Other'))"
    } else ""
    add(sprintf("t11_%s_%d", column, i), "3.3", paste0("Table 11, ", label, ": ", t11$incident[i]),
      outside(t11[[column]][i]), expression, if (nzchar(expression)) "" else entered)
  }
  add(sprintf("t11_%s_total", column), "3.3", paste0("Table 11, ", label, ": total"),
    t11[[column]][10], sprintf("sum(number(T11$%s[1:9]))", column))
  percents(11, column, "3.3", 10L, label)
}
add("t11_total_sum", "3.3", "Table 11: the samples add up to the total", t11$total[10],
  "number(T11$sample_2012[10]) + number(T11$sample_2013[10]) + number(T11$sample_2014[10])")

t12 <- cafcass_tables$table_12
of_law <- c(type("s31 only"), type("others"), "law_group == 'Public law'", type("WTFH only"),
  type("WAFH"), "law_group == 'Private law'", "law_group == 'Public and private'", "case > 0")
parts <- list("1:1", "2:2", "1:2", "4:4", "5:5", "4:5", "7:7", "c(1, 2, 4, 5, 7)")
for (i in 1:8) {
  before <- function(part) {
    sprintf("round(number(T12$samples_2012_2013[%s]) * inside(T12$samples_2012_2013[%s]))", part, part)
  }
  n_before <- sprintf("sum(inside(T12$samples_2012_2013[%s]))", parts[[i]])
  whole <- sprintf("sum(%s) / %s", before(parts[[i]]), n_before)
  pooled <- sprintf("(sum(%s) + cases(sum(risk_score[%s]))) / (%s + cases(sum(%s)))",
    before(parts[[i]]), of_law[i], n_before, of_law[i])
  note_before <- if (i %in% c(3, 6, 8)) "The whole sums of its parts, over their cases." else
    "Whether a whole sum of ratings gives it."
  name <- t12$law_type[i]
  add(sprintf("t12_before_%d", i), "3.4", paste0("Table 12, 2012 and 2013, mean: ", name),
    outside(t12$samples_2012_2013[i]), whole, note_before)
  add(sprintf("t12_before_n_%d", i), "3.4", paste0("Table 12, 2012 and 2013, cases: ", name),
    inside(t12$samples_2012_2013[i]), if (i %in% c(3, 6, 8)) n_before else "",
    if (i %in% c(3, 6, 8)) "" else entered)
  add(sprintf("t12_2014_%d", i), "3.4", paste0("Table 12, 2014, mean: ", name),
    outside(t12$sample_2014[i]), sprintf("cases(mean(risk_score[%s]))", of_law[i]),
    switch(i, "", "8.67: right to the whole number only; see the next claim.",
      "15.92: right to the whole number only.", "", "", "", "", ""))
  if (i == 2L) {
    add("t12_2014_2_decimal", "3.4", paste0("Table 12, 2014, mean to the one decimal of its column: ", name),
      "9.0", sprintf("cases(mean(risk_score[%s]))", of_law[i]),
      "The column has one decimal, a last zero left out; the combined mean of 12.8 takes this one as 9.0.")
  }
  add(sprintf("t12_2014_n_%d", i), "3.4", paste0("Table 12, 2014, cases: ", name),
    inside(t12$sample_2014[i]), sprintf("cases(sum(%s))", of_law[i]))
  add(sprintf("t12_overall_%d", i), "3.4", paste0("Table 12, overall, mean: ", name),
    outside(t12$overall[i]), pooled,
    "Weighted by cases: whole sums of 2012 and 2013 and the ratings of table 10.")
  add(sprintf("t12_overall_n_%d", i), "3.4", paste0("Table 12, overall, cases: ", name),
    inside(t12$overall[i]),
    sprintf("inside(T12$samples_2012_2013[%d]) + inside(T12$sample_2014[%d])", i, i))
}

add_counts(13, "subject", "4.2", "victim subject", 6L)
add_counts(13, "respondent", "4.2", "victim respondent", 6L)
add("t13_n", "4.2", "Table 13: number of victims", "n=27", "T13$subject[6] + T13$respondent[6]")
add_counts(14, "victims", "4.3", "victims by age when first known", 18L)
add_counts(15, "victims", "4.3", "victims by age at the recent application", 7L)

t16 <- cafcass_tables$table_16
ends <- strsplit(t16$range, " - ", fixed = TRUE)
for (i in seq_len(nrow(t16))) {
  year <- t16$year[i]
  add(sprintf("t16_imrs_%d", year), "5.2", paste0("Table 16, reviews of ", year), t16$imrs[i], "",
    "Counted by the report alone.")
  add(sprintf("t16_mean_%d", year), "5.2", paste0("Table 16, mean of ", year, ": a whole number of recommendations gives it"),
    t16$mean[i], sprintf("round(number(T16$mean[%d]) * T16$imrs[%d]) / T16$imrs[%d]", i, i, i))
  add(sprintf("t16_low_%d", year), "5.2", paste0("Table 16, fewest of ", year), ends[[i]][1L],
    sprintf("ifelse(claimed('t16_low_%d') <= number(T16$mean[%d]), claimed('t16_low_%d'), NA)", year, i, year),
    "Only whether it is below the mean.")
  add(sprintf("t16_high_%d", year), "5.2", paste0("Table 16, most of ", year), ends[[i]][2L],
    sprintf("ifelse(claimed('t16_high_%d') >= number(T16$mean[%d]), claimed('t16_high_%d'), NA)", year, i, year),
    "Only whether it is above the mean.")
}

# ---- both together ----

text <- utils::read.csv("data-raw/cafcass_claims.csv", colClasses = "character",
  na.strings = character(), encoding = "UTF-8")
cafcass_claims <- rbind(text, do.call(rbind, claims))
cafcass_claims$expression <- vapply(cafcass_claims$expression, expand, "", USE.NAMES = FALSE)
cafcass_claims <- cafcass_claims[order(match(cafcass_claims$section, unique(text$section))), ]
row.names(cafcass_claims) <- NULL
stopifnot(!anyDuplicated(cafcass_claims$id), !anyNA(cafcass_claims))
save(cafcass_claims, file = "data/cafcass_claims.rda", compress = "xz", version = 2)
