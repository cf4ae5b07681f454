/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/build_identity.h"
#include "engine/text/normal.h"

char *dj_build_identity(void)
{
    return g_strdup_printf("%s, icu %s", dj_build_sources, dj_text_library_version());
}
