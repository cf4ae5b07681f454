/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/file_list.h"

#include "app/web/server.h"
#include "engine/report/month.h"
#include "engine/report/page.h"
#include "indexer/archive.h"
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#define KB 1024.0

static int by_name(gconstpointer a, gconstpointer b)
{
    return strverscmp(*(char *const *)a, *(char *const *)b); /* c2 before c10 */
}

static void collect(GPtrArray *names, const char *folder, const char *inside)
{
    g_autofree char *path = *inside ? g_build_filename(folder, inside, NULL) : g_strdup(folder);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *full = g_build_filename(path, name, NULL);
        g_autofree char *relative = *inside ? g_build_filename(inside, name, NULL) : g_strdup(name);
        if (*name == '.' || g_file_test(full, G_FILE_TEST_IS_SYMLINK) || !g_utf8_validate(name, -1, NULL))
            continue;
        if (g_file_test(full, G_FILE_TEST_IS_DIR) && !*inside)
            collect(names, folder, relative);
        else if (g_file_test(full, G_FILE_TEST_IS_REGULAR))
            g_ptr_array_add(names, g_steal_pointer(&relative));
    }
}

GPtrArray *dj_file_list_find(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    collect(names, folder, "");
    g_ptr_array_sort(names, by_name);
    return names;
}

/* ---- groups ---- */

/* The first that fits decides; NULL fits all. */
static const struct {
    const char *title, *prefix, *suffix;
} kinds[] = {{"各企业的单页", DJ_MONTH_ENTERPRISE, NULL},
             {"各企业的单页", "sheet-", NULL},
             {"各机构的单页", DJ_MONTH_INSTITUTION, NULL},
             {"清单和总览", NULL, ".html"},
             {"清单和总览", NULL, ".xlsx"},
             {"表格（CSV）", NULL, ".csv"},
             {"表格（CSV）", NULL, ".tsv"},
             {"日历", NULL, ".ics"},
             {"给程序读的数据", NULL, NULL}};
/* Order on the page. */
static const char *const groups[] = {"清单和总览", "各企业的单页", "各机构的单页",
                                     "日历",       "表格（CSV）",  "给程序读的数据"};

static const char *group_of(const char *name)
{
    const char *slash = strrchr(name, '/'), *base = slash ? slash + 1 : name;
    gsize k = 0;
    while ((kinds[k].prefix && !g_str_has_prefix(base, kinds[k].prefix)) ||
           (kinds[k].suffix && !g_str_has_suffix(base, kinds[k].suffix)))
        k++;
    return kinds[k].title;
}

char *dj_file_list_size(guint64 bytes)
{
    if ((double)bytes <= 1000 * KB)
        return g_strdup_printf("%" G_GUINT64_FORMAT " KB", MAX((bytes + 1023) / 1024, 1));
    double mb = (double)bytes / KB / KB;
    return mb < 1000 ? g_strdup_printf("%.1f MB", mb) : g_strdup_printf("%.1f GB", mb / KB);
}

static guint64 size_of(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    GStatBuf about = {0};
    return g_stat(path, &about) == 0 ? (guint64)about.st_size : 0;
}

static void put_file(GString *out, const char *folder, const char *prefix, const char *name, const char *label)
{
    g_autofree char *size = dj_file_list_size(size_of(folder, name));
    g_string_append_printf(out, "<li><a href=\"%s/", prefix);
    dj_html_href(out, name);
    g_string_append(out, "\">");
    dj_html_text(out, label ? label : name);
    g_string_append_printf(out, "</a> <span class=\"dim s\">%s</span></li>\n", size);
}

static gboolean is_index(const char *name)
{
    return strcmp(name, "index.html") == 0 || g_str_has_suffix(name, "/index.html");
}

/* The files of a group, its index first. Returns their number. */
static guint put_group(GString *out, const char *group, const GPtrArray *names, const char *folder, const char *prefix,
                       GHashTable *labels, guint64 *bytes)
{
    guint n = 0;
    for (int rest = 0; rest < 2; rest++) {
        for (guint i = 0; i < names->len; i++) {
            const char *name = names->pdata[i];
            if (strcmp(group_of(name), group) != 0 || is_index(name) != !rest)
                continue;
            const char *label = labels ? g_hash_table_lookup(labels, name) : NULL;
            put_file(out, folder, prefix, name, label ? label : is_index(name) ? "总览" : NULL);
            *bytes += size_of(folder, name);
            n++;
        }
    }
    return n;
}

void dj_file_list_put(GString *out, const GPtrArray *names, const char *folder, const char *prefix, GHashTable *labels)
{
    gboolean open = TRUE;
    for (gsize g = 0; g < G_N_ELEMENTS(groups); g++) {
        g_autoptr(GString) list = g_string_new(NULL);
        guint64 bytes = 0;
        guint n = put_group(list, groups[g], names, folder, prefix, labels, &bytes);
        if (n == 0)
            continue;
        g_autofree char *size = dj_file_list_size(bytes);
        g_string_append_printf(
            out, "<details%s><summary>%s（%u 个，%s）</summary>\n<ul class=\"files\">\n%s</ul></details>\n",
            open ? " open" : "", groups[g], n, size, list->str);
        open = FALSE;
    }
}

/* ---- all of them ---- */

static gboolean write_zip(DjRequest *request, const GPtrArray *names, const char *folder, const char *path,
                          GError **error)
{
    g_autofree DjArchiveFile *files = g_new0(DjArchiveFile, MAX(names->len, 1));
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *moment = dj_web_moment(request->web);
    for (guint i = 0; i < names->len; i++) {
        char *full = g_build_filename(folder, names->pdata[i], NULL);
        g_ptr_array_add(paths, full);
        files[i] = (DjArchiveFile){.name = names->pdata[i], .path = full};
    }
    return dj_archive_write(path, "duijie-files 1", files, names->len, moment, NULL, NULL, error);
}

gboolean dj_file_list_send_zip(DjRequest *request, const GPtrArray *names, const char *folder, const char *title,
                               GError **error)
{
    if (names->len == 0)
        return dj_web_fail(error, 404, "这里没有文件");
    g_autofree char *scratch = g_dir_make_tmp("duijie-zip-XXXXXX", error);
    g_autofree char *path = scratch ? g_build_filename(scratch, "all.zip", NULL) : NULL;
    gboolean ok = scratch && write_zip(request, names, folder, path, error);
    if (ok && (request->file = g_open(path, O_RDONLY | O_CLOEXEC, 0)) < 0) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(why), "%s: %s", path, g_strerror(why));
        ok = FALSE;
    }
    if (path)
        g_unlink(path); /* the answer holds it open */
    if (scratch)
        g_rmdir(scratch);
    if (!ok)
        return FALSE;
    g_autofree char *file = g_strconcat(title, ".zip", NULL), *name = g_uri_escape_string(file, NULL, FALSE);
    g_autofree char *how = g_strdup_printf("attachment; filename*=UTF-8''%s", name);
    request->out_type = "application/zip";
    dj_response_header(request, "Content-Disposition", how);
    return TRUE;
}
