/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Only rows that may change something are staged. A row equal to the last one merged into its record is recognised by
 * its hash alone, which is what makes importing the same file again cheap.
 *
 * A staged row is an entry with its key in one temporary file and its fields in another, both in the order of the rows.
 * The entry of a key is found by a number, 62 bits of its hash, or the next that is free where another key has those:
 * in memory among the last hundred thousand, in a temporary table among the others, which went there in the order of
 * the numbers. A table alone would cost a quarter of the time of an import. */
#include "engine/store/stage.h"
#include "engine/model/ident.h"
#include "engine/store/bulk.h"
#include "engine/store/internal.h"
#include "engine/store/known.h"
#include "engine/store/spill.h"
#include <stdlib.h>
#include <string.h>

enum { ROWS_PER_TRANSACTION = 4000, MAX_RECENT = 1 << 17 };

typedef struct {
    gint64 row;
    gint64 place; /* of the fields */
    guint32 length;
    guint32 key_length; /* the key follows, with its NUL */
    guint32 table;
    gboolean fresh;   /* there is no stored record with the key */
    gboolean changed; /* FALSE: a later row has brought back what is stored */
    gboolean has_row_hash;
    guint8 hash[HASH_BYTES]; /* of the fields */
    guint8 row_hash[HASH_BYTES];
} Entry;

struct DjStage {
    DjStore *store;
    DjSpill *entries, *fields;
    gint64 end;         /* of the entries */
    GHashTable *recent; /* number -> 1 + place, the last MAX_RECENT at most */
    gboolean has_older; /* others are in the table */
    GString *json;      /* fields of the row that is being added */
    DjKnown *known;     /* rows of the table recalled; NULL: none are recognised by their hash */
    DjTable recalled;
    gint64 n_staged, n_added[DJ_N_TABLES], n_changed[DJ_N_TABLES];
    gboolean has_changes;           /* a stored record is or was among the staged */
    gboolean has_aliases;           /* names of enterprises are staged */
    gboolean is_empty[DJ_N_TABLES]; /* nothing was stored of the table at the first row */
};

/* The first import into a table need not look for what it adds. */
static gboolean see_what_is_empty(DjStage *stage, GError **error)
{
    for (int table = 0; table < DJ_N_TABLES; table++) {
        sqlite3_stmt *stmt = dj_store_stmt(stage->store, STMT_ANY_RECORD, error);
        if (!stmt)
            return FALSE;
        sqlite3_bind_int(stmt, 1, table);
        int rc = sqlite3_step(stmt);
        sqlite3_reset(stmt);
        if (rc != SQLITE_ROW && rc != SQLITE_DONE)
            return dj_store_fail(stage->store, error, "preparing the stage");
        stage->is_empty[table] = rc == SQLITE_DONE;
    }
    return TRUE;
}

G_STATIC_ASSERT(sizeof(gpointer) >= sizeof(gint64)); /* numbers and places are kept as pointers */

/* A number is a hash. */
static guint hash_of_number(gconstpointer number)
{
    return (guint)GPOINTER_TO_SIZE(number);
}

DjStage *dj_stage_new(DjStore *store, GError **error)
{
    /* temp_store stays with its default, a file: a stage may be larger than memory. */
    if (!dj_store_exec(store,
                       "CREATE TEMP TABLE IF NOT EXISTS stage (hash INTEGER PRIMARY KEY, place INTEGER NOT NULL);"
                       "CREATE TEMP TABLE IF NOT EXISTS stage_alias (text TEXT NOT NULL, key TEXT NOT NULL,"
                       " code TEXT NOT NULL, PRIMARY KEY (text, key)) WITHOUT ROWID;"
                       "DELETE FROM temp.stage; DELETE FROM temp.stage_alias; BEGIN;",
                       error, "preparing the stage"))
        return NULL;
    DjStage *stage = g_new0(DjStage, 1);
    stage->store = store;
    stage->json = g_string_sized_new(4096);
    stage->recent = g_hash_table_new(hash_of_number, NULL);
    stage->entries = dj_spill_new(error);
    stage->fields = stage->entries ? dj_spill_new(error) : NULL;
    if (!stage->fields || !see_what_is_empty(stage, error))
        g_clear_pointer(&stage, dj_stage_free);
    return stage;
}

