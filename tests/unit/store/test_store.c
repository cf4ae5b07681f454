/* SPDX-License-Identifier: GPL-3.0-or-later */
/* History that stays, batches that resume, files that are refused and damage that is found. */
#include "engine/store/schema.h"
#include "fixture.h"
#include <sqlite3.h>
#include <string.h>

static void raw_sql(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(path, &db), SQLITE_OK);
    char *message = NULL;
    cr_assert_eq(sqlite3_exec(db, sql, NULL, NULL, &message), SQLITE_OK, "%s", message);
    sqlite3_close(db);
}

static void expect_title(DjStore *store, const char *id, gint64 point, const char *title)
{
    GError *error = NULL;
    gboolean found;
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    must(dj_store_get(store, DJ_TABLE_NEED, id, point, need, &found, &error), error);
    cr_assert_eq(found, title != NULL);
    if (title) {
        cr_assert_str_eq(dj_record_title(need), title);
        cr_assert_str_eq(need->key, id);
    }
}

static gint64 point_at(DjStore *store, const char *as_of)
{
    GError *error = NULL;
    gint64 point;
    must(dj_store_point_at(store, as_of, &point, &error), error);
    return point;
}

Test(store, an_update_keeps_what_was_there_before)
{
    Fixture f = fixture_new();
    gint64 first = put_need(f.store, "2026-09-01T09:00:00", "N1", "旧题", "1", DJ_PUT_NEW);
    gint64 second = put_need(f.store, "2026-10-01T09:00:00", "N1", "新题", NULL, DJ_PUT_UPDATED);
    cr_assert_gt(second, first);
    expect_title(f.store, "N1", DJ_POINT_NOW, "新题");
    expect_title(f.store, "N1", second, "新题");
    expect_title(f.store, "N1", first, "旧题");
    expect_title(f.store, "N1", first - 1, NULL);
    expect_title(f.store, "N2", DJ_POINT_NOW, NULL);
    cr_assert_eq(point_at(f.store, "2026-08-31"), 0);
    cr_assert_eq(point_at(f.store, "2026-09-01"), first, "a date means its end");
    cr_assert_eq(point_at(f.store, "2026-09-01T08:59:59"), 0);
    cr_assert_eq(point_at(f.store, "2030-01-01"), second);
    fixture_free(&f);
}

Test(store, what_a_put_lacks_is_gone_and_what_a_merge_lacks_stays)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    gboolean found;
    put_need(f.store, "2026-09-01T09:00:00", "N1", "题", "10000", DJ_PUT_NEW);
    g_autoptr(DjRecord) change = make_need("N1", NULL, NULL);
    dj_record_set(change, DJ_NEED_PRODUCT, "刀具");
    dj_record_add_extra(change, "备注", "甲");
    gint64 batch = begin_batch(f.store, "x", "2026-09-02T09:00:00");
    must(dj_store_merge(f.store, batch, change, 7, &result, &error), error);
    cr_assert_eq(result, DJ_PUT_UPDATED);
    must(dj_store_merge(f.store, batch, change, 7, &result, &error), error);
    cr_assert_eq(result, DJ_PUT_UNCHANGED);

    g_autoptr(DjRecord) now = dj_record_new(DJ_TABLE_NEED);
    must(dj_store_get(f.store, DJ_TABLE_NEED, "N1", DJ_POINT_NOW, now, &found, &error), error);
    cr_assert_str_eq(dj_record_get(now, DJ_NEED_BUDGET), "10000");
    cr_assert_str_eq(dj_record_get(now, DJ_NEED_PRODUCT), "刀具");
    cr_assert_str_eq(now->extra->pdata[1], "甲");

    dj_record_clear(change);
    dj_record_set(change, DJ_NEED_ID, "N1");
    dj_record_set(change, DJ_NEED_BUDGET, DJ_STORE_ERASE);
    dj_record_add_extra(change, "备注", DJ_STORE_ERASE);
    cr_assert(dj_record_make_key(change));
    must(dj_store_merge(f.store, batch, change, 8, &result, &error), error);
    cr_assert_eq(result, DJ_PUT_UPDATED);
    must(dj_store_get(f.store, DJ_TABLE_NEED, "N1", DJ_POINT_NOW, now, &found, &error), error);
    cr_assert_null(dj_record_get(now, DJ_NEED_BUDGET));
    cr_assert_str_eq(dj_record_get(now, DJ_NEED_PRODUCT), "刀具");
    cr_assert(now->extra == NULL || now->extra->len == 0);
    end_batch(f.store, batch);
    fixture_free(&f);
}

