#' Bind samples coded in different ways into one coded frame
#'
#' Each sample (a year, a wave) may name its columns and its labels in its own way. Name
#' maps, label maps and the codebook's aliases bring them to one codebook; each sample is
#' checked and recoded as by [recode_coding()], and the samples are bound in the order
#' given.
#'
#' @param ... Named data frames, one a sample: `"2012" = old, "2013" = new`.
#' @param codebook A [codebook()].
#' @param sample Name of the column that says which sample a row comes from.
#' @param names `NULL`, or a list by sample of name maps:
#'   `list("2012" = c(old_name = "codebook_variable"))`.
#' @param labels `NULL`, or a list by sample of lists by variable of label maps, from the
#'   sample's text to a label, code or alias of the codebook:
#'   `list("2012" = list(neglect = c("Severe" = "High")))`. `variable` is the codebook's
#'   name.
#' @param decisions `NULL`, or a list by sample of tables of decisions, as
#'   [recode_coding()] takes them; or one table of all samples with a column `sample`, such
#'   as the `findings` of the error have. Their values are those after the label map.
#' @param keep_original Whether each variable but the ids is followed, at the end of the
#'   frame, by a column `<variable>_original` with the text as the sample had it.
#' @return A plain data frame: the factor `sample`, levels in the order given; the
#'   codebook's variables that any sample has, in the codebook's order; other columns,
#'   in the order in which they first stand, as text where the samples hold them in
#'   different kinds. A column that a sample does not have is `NA` there. Ids may repeat
#'   from one sample to the next. [coding_changes()] gives the log, with the column
#'   `sample`; its `row` counts in the sample.
#'   Errors: class `casereview_error_argument` where a map names what is not there, and
#'   where one label means two things: the maps of two samples, or a map and the codebook,
#'   take the same text to different codes. A text that is a number is a code, which each
#'   sample may number in its own way, and is let through. Class
#'   `casereview_error_findings` where an `error` finding is open in any sample; its
#'   `findings` have the column `sample`:
#'   `tryCatch(combine_samples(...), casereview_error_findings = function(e) e$findings)`
#'   gives them, for [write_worksheet()].
#' @examples
#' cb <- codebook(
#'   data.frame(variable = c("case", "neglect"), type = c("id", "rating")),
#'   data.frame(variable = "neglect", code = c("2", "1"), label = c("High", "Low"))
#' )
#' combine_samples(
#'   "2012" = data.frame(id = 1:2, neglect = c("Severe", "Low")),
#'   "2013" = data.frame(case = 1:2, neglect = c(2, 1)),
#'   codebook = cb, names = list("2012" = c(id = "case")),
#'   labels = list("2012" = list(neglect = c(Severe = "High")))
#' )
#' @export
combine_samples <- function(..., codebook, sample = "sample", names = NULL, labels = NULL,
                            decisions = NULL, keep_original = FALSE) {
  frames <- check_samples(list(...))
  codebook <- check_codebook(codebook)
  sample <- check_string(sample, "sample")
  keep_original <- check_flag(keep_original, "keep_original")
  codebook$variables <- codebook$variables[codebook$variables$variable != sample, , drop = FALSE]
  plan <- coding_plan(codebook)
  which <- base::names(frames)
  names <- check_maps(names, "names", which)
  labels <- check_maps(labels, "labels", which)
  decisions <- check_maps(split_decisions(decisions), "decisions", which)
  frames <- Map(rename_sample, frames, names, which, MoreArgs = list(plan = plan))
  laid <- lapply(frames, lay_out, plan)
  frames <- lapply(laid, `[[`, "data")
  for (name in which) check_no_column(frames[[name]], sample, name)
  maps <- Map(resolve_labels, labels, which, MoreArgs = list(plan = plan))
  refuse_two_meanings(maps, plan)
  mapped <- Map(map_labels, frames, maps, MoreArgs = list(plan = plan))
  coded <- recode_samples(lapply(mapped, `[[`, "data"), codebook, decisions)
  result <- bind_samples(coded, plan, sample)
  if (keep_original) result <- cbind(result, original_columns(frames, plan))
  attr(result, "coding_changes") <- bind_changes(coded,
    Map(rbind, lapply(laid, `[[`, "changes"), lapply(mapped, `[[`, "changes")), which)
  attr(result, "coding_codebook") <- codebook
  result
}

check_samples <- function(frames) {
  which <- names(frames)
  if (!length(frames)) stop_argument("`...` must hold at least one named data frame.")
  if (is.null(which) || anyNA(which) || any(!nzchar(which)) || anyDuplicated(which)) {
    stop_argument("Each data frame in `...` must have a name of its own: \"2012\" = data.")
  }
  for (name in which) frames[[name]] <- check_data(frames[[name]], name)
  frames
}

