/* Cells as text in UTF-8, and numbers as the text that they print as. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <R_ext/Utils.h>

#include "cell_text.h"

static int utf8_tail(const unsigned char *p, size_t n)
{
  for (size_t i = 1; i < n; i++) {
    if ((p[i] & 0xC0) != 0x80) return 0; /* the closing zero byte stops this too */
  }
  return 1;
}

/* Bytes of the character at p, 0 where the bytes are not UTF-8. */
static size_t utf8_size(const unsigned char *p)
{
  if (p[0] < 0x80) return 1;
  if (p[0] >= 0xC2 && p[0] <= 0xDF) return utf8_tail(p, 2) ? 2 : 0;
  if (p[0] >= 0xE0 && p[0] <= 0xEF) {
    if (!utf8_tail(p, 3)) return 0;
    if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
    return p[0] == 0xED && p[1] > 0x9F ? 0 : 3;
  }
  if (p[0] < 0xF0 || p[0] > 0xF4 || !utf8_tail(p, 4)) return 0;
  if (p[0] == 0xF0 && p[1] < 0x90) return 0;
  return p[0] == 0xF4 && p[1] > 0x8F ? 0 : 4;
}

static int utf8_valid(const char *text)
{
  const unsigned char *p = (const unsigned char *)text;
  while (*p != 0) {
    size_t size = utf8_size(p);
    if (size == 0) return 0;
    p += size;
  }
  return 1;
}

static int is_ascii(const char *text, size_t length)
{
  unsigned char all = 0;
  for (size_t i = 0; i < length; i++) all |= (unsigned char)text[i];
  return all < 0x80;
}

static size_t count_brackets(const char *text)
{
  size_t n = 0;
  for (; *text != 0; text++) n += *text == '<';
  return n;
}

/* R translates a byte that the encoding does not have as "<e9>". */
const char *cell_text(SEXP value, size_t *length)
{
  const char *bytes = R_CHAR(value);
  *length = (size_t)Rf_xlength(value);
  if (is_ascii(bytes, *length)) return bytes;
  if (Rf_getCharCE(value) == CE_BYTES) return NULL;
  const char *text = Rf_translateCharUTF8(value);
  *length = strlen(text);
  if (text != bytes && count_brackets(text) > count_brackets(bytes)) return NULL;
  return utf8_valid(text) ? text : NULL;
}

/* Bytes of the white space at p (no-break and typographic spaces included), or 0. */
static size_t space_size(const unsigned char *p)
{
  if (p[0] == ' ' || (p[0] >= '\t' && p[0] <= '\r')) return 1;
  if (p[0] == 0xC2 && p[1] == 0xA0) return 2;
  if (p[0] == 0xE2 && p[1] == 0x80)
    return (p[2] >= 0x80 && p[2] <= 0x8B) || p[2] == 0xAF ? 3 : 0;
  if (p[0] == 0xE3 && p[1] == 0x80 && p[2] == 0x80) return 3;
  return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF ? 3 : 0;
}

/* The text must be closed by a zero byte or be followed by one of more text. */
int text_is_blank(const char *text, size_t length)
{
  const unsigned char *p = (const unsigned char *)text, *end = p + length;
  while (p < end) {
    size_t size = space_size(p);
    if (size == 0) return 0;
    p += size;
  }
  return 1;
}

static size_t skip_digits(const char *text, size_t i, size_t length)
{
  while (i < length && text[i] >= '0' && text[i] <= '9') i++;
  return i;
}

int text_number(const char *text, size_t length, double *number)
{
  size_t i = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  size_t whole = skip_digits(text, i, length) - i;
  i += whole;
  size_t part = 0;
  if (i < length && text[i] == '.') {
    part = skip_digits(text, i + 1, length) - (i + 1);
    i += 1 + part;
  }
  if (whole + part == 0) return 0;
  if (i < length && (text[i] == 'e' || text[i] == 'E')) {
    size_t sign = i + 1 < length && (text[i + 1] == '-' || text[i + 1] == '+') ? 1 : 0;
    size_t digits = skip_digits(text, i + 1 + sign, length) - (i + 1 + sign);
    if (digits == 0) return 0;
    i += 1 + sign + digits;
  }
  if (i != length) return 0;
  *number = R_strtod(text, NULL);
  return 1;
}

/* Digits from the last to the first: many times faster than snprintf(). */
static size_t whole_text(int64_t value, char *text)
{
  char digits[NUMBER_TEXT_SIZE];
  size_t n = 0, length = 0;
  uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  do {
    digits[n++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  if (value < 0) text[length++] = '-';
  while (n > 0) text[length++] = digits[--n];
  text[length] = 0;
  return length;
}

/* A number as text, whole numbers without a point: 3, 2.5, 100000. */
size_t number_text(double value, char *text)
{
  if (!isfinite(value)) {
    return (size_t)snprintf(text, NUMBER_TEXT_SIZE, "%s", value > 0 ? "Inf" : "-Inf");
  }
  if (fabs(value) < 1e15 && (double)(int64_t)value == value)
    return whole_text((int64_t)value, text);
  return (size_t)snprintf(text, NUMBER_TEXT_SIZE, "%.15g", value);
}
