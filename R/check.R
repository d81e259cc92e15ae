# Checks of what a user typed. Each returns its argument, cleaned, or raises one clear
# sentence. Faults in the user's data are findings, not errors: see check_coding.R. An
# argument left out is missing here too, as it is handed on unread, and gets the sentence.

# For an argument that is read before any of the checks below sees it.
need_argument <- function(x, arg) {
  if (missing(x)) stop_argument("`", arg, "` must be given: it has no default.")
}

check_string <- function(x, arg, null = FALSE) {
  if (!missing(x) && null && is.null(x)) return(NULL)
  if (missing(x) || !is.character(x) || length(x) != 1L || is.na(x) || !nzchar(x)) {
    empty <- !missing(x) && identical(x, "")
    stop_argument("`", arg, "` must be one text", if (empty) " of a letter or more", ", not ",
      describe(x), ".")
  }
  as.vector(check_readable(x, arg))[[1L]]
}

# A path as long as no file system takes it runs over a buffer of R itself.
check_path <- function(x, arg) {
  x <- check_string(x, arg)
  size <- nchar(x, "bytes")
  if (size > 4000L) {
    stop_argument("`", arg, "` must be a path of at most 4000 bytes, not of ", size, ".")
  }
  x
}

# Bytes that no encoding makes a text of would stop R somewhere deep inside.
check_readable <- function(x, arg) {
  bad <- which(!is.na(x) & (Encoding(x) == "bytes" | !validEnc(x)))
  if (length(bad)) {
    stop_argument("`", arg, "` holds bytes that are no text",
      if (length(x) > 1L) paste0(", in place ", bad[1L]), ".")
  }
  x
}

check_strings <- function(x, arg, null = FALSE) {
  if (!missing(x) && null && is.null(x)) return(NULL)
  if (!missing(x) && is.factor(x)) {
    check_factor(x, paste0("`", arg, "`"))
    x <- as.character(x)
  }
  if (missing(x) || !is.character(x) || anyNA(x)) {
    stop_argument("`", arg, "` must be texts without NA, not ", describe(x), ".")
  }
  check_readable(x, arg)
}

check_flag <- function(x, arg) {
  if (missing(x) || !is.logical(x) || length(x) != 1L || is.na(x)) {
    stop_argument("`", arg, "` must be TRUE or FALSE, not ", describe(x), ".")
  }
  isTRUE(as.logical(x))
}

check_number <- function(x, arg, min = -Inf, max = Inf, null = FALSE) {
  if (!missing(x) && null && is.null(x)) return(NULL)
  if (missing(x) || !is_number(x, min, max)) {
    stop_argument("`", arg, "` must be a number", range_words(min, max), ", not ", describe(x), ".")
  }
  as.double(x)
}

check_conf_level <- function(x, arg = "conf_level") {
  x <- check_number(x, arg, min = 0, max = 1)
  if (x == 0 || x == 1) stop_argument("`", arg, "` must lie between 0 and 1, not ", x, ".")
  x
}

check_whole <- function(x, arg, min = -Inf, max = .Machine$integer.max, null = FALSE) {
  if (!missing(x) && null && is.null(x)) return(NULL)
  if (missing(x) || !is_number(x, min, max) || x != floor(x)) {
    if (max == .Machine$integer.max) max <- Inf
    stop_argument(
      "`", arg, "` must be a whole number", range_words(min, max), ", not ", describe(x), "."
    )
  }
  as.integer(x)
}

is_number <- function(x, min, max) {
  is.numeric(x) && !is.object(x) && length(x) == 1L && !is.na(x) && x >= min && x <= max
}

range_words <- function(min, max) {
  low <- format(min, digits = 15L, scientific = 9L)
  high <- format(max, digits = 15L, scientific = 9L)
  if (is.finite(min) && is.finite(max)) return(paste0(" from ", low, " to ", high))
  if (is.finite(min)) return(paste0(" of at least ", low))
  if (is.finite(max)) return(paste0(" of at most ", high))
  ""
}

check_choice <- function(x, arg, choices) {
  if (!missing(x) && identical(x, choices)) return(choices[1L])
  good <- !missing(x) && is.character(x) && length(x) == 1L && !is.na(x)
  at <- if (good) match(x, choices) else NA
  if (is.na(at)) {
    stop_argument("`", arg, "` must be one of ", list_some(choices, most = 20L), ", not ",
      describe(x), ".")
  }
  choices[at]
}

# A formula, or one written as text; comes back as a call.
check_formula <- function(x, arg, example) {
  call <- if (!missing(x)) x
  if (is.character(call) && length(call) == 1L && !is.na(call)) {
    call <- tryCatch(as.list(parse(text = call, keep.source = FALSE)), error = function(e) NULL)
    call <- if (length(call) == 1L) call[[1L]]
  }
  if (!is.call(call) || !identical(call[[1L]], quote(`~`))) {
    stop_argument("`", arg, "` must be a formula such as ", example, ", not ", describe(x), ".")
  }
  call
}

