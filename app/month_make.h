/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making the folder of a month, and the manifest by which it can be made again. */
#pragma once
#include "app/month.h"
#include "engine/report/month.h"

/* What making it tells. */
typedef struct {
    guint n_pairings, n_needs, n_patents;
    guint n_owed, n_covered, n_enterprise_pages, n_pages, n_pushes;
    gint64 points, gap; /* certificate of the pages: of what was chosen, and how far the proved bound lies above */
    guint n_missing;    /* recommendations that no choice could give */
    guint n_rounds;     /* of deepening */
    GPtrArray *floors;  /* DjFloorRow */
    guint n_runs;       /* of the matching */
    guint n_changes[5]; /* new, kept, up, down, gone */
} DjMonthSummary;
void dj_month_summary_clear(DjMonthSummary *summary);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DjMonthSummary, dj_month_summary_clear)
extern const char *const dj_month_change_names[5];

/* before may be NULL. previous: what the manifest says of the month before, NULL for none. */
gboolean dj_month_make(DjMonthRunner *runner, DjWorkspace *workspace, const DjMonthVersion *now,
                       const DjMonthVersion *before, DjAudience audience, const char *folder, DjMonthSummary *summary,
                       GError **error);

/* Reads manifest.json of a folder; free with json_decref. */
json_t *dj_month_manifest_read(const char *folder, GError **error);
/* A version from a manifest, or from its member "previous". The bundle is that of the file when its hash is the one
 * named, else the workspace's copy. */
DjMonthVersion *dj_month_version_read(const json_t *object, const char *bundle_file, DjStore *store, GError **error);
