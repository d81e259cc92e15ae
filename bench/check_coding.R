# check_coding() beside what teams use now, on one sheet: 13 rating columns, 4 texts, 2
# factors, a range, a pattern, an order of two dates and a key (23 checks), with about 21
# faults in 1,000 rows. Every peer tests the same cells. check_coding(), base R, data.table,
# validate and pointblank give the findings (row, rule, value); collapse gives rows alone,
# checkmate and "validate (values)" verdicts alone. "floor" is one pass in C that tests
# every cell and counts the faults: labels by their address and without a branch, the
# pattern by its bytes, the key in a hash.
#
#   BENCH_N=300,1e4,1e6 Rscript bench/check_coding.R
library(casereview)
source(if (file.exists("bench/interleave.R")) "bench/interleave.R" else "interleave.R")

floor_c <- compile_floor(c(
  "SEXP floor_check(SEXP d, SEXP labels) {",
  "  R_xlen_t n = Rf_xlength(VECTOR_ELT(d, 0)); double faults = 0;",
  "  const SEXP *l = STRING_PTR_RO(labels);",
  "  SEXP a = l[0], b = l[1], e = l[2], f = l[3]; R_xlen_t bad = 0;",
  "  for (int c = 1; c < 14; c++) { const SEXP *x = STRING_PTR_RO(VECTOR_ELT(d, c));",
  "    for (R_xlen_t i = 0; i < n; i++)",
  "      bad += (x[i] != a) & (x[i] != b) & (x[i] != e) & (x[i] != f); }",
  "  faults += bad;",
  "  for (int c = 14; c < 18; c++) { const SEXP *x = STRING_PTR_RO(VECTOR_ELT(d, c));",
  "    for (R_xlen_t i = 0; i < n; i++) faults += x[i] == NA_STRING || R_CHAR(x[i])[0] <= ' '; }",
  "  for (int c = 18; c < 21; c++) { const int *x = INTEGER(VECTOR_ELT(d, c));",
  "    int top = c == 18 ? 5 : c == 19 ? 2 : 17;",
  "    for (R_xlen_t i = 0; i < n; i++) faults += x[i] < (c < 20) || x[i] > top; }",
  "  const SEXP *p = STRING_PTR_RO(VECTOR_ELT(d, 21));",
  "  for (R_xlen_t i = 0; i < n; i++) { const char *t = R_CHAR(p[i]); int k = 1;",
  "    int good = t[0] >= 'A' && t[0] <= 'Z'; while (good && t[k] >= '0' && t[k] <= '9') k++;",
  "    faults += !(good && (k == 2 || k == 3) && t[k] == 0); }",
  "  const double *s = REAL(VECTOR_ELT(d, 22)), *t = REAL(VECTOR_ELT(d, 23));",
  "  for (R_xlen_t i = 0; i < n; i++) faults += s[i] > t[i];",
  "  size_t size = 2; while (size < 2 * (size_t)n) size *= 2;",
  "  const void **seen = (const void **)R_alloc(size, sizeof(void *));",
  "  memset(seen, 0, size * sizeof(void *)); const SEXP *key = STRING_PTR_RO(VECTOR_ELT(d, 0));",
  "  for (R_xlen_t i = 0; i < n; i++) {",
  "    size_t at = ((size_t)key[i] >> 4) * 0x9E3779B97F4A7C15u >> 20 & (size - 1);",
  "    while (seen[at] && seen[at] != key[i]) at = (at + 1) & (size - 1);",
  "    faults += seen[at] == key[i]; seen[at] = key[i]; }",
  "  return Rf_ScalarReal(faults); }"
))

items <- sprintf("item_%02d", 1:13)
levels_of <- c("High", "Medium", "Low", "Nothing indicated")
kinds <- c("Suicide", "Homicide", "Injury", "Neglect", "Other")
courts <- c("Public", "Private")

make_sheet <- function(n) {
  set.seed(20140228)
  data <- data.frame(case = sprintf("C%08d", seq_len(n)))
  for (item in items) data[[item]] <- sample(levels_of, n, TRUE)
  for (k in 1:4) data[[paste0("text_", k)]] <- sample(sprintf("note %d", 1:5000), n, TRUE)
  data$incident <- factor(sample(kinds, n, TRUE), kinds)
  data$law <- factor(sample(courts, n, TRUE), courts)
  data$age <- sample(0:17, n, TRUE)
  data$postcode <- sprintf("%s%d", sample(LETTERS, n, TRUE), sample(1:99, n, TRUE))
  data$start <- as.Date("2010-01-01") + sample(0:1000, n, TRUE)
  data$end <- data$start + sample(0:500, n, TRUE)
  plant <- function(share) sample(n, max(1, round(share * n)))
  for (item in items) data[[item]][plant(0.001)] <- "hihg"
  for (k in 1:4) data[[paste0("text_", k)]][plant(0.0005)] <- NA
  data$age[plant(0.002)] <- 99L
  data$postcode[plant(0.002)] <- "??"
  late <- plant(0.001)
  data$end[late] <- data$start[late] - 1
  data$case[plant(0.0005)] <- data$case[1]
  data
}

