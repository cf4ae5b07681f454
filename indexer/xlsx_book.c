/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/xlsx_book.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024, STRINGS_IN_MEMORY = 64 * 1024 * 1024, DEFAULT_MAX_STRINGS = 4000000, MAX_STYLES = 65536 };
#define DEFAULT_MAX_STRING_BYTES (G_GUINT64_CONSTANT(512) << 20)

/* ---- XML ---- */

const char *dj_xml_local(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *dj_xml_attribute(const char **attributes, const char *name)
{
    for (; *attributes; attributes += 2)
        if (strcmp(dj_xml_local(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void XMLCALL refuse_doctype(void *parser, const XML_Char *name, const XML_Char *system,
                                   const XML_Char *public_id, int internal)
{
    (void)name, (void)system, (void)public_id, (void)internal;
    XML_StopParser(parser, XML_FALSE);
}

XML_Parser dj_xml_parser_new(void *user, XML_StartElementHandler start, XML_EndElementHandler end,
                             XML_CharacterDataHandler text)
{
    XML_Parser parser = XML_ParserCreate(NULL);
    if (!parser)
        g_error("no memory for a parser"); /* as GLib ends a program */
    XML_SetUserData(parser, user);
    XML_UseParserAsHandlerArg(parser);
    XML_SetElementHandler(parser, start, end);
    XML_SetCharacterDataHandler(parser, text);
    XML_SetStartDoctypeDeclHandler(parser, refuse_doctype);
    return parser;
}

gboolean dj_xml_fail(XML_Parser parser, const char *entry, GError **error)
{
    enum XML_Error code = XML_GetErrorCode(parser);
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: line %lu: %s", entry, XML_GetCurrentLineNumber(parser),
                code == XML_ERROR_ABORTED ? "refused: a document type declaration, or larger than allowed"
                                          : XML_ErrorString(code));
    return FALSE;
}

gssize dj_xml_read(XML_Parser parser, DjSource *source, const char *entry, GError **error)
{
    void *buffer = XML_GetBuffer(parser, CHUNK);
    if (!buffer) {
        dj_xml_fail(parser, entry, error);
        return -1;
    }
    return dj_source_read(source, buffer, CHUNK, error);
}

/* Runs a whole entry through a parser, which is freed. */
static gboolean parse_entry(DjZip *zip, gsize index, XML_Parser parser, GError **error)
{
    g_autofree char *name = g_strdup(dj_zip_name(zip, index));
    g_autoptr(DjSource) source = dj_zip_open_entry(zip, index, error);
    gboolean ok = source != NULL;
    gssize got = 1;
    while (ok && got > 0) {
        got = dj_xml_read(parser, source, name, error);
        ok = got >= 0 &&
             (XML_ParseBuffer(parser, (int)got, got == 0) == XML_STATUS_OK || dj_xml_fail(parser, name, error));
    }
    XML_ParserFree(parser);
    return ok;
}

/* ---- workbook: sheets ---- */

typedef struct {
    const char *wanted; /* name of the sheet, NULL = the first that is not hidden */
    char *sheet, *relation, *target;
    GString *titles; /* of the sheets that are not hidden */
    gboolean from_1904;
} SheetSearch;

static void XMLCALL workbook_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    SheetSearch *search = XML_GetUserData(parser);
    if (strcmp(dj_xml_local(name), "workbookPr") == 0) {
        const char *date1904 = dj_xml_attribute(attributes, "date1904");
        search->from_1904 = date1904 && (strcmp(date1904, "1") == 0 || strcmp(date1904, "true") == 0);
    }
    if (strcmp(dj_xml_local(name), "sheet") != 0)
        return;
    const char *title = NULL, *relation = NULL, *state = dj_xml_attribute(attributes, "state");
    for (const char **a = attributes; *a; a += 2) {
        if (strcmp(a[0], "name") == 0)
            title = a[1];
        else if (strcmp(dj_xml_local(a[0]), "id") == 0 && strchr(a[0], ':')) /* r:id, not sheetId */
            relation = a[1];
    }
    gboolean visible = !state || strcmp(state, "visible") == 0;
    if (visible && title)
        g_string_append_printf(search->titles, "%s%s", search->titles->len ? ", " : "", title);
    gboolean fits = search->wanted ? g_strcmp0(title, search->wanted) == 0 : visible;
    if (fits && title && relation && !search->sheet) {
        search->sheet = g_strdup(title);
        search->relation = g_strdup(relation);
    }
}

static void XMLCALL relations_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    SheetSearch *search = XML_GetUserData(parser);
    const char *id = dj_xml_attribute(attributes, "Id"), *target = dj_xml_attribute(attributes, "Target");
    if (strcmp(dj_xml_local(name), "Relationship") == 0 && target && g_strcmp0(id, search->relation) == 0 &&
        !search->target)
        search->target = g_strdup(target);
}

static gboolean find_sheet(DjXlsxBook *book, DjZip *zip, SheetSearch *search, GError **error)
{
    gssize workbook = dj_zip_find(zip, "xl/workbook.xml"), relations = dj_zip_find(zip, "xl/_rels/workbook.xml.rels");
    if (workbook < 0 || relations < 0) {
        g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "not a complete XLSX file");
        return FALSE;
    }
    if (!parse_entry(zip, (gsize)workbook, dj_xml_parser_new(search, workbook_start, NULL, NULL), error))
        return FALSE;
    if (!search->sheet) {
        if (search->wanted && search->titles->len)
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "no sheet %s; the sheets are %s", search->wanted,
                        search->titles->str);
        else
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "no sheet that can be read");
        return FALSE;
    }
    if (!parse_entry(zip, (gsize)relations, dj_xml_parser_new(search, relations_start, NULL, NULL), error))
        return FALSE;
    const char *target = search->target ? search->target : "";
    book->sheet_path = *target == '/' ? g_strdup(target + 1) : g_strconcat("xl/", target, NULL);
    book->sheet = g_steal_pointer(&search->sheet);
    book->from_1904 = search->from_1904;
    return TRUE;
}

