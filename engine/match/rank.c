/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A need meets the patents of its chains, and every patent that is in no chain; a need in no chain meets all. A pair
 * that several chains give is one pair, at home where the weaker of the two memberships is strongest. */
#include "engine/match/rank.h"
#include <gio/gio.h>
#include <string.h>

gboolean dj_rank_takes(const DjSides *sides, guint chain)
{
    const DjTaxonomy *taxonomy = sides->options->taxonomy;
    if (!sides->options->chains)
        return TRUE;
    const char *id = chain < dj_taxonomy_n_chains(taxonomy) ? dj_taxonomy_chain(taxonomy, chain).id : "";
    return g_strv_contains(sides->options->chains, id);
}

void dj_rank_pair(const DjSides *sides, DjRanked *pair)
{
    const DjScoring *scoring = &sides->options->scoring;
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, pair->need);
    DjFeatures features;
    int home;
    dj_sides_features(sides, pair->need, pair->doc, FALSE, &features, &home);
    gint64 extra = dj_features_sum(&features);
    gint64 self_total = g_array_index(sides->set.self_total, gint64, pair->need);
    pair->home = (gint16)home;
    pair->order = dj_order_of(scoring, pair->base, extra);
    pair->points = dj_points_of_total(scoring, pair->base) + extra;
    pair->score = (guint16)dj_demand_score(pair->points, dj_demand_self_points(demand, scoring, self_total));
}

/* ---- the kernel's lists ---- */

typedef struct {
    const DjSides *sides;
    DjKernelNeeds needs;
    DjKernelOptions kernel;
    gint64 slack;  /* bound of the features as a total */
    GArray *found; /* DjRanked with need, doc, base */
    guint64 done, total;
} Run;

static gboolean kernel_error(DjKernelStatus status, GError **error)
{
    if (status == DJ_KERNEL_CANCELLED)
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
    else
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "scoring kernel: %s", dj_kernel_status_text(status));
    return FALSE;
}

static void found(Run *run, guint32 need, guint32 doc, gint64 base)
{
    DjRanked pair = {.need = need, .doc = doc, .base = base};
    g_array_append_val(run->found, pair);
}

static gboolean contains(const GArray *docs, guint32 doc)
{
    for (guint i = 0; docs && i < docs->len; i++)
        if (g_array_index(docs, guint32, i) == doc)
            return TRUE;
    return FALSE;
}

/* Lowest base total of a need that can still reach the smallest score of a list. */
static gint64 floor_of(const Run *run, guint32 need)
{
    const DjScoring *scoring = &run->sides->options->scoring;
    const DjDemand *demand = &g_array_index(run->sides->needs, DjDemand, need);
    if (scoring->min_score <= 0)
        return DJ_KERNEL_NO_FLOOR;
    gint64 self = dj_demand_self_points(demand, scoring, g_array_index(run->sides->set.self_total, gint64, need));
    gint64 least = ((2 * (gint64)scoring->min_score - 1) * self + 199) / 200;
    return dj_total_of_points(scoring, least - dj_features_bound(scoring));
}

/* All pairs of one row that may reach the list, when more of them tie than the kernel was given room for. */
static gboolean take_all(Run *run, guint32 segment, guint32 need, gint64 least, GError **error)
{
    guint32 n;
    const guint32 *docs = dj_matrix_segment_docs(&run->sides->corpus->matrix, segment, &n);
    g_autofree gint64 *totals = g_new(gint64, MAX(n, 1));
    DjKernelStatus status =
        dj_kernel_score_all(&run->sides->corpus->matrix, segment, &run->needs, need, &run->kernel, totals);
    if (status != DJ_KERNEL_OK)
        return kernel_error(status, error);
    const DjDemand *demand = &g_array_index(run->sides->needs, DjDemand, need);
    for (guint32 i = 0; i < n; i++) {
        if (totals[i] >= least && !contains(demand->own, docs[i]) && dj_sides_admits(run->sides, docs[i]))
            found(run, need, docs[i], totals[i]);
    }
    return TRUE;
}

static guint32 capacity_for(guint top)
{
    return MAX(2 * top, top + 64);
}

