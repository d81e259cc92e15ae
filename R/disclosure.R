# The additive structure of tables, as a reader sees it: every cell a variable, every
# total the sum of its parts. Where it is a network (each cell in at most two sums) the
# kernels work by flows and are exact; else they work by linear programs.

# The sums of an axis: a list of (total, parts) by parent and block, and nets of levels
# that do not overlap.
axis_sums <- function(axis, nets) {
  child <- which(!is.na(axis$parent))
  group <- paste(axis$parent[child], axis$block[child])
  sums <- lapply(split(child, factor(group, unique(group))), function(parts) {
    list(total = axis$parent[parts[1L]], parts = parts)
  })
  c(unname(sums), net_sums(axis, nets))
}

# Nets of codes of which a case can have several add up to nothing.
summing_nets <- function(x) x$spec$nets[setdiff(names(x$spec$nets), x$notes$multicode)]

net_sums <- function(axis, nets) {
  value <- axis$value
  out <- lapply(which(axis$kind == "net"), function(i) {
    own <- intersect(colnames(value), names(nets))
    own <- own[vapply(own, function(v) value[i, v] %in% names(nets[[v]]), NA)]
    if (length(own) != 1L) return(NULL)
    wanted <- as.character(nets[[own]][[value[i, own]]])
    same <- axis$kind %in% c("level", "missing", "subtotal") & axis$block == axis$block[i] &
      axis$depth == axis$depth[i] & value[, own] %in% wanted
    for (v in setdiff(colnames(value), own)) same <- same & value[, v] == value[i, v]
    if (sum(same) != length(unique(wanted))) return(NULL)
    list(total = i, parts = which(same))
  })
  out[!vapply(out, is.null, NA)]
}

# The sums over the cells of a table, as entries (equation, cell, sign).
table_sums <- function(x) {
  at <- axis_steps(x)
  axes <- lapply(at$axes, axis_sums, nets = summing_nets(x))
  use <- which(lengths(axes) > 0L)
  flat <- flat_axis(at$axes, use)
  entries <- list()
  for (a in use) {
    keep <- lapply(setdiff(1:3, a), function(b) {
      all <- seq_len(at$size[b])
      if (length(use) != 2L || a != flat || !b %in% use) return(all)
      setdiff(all, vapply(axes[[b]], `[[`, 0L, "total"))
    })
    for (sum in axes[[a]]) {
      entries[[length(entries) + 1L]] <- line_entries((c(sum$total, sum$parts) - 1L) * at$step[a],
        rep(c(-1L, 1L), c(1L, length(sum$parts))), keep, at$step[-a])
    }
  }
  bind_lines(entries)
}

# The axes, slowest first, with their sizes and the steps from one of their cells to the next.
axis_steps <- function(x) {
  axes <- list(x$strata, x$rows, x$columns)
  size <- vapply(axes, nrow, 0L)
  list(axes = axes, size = size, step = c(size[2L] * size[3L], size[3L], 1L))
}

# One sum of an axis at every line across it, as entries (line, cell, sign).
line_entries <- function(cell, sign, keep, step) {
  offset <- as.vector(outer((keep[[1L]] - 1L) * step[1L], (keep[[2L]] - 1L) * step[2L], `+`))
  cbind(rep(seq_along(offset), each = length(cell)),
    rep(offset + 1L, each = length(cell)) + cell, rep(sign, length(offset)))
}

# The entries of several sums one under the other, their equations numbered on.
bind_lines <- function(entries) {
  lines <- vapply(entries, function(e) max(e[, 1L], 0L), 0)
  before <- cumsum(c(0, lines))
  for (i in seq_along(entries)) entries[[i]][, 1L] <- entries[[i]][, 1L] + before[i]
  list(n_equations = sum(lines), entries = bind_entries(entries))
}

bind_entries <- function(entries) {
  out <- do.call(rbind, entries)
  if (is.null(out)) out <- matrix(0L, 0L, 3L)
  storage.mode(out) <- "integer"
  dimnames(out) <- NULL
  out
}

# ---- cases that have several codes ----

