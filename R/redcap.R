# The data dictionary of REDCap: one row a field, 18 columns.

redcap_columns <- c(
  field_name = "Variable / Field Name", form_name = "Form Name",
  section_header = "Section Header", field_type = "Field Type",
  field_label = "Field Label",
  select_choices_or_calculations = "Choices, Calculations, OR Slider Labels",
  field_note = "Field Note",
  text_validation_type_or_show_slider_number =
    "Text Validation Type OR Show Slider Number",
  text_validation_min = "Text Validation Min",
  text_validation_max = "Text Validation Max", identifier = "Identifier?",
  branching_logic = "Branching Logic (Show field only if...)",
  required_field = "Required Field?", custom_alignment = "Custom Alignment",
  question_number = "Question Number (surveys only)",
  matrix_group_name = "Matrix Group Name",
  matrix_ranking = "Matrix Ranking?", field_annotation = "Field Annotation"
)

# The dictionary is known by its first columns, under the names of the screen or of the
# API.
redcap_names <- function(names) {
  at <- match(tolower(names), tolower(redcap_columns))
  at[is.na(at)] <- match(names, names(redcap_columns))[is.na(at)]
  names(redcap_columns)[at]
}

is_redcap <- function(names) all(c("field_name", "field_type") %in% redcap_names(names))

# ---- reading ----

read_redcap <- function(table, missing_codes) {
  known <- redcap_names(names(table))
  extra <- names(table)[is.na(known)]
  if (anyDuplicated(known[!is.na(known)])) stop_argument("a column stands twice.")
  fields <- structure(as.list(table)[!is.na(known)], names = known[!is.na(known)])
  for (name in setdiff(names(redcap_columns), names(fields))) {
    fields[[name]] <- character(nrow(table))
  }
  fields <- as.data.frame(lapply(fields, trimws))
  for (name in setdiff(names(fields), c("field_name", "field_label"))) {
    fields[[name]][fields[[name]] == "NA"] <- ""
  }
  label <- fields$field_label
  fields$field_label <- export_label(label)
  marked <- fields$field_label != trimws(gsub("[ \t\r\n\u00a0]+", " ", label))
  kept <- !tolower(fields$field_type) %in% c("descriptive", "file")
  lost <- bind_losses(
    new_losses(fields$field_name[!kept], "Field Type", fields$field_type[!kept],
      "it holds no value that is coded"),
    new_losses(fields$field_name[kept & marked], "Field Label", label[kept & marked],
      unmarked),
    new_losses("", "column", extra, "it is no column of a data dictionary")
  )
  redcap_book(fields[kept, , drop = FALSE], lost, missing_codes)
}

redcap_book <- function(fields, lost, missing_codes) {
  types <- vapply(seq_len(nrow(fields)), function(i) redcap_type(fields[i, ], i == 1L), "")
  variables <- data.frame(
    variable = fields$field_name, label = fields$field_label, type = types,
    required = tolower(fields$required_field) %in% c("y", "yes", "1"),
    min = redcap_limit(fields$text_validation_min, types),
    max = redcap_limit(fields$text_validation_max, types),
    pattern = redcap_order(fields$text_validation_type_or_show_slider_number, types),
    separator = ifelse(types == "multicode", ";", ""),
    restricted = tolower(fields$identifier) %in% c("y", "yes", "1"),
    instruction = fields$field_note
  )
  slider <- tolower(fields$field_type) == "slider"
  variables$min[slider & !nzchar(variables$min)] <- "0"
  variables$max[slider & !nzchar(variables$max)] <- "100"
  single <- single_codes(do.call(rbind, lapply(seq_len(nrow(fields)), function(i) {
    redcap_codes(fields[i, ], types[i], missing_codes)
  })))
  codes <- single$codes
  several <- types == "multicode"
  variables$separator[several] <- redcap_separator(variables$variable, codes)[several]
  made <- read_relevant(fields$branching_logic, fields$field_name, "Branching Logic",
    list(variables = variables, codes = codes), "redcap")
  variables$relevant <- made$text
  lost <- bind_losses(lost, redcap_losses(fields, variables), single$losses, made$losses)
  with_losses(codebook(variables, codes), lost)
}

