/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/import_titles.h"
#include "app/workspace.h"
#include "config/glossary_file.h"
#include "config/mapping_file.h"
#include "config/settings.h"
#include "indexer/import.h"
#include "indexer/rejects.h"

#include <gio/gio.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MESSAGES 20 /* per file and kind; all of them are counted */

typedef struct {
    DjApp *app;
    DjWorkspace *workspace;
    DjTable table;
    const DjMapping *mapping;
    DjMapping *others[DJ_N_TABLES]; /* the layouts of the other tables; none where a layout was chosen */
    DjReaderOptions limits;
    guint threads;
    gboolean dry_run;
    const char *rejects; /* folder for rejected rows; NULL: that of the workspace, and none in a dry run */
    json_t *report;      /* an object per file */
    gint64 imported, updated, unchanged, rejected;
} Job;

static void tell(const char *phase, gint64 done, gint64 total, gpointer user)
{
    const Job *job = user;
    dj_progress_tell(phase, (guint64)done, (guint64)total, job->app->progress);
}

static gboolean cancelled(gpointer user)
{
    (void)user;
    return dj_app_cancelled();
}

static void print_messages(const char *heading, const GPtrArray *messages, gint64 count)
{
    if (count == 0)
        return;
    printf("  %s: %" G_GINT64_FORMAT "\n", heading, count);
    guint shown = MIN(messages->len, SHOWN_MESSAGES);
    for (guint i = 0; i < shown; i++)
        printf("    %s\n", (const char *)messages->pdata[i]);
    if (count > shown)
        printf("    … and %" G_GINT64_FORMAT " more\n", count - shown);
}

static void print_result(const Job *job, const char *path, const DjImportResult *result)
{
    printf("%s: %s%s%s\n", path, dj_table_name(job->table), result->format ? ", " : "",
           result->format ? result->format : "");
    if (result->unknown_columns && result->unknown_columns->len > 0) {
        g_ptr_array_add(result->unknown_columns, NULL);
        g_autofree char *list = g_strjoinv(", ", (char **)result->unknown_columns->pdata);
        g_ptr_array_set_size(result->unknown_columns, (gint)result->unknown_columns->len - 1);
        printf("  columns that no field takes (kept with the records): %s\n", list);
    }
    if (result->fits_better)
        printf("  looks like %s: of %zu columns %zu are known as %s, %zu as %s; if so: duijie import %s FILE\n",
               dj_table_name(result->fit.table), result->fit.n_columns, result->fit.n_known, dj_table_name(job->table),
               result->fit.n_better, dj_table_name(result->fit.table), dj_table_name(result->fit.table));
    print_messages("notes", result->warnings, result->n_warnings);
    print_messages("enterprises known by a need alone (待补档案)", result->stubs, result->n_stubs);
    for (guint i = 0; result->reject_files && i < result->reject_files->len; i++)
        printf("  rejected rows, to be mended and imported again: %s\n", (const char *)result->reject_files->pdata[i]);
    printf("  imported %" G_GINT64_FORMAT ", updated %" G_GINT64_FORMAT ", unchanged %" G_GINT64_FORMAT
           ", rejected %" G_GINT64_FORMAT "\n",
           result->imported, result->updated, result->unchanged, result->rejected);
}

static json_t *texts(const GPtrArray *list)
{
    json_t *array = json_array();
    for (guint i = 0; list && i < list->len; i++)
        json_array_append_new(array, json_string(list->pdata[i]));
    return array;
}

static json_t *records(const GPtrArray *list)
{
    json_t *array = json_array();
    for (guint i = 0; list && i < list->len; i++) {
        gsize length;
        g_autofree char *text = dj_record_to_json(list->pdata[i], &length);
        json_array_append_new(array, json_loadb(text, length, 0, NULL));
    }
    return array;
}

/* null where the columns fit no other table better. */
static json_t *better_fit(const DjImportResult *result)
{
    const DjFit *fit = &result->fit;
    if (!result->fits_better)
        return json_null();
    return json_pack("{s:s, s:I, s:I, s:I}", "table", dj_table_name(fit->table), "columns", (json_int_t)fit->n_columns,
                     "known", (json_int_t)fit->n_known, "known_there", (json_int_t)fit->n_better);
}

