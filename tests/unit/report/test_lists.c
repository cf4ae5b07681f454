/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All formats of one result set: parsed back, searched for planted words, compared byte by byte. */
#include "engine/report/list_columns.h"
#include "engine/report/lists.h"
#include "fixture.h"
#include "tests/folder.h"
#include <criterion/criterion.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>

#define LONG_CHAIN "c_2_-高端装备_[数控]____ & _b_“机床”__b_，一个长得放不进工作表名称、也放不进文件名的"

static char *scratch(void)
{
    GError *error = NULL;
    char *folder = g_dir_make_tmp("duijie-lists-XXXXXX", &error);
    cr_assert_not_null(folder);
    return folder;
}

static char *write_lists(const DjResultSet *set, DjAudience audience, const DjListsOptions *options)
{
    GError *error = NULL;
    char *folder = scratch();
    cr_assert(dj_lists_write(set, audience, folder, options, &error), "%s", error ? error->message : "");
    return folder;
}

static char *read_in(const char *folder, const char *name)
{
    GError *error = NULL;
    char *text = NULL;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    cr_assert(g_file_get_contents(path, &text, NULL, &error), "%s", error ? error->message : "");
    return text;
}

static gint compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static GPtrArray *names_in(const char *folder)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void remove_folder(char *folder)
{
    folder_remove(folder);
    g_free(folder);
}

/* All files of an XLSX after each other. */
static char *unzip(const char *folder, const char *name, const char *member)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    const char *argv[] = {"unzip", "-p", path, member, NULL};
    char *out = NULL;
    int status = -1;
    GError *error = NULL;
    cr_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, NULL, &status, &error),
              "%s", error ? error->message : "");
    cr_assert_eq(status, 0, "unzip %s %s", path, member ? member : "");
    return out;
}

/* ---- secrets ---- */

static void expect_words(const char *text, const char *where, DjAudience audience)
{
    static const struct {
        const char *word;
        DjPrivacy privacy;
    } words[] = {
        {CANARY_PARTICIPANT, DJ_PARTICIPANT}, {CANARY_ORGANISER, DJ_ORGANISER}, {CANARY_CONFIDENTIAL, DJ_CONFIDENTIAL}};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
        if (!dj_audience_sees(audience, words[i].privacy))
            cr_expect_null(strstr(text, words[i].word), "%s shows %s to %s", where, words[i].word,
                           dj_audience_name(audience));
    cr_expect_null(strstr(text, "PHONE-CANARY"), "%s", where);
    cr_expect_null(strstr(text, "KERNEL-NAME"), "%s", where);
}

Test(lists, no_output_shows_what_its_audience_may_not_see)
{
    g_autoptr(DjResultSet) set = fixture_set();
    for (int a = DJ_AUDIENCE_PUBLIC; a <= DJ_AUDIENCE_CENTRE; a++) {
        if (a == DJ_AUDIENCE_OWNER) /* no list of several needs: see test_projection.c */
            continue;
        char *folder = write_lists(set, (DjAudience)a, NULL);
        g_autoptr(GPtrArray) names = names_in(folder);
        cr_expect_eq(names->len, 10);
        for (guint i = 0; i < names->len; i++) {
            const char *name = names->pdata[i];
            g_autofree char *text = g_str_has_suffix(name, ".xlsx") ? unzip(folder, name, NULL) : read_in(folder, name);
            expect_words(text, name, (DjAudience)a);
        }
        /* the test can fail: what may be seen is there */
        g_autofree char *jsonl = read_in(folder, "pairings.jsonl");
        g_autofree char *sheet = unzip(folder, "配对清单.xlsx", "xl/worksheets/sheet2.xml");
        cr_expect_eq(strstr(jsonl, CANARY_PARTICIPANT) != NULL, a != DJ_AUDIENCE_PUBLIC);
        cr_expect_eq(strstr(jsonl, CANARY_CONFIDENTIAL) != NULL, a == DJ_AUDIENCE_CENTRE);
        cr_expect_eq(strstr(sheet, CANARY_ORGANISER) != NULL, a >= DJ_AUDIENCE_ORGANISER);
        cr_expect_eq(strstr(sheet, CANARY_CONFIDENTIAL) != NULL, a == DJ_AUDIENCE_CENTRE);
        remove_folder(folder);
    }
}

