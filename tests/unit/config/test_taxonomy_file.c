/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shipped taxonomies load and say what they should; mistakes are found with their place. */
#include "config/taxonomy_file.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

static DjTaxonomy *load(const DjConfigSource *source, const char *id)
{
    g_autoptr(GError) error = NULL;
    DjTaxonomy *taxonomy = dj_taxonomy_file_load(source, id, &error);
    cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
    return taxonomy;
}

static DjTaxonomy *load_text(const char *text, GError **error)
{
    g_autofree char *folder = fixture_folder();
    fixture_write(folder, "default.yaml", "list:\n  top: 20\n");
    fixture_write(folder, "chains/t.yaml", text);
    fixture_write(folder, "chains/base.yaml",
                  "id: base\nversion: \"1\"\ndate: 2021-01-01\nsource: x\nchains:\n"
                  "  - {id: b1, name: 甲链, tier: t, keywords: [{term: 溅射靶材, weight: 100}]}\n");
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, error);
    DjTaxonomy *taxonomy = dj_taxonomy_file_load(source, "t", error);
    folder_remove(folder);
    return taxonomy;
}

static guint classify(const DjTaxonomy *taxonomy, const char *title, DjMembership out[DJ_MAX_MEMBERSHIPS])
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, &error);
    return dj_taxonomy_classify_text(taxonomy, normaliser, title, "", out);
}

#define HEAD "id: t\nversion: \"1\"\ndate: 2021-01-01\nsource: x\n"

static void expect_error(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjTaxonomy) taxonomy = load_text(text, &error);
    cr_assert_null(taxonomy, "accepted: %s", text);
    const char *place = strstr(error->message, "t.yaml: ");
    cr_assert_str_eq(place ? place : error->message, message);
}

Test(taxonomy_file, shipped_51020_has_its_35_members)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = load(source, "hubei-51020");
    cr_assert_eq(dj_taxonomy_n_chains(taxonomy), 35);
    static const char *const wanted[] = {"c18", "电子信息材料", "集成电路", "a10", "现代纺织"};
    for (gsize i = 0; i < G_N_ELEMENTS(wanted); i++) {
        guint chain;
        cr_assert(dj_taxonomy_find(taxonomy, wanted[i], &chain), "%s", wanted[i]);
    }
    DjMembership found[DJ_MAX_MEMBERSHIPS];
    cr_assert_gt(classify(taxonomy, "磁控溅射靶材的背板焊接方法", found), 0);
    cr_assert_str_eq(dj_taxonomy_chain(taxonomy, found[0].chain).name, "电子信息材料");
}

Test(taxonomy_file, composed_taxonomy_inherits)
{
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjTaxonomy) taxonomy = load(source, "hubei-youshi-2023");
    cr_assert_eq(dj_taxonomy_n_chains(taxonomy), 5);
    guint chain;
    cr_assert(dj_taxonomy_find(taxonomy, "光通信及激光", &chain), "names of included chains are names of the whole");
    cr_assert_str_eq(dj_taxonomy_chain(taxonomy, chain).name, "光电子信息");
    g_autofree char *base = NULL;
    cr_assert(dj_taxonomy_file_base(source, "hubei-youshi-2023", &base, NULL));
    cr_assert_str_eq(base, "hubei-51020");
}

Test(taxonomy_file, inherited_words_count_once)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjTaxonomy) taxonomy =
        load_text("base: base\n" HEAD "chains:\n"
                  "  - {id: y1, name: 乙链, tier: t, includes: [b1], keywords: [{term: 溅射靶材, weight: 20}]}\n"
                  "  - {id: y2, name: 丙链, tier: t, keywords: [{term: 溅射靶材, weight: 50}]}\n",
                  &error);
    cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
    DjMembership found[DJ_MAX_MEMBERSHIPS];
    cr_assert_eq(classify(taxonomy, "溅射靶材", found), 2);
    cr_assert_eq(found[0].chain, 0);
    cr_assert_eq(found[1].weight, 50, "100 of the base against 50, not 120");
}

Test(taxonomy_file, what_was_left_out_of_the_base_is_outside)
{
    g_autoptr(GError) error = NULL;
    DjMembership found[DJ_MAX_MEMBERSHIPS];
    const char *const composed[] = {"base: base\n" HEAD
                                    "chains: [{id: y, name: 乙链, tier: t, keywords: [{term: 靶材, weight: 20}]}]\n",
                                    "base: base\n" HEAD "chains: [{id: y, name: 乙链, tier: t, includes: [b1]}]\n"};
    for (guint i = 0; i < 2; i++) {
        g_autoptr(DjTaxonomy) taxonomy = load_text(composed[i], &error);
        cr_assert_not_null(taxonomy, "%s", error ? error->message : "");
        cr_expect_eq(classify(taxonomy, "溅射靶材与靶材", found), i, "base chain %s", i ? "included" : "left out");
    }
}

Test(taxonomy_file, mistakes_are_found_with_their_place)
{
    expect_error("id: u\nversion: \"1\"\ndate: 2021-01-01\nsource: x\nchains: []\n",
                 "t.yaml: line 1, column 5: id: must be \"t\", as the file is named");
    expect_error(HEAD "chains: []\n", "t.yaml: line 5, column 9: chains: holds no chain");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t, ipc: [{code: Q99, weight: 5}]}\n",
                 "t.yaml: line 6, column 44: chains[0].ipc[0].code: not an IPC code: \"Q99\"");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t, keywords: [{term: x, weight: 101}]}\n",
                 "t.yaml: line 6, column 60: chains[0].keywords[0].weight: must lie between -100 and 100: 101");
    expect_error(HEAD "chains: [{id: a, name: n, tier: t}]\noutside: [{term: x, weight: -1}]\n",
                 "t.yaml: line 6, column 29: outside[0].weight: must lie between 1 and 100: -1");
    expect_error(HEAD "chains: [{id: a, name: n, tier: t, lean: 501}]\n",
                 "t.yaml: line 5, column 42: chains[0].lean: must lie between -500 and 500: 501");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t, contains: [b]}\n",
                 "t.yaml: line 6, column 42: chains[0].contains[0]: there is no chain \"b\"");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t, includes: [b1]}\n",
                 "t.yaml: line 6, column 42: chains[0].includes[0]: only a taxonomy with a base can include chains");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t}\n  - {id: a, name: m, tier: t}\n",
                 "t.yaml: line 7, column 5: chains[1]: there is another chain \"a\"");
    expect_error(HEAD "chains:\n  - {id: a, name: n, tier: t, keyword: []}\n",
                 "t.yaml: line 6, column 40: chains[0].keyword: unknown key; did you mean \"keywords\"?");
    expect_error(HEAD
                 "chains:\n  - {id: a, name: n, tier: t, keywords: [{term: x, weight: 1}, {term: x, weight: 2}]}\n",
                 "t.yaml: line 6, column 64: chains[0].keywords[1]: \"x\" stands twice in this chain");
}
