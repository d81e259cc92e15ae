# Errors that a user can act on: one sentence, a class, and the call that the user made.

# The outermost call to a function of this package: what the user typed.
user_call <- function() {
  home <- topenv(environment())
  for (i in seq_len(sys.nframe())) {
    if (identical(topenv(environment(sys.function(i))), home)) return(sys.call(i))
  }
  NULL
}

new_error <- function(class, message, call, ...) {
  structure(
    class = c(class, "casereview_error", "error", "condition"),
    list(message = message, call = call, ...)
  )
}

stop_casereview <- function(class, ..., fields = list()) {
  error <- new_error(class, paste0(...), user_call())
  error[names(fields)] <- fields
  stop(error)
}

stop_argument <- function(...) stop_casereview("casereview_error_argument", ...)

# The package that a feature needs and that is not installed, in one sentence.
need_package <- function(package, purpose) {
  if (requireNamespace(package, quietly = TRUE)) return(invisible(TRUE))
  stop_casereview(
    "casereview_error_package",
    "The package \"", package, "\" is needed to ", purpose, ": install.packages(\"",
    package, "\")."
  )
}

# "a", "b" and "c": at most five, and how many more there are.
list_some <- function(x, quote = "\"", most = 5L, joined = " and ") {
  x <- unique(as.character(x))
  shown <- paste0(quote, vapply(utils::head(x, most), short_text, ""), quote)
  if (length(x) > most) {
    return(paste0(paste(shown, collapse = ", "), " and ", length(x) - most, " more"))
  }
  if (length(shown) < 2L) return(paste0(shown, ""))
  paste0(paste(shown[-length(shown)], collapse = ", "), joined, shown[length(shown)])
}

# The start of a text that would fill the screen.
short_text <- function(x) {
  if (is.na(x) || nchar(x, "bytes") <= 240L) return(x)
  paste0(strtrim(iconv(x, "UTF-8", "UTF-8", sub = "byte"), 60L), "...")
}

# What an argument is, for "..., not <this>."
describe <- function(x) {
  if (missing(x)) return("a missing argument")
  if (is.null(x)) return("NULL")
  if (is.data.frame(x)) return(if (is.list(x)) "a data frame" else "a damaged data frame")
  if (is.function(x)) return("a function")
  plain <- is.atomic(x) && is.null(dim(x))
  if (plain && length(x) == 1L && !is.factor(x)) return(describe_one(x))
  word <- if (!is.object(x) && is.null(dim(x))) several_words[typeof(x)] else NA
  if (!is.na(word)) {
    return(if (length(x)) paste(format_numbers(length(x)), word) else
      paste("an empty vector of", word))
  }
  if (!is.vector(x) && !is.factor(x)) return(paste("an object of class", class(x)[1L]))
  kind <- if (is.factor(x)) "factor" else if (is.object(x)) class(x)[1L] else typeof(x)
  article <- if (grepl("^[aeiou]", kind)) "an " else "a "
  paste0(article, kind, " of length ", length(x))
}

several_words <- c(character = "texts", double = "numbers", integer = "numbers",
  logical = "logical values")

# Numbers of which some are not `good`: the first of these and its place.
describe_fault <- function(x, good) {
  if (!is.numeric(x) || is.object(x) && is.null(dim(x))) return(describe(x))
  at <- which(!good(as.vector(x)))[1L]
  if (is.na(at) || length(x) < 2L) return(describe(x))
  place <- if (is.null(dim(x))) paste("element", at)
    else if (length(dim(x)) == 2L) paste0("row ", row(x)[at], ", column ", col(x)[at])
    else paste0("cell ", paste(arrayInd(at, dim(x)), collapse = ", "))
  paste(describe_one(as.vector(x)[at]), "in", place)
}

describe_one <- function(x) {
  if (is.na(x)) return("NA")
  if (is.character(x) && Encoding(x) == "bytes") return("a text of bytes")
  if (is.character(x) && !validEnc(x)) return("a text that is not valid in its encoding")
  if (is.character(x)) return(encodeString(strtrim(x, 60L), quote = "\""))
  format(x, digits = 15L)
}
