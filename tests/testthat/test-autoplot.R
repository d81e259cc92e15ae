# Charts by their structure (layers, data, labels), and base plots by what they return.

cases_by <- function() {
  data.frame(
    incident = rep(c("Neglect", "Abuse", "Suicide"), c(5, 4, 3)),
    law = rep(c("Public", "Private"), 6), year = rep(c("2013", "2014", "2014"), 4)
  )
}

layer_of <- function(plot, geom) {
  Filter(function(layer) inherits(layer$geom, geom), plot$layers)
}

drawn_of <- function(plot, geom) {
  at <- which(vapply(plot$layers, function(layer) inherits(layer$geom, geom), NA))
  ggplot2::layer_data(plot, at[1L])
}

test_that("bars have the length of the counts and their numbers beside them", {
  skip_if_not_installed("ggplot2")
  tab <- crosstab(cases_by(), incident ~ law)
  plot <- ggplot2::autoplot(tab)
  bars <- drawn_of(plot, "GeomCol")
  texts <- drawn_of(plot, "GeomText")
  expect_identical(sum(bars$xmax), 12)
  expect_setequal(as.character(bars$xmax), texts$label)
  expect_identical(nrow(bars), 6L)
  expect_match(plot$labels$caption, "Base: 12 cases.", fixed = TRUE)
  levels <- levels(plot$data$row)
  expect_identical(rev(levels), c("Abuse", "Neglect", "Suicide"))
})

test_that("a hidden cell has its symbol and no bar, and its count is nowhere in the plot", {
  skip_if_not_installed("ggplot2")
  d <- data.frame(
    a = rep(c("x", "y", "z"), c(1000, 2000, 1500)),
    b = rep(c("u", "v", "u", "v", "u", "v"), c(3, 997, 1253, 747, 777, 723))
  )
  safe <- suppress(crosstab(d, a ~ b), sdc_rule(threshold = 5, symbol = "[c]"))
  plot <- ggplot2::autoplot(safe)
  hidden <- plot$data[plot$data$label == "[c]", ]
  expect_gte(nrow(hidden), 4L)
  expect_true(all(is.na(hidden$value)) && all(hidden$drawn == 0))
  expect_false(997 %in% unlist(lapply(plot$layers, function(l) ggplot2::layer_data(plot, 1L)$xmax)))
  expect_error(ggplot2::autoplot(safe, type = "stacked"), "hidden or unknown",
    class = "casereview_error_argument")
})

test_that("stacks and mosaics cover the whole", {
  skip_if_not_installed("ggplot2")
  tab <- crosstab(cases_by(), incident ~ law)
  stacked <- drawn_of(ggplot2::autoplot(tab, type = "stacked"), "GeomCol")
  expect_identical(sum(stacked$xmax - stacked$xmin), 12)
  tiles <- drawn_of(ggplot2::autoplot(tab, type = "mosaic"), "GeomRect")
  expect_equal(sum((tiles$xmax - tiles$xmin) * (tiles$ymax - tiles$ymin)), 1)
  area <- (tiles$xmax - tiles$xmin) * (tiles$ymax - tiles$ymin)
  expect_equal(sort(area), sort(as.vector(table(cases_by()$incident, cases_by()$law)) / 12))
  strata <- ggplot2::autoplot(crosstab(cases_by(), incident ~ law | year), type = "mosaic")
  expect_s3_class(strata$facet, "FacetWrap")
  expect_silent(invisible(ggplot2::ggplot_build(strata)))
})

test_that("fills differ in lightness, so that grey paper tells them apart", {
  light <- function(colour) colSums(grDevices::col2rgb(colour) * c(0.299, 0.587, 0.114))
  for (n in 2:7) {
    steps <- diff(light(chart_fills(n)))
    expect_true(all(steps > 10), info = n)
  }
  for (fill in chart_fills(9)) {
    expect_gt(abs(light(fill) - light(ink_on(fill))), 90)
  }
})

