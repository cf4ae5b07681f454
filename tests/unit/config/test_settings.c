/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table, the layers over it, the words of errors, and the bundle from which a month runs again. */
#include "config/settings.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

static DjSettings *load_with(const char *default_text, const char *own_text, GError **error)
{
    g_autofree char *folder = fixture_folder();
    g_autofree char *workspace = fixture_folder();
    fixture_write(folder, "default.yaml", default_text);
    if (own_text)
        fixture_write(workspace, "settings.yaml", own_text);
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, workspace, error);
    cr_assert_not_null(source);
    DjSettings *settings = dj_settings_load(source, error);
    folder_remove(folder);
    folder_remove(workspace);
    return settings;
}

static void expect_error(const char *own_text, const char *ending)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjSettings) settings = load_with("list:\n  top: 20\n", own_text, &error);
    cr_assert_null(settings, "accepted: %s", own_text);
    cr_assert(g_str_has_suffix(error->message, ending), "%s", error->message);
}

Test(settings, checked_in_file_is_what_the_table_makes)
{
    g_autofree char *made = dj_settings_write_default();
    g_autofree char *kept = NULL;
    cr_assert(g_file_get_contents(DJ_SOURCE_DIR "/config/default.yaml", &kept, NULL, NULL));
    cr_assert_str_eq(made, kept, "run `duijie settings --default > config/default.yaml`");
}

Test(settings, table_agrees_with_the_engine)
{
    g_autoptr(DjSettings) settings = dj_settings_new();
    DjScoring scoring = dj_scoring_default();
    cr_assert_eq(memcmp(&settings->scoring, &scoring, sizeof scoring), 0);
    DjSemanticOptions semantic;
    dj_semantic_options_init(&semantic);
    cr_assert_eq(memcmp(&settings->semantic, &semantic, sizeof semantic), 0);
}

Test(settings, keys_are_unique_and_defaults_within_range)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(DjSettings) settings = dj_settings_new();
    for (guint i = 0; i < dj_settings_count(); i++) {
        const DjSetting *row = dj_settings_at(i);
        cr_assert(g_hash_table_add(seen, g_strdup_printf("%s.%s", row->section, row->key)), "%s.%s twice", row->section,
                  row->key);
        g_autofree char *value = dj_settings_value(settings, i);
        cr_assert_str_eq(value, row->default_text);
        if (row->type == DJ_SETTING_INT) {
            gint64 number = g_ascii_strtoll(value, NULL, 10);
            cr_assert(number >= row->low && number <= row->high, "%s.%s", row->section, row->key);
        }
    }
}

Test(settings, shipped_file_changes_nothing)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjSettings) loaded = dj_settings_load(source, &error);
    cr_assert_not_null(loaded, "%s", error ? error->message : "");
    g_autoptr(DjSettings) table = dj_settings_new();
    for (guint i = 0; i < dj_settings_count(); i++) {
        g_autofree char *a = dj_settings_value(loaded, i), *b = dj_settings_value(table, i);
        cr_assert_str_eq(a, b, "%s.%s", dj_settings_at(i)->section, dj_settings_at(i)->key);
        cr_assert_not_null(loaded->origin[i]);
    }
}

Test(settings, workspace_hides_the_folder_key_by_key)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjSettings) settings =
        load_with("list:\n  top: 30\n  min_score: 40\n", "list:\n  top: 7\nneed:\n  semantic: false\n", &error);
    cr_assert_not_null(settings, "%s", error ? error->message : "");
    cr_assert_eq(settings->top, 7);
    cr_assert_eq(settings->scoring.min_score, 40);
    cr_assert_not(settings->scoring.semantic);
    cr_assert(settings->scoring.lexical);
}

