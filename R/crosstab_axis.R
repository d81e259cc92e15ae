# The axes of a table: one entry a printed row, column or stratum, each the set of slots
# (leaves) that it unites. Levels, subtotals, nets and totals are all such sets, so that
# every margin comes from the same counts.

# `blocks` are lists of variables as column_levels() gives them; `margins` by block a list
# of one or two vectors by leaf: the rows of data and, last, what `sort = "total"` goes by.
build_axis <- function(blocks, margins, spec, total) {
  if (!length(blocks)) return(single_axis)
  if (length(blocks) == 1L) return(one_block(blocks[[1L]], margins[[1L]], spec, total))
  parts <- Map(block_entries, blocks, margins, MoreArgs = list(spec = spec))
  shared <- spec$missing != "exclude"
  variables <- unique(unlist(lapply(blocks, block_names)))
  pieces <- vector("list", length(blocks))
  offset <- 0L
  for (b in seq_along(blocks)) {
    last <- b == length(blocks)
    pieces[[b]] <- block_piece(parts[[b]], blocks[[b]], b, variables,
      total = total && (last || !shared))
    pieces[[b]]$parent <- pieces[[b]]$parent + offset
    offset <- offset + length(pieces[[b]]$label)
  }
  all <- lapply(c(label = "label", depth = "depth", kind = "kind", block = "block",
    parent = "parent", top = "top"), function(f) unlist(lapply(pieces, `[[`, f)))
  if (total && shared) all$parent[all$top & is.na(all$parent)] <- offset
  values <- do.call(rbind, lapply(pieces, `[[`, "value"))
  list(
    entries = axis_frame(all, values, variables),
    set = unlist(lapply(pieces, `[[`, "set"), recursive = FALSE),
    whole = lapply(parts, `[[`, "whole"),
    leaves = lapply(blocks, block_leaves),
    variables = variables
  )
}

block_names <- function(block) vapply(block, `[[`, "", "name")

one_block <- function(block, margin, spec, total) {
  part <- block_entries(block, margin, spec)
  variables <- block_names(block)
  piece <- block_piece(part, block, 1L, variables, total)
  list(entries = axis_frame(piece, piece$value, variables), set = piece$set,
    whole = list(part$whole), leaves = list(block_leaves(block)), variables = variables)
}

# The entries of an axis as a data frame; what they stand for in each of its variables is
# the column `value`, a matrix, so that a variable may have any name.
axis_frame <- function(all, values, variables) {
  out <- all[c("label", "depth", "kind", "block", "parent")]
  dimnames(values) <- list(NULL, variables)
  out$value <- values
  attr(out, "row.names") <- .set_row_names(length(out$label))
  class(out) <- "data.frame"
  out
}

# What the entries of an axis stand for in one of its variables.
entry_values <- function(entries, variable) unname(.subset2(entries, "value")[, variable])

# An axis that the formula does not use: one entry for all cases.
single_axis <- list(
  entries = structure(
    list(label = "n", depth = 0L, kind = "level", block = 1L, parent = NA_integer_,
      value = matrix(character(), 1L, 0L)),
    class = "data.frame", row.names = 1L
  ),
  set = list(0L), whole = list(0L), leaves = list(1L), variables = character()
)

block_leaves <- function(block) {
  if (length(block) == 1L) return(block[[1L]]$size + 1L)
  as.integer(prod(vapply(block, function(v) v$size + 1, 0)))
}

# The entries of one block with their values in the axis's variables and its total.
block_piece <- function(part, block, b, variables, total) {
  n <- length(part$label)
  value <- matrix(if (total) c(part$value, "Total") else part$value, ncol = 1L)
  if (length(variables) > 1L) {
    value <- matrix("Total", n + total, length(variables))
    value[seq_len(n), match(block_names(block), variables)] <- part$value
  }
  top <- part$parent %in% 0L
  parent <- part$parent
  parent[top] <- if (total) n + 1L else NA_integer_
  if (!total) {
    return(list(label = part$label, depth = part$depth, kind = part$kind, block = rep(b, n),
      parent = parent, top = top, value = value, set = part$set))
  }
  list(label = c(part$label, "Total"), depth = c(part$depth, 0L), kind = c(part$kind, "total"),
    block = rep(b, n + 1L), parent = c(parent, NA), top = c(top, FALSE), value = value,
    set = c(part$set, list(part$whole)))
}

