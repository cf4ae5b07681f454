/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ETag of answers of the API. An answer that depends on generation, day and audience alone is known by these, before
 * any work; any other by generation and content. */
#pragma once
#include "app/web/router.h"

/* Lets the route answer. Where the client has the answer already, by its header If-None-Match (NULL: none), it is told
 * so with 304 and nothing in it. */
gboolean dj_etag_answer(DjRequest *request, const DjRoute *route, const char *known, GError **error);
