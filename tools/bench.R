# Runs each script of bench/ in an R of its own, with the package of build/lib.
# BENCH=name runs one; BENCH_N=1e4,1e6 sets the sizes.
scripts <- setdiff(list.files("bench", "\\.R$", full.names = TRUE), "bench/interleave.R")
only <- Sys.getenv("BENCH")
if (nzchar(only)) scripts <- scripts[sub("\\.R$", "", basename(scripts)) == only]
if (!length(scripts)) stop("no script of that name in bench/")
Sys.setenv(R_LIBS = paste(c(normalizePath("build/lib"), Sys.getenv("R_LIBS")), collapse = ":"))
status <- vapply(scripts, function(script) {
  cat("\n== ", script, "\n", sep = "")
  system2(file.path(R.home("bin"), "Rscript"), c("--no-save", shQuote(script)))
}, integer(1L))
quit(status = as.integer(any(status != 0L)))
