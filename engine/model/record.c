/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records keep canonical text, not typed members: what an office sent stays readable in the store (and to anybody with
 * sqlite3), and a field is added by one row of fields.def. */
#include "engine/model/record.h"
#include "engine/model/ident.h"
#include "engine/model/scan.h"
#include <jansson.h>
#include <string.h>

#define DIGEST_LENGTH 12 /* hex digits of made keys: 48 bits, a collision is unlikely below a million records */

DjRecord *dj_record_new(DjTable table)
{
    DjRecord *record = g_new0(DjRecord, 1);
    record->table = table;
    record->values = g_new0(char *, dj_field_count(table));
    return record;
}

void dj_record_clear(DjRecord *record)
{
    int n = dj_field_count(record->table);
    for (int i = 0; i < n; i++)
        g_clear_pointer(&record->values[i], g_free);
    g_clear_pointer(&record->key, g_free);
    g_clear_pointer(&record->extra, g_ptr_array_unref);
}

void dj_record_free(DjRecord *record)
{
    if (!record)
        return;
    dj_record_clear(record);
    g_free(record->values);
    g_free(record);
}

DjRecord *dj_record_copy(const DjRecord *record)
{
    DjRecord *copy = dj_record_new(record->table);
    copy->key = g_strdup(record->key);
    for (int i = 0; i < dj_field_count(record->table); i++)
        copy->values[i] = g_strdup(record->values[i]);
    for (guint i = 0; record->extra && i + 1 < record->extra->len; i += 2)
        dj_record_add_extra(copy, record->extra->pdata[i], record->extra->pdata[i + 1]);
    return copy;
}

void dj_record_set(DjRecord *record, int field, const char *value)
{
    g_free(record->values[field]);
    record->values[field] = value && *value ? g_strdup(value) : NULL;
}

void dj_record_add_extra(DjRecord *record, const char *name, const char *value)
{
    if (!record->extra)
        record->extra = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(record->extra, g_strdup(name));
    g_ptr_array_add(record->extra, g_strdup(value));
}

DjKind dj_record_kind(const DjRecord *record)
{
    switch (record->table) {
    case DJ_TABLE_NEED:
        return DJ_KIND_NEED;
    case DJ_TABLE_ENTERPRISE:
        return DJ_KIND_ENTERPRISE;
    case DJ_TABLE_TEXT:
        return DJ_KIND_TEXT;
    default:
        return g_strcmp0(record->values[DJ_PATENT_KIND], "achievement") == 0 ? DJ_KIND_ACHIEVEMENT : DJ_KIND_PATENT;
    }
}

const char *dj_kind_name(DjKind kind)
{
    static const char *const names[] = {"patent", "achievement", "need", "enterprise", "text"};
    return names[kind];
}

gboolean dj_record_date(const DjRecord *record, int field, int *day)
{
    return record->values[field] && dj_day_parse(record->values[field], day);
}

gboolean dj_record_bool(const DjRecord *record, int field, gboolean *out)
{
    const char *value = record->values[field];
    if (!value || (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0))
        return FALSE;
    *out = value[0] == 'y';
    return TRUE;
}

gboolean dj_record_number(const DjRecord *record, int field, double *out)
{
    const char *value = record->values[field];
    char *end;
    if (!value)
        return FALSE;
    double number = g_ascii_strtod(value, &end);
    if (end == value || *end)
        return FALSE;
    *out = number;
    return TRUE;
}

char **dj_record_list(const DjRecord *record, int field)
{
    return g_strsplit(record->values[field] ? record->values[field] : "", "\n", -1);
}

int dj_record_title_field(DjTable table)
{
    static const int field[] = {DJ_PATENT_TITLE, DJ_NEED_TITLE, DJ_ENTERPRISE_NAME, DJ_TEXT_TITLE};
    return field[table];
}

const char *dj_record_title(const DjRecord *record)
{
    const char *title = record->values[dj_record_title_field(record->table)];
    return title ? title : "";
}

/* Key from a digest of parts; a part that is absent counts as empty, parts are kept apart by a zero byte. */
static char *digest_key(const char *prefix, const char *const *parts, int n)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (int i = 0; i < n; i++) {
        if (parts[i])
            g_checksum_update(sum, (const guchar *)parts[i], -1);
        g_checksum_update(sum, (const guchar *)"", 1);
    }
    return g_strdup_printf("%s-%.*s", prefix, DIGEST_LENGTH, g_checksum_get_string(sum));
}

