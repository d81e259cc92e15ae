# A column as the levels that a table shows. `code` holds a slot a row (1..size, NA where
# missing: slot 0); each entry is a set of slots with a label and a kind. A column whose
# cells hold several codes takes a slot a combination, so that every entry, net and
# subtotal counts a case once.

column_levels <- function(x, name, spec) {
  out <- slot_levels(x, name, spec)
  out$title <- variable_title(name, x, spec$codebook)
  out
}

slot_levels <- function(x, name, spec) {
  raw <- raw_levels(x, name)
  separator <- multicode_separator(name, spec)
  if (!is.null(separator)) return(multicode_levels(raw, name, separator, spec))
  known <- known_codes(name, spec$codebook)
  if (!is.null(known)) return(coded_levels(raw, name, known, spec))
  if (is_kept_multicode(raw, name, spec$kept)) {
    spec$codebook <- spec$kept
    return(multicode_levels(raw, name, multicode_separator(name, spec), spec))
  }
  entries <- plain_entries(raw)
  entries$kind[entries$label %in% missing_labels(name, spec$kept)] <- "missing"
  if (is.character(x)) tell_joined(entries$label, name)
  finish_levels(raw, name, entries, spec)
}

# ---- the codebook that a recoded data frame keeps ----

# It only says what the cells are: which of their labels mean that nothing is known, and
# which hold several codes. A column that has been given other values since is as it stands.
missing_labels <- function(name, kept) {
  if (is.null(kept)) return(NULL)
  codes <- codes_of(kept, name)
  codes$label[nzchar(codes$missing)]
}

is_kept_multicode <- function(raw, name, kept) {
  if (is.null(kept)) return(FALSE)
  separator <- multicode_separator(name, list(codebook = kept))
  if (is.null(separator)) return(FALSE)
  codes <- known_codes(name, kept)
  token <- as.character(unlist(label_parts(raw$label, separator)))
  is.null(codes) || !any(encode_column(token, kept, name)$code %in% 0L)
}

# Cells such as "GP; Police" are counted whole where nothing says that they hold several
# codes; where such parts recur, the user is told.
tell_joined <- function(label, name) {
  if (!any(grepl(";", label, fixed = TRUE))) return(invisible())
  parts <- label_parts(label, ";")
  all <- unlist(parts)
  again <- all[duplicated(all)]
  joined <- vapply(parts, function(p) length(p) > 1L && any(p %in% again), NA)
  if (!any(joined)) return(invisible())
  message("Cells of \"", name, "\" such as \"", label[joined][1L], "\" are counted whole; ",
    "`multicode = c(", name, " = \";\")` counts each code.")
}

# The distinct values: `code`, `size`, `label` in slot order (NA for a slot that is a
# missing value or that no row holds), `order` in which labels are shown.
raw_levels <- function(x, name) {
  if (inherits(x, "factor")) {
    label <- levels(x)
    blank <- which(is.na(label) | !grepl("[^[:space:]]", label))
    label[blank] <- NA
    return(list(code = x, size = length(label), label = label, order = seq_along(label),
      missing = blank))
  }
  if (inherits(x, "haven_labelled") || !is.null(attr(x, "labels", exact = TRUE))) {
    return(labelled_levels(x, name))
  }
  if (inherits(x, "integer64")) x <- integer64_text(x, name)
  if (is.object(x)) return(object_levels(x))
  switch(typeof(x),
    logical = list(code = as.integer(x) + 1L, size = 2L, label = c("FALSE", "TRUE"),
      order = 1:2, missing = integer()),
    integer = number_levels(.Call(C_levels_integer, x)),
    double = number_levels(.Call(C_levels_double, x)),
    character = text_levels(x),
    text_levels(as.character(x))
  )
}

number_levels <- function(found) {
  value <- found$level
  use <- which(!is.na(value))
  use <- use[order(value[use])]
  label <- rep(NA_character_, length(value))
  label[use] <- level_text(value[use])
  list(code = found$code, size = length(value), label = label, order = use,
    missing = integer(), number = TRUE)
}

# Numbers in full, to 15 significant digits, so that 0.1 + 0.2 and 0.3 are one.
level_text <- function(x) {
  if (is.integer(x)) return(as.character(x))
  text <- sprintf("%.15g", x)
  long <- grepl("e", text, fixed = TRUE) & abs(x) < 1e15 & abs(x) >= 1e-5
  text[long] <- format(x[long], scientific = FALSE, trim = TRUE, digits = 15L)
  text
}

