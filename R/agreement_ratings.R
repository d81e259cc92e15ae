# Ratings, long or wide, as codes: what agreement(), disagreements(), consensus() and the
# smaller indices of agreement share.

# A fault of the ratings that no coefficient can be computed over: which rows, and what.
stop_ratings <- function(...) {
  stop_casereview(c("casereview_error_ratings", "casereview_error_argument"), ...)
}

# Ratings as list(case, coders, items, wide): `case` the ids in order of appearance,
# `coders` their names, `items` one list an item:
#   item, labels, value (numbers or NULL), ordered, missing (which labels are missing
#   codes), case (an integer a row), codes (wide: a vector a coder; long: one vector),
#   coder (long: an integer a row), original (how to give a code back to the user).
read_ratings <- function(ratings, formula, case, coder, coders = NULL, scale = NULL,
                         codebook = NULL, separator = NULL, rows_are_cases = FALSE) {
  if (!is.null(codebook)) check_codebook(codebook)
  parts <- rating_formula(formula, coders)
  case <- check_string(case, "case")
  ratings <- check_data(ratings, "ratings", c(parts$rating, parts$item))
  rows_are_cases <- rows_are_cases && parts$wide && !case %in% names(ratings)
  if (!rows_are_cases) ratings <- check_data(ratings, "ratings", case)
  id <- rating_ids(ratings, parts, case, coder, rows_are_cases)
  check_scale_names(scale, id$items)
  columns <- unclass(ratings)[parts$rating]
  rows <- rows_by_item(id$item, length(id$items),
    if (any(id$empty)) which(!id$empty))
  items <- lapply(seq_along(id$items), function(i) {
    at <- rows[[i]]
    if (!is.null(at)) columns <- lapply(columns, `[`, at)
    part <- code_item(columns, id$items[i], scale, codebook, separator)
    part$case <- if (is.null(at)) id$case else id$case[at]
    part$whole <- rows_are_cases && is.null(at)
    part$coder <- if (parts$wide) NULL else if (is.null(at)) id$coder else id$coder[at]
    part$row <- at
    part
  })
  list(case = id$cases, coders = id$coders, items = items, wide = parts$wide,
    case_name = case, item_name = if (is.null(parts$item)) "item" else parts$item)
}

# The rows of each item; NULL for all of them.
rows_by_item <- function(item, n_items, keep) {
  if (is.null(item)) return(list(keep))
  if (is.null(keep)) keep <- seq_along(item)
  unname(split(keep, factor(item[keep], levels = seq_len(n_items))))
}

# Coders named without a formula rate one item, unless there is a column of items.
item_formula <- function(formula, given, coders, ratings) {
  if (given || is.null(coders) || "item" %in% names(ratings)) return(formula)
  rating ~ 1
}

# What the formula names: rating ~ item, rating ~ 1, cbind(a, b) ~ item.
rating_formula <- function(formula, coders) {
  formula <- check_formula(formula, "formula", "rating ~ item")
  left <- if (length(formula) == 3L) formula[[2L]]
  right <- formula[[length(formula)]]
  rating <- check_strings(coders, "coders", null = TRUE)
  if (is.null(rating)) rating <- left_names(left)
  if (!is.null(coders) && length(rating) < 1L) {
    stop_argument("`coders` must name at least one column.")
  }
  if (anyDuplicated(rating)) {
    stop_argument("The column ", list_some(rating[duplicated(rating)]),
      " stands for two coders.")
  }
  wide <- !is.null(coders) || (is.call(left) && identical(left[[1L]], quote(cbind)))
  list(rating = rating, item = right_name(right), wide = wide)
}

left_names <- function(left) {
  if (is.name(left)) return(as.character(left))
  many <- is.call(left) && identical(left[[1L]], quote(cbind)) && length(left) > 1L &&
    all(vapply(as.list(left)[-1L], is.name, TRUE))
  if (!many) {
    stop_argument("The left side of `formula` must name the column of ratings, or the ",
      "coders' columns as cbind(coder1, coder2).")
  }
  vapply(as.list(left)[-1L], as.character, "")
}

right_name <- function(right) {
  if (is.name(right) && !identical(right, quote(.))) return(as.character(right))
  if (identical(right, 1)) return(NULL)
  stop_argument("The right side of `formula` must be the column of items, or 1 where ",
    "there is one item.")
}

