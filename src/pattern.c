/* Patterns that are one run of characters, classes and repeats ("^[A-Z]{2}[0-9]+$")
   are run here as a set of states held in the bits of one word (Navarro and Raffinot,
   2002, Flexible Pattern Matching in Strings, section 4.2): time in proportion to the
   text whatever the pattern. Groups, alternatives, back references and text beyond
   ASCII are left to R's own regular expressions. */
#include <string.h>

#include "pattern.h"

enum { MOST_STATES = 62 };

typedef struct {
  uint8_t has[128];
} char_set;

static void add_range(char_set *set, int from, int to)
{
  for (int c = from; c <= to; c++) set->has[c] = 1;
}

static void invert(char_set *set)
{
  for (int c = 1; c < 128; c++) set->has[c] = (uint8_t)!set->has[c];
}

/* [:alpha:] and its like; the length read, 0 where the name is not one of these. */
static size_t read_named(const char *p, char_set *set)
{
  static const char *const names[] = {"[:alpha:]", "[:digit:]", "[:alnum:]",
                                      "[:upper:]", "[:lower:]"};
  for (int k = 0; k < 5; k++) {
    if (strncmp(p, names[k], 9) != 0) continue;
    if (k == 1 || k == 2) add_range(set, '0', '9');
    if (k == 0 || k == 2 || k == 3) add_range(set, 'A', 'Z');
    if (k == 0 || k == 2 || k == 4) add_range(set, 'a', 'z');
    return 9;
  }
  return 0;
}

/* A set in brackets; the length read, 0 where it is not plain. */
static size_t read_set(const char *p, char_set *set)
{
  size_t i = 1;
  int negated = p[1] == '^';
  if (negated) i++;
  size_t first = i;
  while (p[i] != ']' || i == first) {
    unsigned char c = (unsigned char)p[i];
    if (c == 0 || c >= 128 || c == '\\') return 0;
    if (c == '[' && (p[i + 1] == ':' || p[i + 1] == '.' || p[i + 1] == '=')) {
      size_t read = read_named(p + i, set);
      if (read == 0) return 0;
      i += read;
      continue;
    }
    unsigned char to = c;
    if (p[i + 1] == '-' && p[i + 2] != ']' && p[i + 2] != 0) {
      to = (unsigned char)p[i + 2];
      if (to >= 128 || to < c || to == '[' || to == '\\') return 0;
      i += 2;
    }
    add_range(set, c, to);
    i++;
  }
  if (negated) invert(set);
  return i + 1;
}

static size_t read_escape(const char *p, char_set *set)
{
  unsigned char c = (unsigned char)p[1];
  if (c == 'd' || c == 'D') {
    add_range(set, '0', '9');
    if (c == 'D') invert(set);
    return 2;
  }
  if (c == 0 || c >= 128 || strchr(".[]{}()*+?^$|\\/-", c) == NULL) return 0;
  set->has[c] = 1;
  return 2;
}

/* One character, class or set; the length read, 0 where it is not plain. */
static size_t read_atom(const char *p, char_set *set)
{
  unsigned char c = (unsigned char)*p;
  memset(set, 0, sizeof *set);
  if (c == '[') return read_set(p, set);
  if (c == '\\') return read_escape(p, set);
  if (c >= 128 || strchr("^$(){}|*+?", c) != NULL) return 0;
  if (c == '.')
    add_range(set, 1, 127);
  else
    set->has[c] = 1;
  return 1;
}

static int read_count(const char **p)
{
  int count = -1;
  while (**p >= '0' && **p <= '9' && count < 1000) {
    count = (count < 0 ? 0 : count) * 10 + (*(*p)++ - '0');
  }
  return count;
}

/* How often the atom stands: at least `low`, at most `high` (-1 without end). Returns
   the length read, or -1 where it is not plain. */
static int read_repeat(const char *p, int *low, int *high)
{
  const char *from = p;
  *low = *high = 1;
  if (*p == '?' || *p == '*') *low = 0;
  if (*p == '*' || *p == '+') *high = -1;
  if (*p == '{') {
    p++;
    *low = *high = read_count(&p);
    if (*p == ',') {
      p++;
      *high = read_count(&p);
    }
    if (*p != '}' || *low < 0 || (*high >= 0 && *high < *low) || *high == 0) return -1;
  }
  if (*p == '?' || *p == '*' || *p == '+' || *p == '}') p++;
  if (*p == '?' || *p == '*' || *p == '+' || *p == '{') return -1;
  return (int)(p - from);
}

/* The states of one atom: `low` that must be taken, then those that may. */
static int add_states(plain_pattern *pattern, const char_set *set, int low, int high)
{
  int n_new = high > 0 ? high : (low > 0 ? low : 1);
  if (n_new > MOST_STATES - pattern->n) return 0;
  for (int k = 0; k < n_new; k++) {
    uint64_t state = UINT64_C(1) << pattern->n++;
    for (int c = 1; c < 128; c++) {
      if (set->has[c]) pattern->takes[c] |= state;
    }
    if (k >= low) pattern->can_skip |= state;
    if (high < 0 && k == n_new - 1) pattern->can_repeat |= state;
  }
  return 1;
}

/* Whether the pattern is a plain one; then `pattern` is ready for pattern_match(). */
int pattern_compile(const char *text, plain_pattern *pattern)
{
  memset(pattern, 0, sizeof *pattern);
  if (*text == '^') {
    pattern->at_start = 1;
    text++;
  }
  while (*text != 0) {
    char_set set;
    int low, high;
    if (text[0] == '$' && text[1] == 0) {
      pattern->at_end = 1;
      break;
    }
    size_t read = read_atom(text, &set);
    if (read == 0) return 0;
    int more = read_repeat(text + read, &low, &high);
    if (more < 0 || !add_states(pattern, &set, low, high)) return 0;
    text += read + (size_t)more;
  }
  return pattern->n > 0;
}

/* Bit k + 1 of the states says that states 0..k are behind us; bit 0 is the start. */
static uint64_t skip_on(const plain_pattern *pattern, uint64_t behind)
{
  for (uint64_t last = 0; last != behind;) {
    last = behind;
    behind |= (behind & pattern->can_skip) << 1;
  }
  return behind;
}

int pattern_match(const plain_pattern *pattern, const char *text, size_t length)
{
  uint64_t done = UINT64_C(1) << pattern->n, behind = skip_on(pattern, 1);
  int matched = (behind & done) != 0;
  for (size_t i = 0; i < length; i++) {
    unsigned char c = (unsigned char)text[i];
    if (c >= 128) return PATTERN_UNSURE;
    if (matched && !pattern->at_end) continue;
    uint64_t taken = behind & pattern->takes[c];
    uint64_t again = (behind >> 1) & pattern->can_repeat & pattern->takes[c];
    behind =
        skip_on(pattern, (taken << 1) | (again << 1) | (pattern->at_start ? 0 : 1));
    matched = (behind & done) != 0;
  }
  return matched ? PATTERN_YES : PATTERN_NO;
}
