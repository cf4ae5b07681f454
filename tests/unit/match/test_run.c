/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs of the whole matching against a brute force that is written from the definitions in need.h and model.h and
 * shares no ranking code with it. */
#include "engine/match/explain.h"
#include "tests/unit/match/fixture.h"
#include <criterion/criterion.h>
#include <string.h>

/* ---- brute force ---- */

typedef struct {
    char *patent;
    gint64 order, points;
} Expected;

typedef struct {
    const Ground *ground;
    GPtrArray *patents, *needs; /* DjRecord */
} Tables;

static gboolean keep(const DjRecord *record, gpointer user)
{
    g_ptr_array_add(user, dj_record_copy(record));
    return TRUE;
}

static void load(Tables *tables, const Ground *ground)
{
    tables->ground = ground;
    tables->patents = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    tables->needs = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    cr_assert(dj_store_each(ground->store, DJ_TABLE_PATENT, DJ_POINT_NOW, keep, tables->patents, NULL));
    cr_assert(dj_store_each(ground->store, DJ_TABLE_NEED, DJ_POINT_NOW, keep, tables->needs, NULL));
}

static void unload(Tables *tables)
{
    g_ptr_array_unref(tables->patents);
    g_ptr_array_unref(tables->needs);
}

/* lex * a + dot * b of one pair, term by term. */
static gint64 base_total(const Ground *ground, const DjQuery *query, DjDocument *document, const DjRecord *patent)
{
    const DjModel *model = ground->model;
    dj_document_fill(document, patent, &model->scoring);
    gsize n, n_words;
    const DjDocTerm *terms = dj_document_terms(document, &n);
    gint64 lex = 0;
    for (guint q = 0; q < query->terms->len; q++) {
        const DjQueryTerm *term = &g_array_index(query->terms, DjQueryTerm, q);
        guint32 tf = 0;
        for (gsize i = 0; i < n; i++)
            if (terms[i].length - 1 == term->length && memcmp(terms[i].key + 1, term->key, term->length) == 0)
                tf += terms[i].count * (guint32)model->scoring.doc_weight[terms[i].field];
        if (tf > 0)
            lex += (gint64)term->weight * dj_model_impact(model, dj_model_find(model, term->key, term->length), tf,
                                                          dj_document_length(document, term->unit), term->unit);
    }
    gint8 vector[DJ_SEMANTIC_DIM];
    const DjTerm *words = dj_document_words(document, &n_words);
    dj_model_embed_words(model, words, n_words, NULL, vector);
    return lex * query->a +
           dj_semantic_dot(query->vec, vector) * dj_query_dense_weight(model, &ground->options.scoring);
}

static gint compare_expected(gconstpointer a, gconstpointer b)
{
    const Expected *x = a, *y = b;
    if (x->order != y->order)
        return x->order > y->order ? -1 : 1;
    return strcmp(x->patent, y->patent);
}

/* The list of one need by the definition: same chain or one side in none, not owned by the enterprise itself. */
static GArray *expected_list(const Tables *tables, const DjRecord *need)
{
    const Ground *ground = tables->ground;
    DjQueryScratch scratch;
    cr_assert(dj_query_scratch_init(&scratch, NULL));
    g_autoptr(DjDocument) document = dj_document_new(NULL);
    DjQuery query;
    DjNeedText texts[DJ_NEED_MAX_TEXTS];
    dj_query_init(&query);
    gsize n_texts = dj_need_texts(need, texts);
    dj_query_fill(&query, &scratch, &ground->options.tools, texts, n_texts, NULL, 0);
    const char *need_chain = dj_record_get(need, DJ_NEED_CHAIN);
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Expected));
    for (guint i = 0; i < tables->patents->len; i++) {
        const DjRecord *patent = tables->patents->pdata[i];
        const char *chains = dj_record_get(patent, DJ_PATENT_CHAINS);
        gboolean shared = FALSE;
        g_auto(GStrv) items = dj_record_list(patent, DJ_PATENT_CHAINS);
        for (char **item = items; *item && need_chain; item++)
            shared = shared || strcmp(*item, need_chain) == 0;
        if (chains && need_chain && !shared)
            continue;
        if (strcmp(dj_record_get(patent, DJ_PATENT_OWNERS), dj_record_get(need, DJ_NEED_ENTERPRISE)) == 0)
            continue;
        gint64 base = base_total(ground, &query, document, patent);
        gint64 feature = shared ? ground->options.scoring.chain_points : 0; /* all memberships here weigh 100 */
        Expected e = {patent->key, dj_order_of(&ground->options.scoring, base, feature),
                      dj_points_of_total(&ground->options.scoring, base) + feature};
        if (e.points > 0 || ground->options.scoring.min_score == 0)
            g_array_append_val(list, e);
    }
    g_array_sort(list, compare_expected);
    dj_query_clear(&query);
    dj_query_scratch_clear(&scratch);
    return list;
}