Test(store, the_same_again_changes_nothing_and_leaves_no_batch)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    gint64 before, after;
    put_need(f.store, "2026-09-01T09:00:00", "N1", "题", "1", DJ_PUT_NEW);
    must(dj_store_point_now(f.store, &before, &error), error);
    put_need(f.store, "2026-09-02T09:00:00", "N1", "题", "1", DJ_PUT_UNCHANGED);
    must(dj_store_point_now(f.store, &after, &error), error);
    cr_assert_eq(before, after);
    gint64 next = put_need(f.store, "2026-09-03T09:00:00", "N1", "题", "2", DJ_PUT_UPDATED);
    cr_assert_eq(next, before + 2, "the number of a removed batch is not used again");
    fixture_free(&f);
}

typedef struct {
    GString *text;
} Lines;

static gboolean note_version(const DjVersionInfo *info, const DjRecord *record, gpointer user)
{
    g_string_append_printf(((Lines *)user)->text, "%s %s row %d %s %s\n", info->recorded_at, info->command,
                           (int)info->row, info->source, dj_record_title(record));
    return TRUE;
}

static gboolean note_key(const DjRecord *record, gpointer user)
{
    g_string_append_printf(((Lines *)user)->text, "%s=%s ", record->key, dj_record_title(record));
    return TRUE;
}

Test(store, history_is_told_oldest_first)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    Lines lines = {g_string_new(NULL)};
    put_need(f.store, "2026-09-01T09:00:00", "N1", "甲", "1", DJ_PUT_NEW);
    put_need(f.store, "2026-09-02T09:00:00", "N1", "乙", "1", DJ_PUT_UPDATED);
    must(dj_store_history(f.store, DJ_TABLE_NEED, "N1", note_version, &lines, &error), error);
    cr_assert_str_eq(lines.text->str, "2026-09-01T09:00:00 import needs row 2 2026-09-01T09:00:00 甲\n"
                                      "2026-09-02T09:00:00 import needs row 2 2026-09-02T09:00:00 乙\n");
    g_string_free(lines.text, TRUE);
    fixture_free(&f);
}

Test(store, each_goes_by_key_bytes_and_sees_a_past_state)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    Lines lines = {g_string_new(NULL)};
    gint64 count;
    put_need(f.store, "2026-09-01T09:00:00", "b", "乙", NULL, DJ_PUT_NEW);
    gint64 point = put_need(f.store, "2026-09-02T09:00:00", "B", "大", NULL, DJ_PUT_NEW);
    put_need(f.store, "2026-09-03T09:00:00", "a", "甲", NULL, DJ_PUT_NEW);
    put_need(f.store, "2026-09-04T09:00:00", "b", "乙二", NULL, DJ_PUT_UPDATED);
    must(dj_store_each(f.store, DJ_TABLE_NEED, DJ_POINT_NOW, note_key, &lines, &error), error);
    cr_assert_str_eq(lines.text->str, "B=大 a=甲 b=乙二 ");
    g_string_truncate(lines.text, 0);
    must(dj_store_each(f.store, DJ_TABLE_NEED, point, note_key, &lines, &error), error);
    cr_assert_str_eq(lines.text->str, "B=大 b=乙 ");
    must(dj_store_count(f.store, DJ_TABLE_NEED, DJ_POINT_NOW, &count, &error), error);
    cr_assert_eq(count, 3);
    must(dj_store_count(f.store, DJ_TABLE_NEED, point, &count, &error), error);
    cr_assert_eq(count, 2);
    must(dj_store_count(f.store, DJ_TABLE_PATENT, DJ_POINT_NOW, &count, &error), error);
    cr_assert_eq(count, 0);
    g_string_free(lines.text, TRUE);
    fixture_free(&f);
}

