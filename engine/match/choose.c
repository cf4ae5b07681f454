/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/choose.h"
#include <gio/gio.h>

gint dj_choose_compare(gconstpointer a, gconstpointer b)
{
    const DjRanked *x = a, *y = b;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

/* What the question's own choices leave. */
static gboolean is_chosen(const DjQuestion *question, guint32 doc)
{
    return !question->admit || ((question->admit[doc / 64] >> (doc % 64)) & 1);
}

gboolean dj_choose_may_show(const DjSides *sides, const DjQuestion *question, guint32 doc)
{
    return is_chosen(question, doc) && dj_sides_admits(sides, doc);
}

GArray *dj_choose_score(const DjSides *sides, GError **error)
{
    guint32 n, segment = DJ_CORPUS_SEGMENT_ALL(sides->corpus);
    const guint32 *docs = dj_matrix_segment_docs(&sides->corpus->matrix, segment, &n);
    DjKernelNeeds needs = dj_need_set_view(&sides->set);
    DjKernelOptions kernel = {.threads = 1, .memory_limit = sides->options->memory_limit};
    g_autofree gint64 *totals = g_try_new(gint64, MAX(n, 1));
    DjKernelStatus status = dj_kernel_find(sides->options->kernel, &kernel.variant);
    if (!totals)
        status = DJ_KERNEL_NO_MEMORY;
    if (status == DJ_KERNEL_OK && n > 0)
        status = dj_kernel_score_all(&sides->corpus->matrix, segment, &needs, 0, &kernel, totals);
    if (status != DJ_KERNEL_OK) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "scoring kernel: %s", dj_kernel_status_text(status));
        return NULL;
    }
    GArray *all = g_array_sized_new(FALSE, FALSE, sizeof(DjRanked), n);
    for (guint32 i = 0; i < n; i++) {
        DjRanked pair = {.doc = docs[i], .base = totals[i]};
        dj_rank_pair(sides, &pair);
        g_array_append_val(all, pair);
    }
    return all;
}

/* Of `all` what the question may show, best first: what reaches a list, or what does not but says something (low). */
static GArray *pick(const DjSides *sides, const DjQuestion *question, const GArray *all, gboolean low)
{
    GArray *picked = g_array_new(FALSE, FALSE, sizeof(DjRanked));
    for (guint i = 0; i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        if (pair->points > 0 && pair->low == low && dj_choose_may_show(sides, question, pair->doc))
            g_array_append_vals(picked, pair, 1);
    }
    g_array_sort(picked, dj_choose_compare);
    return picked;
}

/* Leaves the best `top` pairs, one of each group. */
static void keep_best(const DjSides *sides, guint top, GArray *picked)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint n = 0;
    for (guint i = 0; i < picked->len && n < top; i++) {
        DjRanked *pair = &g_array_index(picked, DjRanked, i);
        if (!sides->group || g_hash_table_add(seen, GUINT_TO_POINTER(sides->group[pair->doc])))
            g_array_index(picked, DjRanked, n++) = *pair;
    }
    g_array_set_size(picked, n);
}

/* What rules keep off and is as good as what is shown: what reaches a list or, where nothing does, what comes before
 * the last of the nearest. */
static void count_barred(const DjSides *sides, const DjQuestion *question, const GArray *all, const GArray *shown,
                         DjResultSet *set)
{
    const DjRuleSet *rules = sides->options->rules;
    guint n_rules = rules ? rules->rules->len : 0;
    const DjRanked *last = shown->len > 0 ? &g_array_index(shown, DjRanked, shown->len - 1) : NULL;
    g_autofree guint *n = g_new0(guint, n_rules + 1);
    for (guint i = 0; i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        int rule = sides->supply[pair->doc].barred_by;
        gboolean good = set->n_found > 0 ? !pair->low : !last || dj_choose_compare(pair, last) < 0;
        if (rule >= 0 && pair->points > 0 && good && is_chosen(question, pair->doc))
            n[rule]++;
    }
    for (guint i = 0; i < n_rules; i++) {
        const DjRule *rule = rules->rules->pdata[i];
        if (n[i] == 0)
            continue;
        DjBarred *barred = g_new(DjBarred, 1);
        *barred = (DjBarred){g_strdup(rule->id), g_strdup(rule->name), dj_rule_privacy(rule, rules->table), n[i]};
        g_ptr_array_add(set->barred, barred);
    }
}

guint dj_choose_n_found(const DjSides *sides, const DjQuestion *question, const GArray *all)
{
    guint n = 0;
    for (guint i = 0; i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        n += pair->points > 0 && !pair->low && dj_choose_may_show(sides, question, pair->doc);
    }
    return n;
}

GArray *dj_choose(const DjSides *sides, const DjQuestion *question, DjResultSet *set, GError **error)
{
    g_autoptr(GArray) all = dj_choose_score(sides, error);
    if (!all)
        return NULL;
    GArray *shown = pick(sides, question, all, FALSE);
    set->n_found = shown->len;
    for (guint i = 0; question->found && i < shown->len; i++) {
        guint32 doc = g_array_index(shown, DjRanked, i).doc;
        question->found[doc / 64] |= G_GUINT64_CONSTANT(1) << (doc % 64);
    }
    if (set->n_found == 0) {
        g_array_unref(shown);
        shown = pick(sides, question, all, TRUE);
    }
    keep_best(sides, set->n_found > 0 ? question->top : MIN(question->top, DJ_NEAREST), shown);
    count_barred(sides, question, all, shown, set);
    return shown;
}
