# What is said of cells at fault: the value, what was expected and what is nearest.

rule_of_verdict <- c(NA, "alias", "code", "type", "type", "range", "date", "pattern")

# The cells at fault of all variables, worked out once for each distinct value.
cell_findings <- function(sheet, cells) {
  plans <- sheet$plan$variables
  at <- match(names(cells), names(plans))
  found <- lapply(which(lengths(lapply(cells, `[[`, "row")) > 0L), function(i) {
    fault_texts(sheet, at[i], cells[[i]])
  })
  take <- function(field) unlist(lapply(found, `[[`, field), use.names = FALSE)
  row <- take("row")
  if (!length(row)) return(NULL)
  of <- take("of")
  text <- encode_text(take("text"))
  verdict <- take("verdict")
  key <- value_keys(of, verdict, text)
  first <- which(!duplicated(key))
  told <- tell_values(sheet$plan, of[first], text[first], verdict[first])
  told_at <- match(key, key[first])
  text[sheet$plan$restricted[of]] <- "(restricted)"
  severity <- rep("error", length(row))
  severity[verdict == 2L] <- "warning"
  list(finding(NULL, row, rule_of_verdict[verdict], text, told$expected[told_at],
    told$suggestion[told_at], told$message[told_at], severity = severity,
    variable = names(plans)[of]))
}

# One number for each variable, verdict (at most 9) and text.
value_keys <- function(of, verdict, text) {
  (match(text, text) * (max(of) + 1) + of) * 10 + verdict
}

# Row, verdict and text (as it stands) of the cells at fault of variable `of`; the parts of
# cells with several codes each for itself.
fault_texts <- function(sheet, of, hits) {
  plan <- sheet$plan$variables[[of]]
  row <- hits$row
  verdict <- hits$verdict
  if (1L %in% verdict) {
    row <- row[verdict > 1L]
    verdict <- verdict[verdict > 1L]
    if (!length(row)) return(NULL)
  }
  text <- .subset2(sheet$data, plan$variable)[row]
  if (!is.character(text)) text <- column_text(text)
  if (!is.na(plan$separator)) {
    parts <- split_parts(encode_text(text), plan$separator)
    row <- rep(row, lengths(parts))
    text <- as.character(unlist(parts, use.names = FALSE))
    verdict <- c(3L, plan$verdict)[match_text(text, plan$words$word) + 1L]
    bad <- verdict > 0L & !duplicated(data.frame(row, text))
    row <- row[bad]
    text <- text[bad]
    verdict <- verdict[bad]
  }
  list(of = rep(of, length(row)), row = row, verdict = verdict, text = text)
}

split_parts <- function(text, separator) {
  lapply(strsplit(text, separator, fixed = TRUE), function(part) {
    part <- gsub("^ +| +$", "", part)
    part[!is.na(column_text(part))]
  })
}

# What is expected, suggested and said of distinct values, each of variable `of`.
tell_values <- function(plan, of, text, verdict) {
  plans <- plan$variables
  hidden <- plan$restricted[of]
  suggestion <- rep(NA_character_, length(text))
  reason <- rep("", length(text))
  same <- plan$same[of]
  open <- !hidden & verdict %in% c(2L, 3L, 4L, 7L)
  for (list in unique(same[open])) {
    use <- which(open & same == list)
    key <- value_keys(1, verdict[use], text[use])
    first <- which(!duplicated(key))
    suggested <- suggest_values(plans[[list]], text[use[first]], verdict[use[first]])
    from <- match(key, key[first])
    suggestion[use] <- suggested$suggestion[from]
    reason[use] <- suggested$reason[from]
  }
  what <- said_of_verdict[verdict]
  what[verdict == 7L & !nzchar(reason)] <- "is not a date, as asked for by"
  what[verdict == 4L & plan$kind[of] == 6L] <-
    "is not text in the encoding of its column, in"
  shown <- paste0("\"", text, "\"")
  shown[hidden] <- "The value"
  near <- !is.na(suggestion)
  alone <- nzchar(reason) & !near
  ending <- rep("", length(text))
  ending[alone] <- paste0(": ", reason[alone])
  ending[near] <- paste0("; nearest is \"", suggestion[near], "\" (", reason[near], ")")
  each <- of * 10 + verdict
  first <- which(!duplicated(each))
  expected <- vapply(first, function(i) expected_of(plans[[of[i]]], verdict[i]), "")
  expected <- expected[match(each, each[first])]
  limits <- verdict %in% c(6L, 8L)
  ending[limits] <- paste0(", which asks for ", expected[limits])
  list(expected = expected, suggestion = suggestion,
    message = paste0(shown, " ", what, " \"", names(plans)[of], "\"", ending, "."))
}

