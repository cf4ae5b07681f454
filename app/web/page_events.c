/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events on pages: all of them, a new one from the lists, the overview of one with what to do next, its file with
 * errors by line, its downloads, and the filled sheet that comes back. Planning, publishing and the rest are jobs. */
#include "app/web/chrome.h"
#include "app/web/event_folder.h"
#include "app/web/file.h"
#include "app/web/file_list.h"
#include "app/web/router.h"
#include "app/web/server.h"
#include "app/web/start.h"
#include "app/web/upload.h"
#include "engine/model/ident.h"
#include "engine/report/event_report.h"
#include "engine/report/page.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *published_label(DjEventPublished state)
{
    return state == DJ_EVENT_PUBLISHED ? "已公布" : state == DJ_EVENT_CHANGED ? "有改动，尚未重新公布" : "还没有公布";
}

static const char *state_label(const json_t *plan, DjEventPublished state)
{
    return dj_event_folder_is_plan(plan) ? published_label(state) : plan ? "照现在的限制排不出来" : "还没有排";
}

/* ---- all events ---- */

static gboolean put_event_row(DjRequest *request, const char *name, GError **error)
{
    GString *out = request->out;
    g_autofree char *path = dj_event_folder_href(name, ""),
                    *folder = g_build_filename(dj_web_folder(request->web), "events", name, NULL);
    DjEventPublished state;
    if (!dj_event_folder_published(request, folder, &state, error))
        return FALSE;
    json_t *plan = dj_event_folder_plan(folder);
    g_string_append_printf(out, "<tr><td data-l=\"对接会\" class=\"title\"><a href=\"%s\">", path);
    dj_html_text(out, name);
    g_string_append(out, "</a></td><td data-l=\"日期\">");
    dj_html_text(out, json_string_value(json_object_get(json_object_get(plan, "event"), "date")));
    g_string_append_printf(out, "</td><td class=\"num\" data-l=\"场次\">%zu</td><td data-l=\"状态\">%s</td></tr>\n",
                           json_array_size(json_object_get(plan, "meetings")), state_label(plan, state));
    json_decref(plan);
    return TRUE;
}

static void put_number(GString *out, const char *label, const char *name, int value, int most)
{
    g_string_append_printf(out,
                           "<label class=\"field\">%s <input type=\"number\" name=\"%s\" value=\"%d\" min=\"1\" "
                           "max=\"%d\" required></label>",
                           label, name, value, most);
}

static void put_new(DjRequest *request)
{
    const DjSession *session = dj_serving_session(request->desk->serving);
    GString *out = request->out;
    g_autofree char *day = dj_day_format(dj_serving_today(request->desk->serving));
    g_string_append(out, "<section class=\"card stack\">\n<h2>新办一场</h2>\n<form class=\"stack\" method=\"post\" "
                         "action=\"/events\">");
    dj_chrome_csrf(request);
    g_string_append_printf(out,
                           "<p class=\"row\"><label class=\"field\">名称 <input type=\"text\" name=\"name\" required "
                           "maxlength=\"40\"></label><label class=\"field\">日期 <input type=\"date\" name=\"date\" "
                           "value=\"%s\" required></label></p>\n<p class=\"row\">",
                           day);
    put_number(out, "轮数", "slots", 12, 40);
    put_number(out, "桌最多", "tables", 40, 1000);
    put_number(out, "企业最多", "demand", 150, 2000);
    put_number(out, "发明人最多", "supply", 80, 2000);
    g_string_append(out, "</p>\n<details><summary>只要这些产业链（不选就是全部）</summary><div class=\"checks\">\n");
    for (guint c = 0; c < dj_taxonomy_n_chains(session->taxonomy); c++) {
        DjChain chain = dj_taxonomy_chain(session->taxonomy, c);
        g_string_append(out, "<label class=\"check\"><input type=\"checkbox\" name=\"chain\" value=\"");
        dj_html_text(out, chain.id);
        g_string_append(out, "\"><span>");
        dj_html_text(out, chain.name);
        g_string_append(out, "</span></label>\n");
    }
    g_string_append(out,
                    "</div></details>\n<p><button class=\"btn btn-1\" type=\"submit\">从配对清单起草</button> "
                    "<span class=\"s dim\">起草以后还可以改人、改时间、改限制，再排会</span></p></form>\n</section>\n");
}

