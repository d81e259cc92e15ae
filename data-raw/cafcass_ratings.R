# Builds data/cafcass_ratings.rda: an ILLUSTRATIVE 26 x 13 matrix of ratings. The report
# does not publish its ratings; this matrix meets every statement that it makes about
# them, and it is one of a great many that do. The unknowns are 0/1 variables, one for
# each case, item and level; each statement of the report is a set of linear constraints
# on them, named below with its section. Where the report leaves the choice open,
# choices of our own (the last parts) make the result plausible. Same seed, same matrix.
# Run from the package's folder, with the package and lpSolve installed: Rscript
# data-raw/cafcass_ratings.R

library(lpSolve)
library(casereview)

cases <- casereview::cafcass_cases
book <- casereview::cafcass_codebook()
items <- book$variables$variable[book$variables$type == "rating"]
plan <- "child_protection_plan"
levels <- 1:3
all_cases <- cases$case
public <- cases$case[cases$chart_group == "Public law"]
private <- cases$case[cases$chart_group == "Private law"]

cells <- expand.grid(case = all_cases, item = items, level = levels,
  stringsAsFactors = FALSE)
n_cells <- nrow(cells)

# ---- constraints: a row of coefficients over the cells, a direction and a number ----

rows <- list()
directions <- character()
numbers <- numeric()

# The number of ratings among `case`, `item` and `level` (or their sum of scores).
add <- function(coefficients, direction, number) {
  rows[[length(rows) + 1L]] <<- coefficients
  directions[length(rows)] <<- direction
  numbers[length(rows)] <<- number
}
among <- function(case = all_cases, item = items, level = levels) {
  as.numeric(cells$case %in% case & cells$item %in% item & cells$level %in% level)
}
count <- function(direction, number, case = all_cases, item = items, level = levels) {
  add(among(case, item, level), direction, number)
}

# One level at most for each case and item.
for (i in all_cases) for (j in items) count("<=", 1, i, j)

# Table 10: the scores of a case add up to its published rating (section 3.4: the lowest
# is 0, the highest 25; the scores of high, medium and low are 3, 2 and 1).
for (i in all_cases) add(among(i) * cells$level, "=", cases$risk_score[i])

# 3.4 and note to chart 2: on the child protection plan nothing scores 1.
count("=", 0, item = plan, level = 1L)

# 3.5, first point: domestic violence in 10 of 13 private and 8 of 13 public cases, high
# in two and six of them.
count("=", 10, private, "domestic_violence")
count("=", 2, private, "domestic_violence", 3L)
count("=", 8, public, "domestic_violence")
count("=", 6, public, "domestic_violence", 3L)

# 3.5, second point: emotional abuse in seven private cases, high in three.
count("=", 7, private, "emotional_abuse")
count("=", 3, private, "emotional_abuse", 3L)

# 3.5, first and second point: these are the first and the second most common in private
# law.
for (j in setdiff(items, c("domestic_violence", "emotional_abuse"))) {
  count("<=", 6, private, j)
}

# 3.5, third point: physical abuse in ten public cases, the most common there but for
# "other", which is named because it is more common still.
count("=", 10, public, "physical_abuse")
for (j in setdiff(items, c("physical_abuse", "other"))) count("<=", 9, public, j)
count(">=", 11, public, "other")

# Section 6, point 5: domestic violence (18 cases) is the most common of all.
for (j in setdiff(items, "domestic_violence")) count("<=", 17, item = j)

# 3.5, fourth point: neglect in eight public and six private cases, and lower in private
# law: none high there, against at least three, and a lower mean (of six against of
# eight: 8 * private sum < 6 * public sum).
count("=", 8, public, "neglect")
count("=", 6, private, "neglect")
count("=", 0, private, "neglect", 3L)
count(">=", 3, public, "neglect", 3L)
gap <- 6 * among(public, "neglect") - 8 * among(private, "neglect")
add(gap * cells$level, ">=", 1)

