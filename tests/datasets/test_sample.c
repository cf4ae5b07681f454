/* SPDX-License-Identifier: GPL-3.0-or-later */
/* datasets/sample keeps what its README says: the files are imported as a user would, then the store is looked at. */
#include "config/mapping_file.h"
#include "config/rules_file.h"
#include "config/taxonomy_file.h"
#include "engine/match/demand.h"
#include "engine/model/ident.h"
#include "indexer/import.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER         DJ_SOURCE_DIR "/datasets/sample"
#define GRAM           5
#define MOST_SHARED    0.25
#define LEAST_ABSTRACT 120

static char *folder, *readme;
static DjConfigSource *config;
static DjStore *store;

#define must(call, error)                                                                                              \
    do {                                                                                                               \
        gboolean must_ok = (call);                                                                                     \
        cr_assert(must_ok, "%s", (error) ? (error)->message : "failed without a message");                             \
    } while (0)

static char *sample_text(const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(FOLDER, name, NULL);
    char *text = NULL;
    must(g_file_get_contents(path, &text, NULL, &error), error);
    return text;
}

/* Cells of a table row of the README, trimmed, from index 1; NULL when the line is none. */
static char **table_row(const char *line)
{
    if (line[0] != '|' || g_str_has_prefix(line, "|--"))
        return NULL;
    char **cells = g_strsplit(line, "|", -1);
    for (char **cell = cells; *cell; cell++)
        g_strstrip(*cell);
    return cells;
}

/* ---- the README's table of imports ---- */

static void import_row(char **cells)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_strndup(cells[1] + 1, strlen(cells[1]) - 2);
    g_autofree char *path = g_build_filename(FOLDER, name, NULL);
    g_autofree char *word = g_strndup(name, strcspn(name, "-."));
    DjTable table;
    cr_assert(dj_table_parse(word, &table), "%s names no table", name);
    g_autoptr(DjMapping) mapping = dj_mapping_load(config, dj_table_name(table), &error);
    must(mapping != NULL, error);
    DjImportOptions options = {.path = path,
                               .table = table,
                               .mapping = mapping,
                               .recorded_at = "2026-11-01T00:00:00",
                               .rejects_folder = folder};
    DjImportResult result;
    must(dj_import_file(store, &options, &result, &error), error);
    g_autofree char *said = g_strjoin(" ", cells[3], cells[4], cells[5], cells[6], NULL);
    g_autofree char *was = g_strdup_printf("%d %d %d %d", (int)result.imported, (int)result.updated,
                                           (int)result.unchanged, (int)result.rejected);
    cr_assert_str_eq(was, said, "%s: the README says %s, the import %s", name, said, was);
    dj_import_result_clear(&result);
}

static void setup(void)
{
    g_autoptr(GError) error = NULL;
    folder = g_dir_make_tmp("duijie-sample-XXXXXX", NULL);
    g_autofree char *db = g_build_filename(folder, "duijie.db", NULL);
    must((store = dj_store_open(db, DJ_STORE_CREATE, &error)) != NULL, error);
    must((config = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error)) != NULL, error);
    readme = sample_text("README.md");
    g_auto(GStrv) lines = g_strsplit(readme, "\n", -1);
    guint files = 0;
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = table_row(*line);
        if (!cells || cells[1][0] != '`')
            continue;
        import_row(cells);
        files++;
    }
    cr_assert_eq(files, 9);
}

static void teardown(void)
{
    dj_store_close(store);
    dj_config_source_free(config);
    folder_remove(folder);
    g_free(folder);
    g_free(readme);
}

TestSuite(sample, .init = setup, .fini = teardown);

static gboolean collect(const DjRecord *record, gpointer user)
{
    g_ptr_array_add(user, dj_record_copy(record));
    return TRUE;
}

static GPtrArray *records_of(DjTable table)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    must(dj_store_each(store, table, DJ_POINT_NOW, collect, all, &error), error);
    return all;
}

static gboolean is_stored(DjTable table, const char *key)
{
    g_autoptr(GError) error = NULL;
    gboolean found;
    must(dj_store_has(store, table, key, &found, &error), error);
    return found;
}

