/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drives Debian's chromium through chromium-driver (WebDriver over HTTP) for a test. Everything asserts: a step that
 * cannot be done fails the test and says which. Steps wait for what they need, for at most 15 seconds; nothing sleeps.
 * `where` is a CSS selector, or an XPath when it begins with '/' or '('. */
#pragma once
#include <glib.h>
#include <jansson.h>

typedef struct Browser Browser;

/* A browser of its own profile, 1280 by 900. */
Browser *browser_start(void);
/* Fails when a page broke the content security policy or a script threw. */
void browser_stop(Browser *browser);

/* 390 wide with touch, or the desktop again. */
void browser_phone(Browser *browser, gboolean phone);
void browser_open(Browser *browser, const char *url);
void browser_click(Browser *browser, const char *where);
/* Clicks what leads to another page, and waits until that one is whole. For steps after which nothing waits for what
 * only the new page shows: the driver may answer a click before the browser has begun to leave. Not for pages that
 * reload by themselves. */
void browser_follow(Browser *browser, const char *where);
/* Writes into a field after what stands there; a file field takes a path. */
void browser_type(Browser *browser, const char *where, const char *text);
void browser_clear(Browser *browser, const char *where);
/* Waits until it is on the page; its visible text, to be freed. */
char *browser_text(Browser *browser, const char *where);
/* Waits until the page shows the text somewhere. */
void browser_see(Browser *browser, const char *text);
/* Value of a script's return, to be released with json_decref. */
json_t *browser_run(Browser *browser, const char *script);
/* How many there are now; does not wait. */
guint browser_count(Browser *browser, const char *css);
/* Clicks a link that downloads, waits for the file and returns its path, to be freed. */
char *browser_download(Browser *browser, const char *where);

/* The page fits the width of the window, on the desktop and on a phone. Where DUIJIE_SHOTS names a folder, pictures of
 * both go there as NAME-desktop.png and NAME-phone.png. */
void browser_look(Browser *browser, const char *name);
/* Only what the window shows, as NAME.png there. */
void browser_picture(Browser *browser, const char *name, gboolean phone);
