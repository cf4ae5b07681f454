/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Classification by evidence that a person can check: declared chains, IPC codes, keywords. Scores are integers.
 *
 *   declared chain           DECLARED points
 *   IPC code                 weight of the most specific entry that contains it, MAIN_IPC times for the first code
 *   keyword                  weight, TITLE times in the title; each keyword counts at most MAX_REPEATS times
 *
 * A chain is kept when it has at least MIN_SCORE points and KEEP_SHARE per cent of the best; its weight is its share of
 * the best. How the numbers were chosen, and what they give on labelled records: config/chains/README.md. */
#include "engine/match/chain.h"
#include <string.h>

#define DECLARED    400
#define MAIN_IPC    3
#define OTHER_IPC   1
#define TITLE       3
#define MAX_REPEATS 2
#define MIN_SCORE   100
#define KEEP_SHARE  45

typedef struct {
    gunichar *text; /* folded characters */
    guint n;
    GArray *targets; /* Target */
} Keyword;

typedef struct {
    guint16 chain;
    gint16 weight;
} Target;

typedef struct {
    DjIpc ipc;
    Target target;
} IpcEntry;

typedef struct {
    char *id, *name, *tier;
} Chain;

struct DjTaxonomy {
    char *id, *version, *date;
    GArray *chains;      /* Chain */
    GHashTable *names;   /* folded id, name, alias -> chain + 1 */
    GHashTable *by_sub;  /* first three characters of a code -> GArray of IpcEntry */
    GHashTable *terms;   /* term text -> Keyword, before sealing */
    GPtrArray *keywords; /* Keyword, by first character, longest first */
    GHashTable *first;   /* first character -> index of its first keyword + 1 */
};

static void keyword_free(gpointer data)
{
    Keyword *keyword = data;
    g_free(keyword->text);
    g_array_unref(keyword->targets);
    g_free(keyword);
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
    taxonomy->terms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    taxonomy->keywords = g_ptr_array_new_with_free_func(keyword_free);
    taxonomy->first = g_hash_table_new(NULL, NULL);
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
    g_hash_table_unref(taxonomy->terms);
    g_ptr_array_unref(taxonomy->keywords);
    g_hash_table_unref(taxonomy->first);
    g_free(taxonomy);
}

guint dj_taxonomy_add_chain(DjTaxonomy *taxonomy, const char *id, const char *name, const char *tier)
{
    Chain chain = {g_strdup(id), g_strdup(name), g_strdup(tier)};
    g_array_append_val(taxonomy->chains, chain);
    guint number = taxonomy->chains->len - 1;
    dj_taxonomy_add_alias(taxonomy, number, id);
    dj_taxonomy_add_alias(taxonomy, number, name);
    return number;
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
    Keyword *keyword = g_hash_table_lookup(taxonomy->terms, term);
    if (!keyword) {
        keyword = g_new0(Keyword, 1);
        keyword->targets = g_array_new(FALSE, FALSE, sizeof(Target));
        g_hash_table_insert(taxonomy->terms, g_strdup(term), keyword);
        g_ptr_array_add(taxonomy->keywords, keyword);
    }
    Target target = {(guint16)chain, (gint16)weight};
    g_array_append_val(keyword->targets, target);
}

static gint compare_keywords(gconstpointer a, gconstpointer b)
{
    const Keyword *x = *(Keyword *const *)a, *y = *(Keyword *const *)b;
    if (x->text[0] != y->text[0])
        return x->text[0] < y->text[0] ? -1 : 1;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    for (guint i = 0; i < x->n; i++)
        if (x->text[i] != y->text[i])
            return x->text[i] < y->text[i] ? -1 : 1;
    return 0;
}

gboolean dj_taxonomy_seal(DjTaxonomy *taxonomy, GError **error)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return FALSE;
    GHashTableIter iter;
    gpointer term, value;
    g_hash_table_iter_init(&iter, taxonomy->terms);
    while (g_hash_table_iter_next(&iter, &term, &value)) {
        Keyword *keyword = value;
        gsize n;
        const DjNormalChar *chars = dj_normaliser_run(normaliser, term, -1, &n);
        keyword->text = g_new0(gunichar, n + 1);
        keyword->n = (guint)n;
        for (gsize i = 0; i < n; i++)
            keyword->text[i] = chars[i].c;
    }
    g_ptr_array_sort(taxonomy->keywords, compare_keywords);
    for (guint i = 0; i < taxonomy->keywords->len; i++) {
        gpointer first = GUINT_TO_POINTER(((Keyword *)taxonomy->keywords->pdata[i])->text[0]);
        if (!g_hash_table_contains(taxonomy->first, first))
            g_hash_table_insert(taxonomy->first, first, GUINT_TO_POINTER(i + 1));
    }
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
    const DjTaxonomy *taxonomy;
    DjNormaliser *normaliser;
    int *score;          /* per chain */
    GHashTable *repeats; /* keyword -> times counted */
} Tally;