# Case, coder and item of each row as integers, and the names behind them.
rating_ids <- function(ratings, parts, case, coder, rows_are_cases) {
  n <- nrow(ratings)
  item <- if (!is.null(parts$item)) id_codes(ratings[[parts$item]])
  case_id <- if (rows_are_cases) {
    list(code = seq_len(n), names = seq_len(n))
  } else {
    id_codes(ratings[[case]], appearance = TRUE)
  }
  if (parts$wide) {
    coder_id <- list(code = NULL, names = parts$rating)
  } else {
    coder <- check_string(coder, "coder")
    check_data(ratings, "ratings", coder)
    coder_id <- id_codes(ratings[[coder]])
  }
  empty <- FALSE
  if (!rows_are_cases) {
    empty <- logical(n)
    lost <- list(case_id$code, coder_id$code, item$code)
    names(lost) <- c(case, if (is.null(coder_id$code)) "" else coder,
      if (is.null(parts$item)) "" else parts$item)
    for (name in names(lost)[!vapply(lost, is.null, TRUE)]) {
      bad <- is.na(lost[[name]])
      if (!any(bad)) next
      no_rating <- Reduce(`&`, lapply(unclass(ratings)[parts$rating], is_blank))
      if (any(bad & !no_rating)) {
        row <- which(bad & !no_rating)
        stop_ratings("A rating has no `", name, "` in row", if (length(row) > 1L) "s", " ",
          list_some(row, quote = ""), " of `ratings`.")
      }
      empty <- empty | bad
    }
    check_twice(case_id, coder_id, item, empty)
  }
  list(case = case_id$code, cases = case_id$names, coder = coder_id$code,
    coders = as.character(coder_id$names), item = item$code,
    items = if (is.null(item)) "all" else as.character(item$names), empty = empty)
}

# One case may have one rating by a coder on an item.
check_twice <- function(case, coder, item, empty) {
  part <- list(case$code, coder$code, item$code)
  if (length(case$names) == length(case$code)) return(invisible())
  size <- as.double(c(length(case$names), length(coder$names), length(item$names)))
  key <- 0
  for (i in 1:3) if (!is.null(part[[i]])) key <- key * max(size[i], 1) + part[[i]] - 1
  key[empty] <- NA
  at <- which(duplicated(key) & !is.na(key))
  if (!length(at)) return(invisible())
  name <- function(id, i) as.character(id$names)[id$code[i]]
  text <- paste0("case ", name(case, at))
  if (!is.null(coder$code)) text <- paste0(text, ", coder ", name(coder, at))
  if (!is.null(item)) text <- paste0(text, ", item ", name(item, at))
  stop_ratings("`ratings` must hold one rating a case, coder and item; rated twice: ",
    list_some(text), " (row ", list_some(at, quote = ""), ").")
}

# Ids as integers: factors in the order of their levels, all else as they appear.
id_codes <- function(x, appearance = FALSE) {
  if (is.factor(x)) {
    used <- if (appearance) unique(as.integer(x)) else sort(unique(as.integer(x)))
    used <- used[!is.na(used)]
    return(list(code = match(as.integer(x), used), names = levels(x)[used]))
  }
  if (is.character(x)) x <- column_text(x)
  names <- unique(x)
  names <- names[!is.na(names)]
  list(code = match(x, names), names = names)
}

is_blank <- function(x) {
  if (is.factor(x) && !anyNA(column_text(levels(x)))) x <- as.integer(x)
  if (is.factor(x) || is.character(x)) is.na(column_text(x)) else is.na(x)
}

# ---- the scale of one item ----

# Ratings of one item as codes on its scale.
code_item <- function(columns, item, scale, codebook, separator) {
  if (!is.null(separator)) return(code_sets(columns, item, separator))
  declared <- if (is.list(scale)) scale[[item]] else scale
  if (!is.null(declared)) return(code_declared(columns, item, declared))
  if (!is.null(codebook) && item %in% codebook$codes$variable) {
    return(code_codebook(columns, item, codebook))
  }
  declared <- declared_range(columns, item, codebook)
  if (!is.null(declared)) return(code_declared(columns, item, declared))
  factors <- vapply(columns, is.factor, TRUE)
  if (length(columns) && all(factors)) return(code_factors(columns, item))
  if (any(factors)) columns[factors] <- lapply(columns[factors], as.character)
  code_found(columns, item)
}

new_item <- function(item, labels, codes, value = NULL, ordered = TRUE,
                     missing = logical(length(labels)), kind = "factor") {
  list(item = item, labels = labels, codes = codes, value = value, ordered = ordered,
    missing = missing, kind = kind)
}

check_scale_names <- function(scale, items) {
  if (is.null(scale)) return(invisible())
  wrong <- if (is.list(scale)) {
    is.object(scale) || is.null(names(scale)) || any(!names(scale) %in% items)
  } else {
    !is.atomic(scale)
  }
  if (wrong) {
    stop_argument("`scale` must be a vector of codes in order, or a list of these named by ",
      "item; the items are ", list_some(items), ".")
  }
}