/* ---- number formats ---- */

DjCellFormat dj_xlsx_classify_format(const char *code)
{
    gboolean year_or_day = FALSE, month = FALSE, hour = FALSE, percent = FALSE;
    for (const char *p = code; *p; p++) {
        if (*p == '"') {
            const char *close = strchr(p + 1, '"');
            p = close ? close : p + strlen(p) - 1;
        } else if (*p == '[') {
            const char *close = strchr(p, ']');
            hour = hour || (close && (p[1] == 'h' || p[1] == 'H'));
            p = close ? close : p;
        } else if ((*p == '\\' || *p == '_' || *p == '*') && p[1]) {
            p++;
        } else if (*p == ';') {
            break; /* further sections are for negative numbers, zero and text */
        } else if (strchr("yYdDeE", *p)) {
            year_or_day = year_or_day || (*p != 'e' && *p != 'E');
        } else if (*p == 'm' || *p == 'M') {
            month = TRUE;
        } else if (strchr("hHsS", *p)) {
            hour = TRUE;
        } else if (*p == '%') {
            percent = TRUE;
        }
    }
    if (g_ascii_strcasecmp(code, "general") == 0)
        return DJ_CELL_NUMBER;
    if (year_or_day)
        return hour ? DJ_CELL_DATE_TIME : DJ_CELL_DATE;
    if (hour)
        return DJ_CELL_TIME;
    if (month)
        return DJ_CELL_DATE;
    return percent ? DJ_CELL_PERCENT : DJ_CELL_NUMBER;
}

/* The formats that have a number and no code in the file (ECMA-376 part 1, 18.8.30, and the East Asian ones). */
static DjCellFormat builtin_format(guint id)
{
    if (id == 9 || id == 10)
        return DJ_CELL_PERCENT;
    if (id == 22)
        return DJ_CELL_DATE_TIME;
    if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47) || (id >= 32 && id <= 35) || id == 55 || id == 56)
        return DJ_CELL_TIME;
    if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id == 36 || (id >= 50 && id <= 58))
        return DJ_CELL_DATE;
    return DJ_CELL_NUMBER;
}

typedef struct {
    GHashTable *codes; /* number format id -> DjCellFormat + 1 */
    GArray *formats;
    gboolean in_cell_formats;
} StyleReader;

