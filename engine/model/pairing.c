/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/pairing.h"

DjPart *dj_part_new(DjPartKind kind, DjPrivacy privacy, gint64 points, const char *text)
{
    DjPart *part = g_new0(DjPart, 1);
    part->kind = kind;
    part->privacy = privacy;
    part->points = points;
    part->text = g_strdup(text);
    part->need.field = part->patent.field = -1;
    return part;
}

void dj_part_free(DjPart *part)
{
    if (!part)
        return;
    g_free(part->text);
    g_free(part);
}

void dj_gate_result_free(DjGateResult *result)
{
    if (!result)
        return;
    g_free(result->rule);
    g_free(result->name);
    g_free(result->value);
    g_free(result->ask);
    g_free(result);
}

void dj_indicator_free(DjIndicator *indicator)
{
    if (!indicator)
        return;
    g_free(indicator->property);
    g_free(indicator->wanted);
    g_free(indicator->stated);
    g_free(indicator);
}

DjPairing *dj_pairing_new(void)
{
    DjPairing *pairing = g_new0(DjPairing, 1);
    pairing->permille = -1;
    pairing->parts = g_ptr_array_new_with_free_func((GDestroyNotify)dj_part_free);
    pairing->gate = g_ptr_array_new_with_free_func((GDestroyNotify)dj_gate_result_free);
    pairing->indicators = g_ptr_array_new_with_free_func((GDestroyNotify)dj_indicator_free);
    return pairing;
}

void dj_pairing_free(DjPairing *pairing)
{
    if (!pairing)
        return;
    g_free(pairing->need);
    g_free(pairing->patent);
    g_free(pairing->chain);
    g_strfreev(pairing->other_chains);
    g_free(pairing->group);
    g_strfreev(pairing->similar);
    g_ptr_array_unref(pairing->parts);
    g_ptr_array_unref(pairing->gate);
    g_ptr_array_unref(pairing->indicators);
    g_free(pairing);
}

const char *dj_direction_name(DjDirection direction)
{
    return direction == DJ_DIRECTION_NEED ? "need" : "patent";
}

const char *dj_part_kind_name(DjPartKind kind)
{
    static const char *const names[] = {"phrase",    "related", "kindred", "other",   "semantic",
                                        "indicator", "chain",   "ipc",     "quality", "withheld"};
    return names[kind];
}

const char *dj_part_kind_label(DjPartKind kind)
{
    static const char *const labels[] = {"同词", "近义词", "相关",     "其余同词", "语义相近",
                                         "指标", "产业链", "IPC 分类", "优质",     "保密字段"};
    return labels[kind];
}

gint64 dj_pairing_parts_sum(const DjPairing *pairing)
{
    gint64 sum = 0;
    for (guint i = 0; i < pairing->parts->len; i++)
        sum += ((const DjPart *)pairing->parts->pdata[i])->points;
    return sum;
}

void dj_points_share(gint64 points, const gint64 *raw, gsize n, gint64 *out)
{
    __int128 sum = 0;
    for (gsize i = 0; i < n; i++)
        sum += raw[i];
    if (n == 0)
        return;
    if (sum <= 0) {
        for (gsize i = 0; i < n; i++)
            out[i] = 0;
        out[0] = points;
        return;
    }
    g_autofree gint64 *rest = g_new(gint64, n);
    gint64 left = points;
    /* remainders compare exactly: raw * points mod sum, scaled to 62 bits */
    for (gsize i = 0; i < n; i++) {
        __int128 product = (__int128)raw[i] * points;
        out[i] = (gint64)(product / sum);
        rest[i] = (gint64)(((product % sum) << 30) / sum);
        left -= out[i];
    }
    while (left > 0) {
        gsize best = 0;
        for (gsize i = 1; i < n; i++)
            if (rest[i] > rest[best])
                best = i;
        out[best]++;
        rest[best] = -1;
        left--;
    }
}
