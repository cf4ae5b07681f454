/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page is read into the spare one and then takes its turn, so that those who look wait for no reading. */
#include "engine/store/known.h"
#include "engine/store/spill.h"
#include <pthread.h>
#include <string.h>

enum { PAGE = 4096, WRITES_PER_TRANSACTION = 4096 };

typedef struct {
    guint8 hash[HASH_BYTES]; /* first, so that a row is its own key */
    gint64 record;
} Row;

typedef struct {
    gint64 first, last; /* records that were looked at, of any table; none where last < first */
    guint n;            /* those that have a row hash */
    Row rows[PAGE];
    GHashTable *by_hash; /* of the rows */
} Page;

typedef struct {
    gint64 record, version;
    guint8 hash[HASH_BYTES];
} Learnt;

struct DjKnown {
    DjStore *store;
    DjTable table;
    gint64 n_rows;   /* since the window jumped */
    DjSpill *learnt; /* Learnt, NULL = nothing yet */
    gint64 n_learnt;
    GArray *recognised; /* of guint8, a bit per record: one of its rows came with the hash that is stored */
    Page *spare;
    pthread_mutex_t lock; /* guards the two pages of the window */
    Page *now, *ahead;
};

static guint first_bytes(gconstpointer hash)
{
    guint bytes;
    memcpy(&bytes, hash, sizeof bytes);
    return bytes;
}

static gboolean same_hash(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, HASH_BYTES) == 0;
}

static void add(Page *page, gint64 record, const guint8 *hash)
{
    Row *row = &page->rows[page->n++];
    memcpy(row->hash, hash, HASH_BYTES);
    row->record = record;
    g_hash_table_add(page->by_hash, row);
}

static gint64 find(const Page *page, const guint8 *hash)
{
    const Row *row = page->n > 0 ? g_hash_table_lookup(page->by_hash, hash) : NULL;
    return row ? row->record : 0;
}

static Page *page_new(void)
{
    Page *page = g_new0(Page, 1);
    page->by_hash = g_hash_table_new(first_bytes, same_hash);
    return page;
}

static void page_free(Page *page)
{
    if (page)
        g_hash_table_unref(page->by_hash);
    g_free(page);
}

static gboolean read_page(DjKnown *known, Page *page, gint64 after, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(known->store, STMT_ROW_HASHES, error);
    if (!stmt)
        return FALSE;
    page->n = 0;
    page->first = after + 1;
    page->last = after;
    g_hash_table_remove_all(page->by_hash);
    sqlite3_bind_int64(stmt, 1, after);
    sqlite3_bind_int(stmt, 2, PAGE);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        page->last = sqlite3_column_int64(stmt, 0);
        if (sqlite3_column_int(stmt, 1) == (int)known->table && sqlite3_column_bytes(stmt, 2) == HASH_BYTES)
            add(page, page->last, sqlite3_column_blob(stmt, 2));
    }
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(known->store, error, "looking for known rows");
}

/* Drops the first page of the window and puts the one behind a record at its end. */
static gboolean turn_page(DjKnown *known, gint64 after, GError **error)
{
    if (!read_page(known, known->spare, after, error))
        return FALSE;
    pthread_mutex_lock(&known->lock);
    Page *dropped = known->now;
    known->now = known->ahead;
    known->ahead = known->spare;
    known->spare = dropped;
    pthread_mutex_unlock(&known->lock);
    return TRUE;
}

static gboolean jump(DjKnown *known, gint64 after, GError **error)
{
    known->n_rows = 0;
    return turn_page(known, after, error) && turn_page(known, known->ahead->last, error);
}

DjKnown *dj_known_new(DjStore *store, DjTable table, GError **error)
{
    g_autoptr(DjKnown) known = g_new0(DjKnown, 1);
    known->store = store;
    known->table = table;
    known->recognised = g_array_new(FALSE, TRUE, 1); /* new bytes are 0 */
    pthread_mutex_init(&known->lock, NULL);
    Page **const pages[] = {&known->now, &known->ahead, &known->spare};
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++)
        *pages[i] = page_new();
    if (!jump(known, 0, error))
        return NULL;
    known->n_rows = PAGE; /* the file may begin anywhere */
    return g_steal_pointer(&known);
}

