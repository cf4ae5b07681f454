/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/demand.h"
#include "engine/match/group.h"
#include "engine/match/identity.h"
#include "engine/model/ident.h"
#include <string.h>

static void demand_clear(gpointer data)
{
    DjDemand *demand = data;
    g_free(demand->key);
    g_free(demand->enterprise);
    g_free(demand->ipc);
    if (demand->own)
        g_array_unref(demand->own);
    if (demand->pinned)
        g_array_unref(demand->pinned);
    if (demand->wanted)
        g_array_unref(demand->wanted);
}

void dj_sides_clear(DjSides *sides)
{
    if (sides->supply && !sides->borrowed)
        for (guint32 d = 0; d < dj_corpus_n_docs(sides->corpus); d++) {
            g_free(sides->supply[d].ipc);
            if (sides->supply[d].stated)
                g_array_unref(sides->supply[d].stated);
        }
    if (!sides->borrowed) {
        g_free(sides->supply);
        g_free(sides->admit);
        g_free(sides->group);
        g_free(sides->circle);
        g_clear_pointer(&sides->owners, g_hash_table_unref);
    }
    sides->supply = NULL;
    sides->admit = NULL;
    sides->group = sides->circle = NULL;
    g_clear_pointer(&sides->need_group, g_free);
    g_clear_pointer(&sides->need_circle, g_free);
    sides->owners = NULL;
    g_clear_pointer(&sides->parties, dj_parties_free);
    g_clear_pointer(&sides->needs, g_array_unref);
    dj_need_set_clear(&sides->set);
    g_clear_pointer(&sides->properties, g_string_chunk_free);
    g_clear_pointer(&sides->parser, dj_quantity_parser_free);
}

static DjIpc *parse_ipc(const DjRecord *record, int field, guint *n)
{
    *n = 0;
    if (!dj_record_get(record, field))
        return NULL;
    g_auto(GStrv) codes = dj_record_list(record, field);
    DjIpc *list = g_new(DjIpc, g_strv_length(codes) + 1);
    for (char **code = codes; *code; code++)
        if (dj_ipc_parse(*code, &list[*n]))
            (*n)++;
    return list;
}

const char *const *dj_need_statuses(gboolean open)
{
    static const char *const words[] = {"open", "待对接", "对接中", NULL};
    static const char *const closed[] = {"matched", "contracted", "routed", "expired", "draft",  "withdrawn", "已匹配",
                                         "已签约",  "已转办",     "已过期", "草稿",    "已撤回", NULL};
    return open ? words : closed;
}

gboolean dj_need_is_open(const DjRecord *need, int now)
{
    const char *const *closed = dj_need_statuses(FALSE);
    const char *status = dj_record_get(need, DJ_NEED_STATUS);
    int until;
    if (status && g_strv_contains(closed, status))
        return FALSE;
    if (dj_record_get(need, DJ_NEED_ROUTE))
        return FALSE;
    return !dj_record_date(need, DJ_NEED_VALID_UNTIL, &until) || until >= now;
}

DjVerdict dj_gate_supply(const DjRuleSet *rules, const DjRecord *patent, int now, GPtrArray *gate)
{
    DjVerdict all = DJ_MET;
    for (guint i = 0; rules && i < rules->rules->len; i++) {
        const DjRule *rule = rules->rules->pdata[i];
        DjGateResult *result = dj_rule_judge(rule, patent, now);
        if (rule->hard)
            all = dj_verdict_and(all, result->verdict);
        g_ptr_array_add(gate, result);
    }
    return all;
}

int dj_gate_bars(const DjRuleSet *rules, const DjRecord *patent, int now, gboolean published)
{
    for (guint i = 0; rules && i < rules->rules->len; i++) {
        const DjRule *rule = rules->rules->pdata[i];
        if (!rule->hard)
            continue;
        DjVerdict verdict = dj_rule_verdict(rule, patent, now);
        if (verdict == DJ_NOT_MET || (verdict == DJ_UNKNOWN && published && !rule->publish_unknown))
            return (int)i;
    }
    return -1;
}

gboolean dj_docs_contain(const GArray *docs, guint32 doc)
{
    guint low = 0, high = docs ? docs->len : 0;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(docs, guint32, middle) < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return docs && low < docs->len && g_array_index(docs, guint32, low) == doc;
}

