/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libyaml's event stream is turned into a tree with an explicit stack, so that the depth of a file costs no C stack.
 * The event API is used instead of yaml_parser_load() because only events show anchors and tags before anything is
 * expanded. */
#include "config/yaml.h"

#include "config/suggest.h"

#include <string.h>
#include <yaml.h>

enum {
    DEFAULT_MAX_BYTES = 16 * 1024 * 1024,
    DEFAULT_MAX_DEPTH = 32,
    DEFAULT_MAX_NODES = 1000000,
};

struct DjYaml {
    char *name;
    DjYamlNode *root;
    GPtrArray *nodes;    /* owns every node */
    GStringChunk *texts; /* owns every text and key */
};

typedef struct {
    DjYaml *doc;
    yaml_parser_t parser;
    DjYamlOptions limit;
    GPtrArray *open; /* lists and maps that are not closed yet, innermost last */
    const char *key; /* key read, value still to come */
    gsize key_begin;
    gboolean finished;
} Loader;

G_DEFINE_QUARK(dj - yaml - error - quark, dj_yaml_error)

static void node_free(gpointer data)
{
    DjYamlNode *node = data;
    if (node->items)
        g_ptr_array_unref(node->items);
    if (node->by_key)
        g_hash_table_unref(node->by_key);
    g_free(node);
}

void dj_yaml_free(DjYaml *doc)
{
    if (!doc)
        return;
    g_ptr_array_unref(doc->nodes);
    g_string_chunk_free(doc->texts);
    g_free(doc->name);
    g_free(doc);
}

const DjYamlNode *dj_yaml_root(const DjYaml *doc)
{
    return doc->root;
}

/* "participants[3].min"; empty for the root. */
static void append_path(GString *out, const DjYamlNode *node)
{
    if (!node->parent)
        return;
    append_path(out, node->parent);
    if (node->key)
        g_string_append_printf(out, "%s%s", out->len > 0 ? "." : "", node->key);
    else
        g_string_append_printf(out, "[%u]", node->index);
}

gboolean dj_yaml_fail(const DjYamlNode *node, GError **error, const char *format, ...)
{
    g_autoptr(GString) path = g_string_new(NULL);
    append_path(path, node);
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_FIELD, "%s: line %u, column %u: %s%s%s", node->doc->name,
                node->line, node->column, path->str, path->len > 0 ? ": " : "", message);
    return FALSE;
}

static gboolean fail_at(const Loader *loader, yaml_mark_t mark, DjYamlError code, GError **error, const char *message)
{
    g_set_error(error, DJ_YAML_ERROR, code, "%s: line %zu, column %zu: %s", loader->doc->name, mark.line + 1,
                mark.column + 1, message);
    return FALSE;
}

static gboolean fail_in_parser(const Loader *loader, GError **error)
{
    const yaml_parser_t *parser = &loader->parser;
    if (parser->error == YAML_READER_ERROR) {
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_SYNTAX, "%s: byte %zu: %s", loader->doc->name,
                    parser->problem_offset, parser->problem ? parser->problem : "cannot be read");
        return FALSE;
    }
    g_autofree char *message =
        g_strdup_printf("not valid YAML: %s%s%s", parser->problem ? parser->problem : "unknown problem",
                        parser->context ? " " : "", parser->context ? parser->context : "");
    return fail_at(loader, parser->problem_mark, DJ_YAML_ERROR_SYNTAX, error, message);
}

/* Hangs a new node under the innermost open list or map. */
static DjYamlNode *add_node(Loader *loader, DjYamlKind kind, yaml_mark_t mark, GError **error)
{
    DjYaml *doc = loader->doc;
    if (doc->nodes->len >= loader->limit.max_nodes) {
        g_autofree char *message = g_strdup_printf("more than %u nodes", loader->limit.max_nodes);
        fail_at(loader, mark, DJ_YAML_ERROR_LIMIT, error, message);
        return NULL;
    }
    DjYamlNode *node = g_new0(DjYamlNode, 1);
    g_ptr_array_add(doc->nodes, node);
    node->kind = kind;
    node->line = (guint)mark.line + 1;
    node->column = (guint)mark.column + 1;
    node->begin = node->end = mark.index;
    node->doc = doc;
    if (kind != DJ_YAML_SCALAR)
        node->items = g_ptr_array_new();
    if (kind == DJ_YAML_MAP)
        node->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    if (loader->open->len == 0) {
        doc->root = node;
        return node;
    }
    DjYamlNode *parent = g_ptr_array_index(loader->open, loader->open->len - 1);
    node->parent = parent;
    node->index = parent->items->len;
    g_ptr_array_add(parent->items, node);
    if (parent->kind == DJ_YAML_MAP) {
        node->key = loader->key;
        node->key_begin = loader->key_begin;
        g_hash_table_insert(parent->by_key, (gpointer)loader->key, node);
        loader->key = NULL;
    }
    return node;
}

