# From coded cases to the cells of a table: one count a pair of blocks, and every margin,
# subtotal, net and base from those counts.

# A leaf cell takes 8 bytes to count and about 140 where weights or values are summed.
most_leaves <- 5e7
most_sums <- 5e6
most_cells <- 2e7

# Weights and values as doubles.
table_values <- function(data, spec) {
  if (!is.null(attr(data, "groups"))) return(grouped_values(attr(data, "groups"), spec))
  list(
    weight = if (!is.null(spec$weights)) table_weights(data[[spec$weights]], spec),
    value = Map(function(x, name) table_value(x, name, spec$codebook), data[spec$value],
      spec$value)
  )
}

weights_place <- function(spec) {
  paste0("Column \"", spec$weights, "\" of `data`, named in `weights`, ")
}

table_weights <- function(x, spec) {
  x <- unclass_64(x)
  if (!is.numeric(x) || is.object(x) && !inherits(x, "haven_labelled")) {
    stop_argument(weights_place(spec), "must be numeric, not ", describe(x), ".")
  }
  as.double(x)
}

# A weight must be known and not below 0. `facts`, found while the weights were added up:
# how many are not finite and the first of them, how many are negative and the first,
# how many are 0, whether all are whole.
weight_kind <- function(facts, weight, spec) {
  if (facts[1L] > 0) {
    stop_argument(weights_place(spec), "is ", format(weight[facts[2L]]), " in row ", facts[2L],
      more_rows(facts[1L]), "; give a weight to every row (0 leaves a case out).")
  }
  if (facts[3L] > 0) {
    stop_argument(weights_place(spec), "is ", format(weight[facts[4L]]), " in row ", facts[4L],
      more_rows(facts[3L]), "; weights must be 0 or more.")
  }
  if (spec$weight_type == "frequency" && facts[6L] == 0) {
    stop_argument(weights_place(spec), "must hold whole numbers, since `weight_type` is ",
      "\"frequency\".")
  }
  if (spec$weight_type != "auto") return(spec$weight_type)
  if (facts[6L] == 1) "frequency" else "probability"
}

more_rows <- function(n) if (n > 1) paste0(" (and in ", n - 1, " more)") else ""

# A value that the column, or the codebook, declares missing is no number to sum.
table_value <- function(x, name, codebook = NULL) {
  x <- unclass_64(x)
  if (is.logical(x) || is.numeric(x) && (!is.object(x) || inherits(x, "haven_labelled"))) {
    value <- as.double(x)
    codes <- known_codes(name, codebook)
    lacking <- suppressWarnings(as.double(codes$code[nzchar(codes$missing)]))
    if (length(lacking)) value[value %in% lacking] <- NA
    if (is.object(x)) value[in_missing(value, x)] <- NA
    return(value)
  }
  if (inherits(x, "difftime")) return(as.double(x))
  stop_argument("Column \"", name, "\" of `data`, named in `value`, must be numeric or ",
    "logical, not ", describe(x), ".")
}

tabulate_cases <- function(variables, values, spec, data) {
  blocks <- lapply(spec$axes, function(axis) lapply(axis, function(b) unname(variables[b])))
  combinations <- block_combinations(blocks)
  refuse_leaves(combinations, spec)
  counts <- lapply(combinations, count_combination, values = values, spec = spec)
  if (any(vapply(counts, is.null, NA))) refuse_codes(data, spec$variables)
  lost <- missing_by_variable(combinations, counts)
  if (spec$missing == "error") refuse_missing(lost)
  axes <- table_axes(blocks, combinations, counts, spec)
  refuse_cells(axes)
  spec["weight_kind"] <- list(counts[[1L]]$kind)
  filled <- fill_cells(combinations, counts, axes, spec)
  cells <- cells_frame(filled, axes, spec)
  notes <- table_notes(combinations, counts, lost, values, variables, spec, data)
  new_crosstab(cells, axes$rows$entries, axes$columns$entries, axes$strata$entries, spec,
    notes, filled$parts)
}

new_crosstab <- function(cells, rows, columns, strata, spec, notes, parts = NULL) {
  spec$codebook <- NULL
  tab <- list(cells = cells, rows = rows, columns = columns, strata = strata, spec = spec,
    notes = notes)
  class(tab) <- "crosstab"
  tab$cells <- finish_cells(tab, parts)
  tab
}

