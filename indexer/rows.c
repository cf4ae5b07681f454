/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A batch ends where the columns change, so that its rows are bound once, by one binding. An error of the reader
 * belongs to the batch in which it came up: the rows before it are handed over first, as a single thread would. */
#include "indexer/rows.h"
#include "engine/store/hash.h"
#include <pthread.h>
#include <string.h>

enum { BATCH_ROWS = 256, BATCH_BYTES = 1 << 20 };

typedef struct {
    gint64 number;
    gsize first_cell, n_cells;
    char *problem;
    guint8 hash[DJ_HASH_BYTES];
    gint64 known; /* the record that was found for the hash, 0 = none */
    guint first_complaint, n_warnings;
    gboolean fault; /* the complaint behind the warnings */
} Row;

typedef struct {
    guint64 turn;
    DjColumns *columns;
    GArray *rows;       /* Row */
    GArray *cells;      /* DjCell; text is an offset into bytes until the batch is complete */
    GString *bytes;     /* of the cells */
    GArray *complaints; /* DjComplaint, owned, of all rows */
    DjRecord *records[BATCH_ROWS];
    GError *error; /* of the reader, behind the rows */
} Batch;

typedef struct {
    DjReader *reader;
    const DjMapping *mapping;
    DjTable table;
    const DjRowsSink *sink;
    gpointer user;

    pthread_mutex_t reading; /* held while reading; guards what follows */
    DjColumns *columns;
    DjRow ahead; /* the row, or the end (more FALSE), that has other columns than its batch */
    gboolean has_ahead, more;
    guint64 n_turns;

    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t moved;
    guint64 turn; /* whose rows are handed over */
    gboolean stopped;
    GError *error;
    DjColumns *begun; /* only the worker whose turn it is */
} Rows;

typedef struct {
    Rows *rows;
    gboolean is_caller;
    Batch batch;
    DjColumns *columns; /* that binding is for */
    DjBinding *binding;
    GPtrArray *unknown;
    pthread_t thread;
    gboolean running;
} Worker;

/* ---- columns ---- */

static void columns_clear(gpointer data)
{
    DjColumns *columns = data;
    g_free(columns->part_name);
    g_free(columns->sheets);
    g_strfreev(columns->titles);
    g_strfreev(columns->form);
}

static void columns_unref(DjColumns *columns)
{
    g_atomic_rc_box_release_full(columns, columns_clear);
}

static void columns_set(DjColumns **at, DjColumns *columns)
{
    g_atomic_rc_box_acquire(columns);
    g_clear_pointer(at, columns_unref);
    *at = columns;
}

static char **copy_strings(const char *const *from, gsize n)
{
    char **copy = g_new0(char *, n + 1);
    for (gsize i = 0; i < n; i++)
        copy[i] = g_strdup(from[i]);
    return copy;
}

static gboolean columns_changed(const Rows *rows)
{
    gsize n;
    dj_reader_columns(rows->reader, &n);
    return !rows->columns || n != rows->columns->n || dj_reader_part(rows->reader) != rows->columns->part;
}

static void renew_columns(Rows *rows)
{
    gsize n;
    const char *const *titles = dj_reader_columns(rows->reader, &n);
    const DjForm *form = dj_reader_form(rows->reader);
    DjColumns *columns = g_atomic_rc_box_new0(DjColumns);
    columns->part = dj_reader_part(rows->reader);
    columns->part_name = g_strdup(dj_reader_part_name(rows->reader));
    columns->sheets = g_strdup(dj_reader_sheets(rows->reader));
    columns->titles = copy_strings(titles, n);
    columns->n = n;
    columns->form = form ? copy_strings((const char *const *)form->enterprise, DJ_FORM_ENTERPRISE_COLUMNS) : NULL;
    g_clear_pointer(&rows->columns, columns_unref);
    rows->columns = columns;
}

/* ---- reading ---- */

static void complaint_clear(gpointer data)
{
    DjComplaint *complaint = data;
    g_free((char *)complaint->column);
    g_free((char *)complaint->value);
    g_free((char *)complaint->why);
}

static void row_clear(gpointer data)
{
    Row *row = data;
    g_free(row->problem);
}

static void batch_init(Batch *batch)
{
    batch->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_array_set_clear_func(batch->rows, row_clear);
    batch->cells = g_array_sized_new(FALSE, FALSE, sizeof(DjCell), 64);
    batch->bytes = g_string_new(NULL);
    batch->complaints = g_array_sized_new(FALSE, FALSE, sizeof(DjComplaint), 64);
    g_array_set_clear_func(batch->complaints, complaint_clear);
}

static void batch_free(Batch *batch)
{
    g_clear_pointer(&batch->columns, columns_unref);
    g_array_unref(batch->rows);
    g_array_unref(batch->cells);
    g_string_free(batch->bytes, TRUE);
    g_array_unref(batch->complaints);
    for (int i = 0; i < BATCH_ROWS; i++)
        dj_record_free(batch->records[i]);
    g_clear_error(&batch->error);
}

