# Expressions of a codebook may come from a stranger. They are parsed, held against a
# list of what is allowed, and worked out by the small evaluator below: R's own eval()
# is never called, so that there is no environment to reach, no method to dispatch on
# and no function to find but those in `expression_language()`. What a value may be:
# numbers, texts, dates and logicals, each of length 1 or of one length with the data.

expression_limits <- list(characters = 5000L, depth = 50L, set = 10000L, pattern = 500L)

# The expression in `text`, or one sentence that says what is not allowed in it.
parse_allowed <- function(text, where) {
  text <- enc2utf8(text)
  if (nchar(text, "bytes") > expression_limits$characters) {
    stop_argument(where, " is longer than ", expression_limits$characters,
      " characters.")
  }
  parsed <- tryCatch(
    parse(text = text, keep.source = FALSE, encoding = "UTF-8"),
    error = function(e) NULL
  )
  if (length(parsed) != 1L) {
    stop_argument(where, " is not one R expression: ",
      encodeString(strtrim(text, 60L), quote = "\""), ".")
  }
  refused <- refused_part(parsed[[1L]])
  if (!is.null(refused)) stop_argument(where, " ", refused, ".")
  parsed[[1L]]
}

# What is not allowed in a parsed expression, in words ("uses `system`, ..."), or NULL.
refused_part <- function(x, depth = 1L) {
  if (depth > expression_limits$depth) {
    return(paste("is nested more than", expression_limits$depth, "deep"))
  }
  if (is.name(x)) return(refused_name(as.character(x)))
  if (!is.call(x)) return(refused_constant(x))
  refused <- refused_head(x)
  if (!is.null(refused)) return(refused)
  for (i in seq_along(x)[-1L]) {
    if (identical(x[[i]], quote(expr = ))) {
      return(paste0("leaves an argument of ", head_of(x), " empty"))
    }
    refused <- refused_part(x[[i]], depth + 1L)
    if (!is.null(refused)) return(refused)
  }
  refused_arguments(x)
}

not_on_list <- "which is not on the list of what an expression may use"

refused_name <- function(name) {
  if (grepl("^\\.\\.(\\.|[0-9]+)$", name)) return(paste0("uses `", name, "`, ",
    not_on_list))
  NULL
}

refused_constant <- function(x) {
  plain <- is.atomic(x) && length(x) == 1L && is.null(attributes(x)) &&
    (is.numeric(x) || is.character(x) || is.logical(x))
  if (plain) NULL else paste0("uses ", if (is.null(x)) "`NULL`" else describe(x), ", ",
    not_on_list)
}

head_of <- function(x) {
  head <- x[[1L]]
  text <- if (is.name(head)) as.character(head) else deparse(head, nlines = 1L)[1L]
  paste0("`", strtrim(text, 60L), "`")
}

refused_head <- function(x) {
  name <- if (is.name(x[[1L]])) as.character(x[[1L]]) else NA
  if (name %in% c("&&", "||")) {
    return(paste0("uses `", name, "`, which looks at one row; write `",
      substr(name, 1L, 1L), "`"))
  }
  if (!name %in% names(expression_language)) {
    return(paste0("uses ", head_of(x), ", ", not_on_list))
  }
  NULL
}

# Arguments that do not fit the function, and those that must be written out.
refused_arguments <- function(x) {
  name <- as.character(x[[1L]])
  args <- as.list(x)[-1L]
  fit <- tryCatch(match.call(expression_language[[name]], x), error = function(e) NULL)
  if (is.null(fit)) return(paste0("gives ", head_of(x),
    " arguments that it does not take"))
  absent <- setdiff(needed_arguments(name), names(fit))
  if (length(absent)) return(paste0("leaves out the argument `", absent[1L], "` of ",
    head_of(x)))
  if (!is.null(fit$na.rm) && !is.logical(fit$na.rm)) {
    return(paste0("gives ", head_of(x), " an `na.rm` that is neither TRUE nor FALSE"))
  }
  if (name %in% c("c", ":") && !all(vapply(args, is_constant, NA))) {
    return(paste0("uses ", head_of(x), " on something other than constants"))
  }
  if (name == "grepl") return(refused_pattern(fit$pattern))
  if (name %in% c("==", "!=") && any(vapply(args, is_set, NA))) {
    return(paste0("compares with a set by ", head_of(x), "; write `%in%`"))
  }
  NULL
}

