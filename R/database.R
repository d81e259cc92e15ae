# Data that stays where it is: a table of a database (dbplyr, sparklyr) or an Arrow
# dataset. What can be counted there is counted there by one grouped query; the small
# answer then goes through the code that serves data in memory.

#' Data in a database or an Arrow dataset
#'
#' [crosstab()], [score_risk()], [risk_profile()] and [check_coding()] take a table of a
#' database as well as a data frame: a `tbl` of dbplyr (SQLite, PostgreSQL, DuckDB, SQL
#' Server, ...) or of sparklyr, or an Arrow `Table`, `Dataset` or query. The result is the
#' one that the data would give in memory, after `dplyr::collect()`.
#'
#' @section What is asked of the database:
#' * `crosstab()`: one grouped query over all the variables of the formula. A row comes
#'   back for each combination that occurs, with its number of cases, the sum of the
#'   weights and, for each `value`, the number known, sum, least, greatest and standard
#'   deviation.
#'   Totals, bases, percents, means and what is missing are worked out from these. One row
#'   is read beforehand, for the types of the columns.
#' * `risk_profile()`: one grouped query for each item, and one row beforehand.
#' * `score_risk()` and [item_analysis()]: they rest on each case, so the id and the items
#'   are read, and no other column.
#' * `check_coding()`: the rows in which something may be at fault, and no others (at
#'   first `max_findings` of them, where that is given): they are checked in memory.
#'   Numbers, whole numbers, dates and codes are judged by the database; for a `pattern`,
#'   for cells with several codes, and for dates and numbers kept as text the distinct
#'   values are read. Cases that stand twice are found by one grouped query. A rule or
#'   `relevant` is asked of the database if it compares variables with one another or with
#'   constants, numbers or dates without codes (`==`, `!=`, `<`, `<=`, `>`, `>=`, `%in%`,
#'   `is.na()`, `!`, `&`, `|`; `+` and `-` of whole numbers). For any other rule the
#'   combinations of its variables that occur are read, and judged in memory. A rule about
#'   whole columns (`mean()`, `any()`, `duplicated()` ...) or about no variable, and more
#'   than 200 combinations (5,000 values) at fault, are what the columns of the codebook
#'   are read whole for.
#'
#' @section What differs:
#' * Most databases keep no levels (DuckDB's `ENUM` and a dictionary of Arrow do): text
#'   comes in the order of its characters, as a character column does in memory. `codebook`
#'   gives the order (and the levels without a case). Values that a codebook does not know
#'   have no order of first appearance either.
#' * A database keeps no order of rows. Scores come in the order in which the database
#'   gives the cases (`dplyr::arrange()` decides it); `row` of a finding is `NA`, and
#'   findings are ordered by `case`. Warnings name the value and no row.
#' * Sums are the database's own, which may differ from compensated ones in the last
#'   digits.
#' * In SQLite, PostgreSQL and DuckDB texts are told apart by their characters, whatever the
#'   collation of the column: "High" and "high" are two in a `NOCASE` column and in one of
#'   `citext`, and the "High  " of a `char(6)` is not the "High" of a codebook, as it is not
#'   in memory (a view that trims the column mends all of it). Elsewhere texts are equal
#'   where the database says so. SQL Server and MySQL commonly hold "High" and "high" for
#'   one and the same: `crosstab()` then counts them under one of the two. `check_coding()`
#'   reads the columns whole there. In Spark a column may be given such a collation from
#'   Spark 4 on, and a wrong code in such a column may stay hidden.
#' * Whole numbers of 64 bits are read as numbers, which hold them exactly up to 2^53.
#'
#' @section What is refused:
#' In one sentence, of class `casereview_error_argument`: the `"median"`; a `value` that is
#' a length of time; a `value` that holds NaN, in a database other than PostgreSQL, DuckDB
#' and Arrow; every other function of the package. `dplyr::collect()` brings the data into
#' memory for these.
#' @name databases
#' @examples
#' if (requireNamespace("dbplyr", quietly = TRUE) &&
#'   requireNamespace("RSQLite", quietly = TRUE)) {
#'   connection <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#'   DBI::dbWriteTable(connection, "cases", data.frame(
#'     incident = c("Neglect", "Suicide", "Neglect", NA),
#'     sample = c("2012", "2012", "2013", "2013"), score = c(12, 22, 9, 17)
#'   ))
#'   cases <- dplyr::tbl(connection, "cases")
#'   print(crosstab(cases, incident ~ sample, value = "score"))
#'   DBI::dbDisconnect(connection)
#' }
NULL

is_lazy <- function(x) inherits(x, c("tbl_lazy", arrow_classes))

