/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/feedback.h"

#include "engine/model/ident.h"
#include "engine/plan/event_plan.h"
#include "engine/report/event_feedback.h"
#include "indexer/rejects.h"
#include "indexer/value.h"

#include <string.h>

enum { NO_COLUMN = -1, MAX_TEXT = 2000 }; /* characters of a next step */

typedef struct {
    const DjFeedbackOptions *options;
    DjFeedback *out;
    DjRejects *rejects;
    GHashTable *by_ids; /* "demand\nsupply" -> index + 1 */
    gint64 *row_of;     /* per meeting: row that answered it */
    char *file;
    gssize column[DJ_N_FEEDBACK_COLUMNS];
    const char *const *titles;
    gsize n_titles, skipped; /* skipped: leading columns of a list of rejects that was mended */
} Reading;

/* What is wrong with a row; reason NULL: nothing. */
typedef struct {
    DjFeedbackColumn column;
    const char *value;
    char *reason;
} Fault;

static gboolean blame(Fault *fault, DjFeedbackColumn column, const char *value, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
static gboolean blame(Fault *fault, DjFeedbackColumn column, const char *value, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *fault = (Fault){column, value ? value : "", g_strdup_vprintf(format, args)};
    va_end(args);
    return FALSE;
}

void dj_feedback_free(DjFeedback *feedback)
{
    if (!feedback)
        return;
    g_ptr_array_unref(feedback->outcomes);
    g_ptr_array_unref(feedback->messages);
    g_ptr_array_unref(feedback->reject_files);
    g_free(feedback);
}

static void outcome_free(gpointer outcome)
{
    dj_outcome_free(outcome);
}

/* Trimmed, NULL where nothing is written. Free it. */
static char *cell(const Reading *reading, const DjRow *row, DjFeedbackColumn column)
{
    gssize c = reading->column[column];
    if (c == NO_COLUMN || (gsize)c >= row->n_cells || !row->cells[c].text)
        return NULL;
    char *text = g_strstrip(g_strdup(row->cells[c].text));
    if (*text)
        return text;
    g_free(text);
    return NULL;
}

static gboolean find_meeting(const Reading *reading, char *const *value, guint *meeting, Fault *fault)
{
    const char *demand = value[DJ_FEEDBACK_DEMAND], *supply = value[DJ_FEEDBACK_SUPPLY];
    const char *event = value[DJ_FEEDBACK_EVENT];
    if (event && strcmp(event, reading->options->event) != 0)
        return blame(fault, DJ_FEEDBACK_EVENT, event, "这一行属于另一场对接会；本场编号是 %s", reading->options->event);
    if (!demand || !supply)
        return blame(fault, demand ? DJ_FEEDBACK_SUPPLY : DJ_FEEDBACK_DEMAND, NULL, "没有写编号，不知道是哪一场会面");
    g_autofree char *key = g_strdup_printf("%s\n%s", demand, supply);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(reading->by_ids, key));
    *meeting = found - 1;
    return found > 0 || blame(fault, DJ_FEEDBACK_SUPPLY, supply, "安排中没有 %s 与 %s 的会面", demand, supply);
}

static char *list_words(const char *(*label)(guint), guint n)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (guint k = 1; k < n; k++)
        g_string_append_printf(words, "%s%s", k > 1 ? "、" : "", label(k));
    return g_string_free(g_steal_pointer(&words), FALSE);
}

static const char *rating_label(guint k)
{
    return dj_rating_label((DjRating)k);
}

static const char *decline_label(guint k)
{
    return dj_decline_label((DjDecline)k);
}

/* 1 kept, 0 not, -1 not said */
static gboolean read_kept(const char *text, int *kept, Fault *fault)
{
    static const char *const yes[] = {"是", "已见", "见成", "yes", "y", "1", "√"};
    static const char *const no[] = {"否", "未见", "没有", "no", "n", "0", "×"};
    *kept = -1;
    if (!text)
        return TRUE;
    for (guint k = 0; k < G_N_ELEMENTS(yes); k++)
        if (g_ascii_strcasecmp(text, yes[k]) == 0)
            *kept = 1;
        else if (g_ascii_strcasecmp(text, no[k]) == 0)
            *kept = 0;
    return *kept >= 0 || blame(fault, DJ_FEEDBACK_KEPT, text, "请填“是”或“否”");
}

static gboolean read_words(char *const *value, DjOutcome *out, Fault *fault)
{
    for (guint role = 0; role < 2; role++) {
        DjFeedbackColumn column = role == 0 ? DJ_FEEDBACK_DEMAND_RATING : DJ_FEEDBACK_SUPPLY_RATING;
        if (value[column] && !dj_rating_parse(value[column], &out->rating[role])) {
            g_autofree char *words = list_words(rating_label, DJ_N_RATINGS);
            return blame(fault, column, value[column], "评价只能是：%s", words);
        }
    }
    const char *reason = value[DJ_FEEDBACK_REASON];
    if (reason && !dj_decline_parse(reason, &out->decline)) {
        g_autofree char *words = list_words(decline_label, DJ_N_DECLINES);
        return blame(fault, DJ_FEEDBACK_REASON, reason, "原因只能是：%s", words);
    }
    return TRUE;
}

