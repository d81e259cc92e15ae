# Cross-tabulation of cases in a PostgreSQL server, in DuckDB and in an Arrow table, and of
# the same cases in memory, side by side: the seconds that a person waits, formula in,
# finished table out. The server is started for the run, on the loopback address, and
# stopped after it. "collect" is what memory costs first: bringing the columns over. What
# is not installed is left out, in words.
#
#   BENCH_N=1e6,1e7 Rscript bench/database.R       (1e7 takes 2 GB of memory, 2 GB of disk)
suppressPackageStartupMessages(library(casereview))
home <- if (file.exists("bench/interleave.R")) "." else ".."
source(file.path(home, "bench", "interleave.R"))
skip <- function(why) stop(structure(class = c("left_out", "error", "condition"),
  list(message = why, call = NULL)))
skip_if <- function(condition, why) if (condition) skip(why)
skip_if_not_installed <- function(package) {
  if (!has(package)) skip(paste0("the package \"", package, "\" is not installed"))
}
source(file.path(home, "tests", "testthat", "helper-database.R"))

# `/` of whole numbers is whole in PostgreSQL, as `//` is in DuckDB.
fill <- "CREATE TABLE cases AS SELECT
  (ARRAY['Neglect', 'Suicide', 'Accident', 'Assault', 'Other'])[1 + (i * 7 + i %2$s 11) %% 5]
    AS incident,
  (ARRAY['2012', '2013', '2014'])[1 + (i %2$s 3) %% 3] AS sample,
  CASE WHEN i %% 23 <> 0 THEN (i * 13 %% 40)::float8 END AS score
  FROM generate_series(1::bigint, %1$.0f::bigint) AS s(i)"

in_database <- function(tables, divide) {
  list(stop = tables$stop, table = function(n) {
    if (DBI::dbExistsTable(tables$connection, "cases")) {
      invisible(DBI::dbExecute(tables$connection, "DROP TABLE cases"))
    }
    invisible(DBI::dbExecute(tables$connection, sprintf(fill, n, divide)))
    invisible(DBI::dbExecute(tables$connection, "ANALYZE cases"))
    dplyr::tbl(tables$connection, "cases")
  })
}

in_arrow <- function() {
  need("dplyr", "arrow")
  list(stop = function() NULL, table = function(n) {
    i <- seq_len(n)
    from("arrow", "arrow_table")(
      incident = c("Neglect", "Suicide", "Accident", "Assault", "Other")[
        1 + (i * 7 + i %/% 11) %% 5],
      sample = c("2012", "2013", "2014")[1 + (i %/% 3) %% 3],
      score = ifelse(i %% 23 != 0, (i * 13) %% 40, NA)
    )
  })
}

wait <- function(way) {
  gc(FALSE)
  system.time(way())[["elapsed"]]
}

calls <- list("5 by 3" = list(incident ~ sample, percent = "column"),
  "5 by 3 with mean" = list(incident ~ sample, value = "score", stat = c("mean", "sd")))

# The answer to a call and the shorter of two waits for it.
answer_of <- function(table, call) {
  answer <- NULL
  time <- min(vapply(1:2, function(i) {
    wait(function() answer <<- do.call(crosstab, c(list(table), call)))
  }, 0))
  list(answer = answer, time = time)
}

compare <- function(place, table, n) {
  there <- lapply(calls, function(call) answer_of(table, call))
  memory <- NULL
  collect <- wait(function() memory <<- as.data.frame(dplyr::collect(table)))
  out <- lapply(names(calls), function(name) {
    here <- answer_of(memory, calls[[name]])
    same <- isTRUE(all.equal(there[[name]]$answer, here$answer, tolerance = 1e-12))
    data.frame(place, cases = n, table = name, there = there[[name]]$time, collect = collect,
      memory = here$time, same = same)
  })
  do.call(rbind, out)
}

places <- list(PostgreSQL = function() in_database(postgres_tables(), "/"),
  DuckDB = function() in_database(duckdb_tables(), "//"), Arrow = in_arrow)
rows <- lapply(names(places), function(name) {
  place <- tryCatch(places[[name]](), left_out = function(e) {
    cat(name, "is left out:", conditionMessage(e), "\n")
  })
  if (is.null(place)) return(NULL)
  on.exit(try(place$stop(), silent = TRUE))
  do.call(rbind, lapply(bench_sizes(1e7), function(n) compare(name, place$table(n), n)))
})
cat("Seconds from the call to the finished table:\n")
print(do.call(rbind, rows), row.names = FALSE, digits = 3)
