/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IPC titles as files: a workspace's full table stands over the shipped one, and past bundles keep theirs. */
#include "config/ipc_file.h"
#include "config/settings.h"
#include "tests/unit/config/fixture.h"
#include <string.h>

static char *label(const DjIpcTitles *titles, const char *symbol)
{
    DjIpc code;
    cr_assert(dj_ipc_parse(symbol, &code));
    return dj_ipc_titles_label(titles, &code);
}

static void expect_label(const DjIpcTitles *titles, const char *symbol, const char *wanted)
{
    g_autofree char *got = label(titles, symbol);
    cr_expect_str_eq(got, wanted);
}

Test(ipc_file, what_is_shipped_loads_and_every_code_parses)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    g_autoptr(DjIpcTitles) titles = dj_ipc_file_load(source, &error);
    cr_assert(titles != NULL, "%s", error ? error->message : "");
    cr_expect_gt(dj_ipc_titles_count(titles), 1000);
    expect_label(titles, "A01B", "A01B 整地农机具");
    g_auto(GStrv) code = NULL, title = NULL;
    cr_assert(dj_ipc_file_columns(source, &code, &title, &error));
    cr_expect(g_strv_contains((const char *const *)code, "分类号"));
    cr_expect(g_strv_contains((const char *const *)title, "title_zh"));
}

Test(ipc_file, an_imported_table_stands_over_the_shipped_one_and_belongs_to_the_bundle)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *workspace = fixture_folder();
    fixture_write(workspace, "config/" DJ_IPC_TABLE_FILE, "# remark\nA01B\t农业或林业的整地\nA01B1\t手动工具\n");
    g_autoptr(DjConfigSource) source = dj_config_source_new(DJ_SOURCE_DIR "/config", workspace, &error);
    g_autoptr(DjSettings) settings = dj_settings_load(source, &error);
    g_autoptr(GBytes) bundle = settings ? dj_settings_bundle(settings, source, &error) : NULL;
    cr_assert(bundle != NULL, "%s", error ? error->message : "");
    g_autoptr(DjIpcTitles) now = dj_ipc_file_load(source, &error);
    folder_remove(workspace);
    /* the table is gone; the bundle of that day still has it */
    g_autoptr(DjConfigSource) past = dj_config_source_from_bundle(bundle, &error);
    g_autoptr(DjIpcTitles) then = dj_ipc_file_load(past, &error);
    cr_assert(now && then, "%s", error ? error->message : "");
    const DjIpcTitles *both[] = {now, then};
    for (int i = 0; i < 2; i++) {
        expect_label(both[i], "A01B", "A01B 农业或林业的整地");
        expect_label(both[i], "A01B1/02", "A01B1/02 手动工具");
        expect_label(both[i], "A01C", "A01C 种植播种施肥"); /* ours, where the table is silent */
    }
}

Test(ipc_file, the_text_of_a_table_reads_back)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = fixture_folder();
    g_autoptr(DjIpcTitles) titles = dj_ipc_titles_new();
    DjIpc codes[2];
    cr_assert(dj_ipc_parse("H01M10/052", &codes[0]) && dj_ipc_parse("B", &codes[1]));
    dj_ipc_titles_add(titles, &codes[0], "锂电池");
    dj_ipc_titles_add(titles, &codes[1], "作业；运输");
    g_autofree char *text = dj_ipc_file_text(titles, "2026-11-01 from a.csv");
    fixture_write(folder, "default.yaml", "");
    fixture_write(folder, DJ_IPC_TABLE_FILE, text);
    g_autoptr(DjConfigSource) source = dj_config_source_new(folder, NULL, &error);
    g_autoptr(DjIpcTitles) again = source ? dj_ipc_file_load(source, &error) : NULL;
    cr_assert(again != NULL, "%s", error ? error->message : "");
    cr_expect_eq(dj_ipc_titles_count(again), 2);
    cr_expect_str_eq(dj_ipc_titles_get(again, &codes[0]), "锂电池");
    static const char *const broken[] = {"H01M\n", "H01M\t\n", "Z99\tx\n", "H01M\t\xff\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_autofree char *bad = g_strconcat("A\t甲\n", broken[i], NULL);
        fixture_write(folder, DJ_IPC_TABLE_FILE, bad);
        cr_expect_null(dj_ipc_file_load(source, &error), "%s", broken[i]);
        cr_expect(error && strstr(error->message, "line 2"), "%s", error ? error->message : "");
        g_clear_error(&error);
    }
    folder_remove(folder);
}
