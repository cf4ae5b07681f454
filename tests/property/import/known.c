/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An import that recognises rows by their hash ends as one that understands every row: two stores take the same random
 * files and corrections, and one of them has its row hashes taken away before each. Counts, messages, rejects and every
 * version of every record are compared. A plain program, so that ThreadSanitizer can watch it. */
#include "config/mapping_file.h"
#include "indexer/import.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_RUNS = 16, N_STEPS = 10, N_PATENTS = 40 };

static char *folder;
static DjConfigSource *config;
static guint32 seed;

static void fail(const char *what, const char *detail)
{
    fprintf(stderr, "test_import_known: seed %u: %s: %s\n", seed, what, detail);
    exit(1);
}

static void must(gboolean ok, GError *error)
{
    if (!ok)
        fail("unexpected", error ? error->message : "failed without a message");
}

static gboolean one_in(GRand *rand, gint n)
{
    return g_rand_int_range(rand, 0, n) == 0;
}

static const char *pick(GRand *rand, const char *const *from, gsize n)
{
    return from[g_rand_int_range(rand, 0, (gint32)n)];
}
#define PICK(rand, list) pick(rand, list, G_N_ELEMENTS(list))

/* ---- files ---- */

static const char *const titles[] = {"专利号", "名称", "摘要", "许可费", "专利权人", "专利类型", "备注甲"};

static void append_number(GRand *rand, int patent, GString *out)
{
    static const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    char digits[16];
    int sum = 0;
    g_snprintf(digits, sizeof digits, "20181%07d", patent);
    for (int d = 0; d < 12; d++)
        sum += (digits[d] - '0') * weights[d];
    sum += one_in(rand, 40); /* a wrong check digit */
    g_string_append_printf(out, "%s%s.%c", one_in(rand, 2) ? "ZL" : "", digits, sum % 11 == 10 ? 'X' : '0' + sum % 11);
}

static void append_cell(GRand *rand, int column, int patent, GString *out)
{
    static const char *const fees[] = {"5万元", "50000", "面议", "约五万", "", "清空", "0"};
    static const char *const owners[] = {"甲大学", "甲大学；乙研究院", "", "清空"};
    static const char *const kinds[] = {"", "发明", "实用新型", "科技成果"};
    static const char *const notes[] = {"", "甲", "乙", "清空", "无"};
    switch (column) {
    case 0:
        append_number(rand, patent, out);
        break;
    case 1:
        if (!one_in(rand, 15))
            g_string_append_printf(out, "题目%d%s", patent, one_in(rand, 6) ? "改" : "");
        break;
    case 2:
        g_string_append_printf(out, "摘要%d", g_rand_int_range(rand, 0, 3));
        break;
    case 3:
        g_string_append(out, PICK(rand, fees));
        break;
    case 4:
        g_string_append(out, PICK(rand, owners));
        break;
    case 5:
        g_string_append(out, one_in(rand, 4) ? PICK(rand, kinds) : "");
        break;
    default:
        g_string_append(out, PICK(rand, notes));
    }
}

