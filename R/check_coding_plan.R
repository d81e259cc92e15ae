# What the codebook says of each variable, ready for C.

coding_kinds <- c(integer = 3L, year = 3L, number = 2L, date = 4L, text = 6L, id = 6L)

# The plan of the codebook that was used last is kept: one codebook checks many sheets.
last_plan <- new.env(parent = emptyenv())

coding_plan <- function(codebook) {
  if (!identical(codebook, last_plan$codebook)) {
    last_plan$plan <- make_plan(codebook)
    last_plan$codebook <- codebook
  }
  last_plan$plan
}

make_plan <- function(codebook) {
  variables <- codebook$variables
  codes <- as.list(codebook$codes)
  at <- split(seq_along(codes$variable), factor(codes$variable, unique(variables$variable)))
  table <- as.list(variables)
  plans <- lapply(seq_along(table$variable), function(i) {
    rows <- at[[table$variable[i]]]
    variable_plan(lapply(table, `[`, i), lapply(codes, `[`, rows))
  })
  names(plans) <- table$variable
  same <- vapply(plans, function(plan) {
    paste(c(plan$kind, plan$logical, plan$codes$label, "", plan$words$word, plan$words$how,
      plan$words$position), collapse = "\r")
  }, "")
  list(
    variables = plans, same = match(same, same), rules = as.list(codebook$rules),
    parsed = new.env(parent = emptyenv()), ids = table$variable[table$type == "id"],
    rating = table$type == "rating", kind = vapply(plans, `[[`, 1L, "kind"),
    required = vapply(plans, `[[`, NA, "required", USE.NAMES = FALSE),
    restricted = vapply(plans, `[[`, NA, "restricted")
  )
}

# The plan of some of the variables and rules.
part_of_plan <- function(plan, variables, rules) {
  at <- match(variables, names(plan$variables))
  for (field in c("variables", "rating", "kind", "required", "restricted")) {
    plan[[field]] <- plan[[field]][at]
  }
  plan$same <- match(plan$same[at], plan$same[at])
  plan$ids <- intersect(plan$ids, variables)
  plan$rules <- lapply(plan$rules, `[`, rules)
  plan
}

variable_plan <- function(variable, codes) {
  plan <- c(variable, list(codes = codes, words = code_words(codes)))
  type <- variable$type
  plan$required <- isTRUE(variable$required)
  plan$restricted <- isTRUE(variable$restricted)
  if (type == "flag" && !length(codes$code)) plan <- flag_plan(plan)
  plan$kind <- coding_kinds[type]
  if (is.na(plan$kind)) plan$kind <- if (length(plan$words$word)) 1L else 6L
  plan$kind <- unname(plan$kind)
  plan$words$plain <- plain_text(plan$words$word)
  plan$logical <- type == "flag" && !length(codes$code)
  plan$verdict <- 2L * (plan$words$how == "alias")
  plan$reading <- c(0L, 1L)
  if (type == "date") {
    reading <- date_reading(variable$pattern)
    if (!is.null(reading)) {
      plan$reading <- reading
      plan$pattern <- ""
    }
  }
  plan$expected <- expected_labels(plan$codes$label)
  plan$patterned <- nzchar(plan$pattern) && plan$kind != 1L
  plan$range <- plan_range(plan)
  plan$odd_range <- anyNA(plan$range) && plan$kind %in% 2:4
  plan$conditional <- plan$odd_range || plan$patterned || nzchar(plan$relevant)
  plan$separator <- if (type != "multicode") NA_character_ else
    if (nzchar(variable$separator)) variable$separator else ";"
  plan
}

flag_plan <- function(plan) {
  no <- c("FALSE", "False", "false", "no", "No", "NO", "0")
  yes <- c("TRUE", "True", "true", "yes", "Yes", "YES", "1")
  plan$words <- list(word = c(no, yes), position = rep(1:2, each = 7L), how = rep("code", 14L))
  plan$codes <- list(label = c("FALSE", "TRUE"), code = c("0", "1"), missing = c("", ""))
  plan
}

# Lowest and highest value as doubles (days for dates); NaN where they cannot be read.
plan_range <- function(plan) {
  limits <- c(plan$min, plan$max)
  given <- nzchar(limits)
  range <- c(-Inf, Inf)
  if (plan$type == "year") range <- c(1000, 9999)
  if (any(given)) {
    range[given] <- if (plan$kind == 4L) parse_dates(limits[given])$days else
      encode_numbers(limits[given])
    range[is.na(range)] <- NaN
  }
  range
}
