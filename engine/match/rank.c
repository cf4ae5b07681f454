/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A need meets the patents of its chains, and every patent that is in no chain; a need in no chain meets all. A pair
 * that several chains give is one pair, at home where the weaker of the two memberships is strongest.
 *
 * Of a group of like records the first on a list stands for all (best order, then key). A list that loses places to it
 * is made again from a longer one of the kernel, until nothing that the kernel kept back can stand on it. */
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
    gint64 self_points = dj_demand_self_points(demand, scoring, self_total);
    pair->score = (guint8)dj_demand_score(pair->points, self_points);
    pair->low = pair->points < dj_sides_least_points(sides, self_points);
}

/* ---- the kernel's lists ---- */

#define DEEPER          4                 /* how much longer the kernel's lists get where lists were too short */
#define NEAREST_AT_ONCE 64                /* needs, in dj_rank_nearest */
#define LISTS_AT_ONCE   ((gsize)16 << 20) /* bytes of the kernel's lists, when segments are put together */

typedef struct {
    const DjSides *sides;
    gboolean by_patent;
    DjKernelNeeds needs;
    DjKernelOptions kernel;
    gint64 slack;    /* bound of the features as a total */
    guint k;         /* what the kernel is asked for */
    GArray *found;   /* DjRanked with need, doc, base */
    guint32 n_lists; /* needs, or documents */
    guint8 *wanted;  /* per list: still to be made */
    gint64 *unseen;  /* per list: the base totals, with all features, of pairs that the kernel kept back lie below */
    guint32 *stamp;  /* per partner's group: number of the last cut that gave it a place */
    guint32 n_cuts;
} Run;

#define NOTHING_UNSEEN G_MININT64

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

/* Lowest base total of a need that can still reach a list. */
static gint64 floor_of(const Run *run, guint32 need)
{
    const DjScoring *scoring = &run->sides->options->scoring;
    const DjDemand *demand = &g_array_index(run->sides->needs, DjDemand, need);
    gint64 self = dj_demand_self_points(demand, scoring, g_array_index(run->sides->set.self_total, gint64, need));
    gint64 least = dj_sides_least_points(run->sides, self);
    return least == G_MININT64 ? DJ_KERNEL_NO_FLOOR : dj_total_of_points(scoring, least - dj_features_bound(scoring));
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
        if (totals[i] >= least && !dj_docs_contain(demand->own, docs[i]) && dj_sides_admits(run->sides, docs[i]))
            found(run, need, docs[i], totals[i]);
    }
    return TRUE;
}

static guint32 capacity_for(guint k)
{
    return MAX(2 * k, k + 64);
}

/* hit: at least k of them when the kernel may have kept something back. */
static void note_unseen(Run *run, guint32 list, const DjKernelHit *hit, guint32 n_hits)
{
    if (n_hits >= run->k)
        run->unseen[list] = MAX(run->unseen[list], hit[run->k - 1].total);
}

/* One segment on its way through the kernel, and the arrays that its part points to. */
typedef struct {
    DjKernelPart part;
    GArray *rows;
    gint64 *slack, *least;
} Segment;

static void segment_clear(gpointer user)
{
    Segment *segment = user;
    g_array_unref(segment->rows);
    g_free(segment->slack);
    g_free(segment->least);
    g_free(segment->part.lists.hits);
    g_free(segment->part.lists.n_hits);
    g_free(segment->part.lists.overflow);
}

static gboolean segment_room(Segment *segment, guint32 capacity, GError **error)
{
    DjKernelLists *lists = &segment->part.lists;
    g_free(lists->hits);
    lists->capacity = capacity;
    lists->hits = g_try_new(DjKernelHit, (gsize)MAX(lists->n_rows, 1) * capacity);
    if (lists->hits)
        return TRUE;
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_NO_SPACE, "no memory for the lists of a chain");
    return FALSE;
}

