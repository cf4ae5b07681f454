/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/quality/patent.yaml -> DjCriteria (优质的评判标准). The format is described in config/quality/README.md. */
#pragma once
#include "config/source.h"
#include "engine/match/quality.h"

#define DJ_CRITERIA_FILE "quality/patent.yaml"

/* Errors name file, line, column and field. A source without the file (a bundle of before it was shipped) gives NULL
 * without an error: nothing is judged. */
gboolean dj_criteria_file_load(const DjConfigSource *source, DjCriteria **criteria, GError **error);