# Every block of strata with every block of rows and of columns; an axis that is not used
# takes part with no variables.
block_combinations <- function(blocks) {
  numbers <- lapply(blocks, function(b) seq_len(max(length(b), 1L)))
  out <- list()
  for (s in numbers$strata) for (r in numbers$rows) for (c in numbers$columns) {
    parts <- list(strata = pick_block(blocks$strata, s), rows = pick_block(blocks$rows, r),
      columns = pick_block(blocks$columns, c))
    out[[length(out) + 1L]] <- list(
      at = c(strata = s, rows = r, columns = c), parts = parts,
      variables = unlist(unname(parts), recursive = FALSE),
      leaves = vapply(parts, function(b) prod(vapply(b, function(v) v$size + 1, 0)), 0)
    )
  }
  out
}

pick_block <- function(blocks, i) if (length(blocks)) blocks[[i]] else list()

refuse_leaves <- function(combinations, spec) {
  sums <- length(spec$value) || length(spec$weights)
  for (combination in combinations) {
    if (prod(combination$leaves) <= if (sums) most_sums else most_leaves) next
    stop_table_size(combination$variables)
  }
}

stop_table_size <- function(variables) {
  sizes <- vapply(variables, function(v) paste0(format(v$size, big.mark = ","), " of \"",
    v$name, "\""), "")
  stop_casereview("casereview_error_size", "The table would be too large: ",
    paste(sizes, collapse = " by "), ". Put fewer or coarser variables into `formula`.")
}

refuse_cells <- function(axes) {
  n <- vapply(axes, function(a) as.double(length(a$entries$label)), 0)
  if (prod(n) <= most_cells) return(invisible())
  stop_casereview("casereview_error_size", "The table would have ",
    format(prod(n), big.mark = ","), " cells, more than ", format(most_cells, big.mark = ",",
      scientific = FALSE), ". Put fewer or coarser variables into `formula`.")
}

# The counts say that a column holds a code without a level: find it and say so.
refuse_codes <- function(data, variables) {
  for (name in variables) check_column(data[[name]], name, attr(data, "n_rows"), "data")
  stop_argument("`data` holds a damaged column.")
}

refuse_missing <- function(lost) {
  lost <- lost[lost > 0]
  if (!length(lost)) return(invisible())
  stop_casereview("casereview_error_missing", "`missing` is \"error\", and values are missing: ",
    paste0(print_count(lost), " of \"", names(lost), "\"", collapse = ", "), ".")
}

# ---- counting ----

# Cases by leaf (`rows`, unweighted), their weight (`n`), and what the statistics need.
# The pass that adds up weights, or a value, counts the cases as well.
count_combination <- function(combination, values, spec) {
  if (!is.null(values$groups)) return(count_groups(combination, values))
  codes <- lapply(combination$variables, `[[`, "code")
  sizes <- vapply(combination$variables, `[[`, 0L, "size")
  out <- list(rows = NULL, n = NULL, low = NULL, codes = codes, sizes = sizes,
    weight = values$weight, value = values$value)
  if (!is.null(values$weight)) {
    found <- .Call(C_crosstab_weights, codes, sizes, values$weight)
    if (is.null(found)) return(NULL)
    out$kind <- weight_kind(found$facts, values$weight, spec)
    out$zero <- found$facts[5L]
    out$rows <- found$n
    out$n <- found$sum
    out$low <- found$low
  }
  want <- ("sd" %in% spec$stat) + 2L * any(c("min", "max") %in% spec$stat)
  out$moments <- lapply(values$value, function(value) {
    .Call(C_crosstab_moments, codes, sizes, value, values$weight, as.integer(want))
  })
  if (is.null(out$rows)) {
    out$rows <- out$n <- if (length(out$moments)) {
      out$moments[[1L]]$n + out$moments[[1L]]$lost
    } else {
      .Call(C_crosstab_count, codes, sizes)
    }
  }
  if (!length(out$rows)) return(NULL)
  out$margins <- .Call(C_crosstab_margins, out$rows, sizes)
  out
}

# ---- cells from groups of cases, which a database has counted ----