/* Takes over rows. */
static gboolean add_segment(Run *run, GArray *segments, guint32 number, GArray *rows, GError **error)
{
    guint32 n_docs;
    dj_matrix_segment_docs(&run->sides->corpus->matrix, number, &n_docs);
    guint32 n_rows = run->by_patent ? n_docs : rows->len;
    g_array_set_size(segments, segments->len + 1);
    Segment *segment = &g_array_index(segments, Segment, segments->len - 1);
    *segment = (Segment){.rows = rows, .slack = g_new(gint64, MAX(n_rows, 1))};
    for (guint32 r = 0; r < n_rows; r++)
        segment->slack[r] = run->slack;
    if (!run->by_patent) {
        segment->least = g_new(gint64, MAX(n_rows, 1));
        for (guint32 r = 0; r < n_rows; r++)
            segment->least[r] = floor_of(run, g_array_index(rows, guint32, r));
    }
    segment->part = (DjKernelPart){.segment = number,
                                   .rows = (const guint32 *)(gpointer)rows->data,
                                   .n_rows = rows->len,
                                   .lists = {.n_rows = n_rows,
                                             .k = run->k,
                                             .slack = segment->slack,
                                             .floor = segment->least,
                                             .n_hits = g_new0(guint32, MAX(n_rows, 1)),
                                             .overflow = g_new0(guint8, MAX(n_rows, 1))}};
    return segment_room(segment, capacity_for(run->k), error);
}

static gboolean found_by_need(Run *run, Segment *segment, GError **error)
{
    const DjKernelLists *lists = &segment->part.lists;
    for (guint32 r = 0; r < lists->n_rows; r++) {
        const DjKernelHit *hit = lists->hits + (gsize)r * lists->capacity;
        guint32 need = segment->part.rows[r];
        note_unseen(run, need, hit, lists->n_hits[r]);
        if (lists->overflow[r]) {
            gint64 reach = MAX(segment->least[r], hit[run->k - 1].total - run->slack);
            if (!take_all(run, segment->part.segment, need, reach, error))
                return FALSE;
            continue;
        }
        for (guint32 i = 0; i < lists->n_hits[r]; i++)
            found(run, need, hit[i].id, hit[i].total);
    }
    return TRUE;
}

static gboolean found_by_patent(Run *run, Segment *segment, GError **error)
{
    DjKernelLists *lists = &segment->part.lists;
    const DjMatrix *matrix = &run->sides->corpus->matrix;
    guint32 n_docs;
    const guint32 *docs = dj_matrix_segment_docs(matrix, segment->part.segment, &n_docs);
    /* the room grows until every patent's list fits; only ties beyond the bound make it grow */
    while (lists->capacity < segment->rows->len && memchr(lists->overflow, 1, n_docs)) {
        if (!segment_room(segment, MIN(segment->rows->len, 4 * lists->capacity), error))
            return FALSE;
        DjKernelStatus status = dj_kernel_best_needs(matrix, &run->needs, &segment->part, 1, &run->kernel);
        if (status != DJ_KERNEL_OK)
            return kernel_error(status, error);
    }
    for (guint32 r = 0; r < n_docs; r++) {
        const DjKernelHit *hit = lists->hits + (gsize)r * lists->capacity;
        note_unseen(run, docs[r], hit, lists->n_hits[r]);
        for (guint32 i = 0; i < lists->n_hits[r]; i++)
            found(run, hit[i].id, docs[r], hit[i].total);
    }
    return TRUE;
}

/* Has the segments scored in one call, so that threads share small ones too, and empties the array. */
static gboolean score(Run *run, GArray *segments, GError **error)
{
    g_autofree DjKernelPart *parts = g_new(DjKernelPart, MAX(segments->len, 1));
    for (guint i = 0; i < segments->len; i++)
        parts[i] = g_array_index(segments, Segment, i).part;
    DjKernelStatus status = (run->by_patent ? dj_kernel_best_needs : dj_kernel_best_docs)(
        &run->sides->corpus->matrix, &run->needs, parts, segments->len, &run->kernel);
    if (status != DJ_KERNEL_OK)
        return kernel_error(status, error);
    for (guint i = 0; i < segments->len; i++) {
        Segment *segment = &g_array_index(segments, Segment, i);
        if (!(run->by_patent ? found_by_patent : found_by_need)(run, segment, error))
            return FALSE;
    }
    g_array_set_size(segments, 0);
    return TRUE;
}

