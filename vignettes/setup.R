# Read by every section of the reproduction: how a printed table and the computed one are
# laid side by side. Reading only; every number comes from the package's functions.
library(casereview)
knitr::opts_chunk$set(
  echo = FALSE, message = FALSE, dev = "png", dpi = 110, fig.width = 7.5, fig.height = 4.2,
  fig.align = "left"
)

in_lines <- function(...) cat(..., "", sep = "\n")

where_from <- c(
  cases = "Computed from the 26 cases of table 10.",
  counts = "Computed from the published counts; the cases behind them are not published.",
  both = "Computed from the 26 cases for 2014 and from the published figures for the earlier samples.",
  illustrative = "Computed from the **illustrative** ratings: a matrix that fits what the report says of the ratings, which it does not publish."
)

# A table of the report as printed.
printed_table <- function(name) {
  table <- cafcass_tables[[name]]
  headings <- attr(table, "headings")
  if (is.null(headings)) headings <- names(table)
  align <- c("l", rep("r", length(table) - 1L))
  knitr::kable(table, format = "pipe", col.names = headings, align = align, row.names = FALSE)
}

table_title <- function(name) {
  paste0("Table ", sub("table_", "", name), ". ", attr(cafcass_tables[[name]], "title"))
}

# The printed table and the computed one side by side, where the computed one comes from,
# and what the audit of every printed number says. Used in a chunk with results = "asis".
beside <- function(name, computed, from, published = cafcass_tables[[name]]) {
  audit <- audit_table(published, computed)
  in_lines(
    paste0("**", table_title(name), "**"), "", ":::: {.pair}", "::: {}", "*As printed*", "",
    printed_table(name), "", notes_of(name), ":::", "", "::: {}", "*Computed*", ""
  )
  cat(knitr::knit_print(computed))
  in_lines("", ":::", "::::", "", "::: {.provenance}", where_from[[from]], ":::", "")
  say_verdict(audit)
  invisible(audit)
}

notes_of <- function(name) {
  notes <- attr(cafcass_tables[[name]], "notes")
  if (length(notes)) c("", notes) else character()
}

# One sentence where all agree; a table of what does not; labels apart from numbers.
say_verdict <- function(audit) {
  labels <- audit[audit$statistic == "label" & audit$verdict != "agrees", ]
  checked <- audit[audit$statistic != "label" & audit$verdict != "not checkable", ]
  off <- checked[checked$verdict != "agrees", ]
  n <- nrow(checked)
  sentence <- if (!nrow(off)) {
    paste0("All ", n, " printed numbers agree with the computed ones.")
  } else {
    paste0(n - nrow(off), " of the ", n, " printed numbers agree with the computed ones; ",
      nrow(off), if (nrow(off) == 1L) " does not:" else " do not:")
  }
  in_lines("::: {.verdict}", sentence, ":::", "")
  if (nrow(off)) in_lines(off_table(off), "")
  if (nrow(labels)) {
    in_lines("::: {.verdict}", paste0("Labels that differ from those of the other tables: ",
      paste0("\"", labels$printed, "\" (", labels$note, ")", collapse = "; "), "."), ":::", "")
  }
}

off_table <- function(off) {
  shown <- off[intersect(c("row", "column", "claim", "statistic", "printed", "exact", "verdict", "note"), names(off))]
  shown$exact <- vapply(off$exact, function(x) if (is.na(x)) "" else format(round(x, 2)), "")
  knitr::kable(shown, format = "pipe", row.names = FALSE)
}

# The claims of one section of the report with their verdicts, those that fail first.
claims_of <- function(section) {
  claims <- cafcass_claims[cafcass_claims$section %in% section, ]
  audit_claims(claims, claim_data)
}
claim_data <- list(
  cafcass_cases = cafcass_cases, cafcass_tables = cafcass_tables, cafcass_ratings = cafcass_ratings
)

say_claims <- function(section) {
  audit <- claims_of(section)
  count <- table(factor(audit$verdict, c("agrees", "truncated", "disagrees", "impossible", "not checkable")))
  count <- count[count > 0]
  in_lines(
    "::: {.verdict}",
    paste0("Numbers in the text, notes and tables of this section: ", nrow(audit), ". ",
      paste0(names(count), ": ", count, collapse = "; "), "."), ":::", ""
  )
  off <- audit[audit$verdict %in% c("truncated", "disagrees", "impossible"), ]
  if (nrow(off)) in_lines(off_table(off), "")
}
