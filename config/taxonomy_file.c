/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Weights of one chain are collected first and handed over once per code and word: a composed chain inherits the same
 * word from several chains, and counting it twice would make it weigh more than its own file says. */
#include "config/taxonomy_file.h"

#include "config/yaml.h"
#include <string.h>

/* Weights by text, in order of first sight. */
typedef struct {
    GPtrArray *texts;    /* not owned: texts of the documents */
    GArray *weights;     /* int */
    GHashTable *indexes; /* text -> position + 1 */
} WeightList;

static void weight_list_init(WeightList *list)
{
    list->texts = g_ptr_array_new();
    list->weights = g_array_new(FALSE, FALSE, sizeof(int));
    list->indexes = g_hash_table_new(g_str_hash, g_str_equal);
}

static void weight_list_clear(WeightList *list)
{
    g_ptr_array_unref(list->texts);
    g_array_unref(list->weights);
    g_hash_table_unref(list->indexes);
}

/* FALSE when the text is there already; its weight is then the larger one. */
static gboolean weight_list_add(WeightList *list, const char *text, int weight)
{
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(list->indexes, text));
    if (at > 0) {
        int *known = &g_array_index(list->weights, int, at - 1);
        *known = MAX(*known, weight);
        return FALSE;
    }
    g_ptr_array_add(list->texts, (gpointer)text);
    g_array_append_val(list->weights, weight);
    g_hash_table_insert(list->indexes, (gpointer)text, GUINT_TO_POINTER(list->texts->len));
    return TRUE;
}

/* One chain as it goes into the taxonomy. */
typedef struct {
    DjTaxonomy *taxonomy;
    guint chain;
    WeightList codes, words;
} Filler;

static gboolean read_id(const DjYamlNode *map, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(map, key, error);
    if (!node || !dj_yaml_read_text(node, out, error))
        return FALSE;
    if (**out == '\0')
        return dj_yaml_fail(node, error, "must not be empty");
    for (const char *p = *out; *p; p++)
        if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
            return dj_yaml_fail(node, error, "must be letters, digits, '-' and '_' only: \"%s\"", *out);
    return TRUE;
}

static gboolean read_required(const DjYamlNode *map, const char *key, const char **out, GError **error)
{
    const DjYamlNode *node = dj_yaml_require(map, key, error);
    return node && dj_yaml_read_text(node, out, error) &&
           (**out != '\0' || dj_yaml_fail(node, error, "must not be empty"));
}

/* Elements of the list under key; an absent list is empty. */
static gboolean list_items(const DjYamlNode *map, const char *key, GPtrArray **items, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(map, key);
    *items = NULL;
    if (!node)
        return TRUE;
    if (!dj_yaml_expect(node, DJ_YAML_LIST, error))
        return FALSE;
    *items = node->items;
    return TRUE;
}

static guint items_count(const GPtrArray *items)
{
    return items ? items->len : 0;
}

static gboolean add_names(Filler *filler, const DjYamlNode *chain, GError **error)
{
    GPtrArray *items;
    if (!list_items(chain, "aliases", &items, error))
        return FALSE;
    for (guint i = 0; i < items_count(items); i++) {
        const char *alias = NULL;
        if (!dj_yaml_read_text(items->pdata[i], &alias, error))
            return FALSE;
        dj_taxonomy_add_alias(filler->taxonomy, filler->chain, alias);
    }
    return TRUE;
}

/* strict: the same text twice in one file is a slip of its author. */
static gboolean add_weights(WeightList *list, const DjYamlNode *chain, const char *key, const char *item_key, int low,
                            gboolean strict, GError **error)
{
    const char *const allowed[] = {item_key, "weight", NULL};
    GPtrArray *items;
    if (!list_items(chain, key, &items, error))
        return FALSE;
    for (guint i = 0; i < items_count(items); i++) {
        const DjYamlNode *item = items->pdata[i];
        const char *text = NULL;
        gint64 weight = 0;
        if (!dj_yaml_expect_keys(item, allowed, error) || !read_required(item, item_key, &text, error))
            return FALSE;
        const DjYamlNode *node = dj_yaml_require(item, "weight", error);
        if (!node || !dj_yaml_read_int(node, low, 100, &weight, error))
            return FALSE;
        if (!weight_list_add(list, text, (int)weight) && strict)
            return dj_yaml_fail(item, error, "\"%s\" stands twice in this chain", text);
        DjIpc ipc;
        if (strcmp(item_key, "code") == 0 && !dj_ipc_parse(text, &ipc))
            return dj_yaml_fail(dj_yaml_get(item, item_key), error, "not an IPC code: \"%s\"", text);
    }
    return TRUE;
}

static gboolean add_evidence(Filler *filler, const DjYamlNode *chain, gboolean strict, GError **error)
{
    return add_names(filler, chain, error) && add_weights(&filler->codes, chain, "ipc", "code", 0, strict, error) &&
           add_weights(&filler->words, chain, "keywords", "term", -100, strict, error);
}

