/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 都不合适: a question that nothing fitted is recorded with its reason and goes where the settings route it. */
#pragma once
#include "app/web/request.h"
#include "engine/store/question.h"

/* Checks and records; unmet->route, who and recorded_at are filled in here. 400 for a field that is missing or too
 * long, 429 when the public page has recorded too many today. *route: where it goes, the serving's. */
gboolean dj_web_add_unmet(DjRequest *request, DjUnmet *unmet, const char **route, gint64 *id, GError **error);
/* Text of a reason by its id, the id itself where the settings have it no longer. */
const char *dj_web_unmet_reason(const DjRequest *request, const char *id);
/* What a role may read of one: {"id", "reason", "route", "who", "recorded_at", "title"} and for the centre "text",
 * "detail"; organisers and the centre have "contact". */
#include <jansson.h>
json_t *dj_web_unmet_json(const DjRequest *request, const DjUnmet *unmet);
