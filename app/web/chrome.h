/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all pages share: head with navigation by role, foot with provenance, the error page, hidden fields. Everything
 * is appended to request->out. */
#pragma once
#include "app/web/request.h"

void dj_chrome_begin(DjRequest *request, const char *title);
void dj_chrome_end(DjRequest *request);
/* What the page of needs is called for whoever asks: all of them, or the enterprise's own. */
const char *dj_chrome_work(const DjRequest *request);
/* The CSRF value of the session as a hidden field; nothing without a session. */
void dj_chrome_csrf(DjRequest *request);
/* "<a href="/PREFIX/KEY">TEXT</a>" with everything escaped. */
void dj_chrome_link(GString *out, const char *prefix, const char *key, const char *text);

/* Keys of a table of texts, ascending, owned by the table. */
GPtrArray *dj_chrome_sorted_keys(GHashTable *table);

/* The whole body for request->status: a page, or an error object for the API:
 * {"error": {"status", "code", "message"}}. Sets out_type. */
void dj_web_error_body(DjRequest *request, const char *message);
/* Sends a JSON value (taken) with status 200. */
#include <jansson.h>
void dj_web_json(DjRequest *request, json_t *value);
/* The body as a JSON object; 400 when it is none, 415 for another type. Free with json_decref. */
json_t *dj_web_read_json(const DjRequest *request, GError **error);
