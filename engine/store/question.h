/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions that outlive their answer: those that nothing fitted (都不合适), which are facts and go somewhere, and
 * those that a user keeps to see what is new. Both hold what somebody asked: class confidential. Each call is one short
 * transaction of its own, beside any import or build. */
#pragma once
#include "engine/store/store.h"

/* Never changed, never removed. Strings are never NULL, "" where there is nothing. */
typedef struct {
    gint64 id;
    const char *title;  /* what the asker lets be shown, class O */
    const char *text;   /* what was asked, class C */
    const char *reason; /* id of the reason, class O */
    const char *detail; /* more about it, class C */
    const char *route;  /* where it goes, class O */
    const char *contact;
    const char *who; /* name of a user, "" = somebody on the public page */
    const char *recorded_at;
} DjUnmet;

gboolean dj_store_add_unmet(DjStore *store, const DjUnmet *unmet, gint64 *id, GError **error);
/* Newest first, those with a number below `before` (0 = all). Strings live until visit returns; FALSE stops. */
typedef gboolean (*DjUnmetVisit)(const DjUnmet *unmet, gpointer user);
gboolean dj_store_each_unmet(DjStore *store, gint64 before, DjUnmetVisit visit, gpointer user, GError **error);

typedef struct {
    gint64 id, user;
    const char *text;   /* with the fields that were written into it */
    const char *filter; /* as the caller writes it */
    gint64 point;       /* facts that the user has seen */
    const char *recorded_at, *seen_at;
} DjSavedQuestion;

/* DJ_STORE_ERROR_EXISTS when the user keeps `most` already. */
gboolean dj_store_save_question(DjStore *store, const DjSavedQuestion *question, guint most, gint64 *id,
                                GError **error);
/* Those of a user, oldest first. */
typedef gboolean (*DjSavedVisit)(const DjSavedQuestion *question, gpointer user);
gboolean dj_store_each_saved(DjStore *store, gint64 user, DjSavedVisit visit, gpointer data, GError **error);
/* The user has seen the answer at this point. *found FALSE when it is not one of the user's. */
gboolean dj_store_saved_seen(DjStore *store, gint64 user, gint64 id, gint64 point, const char *now, gboolean *found,
                             GError **error);
gboolean dj_store_forget_question(DjStore *store, gint64 user, gint64 id, gboolean *found, GError **error);
