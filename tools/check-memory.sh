#!/usr/bin/env bash
# The package's C under AddressSanitizer and UndefinedBehaviorSanitizer with the whole test
# suite, then under valgrind with the tests of what has C. Any report that names the
# package's code is a failure; CASEREVIEW_MEMORY=true (set here) makes the tests take a few
# rounds of each random grid.
#   check-memory.sh [san|valgrind] [test file without test- and .R ...]
set -u
here=$PWD
work=$here/build/memory
source=$work/source/casereview
tests=$here/tests/testthat
rm -rf "$work" && mkdir -p "$source" "$work/san" "$work/plain" || exit 2
export NOT_CRAN=false LANGUAGE=en CASEREVIEW_MEMORY=true OMP_THREAD_LIMIT=2
job=${1:-all}
[ $# -gt 0 ] && shift
chosen=$*
failed=0
tar -C "$here" --exclude=./build --exclude=./.git --exclude='*.o' --exclude='*.so' -cf - . |
  tar -C "$source" -xf - || exit 2

# The tests named, or all, or those of a concept with a C file, run with a count at the end.
write_script() { # write_script FILE NAME...
  local file=$1; shift
  cat >"$file" <<EOF
library(testthat)
library(casereview)
names <- strsplit("$*", " ")[[1]]
files <- list.files("$tests", "^test-.*[.]R$")
if (length(names)) files <- intersect(files, sprintf("test-%s.R", names))
setwd(tempdir())
count <- 0
bad <- character()
for (file in files) {
  found <- as.data.frame(test_file(file.path("$tests", file), package = "casereview",
    load_package = "none", reporter = "silent", stop_on_failure = FALSE))
  count <- count + sum(found\$nb)
  wrong <- found\$failed > 0 | found\$error
  bad <- c(bad, sprintf("%s: %s", file, found\$test[wrong]))
}
if (length(bad)) cat("test not passed:", bad, sep = "\n  ")
cat(sprintf("memory run: %d files, %d checks\n", length(files), count))
EOF
}

with_c() { # the tests whose concept has a C file: crosstab for crosstab_median.c
  local file name
  for file in "$tests"/test-*.R; do
    name=$(basename "$file" .R); name=${name#test-}
    compgen -G "$here/src/$name.c" >/dev/null || compgen -G "$here/src/${name}_*.c" >/dev/null ||
      continue
    echo "$name"
  done
}

install_into() { # install_into LIBRARY MAKEVARS
  R_MAKEVARS_USER=$2 R CMD INSTALL --preclean --no-docs --no-test-load -l "$1" "$source" \
    >"$1.install.log" 2>&1 || { cat "$1.install.log" >&2; exit 1; }
}

finished() { # finished LOG: says how far the tests came; fails where they did not end
  grep -E '^(test not passed|  test-|memory run)' "$1"
  grep -q '^memory run' "$1" && ! grep -q '^test not passed' "$1"
}

sanitizers() {
  local runtime
  runtime=$(readlink -f "$(gcc -print-file-name=libasan.so)")
  [ -f "$runtime" ] || { echo "sanitizers: gcc has no libasan.so here" >&2; exit 2; }
  cat >"$work/san.mk" <<EOF
CC = gcc -fsanitize=address,undefined,bounds-strict,float-cast-overflow -fno-omit-frame-pointer
CFLAGS = -g -O1 -Wall -Wextra -Wpedantic
LTO =
EOF
  install_into "$work/san" "$work/san.mk"
  write_script "$work/san.R" $chosen
  # only R itself gets the run-time, not the shell that starts it
  R_LIBS=$work/san${R_LIBS:+:$R_LIBS} \
    UBSAN_OPTIONS=print_stacktrace=1 \
    R CMD sh -c 'LD_PRELOAD=$1 ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0:detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1:exitcode=99 \
      exec "$R_HOME/bin/exec$R_ARCH/R" --no-echo --no-save --no-restore --no-init-file -f "$2"' \
    sh "$runtime" "$work/san.R" >"$work/san.log" 2>&1 </dev/null
  if ! finished "$work/san.log" ||
    grep -qE 'ERROR: AddressSanitizer|runtime error:|stack imbalance' "$work/san.log"; then
    grep -E -A8 'ERROR: AddressSanitizer|runtime error:|stack imbalance' "$work/san.log" |
      head -n 60
    tail -n 3 "$work/san.log"
    echo "sanitizers: FAILED (build/memory/san.log)"
    failed=1
  else
    echo "sanitizers: clean"
  fi
}

under_valgrind() {
  printf 'CFLAGS = -g -O1 -Wall\n' >"$work/plain.mk"
  install_into "$work/plain" "$work/plain.mk"
  # vector instructions of the C library read behind the end of a wide string
  printf '{\n  wide strings\n  Memcheck:%s\n  ...\n  fun:wcsrtombs\n}\n' Cond Addr32 >"$work/wide.supp"
  write_script "$work/valgrind.R" ${chosen:-$(with_c)}
  # R's compiler of its own functions would take most of the time
  R_LIBS=$work/plain${R_LIBS:+:$R_LIBS} R_ENABLE_JIT=0 R -d "valgrind --leak-check=full \
    --show-leak-kinds=definite --errors-for-leak-kinds=none --num-callers=20 \
    --suppressions=$work/wide.supp --fullpath-after=$work/source/ \
    --log-file=$work/valgrind.report" --no-echo --no-save --no-restore --no-init-file \
    -f "$work/valgrind.R" >"$work/valgrind.log" 2>&1 </dev/null
  # a block is one report; it counts when a file of the package is in its stack
  awk '/^==[0-9]+== *$/ { if (ours) print block; block = ""; ours = 0; next }
       { block = block $0 "\n"
         if (index($0, "(casereview/src/") || index($0, "casereview.so)")) ours = 1 }
       END { if (ours) print block }' "$work/valgrind.report" >"$work/valgrind.ours"
  if ! finished "$work/valgrind.log"; then
    tail -n 5 "$work/valgrind.log"
    echo "valgrind: the tests did not end (build/memory/valgrind.log)"
    failed=1
  elif [ -s "$work/valgrind.ours" ] || grep -q 'stack imbalance' "$work/valgrind.log"; then
    head -n 60 "$work/valgrind.ours"
    echo "valgrind: FAILED (build/memory/valgrind.report)"
    failed=1
  else
    echo "valgrind: clean"
  fi
}

case $job in
  san) sanitizers ;;
  valgrind) under_valgrind ;;
  all) sanitizers; under_valgrind ;;
  *) echo "usage: check-memory.sh [san|valgrind] [test ...]" >&2; exit 2 ;;
esac
exit $failed
