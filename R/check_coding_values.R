# Columns as values: what expressions see and what recoding keeps.

# A column as expressions see it: labels, TRUE and FALSE, numbers, Dates or texts.
decode_column <- function(x, plan) {
  if (!is.na(plan$separator)) return(decode_parts(x, plan))
  if (plan$kind == 1L) {
    words <- add_value_labels(plan$words, x)
    position <- c(NA, words$position)[encode_words(x, words$word) + 1L]
    if (plan$logical) return(position == 2L)
    return(plan$codes$label[position])
  }
  if (plan$kind %in% 2:3) return(decode_number(x, plan))
  if (plan$kind == 4L) {
    if (is_plain_date(x) && encode_whole(x)) return(x)
    return(structure(decode_days(x, plan, whole = TRUE), class = "Date"))
  }
  if (is.numeric(x) && !is.object(x)) return(x)
  column_text(x)
}

# Cells of several codes, each part by its label; a part that is none stays as it is.
decode_parts <- function(x, plan) {
  text <- column_text(x)
  distinct <- unique(text)
  joined <- vapply(split_parts(distinct, plan$separator), function(parts) {
    join_parts(name_parts(parts, plan), plan)
  }, "")
  joined[match(text, distinct)]
}

# Where white space separates the parts they are codes, as labels may hold it.
part_names <- function(plan) {
  if (nzchar(trimws(plan$separator))) plan$codes$label else plan$codes$code
}

name_parts <- function(parts, plan) {
  at <- c(NA, plan$words$position)[match_text(parts, plan$words$word) + 1L]
  ifelse(is.na(at), parts, part_names(plan)[at])
}

join_parts <- function(parts, plan) {
  if (!length(parts)) return(NA_character_)
  gap <- if (grepl("\\s$", plan$separator)) "" else " "
  paste(unique(parts), collapse = paste0(plan$separator, gap))
}

decode_number <- function(x, plan) {
  if (is.factor(x)) return(decode_number(levels(x), plan)[as.integer(x)])
  x <- plain_cells(x)
  number <- if (is.character(x)) encode_numbers(x) else as.double(x)
  replace_listed(number, x, plan, function(code) encode_numbers(code))
}

# Days, the first of the month or year where a date says no more; NA for those if `whole`.
decode_days <- function(x, plan, whole = FALSE) {
  if (is.factor(x)) return(decode_days(levels(x), plan, whole)[as.integer(x)])
  if (inherits(x, "Date")) return(floor(as.double(x)))
  x <- column_text(x)
  parsed <- parse_dates(x, plan$reading)
  if (whole) parsed$days[parsed$precision > 1L] <- NA_real_
  replace_listed(parsed$days, x, plan, function(code) parse_dates(code)$days)
}

# Cells that hold a listed code: missing codes are NA, others the value of the code.
replace_listed <- function(value, x, plan, read) {
  if (!length(plan$words$word)) return(value)
  if (is.numeric(x)) {
    number <- encode_numbers(plan$words$word)
    at <- match(x, number, incomparables = NA)
  } else {
    at <- match_text(x, plan$words$word)
    other <- which(at %in% 0L)
    at[other] <- if (plan$kind == 4L) NA else
      match(encode_text(encode_numbers(x[other])), plan$words$word, incomparables = NA)
  }
  use <- which(!is.na(at))
  position <- plan$words$position[at[use]]
  code <- read(plan$codes$code)
  code[nzchar(plan$codes$missing)] <- NA
  value[use] <- code[position]
  value
}
