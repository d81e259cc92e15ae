# Speed of disclosure control, beside GaussSuppression and sdcTable where they are
# installed. Rscript bench/disclosure.R; medians of five rounds.
# The peers protect against recovery only: their patterns are audited here by
# disclosure_risk(), and ours are made at the same proven width (width = 1) as well as
# at the default (all of 1 to the threshold stay possible).
library(casereview)

source(if (file.exists("bench/interleave.R")) "bench/interleave.R" else "interleave.R")
rounds <- 5L

counts <- function(rows, columns, share, seed, groups = NULL) {
  set.seed(seed)
  d <- expand.grid(b = factor(seq_len(columns)), a = factor(seq_len(rows)))
  d$n <- stats::rpois(nrow(d), 20) + 5
  small <- sample(nrow(d), round(share * nrow(d)))
  d$n[small] <- sample(1:4, length(small), TRUE)
  if (!is.null(groups)) d$g <- factor((as.integer(d$a) - 1L) %/% groups + 1L)
  d
}

timed <- function(f) interleave(list(f = f), rounds)[["f"]] / 1000

report <- function(task, who, seconds, secondary = NA, cost = NA, narrowest = NA) {
  cat(sprintf("%-34s %-26s %8.3f s %10s %8s %10s\n", task, who, seconds, secondary, cost,
    narrowest))
}

narrowest <- function(x, rule) {
  risk <- disclosure_risk(x, rule)
  primary <- x$cells$status[x$cells$status != "safe"] == "primary"
  min((risk$upper - risk$lower)[primary])
}

ours <- function(task, tab, rule, label) {
  s <- suppress(tab, rule)
  extra <- s$cells$status == "secondary"
  report(task, label, timed(function() suppress(tab, rule)), sum(extra), sum(tab$cells$n[extra]),
    narrowest(s, rule))
}

# The pattern of a peer, laid on our table and audited.
audited <- function(tab, key, primary, suppressed) {
  at <- match(paste(tab$cells$a, tab$cells$b), key)
  tab$cells$status <- ifelse(primary[at], "primary", ifelse(suppressed[at], "secondary", "safe"))
  n <- tab$cells$n
  tab$cells$n[suppressed[at]] <- NA
  extra <- tab$cells$status == "secondary"
  c(sum(extra), sum(n[extra]), narrowest(tab, sdc_rule(threshold = 4)))
}

gauss <- function(task, d, tab) {
  if (!has("GaussSuppression")) return(invisible())
  run <- function() suppressMessages(GaussSuppression::SuppressSmallCounts(d, maxN = 4,
    freqVar = "n", dimVar = c("a", "b"), protectZeros = FALSE, printInc = FALSE))
  out <- run()
  found <- audited(tab, paste(out$a, out$b), out$primary, out$suppressed)
  report(task, "GaussSuppression", timed(run), found[1L], found[2L], found[3L])
}

sdc_table <- function(task, d, tab) {
  if (!has("sdcTable") || !has("sdcHierarchies")) return(invisible())
  flat <- function(x) sdcHierarchies::hier_create("Total", levels(x))
  d$a <- factor(paste0("r", d$a))
  d$b <- factor(paste0("c", d$b))
  run <- function() {
    problem <- sdcTable::makeProblem(d, list(a = flat(d$a), b = flat(d$b)), freqVarInd = "n")
    problem <- sdcTable::primarySuppression(problem, type = "freq", maxN = 4)
    sdcTable::protectTable(problem, method = "SIMPLEHEURISTIC")
  }
  out <- as.data.frame(sdcTable::getInfo(run(), type = "finalData"))
  key <- gsub("\\b[rc](?=[0-9])", "", paste(out$a, out$b), perl = TRUE)
  found <- audited(tab, key, out$sdcStatus == "u", out$sdcStatus %in% c("u", "x"))
  report(task, "sdcTable", timed(run), found[1L], found[2L], found[3L])
}

cat(sprintf("%-34s %-26s %10s %10s %8s %10s\n", "task", "who", "time", "secondary", "cases",
  "narrowest"))

big <- crosstab(counts(100, 50, 0.4, 1), a ~ b, weights = "n")
report("audit, 2,000 hidden of 100 x 50", "disclosure_risk",
  timed(function() disclosure_risk(big, 4)))

for (seed in 1:3) {
  d <- counts(20, 20, 51 / 400, seed)
  tab <- crosstab(d, a ~ b, weights = "n")
  task <- paste0("20 x 20, 51 sensitive (", seed, ")")
  ours(task, tab, sdc_rule(threshold = 4), "suppress")
  ours(task, tab, sdc_rule(threshold = 4, width = 1, totals = TRUE), "suppress, width 1")
  gauss(task, d, tab)
  sdc_table(task, d, tab)
}

nested <- crosstab(counts(50, 12, 0.1, 6, groups = 5), g / a ~ b, weights = "n")
ours("nested 50 x 12", nested, sdc_rule(threshold = 4), "suppress")

report_11 <- data.frame(
  incident = rep(1:9, 3), sample = rep(1:3, each = 9),
  n = c(3, 4, 5, 4, 2, 4, 0, 0, 1, 4, 4, 1, 1, 0, 0, 0, 0, 0, 11, 1, 2, 1, 4, 1, 4, 2, 0)
)
ours("the report's table 11, 9 x 3", crosstab(report_11, incident ~ sample, weights = "n"),
  sdc_rule("dfe", totals = TRUE), "suppress")
report("100 x 50, to the nearest 5", "round_counts", timed(function() round_counts(big, 5)))