void dj_stage_free(DjStage *stage)
{
    if (!stage)
        return;
    dj_store_rollback(stage->store);
    dj_store_exec(stage->store, "DELETE FROM temp.stage; DELETE FROM temp.stage_alias", NULL, "clearing the stage");
    dj_spill_free(stage->entries);
    dj_spill_free(stage->fields);
    dj_known_free(stage->known);
    g_hash_table_unref(stage->recent);
    g_string_free(stage->json, TRUE);
    g_free(stage);
}

typedef struct {
    DjStage *stage;
    const char *key;
} Named;

static gboolean stage_alias(const char *text, const char *code, gpointer user, GError **error)
{
    const Named *named = user;
    DjStore *store = named->stage->store;
    sqlite3_stmt *stmt = dj_store_stmt(store, STMT_STAGE_ADD_ALIAS, error);
    if (!stmt)
        return FALSE;
    named->stage->has_aliases = TRUE;
    sqlite3_bind_text(stmt, 1, text, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, named->key, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, code, -1, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(store, error, "staging a name");
}

/* The names by which the staged record with this key is found; there are none but of enterprises. */
static gboolean stage_aliases(DjStage *stage, const DjRecord *record, const char *key, GError **error)
{
    return record->table != DJ_TABLE_ENTERPRISE ||
           dj_store_each_alias(record, stage_alias, &(Named){stage, key}, error);
}

/* ---- entries ---- */

/* entry and *key live until the entries are read or written again. */
static gboolean read_entry(DjStage *stage, gint64 place, Entry *entry, const char **key, GError **error)
{
    const char *bytes = dj_spill_read(stage->entries, place, sizeof *entry, error);
    if (!bytes)
        return FALSE;
    memcpy(entry, bytes, sizeof *entry);
    *key = dj_spill_read(stage->entries, place + (gint64)sizeof *entry, entry->key_length + 1, error);
    return *key != NULL;
}

static gint64 hash_of_key(DjTable table, const char *key)
{
    guint8 hash[HASH_BYTES];
    gint64 number;
    dj_hash(key, strlen(key), hash);
    memcpy(&number, hash, sizeof number);
    return (number & (G_MAXINT64 >> 1)) + (gint64)table; /* room for the next numbers */
}

/* The place that a number stands for, -1 = it is free. */
static gboolean find_number(DjStage *stage, gint64 number, gint64 *place, GError **error)
{
    *place = (gint64)GPOINTER_TO_SIZE(g_hash_table_lookup(stage->recent, GSIZE_TO_POINTER(number))) - 1;
    if (*place >= 0 || !stage->has_older)
        return TRUE;
    sqlite3_stmt *stmt = dj_store_stmt(stage->store, STMT_STAGE_FIND, error);
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, number);
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        *place = sqlite3_column_int64(stmt, 0);
    sqlite3_reset(stmt);
    return rc == SQLITE_ROW || rc == SQLITE_DONE || dj_store_fail(stage->store, error, "staging a row");
}

/* The place of the entry of a key, -1 = none; then *number is free for it. */
static gboolean find_entry(DjStage *stage, DjTable table, const char *key, gint64 *number, gint64 *place,
                           GError **error)
{
    for (*number = hash_of_key(table, key);; ++*number) {
        Entry entry;
        const char *its_key;
        if (!find_number(stage, *number, place, error))
            return FALSE;
        if (*place < 0)
            return TRUE;
        if (!read_entry(stage, *place, &entry, &its_key, error))
            return FALSE;
        if (entry.table == (guint32)table && strcmp(its_key, key) == 0)
            return TRUE;
    }
}

static int compare_numbers(gconstpointer a, gconstpointer b)
{
    gsize x = GPOINTER_TO_SIZE(*(const gpointer *)a), y = GPOINTER_TO_SIZE(*(const gpointer *)b);
    return (x > y) - (x < y);
}

