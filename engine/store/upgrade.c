/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of earlier versions. A change of schema.c comes with a step here and a higher DJ_STORE_SCHEMA_VERSION;
 * tests/unit/store/test_upgrade.c brings the oldest store up to date and holds its tables to those of a new one. */
#include "engine/store/internal.h"
#include "engine/store/schema.h"

/* steps[i] leads from version i + 1 to version i + 2. It may add and rebuild, never change or drop a fact. */
static const char *const steps[DJ_STORE_SCHEMA_VERSION] = {DJ_STORE_QUESTION_TABLES, DJ_STORE_ROW_HASH, NULL};

gboolean dj_store_version(DjStore *store, gint64 *version, GError **error)
{
    return dj_store_read_pragma(store, "PRAGMA user_version", version, error);
}

gboolean dj_store_upgrade(DjStore *store, GError **error)
{
    gint64 version;
    /* The lock comes before the look: two programs may want to upgrade at once. */
    if (!dj_store_exec(store, "BEGIN EXCLUSIVE", error, "upgrading"))
        return FALSE;
    gboolean ok = dj_store_version(store, &version, error);
    for (; ok && version < DJ_STORE_SCHEMA_VERSION; version++) {
        g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %" G_GINT64_FORMAT, version + 1);
        ok = dj_store_exec(store, steps[version - 1], error, "upgrading") &&
             dj_store_exec(store, stamp, error, "upgrading");
    }
    if (!ok) {
        dj_store_rollback(store);
        return FALSE;
    }
    return dj_store_exec(store, "COMMIT", error, "upgrading");
}