void dj_known_free(DjKnown *known)
{
    if (!known)
        return;
    pthread_mutex_destroy(&known->lock);
    page_free(known->now);
    page_free(known->ahead);
    page_free(known->spare);
    dj_spill_free(known->learnt);
    g_array_unref(known->recognised);
    g_free(known);
}

gint64 dj_known_find(DjKnown *known, const guint8 row_hash[HASH_BYTES])
{
    pthread_mutex_lock(&known->lock);
    gint64 record = find(known->now, row_hash);
    if (!record)
        record = find(known->ahead, row_hash);
    pthread_mutex_unlock(&known->lock);
    return record;
}

gboolean dj_known_move(DjKnown *known, gint64 record, GError **error)
{
    known->n_rows++;
    if (record >= known->ahead->first && record <= known->ahead->last)
        return turn_page(known, known->ahead->last, error);
    gboolean inside = record >= known->now->first && record <= known->now->last;
    return inside || known->n_rows < PAGE || jump(known, record, error);
}

void dj_known_recognise(DjKnown *known, gint64 record)
{
    const guint byte = (guint)(record / 8);
    if (byte >= known->recognised->len)
        g_array_set_size(known->recognised, byte + 1);
    g_array_index(known->recognised, guint8, byte) |= (guint8)(1 << record % 8);
}

static gboolean is_recognised(const DjKnown *known, gint64 record)
{
    const guint byte = (guint)(record / 8);
    return byte < known->recognised->len && g_array_index(known->recognised, guint8, byte) >> record % 8 & 1;
}

/* ---- learning ---- */

gboolean dj_known_learn(DjKnown *known, gint64 record, gint64 version, const guint8 row_hash[HASH_BYTES],
                        GError **error)
{
    Learnt learnt = {.record = record, .version = version};
    gint64 place;
    memcpy(learnt.hash, row_hash, HASH_BYTES);
    if (!known->learnt)
        known->learnt = dj_spill_new(error);
    if (!known->learnt || !dj_spill_append(known->learnt, (const char *)&learnt, sizeof learnt, &place, error))
        return FALSE;
    known->n_learnt++;
    return TRUE;
}

static gboolean write_one(DjKnown *known, gint64 index, GError **error)
{
    sqlite3_stmt *stmt = dj_store_stmt(known->store, STMT_SET_ROW_HASH, error);
    const char *bytes =
        stmt ? dj_spill_read(known->learnt, index * (gint64)sizeof(Learnt), sizeof(Learnt), error) : NULL;
    Learnt learnt;
    if (!bytes)
        return FALSE;
    memcpy(&learnt, bytes, sizeof learnt);
    if (is_recognised(known, learnt.record))
        return TRUE;
    sqlite3_bind_int64(stmt, 1, learnt.record);
    sqlite3_bind_int64(stmt, 2, learnt.version);
    sqlite3_bind_blob(stmt, 3, learnt.hash, HASH_BYTES, SQLITE_STATIC);
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == SQLITE_DONE || dj_store_fail(known->store, error, "noting by what a row is known");
}

gboolean dj_known_write(DjKnown *known, GError **error)
{
    for (gint64 i = 0; i < known->n_learnt;) {
        gint64 end = MIN(i + WRITES_PER_TRANSACTION, known->n_learnt);
        gboolean ok = dj_store_begin(known->store, error);
        for (; ok && i < end; i++)
            ok = write_one(known, i, error);
        if (!ok || !dj_store_commit(known->store, error)) {
            dj_store_rollback(known->store);
            return FALSE;
        }
    }
    known->n_learnt = 0;
    return TRUE;
}
