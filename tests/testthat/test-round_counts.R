two_way <- function(n) {
  d <- expand.grid(b = factor(seq_len(ncol(n))), a = factor(seq_len(nrow(n))))
  d$n <- as.vector(t(n))
  crosstab(d, a ~ b, weights = "n", percent = "row")
}

# The least distance over all additive roundings, by trying every one.
best_distance <- function(n, base) {
  low <- floor(n / base) * base
  free <- which(n > low)
  best <- Inf
  ends <- function(x) abs(x - round(x / base) * base)
  for (set in seq_len(2^length(free)) - 1) {
    up <- bitwAnd(set, bitwShiftL(1L, seq_along(free) - 1L)) > 0
    m <- low
    m[free[up]] <- m[free[up]] + base
    all <- function(x) c(x, rowSums(x), colSums(x), sum(x))
    if (any(abs(all(m) - all(n)) >= base)) next
    best <- min(best, sum(abs(all(m) - all(n))))
  }
  best
}

test_that("controlled rounding adds up, moves less than the base and is the closest", {
  set.seed(4)
  for (k in rounds(40)) {
    n <- matrix(sample(0:23, 6, TRUE), 2)
    base <- c(3, 5, 10)[k %% 3 + 1]
    tab <- two_way(n)
    r <- round_counts(tab, base)
    expect_true(r$rounded$additive)
    expect_true(all(abs(r$cells$n - tab$cells$n) < base))
    expect_true(all(r$cells$n %% base == 0))
    fixed <- tab$cells$n %% base == 0
    expect_equal(r$cells$n[fixed], tab$cells$n[fixed])
    expect_equal(sum(abs(r$cells$n - tab$cells$n)), best_distance(n, base))
  }
})

test_that("nested and larger tables add up too", {
  set.seed(12)
  d <- expand.grid(b = 1:12, a = 1:30)
  d$g <- d$a %% 5
  d$n <- rpois(nrow(d), 8)
  tab <- crosstab(d, g / a ~ b, weights = "n")
  for (method in c("controlled", "random")) {
    r <- round_counts(tab, 5, method)
    expect_true(r$rounded$additive)
    expect_true(all(abs(r$cells$n - tab$cells$n) < 5 & r$cells$n %% 5 == 0))
  }
})

test_that("random rounding is right on average and governed by the seed", {
  skip_if(nzchar(Sys.getenv("CASEREVIEW_MEMORY")), "3000 draws are slow where memory is watched")
  tab <- two_way(rbind(c(1, 7, 3), c(4, 2, 11)))
  set.seed(1)
  draws <- replicate(3000, round_counts(tab, 5, "random")$cells$n)
  expect_lt(max(abs(rowMeans(draws) - tab$cells$n)), 0.25)
  set.seed(7)
  a <- round_counts(tab, 5, "random")
  set.seed(7)
  expect_identical(round_counts(tab, 5, "random"), a)
})

test_that("conventional rounding takes the nearest multiple and says that margins differ", {
  tab <- two_way(rbind(c(2, 2, 2), c(7, 7, 7)))
  r <- round_counts(tab, 5, "conventional")
  expect_equal(r$cells$n[1:4], c(0, 0, 0, 5))
  expect_false(r$rounded$additive)
})

test_that("percents and bases are of rounded counts", {
  r <- round_counts(two_way(rbind(c(3, 7), c(11, 14))), 5)
  total <- r$cells$b == "Total"
  expect_equal(r$cells$base, rep(r$cells$n[total], each = 3))
  expect_equal(r$cells$percent, 100 * r$cells$n / r$cells$base)
})

test_that("what has no certain rounding is refused", {
  d <- expand.grid(a = 1:2, b = 1:2, c = 1:2)
  expect_error(round_counts(crosstab(d, a ~ b | c)), class = "casereview_error_disclosure")
  expect_s3_class(round_counts(crosstab(d, a ~ b | c), method = "conventional"), "crosstab")
  expect_error(round_counts(crosstab(d, ~ a), base = 0), class = "casereview_error_argument")
  expect_error(round_counts(crosstab(d, ~ a), base = 2.5), class = "casereview_error_argument")
  expect_error(round_counts(1), class = "casereview_error_argument")
  none <- crosstab(data.frame(a = character(), b = character()), a ~ b)
  expect_equal(round_counts(none)$cells$n, none$cells$n)
})

test_that("a percent of a base that rounds to 0 is a dash", {
  cases <- data.frame(g = rep(c("a", "b"), c(2, 40)), x = rep(c("u", "v"), 21))
  out <- as.data.frame(round_counts(crosstab(cases, g ~ x, percent = "row"),
    method = "conventional"))
  expect_identical(out$text[out$g == "a"], rep("0 (-)", 3L))
})

test_that("a column of several codes can be rounded with margins that add up", {
  set.seed(2)
  cases <- data.frame(law = sample(c("x", "y"), 60, TRUE),
    harm = sample(c("A", "B", "A;B", "C", "B;C"), 60, TRUE))
  tab <- crosstab(cases, harm ~ law, multicode = c(harm = ";"),
    nets = list(harm = list("A or B" = c("A", "B"))))
  rounded <- round_counts(tab, base = 5)
  expect_true(rounded$rounded$additive)
  n <- matrix(as.data.frame(rounded)$n, ncol = 3, byrow = TRUE)
  expect_equal(n[, 1] + n[, 2], n[, 3])
  expect_true(all(n %% 5 == 0))
  expect_lt(max(abs(as.data.frame(rounded)$n - as.data.frame(tab)$n)), 5)
})