# Where a case may have several codes, what unites some of them (a group of codes, a net,
# the total) is at least each of its parts and at most all of them together. The bounds of
# an axis: lists of positions whose counts, with these signs, add up to no less than 0.
axis_bounds <- function(axis, x) {
  out <- list()
  for (v in intersect(colnames(axis$value), x$notes$multicode)) {
    others <- as.data.frame(axis$value[, setdiff(colnames(axis$value), v), drop = FALSE])
    line <- do.call(paste, c(list(""), lapply(others, encodeString, quote = "\"")))
    for (own in split(seq_len(nrow(axis)), rep_len(line, nrow(axis)))) {
      for (i in own) out <- c(out, union_bounds(i, united(i, own, axis, v, x$spec$nets[[v]])))
    }
  }
  out
}

# The parts of entry `i` among those of its line, `own`, the nets within it, and what it
# counts `apart` from them.
united <- function(i, own, axis, v, nets) {
  value <- axis$value[own, v]
  real <- own[value != "Total" & axis$kind[own] %in% c("level", "subtotal")]
  if (axis$kind[i] == "net") {
    return(list(parts = intersect(own[value %in% as.character(nets[[axis$value[i, v]]])], real)))
  }
  if (!axis$kind[i] %in% c("subtotal", "total")) return(NULL)
  depth <- axis$depth
  if (axis$value[i, v] == "Total") {
    top <- real[depth[real] == min(depth[real], Inf)]
    return(list(parts = top, nets = own[axis$kind[own] == "net" & value != "Total"],
      apart = own[axis$kind[own] == "missing"]))
  }
  below <- real[real > i]
  list(parts = below[cumsum(depth[below] <= depth[i]) == 0L])
}

union_bounds <- function(i, united) {
  parts <- united$parts
  apart <- united$apart
  if (!length(parts)) return(NULL)
  most <- list(at = c(parts, apart, i), sign = c(rep(1L, length(parts) + length(apart)), -1L))
  least <- lapply(c(parts, united$nets), function(part) {
    list(at = c(i, apart, part), sign = c(1L, rep(-1L, length(apart) + 1L)))
  })
  c(list(most), least)
}

# The bounds of a table by name, each at every line across its axis, as entries.
union_entries <- function(x) {
  at <- axis_steps(x)
  entries <- list()
  for (a in 1:3) for (bound in axis_bounds(at$axes[[a]], x)) {
    name <- bound_name(at$axes[[a]], bound)
    if (name %in% x$notes$no_bounds) next
    entries[[name]] <- line_entries((bound$at - 1L) * at$step[a], bound$sign,
      lapply(at$size[-a], seq_len), at$step[-a])
  }
  entries
}

bound_name <- function(axis, bound) {
  paste(bound$sign, encodeString(axis$value[bound$at, ], quote = "\""), collapse = " ")
}

# A group of codes may count cases of its own code alone: of true counts the bounds that
# fail are noted, since no reader can rely on them.
note_bounds <- function(x) {
  if (!length(x$notes$multicode) || !is.null(x$notes$no_bounds) || anyNA(x$cells$n)) return(x)
  fails <- vapply(union_entries(x), function(e) {
    any(rowsum(x$cells$n[e[, 2L]] * e[, 3L], e[, 1L]) < 0)
  }, NA)
  x$notes$no_bounds <- names(fails)[fails]
  x
}

# Of two summing axes the one without nesting: its sums follow from those at the leaves
# of the other, so that each cell is left in two sums.
flat_axis <- function(axes, use) {
  if (length(use) != 2L) return(0L)
  flat <- vapply(axes[use], function(axis) {
    parent <- axis$parent[!is.na(axis$parent)]
    all(is.na(axis$parent[parent])) && !any(axis$kind == "net")
  }, NA)
  if (!any(flat)) return(0L)
  deep <- vapply(axes[use], function(axis) length(unique(axis$block)), 0L)
  use[flat][order(deep[flat])[1L]]
}

# What a cell stands for: its variables with a level each, whatever is summed over left
# out. Cells of linked tables with the same key count the same cases.
cell_keys <- function(x) {
  variables <- table_variables(x)
  key <- character(nrow(x$cells))
  for (v in sort(variables)) {
    value <- as.character(x$cells[[v]])
    on <- !is.na(value) & value != "Total"
    key[on] <- paste0(key[on], v, "=", encodeString(value[on], quote = "\""), ";")
  }
  key
}

table_variables <- function(x) {
  unique(unlist(lapply(c("rows", "columns", "strata"), axis_variables, x = x)))
}

