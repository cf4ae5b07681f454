/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the program on cases and compares what a person would see: standard output, exit code, and words on standard
 * error. No shell is involved.
 *
 *   golden [--set] PROGRAM SAMPLE CASE…      --set rewrites the cases with what came out
 *
 * A case is a text file, run in a scratch folder of its own:
 *
 *   # a comment
 *   $ duijie init ws          a command; quotes as in a shell; {work} and {sample} stand for the two folders
 *   Workspace: {work}/ws      its output, line by line
 *   ~ ^\d+ pairings           a line that matches a regular expression
 *   ...                       any number of lines
 *   ! no such file            standard error contains this
 *   [2]                       exit code, when it is not 0
 *
 * Besides duijie there are: `same A B` (are the files the same bytes?), `count FILE` (lines), `put FILE TEXT
 * [ENCODING]`, `cut FILE BYTES` (shortens a file), `edit FILE REGEX TEXT`, `remove FILE`. In an output, {program}
 * stands for the folder of the program, and words of 12 hexadecimal digits become {hash}: models may differ in bits
 * between CPU types. */
#include "tests/folder.h"

#include <gio/gio.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    const char *program, *program_folder, *sample;
    char *work;
    gboolean set;
    guint n_commands, n_failures;
    GRegex *hash;
} Runner;

typedef struct {
    char *out, *err;
    int code;
} Outcome;

static void outcome_clear(Outcome *outcome)
{
    g_free(outcome->out);
    g_free(outcome->err);
}

static char *replace(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) pieces = g_strsplit(text, from, -1);
    return g_strjoinv(to, pieces);
}

static char *expand(const Runner *runner, const char *text)
{
    g_autofree char *half = replace(text, "{work}", runner->work);
    return replace(half, "{sample}", runner->sample);
}

/* What is the same on every machine and in every scratch folder. */
static char *mask(const Runner *runner, const char *text)
{
    g_autofree char *half = replace(text, runner->work, "{work}");
    g_autofree char *some = replace(half, runner->sample, "{sample}");
    g_autofree char *most = replace(some, runner->program_folder, "{program}");
    return g_regex_replace_literal(runner->hash, most, -1, 0, "{hash}", 0, NULL);
}

static char *path_of(const Runner *runner, const char *name)
{
    return g_canonicalize_filename(name, runner->work);
}

static void run_program(const Runner *runner, char **argv, Outcome *outcome)
{
    g_auto(GStrv) environment = g_get_environ();
    environment = g_environ_setenv(environment, "LC_ALL", "C", TRUE);
    environment = g_environ_unsetenv(environment, "DUIJIE_CONFIG");
    g_autoptr(GError) error = NULL;
    int status = 0;
    char *program = argv[0];
    argv[0] = (char *)runner->program;
    if (!g_spawn_sync(runner->work, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &outcome->out, &outcome->err,
                      &status, &error)) {
        outcome->out = g_strdup("");
        outcome->err = g_strdup(error->message);
        outcome->code = -1;
    } else {
        outcome->code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    argv[0] = program;
}

static void run_helper(const Runner *runner, char **argv, Outcome *outcome)
{
    guint n = g_strv_length(argv);
    g_autofree char *a = n > 1 ? path_of(runner, argv[1]) : NULL, *b = NULL, *x = NULL, *y = NULL;
    gsize nx = 0, ny = 0;
    outcome->err = g_strdup("");
    if (n == 3 && strcmp(argv[0], "same") == 0) {
        b = path_of(runner, argv[2]);
        gboolean read = g_file_get_contents(a, &x, &nx, NULL) && g_file_get_contents(b, &y, &ny, NULL);
        gboolean same = read && nx == ny && memcmp(x, y, nx) == 0;
        outcome->out = g_strdup(!read ? "cannot be read\n" : same ? "same\n" : "different\n");
    } else if (n == 2 && strcmp(argv[0], "count") == 0 && g_file_get_contents(a, &x, &nx, NULL)) {
        guint lines = 0;
        for (gsize i = 0; i < nx; i++)
            lines += x[i] == '\n';
        outcome->out = g_strdup_printf("%u\n", lines);
    } else if ((n == 3 || n == 4) && strcmp(argv[0], "put") == 0) {
        g_autofree char *text = g_strcompress(argv[2]);
        x = g_convert(text, -1, n == 4 ? argv[3] : "UTF-8", "UTF-8", NULL, &nx, NULL);
        gboolean written = x && g_file_set_contents(a, x, (gssize)nx, NULL);
        outcome->out = g_strdup(written ? "" : "cannot be written\n");
    } else if (n == 3 && strcmp(argv[0], "cut") == 0) {
        outcome->out = g_strdup(truncate(a, atol(argv[2])) == 0 ? "" : "cannot be cut\n");
    } else if (n == 4 && strcmp(argv[0], "edit") == 0 && g_file_get_contents(a, &x, &nx, NULL)) {
        g_autoptr(GRegex) regex = g_regex_new(argv[2], 0, 0, NULL);
        g_autofree char *text = regex ? g_regex_replace(regex, x, (gssize)nx, 0, argv[3], 0, NULL) : NULL;
        gboolean changed = text && strcmp(text, x) != 0 && g_file_set_contents(a, text, -1, NULL);
        outcome->out = g_strdup(changed ? "" : "nothing to edit\n");
    } else if (n == 2 && strcmp(argv[0], "remove") == 0) {
        outcome->out = g_strdup(g_remove(a) == 0 ? "" : "cannot be removed\n");
    } else {
        outcome->out = g_strdup("golden: not a command of the runner\n");
        outcome->code = 127;
    }
}

static void run_command(const Runner *runner, const char *line, Outcome *outcome)
{
    g_autofree char *command = expand(runner, line);
    g_auto(GStrv) argv = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_shell_parse_argv(command, NULL, &argv, &error)) {
        *outcome = (Outcome){g_strdup(error->message), g_strdup(""), 127};
        return;
    }
    if (strcmp(argv[0], "duijie") == 0)
        run_program(runner, argv, outcome);
    else
        run_helper(runner, argv, outcome);
    char *masked = mask(runner, outcome->out);
    g_free(outcome->out);
    outcome->out = masked;
}

