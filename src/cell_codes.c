/* The cells of a column as codes, a block of rows at a time and in place: no copy of
   the column, and one look-up a cell. Whole numbers and the levels of a factor are
   looked up by their value, texts by their address. */
#include <limits.h>
#include <math.h>

#include "cell_codes.h"
#include "check.h"
#include "size.h"

/* Whole numbers further apart are looked up one by one. */
enum { KNOWN_MOST = 4096 };

/* As many whole numbers as may have slots. */
enum { KNOWN_FEW = 40 };

/* ---- what a cell may hold ---- */

static int code_of_word(const cell_column *column, int at)
{
  return at > 0 ? column->position[at - 1] : column->n_codes + 1;
}

static int code_of_number(const cell_column *column, double value)
{
  char text[NUMBER_TEXT_SIZE];
  uint64_t key = bits_of(value);
  const cell_memory *seen = &column->seen;
  size_t slot = memory_slot(seen, key);
  if (seen->key[slot] != key) {
    size_t length = number_text(value, text);
    seen->answer[slot] =
        code_of_word(column, dictionary_find(&column->words, text, length));
    seen->key[slot] = key;
  }
  return seen->answer[slot];
}

/* The code of a number that is not among those known. */
static int other_code(const cell_column *column, double value)
{
  return column->position == NULL ? column->n_codes + 1 : code_of_number(column, value);
}

static int code_of_text(const cell_column *column, SEXP value)
{
  const void *mark = vmaxget();
  size_t length;
  const char *text = value == NA_STRING ? "" : cell_text(value, &length);
  int code = column->n_codes + 1;
  if (value == NA_STRING || (text != NULL && text_is_blank(text, length)))
    code = 0;
  else if (text != NULL)
    code = code_of_word(column, dictionary_find(&column->words, text, length));
  vmaxset(mark);
  return code;
}

/* The codes of the whole numbers from the lowest to the highest among the words; none
   where these lie too far apart. */
static void know_numbers(cell_column *column, SEXP words)
{
  double low = INT_MAX, high = -INT_MAX;
  for (R_xlen_t j = 0; j < Rf_xlength(words); j++) {
    double value;
    const char *word = column->words.word[j];
    if (word == NULL || !text_number(word, column->words.length[j], &value)) continue;
    if (!(fabs(value) < INT_MAX) || floor(value) != value) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!(high - low < KNOWN_MOST)) return;
  if (high < low) return;
  int n = (int)(high - low) + 1;
  int *known = (int *)R_alloc((size_t)n + 1, sizeof(int));
  for (int i = 0; i < n; i++) known[i] = code_of_number(column, low + i);
  known[n] = 0;
  column->lowest = (int)low;
  column->n_known = n;
  column->known = known;
}

/* Whether the levels of a factor are the codes in their order, as recoded data have. */
static int is_in_order(const int *known, int n, int n_codes)
{
  if (n > n_codes) return 0;
  for (int i = 0; i < n; i++) {
    if (known[i] != i + 1) return 0;
  }
  return 1;
}

static void know_levels(cell_column *column, SEXP factor)
{
  SEXP levels = Rf_getAttrib(factor, R_LevelsSymbol);
  check_type(levels, STRSXP, "levels");
  if (Rf_xlength(levels) > INT_MAX - 1) stop_internal("too many levels");
  int n = (int)Rf_xlength(levels);
  int *known = (int *)R_alloc((size_t)n + 1, sizeof(int));
  for (int i = 0; i < n; i++) known[i] = code_of_text(column, STRING_ELT(levels, i));
  known[n] = 0;
  column->lowest = 1;
  column->n_known = n;
  column->known = known;
  column->strict = 1;
  if (is_in_order(known, n, column->n_codes)) column->kind = CELLS_CODED;
}

static void take_words(cell_column *column, SEXP words, R_xlen_t n_cells)
{
  check_length(words, 2, "words");
  SEXP word = VECTOR_ELT(words, 0), position = VECTOR_ELT(words, 1);
  column->words = dictionary_new(word);
  check_type(position, INTSXP, "position");
  check_length(position, Rf_xlength(word), "position");
  column->position = INTEGER_RO(position);
  for (R_xlen_t j = 0; j < Rf_xlength(word); j++) {
    if (column->position[j] < 1 || column->position[j] > column->n_codes)
      stop_internal("`position` names no code");
  }
  column->seen = cell_memory_new(n_cells);
}

static void take_range(cell_column *column, SEXP range)
{
  check_type(range, INTSXP, "words");
  check_length(range, 2, "words");
  column->lowest = INTEGER_RO(range)[0];
  if ((double)INTEGER_RO(range)[1] - column->lowest + 1 != column->n_codes)
    stop_internal("a range must hold a number for each code");
  int *known = (int *)R_alloc((size_t)column->n_codes + 1, sizeof(int));
  for (int i = 0; i < column->n_codes; i++) known[i] = i + 1;
  known[column->n_codes] = 0;
  column->n_known = column->n_codes;
  column->known = known;
}

