/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/archive.h"
#include "engine/report/out_file.h"
#include "indexer/durable.h"
#include "indexer/zip.h"
#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <zip.h>

#define MANIFEST "MANIFEST"
enum { BLOCK = 1 << 16, HASH_DIGITS = 64, MAX_MANIFEST = 16 << 20 };

/* An archive of ours may be as large as it likes, and deflate packs a thousandfold at most. */
static const DjReaderOptions limits = {.max_expanded = G_MAXUINT64, .max_ratio = 1100};

static gboolean fail(const char *path, const char *what, GError **error)
{
    g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: %s", path, what);
    return FALSE;
}

typedef struct {
    const char *phase;
    DjProgress progress;
    gpointer user;
    guint64 done, total;
    gboolean stopped;
} Telling;

static gboolean tell(Telling *telling, GError **error)
{
    if (!telling->progress || telling->progress(telling->phase, telling->done, telling->total, telling->user))
        return TRUE;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    return FALSE;
}

/* Reads a source to its end; each block goes to out where there is one. Returns its sha256 (free it) or NULL. */
static char *drain(DjSource *source, DjOutFile *out, Telling *telling, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *block = g_malloc(BLOCK);
    gssize got;
    while ((got = dj_source_read(source, block, BLOCK, error)) > 0) {
        g_checksum_update(sum, (const guchar *)block, got);
        telling->done += (guint64)got;
        if (out) {
            g_string_append_len(out->text, block, got);
            if (!dj_out_file_drain(out, error))
                return NULL;
        }
        if (!tell(telling, error))
            return NULL;
    }
    return got < 0 ? NULL : g_strdup(g_checksum_get_string(sum));
}

/* ---- reading ---- */

typedef struct {
    DjZip *zip;
    char *title;
    GPtrArray *names, *hashes;
} Archive;

