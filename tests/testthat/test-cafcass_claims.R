report <- list(cafcass_cases = cafcass_cases, cafcass_tables = cafcass_tables,
  cafcass_ratings = cafcass_ratings)
found <- audit_claims(cafcass_claims, report)

test_that("the register has a claim a row and holds no verdict", {
  expect_identical(names(cafcass_claims),
    c("id", "section", "claim", "printed", "expression", "note"))
  expect_false(anyDuplicated(cafcass_claims$id) > 0L)
  expect_gt(nrow(cafcass_claims), 600L)
  expect_true(all(nzchar(cafcass_claims$printed)))
  silent <- !nzchar(cafcass_claims$expression)
  expect_true(all(nzchar(cafcass_claims$note[silent])))
})

test_that("the audit finds the faults of the report, and no others", {
  faults <- found$id[found$verdict %in% c("truncated", "disagrees", "impossible")]
  expect_setequal(faults, c("s11_panel_twice", "s11_ofsted_rise", "s31_bins",
    "s33_not_fatal_before", "s33_label_spite", "s33_label_overdose", "s33_case5_perpetrator",
    "t11_total_5_percent", "t11_total_100", "s34_both_highest", "t12_2014_2_decimal",
    "t12_overall_2", "s35_chart3_text", "s35_chart4_text", "s35_example6_intro",
    "s42_other_column", "s45_all_but", "s6_assault_of"))
  expect_setequal(found$id[found$verdict == "truncated"],
    c("s11_ofsted_rise", "s33_not_fatal_before"))
})

test_that("every expression runs: only one is left open by the report", {
  open <- found$verdict == "not checkable" & nzchar(cafcass_claims$expression)
  expect_identical(found$id[open], "s43_all")
})

test_that("verdicts follow the data", {
  changed <- report
  changed$cafcass_cases$fatal[1L] <- FALSE
  again <- audit_claims(cafcass_claims, changed)
  moved <- again$id[again$verdict != found$verdict]
  expect_true(all(c("s6_fatal", "s32_died", "s32_survived", "s33_not_fatal") %in% moved))
  changed <- report
  changed$cafcass_tables$table_11$total[5L] <- "6 (10.2)"
  again <- audit_claims(cafcass_claims, changed)
  expect_identical(again$verdict[again$id == "t11_total_100"], "agrees")
})