/* ---- JSON Lines ---- */

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    cr_assert_not_null(text, "%s", key);
    return text;
}

Test(lists, json_lines_parse_back_and_add_up)
{
    g_autoptr(DjResultSet) set = fixture_set();
    char *folder = write_lists(set, DJ_AUDIENCE_PUBLIC, NULL);
    g_autofree char *text = read_in(folder, "pairings.jsonl");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    cr_assert_eq(g_strv_length(lines), 5);
    cr_expect_str_eq(lines[4], "");
    for (guint i = 0; i < 4; i++) {
        json_error_t error;
        json_t *object = json_loads(lines[i], JSON_REJECT_DUPLICATES, &error), *part;
        cr_assert_not_null(object, "line %u: %s", i, error.text);
        const DjPairing *pairing = set->pairings->pdata[i];
        cr_expect_str_eq(text_of(object, "need"), pairing->need);
        cr_expect_str_eq(text_of(object, "patent"), pairing->patent);
        cr_expect_str_eq(text_of(object, "chain"), pairing->chain);
        cr_expect_str_eq(text_of(object, "direction"), dj_direction_name(pairing->direction));
        cr_expect_eq(json_integer_value(json_object_get(object, "rank")), pairing->rank);
        cr_expect_eq(json_integer_value(json_object_get(object, "score")), pairing->score);
        cr_expect(json_is_integer(json_object_get(object, "points")));
        gint64 sum = 0;
        gsize k;
        json_array_foreach(json_object_get(object, "parts"), k, part) sum +=
            json_integer_value(json_object_get(part, "points"));
        cr_expect_eq(sum, pairing->points);
        cr_expect_eq(json_integer_value(json_object_get(object, "points")), pairing->points);
        cr_expect_eq(json_array_size(json_object_get(object, "gate")), pairing->gate->len);
        cr_expect(json_is_null(json_object_get(object, "enterprise")));
        json_decref(object);
    }
    json_t *first = json_loads(lines[0], 0, NULL);
    cr_expect_str_eq(text_of(first, "need_title"), "氮化铝陶瓷基板<script>热导率</script>提升 & \"更多\"");
    const json_t *phrase = json_array_get(json_object_get(first, "parts"), 0);
    cr_expect_str_eq(text_of(phrase, "kind"), "phrase");
    cr_expect_str_eq(text_of(json_object_get(phrase, "patent"), "field"), "title");
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(phrase, "patent"), "begin")), 2);
    cr_expect_eq(json_integer_value(json_object_get(json_object_get(phrase, "patent"), "end")), 5);
    const json_t *gate = json_object_get(first, "gate");
    cr_expect_str_eq(text_of(json_array_get(gate, 0), "verdict"), "met");
    cr_expect_str_eq(text_of(json_array_get(gate, 1), "verdict"), "unknown");
    cr_expect_str_eq(text_of(json_array_get(gate, 2), "verdict"), "withheld");
    const json_t *unknown = json_object_get(first, "unknown");
    cr_expect_eq(json_array_size(unknown), 2);
    const json_t *indicators = json_object_get(first, "indicators");
    cr_assert_eq(json_array_size(indicators), 3);
    cr_expect(json_is_null(json_object_get(json_array_get(indicators, 1), "stated")));
    cr_expect_str_eq(text_of(json_array_get(indicators, 2), "verdict"), "not_met");
    cr_expect_eq(json_integer_value(json_object_get(first, "permille")), 623);
    cr_expect_str_eq(json_string_value(json_array_get(unknown, 0)), "有没有质押？查专利登记簿");
    cr_expect_eq(json_array_size(json_object_get(first, "owners")), 2);
    cr_expect_eq(json_array_size(json_object_get(first, "other_chains")), 2);
    cr_expect_eq(json_integer_value(json_object_get(first, "n_similar")), 6);
    json_decref(first);
    remove_folder(folder);
}

