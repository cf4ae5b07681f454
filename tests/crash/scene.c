/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scene.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

char *scratch, *work, *out;
guint n_failures;
static char *duijie, *interpose, *live, *count_file; /* live holds work and out; states are copies of it */

void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "crash: %s: %s\n", what, detail);
    exit(2);
}

void run_words(const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, &status, &error) ||
        status != 0)
        give_up(argv[0], error ? error->message : said);
}

void run_tool(const char *first, const char *second, const char *third, const char *fourth)
{
    const char *const argv[] = {first, second, third, fourth, NULL};
    run_words(argv);
}

/* Runs duijie on the workspace; mode NULL: undisturbed. Returns the wait status; *output gets standard output. */
int run(const char *arguments, const char *mode, guint64 at, char **output)
{
    g_auto(GStrv) pieces = g_strsplit(arguments, "OUT", -1);
    g_autofree char *there = g_strjoinv(out, pieces), *line = g_strconcat("-q --now 2026-11-01 ", there, NULL);
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, duijie);
    g_ptr_array_add(argv, (char *)"-w");
    g_ptr_array_add(argv, work);
    for (char **word = words; *word; word++)
        g_ptr_array_add(argv, *word);
    g_ptr_array_add(argv, NULL);
    g_auto(GStrv) environment = g_get_environ();
    if (mode) {
        g_autofree char *number = g_strdup_printf("%" G_GUINT64_FORMAT, at);
        environment = g_environ_setenv(environment, "LD_PRELOAD", interpose, TRUE);
        environment = g_environ_setenv(environment, "DUIJIE_CRASH_AT", number, TRUE);
        environment = g_environ_setenv(environment, "DUIJIE_CRASH_MODE", mode, TRUE);
        environment = g_environ_setenv(environment, "DUIJIE_CRASH_COUNT", count_file, TRUE);
    }
    g_autofree char *said = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv->pdata, environment, 0, NULL, NULL, &said, &err, &status, &error))
        give_up(duijie, error->message);
    if (output)
        *output = g_strconcat(said, err, NULL);
    return status;
}

guint64 calls_begun(void)
{
    g_autofree char *text = NULL;
    return g_file_get_contents(count_file, &text, NULL, NULL) ? g_ascii_strtoull(text, NULL, 10) : 0;
}

static char *state_folder(const char *name)
{
    return g_build_filename(scratch, name, NULL);
}

void save_state(const char *name)
{
    g_autofree char *folder = state_folder(name);
    run_tool("cp", "-a", live, folder);
}

void take_state(const char *name)
{
    g_autofree char *folder = state_folder(name);
    run_tool("rm", "-rf", live, NULL);
    run_tool("cp", "-a", folder, live);
}

/* ---- what a workspace holds, as one checksum ---- */

static void add_rows(GChecksum *sum, sqlite3 *db, const char *query)
{
    sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v2(db, query, -1, &rows, NULL) != SQLITE_OK)
        give_up(query, sqlite3_errmsg(db));
    while (sqlite3_step(rows) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(rows); i++) {
            const int size = sqlite3_column_bytes(rows, i);
            const void *bytes = sqlite3_column_blob(rows, i);
            g_autofree char *head = g_strdup_printf("%d:%d:", sqlite3_column_type(rows, i), size);
            g_checksum_update(sum, (const guchar *)head, -1);
            if (size > 0)
                g_checksum_update(sum, bytes, size);
        }
    sqlite3_finalize(rows);
}

static void add_generation(GChecksum *sum, const char *number)
{
    static const char *const files[] = {"matrix", "corpus"};
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *folder = g_strconcat("gen-", number, NULL);
        g_autofree char *path = g_build_filename(work, folder, files[i], NULL);
        char *bytes = NULL;
        gsize size;
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(path, &bytes, &size, &error))
            give_up("generation", error->message);
        g_checksum_update(sum, (const guchar *)bytes, (gssize)size);
        g_free(bytes);
    }
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Every file below a folder, in order; not what an interrupted command left beside its output under a hidden name. */
static void add_files(GChecksum *sum, const char *folder, gboolean top)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (!top || *name != '.')
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL), *bytes = NULL;
        gsize size;
        g_checksum_update(sum, names->pdata[i], -1);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            add_files(sum, path, FALSE);
            continue;
        }
        g_autoptr(GError) error = NULL;
        if (!g_file_get_contents(path, &bytes, &size, &error))
            give_up("outputs", error->message);
        g_checksum_update(sum, (const guchar *)bytes, (gssize)size);
    }
}

