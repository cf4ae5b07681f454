/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/need_routes.h"

#include "app/web/access.h"
#include "app/web/chrome.h"
#include "app/web/pair.h"
#include "app/web/pairing_list.h"
#include "app/web/server.h"
#include "engine/match/demand.h"
#include "engine/report/list_unmet.h"
#include "engine/report/lists.h"
#include "engine/report/page.h"
#include "indexer/reader.h"
#include <string.h>

#define SHOWN 50

/* ---- needs that have a route ---- */

typedef struct {
    const DjRequest *request;
    GHashTable *routes; /* route -> number */
    guint n, n_open;
} Counting;

static void count(GHashTable *routes, const char *route)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(routes, route));
    g_hash_table_insert(routes, g_strdup(route), GUINT_TO_POINTER(n + 1));
}

static gboolean see_need(const DjRecord *need, gpointer user)
{
    Counting *counting = user;
    const char *route = dj_projection_field(dj_request_audience(counting->request), need, DJ_NEED_ROUTE);
    counting->n++;
    counting->n_open += dj_need_is_open(need, dj_serving_today(counting->request->desk->serving));
    if (route)
        count(counting->routes, route);
    return TRUE;
}

static void put_figures(GString *out, const Counting *counting)
{
    g_autoptr(GPtrArray) names = dj_chrome_sorted_keys(counting->routes);
    g_string_append_printf(out,
                           "<div class=\"figs\"><div><b>%u</b><span>需求</span></div><div><b>%u</b><span>征集中</span>"
                           "</div>",
                           counting->n, counting->n_open);
    for (guint i = 0; i < names->len; i++) {
        g_string_append_printf(out, "<div><b>%u</b><span>已转：",
                               GPOINTER_TO_UINT(g_hash_table_lookup(counting->routes, names->pdata[i])));
        dj_html_text(out, names->pdata[i]);
        g_string_append(out, "</span></div>");
    }
    g_string_append(out, "</div>\n");
}

/* ---- needs without an adequate patent ---- */

static const char *cell_at(const DjRow *row, gsize column)
{
    return column < row->n_cells && row->cells[column].text ? row->cells[column].text : "";
}

/* Keys, score and route come from the table; titles from the records, for whoever looks. FALSE without error: the need
 * or the patent is gone since. */
static gboolean put_row(DjRequest *request, GString *out, const DjRow *row, GError **error)
{
    DjAudience audience = dj_request_audience(request);
    const char *key = cell_at(row, DJ_UNMET_NEED), *nearest = cell_at(row, DJ_UNMET_PATENT);
    g_autoptr(GError) failed = NULL;
    g_autoptr(DjRecord) need = dj_desk_record(request->desk, DJ_TABLE_NEED, key, &failed);
    g_autoptr(DjRecord) patent =
        need && *nearest ? dj_desk_record(request->desk, DJ_TABLE_PATENT, nearest, &failed) : NULL;
    if (failed && !g_error_matches(failed, DJ_WEB_ERROR, 404))
        g_propagate_error(error, g_steal_pointer(&failed));
    if (!need || (*nearest && !patent))
        return FALSE;
    g_string_append(out, "<tr><td data-l=\"需求\" class=\"title\">");
    dj_chrome_link(out, "needs", key, dj_projection_field(audience, need, DJ_NEED_TITLE));
    g_string_append(out, "</td><td data-l=\"最接近的专利\">");
    if (patent) {
        g_autofree char *path = dj_pair_path(key, nearest);
        g_string_append_printf(out, "<a href=\"%s\">", path);
        dj_html_text(out, dj_projection_field(audience, patent, DJ_PATENT_TITLE));
        g_string_append(out, "</a>");
    } else {
        g_string_append(out, "没有");
    }
    g_string_append(out, "</td><td class=\"num\" data-l=\"匹配度\">");
    dj_html_text(out, cell_at(row, DJ_UNMET_SCORE));
    if (patent) {
        g_string_append(out, " <span class=\"xs dim\">");
        dj_html_text(out, cell_at(row, DJ_UNMET_LIMIT));
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</td><td data-l=\"可转去向\">");
    dj_html_text(out, cell_at(row, DJ_UNMET_ROUTE));
    g_string_append(out, "</td></tr>\n");
    return TRUE;
}

static gboolean put_table(DjRequest *request, const DjJob *job, const char *path, GError **error)
{
    DjReaderOptions options = {0};
    g_autoptr(DjReader) reader = dj_reader_open(path, &options, error);
    g_autoptr(GString) rows = g_string_new(NULL);
    guint n = 0, shown = 0;
    DjRow row;
    gboolean more = TRUE;
    while (reader && dj_reader_next(reader, &row, &more, error) && more) {
        g_autoptr(GError) failed = NULL;
        n++;
        shown += shown < SHOWN && put_row(request, rows, &row, &failed);
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return FALSE;
        }
    }
    if (!reader || more)
        return FALSE;
    GString *out = request->out;
    g_string_append_printf(out, "<h3>暂无合适专利的需求：%u 条</h3>\n", n);
    g_string_append_printf(out,
                           "<table class=\"t rows\"><thead><tr><th>需求</th><th>最接近的专利</th><th class=\"num\">"
                           "匹配度</th><th>可转去向</th></tr></thead><tbody>\n%s</tbody></table>\n",
                           rows->str);
    g_string_append_printf(out,
                           "<p class=\"s dim\">来自第 <a href=\"/jobs/%u\">%u</a> 号任务的配对清单（%.10s）%s。</p>\n",
                           job->number, job->number, job->started, n > shown ? "，这里是前面的，全部在清单里" : "");
    return TRUE;
}

static gboolean put_unserved(DjRequest *request, GError **error)
{
    g_autoptr(DjJob) job = dj_pairing_last_job(dj_web_jobs(request->web));
    if (!job) {
        g_string_append(request->out, "<p class=\"dim\">还没有配对清单，不知道哪些需求暂无合适专利。到"
                                      "<a href=\"/jobs\">任务</a>里生成。</p>\n");
        return TRUE;
    }
    g_autofree char *path = g_build_filename(job->folder, "out", DJ_UNMET_FILE, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return put_table(request, job, path, error);
    g_string_append(request->out, "<p class=\"dim\">最近的配对清单里，每条需求都有合适的专利。</p>\n");
    return TRUE;
}

gboolean dj_need_routes_put(DjRequest *request, GError **error)
{
    g_autoptr(GHashTable) routes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Counting counting = {.request = request, .routes = routes};
    if (!dj_store_each(request->desk->store, DJ_TABLE_NEED, DJ_POINT_NOW, see_need, &counting, error))
        return FALSE;
    g_string_append(request->out, "<section class=\"card stack\" id=\"needs\"><h2>需求去向</h2>\n");
    put_figures(request->out, &counting);
    if (!put_unserved(request, error))
        return FALSE;
    g_string_append(request->out, "</section>\n");
    return TRUE;
}