# What count_combination() gives: the groups that fall into one leaf are added up.
count_groups <- function(combination, values) {
  codes <- lapply(combination$variables, `[[`, "code")
  sizes <- vapply(combination$variables, `[[`, 0L, "size")
  leaves <- function(x, weight = NULL, want = 0L) {
    .Call(C_crosstab_moments, codes, sizes, x, weight, want)
  }
  groups <- values$groups
  rows <- leaves(groups$n)$sum
  out <- list(rows = rows, n = rows, low = NULL, codes = codes, sizes = sizes,
    weight = values$weight, value = values$value)
  if (!is.null(values$weight)) {
    found <- leaves(groups$weight)
    out["n"] <- list(found$sum)
    out$low <- found$low
    out$kind <- values$kind
    out$zero <- values$zero
  }
  if (!length(rows)) return(NULL)
  out$moments <- lapply(groups$value, leaf_moments, leaves)
  out$margins <- .Call(C_crosstab_margins, rows, sizes)
  out
}

# Squares about the mean of a leaf: those within its groups and those between their means
# (Chan, Golub and LeVeque 1983, equation 2.1).
leaf_moments <- function(group, leaves) {
  sum <- leaves(group$sum)
  weight <- leaves(group$weight)
  out <- list(n = leaves(group$known)$sum, weight = weight$sum + weight$low, sum = sum$sum,
    low = sum$low)
  if (!is.null(group$min)) {
    out$min <- leaves(group$min, NULL, 2L)$min
    out$max <- leaves(group$max, NULL, 2L)$max
  }
  if (is.null(group$squares)) return(out)
  between <- leaves(group$sum / group$weight, group$weight, 1L)
  out$squares <- leaves(group$squares)$sum + between$squares
  out$rest <- between$rest
  out
}

# Cases whose value is missing, by variable, in the first table that has it.
missing_by_variable <- function(combinations, counts) {
  lost <- numeric()
  for (i in seq_along(combinations)) {
    variables <- combinations[[i]]$variables
    for (j in seq_along(variables)) {
      v <- variables[[j]]
      if (v$name %in% names(lost)) next
      slots <- unlist(v$slots[v$kind == "missing"])
      lost[[v$name]] <- sum(counts[[i]]$margins[[j]][slots + 1L])
    }
  }
  lost
}

# ---- axes ----

table_axes <- function(blocks, combinations, counts, spec) {
  out <- list()
  for (axis in c("strata", "rows", "columns")) {
    margins <- lapply(seq_along(blocks[[axis]]), function(b) {
      i <- Position(function(x) x$at[[axis]] == b, combinations)
      axis_margins(counts[[i]], combinations[[i]], axis, spec)
    })
    out[[axis]] <- build_axis(blocks[[axis]], margins, spec, axis %in% spec$totals)
  }
  out
}

# Rows of data by leaf of one axis and, where the order goes by it, their weight.
axis_margins <- function(counts, combination, axis, spec) {
  weighted <- spec$sort == "total" && length(spec$weights)
  c(list(axis_margin(counts$rows, counts$margins, combination, axis, spec)),
    if (weighted) list(axis_margin(counts$n, NULL, combination, axis, spec)))
}

# `n` by leaf of one axis; under "exclude" only of cases with all values known.
axis_margin <- function(n, margins, combination, axis, spec) {
  leaves <- combination$leaves
  if (length(n) == leaves[[axis]]) return(n)
  if (length(margins) && spec$missing != "exclude" && length(combination$parts[[axis]]) == 1L) {
    before <- switch(axis, strata = 0L, rows = length(combination$parts$strata),
      columns = length(combination$parts$strata) + length(combination$parts$rows))
    return(margins[[before + 1L]])
  }
  dim(n) <- leaves[c("columns", "rows", "strata")]
  if (spec$missing == "exclude") {
    whole <- lapply(combination$parts, whole_set, spec = spec)
    kept <- array(0, dim(n))
    at <- list(whole$columns + 1L, whole$rows + 1L, whole$strata + 1L)
    kept[at[[1L]], at[[2L]], at[[3L]]] <- n[at[[1L]], at[[2L]], at[[3L]]]
    n <- kept
  }
  switch(axis,
    columns = rowSums(n),
    rows = rowSums(colSums(n)),
    strata = colSums(n, dims = 2L)
  )
}

# ---- cells ----

