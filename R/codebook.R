#' A codebook
#'
#' One object says what may stand in a coding sheet: the variables, their codes and
#' labels, what each missing code means, ranges, patterns, when a variable is asked, and
#' rules across variables. Every later step reads it. All of it is checked here, once: a
#' codebook that exists is sound.
#'
#' Columns that are not given are filled in. Texts are brought to UTF-8, line ends to
#' `"\n"`, and `NA` and blanks to the empty text. Codes given as numbers become texts
#' without a superfluous point (`1`, not `1.0`). A `parent` is a code, or its label, of the
#' same variable or of one other variable (the groups that a finer variable is nested
#' in); where no parent of a variable is a code of the codebook, they are plain names of
#' groups.
#'
#' @section Expressions:
#' `relevant` and the rules' `expression` are R expressions over the variables, worked
#' out over whole columns. Coded variables are compared by label (`sex == "Female"`),
#' numbers as numbers, dates as dates (`start >= "2010-01-01"`). They may use
#' comparison, arithmetic, `&`, `|`, `!`, `xor`, `%in%`, `c`, `:`, `[`, `is.na`,
#' `is.finite`, `ifelse`, `between`, `abs`, `floor`, `ceiling`, `trunc`, `round`,
#' `sqrt`, `pmin`, `pmax`, `cbind` with `rowSums` and `rowMeans`, `sum`, `mean`,
#' `median`, `min`, `max`, `sd`, `var`, `any`, `all`, `length`, `unique`, `duplicated`,
#' `nchar`, `nzchar`, `substr`, `startsWith`, `endsWith`, `grepl`, `tolower`, `toupper`,
#' `trimws`, `paste`, `paste0`, `as.integer`, `as.numeric`, `as.character`, `as.Date`,
#' `format` (of a date), `difftime` (a number of days or weeks), `years(from, to)`
#' (years completed), `Sys.Date()`, and `selected(x, label)`, which is TRUE where a
#' multicode cell holds the label (the code, where spaces separate the parts). Anything
#' else is refused by name. A text never equals a number, and texts have no order: such an
#' expression does not run.
#'
#' @param variables A data frame, one row a variable, with the column `variable` and any
#'   of `label`, `type` (`id`, `nominal`, `ordinal`, `rating`, `flag`, `integer`,
#'   `number`, `date`, `year`, `text` or `multicode`; if not given, `nominal` where
#'   there are codes and `text` elsewhere), `required` (logical, or the words yes/no,
#'   true/false, 1/0), `min` and `max` (a number, or for a date `year-month-day`),
#'   `pattern` (an extended regular expression; for a date it may hold the words `dmy` or
#'   `mdy`, the order of 03/04/2010, and `month` or `year`, the coarsest precision that is
#'   accepted: see [check_coding()]), `relevant` (an expression: the variable is asked only
#'   where it is TRUE), `separator` (of multicode cells, `;` if not
#'   given), `restricted` (logical: its values are never repeated in a report) and
#'   `instruction` (for the coder).
#' @param codes A data frame, one row a code, with the columns `variable` and `code`,
#'   and any of `label`, `score` (a number), `missing` (empty, `not_known`,
#'   `not_recorded` or `not_applicable`), `parent` (the group that a code belongs to)
#'   and `aliases` (other spellings, separated by `;`).
#' @param rules A data frame, one row a rule, with the columns `rule` and `expression`,
#'   and any of `severity` (`error` or `warning`) and `message`. A rule is TRUE where
#'   the data are as they should be.
#' @param title,version Texts, or `NULL`. A version may be a number.
#' @return A `codebook`: a list of `title` and `version` (texts or `NULL`) and the data
#'   frames `variables`, `codes` and `rules` with exactly the columns above, in this
#'   order: texts (empty where not given), but `required` and `restricted` logical and
#'   `score` numeric (`NA` where there is none).
#' @section Errors:
#' Of class `casereview_error_argument`, one sentence naming the row, variable, code or
#' rule.
#' @seealso [read_codebook()], [as_codebook()], [coding_template()].
#' @examples
#' codebook(
#'   variables = data.frame(
#'     variable = c("case", "neglect", "age"),
#'     type = c("id", "rating", "integer"),
#'     min = c("", "", "0")
#'   ),
#'   codes = data.frame(
#'     variable = "neglect", code = c(0:2, 9),
#'     label = c("None", "Some", "Severe", "Not known"), score = c(0:2, NA),
#'     missing = c("", "", "", "not_known")
#'   ),
#'   rules = data.frame(rule = "young", expression = "age < 18 | neglect == \"None\"")
#' )
#' @export
codebook <- function(variables, codes = NULL, rules = NULL, title = NULL,
  version = NULL) {
  variables <- table_columns(variables, "variables")
  codes <- table_columns(codes, "codes")
  rules <- table_columns(rules, "rules")
  if (is.numeric(version) && length(version) == 1L) version <- plain_number(version)
  variables <- complete_variables(variables, codes)
  codes$label[!nzchar(codes$label)] <- codes$code[!nzchar(codes$label)]
  rules$severity[!nzchar(rules$severity)] <- "error"
  check_variables(variables)
  check_codes(codes, variables)
  check_rules(rules)
  structure(
    list(title = check_title(title, "title"), version = check_title(version, "version"),
      variables = variables, codes = codes, rules = rules),
    class = "codebook"
  )
}

