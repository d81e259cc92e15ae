# A random codebook: any types, strange but lawful texts.
random_codebook <- function(seed) {
  set.seed(seed)
  strange <- c("plain", "two words", " edges ", "comma, x;y", "\"quoted\"",
    "line\nbreak", "caf\u00e9",
    "\u4e2d\u6587", "=1+1", "0012", "1e5", "TRUE", "NA", "'", "-", "a|b", "\t",
      "<b>&amp;</b>", "%d",
    "2010-01-01", "null", "_x0041_", "\U1F600", "#N/A", "\\n", "1.50")
  text <- function(n, some = 0.5) ifelse(runif(n) < some, sample(strange, n, TRUE), "")
  n <- sample(0:6, 1)
  types <- sample(c("id", "nominal", "ordinal", "rating", "flag", "integer", "number",
    "date", "year",
    "text", "multicode"), n, TRUE)
  variables <- data.frame(
    variable = sample(c(strange[-17], letters), n), label = text(n), type = types,
    required = runif(n) < 0.5,
    min = ifelse(runif(n) < 0.3, ifelse(types == "date", "2001-02-03", "-1"), ""),
    max = ifelse(runif(n) < 0.3, ifelse(types == "date", "2011-12-13", "12"), ""),
    pattern = ifelse(runif(n) < 0.3, "^[A-Z]{2,3}\\d+|\"\\\\$", ""),
    relevant = ifelse(runif(n) < 0.3, "`a b` == \"x, y\" & n > 1", ""),
    separator = ifelse(types == "multicode", sample(c("//", "::"), n, TRUE),
      text(n, 0.2)),
    restricted = runif(n) < 0.5, instruction = text(n)
  )
  codes <- do.call(rbind, lapply(which(types != "id"), function(i) {
    k <- sample(0:5, 1)
    code <- sample(setdiff(strange, c("\t", "NA")), k)
    data.frame(
      variable = rep(variables$variable[i], k), code = code,
      label = ifelse(runif(k) < 0.5, "", paste("label", code)),
      score = ifelse(runif(k) < 0.5, NA,
        sample(c(0, 1, 0.1, 1 / 3, 1e300, -2.5, 1e-7, 123456789.123), k, TRUE)),
      missing = sample(c("", "", "not_known", "not_recorded", "not_applicable"), k,
        TRUE),
      parent = if (k > 1) c(code[2], rep("", k - 1)) else rep("", k),
      aliases = ifelse(runif(k) < 0.3 & code != "comma, x;y",
        paste0("other ", code, i, " ;", code, " two"), "")
    )
  }))
  r <- sample(0:2, 1)
  rules <- data.frame(rule = sample(strange[-17], r),
    expression = rep("is.na(x) | x %in% c(\"a\", \"\u00e9\")", r),
    severity = sample(c("", "error", "warning"), r, TRUE), message = text(r))
  casereview::codebook(variables, codes, rules,
    title = if (runif(1) < 0.5) sample(strange[-17], 1),
    version = if (runif(1) < 0.5) sample(strange[-17], 1))
}