# An item in a sentence; without a name where there is one.
of_item <- function(item) if (item == "all") "the item" else dQuote(item, FALSE)

off_scale <- function(item, values, scale) {
  stop_ratings("The ratings of ", of_item(item), " hold ", list_some(values),
    ", which is not on its scale of ", list_some(scale, most = 12L), ".")
}

code_declared <- function(columns, item, declared) {
  if (is.factor(declared)) declared <- levels(declared)
  if (!is.atomic(declared) || !length(declared) || anyNA(declared) ||
        anyDuplicated(declared)) {
    stop_argument("`scale` must hold each code of ", of_item(item),
      " once, without NA, in order.")
  }
  numeric <- is.numeric(declared)
  codes <- lapply(columns, function(x) {
    blank <- is_blank(x)
    if (is.factor(x)) x <- as.character(x)
    if (numeric && is.character(x)) x <- suppressWarnings(as.double(x))
    code <- match(if (numeric) as.double(x) else column_text(x), declared)
    bad <- !blank & is.na(code)
    if (any(bad)) off_scale(item, x[bad], declared)
    code[blank] <- NA
    code
  })
  value <- if (numeric) as.double(declared) else label_values(declared)
  result <- new_item(item, as.character(declared), codes, value,
    kind = if (numeric) "number" else "factor")
  result$declared <- TRUE
  result
}

# The whole numbers from `min` to `max` of an item of the codebook without codes; NULL
# where it has no such range and where it is rated in parts of a number.
declared_range <- function(columns, item, codebook) {
  variables <- codebook$variables
  at <- which(variables$variable == item & variables$type == "rating")
  range <- suppressWarnings(as.double(c(variables$min[at], variables$max[at])))
  good <- length(range) == 2L && all(is.finite(range)) && all(range == floor(range)) &&
    diff(range) >= 0 && diff(range) <= 100
  whole <- function(x) {
    x <- column_numbers(x)
    isTRUE(all(x$blank | x$value == floor(x$value)))
  }
  if (good && all(vapply(columns, whole, NA))) seq(range[1L], range[2L])
}

code_codebook <- function(columns, item, codebook) {
  codes <- codes_of(codebook, item)
  found <- lapply(columns, function(x) {
    code <- encode_column(x, codebook, item)$code
    bad <- !is.na(code) & code == 0L
    if (any(bad)) off_scale(item, column_text(x)[bad], codes$label)
    code
  })
  missing <- nzchar(codes$missing)
  value <- codes$score
  if (all(is.na(value[!missing]))) value <- suppressWarnings(as.double(codes$code))
  new_item(item, codes$label, found, if (anyNA(value[!missing])) NULL else value,
    missing = missing)
}

code_factors <- function(columns, item) {
  labels <- levels(columns[[1L]])
  same <- vapply(columns, function(x) identical(levels(x), labels), TRUE)
  if (!all(same)) {
    stop_argument("The columns ", list_some(names(columns)), " have different levels; ",
      "give the codes in order in `scale`.")
  }
  blank <- which(is.na(column_text(labels)))
  codes <- lapply(columns, function(x) {
    code <- as.integer(x)
    if (length(blank)) code[code %in% blank] <- NA
    code
  })
  new_item(item, labels, codes, label_values(labels))
}

# Labels that are all numbers have these as values.
label_values <- function(labels) {
  if (!all(grepl("^ *[-+.0-9]", labels))) return(NULL)
  value <- suppressWarnings(as.double(labels))
  if (anyNA(value)) NULL else value
}

# No declared scale: the codes that occur. Numbers sort as numbers; the order of texts is
# not known.
code_found <- function(columns, item) {
  known <- unlist(lapply(columns, function(x) as.double(attr(x, "labels", exact = TRUE))))
  columns <- lapply(columns, unclass_64)
  odd <- vapply(columns, function(x) inherits(x, c("Date", "POSIXt")), TRUE)
  if (any(odd)) {
    stop_argument("The ratings of column ", list_some(names(columns)[odd]),
      " must be codes, not ", class(columns[odd][[1L]])[1L], " values.")
  }
  number <- vapply(columns, function(x) is.numeric(x), TRUE)
  logical <- vapply(columns, is.logical, TRUE)
  empty <- !number & vapply(columns, function(x) !is.numeric(x) && all(is_blank(x)), TRUE)
  if (all(number | empty) && any(number)) {
    return(code_numbers(lapply(columns, as_number), item, known))
  }
  if (all(logical)) {
    codes <- lapply(columns, function(x) (as.integer(x) != 0L) + 1L)
    return(new_item(item, c("FALSE", "TRUE"), codes, c(0, 1), kind = "logical"))
  }
  code_texts(columns, item)
}

