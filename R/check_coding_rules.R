# Expressions over the sheet: where a variable is asked, and the codebook's own rules.

# ---- where a variable is asked ----

# TRUE where asked, FALSE where not, NA where that is not known.
asked_rows <- function(sheet, plan) {
  name <- plan$variable
  asked <- sheet_value(sheet, plan$relevant, paste0("`relevant` of \"", name, "\""))
  sheet$asked[[name]] <- asked$why
  if (is.null(asked$value)) return(rep(NA, sheet$n))
  value <- rep_len(asked$value, sheet$n)
  for (read in asked$variables) value[unread_rows(sheet, read)] <- NA
  value
}

relevance_findings <- function(sheet, plan, rows, hits) {
  name <- plan$variable
  why <- sheet$asked[[name]]
  if (!is.null(why)) {
    return(list(finding(plan, NA, "rule_not_run", NA_character_, plan$relevant,
      NA_character_, why)))
  }
  rows <- setdiff(rows, hits$row[hits$verdict > 2L])
  text <- column_text(.subset2(sheet$data, name)[rows])
  missing <- plan$words$word[nzchar(plan$codes$missing)[plan$words$position]]
  if (!is.na(plan$separator)) text[!lengths(split_parts(text, plan$separator))] <- NA
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
  where <- paste0("The rule \"", rule$rule, "\"")
  found <- sheet_value(sheet, rule$expression, where)
  names <- found$variables
  value <- found$value
  told <- function(row, name, text, message, severity = rule$severity) {
    list(finding(NULL, row, name, text, rule$expression, NA_character_, message,
      severity = severity, variable = paste(names, collapse = ", ")))
  }
  if (is.null(value)) return(told(NA, "rule_not_run", NA_character_, found$why, "error"))
  message <- if (nzchar(rule$message)) rule$message else
    paste0("The rule \"", rule$rule, "\" does not hold: ", rule$expression, ".")
  if (length(value) == 1L && (sheet$n != 1L || found$whole)) {
    if (is.na(value)) {
      return(told(NA, "rule_not_run", NA_character_, undecided(sheet, names, where)))
    }
    return(if (!value) told(NA, rule$rule, NA_character_, message))
  }
  rows <- which(!value)
  if (length(rows)) for (name in names) rows <- rows[!rows %in% unread_rows(sheet, name)]
  c(if (length(rows)) told(rows, rule$rule, rule_values(sheet, names, rows), message),
    if (anyNA(value)) undecided_rows(sheet, found, where, told))
}

# The rows in which a cell of a variable is no code, number or date.
unread_rows <- function(sheet, name) {
  hits <- sheet$cells[[name]]
  hits$row[hits$verdict %in% c(3L, 4L, 5L, 7L)]
}

# A rule that is NA where nothing that it reads is missing: row by row, or once where it
# looks at whole columns.
undecided_rows <- function(sheet, found, where, told) {
  names <- found$variables
  rows <- which(is.na(found$value))
  for (name in names) rows <- rows[!is.na(sheet_column(sheet, name)[rows])]
  if (!length(rows)) return(NULL)
  if (found$columns) {
    return(told(NA, "rule_not_run", NA_character_, undecided(sheet, names, where)))
  }
  told(rows, "rule_not_run", rule_values(sheet, names, rows),
    paste0(where, " could not be decided: its value is NA, though nothing that it reads is blank."))
}

# Why a rule that looks at whole columns is NA.
undecided <- function(sheet, names, where) {
  open <- vapply(names, function(name) sum(is.na(sheet_column(sheet, name))), 0L)
  open <- utils::head(open[open > 0L], 3L)
  why <- paste0("\"", names(open), "\" is blank, missing or unreadable in ", open,
    ifelse(open == 1L, " row", " rows"), collapse = " and ", recycle0 = TRUE)
  paste0(where, " could not be decided: ", if (length(open))
    paste0(why, "; `na.rm = TRUE` leaves such cells out") else "its value is NA", ".")
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
  parsed <- parsed_once(sheet$plan, text, where)
  if (is.null(parsed$expression)) return(parsed)
  value <- run_expression(sheet, parsed$expression, parsed$variables, where)
  if (is.character(value)) return(list(why = value, variables = parsed$variables))
  list(value = value, variables = parsed$variables, whole = parsed$whole,
    columns = parsed$columns)
}

