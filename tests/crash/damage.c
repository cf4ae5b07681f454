/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage (损坏): in a workspace of a few records, one byte at a time of every file is changed, each file is cut short
 * and removed, and `duijie check` must find it. A change that check passes is fine only where nothing that anybody
 * reads is another: the rows of the store (bytes that no row uses) and the answer to a query.
 *
 * use: damage DUIJIE INTERPOSE SAMPLE [POINTS]     bytes tried per file, spread evenly; default 40 */
#include "scene.h"
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* The exit code; *output (free it) gets what was printed. */
static int run_whole(const char *arguments, char **output)
{
    const int status = run(arguments, NULL, 0, output);
    if (!WIFEXITED(status))
        give_up(arguments, "the program crashed on damaged files");
    return WEXITSTATUS(status);
}

/* All rows of all tables, and the tables themselves; NULL where SQLite cannot read them. */
static char *rows_of_store(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *path = g_build_filename(work, "duijie.db", NULL);
    g_autoptr(GPtrArray) queries = g_ptr_array_new_with_free_func(g_free);
    sqlite3 *db = NULL;
    sqlite3_stmt *rows = NULL;
    gboolean ok = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) == SQLITE_OK;
    g_ptr_array_add(queries, g_strdup("SELECT name, sql FROM sqlite_schema ORDER BY name"));
    g_ptr_array_add(queries, g_strdup("PRAGMA user_version"));
    if (ok && sqlite3_prepare_v2(db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &rows,
                                 NULL) == SQLITE_OK)
        while (sqlite3_step(rows) == SQLITE_ROW)
            g_ptr_array_add(queries, g_strdup_printf("SELECT * FROM \"%s\"", sqlite3_column_text(rows, 0)));
    sqlite3_finalize(rows);
    for (guint i = 0; ok && i < queries->len; i++) {
        int rc = SQLITE_ERROR;
        if (sqlite3_prepare_v2(db, queries->pdata[i], -1, &rows, NULL) == SQLITE_OK)
            while ((rc = sqlite3_step(rows)) == SQLITE_ROW)
                for (int c = 0; c < sqlite3_column_count(rows); c++) {
                    const int size = sqlite3_column_bytes(rows, c);
                    g_autofree char *head = g_strdup_printf("%d:%d:", sqlite3_column_type(rows, c), size);
                    g_checksum_update(sum, (const guchar *)head, -1);
                    if (size > 0)
                        g_checksum_update(sum, sqlite3_column_blob(rows, c), size);
                }
        ok = rc == SQLITE_DONE;
        sqlite3_finalize(rows);
    }
    sqlite3_close(db);
    return ok ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

static char *rows_before, *answer_before;
static const char *const question = "query 陶瓷";

typedef struct {
    guint planted, found, harmless, unnoticed;
} Count;

static void judge(Count *count, const char *name, const char *what, gsize at)
{
    g_autofree char *said = NULL, *rows = NULL, *answer = NULL;
    count->planted++;
    if (run_whole("check", &said) != 0) {
        count->found++;
        return;
    }
    rows = rows_of_store();
    run_whole(question, &answer);
    if (g_strcmp0(rows, rows_before) == 0 && strcmp(answer, answer_before) == 0) {
        count->harmless++;
        return;
    }
    count->unnoticed++;
    fprintf(stderr, "damage: %s %s at %zu is not noticed\n%s", name, what, at, said);
}

static void list(const char *folder, const char *below, GPtrArray *names)
{
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *inside = g_build_filename(below, name, NULL), *full = g_build_filename(folder, inside, NULL);
        if (g_file_test(full, G_FILE_TEST_IS_DIR))
            list(folder, inside, names);
        else if (strcmp(inside, "lock") != 0 && !g_str_has_prefix(inside, "settings") &&
                 !g_str_has_prefix(inside, "config") && !g_str_has_prefix(inside, "rejects"))
            g_ptr_array_add(names, g_strdup(inside));
    }
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void plant(const char *name, guint points, Count *all)
{
    g_autofree char *path = g_build_filename(work, name, NULL), *bytes = NULL;
    gsize size;
    Count count = {0};
    if (!g_file_get_contents(path, &bytes, &size, NULL))
        give_up(path, "cannot be read");
    for (gsize i = 0; i < points && size > 0; i++) {
        const gsize at = (size - 1) * i / MAX(points - 1, 1);
        bytes[at] ^= 0x24;
        take_state("clean");
        if (!g_file_set_contents(path, bytes, (gssize)size, NULL))
            give_up(path, "cannot be written");
        bytes[at] ^= 0x24;
        judge(&count, name, "changed", at);
    }
    const gsize cuts[] = {0, size / 3, size - MIN(size, 1)};
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        take_state("clean");
        if (size == 0 || !g_file_set_contents(path, bytes, (gssize)cuts[i], NULL))
            continue;
        judge(&count, name, "cut", cuts[i]);
    }
    take_state("clean");
    g_unlink(path);
    judge(&count, name, "removed", 0);
    printf("%-28s %9zu %8u %8u %9u %10u\n", name, size, count.planted, count.found, count.harmless, count.unnoticed);
    fflush(stdout);
    all->planted += count.planted;
    all->found += count.found;
    all->harmless += count.harmless;
    all->unnoticed += count.unnoticed;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "use: damage DUIJIE INTERPOSE SAMPLE [POINTS]\n");
        return 2;
    }
    const guint points = argc > 4 ? (guint)g_ascii_strtoull(argv[4], NULL, 10) : 40;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    Count all = {0};
    set_scene(argv);
    g_autofree char *patents = excerpt(argv[3], "patents-1-universities.csv", 1, RECORDS);
    g_autofree char *needs = excerpt(argv[3], "needs-1.csv", 1, RECORDS);
    g_autofree char *import_patents = g_strconcat("import patents ", patents, NULL);
    g_autofree char *import_needs = g_strconcat("import needs ", needs, NULL);
    const char *const preparation[] = {import_patents,
                                       import_needs,
                                       "user add 示例办 --role organiser",
                                       "index --threads 1",
                                       "decide accept ZL201919000675.6 N-0401 --note 合适",
                                       "check"};
    for (gsize i = 0; i < G_N_ELEMENTS(preparation); i++) {
        g_autofree char *said = NULL;
        const int code = run_whole(preparation[i], &said);
        if (code != 0 && code != 3)
            give_up(preparation[i], said);
    }
    save_state("clean");
    rows_before = rows_of_store();
    run_whole(question, &answer_before);
    list(work, "", names);
    g_ptr_array_sort(names, compare_names);
    printf("%-28s %9s %8s %8s %9s %10s\n", "file", "bytes", "planted", "found", "harmless", "unnoticed");
    for (guint i = 0; i < names->len; i++)
        plant(names->pdata[i], points, &all);
    printf("%-28s %9s %8u %8u %9u %10u\n", "all", "", all.planted, all.found, all.harmless, all.unnoticed);
    n_failures = all.unnoticed + (all.found == 0);
    return strike_scene("damage");
}
