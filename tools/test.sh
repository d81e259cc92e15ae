#!/usr/bin/env bash
# The whole test suite inside R CMD check --as-cran. The last line counts: expectations
# that passed or failed, tests skipped, and each error, warning or note of the check
# (but the one on a new submission) as a failure.
set -u
rm -rf build/check && mkdir -p build/check
export NOT_CRAN=true _R_CHECK_CRAN_INCOMING_REMOTE_=false _R_CHECK_FORCE_SUGGESTS_=false \
  _R_CHECK_SYSTEM_CLOCK_=false _R_CHECK_VALIDATE_UTF8_=true _R_CHECK_THINGS_IN_TEMP_DIR_=true \
  _R_CHECK_RD_VALIDATE_RD2HTML_=true OMP_THREAD_LIMIT=2 LANGUAGE=en
export CASEREVIEW_COUNTS=$PWD/build/check/counts.csv
{ R CMD build --no-manual . && mv casereview_*.tar.gz build/check/; } >build/check/build.log 2>&1 || {
  cat build/check/build.log >&2
  echo "The source package could not be built."
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}
R CMD check --as-cran --no-manual -o build/check build/check/casereview_*.tar.gz
Rscript tools/count.R build/check