# n, base, statistics over the whole grid, filled from each combination.
fill_cells <- function(combinations, counts, axes, spec) {
  if (length(combinations) == 1L) {
    return(combination_cells(combinations[[1L]], counts[[1L]], axes, spec))
  }
  size <- vapply(axes, function(a) nrow(a$entries), 0L)
  out <- NULL
  for (i in seq_along(combinations)) {
    part <- combination_cells(combinations[[i]], counts[[i]], axes, spec)
    if (is.null(out)) out <- blank_cells(part, prod(size))
    to <- grid_positions(combinations[[i]]$at, axes)
    out <- Map(place_cells, out, part, MoreArgs = list(to = to))
  }
  out
}

blank_cells <- function(part, n) {
  lapply(part, function(x) if (is.list(x)) blank_cells(x, n) else rep(NA_real_, n))
}

place_cells <- function(out, part, to) {
  if (is.list(out)) return(Map(place_cells, out, part, MoreArgs = list(to = to)))
  out[to] <- part
  out
}

# Where the cells of one combination stand in the grid.
grid_positions <- function(at, axes) {
  use <- lapply(c(strata = "strata", rows = "rows", columns = "columns"), function(axis) {
    which(axes[[axis]]$entries$block == at[[axis]])
  })
  n <- vapply(axes, function(a) nrow(a$entries), 0L)
  row <- outer(use$rows - 1L, (use$strata - 1L) * n[["rows"]], `+`)
  as.vector(outer(use$columns, as.vector(row) * n[["columns"]], `+`))
}

combination_cells <- function(combination, counts, axes, spec) {
  sets <- wholes <- vector("list", 3L)
  for (i in 1:3) {
    name <- c("strata", "rows", "columns")[i]
    axis <- axes[[name]]
    b <- combination$at[[name]]
    use <- axis$entries$block == b
    sets[[i]] <- pack_sets(if (all(use)) axis$set else axis$set[use], axis$leaves[[b]])
    wholes[[i]] <- pack_sets(axis$whole[b], axis$leaves[[b]])
  }
  out <- list(n = fold_cells(counts$n, counts$low, sets))
  out$base <- base_cells(counts, sets, wholes, spec)
  if (!is.null(counts$weight)) out$n_unweighted <- fold_cells(counts$rows, NULL, sets)
  if (spec$base == "mentions") {
    out$base <- mention_base(out, combination, axes, spec)
    out$share <- mention_share(combination, axes, spec)
  }
  values <- lapply(seq_along(counts$moments), function(v) {
    value_cells(counts, v, sets, out$n, spec)
  })
  c(out, join_values(values, names(counts$value), spec))
}

fold_cells <- function(x, low, sets, how = 1L) .Call(C_crosstab_fold, x, low, sets, how)

# The n under the percents: of the row, the column, or the stratum.
base_cells <- function(counts, sets, wholes, spec) {
  size <- vapply(sets, function(s) length(s[[1L]]) - 1L, 0L)
  if (spec$percent == "row") {
    return(rep(fold_cells(counts$n, counts$low, list(sets[[1L]], sets[[2L]], wholes[[3L]])),
      each = size[3L]))
  }
  if (spec$percent == "column") {
    base <- fold_cells(counts$n, counts$low, list(sets[[1L]], wholes[[2L]], sets[[3L]]))
    at <- rep((seq_len(size[1L]) - 1L) * size[3L], each = size[2L] * size[3L])
    return(base[at + rep(seq_len(size[3L]), times = size[1L] * size[2L])])
  }
  base <- fold_cells(counts$n, counts$low, list(sets[[1L]], wholes[[2L]], wholes[[3L]]))
  rep(base, each = size[2L] * size[3L])
}

# Percents of mentions: the base is the sum over the codes, not the cases.
mention_base <- function(out, combination, axes, spec) {
  row <- axes$rows$entries[axes$rows$entries$block == combination$at[["rows"]], ]
  column <- axes$columns$entries[axes$columns$entries$block == combination$at[["columns"]], ]
  n_strata <- sum(axes$strata$entries$block == combination$at[["strata"]])
  n <- array(out$n, c(nrow(column), nrow(row), n_strata))
  leaf_row <- mention_entries(row)
  leaf_column <- mention_entries(column)
  for (s in seq_len(n_strata)) {
    here <- matrix(n[, , s], nrow(column))
    base <- switch(spec$percent,
      row = matrix(colSums(here[leaf_column, , drop = FALSE]), nrow(column), nrow(row),
        byrow = TRUE),
      column = matrix(rowSums(here[, leaf_row, drop = FALSE]), nrow(column), nrow(row)),
      matrix(sum(here[leaf_column, leaf_row]), nrow(column), nrow(row))
    )
    n[, , s] <- base
  }
  as.vector(n)
}

