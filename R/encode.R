# Text becomes integer codes once, here. Every later step sees positions in codes_of().

# The position of each text in `table`: NA where missing, 0 where it is not there.
match_text <- function(x, table) {
  .Call(C_encode_match, x, as.character(table))
}

# Cells as text in UTF-8, blank as NA: whole numbers without a point, others in the fewest
# digits that give them back.
encode_text <- function(x) .Call(C_encode_text, x)

# Texts as numbers, NA where a text is not one number.
encode_numbers <- function(x) .Call(C_encode_numbers, x)

# The first row of a factor whose code is outside its levels, 0 where there is none.
encode_outside <- function(x, n_levels) .Call(C_encode_outside, x, n_levels)

# Whether every number of a column is whole or missing.
encode_whole <- function(x) is.integer(x) || .Call(C_encode_whole, x)

# A column as positions 1..k among the codes of `variable`; NA where blank (NA, "", spaces)
# and 0 where the value is none of its labels, codes or aliases. `how` says which of these
# matched: "label", "code" or "alias". The same content gives the same codes whether the
# column is character, factor, integer, double or labelled.
encode_column <- function(x, codebook, variable) {
  words <- add_value_labels(code_words(codes_of(codebook, variable)), x)
  at <- encode_words(x, words$word) + 1L
  list(code = c(0L, words$position)[at], how = c(NA_character_, words$how)[at])
}

# The position of each cell of a column in `words`: NA where blank, 0 where not there.
encode_words <- function(x, words) {
  if (is.object(x) && is.factor(x)) return(.Call(C_encode_cells, levels(x), words)[as.integer(x)])
  .Call(C_encode_cells, plain_cells(x), words)
}

# All that may stand in a cell for a code: labels, codes, aliases and, for a code such as
# "01", the number that it is. The first of equal words counts.
code_words <- function(codes) {
  n <- length(codes$code)
  word <- c(codes$label, codes$code)
  position <- c(seq_len(n), seq_len(n))
  how <- rep(c("label", "code"), each = n)
  if (any(nzchar(codes$aliases))) {
    alias <- alias_table(codes)
    word <- c(word, alias$alias)
    position <- c(position, alias$position)
    how <- c(how, rep("alias", nrow(alias)))
  }
  number <- number_words(codes$code)
  list(
    word = c(word, number), position = c(position, match(names(number), codes$code)),
    how = c(how, rep("code", length(number)))
  )
}

# Codes that are numbers written otherwise ("01", "1.0"), as R would write them, where
# only one code is that number. Named by the code.
number_words <- function(code) {
  number <- encode_numbers(code)
  if (all(is.na(number))) return(character())
  text <- encode_text(number)
  if (identical(text, code)) return(character())
  use <- !is.na(text) & text != code & !text %in% text[duplicated(text)] & !text %in% code
  structure(text[use], names = code[use])
}

# Where a labelled column holds a value that is no word of the codebook, but whose label
# is, the value stands for that label.
add_value_labels <- function(words, x) {
  labels <- value_labels(x)
  if (is.null(labels)) return(words)
  at <- match_text(labels$label, words$word)
  use <- !is.na(at) & at > 0L & match_text(labels$value, words$word) %in% 0L
  words$word <- c(words$word, labels$value[use])
  words$position <- c(words$position, words$position[at[use]])
  words$how <- c(words$how, rep("code", sum(use)))
  words
}

# The value labels of a labelled column (haven's, or any with that attribute), or NULL.
value_labels <- function(x) {
  labels <- attr(x, "labels", exact = TRUE)
  if (is.null(labels) || is.factor(x) || !is.atomic(labels)) return(NULL)
  if (!(is.numeric(labels) || is.character(labels)) || is.null(names(labels))) return(NULL)
  value <- if (is.double(labels) && anyNA(labels)) value_text(labels) else column_text(labels)
  label <- column_text(names(labels))
  use <- !is.na(value) & !is.na(label)
  if (any(use)) list(value = value[use], label = label[use])
}

# Is a value declared missing by the column?
in_missing <- function(values, x) {
  declared <- as.vector(attr(x, "na_values", exact = TRUE))
  range <- as.vector(attr(x, "na_range", exact = TRUE))
  hit <- !is.na(values) & values %in% declared
  if (is.numeric(values) && is.numeric(range) && length(range) == 2L) {
    hit <- hit | (!is.na(values) & values >= range[1L] & values <= range[2L])
  }
  hit
}

# Values as text; a tagged NA (the letter stands in the bytes of the number) as ".a".
value_text <- function(x) {
  if (is.null(x) || !length(x)) return(character())
  text <- if (is.numeric(x)) plain_number(x) else as.character(unclass(x))
  if (is.double(x) &&
    anyNA(x)) text[is.na(x)] <- vapply(as.vector(unclass(x))[is.na(x)], tag_text, "")
  unname(text)
}

tag_text <- function(x) {
  byte <- writeBin(as.double(x), raw(), endian = "little")[5L]
  tag <- as.integer(byte)
  if (tag >= 97L && tag <= 122L) paste0(".", rawToChar(byte)) else NA_character_
}

# The aliases of a set of codes, one row each.
alias_table <- function(codes) {
  parts <- strsplit(codes$aliases, ";", fixed = TRUE)
  alias <- trimws(as.character(unlist(parts)))
  position <- rep(seq_along(parts), lengths(parts))
  keep <- !is.na(alias) & nzchar(alias)
  data.frame(alias = alias[keep], position = position[keep])
}

# A column as text in UTF-8, blank as NA: factors by their labels, whole numbers without a
# point, dates as 2014-02-28.
column_text <- function(x) {
  if (is.object(x) && is.factor(x)) return(encode_text(levels(x))[as.integer(x)])
  text <- encode_text(plain_cells(x))
  attributes(text) <- NULL
  text
}

# A column as the texts, whole numbers or numbers that C reads. Tagged NAs with labels are
# values of their own (".a"), and the column texts.
plain_cells <- function(x) {
  type <- typeof(x)
  if (type == "character") return(x)
  if (is.object(x)) {
    if (inherits(x, "Date")) return(day_text(as.double(x)))
    if (inherits(x, "POSIXct")) return(time_text(x))
    if (inherits(x, "integer64")) return(whole_of_64(x))
  }
  if (type %in% c("integer", "double")) {
    if (is.object(x) && type == "double" && anyNA(attr(x, "labels", exact = TRUE))) {
      return(value_text(x))
    }
    if (is.object(x)) attributes(x) <- NULL
    return(x)
  }
  if (type == "logical") return(c("FALSE", "TRUE")[1L + (as.integer(x) != 0L)])
  as.character(unclass(x))
}

# bit64's whole numbers are eight bytes in the place of a double; exact to 2^53.
whole_of_64 <- function(x) {
  bytes <- writeBin(as.vector(unclass(x)), raw(), endian = "little")
  half <- matrix(readBin(bytes, "integer", 2L * length(x), endian = "little"), nrow = 2L)
  low <- as.double(half[1L, ])
  low[is.na(low)] <- -2^31
  half[2L, ] * 2^32 + low %% 2^32
}
