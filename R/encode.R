# Text becomes integer codes once, here. Every later step sees positions in codes_of().

# The position of each text in `table`: NA where missing, 0 where it is not there.
match_text <- function(x, table) {
  .Call(C_encode_match, x, as.character(table))
}

# A column as positions 1..k among the codes of `variable`; NA where blank (NA, "", spaces)
# and 0 where the value is none of its labels, codes or aliases. `how` says which of these
# matched: "label", "code" or "alias". The same content gives the same codes whether the
# column is character, factor, integer, double or labelled.
encode_column <- function(x, codebook, variable) {
  codes <- codes_of(codebook, variable)
  text <- column_text(x)
  at <- match_text(text, codes$label)
  by_code <- match_text(text, codes$code)
  alias <- alias_table(codes)
  by_alias <- c(NA, alias$position)[match_text(text, alias$alias) + 1L]
  how <- rep(NA_character_, length(text))
  how[!is.na(at) & at > 0L] <- "label"
  use <- !is.na(at) & at == 0L & by_code > 0L
  at[use] <- by_code[use]
  how[use] <- "code"
  use <- !is.na(at) & at == 0L & !is.na(by_alias)
  at[use] <- by_alias[use]
  how[use] <- "alias"
  list(code = at, how = how)
}

# The aliases of a set of codes, one row each.
alias_table <- function(codes) {
  parts <- strsplit(codes$aliases, ";", fixed = TRUE)
  data.frame(
    alias = trimws(as.character(unlist(parts))),
    position = rep(seq_along(parts), lengths(parts))
  )
}

# A column as text, blank as NA: factors by their labels, whole numbers without a point.
column_text <- function(x) {
  if (is.factor(x)) x <- levels(x)[as.integer(x)]
  if (is.numeric(x)) {
    x <- ifelse(is.na(x), NA_character_, format(x, digits = 15L, trim = TRUE, scientific = FALSE))
    x <- sub("\\.0+$", "", x)
  }
  text <- as.character(x)
  text[!nzchar(trimws(text))] <- NA_character_
  text
}
