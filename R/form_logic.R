# The conditions of REDCap (branching logic) and XLSForm (relevant, constraint), brought
# to R expressions over labels, and back. What one side cannot say is given up with a
# reason.

give_up <- function(...) {
  stop(structure(class = c("casereview_untranslated", "error", "condition"),
    list(message = paste0(...), call = NULL)))
}

# The R expression of a condition, as text, or list(reason =). `book` has the tables
# `variables` and `codes`; `self` is what "." stands for.
logic_to_r <- function(text, book, dialect, self = NULL) {
  tryCatch({
    expression <- parse_logic(text, book, dialect, self)
    refused <- refused_part(expression)
    if (!is.null(refused)) give_up("it ", refused)
    expression_text(expression)
  }, casereview_untranslated = function(e) list(reason = conditionMessage(e)))
}

expression_text <- function(x) {
  paste(trimws(deparse(x, width.cutoff = 500L)), collapse = " ")
}

is_call_to <- function(x, name) is.call(x) && identical(x[[1L]], as.name(name))

without_brackets <- function(x) {
  while (is_call_to(x, "(")) x <- x[[2L]]
  x
}

# ---- reading ----

logic_tokens <- function(text) {
  pattern <- paste0("\\[[^]]*\\]|\\$\\{[^}]*\\}|'[^']*'|\"[^\"]*\"|[0-9]+(\\.[0-9]+)?|<=|>=|<>|!=|",
    "[A-Za-z_][A-Za-z0-9_]*(-[A-Za-z_]+)*|[-+*/=<>(),.]|\\S")
  regmatches(text, gregexpr(pattern, text))[[1L]]
}

# A recursive descent: or, and, comparison, sum, product, value.
parse_logic <- function(text, book, dialect, self = NULL) {
  state <- new.env(parent = emptyenv())
  state$tokens <- logic_tokens(text)
  state$at <- 1L
  state$depth <- 0L
  state$guard <- FALSE
  state$book <- book
  state$dialect <- dialect
  state$self <- self
  value <- logic_or(state)
  if (state$at <= length(state$tokens)) {
    give_up("it is not understood at \"", next_token(state), "\"")
  }
  if (!is.call(value)) give_up("it is no condition")
  if (!is_condition(value)) give_up("it takes a value for a condition")
  value
}

# Is an expression TRUE or FALSE? The other systems take any value for one of these.
is_condition <- function(x) {
  if (!is.call(x)) return(is.logical(x))
  head <- as.character(x[[1L]])
  if (head %in% c("&", "|", "!", "(")) {
    return(all(vapply(as.list(x)[-1L], is_condition, NA)))
  }
  head %in% c(comparisons, "is.na", "%in%", "selected", "grepl")
}

next_token <- function(state) {
  if (state$at > length(state$tokens)) "" else state$tokens[state$at]
}

take_token <- function(state) {
  token <- next_token(state)
  state$at <- state$at + 1L
  token
}

expect_token <- function(state, token) {
  if (take_token(state) != token) give_up("it lacks a \"", token, "\"")
}

logic_or <- function(state) logic_chain(state, "or", "|", logic_and)

logic_and <- function(state) logic_chain(state, "and", "&", logic_comparison)

logic_chain <- function(state, word, operator, below) {
  state$depth <- state$depth + 1L
  if (state$depth > 40L) give_up("it is nested too deep")
  value <- below(state)
  while (tolower(next_token(state)) == word) {
    take_token(state)
    value <- call(operator, bracketed(value, operator), bracketed(below(state), operator))
  }
  state$depth <- state$depth - 1L
  value
}

# `|` inside `&` needs brackets.
bracketed <- function(x, operator) {
  if (operator == "&" && is_call_to(x, "|")) call("(", x) else x
}

comparisons <- c("=" = "==", "!=" = "!=", "<>" = "!=", "<" = "<", "<=" = "<=",
  ">" = ">", ">=" = ">=")

logic_comparison <- function(state) {
  left <- logic_sum(state)
  if (!next_token(state) %in% names(comparisons)) return(left)
  operator <- comparisons[[take_token(state)]]
  compare_logic(operator, left, logic_sum(state), state)
}

logic_sum <- function(state) {
  value <- logic_product(state)
  while (next_token(state) %in% c("+", "-")) {
    value <- call(take_token(state), value, logic_product(state))
  }
  value
}

logic_product <- function(state) {
  value <- logic_value(state)
  words <- c("*" = "*", "/" = "/", div = "/", mod = "%%")
  while (next_token(state) %in% names(words)) {
    value <- call(words[[take_token(state)]], value, logic_value(state))
  }
  value
}

