# Random tables of the whole grammar, each cell counted anew in plain R by the definition
# of its row, column and stratum.

some_columns <- function(n, share_missing) {
  draw <- function(levels) {
    x <- sample(levels, n, TRUE)
    x[stats::runif(n) < share_missing] <- NA
    x
  }
  out <- data.frame(
    a = factor(draw(c("a2", "a1", "a3")), c("a2", "a1", "a3", "a4")),
    b = draw(c("b1", "b2")), c = draw(1:3), d = draw(c(TRUE, FALSE)),
    e = factor(draw(c("e1", "e2"))), stringsAsFactors = FALSE
  )
  out$v <- round(stats::rnorm(n), 2L)
  out$v[stats::runif(n) < share_missing] <- NA
  out$whole <- as.double(sample(0:3, n, TRUE))
  out$part <- stats::runif(n)
  out
}

# One axis: nothing, a column, a column nested in another, or two blocks.
random_axis <- function(columns) {
  switch(sample(4L, 1L), columns[1L], paste0(columns[1L], "/", columns[2L]),
    paste0(columns[1L], " + ", columns[2L]), columns[2L])
}

random_request <- function() {
  columns <- sample(c("a", "b", "c", "d", "e"))
  rows <- random_axis(columns[1:2])
  right <- if (stats::runif(1) < 0.8) random_axis(columns[3:4])
  strata <- if (stats::runif(1) < 0.4) columns[5L]
  text <- if (is.null(right)) paste("~", rows) else paste(rows, "~", right)
  if (!is.null(strata)) text <- paste(text, "|", strata)
  net <- grepl("a", text) && stats::runif(1) < 0.5
  list(
    formula = stats::as.formula(text), percent = sample(c("none", "row", "column", "total"), 1L),
    missing = sample(c("show", "exclude"), 1L), nested = sample(c("auto", "all", "observed"), 1L),
    weights = sample(list(NULL, NULL, "whole", "part"), 1L)[[1L]],
    nets = if (net) list(a = list("a1 or a2" = c("a1", "a2"), "all a" = paste0("a", 1:4))),
    value = if (stats::runif(1) < 0.5) "v", subtotals = sample(c("before", "after"), 1L),
    totals = sample(list(TRUE, FALSE, "rows"), 1L)[[1L]], digits = sample(0:2, 1L),
    rounding = sample(c("half_up", "half_even"), 1L)
  )
}

# Which cases an entry of an axis holds.
entry_cases <- function(data, entry, variables, nets) {
  inside <- rep(TRUE, nrow(data))
  for (v in variables) {
    label <- entry[, v][[1L]]
    if (label == "Total") next
    x <- as.character(data[[v]])
    if (label %in% names(nets[[v]])) label <- nets[[v]][[label]]
    inside <- inside & if (identical(label, "Missing")) is.na(x) else !is.na(x) & x %in% label
  }
  inside
}

plain_median <- function(x, w) {
  if (!length(x)) return(NA_real_)
  o <- order(x)
  x <- x[o]
  below <- cumsum(w[o])
  i <- which(2 * below >= sum(w))[1L]
  if (abs(2 * below[i] - sum(w)) < 1e-12 && i < length(x)) (x[i] + x[i + 1L]) / 2 else x[i]
}

plain_cell <- function(data, cell, base, w, request) {
  known <- cell & !is.na(data$v) & w > 0
  x <- data$v[known]
  u <- w[known]
  none <- if (length(x)) 0 else NA_real_
  mean <- none + sum(u * x) / sum(u)
  squares <- sum(u * (x - mean)^2)
  sd <- if (identical(request$weights, "part")) {
    if (length(x) > 1L) sqrt(squares / sum(u) * length(x) / (length(x) - 1)) else NA_real_
  } else if (sum(u) > 1) sqrt(squares / (sum(u) - 1)) else NA_real_
  out <- c(n = sum(w[cell]), base = sum(w[base]))
  if (is.null(request$value)) return(out)
  if (request$percent == "none") out[["base"]] <- sum(u)
  c(out, mean = mean, sd = sd, min = none + min(c(x, Inf)), median = plain_median(x, u),
    max = none + max(c(x, -Inf)), sum = sum(u * x), n_missing = sum(w[cell & is.na(data$v)]))
}