check_title <- function(x, arg) {
  x <- check_string(x, arg, null = TRUE)
  if (is.null(x)) return(NULL)
  x <- clean_text(x, paste0("`", arg, "`"))
  if (!nzchar(trimws(x))) stop_argument("`", arg, "` must be one text, not a blank.")
  x
}

complete_variables <- function(variables, codes) {
  open <- !nzchar(variables$type)
  coded <- variables$variable %in% codes$variable
  variables$type[open] <- ifelse(coded, "nominal", "text")[open]
  open <- !nzchar(variables$label)
  variables$label[open] <- variables$variable[open]
  open <- !nzchar(variables$separator) & variables$type == "multicode"
  variables$separator[open] <- ";"
  variables
}

# ---- the tables and their columns ----

codebook_columns <- list(
  variables = c(
    variable = "text", label = "text", type = "text", required = "flag", min = "text",
    max = "text", pattern = "text", relevant = "text", separator = "text",
    restricted = "flag", instruction = "text"
  ),
  codes = c(
    variable = "text", code = "text", label = "text", score = "number",
      missing = "text",
    parent = "text", aliases = "text"
  ),
  rules = c(rule = "text", expression = "text", severity = "text", message = "text")
)

codebook_needs <- list(
  variables = "variable", codes = c("variable", "code"), rules = c("rule", "expression")
)

variable_types <- c(
  "id", "nominal", "ordinal", "rating", "flag", "integer", "number", "date", "year",
    "text",
  "multicode"
)

missing_words <- c("not_known", "not_recorded", "not_applicable")

# One of the tables of a codebook with all its columns, each of its own kind.
table_columns <- function(x, arg) {
  kinds <- codebook_columns[[arg]]
  if (arg != "variables" && is.null(x)) {
    x <- as.data.frame(lapply(kinds, function(kind) character()))
  }
  x <- check_data(x, arg)
  unknown <- setdiff(names(x), names(kinds))
  if (length(unknown)) {
    stop_argument("`", arg, "` has ", if (length(unknown) == 1L) "an unknown column " else
      "unknown columns ", list_some(unknown), "; the columns are ",
    list_some(names(kinds), most = 20L), ".")
  }
  check_columns(codebook_needs[[arg]], names(x), arg)
  n <- nrow(x)
  made <- lapply(names(kinds), function(name) {
    value <- x[[name]]
    if (is.null(value)) value <- character(n)
    where <- paste0("Column \"", name, "\" of `", arg, "`")
    switch(kinds[[name]],
      text = filled_text(text_column(value, where), name),
        flag = flag_column(value, where),
      number = score_column(value, where))
  })
  structure(made, names = names(kinds), row.names = .set_row_names(n),
    class = "data.frame")
}

# Nothing but spaces is nothing, except for a separator.
filled_text <- function(x, name) {
  if (name != "separator") x[!nzchar(trimws(x))] <- ""
  x
}

# Any column as UTF-8 text, "" where it is missing.
text_column <- function(x, where) {
  if (is.factor(x)) x <- levels(x)[as.integer(x)]
  if (inherits(x, "Date")) x <- format(as_date(as.double(unclass(x))), "%Y-%m-%d")
  if (inherits(x, "POSIXct")) x <- format(stamp_date(x), "%Y-%m-%d")
  if (is.numeric(x)) x <- plain_number(x)
  if (is.complex(x) || is.raw(x)) stop_argument(where, " must hold texts or numbers.")
  clean_text(as.character(unclass(x)), where)
}

