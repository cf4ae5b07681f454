/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where needs go that no patent serves (需求去向): those with a route of their own, and those that the last lists found
 * no adequate patent for, with the nearest one and what is proposed. */
#pragma once
#include "app/web/request.h"

/* A section of a page. */
gboolean dj_need_routes_put(DjRequest *request, GError **error);