# What separates the codes of a cell: a semicolon, unless a choice holds one; no choice
# holds a bar.
redcap_separator <- function(variables, codes) {
  held <- codes$variable[grepl(";", paste(codes$code, codes$label), fixed = TRUE)]
  ifelse(variables %in% held, "|", ";")
}

redcap_type <- function(field, first) {
  if (first) return("id")
  check <- tolower(field$text_validation_type_or_show_slider_number)
  switch(tolower(field$field_type),
    radio = , dropdown = , select = "nominal", checkbox = "multicode",
    yesno = , truefalse = "flag", calc = , slider = "number",
    text = if (grepl("^date_", check)) "date"
      else if (check %in% c("integer", "int")) "integer"
      else if (grepl("^(number|float)", check)) "number" else "text",
    "text"
  )
}

# Limits where they can be read for the type; "today" and field names cannot.
redcap_limit <- function(limit, types) {
  date <- types == "date" & !is.na(iso_days(limit))
  number <- types %in% c("integer", "number") & !is.na(strict_number(limit))
  ifelse(date | number, limit, "")
}

# The order in which a date is typed, as the words that `pattern` holds.
redcap_order <- function(check, types) {
  order <- sub("^date_", "", tolower(check))
  ifelse(types == "date" & order %in% c("dmy", "mdy"), order, "")
}

redcap_codes <- function(field, type, missing_codes) {
  choices <- switch(tolower(field$field_type),
    yesno = data.frame(code = c("1", "0"), label = c("Yes", "No")),
    truefalse = data.frame(code = c("1", "0"), label = c("True", "False")),
    radio = , dropdown = , select = , checkbox = redcap_choices(field),
    data.frame(code = character(), label = character())
  )
  choices$missing <- rep("", nrow(choices))
  if (!is.null(missing_codes) && type != "id") {
    known <- match(choices$code, missing_codes$code)
    choices$missing[!is.na(known)] <- missing_codes$missing[known[!is.na(known)]]
    choices <- rbind(choices, missing_codes[!missing_codes$code %in% choices$code, ])
  }
  cbind(variable = rep(field$field_name, nrow(choices)), choices)
}

# "1, High | 2, Medium": code and label part at the first comma.
redcap_choices <- function(field) {
  parts <- redcap_parts(field$select_choices_or_calculations)
  comma <- regexpr(",", parts, fixed = TRUE)
  if (any(comma < 1L)) {
    stop_argument("field \"", field$field_name, "\" has the choice \"",
      parts[comma < 1L][1L], "\", which is not a code, a comma and a label.")
  }
  data.frame(code = trimws(substr(parts, 1L, comma - 1L)),
    label = export_label(substring(parts, comma + 1L)))
}

redcap_parts <- function(choices) {
  parts <- trimws(strsplit(choices, "|", fixed = TRUE)[[1L]])
  parts[nzchar(parts)]
}

# Choices whose label holds more than its words.
redcap_marked_choices <- function(fields) {
  chosen <- tolower(fields$field_type) %in% c("radio", "dropdown", "select", "checkbox")
  parts <- lapply(fields$select_choices_or_calculations[chosen], redcap_parts)
  field <- rep(fields$field_name[chosen], lengths(parts))
  parts <- as.character(unlist(parts))
  marked <- export_label(parts) != trimws(gsub("[ \t\r\n\u00a0]+", " ", parts))
  new_losses(field[marked], "Choices", parts[marked], unmarked)
}

unmarked <- "the marks of its layout are left out, as in an export"

redcap_losses <- function(fields, variables) {
  plain <- list(
    section_header = "a codebook has no sections", custom_alignment = "it is layout",
    question_number = "a codebook does not number questions",
    matrix_group_name = "it is layout",
    matrix_ranking = "it is layout", field_annotation = "a codebook has no annotations"
  )
  lost <- lapply(names(plain), function(column) {
    value <- fields[[column]]
    new_losses(fields$field_name[nzchar(value)], redcap_columns[[column]],
      value[nzchar(value)], plain[[column]])
  })
  forms <- unique(fields$form_name)
  if (length(forms) > 1L) {
    lost <- c(list(new_losses("", "Form Name", paste(forms, collapse = "; "),
      "a codebook is one form")), lost)
  }
  do.call(bind_losses, c(lost, list(redcap_marked_choices(fields),
    redcap_value_losses(fields, variables))))
}

