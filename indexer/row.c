/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns are visited in the order of their priority, so that of two columns for one field the better one fills it and
 * the other is kept beside it under its own title where it says something else.
 *
 * Lists repeat themselves: towns, chains, owners, dates, fees. Each column remembers what its last few thousand short
 * cells meant, unless it turns out that they are all different. */
#include "indexer/row.h"
#include "engine/store/hash.h"
#include "engine/store/store.h"
#include "indexer/rejects.h"
#include <string.h>

enum { MEMO_BYTES = 96, MEMO_SIZE = 4096, MEMO_TRIAL = 512 };

typedef struct {
    DjValueResult result;
    char *value, *why;
} Meaning;

typedef struct {
    gsize index;
    const DjMappedColumn *mapped; /* NULL: unknown title, kept as an extra column */
    char *title, *unit;
    GHashTable *memo; /* text of a cell -> Meaning *; NULL: not worth it */
    guint asked, known;
} Column;

static void meaning_free(gpointer data)
{
    Meaning *meaning = data;
    g_free(meaning->value);
    g_free(meaning->why);
    g_free(meaning);
}

struct DjBinding {
    const DjMapping *mapping;
    const DjTableMapping *rules;
    DjTable table;
    GArray *columns; /* of Column, by priority */
    gsize n_known, n_leading;
    GString *value;
    char *why;
    guint8 signature[DJ_HASH_BYTES];
    GString *raw; /* what is hashed of a row */
};

static void column_clear(gpointer data)
{
    Column *column = data;
    g_free(column->title);
    g_free(column->unit);
    g_clear_pointer(&column->memo, g_hash_table_unref);
}

static gint by_priority(gconstpointer a, gconstpointer b)
{
    const Column *x = a, *y = b;
    int px = x->mapped ? x->mapped->priority : G_MAXINT, py = y->mapped ? y->mapped->priority : G_MAXINT;
    if (px != py)
        return px < py ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static const char *name_of(DjTable table, int field)
{
    return field < 0 ? "" : dj_field_at(table, field)->name;
}

/* All but the cells. Fields are told by their names, so that a program that knows more of them understands the rows of
 * an earlier one anew. */
static void sign(DjBinding *binding)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const DjTable table = binding->table;
    g_string_append_printf(text, "%d %s %s\n", DJ_VALUE_VERSION, dj_table_name(table), binding->mapping->hash);
    for (guint i = 0; i < binding->columns->len; i++) {
        const Column *column = &g_array_index(binding->columns, Column, i);
        const DjMappedColumn *mapped = column->mapped;
        g_string_append_printf(text, "%" G_GSIZE_FORMAT " ", column->index);
        if (mapped)
            g_string_append_printf(text, "%d %s %s %s", mapped->rule, name_of(table, mapped->field),
                                   name_of(table, mapped->field_end), column->unit ? column->unit : "");
        g_string_append_printf(text, "\n%s\n", column->title);
    }
    for (int i = 0; i < dj_field_count(table); i++)
        if (binding->rules->constants[i])
            g_string_append_printf(text, "%s %s\n", name_of(table, i), binding->rules->constants[i]);
    dj_glossary_sign(binding->mapping->words->glossary, text);
    dj_hash(text->str, text->len, binding->signature);
    binding->raw = g_string_new(NULL);
}

