/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the format, finds the header and gives all formats one face. The first rows of a table are kept until its
 * header is known and are handed out again after it. */
#include "indexer/reader.h"
#include "indexer/csv.h"
#include "indexer/header.h"
#include "indexer/json.h"
#include "indexer/xlsx.h"
#include "indexer/zip.h"
#include <string.h>
#include <unistd.h>

G_DEFINE_QUARK(dj - read - error - quark, dj_read_error)

typedef struct {
    gint64 number;
    GPtrArray *texts; /* of char *, "" where empty */
    char *problem;
} KeptRow;

struct DjReader {
    char *path;
    DjReaderOptions options;
    char *format;
    guint part;
    char *part_name;
    DjZip *archive; /* a ZIP of several files */
    gsize next_entry;
    GPtrArray *passed_over; /* names of entries */
    gssize entry;           /* of the archive that is being read, -1 = the file itself */
    int extracted;          /* descriptor of a workbook out of an archive, -1 = none */
    DjCsv *csv;
    DjJson *json;
    DjXlsx *xlsx;
    DjForm *form;
    guint next_need;
    GPtrArray *columns; /* titles of a table; of JSON: owned by the backend */
    GPtrArray *kept;    /* of KeptRow, the next one to hand out at next_kept */
    guint next_kept;
    GArray *cells; /* of DjCell, for a kept row */
    char *problem;
};

static void kept_free(gpointer data)
{
    KeptRow *kept = data;
    g_ptr_array_unref(kept->texts);
    g_free(kept->problem);
    g_free(kept);
}

/* ---- telling the format ---- */

typedef enum { FORMAT_TABLE, FORMAT_JSON, FORMAT_ZIP } Format;

static const char *skip_space(const char *p)
{
    while (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n')
        p++;
    return p;
}

/* text: the beginning of the file, ends with NUL. A table whose first title is in brackets is no array of objects. */
static gboolean looks_like_json(const char *text)
{
    const char *p = skip_space(text);
    if (*p == '[') {
        p = skip_space(p + 1);
        return *p == '{' || *p == ']';
    }
    if (*p != '{')
        return FALSE;
    p = skip_space(p + 1);
    return *p == '"' || *p == '}';
}

/* Reads up to n bytes from the beginning of a source. */
static gssize read_head(DjSource *source, char *head, gsize n, GError **error)
{
    gsize have = 0;
    while (have < n) {
        gssize got = dj_source_read(source, head + have, n - have, error);
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (gsize)got;
    }
    return (gssize)have;
}

static gboolean tell_format(const char *head, gsize n, Format *format, GError **error)
{
    char text[512];
    if (n >= 8 && memcmp(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8) == 0) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "an old .xls or .doc file; save it as .xlsx or CSV");
        return FALSE;
    }
    if (n == 0) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "empty file");
        return FALSE;
    }
    if (n >= 4 && memcmp(head, "PK\3\4", 4) == 0) {
        *format = FORMAT_ZIP;
        return TRUE;
    }
    /* What tells JSON from a table is ASCII in every encoding, between zero bytes in UTF-16. */
    gsize kept = 0;
    for (gsize i = 0; i < n && kept + 1 < sizeof text; i++)
        if (head[i] && !(i < 3 && (head[i] & 0x80)))
            text[kept++] = head[i];
    text[kept] = '\0';
    *format = looks_like_json(text) ? FORMAT_JSON : FORMAT_TABLE;
    return TRUE;
}

/* ---- tables ---- */

static gboolean next_raw(DjReader *reader, DjRow *row, gboolean *more, GError **error)
{
    return reader->xlsx ? dj_xlsx_next(reader->xlsx, row, more, error) : dj_csv_next(reader->csv, row, more, error);
}

enum { FORM_ROWS = 200 }; /* a form has 20 */

