/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/result.h"
#include <string.h>

static void chain_free(gpointer data)
{
    DjResultChain *chain = data;
    g_free(chain->id);
    g_free(chain->name);
    g_free(chain->tier);
    g_free(chain);
}

static void barred_free(gpointer data)
{
    DjBarred *barred = data;
    g_free(barred->rule);
    g_free(barred->name);
    g_free(barred);
}

DjResultSet *dj_result_set_new(void)
{
    DjResultSet *set = g_new0(DjResultSet, 1);
    set->chains = g_ptr_array_new_with_free_func(chain_free);
    set->pairings = g_ptr_array_new_full(64, (GDestroyNotify)dj_pairing_free);
    set->barred = g_ptr_array_new_with_free_func(barred_free);
    set->needs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    set->patents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    set->unmet = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    set->nearest = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_pairing_free);
    set->nearest_patents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    set->quality = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_quality_free);
    set->enterprises = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    set->enterprise_of = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return set;
}

void dj_result_set_free(DjResultSet *set)
{
    if (!set)
        return;
    g_free(set->provenance.version);
    g_free(set->provenance.workspace);
    g_free(set->provenance.now);
    g_free(set->provenance.model);
    g_free(set->provenance.settings);
    g_free(set->provenance.taxonomy);
    g_free(set->provenance.rules);
    g_free(set->provenance.criteria);
    g_free(set->provenance.kernel);
    g_ptr_array_unref(set->chains);
    g_ptr_array_unref(set->pairings);
    g_ptr_array_unref(set->barred);
    g_hash_table_unref(set->needs);
    g_hash_table_unref(set->patents);
    g_hash_table_unref(set->unmet);
    g_hash_table_unref(set->nearest);
    g_hash_table_unref(set->nearest_patents);
    g_hash_table_unref(set->quality);
    g_hash_table_unref(set->enterprises);
    g_hash_table_unref(set->enterprise_of);
    g_free(set);
}

gboolean dj_result_set_is_unmet(const DjResultSet *set)
{
    if (set->n_found == 0)
        return TRUE;
    for (guint i = 0; i < set->pairings->len; i++)
        if (((const DjPairing *)set->pairings->pdata[i])->permille >= set->adequate)
            return FALSE;
    return set->adequate > 0;
}

const char *dj_result_chain_name(const DjResultSet *set, const char *id)
{
    for (guint i = 0; i < set->chains->len; i++) {
        const DjResultChain *chain = set->chains->pdata[i];
        if (strcmp(chain->id, id) == 0)
            return chain->name;
    }
    return *id ? id : "未归链";
}
