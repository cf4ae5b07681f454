/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identity is decided here and nowhere else. An enterprise keeps the key that it was first stored under, so that a stub
 * made from a need stays the same record when its credit code becomes known. */
#include "indexer/accept.h"
#include "engine/model/ident.h"
#include <string.h>

void dj_accept_clear(DjVerdictOnRow *verdict)
{
    g_clear_pointer(&verdict->reject, g_free);
    g_clear_pointer(&verdict->warning, g_free);
    g_clear_pointer(&verdict->stub, dj_record_free);
}

static const char *given(const DjRecord *record, int field)
{
    const char *value = dj_record_get(record, field);
    return value && strcmp(value, DJ_STORE_ERASE) != 0 ? value : NULL;
}

static gboolean reject(DjVerdictOnRow *verdict, int field, const char *why)
{
    verdict->reject = g_strdup(why);
    verdict->field = field;
    return TRUE;
}

static gboolean accept_patent(DjStore *store, DjRecord *record, DjVerdictOnRow *verdict, GError **error)
{
    const char *number = given(record, DJ_PATENT_NUMBER), *source_id = given(record, DJ_PATENT_SOURCE_ID);
    const char *kind = given(record, DJ_PATENT_KIND);
    gboolean achievement = g_strcmp0(kind, "achievement") == 0;
    gboolean stored = FALSE;
    if (number) {
        const char *by_number = dj_patent_number_kind(number);
        if (kind && by_number && strcmp(kind, by_number) != 0)
            verdict->warning = g_strdup_printf("专利类型与专利号不一致，已按专利号 %s 记为%s", number,
                                               dj_patent_kind_label(by_number));
        if (by_number)
            dj_record_set(record, DJ_PATENT_KIND, by_number);
    } else if (!source_id && !achievement) {
        return reject(verdict, DJ_PATENT_NUMBER, "缺少专利号；没有专利号的科技成果请在“专利类型”一列写“科技成果”");
    }
    if ((number || source_id) && !given(record, DJ_PATENT_TITLE) &&
        !dj_store_has(store, DJ_TABLE_PATENT, number ? number : source_id, &stored, error))
        return FALSE;
    if (!given(record, DJ_PATENT_TITLE) && !stored)
        return reject(verdict, DJ_PATENT_TITLE, "缺少名称；请填写专利或成果的名称");
    verdict->settled = TRUE;
    dj_record_make_key(record);
    return TRUE;
}

/* A need without an id is known by its enterprise, and the code of an enterprise may become known later: where only the
 * name was known when the need was stored, that record goes on, until one is stored with the code. */
static gboolean find_need_by_name(DjStore *store, DjRecord *record, gboolean *by_name, GError **error)
{
    gboolean stored = FALSE;
    *by_name = FALSE;
    if (!dj_store_has(store, DJ_TABLE_NEED, record->key, &stored, error))
        return FALSE;
    if (stored || !given(record, DJ_NEED_ENTERPRISE_CODE) || !given(record, DJ_NEED_ENTERPRISE))
        return TRUE;
    g_autofree char *code = g_strdup(given(record, DJ_NEED_ENTERPRISE_CODE));
    g_autofree char *by_code = g_strdup(record->key);
    dj_record_set(record, DJ_NEED_ENTERPRISE_CODE, NULL);
    dj_record_make_key(record);
    dj_record_set(record, DJ_NEED_ENTERPRISE_CODE, code);
    if (!dj_store_has(store, DJ_TABLE_NEED, record->key, by_name, error))
        return FALSE;
    if (!*by_name) {
        g_free(record->key);
        record->key = g_steal_pointer(&by_code);
    }
    return TRUE;
}

/* Several enterprises have the code, which only the store can say, or the name. */
static gboolean warn_of_several(DjStage *stage, const char *code, const char *name, DjVerdictOnRow *verdict,
                                GError **error)
{
    guint n = 0;
    g_autofree char *key = NULL;
    if (!dj_stage_find_enterprise(stage, code, NULL, &key, &n, error))
        return FALSE;
    if (n > 1) {
        verdict->warning = g_strdup_printf("有 %u 家企业的统一社会信用代码都是 %s，无法确定是哪一家；"
                                           "请核对企业档案，同一家企业只留一份",
                                           n, code);
        return TRUE;
    }
    if (!dj_stage_find_enterprise(stage, NULL, name, &key, &n, error))
        return FALSE;
    verdict->warning = g_strdup_printf("有 %u 家企业都叫“%s”，无法确定是哪一家；请%s填写统一社会信用代码", n, name,
                                       code ? "在企业档案里" : "");
    return TRUE;
}

