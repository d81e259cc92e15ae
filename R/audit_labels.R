# Labels of a printed table and of a computed one: which are the same, and which differ.

# A label without letter case, marks and spaces.
plain_label <- function(x) {
  x <- tolower(bare_number(or_blank(x)))
  x <- gsub("\\( *n *= *[0-9, ]+\\)|\\[(notes? ?)?[0-9]+([, ]+[0-9]+)*\\]", "", x)
  x <- gsub("&", " and ", x, fixed = TRUE)
  plain <- gsub("[^[:alnum:]+<>]+", " ", x)
  trimws(gsub(" +", " ", plain))
}

# The label of a subtotal without the word, and that of a grand total as "total".
short_label <- function(x) {
  x <- plain_label(x)
  short <- trimws(gsub("^(sub)? ?totals? |( sub)?[ -]?totals?$", "", x))
  short <- ifelse(nzchar(short), short, "total")
  ifelse(grepl("^(all|overall|grand)( |$)", short) | x == "sum", "total", short)
}

# For each of `printed` its place among `computed` (NA where none), and whether the two
# labels differ: first the same labels, then the same but for the word "total", the
# inner label of nested ones, near ones, and last by position.
match_labels <- function(printed, computed, parts = NULL) {
  at <- take_same(rep(NA_integer_, length(printed)), plain_label(printed), plain_label(computed))
  at <- take_same(at, short_label(printed), short_label(computed))
  last <- vapply(strsplit(computed, " / ", fixed = TRUE), function(x) c(x[length(x)], "")[1L], "")
  at <- take_same(at, plain_label(printed), plain_label(last))
  open <- which(is.na(at))
  left <- setdiff(seq_along(computed), at)
  far <- if (is.null(parts)) label_distance(short_label(printed)[open], short_label(computed)[left])
    else part_distance(parts[[1L]][open, , drop = FALSE], parts[[2L]][left, , drop = FALSE])
  at[open] <- left[nearest_labels(far)]
  open_still <- which(is.na(at))
  left <- setdiff(seq_along(computed), at)
  if (length(open_still) && length(open_still) == length(left)) at[open_still] <- left
  differ <- logical(length(at))
  differ[open] <- !is.na(at[open])
  list(at = at, differ = differ, extra = setdiff(seq_along(computed), at))
}

# Equal labels taken in order, for those of `at` that are still open.
take_same <- function(at, a, b) {
  left <- setdiff(seq_along(b), at)
  for (i in which(is.na(at))) {
    hit <- left[b[left] == a[i]]
    if (length(hit)) {
      at[i] <- hit[1L]
      left <- left[left != hit[1L]]
    }
  }
  at
}

# Pairs of labels of which no more than 0.4 of the letters differ, nearest first.
nearest_labels <- function(far) {
  found <- rep(NA_integer_, nrow(far))
  repeat {
    k <- which.min(far)
    if (!length(k) || far[k] > 0.4) return(found)
    i <- (k - 1L) %% nrow(far) + 1L
    j <- (k - 1L) %/% nrow(far) + 1L
    found[i] <- j
    far[i, ] <- NA
    far[, j] <- NA
  }
}

# The share of letters that differ; of labels of several parts that of the part furthest off.
label_distance <- function(a, b) {
  if (!length(a) || !length(b)) return(matrix(0, length(a), length(b)))
  utils::adist(a, b) / pmax(outer(nchar(a), nchar(b), pmax), 1)
}

part_distance <- function(a, b) {
  far <- matrix(0, nrow(a), nrow(b))
  for (j in seq_len(max(ncol(a), ncol(b)))) {
    side <- function(x) if (j <= ncol(x)) plain_label(x[, j]) else rep("", nrow(x))
    far[] <- pmax(far, label_distance(side(a), side(b)))
  }
  far
}

label_rows <- function(row, column, printed, computed) {
  if (!length(printed)) return(NULL)
  found_rows(row, column, "label", printed, NA_real_, "disagrees",
    paste0("the computed table says \"", computed, "\""))
}

found_rows <- function(row, column, statistic, printed, exact, verdict, note) {
  data.frame(row = row, column = column, statistic = statistic, printed = printed,
    exact = exact, verdict = verdict, note = note)
}

bind_found <- function(rows) {
  rows <- do.call(rbind, c(list(found_rows(character(), character(), character(), character(),
    numeric(), character(), character())), rows))
  row.names(rows) <- NULL
  as_audit(rows)
}

# ---- rows of several labels ----

