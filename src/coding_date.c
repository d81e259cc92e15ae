/* Dates as teams write them. A date is taken as read only in the one form that no
   reader can mistake, 2014-02-28; the day-first and month-first forms are read where
   asked for, and a month or a year alone where that precision is allowed. Days count
   from 1 January 1970 in the proleptic Gregorian calendar, as R's Date does. */
#include <string.h>

#include "check.h"
#include "coding_date.h"
#include "entry.h"
#include "result.h"

static int is_leap(int year)
{
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int days_in_month(int year, int month)
{
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years are counted from March, so that the leap day comes last. */
long days_from_civil(int year, int month, int day)
{
  long y = month > 2 ? year : (long)year - 1;
  long shifted = month > 2 ? month - 3 : month + 9;
  long era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  long of_year = (153 * shifted + 2) / 5 + day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

civil_date civil_from_days(long days)
{
  days += 719468;
  long era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
  long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  long of_year = of_era - (365 * year + year / 4 - year / 100);
  long shifted = (5 * of_year + 2) / 153;
  civil_date date = {0, 0, 0, PRECISION_DAY};
  date.day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
  date.month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
  date.year = (int)(year + era * 400 + (date.month <= 2));
  return date;
}

/* ---- reading ---- */

/* Up to three parts, each digits or letters, with what stands between them. */
enum { MOST_PARTS = 3 };

typedef struct {
  int n;
  int number[MOST_PARTS]; /* -1 where the part is the name of a month */
  int digits[MOST_PARTS];
  int month[MOST_PARTS];
  char gap[MOST_PARTS];
} date_parts;

/* "sep", "sept" or "september" as 9; 0 where it is no month. */
static int month_of_name(const char *text, size_t length)
{
  static const char *const names[] = {"january",   "february", "march",    "april",
                                      "may",       "june",     "july",     "august",
                                      "september", "october",  "november", "december"};
  char name[10];
  if (length < 3 || length > 9) return 0;
  for (size_t i = 0; i < length; i++) name[i] = (char)(text[i] | 0x20);
  for (int m = 0; m < 12; m++) {
    size_t full = strlen(names[m]);
    int usual = length == full || length == 3 || (m == 8 && length == 4);
    if (usual && length <= full && strncmp(names[m], name, length) == 0) return m + 1;
  }
  return 0;
}

static int is_letter(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static size_t read_part(const char *text, size_t i, size_t length, date_parts *parts)
{
  size_t from = i;
  int value = 0, at = parts->n;
  while (i < length && is_digit(text[i]) && i - from < 4)
    value = value * 10 + text[i++] - '0';
  parts->digits[at] = (int)(i - from);
  parts->number[at] = i > from ? value : -1;
  parts->month[at] = 0;
  if (i == from) {
    while (i < length && is_letter(text[i])) i++;
    parts->month[at] = month_of_name(text + from, i - from);
    if (parts->month[at] == 0) return 0;
    if (i < length && text[i] == '.') i++;
  }
  parts->n++;
  return i;
}

/* Splits into parts at one of "-/. " (a comma before a space allowed after a part). */
static int split_date(const char *text, size_t length, date_parts *parts)
{
  size_t i = 0;
  parts->n = 0;
  while (parts->n < MOST_PARTS) {
    i = read_part(text, i, length, parts);
    if (i == 0) return 0;
    if (i == length) return 1;
    if (i + 1 < length && text[i] == ',' && text[i + 1] == ' ') i++;
    if (strchr("-/. ", text[i]) == NULL) return 0;
    parts->gap[parts->n - 1] = text[i++];
  }
  return 0;
}

static int set_date(civil_date *date, int year, int month, int day, int precision)
{
  date->year = year;
  date->month = month;
  date->day = day;
  date->precision = precision;
  return year >= 1000 && month >= 1 && month <= 12 && day >= 1 &&
         day <= days_in_month(year, month);
}

static int is_iso(const date_parts *p, int n)
{
  if (p->n != n || p->digits[0] != 4 || p->gap[0] != '-' || p->digits[1] != 2) return 0;
  return n < 3 || (p->digits[2] == 2 && p->gap[1] == '-');
}

static int read_month(const date_parts *p, civil_date *date)
{
  if (is_iso(p, 2))
    return set_date(date, p->number[0], p->number[1], 1, PRECISION_MONTH);
  if (p->n != 2 || p->digits[1] != 4) return 0;
  int month = p->month[0];
  if (month == 0 && p->gap[0] == '/' && p->digits[0] <= 2) month = p->number[0];
  return set_date(date, p->number[1], month, 1, PRECISION_MONTH);
}

static int read_day(const date_parts *p, int order, civil_date *date)
{
  if (is_iso(p, 3))
    return set_date(date, p->number[0], p->number[1], p->number[2], PRECISION_DAY);
  if (order == ORDER_ISO || p->n != 3 || p->digits[2] != 4) return 0;
  int first = order == ORDER_DMY ? 0 : 1; /* which part is the day */
  if (p->month[1]) first = 0;
  if (p->month[0]) first = 1;
  int month = p->month[1 - first] ? p->month[1 - first] : p->number[1 - first];
  if (p->digits[first] < 1 || p->digits[first] > 2 || p->digits[1 - first] > 2)
    return 0;
  return set_date(date, p->number[2], month, p->number[first], PRECISION_DAY);
}

/* "2014-02-28 00:00:00" and "2014-02-28T00:00:00Z" are the day: the time says nothing.
 */
static size_t without_midnight(const char *text, size_t length)
{
  if (length <= 10 || (text[10] != ' ' && text[10] != 'T')) return length;
  size_t end = text[length - 1] == 'Z' ? length - 1 : length;
  if (end < 16 || text[13] != ':') return length;
  for (size_t i = 11; i < end; i++) {
    if (text[i] != '0' && text[i] != ':' && text[i] != '.') return length;
  }
  return 10;
}

/* Whether the text is a date, read in `order` and at least as precise as `lowest`. */
int text_date(const char *text, size_t length, int order, int lowest, civil_date *date)
{
  date_parts parts;
  length = without_midnight(text, length);
  if (length > 20 || !split_date(text, length, &parts)) return 0;
  if (parts.n == 3) return read_day(&parts, order, date);
  if (parts.n == 2) return lowest >= PRECISION_MONTH && read_month(&parts, date);
  if (lowest < PRECISION_YEAR || parts.digits[0] != 4) return 0;
  return set_date(date, parts.number[0], 1, 1, PRECISION_YEAR);
}

/* Texts as days (the first of the month or year where that is all they say) and the
   precision of each; NA where a text is no date. */
SEXP coding_date_parse(SEXP texts, SEXP order, SEXP lowest)
{
  static const char *const names[] = {"days", "precision"};
  check_type(texts, STRSXP, "texts");
  int reading = check_int(order, ORDER_ISO, ORDER_MDY, "order");
  int coarsest = check_int(lowest, PRECISION_DAY, PRECISION_YEAR, "lowest");
  R_xlen_t n = Rf_xlength(texts);
  SEXP result = PROTECT(result_list(2, names));
  SEXP days = Rf_allocVector(REALSXP, n);
  SET_VECTOR_ELT(result, 0, days);
  SEXP precisions = Rf_allocVector(INTSXP, n);
  SET_VECTOR_ELT(result, 1, precisions);
  for (R_xlen_t i = 0; i < n; i++) {
    if (i % 1000000 == 999999) R_CheckUserInterrupt();
    civil_date date;
    SEXP value = STRING_ELT(texts, i);
    const char *text = R_CHAR(value);
    int good =
        value != NA_STRING && text_date(text, strlen(text), reading, coarsest, &date);
    REAL(days)
    [i] = good ? (double)days_from_civil(date.year, date.month, date.day) : NA_REAL;
    INTEGER(precisions)[i] = good ? date.precision : NA_INTEGER;
  }
  UNPROTECT(1);
  return result;
}
