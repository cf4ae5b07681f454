/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/command.h"
#include "app/workspace.h"
#include "engine/report/projection.h"

#include <stdio.h>
#include <string.h>

typedef struct {
    DjAudience audience;
    DjRecord *before; /* NULL: none yet */
} Walk;

/* On one line: the items of a list are told apart by semicolons. */
static void print_value(const DjField *field, const char *text)
{
    const char between = field->type == DJ_TYPE_LIST || field->type == DJ_TYPE_IPC ? ';' : ' ';
    for (const char *p = text; *p; p++)
        putchar(*p == '\n' ? between : *p);
}

/* What this version says otherwise than the one before. */
static void print_changes(const Walk *walk, const DjRecord *record)
{
    for (int i = 0; i < dj_field_count(record->table); i++) {
        const char *was = walk->before ? dj_record_get(walk->before, i) : NULL;
        const char *is = dj_record_get(record, i);
        if (g_strcmp0(was, is) == 0)
            continue;
        const DjField *field = dj_field_at(record->table, i);
        const char *seen = was ? dj_projection_field(walk->audience, walk->before, i) : NULL;
        const char *shown = is ? dj_projection_field(walk->audience, record, i) : NULL;
        printf("  %s %s %s: ", !was ? "+" : is ? "*" : "-", field->label, field->name);
        if ((is && !shown) || (was && !seen)) {
            printf("(withheld from audience %s)", dj_audience_name(walk->audience));
        } else {
            if (seen)
                print_value(field, seen);
            if (seen && shown)
                printf(" -> ");
            if (shown)
                print_value(field, shown);
        }
        putchar('\n');
    }
}

static const char *find_extra(const DjRecord *record, const char *name)
{
    for (guint i = 0; record && record->extra && i < record->extra->len; i += 2)
        if (strcmp(record->extra->pdata[i], name) == 0)
            return record->extra->pdata[i + 1];
    return NULL;
}

/* Columns that no field takes. */
static void print_extra_changes(const Walk *walk, const DjRecord *record)
{
    for (guint i = 0; record->extra && i < record->extra->len; i += 2) {
        const char *name = record->extra->pdata[i], *is = record->extra->pdata[i + 1];
        const char *was = find_extra(walk->before, name);
        if (g_strcmp0(was, is) == 0)
            continue;
        if (!dj_projection_sees_extra(walk->audience))
            printf("  %s %s: (withheld from audience %s)\n", was ? "*" : "+", name, dj_audience_name(walk->audience));
        else
            printf("  %s %s: %s%s%s\n", was ? "*" : "+", name, was ? was : "", was ? " -> " : "", is);
    }
}

static gboolean print_version(const DjVersionInfo *info, const DjRecord *record, gpointer user)
{
    Walk *walk = user;
    printf("%s  %s %s", info->recorded_at, info->command, info->source ? info->source : "");
    if (info->row > 0)
        printf(", row %" G_GINT64_FORMAT, info->row);
    printf(" (batch %" G_GINT64_FORMAT ")\n", info->batch);
    print_changes(walk, record);
    print_extra_changes(walk, record);
    dj_record_free(walk->before);
    walk->before = dj_record_copy(record);
    return TRUE;
}

int dj_cmd_history(DjApp *app, int argc, char **argv, GError **error)
{
    g_autofree char *audience_name = NULL;
    const GOptionEntry entries[] = {{"audience", 'a', 0, G_OPTION_ARG_FILENAME, &audience_name,
                                     "public (default), participant, owner, organiser or centre", "AUDIENCE"},
                                    G_OPTION_ENTRY_NULL};
    Walk walk = {.audience = DJ_AUDIENCE_PUBLIC};
    if (!dj_app_parse(app, "ID", "Shows every version of a record: when, from which file and row, and what changed.",
                      entries, &argc, &argv, error))
        return DJ_EXIT_USAGE;
    if (argc != 2 || (audience_name && !dj_audience_parse(audience_name, &walk.audience))) {
        dj_app_usage(app, error, argc != 2 ? "one ID is needed" : "--audience: unknown audience");
        return DJ_EXIT_USAGE;
    }
    g_autoptr(DjWorkspace) workspace = dj_workspace_open(app, DJ_WORKSPACE_READ, error);
    DjTable table;
    g_autofree char *key = NULL;
    if (!workspace || !dj_workspace_find_record(workspace, argv[1], &table, &key, error))
        return DJ_EXIT_FAILED;
    printf("%s (%s)\n", key, dj_table_name(table));
    gboolean ok = dj_store_history(workspace->store, table, key, print_version, &walk, error);
    dj_record_free(walk.before);
    return ok ? DJ_EXIT_DONE : DJ_EXIT_FAILED;
}
