/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes a month again from what its manifest names and compares byte by byte. Exit codes of its own: 0 identical,
 * 1 different, 4 cannot be made again here. Another build of the program may make the same bytes, and then they are
 * proved; where it makes others, that says nothing of the folder. */
#include "app/build_identity.h"
#include "app/command.h"
#include "app/month_make.h"
#include "app/session.h"
#include "engine/store/decision.h"
#include "indexer/build.h"
#include "indexer/durable.h"

#include <stdio.h>
#include <string.h>

/* "line 3, byte 128" of the first difference; NULL when the files are the same. */
static char *first_difference(const char *was, const char *is, GError **error)
{
    g_autoptr(GMappedFile) a = g_mapped_file_new(was, FALSE, error), b = NULL;
    if (!a || !(b = g_mapped_file_new(is, FALSE, error)))
        return NULL;
    gsize n = g_mapped_file_get_length(a), m = g_mapped_file_get_length(b), at = 0, line = 1;
    const char *x = g_mapped_file_get_contents(a), *y = g_mapped_file_get_contents(b);
    while (at < MIN(n, m) && x[at] == y[at])
        line += x[at++] == '\n';
    if (at == n && n == m)
        return NULL;
    return g_strdup_printf("line %" G_GSIZE_FORMAT ", byte %" G_GSIZE_FORMAT "%s", line, at,
                           at == n   ? ": the folder's file ends there"
                           : at == m ? ": the file made again ends there"
                                     : "");
}

/* Names in a manifest, with the manifest itself; ascending. */
static GPtrArray *names_of(const json_t *manifest)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    const json_t *entry;
    size_t i;
    json_array_foreach(json_object_get(manifest, "files"), i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "path"));
        if (name && !strchr(name, '/'))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_add(names, g_strdup(DJ_MONTH_MANIFEST));
    return names;
}

/* Number of files that differ; says which and where. */
static guint compare(const char *folder, const char *again, const json_t *manifest, const json_t *made)
{
    g_autoptr(GPtrArray) names = names_of(manifest), more = names_of(made);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = 0;
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *was = g_build_filename(folder, name, NULL), *is = g_build_filename(again, name, NULL);
        g_autoptr(GError) error = NULL;
        g_autofree char *where = first_difference(was, is, &error);
        g_hash_table_add(known, names->pdata[i]);
        if (where || error) {
            printf("different: %s: %s\n", name, where ? where : error->message);
            n++;
        }
    }
    for (guint i = 0; i < more->len; i++)
        if (!g_hash_table_contains(known, more->pdata[i])) {
            printf("different: %s: the folder's manifest does not name it\n", (char *)more->pdata[i]);
            n++;
        }
    return n;
}

/* ---- can it be run again? ---- */

static int cannot(const char *format, ...) G_GNUC_PRINTF(1, 2);
static int cannot(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    printf("cannot be run again: %s\n", text);
    return DJ_EXIT_CANNOT;
}

static gboolean note_last(const DjDecision *decision, gpointer user)
{
    gint64 *last = user;
    *last = MAX(*last, decision->id);
    return TRUE;
}

/* 0 when everything that a version names is at hand. */
static int check_version(DjStore *store, const DjMonthVersion *version, GError **error)
{
    gint64 point, decision = 0;
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) model = dj_store_get_blob(store, "model", version->model, &why);
    if (!model)
        return cannot("model %.12s: %s", version->model, why->message);
    if (!dj_store_point_now(store, &point, error) || !dj_store_each_decision(store, NULL, note_last, &decision, error))
        return DJ_EXIT_FAILED;
    if (version->facts > point)
        return cannot("it holds facts to batch %" G_GINT64_FORMAT ", the workspace ends at %" G_GINT64_FORMAT,
                      version->facts, point);
    if (version->decision > decision)
        return cannot("it knows decisions to number %" G_GINT64_FORMAT ", the workspace ends at %" G_GINT64_FORMAT,
                      version->decision, decision);
    return 0;
}

