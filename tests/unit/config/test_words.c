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
    cr_expect_gt(dj_calibration_permille(curve, 500), 800);
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

Test(words, a_curve_survives_its_json_and_damage_is_refused)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjCalibration) curve = dj_calibration_file_load(source, NULL);
    g_autoptr(GBytes) bytes = dj_calibration_to_json(curve);
    g_autoptr(DjCalibration) again = dj_calibration_from_json(bytes, NULL);
    cr_assert_not_null(again);
    for (gint64 points = -100; points < 700; points += 13)
        cr_expect_eq(dj_calibration_permille(again, points), dj_calibration_permille(curve, points));
    static const char *const damaged[] = {"", "{}", "{\"source\":\"x\",\"knots\":[]}",
                                          "{\"source\":\"x\",\"knots\":[[5,10],[4,20]]}", "[[1,2]]"};
    for (gsize i = 0; i < G_N_ELEMENTS(damaged); i++) {
        g_autoptr(GBytes) wrong = g_bytes_new_static(damaged[i], strlen(damaged[i]));
        g_autoptr(GError) error = NULL;
        cr_expect_null(dj_calibration_from_json(wrong, &error));
        cr_expect_not_null(error);
    }
}