make_codebook <- function() {
  texts <- paste0("text_", 1:4)
  variable <- c("case", items, texts, "incident", "law", "age", "postcode", "start", "end")
  type <- c("id", rep("rating", 13), rep("text", 4), "nominal", "nominal", "integer", "text",
    "date", "date")
  codes <- function(variable, label) {
    data.frame(variable = variable, code = as.character(seq_along(label)), label = label)
  }
  codebook(
    data.frame(variable = variable, type = type, required = variable %in% c("case", texts),
      min = ifelse(variable == "age", "0", ""), max = ifelse(variable == "age", "17", ""),
      pattern = ifelse(variable == "postcode", "^[A-Z][0-9]{1,2}$", "")),
    do.call(rbind, c(lapply(items, codes, levels_of), list(codes("incident", kinds),
      codes("law", courts)))),
    data.frame(rule = "order", expression = "start <= end", severity = "error")
  )
}

# What a careful analyst writes: rows at fault of each check, then one table of findings.
base_findings <- function(data) {
  part <- function(name, rule, rows) {
    data.frame(row = rows, case = data$case[rows], variable = rep(name, length(rows)),
      value = as.character(data[[name]][rows]), rule = rep(rule, length(rows)))
  }
  parts <- lapply(items, function(i) part(i, "code", which(!data[[i]] %in% levels_of)))
  for (k in paste0("text_", 1:4)) {
    blank <- which(is.na(data[[k]]) | !nzchar(trimws(data[[k]])))
    parts <- c(parts, list(part(k, "required", blank)))
  }
  more <- list(
    part("incident", "code", which(!as.character(data$incident) %in% kinds)),
    part("law", "code", which(!as.character(data$law) %in% courts)),
    part("age", "range", which(data$age < 0 | data$age > 17)),
    part("postcode", "pattern", which(!grepl("^[A-Z][0-9]{1,2}$", data$postcode))),
    part("end", "order", which(data$start > data$end)),
    part("case", "duplicate_id", which(duplicated(data$case) | duplicated(data$case, fromLast = TRUE)))
  )
  found <- do.call(rbind, c(parts, more))
  found[order(found$row), ]
}

table_findings <- function(data) {
  DT <- data.table::as.data.table(data)
  DT[, row := .I]
  parts <- lapply(items, function(i) DT[!DT[[i]] %chin% levels_of, .(row, case, variable = i, value = get(i), rule = "code")])
  for (k in paste0("text_", 1:4)) {
    parts <- c(parts, list(DT[is.na(DT[[k]]) | !nzchar(trimws(DT[[k]])), .(row, case, variable = k, value = get(k), rule = "required")]))
  }
  parts <- c(parts, list(
    DT[!as.character(incident) %chin% kinds, .(row, case, variable = "incident", value = as.character(incident), rule = "code")],
    DT[!as.character(law) %chin% courts, .(row, case, variable = "law", value = as.character(law), rule = "code")],
    DT[!data.table::between(age, 0, 17), .(row, case, variable = "age", value = as.character(age), rule = "range")],
    DT[!grepl("^[A-Z][0-9]{1,2}$", postcode), .(row, case, variable = "postcode", value = postcode, rule = "pattern")],
    DT[start > end, .(row, case, variable = "end", value = as.character(end), rule = "order")],
    DT[DT[, .(n = .N, row), by = case][n > 1, row], .(row, case, variable = "case", value = case, rule = "duplicate_id")]
  ))
  data.table::rbindlist(parts)[order(row)]
}

checkmate_verdicts <- function(data) {
  c(
    vapply(items, function(i) checkmate::test_subset(data[[i]], levels_of), NA),
    vapply(paste0("text_", 1:4), function(k) checkmate::test_character(data[[k]], min.chars = 1L, any.missing = FALSE), NA),
    checkmate::test_factor(data$incident, levels = kinds), checkmate::test_factor(data$law, levels = courts),
    checkmate::test_integer(data$age, lower = 0, upper = 17),
    checkmate::test_character(data$postcode, pattern = "^[A-Z][0-9]{1,2}$"),
    all(data$start <= data$end), checkmate::test_character(data$case, unique = TRUE)
  )
}

collapse_findings <- function(data) {
  `%fin%` <- function(x, table) !is.na(collapse::fmatch(x, table))
  parts <- lapply(items, function(i) which(!data[[i]] %fin% levels_of))
  for (k in paste0("text_", 1:4)) parts <- c(parts, list(collapse::whichNA(data[[k]])))
  c(parts, list(which(!as.character(data$incident) %fin% kinds), which(!as.character(data$law) %fin% courts),
    which(data$age < 0 | data$age > 17), which(!grepl("^[A-Z][0-9]{1,2}$", data$postcode)),
    which(data$start > data$end), which(collapse::fduplicated(data$case, all = TRUE))))
}