# Whether a cell counts mentions, and so is a part of them: totals, subtotals and nets of a
# column with several codes count cases.
mention_share <- function(combination, axes, spec) {
  share <- lapply(c("strata", "rows", "columns"), function(axis) {
    entries <- axes[[axis]]$entries
    entries <- entries[entries$block == combination$at[[axis]], ]
    over <- axis != "strata" && !identical(spec$percent, sub("s$", "", axis)) &&
      any(vapply(combination$parts[[axis]], `[[`, NA, "multicode"))
    !over | seq_len(nrow(entries)) %in% mention_entries(entries)
  })
  row <- as.vector(outer(share[[2L]], share[[1L]]))
  as.vector(outer(share[[3L]], row))
}

# The entries that hold no other entry: levels and what is missing.
mention_entries <- function(entries) {
  which(entries$kind %in% c("level", "missing") & !seq_len(nrow(entries)) %in% entries$parent)
}

# ---- statistics of a value ----

value_cells <- function(counts, v, sets, n, spec) {
  moments <- counts$moments[[v]]
  known <- fold_cells(moments$n, NULL, sets)
  weight <- if (is.null(counts$weight)) known else fold_cells(moments$weight, NULL, sets)
  sum <- fold_cells(moments$sum, moments$low, sets)
  empty <- known == 0
  out <- list()
  for (stat in spec$stat) {
    out[[stat]] <- switch(stat,
      mean = sum / weight,
      sum = ifelse(empty, 0, sum),
      min = fold_cells(moments$min, NULL, sets, 2L),
      max = fold_cells(moments$max, NULL, sets, 3L),
      sd = spread_cells(moments, known, weight, sum, sets, spec),
      median = median_cells(counts, v, sets),
      n_missing = n - weight
    )
    if (!stat %in% c("sum", "n_missing")) out[[stat]][empty] <- NA
  }
  list(stat = out, known = weight, sum = sum)
}

spread_cells <- function(moments, known, weight, sum, sets, spec) {
  leaf_mean <- (moments$sum + moments$low) / moments$weight
  squares <- .Call(C_crosstab_spread, moments$squares, moments$weight, leaf_mean,
    moments$rest, sum / weight, sets)
  if (identical(spec$weight_kind, "probability")) {
    return(ifelse(known > 1, sqrt(squares / weight * known / (known - 1)), NA_real_))
  }
  ifelse(weight > 1, sqrt(squares / (weight - 1)), NA_real_)
}

median_cells <- function(counts, v, sets) {
  members <- lapply(sets, function(s) {
    split_sets(s[[2L]], s[[1L]])
  })
  n_rows <- sets[[2L]][[3L]]
  n_columns <- sets[[3L]][[3L]]
  leaves <- list()
  for (s in members[[1L]]) for (r in members[[2L]]) {
    part <- cross_sets(s * n_rows, r) * n_columns
    leaves <- c(leaves, lapply(members[[3L]], function(c) cross_sets(part, c)))
  }
  .Call(C_crosstab_medians, counts$codes, counts$sizes, counts$value[[v]], counts$weight,
    as.double(c(0, cumsum(lengths(leaves)))), as.integer(unlist(leaves)))
}

split_sets <- function(at, start) {
  lapply(seq_len(length(start) - 1L), function(e) {
    at[seq_len(start[e + 1L] - start[e]) + start[e]]
  })
}

# The statistics under their names, and the sums and counts that decide how they round.
join_values <- function(values, names, spec) {
  if (!length(values)) return(NULL)
  stat <- known <- sum <- list()
  tails <- value_tails(names)
  for (v in seq_along(values)) {
    tail <- tails[v]
    for (s in spec$stat) stat[[paste0(s, tail)]] <- values[[v]]$stat[[s]]
    known[[known_column(tail)]] <- values[[v]]$known
    sum[[paste0("sum", tail)]] <- values[[v]]$sum
  }
  list(stat = stat, known = known, parts = sum)
}

