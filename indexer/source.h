/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Byte sources: where the bytes of an input come from, and what encoding they are in. Memory does not grow with the
 * input. A source belongs to one thread. Errors are of G_FILE_ERROR or DJ_READ_ERROR (reader.h). */
#pragma once
#include <glib.h>

typedef struct DjSource DjSource;
struct DjSource {
    /* Reads at most n bytes (n > 0): how many, 0 at the end, -1 with error. */
    gssize (*read)(DjSource *source, char *buffer, gsize n, GError **error);
    void (*close)(DjSource *source); /* frees everything */
    gint64 position, size;           /* bytes consumed from the file and its size, for progress; size 0 = not known */
};

gssize dj_source_read(DjSource *source, char *buffer, gsize n, GError **error);
void dj_source_close(DjSource *source); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjSource, dj_source_close)

DjSource *dj_source_open_file(const char *path, GError **error);
/* The bytes must outlive the source. */
DjSource *dj_source_open_bytes(const char *bytes, gsize length);

/* Text in UTF-8, from a raw source in UTF-8, GB18030 (and so GBK, GB 2312) or UTF-16 with a byte order mark. Owns raw.
 * A byte order mark is dropped. GB18030 is assumed where the text, from its first byte that is not ASCII on, is not
 * UTF-8; bytes that have no meaning come out as 0xFF, which no reader of UTF-8 lets pass, so that the row at fault can
 * be named. */
DjSource *dj_source_open_text(DjSource *raw);
/* "UTF-8", "GB18030", "UTF-16"; "ASCII" while nothing else was read. The source must be from dj_source_open_text. */
const char *dj_source_encoding(DjSource *source);
