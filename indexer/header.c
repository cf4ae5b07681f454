/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Under a row of group headings a column's title is the lower cell, or the upper one where the cell spans both rows.
 * That needs no list of merged cells (which an XLSX file gives only after all its rows) and works for CSV too. */
#include "indexer/header.h"
#include <string.h>

static const char *cell(const GPtrArray *row, guint i)
{
    return row && i < row->len ? row->pdata[i] : "";
}

static gboolean known(const DjReaderOptions *options, const char *text)
{
    return *text && options->is_title && options->is_title(text, options->user);
}

/* Title of column i under a pair of rows: group is the heading over it. */
static char *paired_title(const DjReaderOptions *options, const char *group, const char *upper, const char *lower)
{
    if (!*lower)
        return g_strdup(upper);
    if (known(options, lower) || !*group)
        return g_strdup(lower);
    g_autofree char *joined = g_strconcat(group, lower, NULL);
    return known(options, joined) ? g_steal_pointer(&joined) : g_strdup_printf("%s-%s", group, lower);
}

static GPtrArray *make_titles(const DjReaderOptions *options, const GPtrArray *upper, const GPtrArray *lower,
                              guint *n_known)
{
    GPtrArray *titles = g_ptr_array_new_with_free_func(g_free);
    guint n = MAX(upper ? upper->len : 0, lower->len);
    const char *group = "";
    *n_known = 0;
    for (guint i = 0; i < n; i++) {
        const char *above = cell(upper, i), *below = cell(lower, i);
        if (*above)
            group = above;
        char *title = upper ? paired_title(options, group, above, below) : g_strdup(below);
        g_strstrip(title);
        g_strdelimit(title, "\r\n\t", ' ');
        *n_known += known(options, title);
        g_ptr_array_add(titles, title);
    }
    while (titles->len && !*(char *)titles->pdata[titles->len - 1])
        g_ptr_array_set_size(titles, (gint)titles->len - 1);
    return titles;
}

/* Gives empty titles a name and repeated ones a number: a stored column must not hide another. */
static void make_unique(GPtrArray *titles)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < titles->len; i++) {
        char *plain = titles->pdata[i];
        if (!*plain) {
            g_free(plain);
            plain = g_strdup_printf("第%u列", i + 1);
        }
        char *title = g_strdup(plain);
        for (guint n = 2; g_hash_table_contains(seen, title); n++) {
            g_free(title);
            title = g_strdup_printf("%s（%u）", plain, n);
        }
        g_free(plain);
        titles->pdata[i] = title;
        g_hash_table_add(seen, title);
    }
}

/* Takes the titles of rows[first .. first + n_rows) if more of them are known. */
static void consider(DjHeader *header, const GPtrArray *rows, guint first, guint n_rows, const DjReaderOptions *options,
                     guint *best)
{
    guint n_known;
    GPtrArray *titles =
        make_titles(options, n_rows == 2 ? rows->pdata[first] : NULL, rows->pdata[first + n_rows - 1], &n_known);
    if (n_known <= *best) {
        g_ptr_array_unref(titles);
        return;
    }
    g_clear_pointer(&header->titles, g_ptr_array_unref);
    *header = (DjHeader){.first = first, .n_rows = n_rows, .titles = titles};
    *best = n_known;
}

DjHeader *dj_header_find(const GPtrArray *rows, const DjReaderOptions *options)
{
    DjHeader *header = g_new0(DjHeader, 1);
    guint best = 1; /* one known title may be chance */
    for (guint i = 0; options->is_title && i < rows->len; i++)
        consider(header, rows, i, 1, options, &best);
    /* A pair must know more than any single row: else the upper one is only a caption. */
    for (guint i = 0; options->is_title && i + 1 < rows->len; i++)
        consider(header, rows, i, 2, options, &best);
    if (!header->titles) {
        guint n_known;
        *header = (DjHeader){.first = 0, .n_rows = 1, .titles = make_titles(options, NULL, rows->pdata[0], &n_known)};
    }
    make_unique(header->titles);
    return header;
}

void dj_header_free(DjHeader *header)
{
    if (!header)
        return;
    g_ptr_array_unref(header->titles);
    g_free(header);
}