# Several constants.
is_set <- function(x) {
  while (is.call(x) && identical(x[[1L]], as.name("("))) x <- x[[2L]]
  if (!is.call(x) || !as.character(x[[1L]]) %in% c("c", ":")) return(FALSE)
  length(x) > 2L || any(vapply(as.list(x)[-1L], is_set, NA))
}

needed_arguments <- function(name) {
  if (name %in% c("-", "+")) return("x")
  open <- vapply(formals(expression_language[[name]]), function(value) {
    is.name(value) && !nzchar(as.character(value))
  }, NA)
  setdiff(names(open)[open], "...")
}

# A constant, a negative one, or a set of them.
is_constant <- function(x) {
  if (!is.call(x)) return(!is.name(x))
  as.character(x[[1L]]) %in% c("c", ":", "-", "+", "(", "as.Date") &&
    all(vapply(as.list(x)[-1L], is_constant, NA))
}

refused_pattern <- function(pattern) {
  if (!is.character(
    pattern)) return("uses `grepl` with a pattern that is not written out")
  fault <- pattern_fault(pattern)
  if (is.null(fault)) NULL else paste0("holds the pattern \"", strtrim(pattern, 60L),
    "\", which ", fault)
}

# ---- regular expressions ----

# What is wrong with a pattern, in words, or NULL. Patterns are R's extended regular
# expressions; back-references and counted repeats that unfold to more than 3,000 parts
# are refused, since a few letters of them can hold the machine for hours.
pattern_fault <- function(pattern) {
  if (is.na(pattern) || nchar(pattern, "bytes") > expression_limits$pattern) {
    return(paste("is longer than", expression_limits$pattern, "characters"))
  }
  if (grepl("\\\\[1-9]", gsub("\\\\\\\\", "", pattern))) return("uses a back-reference")
  if (pattern_size(pattern) > 3000) return("repeats too much to be worked out")
  valid <- tryCatch(
    is.logical(suppressWarnings(regexpr(pattern, "") > 0L)), error = function(e) FALSE
  )
  if (valid) NULL else "is not a valid regular expression"
}

# How many parts a pattern unfolds to: a counted repeat multiplies what stands before
# it.
pattern_size <- function(pattern) {
  tokens <- regmatches(pattern, gregexpr(
    "\\\\.|\\[\\^?\\]?(\\[:[a-z]+:\\]|[^]])*\\]|\\{[0-9]*,?[0-9]*\\}|.", pattern
  ))[[1L]]
  total <- 0
  last <- 0
  for (token in tokens) {
    if (token == "(") {
      total <- c(total, 0)
      last <- 0
    } else if (token == ")" && length(total) > 1L) {
      last <- total[length(total)]
      total <- total[-length(total)]
      total[length(total)] <- total[length(total)] + last
    } else if (grepl("^\\{[0-9,]+\\}$", token)) {
      times <- max(1, as.numeric(strsplit(gsub("[{}]", "", token), ",")[[1L]]),
        na.rm = TRUE)
      total[length(total)] <- total[length(total)] + last * (times - 1)
      last <- last * times
    } else {
      last <- 1
      total[length(total)] <- total[length(total)] + 1
    }
  }
  sum(total)
}

# ---- evaluation ----

# The value of an allowed expression over the columns of `data`, or the condition that
# stopped it (an unknown variable, a text compared with a number). Factors are read by
# their labels. `rule = TRUE` asks for a logical with one value a row.
eval_allowed <- function(expression, data, ..., rule = FALSE) {
  refused <- refused_part(expression)
  if (!is.null(refused)) return(simpleError(paste("the expression", refused)))
  n <- if (is.data.frame(data)) .row_names_info(data, 2L) else max(0L, lengths(data))
  run_allowed(expression, data, n, rule)
}