logic_value <- function(state) {
  token <- take_token(state)
  if (token == "") give_up("it ends too early")
  if (token == "-") return(call("-", logic_value(state)))
  if (token == "(") {
    value <- logic_or(state)
    expect_token(state, ")")
    return(call("(", value))
  }
  if (grepl("^[0-9]", token)) return(as.numeric(token))
  if (grepl("^['\"]", token)) return(substr(token, 2L, nchar(token) - 1L))
  if (grepl("^(\\[|\\$\\{|\\.$)", token)) return(logic_variable(token, state))
  if (grepl("^[A-Za-z]", token) && next_token(state) == "(") {
    return(logic_function(tolower(token), state))
  }
  give_up("it holds \"", token, "\"")
}

logic_variable <- function(token, state) {
  if (token == ".") {
    if (is.null(state$self)) give_up("it holds \".\"")
    return(as.name(state$self))
  }
  redcap <- startsWith(token, "[")
  if (redcap != (state$dialect == "redcap")) give_up("it holds \"", token, "\"")
  name <- trimws(substr(token, if (redcap) 2L else 3L, nchar(token) - 1L))
  box <- if (redcap && grepl("\\(.*\\)$", name)) sub("^.*\\((.*)\\)$", "\\1", name)
  name <- sub("\\(.*$", "", name)
  if (!name %in% state$book$variables$variable || startsWith(next_token(state), "[")) {
    give_up("it asks for \"", name, "\", which is no variable")
  }
  if (is.null(box)) as.name(name) else call(".box", as.name(name), box)
}

logic_function <- function(name, state) {
  take_token(state)
  if (name == "not") return(logic_not(state))
  args <- list()
  while (next_token(state) != ")") {
    args <- c(args, list(logic_sum(state)))
    if (next_token(state) == ",") take_token(state) else break
  }
  expect_token(state, ")")
  known <- paste(name, length(args))
  switch(known,
    "selected 2" = logic_selected(args, state),
    "regex 2" = call("grepl", text_argument(args[[2L]]), args[[1L]]),
    "today 0" = , "now 0" = quote(Sys.Date()),
    "date 1" = text_argument(args[[1L]]),
    "true 0" = TRUE, "false 0" = FALSE,
    "string-length 1" = call("nchar", args[[1L]]),
    give_up("it uses ", name, "()")
  )
}

text_argument <- function(x) {
  if (is.character(x)) x else give_up("it holds an argument that is no text")
}

logic_not <- function(state) {
  outer <- state$guard
  state$guard <- TRUE
  value <- logic_or(state)
  expect_token(state, ")")
  state$guard <- outer
  call("!", if (is_call_to(value, "(")) value else call("(", value))
}

# Under not(), a blank makes a comparison FALSE, where R would say NA.
guarded <- function(value, name, state) {
  if (!state$guard) return(value)
  call("(", call("&", call("!", call("is.na", name)), value))
}

logic_selected <- function(args, state) {
  if (!is.name(args[[1L]])) give_up("selected() needs a variable")
  name <- args[[1L]]
  label <- label_of(text_argument(args[[2L]]), name, state)
  several <- type_in(state, name) == "multicode"
  chosen <- if (several) selected_call(name, label, state) else call("==", name, label)
  guarded(chosen, name, state)
}

selected_call <- function(name, label, state) {
  separator <- variable_of(state$book, as.character(name))$separator
  if (separator == " ") {
    codes <- codes_in(state, name)
    label <- codes$code[match(label, codes$label)]
  }
  if (separator == ";") return(call("selected", name, label))
  call("selected", name, label, separator)
}

# The type and the codes of the variable of a name; `state` is that of reading or writing.
type_in <- function(state, name) variable_of(state$book, as.character(name))$type

codes_in <- function(state, name) codes_of(state$book, as.character(name))

label_of <- function(code, name, state) {
  codes <- codes_in(state, name)
  at <- match(code, codes$code)
  if (is.na(at)) give_up("\"", code, "\" is no code of \"", as.character(name), "\"")
  codes$label[at]
}

is_box <- function(x) is_call_to(x, ".box")