# A codebook's expressions are parsed once for all sheets.
parsed_once <- function(plan, text, where) {
  known <- plan$parsed[[text]]
  if (!is.null(known)) return(known)
  expression <- tryCatch(parse_allowed(text, where), error = function(e) e)
  if (inherits(expression, "error")) return(list(why = conditionMessage(expression)))
  strange <- strange_label(expression, plan$variables)
  parsed <- list(variables = expression_variables(expression),
    whole = speaks_of_sheet(expression),
    columns = any(all.names(expression) %in% of_whole_columns))
  if (is.null(strange)) {
    parsed$expression <- with_separators(expression, plan$variables)
  } else {
    parsed$why <- paste0(where, " could not be run: it ", strange, ".")
  }
  assign(text, parsed, envir = plan$parsed)
  parsed
}

# What a function makes of a whole column, whichever row it stands in.
of_whole_columns <- c("sum", "mean", "median", "min", "max", "sd", "var", "any", "all",
  "length", "unique", "duplicated", "[")

# Does an expression give one value whatever the number of rows?
speaks_of_sheet <- function(x) {
  if (!is.call(x)) return(!is.name(x))
  head <- as.character(x[[1L]])
  one <- setdiff(of_whole_columns, c("unique", "duplicated", "["))
  head %in% one || all(vapply(as.list(x)[-1L], speaks_of_sheet, NA))
}

# selected() with the separator that the codebook gives the variable, where it is left out.
with_separators <- function(x, plans) {
  if (!is.call(x)) return(x)
  for (i in seq_along(x)[-1L]) x[[i]] <- with_separators(x[[i]], plans)
  if (!identical(x[[1L]], as.name("selected"))) return(x)
  x <- match.call(expression_language$selected, x)
  plan <- if (is.name(x$x)) plans[[as.character(x$x)]]
  if (is.null(x$separator) && !is.null(plan) && !is.na(plan$separator)) {
    x$separator <- plan$separator
  }
  x
}

# In words, the first text that an expression compares with a coded variable and that is
# none of its labels: such a comparison is never TRUE, whatever the sheet says.
strange_label <- function(x, plans) {
  if (!is.call(x)) return(NULL)
  name <- as.character(x[[1L]])
  told <- NULL
  if (name %in% c("==", "!=", "%in%", "selected")) {
    sides <- as.list(match.call(expression_language[[name]], x))[2:3]
    for (side in 1:2) {
      plan <- if (is.name(sides[[side]])) plans[[as.character(sides[[side]])]]
      if (!is.null(plan) && is.null(told)) {
        told <- tell_strange(plan, constant_texts(sides[[3L - side]]), name)
      }
    }
  }
  for (part in as.list(x)[-1L]) if (is.null(told)) told <- strange_label(part, plans)
  told
}

constant_texts <- function(x) {
  if (is.character(x)) return(x)
  if (is.call(x) && as.character(x[[1L]]) %in% c("c", "(")) {
    unlist(lapply(as.list(x)[-1L], constant_texts))
  }
}

tell_strange <- function(plan, texts, name) {
  whole <- is.na(plan$separator)
  if (plan$kind != 1L || plan$logical || (!whole && name != "selected")) return(NULL)
  known <- if (whole) plan$codes$label else part_names(plan)
  bad <- texts[!texts %in% known]
  if (!length(bad)) return(NULL)
  near <- suggest_label(bad[1L], plan$words, known)$suggestion
  paste0("compares \"", plan$variable, "\" with \"", bad[1L], "\", which is none of its ",
    if (identical(known, plan$codes$label)) "labels" else "codes",
    if (!is.na(near)) paste0("; nearest is \"", near, "\""))
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