/* ---- CSV ---- */

/* RFC 4180, the plain way: rows of cells. */
static GPtrArray *parse_csv(const char *text)
{
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    for (const char *p = text; *p;) {
        GPtrArray *row = g_ptr_array_new_with_free_func(g_free);
        for (gboolean more = TRUE; more;) {
            g_autoptr(GString) cell = g_string_new(NULL);
            if (*p == '"') {
                for (p++; *p != '"' || p[1] == '"'; p++) {
                    cr_assert_neq(*p, '\0', "open quote");
                    if (*p == '"')
                        p++;
                    g_string_append_c(cell, *p);
                }
                p++;
            } else {
                for (; *p && *p != ',' && *p != '\r'; p++) {
                    cr_assert_neq(*p, '"', "stray quote");
                    g_string_append_c(cell, *p);
                }
            }
            g_ptr_array_add(row, g_strdup(cell->str));
            more = *p == ',';
            if (more)
                p++;
        }
        cr_assert(g_str_has_prefix(p, "\r\n"));
        p += 2;
        g_ptr_array_add(rows, row);
    }
    return rows;
}

static const char *cell_of(const GPtrArray *rows, guint row, const char *column)
{
    const GPtrArray *head = rows->pdata[0];
    for (guint i = 0; i < head->len; i++)
        if (strcmp(head->pdata[i], column) == 0)
            return ((const GPtrArray *)rows->pdata[row])->pdata[i];
    cr_assert_fail("no column %s", column);
    return NULL;
}

Test(lists, csv_parses_back_and_runs_no_formula)
{
    g_autoptr(DjResultSet) set = fixture_set();
    char *folder = write_lists(set, DJ_AUDIENCE_ORGANISER, NULL);
    g_autofree char *text = read_in(folder, "c1-电子信息材料.csv");
    cr_assert(g_str_has_prefix(text, "\xEF\xBB\xBF"));
    g_autoptr(GPtrArray) rows = parse_csv(text + 3);
    cr_assert_eq(rows->len, 4);
    for (guint i = 0; i < rows->len; i++)
        cr_expect_eq(((const GPtrArray *)rows->pdata[i])->len, dj_list_n_columns());
    cr_expect_str_eq(cell_of(rows, 1, "需求名称"), "氮化铝陶瓷基板<script>热导率</script>提升 & \"更多\"");
    cr_expect_str_eq(cell_of(rows, 1, "企业"), "\t=示例晶衡\"电子\"," CANARY_ORGANISER);
    cr_expect_str_eq(cell_of(rows, 1, "匹配度"), "81");
    cr_expect_str_eq(cell_of(rows, 1, "优质度"), "100");
    cr_expect_str_eq(cell_of(rows, 1, "优质度依据"),
                     "支付方式 5/5（支付方式：一次付清）；机构分级 10/10（机构分级：A级" CANARY_ORGANISER
                     "）；成熟度 未知（成熟度：未写）");
    cr_expect_str_eq(cell_of(rows, 2, "优质度"), "资料不足");
    cr_expect_str_eq(cell_of(rows, 1, "点数"), "110");
    cr_expect_str_eq(cell_of(rows, 1, "机构"), "示例大学、示例研究院");
    cr_expect_str_eq(cell_of(rows, 1, "许可费"), "一次付清 6 万元");
    cr_expect_str_eq(cell_of(rows, 1, "许可期止"), "2029-06-30");
    cr_expect_str_eq(cell_of(rows, 1, "许可期剩余"), "3 年 2 个月");
    cr_expect_str_eq(cell_of(rows, 1, "待核项"), "2");
    cr_expect_str_eq(cell_of(rows, 3, "方向"), "专利找需求");
    cr_expect_str_eq(((const GPtrArray *)rows->pdata[0])->pdata[1], "方向", "beside 名次, which begins again there");
    g_autofree char *unfiled = read_in(folder, "未归链.csv");
    g_autoptr(GPtrArray) others = parse_csv(unfiled + 3);
    cr_expect_str_eq(cell_of(others, 1, "需求名称"), "\t=HYPERLINK(\"x\")");
    cr_expect_str_eq(cell_of(others, 1, "需求编号"), "\t000123");
    cr_expect_str_eq(cell_of(others, 1, "企业"), "示例企业" CANARY_ORGANISER);
    remove_folder(folder);

    folder = write_lists(set, DJ_AUDIENCE_PUBLIC, NULL);
    g_autofree char *open = read_in(folder, "c1-电子信息材料.csv");
    g_autoptr(GPtrArray) open_rows = parse_csv(open + 3);
    cr_expect_str_eq(cell_of(open_rows, 1, "企业"), "不公开");
    cr_expect_str_eq(cell_of(open_rows, 1, "地区"), "");
    remove_folder(folder);
}