# The same for an expression that parse_allowed() gave, over columns of length `n`.
run_allowed <- function(expression, data, n, rule = FALSE) {
  tryCatch(
    suppressWarnings({
      value <- plain_value(evaluate(expression, data, n))
      if (rule) rule_value(value, n) else value
    }),
    error = function(e) simpleError(conditionMessage(e))
  )
}

rule_value <- function(value, n) {
  if (!is.logical(value) || is.matrix(value)) {
    stop("its value is a ", kind_of(value), " where TRUE or FALSE is needed",
      call. = FALSE)
  }
  if (length(value) == n) return(value)
  if (length(value) != 1L) {
    stop("it gives ", length(value), " values for ", n, " rows", call. = FALSE)
  }
  rep(value, n)
}

evaluate <- function(x, data, n) {
  if (is.name(x)) return(column_value(data, as.character(x)))
  if (!is.call(x)) return(x)
  parts <- lapply(as.list(x)[-1L], evaluate, data, n)
  value <- do.call(expression_language[[as.character(x[[1L]])]], parts)
  if (!is.matrix(value) && length(value) > max(n, expression_limits$set)) {
    stop("`", as.character(x[[1L]]), "` gives ", length(value), " values for ", n,
      " rows",
      call. = FALSE)
  }
  value
}

# The variables that an expression reads.
expression_variables <- function(expression) all.vars(expression)

# A column as the evaluator knows it: factor, or plain text, number, logical or Date.
column_value <- function(data, name) {
  at <- match(name, names(data))
  if (is.na(at)) stop("there is no variable \"", name, "\"", call. = FALSE)
  x <- .subset2(data, at)
  where <- paste0("the variable \"", name, "\"")
  if (inherits(x, "factor")) {
    check_factor(x, where)
    return(factor_plain(x))
  }
  if (!is.null(dim(x)) || !is.atomic(x) || inherits(x, "integer64") || is.complex(x) ||
    is.raw(x)) {
    stop(where, " is neither text, number, date nor logical", call. = FALSE)
  }
  if (is_plain_date(x)) return(x)
  if (is_date(x)) return(as_date(as.double(unclass(x))))
  if (inherits(x, "POSIXct")) return(stamp_date(x))
  if (!is.null(attributes(x))) attributes(x) <- NULL
  x
}

factor_plain <- function(x) {
  structure(as.integer(x), levels = attr(x, "levels"), class = "factor")
}

stamp_date <- function(x) {
  zone <- attr(x, "tzone")
  zone <- if (is.character(zone) && length(zone)) zone[1L] else ""
  as_date(as.double(as.Date(format(as.POSIXct(x), "%Y-%m-%d", tz = zone))))
}

as_date <- function(days) structure(days, class = "Date")

is_date <- function(x) inherits(x, "Date")

# A Date that need not be copied to be brought to one form.
is_plain_date <- function(x) is.double(x) && identical(attributes(x), list(class = "Date"))

kind_of <- function(x) {
  if (is.matrix(x)) return("table")
  if (is.factor(x) || is.character(x)) return("text")
  if (is_date(x)) return("date")
  if (is.logical(x)) return(if (all(is.na(x))) "nothing" else "logical")
  "number"
}

plain_value <- function(x) {
  if (is.factor(x)) attr(x, "levels")[as.integer(unclass(x))] else x
}

# ---- what the functions of the language ask of their arguments ----

same_length <- function(x, y) {
  if (length(x) != length(y) && length(x) != 1L && length(y) != 1L) {
    stop("values of length ", length(x), " and ", length(y), " do not go together",
      call. = FALSE)
  }
}

need_number <- function(x, name) {
  kind <- kind_of(x)
  if (!kind %in% c("number", "logical", "nothing")) {
    stop("`", name, "` needs numbers, not ", kind, "s", call. = FALSE)
  }
  if (is.numeric(x)) x else as.integer(x)
}

