/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an import, or the check before it, found: on the page of its job. */
#pragma once
#include "app/web/job.h"
#include "app/web/request.h"

/* Kinds of jobs: the check of a file, which records nothing, and its import. */
#define DJ_JOB_CHECK  "check"
#define DJ_JOB_IMPORT "import"

gboolean dj_import_view_is(const DjJob *job);
/* Counts, what was not understood, the rejected rows with the reason beside each, downloads of them; after a check the
 * button that imports. Nothing when the job found nothing out. */
void dj_import_view(DjRequest *request, const DjJob *job);

/* What the form calls the files of a table (page_import); texts have no place on it. */
const char *dj_import_kind(DjTable table);
