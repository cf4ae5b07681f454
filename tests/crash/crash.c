/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crashes (崩溃) at every point: each command is run on a workspace of a few records with interpose.c, which ends the
 * process at its n-th change to a file, or fails that change, or sends it SIGTERM, n = 1, 2, 3 ... After each the
 * workspace must pass `duijie check` (which may ask for the command to be repeated), a query must answer as before the
 * command or as after it, and the command, repeated, must leave what an undisturbed run leaves: every row of the store,
 * the bytes of the generation in force, and every file that the command put out.
 *
 * use: crash DUIJIE INTERPOSE SAMPLE [--quick | --every N]     --quick tries points spread evenly over each command,
 *                                                              --every only each N-th */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { QUICK_POINTS = 1, RECORDS = 10 };

/* live holds the workspace `work` and the folder `out` of what commands put out; states are copies of it. */
static char *duijie, *interpose, *scratch, *live, *work, *out, *count_file;
static guint n_failures;

typedef struct {
    const char *name, *arguments; /* after -w WORKSPACE; split at spaces, OUT is the folder for outputs */
} Step;

static void give_up(const char *what, const char *detail)
{
    fprintf(stderr, "crash: %s: %s\n", what, detail);
    exit(2);
}

static void run_words(const char *const *argv)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &said, NULL, &status, &error) ||
        status != 0)
        give_up(argv[0], error ? error->message : said);
}

static void run_tool(const char *first, const char *second, const char *third, const char *fourth)
{
    const char *const argv[] = {first, second, third, fourth, NULL};
    run_words(argv);
}

/* Runs duijie on the workspace; mode NULL: undisturbed. Returns the wait status; *output gets standard output. */
static int run(const char *arguments, const char *mode, guint64 at, char **output)
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

static guint64 calls_begun(void)
{
    g_autofree char *text = NULL;
    return g_file_get_contents(count_file, &text, NULL, NULL) ? g_ascii_strtoull(text, NULL, 10) : 0;
}

static char *state_folder(const char *name)
{
    return g_build_filename(scratch, name, NULL);
}

static void save_state(const char *name)
{
    g_autofree char *folder = state_folder(name);
    run_tool("cp", "-a", live, folder);
}

static void take_state(const char *name)
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

static char *contents(void)
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

/* ---- one point ---- */

typedef struct {
    const Step *step;
    const char *before;                 /* name of the state that it begins from */
    char *answer_before, *answer_after; /* of a query */
    char *contents_after;
    int status_after;
} Case;

static void failed(const Case *c, const char *mode, guint64 at, const char *what, const char *detail)
{
    n_failures++;
    fprintf(stderr, "crash: %s, %s at %" G_GUINT64_FORMAT ": %s\n%s\n", c->step->name, mode, at, what, detail);
}

/* Check may find one thing only: that a command was interrupted and is to be repeated. */
static gboolean check_passes(int status, const char *output)
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

static const char *const question = "query 陶瓷";

static void try_point(const Case *c, const char *mode, guint64 at, gboolean *fired)
{
    g_autofree char *output = NULL, *check = NULL, *answer = NULL, *again = NULL, *now = NULL;
    take_state(c->before);
    int status = run(c->step->arguments, mode, at, &output);
    *fired = calls_begun() >= at;
    if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
        failed(c, mode, at, "the command crashed", output);
    if (WIFEXITED(status) && status != c->status_after && !*output)
        failed(c, mode, at, "the command fails without a word", "");
    int checked = run("check", NULL, 0, &check);
    if (!check_passes(checked, check))
        failed(c, mode, at, "check does not pass", check);
    run(question, NULL, 0, &answer);
    if (strcmp(answer, c->answer_before) != 0 && strcmp(answer, c->answer_after) != 0)
        failed(c, mode, at, "a query answers otherwise than before and after", answer);
    status = run(c->step->arguments, NULL, 0, &again);
    if (status != c->status_after)
        failed(c, mode, at, "repeated, the command ends otherwise", again);
    g_autofree char *check_again = NULL;
    if (run("check", NULL, 0, &check_again) != 0)
        failed(c, mode, at, "check does not pass after the repetition", check_again);
    now = contents();
    if (strcmp(now, c->contents_after) != 0)
        failed(c, mode, at, "repeated, the command leaves another workspace", again);
}

