/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers about single texts and single pairs: the best patents for a question, and why a pair is or is not listed. */
#include "engine/match/choose.h"
#include "engine/match/explain.h"
#include "engine/match/match.h"
#include "engine/match/rank.h"
#include <gio/gio.h>
#include <string.h>

/* ---- question ---- */

typedef struct {
    GHashTable *patents;
} Keep;

static gboolean keep_record(const DjRecord *record, gpointer user)
{
    Keep *keep = user;
    gpointer key;
    if (g_hash_table_lookup_extended(keep->patents, record->key, &key, NULL))
        g_hash_table_insert(keep->patents, g_strdup(record->key), dj_record_copy(record));
    return TRUE;
}

/* The question as the only need of the run. */
static void ask_need(DjSides *sides, DjQueryScratch *scratch, DjQuery *query, DjNeedText *texts, gsize n_texts,
                     GArray *wanted)
{
    const DjMatchOptions *options = sides->options;
    DjDemand demand = {.key = g_strdup("")};
    for (gsize i = 0; sides->parser && i < n_texts; i++)
        dj_indicators_asked(sides->parser, texts[i].text, wanted);
    dj_sides_keep_wanted(sides, &demand, wanted);
    const char *title = n_texts > 0 && texts[0].side == DJ_NEED_SIDE_TITLE ? texts[0].text : NULL;
    const char *body = n_texts > 1 || !title ? texts[n_texts - 1].text : NULL;
    demand.n_member = dj_taxonomy_classify_text(options->taxonomy, scratch->normaliser, title, body, demand.member);
    dj_query_fill(query, scratch, &options->tools, texts, n_texts, demand.member, demand.n_member);
    dj_need_set_add(&sides->set, sides->corpus, query, NULL, 0);
    g_array_append_val(sides->needs, demand);
}

/* Who answers: what one question at a time needs besides the sides. */
typedef struct {
    DjQueryScratch scratch;
    DjExplainer *explainer;
} Worker;

static void worker_free(Worker *worker)
{
    dj_query_scratch_clear(&worker->scratch);
    g_clear_pointer(&worker->explainer, dj_explainer_free);
    g_free(worker);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Worker, worker_free)

static Worker *worker_new(const DjQueryTools *tools, GError **error)
{
    g_autoptr(Worker) worker = g_new0(Worker, 1);
    worker->explainer = dj_explainer_new(tools, error);
    if (!worker->explainer || !dj_query_scratch_init(&worker->scratch, error))
        return NULL;
    return g_steal_pointer(&worker);
}

/* The records of set->patents, whose keys are there. */
static gboolean fetch_patents(const DjRecordSource *records, DjResultSet *set, GError **error)
{
    if (!records->get) {
        Keep keep = {set->patents};
        return g_hash_table_size(set->patents) == 0 ||
               records->each(records->user, DJ_TABLE_PATENT, keep_record, &keep, error);
    }
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, set->patents);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_autoptr(GError) failed = NULL;
        g_hash_table_iter_replace(&iter, records->get(records->user, DJ_TABLE_PATENT, key, &failed));
        if (failed) {
            g_propagate_error(error, g_steal_pointer(&failed));
            return FALSE;
        }
    }
    return TRUE;
}

static gboolean answer(DjSides *sides, const DjRecordSource *records, const DjQuestion *question,
                       DjExplainer *explainer, const GArray *wanted, DjResultSet *set, GError **error)
{
    g_autoptr(GArray) shown = dj_choose(sides, question, set, error);
    if (!shown)
        return FALSE;
    for (guint i = 0; i < shown->len; i++)
        g_hash_table_insert(set->patents, dj_corpus_key(sides->corpus, g_array_index(shown, DjRanked, i).doc), NULL);
    if (!fetch_patents(records, set, error))
        return FALSE;
    for (guint i = 0; i < shown->len; i++) {
        DjRanked *pair = &g_array_index(shown, DjRanked, i);
        pair->rank = i + 1;
        DjPairing *pairing = dj_match_make_pairing(sides, pair, DJ_DIRECTION_NEED);
        g_ptr_array_add(set->pairings, pairing);
        const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
        if (!patent) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "record of patent %s is gone", pairing->patent);
            return FALSE;
        }
        dj_match_explain_pair(sides, explainer, sides->parser, wanted, pair, patent, pairing);
    }
    dj_match_judge_quality(sides->options, set);
    set->adequate = sides->options->calibration ? sides->options->adequate : 0;
    return TRUE;
}