# One system of one or several tables. `cell` lists for each table the variable of each
# of its cells; `n` the counts (NA where hidden in a linked table). `true` says that these
# are the true counts and not numbers as published; `loose`, that the first table's are
# rounded, so that cells of one key join whatever they print.
table_system <- function(tables, true = TRUE, loose = FALSE) {
  full <- lapply(tables, if (length(tables) > 1L) add_totals else join_blocks)
  cell <- vector("list", length(full))
  n <- double()
  key <- character()
  for (t in seq_along(full)) {
    mine <- cell_keys(full[[t]]$table)
    count <- as.double(full[[t]]$table$cells$n)
    if (t == 1L && !duplicated_keys(full[[t]]$table, mine)) {
      cell[[t]] <- seq_along(mine)
      n <- count
      key <- mine
      next
    }
    joined <- join_cells(mine, count, key, n, loose)
    cell[[t]] <- joined$cell
    n <- joined$n
    key <- joined$key
  }
  out <- system_of(lapply(full, `[[`, "table"), cell, n, true)
  out$cell <- Map(function(all, x) all[x$at], cell, full)
  out
}

whole_table <- function(x) list(table = x, at = seq_len(nrow(x$cells)))

# Stacked blocks count the same cases, so that they have one total though it is not printed.
join_blocks <- function(x) {
  stacked <- vapply(unclass(x)[c("columns", "rows", "strata")], function(axis) {
    length(unique(axis$block)) > 1L
  }, NA)
  add_totals(x, names(stacked)[stacked])
}

# The table with the totals that it does not print, as unknown cells, so that the total of
# a linked table meets it; `at` are its own cells among all. Totals are left alone where a
# case may count under several levels, or some cases are left out.
add_totals <- function(x, axes = c("columns", "rows", "strata")) {
  if (length(x$notes$multicode) || any(x$notes$left_out > 0) || length(x$notes$not_asked)) {
    return(whole_table(x))
  }
  old <- list(columns = x$columns, rows = x$rows, strata = x$strata)
  new <- old
  new[axes] <- lapply(old[axes], add_total)
  if (identical(new, old)) return(whole_table(x))
  size <- vapply(new, nrow, 0L)
  at <- array(seq_len(prod(size)), size)
  at <- as.vector(at[seq_len(nrow(old$columns)), seq_len(nrow(old$rows)),
    seq_len(nrow(old$strata)), drop = FALSE])
  n <- rep(NA_real_, prod(size))
  n[at] <- x$cells$n
  where <- arrayInd(seq_along(n), size)
  cells <- data.frame(n = n)
  for (k in 1:3) for (v in colnames(new[[k]]$value)) {
    value <- entry_values(new[[k]], v)[where[, k]]
    if (is.null(cells[[v]])) cells[[v]] <- value else
      cells[[v]] <- ifelse(cells[[v]] == "Total", value, cells[[v]])
  }
  x[names(new)] <- new
  if (!anyNA(x$cells$n)) cells$n <- pmax(sum_shown(x, ifelse(is.na(n), 0, n), is.na(n)), 0)
  x$cells <- cells
  list(table = x, at = at)
}

add_total <- function(axis) {
  top <- is.na(axis$parent) & axis$kind %in% c("level", "missing", "subtotal")
  if (!length(axis$value) || !any(top) || any(axis$kind == "total")) return(axis)
  out <- axis[c(seq_len(nrow(axis)), 1L), ]
  last <- nrow(out)
  out$label[last] <- "Total"
  out$kind[last] <- "total"
  out$depth[last] <- 0L
  out$block[last] <- max(axis$block)
  out$parent[last] <- NA_integer_
  out$parent[which(top)] <- last
  out$value[last, ] <- "Total"
  rownames(out) <- NULL
  out
}

duplicated_keys <- function(x, key) {
  length(unique(x$rows$block)) + length(unique(x$columns$block)) +
    length(unique(x$strata$block)) > 3L && anyDuplicated(key) > 0L
}

# A cell joins the variable of its key where the counts agree or one of them is hidden.
join_cells <- function(mine, count, key, n, loose) {
  cell <- integer(length(mine))
  for (i in seq_along(mine)) {
    at <- which(key == mine[i])
    if (!loose) at <- at[is.na(n[at]) | is.na(count[i]) | n[at] == count[i]]
    if (!length(at)) {
      key <- c(key, mine[i])
      n <- c(n, count[i])
      at <- length(n)
    }
    cell[i] <- at[1L]
    if (is.na(n[at[1L]])) n[at[1L]] <- count[i]
  }
  list(cell = cell, n = n, key = key)
}

