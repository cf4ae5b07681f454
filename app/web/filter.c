/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/filter.h"

#include "app/web/request.h"
#include "engine/model/ident.h"
#include <string.h>

#define MAX_VALUES 50 /* per facet */

void dj_filter_init(DjFilter *filter)
{
    filter->budget = -1;
    for (int i = 0; i < DJ_N_FACETS; i++)
        filter->values[i] = g_ptr_array_new_with_free_func(g_free);
}

void dj_filter_clear(DjFilter *filter)
{
    for (int i = 0; i < DJ_N_FACETS; i++)
        g_clear_pointer(&filter->values[i], g_ptr_array_unref);
}

gboolean dj_filter_is_empty(const DjFilter *filter)
{
    for (int i = 0; i < DJ_N_FACETS; i++)
        if (filter->values[i]->len > 0)
            return FALSE;
    return filter->budget < 0;
}

/* What the index holds for a value; NULL when there can be no such one. */
static char *canonical(const DjSession *session, DjFacet facet, const char *value)
{
    static const char *const kinds[] = {"invention", "utility_model", "design", "achievement"};
    guint chain;
    DjIpc ipc;
    switch (facet) {
    case DJ_FACET_CHAIN:
        return dj_taxonomy_find(session->taxonomy, value, &chain)
                   ? g_strdup(dj_taxonomy_chain(session->taxonomy, chain).id)
                   : NULL;
    case DJ_FACET_OWNER:
        return dj_org_name_fold(value);
    case DJ_FACET_KIND:
        for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
            if (strcmp(value, kinds[i]) == 0 || strcmp(value, dj_patent_kind_label(kinds[i])) == 0)
                return g_strdup(kinds[i]);
        return NULL;
    case DJ_FACET_IPC:
        if (!dj_ipc_parse(value, &ipc) || strlen(ipc.subclass) != 4)
            return NULL;
        ipc.subgroup = -1;
        return dj_ipc_format(&ipc);
    default:
        return g_strdup(value);
    }
}

gboolean dj_filter_add(DjFilter *filter, const DjSession *session, DjFacet facet, const char *value, GError **error)
{
    g_autofree char *clean = g_strstrip(g_strdup(value));
    if (*clean == '\0')
        return TRUE;
    g_autofree char *form = canonical(session, facet, clean);
    if (!form || strlen(form) + 3 > DJ_SEARCH_MAX_TERM)
        return dj_web_fail(error, 400, "没有这样的%s：%.60s", dj_facet_label(facet), clean);
    if (filter->values[facet]->len >= MAX_VALUES)
        return dj_web_fail(error, 400, "%s选得太多", dj_facet_label(facet));
    if (!g_ptr_array_find_with_equal_func(filter->values[facet], form, g_str_equal, NULL))
        g_ptr_array_add(filter->values[facet], g_steal_pointer(&form));
    return TRUE;
}

/* "持有人:某大学" or "持有人：某大学"; TRUE when word is of that form. Free *name. */
static gboolean split_field(const char *word, char **name, const char **value)
{
    const char *narrow = strchr(word, ':'), *wide = strstr(word, "：");
    const char *tie = narrow && (!wide || narrow < wide) ? narrow : wide;
    if (!tie)
        return FALSE;
    *value = tie + (tie == narrow ? 1 : strlen("："));
    if (**value)
        *name = g_strndup(word, (gsize)(tie - word));
    return *name != NULL;
}

char *dj_filter_take_fields(DjFilter *filter, const DjSession *session, const char *text, GError **error)
{
    GString *rest = g_string_new(NULL);
    const char *p = text;
    while (*p) {
        gsize blank = strspn(p, " \t\r\n");
        g_string_append_len(rest, p, (gssize)blank);
        p += blank;
        gsize length = strcspn(p, " \t\r\n");
        g_autofree char *word = g_strndup(p, length);
        g_autofree char *name = NULL;
        const char *value;
        DjFacet facet;
        gboolean ok = TRUE;
        if (split_field(word, &name, &value) && strcmp(name, "预算") == 0)
            ok = dj_filter_set_budget(filter, value, error);
        else if (name && dj_facet_parse(name, &facet))
            ok = dj_filter_add(filter, session, facet, value, error);
        else
            g_string_append_len(rest, p, (gssize)length);
        if (!ok) {
            g_string_free(rest, TRUE);
            return NULL;
        }
        p += length;
    }
    return g_strstrip(g_string_free(rest, FALSE));
}

gboolean dj_filter_set_budget(DjFilter *filter, const char *text, GError **error)
{
    g_autofree char *clean = g_strstrip(g_strdup(text));
    if (*clean == '\0')
        return TRUE;
    char *unit;
    double number = g_ascii_strtod(clean, &unit);
    double factor = strcmp(unit, "元") == 0                                                 ? 1
                    : *unit == '\0' || strcmp(unit, "万") == 0 || strcmp(unit, "万元") == 0 ? 1e4
                                                                                            : 0;
    if (unit == clean || !g_ascii_isdigit(clean[0]) || strpbrk(clean, "xX") || factor == 0 || number > 1e8)
        return dj_web_fail(error, 400, "预算应是数，如 10 或 10万元：%.40s", clean);
    filter->budget = (gint64)(number * factor);
    return TRUE;
}

typedef struct {
    GPtrArray *terms; /* all terms of the filter, owned */
    gint64 budget;
} FeeTerms;

static void add_fee_term(const char *fee, guint32 count, gpointer user)
{
    FeeTerms *fees = user;
    (void)count;
    if (*fee == '?' || g_ascii_strtoll(fee, NULL, 10) <= fees->budget)
        g_ptr_array_add(fees->terms, g_strconcat("XF:", fee, NULL));
}

guint64 *dj_filter_apply(const DjFilter *filter, DjIndex *index, GError **error)
{
    guint end[DJ_N_FACETS + 1], n_groups = 0; /* where the terms of each group end */
    g_autoptr(GPtrArray) terms = g_ptr_array_new_full(16, g_free);
    for (int f = 0; f < DJ_N_FACETS; f++) {
        for (guint i = 0; i < filter->values[f]->len; i++) {
            const char *value = filter->values[f]->pdata[i];
            /* a main group stands under another prefix than a subclass */
            const char *prefix = f == DJ_FACET_IPC && strlen(value) > 4 ? "XG:" : dj_facet_prefix((DjFacet)f);
            g_ptr_array_add(terms, g_strconcat(prefix, value, NULL));
        }
        if (filter->values[f]->len > 0)
            end[n_groups++] = terms->len;
    }
    if (filter->budget >= 0) {
        FeeTerms fees = {terms, filter->budget};
        if (!dj_index_facet(index, "XF:", NULL, add_fee_term, &fees, error))
            return NULL;
        end[n_groups++] = terms->len;
    }
    DjIndexGroup groups[DJ_N_FACETS + 1];
    for (guint g = 0, begin = 0; g < n_groups; begin = end[g++])
        groups[g] = (DjIndexGroup){(const char *const *)terms->pdata + begin, end[g] - begin};
    g_autofree guint64 *bits = g_new0(guint64, dj_index_n_docs(index) / 64 + 1);
    guint32 count;
    if (!dj_index_match(index, groups, n_groups, NULL, 0, bits, &count, error))
        return NULL;
    return g_steal_pointer(&bits);
}
