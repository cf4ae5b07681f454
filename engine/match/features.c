/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/features.h"
#include <string.h>

void dj_features_clear(DjFeatures *features)
{
    g_clear_pointer(&features->chain_text, g_free);
    g_clear_pointer(&features->ipc_text, g_free);
}

gint64 dj_features_bound(const DjScoring *scoring)
{
    return (gint64)scoring->chain_points + scoring->ipc_points + scoring->indicator_points + scoring->quality_points;
}

void dj_features_compute(DjFeatures *features, const DjTaxonomy *taxonomy, const DjIpcTitles *titles,
                         const DjScoring *scoring, const DjMembership *need, guint n_need, const DjMembership *patent,
                         guint n_patent, const DjIpc *need_ipc, guint n_need_ipc, const DjIpc *patent_ipc,
                         guint n_patent_ipc, gboolean texts, int *home)
{
    *features = (DjFeatures){0};
    *home = -1;
    int best = 0;
    for (guint i = 0; i < n_need; i++) {
        for (guint j = 0; j < n_patent; j++) {
            int weight = MIN(need[i].weight, patent[j].weight);
            if (need[i].chain == patent[j].chain &&
                (weight > best || (weight == best && *home >= 0 && (int)need[i].chain < *home))) {
                best = weight;
                *home = need[i].chain;
            }
        }
    }
    if (best > 0) {
        features->chain = (gint64)scoring->chain_points * best / 100;
        if (texts)
            features->chain_text = g_strdup(dj_taxonomy_chain(taxonomy, (guint)*home).name);
    }
    const DjIpc *shared = NULL;
    int level = 0; /* 1 same subclass, 2 same main group */
    for (guint i = 0; i < n_need_ipc && level < 2; i++) {
        for (guint j = 0; j < n_patent_ipc && level < 2; j++) {
            if (strlen(need_ipc[i].subclass) < 4 || strcmp(need_ipc[i].subclass, patent_ipc[j].subclass) != 0)
                continue;
            int here = need_ipc[i].group >= 0 && need_ipc[i].group == patent_ipc[j].group ? 2 : 1;
            if (here > level) {
                level = here;
                shared = &patent_ipc[j];
            }
        }
    }
    if (level > 0) {
        features->ipc = (gint64)scoring->ipc_points * level / 2;
        if (texts) {
            DjIpc shown = {.group = level == 2 ? shared->group : -1, .subgroup = -1};
            g_strlcpy(shown.subclass, shared->subclass, sizeof shown.subclass);
            features->ipc_text = dj_ipc_titles_label(titles, &shown);
        }
    }
}

gint64 dj_points_of_total(const DjScoring *scoring, gint64 total)
{
    __int128 scaled = (__int128)total * scoring->points_per_deviation * 2 + DJ_TOTAL_ONE;
    __int128 unit = (__int128)DJ_TOTAL_ONE * 2;
    __int128 points = scaled / unit;
    if (scaled % unit < 0)
        points--; /* floor */
    return (gint64)points;
}

gint64 dj_total_of_points(const DjScoring *scoring, gint64 points)
{
    __int128 numerator = ((__int128)points * 2 - 1) * DJ_TOTAL_ONE;
    gint64 unit = 2 * (gint64)scoring->points_per_deviation;
    __int128 total = numerator / unit;
    if (numerator % unit > 0)
        total++; /* ceiling */
    return (gint64)total;
}

gint64 dj_order_of(const DjScoring *scoring, gint64 base, gint64 feature_points)
{
    return base * scoring->points_per_deviation + feature_points * DJ_TOTAL_ONE;
}