static void keep_row(Batch *batch, const DjRow *row)
{
    Row kept = {.number = row->number,
                .first_cell = batch->cells->len,
                .n_cells = row->n_cells,
                .problem = g_strdup(row->problem)};
    for (gsize i = 0; i < row->n_cells; i++) {
        DjCell cell = row->cells[i];
        if (cell.text) {
            gsize at = batch->bytes->len;
            g_string_append_len(batch->bytes, cell.text, (gssize)cell.length + 1);
            cell.text = GSIZE_TO_POINTER(at + 1); /* an offset, and never NULL */
        }
        g_array_append_val(batch->cells, cell);
    }
    g_array_append_val(batch->rows, kept);
}

/* Reads the next rows into batch. */
static void read_batch(Rows *rows, Batch *batch)
{
    g_array_set_size(batch->rows, 0);
    g_array_set_size(batch->cells, 0);
    g_array_set_size(batch->complaints, 0);
    g_string_truncate(batch->bytes, 0);
    while (batch->rows->len < BATCH_ROWS && batch->bytes->len < BATCH_BYTES) {
        if (!rows->has_ahead && !dj_reader_next(rows->reader, &rows->ahead, &rows->more, &batch->error)) {
            rows->more = FALSE;
            break;
        }
        gboolean changed = columns_changed(rows);
        rows->has_ahead = changed && batch->rows->len > 0;
        if (rows->has_ahead)
            break;
        if (changed)
            renew_columns(rows);
        if (!rows->more)
            break;
        keep_row(batch, &rows->ahead);
    }
    if (rows->columns)
        columns_set(&batch->columns, rows->columns);
    for (guint i = 0; i < batch->cells->len; i++) {
        DjCell *cell = &g_array_index(batch->cells, DjCell, i);
        if (cell->text)
            cell->text = batch->bytes->str + GPOINTER_TO_SIZE(cell->text) - 1;
    }
}

/* ---- binding ---- */

static DjRow row_at(const Batch *batch, const Row *row)
{
    return (DjRow){.number = row->number,
                   .cells = (const DjCell *)(gpointer)batch->cells->data + row->first_cell,
                   .n_cells = row->n_cells,
                   .problem = row->problem};
}

static void keep_complaint(const DjComplaint *complaint, gpointer user)
{
    Batch *batch = user;
    DjComplaint copy = {g_strdup(complaint->column), g_strdup(complaint->value), g_strdup(complaint->why)};
    g_array_append_val(batch->complaints, copy);
}

static void bind_row(Worker *worker, Row *kept, const DjRow *row, DjRecord *record)
{
    Batch *batch = &worker->batch;
    DjComplaint fault;
    kept->first_complaint = batch->complaints->len;
    kept->fault = !dj_binding_read(worker->binding, row, record, keep_complaint, batch, &fault);
    kept->n_warnings = batch->complaints->len - kept->first_complaint;
    if (kept->fault)
        keep_complaint(&fault, batch);
}

static void bind_batch(Worker *worker)
{
    const Rows *rows = worker->rows;
    Batch *batch = &worker->batch;
    if (batch->columns && batch->columns != worker->columns) {
        columns_set(&worker->columns, batch->columns);
        g_clear_pointer(&worker->binding, dj_binding_free);
        g_ptr_array_set_size(worker->unknown, 0);
        worker->binding = dj_binding_new(rows->mapping, rows->table, (const char *const *)worker->columns->titles,
                                         worker->columns->n, worker->unknown);
    }
    for (guint i = 0; i < batch->rows->len; i++) {
        Row *kept = &g_array_index(batch->rows, Row, i);
        DjRow row = row_at(batch, kept);
        if (!batch->records[i])
            batch->records[i] = dj_record_new(rows->table);
        if (row.problem)
            continue;
        dj_binding_hash_row(worker->binding, &row, kept->hash);
        kept->known = rows->sink->find(kept->hash, rows->user);
        if (kept->known)
            dj_binding_read_fields(worker->binding, &row, rows->sink->passing, batch->records[i]);
        else
            bind_row(worker, kept, &row, batch->records[i]);
    }
}

/* ---- handing over ---- */

static gboolean hand_over_row(Worker *worker, Row *kept, DjRecord *record, GError **error)
{
    const Rows *rows = worker->rows;
    const Batch *batch = &worker->batch;
    const DjRow row = row_at(batch, kept);
    if (kept->known) {
        gboolean passed;
        if (!rows->sink->pass(&row, record, kept->known, &passed, rows->user, error))
            return FALSE;
        if (passed)
            return TRUE;
        bind_row(worker, kept, &row, record);
    }
    const DjComplaint *complaints = (const DjComplaint *)(gpointer)batch->complaints->data + kept->first_complaint;
    const DjBoundRow bound = {.row = row,
                              .hash = kept->hash,
                              .record = record,
                              .warnings = complaints,
                              .n_warnings = kept->n_warnings,
                              .fault = kept->fault ? complaints + kept->n_warnings : NULL};
    return rows->sink->take(&bound, batch->columns, worker->binding, rows->user, error);
}

