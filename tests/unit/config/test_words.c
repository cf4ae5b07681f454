/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lexicon and the calibration curve as files: what is shipped loads, what is wrong is named by line and field. */
#include "config/calibration_file.h"
#include "config/lexicon_file.h"
#include "config/taxonomy_file.h"
#include "fixture.h"
#include <string.h>

static DjTaxonomy *shipped_taxonomy(const DjConfigSource *source)
{
    g_autoptr(GError) error = NULL;
    DjTaxonomy *taxonomy = dj_taxonomy_file_load(source, "hubei-51020", &error);
    cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
    return taxonomy;
}

Test(words, the_shipped_lexicon_and_curve_load)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = shipped_taxonomy(source);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjLexicon) lexicon = dj_lexicon_file_load(source, taxonomy, &error);
    cr_assert_not_null(lexicon, "%s", error ? error->message : "");
    cr_expect_geq(dj_lexicon_n_entries(lexicon), 600);
    g_autoptr(DjCalibration) curve = dj_calibration_file_load(source, &error);
    cr_assert_not_null(curve, "%s", error ? error->message : "");
    cr_expect_lt(dj_calibration_permille(curve, 0), 100);
    int top = dj_calibration_permille(curve, 500);
    cr_expect(top > 300 && top < 400, "%d: no more than was known to be good (config/calibration/README.md)", top);
    cr_assert_not_null(curve->limits);
    cr_expect_not_null(strstr(curve->limits, "lower bound"));
}

Test(words, shipped_empty_words_are_found_and_technical_ones_are_not)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = shipped_taxonomy(source);
    g_autoptr(DjLexicon) lexicon = dj_lexicon_file_load(source, taxonomy, NULL);
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    cr_assert(lexicon && normaliser);
    static const struct {
        const char *text, *expected; /* the empty words, each followed by a bar */
    } cases[] = {{"要么洗砂，或者从而提高市场占有率", "要么|或者|从而|市场占有率|"},
                 {"达到行业领先水平", "行业领先水平|"}, /* the longest */
                 {"市场分析与行业数据", ""},
                 {"不断电电源、比较器、同时定位与建图、非常规油气", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(DjLexiconSpan));
        g_autoptr(GString) actual = g_string_new(NULL);
        dj_lexicon_find_empty(lexicon, normaliser, cases[i].text, spans);
        for (guint s = 0; s < spans->len; s++) {
            DjLexiconSpan span = g_array_index(spans, DjLexiconSpan, s);
            g_string_append_len(actual, cases[i].text + span.begin, span.end - span.begin);
            g_string_append_c(actual, '|');
        }
        cr_expect_str_eq(actual->str, cases[i].expected);
    }
}

static void no_empty_word(const char *term, gpointer user)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(DjLexiconSpan));
    dj_lexicon_find_empty(user, normaliser, term, spans);
    cr_expect(spans->len == 0 || g_str_has_prefix(term, "基于"), "%s", term); /* 基于通信的列车控制 */
}

Test(words, no_term_of_the_shipped_lexicon_holds_an_empty_word)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = shipped_taxonomy(source);
    g_autoptr(DjLexicon) lexicon = dj_lexicon_file_load(source, taxonomy, NULL);
    cr_assert(lexicon != NULL);
    dj_lexicon_each_term(lexicon, no_empty_word, lexicon);
}

/* A folder with one lexicon file of the given entries. */
static char *load_error(const char *entries)
{
    g_autofree char *folder = fixture_folder();
    g_autofree char *text = g_strdup_printf("id: t\nversion: \"1\"\nentries:\n%s", entries);
    fixture_write(folder, "default.yaml", "list:\n  top: 20\n");
    fixture_write(folder, "lexicon/t.yaml", text);
    g_autofree char *chains = NULL; /* chains of entries are those of 51020 */
    cr_assert(g_file_get_contents(DJ_SOURCE_DIR "/config/chains/hubei-51020.yaml", &chains, NULL, NULL));
    fixture_write(folder, "chains/hubei-51020.yaml", chains);
    g_autoptr(DjConfigSource) shipped = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = shipped_taxonomy(shipped);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, &error);
    cr_assert_not_null(source, "%s", error ? error->message : "");
    g_autoptr(DjLexicon) lexicon = dj_lexicon_file_load(source, taxonomy, &error);
    folder_remove(folder);
    return lexicon ? NULL : g_strdup(error->message);
}

