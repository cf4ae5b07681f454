/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config/lexicon_file.h"

#include "config/taxonomy_file.h"

#include "config/yaml.h"
#include <string.h>

#define SAME      100 /* synonyms, abbreviations, translations, spellings: the same thing */
#define NEAR      50  /* related terms, unless the entry says more exactly */
#define MAX_TERMS 32

/* Texts of the list under key, NULL-terminated; an absent list is empty. Free the array, not the texts. */
static gboolean read_texts(const DjYamlNode *map, const char *key, const char ***out, guint *n, GError **error)
{
    const DjYamlNode *list = dj_yaml_get(map, key);
    if (list && !dj_yaml_expect(list, DJ_YAML_LIST, error))
        return FALSE;
    *n = list ? list->items->len : 0;
    if (*n > MAX_TERMS)
        return dj_yaml_fail(list, error, "more than %d items", MAX_TERMS);
    g_autofree const char **texts = g_new0(const char *, *n + 1);
    for (guint i = 0; i < *n; i++) {
        const DjYamlNode *item = list->items->pdata[i];
        if (!dj_yaml_read_text(item, &texts[i], error))
            return FALSE;
        if (texts[i][0] == '\0')
            return dj_yaml_fail(item, error, "must not be empty");
    }
    *out = g_steal_pointer(&texts);
    return TRUE;
}

/* Whether the entry lists empty words, each by itself, instead of terms that stand for each other. */
static gboolean is_empty(const DjYamlNode *entry)
{
    static const char *const types[] = {"conjunction", "preposition", "pronoun", "adverb", "auxiliary", "praise", NULL};
    const DjYamlNode *node = entry->kind == DJ_YAML_MAP ? dj_yaml_get(entry, "type") : NULL;
    const char *type;
    return node && dj_yaml_read_text(node, &type, NULL) && g_strv_contains(types, type);
}

static gboolean add_empty(DjLexicon *lexicon, DjNormaliser *normaliser, const DjYamlNode *entry, GError **error)
{
    static const char *const allowed[] = {"terms", "type", "source", NULL};
    g_autofree const char **words = NULL;
    guint n;
    if (!dj_yaml_expect_keys(entry, allowed, error) || !dj_yaml_require(entry, "terms", error) ||
        !read_texts(entry, "terms", &words, &n, error))
        return FALSE;
    for (guint i = 0; i < n; i++)
        dj_lexicon_add_empty(lexicon, normaliser, words[i]);
    return TRUE;
}

static gboolean read_weight(const DjYamlNode *entry, int *weight, GError **error)
{
    static const char *const same[] = {"synonym", "abbreviation", "translation", "variant", NULL};
    const DjYamlNode *node = dj_yaml_require(entry, "type", error);
    const char *type;
    if (!node || !dj_yaml_read_text(node, &type, error))
        return FALSE;
    const DjYamlNode *given = dj_yaml_get(entry, "weight");
    if (strcmp(type, "near") == 0) {
        gint64 value = NEAR;
        if (given && !dj_yaml_read_int(given, 1, 100, &value, error))
            return FALSE;
        *weight = (int)value;
        return TRUE;
    }
    if (!g_strv_contains(same, type))
        return dj_yaml_fail(node, error,
                            "must be synonym, abbreviation, translation, variant or near, or a type of empty words: "
                            "\"%s\"",
                            type);
    if (given)
        return dj_yaml_fail(given, error, "only a near entry has a weight");
    *weight = SAME;
    return TRUE;
}

typedef struct {
    const DjTaxonomy *taxonomy, *base; /* base: NULL where the taxonomy stands alone */
} Chains;

/* Chains of the entry in the taxonomy's numbers. Entries name chains of the base; a composed taxonomy has only those
 * that it includes, under their ids. *applies: the entry is for all chains, or for one that is there. */
