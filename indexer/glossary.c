/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "indexer/glossary.h"
#include <string.h>

enum { NAMED_CHAINS = 4 };

typedef struct {
    GPtrArray *words, *offered; /* of char *; offered ones are among the words */
} Field;

struct DjGlossary {
    GHashTable *fields; /* DjField * -> Field * */
    DjTaxonomy *taxonomy;
    GPtrArray *chains; /* of const char *: their names, ends with NULL */
    const char *(*suggest)(const char *word, const char *const *words);
    DjRuleSet *rules;
    GString *signature;
};

static void field_free(gpointer data)
{
    Field *field = data;
    g_ptr_array_unref(field->offered);
    g_ptr_array_unref(field->words);
    g_free(field);
}

DjGlossary *dj_glossary_new(void)
{
    DjGlossary *glossary = g_new0(DjGlossary, 1);
    glossary->fields = g_hash_table_new_full(NULL, NULL, NULL, field_free);
    glossary->signature = g_string_new(NULL);
    return glossary;
}

void dj_glossary_free(DjGlossary *glossary)
{
    if (!glossary)
        return;
    g_hash_table_unref(glossary->fields);
    g_clear_pointer(&glossary->chains, g_ptr_array_unref);
    g_clear_pointer(&glossary->taxonomy, dj_taxonomy_free);
    g_clear_pointer(&glossary->rules, dj_rule_set_free);
    g_string_free(glossary->signature, TRUE);
    g_free(glossary);
}

void dj_glossary_add(DjGlossary *glossary, const DjField *field, const char *word, gboolean offered)
{
    Field *found = g_hash_table_lookup(glossary->fields, field);
    if (!found) {
        found = g_new0(Field, 1);
        found->words = g_ptr_array_new_with_free_func(g_free);
        found->offered = g_ptr_array_new();
        g_hash_table_insert(glossary->fields, (gpointer)field, found);
    }
    char *copy = g_strdup(word);
    g_ptr_array_add(found->words, copy);
    if (offered)
        g_ptr_array_add(found->offered, copy);
    g_string_append_printf(glossary->signature, "%s %s\n", field->name, word);
}

void dj_glossary_set_chains(DjGlossary *glossary, DjTaxonomy *taxonomy,
                            const char *(*suggest)(const char *word, const char *const *words))
{
    glossary->taxonomy = taxonomy;
    glossary->suggest = suggest;
    glossary->chains = g_ptr_array_new();
    for (guint i = 0; i < dj_taxonomy_n_chains(taxonomy); i++)
        g_ptr_array_add(glossary->chains, (gpointer)dj_taxonomy_chain(taxonomy, i).name);
    g_ptr_array_add(glossary->chains, NULL);
    g_string_append_printf(glossary->signature, "%s %s\n", dj_taxonomy_id(taxonomy), dj_taxonomy_version(taxonomy));
}

void dj_glossary_set_rules(DjGlossary *glossary, DjRuleSet *rules)
{
    glossary->rules = rules;
    g_string_append_printf(glossary->signature, "%s %s\n", rules->id, rules->version);
}

void dj_glossary_sign(const DjGlossary *glossary, GString *out)
{
    g_string_append_len(out, glossary->signature->str, (gssize)glossary->signature->len);
}

/* ---- looking up ---- */

/* What stands in brackets behind a word says more of it, as for rules: 失效（未缴年费）. */
static gboolean is_word(const char *value, const char *word)
{
    gsize length = strlen(word);
    const char *rest = value + length;
    return strncmp(value, word, length) == 0 && (!*rest || *rest == '(' || g_str_has_prefix(rest, "（"));
}

static gboolean has_word(const DjGlossary *glossary, const DjField *field, const GPtrArray *words, const char *value)
{
    for (guint i = 0; i < words->len; i++)
        if (is_word(value, words->pdata[i]))
            return TRUE;
    return glossary->rules && glossary->rules->table == field->table &&
           dj_rule_set_names(glossary->rules, field->index, value);
}

/* 有效、失效或审查中 */
static void append_choice(GString *out, const GPtrArray *words)
{
    for (guint i = 0; i < words->len; i++)
        g_string_append_printf(out, "%s%s",
                               i == 0                ? ""
                               : i + 1 == words->len ? "或"
                                                     : "、",
                               (const char *)words->pdata[i]);
}

static gboolean declares_chains(const DjField *field)
{
    static const int fields[DJ_N_TABLES] = {DJ_PATENT_CHAINS, DJ_NEED_CHAIN, DJ_ENTERPRISE_CHAINS, -1};
    return fields[field->table] == field->index;
}

static void append_chain_advice(const DjGlossary *glossary, GString *out, const char *name)
{
    const char *const *chains = (const char *const *)glossary->chains->pdata;
    const char *near = glossary->suggest ? glossary->suggest(name, chains) : NULL;
    if (near) {
        g_string_append_printf(out, "；是不是“%s”？", near);
        return;
    }
    guint n = glossary->chains->len - 1;
    g_string_append(out, "；认得的有");
    for (guint i = 0; i < MIN(n, NAMED_CHAINS); i++)
        g_string_append_printf(out, "%s%s", i ? "、" : "", chains[i]);
    if (n > NAMED_CHAINS)
        g_string_append_printf(out, "等 %u 条", n);
}

static char *complain_of_chains(const DjGlossary *glossary, const DjField *field, const char *value)
{
    g_auto(GStrv) names = g_strsplit(value, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    for (char **name = names; *name; name++) {
        guint chain;
        if (dj_taxonomy_find(glossary->taxonomy, *name, &chain))
            continue;
        g_string_append_printf(out, "%s“%s”不是认得的%s，照写的保存", out->len ? "；" : "", *name, field->label);
        append_chain_advice(glossary, out, *name);
    }
    return out->len ? g_strdup(out->str) : NULL;
}

char *dj_glossary_complain(const DjGlossary *glossary, const DjField *field, const char *value)
{
    if (declares_chains(field))
        return glossary->taxonomy ? complain_of_chains(glossary, field, value) : NULL;
    const Field *found = g_hash_table_lookup(glossary->fields, field);
    if (!found || found->offered->len == 0 || has_word(glossary, field, found->words, value))
        return NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_string_append_printf(out, "“%s”不是认得的%s，照写的保存；请写", value, field->label);
    append_choice(out, found->offered);
    return g_strdup(out->str);
}