char *contents(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *path = g_build_filename(work, "duijie.db", NULL);
    g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func(g_free);
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    if (sqlite3_open(path, &db) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name", -1, &tables, NULL))
        give_up(path, sqlite3_errmsg(db));
    while (sqlite3_step(tables) == SQLITE_ROW)
        g_ptr_array_add(queries, g_strdup_printf("SELECT * FROM \"%s\"", sqlite3_column_text(tables, 0)));
    sqlite3_finalize(tables);
    for (guint i = 0; i < queries->len; i++)
        add_rows(sum, db, queries->pdata[i]);
    sqlite3_stmt *newest = NULL;
    if (sqlite3_prepare_v2(db, "SELECT max(number) FROM generation", -1, &newest, NULL) == SQLITE_OK &&
        sqlite3_step(newest) == SQLITE_ROW && sqlite3_column_type(newest, 0) == SQLITE_INTEGER)
        add_generation(sum, (const char *)sqlite3_column_text(newest, 0));
    sqlite3_finalize(newest);
    sqlite3_close(db);
    add_files(sum, out, TRUE);
    return g_strdup(g_checksum_get_string(sum));
}

/* Every file of the workspace and of the outputs, byte for byte; of the lock file only that it is there, for it names
 * the process and is read by nobody but people. */
static void add_bytes(GChecksum *sum, const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL), *bytes = NULL;
        GStatBuf info;
        gsize size = 0;
        if (g_lstat(path, &info) != 0)
            give_up(path, g_strerror(errno));
        const gboolean is_folder = S_ISDIR(info.st_mode);
        g_autoptr(GError) error = NULL;
        if (!is_folder && strcmp(names->pdata[i], "lock") != 0 && !g_file_get_contents(path, &bytes, &size, &error))
            give_up("state", error->message);
        g_autofree char *head = g_strdup_printf("%s:%o:%zu:", (char *)names->pdata[i], info.st_mode, size);
        g_checksum_update(sum, (const guchar *)head, -1);
        if (size > 0)
            g_checksum_update(sum, (const guchar *)bytes, (gssize)size);
        if (is_folder)
            add_bytes(sum, path);
        g_checksum_update(sum, (const guchar *)(is_folder ? "/" : ";"), 1);
    }
}

char *bytes_left(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_bytes(sum, live);
    return g_strdup(g_checksum_get_string(sum));
}

/* Check may find one thing only: that a command was interrupted and is to be repeated. */
gboolean check_passes(int status, const char *output)
{
    g_auto(GStrv) lines = g_strsplit(output, "\n", -1);
    guint n_interrupted = 0;
    for (char **line = lines; *line; line++) {
        if (!g_str_has_prefix(*line, "PROBLEM"))
            continue;
        if (!strstr(*line, "interrupted, repeat it: "))
            return FALSE;
        n_interrupted++;
    }
    return n_interrupted == 0 ? status == 0 : n_interrupted == 1 && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

void write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_mkdir_with_parents(folder, 0755) != 0 || !g_file_set_contents(path, text, -1, &error))
        give_up(path, error ? error->message : g_strerror(errno));
}

/* The header and some records of a table of the sample, which has one record per line. */
char *excerpt(const char *sample, const char *name, guint first, guint n)
{
    g_autofree char *path = g_build_filename(sample, name, NULL), *text = NULL;
    g_autofree char *file = g_strdup_printf("%u-%s", first, name);
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &text, NULL, &error))
        give_up("sample", error->message);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(lines[0]);
    if (g_strv_length(lines) <= first + n)
        give_up(path, "too short");
    for (guint i = 0; i < n; i++)
        g_string_append_printf(out, "\n%s", lines[first + i]);
    g_string_append_c(out, '\n');
    write_file(scratch, file, out->str);
    return g_build_filename(scratch, file, NULL);
}