static gboolean segment_by_need(Run *run, guint32 segment, const GArray *rows, GError **error)
{
    guint32 n_docs, n_rows = rows->len, top = run->sides->options->top, capacity = capacity_for(top);
    if (n_rows == 0 || !dj_matrix_segment_docs(&run->sides->corpus->matrix, segment, &n_docs) || n_docs == 0)
        return TRUE;
    const guint32 *row = (const guint32 *)(gpointer)rows->data;
    g_autofree DjKernelHit *hits = g_try_new(DjKernelHit, (gsize)n_rows * capacity);
    g_autofree guint32 *n_hits = g_new0(guint32, n_rows);
    g_autofree guint8 *overflow = g_new0(guint8, n_rows);
    g_autofree gint64 *slack = g_new(gint64, n_rows), *least = g_new(gint64, n_rows);
    if (!hits) {
        g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the lists of a chain");
        return FALSE;
    }
    for (guint32 r = 0; r < n_rows; r++) {
        slack[r] = run->slack;
        least[r] = floor_of(run, row[r]);
    }
    DjKernelLists lists = {.n_rows = n_rows,
                           .k = top,
                           .capacity = capacity,
                           .slack = slack,
                           .floor = least,
                           .hits = hits,
                           .n_hits = n_hits,
                           .overflow = overflow};
    DjKernelStatus status =
        dj_kernel_best_docs(&run->sides->corpus->matrix, segment, &run->needs, row, &run->kernel, &lists);
    if (status != DJ_KERNEL_OK)
        return kernel_error(status, error);
    for (guint32 r = 0; r < n_rows; r++) {
        const DjKernelHit *hit = hits + (gsize)r * capacity;
        if (overflow[r]) {
            gint64 reach = MAX(least[r], hit[top - 1].total - run->slack);
            if (!take_all(run, segment, row[r], reach, error))
                return FALSE;
            continue;
        }
        for (guint32 i = 0; i < n_hits[r]; i++)
            found(run, row[r], hit[i].id, hit[i].total);
    }
    return TRUE;
}

static gboolean segment_by_patent(Run *run, guint32 segment, const GArray *rows, GError **error)
{
    guint32 n_docs, top = run->sides->options->top, capacity = capacity_for(top);
    const guint32 *docs = dj_matrix_segment_docs(&run->sides->corpus->matrix, segment, &n_docs);
    if (rows->len == 0 || n_docs == 0)
        return TRUE;
    /* the room grows until every patent's list fits; only ties beyond the bound make it grow */
    for (;;) {
        g_autofree DjKernelHit *hits = g_try_new(DjKernelHit, (gsize)n_docs * capacity);
        g_autofree guint32 *n_hits = g_new0(guint32, n_docs);
        g_autofree guint8 *overflow = g_new0(guint8, n_docs);
        g_autofree gint64 *slack = g_new(gint64, n_docs);
        if (!hits) {
            g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the lists of a chain");
            return FALSE;
        }
        for (guint32 r = 0; r < n_docs; r++)
            slack[r] = run->slack;
        DjKernelLists lists = {.n_rows = n_docs,
                               .k = top,
                               .capacity = capacity,
                               .slack = slack,
                               .hits = hits,
                               .n_hits = n_hits,
                               .overflow = overflow};
        DjKernelStatus status =
            dj_kernel_best_needs(&run->sides->corpus->matrix, segment, &run->needs,
                                 (const guint32 *)(gpointer)rows->data, rows->len, &run->kernel, &lists);
        if (status != DJ_KERNEL_OK)
            return kernel_error(status, error);
        if (capacity < rows->len && memchr(overflow, 1, n_docs)) {
            capacity = MIN(rows->len, 4 * capacity);
            continue;
        }
        for (guint32 r = 0; r < n_docs; r++)
            for (guint32 i = 0; i < n_hits[r]; i++)
                found(run, hits[(gsize)r * capacity + i].id, docs[r], hits[(gsize)r * capacity + i].total);
        return TRUE;
    }
}

/* Needs that a segment is scored for. */
static GArray *rows_of(const DjSides *sides, guint32 segment)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 unfiled = DJ_CORPUS_SEGMENT_UNFILED(sides->corpus), all = DJ_CORPUS_SEGMENT_ALL(sides->corpus);
    for (guint32 i = 0; i < sides->needs->len; i++) {
        const DjDemand *demand = &g_array_index(sides->needs, DjDemand, i);
        gboolean in = segment == all ? demand->n_member == 0 : segment == unfiled && demand->n_member > 0;
        for (guint m = 0; m < demand->n_member && segment < unfiled && !in; m++)
            in = demand->member[m].chain == segment;
        if (in)
            g_array_append_val(rows, i);
    }
    return rows;
}

/* ---- from candidates to lists ---- */