as_number <- function(x) {
  if (!is.null(attributes(x))) attributes(x) <- NULL
  if (is.numeric(x)) x else rep(NA_real_, length(x))
}

code_numbers <- function(columns, item, known = NULL) {
  if (!length(known)) {
    fast <- .Call(C_agreement_whole, unname(columns))
    if (!is.null(fast)) {
      return(new_item(item, as.character(fast$values), fast$codes, fast$values,
        kind = "number"))
    }
  }
  value <- sort(unique(c(as.double(known), unlist(lapply(columns, unique)))))
  if (any(is.infinite(value))) {
    stop_ratings("A rating of ", of_item(item), " is infinite.")
  }
  codes <- lapply(columns, match, table = value, incomparables = NA)
  new_item(item, format_numbers(value), codes, value, kind = "number")
}

format_numbers <- function(x) vapply(x, format, "", digits = 15L)

code_texts <- function(columns, item) {
  columns <- lapply(columns, column_text)
  labels <- unique(unlist(columns, use.names = FALSE))
  labels <- sort(labels[!is.na(labels)], method = "radix")
  value <- label_values(labels)
  if (length(value)) labels <- labels[order(value)]
  codes <- lapply(columns, match, table = labels, incomparables = NA)
  new_item(item, as.character(labels), codes,
    ordered = length(value) > 0L || length(labels) < 3L, kind = "text")
}

# Sets of codes in one cell, such as "Mother; Father": the sets that occur are the codes.
code_sets <- function(columns, item, separator) {
  split_one <- function(x) {
    lapply(strsplit(column_text(x), separator, fixed = TRUE), function(s) {
      s <- sort(unique(trimws(s)), method = "radix")
      s[nzchar(s)]
    })
  }
  sets <- lapply(columns, split_one)
  text <- lapply(sets, vapply, function(s) {
    if (length(s)) paste(s, collapse = separator) else NA_character_
  }, "")
  labels <- unique(unlist(text, use.names = FALSE))
  labels <- labels[!is.na(labels)]
  codes <- lapply(text, match, table = labels, incomparables = NA)
  result <- new_item(item, as.character(labels), codes, ordered = FALSE, kind = "text")
  result$sets <- strsplit(as.character(labels), separator, fixed = TRUE)
  result
}

# ---- patterns ----

# Missing codes are no rating where agreement is measured.
substantive <- function(item) {
  if (!any(item$missing)) return(item)
  new <- rep(NA_integer_, length(item$labels))
  new[!item$missing] <- seq_len(sum(!item$missing))
  item$codes <- lapply(item$codes, function(x) new[x])
  item$value <- item$value[!item$missing]
  item$labels <- item$labels[!item$missing]
  item$missing <- logical(length(item$labels))
  item
}

# The ratings of an item as patterns, `of` telling each case's. Coders who rated nothing
# are left out.
item_patterns <- function(item, n_cases, keep_coders) {
  q <- max(length(item$labels), 1L)
  if (is.null(item$coder)) {
    rated <- !vapply(item$codes, all_missing, TRUE)
    n_coders <- sum(rated)
    codes <- if (any(rated)) item$codes[rated] else item$codes[1L]
    found <- .Call(C_agreement_patterns_wide, unname(codes), q, as.integer(keep_coders))
    if (!isTRUE(item$whole)) {
      of <- integer(n_cases)
      of[item$case] <- found$of
      found$of <- of
    }
  } else {
    rated <- sort(unique(item$coder[!is.na(item$codes[[1L]])]))
    n_coders <- length(rated)
    use <- which(!is.na(item$codes[[1L]]))
    found <- .Call(C_agreement_patterns_long, item$case[use],
      match(item$coder[use], rated), item$codes[[1L]][use], as.integer(n_cases), n_coders,
      q, as.integer(keep_coders))
  }
  found$n_coders <- n_coders
  found$rated <- if (is.null(item$coder)) which(rated) else rated
  found$length <- diff(found$start)
  found$set <- list(found$start, found$key, q, if (keep_coders) max(n_coders, 1L) else 0L)
  found
}

# Most columns show a rating in their first places.
all_missing <- function(x) all(is.na(x[seq_len(min(10L, length(x)))])) && all(is.na(x))

# Ratings as a matrix of codes, a row a case and a column a coder.
item_matrix <- function(item, n_cases, n_coders) {
  x <- matrix(NA_integer_, n_cases, n_coders)
  if (is.null(item$coder)) {
    for (j in seq_len(n_coders)) x[item$case, j] <- item$codes[[j]]
  } else {
    x[cbind(item$case, item$coder)] <- item$codes[[1L]]
  }
  x
}
