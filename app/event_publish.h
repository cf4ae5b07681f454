/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published plans (已公布的方案) as dated facts of the workspace: part of `duijie event`. */
#pragma once
#include "app/app.h"

/* Verifies the plan of the folder and records it, with its problem, by hash and date. file: NULL, or the event file,
 * which may have changed since: a plan with a meeting of someone who dropped out, or of two who must not meet by the
 * file or the workspace, is refused. Returns an exit code. */
int dj_app_event_publish(DjApp *app, const char *folder, const char *file, GError **error);
/* plan.json of the version of this event that was published last. Free it. */
char *dj_app_event_published(DjApp *app, const char *event_id, GError **error);