static DjResultSet *run(const Ground *ground)
{
    g_autoptr(GError) error = NULL;
    DjResultSet *set = dj_match(ground->corpus, &ground->records, &ground->options, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    return set;
}

static const DjPairing *find(const DjResultSet *set, const char *need, guint rank)
{
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if (pairing->rank == rank && strcmp(pairing->need, need) == 0)
            return pairing;
    }
    return NULL;
}

static void compare_with_brute_force(Ground *ground)
{
    Tables tables;
    load(&tables, ground);
    g_autoptr(DjResultSet) set = run(ground);
    for (guint i = 0; i < tables.needs->len; i++) {
        const DjRecord *need = tables.needs->pdata[i];
        g_autoptr(GArray) list = expected_list(&tables, need);
        for (guint rank = 1; rank <= ground->options.top; rank++) {
            const DjPairing *pairing = find(set, need->key, rank);
            if (rank > list->len) {
                cr_expect(pairing == NULL);
                continue;
            }
            const Expected *e = &g_array_index(list, Expected, rank - 1);
            cr_assert(pairing != NULL, "%s has no rank %u", need->key, rank);
            cr_expect_str_eq(pairing->patent, e->patent, "%s rank %u: %s, expected %s", need->key, rank,
                             pairing->patent, e->patent);
            cr_expect_eq(pairing->total, e->order);
            cr_expect_eq(pairing->points, e->points);
            cr_expect_eq(dj_pairing_parts_sum(pairing), pairing->points);
        }
    }
    unload(&tables);
}

Test(run, equals_brute_force_with_chains)
{
    Ground ground;
    ground_make(&ground, 90, 25, 4, 120, 1);
    compare_with_brute_force(&ground);
    ground_free(&ground);
}

Test(run, equals_brute_force_when_everything_ties)
{
    Ground ground;
    ground_make(&ground, 150, 12, 2, 6, 2);
    ground.options.top = 3;
    compare_with_brute_force(&ground);
    ground_free(&ground);
}

Test(run, equals_brute_force_without_word_vectors)
{
    Ground ground;
    ground_make(&ground, 60, 20, 3, 80, 3);
    ground.options.scoring.semantic = FALSE;
    compare_with_brute_force(&ground);
    ground_free(&ground);
}

/* The pairs of a run, one a line, that reach a score or a probability and stand among the first `top` of their need or
 * patent. */
static char *listed(const DjResultSet *set, int min_score, int min_permille, guint top)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        if ((pairing->score >= min_score || pairing->permille >= min_permille) && pairing->rank <= top)
            g_string_append_printf(out, "%s %s %u\n", pairing->need, pairing->patent, pairing->rank);
    }
    return g_string_free(out, FALSE);
}

