# The items of a scale: what each code of an item is worth, the columns as codes, and the
# sums over cases. Scores, contributions, sensitivity and item analysis all begin here.

# Each item as a list: `label`, `code`, `aliases`, `score` and `kind` ("rated", "unknown",
# "not_applicable") of its codes in order, `numeric` where the item has a range of numbers
# and no codes.
item_scales <- function(codebook, items, maps = NULL) {
  codes <- unclass(codebook$codes)
  at <- match(codes$variable, items)
  row <- order(at, na.last = NA)
  n <- tabulate(at, length(items))
  last <- cumsum(n)
  codes <- lapply(codes, `[`, row)
  kind <- c("rated", "unknown", "not_applicable")[
    1L + nzchar(codes$missing) + (codes$missing == "not_applicable")]
  plain <- plain_words(codes)
  scales <- lapply(seq_along(items), function(j) {
    map <- maps[[items[j]]]
    if (n[j] == 0L) return(numeric_scale(codebook, items[j], map))
    rows <- last[j] - n[j] + seq_len(n[j])
    scale <- list(item = items[j], label = codes$label[rows], code = codes$code[rows],
      aliases = codes$aliases[rows], score = as.double(codes$score[rows]),
      kind = kind[rows], numeric = FALSE, plain = plain || plain_words(codes, rows))
    if (!is.null(map)) scale$score <- mapped_score(scale$score, scale, items[j], map)
    check_scale(scale)
  })
  names(scales) <- items
  scales
}

# Do labels and codes say all that may stand in a cell: no alias, no code such as "01"?
plain_words <- function(codes, rows = seq_along(codes$code)) {
  !any(nzchar(codes$aliases[rows])) && !length(number_words(codes$code[rows]))
}

