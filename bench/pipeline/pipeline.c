/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench_pipeline: the whole way from files to lists at the scale of a province, phase by phase, each a process of its
 * own, so that wall time, processor time and peak memory are those of the command that a person would run. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

typedef struct {
    int patents, needs, enterprises, rounds, top;
    char *out, *json, *direction;
} Arguments;

typedef struct {
    double seconds, processor_seconds, peak_mib;
} Cost;

typedef struct {
    const Arguments *args;
    char *data, *workspace, *lists, *month, *log;
    int round;
    json_t *rows;
} Bench;

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Runs argv to its end with both outputs appended to the log. */
static gboolean run(const Bench *bench, char **argv, Cost *cost)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, bench->log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    pid_t child;
    double start = now_seconds();
    int failed = posix_spawn(&child, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed) {
        fprintf(stderr, "bench_pipeline: %s: %s\n", argv[0], g_strerror(failed));
        return FALSE;
    }
    int status;
    struct rusage usage;
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR)
            return FALSE;
    cost->seconds = now_seconds() - start;
    cost->processor_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    cost->peak_mib = (double)usage.ru_maxrss / 1024; /* Linux counts KiB */
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return TRUE;
    g_autofree char *line = g_strjoinv(" ", argv);
    fprintf(stderr, "bench_pipeline: failed: %s\nsee %s\n", line, bench->log);
    return FALSE;
}

/* One phase: `duijie -w WORKSPACE …` with the words given. */
static gboolean phase(Bench *bench, const char *name, const char *first, ...)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *const lead[] = {DUIJIE_PROGRAM, "-w", bench->workspace, first};
    for (gsize i = 0; i < G_N_ELEMENTS(lead); i++)
        g_ptr_array_add(argv, (gpointer)lead[i]);
    va_list more;
    va_start(more, first);
    for (const char *word; (word = va_arg(more, const char *));)
        g_ptr_array_add(argv, (gpointer)word);
    va_end(more);
    const char *const tail[] = {"--now", "2026-11-01", "--quiet", NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(tail); i++)
        g_ptr_array_add(argv, (gpointer)tail[i]);
    Cost cost;
    if (!run(bench, (char **)argv->pdata, &cost))
        return FALSE;
    printf("| %-28s | %5d | %9.2f | %9.2f | %9.0f |\n", name, bench->round, cost.seconds, cost.processor_seconds,
           cost.peak_mib);
    fflush(stdout);
    json_array_append_new(bench->rows, json_pack("{s:s, s:i, s:f, s:f, s:f}", "phase", name, "round", bench->round,
                                                 "seconds", cost.seconds, "processor_seconds", cost.processor_seconds,
                                                 "peak_mib", cost.peak_mib));
    return TRUE;
}

static double folder_mib(const char *path)
{
    GStatBuf about;
    if (g_lstat(path, &about) != 0)
        return 0;
    if (!S_ISDIR(about.st_mode))
        return (double)about.st_size / (1024 * 1024);
    double sum = 0;
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *below = g_build_filename(path, name, NULL);
        sum += folder_mib(below);
    }
    return sum;
}

static void print_size(Bench *bench, const char *what, const char *path)
{
    double mib = folder_mib(path);
    printf("| %-28s | %5d | %9.0f MiB on disk\n", what, bench->round, mib);
    json_array_append_new(bench->rows, json_pack("{s:s, s:i, s:f}", "size", what, "round", bench->round, "mib", mib));
}

/* What each phase of this round takes of the round's processor time. */
static void print_shares(const Bench *bench)
{
    double sum = 0;
    json_t *row;
    size_t i;
    for (int pass = 0; pass < 2; pass++) {
        json_array_foreach(bench->rows, i, row)
        {
            const char *name = json_string_value(json_object_get(row, "phase"));
            double cpu = json_real_value(json_object_get(row, "processor_seconds"));
            if (!name || json_integer_value(json_object_get(row, "round")) != bench->round)
                continue;
            if (pass == 0)
                sum += cpu;
            else
                printf("| %-28s | %5d | %8.1f %% of cpu s\n", name, bench->round, 100 * cpu / sum);
        }
    }
}

static gboolean make_data(Bench *bench)
{
    g_autofree char *patents = g_strdup_printf("%d", bench->args->patents);
    g_autofree char *needs = g_strdup_printf("%d", bench->args->needs);
    g_autofree char *enterprises = g_strdup_printf("%d", bench->args->enterprises);
    char *argv[] = {SYNTH_PROGRAM,   "--patents", patents, "--needs",   needs,
                    "--enterprises", enterprises, "--out", bench->data, NULL};
    Cost cost;
    return run(bench, argv, &cost);
}

