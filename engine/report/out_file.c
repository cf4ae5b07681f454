/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/out_file.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#define BLOCK (1u << 20)

static gboolean fail(const DjOutFile *file, const char *what, GError **error)
{
    int saved = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(saved), "%s: %s: %s", file->path, what,
                g_strerror(saved));
    return FALSE;
}

gboolean dj_out_file_open(DjOutFile *file, const char *path, GError **error)
{
    *file = (DjOutFile){.path = g_strdup(path)};
    file->fd = g_open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file->fd < 0) {
        gboolean ok = fail(file, "create", error);
        g_clear_pointer(&file->path, g_free);
        return ok;
    }
    file->text = g_string_sized_new(BLOCK + BLOCK / 4);
    file->sum = g_checksum_new(G_CHECKSUM_SHA256);
    return TRUE;
}

static gboolean write_out(DjOutFile *file, GError **error)
{
    g_checksum_update(file->sum, (const guchar *)file->text->str, (gssize)file->text->len);
    for (gsize done = 0; done < file->text->len;) {
        ssize_t n = write(file->fd, file->text->str + done, file->text->len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(file, "write", error);
        done += (gsize)n;
    }
    g_string_truncate(file->text, 0);
    return TRUE;
}

gboolean dj_out_file_drain(DjOutFile *file, GError **error)
{
    return file->text->len < BLOCK || write_out(file, error);
}

gboolean dj_out_file_close(DjOutFile *file, char **sha256, GError **error)
{
    gboolean ok = write_out(file, error);
    if (ok && fsync(file->fd) != 0)
        ok = fail(file, "sync", error);
    int fd = file->fd;
    file->fd = -1;
    if (close(fd) != 0 && ok)
        ok = fail(file, "close", error);
    if (ok && sha256)
        *sha256 = g_strdup(g_checksum_get_string(file->sum));
    dj_out_file_clear(file);
    return ok;
}

void dj_out_file_clear(DjOutFile *file)
{
    if (!file->path)
        return;
    if (file->fd >= 0)
        close(file->fd);
    file->fd = -1;
    g_string_free(file->text, TRUE);
    g_checksum_free(file->sum);
    g_clear_pointer(&file->path, g_free);
}
