/* Text becomes integer codes once. Texts are compared as UTF-8, so one text in latin1
   and in UTF-8 is one text, and a number is compared by the text it prints as. R keeps
   one CHARSXP for each string and encoding, so a small memory of addresses answers for
   nearly every cell. */
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <R_ext/Utils.h>

#include "check.h"
#include "encode.h"
#include "entry.h"
#include "size.h"

/* ---- texts ---- */

static int utf8_tail(const unsigned char *p, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0; /* the closing zero byte stops this too */
  }
  return 1;
}

/* Bytes of the character at p, 0 where the bytes are not UTF-8. */
static size_t utf8_size(const unsigned char *p)
{
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) return utf8_tail(p, 2) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    if (!utf8_tail(p, 3)) return 0;
    if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
    return p[0] == 0xED && p[1] > 0x9F ? 0 : 3;
  }
  if (p[0] < 0xF0 || p[0] > 0xF4 || !utf8_tail(p, 4)) return 0;
  if (p[0] == 0xF0 && p[1] < 0x90) return 0;
  return p[0] == 0xF4 && p[1] > 0x8F ? 0 : 4;
}

static int utf8_valid(const char *text)
{
  const unsigned char *p = (const unsigned char *)text;
  while (*p != 0) {
    size_t size = utf8_size(p);
    if (size == 0) return 0;
    p += size;
  }
  return 1;
}

static int is_ascii(const char *text, size_t length)
{
  unsigned char all = 0;
  for (size_t i = 0; i < length; i++) all |= (unsigned char)text[i];
  return all < 0x80;
}

static size_t count_brackets(const char *text)
{
  size_t n = 0;
  for (; *text != 0; text++) n += *text == '<';
  return n;
}

/* R translates a byte that the encoding does not have as "<e9>". */
const char *cell_text(SEXP value, size_t *length)
{
  const char *bytes = R_CHAR(value);
  *length = (size_t)Rf_xlength(value);
  if (is_ascii(bytes, *length)) return bytes;
  if (Rf_getCharCE(value) == CE_BYTES) return NULL;
  const char *text = Rf_translateCharUTF8(value);
  *length = strlen(text);
  if (text != bytes && count_brackets(text) > count_brackets(bytes)) return NULL;
  return utf8_valid(text) ? text : NULL;
}

/* Bytes of the white space at p (no-break and typographic spaces included), or 0. */
static size_t space_size(const unsigned char *p)
{
  if (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r')) return 1;
  if (p[0] == 0xC2 && p[1] == 0xA0) return 2;
  if (p[0] == 0xE2 && p[1] == 0x80)
    return (p[2] >= 0x80 && p[2] <= 0x8B) || p[2] == 0xAF ? 3 : 0;
  if (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80) return 3;
  return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF ? 3 : 0;
}

/* The text must be closed by a zero byte or be followed by one of more text. */
int text_is_blank(const char *text, size_t length)
{
  const unsigned char *p = (const unsigned char *)text, *end = p + length;
  while (p < end) {
    size_t size = space_size(p);
    if (size == 0) return 0;
    p += size;
  }
  return 1;
}

static size_t skip_digits(const char *text, size_t i, size_t length)
{
  while (i < length && text[i] >= '0' && text[i] <= '9') i++;
  return i;
}

int text_number(const char *text, size_t length, double *number)
{
  size_t i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  size_t whole = skip_digits(text, i, length) - i;
  i += whole;
  size_t part = 0;
  if (i < length && text[i] == '.') {
    part = skip_digits(text, i + 1, length) - (i + 1);
    i += 1 + part;
  }
  if (whole + part == 0) return 0;
  if (i < length && (text[i] == 'e' || text[i] == 'E')) {
    size_t sign = i + 1 < length && (text[i + 1] == '-' || text[i + 1] == '+') ? 1 : 0;
    size_t digits = skip_digits(text, i + 1 + sign, length) - (i + 1 + sign);
    if (digits == 0) return 0;
    i += 1 + sign + digits;
  }
  if (i != length) return 0;
  *number = R_strtod(text, NULL);
  return 1;
}

/* Digits from the last to the first: many times faster than snprintf(). */
static size_t whole_text(int64_t value, char *text)
{
  char digits[NUMBER_TEXT_SIZE];
  size_t n = 0, length = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) text[length++] = '-';
  while (n > 0) text[length++] = digits[--n];
  text[length] = 0;
  return length;
}

/* A number as text, whole numbers without a point: 3, 2.5, 100000. */
size_t number_text(double value, char *text)
{
  if (!isfinite(value)) {
    return (size_t)snprintf(text, NUMBER_TEXT_SIZE, "%s", value > 0 ? "Inf" : "-Inf");
  }
  if (fabs(value) < 1e15 && (double)(int64_t)value == value)
    return whole_text((int64_t)value, text);
  return (size_t)snprintf(text, NUMBER_TEXT_SIZE, "%.15g", value);
}

/* ---- dictionary ---- */

