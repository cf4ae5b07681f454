/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/ipc_titles.h"
#include <string.h>

#define LONG_TITLE 24 /* characters; a longer one is cut at a semicolon for display */

struct DjIpcTitles {
    GHashTable *by_code; /* DjIpc -> title */
};

static guint hash_code(gconstpointer key)
{
    const DjIpc *code = key;
    return g_str_hash(code->subclass) * 31 * 31 + (guint)code->group * 31 + (guint)code->subgroup;
}

static gboolean equal_codes(gconstpointer a, gconstpointer b)
{
    const DjIpc *x = a, *y = b;
    return strcmp(x->subclass, y->subclass) == 0 && x->group == y->group && x->subgroup == y->subgroup;
}

DjIpcTitles *dj_ipc_titles_new(void)
{
    DjIpcTitles *titles = g_new0(DjIpcTitles, 1);
    titles->by_code = g_hash_table_new_full(hash_code, equal_codes, g_free, g_free);
    return titles;
}

void dj_ipc_titles_free(DjIpcTitles *titles)
{
    if (!titles)
        return;
    g_hash_table_unref(titles->by_code);
    g_free(titles);
}

/* C04B35/00 is the main group C04B35. */
static DjIpc plain(const DjIpc *code)
{
    DjIpc own = *code;
    if (own.subgroup == 0)
        own.subgroup = -1;
    return own;
}

gboolean dj_ipc_titles_add(DjIpcTitles *titles, const DjIpc *code, const char *title)
{
    DjIpc key = plain(code);
    if (g_hash_table_contains(titles->by_code, &key))
        return FALSE;
    g_hash_table_insert(titles->by_code, g_memdup2(&key, sizeof key), g_strdup(title));
    return TRUE;
}

guint dj_ipc_titles_count(const DjIpcTitles *titles)
{
    return g_hash_table_size(titles->by_code);
}

const char *dj_ipc_titles_get(const DjIpcTitles *titles, const DjIpc *code)
{
    DjIpc key = plain(code);
    return titles ? g_hash_table_lookup(titles->by_code, &key) : NULL;
}

/* One level up; FALSE above the section. */
static gboolean widen(DjIpc *code)
{
    gsize length = strlen(code->subclass);
    if (code->subgroup > 0)
        code->subgroup = -1;
    else if (code->group >= 0)
        code->group = code->subgroup = -1;
    else if (length > 1)
        code->subclass[length == 4 ? 3 : 1] = '\0';
    else
        return FALSE;
    return TRUE;
}

/* Bytes of a title up to its first semicolon outside brackets, when the whole is long. */
static gsize brief(const char *title)
{
    int depth = 0;
    if (g_utf8_strlen(title, -1) <= LONG_TITLE)
        return strlen(title);
    for (const char *p = title; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        depth += (c == 0xFF08 || c == '(') - (c == 0xFF09 || c == ')');
        if (depth <= 0 && (c == 0xFF1B || c == ';'))
            return (gsize)(p - title);
    }
    return strlen(title);
}

char *dj_ipc_titles_label(const DjIpcTitles *titles, const DjIpc *code)
{
    g_autofree char *symbol = dj_ipc_format(code);
    DjIpc at = *code;
    const char *title;
    while (!(title = dj_ipc_titles_get(titles, &at)) && widen(&at))
        ;
    return title ? g_strdup_printf("%s %.*s", symbol, (int)brief(title), title) : g_strdup(symbol);
}

static gint compare_codes(gconstpointer a, gconstpointer b)
{
    const DjIpc *x = *(const DjIpc *const *)a, *y = *(const DjIpc *const *)b;
    int order = strcmp(x->subclass, y->subclass);
    if (order != 0)
        return order;
    return x->group != y->group ? (x->group > y->group) - (x->group < y->group)
                                : (x->subgroup > y->subgroup) - (x->subgroup < y->subgroup);
}

void dj_ipc_titles_each(const DjIpcTitles *titles, DjIpcTitleVisit visit, gpointer user)
{
    g_autoptr(GPtrArray) codes = g_ptr_array_new();
    GHashTableIter iter;
    gpointer code;
    g_hash_table_iter_init(&iter, titles->by_code);
    while (g_hash_table_iter_next(&iter, &code, NULL))
        g_ptr_array_add(codes, code);
    g_ptr_array_sort(codes, compare_codes);
    for (guint i = 0; i < codes->len; i++)
        visit(codes->pdata[i], dj_ipc_titles_get(titles, codes->pdata[i]), user);
}
