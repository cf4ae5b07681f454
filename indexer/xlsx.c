/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser of the sheet is stopped at the end of each row and resumed for the next one, so that one row is in memory
 * whatever the size of the sheet. */
#include "indexer/xlsx.h"
#include "engine/model/ident.h"
#include "indexer/xlsx_book.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_MAX_ROW = 16 * 1024 * 1024, DEFAULT_MAX_COLUMNS = 1024 };

typedef struct {
    gsize column, begin, length; /* text in arena */
} FoundCell;

struct DjXlsx {
    DjZip *zip;
    DjXlsxBook book;
    DjSource *source; /* the sheet */
    XML_Parser parser;
    gboolean suspended, at_end, row_done;
    const char *too_large; /* set when a limit stopped the parser */
    gsize max_row, max_columns;
    gint64 number;  /* of the row at hand */
    GString *arena; /* texts of the row, each with a NUL */
    GArray *found;  /* of FoundCell */
    GArray *cells;  /* of DjCell */
    gsize next_column, column;
    char type[12]; /* of the cell at hand: "s", "str", "inlineStr", "b", "e", "d", "" = number */
    guint style;
    GString *value;
    gboolean in_row, in_cell, in_value, in_text, in_phonetic;
};

gboolean dj_xlsx_is_workbook(DjZip *zip)
{
    return dj_zip_find(zip, "[Content_Types].xml") >= 0 && dj_zip_find(zip, "xl/workbook.xml") >= 0;
}

/* ---- numbers ---- */

/* Fifteen digits are what Excel shows of a number; more are traces of binary fractions. */
static void append_number(GString *out, double value)
{
    char text[64];
    g_ascii_formatd(text, sizeof text, "%.15g", value);
    if (!strchr(text, 'e'))
        g_string_append(out, text);
    else
        g_string_append_printf(out, "%.*f", fabs(value) < 1 ? 15 : 0, value);
}

