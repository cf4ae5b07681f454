/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a job or an event as answers: only plain files inside the folder, whatever the path says. */
#pragma once
#include "app/web/request.h"

/* Answers with folder/path: pages are shown, under a policy that lets nothing run; other files are downloads. 404 when
 * it is not there, is no plain file, or lies elsewhere. */
gboolean dj_web_send_file(DjRequest *request, const char *folder, const char *path, GError **error);
