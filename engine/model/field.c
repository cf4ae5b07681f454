/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/model/field.h"
#include <string.h>

#define ROW(TABLE, ENUM, NAME, TYPE, PRIVACY, LABEL, HELP)                                                             \
    [DJ_##TABLE##_##ENUM] = {.table = DJ_TABLE_##TABLE,                                                                \
                             .index = DJ_##TABLE##_##ENUM,                                                             \
                             .name = NAME,                                                                             \
                             .label = LABEL,                                                                           \
                             .help = HELP,                                                                             \
                             .type = DJ_TYPE_##TYPE,                                                                   \
                             .privacy = DJ_##PRIVACY},

static const DjField patent_fields[] = {
#define DJ_PATENT_FIELD(...) ROW(PATENT, __VA_ARGS__)
#include "engine/model/fields.def"
};
static const DjField need_fields[] = {
#define DJ_NEED_FIELD(...) ROW(NEED, __VA_ARGS__)
#include "engine/model/fields.def"
};
static const DjField enterprise_fields[] = {
#define DJ_ENTERPRISE_FIELD(...) ROW(ENTERPRISE, __VA_ARGS__)
#include "engine/model/fields.def"
};
static const DjField text_fields[] = {
#define DJ_TEXT_FIELD(...) ROW(TEXT, __VA_ARGS__)
#include "engine/model/fields.def"
};

static const struct {
    const char *plural, *singular;
    const DjField *fields;
    int n_fields;
} tables[DJ_N_TABLES] = {
    [DJ_TABLE_PATENT] = {"patents", "patent", patent_fields, DJ_PATENT_N_FIELDS},
    [DJ_TABLE_NEED] = {"needs", "need", need_fields, DJ_NEED_N_FIELDS},
    [DJ_TABLE_ENTERPRISE] = {"enterprises", "enterprise", enterprise_fields, DJ_ENTERPRISE_N_FIELDS},
    [DJ_TABLE_TEXT] = {"texts", "text", text_fields, DJ_TEXT_N_FIELDS},
};

static const struct {
    const char *name, *label;
    DjPrivacy widest;
} audiences[] = {
    [DJ_AUDIENCE_PUBLIC] = {"public", "公开", DJ_PUBLIC},
    [DJ_AUDIENCE_PARTICIPANT] = {"participant", "参会方", DJ_PARTICIPANT},
    [DJ_AUDIENCE_OWNER] = {"owner", "本单位", DJ_PARTICIPANT},
    [DJ_AUDIENCE_ORGANISER] = {"organiser", "组织者", DJ_ORGANISER},
    [DJ_AUDIENCE_CENTRE] = {"centre", "运营中心", DJ_CONFIDENTIAL},
};

int dj_field_count(DjTable table)
{
    return tables[table].n_fields;
}

const DjField *dj_field_at(DjTable table, int index)
{
    g_return_val_if_fail(index >= 0 && index < tables[table].n_fields, NULL);
    return &tables[table].fields[index];
}

const DjField *dj_field_find(DjTable table, const char *name_or_label)
{
    for (int i = 0; i < tables[table].n_fields; i++) {
        const DjField *f = &tables[table].fields[i];
        if (strcmp(f->name, name_or_label) == 0 || strcmp(f->label, name_or_label) == 0)
            return f;
    }
    return NULL;
}

const char *dj_table_name(DjTable table)
{
    return tables[table].plural;
}

gboolean dj_table_parse(const char *name, DjTable *out)
{
    for (int i = 0; i < DJ_N_TABLES; i++) {
        if (strcmp(name, tables[i].plural) == 0 || strcmp(name, tables[i].singular) == 0) {
            *out = (DjTable)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *dj_privacy_letter(DjPrivacy privacy)
{
    static const char *const letters[] = {"P", "T", "O", "C"};
    return letters[privacy];
}

const char *dj_audience_name(DjAudience audience)
{
    return audiences[audience].name;
}

const char *dj_audience_label(DjAudience audience)
{
    return audiences[audience].label;
}

gboolean dj_audience_parse(const char *name, DjAudience *out)
{
    for (gsize i = 0; i < G_N_ELEMENTS(audiences); i++) {
        if (strcmp(name, audiences[i].name) == 0 || strcmp(name, audiences[i].label) == 0) {
            *out = (DjAudience)i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean dj_audience_sees(DjAudience audience, DjPrivacy privacy)
{
    return privacy <= audiences[audience].widest;
}
