# Binds the sections of the reproduction (vignettes/section-*.Rmd, in the order of the
# report) into one document and renders it: build/report.html, which needs nothing beside
# it, and build/report.docx. Nothing is written twice: the text is the vignettes' own.
started <- Sys.time()
.libPaths(c(normalizePath("build/lib"), .libPaths()))
Sys.setenv(R_LIBS = paste(.libPaths(), collapse = ":"))

sections <- c(
  "section-1-introduction", "section-2-methodology", "section-3-1-case-details",
  "section-3-2-children-and-families", "section-3-3-index-incidents",
  "section-3-4-risk-ratings", "section-3-5-risk-types", "section-4-exploitation",
  "section-5-learning", "section-6-key-points", "appendices"
)

# The body of a vignette under its title as a heading; its own headings go one level down.
section_lines <- function(name) {
  lines <- readLines(file.path("vignettes", paste0(name, ".Rmd")), encoding = "UTF-8")
  fences <- grep("^---\\s*$", lines)
  head <- lines[seq(fences[1L], fences[2L])]
  title <- gsub("^title: *|\"", "", grep("^title:", head, value = TRUE)[1L])
  c("", paste("#", title), "", lines[-seq_len(fences[2L])])
}

work <- "build/report"
unlink(work, recursive = TRUE)
dir.create(work, recursive = TRUE)
others <- setdiff(list.files("vignettes", full.names = TRUE), list.files("vignettes", "\\.Rmd$", full.names = TRUE))
invisible(file.copy(others, work, recursive = TRUE))
head <- c(
  "---",
  "title: \"Learning from submissions to serious case reviews: the 2014 report, recomputed\"",
  "subtitle: \"Every table from data, beside the published one. Built with casereview.\"",
  "lang: en-GB",
  "---", ""
)
writeLines(enc2utf8(c(head, unlist(lapply(sections, section_lines)))), file.path(work, "report.Rmd"), useBytes = TRUE)

options(knitr.duplicate.label = "allow")
html <- rmarkdown::html_document(
  toc = TRUE, toc_depth = 2, number_sections = FALSE, self_contained = TRUE, theme = NULL,
  highlight = NULL, mathjax = NULL, css = "report.css",
  pandoc_args = "--columns=1000"
)
render <- function(format, file) {
  rmarkdown::render(
    file.path(work, "report.Rmd"), format, output_file = file, output_dir = "build",
    envir = new.env(parent = globalenv()), quiet = TRUE
  )
  cat("build/", file, " (", round(file.size(file.path("build", file)) / 1024), " KB)\n", sep = "")
}
render(html, "report.html")
render(rmarkdown::word_document(toc = TRUE, toc_depth = 2, pandoc_args = "--columns=8"), "report.docx")
cat("Rendered in", format(round(difftime(Sys.time(), started, units = "secs"))), "\n")
cat("Open build/report.html in a browser.\n")
