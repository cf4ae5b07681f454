/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An import has one outcome for any number of threads: what is stored and where it came from, counts, messages and
 * their order, rejects, errors. A plain program, so that ThreadSanitizer can watch it. */
#include "config/mapping_file.h"
#include "indexer/import.h"
#include "tests/folder.h"
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *folder;
static DjConfigSource *config;

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "test_indexer_threads: %s: %s\n", what, detail);
    exit(1);
}

static void must(gboolean ok, GError *error)
{
    if (!ok)
        fail("unexpected", error ? error->message : "failed without a message");
}

/* ---- files: long enough for many batches ---- */

/* Wrong codes, unreadable amounts, repeated keys, enterprises named before and after they are known by their code. */
static char *messy_csv(void)
{
    GString *text = g_string_new("需求编号,需求名称,企业名称,统一社会信用代码,预算,无人知道\n");
    for (int i = 0; i < 2000; i++)
        g_string_append_printf(text, "N%d,题目%d,企业%d,%s,%s,%s\n", i % 7 == 3 ? i / 2 : i, i, i % 97,
                               i % 211 == 5   ? "91420100MA4KXXXX00"
                               : i % 13 == 12 ? "91350100M000100Y43"
                                              : "",
                               i % 31 == 7 ? "约五万" : "5万元", i % 3 ? "" : "备注");
    return g_string_free(text, FALSE);
}

/* Names of columns that come up one after the other. */
static char *growing_json(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 900; i++) {
        g_string_append_printf(text, "{\"需求编号\":\"J%d\",\"需求名称\":\"题%d\"", i, i);
        for (int k = 0; k < i / 100; k++)
            g_string_append_printf(text, ",\"新列%d\":\"值%d\"", k, i);
        g_string_append(text, "}\n");
    }
    return g_string_free(text, FALSE);
}

static char *broken_csv(void)
{
    GString *text = g_string_new("需求编号,需求名称\n");
    for (int i = 0; i < 1500; i++)
        g_string_append_printf(text, "N%d,题目%d%s\n", i, i, i % 100 == 50 ? ",多一格" : "");
    g_string_append(text, "N9999,");
    for (int i = 0; i < 3000; i++)
        g_string_append(text, "长");
    return g_string_free(text, FALSE);
}

/* ---- outcomes ---- */

static void say_list(GString *out, const char *name, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s %s\n", name, (const char *)list->pdata[i]);
}

static void say_file(GString *out, const char *path)
{
    g_autofree char *bytes = NULL;
    GError *error = NULL;
    must(g_file_get_contents(path, &bytes, NULL, &error), error);
    g_string_append(out, bytes);
}

typedef struct {
    DjStore *store;
    DjTable table;
    GString *out;
} Dump;

static gboolean say_version(const DjVersionInfo *info, const DjRecord *record, gpointer user)
{
    Dump *dump = user;
    g_autofree char *json = dj_record_to_json(record, NULL);
    g_string_append_printf(dump->out, "%s batch %d row %d %s\n", record->key, (int)info->batch, (int)info->row, json);
    return TRUE;
}

static gboolean say_record(const DjRecord *record, gpointer user)
{
    Dump *dump = user;
    GError *error = NULL;
    must(dj_store_history(dump->store, dump->table, record->key, say_version, dump, &error), error);
    return TRUE;
}

static void import_once(DjStore *store, const char *path, guint threads, GString *out)
{
    GError *error = NULL;
    g_autoptr(DjMapping) mapping = dj_mapping_load(config, "needs", &error);
    must(mapping != NULL, error);
    DjImportResult result;
    const DjImportOptions options = {.path = path,
                                     .table = DJ_TABLE_NEED,
                                     .mapping = mapping,
                                     .recorded_at = "2026-09-01T09:00:00",
                                     .rejects_folder = folder,
                                     .limits = {.max_row_bytes = 4096},
                                     .threads = threads,
                                     .max_messages = 100000};
    if (dj_import_file(store, &options, &result, &error))
        g_string_append_printf(out, "%d %d %d %d, %d warnings, %d stubs, %s\n", (int)result.imported,
                               (int)result.updated, (int)result.unchanged, (int)result.rejected, (int)result.n_warnings,
                               (int)result.n_stubs, result.format);
    else
        g_string_append_printf(out, "error %s\n", error->message);
    g_clear_error(&error);
    say_list(out, "warning", result.warnings);
    say_list(out, "stub", result.stubs);
    say_list(out, "unknown", result.unknown_columns);
    for (guint i = 0; i < result.reject_files->len; i++)
        if (g_str_has_suffix(result.reject_files->pdata[i], ".csv"))
            say_file(out, result.reject_files->pdata[i]);
    dj_import_result_clear(&result);
}

