# Makes the two invented sets of reviews that the vignettes "casereview" and "own-review"
# work on. No case, place or person in them is real. Run it in the root of the sources:
#   Rscript data-raw/invented_reviews.R
set.seed(2026)
draw <- function(labels, n, shares) sample(labels, n, TRUE, shares)
write <- function(x, folder, name) {
  dir.create(file.path("inst/extdata", folder), FALSE)
  file <- file.path("inst/extdata", folder, paste0(name, ".csv"))
  write.csv(x, file, row.names = FALSE, na = "", quote = TRUE)
}

# 24 local learning reviews: a sheet as it comes, five cells of it to be looked at.
levels <- c("High", "Medium", "Low", "None indicated", "Not known")
rated <- function(n) draw(levels, n, c(.2, .25, .2, .2, .15))
reviews <- data.frame(
  review = sprintf("R%02d", 1:24),
  area = rep(c("North", "South"), c(13, 11)),
  concern = c(
    rep(c("Neglect", "Physical harm", "Emotional harm"), c(6, 2, 5)),
    rep(c("Neglect", "Physical harm", "Emotional harm"), c(3, 5, 3))
  ),
  children = draw(1:4, 24, c(.45, .3, .15, .1)),
  neglect = rated(24), domestic_abuse = rated(24), mental_health = rated(24),
  substance_misuse = rated(24)
)
reviews$concern[5] <- "neglect"
reviews$concern[9] <- "Emotional ham"
reviews$neglect[12] <- "3"
reviews$children[17] <- 31
reviews$domestic_abuse[20] <- "Moderate"
write(reviews, "learning-reviews", "coding")

variables <- data.frame(
  variable = names(reviews),
  label = c(
    "Review", "Area", "Main concern", "Children", "Neglect", "Domestic abuse",
    "Parental mental health", "Substance misuse"
  ),
  type = c("id", "nominal", "nominal", "integer", rep("rating", 4)),
  required = c(TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE, TRUE),
  min = c("", "", "", "1", "", "", "", ""), max = c("", "", "", "12", "", "", "", ""),
  instruction = c(
    "", "Where the child lived.", "The concern that led to the review.",
    "Children who are the subject of the review.",
    rep("Rate what the papers say of the two years before the review.", 4)
  )
)
codes <- rbind(
  data.frame(
    variable = rep(c("area", "concern"), 2:3), code = c(1:2, 1:3),
    label = c("North", "South", "Neglect", "Physical harm", "Emotional harm"),
    score = NA, missing = "", aliases = ""
  ),
  data.frame(
    variable = rep(variables$variable[5:8], each = 5), code = c(3:0, 9), label = levels,
    score = c(3:0, NA), missing = c("", "", "", "", "not_known"),
    aliases = c("", "Moderate", "", "", "")
  )
)
write(variables, "learning-reviews", "variables")
write(codes, "learning-reviews", "codes")
write(
  data.frame(title = "Local learning reviews (invented)", version = "1"),
  "learning-reviews", "codebook"
)

# Two years of reviews of serious incidents in supported housing: sheets of two layouts,
# ratings of three coders, and the stays of each resident.
people <- function(n, first, year) {
  asked <- draw(c("Yes", "No", "Not known"), n, c(.5, .35, .15))
  when <- as.Date(sprintf("%d-01-10", year)) + sort(sample(340L, n))
  data.frame(
    case = sprintf("%s%02d", substr(year, 3, 4), first - 1L + seq_len(n)),
    incident = when,
    setting = draw(c("Shared house", "Own flat", "Hostel"), n, c(.4, .35, .25)),
    outcome = draw(c("Death", "Serious harm"), n, c(.35, .65)),
    warned = asked,
    warned_on = as.character(ifelse(
      asked == "Yes", format(when - sample(5:120, n, TRUE)), NA
    )),
    agencies = vapply(seq_len(n), function(i) paste(
      c("Housing", "GP", "Police", "Social care")[sort(sample(4L, sample(1:3, 1L)))],
      collapse = "; "
    ), "")
  )
}
first <- people(17, 1, 2023)
second <- people(18, 1, 2024)

items <- c("self_neglect", "isolation", "fire_risk", "medication")
scale <- c("High", "Medium", "Low", "None indicated")
rate <- function(case, item) {
  truth <- sample(4L, 1L, prob = c(.25, .25, .2, .3))
  said <- scale[pmin(pmax(truth + sample(-1:1, 3L, TRUE, c(.1, .8, .1)), 1L), 4L)]
  whole <- runif(1)
  if (whole < .08) said <- rep("Not known", 3L)
  if (item == "medication" && whole > .85) said <- rep("Not applicable", 3L)
  if (whole > .4 && whole < .44) said[sample(3L, 1L)] <- "Not known"
  data.frame(case = case, item = item, coder = c("Ada", "Ben", "Cem"), rating = said)
}
grid <- expand.grid(item = items, case = c(first$case, second$case), stringsAsFactors = FALSE)
ratings <- do.call(rbind, Map(rate, grid$case, grid$item))

stays <- do.call(rbind, lapply(c("first", "second"), function(which) {
  year <- get(which)
  do.call(rbind, lapply(seq_len(nrow(year)), function(i) {
    n <- sample(1:2, 1L, prob = c(.7, .3))
    begin <- year$incident[i] - sort(sample(60:2200, n), decreasing = TRUE)
    end <- if (n == 1L) year$incident[i] else c(begin[2L] - 20, year$incident[i])
    data.frame(case = year$case[i], start = begin, end = end)
  }))
}))
stays$end[c(8, 21)] <- NA

names(first)[c(1, 3, 4)] <- c("ref", "housing", "result")
first$housing <- sub("Shared house", "HMO", first$housing)
first$result <- sub("Death", "Died", first$result)
second$setting[4] <- "Shared hous"
second$warned_on[7] <- "2024-13-05"
second$warned[7] <- "Yes"
write(first, "housing-reviews", "coding-2023")
write(second, "housing-reviews", "coding-2024")
write(ratings, "housing-reviews", "ratings")
write(stays, "housing-reviews", "stays")
