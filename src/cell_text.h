/* What a cell says as text. */
#ifndef CASEREVIEW_CELL_TEXT_H
#define CASEREVIEW_CELL_TEXT_H

#include <stdint.h>
#include <string.h>

#include "casereview.h"

static inline uint64_t eight_bytes(const char *text)
{
  uint64_t bytes;
  memcpy(&bytes, text, sizeof bytes);
  return bytes;
}

/* Whether a text begins with more than a space and is ASCII throughout, as most do.
   Eight bytes at a time, the last of which may be read twice. */
static inline int is_plain_text(SEXP value)
{
  const char *text = R_CHAR(value);
  size_t n = (size_t)LENGTH(value), i = 0;
  uint64_t all = 0;
  if (n >= 8) {
    for (; i + 16 <= n; i += 8) all |= eight_bytes(text + i);
    all |= eight_bytes(text + i) | eight_bytes(text + n - 8);
  } else {
    for (; i < n; i++) all |= (unsigned char)text[i];
  }
  return text[0] > ' ' && (all & UINT64_C(0x8080808080808080)) == 0;
}

/* The text of a cell as UTF-8 and its bytes, or NULL where these are no text. */
const char *cell_text(SEXP value, size_t *length);
int text_is_blank(const char *text, size_t length);
/* Whether the whole text is one number in digits, and which. */
int text_number(const char *text, size_t length, double *number);

enum { NUMBER_TEXT_SIZE = 40 };
size_t number_text(double value, char *text);

#endif