# 3.5, fifth point and footnote 7: parental mental health in seven public cases, most of
# them medium and low, and some of each.
count("=", 7, public, "parental_mental_health")
count(">=", 4, public, "parental_mental_health", 1:2)
count(">=", 1, public, "parental_mental_health", 1L)
count(">=", 1, public, "parental_mental_health", 2L)

# 3.5, sixth point: the child at risk through own acts in six public cases and one
# private.
count("=", 6, public, "child_risk_to_self")
count("=", 1, private, "child_risk_to_self")

# 3.5, seventh point: on a plan now in two public cases and one private, before in five
# and two.
count("=", 2, public, plan, 3L)
count("=", 1, private, plan, 3L)
count("=", 5, public, plan, 2L)
count("=", 2, private, plan, 2L)

# 3.5, analysis: a high number of medium and high in "other", particularly in public
# law: in public law more than in any other item, and more than in private law.
m_h <- 2:3
for (j in setdiff(items, "other")) {
  add(among(public, "other", m_h) - among(public, j, m_h), ">=", 1)
}
add(among(public, "other", m_h) - among(private, "other", m_h), ">=", 1)
add(among(private, "other", m_h) - among(private, "other", 1L), ">=", 0)

# 3.5, note above chart 2: most cases have risks under more than one item. An item is
# worth at most 3, so a score of 4 or more is enough; the rest is checked after solving.

# 3.4, case example 1, and 3.5, analysis (the case with the rating six): case 25, the
# one case with that score. Opiates, and proceedings that had ended. "Other" holds the
# child's own difficulties, drugs and threats of suicide, so these are not in the items
# on parents; the boy absconded and overdosed, which is risk through own acts.
count("=", 1, 25L, "other", m_h)
count("=", 1, 25L, "child_risk_to_self")
count("=", 0, 25L, c("substance_misuse", "parental_self_harm"))

# 3.4, case example 2 (13, public law, injuries before care): case 2, the one case with
# 13. On a plan (no "previously", as example 3 says of its own), injured, mother's
# mental health; learning difficulties and a concealed pregnancy have no item but
# "other".
count("=", 1, 2L, plan, 3L)
for (j in c("physical_abuse", "parental_mental_health", "other")) count("=", 1, 2L, j)

# 3.4, case example 3 (22, public law, killed by the father): cases 9 and 19 have 22,
# and in 9 the child took her own life, so case 19. Previously on a plan, serious
# domestic violence, mother's drugs and alcohol, lack of engagement, mental health, and
# "other".
count("=", 1, 19L, plan, 2L)
count("=", 1, 19L, "domestic_violence", 3L)
for (j in c("substance_misuse", "antagonism", "parental_mental_health", "other")) {
  count("=", 1, 19L, j)
}

# 3.4, case example 4 (4, private law): case 1, the one case with 4. Limited to mental
# health, low, and "other", high.
count("=", 1, 1L, "parental_mental_health", 1L)
count("=", 1, 1L, "other", 3L)
count("=", 2, 1L)

# 3.4, case example 5 (14, private law, mother's partner and his brother): case 8; the
# other case with 14 is public law. Significant domestic violence (so not low), physical
# abuse, both parents' drugs, and "other" (school attendance, violence between adults).
count("=", 1, 8L, "domestic_violence", m_h)
for (j in c("physical_abuse", "substance_misuse", "other")) count("=", 1, 8L, j)

# 3.5, case example 6 (private law, killed by the mother's partner while proceedings
# ran): case 14, the one case with this perpetrator, current proceedings and a death.
# (The sentence before the example speaks of work that had concluded; no case fits
# that.) Significant domestic violence, physical aggression, and threats of removal
# ("other", as in example 4).
count("=", 1, 14L, "domestic_violence", m_h)
for (j in c("physical_abuse", "other")) count("=", 1, 14L, j)

# ---- what the report leaves open: choices of our own, so that the matrix is plausible
# ----

