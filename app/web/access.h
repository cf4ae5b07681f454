/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which needs and enterprises a caller may look at, and as what audience. An enterprise has its own ones alone; what it
 * may not see does not exist for it (404, never 403). */
#pragma once
#include "app/web/request.h"
#include <jansson.h>

/* FALSE when the record is not this caller's to see. Needs and enterprises; patents are open to all. */
gboolean dj_access_record(const DjRequest *request, const DjRecord *record, DjAudience *audience);
/* The enterprise that the user speaks for, NULL when there is none; and reads it once per request. */
gboolean dj_access_prepare(DjRequest *request, GError **error);
/* The need of the path, 404 when it is not there or not the caller's. */
DjRecord *dj_access_need(DjRequest *request, const char *key, DjAudience *audience, GError **error);

/* Visible fields of a record: {"key", "fields": {name: text or list}}. */
json_t *dj_access_record_json(const DjRecord *record, DjAudience audience);
