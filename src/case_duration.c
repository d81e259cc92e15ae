/* The time that any number of periods cover, overlaps counted once, and the completed
   months of it. A month is completed on the same day of a later month, or on that
   month's last day where it has no such day (31 January to 28 February is one month).
   Days left over in several separate stretches are added up, and make a further month
   for each 30.436875 of them (the mean of the Gregorian calendar, 146097 / 4800). */
#include "check.h"
#include "coding_date.h"
#include "entry.h"
#include "result.h"

static civil_date months_later(civil_date from, long months)
{
  long at = (long)from.year * 12 + from.month - 1 + months;
  civil_date date = from;
  date.year = (int)(at >= 0 ? at / 12 : (at - 11) / 12);
  date.month = (int)(at - (long)date.year * 12) + 1;
  int last = days_in_month(date.year, date.month);
  if (date.day > last) date.day = last;
  return date;
}

/* Completed months from one day to a later one, and the days after the last of them. */
static long completed_months(long from, long to, long *left)
{
  civil_date first = civil_from_days(from), last = civil_from_days(to);
  long months = ((long)last.year - first.year) * 12 + last.month - first.month;
  civil_date reached = months_later(first, months);
  if (days_from_civil(reached.year, reached.month, reached.day) > to) {
    months--;
    reached = months_later(first, months);
  }
  *left = to - days_from_civil(reached.year, reached.month, reached.day);
  return months;
}

typedef struct {
  long days, months, left;
} covered;

static void add_stretch(covered *sum, long from, long to)
{
  long left;
  sum->days += to - from;
  sum->months += completed_months(from, to, &left);
  sum->left += left;
}

/* Periods start[i]..end[i], start <= end, ordered by start; n > 0. */
static covered cover_periods(const int *start, const int *end, R_xlen_t n)
{
  covered sum = {0, 0, 0};
  long from = start[0], to = end[0];
  for (R_xlen_t i = 1; i < n; i++) {
    if (start[i] > to) {
      add_stretch(&sum, from, to);
      from = start[i];
      to = end[i];
    } else if (end[i] > to) {
      to = end[i];
    }
  }
  add_stretch(&sum, from, to);
  sum.months += (long)((double)sum.left * 4800 / 146097);
  return sum;
}

static void check_periods(const int *group, const int *start, const int *end,
                          R_xlen_t n, int n_groups)
{
  check_codes(group, n, n_groups, "group");
  for (R_xlen_t i = 0; i < n; i++) {
    int good = group[i] != NA_INTEGER && start[i] != NA_INTEGER &&
               end[i] != NA_INTEGER && start[i] <= end[i] && start[i] > -1000000 &&
               end[i] < 3000000;
    if (good && i > 0)
      good = group[i] > group[i - 1] ||
             (group[i] == group[i - 1] && start[i] >= start[i - 1]);
    if (!good) stop_internal("period %.0f is not a period in order", (double)i + 1);
  }
}

/* The days and the completed months that each case's periods cover. `group` says which
   case (1..n_cases) each period is of; periods are ordered by case and start. */
SEXP case_duration_cover(SEXP group, SEXP start, SEXP end, SEXP n_cases)
{
  static const char *const names[] = {"days", "months"};
  check_type(group, INTSXP, "group");
  check_type(start, INTSXP, "start");
  check_type(end, INTSXP, "end");
  R_xlen_t n = Rf_xlength(group);
  check_length(start, n, "start");
  check_length(end, n, "end");
  int n_groups = check_int(n_cases, 0, INT_MAX, "n_cases");
  const int *case_of = INTEGER_RO(group), *from = INTEGER_RO(start),
            *to = INTEGER_RO(end);
  check_periods(case_of, from, to, n, n_groups);
  SEXP result = PROTECT(result_list(2, names));
  SEXP days = Rf_allocVector(REALSXP, n_groups);
  SET_VECTOR_ELT(result, 0, days);
  SEXP months = Rf_allocVector(REALSXP, n_groups);
  SET_VECTOR_ELT(result, 1, months);
  for (int k = 0; k < n_groups; k++) REAL(days)[k] = REAL(months)[k] = NA_REAL;
  for (R_xlen_t i = 0; i < n;) {
    R_xlen_t next = i + 1;
    while (next < n && case_of[next] == case_of[i]) next++;
    covered sum = cover_periods(from + i, to + i, next - i);
    REAL(days)[case_of[i] - 1] = (double)sum.days;
    REAL(months)[case_of[i] - 1] = (double)sum.months;
    i = next;
  }
  UNPROTECT(1);
  return result;
}