gboolean dj_sides_meet(const DjSides *sides, guint32 need, guint32 doc)
{
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, need);
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n = dj_corpus_memberships(sides->corpus, doc, member);
    if (n == 0 || demand->n_member == 0)
        return TRUE;
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < demand->n_member; j++)
            if (member[i].chain == demand->member[j].chain)
                return TRUE;
    return FALSE;
}

gboolean dj_sides_allow(const DjSides *sides, guint32 need, guint32 doc)
{
    return dj_sides_admits(sides, doc) && dj_sides_meet(sides, need, doc) &&
           !dj_docs_contain(g_array_index(sides->needs, DjDemand, need).own, doc);
}

/* ---- what people decided about duplicates ---- */

static guint32 find_doc(const DjSides *sides, const char *key)
{
    return dj_corpus_find(sides->corpus, key);
}

static guint32 find_need(const DjSides *sides, const char *key)
{
    guint low = 0, high = sides->needs->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(g_array_index(sides->needs, DjDemand, middle).key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    gboolean found = low < sides->needs->len && strcmp(g_array_index(sides->needs, DjDemand, low).key, key) == 0;
    return found ? low : DJ_STRINGS_NONE;
}

static void decide_groups(const GArray *identities, guint32 (*find)(const DjSides *, const char *),
                          const DjSides *sides, guint32 *group, guint32 n)
{
    for (guint i = 0; identities && i < identities->len; i++) {
        const DjIdentity *identity = &g_array_index(identities, DjIdentity, i);
        guint32 a = find(sides, identity->kept), b = find(sides, identity->other);
        if (a == DJ_STRINGS_NONE || b == DJ_STRINGS_NONE)
            continue;
        if (identity->same)
            dj_groups_join(group, n, a, b);
        else
            dj_groups_part(group, a, b);
    }
}

/* ---- supply ---- */

/* Takes name. */
static void add_owner(GHashTable *owners, char *name, guint32 doc)
{
    GArray *docs = g_hash_table_lookup(owners, name);
    if (docs) {
        g_free(name);
    } else {
        docs = g_array_new(FALSE, FALSE, sizeof(guint32));
        g_hash_table_insert(owners, name, docs);
    }
    g_array_append_val(docs, doc);
}

static gboolean load_supply(const DjRecord *record, gpointer user)
{
    DjSides *sides = user;
    guint32 doc = dj_corpus_find(sides->corpus, record->key);
    if (doc == DJ_STRINGS_NONE)
        return TRUE; /* recorded after the generation was built */
    int barred_by = dj_gate_bars(sides->options->rules, record, sides->options->now, sides->options->published);
    if (barred_by < 0)
        sides->admit[doc / 64] |= G_GUINT64_CONSTANT(1) << (doc % 64);
    sides->supply[doc].barred_by = (gint16)barred_by;
    sides->supply[doc].quality = -1;
    if (sides->options->scoring.quality_points > 0) {
        g_autoptr(DjQuality) quality = dj_quality_judge(sides->options->criteria, record, sides->options->now);
        if (quality) {
            sides->supply[doc].quality = (gint8)dj_quality_score(quality, DJ_AUDIENCE_CENTRE, NULL);
            sides->supply[doc].quality_privacy = dj_quality_privacy(quality);
        }
    }
    sides->supply[doc].ipc = parse_ipc(record, DJ_PATENT_IPC, &sides->supply[doc].n_ipc);
    g_auto(GStrv) owners = dj_record_list(record, DJ_PATENT_OWNERS);
    for (char **owner = owners; *owner; owner++) {
        char *folded = dj_org_name_fold(*owner), *institution = dj_org_institution(folded);
        add_owner(sides->owners, folded, doc);
        if (institution)
            add_owner(sides->owners, institution, doc);
    }
    return TRUE;
}

/* ---- enterprises ---- */

static gboolean load_enterprise(const DjRecord *record, gpointer user)
{
    DjSides *sides = user;
    dj_parties_add(sides->parties, record);
    return TRUE;
}

static gint compare_docs(gconstpointer a, gconstpointer b)
{
    guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
    return (x > y) - (x < y);
}

static GArray *ascending_or_null(GArray *docs)
{
    g_array_sort(docs, compare_docs);
    guint kept = 0;
    for (guint i = 0; i < docs->len; i++)
        if (kept == 0 || g_array_index(docs, guint32, i) != g_array_index(docs, guint32, kept - 1))
            g_array_index(docs, guint32, kept++) = g_array_index(docs, guint32, i);
    g_array_set_size(docs, kept);
    if (kept == 0)
        g_clear_pointer(&docs, g_array_unref);
    return docs;
}

static void add_wished(const DjSides *sides, GHashTable *wishes, const char *need, GArray *docs)
{
    GHashTable *patents = wishes ? g_hash_table_lookup(wishes, need) : NULL;
    GHashTableIter iter;
    gpointer key;
    if (!patents)
        return;
    g_hash_table_iter_init(&iter, patents);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        guint32 doc = dj_corpus_find(sides->corpus, key);
        if (doc != DJ_STRINGS_NONE)
            g_array_append_val(docs, doc);
    }
}

