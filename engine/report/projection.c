/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Withholding errs to the narrow side: where a part's own class and the field that it points into disagree, the wider
 * class decides, so that a mistake upstream costs evidence and not a secret. */
#include "engine/report/projection.h"

const char *dj_projection_field(DjAudience audience, const DjRecord *record, int field)
{
    if (!record || !dj_audience_sees(audience, dj_record_privacy(record, field)))
        return NULL;
    return dj_record_get(record, field);
}

gboolean dj_projection_sees_enterprise(DjAudience audience, const DjRecord *need)
{
    return dj_audience_sees(audience, need ? dj_record_privacy(need, DJ_NEED_ENTERPRISE)
                                           : dj_field_at(DJ_TABLE_NEED, DJ_NEED_ENTERPRISE)->privacy);
}

const DjRecord *dj_projection_enterprise(DjAudience audience, const DjRecord *need, const DjRecord *enterprise)
{
    return dj_projection_sees_enterprise(audience, need) ? enterprise : NULL;
}

gboolean dj_projection_sees_extra(DjAudience audience)
{
    return dj_audience_sees(audience, DJ_CONFIDENTIAL);
}

void dj_pairing_view_init(DjPairingView *view, DjAudience audience)
{
    view->audience = audience;
    view->pairing = NULL;
    view->parts = g_array_new(FALSE, FALSE, sizeof(DjShownPart));
    view->gate = g_array_new(FALSE, FALSE, sizeof(DjShownGate));
    view->n_unknown = 0;
}

void dj_pairing_view_clear(DjPairingView *view)
{
    g_clear_pointer(&view->parts, g_array_unref);
    g_clear_pointer(&view->gate, g_array_unref);
}

static gboolean sees_part(DjAudience audience, const DjPart *part, const DjRecord *need)
{
    DjPrivacy privacy = part->privacy;
    if (need && part->need.field >= 0)
        privacy = MAX(privacy, dj_record_privacy(need, part->need.field));
    return dj_audience_sees(audience, privacy);
}

void dj_pairing_view_set(DjPairingView *view, const DjPairing *pairing, const DjRecord *need)
{
    view->pairing = pairing;
    view->n_unknown = 0;
    g_array_set_size(view->parts, 0);
    g_array_set_size(view->gate, 0);

    gint64 withheld = 0;
    for (guint i = 0; i < pairing->parts->len; i++) {
        const DjPart *part = pairing->parts->pdata[i];
        if (!sees_part(view->audience, part, need)) {
            withheld += part->points;
            continue;
        }
        DjShownPart shown = {.kind = part->kind,
                             .points = part->points,
                             .text = part->text,
                             .need = part->need,
                             .patent = part->patent,
                             .n_others = part->n_others};
        g_array_append_val(view->parts, shown);
    }
    if (withheld != 0) {
        DjShownPart shown = {
            .kind = DJ_PART_WITHHELD, .points = withheld, .need = {.field = -1}, .patent = {.field = -1}};
        g_array_append_val(view->parts, shown);
    }

    for (guint i = 0; i < pairing->gate->len; i++) {
        const DjGateResult *result = pairing->gate->pdata[i];
        DjShownGate shown = {.rule = result->rule, .name = result->name, .hard = result->hard};
        if (dj_audience_sees(view->audience, result->privacy)) {
            shown.verdict = result->verdict;
            shown.value = result->value;
            shown.ask = result->ask;
            view->n_unknown += result->verdict == DJ_UNKNOWN;
        } else {
            shown.withheld = TRUE;
            shown.verdict = DJ_UNKNOWN;
        }
        g_array_append_val(view->gate, shown);
    }
}
