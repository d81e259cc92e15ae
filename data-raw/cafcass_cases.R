# Builds data/cafcass_cases.rda: the coding sheet of inst/extdata with its labels
# settled by the codebook, and the law group that follows from the law type. Run from
# the package's folder, with the package installed: Rscript data-raw/cafcass_cases.R

book <- casereview::cafcass_codebook()
codes_of <- casereview:::codes_of
encode_column <- casereview:::encode_column

sheet <- utils::read.csv("inst/extdata/cafcass-2014-coding.csv", encoding = "UTF-8")

# A column of the sheet as a factor with the codebook's labels, in its order. Every
# value must be one that the codebook knows.
as_coded <- function(variable) {
  found <- encode_column(sheet[[variable]], book, variable)
  stopifnot(!anyNA(found$code), all(found$code > 0L))
  codes <- codes_of(book, variable)
  factor(codes$label[found$code], levels = codes$label)
}

# The law group of a law type is its parent; a law type without one is its own group.
law_types <- codes_of(book, "law_type")
group <- ifelse(nzchar(law_types$parent), law_types$parent, law_types$label)
cafcass_cases <- data.frame(
  case = sheet$case,
  law_group = factor(
    group[match(as_coded("law_type"), law_types$label)],
    levels = codes_of(book, "law_group")$label
  ),
  law_type = as_coded("law_type"),
  incident = as_coded("incident"),
  fatal = sheet$fatal,
  involvement = as_coded("involvement"),
  perpetrator = as_coded("perpetrator"),
  risk_score = sheet$risk_score,
  children = sheet$children,
  chart_group = as_coded("chart_group"),
  description = sheet$description
)
save(cafcass_cases, file = "data/cafcass_cases.rda", compress = "xz", version = 2)
