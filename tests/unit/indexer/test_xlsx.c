/* SPDX-License-Identifier: GPL-3.0-or-later */
/* XLSX and ZIP: what Excel stores, what other programs store, and files made to do harm. */
#include "fixture.h"
#include "indexer/xlsx_book.h"
#include <xlsxwriter.h>
#include <zip.h>

/* A ZIP file from names and contents, ending with NULL. */
static char *write_zip(Bench *b, const char *name, const char *const *entries)
{
    char *path = g_build_filename(b->folder, name, NULL);
    g_unlink(path);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    for (; *entries; entries += 2)
        cr_assert(zip_file_add(zip, entries[0], zip_source_buffer(zip, entries[1], strlen(entries[1]), 0),
                               ZIP_FL_ENC_UTF_8) >= 0);
    cr_assert_eq(zip_close(zip), 0);
    return path;
}

/* A workbook of one sheet around the given sheetData, with a shared string and a date style. */
static char *write_book(Bench *b, const char *sheet, const char *strings)
{
    const char *entries[] = {
        "[Content_Types].xml",
        "<Types/>",
        "xl/workbook.xml",
        "<workbook xmlns:r=\"x\"><sheets><sheet name=\"隐藏\" sheetId=\"1\" state=\"hidden\" r:id=\"r1\"/>"
        "<sheet name=\"表\" sheetId=\"2\" r:id=\"r2\"/></sheets></workbook>",
        "xl/_rels/workbook.xml.rels",
        "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/a.xml\"/>"
        "<Relationship Id=\"r2\" Target=\"/xl/worksheets/b.xml\"/></Relationships>",
        "xl/styles.xml",
        "<styleSheet><numFmts><numFmt numFmtId=\"164\" "
        "formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/></numFmts>"
        "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"164\"/><xf "
        "numFmtId=\"10\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>",
        "xl/sharedStrings.xml",
        strings,
        "xl/worksheets/a.xml",
        "<worksheet><sheetData/></worksheet>",
        "xl/worksheets/b.xml",
        sheet,
        NULL};
    return write_zip(b, "book.xlsx", entries);
}

static char *dump(const char *path, const DjReaderOptions *options)
{
    g_autoptr(GError) error = NULL;
    GString *out = g_string_new(NULL);
    DjReader *reader = dj_reader_open(path, options, &error);
    gboolean more = reader != NULL;
    guint part = 0;
    DjRow row;
    while (more && dj_reader_next(reader, &row, &more, &error) && more) {
        gsize n;
        const char *const *columns = dj_reader_columns(reader, &n);
        if (part != dj_reader_part(reader))
            for (gsize i = 0; i < n; i++)
                g_string_append_printf(out, "%s%s%s", i ? "|" : "(", columns[i], i + 1 < n ? "" : ")");
        part = dj_reader_part(reader);
        g_string_append_printf(out, "%d[", (int)row.number);
        for (gsize i = 0; i < row.n_cells; i++)
            g_string_append_printf(out, "%s%s", i ? "|" : "", row.cells[i].text ? row.cells[i].text : "");
        g_string_append(out, "]");
    }
    if (error)
        g_string_append(out, error->message);
    dj_reader_close(reader);
    return g_string_free(out, FALSE);
}

#define STRINGS                                                                                                        \
    "<sst><si><t>标题</t></si><si><r><t>一</t></r><r><t>二</t></r><rPh><t>读音</t></rPh></si><si><t "            \
    "xml:space=\"preserve\"> 甲&amp;乙 </t></si></sst>"

Test(xlsx, cells_of_every_kind)
{
    Bench b = bench_new();
    g_autofree char *path =
        write_book(&b,
                   "<worksheet><sheetData>"
                   "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" "
                   "t=\"inlineStr\"><is><t>乙列</t></is></c><c r=\"D1\" t=\"str\"><v>丁列</v></c></row>"
                   "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>1</v></c><c r=\"B3\"><v>0.10000000000000001</v></c><c r=\"D3\" "
                   "s=\"1\"><v>45356</v></c></row>"
                   "<row><c t=\"s\"><v>2</v></c><c s=\"2\"><v>3.5000000000000003E-2</v></c><c t=\"b\"><v>1</v></c><c "
                   "s=\"3\"><v>45356.5</v></c></row>"
                   "<row r=\"9\"><c r=\"A9\"><v>201720001285.3</v></c><c r=\"B9\"><v>1E+20</v></c><c r=\"C9\" "
                   "t=\"e\"><v>#N/A</v></c><c r=\"D9\"><v>-5</v></c></row>"
                   "<row r=\"10\"><c r=\"A10\"/></row>"
                   "</sheetData></worksheet>",
                   STRINGS);
    g_autofree char *got = dump(path, NULL);
    cr_assert_str_eq(got, "(标题|乙列|第3列|丁列)3[一二|0.1||2024-03-05]4[ 甲&乙 |3.5%|TRUE|2024-03-05 12:00:00]"
                          "9[201720001285.3|100000000000000000000|#N/A|-5]");
    DjReaderOptions options = {.sheet = "隐藏"};
    g_autofree char *hidden = dump(path, &options);
    cr_assert_str_eq(hidden, "no row with text in it", "a hidden sheet is read when it is named");
    options.sheet = "没有";
    g_autofree char *none = dump(path, &options);
    cr_assert_str_eq(none, "no sheet 没有; the sheets are 表");
    bench_free(&b);
}

