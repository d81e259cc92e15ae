# The ratings sheet and the team's decisions of the example review: two coders made up from
# the illustrative ratings, the second of whom differs on every eleventh rating by one code.
# Neither is a coder of the published study. Run from the root of the source.
library(casereview)
book <- cafcass_codebook()
items <- setdiff(names(cafcass_ratings), "case")
codes <- split(book$codes$label[book$codes$missing == ""], book$codes$variable[book$codes$missing == ""])

long <- do.call(rbind, lapply(items, function(item) {
  data.frame(case = cafcass_ratings$case, item = item, first = as.character(cafcass_ratings[[item]]))
}))
long <- long[order(long$case), ]
differs <- seq_len(nrow(long)) %% 11L == 5L
long$second <- long$first
for (i in which(differs)) {
  scale <- codes[[long$item[i]]]
  at <- match(long$first[i], scale)
  long$second[i] <- scale[if (at == length(scale)) at - 1L else at + 1L]
}
ratings <- rbind(
  data.frame(case = long$case, coder = "A", item = long$item, rating = long$first),
  data.frame(case = long$case, coder = "B", item = long$item, rating = long$second)
)
ratings <- ratings[order(ratings$case, match(ratings$item, items), ratings$coder), ]
decisions <- data.frame(case = long$case, item = long$item, decision = long$first,
  decided_by = "A and B", reason = "read again together")[differs, ]
folder <- file.path("inst", "extdata", "case-review")
write.csv(ratings, file.path(folder, "ratings.csv"), row.names = FALSE)
write.csv(decisions, file.path(folder, "decisions.csv"), row.names = FALSE)