static void append_time(GString *out, double day_part)
{
    int seconds = (int)(day_part * 86400 + 0.5);
    g_string_append_printf(out, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

/* Day 1 is 1900-01-01, and day 60 a 29 February that never was; or day 0 is 1904-01-01. */
static gboolean append_date(const DjXlsx *xlsx, GString *out, double value, DjCellFormat format)
{
    double whole = floor(value);
    if (value < 0 || value > 2958465 || (whole < 1 && !xlsx->book.from_1904))
        return FALSE;
    int days = (int)whole, epoch = xlsx->book.from_1904 ? -24107 : days < 60 ? -25568 : -25569;
    g_autofree char *day = dj_day_format(epoch + days);
    g_string_append(out, day);
    if (format == DJ_CELL_DATE_TIME && value > whole) {
        g_string_append_c(out, ' ');
        append_time(out, value - whole);
    }
    return TRUE;
}

static void append_numeric(DjXlsx *xlsx, const char *text, GString *out)
{
    char *end;
    double value = g_ascii_strtod(text, &end);
    DjCellFormat format = xlsx->style < xlsx->book.formats->len
                              ? g_array_index(xlsx->book.formats, DjCellFormat, xlsx->style)
                              : DJ_CELL_NUMBER;
    if (end == text || *end || !isfinite(value)) {
        g_string_append(out, text); /* not a number after all: as it stands */
    } else if (format == DJ_CELL_PERCENT) {
        append_number(out, value * 100);
        g_string_append_c(out, '%');
    } else if (format == DJ_CELL_TIME && value >= 0 && value < 1) {
        append_time(out, value);
    } else if (!((format == DJ_CELL_DATE || format == DJ_CELL_DATE_TIME) && append_date(xlsx, out, value, format))) {
        append_number(out, value);
    }
}

/* ---- cells ---- */

/* "BC12" -> 54; -1 where there is no column in front. */
static gssize column_of(const char *reference)
{
    gssize column = 0;
    const char *p = reference;
    for (; g_ascii_isupper(*p) && column < 100000; p++)
        column = column * 26 + (*p - 'A' + 1);
    return p == reference ? -1 : column - 1;
}

static void stop(DjXlsx *xlsx, const char *why)
{
    xlsx->too_large = why;
    XML_StopParser(xlsx->parser, XML_FALSE);
}

static void finish_cell(DjXlsx *xlsx)
{
    const char *text = xlsx->value->str;
    gsize begin = xlsx->arena->len;
    if (!*text)
        return;
    if (xlsx->column >= xlsx->max_columns) {
        stop(xlsx, "more columns than allowed");
        return;
    }
    if (strcmp(xlsx->type, "s") == 0) {
        if (!dj_shared_strings_get(xlsx->book.strings, strtoull(text, NULL, 10), xlsx->arena)) {
            stop(xlsx, "a text that the file does not have");
            return;
        }
    } else if (strcmp(xlsx->type, "b") == 0) {
        g_string_append(xlsx->arena, *text == '1' ? "TRUE" : "FALSE");
    } else if (*xlsx->type && strcmp(xlsx->type, "n") != 0) {
        g_string_append(xlsx->arena, text);
    } else {
        append_numeric(xlsx, text, xlsx->arena);
    }
    FoundCell cell = {xlsx->column, begin, xlsx->arena->len - begin};
    g_string_append_c(xlsx->arena, '\0');
    g_array_append_val(xlsx->found, cell);
    if (xlsx->arena->len > xlsx->max_row)
        stop(xlsx, "the row is longer than allowed");
}

static void start_cell(DjXlsx *xlsx, const char **attributes)
{
    const char *reference = dj_xml_attribute(attributes, "r"), *type = dj_xml_attribute(attributes, "t");
    const char *style = dj_xml_attribute(attributes, "s");
    gssize column = reference ? column_of(reference) : -1;
    xlsx->column = column >= 0 ? (gsize)column : xlsx->next_column;
    xlsx->next_column = xlsx->column + 1;
    xlsx->style = style ? (guint)strtoul(style, NULL, 10) : 0;
    g_strlcpy(xlsx->type, type ? type : "", sizeof xlsx->type);
    g_string_truncate(xlsx->value, 0);
    xlsx->in_cell = TRUE;
}

static void XMLCALL sheet_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    DjXlsx *xlsx = XML_GetUserData(parser);
    const char *local = dj_xml_local(name);
    if (strcmp(local, "c") == 0 && xlsx->in_row) {
        start_cell(xlsx, attributes);
    } else if (strcmp(local, "v") == 0) {
        xlsx->in_value = xlsx->in_cell;
    } else if (strcmp(local, "t") == 0) {
        xlsx->in_text = xlsx->in_cell;
    } else if (strcmp(local, "rPh") == 0) {
        xlsx->in_phonetic = TRUE;
    } else if (strcmp(local, "row") == 0) {
        const char *number = dj_xml_attribute(attributes, "r");
        xlsx->number = number ? g_ascii_strtoll(number, NULL, 10) : xlsx->number + 1;
        xlsx->in_row = TRUE;
        xlsx->next_column = 0;
        g_string_truncate(xlsx->arena, 0);
        g_array_set_size(xlsx->found, 0);
    }
}

static void XMLCALL sheet_end(void *parser, const XML_Char *name)
{
    DjXlsx *xlsx = XML_GetUserData(parser);
    const char *local = dj_xml_local(name);
    if (strcmp(local, "v") == 0) {
        xlsx->in_value = FALSE;
    } else if (strcmp(local, "t") == 0) {
        xlsx->in_text = FALSE;
    } else if (strcmp(local, "rPh") == 0) {
        xlsx->in_phonetic = FALSE;
    } else if (strcmp(local, "c") == 0 && xlsx->in_cell) {
        xlsx->in_cell = FALSE;
        finish_cell(xlsx);
    } else if (strcmp(local, "row") == 0 && xlsx->in_row) {
        xlsx->in_row = FALSE;
        xlsx->row_done = TRUE;
        XML_StopParser(parser, XML_TRUE);
    }
}

static void XMLCALL sheet_text(void *parser, const XML_Char *text, int length)
{
    DjXlsx *xlsx = XML_GetUserData(parser);
    if (!(xlsx->in_value || xlsx->in_text) || xlsx->in_phonetic)
        return;
    g_string_append_len(xlsx->value, text, length);
    if (xlsx->value->len > xlsx->max_row)
        stop(xlsx, "a cell is longer than allowed");
}

/* ---- rows ---- */

/* Parses on until a row is complete or the sheet ends. */
static gboolean parse_on(DjXlsx *xlsx, GError **error)
{
    xlsx->row_done = FALSE;
    for (;;) {
        enum XML_Status status;
        if (xlsx->suspended) {
            status = XML_ResumeParser(xlsx->parser);
        } else if (xlsx->at_end) {
            return TRUE;
        } else {
            gssize got = dj_xml_read(xlsx->parser, xlsx->source, xlsx->book.sheet, error);
            if (got < 0)
                return FALSE;
            xlsx->at_end = got == 0;
            status = XML_ParseBuffer(xlsx->parser, (int)got, got == 0);
        }
        xlsx->suspended = status == XML_STATUS_SUSPENDED;
        if (status == XML_STATUS_ERROR && xlsx->too_large) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT, "row %" G_GINT64_FORMAT ": %s", xlsx->number,
                        xlsx->too_large);
            return FALSE;
        }
        if (status == XML_STATUS_ERROR)
            return dj_xml_fail(xlsx->parser, xlsx->book.sheet, error);
        if (xlsx->row_done)
            return TRUE;
    }
}