Test(store, an_unfinished_batch_is_taken_up_while_it_is_the_newest)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    gint64 point;
    gint64 first = begin_batch(f.store, "a.csv", "2026-09-01T09:00:00");
    g_autoptr(DjRecord) need = make_need("N1", "题", NULL);
    must(dj_store_put(f.store, first, need, 1, &result, &error), error);
    dj_store_close(f.store); /* as after a crash: the batch was never ended */
    f.store = dj_store_open(f.path, DJ_STORE_WRITE, &error);
    must(f.store != NULL, error);
    must(dj_store_point_now(f.store, &point, &error), error);
    cr_assert_eq(point, 0, "an unfinished batch is not a point to stand on");
    cr_assert_not(dj_store_check(f.store, NULL, NULL, &error));
    must(TRUE, error);
    const DjBatchInfo info = {"import needs", "a.csv", "a.csv", "2026-09-02T09:00:00"};
    gint64 batch, added, changed;
    must(dj_store_find_unfinished_batch(f.store, &info, DJ_TABLE_NEED, &batch, &added, &changed, &error), error);
    cr_assert(batch == first && added == 1 && changed == 0);
    cr_assert_eq(begin_batch(f.store, "a.csv", "2026-09-02T09:00:00"), first);
    end_batch(f.store, first);
    must(dj_store_find_unfinished_batch(f.store, &info, DJ_TABLE_NEED, &batch, &added, &changed, &error), error);
    cr_assert(batch == 0 && added == 0 && changed == 0);
    must(dj_store_check(f.store, NULL, NULL, &error), error);
    gint64 second = begin_batch(f.store, "a.csv", "2026-09-03T09:00:00");
    cr_assert_gt(second, first, "a finished one is not");
    gint64 third = begin_batch(f.store, "b.csv", "2026-09-04T09:00:00");
    gint64 fourth = begin_batch(f.store, "a.csv", "2026-09-05T09:00:00");
    cr_assert_gt(fourth, third, "nor one with a later batch behind it");
    fixture_free(&f);
}

Test(store, a_point_is_a_prefix_even_when_a_clock_went_back)
{
    Fixture f = fixture_new();
    gint64 first = put_need(f.store, "2026-09-01T09:00:00", "N1", "甲", NULL, DJ_PUT_NEW);
    put_need(f.store, "2026-12-01T09:00:00", "N2", "乙", NULL, DJ_PUT_NEW);
    gint64 third = put_need(f.store, "2026-09-15T09:00:00", "N3", "丙", NULL, DJ_PUT_NEW);
    cr_assert_eq(point_at(f.store, "2026-10-01"), first);
    cr_assert_eq(point_at(f.store, "2026-12-31"), third);
    fixture_free(&f);
}

static void expect_open_error(const char *path, DjStoreMode mode, DjStoreError code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjStore) store = dj_store_open(path, mode, &error);
    cr_assert_null(store);
    cr_assert(g_error_matches(error, DJ_STORE_ERROR, (gint)code), "%s", error->message);
    cr_assert_not_null(strstr(error->message, path));
}

Test(store, files_that_are_not_ours_are_refused)
{
    Fixture f = fixture_new();
    expect_open_error(f.path, DJ_STORE_CREATE, DJ_STORE_ERROR_OPEN);
    g_clear_pointer(&f.store, dj_store_close);
    g_autofree char *sql = g_strdup_printf("PRAGMA user_version = %d", DJ_STORE_SCHEMA_VERSION + 1);
    raw_sql(f.path, sql);
    expect_open_error(f.path, DJ_STORE_WRITE, DJ_STORE_ERROR_NEWER);
    raw_sql(f.path, "PRAGMA application_id = 1");
    expect_open_error(f.path, DJ_STORE_READ, DJ_STORE_ERROR_OPEN);
    cr_assert(g_file_set_contents(f.path, "not a database, but long enough to be looked at as one........", -1, NULL));
    expect_open_error(f.path, DJ_STORE_WRITE, DJ_STORE_ERROR_OPEN);
    g_unlink(f.path);
    expect_open_error(f.path, DJ_STORE_WRITE, DJ_STORE_ERROR_OPEN);
    cr_assert_not(g_file_test(f.path, G_FILE_TEST_EXISTS), "opening must not create");
    fixture_free(&f);
}

static void note_problem(const char *text, gpointer user)
{
    g_string_append_printf(user, "%s\n", text);
}

static void expect_problem(Fixture *f, const char *damage, const char *finding)
{
    GError *error = NULL;
    g_autoptr(GString) problems = g_string_new(NULL);
    g_clear_pointer(&f->store, dj_store_close);
    raw_sql(f->path, damage);
    f->store = dj_store_open(f->path, DJ_STORE_WRITE, &error);
    must(f->store != NULL, error);
    cr_assert_not(dj_store_check(f->store, note_problem, problems, &error));
    must(TRUE, error);
    cr_assert(strstr(problems->str, finding), "%s\nfound only: %s", finding, problems->str);
}

