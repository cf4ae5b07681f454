/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/month_diff.h"
#include <string.h>

typedef struct {
    const char *patent; /* owned by the result set */
    const char *group;  /* the same; of like patents, NULL = stands alone */
    gint64 total;
    int score;
    gboolean low;
    guint rank;
} Place;

/* need -> GArray of Place by rank; keys are owned by the result set. */
static GHashTable *lists_of(const DjResultSet *set)
{
    GHashTable *lists = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        GArray *list = g_hash_table_lookup(lists, pairing->need);
        Place place = {pairing->patent, pairing->group, pairing->total, pairing->score, pairing->low, pairing->rank};
        if (pairing->direction != DJ_DIRECTION_NEED)
            continue;
        if (!list) {
            list = g_array_new(FALSE, FALSE, sizeof(Place));
            g_hash_table_insert(lists, pairing->need, list);
        }
        g_array_append_val(list, place);
    }
    return lists;
}

static const Place *find_place(GHashTable *lists, const char *need, const char *patent)
{
    const GArray *list = lists ? g_hash_table_lookup(lists, need) : NULL;
    for (guint i = 0; list && i < list->len; i++)
        if (strcmp(g_array_index(list, Place, i).patent, patent) == 0)
            return &g_array_index(list, Place, i);
    return NULL;
}

static guint rank_in(GHashTable *lists, const char *need, const char *patent)
{
    const Place *place = find_place(lists, need, patent);
    return place ? place->rank : 0;
}

/* Place of a pair with this total among the others of a list that is one place longer than lists are: where the pair
 * itself stood on it, the next candidate is there to take its place. Of like patents the best has a place, the others
 * have none; the list may hold some of those too, where their totals were asked for. */
static guint rank_among(GHashTable *lists, const char *need, const Place *own, guint top)
{
    const GArray *list = g_hash_table_lookup(lists, need);
    guint rank = 1;
    g_autoptr(GHashTable) groups = g_hash_table_new(g_str_hash, g_str_equal);
    if (!own || own->low)
        return 0;
    for (guint i = 0; list && i < list->len; i++) {
        const Place *other = &g_array_index(list, Place, i);
        if (strcmp(other->patent, own->patent) == 0 || other->total < own->total ||
            (other->total == own->total && strcmp(other->patent, own->patent) > 0))
            continue;
        if (other->group && g_strcmp0(other->group, own->group) == 0)
            return 0;
        rank += !other->group || g_hash_table_add(groups, (gpointer)other->group);
    }
    return rank <= top ? rank : 0;
}

/* ---- classes of input ---- */

typedef enum {
    CLASS_PATENT,
    CLASS_NEED,
    CLASS_GATE,
    CLASS_DECISION,
    CLASS_TAXONOMY,
    CLASS_LEXICON,
    CLASS_MODEL,
    CLASS_WEIGHTS,
    CLASS_COMPETITORS,
    N_CLASSES
} Class;
static const char *const class_names[N_CLASSES] = {"patent",  "need",  "gate",    "decision",   "taxonomy",
                                                   "lexicon", "model", "weights", "competitors"};

static gboolean differs(Class which, const DjMonthVersion *a, const DjMonthVersion *b)
{
    gboolean gates = a->day != b->day || a->working != b->working || strcmp(a->config->gate, b->config->gate) != 0;
    switch (which) {
    case CLASS_PATENT:
        return a->facts != b->facts;
    case CLASS_NEED:
        return a->facts != b->facts || a->day != b->day;
    case CLASS_GATE:
        return gates;
    case CLASS_DECISION:
        return a->decision != b->decision;
    case CLASS_TAXONOMY:
        return strcmp(a->config->chains, b->config->chains) != 0;
    case CLASS_LEXICON:
        return strcmp(a->config->lexicon, b->config->lexicon) != 0;
    case CLASS_MODEL:
        return strcmp(a->model, b->model) != 0;
    case CLASS_WEIGHTS:
        return strcmp(a->config->weights, b->config->weights) != 0;
    default:
        return a->facts != b->facts || gates;
    }
}

