/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Withholding errs to the narrow side: where a part's own class and the field that it points into disagree, the wider
 * class decides, so that a mistake upstream costs evidence and not a secret. */
#include "engine/report/projection.h"

/* An owner knows all of its own record but what the organiser noted about it. Patents are nobody's own here. */
static gboolean sees(DjAudience audience, DjTable table, DjPrivacy privacy)
{
    gboolean own = audience == DJ_AUDIENCE_OWNER && (table == DJ_TABLE_NEED || table == DJ_TABLE_ENTERPRISE);
    return own ? privacy != DJ_ORGANISER : dj_audience_sees(audience, privacy);
}

/* Which enterprise it is, is kept by the organiser and no news to the owner. */
static gboolean names_owner(const DjRecord *record, int field)
{
    return record->table == DJ_TABLE_NEED && (field == DJ_NEED_ENTERPRISE || field == DJ_NEED_ENTERPRISE_CODE);
}

static gboolean sees_value(DjAudience audience, const DjRecord *record, int field)
{
    return sees(audience, record->table, dj_record_privacy(record, field)) ||
           (audience == DJ_AUDIENCE_OWNER && names_owner(record, field));
}

const char *dj_projection_field(DjAudience audience, const DjRecord *record, int field)
{
    return record && sees_value(audience, record, field) ? dj_record_get(record, field) : NULL;
}

gboolean dj_projection_sees_enterprise(DjAudience audience, const DjRecord *need)
{
    return need ? sees_value(audience, need, DJ_NEED_ENTERPRISE)
                : dj_audience_sees(audience, dj_field_at(DJ_TABLE_NEED, DJ_NEED_ENTERPRISE)->privacy);
}

const DjRecord *dj_projection_enterprise(DjAudience audience, const DjRecord *need, const DjRecord *enterprise)
{
    return dj_projection_sees_enterprise(audience, need) ? enterprise : NULL;
}

gboolean dj_projection_sees_extra(DjAudience audience)
{
    return dj_audience_sees(audience, DJ_CONFIDENTIAL);
}

GArray *dj_projection_barred(DjAudience audience, const DjResultSet *set)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(DjShownBarred));
    DjShownBarred withheld = {"withheld", "保密", 0};
    for (guint i = 0; i < set->barred->len; i++) {
        const DjBarred *barred = set->barred->pdata[i];
        DjShownBarred item = {barred->rule, barred->name, barred->n};
        if (dj_audience_sees(audience, barred->privacy))
            g_array_append_val(shown, item);
        else
            withheld.n += barred->n;
    }
    if (withheld.n > 0)
        g_array_append_val(shown, withheld);
    return shown;
}

void dj_pairing_view_init(DjPairingView *view, DjAudience audience)
{
    view->audience = audience;
    view->pairing = NULL;
    view->parts = g_array_new(FALSE, FALSE, sizeof(DjShownPart));
    view->gate = g_array_new(FALSE, FALSE, sizeof(DjShownGate));
    view->indicators = g_array_new(FALSE, FALSE, sizeof(DjShownIndicator));
    view->n_unknown = 0;
}

void dj_pairing_view_clear(DjPairingView *view)
{
    g_clear_pointer(&view->parts, g_array_unref);
    g_clear_pointer(&view->gate, g_array_unref);
    g_clear_pointer(&view->indicators, g_array_unref);
}

/* privacy: of the need's text as the match says; span: where it stands in the need. */
static gboolean sees_words(DjAudience audience, DjPrivacy privacy, const DjSpan *span, const DjRecord *need)
{
    if (!need)
        return dj_audience_sees(audience, privacy);
    return sees(audience, DJ_TABLE_NEED, privacy) &&
           (span->field < 0 || sees(audience, DJ_TABLE_NEED, dj_record_privacy(need, span->field)));
}

static gboolean sees_part(DjAudience audience, const DjPart *part, const DjRecord *need)
{
    if (part->kind == DJ_PART_QUALITY) /* rests on the patent */
        return dj_audience_sees(audience, part->privacy);
    return sees_words(audience, part->privacy, &part->need, need);
}

static void show_parts(DjPairingView *view, const DjPairing *pairing, const DjRecord *need)
{
    gint64 withheld = 0;
    guint others = G_MAXUINT; /* where the shown DJ_PART_OTHER stands */
    for (guint i = 0; i < pairing->parts->len; i++) {
        const DjPart *part = pairing->parts->pdata[i];
        if (!sees_part(view->audience, part, need)) {
            withheld += part->points;
            continue;
        }
        if (part->kind == DJ_PART_OTHER && others != G_MAXUINT) { /* one per class upstream; to a reader they are one */
            DjShownPart *sum = &g_array_index(view->parts, DjShownPart, others);
            sum->points += part->points;
            sum->n_others += part->n_others;
            continue;
        }
        DjShownPart shown = {.kind = part->kind,
                             .points = part->points,
                             .text = part->text,
                             .need = part->need,
                             .patent = part->patent,
                             .n_others = part->n_others};
        if (part->kind == DJ_PART_OTHER)
            others = view->parts->len;
        g_array_append_val(view->parts, shown);
    }
    if (withheld != 0) {
        DjShownPart shown = {
            .kind = DJ_PART_WITHHELD, .points = withheld, .need = {.field = -1}, .patent = {.field = -1}};
        g_array_append_val(view->parts, shown);
    }
}

static void show_gate(DjPairingView *view, const DjPairing *pairing)
{
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

static void show_indicators(DjPairingView *view, const DjPairing *pairing, const DjRecord *need)
{
    for (guint i = 0; i < pairing->indicators->len; i++) {
        const DjIndicator *indicator = pairing->indicators->pdata[i];
        if (!sees_words(view->audience, indicator->privacy, &indicator->need_span, need))
            continue;
        DjShownIndicator shown = {.property = indicator->property,
                                  .wanted = indicator->wanted,
                                  .stated = indicator->stated,
                                  .verdict = indicator->verdict,
                                  .need = indicator->need_span,
                                  .patent = indicator->patent_span};
        view->n_unknown += indicator->verdict == DJ_UNKNOWN;
        g_array_append_val(view->indicators, shown);
    }
}

void dj_pairing_view_set(DjPairingView *view, const DjPairing *pairing, const DjRecord *need)
{
    view->pairing = pairing;
    view->n_unknown = 0;
    g_array_set_size(view->parts, 0);
    g_array_set_size(view->gate, 0);
    g_array_set_size(view->indicators, 0);
    show_parts(view, pairing, need);
    show_gate(view, pairing);
    show_indicators(view, pairing, need);
}
