# Read by every section of the reproduction: how a printed table and the computed one are
# laid side by side, and how a verdict is told. Reading only; every number comes from the
# package's functions.
library(casereview)
knitr::opts_chunk$set(
  echo = FALSE, message = FALSE, dev = "png", dpi = 110, fig.width = 7.5, fig.height = 4
)
# a Word document has no alternative texts here; the captions say the same
if (!knitr::is_html_output()) {
  knitr::opts_hooks$set(fig.alt = function(options) {
    options$fig.alt <- NULL
    options
  })
}
# bound: the sections stand in one document, so that a link stays within it
bound <- identical(knitr::current_input(), "report.Rmd")

in_lines <- function(...) cat(..., "", sep = "\n")
count <- function(n, one, many = paste0(one, "s")) paste(n, if (n == 1) one else many)
in_words <- function(x) {
  x <- unique(x)
  if (length(x) < 2L) return(paste(x))
  paste(paste(x[-length(x)], collapse = ", "), "and", x[length(x)])
}

# ---- where a number comes from ----

where_from <- c(
  cases = "From the cases: computed from the 26 cases of table 10.",
  counts = paste("From published counts: the cases behind them are not published, so what",
    "can be checked is whether the numbers fit one another."),
  both = paste("From both: 2014 from the 26 cases, the earlier samples from their published",
    "figures."),
  illustrative = paste("**Illustrative**: from a made-up matrix of ratings that fits all that",
    "the report says of the ratings, which it does not publish.")
)

provenance <- function(from, unit = "cases", base = NULL) {
  base <- if (!is.null(base)) paste0("; base: ", base)
  in_lines("::: {.provenance}", paste0(where_from[[from]], " Unit: ", unit, base, "."), ":::", "")
}

# ---- captions and references ----

files <- c("1.1" = "section-1-introduction", "3.1" = "section-3-1-case-details",
  "3.2" = "section-3-2-children-and-families", "3.3" = "section-3-3-index-incidents",
  "3.4" = "section-3-4-risk-ratings", "4.2" = "section-4-exploitation",
  "4.3" = "section-4-exploitation", "5.2" = "section-5-learning")

number_of <- function(name) sub("table_", "", name)

# "table 11" as a link to where it is shown.
ref <- function(name) {
  file <- files[[attr(cafcass_tables[[name]], "section")]]
  here <- bound || identical(knitr::current_input(), paste0(file, ".Rmd"))
  paste0("[table ", number_of(name), "](", if (!here) paste0(file, ".html"), "#table-",
    number_of(name), ")")
}

caption <- function(text, id = NULL) {
  id <- if (!is.null(id)) paste0("#", id, " ")
  in_lines(paste0("::: {", id, ".caption custom-style=\"Table Caption\"}"), text, ":::", "")
}

table_title <- function(name) {
  paste0("Table ", number_of(name), ". ", attr(cafcass_tables[[name]], "title"))
}

# ---- tables ----

# In a Word document columns keep the widths that the line under the headings gives: by
# what they hold, long texts less than in full.
fit <- function(lines) {
  lines <- as.character(lines)
  if (knitr::is_html_output()) return(lines)
  cells <- strsplit(gsub("&nbsp;|[*]{2}|[\\\\]", "", lines[-2L]), "|", fixed = TRUE)
  cells <- vapply(cells, function(x) trimws(c(x, "", "")[seq_along(cells[[1L]])]), cells[[1L]])[-1L, ]
  cells <- matrix(cells, ncol = length(lines) - 1L)
  word <- apply(cells, 1L, function(x) max(nchar(unlist(strsplit(x, "[ /]"))), 3L))
  width <- pmax(word + 6L, pmin(apply(nchar(cells), 1L, max) + 2L, 32L), 10L)
  rule <- strsplit(lines[2L], "|", fixed = TRUE)[[1L]][-1L]
  dashes <- paste0(ifelse(startsWith(rule, ":"), ":", ""), strrep("-", width),
    ifelse(endsWith(rule, ":"), ":", ""))
  c(lines[1L], paste0("|", paste(dashes, collapse = "|"), "|"), lines[-(1:2)])
}