system_of <- function(tables, cell, n, true) {
  sums <- joint_sums(lapply(tables, table_sums), cell)
  if (length(tables) > 1L || anyDuplicated(cell[[1L]])) sums <- distinct_sums(sums)
  if (true) sums <- drop_broken(sums, n)
  plain <- c(list(n = n), network_form(sums, length(n)))
  bounds <- lapply(tables, function(x) bind_lines(union_entries(x)))
  bounds <- distinct_sums(joint_sums(bounds, cell))
  c(list(cell = cell), if (nrow(bounds)) with_bounds(plain, sums, bounds, true) else plain)
}

# The system with the bounds as sums, each with a last cell for what it leaves over; `sums`
# is the system without them. Of true counts a bound that fails is none.
with_bounds <- function(plain, sums, bounds, true) {
  left <- rowsum(plain$n[bounds[, 2L]] * bounds[, 3L], bounds[, 1L])[, 1L]
  if (true && any(left < 0, na.rm = TRUE)) {
    holds <- is.na(left) | left >= 0
    bounds <- renumber(bounds[holds[bounds[, 1L]], , drop = FALSE])
    left <- left[holds]
  }
  m <- length(plain$n)
  bounds <- rbind(bounds, cbind(seq_along(left), m + seq_along(left), rep(-1L, length(left))))
  bounds[, 1L] <- bounds[, 1L] + max(sums[, 1L], 0L)
  c(list(n = c(plain$n, unname(left)), sums = plain),
    network_form(bind_entries(list(sums, bounds)), m + length(left)))
}

# The sums of several tables as sums of the cells that they share.
joint_sums <- function(sums, cell) {
  bind_lines(Map(function(s, cell) {
    s$entries[, 2L] <- cell[s$entries[, 2L]]
    s$entries
  }, sums, cell))$entries
}

# Each sum once, and none that says that a cell equals itself.
distinct_sums <- function(entries) {
  entries <- entries[order(entries[, 1L], entries[, 2L], entries[, 3L]), , drop = FALSE]
  groups <- split(seq_len(nrow(entries)), entries[, 1L])
  text <- vapply(groups, function(g) paste(entries[g, 2L], entries[g, 3L], collapse = " "), "")
  idle <- vapply(groups, function(g) {
    length(g) == 2L && entries[g[1L], 2L] == entries[g[2L], 2L]
  }, NA)
  keep <- unlist(groups[!duplicated(text) & !idle], use.names = FALSE)
  renumber(entries[keep, , drop = FALSE])
}

renumber <- function(entries) {
  entries[, 1L] <- match(entries[, 1L], unique(entries[, 1L]))
  entries
}

# What does not add up in the numbers is no sum (cases counted under several codes).
drop_broken <- function(entries, n) {
  if (!nrow(entries)) return(entries)
  sums <- rowsum(n[entries[, 2L]] * entries[, 3L], entries[, 1L], reorder = TRUE)
  broken <- as.integer(rownames(sums))[!is.na(sums) & abs(sums) > 1e-6]
  if (!length(broken)) return(entries)
  renumber(entries[!entries[, 1L] %in% broken, , drop = FALSE])
}

# The arcs of the network, if the sums are one: no cell in more than two, and the signs
# such that each cell leaves one sum and enters the other once some are turned round.
network_form <- function(entries, n) {
  m <- if (nrow(entries)) max(entries[, 1L]) else 0L
  linear <- list(network = FALSE, structure = entries, size = m)
  uses <- tabulate(entries[, 2L], n)
  if (any(uses > 2L)) return(linear)
  entries <- entries[order(entries[, 2L]), , drop = FALSE]
  second <- duplicated(entries[, 2L])
  one <- entries[!second, , drop = FALSE]
  two <- entries[second, , drop = FALSE]
  pair <- match(two[, 2L], one[, 2L])
  turn <- sum_turns(one[pair, 1L], two[, 1L], one[pair, 3L] == two[, 3L], m)
  if (is.null(turn)) return(linear)
  ground <- m + 1L
  arcs <- matrix(ground, n, 2L)
  sign <- entries[, 3L] * turn[entries[, 1L]]
  enter <- sign > 0
  arcs[entries[enter, 2L], 2L] <- entries[enter, 1L]
  arcs[entries[!enter, 2L], 1L] <- entries[!enter, 1L]
  storage.mode(arcs) <- "integer"
  list(network = TRUE, structure = arcs, size = ground)
}

