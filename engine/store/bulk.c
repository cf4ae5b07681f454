/* SPDX-License-Identifier: GPL-3.0-or-later */
/* https://www.sqlite.org/vtab.html; the table is "eponymous-only": it needs no CREATE and no name in the schema. */
#include "engine/store/bulk.h"
#include <string.h>

typedef struct {
    DjTable table;
    gsize key; /* offset into keys */
    gint64 row, place;
    gsize length;
    guint8 hash[HASH_BYTES], row_hash[HASH_BYTES];
    gboolean has_row_hash, skip;
} Row;

struct DjBulk {
    DjStore *store;
    DjSpill *spill;
    GArray *rows; /* Row */
    GString *keys;
    sqlite3_stmt *add_records, *add_versions;
    GError *error; /* of the spill, while SQLite reads from it */
};

/* ---- the virtual table ---- */

enum { COLUMN_N, COLUMN_TAB, COLUMN_KEY, COLUMN_ROW, COLUMN_HASH, COLUMN_ROW_HASH, COLUMN_FIELDS };

typedef struct {
    sqlite3_vtab base;
    DjBulk *bulk;
} Table;

typedef struct {
    sqlite3_vtab_cursor base;
    guint at;
} Cursor;

static int connect_table(sqlite3 *db, void *aux, int argc, const char *const *argv, sqlite3_vtab **out, char **message)
{
    (void)argc, (void)argv, (void)message;
    int rc = sqlite3_declare_vtab(db, "CREATE TABLE x (n, tab, key, row, hash, row_hash, fields)");
    if (rc != SQLITE_OK)
        return rc;
    Table *table = g_new0(Table, 1);
    table->bulk = aux;
    *out = &table->base;
    return SQLITE_OK;
}

static int disconnect_table(sqlite3_vtab *table)
{
    g_free(table);
    return SQLITE_OK;
}

static int best_index(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    info->estimatedCost = 1000;
    return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    Cursor *cursor = g_new0(Cursor, 1);
    *out = &cursor->base;
    return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
    g_free(cursor);
    return SQLITE_OK;
}

static DjBulk *bulk_of(sqlite3_vtab_cursor *cursor)
{
    return ((Table *)(gpointer)cursor->pVtab)->bulk;
}

static void pass_skipped(sqlite3_vtab_cursor *base)
{
    const GArray *rows = bulk_of(base)->rows;
    Cursor *cursor = (Cursor *)(gpointer)base;
    while (cursor->at < rows->len && g_array_index(rows, Row, cursor->at).skip)
        cursor->at++;
}

static int filter(sqlite3_vtab_cursor *cursor, int number, const char *text, int argc, sqlite3_value **argv)
{
    (void)number, (void)text, (void)argc, (void)argv;
    ((Cursor *)(gpointer)cursor)->at = 0;
    pass_skipped(cursor);
    return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *cursor)
{
    ((Cursor *)(gpointer)cursor)->at++;
    pass_skipped(cursor);
    return SQLITE_OK;
}

static int eof(sqlite3_vtab_cursor *cursor)
{
    return ((Cursor *)(gpointer)cursor)->at >= bulk_of(cursor)->rows->len;
}

static int column(sqlite3_vtab_cursor *cursor, sqlite3_context *context, int index)
{
    DjBulk *bulk = bulk_of(cursor);
    guint at = ((Cursor *)(gpointer)cursor)->at;
    const Row *row = &g_array_index(bulk->rows, Row, at);
    const char *fields;
    switch (index) {
    case COLUMN_N:
        sqlite3_result_int64(context, at);
        return SQLITE_OK;
    case COLUMN_TAB:
        sqlite3_result_int(context, row->table);
        return SQLITE_OK;
    case COLUMN_KEY:
        sqlite3_result_text(context, bulk->keys->str + row->key, -1, SQLITE_STATIC);
        return SQLITE_OK;
    case COLUMN_ROW:
        sqlite3_result_int64(context, row->row);
        return SQLITE_OK;
    case COLUMN_HASH:
        sqlite3_result_blob(context, row->hash, HASH_BYTES, SQLITE_STATIC);
        return SQLITE_OK;
    case COLUMN_ROW_HASH: /* NULL unless a result is set */
        if (row->has_row_hash)
            sqlite3_result_blob(context, row->row_hash, HASH_BYTES, SQLITE_STATIC);
        return SQLITE_OK;
    default: /* stays in the window of the spill until the next row is asked for */
        fields = dj_spill_read(bulk->spill, row->place, row->length, bulk->error ? NULL : &bulk->error);
        if (!fields)
            return SQLITE_IOERR_READ;
        sqlite3_result_text64(context, fields, row->length, SQLITE_STATIC, SQLITE_UTF8);
        return SQLITE_OK;
    }
}

static int row_id(sqlite3_vtab_cursor *cursor, sqlite3_int64 *id)
{
    *id = ((Cursor *)(gpointer)cursor)->at;
    return SQLITE_OK;
}

