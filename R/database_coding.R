# check_coding() on a table of a database: the database looks for the rows in which
# something may be at fault, by one condition that is never too narrow; what it finds is
# checked in memory. What a database cannot judge is judged here, once for each distinct
# value, and the values at fault become part of the condition.

check_coding_lazy <- function(data, plan, max_findings) {
  scout <- lazy_scout(data, plan)
  condition <- if (is.null(scout$layout)) suspicion(scout)
  if (is.null(condition)) {
    return(lazy_findings(scout, lazy_read(data, scout$present), max_findings)$findings)
  }
  most <- max_findings
  repeat {
    rows <- suspicious_rows(scout, condition, most)
    out <- lazy_findings(scout, rows, max_findings)
    if (rows_done(rows, most) || out$n >= max_findings) return(out$findings)
    most <- 2 * most
  }
}

# The table, the plan, and what is learnt of them on the way.
lazy_scout <- function(data, plan) {
  columns <- lazy_columns(data)
  layout <- layout_of(columns, plan)
  read <- c(names(plan$variables), names(layout$labelled), unlist(lapply(layout$boxes, names)))
  list2env(list(data = lazy_plain(data), plan = plan, columns = columns, layout = layout,
    present = intersect(columns, read), not_run = list(), pattern_fault = NULL),
  parent = emptyenv())
}

rows_done <- function(rows, most) all(attr(rows, "found") < most)

# The findings of some rows, in the order of their cases. A database has no row numbers.
lazy_findings <- function(scout, rows, max_findings) {
  absent <- setdiff(scout$columns, names(rows))
  rows[absent] <- rep(list(rep(NA, nrow(rows))), length(absent))
  rows <- rows[scout$columns]
  laid <- lay_out(check_data(rows), scout$plan, scout$layout)
  sheet <- coding_sheet(laid$data, scout$plan)
  if (length(sheet$ids)) {
    order <- do.call(order, c(unname(as.list(sheet$data[sheet$ids])), method = "radix"))
    sheet$data <- check_data(sheet$data[order, , drop = FALSE])
  }
  sheet$lazy <- TRUE
  sheet$not_run <- scout$not_run
  sheet$pattern_fault <- scout$pattern_fault
  found <- bind_findings(c(laid$findings, sheet_findings(sheet)), sheet)
  found$row <- rep(NA_integer_, nrow(found))
  list(findings = first_findings(found, max_findings), n = nrow(found))
}

# Rows that fulfil the condition, and all rows of cases that stand twice. `found` says how
# many rows and cases came, which are fewer than `most` where none is left.
suspicious_rows <- function(scout, condition, most) {
  data <- dplyr::select(scout$data, dplyr::all_of(scout$present))
  ids <- intersect(scout$plan$ids, scout$present)
  twice <- NULL
  n_twice <- 0
  if (length(ids)) {
    keys <- dplyr::group_by(data, !!!lapply(ids, as.name))
    n <- utils::tail(make.unique(c(ids, "n"), sep = "_"), 1L)
    keys <- dplyr::summarise(keys, !!!structure(list(quote(n())), names = n),
      .groups = "drop")
    keys <- dplyr::filter(keys, !!bquote(.(as.name(n)) > 1L))
    keys <- dplyr::select(keys, dplyr::all_of(ids))
    twice <- lazy_head(keys, most)
    n_twice <- dplyr::summarise(dplyr::ungroup(twice), !!!list(n = quote(n())))
    n_twice <- lazy_collect(n_twice)$n
  }
  wanted <- dplyr::filter(data, !!condition)
  if (n_twice == 0) {
    rows <- lazy_collect(lazy_head(wanted, most))
    return(structure(rows, found = nrow(rows)))
  }
  other <- lazy_collect(lazy_head(dplyr::anti_join(wanted, keys, by = ids), most))
  rows <- rbind(lazy_collect(dplyr::semi_join(data, twice, by = ids)), other)
  structure(rows, found = c(n_twice, nrow(other)))
}

