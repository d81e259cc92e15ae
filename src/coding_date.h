/* Days of the civil calendar and dates written as text. */
#ifndef CASEREVIEW_CODING_DATE_H
#define CASEREVIEW_CODING_DATE_H

#include <stddef.h>

enum date_precision { PRECISION_DAY = 1, PRECISION_MONTH = 2, PRECISION_YEAR = 3 };
enum date_order { ORDER_ISO = 0, ORDER_DMY = 1, ORDER_MDY = 2 };

typedef struct {
  int year, month, day; /* month and day are 1 where the text does not give them */
  int precision;
} civil_date;

long days_from_civil(int year, int month, int day);
civil_date civil_from_days(long days);
int days_in_month(int year, int month);
int text_date(const char *text, size_t length, int order, int lowest, civil_date *date);

#endif