static const sqlite3_module module = {.xConnect = connect_table,
                                      .xBestIndex = best_index,
                                      .xDisconnect = disconnect_table,
                                      .xDestroy = disconnect_table,
                                      .xOpen = open_cursor,
                                      .xClose = close_cursor,
                                      .xFilter = filter,
                                      .xNext = next,
                                      .xEof = eof,
                                      .xColumn = column,
                                      .xRowid = row_id};

/* ---- the bulk ---- */

DjBulk *dj_bulk_new(DjStore *store, DjSpill *spill, GError **error)
{
    g_autoptr(DjBulk) bulk = g_new0(DjBulk, 1);
    bulk->store = store;
    bulk->spill = spill;
    bulk->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    bulk->keys = g_string_new(NULL);
    if (sqlite3_create_module_v2(store->db, "bulk", &module, bulk, NULL) != SQLITE_OK) {
        dj_store_fail(store, error, "preparing to store rows");
        return NULL;
    }
    bulk->add_records =
        dj_store_prepare(store,
                         "INSERT OR IGNORE INTO main.record (id, tab, key, current, hash, row_hash, seal)"
                         " SELECT ?1 + n, tab, key, ?2 + n, hash, row_hash,"
                         " seal(tab, key, ?2 + n, hash, NULL, row_hash) FROM bulk",
                         error, "preparing to store rows");
    if (!bulk->add_records)
        return NULL;
    bulk->add_versions = dj_store_prepare(store,
                                          "INSERT INTO main.version (id, record, batch, row, hash, fields, seal)"
                                          " SELECT ?2 + n, ?1 + n, ?3, row, hash, fields,"
                                          " seal(?1 + n, NULL, ?3, row, hash) FROM bulk",
                                          error, "preparing to store rows");
    return bulk->add_versions ? g_steal_pointer(&bulk) : NULL;
}

void dj_bulk_free(DjBulk *bulk)
{
    if (!bulk)
        return;
    sqlite3_finalize(bulk->add_records);
    sqlite3_finalize(bulk->add_versions);
    sqlite3_create_module_v2(bulk->store->db, "bulk", NULL, NULL, NULL);
    g_array_unref(bulk->rows);
    g_string_free(bulk->keys, TRUE);
    g_clear_error(&bulk->error);
    g_free(bulk);
}

void dj_bulk_add(DjBulk *bulk, const DjBulkRow *row)
{
    Row added = {.table = row->table,
                 .key = bulk->keys->len,
                 .row = row->row,
                 .place = row->place,
                 .length = row->length,
                 .has_row_hash = row->row_hash != NULL};
    memcpy(added.hash, row->hash, HASH_BYTES);
    if (row->row_hash)
        memcpy(added.row_hash, row->row_hash, HASH_BYTES);
    g_string_append_len(bulk->keys, row->key, (gssize)strlen(row->key) + 1);
    g_array_append_val(bulk->rows, added);
}

static gboolean run(DjBulk *bulk, sqlite3_stmt *stmt, GError **error)
{
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    if (rc == SQLITE_DONE)
        return TRUE;
    if (!bulk->error)
        return dj_store_fail(bulk->store, error, "storing rows");
    g_propagate_error(error, g_steal_pointer(&bulk->error));
    return FALSE;
}

/* Rows that found their key taken get no version. */
static gboolean skip_taken(DjBulk *bulk, gint64 first, GError **error)
{
    for (guint i = 0; i < bulk->rows->len; i++) {
        Row *row = &g_array_index(bulk->rows, Row, i);
        RecordRow stored;
        if (!dj_store_find_record(bulk->store, row->table, bulk->keys->str + row->key, &stored, error))
            return FALSE;
        row->skip = stored.id != first + i;
    }
    return TRUE;
}

static gboolean next_id(DjStore *store, StmtId id, gint64 *out, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, id, error);
    if (!stmt)
        return FALSE;
    int rc = sqlite3_step(stmt);
    *out = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return rc == SQLITE_ROW || dj_store_fail(store, error, "storing rows");
}

gboolean dj_bulk_write(DjBulk *bulk, gint64 batch, GError **error)
{
    DjStore *store = bulk->store;
    gint64 record = 0, version = 0;
    if (bulk->rows->len == 0)
        return TRUE;
    if (!next_id(store, STMT_NEXT_RECORD, &record, error) || !next_id(store, STMT_NEXT_VERSION, &version, error))
        return FALSE;
    sqlite3_stmt *const stmts[] = {bulk->add_records, bulk->add_versions};
    for (gsize i = 0; i < G_N_ELEMENTS(stmts); i++) {
        sqlite3_bind_int64(stmts[i], 1, record);
        sqlite3_bind_int64(stmts[i], 2, version);
    }
    sqlite3_bind_int64(bulk->add_versions, 3, batch);
    if (!run(bulk, bulk->add_records, error))
        return FALSE;
    if (sqlite3_changes(store->db) < (int)bulk->rows->len && !skip_taken(bulk, record, error))
        return FALSE;
    if (!run(bulk, bulk->add_versions, error))
        return FALSE;
    store->next_version = version + bulk->rows->len;
    g_array_set_size(bulk->rows, 0);
    g_string_truncate(bulk->keys, 0);
    return TRUE;
}
