/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/request.h"

#include <stdarg.h>
#include <string.h>

#define MAX_FIELDS 8000

G_DEFINE_QUARK(dj - web - error - quark, dj_web_error)

/* "%.40s" counts bytes: what it leaves of a character is dropped. */
static void drop_halves(char *text)
{
    const char *bad;
    while (!g_utf8_validate(text, -1, &bad))
        memmove(text + (bad - text), bad + 1, strlen(bad));
}

gboolean dj_web_fail(GError **error, int status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (error) {
        *error = g_error_new_valist(DJ_WEB_ERROR, status, format, args);
        drop_halves((*error)->message);
    }
    va_end(args);
    return FALSE;
}

const GPtrArray *dj_request_fields(const DjRequest *request, const char *name)
{
    static const GPtrArray none = {NULL, 0};
    const GPtrArray *values = request->form ? g_hash_table_lookup(request->form, name) : NULL;
    return values ? values : &none;
}

const char *dj_request_field(const DjRequest *request, const char *name)
{
    const GPtrArray *values = dj_request_fields(request, name);
    return values->len > 0 ? values->pdata[0] : NULL;
}

char *dj_form_decode(const char *text, gsize length)
{
    GString *out = g_string_sized_new(length);
    for (gsize i = 0; i < length; i++) {
        if (text[i] == '+') {
            g_string_append_c(out, ' ');
        } else if (text[i] == '%' && i + 2 < length && g_ascii_isxdigit(text[i + 1]) && g_ascii_isxdigit(text[i + 2])) {
            g_string_append_c(out, (char)(g_ascii_xdigit_value(text[i + 1]) * 16 + g_ascii_xdigit_value(text[i + 2])));
            i += 2;
        } else {
            g_string_append_c(out, text[i]);
        }
    }
    if (g_utf8_validate_len(out->str, out->len, NULL)) /* refuses NUL too */
        return g_string_free(out, FALSE);
    g_string_free(out, TRUE);
    return NULL;
}

gboolean dj_request_read_form(DjRequest *request, GError **error)
{
    if (!g_str_has_prefix(request->type, "application/x-www-form-urlencoded"))
        return dj_web_fail(error, 415, "这里只接受网页表单");
    request->form = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    guint n = 0;
    const char *end = request->body->str + request->body->len;
    for (const char *p = request->body->str; p < end;) {
        const char *stop = memchr(p, '&', (gsize)(end - p));
        stop = stop ? stop : end;
        const char *tie = memchr(p, '=', (gsize)(stop - p));
        tie = tie ? tie : stop;
        g_autofree char *name = dj_form_decode(p, (gsize)(tie - p));
        char *value = dj_form_decode(tie < stop ? tie + 1 : stop, (gsize)(tie < stop ? stop - tie - 1 : 0));
        if (!name || !value || ++n > MAX_FIELDS) {
            g_free(value);
            return dj_web_fail(error, 400, "表单不完整，请重新填写");
        }
        GPtrArray *values = g_hash_table_lookup(request->form, name);
        if (!values) {
            values = g_ptr_array_new_with_free_func(g_free);
            g_hash_table_insert(request->form, g_steal_pointer(&name), values);
        }
        g_ptr_array_add(values, value);
        p = stop + 1;
    }
    return TRUE;
}

gboolean dj_request_number(const DjRequest *request, const char *name, int least, int most, int otherwise, int *out,
                           GError **error)
{
    const char *text = g_hash_table_lookup(request->query, name);
    *out = otherwise;
    if (!text)
        return TRUE;
    gint64 number;
    if (!g_ascii_string_to_signed(text, 10, least, most, &number, NULL))
        return dj_web_fail(error, 400, "%s 应为 %d 到 %d 的整数", name, least, most);
    *out = (int)number;
    return TRUE;
}

DjAudience dj_request_audience(const DjRequest *request)
{
    if (!request->signed_in)
        return DJ_AUDIENCE_PUBLIC;
    switch (request->user.role) {
    case DJ_ROLE_CENTRE:
        return DJ_AUDIENCE_CENTRE;
    case DJ_ROLE_ORGANISER:
        return DJ_AUDIENCE_ORGANISER;
    default:
        return DJ_AUDIENCE_PUBLIC;
    }
}

gboolean dj_request_needs_desk(const DjRequest *request, GError **error)
{
    return request->desk || dj_web_fail(error, 503, "还没有索引：请主办方先导入数据并建立索引");
}

void dj_response_header(DjRequest *request, const char *name, const char *value)
{
    g_ptr_array_add(request->headers, g_strdup(name));
    g_ptr_array_add(request->headers, g_strdup(value));
}

void dj_response_redirect(DjRequest *request, const char *path)
{
    request->status = 303;
    dj_response_header(request, "Location", path);
}
