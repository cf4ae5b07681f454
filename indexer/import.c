/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read -> bind -> accept -> stage, and when the whole file was read: store. */
#include "indexer/import.h"
#include "engine/model/ident.h"
#include "engine/store/hash.h"
#include "engine/store/stage.h"
#include "indexer/accept.h"
#include "indexer/rejects.h"
#include "indexer/row.h"
#include "indexer/source.h"
#include <gio/gio.h>
#include <string.h>

enum { DEFAULT_MAX_MESSAGES = 200, ROWS_PER_REPORT = 512 };

typedef struct {
    const DjImportOptions *options;
    DjImportResult *result;
    DjStore *store;
    DjStage *stage;
    DjReader *reader;
    DjBinding *binding;
    DjRejects *rejects;
    DjRecord *record;
    char *name;      /* as shown, with the part of a ZIP */
    guint part;      /* of the reader that binding is for */
    gsize n_columns; /* that binding is for */
    gint64 n_accepted, n_rows;
    DjRow row;
} Import;

void dj_import_result_clear(DjImportResult *result)
{
    g_clear_pointer(&result->warnings, g_ptr_array_unref);
    g_clear_pointer(&result->stubs, g_ptr_array_unref);
    g_clear_pointer(&result->unknown_columns, g_ptr_array_unref);
    g_clear_pointer(&result->reject_files, g_ptr_array_unref);
    g_clear_pointer(&result->format, g_free);
}

/* ---- messages ---- */

static void note(Import *import, GPtrArray *list, char *text)
{
    guint most = import->options->max_messages ? import->options->max_messages : DEFAULT_MAX_MESSAGES;
    if (list->len < most)
        g_ptr_array_add(list, text);
    else
        g_free(text);
}

static void warn(Import *import, const char *column, const char *what)
{
    import->result->n_warnings++;
    note(import, import->result->warnings,
         g_strdup_printf("%s 第 %" G_GINT64_FORMAT " 行%s%s：%s", import->name, import->row.number, *column ? " " : "",
                         column, what));
}

static void warn_of_cell(const DjComplaint *complaint, gpointer user)
{
    warn(user, complaint->column, complaint->why);
}

static gboolean reject_row(Import *import, const DjComplaint *complaint, GError **error)
{
    import->result->rejected++;
    if (!import->rejects)
        return TRUE;
    gsize n, leading = import->binding ? dj_binding_n_leading(import->binding) : 0;
    const char *const *titles = dj_reader_columns(import->reader, &n);
    const DjRow *row = &import->row;
    const DjReject reject = {import->name, row->number, complaint->column, complaint->value, complaint->why};
    return dj_rejects_add(import->rejects, &reject, titles + leading, n - leading,
                          row->cells + MIN(leading, row->n_cells), row->n_cells - MIN(leading, row->n_cells), error);
}

/* ---- rows ---- */

static gboolean is_title(const char *text, gpointer user)
{
    const DjImportOptions *options = user;
    return dj_mapping_find(options->mapping->tables[options->table], text, NULL) != NULL;
}

/* The file is another table, has another layout, or keeps its rows on another sheet. Always FALSE. */
static gboolean refuse_columns(const Import *import, const char *const *titles, gsize n, GError **error)
{
    const char *part = dj_reader_part_name(import->reader), *sheets = dj_reader_sheets(import->reader);
    g_autoptr(GString) list = g_string_new(NULL);
    for (gsize i = 0; i < n; i++)
        g_string_append_printf(list, "%s%s", i ? ", " : "", titles[i]);
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT,
                "%s%sno column of %s is known; the columns are %s; choose a layout with --mapping%s%s", part ? part : "",
                part ? ": " : "", dj_table_name(import->options->table), list->str,
                sheets ? ", or a sheet with --sheet: " : "", sheets ? sheets : "");
    return FALSE;
}

