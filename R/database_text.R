# Texts of a database as they are in memory, where two texts are equal if all their
# characters are. A collation may hold "High" and "high" for one text, and a padded column
# (`char(10)`) "High" and "High      ".

postgres_classes <- c("tbl_PqConnection", "tbl_PostgreSQLConnection")
arrow_classes <- c("arrow_dplyr_query", "ArrowTabular", "Dataset")

# Databases whose texts are told apart as they are in memory.
exact_texts <- function(data) {
  inherits(data, c("tbl_SQLiteConnection", "tbl_duckdb_connection", postgres_classes,
    "tbl_spark", arrow_classes))
}

# A table whose texts are compared by their characters; `first` is its first row.
exact_columns <- function(data, first) {
  forms <- if (inherits(data, "tbl_SQLiteConnection")) sqlite_texts(first)
    else if (inherits(data, "tbl_duckdb_connection")) duckdb_texts(data, first)
    else if (inherits(data, postgres_classes)) postgres_texts(data, first)
  if (length(forms)) dplyr::mutate(data, !!!forms) else data
}

columns_of_text <- function(first) {
  names(first)[vapply(first, function(x) is.character(x) && !is.object(x), NA)]
}

named_calls <- function(columns, form) {
  structure(lapply(columns, function(name) form(as.name(name))), names = columns)
}

collated <- function(collation) {
  function(cell) bquote(.(cell) %COLLATE% .(dplyr::sql(collation)))
}

# SQLite tells the type of a row, not of a column: a column without a declared type whose
# first cell is NULL comes as logical.
sqlite_texts <- function(first) {
  unknown <- names(first)[vapply(first, is.logical, NA)]
  named_calls(c(columns_of_text(first), unknown), collated("BINARY"))
}

# The type of each column, as the database calls it, of those that are read as text.
text_types <- function(data, columns, asked) {
  if (!length(columns)) return(NULL)
  asked <- as.name(asked)
  calls <- named_calls(columns, function(cell) bquote(as.character(.(asked)(.(cell)))))
  unlist(lazy_collect(dplyr::transmute(utils::head(data, 1L), !!!calls)))
}

duckdb_texts <- function(data, first) {
  types <- text_types(data, columns_of_text(first), "typeof")
  named_calls(names(types)[types %in% "VARCHAR"], collated("\"binary\""))
}

# Padded texts, enumerated ones and those of `citext` become plain texts as they print.
postgres_texts <- function(data, first) {
  types <- text_types(data, columns_of_text(first), "pg_typeof")
  plain <- types %in% c("text", "character varying")
  collate <- collated("\"C\"")
  c(named_calls(names(types)[plain], collate),
    named_calls(names(types)[!plain], function(cell) {
      collate(bquote(case_when(!is.na(.(cell)) ~ concat(.(cell)))))
    }))
}
