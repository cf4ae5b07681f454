/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crashes (崩溃) at every point: each command is run on a workspace of a few records with interpose.c, which ends the
 * process at its n-th change to a file, or fails that change, or every write from there on, or sends it SIGTERM, or
 * refuses it a large block of memory, n = 1, 2, 3 ... After each the workspace must pass `duijie check` (which may ask
 * for the command to be repeated), a query must answer as before the command or as after it, and the command, repeated,
 * must leave what an undisturbed run leaves: every row of the store, the bytes of the generation in force, and every
 * file that the command put out.
 *
 * What a point is judged by depends on nothing but the bytes that the command left. Where they are, file for file,
 * those of a point that passed (a failed write that is rolled back leaves what the one before it left), it passes.
 *
 * use: crash DUIJIE INTERPOSE SAMPLE [--quick | --every N] [--mode NAME] [--part I/N]
 *   --quick   one point per command and mode
 *   --every   only each N-th point
 *   --mode    only those of one mode
 *   --part    only the points whose turn it is, I = 0 ... N - 1: N programs share the work */
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

enum { RECORDS = 10 };

/* live holds the workspace `work` and the folder `out` of what commands put out; states are copies of it. */
static char *duijie, *interpose, *scratch, *live, *work, *out, *count_file;
static guint n_failures;

/* Which points are tried. */
static struct {
    gboolean quick;
    guint64 every, part, n_parts;
    const char *mode; /* NULL: all of them */
} plan = {.every = 1, .n_parts = 1};

/* See interpose.c. */
static const char *const modes[] = {"kill", "fail", "full", "stop", "memory"};

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

static char *bytes_left(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    add_bytes(sum, live);
    return g_strdup(g_checksum_get_string(sum));
}

/* ---- one point ---- */

typedef struct {
    const Step *step;
    const char *before;                 /* name of the state that it begins from */
    char *answer_before, *answer_after; /* of a query */
    char *contents_after;
    int status_after;
    GHashTable *passed;  /* bytes_left of the points that passed */
    GHashTable *endings; /* bytes_left of the repetitions that passed */
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

/* Judges the workspace as the interrupted command left it. */
static void judge(const Case *c, const char *mode, guint64 at)
{
    g_autofree char *check = NULL, *answer = NULL, *again = NULL, *check_again = NULL, *now = NULL, *left = NULL;
    const guint failures = n_failures;
    const int checked = run("check", NULL, 0, &check);
    if (!check_passes(checked, check))
        failed(c, mode, at, "check does not pass", check);
    run(question, NULL, 0, &answer);
    if (strcmp(answer, c->answer_before) != 0 && strcmp(answer, c->answer_after) != 0)
        failed(c, mode, at, "a query answers otherwise than before and after", answer);
    const int status = run(c->step->arguments, NULL, 0, &again);
    if (status != c->status_after)
        failed(c, mode, at, "repeated, the command ends otherwise", again);
    left = bytes_left();
    if (g_hash_table_contains(c->endings, left))
        return;
    if (run("check", NULL, 0, &check_again) != 0)
        failed(c, mode, at, "check does not pass after the repetition", check_again);
    now = contents();
    if (strcmp(now, c->contents_after) != 0)
        failed(c, mode, at, "repeated, the command leaves another workspace", again);
    if (n_failures == failures)
        g_hash_table_add(c->endings, g_steal_pointer(&left));
}

/* SIGTERM that comes before the command listens for it ends it at once, as SIGKILL does. libxlsxwriter 1.1 crashes by
 * itself, after words of its own, when it gets no memory for a sheet; what the command leaves is judged as ever. */
static gboolean is_expected(int signal, const char *mode, const char *output)
{
    if (strcmp(mode, "memory") == 0)
        return signal == SIGSEGV && strstr(output, "[ERROR][./src/worksheet.c:") != NULL;
    return signal == (strcmp(mode, "stop") == 0 ? SIGTERM : SIGKILL);
}

/* FALSE when the command makes fewer calls. */
static gboolean try_point(const Case *c, const char *mode, guint64 at)
{
    g_autofree char *output = NULL, *left = NULL;
    take_state(c->before);
    const int status = run(c->step->arguments, mode, at, &output);
    const gboolean fired = calls_begun() >= at;
    const guint failures = n_failures;
    if (WIFSIGNALED(status) && !is_expected(WTERMSIG(status), mode, output))
        failed(c, mode, at, "the command crashed", output);
    if (WIFEXITED(status) && status != c->status_after && !*output)
        failed(c, mode, at, "the command fails without a word", "");
    left = bytes_left();
    if (!g_hash_table_contains(c->passed, left)) {
        judge(c, mode, at);
        if (n_failures == failures)
            g_hash_table_add(c->passed, g_steal_pointer(&left));
    }
    return fired;
}

/* The points of one mode, and their line of the table. */
static void try_mode(const Case *c, gsize m)
{
    static const guint64 spread = 5; /* quick: the modes take points in different parts of the command */
    const char *mode = modes[m];
    const guint failures = n_failures, states = g_hash_table_size(c->passed);
    guint64 tried = 0, turn = 0;
    take_state(c->before);
    run(c->step->arguments, mode, 0, NULL);
    const guint64 n_points = calls_begun();
    if (n_points == 0)
        give_up(c->step->name, "the harness is not at work");
    if (plan.quick) {
        if (!try_point(c, mode, 1 + n_points * m / spread))
            give_up(c->step->name, "no point was reached");
        tried = 1;
    }
    for (guint64 at = 1 + m * plan.every / spread; !plan.quick; at += plan.every)
        if (turn++ % plan.n_parts == plan.part) {
            if (!try_point(c, mode, at))
                break;
            tried++;
        }
    printf("%-14s %-6s %7" G_GUINT64_FORMAT " %7" G_GUINT64_FORMAT " %7u %9u\n", c->step->name, mode, n_points, tried,
           g_hash_table_size(c->passed) - states, n_failures - failures);
    fflush(stdout);
}

static void try_step(const Step *step, const char *before, const char *after)
{
    g_autoptr(GHashTable) passed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) endings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Case c = {.step = step, .before = before, .passed = passed, .endings = endings};
    take_state(before);
    run(question, NULL, 0, &c.answer_before);
    g_autofree char *output = NULL;
    c.status_after = run(step->arguments, NULL, 0, &output);
    if (!WIFEXITED(c.status_after) || (WEXITSTATUS(c.status_after) != 0 && WEXITSTATUS(c.status_after) != 3))
        give_up(step->name, output);
    c.contents_after = contents();
    run(question, NULL, 0, &c.answer_after);
    save_state(after);
    for (gsize m = 0; m < G_N_ELEMENTS(modes); m++)
        if (!plan.mode || strcmp(plan.mode, modes[m]) == 0)
            try_mode(&c, m);
    g_free(c.answer_before);
    g_free(c.answer_after);
    g_free(c.contents_after);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GError) error = NULL;
    if (g_mkdir_with_parents(folder, 0755) != 0 || !g_file_set_contents(path, text, -1, &error))
        give_up(path, error ? error->message : g_strerror(errno));
}