lazy_columns <- function(data) {
  need_package("dplyr", "read a database or an Arrow dataset")
  if (inherits(data, arrow_classes)) return(names(data))
  as.vector(unclass(dplyr::tbl_vars(data)))
}

# A table without the groups and the order that it may have been given.
lazy_plain <- function(data) dplyr::arrange(dplyr::ungroup(data))

collect_frame <- function(query) as.data.frame(dplyr::collect(query), stringsAsFactors = FALSE)

# The answer to a query as a plain data frame, whole numbers of 64 bits as doubles.
lazy_collect <- function(query) {
  out <- collect_frame(query)
  structure(lapply(out, unclass_64), row.names = .set_row_names(nrow(out)),
    class = "data.frame")
}

# Some columns of a table, in memory; `more` are read only where they are there.
lazy_read <- function(data, columns, more = NULL) {
  there <- lazy_columns(data)
  check_columns(columns, there, "data")
  columns <- unique(c(intersect(more, there), columns))
  lazy_collect(dplyr::select(dplyr::ungroup(data), dplyr::all_of(columns)))
}

# The first row of some columns: of what type each is.
lazy_first <- function(data, columns) {
  first <- utils::head(dplyr::ungroup(data), 1L)
  collect_frame(dplyr::select(first, dplyr::all_of(columns)))
}

# SQLite does not tell the type of an expression that is NULL in every row.
typed_as <- function(columns, first) {
  lost <- vapply(columns, function(x) is.logical(x) && all(is.na(x)), NA)
  columns[lost] <- Map(function(x, type) type[rep(NA_integer_, length(x))], columns[lost],
    first[names(columns)[lost]])
  columns
}

# Some columns by names of the query's own: no column of the data is taken for another.
columns_apart <- function(data, columns) {
  names(columns) <- paste0("v_", seq_along(columns))
  dplyr::select(data, dplyr::all_of(columns))
}

# Each combination of some columns that occurs, in order, and how many cases have it.
lazy_counts <- function(data, columns) {
  first <- lazy_first(data, columns)
  query <- columns_apart(exact_columns(lazy_plain(data), first), columns)
  keys <- lapply(paste0("v_", seq_along(columns)), as.name)
  query <- dplyr::group_by(query, !!!keys)
  out <- lazy_collect(dplyr::summarise(query, !!!list(n = quote(n())), .groups = "drop"))
  n <- as.double(out$n)
  out <- typed_as(structure(as.list(out[seq_along(columns)]), names = columns), first)
  order <- do.call(order, c(unname(out), method = "radix"))
  structure(lapply(out, `[`, order), row.names = .set_row_names(length(n)),
    n_cases = n[order], class = "data.frame")
}

# ---- crosstab(): a row for each combination of levels, with its moments ----

# The columns of the formula as table_data() gives them, with a row for each combination
# instead of each case; what is known of the cases behind it is the attribute `groups`.
grouped_data <- function(data, spec) {
  if ("median" %in% spec$stat) {
    stop_argument("A database is not asked for a median in a grouped query; leave ",
      "\"median\" out of `stat`, or bring the columns into memory with dplyr::collect().")
  }
  keys <- c(spec$variables, spec$asked)
  used <- unique(c(keys, spec$value, spec$weights))
  check_columns(c(used, names(spec$multicode)), lazy_columns(data), "data")
  first <- lazy_first(data, used)
  check_moments(first, spec)
  data <- exact_columns(lazy_plain(data), first)
  query <- group_query(data, keys, spec, value_forms(data, first, spec))
  groups <- collect_frame(query)
  columns <- typed_as(structure(as.list(groups[seq_along(keys)]), names = keys), first)
  for (name in keys) check_column(columns[[name]], name, length(groups$n), "data")
  groups <- lapply(groups[-seq_along(keys)], function(x) as.double(unclass_64(x)))
  counts <- grep("^(known|lost|weight|w_null|w_negative|w_zero|w_part)", names(groups))
  groups[counts] <- lapply(groups[counts], or_zero)
  asked <- if (!is.null(spec$asked)) asked_cases(columns[[spec$asked]], spec$asked)
  out <- columns
  n <- groups$n
  if (!is.null(asked)) {
    out <- lapply(out, function(x) x[asked])
    groups <- lapply(groups, function(x) x[asked])
  }
  groups$nan_is_null <- !is.null(number_form(data))
  structure(out, n_rows = whole_number(sum(groups$n)), groups = groups,
    asked = if (!is.null(asked)) whole_number(sum(n[!asked])))
}

whole_number <- function(x) if (x <= .Machine$integer.max) as.integer(x) else x

