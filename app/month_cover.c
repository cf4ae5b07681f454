/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month_cover.h"
#include "app/identities.h"
#include "engine/match/demand.h"
#include "engine/model/ident.h"
#include "engine/store/decision.h"
#include <string.h>

#define NO_TEXT   "既无在办需求，也无主导产品"
#define ASK_TEXT  "请企业填一条技术需求，或至少填主导产品"
#define NO_MATCH  "没有合格专利达到最低匹配度"
#define ASK_MATCH "请企业写明材料、工艺和指标；仍无合适专利的，转订单式研发或发榜"
#define ASK_ASKED "本次以主导产品代替需求；请企业填一条技术需求，写明材料、工艺和指标"
#define TOO_FEW   "达到最低匹配度的合格专利不足"
#define CAPPED    "合格专利都已达到每件专利的推荐上限"
#define ASK_CAP   "请机构增加同方向的开放许可专利，或由中心调高每件专利的推荐上限"
#define OPTED_OUT "企业选择不接收推荐"

void dj_month_cover_clear(DjMonthCover *cover)
{
    g_clear_pointer(&cover->sheets, g_ptr_array_unref);
    g_clear_pointer(&cover->coverage, g_ptr_array_unref);
    g_clear_pointer(&cover->pushes, g_ptr_array_unref);
    dj_month_choice_clear(&cover->choice);
}

/* ---- what is known beforehand ---- */

typedef struct {
    GHashTable *pushed; /* "need\npatent" -> digest of the last push */
    GHashTable *silent; /* keys that opted out by decision */
    GArray *identities; /* DjIdentity */
    gint64 last;
} Past;

static char *digest_in(const char *data)
{
    json_t *object = json_loads(data, 0, NULL);
    const char *digest = json_string_value(json_object_get(object, "digest"));
    char *copy = g_strdup(digest ? digest : "");
    json_decref(object);
    return copy;
}

static gboolean note_decision(const DjDecision *decision, gpointer user)
{
    Past *past = user;
    if (decision->id > past->last)
        return FALSE;
    if (decision->kind == DJ_DECISION_PUSH)
        g_hash_table_replace(past->pushed, g_strdup_printf("%s\n%s", decision->need, decision->patent),
                             digest_in(decision->data));
    else if (decision->kind == DJ_DECISION_OPT_OUT && !*decision->patent)
        g_hash_table_add(past->silent, g_strdup(decision->need));
    else if (decision->kind == DJ_DECISION_CLEAR)
        g_hash_table_remove(past->silent, decision->need);
    else
        dj_identities_note(past->identities, decision);
    return TRUE;
}

typedef struct {
    GHashTable *asked;    /* as dj_month_note_asked fills it */
    GHashTable *profiled; /* keys of enterprises that ask by their product */
    const DjMonthFacts *facts;
} Basis;

static gboolean note_need(const DjRecord *need, gpointer user)
{
    Basis *basis = user;
    if (g_str_has_prefix(need->key, DJ_MONTH_PROFILE_PREFIX))
        g_hash_table_add(basis->profiled, g_strdup(need->key + strlen(DJ_MONTH_PROFILE_PREFIX)));
    else
        dj_month_note_asked(basis->facts, need, basis->asked);
    return TRUE;
}

/* ---- choice ---- */

static gint compare_pairings(gconstpointer a, gconstpointer b)
{
    const DjPairing *x = *(DjPairing *const *)a, *y = *(DjPairing *const *)b;
    int order = strcmp(x->need, y->need);
    if (x->total != y->total)
        return x->total > y->total ? -1 : 1;
    return order ? order : strcmp(x->patent, y->patent);
}

static gint compare_sheets(gconstpointer a, gconstpointer b)
{
    const DjMonthSheet *x = *(DjMonthSheet *const *)a, *y = *(DjMonthSheet *const *)b;
    return x->institution != y->institution ? x->institution - y->institution : strcmp(x->key, y->key);
}

static DjMonthSheet *new_sheet(gboolean institution, const char *key, const char *name)
{
    DjMonthSheet *sheet = g_new0(DjMonthSheet, 1);
    sheet->institution = institution;
    sheet->key = g_strdup(key);
    sheet->name = g_strdup(name);
    sheet->pairings = g_ptr_array_new();
    return sheet;
}

static DjMonthSheet *sheet_for(GHashTable *sheets, gboolean institution, const char *key, const char *name)
{
    DjMonthSheet *sheet = g_hash_table_lookup(sheets, key);
    if (!sheet) {
        sheet = new_sheet(institution, key, name);
        g_hash_table_insert(sheets, sheet->key, sheet);
    }
    return sheet;
}

