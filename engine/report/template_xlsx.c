/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/template_xlsx.h"
#include <string.h>
#include <time.h>
#include <xlsxwriter.h>

enum { ROWS_WITH_LISTS = 2000 };

/* Columns that must be filled in, an example, and what may be chosen. Other fields get their advice by type. */
static const struct {
    DjTable table;
    int field;
    gboolean required;
    const char *example;
    const char *choices[10];
} columns[] = {
    {DJ_TABLE_PATENT, DJ_PATENT_NUMBER, TRUE, "ZL202019000001.9", {0}},
    {DJ_TABLE_PATENT, DJ_PATENT_TITLE, TRUE, "一种示例装置", {0}},
    {DJ_TABLE_PATENT, DJ_PATENT_ABSTRACT, FALSE, "用两三句话写明解决什么问题、用什么办法、达到什么指标。", {0}},
    {DJ_TABLE_PATENT, DJ_PATENT_IPC, FALSE, "C04B35/581；H01L21/00", {0}},
    {DJ_TABLE_PATENT, DJ_PATENT_OWNERS, FALSE, "示例大学", {0}},
    {DJ_TABLE_PATENT, DJ_PATENT_INSTITUTION_KIND, FALSE, "高校", {"高校", "院所", "医院", "企业"}},
    {DJ_TABLE_PATENT, DJ_PATENT_LEGAL_STATUS, FALSE, "有效", {"有效", "失效", "审查中"}},
    {DJ_TABLE_PATENT,
     DJ_PATENT_PAYMENT,
     FALSE,
     "一次性付费",
     {"一次性付费", "提成支付", "入门费加提成", "分期支付", "免费"}},
    {DJ_TABLE_NEED, DJ_NEED_ENTERPRISE, FALSE, "示例科技有限公司", {0}},
    {DJ_TABLE_NEED, DJ_NEED_TITLE, TRUE, "高导热陶瓷基板烧成温度过高", {0}},
    {DJ_TABLE_NEED, DJ_NEED_DESCRIPTION, FALSE, "现在怎么做、遇到什么问题、希望达到什么指标。", {0}},
    {DJ_TABLE_NEED, DJ_NEED_CHAIN, FALSE, "电子信息材料", {0}},
    {DJ_TABLE_NEED, DJ_NEED_INDICATORS, FALSE, "热导率≥170W/(m·K)；烧成温度≤1780℃", {0}},
    {DJ_TABLE_NEED, DJ_NEED_URGENCY, FALSE, "一般", {"一般", "紧急", "特急"}},
    {DJ_TABLE_NEED, DJ_NEED_GAP, FALSE, NULL, {"补短板", "锻长板", "填空白"}},
    {DJ_TABLE_NEED, DJ_NEED_STATUS, FALSE, NULL, {"待对接", "对接中", "已签约", "已撤回"}},
    {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_NAME, TRUE, "示例科技有限公司", {0}},
    {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_PRODUCT, FALSE, "电子陶瓷基板", {0}},
    {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_TIER, FALSE, NULL, {"优势", "种子", "成长型"}},
    {DJ_TABLE_TEXT, DJ_TEXT_TITLE, FALSE, "示例标题", {0}},
    {DJ_TABLE_TEXT, DJ_TEXT_BODY, TRUE, "示例正文", {0}},
};

static const char *const yes_no[] = {"是", "否", NULL};
static const char *const kinds[] = {"发明", "实用新型", "外观设计", "科技成果", NULL};
static const char *const levels[] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", NULL};

static int find_column(const DjField *field)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(columns); i++)
        if (columns[i].table == field->table && columns[i].field == field->index)
            return i;
    return -1;
}

const char *const *dj_template_choices(const DjField *field)
{
    int i = find_column(field);
    if (i >= 0 && columns[i].choices[0])
        return columns[i].choices;
    switch (field->type) {
    case DJ_TYPE_BOOL:
        return yes_no;
    case DJ_TYPE_PATENT_KIND:
        return kinds;
    case DJ_TYPE_MATURITY:
        return levels;
    default:
        return NULL;
    }
}

