/* Text becomes integer codes once. Strings are compared as UTF-8, so one text in
   latin1 and in UTF-8 is one text. R keeps one CHARSXP for each string and encoding,
   so a table of addresses answers for all but the first sight of each. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "entry.h"
#include "size.h"

typedef struct {
  size_t mask;
  SEXP *seen;
  int *code;
} address_table;

static size_t address_slot(const address_table *table, SEXP value)
{
  uint64_t key = (uint64_t)(uintptr_t)value >> 4;
  size_t slot = (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 20) & table->mask;
  while (table->seen[slot] != NULL && table->seen[slot] != value)
    slot = (slot + 1) & table->mask;
  return slot;
}

static address_table address_table_new(size_t n_slots)
{
  address_table table = {n_slots - 1, NULL, NULL};
  table.seen = (SEXP *)R_alloc(n_slots, sizeof(SEXP));
  table.code = (int *)R_alloc(n_slots, sizeof(int));
  memset(table.seen, 0, size_mul(n_slots, sizeof(SEXP)));
  return table;
}

static address_table address_table_grow(const address_table *old)
{
  address_table table = address_table_new(size_mul(old->mask + 1, 2));
  for (size_t i = 0; i <= old->mask; i++) {
    if (old->seen[i] == NULL) continue;
    size_t slot = address_slot(&table, old->seen[i]);
    table.seen[slot] = old->seen[i];
    table.code[slot] = old->code[i];
  }
  return table;
}

static int find_text(SEXP value, const char *const *words, int n_words)
{
  if (value == NA_STRING) return NA_INTEGER;
  if (Rf_getCharCE(value) == CE_BYTES) return 0;
  const void *mark = vmaxget();
  const char *text = Rf_translateCharUTF8(value);
  int code = 0;
  for (int j = 0; j < n_words && code == 0; j++) {
    if (words[j] != NULL && strcmp(words[j], text) == 0) code = j + 1;
  }
  vmaxset(mark);
  return code;
}

/* The first position in `table` of each of `values`: NA for a missing value, 0 for a
   text that is not there. */
SEXP encode_match(SEXP values, SEXP table)
{
  check_type(values, STRSXP, "values");
  check_type(table, STRSXP, "table");
  R_xlen_t n = Rf_xlength(values);
  int n_words = (int)Rf_xlength(table);
  const char **words = (const char **)R_alloc((size_t)n_words + 1, sizeof(char *));
  for (int j = 0; j < n_words; j++) {
    SEXP word = STRING_ELT(table, j);
    words[j] = word == NA_STRING || Rf_getCharCE(word) == CE_BYTES
                   ? NULL
                   : Rf_translateCharUTF8(word);
  }
  SEXP codes = PROTECT(Rf_allocVector(INTSXP, n));
  int *code = INTEGER(codes);
  address_table seen = address_table_new(1024);
  size_t n_seen = 0;
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    SEXP value = STRING_ELT(values, i);
    size_t slot = address_slot(&seen, value);
    if (seen.seen[slot] == NULL) {
      seen.seen[slot] = value;
      seen.code[slot] = find_text(value, words, n_words);
      code[i] = seen.code[slot];
      if (2 * ++n_seen > seen.mask) seen = address_table_grow(&seen);
    } else {
      code[i] = seen.code[slot];
    }
  }
  UNPROTECT(1);
  return codes;
}
