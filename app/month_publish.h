/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Publishing a month: what its pages recommend becomes a fact, and so does the month, so that the next one is compared
 * with it. Repeating it, also after a crash half-way, records nothing twice. */
#pragma once
#include "app/month.h"
#include <jansson.h>

/* Refuses a folder whose files are not those of its manifest. now: recorded_at. */
gboolean dj_month_publish(DjStore *store, const char *folder, const char *now, guint *added, guint *known,
                          GError **error);

/* Everything that was ever recorded as pushed, to be asked about any number of months. */
typedef struct DjMonthPushes DjMonthPushes;
DjMonthPushes *dj_month_pushes_read(DjStore *store, GError **error);
void dj_month_pushes_free(DjMonthPushes *pushes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjMonthPushes, dj_month_pushes_free)

typedef struct {
    guint n;                        /* recommendations of the month, also of a folder that was made again since */
    char last[sizeof "2026-11-01"]; /* day on which the last of them was recorded; "" for none */
} DjMonthRecorded;
/* Of the month that the manifest names. */
DjMonthRecorded dj_month_recorded(const DjMonthPushes *pushes, const json_t *manifest);

typedef struct {
    DjMonthRecorded recorded;
    guint waiting; /* recommendations of the folder that are not recorded */
    gboolean kept; /* the folder is one that later months are compared with */
} DjMonthPushed;
/* manifest: of the folder. A folder whose pushes cannot be read has none waiting. */
gboolean dj_month_pushed(DjStore *store, const char *folder, const json_t *manifest, const DjMonthPushes *pushes,
                         DjMonthPushed *out, GError **error);

/* The month published last before `month`; NULL without error when there is none. */
DjMonthVersion *dj_month_published_before(DjStore *store, const char *month, GError **error);