/* ---- XLSX ---- */

static guint count_of(const char *text, const char *what)
{
    guint n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

Test(lists, workbook_has_an_overview_and_a_sheet_per_chain)
{
    g_autoptr(DjResultSet) set = fixture_set();
    char *folder = write_lists(set, DJ_AUDIENCE_ORGANISER, NULL);
    g_autofree char *book = unzip(folder, "配对清单.xlsx", "xl/workbook.xml");
    cr_expect_eq(count_of(book, "<sheet "), 4);
    cr_expect_not_null(strstr(book, "name=\"概览\""));
    cr_expect_not_null(strstr(book, "name=\"电子信息材料\""));
    cr_expect_not_null(strstr(book, "name=\"高端装备__数控_____ &amp; &lt;b&gt;“机床”&lt;_b&gt;，一个长\""));
    cr_expect_not_null(strstr(book, "name=\"未归链\""));
    g_autofree char *core = unzip(folder, "配对清单.xlsx", "docProps/core.xml");
    cr_expect_not_null(strstr(core, "2026-04-30T00:00:00Z"));
    g_autofree char *overview = unzip(folder, "配对清单.xlsx", "xl/worksheets/sheet1.xml");
    cr_expect_not_null(strstr(overview, "<v>1234</v>"));
    cr_expect_not_null(strstr(overview, "第 37 代（2026-04-30）"));
    g_autofree char *sheet = unzip(folder, "配对清单.xlsx", "xl/worksheets/sheet2.xml");
    cr_expect_eq(count_of(sheet, "<row "), 4);
    cr_expect_not_null(strstr(sheet, "<v>81</v>"));
    cr_expect_not_null(strstr(sheet, "<v>47299</v>"), "2029-06-30 as a date");
    cr_expect_not_null(strstr(sheet, "state=\"frozen\""));
    cr_expect_not_null(strstr(sheet, "<row r=\"1\" ht=\"30\" customHeight=\"1\""), "a head of two lines");
    const char *second = strstr(sheet, "<row r=\"2\"");
    cr_expect(second && g_ascii_strtod(strstr(second, "ht=\"") + 4, NULL) > 15, "wrapped texts show: %.80s", second);
    cr_expect_not_null(strstr(sheet, "<autoFilter ref=\"A1:AB4\"/>"));
    cr_expect_null(strstr(sheet, "<f>"), "a formula");
    cr_expect_not_null(strstr(sheet, "…</t>"), "a text too long for a cell");
    cr_expect_null(strchr(sheet, '\x01'));
    remove_folder(folder);
}

Test(lists, long_runs_are_split_over_workbooks)
{
    g_autoptr(DjResultSet) set = fixture_set();
    char *folder = write_lists(set, DJ_AUDIENCE_PUBLIC, &(DjListsOptions){.xlsx_rows = 2});
    g_autoptr(GPtrArray) names = names_in(folder);
    cr_expect_eq(names->len, 11);
    g_autofree char *first = unzip(folder, "配对清单-1.xlsx", "xl/workbook.xml");
    g_autofree char *second = unzip(folder, "配对清单-2.xlsx", "xl/workbook.xml");
    cr_expect_eq(count_of(first, "<sheet "), 2, "overview and the first chain");
    cr_expect_eq(count_of(second, "<sheet "), 4, "the rest of it, the empty chain, 未归链");
    g_autofree char *a = unzip(folder, "配对清单-1.xlsx", "xl/worksheets/sheet2.xml");
    g_autofree char *b = unzip(folder, "配对清单-2.xlsx", "xl/worksheets/sheet2.xml");
    cr_expect_eq(count_of(a, "<row "), 3);
    cr_expect_eq(count_of(b, "<row "), 2);
    cr_expect_not_null(strstr(b, "专利找需求"));
    remove_folder(folder);
}

Test(lists, a_title_and_a_further_sheet_go_where_they_are_told)
{
    static const DjListColumn columns[] = {{"企业", DJ_CELL_TEXT, 20}, {"已推荐", DJ_CELL_NUMBER, 9}};
    static char *cells[][3] = {{"=1+1", "3", NULL}, {"<乙>", "未知", NULL}};
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++)
        g_ptr_array_add(rows, cells[i]);
    DjListTable table = {"覆盖情况", columns, G_N_ELEMENTS(columns), rows};
    g_autoptr(DjResultSet) set = fixture_set();
    DjListsOptions options = {.xlsx_rows = 2, .title = "2026 年 4 月供需配对清单", .table = &table};
    char *folder = write_lists(set, DJ_AUDIENCE_ORGANISER, &options);
    g_autofree char *first = unzip(folder, "配对清单-1.xlsx", "xl/workbook.xml"),
                    *second = unzip(folder, "配对清单-2.xlsx", "xl/workbook.xml"),
                    *overview = unzip(folder, "配对清单-1.xlsx", "xl/worksheets/sheet1.xml"),
                    *sheet = unzip(folder, "配对清单-1.xlsx", "xl/worksheets/sheet2.xml"),
                    *index = read_in(folder, "index.html");
    cr_expect_not_null(strstr(first, "name=\"概览\" sheetId=\"1\" r:id=\"rId1\"/><sheet name=\"覆盖情况\""));
    cr_expect_null(strstr(second, "覆盖情况"), "in the first workbook alone");
    cr_expect_not_null(strstr(overview, "2026 年 4 月供需配对清单"));
    cr_expect_not_null(strstr(index, "<h1>2026 年 4 月供需配对清单</h1>"));
    cr_expect_not_null(strstr(sheet, "<v>3</v>"));
    cr_expect_not_null(strstr(sheet, "<t>=1+1</t>"), "text, not a formula: %s", sheet);
    cr_expect_not_null(strstr(sheet, "<t>未知</t>"));
    cr_expect_not_null(strstr(sheet, "&lt;乙&gt;"));
    cr_expect_not_null(strstr(sheet, "state=\"frozen\""));
    cr_expect_not_null(strstr(sheet, "<autoFilter ref=\"A1:B3\"/>"));
    remove_folder(folder);
}