Test(settings, errors_say_where_and_what)
{
    expect_error("lists:\n  top: 5\n", "/settings.yaml: line 2, column 3: lists: unknown key; did you mean \"list\"?");
    expect_error("list:\n  tops: 5\n",
                 "/settings.yaml: line 2, column 9: list.tops: unknown key; did you mean \"top\"?");
    expect_error("list:\n  top: many\n", "/settings.yaml: line 2, column 8: list.top: not a whole number: \"many\"");
    expect_error("list:\n  top: 0\n", "/settings.yaml: line 2, column 8: list.top: must lie between 1 and 10000: 0");
    expect_error("need:\n  lexical: yes\n",
                 "/settings.yaml: line 2, column 12: need.lexical: must be true or false: \"yes\"");
    expect_error("data:\n  gate: ../secret\n", "must be a name of letters, digits, '-', '_' and '.': \"../secret\"");
}

Test(settings, folder_without_default_is_refused)
{
    g_autofree char *folder = fixture_folder();
    g_autoptr(GError) error = NULL;
    cr_assert_null(dj_config_source_new(folder, NULL, &error));
    cr_assert(strstr(error->message, "not a configuration folder"));
    folder_remove(folder);
}

Test(settings, bundle_reads_back_and_depends_on_results_alone)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjSettings) settings = dj_settings_load(source, &error);
    cr_assert_not_null(settings, "%s", error ? error->message : "");
    g_autoptr(GBytes) bundle = dj_settings_bundle(settings, source, &error);
    cr_assert_not_null(bundle, "%s", error ? error->message : "");

    settings->threads = 7;
    g_autoptr(GBytes) threads = dj_settings_bundle(settings, source, &error);
    cr_assert(g_bytes_equal(bundle, threads), "the number of threads decides no result");
    settings->scoring.min_score = 55;
    g_autoptr(GBytes) other = dj_settings_bundle(settings, source, &error);
    cr_assert_not(g_bytes_equal(bundle, other));

    g_autoptr(DjConfigSource) past = dj_config_source_from_bundle(other, &error);
    cr_assert_not_null(past, "%s", error ? error->message : "");
    cr_assert(dj_config_source_has(past, "rules/open-licence.yaml"));
    cr_assert_not(dj_config_source_has(past, "default.yaml"));
    g_autoptr(DjSettings) again = dj_settings_load(past, &error);
    cr_assert_not_null(again, "%s", error ? error->message : "");
    cr_assert_eq(again->scoring.min_score, 55);
    g_autoptr(GBytes) twice = dj_settings_bundle(again, past, &error);
    cr_assert_not_null(twice, "%s", error ? error->message : "");
    cr_assert(g_bytes_equal(other, twice), "a bundle made from a bundle is the same bytes");
}

Test(settings, broken_bundles_are_refused)
{
    static const char *const broken[] = {"", "[]", "{\"a\": 1}", "{\"a\": \"x\", \"a\": \"y\"}", "{"};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new(broken[i], strlen(broken[i]));
        cr_assert_null(dj_config_source_from_bundle(bytes, &error), "%s", broken[i]);
        cr_assert_not_null(error);
    }
}

Test(settings, workspace_file_hides_the_shipped_one)
{
    g_autofree char *folder = fixture_folder();
    g_autofree char *workspace = fixture_folder();
    fixture_write(folder, "default.yaml", "list:\n  top: 20\n");
    fixture_write(folder, "lexicon/a.yaml", "shipped");
    fixture_write(folder, "lexicon/b.yaml", "shipped");
    fixture_write(workspace, "config/lexicon/b.yaml", "own");
    fixture_write(workspace, "config/lexicon/c.yaml", "own");
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, workspace, NULL);
    g_auto(GStrv) names = dj_config_source_list(source, "lexicon");
    g_autofree char *joined = g_strjoinv(" ", names);
    cr_assert_str_eq(joined, "lexicon/a.yaml lexicon/b.yaml lexicon/c.yaml");
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, "lexicon/b.yaml", &label, NULL);
    cr_assert_eq(g_bytes_get_size(bytes), 3);
    cr_assert_not(dj_config_source_has(source, "lexicon/../default.yaml"), "no way out of the folder");
    folder_remove(folder);
    folder_remove(workspace);
}