# A list by sample, with NULL for each sample that it does not name.
check_maps <- function(maps, arg, which) {
  if (!is.null(maps) && (!is.list(maps) || is.data.frame(maps) || is.null(names(maps)))) {
    stop_argument("`", arg, "` must be a list with the samples as names, not ", describe(maps), ".")
  }
  absent <- setdiff(names(maps), which)
  if (length(absent)) {
    stop_argument("`", arg, "` names the sample ", list_some(absent), "; the samples are ",
      list_some(which, most = 10L), ".")
  }
  structure(lapply(which, function(name) maps[[name]]), names = which)
}

# One table of the decisions of all samples as a list by sample.
split_decisions <- function(decisions) {
  if (!is.data.frame(decisions) || !"sample" %in% names(decisions)) return(decisions)
  sample <- column_text(decisions[["sample"]])
  lost <- which(is.na(sample))
  if (length(lost)) {
    stop_argument("`decisions` has no sample in ", if (length(lost) == 1L) "row " else "rows ",
      list_some(lost, quote = ""), ".")
  }
  split(decisions, sample)
}

check_map <- function(map, where) {
  if (!is.character(map) || is.null(names(map)) || anyNA(map) || any(!nzchar(names(map)))) {
    stop_argument(where, " must be texts named by what the sample has, not ", describe(map), ".")
  }
  if (anyDuplicated(names(map))) {
    stop_argument(where, " names ", list_some(names(map)[duplicated(names(map))]), " twice.")
  }
  map
}

rename_sample <- function(data, map, which, plan) {
  if (is.null(map)) return(data)
  where <- paste0("`names` of the sample \"", which, "\"")
  map <- check_map(map, where)
  absent <- setdiff(names(map), names(data))
  if (length(absent)) {
    stop_argument(where, " has ", list_some(absent), ", which is no column of it.")
  }
  unknown <- setdiff(map, names(plan$variables))
  if (length(unknown)) {
    stop_argument(where, " has ", list_some(unknown), ", which is no variable of the codebook.")
  }
  names(data)[match(names(map), names(data))] <- map
  twice <- names(data)[duplicated(names(data))]
  if (length(twice)) stop_argument(where, " gives two columns the name ", list_some(twice), ".")
  data
}

check_no_column <- function(data, sample, which) {
  if (sample %in% names(data)) {
    stop_argument("The sample \"", which, "\" has a column \"", sample,
      "\" already; give the new column another name in `sample`.")
  }
}

# Each label map as a data frame: variable, text and the position of the code.
resolve_labels <- function(maps, which, plan) {
  if (is.null(maps)) return(NULL)
  if (!is.list(maps) || is.null(names(maps))) {
    stop_argument("`labels` of the sample \"", which,
      "\" must be a list with the variables as names, not ",
      describe(maps), ".")
  }
  do.call(rbind, lapply(names(maps), function(name) {
    where <- paste0("`labels` of \"", name, "\" in the sample \"", which, "\"")
    known <- plan$variables[[name]]
    if (is.null(known) || known$kind != 1L) {
      stop_argument(where, " is for no coded variable of the codebook.")
    }
    map <- check_map(maps[[name]], where)
    at <- match_text(unname(map), known$words$word)
    if (any(at %in% 0L)) {
      stop_argument(where, " has ", list_some(map[at %in% 0L]),
        ", which is no label, code or alias.")
    }
    data.frame(variable = rep(name, length(map)), text = encode_text(names(map)),
      position = known$words$position[at], sample = rep(which, length(map)))
  }))
}

refuse_two_meanings <- function(maps, plan) {
  all <- do.call(rbind, unname(maps))
  if (is.null(all) || !nrow(all)) return(invisible())
  all <- all[is.na(encode_numbers(all$text)), , drop = FALSE]
  for (i in seq_len(nrow(all))) {
    known <- plan$variables[[all$variable[i]]]
    at <- match_text(all$text[i], known$words$word)
    if (at > 0L && known$words$position[at] != all$position[i]) {
      two_meanings(known, all[i, ], "in the codebook", known$words$position[at])
    }
    other <- which(all$variable == all$variable[i] & all$text == all$text[i] &
      all$position != all$position[i])
    if (length(other)) {
      two_meanings(known, all[i, ], paste0("in the sample \"", all$sample[other[1L]], "\""),
        all$position[other[1L]])
    }
  }
}

two_meanings <- function(plan, entry, where, position) {
  stop_argument("The label \"", entry$text, "\" of \"", plan$variable, "\" means two things: \"",
    plan$codes$label[entry$position], "\" in the sample \"", entry$sample, "\" and \"",
    plan$codes$label[position], "\" ", where, ".")
}

