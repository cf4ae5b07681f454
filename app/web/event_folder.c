/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/event_folder.h"

#include "app/web/chrome.h"
#include "app/web/event_complaint.h"
#include "app/web/server.h"
#include "config/event.h"
#include "config/event_file.h"
#include "engine/plan/event_plan_json.h"
#include "engine/report/event_report.h"
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME  "EVENT.yaml"
#define NAME_CHARS 40

/* A plain name: letters of any script, digits, - and _. */
static gboolean is_name(const char *name)
{
    if (!name || *name == '\0' || !g_utf8_validate(name, -1, NULL) || g_utf8_strlen(name, -1) > NAME_CHARS)
        return FALSE;
    for (const char *p = name; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (!g_unichar_isalnum(c) && !(c == '_' || (c == '-' && p > name)))
            return FALSE;
    }
    return TRUE;
}

char *dj_event_folder_href(const char *name, const char *rest)
{
    g_autofree char *key = g_uri_escape_string(name, NULL, FALSE);
    return g_strdup_printf("/events/%s%s", key, rest);
}

void dj_event_folder_form(DjRequest *request, const char *name, const char *rest, const char *attributes)
{
    g_autofree char *path = dj_event_folder_href(name, rest);
    g_string_append_printf(request->out, "<form method=\"post\" action=\"%s\"%s>", path, attributes);
    dj_chrome_csrf(request);
}

void dj_event_folder_back(DjRequest *request)
{
    g_autofree char *path = dj_event_folder_href(request->capture[0], "");
    dj_response_redirect(request, path);
}

static char *path_of(const DjRequest *request, const char *name)
{
    return g_build_filename(dj_web_folder(request->web), "events", name, NULL);
}

static gboolean holds_event(const char *folder)
{
    g_autofree char *file = g_build_filename(folder, FILE_NAME, NULL);
    return g_file_test(file, G_FILE_TEST_IS_REGULAR);
}

char *dj_event_folder_find(const DjRequest *request, GError **error)
{
    const char *name = request->capture[0];
    g_autofree char *folder = is_name(name) ? path_of(request, name) : NULL;
    if (folder && holds_event(folder))
        return g_steal_pointer(&folder);
    dj_web_fail(error, 404, "没有这场对接会");
    return NULL;
}

char *dj_event_folder_new(const DjRequest *request, const char *name, GError **error)
{
    if (!is_name(name)) {
        dj_web_fail(error, 400, "名称要用汉字、字母、数字，最多 %d 字，不要空格和标点", NAME_CHARS);
        return NULL;
    }
    g_autofree char *folder = path_of(request, name);
    if (!holds_event(folder))
        return g_steal_pointer(&folder);
    dj_web_fail(error, 409, "已经有一场叫“%s”的对接会，请换个名称", name);
    return NULL;
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *dj_event_folder_names(const DjRequest *request)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *root = path_of(request, "");
    g_autoptr(GDir) dir = g_dir_open(root, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *folder = path_of(request, name);
        if (is_name(name) && holds_event(folder))
            g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, by_name);
    return names;
}

char *dj_event_folder_read(const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, error) ? text : NULL;
}

/* ---- writing ---- */

/* Tables lie beside the file: a page must not read what else the machine holds. */
static gboolean check_tables(const char *path, GError **error)
{
    g_autoptr(DjYaml) yaml = dj_yaml_load(path, NULL, error);
    g_autoptr(DjEventLoader) loader = yaml ? dj_event_load(yaml, error) : NULL;
    if (!loader)
        return FALSE;
    const char *names[] = {dj_event_participants_file(loader), dj_event_pairs_file(loader)};
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i] && (strchr(names[i], '/') || *names[i] == '.'))
            return dj_web_fail(error, 422, "表格“%s”要放在这场对接会里，只写文件名", names[i]);
    return TRUE;
}

static gboolean check(const char *path, GError **error)
{
    g_autoptr(GError) what = NULL;
    g_autoptr(DjEvent) event = check_tables(path, &what) ? dj_event_file_load(path, NULL, &what) : NULL;
    if (event)
        return TRUE;
    if (what->domain == DJ_WEB_ERROR) {
        g_propagate_error(error, g_steal_pointer(&what));
        return FALSE;
    }
    g_autofree char *words = dj_event_complaint(what->message, path);
    return dj_web_fail(error, 422, "%s", words);
}

gboolean dj_event_folder_write(const char *folder, const char *text, const char *base, GError **error)
{
    g_autofree char *before = dj_event_folder_read(folder, error);
    if (!before)
        return FALSE;
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, before, -1);
    if (g_strcmp0(hash, base) != 0)
        return dj_web_fail(error, 409, "别人刚改过这份文件：请另开一页看最新的，再把您的改动并进去");
    g_autofree char *path = g_build_filename(folder, FILE_NAME, NULL);
    g_autofree char *draft = g_build_filename(folder, ".EVENT-XXXXXX", NULL);
    int fd = g_mkstemp(draft);
    if (fd < 0 || !g_file_set_contents(draft, text, -1, error))
        return fd >= 0 || dj_web_fail(error, 500, "存不下，请告诉管理员");
    close(fd);
    gboolean ok = check(draft, error);
    if (ok && g_rename(draft, path) != 0)
        ok = dj_web_fail(error, 500, "存不下，请告诉管理员");
    if (!ok)
        g_remove(draft);
    return ok;
}

