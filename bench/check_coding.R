# check_coding() beside what teams use now, on one sheet: 13 rating columns, 4 texts, 2
# factors, a range, a pattern, an order of two dates and a key (23 checks), with about 21
# faults in 1,000 rows. Interleaved runs, medians of CPU time, ratios to check_coding().
#
#   Rscript bench/check_coding.R [n = 1e5] [runs = 5]
#
# Every peer tests the same cells; only check_coding() and base R give the full table of
# findings. A package that is not installed is left out, and said so.

library(casereview)

arguments <- as.numeric(commandArgs(trailingOnly = TRUE))
n <- if (length(arguments) >= 1) arguments[1] else 1e5
runs <- if (length(arguments) >= 2) arguments[2] else 5

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

validate_findings <- function(data) {
  rules <- c(
    sprintf("%s %%in%% c(%s)", items, paste0("\"", levels_of, "\"", collapse = ", ")),
    sprintf("!is.na(text_%d)", 1:4),
    sprintf("incident %%in%% c(%s)", paste0("\"", kinds, "\"", collapse = ", ")),
    sprintf("law %%in%% c(%s)", paste0("\"", courts, "\"", collapse = ", ")),
    "age >= 0 & age <= 17", "grepl(\"^[A-Z][0-9]{1,2}$\", postcode)", "start <= end",
    "is_unique(case)"
  )
  validate::values(validate::confront(data, validate::validator(.data = data.frame(rule = rules))))
}

pointblank_findings <- function(data) {
  agent <- pointblank::create_agent(data)
  agent <- pointblank::col_vals_in_set(agent, items, levels_of)
  agent <- pointblank::col_vals_not_null(agent, paste0("text_", 1:4))
  agent <- pointblank::col_vals_in_set(agent, "incident", kinds)
  agent <- pointblank::col_vals_in_set(agent, "law", courts)
  agent <- pointblank::col_vals_between(agent, "age", 0, 17)
  agent <- pointblank::col_vals_regex(agent, "postcode", "^[A-Z][0-9]{1,2}$")
  agent <- pointblank::col_vals_lte(agent, "start", data$end)
  agent <- pointblank::rows_distinct(agent, "case")
  pointblank::interrogate(agent, progress = FALSE, extract_failed = TRUE)
}

peers <- list(check_coding = NULL, base = base_findings)
data <- make_sheet(n)
book <- make_codebook()
peers$check_coding <- function(data) check_coding(data, book)
if (requireNamespace("data.table", quietly = TRUE)) {
  library(data.table)
  data.table::setDTthreads(1L)
  peers$data.table <- table_findings
}
for (name in c("checkmate", "collapse", "validate", "pointblank")) {
  there <- requireNamespace(name, quietly = TRUE)
  if (!there) message(name, " is not installed and is left out.")
  slow <- name == "pointblank" && n > 1e5
  if (there && !slow) peers[[name]] <- get(ls(pattern = paste0("^", name, "_")))
}

time <- matrix(NA_real_, runs, length(peers), dimnames = list(NULL, names(peers)))
times <- max(1, ceiling(2e4 / n))
for (run in seq_len(runs)) {
  for (name in sample(names(peers))) {
    peer <- peers[[name]]
    gc(FALSE)
    spent <- system.time(for (k in seq_len(times)) peer(data), gcFirst = FALSE)
    time[run, name] <- sum(spent[c("user.self", "sys.self")]) / times
  }
}
before <- gc(reset = TRUE)
found <- check_coding(data, book)
after <- gc()
cat("n =", n, "rows,", nrow(found), "findings,", runs, "runs; check_coding() needed",
  round(sum(after[, 6]) - sum(before[, 2]), 1), "MB above the sheet\n")
seconds <- apply(time, 2, median)
print(data.frame(ms = round(1000 * seconds, 2), ratio = round(seconds / seconds[["check_coding"]], 1)))
