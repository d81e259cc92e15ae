#' What another format could not hold
#'
#' A REDCap data dictionary and an XLSForm say some things that a codebook does not, and
#' the other way about. [read_codebook()] and [write_codebook()] carry over what both
#' can say; this is the table of the rest. The forms of this package (csv, xlsx, json)
#' lose nothing.
#'
#' @param x What [read_codebook()] or [write_codebook()] returned.
#' @return A data frame, one row a part that was left behind: `variable` (empty where it
#'   concerns the whole), `part` (what it is, by the name that it has in the file or in
#'   the codebook), `value` (what stood there) and `reason`. No rows where nothing was
#'   lost.
#' @examples
#' codebook_losses(codebook(data.frame(variable = "case", type = "id")))
#' @export
codebook_losses <- function(x) {
  check_codebook(x, "x")
  lost <- attr(x, "losses", exact = TRUE)
  if (is.data.frame(lost)) lost else new_losses()
}

new_losses <- function(variable = character(), part = character(), value = character(),
                       reason = character()) {
  n <- max(length(variable), length(value))
  if (!n || !length(value)) n <- 0L
  data.frame(
    variable = rep_len(variable, n), part = rep_len(part, n),
    value = rep_len(as.character(value), n), reason = rep_len(reason, n)
  )
}

bind_losses <- function(...) {
  parts <- Filter(NROW, list(...))
  lost <- if (length(parts)) do.call(rbind, parts) else new_losses()
  rownames(lost) <- NULL
  lost
}

with_losses <- function(codebook, losses) {
  attr(codebook, "losses") <- if (NROW(losses)) losses
  codebook
}

choice_text <- function(codes) paste0(codes$code, ", ", codes$label, recycle0 = TRUE)

# Choices of which a codebook can hold one alone: the first of equal codes; equal labels are
# told apart by their codes.
single_codes <- function(codes) {
  bare <- !nzchar(codes$label)
  codes$label[bare] <- codes$code[bare]
  key <- paste(codes$variable, codes$code, sep = "\r")
  twice <- duplicated(key)
  lost <- new_losses(codes$variable[twice], "choice", choice_text(codes)[twice],
    "the code stands there already")
  codes <- codes[!twice, , drop = FALSE]
  key <- paste(codes$variable, codes$label, sep = "\r")
  tied <- key %in% key[duplicated(key)]
  lost <- bind_losses(lost, new_losses(codes$variable[tied], "label", codes$label[tied],
    paste0("several codes have it; written as ", codes$label, " (", codes$code, ")",
      recycle0 = TRUE)[tied]))
  codes$label[tied] <- paste0(codes$label, " (", codes$code, ")", recycle0 = TRUE)[tied]
  list(codes = codes, losses = lost)
}
