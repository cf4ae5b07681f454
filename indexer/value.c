/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What cannot be read is never guessed and never dropped: it is kept as text with a warning, and only a wrong
 * identifier stops its row, because it would file the record under somebody else. */
#include "indexer/value.h"
#include "engine/model/ident.h"
#include "engine/model/scan.h"
#include <string.h>

DjWords *dj_words_new(void)
{
    DjWords *words = g_new0(DjWords, 1);
    words->empty = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    words->whole = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    words->glossary = dj_glossary_new();
    return words;
}

void dj_words_free(DjWords *words)
{
    if (!words)
        return;
    g_hash_table_unref(words->empty);
    g_hash_table_unref(words->whole);
    dj_glossary_free(words->glossary);
    for (gsize i = 0; i < G_N_ELEMENTS(words->by_type); i++)
        g_clear_pointer(&words->by_type[i], g_hash_table_unref);
    g_free(words);
}

void dj_words_add(DjWords *words, DjFieldType type, const char *word, const char *canonical)
{
    if (!words->by_type[type])
        words->by_type[type] = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_replace(words->by_type[type], dj_value_fold(word), g_strdup(canonical));
}

void dj_words_add_empty(DjWords *words, const char *word)
{
    g_hash_table_add(words->empty, dj_value_fold(word));
}

/* Folds ASCII into folded, which has room for it. FALSE where text is not ASCII. */
static gboolean fold_ascii(const char *text, char *folded)
{
    for (; *text; text++) {
        if (*text & 0x80)
            return FALSE;
        if (!g_ascii_isspace(*text))
            *folded++ = g_ascii_tolower(*text);
    }
    *folded = '\0';
    return TRUE;
}

char *dj_value_fold(const char *text)
{
    g_autofree char *plain = g_malloc(strlen(text) + 1);
    if (fold_ascii(text, plain))
        return g_steal_pointer(&plain);
    g_autofree char *nfkc = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    g_autofree char *lower = g_utf8_strdown(nfkc ? nfkc : "", -1);
    char *to = lower;
    for (const char *p = lower, *next; *p; p = next) {
        gunichar c = g_utf8_get_char(p);
        next = g_utf8_next_char(p); /* before the bytes at p are overwritten */
        if (g_unichar_isspace(c) || c == 0x200B || c == 0xFEFF)
            continue;
        memmove(to, p, (gsize)(next - p));
        to += next - p;
    }
    *to = '\0';
    return g_steal_pointer(&lower);
}

/* ---- text ---- */

static gboolean is_space(gunichar c)
{
    return g_unichar_isspace(c) || c == 0xA0 || c == 0x3000 || c == 0x200B || c == 0xFEFF;
}

/* Narrows [text, text + length) to what is left without white space at its ends. */
static void trim(const char **text, gsize *length)
{
    const char *begin = *text, *end = begin + *length;
    while (begin < end) {
        if ((guchar)*begin > ' ' && !(*begin & 0x80))
            break;
        if (!is_space(g_utf8_get_char(begin)) && (guchar)*begin > ' ')
            break;
        begin = g_utf8_next_char(begin);
    }
    while (end > begin) {
        const char *last = g_utf8_prev_char(end);
        if (!is_space(g_utf8_get_char(last)) && (guchar)*last > ' ')
            break;
        end = last;
    }
    *text = begin;
    *length = (gsize)(end - begin);
}

/* Appends text with line ends as '\n' and without other control characters. */
static void append_clean(GString *out, const char *text, gsize length)
{
    for (const char *p = text, *end = text + length; p < end; p++) {
        gsize plain = dj_scan_plain(p, (gsize)(end - p));
        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        if (p == end)
            break;
        if (*p == '\r' && !(p + 1 < end && p[1] == '\n'))
            g_string_append_c(out, '\n');
        else if (*p == '\n' || *p == '\t' || *p == '"' || *p == '\\')
            g_string_append_c(out, *p);
    }
}

/* ---- lists ---- */

/* A comma inside a Latin name (Example Co., Ltd.) does not end an item. */
static gboolean ends_item(const char *p, gboolean whole)
{
    gunichar c = g_utf8_get_char(p);
    switch (c) {
    case '\n':
    case ';':
    case '|':
    case 0xFF1B: /* ； */
        return TRUE;
    case 0x3001: /* 、 */
    case 0xFF0C: /* ， */
        return !whole;
    case ',':
        return !whole && !(p[1] == ' ' && g_ascii_isalpha(p[2]));
    default:
        return FALSE;
    }
}