Test(xlsx, number_formats)
{
    static const struct {
        const char *code;
        DjCellFormat format;
    } cases[] = {
        {"General", DJ_CELL_NUMBER},
        {"0.00", DJ_CELL_NUMBER},
        {"#,##0.00;[Red]-#,##0.00", DJ_CELL_NUMBER},
        {"0.00E+00", DJ_CELL_NUMBER},
        {"yyyy-mm-dd", DJ_CELL_DATE},
        {"[$-804]yyyy\"年\"m\"月\"d\"日\";@", DJ_CELL_DATE},
        {"m/d", DJ_CELL_DATE},
        {"mmm", DJ_CELL_DATE},
        {"yyyy/m/d h:mm", DJ_CELL_DATE_TIME},
        {"h:mm:ss", DJ_CELL_TIME},
        {"mm:ss", DJ_CELL_TIME},
        {"[h]:mm", DJ_CELL_TIME},
        {"0.0%", DJ_CELL_PERCENT},
        {"0\"万元（预算dy）\"", DJ_CELL_NUMBER},
        {"\\d0", DJ_CELL_NUMBER},
        {"\"open", DJ_CELL_NUMBER},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        cr_assert_eq(dj_xlsx_classify_format(cases[i].code), cases[i].format, "%s", cases[i].code);
}

/* A workbook by another program, in both of its modes: shared strings, and inline strings in constant memory. */
static char *write_needs(Bench *b, const char *name, gboolean constant_memory)
{
    char *path = g_build_filename(b->folder, name, NULL);
    lxw_workbook_options options = {.constant_memory = constant_memory};
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, "需求");
    lxw_format *date = workbook_add_format(book);
    format_set_num_format(date, "yyyy\"年\"m\"月\"d\"日\"");
    worksheet_merge_range(sheet, 0, 0, 0, 4, "2026年技术需求汇总表", NULL);
    const char *upper[] = {"需求编号", "企业信息", "", "需求名称", "登记日期", "预算（万元）"};
    const char *lower[] = {"", "企业名称", "统一社会信用代码", "", "", ""};
    for (lxw_col_t i = 0; i < 6; i++)
        if (*upper[i])
            worksheet_write_string(sheet, 1, i, upper[i], NULL);
    for (lxw_col_t i = 0; i < 6; i++)
        if (*lower[i])
            worksheet_write_string(sheet, 2, i, lower[i], NULL);
    lxw_datetime day = {2026, 3, 5, 0, 0, 0};
    for (lxw_row_t row = 3; row < 6; row++) {
        g_autofree char *id = g_strdup_printf("N%u", row);
        worksheet_write_string(sheet, row, 0, id, NULL);
        worksheet_write_string(sheet, row, 1, "示例甲有限公司", NULL);
        worksheet_write_string(sheet, row, 2, row == 4 ? "91350100M000100Y44" : "91350100M000100Y43", NULL);
        worksheet_write_string(sheet, row, 3, "防爆电池\n的研发", NULL);
        worksheet_write_datetime(sheet, row, 4, &day, date);
        worksheet_write_number(sheet, row, 5, 1.15, NULL);
    }
    cr_assert_eq(workbook_close(book), LXW_NO_ERROR);
    return path;
}

