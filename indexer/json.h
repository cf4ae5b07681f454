/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON arrays of objects and JSON Lines. The borders of the objects are found in a stream; each object is then parsed
 * by itself, so that memory holds one at a time and a broken one does not spoil the rest. Values become cells: text as
 * it is, numbers and truth values as written, an array of them as a list, null as absent, anything deeper as its JSON
 * text. */
#pragma once
#include "indexer/reader.h"
#include "indexer/source.h"

typedef struct DjJson DjJson;

/* Owns source. */
DjJson *dj_json_open(DjSource *source, const DjReaderOptions *options);
void dj_json_close(DjJson *json);
gboolean dj_json_next(DjJson *json, DjRow *row, gboolean *more, GError **error);
/* Names seen so far, in the order of their first appearance. */
GPtrArray *dj_json_names(DjJson *json);
DjSource *dj_json_source(DjJson *json);
