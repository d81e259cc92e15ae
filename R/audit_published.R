# A printed table against itself: what must hold between its numbers whatever the data
# were.

audit_published <- function(x) {
  if (!length(x)) return(bind_found(list()))
  labelled <- length(x) > 1L && !is.numeric(x[[1L]])
  n_labels <- if (labelled) word_columns(x) else 0L
  labels <- if (labelled) folded_text(x[seq_len(n_labels)]) else row_numbers(x)
  x <- x[seq_along(x) > n_labels]
  labels[is.na(labels)] <- ""
  parts <- lapply(x, cell_parts)
  total <- grepl("^(grand |sub-?)?totals?\\b|\\b(sub-?)?totals?( *\\(.*\\))?$|^(all|overall)\\b",
    trimws(labels), ignore.case = TRUE)
  out <- list(published_bins(labels[!total], labelled))
  for (j in seq_along(parts)) {
    out <- c(out, published_column(parts[[j]], labels, names(x)[j], total, total_column(parts)))
  }
  bind_found(c(out, list(published_across(parts, labels))))
}

# Bins are looked for where most labels are bins and one of them is a span.
published_bins <- function(labels, labelled) {
  if (!labelled || !length(labels)) return(NULL)
  ends <- bin_ends(labels)
  spans <- !is.na(ends$low) & ends$low != ends$high
  if (mean(!is.na(ends$low)) < 0.6 || !any(spans)) return(NULL)
  found <- audit_bins(labels)
  found <- found[found$verdict != "not checkable", ]
  if (!nrow(found)) return(NULL)
  found_rows(found$printed, "", "bin", found$printed, found$exact, found$verdict, found$note)
}

# What kind of column it is follows from its cells: counts (with percents in brackets),
# means with their cases in brackets, or percents alone.
published_column <- function(part, labels, column, total, across) {
  part <- turn_percents(part)
  numbers <- !nzchar(part$outer$reason)
  if (!any(numbers)) return(NULL)
  paired <- !is.na(part$inner$value)
  fine <- part$outer$decimals > 0L | part$outer$percent
  whole_inside <- all(part$inner$decimals[paired] == 0L & !part$inner$percent[paired])
  if (any(paired) && any(fine[numbers]) && whole_inside) {
    return(published_means(part, labels, column, total))
  }
  percents <- !any(paired) && grepl("%|per ?cent", column, ignore.case = TRUE)
  if (any(fine[numbers]) || percents) {
    return(list(published_hundred(part$outer, part$outer, column, total)))
  }
  no_count <- "mean|median|average|\\bage\\b|year|range|\\bmin|\\bmax|\\bsd\\b"
  if (grepl(no_count, column, ignore.case = TRUE)) return(NULL)
  c(
    published_totals(part$outer, labels, column, total, "n"),
    published_percents(part, labels, column, total, across)
  )
}

# "30.5% (18)" as "18 (30.5%)".
turn_percents <- function(part) {
  turned <- part$outer$percent & !part$inner$percent & !is.na(part$inner$value)
  outer <- pick_rows(turned, part$inner, part$outer)
  part$inner <- pick_rows(turned, part$outer, part$inner)
  part$outer <- outer
  part
}

# Which rows a total may add up: those above it back to the total before, those below it
# to the next total, everything that is no total, or the totals and the rows outside
# them.
total_parts <- function(i, total) {
  rows <- seq_along(total)
  before <- rows[rows < i & !total]
  last <- max(c(0L, rows[rows < i & total]))
  after <- rows[rows > i]
  following <- min(c(length(total) + 1L, after[total[after]]))
  above <- before[before > last]
  below <- rows[rows > i & rows < following]
  sets <- list(above, below, before, rows[!total])
  inner <- rows[rows < i & total]
  if (length(inner)) sets <- c(sets, list(c(inner, above)))
  unique(sets[lengths(sets) > 0L])
}

# The rows above `i` without those that a row before them adds up, as nested tables
# print a group and then its parts.
top_rows <- function(value, labels, i, total) {
  top <- integer()
  k <- 1L
  while (k < i) {
    if (total[k] || is.na(value[k])) {
      k <- k + 1L
      next
    }
    top <- c(top, k)
    ahead <- seq_len(i - 1L)
    ahead <- ahead[ahead > k & !total[ahead]]
    fits <- which(cumsum(value[ahead]) == value[k])
    fits <- fits[fits > 1L | labels[ahead[fits]] == labels[k]]
    k <- if (length(fits) && value[k] > 0) ahead[fits[1L]] + 1L else k + 1L
  }
  top
}

published_totals <- function(outer, labels, column, total, statistic) {
  lapply(which(total & !nzchar(outer$reason)), function(i) {
    sets <- c(total_parts(i, total), list(top_rows(outer$value, labels, i, total)))
    tried <- lapply(sets[lengths(sets) > 0L], function(set) {
      judge_sum(outer[set, ], outer[i, ], NA)
    })
    if (!length(tried)) return(NULL)
    verdict <- vapply(tried, `[[`, "", "verdict")
    # The narrowest reading that holds; where none does, the rows just above the total.
    best <- tried[[match("agrees", verdict, nomatch = 1L)]]
    found_rows(labels[i], column, statistic, outer$text[i], best$exact, best$verdict,
      if (best$verdict == "disagrees") {
        paste("the parts give", shortest_text(best$exact))
      } else {
        best$note
      })
  })
}

