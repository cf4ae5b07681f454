/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a question as a page: form, choices made, results, filters, what to do next. */
#pragma once
#include "app/web/asked.h"

/* The form's beginning with the text; `first`: the page before any answer, with chain and mode to choose. */
void dj_ask_put_form(DjRequest *request, const DjAsked *asked, gboolean first);
/* Everything below it, and the form's end. point: facts that the asker knows, so that younger patents are marked as
 * new; DJ_POINT_NOW marks none. */
gboolean dj_ask_put_results(DjRequest *request, const DjAsked *asked, gint64 point, GError **error);

/* Keys of the patents of the answer that were not there at the point; a set that owns its keys. */
GHashTable *dj_ask_new_patents(DjRequest *request, const DjAsked *asked, gint64 point, GError **error);
