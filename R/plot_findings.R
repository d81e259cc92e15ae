# Findings as a picture: how many in each variable, by rule.

#' Plot findings
#'
#' A horizontal bar for each variable, as long as it has findings, split by rule.
#'
#' @param x A result of [check_coding()].
#' @param most How many variables are drawn, those with most findings first.
#' @param ... Passed on to [graphics::barplot()].
#' @return Invisibly, the matrix of counts that was drawn, variables by rules.
#' @examples
#' book <- codebook(data.frame(variable = c("age", "sex"), type = c("integer", "text"),
#'   required = TRUE, min = c("0", ""), max = c("18", "")))
#' plot(check_coding(data.frame(age = c(4, 190, NA), sex = c("f", "", "m")), book))
#' @export
plot.coding_findings <- function(x, most = 20L, ...) {
  counts <- finding_counts(x, most)
  n <- counts$n
  if (!nrow(n)) stop_argument("`x` has no findings, so there is nothing to draw.")
  n <- n[rev(seq_len(nrow(n))), , drop = FALSE]
  shades <- grDevices::grey(seq(0.2, 0.9, length.out = max(2L, ncol(n))))[seq_len(ncol(n))]
  labels <- fit_labels(rownames(n))
  top <- 1.2 + max(legend_rows(colnames(n), graphics::par("fin")[1L]))
  bottom <- 4.1 + length(counts$notes)
  old <- graphics::par(mar = fit_margins(c(bottom, margin_for(labels), top, 1.1)))
  on.exit(graphics::par(old))
  longest <- max(rowSums(n))
  y <- graphics::barplot(t(n), horiz = TRUE, las = 1, col = shades, xlab = "Findings",
    xlim = c(0, max(count_ticks(longest))), names.arg = labels, axes = FALSE,
    cex.names = crowded(nrow(n)), ...)
  graphics::axis(1L, count_ticks(longest))
  write_counts(t(n), y, shades, longest)
  legend_above(colnames(n), shades, 0.8)
  notes_below(counts$notes, 4)
  invisible(counts$n)
}

# Counts of variables by rules, both by falling number, and what a reader must know.
finding_counts <- function(x, most) {
  most <- check_whole(most, "most", min = 1L)
  check_columns(c("variable", "rule"), names(x), "x")
  variable <- as.character(x$variable)
  variable[is.na(variable) | !nzchar(variable)] <- "(whole row)"
  rule <- as.character(x$rule)
  by_count <- function(v) names(sort(-table(v)))
  n <- table(factor(variable, by_count(variable)), factor(rule, by_count(rule)))
  n <- matrix(as.double(n), nrow(n), ncol(n), dimnames = unname(dimnames(n)))
  left <- nrow(n) - most
  notes <- paste0("Base: ", print_count(sum(n)), if (sum(n) == 1) " finding" else " findings",
    " in ", nrow(n), if (nrow(n) == 1L) " variable." else " variables.")
  if (left > 0L) {
    rest <- sum(n[-seq_len(most), ])
    notes <- c(notes, paste0(left, if (left == 1L) " variable with " else " variables with ",
      rest, if (rest == 1) " finding" else " findings", " in all not drawn."))
    n <- n[seq_len(most), , drop = FALSE]
  }
  n <- n[, colSums(n) > 0, drop = FALSE]
  list(n = n, notes = notes)
}
