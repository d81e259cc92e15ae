# The closing line of `make test`, from what the tests wrote and what R CMD check found.
dir <- commandArgs(TRUE)[1L]
log <- file.path(dir, "casereview.Rcheck", "00check.log")
lines <- if (file.exists(log)) readLines(log, warn = FALSE) else character()
finished <- any(grepl("^Status: ", lines))

# Each check with its verdict, and the lines under it.
starts <- grep("^\\* checking ", lines)
ends <- c(starts[-1L] - 1L, length(lines))[seq_along(starts)]
bad <- vapply(seq_along(starts), function(i) {
  text <- lines[starts[i]:ends[i]]
  verdict <- "(\\.\\.\\.|^)( \\[[^]]*\\])? (ERROR|WARNING|NOTE)$"
  if (!any(grepl(verdict, text))) return(FALSE)
  under <- text[-1L]
  harmless <- "^(Maintainer: |New submission$|$|\\* DONE$|Status: )"
  !(grepl("CRAN incoming feasibility", text[1L]) && all(grepl(harmless, under)))
}, logical(1L))

counts <- file.path(dir, "counts.csv")
tests <- if (file.exists(counts)) utils::read.csv(counts) else NULL
passed <- sum(tests$passed)
failed <- sum(tests$failed) + sum(tests$error) + sum(bad) + !finished
skipped <- sum(tests$skipped)
if (is.null(tests)) failed <- max(failed, 1L)
for (i in which(bad)) cat(lines[starts[i]], "\n")
if (!finished) cat("R CMD check did not finish.\n")
wordless <- tests[tests$failed > 0 | tests$error, ]
for (i in seq_len(NROW(wordless))) cat("failed:", wordless$file[i], "-", wordless$test[i], "\n")
cat(sprintf("%d passed, %d failed, %d skipped\n", as.integer(passed), as.integer(failed), as.integer(skipped)))
quit(status = as.integer(failed > 0L))
