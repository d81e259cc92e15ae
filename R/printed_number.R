# Numbers as they stand in print, read digit by digit: never through a binary fraction,
# so that a tie is a tie and "12.80" has two decimals.

# One row a text: `text` as given; `units`, the digits without sign, point and leading
# zeros; `decimals`, how many of them stand after the point; `negative`; `percent` (a
# percent sign stood there); `bound` ("<", "<=", ">", ">=" or ""); `value`; and
# `reason`, why it is no number ("" where it is one).
printed_number <- function(x) {
  text <- printed_text(x)
  t <- bare_number(text)
  percent <- grepl("(%|per ?cent)$", t, ignore.case = TRUE)
  t <- trimws(sub("(%|per ?cent)$", "", t, ignore.case = TRUE))
  bound <- sub("^(<=|>=|<|>)?.*$", "\\1", t)
  t <- trimws(sub("^(<=|>=|<|>)", "", t))
  negative <- startsWith(t, "-")
  t <- plain_decimal(sub("^[+-] ?", "", t))
  good <- !is.na(t)
  point <- regexpr(".", t, fixed = TRUE)
  whole <- ifelse(good & point > 0L, substr(t, 1L, point - 1L), t)
  part <- ifelse(good & point > 0L, substr(t, point + 1L, nchar(t)), "")
  units <- sub("^0+(?=.)", "", paste0(whole, part), perl = TRUE)
  units[!good] <- NA
  value <- suppressWarnings(as.numeric(t)) * ifelse(negative, -1, 1)
  data.frame(
    text = text, units = units, decimals = ifelse(good, nchar(part), NA_integer_),
    negative = negative & good, percent = percent & good, bound = ifelse(good, bound, ""),
    value = value, reason = ifelse(good, "", no_number(text))
  )
}

# What was given, as text in UTF-8; a number by its shortest decimal form.
printed_text <- function(x) {
  if (is.factor(x)) x <- levels(x)[as.integer(x)]
  if (is.numeric(x) && !is.object(x)) return(shortest_text(x))
  if (is.logical(x) && all(is.na(x))) return(rep(NA_character_, length(x)))
  x <- as.character(x)
  x[Encoding(x) == "bytes"] <- "(unreadable)"
  x <- enc2utf8(x)
  x[!is.na(x) & !validUTF8(x)] <- "(unreadable)"
  x
}

# Digits beyond the fifteenth are the noise of binary fractions, except in whole
# numbers.
shortest_text <- function(x) {
  x <- as.double(x)
  whole <- is.finite(x) & x == floor(x) & abs(x) <= 2^53
  text <- ifelse(whole, sprintf("%.0f", x), sprintf("%.15g", x))
  text[whole & x == 0] <- "0"
  text[is.na(x)] <- NA
  text
}

# Spaces, minus signs, bounds and footnote marks of every kind brought to one form.
bare_number <- function(text) {
  t <- gsub("[\u00a0\u2007\u2009\u200a\u202f\t\r\n]", " ", text)
  t <- gsub("[\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d]", "-", t)
  t <- gsub("\u2264", "<=", gsub("\u2265", ">=", t))
  t <- gsub("\uff05", "%", gsub("\u2019", "'", t))
  t <- gsub("[\u00b9\u00b2\u00b3\u2070\u2074-\u2079\u2020\u2021]", "", t)
  t <- trimws(gsub(" +", " ", t))
  t <- sub("(?<=[0-9%)]) ?\\*+$", "", t, perl = TRUE)
  t <- sub("^\\(([^()]*)\\)$", "\\1", t)
  trimws(sub("^([-<>=+]*) ?[$\u00a3\u20ac]", "\\1", trimws(t)))
}

# Digits with at most a point: thousands marks out, a decimal comma turned into a point,
# an exponent written out; NA where the text is no number.
plain_decimal <- function(t) {
  grouped <- grepl("^[1-9][0-9]{0,2}([, '][0-9]{3})+(\\.[0-9]*)?$", t)
  t[grouped] <- gsub("[, ']", "", t[grouped])
  european <- grepl("^[1-9][0-9]{0,2}([. ][0-9]{3})+,[0-9]+$", t) |
    grepl("^[1-9][0-9]{0,2}(\\.[0-9]{3}){2,}$", t)
  t[european] <- sub(",", ".", gsub("[. ]", "", t[european]), fixed = TRUE)
  comma <- grepl("^[0-9]*,[0-9]+$", t)
  t[comma] <- sub(",", ".", t[comma], fixed = TRUE)
  exponent <- which(grepl("^([0-9]+\\.?[0-9]*|\\.[0-9]+)[eE][+-]?[0-9]{1,3}$", t))
  t[exponent] <- vapply(t[exponent], write_out, "")
  ifelse(grepl("^([0-9]+\\.?[0-9]*|\\.[0-9]+)$", t), t, NA_character_)
}