text_levels <- function(x) {
  found <- .Call(C_levels_text, x)
  label <- plain_utf8(found$level)
  blank <- which(!grepl("[^[:space:]]", label))
  label[blank] <- NA
  list(code = found$code, size = length(label), label = label, order = text_order(label),
    missing = blank)
}

plain_utf8 <- function(x) {
  bytes <- Encoding(x) == "bytes"
  x[bytes] <- encodeString(x[bytes])
  enc2utf8(x)
}

# Texts in the order of their characters, whatever the locale; texts that are all numbers
# in the order of size, those that are one double by their digits.
text_order <- function(label) {
  use <- which(!is.na(label))
  by <- order(label[use], method = "radix")
  if (!all(grepl("^-?[0-9]+([.][0-9]+)?$", label[use]))) return(use[by])
  value <- as.numeric(label[use])
  digits <- order(by)
  use[order(value, ifelse(value < 0, -digits, digits))]
}

object_levels <- function(x) {
  if (inherits(x, "Date")) {
    found <- .Call(C_levels_double, floor(as.double(x)))
    out <- number_levels(found)
    out$label[out$order] <- format(structure(found$level[out$order], class = "Date"))
    out$number <- NULL
    return(out)
  }
  if (inherits(x, "difftime")) return(number_levels(.Call(C_levels_double, as.double(x))))
  text_levels(as.character(x))
}

# As text, since whole numbers beyond 2^53 are told apart.
integer64_text <- function(x, name) {
  if (!requireNamespace("bit64", quietly = TRUE)) {
    stop_argument("Column \"", name, "\" of `data` holds 64-bit integers, which the package ",
      "\"bit64\" must be installed to read; as.character() or as.double() also serve.")
  }
  as.character(x)
}

# Codes with labels: labelled codes in the order of the labels, used or not, then the rest.
# `lacking` are the slots that the column itself declares missing (`na_values`, `na_range`
# and tagged NAs).
labelled_levels <- function(x, name) {
  labels <- attr(x, "labels", exact = TRUE)
  tagged <- is.double(x) && anyNA(labels)
  bare <- x
  attributes(bare) <- NULL
  if (tagged) {
    bare <- value_text(x)
    words <- names(labels)
    labels <- structure(value_text(labels), names = words)
  }
  labels <- labels[!is.na(labels)]
  raw <- raw_levels(bare, name)
  code <- raw_levels(unname(c(labels)), name)
  code <- code$label[code$code]
  at <- match(raw$label, code)
  extra <- setdiff(seq_along(code), at)
  label <- c(raw$label, rep(NA_character_, length(extra)))
  named <- which(!is.na(at) & !is.na(raw$label))
  label[named] <- names(labels)[at[named]]
  if (length(extra)) label[length(raw$label) + seq_along(extra)] <- names(labels)[extra]
  place <- c(at, extra)
  place[is.na(place)] <- length(code) + match(which(is.na(at)), raw$order)
  shown <- which(!is.na(label))
  value <- c(raw$label, code[extra])
  list(code = raw$code, size = length(label), label = label,
    order = shown[order(place[shown])], missing = raw$missing,
    lacking = which(declared_missing(value, x, tagged)))
}

declared_missing <- function(value, x, tagged) {
  if (is.numeric(x)) {
    number <- suppressWarnings(as.double(value))
    return(in_missing(number, x) | (tagged & grepl("^[.][a-z]$", value)))
  }
  in_missing(value, x)
}

# One entry a label, in order; labels that are the same text are one entry.
plain_entries <- function(raw) {
  label <- raw$label[raw$order]
  use <- !is.na(label)
  slots <- as.list(raw$order[use])
  label <- label[use]
  if (anyDuplicated(label)) {
    slots <- unname(split(unlist(slots), factor(label, unique(label))))
    label <- unique(label)
  }
  kind <- rep("level", length(label))
  if (length(raw$lacking)) {
    kind[vapply(slots, function(s) all(s %in% raw$lacking), NA)] <- "missing"
  }
  list(label = label, kind = kind, slots = slots)
}

# ---- what a codebook adds ----

known_codes <- function(name, codebook) {
  if (is.null(codebook)) return(NULL)
  codes <- codes_of(codebook, name)
  if (nrow(codes)) codes
}

multicode_separator <- function(name, spec) {
  if (name %in% names(spec$multicode)) return(spec$multicode[[name]])
  if (is.null(spec$codebook)) return(NULL)
  variable <- variable_of(spec$codebook, name)
  if (!identical(variable$type, "multicode")) return(NULL)
  if (nzchar(variable$separator)) variable$separator else ";"
}

