/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/list_unmet.h"
#include "engine/report/csv.h"
#include "engine/report/wording.h"
#include <string.h>

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* need key -> its first pairing on a list */
static GHashTable *listed_of(const DjResultSet *set)
{
    GHashTable *listed = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < set->pairings->len; i++) {
        DjPairing *pairing = set->pairings->pdata[i];
        if (pairing->direction == DJ_DIRECTION_NEED && pairing->rank == 1)
            g_hash_table_insert(listed, pairing->need, pairing);
    }
    return listed;
}

/* listed: its first pairing on a list, NULL for none. */
static void put_need(GString *out, const DjListRun *run, const DjRecord *need, const DjPairing *listed)
{
    const DjPairing *nearest = listed ? listed : g_hash_table_lookup(run->set->nearest, need->key);
    const DjAudience audience = run->audience;
    const char *enterprise = dj_projection_sees_enterprise(audience, need)
                                 ? dj_projection_field(audience, need, DJ_NEED_ENTERPRISE)
                                 : "不公开";
    g_autoptr(GString) owners = g_string_new(NULL), route = g_string_new(NULL);
    g_autofree char *score = NULL, *chance = NULL;
    const DjRecord *patent =
        nearest ? g_hash_table_lookup(listed ? run->set->patents : run->set->nearest_patents, nearest->patent) : NULL;
    if (patent) {
        dj_wording_list(owners, dj_projection_field(audience, patent, DJ_PATENT_OWNERS));
        score = g_strdup_printf("%d", nearest->score);
        chance = g_strdup_printf("%d", (nearest->permille + 5) / 10);
    }
    if (patent && !nearest->low) {
        g_string_append_printf(route, "订单式研发%s%s", owners->len ? "：可先问 " : "", owners->str);
    } else {
        g_string_append(route, "订单式研发或发榜；请企业先写明材料、工艺和指标");
    }
    const struct {
        const char *text;
        gboolean is_text;
    } cells[DJ_UNMET_N_COLUMNS] = {
        [DJ_UNMET_NEED] = {need->key, TRUE},
        [DJ_UNMET_TITLE] = {dj_projection_field(audience, need, DJ_NEED_TITLE), TRUE},
        [DJ_UNMET_ENTERPRISE] = {enterprise, TRUE},
        [DJ_UNMET_NEAREST] = {patent ? dj_projection_field(audience, patent, DJ_PATENT_TITLE) : NULL, TRUE},
        [DJ_UNMET_PATENT] = {patent ? nearest->patent : NULL, TRUE},
        [DJ_UNMET_OWNERS] = {owners->str, TRUE},
        [DJ_UNMET_SCORE] = {score, FALSE},
        [DJ_UNMET_CHANCE] = {chance, FALSE},
        [DJ_UNMET_ROUTE] = {route->str, TRUE},
        [DJ_UNMET_LIMIT] = {!patent        ? "没有相近的专利"
                            : nearest->low ? "低于清单下限"
                                           : "在清单上",
                            TRUE}};
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        dj_csv_cell(out, cells[i].text ? cells[i].text : "", cells[i].is_text);
    }
    g_string_append(out, "\r\n");
}

gboolean dj_list_unmet_write(const DjListRun *run, const char *path, char **sha256, GError **error)
{
    g_auto(DjOutFile) file = {0};
    if (!dj_out_file_open(&file, path, error))
        return FALSE;
    g_string_append(file.text, DJ_CSV_BOM
                    "需求编号,需求名称,企业,最接近的专利,专利号,机构,匹配度,值得一谈 %,可转去向,清单下限\r\n");
    g_autoptr(GHashTable) listed = listed_of(run->set);
    g_autofree char **keys = (char **)g_hash_table_get_keys_as_array(run->set->unmet, NULL);
    guint n = g_hash_table_size(run->set->unmet);
    qsort(keys, n, sizeof *keys, compare_keys);
    for (guint i = 0; i < n; i++) {
        put_need(file.text, run, g_hash_table_lookup(run->set->unmet, keys[i]), g_hash_table_lookup(listed, keys[i]));
        if (!dj_out_file_drain(&file, error))
            return FALSE;
    }
    return dj_out_file_close(&file, sha256, error);
}
