/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/form.h"
#include "indexer/value.h"
#include <string.h>

/* Labels of the form; import knows them as column titles. The last three are rows of the second table. */
const char *const dj_form_enterprise_titles[DJ_FORM_ENTERPRISE_COLUMNS] = {
    "企业名称",
    "企业注册地",
    "联系人",
    "手机",
    "所属领域",
    "主导产品",
    "国家专精特新“小巨人”企业申报情况",
    "未来1-3年上市情况",
    "产品出口情况",
    "已申请专利数量",
    "专利法律状态",
    "计划申请数量",
};
enum { NAME, CITY, CONTACT, PHONE, DOMAIN_OF, PRODUCT, GIANT, LISTING, EXPORT, FILED, STATUS, PLANNED };

/* How the form itself words the labels, where it differs. */
static const char *const form_labels[DJ_FORM_ENTERPRISE_COLUMNS] = {
    [STATUS] = "法律状态",
    [PLANNED] = "未来1-3年计划每年申请数量",
};

const char *const dj_form_need_titles[DJ_FORM_NEED_COLUMNS] = {
    "需求编号", "企业名称", "需求类别", "需求名称", "需求内容", "去向", "状态", "产品", "地区",
};
enum { NEED_ID, NEED_ENTERPRISE, NEED_KIND, NEED_TITLE, NEED_TEXT, NEED_ROUTE, NEED_STATUS, NEED_PRODUCT, NEED_REGION };

DjFormRules *dj_form_rules_new(const char *title)
{
    DjFormRules *rules = g_new0(DjFormRules, 1);
    rules->title = g_strdup(title);
    rules->kinds = g_ptr_array_new();
    return rules;
}

void dj_form_rules_add(DjFormRules *rules, const char *name, const char *route, char **words)
{
    DjFormKind *kind = g_new0(DjFormKind, 1);
    *kind = (DjFormKind){g_strdup(name), g_strdup(route), g_strdupv(words)};
    g_ptr_array_add(rules->kinds, kind);
}

void dj_form_rules_free(DjFormRules *rules)
{
    if (!rules)
        return;
    for (guint i = 0; i < rules->kinds->len; i++) {
        DjFormKind *kind = rules->kinds->pdata[i];
        g_free(kind->name);
        g_free(kind->route);
        g_strfreev(kind->words);
        g_free(kind);
    }
    g_ptr_array_unref(rules->kinds);
    g_free(rules->title);
    g_free(rules);
}

/* ---- labels ---- */

/* As dj_value_fold (so that I类 and Ⅰ类 are one), without what stands in brackets at the end, and without quotes. */
static char *fold_label(const char *text)
{
    g_autofree char *folded = dj_value_fold(text);
    char *bracket = strchr(folded, '(');
    if (bracket && bracket > folded)
        *bracket = '\0';
    GString *out = g_string_new(NULL);
    for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c != '"' && c != ':' && c != '*' && c != 0x201C && c != 0x201D)
            g_string_append_unichar(out, c);
    }
    return g_string_free(out, FALSE);
}

static gboolean same_label(const char *cell, const char *label)
{
    g_autofree char *a = fold_label(cell), *b = fold_label(label);
    return strcmp(a, b) == 0;
}

static const char *cell_at(const GPtrArray *row, guint i)
{
    return i < row->len ? row->pdata[i] : "";
}

static const char *label_of(int i)
{
    return form_labels[i] ? form_labels[i] : dj_form_enterprise_titles[i];
}

static gboolean is_label(const char *cell)
{
    for (int i = 0; i < DJ_FORM_ENTERPRISE_COLUMNS; i++)
        if (same_label(cell, label_of(i)))
            return TRUE;
    return FALSE;
}

/* First cell with text to the right of column i. */
static guint next_filled(const GPtrArray *row, guint i)
{
    do
        i++;
    while (i < row->len && !*cell_at(row, i));
    return i;
}

/* ---- what is filled in ---- */

static gboolean is_box(gunichar c, gboolean *ticked)
{
    static const char *const open = "□☐○◻", *const tick = "√✓✔☑■●☒";
    *ticked = g_utf8_strchr(tick, -1, c) != NULL;
    return *ticked || g_utf8_strchr(open, -1, c) != NULL;
}

