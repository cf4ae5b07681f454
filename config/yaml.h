/* SPDX-License-Identifier: GPL-3.0-or-later */
/* YAML text -> tree of nodes, each of which knows its line, its column and its place in the tree.
 *
 * Purpose: one strict reader for every settings file (chains, rules, lexicon, mapping, events). What hand-written
 * settings need is accepted: one document of block or flow lists, maps and scalars. Anchors, aliases, tags, directives,
 * merge keys, a second document, keys that are not scalars and keys that occur twice are refused, because each of them
 * makes a file say something else than what a person reads in it (or grow without bound). Ownership: a DjYaml owns its
 * nodes and their texts; node pointers live as long as it does. Errors: domain DJ_YAML_ERROR; the message is "FILE:
 * line L, column C: [FIELD: ]what is wrong". Lines and columns count from 1; columns count characters. A field is
 * written as its path from the root: `participants[3].min`. Threads: a loaded tree is read-only and may be shared.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define DJ_YAML_ERROR dj_yaml_error_quark()
GQuark dj_yaml_error_quark(void);

typedef enum {
    DJ_YAML_ERROR_SYNTAX, /* not YAML, or YAML that is refused */
    DJ_YAML_ERROR_LIMIT,  /* deeper, larger or more nodes than the options allow */
    DJ_YAML_ERROR_FIELD,  /* a field is missing, unknown, of the wrong type or out of range */
} DjYamlError;

typedef enum {
    DJ_YAML_SCALAR,
    DJ_YAML_LIST,
    DJ_YAML_MAP,
} DjYamlKind;

typedef struct DjYaml DjYaml;

typedef struct DjYamlNode DjYamlNode;
struct DjYamlNode {
    DjYamlKind kind;
    gboolean plain;     /* scalar written without quotes: only such a one can be a number, a truth value or nothing */
    guint line, column; /* where the node begins, from 1 */
    gsize begin, end;   /* the node in the text, in characters; of one on lines of its own `end` says nothing */
    gsize key_begin;    /* of its key, where it has one */
    gboolean lines;     /* written on lines of its own: a block list, a block map, a | or > text */
    const char *text;   /* scalar: the UTF-8 text, without NUL */
    const char *key;    /* the key under which a map holds this node, otherwise NULL */
    guint index;        /* position within the parent, from 0 */
    const DjYamlNode *parent; /* NULL for the root */
    GPtrArray *items;         /* of DjYamlNode *: elements of a list, or values of a map in the order of the file */
    GHashTable *by_key;       /* map: key text -> DjYamlNode * */
    const DjYaml *doc;
};

/* 0 in a field means its default. */
typedef struct {
    gsize max_bytes; /* default 16 MiB */
    guint max_depth; /* lists and maps within each other; default 32 */
    guint max_nodes; /* default 1,000,000 */
} DjYamlOptions;

/* Parses `length` bytes of UTF-8. `name` is what errors call the file. An empty text is an error. */
DjYaml *dj_yaml_parse(const char *name, const char *data, gsize length, const DjYamlOptions *options, GError **error);
/* Reads and parses a file; errors of reading are of G_FILE_ERROR. `options` may be NULL. */
DjYaml *dj_yaml_load(const char *path, const DjYamlOptions *options, GError **error);
void dj_yaml_free(DjYaml *doc);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DjYaml, dj_yaml_free)

const DjYamlNode *dj_yaml_root(const DjYaml *doc);

/* The value under `key`, or NULL when `map` is not a map, lacks the key or is NULL. */
const DjYamlNode *dj_yaml_get(const DjYamlNode *map, const char *key);
/* As dj_yaml_get, but an absent key is an error at the map. */
const DjYamlNode *dj_yaml_require(const DjYamlNode *map, const char *key, GError **error);
/* Is this a plain scalar that stands for nothing (empty, `~` or `null`)? */
gboolean dj_yaml_is_null(const DjYamlNode *node);

gboolean dj_yaml_expect(const DjYamlNode *node, DjYamlKind kind, GError **error);
/* `node` must be a map whose keys are all in the NULL-terminated `allowed`; a near miss is suggested. */
gboolean dj_yaml_expect_keys(const DjYamlNode *node, const char *const *allowed, GError **error);

/* Typed reads. Text is any scalar that is not null; it may be empty only when quoted. Truth values are `true` and
 * `false`. */
gboolean dj_yaml_read_text(const DjYamlNode *node, const char **out, GError **error);
gboolean dj_yaml_read_int(const DjYamlNode *node, gint64 low, gint64 high, gint64 *out, GError **error);
gboolean dj_yaml_read_bool(const DjYamlNode *node, gboolean *out, GError **error);

/* Sets `error` to "FILE: line L, column C: FIELD: message" for the node; always returns FALSE. */
gboolean dj_yaml_fail(const DjYamlNode *node, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

G_END_DECLS