# A data frame (tibble, data.table) that can be worked on: unique names, columns of one
# length, no list or matrix columns among `columns`, factors whose codes have levels.
# Comes back as a plain data frame. Without `codes` it is left to the caller to see that
# the codes of factors have levels.
check_data <- function(x, arg = "data", columns = NULL, codes = TRUE) {
  if (!missing(x) && is_lazy(x)) {
    stop_argument("`", arg, "` is in a database or an Arrow dataset, and this function works ",
      "in memory: bring it there with dplyr::collect() first.")
  }
  if (missing(x) || !is.data.frame(x) || !is.list(x)) {
    stop_argument("`", arg, "` must be a data frame, not ", describe(x), ".")
  }
  names <- names(x)
  if (is.null(names)) names <- character(length(x))
  bare <- which(is.na(names) | !nzchar(names))
  if (length(bare)) {
    stop_argument("`", arg, "` has a column without a name (column ", bare[1L], ").")
  }
  odd <- which(Encoding(names) == "bytes" | !validEnc(names))
  if (length(odd)) {
    stop_argument("`", arg, "` has a column whose name holds bytes that are no text (column ",
      odd[1L], ").")
  }
  if (anyDuplicated(names)) {
    stop_argument("`", arg, "` has more than one column called ",
      list_some(names[duplicated(names)]), ".")
  }
  check_columns(columns, names, arg)
  n_rows <- .row_names_info(x, 2L)
  x <- as.list(x)
  attributes(x) <- list(names = names)
  of <- if (is.null(columns)) names else columns
  for (name in of[!vapply(x[of], is_plain_column, NA, n_rows)]) {
    check_column(x[[name]], name, n_rows, arg, codes)
  }
  attributes(x) <- list(names = names, row.names = .set_row_names(n_rows), class = "data.frame")
  x
}

check_columns <- function(columns, names, arg) {
  absent <- columns[!columns %in% names]
  if (length(absent)) {
    absent <- unique(absent)
    stop_argument("`", arg, "` has no column", if (length(absent) > 1L) "s", " ",
      list_some(absent), if (!length(names)) "; it has none" else
        paste0("; its columns are ", list_some(names, most = 10L)), ".")
  }
  invisible(columns)
}

is_plain_column <- function(x, n_rows) {
  is.atomic(x) && !is.object(x) && length(x) == n_rows && is.null(dim(x)) && !is.null(x)
}

check_column <- function(x, name, n_rows, arg, codes = TRUE) {
  if (is_plain_column(x, n_rows)) return(invisible(x))
  delayedAssign("where", paste0("Column \"", name, "\" of `", arg, "`"))
  if (is.data.frame(x) || !is.null(dim(x))) {
    stop_argument(where, " must be a plain vector, not a matrix or data frame.")
  }
  if (!is.atomic(x) || is.null(x)) {
    stop_argument(where, " must be a plain vector, not ", describe(x), ".")
  }
  if (length(x) != n_rows) {
    stop_argument(where, " has ", length(x), if (length(x) == 1L) " value" else " values",
      " where the data has ", n_rows, if (n_rows == 1L) " row." else " rows.")
  }
  if (inherits(x, "factor")) check_factor(x, where, codes)
  invisible(x)
}

check_factor <- function(x, where, codes = TRUE) {
  levels <- attr(x, "levels")
  if (typeof(x) != "integer" || !is.character(levels)) {
    stop_argument(where, " is a damaged factor: its codes must be integers and its levels texts.")
  }
  twice <- anyDuplicated(levels)
  if (twice) {
    stop_argument(where, " is a damaged factor: its levels ", match(levels[twice], levels),
      " and ", twice, " are the same text.")
  }
  row <- if (codes) encode_outside(x, length(levels)) else 0
  if (row > 0) {
    stop_argument(where, " is a damaged factor: row ", row, " holds the code ",
      as.integer(x)[row], ", and there are ", length(levels), " levels.")
  }
}

check_codebook <- function(x, arg = "codebook") {
  if (missing(x) || !inherits(x, "codebook") || !is.list(x) || !is.data.frame(x$variables)) {
    stop_argument("`", arg, "` must be a codebook, as codebook() or read_codebook() make it, not ",
      describe(x), ".")
  }
  x
}

# A cross-tabulation whose parts fit together: a cell for each stratum, row and column.
check_crosstab <- function(x, arg = "tab") {
  if (missing(x) || !inherits(x, "crosstab")) {
    stop_argument("`", arg, "` must be a cross-tabulation, as crosstab() makes it, not ",
      describe(x), ".")
  }
  parts <- c("cells", "rows", "columns", "strata")
  parts <- if (is.list(x)) unclass(x)[parts] else list(NULL)
  whole <- all(vapply(parts, is_even_frame, NA)) && is.list(x$spec) && is.list(x$notes) &&
    all(vapply(parts[-1L], function(axis) is.matrix(axis$value), NA))
  if (!whole) {
    stop_argument("`", arg, "` is no cross-tabulation as crosstab() makes it: a part is missing",
      " or damaged.")
  }
  size <- vapply(parts, function(part) as.double(.row_names_info(part, 2L)), 0)
  if (size[1L] != prod(size[-1L])) {
    stop_argument("`", arg, "` is a damaged cross-tabulation: ", size[1L], " cells where its rows",
      " and columns make ", prod(size[-1L]), ".")
  }
  invisible(x)
}

# A data frame each of whose columns has a value for every row.
is_even_frame <- function(x) {
  is.data.frame(x) && all(vapply(unclass(x), NROW, 0L) == .row_names_info(x, 2L))
}
