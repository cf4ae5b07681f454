/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of cells -> records: the columns of one table, bound to what a mapping says about their titles. */
#pragma once
#include "engine/model/record.h"
#include "indexer/mapping.h"
#include "indexer/reader.h"

typedef struct DjBinding DjBinding;

/* titles: of the file; unknown (may be NULL) gets the titles that mean nothing here. Columns of a list of rejects are
 * skipped. The mapping must outlive the binding and have the table. */
DjBinding *dj_binding_new(const DjMapping *mapping, DjTable table, const char *const *titles, gsize n_titles,
                          GPtrArray *unknown);
void dj_binding_free(DjBinding *binding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjBinding, dj_binding_free)

/* Hash of a row as it stands in its file and of all that its record follows from here: what the mapping and the titles
 * mean, and how cells are read (DJ_VALUE_VERSION). hash has DJ_HASH_BYTES. */
void dj_binding_hash_row(DjBinding *binding, const DjRow *row, guint8 *hash);

/* Number of columns that are a field, and of leading columns that are none of the file's own. */
gsize dj_binding_n_known(const DjBinding *binding);
gsize dj_binding_n_leading(const DjBinding *binding);

/* What a row has to complain about. Strings belong to the binding and live until the next row. */
typedef struct {
    const char *column, *value, *why; /* column and value "" where the whole row is meant */
} DjComplaint;
typedef void (*DjComplain)(const DjComplaint *complaint, gpointer user);

/* Fills record (cleared first) from the cells; DJ_STORE_ERASE where the word for it was typed. warn is called for each
 * value that was kept as text. FALSE when an identifier is wrong: *fault says which; the record is then of no use. */
gboolean dj_binding_read(DjBinding *binding, const DjRow *row, DjRecord *record, DjComplain warn, gpointer user,
                         DjComplaint *fault);
/* The values of some fields alone (their numbers, ends with -1), of a row that dj_binding_read is known to take without
 * a complaint. */
void dj_binding_read_fields(DjBinding *binding, const DjRow *row, const int *fields, DjRecord *record);
/* Title and text of the cell that gave a field its value, "" where there is none. */
void dj_binding_cell(const DjBinding *binding, const DjRow *row, int field, const char **title, const char **text);
