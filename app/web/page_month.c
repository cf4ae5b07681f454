/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One month: what changed, what it covers, its files, and what to do with it. */
#include "app/month_publish.h"
#include "app/web/chrome.h"
#include "app/web/file_list.h"
#include "app/web/months.h"
#include "app/web/router.h"
#include "app/web/start.h"
#include "engine/report/page.h"
#include <string.h>

static const char *word_of(const char *key)
{
    static const char *const words[][2] = {
        {"covered", "已覆盖"},    {"short", "不足"},          {"uncovered", "未覆盖"},
        {"new", "新上"},          {"kept", "不变"},           {"up", "上升"},
        {"down", "下降"},         {"gone", "落榜"},           {"first", "第一次做"},
        {"patent", "专利变了"},   {"need", "需求变了"},       {"gate", "许可条件变了"},
        {"decision", "决定变了"}, {"taxonomy", "产业链变了"}, {"lexicon", "词典变了"},
        {"model", "模型变了"},    {"weights", "权重变了"},    {"combined", "几样合在一起"}};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i][0], key) == 0)
            return words[i][1];
    return key;
}

static gboolean put_counts(GString *out, const DjMonthFolder *month, const char *file, const char *first,
                           const char *second, GError **error)
{
    g_autoptr(GHashTable) counts = dj_month_folder_count(month, file, first, second, error);
    if (!counts)
        return FALSE;
    g_autoptr(GPtrArray) keys = dj_chrome_sorted_keys(counts);
    g_string_append(out, "<table class=\"t\"><tbody>\n");
    for (guint i = 0; i < keys->len; i++) {
        g_auto(GStrv) parts = g_strsplit(keys->pdata[i], "\t", 2);
        g_string_append(out, "<tr><td>");
        dj_html_text(out, word_of(parts[0]));
        if (parts[1]) {
            g_string_append(out, "</td><td>");
            dj_html_text(out, word_of(parts[1]));
        }
        g_string_append_printf(out, "</td><td class=\"num\">%u</td></tr>\n",
                               GPOINTER_TO_UINT(g_hash_table_lookup(counts, keys->pdata[i])));
    }
    g_string_append(out, "</tbody></table>\n");
    return TRUE;
}

/* Sheets of enterprises are named by code: people look for names. */
static void put_files(GString *out, const DjMonthFolder *month)
{
    g_autofree char *name = g_uri_escape_string(month->name, NULL, FALSE);
    g_autofree char *prefix = g_strdup_printf("/months/%s/files", name);
    g_autoptr(GPtrArray) files = dj_month_folder_files(month);
    g_autoptr(GHashTable) labels = dj_month_folder_labels(month, files);
    g_string_append_printf(out,
                           "<section class=\"card stack\"><h2>文件</h2><p class=\"row\"><a class=\"btn btn-1\" "
                           "href=\"/months/%s/zip\">全部下载（ZIP）</a></p>\n",
                           name);
    dj_file_list_put(out, files, month->folder, prefix, labels);
    g_string_append(out, "</section>\n");
}

static void put_button(DjRequest *request, const DjMonthFolder *month, const char *kind, const char *label,
                       const char *about)
{
    GString *out = request->out;
    g_string_append(out, "<form method=\"post\" action=\"/jobs\" class=\"row\">");
    dj_chrome_csrf(request);
    g_string_append(out, "<input type=\"hidden\" name=\"month\" value=\"");
    dj_html_text(out, month->name);
    g_string_append_printf(out,
                           "\"><button class=\"btn\" type=\"submit\" name=\"kind\" value=\"%s\">%s</button> "
                           "<span class=\"s dim\">%s</span></form>\n",
                           kind, label, about);
}

