/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/floors_file.h"
#include "tests/unit/config/fixture.h"
#include <string.h>

static DjTaxonomy *taxonomy_new(void)
{
    DjTaxonomy *taxonomy = dj_taxonomy_new("test", "1", "2026-01-01");
    dj_taxonomy_add_chain(taxonomy, "c11", "光通信及激光", "");
    cr_assert(dj_taxonomy_seal(taxonomy, NULL));
    return taxonomy;
}

static GArray *load(const char *text, GError **error)
{
    g_autofree char *folder = fixture_folder();
    fixture_write(folder, "default.yaml", "");
    fixture_write(folder, DJ_FLOORS_FILE, text);
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, NULL);
    DjTaxonomy *taxonomy = taxonomy_new();
    cr_assert_not_null(source);
    GArray *floors = dj_floors_file_load(source, taxonomy, error);
    dj_taxonomy_free(taxonomy);
    folder_remove(folder);
    return floors;
}

Test(floors, a_value_of_its_own_overrides_each_and_chains_go_by_any_name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) floors = load("floors:\n"
                                    "  - {by: city, of: 恩施州, least: 20}\n"
                                    "  - {by: city, least: 5}\n"
                                    "  - {by: chain, of: 光通信及激光, least: 4}\n"
                                    "  - {by: chain, of: c11, least: 6}\n",
                                    &error);
    cr_assert_not_null(floors, "%s", error ? error->message : "");
    cr_expect_eq(dj_floors_least(floors, DJ_FLOOR_CITY, "恩施州"), 20);
    cr_expect_eq(dj_floors_least(floors, DJ_FLOOR_CITY, "宜昌市"), 5);
    cr_expect_eq(dj_floors_least(floors, DJ_FLOOR_CHAIN, "c11"), 6);
    cr_expect_eq(dj_floors_least(floors, DJ_FLOOR_CHAIN, "c12"), 0);
    cr_expect_str_eq(g_array_index(floors, DjFloor, 2).of, "c11");
}

Test(floors, what_is_wrong_is_said_with_its_place)
{
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"floors:\n  - {by: chain, of: 光通讯, least: 4}\n", "floors.yaml: line 2, column 21"},
        {"floors:\n  - {by: chain, of: 光通讯, least: 4}\n",
         "no chain of the taxonomy has this id or name: \"光通讯\""},
        {"floors:\n  - {by: town, least: 4}\n", "not \"town\""},
        {"floors:\n  - {by: city, least: -1}\n", "-1"},
        {"floors:\n  - {by: city}\n", "least"},
        {"floor: []\n", "floor"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        cr_expect_null(load(cases[i].text, &error));
        cr_expect(error && strstr(error->message, cases[i].said), "%s: %s", cases[i].text,
                  error ? error->message : "(none)");
    }
}