Test(store, damage_is_found)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    g_autofree char *hash = NULL;
    put_need(f.store, "2026-09-01T09:00:00", "N1", "甲", "1", DJ_PUT_NEW);
    put_need(f.store, "2026-09-02T09:00:00", "N1", "乙", "1", DJ_PUT_UPDATED);
    gint64 batch = begin_batch(f.store, "e", "2026-09-03T09:00:00");
    g_autoptr(DjRecord) enterprise = make_enterprise(NULL, "示例有限公司");
    must(dj_store_put(f.store, batch, enterprise, 1, &result, &error), error);
    end_batch(f.store, batch);
    g_autoptr(GBytes) bytes = g_bytes_new_static("abc", 3);
    must(dj_store_put_blob(f.store, "model", bytes, "2026-09-03T09:00:00", &hash, &error), error);
    must(dj_store_check(f.store, NULL, NULL, &error), error);

    expect_problem(&f,
                   "DROP TRIGGER version_stays; UPDATE version SET fields = replace(fields, '甲', '丙') WHERE id = 1",
                   "version 1 of N1 does not have its hash");
    expect_problem(&f, "UPDATE record SET current = 1 WHERE key = 'N1'", "record whose current version is wrong: N1");
    expect_problem(&f,
                   "UPDATE record SET current = 2 WHERE key = 'N1'; UPDATE version SET previous = NULL WHERE id = 2",
                   "version that no record reaches: 1");
    expect_problem(&f, "DELETE FROM alias", "the enterprise index lacks name:示例有限公司");
    expect_problem(&f, "UPDATE blob SET bytes = x'00'", "the bytes of model");
    expect_problem(&f, "UPDATE version SET batch = 99 WHERE id = 2", "row that refers to nothing: version row 2");
    fixture_free(&f);
}

Test(store, what_goes_to_a_file_that_was_moved_is_not_called_done)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    gboolean found;
    g_autofree char *elsewhere = g_strconcat(f.path, "-moved", NULL);
    put_need(f.store, "2026-09-01T09:00:00", "N1", "甲", "1", DJ_PUT_NEW);
    const gint64 batch = begin_batch(f.store, "e", "2026-09-03T09:00:00");
    g_autoptr(DjRecord) enterprise = make_enterprise(NULL, "示例有限公司");
    must(dj_store_begin(f.store, &error), error);
    must(dj_store_put(f.store, batch, enterprise, 1, &result, &error), error);
    cr_assert_eq(g_rename(f.path, elsewhere), 0);
    cr_assert_not(dj_store_commit(f.store, &error));
    cr_expect(strstr(error->message, f.path) && strstr(error->message, "moved or removed"), "%s", error->message);
    g_clear_error(&error);
    cr_assert_eq(g_rename(elsewhere, f.path), 0);
    must(dj_store_has(f.store, DJ_TABLE_ENTERPRISE, enterprise->key, &found, &error), error);
    cr_expect_not(found);
    must(dj_store_has(f.store, DJ_TABLE_NEED, "N1", &found, &error), error);
    cr_expect(found);
    fixture_free(&f);
}