static gboolean is_latin(gunichar c)
{
    return c < 0x80 && g_ascii_isalnum((char)c);
}

static void count_keywords(Tally *tally, const char *text, int factor)
{
    gsize n;
    const DjNormalChar *chars = dj_normaliser_run(tally->normaliser, text, -1, &n);
    const GPtrArray *keywords = tally->taxonomy->keywords;
    for (gsize i = 0; i < n;) {
        guint at = GPOINTER_TO_UINT(g_hash_table_lookup(tally->taxonomy->first, GUINT_TO_POINTER(chars[i].c)));
        const Keyword *hit = NULL;
        gboolean inside_word = i > 0 && is_latin(chars[i].c) && is_latin(chars[i - 1].c);
        for (guint k = at; at > 0 && !inside_word && k <= keywords->len; k++) {
            const Keyword *keyword = keywords->pdata[k - 1];
            if (keyword->text[0] != chars[i].c)
                break;
            gsize end = i + keyword->n;
            if (end > n || (end < n && is_latin(chars[end - 1].c) && is_latin(chars[end].c)))
                continue;
            guint same = 1;
            while (same < keyword->n && keyword->text[same] == chars[i + same].c)
                same++;
            if (same == keyword->n) {
                hit = keyword; /* longest first */
                break;
            }
        }
        if (!hit) {
            i++;
            continue;
        }
        guint times = GPOINTER_TO_UINT(g_hash_table_lookup(tally->repeats, hit));
        if (times < MAX_REPEATS) {
            g_hash_table_insert(tally->repeats, (gpointer)hit, GUINT_TO_POINTER(times + 1));
            for (guint t = 0; t < hit->targets->len; t++) {
                const Target *target = &g_array_index(hit->targets, Target, t);
                tally->score[target->chain] += factor * target->weight;
            }
        }
        i += hit->n;
    }
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
            tally->score[c] += factor * best[c]->target.weight;
}

static void count_declared(Tally *tally, const DjRecord *record, int field)
{
    g_auto(GStrv) names = dj_record_list(record, field);
    for (char **name = names; *name; name++) {
        guint chain;
        if (dj_taxonomy_find(tally->taxonomy, *name, &chain))
            tally->score[chain] += DECLARED;
    }
}

static guint pick(const Tally *tally, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    guint n = 0, n_chains = tally->taxonomy->chains->len;
    int best = 0;
    for (guint c = 0; c < n_chains; c++)
        best = MAX(best, tally->score[c]);
    if (best < MIN_SCORE)
        return 0;
    g_autofree gboolean *taken = g_new0(gboolean, n_chains);
    while (n < DJ_MAX_MEMBERSHIPS) {
        guint next = n_chains;
        for (guint c = 0; c < n_chains; c++)
            if (!taken[c] && (next == n_chains || tally->score[c] > tally->score[next]))
                next = c;
        if (next == n_chains || tally->score[next] < MIN_SCORE || tally->score[next] * 100 < best * KEEP_SHARE)
            break;
        taken[next] = TRUE;
        out[n++] = (DjMembership){(guint16)next, (guint8)MAX(1, tally->score[next] * 100 / best)};
    }
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
    g_autofree int *score = g_new0(int, MAX(taxonomy->chains->len, 1));
    g_autoptr(GHashTable) repeats = g_hash_table_new(NULL, NULL);
    Tally tally = {taxonomy, normaliser, score, repeats};
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
    return pick(&tally, out);
}

guint dj_taxonomy_classify_text(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const char *title,
                                const char *body, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    g_autofree int *score = g_new0(int, MAX(taxonomy->chains->len, 1));
    g_autoptr(GHashTable) repeats = g_hash_table_new(NULL, NULL);
    Tally tally = {taxonomy, normaliser, score, repeats};
    if (title)
        count_keywords(&tally, title, TITLE);
    if (body)
        count_keywords(&tally, body, 1);
    return pick(&tally, out);
}