Test(run, a_list_begins_at_the_score_or_at_the_adequate_probability)
{
    Ground ground;
    ground_make(&ground, 80, 30, 3, 150, 14);
    const DjKnot knots[] = {{0, 0}, {400, 400}, {600, 450}};
    g_autoptr(DjCalibration) calibration = dj_calibration_new(knots, G_N_ELEMENTS(knots), "test");
    ground.options.calibration = calibration;
    guint by_score = 0, by_chance = 0;
    for (int by_patent = 0; by_patent < 2; by_patent++)
        for (guint top = 4; top <= 400; top *= 100) {
            DjMatchOptions *options = &ground.options;
            options->by_need = !by_patent;
            options->by_patent = by_patent;
            options->top = top;
            options->scoring.min_score = options->adequate = 0;
            g_autoptr(DjResultSet) all = run(&ground);
            static const struct {
                int min_score, adequate;
            } limits[] = {{30, 0}, {30, 120}, {30, 60}, {90, 30}, {100, 440}, {100, 999}};
            for (gsize i = 0; i < G_N_ELEMENTS(limits); i++) {
                options->scoring.min_score = limits[i].min_score;
                options->adequate = limits[i].adequate;
                int permille = limits[i].adequate ? limits[i].adequate : 1001;
                g_autoptr(DjResultSet) cut = run(&ground);
                g_autofree char *expected = listed(all, limits[i].min_score, permille, top),
                                *got = listed(cut, 0, 0, top);
                if (!by_patent || top > 80) /* what is low keeps its place on a patent's list */
                    cr_expect_str_eq(got, expected, "%d %d", limits[i].min_score, limits[i].adequate);
                for (guint p = 0; p < cut->pairings->len; p++) {
                    const DjPairing *pairing = cut->pairings->pdata[p];
                    cr_expect_not(pairing->low);
                    by_score += pairing->permille < permille;
                    by_chance += pairing->score < limits[i].min_score;
                }
            }
        }
    cr_expect(by_score > 0 && by_chance > 0, "each half of the limit must have let something in");
    ground_free(&ground);
}

/* With room for all, the list of a chain is the same whether it is asked for alone or with all others, also for needs
 * in two chains. */
Test(run, one_chain_alone_lists_the_pairs_that_are_at_home_in_it)
{
    Ground ground;
    ground_make(&ground, 60, 20, 3, 60, 9);
    Tables tables;
    load(&tables, &ground);
    for (guint i = 0; i < 6; i++) {
        g_autoptr(DjRecord) need = dj_record_new(DJ_TABLE_NEED);
        g_autofree char *id = g_strdup_printf("TWO%u", i);
        dj_record_set(need, DJ_NEED_ID, id);
        dj_record_set(need, DJ_NEED_TITLE, dj_record_title(tables.patents->pdata[i]));
        dj_record_set(need, DJ_NEED_CHAIN, "c0\nc1");
        ground_put(&ground, need);
    }
    unload(&tables);
    ground.options.top = 1000;
    g_autoptr(DjResultSet) all = run(&ground);
    guint n_twos = 0;
    for (guint c = 0; c <= 3; c++) {
        g_autofree char *id = c < 3 ? g_strdup_printf("c%u", c) : g_strdup("");
        const char *chains[] = {id, NULL};
        ground.options.chains = chains;
        g_autoptr(DjResultSet) alone = run(&ground);
        cr_assert_eq(alone->chains->len, 1);
        guint k = 0;
        for (guint i = 0; i < all->pairings->len; i++) {
            const DjPairing *expected = all->pairings->pdata[i];
            if (strcmp(expected->chain, id) != 0)
                continue;
            cr_assert_lt(k, alone->pairings->len);
            const DjPairing *got = alone->pairings->pdata[k++];
            cr_expect_str_eq(got->chain, id);
            cr_expect_str_eq(got->need, expected->need);
            cr_expect_str_eq(got->patent, expected->patent);
            cr_expect_eq(got->total, expected->total);
            n_twos += g_str_has_prefix(got->need, "TWO");
        }
        cr_expect_eq(k, alone->pairings->len, "chain \"%s\"", id);
    }
    cr_expect_gt(n_twos, 0);
    ground_free(&ground);
}

