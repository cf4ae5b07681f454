/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classification by evidence that a person can check: declared chains, IPC codes, keywords. Scores are integers.
 *
 *   declared chain           DECLARED points
 *   IPC code                 weight of the most specific entry that contains it, MAIN_IPC times for the first code
 *   keyword                  weight, TITLE times in the title; each keyword counts at most MAX_REPEATS times
 *
 * A declared chain is kept. Another one is kept when it has at least MIN_SCORE points and its confidence, a weighted
 * sum of shares (see confidence()), reaches KEEP. Its weight is its share of the highest confidence. How the numbers
 * were learned, and what they give on labelled records: config/chains/README.md. */
#include "engine/match/chain.h"
#include <string.h>

#define DECLARED    400
#define MAIN_IPC    3
#define OTHER_IPC   1
#define TITLE       3
#define MAX_REPEATS 2
#define MIN_SCORE   50

/* Confidence, in 200ths of a log-odds, per per cent of a share. */
#define OF_BEST  4 /* of the points of the best chain */
#define OF_ALL   9 /* of the points of all chains and of the outside */
#define OF_TITLE 3 /* of the best chain's points from titles */
#define OF_OUTSIDE                                                                                                     \
    4 /* points of words for things outside all chains, as a share of the best chain's; speaks against                 \
       */
#define MOST_OUTSIDE        200
#define KEEP                460
#define DECLARED_CONFIDENCE 2000 /* above what undeclared chains reach */

#define OUTSIDE G_MAXUINT16 /* the chain of a word that speaks for none */

typedef struct {
    guint16 chain;
    gint16 weight;
} Target;

typedef struct {
    char *term;
    Target target;
} Pending;

typedef struct {
    DjIpc ipc;
    Target target;
} IpcEntry;

typedef struct {
    char *id, *name, *tier;
    int lean;
} Chain;

struct DjTaxonomy {
    char *id, *version, *date;
    GArray *chains;     /* Chain */
    GHashTable *names;  /* folded id, name, alias -> chain + 1 */
    GHashTable *by_sub; /* first three characters of a code -> GArray of IpcEntry */
    GArray *pending;    /* Pending: keywords before sealing */
    DjPhrases *keywords;
    GPtrArray *targets; /* by phrase number: GArray of Target */
};

static void pending_clear(gpointer data)
{
    g_free(((Pending *)data)->term);
}

static void chain_clear(gpointer data)
{
    Chain *chain = data;
    g_free(chain->id);
    g_free(chain->name);
    g_free(chain->tier);
}

DjTaxonomy *dj_taxonomy_new(const char *id, const char *version, const char *date)
{
    DjTaxonomy *taxonomy = g_new0(DjTaxonomy, 1);
    taxonomy->id = g_strdup(id);
    taxonomy->version = g_strdup(version);
    taxonomy->date = g_strdup(date);
    taxonomy->chains = g_array_new(FALSE, TRUE, sizeof(Chain));
    g_array_set_clear_func(taxonomy->chains, chain_clear);
    taxonomy->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    taxonomy->by_sub = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
    taxonomy->pending = g_array_new(FALSE, FALSE, sizeof(Pending));
    g_array_set_clear_func(taxonomy->pending, pending_clear);
    taxonomy->keywords = dj_phrases_new();
    taxonomy->targets = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    return taxonomy;
}

void dj_taxonomy_free(DjTaxonomy *taxonomy)
{
    if (!taxonomy)
        return;
    g_free(taxonomy->id);
    g_free(taxonomy->version);
    g_free(taxonomy->date);
    g_array_unref(taxonomy->chains);
    g_hash_table_unref(taxonomy->names);
    g_hash_table_unref(taxonomy->by_sub);
    g_array_unref(taxonomy->pending);
    dj_phrases_free(taxonomy->keywords);
    g_ptr_array_unref(taxonomy->targets);
    g_free(taxonomy);
}