Test(lists, the_overview_has_no_column_for_a_direction_that_the_run_does_not_go)
{
    g_autoptr(DjResultSet) set = fixture_set();
    for (guint i = set->pairings->len; i-- > 0;)
        if (((DjPairing *)set->pairings->pdata[i])->direction == DJ_DIRECTION_PATENT)
            g_ptr_array_remove_index(set->pairings, i);
    char *folder = write_lists(set, DJ_AUDIENCE_ORGANISER, NULL);
    g_autofree char *overview = unzip(folder, "配对清单.xlsx", "xl/worksheets/sheet1.xml");
    cr_expect_not_null(strstr(overview, "需求找专利"));
    cr_expect_null(strstr(overview, "专利找需求"));
    remove_folder(folder);
}

/* ---- needs without an adequate patent ---- */

static void add_unmet(DjResultSet *set, const char *key)
{
    g_hash_table_insert(set->unmet, g_strdup(key), dj_record_copy(g_hash_table_lookup(set->needs, key)));
}

Test(lists, a_need_without_an_adequate_patent_is_marked_and_has_a_table_of_its_own)
{
    g_autoptr(DjResultSet) set = fixture_set();
    set->adequate = 300;
    add_unmet(set, "000123");
    g_autoptr(DjRecord) unlisted = dj_record_new(DJ_TABLE_NEED);
    unlisted->key = g_strdup("N-NOWHERE");
    dj_record_set(unlisted, DJ_NEED_TITLE, "=没有一件相近");
    dj_record_set(unlisted, DJ_NEED_DESCRIPTION, CANARY_CONFIDENTIAL);
    g_hash_table_insert(set->unmet, g_strdup("N-NOWHERE"), g_steal_pointer(&unlisted));
    DjRecord *below = dj_record_new(DJ_TABLE_NEED), *low = dj_record_new(DJ_TABLE_PATENT);
    below->key = g_strdup("N-BELOW");
    low->key = g_strdup("ZL-LOW");
    dj_record_set(below, DJ_NEED_TITLE, "下限以下");
    dj_record_set(low, DJ_PATENT_TITLE, "最接近而不够");
    g_hash_table_insert(set->unmet, g_strdup("N-BELOW"), below);
    DjPairing *pairing = dj_pairing_new();
    pairing->need = g_strdup("N-BELOW");
    pairing->patent = g_strdup("ZL-LOW");
    pairing->score = 7;
    pairing->permille = 24;
    pairing->low = TRUE;
    g_hash_table_insert(set->nearest, g_strdup("N-BELOW"), pairing);
    g_hash_table_insert(set->nearest_patents, g_strdup("ZL-LOW"), low);
    char *folder = write_lists(set, DJ_AUDIENCE_PUBLIC, NULL);

    g_autofree char *table = read_in(folder, "暂无合适专利.csv");
    g_auto(GStrv) lines = g_strsplit(table, "\r\n", -1);
    cr_assert_eq(g_strv_length(lines), 5, "a head, three needs, the end");
    cr_expect(g_str_has_prefix(lines[1], "\"\t000123\","), "in order of keys: %s", lines[1]);
    cr_expect_not_null(strstr(lines[1], "ZL202010000001.X"));
    cr_expect_not_null(strstr(lines[1], "订单式研发：可先问 示例大学、示例研究院"));
    cr_expect_not_null(strstr(lines[1], "\"\t=HYPERLINK"), "no formula: %s", lines[1]);
    cr_expect(g_str_has_suffix(lines[1], ",在清单上"), "%s", lines[1]);
    cr_expect_str_eq(lines[2], "N-BELOW,下限以下,不公开,最接近而不够,ZL-LOW,,7,2,"
                               "订单式研发或发榜；请企业先写明材料、工艺和指标,低于清单下限");
    cr_expect_not_null(strstr(lines[3], "N-NOWHERE,\"\t=没有一件相近\""));
    cr_expect(g_str_has_suffix(lines[3], "请企业先写明材料、工艺和指标,没有相近的专利"), "%s", lines[3]);
    expect_words(table, "暂无合适专利.csv", DJ_AUDIENCE_PUBLIC);

    g_autofree char *jsonl = read_in(folder, "pairings.jsonl");
    cr_expect_eq(count_of(jsonl, "\"unmet\":true"), 1);
    cr_expect_eq(count_of(jsonl, "\"unmet\":false"), 3);
    g_autofree char *index = read_in(folder, "index.html");
    g_autofree char *href = g_uri_escape_string("暂无合适专利.csv", NULL, FALSE);
    cr_expect_not_null(strstr(index, href));
    cr_expect_not_null(strstr(index, "需求暂无合适专利"));
    g_autofree char *manifest = read_in(folder, ".duijie-lists");
    cr_expect_not_null(strstr(manifest, "暂无合适专利.csv"));
    g_autofree char *marked = read_in(folder, "未归链.html"), *plain = read_in(folder, "c1-电子信息材料.html");
    cr_expect_not_null(strstr(marked, "暂无合适专利，这里是最接近的"));
    cr_expect_null(strstr(plain, "暂无合适专利"));
    remove_folder(folder);
}