static const char *advice_of(const DjField *field)
{
    switch (field->type) {
    case DJ_TYPE_LIST:
        return "多项用分号隔开";
    case DJ_TYPE_DATE:
        return "写成 2026-03-05";
    case DJ_TYPE_NUMBER:
        return "只写数字";
    case DJ_TYPE_MONEY:
        return "写成 50000、5万元、面议或免费";
    case DJ_TYPE_PERCENT:
        return "写成 3.5%";
    case DJ_TYPE_BOOL:
        return "是或否；不清楚时留空";
    case DJ_TYPE_IPC:
        return "写成 C04B35/581；多项用分号隔开";
    case DJ_TYPE_PATENT_NUMBER:
        return "专利号或申请号，连校验位；科技成果留空，并在“专利类型”写科技成果";
    case DJ_TYPE_CREDIT_CODE:
        return "18 位；不知道时留空";
    case DJ_TYPE_PATENT_KIND:
        return "发明、实用新型、外观设计或科技成果";
    case DJ_TYPE_MATURITY:
        return "技术成熟度 1 到 9；也可写小试、中试、量产";
    default:
        return "文字";
    }
}

/* NULL: the example leaves the field empty. */
static const char *example_of(const DjField *field)
{
    int i = find_column(field);
    if (i >= 0)
        return columns[i].example;
    switch (field->type) {
    case DJ_TYPE_DATE:
        return "2026-03-05";
    case DJ_TYPE_MONEY:
        return "5万元";
    case DJ_TYPE_PERCENT:
        return "3.5%";
    case DJ_TYPE_MATURITY:
        return "6";
    default:
        return NULL;
    }
}

static const char *privacy_of(const DjField *field)
{
    static const char *const who[] = {"公开", "参会方可见", "组织者可见", "保密"};
    return who[field->privacy];
}

/* A stub is the import's own mark, nothing to fill in. */
static gboolean is_column(const DjField *field)
{
    return !(field->table == DJ_TABLE_ENTERPRISE && field->index == DJ_ENTERPRISE_STUB);
}

typedef struct {
    lxw_workbook *book;
    lxw_format *head, *must, *text, *label, *big;
} Book;

static Book open_book(const char *path, int day)
{
    lxw_doc_properties properties = {.author = "duijie", .created = (time_t)day * 86400};
    Book b = {.book = workbook_new(path)};
    workbook_set_properties(b.book, &properties);
    b.head = workbook_add_format(b.book);
    b.must = workbook_add_format(b.book);
    lxw_format *const heads[] = {b.head, b.must};
    for (gsize i = 0; i < G_N_ELEMENTS(heads); i++) {
        format_set_bold(heads[i]);
        format_set_bg_color(heads[i], i ? 0xFCE8D5 : 0xEEF2F7);
        format_set_border(heads[i], LXW_BORDER_THIN);
        format_set_align(heads[i], LXW_ALIGN_VERTICAL_CENTER);
    }
    b.text = workbook_add_format(b.book);
    format_set_num_format(b.text, "@"); /* codes and numbers stay as they are typed */
    format_set_text_wrap(b.text);
    format_set_align(b.text, LXW_ALIGN_VERTICAL_TOP);
    return b;
}

static gboolean close_book(Book *b, GError **error)
{
    lxw_error code = workbook_close(b->book);
    if (code != LXW_NO_ERROR)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot write the template: %s", lxw_strerror(code));
    return code == LXW_NO_ERROR;
}

/* pages_wide 0: as many as the columns need. */
static void print_on_a4(lxw_worksheet *sheet, gboolean landscape, uint16_t pages_wide)
{
    enum { A4 = 9 };
    worksheet_set_paper(sheet, A4);
    if (landscape)
        worksheet_set_landscape(sheet);
    if (pages_wide)
        worksheet_fit_to_pages(sheet, pages_wide, 0);
}

static double width_of(const DjField *field)
{
    if (field->type == DJ_TYPE_TEXT || field->type == DJ_TYPE_LIST)
        return 24;
    return 16;
}

static void write_header(Book *b, lxw_worksheet *sheet, DjTable table)
{
    lxw_col_t at = 0;
    for (int i = 0; i < dj_field_count(table); i++) {
        const DjField *field = dj_field_at(table, i);
        if (!is_column(field))
            continue;
        int known = find_column(field);
        gboolean required = known >= 0 && columns[known].required;
        g_autofree char *title = g_strconcat(field->label, required ? "*" : "", NULL);
        worksheet_set_column(sheet, at, at, width_of(field), b->text);
        worksheet_write_string(sheet, 0, at, title, required ? b->must : b->head);
        at++;
    }
    worksheet_freeze_panes(sheet, 1, 0);
    print_on_a4(sheet, TRUE, 0);
    worksheet_repeat_rows(sheet, 0, 0);
}

