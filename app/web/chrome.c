/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/chrome.h"

#include "app/web/assets.h"
#include "app/web/router.h"
#include "engine/report/page.h"
#include "engine/report/wording.h"
#include <string.h>

static void nav_link(DjRequest *request, const char *path, const char *text)
{
    g_string_append_printf(request->out, "<a href=\"%s\"%s>%s</a>\n", path,
                           strcmp(request->path, path) == 0 ? " aria-current=\"page\"" : "", text);
}

void dj_chrome_csrf(DjRequest *request)
{
    if (request->csrf)
        g_string_append_printf(request->out, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", request->csrf);
}

void dj_chrome_link(GString *out, const char *prefix, const char *key, const char *text)
{
    g_string_append_printf(out, "<a href=\"/%s/", prefix);
    g_string_append_uri_escaped(out, key, NULL, FALSE);
    g_string_append(out, "\">");
    dj_html_text(out, text && *text ? text : key);
    g_string_append(out, "</a>");
}

/* Who may look at the page; a user sees pages of its own and pages that anybody may see. */
static DjAudience audience_of(const DjRequest *request)
{
    return request->shows_own ? DJ_AUDIENCE_OWNER : dj_request_audience(request);
}

const char *dj_chrome_work(const DjRequest *request)
{
    return request->user.role == DJ_ROLE_ENTERPRISE ? "我的需求" : "需求与配对";
}

void dj_chrome_begin(DjRequest *request, const char *title)
{
    DjPage page = {.title = title, .audience = audience_of(request), .home = "/", .style = "/style.css"};
    dj_page_begin(request->out, &page);
    g_string_append(request->out, "<nav class=\"nav no-print\" aria-label=\"主导航\">\n");
    nav_link(request, "/", "问技术");
    if (request->signed_in) {
        nav_link(request, "/saved", "保存的提问");
        nav_link(request, "/work", dj_chrome_work(request));
        if (request->user.role >= DJ_ROLE_ORGANISER) {
            nav_link(request, "/pairings", "配对清单");
            nav_link(request, "/events", "对接会");
            nav_link(request, "/import", "导入");
            nav_link(request, "/jobs", "任务");
            nav_link(request, "/centre", "运营中心");
        }
        g_string_append(request->out, "<form method=\"post\" action=\"/signout\" class=\"out\">");
        dj_chrome_csrf(request);
        g_string_append(request->out, "<span class=\"dim s\">");
        dj_html_text(request->out, request->user.name);
        g_string_append_printf(request->out,
                               "（%s）</span> <button class=\"link\" type=\"submit\">退出</button></form>\n",
                               dj_role_label(request->user.role));
    } else {
        nav_link(request, "/signin", "登录");
    }
    g_string_append(request->out, "</nav>\n");
}

void dj_chrome_end(DjRequest *request)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    if (request->desk) {
        const DjSession *session = dj_serving_session(request->desk->serving);
        g_autofree char *day = dj_day_format(dj_serving_today(request->desk->serving));
        g_ptr_array_add(lines, g_strdup_printf("数据：第 %" G_GINT64_FORMAT " 代（%.10s）", session->generation.number,
                                               session->generation.recorded_at));
        g_ptr_array_add(lines, g_strdup_printf("计算日 %s", day));
        g_ptr_array_add(lines, g_strdup_printf("模型 %.12s", session->generation.model));
        g_ptr_array_add(lines, g_strdup_printf("产业链 %s", session->corpus->taxonomy));
    }
    DjAudience audience = audience_of(request);
    g_ptr_array_add(lines,
                    g_strdup_printf("受众：%s，%s", dj_audience_label(audience), dj_wording_audience_rule(audience)));
    g_ptr_array_add(lines, g_strdup("法律状态签约前请再核"));
    g_ptr_array_add(lines, NULL);
    dj_page_end(request->out, (char *const *)lines->pdata);
}

/* ---- errors and JSON ---- */