guint dj_taxonomy_add_chain(DjTaxonomy *taxonomy, const char *id, const char *name, const char *tier)
{
    Chain chain = {g_strdup(id), g_strdup(name), g_strdup(tier), 0};
    g_array_append_val(taxonomy->chains, chain);
    guint number = taxonomy->chains->len - 1;
    dj_taxonomy_add_alias(taxonomy, number, id);
    dj_taxonomy_add_alias(taxonomy, number, name);
    return number;
}

void dj_taxonomy_set_lean(DjTaxonomy *taxonomy, guint chain, int lean)
{
    g_array_index(taxonomy->chains, Chain, chain).lean = lean;
}

void dj_taxonomy_add_alias(DjTaxonomy *taxonomy, guint chain, const char *alias)
{
    char *folded = dj_org_name_fold(alias);
    if (g_hash_table_contains(taxonomy->names, folded)) /* the first chain of the file keeps a shared alias */
        g_free(folded);
    else
        g_hash_table_insert(taxonomy->names, folded, GUINT_TO_POINTER(chain + 1));
}

void dj_taxonomy_add_ipc(DjTaxonomy *taxonomy, guint chain, const DjIpc *ipc, int weight)
{
    char *class = g_strndup(ipc->subclass, 3);
    GArray *entries = g_hash_table_lookup(taxonomy->by_sub, class);
    if (!entries) {
        entries = g_array_new(FALSE, FALSE, sizeof(IpcEntry));
        g_hash_table_insert(taxonomy->by_sub, class, entries);
    } else {
        g_free(class);
    }
    IpcEntry entry = {*ipc, {(guint16)chain, (gint16)weight}};
    g_array_append_val(entries, entry);
}

void dj_taxonomy_add_keyword(DjTaxonomy *taxonomy, guint chain, const char *term, int weight)
{
    Pending pending = {g_strdup(term), {(guint16)chain, (gint16)weight}};
    g_array_append_val(taxonomy->pending, pending);
}

void dj_taxonomy_add_outside(DjTaxonomy *taxonomy, const char *term, int weight)
{
    dj_taxonomy_add_keyword(taxonomy, OUTSIDE, term, weight);
}

gboolean dj_taxonomy_seal(DjTaxonomy *taxonomy, GError **error)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return FALSE;
    for (guint i = 0; i < taxonomy->pending->len; i++) {
        const Pending *pending = &g_array_index(taxonomy->pending, Pending, i);
        guint32 number = dj_phrases_add(taxonomy->keywords, normaliser, pending->term);
        if (number == DJ_PHRASE_NONE)
            continue;
        while (taxonomy->targets->len <= number)
            g_ptr_array_add(taxonomy->targets, g_array_new(FALSE, FALSE, sizeof(Target)));
        g_array_append_val(taxonomy->targets->pdata[number], pending->target);
    }
    g_array_set_size(taxonomy->pending, 0);
    dj_phrases_seal(taxonomy->keywords);
    return TRUE;
}

const char *dj_taxonomy_id(const DjTaxonomy *taxonomy)
{
    return taxonomy->id;
}

const char *dj_taxonomy_version(const DjTaxonomy *taxonomy)
{
    return taxonomy->version;
}

guint dj_taxonomy_n_chains(const DjTaxonomy *taxonomy)
{
    return taxonomy->chains->len;
}

DjChain dj_taxonomy_chain(const DjTaxonomy *taxonomy, guint chain)
{
    const Chain *c = &g_array_index(taxonomy->chains, Chain, chain);
    return (DjChain){c->id, c->name, c->tier};
}

gboolean dj_taxonomy_find(const DjTaxonomy *taxonomy, const char *text, guint *chain)
{
    g_autofree char *folded = dj_org_name_fold(text);
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(taxonomy->names, folded));
    if (found == 0)
        return FALSE;
    *chain = found - 1;
    return TRUE;
}

/* ---- classification ---- */

typedef struct {
    int score, title; /* points; those of them that come from the title */
    gboolean declared;
} Evidence;

typedef struct {
    const DjTaxonomy *taxonomy;
    DjNormaliser *normaliser;
    Evidence *chains;
    int outside;
    GHashTable *repeats; /* keyword + 1 -> times counted */
    int factor;          /* of the text that is being scanned */
} Tally;

