/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/chains/ID.yaml -> DjTaxonomy (产业链目录). The format is described in config/chains/README.md.
 *
 * A taxonomy with a `base` is composed: a chain that `includes` chains of the base has their ids, names, aliases, IPC
 * codes and keywords, each with the largest weight that any of them gives it, besides its own. */
#pragma once
#include "config/source.h"
#include "engine/match/chain.h"

/* Reads and seals the taxonomy `id`; errors name file, line and column. */
DjTaxonomy *dj_taxonomy_file_load(const DjConfigSource *source, const char *id, GError **error);
/* *base: id of the taxonomy that `id` is composed of (free it), NULL if it stands alone. */
gboolean dj_taxonomy_file_base(const DjConfigSource *source, const char *id, char **base, GError **error);
