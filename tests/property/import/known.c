/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An import that recognises rows by their hash ends as one that understands every row: two stores take the same files
 * and corrections, and one of them has its row hashes taken away before each; now and then the other loses some, as if
 * an older version had stored them. Counts, messages, stubs, rejects and
 * every version of every record are compared. A plain program, so that ThreadSanitizer can watch it. */
#include "config/mapping_file.h"
#include "engine/store/seal.h"
#include "files.h"
#include "indexer/import.h"
#include "tests/folder.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_RUNS = 16, N_STEPS = 12 };

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

/* ---- the two stores ---- */

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

/* Changes records; their seals are made again, so that the check finds nothing. */
static void run_sql(const char *db, const char *sql)
{
    static const char again[] = "UPDATE record SET seal = seal(tab, key, current, hash, input, row_hash)";
    sqlite3 *handle = NULL;
    char *message = NULL;
    if (sqlite3_open(db, &handle) != SQLITE_OK || dj_seal_register(handle) != SQLITE_OK ||
        sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK ||
        sqlite3_exec(handle, again, NULL, NULL, &message) != SQLITE_OK)
        fail(sql, message ? message : db);
    sqlite3_close(handle);
}

static gint64 ask_sql(const char *db, const char *sql)
{
    sqlite3 *handle = NULL;
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_open(db, &handle) != SQLITE_OK || sqlite3_prepare_v2(handle, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW)
        fail(sql, sqlite3_errmsg(handle));
    gint64 answer = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(handle);
    return answer;
}

static void say_list(GString *out, const char *name, const GPtrArray *list)
{
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s %s\n", name, (const char *)list->pdata[i]);
}

/* How a file is read. */
typedef struct {
    const char *layout;   /* NULL: that of the table */
    gboolean other_words; /* a word for free of charge more, as an edited words.yaml has it */
    gboolean dry_run;
} How;

static void import(const char *db, DjTable table, const char *file, const How *how, GString *out)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_WRITE, &error);
    must(store != NULL, error);
    g_autoptr(DjMapping) mapping = dj_mapping_load(config, how->layout ? how->layout : dj_table_name(table), &error);
    must(mapping != NULL, error);
    if (how->other_words) {
        dj_words_add(mapping->words, DJ_TYPE_MONEY, "50000", "0");
        g_free(mapping->hash);
        mapping->hash = g_strdup("other words");
    }
    const DjImportOptions options = {.path = file,
                                     .table = table,
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
    say_list(out, "stub", result.stubs);
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
    must(dj_store_history(((Dump *)user)->store, record->table, record->key, say_version, user, &error), error);
    return TRUE;
}

static void say_store(const char *db, GString *out)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_READ, &error);
    must(store != NULL, error);
    must(dj_store_check(store, NULL, NULL, &error), error);
    for (int table = 0; table < DJ_N_TABLES; table++)
        must(dj_store_each(store, (DjTable)table, DJ_POINT_NOW, say_record, &(Dump){store, out}, &error), error);
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

typedef struct {
    DjTable table;
    int nth; /* record of the table */
    int field;
    const char *value;
} Correction;

/* A person corrects a record by hand: no row of a file stands for it any longer. */
static void correct(const char *db, const Correction *correction)
{
    GError *error = NULL;
    g_autoptr(DjStore) store = dj_store_open(db, DJ_STORE_WRITE, &error);
    must(store != NULL, error);
    g_autoptr(DjRecord) record = NULL;
    const DjBatchInfo info = {"correct", "", "", "2026-09-02T09:00:00"};
    DjPutResult put;
    gint64 batch;
    int nth = correction->nth;
    must(dj_store_each(store, correction->table, DJ_POINT_NOW, find_nth, (gpointer[]){&nth, &record}, &error), error);
    if (!record)
        return;
    dj_record_set(record, correction->field, correction->value);
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

/* ---- the two, side by side ---- */

typedef struct {
    char *with, *without, *file;
} Pair;

static void pair_init(Pair *pair)
{
    *pair = (Pair){path_of("with.db"), path_of("without.db"), path_of("rows.csv")};
    create(pair->with);
    create(pair->without);
}

static void pair_clear(Pair *pair)
{
    drop(pair->with);
    drop(pair->without);
    g_free(pair->with);
    g_free(pair->without);
    g_free(pair->file);
}

/* Returns what came out, the same from both. Free it. */
static char *take(const Pair *pair, DjTable table, const char *text, const How *how)
{
    g_autoptr(GString) out = g_string_new(NULL), expected = g_string_new(NULL);
    GError *error = NULL;
    must(g_file_set_contents(pair->file, text, -1, &error), error);
    import(pair->with, table, pair->file, how, out);
    run_sql(pair->without, "UPDATE record SET row_hash = NULL");
    import(pair->without, table, pair->file, how, expected);
    char *said = g_strdup(expected->str);
    say_store(pair->with, out);
    say_store(pair->without, expected);
    if (strcmp(out->str, expected->str) != 0) {
        fprintf(stderr, "--- understanding every row\n%s--- recognising rows\n%s", expected->str, out->str);
        fail("another outcome", text);
    }
    return said;
}

/* ---- random files ---- */

static Correction random_correction(GRand *rand, char **name)
{
    static const struct {
        DjTable table;
        int field;
    } fields[] = {{DJ_TABLE_PATENT, DJ_PATENT_ABSTRACT},
                  {DJ_TABLE_NEED, DJ_NEED_DESCRIPTION},
                  {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_NAME},
                  {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_ALIASES}};
    int i = g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(fields));
    *name = files_pick_name(rand);
    return (Correction){fields[i].table, g_rand_int_range(rand, 0, 40), fields[i].field, *name};
}

