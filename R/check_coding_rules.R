# Expressions over the sheet: where a variable is asked, and the codebook's own rules.

# ---- where a variable is asked ----

# TRUE where asked, FALSE where not, NA where that is not known.
asked_rows <- function(sheet, name, plan) {
  asked <- sheet_value(sheet, plan$relevant, paste0("`relevant` of \"", name, "\""))
  sheet$asked[[name]] <- asked$why
  if (is.null(asked$value)) rep(NA, sheet$n) else rep_len(asked$value, sheet$n)
}

relevance_findings <- function(sheet, name, plan, rows, hits) {
  why <- sheet$asked[[name]]
  if (!is.null(why)) {
    return(list(finding(plan, NA, "rule_not_run", NA_character_, plan$relevant,
      NA_character_, why)))
  }
  rows <- setdiff(rows, hits$row[hits$verdict > 2L])
  text <- column_text(.subset2(sheet$data, name)[rows])
  missing <- plan$words$word[nzchar(plan$codes$missing)[plan$words$position]]
  bad <- !is.na(text) & !text %in% missing
  if (!any(bad)) return(NULL)
  list(finding(plan, rows[bad], "not_relevant",
    if (plan$restricted) "(restricted)" else text[bad],
    paste0("blank unless ", plan$relevant), NA_character_,
    quoted(plan, " is answered where it is not asked: only where ", plan$relevant, ".")))
}

# ---- the codebook's own rules ----

rule_findings <- function(sheet) {
  rules <- sheet$plan$rules
  parts <- lapply(seq_along(rules$rule), function(i) one_rule(sheet, lapply(rules, `[`, i)))
  unlist(parts, recursive = FALSE)
}

one_rule <- function(sheet, rule) {
  found <- sheet_value(sheet, rule$expression, paste0("The rule \"", rule$rule, "\""))
  names <- found$variables
  value <- found$value
  variable <- paste(names, collapse = ", ")
  if (is.null(value)) {
    return(list(finding(NULL, NA, "rule_not_run", NA_character_, rule$expression,
      NA_character_, found$why, variable = variable)))
  }
  message <- if (nzchar(rule$message)) rule$message else
    paste0("The rule \"", rule$rule, "\" does not hold: ", rule$expression, ".")
  if (length(value) == 1L && sheet$n != 1L) {
    if (!(value %in% FALSE)) return(NULL)
    return(list(finding(NULL, NA, rule$rule, NA_character_, rule$expression, NA_character_,
      message, severity = rule$severity, variable = variable)))
  }
  rows <- which(!value)
  for (name in names) rows <- rows[!rows %in% sheet$faults[[name]]]
  if (!length(rows)) return(NULL)
  list(finding(NULL, rows, rule$rule, rule_values(sheet, names, rows), rule$expression,
    NA_character_, message, severity = rule$severity, variable = variable))
}

rule_values <- function(sheet, names, rows) {
  if (!length(names)) return(NA_character_)
  text <- lapply(names, function(name) {
    if (sheet$plan$variables[[name]]$restricted) return(rep("(restricted)", length(rows)))
    column_text(.subset2(sheet$data, name)[rows])
  })
  if (length(text) == 1L) return(text[[1L]])
  text <- lapply(text, function(x) {
    x[is.na(x)] <- ""
    x
  })
  do.call(paste, c(text, sep = ", "))
}

# An expression over the sheet: its `value`, logical, one for each row or one in all, or
# `why` it could not be run in one sentence; and the `variables` that it reads.
sheet_value <- function(sheet, text, where) {
  known <- sheet$not_run[[where]]
  if (!is.null(known)) return(known)
  parsed <- parsed_once(sheet$plan$parsed, text, where)
  if (is.null(parsed$expression)) return(parsed)
  value <- run_expression(sheet, parsed$expression, parsed$variables, where)
  if (is.character(value)) return(list(why = value, variables = parsed$variables))
  list(value = value, variables = parsed$variables)
}

# A codebook's expressions are parsed once for all sheets.
parsed_once <- function(known, text, where) {
  if (!is.null(known[[text]])) return(known[[text]])
  expression <- tryCatch(parse_allowed(text, where), error = function(e) e)
  if (inherits(expression, "error")) return(list(why = conditionMessage(expression)))
  parsed <- list(expression = expression, variables = expression_variables(expression))
  assign(text, parsed, envir = known)
  parsed
}

run_expression <- function(sheet, expression, names, where) {
  absent <- names[!names %in% names(sheet$data) | !names %in% names(sheet$plan$variables)]
  if (length(absent)) {
    return(paste0(where, " could not be run: there is no variable ",
      list_some(absent, joined = " or "), "."))
  }
  columns <- lapply(names, function(name) sheet_column(sheet, name))
  names(columns) <- names
  value <- run_allowed(expression, columns, sheet$n)
  if (inherits(value, "error")) {
    why <- if (any(sheet$plan$restricted[names])) "it failed" else conditionMessage(value)
    return(paste0(where, " could not be run: ", sub("[.]$", "", why), "."))
  }
  if (!is.logical(value) || !length(value) %in% c(1L, sheet$n)) {
    return(paste0(where, " must give TRUE or FALSE for each row; it gives ",
      describe(value), "."))
  }
  value
}

sheet_column <- function(sheet, name) {
  if (is.null(sheet$decoded[[name]])) {
    sheet$decoded[[name]] <- decode_column(.subset2(sheet$data, name),
      sheet$plan$variables[[name]])
  }
  sheet$decoded[[name]]
}
