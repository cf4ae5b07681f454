/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/ipc_titles.h"
#include "tests/unit/indexer/fixture.h"

static const char *const code_names[] = {"code", "分类号", NULL}, *const title_names[] = {"title_zh", "标题", NULL};

/* What came out of a text, as "titles 2, repeated 1, rejected 3". */
static DjIpcTitles *read_text(Bench *bench, const char *text, DjIpcImportResult *result, GError **error)
{
    g_autofree char *path = bench_write(bench, "titles.txt", text, -1);
    g_autofree char *rejects = g_build_filename(bench->folder, "rejects", NULL);
    const DjIpcImport import = {.path = path,
                                .code_columns = code_names,
                                .title_columns = title_names,
                                .rejects_folder = rejects,
                                .day = 20758};
    return dj_ipc_titles_import(&import, result, error);
}

Test(ipc_titles_import, takes_the_two_columns_and_rejects_rows_one_by_one)
{
    g_autoptr(GError) error = NULL;
    Bench bench = bench_new();
    g_auto(DjIpcImportResult) result = {0};
    g_autoptr(DjIpcTitles) titles = read_text(&bench,
                                              "分类号,级别,标题\n"
                                              "H01M10/00,group,二次电池\n"
                                              "H01M 10/00,group,二次电池\n"
                                              "H01M10,group,别的\n"
                                              "Q1,group,无此部\n"
                                              "C04B,subclass,\n"
                                              "g01s13/88,group,\"雷达\n应用\"\n",
                                              &result, &error);
    must(titles != NULL, error);
    cr_expect_eq(dj_ipc_titles_count(titles), 2);
    cr_expect_eq(result.n_rows, 6);
    cr_expect_eq(result.n_repeated, 1);
    cr_expect_eq(result.n_rejected, 3);
    cr_assert_eq(result.complaints->len, 3);
    cr_expect_str_eq(result.complaints->pdata[0], "titles.txt 第 4 行 标题“别的”：前面已有此号，标题为“二次电池”");
    cr_expect(g_str_has_prefix(result.complaints->pdata[1], "titles.txt 第 5 行 分类号“Q1”：不是 IPC 分类号"));
    cr_expect_str_eq(result.complaints->pdata[2], "titles.txt 第 6 行 标题“”：标题为空");
    cr_assert_eq(result.reject_files->len, 2);
    DjIpc code;
    cr_assert(dj_ipc_parse("G01S13/88", &code));
    cr_expect_str_eq(dj_ipc_titles_get(titles, &code), "雷达 应用"); /* one line, whatever the cell held */

    /* the list of rejects, mended, is a table of its own */
    g_autofree char *list = NULL;
    must(g_file_get_contents(result.reject_files->pdata[0], &list, NULL, &error), error);
    cr_expect(strstr(list, "titles.txt,5,分类号,Q1,") != NULL);
    bench_free(&bench);
}

Test(ipc_titles_import, says_which_column_is_missing_and_that_nothing_was_usable)
{
    Bench bench = bench_new();
    static const char *const texts[] = {"code,name\nH01M,电池\n", "号,标题\nH01M,电池\n", "code,标题\nXX,电池\n"};
    static const char *const words[] = {"no column of titles", "no column of codes", "no usable row"};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_auto(DjIpcImportResult) result = {0};
        cr_expect_null(read_text(&bench, texts[i], &result, &error));
        cr_expect(error && strstr(error->message, words[i]), "%s", error ? error->message : "");
    }
    bench_free(&bench);
}
