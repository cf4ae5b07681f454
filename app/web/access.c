/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/access.h"

#include "engine/model/ident.h"
#include "engine/report/projection.h"
#include <string.h>

gboolean dj_access_prepare(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    if (!request->signed_in || request->user.role != DJ_ROLE_ENTERPRISE || request->own || !*request->user.enterprise)
        return TRUE;
    gboolean found = FALSE;
    g_autoptr(DjRecord) own = dj_record_new(DJ_TABLE_ENTERPRISE);
    if (!dj_store_get(request->desk->store, DJ_TABLE_ENTERPRISE, request->user.enterprise, DJ_POINT_NOW, own, &found,
                      error))
        return FALSE;
    if (found)
        request->own = g_steal_pointer(&own);
    return TRUE;
}

static gboolean is_named(const DjRecord *enterprise, const char *name)
{
    g_autofree char *folded = dj_org_name_fold(name);
    g_auto(GStrv) names = dj_record_list(enterprise, DJ_ENTERPRISE_ALIASES);
    g_autofree char *own = dj_org_name_fold(dj_record_title(enterprise));
    if (*own && strcmp(own, folded) == 0)
        return TRUE;
    for (char **alias = names; *alias; alias++) {
        g_autofree char *other = dj_org_name_fold(*alias);
        if (strcmp(other, folded) == 0)
            return TRUE;
    }
    return FALSE;
}

/* A credit code decides where both sides have one; names do otherwise. */
static gboolean owns(const DjRecord *enterprise, const DjRecord *record)
{
    if (record->table == DJ_TABLE_ENTERPRISE)
        return strcmp(record->key, enterprise->key) == 0;
    const char *code = dj_record_get(record, DJ_NEED_ENTERPRISE_CODE);
    const char *own = dj_record_get(enterprise, DJ_ENTERPRISE_CREDIT_CODE);
    if (code && own)
        return strcmp(code, own) == 0;
    const char *name = dj_record_get(record, DJ_NEED_ENTERPRISE);
    return name && is_named(enterprise, name);
}

gboolean dj_access_record(const DjRequest *request, const DjRecord *record, DjAudience *audience)
{
    *audience = dj_request_audience(request);
    if (!request->signed_in)
        return FALSE;
    if (request->user.role == DJ_ROLE_ORGANISER || request->user.role == DJ_ROLE_CENTRE)
        return TRUE;
    *audience = DJ_AUDIENCE_OWNER;
    return request->own && owns(request->own, record);
}

DjRecord *dj_access_need(DjRequest *request, const char *key, DjAudience *audience, GError **error)
{
    if (!dj_access_prepare(request, error))
        return NULL;
    g_autoptr(DjRecord) need = dj_desk_record(request->desk, DJ_TABLE_NEED, key, error);
    if (!need)
        return NULL;
    if (dj_access_record(request, need, audience)) {
        request->shows_own = *audience == DJ_AUDIENCE_OWNER;
        return g_steal_pointer(&need);
    }
    dj_web_fail(error, 404, "没有这条记录");
    return NULL;
}

json_t *dj_access_record_json(const DjRecord *record, DjAudience audience)
{
    json_t *fields = json_object();
    for (int i = 0; i < dj_field_count(record->table); i++) {
        const char *value = dj_projection_field(audience, record, i);
        const DjField *field = dj_field_at(record->table, i);
        if (!value)
            continue;
        if (field->type != DJ_TYPE_LIST && field->type != DJ_TYPE_IPC) {
            json_object_set_new(fields, field->name, json_string(value));
            continue;
        }
        json_t *list = json_array();
        g_auto(GStrv) items = g_strsplit(value, "\n", -1);
        for (char **item = items; *item; item++)
            json_array_append_new(list, json_string(*item));
        json_object_set_new(fields, field->name, list);
    }
    return json_pack("{s:s, s:o}", "key", record->key, "fields", fields);
}