# ---- the data frame of cells ----

cells_frame <- function(filled, axes, spec) {
  size <- vapply(axes, function(a) length(a$entries$label), 0L)
  each <- c(strata = size[["rows"]] * size[["columns"]], rows = size[["columns"]], columns = 1L)
  times <- c(strata = 1L, rows = size[["strata"]], columns = size[["strata"]] * size[["rows"]])
  out <- list()
  for (name in spec$variables) {
    for (axis in names(axes)) {
      if (name %in% axes[[axis]]$variables) {
        label <- entry_values(axes[[axis]]$entries, name)
        out[[name]] <- rep(rep(label, each = each[[axis]]), times[[axis]])
      }
    }
  }
  out$n <- filled$n
  out$base <- filled$base
  if (spec$percent == "none" && length(filled$known) == 1L) out$base <- filled$known[[1L]]
  none <- spec$percent == "none"
  out$percent <- if (none) rep(NA_real_, length(out$n)) else percent_of(out$n, out$base)
  if (length(filled$share)) out$percent[filled$share == 0] <- NA
  out <- c(out, filled$stat)
  if (!is.null(filled$n_unweighted)) out$n_unweighted <- filled$n_unweighted
  out <- c(out, filled$known)
  attr(out, "row.names") <- .set_row_names(length(out$n))
  class(out) <- "data.frame"
  out
}

percent_of <- function(n, base) {
  out <- 100 * n / base
  out[base == 0] <- NA
  out
}

# ---- facts for the notes ----

table_notes <- function(combinations, counts, lost, values, variables, spec, data) {
  first <- counts[[1L]]
  n_rows <- attr(data, "n_rows")
  notes <- list(
    n_rows = n_rows,
    missing = lost[lost > 0],
    left_out = if (spec$missing == "exclude") left_out(combinations, counts, spec),
    weight_kind = spec$weight_kind,
    weight_sum = if (!is.null(values$weight)) sum(first$n) + sum(first$low),
    weight_zero = first$zero,
    not_asked = attr(data, "asked"),
    multicode = names(variables)[vapply(variables, `[[`, NA, "multicode")],
    value_missing = value_missing(values, first, n_rows),
    ordered = names(variables)[vapply(names(variables), function(v) {
      ordered_column(data[[v]], v, spec$codebook)
    }, NA)],
    titles = c(vapply(variables, `[[`, "", "title"), value_titles(data, spec, names(variables)))
  )
  notes
}

value_titles <- function(data, spec, variables) {
  if (!length(spec$value)) return(NULL)
  values <- setdiff(spec$value, variables)
  vapply(values, function(v) variable_title(v, data[[v]], spec$codebook), "")
}

# Rows without a known value, by value; every row stands in the first table.
value_missing <- function(values, counts, n_rows) {
  if (!is.null(values$lost)) return(values$lost)
  if (is.null(values$weight)) {
    return(vapply(counts$moments, function(m) n_rows - sum(m$n), 0))
  }
  vapply(values$value, function(x) as.double(sum(is.na(x))), 0)
}

# Whether the levels of a column have an order that statistics may use.
ordered_column <- function(x, name, codebook) {
  if (is.ordered(x) || (is.numeric(x) && !is.object(x)) || inherits(x, "Date")) return(TRUE)
  if (is.null(codebook)) return(FALSE)
  type <- variable_of(codebook, name)$type
  length(type) == 1L && type %in% c("ordinal", "rating", "integer", "number", "year", "date")
}

# Cases that stand in no cell, by combination of blocks.
left_out <- function(combinations, counts, spec) {
  out <- vapply(seq_along(combinations), function(i) {
    whole <- lapply(combinations[[i]]$parts, whole_set, spec = spec)
    leaves <- combinations[[i]]$leaves
    sets <- lapply(names(whole), function(a) pack_sets(list(whole[[a]]), leaves[[a]]))
    sum(counts[[i]]$rows) - fold_cells(counts[[i]]$rows, NULL, sets)
  }, 0)
  names(out) <- vapply(combinations, function(x) {
    paste(vapply(x$variables, `[[`, "", "name"), collapse = ", ")
  }, "")
  out
}
