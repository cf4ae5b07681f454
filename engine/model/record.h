/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A record: one patent, achievement, need, enterprise or text, as canonical field values.
 * Plain data, owned by the caller, not shared between threads while it is written. */
#pragma once
#include "engine/model/field.h"

typedef enum {
    DJ_KIND_PATENT,
    DJ_KIND_ACHIEVEMENT, /* 科技成果: supply without a patent number */
    DJ_KIND_NEED,
    DJ_KIND_ENTERPRISE,
    DJ_KIND_TEXT
} DjKind;

typedef struct {
    DjTable table;
    char *key;        /* natural key, unique in its table; see dj_record_make_key */
    char **values;    /* dj_field_count(table) canonical values, NULL = not given */
    GPtrArray *extra; /* columns that no field takes: name, value, name, value …; NULL = none */
} DjRecord;

DjRecord *dj_record_new(DjTable table);
void dj_record_free(DjRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRecord, dj_record_free)
DjRecord *dj_record_copy(const DjRecord *record);
/* Forget all values, keep the allocation. */
void dj_record_clear(DjRecord *record);

/* Value of a field or NULL. */
static inline const char *dj_record_get(const DjRecord *record, int field)
{
    return record->values[field];
}
/* Copies value; NULL or "" removes it. */
void dj_record_set(DjRecord *record, int field, const char *value);
void dj_record_add_extra(DjRecord *record, const char *name, const char *value);

DjKind dj_record_kind(const DjRecord *record);
const char *dj_kind_name(DjKind kind); /* "patent", "achievement", "need", "enterprise", "text" */

/* Typed views of canonical values. FALSE when the field is absent or holds text that could not be read (kept with a
 * warning at import). Days are counted from 1970-01-01; a date kept as a month or a year gives its first day. */
gboolean dj_record_date(const DjRecord *record, int field, int *day);
gboolean dj_record_bool(const DjRecord *record, int field, gboolean *out);
gboolean dj_record_number(const DjRecord *record, int field, double *out);
/* Items of a LIST or IPC field; free with g_strfreev. Never NULL. */
char **dj_record_list(const DjRecord *record, int field);

/* Title of any record, "" where there is none (patents, needs, texts: title; enterprises: name), and its field. */
const char *dj_record_title(const DjRecord *record);
int dj_record_title_field(DjTable table);

/* Sets record->key from the record's own identity:
 *   patent       its patent number; without one source_id, else "A-" and a digest of title, owners and abstract
 *   need         its id, else "N-" and a digest of enterprise (code or name), title and date; with no enterprise
 *                the description joins the digest, because many portals list needs without one
 *   enterprise   its credit code, else "E-" and a digest of the normalised name
 *   text         its id, else "T-" and a digest of title and body
 * FALSE when there is nothing to make a key from (no title or name). */
gboolean dj_record_make_key(DjRecord *record);

/* Class of this value for this record: the field's class, lowered where the need's consent field says so. */
DjPrivacy dj_record_privacy(const DjRecord *record, int field);

/* Canonical JSON object of all values (fields in table order, then extra columns under "+name"), as kept in the store.
 * The same record always gives the same bytes. */
char *dj_record_to_json(const DjRecord *record, gsize *length);
/* The same, appended to out. */
void dj_record_write_json(const DjRecord *record, GString *out);
/* Reads what dj_record_to_json wrote. Unknown names are kept as extra columns, so that an older program loses nothing.
 */
gboolean dj_record_from_json(DjRecord *record, const char *json, gsize length, GError **error);
