# Is a codebook sound? Each check raises one sentence that names the place.

place_of <- function(variable) paste0("Variable \"", variable, "\"")

check_variables <- function(variables) {
  name <- variables$variable
  blank <- which(!nzchar(trimws(name)))
  if (length(blank)) stop_argument("Row ", blank[1L],
    " of `variables` has no `variable`.")
  twice <- anyDuplicated(name)
  if (twice) {
    stop_argument("Variable \"", name[twice],
      "\" stands more than once in `variables` (rows ",
      paste(utils::head(which(name == name[twice]), 5L), collapse = ", "), ").")
  }
  bad <- which(!variables$type %in% variable_types)
  if (length(bad)) {
    stop_argument(place_of(name[bad[1L]]), " has the unknown type \"",
      variables$type[bad[1L]],
      "\"; the types are ", list_some(variable_types, most = 20L), ".")
  }
  for (i in seq_along(name)) check_variable(lapply(variables, `[[`, i))
}

check_variable <- function(variable) {
  where <- place_of(variable$variable)
  check_min_max(variable, where)
  if (nzchar(variable$pattern)) {
    fault <- pattern_fault(variable$pattern)
    if (!is.null(fault)) {
      stop_argument(where, " has the pattern \"", strtrim(variable$pattern, 60L),
        "\", which ", fault, ".")
    }
  }
  if (nzchar(variable$relevant)) {
    parse_allowed(variable$relevant,
      paste0("`relevant` of variable \"", variable$variable, "\""))
  }
}

check_min_max <- function(variable, where) {
  limit <- c(min = NA_real_, max = NA_real_)
  for (end in names(limit)) {
    text <- trimws(variable[[end]])
    if (!nzchar(text)) next
    limit[[end]] <- if (variable$type == "date") iso_days(text) else strict_number(text)
    if (is.na(limit[[end]])) {
      stop_argument(where, " has the ", end, " \"", strtrim(text, 60L),
        "\", which is not ",
        if (variable$type == "date") "a date written year-month-day" else "a number",
          ".")
    }
    whole <- variable$type %in% c("integer", "year")
    if (whole && limit[[end]] != floor(limit[[end]])) {
      stop_argument(where, " has the ", end, " \"", text,
        "\", which is not a whole number.")
    }
  }
  if (!anyNA(limit) && limit[["min"]] > limit[["max"]]) {
    stop_argument(where, " has the min ", variable$min, " above the max ",
      variable$max, ".")
  }
}

check_codes <- function(codes, variables) {
  blank <- which(!nzchar(trimws(codes$variable)))
  if (length(blank)) stop_argument("Row ", blank[1L], " of `codes` has no `variable`.")
  unknown <- setdiff(codes$variable, variables$variable)
  if (length(unknown)) {
    stop_argument("`codes` has codes for ", list_some(unknown),
      ", which `variables` does not have.")
  }
  blank <- which(!nzchar(trimws(codes$code)))
  if (length(blank)) stop_argument("Row ", blank[1L], " of `codes` has no `code`.")
  bad <- which(nzchar(codes$missing) & !codes$missing %in% missing_words)
  if (length(bad)) {
    stop_argument(place_of(codes$variable[bad[1L]]), ", code \"", codes$code[bad[1L]],
      "\": `missing` must be empty or one of ", list_some(missing_words), ", not \"",
      codes$missing[bad[1L]], "\".")
  }
  rows <- split(seq_len(nrow(codes)), factor(codes$variable, unique(codes$variable)))
  for (name in names(rows)) {
    own <- lapply(codes, `[`, rows[[name]])
    check_spellings(own, place_of(name))
    check_separator(own, as.list(variables[match(name, variables$variable), ]),
      place_of(name))
    check_parents(own, codes, place_of(name))
  }
}

