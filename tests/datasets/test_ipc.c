/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The IPC weights of the shipped taxonomy against the reference table between strategic emerging industries and the IPC
 * (2021): a record that carries nothing but a code of an industry must be filed under a chain of that industry. The
 * real records carry no codes, so this is what can be checked. Which chains an industry stands for is our own reading.
 * Without ../shared/data (or DUIJIE_EVAL_DATA) this test skips and says so. */
#include "config/source.h"
#include "config/taxonomy_file.h"
#include <criterion/criterion.h>
#include <string.h>

static const struct {
    const char *industry, *chains;
} readings[] = {
    {"1.1", "p1 c15 c14 c16"},
    {"1.2", "p1 c11 c12 c13 c14 c18"},
    {"1.3", "c16 c15"},
    {"1.4", "c16 c15"},
    {"1.5", "c17 c16"},
    {"2.1", "c8 c6 a1"},
    {"2.2", "c4"},
    {"2.3", "c3 c4 c15"},
    {"2.4", "c7"},
    {"2.5", "c5 p3 a1"},
    {"3.1", "a6 a2"},
    {"3.2", "a6 a2 c18"},
    {"3.3", "p3 a2"},
    {"3.4", "a2 a5 p3"},
    {"3.5", "a2 a4"},
    {"3.6", "a2 c18 p3"},
    {"3.7", "c8"},
    {"4.1", "c19"},
    {"4.2", "c19"},
    {"4.3", "p5 c19"},
    {"4.4", "c2 p3"},
    {"4.5", "p5 p3 c19"},
    {"5.1", "c1 p2"},
    {"5.2", "c1 p2 c2"},
    {"5.3", "c1 c2 p2"},
    {"5.4", "c1 p2"},
    {"6.1", "c2"},
    {"6.2", "c2"},
    {"6.3", "c2"},
    {"6.4", "c2 p3 a3"},
    {"6.5", "c2"},
    {"7.1", "a3 a5 a1"},
    {"7.2", "a3"},
    {"7.3", "a3 a6"},
    {"8.1", "c20 c15"},
    {"8.2", "c20"},
    {"8.3", "c20 a4 a9"},
    {"8.4", "c20 a10 c16"},
    {"9.1", "a9 c8 c16"},
    {"9.2", "a7 a8 a10 c16"},
};

static const char *chains_of(const char *industry)
{
    for (gsize i = 0; i < G_N_ELEMENTS(readings); i++)
        if (strcmp(readings[i].industry, industry) == 0)
            return readings[i].chains;
    return NULL;
}

/* Is a record with this code alone filed under one of the chains, and under any? */
static gboolean file_code(const DjTaxonomy *taxonomy, DjNormaliser *normaliser, const char *code, char **chains,
                          gboolean *filed)
{
    g_autoptr(DjRecord) record = dj_record_new(DJ_TABLE_PATENT);
    DjMembership given[DJ_MAX_MEMBERSHIPS];
    dj_record_set(record, DJ_PATENT_TITLE, "一种方法");
    dj_record_set(record, DJ_PATENT_IPC, code);
    guint n = dj_taxonomy_classify(taxonomy, normaliser, record, given);
    *filed = n > 0;
    for (guint i = 0; i < n; i++)
        if (g_strv_contains((const char *const *)chains, dj_taxonomy_chain(taxonomy, given[i].chain).id))
            return TRUE;
    return FALSE;
}

Test(ipc, codes_of_an_industry_are_filed_under_its_chains)
{
    const char *given = g_getenv("DUIJIE_EVAL_DATA");
    g_autofree char *folder = given ? g_strdup(given) : g_build_filename(DJ_SOURCE_DIR, "..", "shared", "data", NULL);
    g_autofree char *path = g_build_filename(folder, "facts", "sei2021_ipc_compact.tsv", NULL), *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        cr_skip_test("skipped: the reference table is not at %s", path);
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", NULL, &error);
    g_autoptr(DjTaxonomy) taxonomy = source ? dj_taxonomy_file_load(source, "hubei-51020", &error) : NULL;
    cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint n = 0, n_filed = 0, n_right = 0;
    for (guint i = 1; lines[i] && *lines[i]; i++) {
        g_auto(GStrv) columns = g_strsplit(lines[i], "\t", -1);
        g_auto(GStrv) codes = g_strsplit(columns[2], " ", -1);
        const char *reading = chains_of(columns[0]);
        cr_assert_not_null(reading, "industry %s", columns[0]);
        g_auto(GStrv) chains = g_strsplit(reading, " ", -1);
        guint filed = 0, right = 0, all = 0;
        g_autoptr(GString) wrong = g_string_new(NULL);
        for (char **code = codes; *code; code++) {
            gboolean any;
            gboolean ok = file_code(taxonomy, normaliser, *code, chains, &any);
            all++;
            filed += any;
            right += ok;
            if (any && !ok)
                g_string_append_printf(wrong, " %s", *code);
        }
        cr_log_info("%s %s: %u codes, %u filed, %u under %s; elsewhere:%s", columns[0], columns[1], all, filed, right,
                    reading, wrong->str);
        n += all;
        n_filed += filed;
        n_right += right;
    }
    cr_log_info("%u codes, %u filed, %u of them as the table has it (%.3f)", n, n_filed, n_right,
                (double)n_right / n_filed);
    cr_assert_gt(n, 700);
    cr_expect_geq((double)n_right / n_filed, .74);
}