static void finish_sheets(GHashTable *table, guint most, GPtrArray *sheets)
{
    GHashTableIter iter;
    gpointer sheet;
    g_hash_table_iter_init(&iter, table);
    while (g_hash_table_iter_next(&iter, NULL, &sheet)) {
        GPtrArray *pairings = ((DjMonthSheet *)sheet)->pairings;
        g_ptr_array_sort(pairings, compare_pairings);
        g_ptr_array_set_size(pairings, (gint)MIN(pairings->len, most));
        g_ptr_array_add(sheets, sheet);
    }
    g_ptr_array_sort(sheets, compare_sheets);
}

/* Pages of institutions: for each owner the best pairings of its patents. */
static void add_institutions(const DjResultSet *set, guint most, GPtrArray *sheets)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        g_auto(GStrv) owners = dj_record_list(g_hash_table_lookup(set->patents, pairing->patent), DJ_PATENT_OWNERS);
        for (char **owner = owners; *owner; owner++) {
            g_autofree char *folded = dj_org_name_fold(*owner);
            g_ptr_array_add(sheet_for(table, TRUE, folded, *owner)->pairings, (gpointer)pairing);
        }
    }
    finish_sheets(table, most, sheets);
}

static gint compare_pushes(gconstpointer a, gconstpointer b)
{
    const DjPush *x = *(DjPush *const *)a, *y = *(DjPush *const *)b;
    int order = strcmp(x->enterprise, y->enterprise);
    order = order ? order : strcmp(x->need, y->need);
    return order ? order : strcmp(x->patent, y->patent);
}

static void add_enterprises(const DjResultSet *set, guint most, DjMonthCover *cover)
{
    g_autoptr(GHashTable) table = g_hash_table_new(g_str_hash, g_str_equal);
    const DjMonthChoice *choice = &cover->choice;
    const DjResultSet *deep = choice->sets->len > 0 ? choice->sets->pdata[choice->sets->len - 1] : NULL;
    for (guint i = 0; i < choice->picks->len; i++) {
        const DjMonthPick *pick = &g_array_index(choice->picks, DjMonthPick, i);
        const DjRecord *record = g_hash_table_lookup(set->enterprises, pick->enterprise);
        DjMonthSheet *sheet =
            sheet_for(table, FALSE, pick->enterprise, record ? dj_record_title(record) : pick->enterprise);
        sheet->profile = sheet->profile || g_str_has_prefix(pick->pairing->need, DJ_MONTH_PROFILE_PREFIX);
        sheet->further = deep;
        g_ptr_array_add(sheet->pairings, (gpointer)pick->pairing);
        DjPush *push = g_new0(DjPush, 1);
        push->need = g_strdup(pick->pairing->need);
        push->patent = g_strdup(pick->pairing->patent);
        push->enterprise = g_strdup(pick->enterprise);
        push->digest = g_strdup(pick->digest);
        g_ptr_array_add(cover->pushes, push);
    }
    finish_sheets(table, most, cover->sheets);
    g_ptr_array_sort(cover->pushes, compare_pushes);
}

/* ---- coverage ---- */

typedef struct {
    DjMonthCover *cover;
    const DjMonthFacts *facts;
    const Past *past;
    const Basis *basis;
    GHashTable *n_of, *n_pages; /* enterprise key -> number of patents on its lists, of recommendations */
    GHashTable *owed;           /* enterprise key -> DjRecord */
    guint floor;
    int day;
} Cover;

static gboolean is_silent(const Cover *all, const DjRecord *enterprise)
{
    gboolean out = FALSE;
    return (dj_record_bool(enterprise, DJ_ENTERPRISE_OPT_OUT, &out) && out) ||
           dj_identities_among(all->facts->identities, enterprise->key, all->past->silent);
}

static gboolean note_owed(const DjRecord *enterprise, gpointer user)
{
    Cover *all = user;
    if (dj_month_is_owed(enterprise, all->day) && !dj_month_is_other(all->facts, enterprise) &&
        !is_silent(all, enterprise))
        g_hash_table_insert(all->owed, g_strdup(enterprise->key), dj_record_copy(enterprise));
    return TRUE;
}

