/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/identities.h"
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

static int propose(DjWorkspace *workspace, DjTable table, int percent, GError **error)
{
    g_autoptr(DjDuplicates) duplicates = dj_duplicates_new(2, error);
    g_autoptr(GPtrArray) records = g_ptr_array_new_with_free_func((GDestroyNotify)dj_record_free);
    Reading reading = {duplicates, records};
    g_autoptr(GArray) identities = duplicates ? dj_identities_read(workspace->store, G_MAXINT64, error) : NULL;
    if (!identities || !dj_store_each(workspace->store, table, DJ_POINT_NOW, read_record, &reading, error))
        return DJ_EXIT_FAILED;
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(DjLikeness));
    dj_duplicates_find(duplicates, (guint)percent * 10, pairs);
    guint n_decided = 0;
    for (guint i = 0; i < pairs->len; i++) {
        const DjLikeness *pair = &g_array_index(pairs, DjLikeness, i);
        const DjRecord *a = records->pdata[pair->a], *b = records->pdata[pair->b];
        if (dj_identities_find(identities, a->key, b->key)) {
            n_decided++;
            continue;
        }
        printf("%u %%  %s　%s\n      %s　%s\n  共有 %u 个二字片段，合计 %u 个\n", 100 * pair->shared / pair->all,
               a->key, dj_record_title(a), b->key, dj_record_title(b), pair->shared, pair->all);
        print_evidence(a, b);
    }
    printf("%u pairs of %u %s", pairs->len - n_decided, records->len, dj_table_name(table));
    if (n_decided > 0)
        printf(", %u were decided before", n_decided);
    printf("\n");
    return DJ_EXIT_DONE;
}

static int decide(DjApp *app, char **words, const char *note, const char *who, GError **error)
{
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_WRITE, error);
    g_auto(GStrv) key = g_new0(char *, 3);
    DjTable table[2];
    for (int i = 0; i < 2; i++)
        if (!workspace || !dj_workspace_find_record(workspace, words[i + 1], &table[i], &key[i], error))
            return DJ_EXIT_FAILED;
    if (strcmp(key[0], key[1]) == 0) {
        dj_app_usage(app, error, "two records are wanted: both words name %s", key[0]);
        return DJ_EXIT_USAGE;
    }
    if (table[0] != table[1]) {
        dj_app_usage(app, error, "two records of one table are wanted: %s is one of the %s, %s of the %s", key[0],
                     dj_table_name(table[0]), key[1], dj_table_name(table[1]));
        return DJ_EXIT_USAGE;
    }
    g_autofree char *reason = g_utf8_make_valid(note ? note : "", -1);
    g_autofree char *person = g_utf8_make_valid(who ? who : g_get_user_name(), -1);
    DjDecision decision = {.kind = strcmp(words[0], "same") == 0 ? DJ_DECISION_SAME : DJ_DECISION_DISTINCT,
                           .need = key[0],
                           .patent = key[1],
                           .who = person,
                           .recorded_at = app->now,
                           .note = reason,
                           .data = ""};
    if (!dj_store_add_decision(workspace->store, &decision, NULL, error))
        return DJ_EXIT_FAILED;
    printf("%s：%s、%s\n", dj_decision_kind_label(decision.kind), key[0], key[1]);
    return DJ_EXIT_DONE;
}

int dj_cmd_duplicates(DjApp *app, int argc, char **argv, GError **error)
{
    int percent = 70;
    g_autofree char *note = NULL, *who = NULL;
    const GOptionEntry entries[] = {
        {"least", 0, 0, G_OPTION_ARG_INT, &percent, "least share of common two-character pieces, per cent (70)", "P"},
        {"note", 0, 0, G_OPTION_ARG_FILENAME, &note, "the reason of a decision", "TEXT"},
        {"who", 0, 0, G_OPTION_ARG_FILENAME, &who, "who decides (default: the user's login name)", "NAME"},
        G_OPTION_ENTRY_NULL};
    DjTable table;
    if (!dj_app_parse(app, "needs | patents | enterprises | same KEPT OTHER | distinct A B",
                      "Proposes records that may be one and the same, with what speaks for it. `same` records that a\n"
                      "person found them to be: like patents and needs are listed once, the other enterprise is taken\n"
                      "for the first with all its names, codes and own patents. `distinct` records that they are not;\n"
                      "each takes the other back.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc == 4 && (strcmp(argv[1], "same") == 0 || strcmp(argv[1], "distinct") == 0))
        return decide(app, argv + 1, note, who, error);
    if (argc != 2 || !dj_table_parse(argv[1], &table) || table == DJ_TABLE_TEXT || percent < 1 || percent > 100) {
        dj_app_usage(app, error,
                     percent < 1 || percent > 100
                         ? "--least: must lie between 1 and 100"
                         : "needs, patents or enterprises is wanted, or same or distinct and two records");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    return workspace ? propose(workspace, table, percent, error) : DJ_EXIT_FAILED;
}