# What no value and no weight can be.
check_moments <- function(first, spec) {
  kind <- function(x) {
    if (is.object(x)) paste("of class", class(x)[1L]) else paste("of type", typeof(x))
  }
  for (name in spec$value) {
    x <- first[[name]]
    where <- paste0("Column \"", name, "\" of `data`, named in `value`, ")
    labelled <- !is.null(attr(x, "labels", exact = TRUE))
    if (labelled || inherits(x, "difftime")) {
      stop_argument(where, "is ", if (labelled) "labelled" else "a length of time",
        "; bring it into memory with dplyr::collect().")
    }
    if (!is_moment(x) && !is.logical(x)) {
      stop_argument(where, "must be numeric or logical, not ", kind(x), ".")
    }
  }
  weight <- if (!is.null(spec$weights)) first[[spec$weights]]
  if (!is.null(weight) && !is_moment(weight)) {
    stop_argument(weights_place(spec), "must be numeric, not ", kind(weight), ".")
  }
}

is_moment <- function(x) is.numeric(x) && !is.object(x) || inherits(x, "integer64")

# What each value is as a number, as a function of the column: TRUE and FALSE as 1 and 0,
# and NaN as NULL, as memory has it.
value_forms <- function(data, first, spec) {
  # SQLite keeps TRUE and FALSE as 1 and 0, and does not tell the type of every column.
  sqlite <- inherits(data, "tbl_SQLiteConnection")
  arrow <- inherits(data, arrow_classes)
  number <- number_form(data)
  lapply(first[spec$value], function(x) {
    if (is.logical(x) && !sqlite) {
      return(function(cell) bquote(case_when(.(cell) == TRUE ~ 1L, .(cell) == FALSE ~ 0L)))
    }
    if (is.double(x) && (arrow || !is.object(x))) number
  })
}

number_form <- function(data) {
  if (inherits(data, "tbl_duckdb_connection")) {
    return(function(cell) bquote(case_when(!isnan(as.double(.(cell))) ~ .(cell))))
  }
  if (inherits(data, postgres_classes)) {
    return(function(cell) bquote(case_when(as.double(.(cell)) != "NaN" ~ .(cell))))
  }
  if (inherits(data, arrow_classes)) {
    return(function(cell) bquote(case_when(!is.nan(as.double(.(cell))) ~ as.double(.(cell)))))
  }
}

# The query: keys as g_1, g_2, ...; n; and what each value needs.
group_query <- function(data, keys, spec, forms = NULL) {
  n_keys <- seq_along(keys)
  n_values <- seq_along(spec$value)
  used <- unique(c(keys, spec$value, spec$weights))
  own <- structure(lapply(paste0("v_", seq_along(used)), as.name), names = used)
  columns <- structure(own[keys], names = paste0("g_", n_keys))
  weighted <- !is.null(spec$weights)
  if (weighted) columns$w <- bquote(1.0 * .(own[[spec$weights]]))
  for (j in n_values) {
    name <- spec$value[j]
    columns[[paste0("x_", j)]] <- value_column(name, own[[name]], spec, forms[[name]])
  }
  query <- dplyr::transmute(columns_apart(data, used), !!!columns)
  summaries <- list(n = quote(n()))
  if (weighted) {
    summaries <- c(summaries, weight_summaries())
    query <- lazy_mutate(query, "y_", n_values, function(j) {
      bquote(case_when(w > 0 ~ .(as.name(paste0("x_", j)))))
    })
  }
  query <- dplyr::group_by(query, !!!lapply(names(columns)[n_keys], as.name))
  if (weighted && "sd" %in% spec$stat) {
    query <- lazy_mutate(query, "m_", n_values, group_mean)
  }
  # DuckDB stops at a standard deviation of infinite numbers.
  finite <- if (!inherits(data, "tbl_duckdb_connection")) identity
    else function(x) bquote(case_when(isfinite(as.double(.(x))) ~ .(x)))
  for (j in n_values) summaries <- c(summaries, value_summaries(j, spec, weighted, finite))
  dplyr::ungroup(dplyr::summarise(query, !!!summaries, .groups = "drop"))
}

lazy_mutate <- function(query, stem, numbers, expression) {
  new <- lapply(numbers, expression)
  names(new) <- paste0(stem, numbers, recycle0 = TRUE)
  dplyr::mutate(query, !!!new)
}

# A value as a number, NULL where the codebook says that it is missing.
value_column <- function(name, cell, spec, form) {
  x <- if (is.null(form)) cell else form(cell)
  codes <- known_codes(name, spec$codebook)
  lacking <- suppressWarnings(as.double(codes$code[nzchar(codes$missing)]))
  lacking <- lacking[!is.na(lacking)]
  if (!length(lacking)) return(x)
  bquote(case_when(!(.(cell) %in% .(lacking)) ~ .(x)))
}