static gboolean cover_enterprise(const DjRecord *enterprise, gpointer user)
{
    Cover *all = user;
    if (!dj_month_is_owed(enterprise, all->day) || dj_month_is_other(all->facts, enterprise))
        return TRUE;
    DjCoverageRow *row = g_new0(DjCoverageRow, 1);
    row->key = g_strdup(enterprise->key);
    row->name = g_strdup(dj_record_title(enterprise));
    row->city = g_strdup(dj_record_get(enterprise, DJ_ENTERPRISE_CITY));
    row->basis = g_hash_table_contains(all->basis->profiled, enterprise->key)    ? DJ_BASIS_PRODUCT
                 : dj_month_has_asked(all->facts, enterprise, all->basis->asked) ? DJ_BASIS_NEED
                                                                                 : DJ_BASIS_NONE;
    row->n_eligible = GPOINTER_TO_UINT(g_hash_table_lookup(all->n_of, enterprise->key));
    row->n = GPOINTER_TO_UINT(g_hash_table_lookup(all->n_pages, enterprise->key));
    row->covered = row->n >= all->floor;
    row->reason = row->ask = "";
    if (!row->covered) {
        gboolean silent = is_silent(all, enterprise);
        gboolean no_text = strcmp(row->basis, DJ_BASIS_NONE) == 0;
        gboolean capped = row->n_eligible >= all->floor;
        row->reason = silent ? OPTED_OUT : no_text ? NO_TEXT : capped ? CAPPED : row->n > 0 ? TOO_FEW : NO_MATCH;
        row->ask = silent                                      ? ""
                   : no_text                                   ? ASK_TEXT
                   : capped                                    ? ASK_CAP
                   : strcmp(row->basis, DJ_BASIS_PRODUCT) == 0 ? ASK_ASKED
                                                               : ASK_MATCH;
    }
    all->cover->n_owed++;
    all->cover->n_covered += row->covered;
    g_ptr_array_add(all->cover->coverage, row);
    return TRUE;
}

static GHashTable *count_patents(const DjResultSet *set)
{
    GHashTable *n_of = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) seen = dj_pair_table_new();
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        const char *enterprise = g_hash_table_lookup(set->enterprise_of, pairing->need);
        if (!enterprise || dj_pair_table_has(seen, enterprise, pairing->patent))
            continue;
        dj_pair_table_add(seen, enterprise, pairing->patent);
        guint n = GPOINTER_TO_UINT(g_hash_table_lookup(n_of, enterprise));
        g_hash_table_insert(n_of, (gpointer)enterprise, GUINT_TO_POINTER(n + 1));
    }
    return n_of;
}

static GHashTable *count_recommendations(const DjMonthChoice *choice)
{
    GHashTable *n_pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer key, n;
    g_hash_table_iter_init(&iter, choice->standing);
    while (g_hash_table_iter_next(&iter, &key, &n))
        g_hash_table_insert(n_pages, g_strdup(key), n);
    for (guint i = 0; i < choice->picks->len; i++) {
        const char *enterprise = g_array_index(choice->picks, DjMonthPick, i).enterprise;
        guint so_far = GPOINTER_TO_UINT(g_hash_table_lookup(n_pages, enterprise));
        g_hash_table_insert(n_pages, g_strdup(enterprise), GUINT_TO_POINTER(so_far + 1));
    }
    return n_pages;
}

gboolean dj_month_cover(DjMonthRunner *runner, DjWorkspace *workspace, const DjMonthVersion *version,
                        const DjResultSet *set, DjMonthCover *cover, GError **error)
{
    *cover = (DjMonthCover){.sheets = g_ptr_array_new_with_free_func((GDestroyNotify)dj_month_sheet_free),
                            .coverage = g_ptr_array_new_with_free_func((GDestroyNotify)dj_coverage_row_free),
                            .pushes = g_ptr_array_new_with_free_func((GDestroyNotify)dj_push_free)};
    g_autoptr(GHashTable) pushed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                          silent = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          asked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          profiled = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                          owed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free),
                          n_of = count_patents(set);
    g_autoptr(GArray) identities = dj_identities_new();
    Past past = {pushed, silent, identities, version->decision};
    DjMonthMix mix = dj_month_mix_of(version);
    DjMonthFacts facts = dj_month_facts_of(workspace, &mix);
    facts.identities = identities;
    Basis basis = {asked, profiled, &facts};
    DjRecordSource records = dj_month_records(&facts);
    const DjSettings *settings = version->config->settings;
    Cover all = {cover, &facts, &past, &basis, n_of, NULL, owed, settings->cover_floor, version->day};
    if (!dj_store_each_decision(workspace->store, NULL, note_decision, &past, error) ||
        !records.each(records.user, DJ_TABLE_NEED, note_need, &basis, error) ||
        !records.each(records.user, DJ_TABLE_ENTERPRISE, note_owed, &all, error) ||
        !dj_month_choose(runner, version, set, pushed, owed, &cover->choice, error))
        return FALSE;
    add_enterprises(set, settings->sheet_rows, cover);
    add_institutions(set, settings->sheet_rows, cover->sheets);
    g_autoptr(GHashTable) n_pages = count_recommendations(&cover->choice);
    all.n_pages = n_pages;
    return records.each(records.user, DJ_TABLE_ENTERPRISE, cover_enterprise, &all, error);
}