static void put_back(DjMonthMix *mix, Class which, const DjMonthVersion *before)
{
    switch (which) {
    case CLASS_PATENT:
        mix->patent = before;
        break;
    case CLASS_NEED:
        mix->need = before;
        break;
    case CLASS_GATE:
        mix->gate = before;
        break;
    case CLASS_DECISION:
        mix->decision = before;
        break;
    case CLASS_TAXONOMY:
        mix->taxonomy = before;
        break;
    case CLASS_LEXICON:
        mix->lexicon = before;
        break;
    case CLASS_MODEL:
        mix->model = before;
        break;
    case CLASS_WEIGHTS:
        mix->weights = before;
        break;
    default:
        mix->patent = mix->gate = before;
        break;
    }
}

/* Own patents and gates need totals of pairs that are on no list; a pair that is placed anew needs the next candidate.
 */
static gboolean is_own(Class which)
{
    return which == CLASS_PATENT || which == CLASS_GATE;
}

static gboolean is_placed(Class which)
{
    return is_own(which) || which == CLASS_COMPETITORS;
}

typedef struct {
    guint top;
    GHashTable *now, *before;
    DjResultSet *set[N_CLASSES], *set_own;
    GHashTable *lists[N_CLASSES]; /* NULL: this class did not change, or cannot be put back alone */
    GHashTable *own; /* this month's lists, one longer, with totals of all changed pairs; when a class is placed */
} Diff;

static void diff_clear(Diff *diff)
{
    for (int c = 0; c < N_CLASSES; c++) {
        g_clear_pointer(&diff->lists[c], g_hash_table_unref);
        g_clear_pointer(&diff->set[c], dj_result_set_free);
    }
    g_clear_pointer(&diff->own, g_hash_table_unref);
    g_clear_pointer(&diff->set_own, dj_result_set_free);
    g_clear_pointer(&diff->now, g_hash_table_unref);
    g_clear_pointer(&diff->before, g_hash_table_unref);
}

static guint state_with(const Diff *diff, Class which, const char *need, const char *patent)
{
    if (which == CLASS_COMPETITORS)
        return rank_among(diff->lists[which], need, find_place(diff->own, need, patent), diff->top);
    if (is_own(which))
        return rank_among(diff->own, need, find_place(diff->lists[which], need, patent), diff->top);
    return rank_in(diff->lists[which], need, patent);
}

static void find_cause(const Diff *diff, DjChange *change)
{
    g_autoptr(GString) moving = g_string_new(NULL);
    for (int c = 0; c < N_CLASSES; c++) {
        if (!diff->lists[c])
            continue;
        guint state = state_with(diff, (Class)c, change->need, change->patent);
        if (state == change->rank_before) {
            change->cause = class_names[c];
            return;
        }
        if (state != change->rank_now)
            g_string_append_printf(moving, "%s%s", moving->len ? "+" : "", class_names[c]);
    }
    /* a need that expired meanwhile: the day put back brings its whole list back */
    if (diff->lists[CLASS_GATE] && !g_hash_table_contains(diff->now, change->need) &&
        rank_in(diff->lists[CLASS_GATE], change->need, change->patent) == change->rank_before) {
        change->cause = class_names[CLASS_GATE];
        return;
    }
    gboolean none_moves = moving->len == 0; /* then it takes all that changed, together */
    for (int c = 0; c < N_CLASSES && none_moves; c++)
        if (diff->lists[c])
            g_string_append_printf(moving, "%s%s", moving->len ? "+" : "", class_names[c]);
    change->cause = "combined";
    change->detail = g_strdup(moving->str);
}

/* ---- the whole ---- */

static DjChange *new_change(const char *need, const char *patent, const Place *before, const Place *now)
{
    DjChange *change = g_new0(DjChange, 1);
    change->need = g_strdup(need);
    change->patent = g_strdup(patent);
    change->cause = "";
    change->rank_before = before ? before->rank : 0;
    change->rank_now = now ? now->rank : 0;
    change->score_before = before ? before->score : -1;
    change->score_now = now ? now->score : -1;
    change->change = !before                     ? "new"
                     : !now                      ? "gone"
                     : before->rank == now->rank ? "kept"
                     : now->rank < before->rank  ? "up"
                                                 : "down";
    return change;
}

static gint compare_changes(gconstpointer a, gconstpointer b)
{
    const DjChange *x = *(DjChange *const *)a, *y = *(DjChange *const *)b;
    int order = strcmp(x->need, y->need);
    guint rx = x->rank_now ? x->rank_now : G_MAXUINT, ry = y->rank_now ? y->rank_now : G_MAXUINT;
    if (order || rx != ry)
        return order ? order : rx < ry ? -1 : 1;
    return x->rank_before != y->rank_before ? (x->rank_before < y->rank_before ? -1 : 1) : strcmp(x->patent, y->patent);
}