# "1.25e-3" as "0.00125".
write_out <- function(t) {
  parts <- strsplit(t, "[eE]")[[1L]]
  point <- regexpr(".", parts[1L], fixed = TRUE)
  digits <- sub(".", "", parts[1L], fixed = TRUE)
  decimals <- if (point > 0L) nchar(parts[1L]) - point else 0L
  decimals <- decimals - as.integer(parts[2L])
  if (decimals <= 0L) return(paste0(digits, strrep("0", -decimals)))
  decimal_text(digits, decimals)
}

no_number <- function(text) {
  t <- trimws(text)
  blank <- is.na(t) | !nzchar(t)
  ifelse(blank, "nothing is printed",
    ifelse(nchar(t) > 40L, "the text is not a number", paste0("\"", t, "\" is not a number")))
}

# "3 (13.0)" is 3 outside the brackets and 13.0 inside. Where nothing stands in
# brackets, `inner` says so in its reason.
printed_cell <- function(x) {
  text <- printed_text(x)
  pattern <- "^(.*[^ (]) *[(\\[]([^()]*)[])]([^0-9()]*)$"
  two <- grepl(pattern, text)
  outer <- ifelse(two, sub(pattern, "\\1", text), text)
  inner <- ifelse(two, sub(pattern, "\\2", text), NA)
  # "4/23 (17.4%)" and "4 of 23": the count stands first.
  fraction <- "^ *([0-9][0-9,]*) *(/|of|out of) *[0-9][0-9,]* *$"
  outer <- sub(fraction, "\\1", outer)
  inner <- sub(fraction, "\\1", inner)
  list(outer = printed_number(outer), inner = printed_number(inner), text = text)
}

# ---- exact arithmetic on what is printed ----

# Digits `units` with a point before the last `decimals`.
decimal_text <- function(units, decimals) {
  decimals <- rep_len(decimals, length(units))
  units <- paste0(strrep("0", pmax(0L, decimals + 1L - nchar(units))), units)
  size <- nchar(units)
  ifelse(decimals > 0L,
    paste0(substr(units, 1L, size - decimals), ".", substr(units, size - decimals + 1L, size)),
    units)
}

# The next digit of a long division: 10 * rest = digit * base + new rest. All are whole
# and below 2^53, and so is each step: twice a number is exact, and what is subtracted
# is near.
next_digit <- function(rest, base) {
  digit <- numeric(length(rest))
  twice <- function(x) {
    over <- x >= base - x
    digit <<- 2 * digit + over
    ifelse(over, x - (base - x), x + x)
  }
  four <- twice(twice(rest))
  over <- four >= base - rest
  five <- ifelse(over, four - (base - rest), four + rest)
  digit <- digit + over
  rest <- twice(five)
  list(digit = digit, rest = rest)
}

# n / base cut after `decimals` digits, for whole n >= 0 and base > 0 up to 2^53: `cut`
# as digits, `tail` what was cut off against half a unit (-1, 0, 1), `whole` nothing
# was.
cut_ratio <- function(n, base, decimals) {
  rest <- n %% base
  digits <- sprintf("%.0f", (n - rest) / base)
  for (k in seq_len(max(0L, decimals))) {
    step <- next_digit(rest, base)
    on <- k <= decimals
    digits <- ifelse(on, paste0(digits, sprintf("%.0f", step$digit)), digits)
    rest <- ifelse(on, step$rest, rest)
  }
  list(cut = sub("^0+(?=.)", "", digits, perl = TRUE), tail = sign(rest - (base - rest)),
    whole = rest == 0)
}

# The digits one unit further from zero.
one_more <- function(digits) {
  stem <- sub("9+$", "", digits)
  nines <- nchar(digits) - nchar(stem)
  last <- suppressWarnings(as.integer(substr(stem, nchar(stem), nchar(stem))))
  ifelse(nzchar(stem),
    paste0(substr(stem, 1L, nchar(stem) - 1L), last + 1L, strrep("0", nines)),
    paste0("1", strrep("0", nines)))
}

# The three customs applied to cut digits.
rounded <- function(cut) {
  more <- one_more(cut$cut)
  last <- suppressWarnings(as.integer(substr(cut$cut, nchar(cut$cut), nchar(cut$cut))))
  up <- ifelse(cut$tail >= 0, more, cut$cut)
  even <- ifelse(cut$tail > 0 | (cut$tail == 0 & last %% 2L == 1L), more, cut$cut)
  list(half_up = up, half_even = even, truncated = cut$cut)
}

