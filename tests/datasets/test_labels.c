/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The filing of real records under chains, against labels made by hand. The texts are not in the repository: without
 * ../shared/data (or DUIJIE_EVAL_DATA) this test skips and says so. */
#include "config/source.h"
#include "config/taxonomy_file.h"
#include <criterion/criterion.h>
#include <jansson.h>
#include <string.h>

typedef struct {
    char *folder;
    json_t *arrays[3];   /* needs.json, achievements.1.json, achievements.2.json */
    GHashTable *patents; /* id -> DjRecord */
} Data;

static const char *const array_names[] = {"needs.json", "achievements.1.json", "achievements.2.json"};

static gboolean open_data(Data *data)
{
    const char *given = g_getenv("DUIJIE_EVAL_DATA");
    data->folder = given ? g_strdup(given) : g_build_filename(DJ_SOURCE_DIR, "..", "shared", "data", NULL);
    for (int i = 0; i < 3; i++) {
        g_autofree char *path = g_build_filename(data->folder, "tech_market", array_names[i], NULL);
        data->arrays[i] = json_load_file(path, 0, NULL);
        if (!json_is_array(data->arrays[i]))
            return FALSE;
    }
    g_autofree char *path = g_build_filename(data->folder, "patents_zh", "patents.jsonl", NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return FALSE;
    data->patents = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)dj_record_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        json_t *object = **line ? json_loads(*line, 0, NULL) : NULL;
        const char *id = json_string_value(json_object_get(object, "id"));
        if (id) {
            DjRecord *record = dj_record_new(DJ_TABLE_PATENT);
            dj_record_set(record, DJ_PATENT_TITLE, json_string_value(json_object_get(object, "title")));
            dj_record_set(record, DJ_PATENT_ABSTRACT, json_string_value(json_object_get(object, "abstract")));
            g_hash_table_insert(data->patents, g_strdup(id), record);
        }
        json_decref(object);
    }
    return TRUE;
}

static DjRecord *find_record(const Data *data, const char *source, const char *id)
{
    const DjRecord *patent = strcmp(source, "patents.jsonl") == 0 ? g_hash_table_lookup(data->patents, id) : NULL;
    if (patent)
        return dj_record_copy(patent);
    for (int i = 0; i < 3; i++) {
        json_t *object = strcmp(source, array_names[i]) == 0
                             ? json_array_get(data->arrays[i], (size_t)g_ascii_strtoull(id, NULL, 10))
                             : NULL;
        if (!object)
            continue;
        DjRecord *record = dj_record_new(i == 0 ? DJ_TABLE_NEED : DJ_TABLE_PATENT);
        dj_record_set(record, i == 0 ? DJ_NEED_TITLE : DJ_PATENT_TITLE,
                      json_string_value(json_object_get(object, "name")));
        dj_record_set(record, i == 0 ? DJ_NEED_DESCRIPTION : DJ_PATENT_ABSTRACT,
                      json_string_value(json_object_get(object, "context")));
        return record;
    }
    return NULL;
}

static guint count_in(char **labels, const DjTaxonomy *taxonomy, const DjMembership *given, guint n_given)
{
    guint hits = 0;
    for (guint i = 0; i < n_given; i++)
        hits += g_strv_contains((const char *const *)labels, dj_taxonomy_chain(taxonomy, given[i].chain).id);
    return hits;
}

Test(labels, filing_holds_its_floor_on_the_test_half, .timeout = 120)
{
    Data data = {0};
    if (!open_data(&data))
        cr_skip_test("skipped: the labelled texts are not at %s", data.folder);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    g_autoptr(DjTaxonomy) taxonomy = source ? dj_taxonomy_file_load(source, "hubei-51020", &error) : NULL;
    cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents(DJ_SOURCE_DIR "/datasets/labels/chains.tsv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0, n_labels = 0, n_given = 0, n_hits = 0, n_first = 0, n_filed = 0;
    for (guint i = 1; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
        if (strcmp(columns[3], "test") != 0)
            continue;
        g_autoptr(DjRecord) record = find_record(&data, columns[0], columns[1]);
        cr_assert_not_null(record, "no record %s of %s", columns[1], columns[0]);
        DjMembership given[DJ_MAX_MEMBERSHIPS];
        guint found = dj_taxonomy_classify(taxonomy, normaliser, record, given);
        g_auto(GStrv) labels = g_strsplit(strcmp(columns[4], "none") == 0 ? "" : columns[4], " ", -1);
        guint hits = count_in(labels, taxonomy, given, found);
        n++;
        n_labels += g_strv_length(labels);
        n_given += found;
        n_hits += hits;
        n_filed += found > 0;
        n_first += found > 0 && count_in(labels, taxonomy, given, 1) > 0;
    }
    cr_assert_geq(n, 200);
    double recall = (double)n_hits / n_labels, precision = (double)n_hits / n_given;
    cr_log_info("%u records: recall@3 %.3f, precision %.3f, first right %.3f", n, recall, precision,
                (double)n_first / n_filed);
    cr_expect_geq(recall, .78, "recall %.3f", recall);
    cr_expect_geq(precision, .70, "precision %.3f", precision);
    for (int i = 0; i < 3; i++)
        json_decref(data.arrays[i]);
    g_hash_table_unref(data.patents);
    g_free(data.folder);
}
