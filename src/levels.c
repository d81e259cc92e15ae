/* The distinct values of a column and the place of each row among them, in order of
   first sight (integers of a narrow range: in order of size). Ordering is left to R,
   which sees each value once. Texts are told apart by address: one text in two
   encodings may stand twice, and R joins the two. */
#include <math.h>
#include <string.h>

#include "cells.h"
#include "check.h"
#include "entry.h"
#include "result.h"
#include "size.h"

enum { NARROW = 4096 };

/* An open table from a 64-bit key to its place, which grows at half full. */
typedef struct {
  uint64_t key;
  int place;
} key_entry;

typedef struct {
  size_t mask;
  size_t n;
  key_entry *entry;
} key_table;

static key_table key_table_new(size_t n_slots)
{
  key_table table = {n_slots - 1, 0, NULL};
  table.entry = (key_entry *)R_alloc(n_slots, sizeof(key_entry));
  memset(table.entry, 0, size_mul(n_slots, sizeof(key_entry)));
  return table;
}

static inline key_entry *key_slot(const key_table *table, uint64_t key)
{
  uint64_t mixed = key * UINT64_C(0x9E3779B97F4A7C15);
  size_t slot = (size_t)(mixed ^ (mixed >> 32)) & table->mask;
  while (table->entry[slot].key != key && table->entry[slot].place != 0)
    slot = (slot + 1) & table->mask;
  return table->entry + slot;
}

static void key_table_grow(key_table *table)
{
  key_table larger = key_table_new(size_mul(table->mask + 1, 4));
  for (size_t i = 0; i <= table->mask; i++)
    if (table->entry[i].place != 0)
      *key_slot(&larger, table->entry[i].key) = table->entry[i];
  larger.n = table->n;
  *table = larger;
}

static int key_add(key_table *table, key_entry *entry, uint64_t key)
{
  int place = (int)++table->n;
  entry->key = key;
  entry->place = place;
  if (2 * table->n > table->mask) key_table_grow(table);
  return place;
}

/* The place of a key, 1 upwards. */
static inline int key_place(key_table *table, uint64_t key)
{
  key_entry *entry = key_slot(table, key);
  return entry->place != 0 ? entry->place : key_add(table, entry, key);
}

/* The keys in order of their place. */
static uint64_t *key_list(const key_table *table)
{
  uint64_t *key = (uint64_t *)R_alloc(table->n + 1, sizeof(uint64_t));
  for (size_t i = 0; i <= table->mask; i++)
    if (table->entry[i].place != 0)
      key[table->entry[i].place - 1] = table->entry[i].key;
  return key;
}

static SEXP code_and_level(void)
{
  static const char *const names[] = {"code", "level"};
  return result_list(2, names);
}

/* Distinct texts; NA stays NA. */
SEXP levels_text(SEXP x)
{
  check_type(x, STRSXP, "x");
  R_xlen_t n = Rf_xlength(x);
  SEXP list = PROTECT(code_and_level());
  SET_VECTOR_ELT(list, 0, Rf_allocVector(INTSXP, n));
  int *code = INTEGER(VECTOR_ELT(list, 0));
  key_table table = key_table_new(1024);
  const SEXP *text = STRING_PTR_RO(x);
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1048576 == 1048575) R_CheckUserInterrupt();
    code[i] = text[i] == NA_STRING
                  ? NA_INTEGER
                  : key_place(&table, (uint64_t)(uintptr_t)text[i] >> 3);
  }
  const uint64_t *key = key_list(&table);
  SEXP level = Rf_allocVector(STRSXP, (R_xlen_t)table.n);
  SET_VECTOR_ELT(list, 1, level);
  for (size_t j = 0; j < table.n; j++)
    SET_STRING_ELT(level, (R_xlen_t)j, (SEXP)(uintptr_t)(key[j] << 3));
  UNPROTECT(1);
  return list;
}

/* The place of a whole number among neighbours, noted as seen. */
static inline int narrow_code(int missing, int x, int lowest, char *seen)
{
  int place = missing ? 0 : x - lowest + 1;
  seen[place] = 1;
  return missing ? NA_INTEGER : place;
}

/* Puts the values that occur into `list`; those between keep a place unused. */
static void put_narrow(SEXP list, SEXPTYPE type, int lowest, int highest,
                       const char *seen)
{
  int n = highest - lowest + 1;
  SEXP level = Rf_allocVector(type, n);
  SET_VECTOR_ELT(list, 1, level);
  for (int j = 0; j < n; j++) {
    if (type == INTSXP)
      INTEGER(level)[j] = seen[j + 1] ? lowest + j : NA_INTEGER;
    else
      REAL(level)[j] = seen[j + 1] ? (double)lowest + j : NA_REAL;
  }
}

