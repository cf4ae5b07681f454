/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/match/fixture.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>

static gboolean each(gpointer user, DjTable table, DjRecordVisit visit, gpointer visit_user, GError **error)
{
    return dj_store_each(user, table, DJ_POINT_NOW, visit, visit_user, error);
}

static char *random_text(GRand *rand, guint vocabulary, guint length)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < length; i++) {
        if (g_rand_int_range(rand, 0, 12) == 0)
            g_string_append(text, "，");
        /* squaring makes some characters much more frequent than others */
        double r = g_rand_double(rand);
        g_string_append_unichar(text, 0x4E00 + (gunichar)(r * r * vocabulary));
        if (g_rand_int_range(rand, 0, 40) == 0)
            g_string_append_printf(text, "LED-%d", g_rand_int_range(rand, 1, 5));
    }
    return g_string_free(text, FALSE);
}

static void set_text(DjRecord *record, int field, GRand *rand, guint vocabulary, guint length)
{
    g_autofree char *text = random_text(rand, vocabulary, length);
    dj_record_set(record, field, text);
}

static void begin_batch(Ground *ground, gint64 *batch)
{
    static int serial;
    g_autofree char *hash = g_strdup_printf("%064d", ++serial);
    DjBatchInfo info = {
        .command = "import test", .source = "test.csv", .source_hash = hash, .recorded_at = "2026-11-01T09:00:00"};
    g_autoptr(GError) error = NULL;
    cr_assert(dj_store_begin_batch(ground->store, &info, batch, &error), "%s", error ? error->message : "");
    cr_assert(dj_store_begin(ground->store, &error));
}

static void end_batch(Ground *ground, gint64 batch, gint64 n)
{
    g_autoptr(GError) error = NULL;
    cr_assert(dj_store_commit(ground->store, &error), "%s", error ? error->message : "");
    cr_assert(dj_store_end_batch(ground->store, batch, n, 0, 0, 0, &error), "%s", error ? error->message : "");
}

static void put(Ground *ground, gint64 batch, DjRecord *record)
{
    DjPutResult result;
    g_autoptr(GError) error = NULL;
    cr_assert(dj_record_make_key(record));
    cr_assert(dj_store_put(ground->store, batch, record, 0, &result, &error), "%s", error ? error->message : "");
}

void ground_put(Ground *ground, DjRecord *record)
{
    gint64 batch;
    begin_batch(ground, &batch);
    put(ground, batch, record);
    end_batch(ground, batch, 1);
}

void ground_build(Ground *ground, DjBuildResult *result)
{
    g_autoptr(GError) error = NULL;
    if (!ground->model) {
        DjTrainOptions train = {.scoring = dj_scoring_default(), .word_vectors = TRUE, .now = "2026-11-01T09:00:00"};
        DjTrainResult trained;
        dj_semantic_options_init(&train.semantic);
        cr_assert(dj_train(ground->store, &train, &trained, &error), "%s", error ? error->message : "");
        g_autoptr(GBytes) bytes = dj_store_get_blob(ground->store, "model", trained.model, &error);
        cr_assert(bytes != NULL);
        ground->model = dj_model_parse(bytes, &error);
        cr_assert(ground->model != NULL, "%s", error ? error->message : "");
        g_free(trained.model);
    }
    DjBuildOptions build = {.workspace = ground->folder,
                            .model = ground->model,
                            .taxonomy = ground->taxonomy,
                            .settings_hash = "test",
                            .now = "2026-11-01T09:00:00",
                            .flush = 1000};
    cr_assert(dj_build(ground->store, &build, result, &error), "%s", error ? error->message : "");
    g_clear_pointer(&ground->corpus, dj_corpus_free);
    g_autofree char *folder = dj_generation_folder(ground->folder, result->generation);
    ground->corpus = dj_corpus_open(folder, &error);
    cr_assert(ground->corpus != NULL, "%s", error ? error->message : "");
    dj_match_options_tie(&ground->options, ground->model, ground->lexicon);
    ground->options.taxonomy = ground->taxonomy;
}

