/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records of a month. A profile (画像) is made here, as a need record like any other, so that nothing below has to know
 * of profiles: it is ranked, explained and listed by the same code. */
#include "app/month.h"
#include "engine/match/demand.h"
#include "engine/match/identity.h"
#include "engine/model/ident.h"
#include <string.h>

/* ---- enterprises, of which several may be one ---- */

gboolean dj_month_is_other(const DjMonthFacts *facts, const DjRecord *enterprise)
{
    return strcmp(dj_identities_resolve(facts->identities, enterprise->key), enterprise->key) != 0;
}

typedef struct {
    const DjMonthFacts *facts;
    GHashTable *others; /* key -> GPtrArray of DjRecord that it stands for */
    DjRecordVisit visit;
    gpointer user;
} Enterprises;

static gboolean keep_other(const DjRecord *enterprise, gpointer user)
{
    Enterprises *all = user;
    const char *kept = dj_identities_resolve(all->facts->identities, enterprise->key);
    if (strcmp(kept, enterprise->key) == 0)
        return TRUE;
    GPtrArray *others = g_hash_table_lookup(all->others, kept);
    if (!others) {
        others = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
        g_hash_table_insert(all->others, g_strdup(kept), others);
    }
    g_ptr_array_add(others, dj_record_copy(enterprise));
    return TRUE;
}

static gboolean visit_merged(const DjRecord *enterprise, gpointer user)
{
    const Enterprises *all = user;
    const GPtrArray *others = g_hash_table_lookup(all->others, enterprise->key);
    if (!others)
        return all->visit(enterprise, all->user);
    g_autoptr(DjRecord) merged = dj_record_copy(enterprise);
    for (guint i = 0; i < others->len; i++)
        dj_identity_merge(merged, others->pdata[i]);
    return all->visit(merged, all->user);
}

static gboolean each_enterprise(const DjMonthFacts *facts, DjRecordVisit visit, gpointer user, GError **error)
{
    if (!facts->identities || facts->identities->len == 0)
        return dj_store_each(facts->store, DJ_TABLE_ENTERPRISE, facts->need_point, visit, user, error);
    g_autoptr(GHashTable) others =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    Enterprises all = {facts, others, visit, user};
    return dj_store_each(facts->store, DJ_TABLE_ENTERPRISE, facts->need_point, keep_other, &all, error) &&
           dj_store_each(facts->store, DJ_TABLE_ENTERPRISE, facts->need_point, visit_merged, &all, error);
}

/* ---- who asks, and who asks by its product ---- */

typedef struct {
    GHashTable *asked;   /* as dj_month_note_asked fills it */
    GPtrArray *profiles; /* DjRecord of needs, ascending by key */
    const DjMonthFacts *facts;
} Profiles;

void dj_month_note_asked(const DjMonthFacts *facts, const DjRecord *need, GHashTable *asked)
{
    const char *code = dj_record_get(need, DJ_NEED_ENTERPRISE_CODE), *name = dj_record_get(need, DJ_NEED_ENTERPRISE);
    if (!dj_need_is_open(need, facts->day))
        return;
    if (code)
        g_hash_table_add(asked, g_strdup(code));
    if (name)
        g_hash_table_add(asked, dj_org_name_fold(name));
}

/* The key of an enterprise with a credit code is that code. */
gboolean dj_month_has_asked(const DjMonthFacts *facts, const DjRecord *enterprise, GHashTable *asked)
{
    if (dj_identities_among(facts->identities, enterprise->key, asked))
        return TRUE;
    g_auto(GStrv) aliases = dj_record_list(enterprise, DJ_ENTERPRISE_ALIASES);
    g_autofree char *name = dj_org_name_fold(dj_record_title(enterprise));
    gboolean found = g_hash_table_contains(asked, name);
    for (char **alias = aliases; *alias && !found; alias++) {
        g_autofree char *folded = dj_org_name_fold(*alias);
        found = g_hash_table_contains(asked, folded);
    }
    return found;
}

static gboolean note_need(const DjRecord *need, gpointer user)
{
    Profiles *profiles = user;
    dj_month_note_asked(profiles->facts, need, profiles->asked);
    return TRUE;
}

static gboolean has_title(const char *title)
{
    static const char *const owed[] = {"专精特新", "小巨人", "创新型中小企业"};
    for (gsize i = 0; i < G_N_ELEMENTS(owed); i++)
        if (strstr(title, owed[i]))
            return TRUE;
    return FALSE;
}

