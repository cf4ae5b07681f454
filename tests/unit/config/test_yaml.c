/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree, its positions and, above all, the words of the errors. */
#include "config/yaml.h"

#include <criterion/criterion.h>
#include <string.h>

static DjYaml *parse(const char *text, GError **error)
{
    return dj_yaml_parse("t.yaml", text, strlen(text), NULL, error);
}

static void expect_error(const char *text, const char *message)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) doc = parse(text, &error);
    cr_assert_null(doc, "accepted: %s", text);
    cr_assert_str_eq(error->message, message);
}

Test(yaml, tree_keeps_order_positions_and_styles)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) doc = parse("name: 示例会\n"
                                  "slots:\n"
                                  "  - {start: \"18:30\", minutes: 15}\n"
                                  "  - start: '18:45'\n"
                                  "note: |\n"
                                  "  two\n"
                                  "  lines\n",
                                  &error);
    cr_assert_not_null(doc, "%s", error ? error->message : "");
    const DjYamlNode *root = dj_yaml_root(doc);
    cr_assert_eq(root->kind, DJ_YAML_MAP);
    cr_assert_eq(root->items->len, 3);
    cr_assert_str_eq(((DjYamlNode *)g_ptr_array_index(root->items, 1))->key, "slots");

    const DjYamlNode *slots = dj_yaml_get(root, "slots");
    cr_assert_eq(slots->kind, DJ_YAML_LIST);
    const DjYamlNode *first = g_ptr_array_index(slots->items, 0);
    const DjYamlNode *start = dj_yaml_get(first, "start");
    cr_assert_str_eq(start->text, "18:30");
    cr_assert_not(start->plain);
    cr_assert_eq(start->line, 3);
    cr_assert_eq(start->column, 13);
    cr_assert_str_eq(dj_yaml_get(root, "note")->text, "two\nlines\n");
    cr_assert_null(dj_yaml_get(root, "absent"));
    cr_assert_null(dj_yaml_get(slots, "start"), "a list has no keys");
}

Test(yaml, columns_count_characters)
{
    expect_error("企业: 甲: 乙\n",
                 "t.yaml: line 1, column 6: not valid YAML: mapping values are not allowed in this context");
}

Test(yaml, refuses_what_reads_differently_than_it_looks)
{
    expect_error("a: &x 1\nb: *x\n", "t.yaml: line 1, column 4: anchors and tags are not supported");
    expect_error("a: &x [1]\n", "t.yaml: line 1, column 4: anchors and tags are not supported");
    expect_error("b: *x\n", "t.yaml: line 1, column 4: aliases (*) are not supported");
    expect_error("b: !!str 1\n", "t.yaml: line 1, column 4: anchors and tags are not supported");
    expect_error("a: 1\nb: 2\na: 3\n", "t.yaml: line 3, column 1: key \"a\" occurs twice, first on line 1");
    expect_error("a: 1\n--- \nb: 2\n", "t.yaml: line 2, column 1: a second document begins here");
    expect_error("? [a]\n: 1\n", "t.yaml: line 1, column 3: a key must be a plain word or a quoted text");
    expect_error("x:\n  <<: {a: 1}\n", "t.yaml: line 2, column 3: merge keys (<<) are not supported");
    expect_error("%YAML 1.1\n---\na: 1\n", "t.yaml: line 1, column 1: directives (%) are not supported");
    expect_error("a: \"b\\0c\"\n", "t.yaml: line 1, column 4: text holds a NUL character");
    expect_error("", "t.yaml: the file is empty");
    expect_error("# only a comment\n", "t.yaml: the file is empty");
}

Test(yaml, says_where_the_syntax_breaks)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) doc = parse("a: [1, 2\nb: 3\n", &error);
    cr_assert_null(doc);
    cr_assert(g_str_has_prefix(error->message, "t.yaml: line 2, column 2: not valid YAML: "), "%s", error->message);
    expect_error("a: \xff\n", "t.yaml: byte 3: invalid leading UTF-8 octet");
}

