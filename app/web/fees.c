/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/fees.h"

#include "engine/report/projection.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
    guint chain; /* number; then 未归链, then all together */
    char *payment;
    GArray *amounts, *rates; /* gint64 yuan, double per cent */
    guint n_free, n_negotiable, n_all, n_over;
} Group;

typedef struct {
    const DjCorpus *corpus;
    const DjTaxonomy *taxonomy;
    const DjFeeGuidance *guidance;
    GHashTable *groups; /* "chain payment" -> Group */
} Reading;

static void group_free(gpointer data)
{
    Group *group = data;
    g_free(group->payment);
    g_array_unref(group->amounts);
    g_array_unref(group->rates);
    g_free(group);
}

static Group *group_of(Reading *reading, guint chain, const char *payment)
{
    char *key = g_strdup_printf("%u %s", chain, payment);
    Group *group = g_hash_table_lookup(reading->groups, key);
    if (group) {
        g_free(key);
        return group;
    }
    group = g_new0(Group, 1);
    group->chain = chain;
    group->payment = g_strdup(payment);
    group->amounts = g_array_new(FALSE, FALSE, sizeof(gint64));
    group->rates = g_array_new(FALSE, FALSE, sizeof(double));
    g_hash_table_insert(reading->groups, key, group);
    return group;
}

static gboolean is_over(const DjFeeGuidance *guidance, gint64 yuan, double rate, const char *base)
{
    gboolean of_profit = base && strstr(base, "利润");
    return yuan > guidance->most_yuan ||
           rate > (double)(of_profit ? guidance->most_percent_of_profit : guidance->most_percent_of_sales);
}

static void add_statement(Reading *reading, guint chain, const DjRecord *patent)
{
    const char *payment = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_PAYMENT);
    const char *amount = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_FEE_AMOUNT);
    const char *rate = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_FEE_RATE);
    const char *base = dj_projection_field(DJ_AUDIENCE_PUBLIC, patent, DJ_PATENT_FEE_BASE);
    if (!payment && !amount && !rate)
        return;
    Group *group = group_of(reading, chain, payment ? payment : "未写");
    gboolean fixed = amount && g_ascii_isdigit(*amount);
    gint64 yuan = fixed ? g_ascii_strtoll(amount, NULL, 10) : 0;
    double percent = rate ? g_ascii_strtod(rate, NULL) : 0;
    group->n_all++;
    group->n_over += is_over(reading->guidance, yuan, percent, base);
    if (yuan > 0)
        g_array_append_val(group->amounts, yuan);
    else if (fixed)
        group->n_free++;
    else if (amount)
        group->n_negotiable++;
    if (percent > 0)
        g_array_append_val(group->rates, percent);
}

static gboolean add_patent(const DjRecord *patent, gpointer user)
{
    Reading *reading = user;
    DjMembership member[DJ_MAX_MEMBERSHIPS];
    guint32 doc = dj_corpus_find(reading->corpus, patent->key);
    guint n = doc == DJ_STRINGS_NONE ? 0 : dj_corpus_memberships(reading->corpus, doc, member);
    for (guint i = 0; i < n; i++)
        add_statement(reading, member[i].chain, patent);
    guint n_chains = dj_taxonomy_n_chains(reading->taxonomy);
    if (n == 0)
        add_statement(reading, n_chains, patent);
    add_statement(reading, n_chains + 1, patent);
    return TRUE;
}

static gint compare_amounts(gconstpointer a, gconstpointer b)
{
    gint64 x = *(const gint64 *)a, y = *(const gint64 *)b;
    return (x > y) - (x < y);
}

static gint compare_rates(gconstpointer a, gconstpointer b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static gint compare_groups(gconstpointer a, gconstpointer b)
{
    const Group *x = *(const Group *const *)a, *y = *(const Group *const *)b;
    if (x->chain != y->chain)
        return x->chain < y->chain ? -1 : 1;
    if (x->n_all != y->n_all)
        return x->n_all > y->n_all ? -1 : 1;
    return strcmp(x->payment, y->payment);
}

/* Place of a percentile among n > 0 sorted statements. */
static guint rank_of(guint percent, guint n)
{
    return (percent * n + 99) / 100 - 1;
}

static void row_clear(gpointer data)
{
    g_free(((DjFeeRow *)data)->payment);
}

static DjFeeRow row_of(const Reading *reading, Group *group)
{
    guint n_chains = dj_taxonomy_n_chains(reading->taxonomy), n = group->amounts->len, n_rate = group->rates->len;
    gint64 least = reading->guidance->min_sample;
    DjFeeRow row = {.chain = group->chain < n_chains    ? dj_taxonomy_chain(reading->taxonomy, group->chain).id
                             : group->chain == n_chains ? ""
                                                        : DJ_FEES_ALL,
                    .payment = g_strdup(group->payment),
                    .n = n,
                    .n_free = group->n_free,
                    .n_negotiable = group->n_negotiable,
                    .n_rate = n_rate,
                    .n_all = group->n_all,
                    .n_over = group->n_over,
                    .enough = n >= least,
                    .rate_enough = n_rate >= least};
    g_array_sort(group->amounts, compare_amounts);
    g_array_sort(group->rates, compare_rates);
    if (row.enough) {
        row.p25 = g_array_index(group->amounts, gint64, rank_of(25, n));
        row.p50 = g_array_index(group->amounts, gint64, rank_of(50, n));
        row.p75 = g_array_index(group->amounts, gint64, rank_of(75, n));
    }
    if (row.rate_enough)
        row.rate_p50 = g_array_index(group->rates, double, rank_of(50, n_rate));
    return row;
}

GArray *dj_fees_summarise(const DjSession *session, const DjRecordSource *records, const DjFeeGuidance *guidance,
                          GError **error)
{
    g_autoptr(GHashTable) groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, group_free);
    Reading reading = {session->corpus, session->taxonomy, guidance, groups};
    if (!records->each(records->user, DJ_TABLE_PATENT, add_patent, &reading, error))
        return NULL;
    g_autoptr(GPtrArray) ordered = g_ptr_array_new();
    GHashTableIter iter;
    gpointer group;
    g_hash_table_iter_init(&iter, groups);
    while (g_hash_table_iter_next(&iter, NULL, &group))
        g_ptr_array_add(ordered, group);
    g_ptr_array_sort(ordered, compare_groups);
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(DjFeeRow));
    g_array_set_clear_func(rows, row_clear);
    for (guint i = 0; i < ordered->len; i++) {
        DjFeeRow row = row_of(&reading, ordered->pdata[i]);
        g_array_append_val(rows, row);
    }
    return rows;
}
