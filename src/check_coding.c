/* The cells of a column that are at fault, in one pass: rows and verdicts, so that the
   memory needed is in proportion to the findings. What a verdict means to the team is
   said in R. Listed codes, labels and aliases come with a verdict of their own; numbers
   are held against a range, texts against a plain pattern, dates against the calendar.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "coding_date.h"
#include "encode.h"
#include "entry.h"
#include "pattern.h"
#include "result.h"
#include "size.h"

enum verdict {
  CELL_GOOD = 0,
  CELL_BLANK = 1,
  CELL_ALIAS = 2,
  CELL_CODE = 3,
  CELL_TYPE = 4,
  CELL_WHOLE = 5,
  CELL_RANGE = 6,
  CELL_DATE = 7,
  CELL_PATTERN = 8,
  CELL_UNSURE = 9
};

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

/* A cell of several values: good where each part is. Parts lose the spaces around them.
 */
static int judge_parts(const cell_rule *rule, const char *text, size_t length)
{
  size_t n_separator = strlen(rule->separator);
  const char *end = text + length;
  int worst = CELL_GOOD;
  for (const char *from = text; from <= end;) {
    const char *to = strstr(from, rule->separator);
    const char *next = to == NULL ? end + 1 : to + n_separator;
    if (to == NULL) to = end;
    while (from < to && *from == ' ') from++;
    while (from < to && to[-1] == ' ') to--;
    if (from < to && judge_words(rule, from, (size_t)(to - from)) > worst)
      worst = judge_words(rule, from, (size_t)(to - from));
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
  return text_number(text, length, &value) ? judge_value(rule, value) : CELL_TYPE;
}

static int judge_string(const cell_rule *rule, SEXP cell)
{
  const void *mark = vmaxget();
  const char *text = cell_text(cell);
  int verdict;
  if (text != NULL)
    verdict = judge_text(rule, text, strlen(text));
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
  char text[NUMBER_TEXT_SIZE];
  int verdict = CELL_CODE;
  if (rule->kind == KIND_NUMBER || rule->kind == KIND_WHOLE)
    verdict = judge_value(rule, value);
  if (rule->kind == KIND_DAYS) {
    int is_day = value >= -354285 && value <= 2932896; /* the years 1000 to 9999 */
    verdict = !is_day                                                 ? CELL_DATE
              : floor(value) < rule->low || floor(value) > rule->high ? CELL_RANGE
                                                                      : CELL_GOOD;
  }
  if (verdict == CELL_GOOD || rule->kind == KIND_DAYS) return verdict;
  size_t length = number_text(value, text);
  if (rule->kind == KIND_NUMBER || rule->kind == KIND_WHOLE) {
    int listed = judge_words(rule, text, length);
    return listed == CELL_CODE ? verdict : listed;
  }
  return judge_text(rule, text, length);
}

/* ---- a column ---- */

typedef struct {
  R_xlen_t n, size;
  int *row, *verdict;
  int with_blank;
} cell_list;

static void *grown(const void *old, size_t n_old, size_t n_new)
{
  void *bigger = R_alloc(n_new, sizeof(int));
  if (n_old > 0) memcpy(bigger, old, size_mul(n_old, sizeof(int)));
  return bigger;
}

static void note_cell(cell_list *list, R_xlen_t i, int verdict)
{
  if (verdict == CELL_BLANK && !list->with_blank) return;
  if (list->n == list->size) {
    R_xlen_t size = list->size == 0 ? 64 : list->size * 2;
    list->row = (int *)grown(list->row, (size_t)list->n, (size_t)size);
    list->verdict = (int *)grown(list->verdict, (size_t)list->n, (size_t)size);
    list->size = size;
  }
  list->row[list->n] = (int)(i + 1);
  list->verdict[list->n++] = verdict;
}

static void scan_texts(const cell_rule *rule, SEXP cells, cell_list *list)
{
  const SEXP *cell = STRING_PTR_RO(cells);
  R_xlen_t n = Rf_xlength(cells);
  cell_memory *seen = cell_memory_new();
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    int verdict = CELL_BLANK;
    if (cell[i] != NA_STRING) {
      uint64_t key = address_key(cell[i]);
      size_t slot = memory_slot(key);
      if (seen->key[slot] != key || seen->answer[slot] == NOT_SEEN) {
        seen->key[slot] = key;
        seen->answer[slot] = judge_string(rule, cell[i]);
      }
      verdict = seen->answer[slot];
    }
    if (verdict != CELL_GOOD) note_cell(list, i, verdict);
  }
}