/* What print_result says, for programs, and the first records as the store would keep them. */
static json_t *report_of(const Job *job, const char *file, const DjImportResult *result)
{
    return json_pack("{s:s, s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "file", file,
                     "table", dj_table_name(job->table), "format", result->format ? result->format : "", "dry_run",
                     job->dry_run, "imported", (json_int_t)result->imported, "updated", (json_int_t)result->updated,
                     "unchanged", (json_int_t)result->unchanged, "rejected", (json_int_t)result->rejected, "n_warnings",
                     (json_int_t)result->n_warnings, "warnings", texts(result->warnings), "n_stubs",
                     (json_int_t)result->n_stubs, "stubs", texts(result->stubs), "unknown_columns",
                     texts(result->unknown_columns), "reject_files", texts(result->reject_files), "first",
                     records(result->first), "fits_better", better_fit(result));
}

static gboolean write_report(const json_t *report, const char *path, GError **error)
{
    char *text = json_dumps(report, JSON_INDENT(2));
    gboolean ok = g_file_set_contents(path, text ? text : "", -1, error);
    free(text);
    return ok;
}

static gboolean import_one(Job *job, const char *path, GError **error)
{
    g_autofree char *base = g_path_get_basename(path);
    g_autofree char *name = g_strdup_printf("%s-%s", dj_table_name(job->table), base);
    g_autofree char *rejects = job->rejects   ? g_strdup(job->rejects)
                               : job->dry_run ? NULL
                                              : g_build_filename(job->workspace->folder, "rejects", name, NULL);
    DjImportOptions options = {
        .path = path,
        .table = job->table,
        .mapping = job->mapping,
        .others = (const DjMapping *const *)job->others,
        .recorded_at = job->app->now,
        .dry_run = job->dry_run,
        .rejects_folder = rejects,
        .limits = job->limits,
        .threads = job->threads,
        .progress = tell,
        .cancelled = cancelled,
        .user = job,
    };
    DjImportResult result;
    gboolean ok = dj_import_file(job->workspace->store, &options, &result, error);
    dj_progress_end_phase(job->app->progress);
    if (ok) {
        print_result(job, path, &result);
        fflush(stdout);
        job->imported += result.imported;
        job->updated += result.updated;
        job->unchanged += result.unchanged;
        job->rejected += result.rejected;
        g_autofree char *shown = g_filename_display_name(base);
        json_array_append_new(job->report, report_of(job, shown, &result));
        if (result.rejected == 0 && !job->dry_run)
            dj_rejects_forget(rejects);
    }
    dj_import_result_clear(&result);
    return ok;
}

#define MIB ((guint64)1024 * 1024)

static DjConfigSource *read_limits(Job *job, DjSettings **out, GError **error)
{
    g_autofree char *folder = dj_app_config_folder(job->app, error);
    g_autoptr(DjConfigSource) source = folder ? dj_config_source_new(folder, job->workspace->folder, error) : NULL;
    g_autoptr(DjSettings) settings = source ? dj_settings_load(source, error) : NULL;
    if (!settings)
        return NULL;
    job->threads = settings->threads > 0 ? settings->threads : g_get_num_processors();
    job->limits = (DjReaderOptions){
        .max_row_bytes = settings->import.row_mib * MIB,
        .max_columns = settings->import.columns,
        .max_expanded = settings->import.expanded_mib * MIB,
        .max_ratio = settings->import.ratio,
        .max_strings = settings->import.strings,
        .max_string_bytes = settings->import.strings_mib * MIB,
        .sheet = job->limits.sheet,
    };
    *out = g_steal_pointer(&settings);
    return g_steal_pointer(&source);
}

static DjMapping *load_layout(const Job *job, const DjConfigSource *source, const char *name, GError **error)
{
    g_autoptr(DjMapping) mapping = dj_mapping_load(source, name ? name : dj_table_name(job->table), error);
    if (mapping && !mapping->tables[job->table]) {
        g_set_error(error, DJ_APP_ERROR, DJ_APP_ERROR_FAILED, "mapping %s says nothing about %s", name,
                    dj_table_name(job->table));
        return NULL;
    }
    return g_steal_pointer(&mapping);
}

/* Whoever names a layout has looked at the columns: what other layouts make of them is no news. One that cannot be read
 * is not compared: it is no fault of this import. */
static void load_others(Job *job, const DjConfigSource *source)
{
    for (int i = 0; i < DJ_N_TABLES; i++)
        if (i != (int)job->table)
            job->others[i] = dj_mapping_load(source, dj_table_name((DjTable)i), NULL);
}

static void free_others(Job *job)
{
    for (int i = 0; i < DJ_N_TABLES; i++)
        dj_mapping_free(job->others[i]);
}