/* Is the item one of those in list, which '\n' divides? */
static gboolean has_item(const char *list, gsize length, const char *item, gsize item_length)
{
    for (const char *p = list, *end = list + length; p < end;) {
        const char *stop = memchr(p, '\n', (gsize)(end - p));
        gsize n = (gsize)((stop ? stop : end) - p);
        if (n == item_length && memcmp(p, item, n) == 0)
            return TRUE;
        p += n + 1;
    }
    return FALSE;
}

static void add_item(GString *out, const char *text, gsize length)
{
    trim(&text, &length);
    if (!length)
        return;
    gsize before = out->len;
    if (before)
        g_string_append_c(out, '\n');
    gsize begin = out->len;
    append_clean(out, text, length);
    for (char *p = out->str + begin; (p = memchr(p, '\n', (gsize)(out->str + out->len - p)));)
        *p = ' ';
    if (out->len == begin || has_item(out->str, before, out->str + begin, out->len - begin))
        g_string_truncate(out, before);
}

/* Separators inside brackets belong to the item. */
static void split_items(GString *out, const char *text, gsize length, gboolean is_list, gboolean whole)
{
    const char *begin = text, *end = text + length;
    int depth = 0;
    for (const char *p = text; p < end; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c == '(' || c == 0xFF08)
            depth++;
        else if ((c == ')' || c == 0xFF09) && depth > 0)
            depth--;
        if (is_list ? c == '\n' : ((depth == 0 || c == '\n') && ends_item(p, whole))) {
            add_item(out, begin, (gsize)(p - begin));
            begin = g_utf8_next_char(p);
            depth = 0;
        }
    }
    add_item(out, begin, (gsize)(end - begin));
}

static gboolean add_symbol(GString *out, const char *text)
{
    DjIpc ipc;
    if (!dj_ipc_parse(text, &ipc))
        return FALSE;
    g_autofree char *symbol = dj_ipc_format(&ipc);
    add_item(out, symbol, strlen(symbol));
    return TRUE;
}

/* Symbols that only spaces keep apart: a word that begins like a symbol begins one (C04B 35/58 H01L 21/00). */
static gboolean split_symbols(GString *out, const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t", -1);
    g_autoptr(GString) symbol = g_string_new(NULL);
    gboolean all = TRUE;
    for (char **word = words; *word; word++) {
        gboolean begins = g_ascii_isalpha((*word)[0]) && g_ascii_isdigit((*word)[1]);
        if (begins && symbol->len) {
            all = add_symbol(out, symbol->str) && all;
            g_string_truncate(symbol, 0);
        }
        g_string_append(symbol, *word);
    }
    return (!symbol->len || add_symbol(out, symbol->str)) && all;
}

static gboolean read_ipc(const char *text, gsize length, GString *out)
{
    g_autoptr(GString) items = g_string_new(NULL);
    split_items(items, text, length, FALSE, FALSE);
    gboolean all = TRUE;
    for (char *item = items->str, *next; item; item = next) {
        gsize before = out->len;
        next = strchr(item, '\n');
        if (next)
            *next++ = '\0';
        if (!*item || add_symbol(out, item) || split_symbols(out, item))
            continue;
        g_string_truncate(out, before); /* kept as it is: readers of the field skip what is no symbol */
        add_item(out, item, strlen(item));
        all = FALSE;
    }
    return all;
}

/* ---- single values ---- */

static const char *find_word(const DjWords *words, DjFieldType type, const char *folded)
{
    GHashTable *table = words->by_type[type];
    return table ? g_hash_table_lookup(table, folded) : NULL;
}

static gboolean read_maturity(const char *folded, GString *out)
{
    const char *p = folded;
    if (g_str_has_prefix(p, "trl"))
        p += 3;
    if (g_str_has_prefix(p, "第"))
        p += strlen("第");
    p += strspn(p, "-_: =");
    if (*p < '1' || *p > '9' || (p[1] && strcmp(p + 1, "级") != 0))
        return FALSE;
    g_string_append_c(out, *p);
    return TRUE;
}

static const char *advice(DjFieldType type)
{
    switch (type) {
    case DJ_TYPE_DATE:
        return "不是能识别的日期；请写成 2026-03-05 的样子";
    case DJ_TYPE_NUMBER:
        return "不是一个数；请只写数字";
    case DJ_TYPE_MONEY:
        return "不是确定的金额；请写成 50000、5万元、面议或免费";
    case DJ_TYPE_PERCENT:
        return "不是百分比；请写成 3.5% 的样子";
    case DJ_TYPE_BOOL:
        return "不是“是”或“否”";
    case DJ_TYPE_IPC:
        return "含有不能识别的分类号；请写成 C04B35/581 的样子，用分号隔开";
    case DJ_TYPE_PATENT_KIND:
        return "不是已知的类型；请写发明、实用新型、外观设计或科技成果";
    case DJ_TYPE_MATURITY:
        return "不是已知的成熟度；请写 1 到 9 的数字，或小试、中试、量产等";
    default:
        return "不能识别";
    }
}

