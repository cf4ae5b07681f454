/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Read -> bind -> accept -> stage, and when the whole file was read: store. */
#include "indexer/import.h"
#include "engine/model/ident.h"
#include "engine/report/event_feedback.h"
#include "engine/store/hash.h"
#include "engine/store/stage.h"
#include "indexer/accept.h"
#include "indexer/rejects.h"
#include "indexer/rows.h"
#include "indexer/source.h"
#include <gio/gio.h>
#include <string.h>

enum { DEFAULT_MAX_MESSAGES = 200 };

typedef struct {
    const DjImportOptions *options;
    DjImportResult *result;
    DjStore *store;
    DjStage *stage;
    DjRejects *rejects;
    char *name;     /* as shown, with the part of a ZIP */
    guint part;     /* of the reader, that name is for */
    guint fit_part; /* that result->fit is about */
    gint64 n_accepted;
    gint64 row; /* that is being taken */
    gboolean told_of_nobody;
} Import;

void dj_import_result_clear(DjImportResult *result)
{
    g_clear_pointer(&result->warnings, g_ptr_array_unref);
    g_clear_pointer(&result->stubs, g_ptr_array_unref);
    g_clear_pointer(&result->unknown_columns, g_ptr_array_unref);
    g_clear_pointer(&result->reject_files, g_ptr_array_unref);
    g_clear_pointer(&result->first, g_ptr_array_unref);
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
         g_strdup_printf("%s 第 %" G_GINT64_FORMAT " 行%s%s：%s", import->name, import->row, *column ? " " : "", column,
                         what));
}

static void warn_of_cell(const DjComplaint *complaint, gpointer user)
{
    warn(user, complaint->column, complaint->why);
}

static gboolean reject_row(Import *import, const DjRow *row, const DjColumns *columns, const DjBinding *binding,
                           const DjComplaint *complaint, GError **error)
{
    import->result->rejected++;
    if (!import->rejects)
        return TRUE;
    gsize leading = dj_binding_n_leading(binding), skipped = MIN(leading, row->n_cells);
    const DjReject reject = {import->name, row->number, complaint->column, complaint->value, complaint->why};
    return dj_rejects_add(import->rejects, &reject, (const char *const *)columns->titles + leading,
                          columns->n - leading, row->cells + skipped, row->n_cells - skipped, error);
}

/* ---- rows ---- */

static gboolean is_title(const char *text, gpointer user)
{
    const DjImportOptions *options = user;
    return dj_mapping_find(options->mapping->tables[options->table], text, NULL) != NULL;
}

/* The file is another table, has another layout, or keeps its rows on another sheet. Always FALSE. */
static gboolean refuse_columns(const Import *import, const DjColumns *columns, GError **error)
{
    const char *part = columns->part_name, *sheets = columns->sheets;
    g_autofree char *list = g_strjoinv(", ", columns->titles);
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT,
                "%s%sno column of %s is known; the columns are %s; choose a layout with --mapping%s%s",
                part ? part : "", part ? ": " : "", dj_table_name(import->options->table), list,
                sheets ? ", or a sheet with --sheet: " : "", sheets ? sheets : "");
    return FALSE;
}

/* Who met whom is no record; imported as one, every row would be rejected for what it does not have. */
static gboolean is_feedback(const DjColumns *columns)
{
    for (int answer = DJ_FEEDBACK_KEPT; answer <= DJ_FEEDBACK_NEXT_STEP; answer++)
        if (!g_strv_contains((const char *const *)columns->titles, dj_feedback_columns[answer]))
            return FALSE;
    return TRUE;
}

static gboolean stage_stub(Import *import, DjRecord *stub, GError **error)
{
    DjStageResult result;
    if (!dj_stage_add(import->stage, stub, import->row, NULL, &result, NULL, error))
        return FALSE;
    if (result != DJ_STAGE_NEW)
        return TRUE;
    const char *name = dj_record_title(stub);
    import->result->n_stubs++;
    note(import, import->result->stubs, g_strdup(*name ? name : stub->key));
    return TRUE;
}

