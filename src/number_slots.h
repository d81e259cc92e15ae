/* A few doubles, found by their bits without a comparison that goes by the number. */
#ifndef CASEREVIEW_NUMBER_SLOTS_H
#define CASEREVIEW_NUMBER_SLOTS_H

#include "bits.h"
#include "casereview.h"

typedef struct {
  uint64_t key;
  int answer;
} number_slot;

/* No two numbers share a slot. Free slots have the key of another slot's number, which
   no number that leads to them can have. */
typedef struct {
  const number_slot *slot; /* NULL where the numbers found no slots of their own */
  uint64_t factor;
  int shift;
} number_slots;

/* `answer` is for the numbers in `value`, all different and not NaN, and `missing` for
   the usual forms of NA and NaN. */
number_slots number_slots_new(const double *value, const int *answer, int n,
                              int missing);

/* The one slot where the number may stand; it does where the key is its bits. */
static inline const number_slot *number_place(const number_slots *slots, uint64_t bits)
{
  return slots->slot + ((bits * slots->factor) >> slots->shift);
}

#endif
