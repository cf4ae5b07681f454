/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/seal.h"
#include "engine/store/hash.h"
#include <string.h>

const DjSealed dj_sealed[] = {
    {"batch", "command, source, source_hash, recorded_at, finished, imported, updated, unchanged, rejected"},
    {"decision", "kind, need, patent, who, recorded_at, note, data"},
    {"user", "name, role, enterprise, token_hash, recorded_at, revoked_at"},
    {"unmet", "title, text, reason, detail, route, contact, who, recorded_at"},
    {"saved", "user, text, filter, point, recorded_at, seen_at"},
    {"generation", "number, point, model, settings, content_hash, recorded_at"},
};
const int dj_n_sealed = G_N_ELEMENTS(dj_sealed);

/* Each value with its type and length before it, so that no two rows are spelled alike. Numbers are spelled in decimal;
 * the type is asked for first, as it is undefined once a number was read as text. */
static void seal(sqlite3_context *context, int n, sqlite3_value **values)
{
    g_autoptr(GByteArray) row = g_byte_array_new();
    guint8 hash[DJ_HASH_BYTES];
    for (int i = 0; i < n; i++) {
        const guint8 type = (guint8)sqlite3_value_type(values[i]);
        const void *bytes = type == SQLITE_BLOB ? sqlite3_value_blob(values[i]) : sqlite3_value_text(values[i]);
        const guint32 length = (guint32)sqlite3_value_bytes(values[i]), big = GUINT32_TO_BE(length);
        g_byte_array_append(row, &type, 1);
        g_byte_array_append(row, (const guint8 *)&big, sizeof big);
        if (bytes)
            g_byte_array_append(row, bytes, length);
    }
    dj_hash((const char *)row->data, row->len, hash);
    sqlite3_result_blob(context, hash, sizeof hash, SQLITE_TRANSIENT);
}

int dj_seal_register(sqlite3 *db)
{
    return sqlite3_create_function(db, "seal", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, seal,
                                   NULL, NULL);
}