/* The columns of another table, or more columns than before. */
static gboolean bind_columns(Import *import, GError **error)
{
    gsize n;
    const char *const *titles = dj_reader_columns(import->reader, &n);
    const char *part = dj_reader_part_name(import->reader);
    g_autoptr(GPtrArray) unknown = g_ptr_array_new_with_free_func(g_free);
    g_clear_pointer(&import->binding, dj_binding_free);
    import->binding = dj_binding_new(import->options->mapping, import->options->table, titles, n, unknown);
    for (guint i = 0; i < unknown->len; i++)
        if (!g_ptr_array_find_with_equal_func(import->result->unknown_columns, unknown->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(import->result->unknown_columns, g_strdup(unknown->pdata[i]));
    if (part && import->part != dj_reader_part(import->reader)) {
        g_free(import->name);
        import->name = g_strdup_printf("%s/%s", import->options->name, part);
    }
    import->part = dj_reader_part(import->reader);
    import->n_columns = n;
    return dj_binding_n_known(import->binding) > 0 || n == 0 || refuse_columns(import, titles, n, error);
}

static gboolean stage_stub(Import *import, DjRecord *stub, GError **error)
{
    DjStageResult result;
    if (!dj_stage_add(import->stage, stub, import->row.number, &result, NULL, error))
        return FALSE;
    if (result != DJ_STAGE_NEW)
        return TRUE;
    const char *name = dj_record_title(stub);
    import->result->n_stubs++;
    note(import, import->result->stubs, g_strdup(*name ? name : stub->key));
    return TRUE;
}

static gboolean take_row(Import *import, GError **error)
{
    DjComplaint fault;
    DjVerdictOnRow verdict;
    if (import->row.problem)
        return reject_row(import, &(DjComplaint){"", "", import->row.problem}, error);
    if (!dj_binding_read(import->binding, &import->row, import->record, warn_of_cell, import, &fault))
        return reject_row(import, &fault, error);
    gboolean ok = dj_accept(import->store, import->stage, import->record, &verdict, error);
    if (ok && verdict.reject) {
        fault.why = verdict.reject;
        dj_binding_cell(import->binding, &import->row, verdict.field, &fault.column, &fault.value);
        ok = reject_row(import, &fault, error);
    } else if (ok) {
        DjStageResult result;
        gint64 earlier = 0;
        if (verdict.warning)
            warn(import, "", verdict.warning);
        import->n_accepted++;
        ok = (!verdict.stub || stage_stub(import, verdict.stub, error)) &&
             dj_stage_add(import->stage, import->record, import->row.number, &result, &earlier, error);
        if (ok && result == DJ_STAGE_AGAIN) {
            g_autofree char *text = g_strdup_printf("与第 %" G_GINT64_FORMAT " 行是同一条记录，以后面的为准", earlier);
            warn(import, "", text);
        }
    }
    dj_accept_clear(&verdict);
    return ok;
}

static gboolean report(Import *import, GError **error)
{
    const DjImportOptions *options = import->options;
    if (options->cancelled && options->cancelled(options->user)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled, nothing was stored");
        return FALSE;
    }
    if (options->progress) {
        gint64 done, total;
        dj_reader_progress(import->reader, &done, &total);
        options->progress("read", done, total, options->user);
    }
    return TRUE;
}

/* The enterprise that filled in an official form: staged before its needs, so that they find it. */
static gboolean take_form(Import *import, const DjForm *form, GError **error)
{
    g_autoptr(DjBinding) binding = dj_binding_new(import->options->mapping, DJ_TABLE_ENTERPRISE,
                                                  dj_form_enterprise_titles, DJ_FORM_ENTERPRISE_COLUMNS, NULL);
    g_autoptr(DjRecord) enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
    DjCell cells[DJ_FORM_ENTERPRISE_COLUMNS];
    DjComplaint fault = {0};
    DjVerdictOnRow verdict = {0};
    DjStageResult result;
    for (int i = 0; i < DJ_FORM_ENTERPRISE_COLUMNS; i++)
        cells[i] = (DjCell){.text = form->enterprise[i], .length = strlen(form->enterprise[i])};
    import->row = (DjRow){.number = 1, .cells = cells, .n_cells = DJ_FORM_ENTERPRISE_COLUMNS};
    gboolean ok = dj_binding_read(binding, &import->row, enterprise, warn_of_cell, import, &fault);
    if (!ok)
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: %s", fault.column, fault.why);
    ok = ok && dj_accept(import->store, import->stage, enterprise, &verdict, error);
    if (ok && verdict.reject)
        warn(import, "", verdict.reject); /* several enterprises have the name: its needs say so as well */
    else
        ok = ok && dj_stage_add(import->stage, enterprise, 1, &result, NULL, error);
    dj_accept_clear(&verdict);
    return ok;
}

/* Columns of a new table or of a JSON file that brought new names. */
static gboolean follow_reader(Import *import, GError **error)
{
    gsize n;
    dj_reader_columns(import->reader, &n);
    gboolean new_part = import->part != dj_reader_part(import->reader);
    const DjForm *form = dj_reader_form(import->reader);
    if (n == import->n_columns && !new_part)
        return TRUE;
    return bind_columns(import, error) && (!new_part || !form || take_form(import, form, error));
}

static gboolean read_rows(Import *import, GError **error)
{
    gboolean more = TRUE;
    DjRow row;
    for (;;) {
        if (import->n_rows++ % ROWS_PER_REPORT == 0 && !report(import, error))
            return FALSE;
        if (!dj_reader_next(import->reader, &row, &more, error))
            return FALSE;
        if (!follow_reader(import, error))
            return FALSE;
        if (!more)
            return TRUE;
        import->row = row;
        if (!take_row(import, error)) {
            g_prefix_error(error, "row %" G_GINT64_FORMAT ": ", import->row.number);
            return FALSE;
        }
    }
}

/* ---- storing ---- */

/* Over the file, the mapping and the table: what decides the outcome. */
static char *hash_source(const DjImportOptions *options, GError **error)
{
    g_autoptr(DjSource) source = dj_source_open_file(options->path, error);
    g_autofree char *buffer = g_malloc(1 << 16);
    const char *table = dj_table_name(options->table), *mapping = options->mapping->hash;
    gssize got = 0;
    if (!source)
        return NULL;
    DjHasher *hasher = dj_hasher_new();
    dj_hasher_update(hasher, table, strlen(table));
    if (mapping)
        dj_hasher_update(hasher, mapping, strlen(mapping));
    while ((got = dj_source_read(source, buffer, 1 << 16, error)) > 0)
        dj_hasher_update(hasher, buffer, (gsize)got);
    char *hash = dj_hasher_finish(hasher);
    if (got < 0)
        g_clear_pointer(&hash, g_free);
    return hash;
}

static void report_stored(gint64 done, gint64 total, gpointer user)
{
    const DjImportOptions *options = user;
    options->progress("store", done, total, options->user);
}

static gboolean store_rows(Import *import, GError **error)
{
    const DjImportOptions *options = import->options;
    const DjImportResult *result = import->result;
    gint64 others = 0, other_changes = 0; /* enterprises: stubs, and those that filled in a form */
    if (options->table != DJ_TABLE_ENTERPRISE &&
        !dj_stage_count(import->stage, DJ_TABLE_ENTERPRISE, &others, &other_changes, error))
        return FALSE;
    g_autofree char *hash = hash_source(options, error);
    g_autofree char *command = g_strdup_printf("import %s", dj_table_name(options->table));
    const DjBatchInfo info = {command, options->name, hash, options->recorded_at};
    gint64 batch, added, changed; /* by an earlier run of this command that was interrupted */
    if (!hash || !dj_store_find_unfinished_batch(import->store, &info, options->table, &batch, &added, &changed, error))
        return FALSE;
    /* What an interrupted run stored is unchanged now, but its batch must still be ended, or no index sees it. */
    if (batch == 0 && result->imported + result->updated + others + other_changes == 0)
        return TRUE;
    return dj_store_begin_batch(import->store, &info, &batch, error) &&
           dj_stage_apply(import->stage, batch, options->progress ? report_stored : NULL, (gpointer)options, error) &&
           dj_store_end_batch(import->store, batch, result->imported + added, result->updated + changed,
                              result->unchanged - added - changed, result->rejected, error);
}

static void report_passed_over(Import *import)
{
    const GPtrArray *names = dj_reader_passed_over(import->reader);
    for (guint i = 0; i < names->len; i++) {
        import->result->n_warnings++;
        note(import, import->result->warnings,
             g_strdup_printf("%s/%s：不是表格，没有读；如果里面有要导入的内容，请另存为 XLSX 或 CSV",
                             import->options->name, (const char *)names->pdata[i]));
    }
}

static gboolean run(Import *import, GError **error)
{
    DjImportResult *result = import->result;
    if (!read_rows(import, error))
        return FALSE;
    result->format = g_strdup(dj_reader_format(import->reader));
    report_passed_over(import);
    if (!dj_stage_count(import->stage, import->options->table, &result->imported, &result->updated, error))
        return FALSE;
    result->unchanged = import->n_accepted - result->imported - result->updated;
    if (!import->options->dry_run && !store_rows(import, error))
        return FALSE;
    g_autofree char *date = g_strndup(import->options->recorded_at, strlen("2026-01-01"));
    int day = 0;
    dj_day_parse(date, &day);
    return !import->rejects || dj_rejects_finish(import->rejects, day, result->reject_files, error);
}

gboolean dj_import_file(DjStore *store, const DjImportOptions *given, DjImportResult *result, GError **error)
{
    g_autofree char *base = g_path_get_basename(given->path);
    DjImportOptions options = *given;
    options.name = given->name ? given->name : base;
    DjReaderOptions limits = given->limits;
    limits.is_title = is_title;
    limits.user = &options;
    limits.form = given->table == DJ_TABLE_NEED ? given->mapping->form : NULL;
    *result = (DjImportResult){.warnings = g_ptr_array_new_with_free_func(g_free),
                               .stubs = g_ptr_array_new_with_free_func(g_free),
                               .unknown_columns = g_ptr_array_new_with_free_func(g_free),
                               .reject_files = g_ptr_array_new_with_free_func(g_free)};
    Import import = {.options = &options, .result = result, .store = store, .name = g_strdup(options.name)};
    gboolean ok = FALSE;
    if (!options.mapping->tables[options.table]) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "the layout %s is not one of %s", options.mapping->name,
                    dj_table_name(options.table));
    } else if ((import.reader = dj_reader_open(options.path, &limits, error)) &&
               (import.stage = dj_stage_new(store, error))) {
        import.record = dj_record_new(options.table);
        if (options.rejects_folder)
            import.rejects = dj_rejects_new(options.rejects_folder);
        ok = run(&import, error);
    }
    if (!ok)
        g_prefix_error(error, "import %s: ", options.name);
    dj_rejects_free(import.rejects);
    dj_record_free(import.record);
    dj_binding_free(import.binding);
    dj_stage_free(import.stage);
    dj_reader_close(import.reader);
    g_free(import.name);
    return ok;
}
