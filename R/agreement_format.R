#' Print, plot and convert agreement
#'
#' `print()` writes the coefficients in words and a table, `plot()` draws each estimate with
#' its interval, and `as.data.frame()` gives the plain table of all columns.
#'
#' @param x An `agreement`.
#' @param digits Decimal places.
#' @param ... For `plot()`, passed to [graphics::plot.default()]; else not used.
#' @return `format()` the lines, `print()` and `plot()` their input, invisibly.
#' @name print.agreement
#' @examples
#' d <- data.frame(a = c(1, 2, 3, 3, 1), b = c(1, 2, 2, 3, 1))
#' result <- agreement(d, cbind(a, b) ~ 1, coefficient = c("alpha", "kappa"))
#' result
#' plot(result)
NULL

coefficient_titles <- function() {
  c(percent = "Percent agreement of pairs", kappa = "Kappa (Cohen; Conger)",
    fleiss = "Fleiss' kappa", scott = "Scott's pi", alpha = "Krippendorff's alpha",
    ac1 = "Gwet's AC1", ac2 = "Gwet's AC2", bp = "Brennan-Prediger",
    icc = "Intraclass correlation ICC(2,1)")
}

note_words <- function() {
  c(no_variation =
      "everybody used one and the same code, so agreement beyond chance has no meaning",
    no_contrast = paste("the ratings do not vary in what the coefficient goes by (between",
      "cases, or between codes that the weights tell apart)"),
    single_coder = "only one coder rated it",
    too_few_cases = "fewer than two cases were rated by two coders or more",
    no_disagreement =
      "the coders never disagreed, so the data cannot say how far below 1 it may be",
    zero_se = "every case bears on the estimate alike, so the closed form gives no interval")
}

#' @rdname print.agreement
#' @export
format.agreement <- function(x, digits = 2L, ...) {
  digits <- check_whole(digits, "digits", 0, 10)
  c(agreement_title(x), "", agreement_lines(x, digits), agreement_notes(x))
}

agreement_title <- function(x) {
  level <- attr(x, "level")
  words <- if (is.character(level)) paste0("level ", level) else "own weights"
  n <- attr(x, "cases")
  m <- attr(x, "coders")
  if (is.null(n)) return("Agreement of coders")
  paste0("Agreement of ", m, if (m == 1L) " coder" else " coders", " on ", n,
    if (n == 1L) " case" else " cases", ", ", words)
}

agreement_lines <- function(x, digits) {
  if (!nrow(x)) return("No ratings.")
  number <- function(v) {
    ifelse(is.na(v), "-", formatC(round(v, digits) + 0, digits = digits, format = "f"))
  }
  conf <- attr(x, "conf_level")
  interval <- ifelse(is.na(x$lower) & is.na(x$upper), "-",
    paste0(number(x$lower), " to ", number(x$upper)))
  table <- cbind(item = x$item, coefficient = x$coefficient, estimate = number(x$estimate),
    interval = interval, cases = format_numbers(x$n_cases),
    exact = ifelse(is.na(x$percent), "-", format_percent(x$percent)))
  colnames(table)[4L] <- if (is.null(conf)) "interval" else paste0(100 * conf, "% interval")
  colnames(table)[6L] <- "pairs agree"
  left <- 1:2
  wide <- rbind(colnames(table), table)
  for (j in seq_len(ncol(wide))) {
    wide[, j] <- formatC(wide[, j], width = max(nchar(wide[, j], "width")),
      flag = if (j %in% left) "-" else "")
  }
  sub(" +$", "", apply(wide, 1L, paste, collapse = "  "))
}

agreement_notes <- function(x) {
  words <- note_words()
  lines <- character()
  notes <- replace(x$note, which(x$note == "no_variation" & x$percent < 1), "no_contrast")
  for (note in intersect(names(words), notes)) {
    which <- unique(paste(x$item, x$coefficient)[notes == note])
    lines <- c(lines, paste0(list_some(which, quote = "", most = 8L), ": ", words[[note]], "."))
  }
  c("", strwrap(c(lines, interval_note(x)), getOption("width"), exdent = 2L))
}