Test(store, versions_cannot_be_changed_by_accident)
{
    Fixture f = fixture_new();
    put_need(f.store, "2026-09-01T09:00:00", "N1", "甲", "1", DJ_PUT_NEW);
    sqlite3 *db = NULL;
    cr_assert_eq(sqlite3_open(f.path, &db), SQLITE_OK);
    cr_assert_eq(sqlite3_exec(db, "UPDATE version SET fields = '{}'", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    cr_assert_eq(sqlite3_exec(db, "DELETE FROM version", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    sqlite3_close(db);
    fixture_free(&f);
}

Test(store, keys_are_found_by_beginning_and_by_any_spelling_of_a_number)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    DjTable table;
    g_autofree char *key = NULL;
    gboolean found;
    put_need(f.store, "2026-09-01T09:00:00", "N-1", "甲", NULL, DJ_PUT_NEW);
    put_need(f.store, "2026-09-02T09:00:00", "N-12", "乙", NULL, DJ_PUT_NEW);
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(patent, DJ_PATENT_NUMBER, "ZL201720001285.X");
    cr_assert(dj_record_make_key(patent));
    gint64 batch = begin_batch(f.store, "p", "2026-09-03T09:00:00");
    must(dj_store_put(f.store, batch, patent, 1, &result, &error), error);

    must(dj_store_find_key(f.store, "N-1", &table, &key, &found, &error), error);
    cr_assert(found && table == DJ_TABLE_NEED, "the exact key wins over longer ones");
    cr_assert_str_eq(key, "N-1");
    g_clear_pointer(&key, g_free);
    must(dj_store_find_key(f.store, "CN 201720001285x", &table, &key, &found, &error), error);
    cr_assert(found && table == DJ_TABLE_PATENT);
    cr_assert_str_eq(key, "ZL201720001285.X");
    g_clear_pointer(&key, g_free);
    must(dj_store_find_key(f.store, "M", &table, &key, &found, &error), error);
    cr_assert_not(found);
    cr_assert_not(dj_store_find_key(f.store, "N", &table, &key, &found, &error));
    cr_assert(g_error_matches(error, DJ_STORE_ERROR, DJ_STORE_ERROR_AMBIGUOUS));
    cr_assert_not_null(strstr(error->message, "N-1, N-12"));
    g_clear_error(&error);
    fixture_free(&f);
}

Test(store, blobs_are_kept_once_and_generations_count_up)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    g_autofree char *first = NULL, *again = NULL, *latest = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static("a\0b", 3);
    latest = dj_store_latest_blob(f.store, "model", &error);
    cr_assert_null(latest);
    must(TRUE, error);
    must(dj_store_put_blob(f.store, "model", bytes, "2026-09-01T09:00:00", &first, &error), error);
    must(dj_store_put_blob(f.store, "model", bytes, "2026-09-02T09:00:00", &again, &error), error);
    cr_assert_str_eq(first, again);
    latest = dj_store_latest_blob(f.store, "model", &error);
    cr_assert_str_eq(latest, first);
    g_autoptr(GBytes) read = dj_store_get_blob(f.store, "model", first, &error);
    must(read != NULL, error);
    cr_assert(g_bytes_equal(read, bytes));
    cr_assert_null(dj_store_get_blob(f.store, "settings", first, &error));
    g_clear_error(&error);

    gint64 number;
    gboolean found;
    DjGeneration current;
    must(dj_store_current_generation(f.store, &current, &found, &error), error);
    cr_assert_not(found);
    must(dj_store_next_generation(f.store, &number, &error), error);
    cr_assert_eq(number, 1);
    DjGeneration published = {1, 5, first, first, (char *)"c0ffee", (char *)"2026-09-03T09:00:00"};
    must(dj_store_publish_generation(f.store, &published, &error), error);
    cr_assert_not(dj_store_publish_generation(f.store, &published, &error), "a number is given once");
    g_clear_error(&error);
    must(dj_store_current_generation(f.store, &current, &found, &error), error);
    cr_assert(found);
    cr_assert_eq(current.point, 5);
    cr_assert_str_eq(current.model, first);
    cr_assert_str_eq(current.content_hash, "c0ffee");
    dj_generation_clear(&current);
    must(dj_store_next_generation(f.store, &number, &error), error);
    cr_assert_eq(number, 2);
    fixture_free(&f);
}

Test(store, readers_see_only_what_was_committed)
{
    Fixture f = fixture_new();
    GError *error = NULL;
    DjPutResult result;
    g_autoptr(DjStore) reader = dj_store_open(f.path, DJ_STORE_READ, &error);
    must(reader != NULL, error);
    gint64 batch = begin_batch(f.store, "a", "2026-09-01T09:00:00");
    g_autoptr(DjRecord) need = make_need("N1", "甲", NULL);
    must(dj_store_begin(f.store, &error), error);
    must(dj_store_put(f.store, batch, need, 1, &result, &error), error);
    expect_title(reader, "N1", DJ_POINT_NOW, NULL);
    dj_store_rollback(f.store);
    expect_title(reader, "N1", DJ_POINT_NOW, NULL);
    must(dj_store_begin(f.store, &error), error);
    must(dj_store_put(f.store, batch, need, 1, &result, &error), error);
    must(dj_store_commit(f.store, &error), error);
    expect_title(reader, "N1", DJ_POINT_NOW, "甲");
    fixture_free(&f);
}