# A comparison: a variable and a constant in either order, or two values.
compare_logic <- function(operator, left, right, state) {
  if (is_box(left) || is_box(right)) return(compare_box(operator, left, right, state))
  if (is.name(right) && !is.name(left) && !is.call(left)) {
    turned <- c("==" = "==", "!=" = "!=", "<" = ">", "<=" = ">=", ">" = "<", ">=" = "<=")
    return(compare_logic(turned[[operator]], right, left, state))
  }
  if (is.name(left) && (is.character(right) || is.numeric(right))) {
    return(compare_constant(operator, left, right, state))
  }
  if (is.character(left) || is.character(right)) give_up("it compares a value with a text")
  if (is.name(left) && is.name(right) &&
    !identical(scale_of(state, left), scale_of(state, right))) {
    give_up("it compares a ", scale_of(state, left), " with a ", scale_of(state, right))
  }
  call(operator, left, right)
}

# What a variable is compared as.
scale_of <- function(state, name) {
  switch(type_in(state, name), integer = , number = , year = "number", date = "date", "text")
}

compare_box <- function(operator, left, right, state) {
  box <- if (is_box(left)) left else right
  other <- as.character(if (is_box(left)) right else left)
  if (!operator %in% c("==", "!=") || !other %in% c("0", "1")) {
    give_up("a box is compared with something other than 0 and 1")
  }
  name <- box[[2L]]
  ticked <- selected_call(name, label_of(box[[3L]], name, state), state)
  if ((other == "1") == (operator == "==")) return(guarded(ticked, name, state))
  call("(", call("|", call("is.na", name), call("!", ticked)))
}

compare_constant <- function(operator, name, value, state) {
  if (identical(value, "")) return(compare_blank(operator, name))
  type <- type_in(state, name)
  if (type %in% c("text", "id") && !operator %in% c("==", "!=")) give_up("it orders texts")
  codes <- codes_in(state, name)
  coded <- nrow(codes) && !type %in% c("integer", "number", "year", "date", "id", "text")
  if (coded && !operator %in% c("==", "!=")) {
    return(guarded(compare_order(operator, name, value, codes), name, state))
  }
  value <- constant_for(value, type, coded, name, state)
  result <- call(operator, name, value)
  if (operator == "!=") return(call("(", call("|", call("is.na", name), result)))
  guarded(result, name, state)
}

constant_for <- function(value, type, coded, name, state) {
  if (coded) {
    if (type == "multicode") give_up("it compares several codes with one")
    return(label_of(if (is.numeric(value)) plain_number(value) else value, name, state))
  }
  if (type %in% c("integer", "number", "year")) {
    number <- if (is.numeric(value)) value else strict_number(value)
    if (is.na(number)) give_up("it compares a number with \"", value, "\"")
    return(number)
  }
  if (type == "date") {
    if (is.na(iso_days(value))) give_up("it compares a date with \"", value, "\"")
    return(as.character(value))
  }
  if (is.numeric(value)) plain_number(value) else value
}

compare_blank <- function(operator, name) {
  blank <- call("is.na", name)
  switch(operator, "==" = blank, "!=" = call("!", blank), give_up("it orders a blank"))
}

# `[risk] >= 2` over number codes: the labels of the codes for which it holds.
compare_order <- function(operator, name, value, codes) {
  number <- strict_number(codes$code)
  value <- if (is.numeric(value)) value else strict_number(value)
  if (anyNA(number) || is.na(value)) give_up("it orders codes that are not numbers")
  labels <- codes$label[base_operators[[operator]](number, value)]
  if (!length(labels)) give_up("no code satisfies it")
  call("%in%", name,
    if (length(labels) == 1L) labels else as.call(c(as.name("c"), as.list(labels))))
}

# ---- writing ----

# The condition of an R expression in a dialect, or list(reason =).
r_to_logic <- function(text, book, dialect, self = NULL) {
  tryCatch({
    expression <- parse_allowed(text, "the expression")
    write_logic(expression, list(book = book, dialect = dialect, self = self))
  }, casereview_untranslated = function(e) list(reason = conditionMessage(e)))
}

write_logic <- function(x, to) {
  if (!is.call(x)) give_up("it is no condition")
  name <- as.character(x[[1L]])
  switch(name,
    "(" = paste0("(", write_logic(x[[2L]], to), ")"),
    "&" = write_and(x, to),
    "|" = write_or(x, to),
    "!" = write_not(x[[2L]], to),
    "is.na" = write_blank(x[[2L]], "==", to),
    "%in%" = write_in(x, to),
    "==" = , "!=" = , "<" = , "<=" = , ">" = , ">=" = write_comparison(x, to),
    "selected" = write_selected(x, TRUE, to),
    "grepl" = write_regex(x, to),
    give_up("it uses ", name, "()")
  )
}