/* A question as the only need of the sides, and what the explainer reads of it. */
typedef struct {
    char *title;
    DjNeedText texts[DJ_NEED_MAX_TEXTS];
    DjQuery query;
    GArray *wanted; /* DjStated */
} Posed;

static void posed_clear(Posed *posed)
{
    g_free(posed->title);
    dj_query_clear(&posed->query);
    g_array_unref(posed->wanted);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Posed, posed_clear)

/* Clear posed in any case. */
static gboolean pose(Posed *posed, DjSides *sides, Worker *worker, const DjRecordSource *records, const char *text,
                     GError **error)
{
    posed->title = NULL;
    posed->wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
    dj_query_init(&posed->query);
    gsize n = dj_question_texts(text, &posed->title, posed->texts);
    ask_need(sides, &worker->scratch, &posed->query, posed->texts, n, posed->wanted);
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, 0);
    dj_explainer_set_need(worker->explainer, posed->texts, n, demand->member, demand->n_member, &posed->query);
    return dj_sides_load_stated(sides, records, FALSE, error);
}

static DjResultSet *ask(DjSides *sides, Worker *worker, const DjRecordSource *records, const DjQuestion *question,
                        GError **error)
{
    g_autoptr(DjResultSet) set = dj_result_set_new();
    g_auto(Posed) posed;
    dj_sides_note_limit(sides, set);
    set->top = question->top;
    if (!pose(&posed, sides, worker, records, question->text, error) ||
        !answer(sides, records, question, worker->explainer, posed.wanted, set, error))
        return NULL;
    return g_steal_pointer(&set);
}

DjResultSet *dj_match_question(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                               const DjQuestion *question, GError **error)
{
    g_autoptr(Worker) worker = worker_new(&options->tools, error);
    DjSides sides;
    if (!worker || !dj_sides_load(&sides, corpus, records, options, "", error))
        return NULL;
    DjResultSet *set = ask(&sides, worker, records, question, error);
    dj_sides_clear(&sides);
    return set;
}

/* ---- why ---- */

void dj_why_clear(DjWhy *why)
{
    g_clear_pointer(&why->pairing, dj_pairing_free);
    g_clear_pointer(&why->reason, g_free);
}

typedef struct {
    const char *key;
    DjRecord *record;
} One;

static gboolean keep_one(const DjRecord *record, gpointer user)
{
    One *one = user;
    if (strcmp(record->key, one->key) != 0)
        return TRUE;
    one->record = dj_record_copy(record);
    return FALSE;
}

static DjRecord *fetch(const DjRecordSource *records, DjTable table, const char *key, GError **error)
{
    One one = {key, NULL};
    g_autoptr(GError) failed = NULL;
    if (records->get)
        one.record = records->get(records->user, table, key, &failed);
    else
        records->each(records->user, table, keep_one, &one, &failed);
    if (failed) {
        g_propagate_error(error, g_steal_pointer(&failed));
        return NULL;
    }
    if (!one.record)
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no record %s", key);
    return one.record;
}

/* The first rule that keeps the patent off the list, in plain words. */
static char *stopping_rule(const DjMatchOptions *options, const DjPairing *pairing)
{
    for (guint i = 0; i < pairing->gate->len; i++) {
        const DjGateResult *gate = pairing->gate->pdata[i];
        if (!gate->hard || gate->verdict == DJ_MET || (gate->verdict == DJ_UNKNOWN && !options->published))
            continue;
        return g_strdup_printf("规则 %s（%s）%s：%s", gate->rule, gate->name, dj_verdict_label(gate->verdict),
                               gate->value ? gate->value : "未写");
    }
    return NULL;
}