# label, depth, kind, parent (within the block; 0 the total, NA none), set of leaves and
# value (a column a variable) of the entries of one block, and `whole`, all its leaves.
block_entries <- function(block, margin, spec) {
  rule <- if (length(block) > 1L) nest_rules(block, margin, spec)
  out <- expand_entries(block, margin, spec, rule, outer = NULL)
  out$whole <- whole_set(block, spec)
  out
}

# The slots of a variable that are in the base.
kept_slots <- function(variable, spec) {
  if (spec$missing != "exclude") return(seq.int(0L, variable$size))
  lost <- unlist(variable$slots[variable$kind == "missing"])
  setdiff(seq.int(0L, variable$size), lost)
}

whole_set <- function(block, spec) {
  if (spec$missing != "exclude") return(seq.int(0L, block_leaves(block) - 1L))
  set <- 0L
  for (variable in block) {
    set <- cross_sets(set * (variable$size + 1L), kept_slots(variable, spec))
  }
  set
}

cross_sets <- function(a, b) {
  if (length(b) == 1L) return(a + b)
  as.integer(rep(a, each = length(b)) + b)
}

# Which entries of a variable a table shows, in order: levels, nets, then what is missing
# where something is.
shown_entries <- function(variable, here, spec, rule, outer) {
  n <- entry_counts(variable$slots, here[[1L]])
  lacking <- variable$kind == "missing"
  show <- !lacking | (n > 0 & spec$missing != "exclude")
  if (!is.null(rule)) show <- show & (lacking | rule(n, outer))
  use <- which(show)
  if (length(here) > 1L) n <- entry_counts(variable$slots, here[[2L]])
  sort_entries(variable, n, use, spec$sort)
}

# Cases by entry, from the cases by slot.
entry_counts <- function(slots, here) {
  end <- cumsum(lengths(slots))
  sum <- c(0, cumsum(here[unlist(slots) + 1L]))
  sum[end + 1L] - sum[c(0L, end)[seq_along(end)] + 1L]
}

sort_entries <- function(variable, n, use, sort) {
  if (sort == "levels" || any(variable$depth > 0L)) return(use)
  level <- use[variable$kind[use] == "level"]
  by <- switch(sort,
    total = order(-signif(n[level], 12L)),
    label = order(variable$label[level], method = "radix")
  )
  c(level[by], setdiff(use, level))
}

expand_entries <- function(block, margin, spec, rules, outer) {
  variable <- block[[1L]]
  inner <- block[-1L]
  if (!length(inner)) {
    return(innermost(variable, shown_entries(variable, margin, spec, rules[[1L]], outer)))
  }
  n_inner <- block_leaves(inner)
  margin <- lapply(margin, matrix, nrow = n_inner)
  use <- shown_entries(variable, lapply(margin, colSums), spec, rules[[1L]], outer)
  whole <- whole_set(inner, spec)
  pieces <- lapply(use, function(e) {
    slots <- variable$slots[[e]]
    own <- list(
      label = variable$label[e], depth = variable$depth[e], parent = own_parent(variable, e),
      kind = if (variable$kind[e] == "level") "subtotal" else variable$kind[e],
      set = list(cross_sets(slots * n_inner, whole)),
      value = matrix(c(variable$label[e], rep("Total", length(inner))), 1L)
    )
    if (variable$kind[e] == "net") return(own)
    below <- lapply(margin, function(m) rowSums(m[, slots + 1L, drop = FALSE]))
    child <- expand_entries(inner, below, spec, rules[-1L], outer = e)
    join_child(own, child, slots * n_inner, variable$label[e], spec$subtotals)
  })
  if (length(pieces)) return(bind_pieces(pieces))
  list(label = character(), depth = integer(), kind = character(), parent = integer(),
    set = list(), value = matrix(character(), 0L, length(block)))
}

own_parent <- function(variable, e) {
  if (variable$multicode || variable$kind[e] == "net") NA_integer_ else 0L
}

