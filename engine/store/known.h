/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Known rows (见过的行): by the hash of a row as it stands in its file, the record that it was the last to be merged
 * into.
 *
 * A file that comes again has its rows in the order in which their records were added. So a window of two pages moves
 * along the records as the rows do, and a row that is found in it need not be understood to be told unchanged. A row
 * that is not found costs what it would cost anyway; behind a jump the window follows, at most once in a page of rows.
 * Memory does not grow with the store, but for a bit per record. Internal to engine/store.
 *
 * Thread rule: dj_known_find from any thread, the others where the store is used. */
#pragma once
#include "engine/store/internal.h"

typedef struct DjKnown DjKnown;

DjKnown *dj_known_new(DjStore *store, DjTable table, GError **error);
void dj_known_free(DjKnown *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjKnown, dj_known_free)

/* Number of the record, 0 = not in the window. */
gint64 dj_known_find(DjKnown *known, const guint8 row_hash[HASH_BYTES]);
/* The row that was taken belongs to this record: moves the window there. */
gboolean dj_known_move(DjKnown *known, gint64 record, GError **error);

/* A row of this record came with the hash that is stored: it stays the one that the record is known by. */
void dj_known_recognise(DjKnown *known, gint64 record);

/* A row had to be understood to be told unchanged, because its record has no hash of a row (an older duijie stored it,
 * or a person corrected it) or that of another one: it is to be known by this one. version: the current one. */
gboolean dj_known_learn(DjKnown *known, gint64 record, gint64 version, const guint8 row_hash[HASH_BYTES],
                        GError **error);
/* Writes down what was learnt, of records that are still at that version and were not recognised: of two rows of a file
 * that say the same, the one that is known stays, or they would take turns at every import. The window does not show
 * it. No version is made: facts stay as they are. */
gboolean dj_known_write(DjKnown *known, GError **error);
