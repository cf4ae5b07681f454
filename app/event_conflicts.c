/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/event_conflicts.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    DjWorkspace *workspace;
    DjDecided *decided;
    DjParties *parties;
    GHashTable *shunned; /* organisation and need -> set, as dj_parties_shunned gives it */
    GHashTable *owners;  /* patent key -> its owners, a GStrv; empty where the record is not there */
} Ground;

static void ground_clear(Ground *ground)
{
    g_clear_pointer(&ground->shunned, g_hash_table_unref);
    g_clear_pointer(&ground->owners, g_hash_table_unref);
    g_clear_pointer(&ground->parties, dj_parties_free);
    g_clear_pointer(&ground->decided, dj_decided_free);
    g_clear_pointer(&ground->workspace, dj_workspace_close);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ground, ground_clear)

static gboolean add_party(const DjRecord *enterprise, gpointer user)
{
    dj_parties_add(user, enterprise);
    return TRUE;
}

DjParties *dj_app_parties(DjWorkspace *workspace, const DjDecided *decided, GError **error)
{
    DjParties *parties = dj_parties_new(decided->identities, decided->wishes.silent);
    if (dj_store_each(workspace->store, DJ_TABLE_ENTERPRISE, DJ_POINT_NOW, add_party, parties, error))
        return parties;
    dj_parties_free(parties);
    return NULL;
}

static gboolean ground_open(Ground *ground, const DjApp *app, GError **error)
{
    ground->workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    if (!ground->workspace || !(ground->decided = dj_decided_read(ground->workspace->store, G_MAXINT64, error)))
        return FALSE;
    ground->parties = dj_app_parties(ground->workspace, ground->decided, error);
    ground->shunned =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)(gpointer)g_hash_table_unref);
    ground->owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)(gpointer)g_strfreev);
    return ground->parties != NULL;
}

static const char *organisation(const DjEventPerson *person)
{
    return person->organisation && *person->organisation ? person->organisation : person->name;
}

/* What the one who asks must not meet, for this need where the pair names one. */
static GHashTable *shunned_by(Ground *ground, const DjEventPerson *asks, const char *need_key, GError **error)
{
    const char *name = organisation(asks) ? organisation(asks) : "";
    g_autofree char *cached = g_strdup_printf("%s\n%s", name, need_key ? need_key : "");
    GHashTable *shunned = g_hash_table_lookup(ground->shunned, cached);
    if (shunned)
        return shunned;
    g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
    gboolean found = FALSE;
    if (need_key && !dj_store_get(ground->workspace->store, DJ_TABLE_NEED, need_key, DJ_POINT_NOW, need, &found, error))
        return NULL;
    const char *key = found ? dj_parties_of_need(ground->parties, need) : NULL;
    if (!key)
        key = dj_parties_of_name(ground->parties, name);
    shunned = dj_parties_shunned(ground->parties, found ? need : NULL, key);
    g_hash_table_insert(ground->shunned, g_steal_pointer(&cached), shunned);
    return shunned;
}

static char **owners_of(Ground *ground, const char *patent_key, GError **error)
{
    char **owners = g_hash_table_lookup(ground->owners, patent_key);
    if (owners)
        return owners;
    g_autoptr(DjRecord) patent = dj_record_new(DJ_TABLE_PATENT);
    gboolean found = FALSE;
    if (!dj_store_get(ground->workspace->store, DJ_TABLE_PATENT, patent_key, DJ_POINT_NOW, patent, &found, error))
        return NULL;
    owners = found ? dj_record_list(patent, DJ_PATENT_OWNERS) : g_new0(char *, 1);
    g_hash_table_insert(ground->owners, g_strdup(patent_key), owners);
    return owners;
}

/* *reason: why the two must not meet over this patent, or NULL. */
static gboolean judge(Ground *ground, const DjEvent *event, const DjEventPair *pair, const DjEventTopic *topic,
                      const char **reason, GError **error)
{
    const DjEventPerson *answers = dj_event_person(event, pair->who[1]);
    const char *patent = topic->patent_key ? topic->patent_key : topic->patent;
    GHashTable *shunned = shunned_by(ground, dj_event_person(event, pair->who[0]), topic->need_key, error);
    *reason = NULL;
    if (!shunned)
        return FALSE;
    gboolean conflict = (organisation(answers) && dj_parties_shuns(shunned, organisation(answers))) ||
                        (patent && g_hash_table_contains(shunned, patent));
    char **owners = patent && !conflict ? owners_of(ground, patent, error) : NULL;
    if (patent && !conflict && !owners)
        return FALSE;
    for (; owners && *owners && !conflict; owners++)
        conflict = dj_parties_shuns(shunned, *owners);
    if (conflict)
        *reason = "利益冲突";
    else if (topic->need_key && patent && dj_pair_table_has(ground->decided->wishes.banned, topic->need_key, patent))
        *reason = "已拒绝或禁配";
    return TRUE;
}

/* Takes away what the two must not talk about while something else is left. *reason: nothing is, and why. */
static gboolean judge_topics(Ground *ground, const DjEvent *event, DjEventPair *pair, const char **reason,
                             GError **error)
{
    guint n_kept = 0;
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(gboolean));
    *reason = NULL;
    for (guint k = 0; k < MAX(pair->topics->len, 1); k++) {
        const DjEventTopic *topic = k > 0 ? g_ptr_array_index(pair->topics, k) : dj_event_lead(pair);
        const char *why = NULL;
        if (!judge(ground, event, pair, topic, &why, error))
            return FALSE;
        gboolean may = !why;
        g_array_append_val(kept, may);
        n_kept += may;
        if (!*reason)
            *reason = why;
    }
    if (n_kept == 0)
        return TRUE;
    *reason = NULL;
    for (guint k = pair->topics->len; k-- > 0;)
        if (!g_array_index(kept, gboolean, k))
            dj_event_drop_topic(pair, k);
    return TRUE;
}

gboolean dj_app_event_conflicts(const DjApp *app, DjEvent *event, guint *n, GError **error)
{
    g_auto(Ground) ground = {0};
    g_autofree char *found = app->workspace ? NULL : dj_workspace_find(".");
    *n = 0;
    if (!app->workspace && !found)
        return TRUE;
    if (!ground_open(&ground, app, error))
        return FALSE;
    for (guint p = 0; p < event->pairs->len; p++) {
        DjEventPair *pair = dj_event_pair(event, p);
        const char *reason = NULL;
        if (pair->rule == DJ_PLAN_BAN)
            continue;
        if (!judge_topics(&ground, event, pair, &reason, error))
            return FALSE;
        if (!reason)
            continue;
        if (pair->rule == DJ_PLAN_MUST) {
            fprintf(stderr, "note: %s must meet %s, as the event file says, although the workspace keeps them apart\n",
                    dj_event_person(event, pair->who[0])->id, dj_event_person(event, pair->who[1])->id);
            continue;
        }
        pair->rule = DJ_PLAN_BAN;
        pair->rule_reason = g_strdup(reason);
        ++*n;
    }
    return TRUE;
}