static char *low_reason(const DjSides *sides, const DjRanked *pair)
{
    const DjMatchOptions *options = sides->options;
    g_autoptr(GString) reason = g_string_new(NULL);
    g_string_printf(reason, "匹配度 %d，低于清单下限 %d", pair->score, options->scoring.min_score);
    if (sides->adequate < G_MAXINT64)
        g_string_append_printf(reason, "，值得一谈的把握也不到 %d%%", (options->adequate + 9) / 10);
    return g_string_free(g_steal_pointer(&reason), FALSE);
}

/* Where a pair stands among what may stand on its need's list. */
typedef struct {
    guint admitted;                       /* pairs that take a place so far, the pair itself included */
    guint place;                          /* among all, admitted or not, from 1 */
    const DjRanked *here, *last, *before; /* the pair; the last on the list; who stands for its group */
    guint rank_before;
} Standing;

/* Without regard to others. question: NULL for a need. low: whatever its points. */
static gboolean may_stand(const DjSides *sides, const DjQuestion *question, const DjRanked *pair, gboolean low)
{
    return (question ? dj_choose_may_show(sides, question, pair->doc) && pair->points > 0
                     : dj_sides_allow(sides, 0, pair->doc)) &&
           (low || !pair->low);
}

static void find_standing(const DjSides *sides, const DjQuestion *question, const GArray *all, guint32 doc, guint top,
                          gboolean low, DjWhy *why, Standing *standing)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(NULL, NULL); /* group -> its pair that has a place */
    g_autofree guint *rank_of = g_new0(guint, MAX(all->len, 1));
    for (guint i = 0; i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        gboolean stands = may_stand(sides, question, pair, low);
        gpointer group = GUINT_TO_POINTER(sides->group ? sides->group[pair->doc] : pair->doc);
        const DjRanked *before = stands ? g_hash_table_lookup(taken, group) : NULL;
        if (stands && !before) {
            g_hash_table_insert(taken, group, (gpointer)pair);
            rank_of[i] = ++standing->admitted;
            if (standing->admitted == top)
                standing->last = pair;
        }
        if (pair->doc != doc)
            continue;
        standing->here = pair;
        standing->before = before;
        standing->place = i + 1;
        why->rank = rank_of[i];
        if (before)
            standing->rank_before = rank_of[before - &g_array_index(all, DjRanked, 0)];
    }
}

static void judge(const DjSides *sides, const DjQuestion *question, const GArray *all, guint32 doc, DjWhy *why)
{
    const DjMatchOptions *options = sides->options;
    guint top = question ? question->top : options->top;
    Standing standing = {0};
    gboolean nearest = question && dj_choose_n_found(sides, question, all) == 0;
    if (nearest)
        top = MIN(top, DJ_NEAREST);
    find_standing(sides, question, all, doc, top, nearest, why, &standing);
    why->pairing->rank = standing.place;
    why->listed = why->rank > 0 && why->rank <= top;
    if (why->listed)
        return;
    if (dj_docs_contain(g_array_index(sides->needs, DjDemand, 0).own, doc))
        why->reason = g_strdup("是本企业、同集团、竞争对手或声明回避方的专利");
    else if (!dj_sides_admits(sides, doc))
        why->reason = stopping_rule(options, why->pairing);
    else if (question && !dj_choose_may_show(sides, question, doc))
        why->reason = g_strdup("被您选的条件去掉了");
    else if (!question && !dj_sides_meet(sides, 0, doc))
        why->reason = g_strdup("两边没有共同的产业链");
    else if (standing.here->low && !nearest)
        why->reason = low_reason(sides, standing.here);
    else if (standing.before) {
        g_autofree char *key = dj_corpus_key(sides->corpus, standing.before->doc);
        why->reason = g_strdup_printf("与第 %u 名 %s 同族或内容相近，一组只列最相配的一件", standing.rank_before, key);
    } else if (standing.last) {
        why->points_missing = MAX(1, standing.last->points - standing.here->points);
        why->reason =
            g_strdup_printf("排在第 %u 名，离第 %u 名差 %" G_GINT64_FORMAT " 点", why->rank, top, why->points_missing);
    }
}