static gboolean accept_need(DjStore *store, DjStage *stage, DjRecord *record, DjVerdictOnRow *verdict, GError **error)
{
    const char *id = given(record, DJ_NEED_ID);
    gboolean stored = FALSE, by_name = FALSE;
    if (id && !given(record, DJ_NEED_TITLE) && !dj_store_has(store, DJ_TABLE_NEED, id, &stored, error))
        return FALSE;
    if (!given(record, DJ_NEED_TITLE) && !stored)
        return reject(verdict, DJ_NEED_TITLE, "缺少需求名称；请用一句话写明需要什么技术");
    dj_record_make_key(record);
    if (!id && !find_need_by_name(store, record, &by_name, error))
        return FALSE;
    verdict->settled = !by_name;
    const char *code = given(record, DJ_NEED_ENTERPRISE_CODE), *name = given(record, DJ_NEED_ENTERPRISE);
    guint n_found = 0;
    g_autofree char *key = NULL;
    verdict->nobody = !code && !name;
    if (verdict->nobody)
        return TRUE;
    if (!dj_stage_find_enterprise(stage, code, name, &key, &n_found, error))
        return FALSE;
    if (n_found > 1)
        return warn_of_several(stage, code, name, verdict, error);
    if (n_found == 0) {
        verdict->stub = dj_record_new(DJ_TABLE_ENTERPRISE);
        dj_record_set(verdict->stub, DJ_ENTERPRISE_CREDIT_CODE, code);
        dj_record_set(verdict->stub, DJ_ENTERPRISE_NAME, name);
        dj_record_set(verdict->stub, DJ_ENTERPRISE_STUB, "yes");
        dj_record_make_key(verdict->stub);
    }
    return TRUE;
}

/* A stub is one no longer once a file has a row for it, unless the row itself says what it is, as a row that was
 * written from a stored record does. */
static gboolean leave_stub(DjStage *stage, DjRecord *record, GError **error)
{
    gboolean found, stub = FALSE;
    g_autoptr(DjRecord) known = dj_record_new(DJ_TABLE_ENTERPRISE);
    if (dj_record_get(record, DJ_ENTERPRISE_STUB))
        return TRUE;
    if (!dj_stage_get(stage, DJ_TABLE_ENTERPRISE, record->key, known, &found, error))
        return FALSE;
    if (found && dj_record_bool(known, DJ_ENTERPRISE_STUB, &stub) && stub)
        dj_record_set(record, DJ_ENTERPRISE_STUB, DJ_STORE_ERASE);
    return TRUE;
}

static gboolean accept_enterprise(DjStage *stage, DjRecord *record, DjVerdictOnRow *verdict, GError **error)
{
    const char *code = given(record, DJ_ENTERPRISE_CREDIT_CODE), *name = given(record, DJ_ENTERPRISE_NAME);
    guint n_found = 0;
    g_autofree char *key = NULL;
    if (!code && !name)
        return reject(verdict, DJ_ENTERPRISE_NAME, "缺少企业名称；请填写营业执照上的名称");
    if (!dj_stage_find_enterprise(stage, code, name, &key, &n_found, error))
        return FALSE;
    if (n_found > 1 && !code)
        return reject(verdict, DJ_ENTERPRISE_CREDIT_CODE, "有几家企业用这个名称；请填写统一社会信用代码");
    if (n_found == 0 && !name)
        return reject(verdict, DJ_ENTERPRISE_NAME, "缺少企业名称；请填写营业执照上的名称");
    verdict->settled = TRUE;
    if (n_found != 1) {
        dj_record_make_key(record);
        return TRUE;
    }
    g_free(record->key);
    record->key = g_steal_pointer(&key);
    return leave_stub(stage, record, error);
}

gboolean dj_accept(DjStore *store, DjStage *stage, DjRecord *record, DjVerdictOnRow *verdict, GError **error)
{
    *verdict = (DjVerdictOnRow){.field = -1};
    switch (record->table) {
    case DJ_TABLE_PATENT:
        return accept_patent(store, record, verdict, error);
    case DJ_TABLE_NEED:
        return accept_need(store, stage, record, verdict, error);
    case DJ_TABLE_ENTERPRISE:
        return accept_enterprise(stage, record, verdict, error);
    default:
        if (!given(record, DJ_TEXT_TITLE) && !given(record, DJ_TEXT_BODY))
            return reject(verdict, DJ_TEXT_BODY, "没有标题也没有正文");
        verdict->settled = TRUE;
        dj_record_make_key(record);
        return TRUE;
    }
}

const int *dj_accept_naming(DjTable table)
{
    static const int none[] = {-1};
    static const int need[] = {DJ_NEED_ENTERPRISE_CODE, DJ_NEED_ENTERPRISE, -1};
    static const int enterprise[] = {DJ_ENTERPRISE_CREDIT_CODE, DJ_ENTERPRISE_NAME, -1};
    return table == DJ_TABLE_NEED ? need : table == DJ_TABLE_ENTERPRISE ? enterprise : none;
}

/* One enterprise has the name: no stub, no warning. An enterprise that comes again is that one, because its record has
 * the code and the name of the row that was merged last. */
gboolean dj_accept_again(DjStage *stage, const DjRecord *named, gboolean *again, GError **error)
{
    const int *fields = dj_accept_naming(named->table);
    *again = TRUE;
    if (fields[0] < 0)
        return TRUE;
    const char *code = given(named, fields[0]), *name = given(named, fields[1]);
    g_autofree char *key = NULL;
    guint n_found = 1;
    if ((code || name) && !dj_stage_find_enterprise(stage, code, name, &key, &n_found, error))
        return FALSE;
    *again = n_found == 1;
    return TRUE;
}