static int verify(DjApp *app, const char *folder, const json_t *manifest, int threads, const char *kernel,
                  GError **error)
{
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    if (!workspace)
        return DJ_EXIT_FAILED;
    const json_t *old = json_object_get(manifest, "previous");
    const char *program = json_string_value(json_object_get(json_object_get(manifest, "versions"), "program"));
    const char *name = json_string_value(json_object_get(manifest, "audience"));
    g_autofree char *bundle = g_build_filename(folder, DJ_MONTH_SETTINGS, NULL),
                    *bundle_before = g_build_filename(folder, DJ_MONTH_BEFORE, NULL);
    g_autoptr(GError) why = NULL;
    DjAudience audience;
    if (!name || !dj_audience_parse(name, &audience) || !program || !old)
        return cannot("%s is not the manifest of a month", DJ_MONTH_MANIFEST);
    if (strcmp(program, DUIJIE_VERSION) != 0)
        return cannot("it was made by duijie %s, this is %s", program, DUIJIE_VERSION);
    g_autoptr(DjMonthVersion) now = dj_month_version_read(manifest, bundle, workspace->store, &why);
    g_autoptr(DjMonthVersion) before =
        now && !json_is_null(old) ? dj_month_version_read(old, bundle_before, workspace->store, &why) : NULL;
    if (why)
        return cannot("%s", why->message);
    int state = check_version(workspace->store, now, error);
    state = state == 0 && before ? check_version(workspace->store, before, error) : state;
    if (state != 0)
        return state;

    g_autofree char *scratch = g_dir_make_tmp("duijie-verify-XXXXXX", error);
    g_autofree char *again = scratch ? g_build_filename(scratch, "month", NULL) : NULL;
    if (!scratch)
        return DJ_EXIT_FAILED;
    g_autoptr(DjMonthRunner) runner = dj_month_runner_new(workspace, app, (guint)threads, kernel);
    g_auto(DjMonthSummary) summary = {0};
    guint n = 0;
    gboolean same_build = TRUE;
    g_autofree char *build = dj_build_identity();
    gboolean ok = dj_month_make(runner, workspace, now, before, audience, again, &summary, error);
    dj_progress_end_phase(app->progress);
    json_t *made = ok ? dj_month_manifest_read(again, error) : NULL;
    if (made) {
        n = compare(folder, again, manifest, made);
        same_build = g_strcmp0(now->build, build) == 0;
        if (n == 0)
            printf("identical: %zu files of %s\n", json_array_size(json_object_get(made, "files")) + 1, now->month);
        json_decref(made);
    }
    dj_durable_remove_tree(scratch);
    if (n > 0 && !same_build)
        return cannot(
            "it was made by another build of duijie %s (%s), this one (%s) makes other files of the same facts",
            program, now->build ? now->build : "not noted", build);
    return !made || n > 0 ? DJ_EXIT_FAILED : DJ_EXIT_DONE;
}

int dj_cmd_verify(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *kernel = NULL;
    int threads = 0;
    const GOptionEntry entries[] = {
        {"threads", 't', 0, G_OPTION_ARG_INT, &threads, "workers (default: as many as there are processors)", "N"},
        {"kernel", 'k', 0, G_OPTION_ARG_FILENAME, &kernel, "instruction set (default: the best)", "NAME"},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(app, "FOLDER",
                      "Makes a month again from the facts, settings and model that its manifest names, and compares\n"
                      "every file byte by byte. Exit code 0: identical; 1: different, with file and place; 4: it\n"
                      "cannot be made again here, and why: what it names is missing, or another build of the program\n"
                      "made it and this one makes other files.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2 || threads < 0) {
        dj_app_usage(app, error, argc != 2 ? "one folder is wanted" : "--threads: must not be negative");
        return DJ_EXIT_USAGE;
    }
    if (!dj_session_check_kernel(app, kernel, error))
        return DJ_EXIT_USAGE;
    g_autoptr(GError) why = NULL;
    json_t *manifest = dj_month_manifest_read(argv[1], &why);
    if (!manifest)
        return cannot("%s", why->message);
    int state = verify(app, argv[1], manifest, threads > 0 ? threads : (int)g_get_num_processors(),
                       kernel && strcmp(kernel, "auto") != 0 ? kernel : NULL, error);
    json_decref(manifest);
    return state;
}
