/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every shipped rule, row by row, against verdicts written from the notices (gate_table.tsv), not from the rules. Where
 * the texts of the notices are at hand, what a rule quotes must stand there word for word. */
#include "config/rules_file.h"
#include "engine/model/ident.h"
#include "tests/unit/config/fixture.h"

#include <string.h>

enum { SET, RULE, DAY, VERDICT, RECORD, N_COLUMNS };

static char **read_rows(void)
{
    char *text = NULL;
    g_autoptr(GError) error = NULL;
    cr_assert(g_file_get_contents(DJ_SOURCE_DIR "/tests/unit/config/gate_table.tsv", &text, NULL, &error), "%s",
              error ? error->message : "");
    char **rows = g_strsplit(text, "\n", -1);
    g_free(text);
    return rows;
}

static DjRecord *read_record(DjTable table, const char *text)
{
    DjRecord *record = dj_record_new(table);
    g_auto(GStrv) pairs = g_strsplit(text, ";", -1);
    for (char **pair = pairs; *pair && **pair; pair++) {
        char *equal = strchr(*pair, '=');
        cr_assert_not_null(equal, "%s", *pair);
        *equal = '\0';
        const DjField *field = dj_field_find(table, *pair);
        cr_assert_not_null(field, "no field %s", *pair);
        g_autofree char *value = g_strcompress(equal + 1); /* turns \n into a line end; octal is not used */
        dj_record_set(record, field->index, value);
    }
    return record;
}

static const DjRule *find_rule(const DjRuleSet *set, const char *id)
{
    for (guint i = 0; i < set->rules->len; i++)
        if (strcmp(((const DjRule *)set->rules->pdata[i])->id, id) == 0)
            return set->rules->pdata[i];
    cr_assert_fail("%s has no rule %s", set->id, id);
    return NULL;
}

static DjRuleSet *load(const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(DjConfigSource) source = fixture_shipped();
    DjRuleSet *set = dj_rules_file_load(source, id, &error);
    cr_assert_not_null(set, "%s", error ? error->message : "");
    return set;
}

static const char *const sets[] = {"open-licence", "pool-basic", "programme-000", "tiers-003", "exit-002"};

Test(gate_table, every_row_gets_the_verdict_of_the_notice)
{
    g_auto(GStrv) rows = read_rows();
    g_autoptr(GHashTable) judged = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize s = 0; s < G_N_ELEMENTS(sets); s++) {
        g_autoptr(DjRuleSet) set = load(sets[s]);
        for (char **row = rows; *row; row++) {
            g_auto(GStrv) column = g_strsplit(*row, "\t", -1);
            if (**row == '#' || !**row || strcmp(column[SET], set->id) != 0)
                continue;
            cr_assert_eq(g_strv_length(column), N_COLUMNS, "%s", *row);
            int now;
            cr_assert(dj_day_parse(column[DAY], &now));
            g_autoptr(DjRecord) record = read_record(set->table, column[RECORD]);
            DjVerdict verdict = dj_rule_verdict(find_rule(set, column[RULE]), record, now);
            cr_expect_str_eq(dj_verdict_name(verdict), column[VERDICT], "%s: %s", *row, dj_verdict_name(verdict));
            g_hash_table_add(judged, g_strdup_printf("%s/%s", column[SET], column[RULE]));
        }
        for (guint i = 0; i < set->rules->len; i++) {
            g_autofree char *name = g_strdup_printf("%s/%s", set->id, ((const DjRule *)set->rules->pdata[i])->id);
            cr_expect(g_hash_table_contains(judged, name), "no row for %s", name);
        }
    }
}

/* All that is between Chinese characters in the notices is layout: spaces and line ends of the PDF. */
static char *squeeze(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *c = text; *c; c++)
        if (!g_ascii_isspace(*c))
            g_string_append_c(out, *c);
    return g_string_free(out, FALSE);
}

static char *read_notices(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    GString *all = g_string_new(NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL), *text = NULL;
        if (g_str_has_suffix(name, ".txt") && g_file_get_contents(path, &text, NULL, NULL))
            g_string_append(all, text);
    }
    g_autofree char *text = g_string_free(all, FALSE);
    return squeeze(text);
}

Test(gate_table, quotations_stand_in_the_notices)
{
    g_autofree char *notices = read_notices(DJ_SOURCE_DIR "/../shared/policy");
    if (!*notices)
        cr_skip_test("the texts of the notices are not here");
    for (gsize s = 1; s < G_N_ELEMENTS(sets); s++) {
        g_autoptr(DjRuleSet) set = load(sets[s]);
        for (guint i = 0; i < set->rules->len; i++) {
            const DjRule *rule = set->rules->pdata[i];
            g_autofree char *source = squeeze(rule->source);
            const char *colon = strstr(source, "：“");
            cr_assert_not_null(colon, "%s quotes nothing", rule->id);
            const char *begin = colon + strlen("：“");
            const char *end = strstr(begin, "”；");
            g_autofree char *quote = end ? g_strndup(begin, (gsize)(end - begin)) : g_strdup(begin);
            if (!end)
                quote[strlen(quote) - strlen("”")] = '\0';
            cr_expect(strstr(notices, quote), "%s: not in the notices: %s", rule->id, quote);
        }
    }
}
