#' Check the statements of a report against its data
#'
#' A register of claims holds, for each statement, the number as printed and the R
#' expression that gives it from the data. Every verdict is computed here; a register
#' that came with verdicts would have them replaced.
#'
#' Expressions may come from a stranger. They are held against a list of what is allowed
#' and evaluated with nothing but `data` behind them: arithmetic and comparison, `c`,
#' `[`, `[[`, `$`, `sum`, `mean`, `median`, `min`, `max`, `range`, `sd`, `round`, `abs`,
#' `length`, `nrow`, `ncol`, `names`, `table`, `unique`, `which`, `any`, `all`,
#' `ifelse`, `is.na`, `%in%`, `startsWith`, `endsWith`, `grepl`, `paste0`, `with`,
#' `subset`, `rowSums`, `colSums`, `cumsum`, `weighted.mean`, `quantile` and their like,
#' and
#' * `number(x)`: the numbers of texts as printed, before any brackets (`"9 (15.3%)"` is
#'   9),
#' * `inside(x)`: the numbers inside the brackets (15.3),
#' * `claimed(id)`: the number printed in another claim of the register,
#' * `claimed_text(id)`: its text,
#' * `contains(x, text)`: which of the texts `x` hold `text`,
#' * `overlaps(labels)`: how many bins share a value with an earlier one
#'   ([audit_bins()]).
#'
#' Words are held to what they say: `"twice"` and `"about double"` are printed as 2 and
#' compared at that digit, so that a ratio from 1.5 up to 2.5 agrees. `"more than half"`
#' or `"nearly one in three"` is an expression that gives TRUE or FALSE and so states
#' its own tolerance.
#'
#' @param claims A data frame with the columns `printed` (text or number; also number
#'   words such as `"Seventeen"`, `"twice"`, and a number after `"about"` or `"n="`) and
#'   `expression` (text, `""` or `NA` where there is none); usually `id`, `section`,
#'   `claim` and `note` too. All other columns are kept.
#' @param data What the expressions read: a named list of data frames,
#'   cross-tabulations, vectors and lists of these, or one data frame, whose columns are
#'   then read by name (and itself as `data`). Factors are read as their labels.
#' @return `claims` as a data frame of class `audit`, with the columns `exact` (the
#'   number computed; `NA` where the expression gives TRUE, FALSE or text), `verdict` as
#'   in [audit_percent()] and `note` (the reason, then the note of the register). An
#'   expression that gives TRUE agrees and one that gives FALSE disagrees; a text agrees
#'   with the same text printed, letter case and spaces apart. An expression that is
#'   missing, is not allowed, fails, or gives `NA` or more than one value is `not
#'   checkable`.
#' @seealso [cafcass_claims], [audit_table()], [compare_tables()]
#' @examples
#' cases <- data.frame(fatal = c(TRUE, TRUE, FALSE), score = c(4, 13, 2))
#' claims <- data.frame(
#'   claim = c("Share of deaths", "Mean score", "Deaths are the larger part"),
#'   printed = c("66.6%", "6.3", "more than half"),
#'   expression = c("100 * mean(fatal)", "mean(score)", "sum(fatal) > length(fatal) / 2")
#' )
#' audit_claims(claims, cases)
#' @export
audit_claims <- function(claims, data) {
  claims <- check_data(claims, "claims")
  check_columns(c("printed", "expression"), names(claims), "claims")
  values <- claim_data(data)
  printed <- printed_text(claims$printed)
  expression <- printed_text(claims$expression)
  id <- if (is.null(claims$id)) rep("", nrow(claims)) else as.character(claims$id)
  scope <- list2env(values, envir = NULL, parent = claim_environment(id, printed))
  found <- judge_claims(printed, lapply(expression, claim_value, scope))
  own <- if (is.null(claims$note)) "" else printed_text(claims$note)
  own[is.na(own)] <- ""
  none <- (is.na(expression) | !nzchar(trimws(expression))) & nzchar(own)
  claims$note <- NULL
  claims$exact <- found$exact
  claims$verdict <- found$verdict
  claims$note <- ifelse(none, own, paste_note(found$note, own))
  as_audit(claims)
}

