# XLSForm: a workbook with the sheets survey, choices and settings.

# ---- reading ----

read_xlsform <- function(file, sheets, missing_codes) {
  key <- tolower(trimws(sheets))
  part <- function(name) {
    if (name %in% key) sheet_table(file, sheets[match(name, key)], unnamed = "left out")
  }
  survey <- part("survey")
  if (is.null(survey)) stop_argument("the sheet \"survey\" is empty.")
  survey <- xls_columns(survey, "survey", c("type", "name"))
  choices <- part("choices")
  if (!is.null(choices)) choices <- xls_columns(choices, "choices", c("list_name", "name"))
  questions <- xls_questions(survey)
  unnamed <- c(attr(survey, "unnamed"), attr(choices, "unnamed"))
  lost <- bind_losses(questions$losses, xls_column_losses(survey, questions$rows),
    new_losses("", "column", unnamed, "its column has no name"))
  xls_book(questions$rows, choices, part("settings"), lost, missing_codes)
}

# Headers in lower case; the first label (of several languages) is the label.
xls_columns <- function(table, sheet, needs) {
  table[] <- lapply(table, trimws)
  names(table) <- tolower(trimws(names(table)))
  names(table)[names(table) == "list name"] <- "list_name"
  if (sheet == "choices" && !"name" %in% names(table)) {
    names(table)[names(table) == "value"] <- "name"
  }
  names(table) <- sub("^bind::?", "", names(table))
  for (word in c("label", "hint", "constraint_message")) {
    at <- which(sub(":.*$", "", names(table)) == word)
    if (length(at) && !word %in% names(table)) names(table)[at[1L]] <- word
  }
  check_columns(needs, names(table), paste0("the sheet ", sheet))
  if (anyDuplicated(names(table))) {
    stop_argument("the sheet \"", sheet, "\" has more than one column called ",
      list_some(names(table)[duplicated(names(table))]), ".")
  }
  optional <- c("label", "hint", "required", "relevant", "constraint",
    "constraint_message", "parameters")
  for (name in setdiff(optional, names(table))) table[[name]] <- rep("", nrow(table))
  table
}

xls_types <- c(
  text = "text", string = "text", integer = "integer", int = "integer",
  decimal = "number", range = "number", date = "date", select_one = "nominal",
  select_multiple = "multicode", barcode = "text", calculate = "text"
)

# The rows of the survey that hold a value, each with its type and the conditions of the
# groups that it stands in.
xls_questions <- function(survey) {
  survey$type <- xls_select_words(survey$type)
  words <- strsplit(survey$type, "\\s+")
  kind <- vapply(words, function(word) if (length(word)) tolower(word[1L]) else "", "")
  joined <- kind %in% c("begin", "end")
  kind[joined] <- paste0(kind[joined], "_", tolower(vapply(words[joined], `[`, "", 2L)))
  survey$list <- vapply(words, function(word) c(word, "", "")[2L], "")
  survey$extra <- vapply(words, function(word) paste(word[-(1:2)], collapse = " "), "")
  survey$kind <- kind
  survey$relevant <- xls_group_conditions(kind, survey$relevant)
  survey$path <- xls_paths(kind, survey$name)
  kept <- kind %in% names(xls_types) & nzchar(survey$name)
  group <- kind %in% c("begin_group", "end_group", "end_repeat", "")
  lost <- new_losses(survey$name[!kept & !group], "type", survey$type[!kept & !group],
    "it holds no value that a codebook describes")
  rows <- survey[kept, , drop = FALSE]
  twice <- rows$name %in% rows$name[duplicated(rows$name)]
  list(losses = bind_losses(lost, new_losses(rows$name[twice], "name", rows$path[twice],
    "two groups have a question of this name; it is called by its group too")),
    rows = replace(rows, "name", list(ifelse(twice, rows$path, rows$name))))
}

# The older ways to ask for choices, as "select_one list" and "select_multiple list".
xls_select_words <- function(type) {
  type <- trimws(gsub("\\s+", " ", type))
  several <- "^(add )?select[ _]?(all that apply|multiple)( prompt)?( using)?( from)? "
  type <- sub(several, "select_multiple ", type, ignore.case = TRUE)
  one <- "^(add )?select[ _]?(one|1)( prompt)?( using)?( from)? "
  type <- sub(one, "select_one ", type, ignore.case = TRUE)
  sub(" or([ _]specify)?[ _]other$", " or_other", type, ignore.case = TRUE)
}

# Each question's name after those of the groups that it stands in: "home/age".
xls_paths <- function(kind, name) {
  above <- character()
  for (i in seq_along(kind)) {
    if (kind[i] %in% c("end_group", "end_repeat")) above <- above[-length(above)]
    own <- name[i]
    name[i] <- paste(c(above, own), collapse = "/")
    if (kind[i] %in% c("begin_group", "begin_repeat")) above <- c(above, own)
  }
  name
}

