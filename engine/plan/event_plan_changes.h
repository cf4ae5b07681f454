/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a version of a plan says it changed against the published one, checked from the file alone. Private to the
 * verifier. */
#pragma once

#include "engine/plan/event_plan_file.h"
#include "engine/plan/event_plan_json.h"

G_BEGIN_DECLS

/* Are the listed changes those that the two plans show, as many published meetings moved as it says, and does every
 * conflict and their bound hold? Fills in the moves of `out`. A first version has nothing to check. */
gboolean dj_event_plan_check_changes(const json_t *plan, const DjPlanFile *file, const DjPlanMeeting *meetings, guint n,
                                     DjEventCheck *out, GError **error);

G_END_DECLS