/* Some of the columns in some order, some of the patents, some of them twice. */
static char *make_csv(GRand *rand)
{
    int order[G_N_ELEMENTS(titles)], n = (int)G_N_ELEMENTS(titles);
    GString *out = g_string_new(NULL);
    for (int i = 0; i < n; i++)
        order[i] = i;
    for (int i = n - 1; one_in(rand, 3) && i > 0; i--) {
        int other = g_rand_int_range(rand, 0, i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    n -= one_in(rand, 3) ? g_rand_int_range(rand, 0, 3) : 0;
    for (int i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", titles[order[i]]);
    for (int patent = 0; patent < N_PATENTS; patent++) {
        for (int times = one_in(rand, 8) ? g_rand_int_range(rand, 0, 3) : 1; times > 0; times--) {
            g_string_append_c(out, '\n');
            for (int i = 0; i < n; i++) {
                g_string_append(out, i ? "," : "");
                append_cell(rand, order[i], patent, out);
            }
        }
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static char *replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv(with, parts);
}

/* A file that was there before: as it is, with its rows the other way round, or with some of them corrected or gone. */
static char *alter(GRand *rand, const char *text)
{
    if (one_in(rand, 2))
        return g_strdup(text);
    if (one_in(rand, 4))
        return replace(text, ",", "\t");
    if (one_in(rand, 4)) /* an unknown column of another name */
        return replace(text, "备注甲", "备注乙");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(lines[0]);
    gboolean backwards = one_in(rand, 3);
    guint n = g_strv_length(lines);
    for (guint i = 1; i < n; i++) {
        const char *line = lines[backwards ? n - i : i];
        g_autofree char *other = one_in(rand, 8) ? replace(line, "摘要1", "摘要9") : NULL;
        if (*line && !one_in(rand, 10))
            g_string_append_printf(out, "\n%s", other ? other : line);
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

/* ---- the two stores ---- */

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static void run_sql(const char *db, const char *sql)
{
    sqlite3 *handle = NULL;
    char *message = NULL;
    if (sqlite3_open(db, &handle) != SQLITE_OK || sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
        fail(sql, message ? message : db);
    sqlite3_close(handle);
}

static void say_list(GString *out, const char *name, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s %s\n", name, (const char *)list->pdata[i]);
}

/* How a file is read. */
typedef struct {
    const char *layout;
    gboolean other_words; /* a word for free of charge more, as an edited words.yaml has it */
    gboolean dry_run;
} How;

static void import(const char *db, const char *file, const How *how, GString *out)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_WRITE, &error);
    must(store != NULL, error);
    g_autoptr(DjMapping) mapping = dj_mapping_load(config, how->layout, &error);
    must(mapping != NULL, error);
    if (how->other_words) {
        dj_words_add(mapping->words, DJ_TYPE_MONEY, "50000", "0");
        g_free(mapping->hash);
        mapping->hash = g_strdup("other words");
    }
    const DjImportOptions options = {.path = file,
                                     .table = DJ_TABLE_PATENT,
                                     .mapping = mapping,
                                     .recorded_at = "2026-09-01T09:00:00",
                                     .dry_run = how->dry_run,
                                     .rejects_folder = folder,
                                     .threads = 1 + seed % 3,
                                     .max_messages = 100000};
    DjImportResult result;
    must(dj_import_file(store, &options, &result, &error), error);
    g_string_append_printf(out, "%d %d %d %d, %d warnings, %s\n", (int)result.imported, (int)result.updated,
                           (int)result.unchanged, (int)result.rejected, (int)result.n_warnings, result.format);
    say_list(out, "warning", result.warnings);
    say_list(out, "unknown", result.unknown_columns);
    for (guint i = 0; i < result.first->len; i++) {
        g_autofree char *json = dj_record_to_json(result.first->pdata[i], NULL);
        g_string_append_printf(out, "first %s\n", json);
    }
    for (guint i = 0; i < result.reject_files->len; i++) {
        g_autofree char *bytes = NULL;
        if (!g_str_has_suffix(result.reject_files->pdata[i], ".csv"))
            continue;
        must(g_file_get_contents(result.reject_files->pdata[i], &bytes, NULL, &error), error);
        g_string_append(out, bytes);
    }
    dj_import_result_clear(&result);
}

typedef struct {
    DjStore *store;
    GString *out;
} Dump;

static gboolean say_version(const DjVersionInfo *info, const DjRecord *record, gpointer user)
{
    g_autofree char *json = dj_record_to_json(record, NULL);
    g_string_append_printf(((Dump *)user)->out, "%s batch %d row %d %s\n", record->key, (int)info->batch,
                           (int)info->row, json);
    return TRUE;
}

static gboolean say_record(const DjRecord *record, gpointer user)
{
    GError *error = NULL;
    must(dj_store_history(((Dump *)user)->store, DJ_TABLE_PATENT, record->key, say_version, user, &error), error);
    return TRUE;
}

static void say_store(const char *db, GString *out)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_READ, &error);
    must(store != NULL, error);
    must(dj_store_check(store, NULL, NULL, &error), error);
    must(dj_store_each(store, DJ_TABLE_PATENT, DJ_POINT_NOW, say_record, &(Dump){store, out}, &error), error);
}

static gboolean find_nth(const DjRecord *record, gpointer user)
{
    int *left = ((gpointer *)user)[0];
    DjRecord **found = ((gpointer *)user)[1];
    if ((*left)-- > 0)
        return TRUE;
    *found = dj_record_copy(record);
    return FALSE;
}

/* A person corrects a record by hand: no row of a file stands for it any longer. */
static void correct(const char *db, int nth, const char *abstract)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_WRITE, &error);
    must(store != NULL, error);
    g_autoptr(DjRecord) record = NULL;
    const DjBatchInfo info = {"correct", "", "", "2026-09-02T09:00:00"};
    DjPutResult put;
    gint64 batch;
    must(dj_store_each(store, DJ_TABLE_PATENT, DJ_POINT_NOW, find_nth, (gpointer[]){&nth, &record}, &error), error);
    if (!record)
        return;
    dj_record_set(record, DJ_PATENT_ABSTRACT, abstract);
    must(dj_store_begin_batch(store, &info, &batch, &error) && dj_store_begin(store, &error) &&
             dj_store_put(store, batch, record, 0, &put, &error) && dj_store_commit(store, &error) &&
             dj_store_end_batch(store, batch, 0, 1, 0, 0, &error),
         error);
}

static void drop(const char *db)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (gsize i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(db, ends[i], NULL);
        g_unlink(file);
    }
}

