# Expressions of a codebook may come from a stranger: they are parsed, held against a list
# of what is allowed, and evaluated with nothing but the data behind them.

allowed_functions <- function() {
  c(
    "(", "!", "&", "|", "&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/",
    "^", "%%", "%/%", "%in%", ":", "c", "is.na", "abs", "min", "max", "sum", "mean", "pmin",
    "pmax", "round", "floor", "ceiling", "trunc", "sqrt", "nchar", "substr", "startsWith",
    "endsWith", "grepl", "tolower", "toupper", "trimws", "paste0", "ifelse", "as.integer",
    "as.numeric", "as.character", "as.Date", "any", "all", "xor", "length", "rowSums",
    "cbind", "TRUE", "FALSE", "NA", "nzchar", "rev", "unique", "median", "range", "sd", "var",
    "diff", "cumsum", "seq_along", "isTRUE", "isFALSE", "difftime", "format", "which", "rep",
    "anyNA", "is.finite", "between", "years", "tabulate", "duplicated"
  )
}

# An environment that holds the allowed functions and nothing else.
allowed_environment <- function() {
  home <- new.env(parent = emptyenv())
  for (name in allowed_functions()) {
    value <- get0(name, envir = baseenv(), mode = "function")
    if (is.null(value)) value <- get0(name, envir = asNamespace("stats"), mode = "function")
    if (!is.null(value)) assign(name, value, envir = home)
  }
  home
}

# The expression in `text`, or one sentence that says what is not allowed in it.
parse_allowed <- function(text, where) {
  parsed <- tryCatch(
    parse(text = text, keep.source = FALSE),
    error = function(e) NULL
  )
  if (length(parsed) != 1L) {
    stop_argument(where, " is not one R expression: ", encodeString(strtrim(text, 60L), quote = "\""), ".")
  }
  refused <- refused_call(parsed[[1L]])
  if (!is.null(refused)) {
    stop_argument(where, " uses ", refused, ", which is not on the list of what an expression may use.")
  }
  parsed[[1L]]
}

# The first thing in a parsed expression that is not allowed, in words, or NULL.
refused_call <- function(x) {
  if (is.name(x)) return(NULL)
  if (!is.call(x)) {
    plain <- is.null(x) || (is.atomic(x) && is.null(attributes(x)))
    return(if (plain) NULL else paste("an object of class", class(x)[1L]))
  }
  head <- x[[1L]]
  if (!is.name(head)) return(paste0("`", deparse(head, nlines = 1L)[1L], "`"))
  if (!as.character(head) %in% allowed_functions()) return(paste0("`", as.character(head), "`"))
  for (part in as.list(x)[-1L]) {
    if (identical(part, quote(expr = ))) next
    refused <- refused_call(part)
    if (!is.null(refused)) return(refused)
  }
  NULL
}

# The value of an allowed expression over the columns of `data`, or the condition that
# stopped it (an unknown variable, texts compared with `+`).
eval_allowed <- function(expression, data, home = allowed_environment()) {
  tryCatch(
    eval(expression, list2env(as.list(data), envir = NULL, parent = home)),
    error = function(e) e
  )
}

# The variables that an expression reads.
expression_variables <- function(expression) {
  setdiff(all.vars(expression), c("TRUE", "FALSE", "NA", "T", "F"))
}