/* The explainer knows the need already. question: NULL for a need. */
static gboolean tell_why(const DjSides *sides, const Worker *worker, const DjRecordSource *records,
                         const DjQuestion *question, const GArray *wanted, const char *patent_key, DjWhy *why,
                         GError **error)
{
    guint32 doc = dj_corpus_find(sides->corpus, patent_key);
    g_autoptr(DjRecord) patent = fetch(records, DJ_TABLE_PATENT, patent_key, error);
    g_autoptr(GArray) all = patent ? dj_choose_score(sides, error) : NULL;
    if (all)
        g_array_sort(all, dj_choose_compare);
    for (guint i = 0; all && i < all->len; i++) {
        const DjRanked *pair = &g_array_index(all, DjRanked, i);
        if (pair->doc != doc)
            continue;
        why->pairing = dj_match_make_pairing(sides, pair, DJ_DIRECTION_NEED);
        dj_match_explain_pair(sides, worker->explainer, sides->parser, wanted, pair, patent, why->pairing);
        judge(sides, question, all, doc, why);
    }
    return all != NULL;
}

static gboolean tell_why_need(const DjSides *sides, Worker *worker, const DjRecordSource *records,
                              const char *patent_key, const char *need_key, DjWhy *why, GError **error)
{
    g_autoptr(DjRecord) need = fetch(records, DJ_TABLE_NEED, need_key, error);
    if (!need)
        return FALSE;
    const DjDemand *demand = &g_array_index(sides->needs, DjDemand, 0);
    DjQuery query;
    DjNeedText texts[DJ_NEED_MAX_TEXTS];
    dj_query_init(&query);
    gsize n = dj_need_texts(need, texts);
    dj_query_fill(&query, &worker->scratch, &sides->options->tools, texts, n, demand->member, demand->n_member);
    dj_explainer_set_need(worker->explainer, texts, n, demand->member, demand->n_member, &query);
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(DjStated));
    if (sides->parser)
        dj_indicators_wanted(sides->parser, need, wanted);
    gboolean ok = tell_why(sides, worker, records, NULL, wanted, patent_key, why, error);
    dj_query_clear(&query);
    return ok;
}

static gboolean tell_why_question(DjSides *sides, Worker *worker, const DjRecordSource *records, const char *patent_key,
                                  const DjQuestion *question, DjWhy *why, GError **error)
{
    g_auto(Posed) posed;
    return pose(&posed, sides, worker, records, question->text, error) &&
           tell_why(sides, worker, records, question, posed.wanted, patent_key, why, error);
}

static gboolean is_indexed(const DjCorpus *corpus, const char *patent_key, GError **error)
{
    if (dj_corpus_find(corpus, patent_key) != DJ_STRINGS_NONE)
        return TRUE;
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "patent %s is not in the index: run `duijie index`",
                patent_key);
    return FALSE;
}

static gboolean check_pair(const DjCorpus *corpus, const DjRecordSource *records, const char *patent_key,
                           const char *need_key, GError **error)
{
    g_autoptr(DjRecord) need =
        is_indexed(corpus, patent_key, error) ? fetch(records, DJ_TABLE_NEED, need_key, error) : NULL;
    return need != NULL;
}

gboolean dj_match_why(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      const char *patent_key, const char *need_key, DjWhy *why, GError **error)
{
    *why = (DjWhy){0};
    DjSides sides;
    if (!check_pair(corpus, records, patent_key, need_key, error))
        return FALSE;
    g_autoptr(Worker) worker = worker_new(&options->tools, error);
    if (!worker || !dj_sides_load(&sides, corpus, records, options, need_key, error))
        return FALSE;
    gboolean ok = tell_why_need(&sides, worker, records, patent_key, need_key, why, error);
    dj_sides_clear(&sides);
    return ok;
}

/* ---- asker ---- */

struct DjAsker {
    DjMatchOptions options;
    DjSides supply;
    GMutex mutex;
    GPtrArray *idle; /* Worker; there are as many as ever worked at once */
};

DjAsker *dj_asker_new(const DjCorpus *corpus, const DjRecordSource *records, const DjMatchOptions *options,
                      GError **error)
{
    DjAsker *asker = g_new0(DjAsker, 1);
    asker->options = *options;
    dj_match_options_tie(&asker->options, options->tools.model, options->tools.lexicon);
    if (!dj_sides_load_supply(&asker->supply, corpus, records, &asker->options, error)) {
        g_free(asker);
        return NULL;
    }
    if (!dj_sides_load_stated(&asker->supply, records, TRUE, error)) {
        dj_sides_clear(&asker->supply);
        g_free(asker);
        return NULL;
    }
    g_mutex_init(&asker->mutex);
    asker->idle = g_ptr_array_new_with_free_func((GDestroyNotify)worker_free);
    return asker;
}

