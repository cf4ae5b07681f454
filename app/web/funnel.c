/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/funnel.h"

#include "engine/model/outcome.h"

static const struct {
    const char *name, *label;
} steps[DJ_N_FUNNEL] = {[DJ_FUNNEL_PUSHED] = {"pushed", "推送"},
                        [DJ_FUNNEL_ACCEPTED] = {"accepted", "接受"},
                        [DJ_FUNNEL_MET] = {"met", "见成"},
                        [DJ_FUNNEL_POSSIBLE] = {"possible", "可能合作"}};

const char *dj_funnel_name(DjFunnelStep step)
{
    return steps[step].name;
}

const char *dj_funnel_label(DjFunnelStep step)
{
    return steps[step].label;
}

enum { REJECTED = DJ_N_FUNNEL, BANNED, N_SETS };

typedef struct {
    GHashTable *pairs[N_SETS];
} Counting;

static void add(Counting *counting, int set, const DjDecision *decision)
{
    g_hash_table_add(counting->pairs[set], g_strdup_printf("%s\n%s", decision->need, decision->patent));
}

static void remove_pair(Counting *counting, int set, const DjDecision *decision)
{
    g_autofree char *pair = g_strdup_printf("%s\n%s", decision->need, decision->patent);
    g_hash_table_remove(counting->pairs[set], pair);
}

/* Of accept, reject, ban and clear the last one counts. */
static void stand(Counting *counting, int set, const DjDecision *decision)
{
    static const int standing[] = {DJ_FUNNEL_ACCEPTED, REJECTED, BANNED};
    for (gsize i = 0; i < G_N_ELEMENTS(standing); i++)
        remove_pair(counting, standing[i], decision);
    if (set >= 0)
        add(counting, set, decision);
}

static gboolean count_decision(const DjDecision *decision, gpointer user)
{
    Counting *counting = user;
    DjOutcome outcome = {0};
    switch (decision->kind) {
    case DJ_DECISION_PUSH:
        add(counting, DJ_FUNNEL_PUSHED, decision);
        break;
    case DJ_DECISION_ACCEPT:
    case DJ_DECISION_PIN:
        stand(counting, DJ_FUNNEL_ACCEPTED, decision);
        break;
    case DJ_DECISION_REJECT:
        stand(counting, REJECTED, decision);
        break;
    case DJ_DECISION_BAN:
        stand(counting, BANNED, decision);
        break;
    case DJ_DECISION_CLEAR:
        stand(counting, -1, decision);
        break;
    case DJ_DECISION_OUTCOME:
        if (!dj_outcome_from_fact(decision->data, &outcome))
            break;
        remove_pair(counting, DJ_FUNNEL_MET, decision); /* a corrected sheet counts as it says last */
        remove_pair(counting, DJ_FUNNEL_POSSIBLE, decision);
        if (outcome.kept)
            add(counting, DJ_FUNNEL_MET, decision);
        if (outcome.kept && dj_outcome_rating(&outcome) == DJ_RATING_POSSIBLE)
            add(counting, DJ_FUNNEL_POSSIBLE, decision);
        dj_outcome_clear(&outcome);
        break;
    default:
        break;
    }
    return TRUE;
}

gboolean dj_funnel_count(DjStore *store, DjFunnel *out, GError **error)
{
    Counting counting;
    for (int i = 0; i < N_SETS; i++)
        counting.pairs[i] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gboolean ok = dj_store_each_decision(store, NULL, count_decision, &counting, error);
    for (int i = 0; i < DJ_N_FUNNEL; i++)
        out->n[i] = g_hash_table_size(counting.pairs[i]);
    out->n_rejected = g_hash_table_size(counting.pairs[REJECTED]);
    out->n_banned = g_hash_table_size(counting.pairs[BANNED]);
    for (int i = 0; i < N_SETS; i++)
        g_hash_table_unref(counting.pairs[i]);
    return ok;
}
