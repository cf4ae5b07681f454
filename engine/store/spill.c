/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/spill.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { WINDOW = 256 * 1024 };

struct DjSpill {
    int fd;
    gint64 flushed; /* bytes in the file; the rest is in pending */
    GString *pending;
    GString *window; /* bytes of the file at window_at */
    gint64 window_at;
    GString *aside; /* bytes from elsewhere */
};

static gboolean fail(GError **error)
{
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "temporary file: %s", g_strerror(errno));
    return FALSE;
}

DjSpill *dj_spill_new(GError **error)
{
    g_autofree char *name = NULL;
    int fd = g_file_open_tmp("duijie-XXXXXX", &name, error);
    if (fd < 0)
        return NULL;
    g_unlink(name);
    DjSpill *spill = g_new0(DjSpill, 1);
    spill->fd = fd;
    spill->pending = g_string_sized_new(WINDOW);
    spill->window = g_string_new(NULL);
    spill->aside = g_string_new(NULL);
    return spill;
}

void dj_spill_free(DjSpill *spill)
{
    if (!spill)
        return;
    close(spill->fd);
    g_string_free(spill->pending, TRUE);
    g_string_free(spill->window, TRUE);
    g_string_free(spill->aside, TRUE);
    g_free(spill);
}

static gboolean write_at(DjSpill *spill, gint64 place, const char *bytes, gsize length, GError **error)
{
    for (gsize done = 0; done < length;) {
        gssize n = pwrite(spill->fd, bytes + done, length - done, place + (gint64)done);
        if (n < 0 && errno != EINTR)
            return fail(error);
        done += (gsize)MAX(n, 0);
    }
    return TRUE;
}

static gboolean read_at(DjSpill *spill, gint64 place, GString *out, gsize length, GError **error)
{
    g_string_set_size(out, length);
    for (gsize got = 0; got < length;) {
        gssize n = pread(spill->fd, out->str + got, length - got, place + (gint64)got);
        if (n <= 0 && !(n < 0 && errno == EINTR)) {
            g_string_truncate(out, 0);
            return fail(error);
        }
        got += (gsize)MAX(n, 0);
    }
    return TRUE;
}

gboolean dj_spill_append(DjSpill *spill, const char *bytes, gsize length, gint64 *place, GError **error)
{
    if (spill->pending->len >= WINDOW) {
        if (!write_at(spill, spill->flushed, spill->pending->str, spill->pending->len, error))
            return FALSE;
        spill->flushed += (gint64)spill->pending->len;
        g_string_truncate(spill->pending, 0);
    }
    *place = spill->flushed + (gint64)spill->pending->len;
    g_string_append_len(spill->pending, bytes, (gssize)length);
    return TRUE;
}

const char *dj_spill_read(DjSpill *spill, gint64 place, gsize length, GError **error)
{
    gint64 end = place + (gint64)length, window_end = spill->window_at + (gint64)spill->window->len;
    if (place >= spill->flushed)
        return spill->pending->str + (place - spill->flushed);
    if (place >= spill->window_at && end <= window_end)
        return spill->window->str + (place - spill->window_at);
    if (place >= spill->window_at && place <= window_end + WINDOW) {
        gsize size = (gsize)MIN((gint64)MAX(length, WINDOW), spill->flushed - place);
        spill->window_at = place;
        return read_at(spill, place, spill->window, size, error) ? spill->window->str : NULL;
    }
    return read_at(spill, place, spill->aside, length, error) ? spill->aside->str : NULL;
}

gboolean dj_spill_patch(DjSpill *spill, gint64 place, const char *bytes, gsize length, GError **error)
{
    if (place >= spill->flushed) {
        memcpy(spill->pending->str + (place - spill->flushed), bytes, length);
        return TRUE;
    }
    spill->window_at = 0; /* it may hold what is replaced */
    g_string_truncate(spill->window, 0);
    return write_at(spill, place, bytes, length, error);
}
