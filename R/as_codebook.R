#' A codebook from labelled data
#'
#' Describes data as they are: value labels, variable labels and user-defined missing
#' values of columns that haven (or labelled) made, levels of factors, and the kind of
#' every other column. It is a start to be reviewed: nothing is required, no range is
#' set.
#'
#' Labelled columns: each value label becomes a code, with the value as `code`. Values
#' declared missing (`na_values`, `na_range`, tagged `NA`s such as `.a`) become missing
#' codes; those among them that occur without a label are labelled by their value. A
#' column of texts is `nominal` where a label stands for a value that is not missing; a
#' column of numbers where labels cover every value that occurs, else `integer` or
#' `number`. Factors give codes equal to their labels, in order (`ordinal` if ordered).
#'
#' What a missing code means is read off its label: "not applicable", "n/a",
#' "inapplicable" and "does not apply" are `not_applicable`; "not known", "unknown",
#' "don't know" and "unsure" are `not_known`; any other is `not_recorded`. Say it
#' yourself in `missing`.
#'
#' @param data A data frame (or a codebook, which is given back).
#' @param id The names of the columns that are ids, or `NULL`.
#' @param missing A named character vector: labels (or codes) of missing values, each
#'   with `not_known`, `not_recorded` or `not_applicable`. Labels named here are missing
#'   codes even where the data do not declare them so, in factors too.
#' @param title A title for the codebook, or `NULL`.
#' @param ... Not used.
#' @return A [codebook()].
#' @section Errors:
#' Of class `casereview_error_argument`, e.g. for a matrix column, or a value label
#' given twice.
#' @examples
#' sex <- structure(
#'   c(1, 2, -9), labels = c(Female = 1, Male = 2, "Not known" = -9), na_values = -9,
#'   label = "Sex of the child", class = c("haven_labelled_spss", "haven_labelled")
#' )
#' cases <- data.frame(case = c("a", "b", "c"))
#' cases$sex <- sex
#' as_codebook(cases, id = "case")
#' @export
as_codebook <- function(data, ...) UseMethod("as_codebook")

#' @export
as_codebook.default <- function(data, ...) {
  stop_argument("`data` must be a data frame, not ", describe(data), ".")
}

#' @export
as_codebook.codebook <- function(data, ...) check_codebook(data, "data")

#' @rdname as_codebook
#' @export
as_codebook.data.frame <- function(data, id = NULL, missing = NULL, title = NULL, ...) {
  data <- check_data(data)
  id <- check_strings(id, "id", null = TRUE)
  check_columns(id, names(data), "data")
  missing <- check_missing_labels(missing)
  parts <- lapply(names(data),
    function(name) describe_column(data[[name]], name, missing))
  variables <- data.frame(
    variable = names(data), label = vapply(parts, `[[`, "", "label"),
    type = vapply(parts, `[[`, "", "type")
  )
  variables$type[variables$variable %in% id] <- "id"
  codes <- do.call(rbind, lapply(parts[!variables$variable %in% id], `[[`, "codes"))
  codebook(variables, codes, title = title)
}

check_missing_labels <- function(x) {
  x <- check_strings(x, "missing", null = TRUE)
  if (is.null(x)) return(character())
  bad <- setdiff(x, missing_words)
  if (length(bad)) {
    stop_argument("`missing` must hold ", list_some(missing_words), ", not ",
      list_some(bad), ".")
  }
  if (is.null(names(x)) || any(!nzchar(names(x)))) {
    stop_argument("`missing` must have the labels as names.")
  }
  x
}

describe_column <- function(x, name, missing) {
  label <- attr(x, "label", exact = TRUE)
  if (!is.character(label) || length(label) != 1L || is.na(label)) label <- ""
  labels <- attr(x, "labels", exact = TRUE)
  codes <- if (is.factor(x)) {
    factor_codes(x)
  } else if (is_labelled(x, labels)) {
    labelled_codes(x, labels)
  } else {
    data.frame(code = character(), label = character(), missing = logical())
  }
  codes$missing <- missing_meaning(codes, missing)
  list(label = label, type = column_type(x, codes),
    codes = cbind(variable = rep(name, nrow(codes)), codes))
}

is_labelled <- function(x, labels) {
  !inherits(x, c("Date", "POSIXct", "difftime")) && is.atomic(x) &&
    ((is.atomic(labels) && !is.null(names(labels))) ||
      !is.null(attr(x, "na_values", exact = TRUE)) ||
      !is.null(attr(x, "na_range", exact = TRUE)))
}

factor_codes <- function(x) {
  levels <- encode_text(levels(x))
  levels <- levels[!is.na(levels)]
  data.frame(code = levels, label = levels, missing = rep(FALSE, length(levels)))
}

# Value labels, and the missing values that have none.
labelled_codes <- function(x, labels) {
  values <- as.vector(unclass(labels))
  texts <- as.character(names(labels))
  bare <- value_text(unlabelled_missing(x, values))
  if (anyNA(values)) bare <- c(bare, setdiff(tags_in(x), value_text(labels)))
  code <- c(value_text(labels), bare)
  text <- c(texts, bare)
  text[is.na(text) | !nzchar(trimws(text))] <- code[is.na(text) | !nzchar(trimws(text))]
  missing <- c(is.na(values) | in_missing(values, x), rep(TRUE, length(bare)))
  keep <- !is.na(code)
  data.frame(code = code[keep], label = text[keep], missing = missing[keep])
}

unlabelled_missing <- function(x, labelled) {
  found <- unique(as.vector(unclass(x)))
  found <- found[!is.na(found) & in_missing(found, x)]
  declared <- as.vector(attr(x, "na_values", exact = TRUE))
  bare <- unique(c(declared, found))
  sort(bare[!is.na(bare) & !bare %in% labelled])
}

# The tagged NAs of a column, as ".a".
tags_in <- function(x) {
  tag <- if (is.double(x)) unique(value_text(x[is.na(x)]))
  sort(as.character(tag[!is.na(tag)]))
}

missing_meaning <- function(codes, missing) {
  named <- match(codes$label, names(missing))
  named[is.na(named)] <- match(codes$code, names(missing))[is.na(named)]
  word <- tolower(codes$label)
  guess <- ifelse(grepl("not applicable|inapplicable|not apply|^n/?a$|^n\\.a\\.?$",
    word), "not_applicable",
    ifelse(grepl("not known|unknown|(don.?t|do not|does not|not) know|unsure", word),
      "not_known", "not_recorded"))
  guess[!codes$missing] <- ""
  ifelse(is.na(named), guess, unname(missing[named]))
}

column_type <- function(x, codes) {
  if (is.ordered(x)) return("ordinal")
  if (is.factor(x)) return("nominal")
  if (inherits(x, c("Date", "POSIXct"))) return("date")
  if (is.logical(x)) return(if (all(is.na(x))) "text" else "flag")
  substantive <- codes$code[!nzchar(codes$missing)]
  values <- as.vector(unclass(x))
  values <- unique(values[!is.na(values)])
  covered <- if (is.numeric(values)) plain_number(values) else codes$code
  if (length(substantive) && all(covered %in% codes$code)) return("nominal")
  if (!is.numeric(values)) return("text")
  if (inherits(x,
    "integer64")) stop_argument("Column of class integer64 must be made numeric first.")
  if (all(values == floor(values) & abs(values) < 2^31)) "integer" else "number"
}