DjBinding *dj_binding_new(const DjMapping *mapping, DjTable table, const char *const *titles, gsize n_titles,
                          GPtrArray *unknown)
{
    DjBinding *binding = g_new0(DjBinding, 1);
    binding->mapping = mapping;
    binding->rules = mapping->tables[table];
    binding->table = table;
    binding->columns = g_array_new(FALSE, FALSE, sizeof(Column));
    g_array_set_clear_func(binding->columns, column_clear);
    binding->value = g_string_new(NULL);
    binding->n_leading = dj_rejects_are_titles(titles, n_titles) ? DJ_REJECT_COLUMNS : 0;
    for (gsize i = binding->n_leading; i < n_titles; i++) {
        Column column = {.index = i, .title = g_strdup(titles[i])};
        column.mapped = dj_mapping_find(binding->rules, titles[i], &column.unit);
        if (!column.mapped && unknown)
            g_ptr_array_add(unknown, g_strdup(titles[i]));
        if (column.mapped && column.mapped->rule != DJ_RULE_IGNORE)
            binding->n_known++;
        if (column.mapped && column.mapped->rule == DJ_RULE_VALUE)
            column.memo = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, meaning_free);
        g_array_append_val(binding->columns, column);
    }
    g_array_sort(binding->columns, by_priority);
    sign(binding);
    return binding;
}

void dj_binding_free(DjBinding *binding)
{
    if (!binding)
        return;
    g_array_unref(binding->columns);
    g_string_free(binding->value, TRUE);
    g_string_free(binding->raw, TRUE);
    g_free(binding->why);
    g_free(binding);
}

void dj_binding_hash_row(DjBinding *binding, const DjRow *row, guint8 *hash)
{
    GString *raw = binding->raw;
    gsize length = DJ_HASH_BYTES, heads = row->n_cells * sizeof(guint64);
    for (gsize i = 0; i < row->n_cells; i++)
        length += row->cells[i].length;
    g_string_set_size(raw, length + heads);
    memcpy(raw->str, binding->signature, DJ_HASH_BYTES);
    char *at = raw->str + DJ_HASH_BYTES;
    for (gsize i = 0; i < row->n_cells; i++) {
        const DjCell *cell = &row->cells[i];
        /* Length and kind: a cell that is missing is not an empty one, and no text can pass for two. */
        const guint64 head = (guint64)cell->length << 2 | (cell->list ? 2 : 0) | (cell->text ? 1 : 0);
        memcpy(at, &head, sizeof head);
        if (cell->text)
            memcpy(at + sizeof head, cell->text, cell->length);
        at += sizeof head + (cell->text ? cell->length : 0);
    }
    dj_hash(raw->str, (gsize)(at - raw->str), hash);
}

gsize dj_binding_n_known(const DjBinding *binding)
{
    return binding->n_known;
}

gsize dj_binding_n_leading(const DjBinding *binding)
{
    return binding->n_leading;
}

/* Fields that say which record it is cannot be erased. */
static gboolean is_identity(const DjField *field)
{
    static const struct {
        DjTable table;
        int index;
    } fields[] = {
        {DJ_TABLE_PATENT, DJ_PATENT_NUMBER},
        {DJ_TABLE_PATENT, DJ_PATENT_SOURCE_ID},
        {DJ_TABLE_PATENT, DJ_PATENT_TITLE},
        {DJ_TABLE_PATENT, DJ_PATENT_KIND},
        {DJ_TABLE_NEED, DJ_NEED_ID},
        {DJ_TABLE_NEED, DJ_NEED_ENTERPRISE_CODE},
        {DJ_TABLE_NEED, DJ_NEED_ENTERPRISE},
        {DJ_TABLE_NEED, DJ_NEED_TITLE},
        {DJ_TABLE_NEED, DJ_NEED_DATE},
        {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_CREDIT_CODE},
        {DJ_TABLE_ENTERPRISE, DJ_ENTERPRISE_NAME},
        {DJ_TABLE_TEXT, DJ_TEXT_ID},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++)
        if (field->table == fields[i].table && field->index == fields[i].index)
            return TRUE;
    return FALSE;
}

/* A column that fills no field: its text as it is, because nobody knows what it means. Where a record was written out
 * its title follows a "+". */
static void keep_extra(DjRecord *record, const Column *column, const DjCell *cell)
{
    const char *title = column->title + (*column->title == '+');
    g_autofree char *copy = g_strndup(cell->text, cell->length);
    g_strstrip(copy);
    for (char *p = copy; *p; p++)
        if ((guchar)*p < 0x20 && *p != '\n' && *p != '\t')
            *p = ' ';
    if (strcmp(copy, DJ_VALUE_ERASE_WORD) == 0)
        dj_record_add_extra(record, title, DJ_STORE_ERASE);
    else if (*copy)
        dj_record_add_extra(record, title, copy);
}

