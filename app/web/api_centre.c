/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The API of the centre: months, fee statements, the funnel. */
#include "app/web/api_page.h"
#include "app/web/chrome.h"
#include "app/web/fees.h"
#include "app/web/funnel.h"
#include "app/web/months.h"
#include "app/web/router.h"
#include <string.h>

static json_t *month_json(const DjMonthFolder *month)
{
    json_t *object = json_pack("{s:s}", "name", month->name);
    json_object_update(object, month->manifest);
    return object;
}

/* after: name of a month */
gboolean dj_web_api_months(DjRequest *request, GError **error)
{
    g_auto(DjApiPage) page;
    if (!dj_api_page_init(&page, request, error))
        return FALSE;
    g_autoptr(GPtrArray) months = dj_months_list(request);
    for (guint i = 0; i < months->len; i++) {
        const DjMonthFolder *folder = months->pdata[i];
        if (page.after && strcmp(folder->name, page.after) >= 0) /* newest first */
            continue;
        if (!dj_api_page_has_room(&page))
            break;
        json_t *month = month_json(folder);
        json_object_del(month, "files");
        dj_api_page_add(&page, month, folder->name);
    }
    dj_api_page_answer(&page, request, "months", NULL);
    return TRUE;
}

gboolean dj_web_api_month(DjRequest *request, GError **error)
{
    g_autoptr(DjMonthFolder) month = dj_month_folder_open(request, request->capture[0], error);
    if (month)
        dj_web_json(request, month_json(month));
    return month != NULL;
}

static json_t *yuan_or_null(gboolean enough, gint64 yuan)
{
    return enough ? json_integer(yuan) : json_null();
}

static json_t *fee_json(const DjFeeRow *row)
{
    json_t *object =
        json_pack("{s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:i}", "chain", row->chain, "payment", row->payment,
                  "statements", (int)row->n_all, "fixed", (int)row->n, "free", (int)row->n_free, "negotiable",
                  (int)row->n_negotiable, "with_rate", (int)row->n_rate, "out_of_range", (int)row->n_over);
    json_object_set_new(object, "p25", yuan_or_null(row->enough, row->p25));
    json_object_set_new(object, "p50", yuan_or_null(row->enough, row->p50));
    json_object_set_new(object, "p75", yuan_or_null(row->enough, row->p75));
    json_object_set_new(object, "rate_p50", row->rate_enough ? json_real(row->rate_p50) : json_null());
    return object;
}

/* after: number of a row, from 1 */
gboolean dj_web_api_fees(DjRequest *request, GError **error)
{
    g_auto(DjApiPage) page;
    const GArray *fees = dj_api_page_init(&page, request, error) && dj_request_needs_desk(request, error)
                             ? dj_desk_fees(request->desk, error)
                             : NULL;
    if (!fees)
        return FALSE;
    for (guint i = (guint)CLAMP(dj_api_page_after_number(&page), 0, fees->len);
         i < fees->len && dj_api_page_has_room(&page); i++)
        dj_api_page_add_number(&page, fee_json(&g_array_index(fees, DjFeeRow, i)), i + 1);
    json_int_t least = (json_int_t)dj_serving_fee_guidance(request->desk->serving)->min_sample;
    dj_api_page_answer(&page, request, "fees", json_pack("{s:I}", "least_sample", least));
    return TRUE;
}

gboolean dj_web_api_funnel(DjRequest *request, GError **error)
{
    DjFunnel funnel;
    if (!dj_request_needs_desk(request, error) || !dj_funnel_count(request->desk->store, &funnel, error))
        return FALSE;
    json_t *object = json_pack("{s:i, s:i}", "rejected", (int)funnel.n_rejected, "banned", (int)funnel.n_banned);
    for (int i = 0; i < DJ_N_FUNNEL; i++)
        json_object_set_new(object, dj_funnel_name((DjFunnelStep)i), json_integer(funnel.n[i]));
    dj_web_json(request, object);
    return TRUE;
}