/* "□2026年 √2027年" -> "2027年"; a text without boxes stays. */
static char *ticked_options(const char *text)
{
    GString *out = g_string_new(NULL), *option = g_string_new(NULL);
    gboolean any = FALSE, on = FALSE, ticked;
    for (const char *p = text;; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        gboolean box = c && is_box(c, &ticked);
        if (!c || box) {
            g_autofree char *name = dj_value_fold(option->str);
            gboolean between = box && !*name; /* □√2026年: two marks for one option */
            if (on && *name)
                g_string_append_printf(out, "%s%s", out->len ? "；" : "", name);
            g_string_truncate(option, 0);
            on = box && (ticked || (between && on));
            any = any || box;
        } else {
            g_string_append_unichar(option, c);
        }
        if (!c)
            break;
    }
    g_string_free(option, TRUE);
    if (!any)
        g_string_assign(out, text);
    return g_string_free(out, FALSE);
}

static char *take_value(int field, const char *text)
{
    if (field == GIANT || field == LISTING)
        return ticked_options(text);
    if (field == EXPORT && !strpbrk(text, "0123456789"))
        return g_strdup(""); /* only the unit that is printed there */
    return g_strdup(text);
}

/* A row of the table of rights: what each column holds, with the column's name. */
static char *take_counts(const GPtrArray *head, const GPtrArray *row, guint label)
{
    GString *out = g_string_new(NULL);
    for (guint i = label + 1; i < row->len; i++) {
        const char *value = cell_at(row, i);
        if (!*value)
            continue;
        g_autofree char *name = head ? fold_label(cell_at(head, i)) : g_strdup("");
        g_autofree char *upper = g_utf8_strup(name, -1); /* folding made pct of PCT */
        g_string_append_printf(out, "%s%s%s%s", out->len ? "；" : "", upper, *upper ? " " : "", value);
    }
    return g_string_free(out, FALSE);
}

static void read_enterprise(DjForm *form, const GPtrArray *rows)
{
    const GPtrArray *head = NULL;
    for (guint r = 0; r < rows->len; r++) {
        const GPtrArray *row = rows->pdata[r];
        for (guint i = 0; i < row->len; i++) {
            const char *text = cell_at(row, i);
            if (same_label(text, "类别"))
                head = row;
            for (int field = 0; field < DJ_FORM_ENTERPRISE_COLUMNS && *text; field++) {
                if (form->enterprise[field] || !same_label(text, label_of(field)))
                    continue;
                guint value = next_filled(row, i);
                if (field >= FILED)
                    form->enterprise[field] = take_counts(head, row, i);
                else if (value < row->len && !is_label(cell_at(row, value)))
                    form->enterprise[field] = take_value(field, cell_at(row, value));
            }
        }
    }
    for (int field = 0; field < DJ_FORM_ENTERPRISE_COLUMNS; field++)
        if (!form->enterprise[field])
            form->enterprise[field] = g_strdup("");
}

/* ---- needs ---- */

static int says_yes(const char *text)
{
    static const char *const yes[] = {"是", "有", "√", "✓", "✔", "☑", "y", "yes", "需要"};
    static const char *const no[] = {"否", "无", "×", "✗", "n", "no", "不需要", "没有"};
    g_autofree char *folded = dj_value_fold(text);
    for (gsize i = 0; i < G_N_ELEMENTS(yes); i++)
        if (strcmp(folded, yes[i]) == 0)
            return 1;
    for (gsize i = 0; i < G_N_ELEMENTS(no); i++)
        if (strcmp(folded, no[i]) == 0)
            return 0;
    return -1;
}

static gboolean is_one_of(gunichar c, const char *marks)
{
    return g_utf8_strchr(marks, -1, c) != NULL;
}

