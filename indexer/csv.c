/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row is parsed without touching the buffer and, where its end was not in it yet, parsed again after more was read;
 * only a complete row is unquoted in place. That keeps the parser free of states that span two reads. */
#include "indexer/csv.h"
#include "engine/model/scan.h"
#include <string.h>

enum { CHUNK = 256 * 1024, DEFAULT_MAX_ROW = 16 * 1024 * 1024, DEFAULT_MAX_COLUMNS = 1024 };

typedef struct {
    gsize begin, end; /* in the buffer; quotes excluded */
    gboolean doubled; /* has doubled quotes */
} Span;

struct DjCsv {
    DjSource *source;
    char *buffer;
    gsize size;       /* of buffer, without the spare byte for a final NUL */
    gsize begin, end; /* unread bytes */
    gboolean at_end;
    char delimiter;
    gsize max_row, max_columns;
    gint64 number;
    guint expected; /* cells of the first row */
    GArray *spans;  /* of Span */
    GArray *cells;  /* of DjCell */
};

/* Reads more behind the unread bytes. FALSE on error, also when a row is longer than allowed. */
static gboolean fill(DjCsv *csv, GError **error)
{
    if (csv->begin > 0) {
        memmove(csv->buffer, csv->buffer + csv->begin, csv->end - csv->begin);
        csv->end -= csv->begin;
        csv->begin = 0;
    }
    if (csv->end == csv->size) {
        if (csv->size >= csv->max_row) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT,
                        "row %" G_GINT64_FORMAT ": longer than %" G_GSIZE_FORMAT " bytes", csv->number + 1,
                        csv->max_row);
            return FALSE;
        }
        gsize size = MIN(csv->size * 2, csv->max_row);
        char *grown = g_try_realloc(csv->buffer, size + 1);
        if (!grown) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT, "row %" G_GINT64_FORMAT ": no memory for it",
                        csv->number + 1);
            return FALSE;
        }
        csv->buffer = grown;
        csv->size = size;
    }
    gssize got = dj_source_read(csv->source, csv->buffer + csv->end, csv->size - csv->end, error);
    if (got < 0)
        return FALSE;
    csv->at_end = got == 0;
    csv->end += (gsize)got;
    return TRUE;
}

typedef enum { PARSED, NEEDS_MORE } Parse;

/* A quoted cell that begins behind the quote at `at`; *next is where its delimiter or line end is. NEEDS_MORE also when
 * its closing quote could still come; *closed FALSE when it is no quoted cell after all. */
static Parse parse_quoted(const DjCsv *csv, gsize at, Span *span, gsize *next, gboolean *closed)
{
    const char *b = csv->buffer;
    span->begin = at + 1;
    span->doubled = FALSE;
    for (gsize i = at + 1;; i++) {
        const char *quote = i < csv->end ? memchr(b + i, '"', csv->end - i) : NULL;
        if (!quote) {
            *closed = FALSE;
            return csv->at_end ? PARSED : NEEDS_MORE;
        }
        i = (gsize)(quote - b);
        if (i + 1 == csv->end && !csv->at_end)
            return NEEDS_MORE;
        if (i + 1 < csv->end && b[i + 1] == '"') {
            span->doubled = TRUE;
            i++;
            continue;
        }
        span->end = i;
        *next = i + 1;
        *closed = *next == csv->end || b[*next] == csv->delimiter || b[*next] == '\n' || b[*next] == '\r';
        return PARSED;
    }
}

/* Finds the cells of the row at csv->begin; *after is where the next one begins. plain: quotes mean nothing. */
static Parse parse_row(DjCsv *csv, gboolean plain, gsize *after)
{
    const char *b = csv->buffer;
    gsize i = csv->begin;
    g_array_set_size(csv->spans, 0);
    for (;;) {
        Span span = {.begin = i};
        gboolean quoted = FALSE;
        if (i < csv->end && b[i] == '"' && !plain) {
            gsize next = i;
            if (parse_quoted(csv, i, &span, &next, &quoted) == NEEDS_MORE)
                return NEEDS_MORE;
            if (quoted)
                i = next;
            else
                span = (Span){.begin = i};
        }
        if (!quoted) {
            i += dj_scan_for(b + i, csv->end - i, csv->delimiter, '\n', '\r');
            span.end = i;
        }
        if (i == csv->end && !csv->at_end)
            return NEEDS_MORE;
        g_array_append_val(csv->spans, span);
        if (i == csv->end || b[i] != csv->delimiter)
            break;
        i++;
    }
    if (i < csv->end && b[i] == '\r') {
        if (i + 1 == csv->end && !csv->at_end)
            return NEEDS_MORE;
        i += i + 1 < csv->end && b[i + 1] == '\n' ? 2 : 1;
    } else if (i < csv->end) {
        i++;
    }
    *after = i;
    return PARSED;
}

static gsize undouble(char *text, gsize length)
{
    gsize to = 0;
    for (gsize i = 0; i < length; i++) {
        text[to++] = text[i];
        if (text[i] == '"' && i + 1 < length && text[i + 1] == '"')
            i++;
    }
    return to;
}

