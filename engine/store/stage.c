/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only rows that may change something are staged. A row equal to the last one merged into its record is recognised by
 * its hash alone, which is what makes importing the same file again cheap. */
#include "engine/store/stage.h"
#include "engine/model/ident.h"
#include "engine/store/bulk.h"
#include "engine/store/internal.h"
#include "engine/store/spill.h"
#include <string.h>

enum { ROWS_PER_TRANSACTION = 4000 };

struct DjStage {
    DjStore *store;
    DjSpill *spill; /* the fields of the staged rows; the table says where */
    GString *json;  /* of the row that is being added */
    gint64 n_staged, n_added[DJ_N_TABLES], n_changed[DJ_N_TABLES];
};

DjStage *dj_stage_new(DjStore *store, GError **error)
{
    /* temp_store stays with its default, a file: a stage may be larger than memory. */
    if (!dj_store_exec(store,
                       "CREATE TEMP TABLE IF NOT EXISTS stage (id INTEGER PRIMARY KEY, tab INTEGER NOT NULL,"
                       " key TEXT NOT NULL, row INTEGER NOT NULL, fresh INTEGER NOT NULL, changed INTEGER NOT NULL,"
                       " place INTEGER NOT NULL, length INTEGER NOT NULL, UNIQUE (tab, key));"
                       "CREATE TEMP TABLE IF NOT EXISTS stage_alias (text TEXT NOT NULL, stage INTEGER NOT NULL,"
                       " code TEXT NOT NULL, PRIMARY KEY (text, stage)) WITHOUT ROWID;"
                       "DELETE FROM temp.stage; DELETE FROM temp.stage_alias; BEGIN;",
                       error, "preparing the stage"))
        return NULL;
    DjStage *stage = g_new0(DjStage, 1);
    stage->store = store;
    stage->json = g_string_sized_new(4096);
    stage->spill = dj_spill_new(error);
    if (!stage->spill)
        g_clear_pointer(&stage, dj_stage_free);
    return stage;
}

void dj_stage_free(DjStage *stage)
{
    if (!stage)
        return;
    dj_store_rollback(stage->store);
    dj_store_exec(stage->store, "DELETE FROM temp.stage; DELETE FROM temp.stage_alias", NULL, "clearing the stage");
    dj_spill_free(stage->spill);
    g_string_free(stage->json, TRUE);
    g_free(stage);
}

static gboolean stage_alias(DjStore *store, gint64 staged, const char *text, const char *code, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_STAGE_ADD_ALIAS, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 2, staged);
    sqlite3_bind_text(stmt, 3, code, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(store, error, "staging a name");
}

static void write_json(DjStage *stage, const DjRecord *record)
{
    g_string_truncate(stage->json, 0);
    dj_record_write_json(record, stage->json);
}

/* Stages change, whose fields are in stage->json. *added FALSE when the key is staged already. */
static gboolean add_staged(DjStage *stage, const DjRecord *change, gint64 row, gboolean fresh, gboolean *added,
                           GError **error)
{
    DjStore *store = stage->store;
    gint64 place;
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_STAGE_ADD, error);
    if (!stmt || !dj_spill_append(stage->spill, stage->json->str, stage->json->len, &place, error))
        return FALSE;
    sqlite3_bind_int(stmt, 1, change->table);
    sqlite3_bind_text(stmt, 2, change->key, -1, SQLITE_STATIC);
    sqlite3_bind_int64(stmt, 3, row);
    sqlite3_bind_int(stmt, 4, fresh);
    sqlite3_bind_int64(stmt, 5, place);
    sqlite3_bind_int64(stmt, 6, (gint64)stage->json->len);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    if (rc != SQLITE_DONE)
        return dj_store_fail(store, error, "staging a row");
    *added = sqlite3_changes(store->db) > 0;
    if (!*added)
        return TRUE;
    stage->n_staged++;
    (fresh ? stage->n_added : stage->n_changed)[change->table]++;
    return change->table != DJ_TABLE_ENTERPRISE ||
           dj_store_each_alias(store, change, sqlite3_last_insert_rowid(store->db), stage_alias, error);
}