static int seen_number(const cell_rule *rule, cell_memory *seen, double value)
{
  uint64_t key = double_key(value);
  size_t slot = memory_slot(key);
  if (seen->key[slot] != key || seen->answer[slot] == NOT_SEEN) {
    seen->key[slot] = key;
    seen->answer[slot] = judge_number(rule, value);
  }
  return seen->answer[slot];
}

static void scan_numbers(const cell_rule *rule, SEXP cells, cell_list *list)
{
  R_xlen_t n = Rf_xlength(cells);
  const int *whole = TYPEOF(cells) == INTSXP ? INTEGER_RO(cells) : NULL;
  const double *number = whole == NULL ? REAL_RO(cells) : NULL;
  cell_memory *seen = cell_memory_new();
  int plain = rule->kind == KIND_NUMBER || rule->kind == KIND_WHOLE;
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    int missing = whole != NULL ? whole[i] == NA_INTEGER : ISNAN(number[i]);
    if (missing) {
      if (list->with_blank) note_cell(list, i, CELL_BLANK);
      continue;
    }
    double value = whole != NULL ? whole[i] : number[i];
    if (plain && judge_value(rule, value) == CELL_GOOD) continue;
    int verdict = seen_number(rule, seen, value);
    if (verdict != CELL_GOOD) note_cell(list, i, verdict);
  }
}

static void scan_levels(const int *code, R_xlen_t n, const int *verdict, int n_levels,
                        cell_list *list)
{
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    int judged = CELL_BLANK;
    if (code[i] != NA_INTEGER) {
      if (code[i] < 1 || code[i] > n_levels)
        stop_internal("row %.0f holds a factor code without a level", (double)i + 1);
      judged = verdict[code[i] - 1];
    }
    if (judged != CELL_GOOD) note_cell(list, i, judged);
  }
}

static SEXP cell_list_result(const cell_list *list)
{
  static const char *const names[] = {"row", "verdict"};
  SEXP result = PROTECT(result_list(2, names));
  SEXP rows = Rf_allocVector(INTSXP, list->n);
  SET_VECTOR_ELT(result, 0, rows);
  SEXP verdicts = Rf_allocVector(INTSXP, list->n);
  SET_VECTOR_ELT(result, 1, verdicts);
  if (list->n > 0) {
    memcpy(INTEGER(rows), list->row, size_mul((size_t)list->n, sizeof(int)));
    memcpy(INTEGER(verdicts), list->verdict, size_mul((size_t)list->n, sizeof(int)));
  }
  UNPROTECT(1);
  return result;
}

