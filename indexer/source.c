/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The encoding is decided at the first byte that is not ASCII, on the 64 KiB that follow it, because the first page of
 * a list is often ASCII (numbers and codes) and says nothing. */
#include "indexer/source.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SAMPLE_BYTES = 64 * 1024 };

gssize dj_source_read(DjSource *source, char *buffer, gsize n, GError **error)
{
    return source->read(source, buffer, n, error);
}

void dj_source_close(DjSource *source)
{
    if (source)
        source->close(source);
}

/* ---- files ---- */

typedef struct {
    DjSource base;
    int fd;
    char *name;
} FileSource;

static gssize read_file(DjSource *source, char *buffer, gsize n, GError **error)
{
    FileSource *file = (FileSource *)source;
    gssize got;
    do
        got = read(file->fd, buffer, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", file->name, g_strerror(errno));
    else
        source->position += got;
    return got;
}

static void close_file(DjSource *source)
{
    FileSource *file = (FileSource *)source;
    close(file->fd);
    g_free(file->name);
    g_free(file);
}

DjSource *dj_source_open_file(const char *path, GError **error)
{
    struct stat info;
    int fd = g_open(path, O_RDONLY | O_CLOEXEC, 0);
    if (fd >= 0 && fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
        close(fd);
        fd = -1;
        errno = EISDIR;
    }
    if (fd < 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
        return NULL;
    }
    FileSource *file = g_new0(FileSource, 1);
    file->base.read = read_file;
    file->base.close = close_file;
    file->base.size = S_ISREG(info.st_mode) ? info.st_size : 0;
    file->fd = fd;
    file->name = g_path_get_basename(path);
    return &file->base;
}

/* ---- bytes ---- */

typedef struct {
    DjSource base;
    const char *bytes;
} ByteSource;

static gssize read_bytes(DjSource *source, char *buffer, gsize n, GError **error)
{
    (void)error;
    gsize left = (gsize)(source->size - source->position);
    n = MIN(n, left);
    if (n)
        memcpy(buffer, ((ByteSource *)source)->bytes + source->position, n);
    source->position += (gint64)n;
    return (gssize)n;
}

static void close_bytes(DjSource *source)
{
    g_free(source);
}

DjSource *dj_source_open_bytes(const char *bytes, gsize length)
{
    ByteSource *source = g_new0(ByteSource, 1);
    source->base.read = read_bytes;
    source->base.close = close_bytes;
    source->base.size = (gint64)length;
    source->bytes = bytes;
    return &source->base;
}

/* ---- text ---- */

typedef enum { UNDECIDED, AS_UTF8, AS_CONVERTED } TextMode;

typedef struct {
    DjSource base;
    DjSource *raw;
    TextMode mode;
    const char *encoding;
    GIConv converter; /* (GIConv)-1 unless AS_CONVERTED */
    gsize begin, end; /* bytes read and not yet handed out: [begin, end) of head */
    gboolean at_end;
    char spare[16]; /* converted bytes for which the caller had no room: [spare_begin, spare_end) */
    gsize spare_begin, spare_end;
    char head[SAMPLE_BYTES];
} TextSource;

/* Fills head up. FALSE on error. */
static gboolean fill_head(TextSource *text, GError **error)
{
    memmove(text->head, text->head + text->begin, text->end - text->begin);
    text->end -= text->begin;
    text->begin = 0;
    while (text->end < sizeof text->head && !text->at_end) {
        gssize got = dj_source_read(text->raw, text->head + text->end, sizeof text->head - text->end, error);
        if (got < 0)
            return FALSE;
        text->at_end = got == 0;
        text->end += (gsize)got;
    }
    text->base.position = text->raw->position;
    return TRUE;
}

static gsize ascii_length(const char *bytes, gsize n)
{
    gsize i = 0;
    while (i < n && !(bytes[i] & 0x80))
        i++;
    return i;
}

/* Does the sample read as GB18030 text of ideographs and full-width signs only? Decides for bytes that happen to be
 * UTF-8 as well: two-byte sequences, which in UTF-8 are Latin, Greek or Cyrillic letters. */
static gboolean reads_as_chinese(const char *bytes, gsize n)
{
    gsize read = 0;
    g_autofree char *utf8 = g_convert(bytes, (gssize)n, "UTF-8", "GB18030", &read, NULL, NULL);
    if (!utf8)
        return FALSE;
    for (const char *p = utf8; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c >= 0x80 && !(c >= 0x2000 && c <= 0x9FFF) && !(c >= 0xFF00 && c <= 0xFFEF) && c != 0xB7)
            return FALSE;
    }
    return TRUE;
}

/* Length of the well-formed UTF-8 character at p, 0 where there is none. */
static gsize utf8_length(const char *p, const char *end)
{
    gunichar c = g_utf8_get_char_validated(p, end - p);
    return c >= (gunichar)-2 ? 0 : (gsize)g_unichar_to_utf8(c, NULL);
}

/* Real GB18030 text has hardly any bytes that happen to form UTF-8 characters, and real UTF-8 text with a damaged byte
 * hardly any that do not: the majority decides. Where all of it is UTF-8 in two-byte characters (Latin, Greek,
 * Cyrillic letters), a whole file may still be a few ideographs in GB18030: then they stand in groups. */
