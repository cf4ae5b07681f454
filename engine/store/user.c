/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/store/user.h"
#include "engine/store/internal.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

#define TOKEN_BYTES  32
#define SHA256_BYTES 32

static const struct {
    const char *name, *label;
} roles[DJ_N_ROLES] = {
    [DJ_ROLE_ENTERPRISE] = {"enterprise", "企业"},
    [DJ_ROLE_INSTITUTION] = {"institution", "高校院所"},
    [DJ_ROLE_ORGANISER] = {"organiser", "主办方"},
    [DJ_ROLE_CENTRE] = {"centre", "运营中心"},
};

const char *dj_role_name(DjRole role)
{
    return roles[role].name;
}

const char *dj_role_label(DjRole role)
{
    return roles[role].label;
}

gboolean dj_role_parse(const char *name, DjRole *out)
{
    for (int i = 0; i < DJ_N_ROLES; i++) {
        if (strcmp(name, roles[i].name) == 0 || strcmp(name, roles[i].label) == 0) {
            *out = (DjRole)i;
            return TRUE;
        }
    }
    return FALSE;
}

void dj_user_clear(DjUser *user)
{
    g_free(user->name);
    g_free(user->enterprise);
    *user = (DjUser){0};
}

char *dj_token_new(GError **error)
{
    guint8 bytes[TOKEN_BYTES];
    if (getrandom(bytes, sizeof bytes, 0) != (gssize)sizeof bytes) {
        g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_IO, "no random bytes from the system: %s", g_strerror(errno));
        return NULL;
    }
    GString *token = g_string_new(DJ_TOKEN_PREFIX);
    for (gsize i = 0; i < sizeof bytes; i++)
        g_string_append_printf(token, "%02x", bytes[i]);
    return g_string_free(token, FALSE);
}

/* Not the store's hash of records: that one is fast, and a secret wants one that cannot be inverted. */
static void hash_token(const char *token, guint8 out[SHA256_BYTES])
{
    gsize length = SHA256_BYTES;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)token, -1);
    g_checksum_get_digest(sum, out, &length);
}

gboolean dj_store_add_user(DjStore *store, const char *name, DjRole role, const char *enterprise, const char *token,
                           const char *recorded_at, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "INSERT INTO user (name, role, enterprise, token_hash, recorded_at, seal)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, seal(?1, ?2, ?3, ?4, ?5, NULL)) ON CONFLICT (name) DO NOTHING",
                         error, "adding a user");
    if (!stmt)
        return FALSE;
    guint8 hash[SHA256_BYTES];
    hash_token(token, hash);
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, roles[role].name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 3, enterprise ? enterprise : "", -1, SQLITE_STATIC);
    sqlite3_bind_blob(stmt, 4, hash, sizeof hash, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 5, recorded_at, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "adding a user");
    if (sqlite3_changes(store->db) == 1)
        return TRUE;
    g_set_error(error, DJ_STORE_ERROR, DJ_STORE_ERROR_EXISTS,
                "there is a user %s already, or there was one; a name is used once", name);
    return FALSE;
}

/* 1 when equal; the time does not depend on where they differ. */
static int equal_hashes(const guint8 *a, const guint8 *b)
{
    guint8 differ = 0;
    for (gsize i = 0; i < SHA256_BYTES; i++)
        differ |= a[i] ^ b[i];
    return differ == 0;
}

gboolean dj_store_find_user(DjStore *store, const char *token, DjUser *out, gboolean *found, GError **error)
{
    *found = FALSE;
    *out = (DjUser){0};
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "SELECT id, name, role, enterprise, token_hash FROM user WHERE revoked_at IS NULL",
                         error, "reading users");
    if (!stmt)
        return FALSE;
    guint8 hash[SHA256_BYTES];
    hash_token(token, hash);
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        DjRole role;
        if (sqlite3_column_bytes(stmt, 4) != SHA256_BYTES || !equal_hashes(hash, sqlite3_column_blob(stmt, 4)) ||
            !dj_role_parse((const char *)sqlite3_column_text(stmt, 2), &role))
            continue;
        dj_user_clear(out);
        *out = (DjUser){.id = sqlite3_column_int64(stmt, 0),
                        .name = g_strdup((const char *)sqlite3_column_text(stmt, 1)),
                        .role = role,
                        .enterprise = g_strdup((const char *)sqlite3_column_text(stmt, 3))};
        *found = TRUE;
    }
    if (rc == SQLITE_DONE)
        return TRUE;
    dj_user_clear(out);
    *found = FALSE;
    return dj_store_fail(store, error, "reading users");
}

gboolean dj_store_revoke_user(DjStore *store, const char *name, const char *revoked_at, gboolean *found, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store,
                         "UPDATE user SET revoked_at = ?2, seal = seal(name, role, enterprise, token_hash, recorded_at,"
                         " ?2) WHERE name = ?1 AND revoked_at IS NULL",
                         error, "revoking a user");
    if (!stmt)
        return FALSE;
    sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 2, revoked_at, -1, SQLITE_STATIC);
    if (sqlite3_step(stmt) != SQLITE_DONE)
        return dj_store_fail(store, error, "revoking a user");
    *found = sqlite3_changes(store->db) == 1;
    return TRUE;
}

gboolean dj_store_each_user(DjStore *store, DjUserVisit visit, gpointer data, GError **error)
{
    g_autoptr(sqlite3_stmt) stmt =
        dj_store_prepare(store, "SELECT id, name, role, enterprise, recorded_at, revoked_at FROM user ORDER BY id",
                         error, "reading users");
    if (!stmt)
        return FALSE;
    int rc;
    while ((rc = sqlite3_step(stmt)) == SQLITE_ROW) {
        DjUser user = {.id = sqlite3_column_int64(stmt, 0),
                       .name = (char *)sqlite3_column_text(stmt, 1),
                       .enterprise = (char *)sqlite3_column_text(stmt, 3)};
        if (!dj_role_parse((const char *)sqlite3_column_text(stmt, 2), &user.role))
            continue; /* made by a newer program */
        if (!visit(&user, (const char *)sqlite3_column_text(stmt, 4), (const char *)sqlite3_column_text(stmt, 5), data))
            return TRUE;
    }
    return rc == SQLITE_DONE || dj_store_fail(store, error, "reading users");
}
