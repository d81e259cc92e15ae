# The items of a scale: what each code of an item is worth, the columns as codes, and the
# sums over cases. Scores, contributions, sensitivity and item analysis all begin here.

# One item as a list: `label`, `score`, `kind` ("rated", "unknown", "not_applicable") of
# each code in order, and `numeric` where the item has a range of numbers and no codes.
item_scale <- function(codebook, item, map = NULL) {
  codes <- codes_of(codebook, item)
  if (!nrow(codes)) return(numeric_scale(codebook, item, map))
  kind <- ifelse(codes$missing == "not_applicable", "not_applicable", "unknown")
  kind[codes$missing == ""] <- "rated"
  score <- as.double(codes$score)
  if (!is.null(map)) score <- mapped_score(score, codes, item, map)
  bare <- kind == "rated" & !is.finite(score)
  if (any(bare)) {
    stop_argument("The item \"", item, "\" has no score for ", list_some(codes$label[bare]),
      ": give it in the codebook's `codes$score`, or in `scores`.")
  }
  if (!any(kind == "rated")) {
    stop_argument("The item \"", item, "\" has missing codes alone and cannot be scored.")
  }
  score[kind != "rated"] <- NA
  list(item = item, label = codes$label, score = score, kind = kind, numeric = FALSE)
}

# An item rated by a number from `min` to `max`; its codes are found in the data.
numeric_scale <- function(codebook, item, map) {
  variable <- variable_of(codebook, item)
  range <- suppressWarnings(as.double(c(variable$min, variable$max)))
  if (!all(is.finite(range)) || range[1L] > range[2L]) {
    stop_argument("The item \"", item, "\" has neither codes nor a lowest and highest value ",
      "(`min` and `max`) in the codebook, so it cannot be scored.")
  }
  if (!is.null(map)) stop_argument("`scores` names \"", item, "\", which has no codes.")
  list(item = item, label = NULL, score = range, kind = c("rated", "rated"), numeric = TRUE)
}

# The scores of the codes after the user's own map, whose names are labels or codes.
mapped_score <- function(score, codes, item, map) {
  where <- paste0("`scores$", item, "`")
  if (!is.numeric(map) || is.null(names(map)) || !all(is.finite(map))) {
    stop_argument(where, " must be numbers named by labels or codes, not ", describe(map), ".")
  }
  at <- match(names(map), codes$label)
  at[is.na(at)] <- match(names(map)[is.na(at)], codes$code)
  if (anyNA(at)) {
    stop_argument(where, " names ", list_some(names(map)[is.na(at)]),
      ", which is no label or code of the item.")
  }
  if (anyDuplicated(at)) stop_argument(where, " scores one code twice.")
  score[at] <- as.double(map)
  score
}

# ---- the options that change what a code is worth ----

check_scale_options <- function(items, weights, direction, cap, groups, scores) {
  check_named_items(weights, "weights", items)
  if (any(weights < 0)) stop_argument("`weights` must be of at least 0.")
  if (!is.null(direction)) {
    check_named_items(direction, "direction", items)
    if (!all(direction %in% c(-1, 1))) {
      stop_argument("`direction` must be 1 (as scored) or -1 (reversed) for each item named.")
    }
  }
  if (!is.null(cap) && !(is.null(names(cap)) && length(cap) == 1L)) {
    check_named_items(cap, "cap", items)
  } else {
    check_number(cap, "cap", null = TRUE)
  }
  if (!is.null(scores) && (!is.list(scores) || is.null(names(scores)))) {
    stop_argument("`scores` must be a list named by items, not ", describe(scores), ".")
  }
  check_item_names(names(scores), "scores", items)
  check_groups(groups, items)
}

check_named_items <- function(x, arg, items) {
  if (is.null(x)) return(invisible(NULL))
  if (!is.numeric(x) || is.null(names(x)) || !all(is.finite(x))) {
    stop_argument("`", arg, "` must be numbers named by items, not ", describe(x), ".")
  }
  check_item_names(names(x), arg, items)
}

check_item_names <- function(names, arg, items) {
  absent <- setdiff(names, items)
  if (length(absent)) {
    stop_argument("`", arg, "` names ", list_some(absent), ", which is not among the items.")
  }
  if (anyDuplicated(names)) {
    stop_argument("`", arg, "` names ", list_some(names[duplicated(names)]), " twice.")
  }
}

