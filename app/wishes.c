/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/wishes.h"

#include "app/identities.h"

GHashTable *dj_pair_table_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_hash_table_unref);
}

void dj_pair_table_add(GHashTable *table, const char *need, const char *patent)
{
    GHashTable *patents = g_hash_table_lookup(table, need);
    if (!patents) {
        patents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(table, g_strdup(need), patents);
    }
    g_hash_table_add(patents, g_strdup(patent));
}

gboolean dj_pair_table_has(GHashTable *table, const char *need, const char *patent)
{
    GHashTable *patents = g_hash_table_lookup(table, need);
    return patents && g_hash_table_contains(patents, patent);
}

static void pair_table_remove(GHashTable *table, const char *need, const char *patent)
{
    GHashTable *patents = g_hash_table_lookup(table, need);
    if (patents)
        g_hash_table_remove(patents, patent);
}

static gboolean take_decision(const DjDecision *decision, gpointer user)
{
    DjDecided *all = user;
    if (decision->id > all->last)
        return FALSE;
    switch (decision->kind) {
    case DJ_DECISION_REJECT:
    case DJ_DECISION_BAN:
        dj_pair_table_add(all->wishes.banned, decision->need, decision->patent);
        pair_table_remove(all->wishes.pinned, decision->need, decision->patent);
        break;
    case DJ_DECISION_PIN:
        dj_pair_table_add(all->wishes.pinned, decision->need, decision->patent);
        pair_table_remove(all->wishes.banned, decision->need, decision->patent);
        break;
    case DJ_DECISION_ACCEPT:
        pair_table_remove(all->wishes.banned, decision->need, decision->patent);
        break;
    case DJ_DECISION_CLEAR:
        pair_table_remove(all->wishes.banned, decision->need, decision->patent);
        pair_table_remove(all->wishes.pinned, decision->need, decision->patent);
        g_hash_table_remove(all->wishes.silent, decision->need);
        break;
    case DJ_DECISION_OPT_OUT:
        if (!*decision->patent)
            g_hash_table_add(all->wishes.silent, g_strdup(decision->need));
        else
            dj_pair_table_add(all->wishes.banned, decision->need, decision->patent);
        break;
    default:
        dj_identities_note(all->identities, decision);
        break;
    }
    return TRUE;
}

DjDecided *dj_decided_read(DjStore *store, gint64 last, GError **error)
{
    g_autoptr(DjDecided) decided = g_new0(DjDecided, 1);
    decided->wishes = (DjWishes){dj_pair_table_new(), dj_pair_table_new(),
                                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    decided->identities = dj_identities_new();
    decided->last = last;
    return dj_store_each_decision(store, NULL, take_decision, decided, error) ? g_steal_pointer(&decided) : NULL;
}

void dj_decided_free(DjDecided *decided)
{
    if (!decided)
        return;
    g_hash_table_unref(decided->wishes.banned);
    g_hash_table_unref(decided->wishes.pinned);
    g_hash_table_unref(decided->wishes.silent);
    g_array_unref(decided->identities);
    g_free(decided);
}
