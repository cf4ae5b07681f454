/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month_choose.h"
#include "app/month_floors.h"
#include "engine/plan/cover.h"
#include <string.h>

#define DEEPER     4 /* times the length of a list */
#define MAX_ROUNDS 8 /* of deepening; beyond it the certificate shows a gap */

void dj_month_choice_clear(DjMonthChoice *choice)
{
    for (guint i = 0; choice->picks && i < choice->picks->len; i++)
        g_free(g_array_index(choice->picks, DjMonthPick, i).digest);
    g_clear_pointer(&choice->picks, g_array_unref);
    g_clear_pointer(&choice->standing, g_hash_table_unref);
    g_clear_pointer(&choice->floors, g_ptr_array_unref);
    g_clear_pointer(&choice->sets, g_ptr_array_unref);
    g_clear_pointer(&choice->keys, g_ptr_array_unref);
}

char *dj_month_digest(const DjRecord *need, const DjRecord *patent)
{
    gsize n_need, n_patent;
    g_autofree char *a = dj_record_to_json(need, &n_need), *b = dj_record_to_json(patent, &n_patent);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)a, (gssize)n_need);
    g_checksum_update(sum, (const guchar *)"\n", 1);
    g_checksum_update(sum, (const guchar *)b, (gssize)n_patent);
    return g_strdup(g_checksum_get_string(sum));
}

/* ---- candidates ---- */

typedef struct {
    const DjPairing *pairing;
    char *digest;
} Candidate;

typedef struct {
    DjMonthRunner *runner;
    const DjMonthVersion *version;
    const DjResultSet *set;
    GHashTable *pushed, *owed;
    DjMonthChoice *choice;
    DjMonthFloors *floors;
    DjCoverProblem problem;
    GArray *candidates;    /* Candidate, beside problem.pairs */
    GHashTable *number[2]; /* key -> member number, plus 1 */
    GPtrArray *keys[2];    /* member keys */
    GHashTable *place;     /* "enterprise\ngroup" -> number of its candidate, plus 1 */
    GHashTable *known;     /* "need\npatent" that was looked at */
    guint depth;           /* of the lists deepened last */
} Choosing;

static void candidate_clear(gpointer data)
{
    g_free(((Candidate *)data)->digest);
}

static guint member_number(Choosing *c, int side, const char *key, const DjRecord *record)
{
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(c->number[side], key));
    if (known)
        return known - 1;
    const DjSettings *settings = c->version->config->settings;
    DjCoverNode node = {.most = side == 0 ? settings->sheet_rows : settings->patent_cap,
                        .parent = dj_month_floors_group(c->floors, side, record, c->problem.groups[side])};
    g_array_append_val(c->problem.members[side], node);
    if (side == 0) {
        gint64 none = -1;
        g_array_append_val(c->problem.kept_back, none);
    }
    char *own = g_strdup(key);
    g_ptr_array_add(c->keys[side], own);
    g_hash_table_insert(c->number[side], own, GUINT_TO_POINTER(c->keys[side]->len));
    return c->keys[side]->len - 1;
}

static void count_standing(Choosing *c, const char *enterprise, const DjPairing *pairing, const DjRecord *patent)
{
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(c->choice->standing, enterprise));
    g_hash_table_insert(c->choice->standing, g_strdup(enterprise), GUINT_TO_POINTER(n + 1));
    dj_month_floors_standing(c->floors, g_hash_table_lookup(c->set->enterprises, enterprise), patent, pairing);
}

static void take_pairing(Choosing *c, const DjResultSet *set, const DjPairing *pairing)
{
    const char *enterprise = g_hash_table_lookup(set->enterprise_of, pairing->need);
    const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
    char *pair = enterprise ? g_strdup_printf("%s\n%s", pairing->need, pairing->patent) : NULL;
    if (!pair || !g_hash_table_add(c->known, pair)) /* the table keeps the first and frees this one */
        return;
    g_autofree char *digest = dj_month_digest(g_hash_table_lookup(set->needs, pairing->need), patent);
    if (g_strcmp0(g_hash_table_lookup(c->pushed, pair), digest) == 0) {
        if (set == c->set) /* what fell below the list's end does not stand any more */
            count_standing(c, enterprise, pairing, patent);
        return;
    }
    DjCoverPair candidate = {.points = pairing->points};
    candidate.member[0] = member_number(c, 0, enterprise, g_hash_table_lookup(c->set->enterprises, enterprise));
    candidate.member[1] = member_number(c, 1, pairing->patent, patent);
    candidate.crossing = dj_month_floors_crossing(c->floors, g_hash_table_lookup(c->set->enterprises, enterprise),
                                                  patent, pairing, c->problem.crossing);
    char *place = g_strdup_printf("%s\n%s", enterprise, pairing->group ? pairing->group : pairing->patent);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(c->place, place));
    if (at == 0) {
        Candidate fresh = {pairing, g_steal_pointer(&digest)};
        g_array_append_val(c->candidates, fresh);
        g_array_append_val(c->problem.pairs, candidate);
        g_hash_table_insert(c->place, place, GUINT_TO_POINTER(c->candidates->len));
        return;
    }
    g_free(place);
    DjCoverPair *old = &g_array_index(c->problem.pairs, DjCoverPair, at - 1);
    Candidate *beside = &g_array_index(c->candidates, Candidate, at - 1);
    if (candidate.points > old->points) {
        *old = candidate;
        candidate_clear(beside);
        *beside = (Candidate){pairing, g_steal_pointer(&digest)};
    }
}