static gboolean find_chains(const Chains *known, const DjYamlNode *entry, guint16 *numbers, guint *n, gboolean *applies,
                            GError **error)
{
    g_autofree const char **chains = NULL;
    guint n_chains;
    if (!read_texts(entry, "chains", &chains, &n_chains, error))
        return FALSE;
    *n = 0;
    for (guint i = 0; i < n_chains; i++) {
        guint chain;
        if (dj_taxonomy_find(known->taxonomy, chains[i], &chain))
            numbers[(*n)++] = (guint16)chain;
        else if (!known->base || !dj_taxonomy_find(known->base, chains[i], &chain))
            return dj_yaml_fail(dj_yaml_get(entry, "chains"), error, "there is no chain \"%s\"", chains[i]);
    }
    *applies = n_chains == 0 || *n > 0;
    return TRUE;
}

static gboolean add_entry(DjLexicon *lexicon, DjNormaliser *normaliser, const Chains *known, const DjYamlNode *entry,
                          GError **error)
{
    static const char *const allowed[] = {"terms", "type", "weight", "context", "chains", "source", NULL};
    g_autofree const char **terms = NULL, **context = NULL;
    guint n_terms, n_context, n_chains;
    guint16 numbers[MAX_TERMS];
    gboolean applies = FALSE;
    int weight = SAME;
    if (!dj_yaml_expect_keys(entry, allowed, error) || !dj_yaml_require(entry, "terms", error) ||
        !read_texts(entry, "terms", &terms, &n_terms, error) || !read_weight(entry, &weight, error) ||
        !read_texts(entry, "context", &context, &n_context, error) ||
        !find_chains(known, entry, numbers, &n_chains, &applies, error))
        return FALSE;
    if (n_terms < 2)
        return dj_yaml_fail(dj_yaml_get(entry, "terms"), error, "needs two terms at least");
    for (guint i = 0; i < n_context; i++)
        if (!g_strv_contains(terms, context[i]))
            return dj_yaml_fail(dj_yaml_get(entry, "context"), error, "\"%s\" is none of the terms", context[i]);
    if (applies)
        dj_lexicon_add(lexicon, normaliser, terms, weight, n_context ? context : NULL, numbers, n_chains);
    return TRUE;
}

static gboolean add_file(DjLexicon *lexicon, DjNormaliser *normaliser, const Chains *known,
                         const DjConfigSource *source, const char *name, GError **error)
{
    static const char *const allowed[] = {"id", "version", "entries", NULL};
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, name, &label, error);
    if (!bytes)
        return FALSE;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    const DjYamlNode *entries = NULL;
    if (!doc || !dj_yaml_expect_keys(dj_yaml_root(doc), allowed, error) ||
        !(entries = dj_yaml_require(dj_yaml_root(doc), "entries", error)) ||
        !dj_yaml_expect(entries, DJ_YAML_LIST, error))
        return FALSE;
    for (guint i = 0; i < entries->items->len; i++) {
        const DjYamlNode *entry = entries->items->pdata[i];
        if (is_empty(entry) ? !add_empty(lexicon, normaliser, entry, error)
                            : !add_entry(lexicon, normaliser, known, entry, error))
            return FALSE;
    }
    return TRUE;
}

DjLexicon *dj_lexicon_file_load(const DjConfigSource *source, const DjTaxonomy *taxonomy, GError **error)
{
    g_autoptr(DjNormaliser) normaliser = dj_normaliser_new(DJ_NORMAL_FOLD, error);
    if (!normaliser)
        return NULL;
    /* A taxonomy that was made otherwise than from this source has no base here. */
    g_autofree char *file = g_strdup_printf("chains/%s.yaml", dj_taxonomy_id(taxonomy));
    g_autofree char *base_id = NULL;
    if (dj_config_source_has(source, file) && !dj_taxonomy_file_base(source, dj_taxonomy_id(taxonomy), &base_id, error))
        return NULL;
    g_autoptr(DjTaxonomy) base = base_id ? dj_taxonomy_file_load(source, base_id, error) : NULL;
    if (base_id && !base)
        return NULL;
    const Chains known = {taxonomy, base};
    g_autoptr(DjLexicon) lexicon = dj_lexicon_new();
    g_auto(GStrv) names = dj_config_source_list(source, "lexicon");
    for (char **name = names; *name; name++)
        if (g_str_has_suffix(*name, ".yaml") && !add_file(lexicon, normaliser, &known, source, *name, error))
            return NULL;
    dj_lexicon_seal(lexicon);
    return g_steal_pointer(&lexicon);
}
