/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pack: named sections of bytes in one file or blob, for what a generation and a model keep beside the term matrix.
 *
 *     0   "DJPACK01"          8
 *     8   kind                16  zero-padded text, such as "corpus"
 *    24   total size          8   little endian, as all numbers
 *    32   number of sections  8
 *    40   checksum            8   of the section table
 *    48   (unused, zero)      16
 *    64   section table       48 each: name 24, offset 8, length 8, checksum 8
 *         sections            each on a multiple of 64
 *
 * Opening checks the table and that every section lies inside; contents are checked by dj_pack_verify (and by whoever
 * reads them: nothing in a pack is trusted). A string table section group maps strings to numbers and back. */
#pragma once
#include <glib.h>

typedef struct {
    GBytes *bytes;
    const guint8 *base;
    gsize size;
    gsize n_sections;
} DjPack;

#define DJ_PACK_ERROR (dj_pack_error_quark())
GQuark dj_pack_error_quark(void);
typedef enum { DJ_PACK_ERROR_DAMAGED } DjPackError;

/* ---- writing ---- */

typedef struct DjPackWriter DjPackWriter;
DjPackWriter *dj_pack_writer_new(const char *kind);
/* Copies; length may be 0. Names are unique, at most 23 bytes. */
void dj_pack_writer_add(DjPackWriter *writer, const char *name, gconstpointer data, gsize length);
/* Frees the writer. The same sections give the same bytes. */
GBytes *dj_pack_writer_finish(DjPackWriter *writer);

/* ---- reading ---- */

/* Takes a reference on bytes. */
gboolean dj_pack_open(DjPack *pack, GBytes *bytes, const char *kind, GError **error);
void dj_pack_close(DjPack *pack);
/* NULL with an error when there is no such section or its length is no multiple of `unit`. */
gconstpointer dj_pack_section(const DjPack *pack, const char *name, gsize unit, gsize *n_units, GError **error);
/* Compares the checksum of every section. */
gboolean dj_pack_verify(const DjPack *pack, GError **error);

/* ---- string tables: sections NAME.off, NAME.txt, NAME.map ---- */

typedef struct {
    guint32 n;
    const guint64 *offset; /* n + 1, into text */
    const char *text;
    const guint32 *map; /* open addressing, G_MAXUINT32 = empty */
    guint32 mask;
} DjStrings;

/* Adds a table of n strings, not zero-terminated: string i is text[offset[i] .. offset[i + 1]). Strings are distinct.
 */
void dj_pack_writer_add_strings(DjPackWriter *writer, const char *name, const guint64 *offset, const char *text,
                                guint32 n);
gboolean dj_pack_strings(const DjPack *pack, const char *name, DjStrings *out, GError **error);
#define DJ_STRINGS_NONE G_MAXUINT32
guint32 dj_strings_find(const DjStrings *strings, const char *bytes, gsize length);
static inline const char *dj_strings_get(const DjStrings *strings, guint32 i, gsize *length)
{
    *length = (gsize)(strings->offset[i + 1] - strings->offset[i]);
    return strings->text + strings->offset[i];
}