# A question in a group is asked where the group is.
xls_group_conditions <- function(kind, relevant) {
  above <- character()
  for (i in seq_along(kind)) {
    if (kind[i] %in% c("end_group", "end_repeat")) {
      above <- above[-length(above)]
      next
    }
    parts <- c(above, relevant[i])
    parts <- parts[nzchar(trimws(parts))]
    if (kind[i] %in% c("begin_group", "begin_repeat")) {
      above <- c(above, relevant[i])
    } else if (length(parts) > 1L) {
      relevant[i] <- paste0("(", parts, ")", collapse = " and ")
    } else {
      relevant[i] <- c(parts, "")[1L]
    }
  }
  relevant
}

xls_column_losses <- function(survey, rows) {
  used <- c("type", "name", "label", "hint", "required", "relevant", "constraint",
    "constraint_message", "parameters", "list", "extra", "kind", "path")
  columns <- setdiff(names(survey), used)
  lost <- lapply(columns, function(column) {
    given <- nzchar(trimws(rows[[column]]))
    new_losses(rows$name[given], column, rows[[column]][given],
      "a codebook has no place for it")
  })
  other <- nzchar(rows$extra)
  do.call(bind_losses,
    c(lost, list(new_losses(rows$name[other], "type", rows$extra[other],
      ifelse(rows$extra[other] == "or_other", paste0("the code \"other\" is added; its text ",
        "is asked for in ", rows$name[other], "_other"), "it is not understood")))))
}

xls_book <- function(rows, choices, settings, lost, missing_codes) {
  type <- unname(xls_types[rows$kind])
  id <- which(xls_names_id(rows$name) & type %in% c("text", "integer"))
  if (length(id)) type[id[1L]] <- "id"
  whole <- rows$kind == "range" & !grepl("[0-9]\\.[0-9]", rows$parameters)
  type[whole] <- "integer"
  required <- xls_required(rows)
  limits <- lapply(rows$parameters, xls_range)
  variables <- data.frame(
    variable = rows$name, label = rows$label, type = type, required = required$value,
    min = vapply(limits, `[`, "", 1L), max = vapply(limits, `[`, "", 2L),
    pattern = rep("", nrow(rows)),
    separator = ifelse(type == "multicode", " ", ""), instruction = rows$hint
  )
  single <- single_codes(xls_codes(rows, choices, missing_codes))
  codes <- single$codes
  relevant <- read_relevant(rows$relevant, rows$name, "relevant",
    list(variables = variables, codes = codes), "xlsform")
  variables$relevant <- relevant$text
  limited <- xls_constraints(rows, variables, codes)
  with_losses(
    codebook(limited$variables, codes, limited$rules, first_field(settings, "form_title"),
      first_field(settings, "version")),
    bind_losses(lost, required$losses, single$losses, relevant$losses, limited$losses)
  )
}

# A question that is taken for the id.
xls_names_id <- function(name) grepl("^(case|id)$|_id$", name, ignore.case = TRUE)

xls_required <- function(rows) {
  word <- tolower(trimws(rows$required))
  yes <- word %in% c("yes", "true", "true()", "1")
  no <- word %in% c("", "no", "false", "false()", "0")
  list(value = yes, losses = new_losses(rows$name[!yes & !no], "required",
    rows$required[!yes & !no], "it is a condition"))
}

xls_range <- function(parameters) {
  one <- function(name) {
    found <- regmatches(parameters,
      regexpr(paste0("\\b", name, "\\s*=\\s*-?[0-9.]+"), parameters))
    if (length(found)) trimws(sub("^[^=]*=", "", found)) else ""
  }
  c(one("start"), one("end"))
}

xls_codes <- function(rows, choices, missing_codes) {
  lists <- ifelse(rows$kind %in% c("select_one", "select_multiple"), rows$list, "")
  absent <- setdiff(lists[nzchar(lists)], choices$list_name)
  if (length(absent)) {
    stop_argument("the sheet \"choices\" has no list ", list_some(absent), ".")
  }
  parts <- lapply(which(nzchar(lists)), function(i) {
    own <- choices[choices$list_name == lists[i], , drop = FALSE]
    extra <- function(name) if (name %in% names(own)) own[[name]] else rep("", nrow(own))
    codes <- data.frame(variable = rep(rows$name[i], nrow(own)), code = own$name,
      label = own$label, score = extra("score"), missing = extra("missing"),
      parent = extra("parent"), aliases = extra("aliases"))
    if (rows$extra[i] == "or_other" && !"other" %in% codes$code) {
      codes[nrow(codes) + 1L, ] <- ""
      codes[nrow(codes), c("variable", "code", "label")] <- c(rows$name[i], "other", "Other")
    }
    at <- match(codes$code, missing_codes$code)
    codes$missing[!is.na(at)] <- missing_codes$missing[at[!is.na(at)]]
    codes
  })
  if (length(parts)) do.call(rbind, parts) else table_columns(NULL, "codes")
}