/* The whole sheet is a form: its needs become the rows, under titles of their own. */
static gboolean take_form(DjReader *reader, GPtrArray *rows, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (guint i = 0; i < reader->kept->len; i++)
        g_array_append_val(numbers, ((KeptRow *)reader->kept->pdata[i])->number);
    reader->form = dj_form_read(reader->options.form, rows, numbers);
    reader->columns = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < DJ_FORM_NEED_COLUMNS; i++)
        g_ptr_array_add(reader->columns, g_strdup(dj_form_need_titles[i]));
    if (*reader->form->enterprise[0])
        return TRUE;
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "the form has no 企业名称");
    return FALSE;
}

static void take_need(DjReader *reader, DjRow *row)
{
    const DjFormNeed *need = reader->form->needs->pdata[reader->next_need++];
    g_array_set_size(reader->cells, 0);
    for (int i = 0; i < DJ_FORM_NEED_COLUMNS; i++) {
        DjCell cell = {.text = need->cells[i], .length = strlen(need->cells[i])};
        g_array_append_val(reader->cells, cell);
    }
    *row = (DjRow){need->row, (const DjCell *)reader->cells->data, reader->cells->len, NULL};
}

/* Reads rows until the window is full and finds the header among them. */
static gboolean find_header(DjReader *reader, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    gboolean more = TRUE;
    gboolean form = FALSE;
    reader->kept = g_ptr_array_new_with_free_func(kept_free);
    while (reader->kept->len < (form ? FORM_ROWS : DJ_HEADER_WINDOW)) {
        DjRow row;
        if (!next_raw(reader, &row, &more, error))
            return FALSE;
        if (!more)
            break;
        if (row.n_cells == 0)
            continue;
        KeptRow *kept = g_new0(KeptRow, 1);
        *kept = (KeptRow){row.number, g_ptr_array_new_with_free_func(g_free), g_strdup(row.problem)};
        for (gsize i = 0; i < row.n_cells; i++) /* bytes that are not UTF-8 only spoil their own row */
            g_ptr_array_add(kept->texts, row.cells[i].text ? g_utf8_make_valid(row.cells[i].text, -1) : g_strdup(""));
        g_ptr_array_add(reader->kept, kept);
        g_ptr_array_add(rows, kept->texts);
        form = form || (reader->options.form && dj_form_is(reader->options.form, rows));
    }
    if (form)
        return take_form(reader, rows, error);
    if (rows->len == 0) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "no row with text in it");
        return FALSE;
    }
    DjHeader *header = dj_header_find(rows, &reader->options);
    reader->columns = g_ptr_array_ref(header->titles);
    reader->next_kept = header->first + header->n_rows;
    dj_header_free(header);
    return TRUE;
}

static void take_kept(DjReader *reader, DjRow *row)
{
    KeptRow *kept = reader->kept->pdata[reader->next_kept++];
    g_array_set_size(reader->cells, 0);
    for (guint i = 0; i < kept->texts->len; i++) {
        DjCell cell = {.text = kept->texts->pdata[i], .length = strlen(kept->texts->pdata[i])};
        g_array_append_val(reader->cells, cell);
    }
    *row = (DjRow){kept->number, (const DjCell *)reader->cells->data, reader->cells->len, kept->problem};
}

/* Cells behind the last title must be empty; else a delimiter too many has moved everything. */
static void check_width(DjReader *reader, DjRow *row)
{
    gsize n = row->n_cells;
    while (n > reader->columns->len && (!row->cells[n - 1].text || !*row->cells[n - 1].text))
        n--;
    if (n > reader->columns->len && !row->problem) {
        g_free(reader->problem);
        reader->problem = g_strdup_printf("这一行有 %" G_GSIZE_FORMAT " 格，比表头多 %" G_GSIZE_FORMAT
                                          " 格；请检查是否有单元格里的分隔符没有加引号",
                                          n, n - reader->columns->len);
        row->problem = reader->problem;
    }
    row->n_cells = n;
}

static gboolean next_in_table(DjReader *reader, DjRow *row, gboolean *more, GError **error)
{
    *more = TRUE;
    if (reader->form) {
        *more = reader->next_need < reader->form->needs->len;
        if (*more)
            take_need(reader, row);
        return TRUE;
    }
    if (reader->next_kept < reader->kept->len) {
        take_kept(reader, row);
    } else {
        do
            if (!next_raw(reader, row, more, error))
                return FALSE;
        while (*more && row->n_cells == 0);
    }
    if (*more)
        check_width(reader, row);
    return TRUE;
}