need_text <- function(x, name) {
  kind <- kind_of(x)
  if (!kind %in% c("text", "nothing")) stop("`", name, "` needs texts, not ", kind,
    "s", call. = FALSE)
  as.character(plain_value(x))
}

need_truth <- function(x, name) {
  if (!is.logical(x)) stop("`", name, "` needs TRUE or FALSE, not ", kind_of(x), "s",
    call. = FALSE)
  x
}

need_day <- function(x, name) {
  kind <- kind_of(x)
  if (kind == "date") {
    attributes(x) <- NULL
    return(as.double(x))
  }
  if (kind == "nothing") return(as.double(x))
  if (kind != "text") stop("`", name, "` needs dates, not ", kind, "s", call. = FALSE)
  x <- plain_value(x)
  days <- iso_days(x)
  bad <- which(is.na(days) & !is.na(x))
  if (length(bad)) {
    stop("\"", strtrim(x[bad[1L]], 30L), "\" is not a date written year-month-day",
      call. = FALSE)
  }
  days
}

# Days since 1970 of dates written 2014-03-01, NA for anything else and for days that
# the calendar does not have.
iso_days <- function(x) {
  x <- as.character(x)
  x[!grepl("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", x)] <- NA
  as.double(as.Date(x, format = "%Y-%m-%d"))
}

# Two values brought to one kind, or a sentence: text never meets a number.
common_kind <- function(x, y, name) {
  told <- kinds <- c(kind_of(x), kind_of(y))
  if ("nothing" %in% kinds) return("nothing")
  kinds[kinds == "logical"] <- "number"
  if (kinds[1L] == kinds[2L] && kinds[1L] != "table") return(kinds[1L])
  if (setequal(kinds, c("date", "text"))) return("date")
  told[told == "logical"] <- "TRUE or FALSE"
  stop("`", name, "` compares ", told[1L], " with ", told[2L], call. = FALSE)
}

compare_values <- function(x, y, name) {
  same_length(x, y)
  kind <- common_kind(x, y, name)
  if (kind == "nothing") return(rep(NA, if (length(x) == 1L) length(y) else length(x)))
  if (kind == "text") return(compare_text(x, y, name))
  if (kind == "date" && !(is_date(x) && is_date(y))) {
    x <- need_day(x, name)
    y <- need_day(y, name)
  }
  base_operators[[name]](x, y)
}

compare_text <- function(x, y, name) {
  if (!name %in% c("==", "!=")) {
    stop("`", name, "` needs numbers or dates: texts have no order", call. = FALSE)
  }
  if (is.factor(y) && !is.factor(x)) return(compare_text(y, x, name))
  if (is.factor(x) && length(y) == 1L) {
    hit <- base_operators[[name]](attr(x, "levels"), plain_value(y))
    return(hit[as.integer(unclass(x))])
  }
  base_operators[[name]](plain_value(x), plain_value(y))
}

in_set <- function(x, set) {
  kind <- common_kind(x, set, "%in%")
  if (kind == "date") return(need_day(x, "%in%") %in% need_day(set, "%in%"))
  if (is.factor(x)) {
    hit <- c(attr(x, "levels"), NA) %in% plain_value(set)
    at <- as.integer(unclass(x))
    at[is.na(at)] <- length(hit)
    return(hit[at])
  }
  plain_value(x) %in% plain_value(set)
}

base_operators <- list(
  "==" = `==`, "!=" = `!=`, "<" = `<`, "<=" = `<=`, ">" = `>`, ">=" = `>=`,
  "*" = `*`, "/" = `/`, "^" = `^`, "%%" = `%%`, "%/%" = `%/%`
)

comparison_operator <- function(name) {
  force(name)
  function(x, y) compare_values(x, y, name)
}

arithmetic_operator <- function(name) {
  force(name)
  function(x, y) {
    same_length(x, y)
    base_operators[[name]](need_number(x, name), need_number(y, name))
  }
}