# 1 or -1 by sum, such that sums that share a cell with equal signs differ; NULL where
# that cannot be.
sum_turns <- function(from, to, differ, m) {
  if (any(from == to)) return(NULL)
  turn <- integer(m)
  edge <- unique(cbind(c(from, to), c(to, from), c(differ, differ)))
  next_to <- split(seq_len(nrow(edge)), factor(edge[, 1L], seq_len(m)))
  for (start in seq_len(m)) {
    if (turn[start] != 0L) next
    turn[start] <- 1L
    open <- start
    while (length(open)) {
      here <- open[1L]
      open <- open[-1L]
      e <- next_to[[here]]
      want <- ifelse(edge[e, 3L] == 1L, -turn[here], turn[here])
      known <- turn[edge[e, 2L]] != 0L
      if (any(turn[edge[e[known], 2L]] != want[known])) return(NULL)
      found <- edge[e[!known], 2L]
      turn[found] <- want[!known]
      if (any(turn[found] != want[!known])) return(NULL)
      open <- c(open, unique(found))
    }
  }
  turn
}

# ---- what a reader knows of a count ------------------------------------------------

# Lower and upper bounds of a shown count: itself, or what rounds to it. Totals that are
# promised to be shown (`promised`) may be as small as those that are hidden elsewhere.
# A printed 0 that stands for 0 or for counts above the threshold is read as all between,
# or, of `true` counts, as the side that it is on: less than what is possible.
shown_bounds <- function(n, rule, promised = FALSE, true = FALSE) {
  base <- rule$rounding
  if (is.null(base) || base == 1L) return(cbind(n, n))
  printed <- round_to(n, base)
  lo <- pmax(printed - base %/% 2L, 0)
  hi <- printed + (base - 1L) %/% 2L
  floor <- rule$threshold + 1L
  hidden <- rule$threshold >= lowest_sensitive(rule)
  if (hidden) {
    zero <- if (true) n == 0 else printed == 0 & !gap_in_zero(rule)
    hi[zero & !promised] <- 0
    large <- !promised & ((if (true) n else printed) > 0 | rule$zeros == "hidden")
    lo[large] <- pmax(lo[large], floor)
  }
  cbind(lo, pmax(lo, hi))
}

# Whether a printed 0 may be a count above the threshold: then what it stands for is no
# interval.
gap_in_zero <- function(rule) {
  !is.null(rule$rounding) && rule$zeros != "hidden" &&
    rule$threshold >= 1L && rule$threshold < (rule$rounding - 1L) %/% 2L
}

# The nearest multiple, halves up.
round_to <- function(n, base) floor((n + base %/% 2L) / base) * base

# Lower and upper bounds of a hidden count. A reader who knows that all hidden counts are
# small ones knows the threshold as their upper end; larger ones may be hidden to protect
# others, as all of their group, or for their difference from a linked table.
hidden_bounds <- function(rule, linked = FALSE) {
  open <- !tells_range(rule) && (rule$complementary || !is.null(rule$dominance) || linked)
  c(lowest_hidden(rule), if (open) Inf else max(rule$threshold, lowest_hidden(rule)))
}

# Intervals of the variables `ask` under bounds lo, hi; NULL when nothing fits.
audit_system <- function(system, bounds, ask) {
  bounds <- matrix(as.double(bounds), ncol = 2L)
  ask <- as.integer(ask)
  size <- as.integer(system$size)
  if (system$network) return(.Call(C_disclosure_audit, system$structure, size, bounds, ask))
  check_linear_size(system, nrow(bounds))
  .Call(C_disclosure_audit_linear, system$structure, size, bounds, ask)
}

check_linear_size <- function(system, n) {
  if (as.double(system$size) * n > 4e8) {
    stop_casereview("casereview_error",
      "These tables are too large to be audited together (", n, " cells in ", system$size,
      " sums that form no network): give fewer linked tables or nest on one side only.")
  }
}
