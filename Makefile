# What each does stands in README.md. Everything made goes to build/.
SHELL := /bin/bash
.PHONY: report test bench check-memory document format install clean

report: ; tools/need.sh report && tools/install.sh && Rscript tools/report.R
test: ; tools/need.sh test && tools/test.sh
bench: ; tools/need.sh bench && tools/install.sh && Rscript tools/bench.R
check-memory: ; tools/need.sh memory && tools/check-memory.sh
document: ; tools/need.sh document && Rscript -e 'roxygen2::roxygenise(load_code = "source")'
format: ; tools/need.sh format && clang-format -i src/*.c src/*.h && Rscript tools/lint.R
install: ; tools/need.sh install && R CMD INSTALL --preclean .
clean: ; rm -rf build casereview.Rcheck casereview_*.tar.gz src/*.o src/*.so
