/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML of every page and printed sheet: head, foot, escaping, the stylesheet. No script and no style attribute
 * anywhere, so that a strict content security policy holds. Everything is appended to a GString. Safe from any thread.
 */
#pragma once
#include "engine/model/field.h"

/* Text with & < > " ' escaped; fit for elements and for quoted attributes. NULL appends nothing. */
void dj_html_text(GString *out, const char *text);
/* A file name or path as a relative reference, percent-encoded. */
void dj_html_href(GString *out, const char *path);

/* The stylesheet (style.css of this folder), NUL-terminated. */
const char *dj_page_style(void);

typedef struct {
    const char *title; /* of the window */
    DjAudience audience;
    const char *home;  /* reference behind the brand, already encoded; NULL = none */
    const char *style; /* reference to the stylesheet; NULL puts it into the page, which then stands alone */
} DjPage;

/* Everything up to and including <main>. */
void dj_page_begin(GString *out, const DjPage *page);
/* </main>, the foot with these sentences (NULL-terminated; NULL: no foot), the end. */
void dj_page_end(GString *out, char *const *provenance);
