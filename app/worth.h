/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a pairing is worth at the moment a decision about it is recorded: kept with the decision, because `calibrate`
 * learns from what people saw. */
#pragma once
#include "app/session.h"

#include <jansson.h>

/* {"permille":…,"points":…,"rank":…,"score":…}, or *worth NULL when no index can tell. Both keys name records of the
 * workspace. json_decref(*worth). */
gboolean dj_session_worth(DjSession *session, const char *patent, const char *need, json_t **worth, GError **error);
