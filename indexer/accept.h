/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of acceptance: whether a row may become a record, and which one it is. */
#pragma once
#include "engine/store/stage.h"

typedef struct {
    char *reject;   /* Chinese: why the row cannot be taken and what to do; NULL = accepted */
    int field;      /* the field at fault, -1 = none in particular */
    char *warning;  /* Chinese, or NULL */
    DjRecord *stub; /* an enterprise that the row names and nobody knows yet, or NULL */
} DjVerdictOnRow;
void dj_accept_clear(DjVerdictOnRow *verdict);

/* TRUE where a row that was taken without a remark is taken so again whatever the store holds by then, as the same
 * record: patents and texts are known by what they say of themselves. Needs and enterprises are not: whom a name stands
 * for depends on who else has it. */
gboolean dj_accept_is_settled(DjTable table);

/* Completes the record (kind from the patent number) and sets its key: that of the stored record it continues, or a new
 * one. FALSE only when the store failed. */
gboolean dj_accept(DjStore *store, DjStage *stage, DjRecord *record, DjVerdictOnRow *verdict, GError **error);
