/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Titles of IPC codes (国际专利分类, section to subgroup), found by the parsed code and never by a text prefix: G01S1
 * and G01S13 have nothing to do with each other. A main group and its subgroup 00 are the same code. Filled once, then
 * read-only and to be shared by threads. */
#pragma once
#include "engine/model/ident.h"

typedef struct DjIpcTitles DjIpcTitles;

DjIpcTitles *dj_ipc_titles_new(void);
void dj_ipc_titles_free(DjIpcTitles *titles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjIpcTitles, dj_ipc_titles_free)

/* FALSE, and nothing changes, when the code has a title already. */
gboolean dj_ipc_titles_add(DjIpcTitles *titles, const DjIpc *code, const char *title);
guint dj_ipc_titles_count(const DjIpcTitles *titles);

/* Title of exactly this code, NULL where there is none; titles may be NULL. */
const char *dj_ipc_titles_get(const DjIpcTitles *titles, const DjIpc *code);
/* "H01M10 二次电池" for people: the code and its title, else that of the nearest wider code that has one; the code
 * alone where none has. Of a long official title only what stands before its first semicolon. Free it. */
char *dj_ipc_titles_label(const DjIpcTitles *titles, const DjIpc *code);

/* All entries, ascending by code. */
typedef void (*DjIpcTitleVisit)(const DjIpc *code, const char *title, gpointer user);
void dj_ipc_titles_each(const DjIpcTitles *titles, DjIpcTitleVisit visit, gpointer user);
