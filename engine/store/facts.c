/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing and reading versions of records. A version holds the whole record, not a difference: any past state is one
 * row, readable with sqlite3 alone, and a correction of the code never changes what history says. */
#include "engine/model/ident.h"
#include "engine/store/internal.h"
#include <string.h>

/* ---- finding ---- */

gboolean dj_store_find_record(DjStore *store, DjTable table, const char *key, RecordRow *out, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_FIND_RECORD, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, table);
    sqlite3_bind_text(stmt, 2, key, -1, SQLITE_STATIC);
    memset(out, 0, sizeof *out);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW) {
        out->id = sqlite3_column_int64(stmt, 0);
        out->current = sqlite3_column_int64(stmt, 1);
        if (sqlite3_column_bytes(stmt, 2) == HASH_BYTES)
            memcpy(out->hash, sqlite3_column_blob(stmt, 2), HASH_BYTES);
        gboolean whole = sqlite3_column_bytes(stmt, 3) != HASH_BYTES;
        memcpy(out->input, whole ? out->hash : sqlite3_column_blob(stmt, 3), HASH_BYTES);
        out->has_row_hash = sqlite3_column_bytes(stmt, 4) == HASH_BYTES;
        if (out->has_row_hash)
            memcpy(out->row_hash, sqlite3_column_blob(stmt, 4), HASH_BYTES);
    }
    sqlite3_reset(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || dj_store_fail(store, error, "looking for a record");
}

gboolean dj_store_read_version(DjStore *store, gint64 id, gint64 point, VersionRow *out, DjRecord *record,
                               gboolean *found, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_GET_VERSION, error);
    if (!stmt)
        return FALSE;
    *found = FALSE;
    while (id != 0) {
        sqlite3_bind_int64(stmt, 1, id);
        int rc = sqlite3_step(stmt);
        if (rc == SQLITE_DONE) {
            g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_DAMAGED,
                        "store %s: version %" G_GINT64_FORMAT " is missing", store->path, id);
            return FALSE;
        }
        if (rc != SQLITE_ROW)
            return dj_store_fail(store, error, "reading a version");
        *out = (VersionRow){.id = id,
                            .previous = sqlite3_column_int64(stmt, 1),
                            .batch = sqlite3_column_int64(stmt, 2),
                            .row = sqlite3_column_int64(stmt, 3)};
        if (out->batch <= point) {
            *found = TRUE;
            gboolean ok = TRUE;
            if (record) {
                const char *fields = (const char *)sqlite3_column_text(stmt, 4);
                ok = dj_record_from_json(record, fields ? fields : "", (gsize)sqlite3_column_bytes(stmt, 4), error);
            }
            sqlite3_reset(stmt);
            return ok;
        }
        id = out->previous;
        sqlite3_reset(stmt);
    }
    return TRUE;
}

/* ---- names of enterprises ---- */

static gboolean add_name(const char *name, const char *code, AliasVisit add, gpointer user, GError **error)
{
    g_autofree char *folded = dj_org_name_fold(name);
    g_autofree char *text = g_strconcat("name:", folded, NULL);
    return !*folded || add(text, code ? code : "", user, error);
}

gboolean dj_store_each_alias(const DjRecord *enterprise, AliasVisit add, gpointer user, GError **error)
{
    const char *code = dj_record_get(enterprise, DJ_ENTERPRISE_CREDIT_CODE);
    const char *name = dj_record_get(enterprise, DJ_ENTERPRISE_NAME);
    g_auto(GStrv) others = dj_record_list(enterprise, DJ_ENTERPRISE_ALIASES);
    if (code) {
        g_autofree char *text = g_strconcat("code:", code, NULL);
        if (!add(text, code, user, error))
            return FALSE;
    }
    if (name && !add_name(name, code, add, user, error))
        return FALSE;
    for (char **other = others; *other; other++)
        if (!add_name(*other, code, add, user, error))
            return FALSE;
    return TRUE;
}