# Printed digits against an exact number: verdict and note. `negative` is the sign of
# the exact number; a zero has none.
judge_digits <- function(printed, cut, negative = FALSE) {
  by <- rounded(cut)
  same <- function(digits) {
    printed$units == digits & (printed$negative == negative | digits == "0")
  }
  up <- same(by$half_up)
  even <- same(by$half_even)
  cut_off <- same(by$truncated)
  verdict <- ifelse(up | even, "agrees", ifelse(cut_off, "truncated", "disagrees"))
  signed <- function(digits) {
    paste0(ifelse(negative & digits != "0", "-", ""), decimal_text(digits, printed$decimals))
  }
  note <- ifelse(up & even, "", ifelse(up, "half up; half even gives ", ifelse(even,
    "half even; half up gives ", ifelse(cut_off, "cut off; rounds to ", "rounds to "))))
  other <- ifelse(up, by$half_even, by$half_up)
  both <- !up & !even & by$half_up != by$half_even
  note <- paste0(note, ifelse(up & even, "", signed(other)),
    ifelse(both, paste0(" (half even ", signed(by$half_even), ")"), ""))
  judge_bounds(printed, cut, negative, list(verdict = verdict, note = note))
}

# "<1" claims that the number is below 1, not that it is 1.
judge_bounds <- function(printed, cut, negative, found) {
  at <- nzchar(printed$bound)
  if (!any(at)) return(found)
  order <- compare_digits(cut$cut, printed$units)
  order <- ifelse(order == 0 & !cut$whole, 1, order) * ifelse(negative, -1, 1)
  order <- ifelse(negative != printed$negative & !(cut$cut == "0" & cut$whole),
    ifelse(negative, -1, 1), order)
  holds <- switch_bound(printed$bound, order)
  found$verdict[at] <- ifelse(holds, "agrees", "disagrees")[at]
  found$note[at] <- ifelse(holds, "within the bound printed", "outside the bound printed")[at]
  found
}

switch_bound <- function(bound, order) {
  (bound == "<" & order < 0) | (bound == "<=" & order <= 0) | (bound == ">" & order > 0) |
    (bound == ">=" & order >= 0)
}

# -1, 0, 1: which of two strings of digits without leading zeros is the smaller number.
compare_digits <- function(a, b) {
  order <- sign(nchar(a) - nchar(b))
  for (i in which(order == 0)) order[i] <- order_text(a[i], b[i])
  order
}

order_text <- function(a, b) {
  if (is.na(a) || is.na(b)) return(NA_real_)
  a <- utf8ToInt(a)
  b <- utf8ToInt(b)
  k <- seq_len(min(length(a), length(b)))
  apart <- which(a[k] != b[k])
  if (length(apart)) sign(a[apart[1L]] - b[apart[1L]]) else 0
}

# A number that was computed (a double), held against print. It counts by its 15 digits,
# so that 2.675 is a tie although its binary fraction lies a little below.
judge_value <- function(printed, exact) {
  value <- printed_number(ifelse(is.finite(exact), shortest_text(exact), NA))
  found <- list(verdict = rep("not checkable", length(exact)), note = printed$reason)
  found$note[!nzchar(printed$reason) & !is.finite(exact)] <- "nothing was computed"
  use <- which(!nzchar(printed$reason) & !nzchar(value$reason))
  if (!length(use)) return(found)
  cut <- cut_decimal(value$units[use], value$decimals[use], printed$decimals[use])
  one <- judge_digits(printed[use, ], cut, value$negative[use])
  found$verdict[use] <- one$verdict
  found$note[use] <- one$note
  found
}

# Digits with `have` decimals cut to `want`, as cut_ratio() gives them.
cut_decimal <- function(units, have, want) {
  drop <- have - want
  units <- paste0(units, strrep("0", pmax(0L, -drop)))
  drop <- pmax(0L, drop)
  units <- paste0(strrep("0", pmax(0L, drop + 1L - nchar(units))), units)
  kept <- substr(units, 1L, nchar(units) - drop)
  tail <- substr(units, nchar(units) - drop + 1L, nchar(units))
  half <- ifelse(drop > 0L, paste0("5", strrep("0", pmax(0L, drop - 1L))), "")
  plain <- function(x) sub("^0+(?=.)", "", x, perl = TRUE)
  order <- compare_digits(plain(paste0("1", tail)), plain(paste0("1", half)))
  list(cut = plain(kept), tail = ifelse(drop > 0L, order, -1), whole = !grepl("[1-9]", tail))
}