static gboolean put_recent_in_table(DjStage *stage, GError **error)
{
    guint n;
    g_autofree gpointer *numbers = g_hash_table_get_keys_as_array(stage->recent, &n);
    sqlite3_stmt *stmt = dj_store_stmt(stage->store, STMT_STAGE_ADD, error);
    if (!stmt)
        return FALSE;
    qsort(numbers, n, sizeof *numbers, compare_numbers);
    for (guint i = 0; i < n; i++) {
        sqlite3_bind_int64(stmt, 1, (gint64)GPOINTER_TO_SIZE(numbers[i]));
        sqlite3_bind_int64(stmt, 2, (gint64)GPOINTER_TO_SIZE(g_hash_table_lookup(stage->recent, numbers[i])) - 1);
        int rc = sqlite3_step(stmt);
        sqlite3_reset(stmt);
        if (rc != SQLITE_DONE)
            return dj_store_fail(stage->store, error, "staging rows");
    }
    stage->has_older = TRUE;
    g_hash_table_remove_all(stage->recent);
    return TRUE;
}

/* A row that is being added. */
typedef struct {
    const DjRecord *change;
    gint64 row;
    const guint8 *row_hash;
} Incoming;

static void write_json(DjStage *stage, const DjRecord *record)
{
    g_string_truncate(stage->json, 0);
    dj_record_write_json(record, stage->json);
}

/* Puts the fields in stage->json aside; fills in what entry says of them and of the row. */
static gboolean put_fields(DjStage *stage, const Incoming *in, Entry *entry, GError **error)
{
    const GString *json = stage->json;
    entry->row = in->row;
    entry->length = (guint32)json->len;
    dj_hash(json->str, json->len, entry->hash);
    entry->has_row_hash = in->row_hash != NULL;
    if (in->row_hash)
        memcpy(entry->row_hash, in->row_hash, HASH_BYTES);
    return dj_spill_append(stage->fields, json->str, json->len, &entry->place, error);
}

/* Stages a row whose fields are in stage->json. *place >= 0: an entry has its key already, and nothing was done. */
static gboolean add_staged(DjStage *stage, const Incoming *in, gboolean fresh, gint64 *place, GError **error)
{
    const DjRecord *change = in->change;
    const char *key = change->key;
    Entry entry = {.table = change->table, .key_length = (guint32)strlen(key), .fresh = fresh, .changed = TRUE};
    gint64 number, at;
    if (!find_entry(stage, change->table, key, &number, place, error))
        return FALSE;
    if (*place >= 0)
        return TRUE;
    g_hash_table_insert(stage->recent, GSIZE_TO_POINTER(number), GSIZE_TO_POINTER(stage->end + 1));
    if (!put_fields(stage, in, &entry, error) ||
        !dj_spill_append(stage->entries, (const char *)&entry, sizeof entry, &at, error) ||
        !dj_spill_append(stage->entries, key, entry.key_length + 1, &at, error))
        return FALSE;
    stage->end = at + entry.key_length + 1;
    stage->n_staged++;
    stage->has_changes = stage->has_changes || !fresh;
    (fresh ? stage->n_added : stage->n_changed)[change->table]++;
    return stage_aliases(stage, change, key, error) &&
           (g_hash_table_size(stage->recent) < MAX_RECENT || put_recent_in_table(stage, error));
}

/* ---- adding ---- */

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