/* A list that holds as much as it may has more below its end, of no more points than its last pairing. Raises kept_back
 * of the enterprises, which was lowered to "nothing" for those whose lists these are. */
static void note_kept_back(Choosing *c, const DjResultSet *set, guint depth)
{
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        const char *enterprise = g_hash_table_lookup(set->enterprise_of, pairing->need);
        guint m = enterprise ? GPOINTER_TO_UINT(g_hash_table_lookup(c->number[0], enterprise)) : 0;
        if (m == 0 || pairing->rank != depth)
            continue;
        gint64 *kept_back = &g_array_index(c->problem.kept_back, gint64, m - 1);
        *kept_back = MAX(*kept_back, pairing->points);
    }
}

static void take_set(Choosing *c, const DjResultSet *set, guint depth)
{
    for (guint i = 0; i < set->pairings->len; i++)
        take_pairing(c, set, set->pairings->pdata[i]);
    note_kept_back(c, set, depth);
}

/* ---- deepening ---- */

static GHashTable *needs_of(const Choosing *c, const guint8 *wanted)
{
    GHashTable *needs = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer need, enterprise;
    g_hash_table_iter_init(&iter, c->set->enterprise_of);
    while (g_hash_table_iter_next(&iter, &need, &enterprise)) {
        guint m = GPOINTER_TO_UINT(g_hash_table_lookup(c->number[0], enterprise));
        if (m > 0 && wanted[m - 1])
            g_hash_table_add(needs, need);
    }
    return needs;
}

static gboolean deepen(DjCoverProblem *problem, const guint8 *wanted, gpointer user, GError **error)
{
    Choosing *c = user;
    g_autoptr(GHashTable) needs = needs_of(c, wanted);
    c->depth *= DEEPER;
    DjMonthNeeds some = {.only = needs, .top = c->depth};
    const char *phase = dj_month_runner_phase(c->runner, "deepen lists");
    DjResultSet *set = dj_month_run_needs(c->runner, c->version, &some, error);
    dj_month_runner_phase(c->runner, phase);
    if (!set)
        return FALSE;
    g_ptr_array_add(c->choice->sets, set);
    for (guint m = 0; m < problem->members[0]->len; m++)
        if (wanted[m])
            g_array_index(problem->kept_back, gint64, m) = -1;
    take_set(c, set, c->depth);
    return TRUE;
}

/* ---- result ---- */

/* Pairings of deepened lists were not explained: one more run does it for those that were picked. */
static gboolean explain_deep(Choosing *c, GError **error)
{
    g_autoptr(GHashTable) also = dj_pair_table_new(), listed = g_hash_table_new(NULL, NULL),
                          needs = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < c->set->pairings->len; i++)
        g_hash_table_add(listed, c->set->pairings->pdata[i]);
    for (guint i = 0; i < c->choice->picks->len; i++) {
        const DjPairing *pairing = g_array_index(c->choice->picks, DjMonthPick, i).pairing;
        if (g_hash_table_contains(listed, pairing))
            continue;
        dj_pair_table_add(also, pairing->need, pairing->patent);
        g_hash_table_add(needs, pairing->need);
    }
    if (g_hash_table_size(needs) == 0)
        return TRUE;
    DjMonthNeeds some = {.only = needs, .also = also, .top = 1, .explain = TRUE};
    DjResultSet *set = dj_month_run_needs(c->runner, c->version, &some, error);
    if (!set)
        return FALSE;
    g_ptr_array_add(c->choice->sets, set);
    g_autoptr(GHashTable) explained = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        DjPairing *pairing = set->pairings->pdata[i];
        g_hash_table_insert(explained, g_strdup_printf("%s\n%s", pairing->need, pairing->patent), pairing);
    }
    for (guint i = 0; i < c->choice->picks->len; i++) {
        DjMonthPick *pick = &g_array_index(c->choice->picks, DjMonthPick, i);
        if (g_hash_table_contains(listed, pick->pairing))
            continue;
        g_autofree char *pair = g_strdup_printf("%s\n%s", pick->pairing->need, pick->pairing->patent);
        DjPairing *full = g_hash_table_lookup(explained, pair);
        full->rank = pick->pairing->rank; /* its place on the long list */
        pick->pairing = full;
    }
    return TRUE;
}

