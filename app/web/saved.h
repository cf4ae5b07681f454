/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saved questions (保存的提问): each belongs to the user who asked and is shown to nobody else. What is new are the
 * patents of its answer that the facts did not hold when the user last looked. */
#pragma once
#include "app/web/asked.h"
#include "engine/store/question.h"

#define DJ_SAVED_MAX 20 /* per user */
#define DJ_SAVED_TOP 40 /* results that are looked at */

/* Saves asked->given with its filter at the point of the generation in force. 409 when there are too many. */
gboolean dj_saved_add(DjRequest *request, const DjAsked *asked, gint64 *id, GError **error);
/* Reads the one with this number, in words, into asked (not run); 404 when the user has none such. */
gboolean dj_saved_read(DjRequest *request, const char *id, DjAsked *asked, gint64 *point, GError **error);
/* Runs a stored question. */
gboolean dj_saved_run(DjRequest *request, const DjSavedQuestion *saved, DjAsked *asked, GError **error);
/* The user has now seen the answer. */
gboolean dj_saved_seen(DjRequest *request, const char *id, GError **error);
gboolean dj_saved_forget(DjRequest *request, const char *id, GError **error);
