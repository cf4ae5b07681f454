/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words of single fields -> DjGlossary, each from what interprets it: the chains of the taxonomy, the rules of the
 * gate, the states that close a need, the choices of the templates. What only people write stands in
 * mapping/words.yaml. */
#pragma once
#include "config/settings.h"
#include "config/source.h"
#include "indexer/glossary.h"

/* A taxonomy or a gate that cannot be read leaves its fields unasked: commands that match by it say why. */
void dj_glossary_fill(DjGlossary *glossary, const DjConfigSource *source, const DjSettings *settings);