static void take_cells(DjCsv *csv, gsize after, DjRow *row)
{
    gsize row_bytes = after - csv->begin;
    gboolean blank = TRUE;
    row->problem = dj_scan_utf8(csv->buffer + csv->begin, row_bytes)
                       ? NULL
                       : "这一行有无法识别的字符；请用 Excel 或 WPS 另存为“CSV UTF-8”后再导入";
    g_array_set_size(csv->cells, 0);
    for (guint i = 0; i < csv->spans->len; i++) {
        Span span = g_array_index(csv->spans, Span, i);
        char *text = csv->buffer + span.begin;
        gsize length = span.end - span.begin;
        if (span.doubled)
            length = undouble(text, length);
        text[length] = '\0';
        blank = blank && length == 0;
        DjCell cell = {.text = text, .length = length};
        g_array_append_val(csv->cells, cell);
    }
    row->number = ++csv->number;
    row->cells = (const DjCell *)csv->cells->data;
    row->n_cells = blank ? 0 : csv->cells->len;
}

/* Does a cell of the parsed row hold a line end? */
static gboolean spans_lines(const DjCsv *csv)
{
    for (guint i = 0; i < csv->spans->len; i++) {
        Span span = g_array_index(csv->spans, Span, i);
        const char *text = csv->buffer + span.begin;
        if (memchr(text, '\n', span.end - span.begin) || memchr(text, '\r', span.end - span.begin))
            return TRUE;
    }
    return FALSE;
}

gboolean dj_csv_next(DjCsv *csv, DjRow *row, gboolean *more, GError **error)
{
    gsize after = 0;
    gboolean plain = FALSE;
    while (csv->begin == csv->end && !csv->at_end)
        if (!fill(csv, error))
            return FALSE;
    *more = csv->begin < csv->end;
    if (!*more)
        return TRUE;
    while (parse_row(csv, plain, &after) == NEEDS_MORE) {
        /* A row of the largest size that is still open may be one with a stray quote. */
        if (csv->end - csv->begin >= csv->max_row && !plain)
            plain = TRUE;
        else if (!fill(csv, error))
            return FALSE;
    }
    if (!plain && csv->expected && csv->spans->len != csv->expected && spans_lines(csv)) {
        gsize plain_after = 0;
        plain = parse_row(csv, TRUE, &plain_after) == PARSED && csv->spans->len == csv->expected;
        parse_row(csv, plain, &after);
    }
    if (!csv->expected)
        csv->expected = csv->spans->len;
    if (csv->spans->len > csv->max_columns) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT,
                    "row %" G_GINT64_FORMAT ": %u cells, more than %" G_GSIZE_FORMAT, csv->number + 1, csv->spans->len,
                    csv->max_columns);
        return FALSE;
    }
    take_cells(csv, after, row);
    csv->begin = after;
    return TRUE;
}

/* The delimiter that occurs most often in the first line that has any, outside quotes. */
static gboolean find_delimiter(DjCsv *csv, GError **error)
{
    static const char candidates[] = ",\t;";
    while (csv->end < csv->size && !csv->at_end)
        if (!fill(csv, error))
            return FALSE;
    gsize counts[3] = {0, 0, 0};
    gboolean quoted = FALSE;
    for (gsize i = 0; i < csv->end; i++) {
        char c = csv->buffer[i];
        const char *at = c ? strchr(candidates, c) : NULL;
        if (c == '"')
            quoted = !quoted;
        else if (at && !quoted)
            counts[at - candidates]++;
        else if ((c == '\n' || c == '\r') && !quoted && counts[0] + counts[1] + counts[2] > 0)
            break;
    }
    csv->delimiter = ',';
    if (counts[1] > counts[0] && counts[1] >= counts[2])
        csv->delimiter = '\t';
    else if (counts[2] > counts[0])
        csv->delimiter = ';';
    return TRUE;
}

DjCsv *dj_csv_open(DjSource *source, const DjReaderOptions *options, GError **error)
{
    DjCsv *csv = g_new0(DjCsv, 1);
    csv->source = source;
    csv->max_row = options->max_row_bytes ? options->max_row_bytes : DEFAULT_MAX_ROW;
    csv->max_columns = options->max_columns ? options->max_columns : DEFAULT_MAX_COLUMNS;
    csv->size = MIN(CHUNK, csv->max_row);
    csv->buffer = g_malloc(csv->size + 1);
    csv->spans = g_array_new(FALSE, FALSE, sizeof(Span));
    csv->cells = g_array_new(FALSE, FALSE, sizeof(DjCell));
    if (!find_delimiter(csv, error)) {
        dj_csv_close(csv);
        return NULL;
    }
    return csv;
}

void dj_csv_close(DjCsv *csv)
{
    if (!csv)
        return;
    dj_source_close(csv->source);
    g_free(csv->buffer);
    g_array_unref(csv->spans);
    g_array_unref(csv->cells);
    g_free(csv);
}

char dj_csv_delimiter(const DjCsv *csv)
{
    return csv->delimiter;
}

DjSource *dj_csv_source(DjCsv *csv)
{
    return csv->source;
}