static void tally_init(Tally *tally, const DjTaxonomy *taxonomy, DjNormaliser *normaliser)
{
    *tally = (Tally){.taxonomy = taxonomy, .normaliser = normaliser};
    tally->chains = g_new0(Evidence, MAX(taxonomy->chains->len, 1));
    tally->repeats = g_hash_table_new(NULL, NULL);
}

static void tally_clear(Tally *tally)
{
    g_free(tally->chains);
    g_hash_table_unref(tally->repeats);
}

static void count_hit(guint32 keyword, guint32 begin, guint32 end, gpointer user)
{
    (void)begin;
    (void)end;
    Tally *tally = user;
    gpointer key = GUINT_TO_POINTER(keyword + 1);
    guint times = GPOINTER_TO_UINT(g_hash_table_lookup(tally->repeats, key));
    if (times >= MAX_REPEATS)
        return;
    g_hash_table_insert(tally->repeats, key, GUINT_TO_POINTER(times + 1));
    const GArray *targets = tally->taxonomy->targets->pdata[keyword];
    for (guint i = 0; i < targets->len; i++) {
        const Target *target = &g_array_index(targets, Target, i);
        int points = tally->factor * target->weight;
        if (target->chain == OUTSIDE) {
            tally->outside += points;
            continue;
        }
        tally->chains[target->chain].score += points;
        if (tally->factor == TITLE)
            tally->chains[target->chain].title += points;
    }
}

static void count_keywords(Tally *tally, const char *text, int factor)
{
    tally->factor = factor;
    dj_phrases_scan(tally->taxonomy->keywords, tally->normaliser, text, count_hit, tally);
}

static int specificity(const DjIpc *ipc)
{
    return (int)strlen(ipc->subclass) + (ipc->group >= 0) + (ipc->subgroup >= 0);
}

static void count_ipc(Tally *tally, const char *code, int factor)
{
    DjIpc ipc;
    if (!dj_ipc_parse(code, &ipc))
        return;
    char class[4];
    g_strlcpy(class, ipc.subclass, sizeof class);
    const GArray *entries = g_hash_table_lookup(tally->taxonomy->by_sub, class);
    if (!entries)
        return;
    guint n_chains = tally->taxonomy->chains->len;
    g_autofree const IpcEntry **best = g_new0(const IpcEntry *, n_chains);
    for (guint i = 0; i < entries->len; i++) {
        const IpcEntry *entry = &g_array_index(entries, IpcEntry, i);
        const IpcEntry **slot = &best[entry->target.chain];
        if (dj_ipc_contains(&entry->ipc, &ipc) && (!*slot || specificity(&entry->ipc) > specificity(&(*slot)->ipc)))
            *slot = entry;
    }
    for (guint c = 0; c < n_chains; c++)
        if (best[c])
            tally->chains[c].score += factor * best[c]->target.weight;
}

static void count_declared(Tally *tally, const DjRecord *record, int field)
{
    g_auto(GStrv) names = dj_record_list(record, field);
    for (char **name = names; *name; name++) {
        guint chain;
        if (!dj_taxonomy_find(tally->taxonomy, *name, &chain))
            continue;
        tally->chains[chain].score += DECLARED;
        tally->chains[chain].declared = TRUE;
    }
}

/* Largest and sum over the chains; the sum is with the outside. */
typedef struct {
    int best, all, title;
} Totals;

static int share(int part, int whole)
{
    return part > 0 && whole > 0 ? (int)(100 * (gint64)part / whole) : 0;
}

static int confidence(const Tally *tally, const Totals *totals, guint c)
{
    const Evidence *evidence = &tally->chains[c];
    if (evidence->declared)
        return DECLARED_CONFIDENCE;
    return OF_BEST * share(evidence->score, totals->best) + OF_ALL * share(evidence->score, totals->all) +
           OF_TITLE * share(evidence->title, totals->title) -
           OF_OUTSIDE * MIN(share(tally->outside, totals->best), MOST_OUTSIDE) +
           g_array_index(tally->taxonomy->chains, Chain, c).lean;
}

