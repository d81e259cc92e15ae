#!/usr/bin/env bash
# The C that needs no R under libFuzzer with AddressSanitizer and
# UndefinedBehaviorSanitizer (clang). An input that fails is left as build/fuzz/crash-*.
#   tools/fuzz/run.sh [seconds a target, 30] [target without fuzz_ and .c ...]
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
seconds=${1:-30}
[ $# -gt 0 ] && shift
command -v clang >/dev/null || { echo "fuzz: clang is not installed" >&2; exit 2; }
mkdir -p "$root/build/fuzz" && cd "$root/build/fuzz" || exit 2
failed=0
for target in "$root"/tools/fuzz/fuzz_*.c; do
  name=$(basename "$target" .c); name=${name#fuzz_}
  [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
  sources=$(sed -n 's/.*sources:\(.*\)/\1/p' "$target" | head -n 1)
  files=
  for source in $sources; do files="$files $root/src/$source"; done
  # shellcheck disable=SC2086
  clang -std=gnu17 -g -O1 -fno-omit-frame-pointer -Wall -Wextra \
    -fsanitize=fuzzer,address,undefined,integer,float-cast-overflow \
    -fno-sanitize=unsigned-integer-overflow,unsigned-shift-base \
    -fno-sanitize-recover=all "$target" $files -lm -o "fuzz-$name" || { failed=1; continue; }
  mkdir -p "corpus-$name"
  "./fuzz-$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=512 \
    -print_final_stats=1 "corpus-$name" >"$name.log" 2>&1
  status=$?
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$name.log")
  cover=$(grep -oE 'cov: [0-9]+' "$name.log" | tail -n 1)
  if [ $status -eq 0 ]; then
    echo "fuzz $name: $runs inputs, $cover, no fault"
  else
    echo "fuzz $name: FAILED (build/fuzz/$name.log)"
    grep -E -A6 'ERROR|runtime error|does not hold' "$name.log" | head -n 20
    failed=1
  fi
done
exit $failed