static gboolean awaits_key(const Loader *loader)
{
    if (loader->open->len == 0 || loader->key)
        return FALSE;
    const DjYamlNode *inner = g_ptr_array_index(loader->open, loader->open->len - 1);
    return inner->kind == DJ_YAML_MAP;
}

static gboolean take_key(Loader *loader, const yaml_event_t *event, GError **error)
{
    const char *text = (const char *)event->data.scalar.value;
    const DjYamlNode *map = g_ptr_array_index(loader->open, loader->open->len - 1);
    if (strcmp(text, "<<") == 0 && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "merge keys (<<) are not supported");
    const DjYamlNode *first = g_hash_table_lookup(map->by_key, text);
    if (first) {
        g_autofree char *message = g_strdup_printf("key \"%s\" occurs twice, first on line %u", text, first->line);
        return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, message);
    }
    loader->key = g_string_chunk_insert_const(loader->doc->texts, text);
    loader->key_begin = event->start_mark.index;
    return TRUE;
}

static gboolean take_scalar(Loader *loader, const yaml_event_t *event, GError **error)
{
    const char *text = (const char *)event->data.scalar.value;
    if (event->data.scalar.anchor || event->data.scalar.tag)
        return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "anchors and tags are not supported");
    if (memchr(text, '\0', event->data.scalar.length))
        return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "text holds a NUL character");
    if (awaits_key(loader))
        return take_key(loader, event, error);
    DjYamlNode *node = add_node(loader, DJ_YAML_SCALAR, event->start_mark, error);
    if (!node)
        return FALSE;
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->lines =
        event->data.scalar.style == YAML_LITERAL_SCALAR_STYLE || event->data.scalar.style == YAML_FOLDED_SCALAR_STYLE;
    node->end = event->end_mark.index;
    node->text = g_string_chunk_insert_len(loader->doc->texts, text, (gssize)event->data.scalar.length);
    return TRUE;
}

static gboolean take_start(Loader *loader, DjYamlKind kind, gboolean decorated, gboolean lines, yaml_mark_t mark,
                           GError **error)
{
    if (decorated)
        return fail_at(loader, mark, DJ_YAML_ERROR_SYNTAX, error, "anchors and tags are not supported");
    if (awaits_key(loader))
        return fail_at(loader, mark, DJ_YAML_ERROR_SYNTAX, error, "a key must be a plain word or a quoted text");
    if (loader->open->len >= loader->limit.max_depth) {
        g_autofree char *message = g_strdup_printf("nested deeper than %u levels", loader->limit.max_depth);
        return fail_at(loader, mark, DJ_YAML_ERROR_LIMIT, error, message);
    }
    DjYamlNode *node = add_node(loader, kind, mark, error);
    if (!node)
        return FALSE;
    node->lines = lines;
    g_ptr_array_add(loader->open, node);
    return TRUE;
}

static gboolean take_event(Loader *loader, const yaml_event_t *event, GError **error)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (event->data.document_start.version_directive ||
            event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end)
            return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "directives (%) are not supported");
        if (loader->doc->root)
            return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "a second document begins here");
        return TRUE;
    case YAML_ALIAS_EVENT:
        return fail_at(loader, event->start_mark, DJ_YAML_ERROR_SYNTAX, error, "aliases (*) are not supported");
    case YAML_SCALAR_EVENT:
        return take_scalar(loader, event, error);
    case YAML_SEQUENCE_START_EVENT:
        return take_start(loader, DJ_YAML_LIST, event->data.sequence_start.anchor || event->data.sequence_start.tag,
                          event->data.sequence_start.style == YAML_BLOCK_SEQUENCE_STYLE, event->start_mark, error);
    case YAML_MAPPING_START_EVENT:
        return take_start(loader, DJ_YAML_MAP, event->data.mapping_start.anchor || event->data.mapping_start.tag,
                          event->data.mapping_start.style == YAML_BLOCK_MAPPING_STYLE, event->start_mark, error);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        ((DjYamlNode *)g_ptr_array_index(loader->open, loader->open->len - 1))->end = event->end_mark.index;
        g_ptr_array_set_size(loader->open, (gint)loader->open->len - 1);
        return TRUE;
    case YAML_STREAM_END_EVENT:
        loader->finished = TRUE;
        return TRUE;
    default:
        return TRUE;
    }
}

static gboolean run_parser(Loader *loader, GError **error)
{
    while (!loader->finished) {
        yaml_event_t event;
        if (!yaml_parser_parse(&loader->parser, &event))
            return fail_in_parser(loader, error);
        gboolean ok = take_event(loader, &event, error);
        yaml_event_delete(&event);
        if (!ok)
            return FALSE;
    }
    return TRUE;
}

