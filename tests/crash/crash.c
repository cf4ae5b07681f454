/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Crashes (崩溃) at every point: each command is run on a workspace of a few records, or of the whole sample, with
 * interpose.c, which ends the process at its n-th change to a file, or fails that change, or every write from there on,
 * or sends it SIGTERM, or refuses it a large block of memory, n = 1, 2, 3 ... After each the workspace must pass
 * `duijie check` (which may ask for the command to be repeated), a query must answer as before the command or as after
 * it, and the command, repeated, must leave what an undisturbed run leaves: every row of the store, the bytes of the
 * generation in force, and every file that the command put out.
 *
 * What a point is judged by depends on nothing but the bytes that the command left. Where they are, file for file,
 * those of a point that passed (a failed write that is rolled back leaves what the one before it left), it passes.
 *
 * use: crash DUIJIE INTERPOSE SAMPLE [--sample] [--quick | --every N] [--mode NAME] [--only NAME] [--part I/N]
 *   --sample  on every file of the sample, not on ten records of each kind
 *   --quick   one point per command and mode
 *   --every   only each N-th point
 *   --mode    only those of one mode
 *   --only    only those of one command, as the table names it
 *   --part    only the points whose turn it is, I = 0 ... N - 1: N programs share the work */
#include "scene.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* Which points are tried. */
static struct {
    gboolean sample, quick;
    guint64 every, part, n_parts;
    const char *mode, *only; /* mode and command; NULL: all of them */
} plan = {.every = 1, .n_parts = 1};

/* See interpose.c. */
static const char *const modes[] = {"kill", "fail", "full", "stop", "memory"};

typedef struct {
    char *name, *arguments; /* after -w WORKSPACE; split at spaces, OUT is the folder for outputs */
} Step;

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
    printf("%-14.14s %-6s %7" G_GUINT64_FORMAT " %7" G_GUINT64_FORMAT " %7u %9u\n", c->step->name, mode, n_points,
           tried, g_hash_table_size(c->passed) - states, n_failures - failures);
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
        if ((!plan.only || strcmp(plan.only, step->name) == 0) && (!plan.mode || strcmp(plan.mode, modes[m]) == 0))
            try_mode(&c, m);
    g_free(c.answer_before);
    g_free(c.answer_after);
    g_free(c.contents_after);
}

static gboolean read_plan(char **word)
{
    for (; *word; word++) {
        if (strcmp(*word, "--sample") == 0)
            plan.sample = TRUE;
        else if (strcmp(*word, "--quick") == 0)
            plan.quick = TRUE;
        else if (strcmp(*word, "--every") == 0 && word[1])
            plan.every = g_ascii_strtoull(*++word, NULL, 10);
        else if (strcmp(*word, "--mode") == 0 && word[1])
            plan.mode = *++word;
        else if (strcmp(*word, "--only") == 0 && word[1])
            plan.only = *++word;
        else if (strcmp(*word, "--part") != 0 || !word[1] ||
                 sscanf(*++word, "%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT, &plan.part, &plan.n_parts) != 2)
            return FALSE;
    }
    return plan.every > 0 && plan.part < plan.n_parts;
}

static void add_step(GPtrArray *steps, const char *name, const char *arguments)
{
    Step *step = g_new(Step, 1);
    step->name = g_strdup(name);
    step->arguments = g_strdup(arguments);
    g_ptr_array_add(steps, step);
}

static void step_free(gpointer data)
{
    Step *step = data;
    g_free(step->name);
    g_free(step->arguments);
    g_free(step);
}

/* Imports ten records of the first of these files of the sample, from the first-th on; or each file, whole. */
static void add_import(GPtrArray *steps, const char *name, const char *table, const char *sample, guint first,
                       const char *files)
{
    g_auto(GStrv) names = g_strsplit(files, " ", -1);
    for (char **file = names; *file && (plan.sample || file == names); file++) {
        g_autofree char *path =
            plan.sample ? g_build_filename(sample, *file, NULL) : excerpt(sample, *file, first, RECORDS);
        g_autofree char *command = g_strjoin(" ", "import", table, path, NULL);
        add_step(steps, plan.sample ? *file : name, command);
    }
}

/* A word that names nothing would try nothing, and pass. */
static void check_plan(const GPtrArray *steps)
{
    gboolean has_mode = !plan.mode, has_command = !plan.only;
    for (gsize m = 0; m < G_N_ELEMENTS(modes) && !has_mode; m++)
        has_mode = strcmp(plan.mode, modes[m]) == 0;
    if (!has_mode)
        give_up(plan.mode, "no such mode");
    for (guint i = 0; i < steps->len && !has_command; i++)
        has_command = strcmp(plan.only, ((const Step *)steps->pdata[i])->name) == 0;
    if (!has_command)
        give_up(plan.only, "no such command");
}

int main(int argc, char **argv)
{
    if (argc < 4 || !read_plan(argv + 4)) {
        fprintf(stderr, "use: crash DUIJIE INTERPOSE SAMPLE [--sample] [--quick | --every N] [--mode NAME] [--only "
                        "NAME] [--part I/N]\n");
        return 2;
    }
    set_scene(argv);
    g_autoptr(GPtrArray) steps = g_ptr_array_new_with_free_func(step_free);
    add_import(steps, "enterprises", "enterprises", argv[3], 1, "enterprises.csv");
    add_import(steps, "import-patents", "patents", argv[3], 1,
               "patents-1-universities.csv patents-2-institutes.tsv patents-3-platform.jsonl");
    add_import(steps, "import-needs", "needs", argv[3], 1, "needs-1.csv needs-2.jsonl form-1.xlsx");
    add_step(steps, "train", "train --threads 1");
    add_step(steps, "index", "index --threads 1");
    add_import(steps, "import-more", "patents", argv[3], 1 + RECORDS,
               "patents-1-universities.csv patents-4-hospitals.json patents-5-achievements.csv "
               "patents-6-statements.xlsx");
    add_step(steps, "index-again", "index --threads 1");
    add_step(steps, "match", "match --out OUT/lists --audience organiser --threads 1");
    add_step(steps, "monthly", "monthly 2026-11 --as-of 2026-11-01 --out OUT/month --threads 1");
    add_step(steps, "month-publish", "monthly publish OUT/month");
    add_step(steps, "event-publish", "event publish OUT/plan");
    add_step(steps, "backup", "backup OUT/backup.zip");
    check_plan(steps);
    save_state("state0");
    printf("%-14s %-6s %7s %7s %7s %9s\n", "command", "mode", "points", "tried", "states", "failures");
    for (guint i = 0; i < steps->len; i++) {
        g_autofree char *before = g_strdup_printf("state%u", i), *after = g_strdup_printf("state%u", i + 1);
        try_step(steps->pdata[i], before, after);
    }
    return strike_scene("crash");
}