# "v" of `is.na(v)`, else "".
is_na_of <- function(x) {
  if (is_call_to(x, "is.na") && is.name(x[[2L]])) as.character(x[[2L]]) else ""
}

# In XLSForm a blank makes a comparison false, so that `!is.na(v) & v == "x"` is plain.
write_and <- function(x, to) {
  right <- x[[3L]]
  false_of_blank <- c("==", "<", "<=", ">", ">=", "selected")
  spare <- to$dialect == "xlsform" && is_call_to(x[[2L]], "!") && is.call(right) &&
    as.character(right[[1L]]) %in% false_of_blank && is.name(right[[2L]]) &&
    is_na_of(x[[2L]][[2L]]) == as.character(right[[2L]])
  if (spare) return(write_logic(right, to))
  paste(write_logic(x[[2L]], to), "and", write_logic(right, to))
}

# `is.na(v) | v != "x"` is how the other systems mean "not equal".
write_or <- function(x, to) {
  name <- is_na_of(x[[2L]])
  right <- x[[3L]]
  if (nzchar(name) && is_call_to(right, "!=") && identical(right[[2L]], as.name(name))) {
    return(write_plain(right, to))
  }
  if (nzchar(name) && to$dialect == "redcap" && is_call_to(right, "!") &&
    is_call_to(right[[2L]], "selected")) {
    return(write_selected(right[[2L]], FALSE, to))
  }
  paste(write_logic(x[[2L]], to), "or", write_logic(right, to))
}

write_not <- function(x, to) {
  x <- without_brackets(x)
  if (nzchar(is_na_of(x))) return(write_blank(x[[2L]], "!=", to))
  if (to$dialect == "redcap") give_up("it negates a condition")
  if (!never_na(x)) give_up("it negates a condition that a blank leaves open")
  paste0("not(", write_logic(x, to), ")")
}

# Is a condition TRUE or FALSE even where its variables are blank?
never_na <- function(x, filled = character()) {
  if (!is.call(x)) return(TRUE)
  name <- as.character(x[[1L]])
  if (name %in% c("is.na", "%in%")) return(TRUE)
  if (name == "&" && is_call_to(x[[2L]], "!")) {
    filled <- c(filled, is_na_of(x[[2L]][[2L]]))
  }
  if (name %in% c("&", "|", "!", "(")) {
    return(all(vapply(as.list(x)[-1L], never_na, NA, filled)))
  }
  all(all.vars(x) %in% filled)
}

variable_word <- function(x, to) {
  name <- as.character(x)
  if (!is.name(x) || !name %in% to$book$variables$variable) {
    give_up("it asks for something other than a variable")
  }
  if (identical(name, to$self)) return(".")
  if (to$dialect == "redcap") paste0("[", name, "]") else paste0("${", name, "}")
}

operator_word <- function(operator, to) {
  if (operator == "==") return("=")
  if (operator == "!=" && to$dialect == "redcap") "<>" else operator
}

quote_word <- function(x) {
  if (grepl("'", x, fixed = TRUE)) give_up("it holds a quotation mark")
  paste0("'", x, "'")
}

write_blank <- function(x, operator, to) {
  paste(variable_word(x, to), operator_word(operator, to), "''")
}

write_in <- function(x, to) {
  set <- tryCatch(evaluate(x[[3L]], list(), 1L),
    error = function(e) give_up("its set is not constant"))
  parts <- vapply(set, function(value) write_plain(call("==", x[[2L]], value), to), "")
  if (length(parts) == 1L) return(parts)
  paste0("(", paste(parts, collapse = " or "), ")")
}

write_comparison <- function(x, to) {
  plain <- write_plain(x, to)
  if (!is_call_to(x, "!=") || !is.name(x[[2L]])) return(plain)
  paste0("(", plain, " and ", write_blank(x[[2L]], "!=", to), ")")
}

# A comparison as the other system has it: coded variables by code.
write_plain <- function(x, to) {
  left <- x[[2L]]
  right <- x[[3L]]
  if (is.character(left) && is.name(right)) give_up("its constant stands first")
  if (is.name(left) && is.character(right)) {
    right <- quote_date(written_constant(right, left, to), left, to)
  } else {
    right <- write_number(right, to)
  }
  paste(write_number(left, to), operator_word(as.character(x[[1L]]), to), right)
}