# Levels in codebook order, joined where labels, codes and aliases name one code; values
# that the codebook does not know come after them, as they are.
coded_levels <- function(raw, name, codes, spec) {
  at <- encode_column(raw$label, spec$codebook, name)$code
  unknown <- raw$order[at[raw$order] %in% 0L]
  raw$missing <- union(raw$missing, which(is.na(at)))
  slots <- lapply(seq_len(nrow(codes)), function(j) which(at %in% j))
  entries <- list(
    label = c(codes$label, raw$label[unknown]),
    kind = c(ifelse(nzchar(codes$missing), "missing", "level"), rep("level", length(unknown))),
    slots = c(slots, as.list(unknown)),
    group = c(group_labels(codes), rep("", length(unknown)))
  )
  finish_levels(raw, name, entries, spec)
}

# The label of the group that each code belongs to.
group_labels <- function(codes) {
  at <- match(codes$parent, codes$code)
  ifelse(is.na(at), codes$parent, codes$label[at])
}

# ---- several codes in one cell ----

multicode_levels <- function(raw, name, separator, spec) {
  parts <- label_parts(raw$label, separator)
  codes <- known_codes(name, spec$codebook)
  if (!is.null(codes)) return(coded_multicode(raw, name, parts, codes, spec))
  label <- unique(unlist(parts))
  if (is.null(label)) label <- character()
  label <- label[text_order(label)]
  entries <- list(label = label, kind = rep("level", length(label)),
    slots = holders(parts, label))
  raw$missing <- union(raw$missing, which(lengths(parts) == 0L & !is.na(raw$label)))
  finish_levels(raw, name, entries, spec, multicode = TRUE)
}

# The codes in each label, each once; none in a missing one.
label_parts <- function(label, separator) {
  lapply(strsplit(label, separator, fixed = TRUE), function(p) {
    p <- trimws(p)
    unique(p[!is.na(p) & nzchar(p)])
  })
}

# For each code the slots whose combination holds it.
holders <- function(parts, label) {
  slot <- rep(seq_along(parts), lengths(parts))
  unname(split(slot, factor(as.character(unlist(parts)), label)))
}

coded_multicode <- function(raw, name, parts, codes, spec) {
  token <- unique(as.character(unlist(parts)))
  at <- encode_column(token, spec$codebook, name)$code
  label <- ifelse(at %in% 0L, token, codes$label[replace(at, at %in% 0L, NA)])
  parts <- lapply(parts, function(p) unique(label[match(p, token)]))
  lacking <- codes$label[nzchar(codes$missing)]
  only_missing <- vapply(parts, function(p) length(p) > 0L && all(p %in% lacking), NA)
  real <- lapply(parts, setdiff, lacking)
  real[only_missing] <- parts[only_missing]
  extra <- setdiff(label, codes$label)
  all <- c(codes$label, extra[text_order(extra)])
  entries <- list(label = all, kind = ifelse(all %in% lacking, "missing", "level"),
    slots = holders(real, all),
    group = c(group_labels(codes), rep("", length(extra))))
  entries$slots[entries$kind == "missing"] <-
    missing_once(entries$slots[entries$kind == "missing"])
  raw$missing <- union(raw$missing, which(lengths(parts) == 0L & !is.na(raw$label)))
  finish_levels(raw, name, any_of(entries), spec, multicode = TRUE)
}

# A combination of two missing codes counts under the first alone.
missing_once <- function(slots) {
  seen <- integer()
  for (i in seq_along(slots)) {
    slots[[i]] <- setdiff(slots[[i]], seen)
    seen <- c(seen, slots[[i]])
  }
  slots
}

# Subtotals "any of" before the codes of each group. A group that is itself a code counts
# the cases that hold it or any of its parts.
any_of <- function(entries) {
  groups <- unique(entries$group[nzchar(entries$group) & entries$kind == "level"])
  if (!length(groups)) return(entries)
  entries$depth <- ifelse(nzchar(entries$group) & entries$kind == "level", 1L, 0L)
  for (group in groups) {
    inside <- which(entries$group == group & entries$kind == "level")
    own <- which(entries$label == group & !nzchar(entries$group))
    slots <- unique(unlist(entries$slots[c(own, inside)]))
    entries <- regroup(entries, own, inside, group, slots)
  }
  entries
}

regroup <- function(entries, own, inside, group, slots) {
  n <- length(entries$label)
  first <- min(inside)
  rest <- setdiff(seq_len(n), c(own, inside))
  order <- c(rest[rest < first], n + 1L, inside, rest[rest > first])
  out <- list(label = c(entries$label, group), kind = c(entries$kind, "subtotal"),
    slots = c(entries$slots, list(slots)), group = c(entries$group, ""),
    depth = c(entries$depth, 0L))
  lapply(out, function(x) x[order])
}