static void XMLCALL styles_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    StyleReader *reader = XML_GetUserData(parser);
    const char *local = dj_xml_local(name), *id = dj_xml_attribute(attributes, "numFmtId");
    if (strcmp(local, "cellXfs") == 0) {
        reader->in_cell_formats = TRUE;
    } else if (strcmp(local, "numFmt") == 0 && id) {
        const char *code = dj_xml_attribute(attributes, "formatCode");
        g_hash_table_insert(reader->codes, GUINT_TO_POINTER(strtoul(id, NULL, 10)),
                            GUINT_TO_POINTER(dj_xlsx_classify_format(code ? code : "") + 1));
    } else if (strcmp(local, "xf") == 0 && reader->in_cell_formats && reader->formats->len < MAX_STYLES) {
        guint number = id ? (guint)strtoul(id, NULL, 10) : 0;
        guint known = GPOINTER_TO_UINT(g_hash_table_lookup(reader->codes, GUINT_TO_POINTER(number)));
        DjCellFormat format = known ? (DjCellFormat)(known - 1) : builtin_format(number);
        g_array_append_val(reader->formats, format);
    }
}

static void XMLCALL styles_end(void *parser, const XML_Char *name)
{
    StyleReader *reader = XML_GetUserData(parser);
    if (strcmp(dj_xml_local(name), "cellXfs") == 0)
        reader->in_cell_formats = FALSE;
}

static gboolean read_styles(DjXlsxBook *book, DjZip *zip, GError **error)
{
    gssize entry = dj_zip_find(zip, "xl/styles.xml");
    g_autoptr(GHashTable) codes = g_hash_table_new(g_direct_hash, g_direct_equal);
    StyleReader reader = {codes, book->formats, FALSE};
    return entry < 0 ||
           parse_entry(zip, (gsize)entry, dj_xml_parser_new(&reader, styles_start, styles_end, NULL), error);
}

/* ---- shared strings ---- */

struct DjSharedStrings {
    GArray *ends;    /* of guint64: end of string i among all bytes */
    GString *memory; /* the first bytes */
    int fd;          /* file of the bytes behind them, -1 = none */
    guint64 total, max_bytes;
    guint max_strings;
    GString *current; /* while reading */
    int in_text, in_phonetic;
    GError *error;
};

static gboolean spill(DjSharedStrings *strings, const char *bytes, gsize length)
{
    if (strings->fd < 0) {
        g_autofree char *name = NULL;
        strings->fd = g_file_open_tmp("duijie-XXXXXX", &name, &strings->error);
        if (strings->fd < 0)
            return FALSE;
        g_unlink(name);
    }
    for (gsize done = 0; done < length;) {
        gssize n = write(strings->fd, bytes + done, length - done);
        if (n < 0 && errno != EINTR) {
            g_set_error(&strings->error, DJ_READ_ERROR, DJ_READ_ERROR_LIMIT, "temporary file: %s", g_strerror(errno));
            return FALSE;
        }
        done += (gsize)MAX(n, 0);
    }
    return TRUE;
}

static void XMLCALL strings_start(void *parser, const XML_Char *name, const XML_Char **attributes)
{
    DjSharedStrings *strings = XML_GetUserData(parser);
    const char *local = dj_xml_local(name);
    (void)attributes;
    if (strcmp(local, "si") == 0)
        g_string_truncate(strings->current, 0);
    else if (strcmp(local, "t") == 0)
        strings->in_text++;
    else if (strcmp(local, "rPh") == 0)
        strings->in_phonetic++;
}

static void XMLCALL strings_end(void *parser, const XML_Char *name)
{
    DjSharedStrings *strings = XML_GetUserData(parser);
    const char *local = dj_xml_local(name);
    if (strcmp(local, "t") == 0)
        strings->in_text--;
    else if (strcmp(local, "rPh") == 0)
        strings->in_phonetic--;
    if (strcmp(local, "si") != 0)
        return;
    gsize length = strings->current->len;
    if (strings->ends->len >= strings->max_strings || strings->total + length > strings->max_bytes) {
        XML_StopParser(parser, XML_FALSE);
        return;
    }
    /* All bytes of a string stand on one side. */
    if (strings->fd < 0 && strings->memory->len + length <= STRINGS_IN_MEMORY)
        g_string_append_len(strings->memory, strings->current->str, (gssize)length);
    else if (!spill(strings, strings->current->str, length))
        XML_StopParser(parser, XML_FALSE);
    strings->total += length;
    g_array_append_val(strings->ends, strings->total);
}

