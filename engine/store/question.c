/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/question.h"

#include "engine/store/internal.h"

static void bind_texts(sqlite3_stmt *stmt, int first, const char *const *texts, int n)
{
    for (int i = 0; i < n; i++)
        sqlite3_bind_text(stmt, first + i, texts[i] ? texts[i] : "", -1, SQLITE_STATIC);
}

static const char *text_at(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

gboolean dj_store_add_unmet(DjStore *store, const DjUnmet *unmet, gint64 *id, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "INSERT INTO unmet (title, text, reason, detail, route, contact, who, recorded_at, seal)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, seal(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))",
                         error, "recording a question");
    if (!stmt)
        return FALSE;
    const char *const texts[] = {unmet->title, unmet->text,    unmet->reason, unmet->detail,
                                 unmet->route, unmet->contact, unmet->who,    unmet->recorded_at};
    bind_texts(stmt, 1, texts, G_N_ELEMENTS(texts));
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "recording a question");
    *id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

gboolean dj_store_each_unmet(DjStore *store, gint64 before, DjUnmetVisit visit, gpointer user, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "SELECT id, title, text, reason, detail, route, contact, who, recorded_at FROM unmet"
                         " WHERE ?1 = 0 OR id < ?1 ORDER BY id DESC",
                         error, "reading questions");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, before);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        DjUnmet unmet = {.id = sqlite3_column_int64(stmt, 0),
                         .title = text_at(stmt, 1),
                         .text = text_at(stmt, 2),
                         .reason = text_at(stmt, 3),
                         .detail = text_at(stmt, 4),
                         .route = text_at(stmt, 5),
                         .contact = text_at(stmt, 6),
                         .who = text_at(stmt, 7),
                         .recorded_at = text_at(stmt, 8)};
        if (!visit(&unmet, user))
            return TRUE;
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "reading questions");
}

gboolean dj_store_save_question(DjStore *store, const DjSavedQuestion *question, guint most, gint64 *id, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "INSERT INTO saved (user, text, filter, point, recorded_at, seen_at, seal)"
                         " SELECT ?1, ?2, ?3, ?4, ?5, ?5, seal(?1, ?2, ?3, ?4, ?5, ?5) WHERE (SELECT count(*) FROM "
                         "saved WHERE user = ?1) < ?6",
                         error, "saving a question");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, question->user);
    const char *const texts[] = {question->text, question->filter};
    bind_texts(stmt, 2, texts, G_N_ELEMENTS(texts));
    sqlite3_bind_int64(stmt, 4, question->point);
    bind_texts(stmt, 5, &question->recorded_at, 1);
    sqlite3_bind_int64(stmt, 6, most);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "saving a question");
    if (sqlite3_changes(store->db) == 0) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_EXISTS, "the user keeps %u questions already", most);
        return FALSE;
    }
    *id = sqlite3_last_insert_rowid(store->db);
    return TRUE;
}

gboolean dj_store_each_saved(DjStore *store, gint64 user, DjSavedVisit visit, gpointer data, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt = dj_store_prepare(
        store, "SELECT id, text, filter, point, recorded_at, seen_at FROM saved WHERE user = ?1 ORDER BY id", error,
        "reading saved questions");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, user);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        DjSavedQuestion question = {.id = sqlite3_column_int64(stmt, 0),
                                    .user = user,
                                    .text = text_at(stmt, 1),
                                    .filter = text_at(stmt, 2),
                                    .point = sqlite3_column_int64(stmt, 3),
                                    .recorded_at = text_at(stmt, 4),
                                    .seen_at = text_at(stmt, 5)};
        if (!visit(&question, data))
            return TRUE;
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "reading saved questions");
}

static gboolean change_one(DjStore *store, sqlite3_stmt *stmt, gboolean *found, GError **error)
{
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "changing a saved question");
    *found = sqlite3_changes(store->db) == 1;
    return TRUE;
}

gboolean dj_store_saved_seen(DjStore *store, gint64 user, gint64 id, gint64 point, const char *now, gboolean *found,
                             GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "UPDATE saved SET point = ?3, seen_at = ?4,"
                         " seal = seal(user, text, filter, ?3, recorded_at, ?4) WHERE user = ?1 AND id = ?2",
                         error, "changing a question");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, user);
    sqlite3_bind_int64(stmt, 2, id);
    sqlite3_bind_int64(stmt, 3, point);
    bind_texts(stmt, 4, &now, 1);
    return change_one(store, stmt, found, error);
}

gboolean dj_store_forget_question(DjStore *store, gint64 user, gint64 id, gboolean *found, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "DELETE FROM saved WHERE user = ?1 AND id = ?2", error, "forgetting a question");
    if (!stmt)
        return FALSE;
    sqlite3_bind_int64(stmt, 1, user);
    sqlite3_bind_int64(stmt, 2, id);
    return change_one(store, stmt, found, error);
}
