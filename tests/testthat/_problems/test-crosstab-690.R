# Extracted from test-crosstab.R:690

# setup ------------------------------------------------------------------------
library(testthat)
test_env <- simulate_test_env(package = "casereview", path = "..")
attach(test_env, warn.conflicts = FALSE)

# prequel ----------------------------------------------------------------------
example_cases <- function() {
  wtfh_wafh <- c(1, 4, 5, 8, 12, 14, 17)
  wtfh <- c(3, 6, 7, 20, 23)
  other <- c(11, 25, 26)
  both <- c(21, 22)
  risk <- c(4, 13, 2, 8, 10, 9, 12, 14, 22, 16, 8, 7, 18, 11, 25, 14, 11, 20, 22, 0, 17, 17, 3,
    15, 6, 12)
  type <- rep("s31 only", 26L)
  type[wtfh_wafh] <- "WTFH and WAFH"
  type[wtfh] <- "WTFH only"
  type[other] <- "Others"
  type[both] <- "Public and private"
  group <- ifelse(grepl("^WT", type), "Private law", "Public law")
  group[both] <- "Public and private"
  data.frame(
    law_group = factor(group, c("Public law", "Private law", "Public and private")),
    law_type = factor(type, c("s31 only", "Others", "WTFH only", "WTFH and WAFH",
      "Public and private")),
    risk_score = risk
  )
}
incident_counts <- function() {
  data.frame(
    incident = rep(c("Physical abuse (fatal)", "Neglect (fatal)", "Spite/revenge killing",
      "Suicide", "Neglect (non-fatal)", "Physical abuse (non-fatal)", "Sexual abuse",
      "Fatal drug overdose (not suicide)", "Other"), 3),
    sample = rep(c("2012", "2013", "2014"), each = 9),
    n_cases = c(3, 4, 5, 4, 2, 4, 0, 0, 1, 4, 4, 1, 1, 0, 0, 0, 0, 0, 11, 1, 2, 1, 4, 1, 4, 2, 0)
  )
}
column_kinds <- function(codes, kind) {
  switch(kind,
    factor = factor(c("b", "a", "c")[codes], c("b", "a", "c", "unused")),
    text = c("b", "a", "c")[codes],
    integer = codes * 10L - 15L,
    double = c(0.5, -0, 2.25)[codes],
    logical = c(TRUE, FALSE, TRUE)[codes]
  )
}
random_frame <- function(n, share_missing) {
  draw <- function(kind) {
    codes <- sample(3L, n, TRUE)
    codes[runif(n) < share_missing] <- NA
    column_kinds(codes, kind)
  }
  kinds <- c("factor", "text", "integer", "double", "logical")
  out <- lapply(sample(kinds, 3L), draw)
  names(out) <- c("a", "b", "s")
  out$v <- round(rnorm(n), 1L)
  out$v[runif(n) < share_missing] <- NA
  out$w <- sample(0:3, n, TRUE)
  as.data.frame(out)
}
as_level <- function(x) {
  if (is.factor(x)) return(x)
  if (is.logical(x)) return(factor(x, c(FALSE, TRUE)))
  factor(as.character(x), as.character(sort(unique(x))))
}
in_level <- function(x, label) {
  if (label == "Total") return(rep(TRUE, length(x)))
  if (label == "Missing") return(is.na(x))
  !is.na(x) & as.character(x) == label
}

# test -------------------------------------------------------------------------
data <- data.frame(sex = c("f", "m", "f"), class = c("1st", "1st", "2nd"), alive = c("no", "yes", "no"))
tab <- crosstab(data, sex / class ~ alive)
expect_identical(rownames(plot_matrix(tab, "n")), c("f: 1st", "f: 2nd", "m: 1st", "m: 2nd"))
for (size in c(4, 8, 12)) {
    grDevices::pdf(NULL, width = size, height = size)
    plot(tab)
    graphics::par(mar = c(5.1, 5, 2.6, 1.1))
    graphics::plot.new()
    place <- legend_above(c("no", "yes"), c("black", "white"), 1)$rect
    expect_lte(graphics::grconvertY(place$top, "user", "ndc"), 1)
    expect_gte(place$top - place$h, graphics::par("usr")[4L])
    grDevices::dev.off()
  }