# The labels of a computed row from the outermost in: strata, the name of a stacked block,
# nested variables or the group of a code; "" where one is summed over.
row_paths <- function(x) {
  rows <- entry_levels(x, "rows")
  if (!has_axis(x, "strata")) return(drop_totals(rows))
  strata <- entry_levels(x, "strata")
  s <- rep(seq_len(nrow(strata)), each = nrow(rows))
  r <- rep(seq_len(nrow(rows)), nrow(strata))
  drop_totals(cbind(strata[s, , drop = FALSE], rows[r, , drop = FALSE]))
}

# What print and data call the levels that row_paths() gives.
row_variables <- function(x) c(axis_variables(x, "strata"), axis_variables(x, "rows"))

row_titles <- function(x) {
  names <- row_variables(x)
  c(names, titles_of(x, names), axis_title(x, "rows"), axis_title(x, "strata"))
}

entry_levels <- function(x, axis) {
  entries <- x[[axis]]
  value <- unname(entries$value)
  blocks <- block_titles(x, axis)
  stacked <- length(unique(entries$block)) > 1L
  if (ncol(value) == 1L && !stacked) return(depth_levels(entries))
  if (!stacked) return(value)
  shared <- entries$kind == "total" & sum(entries$kind == "total") == 1L
  cbind(ifelse(shared, "Total", blocks[entries$block]), value)
}

# Codes under the group that they belong to.
depth_levels <- function(entries) {
  label <- entries$label
  if (!any(entries$depth > 0L)) return(matrix(label, ncol = 1L))
  outer <- cummax(ifelse(entries$depth == 0L, seq_along(label), 0L))
  inner <- entries$depth > 0L & outer > 0L
  cbind(ifelse(inner, label[pmax(outer, 1L)], label), ifelse(inner, label, ""))
}

# The word that marks an inner variable as summed over says nothing after an outer label.
drop_totals <- function(paths) {
  inner <- paths[, -1L] == "Total"
  paths[, -1L][inner] <- ""
  paths
}

join_paths <- function(paths) {
  apply(paths, 1L, function(p) paste(p[nzchar(p)], collapse = " / "))
}

# How many of the first columns of a printed table hold labels: no more than the computed
# rows have; a further one only where its heading or its texts tell.
label_columns <- function(published, cells) {
  most <- min(ncol(cells$paths), length(published) - 1L)
  known <- unique(plain_label(cells$paths))
  n <- 1L
  while (n < most && holds_labels(published, n + 1L, cells, known)) n <- n + 1L
  n
}

holds_labels <- function(published, j, cells, known) {
  heading <- plain_label(names(published)[j])
  if (nzchar(heading) && heading %in% plain_label(cells$titles)) return(TRUE)
  if (heading %in% plain_label(unique(cells$column)) ||
    !is.na(column_statistic(names(published)[j], cells))) return(FALSE)
  text <- trimmed_text(published[[j]])
  text <- text[nzchar(text)]
  length(text) > 0L && mean(is_word(text) | plain_label(text) %in% known) > 0.5
}

# Words, and no number with words beside it.
is_word <- function(text) {
  grepl("[[:alpha:]]{2}", text) & nzchar(printed_number(text)$reason)
}

# Labels of several columns as one a row: a blank outer label is the one above it.
fold_labels <- function(printed) {
  text <- vapply(printed, trimmed_text, character(length(printed[[1L]])))
  text <- matrix(text, ncol = length(printed))
  k <- ncol(text)
  above <- rep("", k)
  for (i in seq_len(nrow(text))) {
    for (j in seq_len(k)) {
      if (nzchar(text[i, j])) {
        if (j < k && text[i, j] != above[j]) above[seq_len(k) > j] <- ""
        above[j] <- text[i, j]
      } else if (j < k && any(nzchar(text[i, seq_len(k) > j]))) {
        text[i, j] <- above[j]
      }
    }
  }
  text
}

or_blank <- function(x) ifelse(is.na(x), "", x)

trimmed_text <- function(x) trimws(or_blank(printed_text(x)))

# Whether a label within `outer` says no more than that it is a total.
is_total_label <- function(x, outer) {
  x <- plain_label(x)
  outer <- plain_label(outer)
  x %in% c("total", "subtotal", "sub total", "grand total", "all", "overall", "sum") |
    nzchar(x) & (x == paste(outer, "total") | x == paste("total", outer) |
      x == paste("all", outer))
}

