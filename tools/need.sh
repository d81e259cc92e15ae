#!/usr/bin/env bash
# need.sh JOB: what JOB needs and this machine lacks is installed through apt-get where
# that can be done, and named in one sentence where it cannot.
set -u
case ${1:-} in
  install)  programs="R gcc make"; r_packages="" ;;
  report)   programs="R gcc make pandoc"; r_packages="knitr rmarkdown" ;;
  test)     programs="R gcc make pandoc qpdf tidy"
            r_packages="knitr rmarkdown testthat jsonlite lpSolve readxl openxlsx haven" ;;
  bench)    programs="R gcc make"
            r_packages="bench data.table dplyr matrixStats checkmate psych" ;;
  memory)   programs="R gcc make valgrind"; r_packages="testthat" ;;
  document) programs="R gcc make"; r_packages="roxygen2" ;;
  format)   programs="R clang-format"; r_packages="lintr" ;;
  *) echo "usage: need.sh install|report|test|bench|memory|document|format" >&2; exit 2 ;;
esac

# The Debian package of a program.
debian_of() {
  case $1 in
    R) echo r-base-core ;;
    gcc | make) echo r-base-dev ;;
    *) echo "$1" ;;
  esac
}

lacking=""
for program in $programs; do
  command -v "$program" >/dev/null 2>&1 || lacking="$lacking $(debian_of "$program")"
done
if command -v R >/dev/null 2>&1; then
  # R's headers come with r-base-dev on Debian; any R that can compile will do
  [ -f "$(R RHOME)/etc/Makeconf" ] || [ -f /etc/R/Makeconf ] || lacking="$lacking r-base-dev"
fi
for package in $r_packages; do
  command -v Rscript >/dev/null 2>&1 &&
    Rscript -e "quit(status = !requireNamespace('$package', quietly = TRUE))" >/dev/null 2>&1 ||
    lacking="$lacking r-cran-$(echo "$package" | tr '[:upper:]' '[:lower:]')"
done
lacking=$(echo "$lacking" | tr ' ' '\n' | sort -u | tr '\n' ' ')
[ -n "${lacking// /}" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "This machine lacks (by their Debian names): $lacking- please install them and run make again." >&2
  exit 1
fi
if [ "$(id -u)" != 0 ]; then
  echo "This machine lacks some packages; please run: sudo apt-get install $lacking" >&2
  exit 1
fi
echo "Installing: $lacking"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -y -q --no-install-recommends $lacking; } >/tmp/casereview-apt.log 2>&1 || {
  tail -n 5 /tmp/casereview-apt.log >&2
  echo "apt-get could not install: $lacking" >&2
  exit 1
}