# ---- completing, nets, missing ----

finish_levels <- function(raw, name, entries, spec, multicode = FALSE) {
  n <- length(entries$label)
  if (is.null(entries$group)) entries$group <- rep("", n)
  if (is.null(entries$depth)) entries$depth <- integer(n)
  if (!is.null(spec$complete)) {
    entries <- complete_entries(entries, name, spec$complete, isTRUE(raw$number))
  }
  lacking <- entries$kind == "missing"
  net <- if (!is.null(spec$nets)) net_entries(entries, name, spec$nets[[name]])
  rest <- if (any(lacking)) pick_entries(entries, lacking)
  if (any(lacking)) entries <- pick_entries(entries, !lacking)
  code <- raw$code
  if (typeof(code) != "integer") code <- as.integer(code)
  list(
    name = name, code = code, size = as.integer(raw$size), multicode = multicode,
    label = c(entries$label, net$label, rest$label, "Missing"),
    kind = c(entries$kind, net$kind, rest$kind, "missing"),
    slots = c(entries$slots, net$slots, rest$slots, list(c(0L, raw$missing))),
    group = c(entries$group, net$group, rest$group, ""),
    depth = c(entries$depth, net$depth, rest$depth, 0L)
  )
}

pick_entries <- function(entries, use) lapply(entries, function(x) x[use])

# What print calls a variable: its label in the codebook, or the label that the column
# carries, as labelled columns do; else its name.
variable_title <- function(name, x, codebook) {
  title <- if (!is.null(codebook)) variable_of(codebook, name)$label
  if (!is_title(title)) title <- attr(x, "label", exact = TRUE)
  if (is_title(title)) plain_utf8(as.vector(title)) else name
}

is_title <- function(x) {
  is.character(x) && length(x) == 1L && !is.na(x) && validEnc(x) && nzchar(x)
}

# Whole numbers in a range, or values that were named, keep a row without a case.
complete_entries <- function(entries, name, complete, number) {
  ask <- complete[[name]]
  if (is.null(ask) && isTRUE(complete[["."]]) && number) ask <- NA
  if (is.null(ask)) return(entries)
  real <- which(entries$kind == "level")
  value <- suppressWarnings(as.numeric(entries$label))
  if (anyNA(ask)) ask <- value_range(value[real], name, named = name %in% names(complete))
  wanted <- setdiff(number_or_text(ask), entries$label)
  n <- length(wanted)
  out <- list(label = c(entries$label, wanted), kind = c(entries$kind, rep("level", n)),
    slots = c(entries$slots, rep(list(integer()), n)),
    group = c(entries$group, rep("", n)), depth = c(entries$depth, integer(n)))
  value <- suppressWarnings(as.numeric(out$label))
  if (!anyNA(value[out$kind == "level"])) return(pick_entries(out, order(value)))
  pick_entries(out, order(match(out$label, number_or_text(ask))))
}

number_or_text <- function(x) if (is.numeric(x)) level_text(x) else as.character(x)

value_range <- function(value, name, named) {
  if (!length(value)) return(character())
  if (anyNA(value) || any(value != floor(value))) {
    if (!named) return(character())
    stop_argument("`complete` can fill only whole numbers, and \"", name,
      "\" holds others; give its values, list(", name, " = ...).")
  }
  if (max(value) - min(value) > 1e5) {
    stop_argument("`complete` would fill ", format(max(value) - min(value)), " values.")
  }
  seq(min(value), max(value))
}

net_entries <- function(entries, name, nets) {
  if (is.null(nets)) return(NULL)
  slots <- lapply(names(nets), function(net) {
    levels <- as.character(nets[[net]])
    at <- match(levels, entries$label)
    if (anyNA(at)) {
      stop_argument("`nets` names ", list_some(levels[is.na(at)]), " in \"", net,
        "\", which is no level of \"", name, "\"; its levels are ",
        list_some(entries$label, most = 10L), ".")
    }
    unique(unlist(entries$slots[at]))
  })
  twice <- intersect(names(nets), c(entries$label, "Total"))
  if (length(twice)) {
    stop_argument("`nets` must give each set of \"", name, "\" a name of its own, not ",
      list_some(twice), ", which the table shows already.")
  }
  n <- length(nets)
  list(label = names(nets), kind = rep("net", n), slots = slots, group = rep("", n),
    depth = integer(n))
}