add_values <- function(x, y) {
  if (missing(y)) return(need_number(x, "+"))
  same_length(x, y)
  if (is_date(x)) return(as_date(need_day(x, "+") + need_number(y, "+")))
  if (is_date(y)) return(as_date(need_number(x, "+") + need_day(y, "+")))
  need_number(x, "+") + need_number(y, "+")
}

subtract_values <- function(x, y) {
  if (missing(y)) return(-need_number(x, "-"))
  same_length(x, y)
  if (is_date(x) && is_date(y)) return(need_day(x, "-") - need_day(y, "-"))
  if (is_date(x)) return(as_date(need_day(x, "-") - need_number(y, "-")))
  need_number(x, "-") - need_number(y, "-")
}

logical_operator <- function(name, f) {
  force(name)
  force(f)
  function(x, y) {
    same_length(x, y)
    f(need_truth(x, name), need_truth(y, name))
  }
}

# A function of numbers, one value a row.
each_number <- function(name, f) {
  force(name)
  force(f)
  function(x) f(need_number(x, name))
}

# A function of a whole column: one number (or the one date).
of_column <- function(name, f, dates = FALSE) {
  force(name)
  force(f)
  force(dates)
  function(x, na.rm = FALSE) {
    drop <- isTRUE(na.rm)
    if (dates && is_date(x)) return(as_date(f(need_day(x, name), drop)))
    f(need_number(x, name), drop)
  }
}

row_extreme <- function(name, f) {
  force(name)
  force(f)
  function(..., na.rm = FALSE) {
    parts <- list(...)
    dates <- length(parts) && any(vapply(parts, is_date, NA))
    parts <- lapply(parts, if (dates) need_day else need_number, name)
    for (part in parts) same_length(part, parts[[which.max(lengths(parts))]])
    value <- do.call(f, c(parts, list(na.rm = isTRUE(na.rm))))
    if (dates) as_date(value) else value
  }
}

choose_value <- function(test, yes, no) {
  test <- need_truth(test, "ifelse")
  same_length(test, yes)
  same_length(test, no)
  kind <- common_kind(yes, no, "ifelse")
  yes <- plain_value(yes)
  no <- plain_value(no)
  if (kind == "date") {
    yes <- need_day(yes, "ifelse")
    no <- need_day(no, "ifelse")
  }
  value <- ifelse(test, yes, no)
  if (kind == "date" ||
    (kind == "nothing" && (is_date(yes) || is_date(no)))) as_date(value) else value
}

make_set <- function(...) {
  parts <- list(...)
  kinds <- setdiff(vapply(parts, kind_of, ""), "nothing")
  if (length(kinds) > 1L) stop("`c` mixes ", list_some(kinds, quote = ""),
    call. = FALSE)
  if (!length(parts)) return(logical(0))
  value <- unlist(lapply(parts, function(part) as.vector(unclass(part))))
  if (identical(kinds, "date")) as_date(value) else value
}

whole_range <- function(from, to) {
  from <- need_number(from, ":")
  to <- need_number(to, ":")
  good <- length(from) == 1L && length(to) == 1L && is.finite(from) && is.finite(to)
  if (!good || abs(to - from) >= expression_limits$set) {
    stop("`:` needs two numbers at most ", expression_limits$set, " apart",
      call. = FALSE)
  }
  from:to
}

pick_values <- function(x, i) {
  x <- plain_value(x)
  if (is.matrix(x) || is.matrix(i)) stop("`[` needs one column", call. = FALSE)
  if (is.logical(i)) same_length(x, i) else i <- need_number(i, "[")
  value <- unclass(x)[i]
  if (is_date(x)) as_date(value) else value
}

convert_number <- function(name, f) {
  force(name)
  force(f)
  function(x) {
    if (kind_of(x) == "text") return(f(trimws(plain_value(x))))
    if (is_date(x)) stop("`", name, "` needs numbers or texts, not dates",
      call. = FALSE)
    f(need_number(x, name))
  }
}