# Any data frame, with headings in words; numbers to the right.
plain_table <- function(x, headings = names(x), align = NULL, digits = 1) {
  if (is.null(align)) align <- ifelse(vapply(x, is.numeric, NA), "r", "l")
  x[] <- lapply(x, function(column) {
    if (is.character(column)) column[is.na(column)] <- ""
    if (is.double(column) && any(column != floor(column), na.rm = TRUE)) {
      column <- ifelse(is.na(column), "", formatC(column, format = "f", digits = digits))
    }
    column
  })
  fit(knitr::kable(x, format = "pipe", col.names = headings, align = align, row.names = FALSE))
}

# A table of the report as printed; cells whose numbers do not hold are marked.
printed_table <- function(name, audit = NULL) {
  table <- cafcass_tables[[name]]
  headings <- attr(table, "headings")
  table[] <- lapply(table, as.character)
  table[is.na(table)] <- ""
  for (i in which(!audit$verdict %in% c("agrees", "not checkable"))) {
    column <- if (nzchar(audit$column[i])) audit$column[i] else names(table)[1L]
    at <- which(table[[1L]] == audit$row[i])
    if (column %in% names(table)) table[at, column] <- off_mark(table[at, column])
  }
  fit(knitr::kable(table, format = "pipe", col.names = headings,
    align = c("l", rep("r", length(table) - 1L)), row.names = FALSE))
}

off_mark <- function(x) {
  ifelse(!length(x) | grepl("{.off}", x, fixed = TRUE), x, paste0("[**", x, "** \u2717]{.off}"))
}

# A cross-tabulation as lines of a table, with headings in words.
crosstab_lines <- function(x, heading, columns = NULL) {
  lines <- as.character(as_kable(x, format = "pipe"))
  lines <- sub("^[|]Total( *)", "|**Total**\\1", lines)
  parts <- trimws(strsplit(lines[1L], "|", fixed = TRUE)[[1L]][-1L])
  parts[1L] <- heading
  known <- c(n = "Number", mean = "Mean", min = "Lowest", median = "Median", max = "Highest")
  at <- parts %in% names(known)
  parts[at] <- known[parts[at]]
  if (!is.null(columns)) parts[-1L] <- columns
  fit(c(paste0("| ", paste(parts, collapse = " | "), " |"), lines[-1L]))
}

# A computed table alone, with its caption and where it comes from.
computed_table <- function(x, heading, from, title = NULL, columns = NULL, unit = "cases",
                           base = NULL) {
  if (!is.null(title)) caption(title)
  in_lines(crosstab_lines(x, heading, columns), "")
  provenance(from, unit, base)
}

# The printed table and the computed one side by side, where the computed one comes from,
# and what the audit of every printed number says. Used in a chunk with results = "asis".
beside <- function(name, computed, from, unit = "cases", base = NULL,
                   published = cafcass_tables[[name]], columns = NULL, also = NULL) {
  audit <- if (from == "counts") audit_table(published) else audit_table(published, computed)
  if (!is.null(also)) audit <- rbind(audit, also[names(audit)])
  lines <- if (inherits(computed, "crosstab")) {
    crosstab_lines(computed, attr(cafcass_tables[[name]], "headings")[1L], columns)
  } else {
    computed
  }
  caption(table_title(name), paste0("table-", number_of(name)))
  in_lines(
    pair_of(name), "::: {}", "*As printed*", "",
    printed_table(name, audit[audit$statistic != "label", ]), "", notes_of(name), ":::", "",
    "::: {}", "*Computed*", "", lines, "", ":::", "::::", ""
  )
  provenance(from, unit, base)
  say_verdict(audit, from)
  invisible(audit)
}

# Side by side; on paper one above the other where the table has many columns.
pair_of <- function(name) {
  paste0(":::: {.pair", if (length(cafcass_tables[[name]]) > 3L) " .wide", "}")
}

notes_of <- function(name) {
  notes <- attr(cafcass_tables[[name]], "notes")
  if (length(notes)) c("", notes) else character()
}

# ---- verdicts ----

holds <- "\u2713"
fails <- "\u2717"