static void archive_clear(Archive *archive)
{
    dj_zip_close(archive->zip);
    g_free(archive->title);
    g_clear_pointer(&archive->names, g_ptr_array_unref);
    g_clear_pointer(&archive->hashes, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Archive, archive_clear)

static char *read_manifest(DjZip *zip, const char *path, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char block[4096];
    gssize got;
    if (dj_zip_find(zip, MANIFEST) != 0) {
        fail(path, "not a file of duijie (its first entry is not " MANIFEST ")", error);
        return NULL;
    }
    g_autoptr(DjSource) source = dj_zip_open_entry(zip, 0, error);
    while (source && (got = dj_source_read(source, block, sizeof block, error)) > 0 && text->len <= MAX_MANIFEST)
        g_string_append_len(text, block, got);
    if (!source || got < 0)
        return NULL;
    if (text->len > MAX_MANIFEST || memchr(text->str, '\0', text->len) || !g_utf8_validate(text->str, -1, NULL)) {
        fail(path, "its " MANIFEST " is no text", error);
        return NULL;
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

static gboolean archive_open(Archive *archive, const char *path, const char *kind, GError **error)
{
    archive->names = g_ptr_array_new_with_free_func(g_free);
    archive->hashes = g_ptr_array_new_with_free_func(g_free);
    archive->zip = dj_zip_open(path, &limits, error);
    g_autofree char *text = archive->zip ? read_manifest(archive->zip, path, error) : NULL;
    if (!text) {
        if (archive->zip == NULL)
            g_prefix_error(error, "%s: ", path);
        return FALSE;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    archive->title = g_strdup(lines[0]);
    if (!g_str_has_prefix(lines[0], kind))
        return fail(path, "is no such file of duijie", error);
    for (char **line = lines + 1; *line && **line; line++) {
        if (strlen(*line) <= HASH_DIGITS + 2 || strncmp(*line + HASH_DIGITS, "  ", 2) != 0)
            return fail(path, "its " MANIFEST " cannot be read", error);
        g_ptr_array_add(archive->hashes, g_strndup(*line, HASH_DIGITS));
        g_ptr_array_add(archive->names, g_strdup(*line + HASH_DIGITS + 2));
    }
    if (dj_zip_n_entries(archive->zip) != archive->names->len + 1)
        return fail(path, "holds other files than its " MANIFEST " says", error);
    return TRUE;
}

static gboolean is_inside(const char *name)
{
    if (!*name || *name == '/' || strchr(name, '\\'))
        return FALSE;
    g_auto(GStrv) parts = g_strsplit(name, "/", -1);
    for (char **part = parts; *part; part++)
        if (!**part || strcmp(*part, ".") == 0 || strcmp(*part, "..") == 0)
            return FALSE;
    return TRUE;
}

/* folder NULL: only compares. */
static gboolean read_entries(const Archive *archive, const char *path, gboolean (*wanted)(const char *name),
                             const char *folder, Telling *telling, GError **error)
{
    for (guint i = 0; i < archive->names->len; i++) {
        const char *name = archive->names->pdata[i];
        g_auto(DjOutFile) out = {0};
        gssize entry = dj_zip_find(archive->zip, name);
        if (entry < 1 || !is_inside(name) || (wanted && !wanted(name))) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: cannot hold \"%s\"", path, name);
            return FALSE;
        }
        if (folder) {
            g_autofree char *to = g_build_filename(folder, name, NULL), *parent = g_path_get_dirname(to);
            if (g_mkdir_with_parents(parent, 0777) != 0) {
                g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", parent,
                            g_strerror(errno));
                return FALSE;
            }
            if (!dj_out_file_open(&out, to, error))
                return FALSE;
        }
        g_autoptr(DjSource) source = dj_zip_open_entry(archive->zip, (gsize)entry, error);
        g_autofree char *hash = source ? drain(source, folder ? &out : NULL, telling, error) : NULL;
        if (!hash) {
            g_prefix_error(error, "%s: ", path);
            return FALSE;
        }
        if (strcmp(hash, archive->hashes->pdata[i]) != 0) {
            g_set_error(error, DJ_READ_ERROR, DJ_READ_ERROR_FORMAT, "%s: damaged: %s does not have its hash", path,
                        name);
            return FALSE;
        }
        if (folder && !dj_out_file_close(&out, NULL, error))
            return FALSE;
    }
    return TRUE;
}

gboolean dj_archive_extract(const char *path, const char *kind, gboolean (*wanted)(const char *name),
                            const char *folder, DjProgress progress, gpointer user, GError **error)
{
    g_auto(Archive) archive = {0};
    Telling telling = {.phase = "unpack", .progress = progress, .user = user};
    return archive_open(&archive, path, kind, error) && read_entries(&archive, path, wanted, folder, &telling, error) &&
           dj_durable_sync_tree(folder, error);
}

/* ---- writing ---- */

static char *manifest_of(const char *title, const DjArchiveFile *files, gsize n, Telling *telling, GError **error)
{
    g_autoptr(GString) text = g_string_new(title);
    g_string_append_c(text, '\n');
    for (gsize i = 0; i < n; i++) {
        g_autoptr(DjSource) source = dj_source_open_file(files[i].path, error);
        g_autofree char *hash = source ? drain(source, NULL, telling, error) : NULL;
        if (!hash)
            return NULL;
        g_string_append_printf(text, "%s  %s\n", hash, files[i].name);
    }
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* DOS time, which has no time zone: the archive says the date of the run wherever it is made. */
static gboolean date_entry(zip_t *zip, zip_uint64_t entry, const char *now)
{
    unsigned year = 1980, month = 1, day = 1, hour = 0, minute = 0, second = 0;
    if (sscanf(now, "%4u-%2u-%2uT%2u:%2u:%2u", &year, &month, &day, &hour, &minute, &second) != 6 || year < 1980)
        return FALSE;
    return zip_file_set_dostime(zip, entry, (zip_uint16_t)(hour << 11 | minute << 5 | second / 2),
                                (zip_uint16_t)((year - 1980) << 9 | month << 5 | day), 0) == 0;
}

static gboolean add_entry(zip_t *zip, const char *name, zip_source_t *source, const char *now)
{
    zip_int64_t entry = source ? zip_file_add(zip, name, source, ZIP_FL_ENC_UTF_8) : -1;
    if (entry < 0) {
        if (source)
            zip_source_free(source);
        return FALSE;
    }
    return date_entry(zip, (zip_uint64_t)entry, now);
}

static void tell_packing(zip_t *zip, double share, void *user)
{
    (void)zip;
    Telling *telling = user;
    telling->done = (guint64)(share * (double)telling->total);
    telling->stopped = telling->stopped || !tell(telling, NULL);
}

static int ask_stop(zip_t *zip, void *user)
{
    (void)zip;
    return ((Telling *)user)->stopped;
}

/* libzip opens the files at the end and does not say which of them it could not read. */
static const char *blame(const char *path, const DjArchiveFile *files, gsize n)
{
    for (gsize i = 0; i < n; i++)
        if (g_access(files[i].path, R_OK) != 0)
            return files[i].path;
    return path;
}

static gboolean pack(const char *path, const char *manifest, const DjArchiveFile *files, gsize n, const char *now,
                     Telling *telling, GError **error)
{
    int code = 0;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, &code);
    if (!zip) {
        zip_error_t problem;
        zip_error_init_with_code(&problem, code);
        fail(path, zip_error_strerror(&problem), error);
        zip_error_fini(&problem);
        return FALSE;
    }
    gboolean ok = add_entry(zip, MANIFEST, zip_source_buffer(zip, manifest, strlen(manifest), 0), now);
    for (gsize i = 0; i < n && ok; i++)
        ok = add_entry(zip, files[i].name, zip_source_file(zip, files[i].path, 0, -1), now);
    zip_register_progress_callback_with_state(zip, 0.001, tell_packing, NULL, telling);
    zip_register_cancel_callback_with_state(zip, ask_stop, NULL, telling);
    if (ok && zip_close(zip) == 0)
        return TRUE;
    if (telling->stopped)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    else
        fail(blame(path, files, n), zip_strerror(zip), error);
    zip_discard(zip);
    return FALSE;
}

/* May what stands at path be replaced? */
static gboolean is_ours(const char *path, const char *title, GError **error)
{
    g_auto(GStrv) words = g_strsplit(title, " ", 3);
    g_autofree char *kind = g_strconcat(words[0], " ", words[1], NULL);
    g_auto(Archive) archive = {0};
    g_autoptr(GError) why = NULL;
    if (!g_file_test(path, G_FILE_TEST_EXISTS) || archive_open(&archive, path, kind, &why))
        return TRUE;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_EXIST,
                "%s: exists and is no %s, so it was left alone; choose another name", path, kind);
    return FALSE;
}