# validate's rules, and what they say of every row, from which a table of findings is made:
# `values()` are the bare verdicts; `which()` over them gives row and rule, as a user who
# wants each fault would ask; `as.data.frame()` is validate's own long form, one row for
# each row and rule, of which the faults are kept.
validate_rules <- function() {
  set <- function(x) paste0("\"", x, "\"", collapse = ", ")
  variable <- c(items, paste0("text_", 1:4), "incident", "law", "age", "postcode", "end", "case")
  rule <- c(
    sprintf("%s %%in%% c(%s)", items, set(levels_of)), sprintf("!is.na(text_%d)", 1:4),
    sprintf("incident %%in%% c(%s)", set(kinds)), sprintf("law %%in%% c(%s)", set(courts)),
    "age >= 0 & age <= 17", "grepl(\"^[A-Z][0-9]{1,2}$\", postcode)", "start <= end",
    "is_unique(case)"
  )
  validate::validator(.data = data.frame(rule = rule, name = paste0("check_", variable)))
}

validate_verdicts <- function(data) validate::values(validate::confront(data, validate_rules()))

value_of <- function(data, row, variable) {
  value <- character(length(row))
  for (name in unique(variable)) {
    use <- variable == name
    value[use] <- as.character(data[[name]][row[use]])
  }
  value
}

validate_findings <- function(data) {
  good <- validate_verdicts(data)
  at <- which(!good | is.na(good), arr.ind = TRUE)
  variable <- sub("^check_", "", colnames(good))[at[, 2L]]
  found <- data.frame(row = at[, 1L], case = data$case[at[, 1L]], variable = variable,
    value = value_of(data, at[, 1L], variable), rule = colnames(good)[at[, 2L]])
  found[order(found$row), ]
}

validate_long <- function(data) {
  data$row <- seq_len(nrow(data))
  all <- validate::as.data.frame(validate::confront(data, validate_rules(), key = "row"))
  found <- all[!(all$value %in% TRUE), ]
  found$variable <- sub("^check_", "", found$name)
  found$row <- as.integer(found$row)
  found$found <- value_of(data, found$row, found$variable)
  found[order(found$row), ]
}

# The extracts of pointblank are the failing rows of each step.
pointblank_findings <- function(data) {
  agent <- pointblank::create_agent(data)
  agent <- pointblank::col_vals_in_set(agent, dplyr::all_of(items), levels_of)
  agent <- pointblank::col_vals_not_null(agent, dplyr::all_of(paste0("text_", 1:4)))
  agent <- pointblank::col_vals_in_set(agent, "incident", kinds)
  agent <- pointblank::col_vals_in_set(agent, "law", courts)
  agent <- pointblank::col_vals_between(agent, "age", 0, 17)
  agent <- pointblank::col_vals_regex(agent, "postcode", "^[A-Z][0-9]{1,2}$")
  agent <- pointblank::col_vals_lte(agent, "start", dplyr::vars(end))
  agent <- pointblank::rows_distinct(agent, "case")
  agent <- pointblank::interrogate(agent, progress = FALSE, extract_failed = TRUE)
  dplyr::bind_rows(pointblank::get_data_extracts(agent), .id = "step")
}

book <- make_codebook()
if (has("data.table")) {
  library(data.table)
  setDTthreads(1L)
}
for (n in bench_sizes(c(300, 1e4, 1e6))) {
  data <- make_sheet(n)
  labels <- levels_of
  ms <- interleave(list(
    check_coding = function() check_coding(data, book),
    floor = if (!is.null(floor_c)) function() .Call("floor_check", data, labels),
    base = function() base_findings(data),
    data.table = if (has("data.table")) function() table_findings(data),
    collapse = if (has("collapse")) function() collapse_findings(data),
    checkmate = if (has("checkmate")) function() checkmate_verdicts(data),
    validate = if (has("validate")) function() validate_findings(data),
    "validate (values)" = if (has("validate")) function() validate_verdicts(data),
    "validate (long)" = if (has("validate") && n <= 1e5) function() validate_long(data),
    pointblank = if (has("pointblank")) function() pointblank_findings(data)
  ), runs = if (n > 1e5) 5L else 9L)
  before <- gc(reset = TRUE)
  found <- check_coding(data, book)
  after <- gc()
  cat(sprintf("\n%s rows, %d findings; check_coding() needed %.1f MB above the sheet\n",
    format(n, big.mark = ",", scientific = FALSE), nrow(found), sum(after[, 6]) - sum(before[, 2])))
  print(data.frame(ms = round(ms, 2), ratio = round(ms / ms[["check_coding"]], 2)))
}
