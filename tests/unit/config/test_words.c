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
    fixture_remove(folder);
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
    fixture_remove(folder);
}