/* ---- HTML ---- */

Test(lists, pages_escape_and_say_what_is_left_out)
{
    g_autoptr(DjResultSet) set = fixture_set();
    char *folder = write_lists(set, DJ_AUDIENCE_ORGANISER, &(DjListsOptions){.html_rows = 1});
    g_autofree char *page = read_in(folder, "c1-电子信息材料.html");
    cr_expect_null(strstr(page, "<script"));
    cr_expect_null(strstr(page, " style="));
    cr_expect_not_null(strstr(page, "&lt;script&gt;热导率"));
    cr_expect_not_null(strstr(page, "受众：组织者，不得对外发布"));
    cr_expect_not_null(strstr(page, "本页列出前 1 条，共 2 条"));
    cr_expect_not_null(strstr(page, "有 2 项待核"));
    cr_expect_not_null(strstr(page, "第 37 代"));
    cr_expect_not_null(strstr(page, "不满足 幅面：要 138 mm，写 &lt;114 mm</span>"));
    cr_expect_not_null(strstr(page, "约 62% 值得一谈"));
    cr_expect_eq(count_of(page, "<tbody class=\"one\">"), 2, "one per direction");
    cr_expect_eq(count_of(page, "<tbody"), count_of(page, "</tbody>"));
    cr_expect_eq(count_of(page, "<details"), count_of(page, "</details>"));
    g_autofree char *empty = read_in(folder, LONG_CHAIN ".html");
    cr_expect_not_null(strstr(empty, "没有够得上清单下限（匹配度 45）的配对"));
    g_autofree char *index = read_in(folder, "index.html");
    g_autofree char *href = g_uri_escape_string(LONG_CHAIN ".html", NULL, FALSE);
    cr_expect_not_null(strstr(index, href));
    cr_expect_not_null(strstr(index, "1,234"));
    remove_folder(folder);
}

