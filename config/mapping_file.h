/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mapping files: config/mapping/NAME.yaml -> DjMapping, and config/mapping/words.yaml, the words that all of them
 * share. Every key is checked; the first fault is reported with its line and column. The format is told in
 * mapping/README.md. */
#pragma once
#include "config/source.h"
#include "indexer/mapping.h"

/* layout: the NAME of mapping/NAME.yaml, or the path of a file (with a slash in it, or ending in .yaml). */
DjMapping *dj_mapping_load(const DjConfigSource *source, const char *layout, GError **error);
