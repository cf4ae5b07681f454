/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files in a folder of their own, a store, and imports into it that say in one line what came out. */
#pragma once
#include "config/glossary_file.h"
#include "config/mapping_file.h"
#include "indexer/import.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
    char *folder, *db;
    DjStore *store;
    DjConfigSource *config;
    DjImportResult last;
    DjMapping *layouts[DJ_N_TABLES]; /* those that the tables of files are compared by; none until a test loads them */
    gboolean has_last, dry_run, knows_words; /* knows_words: as the command, with the settings in force */
    const char *recorded_at, *sheet;
} Bench;

/* A macro, because the call must come before the look at what it left in error. */
#define must(call, error)                                                                                              \
    do {                                                                                                               \
        gboolean must_ok = (call);                                                                                     \
        cr_assert(must_ok, "%s", (error) ? (error)->message : "failed without a message");                             \
        cr_assert_null(error);                                                                                         \
    } while (0)

static inline Bench bench_new(void)
{
    GError *error = NULL;
    Bench b = {.folder = g_dir_make_tmp("duijie-indexer-XXXXXX", NULL), .recorded_at = "2026-09-01T09:00:00"};
    b.db = g_build_filename(b.folder, "duijie.db", NULL);
    b.store = dj_store_open(b.db, DJ_STORE_CREATE, &error);
    must(b.store != NULL, error);
    b.config = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    must(b.config != NULL, error);
    return b;
}

static inline void bench_free(Bench *b)
{
    if (b->has_last)
        dj_import_result_clear(&b->last);
    for (int i = 0; i < DJ_N_TABLES; i++)
        dj_mapping_free(b->layouts[i]);
    dj_store_close(b->store);
    dj_config_source_free(b->config);
    folder_remove(b->folder);
    g_free(b->folder);
    g_free(b->db);
}

static inline char *bench_write(Bench *b, const char *name, const char *bytes, gssize length)
{
    GError *error = NULL;
    char *path = g_build_filename(b->folder, name, NULL);
    must(g_file_set_contents(path, bytes, length, &error), error);
    return path;
}

/* Imports a file of the folder; NULL layout: the default of the table. */
static inline gboolean bench_try(Bench *b, DjTable table, const char *layout, const char *path, GError **error)
{
    g_autoptr(DjMapping) mapping = dj_mapping_load(b->config, layout ? layout : dj_table_name(table), error);
    if (!mapping)
        return FALSE;
    if (b->knows_words) {
        g_autoptr(DjSettings) settings = dj_settings_load(b->config, error);
        if (!settings)
            return FALSE;
        dj_glossary_fill(mapping->words->glossary, b->config, settings);
    }
    if (b->has_last)
        dj_import_result_clear(&b->last);
    b->has_last = TRUE;
    const DjImportOptions options = {.path = path,
                                     .table = table,
                                     .mapping = mapping,
                                     .others = (const DjMapping *const *)b->layouts,
                                     .recorded_at = b->recorded_at,
                                     .dry_run = b->dry_run,
                                     .rejects_folder = b->folder,
                                     .limits = {.sheet = b->sheet}};
    return dj_import_file(b->store, &options, &b->last, error);
}

static inline void bench_import(Bench *b, DjTable table, const char *layout, const char *path, const char *counts)
{
    GError *error = NULL;
    must(bench_try(b, table, layout, path, &error), error);
    g_autofree char *line = g_strdup_printf("imported %d, updated %d, unchanged %d, rejected %d", (int)b->last.imported,
                                            (int)b->last.updated, (int)b->last.unchanged, (int)b->last.rejected);
    cr_assert_str_eq(line, counts);
}

/* Writes text to a file, imports it and compares the counts. */
static inline void bench_text(Bench *b, DjTable table, const char *layout, const char *text, const char *counts)
{
    g_autofree char *path = bench_write(b, "input.txt", text, -1);
    bench_import(b, table, layout, path, counts);
}

static inline DjRecord *bench_get(Bench *b, DjTable table, const char *key)
{
    GError *error = NULL;
    gboolean found;
    DjRecord *record = dj_record_new(table);
    must(dj_store_get(b->store, table, key, DJ_POINT_NOW, record, &found, &error), error);
    cr_assert(found, "no record %s", key);
    return record;
}

static inline void expect_field(Bench *b, DjTable table, const char *key, int field, const char *value)
{
    g_autoptr(DjRecord) record = bench_get(b, table, key);
    cr_assert_eq(g_strcmp0(dj_record_get(record, field), value), 0, "%s %s: %s", key, dj_field_at(table, field)->name,
                 dj_record_get(record, field));
}

static inline gint64 bench_count(Bench *b, DjTable table)
{
    GError *error = NULL;
    gint64 count;
    must(dj_store_count(b->store, table, DJ_POINT_NOW, &count, &error), error);
    return count;
}
