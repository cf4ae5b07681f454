/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Workbooks: any bytes -> rows. An input is a ZIP file, or (first byte not 'P') the XML of sheet, shared strings and
 * styles with a NUL between, which are put into a ZIP file: damage to packed bytes seldom gets past inflating. */
#include "tests/fuzz/rows.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

enum { MAX_ROW_BYTES = 4096, MAX_COLUMNS = 64, MAX_EXPANDED = 1 << 20, MAX_STRINGS = 1000, MAX_STRING_BYTES = 1 << 16 };

unsigned long fuzz_accepted;

/* New bytes, g_free. */
static guint8 *book_of(const uint8_t *data, size_t size, gsize *length)
{
    if (size > 0 && data[0] == 'P') {
        *length = size;
        return g_memdup2(data, size);
    }
    static const char *const fixed[][2] = {
        {"[Content_Types].xml", "<Types/>"},
        {"xl/workbook.xml", "<workbook xmlns:r=\"x\"><sheets><sheet name=\"表\" sheetId=\"1\" r:id=\"r1\"/></sheets>"
                            "</workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/a.xml\"/></Relationships>"},
    };
    static const char *const given[] = {"xl/worksheets/a.xml", "xl/sharedStrings.xml", "xl/styles.xml"};
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(whole);
    zip_t *zip = zip_open_from_source(whole, ZIP_TRUNCATE, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(fixed); i++)
        zip_file_add(zip, fixed[i][0], zip_source_buffer(zip, fixed[i][1], strlen(fixed[i][1]), 0), 0);
    for (gsize i = 0; i < G_N_ELEMENTS(given); i++) {
        const uint8_t *end = size > 0 ? memchr(data, 0, size) : NULL;
        gsize part = end ? (gsize)(end - data) : size;
        zip_int64_t at = zip_file_add(zip, given[i], zip_source_buffer(zip, data, part, 0), 0);
        zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0);
        data += part + (end != NULL);
        size -= part + (end != NULL);
    }
    FUZZ_PROMISE(zip_close(zip) == 0);
    zip_stat_t info;
    FUZZ_PROMISE(zip_source_stat(whole, &info) == 0 && zip_source_open(whole) == 0);
    guint8 *book = g_malloc(info.size);
    FUZZ_PROMISE(zip_source_read(whole, book, info.size) == (zip_int64_t)info.size);
    zip_source_close(whole);
    zip_source_free(whole);
    *length = info.size;
    return book;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gsize length;
    g_autofree guint8 *book = book_of(data, size, &length);
    int fd = memfd_create("book", MFD_CLOEXEC);
    FUZZ_PROMISE(fd >= 0 && write(fd, book, length) == (gssize)length);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    const DjReaderOptions options = {
        .max_row_bytes = MAX_ROW_BYTES,
        .max_columns = MAX_COLUMNS,
        .max_expanded = MAX_EXPANDED,
        .max_strings = MAX_STRINGS,
        .max_string_bytes = MAX_STRING_BYTES,
    };
    g_autoptr(GError) error = NULL;
    DjReader *reader = dj_reader_open(path, &options, &error);
    FUZZ_PROMISE((reader == NULL) == (error != NULL));
    gboolean more = reader != NULL;
    while (more) {
        DjRow row = {0};
        if (!dj_reader_next(reader, &row, &more, &error)) {
            FUZZ_PROMISE(error != NULL);
            break;
        }
        if (more)
            fuzz_look_at_row(&row, MAX_COLUMNS);
    }
    fuzz_accepted += error == NULL;
    dj_reader_close(reader);
    close(fd);
    return 0;
}
