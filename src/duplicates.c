/* Keys of one or more columns that stand in more than one row. Parts are compared one
   by one, never pasted together, so ("A_B", "C") is not ("A", "B_C"). */
#include <stdint.h>
#include <string.h>

#include "cell_list.h"
#include "check.h"
#include "encode.h"
#include "entry.h"
#include "size.h"

typedef struct {
  SEXPTYPE type; /* which of the three is read */
  const SEXP *text;
  const int *whole;
  const double *number;
} key_part;

static key_part key_part_of(SEXP column)
{
  key_part part = {(SEXPTYPE)TYPEOF(column), NULL, NULL, NULL};
  if (part.type == STRSXP)
    part.text = STRING_PTR_RO(column);
  else if (part.type == INTSXP)
    part.whole = INTEGER_RO(column);
  else
    part.number = REAL_RO(column);
  return part;
}

static uint64_t part_key(const key_part *part, R_xlen_t i)
{
  if (part->type == STRSXP) return address_key(part->text[i]);
  if (part->type == INTSXP) return (uint64_t)part->whole[i];
  return double_key(part->number[i] == 0 ? 0 : part->number[i]);
}

static int part_missing(const key_part *part, R_xlen_t i)
{
  if (part->type == STRSXP) return part->text[i] == NA_STRING;
  if (part->type == INTSXP) return part->whole[i] == NA_INTEGER;
  return ISNAN(part->number[i]) != 0;
}

static int key_missing(const key_part *parts, int n_parts, R_xlen_t i)
{
  for (int j = 0; j < n_parts; j++) {
    if (part_missing(parts + j, i)) return 1;
  }
  return 0;
}

static uint64_t row_hash(const key_part *parts, int n_parts, R_xlen_t i)
{
  uint64_t hash = 0;
  for (int j = 0; j < n_parts; j++)
    hash = (hash ^ part_key(parts + j, i)) * UINT64_C(0x9E3779B97F4A7C15) + 1;
  return hash ^ (hash >> 29);
}

static int same_row(const key_part *parts, int n_parts, R_xlen_t a, R_xlen_t b)
{
  for (int j = 0; j < n_parts; j++) {
    if (part_key(parts + j, a) != part_key(parts + j, b)) return 0;
  }
  return 1;
}

static void find_duplicates(const key_part *parts, int n_parts, R_xlen_t n,
                            cell_list *list)
{
  size_t n_slots = 16;
  while (n_slots < size_mul((size_t)n, 2)) n_slots = size_mul(n_slots, 2);
  int *slots = (int *)R_alloc(n_slots, sizeof(int));
  memset(slots, 0, size_mul(n_slots, sizeof(int)));
  for (R_xlen_t i = 0; i < n; i++) {
    if (time_to_look_up(i)) R_CheckUserInterrupt();
    if (key_missing(parts, n_parts, i)) continue;
    size_t slot = (size_t)row_hash(parts, n_parts, i) & (n_slots - 1);
    while (slots[slot] != 0 && !same_row(parts, n_parts, slots[slot] - 1, i))
      slot = (slot + 1) & (n_slots - 1);
    if (slots[slot] == 0)
      slots[slot] = (int)(i + 1);
    else
      note_cell(list, i, slots[slot]);
  }
}

/* Each later row of a key, with the first row of that key as its verdict. Texts must be
   clean UTF-8, so that equal texts have one address; a key with a missing part stands
   for itself. */
SEXP duplicates_find(SEXP columns)
{
  check_type(columns, VECSXP, "columns");
  int n_parts = (int)Rf_xlength(columns);
  if (n_parts < 1) stop_internal("`columns` holds no column");
  R_xlen_t n = Rf_xlength(VECTOR_ELT(columns, 0));
  key_part *parts = (key_part *)R_alloc((size_t)n_parts, sizeof(key_part));
  for (int j = 0; j < n_parts; j++) {
    SEXP column = VECTOR_ELT(columns, j);
    if (TYPEOF(column) != STRSXP && TYPEOF(column) != INTSXP)
      check_type(column, REALSXP, "columns");
    check_length(column, n, "columns");
    check_rows(column);
    parts[j] = key_part_of(column);
  }
  cell_list list = {0, 0, NULL, NULL, 1};
  find_duplicates(parts, n_parts, n, &list);
  return cell_list_result(&list);
}
