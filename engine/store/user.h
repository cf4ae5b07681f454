/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users (用户): who may sign in, as what. A user has one token, 256 random bits that whoever adds the user hands over
 * once; the store keeps its sha256 alone. A name is never used twice, so what it signed stays its own. */
#pragma once
#include "engine/store/store.h"

typedef enum {
    DJ_ROLE_ENTERPRISE,  /* 企业: the public side, and its own needs */
    DJ_ROLE_INSTITUTION, /* 高校院所: the public side */
    DJ_ROLE_ORGANISER,   /* 主办方: everything that is not confidential; decides */
    DJ_ROLE_CENTRE,      /* 运营中心: everything, each access logged */
    DJ_N_ROLES
} DjRole;

const char *dj_role_name(DjRole role);  /* "enterprise" … */
const char *dj_role_label(DjRole role); /* 企业 … */
gboolean dj_role_parse(const char *name, DjRole *out);

typedef struct {
    gint64 id;
    char *name;
    DjRole role;
    char *enterprise; /* key, "" = speaks for none */
} DjUser;
void dj_user_clear(DjUser *user);

#define DJ_TOKEN_PREFIX "dj_" /* so that leaked tokens can be searched for */

/* A new token from the system's random source: the prefix and 64 hexadecimal digits. Free it. */
char *dj_token_new(GError **error);

/* DJ_STORE_ERROR_EXISTS when the name was ever used. */
gboolean dj_store_add_user(DjStore *store, const char *name, DjRole role, const char *enterprise, const char *token,
                           const char *recorded_at, GError **error);
/* The user whose token this is. Looks at all users whatever it finds, and compares in constant time. *found FALSE for
 * an unknown or revoked token. */
gboolean dj_store_find_user(DjStore *store, const char *token, DjUser *out, gboolean *found, GError **error);
/* *found FALSE when no such user is in force. */
gboolean dj_store_revoke_user(DjStore *store, const char *name, const char *revoked_at, gboolean *found,
                              GError **error);
/* All users in the order of adding; revoked_at is NULL while the token is good. FALSE from visit stops. */
typedef gboolean (*DjUserVisit)(const DjUser *user, const char *recorded_at, const char *revoked_at, gpointer data);
gboolean dj_store_each_user(DjStore *store, DjUserVisit visit, gpointer data, GError **error);
