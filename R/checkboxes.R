# How other systems lay a sheet out: a column for each box of a variable of several codes,
# and columns named by the label of their variable. Both are brought to the codebook's own
# layout before anything is checked.

# Which columns are boxes of which codes, and which bear a label; NULL where none does.
layout_of <- function(columns, plan) {
  known <- names(plan$variables)
  other <- columns[!columns %in% known]
  if (!length(other)) return(NULL)
  absent <- plan$variables[!known %in% columns]
  several <- vapply(absent, function(one) !is.na(one$separator) && length(one$codes$code) > 0L, NA)
  boxes <- lapply(absent[several], find_boxes, other)
  boxes <- boxes[lengths(boxes) > 0L]
  other <- setdiff(other, unlist(lapply(boxes, names)))
  labelled <- find_labelled(absent[!names(absent) %in% names(boxes)], other)
  # One column with a label for its name is a slip; a sheet of them was exported so.
  if (length(labelled) <= sum(columns %in% known)) labelled <- labelled[0L]
  if (length(boxes) || length(labelled)) list(boxes = boxes, labelled = labelled)
}

# The positions of the codes that columns are boxes of, named by the column: "harm___1" as
# REDCap has it, "harm/1" as the servers of XLSForms do, "Harm (choice=Physical)" in an
# export with labels.
find_boxes <- function(plan, columns) {
  code <- plan$codes$code
  names <- list(paste0(plan$variable, "___", box_suffix(code)), paste0(plan$variable, "/", code),
    paste0(export_label(plan$label), " (choice=", export_label(plan$codes$label), ")"))
  at <- rep(NA_integer_, length(columns))
  for (i in 1:3) {
    box <- replace(names[[i]], names[[i]] %in% names[[i]][duplicated(names[[i]])], NA)
    found <- match(if (i == 3L) export_label(columns) else columns, box, incomparables = NA)
    at <- ifelse(is.na(at), found, at)
  }
  at[at %in% at[duplicated(at)]] <- NA
  structure(at, names = columns)[!is.na(at)]
}

# A code as REDCap writes it into the name of a column.
box_suffix <- function(code) gsub("[^a-z0-9_]", "_", tolower(code))

# A label without the tags and doubled spaces that an export leaves out.
export_label <- function(x) {
  x <- encode_text(x)
  x[is.na(x)] <- ""
  x <- gsub("</?[A-Za-z][^>]*>", "", x)
  trimws(gsub("[ \t\r\n\u00a0]+", " ", x))
}

# The variables whose label a column has for its name, named by the column.
find_labelled <- function(plans, columns) {
  label <- export_label(vapply(plans, `[[`, "", "label"))
  label[label %in% label[duplicated(label)] | !nzchar(label)] <- NA
  plain <- export_label(columns)
  at <- match(plain, label, incomparables = NA)
  at[plain %in% plain[duplicated(plain)]] <- NA
  structure(names(plans)[at], names = columns)[!is.na(at)]
}

# The data in the codebook's layout; what is to be found of it, and the changes for the log.
lay_out <- function(data, plan, layout = layout_of(names(data), plan)) {
  if (is.null(layout)) return(list(data = data))
  labelled <- layout$labelled
  names(data)[match(names(labelled), names(data))] <- labelled
  for (name in names(layout$boxes)) {
    data <- join_boxes(data, layout$boxes[[name]], plan$variables[[name]])
  }
  boxes <- vapply(layout$boxes, function(box) paste(names(box), collapse = ", "), "")
  to <- c(unname(labelled), names(boxes))
  none <- rep(NA_character_, length(to))
  list(
    data = data,
    findings = c(labelled_findings(labelled), lapply(names(boxes), function(name) {
      absent_boxes(plan$variables[[name]], layout$boxes[[name]])
    })),
    changes = data.frame(case = none, row = rep(NA_integer_, length(to)), variable = to,
      from = c(names(labelled), boxes), to = to, by = none,
      note = rep(layout_notes, c(length(labelled), length(boxes))), row.names = NULL)
  )
}

layout_notes <- c("column named by its label", "boxes joined")

ticked_words <- c("1", "checked", "true", "yes")

unticked_words <- c("0", "unchecked", "false", "no")

# One column of several codes in place of its boxes, blank where none is ticked. What is
# neither ticked nor not stays as a part of the cell, to be found.
join_boxes <- function(data, boxes, plan) {
  joined <- rep("", .row_names_info(data, 2L))
  gap <- if (grepl("\\s$", plan$separator)) plan$separator else paste0(plan$separator, " ")
  for (column in names(sort(boxes))) {
    text <- column_text(data[[column]])
    word <- tolower(text)
    code <- boxes[[column]]
    off <- is.na(text) | word %in% unticked_words
    on <- !off & (word %in% ticked_words | text == plan$codes$label[code])
    part <- ifelse(on, part_names(plan)[code], paste0(plan$codes$code[code], ":", text))
    joined <- paste0(joined, ifelse(!off & nzchar(joined), gap, ""), ifelse(off, "", part))
  }
  joined[!nzchar(joined)] <- NA
  at <- match(names(boxes), names(data))
  names(data)[at[1L]] <- plan$variable
  data[[at[1L]]] <- joined
  if (length(at) > 1L) data[at[-1L]] <- NULL
  data
}

labelled_findings <- function(labelled) {
  if (!length(labelled)) return(NULL)
  list(finding(NULL, rep(NA, length(labelled)), "unknown_variable", NA_character_,
    "a variable of the codebook", unname(labelled), paste0("The column \"", names(labelled),
      "\" is named by the label of \"", labelled, "\", and is read as that."),
    severity = "warning", variable = names(labelled)))
}

# Codes without a box, where other codes of the variable have one.
absent_boxes <- function(plan, boxes) {
  lacking <- which(!nzchar(plan$codes$missing))
  lacking <- setdiff(lacking, boxes)
  if (!length(lacking)) return(NULL)
  finding(plan, NA, "absent_variable", NA_character_, "a column for each of its boxes",
    NA_character_, quoted(plan, " has no box for ", list_some(plan$codes$label[lacking]),
      " in the data, so that it cannot be told where that was ticked."), severity = "warning")
}
