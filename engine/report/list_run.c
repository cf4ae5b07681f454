/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine/report/list_run.h"
#include "engine/model/ident.h"
#include "engine/report/wording.h"
#include <string.h>

#define MAX_FILE_NAME 120 /* bytes, without suffix: well below the 255 of file systems */

GQuark dj_report_error_quark(void)
{
    return g_quark_from_static_string("dj-report-error");
}

/* Windows is where the files end up: no reserved characters, no trailing dot or space, nothing that starts hidden. */
static char *safe_file_name(const char *id, const char *name)
{
    g_autoptr(GString) out = g_string_new(id);
    if (*id)
        g_string_append_c(out, '-');
    g_string_append(out, name);
    for (char *p = out->str; *p; p++)
        if ((guchar)*p < 0x20 || *p == 0x7f || strchr("/\\:*?\"<>|", *p))
            *p = '_';
    if (out->len > MAX_FILE_NAME) {
        const char *cut = g_utf8_find_prev_char(out->str, out->str + MAX_FILE_NAME + 1);
        g_string_truncate(out, (gsize)(cut - out->str));
    }
    while (out->len > 0 && strchr(". ", out->str[out->len - 1]))
        g_string_truncate(out, out->len - 1);
    if (out->len == 0 || out->str[0] == '.')
        g_string_prepend_c(out, '_');
    return g_strdup(out->str);
}

static void list_chain_free(gpointer data)
{
    DjListChain *chain = data;
    g_free(chain->file);
    for (int d = 0; d < DJ_N_DIRECTIONS; d++)
        g_ptr_array_unref(chain->pairings[d]);
    g_free(chain);
}

static gboolean sort_in(DjListRun *run, GHashTable *by_id, GError **error)
{
    const DjResultSet *set = run->set;
    for (guint i = 0; i < set->pairings->len; i++) {
        const DjPairing *pairing = set->pairings->pdata[i];
        DjListChain *chain = g_hash_table_lookup(by_id, pairing->chain);
        const char *missing = !chain                                                                ? "chain"
                              : *pairing->need && !g_hash_table_contains(set->needs, pairing->need) ? "need"
                              : !g_hash_table_contains(set->patents, pairing->patent)               ? "patent"
                                                                                                    : NULL;
        if (missing) {
            g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT,
                        "lists: pairing %s / %s in chain \"%s\": the result set does not hold its %s", pairing->need,
                        pairing->patent, pairing->chain, missing);
            return FALSE;
        }
        g_ptr_array_add(chain->pairings[pairing->direction], (gpointer)pairing);
    }
    return TRUE;
}

DjListRun *dj_list_run_new(const DjResultSet *set, DjAudience audience, GError **error)
{
    int now;
    if (!set->provenance.now || !dj_day_parse(set->provenance.now, &now)) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT, "lists: the run has no date");
        return NULL;
    }
    if (audience == DJ_AUDIENCE_OWNER && g_hash_table_size(set->needs) > 1) {
        g_set_error(error, DJ_REPORT_ERROR, DJ_REPORT_ERROR_RESULT,
                    "lists: the audience owner reads the list of one need; this run has %u",
                    g_hash_table_size(set->needs));
        return NULL;
    }
    g_autoptr(DjListRun) run = g_new0(DjListRun, 1);
    run->set = set;
    run->title = "供需配对清单";
    run->audience = audience;
    run->now = now;
    run->chains = g_ptr_array_new_with_free_func(list_chain_free);
    g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < set->chains->len; i++) {
        DjListChain *chain = g_new0(DjListChain, 1);
        chain->chain = set->chains->pdata[i];
        chain->file = safe_file_name(chain->chain->id, chain->chain->name);
        for (int d = 0; d < DJ_N_DIRECTIONS; d++)
            chain->pairings[d] = g_ptr_array_new();
        g_ptr_array_add(run->chains, chain);
        g_hash_table_insert(by_id, chain->chain->id, chain);
    }
    if (!sort_in(run, by_id, error))
        return NULL;
    return g_steal_pointer(&run);
}

void dj_list_run_free(DjListRun *run)
{
    if (!run)
        return;
    g_ptr_array_unref(run->chains);
    g_free(run->digest);
    g_free(run);
}

/* Four characters at a time, as people compare hashes; 16 of 64 are enough to tell two apart. */
static char *short_hash(const char *hash)
{
    GString *out = g_string_new(NULL);
    for (int i = 0; hash[i] && i < 16; i++) {
        if (i > 0 && i % 4 == 0)
            g_string_append_c(out, ' ');
        g_string_append_c(out, hash[i]);
    }
    return g_string_free(out, FALSE);
}