gboolean dj_web_events_page(DjRequest *request, GError **error)
{
    GString *out = request->out;
    g_autoptr(GPtrArray) names = dj_event_folder_names(request);
    dj_chrome_begin(request, "对接会");
    g_string_append(out, "<h1>对接会</h1>\n<section class=\"card\">\n");
    g_string_append(out, names->len ? "<table class=\"t rows\"><thead><tr><th>对接会</th><th>日期</th>"
                                      "<th class=\"num\">场次</th><th>状态</th></tr></thead><tbody>\n"
                                    : "<p>还没有对接会。</p>\n");
    for (guint i = 0; i < names->len; i++)
        if (!put_event_row(request, names->pdata[i], error))
            return FALSE;
    g_string_append(out, names->len ? "</tbody></table>\n</section>\n" : "</section>\n");
    if (request->desk)
        put_new(request);
    else
        g_string_append(out, "<p class=\"note\">先导入数据并建立索引，才能从配对清单起草。</p>\n");
    dj_chrome_end(request);
    return TRUE;
}

static gboolean number_of(const DjRequest *request, const char *name, int most, char **out, GError **error)
{
    const char *text = dj_request_field(request, name);
    gint64 value;
    if (!text || !g_ascii_string_to_signed(text, 10, 1, most, &value, NULL))
        return dj_web_fail(error, 400, "数目应为 1 到 %d 的整数", most);
    *out = g_strdup_printf("%" G_GINT64_FORMAT, value);
    return TRUE;
}

/* Prepares and starts a job about an event, and shows it. */
static gboolean start(DjRequest *request, const char *kind, const char *title, const char *name,
                      const char *const *words, GError **error)
{
    guint number;
    DjJobs *jobs = dj_web_jobs(request->web);
    if (!dj_jobs_are_free(jobs, error))
        return FALSE;
    g_autofree char *folder = dj_jobs_prepare(jobs, &number, error);
    if (!folder || !dj_start_job(request, number, kind, title, name, words, error))
        return FALSE;
    dj_start_show(request, number);
    return TRUE;
}

gboolean dj_web_event_new(DjRequest *request, GError **error)
{
    const char *name = dj_request_field(request, "name"), *date = dj_request_field(request, "date");
    const GPtrArray *chosen = dj_request_fields(request, "chain");
    g_autofree char *slots = NULL, *tables = NULL, *demand = NULL, *supply = NULL;
    g_autoptr(GString) chains = g_string_new(NULL);
    int day;
    g_autofree char *folder = dj_event_folder_new(request, name, error);
    if (!folder || !number_of(request, "slots", 40, &slots, error) ||
        !number_of(request, "tables", 1000, &tables, error) || !number_of(request, "demand", 2000, &demand, error) ||
        !number_of(request, "supply", 2000, &supply, error))
        return FALSE;
    if (!date || strlen(date) != 10 || !dj_day_parse(date, &day))
        return dj_web_fail(error, 400, "日期应写成 2026-11-01 这样");
    for (guint i = 0; i < chosen->len; i++)
        g_string_append_printf(chains, "%s%s", i ? "," : "", (const char *)chosen->pdata[i]);
    const char *words[] = {"event",     "new",
                           name,        "--out",
                           folder,      "--date",
                           date,        "--slots",
                           slots,       "--tables",
                           tables,      "--max-demand",
                           demand,      "--max-supply",
                           supply,      chains->len ? "--chains" : NULL,
                           chains->str, NULL};
    return start(request, "event-new", "起草对接会", name, words, error);
}

/* ---- one event ---- */

static json_int_t number_in(const json_t *plan, const char *name)
{
    return json_integer_value(json_object_get(plan, name));
}

static void put_figures(GString *out, const json_t *plan)
{
    g_string_append_printf(out,
                           "<div class=\"figs\"><div><b>%zu</b><span>场会面</span></div>"
                           "<div><b>%" JSON_INTEGER_FORMAT "</b><span>总点数</span></div>"
                           "<div><b>%" JSON_INTEGER_FORMAT "</b><span>离最好还差（点）</span></div>"
                           "<div><b>%" JSON_INTEGER_FORMAT "</b><span>第几版</span></div></div>\n",
                           json_array_size(json_object_get(plan, "meetings")), number_in(plan, "value"),
                           number_in(plan, "gap"), number_in(plan, "version"));
}

static void put_link(GString *out, const char *name, const char *file, const char *label, const char *class)
{
    g_autofree char *path = dj_event_folder_href(name, "/files/");
    g_string_append_printf(out, "<a class=\"btn%s\" href=\"%s", class, path);
    dj_html_href(out, file);
    g_string_append_printf(out, "\">%s</a> ", label);
}