static gboolean add_alias(const char *text, const char *code, gpointer user, GError **error)
{
    const AliasOwner *owner = user;
    sqlite3_stmt *stmt = dj_store_stmt(owner->store, STMT_ADD_ALIAS, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, owner->record);
    sqlite3_bind_text(stmt, 3, code, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(owner->store, error, "storing a name");
}

static gboolean renew_aliases(DjStore *store, const DjRecord *enterprise, gint64 record, gboolean is_new,
                              GError **error)
{
    if (!is_new) {
        sqlite3_stmt *stmt = dj_store_stmt(store, STMT_DROP_ALIASES, error);
        if (!stmt)
            return FALSE;
        sqlite3_bind_int64(stmt, 1, record);
        int rc = sqlite3_step(stmt);
        sqlite3_reset(stmt);
        if (rc != SQLITE_DONE)
            return dj_store_fail(store, error, "storing a name");
    }
    return dj_store_each_alias(enterprise, add_alias, &(AliasOwner){store, record}, error);
}

/* ---- writing ---- */

static gboolean add_record(DjStore *store, const DjRecord *record, const NewVersion *v, gint64 version, gint64 *id,
                           GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_ADD_RECORD, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, record->table);
    sqlite3_bind_text(stmt, 2, record->key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, version);
    sqlite3_bind_blob(stmt, 4, v->hash, HASH_BYTES, SQLITE_STATIC);
    if (memcmp(v->hash, v->input, HASH_BYTES) != 0)
        sqlite3_bind_blob(stmt, 5, v->input, HASH_BYTES, SQLITE_STATIC);
    if (v->row_hash)
        sqlite3_bind_blob(stmt, 6, v->row_hash, HASH_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    *id = sqlite3_last_insert_rowid(store->db);
    return rc == SQLITE_DONE || dj_store_fail(store, error, "adding a record");
}

static gboolean add_version(DjStore *store, gint64 record, gint64 previous, const NewVersion *v, gint64 *id,
                            GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_ADD_VERSION, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, record);
    if (previous)
        sqlite3_bind_int64(stmt, 2, previous);
    sqlite3_bind_int64(stmt, 3, v->batch);
    sqlite3_bind_int64(stmt, 4, v->row);
    sqlite3_bind_blob(stmt, 5, v->hash, HASH_BYTES, SQLITE_STATIC);
    sqlite3_bind_text64(stmt, 6, v->json, v->length, SQLITE_STATIC, SQLITE_UTF8);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    *id = sqlite3_last_insert_rowid(store->db);
    store->next_version = *id + 1;
    return rc == SQLITE_DONE || dj_store_fail(store, error, "adding a version");
}

static gboolean set_current(DjStore *store, gint64 record, gint64 version, const NewVersion *v, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_SET_CURRENT, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, record);
    sqlite3_bind_int64(stmt, 2, version);
    sqlite3_bind_blob(stmt, 3, v->hash, HASH_BYTES, SQLITE_STATIC);
    if (memcmp(v->hash, v->input, HASH_BYTES) != 0)
        sqlite3_bind_blob(stmt, 4, v->input, HASH_BYTES, SQLITE_STATIC);
    if (v->row_hash)
        sqlite3_bind_blob(stmt, 5, v->row_hash, HASH_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(store, error, "updating a record");
}

static gboolean next_version(DjStore *store, gint64 *id, GError **error)
{
    /* Nobody else writes while this transaction is open. */
    if (store->next_version && !sqlite3_get_autocommit(store->db)) {
        *id = store->next_version;
        return TRUE;
    }
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_NEXT_VERSION, error);
    if (!stmt)
        return FALSE;
    int rc = sqlite3_step(stmt);
    *id = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return rc == SQLITE_ROW || dj_store_fail(store, error, "adding a version");
}

gboolean dj_store_write_version(DjStore *store, const DjRecord *record, const RecordRow *old, const NewVersion *v,
                                DjPutResult *result, GError **error)
{
    gint64 id = old->id, version = 0;
    *result = id ? DJ_PUT_UPDATED : DJ_PUT_NEW;
    if (id) {
        if (!add_version(store, id, old->current, v, &version, error) || !set_current(store, id, version, v, error))
            return FALSE;
    } else {
        /* The record names its version and the version its record: the version's number is known beforehand. */
        gint64 expected = 0;
        if (!next_version(store, &expected, error) || !add_record(store, record, v, expected, &id, error) ||
            !add_version(store, id, 0, v, &version, error))
            return FALSE;
        if (version != expected && !set_current(store, id, version, v, error))
            return FALSE;
    }
    return record->table != DJ_TABLE_ENTERPRISE || renew_aliases(store, record, id, !old->id, error);
}

gboolean dj_store_put(DjStore *store, gint64 batch, const DjRecord *record, gint64 row, DjPutResult *result,
                      GError **error)
{
    RecordRow old;
    guint8 hash[HASH_BYTES];
    NewVersion v = {.batch = batch, .row = row, .hash = hash, .input = hash};
    g_autofree char *json = dj_record_to_json(record, &v.length);
    v.json = json;
    dj_hash(json, v.length, hash);
    if (!dj_store_find_record(store, record->table, record->key, &old, error))
        return FALSE;
    if (old.id && memcmp(old.hash, hash, HASH_BYTES) == 0) {
        *result = DJ_PUT_UNCHANGED;
        return TRUE;
    }
    return dj_store_write_version(store, record, &old, &v, result, error);
}