written_constant <- function(label, name, to) {
  codes <- codes_in(to, name)
  type <- type_in(to, name)
  if (!nrow(codes) || type %in% c("text", "id", "date")) return(quote_word(label))
  if (type == "multicode") give_up("it compares several codes with one")
  at <- match(label, codes$label)
  if (is.na(at)) give_up("\"", label, "\" is no label of \"", as.character(name), "\"")
  quote_word(codes$code[at])
}

quote_date <- function(word, name, to) {
  dated <- type_in(to, name) %in% "date" && to$dialect == "xlsform"
  if (dated) paste0("date(", word, ")") else word
}

write_number <- function(x, to) {
  if (is.name(x)) return(variable_word(x, to))
  if (is.numeric(x)) return(written_limit(plain_number(x)))
  if (!is.call(x)) give_up("it holds ", describe(x))
  name <- as.character(x[[1L]])
  if (name == "(") return(paste0("(", write_number(x[[2L]], to), ")"))
  if (name == "-" && length(x) == 2L) return(paste0("-", write_number(x[[2L]], to)))
  if (name == "Sys.Date" && to$dialect == "xlsform") return("today()")
  if (name == "nchar" && to$dialect == "xlsform") {
    return(paste0("string-length(", write_number(x[[2L]], to), ")"))
  }
  words <- c("+" = "+", "-" = "-", "*" = "*", "/" = if (to$dialect == "xlsform") "div" else "/")
  if (!name %in% names(words) || length(x) != 3L) give_up("it uses ", name, "()")
  paste(write_number(x[[2L]], to), words[[name]], write_number(x[[3L]], to))
}

write_selected <- function(x, ticked, to) {
  if (!is.name(x[[2L]]) || !is.character(x[[3L]])) {
    give_up("selected() needs a variable and a label")
  }
  codes <- codes_in(to, x[[2L]])
  at <- match(x[[3L]], codes$label)
  if (is.na(at)) at <- match(x[[3L]], codes$code)
  if (is.na(at)) {
    give_up("\"", x[[3L]], "\" is no label of \"", as.character(x[[2L]]), "\"")
  }
  code <- codes$code[at]
  word <- variable_word(x[[2L]], to)
  if (to$dialect == "xlsform") return(paste0("selected(", word, ", ", quote_word(code), ")"))
  paste0(sub("\\]$", "", word), "(", code, ")] = '", as.integer(ticked), "'")
}

write_regex <- function(x, to) {
  if (to$dialect != "xlsform" || length(x) != 3L || !is.null(names(x))) {
    give_up("it uses grepl()")
  }
  paste0("regex(", variable_word(x[[3L]], to), ", ", quote_word(x[[2L]]), ")")
}

# ---- the conditions of a whole form ----

# The conditions of a form's fields as `relevant`, and what could not be carried over.
read_relevant <- function(condition, field, column, book, form) {
  made <- lapply(condition, function(text) if (nzchar(text)) logic_to_r(text, book, form) else "")
  translated(made, field, column, condition)
}

# `relevant` as the conditions of a form, and what could not be carried over.
write_relevant <- function(x, form) {
  v <- x$variables
  made <- lapply(v$relevant, function(text) if (nzchar(text)) r_to_logic(text, x, form) else "")
  translated(made, v$variable, "relevant", v$relevant)
}

translated <- function(made, variable, part, value) {
  done <- vapply(made, is.character, NA)
  reason <- vapply(made[!done], `[[`, "", "reason")
  made[!done] <- ""
  list(text = as.character(unlist(made)),
    losses = new_losses(variable[!done], part, value[!done], reason))
}

# A codebook with other names for its variables, and the losses that this is.
rename_variables <- function(x, new) {
  old <- x$variables$variable
  changed <- new != old
  x$variables$variable <- new
  x$codes$variable <- new[match(x$codes$variable, old)]
  x$variables$relevant <- rename_in(x$variables$relevant, old, new)
  list(book = x, losses = new_losses(old[changed], "variable", old[changed],
    paste0("written as ", new[changed])))
}

# Expressions as texts, with other names in them.
rename_in <- function(texts, old, new) {
  names <- structure(lapply(new, as.name), names = old)
  vapply(texts, function(text) {
    if (!nzchar(text)) return("")
    expression_text(rename_names(parse_allowed(text, "`relevant`"), names))
  }, "", USE.NAMES = FALSE)
}

rename_names <- function(x, names) {
  if (is.name(x)) {
    to <- names[[as.character(x), exact = TRUE]]
    return(if (is.null(to)) x else to)
  }
  if (is.call(x)) for (i in seq_along(x)[-1L]) x[[i]] <- rename_names(x[[i]], names)
  x
}
