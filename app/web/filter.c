/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/web/filter.h"

#include "app/web/request.h"
#include "engine/model/ident.h"
#include <string.h>

#define MAX_VALUES 50 /* per facet */

static const struct {
    const char *name, *label, *prefix;
} facets[DJ_N_FACETS] = {
    [DJ_FACET_CHAIN] = {"chain", "产业链", "XC:"},       [DJ_FACET_OWNER] = {"owner", "持有人", "XO:"},
    [DJ_FACET_KIND] = {"kind", "专利种类", "XK:"},       [DJ_FACET_REGION] = {"region", "地区", "XR:"},
    [DJ_FACET_MATURITY] = {"maturity", "成熟度", "XM:"}, [DJ_FACET_IPC] = {"ipc", "IPC", "XI:"},
};

/* Further words that people write for a field. */
static const struct {
    const char *word;
    DjFacet facet;
} synonyms[] = {
    {"机构", DJ_FACET_OWNER}, {"专利权人", DJ_FACET_OWNER}, {"种类", DJ_FACET_KIND}, {"类型", DJ_FACET_KIND}};

const char *dj_facet_name(DjFacet facet)
{
    return facets[facet].name;
}

const char *dj_facet_label(DjFacet facet)
{
    return facets[facet].label;
}

gboolean dj_facet_parse(const char *name, DjFacet *out)
{
    for (int i = 0; i < DJ_N_FACETS; i++) {
        if (g_ascii_strcasecmp(name, facets[i].name) == 0 || strcmp(name, facets[i].label) == 0) {
            *out = (DjFacet)i;
            return TRUE;
        }
    }
    for (gsize i = 0; i < G_N_ELEMENTS(synonyms); i++) {
        if (strcmp(name, synonyms[i].word) == 0) {
            *out = synonyms[i].facet;
            return TRUE;
        }
    }
    return FALSE;
}

void dj_filter_init(DjFilter *filter)
{
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
    return TRUE;
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
        return dj_web_fail(error, 400, "没有这样的%s：%.60s", facets[facet].label, clean);
    if (filter->values[facet]->len >= MAX_VALUES)
        return dj_web_fail(error, 400, "%s选得太多", facets[facet].label);
    if (!g_ptr_array_find_with_equal_func(filter->values[facet], form, g_str_equal, NULL))
        g_ptr_array_add(filter->values[facet], g_steal_pointer(&form));
    return TRUE;
}

/* "持有人:某大学" or "持有人：某大学"; TRUE when word is of that form with a known field. */
static gboolean split_field(const char *word, DjFacet *facet, const char **value)
{
    const char *narrow = strchr(word, ':'), *wide = strstr(word, "：");
    const char *tie = narrow && (!wide || narrow < wide) ? narrow : wide;
    if (!tie)
        return FALSE;
    g_autofree char *name = g_strndup(word, (gsize)(tie - word));
    *value = tie + (tie == narrow ? 1 : strlen("："));
    return **value && dj_facet_parse(name, facet);
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
        DjFacet facet;
        const char *value;
        if (!split_field(word, &facet, &value)) {
            g_string_append_len(rest, p, (gssize)length);
        } else if (!dj_filter_add(filter, session, facet, value, error)) {
            g_string_free(rest, TRUE);
            return NULL;
        }
        p += length;
    }
    return g_strstrip(g_string_free(rest, FALSE));
}

guint64 *dj_filter_apply(const DjFilter *filter, DjIndex *index, GError **error)
{
    DjIndexGroup groups[DJ_N_FACETS];
    g_autoptr(GPtrArray) terms = g_ptr_array_new_with_free_func(g_free);
    g_autofree const char **table = g_new0(const char *, DJ_N_FACETS *MAX_VALUES);
    gsize n_groups = 0, n = 0;
    for (int f = 0; f < DJ_N_FACETS; f++) {
        const GPtrArray *values = filter->values[f];
        if (values->len == 0)
            continue;
        groups[n_groups++] = (DjIndexGroup){.terms = table + n, .n_terms = values->len};
        for (guint i = 0; i < values->len; i++) {
            const char *value = values->pdata[i];
            /* a main group stands under another prefix than a subclass */
            const char *prefix = f == DJ_FACET_IPC && strlen(value) > 4 ? "XG:" : facets[f].prefix;
            table[n] = g_strconcat(prefix, value, NULL);
            g_ptr_array_add(terms, (gpointer)table[n++]);
        }
    }
    g_autofree guint64 *bits = g_new0(guint64, dj_index_n_docs(index) / 64 + 1);
    guint32 count;
    if (!dj_index_match(index, groups, n_groups, NULL, 0, bits, &count, error))
        return NULL;
    return g_steal_pointer(&bits);
}

/* ---- counting ---- */

static void count_clear(gpointer data)
{
    DjFacetCount *count = data;
    g_free(count->value);
    g_free(count->label);
}

static gint compare_counts(gconstpointer a, gconstpointer b)
{
    const DjFacetCount *x = a, *y = b;
    if (x->count != y->count)
        return x->count > y->count ? -1 : 1;
    return strcmp(x->value, y->value);
}

typedef struct {
    DjFacet facet;
    const DjSession *session;
    GArray *out;
} Counting;

static void count_value(const char *value, guint32 n, gpointer user)
{
    Counting *counting = user;
    guint chain;
    if (n == 0)
        return;
    const char *label = value;
    if (counting->facet == DJ_FACET_CHAIN && dj_taxonomy_find(counting->session->taxonomy, value, &chain))
        label = dj_taxonomy_chain(counting->session->taxonomy, chain).name;
    g_autofree char *titled = NULL;
    DjIpc ipc;
    if (counting->facet == DJ_FACET_IPC && dj_ipc_parse(value, &ipc))
        label = titled = dj_ipc_titles_label(counting->session->ipc_titles, &ipc);
    if (counting->facet == DJ_FACET_KIND)
        label = dj_patent_kind_label(value);
    DjFacetCount count = {.count = n, .value = g_strdup(value)};
    count.label = counting->facet == DJ_FACET_MATURITY ? g_strdup_printf("%s 级", value) : g_strdup(label);
    g_array_append_val(counting->out, count);
}

GArray *dj_facet_count(DjFacet facet, const DjSession *session, DjIndex *index, const guint64 *bits, guint most,
                       GError **error)
{
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(DjFacetCount));
    g_array_set_clear_func(out, count_clear);
    Counting counting = {facet, session, out};
    if (!dj_index_facet(index, facets[facet].prefix, bits, count_value, &counting, error))
        return NULL;
    g_array_sort(out, compare_counts);
    if (out->len > most)
        g_array_set_size(out, most);
    return g_steal_pointer(&out);
}