static void add_hash(GPtrArray *lines, const char *label, const char *hash)
{
    if (!hash || !*hash)
        return;
    g_autofree char *brief = short_hash(hash);
    g_ptr_array_add(lines, g_strdup_printf("%s %s", label, brief));
}

static void add_text(GPtrArray *lines, const char *label, const char *text)
{
    if (text && *text)
        g_ptr_array_add(lines, g_strdup_printf("%s %s", label, text));
}

char *dj_list_run_facts(const DjListRun *run)
{
    const DjProvenance *p = &run->set->provenance;
    return p->generation > 0 ? g_strdup_printf("第 %" G_GINT64_FORMAT " 代", p->generation)
                             : g_strdup_printf("资料至第 %" G_GINT64_FORMAT " 批", p->point);
}

char **dj_list_run_provenance(const DjListRun *run)
{
    const DjProvenance *p = &run->set->provenance;
    GPtrArray *lines = g_ptr_array_new();
    g_ptr_array_add(lines, g_strdup_printf("受众：%s，%s", dj_audience_label(run->audience),
                                           dj_wording_audience_rule(run->audience)));
    g_autofree char *facts = dj_list_run_facts(run);
    g_ptr_array_add(lines, g_strdup_printf("%s（%s）", facts, p->now));
    add_hash(lines, "清单 sha256", run->digest);
    add_hash(lines, "模型", p->model);
    add_hash(lines, "设置", p->settings);
    add_text(lines, "产业链目录", p->taxonomy);
    add_text(lines, "规则", p->rules);
    if (p->criteria && run->set->quality_points > 0)
        g_ptr_array_add(lines,
                        g_strdup_printf("优质度 %s，在点数中最多占 %d 点", p->criteria, run->set->quality_points));
    else if (p->criteria)
        g_ptr_array_add(lines, g_strdup_printf("优质度 %s，不影响名次", p->criteria));
    add_text(lines, "duijie", p->version);
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

void dj_list_row_init(DjListRow *row, const DjListRun *run)
{
    *row = (DjListRow){.run = run};
    dj_pairing_view_init(&row->view, run->audience);
}

void dj_list_row_clear(DjListRow *row)
{
    dj_pairing_view_clear(&row->view);
}

void dj_list_row_set(DjListRow *row, const DjListChain *chain, DjDirection direction, guint i)
{
    const DjResultSet *set = row->run->set;
    const DjPairing *pairing = chain->pairings[direction]->pdata[i];
    row->chain = chain;
    row->number = i + 1;
    row->need = g_hash_table_lookup(set->needs, pairing->need);
    row->patent = g_hash_table_lookup(set->patents, pairing->patent);
    row->quality = g_hash_table_lookup(set->quality, pairing->patent);
    const char *enterprise = g_hash_table_lookup(set->enterprise_of, pairing->need);
    row->enterprise = enterprise ? dj_projection_enterprise(row->run->audience, row->need,
                                                            g_hash_table_lookup(set->enterprises, enterprise))
                                 : NULL;
    dj_pairing_view_set(&row->view, pairing, row->need);
}

gboolean dj_list_row_unmet(const DjListRow *row)
{
    return g_hash_table_contains(row->run->set->unmet, row->view.pairing->need);
}

static const char *shown(const DjListRow *row, const DjRecord *record, int field)
{
    return dj_projection_field(row->run->audience, record, field);
}

const char *dj_list_row_need_title(const DjListRow *row)
{
    const char *title = shown(row, row->need, DJ_NEED_TITLE);
    return title ? title : "";
}

const char *dj_list_row_patent_title(const DjListRow *row)
{
    const char *title = shown(row, row->patent, DJ_PATENT_TITLE);
    return title ? title : "";
}

const char *dj_list_row_enterprise(const DjListRow *row)
{
    if (!dj_projection_sees_enterprise(row->run->audience, row->need))
        return NULL;
    const char *name = shown(row, row->enterprise, DJ_ENTERPRISE_NAME);
    if (!name)
        name = shown(row, row->need, DJ_NEED_ENTERPRISE);
    return name ? name : "";
}

const char *dj_list_row_region(const DjListRow *row)
{
    const char *city = shown(row, row->enterprise, DJ_ENTERPRISE_CITY);
    return city ? city : shown(row, row->need, DJ_NEED_REGION);
}

const char *dj_list_row_patent_number(const DjListRow *row)
{
    const char *number = shown(row, row->patent, DJ_PATENT_NUMBER);
    if (!number)
        number = shown(row, row->patent, DJ_PATENT_SOURCE_ID);
    return number ? number : row->patent->key;
}