/* ---- tables ---- */

/* TRUE as well when EVENT.yaml cannot tell, for it is broken. */
static gboolean names_table(const char *path, const char *name, GError **error)
{
    g_autoptr(DjYaml) yaml = dj_yaml_load(path, NULL, NULL);
    g_autoptr(DjEventLoader) loader = yaml ? dj_event_load(yaml, NULL) : NULL;
    if (!loader)
        return TRUE;
    const char *guests = dj_event_participants_file(loader), *pairs = dj_event_pairs_file(loader);
    if (g_strcmp0(name, guests) == 0 || g_strcmp0(name, pairs) == 0)
        return TRUE;
    if (!guests && !pairs)
        return dj_web_fail(error, 400, "这场对接会的参会人和配对都写在文件里，不读表格：请点“改整份文件”");
    return dj_web_fail(error, 400, "这场对接会只读这样命名的表格：%s%s%s。请把“%s”改成这个名字再传",
                       guests ? guests : "", guests && pairs ? "、" : "", pairs ? pairs : "", name);
}

gboolean dj_event_folder_take_table(const char *folder, const char *name, const char *path, GError **error)
{
    g_autofree char *event = g_build_filename(folder, FILE_NAME, NULL), *target = g_build_filename(folder, name, NULL);
    g_autofree char *before = g_strconcat(folder, "/.before-", name, NULL);
    gboolean was_well = check(event, NULL);
    if (!names_table(event, name, error))
        return FALSE;
    gboolean there = g_rename(target, before) == 0;
    if (g_rename(path, target) != 0) {
        if (there)
            g_rename(before, target);
        return dj_web_fail(error, 500, "存不下，请告诉管理员");
    }
    if (was_well && !check(event, error)) {
        if (there)
            g_rename(before, target);
        else
            g_remove(target);
        return FALSE;
    }
    g_remove(before);
    return TRUE;
}

/* ---- the plan ---- */

static char *read_plan(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "plan", "plan.json", NULL);
    char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? text : NULL;
}

json_t *dj_event_folder_plan(const char *folder)
{
    g_autofree char *text = read_plan(folder);
    return text ? json_loads(text, 0, NULL) : NULL;
}

gboolean dj_event_folder_is_plan(const json_t *plan)
{
    const char *status = json_string_value(json_object_get(plan, "status"));
    return status && strcmp(status, "infeasible") != 0 && strcmp(status, "undecided") != 0;
}

gboolean dj_event_folder_attempt_failed(const char *folder)
{
    g_autofree char *why = g_build_filename(folder, "plan" DJ_EVENT_NO_PLAN, "plan.json", NULL);
    return g_file_test(why, G_FILE_TEST_IS_REGULAR);
}

static gboolean is_later(const struct timespec *a, const struct timespec *b)
{
    return a->tv_sec > b->tv_sec || (a->tv_sec == b->tv_sec && a->tv_nsec > b->tv_nsec);
}

gboolean dj_event_folder_changed(const char *folder)
{
    g_autofree char *plan = g_build_filename(folder, "plan", "plan.json", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    struct stat planned, about;
    gboolean changed = FALSE;
    if (!dir || stat(plan, &planned) != 0)
        return FALSE;
    for (const char *name; !changed && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        changed = *name != '.' && stat(path, &about) == 0 && S_ISREG(about.st_mode) &&
                  is_later(&about.st_mtim, &planned.st_mtim);
    }
    return changed;
}

gboolean dj_event_folder_published(const DjRequest *request, const char *folder, DjEventPublished *out, GError **error)
{
    *out = DJ_EVENT_UNPUBLISHED;
    g_autofree char *text = read_plan(folder);
    g_autofree char *id = text ? dj_event_plan_read_id(text, NULL) : NULL;
    if (!id)
        return TRUE;
    g_autofree char *kind = g_strconcat("event-plan:", id, NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    g_autoptr(DjStore) store = dj_web_store(request->web, DJ_STORE_READ, error);
    g_autoptr(GError) why = NULL;
    g_autofree char *last = store ? dj_store_latest_blob(store, kind, &why) : NULL;
    if (why)
        g_propagate_error(error, g_steal_pointer(&why));
    else if (store && last)
        *out = strcmp(last, hash) == 0 ? DJ_EVENT_PUBLISHED : DJ_EVENT_CHANGED;
    return !(error && *error) && store;
}