static gboolean is_silent(const DjSides *sides, const char *need, const char *enterprise)
{
    const DjWishes *wishes = sides->options->wishes;
    return wishes && (g_hash_table_contains(wishes->silent, need) || dj_parties_silent(sides->parties, enterprise));
}

static void add_owned(const DjSides *sides, const char *owner, GArray *docs)
{
    const GArray *owned = g_hash_table_lookup(sides->owners, owner);
    if (owned)
        g_array_append_vals(docs, owned->data, owned->len);
}

/* Documents that a need must not meet: what its parties shun, departments of a university together, and what people
 * ruled out. */
static GArray *own_documents(const DjSides *sides, const DjRecord *need, const char *enterprise)
{
    GArray *own = g_array_new(FALSE, FALSE, sizeof(guint32));
    g_autoptr(GHashTable) shunned = dj_parties_shunned(sides->parties, need, enterprise);
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, shunned);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        g_autofree char *institution = dj_org_institution(name);
        add_owned(sides, name, own);
        if (institution)
            add_owned(sides, institution, own);
        guint32 doc = dj_corpus_find(sides->corpus, name); /* an own patent number is a document's key */
        if (doc != DJ_STRINGS_NONE)
            g_array_append_val(own, doc);
    }
    if (sides->options->wishes)
        add_wished(sides, sides->options->wishes->banned, need->key, own);
    return ascending_or_null(own);
}

/* ---- needs ---- */

typedef struct {
    DjSides *sides;
    DjQueryScratch scratch;
    DjQuery query;
    const char *only;
    DjGrouper *grouper; /* NULL: needs are not grouped */
} Needs;

static gboolean load_need(const DjRecord *record, gpointer user)
{
    Needs *needs = user;
    DjSides *sides = needs->sides;
    const DjMatchOptions *options = sides->options;
    if (needs->only ? strcmp(needs->only, record->key) != 0
                    : !dj_need_is_open(record, options->now) ||
                          (options->only && !g_hash_table_contains(options->only, record->key)))
        return TRUE;
    DjDemand demand = {.key = g_strdup(record->key)};
    demand.n_member = dj_taxonomy_classify(options->taxonomy, needs->scratch.normaliser, record, demand.member);
    demand.ipc = parse_ipc(record, DJ_NEED_IPC, &demand.n_ipc);
    const char *enterprise = dj_parties_of_need(sides->parties, record);
    if (is_silent(sides, record->key, enterprise)) {
        demand_clear(&demand);
        return TRUE;
    }
    demand.enterprise = g_strdup(enterprise);
    if (options->wishes) {
        demand.pinned = g_array_new(FALSE, FALSE, sizeof(guint32));
        add_wished(sides, options->wishes->pinned, record->key, demand.pinned);
        demand.pinned = ascending_or_null(demand.pinned);
    }
    demand.own = own_documents(sides, record, enterprise);
    if (sides->parser) {
        g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
        dj_indicators_wanted(sides->parser, record, wanted);
        dj_sides_keep_wanted(sides, &demand, wanted);
    }
    DjNeedText texts[DJ_NEED_MAX_TEXTS];
    gsize n = dj_need_texts(record, texts);
    dj_query_fill(&needs->query, &needs->scratch, &options->tools, texts, n, demand.member, demand.n_member);
    dj_need_set_add(&sides->set, sides->corpus, &needs->query,
                    demand.own ? (const guint32 *)(gpointer)demand.own->data : NULL, demand.own ? demand.own->len : 0);
    g_array_append_val(sides->needs, demand);
    if (needs->grouper)
        dj_grouper_add(needs->grouper, record);
    return TRUE;
}

