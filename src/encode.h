/* A dictionary of texts, and a small memory of cells already seen: what encode and
   check_coding share. */
#ifndef CASEREVIEW_ENCODE_H
#define CASEREVIEW_ENCODE_H

#include <stdint.h>
#include <string.h>

#include "bits.h"
#include "cell_text.h"

/* Distinct texts, found by a hash of their bytes. Positions count from 1. */
typedef struct {
  size_t mask;
  int *slot;         /* position, 0 where free */
  const char **word; /* by position - 1; NULL where the text cannot be compared */
  size_t *length;
} dictionary;

dictionary dictionary_new(SEXP words);
int dictionary_find(const dictionary *words, const char *text, size_t length);

/* Answers for the cells seen last, by address or by value. A later cell pushes an
   earlier one out, so there are never more slots than stay close at hand. */
typedef struct {
  uint64_t *key;
  int *answer;
  int shift; /* leaves the bits of a slot */
} cell_memory;

cell_memory cell_memory_new(R_xlen_t n_cells);

/* No address, and no number but a NaN, which is a missing cell. */
#define NOT_SEEN UINT64_MAX

/* True about every million rows. */
static inline int time_to_look_up(R_xlen_t i)
{
  return (i & 0xFFFFF) == 0xFFFFF;
}

static inline size_t memory_slot(const cell_memory *memory, uint64_t key)
{
  return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> memory->shift);
}

static inline uint64_t address_key(SEXP value)
{
  return (uint64_t)(uintptr_t)value;
}

#endif
