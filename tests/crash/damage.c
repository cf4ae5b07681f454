/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Damage (损坏): in a workspace of a few records, one byte at a time of every file is changed, each file is cut short
 * and removed, and `duijie check` must find it. A change that check passes is fine only where nothing that anybody
 * reads is another: the rows of the store (bytes that no row uses) and the answer to a query.
 *
 * use: damage DUIJIE SAMPLE [POINTS]     bytes tried per file, spread evenly; default 40 */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static char *duijie, *scratch, *work, *clean;

static void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "damage: %s: %s\n", what, detail);
    exit(2);
}

static int run(const char *arguments, char **output)
{
    g_autofree char *line = g_strdup_printf("%s -w %s -q --now 2026-11-01 %s", duijie, work, arguments);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    g_autofree char *out = NULL, *err = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, &out, &err, &status, &error))
        give_up(duijie, error->message);
    if (output)
        *output = g_strconcat(out, err, NULL);
    if (WIFSIGNALED(status))
        give_up(arguments, "the program crashed on damaged files");
    return WEXITSTATUS(status);
}

static void copy(const char *from, const char *to)
{
    const char *const remove[] = {"rm", "-rf", to, NULL}, *const take[] = {"cp", "-a", from, to, NULL};
    int status;
    if (!g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL) ||
        !g_spawn_sync(NULL, (char **)take, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL) || status)
        give_up("copy", to);
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
    if (run("check", &said) != 0) {
        count->found++;
        return;
    }
    rows = rows_of_store();
    run(question, &answer);
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
                 !g_str_has_prefix(inside, "rejects"))
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
        copy(clean, work);
        if (!g_file_set_contents(path, bytes, (gssize)size, NULL))
            give_up(path, "cannot be written");
        bytes[at] ^= 0x24;
        judge(&count, name, "changed", at);
    }
    const gsize cuts[] = {0, size / 3, size - MIN(size, 1)};
    for (gsize i = 0; i < G_N_ELEMENTS(cuts); i++) {
        copy(clean, work);
        if (size == 0 || !g_file_set_contents(path, bytes, (gssize)cuts[i], NULL))
            continue;
        judge(&count, name, "cut", cuts[i]);
    }
    copy(clean, work);
    g_unlink(path);
    judge(&count, name, "removed", 0);
    printf("%-28s %9zu %8u %8u %9u %10u\n", name, size, count.planted, count.found, count.harmless, count.unnoticed);
    fflush(stdout);
    all->planted += count.planted;
    all->found += count.found;
    all->harmless += count.harmless;
    all->unnoticed += count.unnoticed;
}

/* The header and the first ten records of a table of the sample. */
static void import(const char *sample, const char *table, const char *name)
{
    g_autofree char *path = g_build_filename(sample, name, NULL), *text = NULL, *all = NULL;
    g_autofree char *to = g_build_filename(scratch, name, NULL), *command = g_strdup_printf("import %s %s", table, to);
    if (!g_file_get_contents(path, &text, NULL, NULL))
        give_up(path, "cannot be read");
    g_auto(GStrv) lines = g_strsplit(text, "\n", 12);
    g_free(g_steal_pointer(&lines[11]));
    g_autofree char *some = g_strjoinv("\n", lines);
    if (!g_file_set_contents(to, some, -1, NULL) || (run(command, &all) | 3) != 3)
        give_up(command, all ? all : "cannot be written");
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "use: damage DUIJIE SAMPLE [POINTS]\n");
        return 2;
    }
    const guint points = argc > 3 ? (guint)g_ascii_strtoull(argv[3], NULL, 10) : 40;
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *said = NULL;
    Count all = {0};
    duijie = argv[1];
    scratch = g_dir_make_tmp("duijie-damage-XXXXXX", NULL);
    if (!scratch)
        give_up("temporary folder", g_strerror(errno));
    work = g_build_filename(scratch, "ws", NULL);
    clean = g_build_filename(scratch, "clean", NULL);
    g_autofree char *settings = g_build_filename(work, "settings.yaml", NULL);
    run("init", NULL);
    g_file_set_contents(settings, "train:\n  power_iterations: 1\n  max_vocabulary: 1000\n", -1, NULL);
    import(argv[2], "patents", "patents-1-universities.csv");
    import(argv[2], "needs", "needs-1.csv");
    run("user add 示例办 --role organiser", NULL);
    if (run("index --threads 1", &said) != 0)
        give_up("index", said);
    run("decide accept ZL201919000675.6 N-0401 --note 合适", NULL);
    g_autofree char *well = NULL;
    if (run("check", &well) != 0)
        give_up("check", well);
    copy(work, clean);
    rows_before = rows_of_store();
    run(question, &answer_before);
    list(work, "", names);
    g_ptr_array_sort(names, compare_names);
    printf("%-28s %9s %8s %8s %9s %10s\n", "file", "bytes", "planted", "found", "harmless", "unnoticed");
    for (guint i = 0; i < names->len; i++)
        plant(names->pdata[i], points, &all);
    printf("%-28s %9s %8u %8u %9u %10u\n", "all", "", all.planted, all.found, all.harmless, all.unnoticed);
    const char *const remove[] = {"rm", "-rf", scratch, NULL};
    g_spawn_sync(NULL, (char **)remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    return all.unnoticed > 0 || all.found == 0;
}
