/* sources: pattern.c
   Patterns and texts from strangers: never out of a block, an answer that is one, and the
   same answer whether or not the text ends in a terminator. */
#include "shim.h"

#include "../../src/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  if (size < 1) return 0;
  size_t cut = data[0] % size;
  char *pattern = calloc(cut + 1, 1), *text = malloc(size - cut + 1);
  memcpy(pattern, data + 1, cut < size - 1 ? cut : size - 1);
  size_t start = cut + 1 < size ? cut + 1 : size, length = size - start;
  char *exact = malloc(length ? length : 1);
  memcpy(exact, data + start, length);
  memcpy(text, data + start, length);
  text[length] = 0;
  plain_pattern compiled;
  if (pattern_compile(pattern, &compiled)) {
    int answer = pattern_match(&compiled, exact, length);
    must(answer == PATTERN_NO || answer == PATTERN_YES || answer == PATTERN_UNSURE,
         "an answer is one of three");
    must(pattern_match(&compiled, text, length) == answer, "equal texts, equal answers");
    must(compiled.n >= 0 && compiled.n <= 62, "states fit in a word");
    int plain = 1;
    for (size_t i = 0; i < length; i++) plain &= exact[i] > 0;
    if (plain && !compiled.at_start && !compiled.at_end && answer == PATTERN_YES) {
      text[length] = '.';
      must(pattern_match(&compiled, text, length + 1) == PATTERN_YES,
           "an open pattern still matches a longer text");
    }
  }
  free(pattern);
  free(text);
  free(exact);
  return 0;
}
