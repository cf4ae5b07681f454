/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Publishing a month: what its pages recommend becomes a fact, and so does the month, so that the next one is compared
 * with it. Repeating it, also after a crash half-way, records nothing twice. */
#pragma once
#include "app/month.h"

/* Refuses a folder whose files are not those of its manifest. now: recorded_at. */
gboolean dj_month_publish(DjStore *store, const char *folder, const char *now, guint *added, guint *known,
                          GError **error);

/* The month published last before `month`; NULL without error when there is none. */
DjMonthVersion *dj_month_published_before(DjStore *store, const char *month, GError **error);