Test(yaml, limits_are_checked)
{
    g_autoptr(GError) error = NULL;
    DjYamlOptions deep = {.max_depth = 3};
    g_autoptr(DjYaml) fits = dj_yaml_parse("t", "[[[1]]]", 7, &deep, &error);
    cr_assert_not_null(fits);
    cr_assert_null(dj_yaml_parse("t", "[[[[1]]]]", 9, &deep, &error));
    cr_assert(g_error_matches(error, DJ_YAML_ERROR, DJ_YAML_ERROR_LIMIT));
    cr_assert_str_eq(error->message, "t: line 1, column 4: nested deeper than 3 levels");
    g_clear_error(&error);

    DjYamlOptions few = {.max_nodes = 3};
    cr_assert_null(dj_yaml_parse("t", "[1,2,3]", 7, &few, &error));
    cr_assert_str_eq(error->message, "t: line 1, column 6: more than 3 nodes");
    g_clear_error(&error);

    DjYamlOptions small = {.max_bytes = 4};
    cr_assert_null(dj_yaml_parse("t", "abcde", 5, &small, &error));
    cr_assert_str_eq(error->message, "t: 5 bytes, at most 4 are read");
}

Test(yaml, typed_reads)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjYaml) doc =
        parse("n: 42\nneg: -7\nq: \"42\"\nt: true\nT: True\nempty:\nhollow: \"\"\nlist: [{min: x}]\n", &error);
    cr_assert_not_null(doc);
    const DjYamlNode *root = dj_yaml_root(doc);
    gint64 n = 0;
    gboolean truth = FALSE;
    const char *text = NULL;
    cr_assert(dj_yaml_read_int(dj_yaml_get(root, "n"), 0, 100, &n, &error));
    cr_assert_eq(n, 42);
    cr_assert(dj_yaml_read_int(dj_yaml_get(root, "neg"), -10, 100, &n, &error));
    cr_assert_eq(n, -7);
    cr_assert(dj_yaml_read_bool(dj_yaml_get(root, "t"), &truth, &error) && truth);
    cr_assert(dj_yaml_read_text(dj_yaml_get(root, "hollow"), &text, &error));
    cr_assert_str_eq(text, "");
    cr_assert(dj_yaml_is_null(dj_yaml_get(root, "empty")));
    cr_assert_not(dj_yaml_is_null(dj_yaml_get(root, "hollow")));

    const struct {
        const char *key, *message;
    } bad[] = {
        {"neg", "t.yaml: line 2, column 6: neg: must lie between 0 and 100: -7"},
        {"q", "t.yaml: line 3, column 4: q: must be a whole number without quotes: \"42\""},
        {"T", "t.yaml: line 5, column 4: T: not a whole number: \"True\""},
        {"empty", "t.yaml: line 6, column 7: empty: has no value"},
        {"list", "t.yaml: line 8, column 7: list: must be a single value, not a list"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        cr_assert_not(dj_yaml_read_int(dj_yaml_get(root, bad[i].key), 0, 100, &n, &error));
        cr_assert_str_eq(error->message, bad[i].message);
        g_clear_error(&error);
    }
    cr_assert_not(dj_yaml_read_bool(dj_yaml_get(root, "T"), &truth, &error));
    cr_assert_str_eq(error->message, "t.yaml: line 5, column 4: T: must be true or false: \"True\"");
    g_clear_error(&error);

    const DjYamlNode *entry = g_ptr_array_index(dj_yaml_get(root, "list")->items, 0);
    cr_assert_not(dj_yaml_read_int(dj_yaml_get(entry, "min"), 0, 9, &n, &error));
    cr_assert_str_eq(error->message, "t.yaml: line 8, column 14: list[0].min: not a whole number: \"x\"");
}

Test(yaml, keys_are_checked_and_near_misses_named)
{
    g_autoptr(GError) error = NULL;
    static const char *const known[] = {"name", "tables", NULL};
    g_autoptr(DjYaml) doc = parse("name: x\ntabels: 40\n", &error);
    cr_assert_not(dj_yaml_expect_keys(dj_yaml_root(doc), known, &error));
    cr_assert_str_eq(error->message, "t.yaml: line 2, column 9: tabels: unknown key; did you mean \"tables\"?");
    g_clear_error(&error);

    g_autoptr(DjYaml) other = parse("in:\n  colour: red\n", &error);
    cr_assert_not(dj_yaml_expect_keys(dj_yaml_get(dj_yaml_root(other), "in"), known, &error));
    cr_assert_str_eq(error->message, "t.yaml: line 2, column 11: in.colour: unknown key; known here: name, tables");
    g_clear_error(&error);

    cr_assert_null(dj_yaml_require(dj_yaml_root(doc), "date", &error));
    cr_assert_str_eq(error->message, "t.yaml: line 1, column 1: \"date\" is missing");
}
