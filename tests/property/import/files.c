/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "files.h"
#include "engine/model/ident.h"

enum { N_ENTERPRISES = 24, N_CODES = 16, N_ROWS = 40 };

gboolean files_one_in(GRand *rand, gint n)
{
    return g_rand_int_range(rand, 0, n) == 0;
}

static const char *pick(GRand *rand, const char *const *from, gsize n)
{
    return from[g_rand_int_range(rand, 0, (gint32)n)];
}
#define PICK(rand, list) pick(rand, list, G_N_ELEMENTS(list))

static void append_note(GRand *rand, GString *out)
{
    static const char *const notes[] = {"", "甲", "乙", "清空", "无"};
    g_string_append(out, PICK(rand, notes));
}

/* ---- patents ---- */

static void append_number(GRand *rand, int patent, GString *out)
{
    static const int weights[] = {2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5};
    char digits[16];
    int sum = 0;
    g_snprintf(digits, sizeof digits, "20181%07d", patent);
    for (int d = 0; d < 12; d++)
        sum += (digits[d] - '0') * weights[d];
    sum += files_one_in(rand, 40); /* a wrong check digit */
    g_string_append_printf(out, "%s%s.%c", files_one_in(rand, 2) ? "ZL" : "", digits,
                           sum % 11 == 10 ? 'X' : '0' + sum % 11);
}

static void append_patent(GRand *rand, int column, int patent, GString *out)
{
    static const char *const fees[] = {"5万元", "50000", "面议", "约五万", "", "清空", "0"};
    static const char *const owners[] = {"甲大学", "甲大学；乙研究院", "", "清空"};
    static const char *const kinds[] = {"", "发明", "实用新型", "科技成果"};
    switch (column) {
    case 0:
        append_number(rand, patent, out);
        break;
    case 1:
        if (!files_one_in(rand, 15))
            g_string_append_printf(out, "题目%d%s", patent, files_one_in(rand, 6) ? "改" : "");
        break;
    case 2:
        g_string_append_printf(out, "摘要%d", g_rand_int_range(rand, 0, 3));
        break;
    case 3:
        g_string_append(out, PICK(rand, fees));
        break;
    case 4:
        g_string_append(out, PICK(rand, owners));
        break;
    case 5:
        g_string_append(out, files_one_in(rand, 4) ? PICK(rand, kinds) : "");
        break;
    default:
        append_note(rand, out);
    }
}

/* ---- enterprises and what they need ---- */

static int pick_enterprise(GRand *rand)
{
    return g_rand_int_range(rand, 0, N_ENTERPRISES);
}

static void append_name(GRand *rand, int enterprise, GString *out)
{
    static const char *const ends[] = {"有限公司", "有限公司", "有限公司", "有限责任公司", "集团"};
    g_string_append_printf(out, "武汉%d%s", enterprise, PICK(rand, ends));
}

char *files_pick_name(GRand *rand)
{
    GString *out = g_string_new(NULL);
    append_name(rand, pick_enterprise(rand), out);
    return g_string_free(out, FALSE);
}

/* Two thirds of the enterprises have one. */
static void append_code(GRand *rand, int enterprise, GString *out)
{
    char code[19];
    if (enterprise >= N_CODES || !files_one_in(rand, 2))
        return;
    g_snprintf(code, sizeof code, "91420100%09d", enterprise);
    char check = dj_credit_code_check_char(code);
    g_string_append_printf(out, "%.17s%c", code, files_one_in(rand, 60) ? check ^ 1 : check);
}

static void append_need(GRand *rand, int column, int row, GString *out)
{
    static const char *const dates[] = {"2026-03-01", "2026-03-01", "2026-03-01", "", "去年"};
    static const char *const budgets[] = {"5万元", "50000", "面议", "", "清空"};
    int enterprise = files_one_in(rand, 20) ? pick_enterprise(rand) : row * 7 % N_ENTERPRISES;
    switch (column) {
    case 0:
        if (!files_one_in(rand, 20))
            append_name(rand, enterprise, out);
        break;
    case 1:
        append_code(rand, enterprise, out);
        break;
    case 2:
        if (!files_one_in(rand, 25))
            g_string_append_printf(out, "需求%d", row / 4);
        break;
    case 3:
        g_string_append(out, PICK(rand, dates));
        break;
    case 4:
        g_string_append_printf(out, "摘要%d", g_rand_int_range(rand, 0, 3));
        break;
    case 5:
        g_string_append(out, PICK(rand, budgets));
        break;
    case 6: /* of a few ids, which others have as well */
        if (row % 3 == 0)
            g_string_append_printf(out, "X%d", files_one_in(rand, 6) ? 0 : row);
        break;
    default:
        append_note(rand, out);
    }
}