static void drop(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(path, ends[i], NULL);
        g_unlink(file);
    }
}

/* Everything that two imports of the file leave behind. */
static char *outcome(const char *path, guint threads)
{
    GError *error = NULL;
    g_autofree char *db = g_build_filename(folder, "duijie.db", NULL);
    DjStore *store = dj_store_open(db, DJ_STORE_CREATE, &error);
    GString *out = g_string_new(NULL);
    must(store != NULL, error);
    import_once(store, path, threads, out);
    import_once(store, path, threads, out);
    for (int table = 0; table < DJ_N_TABLES; table++) {
        Dump dump = {store, (DjTable)table, out};
        must(dj_store_each(store, dump.table, DJ_POINT_NOW, say_record, &dump, &error), error);
    }
    dj_store_close(store);
    drop(db);
    return g_string_free(out, FALSE);
}

static void check(const char *name, char *text, const char *const *expected)
{
    static const guint threads[] = {0, 2, 3, 5};
    GError *error = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    must(g_file_set_contents(path, text, -1, &error), error);
    g_autofree char *one = outcome(path, 1);
    for (const char *const *word = expected; *word; word++)
        if (!strstr(one, *word))
            fail(name, *word);
    for (gsize i = 0; i < G_N_ELEMENTS(threads); i++) {
        g_autofree char *several = outcome(path, threads[i]);
        if (strcmp(several, one) != 0)
            fail(name, "another outcome with several threads");
    }
    g_free(text);
}

/* ---- cancelling ---- */

static gboolean stop_later(gpointer user)
{
    int *left = user; /* not atomic: only the calling thread asks */
    return (*left)-- == 0;
}

static void check_cancelling(void)
{
    GError *error = NULL;
    g_autofree char *path = g_build_filename(folder, "messy.csv", NULL);
    g_autofree char *db = g_build_filename(folder, "duijie.db", NULL);
    g_autoptr(DjMapping) mapping = dj_mapping_load(config, "needs", &error);
    must(mapping != NULL, error);
    for (int after = 0; after < 2; after++) { /* the calling thread asks at least twice: before its work and after it */
        DjStore *store = dj_store_open(db, DJ_STORE_CREATE, &error);
        DjImportResult result;
        int left = after;
        gint64 count = 0;
        must(store != NULL, error);
        const DjImportOptions options = {.path = path,
                                         .table = DJ_TABLE_NEED,
                                         .mapping = mapping,
                                         .recorded_at = "2026-09-01T09:00:00",
                                         .threads = after ? 1 : 3,
                                         .cancelled = stop_later,
                                         .user = &left};
        if (dj_import_file(store, &options, &result, &error) ||
            !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            fail("cancelling", error ? error->message : "no error");
        g_clear_error(&error);
        must(dj_store_count(store, DJ_TABLE_NEED, DJ_POINT_NOW, &count, &error), error);
        if (count != 0)
            fail("cancelling", "something was stored");
        dj_import_result_clear(&result);
        dj_store_close(store);
        drop(db);
    }
}

int main(void)
{
    GError *error = NULL;
    folder = g_dir_make_tmp("duijie-threads-XXXXXX", &error);
    must(folder != NULL, error);
    config = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    must(config != NULL, error);
    check(
        "messy.csv", messy_csv(),
        (const char *[]){"是同一条记录", "不是确定的金额", "stub 企业5", "unknown 无人知道", "统一社会信用代码", NULL});
    check("growing.jsonl", growing_json(), (const char *[]){"900 0 0 0", "unknown 新列7", "0 0 900 0", NULL});
    check("broken.csv", broken_csv(), (const char *[]){"error import broken.csv", "row 1502", NULL});
    check_cancelling();
    dj_config_source_free(config);
    folder_remove(folder);
    g_free(folder);
    return 0;
}
