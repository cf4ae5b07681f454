/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules of acceptance: whether a row may become a record, and which one it is. */
#pragma once
#include "engine/store/stage.h"

typedef struct {
    char *reject;     /* Chinese: why the row cannot be taken and what to do; NULL = accepted */
    int field;        /* the field at fault, -1 = none in particular */
    char *warning;    /* Chinese, or NULL */
    DjRecord *stub;   /* an enterprise that the row names and nobody knows yet, or NULL */
    gboolean nobody;  /* a need that names no enterprise */
    gboolean settled; /* the same row need not be understood again, where dj_accept_again agrees */
} DjVerdictOnRow;
void dj_accept_clear(DjVerdictOnRow *verdict);

/* Completes the record (kind from the patent number) and sets its key: that of the stored record it continues, or a new
 * one. FALSE only when the store failed. */
gboolean dj_accept(DjStore *store, DjStage *stage, DjRecord *record, DjVerdictOnRow *verdict, GError **error);

/* A row that was settled and brought no warning comes again, and nothing newer was merged into its record. *again TRUE:
 * it is taken as that record, without a stub or a remark. Patents and texts are known by what they say of themselves;
 * whom a need or an enterprise names depends on who else has the name by now. named has the fields of
 * dj_accept_naming, others do not matter. */
gboolean dj_accept_again(DjStage *stage, const DjRecord *named, gboolean *again, GError **error);
/* The fields by which a row of the table names an enterprise, ends with -1. */
const int *dj_accept_naming(DjTable table);