Test(sample, there_is_as_much_as_promised)
{
    static const struct {
        DjTable table;
        guint least;
    } wanted[] = {{DJ_TABLE_PATENT, 240}, {DJ_TABLE_ENTERPRISE, 60}, {DJ_TABLE_NEED, 120}};
    guint counts[3];
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        g_autoptr(GPtrArray) all = records_of(wanted[i].table);
        counts[i] = all->len;
        cr_expect_geq(all->len, wanted[i].least, "%s: only %u", dj_table_name(wanted[i].table), all->len);
    }
    g_autoptr(GPtrArray) supply = records_of(DJ_TABLE_PATENT);
    g_autoptr(GHashTable) owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < supply->len; i++) {
        g_auto(GStrv) names = dj_record_list(supply->pdata[i], DJ_PATENT_OWNERS);
        const char *kind = dj_record_get(supply->pdata[i], DJ_PATENT_INSTITUTION_KIND);
        if (g_strcmp0(kind, "企业") != 0)
            g_hash_table_add(owners, g_strdup(names[0]));
    }
    cr_expect_geq(g_hash_table_size(owners), 20);
    g_autofree char *sentence = g_strdup_printf("%u supply records of %u institutions, %u enterprises, %u needs",
                                                counts[0], g_hash_table_size(owners), counts[1], counts[2]);
    cr_expect_not_null(strstr(readme, sentence), "the README does not say: %s", sentence);
}

Test(sample, declared_chains_are_official)
{
    g_autoptr(GError) error = NULL;
    DjTaxonomy *taxonomy = dj_taxonomy_file_load(config, "hubei-51020", &error);
    must(taxonomy != NULL, error);
    static const struct {
        DjTable table;
        int field;
    } where[] = {{DJ_TABLE_PATENT, DJ_PATENT_CHAINS}, {DJ_TABLE_NEED, DJ_NEED_CHAIN}};
    g_autoptr(GHashTable) declared = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(where); i++) {
        g_autoptr(GPtrArray) all = records_of(where[i].table);
        for (guint j = 0; j < all->len; j++) {
            g_auto(GStrv) names = dj_record_list(all->pdata[j], where[i].field);
            for (char **name = names; *name && **name; name++) {
                guint chain;
                cr_assert(dj_taxonomy_find(taxonomy, *name, &chain), "no chain %s", *name);
                cr_expect_str_eq(dj_taxonomy_chain(taxonomy, chain).name, *name);
                g_hash_table_add(declared, g_strdup(*name));
            }
        }
    }
    g_autofree char *sentence = g_strdup_printf("declaring %u of the 35 chains", g_hash_table_size(declared));
    cr_expect_not_null(strstr(readme, sentence), "the README does not say: %s", sentence);
    dj_taxonomy_free(taxonomy);
}

Test(sample, identifiers_are_right_and_nobodys)
{
    g_autoptr(GPtrArray) supply = records_of(DJ_TABLE_PATENT);
    for (guint i = 0; i < supply->len; i++) {
        const DjRecord *patent = supply->pdata[i];
        const char *number = dj_record_get(patent, DJ_PATENT_NUMBER);
        cr_assert(number || dj_record_kind(patent) == DJ_KIND_ACHIEVEMENT, "%s has no number", patent->key);
        g_autofree char *again = number ? dj_patent_number_normalise(number, NULL) : NULL;
        cr_assert_eq(g_strcmp0(again, number), 0);
        cr_assert(!number || number[7] == '9', "%s may have been assigned", number);
        g_auto(GStrv) codes = dj_record_list(patent, DJ_PATENT_OWNER_CODES);
        for (char **code = codes; *code && **code; code++) {
            g_autofree char *right = dj_credit_code_normalise(*code, NULL);
            cr_assert(right && strncmp(right + 2, "99", 2) == 0, "%s: %s", patent->key, *code);
        }
    }
    static const struct {
        DjTable table;
        int code;
    } where[] = {{DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_CREDIT_CODE}, {DJ_TABLE_NEED, DJ_NEED_ENTERPRISE_CODE}};
    for (gsize i = 0; i < G_N_ELEMENTS(where); i++) {
        g_autoptr(GPtrArray) all = records_of(where[i].table);
        for (guint j = 0; j < all->len; j++) {
            const char *code = dj_record_get(all->pdata[j], where[i].code);
            cr_assert(!code || strncmp(code + 2, "99", 2) == 0, "%s names a region that may exist", code);
        }
    }
}

/* ---- texts are not made from templates ---- */

