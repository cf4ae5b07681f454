/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stores of every earlier version (store-N.sql, as that version wrote them) come up to date with all their facts, and
 * snapshots hold one moment while others write. */
#include "engine/store/decision.h"
#include "engine/store/schema.h"
#include "engine/store/user.h"
#include "fixture.h"
#include <gio/gio.h>
#include <sqlite3.h>
#include <string.h>

/* Every table, index and trigger of a store, one a line; white space and comments of the text do not matter, because
 * SQLite keeps the words of whoever wrote them. */
static char *tables_of(const char *path)
{
    g_autoptr(GString) out = g_string_new(NULL);
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    static const char *const query =
        "SELECT m.type || ' ' || m.name || ' ' || coalesce((SELECT group_concat(c.name || ' ' || c.type || ' '"
        " || c.\"notnull\" || ' ' || coalesce(c.dflt_value, '') || ' ' || c.pk) FROM pragma_table_xinfo(m.name) c), '')"
        " FROM sqlite_schema m ORDER BY 1";
    cr_assert_eq(sqlite3_prepare_v2(db, query, -1, &rows, NULL), SQLITE_OK, "%s", sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW)
        g_string_append_printf(out, "%s\n", sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_close(db);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *sql_of(int version)
{
    g_autofree char *name = g_strdup_printf(DJ_SOURCE_DIR "/tests/unit/store/store-%d.sql", version);
    char *text = NULL;
    cr_assert(g_file_get_contents(name, &text, NULL, NULL), "%s is missing", name);
    return text;
}

static void make_old(const char *path, int version)
{
    g_autofree char *sql = sql_of(version);
    sqlite3 *db = NULL;
    char *message = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
    sqlite3_close(db);
}

static void print_problem(const char *text, gpointer user)
{
    (void)user;
    fprintf(stderr, "%s\n", text);
}

static gboolean count_decision(const DjDecision *decision, gpointer user)
{
    cr_assert_str_eq(decision->note, "合适");
    ++*(int *)user;
    return TRUE;
}

static void expect_the_old_facts(DjStore *store)
{
    GError *error = NULL;
    gint64 count;
    gboolean found;
    int decisions = 0;
    must(dj_store_check(store, print_problem, NULL, &error), error);
    for (int table = DJ_TABLE_PATENT; table <= DJ_TABLE_ENTERPRISE; table++) {
        must(dj_store_count(store, (DjTable)table, DJ_POINT_NOW, &count, &error), error);
        cr_assert_eq(count, 2);
    }
    g_autoptr(DjRecord) then = dj_record_new(DJ_TABLE_NEED), now = dj_record_new(DJ_TABLE_NEED);
    must(dj_store_get(store, DJ_TABLE_NEED, "N-0401", 2, then, &found, &error), error);
    must(dj_store_get(store, DJ_TABLE_NEED, "N-0401", DJ_POINT_NOW, now, &found, &error), error);
    cr_assert_null(strstr(dj_record_get(then, DJ_NEED_SUMMARY), "并给出样品"));
    cr_assert_not_null(strstr(dj_record_get(now, DJ_NEED_SUMMARY), "并给出样品"));
    must(dj_store_each_decision(store, NULL, count_decision, &decisions, &error), error);
    cr_assert_eq(decisions, 1);
    DjUser user = {0};
    must(dj_store_find_user(store, "dj_0000", &user, &found, &error), error);
    cr_assert(found);
    cr_assert_eq(user.role, DJ_ROLE_ORGANISER);
    dj_user_clear(&user);
}

Test(upgrade, every_earlier_store_becomes_one_of_today)
{
    Fixture f = fixture_new();
    g_autofree char *fresh = tables_of(f.path);
    for (int version = 1; version <= DJ_STORE_SCHEMA_VERSION; version++) {
        g_autofree char *path = g_strdup_printf("%s-%d", f.path, version);
        GError *error = NULL;
        gint64 after;
        make_old(path, version);
        DjStore *store = dj_store_open(path, DJ_STORE_UPGRADE, &error);
        must(store != NULL, error);
        must(dj_store_upgrade(store, &error), error);
        must(dj_store_version(store, &after, &error), error);
        cr_assert_eq(after, DJ_STORE_SCHEMA_VERSION);
        dj_store_close(store);
        store = dj_store_open(path, DJ_STORE_WRITE, &error);
        must(store != NULL, error);
        expect_the_old_facts(store);
        must(dj_store_upgrade(store, &error), error);
        put_need(store, "2026-12-01T09:00:00", "N1", "新题", NULL, DJ_PUT_NEW);
        dj_store_close(store);
        g_autofree char *tables = tables_of(path);
        cr_assert_str_eq(tables, fresh, "version %d becomes other tables than a new store has", version);
        g_unlink(path);
    }
    fixture_free(&f);
}

Test(upgrade, an_older_store_is_refused_until_then)
{
    Fixture f = fixture_new();
    sqlite3 *db = NULL;
    GError *error = NULL;
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", DJ_STORE_SCHEMA_VERSION - 1);
    if (DJ_STORE_SCHEMA_VERSION == 1)
        cr_skip_test("there is no earlier version yet");
    cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    cr_assert_null(dj_store_open(f.path, DJ_STORE_WRITE, &error));
    cr_assert(g_error_matches(error, DJ_STORE_ERROR, DJ_STORE_ERROR_OLDER));
    cr_assert_not_null(strstr(error->message, "duijie upgrade"));
    g_clear_error(&error);
    fixture_free(&f);
}

/* ---- snapshots ---- */

typedef struct {
    DjStore *writer;
    int calls, stop_after;
} Meanwhile;

static gboolean write_meanwhile(guint64 done, guint64 total, gpointer user)
{
    Meanwhile *m = user;
    cr_assert_leq(done, total);
    if (m->writer) {
        g_autofree char *id = g_strdup_printf("LATE-%d", m->calls);
        put_need(m->writer, "2026-12-02T09:00:00", id, "迟到", NULL, DJ_PUT_NEW);
    }
    return ++m->calls != m->stop_after;
}

Test(upgrade, a_snapshot_holds_one_moment_while_others_write)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    gboolean found;
    g_autofree char *copy = g_strconcat(f.path, "-copy", NULL);
    put_need(f.store, "2026-12-01T09:00:00", "N1", "先来", NULL, DJ_PUT_NEW);
    DjStore *other = dj_store_open(f.path, DJ_STORE_READ, &error);
    must(other != NULL, error);
    Meanwhile m = {.writer = f.store};
    must(dj_store_snapshot(other, copy, write_meanwhile, &m, &error), error);
    cr_assert_gt(m.calls, 0);
    dj_store_close(other);
    DjStore *store = dj_store_open(copy, DJ_STORE_READ, &error);
    must(store != NULL, error);
    must(dj_store_check(store, print_problem, NULL, &error), error);
    must(dj_store_has(store, DJ_TABLE_NEED, "N1", &found, &error), error);
    cr_assert(found);
    must(dj_store_has(store, DJ_TABLE_NEED, "LATE-0", &found, &error), error);
    cr_assert_not(found);
    dj_store_close(store);
    cr_assert_not(dj_store_snapshot(f.store, copy, NULL, NULL, &error), "an existing file is not overwritten");
    g_clear_error(&error);
    g_unlink(copy);
    fixture_free(&f);
}

Test(upgrade, a_cancelled_snapshot_leaves_nothing)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    g_autofree char *copy = g_strconcat(f.path, "-copy", NULL);
    Meanwhile m = {.stop_after = 1};
    cr_assert_not(dj_store_snapshot(f.store, copy, write_meanwhile, &m, &error));
    cr_assert(g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
    g_clear_error(&error);
    cr_assert_not(g_file_test(copy, G_FILE_TEST_EXISTS));
    put_need(f.store, "2026-12-01T09:00:00", "N1", "之后", NULL, DJ_PUT_NEW);
    fixture_free(&f);
}