/* Would merging change alter the stored record? */
static gboolean alters(DjStore *store, const RecordRow *old, const DjRecord *change, gboolean *out, GError **error)
{
    g_autoptr(DjRecord) merged = dj_record_new(change->table);
    VersionRow version;
    gboolean found;
    gsize length;
    guint8 hash[HASH_BYTES];
    if (!dj_store_read_version(store, old->current, DJ_POINT_NOW, &version, merged, &found, error))
        return FALSE;
    dj_store_overlay(merged, change);
    g_autofree char *json = dj_record_to_json(merged, &length);
    dj_hash(json, length, hash);
    *out = memcmp(hash, old->hash, HASH_BYTES) != 0;
    return TRUE;
}

/* Later values of a key over the earlier ones of this stage. DJ_STORE_ERASE must survive: the stored record is not
 * known here. */
static void overlay_staged(DjRecord *earlier, const DjRecord *later)
{
    for (int i = 0; i < dj_field_count(later->table); i++)
        if (later->values[i])
            dj_record_set(earlier, i, later->values[i]);
    for (guint i = 0; later->extra && i + 1 < later->extra->len; i += 2) {
        const char *name = later->extra->pdata[i], *value = later->extra->pdata[i + 1];
        gboolean known = FALSE;
        for (guint j = 0; earlier->extra && j + 1 < earlier->extra->len && !known; j += 2) {
            known = strcmp(earlier->extra->pdata[j], name) == 0;
            if (known) {
                g_free(earlier->extra->pdata[j + 1]);
                earlier->extra->pdata[j + 1] = g_strdup(value);
            }
        }
        if (!known)
            dj_record_add_extra(earlier, name, value);
    }
}

