/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/seal.h"
#include "engine/store/hash.h"
#include <string.h>

const DjSealed dj_sealed[] = {
    {"record", "tab, key, current, hash, input, row_hash"},
    {"version", "record, previous, batch, row, hash"},
    {"blob", "kind, hash, recorded_at"},
    {"batch", "command, source, source_hash, recorded_at, finished, imported, updated, unchanged, rejected"},
    {"decision", "kind, need, patent, who, recorded_at, note, data"},
    {"user", "name, role, enterprise, token_hash, recorded_at, revoked_at"},
    {"unmet", "title, text, reason, detail, route, contact, who, recorded_at"},
    {"saved", "user, text, filter, point, recorded_at, seen_at"},
    {"generation", "number, point, model, settings, content_hash, recorded_at"},
};
const int dj_n_sealed = G_N_ELEMENTS(dj_sealed);

enum { MOST_COLUMNS = 16, FEW_BYTES = 512 };

const char dj_seal_tables[] = "DELETE FROM tables; INSERT INTO tables (seal) VALUES (" DJ_SEAL_OF_TABLES ")";

/* SQLite makes a decimal of a number too, but in memory that it asks for. Returns where its text begins. */
static const char *spell(gint64 number, char digits[24], gsize *length)
{
    char *end = digits + 24, *at = end;
    guint64 rest = number < 0 ? -(guint64)number : (guint64)number;
    do
        *--at = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0)
        *--at = '-';
    *length = (gsize)(end - at);
    return at;
}

typedef struct {
    char digits[24]; /* of a number */
    const char *bytes;
    gsize length;
    guint8 type;
} Value;

/* The type is asked for first, as it is undefined once a number was read as text. */
static void read_value(sqlite3_value *from, Value *value)
{
    value->type = (guint8)sqlite3_value_type(from);
    if (value->type == SQLITE_INTEGER) {
        value->bytes = spell(sqlite3_value_int64(from), value->digits, &value->length);
        return;
    }
    const void *bytes = value->type == SQLITE_BLOB ? sqlite3_value_blob(from) : sqlite3_value_text(from);
    value->bytes = bytes ? bytes : "";
    value->length = (gsize)sqlite3_value_bytes(from);
}

static void add(char **at, const void *bytes, gsize length)
{
    memcpy(*at, bytes, length);
    *at += length;
}

/* Each value with its type and length before it, so that no two rows are spelled alike; numbers in decimal. */
static void seal(sqlite3_context *context, int n, sqlite3_value **from)
{
    Value values[MOST_COLUMNS];
    char few[FEW_BYTES], *row = few, *at;
    gsize size = 0;
    guint8 hash[DJ_HASH_BYTES];
    if (n > MOST_COLUMNS) {
        sqlite3_result_error(context, "seal() of too many values", -1);
        return;
    }
    for (int i = 0; i < n; i++) {
        read_value(from[i], &values[i]);
        size += 1 + sizeof(guint32) + values[i].length;
    }
    few[0] = '\0'; /* gcc does not see that what row points to is written */
    if (size > sizeof few)
        row = g_malloc(size);
    at = row;
    for (int i = 0; i < n; i++) {
        const guint32 length = GUINT32_TO_BE((guint32)values[i].length);
        add(&at, &values[i].type, 1);
        add(&at, &length, sizeof length);
        add(&at, values[i].bytes, values[i].length);
    }
    dj_hash(row, size, hash);
    if (row != few)
        g_free(row);
    sqlite3_result_blob(context, hash, sizeof hash, SQLITE_TRANSIENT);
}

int dj_seal_register(sqlite3 *db)
{
    return sqlite3_create_function(db, "seal", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, seal,
                                   NULL, NULL);
}