lazy_head <- function(query, most) if (is.finite(most)) utils::head(query, most) else query

# ---- the condition ----

# One expression that is TRUE wherever a row may have a finding of its own; NULL where the
# columns must be read whole.
suspicion <- function(scout) {
  if (!exact_texts(scout$data)) return(NULL)
  scout$first <- lazy_first(scout$data, scout$present)
  if (keeps_no_dates(scout)) return(NULL)
  scout$data <- exact_columns(scout$data, scout$first)
  scout$first[] <- lapply(scout$first, unclass_64)
  parts <- list()
  for (name in scout$present) {
    part <- suspect_variable(scout, name)
    if (is.null(part)) return(NULL)
    parts <- c(parts, part)
  }
  rules <- scout$plan$rules
  for (i in seq_along(rules$rule)) {
    part <- suspect_rule(scout, lapply(rules, `[`, i))
    if (is.null(part)) return(NULL)
    parts <- c(parts, part)
  }
  if (length(parts)) any_of_these(parts) else quote(1L == 0L)
}

# SQLite keeps a date as a text or as a number, whatever the column is declared to be.
keeps_no_dates <- function(scout) {
  inherits(scout$data, "tbl_SQLiteConnection") &&
    any(vapply(scout$first, inherits, NA, c("Date", "POSIXct", "difftime")))
}

# A balanced tree of `|`, since databases limit the depth of an expression.
any_of_these <- function(parts) {
  n <- length(parts)
  if (n == 1L) return(parts[[1L]])
  half <- seq_len(n %/% 2L)
  call("|", call("(", any_of_these(parts[half])), call("(", any_of_these(parts[-half])))
}

# Conditions of one variable, a list of calls; NULL where it must be read whole.
suspect_variable <- function(scout, name) {
  plan <- scout$plan$variables[[name]]
  x <- scout$first[[name]]
  asked <- if (nzchar(plan$relevant)) asked_condition(scout, plan)
  known <- is.na(plan$separator) && (plan$kind == 1L || !nzchar(plan$pattern)) &&
    (!nzchar(plan$relevant) || !is.null(asked))
  conditions <- if (known) cell_conditions(plan, x)
  if (is.null(conditions)) return(distinct_faults(scout, name, plan$relevant))
  cell <- as.name(name)
  lacking <- if (isTRUE(plan$required)) blank_conditions(plan, x)
  if (is.null(asked)) return(c(conditions, lacking))
  unasked <- bquote(!is.na(.(cell)) & (!(.(asked)) | is.na(.(asked))))
  lacking <- lapply(lacking, function(part) bquote(.(part) & (.(asked) | is.na(.(asked)))))
  c(conditions, lacking, unasked)
}

most_number <- 1.79e308

# Where a cell that is not blank may be at fault; NULL where the database cannot tell.
cell_conditions <- function(plan, x) {
  cell <- as.name(plan$variable)
  number <- is.numeric(x) && !is.object(x)
  plain <- number || is.character(x) && !is.object(x)
  bound <- if (is.double(x) && !is.object(x)) {
    list(bquote(!(.(cell) <= .(most_number))), bquote(.(cell) < .(-most_number)))
  }
  if (plan$kind == 1L && plain) return(c(bound, code_condition(plan, cell, number)))
  if (plan$kind %in% 2:3 && number) {
    parts <- if (plan$kind == 3L && is.double(x)) list(bquote(.(cell) != floor(.(cell))))
    return(c(list(), bound, parts, range_conditions(cell, plan$range, identity)))
  }
  if (plan$kind == 4L && inherits(x, "Date")) {
    range <- plan$range
    range[1L] <- max(range[1L], as.double(as.Date("1000-01-01")), na.rm = TRUE)
    return(range_conditions(cell, range, function(day) structure(day, class = "Date")))
  }
  if (plan$kind == 6L && plain && !length(plan$words$word)) return(c(list(), bound))
  NULL
}