static char *fingerprint(const DjResultSet *set)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *p = set->pairings->pdata[i];
        g_string_append_printf(out, "%d %s %s %s %u %d %" G_GINT64_FORMAT, p->direction, p->chain, p->need, p->patent,
                               p->rank, p->score, p->total);
        for (guint k = 0; k < p->parts->len; k++) {
            const DjPart *part = p->parts->pdata[k];
            g_string_append_printf(out, " %d:%" G_GINT64_FORMAT ":%s", part->kind, part->points,
                                   part->text ? part->text : "");
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

Test(run, same_answer_for_every_kernel_and_thread_count)
{
    Ground ground;
    ground_make(&ground, 120, 40, 3, 100, 4);
    ground.options.by_patent = TRUE;
    g_autoptr(DjResultSet) first = run(&ground);
    g_autofree char *reference = fingerprint(first);
    cr_assert_gt(strlen(reference), 1000);
    for (const char *const *name = dj_kernel_names(); *name; name++) {
        const DjKernelVariant *variant;
        if (dj_kernel_find(*name, &variant) != DJ_KERNEL_OK)
            continue;
        for (guint threads = 1; threads <= 5; threads += 2) {
            ground.options.kernel = *name;
            ground.options.threads = threads;
            g_autoptr(DjResultSet) again = run(&ground);
            g_autofree char *got = fingerprint(again);
            cr_expect_str_eq(got, reference, "kernel %s, %u threads", *name, threads);
        }
    }
    ground_free(&ground);
}

/* 並 and 并 are the same word: spans quote what stands there, the match is on normalised text. */
static char *normalised(DjAnalyzer *analyzer, const char *text, guint32 length)
{
    gsize n;
    dj_analyzer_split(analyzer, text, length, DJ_UNIT_BIGRAM, &n);
    return g_strdup(dj_analyzer_get_normalised(analyzer, &n));
}

Test(run, spans_quote_the_original_text)
{
    Ground ground;
    g_autoptr(DjAnalyzer) analyzer = dj_analyzer_new(NULL);
    ground_make(&ground, 60, 20, 2, 60, 5);
    g_autoptr(DjResultSet) set = run(&ground);
    guint quoted = 0;
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        const DjRecord *need = g_hash_table_lookup(set->needs, pairing->need);
        const DjRecord *patent = g_hash_table_lookup(set->patents, pairing->patent);
        for (guint k = 0; k < pairing->parts->len; k++) {
            const DjPart *part = pairing->parts->pdata[k];
            if (part->kind != DJ_PART_PHRASE)
                continue;
            const char *a = dj_record_get(need, part->need.field), *b = dj_record_get(patent, part->patent.field);
            guint32 n = part->need.byte_end - part->need.byte_begin;
            cr_assert_eq(n, part->patent.byte_end - part->patent.byte_begin);
            cr_expect(strncmp(a + part->need.byte_begin, part->text, n) == 0 && strlen(part->text) == n);
            g_autofree char *there = normalised(analyzer, b + part->patent.byte_begin, n);
            g_autofree char *here = normalised(analyzer, part->text, n);
            cr_expect_str_eq(there, here);
            cr_expect_eq(part->need.char_begin, g_utf8_strlen(a, part->need.byte_begin));
            cr_expect_eq(part->patent.char_end, g_utf8_strlen(b, part->patent.byte_end));
            cr_expect_eq(part->privacy, dj_record_privacy(need, part->need.field));
            quoted++;
        }
    }
    cr_assert_gt(quoted, 50);
    ground_free(&ground);
}

Test(run, nothing_changed_means_nothing_done_and_a_new_record_moves_nobody)
{
    Ground ground;
    DjBuildResult result;
    ground_make(&ground, 40, 10, 2, 60, 6);
    ground_build(&ground, &result);
    cr_expect(result.unchanged);
    g_autoptr(DjResultSet) before = run(&ground);

    g_autoptr(DjRecord) late = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(late, DJ_PATENT_SOURCE_ID, "Z99999");
    dj_record_set(late, DJ_PATENT_TITLE, "龘龘龘龘");
    dj_record_set(late, DJ_PATENT_OWNERS, "大学9");
    ground_put(&ground, late);
    ground_build(&ground, &result);
    cr_expect_not(result.unchanged);
    cr_expect_eq(result.n_docs, 41);
    ground.options.top = 50;
    g_autoptr(DjResultSet) after = run(&ground);
    guint compared = 0;
    for (guint i = 0; i < before->pairings->len; i++) {
        const DjPairing *old = before->pairings->pdata[i];
        for (guint k = 0; k < after->pairings->len; k++) {
            const DjPairing *now = after->pairings->pdata[k];
            if (strcmp(old->need, now->need) == 0 && strcmp(old->patent, now->patent) == 0) {
                cr_expect_eq(old->total, now->total);
                compared++;
            }
        }
    }
    cr_expect_eq(compared, before->pairings->len);
    ground_free(&ground);
}