# The sample with its labels replaced, and the cells that this changed.
map_labels <- function(data, map, plan) {
  changes <- list()
  sheet <- coding_sheet(data, plan)
  for (name in intersect(unique(map$variable), names(data))) {
    known <- plan$variables[[name]]
    use <- map[map$variable == name, , drop = FALSE]
    text <- column_text(data[[name]])
    if (!is.na(known$separator)) {
      new <- map_parts(text, use, known)
    } else {
      at <- match(text, use$text)
      new <- ifelse(is.na(at), text, known$codes$label[use$position[at]])
    }
    rows <- which(!is.na(text) & (is.na(new) | text != new))
    data[[name]] <- new
    hide <- isTRUE(known$restricted)
    changes[[name]] <- data.frame(case = shown_case(sheet, case_text(sheet, rows)), row = rows,
      variable = rep(name, length(rows)),
      from = if (hide) rep("(restricted)", length(rows)) else text[rows],
      to = if (hide) rep("(restricted)", length(rows)) else new[rows],
      by = rep(NA_character_, length(rows)), note = rep("label map", length(rows)))
  }
  list(data = data, changes = do.call(rbind, unname(changes)))
}

map_parts <- function(text, map, plan) {
  parts <- split_parts(text, plan$separator)
  vapply(parts, function(part) {
    if (!length(part)) return(NA_character_)
    at <- match(part, map$text)
    join_parts(ifelse(is.na(at), part, part_names(plan)[map$position[at]]), plan)
  }, "")
}

# Each sample recoded; all open findings of all samples in one error.
recode_samples <- function(frames, codebook, decisions) {
  faults <- list()
  coded <- frames
  for (which in names(frames)) {
    result <- tryCatch(recode_coding(frames[[which]], codebook, decisions[[which]]),
      casereview_error_findings = function(e) e)
    if (inherits(result, "casereview_error_findings")) {
      faults[[which]] <- result
    } else {
      coded[[which]] <- result
    }
  }
  if (length(faults)) stop_sample_findings(faults)
  coded
}

stop_sample_findings <- function(faults) {
  collect <- function(field) {
    parts <- lapply(names(faults), function(which) {
      x <- as.data.frame(faults[[which]][[field]])
      x$sample <- rep(which, nrow(x))
      x
    })
    structure(do.call(rbind, parts), class = c("coding_findings", "data.frame"))
  }
  open <- collect("open")
  lines <- format.coding_findings(open, n = 5L)[-1L]
  stop_casereview(
    "casereview_error_findings",
    nrow(open), if (nrow(open) == 1L) " error finding is" else " error findings are",
    " open in ", if (length(faults) == 1L) "the sample " else "the samples ",
    list_some(names(faults)), ".\n", paste(lines, collapse = "\n"),
    fields = list(findings = collect("findings"), open = open)
  )
}

bind_samples <- function(coded, plan, sample) {
  sizes <- vapply(coded, nrow, 0L)
  columns <- unique(unlist(lapply(coded, names), use.names = FALSE))
  known <- intersect(names(plan$variables), columns)
  columns <- c(known, setdiff(columns, known))
  bound <- lapply(columns, function(name) bind_column(lapply(coded, `[[`, name), sizes))
  names(bound) <- columns
  first <- structure(rep(seq_along(coded), sizes), levels = names(coded), class = "factor")
  bound <- c(structure(list(first), names = sample), bound)
  structure(bound, row.names = .set_row_names(sum(sizes)), class = "data.frame")
}

# One column of all samples; NA for a sample that does not have it.
bind_column <- function(parts, sizes) {
  there <- parts[!vapply(parts, is.null, NA)]
  like <- there[[1L]]
  kind <- function(x) list(class(x), levels(x))
  number <- function(x) is.numeric(x) && !is.object(x)
  same <- all(vapply(there, function(x) identical(kind(x), kind(like)), NA)) &&
    (!is.object(like) || is.factor(like) || inherits(like, "Date"))
  if (!same && !all(vapply(there, number, NA))) {
    parts <- lapply(parts, function(x) if (is.null(x)) x else column_text(x))
    like <- NA_character_
  }
  values <- Map(function(x, n) if (is.null(x)) rep(NA, n) else as.vector(unclass(x)), parts, sizes)
  values <- unlist(values, use.names = FALSE)
  if (is.null(values)) values <- as.vector(unclass(like))[0L]
  if (is.factor(like)) {
    return(structure(as.integer(values), levels = levels(like), class = "factor"))
  }
  if (inherits(like, "Date")) return(structure(as.double(values), class = "Date"))
  if (is.character(like)) as.character(values) else values
}

original_columns <- function(frames, plan) {
  sizes <- vapply(frames, nrow, 0L)
  ids <- names(plan$variables)[vapply(plan$variables, function(p) p$type == "id", NA)]
  columns <- intersect(names(plan$variables), unlist(lapply(frames, names)))
  columns <- setdiff(columns, ids)
  kept <- lapply(columns, function(name) {
    columns <- lapply(frames, function(x) if (!is.null(x[[name]])) column_text(x[[name]]))
    bind_column(columns, sizes)
  })
  structure(kept, names = if (length(columns)) paste0(columns, "_original") else character(),
    row.names = .set_row_names(sum(sizes)), class = "data.frame")
}

bind_changes <- function(coded, mapped, which) {
  parts <- lapply(which, function(name) {
    changes <- rbind(mapped[[name]], as.data.frame(coding_changes(coded[[name]])))
    changes$sample <- rep(name, nrow(changes))
    changes
  })
  do.call(rbind, parts)
}