void dj_store_overlay(DjRecord *record, const DjRecord *change)
{
    for (int i = 0; i < dj_field_count(record->table); i++) {
        const char *value = change->values[i];
        if (value)
            dj_record_set(record, i, strcmp(value, DJ_STORE_ERASE) == 0 ? NULL : value);
    }
    for (guint i = 0; change->extra && i + 1 < change->extra->len; i += 2) {
        const char *name = change->extra->pdata[i], *value = change->extra->pdata[i + 1];
        gboolean erase = strcmp(value, DJ_STORE_ERASE) == 0, known = FALSE;
        for (guint j = 0; record->extra && j + 1 < record->extra->len && !known; j += 2) {
            known = strcmp(record->extra->pdata[j], name) == 0;
            if (known && erase) {
                g_ptr_array_remove_range(record->extra, j, 2);
            } else if (known) {
                g_free(record->extra->pdata[j + 1]);
                record->extra->pdata[j + 1] = g_strdup(value);
            }
        }
        if (!known && !erase)
            dj_record_add_extra(record, name, value);
    }
}

gboolean dj_store_merge(DjStore *store, gint64 batch, const DjRecord *change, gint64 row, DjPutResult *result,
                        GError **error)
{
    return dj_store_merge_row(store, batch, change, row, NULL, result, error);
}

gboolean dj_store_merge_row(DjStore *store, gint64 batch, const DjRecord *change, gint64 row, const guint8 *row_hash,
                            DjPutResult *result, GError **error)
{
    RecordRow old;
    guint8 input[HASH_BYTES], hash[HASH_BYTES];
    gsize length;
    g_autofree char *given = dj_record_to_json(change, &length);
    dj_hash(given, length, input);
    if (!dj_store_find_record(store, change->table, change->key, &old, error))
        return FALSE;
    if (old.id && memcmp(old.input, input, HASH_BYTES) == 0) {
        *result = DJ_PUT_UNCHANGED;
        return TRUE;
    }
    g_autoptr(DjRecord) merged = dj_record_new(change->table);
    merged->key = g_strdup(change->key);
    VersionRow current;
    gboolean found;
    if (old.id && !dj_store_read_version(store, old.current, DJ_POINT_NOW, &current, merged, &found, error))
        return FALSE;
    dj_store_overlay(merged, change);
    NewVersion v = {.batch = batch, .row = row, .hash = hash, .input = input, .row_hash = row_hash};
    g_autofree char *json = dj_record_to_json(merged, &v.length);
    v.json = json;
    dj_hash(json, v.length, hash);
    if (old.id && memcmp(old.hash, hash, HASH_BYTES) == 0) {
        *result = DJ_PUT_UNCHANGED;
        return TRUE;
    }
    return dj_store_write_version(store, merged, &old, &v, result, error);
}

/* ---- reading ---- */

gboolean dj_store_get(DjStore *store, DjTable table, const char *key, gint64 point, DjRecord *record, gboolean *found,
                      GError **error)
{
    RecordRow row;
    VersionRow version;
    dj_record_clear(record);
    *found = FALSE;
    if (!dj_store_find_record(store, table, key, &row, error))
        return FALSE;
    if (!row.id)
        return TRUE;
    record->key = g_strdup(key);
    return dj_store_read_version(store, row.current, point, &version, record, found, error);
}

gboolean dj_store_has(DjStore *store, DjTable table, const char *key, gboolean *found, GError **error)
{
    RecordRow row;
    *found = FALSE;
    if (!dj_store_find_record(store, table, key, &row, error))
        return FALSE;
    *found = row.id != 0;
    return TRUE;
}

gboolean dj_store_each(DjStore *store, DjTable table, gint64 point, DjStoreVisit visit, gpointer user, GError **error)
{
    /* A statement of its own, so that visit may read from the store; while it runs, all reads see one state. */
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(
        store, "SELECT key, current FROM main.record WHERE tab = ?1 ORDER BY key", error, "reading records");
    g_autoptr(DjRecord) record = dj_record_new(table);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, table);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        VersionRow version;
        gboolean found;
        dj_record_clear(record);
        record->key = g_strdup((const char *)sqlite3_column_text(stmt, 0));
        if (!dj_store_read_version(store, sqlite3_column_int64(stmt, 1), point, &version, record, &found, error))
            return FALSE;
        if (found && !visit(record, user))
            return TRUE;
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "reading records");
}

