/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes put aside in a temporary file without a name: appended, and read again mostly in the same order: a window moves
 * over them, and a look elsewhere does not move it. */
#pragma once
#include <glib.h>

typedef struct DjSpill DjSpill;

DjSpill *dj_spill_new(GError **error);
void dj_spill_free(DjSpill *spill); /* the file is gone with it */
gboolean dj_spill_append(DjSpill *spill, const char *bytes, gsize length, gint64 *place, GError **error);
/* length bytes at place that were appended together, valid until the next call; NULL with error. */
const char *dj_spill_read(DjSpill *spill, gint64 place, gsize length, GError **error);
/* Replaces bytes that were appended together. */
gboolean dj_spill_patch(DjSpill *spill, gint64 place, const char *bytes, gsize length, GError **error);