gboolean dj_record_make_key(DjRecord *record)
{
    char **v = record->values;
    const char *own = NULL;
    char *made = NULL;
    switch (record->table) {
    case DJ_TABLE_PATENT:
        own = v[DJ_PATENT_NUMBER] ? v[DJ_PATENT_NUMBER] : v[DJ_PATENT_SOURCE_ID];
        if (!own && v[DJ_PATENT_TITLE])
            made = digest_key("A", (const char *[]){v[DJ_PATENT_TITLE], v[DJ_PATENT_OWNERS], v[DJ_PATENT_ABSTRACT]}, 3);
        break;
    case DJ_TABLE_NEED:
        own = v[DJ_NEED_ID];
        if (!own && v[DJ_NEED_TITLE]) {
            g_autofree char *name = v[DJ_NEED_ENTERPRISE] ? dj_org_name_fold(v[DJ_NEED_ENTERPRISE]) : NULL;
            const char *who = v[DJ_NEED_ENTERPRISE_CODE] ? v[DJ_NEED_ENTERPRISE_CODE] : name;
            const char *apart = who ? NULL : v[DJ_NEED_DESCRIPTION];
            made = digest_key("N", (const char *[]){who, v[DJ_NEED_TITLE], v[DJ_NEED_DATE], apart}, 4);
        }
        break;
    case DJ_TABLE_ENTERPRISE:
        own = v[DJ_ENTERPRISE_CREDIT_CODE];
        if (!own && v[DJ_ENTERPRISE_NAME]) {
            g_autofree char *name = dj_org_name_fold(v[DJ_ENTERPRISE_NAME]);
            made = digest_key("E", (const char *[]){name}, 1);
        }
        break;
    default:
        own = v[DJ_TEXT_ID];
        if (!own && (v[DJ_TEXT_TITLE] || v[DJ_TEXT_BODY]))
            made = digest_key("T", (const char *[]){v[DJ_TEXT_TITLE], v[DJ_TEXT_BODY]}, 2);
        break;
    }
    if (!own && !made)
        return FALSE;
    g_free(record->key);
    record->key = made ? made : g_strdup(own);
    return TRUE;
}

DjPrivacy dj_record_privacy(const DjRecord *record, int field)
{
    const DjField *f = dj_field_at(record->table, field);
    const char *consent = record->table == DJ_TABLE_NEED ? record->values[DJ_NEED_CONSENT] : NULL;
    if (!consent || f->privacy <= DJ_PARTICIPANT)
        return f->privacy;
    DjPrivacy privacy = f->privacy;
    g_auto(GStrv) items = g_strsplit(consent, "\n", -1);
    for (char **item = items; *item; item++) {
        char *colon = strchr(*item, ':');
        gboolean to_all = colon && (strcmp(colon + 1, "public") == 0 || strcmp(colon + 1, "公开") == 0);
        if (colon)
            *colon = '\0';
        if (strcmp(*item, f->name) == 0 || strcmp(*item, f->label) == 0)
            privacy = MIN(privacy, to_all ? DJ_PUBLIC : DJ_PARTICIPANT);
    }
    return privacy;
}

/* Hand-written because it runs once per imported row and its bytes are hashed: escapes only what JSON requires. */
static void append_json_string(GString *out, const char *text)
{
    const char *end = text + strlen(text);
    g_string_append_c(out, '"');
    for (const char *p = text;; p++) {
        gsize plain = dj_scan_plain(p, (gsize)(end - p));
        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        if (p == end)
            break;
        guchar c = (guchar)*p;
        if (c == '\n')
            g_string_append(out, "\\n");
        else if (c == '"' || c == '\\')
            g_string_append_printf(out, "\\%c", c);
        else if (c == 0x7F)
            g_string_append_c(out, 0x7F);
        else
            g_string_append_printf(out, "\\u%04x", c);
    }
    g_string_append_c(out, '"');
}

void dj_record_write_json(const DjRecord *record, GString *out)
{
    int n = dj_field_count(record->table);
    gsize begin = out->len;
    g_string_append_c(out, '{');
    for (int i = 0; i < n; i++) {
        if (!record->values[i])
            continue;
        g_string_append(out, out->len > begin + 1 ? ",\"" : "\"");
        g_string_append(out, dj_field_at(record->table, i)->name);
        g_string_append(out, "\":");
        append_json_string(out, record->values[i]);
    }
    for (guint i = 0; record->extra && i + 1 < record->extra->len; i += 2) {
        g_autofree char *name = g_strconcat("+", record->extra->pdata[i], NULL);
        if (out->len > begin + 1)
            g_string_append_c(out, ',');
        append_json_string(out, name);
        g_string_append_c(out, ':');
        append_json_string(out, record->extra->pdata[i + 1]);
    }
    g_string_append_c(out, '}');
}