innermost <- function(variable, use) {
  kind <- variable$kind[use]
  list(
    label = variable$label[use], depth = variable$depth[use], kind = kind,
    parent = replace(integer(length(use)), variable$multicode | kind == "net", NA),
    set = variable$slots[use], value = matrix(variable$label[use], ncol = 1L)
  )
}

# The subtotal of an outer level with the rows nested in it, before or after them.
join_child <- function(own, child, shift, label, subtotals) {
  n <- length(child$label)
  if (n == 0L) {
    own$kind <- sub("subtotal", "level", own$kind)
    return(own)
  }
  at <- if (subtotals == "after") n + 1L else 1L
  move <- if (subtotals == "after") 0L else 1L
  parent <- ifelse(child$parent == 0L, at, child$parent + move)
  rows <- if (subtotals == "after") c(seq_len(n), 0L) else c(0L, seq_len(n))
  pick <- rows + 1L
  list(
    label = c(own$label, child$label)[pick],
    depth = c(own$depth, child$depth + own$depth + 1L)[pick],
    kind = c(own$kind, child$kind)[pick],
    parent = as.integer(c(own$parent, parent))[pick],
    set = c(own$set, lapply(child$set, function(s) cross_sets(shift, s)))[pick],
    value = rbind(own$value, cbind(label, child$value, deparse.level = 0L))[pick, , drop = FALSE],
    own = at
  )
}

bind_pieces <- function(pieces) {
  offset <- 0L
  for (i in seq_along(pieces)) {
    parent <- pieces[[i]]$parent
    own <- pieces[[i]]$own
    up <- !is.na(parent) & parent > 0L
    parent[up] <- parent[up] + offset
    pieces[[i]]$parent <- parent
    offset <- offset + length(pieces[[i]]$label)
  }
  fields <- c(label = "label", depth = "depth", kind = "kind", parent = "parent")
  out <- lapply(fields, function(f) unlist(lapply(pieces, `[[`, f)))
  out$set <- unlist(lapply(pieces, `[[`, "set"), recursive = FALSE)
  out$value <- do.call(rbind, lapply(pieces, `[[`, "value"))
  out
}

# ---- which inner levels stand under which outer level ----

# For each variable of a block a function of the counts of its entries under an outer
# entry, and of that entry: which are shown. Levels that each lie in one outer level
# alone are a hierarchy: they stand there only. A level that no case has stands under
# every outer level, since its place is not known, unless the codebook tells.
nest_rules <- function(block, margin, spec) {
  rules <- vector("list", length(block))
  if (spec$nested == "all") return(rules)
  sizes <- vapply(block, function(v) v$size + 1L, 0L)
  counts <- array(margin[[1L]], rev(sizes))
  depth <- length(block)
  for (d in seq_len(depth)[-1L]) {
    joint <- apply(counts, c(depth - d + 1L, depth - d + 2L), sum)
    rules[d] <- list(nest_rule(block[[d - 1L]], block[[d]], joint, spec))
  }
  rules
}

nest_rule <- function(outer, inner, joint, spec) {
  if (spec$nested == "observed") return(function(n, outer) n > 0)
  group <- inner$group
  level <- inner$kind == "level"
  if (any(level) && all(group[level] %in% outer$label)) {
    return(function(n, at) n > 0 | group == outer$label[at])
  }
  if (outer$multicode || inner$multicode) return(NULL)
  holds <- entry_joint(outer, inner, joint) > 0
  if (!any(holds) || any(rowSums(holds) > 1)) return(NULL)
  empty <- rep(FALSE, length(level))
  empty[level] <- rowSums(holds) == 0
  function(n, at) n > 0 | empty
}

# Cases by inner level (rows) and outer level (columns).
entry_joint <- function(outer, inner, joint) {
  rows <- inner$slots[inner$kind == "level"]
  columns <- outer$slots[outer$kind == "level"]
  out <- matrix(0, length(rows), length(columns))
  for (i in seq_along(rows)) for (j in seq_along(columns)) {
    out[i, j] <- sum(joint[rows[[i]] + 1L, columns[[j]] + 1L])
  }
  out
}

# An axis, or the entries `use` of one of its blocks, as the kernel takes it.
pack_sets <- function(set, leaves) {
  list(as.integer(c(0L, cumsum(lengths(set)))), as.integer(unlist(set)), as.integer(leaves))
}
