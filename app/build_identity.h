/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program this is: two with the same identity make the same bytes of the same facts, settings and model. */
#pragma once
#include <glib.h>

/* What the sources come to (app/sources.cmake): 16 hexadecimal digits. */
extern const char dj_build_sources[];
/* "3f2a…16 hex digits, icu 72.1": what the sources come to, and the version of the library that splits words. Free it.
 */
char *dj_build_identity(void);