redcap_value_losses <- function(fields, variables) {
  kind <- tolower(fields$field_type)
  check <- tolower(fields$text_validation_type_or_show_slider_number)
  held <- grepl("^(date_|int$|integer$|number$|float$)", check) | !nzchar(check) |
    kind == "slider"
  formula <- kind %in% c("calc", "slider", "sql") &
    nzchar(fields$select_choices_or_calculations)
  first <- seq_along(kind) == 1L
  bind_losses(
    new_losses(fields$field_name[formula], "Calculations",
      fields$select_choices_or_calculations[formula],
      "a codebook does not calculate"),
    new_losses(fields$field_name[!held], "Text Validation Type",
      fields$text_validation_type_or_show_slider_number[!held],
      ifelse(check[!held] == "autocomplete", "it is layout",
        "there is no such type; give a pattern")),
    new_losses(fields$field_name[first & nzchar(check) & held], "Text Validation Type",
      check[first & nzchar(check) & held], "the first field is the id"),
    redcap_lost_limit(fields, variables, "min"),
    redcap_lost_limit(fields, variables, "max")
  )
}

redcap_lost_limit <- function(fields, variables, end) {
  column <- paste0("text_validation_", end)
  lost <- nzchar(fields[[column]]) & !nzchar(variables[[end]])
  new_losses(fields$field_name[lost], redcap_columns[[column]], fields[[column]][lost],
    "it is not a number or a date for this type")
}

# ---- writing ----

write_redcap <- function(x, file) {
  renamed <- redcap_renamed(x)
  x <- renamed$book
  blank <- rep("", nrow(x$variables))
  fields <- as.data.frame(lapply(redcap_columns, function(name) blank))
  v <- x$variables
  kind <- redcap_kind(x)
  fields$field_name <- v$variable
  fields$form_name <- rep("coding", nrow(v))
  fields$field_type <- kind$type
  fields$field_label <- v$label
  fields$select_choices_or_calculations <- kind$choices
  fields$field_note <- v$instruction
  fields$text_validation_type_or_show_slider_number <- kind$check
  fields$text_validation_min <- ifelse(nzchar(kind$check), written_limit(v$min), "")
  fields$text_validation_max <- ifelse(nzchar(kind$check), written_limit(v$max), "")
  fields$identifier <- ifelse(v$restricted, "y", "")
  fields$required_field <- ifelse(v$required, "y", "")
  relevant <- write_relevant(x, "redcap")
  fields$branching_logic <- relevant$text
  names(fields) <- redcap_columns
  write_text_file(csv_text(fields), file)
  bind_losses(renamed$losses, relevant$losses, redcap_unwritten(x, kind))
}

# Field names as REDCap takes them, the id first, no bar in a choice.
redcap_renamed <- function(x) {
  old <- x$variables$variable
  new <- gsub("[^a-z0-9_]", "_", tolower(iconv(old, "UTF-8", "ASCII", sub = "_")))
  new <- make.unique(sub("^([^a-z])", "v\\1", new), sep = "_")
  renamed <- rename_variables(x, new)
  x <- renamed$book
  lost <- renamed$losses
  id <- which(x$variables$type == "id")
  if (!length(id)) {
    lost <- bind_losses(lost,
      new_losses("", "id", "", "REDCap takes the first field for the id"))
  } else if (id[1L] != 1L) {
    lost <- bind_losses(lost,
      new_losses(new[id[1L]], "order", as.character(id[1L]), "written first, as the id"))
    x$variables <- x$variables[c(id[1L], setdiff(seq_along(new), id[1L])), ]
  }
  list(book = x, losses = lost)
}