static const char event_file[] =
    "id: spring\nname: 春季对接会\ndate: 2026-05-15\nslots: {first: \"18:30\", minutes: 15, count: 2}\ntables: 1\n"
    "limits: {demand: {min: 1, max: 2}, supply: {max: 2}}\nparticipants:\n"
    "  - {id: E1, side: demand, name: 甲公司}\n  - {id: E2, side: demand, name: 乙公司}\n"
    "  - {id: T1, side: supply, name: 张三}\npairs: pairs.csv\n";

/* Most of a command's time goes into reading the full taxonomy and lexicon, which are the same for every point. */
static const char settings_file[] = "data:\n  taxonomy: small\ntrain:\n  power_iterations: 1\n  max_vocabulary: 1000\n";

static const char chains_file[] =
    "id: small\nversion: \"1\"\ndate: 2021-01-01\nsource: crash.c\nchains:\n"
    "  - {id: a1, name: 新材料, tier: 一, aliases: [先进材料], lean: 200,\n"
    "     ipc: [{code: C, weight: 100}, {code: H01, weight: 100}],\n"
    "     keywords: [{term: 陶瓷, weight: 100}, {term: 材料, weight: 100}, {term: 薄膜, weight: 100}]}\n"
    "  - {id: a2, name: 电子信息, tier: 一, aliases: [ICT], lean: 200, ipc: [{code: H, weight: 100}],\n"
    "     keywords: [{term: 毫米波, weight: 100}, {term: 基板, weight: 100}, {term: 芯片, weight: 100}]}\n";

static const char lexicon_file[] = "id: empty\nversion: \"1\"\nentries: []\n";

static void write_settings(const char *sample)
{
    g_autofree char *chains = g_build_filename(work, "config", "chains", NULL);
    g_autofree char *lexicon = g_build_filename(work, "config", "lexicon", NULL);
    g_autofree char *shipped = g_build_filename(sample, "..", "..", "config", "lexicon", NULL);
    g_autoptr(GDir) dir = g_dir_open(shipped, 0, NULL);
    write_file(work, "settings.yaml", settings_file);
    write_file(chains, "small.yaml", chains_file);
    if (!dir)
        give_up(shipped, "cannot be read");
    for (const char *name; (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, ".yaml"))
            write_file(lexicon, name, lexicon_file);
}

void set_scene(char **argv)
{
    duijie = argv[1];
    interpose = argv[2];
    scratch = g_dir_make_tmp("duijie-crash-XXXXXX", NULL);
    if (!scratch)
        give_up("temporary folder", g_strerror(errno));
    live = g_build_filename(scratch, "live", NULL);
    work = g_build_filename(live, "ws", NULL);
    out = g_build_filename(live, "out", NULL);
    if (g_mkdir_with_parents(out, 0755) != 0)
        give_up(out, g_strerror(errno));
    count_file = g_build_filename(scratch, "count", NULL);
    g_setenv("TMPDIR", scratch, TRUE);
    g_setenv("OPENBLAS_NUM_THREADS", "1", TRUE); /* its idle threads spin, and every command is a process */
    run_tool(duijie, "-q", "init", work);
    write_settings(argv[3]);
    write_file(out, "EVENT.yaml", event_file);
    write_file(out, "pairs.csv", "demand,supply,points\nE1,T1,90\nE2,T1,70\n");
    g_autofree char *event = g_build_filename(out, "EVENT.yaml", NULL);
    g_autofree char *event_plan = g_build_filename(out, "plan", NULL);
    const char *const plan_words[] = {duijie, "-q", "event", "plan", event, "--out", event_plan, NULL};
    run_words(plan_words);
}

int strike_scene(const char *program)
{
    if (n_failures == 0)
        run_tool("rm", "-rf", scratch, NULL);
    else
        fprintf(stderr, "%s: %u failures; the workspaces are left in %s\n", program, n_failures, scratch);
    return n_failures > 0;
}
