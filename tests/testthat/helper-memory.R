# How many rounds a random grid takes: all of them, and a few where CASEREVIEW_MEMORY is
# set, as tools/check-memory.sh sets it, since each step is slow there.
rounds <- function(n) {
  if (nzchar(Sys.getenv("CASEREVIEW_MEMORY"))) n <- max(2L, n %/% 15L)
  seq_len(n)
}