Test(words, a_wrong_entry_is_named_by_line_and_field)
{
    static const struct {
        const char *entries, *expected; /* NULL: fine */
    } cases[] = {
        {"  - {terms: [甲, 乙], type: synonym}\n", NULL},
        {"  - {terms: [甲, 乙], type: near, weight: 70, chains: [c2]}\n", NULL},
        {"  - {terms: [甲], type: synonym}\n", "line 4"},
        {"  - {terms: [甲, 乙], type: sametype}\n", "sametype"},
        {"  - {terms: [甲, 乙], type: synonym, weight: 50}\n", "only a near entry"},
        {"  - {terms: [甲, 乙], type: near, weight: 101}\n", "weight"},
        {"  - {terms: [甲, 乙], type: synonym, chains: [c99]}\n", "c99"},
        {"  - {terms: [甲, 乙], type: synonym, context: [丙]}\n", "none of the terms"},
        {"  - {terms: [甲, 乙], typ: synonym}\n", "typ"},
        {"  - {terms: [甲, \"\"], type: synonym}\n", "empty"},
        {"  - {terms: [要么], type: conjunction, source: usage}\n", NULL},
        {"  - {terms: [要么], type: conjunction, weight: 50}\n", "weight"},
        {"  - {terms: [要么], type: conjunction, context: [要么]}\n", "context"},
        {"  - {type: conjunction}\n", "terms"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *message = load_error(cases[i].entries);
        if (!cases[i].expected) {
            cr_expect_null(message, "%s", message);
            continue;
        }
        cr_assert_not_null(message, "case %zu was accepted", i);
        cr_expect(strstr(message, cases[i].expected) && strstr(message, "t.yaml"), "%s", message);
    }
}

Test(words, a_learned_curve_survives_its_file_and_hides_the_shipped_one)
{
    const DjKnot knots[] = {{-20, 10}, {0, 40}, {310, 700}};
    g_autoptr(DjCalibration) curve = dj_calibration_new(knots, 3, "12 decisions, \"accepted\" or not");
    g_autofree char *text = dj_calibration_file_text(curve, "2026-11-01");
    g_autofree char *folder = fixture_folder();
    g_autofree char *path = g_strdup_printf("config/%s", DJ_CALIBRATION_FILE);
    fixture_write(folder, path, text);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", folder, &error);
    g_autoptr(DjCalibration) again = source ? dj_calibration_file_load(source, &error) : NULL;
    cr_assert_not_null(again, "%s", error ? error->message : "");
    cr_expect_str_eq(again->source, curve->source);
    cr_assert_eq(again->knots->len, 3);
    for (gint64 points = -100; points < 400; points += 7)
        cr_expect_eq(dj_calibration_permille(again, points), dj_calibration_permille(curve, points));
    fixture_write(folder, path,
                  "id: x\nsource: y\nknots:\n  - {points: 5, permille: 10}\n  - {points: 4, permille: 20}\n");
    g_autoptr(DjConfigSource) wrong = dj_config_source_new(DJ_SOURCE_DIR "/config", folder, NULL);
    cr_expect_null(dj_calibration_file_load(wrong, &error));
    cr_expect(error && strstr(error->message, "line 5"), "%s", error ? error->message : "");
    folder_remove(folder);
}

/* ---- the review ---- */

static char *file_text(const char *name)
{
    g_autofree char *path = g_build_filename(DJ_SOURCE_DIR, "config", "lexicon", name, NULL);
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, &error), "%s", error ? error->message : "");
    return text;
}

/* "甲、乙" -> the line of config/lexicon/<file>.yaml whose entry has exactly these terms; NULL where none has. */
static char *entry_of(const char *file, const char *terms)
{
    g_autofree char *name = g_strconcat(file, ".yaml", NULL), *text = file_text(name);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *begin = strstr(*line, "{terms: ["), *end = begin ? strchr(begin, ']') : NULL;
        if (!end)
            continue;
        begin += strlen("{terms: [");
        g_autofree char *list = g_strndup(begin, (gsize)(end - begin));
        g_autoptr(GString) joined = g_string_new(list);
        g_string_replace(joined, "\"", "", 0);
        g_string_replace(joined, ", ", "、", 0);
        if (strcmp(joined->str, terms) == 0)
            return g_strdup(*line);
    }
    return NULL;
}

/* "context 货车" -> "context: [货车", "near 60" -> "type: near, weight: 60", "weight 45" -> "weight: 45" */
static char *as_written(const char *change)
{
    const char *value = strchr(change, ' ');
    cr_assert_not_null(value, "%s", change);
    return g_str_has_prefix(change, "context ") ? g_strdup_printf("context: [%s", value + 1)
           : g_str_has_prefix(change, "near ")  ? g_strdup_printf("type: near, weight: %s", value + 1)
                                                : g_strdup_printf("weight: %s", value + 1);
}

Test(words, what_the_review_says_of_an_entry_is_what_the_lexicon_holds)
{
    enum { PART, FILE_NAME, TERMS, VERDICT, CHANGE, REASON, N_COLUMNS };
    g_autofree char *text = file_text("REVIEW.tsv");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n_sample = 0, n_removed = 0;
    for (char **line = lines + 1; *line && **line; line++) {
        g_auto(GStrv) cell = g_strsplit(*line, "\t", -1);
        cr_assert_eq(g_strv_length(cell), N_COLUMNS, "%s", *line);
        g_autofree char *entry = entry_of(cell[FILE_NAME], cell[TERMS]);
        gboolean removed = strcmp(cell[VERDICT], "removed") == 0;
        cr_expect_eq(entry == NULL, removed, "%s: %s", cell[TERMS], cell[VERDICT]);
        n_sample += strcmp(cell[PART], "sample") == 0;
        n_removed += removed;
        if (strcmp(cell[VERDICT], "mended") == 0) {
            g_autofree char *written = as_written(cell[CHANGE]);
            cr_expect(entry && strstr(entry, written), "%s: %s is not in %s", cell[TERMS], written, entry);
        } else if (!removed) {
            cr_expect_str_eq(cell[VERDICT], "stands");
            cr_expect_str_eq(cell[CHANGE], "");
        }
        cr_expect_eq(*cell[REASON] == '\0', strcmp(cell[VERDICT], "stands") == 0, "%s: no reason", cell[TERMS]);
    }
    cr_expect_eq(n_sample, 100);
    cr_expect_gt(n_removed, 0);
}
