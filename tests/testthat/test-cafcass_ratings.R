# Each statement of the report about its unpublished ratings, held against the
# illustrative matrix. Section numbers are the report's.

cases <- cafcass_cases
scores <- c(
  "High" = 3, "Medium" = 2, "Low" = 1, "Nothing indicated" = 0,
  "Yes, currently" = 3, "Yes, previously" = 2, "No" = 0
)
score <- sapply(cafcass_ratings[-1], function(x) unname(scores[as.character(x)]))
items <- colnames(score)
public <- cases$chart_group == "Public law"
private <- cases$chart_group == "Private law"
# How many cases of a side have an item, at certain levels.
count <- function(item, side = rep(TRUE, 26), level = 1:3) {
  sum(score[side, item] %in% level)
}
counts <- function(items, ...) vapply(items, count, 0, ...)

test_that("the matrix has the 13 items with the codebook's labels", {
  book <- cafcass_codebook()
  expect_identical(names(cafcass_ratings), c(
    "case", "child_protection_plan", "physical_abuse", "emotional_abuse",
    "sexual_abuse", "neglect", "child_risk_to_self", "domestic_violence", "parental_mental_health",
    "substance_misuse", "parental_self_harm", "antagonism",
    "parental_abuse_history", "other"
  ))
  expect_identical(cafcass_ratings$case, 1:26)
  expect_identical(names(cafcass_ratings)[-1], items_of(book))
  for (item in items) {
    expect_identical(levels(cafcass_ratings[[item]]), codes_of(book, item)$label)
    found <- encode_column(cafcass_ratings[[item]], book, item)
    expect_setequal(found$how, "label")
    expect_equal(codes_of(book, item)$score[found$code], score[, item])
  }
  expect_false(anyNA(score))
})

test_that("table 10 and 3.4: ratings add up to the published scores", {
  expect_equal(rowSums(score), cases$risk_score)
  expect_true(all(score[20, ] == 0))
  expect_equal(which.max(rowSums(score)), 15)
})

test_that("3.4: nothing on the child protection plan scores 1", {
  expect_setequal(score[, "child_protection_plan"], c(0, 2, 3))
  expect_true(all(score[, setdiff(items, "child_protection_plan")] %in% 0:3))
})

test_that("charts 3 and 4 count 13 cases each", {
  expect_equal(c(sum(public), sum(private)), c(13, 13))
})

test_that("3.5: most cases have risks of more than one kind", {
  expect_gt(sum(rowSums(score > 0) > 1), 13)
})

test_that("3.5: domestic violence", {
  expect_equal(count("domestic_violence", private), 10)
  expect_equal(count("domestic_violence", private, 3), 2)
  expect_equal(count("domestic_violence", public), 8)
  expect_equal(count("domestic_violence", public, 3), 6)
})

test_that("3.5: domestic violence is the most common in private law", {
  others <- setdiff(items, "domestic_violence")
  expect_true(all(counts(others, private) < 10))
})

test_that("6, point 5: domestic violence is the most common of all", {
  others <- setdiff(items, "domestic_violence")
  expect_true(all(counts(others) < count("domestic_violence")))
})

test_that("3.5: emotional abuse, the second most common in private law", {
  expect_equal(count("emotional_abuse", private), 7)
  expect_equal(count("emotional_abuse", private, 3), 3)
  others <- setdiff(items, c("domestic_violence", "emotional_abuse"))
  expect_true(all(counts(others, private) < 7))
})

test_that("3.5: physical abuse, the most common in public law but for other", {
  expect_equal(count("physical_abuse", public), 10)
  others <- setdiff(items, c("physical_abuse", "other"))
  expect_true(all(counts(others, public) < 10))
  expect_gt(count("other", public), 10)
})

test_that("3.5: neglect, lower in private law", {
  expect_equal(count("neglect", public), 8)
  expect_equal(count("neglect", private), 6)
  level <- function(side) mean(score[side & score[, "neglect"] > 0, "neglect"])
  expect_lt(level(private), level(public))
  expect_lt(count("neglect", private, 3), count("neglect", public, 3))
})

test_that("3.5 and footnote 7: parental mental health", {
  expect_equal(count("parental_mental_health", public), 7)
  expect_gt(count("parental_mental_health", public, 1:2), 7 / 2)
  expect_gt(count("parental_mental_health", public, 1), 0)
  expect_gt(count("parental_mental_health", public, 2), 0)
  expect_gt(count("parental_mental_health", level = 1:2),
    count("parental_mental_health", level = 3))
})

test_that("3.5: the child at risk through own acts", {
  expect_equal(count("child_risk_to_self", public), 6)
  expect_equal(count("child_risk_to_self", private), 1)
})

test_that("3.5: currently on a plan, and previously", {
  expect_equal(count("child_protection_plan", public, 3), 2)
  expect_equal(count("child_protection_plan", private, 3), 1)
  expect_equal(count("child_protection_plan", public, 2), 5)
  expect_equal(count("child_protection_plan", private, 2), 2)
})

test_that("3.5: many medium and high in other, particularly in public law", {
  others <- setdiff(items, "other")
  expect_true(all(counts(others, public, 2:3) < count("other", public, 2:3)))
  expect_gt(count("other", public, 2:3), count("other", private, 2:3))
  expect_gte(count("other", private, 2:3), count("other", private, 1))
  # it arose in more than one case on top of the one with the rating six
  expect_gt(count("other"), 2)
})

# The one case that an example can be.
only <- function(...) which(Reduce(`&`, list(...)))

test_that("3.3 example 1 and 3.5, the rating six: case 25", {
  i <- only(cases$risk_score == 6)
  expect_equal(i, 25)
  expect_equal(only(cases$incident == "Drug overdose (fatal)",
    cases$involvement == "Yes previously"), 25)
  expect_gte(score[i, "other"], 2)
  expect_gt(score[i, "child_risk_to_self"], 0)
  expect_true(all(score[i, c("substance_misuse", "parental_self_harm")] == 0))
})

test_that("3.4, example 2: case 2", {
  i <- only(cases$risk_score == 13, public)
  expect_equal(i, 2)
  expect_equal(score[[i, "child_protection_plan"]], 3)
  expect_true(all(score[i, c("physical_abuse", "parental_mental_health", "other")] > 0))
})

test_that("3.4, example 3: case 19", {
  i <- only(cases$risk_score == 22, public, cases$perpetrator == "Father")
  expect_equal(i, 19)
  expect_equal(score[[i, "child_protection_plan"]], 2)
  expect_equal(score[[i, "domestic_violence"]], 3)
  named <- c("substance_misuse", "antagonism", "parental_mental_health", "other")
  expect_true(all(score[i, named] > 0))
})

test_that("3.4, example 4: case 1", {
  i <- only(cases$risk_score == 4)
  expect_equal(i, 1)
  expect_equal(score[[i, "parental_mental_health"]], 1)
  expect_equal(score[[i, "other"]], 3)
  expect_equal(sum(score[i, ] > 0), 2)
})

test_that("3.4, example 5: case 8", {
  i <- only(cases$risk_score == 14, private)
  expect_equal(i, 8)
  expect_gte(score[i, "domestic_violence"], 2)
  expect_true(all(score[i, c("physical_abuse", "substance_misuse", "other")] > 0))
})

test_that("3.5, example 6: case 14", {
  i <- only(private, cases$fatal, cases$perpetrator == "Mother's partner",
    cases$involvement == "Yes at time of index incident")
  expect_equal(i, 14)
  expect_gte(score[i, "domestic_violence"], 2)
  expect_true(all(score[i, c("physical_abuse", "other")] > 0))
})