/* ---- comparing ---- */

static gboolean line_fits(const char *wanted, const char *line)
{
    if (g_str_has_prefix(wanted, "~ "))
        return g_regex_match_simple(wanted + 2, line, 0, 0);
    return strcmp(wanted, line) == 0;
}

/* wanted[0 .. n) against lines[0 .. m); "..." stands for any number of lines. */
static gboolean lines_fit(char **wanted, guint n, char **lines, guint m)
{
    if (n == 0)
        return m == 0;
    if (strcmp(wanted[0], "...") == 0) {
        for (guint skip = 0; skip <= m; skip++)
            if (lines_fit(wanted + 1, n - 1, lines + skip, m - skip))
                return TRUE;
        return FALSE;
    }
    return m > 0 && line_fits(wanted[0], lines[0]) && lines_fit(wanted + 1, n - 1, lines + 1, m - 1);
}

/* Lines without the last line end. */
static char **split_lines(const char *text)
{
    g_autofree char *body = g_strdup(text);
    gsize length = strlen(body);
    if (length == 0)
        return g_new0(char *, 1);
    if (body[length - 1] == '\n')
        body[length - 1] = '\0';
    return g_strsplit(body, "\n", -1);
}

typedef struct {
    GPtrArray *out, *err; /* char * */
    int code;
    guint blank; /* lines that follow */
} Expectation;

static gboolean outcome_fits(const Runner *runner, const Expectation *wanted, const Outcome *outcome)
{
    g_auto(GStrv) lines = split_lines(outcome->out);
    gboolean fits = wanted->code == outcome->code &&
                    lines_fit((char **)wanted->out->pdata, wanted->out->len, lines, g_strv_length(lines));
    g_autofree char *err = mask(runner, outcome->err);
    for (guint i = 0; fits && i < wanted->err->len; i++)
        fits = strstr(err, wanted->err->pdata[i]) != NULL;
    return fits;
}

static void append_expectation(GString *text, const Expectation *wanted)
{
    for (guint i = 0; i < wanted->out->len; i++)
        g_string_append_printf(text, "%s\n", (char *)wanted->out->pdata[i]);
    for (guint i = 0; i < wanted->err->len; i++)
        g_string_append_printf(text, "! %s\n", (char *)wanted->err->pdata[i]);
    if (wanted->code != 0)
        g_string_append_printf(text, "[%d]\n", wanted->code);
}

static void append_outcome(const Runner *runner, GString *text, const Outcome *outcome)
{
    g_string_append(text, outcome->out);
    if (outcome->code != 0) {
        g_autofree char *err = mask(runner, outcome->err);
        g_auto(GStrv) lines = split_lines(err);
        for (char **line = lines; *line; line++)
            g_string_append_printf(text, "! %s\n", *line);
        g_string_append_printf(text, "[%d]\n", outcome->code);
    }
}

/* ---- cases ---- */

