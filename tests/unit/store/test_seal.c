/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A changed value in any column of any table is found by the check. */
#include "engine/store/decision.h"
#include "engine/store/question.h"
#include "engine/store/seal.h"
#include "engine/store/user.h"
#include "fixture.h"
#include <sqlite3.h>
#include <string.h>

#define NOW "2026-11-01T09:00:00"

static void fill(DjStore *store)
{
    GError *error = NULL;
    gint64 id;
    gboolean found;
    DjUser user = {0};
    const DjDecision decision = {.kind = DJ_DECISION_ACCEPT,
                                 .need = "N1",
                                 .patent = "P1",
                                 .who = "甲",
                                 .recorded_at = NOW,
                                 .note = "合适",
                                 .data = "{}"};
    const DjUnmet unmet = {.title = "题",
                           .text = "文",
                           .reason = "none",
                           .detail = "细",
                           .route = "route",
                           .contact = "电话",
                           .who = "甲",
                           .recorded_at = NOW};
    DjPutResult result;
    g_autofree char *hash = NULL;
    put_need(store, NOW, "N1", "题", "1", DJ_PUT_NEW);
    const gint64 batch = begin_batch(store, "enterprises", NOW);
    g_autoptr(DjRecord) enterprise = make_enterprise(NULL, "示例有限公司");
    must(dj_store_put(store, batch, enterprise, 1, &result, &error), error);
    end_batch(store, batch);
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    must(dj_store_put_blob(store, "model", bytes, NOW, &hash, &error), error);
    must(dj_store_add_decision(store, &decision, &id, &error), error);
    must(dj_store_add_user(store, "甲", DJ_ROLE_CENTRE, "", "dj_1", NOW, &error), error);
    must(dj_store_add_user(store, "乙", DJ_ROLE_CENTRE, "", "dj_2", NOW, &error), error);
    must(dj_store_revoke_user(store, "甲", NOW, &found, &error), error);
    must(dj_store_add_unmet(store, &unmet, &id, &error), error);
    must(dj_store_find_user(store, "dj_2", &user, &found, &error), error);
    const DjSavedQuestion question = {.user = user.id, .text = "问", .filter = "f", .point = 1, .recorded_at = NOW};
    must(dj_store_save_question(store, &question, 9, &id, &error), error);
    must(dj_store_saved_seen(store, user.id, id, 2, "2026-11-02T09:00:00", &found, &error), error);
    dj_user_clear(&user);
    const DjGeneration generation = {.number = 1,
                                     .point = 1,
                                     .model = (char *)"m",
                                     .settings = (char *)"s",
                                     .content_hash = (char *)"c",
                                     .recorded_at = (char *)NOW};
    must(dj_store_publish_generation(store, &generation, &error), error);
}

static void keep_problem(const char *text, gpointer user)
{
    g_ptr_array_add(user, g_strdup(text));
}

static GPtrArray *problems_of(const char *path)
{
    GError *error = NULL;
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);
    DjStore *store = dj_store_open(path, DJ_STORE_READ, &error);
    must(store != NULL, error);
    dj_store_check(store, keep_problem, problems, &error);
    cr_assert_null(error, "%s", error ? error->message : "");
    dj_store_close(store);
    return problems;
}

static void exec(sqlite3 *db, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void exec(sqlite3 *db, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *sql = g_strdup_vprintf(format, args);
    va_end(args);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK, "%s: %s", sql, sqlite3_errmsg(db));
}

/* The text of each row of a query of one column. */
static GPtrArray *column_of(sqlite3 *db, const char *sql)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *rows = NULL;
    cr_assert_eq(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_ptr_array_add(out, g_strdup((const char *)sqlite3_column_text(rows, 0)));
    sqlite3_finalize(rows);
    return out;
}