# The counts of a last column called total, where there is one.
total_column <- function(parts) {
  k <- length(parts)
  if (k < 2L || !is_total_column(names(parts)[k])) return(NULL)
  turn_percents(parts[[k]])$outer$value
}

is_total_column <- function(name) grepl("^(total|all|overall|sum)\\b", name, ignore.case = TRUE)

# Percents in brackets against the count before them and the base that most of them are
# of: the total of the column, of the row, or of the table.
published_percents <- function(part, labels, column, total, across) {
  use <- which(!is.na(part$inner$value) & !is.na(part$outer$value))
  if (!length(use)) return(NULL)
  n <- part$outer$value
  last <- which(total & !is.na(n))
  of_column <- if (length(last)) n[last[length(last)]] else sum(n[!total], na.rm = TRUE)
  bases <- list(column = rep(of_column, length(n)))
  if (!is.null(across)) {
    bases$row <- across
    bases$table <- rep(across[if (length(last)) last[length(last)] else NA], length(n))
  }
  tried <- lapply(bases, function(base) {
    judge_ratio(part$inner[use, ], part$outer[use, ], printed_number(base[use]))
  })
  hits <- vapply(tried, function(x) mean(x$verdict %in% c("agrees", "truncated")), 0)
  best <- which.max(hits)
  found <- tried[[best]]
  if (hits[best] < 0.5) {
    found$verdict[] <- "not checkable"
    found$note[] <- "what the percents are of is not plain"
  }
  rows <- found_rows(labels[use], column, "percent", part$inner$text[use], found$exact,
    found$verdict, found$note)
  whole <- best == 1L && hits[best] >= 0.5 && sum(n[!total], na.rm = TRUE) == of_column
  list(rows, if (whole) published_hundred(part$inner, part$outer, column, total))
}

# Percents of a column that has one for each count add up to 100 within their rounding;
# a column of percents alone is taken for one only where it comes near.
published_hundred <- function(percent, n, column, total) {
  use <- which(!total & !is.na(percent$value))
  without <- which(!total & is.na(percent$value) & !(n$value %in% 0))
  alone <- identical(percent$text, n$text)
  if (length(use) < 2L || any(!nzchar(n$reason[without]))) return(NULL)
  sum <- exact_sum(percent[use, ])
  if (alone && abs(sum - 100) > 5) return(NULL)
  percent$percent[use] <- TRUE
  one <- judge_sum(percent[use, ], printed_number("100.0"), TRUE)
  found_rows("", column, "sum of percents", "100", one$exact, one$verdict,
    if (one$verdict == "agrees") one$note else "further from 100 than rounding explains")
}

# Means with their cases in brackets: the cases of totals, and their means as pooled
# means. Where no total's brackets add up, what stands in them is taken for something
# else.
published_means <- function(part, labels, column, total) {
  cases <- part$inner
  at <- which(total & !nzchar(part$outer$reason) & !nzchar(cases$reason))
  sets <- lapply(at, function(i) {
    sets <- total_parts(i, total)
    fits <- vapply(sets, function(set) isTRUE(sum(cases$value[set]) == cases$value[i]), NA)
    if (any(fits)) sets[[which(fits)[1L]]]
  })
  known <- lengths(sets) > 0L
  if (!any(known)) return(NULL)
  means <- lapply(which(known), function(k) {
    i <- at[k]
    one <- judge_pooled(part$outer[sets[[k]], ], cases[sets[[k]], ], part$outer[i, ])
    found_rows(labels[i], column, "mean", part$outer$text[i], one$exact, one$verdict, one$note)
  })
  c(published_totals(cases, labels, column, total, "n"), means)
}

# A last column called total (or all, overall) against those before it: counts add up,
# means pool by their cases.
published_across <- function(parts, labels) {
  names <- names(parts)
  k <- length(parts)
  if (k < 3L || !is_total_column(names[k])) return(NULL)
  parts <- lapply(parts, turn_percents)
  rows <- lapply(seq_along(labels), function(i) {
    row <- do.call(rbind, lapply(parts[-k], function(p) p$outer[i, ]))
    cases <- do.call(rbind, lapply(parts[-k], function(p) p$inner[i, ]))
    last <- parts[[k]]
    if (nzchar(last$outer$reason[i])) return(NULL)
    fine <- any(c(row$decimals, last$outer$decimals[i]) > 0L, na.rm = TRUE)
    if (!fine) {
      one <- judge_sum(row, last$outer[i, ], NA)
      return(found_rows(labels[i], names[k], "n", last$outer$text[i], one$exact, one$verdict,
        one$note))
    }
    if (any(nzchar(cases$reason)) || any(cases$decimals > 0L)) return(NULL)
    one <- judge_pooled(row, cases, last$outer[i, ])
    n <- judge_sum(cases, last$inner[i, ], NA)
    rbind(
      found_rows(labels[i], names[k], "mean", last$outer$text[i], one$exact, one$verdict,
        one$note),
      found_rows(labels[i], names[k], "n", last$inner$text[i], n$exact, n$verdict, n$note)
    )
  })
  do.call(rbind, rows)
}