/* Merges change into the staged row with its key. *found FALSE when there is none. */
static gboolean add_again(DjStage *stage, const DjRecord *change, const RecordRow *old, gint64 row, gboolean *found,
                          gint64 *earlier, GError **error)
{
    DjStore *store = stage->store;
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_STAGE_FIND, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int(stmt, 1, change->table);
    sqlite3_bind_text(stmt, 2, change->key, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    *found = rc == SQLITE_ROW;
    if (rc != SQLITE_ROW) {
        sqlite3_reset(stmt);
        return rc == SQLITE_DONE || dj_store_fail(store, error, "staging a row");
    }
    g_autoptr(DjRecord) merged = dj_record_new(change->table);
    gint64 id = sqlite3_column_int64(stmt, 0);
    gboolean fresh = sqlite3_column_int(stmt, 1), changed = TRUE;
    gint64 place = sqlite3_column_int64(stmt, 2);
    gsize length = (gsize)sqlite3_column_int64(stmt, 4);
    gboolean was_changed = sqlite3_column_int(stmt, 5);
    if (earlier)
        *earlier = sqlite3_column_int64(stmt, 3);
    sqlite3_reset(stmt);
    const char *fields = dj_spill_read(stage->spill, place, length, error);
    if (!fields || !dj_record_from_json(merged, fields, length, error))
        return FALSE;
    if (fresh)
        dj_store_overlay(merged, change);
    else
        overlay_staged(merged, change);
    if (!fresh && !alters(store, old, merged, &changed, error))
        return FALSE;
    g_autofree char *json = dj_record_to_json(merged, &length);
    stmt = dj_store_stmt(store, STMT_STAGE_REPLACE, error);
    if (!stmt || !dj_spill_append(stage->spill, json, length, &place, error))
        return FALSE;
    sqlite3_bind_int64(stmt, 1, id);
    sqlite3_bind_int64(stmt, 2, row);
    sqlite3_bind_int(stmt, 3, changed);
    sqlite3_bind_int64(stmt, 4, place);
    sqlite3_bind_int64(stmt, 5, (gint64)length);
    rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    if (rc != SQLITE_DONE)
        return dj_store_fail(store, error, "staging a row");
    if (!fresh)
        stage->n_changed[change->table] += changed - was_changed;
    return change->table != DJ_TABLE_ENTERPRISE || dj_store_each_alias(store, merged, id, stage_alias, error);
}

static gboolean erases(const DjRecord *change)
{
    int n = dj_field_count(change->table);
    for (int i = 0; i < n; i++)
        if (change->values[i] && strcmp(change->values[i], DJ_STORE_ERASE) == 0)
            return TRUE;
    for (guint i = 1; change->extra && i < change->extra->len; i += 2)
        if (strcmp(change->extra->pdata[i], DJ_STORE_ERASE) == 0)
            return TRUE;
    return FALSE;
}

/* A record that is not stored: what would be erased is not there yet. */
static gboolean add_fresh(DjStage *stage, const DjRecord *change, gint64 row, gboolean *added, GError **error)
{
    g_autoptr(DjRecord) rest = NULL;
    if (erases(change)) {
        rest = dj_record_new(change->table);
        rest->key = g_strdup(change->key);
        dj_store_overlay(rest, change);
        change = rest;
    }
    write_json(stage, change);
    return add_staged(stage, change, row, TRUE, added, error);
}

/* A stored record: staged only if its values, or those that an earlier row has staged, would change. */
static gboolean add_stored(DjStage *stage, const DjRecord *change, const RecordRow *old, gint64 row, gboolean *added,
                           gboolean *again, gint64 *earlier, GError **error)
{
    guint8 input[HASH_BYTES];
    gboolean changed = FALSE;
    *added = FALSE;
    if (stage->n_staged > 0 && !add_again(stage, change, old, row, again, earlier, error))
        return FALSE;
    if (*again)
        return TRUE;
    write_json(stage, change);
    dj_hash(stage->json->str, stage->json->len, input);
    if (memcmp(input, old->input, HASH_BYTES) != 0 && !alters(stage->store, old, change, &changed, error))
        return FALSE;
    return !changed || add_staged(stage, change, row, FALSE, added, error);
}

gboolean dj_stage_add(DjStage *stage, const DjRecord *change, gint64 row, DjStageResult *result, gint64 *earlier,
                      GError **error)
{
    RecordRow old;
    gboolean added = FALSE, again = FALSE;
    if (!dj_store_find_record(stage->store, change->table, change->key, &old, error))
        return FALSE;
    if (old.id) {
        if (!add_stored(stage, change, &old, row, &added, &again, earlier, error))
            return FALSE;
    } else if (!add_fresh(stage, change, row, &added, error) ||
               (!added && !add_again(stage, change, &old, row, &again, earlier, error))) {
        return FALSE;
    }
    *result = again ? DJ_STAGE_AGAIN : !added ? DJ_STAGE_UNCHANGED : old.id ? DJ_STAGE_CHANGE : DJ_STAGE_NEW;
    return TRUE;
}

gboolean dj_stage_find_enterprise(DjStage *stage, const char *code, const char *name, char **key, guint *n_found,
                                  GError **error)
{
    g_autofree char *folded = name ? dj_org_name_fold(name) : NULL;
    g_autofree char *by_code = code ? g_strconcat("code:", code, NULL) : NULL;
    g_autofree char *by_name = folded && *folded ? g_strconcat("name:", folded, NULL) : NULL;
    const char *const texts[] = {by_code, by_name};
    *n_found = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(texts) && *n_found == 0; i++) {
        if (!texts[i])
            continue;
        sqlite3_stmt *stmt = dj_store_stmt(stage->store, STMT_STAGE_ALIASES, error);
        if (!stmt)
            return FALSE;
        sqlite3_bind_text(stmt, 1, texts[i], -1, SQLITE_STATIC);
        g_autofree char *last = NULL;
        int rc;
        while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
            const char *found = (const char *)sqlite3_column_text(stmt, 0);
            const char *its_code = (const char *)sqlite3_column_text(stmt, 1);
            if (g_strcmp0(last, found) == 0)
                continue; /* both stored and staged: the row with the code came first */
            g_free(last);
            last = g_strdup(found);
            if (code && *its_code && strcmp(its_code, code) != 0)
                continue;
            if ((*n_found)++ == 0)
                *key = g_strdup(found);
        }
        sqlite3_reset(stmt);
        if (rc != SQLITE_DONE)
            return dj_store_fail(stage->store, error, "looking for an enterprise");
    }
    if (*n_found > 1)
        g_clear_pointer(key, g_free);
    return TRUE;
}