static void try_step(const Step *step, const char *before, const char *after, gboolean quick, guint64 every)
{
    static const char *const modes[] = {"kill", "fail", "stop", "memory"};
    Case c = {.step = step, .before = before};
    take_state(before);
    run(question, NULL, 0, &c.answer_before);
    g_autofree char *output = NULL;
    c.status_after = run(step->arguments, NULL, 0, &output);
    if (!WIFEXITED(c.status_after) || (WEXITSTATUS(c.status_after) != 0 && WEXITSTATUS(c.status_after) != 3))
        give_up(step->name, output);
    c.contents_after = contents();
    run(question, NULL, 0, &c.answer_after);
    save_state(after);
    for (gsize m = 0; m < G_N_ELEMENTS(modes); m++) {
        guint tried = 0;
        guint failures = n_failures;
        take_state(before);
        run(step->arguments, modes[m], 0, NULL);
        const guint64 n_points = calls_begun();
        if (n_points == 0)
            give_up(step->name, "the harness is not at work");
        gboolean fired = TRUE;
        guint64 stride = quick ? MAX((n_points + QUICK_POINTS - 1) / QUICK_POINTS, 1) : every;
        for (guint64 at = MIN(1 + (m * stride) / G_N_ELEMENTS(modes), n_points); fired && (!quick || at <= n_points);
             at += stride) {
            try_point(&c, modes[m], at, &fired);
            tried += fired;
        }
        if (tried == 0)
            give_up(step->name, "no point was reached");
        printf("%-14s %-5s %7" G_GUINT64_FORMAT " %7u %9u\n", step->name, modes[m], n_points, tried,
               n_failures - failures);
        fflush(stdout);
    }
    g_free(c.answer_before);
    g_free(c.answer_after);
    g_free(c.contents_after);
}

/* The header and some records of a table of the sample, which has one record per line. */
static char *excerpt(const char *sample, const char *name, guint first, guint n)
{
    g_autofree char *path = g_build_filename(sample, name, NULL), *text = NULL;
    g_autofree char *file = g_strdup_printf("%u-%s", first, name);
    char *to = g_build_filename(scratch, file, NULL);
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
    if (!g_file_set_contents(to, out->str, -1, &error))
        give_up("sample", error->message);
    return to;
}

static const char event_file[] =
    "id: spring\nname: 春季对接会\ndate: 2026-05-15\nslots: {first: \"18:30\", minutes: 15, count: 2}\ntables: 1\n"
    "limits: {demand: {min: 1, max: 2}, supply: {max: 2}}\nparticipants:\n"
    "  - {id: E1, side: demand, name: 甲公司}\n  - {id: E2, side: demand, name: 乙公司}\n"
    "  - {id: T1, side: supply, name: 张三}\npairs: pairs.csv\n";

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "use: crash DUIJIE INTERPOSE SAMPLE [--quick | --every N]\n");
        return 2;
    }
    gboolean quick = argc > 4 && strcmp(argv[4], "--quick") == 0;
    guint64 every = argc > 5 && strcmp(argv[4], "--every") == 0 ? MAX(g_ascii_strtoull(argv[5], NULL, 10), 1) : 1;
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
    g_autofree char *patents = excerpt(argv[3], "patents-1-universities.csv", 1, RECORDS);
    g_autofree char *more = excerpt(argv[3], "patents-1-universities.csv", 1 + RECORDS, RECORDS);
    g_autofree char *needs = excerpt(argv[3], "needs-1.csv", 1, RECORDS);
    g_autofree char *import_patents = g_strconcat("import patents ", patents, NULL);
    g_autofree char *import_needs = g_strconcat("import needs ", needs, NULL);
    g_autofree char *import_more = g_strconcat("import patents ", more, NULL);
    const Step steps[] = {
        {"import patents", import_patents},
        {"import needs", import_needs},
        {"train", "train --threads 1"},
        {"index", "index --threads 1"},
        {"import more", import_more},
        {"index again", "index --threads 1"},
        {"match", "match --out OUT/lists --audience organiser --threads 1"},
        {"monthly", "monthly 2026-11 --as-of 2026-11-01 --out OUT/month --threads 1"},
        {"month publish", "monthly publish OUT/month"},
        {"event publish", "event publish OUT/plan"},
        {"backup", "backup OUT/backup.zip"},
    };
    run_tool(duijie, "-q", "init", work);
    g_autofree char *settings = g_build_filename(work, "settings.yaml", NULL);
    g_file_set_contents(settings, "train:\n  power_iterations: 1\n  max_vocabulary: 1000\n", -1, NULL);
    g_autofree char *event = g_build_filename(out, "EVENT.yaml", NULL),
                    *pairs = g_build_filename(out, "pairs.csv", NULL);
    g_autofree char *plan = g_build_filename(out, "plan", NULL);
    g_file_set_contents(event, event_file, -1, NULL);
    g_file_set_contents(pairs, "demand,supply,points\nE1,T1,90\nE2,T1,70\n", -1, NULL);
    const char *const plan_words[] = {duijie, "-q", "event", "plan", event, "--out", plan, NULL};
    run_words(plan_words);
    save_state("state0");
    printf("%-14s %-5s %7s %7s %9s\n", "command", "mode", "points", "tried", "failures");
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *before = g_strdup_printf("state%u", i), *after = g_strdup_printf("state%u", i + 1);
        try_step(&steps[i], before, after, quick, every);
    }
    if (n_failures == 0)
        run_tool("rm", "-rf", scratch, NULL);
    else
        fprintf(stderr, "crash: %u failures; the workspaces are left in %s\n", n_failures, scratch);
    return n_failures > 0;
}