static SEXP levels_narrow(const int *x, R_xlen_t n, int lowest, int highest)
{
  char seen[NARROW + 1] = {0};
  SEXP list = PROTECT(code_and_level());
  SET_VECTOR_ELT(list, 0, Rf_allocVector(INTSXP, n));
  int *code = INTEGER(VECTOR_ELT(list, 0));
  for (R_xlen_t i = 0; i < n; i++)
    code[i] = narrow_code(x[i] == NA_INTEGER, x[i], lowest, seen);
  put_narrow(list, INTSXP, lowest, highest, seen);
  UNPROTECT(1);
  return list;
}

/* Distinct integers. A level of NA marks a code that no row has. */
SEXP levels_integer(SEXP x)
{
  check_type(x, INTSXP, "x");
  R_xlen_t n = Rf_xlength(x);
  const int *value = INTEGER_RO(x);
  int lowest = 2147483647, highest = NA_INTEGER;
  for (R_xlen_t i = 0; i < n; i++) {
    int v = value[i];
    highest = v > highest ? v : highest;
    v = v == NA_INTEGER ? 2147483647 : v;
    lowest = v < lowest ? v : lowest;
  }
  if (highest != NA_INTEGER && (double)highest - lowest < NARROW)
    return levels_narrow(value, n, lowest, highest);
  SEXP list = PROTECT(code_and_level());
  SET_VECTOR_ELT(list, 0, Rf_allocVector(INTSXP, n));
  int *code = INTEGER(VECTOR_ELT(list, 0));
  key_table table = key_table_new(1024);
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1048576 == 1048575) R_CheckUserInterrupt();
    code[i] = value[i] == NA_INTEGER ? NA_INTEGER
                                     : key_place(&table, (uint64_t)(uint32_t)value[i]);
  }
  const uint64_t *key = key_list(&table);
  SEXP level = Rf_allocVector(INTSXP, (R_xlen_t)table.n);
  SET_VECTOR_ELT(list, 1, level);
  for (size_t j = 0; j < table.n; j++) INTEGER(level)[j] = (int)(uint32_t)key[j];
  UNPROTECT(1);
  return list;
}

static uint64_t double_bits(double x)
{
  uint64_t bits;
  x = x == 0 ? 0 : x;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/* 1 if every known value is a whole number, all within NARROW of each other. */
static int narrow_range(const double *x, R_xlen_t n, int *lowest, int *highest)
{
  double low = R_PosInf, high = R_NegInf;
  for (R_xlen_t i = 0; i < n; i++) {
    if (ISNAN(x[i])) continue;
    low = x[i] < low ? x[i] : low;
    high = x[i] > high ? x[i] : high;
    if (!(fabs(x[i]) < 2e9) || high - low >= NARROW || x[i] != (double)(int)x[i])
      return 0;
  }
  if (low > high) return 0;
  *lowest = (int)low;
  *highest = (int)high;
  return 1;
}

/* As levels_narrow(), for whole doubles. */
static SEXP levels_whole(const double *x, R_xlen_t n, int lowest, int highest)
{
  char seen[NARROW + 1] = {0};
  SEXP list = PROTECT(code_and_level());
  SET_VECTOR_ELT(list, 0, Rf_allocVector(INTSXP, n));
  int *code = INTEGER(VECTOR_ELT(list, 0));
  for (R_xlen_t i = 0; i < n; i++) {
    int missing = ISNAN(x[i]);
    code[i] = narrow_code(missing, missing ? 0 : (int)x[i], lowest, seen);
  }
  put_narrow(list, REALSXP, lowest, highest, seen);
  UNPROTECT(1);
  return list;
}

/* Distinct doubles: -0 is 0, NaN and NA are missing. A level of NA marks a code that no
   row has. */
SEXP levels_double(SEXP x)
{
  check_type(x, REALSXP, "x");
  R_xlen_t n = Rf_xlength(x);
  const double *value = REAL_RO(x);
  int lowest, highest;
  if (narrow_range(value, n, &lowest, &highest))
    return levels_whole(value, n, lowest, highest);
  SEXP list = PROTECT(code_and_level());
  SET_VECTOR_ELT(list, 0, Rf_allocVector(INTSXP, n));
  int *code = INTEGER(VECTOR_ELT(list, 0));
  key_table table = key_table_new(1024);
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1048576 == 1048575) R_CheckUserInterrupt();
    code[i] = ISNAN(value[i]) ? NA_INTEGER : key_place(&table, double_bits(value[i]));
  }
  const uint64_t *key = key_list(&table);
  SEXP level = Rf_allocVector(REALSXP, (R_xlen_t)table.n);
  SET_VECTOR_ELT(list, 1, level);
  if (table.n > 0) memcpy(REAL(level), key, table.n * sizeof(double));
  UNPROTECT(1);
  return list;
}