range_conditions <- function(cell, range, as) {
  low <- if (is.finite(range[1L])) list(bquote(.(cell) < .(as(range[1L]))))
  high <- if (is.finite(range[2L])) list(bquote(.(cell) > .(as(range[2L]))))
  c(list(), low, high)
}

# Texts that are no label and no code, and numbers that are no code.
code_condition <- function(plan, cell, number) {
  good <- unique(plan$words$word[plan$verdict == 0L])
  if (number) {
    value <- encode_numbers(good)
    good <- unique(value[!is.na(value) & encode_text(value) %in% good])
  } else if (!isTRUE(plan$required)) {
    good <- c(good, "")
  }
  if (!length(good)) return(list(bquote(!is.na(.(cell)))))
  list(bquote(!(.(cell) %in% .(good))))
}

# Blank cells: NULL, and texts that do not begin with a visible letter.
blank_conditions <- function(plan, x) {
  cell <- as.name(plan$variable)
  none <- bquote(is.na(.(cell)))
  if (!is.character(x) || plan$kind != 6L) return(list(none))
  visible <- strsplit(intToUtf8(33:126), "")[[1L]]
  list(none, bquote(!(substr(.(cell), 1L, 1L) %in% .(visible))))
}

# ---- relevant and rules ----

asked_condition <- function(scout, plan) {
  expression <- parsed_rule(scout, plan$relevant, paste0("`relevant` of \"", plan$variable, "\""))
  if (!is.null(expression)) database_rule(scout, expression)
}

suspect_rule <- function(scout, rule) {
  where <- paste0("The rule \"", rule$rule, "\"")
  expression <- parsed_rule(scout, rule$expression, where)
  if (is.null(expression)) return(list())
  condition <- database_rule(scout, expression)
  if (is.null(condition)) return(distinct_faults(scout, character(), rule$expression, where))
  list(bquote(!(.(condition)) | is.na(.(condition))))
}

# An expression that can be run, or NULL: in memory a finding then says why not.
parsed_rule <- function(scout, text, where) {
  expression <- tryCatch(parse_allowed(text, where), error = function(e) NULL)
  if (all(expression_variables(expression) %in% scout$present)) expression
}

# The rule as the database can run it: comparisons of whole numbers and numbers, or of
# dates, whose cells stand for nothing but themselves. NULL for any other.
database_rule <- function(scout, expression) {
  names <- expression_variables(expression)
  if (!length(names)) return(NULL)
  kinds <- vapply(names, function(name) {
    plan <- scout$plan$variables[[name]]
    x <- scout$first[[name]]
    if (length(plan$words$word) || !plan$kind %in% 2:4) return("")
    if (plan$kind == 4L) return(if (inherits(x, "Date")) "date" else "")
    if (is.object(x)) "" else switch(typeof(x), integer = , double = "number", "")
  }, "")
  if (length(unique(kinds)) > 1L || kinds[1L] == "") return(NULL)
  if (database_part(expression, kinds[1L], scout) == "truth") expression
}