gboolean dj_month_is_owed(const DjRecord *enterprise, int day)
{
    g_auto(GStrv) titles = dj_record_list(enterprise, DJ_ENTERPRISE_TITLES);
    for (char **title = titles; *title; title++) {
        char *date = strpbrk(*title, "0123456789");
        int until;
        if (!has_title(*title))
            continue;
        if (!date)
            return TRUE; /* no date written: in force as far as anybody knows */
        date[strspn(date, "0123456789-")] = '\0';
        if (!dj_day_parse(date, &until) || strlen(date) < 10 || until >= day)
            return TRUE; /* a month or a year is kept to its end by whoever wrote it; see rules for the strict view */
    }
    return FALSE;
}

static gboolean note_enterprise(const DjRecord *enterprise, gpointer user)
{
    static const struct {
        int enterprise, need;
    } same[] = {{DJ_ENTERPRISE_CREDIT_CODE, DJ_NEED_ENTERPRISE_CODE},
                {DJ_ENTERPRISE_NAME, DJ_NEED_ENTERPRISE},
                {DJ_ENTERPRISE_PRODUCT, DJ_NEED_TITLE},
                {DJ_ENTERPRISE_DOMAIN, DJ_NEED_DESCRIPTION},
                {DJ_ENTERPRISE_CHAINS, DJ_NEED_CHAIN},
                {DJ_ENTERPRISE_INDUSTRY, DJ_NEED_INDUSTRY},
                {DJ_ENTERPRISE_CITY, DJ_NEED_REGION}};
    Profiles *profiles = user;
    if (!dj_record_get(enterprise, DJ_ENTERPRISE_PRODUCT) || !dj_month_is_owed(enterprise, profiles->facts->day) ||
        dj_month_is_other(profiles->facts, enterprise) ||
        dj_month_has_asked(profiles->facts, enterprise, profiles->asked))
        return TRUE;
    DjRecord *need = dj_record_new(DJ_TABLE_NEED);
    for (gsize i = 0; i < G_N_ELEMENTS(same); i++)
        dj_record_set(need, same[i].need, dj_record_get(enterprise, same[i].enterprise));
    dj_record_set(need, DJ_NEED_SOURCE, "主导产品");
    need->key = g_strconcat(DJ_MONTH_PROFILE_PREFIX, enterprise->key, NULL);
    dj_record_set(need, DJ_NEED_ID, need->key);
    g_ptr_array_add(profiles->profiles, need); /* enterprises come ascending by key, so these do too */
    return TRUE;
}

/* Needs and profiles in one ascending order. */
typedef struct {
    const GPtrArray *profiles;
    guint next;
    DjRecordVisit visit;
    gpointer user;
    gboolean stopped;
} Merge;

static gboolean emit_before(Merge *merge, const char *key)
{
    while (!merge->stopped && merge->next < merge->profiles->len) {
        const DjRecord *profile = merge->profiles->pdata[merge->next];
        if (key && strcmp(profile->key, key) >= 0)
            break;
        merge->next++;
        merge->stopped = !merge->visit(profile, merge->user);
    }
    return !merge->stopped;
}

static gboolean merge_need(const DjRecord *need, gpointer user)
{
    Merge *merge = user;
    if (!emit_before(merge, need->key))
        return FALSE;
    merge->stopped = !merge->visit(need, merge->user);
    return !merge->stopped;
}

static gboolean each_need(DjMonthFacts *facts, DjRecordVisit visit, gpointer user, GError **error)
{
    g_autoptr(GHashTable) asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    Profiles profiles = {asked, list, facts};
    Merge merge = {.profiles = list, .visit = visit, .user = user};
    if (!dj_store_each(facts->store, DJ_TABLE_NEED, facts->need_point, note_need, &profiles, error) ||
        !each_enterprise(facts, note_enterprise, &profiles, error) ||
        !dj_store_each(facts->store, DJ_TABLE_NEED, facts->need_point, merge_need, &merge, error))
        return FALSE;
    emit_before(&merge, NULL);
    return TRUE;
}

static gboolean each_record(gpointer user, DjTable table, DjRecordVisit visit, gpointer visit_user, GError **error)
{
    DjMonthFacts *facts = user;
    if (table == DJ_TABLE_NEED)
        return each_need(facts, visit, visit_user, error);
    if (table == DJ_TABLE_ENTERPRISE)
        return each_enterprise(facts, visit, visit_user, error);
    return dj_store_each(facts->store, table, facts->patent_point, visit, visit_user, error);
}

DjMonthFacts dj_month_facts_of(DjWorkspace *workspace, const DjMonthMix *mix)
{
    return (DjMonthFacts){.store = workspace->store,
                          .patent_point = mix->patent->facts,
                          .need_point = mix->need->facts,
                          .day = mix->need->day};
}

DjRecordSource dj_month_records(DjMonthFacts *facts)
{
    return (DjRecordSource){.each = each_record, .user = facts};
}