check_groups <- function(groups, items) {
  if (is.null(groups)) return(invisible(NULL))
  named <- names(groups)
  if (!is.list(groups) || is.null(named) || anyNA(named) || any(!nzchar(named)) ||
    anyDuplicated(named)) {
    stop_argument("`groups` must be a list of items with a name for each group, not ",
      describe(groups), ".")
  }
  for (name in named) check_strings(groups[[name]], paste0("groups$", name))
  check_item_names(unlist(groups, use.names = FALSE), "groups", items)
  clash <- intersect(named, setdiff(items, unlist(groups)))
  if (length(clash)) {
    stop_argument("`groups` has the name ", list_some(clash), ", which is an item of its own.")
  }
  invisible(groups)
}

# The scale of an item after its map, direction, cap and weight, in that order. The range
# comes along as `low` and `high`.
adjusted_scale <- function(codebook, item, options) {
  scale <- item_scale(codebook, item, options$scores[[item]])
  adjust <- item_adjustment(scale, item, options)
  scale$adjust <- adjust
  scale$score <- adjust(scale$score)
  scale$low <- min(scale$score[scale$kind == "rated"])
  scale$high <- max(scale$score[scale$kind == "rated"])
  scale
}

item_adjustment <- function(scale, item, options) {
  range <- range(scale$score[scale$kind == "rated"])
  reversed <- isTRUE(unname(options$direction[item]) == -1)
  cap <- if (is.null(names(options$cap))) Inf else unname(options$cap[item])
  weight <- unname(options$weights[item])
  if (is.na(cap)) cap <- Inf
  if (!length(weight) || is.na(weight)) weight <- 1
  function(score) {
    if (reversed) score <- range[1L] + range[2L] - score
    weight * pmin(score, cap)
  }
}

# ---- the data as codes ----

# One column as codes of the scale: 1..k, 0 not in the codebook, NA blank. A numeric
# item gets the values that occur as its codes.
coded_item <- function(x, codebook, scale) {
  if (!scale$numeric) {
    scale$code <- if (is.factor(x)) {
      encode_column(levels(x), codebook, scale$item)$code[as.integer(x)]
    } else {
      encode_column(x, codebook, scale$item)$code
    }
    return(scale)
  }
  range <- as.double(unlist(variable_of(codebook, scale$item)[c("min", "max")]))
  number <- column_numbers(x)
  good <- !is.na(number$value) & number$value >= range[1L] & number$value <= range[2L]
  values <- sort(unique(number$value[good]))
  scale$code <- match(number$value, values, nomatch = 0L)
  scale$code[number$blank] <- NA_integer_
  scale$label <- as.character(values)
  scale$score <- scale$adjust(values)
  scale$kind <- rep("rated", length(values))
  scale
}

# A column as numbers: `value` is NA where it is `blank` and where it is no number.
column_numbers <- function(x) {
  if (is.numeric(x) && (!is.object(x) || inherits(x, "haven_labelled"))) {
    value <- as.double(unclass(x))
    return(list(value = value, blank = is.na(value)))
  }
  text <- column_text(x)
  words <- unique(text)
  list(
    value = suppressWarnings(as.double(words))[match(text, words)],
    blank = is.na(text)
  )
}

# ---- units: an item by itself, or a group of items that counts once ----

# Everything the sums need: the units with their codes and tables.
score_units <- function(data, codebook, items, options) {
  scales <- lapply(items, function(item) {
    coded_item(data[[item]], codebook, adjusted_scale(codebook, item, options))
  })
  names(scales) <- items
  grouped <- unlist(options$groups, use.names = FALSE)
  first <- vapply(options$groups, function(g) items[items %in% g][1L], "")
  units <- list()
  for (item in items) {
    if (!item %in% grouped) {
      units[[item]] <- single_unit(scales[[item]], options$unknown)
    } else if (item %in% first) {
      name <- names(options$groups)[match(item, first)]
      units[[name]] <- group_unit(scales[intersect(items, options$groups[[name]])],
        options$unknown)
    }
  }
  list(units = units, scales = scales, n_items = length(items), n = nrow(data))
}

single_unit <- function(scale, unknown) {
  codes <- seq_along(scale$score)
  list(code = scale$code, table = unit_table(list(scale), cbind(c(0L, codes)), unknown),
    items = scale$item)
}

group_unit <- function(scales, unknown) {
  at <- rep(1L, length(scales[[1L]]$code))
  combination <- matrix(0L, 1L, 0L)
  for (scale in scales) {
    code <- scale$code
    code[is.na(code)] <- 0L
    key <- at * (length(scale$score) + 1) + code
    seen <- which(!duplicated(key))
    combination <- cbind(combination[at[seen], , drop = FALSE], code[seen])
    at <- match(key, key[seen])
  }
  combination <- rbind(rep(0L, length(scales)), combination)
  list(code = at, table = unit_table(scales, combination, unknown),
    items = unname(vapply(scales, function(s) s$item, "")))
}