static gboolean read_single(const DjWords *words, const DjField *field, const char *text, const char *unit,
                            GString *out)
{
    g_autofree char *folded = dj_value_fold(text);
    const char *word = find_word(words, field->type, folded);
    if (word) {
        g_string_append(out, word);
        return TRUE;
    }
    switch (field->type) {
    case DJ_TYPE_DATE:
        return dj_value_read_date(text, out);
    case DJ_TYPE_NUMBER:
        return dj_value_read_amount(folded, unit, FALSE, out);
    case DJ_TYPE_MONEY:
        return dj_value_read_amount(folded, unit, TRUE, out);
    case DJ_TYPE_PERCENT:
        return dj_value_read_percent(folded, out);
    case DJ_TYPE_MATURITY:
        return read_maturity(folded, out);
    default:
        return FALSE;
    }
}

static DjValueResult read_identifier(const DjField *field, const char *text, GString *out, char **why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *canonical = field->type == DJ_TYPE_PATENT_NUMBER ? dj_patent_number_normalise(text, &error)
                                                                      : dj_credit_code_normalise(text, &error);
    if (!canonical) {
        *why = g_strdup(error->message);
        return DJ_VALUE_BAD;
    }
    g_string_assign(out, canonical);
    return DJ_VALUE_OK;
}

/* Words for "nothing" are short; longer cells need no look-up. */
static gboolean says_nothing(const DjWords *words, const char *text, gsize length)
{
    if (length > 24)
        return FALSE;
    g_autofree char *copy = g_strndup(text, length);
    g_autofree char *folded = dj_value_fold(copy);
    return g_hash_table_contains(words->empty, folded);
}

DjValueResult dj_value_read(const DjWords *words, const DjField *field, const char *text, gsize length,
                            gboolean is_list, const char *unit, GString *out, char **why)
{
    g_string_truncate(out, 0);
    trim(&text, &length);
    if (!length)
        return DJ_VALUE_EMPTY;
    if (length == strlen(DJ_VALUE_ERASE_WORD) && memcmp(text, DJ_VALUE_ERASE_WORD, length) == 0)
        return DJ_VALUE_ERASE;
    g_autofree char *copy = NULL;
    gboolean known_word = FALSE;
    switch (field->type) {
    case DJ_TYPE_TEXT:
        if (says_nothing(words, text, length))
            return DJ_VALUE_EMPTY;
        append_clean(out, text, length);
        return out->len ? DJ_VALUE_OK : DJ_VALUE_EMPTY;
    case DJ_TYPE_LIST:
        if (says_nothing(words, text, length))
            return DJ_VALUE_EMPTY;
        split_items(out, text, length, is_list, g_hash_table_contains(words->whole, field->name));
        return out->len ? DJ_VALUE_OK : DJ_VALUE_EMPTY;
    default:
        break;
    }
    copy = g_strndup(text, length);
    if (words->by_type[field->type]) {
        g_autofree char *folded = dj_value_fold(copy);
        known_word = g_hash_table_contains(words->by_type[field->type], folded); /* 无 is no for a yes-or-no field */
    }
    if (!known_word && says_nothing(words, text, length))
        return DJ_VALUE_EMPTY;
    if (field->type == DJ_TYPE_PATENT_NUMBER || field->type == DJ_TYPE_CREDIT_CODE)
        return read_identifier(field, copy, out, why);
    gboolean understood =
        field->type == DJ_TYPE_IPC ? read_ipc(text, length, out) : read_single(words, field, copy, unit, out);
    if (understood && out->len)
        return DJ_VALUE_OK;
    if (field->type != DJ_TYPE_IPC || !out->len) {
        g_string_truncate(out, 0);
        append_clean(out, text, length);
    }
    gboolean is_rate =
        field->type == DJ_TYPE_MONEY && (strchr(copy, '%') || strstr(copy, "％") || strstr(copy, "分之"));
    *why = g_strdup_printf("“%s”%s%s", copy, is_rate ? "是比例，" : "", advice(field->type));
    return DJ_VALUE_KEPT;
}