# Constraints as min, max and pattern where they say no more, else as rules.
xls_constraints <- function(rows, variables, codes) {
  book <- list(variables = variables, codes = codes)
  rules <- list()
  lost <- list()
  for (i in which(nzchar(rows$constraint))) {
    name <- rows$name[i]
    message <- rows$constraint_message[i]
    made <- logic_to_r(rows$constraint[i], book, "xlsform", self = name)
    limits <- if (is.character(made)) {
      constraint_limits(parse_allowed(made, "the constraint"), name, variables$type[i])
    }
    if (!is.character(made)) {
      lost <- c(lost, list(new_losses(name, "constraint", rows$constraint[i], made$reason)))
    } else if (is.null(limits)) {
      rules <- c(rules, list(constraint_rule(name, made, message)))
    } else {
      variables[i, names(limits)] <- limits
      if (nzchar(message)) {
        lost <- c(lost, list(new_losses(name, "constraint_message", message,
          "a range or pattern has a message of its own")))
      }
    }
  }
  list(variables = variables, rules = do.call(rbind, rules),
    losses = do.call(bind_losses, lost))
}

# A constraint holds for an answer, so that its rule lets a blank pass.
constraint_rule <- function(name, condition, message) {
  blank <- expression_text(call("is.na", as.name(name)))
  data.frame(rule = paste0("constraint_", name), severity = "error", message = message,
    expression = paste0(blank, " | (", condition, ")"))
}

# `. >= 0 and . <= 9` as c(min = "0", max = "9"), or NULL where a constraint says more.
constraint_limits <- function(x, name, type) {
  parts <- conjuncts(x)
  limits <- lapply(parts, one_limit, name, type)
  if (any(vapply(limits, is.null, NA))) return(NULL)
  limits <- unlist(limits)
  if (anyDuplicated(names(limits))) NULL else limits
}

conjuncts <- function(x) {
  x <- without_brackets(x)
  if (is_call_to(x, "&")) c(conjuncts(x[[2L]]), conjuncts(x[[3L]])) else list(x)
}

one_limit <- function(x, name, type) {
  if (!is.call(x) || length(x) != 3L) return(NULL)
  operator <- as.character(x[[1L]])
  if (operator == "grepl" && identical(x[[3L]], as.name(name))) return(c(pattern = x[[2L]]))
  if (!identical(x[[2L]], as.name(name)) || !operator %in% c(">=", "<=")) return(NULL)
  bound <- x[[3L]]
  if (is_call_to(bound, "-") && length(bound) == 2L && is.numeric(bound[[2L]])) {
    bound <- -bound[[2L]]
  }
  good <- if (type == "date") is.character(bound) else
    is.numeric(bound) && type %in% c("integer", "number")
  if (!good || (type == "integer" && bound != floor(bound))) return(NULL)
  structure(if (is.numeric(bound)) plain_number(bound) else bound,
    names = if (operator == ">=") "min" else "max")
}

# ---- writing ----

write_xlsform <- function(x, file) {
  named <- xls_renamed(x)
  x <- named$book
  v <- x$variables
  coded <- has_choices(x)
  relevant <- write_relevant(x, "xlsform")
  rules <- xls_rules(x)
  survey <- data.frame(
    type = xls_type_words(v, coded), name = v$variable, label = v$label,
    hint = v$instruction, required = ifelse(v$required, "yes", ""),
    relevant = relevant$text, constraint = xls_constraint_texts(v, rules$constraint),
    constraint_message = rules$message
  )
  own <- x$codes[x$codes$variable %in% v$variable[coded], , drop = FALSE]
  names(own)[1:2] <- c("list_name", "name")
  about <- about_table(x)
  settings <- data.frame(form_title = about$title, form_id = "codebook",
    version = about$version)
  write_sheets(list(survey = survey, choices = excel_scores(own), settings = settings), file)
  bind_losses(named$losses, relevant$losses, xls_unwritten(x, coded),
    rule_losses(x$rules[!rules$written, , drop = FALSE]))
}