static void append_enterprise(GRand *rand, int column, int row, GString *out)
{
    static const char *const cities[] = {"武汉", "襄阳", "", "清空"};
    static const char *const stubs[] = {"", "", "", "是", "否"};
    int enterprise = row % N_ENTERPRISES;
    switch (column) {
    case 0:
        if (!files_one_in(rand, 20))
            append_name(rand, files_one_in(rand, 12) ? pick_enterprise(rand) : enterprise, out);
        break;
    case 1:
        append_code(rand, files_one_in(rand, 30) ? pick_enterprise(rand) : enterprise, out);
        break;
    case 2:
        g_string_append(out, PICK(rand, cities));
        break;
    case 3:
        if (files_one_in(rand, 15))
            append_name(rand, pick_enterprise(rand), out);
        break;
    case 4:
        append_note(rand, out);
        break;
    default:
        g_string_append(out, PICK(rand, stubs));
    }
}

/* ---- files ---- */

enum { MAX_COLUMNS = 8 };

typedef struct {
    const char *titles[MAX_COLUMNS + 1];
    int n_rows;
    void (*append)(GRand *rand, int column, int row, GString *out);
} Kind;

static const Kind kinds[DJ_N_TABLES] = {
    [DJ_TABLE_PATENT] = {{"专利号", "名称", "摘要", "许可费", "专利权人", "专利类型", "备注甲"}, N_ROWS, append_patent},
    [DJ_TABLE_NEED] = {{"企业名称", "统一社会信用代码", "需求名称", "登记日期", "需求内容", "预算", "需求编号",
                        "备注甲"},
                       N_ROWS,
                       append_need},
    [DJ_TABLE_ENTERPRISE] = {{"企业名称", "统一社会信用代码", "企业注册地", "简称", "备注甲", "待补档案"},
                             N_ENTERPRISES,
                             append_enterprise},
};

char *files_make(GRand *rand, DjTable table)
{
    const Kind *kind = &kinds[table];
    int order[MAX_COLUMNS] = {0}, n = 0;
    GString *out = g_string_new(NULL);
    for (; kind->titles[n]; n++)
        order[n] = n;
    for (int i = n - 1; files_one_in(rand, 3) && i > 0; i--) {
        int other = g_rand_int_range(rand, 0, i + 1), kept = order[i];
        order[i] = order[other];
        order[other] = kept;
    }
    n -= files_one_in(rand, 3) ? g_rand_int_range(rand, 0, 3) : 0;
    for (int i = 0; i < n; i++)
        g_string_append_printf(out, "%s%s", i ? "," : "", kind->titles[order[i]]);
    for (int row = 0; row < kind->n_rows; row++) {
        for (int times = files_one_in(rand, 8) ? g_rand_int_range(rand, 0, 3) : 1; times > 0; times--) {
            g_string_append_c(out, '\n');
            for (int i = 0; i < n; i++) {
                g_string_append(out, i ? "," : "");
                kind->append(rand, order[i], row, out);
            }
        }
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}

static char *replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);
    return g_strjoinv(with, parts);
}

char *files_alter(GRand *rand, const char *text)
{
    if (files_one_in(rand, 2))
        return g_strdup(text);
    if (files_one_in(rand, 4))
        return replace(text, ",", "\t");
    if (files_one_in(rand, 4)) /* an unknown column of another name */
        return replace(text, "备注甲", "备注乙");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(lines[0]);
    gboolean backwards = files_one_in(rand, 3);
    guint n = g_strv_length(lines);
    for (guint i = 1; i < n; i++) {
        const char *line = lines[backwards ? n - i : i];
        g_autofree char *other = files_one_in(rand, 8) ? replace(line, "摘要1", "摘要9") : NULL;
        if (*line && !files_one_in(rand, 10))
            g_string_append_printf(out, "\n%s", other ? other : line);
    }
    g_string_append_c(out, '\n');
    return g_string_free(out, FALSE);
}
