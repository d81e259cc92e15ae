# Rounding as printed. Percents and means of whole numbers are decided on the whole
# numbers by long division; other numbers on their shortest decimal form.

rounding_modes <- c("half_up", "half_even", "sum_100")

# 100 * n / base to `digits` places, or count / base where `factor` is 1.
round_quotient <- function(n, base, digits, rounding = "half_up", factor = 100L) {
  digits <- rep_len(as.integer(digits), length(n))
  mode <- if (rounding == "half_even") 2L else 1L
  scaled <- .Call(C_rounding_divide, as.double(n), as.double(base), factor, digits, mode)[[1L]]
  out <- scaled / 10^digits
  rest <- is.na(scaled) & !is.na(base) & base != 0 & !is.na(n)
  if (any(rest)) {
    out[rest] <- round_decimal(factor * n[rest] / base[rest], digits[rest], rounding)
  }
  out
}

# Counts as printed, "4", or "4 (17.4%)" with a base; NA where that is not exact.
rounded_text <- function(n, base, digits, rounding) {
  mode <- if (rounding == "half_even") 2L else 1L
  .Call(C_rounding_cells, as.double(n), if (!is.null(base)) as.double(base), digits, mode)
}

# A number rounded on its decimal form of 15 significant digits: 2.675 is a tie.
round_decimal <- function(x, digits, rounding = "half_up") {
  digits <- rep_len(as.integer(digits), length(x))
  size <- abs(x) * 10^digits
  near <- is.finite(size) & size < 1e15
  size[near] <- as.numeric(sprintf("%.15g", size[near]))
  low <- floor(size)
  part <- size - low
  up <- if (rounding == "half_even") part > 0.5 | (part == 0.5 & low %% 2 == 1) else part >= 0.5
  out <- sign(x) * (low + up) / 10^digits
  out[!near] <- x[!near]
  out
}

# Shares of a whole that add to 100 as printed: every share is rounded down, and the
# units left over go to the largest remainders, the first of equals first.
round_sum_100 <- function(n, base, digits) {
  digits <- rep_len(as.integer(digits), 1L)
  whole <- all(n == floor(n)) && base == floor(base) && base < 2^53
  if (whole) {
    found <- .Call(C_rounding_divide, as.double(n), rep(as.double(base), length(n)), 100L,
      rep(digits, length(n)), 3L)
    down <- found[[1L]]
    rest <- found[[2L]]
  } else {
    share <- 100 * n / base * 10^digits
    down <- floor(share)
    rest <- share - down
  }
  left <- round(100 * 10^digits - sum(down))
  extra <- order(-rest)[seq_len(min(max(left, 0), length(n)))]
  down[extra] <- down[extra] + 1
  down / 10^digits
}

# Numbers with a fixed count of decimals, each its own, and a sign after them; "-" where
# there is none.
print_number <- function(x, digits, trim = FALSE, sign = "") {
  digits <- rep_len(as.integer(digits), length(x))
  if (length(x) > 200L && all(digits == digits[1L])) {
    once <- unique(x)
    return(print_number_each(once, rep(digits[1L], length(once)), trim, sign)[match(x, once)])
  }
  print_number_each(x, digits, trim, sign)
}

print_number_each <- function(x, digits, trim, sign) {
  text <- sprintf("%.*f", digits, x)
  if (any(startsWith(text, "-0"))) text <- sub("^-(0(\\.0*)?)$", "\\1", text)
  if (trim) text <- sub("\\.0+$", "", text)
  if (nzchar(sign)) text <- paste0(text, sign)
  text[is.na(x)] <- "-"
  text
}

# Counts in full; weighted counts that are not whole to `digits` places.
print_count <- function(n, digits = 1L) {
  if (length(n) > 200L) {
    once <- unique(n)
    if (all(is.na(once) | once == floor(once))) return(print_count_each(once)[match(n, once)])
  }
  print_count_each(n, digits)
}

print_count_each <- function(n, digits = 1L) {
  # A sum of weights such as 5.4 + 7.6 may miss the whole number by its last bits.
  whole <- is.na(n) | abs(n - round(n)) <= 1e-12 * pmax(1, abs(n))
  text <- character(length(n))
  text[whole] <- sprintf("%.0f", n[whole])
  if (!all(whole)) {
    d <- rep_len(pmax(as.integer(digits), 1L), length(n))[!whole]
    text[!whole] <- print_number(round_decimal(n[!whole], d), d)
  }
  text[is.na(n)] <- "-"
  text
}