# Question names as XLSForm takes them; choices of several answers without spaces.
xls_renamed <- function(x) {
  old <- x$variables$variable
  new <- gsub("[^A-Za-z0-9_.-]", "_", iconv(old, "UTF-8", "ASCII", sub = "_"))
  new <- make.unique(sub("^([^A-Za-z_])", "v\\1", new), sep = "_")
  renamed <- rename_variables(x, new)
  x <- renamed$book
  x$rules$expression <- rename_in(x$rules$expression, old, new)
  several <- x$codes$variable %in% new[x$variables$type == "multicode"] &
    grepl("\\s", x$codes$code)
  lost <- bind_losses(renamed$losses,
    new_losses(x$codes$variable[several], "code", x$codes$code[several],
      "spaces separate the answers; written with _"))
  x$codes$code[several] <- gsub("\\s", "_", x$codes$code[several])
  list(book = x, losses = lost)
}

xls_type_words <- function(v, coded) {
  plain <- c(integer = "integer", year = "integer", number = "decimal", date = "date")[v$type]
  plain[is.na(plain)] <- "text"
  select <- paste(ifelse(v$type == "multicode", "select_multiple", "select_one"), v$variable)
  unname(ifelse(coded, select, plain))
}

xls_constraint_texts <- function(v, rules) {
  vapply(seq_len(nrow(v)), function(i) xls_constraint(lapply(v, `[[`, i), rules[i]), "")
}

xls_constraint <- function(variable, rule) {
  limit <- function(text) {
    if (variable$type == "date") paste0("date('", text, "')") else
      written_limit(text)
  }
  ranged <- variable$type %in% c("integer", "number", "year", "date")
  parts <- c(
    if (ranged && nzchar(variable$min)) paste(". >=", limit(variable$min)),
    if (ranged && nzchar(variable$max)) paste(". <=", limit(variable$max)),
    if (xls_pattern(variable)) paste0("regex(., '", variable$pattern, "')"),
    if (grepl(" or ", rule, fixed = TRUE)) paste0("(", rule, ")") else if (nzchar(rule)) rule
  )
  paste(parts, collapse = " and ")
}

# Whether a pattern can be written: a regular expression that no quotation mark ends.
xls_pattern <- function(variables) {
  nzchar(variables$pattern) & !grepl("['\n]", variables$pattern) & !reads_dates(variables)
}

# Whether a date's pattern says how it is read (month, year, dmy, mdy).
reads_dates <- function(variables) {
  variables$type == "date" & lengths(lapply(variables$pattern, date_reading)) > 0L
}

# Rules of the form that a constraint takes when it is read: one a question.
xls_rules <- function(x) {
  n <- nrow(x$variables)
  out <- list(constraint = rep("", n), message = rep("", n),
    written = rep(FALSE, nrow(x$rules)))
  for (i in seq_len(nrow(x$rules))) {
    at <- match(x$rules$rule[i], paste0("constraint_", x$variables$variable))
    name <- as.name(if (is.na(at)) "." else x$variables$variable[at])
    rule <- parse_allowed(x$rules$expression[i], "the rule")
    fits <- !is.na(at) && x$rules$severity[i] == "error" && is_call_to(rule, "|") &&
      identical(rule[[2L]], call("is.na", name))
    if (!fits) next
    body <- without_brackets(rule[[3L]])
    made <- r_to_logic(expression_text(body), x, "xlsform", self = as.character(name))
    if (!is.character(made)) next
    out$constraint[at] <- made
    out$message[at] <- x$rules$message[i]
    out$written[i] <- TRUE
  }
  out
}

xls_unwritten <- function(x, coded) {
  v <- x$variables
  held <- ifelse(coded, v$type %in% c("nominal", "multicode"),
    v$type %in% c("integer", "number", "date", "text"))
  id <- v$type == "id" & xls_names_id(v$variable)
  ranged <- v$type %in% c("integer", "number", "year", "date") |
    !(nzchar(v$min) | nzchar(v$max))
  pattern <- nzchar(v$pattern) & !xls_pattern(v)
  off <- !x$codes$variable %in% v$variable[coded]
  bind_losses(
    new_losses(v$variable[!held & !id], "type", v$type[!held & !id],
      "XLSForm has no such type"),
    new_losses(v$variable[!ranged], "range", paste(v$min, "to", v$max)[!ranged],
      "the question has no range"),
    new_losses(v$variable[pattern], "pattern", v$pattern[pattern],
      ifelse(reads_dates(v)[pattern], "the question takes whole dates alone",
        "it holds a quotation mark or a line end")),
    new_losses(v$variable[v$restricted], "restricted", rep("TRUE", sum(v$restricted)),
      "XLSForm cannot say so"),
    separator_loss(v, " "),
    new_losses(x$codes$variable[off], "codes", choice_text(x$codes)[off],
      "the question takes no choices")
  )
}