static void compare_lists(const Diff *diff, GPtrArray *changes)
{
    GHashTableIter iter;
    gpointer need, list;
    g_hash_table_iter_init(&iter, diff->now);
    while (g_hash_table_iter_next(&iter, &need, &list))
        for (guint i = 0; i < ((GArray *)list)->len; i++) {
            const Place *place = &g_array_index((GArray *)list, Place, i);
            g_ptr_array_add(changes,
                            new_change(need, place->patent, find_place(diff->before, need, place->patent), place));
        }
    g_hash_table_iter_init(&iter, diff->before);
    while (g_hash_table_iter_next(&iter, &need, &list))
        for (guint i = 0; i < ((GArray *)list)->len; i++) {
            const Place *place = &g_array_index((GArray *)list, Place, i);
            if (!find_place(diff->now, need, place->patent))
                g_ptr_array_add(changes, new_change(need, place->patent, place, NULL));
        }
    g_ptr_array_sort(changes, compare_changes);
}

/* The lexicon of one month may speak of chains that the other's taxonomy does not have: then the class cannot be put
 * back alone, and what it moved is combined. */
static gboolean run_class(DjMonthRunner *runner, Diff *diff, Class which, const DjMonthVersion *before,
                          const DjMonthVersion *now, GHashTable *also, GError **error)
{
    DjMonthMix mix = dj_month_mix_of(now);
    g_autoptr(GError) why = NULL;
    put_back(&mix, which, before);
    diff->set[which] = dj_month_run(runner, &mix, FALSE, is_placed(which), is_own(which) ? also : NULL, &why);
    if (!diff->set[which]) {
        if (which == CLASS_TAXONOMY || which == CLASS_LEXICON) {
            if (!dj_app_cancelled())
                return TRUE;
        }
        g_propagate_prefixed_error(error, g_steal_pointer(&why), "cause %s: ", class_names[which]);
        return FALSE;
    }
    diff->lists[which] = lists_of(diff->set[which]);
    return TRUE;
}

gboolean dj_month_diff(DjMonthRunner *runner, const DjMonthVersion *before, const DjMonthVersion *now,
                       const DjResultSet *set_before, const DjResultSet *set_now, GPtrArray *changes, GError **error)
{
    Diff diff = {.top = now->config->settings->top, .now = lists_of(set_now), .before = lists_of(set_before)};
    compare_lists(&diff, changes);
    g_autoptr(GHashTable) also = dj_pair_table_new();
    guint n_changed = 0;
    for (guint i = 0; i < changes->len; i++) {
        const DjChange *change = changes->pdata[i];
        if (strcmp(change->change, "kept") != 0) {
            dj_pair_table_add(also, change->need, change->patent);
            n_changed++;
        }
    }
    gboolean ok = TRUE;
    for (int c = 0; c < N_CLASSES && ok && n_changed > 0; c++)
        if (differs((Class)c, before, now))
            ok = run_class(runner, &diff, (Class)c, before, now, also, error);
    if (ok && (diff.lists[CLASS_PATENT] || diff.lists[CLASS_GATE] || diff.lists[CLASS_COMPETITORS])) {
        DjMonthMix mix = dj_month_mix_of(now);
        diff.set_own = dj_month_run(runner, &mix, FALSE, 1, also, error);
        ok = diff.set_own != NULL;
        if (ok)
            diff.own = lists_of(diff.set_own);
    }
    for (guint i = 0; i < changes->len && ok; i++)
        if (strcmp(((DjChange *)changes->pdata[i])->change, "kept") != 0)
            find_cause(&diff, changes->pdata[i]);
    diff_clear(&diff);
    return ok;
}

void dj_month_diff_first(const DjResultSet *set_now, GPtrArray *changes)
{
    Diff diff = {.now = lists_of(set_now), .before = g_hash_table_new(g_str_hash, g_str_equal)};
    compare_lists(&diff, changes);
    for (guint i = 0; i < changes->len; i++)
        ((DjChange *)changes->pdata[i])->cause = "first";
    diff_clear(&diff);
}