/* What of the month is recorded as pushed, where anything is. */
static void put_pushed(GString *out, const DjMonthPushed *pushed)
{
    if (pushed->recorded.n > 0) {
        g_string_append_printf(out, "<p id=\"pushed\">已登记推送 %u 条（最近 %s）", pushed->recorded.n,
                               pushed->recorded.last);
        if (pushed->waiting > 0)
            g_string_append_printf(out, "，还有 %u 条没有登记", pushed->waiting);
        g_string_append(out, "</p>\n");
    } else if (pushed->kept) {
        g_string_append(out, "<p id=\"pushed\">已登记，没有新的推荐。</p>\n");
    }
}

static void put_actions(DjRequest *request, const DjMonthFolder *month, const DjMonthPushed *pushed)
{
    g_string_append(request->out, "<section class=\"card stack no-print\">\n<h2>下一步</h2>\n");
    put_button(request, month, DJ_JOB_VERIFY, "核对：重做一遍",
               "照当时的资料、设置和模型再做一遍，逐字节比较每一个文件");
    put_pushed(request->out, pushed);
    if (pushed->waiting > 0 || !pushed->kept)
        put_button(request, month, DJ_JOB_PUBLISH, "登记为已推送", "企业收到以后登记：下个月和它比较，覆盖数也照它算");
    g_string_append(request->out, "</section>\n");
}

gboolean dj_web_month_page(DjRequest *request, GError **error)
{
    g_autoptr(DjMonthFolder) month = dj_month_folder_open(request, request->capture[0], error);
    if (!month || !dj_request_needs_desk(request, error))
        return FALSE;
    GString *out = request->out;
    DjStore *store = request->desk->store;
    DjMonthPushed pushed;
    g_autoptr(DjMonthPushes) pushes = dj_month_pushes_read(store, error);
    if (!pushes || !dj_month_pushed(store, month->folder, month->manifest, pushes, &pushed, error))
        return FALSE;
    g_autoptr(GError) failed = NULL;
    g_autofree char *damaged = dj_month_folder_damaged(month, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return FALSE;
    }
    dj_chrome_begin(request, month->name);
    g_string_append(out, "<p class=\"crumb\"><a href=\"/centre\">运营中心</a></p>\n<h1>月度清单 ");
    dj_html_text(out, json_string_value(json_object_get(month->manifest, "month")));
    g_string_append_printf(out, "</h1>\n<p class=\"row s\"><span class=\"chip\">%s</span> 事实截至 ",
                           dj_month_folder_audience(month));
    dj_html_text(out, json_string_value(json_object_get(month->manifest, "as_of")));
    g_string_append_printf(out, "　%s</p>\n", damaged ? "" : "<span class=\"v v-met\">文件与清单一致</span>");
    if (damaged) {
        g_string_append(out, "<p class=\"note note-no\" role=\"alert\">文件被改动过，或者缺了：");
        dj_html_text(out, damaged);
        g_string_append(out, "</p>\n");
    }
    g_string_append(out, "<div class=\"cmp\"><section class=\"card stack\"><h2>与上月相比</h2>\n");
    if (!put_counts(out, month, "diff.csv", "change", "cause", error))
        return FALSE;
    g_string_append(out, "</section><section class=\"card stack\"><h2>覆盖</h2>\n");
    if (!put_counts(out, month, "coverage.csv", "status", "reason", error))
        return FALSE;
    g_string_append(out, "</section></div>\n");
    put_files(out, month);
    put_actions(request, month, &pushed);
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_month_file(DjRequest *request, GError **error)
{
    g_autoptr(DjMonthFolder) month = dj_month_folder_open(request, request->capture[0], error);
    return month && dj_month_folder_send(request, month, request->capture[1], error);
}

gboolean dj_web_month_zip(DjRequest *request, GError **error)
{
    g_autoptr(DjMonthFolder) month = dj_month_folder_open(request, request->capture[0], error);
    g_autoptr(GPtrArray) files = month ? dj_month_folder_files(month) : NULL;
    return files && dj_file_list_send_zip(request, files, month->folder, month->name, error);
}
