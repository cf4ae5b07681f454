/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/spill.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

enum { WINDOW = 256 * 1024 };

struct DjSpill {
    int fd;
    gint64 flushed; /* bytes in the file; the rest is in pending */
    GString *pending;
    GString *window; /* bytes of the file at window_at */
    gint64 window_at;
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
    spill->window = g_string_sized_new(WINDOW);
    return spill;
}

void dj_spill_free(DjSpill *spill)
{
    if (!spill)
        return;
    close(spill->fd);
    g_string_free(spill->pending, TRUE);
    g_string_free(spill->window, TRUE);
    g_free(spill);
}

static gboolean flush(DjSpill *spill, GError **error)
{
    for (gsize done = 0; done < spill->pending->len;) {
        gssize n = pwrite(spill->fd, spill->pending->str + done, spill->pending->len - done, spill->flushed);
        if (n < 0 && errno != EINTR)
            return fail(error);
        done += (gsize)MAX(n, 0);
        spill->flushed += MAX(n, 0);
    }
    g_string_truncate(spill->pending, 0);
    return TRUE;
}

gboolean dj_spill_append(DjSpill *spill, const char *bytes, gsize length, gint64 *place, GError **error)
{
    *place = spill->flushed + (gint64)spill->pending->len;
    g_string_append_len(spill->pending, bytes, (gssize)length);
    return spill->pending->len < WINDOW || flush(spill, error);
}

const char *dj_spill_read(DjSpill *spill, gint64 place, gsize length, GError **error)
{
    gint64 end = place + (gint64)length;
    if (end > spill->flushed && !flush(spill, error))
        return NULL;
    if (place >= spill->window_at && end <= spill->window_at + (gint64)spill->window->len)
        return spill->window->str + (place - spill->window_at);
    gsize wanted = (gsize)MIN((gint64)MAX(length, WINDOW), spill->flushed - place), got = 0;
    g_string_set_size(spill->window, wanted);
    spill->window_at = place;
    while (got < wanted) {
        gssize n = pread(spill->fd, spill->window->str + got, wanted - got, place + (gint64)got);
        if (n <= 0 && !(n < 0 && errno == EINTR)) {
            g_string_truncate(spill->window, 0);
            fail(error);
            return NULL;
        }
        got += (gsize)MAX(n, 0);
    }
    return spill->window->str;
}
