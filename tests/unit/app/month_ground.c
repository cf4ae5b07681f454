/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/unit/app/month_ground.h"
#include "engine/model/ident.h"
#include "engine/store/decision.h"
#include "indexer/train.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

char *year_ground_text(YearGround *ground, guint length)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < length; i++) {
        double r = g_rand_double(ground->rand);
        g_string_append_unichar(text, 0x4E00 + (gunichar)(r * r * 60));
    }
    return g_string_free(text, FALSE);
}

static void set_text(YearGround *ground, DjRecord *record, int field, guint length)
{
    g_autofree char *text = year_ground_text(ground, length);
    dj_record_set(record, field, text);
}

DjRecord *year_ground_patent(YearGround *ground, guint number)
{
    DjRecord *record = dj_record_new(DJ_TABLE_PATENT);
    g_autofree char *id = g_strdup_printf("S%03u", number), *owner = g_strdup_printf("大学%u", number % 5),
                    *paid = g_strdup_printf("2026-%02u-15", 2 + number % 23),
                    *level = g_strdup_printf("%u", 1 + number % 9);
    dj_record_set(record, DJ_PATENT_SOURCE_ID, id);
    dj_record_set(record, DJ_PATENT_KIND, "invention");
    dj_record_set(record, DJ_PATENT_OWNERS, owner);
    dj_record_set(record, DJ_PATENT_FEE_PAID_UNTIL, 2 + number % 23 > 12 ? "2028-01-01" : paid);
    dj_record_set(record, DJ_PATENT_MATURITY, level);
    set_text(ground, record, DJ_PATENT_TITLE, 8);
    set_text(ground, record, DJ_PATENT_ABSTRACT, 40);
    dj_record_set(record, DJ_PATENT_CHAINS, number % 2 ? "甲" : "乙");
    return record;
}

DjRecord *year_ground_need(YearGround *ground, guint number, guint of)
{
    DjRecord *record = dj_record_new(DJ_TABLE_NEED);
    g_autofree char *id = g_strdup_printf("N%03u", number), *name = g_strdup_printf("企业%u", of);
    dj_record_set(record, DJ_NEED_ID, id);
    dj_record_set(record, DJ_NEED_ENTERPRISE, name);
    set_text(ground, record, DJ_NEED_TITLE, 6);
    set_text(ground, record, DJ_NEED_DESCRIPTION, 20);
    dj_record_set(record, DJ_NEED_CHAIN, number % 2 ? "甲" : "乙");
    return record;
}

void year_ground_put(YearGround *ground, GPtrArray *records)
{
    static int serial;
    g_autofree char *hash = g_strdup_printf("%064d", ++serial),
                    *at = g_strdup_printf("2026-%02d-05T09:00:00", ground->month);
    DjBatchInfo info = {.command = "import test", .source = "test.csv", .source_hash = hash, .recorded_at = at};
    g_autoptr(GError) error = NULL;
    DjStore *store = ground->workspace->store;
    gint64 batch;
    cr_assert(dj_store_begin_batch(store, &info, &batch, &error), "%s", error ? error->message : "");
    cr_assert(dj_store_begin(store, &error));
    for (guint i = 0; i < records->len; i++) {
        DjPutResult result;
        cr_assert(dj_record_make_key(records->pdata[i]));
        cr_assert(dj_store_put(store, batch, records->pdata[i], 0, &result, &error), "%s", error ? error->message : "");
    }
    cr_assert(dj_store_commit(store, &error));
    cr_assert(dj_store_end_batch(store, batch, records->len, 0, 0, 0, &error), "%s", error ? error->message : "");
    g_ptr_array_set_free_func(records, (GDestroyNotify)dj_record_free);
    g_ptr_array_unref(records);
}

DjRecord *year_ground_read(YearGround *ground, DjTable table, const char *key, gint64 point)
{
    DjRecord *record = dj_record_new(table);
    gboolean found;
    cr_assert(dj_store_get(ground->workspace->store, table, key, point, record, &found, NULL));
    if (found)
        return record;
    dj_record_free(record);
    return NULL;
}

void year_ground_write(YearGround *ground, const char *name, const char *text)
{
    fixture_write(ground->config, name, text);
}

void year_ground_train(YearGround *ground)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *at = g_strdup_printf("2026-%02d-06T09:00:00", ground->month);
    DjTrainOptions options = {.scoring = dj_scoring_default(), .word_vectors = FALSE, .now = at};
    DjTrainResult result;
    cr_assert(dj_train(ground->workspace->store, &options, &result, &error), "%s", error ? error->message : "");
    g_free(result.model);
}

