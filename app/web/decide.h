/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recording a decision about a pairing, for the page and for the API. */
#pragma once
#include "app/web/request.h"
#include "engine/store/decision.h"

/* Accept, reject, pin, ban and clear; a rejection and a ban need a reason. 400 for anything else, 404 when a record is
 * not there. It is on the disk when this returns TRUE. */
gboolean dj_web_decide(DjRequest *request, const char *kind, const char *need, const char *patent, const char *note,
                       gint64 *id, GError **error);
