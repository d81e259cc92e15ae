# Builds data/cafcass_tables.rda from data-raw/tables: one csv a table, typed from the
# report and left as printed, and tables.csv with what stands around each table.
# Run from the package's folder: Rscript data-raw/cafcass_tables.R

read_typed <- function(file) {
  utils::read.csv(file, colClasses = "character", na.strings = character(),
    encoding = "UTF-8", check.names = FALSE)
}

# A column whose every cell is a whole number is an integer; any other stays as printed.
settle <- function(x) if (all(grepl("^[0-9]+$", x))) as.integer(x) else x

split_bars <- function(x) strsplit(x, "|", fixed = TRUE)[[1L]]

about <- read_typed("data-raw/tables/tables.csv")
cafcass_tables <- lapply(seq_len(nrow(about)), function(i) {
  table <- read_typed(sprintf("data-raw/tables/table_%02d.csv", i))
  # Means keep their digits ("5" and "1.3"), so the column of table 16 stays text.
  table[] <- lapply(table, settle)
  structure(table,
    title = about$title[i], section = about$section[i],
    headings = split_bars(about$headings[i]), notes = split_bars(about$notes[i]))
})
names(cafcass_tables) <- paste0("table_", about$table)
save(cafcass_tables, file = "data/cafcass_tables.rda", compress = "xz", version = 2)