static gboolean looks_like_gb18030(const char *bytes, gsize n, gboolean whole)
{
    gsize good = 0, bad = 0, longest = 0, run = 0;
    gboolean wide = FALSE;
    for (const char *p = bytes, *end = bytes + n; p < end;) {
        gsize length = utf8_length(p, end);
        wide = wide || length > 2;
        run = *p & 0x80 ? run + MAX(length, 1) : 0;
        longest = MAX(longest, run);
        if (length == 0)
            bad++;
        else if (length > 1)
            good += length;
        p += MAX(length, 1);
    }
    if (bad > good)
        return TRUE;
    return whole && !wide && longest >= 4 && reads_as_chinese(bytes, n);
}

static gboolean decide(TextSource *text, const char *encoding, TextMode mode)
{
    text->encoding = encoding;
    text->mode = mode;
    if (mode == AS_CONVERTED)
        text->converter = g_iconv_open("UTF-8", encoding);
    return mode != AS_CONVERTED || text->converter != (GIConv)-1;
}

/* Looks at a filled head; returns how many of its bytes are ASCII and may go out before the decision. */
static gsize examine(TextSource *text, gboolean at_start)
{
    const char *head = text->head;
    gsize n = text->end;
    if (at_start && n >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0) {
        text->begin = 3;
        decide(text, "UTF-8", AS_UTF8);
        return 0;
    }
    if (at_start && n >= 2 && (memcmp(head, "\xFF\xFE", 2) == 0 || memcmp(head, "\xFE\xFF", 2) == 0)) {
        decide(text, "UTF-16", AS_CONVERTED); /* iconv reads the mark and drops it */
        return 0;
    }
    gsize ascii = ascii_length(head, n);
    if (ascii == 0 && n > 0) {
        if (looks_like_gb18030(head, n, text->at_end))
            decide(text, "GB18030", AS_CONVERTED);
        else
            decide(text, "UTF-8", AS_UTF8);
    }
    return ascii;
}

static gssize hand_out(TextSource *text, char *buffer, gsize n, gsize limit)
{
    n = MIN(n, MIN(limit, text->end - text->begin));
    memcpy(buffer, text->head + text->begin, n);
    text->begin += n;
    return (gssize)n;
}

/* n is room for a character at least. */
static gssize convert_some(TextSource *text, char *buffer, gsize n, GError **error)
{
    for (;;) {
        if (text->end - text->begin < 8 && !text->at_end && !fill_head(text, error))
            return -1;
        if (text->begin == text->end)
            return 0;
        char *in = text->head + text->begin, *out = buffer;
        gsize in_left = text->end - text->begin, out_left = n;
        gsize done = g_iconv(text->converter, &in, &in_left, &out, &out_left);
        int problem = done == (gsize)-1 ? errno : 0;
        text->begin = text->end - in_left;
        /* A sequence that is wrong, or cut off by the end of the file, becomes one byte that is never UTF-8. */
        if ((problem == EILSEQ || (problem == EINVAL && text->at_end)) && out_left > 0) {
            *out++ = (char)0xFF;
            text->begin += problem == EILSEQ ? 1 : in_left;
        } else if (problem == EINVAL && out == buffer && !fill_head(text, error)) {
            return -1;
        }
        if (out > buffer)
            return out - buffer;
    }
}

static gssize convert(TextSource *text, char *buffer, gsize n, GError **error)
{
    if (text->spare_begin == text->spare_end) {
        if (n >= sizeof text->spare)
            return convert_some(text, buffer, n, error);
        gssize got = convert_some(text, text->spare, sizeof text->spare, error);
        if (got < 0)
            return -1;
        text->spare_begin = 0;
        text->spare_end = (gsize)got;
    }
    n = MIN(n, text->spare_end - text->spare_begin);
    memcpy(buffer, text->spare + text->spare_begin, n);
    text->spare_begin += n;
    return (gssize)n;
}

static gssize read_text(DjSource *source, char *buffer, gsize n, GError **error)
{
    TextSource *text = (TextSource *)source;
    if (text->mode == UNDECIDED) {
        gboolean at_start = text->base.position == 0;
        if (!fill_head(text, error))
            return -1;
        gsize ascii = examine(text, at_start);
        if (ascii > 0 || text->end == 0)
            return hand_out(text, buffer, n, ascii);
    }
    if (text->mode == AS_CONVERTED)
        return convert(text, buffer, n, error);
    if (text->begin < text->end)
        return hand_out(text, buffer, n, G_MAXSIZE);
    gssize got = text->at_end ? 0 : dj_source_read(text->raw, buffer, n, error);
    text->base.position = text->raw->position;
    return got;
}

static void close_text(DjSource *source)
{
    TextSource *text = (TextSource *)source;
    if (text->converter != (GIConv)-1)
        g_iconv_close(text->converter);
    dj_source_close(text->raw);
    g_free(text);
}

DjSource *dj_source_open_text(DjSource *raw)
{
    TextSource *text = g_new0(TextSource, 1);
    text->base.read = read_text;
    text->base.close = close_text;
    text->base.size = raw->size;
    text->raw = raw;
    text->encoding = "ASCII";
    text->converter = (GIConv)-1;
    return &text->base;
}

const char *dj_source_encoding(DjSource *source)
{
    return ((TextSource *)source)->encoding;
}
