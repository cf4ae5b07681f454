/* SPDX-License-Identifier: GPL-3.0-or-later */
/* config/lexicon (all .yaml files, by name) -> DjLexicon (词典). The format is described in config/lexicon/README.md.
 */
#pragma once
#include "config/source.h"
#include "engine/match/lexicon.h"

/* Reads and seals the lexicon; chains are those of the taxonomy. Errors name file, line and column. A source without
 * lexicon files gives an empty lexicon. */
DjLexicon *dj_lexicon_file_load(const DjConfigSource *source, const DjTaxonomy *taxonomy, GError **error);