# What each combination of the members' codes is worth: a column a combination, and the
# rows that the C code sums. A group is worth its largest member.
unit_table <- function(scales, combination, unknown) {
  m <- nrow(combination)
  known <- low <- high <- maximum <- rep(-Inf, m)
  n_rated <- n_unknown <- integer(m)
  for (j in seq_along(scales)) {
    scale <- scales[[j]]
    kind <- c("unknown", scale$kind)[combination[, j] + 1L]
    score <- c(NA, scale$score)[combination[, j] + 1L]
    rated <- kind == "rated"
    open <- kind == "unknown"
    n_rated <- n_rated + rated
    n_unknown <- n_unknown + open
    known <- pmax(known, ifelse(rated, score, if (unknown == "zero") ifelse(open, 0, -Inf)
      else -Inf))
    low <- pmax(low, ifelse(rated, score, ifelse(open, scale$low, -Inf)))
    high <- pmax(high, ifelse(rated, score, ifelse(open, scale$high, -Inf)))
    maximum <- pmax(maximum, ifelse(rated | open, scale$high, -Inf))
  }
  finite <- function(x) ifelse(is.finite(x), x, 0)
  rbind(finite(known), finite(low), finite(high), finite(maximum),
    ifelse(n_rated > 0L, finite(maximum), 0), n_rated + 65536 * n_unknown)
}

sum_units <- function(units, n, n_items) {
  codes <- lapply(units, function(unit) unit$code)
  tables <- lapply(units, function(unit) unit$table)
  sums <- score_sum(unname(codes), unname(tables), as.double(n), n_items)
  names(sums$n_zero) <- names(units)
  sums
}

# ---- faults of the data: values that the codebook does not know ----

# The values of a variable that are not in the codebook: row, variable and value.
unknown_values <- function(data, scales, n_zero) {
  found <- lapply(names(scales), function(item) {
    if (isTRUE(n_zero[item] == 0)) return(NULL)
    row <- which(scales[[item]]$code == 0L)
    data.frame(row = row, variable = rep(item, length(row)),
      value = column_text(data[[item]][row]))
  })
  do.call(rbind, c(list(data.frame(row = integer(), variable = character(),
    value = character())), found))
}

# They count as unknown, and a warning says which they are.
warn_unknown_values <- function(values, n = nrow(values)) {
  if (!nrow(values)) return(invisible(values))
  row <- ifelse(is.na(values$row), "", paste(" in row", values$row))
  place <- paste0(values$variable, row, " (", encodeString(values$value, quote = "\""), ")")
  warn_data(
    n, if (n == 1) " value is" else " values are",
    " not in the codebook and ", if (n == 1) "counts" else "count",
    " as unknown: ", list_some(place, quote = ""), ". See check_coding()."
  )
}

warn_data <- function(...) {
  warning(structure(
    class = c("casereview_warning_data", "casereview_warning", "warning", "condition"),
    list(message = paste0(...), call = user_call())
  ))
}

# ---- groups of cases ----

# The columns named in `by` as factors: levels in codebook order, blank as "Missing".
case_groups <- function(data, codebook, by, taken = character()) {
  if (inherits(by, "formula")) by <- all.vars(by)
  by <- check_strings(by, "by", null = TRUE)
  check_columns(by, names(data), "data")
  if (any(by %in% taken)) {
    stop_argument("`by` names ", list_some(intersect(by, taken)),
      ", which is a column of the result: rename it in `data`.")
  }
  groups <- lapply(by, function(name) group_factor(data[[name]], codebook, name))
  names(groups) <- by
  groups
}

group_factor <- function(x, codebook, name) {
  codes <- codes_of(codebook, name)
  if (!nrow(codes)) {
    group <- if (is.factor(x)) x else factor(column_text(x), unique(column_text(sort(unique(x)))))
    return(with_missing(group))
  }
  code <- encode_column(x, codebook, name)$code
  levels <- codes$label
  other <- which(code == 0L)
  text <- column_text(x[other])
  group <- c(levels, unique(text))
  code[other] <- length(levels) + match(text, unique(text))
  keep <- c(codes$missing == "" | seq_along(levels) %in% code, rep(TRUE, length(unique(text))))
  with_missing(factor(group[code], group[keep]))
}

with_missing <- function(group) {
  levels <- levels(group)
  group <- as.character(group)
  if (!anyNA(group)) return(factor(group, levels))
  word <- "Missing"
  group[is.na(group)] <- word
  factor(group, unique(c(levels, word)))
}