static void check_rows(SEXP cells)
{
  if (Rf_xlength(cells) > INT_MAX) stop_internal("a column is longer than rows can be");
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
  rule.kind = check_int(kind, KIND_CODE, KIND_TEXT, "kind");
  rule.low = REAL_RO(range)[0];
  rule.high = REAL_RO(range)[1];
  rule.order = INTEGER_RO(reading)[0];
  rule.lowest = INTEGER_RO(reading)[1];
  if (STRING_ELT(texts, 0) != NA_STRING)
    rule.separator = cell_text(STRING_ELT(texts, 0));
  if (rule.separator != NULL && *rule.separator == 0) rule.separator = NULL;
  if (STRING_ELT(texts, 1) != NA_STRING) {
    if (!pattern_compile(R_CHAR(STRING_ELT(texts, 1)), &pattern)) return R_NilValue;
    rule.pattern = &pattern;
  }
  cell_list list = {0, 0, NULL, NULL, check_int(with_blank, 0, 1, "with_blank")};
  if (TYPEOF(cells) == STRSXP) {
    scan_texts(&rule, cells, &list);
  } else {
    if (TYPEOF(cells) != INTSXP) check_type(cells, REALSXP, "cells");
    scan_numbers(&rule, cells, &list);
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

/* ---- keys that stand twice ---- */

static uint64_t part_key(SEXP column, R_xlen_t i)
{
  if (TYPEOF(column) == STRSXP) return address_key(STRING_PTR_RO(column)[i]);
  if (TYPEOF(column) == INTSXP) return (uint64_t)INTEGER_RO(column)[i];
  double value = REAL_RO(column)[i];
  return double_key(value == 0 ? 0 : value);
}

static int part_missing(SEXP column, R_xlen_t i)
{
  if (TYPEOF(column) == STRSXP) return STRING_PTR_RO(column)[i] == NA_STRING;
  if (TYPEOF(column) == INTSXP) return INTEGER_RO(column)[i] == NA_INTEGER;
  return ISNAN(REAL_RO(column)[i]) != 0;
}

static int key_missing(const SEXP *columns, int n_columns, R_xlen_t i)
{
  for (int j = 0; j < n_columns; j++) {
    if (part_missing(columns[j], i)) return 1;
  }
  return 0;
}

static uint64_t row_hash(const SEXP *columns, int n_columns, R_xlen_t i)
{
  uint64_t hash = 0;
  for (int j = 0; j < n_columns; j++)
    hash = (hash ^ part_key(columns[j], i)) * UINT64_C(0x9E3779B97F4A7C15) + 1;
  return hash ^ (hash >> 29);
}

static int same_row(const SEXP *columns, int n_columns, R_xlen_t a, R_xlen_t b)
{
  for (int j = 0; j < n_columns; j++) {
    if (part_key(columns[j], a) != part_key(columns[j], b)) return 0;
  }
  return 1;
}

/* Each later row of a key, with the first row of that key as its verdict. Texts must be clean UTF-8, so
   that equal texts have one address; a key with a missing part stands for itself. */
SEXP check_coding_duplicates(SEXP parts)
{
  check_type(parts, VECSXP, "parts");
  int n_columns = (int)Rf_xlength(parts);
  if (n_columns < 1) stop_internal("`parts` holds no column");
  SEXP *columns = (SEXP *)R_alloc((size_t)n_columns, sizeof(SEXP));
  for (int j = 0; j < n_columns; j++) {
    columns[j] = VECTOR_ELT(parts, j);
    if (TYPEOF(columns[j]) != STRSXP && TYPEOF(columns[j]) != INTSXP)
      check_type(columns[j], REALSXP, "parts");
    check_length(columns[j], Rf_xlength(columns[0]), "parts");
    check_rows(columns[j]);
  }
  R_xlen_t n = Rf_xlength(columns[0]);
  size_t n_slots = 16;
  while (n_slots < size_mul((size_t)n, 2)) n_slots = size_mul(n_slots, 2);
  int *slots = (int *)R_alloc(n_slots, sizeof(int));
  memset(slots, 0, size_mul(n_slots, sizeof(int)));
  cell_list list = {0, 0, NULL, NULL, 1};
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    if (key_missing(columns, n_columns, i)) continue;
    size_t slot = (size_t)row_hash(columns, n_columns, i) & (n_slots - 1);
    while (slots[slot] != 0 && !same_row(columns, n_columns, slots[slot] - 1, i))
      slot = (slot + 1) & (n_slots - 1);
    if (slots[slot] == 0)
      slots[slot] = (int)(i + 1);
    else
      note_cell(&list, i, slots[slot]);
  }
  return cell_list_result(&list);
}