static void write_lists(lxw_worksheet *sheet, DjTable table)
{
    lxw_col_t at = 0;
    for (int i = 0; i < dj_field_count(table); i++) {
        const DjField *field = dj_field_at(table, i);
        const char *const *choices = dj_template_choices(field);
        if (!is_column(field))
            continue;
        if (choices) {
            lxw_data_validation list = {.validate = LXW_VALIDATION_TYPE_LIST,
                                        .value_list = (char **)choices,
                                        .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
                                        .input_message = (char *)advice_of(field)};
            worksheet_data_validation_range(sheet, 1, at, ROWS_WITH_LISTS, at, &list);
        }
        at++;
    }
}

static void write_example(Book *b, lxw_worksheet *sheet, DjTable table)
{
    lxw_col_t at = 0;
    for (int i = 0; i < dj_field_count(table); i++) {
        const DjField *field = dj_field_at(table, i);
        const char *example = example_of(field);
        if (!is_column(field))
            continue;
        if (example)
            worksheet_write_string(sheet, 1, at, example, b->text);
        at++;
    }
}

static void write_guide(Book *b, lxw_worksheet *sheet, DjTable table)
{
    static const char *const titles[] = {"列", "必填", "怎么填", "例子", "可选的值", "谁能看到"};
    static const double widths[] = {20, 8, 40, 36, 36, 14};
    for (lxw_col_t i = 0; i < G_N_ELEMENTS(titles); i++) {
        worksheet_set_column(sheet, i, i, widths[i], b->text);
        worksheet_write_string(sheet, 0, i, titles[i], b->head);
    }
    lxw_row_t row = 1;
    for (int i = 0; i < dj_field_count(table); i++) {
        const DjField *field = dj_field_at(table, i);
        const char *const *choices = dj_template_choices(field);
        int known = find_column(field);
        if (!is_column(field))
            continue;
        g_autofree char *list = choices ? g_strjoinv("、", (char **)choices) : g_strdup("");
        worksheet_write_string(sheet, row, 0, field->label, b->text);
        worksheet_write_string(sheet, row, 1, known >= 0 && columns[known].required ? "是" : "", b->text);
        worksheet_write_string(sheet, row, 2, advice_of(field), b->text);
        worksheet_write_string(sheet, row, 3, example_of(field) ? example_of(field) : "", b->text);
        worksheet_write_string(sheet, row, 4, list, b->text);
        worksheet_write_string(sheet, row, 5, privacy_of(field), b->text);
        row++;
    }
    worksheet_write_string(sheet, row + 1, 0, "空着的格子不会改动已有内容；要删除已有内容，请写“清空”。", NULL);
    worksheet_freeze_panes(sheet, 1, 0);
    print_on_a4(sheet, TRUE, 1);
    worksheet_repeat_rows(sheet, 0, 0);
}

gboolean dj_template_write(DjTable table, const char *path, int day, GError **error)
{
    static const char *const names[] = {"专利与成果", "技术需求", "企业", "文本"};
    Book b = open_book(path, day);
    lxw_worksheet *sheet = workbook_add_worksheet(b.book, names[table]);
    write_header(&b, sheet, table);
    write_lists(sheet, table);
    lxw_worksheet *example = workbook_add_worksheet(b.book, "示例");
    write_header(&b, example, table);
    write_example(&b, example, table);
    write_guide(&b, workbook_add_worksheet(b.book, "填写说明"), table);
    return close_book(&b, error);
}

/* ---- the official form, four columns wide as printed, and a fifth for 备注 ---- */

enum { LINE = 22, TWO_LINES = 36, NEED = 56 }; /* heights of rows, points */

static void form_row(Book *b, lxw_worksheet *sheet, lxw_row_t *row, const char *const *cells)
{
    worksheet_set_row(sheet, *row, strchr(cells[0], '\n') ? TWO_LINES : LINE, NULL);
    for (lxw_col_t i = 0; i < 5; i++)
        worksheet_write_string(sheet, *row, i, cells[i] ? cells[i] : "",
                               i == 0 || (cells[i] && *cells[i]) ? b->label : b->text);
    (*row)++;
}

/* Two labels, each with a cell after it. */
static void form_pair(Book *b, lxw_worksheet *sheet, lxw_row_t *row, const char *const *labels)
{
    worksheet_set_row(sheet, *row, LINE, NULL);
    worksheet_write_string(sheet, *row, 0, labels[0], b->label);
    worksheet_write_blank(sheet, *row, 1, b->text);
    worksheet_write_string(sheet, *row, 2, labels[1], b->label);
    worksheet_merge_range(sheet, *row, 3, *row, 4, "", b->text);
    (*row)++;
}

