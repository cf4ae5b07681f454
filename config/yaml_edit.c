/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change replaces a range of bytes. Ranges are chosen so that those of neighbours touch and never overlap: what goes
 * is taken with the separator before it, what comes is put behind the end of the last item. */
#include "config/yaml_edit.h"

#include <string.h>

typedef struct {
    gsize begin, end;
    guint depth; /* of the list or map that is changed */
    char *text;
} Change;

struct DjYamlEdit {
    const char *text;
    gsize length, n_chars;
    gsize *at;       /* byte of each character, and of the end */
    GArray *changes; /* Change, in the order of the calls */
};

static void change_clear(gpointer data)
{
    g_free(((Change *)data)->text);
}

DjYamlEdit *dj_yaml_edit_new(const char *text)
{
    DjYamlEdit *edit = g_new0(DjYamlEdit, 1);
    edit->text = text;
    edit->length = strlen(text);
    edit->at = g_new(gsize, edit->length + 1);
    for (const char *p = text; *p; p = g_utf8_next_char(p))
        edit->at[edit->n_chars++] = (gsize)(p - text);
    edit->at[edit->n_chars] = edit->length;
    edit->changes = g_array_new(FALSE, FALSE, sizeof(Change));
    g_array_set_clear_func(edit->changes, change_clear);
    return edit;
}

void dj_yaml_edit_free(DjYamlEdit *edit)
{
    if (!edit)
        return;
    g_array_unref(edit->changes);
    g_free(edit->at);
    g_free(edit);
}

char *dj_yaml_quote(const char *text)
{
    gboolean digit = FALSE, plain = g_ascii_isalpha(*text);
    for (const char *p = text; *p; p++) {
        digit = digit || g_ascii_isdigit(*p);
        plain = plain && g_ascii_isalnum(*p);
    }
    if (plain && digit)
        return g_strdup(text);
    GString *out = g_string_new("\"");
    for (const char *p = text; *p; p++) {
        if (*p == '"' || *p == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, (guchar)*p < 0x20 ? ' ' : *p);
    }
    return g_string_free(g_string_append_c(out, '"'), FALSE);
}

/* ---- places ---- */

static gsize byte_at(const DjYamlEdit *edit, gsize character)
{
    return edit->at[MIN(character, edit->n_chars)];
}

static gsize line_begin(const DjYamlEdit *edit, gsize byte)
{
    while (byte > 0 && edit->text[byte - 1] != '\n')
        byte--;
    return byte;
}

/* The line break itself stays. */
static gsize line_end(const DjYamlEdit *edit, gsize byte)
{
    while (byte < edit->length && edit->text[byte] != '\n' && edit->text[byte] != '\r')
        byte++;
    return byte;
}

/* Where the line before the one of this byte ends. */
static gsize line_before(const DjYamlEdit *edit, gsize byte)
{
    gsize begin = line_begin(edit, byte);
    begin -= begin > 0;
    return begin > 0 && edit->text[begin - 1] == '\r' ? begin - 1 : begin;
}

static gboolean refuse(const DjYamlNode *node, GError **error)
{
    return dj_yaml_fail(node, error, "written in a way that can only be changed by hand");
}

static const DjYamlNode *item_at(const DjYamlNode *node, guint k)
{
    return g_ptr_array_index(node->items, k);
}

/* Behind the last character of a node. */
static gboolean find_end(const DjYamlEdit *edit, const DjYamlNode *node, gsize *end, GError **error)
{
    while (node->lines && node->kind != DJ_YAML_SCALAR && node->items->len > 0)
        node = item_at(node, node->items->len - 1);
    if (node->lines)
        return refuse(node, error);
    *end = byte_at(edit, node->end);
    return TRUE;
}

/* Within a list or map. */
static void replace(DjYamlEdit *edit, const DjYamlNode *within, gsize begin, gsize end, char *text)
{
    Change change = {.begin = begin, .end = end, .text = text};
    for (; within->parent; within = within->parent)
        change.depth++;
    g_array_append_val(edit->changes, change);
}

/* ---- maps ---- */

static gboolean add_key(DjYamlEdit *edit, const DjYamlNode *map, const char *key, const char *value, GError **error)
{
    gsize end = byte_at(edit, map->begin) + 1; /* of {} */
    guint n = map->items->len;
    if (n > 0 && !find_end(edit, item_at(map, n - 1), &end, error))
        return FALSE;
    if (!map->lines) {
        replace(edit, map, end, end, g_strdup_printf("%s%s: %s", n > 0 ? ", " : "", key, value));
        return TRUE;
    }
    gsize first = byte_at(edit, item_at(map, 0)->key_begin);
    g_autofree char *margin = g_strnfill(first - line_begin(edit, first), ' ');
    end = line_end(edit, end);
    replace(edit, map, end, end, g_strdup_printf("\n%s%s: %s", margin, key, value));
    return TRUE;
}

static gboolean drop_key(DjYamlEdit *edit, const DjYamlNode *map, const DjYamlNode *node, GError **error)
{
    gsize before, end;
    if (node->index == 0)
        return refuse(node, error);
    if (!find_end(edit, item_at(map, node->index - 1), &before, error) || !find_end(edit, node, &end, error))
        return FALSE;
    if (map->lines) {
        before = line_before(edit, byte_at(edit, node->key_begin));
        end = line_end(edit, end);
    }
    replace(edit, map, before, end, g_strdup(""));
    return TRUE;
}