/* ---- parts ---- */

static DjSource *open_raw(DjReader *reader, GError **error)
{
    return reader->entry < 0 ? dj_source_open_file(reader->path, error)
                             : dj_zip_open_entry(reader->archive, (gsize)reader->entry, error);
}

static void close_part(DjReader *reader)
{
    g_clear_pointer(&reader->csv, dj_csv_close);
    g_clear_pointer(&reader->json, dj_json_close);
    g_clear_pointer(&reader->xlsx, dj_xlsx_close);
    g_clear_pointer(&reader->columns, g_ptr_array_unref);
    g_clear_pointer(&reader->kept, g_ptr_array_unref);
    g_clear_pointer(&reader->part_name, g_free);
    g_clear_pointer(&reader->form, dj_form_free);
    reader->next_need = reader->next_kept = 0;
    if (reader->extracted >= 0)
        close(reader->extracted);
    reader->extracted = -1;
}

static gboolean open_next_entry(DjReader *reader, gboolean *more, GError **error);

/* A ZIP file is a workbook or holds several files; one that stands in an archive must be a workbook. */
static gboolean open_zip(DjReader *reader, GError **error)
{
    g_autofree char *path = NULL;
    gboolean more;
    if (reader->entry >= 0) {
        reader->extracted = dj_zip_extract(reader->archive, (gsize)reader->entry, &path, error);
        if (reader->extracted < 0)
            return FALSE;
    }
    DjZip *zip = dj_zip_open(path ? path : reader->path, &reader->options, error);
    if (!zip)
        return FALSE;
    if (dj_xlsx_is_workbook(zip)) {
        reader->part++;
        reader->xlsx = dj_xlsx_open(zip, &reader->options, error);
        return reader->xlsx && find_header(reader, error);
    }
    if (reader->entry >= 0) {
        dj_zip_close(zip);
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "a ZIP file in a ZIP file that is no workbook");
        return FALSE;
    }
    reader->archive = zip;
    if (!open_next_entry(reader, &more, error))
        return FALSE;
    if (!more)
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "no table in it");
    return more;
}

static gboolean open_part(DjReader *reader, GError **error)
{
    char head[4096];
    Format format = FORMAT_TABLE;
    DjSource *raw = open_raw(reader, error);
    if (!raw)
        return FALSE;
    gssize n = read_head(raw, head, sizeof head, error);
    dj_source_close(raw);
    if (n < 0 || !tell_format(head, (gsize)n, &format, error))
        return FALSE;
    if (format == FORMAT_ZIP)
        return open_zip(reader, error);
    raw = open_raw(reader, error);
    if (!raw)
        return FALSE;
    reader->part++;
    DjSource *text = dj_source_open_text(raw);
    if (format == FORMAT_JSON) {
        reader->json = dj_json_open(text, &reader->options);
        reader->columns = g_ptr_array_ref(dj_json_names(reader->json));
        return TRUE;
    }
    reader->csv = dj_csv_open(text, &reader->options, error);
    return reader->csv && find_header(reader, error);
}

/* Folders, and files that programs leave behind, are passed over. */
static gboolean is_litter(const char *name)
{
    g_autofree char *base = g_path_get_basename(name);
    return g_str_has_suffix(name, "/") || g_str_has_prefix(name, "__MACOSX/") || *base == '.' ||
           g_str_has_prefix(base, "~$") || g_ascii_strcasecmp(base, "Thumbs.db") == 0 ||
           g_ascii_strcasecmp(base, "desktop.ini") == 0;
}

/* Letters and pictures that people send along with their tables. */
static gboolean is_document(const char *name)
{
    static const char *const kinds[] = {".doc",  ".docx", ".wps",  ".pdf", ".ofd", ".ppt", ".pptx", ".md",  ".htm",
                                        ".html", ".jpg",  ".jpeg", ".png", ".gif", ".bmp", ".tif",  ".tiff"};
    const char *dot = strrchr(name, '.');
    for (gsize i = 0; dot && i < G_N_ELEMENTS(kinds); i++)
        if (g_ascii_strcasecmp(dot, kinds[i]) == 0)
            return TRUE;
    return FALSE;
}