/* A label and one wide cell. */
static void form_wide(Book *b, lxw_worksheet *sheet, lxw_row_t *row, const char *label, const char *text)
{
    worksheet_write_string(sheet, *row, 0, label, b->label);
    worksheet_merge_range(sheet, *row, 1, *row, 4, text, b->text);
    worksheet_set_row(sheet, *row, TWO_LINES, NULL);
    (*row)++;
}

static void form_heading(Book *b, lxw_worksheet *sheet, lxw_row_t *row, const char *text)
{
    worksheet_merge_range(sheet, *row, 0, *row, 4, text, b->head);
    worksheet_set_row(sheet, *row, LINE, NULL);
    (*row)++;
}

static void form_needs(Book *b, lxw_worksheet *sheet, lxw_row_t *row)
{
    static const char *const needs[] = {"专利布局指导", "风险排查指导", "海外布局指导", "专利预审加快",
                                        "产学研用合作", "创新提升赋能", "其他"};
    worksheet_write_string(sheet, *row, 0, "规划与需求内容", b->label);
    worksheet_write_string(sheet, *row, 1, "需求（是/否）", b->label);
    worksheet_merge_range(sheet, *row, 2, *row, 4, "具体方向或内容", b->label);
    worksheet_set_row(sheet, *row, LINE, NULL);
    (*row)++;
    for (gsize i = 0; i < G_N_ELEMENTS(needs); i++) {
        lxw_data_validation list = {.validate = LXW_VALIDATION_TYPE_LIST, .value_list = (char **)yes_no};
        worksheet_write_string(sheet, *row, 0, needs[i], b->label);
        worksheet_write_blank(sheet, *row, 1, b->text);
        worksheet_data_validation_cell(sheet, *row, 1, &list);
        worksheet_merge_range(sheet, *row, 2, *row, 4, "", b->text);
        worksheet_set_row(sheet, *row, NEED, NULL);
        (*row)++;
    }
}

gboolean dj_template_write_form(const char *path, int day, GError **error)
{
    static const char *const pairs[][2] = {{"企业名称", "企业注册地"}, {"联系人", "手  机"}, {"所属领域", "主导产品"}};
    static const char *const rights[][5] = {
        {"类别", "发明专利", "PCT", "其它Ⅰ类知识产权", "备注"},
        {"已申请专利数量", NULL, NULL, NULL, NULL},
        {"法律状态\n（授权/审查中）", NULL, NULL, NULL, NULL},
        {"未来1-3年计划每年申请数量", NULL, NULL, NULL, NULL},
    };
    Book b = open_book(path, day);
    b.label = workbook_add_format(b.book);
    format_set_border(b.label, LXW_BORDER_THIN);
    format_set_text_wrap(b.label);
    format_set_align(b.label, LXW_ALIGN_VERTICAL_CENTER);
    format_set_border(b.text, LXW_BORDER_THIN);
    b.big = workbook_add_format(b.book);
    format_set_bold(b.big);
    format_set_font_size(b.big, 16);
    format_set_align(b.big, LXW_ALIGN_CENTER);
    format_set_align(b.big, LXW_ALIGN_VERTICAL_CENTER);
    format_set_align(b.text, LXW_ALIGN_VERTICAL_CENTER);
    lxw_worksheet *sheet = workbook_add_worksheet(b.book, "规划表");
    lxw_row_t row = 0;
    print_on_a4(sheet, FALSE, 1);
    worksheet_set_column(sheet, 0, 0, 26, NULL);
    worksheet_set_column(sheet, 1, 4, 20, NULL);
    worksheet_set_row(sheet, row, TWO_LINES, NULL);
    worksheet_merge_range(sheet, row++, 0, 0, 4, "企业知识产权布局规划表", b.big);
    form_heading(&b, sheet, &row, "一、企业基本信息");
    for (gsize i = 0; i < G_N_ELEMENTS(pairs); i++)
        form_pair(&b, sheet, &row, pairs[i]);
    form_wide(&b, sheet, &row, "国家专精特新“小巨人”企业申报情况（在□中打√）", "□2026年   □2027年    □2028年");
    form_wide(&b, sheet, &row, "未来1-3年上市情况（在□中打√）", "□北交所   □上交所   □深交所   □境外   □不上市");
    form_wide(&b, sheet, &row, "产品出口情况", "                   万美元");
    form_heading(&b, sheet, &row, "二、企业知识产权信息表");
    for (gsize i = 0; i < G_N_ELEMENTS(rights); i++)
        form_row(&b, sheet, &row, rights[i]);
    form_heading(&b, sheet, &row, "三、企业知识产权需求表");
    form_needs(&b, sheet, &row);
    return close_book(&b, error);
}
