/* SPDX-License-Identifier: GPL-3.0-or-later */
/* routes/unmet.yaml -> DjRoutes: why nothing fitted a question (都不合适), and where such a question goes (去向).
 * Read-only when loaded; may be shared by threads. */
#pragma once
#include "config/source.h"

typedef struct {
    char *id, *label, *route; /* label and route are Chinese */
} DjRouteReason;

typedef struct {
    GArray *reasons; /* DjRouteReason, in the order of the file, at least one */
} DjRoutes;

DjRoutes *dj_routes_file_load(const DjConfigSource *source, GError **error);
void dj_routes_free(DjRoutes *routes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjRoutes, dj_routes_free)
/* NULL when there is none of that id. */
const DjRouteReason *dj_routes_find(const DjRoutes *routes, const char *id);
