# Every picture against the one that was looked at. Fonts differ between machines, so not
# on CRAN; a changed picture is looked at and accepted with testthat::snapshot_review().

# testthat takes away the pictures of tests that did not run, unless they are named.
for (picture in list.files(test_path("_snaps", "plot_pictures"))) {
  announce_snapshot_file(name = picture)
}

skip_on_cran()
skip_if_not_installed("vdiffr")

pictured_cases <- function() {
  data.frame(
    law = rep(c("Public law", "Private law"), c(7, 5)),
    type = rep(c("s31", "other", "contact"), c(4, 3, 5)),
    fatal = rep(c("yes", "no", "yes"), 4), year = rep(c("2013", "2014"), c(5, 7))
  )
}

pictured_book <- function() {
  codebook(
    data.frame(variable = c("case", "plan", "neglect"), type = c("id", "rating", "rating"),
      label = c("Case", "Child protection plan", "Neglect")),
    data.frame(variable = rep(c("plan", "neglect"), c(3, 4)), code = c(3, 2, 0, 3, 2, 1, 0),
      label = c("Currently", "Previously", "No", "High", "Medium", "Low", "None"),
      score = c(3, 2, 0, 3, 2, 1, 0))
  )
}

pictured <- function() {
  cases <- pictured_cases()
  rated <- data.frame(case = 1:12, plan = rep(c(3, 2, 0, 0), 3),
    neglect = c(3, 2, NA, 1, 0, 0, 2, 3, 1, 1, 0, 2), law = cases$law)
  pairs <- data.frame(a = c(1, 2, 3, 3, 1, 2), b = c(1, 2, 2, 3, 1, 1))
  sheet <- data.frame(case = 1:4, plan = c("No", "x", "", "No"), neglect = c("High", "y", "z", ""))
  counts <- crosstab(cases, type ~ fatal)
  list(
    crosstab = counts, nested = crosstab(cases, law / type ~ fatal, percent = "row"),
    hidden = suppress(crosstab(cases, type ~ year), sdc_rule(threshold = 2, totals = TRUE)),
    profile = risk_profile(rated, pictured_book(), by = "law"),
    scores = score_risk(rated, pictured_book()),
    agreement = agreement(pairs, cbind(a, b) ~ 1, coefficient = c("alpha", "kappa")),
    findings = check_coding(sheet, pictured_book()),
    flow = case_flow(exclude_cases(data.frame(case = 1:28), c(9, 17), "not a review"))
  )
}

test_that("pictures in base graphics are those that were looked at", {
  things <- pictured()
  for (name in names(things)) {
    vdiffr::expect_doppelganger(paste("plot", name), function() plot(things[[name]]))
  }
  for (type in c("stacked", "mosaic")) {
    vdiffr::expect_doppelganger(paste("plot", type), function() plot(things$crosstab, type = type))
  }
  for (type in c("bars", "stacked")) {
    vdiffr::expect_doppelganger(paste("plot upright", type), function() {
      plot(things$crosstab, type = type, horiz = FALSE)
    })
  }
  groups <- pictured_cases()$law
  vdiffr::expect_doppelganger("plot scores by group", function() plot(things$scores, by = groups))
})

test_that("pictures of ggplot2 are those that were looked at", {
  skip_if_not_installed("ggplot2")
  skip_if(utils::packageVersion("ggplot2") >= "3.5.0", "pictures were taken with ggplot2 3.4")
  things <- pictured()
  for (name in names(things)) {
    vdiffr::expect_doppelganger(paste("autoplot", name), ggplot2::autoplot(things[[name]]))
  }
  for (type in c("stacked", "mosaic")) {
    vdiffr::expect_doppelganger(paste("autoplot", type), ggplot2::autoplot(things$crosstab, type = type))
  }
  strata <- crosstab(pictured_cases(), type ~ fatal | year)
  vdiffr::expect_doppelganger("autoplot strata", ggplot2::autoplot(strata))
})

test_that("numbers beside bars are no higher than the bars are apart, or left away", {
  grDevices::pdf(NULL, width = 6, height = 4.5)
  on.exit(grDevices::dev.off())
  line <- function(cex) graphics::strheight("8", "inches", cex = cex)
  for (bars in c(2, 20, 44, 120, 1000)) {
    at <- graphics::barplot(seq_len(bars), horiz = TRUE)
    apart <- min(diff(graphics::grconvertY(at, "user", "inches")))
    cex <- casereview:::bar_cex(at)
    if (cex > 0) expect_lte(line(cex), apart)
    if (bars != 120) expect_identical(cex == 0, bars == 1000)
    expect_lte(cex, 0.75)
  }
  expect_identical(casereview:::bar_cex(1), 0.75)
})
