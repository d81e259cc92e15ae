# Tables outside memory for the tests: SQLite, DuckDB, Arrow, and a PostgreSQL server that
# is started for the test on the loopback address and stopped after it.

need <- function(...) for (package in c(...)) skip_if_not_installed(package)

# A function of a package that is not declared, since Debian does not have it.
from <- function(package, name) getExportedValue(package, name)

# A function that puts a data frame into the database and gives it back as a table.
sqlite_tables <- function() {
  need("dplyr", "dbplyr", "DBI", "RSQLite")
  database_tables(DBI::dbConnect(RSQLite::SQLite(), ":memory:"))
}

duckdb_tables <- function() {
  need("dplyr", "dbplyr", "DBI", "duckdb")
  suppressMessages(database_tables(DBI::dbConnect(from("duckdb", "duckdb")())))
}

database_tables <- function(connection) {
  number <- 0L
  list(
    connection = connection,
    put = function(data) {
      number <<- number + 1L
      name <- paste0("cases_", number)
      DBI::dbWriteTable(connection, name, data, row.names = FALSE)
      dplyr::tbl(connection, name)
    },
    stop = function() DBI::dbDisconnect(connection)
  )
}

collected <- function(table) as.data.frame(dplyr::collect(table))

# Findings without what a database has not: rows, and their order.
by_content <- function(found) {
  found <- as.data.frame(found)
  found$row <- NULL
  found$message <- sub(", first in row [0-9]+", "", found$message)
  found <- found[do.call(order, c(unname(as.list(found)), method = "radix")), ]
  rownames(found) <- NULL
  found
}

postgres_program <- function(name) {
  found <- Sys.which(name)
  if (nzchar(found)) return(unname(found))
  found <- Sys.glob(file.path("/usr/lib/postgresql/*/bin", name))
  if (length(found)) found[length(found)] else ""
}

# The server refuses to run as root, which asks the user `postgres` to run it then.
postgres_run <- function(name, arguments) {
  command <- postgres_program(name)
  if (Sys.info()[["effective_user"]] == "root") {
    arguments <- c("-u", "postgres", "--", command, arguments)
    command <- Sys.which("runuser")
  }
  suppressWarnings(system2(command, shQuote(arguments), stdout = FALSE, stderr = FALSE))
}

postgres_tables <- function() {
  need("dplyr", "dbplyr", "DBI")
  package <- "RPostgres"
  new <- requireNamespace(package, quietly = TRUE)
  if (!new) need("RPostgreSQL")
  skip_if(Sys.getenv("CASEREVIEW_MEMORY") == "true", "no server under a memory checker")
  root <- Sys.info()[["effective_user"]] == "root"
  skip_if(!nzchar(postgres_program("initdb")), "the PostgreSQL server is not installed")
  skip_if(root && (!nzchar(Sys.which("runuser")) || system2("id", "postgres", stdout = FALSE,
    stderr = FALSE) != 0L), "run by root, and there is no user postgres")
  folder <- tempfile("postgres", tmpdir = dirname(tempdir()))
  dir.create(folder, mode = "0700")
  if (root) system2("chown", c("postgres", shQuote(folder)))
  port <- start_postgres(folder)
  driver <- if (new) from(package, "Postgres")() else RPostgreSQL::PostgreSQL()
  connection <- DBI::dbConnect(driver, host = "127.0.0.1", port = port, user = "tester",
    dbname = "postgres")
  tables <- database_tables(connection)
  tables$stop <- function() {
    DBI::dbDisconnect(connection)
    stop_postgres(folder)
  }
  tables
}

start_postgres <- function(folder) {
  data <- file.path(folder, "data")
  made <- postgres_run("initdb", c("-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8",
    "--locale=C.UTF-8", "--no-sync"))
  if (made != 0L) {
    unlink(folder, recursive = TRUE)
    skip("initdb does not run here")
  }
  for (port in 49152L + (Sys.getpid() + 7919L * 1:5) %% 16000L) {
    options <- paste0("-c listen_addresses=127.0.0.1 -c unix_socket_directories= ",
      "-c fsync=off -p ", port)
    started <- postgres_run("pg_ctl", c("-D", data, "-w", "-t", "60", "-l",
      file.path(folder, "log"), "-o", options, "start"))
    if (started == 0L) return(port)
  }
  stop_postgres(folder)
  skip("the PostgreSQL server does not start here")
}

stop_postgres <- function(folder) {
  postgres_run("pg_ctl", c("-D", file.path(folder, "data"), "-m", "immediate", "stop"))
  unlink(folder, recursive = TRUE)
}