static void hand_over(const Filler *filler)
{
    for (guint i = 0; i < filler->codes.texts->len; i++) {
        DjIpc ipc;
        if (dj_ipc_parse(filler->codes.texts->pdata[i], &ipc))
            dj_taxonomy_add_ipc(filler->taxonomy, filler->chain, &ipc, g_array_index(filler->codes.weights, int, i));
    }
    for (guint i = 0; i < filler->words.texts->len; i++)
        dj_taxonomy_add_keyword(filler->taxonomy, filler->chain, filler->words.texts->pdata[i],
                                g_array_index(filler->words.weights, int, i));
}

/* id -> node of every chain of a document. */
static GHashTable *chains_by_id(const DjYamlNode *root, GError **error)
{
    const DjYamlNode *chains = dj_yaml_require(root, "chains", error);
    if (!chains || !dj_yaml_expect(chains, DJ_YAML_LIST, error))
        return NULL;
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < chains->items->len; i++) {
        const DjYamlNode *chain = chains->items->pdata[i];
        const char *id = NULL;
        if (!read_id(chain, "id", &id, error))
            return NULL;
        if (!g_hash_table_insert(by_id, (gpointer)id, (gpointer)chain)) {
            dj_yaml_fail(chain, error, "there is another chain \"%s\"", id);
            return NULL;
        }
    }
    if (g_hash_table_size(by_id) == 0) {
        dj_yaml_fail(chains, error, "holds no chain");
        return NULL;
    }
    return g_steal_pointer(&by_id);
}

static gboolean check_references(const DjYamlNode *chain, const char *key, GHashTable *known, GError **error)
{
    GPtrArray *items;
    if (!list_items(chain, key, &items, error))
        return FALSE;
    for (guint i = 0; i < items_count(items); i++) {
        const char *id = NULL;
        if (!dj_yaml_read_text(items->pdata[i], &id, error))
            return FALSE;
        if (!known)
            return dj_yaml_fail(items->pdata[i], error, "only a taxonomy with a base can include chains");
        if (!g_hash_table_contains(known, id))
            return dj_yaml_fail(items->pdata[i], error, "there is no chain \"%s\"", id);
    }
    return TRUE;
}

static gboolean read_lean(const DjYamlNode *chain, gint64 *lean, GError **error)
{
    const DjYamlNode *node = dj_yaml_get(chain, "lean");
    return !node || dj_yaml_read_int(node, -500, 500, lean, error);
}

/* Keywords of the chains of the base that no chain of the taxonomy includes. */
static gboolean add_left_out(WeightList *words, const GPtrArray *chains, const DjYamlNode *base_root, GError **error)
{
    g_autoptr(GHashTable) included = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *items;
    for (guint i = 0; i < chains->len; i++) {
        if (!list_items(chains->pdata[i], "includes", &items, error))
            return FALSE;
        for (guint j = 0; j < items_count(items); j++)
            g_hash_table_add(included, (gpointer)((const DjYamlNode *)items->pdata[j])->text);
    }
    const GPtrArray *all = dj_yaml_get(base_root, "chains")->items;
    for (guint i = 0; i < all->len; i++)
        if (!g_hash_table_contains(included, dj_yaml_get(all->pdata[i], "id")->text) &&
            !add_weights(words, all->pdata[i], "keywords", "term", -100, FALSE, error))
            return FALSE;
    return TRUE;
}

/* Words for what is in no chain: those of the file, and of the base its own and those of what was left out of it. */
static gboolean add_outside(DjTaxonomy *taxonomy, const DjYamlNode *root, const DjYamlNode *base_root, GError **error)
{
    WeightList words;
    weight_list_init(&words);
    gboolean ok = add_weights(&words, root, "outside", "term", 1, TRUE, error) &&
                  (!base_root || (add_weights(&words, base_root, "outside", "term", 1, FALSE, error) &&
                                  add_left_out(&words, dj_yaml_get(root, "chains")->items, base_root, error)));
    for (guint i = 0; ok && i < words.texts->len; i++) {
        int weight = g_array_index(words.weights, int, i);
        if (weight > 0)
            dj_taxonomy_add_outside(taxonomy, words.texts->pdata[i], weight);
    }
    weight_list_clear(&words);
    return ok;
}