clean_text <- function(x, where) {
  x[is.na(x)] <- ""
  bytes <- which(Encoding(x) == "bytes")
  if (length(bytes)) stop_argument(where, " holds bytes of no known encoding in row ",
    bytes[1L], ".")
  x <- enc2utf8(x)
  bad <- which(!validUTF8(x))
  if (length(bad)) {
    stop_argument(where, " holds text that is not valid in its encoding in row ",
      bad[1L], ".")
  }
  x <- gsub("\r\n?", "\n", x)
  bad <- c(grep("[\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]", x, perl = TRUE),
    grep("\uFFFE", x, fixed = TRUE), grep("\uFFFF", x, fixed = TRUE))
  if (length(bad)) stop_argument(where, " holds a control character in row ", bad[1L],
    ".")
  x
}

# Numbers as the shortest text that gives the same number back: 1, 0.5, 1e+300.
plain_number <- function(x) {
  x <- as.double(unclass(x))
  distinct <- unique(x)
  short <- vapply(distinct, function(value) {
    if (is.na(value)) return(NA_character_)
    if (!is.finite(value)) return(as.character(value))
    plain <- abs(value) < 1e15 && (value == 0 || abs(value) > 1e-5)
    for (digits in 15:17) {
      text <- format(value, digits = digits, scientific = !plain, drop0trailing = TRUE)
      if (as.double(text) == value) break
    }
    text
  }, "")
  short[match(x, distinct)]
}

flag_words <- c(
  "true" = TRUE, "t" = TRUE, "yes" = TRUE, "y" = TRUE, "1" = TRUE, "x" = TRUE,
  "false" = FALSE, "f" = FALSE, "no" = FALSE, "n" = FALSE, "0" = FALSE
)

flag_column <- function(x, where) {
  if (is.logical(x)) {
    x <- as.vector(x)
    return(!is.na(x) & x)
  }
  x <- trimws(text_column(x, where))
  value <- flag_words[match(tolower(x), names(flag_words))]
  bad <- which(is.na(value) & nzchar(x))
  if (length(bad)) {
    stop_argument(where, " must be yes or no, not \"", strtrim(x[bad[1L]], 60L),
      "\" (row ", bad[1L], ").")
  }
  value[is.na(value)] <- FALSE
  unname(value)
}

score_column <- function(x, where) {
  if (inherits(x, "integer64") || inherits(x, "Date")) stop_argument(where,
    " must hold numbers.")
  text <- trimws(text_column(x, where))
  value <- if (is.numeric(x) &&
    !is.factor(x)) as.double(unclass(x)) else strict_number(text)
  bad <- which((is.na(value) & nzchar(text) & text != "NA") | is.infinite(value))
  if (length(bad)) {
    stop_argument(where, " must hold finite numbers, not \"",
      strtrim(text[bad[1L]], 60L),
      "\" (row ", bad[1L], ").")
  }
  value[is.na(value)] <- NA_real_
  as.vector(value)
}

# Numbers written in digits; NA for anything else (hexadecimal, "Inf", "1,5").
strict_number <- function(x) {
  x <- as.character(x)
  x[!grepl("^[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?$", x)] <- NA
  as.double(x)
}

# ---- what the other concepts ask of a codebook ----

# The codes of one variable, in order.
codes_of <- function(codebook, variable) {
  codebook$codes[codebook$codes$variable == variable, , drop = FALSE]
}

# One variable as a list of its columns.
variable_of <- function(codebook, variable) {
  as.list(codebook$variables[match(variable, codebook$variables$variable), ,
    drop = FALSE])
}

# Which variables are answered by choosing among codes.
has_choices <- function(codebook) {
  variables <- codebook$variables
  variables$variable %in% codebook$codes$variable &
    variables$type %in% c("nominal", "ordinal", "rating", "flag", "multicode")
}

# The id variable, or NULL.
id_of <- function(codebook) {
  id <- codebook$variables$variable[codebook$variables$type == "id"]
  if (length(id)) id[1L] else NULL
}

# The items that are scored: those named, or every variable of type "rating".
items_of <- function(codebook, items = NULL) {
  known <- codebook$variables$variable
  if (is.null(items)) {
    items <- known[codebook$variables$type == "rating"]
    if (!length(items)) {
      stop_argument("`codebook` has no variable of type \"rating\"; name the items in `items`.")
    }
    return(items)
  }
  items <- check_strings(items, "items")
  absent <- setdiff(items, known)
  if (length(absent)) {
    stop_argument("`items` names ", list_some(absent),
      ", which the codebook does not have.")
  }
  if (anyDuplicated(items)) {
    stop_argument("`items` names ", list_some(items[duplicated(items)]), " twice.")
  }
  items
}