# How the intervals that are shown were found.
interval_note <- function(x) {
  if (!nrow(x)) return(NULL)
  count <- attr(x, "replicate_count")
  words <- c(bca = paste0("BCa, ", count, " bootstrap samples of cases"),
    "fisher z" = "linearised standard error over cases",
    wilson = "Wilson's for percent", F = "the F distribution for icc")
  shown <- intersect(names(words), x$method[!is.na(x$lower)])
  if (!length(shown)) return(NULL)
  plain <- identical(shown, "bca")
  paste0("Intervals: ", paste(words[shown], collapse = "; "),
    if (!plain) " (see ?agreement)", ".")
}

#' @rdname print.agreement
#' @export
print.agreement <- function(x, digits = 2L, ...) {
  if (!all(c("item", "coefficient", "estimate", "lower", "upper", "n_cases", "percent",
    "note") %in% names(x))) {
    print(as.data.frame(x), ...)
    return(invisible(x))
  }
  writeLines(format(x, digits = digits))
  invisible(x)
}

#' @rdname print.agreement
#' @param row.names,optional Not used.
#' @export
as.data.frame.agreement <- function(x, row.names = NULL, optional = FALSE, ...) {
  keep <- c("names", "row.names")
  attributes(x) <- c(attributes(x)[keep], list(class = "data.frame"))
  x
}

# What is drawn, in two lines where the picture is narrow.
agreement_axis_title <- function(kinds) {
  what <- if (length(kinds) > 1L) "Agreement" else coefficient_titles()[[kinds]]
  room <- graphics::par("pin")[1L] + 2 * graphics::par("mai")[4L]
  wrap_text(paste(what, "(estimate and interval)"), max(24, floor(room / 0.093)))
}

#' @rdname print.agreement
#' @export
plot.agreement <- function(x, ...) {
  shown <- which(!is.na(x$estimate))
  if (!length(shown)) stop_argument("`x` has no estimate to draw; see its column `note`.")
  items <- unique(x$item)
  kinds <- unique(x$coefficient)
  n <- length(items)
  # the coefficients of an item under one another, each with its own mark
  kind <- match(x$coefficient, kinds)
  at <- n + 1 - match(x$item, items) - (kind - (length(kinds) + 1) / 2) * 0.7 / length(kinds)
  marks <- rep_len(c(19, 1, 17, 2, 15, 0, 18, 5), length(kinds))
  several <- length(kinds) > 1L
  label <- fit_labels(items)
  above <- if (several) 2.6 else 1.1
  wide <- graphics::par(mar = fit_margins(c(4.1, margin_for(label), above, 1.1)))
  on.exit(graphics::par(wide))
  ends <- range(0, 1, x$lower, x$upper, x$estimate, na.rm = TRUE)
  settings <- list(x = x$estimate, y = at, xlim = ends, ylim = c(0.5, n + 0.5), pch = marks[kind],
    yaxt = "n", ylab = "", xlab = agreement_axis_title(kinds))
  own <- list(...)
  settings[names(own)] <- own
  do.call(graphics::plot.default, settings)
  graphics::axis(2L, rev(seq_len(n)), label, las = 1L, tick = FALSE, gap.axis = 0,
    cex.axis = crowded(n))
  if (several) {
    graphics::legend("topleft", kinds, pch = marks, horiz = TRUE, bty = "n", cex = 0.85, xpd = NA,
      inset = c(0, -2.2 * line_inches() / graphics::par("pin")[2L]))
  }
  graphics::abline(v = c(0, 1), lty = 3L, col = "grey50")
  both <- which(!is.na(x$lower) & !is.na(x$upper) & x$upper > x$lower)
  graphics::segments(x$lower[both], at[both], x$upper[both], at[both])
  none <- which(is.na(x$estimate))
  if (length(none)) {
    graphics::text(ends[1L], at[none], "not defined", pos = 4L, cex = 0.8, col = "grey30")
  }
  invisible(x)
}
