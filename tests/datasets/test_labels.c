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

/* Labels are ids of 51020. A taxonomy that is composed of its chains knows them as names of its own; the others mean
 * nothing to it. Bits by chain number. */
static guint64 chains_of(const DjTaxonomy *taxonomy, const char *labels)
{
    g_auto(GStrv) ids = g_strsplit(labels, " ", -1);
    guint64 chains = 0;
    for (char **id = ids; *id; id++) {
        guint chain;
        if (**id && dj_taxonomy_find(taxonomy, *id, &chain))
            chains |= G_GUINT64_CONSTANT(1) << chain;
    }
    return chains;
}

static guint count_bits(guint64 bits)
{
    guint n = 0;
    for (; bits; bits &= bits - 1)
        n++;
    return n;
}

typedef struct {
    guint n, labels, given, hits, acceptable, first, filed;
} Counts;

/* The labelled records of one split, filed. */
static Counts file_split(const Data *data, const DjTaxonomy *taxonomy, const char *split)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    g_autofree char *text = NULL;
    cr_assert(g_file_get_contents(DJ_SOURCE_DIR "/datasets/labels/chains.tsv", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Counts counts = {0};
    for (guint i = 1; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
        if (strcmp(columns[3], split) != 0)
            continue;
        g_autoptr(DjRecord) record = find_record(data, columns[0], columns[1]);
        cr_assert_not_null(record, "no record %s of %s", columns[1], columns[0]);
        DjMembership given[DJ_MAX_MEMBERSHIPS];
        guint found = dj_taxonomy_classify(taxonomy, normaliser, record, given);
        guint64 labels = chains_of(taxonomy, columns[4]), also = chains_of(taxonomy, columns[5]), filed = 0;
        for (guint m = 0; m < found; m++)
            filed |= G_GUINT64_CONSTANT(1) << given[m].chain;
        counts.n++;
        counts.labels += count_bits(labels);
        counts.given += found;
        counts.hits += count_bits(labels & filed);
        counts.acceptable += count_bits((labels | also) & filed);
        counts.filed += found > 0;
        counts.first += found > 0 && (labels >> given[0].chain & 1);
    }
    return counts;
}

Test(labels, filing_holds_its_floor_on_records_that_nothing_was_built_from, .timeout = 120)
{
    static const struct {
        const char *taxonomy, *split;
        guint n;
        double recall, precision;
    } floors[] = {{"hubei-51020", "test", 200, .82, .76},        {"hubei-51020", "blind", 150, .82, .76},
                  {"hubei-51020", "fresh", 70, .83, .83},        {"hubei-youshi-2023", "test", 200, .77, .84},
                  {"hubei-youshi-2023", "blind", 150, .77, .84}, {"hubei-youshi-2023", "fresh", 70, .87, .77}};
    Data data = {0};
    if (!open_data(&data))
        cr_skip_test("skipped: the labelled texts are not at %s", data.folder);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    for (gsize i = 0; i < G_N_ELEMENTS(floors); i++) {
        g_autoptr(DjTaxonomy) taxonomy = source ? dj_taxonomy_file_load(source, floors[i].taxonomy, &error) : NULL;
        cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
        Counts counts = file_split(&data, taxonomy, floors[i].split);
        double recall = (double)counts.hits / counts.labels, precision = (double)counts.hits / counts.given;
        cr_log_info(
            "%s, %s, %u records: recall@3 %.3f, precision %.3f, with acceptable %.3f; first: precision %.3f, recall "
            "%.3f",
            floors[i].taxonomy, floors[i].split, counts.n, recall, precision, (double)counts.acceptable / counts.given,
            (double)counts.first / counts.filed, (double)counts.first / counts.labels);
        cr_assert_geq(counts.n, floors[i].n);
        cr_expect_geq(recall, floors[i].recall, "%s, %s: recall %.3f", floors[i].taxonomy, floors[i].split, recall);
        cr_expect_geq(precision, floors[i].precision, "%s, %s: precision %.3f", floors[i].taxonomy, floors[i].split,
                      precision);
    }
    for (int i = 0; i < 3; i++)
        json_decref(data.arrays[i]);
    g_hash_table_unref(data.patents);
    g_free(data.folder);
}
