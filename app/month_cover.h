/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who gets which recommendation on paper: pages of enterprises (chosen by month_choose.h) and of institutions, the
 * account of every enterprise that coverage is owed to, and what publishing records. */
#pragma once
#include "app/month_choose.h"

typedef struct {
    GPtrArray *sheets, *coverage, *pushes; /* DjMonthSheet, DjCoverageRow, DjPush */
    guint n_owed, n_covered;
    DjMonthChoice choice;
} DjMonthCover;

/* set is borrowed by the cover's pages. */
gboolean dj_month_cover(DjMonthRunner *runner, DjWorkspace *workspace, const DjMonthVersion *version,
                        const DjResultSet *set, DjMonthCover *cover, GError **error);
void dj_month_cover_clear(DjMonthCover *cover);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjMonthCover, dj_month_cover_clear)