static gboolean fill_chain(DjTaxonomy *taxonomy, const DjYamlNode *chain, GHashTable *own, GHashTable *base,
                           GError **error)
{
    static const char *const allowed[] = {"id",       "name", "tier",     "aliases", "contains",
                                          "includes", "ipc",  "keywords", "lean",    NULL};
    const char *id, *name, *tier;
    gint64 lean = 0;
    if (!dj_yaml_expect_keys(chain, allowed, error) || !read_id(chain, "id", &id, error) ||
        !read_required(chain, "name", &name, error) || !read_required(chain, "tier", &tier, error) ||
        !read_lean(chain, &lean, error) || !check_references(chain, "contains", own, error) ||
        !check_references(chain, "includes", base, error))
        return FALSE;
    Filler filler = {.taxonomy = taxonomy, .chain = dj_taxonomy_add_chain(taxonomy, id, name, tier)};
    dj_taxonomy_set_lean(taxonomy, filler.chain, (int)lean);
    weight_list_init(&filler.codes);
    weight_list_init(&filler.words);
    gboolean ok = add_evidence(&filler, chain, TRUE, error);
    GPtrArray *includes = NULL;
    ok = ok && list_items(chain, "includes", &includes, error);
    for (guint i = 0; ok && i < items_count(includes); i++) {
        const DjYamlNode *item = includes->pdata[i];
        const DjYamlNode *part = g_hash_table_lookup(base, item->text);
        const char *part_name = NULL;
        ok = read_required(part, "name", &part_name, error) && add_evidence(&filler, part, FALSE, error);
        if (ok) {
            dj_taxonomy_add_alias(taxonomy, filler.chain, item->text);
            dj_taxonomy_add_alias(taxonomy, filler.chain, part_name);
        }
    }
    if (ok)
        hand_over(&filler);
    weight_list_clear(&filler.codes);
    weight_list_clear(&filler.words);
    return ok;
}

static DjYaml *open_document(const DjConfigSource *source, const char *id, GError **error)
{
    g_autofree char *name = g_strdup_printf("chains/%s.yaml", id);
    g_autofree char *label = NULL;
    g_autoptr(GBytes) bytes = dj_config_source_read(source, name, &label, error);
    if (!bytes)
        return NULL;
    gsize length = 0;
    const char *text = g_bytes_get_data(bytes, &length);
    g_autoptr(DjYaml) doc = dj_yaml_parse(label, text ? text : "", length, NULL, error);
    if (!doc)
        return NULL;
    static const char *const allowed[] = {"id", "version", "date", "source", "base", "chains", "outside", NULL};
    const DjYamlNode *root = dj_yaml_root(doc);
    const char *own_id = NULL;
    if (!dj_yaml_expect_keys(root, allowed, error) || !read_id(root, "id", &own_id, error))
        return NULL;
    if (strcmp(own_id, id) != 0) {
        dj_yaml_fail(dj_yaml_get(root, "id"), error, "must be \"%s\", as the file is named", id);
        return NULL;
    }
    return g_steal_pointer(&doc);
}

static gboolean read_base(const DjYamlNode *root, const char **base, GError **error)
{
    *base = NULL;
    return !dj_yaml_get(root, "base") || read_id(root, "base", base, error);
}

DjTaxonomy *dj_taxonomy_file_load(const DjConfigSource *source, const char *id, GError **error)
{
    g_autoptr(DjYaml) doc = open_document(source, id, error);
    if (!doc)
        return NULL;
    const DjYamlNode *root = dj_yaml_root(doc);
    const char *version, *date, *origin, *base_id;
    int day;
    if (!read_required(root, "version", &version, error) || !read_required(root, "date", &date, error) ||
        !read_required(root, "source", &origin, error) || !read_base(root, &base_id, error))
        return NULL;
    if (!dj_day_parse(date, &day)) {
        dj_yaml_fail(dj_yaml_get(root, "date"), error, "not a date (YYYY-MM-DD): \"%s\"", date);
        return NULL;
    }
    g_autoptr(GHashTable) own = chains_by_id(root, error);
    if (!own)
        return NULL;
    g_autoptr(DjYaml) base_doc = NULL;
    g_autoptr(GHashTable) base = NULL;
    if (base_id) {
        base_doc = open_document(source, base_id, error);
        base = base_doc ? chains_by_id(dj_yaml_root(base_doc), error) : NULL;
        if (!base)
            return NULL;
    }
    g_autoptr(DjTaxonomy) taxonomy = dj_taxonomy_new(id, version, date);
    const GPtrArray *chains = dj_yaml_get(root, "chains")->items;
    for (guint i = 0; i < chains->len; i++)
        if (!fill_chain(taxonomy, chains->pdata[i], own, base, error))
            return NULL;
    if (!add_outside(taxonomy, root, base_doc ? dj_yaml_root(base_doc) : NULL, error))
        return NULL;
    return dj_taxonomy_seal(taxonomy, error) ? g_steal_pointer(&taxonomy) : NULL;
}

gboolean dj_taxonomy_file_base(const DjConfigSource *source, const char *id, char **base, GError **error)
{
    g_autoptr(DjYaml) doc = open_document(source, id, error);
    const char *text = NULL;
    if (!doc || !read_base(dj_yaml_root(doc), &text, error))
        return FALSE;
    *base = g_strdup(text);
    return TRUE;
}