static void run(guint32 its_seed, const char *other_layout)
{
    static const DjTable tables[] = {DJ_TABLE_PATENT, DJ_TABLE_NEED, DJ_TABLE_NEED, DJ_TABLE_ENTERPRISE};
    g_autoptr(GRand) rand = g_rand_new_with_seed(its_seed);
    GPtrArray *files[DJ_N_TABLES];
    Pair pair;
    seed = its_seed;
    pair_init(&pair);
    for (int table = 0; table < DJ_N_TABLES; table++)
        files[table] = g_ptr_array_new_with_free_func(g_free);
    for (int step = 0; step < N_STEPS; step++) {
        DjTable table = tables[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(tables))];
        GPtrArray *before = files[table];
        gboolean again = before->len > 0 && !files_one_in(rand, 4);
        char *text = again ? files_alter(rand, before->pdata[g_rand_int_range(rand, 0, (gint32)before->len)])
                           : files_make(rand, table);
        const How how = {.layout = files_one_in(rand, 6) ? other_layout : NULL,
                         .other_words = files_one_in(rand, 6),
                         .dry_run = files_one_in(rand, 8)};
        g_ptr_array_add(before, text);
        if (files_one_in(rand, 4)) {
            g_autofree char *name = NULL;
            Correction correction = random_correction(rand, &name);
            correct(pair.with, &correction);
            correct(pair.without, &correction);
        }
        if (files_one_in(rand, 3))
            run_sql(pair.with, files_one_in(rand, 2) ? "UPDATE record SET row_hash = NULL WHERE id % 3 = 1"
                                                     : "UPDATE record SET row_hash = randomblob(16) WHERE id % 2 = 0");
        g_free(take(&pair, table, text, &how));
    }
    for (int table = 0; table < DJ_N_TABLES; table++)
        g_ptr_array_unref(files[table]);
    pair_clear(&pair);
}

/* ---- whom a name stands for ---- */

#define CODE  "91420100000000001Y"
#define OTHER "914201000000000022"

enum { MAX_STEPS = 4, N_FIRST = DJ_IMPORT_FIRST };

typedef struct {
    DjTable table;
    const char *rows; /* of needs: name, code, title, id; of enterprises: name, code, former names, stub */
    const char *says;
} Step;

typedef struct {
    gboolean foreign; /* read by another layout */
    Step steps[MAX_STEPS];
} Story;

