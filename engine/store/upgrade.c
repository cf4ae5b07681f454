/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of earlier versions. A change of schema.c comes with a step here and a higher DJ_STORE_SCHEMA_VERSION;
 * tests/unit/store/test_upgrade.c brings the oldest store up to date and holds its tables to those of a new one. */
#include "engine/store/internal.h"
#include "engine/store/schema.h"
#include "engine/store/seal.h"

/* Version 2: questions. */
static const char add_questions[] =
    "CREATE TABLE unmet (\n"
    "  -- questions that nothing fitted, and where they go\n"
    "  id INTEGER PRIMARY KEY,\n"
    "  title TEXT NOT NULL,        -- what the asker lets be shown\n"
    "  text TEXT NOT NULL,         -- confidential, as are detail and contact\n"
    "  reason TEXT NOT NULL, detail TEXT NOT NULL,\n"
    "  route TEXT NOT NULL,\n"
    "  contact TEXT NOT NULL,\n"
    "  who TEXT NOT NULL,          -- user, '' = the public page\n"
    "  recorded_at TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE TRIGGER unmet_stays BEFORE UPDATE ON unmet\n"
    "  BEGIN SELECT RAISE(ABORT, 'a question is never changed'); END;\n"
    "CREATE TRIGGER unmet_is_kept BEFORE DELETE ON unmet\n"
    "  BEGIN SELECT RAISE(ABORT, 'a question is never deleted'); END;\n"
    "CREATE TABLE saved (\n"
    "  -- questions that a user keeps to see what is new; the user's own, so they may be changed and forgotten\n"
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
    "  user INTEGER NOT NULL REFERENCES user (id),\n"
    "  text TEXT NOT NULL, filter TEXT NOT NULL,\n"
    "  point INTEGER NOT NULL,     -- facts that the user has seen\n"
    "  recorded_at TEXT NOT NULL, seen_at TEXT NOT NULL\n"
    ") STRICT;\n"
    "CREATE INDEX saved_user ON saved (user);\n";

/* Version 3: what a row looked like in its file. */
static const char add_row_hash[] = "ALTER TABLE record ADD COLUMN row_hash BLOB";

/* Version 4: seals. */
static const char add_seals[] =
    "DROP TRIGGER decision_stays;\n"
    "DROP TRIGGER unmet_stays;\n"
    "ALTER TABLE batch ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE batch SET seal = seal(command, source, source_hash, recorded_at, finished, imported, updated, unchanged, "
    "rejected);\n"
    "ALTER TABLE decision ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE decision SET seal = seal(kind, need, patent, who, recorded_at, note, data);\n"
    "ALTER TABLE user ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE user SET seal = seal(name, role, enterprise, token_hash, recorded_at, revoked_at);\n"
    "ALTER TABLE unmet ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE unmet SET seal = seal(title, text, reason, detail, route, contact, who, recorded_at);\n"
    "ALTER TABLE saved ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE saved SET seal = seal(user, text, filter, point, recorded_at, seen_at);\n"
    "ALTER TABLE generation ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
    "UPDATE generation SET seal = seal(number, point, model, settings, content_hash, recorded_at);\n"
    "CREATE TRIGGER decision_stays BEFORE UPDATE ON decision\n"
    "  BEGIN SELECT RAISE(ABORT, 'a decision is never changed'); END;\n"
    "CREATE TRIGGER unmet_stays BEFORE UPDATE ON unmet\n"
    "  BEGIN SELECT RAISE(ABORT, 'a question is never changed'); END;\n";

/* Version 5: seals of the tables that had hashes of their contents only. */
static const char add_more_seals[] = "DROP TRIGGER version_stays;\n"
                                     "ALTER TABLE record ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
                                     "UPDATE record SET seal = seal(tab, key, current, hash, input, row_hash);\n"
                                     "ALTER TABLE version ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
                                     "UPDATE version SET seal = seal(record, previous, batch, row, hash);\n"
                                     "ALTER TABLE blob ADD COLUMN seal BLOB NOT NULL DEFAULT x'';\n"
                                     "UPDATE blob SET seal = seal(kind, hash, recorded_at);\n"
                                     "CREATE TRIGGER version_stays BEFORE UPDATE ON version\n"
                                     "  BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;\n"
                                     "CREATE TABLE tables (\n"
                                     "  -- one row: hash of the words of all tables, indexes and triggers\n"
                                     "  seal BLOB NOT NULL\n"
                                     ") STRICT;\n";

/* steps[i] leads from version i + 1 to version i + 2. It may add and rebuild, never change or drop a fact; a step that
 * was released is never changed either. */
static const char *const steps[DJ_STORE_SCHEMA_VERSION] = {add_questions, add_row_hash, add_seals, add_more_seals,
                                                           NULL};

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
    const gboolean is_older = ok && version < DJ_STORE_SCHEMA_VERSION;
    for (; ok && version < DJ_STORE_SCHEMA_VERSION; version++) {
        g_autofree char *stamp = g_strdup_printf("PRAGMA user_version = %" G_GINT64_FORMAT, version + 1);
        ok = dj_store_exec(store, steps[version - 1], error, "upgrading") &&
             dj_store_exec(store, stamp, error, "upgrading");
    }
    if (!ok || (is_older && !dj_store_exec(store, dj_seal_tables, error, "upgrading"))) {
        dj_store_rollback(store);
        return FALSE;
    }
    return dj_store_exec(store, "COMMIT", error, "upgrading");
}
