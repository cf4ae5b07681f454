/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/workspace.h"
#include "engine/match/duplicate.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    DjDuplicates *duplicates;
    GPtrArray *records; /* DjRecord */
} Reading;

/* What two records are compared by: names of enterprises, title and content of the others. */
static char *text_of(const DjRecord *record)
{
    static const int need[] = {DJ_NEED_TITLE, DJ_NEED_SUMMARY, DJ_NEED_DESCRIPTION, -1},
                     patent[] = {DJ_PATENT_TITLE, DJ_PATENT_ABSTRACT, -1}, enterprise[] = {DJ_ENTERPRISE_NAME, -1};
    const int *field = record->table == DJ_TABLE_NEED ? need : record->table == DJ_TABLE_PATENT ? patent : enterprise;
    GString *text = g_string_new(NULL);
    for (; *field >= 0; field++)
        if (dj_record_get(record, *field))
            g_string_append_printf(text, "%s\n", dj_record_get(record, *field));
    return g_string_free(text, FALSE);
}

static gboolean read_record(const DjRecord *record, gpointer user)
{
    Reading *reading = user;
    g_autofree char *text = text_of(record);
    dj_duplicates_add(reading->duplicates, text);
    g_ptr_array_add(reading->records, dj_record_copy(record));
    return TRUE;
}

/* Fields that speak for or against one and the same, where both have them. */
static void print_evidence(const DjRecord *a, const DjRecord *b)
{
    static const int need[] = {DJ_NEED_ENTERPRISE_CODE, DJ_NEED_ENTERPRISE, DJ_NEED_DATE, -1},
                     patent[] = {DJ_PATENT_OWNERS, DJ_PATENT_FAMILY, DJ_PATENT_FILING_DATE, -1},
                     enterprise[] = {DJ_ENTERPRISE_CREDIT_CODE, DJ_ENTERPRISE_CITY, DJ_ENTERPRISE_GROUP, -1};
    const int *field = a->table == DJ_TABLE_NEED ? need : a->table == DJ_TABLE_PATENT ? patent : enterprise;
    for (; *field >= 0; field++) {
        const char *x = dj_record_get(a, *field), *y = dj_record_get(b, *field);
        if (x && y)
            printf("  %s%s\n", strcmp(x, y) == 0 ? "同" : "不同", dj_field_at(a->table, *field)->label);
    }
}

int dj_cmd_duplicates(DjApp *app, int argc, char **argv, GError **error)
{
    int percent = 70;
    const GOptionEntry entries[] = {
        {"least", 0, 0, G_OPTION_ARG_INT, &percent, "least share of common two-character pieces, per cent (70)", "P"},
        G_OPTION_ENTRY_NULL};
    DjTable table;
    if (!dj_app_parse(app, "needs | patents | enterprises",
                      "Proposes records that may be one and the same, with what speaks for it. Nothing is changed: a\n"
                      "person decides and corrects the source.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2 || !dj_table_parse(argv[1], &table) || table == DJ_TABLE_TEXT || percent < 1 || percent > 100) {
        dj_app_usage(app, error,
                     percent < 1 || percent > 100 ? "--least: must lie between 1 and 100"
                                                  : "needs, patents or enterprises is wanted");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    g_autoptr(DjDuplicates) duplicates = workspace ? dj_duplicates_new(2, error) : NULL;
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    Reading reading = {duplicates, records};
    if (!duplicates || !dj_store_each(workspace->store, table, DJ_POINT_NOW, read_record, &reading, error))
        return DJ_EXIT_FAILED;
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(DjLikeness));
    dj_duplicates_find(duplicates, (guint)percent * 10, pairs);
    for (guint i = 0; i < pairs->len; i++) {
        const DjLikeness *pair = &g_array_index(pairs, DjLikeness, i);
        const DjRecord *a = records->pdata[pair->a], *b = records->pdata[pair->b];
        printf("%u %%  %s　%s\n      %s　%s\n  共有 %u 个二字片段，合计 %u 个\n", 100 * pair->shared / pair->all,
               a->key, dj_record_title(a), b->key, dj_record_title(b), pair->shared, pair->all);
        print_evidence(a, b);
    }
    printf("%u pairs of %u %s\n", pairs->len, records->len, dj_table_name(table));
    return DJ_EXIT_DONE;
}