gboolean dj_stage_seal(DjStage *stage, GError **error)
{
    return sqlite3_get_autocommit(stage->store->db) || dj_store_commit(stage->store, error);
}

void dj_stage_count(const DjStage *stage, DjTable table, gint64 *added, gint64 *changed)
{
    *added = stage->n_added[table];
    *changed = stage->n_changed[table];
}

typedef struct {
    DjStage *stage;
    gint64 batch;
    DjBulk *bulk;
    DjRecord *records[DJ_N_TABLES];
} Apply;

/* A row of an unknown key goes in as the bytes that were staged: no parsing, no second serialisation. */
static gboolean apply_row(Apply *apply, sqlite3_stmt *staged, GError **error)
{
    DjTable table = (DjTable)CLAMP(sqlite3_column_int(staged, 0), 0, DJ_N_TABLES - 1);
    const char *key = (const char *)sqlite3_column_text(staged, 1);
    gint64 row = sqlite3_column_int64(staged, 2), place = sqlite3_column_int64(staged, 4);
    gboolean fresh = sqlite3_column_int(staged, 3);
    gsize length = (gsize)sqlite3_column_int64(staged, 5);
    if (fresh && table != DJ_TABLE_ENTERPRISE)
        return dj_bulk_add(apply->bulk, table, key, row, place, length, error);
    DjRecord *record = apply->records[table];
    DjPutResult result;
    dj_record_clear(record);
    record->key = g_strdup(key);
    /* Versions are numbered in the order of the rows. */
    if (!dj_bulk_write(apply->bulk, apply->batch, error))
        return FALSE;
    const char *fields = dj_spill_read(apply->stage->spill, place, length, error);
    return fields && dj_record_from_json(record, fields, length, error) &&
           dj_store_merge(apply->stage->store, apply->batch, record, row, &result, error);
}

static gboolean apply_rows(Apply *apply, sqlite3_stmt *staged, DjStageProgress progress, gpointer user, GError **error)
{
    DjStore *store = apply->stage->store;
    gint64 done = 0;
    int rc;
    if (!dj_store_begin(store, error))
        return FALSE;
    while ((rc = sqlite3_step(staged)) == SQLITE_ROW) {
        if (!apply_row(apply, staged, error))
            return FALSE;
        if (++done % ROWS_PER_TRANSACTION != 0)
            continue;
        if (!dj_bulk_write(apply->bulk, apply->batch, error) || !dj_store_commit(store, error) ||
            !dj_store_begin(store, error))
            return FALSE;
        if (progress)
            progress(done, apply->stage->n_staged, user);
    }
    if (rc != SQLITE_DONE)
        return dj_store_fail(store, error, "reading the stage");
    return dj_bulk_write(apply->bulk, apply->batch, error) && dj_store_commit(store, error);
}

gboolean dj_stage_apply(DjStage *stage, gint64 batch, DjStageProgress progress, gpointer user, GError **error)
{
    DjStore *store = stage->store;
    /* Reads temporary tables only, so it stays valid across the commits. */
    g_autoptr(sqlite3_stmt) staged =
        dj_store_prepare(store, "SELECT tab, key, row, fresh, place, length FROM temp.stage WHERE changed ORDER BY id",
                         error, "storing rows");
    g_autoptr(DjBulk) bulk = staged ? dj_bulk_new(store, stage->spill, error) : NULL;
    if (!bulk)
        return FALSE;
    Apply apply = {.stage = stage, .batch = batch, .bulk = bulk};
    for (int i = 0; i < DJ_N_TABLES; i++)
        apply.records[i] = dj_record_new((DjTable)i);
    gboolean ok = apply_rows(&apply, staged, progress, user, error);
    if (!ok)
        dj_store_rollback(store);
    for (int i = 0; i < DJ_N_TABLES; i++)
        dj_record_free(apply.records[i]);
    return ok;
}