DjYaml *dj_yaml_parse(const char *name, const char *data, gsize length, const DjYamlOptions *options, GError **error)
{
    g_autoptr(DjYaml) doc = g_new0(DjYaml, 1);
    doc->name = g_strdup(name);
    doc->nodes = g_ptr_array_new_with_free_func(node_free);
    doc->texts = g_string_chunk_new(4096);

    Loader loader = {.doc = doc};
    loader.limit.max_bytes = options && options->max_bytes ? options->max_bytes : DEFAULT_MAX_BYTES;
    loader.limit.max_depth = options && options->max_depth ? options->max_depth : DEFAULT_MAX_DEPTH;
    loader.limit.max_nodes = options && options->max_nodes ? options->max_nodes : DEFAULT_MAX_NODES;
    if (length > loader.limit.max_bytes) {
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_LIMIT, "%s: %zu bytes, at most %zu are read", name, length,
                    loader.limit.max_bytes);
        return NULL;
    }
    if (!yaml_parser_initialize(&loader.parser)) {
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_LIMIT, "%s: no memory for the YAML parser", name);
        return NULL;
    }
    loader.open = g_ptr_array_new();
    yaml_parser_set_encoding(&loader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&loader.parser, (const unsigned char *)data, length);
    gboolean ok = run_parser(&loader, error);
    yaml_parser_delete(&loader.parser);
    g_ptr_array_unref(loader.open);
    if (!ok)
        return NULL;
    if (!doc->root) {
        g_set_error(error, DJ_YAML_ERROR, DJ_YAML_ERROR_SYNTAX, "%s: the file is empty", name);
        return NULL;
    }
    return g_steal_pointer(&doc);
}

DjYaml *dj_yaml_load(const char *path, const DjYamlOptions *options, GError **error)
{
    g_autofree char *data = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &data, &length, error))
        return NULL;
    return dj_yaml_parse(path, data, length, options, error);
}

const DjYamlNode *dj_yaml_get(const DjYamlNode *map, const char *key)
{
    if (!map || map->kind != DJ_YAML_MAP)
        return NULL;
    return g_hash_table_lookup(map->by_key, key);
}

const DjYamlNode *dj_yaml_require(const DjYamlNode *map, const char *key, GError **error)
{
    if (!dj_yaml_expect(map, DJ_YAML_MAP, error))
        return NULL;
    const DjYamlNode *node = dj_yaml_get(map, key);
    if (!node)
        dj_yaml_fail(map, error, "\"%s\" is missing", key);
    return node;
}

gboolean dj_yaml_is_null(const DjYamlNode *node)
{
    if (node->kind != DJ_YAML_SCALAR || !node->plain)
        return FALSE;
    return node->text[0] == '\0' || strcmp(node->text, "~") == 0 || strcmp(node->text, "null") == 0;
}

gboolean dj_yaml_expect(const DjYamlNode *node, DjYamlKind kind, GError **error)
{
    static const char *const names[] = {"a single value", "a list", "a map of keys and values"};
    if (node->kind == kind)
        return TRUE;
    return dj_yaml_fail(node, error, "must be %s, not %s", names[kind], names[node->kind]);
}

gboolean dj_yaml_expect_keys(const DjYamlNode *node, const char *const *allowed, GError **error)
{
    if (!dj_yaml_expect(node, DJ_YAML_MAP, error))
        return FALSE;
    for (guint i = 0; i < node->items->len; i++) {
        const DjYamlNode *item = g_ptr_array_index(node->items, i);
        if (g_strv_contains(allowed, item->key))
            continue;
        const char *near = dj_suggest(item->key, allowed);
        if (near)
            return dj_yaml_fail(item, error, "unknown key; did you mean \"%s\"?", near);
        g_autofree char *list = g_strjoinv(", ", (char **)allowed);
        return dj_yaml_fail(item, error, "unknown key; known here: %s", list);
    }
    return TRUE;
}

gboolean dj_yaml_read_text(const DjYamlNode *node, const char **out, GError **error)
{
    if (!dj_yaml_expect(node, DJ_YAML_SCALAR, error))
        return FALSE;
    if (dj_yaml_is_null(node))
        return dj_yaml_fail(node, error, "has no value");
    *out = node->text;
    return TRUE;
}

gboolean dj_yaml_read_int(const DjYamlNode *node, gint64 low, gint64 high, gint64 *out, GError **error)
{
    const char *text = NULL;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    g_autoptr(GError) why = NULL;
    if (!node->plain)
        return dj_yaml_fail(node, error, "must be a whole number without quotes: \"%s\"", text);
    if (g_ascii_string_to_signed(text, 10, low, high, out, &why))
        return TRUE;
    if (g_error_matches(why, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS))
        return dj_yaml_fail(node, error, "must lie between %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT ": %s", low,
                            high, text);
    return dj_yaml_fail(node, error, "not a whole number: \"%s\"", text);
}

gboolean dj_yaml_read_bool(const DjYamlNode *node, gboolean *out, GError **error)
{
    const char *text = NULL;
    if (!dj_yaml_read_text(node, &text, error))
        return FALSE;
    if (node->plain && strcmp(text, "true") == 0)
        *out = TRUE;
    else if (node->plain && strcmp(text, "false") == 0)
        *out = FALSE;
    else
        return dj_yaml_fail(node, error, "must be true or false: \"%s\"", text);
    return TRUE;
}
