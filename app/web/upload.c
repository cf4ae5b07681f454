/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/upload.h"

#include "app/web/request.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FIELD      "file"
#define BUFFER     (64 * 1024)
#define FORM_BYTES (64 * 1024) /* all fields but the file */
#define NAME_BYTES 120

/* The last part of what may be a path of any system, without what a file name or a page had better not hold. */
static char *safe_name(const char *given)
{
    const char *name = given;
    for (const char *p = given; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    g_autofree char *text = g_utf8_make_valid(name, -1);
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p && out->len < NAME_BYTES; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isprint(c) && !strchr("<>:\"|?*%", c < 128 ? (int)c : 'a') && !(out->len == 0 && c == '.'))
            g_string_append_unichar(out, c);
    }
    g_strstrip(out->str);
    out->len = strlen(out->str);
    if (out->len == 0)
        g_string_assign(out, "upload");
    return g_string_free(out, FALSE);
}

static enum MHD_Result fail(DjUpload *upload, int status, const char *problem)
{
    if (upload->status == 0) {
        upload->status = status;
        upload->problem = problem;
    }
    return MHD_NO;
}

static enum MHD_Result take_field(DjUpload *upload, const char *name, const char *data, guint64 at, size_t size)
{
    upload->form_bytes += size + strlen(name);
    if (upload->form_bytes > FORM_BYTES)
        return fail(upload, 413, "表单里的文字太长");
    GPtrArray *values = g_hash_table_lookup(upload->form, name);
    if (!values) {
        values = g_ptr_array_new_with_free_func(g_free);
        g_hash_table_insert(upload->form, g_strdup(name), values);
    }
    if (at == 0) {
        g_ptr_array_add(values, g_strndup(data, size));
        return MHD_YES;
    }
    if (values->len == 0)
        return fail(upload, 400, "表单不完整，请重新填写");
    char **last = (char **)&values->pdata[values->len - 1];
    g_autofree char *more = g_strndup(data, size);
    char *whole = g_strconcat(*last, more, NULL);
    g_free(*last);
    *last = whole;
    return MHD_YES;
}

static enum MHD_Result take_part(void *user, enum MHD_ValueKind kind, const char *name, const char *file,
                                 const char *type, const char *encoding, const char *data, uint64_t at, size_t size)
{
    (void)kind;
    (void)type;
    (void)encoding;
    DjUpload *upload = user;
    if (!name || !g_utf8_validate(name, -1, NULL))
        return fail(upload, 400, "表单不完整，请重新填写");
    if (!file)
        return take_field(upload, name, data, at, size);
    if (strcmp(name, FIELD) != 0 || (at == 0 && upload->name))
        return fail(upload, 400, "一次只能上传一个文件");
    if (!upload->name)
        upload->name = safe_name(file);
    upload->size += size;
    if (upload->size > upload->most)
        return fail(upload, 413, "文件太大");
    for (size_t done = 0; done < size;) {
        ssize_t n = write(upload->fd, data + done, size - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return fail(upload, 500, "文件存不下，请告诉管理员");
        done += (size_t)n;
    }
    return MHD_YES;
}

DjUpload *dj_upload_new(struct MHD_Connection *connection, const char *folder, GHashTable *form, guint64 most)
{
    DjUpload *upload = g_new0(DjUpload, 1);
    upload->form = form;
    upload->most = most;
    upload->fd = -1;
    upload->parser = MHD_create_post_processor(connection, BUFFER, take_part, upload);
    if (!upload->parser) {
        dj_upload_free(upload);
        return NULL;
    }
    upload->path = g_build_filename(folder, "upload-XXXXXX", NULL);
    if (g_mkdir_with_parents(folder, 0700) != 0 ||
        (upload->fd = g_mkstemp_full(upload->path, O_RDWR | O_CLOEXEC, 0600)) < 0) {
        g_clear_pointer(&upload->path, g_free);
        fail(upload, 500, "文件存不下，请告诉管理员");
    }
    return upload;
}

void dj_upload_free(DjUpload *upload)
{
    if (!upload)
        return;
    if (upload->parser)
        MHD_destroy_post_processor(upload->parser);
    if (upload->fd >= 0)
        close(upload->fd);
    if (upload->path)
        g_remove(upload->path);
    g_free(upload->path);
    g_free(upload->name);
    g_free(upload);
}

void dj_upload_take(DjUpload *upload, const char *data, gsize size)
{
    if (upload->status == 0 && MHD_post_process(upload->parser, data, size) != MHD_YES)
        fail(upload, 400, "表单不完整，请重新填写");
}

static gboolean values_are_text(const DjUpload *upload)
{
    GHashTableIter iter;
    gpointer values;
    g_hash_table_iter_init(&iter, upload->form);
    while (g_hash_table_iter_next(&iter, NULL, &values))
        for (guint i = 0; i < ((GPtrArray *)values)->len; i++)
            if (!g_utf8_validate(((GPtrArray *)values)->pdata[i], -1, NULL))
                return FALSE;
    return TRUE;
}

gboolean dj_upload_finish(DjUpload *upload, GError **error)
{
    if (MHD_destroy_post_processor(upload->parser) != MHD_YES)
        fail(upload, 400, "表单不完整，请重新填写");
    upload->parser = NULL;
    if (upload->fd >= 0 && close(upload->fd) != 0)
        fail(upload, 500, "文件存不下，请告诉管理员");
    upload->fd = -1;
    if (!values_are_text(upload))
        fail(upload, 400, "表单不完整，请重新填写");
    if (upload->status == 0 && (!upload->name || upload->size == 0))
        fail(upload, 400, "请选一个文件");
    return upload->status == 0 || dj_web_fail(error, upload->status, "%s", upload->problem);
}

void dj_upload_clean(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_remove(path);
    }
}