void dj_asker_free(DjAsker *asker)
{
    if (!asker)
        return;
    g_ptr_array_unref(asker->idle);
    g_mutex_clear(&asker->mutex);
    dj_sides_clear(&asker->supply);
    g_free(asker);
}

static Worker *hire(DjAsker *asker, GError **error)
{
    g_mutex_lock(&asker->mutex);
    Worker *worker = asker->idle->len > 0 ? g_ptr_array_steal_index_fast(asker->idle, asker->idle->len - 1) : NULL;
    g_mutex_unlock(&asker->mutex);
    return worker ? worker : worker_new(&asker->options.tools, error);
}

static void dismiss(DjAsker *asker, Worker *worker)
{
    g_mutex_lock(&asker->mutex);
    g_ptr_array_add(asker->idle, worker);
    g_mutex_unlock(&asker->mutex);
}

DjResultSet *dj_asker_question(DjAsker *asker, const DjRecordSource *records, const DjQuestion *question,
                               GError **error)
{
    DjSides sides;
    if (!dj_sides_borrow(&sides, &asker->supply, error))
        return NULL;
    Worker *worker = hire(asker, error);
    DjResultSet *set = worker ? ask(&sides, worker, records, question, error) : NULL;
    if (worker)
        dismiss(asker, worker);
    dj_sides_clear(&sides);
    return set;
}

/* Borrowed sides with this need alone. */
static gboolean borrow_for_need(DjAsker *asker, DjSides *sides, const DjRecordSource *records, const char *need_key,
                                GError **error)
{
    if (!dj_sides_borrow(sides, &asker->supply, error))
        return FALSE;
    gboolean ok = dj_sides_load_needs(sides, records, need_key, error);
    if (ok && sides->needs->len == 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "no record %s", need_key);
        ok = FALSE;
    }
    if (!ok)
        dj_sides_clear(sides);
    return ok;
}

DjResultSet *dj_asker_need(DjAsker *asker, const DjRecordSource *records, const char *need_key, guint top,
                           GError **error)
{
    DjSides sides;
    DjMatchOptions options = asker->options;
    dj_match_options_tie(&options, options.tools.model, options.tools.lexicon);
    options.top = top;
    options.by_need = TRUE;
    options.by_patent = FALSE;
    options.threads = 1;
    if (!borrow_for_need(asker, &sides, records, need_key, error))
        return NULL;
    sides.options = &options;
    DjResultSet *set = dj_match_sides(&sides, records, error);
    dj_sides_clear(&sides);
    return set;
}

gboolean dj_asker_why(DjAsker *asker, const DjRecordSource *records, const char *patent_key, const char *need_key,
                      DjWhy *why, GError **error)
{
    *why = (DjWhy){0};
    DjSides sides;
    if (!check_pair(asker->supply.corpus, records, patent_key, need_key, error) ||
        !borrow_for_need(asker, &sides, records, need_key, error))
        return FALSE;
    Worker *worker = hire(asker, error);
    gboolean ok = worker && tell_why_need(&sides, worker, records, patent_key, need_key, why, error);
    if (worker)
        dismiss(asker, worker);
    dj_sides_clear(&sides);
    return ok;
}

gboolean dj_asker_why_question(DjAsker *asker, const DjRecordSource *records, const char *patent_key,
                               const DjQuestion *question, DjWhy *why, GError **error)
{
    *why = (DjWhy){0};
    DjSides sides;
    if (!is_indexed(asker->supply.corpus, patent_key, error) || !dj_sides_borrow(&sides, &asker->supply, error))
        return FALSE;
    Worker *worker = hire(asker, error);
    gboolean ok = worker && tell_why_question(&sides, worker, records, patent_key, question, why, error);
    if (worker)
        dismiss(asker, worker);
    dj_sides_clear(&sides);
    return ok;
}