void year_ground_decide(YearGround *ground, int kind, const char *need, const char *patent)
{
    g_autofree char *at = g_strdup_printf("2026-%02d-07T09:00:00", ground->month);
    DjDecision decision = {.kind = (DjDecisionKind)kind,
                           .need = need,
                           .patent = patent,
                           .who = "test",
                           .recorded_at = at,
                           .note = "",
                           .data = ""};
    cr_assert(dj_store_add_decision(ground->workspace->store, &decision, NULL, NULL));
}

static gboolean note_last(const DjDecision *decision, gpointer user)
{
    *(gint64 *)user = decision->id;
    return TRUE;
}

DjMonthVersion *year_ground_version(YearGround *ground)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(ground->config, NULL, &error);
    cr_assert_not_null(source, "%s", error ? error->message : "");
    g_autoptr(DjSettings) settings = dj_settings_load(source, &error);
    cr_assert_not_null(settings, "%s", error ? error->message : "");
    g_autoptr(GBytes) bundle = dj_settings_bundle(settings, source, &error);
    cr_assert_not_null(bundle, "%s", error ? error->message : "");
    DjMonthVersion *version = g_new0(DjMonthVersion, 1);
    DjStore *store = ground->workspace->store;
    version->month = g_strdup_printf("2026-%02d", ground->month);
    version->as_of = g_strdup_printf("2026-%02d-28", ground->month);
    cr_assert(dj_day_parse(version->as_of, &version->day));
    version->build = g_strdup("a build of the tests");
    version->config = dj_month_config_new(bundle, &error);
    cr_assert_not_null(version->config, "%s", error ? error->message : "");
    version->model = dj_store_latest_blob(store, "model", &error);
    cr_assert_not_null(version->model);
    cr_assert(dj_store_point_at(store, version->as_of, &version->facts, &error));
    cr_assert(dj_store_each_decision(store, NULL, note_last, &version->decision, &error));
    return version;
}

static void copy_shipped(YearGround *ground, const char *name)
{
    g_autofree char *from = g_build_filename(DJ_SOURCE_DIR, "config", name, NULL), *text = NULL;
    cr_assert(g_file_get_contents(from, &text, NULL, NULL));
    year_ground_write(ground, name, text);
}

void year_ground_make(YearGround *ground, guint n_patents, guint n_needs, guint32 seed)
{
    g_autoptr(GError) error = NULL;
    *ground = (YearGround){.folder = fixture_folder(), .config = fixture_folder(), .month = 1};
    ground->rand = g_rand_new_with_seed(seed);
    copy_shipped(ground, "units/units.yaml");
    copy_shipped(ground, "calibration/curve.yaml");
    ground->app =
        (DjApp){.workspace = g_build_filename(ground->folder, "w", NULL), .command = "monthly", .quiet = TRUE};
    cr_assert(dj_workspace_create(ground->app.workspace, &error), "%s", error ? error->message : "");
    ground->workspace = dj_workspace_open(&ground->app, DJ_WORKSPACE_WRITE, &error);
    cr_assert_not_null(ground->workspace, "%s", error ? error->message : "");
    GPtrArray *records = g_ptr_array_new();
    for (guint i = 0; i < n_patents; i++)
        g_ptr_array_add(records, year_ground_patent(ground, i));
    for (guint i = 0; i < n_needs; i++)
        g_ptr_array_add(records, year_ground_need(ground, i, i % 8));
    for (guint i = 0; i < 10; i++) { /* 8 and 9 have no need: one asks by its product, the other has no text */
        DjRecord *enterprise = dj_record_new(DJ_TABLE_ENTERPRISE);
        g_autofree char *name = g_strdup_printf("企业%u", i);
        dj_record_set(enterprise, DJ_ENTERPRISE_NAME, name);
        dj_record_set(enterprise, DJ_ENTERPRISE_TITLES, i == 7 ? "高新技术企业" : "专精特新中小企业(2029-01-01)");
        if (i == 8)
            set_text(ground, enterprise, DJ_ENTERPRISE_PRODUCT, 10);
        if (i == 6)
            dj_record_set(enterprise, DJ_ENTERPRISE_OPT_OUT, "yes");
        g_ptr_array_add(records, enterprise);
    }
    year_ground_put(ground, records);
}

void year_ground_free(YearGround *ground)
{
    dj_workspace_close(ground->workspace);
    g_free(ground->app.workspace);
    folder_remove(ground->folder);
    folder_remove(ground->config);
    g_free(ground->folder);
    g_free(ground->config);
    g_rand_free(ground->rand);
}