/* The whole numbers known, and what stands for a missing one. */
static void take_numbers(cell_column *column)
{
  if (column->n_known > KNOWN_FEW) return;
  double value[KNOWN_FEW];
  for (int i = 0; i < column->n_known; i++) value[i] = (double)column->lowest + i;
  column->slots = number_slots_new(value, column->known, column->n_known, 0);
}

cell_column cell_column_new(SEXP cells, SEXP words, int n_codes)
{
  static const int nothing_known[1] = {0};
  cell_column column = {0};
  column.known = nothing_known;
  column.n_codes = n_codes;
  int type = TYPEOF(cells), worded = TYPEOF(words) == VECSXP;
  int factor = type == INTSXP && Rf_inherits(cells, "factor");
  if (worded) take_words(&column, words, factor ? 0 : Rf_xlength(cells));
  if (type == STRSXP && worded) {
    column.kind = CELLS_TEXTS;
    column.text = STRING_PTR_RO(cells);
  } else if (type == REALSXP && words != R_NilValue) {
    column.kind = CELLS_NUMBERS;
    column.number = REAL_RO(cells);
  } else {
    check_type(cells, INTSXP, "cells");
    column.kind = words == R_NilValue ? CELLS_CODED : CELLS_LOOKED_UP;
    column.whole = INTEGER_RO(cells);
  }
  if (worded && factor)
    know_levels(&column, cells);
  else if (worded && type != STRSXP)
    know_numbers(&column, VECTOR_ELT(words, 0));
  else if (words != R_NilValue && !worded)
    take_range(&column, words);
  if (column.kind == CELLS_NUMBERS) take_numbers(&column);
  return column;
}

/* ---- a block of cells ---- */

/* Cells are worked on a few at a time in arrays of their own, so that the compiler can
   take whole registers of them. */
enum { FEW = 64 };

static inline void take_few(const int *whole, int n, int *cell)
{
  for (int i = n; i < FEW; i++) cell[i] = NA_INTEGER;
  memcpy(cell, whole, (size_t)n * sizeof(int));
}

static inline void put_few(const int *row, int n, unsigned times, int *at)
{
  if (n == FEW)
    for (int i = 0; i < FEW; i++)
      at[i] = (int)((unsigned)at[i] * times + (unsigned)row[i]);
  else
    for (int i = 0; i < n; i++)
      at[i] = (int)((unsigned)at[i] * times + (unsigned)row[i]);
}

/* Codes as they are; NA (INT_MIN) becomes 0 by its lowest bits. 0 among codes from R is
   none of the codes, but not so among the levels of a factor. One sign bit tells that
   some cell is 0, negative or too large. */
static cell_state block_coded(const cell_column *column, const int *whole, int n,
                              unsigned times, int *at)
{
  int none = column->n_codes + 1, top = column->strict ? column->n_known : none - 1;
  int odd = 0, cell[FEW];
  for (int i = 0; i < n; i += FEW) {
    int some = n - i < FEW ? n - i : FEW;
    take_few(whole + i, some, cell);
    for (int j = 0; j < FEW; j++) {
      int code = cell[j] & INT_MAX;
      odd |= (int)((unsigned)cell[j] - 1u) | (top - code);
      cell[j] = code;
    }
    put_few(cell, some, times, at + i);
  }
  if (odd >= 0) return CELLS_GOOD;
  for (int i = 0; i < n; i++) {
    if (whole[i] > top || (whole[i] < 0 && whole[i] != NA_INTEGER))
      return CELLS_OUTSIDE;
    if (whole[i] == 0 && column->strict) return CELLS_OUTSIDE;
    at[i] += whole[i] == 0 ? none : 0;
  }
  return CELLS_GOOD;
}

/* The cells that are neither known nor missing: few, so they come after. */
static cell_state add_others(const cell_column *column, const cell_rows *rows,
                             const int *whole, int n, int *at)
{
  unsigned lowest = (unsigned)column->lowest, n_known = (unsigned)column->n_known;
  if (column->strict) return CELLS_OUTSIDE;
  for (int i = 0; i < n; i++) {
    if (whole[i] == NA_INTEGER || (unsigned)whole[i] - lowest < n_known) continue;
    int code = other_code(column, whole[i]);
    at[i] += rows == NULL ? code : rows->row[code] - column->n_known;
  }
  return CELLS_GOOD;
}

/* `known` ends with a 0, which stands for all that lies outside. No branch goes by a
   cell, since which cells are missing cannot be foreseen. */