typedef struct {
    char *key;
    guint64 *grams; /* ascending, distinct */
    gsize n;
} Text;

static int compare_grams(const void *a, const void *b)
{
    guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;
    return (x > y) - (x < y);
}

/* Distinct runs of GRAM characters, by a 64-bit hash (FNV-1a over code points). */
static Text text_of(const char *key, const char *string)
{
    glong length;
    g_autofree gunichar *chars = g_utf8_to_ucs4_fast(string, -1, &length);
    Text text = {.key = g_strdup(key), .grams = g_new(guint64, MAX(length, 1))};
    gsize n = 0;
    for (glong i = 0; i + GRAM <= length; i++) {
        guint64 hash = 0xCBF29CE484222325u;
        for (int j = 0; j < GRAM; j++)
            hash = (hash ^ chars[i + j]) * 0x100000001B3u;
        text.grams[n++] = hash;
    }
    qsort(text.grams, n, sizeof *text.grams, compare_grams);
    for (gsize i = 0; i < n; i++)
        if (text.n == 0 || text.grams[i] != text.grams[text.n - 1])
            text.grams[text.n++] = text.grams[i];
    return text;
}

static double shared(const Text *a, const Text *b)
{
    gsize i = 0, j = 0, common = 0;
    while (i < a->n && j < b->n) {
        if (a->grams[i] == b->grams[j]) {
            common++;
            i++;
            j++;
        } else if (a->grams[i] < b->grams[j]) {
            i++;
        } else {
            j++;
        }
    }
    return a->n + b->n ? (double)common / (double)(a->n + b->n - common) : 0;
}

/* key of a marked duplicate -> key of what it repeats */
static GHashTable *marked_duplicates(void)
{
    GHashTable *marked = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autofree char *text = sample_text("duplicates.tsv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_assert_str_eq(lines[0], "kind\trecord\tduplicate_of");
    for (char **line = lines + 1; **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        DjTable table;
        cr_assert(g_strv_length(cells) == 3 && dj_table_parse(cells[0], &table), "%s", *line);
        cr_assert(is_stored(table, cells[1]) && is_stored(table, cells[2]), "%s", *line);
        g_hash_table_insert(marked, g_strdup(cells[1]), g_strdup(cells[2]));
    }
    return marked;
}

static const char *original(GHashTable *marked, const char *key)
{
    const char *of = g_hash_table_lookup(marked, key);
    return of ? of : key;
}

static void check_texts(DjTable table, int field, guint marked_pairs)
{
    g_autoptr(GHashTable) marked = marked_duplicates();
    g_autoptr(GPtrArray) all = records_of(table);
    g_autofree Text *texts = g_new(Text, all->len);
    guint n = 0, alike = 0;
    for (guint i = 0; i < all->len; i++) {
        const DjRecord *record = all->pdata[i];
        const char *string = dj_record_get(record, field);
        cr_assert_not_null(string, "%s has no text", record->key);
        texts[n++] = text_of(record->key, string);
    }
    for (guint i = 0; i < n; i++)
        for (guint j = 0; j < i; j++) {
            gboolean known = strcmp(original(marked, texts[i].key), original(marked, texts[j].key)) == 0;
            double share = shared(&texts[i], &texts[j]);
            alike += known;
            cr_expect(known || share <= MOST_SHARED, "%s and %s share %.2f of their 5-grams", texts[i].key,
                      texts[j].key, share);
            cr_expect(!known || share > MOST_SHARED, "%s and %s are marked as duplicates but share %.2f", texts[i].key,
                      texts[j].key, share);
        }
    cr_expect_eq(alike, marked_pairs);
    for (guint i = 0; i < n; i++) {
        g_free(texts[i].key);
        g_free(texts[i].grams);
    }
}

Test(sample, abstracts_are_written_one_by_one)
{
    check_texts(DJ_TABLE_PATENT, DJ_PATENT_ABSTRACT, 9);
    g_autoptr(GPtrArray) supply = records_of(DJ_TABLE_PATENT);
    for (guint i = 0; i < supply->len; i++) {
        const DjRecord *patent = supply->pdata[i];
        cr_expect_geq(g_utf8_strlen(dj_record_get(patent, DJ_PATENT_ABSTRACT), -1), LEAST_ABSTRACT, "%s", patent->key);
    }
}

Test(sample, needs_are_written_one_by_one)
{
    check_texts(DJ_TABLE_NEED, DJ_NEED_DESCRIPTION, 9);
}

/* ---- judgments ---- */

Test(sample, judgments_name_records_that_exist)
{
    g_autofree char *table = sample_text("qrels.tsv");
    g_autofree char *trec = sample_text("qrels.trec");
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) best = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) same = g_string_new(NULL);
    guint pairs = 0;
    cr_assert_str_eq(lines[0], "need\tsupply\tgrade");
    for (char **line = lines + 1; **line; line++, pairs++) {
        g_auto(GStrv) cells = g_strsplit(*line, "\t", -1);
        cr_assert_eq(g_strv_length(cells), 3, "%s", *line);
        cr_assert(is_stored(DJ_TABLE_NEED, cells[0]), "no need %s", cells[0]);
        cr_assert(is_stored(DJ_TABLE_PATENT, cells[1]), "no patent or achievement %s", cells[1]);
        cr_assert(strlen(cells[2]) == 1 && cells[2][0] >= '0' && cells[2][0] <= '3', "%s", *line);
        cr_assert(g_hash_table_add(seen, g_strjoin(" ", cells[0], cells[1], NULL)), "judged twice: %s", *line);
        g_string_append_printf(same, "%s 0 %s %s\n", cells[0], cells[1], cells[2]);
        int grade = cells[2][0] - '0', so_far = GPOINTER_TO_INT(g_hash_table_lookup(best, cells[0]));
        g_hash_table_insert(best, g_strdup(cells[0]), GINT_TO_POINTER(MAX(grade, so_far)));
    }
    cr_expect_str_eq(trec, same->str);
    g_autoptr(GPtrArray) needs = records_of(DJ_TABLE_NEED);
    cr_expect_eq(g_hash_table_size(best), needs->len, "a need without judgments");
    guint without = 0;
    GHashTableIter iter;
    gpointer grade;
    g_hash_table_iter_init(&iter, best);
    while (g_hash_table_iter_next(&iter, NULL, &grade))
        without += GPOINTER_TO_INT(grade) < 2;
    g_autofree char *first = g_strdup_printf("grade %u pairs", pairs);
    g_autofree char *second = g_strdup_printf("%u needs have nothing of grade 2 or more", without);
    cr_expect_not_null(strstr(readme, first), "the README does not say: %s", first);
    cr_expect_not_null(strstr(readme, second), "the README does not say: %s", second);
}