static void XMLCALL strings_text(void *parser, const XML_Char *text, int length)
{
    DjSharedStrings *strings = XML_GetUserData(parser);
    if (strings->in_text > 0 && strings->in_phonetic == 0) {
        if (strings->current->len + (gsize)length > strings->max_bytes)
            XML_StopParser(parser, XML_FALSE);
        else
            g_string_append_len(strings->current, text, length);
    }
}

static gboolean read_strings(DjXlsxBook *book, DjZip *zip, const DjReaderOptions *options, GError **error)
{
    gssize entry = dj_zip_find(zip, "xl/sharedStrings.xml");
    if (entry < 0)
        return TRUE;
    DjSharedStrings *strings = g_new0(DjSharedStrings, 1);
    book->strings = strings;
    strings->ends = g_array_new(FALSE, FALSE, sizeof(guint64));
    strings->memory = g_string_new(NULL);
    strings->current = g_string_new(NULL);
    strings->fd = -1;
    strings->max_strings = options->max_strings ? options->max_strings : DEFAULT_MAX_STRINGS;
    strings->max_bytes = options->max_string_bytes ? options->max_string_bytes : DEFAULT_MAX_STRING_BYTES;
    if (parse_entry(zip, (gsize)entry, dj_xml_parser_new(strings, strings_start, strings_end, strings_text), error))
        return TRUE;
    if (strings->error && error) {
        g_clear_error(error);
        g_propagate_error(error, g_steal_pointer(&strings->error));
    }
    return FALSE;
}

gboolean dj_shared_strings_get(const DjSharedStrings *strings, guint64 i, GString *out)
{
    if (!strings || i >= strings->ends->len)
        return FALSE;
    guint64 end = g_array_index(strings->ends, guint64, i),
            begin = i ? g_array_index(strings->ends, guint64, i - 1) : 0;
    gsize length = (gsize)(end - begin);
    if (end <= strings->memory->len) {
        g_string_append_len(out, strings->memory->str + begin, (gssize)length);
        return TRUE;
    }
    gsize at = out->len;
    g_string_set_size(out, at + length);
    for (gsize done = 0; done < length;) {
        gssize n =
            pread(strings->fd, out->str + at + done, length - done, (off_t)(begin - strings->memory->len + done));
        if (n <= 0 && errno != EINTR)
            return FALSE;
        done += (gsize)MAX(n, 0);
    }
    return TRUE;
}

/* ---- the book ---- */

gboolean dj_xlsx_book_read(DjXlsxBook *book, DjZip *zip, const DjReaderOptions *options, GError **error)
{
    SheetSearch search = {.wanted = options->sheet, .titles = g_string_new(NULL)};
    book->formats = g_array_new(FALSE, FALSE, sizeof(DjCellFormat));
    gboolean ok = find_sheet(book, zip, &search, error) && read_styles(book, zip, error) &&
                  read_strings(book, zip, options, error);
    g_free(search.sheet);
    g_free(search.relation);
    g_free(search.target);
    book->sheets = g_string_free(search.titles, FALSE);
    return ok;
}

void dj_xlsx_book_clear(DjXlsxBook *book)
{
    g_clear_pointer(&book->sheet, g_free);
    g_clear_pointer(&book->sheet_path, g_free);
    g_clear_pointer(&book->sheets, g_free);
    g_clear_pointer(&book->formats, g_array_unref);
    DjSharedStrings *strings = g_steal_pointer(&book->strings);
    if (!strings)
        return;
    g_array_unref(strings->ends);
    g_string_free(strings->memory, TRUE);
    g_string_free(strings->current, TRUE);
    g_clear_error(&strings->error);
    if (strings->fd >= 0)
        close(strings->fd);
    g_free(strings);
}