/* What is wrong with the plan that stands, or why there is none. */
static void put_state(GString *out, const char *name, const char *folder, gboolean planned)
{
    if (planned && dj_event_folder_attempt_failed(folder)) {
        g_string_append(out, "<p class=\"note note-no\">照现在的限制排不出来，下面还是原来的那一版。");
        put_link(out, name, "plan" DJ_EVENT_NO_PLAN "/index.html", "看为什么", "");
        g_string_append(out, "</p>\n");
    } else if (!planned) {
        g_string_append(out,
                        "<p class=\"note note-no\">照现在的限制排不出来；总览里写着为什么、放宽哪一条最省。</p>\n");
    } else if (dj_event_folder_changed(folder)) {
        g_string_append(out, "<p class=\"note note-unk\">排会以后改过参会人、限制或表格：重排以后才算数。</p>\n");
    }
}

static void put_plan(GString *out, const char *name, const char *folder, const json_t *plan)
{
    gboolean planned = dj_event_folder_is_plan(plan);
    put_state(out, name, folder, planned);
    if (planned)
        put_figures(out, plan);
    g_string_append(out, "<p class=\"row\">");
    put_link(out, name, "plan/index.html", planned ? "总览和时间表" : "看为什么", " btn-1");
    if (planned) {
        put_link(out, name, "plan/企业单页.html", "企业单页", "");
        put_link(out, name, "plan/机构单页.html", "机构单页", "");
        put_link(out, name, "plan/桌牌.html", "桌牌", "");
        put_link(out, name, "plan/时间表.xlsx", "时间表（Excel）", "");
    }
    g_string_append(out, "</p>\n");
}

static void put_actions(DjRequest *request, const char *name, const json_t *plan, DjEventPublished state)
{
    gboolean planned = dj_event_folder_is_plan(plan);
    GString *out = request->out;
    g_autofree char *guests = dj_event_folder_href(name, "/guests"), *edit = dj_event_folder_href(name, "/edit");
    g_string_append_printf(out,
                           "<p class=\"s\">方案：<b>%s</b></p>\n<div class=\"row\"><a class=\"btn\" href=\"%s\">"
                           "参会人：来不来、几场、加人</a><a class=\"btn\" href=\"%s\">改整份文件</a>",
                           state_label(plan, state), guests, edit);
    dj_event_folder_form(request, name, "/do", " class=\"row\"");
    if (state == DJ_EVENT_UNPUBLISHED)
        g_string_append(out, "<button class=\"btn\" type=\"submit\" name=\"what\" value=\"plan\">排会</button>");
    else
        g_string_append(out,
                        "<button class=\"btn\" type=\"submit\" name=\"what\" value=\"replan\">重排（尽量不动已公布的）"
                        "</button>");
    if (planned && state != DJ_EVENT_PUBLISHED)
        g_string_append(out,
                        "<button class=\"btn\" type=\"submit\" name=\"what\" value=\"publish\">公布这一版</button>");
    g_string_append(out, "<label class=\"check\"><input type=\"checkbox\" name=\"lower\" value=\"1\"><span>"
                         "最低场次凑不满时，按最少的场次调低</span></label></form></div>\n");
}

static void put_uploads(DjRequest *request, const char *name, gboolean planned)
{
    GString *out = request->out;
    g_string_append(out, "<section class=\"card stack\">\n<h2>表格</h2>\n<p class=\"s\">配对和参会人可以放在表格里，"
                         "改好再传上来；同名的会换掉。</p>");
    dj_event_folder_form(request, name, "/table", " class=\"row\" enctype=\"multipart/form-data\"");
    g_string_append(out, "<input type=\"file\" name=\"file\" required accept=\".csv,.xlsx,.tsv,.json\" "
                         "aria-label=\"表格\"><button class=\"btn\" type=\"submit\">上传表格</button></form>\n");
    if (planned) {
        g_string_append(
            out, "<h2>会后反馈</h2>\n<p class=\"s\">每场会面一行，填好整份传上来；填错的行会退回并写明原因。</p>\n<p>");
        put_link(out, name, "plan/会后反馈.xlsx", "下载反馈表（Excel）", "");
        g_string_append(out, "</p>\n");
        dj_event_folder_form(request, name, "/feedback", " class=\"row\" enctype=\"multipart/form-data\"");
        g_string_append(out, "<input type=\"file\" name=\"file\" required accept=\".csv,.xlsx\" aria-label=\"反馈表\">"
                             "<button class=\"btn\" type=\"submit\">上传反馈</button></form>\n");
    }
    g_string_append(out, "</section>\n");
}