static guint pick(const Tally *tally, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    guint n = 0, n_chains = tally->taxonomy->chains->len;
    int kept[DJ_MAX_MEMBERSHIPS];
    Totals totals = {.all = MAX(tally->outside, 0)};
    for (guint c = 0; c < n_chains; c++) {
        totals.best = MAX(totals.best, tally->chains[c].score);
        totals.all += MAX(tally->chains[c].score, 0);
        totals.title = MAX(totals.title, tally->chains[c].title);
    }
    for (guint c = 0; c < n_chains; c++) {
        if (tally->chains[c].score < MIN_SCORE)
            continue;
        int value = confidence(tally, &totals, c);
        if (value < KEEP)
            continue;
        guint at = n;
        while (at > 0 && kept[at - 1] < value)
            at--;
        if (at == DJ_MAX_MEMBERSHIPS)
            continue;
        n = MIN(n + 1, DJ_MAX_MEMBERSHIPS);
        memmove(kept + at + 1, kept + at, (n - at - 1) * sizeof *kept);
        memmove(out + at + 1, out + at, (n - at - 1) * sizeof *out);
        kept[at] = value;
        out[at].chain = (guint16)c;
    }
    for (guint i = 0; i < n; i++)
        out[i].weight = (guint8)MAX(share(kept[i], kept[0]), 1);
    return n;
}

guint dj_taxonomy_classify(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const DjRecord *record,
                           DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    static const struct {
        int title, declared, ipc, bodies[5];
    } fields[DJ_N_TABLES] = {
        [DJ_TABLE_PATENT] = {DJ_PATENT_TITLE,
                             DJ_PATENT_CHAINS,
                             DJ_PATENT_IPC,
                             {DJ_PATENT_ABSTRACT, DJ_PATENT_APPLICATION_FIELDS, DJ_PATENT_PRODUCTS, DJ_PATENT_KEYWORDS,
                              DJ_PATENT_INDUSTRY}},
        [DJ_TABLE_NEED] = {DJ_NEED_TITLE,
                           DJ_NEED_CHAIN,
                           DJ_NEED_IPC,
                           {DJ_NEED_DESCRIPTION, DJ_NEED_SUMMARY, DJ_NEED_PRODUCT, DJ_NEED_INDUSTRY, -1}},
        [DJ_TABLE_ENTERPRISE] = {DJ_ENTERPRISE_PRODUCT,
                                 DJ_ENTERPRISE_CHAINS,
                                 -1,
                                 {DJ_ENTERPRISE_DOMAIN, DJ_ENTERPRISE_INDUSTRY, -1, -1, -1}},
        [DJ_TABLE_TEXT] = {DJ_TEXT_TITLE, -1, -1, {DJ_TEXT_BODY, -1, -1, -1, -1}},
    };
    Tally tally;
    tally_init(&tally, taxonomy, normaliser);
    int title = fields[record->table].title, ipc = fields[record->table].ipc, declared = fields[record->table].declared;
    if (declared >= 0)
        count_declared(&tally, record, declared);
    if (ipc >= 0) {
        g_auto(GStrv) codes = dj_record_list(record, ipc);
        for (guint i = 0; codes[i]; i++)
            count_ipc(&tally, codes[i], i == 0 ? MAIN_IPC : OTHER_IPC);
    }
    if (dj_record_get(record, title))
        count_keywords(&tally, dj_record_get(record, title), TITLE);
    for (int i = 0; i < 5; i++) {
        int body = fields[record->table].bodies[i];
        if (body >= 0 && dj_record_get(record, body))
            count_keywords(&tally, dj_record_get(record, body), 1);
    }
    guint n = pick(&tally, out);
    tally_clear(&tally);
    return n;
}

guint dj_taxonomy_classify_text(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const char *title,
                                const char *body, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    Tally tally;
    tally_init(&tally, taxonomy, normaliser);
    if (title)
        count_keywords(&tally, title, TITLE);
    if (body)
        count_keywords(&tally, body, 1);
    guint n = pick(&tally, out);
    tally_clear(&tally);
    return n;
}