static uint64_t text_hash(const char *text, size_t length)
{
  uint64_t hash = UINT64_C(14695981039346656037);
  for (size_t i = 0; i < length; i++)
    hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
  return hash ^ (hash >> 32);
}

static size_t dictionary_slot(const dictionary *words, const char *text, size_t length)
{
  size_t slot = (size_t)text_hash(text, length) & words->mask;
  for (;; slot = (slot + 1) & words->mask) {
    int at = words->slot[slot];
    if (at == 0) return slot;
    if (words->length[at - 1] == length &&
        memcmp(words->word[at - 1], text, length) == 0)
      return slot;
  }
}

/* Where a text stands twice, its first position counts. */
dictionary dictionary_new(SEXP words)
{
  check_type(words, STRSXP, "words");
  size_t n = (size_t)Rf_xlength(words), n_slots = 16;
  while (n_slots < 2 * n) n_slots *= 2;
  dictionary table = {n_slots - 1, NULL, NULL, NULL};
  table.slot = (int *)R_alloc(n_slots, sizeof(int));
  memset(table.slot, 0, size_mul(n_slots, sizeof(int)));
  table.word = (const char **)R_alloc(n + 1, sizeof(char *));
  table.length = (size_t *)R_alloc(n + 1, sizeof(size_t));
  for (size_t j = 0; j < n; j++) {
    SEXP word = STRING_ELT(words, (R_xlen_t)j);
    table.word[j] = word == NA_STRING ? NULL : cell_text(word, table.length + j);
    if (table.word[j] == NULL) continue;
    size_t slot = dictionary_slot(&table, table.word[j], table.length[j]);
    if (table.slot[slot] == 0) table.slot[slot] = (int)j + 1;
  }
  return table;
}

/* The position of a text, 0 where it is not there. */
int dictionary_find(const dictionary *words, const char *text, size_t length)
{
  return words->slot[dictionary_slot(words, text, length)];
}

cell_memory *cell_memory_new(void)
{
  cell_memory *memory = (cell_memory *)R_alloc(1, sizeof(cell_memory));
  for (int i = 0; i < MEMORY_SLOTS; i++) memory->key[i] = NOT_SEEN;
  return memory;
}

/* ---- entry points ---- */

static int find_text(const dictionary *words, SEXP value, int blank_is_missing)
{
  const void *mark = vmaxget();
  size_t length;
  const char *text = cell_text(value, &length);
  int at = 0;
  if (text != NULL) {
    at = blank_is_missing && text_is_blank(text, length)
             ? NA_INTEGER
             : dictionary_find(words, text, length);
  }
  vmaxset(mark);
  return at;
}

static void match_texts(SEXP values, const dictionary *words, int blank_is_missing,
                        int *at)
{
  const SEXP *value = STRING_PTR_RO(values);
  R_xlen_t n = Rf_xlength(values);
  cell_memory *seen = cell_memory_new();
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    if (value[i] == NA_STRING) {
      at[i] = NA_INTEGER;
      continue;
    }
    uint64_t key = address_key(value[i]);
    size_t slot = memory_slot(key);
    if (seen->key[slot] != key) {
      seen->key[slot] = key;
      seen->answer[slot] = find_text(words, value[i], blank_is_missing);
    }
    at[i] = seen->answer[slot];
  }
}

static int find_number(const dictionary *words, cell_memory *seen, double value)
{
  char text[NUMBER_TEXT_SIZE];
  uint64_t key = double_key(value);
  size_t slot = memory_slot(key);
  if (seen->key[slot] != key) {
    seen->key[slot] = key;
    seen->answer[slot] = dictionary_find(words, text, number_text(value, text));
  }
  return seen->answer[slot];
}

/* The first position in `table` of each of `values`: NA for a missing value, 0 for a
   text that is not there. */
SEXP encode_match(SEXP values, SEXP table)
{
  check_type(values, STRSXP, "values");
  dictionary words = dictionary_new(table);
  SEXP codes = PROTECT(Rf_allocVector(INTSXP, Rf_xlength(values)));
  match_texts(values, &words, 0, INTEGER(codes));
  UNPROTECT(1);
  return codes;
}

/* The same for the cells of a plain column of texts, whole numbers or numbers, in which
   a blank text is missing too. */
SEXP encode_cells(SEXP cells, SEXP table)
{
  dictionary words = dictionary_new(table);
  R_xlen_t n = Rf_xlength(cells);
  SEXP codes = PROTECT(Rf_allocVector(INTSXP, n));
  int *code = INTEGER(codes);
  cell_memory *seen = cell_memory_new();
  if (TYPEOF(cells) == STRSXP) {
    match_texts(cells, &words, 1, code);
  } else if (TYPEOF(cells) == INTSXP) {
    const int *cell = INTEGER_RO(cells);
    for (R_xlen_t i = 0; i < n; i++)
      code[i] = cell[i] == NA_INTEGER ? NA_INTEGER : find_number(&words, seen, cell[i]);
  } else {
    check_type(cells, REALSXP, "cells");
    const double *cell = REAL_RO(cells);
    for (R_xlen_t i = 0; i < n; i++)
      code[i] = ISNAN(cell[i]) ? NA_INTEGER : find_number(&words, seen, cell[i]);
  }
  UNPROTECT(1);
  return codes;
}

