#' A codebook
#'
#' @param variables A data frame, one row a variable.
#' @param codes A data frame, one row a code of a variable.
#' @param rules A data frame of rules across variables.
#' @param title,version Texts.
#' @return A `codebook`: a list of `title`, `version` and the data frames `variables`,
#'   `codes` and `rules`.
#' @export
codebook <- function(variables, codes = NULL, rules = NULL, title = NULL, version = NULL) {
  variables <- table_columns(variables, "variables", list(
    variable = NA_character_, label = NA_character_, type = NA_character_, required = FALSE,
    min = "", max = "", pattern = "", relevant = "", separator = "", restricted = FALSE,
    instruction = ""
  ), needs = "variable")
  codes <- table_columns(codes, "codes", list(
    variable = NA_character_, code = NA_character_, label = NA_character_, score = NA_real_,
    missing = "", parent = "", aliases = ""
  ), needs = c("variable", "code"))
  rules <- table_columns(rules, "rules", list(
    rule = NA_character_, expression = NA_character_, severity = "error", message = ""
  ), needs = c("rule", "expression"))
  coded <- variables$variable %in% codes$variable
  variables$type[is.na(variables$type)] <- ifelse(coded, "nominal", "text")[is.na(variables$type)]
  variables$label[is.na(variables$label)] <- variables$variable[is.na(variables$label)]
  codes$label[is.na(codes$label)] <- codes$code[is.na(codes$label)]
  structure(
    list(title = check_string(title, "title", null = TRUE),
      version = check_string(version, "version", null = TRUE),
      variables = variables, codes = codes, rules = rules),
    class = "codebook"
  )
}

# One of the tables of a codebook with all its columns, in the kinds of `defaults`.
table_columns <- function(x, arg, defaults, needs) {
  if (is.null(x)) x <- as.data.frame(lapply(defaults, function(d) d[0L]))
  x <- check_data(x, arg)
  unknown <- setdiff(names(x), names(defaults))
  if (length(unknown)) {
    stop_argument("`", arg, "` has an unknown column ", list_some(unknown), "; the columns are ",
      list_some(names(defaults), most = 20L), ".")
  }
  check_columns(needs, names(x), arg)
  for (name in names(defaults)) {
    value <- x[[name]]
    default <- defaults[[name]]
    if (is.null(value)) value <- rep(default, nrow(x))
    if (is.factor(value)) value <- as.character(value)
    storage.mode(value) <- typeof(default)
    value[is.na(value)] <- default
    x[[name]] <- value
  }
  x[names(defaults)]
}

# ---- what the other concepts ask of a codebook ----

# The codes of one variable, in order.
codes_of <- function(codebook, variable) {
  codebook$codes[codebook$codes$variable == variable, , drop = FALSE]
}

# One variable as a list of its columns.
variable_of <- function(codebook, variable) {
  as.list(codebook$variables[match(variable, codebook$variables$variable), , drop = FALSE])
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
    if (!length(items)) stop_argument("`codebook` has no variable of type \"rating\"; name the items in `items`.")
    return(items)
  }
  items <- check_strings(items, "items")
  absent <- setdiff(items, known)
  if (length(absent)) stop_argument("`items` names ", list_some(absent), ", which the codebook does not have.")
  if (anyDuplicated(items)) stop_argument("`items` names ", list_some(items[duplicated(items)]), " twice.")
  items
}