/* Kept or not, said by itself or by a rating; the two must agree. */
static gboolean settle_kept(char *const *value, int kept, DjOutcome *out, Fault *fault)
{
    for (guint role = 0; role < 2; role++) {
        DjFeedbackColumn column = role == 0 ? DJ_FEEDBACK_DEMAND_RATING : DJ_FEEDBACK_SUPPLY_RATING;
        if (out->rating[role] == DJ_RATING_NONE)
            continue;
        int said = out->rating[role] != DJ_RATING_NOT_HELD;
        if (kept >= 0 && kept != said)
            return blame(fault, column, value[column], kept ? "已见成，评价却是“没有见成”" : "没有见成，就不能评价");
        kept = said;
    }
    if (kept < 0)
        return blame(fault, DJ_FEEDBACK_KEPT, NULL, "请先填是否见成，或填评价");
    out->kept = kept;
    if (out->decline != DJ_DECLINE_NONE && dj_outcome_rating(out) == DJ_RATING_POSSIBLE)
        return blame(fault, DJ_FEEDBACK_REASON, value[DJ_FEEDBACK_REASON], "评价是“可能合作”，就不应有不合作原因");
    return TRUE;
}

static gboolean read_due(const char *text, DjOutcome *out, Fault *fault)
{
    g_autoptr(GString) day = g_string_new(NULL);
    int number = 0;
    if (!text)
        return TRUE;
    if (!dj_value_read_date(text, day) || day->len != strlen("YYYY-MM-DD") || !dj_day_parse(day->str, &number))
        return blame(fault, DJ_FEEDBACK_DUE, text, "请写完整的日期，如 2026-06-30");
    out->due = g_strdup(day->str);
    return TRUE;
}

static gboolean read_text(char *const *value, DjFeedbackColumn column, char **out, Fault *fault)
{
    if (value[column] && g_utf8_strlen(value[column], -1) > MAX_TEXT)
        return blame(fault, column, value[column], "最多 %d 字", MAX_TEXT);
    *out = g_strdup(value[column]);
    return TRUE;
}

static gboolean same_outcome(const DjOutcome *a, const DjOutcome *b)
{
    g_autofree char *x = dj_outcome_to_json(a);
    g_autofree char *y = dj_outcome_to_json(b);
    return strcmp(x, y) == 0;
}

static gboolean take_outcome(Reading *reading, gint64 row, char *const *value, gboolean *blank, Fault *fault)
{
    guint meeting = 0;
    int kept = -1;
    g_autoptr(DjOutcome) outcome = g_new0(DjOutcome, 1);
    *blank = TRUE;
    for (guint c = DJ_FEEDBACK_KEPT; c <= DJ_FEEDBACK_DUE; c++)
        *blank = *blank && !value[c];
    if (*blank)
        return TRUE;
    if (!find_meeting(reading, value, &meeting, fault) || !read_kept(value[DJ_FEEDBACK_KEPT], &kept, fault) ||
        !read_words(value, outcome, fault) || !settle_kept(value, kept, outcome, fault) ||
        !read_due(value[DJ_FEEDBACK_DUE], outcome, fault) ||
        !read_text(value, DJ_FEEDBACK_NEXT_STEP, &outcome->next_step, fault) ||
        !read_text(value, DJ_FEEDBACK_OWNER, &outcome->owner, fault))
        return FALSE;
    const DjOutcome *before = g_ptr_array_index(reading->out->outcomes, meeting);
    if (before)
        return same_outcome(before, outcome) ||
               blame(fault, DJ_FEEDBACK_DEMAND, value[DJ_FEEDBACK_DEMAND],
                     "与第 %" G_GINT64_FORMAT " 行是同一场会面，填的却不同", reading->row_of[meeting]);
    reading->row_of[meeting] = row;
    reading->out->outcomes->pdata[meeting] = g_steal_pointer(&outcome);
    return TRUE;
}

static gboolean reject(Reading *reading, const DjRow *row, const Fault *fault, const char *problem, GError **error)
{
    const char *title = fault ? dj_feedback_columns[fault->column] : "";
    const DjReject entry = {.file = reading->file,
                            .row = row->number,
                            .column = title,
                            .value = fault ? fault->value : "",
                            .reason = problem};
    gsize skipped = MIN(reading->skipped, row->n_cells);
    reading->out->n_rejected++;
    g_ptr_array_add(reading->out->messages,
                    g_strdup_printf("%s: row %" G_GINT64_FORMAT "%s%s: \"%s\": %s", reading->file, row->number,
                                    *title ? ", column " : "", title, entry.value, problem));
    return !reading->rejects ||
           dj_rejects_add(reading->rejects, &entry, reading->titles + reading->skipped,
                          reading->n_titles - reading->skipped, row->cells + skipped, row->n_cells - skipped, error);
}

