/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What commands and loaders say in English, in Chinese for pages. The messages stay English where they arise, for
 * terminals and logs; tests hold the tables to the sources of the messages. */
#pragma once
#include <glib.h>

/* said is not empty. A * in it stands for what differs, five at most; $1 $2 in words say where it goes. */
typedef struct {
    const char *said, *words;
} DjSaid;

/* The words of the first that fits the whole message; NULL when none does. Free it. */
char *dj_said(const DjSaid *table, gsize n, const char *message);
