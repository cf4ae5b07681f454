/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/party.h"
#include "engine/match/identity.h"
#include "engine/model/ident.h"
#include <string.h>

typedef struct {
    GPtrArray *names;  /* folded, and own patent numbers: what its patents are known by */
    GPtrArray *groups; /* folded */
    GPtrArray *rivals; /* folded */
    gboolean silent;
} Party;

struct DjParties {
    const GArray *identities;
    GHashTable *silent;
    GHashTable *by_key;            /* key -> Party */
    GHashTable *by_code, *by_name; /* credit code, folded name -> key */
    GHashTable *by_group;          /* folded name of a group -> GPtrArray of Party that name it as theirs */
    GHashTable *by_rival;          /* folded name of a competitor -> GPtrArray of Party that declare it */
};

static void party_free(gpointer data)
{
    Party *party = data;
    g_ptr_array_unref(party->names);
    g_ptr_array_unref(party->groups);
    g_ptr_array_unref(party->rivals);
    g_free(party);
}

DjParties *dj_parties_new(const GArray *identities, GHashTable *silent)
{
    DjParties *parties = g_new0(DjParties, 1);
    parties->identities = identities;
    parties->silent = silent;
    parties->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, party_free);
    parties->by_code = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    parties->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    parties->by_group = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    parties->by_rival = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    return parties;
}

void dj_parties_free(DjParties *parties)
{
    if (!parties)
        return;
    g_hash_table_unref(parties->by_key);
    g_hash_table_unref(parties->by_code);
    g_hash_table_unref(parties->by_name);
    g_hash_table_unref(parties->by_group);
    g_hash_table_unref(parties->by_rival);
    g_free(parties);
}

static Party *party_of(DjParties *parties, const char *key)
{
    Party *party = g_hash_table_lookup(parties->by_key, key);
    if (party)
        return party; /* of an enterprise that is the same */
    party = g_new0(Party, 1);
    party->names = g_ptr_array_new_with_free_func(g_free);
    party->groups = g_ptr_array_new_with_free_func(g_free);
    party->rivals = g_ptr_array_new_with_free_func(g_free);
    g_hash_table_insert(parties->by_key, g_strdup(key), party);
    return party;
}

static void add_name(DjParties *parties, Party *party, const char *name, const char *key)
{
    char *folded = dj_org_name_fold(name);
    if (!g_hash_table_contains(parties->by_name, folded))
        g_hash_table_insert(parties->by_name, g_strdup(folded), g_strdup(key));
    g_ptr_array_add(party->names, folded);
}

/* Notes the party under the name that it gave, and the name with it. */
static void add_tie(GHashTable *by_name, GPtrArray *named, Party *party, const char *name)
{
    char *folded = dj_org_name_fold(name);
    GPtrArray *tied = g_hash_table_lookup(by_name, folded);
    if (!tied) {
        tied = g_ptr_array_new();
        g_hash_table_insert(by_name, g_strdup(folded), tied);
    }
    g_ptr_array_add(tied, party);
    g_ptr_array_add(named, folded);
}

void dj_parties_add(DjParties *parties, const DjRecord *enterprise)
{
    const char *key = dj_identities_resolve(parties->identities, enterprise->key);
    Party *party = party_of(parties, key);
    gboolean out;
    party->silent = party->silent || (dj_record_bool(enterprise, DJ_ENTERPRISE_OPT_OUT, &out) && out) ||
                    (parties->silent && g_hash_table_contains(parties->silent, enterprise->key));
    const char *code = dj_record_get(enterprise, DJ_ENTERPRISE_CREDIT_CODE);
    if (code)
        g_hash_table_insert(parties->by_code, g_strdup(code), g_strdup(key));
    if (dj_record_get(enterprise, DJ_ENTERPRISE_NAME))
        add_name(parties, party, dj_record_get(enterprise, DJ_ENTERPRISE_NAME), key);
    g_auto(GStrv) aliases = dj_record_list(enterprise, DJ_ENTERPRISE_ALIASES);
    for (char **alias = aliases; *alias; alias++)
        add_name(parties, party, *alias, key);
    if (dj_record_get(enterprise, DJ_ENTERPRISE_GROUP))
        add_tie(parties->by_group, party->groups, party, dj_record_get(enterprise, DJ_ENTERPRISE_GROUP));
    g_auto(GStrv) rivals = dj_record_list(enterprise, DJ_ENTERPRISE_COMPETITORS);
    for (char **rival = rivals; *rival; rival++)
        add_tie(parties->by_rival, party->rivals, party, *rival);
    g_auto(GStrv) numbers = dj_record_list(enterprise, DJ_ENTERPRISE_OWN_PATENTS);
    for (char **number = numbers; *number; number++)
        g_ptr_array_add(party->names, g_strdup(*number));
}