# Where the printed rows stand in the computed table: `label` as printed, `at` the computed
# row (NA where none), `extra` the rows left over, `known` and `inner` the labels of all
# computed rows, and `found` the labels that differ.
match_printed_rows <- function(printed, cells) {
  inner <- cells$row[match(seq_len(nrow(cells$paths)), cells$at)]
  path <- join_paths(cells$paths)
  if (length(printed) == 1L) {
    label <- printed_text(printed[[1L]])
    same <- function(known) sum(plain_label(label) %in% plain_label(known))
    known <- if (same(path) > same(inner)) path else inner
    rows <- match_labels(label, known)
    found <- label_rows(label[rows$differ], "", label[rows$differ], known[rows$at[rows$differ]])
  } else {
    printed <- printed[label_order(names(printed), cells)]
    text <- settle_totals(fold_labels(printed), printed, path)
    label <- join_paths(text)
    known <- path
    rows <- match_labels(label, known, list(text, cells$paths))
    found <- part_rows(text[rows$differ, , drop = FALSE],
      cells$paths[rows$at[rows$differ], , drop = FALSE])
  }
  c(rows, list(label = label, known = known, inner = inner, found = found))
}

# Label columns whose headings name the variables, in the order in which these are nested.
label_order <- function(headings, cells) {
  n <- length(cells$variables)
  place <- match(plain_label(headings), plain_label(cells$titles))
  place <- (place - 1L) %% max(n, 1L)
  named <- n == ncol(cells$paths) && !anyNA(place) && !anyDuplicated(place)
  if (named) order(place) else seq_along(headings)
}

# Inner totals left away, as the computed paths leave them away; a last row "Total" with
# nothing outside it is the grand total where its group has one already, or none has.
settle_totals <- function(text, printed, path) {
  k <- ncol(text)
  n <- nrow(text)
  if (!n) return(text)
  known <- plain_label(join_paths(text)) %in% plain_label(path)
  first <- text[, 1L]
  blank <- !nzchar(trimmed_text(printed[[1L]]))
  for (j in seq_len(k)[-1L]) {
    total <- !known & (is_total_label(text[, j], first) | is_total_label(text[, j], text[, j - 1L]))
    text[total, j] <- ""
  }
  label <- plain_label(join_paths(text))
  last <- plain_label(text[n, 1L])
  own <- blank[n] && label[n] == last && nzchar(last)
  groups <- unique(plain_label(first))
  if (own && (last %in% label[-n] || length(groups) > 1L && !any(groups %in% label[-n]))) {
    text[n, ] <- c("Total", rep("", k - 1L))
  }
  text
}

# Labels of several parts that differ: each part that does, once.
part_rows <- function(printed, computed) {
  if (!nrow(printed)) return(NULL)
  k <- min(ncol(printed), ncol(computed))
  apart <- lapply(seq_len(k), function(j) {
    use <- plain_label(printed[, j]) != plain_label(computed[, j])
    data.frame(printed = printed[use, j], computed = computed[use, j])
  })
  apart <- unique(do.call(rbind, apart))
  whole <- nrow(apart) == 0L || any(!nzchar(apart$printed) | !nzchar(apart$computed))
  if (whole) apart <- data.frame(printed = join_paths(printed), computed = join_paths(computed))
  label_rows(apart$printed, "", apart$printed, apart$computed)
}

# ---- tables that are not cross-tabulations ----

# How many of the first columns hold words: the labels of nested rows.
word_columns <- function(x) {
  words <- vapply(x[-length(x)], function(column) {
    if (is.numeric(column)) return(FALSE)
    text <- trimmed_text(column)
    text <- text[nzchar(text)]
    length(text) > 0L && mean(is_word(text)) > 0.5
  }, NA)
  max(1L, match(FALSE, c(words, FALSE)) - 1L)
}

# The label columns of two tables: several where the first alone does not tell the rows
# apart and both have as many.
nested_columns <- function(a, b) {
  k <- c(word_columns(a), word_columns(b))
  alone <- function(x) {
    text <- plain_label(printed_text(x[[1L]]))
    all(nzchar(text)) && !anyDuplicated(text)
  }
  if (k[1L] != k[2L] || alone(a) && alone(b)) c(1L, 1L) else k
}

folded_text <- function(labels) {
  if (length(labels) == 1L) return(printed_text(labels[[1L]]))
  join_paths(fold_labels(labels))
}

# Blank labels of a long table, where the computed one has none: outer ones are those above,
# inner ones totals.
fill_keys <- function(published, cells) {
  keys <- intersect(names(published), cells$keys)
  blank <- function(x) !nzchar(trimmed_text(x))
  open <- vapply(published[keys], function(x) any(blank(x)), NA)
  if (!any(open) || any(vapply(cells$cells[keys], function(x) any(blank(x)), NA))) {
    return(published)
  }
  text <- fold_labels(published[keys])
  if (cells$one_way) text <- settle_totals(text, published[keys], join_paths(cells$paths))
  text[!nzchar(text)] <- "Total"
  for (j in which(open)) published[[keys[j]]] <- text[, j]
  published
}