/* The header and some records of a table of the sample, which has one record per line. */
static char *excerpt(const char *sample, const char *name, guint first, guint n)
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

static gboolean read_plan(char **word)
{
    for (; *word; word++) {
        if (strcmp(*word, "--quick") == 0)
            plan.quick = TRUE;
        else if (strcmp(*word, "--every") == 0 && word[1])
            plan.every = g_ascii_strtoull(*++word, NULL, 10);
        else if (strcmp(*word, "--mode") == 0 && word[1])
            plan.mode = *++word;
        else if (strcmp(*word, "--part") != 0 || !word[1] ||
                 sscanf(*++word, "%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, &plan.part, &plan.n_parts) != 2)
            return FALSE;
    }
    return plan.every > 0 && plan.part < plan.n_parts;
}

int main(int argc, char **argv)
{
    if (argc < 4 || !read_plan(argv + 4)) {
        fprintf(stderr, "use: crash DUIJIE INTERPOSE SAMPLE [--quick | --every N] [--mode NAME] [--part I/N]\n");
        return 2;
    }
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
    write_settings(argv[3]);
    write_file(out, "EVENT.yaml", event_file);
    write_file(out, "pairs.csv", "demand,supply,points\nE1,T1,90\nE2,T1,70\n");
    g_autofree char *event = g_build_filename(out, "EVENT.yaml", NULL);
    g_autofree char *event_plan = g_build_filename(out, "plan", NULL);
    const char *const plan_words[] = {duijie, "-q", "event", "plan", event, "--out", event_plan, NULL};
    run_words(plan_words);
    save_state("state0");
    printf("%-14s %-6s %7s %7s %7s %9s\n", "command", "mode", "points", "tried", "states", "failures");
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *before = g_strdup_printf("state%u", i), *after = g_strdup_printf("state%u", i + 1);
        try_step(&steps[i], before, after);
    }
    if (n_failures == 0)
        run_tool("rm", "-rf", scratch, NULL);
    else
        fprintf(stderr, "crash: %u failures; the workspaces are left in %s\n", n_failures, scratch);
    return n_failures > 0;
}