/* The wanted lists of documents from all their pairs: few documents, so not worth another pass of the kernel. */
static gboolean all_needs(Run *run, GError **error)
{
    const DjSides *sides = run->sides;
    guint32 all = DJ_CORPUS_SEGMENT_ALL(sides->corpus), n_needs = sides->needs->len;
    g_autofree guint32 *need = g_new(guint32, MAX(n_needs, 1)), *doc = g_new(guint32, MAX(n_needs, 1));
    g_autofree DjKernelScore *scores = g_new(DjKernelScore, MAX(n_needs, 1));
    for (guint32 d = 0; d < run->n_lists; d++) {
        guint32 n = 0;
        for (guint32 i = 0; i < n_needs && run->wanted[d]; i++)
            if (dj_sides_allow(sides, i, d)) {
                need[n] = i;
                doc[n++] = d;
            }
        if (n == 0)
            continue;
        DjKernelStatus status = dj_kernel_score_pairs(&sides->corpus->matrix, all, &run->needs, n, need, doc, scores);
        if (status == DJ_KERNEL_OK && run->kernel.cancel && __atomic_load_n(run->kernel.cancel, __ATOMIC_RELAXED))
            status = DJ_KERNEL_CANCELLED;
        if (status != DJ_KERNEL_OK)
            return kernel_error(status, error);
        for (guint32 i = 0; i < n; i++)
            found(run, need[i], d, scores[i].total);
    }
    return TRUE;
}