/* record has the fields that name an enterprise. */
static gboolean names_nobody(const DjRecord *record)
{
    return record->table == DJ_TABLE_NEED && !dj_record_get(record, DJ_NEED_ENTERPRISE_CODE) &&
           !dj_record_get(record, DJ_NEED_ENTERPRISE);
}

/* Has the file a column, with a cell or not, that names the enterprise of a need? */
static gboolean names_enterprises(const DjBoundRow *bound, const DjBinding *binding)
{
    const char *title, *text;
    for (const int *field = dj_accept_naming(DJ_TABLE_NEED); *field >= 0; field++) {
        dj_binding_cell(binding, &bound->row, *field, &title, &text);
        if (*title)
            return TRUE;
    }
    return FALSE;
}

/* A need of nobody is invited by its number. Portals list all of theirs without the enterprise: one remark says it of a
 * file without the columns, and the rows need none of their own. *remark: the row was told. */
static gboolean warn_of_nobody(Import *import, const DjBoundRow *bound, const DjBinding *binding, gboolean *remark,
                               GError **error)
{
    const DjRecord *need = bound->record;
    gboolean asked = names_enterprises(bound, binding), found;
    if (!asked && import->told_of_nobody)
        return TRUE;
    g_autoptr(DjRecord) known = dj_record_new(DJ_TABLE_NEED);
    if (!dj_stage_get(import->stage, DJ_TABLE_NEED, need->key, known, &found, error))
        return FALSE;
    if (found && !names_nobody(known))
        return TRUE;
    g_autofree char *text =
        g_strdup_printf("没有企业名称，也没有统一社会信用代码，不知道是哪家企业的需求；补上以前以编号 %s 代称%s",
                        need->key, asked ? "" : "（没有这两列，以下各行不再提醒）");
    warn(import, "", text);
    *remark = asked;
    import->told_of_nobody |= !asked;
    return TRUE;
}

static gboolean take_record(Import *import, const DjBoundRow *bound, const DjColumns *columns, const DjBinding *binding,
                            GError **error)
{
    DjVerdictOnRow verdict;
    DjStageResult result;
    gint64 earlier = 0;
    gboolean ok = dj_accept(import->store, import->stage, bound->record, &verdict, error);
    if (ok && verdict.reject) {
        DjComplaint fault = {.why = verdict.reject};
        dj_binding_cell(binding, &bound->row, verdict.field, &fault.column, &fault.value);
        ok = reject_row(import, &bound->row, columns, binding, &fault, error);
    } else if (ok) {
        if (verdict.warning)
            warn(import, "", verdict.warning);
        import->n_accepted++;
        if (import->result->first->len < DJ_IMPORT_FIRST)
            g_ptr_array_add(import->result->first, dj_record_copy(bound->record));
        gboolean remark = FALSE;
        ok = !verdict.nobody || warn_of_nobody(import, bound, binding, &remark, error);
        gboolean remarks = bound->n_warnings > 0 || verdict.warning || remark;
        const guint8 *row_hash = verdict.settled && !remarks ? bound->hash : NULL;
        ok = ok && (!verdict.stub || stage_stub(import, verdict.stub, error)) &&
             dj_stage_add(import->stage, bound->record, import->row, row_hash, &result, &earlier, error);
        if (ok && result == DJ_STAGE_AGAIN) {
            g_autofree char *text = g_strdup_printf("与第 %" G_GINT64_FORMAT " 行是同一条记录，以后面的为准", earlier);
            warn(import, "", text);
        }
    }
    dj_accept_clear(&verdict);
    return ok;
}

static gboolean take_row(const DjBoundRow *bound, const DjColumns *columns, const DjBinding *binding, gpointer user,
                         GError **error)
{
    Import *import = user;
    const DjRow *row = &bound->row;
    gboolean ok;
    import->row = row->number;
    for (guint i = 0; i < bound->n_warnings; i++)
        warn_of_cell(&bound->warnings[i], import);
    if (row->problem)
        ok = reject_row(import, row, columns, binding, &(DjComplaint){"", "", row->problem}, error);
    else if (bound->fault)
        ok = reject_row(import, row, columns, binding, bound->fault, error);
    else
        ok = take_record(import, bound, columns, binding, error);
    if (!ok)
        g_prefix_error(error, "row %" G_GINT64_FORMAT ": ", import->row);
    return ok;
}

