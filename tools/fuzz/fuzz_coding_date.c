/* sources: simplex.c
   Any text as a date: what is read is a day of the calendar, and days and dates are each
   other's inverse. */
#include "shim.h"

#include "../../src/coding_date.c"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  char *text = malloc(size ? size : 1);
  if (size) memcpy(text, data, size);
  for (int order = ORDER_ISO; order <= ORDER_MDY; order++) {
    for (int lowest = PRECISION_DAY; lowest <= PRECISION_YEAR; lowest++) {
      civil_date date;
      if (!text_date(text, size, order, lowest, &date)) continue;
      must(date.month >= 1 && date.month <= 12, "months are 1 to 12");
      must(date.day >= 1 && date.day <= days_in_month(date.year, date.month),
           "the day is in its month");
      must(date.precision >= PRECISION_DAY && date.precision <= lowest,
           "as precise as asked");
      long days = days_from_civil(date.year, date.month, date.day);
      civil_date back = civil_from_days(days);
      must(back.year == date.year && back.month == date.month && back.day == date.day,
           "days and dates are inverse");
    }
  }
  if (size >= 4) {
    int32_t days;
    memcpy(&days, data, 4);
    days /= 8;
    civil_date date = civil_from_days(days);
    must(days_from_civil(date.year, date.month, date.day) == days, "dates and days");
  }
  free(text);
  return 0;
}
