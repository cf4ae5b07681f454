/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/decision.h"
#include "engine/store/internal.h"
#include <string.h>

static const struct {
    const char *name, *label;
} kinds[DJ_N_DECISIONS] = {
    [DJ_DECISION_ACCEPT] = {"accept", "接受"},
    [DJ_DECISION_REJECT] = {"reject", "拒绝"},
    [DJ_DECISION_PIN] = {"pin", "必见"},
    [DJ_DECISION_BAN] = {"ban", "禁配"},
    [DJ_DECISION_CLEAR] = {"clear", "撤回"},
    [DJ_DECISION_PUSH] = {"push", "推送"},
    [DJ_DECISION_OPT_OUT] = {"opt_out", "不再推送"},
    [DJ_DECISION_OUTCOME] = {"outcome", "会后"},
    [DJ_DECISION_SAME] = {"same", "同一"},
    [DJ_DECISION_DISTINCT] = {"distinct", "不同"},
};

const char *dj_decision_kind_name(DjDecisionKind kind)
{
    return kinds[kind].name;
}

const char *dj_decision_kind_label(DjDecisionKind kind)
{
    return kinds[kind].label;
}

gboolean dj_decision_kind_parse(const char *name, DjDecisionKind *out)
{
    for (int i = 0; i < DJ_N_DECISIONS; i++) {
        if (strcmp(name, kinds[i].name) == 0 || strcmp(name, kinds[i].label) == 0) {
            *out = (DjDecisionKind)i;
            return TRUE;
        }
    }
    return FALSE;
}

gboolean dj_store_add_decision(DjStore *store, const DjDecision *decision, gint64 *id, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "INSERT INTO decision (kind, need, patent, who, recorded_at, note, data, seal)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, seal(?1, ?2, ?3, ?4, ?5, ?6, ?7))",
                         error, "recording a decision");
    if (!stmt)
        return FALSE;
    const char *const texts[] = {kinds[decision->kind].name, decision->need, decision->patent, decision->who,
                                 decision->recorded_at,      decision->note, decision->data};
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        sqlite3_bind_text(stmt, 1 + i, texts[i] ? texts[i] : "", -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "recording a decision");
    if (id)
        *id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

gboolean dj_store_each_decision(DjStore *store, const char *as_of, DjDecisionVisit visit, gpointer user, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "SELECT id, kind, need, patent, who, recorded_at, note, data FROM decision"
                         " WHERE ?1 IS NULL OR substr(recorded_at, 1, length(?1)) <= ?1 ORDER BY id",
                         error, "reading decisions");
    if (!stmt)
        return FALSE;
    sqlite3_bind_text(stmt, 1, as_of, -1, SQLITE_STATIC);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        DjDecision decision = {.id = sqlite3_column_int64(stmt, 0)};
        const char **texts[] = {NULL,           &decision.need, &decision.patent, &decision.who, &decision.recorded_at,
                                &decision.note, &decision.data};
        if (!dj_decision_kind_parse((const char *)sqlite3_column_text(stmt, 1), &decision.kind))
            continue; /* made by a newer program; kept, not understood */
        for (int i = 1; i < (int)G_N_ELEMENTS(texts); i++)
            *texts[i] = (const char *)sqlite3_column_text(stmt, i + 1);
        if (!visit(&decision, user))
            return TRUE;
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "reading decisions");
}