static gint64 find_row(const guint8 *hash, gpointer user)
{
    const Import *import = user;
    return dj_stage_find_row(import->stage, hash);
}

static gboolean pass_row(const DjRow *row, const DjRecord *record, gint64 known, gboolean *passed, gpointer user,
                         GError **error)
{
    Import *import = user;
    *passed = FALSE;
    if (import->result->first->len < DJ_IMPORT_FIRST) /* to be shown as understood */
        return TRUE;
    if (names_nobody(record) && !import->told_of_nobody) /* it may be the one to tell of */
        return TRUE;
    if (!dj_accept_again(import->stage, record, passed, error) ||
        (*passed && !dj_stage_pass_row(import->stage, known, passed, error))) {
        g_prefix_error(error, "row %" G_GINT64_FORMAT ": ", row->number);
        return FALSE;
    }
    import->n_accepted += *passed;
    return TRUE;
}

static gboolean report(gint64 done, gint64 total, gpointer user, GError **error)
{
    const Import *import = user;
    const DjImportOptions *options = import->options;
    if (options->cancelled && options->cancelled(options->user)) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled, nothing was stored");
        return FALSE;
    }
    if (options->progress)
        options->progress("read", done, total, options->user);
    return TRUE;
}

/* The enterprise that filled in an official form: staged before its needs, so that they find it. */
static gboolean take_form(Import *import, char *const *form, GError **error)
{
    g_autoptr(DjBinding) binding = dj_binding_new(import->options->mapping, DJ_TABLE_ENTERPRISE,
                                                  dj_form_enterprise_titles, DJ_FORM_ENTERPRISE_COLUMNS, NULL);
    g_autoptr(DjRecord) enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
    DjCell cells[DJ_FORM_ENTERPRISE_COLUMNS];
    DjComplaint fault = {0};
    DjVerdictOnRow verdict = {0};
    DjStageResult result;
    for (int i = 0; i < DJ_FORM_ENTERPRISE_COLUMNS; i++)
        cells[i] = (DjCell){.text = form[i], .length = strlen(form[i])};
    const DjRow row = {.number = 1, .cells = cells, .n_cells = DJ_FORM_ENTERPRISE_COLUMNS};
    import->row = row.number;
    gboolean ok = dj_binding_read(binding, &row, enterprise, warn_of_cell, import, &fault);
    if (!ok)
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: %s", fault.column, fault.why);
    ok = ok && dj_accept(import->store, import->stage, enterprise, &verdict, error);
    if (ok && verdict.reject)
        warn(import, "", verdict.reject); /* several enterprises have the name: its needs say so as well */
    else
        ok = ok && dj_stage_add(import->stage, enterprise, 1, NULL, &result, NULL, error);
    dj_accept_clear(&verdict);
    return ok;
}

/* Asked anew while a JSON file brings more names: what it holds is told by all of them. */
static void compare_kinds(Import *import, const DjColumns *columns, const DjBinding *binding)
{
    const DjImportOptions *options = import->options;
    DjImportResult *result = import->result;
    gsize leading = dj_binding_n_leading(binding);
    if (!options->others || columns->form || (result->fits_better && import->fit_part != columns->part))
        return;
    import->fit_part = columns->part;
    result->fits_better =
        dj_fit_better(options->mapping, options->table, options->others, (const char *const *)columns->titles + leading,
                      columns->n - leading, &result->fit);
}

