# The nearest label to a text that is none: why it differs, and what it most likely is.

# A text with one difference after another taken away.
plain_text <- function(text) {
  space <- blank <- accent <- dash <- text
  lower <- tolower(text)
  odd <- grep("^ | $|  |[^ -~]", text, perl = TRUE, useBytes = TRUE)
  if (length(odd)) {
    found <- text[odd]
    space[odd] <- squeeze(found)
    found <- squeeze(gsub("[\u00a0\u2000-\u200b\u202f\u3000\ufeff]", " ", found))
    blank[odd] <- found
    found <- compose_accents(found)
    accent[odd] <- found
    found <- gsub("[\u2018\u2019\u201a\u201b\u0060\u00b4\u2032]", "'", found)
    found <- gsub("[\u201c\u201d\u201e\u201f\u2033]", "\"", found)
    dash[odd] <- gsub("[\u2010-\u2015\u2212]", "-", found)
    lower[odd] <- small_letters(dash[odd])
  }
  list(space = space, blank = blank, accent = accent, dash = dash, lower = lower)
}

small_letters <- function(x) chartr(capitals$upper, capitals$lower, tolower(x))

squeeze <- function(x) gsub("[ \t\r\n]+", " ", gsub("^[ \t\r\n]+|[ \t\r\n]+$", "", x))

# For each distinct text the label of the nearest word, NA where none is near or two are,
# and the reason in words.
suggest_label <- function(text, words, label, flag = FALSE) {
  known <- if (is.null(words$plain)) plain_text(words$word) else words$plain
  bytes <- read_latin1(text)
  given <- plain_text(bytes)
  at <- unique_match(given$lower, known$lower, words$position)
  reason <- rep("", length(text))
  found <- which(!is.na(at))
  if (length(found)) reason[found] <- reasons(found, at, bytes, given, known, words)
  odd <- bytes != text & !is.na(at)
  reason[odd] <- paste0("its bytes are latin1", ifelse(nzchar(reason[odd]), "; ", ""), reason[odd])
  if (anyNA(at)) {
    number <- rest(at, function(i) match_number(given$dash[i], words))
    at[number$i] <- number$at
    reason[number$i] <- "the same number written in another way"
  }
  if (flag) {
    truth <- rest(at, function(i) match_truth(given$lower[i], known$lower, words$position))
    at[truth$i] <- truth$at
    reason[truth$i] <- "another word for the same answer"
  }
  if (anyNA(at)) {
    near <- nearest_words(which(is.na(at)), given$lower, known$lower, words)
    at[near$i] <- near$at
    reason[near$i] <- near$reason
  }
  list(suggestion = label[words$position[at]], reason = reason)
}

# Bytes that are no text are written out as "\\xe9"; most were latin1.
read_latin1 <- function(text) {
  if (!any(grepl("\\x", text, fixed = TRUE, useBytes = TRUE))) return(text)
  odd <- grepl("\\\\x[89a-f][0-9a-f]", text)
  byte <- gregexpr("\\\\x[89a-f][0-9a-f]", text[odd])
  letters <- lapply(regmatches(text[odd], byte), function(one) {
    intToUtf8(strtoi(substring(one, 3L), 16L), multiple = TRUE)
  })
  regmatches(text[odd], byte) <- letters
  text
}

# Where `at` is still open: the answers of `find`, those that are any.
rest <- function(at, find) {
  i <- which(is.na(at))
  found <- if (length(i)) find(i) else integer()
  list(i = i[!is.na(found)], at = found[!is.na(found)])
}

# The word equal to each text, NA where two words of different codes are.
unique_match <- function(text, words, position) {
  first <- match(words, words)
  tied <- unique(words[position != position[first]])
  at <- match(text, words)
  at[text %in% tied] <- NA
  at
}

reasons <- function(found, at, text, given, known, words) {
  at <- at[found]
  space <- text[found] != given$space[found] | known$space[at] != words$word[at]
  special <- given$space[found] != given$blank[found] | known$space[at] != known$blank[at]
  accent <- given$blank[found] != given$accent[found] | known$blank[at] != known$accent[at]
  dash <- given$accent[found] != known$accent[at] &
    small_letters(given$accent[found]) != small_letters(known$accent[at])
  case <- given$dash[found] != known$dash[at]
  parts <- cbind(
    ifelse(special, "a no-break or other special space", NA),
    ifelse(space & !special, "spaces", NA),
    ifelse(accent, "an accent written as a mark of its own", NA),
    ifelse(dash, "a typographic quote or dash", NA),
    ifelse(case, "letter case", NA)
  )
  differs <- apply(parts, 1L, function(p) paste(p[!is.na(p)], collapse = " and "))
  differs <- ifelse(nzchar(differs), paste0("differs in ", differs), "")
  alias <- ifelse(words$how[at] == "alias", "another spelling of it", "")
  gsub("^; |; $", "", paste(alias, differs, sep = "; "))
}

match_number <- function(text, words) {
  number <- encode_text(encode_numbers(text))
  use <- words$how == "code"
  which(use)[match(number, words$word[use], incomparables = NA)]
}

match_truth <- function(text, known, position) {
  truth <- list(c("yes", "y", "true", "t", "1"), c("no", "n", "false", "f", "0"))
  at <- rep(NA_integer_, length(text))
  for (same in truth) {
    word <- which(known %in% same)
    if (length(unique(position[word])) == 1L) at[text %in% same] <- word[1L]
  }
  at
}

nearest_words <- function(i, given, known, words) {
  use <- which(words$how != "code" & !is.na(known))
  if (!length(i) || !length(use)) return(list(i = integer(), at = integer(), reason = character()))
  near <- .Call(C_nearest_word, lapply(given[i], utf8ToInt), lapply(known[use], utf8ToInt),
    words$position[use])
  good <- !is.na(near$group)
  list(
    i = i[good], at = match(near$group[good], words$position),
    reason = paste0("differs in ", near$distance[good],
      ifelse(near$distance[good] == 1L, " letter", " letters"))
  )
}

# For each text that is no number the number it most likely is, and why.
suggest_number <- function(text) {
  plain <- plain_text(text)$dash
  thousands <- grepl("^[-+]?[0-9]{1,3}(,[0-9]{3})+([.][0-9]+)?$", plain)
  decimal <- !thousands & grepl("^[-+]?[0-9]+,[0-9]+$", plain)
  bare <- plain
  bare[thousands] <- gsub(",", "", bare[thousands])
  bare[decimal] <- sub(",", ".", bare[decimal])
  good <- !is.na(encode_numbers(bare)) & bare != text
  reason <- ifelse(thousands, "without the thousands comma",
    ifelse(decimal, "with a decimal point", "differs in spaces or dash"))
  list(suggestion = ifelse(good, bare, NA_character_), reason = ifelse(good, reason, ""))
}