test_that("risk profiles, scores, agreement, findings and case flow draw what they hold", {
  skip_if_not_installed("ggplot2")
  book <- cafcass_codebook()
  data <- merge(cafcass_ratings, cafcass_cases[c("case", "chart_group")], by = "case")
  profile <- risk_profile(data, book, by = "chart_group")
  plot <- ggplot2::autoplot(profile)
  levels <- attr(profile, "levels")
  scored <- levels$level[levels$missing == "" & levels$score > 0]
  expect_equal(sum(drawn_of(plot, "GeomCol")$xmax - drawn_of(plot, "GeomCol")$xmin),
    sum(profile$n[profile$level %in% scored]))
  scores <- score_risk(data, book)
  dots <- drawn_of(ggplot2::autoplot(scores, by = data$chart_group), "GeomPoint")
  expect_equal(sort(dots$x), sort(scores$score))
  expect_identical(anyDuplicated(dots[c("x", "y")]), 0L)
  ratings <- data.frame(a = c(1, 2, 3, 3, 1), b = c(1, 2, 2, 3, 1))
  agreed <- agreement(ratings, cbind(a, b) ~ 1, coefficient = c("alpha", "kappa"))
  points <- drawn_of(ggplot2::autoplot(agreed), "GeomPoint")
  expect_equal(sort(points$x), sort(agreed$estimate))
  small <- codebook(data.frame(variable = c("age", "sex"), type = c("integer", "text"),
    required = TRUE, min = c("0", ""), max = c("18", "")))
  findings <- check_coding(data.frame(age = c(4, 190, NA), sex = c("f", "", "m")), small)
  bars <- drawn_of(ggplot2::autoplot(findings), "GeomCol")
  expect_equal(sum(bars$xmax - bars$xmin), nrow(findings))
  flow <- case_flow(exclude_cases(data.frame(case = 1:28), c(9, 17), "not a review"))
  boxes <- ggplot2::autoplot(flow)$data
  expect_identical(boxes$text, c("28 received", "26 cases", "2: not a review"))
})

test_that("there is nothing to draw of nothing, and it is said", {
  skip_if_not_installed("ggplot2")
  argument <- "casereview_error_argument"
  empty <- data.frame(a = character(), b = character())
  expect_error(ggplot2::autoplot(crosstab(empty, a ~ b)), class = argument)
  tab <- crosstab(cases_by(), incident ~ law)
  expect_error(ggplot2::autoplot(tab, type = "pie"), class = argument)
  expect_error(ggplot2::autoplot(tab, statistic = "text"), "numbers", class = argument)
  clean <- check_coding(data.frame(a = 1), codebook(data.frame(variable = "a", type = "integer")))
  expect_error(ggplot2::autoplot(clean), "no findings", class = argument)
})

test_that("base plots of findings and tables count what they draw", {
  file <- tempfile(fileext = ".pdf")
  grDevices::pdf(file)
  on.exit({
    grDevices::dev.off()
    unlink(file)
  })
  book <- codebook(data.frame(variable = c("age", "sex"), type = c("integer", "text"),
    required = TRUE, min = c("0", ""), max = c("18", "")))
  findings <- check_coding(data.frame(age = c(4, 190, NA), sex = c("f", "", "m")), book)
  n <- plot(findings)
  expect_identical(sum(n), as.double(nrow(findings)))
  expect_identical(rowSums(n)[["age"]], as.double(sum(findings$variable == "age")))
  expect_identical(nrow(plot(findings, most = 1)), 1L)
  before <- graphics::par("mar")
  tab <- crosstab(cases_by(), incident ~ law)
  for (type in c("bars", "stacked", "mosaic")) expect_identical(plot(tab, type = type), tab)
  expect_identical(plot(crosstab(cases_by(), ~ incident)), crosstab(cases_by(), ~ incident))
  expect_identical(graphics::par("mar"), before)
})