# NULL where there is none.
count_where <- function(condition) bquote(sum(case_when(.(condition) ~ 1L), na.rm = TRUE))

weight_summaries <- function() {
  list(
    w_sum = quote(sum(w, na.rm = TRUE)), w_low = quote(min(w, na.rm = TRUE)),
    w_high = quote(max(w, na.rm = TRUE)), w_null = count_where(quote(is.na(w))),
    w_negative = count_where(quote(w < 0)), w_zero = count_where(quote(w == 0)),
    w_part = count_where(quote(w != floor(w)))
  )
}

group_mean <- function(j) {
  y <- as.name(paste0("y_", j))
  bquote(sum(w * .(y), na.rm = TRUE) / sum(case_when(!is.na(.(y)) ~ w), na.rm = TRUE))
}

value_summaries <- function(j, spec, weighted, finite) {
  x <- as.name(paste0("x_", j))
  y <- if (weighted) as.name(paste0("y_", j)) else x
  m <- as.name(paste0("m_", j))
  out <- list(known = count_where(bquote(!is.na(.(y)))),
    sum = if (weighted) bquote(sum(w * .(y), na.rm = TRUE)) else bquote(sum(.(y), na.rm = TRUE)))
  if (weighted) {
    out$weight <- bquote(sum(case_when(!is.na(.(y)) ~ w), na.rm = TRUE))
    out$lost <- count_where(bquote(is.na(.(x))))
  }
  if (any(c("min", "max") %in% spec$stat)) {
    out$min <- bquote(min(.(y), na.rm = TRUE))
    out$max <- bquote(max(.(y), na.rm = TRUE))
  }
  if ("sd" %in% spec$stat) {
    out$spread <- if (weighted) bquote(sum(w * (.(y) - .(m)) * (.(y) - .(m)), na.rm = TRUE))
      else bquote(sd(.(finite(y)), na.rm = TRUE))
  }
  structure(out, names = paste0(names(out), "_", j))
}

# What table_values() gives, from the groups.
grouped_values <- function(groups, spec) {
  parts <- lapply(seq_along(spec$value), function(j) group_moments(groups, j, spec))
  names(parts) <- as.character(spec$value)
  out <- list(groups = list(n = groups$n, weight = groups$w_sum, value = parts),
    value = parts)
  if (is.null(spec$weights)) return(out)
  out$kind <- grouped_weights(groups, spec)
  out$weight <- groups$w_sum
  out$zero <- sum(groups$w_zero)
  out$lost <- vapply(parts, function(part) sum(part$lost), 0)
  out
}

group_moments <- function(groups, j, spec) {
  get <- function(part) groups[[paste0(part, "_", j)]]
  known <- get("known")
  weight <- if (is.null(spec$weights)) known else get("weight")
  sum <- replace(get("sum"), known == 0, 0)
  if (anyNA(sum) && !groups$nan_is_null) {
    stop_argument("Column \"", spec$value[j], "\" of `data`, named in `value`, holds NaN; ",
      "make it NULL in the database, or bring it into memory with dplyr::collect().")
  }
  spread <- get("spread")
  if (is.null(spec$weights) && !is.null(spread)) spread <- spread^2 * (known - 1)
  if (!is.null(spread)) {
    spread[!is.finite(sum)] <- NaN
    spread[known < 2] <- 0
  }
  list(known = known, weight = weight, sum = decimal_sum(sum), min = get("min"), max = get("max"),
    squares = spread, lost = get("lost"))
}

# A database adds 1.44 and 1.56 to 3.0000000000000004: what stands after the fifteenth
# digit of a sum is left away. Whole sums are exact as they are.
decimal_sum <- function(x) {
  part <- is.finite(x) & x != floor(x)
  x[part] <- as.numeric(sprintf("%.15g", x[part]))
  x
}

# The kind of the weights, or the sentence that weight_kind() would say, without rows.
grouped_weights <- function(groups, spec) {
  where <- weights_place(spec)
  used <- c(groups$w_low, groups$w_high)[c(groups$n, groups$n) > groups$w_null]
  if (sum(groups$w_null) > 0 || !all(is.finite(used))) {
    stop_argument(where, "is missing or not finite in some rows; give a weight to every row ",
      "(0 leaves a case out).")
  }
  if (sum(groups$w_negative) > 0) {
    stop_argument(where, "is below 0 in ", print_count(sum(groups$w_negative)),
      " rows; weights must be 0 or more.")
  }
  whole <- sum(groups$w_part) == 0
  if (spec$weight_type == "frequency" && !whole) {
    stop_argument(where, "must hold whole numbers, since `weight_type` is \"frequency\".")
  }
  if (spec$weight_type != "auto") return(spec$weight_type)
  if (whole) "frequency" else "probability"
}