gboolean dj_yaml_edit_set(DjYamlEdit *edit, const DjYamlNode *map, const char *key, const char *value, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, key);
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return FALSE;
    if (!node)
        return !value || add_key(edit, map, key, value, error);
    if (!value)
        return drop_key(edit, map, node, error);
    if (node->kind != DJ_YAML_SCALAR || node->lines)
        return refuse(node, error);
    gboolean empty = node->begin == node->end; /* nothing stands behind the colon */
    replace(edit, map, byte_at(edit, node->begin), byte_at(edit, node->end),
            g_strconcat(empty ? " " : "", value, NULL));
    return TRUE;
}

/* ---- lists ---- */

/* The line of an item's dash, whose line holds nothing before the dash. */
static gboolean find_dash_line(const DjYamlEdit *edit, const DjYamlNode *item, gsize *begin, GError **error)
{
    gsize start = byte_at(edit, item->lines && item->kind == DJ_YAML_MAP ? item_at(item, 0)->key_begin : item->begin);
    *begin = line_begin(edit, start);
    guint dashes = 0;
    for (gsize p = *begin; p < start; p++) {
        dashes += edit->text[p] == '-';
        if (edit->text[p] != ' ' && edit->text[p] != '-')
            return refuse(item, error);
    }
    return dashes == 1 || refuse(item, error);
}

static gboolean is_dropped(const gboolean *drop, guint k)
{
    return drop && drop[k];
}

static gboolean drop_lines(DjYamlEdit *edit, const DjYamlNode *list, const gboolean *drop, gboolean empties,
                           GError **error)
{
    guint n = list->items->len;
    gsize begin, end;
    for (guint k = 0; k < n && !empties; k++) {
        const DjYamlNode *item = item_at(list, k);
        if (!is_dropped(drop, k))
            continue;
        if (!find_dash_line(edit, item, &begin, error) || !find_end(edit, item, &end, error))
            return FALSE;
        replace(edit, list, line_before(edit, begin), line_end(edit, end), g_strdup(""));
    }
    if (!empties)
        return TRUE;
    if (!find_dash_line(edit, item_at(list, 0), &begin, error) || !find_end(edit, item_at(list, n - 1), &end, error))
        return FALSE;
    replace(edit, list, begin, line_end(edit, end), g_strdup_printf("%*s[]", (int)MAX(list->column - 1, 2), ""));
    return TRUE;
}

static gboolean drop_inline(DjYamlEdit *edit, const DjYamlNode *list, const gboolean *drop, GError **error)
{
    guint n = list->items->len, first = 0;
    gsize begin = byte_at(edit, list->begin) + 1, end;
    while (first < n && is_dropped(drop, first))
        first++;
    if (first == n) {
        if (!find_end(edit, item_at(list, n - 1), &end, error))
            return FALSE;
        replace(edit, list, begin, end, g_strdup(""));
        return TRUE;
    }
    if (first > 0)
        replace(edit, list, begin, byte_at(edit, item_at(list, first)->begin), g_strdup(""));
    for (guint k = first + 1; k < n; k++) {
        if (!is_dropped(drop, k))
            continue;
        if (!find_end(edit, item_at(list, k - 1), &begin, error) || !find_end(edit, item_at(list, k), &end, error))
            return FALSE;
        replace(edit, list, begin, end, g_strdup(""));
    }
    return TRUE;
}

gboolean dj_yaml_edit_list(DjYamlEdit *edit, const DjYamlNode *list, const gboolean *drop, const GPtrArray *add,
                           GError **error)
{
    if (!dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    guint n = list->items->len, kept = n, n_add = add ? add->len : 0;
    for (guint k = 0; k < n; k++)
        kept -= is_dropped(drop, k);
    if (kept < n && !(list->lines ? drop_lines(edit, list, drop, kept == 0 && n_add == 0, error)
                                  : drop_inline(edit, list, drop, error)))
        return FALSE;
    gsize end = byte_at(edit, list->begin) + 1; /* of [] */
    if (n_add > 0 && n > 0 && !find_end(edit, item_at(list, n - 1), &end, error))
        return FALSE;
    for (guint k = 0; k < n_add; k++) {
        const char *text = g_ptr_array_index(add, k);
        if (list->lines) {
            g_autofree char *margin = g_strnfill(list->column - 1, ' ');
            end = line_end(edit, end);
            replace(edit, list, end, end, g_strdup_printf("\n%s- %s", margin, text));
        } else {
            replace(edit, list, end, end, g_strconcat(kept + k > 0 ? ", " : "", text, NULL));
        }
    }
    return TRUE;
}

/* ---- the end ---- */

/* By place. At one place what comes goes before what is taken away behind it, and what ends there from the inside out.
 */
static int compare_changes(gconstpointer a, gconstpointer b)
{
    const Change *x = *(const Change *const *)a, *y = *(const Change *const *)b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    if (x->depth != y->depth)
        return x->depth > y->depth ? -1 : 1;
    return x < y ? -1 : x > y;
}

char *dj_yaml_edit_finish(const DjYamlEdit *edit)
{
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    GString *out = g_string_sized_new(edit->length + 256);
    gsize done = 0;
    for (guint k = 0; k < edit->changes->len; k++)
        g_ptr_array_add(order, &g_array_index(edit->changes, Change, k));
    g_ptr_array_sort(order, compare_changes);
    for (guint k = 0; k < order->len; k++) {
        const Change *change = g_ptr_array_index(order, k);
        g_string_append_len(out, edit->text + done, (gssize)(change->begin - done));
        g_string_append(out, change->text);
        done = change->end;
    }
    g_string_append(out, edit->text + done);
    return g_string_free(out, FALSE);
}
