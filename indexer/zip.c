/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/zip.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#define DEFAULT_MAX_EXPANDED (G_GUINT64_CONSTANT(4) << 30)
enum { DEFAULT_MAX_RATIO = 200, RATIO_FREE_BYTES = 16 * 1024 * 1024, MAX_ENTRIES = 100000 };

struct DjZip {
    zip_t *archive;
    char *name; /* of the entry asked for last */
    guint64 expanded, max_expanded;
    guint max_ratio;
};

typedef struct {
    DjSource base;
    DjZip *zip;
    zip_file_t *file;
    guint64 out, packed, unpacked; /* bytes handed out, and the sizes that the archive claims */
    char *name;
} EntrySource;

static gboolean fail(GError **error, DjReadError code, const char *what, const char *detail)
{
    g_set_error(error, DJ_READ_ERROR, (gint)code, "%s: %s", what, detail);
    return FALSE;
}

DjZip *dj_zip_open(const char *path, const DjReaderOptions *options, GError **error)
{
    int code = 0;
    zip_t *archive = zip_open(path, ZIP_RDONLY, &code);
    if (!archive) {
        zip_error_t problem;
        zip_error_init_with_code(&problem, code);
        fail(error, DJ_READ_ERROR_FORMAT, "not a readable ZIP or XLSX file", zip_error_strerror(&problem));
        zip_error_fini(&problem);
        return NULL;
    }
    if (zip_get_num_entries(archive, 0) > MAX_ENTRIES) {
        zip_discard(archive);
        fail(error, DJ_READ_ERROR_LIMIT, "ZIP file", "too many entries");
        return NULL;
    }
    DjZip *zip = g_new0(DjZip, 1);
    zip->archive = archive;
    zip->max_expanded = options->max_expanded ? options->max_expanded : DEFAULT_MAX_EXPANDED;
    zip->max_ratio = options->max_ratio ? options->max_ratio : DEFAULT_MAX_RATIO;
    return zip;
}

void dj_zip_close(DjZip *zip)
{
    if (!zip)
        return;
    zip_discard(zip->archive);
    g_free(zip->name);
    g_free(zip);
}

gsize dj_zip_n_entries(const DjZip *zip)
{
    return (gsize)zip_get_num_entries(zip->archive, 0);
}

const char *dj_zip_name(DjZip *zip, gsize entry)
{
    const char *raw = zip_get_name(zip->archive, entry, ZIP_FL_ENC_RAW);
    g_free(zip->name);
    zip->name = NULL;
    if (raw && !g_utf8_validate(raw, -1, NULL))
        zip->name = g_convert(raw, -1, "UTF-8", "GB18030", NULL, NULL, NULL);
    if (!zip->name)
        zip->name = g_utf8_make_valid(raw ? raw : "", -1);
    return zip->name;
}

gssize dj_zip_find(DjZip *zip, const char *name)
{
    return (gssize)zip_name_locate(zip->archive, name, 0);
}

static gssize read_entry(DjSource *source, char *buffer, gsize n, GError **error)
{
    EntrySource *entry = (EntrySource *)source;
    DjZip *zip = entry->zip;
    zip_int64_t got = zip_fread(entry->file, buffer, n);
    if (got < 0) {
        fail(error, DJ_READ_ERROR_FORMAT, entry->name, zip_file_strerror(entry->file));
        return -1;
    }
    entry->out += (guint64)got;
    zip->expanded += (guint64)got;
    if (zip->expanded > zip->max_expanded ||
        (entry->out > RATIO_FREE_BYTES && entry->out / MAX(entry->packed, 1) > zip->max_ratio)) {
        fail(error, DJ_READ_ERROR_LIMIT, entry->name, "unpacks to more than is allowed");
        return -1;
    }
    /* How far the packed bytes were read is not told by libzip; the share of the unpacked ones is close to it. */
    if (entry->unpacked > 0)
        source->position = (gint64)((double)entry->out / (double)entry->unpacked * (double)source->size);
    return (gssize)got;
}

static void close_entry(DjSource *source)
{
    EntrySource *entry = (EntrySource *)source;
    zip_fclose(entry->file);
    g_free(entry->name);
    g_free(entry);
}

DjSource *dj_zip_open_entry(DjZip *zip, gsize index, GError **error)
{
    struct zip_stat info;
    if (zip_stat_index(zip->archive, index, 0, &info) != 0 || !(info.valid & ZIP_STAT_COMP_SIZE)) {
        fail(error, DJ_READ_ERROR_FORMAT, "ZIP entry", zip_strerror(zip->archive));
        return NULL;
    }
    const char *name = dj_zip_name(zip, index);
    if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE) {
        fail(error, DJ_READ_ERROR_FORMAT, name, "encrypted; send it without a password");
        return NULL;
    }
    zip_file_t *file = zip_fopen_index(zip->archive, index, 0);
    if (!file) {
        fail(error, DJ_READ_ERROR_FORMAT, name, zip_strerror(zip->archive));
        return NULL;
    }
    EntrySource *entry = g_new0(EntrySource, 1);
    entry->base.read = read_entry;
    entry->base.close = close_entry;
    entry->base.size = (gint64)info.comp_size;
    entry->zip = zip;
    entry->file = file;
    entry->packed = info.comp_size;
    entry->unpacked = info.valid & ZIP_STAT_SIZE ? info.size : 0;
    entry->name = g_strdup(name);
    return &entry->base;
}

int dj_zip_extract(DjZip *zip, gsize index, char **path, GError **error)
{
    g_autofree char *name = NULL;
    g_autofree char *buffer = g_malloc(1 << 16);
    g_autoptr(DjSource) source = dj_zip_open_entry(zip, index, error);
    int fd = source ? g_file_open_tmp("duijie-XXXXXX", &name, error) : -1;
    gssize got = 0;
    if (fd < 0)
        return -1;
    g_unlink(name);
    while ((got = dj_source_read(source, buffer, 1 << 16, error)) > 0)
        for (gssize done = 0; done < got;) {
            gssize written = write(fd, buffer + done, (gsize)(got - done));
            if (written < 0 && errno != EINTR) {
                fail(error, DJ_READ_ERROR_LIMIT, "temporary file", g_strerror(errno));
                close(fd);
                return -1;
            }
            done += MAX(written, 0);
        }
    if (got < 0) {
        close(fd);
        return -1;
    }
    *path = g_strdup_printf("/proc/self/fd/%d", fd);
    return fd;
}