static void create(const char *db)
{
    GError *error = NULL;
    drop(db);
    DjStore *store = dj_store_open(db, DJ_STORE_CREATE, &error);
    must(store != NULL, error);
    dj_store_close(store);
}

/* ---- the runs ---- */

static const char forget[] = "UPDATE record SET row_hash = NULL";

static void run(guint32 its_seed, const char *other_layout)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(its_seed);
    g_autofree char *with = path_of("with.db"), *without = path_of("without.db"), *file = path_of("rows.csv");
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    seed = its_seed;
    create(with);
    create(without);
    for (int step = 0; step < N_STEPS; step++) {
        g_autoptr(GString) out = g_string_new(NULL), expected = g_string_new(NULL);
        gboolean again = files->len > 0 && !one_in(rand, 4);
        char *text = again ? alter(rand, files->pdata[g_rand_int_range(rand, 0, (gint32)files->len)]) : make_csv(rand);
        const How how = {.layout = one_in(rand, 6) ? other_layout : "patents",
                         .other_words = one_in(rand, 6),
                         .dry_run = one_in(rand, 8)};
        g_ptr_array_add(files, text);
        must(g_file_set_contents(file, text, -1, &error), error);
        if (one_in(rand, 4)) {
            int nth = g_rand_int_range(rand, 0, N_PATENTS);
            correct(with, nth, "手改的摘要");
            correct(without, nth, "手改的摘要");
        }
        import(with, file, &how, out);
        run_sql(without, forget);
        import(without, file, &how, expected);
        say_store(with, out);
        say_store(without, expected);
        if (strcmp(out->str, expected->str) != 0) {
            fprintf(stderr, "step %d\n--- understanding every row\n%s--- recognising rows\n%s", step, expected->str,
                    out->str);
            fail("another outcome", text);
        }
    }
    drop(with);
    drop(without);
}

/* A record whose stored hashes are spoilt looks changed to whoever understands its row, so a file that is told
 * unchanged then was recognised. It is more than a window of rows long, and comes as it is, without its first rows,
 * with rows of another file before it, and with one row changed. */
static void check_that_rows_are_recognised(void)
{
    enum { N = 20000 };
    static const char spoil[] = "UPDATE record SET hash = zeroblob(16), input = zeroblob(16)";
    g_autofree char *db = path_of("long.db"), *file = path_of("long.csv");
    g_autoptr(GString) text = g_string_new("名称,专利类型,摘要\n"), out = g_string_new(NULL);
    GError *error = NULL;
    gsize middle = 0;
    seed = 1;
    for (int i = 0; i < N; i++) {
        if (i == N / 2)
            middle = text->len;
        g_string_append_printf(text, "题目%d,科技成果,摘要%d\n", i, i);
    }
    create(db);
    must(g_file_set_contents(file, text->str, -1, &error), error);
    import(db, file, &(How){.layout = "patents"}, out);
    run_sql(db, spoil);
    import(db, file, &(How){.layout = "patents", .dry_run = TRUE}, out);
    /* The first few rows are understood, to be shown. */
    if (!strstr(out->str, "20000 0 0 0, 0 warnings, CSV, UTF-8\n") ||
        !strstr(out->str, "0 5 19995 0, 0 warnings, CSV, UTF-8\n"))
        fail("the whole file", out->str);
    /* From the middle on: the first rows are understood, until the window has followed. */
    g_string_erase(text, (gssize)strlen("名称,专利类型,摘要\n"), (gssize)(middle - strlen("名称,专利类型,摘要\n")));
    must(g_file_set_contents(file, text->str, -1, &error), error);
    g_string_truncate(out, 0);
    import(db, file, &(How){.layout = "patents", .dry_run = TRUE}, out);
    int added = 0, updated = 0, unchanged = 0;
    if (sscanf(out->str, "%d %d %d", &added, &updated, &unchanged) != 3 || added + updated + unchanged != N / 2 ||
        added > 0 || updated == 0 || updated > 4096)
        fail("a file that begins elsewhere", out->str);
    drop(db);
    g_unlink(file);
}

int main(void)
{
    GError *error = NULL;
    folder = g_dir_make_tmp("duijie-known-XXXXXX", &error);
    must(folder != NULL, error);
    config = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    must(config != NULL, error);
    /* The same titles mean something else here. */
    static const char other[] = "mapping: other\ntables:\n  patents:\n    titles:\n      advantage: [备注甲]\n"
                                "    constants: {source: 另一处}\n";
    g_autofree char *layout = path_of("other.yaml");
    must(g_file_set_contents(layout, other, -1, &error), error);
    check_that_rows_are_recognised();
    for (guint32 i = 0; i < N_RUNS; i++)
        run(i, layout);
    dj_config_source_free(config);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = path_of(name);
        g_unlink(path);
    }
    g_rmdir(folder);
    g_free(folder);
    return 0;
}
