/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of messages (app/web/said.h) held against the C that says them. */
#pragma once
#include <glib.h>

/* Every piece of every message stands in the sources, where literals side by side are one and what printf puts in is
 * left out. said: the i-th message, "*" for what differs, NULL past the last. borders: characters at which a message
 * may be put together of several literals. least: so many messages there are. */
void said_expect_in(const char *sources, const char *(*said)(gsize i), const char *borders, gsize least);