void ground_make(Ground *ground, guint n_patents, guint n_needs, guint n_chains, guint vocabulary, guint32 seed)
{
    g_autoptr(GError) error = NULL;
    *ground = (Ground){0};
    ground->folder = g_dir_make_tmp("duijie-match-XXXXXX", &error);
    cr_assert(ground->folder != NULL);
    g_autofree char *path = g_build_filename(ground->folder, "duijie.db", NULL);
    ground->store = dj_store_open(path, DJ_STORE_CREATE, &error);
    cr_assert(ground->store != NULL, "%s", error ? error->message : "");
    ground->records = (DjRecordSource){.each = each, .user = ground->store};
    ground->taxonomy = dj_taxonomy_new("test", "1", "2026-01-01");
    for (guint c = 0; c < n_chains; c++) {
        g_autofree char *id = g_strdup_printf("c%u", c), *name = g_strdup_printf("链%u", c);
        dj_taxonomy_add_chain(ground->taxonomy, id, name, "");
    }
    cr_assert(dj_taxonomy_seal(ground->taxonomy, &error));
    GRand *rand = g_rand_new_with_seed(seed);
    gint64 batch;
    begin_batch(ground, &batch);
    for (guint i = 0; i < n_patents; i++) {
        g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
        g_autofree char *id = g_strdup_printf("S%05u", i), *owner = g_strdup_printf("大学%u", i % 7);
        dj_record_set(record, DJ_PATENT_SOURCE_ID, id);
        dj_record_set(record, DJ_PATENT_OWNERS, owner);
        set_text(record, DJ_PATENT_TITLE, rand, vocabulary, 8);
        set_text(record, DJ_PATENT_ABSTRACT, rand, vocabulary, (guint)g_rand_int_range(rand, 0, 80));
        if (i % 3 == 0)
            set_text(record, DJ_PATENT_CLAIM, rand, vocabulary, 30);
        if (n_chains && i % 5 != 4) { /* every fifth is in no chain, some are in two */
            g_autofree char *chains =
                g_strdup_printf(i % 4 == 0 ? "c%u\nc%u" : "c%u", i % n_chains, (i + 1) % n_chains);
            dj_record_set(record, DJ_PATENT_CHAINS, chains);
        }
        put(ground, batch, record);
    }
    for (guint i = 0; i < n_needs; i++) {
        g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_NEED);
        g_autofree char *id = g_strdup_printf("N%05u", i),
                        *owner = g_strdup_printf(i % 6 == 0 ? "大学%u" : "企业%u", i % 7);
        dj_record_set(record, DJ_NEED_ID, id);
        dj_record_set(record, DJ_NEED_ENTERPRISE, owner);
        set_text(record, DJ_NEED_TITLE, rand, vocabulary, 6);
        set_text(record, DJ_NEED_SUMMARY, rand, vocabulary, (guint)g_rand_int_range(rand, 0, 15));
        set_text(record, DJ_NEED_DESCRIPTION, rand, vocabulary, (guint)g_rand_int_range(rand, 1, 40));
        if (n_chains && i % 7 != 6) {
            g_autofree char *chain = g_strdup_printf("c%u", i % n_chains);
            dj_record_set(record, DJ_NEED_CHAIN, chain);
        }
        put(ground, batch, record);
    }
    end_batch(ground, batch, n_patents + n_needs);
    g_rand_free(rand);
    ground->options = (DjMatchOptions){
        .scoring = dj_scoring_default(), .now = 20758, .top = 5, .by_need = TRUE, .explain = TRUE, .threads = 1};
    ground->options.scoring.min_score = 0;
    DjBuildResult result;
    ground_build(ground, &result);
}

void ground_free(Ground *ground)
{
    dj_corpus_free(ground->corpus);
    dj_model_free(ground->model);
    dj_taxonomy_free(ground->taxonomy);
    dj_lexicon_free(ground->lexicon);
    dj_store_close(ground->store);
    folder_remove(ground->folder);
    g_free(ground->folder);
}