static cell_state block_looked_up(const cell_column *column, const int *whole, int n,
                                  unsigned times, int *at)
{
  const int *known = column->known;
  unsigned lowest = (unsigned)column->lowest, n_known = (unsigned)column->n_known;
  int other = 0;
  for (int i = 0; i < n; i++) {
    unsigned place = (unsigned)whole[i] - lowest;
    place = place < n_known ? place : n_known;
    other |= (place == n_known) & (whole[i] != NA_INTEGER);
    at[i] = (int)((unsigned)at[i] * times + (unsigned)known[place]);
  }
  return other ? add_others(column, NULL, whole, n, at) : CELLS_GOOD;
}

/* Places instead of codes need no look-up. */
static cell_state block_places(const cell_column *column, const cell_rows *rows,
                               const int *whole, int n, unsigned times, int *at)
{
  unsigned lowest = (unsigned)column->lowest, n_known = (unsigned)column->n_known;
  int other = 0, cell[FEW];
  for (int i = 0; i < n; i += FEW) {
    int some = n - i < FEW ? n - i : FEW;
    take_few(whole + i, some, cell);
    for (int j = 0; j < FEW; j++) {
      unsigned place = (unsigned)cell[j] - lowest;
      place = place < n_known ? place : n_known;
      other |= (place == n_known) & (cell[j] != NA_INTEGER);
      cell[j] = (int)place;
    }
    put_few(cell, some, times, at + i);
  }
  return other ? add_others(column, rows, whole, n, at) : CELLS_GOOD;
}

static int code_of_double(const cell_column *column, double value)
{
  if (ISNAN(value)) return 0;
  double place = value - column->lowest;
  if (place >= 0 && place < column->n_known && place == floor(place))
    return column->known[(int)place];
  return other_code(column, value);
}

static void block_numbers(const cell_column *column, const double *number, int n,
                          unsigned times, int *at)
{
  const number_slots *slots = &column->slots;
  int other = 0;
  for (int i = 0; i < n; i++) {
    uint64_t bits = bits_of(number[i]);
    const number_slot *place = number_place(slots, bits);
    other |= place->key != bits;
    at[i] = (int)((unsigned)at[i] * times + (unsigned)place->answer);
  }
  if (!other) return;
  for (int i = 0; i < n; i++) {
    uint64_t bits = bits_of(number[i]);
    const number_slot *place = number_place(slots, bits);
    if (place->key != bits) at[i] += code_of_double(column, number[i]) - place->answer;
  }
}

/* The whole number next to a double of less than 2^31, in the lowest bits of a sum that
   leaves no place for a fraction; any number for all else. */
static inline int whole_near(double value)
{
  return (int)(uint32_t)bits_of(value + 6755399441055744.0); /* 2^52 + 2^51 */
}

/* Where the known numbers are too many for slots. */
static void block_wide_numbers(const cell_column *column, const double *number, int n,
                               unsigned times, int *at)
{
  const int *known = column->known;
  unsigned lowest = (unsigned)column->lowest, n_known = (unsigned)column->n_known;
  int other = 0;
  for (int i = 0; i < n; i++) {
    int near = whole_near(number[i]), whole = near == number[i];
    unsigned place = (unsigned)near - lowest;
    place = place < n_known ? place : n_known;
    other |= (!whole | (place == n_known)) & (number[i] == number[i]);
    at[i] = (int)((unsigned)at[i] * times + (unsigned)(known[place] & -whole));
  }
  if (!other) return;
  for (int i = 0; i < n; i++) {
    int near = whole_near(number[i]);
    if (near != number[i] || (unsigned)near - lowest >= n_known)
      at[i] += code_of_double(column, number[i]);
  }
}

static void block_texts(const cell_column *column, const SEXP *text, int n,
                        unsigned times, int *at)
{
  const cell_memory seen = column->seen;
  for (int i = 0; i < n; i++) {
    uint64_t key = address_key(text[i]);
    size_t slot = memory_slot(&seen, key);
    if (seen.key[slot] != key) {
      seen.answer[slot] = code_of_text(column, text[i]);
      seen.key[slot] = key;
    }
    at[i] = (int)((unsigned)at[i] * times + (unsigned)seen.answer[slot]);
  }
}

cell_state cell_codes(const cell_column *column, const cell_rows *rows, R_xlen_t start,
                      int n, unsigned times, int *at)
{
  switch (column->kind) {
  case CELLS_CODED:
    return block_coded(column, column->whole + start, n, times, at);
  case CELLS_LOOKED_UP:
    if (rows != NULL && rows->by_place)
      return block_places(column, rows, column->whole + start, n, times, at);
    return block_looked_up(column, column->whole + start, n, times, at);
  case CELLS_NUMBERS:
    if (column->slots.slot != NULL)
      block_numbers(column, column->number + start, n, times, at);
    else
      block_wide_numbers(column, column->number + start, n, times, at);
    return CELLS_GOOD;
  default:
    block_texts(column, column->text + start, n, times, at);
    return CELLS_GOOD;
  }
}
