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
   earlier one out, so the memory needed does not grow with the data. */
enum { MEMORY_SLOTS = 4096 };

typedef struct {
  uint64_t key[MEMORY_SLOTS];
  int answer[MEMORY_SLOTS];
} cell_memory;

cell_memory *cell_memory_new(void);

/* No address, and no number but a NaN, which is a missing cell. */
#define NOT_SEEN UINT64_MAX

/* True about every million rows. */
static inline int time_to_look_up(R_xlen_t i)
{
  return (i & 0xFFFFF) == 0xFFFFF;
}

static inline size_t memory_slot(uint64_t key)
{
  return (size_t)((key * UINT64_C(0x9E3779B97F4A7C15)) >> 52);
}

static inline uint64_t address_key(SEXP value)
{
  return (uint64_t)(uintptr_t)value;
}

#endif
