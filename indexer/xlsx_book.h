/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands around the sheets of an XLSX file: which sheets there are, number formats, shared strings. For xlsx.c. */
#pragma once
#include "indexer/zip.h"
#include <expat.h>

typedef enum { DJ_CELL_NUMBER, DJ_CELL_DATE, DJ_CELL_TIME, DJ_CELL_DATE_TIME, DJ_CELL_PERCENT } DjCellFormat;

typedef struct DjSharedStrings DjSharedStrings;

typedef struct {
    char *sheet, *sheet_path; /* name of the sheet chosen, and of its file in the ZIP */
    char *sheets;             /* names of all that are not hidden, for messages */
    gboolean from_1904;       /* days are counted from 1904-01-01 */
    GArray *formats;          /* of DjCellFormat, by style index */
    DjSharedStrings *strings; /* NULL: the file has none */
} DjXlsxBook;

gboolean dj_xlsx_book_read(DjXlsxBook *book, DjZip *zip, const DjReaderOptions *options, GError **error);
void dj_xlsx_book_clear(DjXlsxBook *book);

/* Appends string i to out; FALSE when there is none. */
gboolean dj_shared_strings_get(const DjSharedStrings *strings, guint64 i, GString *out);

/* What a number format code such as yyyy"年"m"月"d"日" or 0.00% shows. */
DjCellFormat dj_xlsx_classify_format(const char *code);

/* A parser whose handlers get the parser as their first argument (XML_GetUserData gives user) and which stops at a
 * document type declaration: entities are how a small XML file becomes a large one. */
XML_Parser dj_xml_parser_new(void *user, XML_StartElementHandler start, XML_EndElementHandler end,
                             XML_CharacterDataHandler text);
/* Sets error from the state of a parser that failed; always FALSE. */
gboolean dj_xml_fail(XML_Parser parser, const char *entry, GError **error);
/* Reads the next piece of an entry into the parser's buffer, for XML_ParseBuffer. Bytes, 0 at the end, -1 = failed,
 * also for want of memory. */
gssize dj_xml_read(XML_Parser parser, DjSource *source, const char *entry, GError **error);
/* Local part of a qualified name: "x:row" is "row". */
const char *dj_xml_local(const char *name);
/* Value of an attribute by local name, NULL when there is none. */
const char *dj_xml_attribute(const char **attributes, const char *name);