badge <- function(good, text) {
  kind <- if (is.na(good)) "open" else if (good) "good" else "bad"
  mark <- c(open = "", good = paste0(holds, " "), bad = paste0(fails, " "))[[kind]]
  in_lines(paste0("::: {.verdict .", kind, "}"), paste0(mark, text), ":::", "")
}

# One sentence where all agree; a table of what does not; labels apart from numbers.
say_verdict <- function(audit, from) {
  labels <- audit[audit$statistic == "label" & audit$verdict != "agrees", ]
  checked <- audit[audit$statistic != "label" & audit$verdict != "not checkable", ]
  off <- checked[checked$verdict != "agrees", ]
  n <- nrow(checked)
  what <- if (from == "counts") c("check", "checks") else c("printed number", "printed numbers")
  against <- if (from == "counts") "of this table against itself (totals, percents, bins) hold" else
    "agree with the computed ones"
  sentence <- if (!n) {
    "Nothing in this table can be held against another number."
  } else if (!nrow(off)) {
    if (n == 1L) "The one total of this table holds." else
      paste0(if (n == 2L) "Both" else paste("All", n), " ", what[2L], " ", against, ".")
  } else {
    paste0(n - nrow(off), " of the ", n, " ", what[2L], " ", against, "; ", nrow(off),
      if (nrow(off) == 1L) " does not:" else " do not:")
  }
  badge(if (n) !nrow(off) else NA, sentence)
  if (nrow(off)) in_lines(off_table(off), "")
  if (nrow(labels)) {
    in_lines("::: {.note}", paste0("Named otherwise in other tables: ",
      paste0("\"", labels$printed, "\" (", found_label(labels$note), ")", collapse = "; "),
      "."), ":::", "")
  }
}

found_label <- function(note) sub("^the computed table says ", "there ", note)

# What was printed, what was found, and why, in words.
off_table <- function(off) {
  shown <- data.frame(statement = statement_of(off), printed = off$printed,
    found = found_of(off), why = why_of(off))
  if (!is.null(off$section)) shown <- cbind(section = off$section, shown)
  words <- c(section = "Section", statement = "Statement", printed = "Printed",
    found = "Found", why = "Remark")
  fit(knitr::kable(shown, format = "pipe", col.names = unname(words[names(shown)]),
    row.names = FALSE))
}

statement_of <- function(off) {
  if (!is.null(off$claim)) return(off$claim)
  if (is.null(off$row)) return(off$printed)
  column <- gsub("_", " ", ifelse(is.na(off$column), "", off$column))
  label <- ifelse(nzchar(off$row), off$row, "Column")
  paste0(label, ifelse(nzchar(column), paste0(", ", column), ""), " (", off$statistic, ")")
}

# The number found, to one digit more than printed; or the text found.
found_of <- function(off) {
  digits <- nchar(sub("^[^.]*[.]?", "", gsub("[^0-9.]", "", off$printed))) + 1L
  digits[!grepl("[0-9]", off$printed)] <- 2L
  number <- mapply(function(x, d) {
    if (is.na(x)) "" else format(round(x, min(d, 3L)), nsmall = 0, trim = TRUE)
  }, off$exact, digits)
  text <- ifelse(grepl("^(the data say|the computed table says) \"", off$note),
    sub("^(the data say|the computed table says) \"([^\"]*)\".*$", "\\2", off$note), "")
  ifelse(nzchar(number), number, text)
}

why_of <- function(off) {
  note <- sub("^(the data say|the computed table says) \"[^\"]*\"(; )?", "", off$note)
  note <- sub("^the expression is FALSE(; )?", "", note)
  note <- sub("^rounds to [0-9.]+; ", "", note)
  note <- ifelse(nzchar(note), note, column_sum(off$claim))
  paste0(toupper(substr(note, 1L, 1L)), substring(note, 2L))
}

# What the percents of a column add to, where a claim says that they come near to 100.
column_sum <- function(claim) {
  vapply(claim, function(text) {
    if (!grepl("^Table [0-9]+, .*: percents as near to 100", text)) return("does not hold")
    name <- paste0("table_", sub("^Table ([0-9]+),.*$", "\\1", text))
    audit <- audit_table(cafcass_tables[[name]])
    sums <- audit[audit$statistic == "sum of percents" & audit$verdict != "agrees", ]
    paste0("The percents of the column add to ", paste(format(sums$exact), collapse = ", "))
  }, "", USE.NAMES = FALSE)
}