static void take_result(Choosing *c, const DjCoverChoice *result)
{
    DjMonthChoice *choice = c->choice;
    choice->n_candidates = c->candidates->len;
    choice->n_rounds = result->n_rounds;
    choice->n_flows = result->n_flows;
    choice->n_missing = result->missing;
    choice->points = result->points;
    choice->value = result->value;
    choice->bound = result->bound;
    for (guint i = 0; i < c->candidates->len; i++) {
        Candidate *candidate = &g_array_index(c->candidates, Candidate, i);
        if (!result->chosen[i])
            continue;
        guint m = g_array_index(c->problem.pairs, DjCoverPair, i).member[0];
        DjMonthPick pick = {c->keys[0]->pdata[m], candidate->pairing, g_steal_pointer(&candidate->digest)};
        g_array_append_val(choice->picks, pick);
    }
    choice->floors = dj_month_floors_rows(c->floors, result);
}

static gint compare_keys(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Enterprises that the floor is owed to, whether or not anything suits them: what is missing is told of all. */
static void add_owed(Choosing *c)
{
    g_autofree gpointer *owed = g_hash_table_get_keys_as_array(c->owed, NULL);
    guint n = g_hash_table_size(c->owed);
    g_qsort_with_data(owed, (gint)n, sizeof *owed, (GCompareDataFunc)(void (*)(void))compare_keys, NULL);
    guint floor = c->version->config->settings->cover_floor;
    for (guint i = 0; i < n; i++) {
        guint m = member_number(c, 0, owed[i], g_hash_table_lookup(c->owed, owed[i]));
        guint has = GPOINTER_TO_UINT(g_hash_table_lookup(c->choice->standing, owed[i]));
        g_array_index(c->problem.members[0], DjCoverNode, m).least = floor > has ? floor - has : 0;
    }
}

static void choosing_init(Choosing *c)
{
    for (int side = 0; side < 2; side++) {
        c->number[side] = g_hash_table_new(g_str_hash, g_str_equal);
        c->keys[side] = g_ptr_array_new_with_free_func(g_free);
        c->problem.members[side] = g_array_new(FALSE, FALSE, sizeof(DjCoverNode));
        c->problem.groups[side] = g_array_new(FALSE, FALSE, sizeof(DjCoverNode));
    }
    c->problem.pairs = g_array_new(FALSE, FALSE, sizeof(DjCoverPair));
    c->problem.crossing = g_array_new(FALSE, FALSE, sizeof(guint));
    c->problem.kept_back = g_array_new(FALSE, FALSE, sizeof(gint64));
    c->problem.deepen = deepen;
    c->problem.user = c;
    c->problem.max_rounds = MAX_ROUNDS;
    c->candidates = g_array_new(FALSE, FALSE, sizeof(Candidate));
    g_array_set_clear_func(c->candidates, candidate_clear);
    c->place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

static void choosing_clear(Choosing *c)
{
    for (int side = 0; side < 2; side++) {
        g_hash_table_unref(c->number[side]);
        g_array_unref(c->problem.members[side]);
        g_array_unref(c->problem.groups[side]);
    }
    c->choice->keys = g_steal_pointer(&c->keys[0]);
    g_ptr_array_unref(c->keys[1]);
    g_array_unref(c->problem.pairs);
    g_array_unref(c->problem.crossing);
    g_array_unref(c->problem.kept_back);
    g_array_unref(c->candidates);
    g_hash_table_unref(c->place);
    g_hash_table_unref(c->known);
    dj_month_floors_free(c->floors);
}

gboolean dj_month_choose(DjMonthRunner *runner, const DjMonthVersion *version, const DjResultSet *set,
                         GHashTable *pushed, GHashTable *owed, DjMonthChoice *choice, GError **error)
{
    *choice = (DjMonthChoice){
        .picks = g_array_new(FALSE, FALSE, sizeof(DjMonthPick)),
        .standing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .sets = g_ptr_array_new_with_free_func((GDestroyNotify)dj_result_set_free),
    };
    Choosing c = {.runner = runner,
                  .version = version,
                  .set = set,
                  .pushed = pushed,
                  .owed = owed,
                  .choice = choice,
                  .floors = dj_month_floors_new(version->config->floors, set, owed),
                  .depth = version->config->settings->top};
    choosing_init(&c);
    take_set(&c, set, c.depth);
    add_owed(&c);
    dj_month_floors_settle(c.floors, c.problem.groups, c.problem.crossing);
    g_auto(DjCoverChoice) result = {0};
    gboolean ok = dj_cover_choose(&c.problem, &result, error);
    if (ok) {
        take_result(&c, &result);
        ok = explain_deep(&c, error);
    }
    choosing_clear(&c);
    return ok;
}
