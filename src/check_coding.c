/* The cells of a column that are at fault, in one pass: rows and verdicts, so that the
   memory needed is in proportion to the findings. What a verdict means to the team is
   said in R. Listed codes, labels and aliases come with a verdict of their own; numbers
   are held against a range, texts against a plain pattern, dates against the calendar.
 */
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "cell_list.h"
#include "check.h"
#include "coding_date.h"
#include "encode.h"
#include "entry.h"
#include "pattern.h"

/* 1 January 1000 and 31 December 9999 */
enum { FIRST_DAY = -354285, LAST_DAY = 2932896 };

enum kind { KIND_CODE = 1, KIND_NUMBER, KIND_WHOLE, KIND_DATE, KIND_DAYS, KIND_TEXT };

typedef struct {
  dictionary words;
  const int *verdict; /* by word */
  int kind, order, lowest;
  double low, high;
  const char *separator; /* NULL where a cell is one value */
  const plain_pattern *pattern;
} cell_rule;

/* ---- one cell ---- */

static int judge_words(const cell_rule *rule, const char *text, size_t length)
{
  int at = dictionary_find(&rule->words, text, length);
  return at == 0 ? CELL_CODE : rule->verdict[at - 1];
}

/* A part from..end of a cell without the spaces around it. */
static int judge_part(const cell_rule *rule, const char *from, const char *end)
{
  while (from < end && *from == ' ') from++;
  size_t n = 0;
  for (size_t i = 0; from + i < end; i++)
    if (from[i] != ' ') n = i + 1;
  return n > 0 ? judge_words(rule, from, n) : CELL_BLANK;
}

/* A cell of several values: good where each part is, blank where it has none. */
static int judge_parts(const cell_rule *rule, const char *text, size_t length)
{
  size_t n_separator = strlen(rule->separator);
  const char *end = text + length;
  int worst = CELL_BLANK;
  for (const char *from = text; from <= end;) {
    const char *to = strstr(from, rule->separator);
    const char *next = to == NULL ? end + 1 : to + n_separator;
    int verdict = judge_part(rule, from, to == NULL ? end : to);
    if (verdict != CELL_BLANK && (worst == CELL_BLANK || verdict > worst))
      worst = verdict;
    from = next;
  }
  return worst;
}

static int judge_value(const cell_rule *rule, double value)
{
  if (!isfinite(value)) return CELL_TYPE;
  if (rule->kind == KIND_WHOLE && floor(value) != value) return CELL_WHOLE;
  return value < rule->low || value > rule->high ? CELL_RANGE : CELL_GOOD;
}

/* A number that is not good by its value may be a code, whichever way it is written. */
static int judge_listed_value(const cell_rule *rule, double value)
{
  char text[NUMBER_TEXT_SIZE];
  int verdict = judge_value(rule, value);
  if (verdict == CELL_GOOD) return verdict;
  int listed = judge_words(rule, text, number_text(value, text));
  return listed == CELL_CODE ? verdict : listed;
}

static int judge_date(const cell_rule *rule, const char *text, size_t length)
{
  civil_date date;
  if (!text_date(text, length, rule->order, rule->lowest, &date)) return CELL_DATE;
  double last = (double)days_from_civil(date.year, date.month, date.day);
  double first = last;
  if (date.precision == PRECISION_MONTH)
    last = (double)days_from_civil(date.year, date.month,
                                   days_in_month(date.year, date.month));
  if (date.precision == PRECISION_YEAR)
    last = (double)days_from_civil(date.year, 12, 31);
  return last < rule->low || first > rule->high ? CELL_RANGE : CELL_GOOD;
}

static int judge_pattern(const cell_rule *rule, const char *text, size_t length)
{
  if (rule->pattern == NULL) return CELL_GOOD;
  int answer = pattern_match(rule->pattern, text, length);
  if (answer == PATTERN_UNSURE) return CELL_UNSURE;
  return answer == PATTERN_YES ? CELL_GOOD : CELL_PATTERN;
}

static int judge_text(const cell_rule *rule, const char *text, size_t length)
{
  if (text_is_blank(text, length)) return CELL_BLANK;
  if (rule->kind == KIND_TEXT) return judge_pattern(rule, text, length);
  if (rule->kind == KIND_CODE)
    return rule->separator == NULL ? judge_words(rule, text, length)
                                   : judge_parts(rule, text, length);
  int listed = judge_words(rule, text, length);
  if (listed != CELL_CODE) return listed;
  if (rule->kind == KIND_DATE || rule->kind == KIND_DAYS)
    return judge_date(rule, text, length);
  double value;
  return text_number(text, length, &value) ? judge_listed_value(rule, value)
                                           : CELL_TYPE;
}