/* Bytes that are no text, written out: "\xff". */
static SEXP escaped_text(SEXP value)
{
  const unsigned char *byte = (const unsigned char *)R_CHAR(value);
  size_t n = strlen((const char *)byte);
  if (n > INT_MAX / 4) stop_internal("a text of bytes is too long");
  char *text = R_alloc(size_mul(n, 4) + 1, 1), *end = text;
  for (size_t i = 0; i < n; i++) {
    if (byte[i] < 0x80)
      *end++ = (char)byte[i];
    else
      end += snprintf(end, 5, "\\x%02x", byte[i]);
  }
  return Rf_mkCharLenCE(text, (int)(end - text), CE_UTF8);
}

static SEXP clean_text(SEXP value)
{
  const void *mark = vmaxget();
  size_t length;
  const char *text = cell_text(value, &length);
  SEXP clean;
  if (text == NULL)
    clean = escaped_text(value);
  else if (text_is_blank(text, length))
    clean = NA_STRING;
  else
    clean = text == R_CHAR(value) ? value : Rf_mkCharCE(text, CE_UTF8);
  vmaxset(mark);
  return clean;
}

/* Cells as UTF-8 texts, blank ones NA; a column of clean texts comes back as it is. */
SEXP encode_text(SEXP cells)
{
  R_xlen_t n = Rf_xlength(cells);
  if (TYPEOF(cells) == STRSXP) {
    const SEXP *cell = STRING_PTR_RO(cells);
    SEXP texts = cells;
    PROTECT_INDEX at;
    PROTECT_WITH_INDEX(texts, &at);
    for (R_xlen_t i = 0; i < n; i++) {
      if (time_to_look_up(i)) R_CheckUserInterrupt();
      if (cell[i] == NA_STRING || is_plain_text(cell[i])) continue;
      SEXP clean = clean_text(cell[i]);
      if (clean == cell[i]) continue;
      PROTECT(clean);
      if (texts == cells) REPROTECT(texts = Rf_shallow_duplicate(cells), at);
      SET_STRING_ELT(texts, i, clean);
      UNPROTECT(1);
    }
    UNPROTECT(1);
    return texts;
  }
  int whole = TYPEOF(cells) == INTSXP;
  if (!whole) check_type(cells, REALSXP, "cells");
  SEXP texts = PROTECT(Rf_allocVector(STRSXP, n));
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    char text[NUMBER_TEXT_SIZE];
    int missing = whole ? INTEGER_RO(cells)[i] == NA_INTEGER : ISNAN(REAL_RO(cells)[i]);
    if (!missing) number_text(whole ? INTEGER_RO(cells)[i] : REAL_RO(cells)[i], text);
    SET_STRING_ELT(texts, i, missing ? NA_STRING : Rf_mkChar(text));
  }
  UNPROTECT(1);
  return texts;
}

/* Texts as numbers, NA where a text is not one number. */
SEXP encode_numbers(SEXP texts)
{
  check_type(texts, STRSXP, "texts");
  R_xlen_t n = Rf_xlength(texts);
  SEXP numbers = PROTECT(Rf_allocVector(REALSXP, n));
  double *number = REAL(numbers);
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    SEXP value = STRING_ELT(texts, i);
    const char *text = R_CHAR(value);
    if (value == NA_STRING || !text_number(text, strlen(text), number + i))
      number[i] = NA_REAL;
  }
  UNPROTECT(1);
  return numbers;
}

/* Whether every number is whole or missing. */
SEXP encode_whole(SEXP numbers)
{
  check_type(numbers, REALSXP, "numbers");
  const double *number = REAL_RO(numbers);
  R_xlen_t n = Rf_xlength(numbers);
  for (R_xlen_t i = 0; i < n; i++) {
    double value = number[i];
    if (fabs(value) < INT_MAX && value == (int)value)
      continue; /* quick, nearly always */
    if (floor(value) != value && !ISNAN(value)) return Rf_ScalarLogical(0);
  }
  return Rf_ScalarLogical(1);
}

/* The first row whose factor code has no level, 0 where there is none. */
SEXP encode_outside(SEXP codes, SEXP n_levels)
{
  check_type(codes, INTSXP, "codes");
  int highest = check_int(n_levels, 0, INT_MAX, "n_levels");
  const int *code = INTEGER_RO(codes);
  R_xlen_t n = Rf_xlength(codes);
  for (R_xlen_t i = 0; i < n; i++) {
    if (code[i] != NA_INTEGER && (code[i] < 1 || code[i] > highest))
      return Rf_ScalarReal((double)i + 1);
  }
  return Rf_ScalarReal(0);
}
