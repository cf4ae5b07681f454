/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Saved questions of whoever is signed in, and what is new for each. */
#include "app/web/ask_results.h"
#include "app/web/chrome.h"
#include "app/web/router.h"
#include "app/web/saved.h"
#include "engine/report/page.h"

#define SHOWN_CHARS 80

gboolean dj_web_saved_add(DjRequest *request, GError **error)
{
    g_auto(DjAsked) asked;
    gint64 id;
    dj_asked_init(&asked);
    /* what cannot be answered is not saved; fields in the text would be added again, which changes nothing */
    if (!dj_asked_read_form(&asked, request, error) || !dj_asked_run(&asked, request, error) ||
        !dj_saved_add(request, &asked, &id, error))
        return FALSE;
    dj_response_redirect(request, "/saved");
    return TRUE;
}

typedef struct {
    DjRequest *request;
    guint n;
    gboolean ok;
    GError **error;
} Listing;

static void put_button(DjRequest *request, gint64 id, const char *what, const char *class, const char *label)
{
    g_string_append_printf(request->out, "<form method=\"post\" action=\"/saved/%" G_GINT64_FORMAT "%s\">", id, what);
    dj_chrome_csrf(request);
    g_string_append_printf(request->out, "<button class=\"%s\" type=\"submit\">%s</button></form>\n", class, label);
}

static gboolean put_saved(const DjSavedQuestion *saved, gpointer user)
{
    Listing *listing = user;
    DjRequest *request = listing->request;
    GString *out = request->out;
    g_auto(DjAsked) asked;
    dj_asked_init(&asked);
    g_autoptr(GHashTable) fresh = dj_saved_run(request, saved, &asked, listing->error)
                                      ? dj_ask_new_patents(request, &asked, saved->point, listing->error)
                                      : NULL;
    listing->ok = fresh != NULL;
    if (!fresh)
        return FALSE;
    guint n = g_hash_table_size(fresh);
    g_autofree char *text = g_utf8_substring(saved->text, 0, MIN(g_utf8_strlen(saved->text, -1), SHOWN_CHARS));
    g_string_append(out, "<article class=\"card stack\"><p><b>");
    dj_html_text(out, text);
    g_string_append(out, g_utf8_strlen(saved->text, -1) > SHOWN_CHARS ? "……</b></p>" : "</b></p>");
    g_string_append_printf(out,
                           "<p class=\"row s\"><span class=\"chip%s\">新专利 %u 件</span><span class=\"dim\">共找到 %u "
                           "件　上次看 %.10s</span></p><div class=\"row no-print\">",
                           n > 0 ? " new" : "", n, asked.set->n_found, saved->seen_at);
    put_button(request, saved->id, "", "btn btn-1", "看结果");
    put_button(request, saved->id, "/forget", "link", "删除");
    g_string_append(out, "</div></article>\n");
    listing->n++;
    return TRUE;
}

gboolean dj_web_saved_page(DjRequest *request, GError **error)
{
    if (!dj_request_needs_desk(request, error))
        return FALSE;
    dj_chrome_begin(request, "保存的提问");
    g_string_append(request->out,
                    "<h1>保存的提问</h1>\n<p class=\"s dim\">只有您自己能看。“新专利”是您上次看过以后才进库"
                    "的专利中相配的那些。</p>\n");
    Listing listing = {.request = request, .ok = TRUE, .error = error};
    if (!dj_store_each_saved(request->desk->store, request->user.id, put_saved, &listing, error) || !listing.ok)
        return FALSE;
    if (listing.n == 0)
        g_string_append(request->out, "<p>还没有。<a href=\"/\">先问一个</a>，在结果上方点“保存这次提问”。</p>\n");
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_saved_answer(DjRequest *request, GError **error)
{
    g_auto(DjAsked) asked;
    gint64 point;
    dj_asked_init(&asked);
    if (!dj_saved_read(request, request->capture[0], &asked, &point, error) || !dj_asked_run(&asked, request, error))
        return FALSE;
    dj_chrome_begin(request, "保存的提问");
    dj_ask_put_form(request, &asked, FALSE);
    if (!dj_ask_put_results(request, &asked, point, error) || !dj_saved_seen(request, request->capture[0], error))
        return FALSE;
    dj_chrome_end(request);
    return TRUE;
}

gboolean dj_web_saved_forget(DjRequest *request, GError **error)
{
    if (!dj_saved_forget(request, request->capture[0], error))
        return FALSE;
    dj_response_redirect(request, "/saved");
    return TRUE;
}