Test(xlsx, needs_under_a_merged_header)
{
    for (int constant_memory = 0; constant_memory < 2; constant_memory++) {
        Bench b = bench_new();
        g_autofree char *path = write_needs(&b, "需求.xlsx", constant_memory);
        bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 2, updated 0, unchanged 0, rejected 1");
        cr_assert_str_eq(b.last.format, "XLSX, 需求");
        cr_assert_eq(b.last.unknown_columns->len, 0);
        expect_field(&b, DJ_TABLE_NEED, "N3", DJ_NEED_DATE, "2026-03-05");
        expect_field(&b, DJ_TABLE_NEED, "N3", DJ_NEED_BUDGET, "11500");
        expect_field(&b, DJ_TABLE_NEED, "N5", DJ_NEED_ENTERPRISE_CODE, "91350100M000100Y43");
        bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 0, updated 0, unchanged 2, rejected 1");
        bench_free(&b);
    }
}

Test(xlsx, a_zip_of_several_files)
{
    Bench b = bench_new();
    g_autofree char *inner = write_needs(&b, "inner.xlsx", FALSE);
    g_autofree char *bytes = NULL;
    gsize length;
    cr_assert(g_file_get_contents(inner, &bytes, &length, NULL));
    g_autofree char *path = g_build_filename(b.folder, "all.zip", NULL);
    zip_t *zip = zip_open(path, ZIP_CREATE, NULL);
    const char *csv = "需求编号,需求名称\nC1,甲\nC2,\n", *json = "{\"id\":\"J1\",\"title\":\"乙\"}\n";
    zip_dir_add(zip, "文件夹", ZIP_FL_ENC_UTF_8);
    zip_file_add(zip, "文件夹/a.csv", zip_source_buffer(zip, csv, strlen(csv), 0), ZIP_FL_ENC_UTF_8);
    zip_file_add(zip, "__MACOSX/a.csv", zip_source_buffer(zip, "x", 1, 0), 0);
    zip_file_add(zip, "b.jsonl", zip_source_buffer(zip, json, strlen(json), 0), 0);
    zip_file_add(zip, "c.xlsx", zip_source_buffer(zip, bytes, length, 0), 0);
    cr_assert_eq(zip_close(zip), 0);
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 4, updated 0, unchanged 0, rejected 2");
    cr_assert_eq(b.last.reject_files->len, 4, "two tables with different columns");
    g_autofree char *rejects = NULL;
    cr_assert(g_file_get_contents(b.last.reject_files->pdata[0], &rejects, NULL, NULL));
    cr_assert_not_null(strstr(rejects, "\r\nall.zip/文件夹/a.csv,3,需求名称,,缺少需求名称"));
    bench_free(&b);
}

Test(xlsx, letters_and_pictures_in_a_zip_are_named_and_not_read)
{
    Bench b = bench_new();
    g_autoptr(GError) error = NULL;
    const char *entries[] = {
        "通知.docx", "PK", "图/a.JPG", "x", "Thumbs.db", "x", "n.csv", "需求编号,企业名称,需求名称\nC1,乙,甲\n", NULL};
    g_autofree char *path = write_zip(&b, "all.zip", entries);
    bench_import(&b, DJ_TABLE_NEED, NULL, path, "imported 1, updated 0, unchanged 0, rejected 0");
    cr_assert_eq(b.last.n_warnings, 2);
    cr_assert(g_str_has_prefix(b.last.warnings->pdata[0], "all.zip/通知.docx：不是表格，没有读"));
    cr_assert(g_str_has_prefix(b.last.warnings->pdata[1], "all.zip/图/a.JPG：不是表格，没有读"));
    const char *foreign[] = {"读我.txt", "你好\n", NULL};
    g_autofree char *other = write_zip(&b, "other.zip", foreign);
    cr_assert_not(bench_try(&b, DJ_TABLE_NEED, NULL, other, &error));
    cr_assert_str_eq(error->message, "import other.zip: 读我.txt: no column of needs is known; the columns are 你好; "
                                     "choose a layout with --mapping");
    bench_free(&b);
}

Test(xlsx, a_sheet_of_another_kind_says_which_sheets_there_are)
{
    Bench b = bench_new();
    g_autoptr(GError) error = NULL;
    g_autofree char *path =
        write_book(&b, "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c></row></sheetData></worksheet>",
                   "<sst><si><t>填表说明</t></si></sst>");
    cr_assert_not(bench_try(&b, DJ_TABLE_NEED, NULL, path, &error));
    cr_assert_str_eq(error->message,
                     "import book.xlsx: no column of needs is known; the columns are 填表说明; choose a "
                     "layout with --mapping, or a sheet with --sheet: 表");
    bench_free(&b);
}

static void expect_refused(Bench *b, const char *path, const char *says, const DjReaderOptions *options)
{
    (void)b;
    g_autofree char *got = dump(path, options);
    cr_assert(strstr(got, says), "%s", got);
}