const char *dj_parties_of_need(const DjParties *parties, const DjRecord *need)
{
    const char *code = dj_record_get(need, DJ_NEED_ENTERPRISE_CODE), *name = dj_record_get(need, DJ_NEED_ENTERPRISE);
    const char *key = code ? g_hash_table_lookup(parties->by_code, code) : NULL;
    return key || !name ? key : dj_parties_of_name(parties, name);
}

const char *dj_parties_of_name(const DjParties *parties, const char *name)
{
    g_autofree char *folded = dj_org_name_fold(name);
    return g_hash_table_lookup(parties->by_name, folded);
}

gboolean dj_parties_silent(const DjParties *parties, const char *key)
{
    const Party *party = key ? g_hash_table_lookup(parties->by_key, key) : NULL;
    return party && party->silent;
}

static void shun_party(GHashTable *shunned, const Party *party)
{
    for (guint i = 0; i < party->names->len; i++)
        g_hash_table_add(shunned, g_strdup(party->names->pdata[i]));
}

static const Party *party_named(const DjParties *parties, const char *folded)
{
    const char *key = g_hash_table_lookup(parties->by_name, folded);
    return key ? g_hash_table_lookup(parties->by_key, key) : NULL;
}

/* Those that are tied to a name. */
static void shun_tied(GHashTable *by_name, GHashTable *shunned, const char *folded)
{
    const GPtrArray *tied = g_hash_table_lookup(by_name, folded);
    for (guint i = 0; tied && i < tied->len; i++)
        shun_party(shunned, tied->pdata[i]);
}

/* A name, and all the names of the party that goes by it. */
static void shun_name(const DjParties *parties, GHashTable *shunned, const char *folded)
{
    const Party *party = party_named(parties, folded);
    g_hash_table_add(shunned, g_strdup(folded));
    if (party)
        shun_party(shunned, party);
}

/* A parent, and whoever names it by any of its names. */
static void shun_group(const DjParties *parties, GHashTable *shunned, const char *folded)
{
    const Party *parent = party_named(parties, folded);
    shun_name(parties, shunned, folded);
    shun_tied(parties->by_group, shunned, folded);
    for (guint i = 0; parent && i < parent->names->len; i++)
        shun_tied(parties->by_group, shunned, parent->names->pdata[i]);
}

/* What the need itself says: whose it is, and whom it avoids. */
static void shun_stated(const DjParties *parties, GHashTable *shunned, const DjRecord *need)
{
    if (dj_record_get(need, DJ_NEED_ENTERPRISE))
        g_hash_table_add(shunned, dj_org_name_fold(dj_record_get(need, DJ_NEED_ENTERPRISE)));
    g_auto(GStrv) exclusions = dj_record_list(need, DJ_NEED_EXCLUSIONS);
    for (char **other = exclusions; *other; other++) {
        g_autofree char *folded = dj_org_name_fold(*other);
        shun_name(parties, shunned, folded);
    }
}

GHashTable *dj_parties_shunned(const DjParties *parties, const DjRecord *need, const char *key)
{
    GHashTable *shunned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (need)
        shun_stated(parties, shunned, need);
    const Party *own = key ? g_hash_table_lookup(parties->by_key, key) : NULL;
    if (!own)
        return shunned;
    shun_party(shunned, own);
    for (guint i = 0; i < own->names->len; i++) {
        shun_tied(parties->by_group, shunned, own->names->pdata[i]); /* those that it is the parent of */
        shun_tied(parties->by_rival, shunned, own->names->pdata[i]); /* those that declare it a competitor */
    }
    for (guint i = 0; i < own->groups->len; i++)
        shun_group(parties, shunned, own->groups->pdata[i]);
    for (guint i = 0; i < own->rivals->len; i++)
        shun_name(parties, shunned, own->rivals->pdata[i]);
    return shunned;
}

gboolean dj_parties_shuns(GHashTable *shunned, const char *owner)
{
    g_autofree char *name = dj_org_name_fold(owner), *institution = dj_org_institution(name);
    if (g_hash_table_contains(shunned, name) || (institution && g_hash_table_contains(shunned, institution)))
        return TRUE;
    GHashTableIter iter;
    gpointer other;
    g_hash_table_iter_init(&iter, shunned);
    while (g_hash_table_iter_next(&iter, &other, NULL)) {
        g_autofree char *of = dj_org_institution(other);
        if (of && (strcmp(of, name) == 0 || g_strcmp0(of, institution) == 0))
            return TRUE;
    }
    return FALSE;
}