Test(seal, every_changed_value_is_found)
{
    Fixture f = fixture_new();
    sqlite3 *db = NULL;
    int tried = 0;
    fill(f.store);
    g_autoptr(GPtrArray) before = problems_of(f.path);
    cr_assert_eq(before->len, 0, "%s", before->len ? (char *)before->pdata[0] : "");
    cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
    exec(db, "DROP TRIGGER decision_stays; DROP TRIGGER unmet_stays; DROP TRIGGER version_stays");
    for (int t = 0; t < dj_n_sealed; t++) {
        const char *table = dj_sealed[t].table;
        g_auto(GStrv) columns = g_strsplit(dj_sealed[t].columns, ", ", -1);
        for (char **column = columns; *column; column++, tried++) {
            g_autofree char *finding = g_strdup_printf("row that does not have its hash: %s ", table);
            exec(db, "CREATE TABLE keep AS SELECT rowid AS id, \"%s\" AS was FROM \"%s\" ORDER BY rowid LIMIT 1",
                 *column, table);
            exec(db,
                 "UPDATE \"%s\" SET \"%s\" = CASE (SELECT type FROM pragma_table_info('%s') WHERE name = '%s')"
                 " WHEN 'INTEGER' THEN CASE \"%s\" WHEN 1 THEN 0 ELSE 1 END WHEN 'BLOB' THEN x'00'"
                 " ELSE 'X' || coalesce(\"%s\", '') END WHERE rowid = (SELECT id FROM keep)",
                 table, *column, table, *column, *column, *column);
            g_autoptr(GPtrArray) problems = problems_of(f.path);
            gboolean found = FALSE;
            for (guint i = 0; i < problems->len; i++)
                found = found || strstr(problems->pdata[i], finding);
            cr_expect(found, "a change of %s.%s is not found", table, *column);
            /* the number of a generation is its rowid, so the row has moved */
            exec(db, "UPDATE \"%s\" SET \"%s\" = (SELECT was FROM keep) WHERE rowid = (SELECT min(rowid) FROM \"%s\")",
                 table, *column, table);
            exec(db, "DROP TABLE keep");
        }
    }
    sqlite3_close(db);
    cr_expect_gt(tried, 49);
    g_autoptr(GPtrArray) after = problems_of(f.path);
    cr_assert_eq(after->len, 1); /* the triggers that are gone */
    cr_expect_str_eq(after->pdata[0], "tables that do not have their hash: another text");
    fixture_free(&f);
}

/* What has a hash of its own, and what is held to the facts. */
Test(seal, every_value_that_has_no_seal_is_found_otherwise)
{
    static const char *const changes[][2] = {
        {"UPDATE version SET fields = fields || ' ' WHERE id = 1", "does not have its hash"},
        {"UPDATE blob SET bytes = x'00'", "the bytes of model"},
        {"UPDATE alias SET text = 'X' || text", "the enterprise index lacks"},
        {"UPDATE alias SET record = 1", "the enterprise index lacks"},
        {"UPDATE alias SET code = 'X' || code", "the enterprise index lacks"},
        {"UPDATE tables SET seal = x'00'", "tables that do not have their hash"},
        {"PRAGMA writable_schema = 1; UPDATE sqlite_schema SET sql = replace(sql, 'never changed', 'mever changed')",
         "tables that do not have their hash"},
        {"UPDATE version SET id = 9 WHERE id = 1", "record whose current version is wrong: N1"},
        {"UPDATE record SET id = 9 WHERE key = 'N1'", "row that refers to nothing: version"},
        {"UPDATE batch SET id = 9 WHERE id = 1", "row that refers to nothing: version"},
        {"UPDATE user SET id = 9 WHERE name = '乙'", "row that refers to nothing: saved"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        Fixture f = fixture_new();
        sqlite3 *db = NULL;
        gboolean found = FALSE;
        fill(f.store);
        cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
        exec(db, "DROP TRIGGER version_stays; %s", changes[i][0]);
        cr_assert_gt(sqlite3_changes(db), 0, "%s", changes[i][0]);
        sqlite3_close(db);
        g_autoptr(GPtrArray) problems = problems_of(f.path);
        for (guint p = 0; p < problems->len; p++)
            found = found || strstr(problems->pdata[p], changes[i][1]);
        cr_expect(found, "%s is not found", changes[i][0]);
        fixture_free(&f);
    }
}

/* alias is held to the facts; fields and bytes have hashes of their own. */
Test(seal, no_column_is_forgotten)
{
    Fixture f = fixture_new();
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
    g_autoptr(GPtrArray) tables =
        column_of(db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                      " AND name NOT IN ('alias', 'tables') ORDER BY name");
    cr_expect_eq((int)tables->len, dj_n_sealed);
    for (int t = 0; t < dj_n_sealed; t++) {
        g_autofree char *sql = g_strdup_printf("SELECT group_concat(name, ', ') FROM pragma_table_info('%s')"
                                               " WHERE name NOT IN ('id', 'seal', 'fields', 'bytes')",
                                               dj_sealed[t].table);
        g_autoptr(GPtrArray) columns = column_of(db, sql);
        cr_expect_str_eq(columns->pdata[0], dj_sealed[t].columns);
    }
    sqlite3_close(db);
    fixture_free(&f);
}
