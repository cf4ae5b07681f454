/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/match/group.h"
#include "engine/match/duplicate.h"
#include "engine/model/ident.h"
#include <string.h>

#define PIECE 5

struct DjGrouper {
    DjDuplicates *texts;
    GHashTable *named; /* "family\n…" or "title\n…\nowner" -> number of the first that has it, plus 1 */
    GArray *parent;    /* guint32: forest of what is known to belong together; roots are smallest */
};

DjGrouper *dj_grouper_new(GError **error)
{
    DjDuplicates *texts = dj_duplicates_new(PIECE, error);
    if (!texts)
        return NULL;
    DjGrouper *grouper = g_new0(DjGrouper, 1);
    grouper->texts = texts;
    grouper->named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    grouper->parent = g_array_new(FALSE, FALSE, sizeof(guint32));
    return grouper;
}

void dj_grouper_free(DjGrouper *grouper)
{
    if (!grouper)
        return;
    dj_duplicates_free(grouper->texts);
    g_hash_table_unref(grouper->named);
    g_array_unref(grouper->parent);
    g_free(grouper);
}

static guint32 root_of(guint32 *parent, guint32 i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(guint32 *parent, guint32 a, guint32 b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    parent[MAX(a, b)] = MIN(a, b);
}

/* Takes name. */
static void add_name(DjGrouper *grouper, guint32 number, char *name)
{
    guint32 known = GPOINTER_TO_UINT(g_hash_table_lookup(grouper->named, name));
    if (known) {
        join((guint32 *)(gpointer)grouper->parent->data, known - 1, number);
        g_free(name);
    } else {
        g_hash_table_insert(grouper->named, name, GUINT_TO_POINTER(number + 1));
    }
}

static void add_names(DjGrouper *grouper, guint32 number, const DjRecord *record)
{
    const char *title = dj_record_title(record);
    g_auto(GStrv) owners = NULL;
    if (record->table == DJ_TABLE_NEED) {
        const char *code = dj_record_get(record, DJ_NEED_ENTERPRISE_CODE),
                   *name = dj_record_get(record, DJ_NEED_ENTERPRISE);
        owners = g_strsplit(code ? code : name ? name : "", "\n", -1);
    } else {
        const char *family = dj_record_get(record, DJ_PATENT_FAMILY);
        if (family) {
            g_autofree char *folded = dj_org_name_fold(family);
            add_name(grouper, number, g_strdup_printf("family\n%s", folded));
        }
        owners = dj_record_list(record, DJ_PATENT_OWNERS);
    }
    if (!title || !*title)
        return;
    g_autofree char *folded_title = dj_org_name_fold(title);
    for (char **owner = owners; *owner; owner++) {
        g_autofree char *folded = dj_org_name_fold(*owner);
        if (*folded)
            add_name(grouper, number, g_strdup_printf("title\n%s\n%s", folded_title, folded));
    }
}

void dj_grouper_add(DjGrouper *grouper, const DjRecord *record)
{
    static const int need[] = {DJ_NEED_TITLE, DJ_NEED_SUMMARY, DJ_NEED_DESCRIPTION, -1},
                     patent[] = {DJ_PATENT_TITLE, DJ_PATENT_ABSTRACT, -1};
    guint32 number = grouper->parent->len;
    g_array_append_val(grouper->parent, number);
    add_names(grouper, number, record);
    g_autoptr(GString) text = g_string_new(NULL);
    for (const int *field = record->table == DJ_TABLE_NEED ? need : patent; *field >= 0; field++)
        if (dj_record_get(record, *field))
            g_string_append_printf(text, "%s\n", dj_record_get(record, *field));
    dj_duplicates_add(grouper->texts, text->str);
}

guint32 *dj_grouper_finish(const DjGrouper *grouper)
{
    guint32 n = grouper->parent->len;
    g_autofree guint32 *like = g_new(guint32, MAX(n, 1));
    guint32 *first = g_new(guint32, MAX(n, 1));
    if (n > 0)
        memcpy(first, grouper->parent->data, n * sizeof *first);
    dj_duplicates_lead(grouper->texts, DJ_GROUP_PERMILLE, DJ_GROUP_LEAST, like);
    for (guint32 i = 0; i < n; i++)
        join(first, i, like[i]);
    for (guint32 i = 0; i < n; i++)
        first[i] = root_of(first, i);
    return first;
}

void dj_groups_join(guint32 *first, guint32 n, guint32 a, guint32 b)
{
    guint32 low = MIN(first[a], first[b]), high = MAX(first[a], first[b]);
    for (guint32 i = high; i < n; i++)
        if (first[i] == high)
            first[i] = low;
}

void dj_groups_part(guint32 *first, guint32 a, guint32 b)
{
    guint32 leaves = first[b] == b ? a : b;
    if (first[a] == first[b])
        first[leaves] = leaves;
}

guint32 *dj_groups_circle(const guint32 *first, guint32 n)
{
    guint32 *next = g_new(guint32, MAX(n, 1)), *last = g_new(guint32, MAX(n, 1));
    for (guint32 i = 0; i < n; i++) {
        guint32 head = first[i];
        if (head != i) {
            next[last[head]] = i;
        }
        next[i] = head;
        last[head] = i;
    }
    g_free(last);
    return next;
}
