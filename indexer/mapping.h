/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mapping: which column titles of a file mean which field, and what else its layout says. Plain data, filled by
 * config/mapping_file.c from config/mapping/NAME.yaml; constant once filled, then safe from any thread. */
#pragma once
#include "indexer/form.h"
#include "indexer/value.h"

/* How a cell is taken apart where it is not simply the value of one field. */
typedef enum {
    DJ_RULE_VALUE,      /* the value of the field */
    DJ_RULE_IGNORE,     /* known and not wanted: neither a field nor kept as an extra column */
    DJ_RULE_JOIN_WORDS, /* text in which spaces only keep words apart: they go */
    DJ_RULE_DATE_RANGE  /* two dates with 至 or ~ between: field and field_end */
} DjCellRule;

typedef struct {
    DjCellRule rule;
    int field, field_end; /* positions in the table; -1 = none */
    int priority;         /* of two columns for one field the smaller one is taken, if it is not empty */
} DjMappedColumn;

typedef struct {
    GHashTable *titles; /* folded title -> DjMappedColumn * */
    char **constants;   /* by field: value where the row gives none, or NULL */
} DjTableMapping;

typedef struct {
    char *name;
    char *hash;                          /* sha256 of what it was read from, part of a batch's source hash */
    DjTableMapping *tables[DJ_N_TABLES]; /* NULL: not for this table */
    DjWords *words;
    DjFormRules *form; /* the official form is understood; NULL: it is not */
} DjMapping;

DjMapping *dj_mapping_new(const char *name);
void dj_mapping_free(DjMapping *mapping);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMapping, dj_mapping_free)

/* Begins a table: its fields are known by name and by label. */
DjTableMapping *dj_mapping_add_table(DjMapping *mapping, DjTable table);
/* FALSE when the title has another meaning already. */
gboolean dj_mapping_add_title(DjTableMapping *table, const char *title, DjMappedColumn column);
void dj_mapping_set_constant(DjTableMapping *table, const DjField *field, const char *canonical);

/* What a title means, NULL = unknown. Understood as well: case, width, spaces, a star or colon, and a unit in brackets
 * at its end, which *unit gets (free it). */
const DjMappedColumn *dj_mapping_find(const DjTableMapping *table, const char *title, char **unit);