# ---- the register of claims ----

claim_data <- list(
  cafcass_cases = cafcass_cases, cafcass_tables = cafcass_tables, cafcass_ratings = cafcass_ratings
)

# The number printed in a claim of the register, so that none is typed twice.
printed_of <- function(id) cafcass_claims$printed[match(id, cafcass_claims$id)]

# The claims of some sections with their verdicts; what they refer to is read with them.
claims_of <- function(section) {
  if (exists("all_claims")) return(all_claims[all_claims$section %in% section, ])
  key <- paste(section, collapse = " ")
  if (is.null(known_claims[[key]])) known_claims[[key]] <- audit_section(section)
  known_claims[[key]]
}
known_claims <- new.env()

audit_section <- function(section) {
  wanted <- which(cafcass_claims$section %in% section)
  repeat {
    text <- paste(cafcass_claims$expression[wanted], collapse = " ")
    ids <- regmatches(text, gregexpr("claimed(_text)?\\(['\"][^'\"]+", text))[[1L]]
    more <- setdiff(match(sub(".*['\"]", "", ids), cafcass_claims$id), c(wanted, NA))
    if (!length(more)) break
    wanted <- sort(c(wanted, more))
  }
  audit <- audit_claims(cafcass_claims[wanted, ], claim_data)
  audit[audit$section %in% section, ]
}

faulty <- c("truncated", "disagrees", "impossible")

say_claims <- function(section) {
  audit <- claims_of(section)
  off <- audit[audit$verdict %in% faulty, ]
  open <- sum(audit$verdict == "not checkable")
  good <- sum(audit$verdict == "agrees")
  if (nrow(audit) == 1L && good == 1L) {
    badge(TRUE, paste0("The one number of this section that is in the register holds: ",
      audit$claim, ", ", audit$printed, "."))
    return(invisible(audit))
  }
  badge(!nrow(off), paste0("Of the ", nrow(audit), " numbers and statements of this section (text, ",
    "notes and tables) ", good, if (good == 1L) " holds, " else " hold, ",
    if (nrow(off)) nrow(off) else "none", if (nrow(off) < 2L) " does not, and " else " do not, and ",
    if (open) open else "none",
    " cannot be checked from what is published",
    if (nrow(off)) ". What does not hold:" else "."))
  if (nrow(off)) in_lines(off_table(off[setdiff(names(off), "section")]), "")
  if (knitr::is_html_output()) all_statements(audit)
  invisible(audit)
}

# Every statement with its verdict, folded away.
all_statements <- function(audit) {
  shown <- data.frame(
    mark = ifelse(audit$verdict == "agrees", holds, ifelse(audit$verdict == "not checkable",
      "\u2013", fails)),
    claim = audit$claim, printed = audit$printed, found = found_of(audit),
    note = ifelse(audit$verdict == "agrees", "", why_of(audit))
  )
  in_lines("<details>", paste0("<summary>All ", nrow(shown), " with their verdicts</summary>"), "",
    knitr::kable(shown, format = "pipe", row.names = FALSE,
      col.names = c("", "Statement", "Printed", "Found", "Remark")),
    "", "</details>", "")
}

# ---- figures ----

# Points with their intervals, one line a row.
interval_plot <- function(label, estimate, lower, upper, xlab, xlim = range(0, upper), text = NULL) {
  y <- rev(seq_along(label))
  old <- graphics::par(mar = c(4.2, 1.5 + max(nchar(label)) * 0.5, 0.6, 1), las = 1)
  on.exit(graphics::par(old))
  plot(NA, xlim = xlim, ylim = c(0.7, length(y) + 0.5), yaxt = "n", ylab = "", xlab = xlab,
    bty = "n")
  graphics::abline(v = pretty(xlim), col = "grey90")
  graphics::segments(lower, y, upper, y, lwd = 2, col = "grey45")
  graphics::points(estimate, y, pch = 19, cex = 1.2, col = "#1f4e79")
  graphics::axis(2, y, label, tick = FALSE)
  if (!is.null(text)) graphics::text(estimate, y + 0.32, text, cex = 0.85)
}