/* Merges a row into the entry with its key. */
static gboolean add_again(DjStage *stage, const Incoming *in, const RecordRow *old, gint64 place, gint64 *earlier,
                          GError **error)
{
    const DjRecord *change = in->change;
    g_autoptr(DjRecord) merged = dj_record_new(change->table);
    Entry entry;
    const char *key;
    if (!read_entry(stage, place, &entry, &key, error))
        return FALSE;
    if (earlier)
        *earlier = entry.row;
    const char *fields = dj_spill_read(stage->fields, entry.place, entry.length, error);
    if (!fields || !dj_record_from_json(merged, fields, entry.length, error))
        return FALSE;
    gboolean was_changed = entry.changed;
    if (entry.fresh)
        dj_store_overlay(merged, change);
    else
        overlay_staged(merged, change);
    if (!entry.fresh && !alters(stage->store, old, merged, &entry.changed, error))
        return FALSE;
    stage->n_changed[change->table] += entry.changed - was_changed;
    write_json(stage, merged);
    return put_fields(stage, in, &entry, error) &&
           dj_spill_patch(stage->entries, place, (const char *)&entry, sizeof entry, error) &&
           stage_aliases(stage, merged, change->key, error);
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
static gboolean add_fresh(DjStage *stage, const Incoming *in, gint64 *place, GError **error)
{
    g_autoptr(DjRecord) rest = NULL;
    Incoming without = *in;
    if (erases(in->change)) {
        rest = dj_record_new(in->change->table);
        rest->key = g_strdup(in->change->key);
        dj_store_overlay(rest, in->change);
        without.change = rest;
    }
    write_json(stage, without.change);
    return add_staged(stage, &without, TRUE, place, error);
}

static gboolean is_recalled(const DjStage *stage, DjTable table)
{
    return stage->known && stage->recalled == table;
}

/* A row that brings nothing stands for its record from now on. */
static gboolean learn(DjStage *stage, const Incoming *in, const RecordRow *old, GError **error)
{
    if (!in->row_hash || !is_recalled(stage, in->change->table))
        return TRUE;
    if (!old->has_row_hash || memcmp(old->row_hash, in->row_hash, HASH_BYTES) != 0)
        return dj_known_learn(stage->known, old->id, old->current, in->row_hash, error);
    dj_known_recognise(stage->known, old->id);
    return TRUE;
}

/* A stored record: staged only if its values, or those that an earlier row has staged, would change. */
static gboolean add_stored(DjStage *stage, const Incoming *in, const RecordRow *old, gint64 *place,
                           DjStageResult *result, GError **error)
{
    guint8 input[HASH_BYTES];
    gboolean changed = FALSE;
    gint64 number;
    *place = -1;
    *result = DJ_STAGE_UNCHANGED;
    if (stage->has_changes && !find_entry(stage, in->change->table, in->change->key, &number, place, error))
        return FALSE;
    if (*place >= 0)
        return TRUE;
    write_json(stage, in->change);
    dj_hash(stage->json->str, stage->json->len, input);
    if (memcmp(input, old->input, HASH_BYTES) != 0 && !alters(stage->store, old, in->change, &changed, error))
        return FALSE;
    if (!changed)
        return learn(stage, in, old, error);
    *result = DJ_STAGE_CHANGE;
    return add_staged(stage, in, FALSE, place, error);
}

gboolean dj_stage_add(DjStage *stage, const DjRecord *change, gint64 row, const guint8 *row_hash, DjStageResult *result,
                      gint64 *earlier, GError **error)
{
    const Incoming in = {change, row, row_hash};
    RecordRow old = {0};
    gint64 place;
    if (!stage->is_empty[change->table] && !dj_store_find_record(stage->store, change->table, change->key, &old, error))
        return FALSE;
    *result = DJ_STAGE_NEW;
    if (!(old.id ? add_stored(stage, &in, &old, &place, result, error) : add_fresh(stage, &in, &place, error)))
        return FALSE;
    if (place >= 0)
        *result = DJ_STAGE_AGAIN;
    return (place < 0 || add_again(stage, &in, &old, place, earlier, error)) &&
           (!old.id || !is_recalled(stage, change->table) || dj_known_move(stage->known, old.id, error));
}

gboolean dj_stage_get(DjStage *stage, DjTable table, const char *key, DjRecord *record, gboolean *found, GError **error)
{
    g_autoptr(DjRecord) staged = dj_record_new(table);
    gint64 number, place;
    Entry entry;
    const char *its_key;
    if (!dj_store_get(stage->store, table, key, DJ_POINT_NOW, record, found, error) ||
        !find_entry(stage, table, key, &number, &place, error))
        return FALSE;
    if (place < 0)
        return TRUE;
    if (!read_entry(stage, place, &entry, &its_key, error))
        return FALSE;
    const char *fields = dj_spill_read(stage->fields, entry.place, entry.length, error);
    if (!fields || !dj_record_from_json(staged, fields, entry.length, error))
        return FALSE;
    dj_store_overlay(record, staged);
    *found = TRUE;
    return TRUE;
}

/* ---- rows that are known by their hash ---- */

gboolean dj_stage_recall(DjStage *stage, DjTable table, GError **error)
{
    g_clear_pointer(&stage->known, dj_known_free);
    stage->known = dj_known_new(stage->store, table, error);
    stage->recalled = table;
    return stage->known != NULL;
}

gint64 dj_stage_find_row(DjStage *stage, const guint8 *row_hash)
{
    return stage->known ? dj_known_find(stage->known, row_hash) : 0;
}

gboolean dj_stage_pass_row(DjStage *stage, gint64 record, gboolean *taken, GError **error)
{
    gint64 number, place = -1;
    if (stage->has_changes) {
        sqlite3_stmt *stmt = dj_store_stmt(stage->store, STMT_KEY_OF_RECORD, error);
        if (!stmt)
            return FALSE;
        sqlite3_bind_int64(stmt, 1, record);
        gboolean ok = sqlite3_step(stmt) == SQLITE_ROW || dj_store_fail(stage->store, error, "taking a known row");
        ok = ok && find_entry(stage, (DjTable)sqlite3_column_int(stmt, 0), (const char *)sqlite3_column_text(stmt, 1),
                              &number, &place, error);
        sqlite3_reset(stmt);
        if (!ok)
            return FALSE;
    }
    *taken = place < 0;
    if (*taken)
        dj_known_recognise(stage->known, record);
    return !*taken || dj_known_move(stage->known, record, error);
}

gboolean dj_stage_write_rows(DjStage *stage, GError **error)
{
    return !stage->known || dj_known_write(stage->known, error);
}

/* ---- enterprises ---- */

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
        StmtId aliases = stage->has_aliases ? STMT_STAGE_ALIASES : STMT_ALIASES;
        sqlite3_stmt *stmt = dj_store_stmt(stage->store, aliases, error);
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
static gboolean apply_row(Apply *apply, const Entry *entry, const char *key, GError **error)
{
    const guint8 *row_hash = entry->has_row_hash ? entry->row_hash : NULL;
    if (entry->fresh && entry->table != DJ_TABLE_ENTERPRISE) {
        const DjBulkRow row = {.table = (DjTable)entry->table,
                               .key = key,
                               .row = entry->row,
                               .place = entry->place,
                               .length = entry->length,
                               .hash = entry->hash,
                               .row_hash = row_hash};
        dj_bulk_add(apply->bulk, &row);
        return TRUE;
    }
    DjRecord *record = apply->records[entry->table];
    DjPutResult result;
    dj_record_clear(record);
    record->key = g_strdup(key);
    /* Versions are numbered in the order of the rows. */
    if (!dj_bulk_write(apply->bulk, apply->batch, error))
        return FALSE;
    const char *fields = dj_spill_read(apply->stage->fields, entry->place, entry->length, error);
    return fields && dj_record_from_json(record, fields, entry->length, error) &&
           dj_store_merge_row(apply->stage->store, apply->batch, record, entry->row, row_hash, &result, error);
}

static gboolean apply_rows(Apply *apply, DjStageProgress progress, gpointer user, GError **error)
{
    DjStage *stage = apply->stage;
    DjStore *store = stage->store;
    gint64 done = 0;
    if (!dj_store_begin(store, error))
        return FALSE;
    for (gint64 place = 0; place < stage->end;) {
        Entry entry;
        const char *key;
        if (!read_entry(stage, place, &entry, &key, error))
            return FALSE;
        place += (gint64)sizeof entry + entry.key_length + 1;
        if (!entry.changed)
            continue;
        if (!apply_row(apply, &entry, key, error))
            return FALSE;
        if (++done % ROWS_PER_TRANSACTION != 0)
            continue;
        if (!dj_bulk_write(apply->bulk, apply->batch, error) || !dj_store_commit(store, error) ||
            !dj_store_begin(store, error))
            return FALSE;
        if (progress)
            progress(done, stage->n_staged, user);
    }
    return dj_bulk_write(apply->bulk, apply->batch, error) && dj_store_commit(store, error);
}

gboolean dj_stage_apply(DjStage *stage, gint64 batch, DjStageProgress progress, gpointer user, GError **error)
{
    g_autoptr(DjBulk) bulk = dj_bulk_new(stage->store, stage->fields, error);
    if (!bulk)
        return FALSE;
    Apply apply = {.stage = stage, .batch = batch, .bulk = bulk};
    for (int i = 0; i < DJ_N_TABLES; i++)
        apply.records[i] = dj_record_new((DjTable)i);
    gboolean ok = apply_rows(&apply, progress, user, error);
    if (!ok)
        dj_store_rollback(stage->store);
    for (int i = 0; i < DJ_N_TABLES; i++)
        dj_record_free(apply.records[i]);
    return ok;
}