# No text may lead to two codes of a variable, whether as code, label or alias.
check_spellings <- function(codes, where) {
  for (kind in c("code", "label")) {
    twice <- anyDuplicated(codes[[kind]])
    if (twice) {
      same <- which(codes[[kind]] == codes[[kind]][twice])
      stop_argument(where, " has the ", kind, " \"", codes[[kind]][twice], "\" twice",
        if (kind == "label") paste0(" (codes ", list_some(codes$code[same]), ")"), ".")
    }
  }
  alias <- alias_table(as.data.frame(codes["aliases"]))
  alias <- alias[nzchar(alias$alias), , drop = FALSE]
  k <- length(codes$code)
  text <- c(codes$label, codes$code, alias$alias)
  owner <- c(seq_len(k), seq_len(k), alias$position)
  kind <- rep(c("label", "code", "alias"), c(k, k, nrow(alias)))
  first <- match(text, text)
  clash <- which(owner != owner[first])
  if (length(clash)) {
    i <- clash[1L]
    j <- first[i]
    stop_argument(where, ": \"", text[i], "\" is the ", kind[j], " of the code \"",
      codes$code[owner[j]], "\" and the ", kind[i], " of the code \"",
        codes$code[owner[i]],
      "\".")
  }
}

# A multicode cell is split at the separator, so that no spelling may hold it. Where the
# separator is a space, cells hold codes, and labels may have spaces.
check_separator <- function(codes, variable, where) {
  if (variable$type != "multicode") return(invisible())
  separator <- variable$separator
  spellings <- c(codes$code, if (nzchar(trimws(separator))) codes$label)
  bad <- which(grepl(separator, spellings, fixed = TRUE))
  if (length(bad)) {
    stop_argument(where, " has \"", spellings[bad[1L]],
      "\", which holds its separator \"",
      separator, "\".")
  }
}

# A parent is a code or label of the same variable, or else of one other variable: all
# parents of a variable belong to the same one. Where none of them is a code of any
# variable they are the names of groups; where some are, the others are slips.
check_parents <- function(own, codes, where) {
  given <- nzchar(own$parent)
  if (!any(given)) return(invisible())
  parent <- own$parent[given]
  at <- find_parents(parent, own)
  if (!anyNA(at)) {
    above <- rep(NA_integer_, length(given))
    above[given] <- at
    return(check_cycle(above, own, where))
  }
  for (other in split(codes, codes$variable)) {
    if (!anyNA(find_parents(parent, other))) return(invisible())
  }
  if (all(is.na(at)) && all(is.na(find_parents(parent, codes)))) return(invisible())
  bad <- which(is.na(at))[1L]
  stop_argument(where, ", code \"", own$code[given][bad], "\": the parent \"",
    parent[bad], "\" is no code of the variable that other parents belong to.")
}

find_parents <- function(parent, codes) {
  at <- match(parent, codes$code)
  ifelse(is.na(at), match(parent, codes$label), at)
}

check_cycle <- function(parent, codes, where) {
  above <- parent
  for (step in seq_along(parent)) {
    loop <- which(above == seq_along(parent))
    if (length(loop)) {
      stop_argument(where, ": the code \"", codes$code[loop[1L]], "\" is its own ",
        if (step == 1L) "parent" else "ancestor", ".")
    }
    above <- parent[above]
    if (all(is.na(above))) break
  }
}

check_rules <- function(rules) {
  for (column in c("rule", "expression")) {
    blank <- which(!nzchar(trimws(rules[[column]])))
    if (length(blank)) stop_argument("Row ", blank[1L], " of `rules` has no `", column,
      "`.")
  }
  twice <- anyDuplicated(rules$rule)
  if (twice) stop_argument("Rule \"", rules$rule[twice],
    "\" stands more than once in `rules`.")
  bad <- which(!rules$severity %in% c("error", "warning"))
  if (length(bad)) {
    stop_argument("Rule \"", rules$rule[bad[1L]], "\" has the severity \"",
      rules$severity[bad[1L]],
      "\"; it must be \"error\" or \"warning\".")
  }
  for (i in seq_len(nrow(rules))) {
    parse_allowed(rules$expression[i], paste0("Rule \"", rules$rule[i], "\""))
  }
}