# n and percent as printed, decided on whole numbers.
plain_text <- function(n, base, request) {
  if (request$percent == "none") return(sprintf("%.0f", n))
  unit <- 10^request$digits
  low <- (100 * unit * n) %/% base
  twice <- 2 * ((100 * unit * n) %% base)
  up <- twice > base | (twice == base & (request$rounding == "half_up" | low %% 2 == 1))
  ifelse(base == 0, sprintf("%.0f (-)", n),
    sprintf("%.0f (%.*f%%)", n, request$digits, (low + up) / unit))
}

ask <- function(data, request, ...) {
  stat <- c("mean", "sd", "min", "median", "max", "sum", "n_missing")
  do.call(crosstab, c(list(data), request, list(stat = if (!is.null(request$value)) stat), ...))
}

check_request <- function(data, request) {
  tab <- ask(data, request)
  w <- if (is.null(request$weights)) rep(1, nrow(data)) else data[[request$weights]]
  axes <- c("strata", "rows", "columns")
  used <- lapply(axes, axis_variables, x = tab)
  blocks <- lapply(axes, function(axis) if (length(tab$spec$axes[[axis]])) tab$spec$axes[[axis]] else list(character()))
  held <- Map(function(axis, variables) lapply(seq_len(nrow(tab[[axis]])), function(i) {
    entry_cases(data, tab[[axis]]$value[i, , drop = FALSE], variables, request$nets)
  }), axes, used)
  i <- 0L
  plain <- list()
  for (s in seq_along(held$strata)) for (r in seq_along(held$rows)) for (c in seq_along(held$columns)) {
    i <- i + 1L
    of <- c(tab$strata$block[s], tab$rows$block[r], tab$columns$block[c])
    variables <- unlist(Map(function(b, k) b[[k]], blocks, of))
    kept <- request$missing == "show" | !rowSums(is.na(data[variables])) > 0
    whole <- switch(request$percent, row = held$rows[[r]], column = held$columns[[c]], TRUE)
    plain[[i]] <- plain_cell(data, kept & held$strata[[s]] & held$rows[[r]] & held$columns[[c]],
      kept & held$strata[[s]] & whole, w, request)
  }
  out <- as.data.frame(tab)
  if (!length(plain)) return(expect_identical(nrow(out), 0L))
  plain <- as.data.frame(do.call(rbind, plain))
  expect_equal(out[names(plain)], plain, ignore_attr = TRUE)
  if (is.null(request$weights) && is.null(request$value)) {
    expect_identical(out$text, plain_text(plain$n, plain$base, request))
  }
  if (request$percent != "none") {
    expect_equal(out$percent, ifelse(plain$base == 0, NA_real_, 100 * plain$n / plain$base))
  }
}

test_that("every cell of random tables is what its row, column and stratum hold", {
  set.seed(51)
  for (i in rounds(120)) {
    data <- some_columns(sample(c(0L, 1L, 2L, 25L, 120L), 1L), sample(c(0, 0.2, 1), 1L, prob = c(4, 4, 1)))
    check_request(data, random_request())
  }
})

# Each of several stacked blocks may have a total of its own.
with_blocks <- function(tab) {
  n <- c(nrow(tab$columns), nrow(tab$rows), nrow(tab$strata))
  out <- as.data.frame(tab, kind = TRUE)
  out$block <- paste(rep(rep(tab$rows$block, each = n[1L]), n[3L]), rep(tab$columns$block, n[2L] * n[3L]))
  out
}

test_that("tables of random parts add up to the table of all, whatever was asked", {
  set.seed(52)
  for (i in rounds(40)) {
    data <- some_columns(90L, 0.2)
    request <- random_request()
    request$nested <- "all"
    stat <- if (!is.null(request$value)) {
      c("mean", "min", "max", "sum", "n_missing", if (!identical(request$weights, "part")) "sd")
    }
    # text columns and numbers as factors: a part must know the levels it lacks
    data[c("b", "c", "d")] <- lapply(data[c("b", "c", "d")], factor)
    tabulate <- function(x) do.call(crosstab, c(list(x), request, list(stat = stat)))
    parts <- split(data, sample(3L, 90L, TRUE))
    sum <- with_blocks(combine_crosstabs(lapply(parts, tabulate)))
    whole <- with_blocks(tabulate(data))
    key <- function(x) {
      do.call(paste, c(x[c(all.vars(request$formula), "row_kind", "column_kind", "block")], sep = "|"))
    }
    expect_setequal(key(sum), key(whole))
    numbers <- names(whole)[vapply(whole, is.numeric, NA)]
    expect_equal(sum[match(key(whole), key(sum)), numbers], whole[numbers], ignore_attr = TRUE)
  }
})