Test(run, why_agrees_with_the_list)
{
    Ground ground;
    ground_make(&ground, 50, 8, 2, 60, 7);
    g_autoptr(DjResultSet) set = run(&ground);
    for (guint i = 0; i < set->pairings->len; i += 3) {
        const DjPairing *pairing = set->pairings->pdata[i];
        DjWhy why;
        g_autoptr(GError) error = NULL;
        cr_assert(dj_match_why(ground.corpus, &ground.records, &ground.options, pairing->patent, pairing->need, &why,
                               &error));
        cr_expect(why.listed);
        cr_expect_eq(why.rank, pairing->rank);
        cr_expect_eq(why.pairing->points, pairing->points);
        cr_expect_null(why.reason);
        dj_why_clear(&why);
    }
    ground.options.top = 1;
    g_autoptr(DjResultSet) narrow = run(&ground);
    const DjPairing *best = narrow->pairings->pdata[0];
    const DjPairing *second = find(set, best->need, 2);
    DjWhy why;
    cr_assert(dj_match_why(ground.corpus, &ground.records, &ground.options, second->patent, second->need, &why, NULL));
    cr_expect_not(why.listed);
    cr_expect_eq(why.rank, 2);
    cr_expect_not_null(why.reason);
    dj_why_clear(&why);
    ground_free(&ground);
}

Test(run, question_finds_any_shared_run_of_two_characters)
{
    Ground ground;
    ground_make(&ground, 30, 3, 2, 3000, 8);
    g_autoptr(DjRecord) rare = dj_record_new(DJ_TABLE_PATENT);
    dj_record_set(rare, DJ_PATENT_SOURCE_ID, "R1");
    dj_record_set(rare, DJ_PATENT_TITLE, "一种鸑鷟固定装置");
    ground_put(&ground, rare);
    DjBuildResult built;
    ground_build(&ground, &built);
    DjQuestion question = {.text = "我们想要鸑鷟的做法", .top = 3};
    g_autoptr(GError) error = NULL;
    g_autoptr(DjResultSet) set = dj_match_question(ground.corpus, &ground.records, &ground.options, &question, &error);
    cr_assert(set != NULL, "%s", error ? error->message : "");
    cr_assert_gt(set->pairings->len, 0);
    const DjPairing *best = set->pairings->pdata[0];
    cr_expect_str_eq(best->patent, "R1");
    cr_expect_eq(dj_pairing_parts_sum(best), best->points);
    ground_free(&ground);
}

static DjRecord *get_one(gpointer user, DjTable table, const char *key, GError **error)
{
    g_autoptr(DjRecord) record = dj_record_new(table);
    gboolean found = FALSE;
    if (!dj_store_get(user, table, key, DJ_POINT_NOW, record, &found, error) || !found)
        return NULL;
    return g_steal_pointer(&record);
}

static void expect_same_pairings(const DjResultSet *a, const DjResultSet *b)
{
    cr_assert_eq(a->pairings->len, b->pairings->len);
    for (guint i = 0; i < a->pairings->len; i++) {
        const DjPairing *x = a->pairings->pdata[i], *y = b->pairings->pdata[i];
        cr_assert_str_eq(x->patent, y->patent);
        cr_assert_eq(x->rank, y->rank);
        cr_assert_eq(x->total, y->total);
        cr_assert_eq(x->points, y->points);
        cr_assert_eq(x->self_points, y->self_points);
        cr_assert_eq(x->parts->len, y->parts->len);
        for (guint p = 0; p < x->parts->len; p++) {
            const DjPart *u = x->parts->pdata[p], *v = y->parts->pdata[p];
            cr_assert_eq(u->points, v->points);
            cr_assert_str_eq(u->text ? u->text : "", v->text ? v->text : "");
        }
        cr_assert_eq(x->gate->len, y->gate->len);
    }
}

/* For every patent: listed with its rank when the answer holds it, else a reason; a restriction that leaves nothing is
 * the reason for those that were listed. */