/* Needs that a segment is scored for. */
static GArray *rows_of(const Run *run, guint32 segment)
{
    const DjSides *sides = run->sides;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(guint32));
    guint32 unfiled = DJ_CORPUS_SEGMENT_UNFILED(sides->corpus), all = DJ_CORPUS_SEGMENT_ALL(sides->corpus);
    for (guint32 i = 0; i < sides->needs->len; i++) {
        const DjDemand *demand = &g_array_index(sides->needs, DjDemand, i);
        gboolean in = segment == all ? demand->n_member == 0 : segment == unfiled && demand->n_member > 0;
        for (guint m = 0; m < demand->n_member && segment < unfiled && !in; m++)
            in = demand->member[m].chain == segment;
        if (in && (run->by_patent || run->wanted[i]))
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

/* Finished lists one after the other, each in the order of its ranks. */
static gint compare_listed(gconstpointer a, gconstpointer b, gpointer by_patent)
{
    const DjRanked *x = a, *y = b;
    guint32 p = *(gboolean *)by_patent ? x->doc : x->need, q = *(gboolean *)by_patent ? y->doc : y->need;
    return p != q ? (p < q ? -1 : 1) : (x->rank > y->rank) - (x->rank < y->rank);
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
            if (dj_docs_contain(demand->own, doc) || !dj_sides_admits(sides, doc) ||
                !run->wanted[run->by_patent ? doc : need])
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

/* The group of the pair's partner: of its patent on a need's list, of its need on a patent's. */
static guint32 group_of(const Run *run, const DjRanked *pair)
{
    if (run->by_patent)
        return run->sides->need_group ? run->sides->need_group[pair->need] : pair->need;
    return run->sides->group ? run->sides->group[pair->doc] : pair->doc;
}

/* Whether a pair that the kernel kept back could have a place. The scores of a need's pairs fall with their points;
 * those of a patent's do not, because every need counts by its own full points. */
static gboolean may_miss(const Run *run, guint32 list, guint places, gint64 last_order)
{
    const DjMatchOptions *options = run->sides->options;
    gint64 unseen = run->unseen[list];
    if (unseen == NOTHING_UNSEEN || (places == options->top && last_order >= dj_order_of(&options->scoring, unseen, 0)))
        return FALSE;
    if (run->by_patent)
        return TRUE;
    gint64 self = dj_demand_self_points(&g_array_index(run->sides->needs, DjDemand, list), &options->scoring,
                                        g_array_index(run->sides->set.self_total, gint64, list));
    return dj_points_of_total(&options->scoring, unseen) + 1 >= dj_sides_least_points(run->sides, self);
}

/* Appends what of the n candidates, best first, stands on the list: `top` places, each taken by the first of a group,
 * and what people pinned. On a need's list a place is never taken by a low pair; on a patent's it is, and
 * stays empty. FALSE, and nothing appended, when the candidates do not suffice. */
static gboolean cut_list(Run *run, guint32 list, const DjRanked *candidate, guint n, GArray *out)
{
    const DjMatchOptions *options = run->sides->options;
    guint places = 0, before = out->len;
    gint64 last_order = G_MAXINT64;
    run->n_cuts++;
    for (guint i = 0; i < n; i++) {
        DjRanked pair = candidate[i];
        guint32 *stamp = &run->stamp[group_of(run, &pair)];
        gboolean takes = *stamp != run->n_cuts && places < options->top && (run->by_patent || !pair.low);
        if (takes) {
            *stamp = run->n_cuts;
            places++;
            last_order = pair.order;
        }
        if ((!takes || pair.low) &&
            !dj_docs_contain(g_array_index(run->sides->needs, DjDemand, pair.need).pinned, pair.doc))
            continue;
        pair.rank = out->len - before + 1;
        g_array_append_val(out, pair);
    }
    if (!may_miss(run, list, places, last_order))
        return TRUE;
    g_array_set_size(out, before);
    return FALSE;
}

/* Ranks what was found and cuts the lists; leaves those wanted that have to be made again. */
static guint cut(Run *run, GArray *out)
{
    g_array_sort(run->found, compare_pairs);
    guint kept = 0, missing = 0;
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
    g_array_sort(run->found, run->by_patent ? compare_by_patent : compare_by_need);
    guint begin = 0;
    for (guint32 list = 0; list < run->n_lists; list++) {
        const DjRanked *first = &g_array_index(run->found, DjRanked, begin);
        guint n = 0;
        while (begin + n < kept && (run->by_patent ? first[n].doc : first[n].need) == list)
            n++;
        begin += n;
        if (run->wanted[list])
            run->wanted[list] = !cut_list(run, list, first, n, out);
        missing += run->wanted[list];
    }
    g_array_set_size(run->found, 0);
    return missing;
}

static gboolean score_segments(Run *run, const char *phase, GError **error)
{
    const DjSides *sides = run->sides;
    const DjMatchOptions *options = sides->options;
    guint n_segments = sides->corpus->n_chains + 2;
    g_autoptr(GArray) segments = g_array_new(FALSE, FALSE, sizeof(Segment));
    g_array_set_clear_func(segments, segment_clear);
    gsize size = 0;
    for (guint32 number = 0; number < n_segments; number++) {
        g_autoptr(GArray) rows =
            dj_rank_takes(sides, MIN(number, sides->corpus->n_chains)) ? rows_of(run, number) : NULL;
        guint32 n_docs;
        dj_matrix_segment_docs(&sides->corpus->matrix, number, &n_docs);
        if (rows && rows->len > 0 && n_docs > 0) {
            size += (gsize)(run->by_patent ? n_docs : rows->len) * capacity_for(run->k) * sizeof(DjKernelHit);
            if (!add_segment(run, segments, number, g_steal_pointer(&rows), error))
                return FALSE;
        }
        if (size < LISTS_AT_ONCE && number + 1 < n_segments)
            continue;
        size = 0;
        if (!score(run, segments, error))
            return FALSE;
        if (options->progress && !options->progress(phase, number + 1, n_segments, options->progress_user))
            return kernel_error(DJ_KERNEL_CANCELLED, error);
    }
    return TRUE;
}

static gboolean rank_lists(Run *run, GArray *out, GError **error)
{
    guint first = out->len;
    for (guint missing = run->n_lists, round = 0; missing > 0; round++) {
        for (guint32 list = 0; list < run->n_lists; list++)
            run->unseen[list] = NOTHING_UNSEEN;
        if (!(round > 0 && run->by_patent ? all_needs(run, error)
                                          : score_segments(run, round > 0 ? "deepen" : "score", error)) ||
            !add_pinned(run, error))
            return FALSE;
        missing = cut(run, out);
        run->k *= DEEPER;
        if (missing == 0 && round > 0) /* lists that were made later go to their places */
            g_qsort_with_data(&g_array_index(out, DjRanked, first), (gint)(out->len - first), sizeof(DjRanked),
                              compare_listed, &run->by_patent);
    }
    return TRUE;
}

/* wanted: one byte per list, NULL = all. */
static gboolean run_lists(const DjSides *sides, gboolean by_patent, const guint8 *wanted, GArray *out, GError **error)
{
    const DjMatchOptions *options = sides->options;
    const DjKernelVariant *variant;
    DjKernelStatus status = dj_kernel_find(options->kernel, &variant);
    if (status != DJ_KERNEL_OK)
        return kernel_error(status, error);
    guint32 n_docs = dj_corpus_n_docs(sides->corpus), n_needs = sides->needs->len;
    Run run = {
        .sides = sides,
        .by_patent = by_patent,
        .needs = dj_need_set_view(&sides->set),
        .kernel = {.variant = variant,
                   .threads = MAX(1, options->threads),
                   .memory_limit = options->memory_limit,
                   .admit = sides->admit,
                   .cancel = options->cancel},
        .k = options->top,
        .found = g_array_sized_new(FALSE, FALSE, sizeof(DjRanked), 64),
        .n_lists = by_patent ? n_docs : n_needs,
        .stamp = g_new0(guint32, MAX(by_patent ? n_needs : n_docs, 1)),
    };
    run.wanted = g_malloc(MAX(run.n_lists, 1));
    if (wanted)
        memcpy(run.wanted, wanted, run.n_lists);
    else
        memset(run.wanted, 1, run.n_lists);
    run.unseen = g_new(gint64, MAX(run.n_lists, 1));
    /* one point more than the bound covers the rounding of base totals to points */
    run.slack = dj_total_of_points(&options->scoring, dj_features_bound(&options->scoring) + 1);
    gboolean ok = rank_lists(&run, out, error);
    g_array_unref(run.found);
    g_free(run.wanted);
    g_free(run.unseen);
    g_free(run.stamp);
    return ok;
}

gboolean dj_rank(const DjSides *sides, gboolean by_patent, GArray *out, GError **error)
{
    return run_lists(sides, by_patent, NULL, out, error);
}

gboolean dj_rank_nearest(const DjSides *sides, const guint8 *wanted, GArray *out, GError **error)
{
    /* The same run without what lists begin with, and with one place. Without a floor nearly all documents of a need
     * that none fits may be candidates, so few needs are looked at together. */
    DjMatchOptions options = *sides->options;
    options.scoring.min_score = 0;
    options.top = 1;
    DjSides unlimited = *sides;
    unlimited.options = &options;
    guint n_needs = sides->needs->len, first = out->len, kept = first;
    g_autofree guint8 *now = g_new0(guint8, MAX(n_needs, 1));
    for (guint need = 0, n = 0; need < n_needs; need++) {
        now[need] = wanted[need];
        n += wanted[need];
        if (n == 0 || (n < NEAREST_AT_ONCE && need + 1 < n_needs))
            continue;
        if (!run_lists(&unlimited, FALSE, now, out, error))
            return FALSE;
        memset(now, 0, n_needs);
        n = 0;
    }
    for (guint i = first; i < out->len; i++) {
        DjRanked *pair = &g_array_index(out, DjRanked, i);
        if (pair->points <= 0)
            continue;
        dj_rank_pair(sides, pair); /* low by the run's own limit */
        g_array_index(out, DjRanked, kept++) = *pair;
    }
    g_array_set_size(out, kept);
    return TRUE;
}