redcap_kind <- function(x) {
  rows <- lapply(x$variables$variable, function(name) codes_of(x, name))
  type <- x$variables$type
  coded <- has_choices(x)
  yes <- vapply(rows, function(codes) {
    if (!identical(codes$code, c("1", "0"))) return("")
    if (identical(codes$label, c("Yes", "No"))) return("yesno")
    if (identical(codes$label, c("True", "False"))) "truefalse" else ""
  }, "")
  yes[type != "flag"] <- ""
  yes[type == "flag" & !coded] <- "yesno"
  kind <- ifelse(nzchar(yes), yes,
    ifelse(!coded, "text", ifelse(type == "multicode", "checkbox", "radio")))
  check <- c(integer = "integer", year = "integer", number = "number", date = "date_ymd")[type]
  check[is.na(check)] <- ""
  order <- vapply(x$variables$pattern, function(pattern) c(date_reading(pattern), 0L)[1L], 0L)
  typed <- type == "date" & order > 0L
  check[typed] <- c("date_dmy", "date_mdy")[order[typed]]
  choices <- vapply(rows, function(codes) {
    paste0(redcap_word(codes$code, "[|,]"), ", ", redcap_word(codes$label, "[|]"),
      collapse = " | ")
  }, "")
  list(type = kind, check = unname(check), coded = coded,
    choices = ifelse(kind %in% c("radio", "checkbox"), choices, ""))
}

redcap_word <- function(x, bad) trimws(gsub(bad, "/", x))

redcap_unwritten <- function(x, kind) {
  v <- x$variables
  held <- c(radio = "nominal", checkbox = "multicode", yesno = "flag", truefalse = "flag")
  held <- held[kind$type]
  checked <- v$type %in% c("integer", "number", "date", "text")
  typed <- v$type == "id" | ifelse(is.na(held), checked, v$type == held)
  spelt <- redcap_word(x$codes$code, "[|,]") != x$codes$code |
    export_label(redcap_word(x$codes$label, "[|]")) != x$codes$label
  on_choice <- kind$coded[match(x$codes$variable, v$variable)]
  patterned <- nzchar(v$pattern) & kind$check != paste0("date_", trimws(v$pattern))
  ranged <- !nzchar(kind$check) & (nzchar(v$min) | nzchar(v$max))
  plain <- export_label(v$label) == v$label
  bind_losses(
    new_losses(v$variable[!typed], "type", v$type[!typed], "REDCap has no such type"),
    new_losses(v$variable[!plain], "label", v$label[!plain],
      "an export has it in one line, without marks"),
    new_losses(v$variable[ranged], "range", paste(v$min, "to", v$max)[ranged],
      "the field has no range"),
    new_losses(v$variable[patterned], "pattern", v$pattern[patterned],
      "REDCap has no patterns"),
    separator_loss(v, redcap_separator(v$variable, x$codes)),
    new_losses(x$codes$variable[spelt & on_choice], "label",
      choice_text(x$codes)[spelt & on_choice], "a choice cannot hold it as it is"),
    new_losses(x$codes$variable[!on_choice], "codes", choice_text(x$codes)[!on_choice],
      "set it as a missing data code of the project"),
    code_losses(x, c("score", "missing", "parent", "aliases"), on_choice),
    book_losses(x, c("title", "version")), rule_losses(x$rules)
  )
}

# ---- what both other systems lack ----

# Limits as other systems read them: 1e3 as 1000.
written_limit <- function(x) {
  power <- grepl("e", x, ignore.case = TRUE) & !is.na(strict_number(x))
  x[power] <- format(strict_number(x[power]), scientific = FALSE, digits = 15L,
    drop0trailing = TRUE, trim = TRUE)
  x
}

separator_loss <- function(v, held) {
  other <- v$type == "multicode" & v$separator != held
  new_losses(v$variable[other], "separator", v$separator[other],
    "cells are separated another way")
}

code_losses <- function(x, columns, on_choice) {
  lost <- lapply(columns, function(column) {
    value <- x$codes[[column]]
    value <- if (is.numeric(value)) plain_number(value) else value
    given <- !is.na(value) & nzchar(value) & on_choice
    new_losses(x$codes$variable[given], column, paste0(x$codes$code, ": ", value)[given],
      "a choice has a code and a label alone")
  })
  do.call(bind_losses, lost)
}

book_losses <- function(x, parts) {
  given <- parts[!vapply(x[parts], is.null, NA)]
  new_losses("", given, as.character(unlist(x[given])), "the file has no place for it")
}

rule_losses <- function(rules) {
  new_losses("", rep("rule", nrow(rules)),
    paste0(rules$rule, ": ", rules$expression, recycle0 = TRUE),
    "the file has no rules across variables")
}