judge_claims <- function(printed, values) {
  found <- list(exact = rep(NA_real_, length(values)),
    verdict = rep("not checkable", length(values)),
    note = vapply(values, claim_fault, ""))
  numbers <- integer()
  for (i in which(!nzchar(found$note))) {
    value <- values[[i]]
    if (is.numeric(value)) {
      numbers <- c(numbers, i)
      next
    }
    one <- if (is.logical(value)) {
      judge_truth(value)
    } else {
      judge_text(printed[i], as.character(value))
    }
    found$verdict[i] <- one$verdict
    found$note[i] <- one$note
  }
  if (!length(numbers)) return(found)
  exact <- vapply(values[numbers], function(x) as.double(x), 0)
  text <- vapply(printed[numbers], claim_number, "", USE.NAMES = FALSE)
  one <- judge_value(printed_number(text), exact)
  found$exact[numbers] <- exact
  found$verdict[numbers] <- one$verdict
  found$note[numbers] <- one$note
  found
}

# Why the value of an expression cannot be held against print, or "".
claim_fault <- function(value) {
  if (inherits(value, "condition")) return(conditionMessage(value))
  if (!is.atomic(value) || length(value) != 1L) {
    return(paste0("the expression gives ", describe(value), " and not one value"))
  }
  if (is.na(value)) return("the expression gives NA")
  plain <- is.numeric(value) || is.logical(value) || is.character(value)
  if (plain) "" else paste0("the expression gives ", describe(value), " and no number")
}

judge_truth <- function(value) {
  if (value) return(list(verdict = "agrees", note = ""))
  list(verdict = "disagrees", note = "the expression is FALSE")
}

judge_text <- function(printed, value) {
  squeeze <- function(x) tolower(trimws(gsub("[[:space:]]+", " ", x)))
  if (is.na(printed)) return(list(verdict = "not checkable", note = "nothing is printed"))
  same <- identical(squeeze(printed), squeeze(value))
  list(verdict = if (same) "agrees" else "disagrees",
    note = if (same) "" else paste0("the data say \"", value, "\""))
}

# ---- printed words ----

# "Seventeen" as "17", "twice" as "2", "about 5" and "n=5" as "5"; the number before the
# brackets of a cell.
claim_number <- function(printed) {
  t <- sub(paste0("^ *(about|approximately|approx\\.?|around|roughly|some|c\\.|\\(?n ?=) *"),
    "", printed, ignore.case = TRUE)
  t <- gsub("^a |\\)$", "", t)
  word <- word_number(t)
  if (!is.na(word)) return(shortest_text(word))
  cell <- printed_cell(printed)
  if (!nzchar(cell$outer$reason)) return(cell$outer$text)
  if (grepl("[0-9]", t)) t else printed
}