static gint compare_pairs(gconstpointer a, gconstpointer b)
{
    const DjRanked *x = a, *y = b;
    if (x->need != y->need)
        return x->need < y->need ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static gint compare_by_need(gconstpointer a, gconstpointer b)
{
    const DjRanked *x = a, *y = b;
    if (x->need != y->need)
        return x->need < y->need ? -1 : 1;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    return (x->doc > y->doc) - (x->doc < y->doc);
}

static gint compare_by_patent(gconstpointer a, gconstpointer b)
{
    const DjRanked *x = a, *y = b;
    if (x->doc != y->doc)
        return x->doc < y->doc ? -1 : 1;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    return (x->need > y->need) - (x->need < y->need);
}

/* Pins that the kernel had no reason to find, with their totals. What must never meet stays apart even so. */
static gboolean add_pinned(Run *run, GError **error)
{
    const DjSides *sides = run->sides;
    guint32 all = DJ_CORPUS_SEGMENT_ALL(sides->corpus);
    for (guint32 need = 0; need < sides->needs->len; need++) {
        const DjDemand *demand = &g_array_index(sides->needs, DjDemand, need);
        for (guint i = 0; demand->pinned && i < demand->pinned->len; i++) {
            guint32 doc = g_array_index(demand->pinned, guint32, i);
            DjKernelScore score;
            if (contains(demand->own, doc) || !dj_sides_admits(sides, doc))
                continue;
            DjKernelStatus status =
                dj_kernel_score_pairs(&sides->corpus->matrix, all, &run->needs, 1, &need, &doc, &score);
            if (status != DJ_KERNEL_OK)
                return kernel_error(status, error);
            found(run, need, doc, score.total);
        }
    }
    return TRUE;
}

static void cut(const Run *run, gboolean by_patent, GArray *out)
{
    const DjMatchOptions *options = run->sides->options;
    g_array_sort(run->found, compare_pairs);
    guint kept = 0;
    for (guint i = 0; i < run->found->len; i++) {
        DjRanked *here = &g_array_index(run->found, DjRanked, i);
        if (kept > 0 && compare_pairs(here, &g_array_index(run->found, DjRanked, kept - 1)) == 0)
            continue;
        dj_rank_pair(run->sides, here);
        /* a pair stands on the list of its home chain, which need not be the one that it was found in */
        if (dj_rank_takes(run->sides, here->home >= 0 ? (guint)here->home : run->sides->corpus->n_chains))
            g_array_index(run->found, DjRanked, kept++) = *here;
    }
    g_array_set_size(run->found, kept);
    g_array_sort(run->found, by_patent ? compare_by_patent : compare_by_need);
    guint32 rank = 0;
    for (guint i = 0; i < kept; i++) {
        DjRanked *here = &g_array_index(run->found, DjRanked, i);
        const DjRanked *before = i > 0 ? here - 1 : NULL;
        gboolean same = before && (by_patent ? before->doc == here->doc : before->need == here->need);
        rank = same ? rank : 0;
        gboolean pinned = contains(g_array_index(run->sides->needs, DjDemand, here->need).pinned, here->doc);
        if (!pinned && (here->score < options->scoring.min_score || rank >= options->top))
            continue;
        DjRanked pair = *here;
        pair.rank = ++rank;
        g_array_append_val(out, pair);
    }
}

gboolean dj_rank(const DjSides *sides, gboolean by_patent, GArray *out, GError **error)
{
    const DjMatchOptions *options = sides->options;
    const DjKernelVariant *variant;
    DjKernelStatus status = dj_kernel_find(options->kernel, &variant);
    if (status != DJ_KERNEL_OK)
        return kernel_error(status, error);
    guint n_chains = sides->corpus->n_chains;
    Run run = {
        .sides = sides,
        .needs = dj_need_set_view(&sides->set),
        .kernel = {.variant = variant,
                   .threads = MAX(1, options->threads),
                   .memory_limit = options->memory_limit,
                   .admit = sides->admit,
                   .cancel = options->cancel},
        .found = g_array_new(FALSE, FALSE, sizeof(DjRanked)),
    };
    /* one point more than the bound covers the rounding of base totals to points */
    run.slack = dj_total_of_points(&options->scoring, dj_features_bound(&options->scoring) + 1);
    gboolean ok = TRUE;
    for (guint32 segment = 0; segment < n_chains + 2 && ok; segment++) {
        if (!dj_rank_takes(sides, MIN(segment, n_chains)))
            continue;
        g_autoptr(GArray) rows = rows_of(sides, segment);
        ok = by_patent ? segment_by_patent(&run, segment, rows, error) : segment_by_need(&run, segment, rows, error);
        if (ok && options->progress && !options->progress("score", segment + 1, n_chains + 2, options->progress_user)) {
            ok = FALSE;
            kernel_error(DJ_KERNEL_CANCELLED, error);
        }
    }
    ok = ok && add_pinned(&run, error);
    if (ok)
        cut(&run, by_patent, out);
    g_array_unref(run.found);
    return ok;
}
