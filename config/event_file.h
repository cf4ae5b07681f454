/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event from its file and the tables that the file names (CSV, TSV, XLSX or JSON, relative to the file). */
#pragma once

#include "engine/plan/event.h"

G_BEGIN_DECLS

/* *n_conflicts (may be NULL): pairs that were banned because both belong to one organisation or concern. */
DjEvent *dj_event_file_load(const char *path, guint *n_conflicts, GError **error);

G_END_DECLS
