/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/mapping.h"
#include <string.h>

DjMapping *dj_mapping_new(const char *name)
{
    DjMapping *mapping = g_new0(DjMapping, 1);
    mapping->name = g_strdup(name);
    mapping->words = dj_words_new();
    return mapping;
}

void dj_mapping_free(DjMapping *mapping)
{
    if (!mapping)
        return;
    for (int i = 0; i < DJ_N_TABLES; i++) {
        DjTableMapping *table = mapping->tables[i];
        if (!table)
            continue;
        for (int field = 0; field < dj_field_count((DjTable)i); field++)
            g_free(table->constants[field]);
        g_free(table->constants);
        g_hash_table_unref(table->titles);
        g_free(table);
    }
    dj_words_free(mapping->words);
    dj_form_rules_free(mapping->form);
    g_free(mapping->name);
    g_free(mapping->hash);
    g_free(mapping);
}

/* As dj_value_fold, and without the marks of a form: stars of required columns, colons, quotes. */
static char *fold_title(const char *title)
{
    char *folded = dj_value_fold(title);
    char *to = folded;
    for (const char *p = folded; *p; p++)
        if (!strchr("*:\"'", *p))
            *to++ = *p;
    *to = '\0';
    return folded;
}

DjTableMapping *dj_mapping_add_table(DjMapping *mapping, DjTable table)
{
    if (mapping->tables[table])
        return mapping->tables[table];
    DjTableMapping *added = g_new0(DjTableMapping, 1);
    added->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    added->constants = g_new0(char *, dj_field_count(table));
    for (int i = 0; i < dj_field_count(table); i++) {
        const DjField *field = dj_field_at(table, i);
        const DjMappedColumn column = {.rule = DJ_RULE_VALUE, .field = i, .field_end = -1};
        dj_mapping_add_title(added, field->name, column);
        dj_mapping_add_title(added, field->label, column);
    }
    mapping->tables[table] = added;
    return added;
}

gboolean dj_mapping_add_title(DjTableMapping *table, const char *title, DjMappedColumn column)
{
    g_autofree char *folded = fold_title(title);
    const DjMappedColumn *have = g_hash_table_lookup(table->titles, folded);
    if (have)
        return have->rule == column.rule && have->field == column.field && have->field_end == column.field_end;
    g_hash_table_insert(table->titles, g_steal_pointer(&folded), g_memdup2(&column, sizeof column));
    return TRUE;
}

void dj_mapping_set_constant(DjTableMapping *table, const DjField *field, const char *canonical)
{
    g_free(table->constants[field->index]);
    table->constants[field->index] = g_strdup(canonical);
}

const DjMappedColumn *dj_mapping_find(const DjTableMapping *table, const char *title, char **unit)
{
    g_autofree char *folded = fold_title(title);
    const DjMappedColumn *column = g_hash_table_lookup(table->titles, folded);
    char *bracket = strrchr(folded, '(');
    gsize length = strlen(folded);
    if (column || !bracket || bracket == folded || folded[length - 1] != ')')
        return column;
    folded[length - 1] = '\0';
    *bracket = '\0';
    column = g_hash_table_lookup(table->titles, folded);
    if (column && unit)
        *unit = g_strdup(bracket + 1);
    return column;
}
