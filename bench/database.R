# Cross-tabulation of cases in a PostgreSQL server and of the same cases in memory, side by
# side: the seconds that a person waits, formula in, finished table out. The server is
# started for the run, on the loopback address, and stopped after it. "collect" is what
# memory costs first: bringing the columns over.
#
#   BENCH_N=1e6,1e7 Rscript bench/database.R       (1e7 takes 2 GB of memory, 2 GB of disk)
suppressPackageStartupMessages(library(casereview))
home <- if (file.exists("bench/interleave.R")) "." else ".."
source(file.path(home, "bench", "interleave.R"))
skip <- function(why) {
  cat("Not run:", why, "\n")
  quit(status = 0L)
}
skip_if <- function(condition, why) if (condition) skip(why)
skip_if_not_installed <- function(package) {
  if (!has(package)) skip(paste0("the package \"", package, "\" is not installed"))
}
source(file.path(home, "tests", "testthat", "helper-database.R"))

fill <- "CREATE TABLE cases AS SELECT
  (ARRAY['Neglect', 'Suicide', 'Accident', 'Assault', 'Other'])[1 + (i * 7 + i / 11) %% 5]
    AS incident,
  (ARRAY['2012', '2013', '2014'])[1 + (i / 3) %% 3] AS sample,
  CASE WHEN i %% 23 <> 0 THEN (i * 13 %% 40)::float8 END AS score
  FROM generate_series(1::bigint, %.0f::bigint) AS i"

wait <- function(way) {
  gc(FALSE)
  system.time(way())[["elapsed"]]
}

tables <- postgres_tables()
on_stop <- function() try(tables$stop(), silent = TRUE)
rows <- lapply(bench_sizes(1e7), function(n) {
  invisible(DBI::dbExecute(tables$connection, "DROP TABLE IF EXISTS cases"))
  invisible(DBI::dbExecute(tables$connection, sprintf(fill, n)))
  invisible(DBI::dbExecute(tables$connection, "ANALYZE cases"))
  table <- dplyr::tbl(tables$connection, "cases")
  calls <- list("5 by 3" = list(incident ~ sample, percent = "column"),
    "5 by 3 with mean" = list(incident ~ sample, value = "score", stat = c("mean", "sd")))
  there <- lapply(calls, function(call) {
    answer <- NULL
    time <- min(vapply(1:2, function(i) {
      wait(function() answer <<- do.call(crosstab, c(list(table), call)))
    }, 0))
    list(answer = answer, time = time)
  })
  memory <- NULL
  collect <- wait(function() memory <<- as.data.frame(dplyr::collect(table)))
  out <- lapply(names(calls), function(name) {
    answer <- NULL
    time <- min(vapply(1:2, function(i) {
      wait(function() answer <<- do.call(crosstab, c(list(memory), calls[[name]])))
    }, 0))
    same <- isTRUE(all.equal(there[[name]]$answer, answer, tolerance = 1e-12))
    data.frame(cases = n, table = name, database = there[[name]]$time, collect = collect,
      memory = time, same = same)
  })
  do.call(rbind, out)
})
on_stop()
cat("Seconds from the call to the finished table:\n")
print(do.call(rbind, rows), row.names = FALSE, digits = 3)