static gboolean hand_over(Worker *worker, GError **error)
{
    Rows *rows = worker->rows;
    Batch *batch = &worker->batch;
    if (batch->columns && batch->columns != rows->begun) {
        columns_set(&rows->begun, batch->columns);
        if (!rows->sink->begin(batch->columns, worker->binding, worker->unknown, rows->user, error))
            return FALSE;
    }
    for (guint i = 0; i < batch->rows->len; i++)
        if (!hand_over_row(worker, &g_array_index(batch->rows, Row, i), batch->records[i], error))
            return FALSE;
    if (!batch->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&batch->error));
    return FALSE;
}

static void stop(Rows *rows, GError *error)
{
    pthread_mutex_lock(&rows->lock);
    if (rows->stopped)
        g_error_free(error);
    else
        rows->error = error;
    rows->stopped = TRUE;
    pthread_cond_broadcast(&rows->moved);
    pthread_mutex_unlock(&rows->lock);
}

/* FALSE when another worker failed. */
static gboolean wait_for_turn(Rows *rows, guint64 turn)
{
    pthread_mutex_lock(&rows->lock);
    while (rows->turn != turn && !rows->stopped)
        pthread_cond_wait(&rows->moved, &rows->lock);
    gboolean ok = !rows->stopped;
    pthread_mutex_unlock(&rows->lock);
    return ok;
}

static void pass_turn(Rows *rows)
{
    pthread_mutex_lock(&rows->lock);
    rows->turn++;
    pthread_cond_broadcast(&rows->moved);
    pthread_mutex_unlock(&rows->lock);
}

/* FALSE at the end and on error. */
static gboolean take_batch(Worker *worker)
{
    Rows *rows = worker->rows;
    GError *error = NULL;
    gint64 done, total;
    pthread_mutex_lock(&rows->reading);
    dj_reader_progress(rows->reader, &done, &total);
    gboolean more = rows->more || rows->has_ahead;
    if (more) {
        worker->batch.turn = rows->n_turns++;
        read_batch(rows, &worker->batch);
    }
    pthread_mutex_unlock(&rows->reading);
    if (worker->is_caller && !rows->sink->report(done, total, rows->user, &error)) {
        stop(rows, error);
        return FALSE;
    }
    return more;
}

static void *work(void *data)
{
    Worker *worker = data;
    Rows *rows = worker->rows;
    while (take_batch(worker)) {
        GError *error = NULL;
        bind_batch(worker);
        if (!wait_for_turn(rows, worker->batch.turn))
            break;
        if (!hand_over(worker, &error)) {
            stop(rows, error);
            break;
        }
        pass_turn(rows);
    }
    return NULL;
}

gboolean dj_rows_each(DjReader *reader, const DjMapping *mapping, DjTable table, guint threads, const DjRowsSink *sink,
                      gpointer user, GError **error)
{
    Rows rows = {.reader = reader, .mapping = mapping, .table = table, .sink = sink, .user = user, .more = TRUE};
    guint n = MAX(threads, 1);
    g_autofree Worker *workers = g_new0(Worker, n);
    pthread_mutex_init(&rows.reading, NULL);
    pthread_mutex_init(&rows.lock, NULL);
    pthread_cond_init(&rows.moved, NULL);
    for (guint i = 0; i < n; i++) {
        Worker *worker = &workers[i];
        worker->rows = &rows;
        worker->is_caller = i == 0;
        worker->unknown = g_ptr_array_new_with_free_func(g_free);
        batch_init(&worker->batch);
        /* Where no thread is to be had, the others do the work. */
        worker->running = i > 0 && pthread_create(&worker->thread, NULL, work, worker) == 0;
    }
    work(&workers[0]);
    for (guint i = 0; i < n; i++) {
        Worker *worker = &workers[i];
        if (worker->running)
            pthread_join(worker->thread, NULL);
        batch_free(&worker->batch);
        g_clear_pointer(&worker->columns, columns_unref);
        g_clear_pointer(&worker->binding, dj_binding_free);
        g_ptr_array_unref(worker->unknown);
    }
    g_clear_pointer(&rows.columns, columns_unref);
    g_clear_pointer(&rows.begun, columns_unref);
    pthread_cond_destroy(&rows.moved);
    pthread_mutex_destroy(&rows.lock);
    pthread_mutex_destroy(&rows.reading);
    if (rows.error)
        g_propagate_error(error, rows.error);
    return rows.error == NULL;
}