gboolean dj_archive_write(const char *path, const char *title, const DjArchiveFile *files, gsize n, const char *now,
                          DjProgress progress, gpointer user, GError **error)
{
    Telling telling = {.phase = "hash", .progress = progress, .user = user};
    g_autofree char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path);
    g_autofree char *hidden = g_strdup_printf(".%s.part", name), *part = g_build_filename(folder, hidden, NULL);
    if (!is_ours(path, title, error))
        return FALSE;
    for (gsize i = 0; i < n; i++) {
        GStatBuf info;
        telling.total += g_stat(files[i].path, &info) == 0 ? (guint64)info.st_size : 0;
    }
    g_autofree char *manifest = manifest_of(title, files, n, &telling, error);
    if (!manifest)
        return FALSE;
    g_unlink(part); /* left over by a crash */
    g_auto(Archive) archive = {0};
    telling.phase = "pack";
    gboolean ok = pack(part, manifest, files, n, now, &telling, error);
    telling.phase = "read back";
    telling.done = 0;
    ok = ok && archive_open(&archive, part, title, error) &&
         read_entries(&archive, part, NULL, NULL, &telling, error) && dj_durable_sync_file(part, error);
    if (ok && g_rename(part, path) != 0) {
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "%s: %s", path, g_strerror(errno));
        ok = FALSE;
    }
    if (!ok)
        g_unlink(part);
    return ok && dj_durable_sync_file(folder, error);
}