word_number <- function(text) {
  ones <- c("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen")
  tens <- c("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
  more <- c(none = 0, nil = 0, once = 1, twice = 2, double = 2, doubled = 2, treble = 3,
    trebled = 3, tripled = 3)
  values <- c(stats::setNames(0:19, ones), stats::setNames(10 * (2:9), tens), more)
  parts <- strsplit(tolower(trimws(text)), "[ -]+")[[1L]]
  if (length(parts) == 1L) return(unname(values[parts]))
  if (length(parts) != 2L || !parts[1L] %in% tens || !parts[2L] %in% ones[2:10]) return(NA)
  sum(values[parts])
}

# ---- the language of claims ----

claim_functions <- c(
  "(", "!", "&", "|", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "^",
  "%%", "%/%", "%in%", "c", "[", "[[", "is.na", "anyNA", "is.finite", "abs", "min", "max",
  "range", "sum", "prod", "mean", "median", "sd", "var", "quantile", "weighted.mean", "pmin",
  "pmax", "round", "floor", "ceiling", "trunc", "sqrt", "exp", "log", "nchar", "substr",
  "startsWith", "endsWith", "tolower", "toupper", "trimws", "paste0", "ifelse", "as.integer",
  "as.numeric", "as.character", "any", "all", "xor", "length", "nrow", "ncol", "names",
  "rowSums", "colSums", "rowMeans", "colMeans", "unique", "duplicated", "diff", "cumsum",
  "rev", "sort", "order", "which", "which.max", "which.min", "table", "isTRUE", "isFALSE",
  "setdiff", "union", "intersect", "unlist", "with", "subset", "seq_along", "head", "tail"
)

# What is ours among the functions of a claim; the rest is R's own.
own_functions <- function(id, printed) {
  of_claim <- function(wanted) {
    at <- which(id == wanted & nzchar(id))
    if (length(at) != 1L) {
      stop("there ", if (length(at)) "are several claims" else "is no claim", " \"", wanted,
        "\"", call. = FALSE)
    }
    printed[at]
  }
  list(
    "$" = function(x, name) part_of(x, as.character(substitute(name))),
    ":" = function(from, to) short_sequence(from, to),
    number = function(x) cell_number(x, "outer"),
    inside = function(x) cell_number(x, "inner"),
    claimed = function(id) printed_number(claim_number(of_claim(id)))$value,
    claimed_text = function(id) of_claim(id),
    contains = function(x, text) grepl(text, x, fixed = TRUE),
    grepl = function(pattern, x) safe_match(pattern, x),
    overlaps = function(labels) sum(audit_bins(labels)$verdict == "disagrees")
  )
}

claim_language <- c(claim_functions, names(own_functions("", "")))

claim_environment <- function(id, printed) {
  home <- new.env(parent = emptyenv())
  for (name in claim_functions) {
    space <- if (exists(name, envir = baseenv(), inherits = FALSE)) baseenv() else NULL
    for (package in c("stats", "utils")) {
      if (is.null(space) && exists(name, envir = asNamespace(package), inherits = FALSE)) {
        space <- asNamespace(package)
      }
    }
    assign(name, get(name, envir = space, mode = "function"), envir = home)
  }
  for (name in c("<", "<=", ">", ">=")) assign(name, ordered_only(name), envir = home)
  list2env(own_functions(id, printed), envir = home)
}

# A comparison that refuses a text against a number: R would compare them as texts.
ordered_only <- function(name) {
  compare <- get(name, envir = baseenv())
  function(e1, e2) {
    if (is.character(e1) != is.character(e2)) {
      stop("`", name, "` stands between a text and a number", call. = FALSE)
    }
    compare(e1, e2)
  }
}

part_of <- function(x, name) {
  if (!is.list(x)) stop("`$", name, "` is asked of something that is no table", call. = FALSE)
  at <- match(name, names(x))
  if (is.na(at)) stop("there is no \"", name, "\"", call. = FALSE)
  .subset2(x, at)
}

short_sequence <- function(from, to) {
  if (length(from) != 1L || length(to) != 1L || !isTRUE(abs(to - from) <= 1e6)) {
    stop("`:` must stand between two numbers at most a million apart", call. = FALSE)
  }
  seq(from, to)
}

cell_number <- function(x, side) {
  if (is.list(x)) x <- unlist(x, use.names = FALSE)
  dash <- !is.na(x) & grepl("^[-\u2010-\u2015\u2212]$", x)
  value <- printed_cell(x)[[side]]$value
  if (side == "outer") value[dash] <- 0
  value
}

safe_match <- function(pattern, x) {
  known <- is.character(pattern) && length(pattern) == 1L && !is.na(pattern) &&
    nchar(pattern) <= 200L && !grepl("\\\\[1-9]|[{]", pattern)
  if (!known) {
    stop("`grepl` needs a short pattern without back-references or counts", call. = FALSE)
  }
  grepl(pattern, x)
}

# The value of an expression, or the condition that stopped it.
claim_value <- function(text, scope) {
  if (is.na(text) || !nzchar(trimws(text))) return(simpleError("no expression is given"))
  if (nchar(text, "bytes") > 5000L) return(simpleError("the expression is too long"))
  parsed <- tryCatch(parse(text = text, keep.source = FALSE, encoding = "UTF-8"),
    error = function(e) NULL)
  if (length(parsed) != 1L) return(simpleError("the expression is not one R expression"))
  refused <- refused_claim(parsed[[1L]])
  if (!is.null(refused)) {
    return(simpleError(paste0("the expression uses ", refused, ", which is not allowed")))
  }
  tryCatch(
    plain_part(suppressWarnings(eval(parsed[[1L]], new.env(parent = scope)))),
    error = function(e) simpleError(gsub("[[:space:]]+", " ", conditionMessage(e)))
  )
}

refused_claim <- function(x, depth = 1L) {
  if (depth > 60L) return("too many levels")
  if (is.name(x)) return(if (grepl("^\\.\\.", as.character(x))) paste0("`", x, "`"))
  if (!is.call(x)) {
    plain <- is.atomic(x) && is.null(attributes(x))
    return(if (plain || is.null(x)) NULL else describe(x))
  }
  head <- if (is.name(x[[1L]])) as.character(x[[1L]]) else NA_character_
  if (!head %in% claim_language) {
    shown <- if (is.na(head)) deparse(x[[1L]], nlines = 1L)[1L] else head
    return(paste0("`", strtrim(shown, 60L), "`"))
  }
  parts <- as.list(x)[-1L]
  for (i in seq_along(parts)) {
    if (identical(parts[[i]], substitute())) next
    refused <- refused_claim(parts[[i]], depth + 1L)
    if (!is.null(refused)) return(refused)
  }
  NULL
}

# ---- what the expressions read ----

claim_data <- function(data) {
  need_argument(data, "data")
  if (inherits(data, "crosstab")) data <- as.data.frame(check_crosstab(data, "data"))
  if (is.data.frame(data)) {
    data <- plain_part(data)
    return(c(as.list(data), if (!"data" %in% names(data)) list(data = data)))
  }
  named <- is.list(data) && !is.object(data) &&
    (!length(data) || (!is.null(names(data)) && all(nzchar(names(data)))))
  if (!named || anyDuplicated(names(data))) {
    stop_argument("`data` must be a data frame, or a list of data frames and values with a name ",
      "of its own each, not ", describe(data), ".")
  }
  values <- lapply(data, plain_part)
  values[!vapply(values, is.null, NA)]
}

# Data without anything that could run code of its own: plain vectors, plain data frames
# and lists of them; NULL for anything else.
plain_part <- function(x, depth = 1L) {
  if (depth > 30L) {
    stop_argument("`data` must hold tables and lists at most 30 levels deep.")
  }
  if (inherits(x, "crosstab")) x <- as.data.frame(check_crosstab(x, "data"))
  if (inherits(x, "POSIXlt")) {
    return(tryCatch(as.double(as.POSIXct(x)), error = function(e) NULL))
  }
  if (is.data.frame(x)) {
    size <- .row_names_info(x, 2L)
    columns <- lapply(unclass(x), plain_part, depth + 1L)
    keep <- vapply(columns, function(y) is.atomic(y) && length(y) == size, NA)
    return(structure(columns[keep & nzchar(names(x))], row.names = .set_row_names(size),
      class = "data.frame"))
  }
  if (inherits(x, "factor")) return(levels(check_factor_part(x))[as.integer(x)])
  if (inherits(x, "Date")) return(structure(as.double(x), class = "Date"))
  if (is.atomic(x) && !is.null(x)) return(plain_vector(x))
  if (is.list(x)) {
    names <- attr(x, "names")
    x <- unclass(x)
    attributes(x) <- NULL
    return(lapply(stats::setNames(x, names), plain_part, depth + 1L))
  }
  NULL
}

plain_vector <- function(x) {
  dim <- dim(x)
  names <- names(x)
  x <- as.vector(unclass(x))
  if (is.null(dim)) names(x) <- names else dim(x) <- dim
  x
}

check_factor_part <- function(x) {
  check_factor(x, "A factor of `data`")
  x
}