gboolean dj_xlsx_next(DjXlsx *xlsx, DjRow *row, gboolean *more, GError **error)
{
    if (!parse_on(xlsx, error))
        return FALSE;
    *more = xlsx->row_done;
    g_array_set_size(xlsx->cells, 0);
    for (guint i = 0; xlsx->row_done && i < xlsx->found->len; i++) {
        FoundCell found = g_array_index(xlsx->found, FoundCell, i);
        if (found.column >= xlsx->cells->len)
            g_array_set_size(xlsx->cells, (guint)found.column + 1); /* the array clears new elements */
        g_array_index(xlsx->cells, DjCell, found.column) =
            (DjCell){.text = xlsx->arena->str + found.begin, .length = found.length};
    }
    *row = (DjRow){.number = xlsx->number, .cells = (const DjCell *)xlsx->cells->data, .n_cells = xlsx->cells->len};
    return TRUE;
}

DjXlsx *dj_xlsx_open(DjZip *zip, const DjReaderOptions *options, GError **error)
{
    DjXlsx *xlsx = g_new0(DjXlsx, 1);
    xlsx->zip = zip;
    xlsx->max_row = options->max_row_bytes ? options->max_row_bytes : DEFAULT_MAX_ROW;
    xlsx->max_columns = options->max_columns ? options->max_columns : DEFAULT_MAX_COLUMNS;
    xlsx->arena = g_string_new(NULL);
    xlsx->value = g_string_new(NULL);
    xlsx->found = g_array_new(FALSE, FALSE, sizeof(FoundCell));
    xlsx->cells = g_array_new(FALSE, TRUE, sizeof(DjCell));
    gssize sheet = -1;
    if (dj_xlsx_book_read(&xlsx->book, zip, options, error)) {
        sheet = dj_zip_find(zip, xlsx->book.sheet_path);
        if (sheet < 0)
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "the sheet %s is missing", xlsx->book.sheet);
    }
    if (sheet < 0 || !(xlsx->source = dj_zip_open_entry(zip, (gsize)sheet, error))) {
        dj_xlsx_close(xlsx);
        return NULL;
    }
    xlsx->parser = dj_xml_parser_new(xlsx, sheet_start, sheet_end, sheet_text);
    return xlsx;
}

void dj_xlsx_close(DjXlsx *xlsx)
{
    if (!xlsx)
        return;
    if (xlsx->parser)
        XML_ParserFree(xlsx->parser);
    dj_source_close(xlsx->source);
    dj_xlsx_book_clear(&xlsx->book);
    dj_zip_close(xlsx->zip);
    g_string_free(xlsx->arena, TRUE);
    g_string_free(xlsx->value, TRUE);
    g_array_unref(xlsx->found);
    g_array_unref(xlsx->cells);
    g_free(xlsx);
}

const char *dj_xlsx_sheet(const DjXlsx *xlsx)
{
    return xlsx->book.sheet;
}

const char *dj_xlsx_sheets(const DjXlsx *xlsx)
{
    return xlsx->book.sheets;
}

void dj_xlsx_progress(const DjXlsx *xlsx, gint64 *done, gint64 *total)
{
    *done = xlsx->source->position;
    *total = xlsx->source->size;
}
