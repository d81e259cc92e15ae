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

/* From 16 to 4,096 slots, as many as there are cells; up to 16,384 where there are so
   many cells that emptying the slots takes no time beside them. */
cell_memory cell_memory_new(R_xlen_t n_cells)
{
  int bits = 4;
  while (bits < 12 && n_cells >> bits > 0) bits++;
  while (bits < 14 && n_cells >> (bits + 4) > 0) bits++;
  size_t n = (size_t)1 << bits;
  cell_memory memory = {(uint64_t *)R_alloc(n, sizeof(uint64_t)),
                        (int *)R_alloc(n, sizeof(int)), 64 - bits};
  for (size_t i = 0; i < n; i++) memory.key[i] = NOT_SEEN;
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
  cell_memory seen = cell_memory_new(n);
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    if (value[i] == NA_STRING) {
      at[i] = NA_INTEGER;
      continue;
    }
    uint64_t key = address_key(value[i]);
    size_t slot = memory_slot(&seen, key);
    if (seen.key[slot] != key) {
      seen.key[slot] = key;
      seen.answer[slot] = find_text(words, value[i], blank_is_missing);
    }
    at[i] = seen.answer[slot];
  }
}

static int find_number(const dictionary *words, const cell_memory *seen, double value)
{
  char text[NUMBER_TEXT_SIZE];
  uint64_t key = bits_of(value);
  size_t slot = memory_slot(seen, key);
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
  if (TYPEOF(cells) == STRSXP) {
    match_texts(cells, &words, 1, code);
    UNPROTECT(1);
    return codes;
  }
  cell_memory seen = cell_memory_new(n);
  if (TYPEOF(cells) == INTSXP) {
    const int *cell = INTEGER_RO(cells);
    for (R_xlen_t i = 0; i < n; i++)
      code[i] =
          cell[i] == NA_INTEGER ? NA_INTEGER : find_number(&words, &seen, cell[i]);
  } else {
    check_type(cells, REALSXP, "cells");
    const double *cell = REAL_RO(cells);
    for (R_xlen_t i = 0; i < n; i++)
      code[i] = ISNAN(cell[i]) ? NA_INTEGER : find_number(&words, &seen, cell[i]);
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
