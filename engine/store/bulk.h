/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New records by the thousand: two statements for all of them instead of three for each. SQLite reads the rows from a
 * virtual table that exists for the connection alone, which spares it the beginning and the end of a statement per
 * row, half of what a small insert costs. Internal to engine/store. */
#pragma once
#include "engine/store/internal.h"
#include "engine/store/spill.h"

typedef struct DjBulk DjBulk;

/* The fields of the rows are read from spill, which must outlive the bulk. One per store at a time. */
DjBulk *dj_bulk_new(DjStore *store, DjSpill *spill, GError **error);
void dj_bulk_free(DjBulk *bulk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjBulk, dj_bulk_free)

typedef struct {
    DjTable table;
    const char *key;
    gint64 row;
    gint64 place; /* of the fields in the spill */
    gsize length;
    const guint8 *hash;     /* of the fields */
    const guint8 *row_hash; /* as dj_stage_add has it, NULL = none */
} DjBulkRow;

/* Takes a row whose key is not stored and not in the bulk; not for enterprises, which have names to be found by. */
void dj_bulk_add(DjBulk *bulk, const DjBulkRow *row);
/* Writes the rows as first versions, in their order, inside the open transaction, and empties the bulk. A row whose
 * key was stored meanwhile is left out. */
gboolean dj_bulk_write(DjBulk *bulk, gint64 batch, GError **error);