/* The first sentence; of a long one the clauses within 40 characters, so that no quantity is cut in two. */
static char *short_title(const char *text)
{
    const char *p = text, *clause = NULL;
    for (int n = 0; *p && n < 40; p = g_utf8_next_char(p), n++) {
        gunichar c = g_utf8_get_char(p);
        if (n > 0 && is_one_of(c, "。；;\n"))
            return g_strndup(text, (gsize)(p - text));
        if (n > 0 && is_one_of(c, "，：、:"))
            clause = p;
    }
    const char *end = *p && clause ? clause : p;
    return g_strndup(text, (gsize)(end - text));
}

static const char *route_of(const DjFormKind *kind, const char *text)
{
    if (!kind->words)
        return kind->route;
    for (char **word = kind->words; *word; word++)
        if (strstr(text, *word))
            return kind->route;
    return NULL;
}

/* A need of a form keeps its identity while its text is corrected: enterprise and kind are what it is. */
static char *make_id(const char *enterprise, const char *kind)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_autofree char *folded = dj_value_fold(enterprise);
    g_checksum_update(sum, (const guchar *)folded, -1);
    g_checksum_update(sum, (const guchar *)"", 1);
    g_checksum_update(sum, (const guchar *)kind, -1);
    return g_strdup_printf("F-%.12s", g_checksum_get_string(sum));
}

static void add_need(DjForm *form, const DjFormKind *kind, gint64 number, const char *text)
{
    const char *enterprise = form->enterprise[NAME], *route = route_of(kind, text);
    DjFormNeed *need = g_new0(DjFormNeed, 1);
    need->row = number;
    need->cells[NEED_ID] = make_id(enterprise, kind->name);
    need->cells[NEED_ENTERPRISE] = g_strdup(enterprise);
    need->cells[NEED_KIND] = g_strdup(kind->name);
    need->cells[NEED_TITLE] = *text ? short_title(text) : g_strdup_printf("%s：%s", enterprise, kind->name);
    need->cells[NEED_TEXT] = g_strdup(text);
    need->cells[NEED_ROUTE] = g_strdup(route ? route : "");
    need->cells[NEED_STATUS] = g_strdup(route ? "routed" : "");
    need->cells[NEED_PRODUCT] = g_strdup(form->enterprise[PRODUCT]);
    need->cells[NEED_REGION] = g_strdup(form->enterprise[CITY]);
    g_ptr_array_add(form->needs, need);
}

static void need_free(gpointer data)
{
    DjFormNeed *need = data;
    for (int i = 0; i < DJ_FORM_NEED_COLUMNS; i++)
        g_free(need->cells[i]);
    g_free(need);
}

gboolean dj_form_is(const DjFormRules *rules, const GPtrArray *rows)
{
    for (guint r = 0; r < rows->len; r++) {
        const GPtrArray *row = rows->pdata[r];
        for (guint i = 0; i < row->len; i++)
            if (same_label(cell_at(row, i), rules->title))
                return TRUE;
    }
    return FALSE;
}

DjForm *dj_form_read(const DjFormRules *rules, const GPtrArray *rows, const GArray *numbers)
{
    DjForm *form = g_new0(DjForm, 1);
    form->needs = g_ptr_array_new_with_free_func(need_free);
    read_enterprise(form, rows);
    for (guint r = 0; r < rows->len; r++) {
        const GPtrArray *row = rows->pdata[r];
        for (guint i = 0; i < row->len; i++) {
            for (guint k = 0; k < rules->kinds->len && *cell_at(row, i); k++) {
                const DjFormKind *kind = rules->kinds->pdata[k];
                if (!same_label(cell_at(row, i), kind->name))
                    continue;
                guint first = next_filled(row, i), second = next_filled(row, first);
                int wanted = says_yes(cell_at(row, first));
                const char *text = wanted < 0 ? cell_at(row, first) : cell_at(row, second);
                if (wanted == 1 || (wanted < 0 && *text))
                    add_need(form, kind, g_array_index(numbers, gint64, r), text);
            }
        }
    }
    return form;
}

void dj_form_free(DjForm *form)
{
    if (!form)
        return;
    for (int i = 0; i < DJ_FORM_ENTERPRISE_COLUMNS; i++)
        g_free(form->enterprise[i]);
    g_ptr_array_unref(form->needs);
    g_free(form);
}