/* Each begins in an empty store. A row that comes as it was means something else, because of what came in between. */
static const Story stories[] = {
    /* Another enterprise had the name before. */
    {FALSE,
     {{DJ_TABLE_NEED, "示例公司,,题,", "stub 示例公司"},
      {DJ_TABLE_NEED, "示例公司,,题,", "0 0 6 0, 0 warnings"},
      {DJ_TABLE_ENTERPRISE, "别家公司," CODE ",示例公司,", "6 0 0 0"},
      {DJ_TABLE_NEED, "示例公司,,题,", "有 2 家企业都叫"}}},
    /* The enterprise has another name now. */
    {FALSE,
     {{DJ_TABLE_ENTERPRISE, "旧名公司," CODE ",,", "6 0 0 0"},
      {DJ_TABLE_NEED, "旧名公司,,题,", "6 0 0 0"},
      {DJ_TABLE_ENTERPRISE, "新名公司," CODE ",,", "0 1 5 0"},
      {DJ_TABLE_NEED, "旧名公司,,题,", "stub 旧名公司"}}},
    /* The need went on as the one that had no code, until one came that has nothing else. */
    {FALSE,
     {{DJ_TABLE_NEED, "甲公司,,题,", "6 0 0 0"},
      {DJ_TABLE_NEED, "甲公司," CODE ",题,", "0 1 5 0"},
      {DJ_TABLE_NEED, "," CODE ",题,", "1 0 5 0"},
      {DJ_TABLE_NEED, "甲公司," CODE ",题,", "0 1 5 0"}}},
    /* Another enterprise used the id. */
    {FALSE,
     {{DJ_TABLE_NEED, "甲公司,,题,X1", "6 0 0 0"},
      {DJ_TABLE_NEED, "乙公司,,题,X1", "0 1 5 0"},
      {DJ_TABLE_NEED, "甲公司,,题,X1", "0 1 5 0"},
      {DJ_TABLE_NEED, "甲公司,,题,X1", "0 0 6 0"}}},
    /* An earlier row of the file brings another enterprise of the name. */
    {FALSE,
     {{DJ_TABLE_NEED, "甲公司," CODE ",题一,\n甲公司,,题二,", "7 0 0 0"},
      {DJ_TABLE_NEED, "甲公司," CODE ",题一,\n甲公司,,题二,", "0 0 7 0, 0 warnings"},
      {DJ_TABLE_NEED, "甲公司," OTHER ",题三,\n甲公司," CODE ",题一,\n甲公司,,题二,", "1 0 7 0, 1 warnings"}}},
    /* An enterprise without a code, and one with a code that had its name. */
    {FALSE,
     {{DJ_TABLE_ENTERPRISE, "甲公司,,,", "6 0 0 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司,,,", "0 0 6 0"},
      {DJ_TABLE_ENTERPRISE, "乙公司," CODE ",甲公司,", "1 0 5 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司,,,", "0 0 5 1"}}},
    /* It is not the row that says who needs it, but the layout. */
    {TRUE,
     {{DJ_TABLE_NEED, ",,题,", "stub 武汉3有限公司"},
      {DJ_TABLE_NEED, ",,题,", "0 0 6 0, 0 warnings"},
      {DJ_TABLE_ENTERPRISE, "别家公司," CODE ",武汉3有限公司,", "6 0 0 0"},
      {DJ_TABLE_NEED, ",,题,", "0 0 6 0, 1 warnings"}}},
    /* A stub stays one as long as its rows say so. */
    {FALSE,
     {{DJ_TABLE_NEED, "甲公司,,题,", "stub 甲公司"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是", "5 1 0 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是", "0 0 6 0, 0 warnings"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,", "0 1 5 0"}}},
    /* Of two rows of one file the later says nothing of it. */
    {FALSE,
     {{DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是\n甲公司," CODE ",乙公司,", "6 0 1 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是\n甲公司," CODE ",乙公司,", "0 0 7 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是", "0 1 5 0"},
      {DJ_TABLE_ENTERPRISE, "甲公司," CODE ",,是\n甲公司," CODE ",乙公司,", "0 1 6 0"}}},
};

/* The first rows of a file are always understood, to be shown: others come before those of the story. */
static char *tell(const Step *step)
{
    gboolean needs = step->table == DJ_TABLE_NEED;
    GString *text = g_string_new(needs ? "企业名称,统一社会信用代码,需求名称,需求编号\n"
                                       : "企业名称,统一社会信用代码,曾用名,待补档案\n");
    for (int i = 0; i < N_FIRST; i++)
        g_string_append_printf(text, needs ? "先来的公司,,先来的%d,\n" : "先来的%d,,,\n", i);
    g_string_append(text, step->rows);
    return g_string_free(text, FALSE);
}

static void check_stories(const char *other_layout)
{
    for (gsize i = 0; i < G_N_ELEMENTS(stories); i++) {
        Pair pair;
        pair_init(&pair);
        for (int k = 0; k < MAX_STEPS && stories[i].steps[k].rows; k++) {
            const Step *step = &stories[i].steps[k];
            const How how = {.layout = stories[i].foreign ? other_layout : NULL};
            g_autofree char *text = tell(step);
            g_autofree char *said = take(&pair, step->table, text, &how);
            if (!strstr(said, step->says))
                fail(step->says, said);
        }
        pair_clear(&pair);
    }
}

/* A file without a column for the enterprise is told of once, by the first of its needs that nobody has, and that one
 * may be a row that is recognised. */
static void check_need_of_nobody(void)
{
    static const char *const columns[] = {"需求编号,需求名称,企业名称\n", "需求编号,需求名称\n"};
    Pair pair;
    pair_init(&pair);
    for (int k = 0; k < 4; k++) {
        g_autoptr(GString) text = g_string_new(columns[k > 0]);
        for (int i = 0; i < N_FIRST; i++)
            g_string_append_printf(text, "A%d,题%d%s\n", i, i, k ? "" : ",甲公司");
        if (k)
            g_string_append(text, "B1,没有主的\nB2,也没有主的\n");
        g_autofree char *said = take(&pair, DJ_TABLE_NEED, text->str, &(How){0});
        const char *says = k == 0 ? "5 0 0 0, 0 warnings" : k == 1 ? "2 0 5 0, 1 warnings" : "0 0 7 0, 1 warnings";
        if (!strstr(said, says) || (k && !strstr(said, "第 7 行：没有企业名称")))
            fail(says, said);
    }
    pair_clear(&pair);
}

/* ---- are they recognised at all? ---- */

/* A record whose stored hashes are spoilt looks changed to whoever understands its row, so a file that is told
 * unchanged then was recognised. It is more than a window of rows long, and comes as it is, and without its first
 * half. format: a row, its number as #. by_older: stored without the hashes of rows, as an older version did; the first
 * time that the rows come unchanged gives them. */
static void check_that_rows_are_recognised(DjTable table, const char *titles, const char *format, gboolean by_older)
{
    enum { N = 20000 };
    static const char spoil[] = "UPDATE record SET hash = zeroblob(16), input = zeroblob(16)";
    g_autofree char *db = path_of("long.db"), *file = path_of("long.csv");
    g_autoptr(GString) text = g_string_new(titles), out = g_string_new(NULL);
    GError *error = NULL;
    gsize middle = 0;
    seed = 1;
    for (int i = 0; i < N; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        g_auto(GStrv) parts = g_strsplit(format, "#", -1);
        g_autofree char *row = g_strjoinv(number, parts);
        if (i == N / 2)
            middle = text->len;
        g_string_append(text, row);
    }
    create(db);
    must(g_file_set_contents(file, text->str, -1, &error), error);
    import(db, table, file, &(How){0}, out);
    if (by_older) {
        run_sql(db, "UPDATE record SET row_hash = NULL");
        import(db, table, file, &(How){0}, out);
        if (ask_sql(db, "SELECT count(*) FROM batch") != 1 ||
            ask_sql(db, "SELECT count(*) = (SELECT count(*) FROM record) FROM version") != 1)
            fail("rows that brought nothing were written", titles);
    }
    run_sql(db, spoil);
    import(db, table, file, &(How){.dry_run = TRUE}, out);
    /* The first few rows are understood, to be shown. */
    if (!strstr(out->str, "20000 0 0 0, 0 warnings, CSV, UTF-8\n") ||
        !strstr(out->str, "0 5 19995 0, 0 warnings, CSV, UTF-8\n"))
        fail("the whole file", out->str);
    /* From the middle on: the first rows are understood, until the window has followed. */
    g_string_erase(text, (gssize)strlen(titles), (gssize)(middle - strlen(titles)));
    must(g_file_set_contents(file, text->str, -1, &error), error);
    g_string_truncate(out, 0);
    import(db, table, file, &(How){.dry_run = TRUE}, out);
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
    static const char other[] =
        "mapping: other\ntables:\n"
        "  patents:\n    titles: {advantage: [备注甲]}\n    constants: {source: 另一处}\n"
        "  needs:\n    titles: {product: [备注甲]}\n    constants: {enterprise: 武汉3有限公司}\n"
        "  enterprises:\n    titles: {aliases: [备注甲]}\n    constants: {source: 另一处}\n";
    g_autofree char *layout = path_of("other.yaml");
    must(g_file_set_contents(layout, other, -1, &error), error);
    for (int by_older = 0; by_older < 2; by_older++) {
        check_that_rows_are_recognised(DJ_TABLE_PATENT, "名称,专利类型,摘要\n", "题目#,科技成果,摘要#\n", by_older);
        check_that_rows_are_recognised(DJ_TABLE_NEED, "需求名称,企业名称,需求内容\n", "题目#,企业#厂,摘要\n", by_older);
        check_that_rows_are_recognised(DJ_TABLE_ENTERPRISE, "企业名称,企业注册地\n", "企业#厂,武汉\n", by_older);
    }
    check_stories(layout);
    check_need_of_nobody();
    for (guint32 i = 0; i < N_RUNS; i++)
        run(i, layout);
    dj_config_source_free(config);
    folder_remove(folder);
    g_free(folder);
    return 0;
}