static gboolean take_row(Reading *reading, const DjRow *row, GError **error)
{
    char *value[DJ_N_FEEDBACK_COLUMNS] = {NULL};
    Fault fault = {0};
    gboolean blank = FALSE, ok = TRUE;
    reading->out->n_rows++;
    if (row->problem)
        return reject(reading, row, NULL, row->problem, error);
    for (guint c = 0; c < DJ_N_FEEDBACK_COLUMNS; c++)
        value[c] = cell(reading, row, (DjFeedbackColumn)c);
    if (!take_outcome(reading, row->number, value, &blank, &fault))
        ok = reject(reading, row, &fault, fault.reason, error);
    reading->out->n_blank += blank;
    g_free(fault.reason);
    for (guint c = 0; c < DJ_N_FEEDBACK_COLUMNS; c++)
        g_free(value[c]);
    return ok;
}

static gboolean bind_columns(Reading *reading, DjReader *reader, GError **error)
{
    reading->titles = dj_reader_columns(reader, &reading->n_titles);
    reading->skipped = dj_rejects_are_titles(reading->titles, reading->n_titles) ? DJ_REJECT_COLUMNS : 0;
    for (guint c = 0; c < DJ_N_FEEDBACK_COLUMNS; c++) {
        reading->column[c] = NO_COLUMN;
        for (gsize k = reading->skipped; k < reading->n_titles && reading->column[c] == NO_COLUMN; k++) {
            g_autofree char *title = g_strstrip(g_strdup(reading->titles[k]));
            if (strcmp(title, dj_feedback_columns[c]) == 0)
                reading->column[c] = (gssize)k;
        }
    }
    const DjFeedbackColumn needed[] = {DJ_FEEDBACK_DEMAND, DJ_FEEDBACK_SUPPLY};
    for (guint k = 0; k < G_N_ELEMENTS(needed); k++)
        if (reading->column[needed[k]] == NO_COLUMN) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT,
                        "%s: no column %s; is this the sheet 会后反馈 of the event?", reading->options->path,
                        dj_feedback_columns[needed[k]]);
            return FALSE;
        }
    return TRUE;
}

static gboolean is_title(const char *text, gpointer unused)
{
    (void)unused;
    for (guint c = 0; c < DJ_N_FEEDBACK_COLUMNS; c++)
        if (strcmp(text, dj_feedback_columns[c]) == 0)
            return TRUE;
    return FALSE;
}

static gboolean read_rows(Reading *reading, GError **error)
{
    DjReaderOptions options = reading->options->limits ? *reading->options->limits : (DjReaderOptions){0};
    options.is_title = is_title;
    g_autoptr(DjReader) reader = dj_reader_open(reading->options->path, &options, error);
    guint part = 0;
    gboolean more = TRUE;
    while (reader && more) {
        DjRow row;
        if (!dj_reader_next(reader, &row, &more, error))
            return FALSE;
        /* JSON names its columns while it is read, and a ZIP begins another table with each of its files */
        if (part != dj_reader_part(reader) || g_str_has_prefix(dj_reader_format(reader), "JSON")) {
            part = dj_reader_part(reader);
            if (!bind_columns(reading, reader, error))
                return FALSE;
        }
        if (more && !take_row(reading, &row, error))
            return FALSE;
    }
    return reader != NULL;
}

DjFeedback *dj_feedback_read(const DjFeedbackOptions *options, GError **error)
{
    const GPtrArray *meetings = options->meetings;
    g_autoptr(DjFeedback) out = g_new0(DjFeedback, 1);
    out->outcomes = g_ptr_array_new_with_free_func(outcome_free);
    out->messages = g_ptr_array_new_with_free_func(g_free);
    out->reject_files = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_set_size(out->outcomes, (gint)meetings->len);
    g_autoptr(GHashTable) by_ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint m = 0; m < meetings->len; m++) {
        const DjEventMeeting *meeting = g_ptr_array_index(meetings, m);
        g_hash_table_insert(by_ids, g_strdup_printf("%s\n%s", meeting->who[0], meeting->who[1]),
                            GUINT_TO_POINTER(m + 1));
    }
    g_autofree gint64 *row_of = g_new0(gint64, meetings->len + 1);
    g_autofree char *file = g_path_get_basename(options->path);
    g_autoptr(DjRejects) rejects = options->rejects_folder ? dj_rejects_new(options->rejects_folder) : NULL;
    Reading reading = {
        .options = options, .out = out, .rejects = rejects, .by_ids = by_ids, .row_of = row_of, .file = file};
    if (!read_rows(&reading, error) ||
        (rejects && out->n_rejected > 0 && !dj_rejects_finish(rejects, options->day, out->reject_files, error)))
        return NULL;
    return g_steal_pointer(&out);
}