/* ---- bytes ---- */

Test(lists, same_result_same_bytes)
{
    g_autoptr(DjResultSet) a = fixture_set();
    g_autoptr(DjResultSet) b = fixture_set();
    char *first = write_lists(a, DJ_AUDIENCE_CENTRE, NULL);
    g_setenv("TZ", "America/St_Johns", TRUE);
    char *second = write_lists(b, DJ_AUDIENCE_CENTRE, NULL);
    g_unsetenv("TZ");
    g_autofree char *x = read_in(first, ".duijie-lists"), *y = read_in(second, ".duijie-lists");
    cr_expect_str_eq(x, y);
    const char *argv[] = {"sha256sum", "--quiet", "-c", ".duijie-lists", NULL};
    int status = -1;
    cr_assert(g_spawn_sync(first, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    cr_expect_eq(status, 0, "the manifest matches the files");
    remove_folder(first);
    remove_folder(second);
}

Test(lists, a_result_that_contradicts_itself_is_refused)
{
    g_autoptr(DjResultSet) set = fixture_set();
    g_autoptr(GError) error = NULL;
    char *folder = scratch();
    g_hash_table_remove(set->patents, "A-000000000001");
    cr_assert_not(dj_lists_write(set, DJ_AUDIENCE_PUBLIC, folder, NULL, &error));
    cr_expect(g_error_matches(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT));
    cr_expect_not_null(strstr(error->message, "A-000000000001"));
    g_clear_error(&error);
    g_clear_pointer(&set->provenance.now, g_free);
    cr_assert_not(dj_lists_write(set, DJ_AUDIENCE_PUBLIC, folder, NULL, &error));
    cr_expect(g_error_matches(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT));
    remove_folder(folder);
}
