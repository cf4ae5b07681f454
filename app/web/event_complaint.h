/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the loader of event files (config/event.h) says of a mistake, in Chinese for whoever edits the file on a page.
 */
#pragma once
#include <glib.h>

/* "…/EVENT.yaml: line 6, column 8: slots.count: must lie between 1 and 64: 0" becomes
 * "第 6 行第 8 列 slots.count：应在 1 到 64 之间，写的是 0"; rows of tables beside the file likewise, with the table's
 * name. What is not known stays in English. path: of the event file. Free it. */
char *dj_event_complaint(const char *message, const char *path);
/* The last part alone: NULL when it is not known. For tests. */
char *dj_event_complaint_words(const char *message);