/* A missing file is found before the first one is read. */
static gboolean check_files(int n, char **paths, GError **error)
{
    for (int i = 0; i < n; i++) {
        if (g_file_test(paths[i], G_FILE_TEST_IS_REGULAR))
            continue;
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s: %s; nothing was imported", paths[i],
                    g_file_test(paths[i], G_FILE_TEST_EXISTS) ? "not a file" : "no such file");
        return FALSE;
    }
    return TRUE;
}

int dj_cmd_import(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *mapping_name = NULL, *sheet = NULL, *rejects = NULL, *report_file = NULL;
    gboolean dry_run = FALSE;
    const GOptionEntry entries[] = {
        {"mapping", 'm', 0, G_OPTION_ARG_FILENAME, &mapping_name,
         "layout of the files: a name in config/mapping or a file (default: that of the table)", "NAME|FILE"},
        {"sheet", 0, 0, G_OPTION_ARG_FILENAME, &sheet, "sheet of an XLSX file (default: the first)", "NAME"},
        {"rejects", 0, 0, G_OPTION_ARG_FILENAME, &rejects,
         "where rejected rows go (default: rejects/ in the workspace; in a dry run nowhere)", "FOLDER"},
        {"report", 0, 0, G_OPTION_ARG_FILENAME, &report_file, "write what is printed as JSON too, for programs",
         "FILE"},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &dry_run, "read and check everything, record nothing", NULL},
        G_OPTION_ENTRY_NULL};
    if (!dj_app_parse(
            app, "patents|enterprises|needs|texts|ipc-titles FILE…",
            "Reads records from files; the format is told from the content. A record that is there already\n"
            "is completed and corrected, an empty cell changes nothing, the word 清空 removes a value.\n"
            "Rejected rows go to rejects/ in the workspace, with the reason, to be mended and imported again.\n"
            "ipc-titles takes a table of IPC codes and titles, which are shown in evidence, pages and facets.",
            entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    Job job = {.app = app, .dry_run = dry_run, .rejects = rejects};
    if (argc < 3) {
        dj_app_usage(app, error, argc < 2 ? "what and from where? duijie import needs FILE…" : "no file was named");
        return DJ_EXIT_USAGE;
    }
    gboolean titles = strcmp(argv[1], "ipc-titles") == 0;
    if (titles && (argc != 3 || mapping_name)) {
        dj_app_usage(app, error, argc != 3 ? "one table of IPC titles at a time" : "ipc-titles takes no --mapping");
        return DJ_EXIT_USAGE;
    }
    if (!titles && !dj_table_parse(argv[1], &job.table)) {
        dj_app_usage(app, error, "the first word must be patents, enterprises, needs, texts or ipc-titles: %s",
                     argv[1]);
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, dry_run ? DJ_WORKSPACE_READ : DJ_WORKSPACE_JOB, error);
    if (!workspace || !check_files(argc - 2, argv + 2, error))
        return DJ_EXIT_FAILED;
    job.workspace = workspace;
    job.limits.sheet = sheet;
    g_autoptr(DjSettings) settings = NULL;
    g_autoptr(DjConfigSource) source = read_limits(&job, &settings, error);
    if (!source)
        return DJ_EXIT_FAILED;
    if (titles)
        return dj_import_ipc_titles(app, workspace, source, &job.limits, argv[2], dry_run, error);
    g_autoptr(DjMapping) mapping = load_layout(&job, source, mapping_name, error);
    if (!mapping)
        return DJ_EXIT_FAILED;
    dj_glossary_fill(mapping->words->glossary, source, settings);
    job.mapping = mapping;
    job.report = json_array();
    if (!mapping_name)
        load_others(&job, source);
    gboolean ok = TRUE;
    for (int i = 2; ok && i < argc; i++)
        ok = import_one(&job, argv[i], error);
    ok = ok && (!report_file || write_report(job.report, report_file, error));
    json_decref(job.report);
    free_others(&job);
    if (!ok)
        return DJ_EXIT_FAILED;
    if (dry_run)
        printf("dry run: nothing was recorded\n");
    printf("imported %" G_GINT64_FORMAT ", updated %" G_GINT64_FORMAT ", unchanged %" G_GINT64_FORMAT
           ", rejected %" G_GINT64_FORMAT "\n",
           job.imported, job.updated, job.unchanged, job.rejected);
    return job.rejected > 0 ? DJ_EXIT_REJECTED : DJ_EXIT_DONE;
}
