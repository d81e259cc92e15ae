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

/* NOT_SEEN where the cell is missing. */
static inline uint64_t part_key(const key_part *part, R_xlen_t i)
{
  if (part->type == STRSXP)
    return part->text[i] == NA_STRING ? NOT_SEEN : address_key(part->text[i]);
  if (part->type == INTSXP)
    return part->whole[i] == NA_INTEGER ? NOT_SEEN : (uint32_t)part->whole[i];
  double number = part->number[i] == 0 ? 0 : part->number[i];
  return ISNAN(number) ? NOT_SEEN : bits_of(number);
}

/* Texts and whole numbers that follow one another, as those of ids do, get numbers that
   follow one another: the slot of the next row lies beside that of the last. */
static inline uint64_t part_number(const key_part *part, uint64_t key)
{
  if (part->type == STRSXP) return key >> 6;
  return part->type == INTSXP ? key : key * UINT64_C(0x9E3779B97F4A7C15) >> 20;
}

/* A hash of each row from..from+n-1, NOT_SEEN where a part of its key is missing. */
static void block_hashes(const key_part *parts, int n_parts, R_xlen_t from, int n,
                         uint64_t *hash)
{
  memset(hash, 0, (size_t)n * sizeof(uint64_t));
  for (int j = 0; j < n_parts; j++) {
    const key_part part = parts[j];
    for (int i = 0; i < n; i++) {
      uint64_t key = part_key(&part, from + i);
      uint64_t mixed =
          (hash[i] * UINT64_C(0x9E3779B97F4A7C15) ^ part_number(&part, key)) &
          UINT64_MAX >> 1;
      hash[i] = key == NOT_SEEN || hash[i] == NOT_SEEN ? NOT_SEEN : mixed;
    }
  }
}

static int same_row(const key_part *parts, int n_parts, R_xlen_t a, R_xlen_t b)
{
  for (int j = 0; j < n_parts; j++) {
    if (part_key(parts + j, a) != part_key(parts + j, b)) return 0;
  }
  return 1;
}

enum { KEY_BLOCK = 1024 };

static void find_duplicates(const key_part *parts, int n_parts, R_xlen_t n_rows,
                            cell_list *list)
{
  uint64_t hash[KEY_BLOCK];
  size_t n_slots = 16;
  while (n_slots < size_mul((size_t)n_rows, 2)) n_slots = size_mul(n_slots, 2);
  int *slots = (int *)R_alloc(n_slots, sizeof(int));
  memset(slots, 0, size_mul(n_slots, sizeof(int)));
  for (R_xlen_t from = 0; from < n_rows; from += KEY_BLOCK) {
    if ((from & 0xFFFFF) == 0) R_CheckUserInterrupt();
    int n = n_rows - from < KEY_BLOCK ? (int)(n_rows - from) : KEY_BLOCK;
    block_hashes(parts, n_parts, from, n, hash);
    for (int i = 0; i < n; i++) {
      if (hash[i] == NOT_SEEN) continue;
      size_t slot = (size_t)hash[i] & (n_slots - 1);
      size_t step = (size_t)(hash[i] * UINT64_C(0x9E3779B97F4A7C15) >> 32) | 1;
      while (slots[slot] != 0 && !same_row(parts, n_parts, slots[slot] - 1, from + i))
        slot = (slot + step) & (n_slots - 1);
      if (slots[slot] == 0)
        slots[slot] = (int)(from + i + 1);
      else
        note_cell(list, from + i, slots[slot]);
    }
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