check_scale <- function(scale) {
  rated <- scale$kind == "rated"
  if (!all(is.finite(scale$score[rated]))) {
    bare <- rated & !is.finite(scale$score)
    stop_argument("The item \"", scale$item, "\" has no score for ",
      list_some(scale$label[bare]),
      ": give it in the codebook's `codes$score`, or in `scores`.")
  }
  if (!any(rated)) {
    stop_argument("The item \"", scale$item, "\" has missing codes alone and cannot be scored.")
  }
  scale$score[!rated] <- NA
  scale
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
  list(item = item, label = NULL, score = range, kind = c("rated", "rated"), numeric = TRUE,
    range = range)
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

# The scales of the items after map, direction, cap and weight, in that order. The range
# comes along as `low` and `high`.
adjusted_scales <- function(codebook, items, options) {
  changed <- c(names(options$direction), names(options$cap), names(options$weights))
  lapply(item_scales(codebook, items, options$scores), function(scale) {
    scale$adjust <- identity
    if (scale$item %in% changed) {
      scale$adjust <- item_adjustment(scale, scale$item, options)
      scale$score <- scale$adjust(scale$score)
    }
    scale$low <- min(scale$score, na.rm = TRUE)
    scale$high <- max(scale$score, na.rm = TRUE)
    scale
  })
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

# The column of an item and what its cells may hold, as C reads them: `cells` as they are,
# with `words` (texts and the positions of their codes, or the lowest and highest of whole
# numbers), or codes (0 not in the codebook, NA blank) without `words`.
read_item <- function(x, codebook, scale) {
  if (scale$numeric) return(read_numbers(x, scale))
  if (!is.factor(x) && !(typeof(x) %in% c("character", "integer", "double")) ||
    inherits(x, c("Date", "POSIXct", "integer64"))) {
    scale$cells <- encode_column(x, codebook, scale$item)$code
    return(scale)
  }
  scale$cells <- x
  words <- scale_words(scale)
  if (!is.null(attr(x, "labels", exact = TRUE))) words <- add_value_labels(words, x)
  scale$words <- list(words$word, words$position)
  scale
}

scale_words <- function(scale) {
  if (!scale$plain) return(code_words(scale))
  n <- seq_along(scale$code)
  list(word = c(scale$label, scale$code), position = c(n, n), how = NULL)
}

# An item rated in numbers. Where these are whole and not too many, each is a code;
# otherwise those that occur are.
read_numbers <- function(x, scale) {
  range <- scale$range
  plain <- typeof(x) %in% c("integer", "double") &&
    (!is.object(x) || inherits(x, "haven_labelled"))
  if (plain && range[2L] - range[1L] < 4096 && all(range == floor(range)) &&
    all(abs(range) < 1e9) && encode_whole(x)) {
    values <- seq(range[1L], range[2L])
    scale$cells <- x
    scale$words <- as.integer(range)
  } else {
    if (is.factor(x)) check_factor(x, paste0("Column \"", scale$item, "\" of `data`"))
    number <- column_numbers(x)
    good <- !is.na(number$value) & number$value >= range[1L] & number$value <= range[2L]
    values <- sort(unique(number$value[good]))
    scale$cells <- match(number$value, values, nomatch = 0L)
    scale$cells[number$blank] <- NA_integer_
  }
  scale$label <- as.character(values)
  scale$score <- scale$adjust(values)
  scale$kind <- rep("rated", length(values))
  scale
}

# The column as codes of the scale: 1..k, 0 not in the codebook, NA blank.
item_codes <- function(scale) {
  if (is.null(scale$words)) return(scale$cells)
  if (is.integer(scale$words)) {
    value <- as.double(scale$cells)
    code <- match(value, seq(scale$words[1L], scale$words[2L]), nomatch = 0L)
    code[is.na(value)] <- NA
    return(code)
  }
  at <- encode_words(scale$cells, scale$words[[1L]]) + 1L
  c(0L, scale$words[[2L]])[at]
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

# Everything the sums need: the units with their cells, words and tables.
score_units <- function(data, codebook, items, options) {
  scales <- adjusted_scales(codebook, items, options)
  data <- unclass(data)
  scales[] <- lapply(scales, function(scale) read_item(data[[scale$item]], codebook, scale))
  c(units_of(scales, options), list(scales = scales, n_items = length(items),
    n = .row_names_info(data, 2L), restricted = restricted_in(codebook)))
}

units_of <- function(scales, options) {
  items <- names(scales)
  single <- single_tables(scales)
  units <- lapply(seq_along(scales), function(j) {
    list(cells = scales[[j]]$cells, words = scales[[j]]$words, table = single$tables[[j]],
      items = items[j])
  })
  names <- items
  for (name in names(options$groups)) {
    at <- which(items %in% options$groups[[name]])
    if (!length(at)) next
    units[[at[1L]]] <- group_unit(scales[at], options$unknown)
    names[at] <- c(name, rep(NA, length(at) - 1L))
  }
  names(units) <- names
  list(units = units[!is.na(names)], divisor = single$divisor)
}

# What each code of each item is worth, as unit_table() says, all items at once: a list of
# `tables` and the `divisor` that makes whole numbers of them.
single_tables <- function(scales) {
  n <- vapply(scales, function(s) length(s$score), 0L) + 2L
  score <- unlist(lapply(scales, function(s) c(NA, s$score, NA)), use.names = FALSE)
  kind <- unlist(lapply(scales, function(s) c("unknown", s$kind, "none")), use.names = FALSE)
  low <- rep.int(vapply(scales, function(s) s$low, 0), n)
  high <- rep.int(vapply(scales, function(s) s$high, 0), n)
  rated <- kind == "rated"
  applies <- kind != "not_applicable"
  known <- score
  known[!rated] <- 0
  low[rated] <- score[rated]
  low[!applies] <- 0
  maximum <- high * applies
  high[rated] <- score[rated]
  high[!applies] <- 0
  table <- rbind(known, low, high, maximum, maximum * rated,
    rated + 65536 * (applies & !rated) + 2^32 * (kind == "none"), deparse.level = 0L)
  last <- 6 * cumsum(n)
  list(
    tables = lapply(seq_along(n), function(j) table[seq.int(last[j] - 6 * n[j] + 1, last[j])]),
    divisor = if (any(table != floor(table))) tenths_divisor(table[-6L, ], length(n))
  )
}

# Sums of 0.1 and 0.2 are not that of 0.3: decimals are summed as whole numbers of a tenth,
# a hundredth and so on, which is exact, and divided at the end. NULL where the numbers are
# whole as they are, 0 where no such part fits, as with a weight of a third.
tenths_divisor <- function(x, n_items) {
  for (divisor in 10^(0:9)) {
    y <- x * divisor
    most <- max(abs(y))
    if (most * n_items > 2^51) return(0)
    if (all(abs(y - round(y)) <= 16 * .Machine$double.eps * most)) return(divisor)
  }
  0
}

tenths_table <- function(table, divisor) {
  if (is.null(divisor) || divisor == 0) return(table)
  sums <- rep_len(c(TRUE, TRUE, TRUE, TRUE, TRUE, FALSE), length(table))
  table[sums] <- round(table[sums] * divisor)
  table
}

group_unit <- function(scales, unknown) {
  codes <- lapply(scales, item_codes)
  at <- rep(1L, length(codes[[1L]]))
  combination <- matrix(0L, 1L, 0L)
  n_none <- 0L
  for (j in seq_along(scales)) {
    code <- codes[[j]]
    n_none <- n_none + (code %in% 0L)
    code[is.na(code)] <- 0L
    key <- at * (length(scales[[j]]$score) + 1) + code
    seen <- which(!duplicated(key))
    combination <- cbind(combination[at[seen], , drop = FALSE], code[seen])
    at <- match(key, key[seen])
  }
  combination <- rbind(rep(0L, length(scales)), combination, rep(0L, length(scales)))
  list(cells = at, table = unit_table(scales, combination, unknown), n_none = sum(n_none),
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

none_in_groups <- function(units) {
  sum(vapply(units, function(unit) if (is.null(unit$n_none)) 0 else as.double(unit$n_none), 0))
}

# `read` takes the columns as C does, and the divisor of what their codes are worth. C tells
# the number of a column that it cannot read: a damaged factor.
read_units <- function(read, input, units) {
  found <- read(list(
    unname(lapply(units, function(unit) unit$cells)),
    unname(lapply(units, function(unit) unit$words)),
    unname(lapply(units, function(unit) tenths_table(unit$table, input$divisor)))
  ), if (is.null(input$divisor)) 1 else input$divisor)
  if (is.list(found)) return(found)
  item <- units[[found]]$items
  check_factor(unclass(input$data)[[item[1L]]], paste0("Column \"", item[1L], "\" of `data`"))
  stop("Internal error in casereview: a code outside its table. Please report it.")
}

# ---- faults of the data: values that the codebook does not know ----

# The values of the items that are not in the codebook: row, variable and value.
unknown_values <- function(input, n_none = 1) {
  none <- list(row = integer(), variable = character(), value = character())
  attributes(none) <- list(names = names(none), row.names = integer(), class = "data.frame")
  if (n_none == 0) return(none)
  found <- lapply(input$scales, function(scale) {
    row <- which(item_codes(scale) == 0L)
    unknown_cells(input$data[[scale$item]], row, scale$item, input$restricted)
  })
  do.call(rbind, c(list(none), unname(found)))
}

# The cells of `item` in these rows; what is restricted is not repeated.
unknown_cells <- function(x, row, item, restricted) {
  value <- if (item %in% restricted) rep("(restricted)", length(row)) else column_text(x[row])
  data.frame(row = row, variable = rep(item, length(row)), value = value)
}

restricted_in <- function(codebook) {
  codebook$variables$variable[codebook$variables$restricted %in% TRUE]
}

# They count as unknown, and a warning says which they are.
warn_unknown_values <- function(values, n = nrow(values)) {
  if (!nrow(values)) return(invisible(values))
  row <- ifelse(is.na(values$row), "", paste(" in row", values$row))
  value <- ifelse(values$value %in% "(restricted)", "",
    paste0(" (", encodeString(values$value, quote = "\""), ")"))
  place <- paste0(values$variable, row, value)
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
    if (is.factor(x)) return(with_missing(x))
    text <- column_text(x)
    levels <- if (is.numeric(x)) unique(column_text(sort(unique(x)))) else sort(unique(text))
    return(with_missing(factor(text, levels)))
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
