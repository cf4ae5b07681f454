/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/event_words.h"

#include <string.h>

void dj_event_view_init(DjEventView *view, const DjEventPlan *made, const char *plan_json)
{
    const DjPlan *plan = made->plan;
    *view = (DjEventView){.made = made, .event = made->event};
    guint persons = made->event->persons->len;
    g_autofree char *sum = g_compute_checksum_for_string(G_CHECKSUM_SHA256, plan_json, -1);
    view->seal = g_strndup(sum, 12);
    view->of_person = g_new0(GArray *, persons + 1);
    for (guint i = 0; i < persons; i++)
        view->of_person[i] = g_array_new(FALSE, FALSE, sizeof(guint));
    view->change = g_new0(DjEventChangeKind, plan->n + 1);
    view->changed = g_new0(gboolean, plan->n + 1);
    /* meetings are in the order of slots, so each person's are too */
    for (guint m = 0; m < plan->n; m++) {
        const DjEventPair *pair = dj_event_pair(made->event, plan->meetings[m].pair);
        for (guint role = 0; role < 2; role++)
            g_array_append_val(view->of_person[pair->who[role]], m);
        for (guint k = 0; k < made->changes->len; k++) {
            const DjEventChange *change = &g_array_index(made->changes, DjEventChange, k);
            if (change->pair != plan->meetings[m].pair || change->slot == DJ_PLAN_NONE)
                continue;
            view->change[m] = change->kind;
            view->changed[m] = TRUE;
        }
    }
}

void dj_event_view_clear(DjEventView *view)
{
    for (guint i = 0; i < view->event->persons->len; i++)
        g_array_unref(view->of_person[i]);
    g_free(view->of_person);
    g_free(view->change);
    g_free(view->changed);
    g_free(view->seal);
}

const DjPlanMeeting *dj_event_view_meeting(const DjEventView *view, guint meeting)
{
    return &view->made->plan->meetings[meeting];
}

const DjEventPair *dj_event_view_pair(const DjEventView *view, guint meeting)
{
    return dj_event_pair(view->event, dj_event_view_meeting(view, meeting)->pair);
}

const DjEventPerson *dj_event_view_other(const DjEventView *view, guint meeting, guint person)
{
    const DjEventPair *pair = dj_event_view_pair(view, meeting);
    return dj_event_person(view->event, pair->who[0] == person ? pair->who[1] : pair->who[0]);
}

const char *dj_event_person_name(const DjEventPerson *person)
{
    return person->name && *person->name ? person->name : person->id;
}

void dj_event_slot_clock(const DjEvent *event, guint slot, char out[6])
{
    dj_event_clock(event->start[slot], out);
}

static char *clean_name(const char *id)
{
    GString *out = g_string_new(NULL);
    for (const char *p = id; *p; p++)
        g_string_append_c(out, (*p & 0x80) || g_ascii_isalnum(*p) || *p == '-' || *p == '_' ? *p : '_');
    return g_string_free(out, FALSE);
}

char *dj_event_file_name(const DjEvent *event, guint person, const char *prefix, const char *suffix)
{
    const char *id = dj_event_person(event, person)->id;
    g_autofree char *name = clean_name(id);
    /* "A/1" and "A_1" must not share a file */
    if (strcmp(name, id) != 0)
        return g_strdup_printf("%s%s-%u%s", prefix, name, person + 1, suffix);
    return g_strdup_printf("%s%s%s", prefix, name, suffix);
}

char **dj_event_provenance(const DjEventView *view)
{
    GStrv out = g_new0(char *, 5);
    guint n = 0;
    out[n++] = g_strdup_printf("第 %u 版", view->made->version);
    out[n++] = g_strdup_printf("%s", view->event->date);
    if (!view->made->plan->reproducible)
        out[n++] = g_strdup("计算被中断，不可重现");
    out[n++] = g_strdup_printf("plan.json sha256 %s…", view->seal);
    return out;
}