# What a part of a rule is worth: "truth" or "value"; "" where the database cannot tell.
database_part <- function(x, kind, scout) {
  if (is.name(x)) return("value")
  if (!is.call(x)) return(if (kind == "number" && is.numeric(x)) "value" else "")
  head <- as.character(x[[1L]])
  if (head == "is.na") {
    cell <- if (is.name(x[[2L]])) scout$first[[as.character(x[[2L]])]]
    return(if (is.integer(cell) || inherits(cell, "Date")) "truth" else "")
  }
  if (head == "%in%") {
    numbers <- is.numeric(x[[3L]]) || is.call(x[[3L]]) && is_constant(x[[3L]]) &&
      all(all.names(x[[3L]]) %in% c("c", "-")) && is.numeric(eval_allowed(x[[3L]], list()))
    return(if (kind == "number" && is.name(x[[2L]]) && numbers) "truth" else "")
  }
  parts <- unique(vapply(as.list(x)[-1L], database_part, "", kind, scout))
  if (length(parts) != 1L || parts == "") return("")
  if (head == "(") return(parts)
  if (head %in% c("!", "&", "|")) return(if (parts == "truth") "truth" else "")
  if (parts != "value") return("")
  if (head %in% c("==", "!=", "<", "<=", ">", ">=")) return("truth")
  # A database may keep decimals, and adds 0.1 and 0.2 to 0.3: R does not.
  whole <- kind == "number" && all(vapply(all.vars(x), function(name) {
    is.integer(scout$first[[name]])
  }, NA))
  if (head %in% c("+", "-") && whole) "value" else ""
}

# ---- what is judged here, once for each distinct value ----

# Conditions that name the distinct cells at fault of a variable, or of the variables of a
# rule; NULL where they are too many to name or cannot be named.
distinct_faults <- function(scout, name, text, where = NULL) {
  expression <- if (nzchar(text)) parsed_rule(scout, text, "")
  if (any(all.names(expression) %in% of_whole_columns)) return(NULL)
  columns <- unique(c(name, expression_variables(expression)))
  if (is.null(where) && nzchar(text) && is.null(expression)) columns <- name
  if (!length(columns)) return(NULL)
  data <- as.data.frame(lazy_counts(scout$data, columns))
  rules <- scout$plan$rules$expression == text & !is.null(where)
  plan <- part_of_plan(scout$plan, columns, rules)
  sheet <- coding_sheet(check_data(data), plan)
  parts <- sheet_findings(sheet)
  scout$pattern_fault <- union(scout$pattern_fault, sheet$pattern_fault)
  if (!is.null(expression)) note_not_run(scout, sheet, name, text, where)
  rows <- sort(unique(unlist(lapply(parts, `[[`, "row"))))
  name_cells(data[rows, , drop = FALSE])
}

# A rule that fails on some value of the sheet is not run at all.
note_not_run <- function(scout, sheet, name, text, where) {
  if (is.null(where)) where <- paste0("`relevant` of \"", name, "\"")
  value <- sheet_value(sheet, text, where)
  if (is.null(value$value)) scout$not_run[[where]] <- value
}

# Rows as conditions that a database can compare exactly.
name_cells <- function(rows) {
  if (!nrow(rows)) return(list())
  if (nrow(rows) > 200L && length(rows) > 1L || nrow(rows) > 5000L) return(NULL)
  rows[] <- lapply(rows, function(x) if (is.factor(x)) as.character(x) else x)
  if (!all(vapply(rows, can_be_named, NA))) return(NULL)
  if (length(rows) == 1L) {
    cell <- as.name(names(rows))
    value <- rows[[1L]]
    known <- if (!all(is.na(value))) list(bquote(.(cell) %in% .(value[!is.na(value)])))
    return(c(known, if (anyNA(value)) list(bquote(is.na(.(cell))))))
  }
  lapply(seq_len(nrow(rows)), function(i) {
    cells <- lapply(names(rows), function(name) {
      value <- rows[[name]][i]
      cell <- as.name(name)
      if (is.na(value)) bquote(is.na(.(cell))) else bquote(.(cell) == .(value))
    })
    call("(", Reduce(function(a, b) call("&", a, b), cells))
  })
}

can_be_named <- function(x) {
  if (inherits(x, "Date")) return(all(is.na(x) | unclass(x) == floor(unclass(x))))
  plain <- typeof(x) %in% c("logical", "integer", "double", "character")
  if (is.object(x) || !plain) return(FALSE)
  if (!is.double(x)) return(TRUE)
  known <- x[!is.na(x)]
  !any(is.nan(x)) && all(is.finite(known)) && all(as.numeric(sprintf("%.15g", known)) == known)
}