static int judge_string(const cell_rule *rule, SEXP cell)
{
  const void *mark = vmaxget();
  size_t length;
  const char *text = cell_text(cell, &length);
  int verdict;
  if (text != NULL)
    verdict = judge_text(rule, text, length);
  else if (rule->kind == KIND_CODE)
    verdict = CELL_CODE;
  else
    verdict =
        rule->kind == KIND_DATE || rule->kind == KIND_DAYS ? CELL_DATE : CELL_TYPE;
  vmaxset(mark);
  return verdict;
}

/* A number: by its value where that settles it, or else by the text it prints as. */
static int judge_number(const cell_rule *rule, double value)
{
  if (rule->kind == KIND_NUMBER || rule->kind == KIND_WHOLE)
    return judge_listed_value(rule, value);
  if (rule->kind == KIND_DAYS) {
    int is_day = value >= FIRST_DAY && value < LAST_DAY + 1;
    return !is_day                                                 ? CELL_DATE
           : floor(value) < rule->low || floor(value) > rule->high ? CELL_RANGE
                                                                   : CELL_GOOD;
  }
  char text[NUMBER_TEXT_SIZE];
  return judge_text(rule, text, number_text(value, text));
}

/* ---- a column ---- */

/* A text of which only that it is one is asked: no answer is worth keeping. */
static void scan_any_texts(const cell_rule *rule, const SEXP *cell, R_xlen_t n,
                           cell_list *list)
{
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    int verdict = CELL_BLANK;
    if (cell[i] != NA_STRING) {
      if (is_plain_text(cell[i])) continue;
      verdict = judge_string(rule, cell[i]);
    }
    if (verdict != CELL_GOOD) note_cell(list, i, verdict);
  }
}

/* The addresses of good cells are kept; a cell at fault is judged each time. */
static void scan_texts(const cell_rule *rule, const SEXP *cell, R_xlen_t n,
                       cell_list *list)
{
  cell_memory good = cell_memory_new(n);
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    uint64_t key = address_key(cell[i]);
    size_t slot = memory_slot(&good, key);
    if (good.key[slot] == key) continue;
    int verdict = cell[i] == NA_STRING ? CELL_BLANK : judge_string(rule, cell[i]);
    if (verdict == CELL_GOOD)
      good.key[slot] = key;
    else
      note_cell(list, i, verdict);
  }
}

static int seen_number(const cell_rule *rule, const cell_memory *seen, double value)
{
  uint64_t key = bits_of(value);
  size_t slot = memory_slot(seen, key);
  if (seen->key[slot] != key) {
    seen->key[slot] = key;
    seen->answer[slot] = judge_number(rule, value);
  }
  return seen->answer[slot];
}

/* The range within which a number is good without a second look. */
typedef struct {
  double low, high;
  int whole;
} plain_range;

static plain_range plain_range_of(const cell_rule *rule)
{
  plain_range range = {rule->low, rule->high, rule->kind == KIND_WHOLE};
  if (rule->kind == KIND_CODE || rule->kind == KIND_DATE || rule->pattern != NULL)
    range.low = NAN; /* nothing is */
  else if (rule->kind == KIND_TEXT)
    range = (plain_range){-DBL_MAX, DBL_MAX, 0};
  double first = rule->kind == KIND_DAYS ? FIRST_DAY : -DBL_MAX;
  double last = rule->kind == KIND_DAYS ? LAST_DAY : DBL_MAX;
  if (range.low < first) range.low = first;
  if (range.high > last) range.high = last;
  return range;
}

static void judge_odd_number(const cell_rule *rule, double value, R_xlen_t i,
                             const cell_memory *seen, cell_list *list)
{
  int verdict = seen_number(rule, seen, value);
  if (verdict != CELL_GOOD) note_cell(list, i, verdict);
}

static void scan_integers(const cell_rule *rule, const int *cell, R_xlen_t n,
                          cell_list *list)
{
  plain_range range = plain_range_of(rule);
  cell_memory seen = cell_memory_new(n);
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    if (cell[i] == NA_INTEGER) {
      if (list->with_blank) note_cell(list, i, CELL_BLANK);
    } else if (!(cell[i] >= range.low && cell[i] <= range.high)) {
      judge_odd_number(rule, cell[i], i, &seen, list);
    }
  }
}

