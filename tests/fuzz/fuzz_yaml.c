/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings files: any bytes -> a tree, or an error that names the place. */
#include "config/yaml.h"
#include "tests/fuzz/target.h"
#include <string.h>

enum { MAX_DEPTH = 16, MAX_NODES = 4096 };

unsigned long fuzz_accepted;

static guint walk(const DjYamlNode *node, guint depth)
{
    FUZZ_PROMISE(depth <= MAX_DEPTH + 1);
    FUZZ_PROMISE(node->line >= 1 && node->column >= 1);
    if (node->kind == DJ_YAML_SCALAR) {
        gint64 number;
        gboolean truth;
        const char *text;
        FUZZ_PROMISE(g_utf8_validate(node->text, -1, NULL));
        dj_yaml_read_int(node, G_MININT64, G_MAXINT64, &number, NULL);
        dj_yaml_read_bool(node, &truth, NULL);
        dj_yaml_read_text(node, &text, NULL);
        return 1;
    }
    guint n = 1;
    for (guint i = 0; i < node->items->len; i++) {
        const DjYamlNode *item = node->items->pdata[i];
        FUZZ_PROMISE(item->parent == node);
        if (node->kind == DJ_YAML_MAP)
            FUZZ_PROMISE(dj_yaml_get(node, item->key) == item);
        n += walk(item, depth + 1);
    }
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const DjYamlOptions options = {.max_bytes = 64 * 1024, .max_depth = MAX_DEPTH, .max_nodes = MAX_NODES};
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) doc = dj_yaml_parse("fuzz.yaml", (const char *)data, size, &options, &error);
    FUZZ_PROMISE((doc == NULL) == (error != NULL));
    if (!doc) {
        FUZZ_PROMISE(g_str_has_prefix(error->message, "fuzz.yaml: "));
        return 0;
    }
    static const char *const keys[] = {"id", "name", NULL};
    const DjYamlNode *root = dj_yaml_root(doc);
    FUZZ_PROMISE(walk(root, 1) <= MAX_NODES);
    if (root->kind == DJ_YAML_MAP && !dj_yaml_expect_keys(root, keys, &error))
        FUZZ_PROMISE(g_utf8_validate(error->message, -1, NULL));
    fuzz_accepted++;
    return 0;
}