/* As dj_value_read; the text ends with NUL. The value is in *value, the reason in binding->why. */
static DjValueResult find_meaning(DjBinding *binding, Column *column, const DjField *field, const char *text,
                                  gsize length, gboolean is_list, const char **value)
{
    g_clear_pointer(&binding->why, g_free);
    gboolean short_text = column->memo && length < MEMO_BYTES && !is_list;
    Meaning *meaning = short_text ? g_hash_table_lookup(column->memo, text) : NULL;
    if (meaning) {
        column->known++;
        *value = meaning->value;
        binding->why = g_strdup(meaning->why);
        return meaning->result;
    }
    DjValueResult result = dj_value_read(binding->mapping->words, field, text, length, is_list, column->unit,
                                         binding->value, &binding->why);
    if (result == DJ_VALUE_OK) {
        binding->why = dj_glossary_complain(binding->mapping->words->glossary, field, binding->value->str);
        result = binding->why ? DJ_VALUE_KEPT : DJ_VALUE_OK;
    }
    *value = binding->value->str;
    if (!short_text)
        return result;
    if (++column->asked >= MEMO_TRIAL && column->known < column->asked / 4) {
        g_clear_pointer(&column->memo, g_hash_table_unref);
        return result;
    }
    if (g_hash_table_size(column->memo) >= MEMO_SIZE)
        g_hash_table_remove_all(column->memo);
    meaning = g_new(Meaning, 1);
    *meaning = (Meaning){result, g_strdup(binding->value->str), g_strdup(binding->why)};
    g_hash_table_insert(column->memo, g_strdup(text), meaning);
    return result;
}

static gboolean read_value(DjBinding *binding, Column *column, int index, const char *text, gsize length,
                           gboolean is_list, DjRecord *record, DjComplain warn, gpointer user, DjComplaint *fault)
{
    const DjField *field = dj_field_at(binding->table, index);
    const char *value = NULL;
    switch (find_meaning(binding, column, field, text, length, is_list, &value)) {
    case DJ_VALUE_EMPTY:
        return TRUE;
    case DJ_VALUE_ERASE:
        if (!is_identity(field))
            dj_record_set(record, index, DJ_STORE_ERASE);
        return TRUE;
    case DJ_VALUE_BAD:
        *fault = (DjComplaint){column->title, text, binding->why};
        return FALSE;
    case DJ_VALUE_KEPT:
        if (warn)
            warn(&(DjComplaint){column->title, text, binding->why}, user);
        break;
    default:
        break;
    }
    dj_record_set(record, index, value);
    return TRUE;
}

/* 2020-01-13 10:49:39.0至2021-01-13 10:49:41.0 */
static gboolean read_range(DjBinding *binding, Column *column, const DjCell *cell, DjRecord *record, DjComplain warn,
                           gpointer user, DjComplaint *fault)
{
    g_autofree char *copy = g_strndup(cell->text, cell->length);
    static const char *const marks[] = {"至", "~", "～", "—"};
    char *end = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(marks) && !end; i++) {
        end = strstr(copy, marks[i]);
        if (end) {
            *end = '\0';
            end += strlen(marks[i]);
        }
    }
    return read_value(binding, column, column->mapped->field, copy, strlen(copy), FALSE, record, warn, user, fault) &&
           (!end || column->mapped->field_end < 0 ||
            read_value(binding, column, column->mapped->field_end, end, strlen(end), FALSE, record, warn, user, fault));
}