/* ---- planted facts ---- */

/* key -> verdict ("met", "not met", "unknown") as the README's second table says. */
static GHashTable *planted_verdicts(void)
{
    GHashTable *planted = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(readme, "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) cells = table_row(*line);
        if (!cells || g_strv_length(cells) != 5 || !g_str_has_prefix(cells[3], "ZL"))
            continue;
        g_auto(GStrv) keys = g_strsplit(cells[3], " ", -1);
        for (char **key = keys; *key; key++) {
            cr_assert(is_stored(DJ_TABLE_PATENT, *key), "no patent %s", *key);
            g_hash_table_insert(planted, g_strdup(*key), g_strdup(cells[2]));
        }
    }
    return planted;
}

Test(sample, the_gate_finds_the_planted_facts_and_no_others)
{
    g_autoptr(GError) error = NULL;
    DjRuleSet *rules = dj_rules_file_load(config, "open-licence", &error);
    must(rules != NULL, error);
    g_autoptr(GHashTable) planted = planted_verdicts();
    cr_assert_gt(g_hash_table_size(planted), 60);
    g_autoptr(GPtrArray) supply = records_of(DJ_TABLE_PATENT);
    for (guint i = 0; i < supply->len; i++) {
        const DjRecord *patent = supply->pdata[i];
        const char *said = g_hash_table_lookup(planted, patent->key);
        g_autoptr(GPtrArray) gate = g_ptr_array_new_with_free_func((GDestroyNotify)dj_gate_result_free);
        DjVerdict verdict = dj_gate_supply(rules, patent, dj_day_from_ymd(2026, 11, 1), gate);
        const char *was = verdict == DJ_MET ? "met" : verdict == DJ_NOT_MET ? "not met" : "unknown";
        cr_expect_str_eq(was, said ? said : "met", "%s: the gate says %s", patent->key, was);
    }
    dj_rule_set_free(rules);
}