Test(xlsx, files_made_to_do_harm)
{
    Bench b = bench_new();
    const char *sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" "
                        "t=\"inlineStr\"><is><t>a</t></is></c></row></sheetData></worksheet>";
    g_autofree char *doctype =
        write_book(&b, "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">]><worksheet>&a;</worksheet>", STRINGS);
    expect_refused(&b, doctype, "a document type declaration", NULL);
    g_autofree char *dtd_strings =
        write_book(&b, sheet, "<!DOCTYPE x [<!ENTITY a \"a\">]><sst><si><t>&a;</t></si></sst>");
    expect_refused(&b, dtd_strings, "a document type declaration", NULL);
    DjReaderOptions few = {.max_strings = 2};
    g_autofree char *strings = write_book(&b, sheet, STRINGS);
    expect_refused(&b, strings, "larger than allowed", &few);
    g_autofree char *wide =
        write_book(&b, "<worksheet><sheetData><row><c r=\"ZZZ1\"><v>1</v></c></row></sheetData></worksheet>", STRINGS);
    expect_refused(&b, wide, "more columns than allowed", NULL);
    g_autofree char *missing =
        write_book(&b, "<worksheet><sheetData><row><c t=\"s\"><v>99</v></c></row></sheetData></worksheet>", STRINGS);
    expect_refused(&b, missing, "a text that the file does not have", NULL);
    g_autofree char *cut = write_book(&b, "<worksheet><sheetData><row r=\"1\"><c", STRINGS);
    expect_refused(&b, cut, "表: line 1", NULL);

    g_autofree char *zeros = g_strnfill(20 << 20, 'a');
    for (gsize i = 3; i < 20 << 20; i += 4)
        zeros[i] = '\n';
    g_autofree char *bomb = write_zip(&b, "bomb.zip", (const char *[]){"a.csv", zeros, NULL});
    expect_refused(&b, bomb, "unpacks to more than is allowed", NULL);
    DjReaderOptions small = {.max_expanded = 1000, .max_ratio = 1000000};
    expect_refused(&b, bomb, "unpacks to more than is allowed", &small);
    g_autofree char *empty = write_zip(&b, "empty.zip", (const char *[]){"__MACOSX/x", "x", NULL});
    expect_refused(&b, empty, "no table in it", NULL);
    g_autofree char *nested = NULL;
    gsize length;
    cr_assert(g_file_get_contents(empty, &nested, &length, NULL));
    g_autofree char *outer = g_build_filename(b.folder, "outer.zip", NULL);
    zip_t *zip = zip_open(outer, ZIP_CREATE, NULL);
    zip_file_add(zip, "inner.zip", zip_source_buffer(zip, nested, length, 0), 0);
    cr_assert_eq(zip_close(zip), 0);
    expect_refused(&b, outer, "inner.zip: a ZIP file in a ZIP file", NULL);
    bench_free(&b);
}

Test(xlsx, damaged_files_do_no_harm)
{
    Bench b = bench_new();
    g_autofree char *path = write_needs(&b, "n.xlsx", FALSE);
    g_autofree char *bytes = NULL;
    gsize length;
    cr_assert(g_file_get_contents(path, &bytes, &length, NULL));
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);
    for (int round = 0; round < 400; round++) {
        g_autofree char *copy = g_memdup2(bytes, length);
        gsize keep = round % 2 ? length : (gsize)g_rand_int_range(rand, 1, (gint32)length);
        for (int i = 0; i < 8 && round % 2; i++)
            copy[g_rand_int_range(rand, 4, (gint32)length)] = (char)g_rand_int_range(rand, 0, 256);
        cr_assert(g_file_set_contents(path, copy, (gssize)keep, NULL));
        g_free(dump(path, NULL));
    }
    /* Damage inside the XML: what the compression hides from the rounds above. */
    const char *sheet = "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row><row r=\"2\"><c "
                        "r=\"B2\" s=\"1\"><v>45356</v></c></row></sheetData></worksheet>";
    for (int round = 0; round < 400; round++) {
        g_autofree char *copy = g_strdup(sheet);
        for (int i = 0; i < 3; i++)
            copy[g_rand_int_range(rand, 0, (gint32)strlen(sheet))] = "<>/\"=crvs0A19e- "[g_rand_int_range(rand, 0, 16)];
        g_autofree char *book = write_book(&b, copy, STRINGS);
        g_free(dump(book, NULL));
    }
    bench_free(&b);
}