/* The half of sides that belongs to one run alone. */
static gboolean init_demand(DjSides *sides, GError **error)
{
    const DjMatchOptions *options = sides->options;
    sides->needs = g_array_new(FALSE, TRUE, sizeof(DjDemand));
    sides->parties = dj_parties_new(options->identities, options->wishes ? options->wishes->silent : NULL);
    sides->properties = g_string_chunk_new(1 << 14);
    sides->parser = NULL;
    sides->n_wanted = 0;
    g_array_set_clear_func(sides->needs, demand_clear);
    dj_need_set_init(&sides->set, dj_query_dense_weight(options->tools.model, &options->scoring));
    if (options->units && options->scoring.indicator_points > 0)
        return (sides->parser = dj_quantity_parser_new(options->units, error)) != NULL;
    return TRUE;
}

gboolean dj_sides_load_supply(DjSides *sides, const DjCorpus *corpus, const DjRecordSource *records,
                              const DjMatchOptions *options, GError **error)
{
    guint32 n_docs = dj_corpus_n_docs(corpus);
    *sides = (DjSides){
        .corpus = corpus,
        .options = options,
        .admit = g_new0(guint64, n_docs / 64 + 1),
        .supply = g_new0(DjSupplyFacts, MAX(n_docs, 1)),
        .owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref),
        .adequate = options->calibration && options->adequate > 0
                        ? dj_calibration_least_points(options->calibration, options->adequate)
                        : G_MAXINT64,
    };
    for (guint32 doc = 0; doc < n_docs; doc++)
        sides->supply[doc].barred_by = -1;
    if (options->group) {
        sides->group = g_memdup2(corpus->group, n_docs * sizeof *corpus->group);
        decide_groups(options->identities, find_doc, sides, sides->group, n_docs);
        sides->circle = dj_groups_circle(sides->group, n_docs);
    }
    gboolean ok = init_demand(sides, error) && records->each(records->user, DJ_TABLE_PATENT, load_supply, sides, error);
    if (!ok)
        dj_sides_clear(sides);
    return ok;
}

gboolean dj_sides_borrow(DjSides *sides, const DjSides *supply, GError **error)
{
    *sides = *supply;
    sides->borrowed = TRUE;
    sides->set = (DjNeedSet){0};
    sides->need_group = sides->need_circle = NULL;
    gboolean ok = init_demand(sides, error);
    if (!ok)
        dj_sides_clear(sides);
    return ok;
}

gboolean dj_sides_load_needs(DjSides *sides, const DjRecordSource *records, const char *only_need, GError **error)
{
    Needs needs = {.sides = sides, .only = only_need};
    if (only_need && *only_need == '\0')
        return TRUE;
    g_autoptr(DjGrouper) grouper = NULL;
    if (sides->options->group && sides->options->by_patent && !only_need && !(grouper = dj_grouper_new(error)))
        return FALSE;
    if (!dj_query_scratch_init(&needs.scratch, error))
        return FALSE;
    needs.grouper = grouper;
    dj_query_init(&needs.query);
    gboolean ok = records->each(records->user, DJ_TABLE_ENTERPRISE, load_enterprise, sides, error);
    if (ok && only_need && records->get) {
        g_autoptr(GError) failed = NULL;
        g_autoptr(DjRecord) need = records->get(records->user, DJ_TABLE_NEED, only_need, &failed);
        if (need)
            load_need(need, &needs);
        ok = failed == NULL;
        if (failed)
            g_propagate_error(error, g_steal_pointer(&failed));
    } else if (ok) {
        ok = records->each(records->user, DJ_TABLE_NEED, load_need, &needs, error);
    }
    if (ok && grouper) {
        sides->need_group = dj_grouper_finish(grouper);
        decide_groups(sides->options->identities, find_need, sides, sides->need_group, sides->needs->len);
        sides->need_circle = dj_groups_circle(sides->need_group, sides->needs->len);
    }
    dj_query_clear(&needs.query);
    dj_query_scratch_clear(&needs.scratch);
    return ok;
}

