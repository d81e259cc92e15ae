# The house rules of .lintr over R/, and a count.
found <- lintr::lint_dir("R")
print(found)
cat(length(found), "lints\n")
quit(status = as.integer(length(found) > 0L))