static const char *code_of(guint status)
{
    static const struct {
        guint status;
        const char *code;
    } codes[] = {{400, "bad_request"},       {401, "unauthorized"},       {403, "forbidden"},
                 {404, "not_found"},         {405, "method_not_allowed"}, {409, "conflict"},
                 {413, "content_too_large"}, {415, "unsupported_type"},   {422, "unprocessable"},
                 {429, "too_many_requests"}, {503, "unavailable"}};
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++)
        if (codes[i].status == status)
            return codes[i].code;
    return "internal";
}

void dj_web_error_body(DjRequest *request, const char *message)
{
    if (request->api) {
        guint status = request->status;
        dj_web_json(request, json_pack("{s:{s:i, s:s, s:s}}", "error", "status", (int)status, "code", code_of(status),
                                       "message", message));
        request->status = status;
        return;
    }
    request->out_type = "text/html; charset=utf-8";
    dj_chrome_begin(request, "没有办成");
    g_string_append(request->out, "<section class=\"card stack\"><h1>");
    dj_html_text(request->out, message);
    g_string_append(request->out, "</h1><p class=\"row\">");
    if (request->status == 401)
        g_string_append(request->out, "<a class=\"btn\" href=\"/signin\">登录</a>");
    g_string_append(request->out, "<a class=\"btn\" href=\"/\">回首页</a></p></section>\n");
    dj_chrome_end(request);
}

void dj_web_json(DjRequest *request, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT);
    json_decref(value);
    g_string_assign(request->out, text ? text : "{}");
    g_string_append_c(request->out, '\n');
    free(text);
    request->status = 200;
    request->out_type = "application/json; charset=utf-8";
}

json_t *dj_web_read_json(const DjRequest *request, GError **error)
{
    if (!g_str_has_prefix(request->type, "application/json")) {
        dj_web_fail(error, 415, "Content-Type 应为 application/json");
        return NULL;
    }
    json_error_t where;
    json_t *value = json_loadb(request->body->str, request->body->len, JSON_REJECT_DUPLICATES, &where);
    if (json_is_object(value))
        return value;
    json_decref(value);
    dj_web_fail(error, 400, "内容应是一个 JSON 对象");
    return NULL;
}

/* ---- files that never change while the program runs ---- */

/* Answers from an asset with an ETag of its bytes. */
static gboolean serve_asset(DjRequest *request, const char *text, const char *type)
{
    g_string_assign(request->out, text);
    request->out_type = type;
    dj_response_header(request, "Cache-Control", "max-age=3600");
    return TRUE;
}

gboolean dj_web_style(DjRequest *request, GError **error)
{
    (void)error;
    serve_asset(request, dj_page_style(), "text/css; charset=utf-8");
    g_string_append(request->out, (const char *)dj_web_css);
    return TRUE;
}

gboolean dj_web_script(DjRequest *request, GError **error)
{
    (void)error;
    return serve_asset(request, (const char *)dj_web_ask_js, "text/javascript; charset=utf-8");
}

gboolean dj_web_openapi(DjRequest *request, GError **error)
{
    (void)error;
    return serve_asset(request, (const char *)dj_web_openapi_json, "application/json; charset=utf-8");
}

gboolean dj_web_health(DjRequest *request, GError **error)
{
    (void)error;
    json_t *health = json_pack("{s:s, s:s}", "status", request->desk ? "ok" : "no index", "version", DUIJIE_VERSION);
    if (request->desk) {
        const DjSession *session = dj_serving_session(request->desk->serving);
        g_autofree char *day = dj_day_format(dj_serving_today(request->desk->serving));
        json_object_set_new(health, "generation", json_integer(session->generation.number));
        json_object_set_new(health, "documents", json_integer(dj_corpus_n_docs(session->corpus)));
        json_object_set_new(health, "now", json_string(day));
    }
    dj_web_json(request, health);
    return TRUE;
}

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *dj_chrome_sorted_keys(GHashTable *table)
{
    GPtrArray *keys = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(keys, key);
    g_ptr_array_sort(keys, compare_texts);
    return keys;
}
