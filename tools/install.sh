#!/usr/bin/env bash
# Builds and installs the package into build/lib, with its help but without vignettes.
set -eu
mkdir -p build/lib
R CMD build --no-build-vignettes --no-manual . >build/build.log 2>&1 || { cat build/build.log >&2; exit 1; }
mv casereview_*.tar.gz build/
R CMD INSTALL --preclean -l build/lib build/casereview_*.tar.gz >build/install.log 2>&1 ||
  { cat build/install.log >&2; exit 1; }
echo "casereview is installed in build/lib"