static void expect_reasons(const Ground *ground, DjAsker *asker, const DjRecordSource *records,
                           const DjQuestion *question, const DjResultSet *set)
{
    guint64 nothing[2] = {0};
    DjQuestion narrow = *question;
    narrow.admit = nothing;
    for (guint32 doc = 0; doc < dj_corpus_n_docs(ground->corpus); doc++) {
        g_autofree char *key = dj_corpus_key(ground->corpus, doc);
        const DjPairing *shown = NULL;
        for (guint i = 0; i < set->pairings->len; i++) {
            const DjPairing *pairing = set->pairings->pdata[i];
            if (strcmp(pairing->patent, key) == 0)
                shown = pairing;
        }
        DjWhy why;
        cr_assert(dj_asker_why_question(asker, records, key, question, &why, NULL));
        cr_assert_eq(why.listed, shown != NULL, "%s: %s", key, why.reason);
        cr_assert_eq(why.reason == NULL, why.listed);
        if (shown) {
            cr_assert_eq(why.rank, shown->rank);
            cr_assert_eq(why.pairing->total, shown->total);
            dj_why_clear(&why);
            cr_assert(dj_asker_why_question(asker, records, key, &narrow, &why, NULL));
            cr_assert_not(why.listed);
            cr_assert_str_eq(why.reason, "被您选的条件去掉了");
        }
        dj_why_clear(&why);
    }
}

Test(run, an_asker_gives_the_answers_of_single_calls)
{
    Ground ground;
    ground_make(&ground, 60, 9, 3, 60, 11);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjResultSet) lists = run(&ground);
    DjRecordSource by_key = ground.records;
    by_key.get = get_one;
    g_autoptr(DjAsker) asker = dj_asker_new(ground.corpus, &ground.records, &ground.options, &error);
    cr_assert(asker != NULL, "%s", error ? error->message : "");
    guint n_questions = 0, n_needs = 0;
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, lists->needs);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        guint64 bits[2] = {0};
        DjQuestion question = {.text = dj_record_get(value, DJ_NEED_DESCRIPTION), .top = 7, .found = bits};
        g_autoptr(DjResultSet) once =
            dj_match_question(ground.corpus, &ground.records, &ground.options, &question, &error);
        for (int i = 0; i < 2; i++) { /* the second time with used scratch, and without access by key */
            g_autoptr(DjResultSet) set = dj_asker_question(asker, i ? &ground.records : &by_key, &question, &error);
            cr_assert(set != NULL, "%s", error ? error->message : "");
            expect_same_pairings(once, set);
        }
        cr_assert_eq(__builtin_popcountll(bits[0]) + __builtin_popcountll(bits[1]), (int)once->n_found);
        cr_assert_eq(once->pairings->len, MIN(7, once->n_found));
        n_questions += once->pairings->len > 0;
        expect_reasons(&ground, asker, &by_key, &question, once);

        g_autoptr(DjResultSet) mine = dj_asker_need(asker, &by_key, key, ground.options.top, &error);
        cr_assert(mine != NULL, "%s", error ? error->message : "");
        for (guint i = 0; i < mine->pairings->len; i++) {
            const DjPairing *pairing = mine->pairings->pdata[i], *listed = find(lists, key, pairing->rank);
            cr_assert_not_null(listed);
            cr_assert_str_eq(pairing->patent, listed->patent);
            cr_assert_eq(pairing->total, listed->total);
            DjWhy why, same;
            cr_assert(dj_match_why(ground.corpus, &ground.records, &ground.options, pairing->patent, key, &why, NULL));
            cr_assert(dj_asker_why(asker, &by_key, pairing->patent, key, &same, NULL));
            cr_assert(why.listed && same.listed);
            cr_assert_eq(why.rank, same.rank);
            cr_assert_eq(why.pairing->total, same.pairing->total);
            dj_why_clear(&why);
            dj_why_clear(&same);
        }
        cr_assert_null(find(lists, key, mine->pairings->len + 1));
        n_needs += mine->pairings->len > 0;
    }
    cr_assert_gt(n_questions, 0);
    cr_assert_gt(n_needs, 0);
    DjWhy why;
    cr_assert_not(dj_asker_why(asker, &by_key, "no such", "N00001", &why, &error));
    cr_assert_null(dj_asker_need(asker, &by_key, "no such need", 5, NULL));
    g_clear_pointer(&asker, dj_asker_free);
    ground_free(&ground);
}