said_of_verdict <- c(NA, "is another spelling of a label of", "is no label, code or alias of",
  "is not a number, as asked for by", "is not a whole number, as asked for by",
  "is outside the range of", "is not a date in the form asked for by",
  "does not match the pattern of")

suggest_values <- function(plan, text, verdict) {
  suggestion <- rep(NA_character_, length(text))
  reason <- rep("", length(text))
  use <- verdict == 2L
  if (any(use)) {
    at <- plan$words$position[match_text(text[use], plan$words$word)]
    suggestion[use] <- plan$codes$label[at]
    reason[use] <- "a known alias"
  }
  use <- verdict %in% c(3L, 4L, 7L)
  if (any(use) && length(plan$words$word)) {
    found <- suggest_label(text[use], plan$words, plan$codes$label, plan$type == "flag")
    suggestion[use] <- found$suggestion
    reason[use] <- found$reason
  }
  if (!is.na(plan$separator) && anyNA(suggestion)) {
    joined <- suggest_parts(text, plan)
    use <- is.na(suggestion) & !is.na(joined)
    suggestion[use] <- joined[use]
    reason[use] <- paste0("separated by \"", trimws(plan$separator), "\"")
    if (!nzchar(trimws(plan$separator))) reason[use] <- "separated by a space"
  }
  use <- is.na(suggestion) & verdict %in% c(4L, 7L)
  if (any(use)) {
    found <- if (plan$kind == 4L) suggest_date(text[use]) else suggest_number(text[use])
    suggestion[use] <- found$suggestion
    reason[use] <- found$reason
  }
  list(suggestion = suggestion, reason = reason)
}

# Texts that are several words of the codebook with another mark between them, as the cell
# would have them; NA for others.
suggest_parts <- function(text, plan) {
  joined <- rep(NA_character_, length(text))
  for (mark in setdiff(c(";", ",", "|", "/", "\n"), trimws(plan$separator))) {
    for (i in grep(mark, text, fixed = TRUE)) {
      parts <- split_parts(text[i], mark)[[1L]]
      known <- match_text(parts, plan$words$word) > 0L
      if (is.na(joined[i]) && length(parts) > 1L && all(known)) {
        joined[i] <- join_parts(name_parts(parts, plan), plan)
      }
    }
  }
  joined
}

# What the codebook expects, in words, of cells with this verdict.
expected_of <- function(plan, verdict) {
  switch(verdict, "an answer", plan$expected, plan$expected,
    if (plan$kind == 2L) "a number" else if (plan$kind == 3L) "a whole number" else "text",
    "a whole number",
    paste0(c(number = "a number", rating = "a number", integer = "a whole number",
      year = "a year", date = "a date")[[plan$type]], range_words_text(plan)),
    expected_date(plan), paste0("a match of ", plan$pattern))
}

expected_labels <- function(label) {
  label <- unique(label)
  if (length(label) <= 20L) return(paste(label, collapse = ", "))
  paste0(paste(label[1:20], collapse = ", "), " and ", length(label) - 20L, " more")
}

expected_date <- function(plan) {
  order <- c("", " or 28/02/2014", " or 02/28/2014")[plan$reading[1L] + 1L]
  coarse <- c("", ", or a month such as 2013-09",
    ", or a month or year such as 2013-09 or 2013")[plan$reading[2L]]
  paste0("a date such as 2014-02-28", order, coarse)
}

range_words_text <- function(plan) {
  if (nzchar(plan$min) && nzchar(plan$max)) {
    return(paste0(" from ", plan$min, " to ", plan$max))
  }
  if (nzchar(plan$min)) return(paste0(" of at least ", plan$min))
  if (nzchar(plan$max)) return(paste0(" of at most ", plan$max))
  if (plan$type == "year") " from 1000 to 9999" else ""
}