gboolean dj_store_count(DjStore *store, DjTable table, gint64 point, gint64 *count, GError **error)
{
    const char *all = "SELECT count(*) FROM record WHERE tab = ?1";
    const char *past = "SELECT count(*) FROM version v JOIN record r ON r.id = v.record"
                       " WHERE r.tab = ?1 AND v.previous IS NULL AND v.batch <= ?2";
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(store, point == DJ_POINT_NOW ? all : past, error, "counting");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, table);
    if (point != DJ_POINT_NOW)
        sqlite3_bind_int64(stmt, 2, point);
    if (sqlite3_step(stmt) != SQLITE_ROW)
        return dj_store_fail(store, error, "counting");
    *count = sqlite3_column_int64(stmt, 0);
    return TRUE;
}

gboolean dj_store_history(DjStore *store, DjTable table, const char *key, DjHistoryVisit visit, gpointer user,
                          GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "SELECT v.batch, v.row, b.recorded_at, b.command, b.source, v.fields"
                         " FROM version v JOIN batch b ON b.id = v.batch WHERE v.id = ?1",
                         error, "reading the history");
    if (!stmt)
        return FALSE;
    RecordRow row;
    if (!dj_store_find_record(store, table, key, &row, error))
        return FALSE;
    g_autoptr(GArray) chain = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (gint64 id = row.current; id;) {
        VersionRow version;
        gboolean found;
        g_array_append_val(chain, id);
        if (!dj_store_read_version(store, id, DJ_POINT_NOW, &version, NULL, &found, error))
            return FALSE;
        id = version.previous;
    }
    g_autoptr(DjRecord) record = dj_record_new(table);
    for (guint i = chain->len; i-- > 0;) {
        sqlite3_reset(stmt);
        sqlite3_bind_int64(stmt, 1, g_array_index(chain, gint64, i));
        if (sqlite3_step(stmt) != SQLITE_ROW)
            return dj_store_fail(store, error, "reading the history");
        DjVersionInfo info = {.batch = sqlite3_column_int64(stmt, 0),
                              .row = sqlite3_column_int64(stmt, 1),
                              .recorded_at = (const char *)sqlite3_column_text(stmt, 2),
                              .command = (const char *)sqlite3_column_text(stmt, 3),
                              .source = (const char *)sqlite3_column_text(stmt, 4)};
        const char *fields = (const char *)sqlite3_column_text(stmt, 5);
        dj_record_clear(record);
        record->key = g_strdup(key);
        if (!dj_record_from_json(record, fields ? fields : "", (gsize)sqlite3_column_bytes(stmt, 5), error))
            return FALSE;
        if (!visit(&info, record, user))
            return TRUE;
    }
    return TRUE;
}

/* Adds the records whose key is text, or begins with it; six are enough to say that there are too many. */
static gboolean collect_keys(DjStore *store, const char *text, GPtrArray *keys, GArray *tables, gboolean exact,
                             GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         exact ? "SELECT key FROM record WHERE tab = ?1 AND key = ?2"
                               : "SELECT key FROM record WHERE tab = ?1 AND key >= ?2 AND key < ?2 || char(1114111)"
                                 " ORDER BY key LIMIT 6",
                         error, "looking for a key");
    if (!stmt)
        return FALSE;
    for (int table = 0; table < DJ_N_TABLES; table++) {
        int rc;
        sqlite3_reset(stmt);
        sqlite3_bind_int(stmt, 1, table);
        sqlite3_bind_text(stmt, 2, text, -1, SQLITE_STATIC);
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
            g_ptr_array_add(keys, g_strdup((const char *)sqlite3_column_text(stmt, 0)));
            g_array_append_val(tables, table);
        }
        if (rc != SQLITE_DONE)
            return dj_store_fail(store, error, "looking for a key");
    }
    return TRUE;
}

gboolean dj_store_find_key(DjStore *store, const char *text, DjTable *table, char **key, gboolean *found,
                           GError **error)
{
    g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) tables = g_array_new(FALSE, FALSE, sizeof(int));
    g_autofree char *number = dj_patent_number_normalise(text, NULL);
    *found = FALSE;
    if (!collect_keys(store, text, keys, tables, TRUE, error) ||
        (keys->len == 0 && number && !collect_keys(store, number, keys, tables, TRUE, error)) ||
        (keys->len == 0 && *text && !collect_keys(store, text, keys, tables, FALSE, error)))
        return FALSE;
    if (keys->len > 1) {
        g_autoptr(GString) list = g_string_new(NULL);
        for (guint i = 0; i < keys->len && i < 5; i++)
            g_string_append_printf(list, "%s%s", i ? ", " : "", (char *)keys->pdata[i]);
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_AMBIGUOUS, "several records match %s: %s%s", text, list->str,
                    keys->len > 5 ? " …" : "");
        return FALSE;
    }
    if (keys->len == 1) {
        *found = TRUE;
        *table = (DjTable)g_array_index(tables, int, 0);
        *key = g_strdup(keys->pdata[0]);
    }
    return TRUE;
}
