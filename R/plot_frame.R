# What the pictures in base graphics share: margins, the legend, the numbers in bars.
# Lengths are in inches or lines of text, so that a picture holds together whatever the
# size of its device.

# Lines of margin for labels on the left; long ones hold more wide letters, some short ones
# little else.
margin_for <- function(labels) {
  lines <- unlist(strsplit(as.character(labels), "\n"))
  letters <- nchar(lines, "width")
  wide <- 0.6 * nchar(gsub("[^GMQWmw]", "", lines)) - 0.05 * letters
  longest <- max(0, letters + pmax(wide, 0), na.rm = TRUE)
  1.7 + 0.44 * longest + 0.04 * max(0, longest - 22)
}

# Inches of a line of margin.
line_inches <- function() {
  mar <- graphics::par("mar")
  at <- which.max(mar)
  if (mar[at] > 0) graphics::par("mai")[at] / mar[at] else 0.2
}

# The height of half a line below the plot region.
below_axis <- function() {
  graphics::par("usr")[3L] - graphics::grconvertY(0.5 * line_inches(), "inches", "user") +
    graphics::grconvertY(0, "inches", "user")
}

# Lines of the longest of some labels.
text_lines <- function(labels) max(1L, lengths(strsplit(labels, "\n", fixed = TRUE)))

# Labels of upright bars, whose lines start below the axis.
labels_below <- function(labels, at) {
  graphics::text(at, below_axis(), labels, adj = c(0.5, 1), xpd = NA)
}

# Margins as asked for, or smaller where they would leave less than a third of the figure
# to the picture.
fit_margins <- function(mar) {
  room <- graphics::par("fin") / line_inches()
  shrink <- function(sides, room) mar[sides] * min(1, 0.67 * room / sum(mar[sides]))
  mar[c(1L, 3L)] <- shrink(c(1L, 3L), room[2L])
  mar[c(2L, 4L)] <- shrink(c(2L, 4L), room[1L])
  mar
}

# Labels in lines of at most so many characters that they leave half of the figure.
fit_labels <- function(labels, inches = graphics::par("fin")[1L]) {
  wrap_text(labels, max(12, floor(inches / 2 / 0.086)))
}

# The row of each entry of a legend as wide as `inches`.
legend_rows <- function(labels, inches) {
  line_of(0.32 + 0.073 * nchar(labels, "width"), inches)
}

# A legend above the plot region, its lowest row `line` lines above it; `unit` says over
# what it lies: the figure ("nfc") or the whole device ("ndc").
legend_above <- function(labels, fill, line, unit = "nfc") {
  size <- graphics::par(if (unit == "ndc") "din" else "fin")
  row <- legend_rows(labels, size[1L] - 0.2)
  left <- 0.12 + stats::ave(0.3 + graphics::strwidth(labels, "inches", cex = 0.85), row,
    FUN = function(wide) cumsum(c(0, wide[-length(wide)])))
  top <- graphics::grconvertY(graphics::par("usr")[4L], "user", unit) * size[2L]
  y <- top + line * line_inches() + (max(row, 0L) - row) * 0.19
  across <- function(x) graphics::grconvertX(x / size[1L], unit, "user")
  up <- function(y) graphics::grconvertY(y / size[2L], unit, "user")
  graphics::rect(across(left), up(y - 0.05), across(left + 0.1), up(y + 0.05), col = fill, xpd = NA)
  graphics::text(across(left + 0.14), up(y), labels, adj = c(0, 0.4), cex = 0.85, xpd = NA)
  top <- up(max(y) + 0.09)
  invisible(list(rect = list(top = top, h = top - up(min(y) - 0.09))))
}

# Where counts are marked: at whole numbers, the last of them no less than the greatest.
count_ticks <- function(most) {
  at <- pretty(c(0, most), 5L)
  at <- at[at == floor(at)]
  if (max(at) < most) c(at, ceiling(most)) else at
}

ink_on_grey <- function(shades) {
  light <- colSums(grDevices::col2rgb(shades) * c(0.299, 0.587, 0.114))
  ifelse(light > 140, "black", "white")
}

# Each count in its part of the bar, where the part is wide enough to hold it.
write_counts <- function(bars, y, shades, most, upright = FALSE) {
  show <- bars > most / 40
  if (!any(show)) return(invisible(NULL))
  ends <- apply(bars, 2L, cumsum)
  ends <- matrix(ends, nrow(bars))
  middle <- ends - bars / 2
  place <- matrix(y, nrow(bars), ncol(bars), byrow = TRUE)
  graphics::text(if (upright) place[show] else middle[show],
    if (upright) middle[show] else place[show], format_count(bars[show]),
    col = matrix(ink_on_grey(shades), nrow(bars), ncol(bars))[show], cex = 0.8)
}

format_count <- function(x) as.character(round(x))

# Lines under the picture, from the left edge of the figure.
notes_below <- function(notes, line, cex = 0.75) {
  for (k in seq_along(notes)) {
    left <- graphics::grconvertX(0.01, "nfc", "user")
    graphics::mtext(notes[k], side = 1, line = line + k - 1, at = left, adj = 0, cex = cex)
  }
}
