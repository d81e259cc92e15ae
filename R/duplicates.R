# Cases whose key stands in more than one row.

duplicate_findings <- function(sheet) {
  if (!length(sheet$ids) || sheet$n == 0L) return(NULL)
  parts <- lapply(.subset(sheet$data, sheet$ids), key_cells)
  found <- .Call(C_duplicates_find, unname(parts))
  if (!length(found$row)) return(NULL)
  heads <- unique(found$verdict)
  rows <- c(heads, found$row)
  first <- c(heads, found$verdict)
  group <- match(first, heads)
  size <- tabulate(group, length(heads))[group]
  list(finding(NULL, rows, "duplicate_id",
    if (sheet$hidden_ids) "(restricted)" else case_text(sheet, rows), "one row for each case",
    NA_character_, paste0("The same case stands in ", size, " rows",
      if (!isTRUE(sheet$lazy)) paste0(", first in row ", first), "."),
    variable = paste(sheet$ids, collapse = ", ")))
}

key_cells <- function(x) {
  if (is.factor(x)) {
    levels <- encode_text(levels(x))
    return(match(levels, levels)[as.integer(x)])
  }
  x <- plain_cells(x)
  if (is.character(x)) encode_text(x) else x
}

case_text <- function(sheet, rows) {
  if (!length(sheet$ids)) return(rep(NA_character_, length(rows)))
  parts <- lapply(.subset(sheet$data, sheet$ids), function(x) column_text(x[rows]))
  if (length(parts) == 1L) return(parts[[1L]])
  do.call(paste, c(unname(parts), sep = " / "))
}