gboolean dj_sides_load(DjSides *sides, const DjCorpus *corpus, const DjRecordSource *records,
                       const DjMatchOptions *options, const char *only_need, GError **error)
{
    if (!dj_sides_load_supply(sides, corpus, records, options, error))
        return FALSE;
    gboolean ok =
        dj_sides_load_needs(sides, records, only_need, error) && dj_sides_load_stated(sides, records, FALSE, error);
    if (!ok)
        dj_sides_clear(sides);
    return ok;
}

/* ---- indicators ---- */

void dj_sides_keep_wanted(DjSides *sides, DjDemand *demand, const GArray *borrowed)
{
    if (borrowed->len == 0)
        return;
    demand->wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
    for (guint i = 0; i < borrowed->len; i++) {
        DjStated wanted = g_array_index(borrowed, DjStated, i);
        DjQuantity *q = &wanted.quantity;
        guint32 length = q->property_end - q->property_begin;
        wanted.text = g_string_chunk_insert_len(sides->properties, wanted.text + q->property_begin, length);
        q->property_begin = 0;
        q->property_end = length;
        g_array_append_val(demand->wanted, wanted);
    }
    sides->n_wanted += borrowed->len;
}

static gboolean load_stated(const DjRecord *record, gpointer user)
{
    DjSides *sides = user;
    guint32 doc = dj_corpus_find(sides->corpus, record->key);
    if (doc == DJ_STRINGS_NONE)
        return TRUE;
    GArray *stated = g_array_new(FALSE, FALSE, sizeof(DjStated));
    dj_indicators_stated(sides->parser, record, sides->properties, stated);
    if (stated->len > 0)
        sides->supply[doc].stated = stated;
    else
        g_array_unref(stated);
    return TRUE;
}

gboolean dj_sides_load_stated(DjSides *sides, const DjRecordSource *records, gboolean always, GError **error)
{
    if (!sides->parser || sides->stated || (sides->n_wanted == 0 && !always))
        return TRUE;
    sides->stated = TRUE;
    return records->each(records->user, DJ_TABLE_PATENT, load_stated, sides, error);
}

void dj_sides_features(const DjSides *sides, guint32 need, guint32 doc, gboolean texts, DjFeatures *features, int *home)
{
    const DjMatchOptions *options = sides->options;
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, need);
    const DjSupplyFacts *supply = &sides->supply[doc];
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint n_member = dj_corpus_memberships(sides->corpus, doc, member);
    dj_features_compute(features, options->taxonomy, options->ipc_titles, &options->scoring, demand->member,
                        demand->n_member, member, n_member, demand->ipc, demand->n_ipc, supply->ipc, supply->n_ipc,
                        texts, home);
    features->quality = MAX(0, supply->quality) * (gint64)options->scoring.quality_points / 100;
    features->quality_privacy = supply->quality_privacy;
    features->indicator = dj_indicators_points(&options->scoring, demand->wanted, supply->stated);
}

gint64 dj_demand_self_points(const DjDemand *demand, const DjScoring *scoring, gint64 self_total)
{
    gint64 points = dj_points_of_total(scoring, self_total);
    if (demand->n_member > 0)
        points += scoring->chain_points;
    if (demand->n_ipc > 0)
        points += scoring->ipc_points;
    points += scoring->quality_points;
    if (demand->wanted)
        points += MIN(scoring->indicator_points, (gint64)demand->wanted->len * ((scoring->indicator_points + 2) / 3));
    return MAX(points, 1);
}

int dj_demand_score(gint64 points, gint64 self_points)
{
    return points <= 0 ? 0 : (int)MIN(100, (200 * points + self_points) / (2 * self_points));
}

void dj_sides_note_limit(const DjSides *sides, DjResultSet *set)
{
    set->min_score = sides->options->scoring.min_score;
    set->min_permille = sides->adequate < G_MAXINT64 ? sides->options->adequate : 0;
}

gint64 dj_sides_least_points(const DjSides *sides, gint64 self_points)
{
    gint64 min_score = sides->options->scoring.min_score;
    gint64 least = min_score <= 0 ? G_MININT64 : ((2 * min_score - 1) * self_points + 199) / 200;
    return MIN(least, sides->adequate);
}
