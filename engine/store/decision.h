/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions (决定): what people said and did about pairings. Facts like the records: dated, never changed or removed; a
 * decision is taken back by a later one. Each is one short transaction of its own, beside any import or build. */
#pragma once
#include "engine/store/store.h"

/* What was decided. `note` holds the reason or the outcome in words, `data` a JSON object with what else belongs to it.
 */
typedef enum {
    DJ_DECISION_ACCEPT,   /* 接受: recommend it to both sides */
    DJ_DECISION_REJECT,   /* 拒绝: not this time */
    DJ_DECISION_PIN,      /* 必见: must meet */
    DJ_DECISION_BAN,      /* 禁配: never again */
    DJ_DECISION_CLEAR,    /* takes back what stood */
    DJ_DECISION_PUSH,     /* 推送: shown to the enterprise in a published list */
    DJ_DECISION_OPT_OUT,  /* 不再推送: need, or all of an enterprise (patent "") */
    DJ_DECISION_OUTCOME,  /* a meeting or a later stage: kept, rating, next step */
    DJ_DECISION_SAME,     /* 同一: two records (need, patent: any two keys of one table) are one and the same */
    DJ_DECISION_DISTINCT, /* 不同: they are not */
    DJ_N_DECISIONS
} DjDecisionKind;

typedef struct {
    gint64 id; /* ascending in time */
    DjDecisionKind kind;
    const char *need, *patent; /* keys, "" = not about one */
    const char *who;           /* user or role that decided */
    const char *recorded_at;   /* "YYYY-MM-DDTHH:MM:SS" Asia/Shanghai */
    const char *note, *data;   /* "" where there is none; data is JSON */
} DjDecision;

const char *dj_decision_kind_name(DjDecisionKind kind);  /* "accept" … */
const char *dj_decision_kind_label(DjDecisionKind kind); /* 接受 … */
gboolean dj_decision_kind_parse(const char *name, DjDecisionKind *out);

/* *id (may be NULL) receives its number. */
gboolean dj_store_add_decision(DjStore *store, const DjDecision *decision, gint64 *id, GError **error);

/* All decisions recorded up to as_of ("YYYY-MM-DD" means the end of that day; NULL = all), oldest first. Strings live
 * until visit returns; FALSE from visit stops. */
typedef gboolean (*DjDecisionVisit)(const DjDecision *decision, gpointer user);
gboolean dj_store_each_decision(DjStore *store, const char *as_of, DjDecisionVisit visit, gpointer user,
                                GError **error);
