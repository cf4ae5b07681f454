/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generator: same options, same bytes; identifiers are right; texts have the number of terms that they claim,
 * counted by the analyser of the product and not by the generator. */
#include "datasets/synth/synth.h"
#include "engine/model/ident.h"
#include "engine/text/analyzer.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <string.h>

static const char *const names[] = {"patents.csv", "needs.csv", "enterprises.csv"};

static char *folder;

static void setup(void)
{
    folder = g_dir_make_tmp("duijie-synth-XXXXXX", NULL);
    cr_assert_not_null(folder);
}

static void teardown(void)
{
    folder_remove(folder);
    g_free(folder);
}

static void write_all(guint32 patents, guint32 needs, guint64 seed, const char *shape)
{
    g_autoptr(GError) error = NULL;
    DjSynthOptions options = {patents, needs, 300, seed, dj_synth_shape(shape)};
    cr_assert(dj_synth_write(folder, &options, &error), "%s", error ? error->message : "");
}

static char *contents(const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    char *text = NULL;
    cr_assert(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

/* Lines of a file; the last item is empty, for the line end at the end of the file. */
static char **lines_of(const char *name)
{
    g_autofree char *text = contents(name);
    return g_strsplit(text, "\n", -1);
}

TestSuite(synth, .init = setup, .fini = teardown);

Test(synth, same_options_give_the_same_bytes)
{
    char *first[G_N_ELEMENTS(names)];
    write_all(700, 400, 7, "hubei");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        first[i] = contents(names[i]);
    write_all(700, 400, 7, "hubei");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *again = contents(names[i]);
        cr_assert_str_eq(again, first[i]);
    }
    write_all(700, 400, 8, "hubei");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *other = contents(names[i]);
        cr_assert_str_neq(other, first[i]);
    }
    write_all(900, 500, 7, "hubei");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *longer = contents(names[i]);
        cr_assert(g_str_has_prefix(longer, first[i]), "%s: the first records depend on how many follow", names[i]);
        g_free(first[i]);
    }
}

/* Distinct bigrams and characters of two cells of a line: title and text. */
static guint count_terms(DjAnalyzer *analyzer, const char *title, const char *text)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *const both[] = {title, text};
    for (gsize i = 0; i < G_N_ELEMENTS(both); i++) {
        gsize n;
        const DjTerm *terms = dj_analyzer_split(analyzer, both[i], -1, DJ_UNIT_BIGRAM | DJ_UNIT_CHAR, &n);
        for (gsize j = 0; j < n; j++)
            g_hash_table_add(seen, g_strdup_printf("%d %.*s", terms[j].unit, (int)terms[j].length, terms[j].bytes));
    }
    return g_hash_table_size(seen);
}

static double mean_terms(const char *name, guint title_column)
{
    g_autoptr(DjAnalyzer) analyzer = dj_analyzer_new(NULL);
    g_auto(GStrv) lines = lines_of(name);
    double sum = 0;
    guint n = 0;
    for (char **line = lines + 1; **line; line++, n++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        sum += count_terms(analyzer, cells[title_column], cells[title_column + 1]);
    }
    cr_assert_gt(n, 0);
    return sum / n;
}

Test(synth, texts_have_the_terms_of_their_shape)
{
    static const char *const shapes[] = {"hubei", "study"};
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        const DjSynthShape *shape = dj_synth_shape(shapes[i]);
        write_all(1500, 1500, 3, shapes[i]);
        double patent = mean_terms("patents.csv", 2), need = mean_terms("needs.csv", 3);
        cr_expect(patent > 0.97 * shape->patent_terms && patent < 1.03 * shape->patent_terms, "%s: %.1f per patent",
                  shapes[i], patent);
        cr_expect(need > 0.97 * shape->need_terms && need < 1.03 * shape->need_terms, "%s: %.1f per need", shapes[i],
                  need);
    }
}

static void check_credit_code(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *code = dj_credit_code_normalise(text, &error);
    cr_assert_not_null(code, "%s", error ? error->message : "");
    cr_assert_eq(strncmp(code + 2, "99", 2), 0, "%s names a region that may exist", code);
}

Test(synth, identifiers_are_right_unassigned_and_different)
{
    write_all(3000, 300, 5, "study");
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) patents = lines_of("patents.csv");
    g_auto(GStrv) needs = lines_of("needs.csv");
    g_auto(GStrv) enterprises = lines_of("enterprises.csv");
    g_auto(GStrv) head = g_strsplit(patents[0], ",", -1);
    for (char **line = patents + 1; **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        cr_assert_eq(g_strv_length(cells), g_strv_length(head), "a value holds a comma");
        g_autoptr(GError) error = NULL;
        char *number = dj_patent_number_normalise(cells[0], &error);
        cr_assert_not_null(number, "%s", error ? error->message : "");
        cr_assert_eq(number[7], '9', "%s may have been assigned", number);
        cr_assert(g_hash_table_add(seen, number), "%s twice", cells[0]);
        check_credit_code(cells[7]);
    }
    for (char **line = enterprises + 1; **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        check_credit_code(cells[0]);
        cr_assert(g_hash_table_add(seen, g_strdup(cells[0])), "%s twice", cells[0]);
        cr_assert(g_hash_table_add(seen, g_strdup(cells[1])), "%s twice", cells[1]);
    }
    for (char **line = needs + 1; **line; line++) {
        g_auto(GStrv) cells = g_strsplit(*line, ",", -1);
        cr_assert(g_hash_table_contains(seen, cells[1]), "need of an enterprise that is not in the file");
        cr_assert(g_hash_table_contains(seen, cells[2]), "need of an enterprise that is not in the file");
    }
}

Test(synth, refuses_what_it_cannot_make)
{
    DjSynthOptions no_enterprise = {1, 1, 0, 1, dj_synth_shape("hubei")};
    DjSynthOptions too_many = {DJ_SYNTH_MAX_PATENTS + 1, 0, 1, 1, dj_synth_shape("hubei")};
    DjSynthOptions good = {1, 1, 1, 1, dj_synth_shape("hubei")};
    g_autoptr(GError) error = NULL;
    cr_assert_not(dj_synth_write(folder, &no_enterprise, &error));
    g_clear_error(&error);
    cr_assert_not(dj_synth_write(folder, &too_many, &error));
    g_clear_error(&error);
    cr_assert_not(dj_synth_write("/nowhere/at/all", &good, &error));
    cr_assert_not_null(strstr(error->message, "/nowhere/at/all/patents.csv"));
    cr_assert_null(dj_synth_shape("other"));
}
