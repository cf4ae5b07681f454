/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals (封签): each row carries a hash of its own values, so that a changed bit in a decision, in a role or in the row
 * number of a version is found. It tells damage, not forgery.
 *
 * Whoever writes such a row fills its column `seal` by the SQL function seal(value...), over the other columns but the
 * id in the order of the schema; not over the contents of a version and of a blob, which have a hash of their own
 * there. The id is where the row is in its tree, whose order SQLite checks; rows that refer to it are checked too. */
#pragma once
#include "engine/store/store.h"
#include <sqlite3.h>

/* The tables with seals and the columns under them. */
typedef struct {
    const char *table, *columns;
} DjSealed;

extern const DjSealed dj_sealed[];
extern const int dj_n_sealed;

/* SQL: the seal of the words of the tables, of which each store has its own, for upgrades add to them; and a statement
 * that puts it into the table `tables`. */
#define DJ_SEAL_OF_TABLES                                                                                              \
    "(SELECT seal(group_concat(words, x'00')) FROM (SELECT type || ' ' || name || ' ' || tbl_name || ' '"              \
    " || coalesce(sql, '') AS words FROM sqlite_schema ORDER BY type, name))"
extern const char dj_seal_tables[];

/* Makes seal() known to a connection; an SQLite result code. */
int dj_seal_register(sqlite3 *db);