/* Columns of a new table, or of a JSON file that brought new names. */
static gboolean begin_columns(const DjColumns *columns, const DjBinding *binding, const GPtrArray *unknown,
                              gpointer user, GError **error)
{
    Import *import = user;
    const DjImportOptions *options = import->options;
    GPtrArray *known = import->result->unknown_columns;
    gboolean new_part = import->part != columns->part;
    for (guint i = 0; i < unknown->len; i++)
        if (!g_ptr_array_find_with_equal_func(known, unknown->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(known, g_strdup(unknown->pdata[i]));
    import->told_of_nobody &= !new_part;
    if (new_part && columns->part_name) {
        g_free(import->name);
        import->name = g_strdup_printf("%s/%s", options->name, columns->part_name);
    }
    import->part = columns->part;
    if (is_feedback(columns)) {
        g_set_error_literal(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT,
                            "this is the sheet 会后反馈 of an event; it is taken in by `duijie event feedback`");
        return FALSE;
    }
    if (dj_binding_n_known(binding) == 0 && columns->n > 0)
        return refuse_columns(import, columns, error);
    compare_kinds(import, columns, binding);
    return !new_part || !columns->form || take_form(import, columns->form, error);
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
    if (options->table != DJ_TABLE_ENTERPRISE)
        dj_stage_count(import->stage, DJ_TABLE_ENTERPRISE, &others, &other_changes);
    gboolean nothing = result->imported + result->updated + others + other_changes == 0, unfinished;
    if (!dj_stage_seal(import->stage, error) || !dj_stage_write_rows(import->stage, error) ||
        !dj_store_has_unfinished_batch(import->store, &unfinished, error))
        return FALSE;
    if (nothing && !unfinished)
        return TRUE;
    g_autofree char *hash = hash_source(options, error);
    g_autofree char *command = g_strdup_printf("import %s", dj_table_name(options->table));
    const DjBatchInfo info = {command, options->name, hash, options->recorded_at};
    gint64 batch, added, changed; /* by an earlier run of this command that was interrupted */
    if (!hash || !dj_store_find_unfinished_batch(import->store, &info, options->table, &batch, &added, &changed, error))
        return FALSE;
    /* What an interrupted run stored is unchanged now, but its batch must still be ended, or no index sees it. */
    if (batch == 0 && nothing)
        return TRUE;
    return dj_store_begin_batch(import->store, &info, &batch, error) &&
           dj_stage_apply(import->stage, batch, options->progress ? report_stored : NULL, (gpointer)options, error) &&
           dj_store_end_batch(import->store, batch, result->imported + added, result->updated + changed,
                              result->unchanged - added - changed, result->rejected, error);
}

static void report_passed_over(Import *import, DjReader *reader)
{
    const GPtrArray *names = dj_reader_passed_over(reader);
    for (guint i = 0; i < names->len; i++) {
        import->result->n_warnings++;
        note(import, import->result->warnings,
             g_strdup_printf("%s/%s：不是表格，没有读；如果里面有要导入的内容，请另存为 XLSX 或 CSV",
                             import->options->name, (const char *)names->pdata[i]));
    }
}

static gboolean run(Import *import, DjReader *reader, GError **error)
{
    const DjImportOptions *options = import->options;
    const DjRowsSink sink = {begin_columns, take_row, find_row, pass_row, dj_accept_naming(options->table), report};
    DjImportResult *result = import->result;
    if (!dj_stage_recall(import->stage, options->table, error))
        return FALSE;
    if (!dj_rows_each(reader, options->mapping, options->table, options->threads, &sink, import, error))
        return FALSE;
    result->format = g_strdup(dj_reader_format(reader));
    report_passed_over(import, reader);
    dj_stage_count(import->stage, options->table, &result->imported, &result->updated);
    result->unchanged = import->n_accepted - result->imported - result->updated;
    if (!options->dry_run && !store_rows(import, error))
        return FALSE;
    g_autofree char *date = g_strndup(options->recorded_at, strlen("2026-01-01"));
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
                               .reject_files = g_ptr_array_new_with_free_func(g_free),
                               .first = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free)};
    Import import = {.options = &options, .result = result, .store = store, .name = g_strdup(options.name)};
    g_autoptr(DjReader) reader = NULL;
    gboolean ok = FALSE;
    if (!options.mapping->tables[options.table]) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "the layout %s is not one of %s", options.mapping->name,
                    dj_table_name(options.table));
    } else if ((reader = dj_reader_open(options.path, &limits, error)) && (import.stage = dj_stage_new(store, error))) {
        if (options.rejects_folder)
            import.rejects = dj_rejects_new(options.rejects_folder);
        ok = run(&import, reader, error);
    }
    if (!ok)
        g_prefix_error(error, "import %s: ", options.name);
    dj_rejects_free(import.rejects);
    dj_stage_free(import.stage);
    g_free(import.name);
    return ok;
}