gboolean dj_web_event_page(DjRequest *request, GError **error)
{
    const char *name = request->capture[0];
    GString *out = request->out;
    DjEventPublished state;
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder || !dj_event_folder_published(request, folder, &state, error))
        return FALSE;
    json_t *plan = dj_event_folder_plan(folder);
    gboolean planned = dj_event_folder_is_plan(plan);
    dj_chrome_begin(request, name);
    g_string_append(out, "<p class=\"crumb\"><a href=\"/events\">对接会</a></p>\n<h1>");
    dj_html_text(out, name);
    g_string_append(out, "</h1>\n<section class=\"card stack\">\n");
    if (plan)
        put_plan(out, name, folder, plan);
    put_actions(request, name, plan, state);
    g_string_append(out, "</section>\n");
    put_uploads(request, name, planned);
    g_autofree char *prefix = dj_event_folder_href(name, "/files");
    g_autofree char *zip = dj_event_folder_href(name, "/zip");
    g_autoptr(GPtrArray) files = dj_file_list_find(folder);
    g_string_append_printf(out,
                           "<section class=\"card stack\"><h2>全部文件</h2>\n<p class=\"row\"><a class=\"btn\" "
                           "href=\"%s\">全部下载（ZIP）</a></p>\n",
                           zip);
    dj_file_list_put(out, files, folder, prefix, NULL);
    g_string_append(out, "</section>\n");
    dj_chrome_end(request);
    json_decref(plan);
    return TRUE;
}

gboolean dj_web_event_do(DjRequest *request, GError **error)
{
    static const struct {
        const char *what, *kind, *title;
    } works[] = {
        {"plan", "event-plan", "排会"}, {"replan", "event-replan", "重排"}, {"publish", "event-publish", "公布方案"}};
    const char *what = dj_request_field(request, "what");
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder)
        return FALSE;
    g_autofree char *file = g_build_filename(folder, "EVENT.yaml", NULL),
                    *plan = g_build_filename(folder, "plan", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(works); i++) {
        if (g_strcmp0(works[i].what, what) != 0)
            continue;
        const char *lower = dj_request_field(request, "lower") ? "--lower-minima" : NULL;
        const char *const make[] = {"event", what, file, "--out", plan, lower, NULL}, *const publish[] = {
                                                                                          "event",   what, plan,
                                                                                          "--event", file, NULL};
        return start(request, works[i].kind, works[i].title, request->capture[0],
                     strcmp(what, "publish") == 0 ? publish : make, error);
    }
    return dj_web_fail(error, 400, "请选排会、重排或公布");
}

gboolean dj_web_event_file(DjRequest *request, GError **error)
{
    g_autofree char *folder = dj_event_folder_find(request, error);
    return folder && dj_web_send_file(request, folder, request->capture[1], error);
}

gboolean dj_web_event_zip(DjRequest *request, GError **error)
{
    g_autofree char *folder = dj_event_folder_find(request, error);
    g_autoptr(GPtrArray) names = folder ? dj_file_list_find(folder) : NULL;
    return names && dj_file_list_send_zip(request, names, folder, request->capture[0], error);
}

/* ---- its file ---- */

static void put_editor(DjRequest *request, const char *text, const char *base, const char *problem)
{
    const char *name = request->capture[0];
    GString *out = request->out;
    g_autofree char *back = dj_event_folder_href(name, "");
    dj_chrome_begin(request, "改对接会");
    g_string_append_printf(out, "<p class=\"crumb\"><a href=\"/events\">对接会</a> › <a href=\"%s\">", back);
    dj_html_text(out, name);
    g_string_append(out, "</a></p>\n<h1>改整份文件</h1>\n");
    if (problem) {
        unsigned line = 0;
        g_string_append(out, "<div class=\"note note-no\" role=\"alert\"><b>没有存：</b>");
        dj_html_text(out, problem);
        if (sscanf(problem, "第 %u 行", &line) == 1 && line > 0) {
            g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
            if (line <= g_strv_length(lines)) {
                g_string_append(out, "<pre class=\"log\">");
                dj_html_text(out, lines[line - 1]);
                g_string_append(out, "</pre>");
            }
        }
        g_string_append(out, "</div>\n");
    }
    g_string_append(out, "<section class=\"card stack\">\n");
    dj_event_folder_form(request, name, "/edit", " class=\"stack\"");
    g_string_append_printf(out,
                           "<input type=\"hidden\" name=\"base\" value=\"%s\"><textarea name=\"text\" class=\"code\" "
                           "rows=\"28\" spellcheck=\"false\" aria-label=\"对接会文件\">\n",
                           base);
    dj_html_text(out, text);
    g_string_append(out,
                    "</textarea>\n<p class=\"row\"><button class=\"btn btn-1\" type=\"submit\">检查并保存</button> "
                    "<span class=\"s dim\">有错就不存，并告诉您错在哪一行</span></p></form>\n</section>\n");
    dj_chrome_end(request);
}