/* Takes the lines after a command that say what is expected. */
static void read_expectation(char **lines, guint *at, Expectation *wanted)
{
    wanted->out = g_ptr_array_new();
    wanted->err = g_ptr_array_new();
    for (; lines[*at] && !g_str_has_prefix(lines[*at], "$ ") && !g_str_has_prefix(lines[*at], "#"); ++*at) {
        char *line = lines[*at];
        if (g_str_has_prefix(line, "! "))
            g_ptr_array_add(wanted->err, line + 2);
        else if (line[0] == '[' && g_ascii_isdigit(line[1]) && g_str_has_suffix(line, "]"))
            wanted->code = atoi(line + 1);
        else
            g_ptr_array_add(wanted->out, line);
    }
    /* blank lines before the next command or comment only keep them apart */
    while (wanted->out->len > 0 && *(char *)wanted->out->pdata[wanted->out->len - 1] == '\0') {
        g_ptr_array_set_size(wanted->out, (gint)wanted->out->len - 1);
        wanted->blank++;
    }
}

static void check_command(Runner *runner, const char *name, guint number, const char *command,
                          const Expectation *wanted, GString *text)
{
    Outcome outcome = {0};
    run_command(runner, command, &outcome);
    runner->n_commands++;
    if (outcome_fits(runner, wanted, &outcome)) {
        append_expectation(text, wanted);
    } else {
        append_outcome(runner, text, &outcome);
        runner->n_failures++;
        g_autoptr(GString) expected = g_string_new(NULL);
        append_expectation(expected, wanted);
        printf("%s:%u: %s\n--- expected\n%s--- came out\n%s--- exit code %d, standard error\n%s\n", name, number,
               command, expected->str, outcome.out, outcome.code, outcome.err);
    }
    for (guint i = 0; i < wanted->blank; i++)
        g_string_append_c(text, '\n');
    outcome_clear(&outcome);
}

static gboolean run_case(Runner *runner, const char *path)
{
    g_autofree char *content = NULL;
    g_autoptr(GError) error = NULL;
    if (!g_file_get_contents(path, &content, NULL, &error)) {
        fprintf(stderr, "golden: %s\n", error->message);
        return FALSE;
    }
    guint before = runner->n_failures;
    g_autofree char *name = g_path_get_basename(path);
    g_auto(GStrv) lines = split_lines(content);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint at = 0; lines[at];) {
        g_string_append_printf(text, "%s\n", lines[at]);
        if (!g_str_has_prefix(lines[at], "$ ")) {
            at++;
            continue;
        }
        guint number = at + 1;
        const char *command = lines[at++] + 2;
        Expectation wanted = {0};
        read_expectation(lines, &at, &wanted);
        check_command(runner, name, number, command, &wanted, text);
        g_ptr_array_unref(wanted.out);
        g_ptr_array_unref(wanted.err);
    }
    if (runner->set && runner->n_failures > before) {
        printf("%s: rewritten\n", path);
        return g_file_set_contents(path, text->str, -1, NULL);
    }
    return TRUE;
}

int main(int argc, char **argv)
{
    Runner runner = {.set = argc > 1 && strcmp(argv[1], "--set") == 0};
    int first = runner.set ? 2 : 1;
    if (argc < first + 3) {
        fprintf(stderr, "usage: golden [--set] PROGRAM SAMPLE CASE…\n");
        return 2;
    }
    g_autofree char *program = g_canonicalize_filename(argv[first], NULL);
    g_autofree char *folder_of_program = g_path_get_dirname(program);
    g_autofree char *sample = g_canonicalize_filename(argv[first + 1], NULL);
    runner.program = program;
    runner.program_folder = folder_of_program;
    runner.sample = sample;
    runner.hash = g_regex_new("\\b[0-9a-f]{12}\\b", 0, 0, NULL);
    gboolean ok = TRUE;
    for (int i = first + 2; i < argc; i++) {
        g_autofree char *folder = g_dir_make_tmp("duijie-golden-XXXXXX", NULL);
        char *real = folder ? realpath(folder, NULL) : NULL;
        if (!real) {
            fprintf(stderr, "golden: no scratch folder\n");
            return 1;
        }
        runner.work = real;
        ok = run_case(&runner, argv[i]) && ok;
        folder_remove(real);
        free(real);
    }
    g_regex_unref(runner.hash);
    printf("%u commands, %u differ\n", runner.n_commands, runner.n_failures);
    return ok && runner.n_commands > 0 && (runner.set || runner.n_failures == 0) ? 0 : 1;
}