char *dj_record_to_json(const DjRecord *record, gsize *length)
{
    GString *out = g_string_sized_new(1024);
    dj_record_write_json(record, out);
    if (length)
        *length = out->len;
    return g_string_free(out, FALSE);
}

/* Reads a JSON string as append_json_string writes it, and moves *at behind it. FALSE where it is anything else. */
static gboolean take_json_string(const char **at, const char *end, GString *out)
{
    const char *p = *at;
    g_string_truncate(out, 0);
    if (p == end || *p++ != '"')
        return FALSE;
    for (;;) {
        gsize plain = dj_scan_plain(p, (gsize)(end - p));
        g_string_append_len(out, p, (gssize)plain);
        p += plain;
        if (p == end)
            return FALSE;
        char c = *p++;
        if (c == '"')
            break;
        if (c == 0x7F) {
            g_string_append_c(out, c);
            continue;
        }
        if (c != '\\' || p == end)
            return FALSE;
        c = *p++;
        if (c == 'u' && end - p >= 4 && p[0] == '0' && p[1] == '0' && (p[2] == '0' || p[2] == '1') &&
            g_ascii_isxdigit(p[3])) {
            c = (char)(16 * (p[2] - '0') + g_ascii_xdigit_value(p[3]));
            p += 4;
        } else {
            c = c == 'n' ? '\n' : c == '"' || c == '\\' ? c : '\0';
        }
        if (c == '\0')
            return FALSE;
        g_string_append_c(out, c);
    }
    *at = p;
    return TRUE;
}

static gboolean has_extra(const DjRecord *record, guint first, const char *name)
{
    for (guint i = first; record->extra && i < record->extra->len; i += 2)
        if (strcmp(record->extra->pdata[i], name) == 0)
            return TRUE;
    return FALSE;
}

/* Reads the one form that dj_record_write_json gives, which is all that a store holds as a rule. FALSE where the text
 * is in any other form, good or not. */
static gboolean read_canonical(DjRecord *record, const char *json, gsize length, GString *name, GString *value)
{
    const char *p = json, *end = json + length;
    guint first_extra = record->extra ? record->extra->len : 0;
    int field = 0, n = dj_field_count(record->table);
    if (!dj_scan_utf8(json, length) || p == end || *p++ != '{')
        return FALSE;
    do {
        if (!take_json_string(&p, end, name) || p == end || *p++ != ':' || !take_json_string(&p, end, value) ||
            p == end)
            return FALSE;
        if (name->str[0] == '+') {
            if (has_extra(record, first_extra, name->str + 1))
                return FALSE;
            field = n; /* no field comes behind an extra column */
            dj_record_add_extra(record, name->str + 1, value->str);
            continue;
        }
        while (field < n && strcmp(dj_field_at(record->table, field)->name, name->str) != 0)
            field++;
        if (field == n)
            return FALSE;
        dj_record_set(record, field++, value->str);
    } while (*p++ == ',');
    return p == end && p[-1] == '}';
}

static gboolean read_any(DjRecord *record, const char *json, gsize length, GError **error)
{
    json_error_t problem;
    json_t *object = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    if (!json_is_object(object)) {
        g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, "stored record is damaged: %s",
                    object ? "not an object" : problem.text);
        json_decref(object);
        return FALSE;
    }
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        if (!json_is_string(value))
            continue; /* never written by us; nothing to keep */
        const DjField *field = name[0] == '+' ? NULL : dj_field_find(record->table, name);
        if (field)
            dj_record_set(record, field->index, json_string_value(value));
        else
            dj_record_add_extra(record, name[0] == '+' ? name + 1 : name, json_string_value(value));
    }
    json_decref(object);
    return TRUE;
}

gboolean dj_record_from_json(DjRecord *record, const char *json, gsize length, GError **error)
{
    g_autoptr(GString) name = g_string_sized_new(64), value = g_string_sized_new(1024);
    guint n_extra = record->extra ? record->extra->len : 0;
    if (read_canonical(record, json, length, name, value))
        return TRUE;
    if (record->extra) /* fields are set again */
        g_ptr_array_set_size(record->extra, (gint)n_extra);
    return read_any(record, json, length, error);
}