convert_text <- function(x) {
  if (is.factor(x) || is.character(x)) return(as.character(plain_value(x)))
  if (is_date(x)) return(date_text(x, "%Y-%m-%d"))
  if (is.logical(x)) return(as.character(x))
  plain_number(x)
}

date_text <- function(x, format = "%Y-%m-%d") {
  if (!is.character(format) || length(format) != 1L ||
    !grepl("^[-%YmdjuVy/. ]{1,20}$", format)) {
    stop("`format` needs a date form such as \"%Y-%m\"", call. = FALSE)
  }
  base::format.Date(as_date(need_day(x, "format")), format)
}

find_text <- function(pattern, x, ignore.case = FALSE, fixed = FALSE) {
  if (!is.character(pattern) ||
    length(pattern) != 1L) stop("`grepl` needs one pattern", call. = FALSE)
  x <- need_text(x, "grepl")
  ignore <- isTRUE(ignore.case) && !isTRUE(fixed)
  hit <- grepl(pattern, x, ignore.case = ignore, fixed = isTRUE(fixed))
  hit[is.na(x)] <- NA
  hit
}

# Is `label` among the labels of a multicode cell?
has_selected <- function(x, label, separator = ";") {
  x <- need_text(x, "selected")
  label <- need_text(label, "selected")
  if (length(label) != 1L || !is.character(separator) || length(separator) != 1L) {
    stop("`selected` needs one label and one separator", call. = FALSE)
  }
  parts <- strsplit(x, separator, fixed = TRUE)
  hit <- vapply(parts, function(part) trimws(label) %in% trimws(part), NA)
  hit[is.na(x)] <- NA
  hit
}

# Whole years completed between two dates, as ages are counted.
completed_years <- function(from, to) {
  same_length(from, to)
  from <- as.POSIXlt(as_date(need_day(from, "years")))
  to <- as.POSIXlt(as_date(need_day(to, "years")))
  early <- to$mon < from$mon | (to$mon == from$mon & to$mday < from$mday)
  to$year - from$year - early
}

join_text <- function(separator) {
  force(separator)
  function(...) {
    parts <- lapply(list(...), convert_text)
    if (length(parts) > 20L) stop("at most 20 texts can be pasted together",
      call. = FALSE)
    size <- max(1L, lengths(parts))
    for (part in parts) same_length(part, logical(size))
    value <- do.call(paste, c(parts, list(sep = separator)))
    blank <- Reduce(`|`, lapply(parts, is.na), logical(length(value)))
    value[blank] <- NA
    value
  }
}

bind_columns <- function(...) {
  parts <- lapply(list(...), need_number, "cbind")
  size <- max(0L, lengths(parts))
  for (part in parts) same_length(part, logical(size))
  matrix(as.double(unlist(lapply(parts, rep_len, size))), nrow = size)
}

of_rows <- function(name, f) {
  force(name)
  force(f)
  function(x, na.rm = FALSE) {
    if (!is.matrix(x)) stop("`", name, "` needs `cbind(...)`", call. = FALSE)
    f(x, na.rm = isTRUE(na.rm))
  }
}

round_number <- function(x, digits = 0) round(need_number(x, "round"),
  need_number(digits, "round"))

is_missing <- function(x) if (is.matrix(x)) stop("`is.na` needs one column",
  call. = FALSE) else is.na(x)

# ---- the language ----