static gboolean open_next_entry(DjReader *reader, gboolean *more, GError **error)
{
    *more = FALSE;
    while (reader->next_entry < dj_zip_n_entries(reader->archive)) {
        reader->entry = (gssize)reader->next_entry++;
        g_autofree char *name = g_strdup(dj_zip_name(reader->archive, (gsize)reader->entry));
        if (is_litter(name))
            continue;
        if (is_document(name)) {
            g_ptr_array_add(reader->passed_over, g_steal_pointer(&name));
            continue;
        }
        close_part(reader);
        reader->part_name = g_steal_pointer(&name);
        *more = TRUE;
        if (open_part(reader, error))
            return TRUE;
        g_prefix_error(error, "%s: ", reader->part_name);
        return FALSE;
    }
    return TRUE;
}

/* ---- one face ---- */

DjReader *dj_reader_open(const char *path, const DjReaderOptions *options, GError **error)
{
    g_autoptr(DjReader) reader = g_new0(DjReader, 1);
    reader->path = g_strdup(path);
    reader->cells = g_array_new(FALSE, FALSE, sizeof(DjCell));
    reader->passed_over = g_ptr_array_new_with_free_func(g_free);
    reader->entry = reader->extracted = -1;
    if (options)
        reader->options = *options;
    return open_part(reader, error) ? g_steal_pointer(&reader) : NULL;
}

void dj_reader_close(DjReader *reader)
{
    if (!reader)
        return;
    close_part(reader);
    dj_zip_close(reader->archive);
    g_array_unref(reader->cells);
    g_ptr_array_unref(reader->passed_over);
    g_free(reader->format);
    g_free(reader->problem);
    g_free(reader->path);
    g_free(reader);
}

gboolean dj_reader_next(DjReader *reader, DjRow *row, gboolean *more, GError **error)
{
    for (;;) {
        gboolean ok =
            reader->json ? dj_json_next(reader->json, row, more, error) : next_in_table(reader, row, more, error);
        if (!ok || *more || !reader->archive)
            return ok;
        gboolean another;
        if (!open_next_entry(reader, &another, error))
            return FALSE;
        if (!another)
            return TRUE;
    }
}

const char *const *dj_reader_columns(DjReader *reader, gsize *n)
{
    *n = reader->columns->len;
    return (const char *const *)reader->columns->pdata;
}

guint dj_reader_part(DjReader *reader)
{
    return reader->part;
}

const char *dj_reader_part_name(DjReader *reader)
{
    return reader->part_name;
}

const GPtrArray *dj_reader_passed_over(DjReader *reader)
{
    return reader->passed_over;
}

const char *dj_reader_sheets(DjReader *reader)
{
    return reader->xlsx ? dj_xlsx_sheets(reader->xlsx) : NULL;
}

const DjForm *dj_reader_form(DjReader *reader)
{
    return reader->form;
}

static DjSource *text_source(DjReader *reader)
{
    return reader->json ? dj_json_source(reader->json) : dj_csv_source(reader->csv);
}

const char *dj_reader_format(DjReader *reader)
{
    g_free(reader->format);
    if (reader->xlsx) {
        reader->format = g_strdup_printf("XLSX, %s", dj_xlsx_sheet(reader->xlsx));
    } else {
        const char *name = !reader->csv ? "JSON" : dj_csv_delimiter(reader->csv) == '\t' ? "TSV" : "CSV";
        reader->format = g_strdup_printf("%s, %s", name, dj_source_encoding(text_source(reader)));
    }
    return reader->format;
}

void dj_reader_progress(DjReader *reader, gint64 *done, gint64 *total)
{
    if (reader->xlsx) {
        dj_xlsx_progress(reader->xlsx, done, total);
        return;
    }
    DjSource *source = text_source(reader);
    *done = source->position;
    *total = source->size;
}
