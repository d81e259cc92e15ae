/* Slots for a few doubles, each its own: the factor of a multiplicative hash is drawn
   anew until no two numbers meet. */
#include "number_slots.h"

#include "size.h"

enum { NUMBERS_MOST = 48, TRIES = 100 };

/* Missing values as R writes them, and as arithmetic leaves them. */
static const uint64_t missing_bits[] = {
    UINT64_C(0x7FF00000000007A2), UINT64_C(0x7FF80000000007A2),
    UINT64_C(0x7FF8000000000000), UINT64_C(0xFFF8000000000000)};

enum { N_MISSING = sizeof missing_bits / sizeof missing_bits[0] };

static uint64_t next_factor(uint64_t factor)
{
  factor = factor * UINT64_C(0xD1342543DE82EF95) + UINT64_C(0x9E3779B97F4A7C15);
  return factor | 1;
}

/* 0 where two of the numbers lead to one slot. */
static int place_all(const number_slot *number, int n, number_slots *slots,
                     number_slot *slot)
{
  size_t n_slots = (size_t)1 << (64 - slots->shift);
  for (size_t i = 0; i < n_slots; i++) slot[i].answer = -1;
  for (int i = 0; i < n; i++) {
    number_slot *at = slot + ((number[i].key * slots->factor) >> slots->shift);
    if (at->answer >= 0) return 0;
    *at = number[i];
  }
  for (size_t i = 0; i < n_slots; i++) {
    if (slot[i].answer >= 0) continue;
    size_t home = (size_t)((number[0].key * slots->factor) >> slots->shift);
    slot[i] = slot[home];
  }
  slots->slot = slot;
  return 1;
}

number_slots number_slots_new(const double *value, const int *answer, int n,
                              int missing)
{
  number_slots slots = {NULL, UINT64_C(0x9E3779B97F4A7C15), 58};
  number_slot number[2 * NUMBERS_MOST + N_MISSING];
  int used = 0;
  if (n > NUMBERS_MOST) return slots;
  for (int i = 0; i < n; i++) {
    uint64_t bits = bits_of(value[i]), minus_zero = UINT64_C(1) << 63;
    number[used++] = (number_slot){bits == minus_zero ? 0 : bits, answer[i]};
    if (value[i] == 0) number[used++] = (number_slot){minus_zero, answer[i]};
  }
  for (int i = 0; i < N_MISSING; i++)
    number[used++] = (number_slot){missing_bits[i], missing};
  for (int squares = used * used / 2; squares > 64; squares /= 2) slots.shift--;
  number_slot *slot =
      (number_slot *)R_alloc((size_t)1 << (64 - slots.shift), sizeof(number_slot));
  for (int i = 0; i < TRIES; i++) {
    if (place_all(number, used, &slots, slot)) break;
    slots.factor = next_factor(slots.factor);
  }
  return slots;
}