gboolean dj_web_event_edit_page(DjRequest *request, GError **error)
{
    g_autofree char *folder = dj_event_folder_find(request, error);
    g_autofree char *text = folder ? dj_event_folder_read(folder, error) : NULL;
    if (!text)
        return FALSE;
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
    put_editor(request, text, hash, NULL);
    return TRUE;
}

gboolean dj_web_event_edit(DjRequest *request, GError **error)
{
    const char *base = dj_request_field(request, "base"), *given = dj_request_field(request, "text");
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder)
        return FALSE;
    if (!base || !given || strspn(base, "0123456789abcdef") != strlen(base))
        return dj_web_fail(error, 400, "表单不完整，请重新填写");
    g_autoptr(GString) text = g_string_new(given);
    g_string_replace(text, "\r\n", "\n", 0); /* as browsers send it */
    g_autoptr(GError) why = NULL;
    if (dj_event_folder_write(folder, text->str, base, &why)) {
        dj_event_folder_back(request);
        return TRUE;
    }
    if (!g_error_matches(why, DJ_WEB_ERROR, 422) && !g_error_matches(why, DJ_WEB_ERROR, 409)) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    put_editor(request, text->str, base, why->message);
    request->status = (guint)why->code;
    return TRUE;
}

/* ---- files that come ---- */

static gboolean keep(DjUpload *upload, const char *folder, GError **error)
{
    g_autofree char *path = g_build_filename(folder, upload->name, NULL);
    if (g_rename(upload->path, path) != 0) {
        int why = errno;
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(why), "%s: %s", path, g_strerror(why));
        return FALSE;
    }
    g_clear_pointer(&upload->path, g_free);
    return TRUE;
}

gboolean dj_web_event_table(DjRequest *request, GError **error)
{
    static const char *const suffixes[] = {".csv", ".tsv", ".xlsx", ".json"};
    gboolean table = FALSE;
    g_autofree char *folder = dj_event_folder_find(request, error);
    if (!folder)
        return FALSE;
    for (gsize i = 0; i < G_N_ELEMENTS(suffixes); i++)
        table |= g_str_has_suffix(request->upload->name, suffixes[i]);
    if (!table)
        return dj_web_fail(error, 400, "表格的文件名要以 .csv、.tsv、.xlsx 或 .json 结尾");
    if (!dj_event_folder_take_table(folder, request->upload->name, request->upload->path, error))
        return FALSE;
    g_clear_pointer(&request->upload->path, g_free);
    dj_event_folder_back(request);
    return TRUE;
}

/* The plan that was published last, by its id; while there is none, the plan in the folder. Free it. */
static char *plan_of_feedback(const DjRequest *request, const char *event, GError **error)
{
    DjEventPublished state;
    if (!dj_event_folder_published(request, event, &state, error))
        return NULL;
    json_t *plan = state == DJ_EVENT_UNPUBLISHED ? NULL : dj_event_folder_plan(event);
    const char *id = json_string_value(json_object_get(json_object_get(plan, "event"), "id"));
    char *name = id ? g_strdup(id) : g_build_filename(event, "plan", NULL);
    json_decref(plan);
    return name;
}

gboolean dj_web_event_feedback(DjRequest *request, GError **error)
{
    guint number;
    DjJobs *jobs = dj_web_jobs(request->web);
    g_autofree char *event = dj_event_folder_find(request, error);
    g_autofree char *plan = event ? plan_of_feedback(request, event, error) : NULL;
    g_autofree char *folder = plan ? dj_jobs_prepare(jobs, &number, error) : NULL;
    if (!folder)
        return FALSE;
    g_autofree char *in = g_build_filename(folder, "in", NULL), *out = g_build_filename(folder, "out", NULL);
    g_autofree char *file = g_build_filename(in, request->upload->name, NULL);
    if (!keep(request->upload, in, error)) {
        dj_jobs_discard(jobs, number);
        return FALSE;
    }
    const char *words[] = {"event", "feedback", "--who", request->user.name, "--rejects", out, "--", plan, file, NULL};
    if (!dj_start_job(request, number, "event-feedback", "收会后反馈", request->capture[0], words, error))
        return FALSE;
    dj_start_show(request, number);
    return TRUE;
}
