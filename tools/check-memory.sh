#!/usr/bin/env bash
# The test suite with the package's C under AddressSanitizer and UndefinedBehaviour-
# Sanitizer, then under valgrind. Any report that names the package's code is a failure.
#   check-memory.sh [san|valgrind]
set -u
here=$PWD
work=$here/build/memory
rm -rf "$work" && mkdir -p "$work/san" "$work/plain"
export NOT_CRAN=false LANGUAGE=en CASEREVIEW_MEMORY=true
script=$work/tests.R
cat >"$script" <<EOF
library(testthat)
library(casereview)
test_dir("$here/tests/testthat", package = "casereview", load_package = "none",
  reporter = "summary", stop_on_failure = FALSE)
EOF
failed=0

sanitizers() {
  local runtime
  runtime=$(readlink -f "$(gcc -print-file-name=libasan.so)")
  cat >"$work/Makevars" <<EOF
CC = gcc -fsanitize=address,undefined,bounds-strict,float-cast-overflow -fno-omit-frame-pointer
CFLAGS = -g -O1 -Wall -Wextra -Wpedantic -Wno-cast-function-type
LTO =
EOF
  cp -R "$here" "$work/src" 2>/dev/null || { mkdir -p "$work/src"; tar -C "$here" --exclude=build --exclude=.git -cf - . | tar -C "$work/src" -xf -; }
  rm -f "$work"/src/src/*.o "$work"/src/src/*.so
  R_MAKEVARS_USER=$work/Makevars R CMD INSTALL --no-docs --no-test-load -l "$work/san" "$work/src" \
    >"$work/san.install.log" 2>&1 || { cat "$work/san.install.log" >&2; exit 1; }
  R_LIBS=$work/san R CMD sh -c 'LD_PRELOAD=$1 ASAN_OPTIONS=detect_leaks=0:detect_odr_violation=0:detect_stack_use_after_return=1:strict_string_checks=1:exitcode=99 \
    UBSAN_OPTIONS=print_stacktrace=1 exec "$R_HOME/bin/exec/R" --no-echo --no-save --no-restore --no-init-file -f "$2"' \
    sh "$runtime" "$script" >"$work/san.log" 2>&1
  status=$?
  if grep -qE 'ERROR: AddressSanitizer|runtime error:' "$work/san.log" || [ $status -ne 0 ]; then
    grep -E -A8 'ERROR: AddressSanitizer|runtime error:' "$work/san.log" | head -n 60
    tail -n 3 "$work/san.log"
    echo "sanitizers: FAILED (build/memory/san.log)"
    failed=1
  else
    echo "sanitizers: clean"
  fi
}

under_valgrind() {
  R CMD INSTALL --no-docs --no-test-load -l "$work/plain" "$here" >"$work/plain.install.log" 2>&1 ||
    { cat "$work/plain.install.log" >&2; exit 1; }
  R_LIBS=$work/plain R -d "valgrind --error-exitcode=0 --leak-check=full --num-callers=30" --no-echo \
    --no-save --no-restore --no-init-file -f "$script" >"$work/valgrind.log" 2>&1
  # an error or a definite leak counts when the package is in its stack
  awk '/^==[0-9]+== [^ ]/ { block = ""; ours = 0 }
       /^==[0-9]+==/ { block = block $0 "\n"; if (/casereview\.so|casereview\/src|\((check|result|encode|[a-z_]+)\.c:[0-9]+\)/ && /casereview/) ours = 1 }
       /^==[0-9]+== *$/ { if (ours && block !~ /still reachable|possibly lost/) printf "%s", block; block = ""; ours = 0 }' \
    "$work/valgrind.log" >"$work/valgrind.ours"
  if ! grep -q 'ERROR SUMMARY' "$work/valgrind.log"; then
    tail -n 5 "$work/valgrind.log"; echo "valgrind: did not finish"; failed=1
  elif [ -s "$work/valgrind.ours" ]; then
    head -n 60 "$work/valgrind.ours"; echo "valgrind: FAILED (build/memory/valgrind.log)"; failed=1
  else
    echo "valgrind: clean"
  fi
}

case ${1:-all} in
  san) sanitizers ;;
  valgrind) under_valgrind ;;
  all) sanitizers; under_valgrind ;;
  *) echo "usage: check-memory.sh [san|valgrind]" >&2; exit 2 ;;
esac
exit $failed
