#!/usr/bin/env bash
# need.sh JOB: what JOB needs and this machine lacks is installed through apt-get where
# that can be done, and named in one sentence where it cannot. What is only wanted (tests
# and benchmarks skip without it, in words) is asked for too, and done without.
set -u
wanted=""
case ${1:-} in
  install)  needed="R gcc make" ;;
  report)   needed="R gcc make pandoc knitr rmarkdown" ;;
  test)     needed="R gcc make pandoc knitr rmarkdown testthat"
            wanted="qpdf tidy jsonlite lpSolve readxl openxlsx haven flextable officer ggplot2 generics
              data.table tibble xml2 bit64 psych pROC dplyr dbplyr DBI RSQLite RPostgreSQL postgresql
              vdiffr" ;;
  bench)    needed="R gcc make"
            wanted="data.table dplyr matrixStats checkmate psych lpSolve dbplyr DBI RPostgreSQL postgresql" ;;
  memory)   needed="R gcc make testthat valgrind" ;;
  document) needed="R gcc make roxygen2" ;;
  format)   needed="R clang-format lintr" ;;
  *) echo "usage: need.sh install|report|test|bench|memory|document|format" >&2; exit 2 ;;
esac

programs=" R gcc make pandoc qpdf tidy valgrind clang-format postgresql "

# Is this program or R package here? R must come with its headers, to compile.
have() {
  if [ "$1" = R ]; then
    command -v R >/dev/null 2>&1 && [ -f "$(R RHOME)/etc/Makeconf" ]
  elif [ "$1" = postgresql ]; then
    command -v initdb >/dev/null 2>&1 || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null
  elif [ "${programs/ $1 /}" != "$programs" ]; then
    command -v "$1" >/dev/null 2>&1
  else
    command -v Rscript >/dev/null 2>&1 &&
      Rscript -e "quit(status = !requireNamespace('$1', quietly = TRUE))" >/dev/null 2>&1
  fi
}

# Its Debian package.
debian_of() {
  case $1 in
    R | gcc | make) echo r-base-dev ;;
    *) if [ "${programs/ $1 /}" != "$programs" ]; then echo "$1"
       else echo "r-cran-$(echo "$1" | tr '[:upper:]' '[:lower:]')"; fi ;;
  esac
}

lacking() {
  for name in "$@"; do have "$name" || debian_of "$name"; done | sort -u | tr '\n' ' '
}

must=$(lacking $needed)
nice=$(lacking $wanted)
[ -n "$must$nice" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1 || [ "$(id -u)" != 0 ]; then
  [ -z "$nice" ] || echo "Not here, and done without: $nice"
  [ -n "$must" ] || exit 0
  if command -v apt-get >/dev/null 2>&1; then
    echo "This machine lacks some packages; please run: sudo apt-get install $must" >&2
  else
    echo "This machine lacks (by their Debian names) $must; please install them and run make again." >&2
  fi
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
echo "Installing: $must$nice"
apt-get update -q >"$log" 2>&1
get() { apt-get install -y -q --no-install-recommends "$@" >>"$log" 2>&1; }
if [ -n "$must" ] && ! get $must; then
  tail -n 5 "$log" >&2
  echo "apt-get could not install $must" >&2
  exit 1
fi
if [ -n "$nice" ] && ! get $nice; then
  for package in $nice; do get "$package" || echo "Not to be had, and done without: $package"; done
fi
exit 0