static void scan_doubles(const cell_rule *rule, const double *cell, R_xlen_t n,
                         cell_list *list)
{
  plain_range range = plain_range_of(rule);
  cell_memory seen = cell_memory_new(n);
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    double value = cell[i];
    if (value >= range.low && value <= range.high &&
        (!range.whole || (fabs(value) < INT_MAX && value == (int)value)))
      continue;
    if (!ISNAN(value))
      judge_odd_number(rule, value, i, &seen, list);
    else if (list->with_blank)
      note_cell(list, i, CELL_BLANK);
  }
}

static void scan_levels(const int *code, R_xlen_t n, const int *verdict, int n_levels,
                        cell_list *list)
{
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    int judged = CELL_BLANK;
    if (code[i] != NA_INTEGER) {
      if (code[i] < 1 || code[i] > n_levels)
        stop_internal("row %.0f holds a factor code without a level", (double)i + 1);
      judged = verdict[code[i] - 1];
    }
    if (judged != CELL_GOOD) note_cell(list, i, judged);
  }
}

/* cells: texts, whole numbers or numbers; words: what is listed, with the verdict of
   each; kind: one of the enum; range: low and high; reading: order and lowest precision
   of dates; texts: the separator and the plain pattern, NA for none; with_blank:
   whether blank cells are wanted. NULL where the pattern is not a plain one. */
SEXP check_coding_cells(SEXP cells, SEXP words, SEXP verdicts, SEXP kind, SEXP range,
                        SEXP reading, SEXP texts, SEXP with_blank)
{
  check_rows(cells);
  check_type(verdicts, INTSXP, "verdicts");
  check_type(words, STRSXP, "words");
  check_length(verdicts, Rf_xlength(words), "verdicts");
  check_type(range, REALSXP, "range");
  check_length(range, 2, "range");
  check_type(reading, INTSXP, "reading");
  check_length(reading, 2, "reading");
  check_type(texts, STRSXP, "texts");
  check_length(texts, 2, "texts");
  plain_pattern pattern;
  cell_rule rule = {
      dictionary_new(words), INTEGER_RO(verdicts), 0, 0, 0, 0, 0, NULL, NULL};
  size_t length;
  rule.kind = check_int(kind, KIND_CODE, KIND_TEXT, "kind");
  rule.low = REAL_RO(range)[0];
  rule.high = REAL_RO(range)[1];
  rule.order = INTEGER_RO(reading)[0];
  rule.lowest = INTEGER_RO(reading)[1];
  if (STRING_ELT(texts, 0) != NA_STRING)
    rule.separator = cell_text(STRING_ELT(texts, 0), &length);
  if (rule.separator != NULL && *rule.separator == 0) rule.separator = NULL;
  if (STRING_ELT(texts, 1) != NA_STRING) {
    if (!pattern_compile(R_CHAR(STRING_ELT(texts, 1)), &pattern)) return R_NilValue;
    rule.pattern = &pattern;
  }
  cell_list list = {0, 0, NULL, NULL, check_int(with_blank, 0, 1, "with_blank")};
  R_xlen_t n = Rf_xlength(cells);
  if (TYPEOF(cells) == STRSXP) {
    if (rule.kind == KIND_TEXT && rule.pattern == NULL)
      scan_any_texts(&rule, STRING_PTR_RO(cells), n, &list);
    else
      scan_texts(&rule, STRING_PTR_RO(cells), n, &list);
  } else {
    if (TYPEOF(cells) != INTSXP) check_type(cells, REALSXP, "cells");
    if (TYPEOF(cells) == INTSXP)
      scan_integers(&rule, INTEGER_RO(cells), n, &list);
    else
      scan_doubles(&rule, REAL_RO(cells), n, &list);
  }
  return cell_list_result(&list);
}

/* The same for a factor whose levels have been judged. */
SEXP check_coding_levels(SEXP codes, SEXP verdicts, SEXP with_blank)
{
  check_rows(codes);
  check_type(codes, INTSXP, "codes");
  check_type(verdicts, INTSXP, "verdicts");
  cell_list list = {0, 0, NULL, NULL, check_int(with_blank, 0, 1, "with_blank")};
  scan_levels(INTEGER_RO(codes), Rf_xlength(codes), INTEGER_RO(verdicts),
              (int)Rf_xlength(verdicts), &list);
  return cell_list_result(&list);
}