# Where the description of an incident tells of a risk, that risk is taken to have been
# known in these cases (the report stresses that often it was not: case 20 scores 0).
told <- rbind(
  data.frame(case = c(9L, 11L, 16L, 17L, 19L), item = "child_risk_to_self"),
  data.frame(case = c(13L, 15L, 16L, 21L), item = "sexual_abuse"),
  data.frame(case = c(5L, 7L, 15L, 18L, 26L), item = "neglect"),
  data.frame(case = c(15L, 22L, 26L), item = "emotional_abuse"),
  data.frame(case = c(5L, 10L, 24L), item = "physical_abuse"),
  data.frame(case = 22L, item = c(plan, "other"))
)
for (i in seq_len(nrow(told))) count("=", 1, told$case[i], told$item[i])

# On a plan at the incident only where the child was in proceedings then.
not_then <- cases$case[cases$involvement != "Yes at time of index incident"]
count("=", 0, not_then, plan, 3L)

# ---- a matrix that meets every constraint ----

A <- do.call(rbind, rows)
solution <- lp("max", numeric(n_cells), A, directions, numbers, all.bin = TRUE)
stopifnot(solution$status == 0L)
chosen <- cells[solution$solution > 0.5, ]
score <- matrix(0L, length(all_cases), length(items), dimnames = list(NULL, items))
score[cbind(chosen$case, match(chosen$item, items))] <- chosen$level

# ---- the same, made more even by exchanges that keep every constraint ----

# The solver stops at a corner where whole items are high or empty. About how many cases
# might have each item (those that the report counts, as it counts them), and about how
# these might divide into low, medium and high on either side:
wanted_n <- cbind(
  public = c(7, 10, 8, 5, 8, 6, 8, 7, 9, 5, 8, 5, 12),
  private = c(3, 5, 7, 2, 6, 1, 10, 5, 5, 2, 3, 2, 5)
)
wanted_share <- cbind(public = c(0.25, 0.4, 0.35), private = c(0.35, 0.45, 0.2))
side_of <- ifelse(all_cases %in% public, 1L, 2L)

unevenness <- function(score) {
  away <- 0
  for (side in 1:2) {
    part <- score[side_of == side, ]
    for (at in levels) {
      wanted <- wanted_n[, side] * wanted_share[at, side]
      away <- away + sum((colSums(part == at) - wanted)^2)
    }
  }
  away
}

left_sides <- function(score) {
  x <- numeric(n_cells)
  on <- which(score > 0L)
  x[on + (score[on] - 1L) * length(score)] <- 1
  drop(A %*% x)
}
met <- function(score) {
  left <- left_sides(score)
  all(ifelse(directions == "=", left == numbers,
    ifelse(directions == "<=", left <= numbers, left >= numbers)))
}

# Two items exchange points within one case, or within each of two cases.
exchange <- function(score) {
  item <- sample.int(length(items), 2L)
  for (i in sample.int(length(all_cases), sample.int(2L, 1L))) {
    sum <- score[i, item[1L]] + score[i, item[2L]]
    open <- max(0L, sum - 3L):min(3L, sum)
    first <- open[sample.int(length(open), 1L)]
    score[i, item] <- c(first, sum - first)
  }
  score
}

set.seed(2014, kind = "Mersenne-Twister", normal.kind = "Inversion",
  sample.kind = "Rejection")
stopifnot(met(score))
now <- unevenness(score)
for (step in seq_len(60000L)) {
  other <- exchange(score)
  then <- unevenness(other)
  if (then <= now + 0.5 * (step < 30000L) && met(other)) {
    score <- other
    now <- then
  }
}

# ---- the matrix, with the codebook's labels ----

stopifnot(
  rowSums(score) == cases$risk_score,
  sum(rowSums(score > 0L) > 1L) > 13L
)

as_rating <- function(item) {
  codes <- book$codes[book$codes$variable == item, ]
  factor(codes$label[match(score[, item], codes$score)], levels = codes$label)
}
cafcass_ratings <- data.frame(case = all_cases)
cafcass_ratings[items] <- lapply(items, as_rating)
save(cafcass_ratings, file = "data/cafcass_ratings.rda", compress = "xz", version = 2)
print(cbind(case = all_cases, score))