expression_language <- list(
  "(" = function(x) x,
  "!" = function(x) !need_truth(x, "!"),
  "&" = logical_operator("&", function(x, y) x & y),
  "|" = logical_operator("|", function(x, y) x | y),
  "xor" = logical_operator("xor", function(x, y) xor(x, y)),
  "==" = comparison_operator("=="), "!=" = comparison_operator("!="),
    "<" = comparison_operator("<"),
  "<=" = comparison_operator("<="), ">" = comparison_operator(">"),
    ">=" = comparison_operator(">="),
  "%in%" = function(x, table) in_set(x, table),
  "between" = function(x, left, right) {
    compare_values(x, left, ">=") & compare_values(x, right, "<=")
  },
  "+" = add_values, "-" = subtract_values, "*" = arithmetic_operator("*"),
    "/" = arithmetic_operator("/"),
  "^" = arithmetic_operator("^"), "%%" = arithmetic_operator("%%"),
    "%/%" = arithmetic_operator("%/%"),
  ":" = whole_range, "c" = make_set, "[" = pick_values,
  "is.na" = is_missing,
  "is.finite" = function(x) is.finite(need_number(x, "is.finite")),
  "ifelse" = choose_value,
  "abs" = each_number("abs", abs), "floor" = each_number("floor", floor),
  "ceiling" = each_number("ceiling", ceiling), "trunc" = each_number("trunc", trunc),
  "sqrt" = each_number("sqrt", sqrt), "round" = round_number,
  "pmin" = row_extreme("pmin", pmin.int), "pmax" = row_extreme("pmax", pmax.int),
  "cbind" = bind_columns, "rowSums" = of_rows("rowSums", base::rowSums),
  "rowMeans" = of_rows("rowMeans", base::rowMeans),
  "sum" = of_column("sum", function(x, drop) sum(as.double(x), na.rm = drop)),
  "mean" = of_column("mean", function(x, drop) mean.default(x, na.rm = drop),
    dates = TRUE),
  "median" = of_column("median", function(x, drop) {
    as.double(stats::median.default(x, na.rm = drop))
  }, dates = TRUE),
  "min" = of_column("min", function(x, drop) min(x, na.rm = drop), dates = TRUE),
  "max" = of_column("max", function(x, drop) max(x, na.rm = drop), dates = TRUE),
  "sd" = of_column("sd", function(x, drop) stats::sd(x, na.rm = drop)),
  "var" = of_column("var", function(x, drop) stats::var(x, na.rm = drop)),
  "any" = function(x, na.rm = FALSE) any(need_truth(x, "any"), na.rm = isTRUE(na.rm)),
  "all" = function(x, na.rm = FALSE) all(need_truth(x, "all"), na.rm = isTRUE(na.rm)),
  "length" = function(x) length(x),
  "unique" = function(x) {
    value <- unique(plain_value(unclass_date(x)))
    if (is_date(x)) as_date(value) else value
  },
  "duplicated" = function(x) duplicated(plain_value(unclass_date(x))),
  "nchar" = function(x) {
    size <- nchar(need_text(x, "nchar"))
    size[is.na(x)] <- NA
    size
  },
  "nzchar" = function(x) nzchar(need_text(x, "nzchar"), keepNA = TRUE),
  "substr" = function(x, start, stop) {
    substr(need_text(x, "substr"), need_number(start, "substr"),
      need_number(stop, "substr"))
  },
  "startsWith" = function(x, prefix) startsWith(need_text(x, "startsWith"),
    need_text(prefix, "startsWith")),
  "endsWith" = function(x, suffix) endsWith(need_text(x, "endsWith"),
    need_text(suffix, "endsWith")),
  "grepl" = find_text, "selected" = has_selected,
  "tolower" = function(x) tolower(need_text(x, "tolower")),
  "toupper" = function(x) toupper(need_text(x, "toupper")),
  "trimws" = function(x) trimws(need_text(x, "trimws")),
  "paste0" = join_text(""), "paste" = join_text(" "),
  "as.integer" = convert_number("as.integer", as.integer),
  "as.numeric" = convert_number("as.numeric", as.numeric),
  "as.character" = convert_text,
  "as.Date" = function(x) as_date(need_day(x, "as.Date")),
  "format" = date_text,
  "years" = completed_years,
  "difftime" = function(time1, time2, units = "days") {
    if (length(units) != 1L || !units %in% c("days", "weeks")) {
      stop("`difftime` counts days or weeks", call. = FALSE)
    }
    (need_day(time1, "difftime") - need_day(time2,
      "difftime")) / if (units == "weeks") 7 else 1
  },
  "Sys.Date" = function() Sys.Date()
)

unclass_date <- function(x) if (is_date(x)) unclass(x) else x