/* Does a second column for a field hold the value that the first one gave? */
static gboolean says_the_same(DjBinding *binding, const Column *column, const DjCell *cell, const DjRecord *record)
{
    g_autofree char *why = NULL;
    const DjField *field = dj_field_at(binding->table, column->mapped->field);
    DjValueResult result = dj_value_read(binding->mapping->words, field, cell->text, cell->length, cell->list,
                                         column->unit, binding->value, &why);
    return result == DJ_VALUE_OK && strcmp(binding->value->str, dj_record_get(record, field->index)) == 0;
}

static gboolean read_cell(DjBinding *binding, Column *column, const DjCell *cell, DjRecord *record, DjComplain warn,
                          gpointer user, DjComplaint *fault)
{
    const DjMappedColumn *mapped = column->mapped;
    if (!mapped) {
        keep_extra(record, column, cell);
        return TRUE;
    }
    if (mapped->rule != DJ_RULE_IGNORE && dj_record_get(record, mapped->field)) {
        if (!says_the_same(binding, column, cell, record))
            keep_extra(record, column, cell);
        return TRUE;
    }
    switch (mapped->rule) {
    case DJ_RULE_IGNORE:
        return TRUE;
    case DJ_RULE_DATE_RANGE:
        return read_range(binding, column, cell, record, warn, user, fault);
    case DJ_RULE_JOIN_WORDS: {
        g_autoptr(GString) joined = g_string_sized_new(cell->length);
        for (const char *p = cell->text; *p; p++)
            if (*p != ' ')
                g_string_append_c(joined, *p);
        return read_value(binding, column, mapped->field, joined->str, joined->len, FALSE, record, warn, user, fault);
    }
    default:
        return read_value(binding, column, mapped->field, cell->text, cell->length, cell->list, record, warn, user,
                          fault);
    }
}

static gboolean has_cell(const Column *column, const DjRow *row)
{
    return column->index < row->n_cells && row->cells[column->index].text && row->cells[column->index].length;
}

static void fill_constant(const DjBinding *binding, int field, DjRecord *record)
{
    const char *constant = binding->rules->constants[field];
    if (constant && !dj_record_get(record, field))
        dj_record_set(record, field, constant);
}

gboolean dj_binding_read(DjBinding *binding, const DjRow *row, DjRecord *record, DjComplain warn, gpointer user,
                         DjComplaint *fault)
{
    dj_record_clear(record);
    for (guint i = 0; i < binding->columns->len; i++) {
        Column *column = &g_array_index(binding->columns, Column, i);
        if (has_cell(column, row) && !read_cell(binding, column, &row->cells[column->index], record, warn, user, fault))
            return FALSE;
    }
    int n = dj_field_count(binding->table);
    for (int i = 0; i < n; i++)
        fill_constant(binding, i, record);
    return TRUE;
}

static gboolean is_among(int field, const int *fields)
{
    while (*fields >= 0)
        if (*fields++ == field)
            return TRUE;
    return FALSE;
}

void dj_binding_read_fields(DjBinding *binding, const DjRow *row, const int *fields, DjRecord *record)
{
    dj_record_clear(record);
    for (guint i = 0; i < binding->columns->len; i++) {
        Column *column = &g_array_index(binding->columns, Column, i);
        const DjMappedColumn *mapped = column->mapped;
        DjComplaint fault;
        if (mapped && (is_among(mapped->field, fields) || is_among(mapped->field_end, fields)) && has_cell(column, row))
            read_cell(binding, column, &row->cells[column->index], record, NULL, NULL, &fault);
    }
    for (; *fields >= 0; fields++)
        fill_constant(binding, *fields, record);
}

void dj_binding_cell(const DjBinding *binding, const DjRow *row, int field, const char **title, const char **text)
{
    *title = *text = "";
    for (guint i = 0; i < binding->columns->len && field >= 0; i++) {
        const Column *column = &g_array_index(binding->columns, Column, i);
        if (!column->mapped || column->mapped->field != field)
            continue;
        *title = column->title;
        if (column->index < row->n_cells && row->cells[column->index].text)
            *text = row->cells[column->index].text;
        return;
    }
}