static gboolean run_round(Bench *bench)
{
    const Arguments *args = bench->args;
    g_autofree char *number = g_strdup_printf("workspace-%d", bench->round);
    g_autofree char *month = g_strdup_printf("month-%d", bench->round);
    bench->workspace = g_build_filename(args->out, number, NULL);
    bench->month = g_build_filename(args->out, month, NULL);
    g_autofree char *patents = g_build_filename(bench->data, "patents.csv", NULL);
    g_autofree char *needs = g_build_filename(bench->data, "needs.csv", NULL);
    g_autofree char *enterprises = g_build_filename(bench->data, "enterprises.csv", NULL);
    g_autofree char *top = g_strdup_printf("%d", args->top);
    g_autofree char *store = g_build_filename(bench->workspace, "duijie.db", NULL);
    gboolean good = phase(bench, "init", "init", NULL) &&
                    phase(bench, "import enterprises", "import", "enterprises", enterprises, NULL) &&
                    phase(bench, "import needs", "import", "needs", needs, NULL) &&
                    phase(bench, "import patents", "import", "patents", patents, NULL) &&
                    phase(bench, "import patents, unchanged", "import", "patents", patents, NULL) &&
                    phase(bench, "train", "train", NULL) && phase(bench, "index", "index", NULL) &&
                    phase(bench, "index, nothing to do", "index", NULL) &&
                    phase(bench, "match", "match", "--out", bench->lists, "--audience", "organiser", "--top", top,
                          "--direction", args->direction, NULL) &&
                    phase(bench, "monthly", "monthly", "2026-11", "--out", bench->month, NULL) &&
                    phase(bench, "check", "check", NULL);
    if (good) {
        print_shares(bench);
        print_size(bench, "store", store);
        print_size(bench, "workspace", bench->workspace);
        print_size(bench, "lists", bench->lists);
        print_size(bench, "month", bench->month);
    }
    g_clear_pointer(&bench->workspace, g_free);
    g_clear_pointer(&bench->month, g_free);
    return good;
}

static gboolean run_bench(const Arguments *args)
{
    Bench bench = {.args = args, .rows = json_array()};
    bench.data = g_build_filename(args->out, "data", NULL);
    bench.lists = g_build_filename(args->out, "lists", NULL);
    bench.log = g_build_filename(args->out, "log.txt", NULL);
    gboolean good = make_data(&bench);
    if (good)
        printf("%d patents, %d needs, %d enterprises; direction %s, %d per list\n"
               "| phase                        | round | wall s    | cpu s     | peak MiB  |\n"
               "|------------------------------|-------|-----------|-----------|-----------|\n",
               args->patents, args->needs, args->enterprises, args->direction, args->top);
    for (bench.round = 1; good && bench.round <= args->rounds; bench.round++)
        good = run_round(&bench);
    if (good && args->json && json_dump_file(bench.rows, args->json, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) != 0) {
        fprintf(stderr, "bench_pipeline: cannot write %s\n", args->json);
        good = FALSE;
    }
    json_decref(bench.rows);
    g_free(bench.data);
    g_free(bench.lists);
    g_free(bench.log);
    return good;
}

int main(int argc, char **argv)
{
    Arguments args = {.patents = 45000, .needs = 26000, .enterprises = 8000, .rounds = 2, .top = 20};
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &args.out, "new folder for data, workspaces and lists", "DIR"},
        {"json", 0, 0, G_OPTION_ARG_FILENAME, &args.json, "write the figures to FILE too", "FILE"},
        {"patents", 0, 0, G_OPTION_ARG_INT, &args.patents, "(45000)", "N"},
        {"needs", 0, 0, G_OPTION_ARG_INT, &args.needs, "(26000)", "N"},
        {"enterprises", 0, 0, G_OPTION_ARG_INT, &args.enterprises, "(8000)", "N"},
        {"rounds", 0, 0, G_OPTION_ARG_INT, &args.rounds, "each from an empty workspace (2)", "N"},
        {"top", 0, 0, G_OPTION_ARG_INT, &args.top, "longest list (20)", "N"},
        {"direction", 0, 0, G_OPTION_ARG_STRING, &args.direction, "need, patent or both (need)", "D"},
        G_OPTION_ENTRY_NULL,
    };
    g_autoptr(GOptionContext) context = g_option_context_new("- time and memory of every phase");
    g_option_context_add_main_entries(context, entries, NULL);
    g_autoptr(GError) error = NULL;
    if (!g_option_context_parse(context, &argc, &argv, &error) || !args.out) {
        fprintf(stderr, "bench_pipeline: %s\n", error ? error->message : "--out DIR is missing");
        return 2;
    }
    if (!args.direction)
        args.direction = g_strdup("need");
    if (g_mkdir(args.out, 0777) != 0) {
        fprintf(stderr, "bench_pipeline: %s: %s\n", args.out, g_strerror(errno));
        return 1;
    }
    gboolean good = run_bench(&args);
    g_free(args.out);
    g_free(args.json);
    g_free(args.direction);
    return good ? 0 : 1;
}
